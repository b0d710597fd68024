//! Linear problems: solved by HiGHS, then exactly.

use std::time::Duration;

use nsolve_il::milp::{Bound, Linear, Number, Problem, RowId, Sense};

use crate::exact::{Exact, vertex};
use crate::floats::{lower, upper};
use crate::highs::{HighsError, Library, Matrix, Session, Status};

/// A linear problem: the rows of a problem, with bounds and costs of its own.
pub(crate) struct Lp<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) lower: Vec<Bound>,
    pub(crate) upper: Vec<Bound>,
    /// As it is minimized.
    pub(crate) cost: Vec<Number>,
    pub(crate) constant: Number,
}

impl<'a> Lp<'a> {
    /// The relaxation of a problem.
    pub(crate) fn relaxation(problem: &'a Problem, relaxed: bool) -> Lp<'a> {
        let mut lp = Lp {
            problem,
            lower: Vec::with_capacity(problem.columns.len()),
            upper: Vec::with_capacity(problem.columns.len()),
            cost: vec![Number::ZERO; problem.columns.len()],
            constant: Number::ZERO,
        };
        for column in &problem.columns {
            let (low, high) = if relaxed && !column.domain.is_semi() {
                (column.lower.clone(), column.upper.clone())
            } else {
                column.interval()
            };
            lp.lower.push(low);
            lp.upper.push(high);
        }
        if let Some(objective) = problem.objective() {
            lp.set_cost(&objective.expression, objective.sense);
        }
        lp
    }

    pub(crate) fn set_cost(&mut self, expression: &Linear, sense: Sense) {
        let sign = match sense {
            Sense::Minimize => Number::ONE,
            Sense::Maximize => (-1).into(),
        };
        self.constant = &expression.constant * &sign;
        for (column, coefficient) in &expression.terms {
            if let Some(cost) = self.cost.get_mut(*column as usize) {
                *cost = coefficient * &sign;
            }
        }
    }

    /// The value of a point, as it is minimized.
    pub(crate) fn value(&self, point: &[Number]) -> Number {
        let mut total = self.constant.clone();
        for (cost, value) in self.cost.iter().zip(point) {
            if !cost.is_zero() && !value.is_zero() {
                total += &(cost * value);
            }
        }
        total
    }

    /// Whether a point is within all bounds, exactly.
    pub(crate) fn admits(&self, point: &[Number]) -> bool {
        let columns = self.lower.iter().zip(&self.upper).zip(point);
        let columns_hold = columns.into_iter().all(|((l, u), x)| {
            l.as_ref().is_none_or(|l| l <= x) && u.as_ref().is_none_or(|u| x <= u)
        });
        columns_hold
            && self.problem.rows.iter().all(|row| {
                let value = row.value(point);
                row.lower.is_none_or(|l| *l <= value) && row.upper.is_none_or(|u| value <= *u)
            })
    }

    /// What a weighted sum of rows shows to be the least value, exactly; `None`
    /// where it shows nothing. With `cost` false it is the value of nothing: a
    /// positive one shows that there is no point.
    pub(crate) fn bound(&self, weights: &[(RowId, Number)], cost: bool) -> Option<Number> {
        let mut total = Number::ZERO;
        let mut rest = vec![Number::ZERO; self.cost.len()];
        if cost {
            total = self.constant.clone();
            rest.clone_from(&self.cost);
        }
        for (row, weight) in weights {
            let row = self.problem.rows.get(*row);
            if weight.is_zero() {
                continue;
            }
            let bound = if weight.is_positive() {
                row.lower
            } else {
                row.upper
            };
            total += &(bound? * weight);
            for (column, coefficient) in row.terms() {
                let place = rest.get_mut(column as usize)?;
                *place += &-&(coefficient * weight);
            }
        }
        for ((rest, low), high) in rest.iter().zip(&self.lower).zip(&self.upper) {
            if !rest.is_zero() {
                let bound = if rest.is_positive() { low } else { high };
                total += &(rest * bound.as_ref()?);
            }
        }
        Some(total)
    }
}

/// What a linear problem came to.
pub(crate) enum LpOutcome {
    /// The best point, exactly, with weights that show it to be the best.
    Optimal(Exact),
    /// Weights that show that there is no point.
    Infeasible(Vec<(RowId, Number)>),
    /// The float point, which the exact solution did not confirm.
    Near(Vec<f64>),
    /// A word of HiGHS that could not be shown, or a limit.
    Other(Status),
}

/// A linear problem in HiGHS, whose bounds and costs may change between runs.
pub(crate) struct LpSession<'a> {
    pub(crate) lp: Lp<'a>,
    session: Session,
}

