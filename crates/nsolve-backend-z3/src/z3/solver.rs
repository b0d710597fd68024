use super::api::Raw;
use super::context::{Ast, Context, Decl, Fault, Sort, array, length};

/// What Z3 answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Satisfiable {
    Yes,
    No,
    Unknown,
}

/// Settings of a solver.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params {
    /// Switches by name.
    pub(crate) switches: Vec<(&'static str, bool)>,
    /// Numbers by name.
    pub(crate) numbers: Vec<(&'static str, u32)>,
}

/// A solver of a context. It lives as long as the context: its references are
/// counted up and never down, and the context frees it.
pub(crate) struct Solver<'a, 'c> {
    context: &'a Context<'c>,
    raw: Raw,
}

impl<'a, 'c> Solver<'a, 'c> {
    /// A solver for general use, with settings.
    pub(crate) fn new(context: &'a Context<'c>, params: &Params) -> Result<Self, Fault> {
        let (api, c) = (context.api(), context.raw());
        // SAFETY: The context lives; made objects are kept by counting them up.
        unsafe {
            let raw = context.made((api.Z3_mk_simple_solver)(c))?.as_ptr();
            (api.Z3_solver_inc_ref)(c, raw);
            let set = context.made((api.Z3_mk_params)(c))?.as_ptr();
            (api.Z3_params_inc_ref)(c, set);
            for (name, value) in &params.switches {
                (api.Z3_params_set_bool)(c, set, context.symbol(name)?, *value);
            }
            for (name, value) in &params.numbers {
                (api.Z3_params_set_uint)(c, set, context.symbol(name)?, *value);
            }
            (api.Z3_solver_set_params)(c, raw, set);
            context.check()?;
            Ok(Solver { context, raw })
        }
    }

    pub(crate) fn assert(&self, formula: Ast<'c>) -> Result<(), Fault> {
        // SAFETY: Solver and formula are of this context.
        unsafe {
            (self.context.api().Z3_solver_assert)(self.context.raw(), self.raw, formula.raw());
        }
        self.context.check()
    }

    /// Whether all that was asserted holds together with some assumptions.
    pub(crate) fn check(&self, assumptions: &[Ast<'c>]) -> Satisfiable {
        // SAFETY: Solver and assumptions are of this context.
        let answer = unsafe {
            (self.context.api().Z3_solver_check_assumptions)(
                self.context.raw(),
                self.raw,
                length(assumptions),
                array(assumptions),
            )
        };
        match answer {
            1 => Satisfiable::Yes,
            -1 => Satisfiable::No,
            _ => Satisfiable::Unknown,
        }
    }

    /// Why the last check was undecided, in Z3's words.
    pub(crate) fn reason(&self) -> String {
        // SAFETY: The solver is of this context.
        let text = unsafe {
            (self.context.api().Z3_solver_get_reason_unknown)(self.context.raw(), self.raw)
        };
        self.context.text(text)
    }

    /// The assumptions that clash, after a check that said no.
    pub(crate) fn core(&self) -> Result<Vec<Ast<'c>>, Fault> {
        // SAFETY: The solver is of this context.
        let raw =
            unsafe { (self.context.api().Z3_solver_get_unsat_core)(self.context.raw(), self.raw) };
        vector(self.context, raw)
    }

    /// The model, after a check that said yes.
    pub(crate) fn model(&self) -> Result<Model<'a, 'c>, Fault> {
        let (api, c) = (self.context.api(), self.context.raw());
        // SAFETY: The solver is of this context; the model is kept.
        unsafe {
            let raw = self.context.made((api.Z3_solver_get_model)(c, self.raw))?;
            (api.Z3_model_inc_ref)(c, raw.as_ptr());
            Ok(Model {
                context: self.context,
                raw: raw.as_ptr(),
            })
        }
    }
}

fn vector<'c>(context: &Context<'c>, raw: Raw) -> Result<Vec<Ast<'c>>, Fault> {
    let (api, c) = (context.api(), context.raw());
    let raw = context.made(raw)?.as_ptr();
    // SAFETY: The vector is of this context and kept; positions are below its
    // size.
    unsafe {
        (api.Z3_ast_vector_inc_ref)(c, raw);
        let size = (api.Z3_ast_vector_size)(c, raw);
        (0..size)
            .map(|i| {
                let element = (api.Z3_ast_vector_get)(c, raw, i);
                Ok(Ast(context.made(element)?, context.brand()))
            })
            .collect()
    }
}

