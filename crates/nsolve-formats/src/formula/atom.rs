use nsolve_il::fol::ArithmeticOp;
use nsolve_source::{Code, Diagnostic, Span};
use nsolve_syntax::fol::{Expr, ExprKind, Ident, NaryOp, UnaryOp};

use super::heads::is_any;
use super::parse::{Node, Parser, power};
use super::token::{Operator, Token, TokenKind};
use crate::limits::{Read, fault};
use crate::number::decimal;

/// Words between two operands; they are no part of a name of several words.
const CONNECTIVES: &[&str] = &["and", "or", "xor", "implies", "iff", "then", "if", "when"];

impl<'a> Parser<'a> {
    /// What an operator stands before or behind.
    pub(super) fn operand(&mut self) -> Read<Node> {
        let start = self.at;
        while self.is_not(self.at) {
            self.remark_spelling(self.at, (self.dialect.spelling)(Operator::Not));
            self.at += 1;
        }
        let nots = self.at - start;
        let spelt = self.is_word(self.at.saturating_sub(1), &["not"]) && nots > 0;
        let mut node = if nots == 0 {
            self.positive()?
        } else if spelt && self.dialect.truth_values && self.is_open(self.at) {
            self.negation_with_truth_value()?
        } else {
            self.expression(power::RELATION)?
        };
        for not in (start..start + nots).rev() {
            let span = self.span(not).to(node.outer);
            node = self.negated(node, span)?;
        }
        Ok(node)
    }

    fn is_not(&self, at: usize) -> bool {
        match self.kind(at) {
            Some(TokenKind::Operator(Operator::Not)) => true,
            Some(TokenKind::Operator(Operator::Minus)) => {
                !matches!(self.kind(at + 1), Some(TokenKind::Number))
            }
            _ => self.is_word(at, &["not"]) && at + 1 < self.tokens.len() && !self.is_close(at + 1),
        }
    }

    /// `Not(Cold(Harry), True)`, as Logic-LM's rules have it.
    fn negation_with_truth_value(&mut self) -> Read<Node> {
        let start = self.span(self.at);
        self.at += 1;
        let mut node = self.expression(power::ANY)?;
        if matches!(self.peek(), Some(TokenKind::Comma)) {
            let span = self.span(self.at).to(self.span(self.at + 1));
            let value = self.slice(self.at + 1);
            self.warn(
                Diagnostic::note(
                    Code::TRUTH_VALUE,
                    format!("`Not(.., {value})` gives the truth value outside of the atom"),
                )
                .at(span),
            );
            if is_any(value, &["false"]) {
                let span = node.expr.span;
                node = self.negated(node, span)?;
            } else if !is_any(value, &["true"]) {
                self.at += 1;
                return self.unexpected("`True` or `False`");
            }
            self.at += 2;
        }
        self.close()?;
        node.top = None;
        node.outer = self.span_from(start);
        Ok(node)
    }

    pub(super) fn close(&mut self) -> Read<()> {
        if !self.is_close(self.at) {
            return self.unexpected("`)`, or a connective");
        }
        self.at += 1;
        Ok(())
    }

    fn positive(&mut self) -> Read<Node> {
        if let Some(head) = self.head(self.at) {
            return self.quantified(head);
        }
        let span = self.span(self.at);
        match self.peek() {
            Some(TokenKind::Open(open)) => {
                let open = *open;
                self.bracketed(open)
            }
            Some(TokenKind::Truth(value)) => {
                let kind = ExprKind::Truth(*value);
                self.at += 1;
                self.node(kind, span, 0)
            }
            Some(TokenKind::Operator(Operator::Minus)) => {
                self.at += 1;
                let inner = self.expression(power::PRODUCT)?;
                let kind = ExprKind::Unary(UnaryOp::Negate, Box::new(inner.expr));
                self.node(kind, self.span_from(span), inner.height)
            }
            Some(
                TokenKind::Word | TokenKind::Number | TokenKind::Quoted(_) | TokenKind::Dollar,
            ) => self.named(),
            Some(TokenKind::Question) if self.in_arguments => {
                self.at += 1;
                self.node(ExprKind::Name("?".to_owned()), span, 0)
            }
            Some(TokenKind::Unknown(c)) => fault(
                Diagnostic::error(
                    Code::UNKNOWN_CHARACTER,
                    format!("no token starts with `{c}`"),
                )
                .at(span)
                .expecting(["a formula"])
                .help("remove it, or write the name without it"),
            ),
            _ if self.in_arguments => self.unexpected("a term"),
            _ => self.unexpected("a formula"),
        }
    }

