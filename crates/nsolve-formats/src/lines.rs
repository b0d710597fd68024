//! What the line-based formats share: lines with places, headers, sentences
//! behind `:::`, and statements made of them.

use nsolve_source::{Code, Diagnostic, SourceText, Span};
use nsolve_syntax::fol::{Document, Expr, Ident, Item, ItemKind, Statement};

use crate::formula::{Dialect, is_any, read_formula};

/// A line that is not empty, trimmed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    pub(crate) text: &'a str,
    pub(crate) span: Span,
}

impl<'a> Line<'a> {
    /// What stands behind the first `bytes` bytes, trimmed.
    pub(crate) fn behind(self, bytes: usize) -> Line<'a> {
        let rest = self.text.get(bytes..).unwrap_or("");
        Line::at(rest, self.span.start as usize + bytes)
    }

    fn at(text: &'a str, start: usize) -> Line<'a> {
        let left = text.len() - text.trim_start().len();
        let text = text.trim();
        let start = start + left;
        Line {
            text,
            span: Span::new(start, start + text.len()),
        }
    }

    /// The formula and the sentence behind `:::`.
    pub(crate) fn halves(self) -> (Line<'a>, Option<&'a str>) {
        let Some(at) = self.text.find(":::") else {
            return (self, None);
        };
        let formula = Line::at(self.text.get(..at).unwrap_or(""), self.span.start as usize);
        let sentence = self.behind(at + 3).text;
        (formula, (!sentence.is_empty()).then_some(sentence))
    }

    /// Whether it is a sentence in words rather than a formula: three words or
    /// more and no sign that a formula needs.
    pub(crate) fn is_prose(self) -> bool {
        let signs = |c: char| {
            !(c.is_alphanumeric() || c.is_whitespace() || ",.;:?!'’\"“”-–_%$".contains(c))
        };
        !self.text.contains(signs)
            && self.text.split_whitespace().count() > 2
            && !self.text.contains("->")
    }
}

/// All lines that are not empty. Fences of Markdown are not lines.
pub(crate) fn lines(text: &SourceText) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    text.text().split('\n').filter_map(move |raw| {
        let line = Line::at(raw, start);
        start += raw.len() + 1;
        (!line.text.is_empty() && !line.text.starts_with("```")).then_some(line)
    })
}

/// The header that a line is or starts with, and what stands behind it on the
/// same line: `Query:`, `**Rules**:`, `## Facts`.
pub(crate) fn header<'a, H: Copy>(line: Line<'a>, headers: &[(&str, H)]) -> Option<(H, Line<'a>)> {
    let marks = |c: char| matches!(c, '#' | '*' | '_') || c.is_whitespace();
    let colon = line
        .text
        .match_indices(':')
        .map(|(i, _)| i)
        .next()
        .filter(|&i| !line.text.get(i..).unwrap_or("").starts_with(":::"));
    let (word, rest) = match colon {
        Some(at) => (line.text.get(..at)?, line.behind(at + 1)),
        None => (line.text, line.behind(line.text.len())),
    };
    let bare = word.trim_matches(marks);
    if colon.is_none() && bare == word && !word.eq_ignore_ascii_case("query") {
        return None;
    }
    let (_, found) = headers.iter().find(|(name, _)| is_any(bare, &[name]))?;
    let left = rest.text.len() - rest.text.trim_start_matches(marks).len();
    let only_marks = left == rest.text.len();
    Some((*found, if only_marks { rest.behind(left) } else { rest }))
}

/// What a line-based reader has so far.
pub(crate) struct Draft<'a> {
    pub(crate) text: &'a SourceText,
    dialect: &'a Dialect,
    pub(crate) document: Document,
    pub(crate) diagnostics: Vec<Diagnostic>,
    premises: usize,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(text: &'a SourceText, dialect: &'a Dialect) -> Self {
        Draft {
            text,
            dialect,
            document: Document::default(),
            diagnostics: Vec::new(),
            premises: 0,
        }
    }

    /// Reads a formula; its faults go to the diagnostics.
    pub(crate) fn read(&mut self, formula: Line<'_>) -> Option<Expr> {
        read_formula(
            self.text.text(),
            formula.span,
            self.dialect,
            &mut self.diagnostics,
        )
    }

    /// Reads a formula as a premise. Premises are named in order, `p1` first,
    /// whether they can be read or not.
    pub(crate) fn premise(&mut self, formula: Line<'_>, sentence: Option<&str>, span: Span) {
        match self.read(formula) {
            Some(formula) => self.push_premise(formula, sentence, span),
            None => self.count_premise(),
        }
    }

    /// Leaves out the next premise's name.
    pub(crate) fn count_premise(&mut self) {
        self.premises += 1;
    }

    pub(crate) fn push_premise(&mut self, formula: Expr, sentence: Option<&str>, span: Span) {
        self.premises += 1;
        let name = Ident {
            name: format!("p{}", self.premises),
            span: Span::new(span.start as usize, span.start as usize),
        };
        let statement = Statement {
            name: Some(name),
            sentence: sentence.map(str::to_owned),
            formula,
        };
        self.push(ItemKind::Premise(statement), span);
    }

    /// Reads a formula as the conclusion.
    pub(crate) fn conclusion(&mut self, formula: Line<'_>, sentence: Option<&str>, span: Span) {
        if let Some(formula) = self.read(formula) {
            self.push_conclusion(formula, sentence, span);
        }
    }

    pub(crate) fn push_conclusion(&mut self, formula: Expr, sentence: Option<&str>, span: Span) {
        let statement = Statement {
            name: None,
            sentence: sentence.map(str::to_owned),
            formula,
        };
        self.push(ItemKind::Conclusion(statement), span);
    }

    pub(crate) fn push(&mut self, kind: ItemKind, span: Span) {
        self.document.items.push(Item { kind, span });
    }

    /// Passes over a line that is no formula.
    pub(crate) fn skip(&mut self, line: Line<'_>, why: &str) {
        let shown: String = line.text.chars().take(60).collect();
        self.diagnostics.push(
            Diagnostic::warning(
                Code::ITEM_SKIPPED,
                format!("`{shown}` was passed over: {why}"),
            )
            .at(line.span)
            .help("write it as a formula, or remove it"),
        );
    }

    /// Says that nothing is asked.
    pub(crate) fn no_question(&mut self, help: &str) {
        let end = self.text.text().len();
        let fault = if self.document.items.is_empty() && self.diagnostics.is_empty() {
            Diagnostic::error(Code::NO_PROBLEM, "no formula was found in the text")
        } else {
            Diagnostic::error(Code::NO_QUESTION, "the text has no conclusion")
        };
        self.diagnostics.push(
            fault
                .at(Span::new(end, end))
                .expecting(["a conclusion"])
                .help(help),
        );
    }

    /// The document, and the diagnostics in the order of the text.
    pub(crate) fn finish(mut self) -> (Document, Vec<Diagnostic>) {
        self.diagnostics
            .sort_by_key(|d| d.span.map_or(0, |s| s.start));
        (self.document, self.diagnostics)
    }
}
