//! Writes the input of Prover9.

use std::fmt::Write as _;

use nsolve_il::fol::{Features, Problem, Quantifier, Question, SortKind, Term, TermId};

use crate::FormatError;
use crate::formula::is_any;
use crate::names::{Names, Scope, check_supported, comment, pairs};

/// Words that Prover9 has for itself.
const RESERVED: [&str; 14] = [
    "all",
    "assign",
    "clear",
    "end_if",
    "end_of_list",
    "exists",
    "formulas",
    "if",
    "include",
    "lex",
    "list",
    "op",
    "set",
    "weights",
];

/// Words that are names to Prover9, and more than that to a tolerant reader,
/// such as ours, in whatever case.
const WORDS: [&str; 24] = [
    "all",
    "and",
    "each",
    "every",
    "exist",
    "exists",
    "false",
    "for",
    "forall",
    "if",
    "iff",
    "implies",
    "is",
    "nexists",
    "no",
    "not",
    "or",
    "some",
    "then",
    "there",
    "thereexists",
    "true",
    "when",
    "xor",
];

/// Writes a problem with one sort and no numbers as input of Prover9: premises
/// as assumptions, the conclusion as the goal.
///
/// # Errors
/// [`FormatError::Unsupported`] for several sorts, numbers, counting
/// quantifiers, options, and rule semantics.
pub fn write_prover9(problem: &Problem) -> Result<String, FormatError> {
    let supported = Features::ENUMERATED | Features::FUNCTIONS | Features::EQUALITY;
    check_supported(problem, "Prover9", supported, true)?;
    for sort in problem.signature.sorts() {
        if matches!(&sort.kind, SortKind::Enumerated(e) if e.len() > 200) {
            return Err(FormatError::Unsupported {
                format: "Prover9",
                features: vec![format!("`{}`: more than 200 elements", sort.name)],
            });
        }
    }
    let mut writer = Writer {
        problem,
        names: Names::new(problem, &RESERVED, clean, clean_symbol),
        scope: Scope::default(),
        out: String::new(),
    };
    writer.problem();
    Ok(writer.out)
}

struct Writer<'a> {
    problem: &'a Problem,
    names: Names,
    scope: Scope,
    out: String,
}

