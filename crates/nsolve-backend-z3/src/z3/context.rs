use std::ffi::{CStr, CString};
use std::marker::PhantomData;
use std::ptr::{NonNull, null, null_mut};
use std::sync::{Arc, Mutex, PoisonError};

use super::Library;
use super::api::{Api, Raw, Text};

/// `Z3_MEMOUT_FAIL`.
const MEMORY_CODE: u32 = 7;

/// A call that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Whether memory ran out.
    pub(crate) memory: bool,
    /// What Z3 says about it.
    pub(crate) message: String,
}

impl Fault {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Fault {
            memory: false,
            message: message.into(),
        }
    }
}

/// Invariant in `'c`, so that brands of two contexts never unify; neither
/// `Send` nor `Sync`.
pub(super) type Brand<'c> = PhantomData<(fn(&'c ()) -> &'c (), *mut ())>;

macro_rules! handles {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            #[repr(transparent)]
            pub(crate) struct $name<'c>(pub(super) NonNull<std::ffi::c_void>, pub(super) Brand<'c>);

            impl $name<'_> {
                pub(super) fn raw(self) -> Raw {
                    self.0.as_ptr()
                }
            }
        )*
    };
}

handles! {
    /// A term or formula. Equal terms of a context are the same.
    Ast;
    /// A sort.
    Sort;
    /// A function, predicate or constant.
    Decl;
}

/// Operations on one term.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unary {
    Not,
    Minus,
    ToReal,
}

/// Operations on two terms.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Binary {
    Xor,
    Implies,
    Iff,
    Equal,
    Divide,
    Modulo,
    Less,
    LessEq,
    Greater,
    GreaterEq,
}

/// Operations on any number of terms.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Nary {
    And,
    Or,
    Distinct,
    Add,
    Subtract,
    Multiply,
}

/// Interrupts a context from another thread, as long as that lives.
#[derive(Clone)]
pub(crate) struct Interrupt {
    library: &'static Library,
    context: Arc<Mutex<Option<Shared>>>,
}

/// A context that another thread may interrupt.
struct Shared(Raw);

// SAFETY: The pointer is only ever given to `Z3_interrupt`, which may be called
// from any thread while the context lives.
unsafe impl Send for Shared {}

impl Interrupt {
    /// Something to interrupt the context of the next [`Library::run`] with.
    pub(crate) fn new(library: &'static Library) -> Self {
        Interrupt {
            library,
            context: Arc::default(),
        }
    }

    /// Interrupts what runs now, if anything does.
    pub(crate) fn interrupt(&self) {
        let guard = self.context.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Shared(context)) = &*guard {
            // SAFETY: The context is deleted only after it was taken out of the
            // cell, which is locked here.
            unsafe { (self.library.api.Z3_interrupt)(*context) }
        }
    }

    fn set(&self, context: Option<Shared>) {
        *self.context.lock().unwrap_or_else(PoisonError::into_inner) = context;
    }
}

/// A context of Z3, without reference counting.
pub(crate) struct Context<'c> {
    api: &'static Api,
    raw: Raw,
    brand: Brand<'c>,
}

/// Deletes a context, also where a closure panics.
struct Guard<'a>(&'a Interrupt, Raw);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.set(None);
        // SAFETY: Made by `Z3_mk_context`, deleted once, and no longer reached
        // by the interrupt; handles carry the brand of a closure that is over.
        unsafe { (self.0.library.api.Z3_del_context)(self.1) }
    }
}

impl Library {
    /// Runs a closure with a new context.
    ///
    /// # Errors
    /// Where no context can be made, and what the closure returns.
    pub(crate) fn run<R>(
        &'static self,
        interrupt: &Interrupt,
        body: impl for<'c> FnOnce(&Context<'c>) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        let api = &self.api;
        // SAFETY: The configuration is used for this one context and deleted;
        // without a handler Z3 only records errors.
        let raw = unsafe {
            let config = (api.Z3_mk_config)();
            let context = (api.Z3_mk_context)(config);
            (api.Z3_del_config)(config);
            context
        };
        if raw.is_null() {
            return Err(Fault::new("no context could be made"));
        }
        let _guard = Guard(interrupt, raw);
        // SAFETY: As above.
        unsafe { (api.Z3_set_error_handler)(raw, None) };
        interrupt.set(Some(Shared(raw)));
        body(&Context {
            api,
            raw,
            brand: PhantomData,
        })
    }
}

