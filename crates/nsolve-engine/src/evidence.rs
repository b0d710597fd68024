//! One query, answered with the best evidence that can be had.

use std::sync::Arc;
use std::time::{Duration, Instant};

use nsolve_backend::{
    Backend, BackendError, Budget, CancelToken, Evidence, Outcome, SolveCx, StopReason, Verdict,
};
use nsolve_check::{Limits as CheckLimits, Refusal};
use nsolve_il::FeatureSet;
use nsolve_il::fol::{Features, Fol, Item, Problem, Query, features};

use crate::answer::{QueryRecord, Role, Times};
use crate::error::SolveError;

/// The backends that may be asked, in the order in which they are tried.
#[derive(Clone, Default)]
pub struct Backends {
    /// Asked to decide, in this order, until one does.
    pub deciders: Vec<Arc<dyn Backend<Fol>>>,
    /// Asked for a certificate or model where a decider claims something
    /// without evidence that can be checked.
    pub certifier: Option<Arc<dyn Backend<Fol>>>,
    /// Asks another decider for a second opinion on what is not verified.
    pub cross_check: bool,
}

/// How long the certifier may look for evidence, at most.
const CERTIFY_TIME: Duration = Duration::from_secs(2);

/// What all queries of one problem share.
pub(crate) struct Run<'a> {
    pub(crate) problem: Arc<Problem>,
    pub(crate) backends: &'a Backends,
    pub(crate) budget: Budget,
    pub(crate) cancel: CancelToken,
    pub(crate) seed: u64,
    pub(crate) started: Instant,
    pub(crate) times: Times,
    pub(crate) trace: Vec<String>,
    /// What the problem that was asked about last needs.
    pub(crate) needs: Option<(Arc<Problem>, Features)>,
}

