//! NLTK's logic, plain and in LINC's generations.

use nsolve_source::{Code, Diagnostic, SourceText};
use nsolve_syntax::fol::Document;

use crate::folio::read_listed;
use crate::formula::NLTK;
use crate::lines::{Draft, Line, lines};

/// Reads formulas in NLTK's syntax, one a line.
///
/// The conclusion is the line behind `Conclusion:`, or the one that begins with
/// `∴`, `⊢` or `|-`; where none is marked, the last line. A sentence may follow
/// a formula behind `:::`. What cannot be read is an error among the
/// diagnostics, and the document holds everything else.
pub fn read_nltk(text: &SourceText) -> (Document, Vec<Diagnostic>) {
    read_listed(text, &NLTK)
}

/// Reads what a model wrote for LINC: pairs of a `TEXT:` and a `FOL:` line. The
/// last pair is the conclusion, also where its formula cannot be read: no
/// premise ever takes its place.
pub fn read_linc(text: &SourceText) -> (Document, Vec<Diagnostic>) {
    let mut draft = Draft::new(text, &NLTK);
    let mut pairs: Vec<Pair<'_>> = Vec::new();
    for line in lines(text) {
        if let Some(sentence) = labelled(line, "text:") {
            pairs.push(Pair {
                sentence: Some(sentence),
                formula: None,
            });
        } else if let Some(formula) = labelled(line, "fol:") {
            match pairs.last_mut() {
                Some(pair) if pair.formula.is_none() => pair.formula = Some(formula),
                _ => pairs.push(Pair {
                    sentence: None,
                    formula: Some(formula),
                }),
            }
        } else {
            draft.skip(line, "it is neither a `TEXT:` nor a `FOL:` line");
        }
    }
    let conclusion = pairs.pop();
    for pair in &pairs {
        match (pair.formula, pair.sentence) {
            (Some(formula), sentence) => {
                draft.premise(formula, sentence.map(|s| s.text), pair.span(formula));
            }
            (None, Some(sentence)) => draft.skip(sentence, "no `FOL:` line follows it"),
            (None, None) => {}
        }
    }
    match conclusion {
        Some(pair) if pair.formula.is_some() => {
            if let Some(formula) = pair.formula {
                draft.conclusion(formula, pair.sentence.map(|s| s.text), pair.span(formula));
            }
        }
        Some(pair) => draft.diagnostics.push(
            Diagnostic::error(Code::NO_QUESTION, "the last sentence has no formula")
                .at(pair.sentence.map(|s| s.span))
                .expecting(["a `FOL:` line"])
                .help("write the conclusion's formula in a `FOL:` line"),
        ),
        None => {
            draft.no_question("write `TEXT:` and `FOL:` lines; the last pair is the conclusion")
        }
    }
    draft.finish()
}

struct Pair<'a> {
    sentence: Option<Line<'a>>,
    formula: Option<Line<'a>>,
}

impl Pair<'_> {
    fn span(&self, formula: Line<'_>) -> nsolve_source::Span {
        self.sentence
            .map_or(formula.span, |s| s.span.to(formula.span))
    }
}

fn labelled<'a>(line: Line<'a>, label: &str) -> Option<Line<'a>> {
    let start = line.text.get(..label.len())?;
    start
        .eq_ignore_ascii_case(label)
        .then(|| line.behind(label.len()))
}
