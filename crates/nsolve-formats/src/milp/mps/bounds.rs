//! Bounds.

use nsolve_il::milp::Number;
use nsolve_source::{Code, Diagnostic, Span};

use super::super::amount::Amount;
use super::Reader;
use super::amount;
use super::fields::{Field, Line};
use super::matrix::{SetOf, unexpected};
use crate::limits::{Read, fault};

/// What a kind of bound says. Each has two letters.
#[derive(Clone, Copy)]
struct Meaning {
    lower: Side,
    upper: Side,
    integer: bool,
    semi: bool,
}

/// What is said about one side.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Nothing,
    Value,
    Infinite,
    /// 0 on the lower side, 1 on the upper one.
    Binary,
}

fn meaning(kind: &str) -> Option<Meaning> {
    use Side::{Binary, Infinite, Nothing, Value};
    let (lower, upper, integer, semi) = match kind {
        "LO" | "lo" => (Value, Nothing, false, false),
        "UP" | "up" => (Nothing, Value, false, false),
        "FX" | "fx" => (Value, Value, false, false),
        "FR" | "fr" => (Infinite, Infinite, false, false),
        "MI" | "mi" => (Infinite, Nothing, false, false),
        "PL" | "pl" => (Nothing, Infinite, false, false),
        "BV" | "bv" => (Binary, Binary, true, false),
        "LI" | "li" => (Value, Nothing, true, false),
        "UI" | "ui" => (Nothing, Value, true, false),
        "SC" | "sc" => (Nothing, Value, false, true),
        "SI" | "si" => (Nothing, Value, true, true),
        _ => return None,
    };
    Some(Meaning {
        lower,
        upper,
        integer,
        semi,
    })
}

impl<'a> Reader<'a> {
    pub(super) fn bound(&mut self, mut line: Line<'a>) -> Read<()> {
        let kind = line.get(0);
        let Some(meaning) = meaning(kind.text) else {
            let kinds = "UP LO FX FR MI PL BV LI UI SC SI";
            let message = format!("`{:.60}` is no kind of bound", kind.text);
            let fault = Diagnostic::error(Code::MODEL_UNEXPECTED, message).at(kind.span());
            return Err(Box::new(fault.expecting(kinds.split(' '))));
        };
        for i in [3, 4, 5] {
            if line.get(i).text.starts_with(['$', '*']) {
                line.truncate(i);
            }
        }
        let has_value = meaning.lower == Side::Value || meaning.upper == Side::Value;
        let (set, name, value) = self.bound_fields(line, has_value, meaning.semi)?;
        if let Some(set) = set
            && !self.is_of_first_set(set, SetOf::Bounds)
        {
            return Ok(());
        }
        let column = self.find_column(name)?;
        let value = match value {
            Some(field) => amount(field)?,
            None => Amount::Above,
        };
        self.apply(column, meaning, value, line.span())
    }

    /// The set, the column and the value of a line of bounds. The set may be
    /// missing, and so may the value where it says nothing.
    #[allow(clippy::type_complexity, reason = "three fields of one line")]
    fn bound_fields(
        &self,
        line: Line<'a>,
        has_value: bool,
        is_semi: bool,
    ) -> Read<(Option<Field<'a>>, Field<'a>, Option<Field<'a>>)> {
        let (a, b, c) = (line.get(1), line.get(2), line.get(3));
        let is_column = |f: Field<'_>| self.columns.find(f.text).is_some();
        Ok(match (line.len(), has_value) {
            (2, false) => (None, a, None),
            (3, false) if is_column(b) || !is_column(a) => (Some(a), b, None),
            (3, false) => (None, a, None),
            (4, false) => (Some(a), b, None),
            (4, true) => (Some(a), b, Some(c)),
            (3, true) if is_semi && is_column(b) => (Some(a), b, None),
            (3, true) => (None, a, Some(b)),
            (2, true) if is_semi && is_column(a) => (None, a, None),
            _ => {
                return fault(unexpected(
                    line.get(line.len()),
                    "a set, a column and a number",
                ));
            }
        })
    }

    fn apply(&mut self, column: u32, meaning: Meaning, value: Amount, span: Span) -> Read<()> {
        let said = self.columns.said(column);
        if let Some(said) = self.columns.said_mut(column) {
            said.integer |= meaning.integer;
            said.semi |= meaning.semi;
        }
        if let Some(bounded) = self.bounded.get_mut(column as usize) {
            *bounded = true;
        }
        let again = (meaning.lower != Side::Nothing && said.lower)
            || (meaning.upper != Side::Nothing && said.upper.is_some());
        if again {
            let name = self.columns.name(column);
            let message = format!("a second bound of `{name:.60}` on the same side was left out");
            self.faults
                .push(Diagnostic::warning(Code::EXTRA_OBJECTIVE, message).at(span));
            return Ok(());
        }
        match meaning.lower {
            Side::Nothing => {}
            Side::Infinite => self.columns.set_lower(column, None),
            Side::Binary => self.columns.set_lower(column, Some(Number::ZERO)),
            Side::Value => {
                let lower = value.clone().lower(span)?;
                self.columns.set_lower(column, lower);
            }
        }
        match meaning.upper {
            Side::Nothing => {}
            Side::Infinite => self.columns.set_upper(column, None, span),
            Side::Binary => self.columns.set_upper(column, Some(Number::ONE), span),
            Side::Value => {
                let upper = value.upper(span)?;
                self.columns.set_upper(column, upper, span);
            }
        }
        Ok(())
    }
}
