//! The public sets of optimisation models, where they are at hand: statuses and
//! optima, what is verified, and that no check fails.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::path::PathBuf;
use std::time::Duration;

use nsolve::il::fol::Semantics;
use nsolve::{Budget, CancelToken, Solver};
use nsolve_bench::{DraftRecord, RunOptions, Suite, Summary, run, summarize};

fn folder(part: &str) -> Option<PathBuf> {
    let Some(data) = std::env::var_os("NSOLVE_DATA") else {
        eprintln!("left out: NSOLVE_DATA is not set");
        return None;
    };
    Some(PathBuf::from(data).join(part))
}

fn bench(part: &str, keep: impl Fn(&str) -> bool) -> Option<(Suite, Vec<DraftRecord>, Summary)> {
    let mut suite = Suite::load(&folder(part)?).unwrap();
    suite.items.retain(|item| keep(&item.id));
    let options = RunOptions {
        solver: Solver::new().limits(Budget {
            time: Some(Duration::from_secs(120)),
            ..Budget::default()
        }),
        semantics: Semantics::Classical,
        jobs: 2,
        record: None,
        settings: String::new(),
        cancel: CancelToken::new(),
    };
    let (records, wall) = run(&suite, &options, &|_| {}).unwrap();
    let summary = summarize(&suite, &records, wall, Some(Duration::from_secs(10)));
    assert_eq!(summary.failed_checks, 0, "{part}");
    Some((suite, records, summary))
}

/// Every LP of netlib is solved and verified, and so is every gold matrix.
#[test]
fn linear_problems_are_verified() {
    let Some((_, records, summary)) = bench("lp", |id| id.starts_with("netlib_")) else {
        return;
    };
    assert!(summary.items > 15);
    for record in &records {
        assert!(record.is_verified(), "{record:?}");
    }
    assert_eq!(summary.right, summary.items);
}

#[test]
fn gold_matrices_are_right_in_both_readings() {
    let Some((suite, records, summary)) = bench("opt/nl4opt-gold.jsonl", |_| true) else {
        return;
    };
    let gold = suite.items.iter().filter(|i| i.gold.is_some()).count();
    assert_eq!((summary.right, summary.verified), (gold, records.len()));
}

#[test]
fn recorded_models_come_to_what_was_recorded() {
    let Some((_, records, summary)) = bench("opt/orlm-recorded.jsonl", |_| true) else {
        return;
    };
    assert_eq!(
        (summary.right, summary.verified),
        (records.len(), records.len())
    );
    let clashing = records
        .iter()
        .filter(|r| r.answer.as_deref() == Some("infeasible"));
    let irreducible = summary.judges.unwrap().irreducible;
    // A busy machine may leave one more of them open: the search has a time.
    assert!(irreducible * 10 >= clashing.count() * 8, "{irreducible}");
}

/// The traps and oddities of the edge files.
#[test]
fn edge_files_are_answered_or_refused() {
    let Some((_, records, _)) = bench("lp", |id| id.starts_with("highs_")) else {
        return;
    };
    let answer = |name: &str| {
        let record = records.iter().find(|r| r.item == name);
        record
            .and_then(|r| r.answer.clone())
            .unwrap_or_else(|| panic!("{name}"))
    };
    for refused in [
        "highs_garbage.lp",
        "highs_nan0.mps",
        "highs_qcqp.lp",
        "highs_qjh.lp",
    ] {
        assert_eq!(answer(refused), "refused", "{refused}");
    }
    for infeasible in [
        "highs_bgetam.mps",
        "highs_box1.mps",
        "highs_ex72a.mps",
        "highs_forest6.mps",
        "highs_galenet.mps",
        "highs_infeasible-mip1.mps",
        "highs_klein1.mps",
        "highs_woodinfe.mps",
    ] {
        assert_eq!(answer(infeasible), "infeasible", "{infeasible}");
    }
    assert_eq!(answer("highs_gas11.mps"), "unbounded");
    // As its own comment says; and `x - 1 >= 2` is `x >= 3`.
    assert_eq!(answer("highs_comment.mps"), "optimal -4");
    assert_eq!(answer("highs_1451.lp"), "optimal 3");
}
