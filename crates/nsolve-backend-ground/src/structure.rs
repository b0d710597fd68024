use std::collections::BTreeMap;
use std::sync::Arc;

use nsolve_il::Rational;
use nsolve_il::fol::{Model, Problem, SortId, SortKind, Table, Value};
use num_traits::Zero;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::grounding::Grounding;
use crate::store::NONE;
use crate::view::View;

/// Writes a view down as a model. What is not known is false, or the default.
pub(crate) fn model(grounding: &Grounding<'_>, view: &View) -> Model {
    let problem = grounding.problem;
    let signature = &problem.signature;
    let mut values: FxHashMap<u32, Value> = FxHashMap::default();
    let mut domains = BTreeMap::new();
    for (sort, classes) in signature.sort_ids().zip(&view.universe) {
        if sort.is_numeric() {
            continue;
        }
        let elements = signature.elements(sort);
        for (i, &class) in classes.iter().enumerate() {
            let position = elements.and_then(|elements| {
                let (symbol, _) = grounding.store.application(class)?;
                elements.iter().position(|&e| e == symbol)
            });
            values.insert(class, Value::Element(position.unwrap_or(i) as u32));
        }
        if signature.sort(sort).kind == SortKind::Uninterpreted {
            domains.insert(sort, names(problem, grounding, sort, classes));
        }
    }
    let value = |class: u32| match (values.get(&class), view.numbers.get(class as usize)) {
        (Some(value), _) => value.clone(),
        (None, Some(number)) if grounding.store.sort(class).is_numeric() => {
            Value::Number(number.clone())
        }
        _ => Value::Element(0),
    };
    let key = |classes: &[u32]| classes.iter().map(|&c| value(c)).collect::<Box<[Value]>>();
    let mut tables = BTreeMap::new();
    for &symbol in &grounding.blocks.symbols {
        if signature.element_index(symbol).is_some() {
            continue;
        }
        let entry = signature.symbol(symbol);
        let mut table = if entry.is_predicate() {
            Table::constant(Value::Bool(false))
        } else if entry.arguments.is_empty() {
            let term = grounding.store.constant(symbol) as usize;
            let class = view.representative.get(term).copied();
            Table::constant(value(class.unwrap_or(NONE)))
        } else if entry.result.is_numeric() {
            Table::constant(Value::Number(Rational::zero()))
        } else {
            Table::constant(value(view.default_of(entry.result)))
        };
        let facts = view.by_predicate.get(symbol.index()).into_iter().flatten();
        for &fact in facts {
            if let [_, arguments @ ..] = view.facts.get(fact) {
                table.entries.insert(key(arguments), Value::Bool(true));
            }
        }
        tables.insert(symbol, table);
    }
    for (point, &class) in (0..).zip(&view.values) {
        if let [symbol, arguments @ ..] = view.points.get(point)
            && let Some(table) = tables.get_mut(&nsolve_il::fol::SymbolId(*symbol))
        {
            table.entries.insert(key(arguments), value(class));
        }
    }
    Model { domains, tables }
}

/// Names for the things of a sort: constants keep theirs.
fn names(
    problem: &Problem,
    grounding: &Grounding<'_>,
    sort: SortId,
    classes: &[u32],
) -> Vec<Arc<str>> {
    let mut taken: FxHashSet<Arc<str>> = FxHashSet::default();
    let constant = |class: u32| match grounding.store.application(class) {
        Some((symbol, [])) => Some(problem.signature.symbol(symbol).name.clone()),
        _ => None,
    };
    taken.extend(classes.iter().filter_map(|&c| constant(c)));
    let sort = &problem.signature.sort(sort).name;
    let mut number = 0;
    let mut fresh = || loop {
        number += 1;
        let name: Arc<str> = format!("{sort}{number}").into();
        if !taken.contains(&name) {
            return name;
        }
    };
    let named = classes
        .iter()
        .map(|&c| constant(c).unwrap_or_else(&mut fresh));
    let mut out: Vec<Arc<str>> = named.collect();
    if out.is_empty() {
        out.push(fresh());
    }
    out
}
