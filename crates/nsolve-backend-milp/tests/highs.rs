//! What the backend `highs` answers, with evidence that the checker takes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use nsolve_backend::{
    Backend, Budget, CancelToken, Evidence, Outcome, SolveCx, StopReason, Verdict,
};
use nsolve_backend_milp::Highs;
use nsolve_check::{Limits, MilpShown, check_milp};
use nsolve_il::milp::{
    Column, Domain, Linear, Milp, Number, Objective, Problem, Query, Rows, Sense,
};

fn n(text: &str) -> Number {
    text.parse().unwrap()
}

fn linear(terms: &[(u32, &str)]) -> Linear {
    Linear {
        terms: terms.iter().map(|(c, v)| (*c, n(v))).collect(),
        constant: Number::ZERO,
    }
}

type RowText<'a> = (Option<&'a str>, &'a [(u32, &'a str)], Option<&'a str>);

fn problem(
    columns: &[(Option<&str>, Option<&str>, Domain)],
    rows: &[RowText<'_>],
    objective: (Sense, &[(u32, &str)]),
) -> Arc<Problem> {
    let mut all = Rows::default();
    for (lower, terms, upper) in rows {
        all.push(lower.map(n), &linear(terms), upper.map(n));
    }
    Arc::new(Problem {
        columns: columns
            .iter()
            .map(|(l, u, domain)| Column {
                lower: l.map(n),
                upper: u.map(n),
                domain: *domain,
            })
            .collect(),
        rows: all,
        objectives: vec![Objective {
            name: "goal".into(),
            sense: objective.0,
            expression: linear(objective.1),
            span: None,
            doc: None,
        }],
        ..Problem::default()
    })
}

fn solve(problem: &Arc<Problem>, query: &Query) -> Outcome<Milp> {
    let cx = SolveCx::new(Budget {
        time: Some(Duration::from_secs(30)),
        ..Budget::default()
    });
    Highs
        .solve(problem, query, &cx)
        .unwrap_or_else(|e| panic!("{e}; `./dev setup` fetches it"))
}

fn shown(problem: &Arc<Problem>, query: &Query) -> MilpShown {
    let outcome = solve(problem, query);
    let receipt = check_milp(problem, query, &outcome, &Limits::default());
    receipt
        .unwrap_or_else(|e| panic!("{e}: {outcome:?}"))
        .shown()
        .clone()
}

const REAL: Domain = Domain::Real;

#[test]
fn an_optimum_that_no_float_is_comes_exactly() {
    let thirds = problem(
        &[(Some("0"), None, REAL), (Some("0"), None, REAL)],
        &[(Some("1"), &[(0, "3"), (1, "1/7")], None)],
        (Sense::Minimize, &[(0, "1"), (1, "1")]),
    );
    assert_eq!(
        shown(&thirds, &Query::default()),
        MilpShown::Optimal(n("1/3"))
    );
}

#[test]
fn integers_and_their_relaxation() {
    let knapsack = problem(
        &[
            (Some("0"), Some("1"), Domain::Integer),
            (Some("0"), Some("1"), Domain::Integer),
            (Some("0"), Some("1"), Domain::Integer),
        ],
        &[(None, &[(0, "5"), (1, "7"), (2, "4")], Some("10"))],
        (Sense::Maximize, &[(0, "8"), (1, "11"), (2, "6")]),
    );
    assert_eq!(
        shown(&knapsack, &Query::default()),
        MilpShown::Optimal(n("14"))
    );
    let relaxed = Query {
        relaxed: true,
        ..Query::default()
    };
    assert_eq!(shown(&knapsack, &relaxed), MilpShown::Optimal(n("111/7")));
}

#[test]
fn integers_beside_reals_are_exact() {
    let mixed = problem(
        &[(Some("0"), None, Domain::Integer), (Some("0"), None, REAL)],
        &[(Some("10/3"), &[(0, "1"), (1, "1")], None)],
        (Sense::Minimize, &[(0, "1"), (1, "2")]),
    );
    // Three of the integer and a third of the real one; or four integers.
    assert_eq!(
        shown(&mixed, &Query::default()),
        MilpShown::Optimal(n("11/3"))
    );
}

#[test]
fn what_has_no_point_or_no_end_is_shown() {
    let free = &[(None, None, REAL), (None, None, REAL)];
    let none = problem(
        free,
        &[
            (Some("1"), &[(0, "1"), (1, "1/3")], None),
            (None, &[(0, "3"), (1, "1")], Some("2")),
        ],
        (Sense::Minimize, &[(0, "1")]),
    );
    assert_eq!(shown(&none, &Query::default()), MilpShown::Infeasible);
    let endless = problem(
        free,
        &[(None, &[(0, "1"), (1, "-1/3")], Some("2"))],
        (Sense::Maximize, &[(0, "1")]),
    );
    assert_eq!(shown(&endless, &Query::default()), MilpShown::Unbounded);
    let integers = problem(
        &[
            (Some("0"), None, Domain::Integer),
            (Some("0"), None, Domain::Integer),
        ],
        &[(None, &[(0, "1"), (1, "-1/3")], Some("2"))],
        (Sense::Maximize, &[(0, "1")]),
    );
    assert_eq!(shown(&integers, &Query::default()), MilpShown::Unbounded);
    let parity = problem(
        &[
            (Some("0"), Some("9"), Domain::Integer),
            (Some("0"), Some("9"), Domain::Integer),
        ],
        &[(Some("7"), &[(0, "2"), (1, "2")], Some("7"))],
        (Sense::Minimize, &[(0, "1")]),
    );
    assert_eq!(shown(&parity, &Query::default()), MilpShown::Infeasible);
}

#[test]
fn a_bound_that_highs_takes_for_infinite_is_no_lie() {
    let far = problem(
        &[(Some("0"), Some("1e25"), REAL)],
        &[(Some("1"), &[(0, "1")], None)],
        (Sense::Maximize, &[(0, "1")]),
    );
    let outcome = solve(&far, &Query::default());
    assert_ne!(outcome.verdict, Verdict::Unbounded, "{outcome:?}");
    let checked = check_milp(&far, &Query::default(), &outcome, &Limits::default());
    assert!(!checked.is_err_and(|e| e.is_failure()));
}

#[test]
fn problems_without_columns_or_rows_are_answered() {
    let goal = (Sense::Minimize, &[][..]);
    let empty = problem(&[], &[], goal);
    assert_eq!(shown(&empty, &Query::default()), MilpShown::Optimal(n("0")));
    let wrong = problem(&[], &[(Some("1"), &[], None)], goal);
    assert_eq!(shown(&wrong, &Query::default()), MilpShown::Infeasible);
    let bare = problem(
        &[(Some("-2"), Some("3"), REAL)],
        &[],
        (Sense::Maximize, &[(0, "2")]),
    );
    assert_eq!(shown(&bare, &Query::default()), MilpShown::Optimal(n("6")));
}

#[test]
fn coefficients_that_floats_refuse_are_an_error_and_no_answer() {
    let huge = problem(
        &[(Some("0"), None, REAL)],
        &[(Some("1"), &[(0, "1e308")], None)],
        (Sense::Minimize, &[(0, "1")]),
    );
    let cx = SolveCx::new(Budget::default());
    match Highs.solve(&huge, &Query::default(), &cx) {
        Err(_) => {}
        Ok(outcome) => {
            let checked = check_milp(&huge, &Query::default(), &outcome, &Limits::default());
            assert!(checked.is_ok(), "{outcome:?}");
        }
    }
}

/// A market split problem (Cornuéjols and Dawande 1998): hard for branch and
/// bound at any size.
fn hard() -> Arc<Problem> {
    let mut state = 1_u64;
    let mut random = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % 100) as i64
    };
    let mut made = (*problem(&[], &[], (Sense::Minimize, &[]))).clone();
    made.columns = (0..40).map(|_| Column::binary()).collect();
    for _ in 0..5 {
        let terms: Vec<(u32, Number)> = (0..40).map(|c| (c, random().max(1).into())).collect();
        let sum: i64 = terms.iter().filter_map(|(_, v)| v.to_i64()).sum();
        let half = Some(Number::from(sum / 2));
        made.rows.push(
            half.clone(),
            &Linear {
                terms,
                constant: Number::ZERO,
            },
            half,
        );
    }
    Arc::new(made)
}

