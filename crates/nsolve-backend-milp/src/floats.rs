//! A problem with integers as HiGHS takes it.

use nsolve_il::milp::{Bound, Domain, Problem, Sense};

use crate::highs::Matrix;

/// The arrays of a problem.
pub(crate) struct Floats {
    maximize: bool,
    offset: f64,
    pub(crate) cost: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    row_lower: Vec<f64>,
    row_upper: Vec<f64>,
    starts: Vec<i32>,
    index: Vec<i32>,
    value: Vec<f64>,
    integrality: Vec<i32>,
}

pub(crate) fn lower(bound: &Bound) -> f64 {
    bound.as_ref().map_or(f64::NEG_INFINITY, |b| b.to_f64())
}

pub(crate) fn upper(bound: &Bound) -> f64 {
    bound.as_ref().map_or(f64::INFINITY, |b| b.to_f64())
}

impl Floats {
    pub(crate) fn new(problem: &Problem) -> Floats {
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
        for column in &problem.columns {
            floats.lower.push(lower(&column.lower));
            floats.upper.push(upper(&column.upper));
            floats.integrality.push(match column.domain {
                Domain::Real => 0,
                Domain::Integer => 1,
                Domain::Semicontinuous => 2,
                Domain::Semiinteger => 3,
            });
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

    pub(crate) fn matrix(&self) -> Matrix<'_> {
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
            integrality: &self.integrality,
        }
    }
}
