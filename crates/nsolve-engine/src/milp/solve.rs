use std::sync::Arc;
use std::time::{Duration, Instant};

use nsolve_backend::{Backend, Budget, CancelToken, Evidence, Outcome, SolveCx, Verdict};
use nsolve_bridge::{Linearized, linearize};
use nsolve_check::{MilpFault, MilpShown, Refusal, check_milp, check_milp_point};
use nsolve_il::milp::{Certificate, Linear, Milp, Number, Objective, Problem, Query, Solution};
use nsolve_il::{FeatureSet, Language};

use super::answer::{Conflict, MilpAnswer, MilpDecision};
use super::conflict::conflict;
use crate::answer::{Assurance, Times};
use crate::error::SolveError;

/// How far a float point may be from feasible to be told at all.
const TOLERANCE: f64 = 1e-5;

/// Who is asked.
#[derive(Clone, Default)]
pub struct MilpBackends {
    /// In this order, until one decides.
    pub deciders: Vec<Arc<dyn Backend<Milp>>>,
    /// Asked about what could not be shown.
    pub second: Option<Arc<dyn Backend<Milp>>>,
}

/// How an optimisation problem is solved.
#[derive(Clone)]
pub struct MilpOptions {
    /// Who is asked.
    pub backends: MilpBackends,
    /// What it may cost.
    pub limits: Budget,
    /// What a check may cost.
    pub check: nsolve_check::Limits,
    /// Stops it from outside.
    pub cancel: CancelToken,
    /// For whatever a backend does at random.
    pub seed: u64,
    /// What the backend is told.
    pub query: Query,
    /// Whether further objectives are optimised among the optima of the ones
    /// before.
    pub lexicographic: bool,
    /// How many points are wanted.
    pub solutions: usize,
    /// How long rows that clash are searched, of a problem without a point;
    /// `None` is not at all.
    pub conflict: Option<Duration>,
}

/// Answers an optimisation problem.
///
/// Its logic is expressed by rows, a backend solves these, `nsolve-check` looks
/// at the evidence, and the point is checked again in the problem itself.
///
/// # Errors
/// [`SolveError::Lowering`] where logic cannot be expressed,
/// [`SolveError::FailedMilpCheck`] where evidence is wrong, and what backends
/// report.
pub fn solve_milp(problem: &Arc<Problem>, options: &MilpOptions) -> Result<MilpAnswer, SolveError> {
    let began = Instant::now();
    let lowered = lower(problem)?;
    let mut run = Run {
        problem,
        options,
        cx: SolveCx::new(options.limits)
            .with_cancel(options.cancel.clone())
            .with_seed(options.seed),
        times: Times {
            lower: began.elapsed(),
            ..Times::default()
        },
    };
    let mut answer = run.answer(&lowered)?;
    if options.lexicographic && problem.objectives.len() > 1 {
        answer = run.lexicographic(answer)?;
    }
    if options.solutions > 1 && answer.point.is_some() {
        run.more(&mut answer)?;
    }
    if let (MilpDecision::Infeasible, Some(time)) = (answer.decision, options.conflict) {
        answer.conflict = run.conflict(&lowered, &answer, time)?;
    }
    answer.times = run.times;
    Ok(answer)
}

/// A problem without logic, with the way back.
fn lower(problem: &Arc<Problem>) -> Result<Lowered, SolveError> {
    if problem.conditions.is_empty() && problem.functions.is_empty() {
        return Ok(Lowered {
            problem: problem.clone(),
            back: None,
        });
    }
    let mut linearized = linearize(problem).map_err(SolveError::Lowering)?;
    let problem = Arc::new(std::mem::take(&mut linearized.problem));
    Ok(Lowered {
        problem,
        back: Some(linearized),
    })
}

struct Lowered {
    problem: Arc<Problem>,
    back: Option<Linearized>,
}

impl Lowered {
    /// The point of the source problem; relaxed, functions have the value that
    /// the relaxation gives them.
    fn lift(&self, point: &[Number], relaxed: bool) -> Vec<Number> {
        match &self.back {
            Some(back) if relaxed => back.truncate(point),
            Some(back) => back.lift(point),
            None => point.to_vec(),
        }
    }
}