impl<'c> Context<'c> {
    pub(super) fn api(&self) -> &'static Api {
        self.api
    }

    pub(super) fn raw(&self) -> Raw {
        self.raw
    }

    pub(super) fn brand(&self) -> Brand<'c> {
        self.brand
    }

    /// A copy of a text of Z3's.
    pub(super) fn text(&self, text: Text) -> String {
        if text.is_null() {
            return String::new();
        }
        // SAFETY: Z3's texts end in NUL and live until the next call that
        // returns one.
        unsafe { CStr::from_ptr(text) }
            .to_string_lossy()
            .into_owned()
    }

    /// The error of the last call, if it failed.
    pub(super) fn check(&self) -> Result<(), Fault> {
        // SAFETY: The context lives.
        let code = unsafe { (self.api.Z3_get_error_code)(self.raw) };
        if code == 0 {
            return Ok(());
        }
        // SAFETY: As above.
        let message = unsafe { (self.api.Z3_get_error_msg)(self.raw, code) };
        Err(Fault {
            memory: code == MEMORY_CODE,
            message: self.text(message),
        })
    }

    /// What a call returned, or why it returned nothing.
    pub(super) fn made(&self, raw: Raw) -> Result<NonNull<std::ffi::c_void>, Fault> {
        match NonNull::new(raw) {
            Some(some) => Ok(some),
            None => Err(self
                .check()
                .err()
                .unwrap_or_else(|| Fault::new("nothing was returned"))),
        }
    }

    /// The bytes that Z3 has allocated, all contexts of the process together.
    pub(crate) fn allocated(&self) -> u64 {
        // SAFETY: Reads a counter.
        unsafe { (self.api.Z3_get_estimated_alloc_size)() }
    }

    fn ast(&self, raw: Raw) -> Result<Ast<'c>, Fault> {
        Ok(Ast(self.made(raw)?, self.brand))
    }

    fn sort(&self, raw: Raw) -> Result<Sort<'c>, Fault> {
        Ok(Sort(self.made(raw)?, self.brand))
    }

    /// A name. Only names of our own are ever given, so none holds a NUL.
    pub(super) fn symbol(&self, name: &str) -> Result<Raw, Fault> {
        let name = CString::new(name).map_err(|_| Fault::new("a name with a NUL"))?;
        // SAFETY: Z3 copies the name.
        let raw = unsafe { (self.api.Z3_mk_string_symbol)(self.raw, name.as_ptr()) };
        Ok(self.made(raw)?.as_ptr())
    }

    pub(crate) fn uninterpreted_sort(&self, name: &str) -> Result<Sort<'c>, Fault> {
        let name = self.symbol(name)?;
        // SAFETY: The symbol is of this context.
        self.sort(unsafe { (self.api.Z3_mk_uninterpreted_sort)(self.raw, name) })
    }

    pub(crate) fn bool_sort(&self) -> Result<Sort<'c>, Fault> {
        // SAFETY: The context lives.
        self.sort(unsafe { (self.api.Z3_mk_bool_sort)(self.raw) })
    }

    pub(crate) fn int_sort(&self) -> Result<Sort<'c>, Fault> {
        // SAFETY: The context lives.
        self.sort(unsafe { (self.api.Z3_mk_int_sort)(self.raw) })
    }

    pub(crate) fn real_sort(&self) -> Result<Sort<'c>, Fault> {
        // SAFETY: The context lives.
        self.sort(unsafe { (self.api.Z3_mk_real_sort)(self.raw) })
    }

    /// A sort of exactly these different elements.
    pub(crate) fn enumeration(
        &self,
        name: &str,
        elements: &[String],
    ) -> Result<(Sort<'c>, Vec<Decl<'c>>), Fault> {
        let name = self.symbol(name)?;
        let names: Vec<Raw> = elements
            .iter()
            .map(|e| self.symbol(e))
            .collect::<Result<_, _>>()?;
        let mut constants = vec![null_mut(); names.len()];
        let mut testers = vec![null_mut(); names.len()];
        // SAFETY: The three arrays have as many places as is said.
        let sort = self.sort(unsafe {
            (self.api.Z3_mk_enumeration_sort)(
                self.raw,
                name,
                length(&names),
                names.as_ptr(),
                constants.as_mut_ptr(),
                testers.as_mut_ptr(),
            )
        })?;
        let constants = constants
            .into_iter()
            .map(|raw| Ok(Decl(self.made(raw)?, self.brand)))
            .collect::<Result<_, Fault>>()?;
        Ok((sort, constants))
    }

    pub(crate) fn declare(
        &self,
        name: &str,
        arguments: &[Sort<'c>],
        result: Sort<'c>,
    ) -> Result<Decl<'c>, Fault> {
        let name = self.symbol(name)?;
        let arguments: Vec<Raw> = arguments.iter().map(|s| s.raw()).collect();
        // SAFETY: All are of this context, by their brand.
        let raw = unsafe {
            (self.api.Z3_mk_func_decl)(
                self.raw,
                name,
                length(&arguments),
                arguments.as_ptr(),
                result.raw(),
            )
        };
        Ok(Decl(self.made(raw)?, self.brand))
    }

    pub(crate) fn apply(&self, decl: Decl<'c>, arguments: &[Ast<'c>]) -> Result<Ast<'c>, Fault> {
        // SAFETY: All are of this context; Z3 checks arity and sorts.
        self.ast(unsafe {
            (self.api.Z3_mk_app)(self.raw, decl.raw(), length(arguments), array(arguments))
        })
    }

    pub(crate) fn constant(&self, name: &str, sort: Sort<'c>) -> Result<Ast<'c>, Fault> {
        let name = self.symbol(name)?;
        // SAFETY: Both are of this context.
        self.ast(unsafe { (self.api.Z3_mk_const)(self.raw, name, sort.raw()) })
    }

    /// A number, written as `-12` or `1/3`.
    pub(crate) fn numeral(&self, number: &str, sort: Sort<'c>) -> Result<Ast<'c>, Fault> {
        let number = CString::new(number).map_err(|_| Fault::new("a number with a NUL"))?;
        // SAFETY: Z3 reads the text and keeps no pointer to it.
        self.ast(unsafe { (self.api.Z3_mk_numeral)(self.raw, number.as_ptr(), sort.raw()) })
    }

    pub(crate) fn truth(&self, value: bool) -> Result<Ast<'c>, Fault> {
        let make = if value {
            self.api.Z3_mk_true
        } else {
            self.api.Z3_mk_false
        };
        // SAFETY: The context lives.
        self.ast(unsafe { make(self.raw) })
    }

    pub(crate) fn unary(&self, op: Unary, a: Ast<'c>) -> Result<Ast<'c>, Fault> {
        let make = match op {
            Unary::Not => self.api.Z3_mk_not,
            Unary::Minus => self.api.Z3_mk_unary_minus,
            Unary::ToReal => self.api.Z3_mk_int2real,
        };
        // SAFETY: The term is of this context; Z3 checks its sort.
        self.ast(unsafe { make(self.raw, a.raw()) })
    }

    pub(crate) fn binary(&self, op: Binary, a: Ast<'c>, b: Ast<'c>) -> Result<Ast<'c>, Fault> {
        let make = match op {
            Binary::Xor => self.api.Z3_mk_xor,
            Binary::Implies => self.api.Z3_mk_implies,
            Binary::Iff => self.api.Z3_mk_iff,
            Binary::Equal => self.api.Z3_mk_eq,
            Binary::Divide => self.api.Z3_mk_div,
            Binary::Modulo => self.api.Z3_mk_mod,
            Binary::Less => self.api.Z3_mk_lt,
            Binary::LessEq => self.api.Z3_mk_le,
            Binary::Greater => self.api.Z3_mk_gt,
            Binary::GreaterEq => self.api.Z3_mk_ge,
        };
        // SAFETY: The terms are of this context; Z3 checks their sorts.
        self.ast(unsafe { make(self.raw, a.raw(), b.raw()) })
    }

    pub(crate) fn nary(&self, op: Nary, terms: &[Ast<'c>]) -> Result<Ast<'c>, Fault> {
        let make = match op {
            Nary::And => self.api.Z3_mk_and,
            Nary::Or => self.api.Z3_mk_or,
            Nary::Distinct => self.api.Z3_mk_distinct,
            Nary::Add => self.api.Z3_mk_add,
            Nary::Subtract => self.api.Z3_mk_sub,
            Nary::Multiply => self.api.Z3_mk_mul,
        };
        // SAFETY: The terms are of this context; Z3 checks their sorts.
        self.ast(unsafe { make(self.raw, length(terms), array(terms)) })
    }

    /// Binds constants by a quantifier. Binding none gives the body.
    pub(crate) fn quantified(
        &self,
        universal: bool,
        constants: &[Ast<'c>],
        body: Ast<'c>,
    ) -> Result<Ast<'c>, Fault> {
        if constants.is_empty() {
            return Ok(body);
        }
        let make = if universal {
            self.api.Z3_mk_forall_const
        } else {
            self.api.Z3_mk_exists_const
        };
        // SAFETY: All are of this context; there are no patterns.
        self.ast(unsafe {
            make(
                self.raw,
                0,
                length(constants),
                array(constants),
                0,
                null(),
                body.raw(),
            )
        })
    }

    /// The term with `from` replaced by `to` wherever it stands.
    pub(crate) fn substitute(
        &self,
        term: Ast<'c>,
        from: Ast<'c>,
        to: Ast<'c>,
    ) -> Result<Ast<'c>, Fault> {
        // SAFETY: All are of this context, and there is one of each.
        self.ast(unsafe {
            (self.api.Z3_substitute)(self.raw, term.raw(), 1, array(&[from]), array(&[to]))
        })
    }
}

/// A slice's length as Z3 takes it. Slices come from arenas with 32-bit ids.
pub(super) fn length<T>(slice: &[T]) -> u32 {
    u32::try_from(slice.len()).unwrap_or(u32::MAX)
}

/// Terms as Z3 takes them: handles are transparent pointers.
pub(super) fn array(terms: &[Ast<'_>]) -> *const Raw {
    terms.as_ptr().cast()
}
