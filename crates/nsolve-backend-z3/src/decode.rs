//! From a model of Z3's to a finite model.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use nsolve_il::Rational;
use nsolve_il::fol::{self, Problem, SortId, SortKind, SymbolId, Table, Value};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::encode::Encoding;
use crate::z3::{Ast, Context, Decl, Fault, Interpretation, Model};

/// The most rows that are evaluated one by one for a table.
const MAX_ROWS: usize = 20_000;

/// The model, if it is finite and an evaluator can do something with it.
///
/// # Errors
/// Where Z3 fails at a call.
pub(crate) fn decode<'c>(
    context: &Context<'c>,
    problem: &Problem,
    encoding: &Encoding<'c>,
    model: &Model<'_, 'c>,
) -> Result<Option<fol::Model>, Fault> {
    if encoding.beyond_evaluation || divides_by_zero(encoding, model)? {
        return Ok(None);
    }
    let mut decoder = Decoder {
        context,
        problem,
        model,
        domains: domains(problem, encoding, model),
    };
    let mut tables = BTreeMap::new();
    for (&symbol, &decl) in &encoding.symbols {
        let Some(table) = decoder.table(symbol, decl)? else {
            return Ok(None);
        };
        tables.insert(symbol, table);
    }
    let domains = decoder.named_domains(&tables);
    Ok(Some(fol::Model { domains, tables }))
}

fn divides_by_zero<'c>(encoding: &Encoding<'c>, model: &Model<'_, 'c>) -> Result<bool, Fault> {
    for &divisor in &encoding.divisors {
        let value = model.value(divisor)?;
        if model.number(value).is_none_or(|n| n == "0") {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The things of a sort, as Z3 has them.
#[derive(Default)]
struct Domain<'c> {
    things: Vec<Ast<'c>>,
    positions: FxHashMap<Ast<'c>, u32>,
    /// Whether things may turn up later: Z3 says nothing about the sort, so
    /// every thing that a value mentions is in it.
    open: bool,
}

impl<'c> Domain<'c> {
    fn new(things: Vec<Ast<'c>>, open: bool) -> Self {
        let positions = things.iter().copied().zip(0..).collect();
        Domain {
            things,
            positions,
            open,
        }
    }

    fn position(&mut self, thing: Ast<'c>) -> Option<u32> {
        if let Some(&position) = self.positions.get(&thing) {
            return Some(position);
        }
        if !self.open {
            return None;
        }
        let position = self.things.len() as u32;
        self.things.push(thing);
        self.positions.insert(thing, position);
        Some(position)
    }
}

fn domains<'c>(
    problem: &Problem,
    encoding: &Encoding<'c>,
    model: &Model<'_, 'c>,
) -> FxHashMap<SortId, Domain<'c>> {
    let mut out = FxHashMap::default();
    for id in problem.signature.sort_ids() {
        let domain = match problem.signature.sort(id).kind {
            SortKind::Bool | SortKind::Int | SortKind::Real => continue,
            SortKind::Enumerated(_) => {
                let elements = encoding.elements.get(&id).cloned();
                Domain::new(elements.unwrap_or_default(), false)
            }
            SortKind::Uninterpreted => {
                let universe = encoding.sorts.get(&id).map(|&s| model.universe(s));
                let universe = universe.unwrap_or_default();
                let open = universe.is_empty();
                Domain::new(universe, open)
            }
        };
        out.insert(id, domain);
    }
    out
}

struct Decoder<'a, 'c> {
    context: &'a Context<'c>,
    problem: &'a Problem,
    model: &'a Model<'a, 'c>,
    domains: FxHashMap<SortId, Domain<'c>>,
}

