//! Logic-LM's programs of rules: `Predicates`, `Facts`, `Rules`, `Query`.

use nsolve_il::fol::{Quantifier, Semantics};
use nsolve_source::{Code, Diagnostic, SourceText, Span};
use nsolve_syntax::fol::{BinaryOp, Document, Expr, ExprKind, Ident, ItemKind, Quantified};

use crate::formula::{RULES, is_any, is_variable_like};
use crate::lines::{Draft, Line, header, lines};
use crate::logic_lm::Predicates;

#[derive(Clone, Copy, PartialEq)]
enum Section {
    Predicates,
    Premises,
    Query,
    Other,
}

const HEADERS: &[(&str, Section)] = &[
    ("predicates", Section::Predicates),
    ("predicate", Section::Predicates),
    ("facts", Section::Premises),
    ("fact", Section::Premises),
    ("rules", Section::Premises),
    ("rule", Section::Premises),
    ("premises", Section::Premises),
    ("query", Section::Query),
    ("queries", Section::Query),
    ("conclusion", Section::Query),
    ("answer", Section::Other),
    ("question", Section::Other),
    ("explanation", Section::Other),
    ("note", Section::Other),
];

/// Words for a truth value that is not known, which a query is about.
const UNKNOWN: &[&str] = &["bool", "unknown", "uncertain", "none", "?"];

/// Words for anybody, where a variable belongs.
const ANYTHING: &[&str] = &[
    "something",
    "someone",
    "anything",
    "anyone",
    "everything",
    "everyone",
];

/// Reads a program of rules such as `Cold($x, True) && Big($x, False) >>>
/// Kind($x, True) ::: sentence`.
///
/// A last argument `True` or `False` says whether the atom holds; variables
/// have a `$` and are closed by `for all`. The document asks for the semantics
/// of rules. A fact about nothing but variables (`Cold($x, True)`) is passed
/// over: models write it for a class of things, not to say that everything is
/// cold.
pub fn read_logic_lm_rules(text: &SourceText) -> (Document, Vec<Diagnostic>) {
    let mut reader = Reader {
        draft: Draft::new(text, &RULES),
        predicates: Predicates::default(),
        premises: Vec::new(),
        queries: Vec::new(),
    };
    reader
        .draft
        .push(ItemKind::Semantics(Semantics::Rules), Span::default());
    let mut section = None;
    for line in lines(text) {
        let line = match header(line, HEADERS) {
            Some((next, rest)) => {
                section = Some(next);
                rest
            }
            None => line,
        };
        if !line.text.is_empty() {
            reader.line(section, line);
        }
    }
    reader.finish()
}

struct Reader<'a> {
    draft: Draft<'a>,
    predicates: Predicates,
    premises: Vec<Line<'a>>,
    queries: Vec<Line<'a>>,
}

impl<'a> Reader<'a> {
    fn line(&mut self, section: Option<Section>, line: Line<'a>) {
        let (formula, sentence) = line.halves();
        let empty = formula.text.trim_matches(['-', '.', '(', ')']).is_empty();
        if section == Some(Section::Other) {
            self.draft
                .skip(line, "this section is no part of a program");
        } else if empty || formula.is_prose() || is_remark(formula) {
            self.draft.skip(line, "it is no formula");
        } else if section == Some(Section::Predicates) || section.is_none() && declares(formula) {
            self.predicates
                .declare(&mut self.draft, formula, sentence, line.span);
        } else if section == Some(Section::Query) {
            self.queries.push(line);
        } else {
            self.premises.push(line);
        }
    }

    fn finish(mut self) -> (Document, Vec<Diagnostic>) {
        if self.queries.is_empty() {
            self.supply_query();
        }
        for line in std::mem::take(&mut self.premises) {
            self.premise(line);
        }
        let mut queries = std::mem::take(&mut self.queries).into_iter();
        match queries.next() {
            Some(query) => self.query(query),
            None => self
                .draft
                .no_question("write a section `Query:` with one atom"),
        }
        for line in queries {
            self.draft.skip(line, "there is a query already");
        }
        self.draft.finish()
    }