struct Run<'a> {
    problem: &'a Arc<Problem>,
    options: &'a MilpOptions,
    cx: SolveCx,
    times: Times,
}

impl Run<'_> {
    fn ask(&mut self, problem: &Arc<Problem>) -> Result<(Outcome<Milp>, usize), SolveError> {
        let mut last: Option<(Outcome<Milp>, usize)> = None;
        let mut error = None;
        for (place, backend) in self.options.backends.deciders.iter().enumerate() {
            let missing = Milp::features(problem).minus(backend.supported());
            if !missing.is_empty() {
                error = Some(nsolve_backend::BackendError::Unsupported {
                    name: backend.descriptor().name,
                    missing: FeatureSet::names(missing),
                });
                continue;
            }
            let began = Instant::now();
            let outcome = backend.solve(problem, &self.options.query, &self.cx);
            self.times.solve += began.elapsed();
            match outcome {
                Ok(outcome) if outcome.verdict != Verdict::Unknown => return Ok((outcome, place)),
                Ok(outcome) => last = Some((outcome, place)),
                Err(fault) => error = Some(fault),
            }
        }
        match (last, error) {
            (Some(found), _) => Ok(found),
            (None, Some(error)) => Err(error.into()),
            (None, None) => Err(SolveError::NoBackend),
        }
    }

    fn answer(&mut self, lowered: &Lowered) -> Result<MilpAnswer, SolveError> {
        let (outcome, place) = self.ask(&lowered.problem)?;
        let backend = self.options.backends.deciders.get(place);
        let descriptor = backend.map(|b| b.descriptor());
        let name = descriptor.as_ref().map_or("none", |d| d.name);
        let began = Instant::now();
        let checked = check_milp(
            &lowered.problem,
            &self.options.query,
            &outcome,
            &self.options.check,
        );
        let mut answer = MilpAnswer {
            decision: MilpDecision::of(outcome.verdict),
            assurance: Assurance::Claimed,
            point_assurance: None,
            point: None,
            more: Vec::new(),
            objectives: Vec::new(),
            bound: None,
            violation: None,
            sensitivity: None,
            ray: Vec::new(),
            conflict: None,
            evidence: outcome.evidence.clone(),
            stop: outcome.stop.clone(),
            backend: (name, descriptor.map_or_else(String::new, |d| d.version)),
            times: Times::default(),
        };
        match &outcome.evidence {
            Evidence::Model(solution) => self.take_solution(&mut answer, lowered, solution)?,
            Evidence::Certificate(Certificate::Unbounded { point, ray }) => {
                answer.point = Some(lowered.lift(point, self.options.query.relaxed));
                answer.ray.clone_from(ray);
            }
            _ => {}
        }
        match checked {
            Ok(receipt) => self.take_receipt(&mut answer, receipt.shown()),
            // A float point that is nearly feasible is a claim, no lie.
            Err(Refusal::Milp(MilpFault::Violated(_))) if answer.violation.is_some() => {}
            Err(why) if why.is_failure() => {
                return Err(SolveError::FailedMilpCheck {
                    backend: name,
                    verdict: outcome.verdict,
                    why,
                });
            }
            Err(_) => {}
        }
        self.times.check += began.elapsed();
        if answer.assurance == Assurance::Claimed {
            self.second_opinion(&mut answer, lowered)?;
        }
        Ok(answer)
    }

    fn take_receipt(&self, answer: &mut MilpAnswer, shown: &MilpShown) {
        // The point was checked in the source problem besides.
        let point_holds = answer.point_assurance == Some(Assurance::Verified);
        // What is shown of the problem without logic is about this value.
        let same_value = |value: &Number| answer.objectives.first().is_none_or(|v| v == value);
        answer.assurance = match (answer.decision, shown) {
            (MilpDecision::Optimal, MilpShown::Optimal(value))
                if point_holds && same_value(value) =>
            {
                Assurance::Verified
            }
            (MilpDecision::Feasible, MilpShown::Feasible(_)) if point_holds => Assurance::Verified,
            (MilpDecision::Infeasible, MilpShown::Infeasible)
            | (MilpDecision::Unbounded, MilpShown::Unbounded) => Assurance::Verified,
            _ => Assurance::Claimed,
        };
    }

    fn take_solution(
        &self,
        answer: &mut MilpAnswer,
        lowered: &Lowered,
        solution: &Solution,
    ) -> Result<(), SolveError> {
        let point = lowered.lift(&solution.point, self.options.query.relaxed);
        let relaxed = self.options.query.relaxed;
        match check_milp_point(self.problem, relaxed, &point, &self.options.check) {
            Ok(()) => answer.point_assurance = Some(Assurance::Verified),
            Err(why) if why.is_failure() => {
                let violation = violation(self.problem, &point);
                if violation > TOLERANCE {
                    return Err(SolveError::FailedMilpCheck {
                        backend: answer.backend.0,
                        verdict: Verdict::Feasible,
                        why,
                    });
                }
                answer.violation = Some(violation);
                answer.point_assurance = Some(Assurance::Claimed);
            }
            Err(_) => answer.point_assurance = Some(Assurance::Claimed),
        }
        let objectives = self.problem.objectives.iter();
        answer.objectives = objectives.map(|o| o.expression.value(&point)).collect();
        answer.point = Some(point);
        answer.bound = solution.bound;
        answer.sensitivity.clone_from(&solution.sensitivity);
        Ok(())
    }

    /// Asks another backend about what could not be shown.
    fn second_opinion(
        &mut self,
        answer: &mut MilpAnswer,
        lowered: &Lowered,
    ) -> Result<(), SolveError> {
        let wanted = matches!(
            answer.decision,
            MilpDecision::Optimal | MilpDecision::Infeasible | MilpDecision::Unbounded
        );
        let Some(second) = self.options.backends.second.clone().filter(|_| wanted) else {
            return Ok(());
        };
        let missing = Milp::features(&lowered.problem).minus(second.supported());
        if !missing.is_empty() || second.descriptor().name == answer.backend.0 {
            return Ok(());
        }
        let began = Instant::now();
        let outcome = second.solve(&lowered.problem, &self.options.query, &self.cx);
        self.times.certify += began.elapsed();
        let Ok(outcome) = outcome else {
            return Ok(());
        };
        let agrees = MilpDecision::of(outcome.verdict) == answer.decision;
        let same_value = match (&outcome.evidence, answer.objectives.first()) {
            (Evidence::Model(solution), Some(value)) => {
                let point = lowered.lift(&solution.point, self.options.query.relaxed);
                let other = self.problem.objective().map(|o| o.expression.value(&point));
                let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * (1.0 + a.abs());
                other.is_some_and(|other| near(other.to_f64(), value.to_f64()))
            }
            _ => true,
        };
        if agrees && same_value {
            answer.assurance = Assurance::CrossChecked;
        }
        Ok(())
    }

    /// Optimises each further objective among the points that are as good by
    /// the ones before.
    fn lexicographic(&mut self, first: MilpAnswer) -> Result<MilpAnswer, SolveError> {
        let mut answer = first;
        let mut problem = (**self.problem).clone();
        for place in 1..self.problem.objectives.len() {
            if answer.decision != MilpDecision::Optimal {
                return Ok(answer);
            }
            let (Some(before), Some(value), Some(next)) = (
                self.problem.objectives.get(place - 1),
                answer.objectives.get(place - 1).cloned(),
                self.problem.objectives.get(place),
            ) else {
                return Ok(answer);
            };
            keep_value(&mut problem, before, value);
            problem.objectives = vec![next.clone()];
            let stage = Arc::new(problem.clone());
            let lowered = lower(&stage)?;
            let assurance = answer.assurance;
            let mut next = Run {
                problem: &stage,
                options: self.options,
                cx: self.cx.clone(),
                times: Times::default(),
            }
            .answer(&lowered)?;
            if next.decision != MilpDecision::Optimal {
                // The earlier optimum stands; the later objectives are open.
                answer.decision = MilpDecision::Feasible;
                answer.stop = next.stop;
                return Ok(answer);
            }
            next.assurance = next.assurance.min(assurance);
            let point = next.point.clone().unwrap_or_default();
            let objectives = self.problem.objectives.iter();
            next.objectives = objectives.map(|o| o.expression.value(&point)).collect();
            answer = next;
        }
        Ok(answer)
    }

    /// Further points: each time the ones so far are excluded.
    fn more(&mut self, answer: &mut MilpAnswer) -> Result<(), SolveError> {
        let mut problem = (**self.problem).clone();
        let mut last = answer.point.clone();
        while answer.more.len() + 1 < self.options.solutions {
            let Some(point) = last.take() else {
                return Ok(());
            };
            if !exclude(&mut problem, &point) {
                return Ok(());
            }
            let stage = Arc::new(problem.clone());
            let Ok(lowered) = lower(&stage) else {
                return Ok(());
            };
            let next = Run {
                problem: &stage,
                options: self.options,
                cx: self.cx.clone(),
                times: Times::default(),
            }
            .answer(&lowered)?;
            let Some(point) = next
                .point
                .filter(|_| next.decision == MilpDecision::Optimal)
            else {
                return Ok(());
            };
            answer.more.push(point.clone());
            last = Some(point);
        }
        Ok(())
    }

    fn conflict(
        &mut self,
        lowered: &Lowered,
        answer: &MilpAnswer,
        time: Duration,
    ) -> Result<Option<Conflict>, SolveError> {
        let Some(backend) = self.options.backends.deciders.first() else {
            return Ok(None);
        };
        let began = Instant::now();
        let found = conflict(
            &lowered.problem,
            &answer.evidence,
            &**backend,
            time,
            &self.cx,
        );
        self.times.certify += began.elapsed();
        Ok(found)
    }
}

