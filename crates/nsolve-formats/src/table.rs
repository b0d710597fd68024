//! Solutions as tables: what each thing of a listed sort is mapped to, and who
//! stands at which place.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use nsolve_il::Rational;
use nsolve_il::fol::{Model, Problem, SortId, Symbol, SymbolId, Table, Value};

use crate::render::{Shown, render_model};

/// The most rows of a table.
const MOST_ROWS: usize = 100;

/// The most things that are listed in one cell.
const MOST_IN_CELL: usize = 6;

/// A model in tables, where it maps things of listed sorts; what fits no table
/// follows in lines. A model of any other kind is as [`render_model`] has it.
///
/// Functions into one range whose values are all different are turned around:
/// the rows are the places, by their order, and the cells say who is there.
///
/// ```
/// use nsolve_formats::render_solution;
/// use nsolve_il::Rational;
/// use nsolve_il::fol::{Builder, Declared, Model, Question, SortId, Table, Value};
///
/// let mut b = Builder::new();
/// let names = [("ann", Declared::Generated), ("bob", Declared::Generated)];
/// let person = b.enumerated("Person", &names, Declared::Generated)?;
/// let place = b.symbol("place", &[person], SortId::INT, Declared::Generated)?;
/// let problem = b.finish(Question::Model);
/// let number = |n: i64| Value::Number(Rational::from_integer(n.into()));
/// let mut places = Table::constant(number(1));
/// places.entries.insert([Value::Element(0)].into(), number(2));
/// let mut model = Model::default();
/// model.tables.insert(place, places);
/// let shown = "place  Person\n-----  ------\n1      bob\n2      ann\n";
/// assert_eq!(render_solution(&problem, &model), shown);
/// # Ok::<(), nsolve_il::fol::SortError>(())
/// ```
pub fn render_solution(problem: &Problem, model: &Model) -> String {
    if !model.domains.is_empty() {
        return render_model(problem, model);
    }
    let writer = Writer {
        problem,
        model,
        shown: Shown { problem, model },
    };
    let mut left: Vec<SymbolId> = model.tables.keys().copied().collect();
    left.retain(|id| id.index() < problem.signature.symbols().len());
    let mut grids = Vec::new();
    writer.places(&mut left, &mut grids);
    writer.things(&mut left, &mut grids);
    writer.matrices(&mut left, &mut grids);
    writer.constants(&mut left, &mut grids);
    let mut parts: Vec<String> = grids.iter().map(Grid::print).collect();
    let mut lines = String::new();
    for id in left {
        if let Some(table) = model.tables.get(&id) {
            let symbol = problem.signature.symbol(id);
            let _ = writeln!(
                lines,
                "{}{}",
                symbol.name,
                writer.shown.table(symbol, table)
            );
        }
    }
    if !lines.is_empty() {
        parts.push(lines);
    }
    parts.join("\n")
}

/// A table of texts: a line of headings, and rows.
struct Grid {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Grid {
    /// Columns side by side, each as wide as its widest cell.
    fn print(&self) -> String {
        let mut widths: Vec<usize> = self.head.iter().map(|h| h.chars().count()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let rule: Vec<String> = widths.iter().map(|&w| "-".repeat(w)).collect();
        let mut out = String::new();
        for row in [&self.head, &rule].into_iter().chain(&self.rows) {
            let cells = row.iter().zip(&widths);
            let padded: Vec<String> = cells.map(|(c, &w)| format!("{c:w$}")).collect();
            out.push_str(padded.join("  ").trim_end());
            out.push('\n');
        }
        out
    }
}

struct Writer<'a> {
    problem: &'a Problem,
    model: &'a Model,
    shown: Shown<'a>,
}

/// What to do with a symbol.
fn take(left: &mut Vec<SymbolId>, taken: &[SymbolId]) {
    left.retain(|id| !taken.contains(id));
}

impl Writer<'_> {
    fn symbol(&self, id: SymbolId) -> (&Symbol, Option<&Table>) {
        (
            self.problem.signature.symbol(id),
            self.model.tables.get(&id),
        )
    }

    fn sort_name(&self, sort: SortId) -> String {
        self.problem.signature.sort(sort).name.to_string()
    }

    /// How many things a listed sort has, if these fit a table.
    fn size(&self, sort: SortId) -> Option<u32> {
        let elements = self.problem.signature.elements(sort)?;
        (elements.len() <= MOST_ROWS).then_some(elements.len() as u32)
    }