    /// Where no query is marked, a fact behind the rules is one: facts stand
    /// before them.
    fn supply_query(&mut self) {
        let is_rule = |l: &Line<'_>| l.halves().0.text.contains(">>>");
        let [.., before, last] = self.premises.as_slice() else {
            return;
        };
        if !is_rule(before) || is_rule(last) || last.text.contains('$') {
            return;
        }
        let Some(last) = self.premises.pop() else {
            return;
        };
        self.draft.diagnostics.push(
            Diagnostic::warning(
                Code::SUPPLIED_QUERY,
                "no section `Query:`; the fact behind the last rule was read as the query",
            )
            .at(last.span)
            .help("write `Query:` before it"),
        );
        self.queries.push(last);
    }

    fn premise(&mut self, line: Line<'a>) {
        let (formula, sentence) = line.halves();
        let Some(read) = self.formula(formula) else {
            self.draft.count_premise();
            return;
        };
        let read = self.agreed(read, sentence);
        let is_fact = !matches!(
            read.kind,
            ExprKind::Binary(BinaryOp::Implies | BinaryOp::Iff, ..)
        );
        if is_fact && is_about_variables(&read) {
            self.draft.diagnostics.push(
                Diagnostic::warning(
                    Code::VARIABLE_FACT,
                    "a fact about nothing but variables says that everything is so; passed over",
                )
                .at(formula.span)
                .help("name the thing, or write a rule with `>>>`"),
            );
            self.draft.count_premise();
            return;
        }
        self.draft.push_premise(close(read), sentence, line.span);
    }

    fn query(&mut self, line: Line<'a>) {
        let (formula, sentence) = line.halves();
        let Some(read) = self.formula(formula) else {
            return;
        };
        if let ExprKind::Truth(_) = read.kind {
            self.draft.diagnostics.push(
                Diagnostic::error(
                    Code::NO_QUESTION,
                    "the query is a truth value, and asks nothing",
                )
                .at(formula.span)
                .expecting(["an atom"])
                .help("write the statement that is asked about"),
            );
            return;
        }
        let read = self.agreed(read, sentence);
        self.draft.push_conclusion(close(read), sentence, line.span);
    }

    fn formula(&mut self, line: Line<'a>) -> Option<Expr> {
        let line = self.without_verdict(line);
        let read = self.draft.read(line)?;
        let mut fold = Fold {
            predicates: &self.predicates,
            diagnostics: &mut self.draft.diagnostics,
            rule: line.text.contains(">>>"),
        };
        Some(fold.formula(read))
    }

    /// `Likes(cat, dog, True) ::: The cat does not like the dog.` denies what it
    /// states. The sentence is what was given, so it counts.
    fn agreed(&mut self, read: Expr, sentence: Option<&str>) -> Expr {
        let atom = matches!(read.kind, ExprKind::Apply(..) | ExprKind::Name(_));
        if !atom || !sentence.is_some_and(denies) {
            return read;
        }
        let span = read.span;
        self.draft.diagnostics.push(
            Diagnostic::warning(
                Code::TRUTH_VALUE,
                "the sentence says that it is not so; the truth value was read as `False`",
            )
            .at(span)
            .expecting(["`False`"])
            .help("write `False` as the last argument"),
        );
        read.negated()
    }

