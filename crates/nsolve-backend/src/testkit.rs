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

use nsolve_il::fol::{Features, Fol, Item, Problem, Query};
use nsolve_il::{FeatureSet, Language};

use crate::{Backend, Budget, Evidence, Outcome, SolveCx, Verdict};

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
    /// and must not answer `Unsat` or give a model.
    Infinite,
}

/// One query with what it is.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it is about; no other case has the same.
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
        match try_case(backend, &case, verify) {
            Ok(true) => {}
            Ok(false) => report.undecided.push(case.name),
            Err(why) => report.failures.push(format!("{}: {why}", case.name)),
        }
    }
    report
}

/// Whether the case was decided; an error where it was answered wrongly.
fn try_case(
    backend: &dyn Backend<Fol>,
    case: &Case,
    verify: Option<Verify<'_>>,
) -> Result<bool, String> {
    let outcome = backend
        .solve(&case.problem, &case.query, &cx_for(case))
        .map_err(|e| e.to_string())?;
    if !check_verdict(case.expected, &outcome)? {
        return Ok(false);
    }
    if let Evidence::Core(core) = &outcome.evidence {
        check_core(backend, case, core)?;
    }
    if let Some(verify) = verify {
        verify(&case.problem, &case.query, &outcome)?;
    }
    Ok(true)
}

/// Whether the case was decided; an error for a wrong verdict, and for evidence
/// that does not go with it.
fn check_verdict(expected: Expected, outcome: &Outcome<Fol>) -> Result<bool, String> {
    match (outcome.verdict, expected, &outcome.evidence) {
        (Verdict::Unknown, _, Evidence::None) => Ok(false),
        (Verdict::Sat, Expected::Infinite, Evidence::Model(_)) => {
            Err("a finite model for what has none".into())
        }
        (Verdict::Sat, Expected::Sat | Expected::Infinite, Evidence::Model(_) | Evidence::None)
        | (
            Verdict::Unsat,
            Expected::Unsat,
            Evidence::Core(_) | Evidence::Certificate(_) | Evidence::None,
        ) => Ok(true),
        (verdict, ..) => Err(format!(
            "expected {expected:?}, answered {} with {:?}",
            verdict.name(),
            outcome.evidence
        )),
    }
}

/// A core holds items of the query, ascending, and is not satisfiable itself.
fn check_core(backend: &dyn Backend<Fol>, case: &Case, core: &[Item]) -> Result<(), String> {
    if !core.is_sorted_by(|a, b| a < b) {
        return Err(format!("the core {core:?} is not ascending"));
    }
    let items = case.query.assertions(&case.problem).map(|(item, ..)| item);
    let items: Vec<Item> = items.collect();
    if let Some(foreign) = core.iter().find(|item| !items.contains(item)) {
        return Err(format!("{foreign:?} of the core is not in the query"));
    }
    let mut query = case.query.clone();
    query.premises.retain(|i| core.contains(&Item::Premise(*i)));
    let mut positions = 0..;
    query.goals.retain(|_| {
        let position = positions.next();
        position.is_some_and(|i| core.contains(&Item::Goal(i)))
    });
    let again = backend
        .solve(&case.problem, &query, &generous())
        .map_err(|e| e.to_string())?;
    match again.verdict {
        Verdict::Sat => Err(format!("the core {core:?} is satisfiable")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_features_are_covered() {
        let cases = cases();
        let mut names: Vec<_> = cases.iter().map(|c| c.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), cases.len());
        let covered = cases
            .iter()
            .map(|c| Fol::features(&c.problem))
            .reduce(|a, b| a | b);
        assert_eq!(covered, Some(Features::all()));
    }
}
