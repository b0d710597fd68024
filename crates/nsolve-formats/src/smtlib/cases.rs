//! Terms that depend on conditions: what `ite` between terms becomes until the
//! atom around it is known.

use nsolve_source::{Code, Diagnostic, Span};
use nsolve_syntax::fol::{BinaryOp, Expr, ExprKind, NaryOp};

use crate::limits::{MAX_DEPTH, Read, fault, too_deep};

/// A part with its depth and its number of nodes.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) expr: Expr,
    depth: usize,
    pub(super) size: usize,
}

impl Part {
    pub(super) fn leaf(kind: ExprKind, span: Span) -> Self {
        Part {
            expr: Expr::new(kind, span),
            depth: 1,
            size: 1,
        }
    }

    /// Makes one part of several.
    pub(super) fn join(
        parts: Vec<Part>,
        span: Span,
        build: impl FnOnce(Vec<Expr>) -> ExprKind,
    ) -> Read<Part> {
        let depth = 1 + parts.iter().map(|p| p.depth).max().unwrap_or(0);
        let size = parts.iter().fold(1, |n: usize, p| n.saturating_add(p.size));
        if depth > MAX_DEPTH {
            return fault(too_deep(span));
        }
        let exprs = parts.into_iter().map(|p| p.expr).collect();
        let expr = Expr::new(build(exprs), span);
        Ok(Part { expr, depth, size })
    }
}

/// A thing that is one or another, depending on conditions.
#[derive(Clone)]
pub(super) enum Cases<T> {
    /// The thing.
    One(T),
    /// A condition, what is so where it holds, and where it does not; and how
    /// many conditions are nested here.
    If(Box<Part>, Box<(Cases<T>, Cases<T>)>, usize),
}

impl<T> Cases<T> {
    fn depth(&self) -> usize {
        match self {
            Cases::One(_) => 0,
            Cases::If(_, _, depth) => *depth,
        }
    }

    pub(super) fn fork(condition: Part, then: Cases<T>, other: Cases<T>) -> Read<Self> {
        let depth = 1 + then.depth().max(other.depth());
        if depth > MAX_DEPTH {
            return fault(too_deep(condition.expr.span));
        }
        Ok(Cases::If(
            Box::new(condition),
            Box::new((then, other)),
            depth,
        ))
    }

    /// Does something in each case.
    pub(super) fn map<U>(self, f: &mut dyn FnMut(T) -> Read<U>) -> Read<Cases<U>> {
        Ok(match self {
            Cases::One(thing) => Cases::One(f(thing)?),
            Cases::If(condition, both, depth) => {
                let both = (both.0.map(f)?, both.1.map(f)?);
                Cases::If(condition, Box::new(both), depth)
            }
        })
    }
}

impl Cases<Part> {
    pub(super) fn size(&self) -> usize {
        match self {
            Cases::One(part) => part.size,
            Cases::If(condition, both, _) => condition
                .size
                .saturating_add(both.0.size())
                .saturating_add(both.1.size()),
        }
    }
}

/// How many more nodes may be copied. Definitions, `let` and `ite` say briefly
/// what is long in full; this bounds how long.
pub(super) struct Allowance(usize);

impl Default for Allowance {
    fn default() -> Self {
        Allowance(500_000)
    }
}

impl Allowance {
    pub(super) fn spend(&mut self, nodes: usize, span: Span) -> Read<()> {
        match self.0.checked_sub(nodes) {
            Some(left) => {
                self.0 = left;
                Ok(())
            }
            None => fault(
                Diagnostic::error(
                    Code::UNSUPPORTED,
                    "`let`, `ite` and definitions grow too large when they are expanded",
                )
                .at(span)
                .help("declare a function or predicate, and state what it is"),
            ),
        }
    }

    /// All combinations of the cases of several things.
    pub(super) fn product(
        &mut self,
        mut things: Vec<Cases<Part>>,
        span: Span,
    ) -> Read<Cases<Vec<Part>>> {
        let branching = things.iter().position(|t| matches!(t, Cases::If(..)));
        let Some(at) = branching else {
            let ones = things.into_iter().filter_map(|t| match t {
                Cases::One(part) => Some(part),
                Cases::If(..) => None,
            });
            return Ok(Cases::One(ones.collect()));
        };
        let copied = things.iter().map(Cases::size).sum();
        self.spend(copied, span)?;
        let mut others = things.clone();
        let (Some(slot), Some(other_slot)) = (things.get_mut(at), others.get_mut(at)) else {
            return Ok(Cases::One(Vec::new()));
        };
        let taken = std::mem::replace(slot, Cases::One(nothing(span)));
        let Cases::If(condition, both, _) = taken else {
            return Ok(Cases::One(Vec::new()));
        };
        (*slot, *other_slot) = *both;
        let then = self.product(things, span)?;
        let other = self.product(others, span)?;
        Cases::fork(*condition, then, other)
    }

    /// The formula that holds where the case that applies does.
    pub(super) fn formula(&mut self, cases: Cases<Part>, span: Span) -> Read<Part> {
        let (condition, both) = match cases {
            Cases::One(formula) => return Ok(formula),
            Cases::If(condition, both, _) => (*condition, *both),
        };
        let then = self.formula(both.0, span)?;
        let other = self.formula(both.1, span)?;
        self.either(condition, then, other, span)
    }

    /// `ite` between formulas.
    pub(super) fn either(
        &mut self,
        condition: Part,
        then: Part,
        other: Part,
        span: Span,
    ) -> Read<Part> {
        self.spend(condition.size, span)?;
        let denied = Part::join(vec![condition.clone()], span, negation)?;
        let sides = vec![
            Part::join(vec![condition, then], span, |ts| two(BinaryOp::Implies, ts))?,
            Part::join(vec![denied, other], span, |ts| two(BinaryOp::Implies, ts))?,
        ];
        Part::join(sides, span, |ts| ExprKind::Nary(NaryOp::And, ts))
    }
}

fn nothing(span: Span) -> Part {
    Part::leaf(ExprKind::Truth(true), span)
}

/// The negation of the one operand.
pub(super) fn negation(mut operands: Vec<Expr>) -> ExprKind {
    match operands.pop() {
        Some(only) => only.negated().kind,
        None => ExprKind::Truth(false),
    }
}

/// An operator between the two operands.
pub(super) fn two(op: BinaryOp, mut operands: Vec<Expr>) -> ExprKind {
    match (operands.pop(), operands.pop()) {
        (Some(right), Some(left)) => ExprKind::Binary(op, Box::new(left), Box::new(right)),
        _ => ExprKind::Truth(true),
    }
}