    // Brackets -------------------------------------------------------------

    fn bracketed(&mut self, open: char) -> Read<Node> {
        if self.in_arguments && open != '(' {
            return self.list(open);
        }
        if let Some(node) = self.bracketed_head()? {
            return Ok(node);
        }
        if open != '(' && self.is_list() {
            return self.list(open);
        }
        if open != '(' {
            let span = self.span(self.at);
            self.warn(
                Diagnostic::note(Code::FOREIGN_SPELLING, format!("`{open}` is written `(`"))
                    .at(span)
                    .suggest(span, "("),
            );
        }
        let start = self.span(self.at);
        self.at += 1;
        let mut node = if self.in_arguments {
            self.expression(power::ANY)?
        } else {
            self.list_of_formulas()?
        };
        self.close()?;
        node.top = None;
        node.outer = self.span_from(start);
        Ok(node)
    }

    /// `(∀x) P(x)`: brackets around a quantifier's head.
    fn bracketed_head(&mut self) -> Read<Option<Node>> {
        let Some(mut head) = self.head(self.at + 1) else {
            return Ok(None);
        };
        if head.call || !self.is_close(head.body) {
            return Ok(None);
        }
        head.body += 1;
        head.unusual = true;
        self.quantified(head).map(Some)
    }

    /// Whether square or curly brackets hold names and commas, not a formula.
    fn is_list(&self) -> bool {
        let piece = self.tokens.get(self.at + 1).is_some_and(Token::is_piece);
        piece
            && matches!(
                self.kind(self.at + 2),
                Some(TokenKind::Comma | TokenKind::Close(_))
            )
    }

    fn list(&mut self, open: char) -> Read<Node> {
        let start = self.span(self.at);
        self.at += 1;
        let (parts, height) = self.arguments()?;
        let span = self.span_from(start);
        let name = if open == '[' { "list" } else { "set" };
        self.warn(
            Diagnostic::warning(
                Code::LIST_AS_TERM,
                format!("a {name} stands as a term; read as one thing made of its elements"),
            )
            .at(span)
            .help("write one atom for each element"),
        );
        let kind = if parts.is_empty() {
            ExprKind::Name(name.to_owned())
        } else {
            ExprKind::Apply(
                Ident {
                    name: name.to_owned(),
                    span: start,
                },
                parts,
            )
        };
        self.node(kind, span, height)
    }

    // Names and atoms ------------------------------------------------------

    fn named(&mut self) -> Read<Node> {
        let start = self.at;
        if let Some(node) = self.truth_word()? {
            return Ok(node);
        }
        let marked = self.dialect.truth_values && matches!(self.peek(), Some(TokenKind::Dollar));
        if marked && matches!(self.kind(start + 1), Some(TokenKind::Word)) {
            let span = self.span(start).to(self.span(start + 1));
            let name = self.slice(start + 1).to_owned();
            self.at += 2;
            return self.node(ExprKind::Variable(name), span, 0);
        }
        if self.dialect.truth_values && self.is_word(start + 1, &["is"]) && !self.in_arguments {
            return self.predication();
        }
        let name = self.name();
        let span = name.span;
        if self.is_open(self.at) {
            return self.application(name);
        }
        if self.at == start + 1 && matches!(self.kind(start), Some(TokenKind::Number)) {
            return match decimal(&name.name) {
                Some(value) => self.node(ExprKind::Number(value), span, 0),
                None => fault(
                    Diagnostic::error(Code::BAD_NUMBER, "a number of too many digits").at(span),
                ),
            };
        }
        self.node(ExprKind::Name(name.name), span, 0)
    }

    /// `Harry is kind`, `Harry is not kind`: an atom in words, among those of
    /// Logic-LM's rules.
    fn predication(&mut self) -> Read<Node> {
        let start = self.at;
        let negated = self.is_word(start + 2, &["not"]);
        let verb = start + 2 + usize::from(negated);
        self.at = verb;
        let next = self.tokens.get(verb + 1);
        let more = next.is_some_and(|t| t.is_piece() && self.word_operator_at(verb + 1).is_none());
        if !matches!(self.peek(), Some(TokenKind::Word)) || more || self.is_open(verb + 1) {
            self.at = start + 1;
            return self.unexpected("`(`, or a connective");
        }
        self.at = verb + 1;
        let span = self.span_from(self.span(start));
        let name = Ident {
            name: self.slice(verb).to_owned(),
            span: self.span(verb),
        };
        let subject = Expr::new(
            ExprKind::Name(self.slice(start).to_owned()),
            self.span(start),
        );
        let usual = format!(
            "{}({}, {})",
            name.name,
            self.slice(start),
            if negated { "False" } else { "True" }
        );
        self.warn(
            Diagnostic::warning(
                Code::FOREIGN_SPELLING,
                format!("an atom in words; read as `{usual}`"),
            )
            .at(span)
            .suggest(span, usual),
        );
        let atom = self.node(ExprKind::Apply(name, vec![subject]), span, 1)?;
        if negated {
            self.negated(atom, span)
        } else {
            Ok(atom)
        }
    }