    /// The sort that a function or predicate of one argument is about.
    fn about(&self, id: SymbolId) -> Option<SortId> {
        let (symbol, _) = self.symbol(id);
        match *symbol.arguments {
            [sort] if self.size(sort).is_some() => Some(sort),
            _ => None,
        }
    }

    fn element(&self, sort: SortId, i: u32) -> String {
        self.shown.thing(&Value::Element(i), sort)
    }

    /// The values of a function of one argument, by the argument's position.
    fn values(&self, id: SymbolId) -> Vec<Value> {
        let (Some(sort), (_, Some(table))) = (self.about(id), self.symbol(id)) else {
            return Vec::new();
        };
        let things = 0..self.size(sort).unwrap_or(0);
        things
            .map(|i| table.at(&[Value::Element(i)]).clone())
            .collect()
    }

    /// Functions that give each thing a place of its own, turned around.
    fn places(&self, left: &mut Vec<SymbolId>, grids: &mut Vec<Grid>) {
        let mut by_range: BTreeMap<SortId, Vec<SymbolId>> = BTreeMap::new();
        for &id in left.iter() {
            let (symbol, _) = self.symbol(id);
            let values = self.values(id);
            let different: BTreeSet<&Value> = values.iter().collect();
            if values.len() > 1 && !symbol.is_predicate() && different.len() == values.len() {
                by_range.entry(symbol.result).or_default().push(id);
            }
        }
        for (range, functions) in by_range {
            let about: BTreeSet<_> = functions.iter().map(|&f| self.about(f)).collect();
            let is_number = range == SortId::INT;
            // One function into a listed sort reads better straight.
            let turned = match is_number {
                true => true,
                false => about.len() > 1 && self.size(range).is_some(),
            };
            // Two functions about one thing belong beside each other.
            let apart = about.len() == functions.len();
            if !turned || !apart {
                continue;
            }
            let Some(places) = self.range(range, &functions) else {
                continue;
            };
            let head = match functions.as_slice() {
                [one] => vec![
                    self.symbol(*one).0.name.to_string(),
                    self.about(*one)
                        .map_or_else(String::new, |s| self.sort_name(s)),
                ],
                many => {
                    let name = match is_number {
                        true => "place".to_owned(),
                        false => self.sort_name(range),
                    };
                    let names = many.iter().map(|&f| self.symbol(f).0.name.to_string());
                    std::iter::once(name).chain(names).collect()
                }
            };
            let rows = places.iter().map(|place| {
                let who = functions.iter().map(|&f| self.who(f, place));
                let name = self.shown.thing(place, range);
                std::iter::once(name).chain(who).collect()
            });
            grids.push(Grid {
                head,
                rows: rows.collect(),
            });
            take(left, &functions);
        }
    }

    /// The places that functions lead to, in order: all of a listed sort, or all
    /// numbers between the least and the greatest, where these are few.
    fn range(&self, range: SortId, functions: &[SymbolId]) -> Option<Vec<Value>> {
        if let Some(size) = self.size(range) {
            return Some((0..size).map(Value::Element).collect());
        }
        let mut numbers: Vec<Rational> = Vec::new();
        for value in functions.iter().flat_map(|&f| self.values(f)) {
            match value {
                Value::Number(n) => numbers.push(n),
                _ => return None,
            }
        }
        numbers.sort();
        numbers.dedup();
        (numbers.len() <= MOST_ROWS).then(|| numbers.into_iter().map(Value::Number).collect())
    }

    /// Who has this place.
    fn who(&self, function: SymbolId, place: &Value) -> String {
        let values = self.values(function);
        let at = values.iter().position(|v| v == place);
        match (at, self.about(function)) {
            (Some(i), Some(sort)) => self.element(sort, i as u32),
            _ => "-".into(),
        }
    }

    /// For each listed sort a row a thing, and a column for what is said of it.
    fn things(&self, left: &mut Vec<SymbolId>, grids: &mut Vec<Grid>) {
        let sorts: BTreeSet<SortId> = left.iter().filter_map(|&id| self.first_sort(id)).collect();
        for sort in sorts {
            let mut columns: Vec<(SymbolId, Vec<String>)> = Vec::new();
            for &id in left.iter().filter(|&&id| self.first_sort(id) == Some(sort)) {
                columns.extend(self.column(id, sort).map(|cells| (id, cells)));
            }
            // A relation alone reads well enough as a list of pairs.
            if !columns.iter().any(|(id, _)| self.about(*id).is_some()) {
                continue;
            }
            let names = columns
                .iter()
                .map(|(id, _)| self.symbol(*id).0.name.to_string());
            let head = std::iter::once(self.sort_name(sort)).chain(names).collect();
            let rows = (0..self.size(sort).unwrap_or(0)).map(|i| {
                let cells = columns.iter().map(|(_, c)| c.get(i as usize).cloned());
                let cells = cells.map(Option::unwrap_or_default);
                std::iter::once(self.element(sort, i))
                    .chain(cells)
                    .collect()
            });
            grids.push(Grid {
                head,
                rows: rows.collect(),
            });
            let taken: Vec<SymbolId> = columns.iter().map(|(id, _)| *id).collect();
            take(left, &taken);
        }
    }

