//! Linear problems: solved by HiGHS, then exactly.

use std::time::Duration;

use nsolve_il::milp::{Bound, Linear, Number, Problem, RowId, Sense};

use crate::exact::{Exact, vertex};
use crate::floats::{lower, upper};
use crate::highs::{Basis, HighsError, Library, Matrix, Session, Status};

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

    /// By how much a point is outside of bounds at most.
    fn violation(&self, point: &[Number]) -> f64 {
        let mut worst = Number::ZERO;
        let mut see = |low: Option<&Number>, value: &Number, high: Option<&Number>| {
            if let Some(l) = low.filter(|l| value < *l) {
                worst = (l - value).max(std::mem::take(&mut worst));
            }
            if let Some(u) = high.filter(|u| value > *u) {
                worst = (value - u).max(std::mem::take(&mut worst));
            }
        };
        for ((low, high), value) in self.lower.iter().zip(&self.upper).zip(point) {
            see(low.as_ref(), value, high.as_ref());
        }
        for row in self.problem.rows.iter() {
            see(row.lower, &row.value(point), row.upper);
        }
        worst.to_f64()
    }

    /// What is left of the costs when weighted rows are subtracted.
    fn reduced_costs(&self, weights: &[(RowId, Number)]) -> Vec<Number> {
        let mut rest = self.cost.clone();
        for (row, weight) in weights {
            for (column, coefficient) in self.problem.rows.get(*row).terms() {
                if let Some(place) = rest.get_mut(column as usize) {
                    *place += &-&(coefficient * weight);
                }
            }
        }
        rest
    }

    /// By how much weights and reduced costs press against bounds that are not
    /// there, at most.
    fn dual_violation(&self, rest: &[Number], weights: &[(RowId, Number)]) -> f64 {
        let mut worst = Number::ZERO;
        let mut see = |value: &Number, low: bool, high: bool| {
            let presses = if value.is_positive() { !low } else { !high };
            if presses && !value.is_zero() {
                worst = value.abs().max(std::mem::take(&mut worst));
            }
        };
        for ((rest, low), high) in rest.iter().zip(&self.lower).zip(&self.upper) {
            see(rest, low.is_some(), high.is_some());
        }
        for (row, weight) in weights {
            let row = self.problem.rows.get(*row);
            see(weight, row.lower.is_some(), row.upper.is_some());
        }
        worst.to_f64()
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
            // What HiGHS gives up on, the sum of violations may decide.
            Status::Unknown | Status::Failed => Ok(match self.elastic(stop) {
                Some(weights) => LpOutcome::Infeasible(weights),
                None => LpOutcome::Other(status),
            }),
            other => Ok(LpOutcome::Other(other)),
        }
    }

    pub(crate) fn session(&mut self) -> &mut Session {
        &mut self.session
    }

    fn optimal(&mut self, stop: &dyn Fn() -> bool) -> LpOutcome {
        let floats = self.session.values().column;
        let Some(basis) = self.session.basis() else {
            return LpOutcome::Near(floats);
        };
        match refine(&self.lp, basis, stop) {
            Some(exact) => LpOutcome::Optimal(exact),
            None => LpOutcome::Near(floats),
        }
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
        let time = Some(Duration::from_secs(20));
        if session.session.run(time, stop).ok()? != Status::Optimal {
            return None;
        }
        let exact = refine(&session.lp, session.session.basis()?, stop)?;
        let bound = self.lp.bound(&exact.weights, false)?;
        bound.is_positive().then_some(exact.weights)
    }
}

/// How often the violations of a basis are magnified.
const ROUNDS: usize = 6;