    /// `Likes(cat, dog) (False)` has the model's own answer behind it.
    fn without_verdict(&mut self, line: Line<'a>) -> Line<'a> {
        let Some((before, verdict)) = line.text.rsplit_once('(') else {
            return line;
        };
        let word = verdict.trim_end_matches(['.', ')']).trim();
        let called = before.ends_with(|c: char| !c.is_whitespace() && c != ')');
        if called
            || before.trim().is_empty()
            || !is_any(word, &["true", "false", "unknown", "uncertain"])
        {
            return line;
        }
        let end = line.span.start as usize + before.trim_end().len();
        let span = Span::new(end, line.span.end as usize);
        self.draft.diagnostics.push(
            Diagnostic::warning(
                Code::TRAILING_TEXT,
                format!("`({word})` behind the formula was passed over"),
            )
            .at(span)
            .fix(span, ""),
        );
        Line {
            text: before.trim_end(),
            span: Span::new(line.span.start as usize, end),
        }
    }
}

/// `Answer: True.` and other labels inside a section.
fn is_remark(line: Line<'_>) -> bool {
    let label = line.text.split_once(':').map_or(line.text, |(l, _)| l);
    is_any(
        label.trim(),
        &["answer", "none", "n/a", "explanation", "note", "reasoning"],
    )
}

/// Whether a sentence is one denial: `The cat does not like the dog.`
fn denies(sentence: &str) -> bool {
    // A verdict behind the sentence is the model's own: `.. (True)`.
    let sentence = sentence.split('(').next().unwrap_or("").trim();
    let one = sentence.trim_end_matches('.');
    if one.contains(['.', '?', ':']) {
        return false;
    }
    let denials = one
        .split_whitespace()
        .filter(|w| is_any(w, &["not", "cannot"]) || w.ends_with("n't"))
        .count();
    denials == 1
}

/// Whether a line outside of all sections declares a predicate.
fn declares(line: Line<'_>) -> bool {
    let arguments = line.text.split_once('(').map_or("", |(_, a)| a);
    let last = arguments
        .trim_end_matches(')')
        .rsplit(',')
        .next()
        .unwrap_or("");
    is_any(last.trim(), &["bool"]) && !line.text.contains(">>>")
}

/// Turns truth values into negations, and words for anybody into variables.
struct Fold<'a> {
    predicates: &'a Predicates,
    diagnostics: &'a mut Vec<Diagnostic>,
    rule: bool,
}

impl Fold<'_> {
    fn formula(&mut self, e: Expr) -> Expr {
        let span = e.span;
        let kind = match e.kind {
            ExprKind::Apply(name, parts) => return self.atom(name, parts, span),
            ExprKind::Unary(op, inner) => ExprKind::Unary(op, Box::new(self.formula(*inner))),
            ExprKind::Nary(op, parts) => {
                ExprKind::Nary(op, parts.into_iter().map(|p| self.formula(p)).collect())
            }
            ExprKind::Binary(BinaryOp::Equal, atom, value) => match value.kind {
                ExprKind::Truth(value) => {
                    let note = "`= True` or `= False` behind an atom was read as its truth value";
                    self.remark(note, span);
                    return signed(self.formula(*atom), value);
                }
                _ => ExprKind::Binary(BinaryOp::Equal, atom, value),
            },
            ExprKind::Binary(op, a, b) => {
                ExprKind::Binary(op, Box::new(self.formula(*a)), Box::new(self.formula(*b)))
            }
            ExprKind::Quantified(mut q) => {
                q.body = self.formula(q.body);
                ExprKind::Quantified(q)
            }
            other => other,
        };
        Expr::new(kind, span)
    }

    fn atom(&mut self, mut name: Ident, mut parts: Vec<Expr>, span: Span) -> Expr {
        let count = parts.len();
        if let Some(declared) = self.predicates.capitalised(&name.name) {
            let written = std::mem::replace(&mut name.name, declared);
            self.diagnostics.push(
                Diagnostic::note(
                    Code::FOREIGN_SPELLING,
                    format!("`{written}` is declared as `{}`", name.name),
                )
                .at(name.span)
                .fix(name.span, name.name.clone()),
            );
        }
        let signature = self.predicates.get(&name.name);
        let wanted = signature.is_some_and(|s| s.truth_value);
        let fits = signature.is_none_or(|s| s.arity + 1 == count);
        let value = match parts.last().map(|p| &p.kind) {
            Some(ExprKind::Truth(value)) => Some(*value),
            Some(ExprKind::Name(word)) if fits && is_any(word, UNKNOWN) => {
                self.remark(&format!("`{word}` is no truth value; read as `True`"), span);
                Some(true)
            }
            Some(_) if wanted && fits => {
                self.doubt("the last argument is no truth value; read as `True`", span);
                Some(true)
            }
            Some(_) if wanted => {
                self.remark("the truth value is missing; read as `True`", span);
                None
            }
            _ => None,
        };
        if value.is_some() {
            parts.pop();
        }
        let parts: Vec<_> = parts.into_iter().map(|p| self.term(p)).collect();
        let kind = if parts.is_empty() {
            ExprKind::Name(name.name)
        } else {
            ExprKind::Apply(name, parts)
        };
        signed(Expr::new(kind, span), value.unwrap_or(true))
    }

    fn term(&mut self, e: Expr) -> Expr {
        match e.kind {
            ExprKind::Name(name) if is_anybody(&name, self.rule) => {
                self.diagnostics.push(
                    Diagnostic::note(
                        Code::FOREIGN_SPELLING,
                        format!("`{name}` was read as the variable `${name}`"),
                    )
                    .at(e.span)
                    .fix(e.span, format!("${name}")),
                );
                Expr::new(ExprKind::Variable(name), e.span)
            }
            _ => e,
        }
    }

    fn remark(&mut self, message: &str, span: Span) {
        self.diagnostics
            .push(Diagnostic::note(Code::TRUTH_VALUE, message).at(span));
    }

    fn doubt(&mut self, message: &str, span: Span) {
        self.diagnostics.push(
            Diagnostic::warning(Code::TRUTH_VALUE, message)
                .at(span)
                .expecting(["`True`", "`False`"])
                .help("write `True` or `False` as the last argument"),
        );
    }
}