    fn truth_word(&mut self) -> Read<Option<Node>> {
        // Prover9 writes `$T` and `$F`.
        let dollar = matches!(self.peek(), Some(TokenKind::Dollar)) && !self.dialect.truth_values;
        if dollar && ["T", "F"].contains(&self.slice(self.at + 1)) {
            let span = self.span(self.at).to(self.span(self.at + 1));
            let value = self.slice(self.at + 1) == "T";
            self.at += 2;
            return self.node(ExprKind::Truth(value), span, 0).map(Some);
        }
        let value = if self.is_word(self.at, &["true"]) {
            true
        } else if self.is_word(self.at, &["false"]) {
            false
        } else {
            return Ok(None);
        };
        let next = self.tokens.get(self.at + 1);
        let part_of_name = next.is_some_and(|t| t.is_open() || t.is_piece() && self.in_arguments);
        if part_of_name {
            return Ok(None);
        }
        let span = self.span(self.at);
        self.at += 1;
        self.node(ExprKind::Truth(value), span, 0).map(Some)
    }

    /// A name, of one token or of several that were meant as one.
    fn name(&mut self) -> Ident {
        let start = self.at;
        let mut name = self.piece(start);
        self.at += 1;
        let variable = self.bound.contains_key(self.slice(start));
        let mut joined = false;
        while let Some(pieces) = self.more_of_name(start, variable) {
            let spaced = self.tokens.get(self.at).is_some_and(|t| !t.glued);
            if spaced {
                name.push(' ');
            }
            for at in self.at..self.at + pieces {
                name.push_str(&self.piece(at));
            }
            self.at += pieces;
            joined = true;
        }
        let span = self.span_from(self.span(start));
        if joined {
            self.remark_joined(&name, span);
        } else if matches!(self.kind(start), Some(TokenKind::Quoted(_))) {
            self.warn(Diagnostic::note(Code::FOREIGN_SPELLING, "a name stands in quotes").at(span));
        }
        Ident { name, span }
    }

    fn piece(&self, at: usize) -> String {
        match self.kind(at) {
            Some(TokenKind::Quoted(name)) => name.clone(),
            _ => self.slice(at).to_owned(),
        }
    }

    /// How many of the next tokens belong to the name that began at `start`.
    fn more_of_name(&self, start: usize, variable: bool) -> Option<usize> {
        let token = self.tokens.get(self.at)?;
        let next = self.tokens.get(self.at + 1);
        let glued_piece = |t: Option<&Token>| t.is_some_and(|t| t.glued && t.is_piece());
        if token.is_piece() && token.glued {
            return Some(1);
        }
        if token.is_piece() {
            let words = !variable && !is_any(self.slice(self.at), CONNECTIVES);
            let here = self.in_arguments || self.is_name_of_predicate(start);
            return (words && here && (!self.is_open(self.at + 1) || !self.in_arguments))
                .then_some(1);
        }
        if !token.glued || variable {
            return None;
        }
        match token.kind {
            TokenKind::Operator(Operator::Minus | Operator::Over | Operator::Plus)
            | TokenKind::Dot
            | TokenKind::Colon
                if glued_piece(next) =>
            {
                Some(2)
            }
            TokenKind::Operator(Operator::Plus) | TokenKind::Percent => {
                let ends = next.is_none_or(|t| {
                    t.glued
                        && matches!(
                            t.kind,
                            TokenKind::Comma
                                | TokenKind::Close(_)
                                | TokenKind::Operator(Operator::Plus)
                        )
                        || t.is_open()
                });
                ends.then_some(1)
            }
            _ => None,
        }
    }

