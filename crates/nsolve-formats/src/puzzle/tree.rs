//! Expressions as they are written, before it is known what the names are.

use nsolve_il::Rational;
use nsolve_source::Span;

/// An expression with its place.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    pub(crate) kind: TreeKind,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) enum TreeKind {
    Name(String),
    Number(Rational),
    /// `f(a, b)`; the place is that of the name.
    Call(String, Span, Vec<Tree>),
    List(Vec<Tree>),
    /// `x:S`, an entry of a list.
    Bound(String, Box<Tree>),
    Not(Box<Tree>),
    Negate(Box<Tree>),
    Join(Join, Vec<Tree>),
    Arithmetic(Operation, Box<Tree>, Box<Tree>),
    /// `a < b <= c`: one operand more than comparisons.
    Compare(Vec<Tree>, Vec<Comparison>),
    /// `a in b`.
    Within(Box<Tree>, Box<Tree>),
}

/// A connective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Join {
    And,
    Or,
    Xor,
    Implies,
    Iff,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEq,
    Greater,
    GreaterEq,
}

impl Tree {
    pub(crate) fn new(kind: TreeKind, span: Span) -> Self {
        Tree { kind, span }
    }

    /// The name that it is, if it is one.
    pub(crate) fn as_name(&self) -> Option<&str> {
        match &self.kind {
            TreeKind::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The word or function that it applies, if it does.
    pub(crate) fn head(&self) -> Option<&str> {
        match &self.kind {
            TreeKind::Call(name, ..) => Some(name),
            _ => None,
        }
    }

    /// Its direct parts.
    pub(crate) fn parts(&self) -> Vec<&Tree> {
        match &self.kind {
            TreeKind::Name(_) | TreeKind::Number(_) => Vec::new(),
            TreeKind::Call(_, _, parts)
            | TreeKind::List(parts)
            | TreeKind::Join(_, parts)
            | TreeKind::Compare(parts, _) => parts.iter().collect(),
            TreeKind::Bound(_, inner) | TreeKind::Not(inner) | TreeKind::Negate(inner) => {
                vec![inner]
            }
            TreeKind::Arithmetic(_, a, b) | TreeKind::Within(a, b) => vec![a, b],
        }
    }
}
