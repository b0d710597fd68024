//! Special ordered sets.

use nsolve_il::milp::{Condition, Number};
use nsolve_source::{Code, Diagnostic};

use super::Reader;
use super::lex::Kind;
use crate::limits::Read;

impl<'a> Reader<'a> {
    /// Reads `name: S1:: x:1 y:2`, or `name: x:1 y:2` under `sos1` or `sos2`.
    pub(super) fn read_set(&mut self, heading: Option<u8>) -> Read<()> {
        let start = self.token;
        let mut label = None;
        if self.lexer.colon_follows() {
            label = self.read_label()?;
        }
        let kind = self.read_kind()?.or(heading);
        let Some(kind) = kind else {
            return Err(self.unexpected("`S1::` or `S2::`"));
        };
        let mut members: Vec<(u32, Number)> = Vec::new();
        while let Some(member) = self.read_member()? {
            members.push(member);
        }
        if members.is_empty() {
            return Err(self.unexpected("a variable with its weight, such as `x:1`"));
        }
        let span = start.span().to(nsolve_source::Span {
            start: start.start,
            end: self.passed_end,
        });
        members.sort_by(|a, b| a.1.cmp(&b.1));
        let repeats = members
            .iter()
            .zip(members.iter().skip(1))
            .any(|(a, b)| a.1 == b.1);
        if repeats {
            let message = "two variables have the same weight; they keep the order of the text";
            self.faults
                .push(Diagnostic::warning(Code::OUTSIDE_FORMAT, message).at(span));
        }
        let columns = members.into_iter().map(|(column, _)| column).collect();
        self.conditions.push(Condition::Sos(kind, columns));
        self.condition_names.push((label, span));
        Ok(())
    }

    /// Reads `S1::` or `S2::`, if it stands here.
    fn read_kind(&mut self) -> Read<Option<u8>> {
        let word = self.slice(self.token);
        let kind = match word {
            "S1" | "s1" => 1,
            "S2" | "s2" => 2,
            _ => return Ok(None),
        };
        let mut lexer = self.lexer;
        if self.token.kind != Kind::Name || lexer.next().kind != Kind::DoubleColon {
            return Ok(None);
        }
        self.advance();
        self.advance();
        Ok(Some(kind))
    }

    /// Reads `x:1`, if that stands here.
    fn read_member(&mut self) -> Read<Option<(u32, Number)>> {
        if self.token.kind != Kind::Name || !self.lexer.colon_follows() {
            return Ok(None);
        }
        let mut lexer = self.lexer;
        lexer.next();
        let mut behind = lexer.next();
        if behind.kind.is_sign() {
            behind = lexer.next();
        }
        if behind.kind != Kind::Number {
            return Ok(None);
        }
        let token = self.advance();
        self.advance();
        let negative = self.token.kind == Kind::Minus;
        if self.token.kind.is_sign() {
            self.advance();
        }
        let weight = self.read_number()?;
        let column = self.known(token)?;
        Ok(Some((column, if negative { -weight } else { weight })))
    }
}
