//! Walks over a model as it was written.

use super::ast::{Expr, ExprKind, Head, Indexing, Model, ParamValue, Restriction, Statement};

/// Calls a function with every indexing of a model.
pub(super) fn each_indexing(model: &Model, found: &mut dyn FnMut(&Indexing)) {
    for statement in &model.statements {
        if let Some(domain) = head_of(statement).and_then(|head| head.domain.as_ref()) {
            visit_indexing(domain, found);
        }
        each_expr(statement, &mut |expr| visit_expr(expr, found));
    }
}

/// The head of a declaration.
pub(super) fn head_of(statement: &Statement) -> Option<&Head> {
    Some(match statement {
        Statement::Set(s) => &s.head,
        Statement::Param(p) => &p.head,
        Statement::Var(v) => &v.head,
        Statement::Objective(o) => &o.head,
        Statement::Constraint(c) => &c.head,
        Statement::Check { .. } => return None,
    })
}

/// The outermost expressions of a statement, but for its index.
fn each_expr(statement: &Statement, found: &mut dyn FnMut(&Expr)) {
    match statement {
        Statement::Set(s) => {
            s.within
                .iter()
                .chain(&s.value)
                .chain(&s.default)
                .for_each(found);
        }
        Statement::Param(p) => {
            for restriction in &p.restrictions {
                match restriction {
                    Restriction::Compare(_, e) | Restriction::In(e) => found(e),
                }
            }
            if let Some(ParamValue::Expr(e)) = &p.value {
                found(e);
            }
            p.default.iter().for_each(found);
        }
        Statement::Var(v) => v.bounds.iter().for_each(|(_, e)| found(e)),
        Statement::Objective(o) => found(&o.expression),
        Statement::Constraint(c) => found(&c.condition),
        Statement::Check { condition, .. } => found(condition),
    }
}

fn visit_indexing(indexing: &Indexing, found: &mut dyn FnMut(&Indexing)) {
    found(indexing);
    for entry in &indexing.entries {
        visit_expr(&entry.set, found);
    }
    if let Some(condition) = &indexing.condition {
        visit_expr(condition, found);
    }
}

fn visit_expr(expr: &Expr, found: &mut dyn FnMut(&Indexing)) {
    match &expr.kind {
        ExprKind::Indexed(indexing) => visit_indexing(indexing, found),
        ExprKind::Iterated(_, count, indexing, body) => {
            if let Some(count) = count {
                visit_expr(count, found);
            }
            visit_indexing(indexing, found);
            visit_expr(body, found);
        }
        kind => each_part(kind, &mut |part| visit_expr(part, found)),
    }
}

/// The parts of an expression that has no index.
fn each_part(kind: &ExprKind, found: &mut dyn FnMut(&Expr)) {
    match kind {
        ExprKind::Number(..)
        | ExprKind::Text(_)
        | ExprKind::Infinity
        | ExprKind::Indexed(_)
        | ExprKind::Iterated(..) => {}
        ExprKind::Name(_, parts)
        | ExprKind::Call(_, parts)
        | ExprKind::Tuple(parts)
        | ExprKind::SetLiteral(parts) => parts.iter().for_each(found),
        ExprKind::Negate(a) | ExprKind::Not(a) => found(a),
        ExprKind::Binary(_, a, b) => {
            found(a);
            found(b);
        }
        ExprKind::Compare(a, rest) => {
            found(a);
            rest.iter().for_each(|(_, e)| found(e));
        }
        ExprKind::If(c, a, b) => {
            found(c);
            found(a);
            b.iter().for_each(|b| found(b));
        }
        ExprKind::ImpliesElse(a, b, c) => [a, b, c].into_iter().for_each(|e| found(e)),
        ExprKind::CountOf(_, k, parts) => {
            found(k);
            parts.iter().for_each(found);
        }
        ExprKind::Range(a, b, by) => {
            found(a);
            found(b);
            by.iter().for_each(|e| found(e));
        }
        ExprKind::Piecewise {
            breakpoints,
            slopes,
            argument,
        } => {
            breakpoints.iter().chain(slopes).for_each(&mut *found);
            found(argument);
        }
    }
}
