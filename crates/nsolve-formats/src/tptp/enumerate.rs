//! Brings enumerated sorts back from the axioms that [`write_tptp`] makes of
//! them.
//!
//! The mark in the annotation only says where to look. A sort is made if the
//! formulas themselves say that the elements are all there is, and different;
//! otherwise they stay axioms.
//!
//! [`write_tptp`]: super::write_tptp

use nsolve_il::fol::{Builder, Quantifier};
use nsolve_syntax::fol::{
    BinaryOp, Declaration, Expr, ExprKind, Ident, Item, ItemKind, NaryOp, SortSpec, UnaryOp,
};
use rustc_hash::{FxHashMap, FxHashSet};

/// Whether an annotation says that the formula belongs to an enumerated sort.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Marked {
    Plain,
    Enumeration,
}

pub(super) fn enumerate(items: Vec<(Item, Marked)>) -> Vec<Item> {
    let formula = |item: &Item| match &item.kind {
        ItemKind::Premise(s) => Some(s.formula.clone()),
        _ => None,
    };
    let marked = items.iter().enumerate().filter_map(|(i, (item, mark))| {
        (*mark == Marked::Enumeration).then(|| Some((i, formula(item)?)))?
    });
    let marked: Vec<_> = marked.collect();
    let distinct: FxHashMap<Vec<String>, usize> = marked
        .iter()
        .filter_map(|(i, f)| Some((all_different(f)?, *i)))
        .collect();
    let mut sorts = FxHashMap::default();
    let (mut gone, mut known, mut elements_known) = (
        FxHashSet::default(),
        FxHashSet::default(),
        FxHashSet::default(),
    );
    for (i, formula) in &marked {
        let Some((sort, elements)) = all_there_is(formula) else {
            continue;
        };
        let names: Vec<String> = elements.iter().map(|e| e.name.clone()).collect();
        match distinct.get(&names) {
            Some(other) => gone.insert(*other),
            None if names.len() == 1 => false,
            None => continue,
        };
        known.insert(sort.name.clone());
        elements_known.extend(names);
        sorts.insert(*i, (sort, elements));
    }
    let keep = |(i, (item, _)): (usize, (Item, Marked))| {
        if let Some((name, elements)) = sorts.remove(&i) {
            let elements = Some(elements);
            return Some(Item {
                kind: ItemKind::Declaration(Declaration::Sort { name, elements }),
                span: item.span,
            });
        }
        let replaced = match &item.kind {
            ItemKind::Declaration(Declaration::Sort { name, .. }) => known.contains(&name.name),
            ItemKind::Declaration(Declaration::Symbol {
                name, arguments, ..
            }) => arguments.is_empty() && elements_known.contains(&name.name),
            _ => gone.contains(&i),
        };
        (!replaced).then_some(item)
    };
    let mut items: Vec<Item> = items.into_iter().enumerate().filter_map(keep).collect();
    if known.contains(Builder::DEFAULT_SORT) {
        declare_constants(&mut items);
    }
    items
}

/// Declares the constants that no text declares, where `$i` is enumerated:
/// TPTP lets them be any of its elements, while an undeclared constant of an
/// enumerated sort is taken for a misspelt element elsewhere.
fn declare_constants(items: &mut Vec<Item>) {
    let mut known: FxHashSet<String> = FxHashSet::default();
    let mut found = Vec::new();
    for item in items.iter() {
        match &item.kind {
            ItemKind::Declaration(Declaration::Sort { elements, .. }) => {
                known.extend(elements.iter().flatten().map(|e| e.name.clone()));
            }
            ItemKind::Declaration(Declaration::Symbol { name, result, .. }) if result.is_some() => {
                known.insert(name.name.clone());
            }
            ItemKind::Premise(s) | ItemKind::Conclusion(s) => {
                constants(&s.formula, false, &mut found)
            }
            _ => {}
        }
    }
    for name in found {
        let span = name.span;
        if known.insert(name.name.clone()) {
            let sort = Ident {
                name: Builder::DEFAULT_SORT.into(),
                span,
            };
            let declaration = Declaration::Symbol {
                name,
                arguments: Vec::new(),
                result: Some(SortSpec::Named(sort)),
                meaning: None,
            };
            items.push(Item {
                kind: ItemKind::Declaration(declaration),
                span,
            });
        }
    }
}

/// The names that stand as terms.
fn constants(e: &Expr, is_term: bool, found: &mut Vec<Ident>) {
    let mut all = |parts: &[Expr], are_terms| {
        parts.iter().for_each(|p| constants(p, are_terms, found));
    };
    match &e.kind {
        ExprKind::Name(_) if is_term => found.extend(name(e)),
        ExprKind::Apply(_, parts)
        | ExprKind::Arithmetic(_, parts)
        | ExprKind::Nary(NaryOp::Distinct, parts) => all(parts, true),
        ExprKind::Nary(_, parts) => all(parts, false),
        ExprKind::Unary(op, inner) => constants(inner, *op == UnaryOp::Negate, found),
        ExprKind::Binary(op, a, b) => {
            let are_terms = matches!(
                op,
                BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::Compare(_)
            );
            constants(a, are_terms, found);
            constants(b, are_terms, found);
        }
        ExprKind::Quantified(q) => constants(&q.body, false, found),
        ExprKind::Name(_) | ExprKind::Variable(_) | ExprKind::Number(_) | ExprKind::Truth(_) => {}
    }
}

/// `$distinct(a, b, c)`: its names.
fn all_different(formula: &Expr) -> Option<Vec<String>> {
    let ExprKind::Nary(NaryOp::Distinct, operands) = &formula.kind else {
        return None;
    };
    operands.iter().map(|o| name(o).map(|n| n.name)).collect()
}

/// `! [X: s] : (X = a | X = b)`: the sort and its elements.
fn all_there_is(formula: &Expr) -> Option<(Ident, Vec<Ident>)> {
    let ExprKind::Quantified(q) = &formula.kind else {
        return None;
    };
    let [(variable, Some(sort))] = q.variables.as_slice() else {
        return None;
    };
    let cases = match &q.body.kind {
        ExprKind::Nary(NaryOp::Or, cases) => cases.as_slice(),
        _ => std::slice::from_ref(&q.body),
    };
    let case = |e: &Expr| match &e.kind {
        ExprKind::Binary(BinaryOp::Equal, left, right) => match &left.kind {
            ExprKind::Variable(v) if *v == variable.name => name(right),
            _ => None,
        },
        _ => None,
    };
    let elements: Option<Vec<Ident>> = cases.iter().map(case).collect();
    let universal = q.quantifier == Quantifier::Forall;
    universal.then_some((sort.clone(), elements?))
}

fn name(e: &Expr) -> Option<Ident> {
    match &e.kind {
        ExprKind::Name(name) => Some(Ident {
            name: name.clone(),
            span: e.span,
        }),
        _ => None,
    }
}
