//! Writing LP files.

use std::fmt::Write;

use nsolve_il::milp::{Column, Domain, Number, Problem, Row, Sense};
use nsolve_source::Diagnostic;
use rustc_hash::{FxHashMap, FxHashSet};

use super::amount::{below_all, is_infinite};
use super::lp::RANGE;
use super::names::Rules;
use super::plan::Plan;
use crate::FormatError;

/// Where lines are broken.
const WIDTH: usize = 100;

/// Writes a CPLEX LP file.
///
/// Rows, columns and their order are kept. Diagnostics say which names and
/// numbers the format cannot hold, and what they were written as.
///
/// # Errors
/// [`FormatError::Unsupported`] for functions, for conditions other than
/// special ordered sets and indicators, and for numbers that no float is near.
pub fn write_lp(problem: &Problem) -> Result<(String, Vec<Diagnostic>), FormatError> {
    let mut writer = Writer {
        plan: Plan::new(problem, "LP", Rules::Lp)?,
        out: String::new(),
        line: 0,
    };
    writer.head();
    writer.objective();
    writer.rows();
    writer.indicators();
    writer.bounds();
    writer.lists();
    writer.sets();
    writer.out.push_str("End\n");
    writer.plan.finish(writer.out)
}

struct Writer<'a> {
    plan: Plan<'a>,
    out: String,
    /// Where the line starts that is written.
    line: usize,
}

