//! A model whose names are resolved: what is evaluated.

use std::sync::Arc;

use nsolve_il::milp::{Count, Number, Relation, Sense};
use nsolve_source::Span;

use super::ast::{Iterated, Operator, VarDomain};
use super::value::SymbolId;

/// Where a model's index variables are kept while it is evaluated.
pub(super) type Slot = usize;

/// What an expression gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Number,
    /// A symbol, which may be a number.
    Symbol,
    /// A set of tuples of so many symbols.
    Set(usize),
    Tuple(usize),
    Condition,
}

/// An expression.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    pub(super) span: Span,
    pub(super) sort: Sort,
    /// Whether decision variables occur in it.
    pub(super) variable: bool,
}

#[derive(Clone, Debug)]
pub(super) enum NodeKind {
    Number(Number),
    Symbol(SymbolId),
    Infinity,
    Slot(Slot),
    Param(usize, Vec<Node>),
    Var(usize, Vec<Node>),
    Set(usize, Vec<Node>),
    Negate(Box<Node>),
    Not(Box<Node>),
    Binary(Operator, Box<Node>, Box<Node>),
    Compare(Box<Node>, Vec<(Relation, Node)>),
    If(Box<Node>, Box<Node>, Option<Box<Node>>),
    ImpliesElse(Box<Node>, Box<Node>, Box<Node>),
    Iterated(Iterated, Option<Box<Node>>, Range, Box<Node>),
    CountOf(Count, Box<Node>, Vec<Node>),
    Call(Function, Vec<Node>),
    Tuple(Vec<Node>),
    SetLiteral(Vec<Node>),
    Indexed(Range),
    Interval(Box<Node>, Box<Node>, Option<Box<Node>>),
    Piecewise(Vec<Node>, Vec<Node>, Box<Node>),
}

/// Functions that are called by name.
#[derive(Clone, Copy, Debug)]
pub(super) enum Function {
    Abs,
    Min,
    Max,
    Ceil,
    Floor,
    Round,
    Trunc,
    Card,
    Length,
    /// One of a number that is mostly irrational, computed as a float.
    Float(fn(f64) -> f64),
}

/// Sets that are ranged over.
#[derive(Clone, Debug)]
pub(super) struct Range {
    pub(super) entries: Vec<Source>,
    pub(super) condition: Option<Box<Node>>,
}

/// One set that is ranged over.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) parts: Vec<Part>,
    pub(super) set: Node,
}

/// What a part of a member is for.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Bind(Slot),
    Match(Node),
}

/// What all declarations have.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub(super) name: Arc<str>,
    pub(super) doc: Option<Arc<str>>,
    pub(super) name_span: Span,
    pub(super) span: Span,
    pub(super) range: Option<Range>,
    /// How many subscripts it takes.
    pub(super) arity: usize,
}

#[derive(Clone, Debug)]
pub(super) struct SetIr {
    pub(super) declared: Declared,
    /// How many symbols a member has.
    pub(super) dimension: usize,
    pub(super) within: Vec<Node>,
    pub(super) value: Option<Node>,
    pub(super) default: Option<Node>,
}

#[derive(Clone, Debug)]
pub(super) enum RestrictionIr {
    Compare(Relation, Node),
    In(Node),
    Integer,
    Binary,
}

#[derive(Clone, Debug)]
pub(super) struct ParamIr {
    pub(super) declared: Declared,
    pub(super) symbolic: bool,
    pub(super) restrictions: Vec<RestrictionIr>,
    pub(super) value: Option<Node>,
    pub(super) default: Option<Node>,
}

#[derive(Clone, Debug)]
pub(super) struct VarIr {
    pub(super) declared: Declared,
    pub(super) domain: VarDomain,
    pub(super) bounds: Vec<(Relation, Node)>,
}

#[derive(Clone, Debug)]
pub(super) struct ObjectiveIr {
    pub(super) declared: Declared,
    pub(super) sense: Sense,
    pub(super) expression: Node,
}

#[derive(Clone, Debug)]
pub(super) struct ConstraintIr {
    pub(super) declared: Declared,
    pub(super) condition: Node,
}

#[derive(Clone, Debug)]
pub(super) struct CheckIr {
    pub(super) range: Option<Range>,
    pub(super) condition: Node,
    pub(super) span: Span,
}

/// A whole model.
#[derive(Clone, Debug, Default)]
pub(super) struct ModelIr {
    pub(super) sets: Vec<SetIr>,
    pub(super) params: Vec<ParamIr>,
    pub(super) vars: Vec<VarIr>,
    pub(super) objectives: Vec<ObjectiveIr>,
    pub(super) constraints: Vec<ConstraintIr>,
    pub(super) checks: Vec<CheckIr>,
    /// How many slots there are.
    pub(super) slots: usize,
}
