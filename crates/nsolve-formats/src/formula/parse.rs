use nsolve_source::{Code, Diagnostic, Span};
use nsolve_syntax::fol::{Expr, ExprKind, UnaryOp};
use rustc_hash::{FxHashMap, FxHashSet};

use super::brackets::{Levels, balance};
use super::dialect::Dialect;
use super::heads::{Head, head, is_any};
use super::lex::lex;
use super::token::{Operator, Token, TokenKind};
use crate::limits::{MAX_DEPTH, Read, fault, too_deep};

/// How tightly operators bind, loosest first.
pub(super) mod power {
    pub(in super::super) const ANY: u8 = 0;
    pub(in super::super) const IFF: u8 = 1;
    pub(in super::super) const IMPLIES: u8 = 2;
    pub(in super::super) const XOR: u8 = 3;
    pub(in super::super) const OR: u8 = 4;
    pub(in super::super) const AND: u8 = 5;
    pub(in super::super) const RELATION: u8 = 6;
    pub(in super::super) const SUM: u8 = 7;
    pub(in super::super) const PRODUCT: u8 = 8;
}

/// A part of the tree, with what the tree does not show.
pub(super) struct Node {
    pub(super) expr: Expr,
    /// How deep it is.
    pub(super) height: usize,
    /// The connective on top, unless brackets are around it.
    pub(super) top: Option<Operator>,
    /// Where it stands with the brackets around it.
    pub(super) outer: Span,
}

/// One occurrence of a word, for the scope of quantifiers.
struct Occurrence {
    token: usize,
    binds: bool,
}

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: Vec<Token>,
    pub(super) at: usize,
    pub(super) levels: Levels,
    pub(super) dialect: &'a Dialect,
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
    /// Whether the arguments of an atom are being read.
    pub(super) in_arguments: bool,
    /// How many quantifiers around bind a name.
    pub(super) bound: FxHashMap<&'a str, usize>,
    occurrences: FxHashMap<&'a str, Vec<Occurrence>>,
    pub(super) depth: usize,
    /// Spellings that were remarked on already.
    remarked: FxHashSet<&'a str>,
    end: Span,
}

pub(super) fn parse(
    text: &str,
    span: Span,
    dialect: &Dialect,
    diagnostics: &mut Vec<Diagnostic>,
) -> Read<Expr> {
    let mut tokens = lex(text, span)?;
    drop_final_dots(&mut tokens, dialect, diagnostics);
    let mut prefix = skip_if(text, &tokens);
    while let Some(head) = head(text, &tokens, prefix).filter(|h| !h.call) {
        prefix = head.body;
    }
    let tokens = balance(tokens, prefix, diagnostics);
    let levels = Levels::of(&tokens);
    let mut parser = Parser {
        text,
        occurrences: occurrences(text, &tokens),
        levels,
        tokens,
        at: 0,
        dialect,
        diagnostics,
        in_arguments: false,
        bound: FxHashMap::default(),
        depth: 0,
        remarked: FxHashSet::default(),
        end: Span::new(span.end as usize, span.end as usize),
    };
    parser.skip_leading_if();
    let node = parser.list_of_formulas()?;
    parser.trailing(&node)?;
    Ok(node.expr)
}

fn drop_final_dots(tokens: &mut Vec<Token>, dialect: &Dialect, out: &mut Vec<Diagnostic>) {
    while let Some(token) = tokens.pop_if(|t| matches!(t.kind, TokenKind::Dot)) {
        let message = format!("formulas of {} end without a dot", dialect.name);
        out.push(
            Diagnostic::note(Code::TRAILING_TEXT, message)
                .at(token.span)
                .fix(token.span, ""),
        );
    }
}

fn skip_if(text: &str, tokens: &[Token]) -> usize {
    let word = tokens.first().and_then(|t| text.get(t.span.range()));
    let called = tokens.get(1).is_some_and(Token::is_open);
    usize::from(!called && word.is_some_and(|w| w.eq_ignore_ascii_case("if")))
}

fn occurrences<'a>(text: &'a str, tokens: &[Token]) -> FxHashMap<&'a str, Vec<Occurrence>> {
    let mut binding = FxHashSet::default();
    let mut at = 0;
    while at < tokens.len() {
        match head(text, tokens, at) {
            Some(head) => {
                at = head.variables.last().map_or(at, |&v| v) + 1;
                binding.extend(head.variables);
            }
            None => at += 1,
        }
    }
    if binding.is_empty() {
        return FxHashMap::default();
    }
    let mut found: FxHashMap<&str, Vec<Occurrence>> = FxHashMap::default();
    for (i, token) in tokens.iter().enumerate() {
        if matches!(token.kind, TokenKind::Word) {
            let word = text.get(token.span.range()).unwrap_or("");
            found.entry(word).or_default().push(Occurrence {
                token: i,
                binds: binding.contains(&i),
            });
        }
    }
    found
}

impl<'a> Parser<'a> {
    // Tokens ---------------------------------------------------------------

    pub(super) fn kind(&self, at: usize) -> Option<&TokenKind> {
        self.tokens.get(at).map(|t| &t.kind)
    }

    pub(super) fn peek(&self) -> Option<&TokenKind> {
        self.kind(self.at)
    }

