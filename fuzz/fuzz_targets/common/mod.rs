//! What every reader's target does.

use nsolve::{Format, SourceText, has_errors, read};

/// Reads a text. What comes out of it is written and read again, and must be
/// written the same.
pub fn read_and_write(format: Format, bytes: &[u8]) {
    let Ok(text) = SourceText::from_bytes("fuzz", bytes) else {
        return;
    };
    let reading = read(format, &text);
    let Some(problem) = reading.problem else {
        return;
    };
    let printed = nsolve::syntax::fol::print(&problem);
    let again = read_whole(Format::Fol, &printed);
    assert_eq!(
        printed,
        nsolve::syntax::fol::print(&again),
        "printed otherwise the second time"
    );
    for to in [Format::Json, Format::Tptp, Format::Smtlib, Format::Prover9] {
        if let Ok((written, _)) = nsolve::engine::translate(&problem, to) {
            // Options are written one problem after the other.
            let options = matches!(
                problem.question,
                nsolve::il::fol::Question::Options { .. }
            );
            if to == Format::Json || !options {
                read_whole(to, &written);
            }
        }
    }
}

fn read_whole(format: Format, written: &str) -> std::sync::Arc<nsolve::il::fol::Problem> {
    let text = SourceText::new("written", written).expect("what we write is a text");
    let reading = read(format, &text);
    match reading.problem {
        Some(problem) if !has_errors(&reading.diagnostics) => problem,
        _ => panic!("{}: {:#?}\n{written}", format.name(), reading.diagnostics),
    }
}
