//! What the lines make together.

use std::sync::Arc;

use nsolve_il::milp::{Bound, Condition, Linear, Number, Objective, Problem, Relation, Rows};
use nsolve_source::{Code, Diagnostic, Span};

use super::super::amount::Amount;
use super::super::build::{family, is_nothing, unnamed};
use super::{Kind, Reader, Row};

impl Reader<'_> {
    pub(super) fn finish(mut self) -> (Option<Problem>, Vec<Diagnostic>) {
        self.bound_marked();
        self.check_whole();
        self.sort_sets();
        let columns = std::mem::take(&mut self.columns);
        let (columns, column_families) = columns.finish(&mut self.faults);
        if self.faults.has_errors() {
            return (None, self.faults.finish());
        }
        let mut problem = Problem {
            name: self.name.into(),
            columns,
            column_families,
            ..Problem::default()
        };
        self.fill(&mut problem);
        (Some(problem), self.faults.finish())
    }

    /// A column between markers about whose bounds nothing is said is 0 or 1.
    fn bound_marked(&mut self) {
        let pairs = self.marked.iter().zip(&self.bounded).enumerate();
        for (column, (marked, bounded)) in pairs {
            if *marked && !*bounded {
                let (column, span) = (column as u32, self.columns.span(column as u32));
                self.columns.set_upper(column, Some(Number::ONE), span);
            }
        }
    }

    fn check_whole(&mut self) {
        if self.integer {
            let message = "the marker 'INTEND' is missing: integers go on to the last column";
            self.faults
                .push(Diagnostic::warning(Code::BAD_SECTION, message));
        }
        for (is_there, section) in [(self.has_rows, "ROWS"), (self.has_columns, "COLUMNS")] {
            if !is_there && !self.faults.has_errors() {
                let message = format!("the section {section} is missing");
                self.faults
                    .push(Diagnostic::error(Code::BAD_SECTION, message));
            }
        }
        if let Some(name) = self.objective_name
            && !self.has_objective
        {
            let message = format!("there is no free row `{name:.60}` to be the objective");
            self.faults
                .push(Diagnostic::error(Code::UNKNOWN_ROW, message));
        }
    }

    fn sort_sets(&mut self) {
        for set in &mut self.sets {
            set.members.sort_by(|a, b| a.1.cmp(&b.1));
            let next = set.members.iter().skip(1);
            if set.members.iter().zip(next).any(|(a, b)| a.1 == b.1) {
                let message = "two columns have the same weight; they keep the order of the text";
                self.faults
                    .push(Diagnostic::warning(Code::OUTSIDE_FORMAT, message).at(set.span));
            }
            if set.members.is_empty() && !self.faults.has_errors() {
                let message = "this set has no columns";
                self.faults
                    .push(Diagnostic::error(Code::MODEL_UNEXPECTED, message).at(set.span));
            }
        }
    }

    /// The entries by rows: where those of each row start, and their positions
    /// in the order of the text.
    fn by_rows(&self) -> (Vec<usize>, Vec<u32>) {
        let mut starts = vec![0_usize; self.rows.len() + 1];
        for entry in &self.entries {
            if let Some(start) = starts.get_mut(entry.row as usize + 1) {
                *start += 1;
            }
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut sorted = vec![0_u32; self.entries.len()];
        let mut next = starts.clone();
        for (i, entry) in self.entries.iter().enumerate() {
            if let Some(place) = next.get_mut(entry.row as usize) {
                if let Some(slot) = sorted.get_mut(*place) {
                    *slot = i as u32;
                }
                *place += 1;
            }
        }
        (starts, sorted)
    }

    /// Puts the entries, which come by columns, in rows.
    fn fill(&mut self, problem: &mut Problem) {
        let (starts, sorted) = self.by_rows();
        let mut parts = Parts::default();
        for (i, row) in self.rows.iter().enumerate() {
            let range = match (starts.get(i), starts.get(i + 1)) {
                (Some(from), Some(to)) => *from..*to,
                _ => 0..0,
            };
            parts.linear.terms.clear();
            parts.linear.constant = Number::ZERO;
            for entry in sorted.get(range).unwrap_or_default() {
                if let Some(entry) = self.entries.get_mut(*entry as usize) {
                    let value = std::mem::take(&mut entry.value);
                    parts.linear.terms.push((entry.column, value));
                }
            }
            parts.linear.normalize();
            parts.push(row, self.sense);
        }
        self.name_sets(&mut parts);
        problem.rows = parts.rows;
        problem.row_families = family(parts.names);
        problem.conditions = parts.conditions;
        problem.condition_families = family(parts.condition_names);
        problem.objectives = parts.objective.into_iter().collect();
    }

    fn name_sets(&mut self, parts: &mut Parts) {
        for set in std::mem::take(&mut self.sets) {
            let name = match set.name {
                Some(name) => name.into(),
                None => unnamed(parts.conditions.len() + 1, 'l', &mut self.row_index),
            };
            let columns = set.members.into_iter().map(|(column, _)| column).collect();
            parts.conditions.push(Condition::Sos(set.kind, columns));
            parts.condition_names.push((name, Some(set.span)));
        }
    }
}

