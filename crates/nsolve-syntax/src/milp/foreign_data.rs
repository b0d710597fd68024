//! Data as JSON and CSV.

use nsolve_il::milp::Number;
use nsolve_source::{Code, Diagnostic, Span};
use serde_json::Value;

use super::data::{Datum, Tables, Target, symbol_of, targets};
use super::ir::ModelIr;
use super::value::{SymbolId, Symbols};

struct Giver<'a> {
    model: &'a ModelIr,
    symbols: &'a mut Symbols,
    tables: &'a mut Tables,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// Reads an object: `{"I": ["a", "b"], "p": {"a": 1, "b": 2}, "q": 3}`. A
/// parameter of several subscripts has objects in objects, or a list of
/// `[subscript, ..., value]`.
pub(super) fn read_json(
    text: &str,
    model: &ModelIr,
    symbols: &mut Symbols,
    tables: &mut Tables,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            diagnostics.push(Diagnostic::error(
                Code::MODEL_UNEXPECTED,
                format!("this is no JSON: {error}"),
            ));
            return;
        }
    };
    let Value::Object(entries) = value else {
        diagnostics.push(Diagnostic::error(
            Code::MODEL_UNEXPECTED,
            "data are an object of sets and parameters by name",
        ));
        return;
    };
    let names = targets(model);
    let mut giver = Giver {
        model,
        symbols,
        tables,
        diagnostics,
    };
    for (name, value) in &entries {
        match names.get(name.as_str()) {
            Some(Target::Set(id)) => giver.set(*id, name, value),
            Some(Target::Param(id)) => giver.param(*id, name, &mut Vec::new(), value),
            Some(Target::Var) => {}
            None => giver.error(
                Code::UNKNOWN_DATA,
                format!("the model declares no `{name}`"),
            ),
        }
    }
}

impl Giver<'_> {
    fn error(&mut self, code: Code, message: String) {
        self.diagnostics.push(Diagnostic::error(code, message));
    }

    fn symbol(&mut self, value: &Value) -> Option<SymbolId> {
        match value {
            Value::String(text) => Some(self.symbols.text(text)),
            Value::Number(number) => {
                let number: Number = number.to_string().parse().ok()?;
                Some(self.symbols.number(&number))
            }
            _ => None,
        }
    }

    /// A subscript that is an object's key, and so always a text in JSON.
    fn key(&mut self, text: &str) -> SymbolId {
        let symbol = symbol_of(text);
        self.symbols.intern(&symbol)
    }

    fn set(&mut self, id: usize, name: &str, value: &Value) {
        let (arity, dimension) = self
            .model
            .sets
            .get(id)
            .map_or((0, 1), |s| (s.declared.arity, s.dimension));
        match value {
            Value::Array(members) if arity == 0 => self.members(id, &[], dimension, name, members),
            Value::Object(entries) if arity == 1 => {
                for (key, value) in entries {
                    let key = [self.key(key)];
                    match value {
                        Value::Array(members) => self.members(id, &key, dimension, name, members),
                        _ => self.error(Code::WRONG_KIND, format!("`{name}` has lists of members")),
                    }
                }
            }
            _ => self.error(
                Code::WRONG_KIND,
                format!("the set `{name}` is given as a list of its members"),
            ),
        }
    }

    fn members(
        &mut self,
        id: usize,
        key: &[SymbolId],
        dimension: usize,
        name: &str,
        members: &[Value],
    ) {
        self.tables.set_mut(id, key, dimension);
        for member in members {
            let tuple: Option<Vec<SymbolId>> = match member {
                Value::Array(parts) => parts.iter().map(|p| self.symbol(p)).collect(),
                one => self.symbol(one).map(|s| vec![s]),
            };
            match tuple {
                Some(tuple) if tuple.len() == dimension => {
                    if let Some(set) = self.tables.set_mut(id, key, dimension) {
                        set.insert(&tuple);
                    }
                }
                _ => self.error(
                    Code::WRONG_KIND,
                    format!(
                        "{member} is no member for `{name}`, whose members have {dimension} symbols"
                    ),
                ),
            }
        }
    }

    fn param(&mut self, id: usize, name: &str, key: &mut Vec<SymbolId>, value: &Value) {
        let Some(ir) = self.model.params.get(id) else {
            return;
        };
        let (arity, symbolic) = (ir.declared.arity, ir.symbolic);
        match value {
            Value::Object(entries) if key.len() < arity => {
                for (part, value) in entries {
                    let part = self.key(part);
                    key.push(part);
                    self.param(id, name, key, value);
                    key.pop();
                }
            }
            Value::Array(rows) if key.is_empty() && arity > 0 => {
                for row in rows {
                    let parts = row.as_array().map_or(&[][..], Vec::as_slice);
                    let Some((value, parts)) = parts.split_last().filter(|(_, p)| p.len() == arity)
                    else {
                        self.error(
                            Code::SUBSCRIPT_COUNT,
                            format!("`{name}` takes lists of {arity} subscripts and a value"),
                        );
                        return;
                    };
                    let tuple: Option<Vec<SymbolId>> =
                        parts.iter().map(|p| self.symbol(p)).collect();
                    let Some(mut tuple) = tuple else {
                        self.error(
                            Code::WRONG_KIND,
                            format!("a subscript of `{name}` is no symbol"),
                        );
                        return;
                    };
                    self.param(id, name, &mut tuple, value);
                }
            }
            _ if key.len() != arity => self.error(
                Code::SUBSCRIPT_COUNT,
                format!(
                    "`{name}` takes {}",
                    super::resolve::counted(arity, "subscript")
                ),
            ),
            _ => {
                let datum = match value {
                    _ if symbolic => self.symbol(value).map(Datum::Symbol),
                    Value::Number(number) => number.to_string().parse().ok().map(Datum::Number),
                    // Fractions stay exact as texts.
                    Value::String(text) => text.parse().ok().map(Datum::Number),
                    _ => None,
                };
                match datum {
                    Some(datum) => {
                        self.tables.set_param(id, key, datum);
                    }
                    None => self.error(
                        Code::WRONG_KIND,
                        format!("{value} is no value for `{name}`"),
                    ),
                }
            }
        }
    }
}

