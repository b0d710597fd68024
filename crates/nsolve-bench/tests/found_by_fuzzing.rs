//! What fuzzing found. Each text is read, and what comes of it is written in
//! every format that says it, and read again: without an error, and natively as
//! the same text. What cannot be read is told of at a place in the text.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::sync::Arc;

use nsolve::il::fol::{Problem, Question};
use nsolve::syntax::fol::print;
use nsolve::{Code, Format, SourceText, has_errors, read};

/// With each text what went wrong.
const FOUND: &[(Format, &str)] = &[
    // A question about nothing was written as a text without anything in it.
    (Format::Fol, "ask model"),
    (Format::Tptp, "tff(city, type, city: $tType)."),
    (Format::Smtlib, "(check-sat)"),
    // A proposition behind a variable was read as one more variable.
    (Format::Folio, "∀x ∀s are\n∃x Gull(x)"),
    // A sentence with an escaped NUL character was printed with a real one.
    (
        Format::Tptp,
        r"fof(a, axiom, p, unknown, [description('\\u{0}')]).",
    ),
    // Words that Prover9 has for names were written as they were.
    (
        Format::Fol,
        "premise : 'not' and q premise : p('true', 'True') ask model",
    ),
    // A problem without a conclusion was written without its question.
    (
        Format::Prover9,
        "formulas(assumptions).\np(a).\nend_of_list.\n",
    ),
];

/// Texts that cannot be read, told of at a place that was not in the text.
const MISPLACED: &[(Format, &str)] = &[
    // Half of a character was pointed at.
    (Format::Json, "Т"),
    (Format::Json, "{\"format\": Т}"),
];

/// Texts that must be refused, since what would come of them is no text.
const REFUSED: &[(Format, &str)] = &[
    // A name with a NUL character.
    (
        Format::Json,
        r#"{"format": "nsolve/fol", "version": "1.0", "sorts": [{"name": "Ci\u0000ty"}],
            "question": {"kind": "model"}}"#,
    ),
    (
        Format::Json,
        r#"{"format": "nsolve/fol", "version": "1.0",
            "question": {"kind": "conclusion", "formula": "p('\u0000')"}}"#,
    ),
];

fn again(format: Format, written: &str) -> Arc<Problem> {
    let text = SourceText::new("written", written).expect("what we write is a text");
    let reading = read(format, &text);
    match reading.problem {
        Some(problem) if !has_errors(&reading.diagnostics) => problem,
        _ => panic!("{}: {:#?}\n{written}", format.name(), reading.diagnostics),
    }
}

#[test]
fn diagnostics_lie_in_the_text() {
    for &(format, text) in MISPLACED.iter().chain(REFUSED) {
        let source = SourceText::new("found", text).expect("a text");
        for diagnostic in read(format, &source).diagnostics {
            let span = diagnostic.span.expect("a place");
            assert!(text.get(span.range()).is_some(), "{diagnostic:?}");
        }
    }
}

#[test]
fn what_cannot_be_written_is_refused() {
    for &(format, text) in REFUSED {
        let source = SourceText::new("found", text).expect("a text");
        let diagnostics = read(format, &source).diagnostics;
        let has = |code| diagnostics.iter().any(|d| d.code == code);
        assert!(has(Code::NUL_BYTE), "{diagnostics:#?}");
    }
}

#[test]
fn what_is_read_is_written_and_read_again() {
    for &(format, text) in FOUND {
        let text = SourceText::new("found", text).expect("a text");
        let problem = read(format, &text).problem.expect("a problem");
        let printed = print(&problem);
        assert_eq!(print(&again(Format::Fol, &printed)), printed);
        for to in [Format::Json, Format::Tptp, Format::Smtlib, Format::Prover9] {
            // Options are written one problem after the other.
            let options = matches!(problem.question, Question::Options { .. });
            if to != Format::Json && options {
                continue;
            }
            if let Ok((written, _)) = nsolve::engine::translate(&problem, to) {
                again(to, &written);
            }
        }
    }
}
