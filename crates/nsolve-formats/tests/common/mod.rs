//! What the tests of the standard formats share.

use nsolve_il::fol::Problem;
use nsolve_source::{Diagnostic, SourceText};
use nsolve_syntax::fol::{Document, Elaboration, Style, elaborate};

/// A reader of one format.
pub(crate) type Reader = fn(&SourceText) -> (Document, Vec<Diagnostic>);

pub(crate) fn source(text: &str) -> SourceText {
    SourceText::new("test", text).expect("a text")
}

/// The problem that a text is, and every diagnostic, as lines.
pub(crate) fn read(reader: Reader, text: &str) -> (Option<Problem>, Vec<String>) {
    let source = source(text);
    let (document, diagnostics) = reader(&source);
    let Elaboration {
        problem,
        diagnostics: more,
    } = elaborate(&document, &Style::NATIVE);
    let line = |d: &Diagnostic| {
        let at = d.span.map(|s| source.position(s.start));
        let at = at.map_or(String::new(), |p| format!("{}:{}: ", p.line, p.column));
        format!("{at}{d}")
    };
    let all = diagnostics.iter().chain(&more).map(line);
    (problem, all.collect())
}