/// Adds a row that keeps an objective at its value.
fn keep_value(problem: &mut Problem, objective: &Objective, value: Number) {
    let expression = objective.expression.clone();
    let row = problem
        .rows
        .push(Some(value.clone()), &expression, Some(value));
    let name = format!("{} stays", objective.name);
    problem
        .row_families
        .push(nsolve_il::milp::Family::one(name, row, objective.span));
}

/// Adds a condition that the integers of a point are not all the same; `false`
/// where it has none.
fn exclude(problem: &mut Problem, point: &[Number]) -> bool {
    use nsolve_il::milp::{Condition, Relation};
    let columns = problem.columns.iter().zip(point).enumerate();
    let differs: Vec<Condition> = columns
        .filter(|(id, (column, _))| {
            let helper = problem
                .column_family(*id as u32)
                .is_some_and(|f| f.helps.is_some());
            column.domain.is_integer() && !helper
        })
        .map(|(id, (_, value))| {
            let mut difference = Linear::column(id as u32);
            difference.constant = -value;
            Condition::Compare(difference, Relation::Ne)
        })
        .collect();
    let any = !differs.is_empty();
    problem.conditions.push(Condition::Or(differs));
    any
}

/// By how much a point violates rows, bounds and domains at most, relative to
/// their size.
fn violation(problem: &Problem, point: &[Number]) -> f64 {
    let mut worst = 0.0_f64;
    let mut see = |low: Option<&Number>, value: &Number, high: Option<&Number>| {
        for (bound, sign) in [(low, 1.0), (high, -1.0)] {
            if let Some(bound) = bound {
                let by = sign * (bound - value).to_f64() / (1.0 + bound.to_f64().abs());
                worst = worst.max(by);
            }
        }
    };
    for (column, value) in problem.columns.iter().zip(point) {
        if !(column.domain.is_semi() && value.to_f64().abs() < 1e-9) {
            see(column.lower.as_ref(), value, column.upper.as_ref());
        }
    }
    for row in problem.rows.iter() {
        see(row.lower, &row.value(point), row.upper);
    }
    // Conditions are true or false: what they say of nearly feasible points is
    // not measured.
    worst
}