/// A problem in the making.
#[derive(Default)]
struct Parts {
    linear: Linear,
    rows: Rows,
    names: Vec<(Box<str>, Option<Span>)>,
    objective: Option<Objective>,
    conditions: Vec<Condition>,
    condition_names: Vec<(Box<str>, Option<Span>)>,
}

impl Parts {
    fn push(&mut self, row: &Row<'_>, sense: nsolve_il::milp::Sense) {
        let name = (row.name.into(), Some(row.span));
        match (row.kind, row.indicator) {
            (Kind::Free, _) => {}
            (Kind::Objective, _) => self.push_objective(row, sense),
            (_, Some(indicator)) => {
                let condition = self.indicator(row, indicator);
                self.conditions.push(condition);
                self.condition_names.push(name);
            }
            _ => {
                let (lower, upper) = bounds(row);
                self.rows.push(lower, &self.linear, upper);
                self.names.push(name);
            }
        }
    }

    fn push_objective(&mut self, row: &Row<'_>, sense: nsolve_il::milp::Sense) {
        let mut expression = std::mem::take(&mut self.linear);
        // The right side of the objective is subtracted from it.
        if let Some(Amount::Finite(right)) = &row.right {
            expression.constant = -right;
        }
        if !is_nothing(&expression) {
            self.objective = Some(Objective {
                name: Arc::from(row.name),
                sense,
                expression,
                span: Some(row.span),
                doc: None,
            });
        }
    }

    fn indicator(&mut self, row: &Row<'_>, (column, at): (u32, bool)) -> Condition {
        let mut when = Linear::column(column);
        when.constant = Number::from(-i64::from(at));
        let mut then = std::mem::take(&mut self.linear);
        if let Some(Amount::Finite(right)) = &row.right {
            then.constant = -right;
        }
        let relation = match row.kind {
            Kind::Le => Relation::Le,
            Kind::Ge => Relation::Ge,
            _ => Relation::Eq,
        };
        Condition::Implies(
            Box::new(Condition::Compare(when, Relation::Eq)),
            Box::new(Condition::Compare(then, relation)),
        )
    }
}

/// The bounds that a row's kind, right side and range make.
fn bounds(row: &Row<'_>) -> (Bound, Bound) {
    let right = match &row.right {
        None => Some(Number::ZERO),
        Some(Amount::Finite(value)) => Some(value.clone()),
        Some(_) => None,
    };
    let Some(range) = &row.range else {
        return match row.kind {
            Kind::Le => (None, right),
            Kind::Ge => (right, None),
            _ => (right.clone(), right),
        };
    };
    // How far the other bound is, and on which side it lies of an equation.
    let (width, below) = match range {
        Amount::Finite(value) => (Some(value.abs()), value.is_negative()),
        Amount::Below => (None, true),
        Amount::Above => (None, false),
    };
    let below = row.kind == Kind::Le || (row.kind == Kind::Eq && below);
    let both = right.as_ref().zip(width);
    if below {
        (both.map(|(r, w)| r - &w), right)
    } else {
        let upper = both.map(|(r, w)| r + &w);
        (right, upper)
    }
}
