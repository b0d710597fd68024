use nsolve_il::fol::Quantifier;
use nsolve_source::{Code, Diagnostic};

use crate::fol::{BinaryOp, Document, Expr, ExprKind, ItemKind, NaryOp, Quantified};

/// Lints about quantifiers, with the places where they are written.
pub fn lint_syntax(document: &Document) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for item in &document.items {
        if let ItemKind::Premise(s) | ItemKind::Conclusion(s) | ItemKind::Choice(s) = &item.kind {
            visit(&s.formula, &mut Vec::new(), &mut out);
        }
    }
    out
}

fn visit<'a>(e: &'a Expr, bound: &mut Vec<&'a str>, out: &mut Vec<Diagnostic>) {
    match &e.kind {
        ExprKind::Quantified(q) => {
            quantified(q, e, bound, out);
            let depth = bound.len();
            bound.extend(q.variables.iter().map(|(name, _)| name.name.as_str()));
            visit(&q.body, bound, out);
            bound.truncate(depth);
        }
        ExprKind::Unary(_, a) => visit(a, bound, out),
        ExprKind::Binary(_, a, b) => {
            visit(a, bound, out);
            visit(b, bound, out);
        }
        ExprKind::Nary(NaryOp::And | NaryOp::Or, operands) => {
            operands.iter().for_each(|o| visit(o, bound, out));
        }
        // Nothing below a term quantifies.
        ExprKind::Nary(NaryOp::Distinct, _)
        | ExprKind::Name(_)
        | ExprKind::Variable(_)
        | ExprKind::Apply(..)
        | ExprKind::Number(_)
        | ExprKind::Truth(_)
        | ExprKind::Arithmetic(..) => {}
    }
}

fn quantified(q: &Quantified, e: &Expr, bound: &[&str], out: &mut Vec<Diagnostic>) {
    for (name, _) in &q.variables {
        if bound.contains(&name.name.as_str()) {
            out.push(
                Diagnostic::warning(
                    Code::SHADOWED_VARIABLE,
                    format!("`{}` is already bound around here", name.name),
                )
                .at(name.span)
                .help("give the inner variable another name"),
            );
        }
        if !mentions(&q.body, &name.name) {
            out.push(
                Diagnostic::warning(
                    Code::UNUSED_VARIABLE,
                    format!("`{}` does not occur in what it quantifies", name.name),
                )
                .at(name.span)
                .help("remove the variable, or use it"),
            );
        }
    }
    match (q.quantifier, innermost(&q.body)) {
        (Quantifier::Forall, ExprKind::Nary(NaryOp::And, parts)) if parts.iter().all(is_atom) => {
            out.push(
                Diagnostic::warning(
                    Code::FORALL_AND,
                    "this says of everything that all of these hold",
                )
                .at(e.span)
                .help("for `every P is Q` write `forall x. P(x) -> Q(x)`"),
            );
        }
        (Quantifier::Exists, ExprKind::Binary(BinaryOp::Implies, ..)) => out.push(
            Diagnostic::warning(
                Code::EXISTS_IMPLIES,
                "this is true as soon as something fails the left side",
            )
            .at(e.span)
            .help("for `some P is Q` write `exists x. P(x) and Q(x)`"),
        ),
        _ => {}
    }
}

/// The body below quantifiers that follow each other.
fn innermost(mut e: &Expr) -> &ExprKind {
    while let ExprKind::Quantified(q) = &e.kind {
        e = &q.body;
    }
    &e.kind
}

/// Atoms with arguments and their negations.
fn is_atom(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Unary(_, inner) => is_atom(inner),
        ExprKind::Apply(..) => true,
        _ => false,
    }
}

/// Whether a variable occurs free below `e`.
fn mentions(e: &Expr, name: &str) -> bool {
    match &e.kind {
        ExprKind::Name(n) | ExprKind::Variable(n) => n == name,
        ExprKind::Apply(_, operands)
        | ExprKind::Nary(_, operands)
        | ExprKind::Arithmetic(_, operands) => operands.iter().any(|o| mentions(o, name)),
        ExprKind::Unary(_, a) => mentions(a, name),
        ExprKind::Binary(_, a, b) => mentions(a, name) || mentions(b, name),
        ExprKind::Quantified(q) => {
            !q.variables.iter().any(|(v, _)| v.name == name) && mentions(&q.body, name)
        }
        ExprKind::Number(_) | ExprKind::Truth(_) => false,
    }
}
