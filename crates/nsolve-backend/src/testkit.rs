//! The conformance suite that every backend passes.
//!
//! [`conformance`] answers small cases over every feature and compares the
//! verdicts; [`contract`] tries what an implementation promises besides:
//! limits, cancelling, refusals, threads. A test of a backend calls both and
//! asserts that nothing is left over. The callback of [`conformance`] is where
//! `nsolve-check` is plugged in, which this crate may not know.

mod arithmetic;
mod cases;
mod contract;
mod hard;
mod sketch;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use nsolve_il::fol::{Features, Fol, Problem, Query};
use nsolve_il::{FeatureSet, Language};

use crate::{Backend, Budget, Outcome, SolveCx, Verdict};

pub use contract::contract;
pub use hard::pigeonhole;

/// What a case's query is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Satisfiable, by a finite model.
    Sat,
    /// Unsatisfiable.
    Unsat,
    /// Satisfiable, but by infinite models only: a backend may answer `Unknown`,
    /// and must not answer `Unsat`.
    Infinite,
}

/// One query with what it is.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it is about.
    pub name: &'static str,
    /// The problem.
    pub problem: Arc<Problem>,
    /// The query.
    pub query: Query,
    /// What is right.
    pub expected: Expected,
}

/// Checks the evidence of an outcome; says what is wrong with it.
pub type Verify<'a> = &'a dyn Fn(&Problem, &Query, &Outcome<Fol>) -> Result<(), String>;

/// What [`conformance`] found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// A line for each wrong verdict, error, and refused evidence.
    pub failures: Vec<String>,
    /// Cases that the backend did not decide.
    pub undecided: Vec<&'static str>,
    /// Cases whose features it lacks.
    pub skipped: Vec<&'static str>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for failure in &self.failures {
            writeln!(f, "failed: {failure}")?;
        }
        for name in &self.undecided {
            writeln!(f, "undecided: {name}")?;
        }
        for name in &self.skipped {
            writeln!(f, "skipped: {name}")?;
        }
        Ok(())
    }
}

/// Time that is more than enough for any case that can be decided.
const GENEROUS: Duration = Duration::from_secs(20);
/// Time for a case that cannot be, so that a suite does not wait for it.
const BRIEF: Duration = Duration::from_millis(500);

/// All cases.
pub fn cases() -> Vec<Case> {
    let mut all = cases::cases();
    all.extend(arithmetic::cases());
    all
}

fn timed(time: Duration) -> SolveCx {
    SolveCx::new(Budget {
        time: Some(time),
        ..Budget::default()
    })
}

fn generous() -> SolveCx {
    timed(GENEROUS)
}

fn cx_for(case: &Case) -> SolveCx {
    match case.expected {
        Expected::Infinite => timed(BRIEF),
        Expected::Sat | Expected::Unsat => generous(),
    }
}

/// Answers every case whose features the backend has.
pub fn conformance(backend: &dyn Backend<Fol>, verify: Option<Verify<'_>>) -> Report {
    let mut report = Report::default();
    for case in cases() {
        let missing = Fol::features(&case.problem).minus(backend.supported());
        if !Features::is_empty(&missing) {
            report.skipped.push(case.name);
            continue;
        }
        let outcome = match backend.solve(&case.problem, &case.query, &cx_for(&case)) {
            Ok(outcome) => outcome,
            Err(error) => {
                report.failures.push(format!("{}: {error}", case.name));
                continue;
            }
        };
        let wrong = match (outcome.verdict, case.expected) {
            (Verdict::Unknown, _) => {
                report.undecided.push(case.name);
                continue;
            }
            (Verdict::Sat, Expected::Sat | Expected::Infinite) => None,
            (Verdict::Unsat, Expected::Unsat) => None,
            (verdict, _) => Some(format!("{}: answered {}", case.name, verdict.name())),
        };
        report.failures.extend(wrong);
        if let Some(verify) = verify
            && let Err(why) = verify(&case.problem, &case.query, &outcome)
        {
            report.failures.push(format!("{}: {why}", case.name));
        }
    }
    report
}
