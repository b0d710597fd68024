//! From tokens to expressions.

use nsolve_source::{Code, Diagnostic, Span};

use super::token::{Token, TokenKind, tokens};
use super::tree::{Comparison, Join, Operation, Tree, TreeKind};
use crate::limits::{Read, fault};

/// How deep an expression may nest. Puzzles need half of it.
const MAX_DEPTH: usize = 60;
/// The most operands of a sum or product; each makes it one level deeper.
const MOST_OPERANDS: usize = 60;

/// Reads the expression in one stretch of a text. Tolerances go to
/// `diagnostics`.
pub(crate) fn parse(
    text: &str,
    span: Span,
    odd: &[String],
    diagnostics: &mut Vec<Diagnostic>,
) -> Read<Tree> {
    let mut parser = Parser {
        tokens: tokens(text, span, odd)?,
        at: 0,
        end: Span::new(span.end as usize, span.end as usize),
        depth: 0,
        diagnostics,
    };
    let tree = parser.expression()?;
    parser.finish()?;
    Ok(tree)
}

fn too_deep(span: Span) -> Diagnostic {
    let message = format!("the expression is nested deeper than {MAX_DEPTH} levels");
    Diagnostic::error(Code::TOO_DEEP, message)
        .at(span)
        .help("split the formula, or name its parts")
}