impl<'c> Decoder<'_, 'c> {
    fn value(&mut self, sort: SortId, term: Ast<'c>) -> Option<Value> {
        match sort {
            SortId::BOOL => self.model.truth(term).map(Value::Bool),
            SortId::INT | SortId::REAL => {
                let number = self.model.number(term)?;
                Rational::from_str(&number).ok().map(Value::Number)
            }
            _ => self
                .domains
                .get_mut(&sort)?
                .position(term)
                .map(Value::Element),
        }
    }

    /// What a symbol means; `None` where that is no finite table.
    fn table(&mut self, id: SymbolId, decl: Decl<'c>) -> Result<Option<Table>, Fault> {
        let symbol = self.problem.signature.symbol(id);
        let (arguments, result) = (&symbol.arguments, symbol.result);
        let Some(meaning) = self.model.interpretation(decl, arguments.len())? else {
            return Ok(Some(Table::constant(something(result))));
        };
        if let Some(table) = self.listed(arguments, result, &meaning) {
            return Ok(Some(table));
        }
        self.evaluated(arguments, result, decl)
    }

    /// A table with the entries that Z3 lists, if all of them are values.
    fn listed(
        &mut self,
        arguments: &[SortId],
        result: SortId,
        meaning: &Interpretation<'c>,
    ) -> Option<Table> {
        let mut table = Table::constant(self.value(result, meaning.default?)?);
        for (from, to) in &meaning.entries {
            let key = arguments
                .iter()
                .zip(from)
                .map(|(&sort, &term)| self.value(sort, term))
                .collect::<Option<Box<[Value]>>>()?;
            let value = self.value(result, *to)?;
            if value != table.default {
                table.entries.insert(key, value);
            }
        }
        Some(table)
    }

    /// A table made by asking for the value in every place.
    fn evaluated(
        &mut self,
        arguments: &[SortId],
        result: SortId,
        decl: Decl<'c>,
    ) -> Result<Option<Table>, Fault> {
        let Some(rows) = self.rows(arguments) else {
            return Ok(None);
        };
        let mut values = Vec::with_capacity(rows.len());
        let mut counts: BTreeMap<Value, usize> = BTreeMap::new();
        for row in rows {
            let term = self.context.apply(decl, &row)?;
            let value = self.model.value(term)?;
            let key: Option<Box<[Value]>> = arguments
                .iter()
                .zip(&row)
                .map(|(&sort, &term)| self.value(sort, term))
                .collect();
            let (Some(key), Some(value)) = (key, self.value(result, value)) else {
                return Ok(None);
            };
            *counts.entry(value.clone()).or_default() += 1;
            values.push((key, value));
        }
        // The most frequent value is the default, which keeps tables short.
        let default = counts.into_iter().max_by_key(|(_, n)| *n);
        let mut table = Table::constant(default.map_or_else(|| something(result), |(v, _)| v));
        values.retain(|(_, value)| *value != table.default);
        table.entries.extend(values);
        Ok(Some(table))
    }

    /// All arguments there are; `None` where they are infinitely, or too, many.
    fn rows(&self, arguments: &[SortId]) -> Option<Vec<Vec<Ast<'c>>>> {
        let mut rows = vec![Vec::new()];
        for sort in arguments {
            let things = &self.domains.get(sort)?.things;
            if rows.len().checked_mul(things.len())? > MAX_ROWS {
                return None;
            }
            rows = rows
                .into_iter()
                .flat_map(|row| {
                    things.iter().map(move |&thing| {
                        let mut row: Vec<Ast<'c>> = row.clone();
                        row.push(thing);
                        row
                    })
                })
                .collect();
        }
        Some(rows)
    }

    /// A name for each thing of the uninterpreted sorts: that of a constant
    /// which denotes it, or the sort's name with a number.
    fn named_domains(&self, tables: &BTreeMap<SymbolId, Table>) -> BTreeMap<SortId, Vec<Arc<str>>> {
        let signature = &self.problem.signature;
        let mut names: FxHashMap<(SortId, u32), Arc<str>> = FxHashMap::default();
        let mut taken: FxHashSet<Arc<str>> = FxHashSet::default();
        for (&id, table) in tables {
            let symbol = signature.symbol(id);
            if let (true, Value::Element(e)) = (symbol.is_constant(), &table.default) {
                names
                    .entry((symbol.result, *e))
                    .or_insert_with(|| symbol.name.clone());
                taken.insert(symbol.name.clone());
            }
        }
        let uninterpreted = signature
            .sort_ids()
            .filter(|&id| signature.sort(id).kind == SortKind::Uninterpreted);
        uninterpreted
            .map(|id| {
                let size = self.domains.get(&id).map_or(0, |d| d.things.len()).max(1);
                let name = |e: u32| match names.get(&(id, e)) {
                    Some(name) => name.clone(),
                    None => anonymous(&signature.sort(id).name, e, &taken),
                };
                (id, (0..size as u32).map(name).collect())
            })
            .collect()
    }
}

fn anonymous(sort: &str, position: u32, taken: &FxHashSet<Arc<str>>) -> Arc<str> {
    let mut name = format!("{sort}#{}", position + 1);
    while taken.contains(name.as_str()) {
        name.push('\'');
    }
    name.into()
}

/// Some value of a sort, where any will do.
fn something(sort: SortId) -> Value {
    match sort {
        SortId::BOOL => Value::Bool(false),
        SortId::INT | SortId::REAL => Value::Number(Rational::from_integer(0.into())),
        _ => Value::Element(0),
    }
}