impl Run<'_> {
    pub(crate) fn remaining(&self) -> Option<Duration> {
        let time = self.budget.time?;
        Some(time.saturating_sub(self.started.elapsed()))
    }

    fn context(&self, at_most: Option<Duration>) -> SolveCx {
        let time = match (self.remaining(), at_most) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        SolveCx::new(Budget {
            time,
            ..self.budget
        })
        .with_cancel(self.cancel.clone())
        .with_seed(self.seed)
    }

    /// Answers one query.
    ///
    /// # Errors
    /// Where a backend's evidence is wrong, where backends disagree, and where
    /// the only backends there are cannot be used.
    pub(crate) fn answer(&mut self, role: Role, query: Query) -> Result<QueryRecord, SolveError> {
        let mut undecided: Option<QueryRecord> = None;
        let mut failure: Option<BackendError> = None;
        let deciders = self.backends.deciders.clone();
        for (position, backend) in deciders.iter().enumerate() {
            // Whoever comes first leaves time for those behind.
            let behind = deciders.len() - position - 1;
            let share = self.remaining().map(|t| if behind > 0 { t / 2 } else { t });
            let began = Instant::now();
            let solved = self.ask(backend.as_ref(), &query, share);
            self.times.solve += began.elapsed();
            let outcome = match solved {
                Ok(outcome) => outcome,
                Err(error) => {
                    self.trace.push(format!("{}: {error}", role.name()));
                    failure = Some(error);
                    continue;
                }
            };
            let name = backend.descriptor().name;
            self.trace.push(format!(
                "{}: {name} says {} ({})",
                role.name(),
                outcome.verdict.name(),
                outcome.stop
            ));
            let record = self.record(role.clone(), query.clone(), outcome, name)?;
            if record.verdict() == Verdict::Unknown {
                undecided.get_or_insert(record);
                continue;
            }
            let record = self.certify(record)?;
            return self.second(record, &deciders, position);
        }
        match (undecided, failure) {
            (Some(record), _) => Ok(record),
            (None, Some(error)) => Err(error.into()),
            (None, None) => Err(SolveError::NoBackend),
        }
    }

    fn ask(
        &mut self,
        backend: &dyn Backend<Fol>,
        query: &Query,
        share: Option<Duration>,
    ) -> Result<Outcome<Fol>, BackendError> {
        let missing = self.needed().minus(backend.supported());
        if !missing.is_empty() {
            return Err(BackendError::Unsupported {
                name: backend.descriptor().name,
                missing: missing.names(),
            });
        }
        backend.solve(&self.problem, query, &self.context(share))
    }

    /// What the problem needs; found out once for all of its queries.
    fn needed(&mut self) -> Features {
        match &self.needs {
            Some((problem, needed)) if Arc::ptr_eq(problem, &self.problem) => *needed,
            _ => {
                let needed = features(&self.problem);
                self.needs = Some((self.problem.clone(), needed));
                needed
            }
        }
    }

    /// Has the evidence checked.
    pub(crate) fn record(
        &mut self,
        role: Role,
        query: Query,
        outcome: Outcome<Fol>,
        backend: &'static str,
    ) -> Result<QueryRecord, SolveError> {
        let began = Instant::now();
        let checked = nsolve_check::check(&self.problem, &query, &outcome, &CheckLimits::default());
        self.times.check += began.elapsed();
        let (receipt, refusal) = match checked {
            Ok(receipt) => (Some(receipt), None),
            Err(refusal) => (None, Some(refusal)),
        };
        let failed = refusal.as_ref().is_some_and(Refusal::is_failure);
        let record = QueryRecord {
            role,
            problem: self.problem.clone(),
            query,
            outcome,
            backend,
            seconded_by: None,
            receipt,
            refusal,
        };
        if failed {
            return Err(SolveError::FailedCheck(Box::new(record)));
        }
        Ok(record)
    }

    /// Looks for evidence where a verdict came without any that can be checked.
    fn certify(&mut self, record: QueryRecord) -> Result<QueryRecord, SolveError> {
        let Some(certifier) = self.backends.certifier.clone() else {
            return Ok(record);
        };
        let name = certifier.descriptor().name;
        if record.receipt.is_some() || name == record.backend {
            return Ok(record);
        }
        // A core's items are enough: what refutes them refutes the query.
        let query = match &record.outcome.evidence {
            Evidence::Core(core) => restrict(&record.query, core),
            _ => record.query.clone(),
        };
        let began = Instant::now();
        let found = self.ask(certifier.as_ref(), &query, Some(CERTIFY_TIME));
        self.times.certify += began.elapsed();
        let Ok(outcome) = found else {
            return Ok(record);
        };
        match outcome.verdict {
            Verdict::Unknown => Ok(record),
            verdict if verdict == record.verdict() => {
                let mut certified =
                    self.record(record.role.clone(), query, outcome, record.backend)?;
                certified.seconded_by = Some(name);
                Ok(certified)
            }
            // On a part of the query, a model says no more than that the core
            // was too small; that is a wrong claim too.
            _ => Err(SolveError::Disagreement {
                record: Box::new(record),
                other: name,
            }),
        }
    }

    /// Asks the other deciders about a verdict that nobody could verify.
    fn second(
        &mut self,
        mut record: QueryRecord,
        deciders: &[Arc<dyn Backend<Fol>>],
        position: usize,
    ) -> Result<QueryRecord, SolveError> {
        if !self.backends.cross_check || record.seconded_by.is_some() {
            return Ok(record);
        }
        for other in deciders.iter().skip(position + 1) {
            let began = Instant::now();
            let solved = self.ask(other.as_ref(), &record.query, None);
            self.times.solve += began.elapsed();
            let name = other.descriptor().name;
            match solved.map(|o| o.verdict) {
                Ok(Verdict::Unknown) | Err(_) => {}
                Ok(verdict) if verdict == record.verdict() => {
                    record.seconded_by = Some(name);
                    self.trace
                        .push(format!("{}: {name} agrees", record.role.name()));
                    return Ok(record);
                }
                Ok(_) => {
                    return Err(SolveError::Disagreement {
                        record: Box::new(record),
                        other: name,
                    });
                }
            }
        }
        Ok(record)
    }
}

/// The query with only these items. Goals keep their positions, since items
/// name them by position.
fn restrict(query: &Query, core: &[Item]) -> Query {
    let premises = query.premises.iter().copied();
    let mut goals = query.goals.clone();
    let last_goal = core.iter().rev().find_map(|item| match item {
        Item::Goal(i) => Some(*i as usize + 1),
        Item::Premise(_) => None,
    });
    goals.truncate(last_goal.unwrap_or(0));
    Query {
        premises: premises
            .filter(|p| core.contains(&Item::Premise(*p)))
            .collect(),
        goals,
    }
}

/// Why an undecided answer stopped: the first reason among its queries.
pub(crate) fn stop_reason(records: &[QueryRecord]) -> StopReason {
    let undecided = records.iter().find(|r| r.verdict() == Verdict::Unknown);
    undecided.map_or(StopReason::Completed, |r| r.outcome.stop.clone())
}
