//! Writing MPS files.

use std::fmt::Write;

use nsolve_il::milp::{Column, Domain, Number, Problem, Relation, Row, Sense};
use nsolve_source::Diagnostic;

use super::amount::{below_all, is_infinite};
use super::names::Rules;
use super::plan::{Numbers, Plan};
use crate::FormatError;

/// How names are held apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MpsStyle {
    /// By columns of the text: names have at most eight characters.
    Fixed,
    /// By blanks.
    Free,
}

/// Writes an MPS file.
///
/// Rows, columns and their order are kept. Diagnostics say which names and
/// numbers the format cannot hold, and what they were written as. What is
/// written as fixed can be read as free.
///
/// # Errors
/// [`FormatError::Unsupported`] for functions, for conditions other than
/// special ordered sets and indicators, and for numbers that no float is near.
pub fn write_mps(
    problem: &Problem,
    style: MpsStyle,
) -> Result<(String, Vec<Diagnostic>), FormatError> {
    let rules = match style {
        MpsStyle::Fixed => Rules::Fixed,
        MpsStyle::Free => Rules::Free,
    };
    let mut writer = Writer {
        plan: Plan::new(problem, "MPS", rules)?,
        out: String::new(),
    };
    if problem.rows.iter().any(is_empty) {
        let feature = "rows whose lower bound is above the upper one";
        return Err(writer.plan.unsupported(feature));
    }
    writer.head();
    writer.rows();
    writer.columns();
    writer.right_sides();
    writer.ranges();
    writer.bounds();
    writer.sets();
    writer.indicators();
    writer.out.push_str("ENDATA\n");
    if style == MpsStyle::Fixed && writer.plan.numbers.long > 0 {
        let count = writer.plan.numbers.long;
        writer
            .plan
            .note(format!("{count} numbers are longer than their field of 12"));
    }
    writer.plan.finish(writer.out)
}

/// Whether no value is between a row's bounds.
fn is_empty(row: Row<'_>) -> bool {
    row.lower.zip(row.upper).is_some_and(|(l, u)| l > u)
}

struct Writer<'a> {
    plan: Plan<'a>,
    out: String,
}

/// Writes two names and a number.
fn entry(out: &mut String, numbers: &mut Numbers, first: &str, second: &str, value: &Number) {
    let text = numbers.text(value);
    let _ = writeln!(out, "    {first:<8}  {second:<8}  {text}");
}

fn kind_of(row: Row<'_>) -> char {
    match (row.lower, row.upper) {
        (Some(lower), Some(upper)) if lower == upper => 'E',
        (None, Some(_)) => 'L',
        _ => 'G',
    }
}