#[test]
fn limits_hold() {
    let none = SolveCx::new(Budget {
        time: Some(Duration::ZERO),
        ..Budget::default()
    });
    let outcome = Highs.solve(&hard(), &Query::default(), &none).unwrap();
    assert_eq!(
        (outcome.verdict, outcome.stop),
        (Verdict::Unknown, StopReason::Time)
    );
    let short = SolveCx::new(Budget {
        time: Some(Duration::from_millis(300)),
        ..Budget::default()
    });
    let outcome = Highs.solve(&hard(), &Query::default(), &short).unwrap();
    assert_eq!(
        (outcome.verdict, outcome.stop),
        (Verdict::Unknown, StopReason::Time)
    );
}

#[test]
fn cancelling_ends_a_solve() {
    let cancel = CancelToken::new();
    let cx = SolveCx::new(Budget::default()).with_cancel(cancel.clone());
    let handle = std::thread::spawn(move || Highs.solve(&hard(), &Query::default(), &cx));
    std::thread::sleep(Duration::from_millis(300));
    cancel.cancel();
    let began = Instant::now();
    let outcome = handle.join().unwrap().unwrap();
    assert_eq!(
        (outcome.verdict, outcome.stop),
        (Verdict::Unknown, StopReason::Cancelled)
    );
    assert!(matches!(outcome.evidence, Evidence::None));
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn duals_have_the_sign_of_the_objective() {
    let textbook = problem(
        &[(Some("0"), None, REAL), (Some("0"), None, REAL)],
        &[
            (None, &[(0, "1")], Some("4")),
            (None, &[(1, "2")], Some("12")),
            (None, &[(0, "3"), (1, "2")], Some("18")),
        ],
        (Sense::Maximize, &[(0, "3"), (1, "5")]),
    );
    let query = Query {
        sensitivity: true,
        ..Query::default()
    };
    let Evidence::Model(solution) = solve(&textbook, &query).evidence else {
        panic!("no solution");
    };
    let sensitivity = solution.sensitivity.unwrap();
    for (found, wanted) in sensitivity.row_duals.iter().zip([0.0, 1.5, 1.0]) {
        assert!((found - wanted).abs() < 1e-9, "{sensitivity:?}");
    }
    // The first cost may be anything from 0 to 7.5.
    assert_eq!(sensitivity.costs[0], (0.0, 7.5));
}
