//! Every program under `program/valid` is read and printed; every text under
//! `program/invalid` is cut at lines of `---` and what is told about it is
//! shown with the program that is left. Put a file there and it is a test.
//!
//! A snapshot has a line for each diagnostic, `line:col code severity message`,
//! and below it what was expected, the help, and the fix. Fixes that may be
//! applied unasked are applied, and must not add errors.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use nsolve_source::{Applicability, Diagnostic, Severity, SourceText, has_errors};
use nsolve_syntax::program::{Dialect, detect_dialect, print, read};

fn texts(folder: &str) -> Vec<(String, Dialect, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/program")
        .join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "asp" || e == "pl"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    let named = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let dialect = detect_dialect(&path.to_string_lossy(), "");
        (name, dialect, std::fs::read_to_string(path).unwrap())
    };
    files.into_iter().map(named).collect()
}

fn show(text: &str, diagnostics: &[Diagnostic]) -> String {
    let source = SourceText::new("fixture", text).unwrap();
    let mut out = String::new();
    for d in diagnostics {
        let place = d.span.map_or_else(
            || "-".to_owned(),
            |span| {
                let (from, to) = (source.position(span.start), source.position(span.end));
                let line = if from.line == to.line {
                    String::new()
                } else {
                    format!("{}:", to.line)
                };
                format!("{}:{}-{line}{}", from.line, from.column, to.column)
            },
        );
        writeln!(
            out,
            "{place} {} {} {}",
            d.code,
            d.severity.name(),
            d.message
        )
        .unwrap();
        if !d.expected.is_empty() {
            writeln!(out, "    | expected: {}", d.expected.join(", ")).unwrap();
        }
        if let Some(help) = &d.help {
            writeln!(out, "    | help: {help}").unwrap();
        }
        if let Some(fix) = &d.fix {
            let sure = match fix.applicability {
                Applicability::MachineApplicable => "fix",
                Applicability::MaybeIncorrect => "perhaps",
            };
            let old = source.slice(fix.span);
            writeln!(out, "    | {sure}: {old:?} -> {:?}", fix.replacement).unwrap();
        }
        for (span, word) in &d.related {
            writeln!(out, "    | {word}: {:?}", source.slice(*span)).unwrap();
        }
    }
    out
}

fn errors(diagnostics: &[Diagnostic]) -> usize {
    diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .count()
}

/// The text with every fix applied that may be applied unasked.
fn mended(text: &str, diagnostics: &[Diagnostic]) -> Option<String> {
    let mut fixes: Vec<_> = diagnostics
        .iter()
        .filter_map(|d| d.fix.as_ref())
        .filter(|f| f.applicability == Applicability::MachineApplicable)
        .collect();
    fixes.sort_by_key(|f| f.span);
    let mut out = text.to_owned();
    for fix in fixes.iter().rev() {
        out.replace_range(fix.span.range(), &fix.replacement);
    }
    (!fixes.is_empty()).then_some(out)
}

fn check_printed(printed: &str) {
    let source = SourceText::new("printed", printed).unwrap();
    let (again, diagnostics) = read(&source, Dialect::Asp);
    assert!(
        !has_errors(&diagnostics),
        "{printed}\n{}",
        show(printed, &diagnostics)
    );
    assert_eq!(print(&again.unwrap()), printed);
}

#[test]
fn valid_programs_are_read_and_printed() {
    for (name, dialect, text) in texts("valid") {
        let source = SourceText::new("fixture", &text).unwrap();
        let (problem, diagnostics) = read(&source, dialect);
        assert!(
            !has_errors(&diagnostics),
            "{name}\n{}",
            show(&text, &diagnostics)
        );
        let printed = print(&problem.unwrap());
        check_printed(&printed);
        insta::with_settings!({
            snapshot_path => "program/valid",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, { insta::assert_snapshot!(name, printed) });
    }
}

#[test]
fn every_fault_is_told_and_the_rest_is_read() {
    for (name, dialect, text) in texts("invalid") {
        let mut out = String::new();
        for case in text.split("---\n") {
            let source = SourceText::new("fixture", case).unwrap();
            let (problem, diagnostics) = read(&source, dialect);
            assert!(
                !diagnostics.is_empty(),
                "{name}: nothing is told about\n{case}"
            );
            writeln!(out, "{case}\n{}", show(case, &diagnostics)).unwrap();
            if let Some(problem) = problem {
                let printed = print(&problem);
                check_printed(&printed);
                writeln!(out, "{printed}").unwrap();
            }
            if let Some(mended) = mended(case, &diagnostics) {
                let source = SourceText::new("mended", &mended).unwrap();
                let again = read(&source, dialect).1;
                assert!(
                    errors(&again) <= errors(&diagnostics),
                    "{mended}\n{}",
                    show(&mended, &again)
                );
            }
            out.push_str("---\n");
        }
        insta::with_settings!({
            snapshot_path => "program/invalid",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, { insta::assert_snapshot!(name, out) });
    }
}

/// The examples of the language's page.
#[test]
fn the_examples_of_the_page_are_read() {
    let page = include_str!("../../../docs/formats/program.md");
    let mut count = 0;
    for block in page
        .split("\n```")
        .filter(|b| b.starts_with("asp\n") || b.starts_with("prolog\n"))
    {
        let (word, text) = block.split_once('\n').unwrap();
        let dialect = if word == "asp" {
            Dialect::Asp
        } else {
            Dialect::Prolog
        };
        let source = SourceText::new("page", text).unwrap();
        let (problem, diagnostics) = read(&source, dialect);
        assert!(
            !has_errors(&diagnostics),
            "{text}\n{}",
            show(text, &diagnostics)
        );
        check_printed(&print(&problem.unwrap()));
        count += 1;
    }
    assert!(count >= 8);
}

/// Each code of programs is in a snapshot; the last needs an atom, not a
/// program.
#[test]
fn every_code_is_shown_by_a_text() {
    let mut seen = std::collections::BTreeSet::from(["LPR0309"]);
    for folder in ["valid", "invalid"] {
        for (_, dialect, file) in texts(folder) {
            for text in file.split("---\n") {
                let source = SourceText::new("fixture", text).unwrap();
                seen.extend(read(&source, dialect).1.iter().map(|d| d.code.as_str()));
            }
        }
    }
    let codes = nsolve_source::CATALOGUE
        .iter()
        .map(|(code, _)| code.as_str());
    let missing: Vec<&str> = codes
        .filter(|c| c.starts_with("LPR") && !seen.contains(c))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
