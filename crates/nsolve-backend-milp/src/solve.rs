//! What HiGHS says, made into evidence.

use std::sync::Arc;
use std::time::{Duration, Instant};

use nsolve_backend::{BackendError, Evidence, Outcome, SolveCx, StopReason, Verdict};
use nsolve_il::milp::{
    Bound, Certificate, Column, Domain, Linear, Milp, Number, Objective, Problem, Proof, Query,
    Rows, Sense, Sensitivity, Solution,
};

use crate::failed;
use crate::floats::Floats;
use crate::highs::{Library, Session, Status};
use crate::lp::{Lp, LpOutcome, LpSession, simplest};
use crate::prove::{Effort, prove};

/// How many cases a proof may have.
const MOST_CASES: usize = 20_000;
/// How long a proof is searched at least, where the limit leaves that.
const PROOF_TIME: Duration = Duration::from_millis(500);
/// How many times as long as it took to solve a proof is searched.
const PROOF_SHARE: u32 = 4;

pub(crate) fn solve(
    library: &'static Library,
    problem: &Arc<Problem>,
    query: &Query,
    cx: &SolveCx,
) -> Result<Outcome<Milp>, BackendError> {
    if let Some(stop) = cx.stop() {
        return Ok(Outcome::unknown(stop));
    }
    if problem.columns.is_empty() {
        return Ok(without_columns(problem));
    }
    let mut run = Run {
        library,
        problem,
        query,
        cx,
        began: Instant::now(),
    };
    let real = problem.columns.iter().all(|c| c.domain == Domain::Real);
    if real || query.relaxed {
        run.linear()
    } else {
        run.mixed(&Floats::new(problem))
    }
}

/// A problem without columns holds, or not, as it stands.
fn without_columns(problem: &Problem) -> Outcome<Milp> {
    for (id, row) in (0..).zip(problem.rows.iter()) {
        let weight = match (row.lower, row.upper) {
            (Some(l), _) if l.is_positive() => 1,
            (_, Some(u)) if u.is_negative() => -1,
            _ => continue,
        };
        return infeasible(Proof::leaf(false, vec![(id, weight.into())]));
    }
    optimal(Vec::new(), Some(Proof::leaf(true, Vec::new())), None)
}

fn optimal(
    point: Vec<Number>,
    proof: Option<Proof>,
    sensitivity: Option<Sensitivity>,
) -> Outcome<Milp> {
    Outcome {
        verdict: Verdict::Optimal,
        stop: StopReason::Completed,
        evidence: Evidence::Model(Solution {
            point,
            proof,
            bound: None,
            sensitivity,
        }),
    }
}

fn infeasible(proof: Proof) -> Outcome<Milp> {
    Outcome {
        verdict: Verdict::Infeasible,
        stop: StopReason::Completed,
        evidence: Evidence::Certificate(Certificate::Infeasible(proof)),
    }
}

fn bare(verdict: Verdict) -> Outcome<Milp> {
    Outcome {
        verdict,
        stop: StopReason::Completed,
        evidence: Evidence::None,
    }
}

struct Run<'a> {
    library: &'static Library,
    problem: &'a Problem,
    query: &'a Query,
    cx: &'a SolveCx,
    began: Instant,
}

