use super::ArithmeticOp;
use super::{CompareOp, Item, SortId, SymbolId, TermId, VarId};
use crate::Rational;

/// A ground term of a [`Certificate`], by its position in
/// [`Certificate::terms`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroundId(pub u32);

impl GroundId {
    /// The position in [`Certificate::terms`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A term without variables. Subterms stand before the terms they are in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroundTerm {
    /// A function or constant of the problem with its arguments.
    Apply(SymbolId, Box<[GroundId]>),
    /// A constant that the certificate introduces; exactly one
    /// [`Line::Witness`] says what it stands for, or it is arbitrary.
    Witness(SortId),
    /// A number of sort `Int` or `Real`.
    Number(Rational, SortId),
    /// Arithmetic on ground terms.
    Arithmetic(ArithmeticOp, Box<[GroundId]>),
}

/// What the free variables of a subformula stand for, sorted by variable.
pub type Binding = Box<[(VarId, GroundId)]>;

/// A comparison of two ground numbers, or its denial, that a [`Line::Linear`]
/// combines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinearFact {
    /// Left side.
    pub left: GroundId,
    /// How they compare; `None` for equality.
    pub op: Option<CompareOp>,
    /// Right side.
    pub right: GroundId,
    /// Whether the comparison holds, or is denied. An equality is never denied
    /// here.
    pub holds: bool,
    /// How often it is added; not negative unless the fact is an equality.
    pub factor: Rational,
}

/// One line of a [`Certificate`]: a formula that holds in every model of the
/// query, perhaps after saying what new constants stand for.
///
/// A *closed subformula* is a subformula of the problem (a [`TermId`]) with a
/// [`Binding`] for its free variables. Closed quantified subformulas and ground
/// atoms are the propositional atoms of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A premise, or a goal with its sign, holds.
    Assert(Item),
    /// From a general statement to a case. With `Q` the closed quantified
    /// subformula, `G` its body and `t` the terms for its variables:
    /// `forall`: `Q -> G[t]`; `exists`: `G[t] -> Q`; `at least n` (one variable,
    /// `n` terms): `G[t1] & .. & G[tn] & distinct(t1..tn) -> Q`; `at most n` and
    /// `exactly n` likewise through `at least`, as
    /// `at most n = not at least n+1` (`n+1` terms) and
    /// `exactly n = at least n & at most n`.
    Instance {
        /// The quantified subformula.
        formula: TermId,
        /// Its free variables.
        binding: Binding,
        /// Terms for its bound variables, or for the counted things.
        terms: Box<[GroundId]>,
    },
    /// New constants for what a statement says to exist. `exists`:
    /// `Q -> G[c]`; `forall`: `G[c] -> Q`; `at least n`: `Q -> G[c1] & .. &
    /// G[cn] & distinct(c1..cn)`; `at most n` likewise with `n+1` constants and
    /// `not Q`. The constants occur in no earlier line and not in `binding`.
    Witness {
        /// The quantified subformula.
        formula: TermId,
        /// Its free variables.
        binding: Binding,
        /// The new constants, each a [`GroundTerm::Witness`] of its own.
        constants: Box<[GroundId]>,
    },
    /// Equality is a congruence: if the pairs in `equal` are equal, so are both
    /// of `then`.
    Equal {
        /// What is equal by assumption.
        equal: Box<[(GroundId, GroundId)]>,
        /// What is equal then.
        then: (GroundId, GroundId),
    },
    /// Equality is a congruence: if the pairs in `equal` are equal, a predicate
    /// that holds of `from` holds of `to`.
    SameAtom {
        /// What is equal by assumption.
        equal: Box<[(GroundId, GroundId)]>,
        /// The predicate.
        predicate: SymbolId,
        /// The arguments of which it holds.
        from: Box<[GroundId]>,
        /// The arguments of which it holds then.
        to: Box<[GroundId]>,
    },
    /// A term of an enumerated sort is one of the sort's elements.
    OneOf(GroundId),
    /// Two elements of an enumerated sort, or two different numbers, are not
    /// equal.
    Different(GroundId, GroundId),
    /// These facts do not hold together: added up with their factors they say
    /// `0 < 0`, or `0 = c` for a number `c` other than 0. Terms that are not
    /// sums are taken as unknowns.
    Linear(Box<[LinearFact]>),
    /// An integer term is at most this number, or at least the next.
    IntegerSplit(GroundId, Rational),
    /// If two numbers are not equal, one is less than the other.
    Trichotomy(GroundId, GroundId),
}

/// Shows that a query is unsatisfiable, in a form that is checked without any
/// solver: lines that hold in every model of the query (extended by constants
/// for what it says to exist), which as propositions contradict each other.
///
/// This is Herbrand's theorem in the form Henkin gave it: instead of
/// Skolemizing first, each statement of existence gets a constant of its own
/// when it is used. No normal form and no renaming stands between the problem
/// as written and its certificate.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Certificate {
    /// Ground terms; subterms before the terms they are in.
    pub terms: Vec<GroundTerm>,
    /// The lines, in an order in which witnesses are new.
    pub lines: Vec<Line>,
}
