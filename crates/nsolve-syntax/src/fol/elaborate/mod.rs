//! From the untyped tree to a typed problem.
//!
//! Two passes: [`resolve`] finds out what each name is and infers sorts by
//! unification; [`build`] declares what was inferred and makes the terms. A
//! statement that fails gives diagnostics and is left out, so that one pass
//! finds every fault; whether the rest is still worth solving is for the caller
//! to decide.

mod build;
mod resolve;
mod sorts;

use nsolve_il::fol::Problem;
use nsolve_source::{Code, Diagnostic};

use super::{Document, lint_names, lint_syntax};

/// How names that are not declared are understood. A format has one style.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Which names are variables where no quantifier binds them and no
    /// declaration claims them. They are closed universally, with a note.
    pub implicit_variable: fn(&str) -> bool,
    /// Whether a numeral that touches no arithmetic is a plain constant of an
    /// uninterpreted sort rather than a number.
    pub numerals_are_constants: bool,
    /// Whether a use that disagrees with a declaration is an error. Otherwise
    /// the use is another symbol of the same name, with a lint.
    pub strict: bool,
}

impl Style {
    /// The native language: unbound names are constants, numerals are numbers,
    /// declarations bind.
    pub const NATIVE: Style = Style {
        implicit_variable: |_| false,
        numerals_are_constants: false,
        strict: true,
    };

    /// Formats of other tools that mark their variables: unbound names are
    /// constants, numerals are numbers, one name may have several arities.
    pub const STANDARD: Style = Style {
        implicit_variable: |_| false,
        numerals_are_constants: false,
        strict: false,
    };

    /// What language models write: single lower-case letters from `u` on are
    /// variables, with digits or primes behind them; numerals are names.
    pub const RECORDED: Style = Style {
        implicit_variable: is_conventional_variable,
        numerals_are_constants: true,
        strict: false,
    };
}

/// Whether a name looks like a variable: one letter from `u` to `z`, then
/// nothing but digits.
fn is_conventional_variable(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| ('u'..='z').contains(&c)) && chars.all(|c| c.is_ascii_digit())
}

/// What elaboration gives.
#[derive(Clone, Debug)]
pub struct Elaboration {
    /// The problem made of all statements that are well-formed; `None` where
    /// there is no question to ask.
    pub problem: Option<Problem>,
    /// Faults and lints. Where one is an error, `problem` lacks a statement.
    pub diagnostics: Vec<Diagnostic>,
}

/// Makes a typed problem of a document.
pub fn elaborate(document: &Document, style: &Style) -> Elaboration {
    if document.items.is_empty() {
        let empty = Diagnostic::error(Code::EMPTY_TEXT, "there is nothing in this text")
            .expecting(["a premise", "a conclusion"]);
        return Elaboration {
            problem: None,
            diagnostics: vec![empty],
        };
    }
    let mut resolved = resolve::resolve(document, style);
    let mut diagnostics = std::mem::take(&mut resolved.diagnostics);
    let problem = build::build(resolved, &mut diagnostics);
    diagnostics.extend(lint_syntax(document));
    if let Some(problem) = &problem {
        diagnostics.extend(lint_names(problem));
    }
    Elaboration {
        problem,
        diagnostics,
    }
}
