//! Sums of terms.

use nsolve_il::milp::{Linear, Number};
use nsolve_source::{Code, Diagnostic, Span};

use super::super::amount::{Amount, is_infinity, no_number};
use super::Reader;
use super::lex::{Kind, Token};
use crate::limits::{Read, fault};

/// A sum that was read.
#[derive(Default)]
pub(super) struct Sum {
    pub(super) linear: Linear,
    /// What is infinite in it, if anything.
    pub(super) infinite: Option<Amount>,
}

/// Which side of a comparison a sum is on. The right one ends with its line,
/// since a row may start with a sign.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

impl<'a> Reader<'a> {
    /// An empty sum.
    pub(super) fn new_sum(&mut self) -> Sum {
        let mut sum = self.pool.pop().unwrap_or_default();
        sum.linear.terms.clear();
        sum.linear.constant = Number::ZERO;
        sum.infinite = None;
        sum
    }

    /// Reads a sum, which may be empty.
    pub(super) fn read_sum(&mut self, side: Side) -> Read<Sum> {
        let mut sum = self.new_sum();
        let mut is_first = true;
        while is_first || !(side == Side::Right && self.token.first) {
            let (mut negative, mut signed) = (false, false);
            while self.token.kind.is_sign() {
                negative ^= self.token.kind == Kind::Minus;
                signed = true;
                self.advance();
                self.left = side == Side::Left;
            }
            match self.token.kind {
                Kind::Open => return Err(self.quadratic()),
                Kind::Number => {}
                // A second sign is needed before a keyword is no name.
                Kind::Name if !self.is_outside() => {}
                _ if signed => return Err(self.unexpected("a term")),
                _ => break,
            }
            if !is_first && !signed {
                break;
            }
            self.read_term(negative, side, &mut sum)?;
            is_first = false;
        }
        Ok(sum)
    }

    /// Whether the name here is no variable, but starts a section or a
    /// statement.
    fn is_outside(&self) -> bool {
        self.lexer.colon_follows() || self.section().is_some()
    }

    fn read_term(&mut self, negative: bool, side: Side, sum: &mut Sum) -> Read<()> {
        let sign = |value: Number| if negative { -value } else { value };
        let mut coefficient = None;
        if self.token.kind == Kind::Number {
            let value = self.read_number()?;
            self.left = side == Side::Left;
            if self.token.kind == Kind::Star {
                let span = self.token.span();
                self.faults
                    .spelling("a `*` between a coefficient and its variable", span);
                self.advance();
                if self.token.kind != Kind::Name {
                    return Err(self.unexpected("a variable"));
                }
            } else if !self.is_factor(side)? {
                sum.linear.constant += &sign(value);
                return Ok(());
            }
            coefficient = Some(value);
        }
        let token = self.advance();
        self.left = side == Side::Left;
        let word = self.slice(token);
        if is_infinity(word) && coefficient.is_none() && sum.infinite.is_none() {
            sum.infinite = Some(if negative {
                Amount::Below
            } else {
                Amount::Above
            });
            return Ok(());
        }
        self.check_linear()?;
        let column = self.column(token)?;
        self.note_repetition(column, token.span());
        let coefficient = sign(coefficient.unwrap_or(Number::ONE));
        sum.linear.terms.push((column, coefficient));
        Ok(())
    }

    /// Whether the number just read is the coefficient of a variable here.
    fn is_factor(&self, side: Side) -> Read<bool> {
        match self.token.kind {
            Kind::Open => Err(self.quadratic()),
            Kind::Slash | Kind::Caret => Err(self.unexpected("a variable, a sign or a comparison")),
            Kind::Name => {
                let next_row = side == Side::Right && self.token.first;
                Ok(!next_row && !self.is_outside())
            }
            _ => Ok(false),
        }
    }

    /// Reads a number without a sign.
    pub(super) fn read_number(&mut self) -> Read<Number> {
        let token = self.advance();
        let text = self.slice(token);
        Number::of_decimal(text.as_bytes()).ok_or_else(|| Box::new(no_number(text, token.span())))
    }

    fn quadratic(&self) -> Box<Diagnostic> {
        let message = "quadratic expressions are not read";
        let fault = Diagnostic::error(Code::MODEL_UNSUPPORTED, message).at(self.token.span());
        Box::new(fault.help("nsolve solves linear problems"))
    }

    /// Refuses products, powers and quotients behind a variable.
    fn check_linear(&self) -> Read<()> {
        match self.token.kind {
            Kind::Star | Kind::Caret | Kind::Slash => {
                let message = "products, powers and quotients of variables are not read";
                let fault = Diagnostic::error(Code::MODEL_UNSUPPORTED, message);
                Err(Box::new(
                    fault
                        .at(self.token.span())
                        .help("a coefficient stands before its variable: `0.5 x`"),
                ))
            }
            _ => Ok(()),
        }
    }

    fn note_repetition(&mut self, column: u32, span: Span) {
        if self.columns.repeats(column, self.statements) {
            let name = self.columns.name(column);
            let message = format!("`{name:.60}` stands here a second time; both are added up");
            self.faults
                .push(Diagnostic::warning(Code::REPEATED_ENTRY, message).at(span));
        }
    }

    /// The column of this name; a new one where there is none.
    pub(super) fn column(&mut self, token: Token) -> Read<u32> {
        let (name, span) = self.trimmed(token);
        match self.columns.find(name) {
            Some(column) => Ok(column),
            None => {
                self.check_name(name, span)?;
                Ok(self.columns.add(name, span))
            }
        }
    }

    /// A name without a comma or a semicolon at its end.
    pub(super) fn trimmed(&mut self, token: Token) -> (&'a str, Span) {
        let (name, span) = (self.slice(token), token.span());
        if !name.ends_with([',', ';']) {
            return (name, span);
        }
        self.faults
            .spelling("commas and semicolons behind a name are passed over", span);
        let trimmed = name.trim_end_matches([',', ';']);
        let end = span.start as usize + trimmed.len();
        (trimmed, Span::new(span.start as usize, end))
    }

    /// Refuses names that are no names, and tells of unusual ones.
    pub(super) fn check_name(&mut self, name: &str, span: Span) -> Read<()> {
        if name.is_empty() || name.eq_ignore_ascii_case("nan") || is_infinity(name) {
            return fault(no_number(name, span));
        }
        if let Some(c) = name.chars().find(|c| !c.is_ascii() && !c.is_alphanumeric()) {
            let message = format!("the character {c:?} is no part of a name or sign");
            return fault(Diagnostic::error(Code::MODEL_CHARACTER, message).at(span));
        }
        if !brackets_fit(name) {
            let message = format!("the brackets in `{name:.60}` do not fit");
            let fault = Diagnostic::error(Code::MODEL_UNEXPECTED, message).at(span);
            return Err(Box::new(
                fault.help("sums are not bracketed in this format; multiply them out"),
            ));
        }
        if name.contains('[') {
            self.faults
                .spelling("square brackets in a name, as Gurobi writes them", span);
        }
        Ok(())
    }
}

/// Whether each round bracket in a name has its partner, and none is outside
/// of all words, as in `(x`.
pub(in crate::milp) fn brackets_fit(name: &str) -> bool {
    let mut open = 0_usize;
    for byte in name.bytes() {
        match byte {
            b'(' => open += 1,
            b')' if open == 0 => return false,
            b')' => open -= 1,
            _ => {}
        }
    }
    open == 0 && !name.starts_with('(')
}
