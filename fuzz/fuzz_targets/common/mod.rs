//! What every reader's target does.

use std::sync::Arc;

use nsolve::il::fol::{Problem, Question};
use nsolve::syntax::fol::print;
use nsolve::{Code, Diagnostic, Format, Severity, SourceText, has_errors, read};

/// Reads a text. Its diagnostics must lie in it. What comes out of it is
/// written and read again: natively it must be the same, in other formats the
/// same from the second time on. What is written may have more brackets than
/// what was read, so it may be refused as too deep.
pub fn read_and_write(format: Format, bytes: &[u8]) {
    let Ok(text) = SourceText::from_bytes("fuzz", bytes) else {
        return;
    };
    let reading = read(format, &text);
    for diagnostic in &reading.diagnostics {
        check_places(diagnostic, text.text());
    }
    let Some(problem) = reading.problem else {
        return;
    };
    let printed = print(&problem);
    if let Some(again) = read_whole(Format::Fol, &printed) {
        let again = print(&again);
        assert_eq!(printed, again, "printed otherwise the second time");
    }
    for to in [Format::Json, Format::Tptp, Format::Smtlib, Format::Prover9] {
        // Options are written one problem after the other.
        let options = matches!(problem.question, Question::Options { .. });
        if to == Format::Json || !options {
            write_and_read(&problem, to);
        }
    }
}

fn write_and_read(problem: &Problem, to: Format) {
    let Ok((first, _)) = nsolve::engine::translate(problem, to) else {
        return;
    };
    let write = |problem: &Problem| match nsolve::engine::translate(problem, to) {
        Ok((text, _)) => text,
        Err(error) => panic!("what was read cannot be written: {error}"),
    };
    let Some(second) = read_whole(to, &first).map(|p| write(&p)) else {
        return;
    };
    if let Some(third) = read_whole(to, &second).map(|p| write(&p)) {
        assert_eq!(second, third, "written otherwise the third time");
    }
}

fn read_whole(format: Format, written: &str) -> Option<Arc<Problem>> {
    let text = SourceText::new("written", written).expect("what we write is a text");
    let reading = read(format, &text);
    if reading.diagnostics.iter().any(|d| d.code == Code::TOO_DEEP) {
        return None;
    }
    match reading.problem {
        Some(problem) if !has_errors(&reading.diagnostics) => Some(problem),
        _ => {
            let is_error = |d: &&Diagnostic| d.severity == Severity::Error;
            let error = reading.diagnostics.iter().find(is_error);
            panic!("{}: {error:?}\n{written}", format.name());
        }
    }
}

/// Every place of a diagnostic is a part of the text.
fn check_places(diagnostic: &Diagnostic, text: &str) {
    let fix = diagnostic.fix.iter().map(|f| f.span);
    let related = diagnostic.related.iter().map(|r| r.0);
    for span in diagnostic.span.into_iter().chain(fix).chain(related) {
        let part = text.get(span.range());
        assert!(part.is_some(), "{diagnostic:?} is not in the text");
    }
}