/// Reads a table with a header: the columns that are no parameters hold the
/// subscripts; a single one that names a set gives its members too.
pub(super) fn read_csv(
    text: &str,
    model: &ModelIr,
    symbols: &mut Symbols,
    tables: &mut Tables,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let names = targets(model);
    let mut records = Records { text, at: 0 };
    let Some((_, header)) = records.next() else {
        diagnostics.push(Diagnostic::error(Code::NO_MODEL, "the table has no header"));
        return;
    };
    let header: Vec<String> = header.into_iter().map(|h| h.trim().to_owned()).collect();
    let columns: Vec<Option<Target>> = header
        .iter()
        .map(|h| names.get(h.as_str()).copied())
        .collect();
    let keys = columns
        .iter()
        .take_while(|c| !matches!(c, Some(Target::Param(_))))
        .count();
    let set = match columns.first() {
        Some(Some(Target::Set(id))) if keys == 1 => Some(*id),
        _ => None,
    };
    for (name, column) in header.iter().zip(&columns).skip(keys) {
        if !matches!(column, Some(Target::Param(_))) {
            diagnostics.push(Diagnostic::error(
                Code::UNKNOWN_DATA,
                format!("the model declares no parameter `{name}`"),
            ));
            return;
        }
    }
    for (span, record) in records {
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if record.len() != header.len() {
            diagnostics.push(
                Diagnostic::error(
                    Code::SUBSCRIPT_COUNT,
                    format!(
                        "a row of {} cells under {} headings",
                        record.len(),
                        header.len()
                    ),
                )
                .at(span),
            );
            continue;
        }
        let key: Vec<SymbolId> = record
            .iter()
            .take(keys)
            .map(|cell| symbols.intern(&symbol_of(cell.trim())))
            .collect();
        if let Some(set) = set.and_then(|id| tables.set_mut(id, &[], 1)) {
            set.insert(&key);
        }
        for (cell, column) in record.iter().zip(&columns).skip(keys) {
            let (cell, Some(Target::Param(id))) = (cell.trim(), column) else {
                continue;
            };
            if cell.is_empty() || cell == "." {
                continue;
            }
            let Some(ir) = model.params.get(*id) else {
                continue;
            };
            if ir.declared.arity != key.len() {
                let name = &ir.declared.name;
                let wanted = super::resolve::counted(ir.declared.arity, "subscript");
                let message = format!("`{name}` takes {wanted}, and the table has {}", key.len());
                diagnostics.push(Diagnostic::error(Code::SUBSCRIPT_COUNT, message).at(span));
                return;
            }
            let datum = if ir.symbolic {
                Some(Datum::Symbol(symbols.intern(&symbol_of(cell))))
            } else {
                cell.parse().ok().map(Datum::Number)
            };
            match datum {
                Some(datum) => {
                    tables.set_param(*id, &key, datum);
                }
                None => diagnostics.push(
                    Diagnostic::error(
                        Code::WRONG_KIND,
                        format!("`{cell}` is no value for `{}`", ir.declared.name),
                    )
                    .at(span),
                ),
            }
        }
    }
}

/// The records of a table, as RFC 4180 has them.
struct Records<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Records<'_> {
    type Item = (Span, Vec<String>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        if start >= self.text.len() {
            return None;
        }
        let mut cells = vec![String::new()];
        let mut quoted = false;
        let mut chars = self.text.get(start..)?.char_indices().peekable();
        let mut end = self.text.len();
        while let Some((at, c)) = chars.next() {
            let cell = cells.last_mut()?;
            match c {
                '"' if quoted && chars.peek().is_some_and(|(_, next)| *next == '"') => {
                    chars.next();
                    cell.push('"');
                }
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                '\n' if !quoted => {
                    end = start + at + 1;
                    break;
                }
                '\r' if !quoted => {}
                _ => cell.push(c),
            }
        }
        self.at = end;
        Some((Span::new(start, end), cells))
    }
}