fn is_anybody(name: &str, rule: bool) -> bool {
    let letter = name.starts_with(|c: char| matches!(c, 'u'..='z'));
    letter && is_variable_like(name) || rule && is_any(name, ANYTHING)
}

fn signed(e: Expr, holds: bool) -> Expr {
    if holds { e } else { e.negated() }
}

/// Whether all arguments are variables, and there is one.
fn is_about_variables(e: &Expr) -> bool {
    let (variables, others) = count_terms(e);
    variables > 0 && others == 0
}

/// How many arguments of atoms are variables, and how many are not.
fn count_terms(e: &Expr) -> (usize, usize) {
    let sum = |parts: &[Expr]| {
        parts
            .iter()
            .map(count_terms)
            .fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
    };
    match &e.kind {
        ExprKind::Variable(_) => (1, 0),
        ExprKind::Apply(_, parts) => parts.iter().fold((0, 0), |(v, o), p| match p.kind {
            ExprKind::Variable(_) => (v + 1, o),
            _ => (v, o + 1),
        }),
        ExprKind::Unary(_, inner) => count_terms(inner),
        ExprKind::Nary(_, parts) => sum(parts),
        ExprKind::Binary(_, a, b) => {
            let (a, b) = (count_terms(a), count_terms(b));
            (a.0 + b.0, a.1 + b.1)
        }
        ExprKind::Quantified(q) => count_terms(&q.body),
        _ => (0, 0),
    }
}

/// The formula with its variables bound, as the format means it.
pub(crate) fn close(e: Expr) -> Expr {
    let mut found = Vec::new();
    free_variables(&e, &mut Vec::new(), &mut found);
    if found.is_empty() {
        return e;
    }
    let span = e.span;
    let variables = found
        .into_iter()
        .map(|name| (Ident { name, span }, None))
        .collect();
    let quantified = Quantified {
        quantifier: Quantifier::Forall,
        variables,
        body: e,
    };
    Expr::new(ExprKind::Quantified(Box::new(quantified)), span)
}

fn free_variables<'a>(e: &'a Expr, bound: &mut Vec<&'a str>, found: &mut Vec<String>) {
    match &e.kind {
        ExprKind::Variable(name) => {
            if !bound.contains(&name.as_str()) && !found.contains(name) {
                found.push(name.clone());
            }
        }
        ExprKind::Apply(_, parts) | ExprKind::Nary(_, parts) | ExprKind::Arithmetic(_, parts) => {
            for part in parts {
                free_variables(part, bound, found);
            }
        }
        ExprKind::Unary(_, inner) => free_variables(inner, bound, found),
        ExprKind::Binary(_, a, b) => {
            free_variables(a, bound, found);
            free_variables(b, bound, found);
        }
        ExprKind::Quantified(q) => {
            let before = bound.len();
            bound.extend(q.variables.iter().map(|(v, _)| v.name.as_str()));
            free_variables(&q.body, bound, found);
            bound.truncate(before);
        }
        ExprKind::Name(_) | ExprKind::Number(_) | ExprKind::Truth(_) => {}
    }
}
