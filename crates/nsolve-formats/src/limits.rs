//! How deep and how long a text may be.

use nsolve_source::{Code, Diagnostic, Span};
use nsolve_syntax::fol::{Expr, ExprKind};

/// The deepest formula that is read.
pub(crate) const MAX_DEPTH: usize = 200;

/// How deep brackets may nest. Formats that bracket every connective need two
/// for one level of a formula.
pub(crate) const MAX_BRACKETS: usize = 2 * MAX_DEPTH + 20;

/// The longest name, in bytes.
pub(crate) const MAX_NAME_BYTES: usize = 1000;

/// A part of a text, or the fault for which it cannot be read. Boxed, since
/// readers call themselves, and every frame has room for one.
pub(crate) type Read<T> = Result<T, Box<Diagnostic>>;

/// The part cannot be read.
pub(crate) fn fault<T>(fault: Diagnostic) -> Read<T> {
    Err(Box::new(fault))
}

pub(crate) fn too_deep(span: Span) -> Diagnostic {
    let message = format!("the formula is nested deeper than {MAX_DEPTH} levels");
    Diagnostic::error(Code::TOO_DEEP, message)
        .at(span)
        .help("split the formula, or name its parts")
}

/// Refuses a formula deeper than [`MAX_DEPTH`]. Its own recursion is bounded,
/// since readers bound brackets.
pub(crate) fn check_depth(formula: &Expr) -> Read<()> {
    if depth(formula) > MAX_DEPTH {
        return fault(too_deep(formula.span));
    }
    Ok(())
}

fn depth(e: &Expr) -> usize {
    let deepest = |parts: &[Expr]| parts.iter().map(depth).max().unwrap_or(0);
    let below = match &e.kind {
        ExprKind::Name(_) | ExprKind::Variable(_) | ExprKind::Number(_) | ExprKind::Truth(_) => 0,
        ExprKind::Apply(_, parts) | ExprKind::Nary(_, parts) | ExprKind::Arithmetic(_, parts) => {
            deepest(parts)
        }
        ExprKind::Unary(_, inner) => depth(inner),
        ExprKind::Binary(_, a, b) => depth(a).max(depth(b)),
        ExprKind::Quantified(q) => depth(&q.body),
    };
    below + 1
}
