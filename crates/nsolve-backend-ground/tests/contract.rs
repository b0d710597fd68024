//! What every backend has to do, and what this one promises besides.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

mod common;

use std::time::Duration;

use common::{read, run_with};
use nsolve_backend::{Budget, CancelToken, Outcome, SolveCx, StopReason, Verdict, testkit};
use nsolve_backend_ground::Ground;
use nsolve_il::fol::{Fol, Query};

/// Has no answer that is found soon: nine pigeons and eight holes.
const HARD: &str = "
    (enum Pigeon p1 p2 p3 p4 p5 p6 p7 p8 p9) (enum Hole h1 h2 h3 h4 h5 h6 h7 h8)
    (func in Pigeon Hole)
    (all (x Pigeon) (y Pigeon) (-> (= (in x) (in y)) (= x y)))";

fn stop_under(budget: Budget, cancel: &CancelToken) -> StopReason {
    let problem = read(HARD);
    let cx = SolveCx::new(budget).with_cancel(cancel.clone());
    let outcome = run_with(&problem, &Query::premises_of(&problem), &cx);
    assert_eq!(outcome.verdict, Verdict::Unknown);
    outcome.stop
}

#[test]
fn limits_end_the_search_and_say_so() {
    let none = CancelToken::new();
    let time = Budget {
        time: Some(Duration::from_millis(1)),
        ..Budget::default()
    };
    assert_eq!(stop_under(time, &none), StopReason::Time);
    let steps = Budget {
        steps: Some(30),
        ..Budget::default()
    };
    assert_eq!(stop_under(steps, &none), StopReason::Steps);
    let memory = Budget {
        memory: Some(4096),
        ..Budget::default()
    };
    assert_eq!(stop_under(memory, &none), StopReason::Memory);
    let cancelled = CancelToken::new();
    cancelled.cancel();
    assert_eq!(
        stop_under(Budget::default(), &cancelled),
        StopReason::Cancelled
    );
}

#[test]
fn the_same_query_has_the_same_outcome() {
    let problem = read(
        "(all x (-> (p x) (some y (and (q y) (r x y))))) (p a) (p b)
         (all x y (-> (r x y) (or (s x) (s y)))) (most 1 x (s x))",
    );
    let query = Query::premises_of(&problem);
    let run = || format!("{:?}", run_with(&problem, &query, &SolveCx::default()));
    let first = run();
    assert!((0..5).all(|_| run() == first));
}

#[test]
fn a_certificate_leaves_out_what_is_not_needed() {
    let problem = read(
        "(cat tom) (dog rex) (bird tweety) (all x (-> (dog x) (barks x)))
         (all x (-> (cat x) (mammal x))) (all x (-> (bird x) (flies x)))
         (all x (-> (mammal x) (animal x))) (not (animal tom))",
    );
    let query = Query::premises_of(&problem);
    let outcome = run_with(&problem, &query, &SolveCx::default());
    let nsolve_backend::Evidence::Certificate(certificate) = outcome.evidence else {
        panic!("a certificate");
    };
    // Four premises and one case of each of two rules.
    assert_eq!(certificate.lines.len(), 6, "{certificate:#?}");
}

#[test]
fn deep_formulas_are_no_trouble() {
    let mut deep = "(p x)".to_owned();
    for i in 0..60 {
        deep = match i % 4 {
            0 => format!("(not {deep})"),
            1 => format!("(some y{i} (and (q y{i}) {deep}))"),
            2 => format!("(<-> (q x) {deep})"),
            _ => format!("(xor {deep} (or (p x) (q x)))"),
        };
    }
    let problem = read(&format!("(all x {deep}) (q a)"));
    let query = Query::premises_of(&problem);
    let outcome = run_with(&problem, &query, &SolveCx::default());
    assert_ne!(outcome.verdict, Verdict::Unknown, "{}", outcome.stop);
}

#[test]
fn it_passes_the_conformance_suite() {
    let verify = |problem: &nsolve_il::fol::Problem, query: &Query, outcome: &Outcome<Fol>| {
        common::check(problem, query, outcome);
        Ok(())
    };
    let report = testkit::conformance(&Ground, Some(&verify));
    assert!(report.failures.is_empty(), "{:#?}", report.failures);
    let open = [
        "an order that goes on has no finite model",
        "one-to-one but not onto has no finite model",
        "remainders are not negative",
        "a quotient by zero is some number",
    ];
    assert_eq!(report.undecided, open);
    let broken = testkit::contract(&Ground);
    assert!(broken.is_empty(), "{broken:#?}");
}
