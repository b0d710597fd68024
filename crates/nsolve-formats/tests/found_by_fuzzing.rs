//! Texts that fuzzing found to be written in a way that was not read back.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use nsolve_formats::{Format, read, write_prover9};
use nsolve_il::fol::Problem;
use nsolve_source::{SourceText, has_errors};
use nsolve_syntax::fol::elaborate;

fn problem(format: Format, text: &str) -> (Option<Problem>, bool) {
    let source = SourceText::new("found", text).unwrap();
    let (document, style, mut diagnostics) = read(format, &source);
    let elaboration = elaborate(&document, &style);
    diagnostics.extend(elaboration.diagnostics);
    (elaboration.problem, has_errors(&diagnostics))
}

#[test]
fn what_prover9_is_given_is_read_back() {
    let texts = [
        // A proposition behind a quantifier looked like one more variable.
        (Format::Folio, "∀x ∀s Are\n∀x Gull(x) → Loud(p)"),
        (Format::Nltk, "exists y. K\nall x. Baker(x)"),
        // Without goals the question is whether the assumptions can hold.
        (
            Format::Prover9,
            "formulas(assumptions).\nP(a).\nend_of_list.",
        ),
        (Format::Prover9, "formulas(sos).\nend_of_list."),
    ];
    for (format, text) in texts {
        let (found, _) = problem(format, text);
        let found = found.unwrap_or_else(|| panic!("{text}: not read"));
        let written = write_prover9(&found).unwrap();
        let (again, faulty) = problem(Format::Prover9, &written);
        assert!(again.is_some() && !faulty, "{text}:\n{written}");
    }
}