impl<'a> LpSession<'a> {
    pub(crate) fn new(library: &'static Library, lp: Lp<'a>) -> Result<Self, HighsError> {
        let mut session = Session::new(library)?;
        pass(&mut session, &lp)?;
        Ok(LpSession { lp, session })
    }

    /// Sets the bounds of a column.
    pub(crate) fn set_column(
        &mut self,
        column: u32,
        low: Bound,
        high: Bound,
    ) -> Result<(), HighsError> {
        self.session.set_column(column, lower(&low), upper(&high))?;
        let place = column as usize;
        if let (Some(l), Some(u)) = (self.lp.lower.get_mut(place), self.lp.upper.get_mut(place)) {
            *l = low;
            *u = high;
        }
        Ok(())
    }

    /// Solves it, and shows what can be shown.
    pub(crate) fn solve(
        &mut self,
        time: Option<Duration>,
        stop: &dyn Fn() -> bool,
    ) -> Result<LpOutcome, HighsError> {
        let mut status = self.session.run(time, stop)?;
        if status == Status::UnboundedOrInfeasible {
            self.session.set_text(c"presolve", c"off")?;
            status = self.session.run(time, stop)?;
            self.session.set_text(c"presolve", c"choose")?;
        }
        match status {
            Status::Optimal => Ok(self.optimal(stop)),
            Status::Infeasible => Ok(match self.farkas(stop) {
                Some(weights) => LpOutcome::Infeasible(weights),
                None => LpOutcome::Other(status),
            }),
            other => Ok(LpOutcome::Other(other)),
        }
    }

    pub(crate) fn session(&mut self) -> &mut Session {
        &mut self.session
    }

    fn exact(&self, stop: &dyn Fn() -> bool) -> Option<Exact> {
        let basis = self.session.basis()?;
        let exact = vertex(&self.lp, &basis, stop)?;
        let value = self.lp.value(&exact.point);
        (self.lp.admits(&exact.point) && self.lp.bound(&exact.weights, true)? >= value)
            .then_some(exact)
    }

    fn optimal(&mut self, stop: &dyn Fn() -> bool) -> LpOutcome {
        if let Some(exact) = self.exact(stop) {
            return LpOutcome::Optimal(exact);
        }
        let floats = self.session.values().column;
        // The basis is best only within HiGHS's tolerances: ask for narrower
        // ones, without what presolve moves around.
        for tolerance in [1e-9, 1e-10] {
            let again = self.again(tolerance, stop);
            if let Ok(Some(exact)) = again {
                return LpOutcome::Optimal(exact);
            }
            if stop() {
                break;
            }
        }
        LpOutcome::Near(floats)
    }

    fn again(
        &mut self,
        tolerance: f64,
        stop: &dyn Fn() -> bool,
    ) -> Result<Option<Exact>, HighsError> {
        self.session
            .set_double(c"primal_feasibility_tolerance", tolerance)?;
        self.session
            .set_double(c"dual_feasibility_tolerance", tolerance)?;
        self.session.set_text(c"presolve", c"off")?;
        let status = self.session.run(Some(Duration::from_secs(20)), stop);
        let exact = match status {
            Ok(Status::Optimal) => self.exact(stop),
            _ => None,
        };
        self.session
            .set_double(c"primal_feasibility_tolerance", 1e-7)?;
        self.session
            .set_double(c"dual_feasibility_tolerance", 1e-7)?;
        self.session.set_text(c"presolve", c"choose")?;
        Ok(exact)
    }

    /// Weights that show that there is no point.
    fn farkas(&mut self, stop: &dyn Fn() -> bool) -> Option<Vec<(RowId, Number)>> {
        // A column without a value needs no rows.
        let empty =
            |(l, u): (&Bound, &Bound)| l.as_ref().zip(u.as_ref()).is_some_and(|(l, u)| l > u);
        if self.lp.lower.iter().zip(&self.lp.upper).any(empty) {
            return Some(Vec::new());
        }
        let ray = self.session.dual_ray();
        let rounded = ray.and_then(|ray| round_ray(&self.lp, &ray));
        rounded.or_else(|| self.elastic(stop))
    }

