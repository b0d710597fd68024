#![no_main]
//! Reads an optimisation model with its data. Its diagnostics must lie in it, and
//! there is a problem exactly where none is an error; a problem with logic is
//! expressed by rows, or says why not.

use nsolve::bridge::linearize;
use nsolve::syntax::milp::read;
use nsolve::{SourceText, has_errors};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // Long intervals are allowed, and slow to go through again and again.
    if bytes.len() > 4000 || bytes.windows(5).any(|w| w.iter().all(u8::is_ascii_digit)) {
        return;
    }
    let Ok(text) = SourceText::from_bytes("fuzz", bytes) else {
        return;
    };
    let reading = read(&text, &[]);
    for diagnostic in &reading.diagnostics {
        let related = diagnostic.related.iter().map(|(span, _)| *span);
        for span in diagnostic.span.into_iter().chain(related) {
            assert!(text.text().get(span.range()).is_some(), "{diagnostic} lies outside");
        }
    }
    assert_eq!(reading.problem.is_none(), has_errors(&reading.diagnostics));
    let Some(problem) = reading.problem.filter(|p| p.columns.len() < 2000) else {
        return;
    };
    match linearize(&problem) {
        Ok(lowered) => assert!(lowered.problem.conditions.is_empty()),
        Err(diagnostics) => assert!(has_errors(&diagnostics)),
    }
});
