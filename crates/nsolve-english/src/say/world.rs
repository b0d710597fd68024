//! Models in words: a small table of what each thing is, and sentences for the
//! rest.

use std::fmt::Write as _;

use nsolve_il::fol::{Model, Problem, SortId, SymbolId, Value};

use super::phrase::Phrase;
use super::speak::{Speaker, finished};
use super::statement::{Statement, Symbols, Thing};

/// The most properties that stand side by side.
const MOST_COLUMNS: usize = 8;
/// The most things, and the most sentences, that are told.
const MOST_ROWS: usize = 24;

/// A model as a small table of things and their properties, with sentences for
/// what relates them.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use nsolve_english::say_model;
/// use nsolve_il::fol::{Model, Table, Value};
/// use nsolve_source::SourceText;
/// use nsolve_syntax::fol::{Style, elaborate, parse};
///
/// let text = SourceText::new("cats", "premise p : cat(tom) or red(tom)\nask model\n").unwrap();
/// let problem = elaborate(&parse(&text).0, &Style::NATIVE).problem.unwrap();
/// let mut model = Model::default();
/// let thing = problem.signature.find_sort("Thing").unwrap();
/// model.domains.insert(thing, vec!["tom".into()]);
/// let meant = [
///     ("tom", 0, Value::Element(0)),
///     ("cat", 1, Value::Bool(true)),
///     ("red", 1, Value::Bool(false)),
/// ];
/// for (name, arity, value) in meant {
///     let symbol = problem.signature.find_symbol(name, arity, arity == 1).unwrap();
///     model.tables.insert(symbol, Table::constant(value));
/// }
/// assert_eq!(say_model(&problem, &model), "     cat  red\nTom  yes  no\n");
/// ```
pub fn say_model(problem: &Problem, model: &Model) -> String {
    let speaker = Speaker::new(problem);
    World {
        speaker: &speaker,
        solved: problem,
        symbols: &Symbols::own(problem),
        model,
    }
    .told()
}

/// A model of a problem, or of one that was made of it.
pub(super) struct World<'a> {
    pub(super) speaker: &'a Speaker<'a>,
    pub(super) solved: &'a Problem,
    pub(super) symbols: &'a Symbols,
    pub(super) model: &'a Model,
}

