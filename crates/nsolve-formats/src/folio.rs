//! Formulas with logical signs, as FOLIO's annotators wrote them.

use std::fmt::Write;

use nsolve_source::{Diagnostic, SourceText};
use nsolve_syntax::fol::Document;

use crate::formula::{Dialect, FOLIO};
use crate::lines::{Draft, Line, header, lines};

/// Reads formulas with the signs `∀ ∃ ¬ ∧ ∨ ⊕ → ↔`, one a line.
///
/// The conclusion is the line behind `Conclusion:`, or the one that begins with
/// `∴`, `⊢` or `|-`; where none is marked, the last line. A sentence may follow
/// a formula behind `:::`. [`folio_text`] makes such a text of a data row.
pub fn read_folio(text: &SourceText) -> (Document, Vec<Diagnostic>) {
    read_listed(text, &FOLIO)
}

/// The text that [`read_folio`] reads, made of a row of FOLIO: formulas and
/// conclusion, each with its sentence.
///
/// ```
/// let text = nsolve_formats::folio_text(
///     &[("∀x (Cat(x) → Pet(x))", Some("Cats are pets."))],
///     ("Pet(tom)", None),
/// );
/// assert_eq!(text, "∀x (Cat(x) → Pet(x)) ::: Cats are pets.\nConclusion:\nPet(tom)\n");
/// ```
pub fn folio_text(premises: &[(&str, Option<&str>)], conclusion: (&str, Option<&str>)) -> String {
    let mut out = String::new();
    for line in premises {
        push_line(&mut out, *line);
    }
    out.push_str("Conclusion:\n");
    push_line(&mut out, conclusion);
    out
}

fn push_line(out: &mut String, (formula, sentence): (&str, Option<&str>)) {
    let one_line = |s: &str| s.split_whitespace().collect::<Vec<_>>().join(" ");
    out.push_str(&one_line(formula));
    if let Some(sentence) = sentence {
        // Writing to a string does not fail.
        let _ = write!(out, " ::: {}", one_line(sentence));
    }
    out.push('\n');
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Premises,
    Conclusion,
}

const HEADERS: &[(&str, Part)] = &[
    ("premises", Part::Premises),
    ("premise", Part::Premises),
    ("conclusion", Part::Conclusion),
    ("therefore", Part::Conclusion),
];

/// Formulas, one a line, in any dialect.
pub(crate) fn read_listed(text: &SourceText, dialect: &Dialect) -> (Document, Vec<Diagnostic>) {
    let mut draft = Draft::new(text, dialect);
    let mut part = Part::Premises;
    let mut premises: Vec<Line<'_>> = Vec::new();
    let mut conclusion: Option<Line<'_>> = None;
    for line in lines(text).filter(|l| !l.text.starts_with(['#', '%'])) {
        let line = match header(line, HEADERS) {
            Some((next, rest)) => {
                part = next;
                rest
            }
            None => line,
        };
        let (line, marked) = unmarked(line);
        if line.text.is_empty() {
            continue;
        }
        if !marked && part == Part::Premises {
            premises.push(line);
        } else if conclusion.is_none() {
            conclusion = Some(line);
        } else {
            draft.skip(line, "there is a conclusion already");
        }
    }
    let conclusion = conclusion.or_else(|| premises.pop());
    for line in premises {
        let (formula, sentence) = line.halves();
        if formula.text.is_empty() {
            draft.skip(line, "it has no formula");
        } else {
            draft.premise(formula, sentence, line.span);
        }
    }
    match conclusion {
        Some(line) => {
            let (formula, sentence) = line.halves();
            draft.conclusion(formula, sentence, line.span);
        }
        None => draft.no_question("write one formula a line; the last one is the conclusion"),
    }
    draft.finish()
}

/// A line without the mark of a conclusion, and whether it had one.
fn unmarked(line: Line<'_>) -> (Line<'_>, bool) {
    for mark in ["∴", "⊢", "⊨", "|-", "|="] {
        if line.text.starts_with(mark) {
            return (line.behind(mark.len()), true);
        }
    }
    (line, false)
}