impl Writer<'_> {
    fn end_line(&mut self) {
        self.out.push('\n');
        self.line = self.out.len();
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.end_line();
    }

    fn head(&mut self) {
        let name: String = self.plan.problem.name.replace(char::is_control, " ");
        if !name.trim().is_empty() {
            self.line(&format!("\\Problem name: {}", name.trim()));
        }
        for comment in self.plan.comments() {
            self.line(&format!("\\ {comment}"));
        }
    }

    /// Writes a term. In the middle of a range the line is broken behind its
    /// sign, so that it does not look like a row of its own.
    fn term(&mut self, value: &Number, name: u32, is_first: bool, sign_last: bool) {
        if !is_first && !sign_last && self.out.len() - self.line > WIDTH {
            self.end_line();
            self.out.push(' ');
        }
        match (value.is_negative(), is_first) {
            (true, _) => self.out.push_str(" -"),
            (false, false) => self.out.push_str(" +"),
            (false, true) => {}
        }
        if !is_first && sign_last && self.out.len() - self.line > WIDTH {
            self.end_line();
        }
        let size = value.abs();
        if size != Number::ONE {
            let text = self.plan.numbers.text(&size);
            self.out.push(' ');
            self.out.push_str(&text);
        }
        self.out.push(' ');
        self.out.push_str(self.plan.columns.get(name));
    }

    fn objective(&mut self) {
        let problem = self.plan.problem;
        let objective = problem.objective();
        self.line(match objective.map(|o| o.sense) {
            Some(Sense::Maximize) => "Maximize",
            _ => "Minimize",
        });
        let name = self.plan.objective_name().to_owned();
        let _ = write!(self.out, " {name}:");
        let placed = columns_to_place(problem);
        let mut is_first = true;
        let terms = objective.map_or(&[][..], |o| &o.expression.terms);
        let mut terms = terms.iter().peekable();
        let count = problem.columns.len() as u32;
        for column in 0..count {
            let coefficient = terms.next_if(|(c, _)| *c == column).map(|(_, a)| a);
            if let Some(value) = coefficient {
                self.term(value, column, is_first, false);
            } else if column < placed {
                self.term(&Number::ZERO, column, is_first, false);
            } else {
                continue;
            }
            is_first = false;
        }
        let constant = objective.map_or(&Number::ZERO, |o| &o.expression.constant);
        if !constant.is_zero() {
            let sign = if constant.is_negative() { "-" } else { "+" };
            let text = self.plan.numbers.text(&constant.abs());
            let _ = write!(self.out, " {sign} {text}");
        } else if is_first && count > 0 {
            self.term(&Number::ZERO, 0, true, false);
        }
        self.end_line();
    }

    /// Writes a sum, which must have a term.
    fn sum<'n>(&mut self, terms: impl Iterator<Item = (u32, &'n Number)>, sign_last: bool) {
        let mut is_first = true;
        for (column, value) in terms {
            self.term(value, column, is_first, sign_last);
            is_first = false;
        }
        if is_first && self.plan.problem.columns.is_empty() {
            self.out.push_str(" 0");
        } else if is_first {
            self.term(&Number::ZERO, 0, true, sign_last);
        }
    }

    fn bound(&mut self, value: &Number) -> String {
        if is_infinite(value) {
            self.plan
                .note(format!("the bound {value} is infinite for solvers"));
        }
        self.plan.numbers.text(value)
    }

    fn rows(&mut self) {
        self.line("Subject To");
        let problem = self.plan.problem;
        let ranges = self.range_names();
        let mut free = 0;
        for (i, row) in problem.rows.iter().enumerate() {
            let name = self.plan.rows.get(i as u32).to_owned();
            match (row.lower, row.upper) {
                (Some(lower), Some(upper)) if lower == upper => self.row(&name, row, "=", lower),
                (Some(lower), Some(upper)) => {
                    let second = ranges.get(&(i as u32)).cloned().unwrap_or_default();
                    self.line(&format!("{RANGE}{name}: this row and the next one"));
                    self.row(&name, row, ">=", lower);
                    self.row(&second, row, "<=", upper);
                }
                (Some(lower), None) => self.row(&name, row, ">=", lower),
                (None, Some(upper)) => self.row(&name, row, "<=", upper),
                (None, None) => {
                    free += 1;
                    self.row(&name, row, ">=", &below_all());
                }
            }
        }
        if !ranges.is_empty() {
            let count = ranges.len();
            self.plan.note(format!(
                "{count} rows with two bounds were written as two rows each"
            ));
        }
        if free > 0 {
            self.plan.note(format!(
                "{free} rows without bounds were written with -1e30"
            ));
        }
    }

    fn row(&mut self, name: &str, row: Row<'_>, sign: &str, right: &Number) {
        let _ = write!(self.out, " {name}:");
        self.sum(row.terms(), false);
        let right = self.plan.numbers.text(right);
        self.line(&format!(" {sign} {right}"));
    }

    /// Names for the second half of rows that have two bounds, which the
    /// format does not have: HiGHS would read `2 <= 3 x + y <= 8` as another
    /// row without a word.
    fn range_names(&self) -> FxHashMap<u32, String> {
        let rows = self.plan.problem.rows.iter().enumerate();
        let is_range = |r: &Row<'_>| r.lower.is_some() && r.upper.is_some() && r.lower != r.upper;
        let ranges: Vec<u32> = rows
            .filter(|(_, row)| is_range(row))
            .map(|(i, _)| i as u32)
            .collect();
        if ranges.is_empty() {
            return FxHashMap::default();
        }
        let taken: FxHashSet<&str> = self.plan.rows.list.iter().map(String::as_str).collect();
        let name = |row: u32| {
            let mut name = format!("{}_hi", self.plan.rows.get(row));
            while taken.contains(name.as_str()) {
                name.push('_');
            }
            (row, name)
        };
        ranges.into_iter().map(name).collect()
    }

    fn indicators(&mut self) {
        for indicator in std::mem::take(&mut self.plan.indicators) {
            let name = self.plan.condition_name(indicator.condition);
            let column = self.plan.columns.get(indicator.column);
            let at = i32::from(indicator.at);
            let _ = write!(self.out, " {name}: {column} = {at} ->");
            let terms = indicator.body.terms.iter().map(|(c, a)| (*c, a));
            self.sum(terms, true);
            let sign = indicator.relation.symbol();
            let right = self.plan.numbers.text(&-&indicator.body.constant);
            self.line(&format!(" {sign} {right}"));
        }
    }

    fn bounds(&mut self) {
        let problem = self.plan.problem;
        let mut started = false;
        for (i, column) in problem.columns.iter().enumerate() {
            if has_default_bounds(column) {
                continue;
            }
            if !std::mem::replace(&mut started, true) {
                self.line("Bounds");
            }
            let name = self.plan.columns.get(i as u32).to_owned();
            let line = match (&column.lower, &column.upper) {
                (None, None) => format!("{name} free"),
                (Some(lower), Some(upper)) if lower == upper => {
                    format!("{name} = {}", self.bound(lower))
                }
                (Some(lower), Some(upper)) if lower.is_zero() && !upper.is_negative() => {
                    format!("{name} <= {}", self.bound(upper))
                }
                (Some(lower), None) => format!("{name} >= {}", self.bound(lower)),
                (lower, Some(upper)) => {
                    let lower = match lower {
                        Some(lower) => self.bound(lower),
                        None => "-inf".to_owned(),
                    };
                    format!("{lower} <= {name} <= {}", self.bound(upper))
                }
            };
            self.line(&format!(" {line}"));
        }
    }

    fn lists(&mut self) {
        self.list("General", |c| c.domain.is_integer() && !is_plain_binary(c));
        self.list("Binary", is_plain_binary);
        self.list("Semi-Continuous", |c| c.domain.is_semi());
    }

    fn list(&mut self, heading: &str, belongs: impl Fn(&Column) -> bool) {
        let columns = self.plan.problem.columns.iter().enumerate();
        let mut is_first = true;
        for (i, _) in columns.filter(|(_, c)| belongs(c)) {
            if std::mem::take(&mut is_first) {
                self.line(heading);
            } else if self.out.len() - self.line > WIDTH {
                self.end_line();
            }
            self.out.push(' ');
            self.out.push_str(self.plan.columns.get(i as u32));
        }
        if !is_first {
            self.end_line();
        }
    }

    fn sets(&mut self) {
        let sets = std::mem::take(&mut self.plan.sets);
        if !sets.is_empty() {
            self.line("SOS");
        }
        for set in sets {
            let name = self.plan.condition_name(set.condition);
            let _ = write!(self.out, " {name}: S{}::", set.kind);
            for (weight, column) in set.columns.iter().enumerate() {
                if self.out.len() - self.line > WIDTH {
                    self.end_line();
                }
                let column = self.plan.columns.get(*column);
                let _ = write!(self.out, " {column}:{}", weight + 1);
            }
            self.end_line();
        }
    }
}