    /// The same from the least sum of violations: its weights show that it is
    /// positive.
    fn elastic(&self, stop: &dyn Fn() -> bool) -> Option<Vec<(RowId, Number)>> {
        let library = Library::get().ok()?;
        let mut problem = self.lp.problem.clone();
        let (mut low, mut high) = (self.lp.lower.clone(), self.lp.upper.clone());
        let mut cost = vec![Number::ZERO; low.len()];
        let mut rows = nsolve_il::milp::Rows::default();
        for row in self.lp.problem.rows.iter() {
            let mut expression = Linear {
                terms: row.terms().map(|(c, v)| (c, v.clone())).collect(),
                constant: Number::ZERO,
            };
            for sign in [1, -1] {
                expression.terms.push((low.len() as u32, sign.into()));
                problem.columns.push(nsolve_il::milp::Column::FREE);
                low.push(Some(Number::ZERO));
                high.push(None);
                cost.push(Number::ONE);
            }
            rows.push(row.lower.cloned(), &expression, row.upper.cloned());
        }
        problem.rows = rows;
        let lp = Lp {
            problem: &problem,
            lower: low,
            upper: high,
            cost,
            constant: Number::ZERO,
        };
        let mut session = LpSession::new(library, lp).ok()?;
        let status = session
            .session
            .run(Some(Duration::from_secs(20)), stop)
            .ok()?;
        if status != Status::Optimal {
            return None;
        }
        let basis = session.session.basis()?;
        let exact = vertex(&session.lp, &basis, stop)?;
        let bound = self.lp.bound(&exact.weights, false)?;
        bound.is_positive().then_some(exact.weights)
    }
}

pub(crate) fn pass(session: &mut Session, lp: &Lp<'_>) -> Result<(), HighsError> {
    let cost: Vec<f64> = lp.cost.iter().map(Number::to_f64).collect();
    let low: Vec<f64> = lp.lower.iter().map(lower).collect();
    let high: Vec<f64> = lp.upper.iter().map(upper).collect();
    let rows = &lp.problem.rows;
    let row_lower: Vec<f64> = rows
        .iter()
        .map(|r| r.lower.map_or(f64::NEG_INFINITY, Number::to_f64))
        .collect();
    let row_upper: Vec<f64> = rows
        .iter()
        .map(|r| r.upper.map_or(f64::INFINITY, Number::to_f64))
        .collect();
    let (mut starts, mut index, mut value) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows.iter() {
        starts.push(index.len() as i32);
        index.extend(row.columns.iter().map(|c| *c as i32));
        value.extend(row.values.iter().map(Number::to_f64));
    }
    session.pass(&Matrix {
        maximize: false,
        offset: lp.constant.to_f64(),
        cost: &cost,
        lower: &low,
        upper: &high,
        row_lower: &row_lower,
        row_upper: &row_upper,
        starts: &starts,
        index: &index,
        value: &value,
        integrality: &[],
    })
}

/// The simplest weights near a float ray that show that there is no point.
fn round_ray(lp: &Lp<'_>, ray: &[f64]) -> Option<Vec<(RowId, Number)>> {
    let largest = ray.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return None;
    }
    // A ray's sign is either, by convention.
    for sign in [1.0, -1.0] {
        for denominator in [1_000, 1_000_000, 1_000_000_000] {
            let weights: Vec<(RowId, Number)> = (0..)
                .zip(ray)
                .map(|(row, v)| (row, simplest(sign * v / largest, denominator)))
                .filter(|(_, w)| !w.is_zero())
                .collect();
            if lp.bound(&weights, false).is_some_and(|b| b.is_positive()) {
                return Some(weights);
            }
        }
    }
    None
}

/// The fraction nearest to a float among those of denominators up to a limit
/// (by its continued fraction).
pub(crate) fn simplest(value: f64, most: i64) -> Number {
    let (negative, mut rest) = (value < 0.0, value.abs());
    if !rest.is_finite() || rest > 1e15 {
        return Number::of_f64(value).unwrap_or_default();
    }
    let (mut n0, mut d0, mut n1, mut d1) = (0_i64, 1_i64, 1_i64, 0_i64);
    for _ in 0..40 {
        let whole = rest.floor();
        let next = |a: i64, b: i64| (whole as i64).checked_mul(b).and_then(|v| v.checked_add(a));
        let (Some(n), Some(d)) = (next(n0, n1), next(d0, d1)) else {
            break;
        };
        if d > most {
            break;
        }
        (n0, d0, n1, d1) = (n1, d1, n, d);
        let fraction = rest - whole;
        if fraction < 1e-13 {
            break;
        }
        rest = 1.0 / fraction;
    }
    let number = Number::quotient(n1, d1.max(1)).unwrap_or_default();
    if negative { -number } else { number }
}
