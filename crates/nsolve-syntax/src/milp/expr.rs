//! The parser of models: expressions, by precedence.
//!
//! From loose to tight: `<==>` `==>`, `or` `xor`, `and`, `not`, comparisons and
//! `in` `within`, `union` `diff` `symdiff`, `inter`, `cross`, `..`, `&`, `+` `-`
//! `less`, iterated operators (`sum` and the like), `*` `/` `div` `mod`, signs, `**`.

use nsolve_il::milp::{Count, Relation};
use nsolve_source::{Code, Diagnostic, Span};

use super::ast::{Entry, Expr, ExprKind, Indexing, Iterated, Operator};
use super::lexer::{Token, unquote};
use super::parser::{Parse, Parser, Unread};

/// Words of the expression grammar, which name nothing.
const RESERVED: &[&str] = &[
    "and", "or", "not", "xor", "in", "within", "union", "diff", "symdiff", "inter", "cross", "by",
    "div", "mod", "less", "if", "then", "else", "sum", "prod", "min", "max", "forall", "exists",
    "setof", "atmost", "atleast", "exactly", "sos1", "sos2", "Infinity",
];

/// Whether a word belongs to the grammar of expressions.
pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word)
}

impl Parser<'_> {
    /// Any expression.
    pub(super) fn expr(&mut self) -> Parse<Expr> {
        self.nested(|p| {
            let left = p.or_level()?;
            if p.take_symbol("<==>") {
                let right = p.or_level()?;
                return Ok(binary(Operator::Iff, left, right));
            }
            if p.take_symbol("==>") {
                let then = p.implied()?;
                if p.take_word("else") {
                    let otherwise = p.implied()?;
                    let span = left.span.to(otherwise.span);
                    let kind = ExprKind::ImpliesElse(left.into(), then.into(), otherwise.into());
                    return Ok(Expr { kind, span });
                }
                return Ok(binary(Operator::Implies, left, then));
            }
            if p.take_symbol("<==") {
                let cause = p.or_level()?;
                return Ok(binary(Operator::Implies, cause, left));
            }
            Ok(left)
        })
    }

    /// What an implication implies: `a ==> b ==> c` is `a ==> (b ==> c)`.
    fn implied(&mut self) -> Parse<Expr> {
        self.nested(|p| {
            let left = p.or_level()?;
            if p.take_symbol("==>") {
                let then = p.implied()?;
                return Ok(binary(Operator::Implies, left, then));
            }
            Ok(left)
        })
    }

    fn or_level(&mut self) -> Parse<Expr> {
        let mut left = self.and_level()?;
        loop {
            let operator = if self.take_word("or") || self.take_symbol("or") {
                Operator::Or
            } else if self.take_word("xor") {
                Operator::Xor
            } else {
                return Ok(left);
            };
            let right = self.and_level()?;
            left = binary(operator, left, right);
        }
    }

    fn and_level(&mut self) -> Parse<Expr> {
        let mut left = self.not_level()?;
        while self.take_word("and") || self.take_symbol("and") {
            let right = self.not_level()?;
            left = binary(Operator::And, left, right);
        }
        Ok(left)
    }

    fn not_level(&mut self) -> Parse<Expr> {
        let start = self.peek().span;
        let negates = self.is_word("not") || self.is_symbol("!");
        if negates {
            self.advance();
            return self.nested(|p| {
                let inner = p.not_level()?;
                let span = start.to(inner.span);
                let kind = ExprKind::Not(inner.into());
                Ok(Expr { kind, span })
            });
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Parse<Expr> {
        let left = self.set_level()?;
        let mut rest: Vec<(Relation, Expr)> = Vec::new();
        while let Some(relation) = self.take_relation() {
            rest.push((relation, self.set_level()?));
        }
        if let Some((_, last)) = rest.last() {
            let span = left.span.to(last.span);
            let kind = ExprKind::Compare(left.into(), rest);
            return Ok(Expr { kind, span });
        }
        let negated = (self.is_word("not") || self.is_symbol("!"))
            && matches!(self.word_ahead(1), Some("in" | "within"));
        if negated {
            self.advance();
        }
        let operator = match (self.word(), negated) {
            (Some("in"), false) => Operator::In,
            (Some("in"), true) => Operator::NotIn,
            (Some("within"), false) => Operator::Within,
            (Some("within"), true) => Operator::NotWithin,
            _ => return Ok(left),
        };
        self.advance();
        let right = self.set_level()?;
        Ok(binary(operator, left, right))
    }

    /// Sets and numbers: what stands beside a comparison.
    pub(super) fn set_level(&mut self) -> Parse<Expr> {
        let mut left = self.intersection()?;
        loop {
            let operator = match self.word() {
                Some("union") => Operator::Union,
                Some("diff") => Operator::Difference,
                Some("symdiff") => Operator::SymmetricDifference,
                _ => return Ok(left),
            };
            self.advance();
            let right = self.intersection()?;
            left = binary(operator, left, right);
        }
    }

    fn intersection(&mut self) -> Parse<Expr> {
        let mut left = self.product_of_sets()?;
        while self.take_word("inter") {
            let right = self.product_of_sets()?;
            left = binary(Operator::Intersection, left, right);
        }
        Ok(left)
    }

    fn product_of_sets(&mut self) -> Parse<Expr> {
        let mut left = self.range()?;
        while self.take_word("cross") {
            let right = self.range()?;
            left = binary(Operator::Cross, left, right);
        }
        Ok(left)
    }

    fn range(&mut self) -> Parse<Expr> {
        let from = self.concatenation()?;
        if !self.take_symbol("..") {
            return Ok(from);
        }
        let to = self.concatenation()?;
        let by = if self.take_word("by") {
            Some(Box::new(self.concatenation()?))
        } else {
            None
        };
        let span = from.span.to(by.as_ref().map_or(to.span, |b| b.span));
        let kind = ExprKind::Range(from.into(), to.into(), by);
        Ok(Expr { kind, span })
    }

    fn concatenation(&mut self) -> Parse<Expr> {
        let mut left = self.sum()?;
        while self.take_symbol("&") {
            let right = self.sum()?;
            left = binary(Operator::Concatenate, left, right);
        }
        Ok(left)
    }

    fn sum(&mut self) -> Parse<Expr> {
        let mut left = self.product()?;
        loop {
            let operator = if self.take_symbol("+") {
                Operator::Add
            } else if self.take_symbol("-") {
                Operator::Subtract
            } else if self.take_word("less") {
                Operator::Less
            } else {
                return Ok(left);
            };
            let right = self.product()?;
            left = binary(operator, left, right);
        }
    }

    pub(super) fn product(&mut self) -> Parse<Expr> {
        let mut left = self.signed()?;
        loop {
            let operator = if self.take_symbol("*") {
                Operator::Multiply
            } else if self.take_symbol("/") {
                Operator::Divide
            } else if self.take_word("div") {
                Operator::Quotient
            } else if self.take_word("mod") {
                Operator::Remainder
            } else {
                return Ok(left);
            };
            let right = self.signed()?;
            left = binary(operator, left, right);
        }
    }

    fn signed(&mut self) -> Parse<Expr> {
        let start = self.peek().span;
        if self.take_symbol("-") {
            return self.nested(|p| {
                let inner = p.signed()?;
                let span = start.to(inner.span);
                let kind = ExprKind::Negate(inner.into());
                Ok(Expr { kind, span })
            });
        }
        if self.take_symbol("+") {
            return self.nested(Self::signed);
        }
        let base = self.primary()?;
        if self.take_symbol("**") {
            // To the right first; the exponent may have a sign.
            let exponent = self.nested(Self::signed)?;
            return Ok(binary(Operator::Power, base, exponent));
        }
        Ok(base)
    }

    fn primary(&mut self) -> Parse<Expr> {
        let lexeme = self.peek();
        let start = lexeme.span;
        let leaf = |kind: ExprKind| Expr { kind, span: start };
        match &lexeme.token {
            Token::Number(value) => {
                self.advance();
                let unit = if self.is_symbol("[") {
                    Some(self.unit()?)
                } else {
                    None
                };
                let mut expr = leaf(ExprKind::Number(value.clone(), unit));
                expr.span = start.to(self.last_span());
                Ok(expr)
            }
            Token::Text => {
                self.advance();
                Ok(leaf(ExprKind::Text(unquote(self.slice(start)).into())))
            }
            Token::Symbol("(") => self.nested(Self::bracket),
            Token::Symbol("{") => self.nested(Self::braces),
            Token::Symbol("<<") => self.nested(Self::piecewise),
            Token::Name => {
                let word = self.slice(start);
                match word {
                    "if" => self.nested(Self::conditional),
                    "Infinity" => {
                        self.advance();
                        Ok(leaf(ExprKind::Infinity))
                    }
                    "atmost" | "atleast" | "exactly" => self.nested(Self::count),
                    _ if iterated(word).is_some()
                        && matches!(self.ahead(1).token, Token::Symbol("{"))
                        || matches!(word, "sum" | "prod" | "forall" | "exists" | "setof") =>
                    {
                        self.nested(Self::iterated)
                    }
                    _ if is_reserved(word) && !matches!(word, "min" | "max") => {
                        self.unexpected("an expression")
                    }
                    _ => self.nested(Self::named),
                }
            }
            _ => self.unexpected("an expression"),
        }
    }

    fn bracket(&mut self) -> Parse<Expr> {
        let start = self.peek().span;
        self.advance();
        let mut parts = vec![self.expr()?];
        while self.take_symbol(",") {
            parts.push(self.expr()?);
        }
        self.expect(")")?;
        let span = start.to(self.last_span());
        Ok(match <[Expr; 1]>::try_from(parts) {
            Ok([mut inner]) => {
                inner.span = span;
                inner
            }
            Err(parts) => Expr {
                kind: ExprKind::Tuple(parts),
                span,
            },
        })
    }

    /// A set literal, or a set that an indexing makes.
    fn braces(&mut self) -> Parse<Expr> {
        let start = self.peek().span;
        self.advance();
        let mut parts = Vec::new();
        while !self.is_symbol("}") {
            parts.push(self.expr()?);
            if !self.take_symbol(",") {
                break;
            }
        }
        let is_indexing = self.is_symbol(":") || parts.iter().any(is_membership);
        if is_indexing {
            let entries = parts.into_iter().map(entry_of).collect();
            let indexing = self.end_indexing(start, entries)?;
            let span = indexing.span;
            return Ok(Expr {
                kind: ExprKind::Indexed(indexing),
                span,
            });
        }
        self.expect("}")?;
        Ok(Expr {
            kind: ExprKind::SetLiteral(parts),
            span: start.to(self.last_span()),
        })
    }

    /// `{i in I, (j, k) in J, K : condition}`
    pub(super) fn indexing(&mut self) -> Parse<Indexing> {
        let start = self.peek().span;
        self.expect("{")?;
        let mut entries = Vec::new();
        loop {
            let part = self.set_entry()?;
            entries.push(part);
            if !self.take_symbol(",") {
                break;
            }
        }
        self.end_indexing(start, entries)
    }

    /// The condition and the closing brace.
    fn end_indexing(&mut self, start: Span, entries: Vec<Entry>) -> Parse<Indexing> {
        let condition = if self.take_symbol(":") || self.take_symbol("|") {
            Some(Box::new(self.expr()?))
        } else {
            None
        };
        self.expect("}")?;
        Ok(Indexing {
            entries,
            condition,
            span: start.to(self.last_span()),
        })
    }

    fn set_entry(&mut self) -> Parse<Entry> {
        let left = self.set_level()?;
        if !self.take_word("in") {
            return Ok(entry_of(left));
        }
        let set = self.set_level()?;
        Ok(entry_of(binary(Operator::In, left, set)))
    }

    fn conditional(&mut self) -> Parse<Expr> {
        let start = self.peek().span;
        self.advance();
        let condition = self.expr()?;
        if !self.take_word("then") {
            return self.unexpected("`then`");
        }
        let then = self.set_level_or_condition()?;
        let otherwise = if self.take_word("else") {
            Some(Box::new(self.set_level_or_condition()?))
        } else {
            None
        };
        Ok(Expr {
            kind: ExprKind::If(condition.into(), then.into(), otherwise),
            span: start.to(self.last_span()),
        })
    }

    /// A branch of `if`, which extends as far as it can: `else b <= 1` is
    /// `else (b <= 1)` only in brackets.
    fn set_level_or_condition(&mut self) -> Parse<Expr> {
        self.nested(Self::set_level)
    }

    fn count(&mut self) -> Parse<Expr> {
        let start = self.peek().span;
        self.advance();
        let count = match self.slice(start) {
            "atmost" => Count::AtMost,
            "atleast" => Count::AtLeast,
            _ => Count::Exactly,
        };
        let number = Box::new(self.signed()?);
        self.take_word("of");
        if self.is_symbol("{") {
            let indexing = self.indexing()?;
            let body = self.nested(Self::not_level)?;
            let span = start.to(body.span);
            let kind =
                ExprKind::Iterated(Iterated::Count(count), Some(number), indexing, body.into());
            return Ok(Expr { kind, span });
        }
        self.expect("(")?;
        let mut parts = vec![self.expr()?];
        while self.take_symbol(",") {
            parts.push(self.expr()?);
        }
        self.expect(")")?;
        Ok(Expr {
            kind: ExprKind::CountOf(count, number, parts),
            span: start.to(self.last_span()),
        })
    }

    fn iterated(&mut self) -> Parse<Expr> {
        let start = self.peek().span;
        let word = self.slice(start);
        self.advance();
        let Some(operator) = iterated(word) else {
            return self.unexpected("an iterated operator");
        };
        if self.is_symbol("(") && word == "sum" {
            return self.sum_in_brackets(start);
        }
        let indexing = self.indexing()?;
        let body = self.nested(|p| match operator {
            Iterated::Forall | Iterated::Exists => p.not_level(),
            Iterated::SetOf => p.range(),
            _ => p.product(),
        })?;
        let span = start.to(body.span);
        let kind = ExprKind::Iterated(operator, None, indexing, body.into());
        Ok(Expr { kind, span })
    }

    /// `sum(i in I) a`, as other systems write it.
    fn sum_in_brackets(&mut self, start: Span) -> Parse<Expr> {
        let bracket = self.peek().span;
        self.advance();
        let entry = self.set_entry()?;
        let mut entries = vec![entry];
        while self.take_symbol(",") {
            entries.push(self.set_entry()?);
        }
        self.expect(")")?;
        let close = self.last_span();
        self.diagnostics.push(
            Diagnostic::note(Code::MODEL_SPELLING, "`sum(...)` was read as `sum{...}`")
                .at(bracket.to(close)),
        );
        let indexing = Indexing {
            entries,
            condition: None,
            span: bracket.to(close),
        };
        let body = self.nested(Self::product)?;
        let span = start.to(body.span);
        let kind = ExprKind::Iterated(Iterated::Sum, None, indexing, body.into());
        Ok(Expr { kind, span })
    }

    /// A name, with subscripts or arguments.
    fn named(&mut self) -> Parse<Expr> {
        let start = self.advance().span;
        let word = self.slice(start);
        let (close, is_call) = if self.take_symbol("[") {
            ("]", false)
        } else if self.is_symbol("(") {
            self.advance();
            (")", true)
        } else {
            return Ok(Expr {
                kind: ExprKind::Name(word.into(), Vec::new()),
                span: start,
            });
        };
        let mut parts = Vec::new();
        while !self.is_symbol(close) {
            parts.push(self.expr()?);
            if !self.take_symbol(",") {
                break;
            }
        }
        self.expect(close)?;
        let kind = if is_call {
            ExprKind::Call(word.into(), parts)
        } else {
            ExprKind::Name(word.into(), parts)
        };
        Ok(Expr {
            kind,
            span: start.to(self.last_span()),
        })
    }

    fn piecewise(&mut self) -> Parse<Expr> {
        let start = self.advance().span;
        let mut lists = [Vec::new(), Vec::new()];
        for (i, list) in lists.iter_mut().enumerate() {
            while !self.is_symbol(";") && !self.is_symbol(">>") {
                list.push(self.sum()?);
                if !self.take_symbol(",") {
                    break;
                }
            }
            self.expect(if i == 0 { ";" } else { ">>" })?;
        }
        let argument = Box::new(self.nested(Self::signed)?);
        let [breakpoints, slopes] = lists;
        if slopes.len() != breakpoints.len() + 1 {
            self.diagnostics.push(
                Diagnostic::error(
                    Code::MODEL_UNEXPECTED,
                    format!(
                        "{} breakpoints need {} slopes, not {}",
                        breakpoints.len(),
                        breakpoints.len() + 1,
                        slopes.len()
                    ),
                )
                .at(start.to(self.last_span())),
            );
            return Err(Unread);
        }
        let span = start.to(argument.span);
        let kind = ExprKind::Piecewise {
            breakpoints,
            slopes,
            argument,
        };
        Ok(Expr { kind, span })
    }
}

fn binary(operator: Operator, left: Expr, right: Expr) -> Expr {
    let span = left.span.to(right.span);
    Expr {
        kind: ExprKind::Binary(operator, left.into(), right.into()),
        span,
    }
}

/// `i in I`, `(i, j) in J`, or a set without indices.
fn entry_of(part: Expr) -> Entry {
    match part.kind {
        ExprKind::Binary(Operator::In, left, set) => Entry {
            indices: match left.kind {
                ExprKind::Tuple(parts) => parts,
                _ => vec![*left],
            },
            set: *set,
        },
        _ => Entry {
            indices: Vec::new(),
            set: part,
        },
    }
}

fn is_membership(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Binary(Operator::In, _, _))
}

fn iterated(word: &str) -> Option<Iterated> {
    Some(match word {
        "sum" => Iterated::Sum,
        "prod" => Iterated::Product,
        "min" => Iterated::Min,
        "max" => Iterated::Max,
        "forall" => Iterated::Forall,
        "exists" => Iterated::Exists,
        "setof" => Iterated::SetOf,
        "sos1" => Iterated::Sos(1),
        "sos2" => Iterated::Sos(2),
        _ => return None,
    })
}
