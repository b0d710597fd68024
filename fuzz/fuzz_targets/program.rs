#![no_main]
//! Reads a logic program in both dialects. Its diagnostics must lie in it; what
//! comes out of it is printed, read again without an error, and printed the
//! same.

use nsolve::syntax::program::{Dialect, print, read};
use nsolve::{Code, SourceText, has_errors};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = SourceText::from_bytes("fuzz", bytes) else {
        return;
    };
    for dialect in [Dialect::Asp, Dialect::Prolog] {
        let (problem, diagnostics) = read(&text, dialect);
        for diagnostic in &diagnostics {
            let fix = diagnostic.fix.as_ref().map(|f| f.span);
            let related = diagnostic.related.iter().map(|(span, _)| *span);
            for span in diagnostic.span.into_iter().chain(fix).chain(related) {
                assert!(text.text().get(span.range()).is_some(), "{diagnostic} lies outside");
            }
        }
        let Some(problem) = problem else { continue };
        let printed = print(&problem);
        let written = SourceText::new("written", &printed).expect("what we write is a text");
        let (again, told) = read(&written, Dialect::Asp);
        // What is printed may have more brackets than what was read.
        if told.iter().any(|d| d.code == Code::TOO_DEEP) {
            continue;
        }
        assert!(!has_errors(&told), "printed, and not read: {printed}");
        let again = again.map(|p| print(&p)).unwrap_or_default();
        assert_eq!(printed, again, "printed otherwise the second time");
    }
});
