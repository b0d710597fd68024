//! Every text under `fol/valid` is read and printed; every text under
//! `fol/invalid` is cut at lines of `---` and its faults are shown. Put a file
//! there and it is a test.
//!
//! A snapshot of faults has a line each, `line:col code severity message`, and
//! below it what was expected, the help, and the fix. Fixes that may be applied
//! unasked are applied, and the text that comes out must be free of errors.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use nsolve_il::fol::Problem;
use nsolve_source::{Applicability, Diagnostic, Severity, SourceText, has_errors};
use nsolve_syntax::fol::{Style, elaborate, inferred_declarations, parse, print};

fn texts(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fol")
        .join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "fol"))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    let named = |path: PathBuf| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).unwrap();
        (name, text.replace("<NUL>", "\0"))
    };
    files.into_iter().map(named).collect()
}

fn read(text: &str) -> (Option<Problem>, Vec<Diagnostic>) {
    let source = match SourceText::new("fixture.fol", text) {
        Ok(source) => source,
        Err(diagnostic) => return (None, vec![diagnostic]),
    };
    let (document, mut diagnostics) = parse(&source);
    let elaboration = elaborate(&document, &Style::NATIVE);
    diagnostics.extend(elaboration.diagnostics);
    diagnostics.sort_by_key(|d| d.span);
    (elaboration.problem, diagnostics)
}

fn show(text: &str, diagnostics: &[Diagnostic]) -> String {
    // A text that is none has no lines to point at.
    let source = SourceText::new("fixture.fol", &text.replace('\0', "?")).unwrap();
    let mut out = String::new();
    for d in diagnostics {
        let place = d.span.map_or_else(
            || "-".to_owned(),
            |span| {
                let (from, to) = (source.position(span.start), source.position(span.end));
                let end = if from.line == to.line {
                    format!("{}", to.column)
                } else {
                    format!("{}:{}", to.line, to.column)
                };
                format!("{}:{}-{end}", from.line, from.column)
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
            let (old, new) = (source.slice(fix.span), &fix.replacement);
            writeln!(out, "    | {sure}: {old:?} -> {new:?}").unwrap();
        }
        for (span, word) in &d.related {
            writeln!(out, "    | {word}: {:?}", source.slice(*span)).unwrap();
        }
    }
    out
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

#[test]
fn valid_texts_are_read_and_printed() {
    for (name, text) in texts("valid") {
        let (problem, diagnostics) = read(&text);
        assert!(
            !has_errors(&diagnostics),
            "{name}\n{}",
            show(&text, &diagnostics)
        );
        let problem = problem.unwrap();
        let mut shown = print(&problem);
        if let Some(better) = mended(&text, &diagnostics) {
            let (again, left) = read(&better);
            assert!(
                !left.iter().any(|d| d.code.is_tolerance()),
                "{name}: {better}"
            );
            assert_eq!(print(&again.unwrap()), shown, "{name}: {better}");
        }
        let inferred = inferred_declarations(&problem);
        if !inferred.is_empty() {
            writeln!(shown, "--- inferred\n{}", inferred.join("\n")).unwrap();
        }
        if !diagnostics.is_empty() {
            writeln!(shown, "--- remarks\n{}", show(&text, &diagnostics)).unwrap();
        }
        insta::with_settings!({snapshot_path => "fol/valid", prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(name, shown);
        });
    }
}

#[test]
fn faults_of_invalid_texts_are_told_and_mended() {
    for (name, file) in texts("invalid") {
        let mut shown = String::new();
        for text in file.split("---\n") {
            let (_, diagnostics) = read(text);
            assert!(
                !diagnostics.is_empty(),
                "{name}: nothing is told of\n{text}"
            );
            let visible = text.trim_end().replace('\0', "<NUL>");
            writeln!(shown, "{visible}\n{}", show(text, &diagnostics)).unwrap();
            if let Some(better) = mended(text, &diagnostics) {
                let sure = |d: &&Diagnostic| {
                    d.severity == Severity::Error
                        && d.fix
                            .as_ref()
                            .is_none_or(|f| f.applicability == Applicability::MaybeIncorrect)
                };
                let others = diagnostics.iter().any(|d| sure(&d));
                let (_, left) = read(&better);
                assert!(
                    others || !has_errors(&left),
                    "{name}: the fix does not mend\n{text}\n{better}\n{}",
                    show(&better, &left)
                );
                writeln!(shown, "    => {}\n", better.trim_end()).unwrap();
            }
        }
        insta::with_settings!({snapshot_path => "fol/invalid", prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(name, shown);
        });
    }
}

/// What the native reader, the elaborator and the lints can say of a native
/// text; each is in a snapshot. The others need another format, or a solver.
#[test]
fn every_code_is_shown_by_a_text() {
    let mut seen = BTreeSet::new();
    for folder in ["valid", "invalid"] {
        for (_, file) in texts(folder) {
            for text in file.split("---\n") {
                seen.extend(read(text).1.iter().map(|d| d.code.as_str()));
            }
        }
    }
    let native = [
        "FOL0101", "FOL0102", "FOL0103", "FOL0104", "FOL0106", "FOL0201", "FOL0301", "FOL0302",
        "FOL0303", "FOL0304", "FOL0305", "FOL0308", "FOL0309", "FOL0402", "FOL0403", "FOL0404",
        "FOL0405", "FOL0406", "FOL0407", "FOL0408", "FOL0409", "FOL0410", "SRC0102", "SRC0104",
        "SRC0105", "SRC0106",
    ];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), native);
}

/// The examples of the language's page are read.
#[test]
fn the_page_shows_texts_that_are_read() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/formats/fol.md");
    let page = std::fs::read_to_string(page).unwrap();
    let blocks = page.split("```\n").skip(1).step_by(2);
    let examples: Vec<_> = blocks.filter(|b| !b.starts_with("text  ")).collect();
    assert_eq!(examples.len(), 5);
    for example in examples {
        let (problem, diagnostics) = read(example);
        assert!(!has_errors(&diagnostics), "{}", show(example, &diagnostics));
        assert!(problem.is_some());
    }
}
