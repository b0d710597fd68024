//! Answers of the public sets are said in English: stories, and programs that
//! models wrote. They are read from `NSOLVE_DATA`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::path::Path;
use std::time::Duration;

use nsolve::il::fol::Semantics;
use nsolve::{BackendName, Budget, Decision, Format, Solver, SourceText};
use nsolve_bench::Suite;

/// Per set: how many of its answers with a proof are told by steps at least, in
/// per mille. The others are told by the sentences that they rest on.
const SETS: [(&str, usize); 6] = [
    ("proofwriter-dev-text", 1000),
    ("prontoqa-dev-text", 1000),
    ("logicaldeduction-train-text", 980),
    ("logiclm-proofwriter-gpt4", 1000),
    ("logiclm-folio-gpt4", 950),
    ("linc-folio-gpt4", 950),
];

#[test]
fn answers_are_said_by_steps() {
    let Some(data) = std::env::var_os("NSOLVE_DATA") else {
        eprintln!("NSOLVE_DATA is not set");
        return;
    };
    let limits = Budget {
        time: Some(Duration::from_secs(5)),
        ..Budget::default()
    };
    let solver = Solver::new().backend(BackendName::Ground).unwrap();
    let solver = solver.limits(limits);
    for (name, least) in SETS {
        let path = Path::new(&data).join("logic").join(format!("{name}.jsonl"));
        let suite = Suite::load(&path).unwrap();
        let (mut proved, mut by_steps) = (0, 0);
        for draft in suite
            .items
            .iter()
            .take(250)
            .flat_map(|item| item.drafts.first())
        {
            let text = SourceText::new("draft", &draft.text).unwrap();
            let reading = match draft.format {
                Format::English => nsolve::read_english(&text, Semantics::Rules).0,
                format => nsolve::read(format, &text),
            };
            let Some(problem) = reading.problem else {
                continue;
            };
            let answer = solver.solve(&problem).unwrap();
            let said = nsolve::english::say_answer(&problem, &answer);
            assert!(!said.trim().is_empty(), "{}", draft.text);
            let has_proof = matches!(
                answer.decision,
                Decision::True
                    | Decision::False
                    | Decision::Choice(_)
                    | Decision::ContradictoryPremises
            );
            proved += usize::from(has_proof);
            by_steps += usize::from(has_proof && said.contains("\n  1. "));
        }
        eprintln!("{name}: {by_steps} of {proved} by steps");
        assert!(
            by_steps * 1000 >= proved * least,
            "{name}: {by_steps} of {proved}"
        );
    }
}
