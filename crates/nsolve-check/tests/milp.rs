//! Evidence about optimisation problems: what holds is accepted, what was
//! changed is refused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use nsolve_backend::{Evidence, Outcome, StopReason, Verdict};
use nsolve_check::{Limits, MilpFault, MilpShown, Refusal, check_milp};
use nsolve_il::milp::{
    Certificate, Column, Condition, Domain, Function, Item, Linear, Milp, Node, Number, Objective,
    Problem, Proof, Query, Relation, Rows, Sense, Solution,
};

fn n(text: &str) -> Number {
    text.parse().unwrap()
}

fn sum(terms: &[(u32, &str)]) -> Linear {
    Linear {
        terms: terms.iter().map(|(c, v)| (*c, n(v))).collect(),
        constant: Number::ZERO,
    }
}

fn column(lower: Option<&str>, upper: Option<&str>, domain: Domain) -> Column {
    Column {
        lower: lower.map(n),
        upper: upper.map(n),
        domain,
    }
}

type RowText<'a> = (Option<&'a str>, &'a [(u32, &'a str)], Option<&'a str>);

fn problem(
    columns: Vec<Column>,
    rows: &[RowText<'_>],
    sense: Sense,
    objective: &[(u32, &str)],
) -> Problem {
    let mut all = Rows::default();
    for (lower, terms, upper) in rows {
        all.push(lower.map(n), &sum(terms), upper.map(n));
    }
    Problem {
        columns,
        rows: all,
        objectives: vec![Objective {
            name: "cost".into(),
            sense,
            expression: sum(objective),
            span: None,
            doc: None,
        }],
        ..Problem::default()
    }
}

/// max 3x + 2y, x + y <= 4, x + 3y <= 6, x <= 3, both from 0 on: 11 at (3, 1).
fn textbook() -> Problem {
    problem(
        vec![
            column(Some("0"), Some("3"), Domain::Real),
            column(Some("0"), None, Domain::Real),
        ],
        &[
            (None, &[(0, "1"), (1, "1")], Some("4")),
            (None, &[(0, "1"), (1, "3")], Some("6")),
        ],
        Sense::Maximize,
        &[(0, "3"), (1, "2")],
    )
}

fn optimal(point: &[&str], proof: Option<Proof>) -> Outcome<Milp> {
    Outcome {
        verdict: Verdict::Optimal,
        stop: StopReason::Completed,
        evidence: Evidence::Model(Solution {
            point: point.iter().map(|v| n(v)).collect(),
            proof,
            bound: None,
            sensitivity: None,
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

fn leaf(objective: bool, weights: &[(u32, &str)]) -> Proof {
    Proof::leaf(objective, weights.iter().map(|(r, w)| (*r, n(w))).collect())
}

fn shown(problem: &Problem, outcome: &Outcome<Milp>) -> Result<MilpShown, Refusal> {
    check_milp(problem, &Query::default(), outcome, &Limits::default()).map(|r| r.shown().clone())
}

fn fault(problem: &Problem, outcome: &Outcome<Milp>) -> MilpFault {
    match shown(problem, outcome) {
        Err(Refusal::Milp(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_optimum_with_its_dual_is_verified() {
    let proof = leaf(true, &[(0, "-2")]);
    let found = shown(&textbook(), &optimal(&["3", "1"], Some(proof)));
    assert_eq!(found, Ok(MilpShown::Optimal(n("11"))));
}

#[test]
fn the_core_is_what_the_proof_uses() {
    let outcome = optimal(&["3", "1"], Some(leaf(true, &[(0, "-2")])));
    let receipt = check_milp(&textbook(), &Query::default(), &outcome, &Limits::default()).unwrap();
    assert_eq!(receipt.core(), [Item::Row(0), Item::Upper(0)]);
}

#[test]
fn without_a_proof_a_point_is_feasible_only() {
    let found = shown(&textbook(), &optimal(&["3", "1"], None));
    assert_eq!(found, Ok(MilpShown::Feasible(n("11"))));
}

#[test]
fn changed_evidence_is_refused() {
    let problem = textbook();
    let good = || leaf(true, &[(0, "-2")]);
    // A point that is not feasible, one that is not best, one of another length.
    let outcome = optimal(&["3", "1.0000001"], Some(good()));
    assert_eq!(fault(&problem, &outcome), MilpFault::Violated(Item::Row(0)));
    let outcome = optimal(&["3.5", "0.5"], Some(good()));
    assert_eq!(
        fault(&problem, &outcome),
        MilpFault::Violated(Item::Upper(0))
    );
    let outcome = optimal(&["3", "0.9999999"], Some(good()));
    assert_eq!(fault(&problem, &outcome), MilpFault::Open);
    let outcome = optimal(&["3"], Some(good()));
    assert!(matches!(
        fault(&problem, &outcome),
        MilpFault::Length { .. }
    ));
    // Weights that show less, of the wrong sign, of rows that are not there.
    for (weights, wanted) in [
        (leaf(true, &[(0, "-1.9")]), MilpFault::NoBound),
        (leaf(true, &[(0, "-2.1")]), MilpFault::Open),
        (leaf(true, &[(0, "2")]), MilpFault::NoBound),
        (leaf(true, &[(7, "1")]), MilpFault::Dangling),
        (leaf(true, &[]), MilpFault::NoBound),
        (leaf(false, &[(0, "-2")]), MilpFault::Open),
        (leaf(false, &[]), MilpFault::Open),
    ] {
        let outcome = optimal(&["3", "1"], Some(weights.clone()));
        assert_eq!(fault(&problem, &outcome), wanted, "{weights:?}");
    }
}

/// x + y = 3/2 of two integers.
fn halves() -> Problem {
    problem(
        vec![
            column(Some("0"), Some("5"), Domain::Integer),
            column(Some("0"), Some("5"), Domain::Integer),
        ],
        &[(Some("3/2"), &[(0, "1"), (1, "1")], Some("3/2"))],
        Sense::Minimize,
        &[(0, "1")],
    )
}

fn split(column: u32, at: i64, cases: (u32, u32)) -> Node {
    Node::Split { column, at, cases }
}

fn closed(weights: &[(u32, &str)]) -> Node {
    Node::Leaf {
        objective: false,
        weights: weights.iter().map(|(r, w)| (*r, n(w))).collect(),
    }
}

#[test]
fn cases_are_replayed_with_their_bounds() {
    // x <= 0: y <= 1 leaves 1 < 3/2, y >= 2 gives 2 > 3/2; x >= 1: the same
    // with y <= 0 and y >= 1.
    let tree = |last: Node| Proof {
        nodes: vec![
            split(0, 0, (1, 2)),
            split(1, 1, (3, 4)),
            split(1, 0, (5, 6)),
            closed(&[(0, "1")]),
            closed(&[(0, "-1")]),
            closed(&[(0, "1")]),
            last,
        ],
    };
    // x >= 1 and y <= 0 is not closed by x alone: x may be 5.
    assert_eq!(
        fault(&halves(), &infeasible(tree(closed(&[(0, "-1")])))),
        MilpFault::Open
    );
    let problem = problem(
        vec![
            column(Some("0"), Some("1"), Domain::Integer),
            column(Some("0"), Some("1"), Domain::Integer),
        ],
        &[(Some("3/2"), &[(0, "1"), (1, "1")], Some("3/2"))],
        Sense::Minimize,
        &[(0, "1")],
    );
    let proof = Proof {
        nodes: vec![
            split(0, 0, (1, 2)),
            closed(&[(0, "1")]),
            split(1, 0, (3, 4)),
            closed(&[(0, "1")]),
            closed(&[(0, "-1")]),
        ],
    };
    assert_eq!(
        shown(&problem, &infeasible(proof.clone())),
        Ok(MilpShown::Infeasible)
    );
    // A case left out, a case that is used twice, a loop, a split of a real
    // column.
    let mut bad = proof.clone();
    bad.nodes[4] = closed(&[]);
    assert_eq!(fault(&problem, &infeasible(bad)), MilpFault::Open);
    for (node, cases) in [(0, (1, 1)), (0, (0, 2)), (2, (0, 1)), (2, (3, 9))] {
        let mut bad = proof.clone();
        bad.nodes[node] = split(0, 0, cases);
        assert_eq!(fault(&problem, &infeasible(bad)), MilpFault::Dangling);
    }
    let mut real = problem.clone();
    real.columns[0].domain = Domain::Real;
    assert_eq!(fault(&real, &infeasible(proof)), MilpFault::Split);
}

#[test]
fn a_case_without_values_closes_itself() {
    let mut empty = textbook();
    empty.columns[0] = column(Some("1/3"), Some("2/3"), Domain::Integer);
    assert_eq!(
        shown(&empty, &infeasible(leaf(false, &[]))),
        Ok(MilpShown::Infeasible)
    );
    empty.columns[0].domain = Domain::Real;
    assert_eq!(
        fault(&empty, &infeasible(leaf(false, &[]))),
        MilpFault::Open
    );
}

#[test]
fn semicontinuous_columns_are_0_or_within_bounds() {
    let semi = || column(Some("2"), Some("5"), Domain::Semicontinuous);
    let problem = problem(
        vec![semi()],
        &[(Some("1"), &[(0, "1")], None)],
        Sense::Minimize,
        &[(0, "1")],
    );
    let proof = Proof {
        nodes: vec![
            Node::Semi {
                column: 0,
                cases: (1, 2),
            },
            closed(&[(0, "1")]),
            Node::Leaf {
                objective: true,
                weights: Vec::new(),
            },
        ],
    };
    let found = shown(&problem, &optimal(&["2"], Some(proof.clone())));
    assert_eq!(found, Ok(MilpShown::Optimal(n("2"))));
    // 1 satisfies the row, but is between 0 and the bounds.
    let outcome = optimal(&["1"], Some(proof));
    assert_eq!(
        fault(&problem, &outcome),
        MilpFault::Violated(Item::Lower(0))
    );
}

#[test]
fn directions_are_followed() {
    let mut free = textbook();
    free.columns[0].upper = None;
    free.rows = Rows::default();
    free.rows
        .push(None, &sum(&[(0, "1"), (1, "-1")]), Some(n("4")));
    let unbounded = |point: &[&str], ray: &[(u32, &str)]| Outcome {
        verdict: Verdict::Unbounded,
        stop: StopReason::Completed,
        evidence: Evidence::Certificate(Certificate::Unbounded {
            point: point.iter().map(|v| n(v)).collect(),
            ray: ray.iter().map(|(c, v)| (*c, n(v))).collect(),
        }),
    };
    let good = unbounded(&["0", "0"], &[(0, "1"), (1, "1")]);
    assert_eq!(shown(&free, &good), Ok(MilpShown::Unbounded));
    for (point, ray) in [
        // Leaves a row, leaves a bound, gets worse, goes nowhere.
        (["0", "0"], vec![(0, "1")]),
        (["0", "0"], vec![(0, "1"), (1, "-1")]),
        (["0", "0"], vec![(0, "-1"), (1, "-1")]),
        (["0", "0"], vec![]),
        // Starts nowhere.
        (["5", "0"], vec![(0, "1"), (1, "1")]),
    ] {
        let found = shown(&free, &unbounded(&point, &ray));
        assert!(found.is_err_and(|e| e.is_failure()), "{point:?} {ray:?}");
    }
    free.columns[1].domain = Domain::Integer;
    let halves = unbounded(&["0", "0"], &[(0, "1/2"), (1, "1/2")]);
    assert_eq!(fault(&free, &halves), MilpFault::Ray);
}

#[test]
fn logic_is_evaluated_and_proofs_do_not_speak_of_it() {
    let mut problem = textbook();
    problem.columns.push(Column::FREE);
    problem.functions.push(nsolve_il::milp::Definition {
        column: 2,
        function: Function::Abs(sum(&[(0, "1"), (1, "-2")])),
    });
    problem.conditions.push(Condition::Compare(
        sum(&[(2, "1"), (0, "-1")]),
        Relation::Lt,
    ));
    // |3 - 2| = 1 < 3.
    let found = shown(&problem, &optimal(&["3", "1", "1"], None));
    assert_eq!(found, Ok(MilpShown::Feasible(n("11"))));
    let outcome = optimal(&["3", "1", "2"], None);
    assert_eq!(
        fault(&problem, &outcome),
        MilpFault::Violated(Item::Function(0))
    );
    let outcome = optimal(&["0", "1", "2"], None);
    assert_eq!(
        fault(&problem, &outcome),
        MilpFault::Violated(Item::Condition(0))
    );
    let proof = Some(leaf(true, &[(0, "-2")]));
    assert_eq!(
        shown(&problem, &optimal(&["3", "1", "1"], proof)),
        Err(Refusal::NoEvidence)
    );
}

#[test]
fn a_check_ends_at_its_limit() {
    let outcome = optimal(&["3", "1"], Some(leaf(true, &[(0, "-2")])));
    let found = check_milp(
        &textbook(),
        &Query::default(),
        &outcome,
        &Limits { steps: 3 },
    );
    assert_eq!(found.unwrap_err(), Refusal::Limit);
}