/// The point and the weights of the basis that is best exactly, from one that is
/// best within a solver's tolerances.
///
/// Where the vertex of a basis violates something by a little, the problem is
/// moved to that vertex and magnified until the violation is large, and solved
/// again from the same basis (iterative refinement: Gleixner, Steffy and Wolter
/// 2016).
fn refine(lp: &Lp<'_>, basis: Basis, stop: &dyn Fn() -> bool) -> Option<Exact> {
    let mut basis = basis;
    for _ in 0..ROUNDS {
        if stop() {
            return None;
        }
        let exact = vertex(lp, &basis, stop)?;
        let rest = lp.reduced_costs(&exact.weights);
        let primal = lp.violation(&exact.point);
        let dual = lp.dual_violation(&rest, &exact.weights);
        if primal == 0.0 && dual == 0.0 {
            let value = lp.value(&exact.point);
            return (lp.bound(&exact.weights, true)? >= value).then_some(exact);
        }
        basis = magnified(lp, &exact, &rest, &basis, (primal, dual), stop)?;
    }
    None
}

/// The best basis of a problem around a vertex, where violations of this size
/// become 1.
fn magnified(
    lp: &Lp<'_>,
    exact: &Exact,
    rest: &[Number],
    basis: &Basis,
    (primal, dual): (f64, f64),
    stop: &dyn Fn() -> bool,
) -> Option<Basis> {
    let scale = |violation: f64| {
        if violation == 0.0 {
            1.0
        } else {
            (1.0 / violation).log2().floor().clamp(0.0, 60.0).exp2()
        }
    };
    let (by, cost_by) = (scale(primal), scale(dual));
    let moved = |bound: Option<&Number>, at: &Number, infinite: f64| {
        bound.map_or(infinite, |b| (b - at).to_f64() * by)
    };
    let columns = lp.lower.iter().zip(&lp.upper).zip(&exact.point);
    let (low, high): (Vec<f64>, Vec<f64>) = columns
        .map(|((l, u), x)| {
            (
                moved(l.as_ref(), x, f64::NEG_INFINITY),
                moved(u.as_ref(), x, f64::INFINITY),
            )
        })
        .unzip();
    let (row_lower, row_upper): (Vec<f64>, Vec<f64>) = lp
        .problem
        .rows
        .iter()
        .map(|row| {
            let value = row.value(&exact.point);
            (
                moved(row.lower, &value, f64::NEG_INFINITY),
                moved(row.upper, &value, f64::INFINITY),
            )
        })
        .unzip();
    let cost: Vec<f64> = rest.iter().map(|d| d.to_f64() * cost_by).collect();
    let (starts, index, value) = entries(lp);
    let library = Library::get().ok()?;
    let mut session = Session::new(library).ok()?;
    let matrix = Matrix {
        maximize: false,
        offset: 0.0,
        cost: &cost,
        lower: &low,
        upper: &high,
        row_lower: &row_lower,
        row_upper: &row_upper,
        starts: &starts,
        index: &index,
        value: &value,
        integrality: &[],
    };
    session.pass(&matrix).ok()?;
    session.set_basis(basis).ok()?;
    session.set_text(c"presolve", c"off").ok()?;
    session
        .set_double(c"primal_feasibility_tolerance", 1e-9)
        .ok()?;
    session
        .set_double(c"dual_feasibility_tolerance", 1e-9)
        .ok()?;
    let time = Some(Duration::from_secs(20));
    if session.run(time, stop).ok()? != Status::Optimal {
        return None;
    }
    session.basis().filter(|next| next != basis)
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
    let (starts, index, value) = entries(lp);
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

/// Where each row begins, its columns, its coefficients.
fn entries(lp: &Lp<'_>) -> (Vec<i32>, Vec<i32>, Vec<f64>) {
    let rows = &lp.problem.rows;
    let mut starts = Vec::with_capacity(rows.len());
    let mut index = Vec::with_capacity(rows.nonzeros());
    let mut value = Vec::with_capacity(rows.nonzeros());
    for row in rows.iter() {
        starts.push(index.len() as i32);
        index.extend(row.columns.iter().map(|c| *c as i32));
        value.extend(row.values.iter().map(Number::to_f64));
    }
    (starts, index, value)
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
