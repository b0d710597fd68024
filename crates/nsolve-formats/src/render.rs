//! Models as text for people.

use std::fmt::Write as _;

use nsolve_il::fol::{Model, Problem, SortId, Symbol, Table, Value};

/// The most rows of a table that are written out in full.
const MAX_ROWS: usize = 64;

/// A finite model in a few lines: what there is of each sort, of what each
/// predicate holds, and where each function leads.
///
/// ```
/// use nsolve_formats::render_model;
/// use nsolve_il::fol::{Builder, Model, Question, Table, Value};
///
/// let mut b = Builder::new();
/// let thing = b.default_sort();
/// let cat = b.predicate("cat", &[thing])?;
/// let problem = b.finish(Question::Model);
/// let mut model = Model::default();
/// model.domains.insert(thing, vec!["tom".into(), "rex".into()]);
/// let mut cats = Table::constant(Value::Bool(false));
/// cats.entries.insert([Value::Element(0)].into(), Value::Bool(true));
/// model.tables.insert(cat, cats);
/// assert_eq!(render_model(&problem, &model), "Thing = {tom, rex}\ncat: {tom}\n");
/// # Ok::<(), nsolve_il::fol::SortError>(())
/// ```
pub fn render_model(problem: &Problem, model: &Model) -> String {
    let mut out = String::new();
    let signature = &problem.signature;
    for (sort, names) in &model.domains {
        let sort = signature.sorts().get(sort.index());
        let sort = sort.map_or("?", |s| &*s.name);
        let _ = writeln!(out, "{sort} = {{{}}}", names.join(", "));
    }
    let shown = Shown { problem, model };
    for (id, table) in &model.tables {
        if let Some(symbol) = signature.symbols().get(id.index()) {
            let text = shown.table(symbol, table);
            let _ = writeln!(out, "{}{text}", symbol.name);
        }
    }
    out
}

/// What names the things of a model.
pub(crate) struct Shown<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) model: &'a Model,
}

impl Shown<'_> {
    pub(crate) fn thing(&self, value: &Value, sort: SortId) -> String {
        match value {
            Value::Bool(value) => value.to_string(),
            Value::Number(value) => value.to_string(),
            Value::Element(position) => {
                let signature = &self.problem.signature;
                let index = *position as usize;
                let declared = signature.sorts().get(sort.index());
                let element = declared
                    .and_then(|_| signature.elements(sort))
                    .and_then(|e| e.get(index))
                    .map(|&e| signature.symbol(e).name.to_string());
                let named = self.model.domains.get(&sort).and_then(|d| d.get(index));
                element
                    .or_else(|| named.map(ToString::to_string))
                    .unwrap_or_else(|| format!("#{position}"))
            }
        }
    }

    fn tuple(&self, arguments: &[Value], sorts: &[SortId]) -> String {
        let things = arguments.iter().zip(sorts);
        let things: Vec<_> = things.map(|(a, &sort)| self.thing(a, sort)).collect();
        match things.as_slice() {
            [one] => one.clone(),
            many => format!("({})", many.join(", ")),
        }
    }

    /// All tuples of arguments, if they are finitely many and few.
    fn rows(&self, sorts: &[SortId]) -> Option<Vec<Vec<Value>>> {
        let mut rows = vec![Vec::new()];
        for &sort in sorts {
            let elements = self.problem.signature.elements(sort).map(<[_]>::len);
            let size = elements.or_else(|| self.model.domains.get(&sort).map(Vec::len))?;
            if rows.len().saturating_mul(size) > MAX_ROWS {
                return None;
            }
            let size = u32::try_from(size).ok()?;
            let longer = |row: Vec<Value>| {
                (0..size).map(move |i| [row.clone(), vec![Value::Element(i)]].concat())
            };
            rows = rows.into_iter().flat_map(longer).collect();
        }
        Some(rows)
    }

    pub(crate) fn table(&self, symbol: &Symbol, table: &Table) -> String {
        let sorts = &*symbol.arguments;
        if sorts.is_empty() {
            let value = self.thing(table.at(&[]), symbol.result);
            let sign = if symbol.is_predicate() { ": " } else { " = " };
            return format!("{sign}{value}");
        }
        let rows = self.rows(sorts);
        if symbol.is_predicate() {
            return format!(": {}", self.relation(sorts, table, rows));
        }
        let arrow = |arguments: &[Value], value: &Value| {
            let value = self.thing(value, symbol.result);
            format!("{} -> {value}", self.tuple(arguments, sorts))
        };
        let mut lines: Vec<String> = match &rows {
            Some(rows) => rows.iter().map(|r| arrow(r, table.at(r))).collect(),
            None => table.entries.iter().map(|(r, v)| arrow(r, v)).collect(),
        };
        if rows.is_none() {
            let rest = self.thing(&table.default, symbol.result);
            lines.push(format!("otherwise -> {rest}"));
        }
        format!(": {}", lines.join(", "))
    }

    /// The tuples of which a predicate holds; where they cannot all be listed,
    /// the exceptions.
    fn relation(&self, sorts: &[SortId], table: &Table, rows: Option<Vec<Vec<Value>>>) -> String {
        let holds = Value::Bool(true);
        let listed = |truth: bool| {
            let entries = table.entries.iter();
            let entries = entries.filter(|(_, v)| (**v == holds) == truth);
            let tuples: Vec<_> = entries.map(|(r, _)| self.tuple(r, sorts)).collect();
            format!("{{{}}}", tuples.join(", "))
        };
        match rows {
            Some(rows) => {
                let rows = rows.iter().filter(|r| *table.at(r) == holds);
                let tuples: Vec<_> = rows.map(|r| self.tuple(r, sorts)).collect();
                format!("{{{}}}", tuples.join(", "))
            }
            None if table.default == holds => format!("everything except {}", listed(false)),
            None => listed(true),
        }
    }
}

/// What a thing of a model is called.
pub fn value_name(problem: &Problem, model: &Model, value: &Value, sort: SortId) -> String {
    Shown { problem, model }.thing(value, sort)
}