    /// The sort whose table a symbol of one argument, or a relation between two
    /// sorts, may stand in.
    fn first_sort(&self, id: SymbolId) -> Option<SortId> {
        let (symbol, _) = self.symbol(id);
        match *symbol.arguments {
            [_] => self.about(id),
            [a, b] if a != b && symbol.is_predicate() => {
                self.size(a).filter(|_| self.size(b).is_some()).map(|_| a)
            }
            _ => None,
        }
    }

    fn column(&self, id: SymbolId, sort: SortId) -> Option<Vec<String>> {
        let (symbol, table) = self.symbol(id);
        let table = table?;
        let things = (0..self.size(sort)?).map(Value::Element);
        if let [_] = *symbol.arguments {
            let cell = |thing| match table.at(&[thing]) {
                Value::Bool(true) => "yes".to_owned(),
                Value::Bool(false) => "no".to_owned(),
                value => self.shown.thing(value, symbol.result),
            };
            return Some(things.map(cell).collect());
        }
        let [_, other] = *symbol.arguments else {
            return None;
        };
        let others = self.size(other)?;
        let mut cells = Vec::new();
        for thing in things {
            let holds =
                |i: &u32| *table.at(&[thing.clone(), Value::Element(*i)]) == Value::Bool(true);
            let names: Vec<String> = (0..others)
                .filter(holds)
                .map(|i| self.element(other, i))
                .collect();
            if names.len() > MOST_IN_CELL {
                return None;
            }
            cells.push(match names.is_empty() {
                true => "-".to_owned(),
                false => names.join(", "),
            });
        }
        Some(cells)
    }

    /// Functions of two arguments: rows for the first, columns for the second.
    fn matrices(&self, left: &mut Vec<SymbolId>, grids: &mut Vec<Grid>) {
        let mut taken = Vec::new();
        for &id in left.iter() {
            let (symbol, Some(table)) = self.symbol(id) else {
                continue;
            };
            let [a, b] = *symbol.arguments else { continue };
            let (Some(rows), Some(columns)) = (self.size(a), self.size(b)) else {
                continue;
            };
            if symbol.is_predicate() || columns > 24 {
                continue;
            }
            let names = (0..columns).map(|j| self.element(b, j));
            let head = std::iter::once(symbol.name.to_string()).chain(names);
            let row = |i: u32| {
                let cell = |j: u32| {
                    let value = table.at(&[Value::Element(i), Value::Element(j)]);
                    self.shown.thing(value, symbol.result)
                };
                let cells = (0..columns).map(cell);
                std::iter::once(self.element(a, i)).chain(cells).collect()
            };
            grids.push(Grid {
                head: head.collect(),
                rows: (0..rows).map(row).collect(),
            });
            taken.push(id);
        }
        take(left, &taken);
    }

    /// Constants with their values; numbers by their order.
    fn constants(&self, left: &mut Vec<SymbolId>, grids: &mut Vec<Grid>) {
        let constant = |id: &&SymbolId| self.symbol(**id).0.is_constant();
        let taken: Vec<SymbolId> = left.iter().filter(constant).copied().collect();
        if taken.len() < 2 || taken.len() > MOST_ROWS {
            return;
        }
        let value = |id: SymbolId| self.symbol(id).1.map(|table| table.at(&[]).clone());
        let mut ordered = taken.clone();
        let numbers = |id: &SymbolId| self.symbol(*id).0.result.is_numeric();
        if taken.iter().all(numbers) {
            ordered.sort_by_key(|&id| value(id));
        }
        let rows = ordered.iter().map(|&id| {
            let (symbol, _) = self.symbol(id);
            let value = value(id).unwrap_or(Value::Element(0));
            vec![
                symbol.name.to_string(),
                self.shown.thing(&value, symbol.result),
            ]
        });
        grids.push(Grid {
            head: vec!["name".into(), "value".into()],
            rows: rows.collect(),
        });
        take(left, &taken);
    }
}
