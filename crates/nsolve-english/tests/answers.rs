//! How answers are said: `answers.txt`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

mod common;

use std::path::Path;
use std::sync::Arc;

use nsolve_engine::{Assurance, solve};
use nsolve_english::{read, say_answer};
use nsolve_il::fol::Semantics;
use nsolve_source::SourceText;
use nsolve_syntax::fol::{Style, elaborate};

fn answer(line: &str, assurance: Assurance) -> String {
    let (story, semantics) = match line.strip_prefix("% ") {
        Some(story) => (story, Semantics::Rules),
        None => (line, Semantics::Classical),
    };
    let text = SourceText::new("story", story).unwrap();
    let reading = read(&text, semantics);
    let problem = elaborate(&reading.document, &Style::NATIVE).problem;
    let problem = Arc::new(problem.unwrap_or_else(|| panic!("{story}")));
    let options = common::ground(None);
    let mut answer = solve(&problem, &options).unwrap();
    assert_eq!(answer.assurance, Assurance::Verified, "{story}");
    answer.assurance = assurance;
    say_answer(&problem, &answer)
}

#[test]
fn answers_are_said_as_expected() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/answers.txt");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut out = String::new();
    for line in text.lines().filter(|l| !l.starts_with("    ")) {
        out += &format!("{line}\n");
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        for said in answer(line, Assurance::Verified).lines() {
            out += &format!("    {said}\n");
        }
    }
    if std::env::var_os("UPDATE_ANSWERS").is_some() {
        std::fs::write(&path, out).unwrap();
        return;
    }
    assert!(out == text, "{out}");
}

#[test]
fn what_is_only_claimed_is_said_to_be() {
    let story = "All cats purr. Tom is a cat. Does Tom purr?";
    let claim = "A solver claims it; no evidence of it was checked.\n";
    assert!(answer(story, Assurance::Claimed).ends_with(claim));
    assert!(!answer(story, Assurance::Verified).contains("claims"));
}
