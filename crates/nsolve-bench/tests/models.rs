//! Every model of `tests/suites/models`, with what stands in its first lines:
//! `# expect STATUS VALUE ASSURANCE`, `# codes ..`, `# dual ROW VALUE`,
//! `# conflict PART; PART`. Models that LP and MPS can hold take these ways too.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use nsolve::engine::milp::milp_answer_to_json;
use nsolve::formats::milp::{MpsStyle, read_lp, read_mps, write_lp, write_mps};
use nsolve::il::milp::{Number, Problem};
use nsolve::{Format, MilpAnswer, Optimize, Severity, Solver, SourceText, read_model};

fn models() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/suites/models");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "mod"))
        .collect();
    files.sort();
    files
}

fn solve(problem: &Arc<Problem>) -> MilpAnswer {
    let wanted = Optimize {
        sensitivity: true,
        conflict: Some(Duration::from_secs(20)),
        ..Optimize::default()
    };
    Solver::new().solve_model(problem, &wanted).unwrap()
}

/// The words behind a key in the comments at the top.
fn lines<'t>(text: &'t str, key: &'t str) -> impl Iterator<Item = &'t str> {
    text.lines().filter_map(move |line| {
        line.strip_prefix("# ")?
            .strip_prefix(key)?
            .strip_prefix(' ')
    })
}

fn said(answer: &MilpAnswer) -> String {
    let value = answer
        .objectives
        .first()
        .filter(|_| answer.decision.as_str() == "optimal");
    let value = value.map(|v| format!("{v} ")).unwrap_or_default();
    format!(
        "{} {value}{}",
        answer.decision.as_str(),
        answer.assurance.name()
    )
}

/// As written in a comment, with the value in its canonical form.
fn expected(line: &str) -> String {
    let words: Vec<String> = line
        .split(' ')
        .map(|word| match word.parse::<Number>() {
            Ok(number) => number.to_string(),
            Err(_) => word.to_owned(),
        })
        .collect();
    words.join(" ")
}

#[test]
fn every_model_is_answered_as_it_says() {
    let files = models();
    assert!(files.len() > 25, "{}", files.len());
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let text = SourceText::new(&name, &std::fs::read_to_string(&file).unwrap()).unwrap();
        let reading = read_model(Format::Milp, &text, &[]);
        let problem = reading
            .problem
            .unwrap_or_else(|| panic!("{name}: {:?}", reading.diagnostics));
        let told = reading
            .diagnostics
            .iter()
            .filter(|d| d.severity > Severity::Note);
        let codes: BTreeSet<String> = told.map(|d| d.code.to_string()).collect();
        let wanted: BTreeSet<String> = lines(text.text(), "codes")
            .flat_map(str::split_whitespace)
            .map(str::to_owned)
            .collect();
        assert_eq!(codes, wanted, "{name}");
        let answer = solve(&problem);
        let wanted = expected(lines(text.text(), "expect").next().unwrap());
        assert_eq!(said(&answer), wanted, "{name}");
        check_duals(&name, text.text(), &problem, &answer);
        check_conflict(&name, text.text(), &problem, &answer);
        go_through_files(&name, &problem, &wanted);
    }
}

fn check_duals(name: &str, text: &str, problem: &Problem, answer: &MilpAnswer) {
    for line in lines(text, "dual") {
        let (row, value) = line.split_once(' ').unwrap();
        let id = (0..problem.rows.len() as u32)
            .find(|id| problem.row_name(*id) == row)
            .unwrap_or_else(|| panic!("{name}: no row {row}"));
        let found = answer.sensitivity.as_ref().unwrap().row_duals[id as usize];
        let wanted = value.parse::<Number>().unwrap().to_f64();
        assert!(
            (found - wanted).abs() < 1e-7,
            "{name}: {row} {found} {wanted}"
        );
    }
}

fn check_conflict(name: &str, text: &str, problem: &Problem, answer: &MilpAnswer) {
    for line in lines(text, "conflict") {
        let conflict = answer.conflict.as_ref().unwrap();
        assert!(conflict.is_irreducible(), "{name}: {conflict:?}");
        let json = milp_answer_to_json(name, problem, answer);
        let found: BTreeSet<String> = json["conflict"]["members"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| m["text"].as_str().unwrap().to_owned())
            // A row by its name, a bound as it reads.
            .map(|t| t.split([':', '(']).next().unwrap().trim().to_owned())
            .collect();
        let wanted: BTreeSet<String> = line.split("; ").map(str::to_owned).collect();
        assert_eq!(found, wanted, "{name}");
    }
}

/// Written as LP and as MPS, and read again, a model has the same answer.
fn go_through_files(name: &str, problem: &Arc<Problem>, wanted: &str) {
    // Numbers without a short decimal are rounded on the way.
    let near = |a: &str, b: &str| {
        let value = |t: &str| {
            t.split(' ')
                .nth(1)?
                .parse::<Number>()
                .ok()
                .map(|v| v.to_f64())
        };
        match (value(a), value(b)) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * b.abs().max(1.0),
            _ => a == b,
        }
    };
    let mut texts = Vec::new();
    if let Ok((text, _)) = write_lp(problem) {
        let source = SourceText::new(name, &text).unwrap();
        texts.push((text, read_lp(&source)));
    }
    for style in [MpsStyle::Fixed, MpsStyle::Free] {
        if let Ok((text, _)) = write_mps(problem, style) {
            let source = SourceText::new(name, &text).unwrap();
            texts.push((text, read_mps(&source)));
        }
    }
    let logic = !problem.conditions.is_empty() || !problem.functions.is_empty();
    assert!(logic || texts.len() == 3, "{name}");
    for (text, (again, diagnostics)) in texts {
        let again = again.unwrap_or_else(|| panic!("{name}: {diagnostics:?}\n{text}"));
        let found = said(&solve(&Arc::new(again)));
        assert!(
            near(&found, wanted),
            "{name}: {found}, not {wanted}\n{text}"
        );
    }
}
