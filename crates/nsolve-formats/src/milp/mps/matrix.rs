//! Rows, columns, right sides and ranges.

use nsolve_source::{Code, Diagnostic};

use super::super::amount::Amount;
use super::fields::{Field, Line};
use super::{Entry, Kind, Reader, Row, amount, number};
use crate::limits::{Read, fault};

/// Which of [`Reader::set_names`].
#[derive(Clone, Copy)]
pub(super) enum SetOf {
    RightSides,
    Ranges,
    Bounds,
}

impl<'a> Reader<'a> {
    pub(super) fn row(&mut self, mut line: Line<'a>) -> Read<()> {
        let (letter, name) = (line.get(0), line.get(1));
        let kind = row_kind(letter)?;
        if name.text.is_empty() {
            return fault(unexpected(letter, "the name of a row behind its kind"));
        }
        if self.starts_comment(line.get(2), |_, _| false) {
            line.truncate(2);
        }
        if line.len() > 2 {
            return fault(unexpected(line.get(2), "the end of the line"));
        }
        if self.row_index.contains_key(name.text) {
            let message = format!("two rows are called `{:.60}`", name.text);
            return fault(Diagnostic::error(Code::REPEATED_ROW, message).at(name.span()));
        }
        let kind = match kind {
            Kind::Free => self.free_row(name),
            other => other,
        };
        self.row_index.insert(name.text, self.rows.len() as u32);
        self.rows.push(Row {
            name: name.text,
            span: name.span(),
            kind,
            right: None,
            range: None,
            indicator: None,
            seen: 0,
        });
        Ok(())
    }

    /// Which of the free rows this is: the objective, or one that is left out.
    fn free_row(&mut self, name: Field<'_>) -> Kind {
        let wanted = self.objective_name.is_none_or(|n| n == name.text);
        if wanted && !self.has_objective {
            self.has_objective = true;
            return Kind::Objective;
        }
        let message = format!(
            "the free row `{:.60}` is no objective and left out",
            name.text
        );
        self.faults
            .push(Diagnostic::note(Code::EXTRA_OBJECTIVE, message).at(name.span()));
        Kind::Free
    }

    /// A line of COLUMNS: a column and one or two rows with their coefficients,
    /// or a marker.
    pub(super) fn entry(&mut self, mut line: Line<'a>) -> Read<()> {
        let (name, second) = (line.get(0), line.get(1));
        if second.text.trim_matches('\'') == "MARKER" && !self.is_row(second.text) {
            return self.marker(line);
        }
        for i in [1, 3, 5] {
            if self.starts_comment(line.get(i), Self::is_row) {
                line.truncate(i);
            }
        }
        let column = self.current_column(name)?;
        if !matches!(line.len(), 3 | 5) {
            let message = "a column is followed by one or two rows, each with a coefficient";
            return fault(Diagnostic::error(Code::MODEL_UNEXPECTED, message).at(line.span()));
        }
        self.coefficient(column, line.get(1), line.get(2))?;
        if line.len() == 5 {
            self.coefficient(column, line.get(3), line.get(4))?;
        }
        Ok(())
    }

    fn marker(&mut self, line: Line<'a>) -> Read<()> {
        let word = line.get(2);
        match (word.text.trim_matches('\''), self.integer) {
            ("INTORG", false) => self.integer = true,
            ("INTEND", true) => self.integer = false,
            _ => {
                let wanted = if self.integer { "'INTEND'" } else { "'INTORG'" };
                return fault(unexpected(word, wanted));
            }
        }
        Ok(())
    }

    fn current_column(&mut self, name: Field<'a>) -> Read<u32> {
        if let Some(column) = self.column
            && self.columns.name(column) == name.text
        {
            return Ok(column);
        }
        if let Some(other) = self.columns.find(name.text) {
            let message = format!("the column `{:.60}` is in two places", name.text);
            let fault = Diagnostic::error(Code::REPEATED_ROW, message).at(name.span());
            let first = self.columns.span(other);
            // Its other lines are no further fault.
            self.column = Some(other);
            return Err(Box::new(fault.related(first, "the first place")));
        }
        let column = self.columns.add(name.text, name.span());
        if let Some(said) = self.columns.said_mut(column) {
            said.integer = self.integer;
        }
        self.marked.push(self.integer);
        self.bounded.push(false);
        self.column = Some(column);
        Ok(column)
    }

    fn coefficient(&mut self, column: u32, name: Field<'_>, value: Field<'_>) -> Read<()> {
        let row = self.find_row(name)?;
        let value = number(value)?;
        let seen = match self.rows.get_mut(row as usize) {
            Some(row) => std::mem::replace(&mut row.seen, column + 1),
            None => 0,
        };
        if seen == column + 1 {
            let message = format!(
                "`{:.60}` stands in the row `{:.60}` a second time; both are added up",
                self.columns.name(column),
                name.text
            );
            self.faults
                .push(Diagnostic::warning(Code::REPEATED_ENTRY, message).at(name.span()));
        }
        if !value.is_zero() {
            self.entries.push(Entry { row, column, value });
        }
        Ok(())
    }

