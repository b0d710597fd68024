#![no_main]
//! Reads an MPS file. Its diagnostics must lie in it; what comes out of it is
//! written in each way that can say it, read again without an error, and is the
//! same problem if no number was rounded.

use nsolve::formats::milp::{MpsStyle, read_lp, read_mps, write_lp, write_mps};
use nsolve::il::milp::Problem;
use nsolve::{Diagnostic, SourceText, has_errors};

type Read = (Option<Problem>, Vec<Diagnostic>);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = SourceText::from_bytes("fuzz", bytes) else {
        return;
    };
    let (problem, diagnostics) = read_mps(&text);
    for diagnostic in &diagnostics {
        let related = diagnostic.related.iter().map(|(span, _)| *span);
        for span in diagnostic.span.into_iter().chain(related) {
            assert!(text.text().get(span.range()).is_some(), "{diagnostic} lies outside");
        }
    }
    assert_eq!(problem.is_none(), has_errors(&diagnostics), "a problem without errors");
    let Some(problem) = problem else { return };
    let ways: [(_, fn(&SourceText) -> Read); 3] = [
        (write_lp(&problem), read_lp),
        (write_mps(&problem, MpsStyle::Free), read_mps),
        (write_mps(&problem, MpsStyle::Fixed), read_mps),
    ];
    for (written, reader) in ways {
        let Ok((written, told)) = written else { continue };
        let Ok(source) = SourceText::new("written", &written) else {
            continue;
        };
        let (again, faults) = reader(&source);
        assert!(!has_errors(&faults), "written, and not read: {written}");
        let again = again.expect("what has no error is a problem");
        let rounded = |d: &Diagnostic| d.message.contains("is written as") || d.message.contains("infinite");
        if !told.iter().any(rounded) {
            assert_eq!(again.rows, problem.rows, "written otherwise: {written}");
            assert_eq!(again.columns, problem.columns, "written otherwise: {written}");
        }
    }
});
