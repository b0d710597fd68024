//! The untyped tree of a program text: what both dialects' parsers make.

use std::sync::Arc;

use nsolve_il::program::{AggregateFunction, ArithmeticOp, Comparison, Meaning};
use nsolve_source::Span;

/// A term as written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    pub(super) kind: TermKind,
    pub(super) span: Span,
    /// How deep it is nested, lists taken as flat.
    pub(super) height: u16,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TermKind {
    /// A variable; `_` is the anonymous one.
    Variable(Arc<str>),
    Int(i64),
    /// A constant, or a predicate without arguments.
    Name(Arc<str>),
    Text(Arc<str>),
    Infimum,
    Supremum,
    /// A function or a predicate with arguments; tuples have no name.
    Function(Arc<str>, Vec<Term>),
    /// `[a, b | t]`: kept flat, since a long list is no deep term to a reader.
    List(Vec<Term>, Option<Box<Term>>),
    Arithmetic(ArithmeticOp, Vec<Term>),
    /// `a; b`: each in turn.
    Pool(Vec<Term>),
    /// `low..high`
    Interval(Box<Term>, Box<Term>),
}

impl Term {
    pub(super) fn new(kind: TermKind, span: Span) -> Self {
        let tallest = |terms: &[Term]| terms.iter().map(|t| t.height).max().unwrap_or(0);
        let below = match &kind {
            TermKind::Function(_, terms)
            | TermKind::Arithmetic(_, terms)
            | TermKind::Pool(terms) => tallest(terms),
            TermKind::List(terms, tail) => {
                tallest(terms).max(tail.as_ref().map_or(0, |t| t.height))
            }
            TermKind::Interval(low, high) => low.height.max(high.height),
            _ => {
                return Term {
                    kind,
                    span,
                    height: 0,
                };
            }
        };
        let height = below.saturating_add(1);
        Term { kind, span, height }
    }
}

/// A member of a body.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Literal {
    pub(super) kind: LiteralKind,
    pub(super) span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum LiteralKind {
    /// `p(X)`, `-p(X)`.
    Atom(Term),
    Compare {
        relation: Comparison,
        left: Term,
        right: Term,
        /// Whether arithmetic on the left, on the right is worked out. In
        /// Prolog it is so only for some relations.
        evaluate: (bool, bool),
    },
    Aggregate(Aggregate),
    Truth(bool),
    Not(Box<Literal>),
    /// Prolog's `,` within brackets.
    All(Vec<Literal>),
    /// Prolog's `;`.
    Any(Vec<Literal>),
}

/// `value relation term`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Guard {
    pub(super) relation: Comparison,
    pub(super) term: Term,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Aggregate {
    pub(super) function: AggregateFunction,
    pub(super) elements: Vec<Element>,
    pub(super) guards: Vec<Guard>,
}

/// `tuple : condition`; of a `#minimize` the tuple starts with the weight.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Element {
    pub(super) tuple: Vec<Term>,
    pub(super) condition: Vec<Literal>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct ChoiceElement {
    pub(super) atom: Term,
    pub(super) condition: Vec<Literal>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Head {
    /// One atom, or a disjunction of several.
    Atoms(Vec<Term>),
    Choice(Vec<ChoiceElement>, Vec<Guard>),
    Never,
}

/// `weight@level, tuple`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cost {
    pub(super) weight: Term,
    pub(super) level: Option<Term>,
    pub(super) tuple: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum StatementKind {
    Rule(Head, Vec<Literal>),
    Weak(Vec<Literal>, Cost),
    /// `#minimize`, or `#maximize` where the flag is set.
    Optimize(bool, Vec<(Cost, Vec<Literal>)>),
    Const(Arc<str>, Term),
    Type(Arc<str>, Vec<Term>),
    Predicate {
        name: Arc<str>,
        denied: bool,
        /// Names of types, with their places.
        types: Vec<(Arc<str>, Span)>,
        meaning: Option<Arc<str>>,
    },
    Depth(i64),
    /// Unsafe rules are read as they are.
    Unsafe,
    Semantics(Meaning),
    /// `None` is `#show.`; else name, arity, whether denied.
    Show(Option<(Arc<str>, usize, bool)>),
    /// Predicates that may well have no rule.
    Defined(Vec<(Arc<str>, usize)>),
    Query(Vec<Literal>),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Statement {
    pub(super) kind: StatementKind,
    /// Whether some term is a pool or some literal a Prolog alternative, so
    /// that the statement stands for several.
    pub(super) several: bool,
    pub(super) sentence: Option<Arc<str>>,
    pub(super) span: Span,
}
