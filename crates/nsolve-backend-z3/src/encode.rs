//! From the terms of a problem to terms of Z3.

use std::collections::BTreeMap;

use nsolve_backend::{SolveCx, StopReason};
use nsolve_il::fol::{
    ArithmeticOp, CompareOp, Item, Problem, Quantifier, Query, SortId, SortKind, SymbolId, Term,
    TermId, VarId,
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::z3::{Ast, Binary, Context, Decl, Fault, Nary, Sort, Unary};

/// The largest number a counting quantifier may have: its encoding has as many
/// copies of the body.
const MAX_COUNT: u32 = 50;
/// The most copies of one subformula that nested counting may make.
const MAX_COPIES: u32 = 2_000;
/// How many terms are encoded between two looks at the clock.
const PATIENCE: usize = 1024;

/// Why there is no encoding.
#[derive(Debug)]
pub(crate) enum Obstacle {
    /// Z3 refused a call.
    Fault(Fault),
    /// Time was over, or the query was cancelled.
    Stop(StopReason),
    /// The encoding would be too large; says what is at fault.
    Unsupported(&'static str),
}

impl From<Fault> for Obstacle {
    fn from(fault: Fault) -> Self {
        Obstacle::Fault(fault)
    }
}

/// A query as Z3 sees it.
#[derive(Default)]
pub(crate) struct Encoding<'c> {
    /// Every sort that is used.
    pub(crate) sorts: FxHashMap<SortId, Sort<'c>>,
    /// The elements of enumerated sorts that are used, in order.
    pub(crate) elements: FxHashMap<SortId, Vec<Ast<'c>>>,
    /// Every symbol that is used, but for elements.
    pub(crate) symbols: BTreeMap<SymbolId, Decl<'c>>,
    /// What is assumed, item by item.
    pub(crate) assertions: Vec<(Item, Ast<'c>)>,
    /// Closed terms by which something is divided: where one is zero, nobody
    /// but Z3 can evaluate the model.
    pub(crate) divisors: Vec<Ast<'c>>,
    /// Whether an evaluator needs more than a finite model: a quantifier over
    /// numbers, or a divisor with variables.
    pub(crate) beyond_evaluation: bool,
}

/// Encodes a query.
///
/// # Errors
/// See [`Obstacle`].
pub(crate) fn encode<'c>(
    context: &Context<'c>,
    problem: &Problem,
    query: &Query,
    cx: &SolveCx,
) -> Result<Encoding<'c>, Obstacle> {
    let roots: Vec<_> = query.assertions(problem).collect();
    let mut encoder = Encoder {
        context,
        problem,
        out: Encoding::default(),
        elements: FxHashMap::default(),
        variables: FxHashMap::default(),
        done: FxHashMap::default(),
        copies: FxHashMap::default(),
        fresh: 0,
    };
    // Children stand before their parents, so going through the arena in order
    // needs no recursion, however deep a term is.
    for (i, id) in below(problem, roots.iter().map(|r| r.1))
        .into_iter()
        .enumerate()
    {
        if i % PATIENCE == 0
            && let Some(stop) = cx.stop()
        {
            return Err(Obstacle::Stop(stop));
        }
        let ast = encoder.term(id)?;
        encoder.done.insert(id, ast);
    }
    for (item, formula, holds) in roots {
        let mut ast = encoder.child(formula)?;
        if !holds {
            ast = context.unary(Unary::Not, ast)?;
        }
        encoder.out.assertions.push((item, ast));
    }
    Ok(encoder.out)
}

/// All terms below some roots, ascending.
fn below(problem: &Problem, roots: impl Iterator<Item = TermId>) -> Vec<TermId> {
    let mut stack: Vec<TermId> = roots.collect();
    let mut seen = FxHashSet::default();
    while let Some(id) = stack.pop() {
        if seen.insert(id) {
            problem.terms.get(id).for_each_child(|c| stack.push(c));
        }
    }
    let mut found: Vec<TermId> = seen.into_iter().collect();
    found.sort_unstable();
    found
}

struct Encoder<'a, 'c> {
    context: &'a Context<'c>,
    problem: &'a Problem,
    out: Encoding<'c>,
    elements: FxHashMap<SymbolId, Ast<'c>>,
    /// Bound variables are constants until their quantifier is made.
    variables: FxHashMap<VarId, Ast<'c>>,
    done: FxHashMap<TermId, Ast<'c>>,
    /// How often counting quantifiers copy what is below a term, at most.
    copies: FxHashMap<TermId, u32>,
    fresh: u32,
}

