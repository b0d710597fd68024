//! Programs of Logic-LM: sections, and sentences behind `:::`.

use nsolve_source::{Code, Diagnostic, SourceText, Span};
use nsolve_syntax::fol::{Declaration, Document, Ident, ItemKind, SortSpec};

use crate::formula::FOLIO;
use crate::lines::{Draft, Line, header, lines};
use crate::logic_lm_csp::{is_csp, read_logic_lm_csp};
use crate::logic_lm_rules::read_logic_lm_rules;
use crate::logic_lm_z3::{is_z3_program, read_logic_lm_z3};

/// Reads a program of Logic-LM: a constraint problem, a program for Z3, rules or
/// first-order formulas, whichever it is.
pub fn read_logic_lm(text: &SourceText) -> (Document, Vec<Diagnostic>) {
    if is_csp(text.text()) {
        read_logic_lm_csp(text)
    } else if is_z3_program(text.text()) {
        read_logic_lm_z3(text)
    } else if is_rules(text.text()) {
        read_logic_lm_rules(text)
    } else {
        read_logic_lm_fol(text)
    }
}

/// Whether a program is one of rules: it has their arrow, their truth values or
/// their sections.
fn is_rules(text: &str) -> bool {
    text.contains(">>>")
        || text.contains("bool)")
        || text.lines().any(|l| {
            let l = l.trim();
            l.eq_ignore_ascii_case("facts:") || l.eq_ignore_ascii_case("query:")
        })
}

#[derive(Clone, Copy, PartialEq)]
enum Section {
    Predicates,
    Premises,
    Conclusion,
    Other,
}

const HEADERS: &[(&str, Section)] = &[
    ("predicates", Section::Predicates),
    ("predicate", Section::Predicates),
    ("premises", Section::Premises),
    ("premise", Section::Premises),
    ("facts", Section::Premises),
    ("rules", Section::Premises),
    ("first-order-logic premises", Section::Premises),
    ("conclusion", Section::Conclusion),
    ("conclusions", Section::Conclusion),
    ("query", Section::Conclusion),
    ("first-order-logic conclusion", Section::Conclusion),
    ("answer", Section::Other),
    ("question", Section::Other),
    ("explanation", Section::Other),
    ("note", Section::Other),
];

/// Reads a program of first-order formulas: `Predicates:`, `Premises:` and
/// `Conclusion:`, each line `formula ::: sentence`.
///
/// Predicates declare a number of arguments and a meaning. The first formula of
/// the conclusion counts.
pub fn read_logic_lm_fol(text: &SourceText) -> (Document, Vec<Diagnostic>) {
    let mut draft = Draft::new(text, &FOLIO);
    let mut predicates = Predicates::default();
    let mut section = Section::Premises;
    let mut asked = false;
    for line in lines(text) {
        let line = match header(line, HEADERS) {
            Some((next, rest)) => {
                section = next;
                rest
            }
            None => line,
        };
        let (formula, sentence) = line.halves();
        if line.text.is_empty() {
            continue;
        }
        match section {
            Section::Other => draft.skip(line, "this section is no part of a program"),
            Section::Predicates => predicates.declare(&mut draft, formula, sentence, line.span),
            _ if formula.is_prose() || formula.text.is_empty() => {
                draft.skip(line, "it is no formula")
            }
            Section::Premises => draft.premise(formula, sentence, line.span),
            Section::Conclusion if asked => draft.skip(line, "there is a conclusion already"),
            Section::Conclusion => {
                asked = true;
                draft.conclusion(formula, sentence, line.span);
            }
        }
    }
    if !asked {
        draft.no_question("write a section `Conclusion:` with one formula");
    }
    draft.finish()
}

/// What the section of predicates declares.
#[derive(Default)]
pub(crate) struct Predicates {
    declared: rustc_hash::FxHashMap<String, Signature>,
}

/// How a predicate is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signature {
    /// Arguments, the truth value not counted.
    pub(crate) arity: usize,
    /// Whether a truth value stands behind the arguments.
    pub(crate) truth_value: bool,
}

impl Predicates {
    pub(crate) fn get(&self, name: &str) -> Option<Signature> {
        self.declared.get(name).copied()
    }

    /// The declared name that differs only by its first letter's case, if the
    /// name itself is not declared.
    pub(crate) fn capitalised(&self, name: &str) -> Option<String> {
        let mut chars = name.chars();
        let first = chars.next()?.to_ascii_uppercase();
        let capital = format!("{first}{}", chars.as_str());
        (!self.declared.contains_key(name) && self.declared.contains_key(&capital))
            .then_some(capital)
    }

    /// Declares what a line such as `Likes($x, $y, bool) ::: meaning` says.
    pub(crate) fn declare(
        &mut self,
        draft: &mut Draft<'_>,
        line: Line<'_>,
        meaning: Option<&str>,
        span: Span,
    ) {
        let Some((name, arguments)) = line.text.split_once('(') else {
            draft.skip(line, "a predicate is declared with its arguments");
            return;
        };
        let words: Vec<&str> = name.split_whitespace().collect();
        let name_span = Span::new(
            line.span.start as usize,
            line.span.start as usize + name.trim_end().len(),
        );
        let name = words.join(" ");
        let arguments = arguments.trim_end().trim_end_matches(')');
        let mut sorts: Vec<&str> = arguments
            .split(',')
            .map(str::trim)
            .filter(|a| !a.is_empty())
            .collect();
        let truth_value = sorts.last().is_some_and(|s| s.eq_ignore_ascii_case("bool"));
        if truth_value {
            sorts.pop();
        }
        let signature = Signature {
            arity: sorts.len(),
            truth_value,
        };
        if name.is_empty() || sorts.len() > 100 {
            draft.skip(line, "it declares no predicate");
            return;
        }
        match self.declared.insert(name.clone(), signature) {
            Some(before) if before == signature => {
                draft.diagnostics.push(
                    Diagnostic::note(
                        Code::DUPLICATE_DECLARATION,
                        format!("`{name}` is declared twice"),
                    )
                    .at(span)
                    .fix(span, ""),
                );
                return;
            }
            _ => {}
        }
        let declaration = Declaration::Symbol {
            name: Ident {
                name,
                span: name_span,
            },
            arguments: vec![SortSpec::Open(line.span); sorts.len()],
            result: None,
            meaning: meaning.map(str::to_owned),
        };
        draft.push(ItemKind::Declaration(declaration), span);
    }
}
