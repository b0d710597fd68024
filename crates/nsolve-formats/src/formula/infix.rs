use nsolve_il::fol::{ArithmeticOp, CompareOp};
use nsolve_source::{Code, Diagnostic, Span};
use nsolve_syntax::fol::{BinaryOp, Expr, ExprKind, Ident, NaryOp};

use super::heads::is_any;
use super::parse::{Node, Parser, power};
use super::token::{Operator, TokenKind};
use crate::limits::{MAX_DEPTH, Read, too_deep};

impl Parser<'_> {
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
            .filter_map(|n| n.top.map(|o| (o, n.outer)))
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
        let span = left.outer.to(right.outer);
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
                        node.outer = span;
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