impl<'a, 'c> Encoder<'a, 'c> {
    fn child(&self, id: TermId) -> Result<Ast<'c>, Fault> {
        let missing = || Fault::new("a term stands before its children");
        self.done.get(&id).copied().ok_or_else(missing)
    }

    fn children(&self, ids: &[TermId]) -> Result<Vec<Ast<'c>>, Fault> {
        ids.iter().map(|&id| self.child(id)).collect()
    }

    fn sort(&mut self, id: SortId) -> Result<Sort<'c>, Fault> {
        if let Some(&sort) = self.out.sorts.get(&id) {
            return Ok(sort);
        }
        let problem = self.problem;
        let name = format!("S{}", id.0);
        let sort = match &problem.signature.sort(id).kind {
            SortKind::Bool => self.context.bool_sort()?,
            SortKind::Int => self.context.int_sort()?,
            SortKind::Real => self.context.real_sort()?,
            SortKind::Uninterpreted => self.context.uninterpreted_sort(&name)?,
            SortKind::Enumerated(symbols) => {
                let names: Vec<String> = symbols.iter().map(|s| format!("s{}", s.0)).collect();
                let (sort, constructors) = self.context.enumeration(&name, &names)?;
                let mut elements = Vec::with_capacity(symbols.len());
                for (&symbol, constructor) in symbols.iter().zip(constructors) {
                    let element = self.context.apply(constructor, &[])?;
                    self.elements.insert(symbol, element);
                    elements.push(element);
                }
                self.out.elements.insert(id, elements);
                sort
            }
        };
        self.out.sorts.insert(id, sort);
        Ok(sort)
    }

    fn symbol(&mut self, id: SymbolId) -> Result<Decl<'c>, Fault> {
        if let Some(&decl) = self.out.symbols.get(&id) {
            return Ok(decl);
        }
        let symbol = self.problem.signature.symbol(id);
        let arguments = symbol
            .arguments
            .iter()
            .map(|&s| self.sort(s))
            .collect::<Result<Vec<_>, _>>()?;
        let result = self.sort(symbol.result)?;
        let decl = self
            .context
            .declare(&format!("s{}", id.0), &arguments, result)?;
        self.out.symbols.insert(id, decl);
        Ok(decl)
    }

    fn apply(&mut self, id: SymbolId, arguments: &[TermId]) -> Result<Ast<'c>, Fault> {
        // Asking for the result's sort first makes the elements known.
        self.sort(self.problem.signature.symbol(id).result)?;
        if let Some(&element) = self.elements.get(&id) {
            return Ok(element);
        }
        let decl = self.symbol(id)?;
        self.context.apply(decl, &self.children(arguments)?)
    }

    fn variable(&mut self, id: VarId) -> Result<Ast<'c>, Fault> {
        if let Some(&ast) = self.variables.get(&id) {
            return Ok(ast);
        }
        let sort = self.sort(self.problem.terms.variable(id).sort)?;
        let ast = self.context.constant(&format!("x{}", id.0), sort)?;
        self.variables.insert(id, ast);
        Ok(ast)
    }

    fn term(&mut self, id: TermId) -> Result<Ast<'c>, Obstacle> {
        let problem = self.problem;
        let term = problem.terms.get(id);
        let mut copies = 1;
        term.for_each_child(|c| copies = copies.max(self.copies.get(&c).copied().unwrap_or(1)));
        if copies > 1 {
            self.copies.insert(id, copies);
        }
        let context = self.context;
        let two = |op, a: &TermId, b: &TermId| context.binary(op, self.child(*a)?, self.child(*b)?);
        let ast = match term {
            Term::Var(v) => self.variable(*v)?,
            Term::Apply(symbol, arguments) => self.apply(*symbol, arguments)?,
            Term::Number(n, sort) => {
                let sort = self.sort(*sort)?;
                context.numeral(&n.to_string(), sort)?
            }
            Term::Bool(value) => context.truth(*value)?,
            Term::Not(t) => context.unary(Unary::Not, self.child(*t)?)?,
            Term::And(ts) => context.nary(Nary::And, &self.children(ts)?)?,
            Term::Or(ts) => context.nary(Nary::Or, &self.children(ts)?)?,
            Term::Distinct(ts) => context.nary(Nary::Distinct, &self.children(ts)?)?,
            Term::Xor(a, b) => two(Binary::Xor, a, b)?,
            Term::Implies(a, b) => two(Binary::Implies, a, b)?,
            Term::Iff(a, b) => two(Binary::Iff, a, b)?,
            Term::Equal(a, b) => two(Binary::Equal, a, b)?,
            Term::Compare(op, a, b) => two(compare(*op), a, b)?,
            Term::Arithmetic(op, ts) => self.arithmetic(*op, ts)?,
            Term::Quantified(quantifier, variables, body) => {
                self.quantified(id, *quantifier, variables, *body)?
            }
        };
        Ok(ast)
    }

    fn arithmetic(&mut self, op: ArithmeticOp, ids: &[TermId]) -> Result<Ast<'c>, Fault> {
        let ts = self.children(ids)?;
        let context = self.context;
        let nary = |op| context.nary(op, &ts);
        match (op, ts.as_slice()) {
            (ArithmeticOp::Add, _) => nary(Nary::Add),
            (ArithmeticOp::Subtract, _) => nary(Nary::Subtract),
            (ArithmeticOp::Multiply, _) => nary(Nary::Multiply),
            (ArithmeticOp::Negate, &[a]) => context.unary(Unary::Minus, a),
            (ArithmeticOp::ToReal, &[a]) => context.unary(Unary::ToReal, a),
            (ArithmeticOp::Divide | ArithmeticOp::IntDivide, &[a, b]) => {
                self.note_divisor(ids, b);
                context.binary(Binary::Divide, a, b)
            }
            (ArithmeticOp::Modulo, &[a, b]) => {
                self.note_divisor(ids, b);
                context.binary(Binary::Modulo, a, b)
            }
            _ => Err(Fault::new("an operation with too few operands")),
        }
    }

    fn note_divisor(&mut self, ids: &[TermId], divisor: Ast<'c>) {
        let mut open = false;
        if let Some(&id) = ids.get(1) {
            let terms = &self.problem.terms;
            terms.visit(id, |_, t| open |= matches!(t, Term::Var(_)));
        }
        if open {
            self.out.beyond_evaluation = true;
        } else {
            self.out.divisors.push(divisor);
        }
    }

    fn quantified(
        &mut self,
        id: TermId,
        quantifier: Quantifier,
        variables: &[VarId],
        body: TermId,
    ) -> Result<Ast<'c>, Obstacle> {
        let terms = &self.problem.terms;
        self.out.beyond_evaluation |= variables
            .iter()
            .any(|v| terms.variable(*v).sort.is_numeric());
        let body = self.child(body)?;
        let bound = variables
            .iter()
            .map(|&v| self.variable(v))
            .collect::<Result<Vec<_>, _>>()?;
        let context = self.context;
        let n = match quantifier {
            Quantifier::Forall => return Ok(context.quantified(true, &bound, body)?),
            Quantifier::Exists => return Ok(context.quantified(false, &bound, body)?),
            Quantifier::ExistsUnique => 1,
            Quantifier::AtLeast(n) | Quantifier::AtMost(n) | Quantifier::Exactly(n) => n,
        };
        let &[variable] = variables else {
            return Err(Fault::new("a counting quantifier over several variables").into());
        };
        self.limit_copies(id, n)?;
        let counted = Counted {
            variable: self.variable(variable)?,
            sort: self.sort(self.problem.terms.variable(variable).sort)?,
            body,
        };
        Ok(match quantifier {
            Quantifier::AtLeast(_) => self.at_least(counted, n)?,
            Quantifier::AtMost(_) => {
                let more = self.at_least(counted, n + 1)?;
                context.unary(Unary::Not, more)?
            }
            _ => self.exactly(counted, n)?,
        })
    }

    fn limit_copies(&mut self, id: TermId, n: u32) -> Result<(), Obstacle> {
        if n > MAX_COUNT {
            return Err(Obstacle::Unsupported("counting beyond 50"));
        }
        let copies = self.copies.entry(id).or_insert(1);
        *copies = copies.saturating_mul(n + 1);
        if *copies > MAX_COPIES {
            return Err(Obstacle::Unsupported(
                "counting quantifiers nested in each other so deeply",
            ));
        }
        Ok(())
    }

    /// `n` different things of which the body holds: the things, and what is
    /// said of them.
    fn witnesses(
        &mut self,
        counted: Counted<'c>,
        n: u32,
    ) -> Result<(Vec<Ast<'c>>, Vec<Ast<'c>>), Fault> {
        let context = self.context;
        let mut things = Vec::new();
        let mut said = Vec::new();
        for _ in 0..n {
            let thing = context.constant(&format!("w{}", self.fresh), counted.sort)?;
            self.fresh += 1;
            said.push(context.substitute(counted.body, counted.variable, thing)?);
            things.push(thing);
        }
        if n > 1 {
            said.push(context.nary(Nary::Distinct, &things)?);
        }
        Ok((things, said))
    }

    fn at_least(&mut self, counted: Counted<'c>, n: u32) -> Result<Ast<'c>, Fault> {
        let (things, said) = self.witnesses(counted, n)?;
        let said = self.context.nary(Nary::And, &said)?;
        self.context.quantified(false, &things, said)
    }

    /// `n` witnesses, and whatever the body holds of is one of them.
    fn exactly(&mut self, counted: Counted<'c>, n: u32) -> Result<Ast<'c>, Fault> {
        let context = self.context;
        let (things, mut said) = self.witnesses(counted, n)?;
        let same = things
            .iter()
            .map(|&t| context.binary(Binary::Equal, counted.variable, t))
            .collect::<Result<Vec<_>, _>>()?;
        let one_of = context.nary(Nary::Or, &same)?;
        let only = context.binary(Binary::Implies, counted.body, one_of)?;
        said.push(context.quantified(true, &[counted.variable], only)?);
        let said = context.nary(Nary::And, &said)?;
        context.quantified(false, &things, said)
    }
}

/// The body of a counting quantifier, with its variable still a constant.
#[derive(Clone, Copy)]
struct Counted<'c> {
    variable: Ast<'c>,
    sort: Sort<'c>,
    body: Ast<'c>,
}

fn compare(op: CompareOp) -> Binary {
    match op {
        CompareOp::Less => Binary::Less,
        CompareOp::LessEq => Binary::LessEq,
        CompareOp::Greater => Binary::Greater,
        CompareOp::GreaterEq => Binary::GreaterEq,
    }
}
