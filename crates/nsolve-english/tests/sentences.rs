//! What sentences are read as: `sentences.txt`, and the examples of
//! `docs/english.md`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::path::{Path, PathBuf};

use nsolve_il::fol::Semantics;
use nsolve_source::{Severity, SourceText, Span};
use nsolve_syntax::fol::{Item, ItemKind, Style, elaborate, print_formula};

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The formulas of all premises, and what is asked, one a line.
fn formulas(story: &str) -> Vec<String> {
    let text = SourceText::new("story", story).unwrap();
    let reading = nsolve_english::read(&text, Semantics::Classical);
    let mut document = reading.document;
    let states = |item: &Item| {
        matches!(
            item.kind,
            ItemKind::Premise(_) | ItemKind::Declaration(_) | ItemKind::Semantics(_)
        )
    };
    let asks = !document.items.iter().all(states);
    if !asks {
        document.items.push(Item {
            kind: ItemKind::AskModel,
            span: Span::new(0, 0),
        });
    }
    let mut out: Vec<String> = Vec::new();
    for diagnostic in &reading.diagnostics {
        if diagnostic.severity == Severity::Error && diagnostic.code.as_str() != "ENG0104" {
            out.push(format!("!! {}", diagnostic.message));
        }
    }
    let elaboration = elaborate(&document, &Style::NATIVE);
    if let Some(problem) = elaboration.problem {
        let premises = problem.premises.iter();
        out.extend(premises.map(|p| print_formula(&problem, p.formula)));
        if let nsolve_il::fol::Question::Conclusion(c) = &problem.question {
            out.push(format!("? {}", print_formula(&problem, c.formula)));
        }
        if let nsolve_il::fol::Question::Options { choices, .. } = &problem.question {
            for choice in choices {
                let formula = print_formula(&problem, choice.statement.formula);
                out.push(format!("{}) {formula}", choice.label));
            }
        }
    }
    if !reading.alternatives.is_empty() {
        out.push("(another reading)".into());
    }
    out
}

/// Sentences with the lines that are indented below them.
fn cases(lines: &str) -> Vec<(String, Vec<String>)> {
    let mut out: Vec<(String, Vec<String>)> = Vec::new();
    for line in lines
        .lines()
        .filter(|l| !l.trim().is_empty() && !l.starts_with('#'))
    {
        match (line.strip_prefix("    "), out.last_mut()) {
            (Some(formula), Some((_, formulas))) => formulas.push(formula.to_owned()),
            _ => out.push((line.to_owned(), Vec::new())),
        }
    }
    out
}

fn compare(cases: &[(String, Vec<String>)]) {
    let mut wrong = String::new();
    for (story, expected) in cases {
        let found = formulas(story);
        if found != *expected {
            wrong += &format!("{story}\n  expected {expected:#?}\n  found {found:#?}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn sentences_are_read_as_expected() {
    let path = file("tests/sentences.txt");
    let text = std::fs::read_to_string(&path).unwrap();
    if std::env::var_os("UPDATE_SENTENCES").is_some() {
        let mut out = String::new();
        for line in text.lines().filter(|l| !l.starts_with("    ")) {
            out += line;
            out.push('\n');
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            for formula in formulas(line) {
                out += &format!("    {formula}\n");
            }
        }
        std::fs::write(&path, out).unwrap();
        return;
    }
    let cases = cases(&text);
    assert!(cases.len() >= 150, "{} sentences", cases.len());
    compare(&cases);
}

#[test]
fn the_page_says_how_sentences_are_read() {
    let page = std::fs::read_to_string(file("../../docs/english.md")).unwrap();
    let mut examples = String::new();
    let mut inside = false;
    for line in page.lines() {
        match line {
            "```english" => inside = true,
            "```" => inside = false,
            _ if inside => examples += &format!("{line}\n"),
            _ => {}
        }
    }
    let cases = cases(&examples);
    assert!(cases.len() >= 60, "{} examples", cases.len());
    compare(&cases);
}
