use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{SortId, SymbolId};
use crate::Rational;

/// A term or formula in a problem's arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TermId(pub u32);

impl TermId {
    /// The position in the arena; children stand before their parents.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A bound variable. Every binder of a problem has variables of its own, so
/// substituting closed terms never captures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VarId(pub u32);

impl VarId {
    /// The position in the arena's variables.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A variable's name and sort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The name, as written; two variables may have the same.
    pub name: Arc<str>,
    /// What it ranges over.
    pub sort: SortId,
}

/// What a quantifier says about how many things satisfy its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantifier {
    /// All do.
    Forall,
    /// At least one does.
    Exists,
    /// Exactly one does (`exists!`).
    ExistsUnique,
    /// This many or more do.
    AtLeast(u32),
    /// This many or fewer do.
    AtMost(u32),
    /// Exactly this many do.
    Exactly(u32),
}

impl Quantifier {
    /// Whether it counts things, so that it binds exactly one variable.
    pub fn is_counting(self) -> bool {
        !matches!(self, Quantifier::Forall | Quantifier::Exists)
    }
}

/// An arithmetic operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArithmeticOp {
    /// Sum of two or more.
    Add,
    /// Difference of two.
    Subtract,
    /// Product of two or more.
    Multiply,
    /// Quotient of two reals. What is divided by zero is some unknown number.
    Divide,
    /// Negation of one.
    Negate,
    /// Quotient of two integers, rounded so that the remainder is not negative
    /// (SMT-LIB `div`).
    IntDivide,
    /// The remainder that goes with it, between 0 and the divisor's size
    /// (SMT-LIB `mod`).
    Modulo,
    /// An integer taken as a real. Written by nobody: put in where the two meet.
    ToReal,
}

/// A comparison of two numbers of one sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CompareOp {
    /// `<`
    Less,
    /// `<=`
    LessEq,
    /// `>`
    Greater,
    /// `>=`
    GreaterEq,
}

/// A node of a term or formula. Formulas are terms of sort `Bool`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Term {
    /// A bound variable.
    Var(VarId),
    /// A symbol with its arguments: an atom, a function term, or a constant.
    Apply(SymbolId, Box<[TermId]>),
    /// A number of sort `Int` or `Real`.
    Number(Rational, SortId),
    /// `true` or `false`.
    Bool(bool),
    /// Negation.
    Not(TermId),
    /// Conjunction of two or more.
    And(Box<[TermId]>),
    /// Disjunction of two or more.
    Or(Box<[TermId]>),
    /// Exclusive or of two.
    Xor(TermId, TermId),
    /// Implication.
    Implies(TermId, TermId),
    /// Equivalence.
    Iff(TermId, TermId),
    /// Equality of two terms of one sort, which is not `Bool`.
    Equal(TermId, TermId),
    /// All of two or more terms of one sort are different from each other.
    Distinct(Box<[TermId]>),
    /// Arithmetic.
    Arithmetic(ArithmeticOp, Box<[TermId]>),
    /// Comparison of numbers.
    Compare(CompareOp, TermId, TermId),
    /// A quantified formula. A counting quantifier binds exactly one variable.
    Quantified(Quantifier, Box<[VarId]>, TermId),
}

impl Term {
    /// Calls `f` on each direct child, left to right.
    pub fn for_each_child(&self, mut f: impl FnMut(TermId)) {
        match self {
            Term::Var(_) | Term::Number(..) | Term::Bool(_) => {}
            Term::Apply(_, ts)
            | Term::And(ts)
            | Term::Or(ts)
            | Term::Distinct(ts)
            | Term::Arithmetic(_, ts) => ts.iter().copied().for_each(f),
            Term::Not(t) | Term::Quantified(_, _, t) => f(*t),
            Term::Xor(a, b)
            | Term::Implies(a, b)
            | Term::Iff(a, b)
            | Term::Equal(a, b)
            | Term::Compare(_, a, b) => {
                f(*a);
                f(*b);
            }
        }
    }

    /// The direct children, left to right.
    pub fn children(&self) -> Vec<TermId> {
        let mut out = Vec::new();
        self.for_each_child(|t| out.push(t));
        out
    }
}

/// The arena of a problem's terms. Equal terms are stored once; children stand
/// before their parents.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    pub(super) nodes: Vec<Term>,
    pub(super) sorts: Vec<SortId>,
    pub(super) variables: Vec<Variable>,
    pub(super) index: FxHashMap<Term, TermId>,
}

impl Terms {
    /// A node of this arena.
    #[expect(
        clippy::indexing_slicing,
        reason = "an id is only made by this arena's builder"
    )]
    pub fn get(&self, id: TermId) -> &Term {
        &self.nodes[id.index()]
    }

    /// A term's sort; `Bool` for formulas.
    #[expect(
        clippy::indexing_slicing,
        reason = "an id is only made by this arena's builder"
    )]
    pub fn sort(&self, id: TermId) -> SortId {
        self.sorts[id.index()]
    }

    /// A variable of this arena.
    #[expect(
        clippy::indexing_slicing,
        reason = "an id is only made by this arena's builder"
    )]
    pub fn variable(&self, id: VarId) -> &Variable {
        &self.variables[id.index()]
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are no nodes.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// All variables, in order of their ids.
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// Calls `f` once on every node below `root`, itself included, in no
    /// particular order.
    pub fn visit(&self, root: TermId, mut f: impl FnMut(TermId, &Term)) {
        let mut seen = rustc_hash::FxHashSet::default();
        let mut stack = vec![root];
        while let Some(id) = stack.pop() {
            if !seen.insert(id) {
                continue;
            }
            let term = self.get(id);
            f(id, term);
            term.for_each_child(|child| stack.push(child));
        }
    }
}
