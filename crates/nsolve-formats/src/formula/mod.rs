//! One tolerant parser for the formulas of every notation that language models
//! write. Real texts mix notations, so all of them are readable everywhere; a
//! [`Dialect`] says what needs no remark.

mod atom;
mod brackets;
mod dialect;
mod heads;
mod infix;
mod lex;
mod parse;
mod quantifier;
mod token;

use nsolve_source::{Diagnostic, Span};
use nsolve_syntax::fol::Expr;

pub(crate) use dialect::{Dialect, FOLIO, NLTK, PROVER9, RULES};
pub(crate) use heads::{is_any, is_variable_like};

/// Reads the formula in one stretch of a text.
///
/// `None` where it cannot be read; the reason is then among the diagnostics as
/// an error. Tolerances are warnings and notes.
pub(crate) fn read_formula(
    text: &str,
    span: Span,
    dialect: &Dialect,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Expr> {
    let mut found = Vec::new();
    let read = parse::parse(text, span, dialect, &mut found);
    match read {
        Ok(formula) => {
            diagnostics.append(&mut found);
            Some(formula)
        }
        Err(fault) => {
            // What was tolerated in a formula that is refused teaches nothing,
            // but for brackets, which may be the reason.
            found.retain(|d| d.code.as_str() < "FOL0204" && d.code.as_str() > "FOL0201");
            diagnostics.append(&mut found);
            diagnostics.push(*fault);
            None
        }
    }
}
