use std::sync::Arc;
use std::thread;
use std::time::Duration;

use nsolve_il::fol::{Features, Fol};
use nsolve_il::{FeatureSet, Language};

use super::{Case, Expected, GENEROUS, cases, cx_for, generous, pigeonhole, timed};
use crate::{
    Backend, BackendError, Budget, CancelToken, Evidence, Outcome, SolveCx, StopReason, Verdict,
};

/// How many threads call a backend at once.
const THREADS: usize = 4;
/// Holes of a query that takes long.
const HARD: u32 = 14;

/// Tries the promises that every backend makes. Returns one line for each that
/// is broken.
pub fn contract(backend: &dyn Backend<Fol>) -> Vec<String> {
    let mut broken = Vec::new();
    let mut note = |what: &str, result: Result<(), String>| {
        if let Err(why) = result {
            broken.push(format!("{what}: {why}"));
        }
    };
    let cancelled = CancelToken::new();
    cancelled.cancel();
    let before = generous().with_cancel(cancelled);
    note(
        "cancelled before the start",
        stops(backend, &before, &StopReason::Cancelled),
    );
    note(
        "no time at all",
        stops(backend, &timed(Duration::ZERO), &StopReason::Time),
    );
    note(
        "little time",
        stops(
            backend,
            &timed(Duration::from_millis(50)),
            &StopReason::Time,
        ),
    );
    note("cancelled while it runs", stops_when_cancelled(backend));
    note("few steps", few_steps(backend));
    note("what is not supported", refuses(backend));
    note("several threads at once", threads(backend));
    broken
}

/// The backend gives up on a hard query for this reason.
fn stops(backend: &dyn Backend<Fol>, cx: &SolveCx, reason: &StopReason) -> Result<(), String> {
    let case = pigeonhole(HARD);
    let outcome = solve(backend, &case, cx)?;
    if outcome.verdict != Verdict::Unknown || outcome.stop != *reason {
        return Err(format!(
            "expected unknown ({reason}), got {}",
            told(&outcome)
        ));
    }
    Ok(())
}

fn stops_when_cancelled(backend: &dyn Backend<Fol>) -> Result<(), String> {
    let token = CancelToken::new();
    let cx = generous().with_cancel(token.clone());
    thread::scope(|scope| {
        scope.spawn(move || {
            thread::sleep(Duration::from_millis(50));
            token.cancel();
        });
        stops(backend, &cx, &StopReason::Cancelled)
    })
}

/// One step is not enough for a hard query, but it may not lead to a wrong
/// answer or to a crash.
fn few_steps(backend: &dyn Backend<Fol>) -> Result<(), String> {
    let cx = SolveCx::new(Budget {
        steps: Some(1),
        time: Some(GENEROUS),
        ..Budget::default()
    });
    stops(backend, &cx, &StopReason::Steps)
}

/// Every case whose abilities the backend lacks is refused, and the missing
/// abilities are named.
fn refuses(backend: &dyn Backend<Fol>) -> Result<(), String> {
    for case in cases() {
        let missing = Fol::features(&case.problem).minus(backend.supported());
        if Features::is_empty(&missing) {
            continue;
        }
        match backend.solve(&case.problem, &case.query, &generous()) {
            Err(BackendError::Unsupported { missing: named, .. }) if named == missing.names() => {}
            other => {
                return Err(format!("{}: expected a refusal, got {other:?}", case.name));
            }
        }
    }
    Ok(())
}

/// Each thread runs all cases; every answer is right or `Unknown`.
fn threads(backend: &dyn Backend<Fol>) -> Result<(), String> {
    let cases: Arc<[Case]> = cases()
        .into_iter()
        .filter(|c| Features::is_empty(&Fol::features(&c.problem).minus(backend.supported())))
        .collect();
    let run = || {
        for case in cases.iter() {
            let verdict = solve(backend, case, &cx_for(case))?.verdict;
            let wrong = match case.expected {
                Expected::Sat | Expected::Infinite => Verdict::Unsat,
                Expected::Unsat => Verdict::Sat,
            };
            if verdict == wrong {
                return Err(format!("{}: wrong beside other threads", case.name));
            }
        }
        Ok(())
    };
    thread::scope(|scope| {
        let running: Vec<_> = (0..THREADS).map(|_| scope.spawn(run)).collect();
        running.into_iter().try_for_each(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| Err("a thread panicked".into()))
        })
    })
}

fn solve(backend: &dyn Backend<Fol>, case: &Case, cx: &SolveCx) -> Result<Outcome<Fol>, String> {
    let outcome = backend
        .solve(&case.problem, &case.query, cx)
        .map_err(|e| e.to_string())?;
    if outcome.verdict == Verdict::Unknown && !matches!(outcome.evidence, Evidence::None) {
        return Err("evidence for an unknown verdict".into());
    }
    Ok(outcome)
}

fn told(outcome: &Outcome<Fol>) -> String {
    format!("{} ({})", outcome.verdict.name(), outcome.stop)
}
