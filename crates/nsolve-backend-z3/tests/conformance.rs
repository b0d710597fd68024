//! The `z3` backend against the suite that every backend passes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::cell::Cell;

use nsolve_backend::{Outcome, testkit};
use nsolve_backend_z3::Z3;
use nsolve_check::{Limits, Refusal};
use nsolve_il::fol::{Fol, Problem, Query};

/// Evaluates models and counts those that hold. Cores are no proofs, and what
/// is divided by zero or quantified over all numbers cannot be evaluated.
fn verify(
    (problem, query, outcome): (&Problem, &Query, &Outcome<Fol>),
    models: &Cell<usize>,
) -> Result<(), String> {
    match nsolve_check::check(problem, query, outcome, &Limits::default()) {
        Ok(_) => {
            models.set(models.get() + 1);
            Ok(())
        }
        Err(Refusal::NoEvidence | Refusal::NotEvaluable(_)) => Ok(()),
        Err(refusal) => Err(refusal.to_string()),
    }
}

#[test]
fn answers_every_case() {
    let models = Cell::new(0);
    let report = testkit::conformance(
        &Z3,
        Some(&|problem, query, outcome| verify((problem, query, outcome), &models)),
    );
    assert!(report.failures.is_empty(), "{report}");
    // Z3 looks for finite models for ever where there is none.
    assert_eq!(
        report.undecided,
        [
            "an order that goes on has no finite model",
            "one-to-one but not onto has no finite model",
        ]
    );
    assert_eq!(report.skipped, Vec::<&str>::new());
    assert!(models.get() >= 20, "{} models", models.get());
}

#[test]
fn keeps_the_contract() {
    let broken = testkit::contract(&Z3);
    assert!(broken.is_empty(), "{broken:#?}");
}
