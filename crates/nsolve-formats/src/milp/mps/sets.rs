//! Special ordered sets and indicators.

use nsolve_il::milp::Number;
use nsolve_source::{Code, Diagnostic, Span};

use super::fields::Line;
use super::matrix::unexpected;
use super::{Kind, Reader, number};
use crate::limits::{Read, fault};

/// A special ordered set.
pub(super) struct Set<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) span: Span,
    pub(super) kind: u8,
    /// Columns with their weights.
    pub(super) members: Vec<(u32, Number)>,
}

impl<'a> Reader<'a> {
    /// A line of SOS or SETS: `S1 name`, then columns with their weights.
    pub(super) fn set(&mut self, line: Line<'a>) -> Read<()> {
        let first = line.get(0);
        let kind = match first.text {
            "S1" => Some(1),
            "S2" => Some(2),
            _ => None,
        };
        let is_member = self.columns.find(first.text).is_some()
            && number(line.get(1)).is_ok()
            && !self.sets.is_empty();
        match kind {
            Some(kind) if !is_member => {
                // Behind `SOS` stands the name, behind the name a priority.
                let (second, third) = (line.get(1), line.get(2));
                let named_third = !third.text.is_empty() && number(third).is_err();
                let name = if named_third { third } else { second };
                self.sets.push(Set {
                    name: Some(name.text).filter(|n| !n.is_empty()),
                    span: line.span(),
                    kind,
                    members: Vec::new(),
                });
                Ok(())
            }
            _ => self.member(line),
        }
    }

    fn member(&mut self, line: Line<'a>) -> Read<()> {
        let (name, weight) = match line.len() {
            1 => (line.get(0), None),
            2 if self.columns.find(line.get(0).text).is_some() => (line.get(0), Some(line.get(1))),
            2 => (line.get(1), None),
            3 => (line.get(1), Some(line.get(2))),
            _ => return fault(unexpected(line.get(3), "the end of the line")),
        };
        let column = self.find_column(name)?;
        let weight = weight.map(number).transpose()?;
        let Some(set) = self.sets.last_mut() else {
            return fault(unexpected(
                line.get(0),
                "`S1` or `S2` and the name of a set",
            ));
        };
        let position = Number::from(set.members.len() as i64);
        set.members.push((column, weight.unwrap_or(position)));
        Ok(())
    }

    /// A line of INDICATORS: `IF row column value`.
    pub(super) fn indicator(&mut self, line: Line<'a>) -> Read<()> {
        if line.len() != 4 || !line.get(0).text.eq_ignore_ascii_case("IF") {
            return fault(unexpected(line.get(0), "`IF`, a row, a column and 0 or 1"));
        }
        let row = self.find_row(line.get(1))?;
        let column = self.find_column(line.get(2))?;
        let value = line.get(3);
        let at = match number(value)? {
            one if one == Number::ONE => true,
            zero if zero.is_zero() => false,
            _ => return fault(unexpected(value, "0 or 1")),
        };
        let Some(row) = self.rows.get_mut(row as usize) else {
            return Ok(());
        };
        let message = match row.kind {
            Kind::Objective | Kind::Free => "a free row is no indicator",
            _ if row.range.is_some() => "an indicator with a range is not read",
            _ if row.indicator.is_some() => "a row is an indicator twice",
            _ => {
                row.indicator = Some((column, at));
                return Ok(());
            }
        };
        fault(Diagnostic::error(Code::MODEL_UNSUPPORTED, message).at(line.get(1).span()))
    }
}
