use nsolve_il::fol::{ArithmeticOp, CompareOp};
use nsolve_source::{Code, Diagnostic, Span};
use nsolve_syntax::fol::{BinaryOp, Expr, ExprKind, Ident, NaryOp, UnaryOp};
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
    pub(super) const IFF: u8 = 1;
    pub(super) const IMPLIES: u8 = 2;
    pub(super) const XOR: u8 = 3;
    pub(super) const OR: u8 = 4;
    pub(super) const AND: u8 = 5;
    pub(in super::super) const RELATION: u8 = 6;
    pub(super) const SUM: u8 = 7;
    pub(in super::super) const PRODUCT: u8 = 8;
}

/// A part of the tree, with what the tree does not show.
pub(super) struct Node {
    pub(super) expr: Expr,
    /// How deep it is.
    pub(super) height: usize,
    /// The connective on top, unless brackets are around it.
    pub(super) top: Option<Operator>,
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
    depth: usize,
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
        let message = format!("a {} formula ends without a dot", dialect.name);
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
        fault(
            Diagnostic::error(Code::UNEXPECTED, message)
                .at(self.span(self.at))
                .expecting([expected]),
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
        if known || written.is_empty() || !self.remarked.insert(written) {
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

    // Formulas -------------------------------------------------------------

    /// Formulas with commas between them, which all hold.
    pub(super) fn list_of_formulas(&mut self) -> Read<Node> {
        let mut node = self.expression(power::ANY)?;
        while matches!(self.peek(), Some(TokenKind::Comma | TokenKind::Semicolon)) {
            let span = self.span(self.at);
            let and = (self.dialect.spelling)(Operator::And);
            self.warn(
                Diagnostic::warning(
                    Code::MISSING_CONNECTIVE,
                    format!(
                        "`{}` between formulas; read as `{and}`",
                        self.slice(self.at)
                    ),
                )
                .at(span)
                .suggest(span, format!(" {and}")),
            );
            self.at += 1;
            let right = self.expression(power::ANY)?;
            node.top = node.top.filter(|&o| o == Operator::And);
            node = self.join(Operator::And, node, right)?;
        }
        Ok(node)
    }

    pub(super) fn expression(&mut self, least: u8) -> Read<Node> {
        if self.depth >= MAX_DEPTH {
            return Err(Box::new(too_deep(self.span(self.at))));
        }
        self.depth += 1;
        let left = self.operand()?;
        let node = self.infix(left, least)?;
        self.depth -= 1;
        Ok(node)
    }

    /// Goes on behind an operand, with all operators that bind at least so
    /// tightly.
    pub(super) fn infix(&mut self, mut left: Node, least: u8) -> Read<Node> {
        while let Some((operator, tokens)) = self.operator() {
            let (own, right) = powers(operator);
            if own < least {
                break;
            }
            if tokens == 0 {
                self.remark_missing(&left);
            } else {
                self.remark_spelling(self.at, (self.dialect.spelling)(operator));
            }
            self.at += tokens;
            if self.skip_ellipsis() {
                continue;
            }
            let right = self.expression(right)?;
            self.remark_mixed(operator, &left, &right);
            left = self.join(operator, left, right)?;
            if own == power::RELATION && self.operator().is_some_and(|o| powers(o.0).0 == own) {
                return self.unexpected("a connective, since relations do not chain");
            }
        }
        Ok(left)
    }

    /// The operator that stands here behind an operand, and of how many tokens
    /// it is: none where it is left out between two formulas.
    fn operator(&self) -> Option<(Operator, usize)> {
        match self.peek()? {
            TokenKind::Operator(Operator::Not) => self.juxtaposed(),
            TokenKind::Operator(Operator::Minus) if !self.is_infix_minus() => self.juxtaposed(),
            TokenKind::Operator(operator) => Some((*operator, 1)),
            TokenKind::Word => self
                .word_operator_at(self.at)
                .map(|o| (o, 1))
                .or_else(|| self.juxtaposed()),
            TokenKind::Open(_) | TokenKind::Quantifier(_) => self.juxtaposed(),
            _ => None,
        }
    }

    pub(super) fn word_operator_at(&self, at: usize) -> Option<Operator> {
        // `and(x)` is no connective.
        if self.is_open(at + 1) && self.tokens.get(at + 1).is_some_and(|t| t.glued) {
            return None;
        }
        let word = self.slice(at);
        Some(if is_any(word, &["and"]) {
            Operator::And
        } else if is_any(word, &["or"]) || (word == "v" && !self.bound.contains_key(word)) {
            Operator::Or
        } else if is_any(word, &["xor"]) {
            Operator::Xor
        } else if is_any(word, &["implies", "then"]) {
            Operator::Implies
        } else if is_any(word, &["iff"]) {
            Operator::Iff
        } else if is_any(word, &["if", "when"]) {
            Operator::ImpliedBy
        } else {
            return None;
        })
    }

    /// `P(x) -Q(x)` has a prefix minus, `a - b` and `a-b` an infix one.
    fn is_infix_minus(&self) -> bool {
        let glued = |at: usize| self.tokens.get(at).is_some_and(|t| t.glued);
        glued(self.at) || !glued(self.at + 1)
    }

    /// Two formulas side by side: the left one ends with a bracket, and the
    /// right one surely is a formula.
    fn juxtaposed(&self) -> Option<(Operator, usize)> {
        if self.in_arguments || !self.is_close(self.at.checked_sub(1)?) {
            return None;
        }
        let starts = match self.peek()? {
            TokenKind::Word => self.is_open(self.at + 1) || self.head(self.at).is_some(),
            TokenKind::Operator(_) => {
                !matches!(self.kind(self.at + 1), None | Some(TokenKind::Close(_)))
            }
            _ => true,
        };
        starts.then_some((Operator::And, 0))
    }

    fn remark_missing(&mut self, left: &Node) {
        let and = (self.dialect.spelling)(Operator::And);
        let place = Span::new(
            self.span(self.at - 1).end as usize,
            self.span(self.at - 1).end as usize,
        );
        self.warn(
            Diagnostic::warning(
                Code::MISSING_CONNECTIVE,
                format!(
                    "no connective before {}; read as `{and}`",
                    self.found(self.at)
                ),
            )
            .at(self.span(self.at))
            .related(
                left.expr.span,
                "this formula and the next one stand side by side",
            )
            .suggest(place, format!(" {and}")),
        );
    }

    /// `A & B & ...`: the dots say nothing that could be read.
    fn skip_ellipsis(&mut self) -> bool {
        if !matches!(self.peek(), Some(TokenKind::Ellipsis)) {
            return false;
        }
        let span = self.span(self.at);
        self.warn(
            Diagnostic::warning(
                Code::ITEM_SKIPPED,
                "`...` stands for formulas that are not written; passed over",
            )
            .at(span)
            .help("write all the formulas"),
        );
        self.at += 1;
        true
    }

    fn remark_mixed(&mut self, operator: Operator, left: &Node, right: &Node) {
        let loose = |o: Operator| matches!(o, Operator::And | Operator::Or | Operator::Xor);
        let chain = operator == Operator::Implies && right.top == Some(operator)
            || operator == Operator::Iff && left.top == Some(operator);
        let other = [left, right]
            .into_iter()
            .filter_map(|n| n.top.map(|o| (o, n.expr.span)))
            .find(|&(o, _)| {
                chain || self.dialect.loose && loose(operator) && loose(o) && o != operator
            });
        let Some((inner, span)) = other else {
            return;
        };
        let spell = self.dialect.spelling;
        let message = if chain {
            let side = if operator == Operator::Iff {
                "left"
            } else {
                "right"
            };
            format!(
                "`{}` twice without brackets; the {side} one was read first",
                spell(operator)
            )
        } else {
            format!(
                "`{}` and `{}` without brackets; `{}` was read first",
                spell(operator),
                spell(inner),
                spell(inner)
            )
        };
        let inner = self.text.get(span.range()).unwrap_or("");
        let mixed = if chain || operator == Operator::Xor || left.top == Some(Operator::Xor) {
            Diagnostic::warning(Code::MIXED_CONNECTIVES, message)
        } else {
            Diagnostic::note(Code::MIXED_CONNECTIVES, message)
        };
        let fix = format!("({inner})");
        self.warn(
            mixed
                .at(left.expr.span.to(right.expr.span))
                .suggest(span, fix),
        );
    }

    fn join(&mut self, operator: Operator, left: Node, right: Node) -> Read<Node> {
        let span = left.expr.span.to(right.expr.span);
        let below = left.height.max(right.height);
        if self.in_arguments
            && right.top.is_some_and(|o| o == operator)
            && operator == Operator::Not
        {
            return self.unexpected("a term");
        }
        let (a, b) = (left.expr, right.expr);
        let binary = |op, a, b| ExprKind::Binary(op, Box::new(a), Box::new(b));
        let kind = match operator {
            Operator::And | Operator::Or => {
                let op = if operator == Operator::And {
                    NaryOp::And
                } else {
                    NaryOp::Or
                };
                match a.kind {
                    ExprKind::Nary(o, mut parts) if left.top == Some(operator) && o == op => {
                        parts.push(b);
                        let mut node = Node {
                            expr: Expr::new(ExprKind::Nary(op, parts), span),
                            ..left
                        };
                        node.height = left.height.max(right.height + 1);
                        return self.checked(node);
                    }
                    _ => ExprKind::Nary(op, vec![a, b]),
                }
            }
            Operator::Not | Operator::Xor => binary(BinaryOp::Xor, a, b),
            Operator::Implies => binary(BinaryOp::Implies, a, b),
            Operator::ImpliedBy => binary(BinaryOp::Implies, b, a),
            Operator::Iff => binary(BinaryOp::Iff, a, b),
            Operator::Equal => binary(BinaryOp::Equal, a, b),
            Operator::NotEqual => binary(BinaryOp::NotEqual, a, b),
            Operator::Compare(op) => binary(BinaryOp::Compare(op), a, b),
            Operator::Element(negated) => {
                let name = Ident {
                    name: "∈".to_owned(),
                    span,
                };
                let atom = ExprKind::Apply(name, vec![a, b]);
                if negated {
                    let atom = self.node(atom, span, below)?;
                    return self.negated(atom, span);
                }
                atom
            }
            Operator::Plus => ExprKind::Arithmetic(ArithmeticOp::Add, vec![a, b]),
            Operator::Minus => ExprKind::Arithmetic(ArithmeticOp::Subtract, vec![a, b]),
            Operator::Times => ExprKind::Arithmetic(ArithmeticOp::Multiply, vec![a, b]),
            Operator::Over => ExprKind::Arithmetic(ArithmeticOp::Divide, vec![a, b]),
        };
        let mut node = self.node(kind, span, below)?;
        node.top = Some(operator);
        Ok(node)
    }

    fn checked(&self, node: Node) -> Read<Node> {
        if node.height > MAX_DEPTH {
            return Err(Box::new(too_deep(node.expr.span)));
        }
        Ok(node)
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

/// How tightly an operator binds to its left, and what its right side must
/// bind at least.
fn powers(operator: Operator) -> (u8, u8) {
    use power::{AND, IFF, IMPLIES, OR, PRODUCT, RELATION, SUM, XOR};
    match operator {
        Operator::Iff => (IFF, IFF + 1),
        // Chains group to the right, as logic books have it. NLTK groups them
        // to the left, which no recorded text means.
        Operator::Implies => (IMPLIES, IMPLIES),
        Operator::ImpliedBy => (IMPLIES, IMPLIES + 1),
        Operator::Xor | Operator::Not => (XOR, XOR + 1),
        Operator::Or => (OR, OR + 1),
        Operator::And => (AND, AND + 1),
        Operator::Equal
        | Operator::NotEqual
        | Operator::Compare(
            CompareOp::Less | CompareOp::LessEq | CompareOp::Greater | CompareOp::GreaterEq,
        )
        | Operator::Element(_) => (RELATION, RELATION + 1),
        Operator::Plus | Operator::Minus => (SUM, SUM + 1),
        Operator::Times | Operator::Over => (PRODUCT, PRODUCT + 1),
    }
}