    /// Leaves a line of RHS or RANGES with pairs of a row and a number: takes
    /// away its comment and the set's name. `None` where it is of another set
    /// than the first.
    fn pairs(&mut self, mut line: Line<'a>, of: SetOf) -> Read<Option<Line<'a>>> {
        for i in [2, 3, 4, 5] {
            // A name stands behind each number.
            let behind_number = Amount::of_text(line.get(i - 1).text).is_some();
            if behind_number && self.starts_comment(line.get(i), Self::is_row) {
                line.truncate(i);
            }
        }
        match line.len() {
            2 | 4 => Ok(Some(line)),
            3 | 5 => {
                let set = line.get(0);
                line.drop_first();
                Ok(self.is_of_first_set(set, of).then_some(line))
            }
            _ => {
                let message = "one or two rows, each with a number, are expected here";
                fault(Diagnostic::error(Code::MODEL_UNEXPECTED, message).at(line.span()))
            }
        }
    }

    /// Whether a set is the first of its section. Others are left out.
    pub(super) fn is_of_first_set(&mut self, set: Field<'a>, of: SetOf) -> bool {
        let Some(first) = self.set_names.get_mut(of as usize) else {
            return true;
        };
        let first = *first.get_or_insert(set.text);
        if first != set.text {
            let message = match of {
                SetOf::RightSides => "a second set of right sides was left out",
                SetOf::Ranges => "a second set of ranges was left out",
                SetOf::Bounds => "a second set of bounds was left out",
            };
            self.faults.once(
                Diagnostic::warning(Code::EXTRA_OBJECTIVE, message).at(set.span()),
                message,
            );
        }
        first == set.text
    }

    pub(super) fn right_side(&mut self, line: Line<'a>) -> Read<()> {
        let Some(line) = self.pairs(line, SetOf::RightSides)? else {
            return Ok(());
        };
        for i in (0..line.len()).step_by(2) {
            let (name, field) = (line.get(i), line.get(i + 1));
            let index = self.find_row(name)?;
            let value = amount(field)?;
            let Some(row) = self.rows.get_mut(index as usize) else {
                continue;
            };
            let fits = match row.kind {
                Kind::Le => value != Amount::Below,
                Kind::Ge => value != Amount::Above,
                Kind::Eq | Kind::Objective => matches!(value, Amount::Finite(_)),
                Kind::Free => true,
            };
            if !fits {
                let message = "this right side cannot be infinite";
                return fault(Diagnostic::error(Code::MODEL_NUMBER, message).at(field.span()));
            }
            if row.right.is_some() {
                let message = format!("a second right side of `{:.60}` was left out", name.text);
                self.faults
                    .push(Diagnostic::warning(Code::EXTRA_OBJECTIVE, message).at(name.span()));
            } else {
                row.right = Some(value);
            }
        }
        Ok(())
    }

    pub(super) fn range(&mut self, line: Line<'a>) -> Read<()> {
        let Some(line) = self.pairs(line, SetOf::Ranges)? else {
            return Ok(());
        };
        for i in (0..line.len()).step_by(2) {
            let (name, field) = (line.get(i), line.get(i + 1));
            let index = self.find_row(name)?;
            let value = amount(field)?;
            let Some(row) = self.rows.get_mut(index as usize) else {
                continue;
            };
            let message = match (row.kind, &row.range) {
                (Kind::Objective | Kind::Free, _) => "the range of a free row was left out",
                (_, Some(_)) => "a second range of a row was left out",
                _ => {
                    row.range = Some(value);
                    continue;
                }
            };
            self.faults
                .push(Diagnostic::note(Code::EXTRA_OBJECTIVE, message).at(name.span()));
        }
        Ok(())
    }
}

fn row_kind(letter: Field<'_>) -> Read<Kind> {
    Ok(match letter.text {
        "L" | "l" => Kind::Le,
        "G" | "g" => Kind::Ge,
        "E" | "e" => Kind::Eq,
        "N" | "n" => Kind::Free,
        other => {
            let message = format!("expected the kind of a row, found `{other:.60}`");
            let fault = Diagnostic::error(Code::MODEL_UNEXPECTED, message).at(letter.span());
            return Err(Box::new(fault.expecting(["N", "L", "G", "E"])));
        }
    })
}

pub(super) fn unexpected(field: Field<'_>, expected: &str) -> Diagnostic {
    let message = match field.text {
        "" => format!("{expected} is missing"),
        text => format!("expected {expected}, found `{text:.60}`"),
    };
    Diagnostic::error(Code::MODEL_UNEXPECTED, message).at(field.span())
}