impl World<'_> {
    pub(super) fn told(&self) -> String {
        let signature = &self.solved.signature;
        let mut out = String::new();
        let mut left: Vec<SymbolId> = Vec::new();
        // Properties by the sort of what has them, stated and denied ones apart.
        let mut columns: Vec<(SortId, SymbolId)> = Vec::new();
        for &id in self.model.tables.keys() {
            let symbol = signature.symbol(id);
            let Some((_, denied)) = self.symbols.get(id) else {
                continue;
            };
            match &*symbol.arguments {
                [sort] if symbol.is_predicate() && !denied && self.size(*sort).is_some() => {
                    columns.push((*sort, id));
                }
                [_] if denied => {}
                _ => left.push(id),
            }
        }
        let mut sorts: Vec<SortId> = columns.iter().map(|(sort, _)| *sort).collect();
        sort_and_dedup(&mut sorts);
        for sort in sorts {
            let of_sort = columns.iter().filter(|(s, _)| *s == sort);
            let of_sort: Vec<SymbolId> = of_sort.map(|(_, id)| *id).collect();
            for some in of_sort.chunks(MOST_COLUMNS) {
                self.table(&mut out, sort, some);
            }
        }
        let mut lines = Vec::new();
        for id in left {
            self.sentences(id, &mut lines);
        }
        for line in lines.iter().take(MOST_ROWS) {
            let _ = writeln!(out, "{line}");
        }
        if let Some(more) = lines.len().checked_sub(MOST_ROWS).filter(|n| *n > 0) {
            let _ = writeln!(out, "... and {more} more");
        }
        out
    }

    /// How many things there are of a sort that is no number.
    fn size(&self, sort: SortId) -> Option<usize> {
        let elements = self.solved.signature.elements(sort).map(<[_]>::len);
        elements.or_else(|| self.model.domains.get(&sort).map(Vec::len))
    }

    fn table(&self, out: &mut String, sort: SortId, columns: &[SymbolId]) {
        let heads = columns.iter().map(|&id| self.property(id));
        let mut rows = vec![
            std::iter::once(String::new())
                .chain(heads)
                .collect::<Vec<_>>(),
        ];
        let size = self.size(sort).unwrap_or(0);
        for element in 0..size.min(MOST_ROWS) {
            let value = Value::Element(element as u32);
            let mut row = vec![self.name(&value, sort)];
            for &id in columns {
                row.push(self.cell(id, &value).to_owned());
            }
            rows.push(row);
        }
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|r| r.get(column));
            cells.map(|c| c.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..=columns.len()).map(width).collect();
        for row in &rows {
            let cells = row.iter().zip(&widths);
            let line: Vec<String> = cells
                .map(|(cell, width)| format!("{cell:width$}"))
                .collect();
            let _ = writeln!(out, "{}", line.join("  ").trim_end());
        }
        if size > MOST_ROWS {
            let _ = writeln!(out, "... and {} more things", size - MOST_ROWS);
        }
    }

    /// `yes`, `no`, or under the semantics of rules `-` where neither is said.
    fn cell(&self, id: SymbolId, value: &Value) -> &'static str {
        let holds = |id: SymbolId| {
            let table = self.model.tables.get(&id);
            table.is_some_and(|t| *t.at(std::slice::from_ref(value)) == Value::Bool(true))
        };
        let companion = self.companion(id);
        match (holds(id), companion) {
            (true, _) => "yes",
            (false, None) => "no",
            (false, Some(companion)) if holds(companion) => "no",
            (false, Some(_)) => "-",
        }
    }

    /// The symbol that states the opposite, where the problem has such.
    fn companion(&self, id: SymbolId) -> Option<SymbolId> {
        let (original, _) = self.symbols.get(id)?;
        let mut ids = self.solved.signature.symbol_ids();
        ids.find(|&other| self.symbols.get(other) == Some((original, true)))
    }

    /// What a column is headed with.
    fn property(&self, id: SymbolId) -> String {
        let original = self.symbols.get(id).map(|(original, _)| original);
        let phrase = original.and_then(|o| self.speaker.phrases.get(o.index()));
        match phrase {
            Some(Phrase::Clause(clause)) => clause
                .noun()
                .or_else(|| clause.adjective().map(str::to_owned))
                .unwrap_or_else(|| clause.verb_phrase(&[], true).said(false)),
            _ => self.solved.signature.symbol(id).name.to_string(),
        }
    }

    /// What relates things, and the values of functions that are not what things
    /// are called.
    fn sentences(&self, id: SymbolId, out: &mut Vec<String>) {
        let symbol = self.solved.signature.symbol(id);
        let (Some(table), Some((original, denied))) =
            (self.model.tables.get(&id), self.symbols.get(id))
        else {
            return;
        };
        if symbol.is_constant() && !symbol.result.is_numeric() {
            return;
        }
        let mut entries: Vec<(Vec<Value>, Value)> = Vec::new();
        if symbol.arguments.is_empty() {
            entries.push((Vec::new(), table.default.clone()));
        } else if table.default == Value::Bool(true) {
            entries.extend(self.all(&symbol.arguments).into_iter().map(|a| {
                let value = table.at(&a).clone();
                (a, value)
            }));
        } else {
            let listed = table.entries.iter();
            entries.extend(listed.map(|(a, v)| (a.to_vec(), v.clone())));
        }
        for (arguments, value) in entries {
            let named = arguments.iter().zip(&symbol.arguments);
            let named: Vec<Thing> = named
                .map(|(v, s)| Thing::Called(self.name(v, *s)))
                .collect();
            let statement = match value {
                Value::Bool(true) => Statement::Atom {
                    symbol: original,
                    denied,
                    arguments: named,
                },
                Value::Bool(false) => continue,
                value => {
                    let value = Thing::Called(self.name(&value, symbol.result));
                    Statement::Equal(Thing::Apply(original, named), value)
                }
            };
            out.push(self.speaker.plainly(&statement));
        }
        if table.default == Value::Bool(true) && self.all(&symbol.arguments).is_empty() {
            let name = &symbol.name;
            out.push(finished(&format!("\"{name}\" holds of all things")));
        }
    }

    /// All arguments of these sorts, if there are few.
    fn all(&self, sorts: &[SortId]) -> Vec<Vec<Value>> {
        let mut out: Vec<Vec<Value>> = vec![Vec::new()];
        for &sort in sorts {
            let Some(size) = self.size(sort).filter(|n| n * out.len() <= 400) else {
                return Vec::new();
            };
            let with = |row: &Vec<Value>| {
                let row = row.clone();
                (0..size as u32).map(move |e| {
                    let mut row = row.clone();
                    row.push(Value::Element(e));
                    row
                })
            };
            out = out.iter().flat_map(with).collect();
        }
        out
    }

    /// What a thing is called: as the constants are that stand for it.
    fn name(&self, value: &Value, sort: SortId) -> String {
        let signature = &self.solved.signature;
        let Value::Element(position) = value else {
            return nsolve_formats::value_name(self.solved, self.model, value, sort);
        };
        let element = signature.elements(sort);
        let element = element.and_then(|e| e.get(*position as usize)).copied();
        let named = signature.symbol_ids().filter(|&id| {
            let symbol = signature.symbol(id);
            let table = self.model.tables.get(&id);
            symbol.is_constant()
                && symbol.result == sort
                && (Some(id) == element || table.is_some_and(|t| t.default == *value))
        });
        let words = named.filter_map(|id| {
            let (original, _) = self.symbols.get(id)?;
            Some(self.speaker.name_of(&Thing::Apply(original, Vec::new())))
        });
        let words: Vec<String> = words.collect();
        match words.is_empty() {
            false => words.join(" = "),
            true => format!("thing {}", position + 1),
        }
    }
}

fn sort_and_dedup(sorts: &mut Vec<SortId>) {
    sorts.sort_unstable();
    sorts.dedup();
}