impl Writer<'_> {
    fn problem(&mut self) {
        let problem = self.problem;
        self.out.push_str("formulas(assumptions).\n");
        let before = self.out.len();
        self.enumerations();
        for premise in &problem.premises {
            self.statement(premise.formula, Some(&premise.name), &premise.sentence);
        }
        if self.out.len() == before && matches!(problem.question, Question::Model) {
            // A text with nothing in it is no problem.
            self.out.push_str("$T.\n");
        }
        self.out.push_str("end_of_list.\n");
        if let Question::Conclusion(c) = &problem.question {
            self.out.push_str("\nformulas(goals).\n");
            self.statement(c.formula, None, &c.sentence);
            self.out.push_str("end_of_list.\n");
        }
    }

    fn statement(
        &mut self,
        formula: TermId,
        name: Option<&str>,
        sentence: &Option<std::sync::Arc<str>>,
    ) {
        if let Some(sentence) = sentence {
            // Prover9 ends a comment `%` at the line's end, but reads `%%` and
            // `%BEGIN` blocks.
            let _ = writeln!(self.out, "% {}", comment(sentence));
        }
        let formula = self.formula(formula);
        match name {
            Some(name) => {
                let label = clean(name);
                let _ = writeln!(self.out, "{formula} # label({label}).");
            }
            None => {
                let _ = writeln!(self.out, "{formula}.");
            }
        }
    }

    fn enumerations(&mut self) {
        let signature = &self.problem.signature;
        for id in signature.sort_ids() {
            let Some(elements) = signature.elements(id) else {
                continue;
            };
            let names: Vec<_> = elements.iter().map(|&e| self.names.symbol(e)).collect();
            let cases: Vec<_> = names.iter().map(|n| format!("x = {n}")).collect();
            let mut lines = vec![format!("all x ({}).", cases.join(" | "))];
            for (i, a) in names.iter().enumerate() {
                let later = names.get(i + 1..).unwrap_or_default();
                lines.extend(later.iter().map(|b| format!("{a} != {b}.")));
            }
            for line in lines {
                let _ = writeln!(self.out, "{line}");
            }
        }
    }

    /// A formula, in brackets wherever a connective could bind otherwise.
    fn formula(&mut self, id: TermId) -> String {
        match self.problem.terms.get(id) {
            Term::Bool(true) => "$T".into(),
            Term::Bool(false) => "$F".into(),
            Term::Not(inner) => match self.problem.terms.get(*inner) {
                Term::Equal(a, b) => self.infix("!=", *a, *b),
                _ => format!("-{}", self.formula(*inner)),
            },
            Term::And(ts) => self.joined(ts, " & "),
            Term::Or(ts) => self.joined(ts, " | "),
            // Prover9 has no exclusive or.
            Term::Xor(a, b) => format!("-{}", self.joined(&[*a, *b], " <-> ")),
            Term::Implies(a, b) => self.joined(&[*a, *b], " -> "),
            Term::Iff(a, b) => self.joined(&[*a, *b], " <-> "),
            Term::Equal(a, b) => self.infix("=", *a, *b),
            Term::Distinct(ts) => {
                let parts: Vec<_> = pairs(ts).map(|(a, b)| self.infix("!=", a, b)).collect();
                match parts.as_slice() {
                    [one] => one.clone(),
                    many => format!("({})", many.join(" & ")),
                }
            }
            Term::Quantified(quantifier, variables, body) => {
                let word = match quantifier {
                    Quantifier::Forall => "all",
                    _ => "exists",
                };
                let mut out = String::from("(");
                for &variable in variables {
                    let base = clean_variable(&self.problem.terms.variable(variable).name);
                    let name = self.scope.bind(variable, base, &self.names.table);
                    let _ = write!(out, "{word} {name} ");
                }
                let inner = self.formula(*body);
                // A bare word would be taken for one more variable.
                if inner.starts_with(|c: char| c.is_ascii_alphabetic()) && !inner.contains('(') {
                    let _ = write!(out, "({inner})");
                } else {
                    out.push_str(&inner);
                }
                out.push(')');
                self.scope.release(variables.len());
                out
            }
            Term::Apply(..) => self.term(id),
            // What is left are numbers, which are refused before.
            _ => String::new(),
        }
    }

    fn joined(&mut self, ts: &[TermId], sign: &str) -> String {
        let parts: Vec<_> = ts.iter().map(|&t| self.formula(t)).collect();
        format!("({})", parts.join(sign))
    }

    fn infix(&mut self, sign: &str, a: TermId, b: TermId) -> String {
        format!("({} {sign} {})", self.term(a), self.term(b))
    }

    fn term(&mut self, id: TermId) -> String {
        match self.problem.terms.get(id) {
            Term::Var(v) => self.scope.name(*v).to_owned(),
            Term::Apply(symbol, arguments) => {
                let parts: Vec<_> = arguments.iter().map(|&t| self.term(t)).collect();
                let name = self.names.symbol(*symbol);
                match parts.is_empty() {
                    true => name.to_owned(),
                    false => format!("{name}({})", parts.join(",")),
                }
            }
            _ => String::new(),
        }
    }
}

/// A word of letters, digits and `_` that starts with a letter.
fn clean(name: &str) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let mut out: String = name.chars().map(keep).collect();
    if !out.starts_with(|c: char| c.is_ascii_alphabetic()) || is_any(&out, &WORDS) {
        out.insert_str(0, "c_");
    }
    out
}

/// The same, but no constant looks like a variable: those start with `u` to
/// `z`.
fn clean_symbol(name: &str, without_arguments: bool) -> String {
    let out = clean(name);
    match without_arguments && out.starts_with(|c: char| ('u'..='z').contains(&c)) {
        true => format!("c_{out}"),
        false => out,
    }
}

fn clean_variable(name: &str) -> String {
    let out = clean(name);
    match out.starts_with(|c: char| ('u'..='z').contains(&c)) {
        true => out,
        false => format!("x_{out}"),
    }
}