struct Parser<'a> {
    tokens: Vec<Token>,
    at: usize,
    end: Span,
    depth: usize,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Parser<'_> {
    fn kind(&self) -> Option<&TokenKind> {
        self.tokens.get(self.at).map(|t| &t.kind)
    }

    fn span(&self) -> Span {
        self.tokens.get(self.at).map_or(self.end, |t| t.span)
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.kind(), Some(TokenKind::Sign(s)) if *s == sign)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.kind(), Some(TokenKind::Name(n)) if n.eq_ignore_ascii_case(word))
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        self.at += usize::from(found);
        found
    }

    fn unexpected<T>(&self, expected: &[&str]) -> Read<T> {
        let found = match self.kind() {
            None => "the line ends here".to_owned(),
            Some(TokenKind::Name(name)) => format!("`{name}` stands here"),
            Some(TokenKind::Number(number)) => format!("`{number}` stands here"),
            Some(TokenKind::Sign(sign)) => format!("`{sign}` stands here"),
        };
        fault(
            Diagnostic::error(Code::UNEXPECTED, found)
                .at(self.span())
                .expecting(expected.iter().copied())
                .help("write one expression a line, with brackets closed"),
        )
    }

    /// Tells of a sign or word that is no Python.
    fn foreign(&mut self, ours: &str) {
        let span = self.span();
        self.at += 1;
        self.diagnostics.push(
            Diagnostic::note(
                Code::FOREIGN_SPELLING,
                format!("read as `{ours}`, as this format writes it"),
            )
            .at(span)
            .help("the formula is read as it was meant"),
        );
    }

    /// Takes a closing bracket, or supplies it at the end of the line.
    fn close(&mut self, sign: &'static str) -> Read<()> {
        if self.take_sign(sign) {
            return Ok(());
        }
        if self.kind().is_some() {
            return self.unexpected(&["`,`", &format!("`{sign}`")]);
        }
        self.diagnostics.push(
            Diagnostic::warning(
                Code::MISSING_BRACKET,
                format!("a closing `{sign}` is missing; it was supplied at the end"),
            )
            .at(self.end)
            .fix(self.end, sign),
        );
        Ok(())
    }

    /// Closing brackets that nothing opens are passed over at the very end.
    fn finish(&mut self) -> Read<()> {
        while self.is_sign(")") || self.is_sign("]") {
            let span = self.span();
            self.at += 1;
            self.diagnostics.push(
                Diagnostic::warning(Code::EXTRA_BRACKET, "nothing opens this bracket")
                    .at(span)
                    .fix(span, ""),
            );
        }
        match self.kind() {
            None => Ok(()),
            Some(_) => self.unexpected(&["the end of the line", "a connective"]),
        }
    }

    // Formulas, loosest first ---------------------------------------------

    fn expression(&mut self) -> Read<Tree> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return fault(too_deep(self.span()));
        }
        let left = self.either()?;
        let join = match self.kind() {
            Some(TokenKind::Sign("->" | "=>" | "==>" | "→")) => Some((Join::Implies, "Implies")),
            Some(TokenKind::Sign("<->" | "<=>" | "↔")) => Some((Join::Iff, "==")),
            _ if self.is_word("implies") => Some((Join::Implies, "Implies")),
            _ if self.is_word("iff") => Some((Join::Iff, "==")),
            _ => None,
        };
        let tree = match join {
            Some((join, ours)) => {
                self.foreign(ours);
                let right = self.expression()?;
                joined(join, vec![left, right])
            }
            None => left,
        };
        self.depth -= 1;
        Ok(tree)
    }

    fn either(&mut self) -> Read<Tree> {
        self.chain(Join::Or, &["||", "|", "∨"], "or", "Or", Self::one_of)
    }

    fn one_of(&mut self) -> Read<Tree> {
        self.chain(Join::Xor, &["^", "⊕"], "xor", "Xor", Self::both)
    }

    fn both(&mut self) -> Read<Tree> {
        self.chain(Join::And, &["&&", "&", "∧"], "and", "And", Self::denial)
    }

    fn chain(
        &mut self,
        join: Join,
        signs: &[&str],
        word: &str,
        ours: &str,
        part: fn(&mut Self) -> Read<Tree>,
    ) -> Read<Tree> {
        let mut parts = vec![part(self)?];
        while signs.iter().any(|s| self.is_sign(s)) || self.is_word(word) {
            self.foreign(ours);
            parts.push(part(self)?);
        }
        Ok(match parts.pop() {
            Some(one) if parts.is_empty() => one,
            last => {
                parts.extend(last);
                joined(join, parts)
            }
        })
    }

    fn denial(&mut self) -> Read<Tree> {
        let opens = |t: &Token| t.kind == TokenKind::Sign("(");
        // `Not(p)` is a call; `not (p) and q` is Python's word.
        let call = self.tokens.get(self.at + 1).is_some_and(opens);
        let word = matches!(self.kind(), Some(TokenKind::Name(n)) if n == "not" || n == "NOT")
            || (self.is_word("not") && !call);
        if word || ["!", "~", "¬"].iter().any(|s| self.is_sign(s)) {
            let start = self.span();
            self.foreign("Not");
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return fault(too_deep(start));
            }
            let inner = self.denial()?;
            self.depth -= 1;
            let span = start.to(inner.span);
            return Ok(Tree::new(TreeKind::Not(Box::new(inner)), span));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Read<Tree> {
        let mut operands = vec![self.sum()?];
        let mut signs = Vec::new();
        loop {
            let sign = match self.kind() {
                Some(TokenKind::Sign("==")) => Comparison::Equal,
                Some(TokenKind::Sign("!=")) => Comparison::NotEqual,
                Some(TokenKind::Sign("<")) => Comparison::Less,
                Some(TokenKind::Sign("<=")) => Comparison::LessEq,
                Some(TokenKind::Sign(">")) => Comparison::Greater,
                Some(TokenKind::Sign(">=")) => Comparison::GreaterEq,
                Some(TokenKind::Sign(other @ ("=" | "<>" | "≠" | "≤" | "≥"))) => {
                    let (sign, ours) = match *other {
                        "=" => (Comparison::Equal, "=="),
                        "≤" => (Comparison::LessEq, "<="),
                        "≥" => (Comparison::GreaterEq, ">="),
                        _ => (Comparison::NotEqual, "!="),
                    };
                    self.foreign(ours);
                    self.at -= 1;
                    sign
                }
                _ => break,
            };
            self.at += 1;
            signs.push(sign);
            operands.push(self.sum()?);
        }
        let left = match operands.pop() {
            Some(one) if operands.is_empty() => one,
            last => {
                operands.extend(last);
                let span = around(&operands);
                return Ok(Tree::new(TreeKind::Compare(operands, signs), span));
            }
        };
        self.membership(left)
    }

    fn membership(&mut self, left: Tree) -> Read<Tree> {
        let denied = self.is_word("not")
            && matches!(self.tokens.get(self.at + 1).map(|t| &t.kind),
                Some(TokenKind::Name(n)) if n.eq_ignore_ascii_case("in"));
        if !denied && !self.is_word("in") {
            return Ok(left);
        }
        self.at += 1 + usize::from(denied);
        let right = self.sum()?;
        let span = left.span.to(right.span);
        let within = Tree::new(TreeKind::Within(Box::new(left), Box::new(right)), span);
        Ok(match denied {
            true => Tree::new(TreeKind::Not(Box::new(within)), span),
            false => within,
        })
    }

    // Terms ----------------------------------------------------------------

    fn sum(&mut self) -> Read<Tree> {
        let mut left = self.product()?;
        for _ in 0..MOST_OPERANDS {
            let operation = match self.kind() {
                Some(TokenKind::Sign("+")) => Operation::Add,
                Some(TokenKind::Sign("-")) => Operation::Subtract,
                _ => return Ok(left),
            };
            self.at += 1;
            let right = self.product()?;
            left = calculated(operation, left, right);
        }
        fault(too_deep(self.span()))
    }

    fn product(&mut self) -> Read<Tree> {
        let mut left = self.signed()?;
        for _ in 0..MOST_OPERANDS {
            let operation = match self.kind() {
                Some(TokenKind::Sign("*")) => Operation::Multiply,
                Some(TokenKind::Sign("/")) => Operation::Divide,
                Some(TokenKind::Sign("//")) => Operation::FloorDivide,
                Some(TokenKind::Sign("%")) => Operation::Modulo,
                _ if self.is_word("mod") => {
                    self.foreign("%");
                    self.at -= 1;
                    Operation::Modulo
                }
                _ => return Ok(left),
            };
            self.at += 1;
            let right = self.signed()?;
            left = calculated(operation, left, right);
        }
        fault(too_deep(self.span()))
    }

    fn signed(&mut self) -> Read<Tree> {
        let start = self.span();
        if !self.take_sign("-") {
            return self.operand();
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return fault(too_deep(start));
        }
        let inner = self.signed()?;
        self.depth -= 1;
        let span = start.to(inner.span);
        Ok(Tree::new(TreeKind::Negate(Box::new(inner)), span))
    }

    fn operand(&mut self) -> Read<Tree> {
        let span = self.span();
        match self.kind().cloned() {
            Some(TokenKind::Number(number)) => {
                self.at += 1;
                Ok(Tree::new(TreeKind::Number(number), span))
            }
            Some(TokenKind::Name(name)) => {
                self.at += 1;
                if !self.take_sign("(") {
                    return Ok(Tree::new(TreeKind::Name(name), span));
                }
                let parts = self.list(")")?;
                let whole = span.to(self.last());
                Ok(Tree::new(TreeKind::Call(name, span, parts), whole))
            }
            Some(TokenKind::Sign("(")) => {
                self.at += 1;
                let inner = self.expression()?;
                self.close(")")?;
                Ok(inner)
            }
            Some(TokenKind::Sign("[")) => {
                self.at += 1;
                let parts = self.list("]")?;
                Ok(Tree::new(TreeKind::List(parts), span.to(self.last())))
            }
            Some(TokenKind::Sign("{")) => {
                self.at += 1;
                let parts = self.list("}")?;
                Ok(Tree::new(TreeKind::List(parts), span.to(self.last())))
            }
            _ => self.unexpected(&["a name", "a number", "`(`", "`[`"]),
        }
    }

    fn last(&self) -> Span {
        let last = self.at.checked_sub(1).and_then(|i| self.tokens.get(i));
        last.map_or(self.end, |t| t.span)
    }

    /// Entries up to the closing bracket.
    fn list(&mut self, close: &'static str) -> Read<Vec<Tree>> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return fault(too_deep(self.span()));
        }
        let parts = self.listed(close)?;
        self.depth -= 1;
        Ok(parts)
    }

    fn listed(&mut self, close: &'static str) -> Read<Vec<Tree>> {
        let mut parts = Vec::new();
        loop {
            if self.take_sign(close) {
                return Ok(parts);
            }
            let part = self.expression()?;
            let name = part.as_name().map(str::to_owned);
            parts.push(match name {
                Some(name) if self.take_sign(":") => {
                    let over = self.sum()?;
                    let span = part.span.to(over.span);
                    Tree::new(TreeKind::Bound(name, Box::new(over)), span)
                }
                _ => part,
            });
            if !self.take_sign(",") {
                self.close(close)?;
                return Ok(parts);
            }
        }
    }
}

fn around(parts: &[Tree]) -> Span {
    match (parts.first(), parts.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => Span::default(),
    }
}

fn joined(join: Join, parts: Vec<Tree>) -> Tree {
    let span = around(&parts);
    Tree::new(TreeKind::Join(join, parts), span)
}

fn calculated(operation: Operation, a: Tree, b: Tree) -> Tree {
    let span = a.span.to(b.span);
    Tree::new(
        TreeKind::Arithmetic(operation, Box::new(a), Box::new(b)),
        span,
    )
}