impl Writer<'_> {
    fn head(&mut self) {
        for comment in self.plan.comments() {
            let _ = writeln!(self.out, "* {comment}");
        }
        let problem = self.plan.problem;
        let special = |c: char| c.is_whitespace() || c.is_control();
        let word = problem.name.trim().replace(special, "_");
        if word != *problem.name {
            let message = format!("the name {:?} was written as `{word}`", problem.name);
            self.plan.note(message);
        }
        let _ = writeln!(self.out, "NAME          {word}");
        if problem.objective().map(|o| o.sense) == Some(Sense::Maximize) {
            self.out.push_str("OBJSENSE\n    MAX\n");
        }
    }

    fn rows(&mut self) {
        let _ = writeln!(self.out, "ROWS\n N  {}", self.plan.objective_name());
        for (i, row) in self.plan.problem.rows.iter().enumerate() {
            let name = self.plan.rows.get(i as u32);
            let _ = writeln!(self.out, " {}  {name}", kind_of(row));
        }
        for indicator in &self.plan.indicators {
            let kind = match indicator.relation {
                Relation::Le => 'L',
                Relation::Ge => 'G',
                _ => 'E',
            };
            let name = self.plan.condition_name(indicator.condition);
            let _ = writeln!(self.out, " {kind}  {name}");
        }
    }

    /// The coefficients of each column: positions in [`Plan::rows`] with their
    /// numbers.
    fn by_columns(&self) -> Vec<Vec<(u32, Number)>> {
        let problem = self.plan.problem;
        let mut columns = vec![Vec::new(); problem.columns.len()];
        let mut add = |row: u32, column: u32, value: &Number| {
            if let Some(entries) = columns.get_mut(column as usize) {
                entries.push((row, value.clone()));
            }
        };
        let objective = problem.objective().map_or(&[][..], |o| &o.expression.terms);
        for (column, value) in objective {
            add(self.plan.objective_position(), *column, value);
        }
        for (i, row) in problem.rows.iter().enumerate() {
            for (column, value) in row.terms() {
                add(i as u32, column, value);
            }
        }
        for indicator in &self.plan.indicators {
            let row = problem.rows.len() as u32 + indicator.condition;
            for (column, value) in &indicator.body.terms {
                add(row, *column, value);
            }
        }
        columns
    }

    fn columns(&mut self) {
        self.out.push_str("COLUMNS\n");
        let columns = self.plan.problem.columns.iter().zip(self.by_columns());
        let mut integer = false;
        for (i, (column, mut entries)) in columns.enumerate() {
            if column.domain.is_integer() != integer {
                integer = !integer;
                self.marker(integer, i);
            }
            if entries.is_empty() {
                entries.push((self.plan.objective_position(), Number::ZERO));
            }
            let name = self.plan.columns.get(i as u32);
            for (row, value) in &entries {
                let row = self.plan.rows.get(*row);
                entry(&mut self.out, &mut self.plan.numbers, name, row, value);
            }
        }
        if integer {
            self.marker(false, self.plan.problem.columns.len());
        }
    }

    fn marker(&mut self, integer: bool, position: usize) {
        let word = if integer { "'INTORG'" } else { "'INTEND'" };
        let name = format!("M{position}");
        let _ = writeln!(self.out, "    {name:<8}  'MARKER'                 {word}");
    }

    /// A name for a set that no row or column has, since a set's name may be
    /// left out.
    fn set_name(&self, name: &str) -> String {
        let mut name = name.to_owned();
        while self.plan.rows.list.contains(&name) || self.plan.columns.list.contains(&name) {
            name.push('_');
        }
        name
    }

    fn right_sides(&mut self) {
        self.out.push_str("RHS\n");
        let problem = self.plan.problem;
        let set = self.set_name("RHS");
        let mut right: Vec<(u32, Number)> = Vec::new();
        if let Some(objective) = problem.objective() {
            let constant = -&objective.expression.constant;
            right.push((self.plan.objective_position(), constant));
        }
        for (i, row) in problem.rows.iter().enumerate() {
            let value = row.lower.or(row.upper).cloned();
            right.push((i as u32, value.unwrap_or_else(below_all)));
        }
        for indicator in &self.plan.indicators {
            let row = problem.rows.len() as u32 + indicator.condition;
            right.push((row, -&indicator.body.constant));
        }
        right.retain(|(_, value)| !value.is_zero());
        let infinite = right.iter().filter(|(_, v)| is_infinite(v)).count();
        if infinite > 0 {
            let message = format!("{infinite} right sides are infinite for solvers");
            self.plan.note(message);
        }
        for (row, value) in &right {
            let row = self.plan.rows.get(*row);
            entry(&mut self.out, &mut self.plan.numbers, &set, row, value);
        }
    }

    fn ranges(&mut self) {
        let set = self.set_name("RNG");
        let mut is_first = true;
        for (i, row) in self.plan.problem.rows.iter().enumerate() {
            let Some((lower, upper)) = row.lower.zip(row.upper) else {
                continue;
            };
            if lower == upper {
                continue;
            }
            if std::mem::take(&mut is_first) {
                self.out.push_str("RANGES\n");
            }
            let name = self.plan.rows.get(i as u32);
            let width = upper - lower;
            entry(&mut self.out, &mut self.plan.numbers, &set, name, &width);
        }
    }

    fn bounds(&mut self) {
        let set = self.set_name("BND");
        let mut started = false;
        for (i, column) in self.plan.problem.columns.iter().enumerate() {
            for (kind, value) in bounds_of(column) {
                if !std::mem::replace(&mut started, true) {
                    self.out.push_str("BOUNDS\n");
                }
                if value.as_ref().is_some_and(is_infinite) && kind != "SC" && kind != "SI" {
                    self.plan
                        .note("a bound from 1e20 on is infinite for solvers".to_owned());
                }
                let text = value.map(|v| self.plan.numbers.text(&v));
                let (name, text) = (self.plan.columns.get(i as u32), text.unwrap_or_default());
                let line = format!(" {kind} {set:<8}  {name:<8}  {text}");
                let _ = writeln!(self.out, "{}", line.trim_end());
            }
        }
        let columns = &self.plan.problem.columns;
        if columns.iter().any(|c| c.domain == Domain::Semiinteger) {
            let message = "semi-integer columns were written with SI, as HiGHS has them";
            self.plan.note(message.to_owned());
        }
    }

    fn sets(&mut self) {
        if !self.plan.sets.is_empty() {
            self.out.push_str("SOS\n");
        }
        for set in &self.plan.sets {
            let name = self.plan.condition_name(set.condition);
            let _ = writeln!(self.out, " S{} {name}", set.kind);
            for (i, column) in set.columns.iter().enumerate() {
                let name = self.plan.columns.get(*column);
                let _ = writeln!(self.out, "    {name:<8}  {}", i + 1);
            }
        }
    }

    fn indicators(&mut self) {
        if !self.plan.indicators.is_empty() {
            self.out.push_str("INDICATORS\n");
        }
        for indicator in &self.plan.indicators {
            let row = self.plan.condition_name(indicator.condition);
            let column = self.plan.columns.get(indicator.column);
            let at = i32::from(indicator.at);
            let _ = writeln!(self.out, " IF {row:<8}  {column:<8}  {at}");
        }
    }
}

/// The lines that give a column its bounds, also where other readers have
/// another default.
fn bounds_of(column: &Column) -> Vec<(&'static str, Option<Number>)> {
    let mut lines = Vec::new();
    let integer = column.domain.is_integer();
    let zero_lower = column.lower.as_ref().is_some_and(Number::is_zero);
    let negative_upper = column.upper.as_ref().is_some_and(Number::is_negative);
    if column.domain.is_semi() {
        match &column.lower {
            None => lines.push(("MI", None)),
            Some(lower) if !lower.is_zero() || negative_upper => {
                lines.push(("LO", Some(lower.clone())));
            }
            _ => {}
        }
        let kind = if integer { "SI" } else { "SC" };
        let upper = column.upper.clone().unwrap_or_else(|| -below_all());
        lines.push((kind, Some(upper)));
        return lines;
    }
    match (&column.lower, &column.upper) {
        (None, None) => lines.push(("FR", None)),
        (Some(lower), Some(upper)) if lower == upper => lines.push(("FX", Some(lower.clone()))),
        (lower, upper) => {
            match lower {
                None => lines.push(("MI", None)),
                Some(lower) if !zero_lower || negative_upper => {
                    lines.push(("LO", Some(lower.clone())));
                }
                _ => {}
            }
            match upper {
                Some(upper) => lines.push(("UP", Some(upper.clone()))),
                None if integer => lines.push(("PL", None)),
                None => {}
            }
        }
    }
    lines
}