impl Run<'_> {
    fn stop(&self) -> impl Fn() -> bool + use<> {
        let cx = self.cx.clone();
        move || cx.stop().is_some()
    }

    fn limit(&self, status: Status) -> StopReason {
        match status {
            _ if self.cx.cancel.is_cancelled() => StopReason::Cancelled,
            Status::TimeLimit | Status::Interrupt => StopReason::Time,
            Status::IterationLimit | Status::SolutionLimit | Status::Target => StopReason::Steps,
            Status::Failed => StopReason::Crashed("HiGHS broke off".into()),
            _ => StopReason::Incomplete("HiGHS came to no conclusion".into()),
        }
    }

    // --- linear problems

    fn linear(&mut self) -> Result<Outcome<Milp>, BackendError> {
        let lp = Lp::relaxation(self.problem, self.query.relaxed);
        let mut session = LpSession::new(self.library, lp).map_err(failed)?;
        let stop = self.stop();
        let outcome = session.solve(self.cx.remaining(), &stop).map_err(failed)?;
        match outcome {
            LpOutcome::Optimal(exact) => {
                let sensitivity = self.sensitivity(session.session());
                Ok(optimal(
                    exact.point,
                    Some(Proof::leaf(true, exact.weights)),
                    sensitivity,
                ))
            }
            LpOutcome::Near(floats) => {
                let sensitivity = self.sensitivity(session.session());
                Ok(optimal(self.rounded(&floats), None, sensitivity))
            }
            LpOutcome::Infeasible(weights) => Ok(infeasible(Proof::leaf(false, weights))),
            LpOutcome::Other(Status::Infeasible) => Ok(bare(Verdict::Infeasible)),
            LpOutcome::Other(Status::Unbounded | Status::UnboundedOrInfeasible) => self.unbounded(),
            LpOutcome::Other(status) => {
                let session = session.session();
                Ok(self.limited(session, status))
            }
        }
    }

    /// A point that was found before a limit, or nothing.
    fn limited(&self, session: &Session, status: Status) -> Outcome<Milp> {
        let stop = self.limit(status);
        if !session.has_point() {
            return Outcome::unknown(stop);
        }
        let point = self.rounded(&session.values().column);
        Outcome {
            verdict: Verdict::Feasible,
            stop,
            evidence: Evidence::Model(Solution {
                point,
                proof: None,
                bound: session.bound(),
                sensitivity: None,
            }),
        }
    }

    /// A float point with integers where these are wanted, and otherwise the
    /// simplest numbers that are near.
    fn rounded(&self, floats: &[f64]) -> Vec<Number> {
        let columns = self.problem.columns.iter().zip(floats);
        columns
            .map(|(column, value)| {
                if column.domain.is_integer() && !self.query.relaxed {
                    Number::of_f64(value.round()).unwrap_or_default()
                } else {
                    simplest(*value, 1_000_000)
                }
            })
            .collect()
    }

    fn sensitivity(&self, session: &Session) -> Option<Sensitivity> {
        if !self.query.sensitivity {
            return None;
        }
        // HiGHS minimized; a maximized objective counts negated.
        let maximize = self.problem.objective()?.sense == Sense::Maximize;
        let sign = if maximize { -1.0 } else { 1.0 };
        let signed = |list: Vec<f64>| list.into_iter().map(|v| sign * v + 0.0).collect();
        let values = session.values();
        let ranging = session.ranging().unwrap_or_default();
        let costs = ranging
            .costs
            .into_iter()
            .map(|(a, b)| if maximize { (-b, -a) } else { (a, b) })
            .collect();
        Some(Sensitivity {
            row_duals: signed(values.row_dual),
            reduced_costs: signed(values.column_dual),
            costs,
            right_sides: ranging.rows,
        })
    }

    // --- unbounded problems

    /// A feasible point and a direction, each found as an optimum of another
    /// problem.
    fn unbounded(&self) -> Result<Outcome<Milp>, BackendError> {
        let stop = self.stop();
        let mut without = self.problem.clone();
        without.objectives.clear();
        let query = Query {
            relaxed: self.query.relaxed,
            ..Query::default()
        };
        let feasible = solve(self.library, &Arc::new(without), &query, self.cx)?;
        let point = match (feasible.verdict, feasible.evidence) {
            (Verdict::Optimal | Verdict::Feasible, Evidence::Model(solution)) => {
                // A point that is only nearly feasible shows nothing.
                if !self.admits(&solution.point) {
                    return Ok(bare(Verdict::Unbounded));
                }
                solution.point
            }
            (Verdict::Infeasible, evidence) => {
                return Ok(Outcome {
                    verdict: Verdict::Infeasible,
                    stop: StopReason::Completed,
                    evidence,
                });
            }
            _ => return Ok(bare(Verdict::InfeasibleOrUnbounded)),
        };
        let cone = self.cone();
        let lp = Lp::relaxation(&cone, true);
        let mut session = LpSession::new(self.library, lp).map_err(failed)?;
        let outcome = session.solve(self.cx.remaining(), &stop).map_err(failed)?;
        let LpOutcome::Optimal(exact) = outcome else {
            return Ok(bare(Verdict::Unbounded));
        };
        // HiGHS takes bounds from 1e20 on for infinite, and then calls a problem
        // unbounded that is not.
        if !lp_value(&cone, &exact.point).is_negative() {
            let why = "HiGHS takes a very large bound for infinite";
            return Ok(Outcome::unknown(StopReason::Incomplete(why.into())));
        }
        let mut ray = exact.point;
        let integers = self.problem.columns.iter().any(|c| c.domain.is_integer());
        if integers && !self.query.relaxed {
            whole(&mut ray);
        }
        let ray = (0..).zip(ray).filter(|(_, v)| !v.is_zero()).collect();
        Ok(Outcome {
            verdict: Verdict::Unbounded,
            stop: StopReason::Completed,
            evidence: Evidence::Certificate(Certificate::Unbounded { point, ray }),
        })
    }

    /// Whether a point is feasible, but for integers and gaps.
    fn admits(&self, point: &[Number]) -> bool {
        Lp::relaxation(self.problem, self.query.relaxed).admits(point)
    }

    /// The directions that no row and no bound limits, cut off at 1.
    fn cone(&self) -> Problem {
        let mut rows = Rows::default();
        let zero = |bound: Option<&Number>| bound.map(|_| Number::ZERO);
        for row in self.problem.rows.iter() {
            let expression = Linear {
                terms: row.terms().map(|(c, v)| (c, v.clone())).collect(),
                constant: Number::ZERO,
            };
            rows.push(zero(row.lower), &expression, zero(row.upper));
        }
        let cut = |bound: &Bound, free: i64| match bound {
            Some(_) => Some(Number::ZERO),
            None => Some(Number::from(free)),
        };
        let columns = self.problem.columns.iter().map(|c| {
            let semi = c.domain.is_semi();
            Column {
                lower: if semi {
                    Some(Number::ZERO)
                } else {
                    cut(&c.lower, -1)
                },
                upper: if semi {
                    Some(Number::ZERO)
                } else {
                    cut(&c.upper, 1)
                },
                domain: Domain::Real,
            }
        });
        let objective = self.problem.objective().map(|o| Objective {
            expression: Linear {
                terms: o.expression.terms.clone(),
                constant: Number::ZERO,
            },
            ..o.clone()
        });
        Problem {
            columns: columns.collect(),
            rows,
            objectives: objective.into_iter().collect(),
            ..Problem::default()
        }
    }

    // --- problems with integers

    fn mixed(&mut self, floats: &Floats) -> Result<Outcome<Milp>, BackendError> {
        let mut session = Session::new(self.library).map_err(failed)?;
        session.pass(&floats.matrix()).map_err(failed)?;
        // Ties within a gap are no optimum.
        let gap = self.query.gap.unwrap_or(0.0).max(0.0);
        session.set_double(c"mip_rel_gap", gap).map_err(failed)?;
        session
            .set_double(c"mip_abs_gap", if gap > 0.0 { 1e-6 } else { 0.0 })
            .map_err(failed)?;
        let seed = (self.cx.seed % (1 << 30)) as i32;
        session.set_int(c"random_seed", seed).map_err(failed)?;
        if let Some(start) = &self.query.start {
            let start: Vec<f64> = start.iter().map(Number::to_f64).collect();
            // A start that does not fit is no start.
            let _ = session.set_point(&start);
        }
        let stop = self.stop();
        let mut status = session.run(self.cx.remaining(), &stop).map_err(failed)?;
        if status == Status::UnboundedOrInfeasible {
            status = self.which(&mut session, floats)?;
        }
        match status {
            Status::Optimal => self.integer_optimum(&session, gap),
            Status::Infeasible => Ok(match self.proof(None)? {
                Some(proof) => infeasible(proof),
                None => bare(Verdict::Infeasible),
            }),
            Status::Unbounded => self.unbounded(),
            status => Ok(self.limited(&session, status)),
        }
    }

    /// Tells an infeasible problem from an unbounded one: has it a point?
    fn which(&self, session: &mut Session, floats: &Floats) -> Result<Status, BackendError> {
        session.forget();
        session
            .set_costs(&vec![0.0; floats.cost.len()])
            .map_err(failed)?;
        let status = session
            .run(self.cx.remaining(), &self.stop())
            .map_err(failed)?;
        Ok(match status {
            Status::Optimal => Status::Unbounded,
            other => other,
        })
    }

    fn integer_optimum(&self, session: &Session, gap: f64) -> Result<Outcome<Milp>, BackendError> {
        let floats = session.values().column;
        let mut point = self.rounded(&floats);
        if let Some(exact) = self.fixed(&point)? {
            point = exact;
        }
        let lp = Lp::relaxation(self.problem, true);
        let proof = if gap > 0.0 || !lp.admits(&point) && !self.has_semi() {
            None
        } else {
            self.proof(Some(&lp.value(&point)))?
        };
        let verdict = if gap > 0.0 {
            Verdict::Feasible
        } else {
            Verdict::Optimal
        };
        Ok(Outcome {
            verdict,
            stop: StopReason::Completed,
            evidence: Evidence::Model(Solution {
                point,
                proof,
                bound: session.bound(),
                sensitivity: None,
            }),
        })
    }

    fn has_semi(&self) -> bool {
        self.problem.columns.iter().any(|c| c.domain.is_semi())
    }

    /// The best point with the integers of this one, exactly.
    fn fixed(&self, point: &[Number]) -> Result<Option<Vec<Number>>, BackendError> {
        let real = |c: &Column| !c.domain.is_integer();
        if !self.problem.columns.iter().any(real) {
            return Ok(None);
        }
        let mut lp = Lp::relaxation(self.problem, false);
        let columns = self.problem.columns.iter().zip(point);
        for ((column, value), (low, high)) in
            columns.zip(lp.lower.iter_mut().zip(lp.upper.iter_mut()))
        {
            let off = column.domain.is_semi() && value.to_f64().abs() < 1e-9;
            if off {
                (*low, *high) = (Some(Number::ZERO), Some(Number::ZERO));
            } else if column.domain.is_integer() {
                (*low, *high) = (Some(value.clone()), Some(value.clone()));
            } else {
                (*low, *high) = (column.lower.clone(), column.upper.clone());
            }
        }
        let mut session = LpSession::new(self.library, lp).map_err(failed)?;
        let outcome = session.solve(self.cx.remaining(), &self.stop());
        Ok(match outcome.map_err(failed)? {
            LpOutcome::Optimal(exact) => Some(exact.point),
            _ => None,
        })
    }

    fn proof(&self, value: Option<&Number>) -> Result<Option<Proof>, BackendError> {
        let time = PROOF_TIME.max(self.began.elapsed() * PROOF_SHARE);
        let time = self.cx.remaining().map_or(time, |left| time.min(left / 2));
        let effort = Effort {
            nodes: MOST_CASES,
            until: Instant::now() + time,
        };
        prove(self.library, self.problem, value, &effort, &self.stop()).map_err(failed)
    }
}

/// The objective at a point, as it is minimized.
fn lp_value(problem: &Problem, point: &[Number]) -> Number {
    Lp::relaxation(problem, true).value(point)
}

/// Makes all of them integers, by a common factor.
fn whole(numbers: &mut [Number]) {
    for place in 0..numbers.len() {
        let Some(number) = numbers.get(place).filter(|n| !n.is_integer()) else {
            continue;
        };
        let factor = Number::from(number.to_rational().denom().clone());
        for number in numbers.iter_mut() {
            *number = &*number * &factor;
        }
    }
}
