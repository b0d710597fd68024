//! Bounds, and lists of variables.

use nsolve_il::milp::Relation;
use nsolve_source::{Code, Diagnostic, Span};

use super::super::amount::{Amount, is_infinity, no_number};
use super::super::build::Said;
use super::Reader;
use super::lex::{Kind, Token};
use crate::limits::{Read, fault};

impl Reader<'_> {
    /// Reads `x free`, `x <= 5`, `2 <= x`, `x = 3` or `2 <= x <= 5`.
    pub(super) fn read_bound(&mut self) -> Read<()> {
        let starts_with_value =
            self.token.kind.is_sign() || self.token.kind == Kind::Number || self.is_infinity_word();
        if starts_with_value {
            return self.read_value_first();
        }
        if self.token.kind != Kind::Name {
            return Err(self.unexpected("a variable or a number"));
        }
        let token = self.advance();
        let next = self.slice(self.token);
        if self.token.kind == Kind::Name && next.eq_ignore_ascii_case("free") {
            let column = self.known(token)?;
            let span = token.span().to(self.advance().span());
            self.columns.set_lower(column, None);
            self.columns.set_upper(column, None, span);
            return self.end_bound();
        }
        if self.token.kind == Kind::Name && !self.token.first {
            return Err(self.unexpected("`free`, `<=`, `>=` or `=`"));
        }
        let relation = self.read_relation()?;
        let (amount, span) = self.read_amount()?;
        let column = self.known(token)?;
        self.bound(column, relation, amount, token.span().to(span))?;
        self.end_bound()
    }

    fn read_value_first(&mut self) -> Read<()> {
        let (amount, span) = self.read_amount()?;
        if self.token.kind == Kind::Name {
            let message = "a bound is about one variable without a coefficient";
            let fault = Diagnostic::error(Code::MODEL_UNEXPECTED, message).at(self.token.span());
            return Err(Box::new(fault.help("make it a row, in `subject to`")));
        }
        let relation = self.read_relation()?;
        if self.token.kind != Kind::Name {
            return Err(self.unexpected("a variable"));
        }
        let token = self.advance();
        let column = self.known(token)?;
        self.bound(column, relation.flipped(), amount, span.to(token.span()))?;
        if self.token.kind.is_comparison() && !self.token.first {
            let sign = self.token.span();
            let second = self.read_relation()?;
            let (amount, end) = self.read_amount()?;
            if second != relation || relation == Relation::Eq {
                let message = "the two signs of a range must point the same way";
                return fault(Diagnostic::error(Code::MODEL_UNEXPECTED, message).at(sign));
            }
            self.bound(column, second, amount, token.span().to(end))?;
        }
        self.end_bound()
    }

    fn end_bound(&mut self) -> Read<()> {
        let ends = self.token.first || self.token.kind == Kind::End || self.section().is_some();
        // Several short bounds may share a line.
        let starts = self.token.kind == Kind::Name || self.token.kind == Kind::Number;
        if ends || starts || self.token.kind.is_sign() {
            return Ok(());
        }
        Err(self.unexpected("the end of the bound"))
    }

    fn read_relation(&mut self) -> Read<Relation> {
        let relation = match self.token.kind {
            Kind::Le => Relation::Le,
            Kind::Ge => Relation::Ge,
            Kind::Eq => Relation::Eq,
            _ => return Err(self.unexpected("`<=`, `>=` or `=`")),
        };
        self.advance();
        Ok(relation)
    }

    fn is_infinity_word(&self) -> bool {
        self.token.kind == Kind::Name && is_infinity(self.slice(self.token))
    }

    fn read_amount(&mut self) -> Read<(Amount, Span)> {
        let start = self.token.span();
        let mut negative = false;
        while self.token.kind.is_sign() {
            negative ^= self.token.kind == Kind::Minus;
            self.advance();
        }
        let span = start.to(self.token.span());
        if self.is_infinity_word() {
            self.advance();
            let amount = match negative {
                true => Amount::Below,
                false => Amount::Above,
            };
            return Ok((amount, span));
        }
        if self.token.kind == Kind::Name && self.section().is_none() {
            return fault(no_number(self.slice(self.token), self.token.span()));
        }
        if self.token.kind != Kind::Number {
            return Err(self.unexpected("a number"));
        }
        let value = self.read_number()?;
        Ok((Amount::of(if negative { -value } else { value }), span))
    }

    fn bound(&mut self, column: u32, relation: Relation, amount: Amount, span: Span) -> Read<()> {
        match relation {
            Relation::Le => {
                let upper = amount.upper(span)?;
                self.columns.set_upper(column, upper, span);
            }
            Relation::Ge => {
                let lower = amount.lower(span)?;
                self.columns.set_lower(column, lower);
            }
            _ => {
                let value = amount.finite(span)?;
                self.columns.set_lower(column, Some(value.clone()));
                self.columns.set_upper(column, Some(value), span);
            }
        }
        Ok(())
    }

    /// The column of this name. One that no row mentions is probably spelt
    /// wrongly, but HiGHS and others write files with such.
    pub(super) fn known(&mut self, token: Token) -> Read<u32> {
        let (name, span) = self.trimmed(token);
        if let Some(column) = self.columns.find(name) {
            return Ok(column);
        }
        self.check_name(name, span)?;
        let message = format!("neither the objective nor a row mentions `{name:.60}`");
        self.faults
            .push(Diagnostic::warning(Code::UNKNOWN_COLUMN, message).at(span));
        Ok(self.columns.add(name, span))
    }

    /// Reads one name of a list, and says something about it.
    pub(super) fn mark(&mut self, say: impl Fn(&mut Said, Span)) -> Read<()> {
        if self.token.kind != Kind::Name {
            return Err(self.unexpected("a variable"));
        }
        let token = self.advance();
        // A lone comma between names.
        if self.slice(token) == "," {
            self.trimmed(token);
            return Ok(());
        }
        let column = self.known(token)?;
        if let Some(said) = self.columns.said_mut(column) {
            say(said, token.span());
        }
        Ok(())
    }
}
