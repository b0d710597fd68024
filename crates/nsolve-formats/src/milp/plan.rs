//! What both writers need to know of a problem.

use nsolve_il::milp::{ColumnId, Condition, Linear, Number, Problem, Relation};
use nsolve_source::{Code, Diagnostic};

use super::decimal::written;
use super::names::{Names, Rules, table};
use crate::FormatError;

/// An implication of a row by a binary column.
pub(super) struct Indicator<'a> {
    /// Its position in [`Problem::conditions`].
    pub(super) condition: u32,
    pub(super) column: ColumnId,
    /// Which value of the column implies the row.
    pub(super) at: bool,
    pub(super) body: &'a Linear,
    pub(super) relation: Relation,
}

/// A special ordered set.
pub(super) struct Set<'a> {
    pub(super) condition: u32,
    pub(super) kind: u8,
    pub(super) columns: &'a [ColumnId],
}

/// A problem that can be written.
pub(super) struct Plan<'a> {
    pub(super) problem: &'a Problem,
    pub(super) columns: Names,
    /// Rows, then conditions, then the objective: all are rows of a file.
    pub(super) rows: Names,
    pub(super) indicators: Vec<Indicator<'a>>,
    pub(super) sets: Vec<Set<'a>>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) numbers: Numbers,
    format: &'static str,
}

/// Numbers as texts.
#[derive(Default)]
pub(super) struct Numbers {
    /// How many are not written exactly, and one of them.
    inexact: usize,
    example: Option<String>,
    /// Whether there is one that no float is near.
    too_large: bool,
    /// How many are longer than the field that MPS has for them.
    pub(super) long: usize,
}

impl Numbers {
    /// A number as a text.
    pub(super) fn text(&mut self, value: &Number) -> String {
        let Some((text, exact)) = written(value) else {
            self.too_large = true;
            return String::new();
        };
        if !exact {
            self.inexact += 1;
            if self.example.is_none() {
                self.example = Some(format!("{value} is written as {text}"));
            }
        }
        self.long += usize::from(text.len() > 12);
        text
    }
}

impl<'a> Plan<'a> {
    pub(super) fn new(
        problem: &'a Problem,
        format: &'static str,
        rules: Rules,
    ) -> Result<Plan<'a>, FormatError> {
        let mut unsupported = Vec::new();
        if !problem.functions.is_empty() {
            unsupported.push("functions of variables".to_owned());
        }
        let (mut indicators, mut sets) = (Vec::new(), Vec::new());
        for (i, condition) in problem.conditions.iter().enumerate() {
            let at = i as u32;
            if let Condition::Sos(kind, columns) = condition {
                sets.push(Set {
                    condition: at,
                    kind: *kind,
                    columns,
                });
            } else if let Some(indicator) = indicator(problem, at, condition) {
                indicators.push(indicator);
            } else if unsupported.iter().all(|u| u != LOGIC) {
                unsupported.push(LOGIC.to_owned());
            }
        }
        if !unsupported.is_empty() {
            return Err(FormatError::Unsupported {
                format,
                features: unsupported,
            });
        }
        let (columns, rows) = all_names(problem, rules);
        let mut plan = Plan {
            problem,
            columns,
            rows,
            indicators,
            sets,
            diagnostics: Vec::new(),
            numbers: Numbers::default(),
            format,
        };
        plan.tell();
        Ok(plan)
    }

    /// Says what the file does not have as the problem does.
    fn tell(&mut self) {
        if let [_, others @ ..] = self.problem.objectives.as_slice()
            && !others.is_empty()
        {
            let names: Vec<&str> = others.iter().map(|o| &*o.name).collect();
            let message = format!(
                "only the first objective was written, not: {}",
                names.join(", ")
            );
            self.diagnostics
                .push(Diagnostic::warning(Code::EXTRA_OBJECTIVE, message));
        }
        let changed = || self.columns.changed.iter().chain(&self.rows.changed);
        let count = changed().count();
        if count > 0 {
            let first = changed().take(3).map(|(a, b)| format!("{a:?} as `{b}`"));
            let first = first.collect::<Vec<_>>().join(", ");
            let dots = if count > 3 { ", ..." } else { "" };
            let message = format!("names were written otherwise: {first}{dots} ({count} in all)");
            self.note(message);
        }
        if self.columns.rounded || self.rows.rounded {
            self.note("square brackets in names were written as round ones".to_owned());
        }
    }

    pub(super) fn unsupported(&self, feature: &str) -> FormatError {
        FormatError::Unsupported {
            format: self.format,
            features: vec![feature.to_owned()],
        }
    }

    pub(super) fn note(&mut self, message: String) {
        self.diagnostics
            .push(Diagnostic::note(Code::OUTSIDE_FORMAT, message));
    }

    pub(super) fn objective_name(&self) -> &str {
        self.rows.list.last().map_or("", String::as_str)
    }

    pub(super) fn objective_position(&self) -> u32 {
        (self.rows.list.len() as u32).saturating_sub(1)
    }

    pub(super) fn condition_name(&self, condition: u32) -> &str {
        self.rows.get(self.problem.rows.len() as u32 + condition)
    }

    /// Lines that say which names were changed.
    pub(super) fn comments(&self) -> Vec<String> {
        let changed = self.columns.changed.iter().chain(&self.rows.changed);
        changed.map(|(a, b)| format!("{b} is {a:?}")).collect()
    }

    pub(super) fn finish(mut self, text: String) -> Result<(String, Vec<Diagnostic>), FormatError> {
        if self.numbers.too_large {
            return Err(self.unsupported("numbers that no float is near"));
        }
        if let Some(example) = self.numbers.example.take() {
            let others = match self.numbers.inexact {
                1 => String::new(),
                n => format!(", and {} more numbers are rounded", n - 1),
            };
            self.note(format!("{example}{others}"));
        }
        Ok((text, self.diagnostics))
    }
}

const LOGIC: &str = "conditions other than special ordered sets and indicators";

/// The names of columns; and those of rows, conditions and the objective.
fn all_names(problem: &Problem, rules: Rules) -> (Names, Names) {
    let columns = (0..problem.columns.len() as u32).map(|c| problem.column_name(c));
    let rows = (0..problem.rows.len() as u32).map(|r| problem.row_name(r));
    let conditions = (0..problem.conditions.len() as u32).map(|c| problem.condition_name(c));
    let objective = problem.objective().map_or("obj", |o| &o.name);
    let rows = rows.chain(conditions).chain([objective.to_owned()]);
    let has_sets = !problem.conditions.is_empty();
    (
        table(columns.collect(), rules, 'x', false),
        table(rows.collect(), rules, 'r', has_sets),
    )
}

fn indicator<'a>(
    problem: &Problem,
    position: u32,
    condition: &'a Condition,
) -> Option<Indicator<'a>> {
    let Condition::Implies(when, then) = condition else {
        return None;
    };
    let (Condition::Compare(left, relation), Condition::Compare(body, second)) =
        (when.as_ref(), then.as_ref())
    else {
        return None;
    };
    let [(column, coefficient)] = left.terms.as_slice() else {
        return None;
    };
    let holds =
        |value: Number| relation.holds(&(&(coefficient * &value) + &left.constant), &Number::ZERO);
    let (zero, one) = (holds(Number::ZERO), holds(Number::ONE));
    let decided = problem.column(*column).is_binary() || *relation == Relation::Eq;
    let simple = matches!(second, Relation::Le | Relation::Ge | Relation::Eq);
    (decided && zero != one && simple).then_some(Indicator {
        condition: position,
        column: *column,
        at: one,
        body,
        relation: *second,
    })
}