/// What a function means in a model: listed values, and the value elsewhere.
pub(crate) struct Interpretation<'c> {
    /// Arguments and value of each entry.
    pub(crate) entries: Vec<(Vec<Ast<'c>>, Ast<'c>)>,
    /// The value elsewhere; it may be a term over the arguments.
    pub(crate) default: Option<Ast<'c>>,
}

/// A model. It lives as long as its context.
pub(crate) struct Model<'a, 'c> {
    context: &'a Context<'c>,
    raw: Raw,
}

impl<'c> Model<'_, 'c> {
    fn ast(&self, raw: Raw) -> Result<Ast<'c>, Fault> {
        Ok(Ast(self.context.made(raw)?, self.context.brand()))
    }

    /// The elements of an uninterpreted sort; empty where the model says
    /// nothing about it.
    pub(crate) fn universe(&self, sort: Sort<'c>) -> Vec<Ast<'c>> {
        // SAFETY: Model and sort are of this context.
        let raw = unsafe {
            (self.context.api().Z3_model_get_sort_universe)(
                self.context.raw(),
                self.raw,
                sort.raw(),
            )
        };
        vector(self.context, raw).unwrap_or_default()
    }

    /// What a symbol means; `None` where it does not matter.
    pub(crate) fn interpretation(
        &self,
        decl: Decl<'c>,
        arity: usize,
    ) -> Result<Option<Interpretation<'c>>, Fault> {
        let (api, c) = (self.context.api(), self.context.raw());
        if arity == 0 {
            // SAFETY: Model and symbol are of this context.
            let raw = unsafe { (api.Z3_model_get_const_interp)(c, self.raw, decl.raw()) };
            if raw.is_null() {
                return Ok(None);
            }
            return Ok(Some(Interpretation {
                entries: Vec::new(),
                default: Some(self.ast(raw)?),
            }));
        }
        // SAFETY: Model and symbol are of this context; entries are below their
        // number and kept.
        unsafe {
            let raw = (api.Z3_model_get_func_interp)(c, self.raw, decl.raw());
            if raw.is_null() {
                return Ok(None);
            }
            (api.Z3_func_interp_inc_ref)(c, raw);
            let entries = (0..(api.Z3_func_interp_get_num_entries)(c, raw))
                .map(|i| self.entry((api.Z3_func_interp_get_entry)(c, raw, i)))
                .collect::<Result<_, _>>()?;
            let default = (api.Z3_func_interp_get_else)(c, raw);
            Ok(Some(Interpretation {
                entries,
                default: self.ast(default).ok(),
            }))
        }
    }

    fn entry(&self, raw: Raw) -> Result<(Vec<Ast<'c>>, Ast<'c>), Fault> {
        let (api, c) = (self.context.api(), self.context.raw());
        let raw = self.context.made(raw)?.as_ptr();
        // SAFETY: The entry is of this context and kept; positions are below
        // the number of arguments.
        unsafe {
            (api.Z3_func_entry_inc_ref)(c, raw);
            let arguments = (0..(api.Z3_func_entry_get_num_args)(c, raw))
                .map(|i| self.ast((api.Z3_func_entry_get_arg)(c, raw, i)))
                .collect::<Result<_, _>>()?;
            Ok((arguments, self.ast((api.Z3_func_entry_get_value)(c, raw))?))
        }
    }

    /// A term's value, where what the model leaves open is chosen somehow.
    pub(crate) fn value(&self, term: Ast<'c>) -> Result<Ast<'c>, Fault> {
        let mut raw = std::ptr::null_mut();
        // SAFETY: Model and term are of this context; Z3 writes one pointer.
        let done = unsafe {
            (self.context.api().Z3_model_eval)(
                self.context.raw(),
                self.raw,
                term.raw(),
                true,
                &raw mut raw,
            )
        };
        if done {
            self.ast(raw)
        } else {
            Err(Fault::new("a term has no value in the model"))
        }
    }

    /// A truth value, if the term is one.
    pub(crate) fn truth(&self, term: Ast<'c>) -> Option<bool> {
        // SAFETY: The term is of this context.
        match unsafe { (self.context.api().Z3_get_bool_value)(self.context.raw(), term.raw()) } {
            1 => Some(true),
            -1 => Some(false),
            _ => None,
        }
    }

    /// A number as `-12` or `1/3`, if the term is a rational number.
    pub(crate) fn number(&self, term: Ast<'c>) -> Option<String> {
        let (api, c) = (self.context.api(), self.context.raw());
        // SAFETY: The term is of this context.
        unsafe {
            (api.Z3_is_numeral_ast)(c, term.raw()).then(|| {
                self.context
                    .text((api.Z3_get_numeral_string)(c, term.raw()))
            })
        }
    }
}