/// Whether the column is in the section of binaries, and needs no bounds.
fn is_plain_binary(column: &Column) -> bool {
    column.domain == Domain::Integer && *column == Column::binary()
}

fn has_default_bounds(column: &Column) -> bool {
    let starts_at_zero = column.lower.as_ref().is_some_and(Number::is_zero);
    is_plain_binary(column) || (starts_at_zero && column.upper.is_none())
}

/// Columns come in the order in which a file mentions them. How many of them
/// must be in the objective, with the coefficient 0 if need be, so that this is
/// their order here.
fn columns_to_place(problem: &Problem) -> u32 {
    let mut position = vec![u32::MAX; problem.columns.len()];
    let mut count = 0;
    let mut mention = |column: u32| {
        if let Some(place) = position.get_mut(column as usize)
            && *place == u32::MAX
        {
            *place = count;
            count += 1;
        }
    };
    let objective = problem.objective().map_or(&[][..], |o| &o.expression.terms);
    objective.iter().for_each(|(c, _)| mention(*c));
    for row in problem.rows.iter() {
        row.columns.iter().for_each(|c| mention(*c));
        // An empty row is written with the first column.
        if row.columns.is_empty() {
            mention(0);
        }
    }
    let mut first_later = u32::MAX;
    for (column, place) in position.iter().enumerate().rev() {
        if *place == u32::MAX || *place > first_later {
            return column as u32 + 1;
        }
        first_later = *place;
    }
    0
}