    pub(super) fn span(&self, at: usize) -> Span {
        self.tokens.get(at).map_or(self.end, |t| t.span)
    }

    /// From a place to the last token that was read.
    pub(super) fn span_from(&self, start: Span) -> Span {
        start.to(self.span(self.at.saturating_sub(1)))
    }

    pub(super) fn slice(&self, at: usize) -> &'a str {
        let span = self.tokens.get(at).map_or(Span::default(), |t| t.span);
        self.text.get(span.range()).unwrap_or("")
    }

    pub(super) fn is_word(&self, at: usize, words: &[&str]) -> bool {
        matches!(self.kind(at), Some(TokenKind::Word)) && is_any(self.slice(at), words)
    }

    pub(super) fn is_open(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(Token::is_open)
    }

    pub(super) fn is_close(&self, at: usize) -> bool {
        matches!(self.kind(at), Some(TokenKind::Close(_)))
    }

    pub(super) fn head(&self, at: usize) -> Option<Head> {
        head(self.text, &self.tokens, at)
    }

    /// What stands at a place, for messages.
    pub(super) fn found(&self, at: usize) -> String {
        match self.tokens.get(at) {
            None => "the end of the formula".to_owned(),
            Some(token) if token.span.start == token.span.end => {
                "the end of the formula".to_owned()
            }
            Some(_) => {
                let word: String = self.slice(at).chars().take(40).collect();
                format!("`{word}`")
            }
        }
    }

    pub(super) fn unexpected<T>(&self, expected: &str) -> Read<T> {
        let message = format!("expected {expected}, found {}", self.found(self.at));
        let help = match self.peek() {
            None => "finish the formula",
            Some(TokenKind::Close(_)) => "write what is missing before the bracket, or remove both",
            Some(_) if self.tokens.get(self.at).is_some_and(Token::is_piece) => {
                "write predicates as `name(argument)` and join formulas by connectives"
            }
            Some(_) => "remove it, or write what is missing before it",
        };
        fault(
            Diagnostic::error(Code::UNEXPECTED, message)
                .at(self.span(self.at))
                .expecting([expected])
                .help(help),
        )
    }

    // Remarks --------------------------------------------------------------

    pub(super) fn warn(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Remarks on a spelling of another notation, once a formula.
    pub(super) fn remark_spelling(&mut self, at: usize, native: &str) {
        let (written, span) = (self.slice(at), self.span(at));
        let known = self.dialect.native.contains(&written);
        if known || written.is_empty() || written == native || !self.remarked.insert(written) {
            return;
        }
        let message = format!("`{written}` is written `{native}` in {}", self.dialect.name);
        self.warn(
            Diagnostic::note(Code::FOREIGN_SPELLING, message)
                .at(span)
                .fix(span, native),
        );
    }

    fn skip_leading_if(&mut self) {
        if skip_if(self.text, &self.tokens) == 0 {
            return;
        }
        let span = self.span(0);
        self.warn(
            Diagnostic::note(Code::FOREIGN_SPELLING, "`if` needs no word in a formula")
                .at(span)
                .fix(span, ""),
        );
        self.at = 1;
    }

    // Nodes ----------------------------------------------------------------

    pub(super) fn node(&self, kind: ExprKind, span: Span, below: usize) -> Read<Node> {
        if below >= MAX_DEPTH {
            return Err(Box::new(too_deep(span)));
        }
        Ok(Node {
            expr: Expr::new(kind, span),
            height: below + 1,
            top: None,
            outer: span,
        })
    }

    pub(super) fn negated(&self, node: Node, span: Span) -> Read<Node> {
        let kind = ExprKind::Unary(UnaryOp::Not, Box::new(node.expr));
        let mut node = self.node(kind, span, node.height)?;
        node.top = Some(Operator::Not);
        Ok(node)
    }

    /// Whether the next mention of a name before `end` is a use of it.
    pub(super) fn is_mentioned(&self, name: &str, end: usize) -> bool {
        let Some(places) = self.occurrences.get(name) else {
            return false;
        };
        let next = places.partition_point(|o| o.token < self.at);
        places.get(next).is_some_and(|o| o.token < end && !o.binds)
    }

    /// What may follow a whole formula: words without any sign in them.
    fn trailing(&mut self, node: &Node) -> Read<()> {
        if self.at >= self.tokens.len() {
            return Ok(());
        }
        let rest = self.tokens.get(self.at..).unwrap_or(&[]);
        let words = rest.iter().all(|t| {
            t.is_piece()
                || matches!(
                    t.kind,
                    TokenKind::Dot | TokenKind::Comma | TokenKind::Question
                )
        });
        let bare = matches!(
            node.expr.kind,
            ExprKind::Name(_) | ExprKind::Number(_) | ExprKind::Truth(_)
        );
        if !words || bare {
            return self.unexpected("a connective, or the end of the formula");
        }
        let span = self.span(self.at).to(self.span(self.tokens.len() - 1));
        let passed: String = self
            .text
            .get(span.range())
            .unwrap_or("")
            .chars()
            .take(60)
            .collect();
        self.warn(
            Diagnostic::warning(
                Code::TRAILING_TEXT,
                format!("`{passed}` behind the formula was passed over"),
            )
            .at(span)
            .suggest(span, ""),
        );
        Ok(())
    }
}
