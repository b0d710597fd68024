//! A problem as HiGHS takes it.

use nsolve_il::milp::{Bound, Domain, Problem, Query, Sense};

use crate::highs::Matrix;

/// The arrays of a problem.
pub(crate) struct Floats {
    maximize: bool,
    offset: f64,
    pub(crate) cost: Vec<f64>,
    pub(crate) lower: Vec<f64>,
    pub(crate) upper: Vec<f64>,
    row_lower: Vec<f64>,
    row_upper: Vec<f64>,
    starts: Vec<i32>,
    index: Vec<i32>,
    value: Vec<f64>,
    /// Empty where all columns are real.
    pub(crate) integrality: Vec<i32>,
}

pub(crate) fn lower(bound: &Bound) -> f64 {
    bound.as_ref().map_or(f64::NEG_INFINITY, |b| b.to_f64())
}

pub(crate) fn upper(bound: &Bound) -> f64 {
    bound.as_ref().map_or(f64::INFINITY, |b| b.to_f64())
}

impl Floats {
    pub(crate) fn new(problem: &Problem, query: &Query) -> Floats {
        let mut floats = Floats {
            maximize: problem
                .objective()
                .is_some_and(|o| o.sense == Sense::Maximize),
            offset: 0.0,
            cost: vec![0.0; problem.columns.len()],
            lower: Vec::with_capacity(problem.columns.len()),
            upper: Vec::with_capacity(problem.columns.len()),
            row_lower: Vec::with_capacity(problem.rows.len()),
            row_upper: Vec::with_capacity(problem.rows.len()),
            starts: Vec::with_capacity(problem.rows.len()),
            index: Vec::with_capacity(problem.rows.nonzeros()),
            value: Vec::with_capacity(problem.rows.nonzeros()),
            integrality: Vec::new(),
        };
        if let Some(objective) = problem.objective() {
            floats.offset = objective.expression.constant.to_f64();
            for (column, coefficient) in &objective.expression.terms {
                if let Some(cost) = floats.cost.get_mut(*column as usize) {
                    *cost = coefficient.to_f64();
                }
            }
        }
        let mut whole = true;
        for column in &problem.columns {
            // Relaxed, a semicontinuous column may be anything from 0 on.
            if query.relaxed {
                let (least, greatest) = column.interval();
                let exact = column.domain.is_semi();
                floats
                    .lower
                    .push(lower(if exact { &least } else { &column.lower }));
                floats
                    .upper
                    .push(upper(if exact { &greatest } else { &column.upper }));
            } else {
                floats.lower.push(lower(&column.lower));
                floats.upper.push(upper(&column.upper));
            }
            whole &= column.domain == Domain::Real;
        }
        if !whole && !query.relaxed {
            let code = |domain: Domain| match domain {
                Domain::Real => 0,
                Domain::Integer => 1,
                Domain::Semicontinuous => 2,
                Domain::Semiinteger => 3,
            };
            floats.integrality = problem.columns.iter().map(|c| code(c.domain)).collect();
        }
        for row in problem.rows.iter() {
            floats.starts.push(floats.index.len() as i32);
            floats
                .row_lower
                .push(row.lower.map_or(f64::NEG_INFINITY, |b| b.to_f64()));
            floats
                .row_upper
                .push(row.upper.map_or(f64::INFINITY, |b| b.to_f64()));
            floats.index.extend(row.columns.iter().map(|c| *c as i32));
            floats.value.extend(row.values.iter().map(|v| v.to_f64()));
        }
        floats
    }

    /// All of it, as integers or relaxed.
    pub(crate) fn matrix(&self, relaxed: bool) -> Matrix<'_> {
        Matrix {
            maximize: self.maximize,
            offset: self.offset,
            cost: &self.cost,
            lower: &self.lower,
            upper: &self.upper,
            row_lower: &self.row_lower,
            row_upper: &self.row_upper,
            starts: &self.starts,
            index: &self.index,
            value: &self.value,
            integrality: if relaxed { &[] } else { &self.integrality },
        }
    }
}