    /// `Works At(x, y)`: the run of words from `start` ends with a bracket. Not
    /// more than six words are looked at.
    fn is_name_of_predicate(&self, start: usize) -> bool {
        let rest = self.tokens.get(start..).unwrap_or(&[]);
        let words = rest.iter().take(6).take_while(|t| t.is_piece()).count();
        let connective = (start..start + words).any(|t| self.is_word(t, CONNECTIVES));
        words > 1 && !connective && rest.get(words).is_some_and(|t| t.is_open() && t.glued)
    }

    fn remark_joined(&mut self, name: &str, span: Span) {
        let plain: String = name
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { '_' })
            .collect();
        self.warn(
            Diagnostic::note(Code::NAME_JOINED, format!("`{name}` was read as one name"))
                .at(span)
                .suggest(span, plain),
        );
    }

    fn application(&mut self, name: Ident) -> Read<Node> {
        self.at += 1;
        let (parts, height) = self.arguments()?;
        let span = self.span_from(name.span);
        if parts.is_empty() {
            return self.node(ExprKind::Name(name.name), span, 0);
        }
        if let Some(place) = parts.iter().position(is_connective) {
            return self.lifted(name, parts, place, span, height);
        }
        self.node(ExprKind::Apply(name, parts), span, height)
    }

    /// The arguments up to and with the closing bracket, and the height of the
    /// highest.
    fn arguments(&mut self) -> Read<(Vec<Expr>, usize)> {
        let outside = std::mem::replace(&mut self.in_arguments, true);
        let mut parts = Vec::new();
        let mut height = 0;
        while !self.is_close(self.at) {
            let node = self.expression(power::ANY)?;
            height = height.max(node.height);
            parts.push(node.expr);
            match self.peek() {
                Some(TokenKind::Comma | TokenKind::Semicolon) => self.at += 1,
                Some(TokenKind::Close(_)) => {}
                _ => return self.unexpected("`,` or `)`"),
            }
        }
        self.at += 1;
        self.in_arguments = outside;
        Ok((parts, height))
    }

    /// `P(x, a | b)` is `P(x, a) | P(x, b)`, where the parts are plain terms.
    fn lifted(
        &mut self,
        name: Ident,
        mut parts: Vec<Expr>,
        place: usize,
        span: Span,
        height: usize,
    ) -> Read<Node> {
        let others = parts.get(place + 1..).unwrap_or(&[]);
        let argument = parts.get(place).map(|p| &p.kind);
        let plain = |e: &Expr| {
            matches!(
                e.kind,
                ExprKind::Name(_) | ExprKind::Variable(_) | ExprKind::Number(_)
            )
        };
        let alone = !others.iter().any(is_connective);
        let atom = |mut parts: Vec<Expr>, with: Expr| {
            if let Some(slot) = parts.get_mut(place) {
                *slot = with;
            }
            Expr::new(ExprKind::Apply(name.clone(), parts), span)
        };
        let kind = match argument {
            Some(ExprKind::Nary(op @ (NaryOp::And | NaryOp::Or), terms))
                if alone && terms.iter().all(plain) && terms.len() <= 50 =>
            {
                let atoms = terms.iter().map(|t| atom(parts.clone(), t.clone()));
                ExprKind::Nary(*op, atoms.collect())
            }
            Some(ExprKind::Unary(UnaryOp::Not, term)) if alone && plain(term) => {
                let term = (**term).clone();
                ExprKind::Unary(
                    UnaryOp::Not,
                    Box::new(atom(std::mem::take(&mut parts), term)),
                )
            }
            _ => {
                let place = parts.get(place).map(|p| p.span);
                return fault(
                    Diagnostic::error(
                        Code::UNSUPPORTED,
                        format!("a formula stands among the arguments of `{}`", name.name),
                    )
                    .at(place)
                    .expecting(["a term"])
                    .help("predicates are about things, not about statements; name the thing, or check the brackets"),
                );
            }
        };
        self.warn(
            Diagnostic::warning(
                Code::LIFTED_CONNECTIVE,
                format!(
                    "a connective among the arguments of `{}` was lifted out of the atom",
                    name.name
                ),
            )
            .at(span)
            .help("write an atom for each"),
        );
        self.node(kind, span, height + 1)
    }
}

/// Whether an argument is a formula, by its connective.
fn is_connective(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Unary(UnaryOp::Not, _) | ExprKind::Nary(..) | ExprKind::Quantified(_) => true,
        ExprKind::Binary(..) => true,
        ExprKind::Arithmetic(op, _) => matches!(op, ArithmeticOp::Negate),
        _ => false,
    }
}
