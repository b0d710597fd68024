//! Finite models as JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use nsolve_il::fol::{Model, Problem, SortId, SortKind, Table, Value as Thing};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};

use super::value::{Read, expected, field, list, number, symbol, text, truth, whole, within};
use crate::FormatError;

/// A model as JSON. Elements are written by name, or by position where two of
/// one sort have one name; numbers as exact strings.
///
/// # Errors
/// [`FormatError::Foreign`] where the model is of another problem.
pub fn model_to_json(problem: &Problem, model: &Model) -> Result<Value, FormatError> {
    let domains = Domains::of(problem, model);
    let mut written = Map::new();
    for (sort, names) in &model.domains {
        let names: Vec<&str> = names.iter().map(|n| &**n).collect();
        written.insert(domains.sort_name(*sort)?, json!(names));
    }
    let mut tables = Vec::new();
    for (id, table) in &model.tables {
        let symbol = problem.signature.symbols().get(id.index());
        let symbol = symbol.ok_or_else(|| FormatError::foreign(format!("{id:?}")))?;
        let mut entries = Vec::new();
        for (arguments, value) in &table.entries {
            if arguments.len() != symbol.arity() {
                let what = format!("a table of `{}` with other arguments", symbol.name);
                return Err(FormatError::foreign(what));
            }
            let arguments = arguments.iter().zip(&symbol.arguments);
            let arguments: Result<Vec<Value>, _> =
                arguments.map(|(a, &sort)| domains.write(a, sort)).collect();
            entries.push(json!([arguments?, domains.write(value, symbol.result)?]));
        }
        tables.push(json!({
            "symbol": &*symbol.name,
            "arity": symbol.arity(),
            "predicate": symbol.is_predicate(),
            "default": domains.write(&table.default, symbol.result)?,
            "entries": entries,
        }));
    }
    Ok(json!({ "domains": written, "tables": tables }))
}

/// The model that [`model_to_json`] wrote, for the same problem or one with the
/// same sorts and symbols.
///
/// # Errors
/// [`FormatError::Json`] where the value has another shape,
/// [`FormatError::Foreign`] where it names what the problem does not have.
pub fn model_from_json(problem: &Problem, value: &Value) -> Result<Model, FormatError> {
    let mut model = Model::default();
    field(value, "domains", |domains| {
        let Some(entries) = domains.as_object() else {
            return expected("an object");
        };
        for (name, names) in entries {
            let sort = problem.signature.find_sort(name);
            let sort = sort.ok_or_else(|| FormatError::foreign(format!("sort `{name}`")))?;
            if problem.signature.sort(sort).kind != SortKind::Uninterpreted {
                return within(name, expected("an uninterpreted sort"));
            }
            let names = within(name, list(names, |n| Ok(Arc::from(text(n)?))))?;
            if names.is_empty() {
                return within(name, expected("one element or more"));
            }
            model.domains.insert(sort, names);
        }
        Ok(())
    })?;
    let domains = Domains::of(problem, &model);
    let tables = field(value, "tables", |tables| {
        list(tables, |table| {
            let name = field(table, "symbol", text)?;
            let arity = field(table, "arity", whole)? as usize;
            let predicate = field(table, "predicate", truth)?;
            let id = symbol(&problem.signature, name, arity, predicate)?;
            let symbol = problem.signature.symbol(id);
            let default = field(table, "default", |v| domains.read(v, symbol.result))?;
            let entry = |entry| match list(entry, Ok)?.as_slice() {
                [arguments, value] => {
                    let mut sorts = symbol.arguments.iter();
                    let arguments = list(arguments, |a| match sorts.next() {
                        Some(&sort) => domains.read(a, sort),
                        None => expected(format!("no more than {arity} arguments")),
                    })?;
                    if arguments.len() != arity {
                        return expected(format!("{arity} arguments"));
                    }
                    Ok((arguments.into(), domains.read(value, symbol.result)?))
                }
                _ => expected("a pair of arguments and value"),
            };
            let entries = field(table, "entries", |entries| list(entries, entry))?;
            let entries: BTreeMap<Box<[Thing]>, Thing> = entries.into_iter().collect();
            Ok((id, Table { default, entries }))
        })
    })?;
    model.tables = tables.into_iter().collect();
    Ok(model)
}

/// The names of the elements of each sort, and their positions.
struct Domains<'a> {
    problem: &'a Problem,
    names: FxHashMap<SortId, Vec<Arc<str>>>,
    positions: FxHashMap<SortId, FxHashMap<Arc<str>, u32>>,
}

impl<'a> Domains<'a> {
    fn of(problem: &'a Problem, model: &Model) -> Self {
        let signature = &problem.signature;
        let mut names = FxHashMap::default();
        for sort in signature.sort_ids() {
            if let Some(elements) = signature.elements(sort) {
                let elements = elements.iter().map(|&e| signature.symbol(e).name.clone());
                names.insert(sort, elements.collect());
            }
        }
        names.extend(model.domains.iter().map(|(s, n)| (*s, n.clone())));
        let positions = |names: &Vec<Arc<str>>| {
            // The first of a name has it; the others are written by position.
            let mut first = FxHashMap::default();
            for (name, position) in names.iter().cloned().zip(0..) {
                first.entry(name).or_insert(position);
            }
            first
        };
        let positions = names.iter().map(|(s, n)| (*s, positions(n))).collect();
        Domains {
            problem,
            names,
            positions,
        }
    }

    fn sort_name(&self, sort: SortId) -> Result<String, FormatError> {
        let found = self.problem.signature.sorts().get(sort.index());
        let found = found.ok_or_else(|| FormatError::foreign(format!("{sort:?}")))?;
        Ok(found.name.to_string())
    }

    fn write(&self, thing: &Thing, sort: SortId) -> Result<Value, FormatError> {
        match thing {
            Thing::Bool(value) => Ok(json!(value)),
            Thing::Number(value) => Ok(json!(value.to_string())),
            Thing::Element(position) => {
                let names = self.names.get(&sort);
                let name = names.and_then(|n| n.get(*position as usize));
                let name = name.ok_or_else(|| {
                    FormatError::foreign(format!("element {position} of {sort:?}"))
                })?;
                let first = self.positions.get(&sort).and_then(|p| p.get(name));
                Ok(match first == Some(position) {
                    true => json!(&**name),
                    false => json!(position),
                })
            }
        }
    }

    fn read(&self, value: &Value, sort: SortId) -> Read<Thing> {
        match sort {
            SortId::BOOL => truth(value).map(Thing::Bool),
            SortId::INT => match number(value)? {
                n if n.is_integer() => Ok(Thing::Number(n)),
                _ => expected("an integer"),
            },
            SortId::REAL => number(value).map(Thing::Number),
            _ => {
                let count = self.names.get(&sort).map_or(0, Vec::len);
                let position = match value.as_str() {
                    Some(name) => self.positions.get(&sort).and_then(|p| p.get(name)).copied(),
                    None => Some(whole(value)?).filter(|p| (*p as usize) < count),
                };
                match position {
                    Some(position) => Ok(Thing::Element(position)),
                    None => expected(format!("an element of `{}`", self.sort_name(sort)?)),
                }
            }
        }
    }
}
