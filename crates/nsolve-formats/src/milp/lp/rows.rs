//! The objective and the rows.

use nsolve_il::milp::{Bound, Condition, Linear, Number, Objective, Relation, Sense};
use nsolve_source::{Code, Diagnostic, Span};

use super::super::amount::{Amount, is_infinite};
use super::Reader;
use super::expression::{Side, Sum};
use super::lex::{Kind, Token};
use crate::limits::{Read, fault};

impl<'a> Reader<'a> {
    /// The name before a colon, if one stands here.
    pub(super) fn read_label(&mut self) -> Read<Option<&'a str>> {
        let is_label = matches!(self.token.kind, Kind::Name | Kind::Number);
        if !is_label || !self.lexer.colon_follows() {
            return Ok(None);
        }
        let token = self.advance();
        self.advance();
        let name = self.slice(token);
        if token.kind == Kind::Name {
            self.check_name(name, token.span())?;
        }
        Ok(Some(name))
    }

    pub(super) fn read_objective(&mut self, sense: Sense, heading: Span) {
        self.statements += 1;
        if self.statements > 1 {
            let message = "a file has one objective, and it comes first";
            self.faults
                .push(Diagnostic::error(Code::BAD_SECTION, message).at(heading));
            return self.skip_to_section();
        }
        match self.read_objective_sum(sense, heading) {
            Ok(objective) => self.objective = Some(objective),
            Err(fault) => {
                self.faults.push(*fault);
                self.skip_to_section();
            }
        }
    }

    fn read_objective_sum(&mut self, sense: Sense, heading: Span) -> Read<Objective> {
        if self.slice(self.token).eq_ignore_ascii_case("multi") && self.token.kind == Kind::Name {
            let message = "several objectives in one file are not read";
            let fault = Diagnostic::error(Code::MODEL_UNSUPPORTED, message);
            return Err(Box::new(fault.at(self.token.span())));
        }
        let label = self.read_label()?;
        let sum = self.read_sum(Side::Left)?;
        if self.token.kind != Kind::End && self.section().is_none() {
            return Err(self.unexpected("a sign or a section"));
        }
        if sum.infinite.is_some() {
            let message = "an infinite number in the objective";
            return fault(Diagnostic::error(Code::MODEL_NUMBER, message).at(heading));
        }
        let end = self.passed_end;
        let mut expression = sum.linear;
        expression.normalize();
        Ok(Objective {
            name: label.unwrap_or("obj").into(),
            sense,
            expression,
            span: Some(heading.to(Span {
                start: heading.end,
                end: end.max(heading.end),
            })),
            doc: None,
        })
    }

    /// Reads a row or an indicator: `name: 2 <= x + y <= 8`,
    /// `name: y = 1 -> x <= 5`.
    pub(super) fn read_row(&mut self) -> Read<()> {
        self.statements += 1;
        let (start, range) = (self.token, self.lexer.range);
        let label = self.read_label()?;
        if label.is_some() && self.token.kind.is_comparison() {
            let span = self.token.span();
            self.faults
                .spelling("a row without variables, as HiGHS writes it", span);
        }
        let first = self.read_comparison(label.is_some())?;
        if self.token.kind == Kind::Arrow {
            return self.read_indicator(start, label, first);
        }
        let last = match self.token.kind.is_comparison() {
            true => Some(self.read_range_end(&first)?),
            false => None,
        };
        let span = self.end_statement(start)?;
        let (bounds, mut linear) = match last {
            None => self.bounds_of(first, span)?,
            Some(last) => self.range_of(first, last, span)?,
        };
        linear.normalize();
        if !self.completes_range(&bounds, &linear) {
            self.half = (self.range != range).then_some(self.rows.len() as u32);
            self.range = range;
            self.rows.push(bounds.0, &linear, bounds.1);
            self.name_row(label, span);
        }
        self.pool.push(Sum {
            linear,
            infinite: None,
        });
        Ok(())
    }

    /// Whether this is the upper bound of the row before it, as a comment said
    /// there. It has been added to that row then.
    fn completes_range(&mut self, bounds: &(Bound, Bound), linear: &Linear) -> bool {
        let Some(half) = self.half.take() else {
            return false;
        };
        let row = self.rows.get(half);
        let (Some(lower), None, None, Some(upper)) = (row.lower, row.upper, &bounds.0, &bounds.1)
        else {
            return false;
        };
        let terms = linear.terms.iter().map(|(c, a)| (*c, a));
        if !row.terms().eq(terms) {
            return false;
        }
        let lower = lower.clone();
        self.rows.set_bounds(half, Some(lower), Some(upper.clone()));
        true
    }

    fn name_row(&mut self, label: Option<&'a str>, span: Span) {
        let row = self.row_names.len() as u32;
        self.row_names.push((label, span));
        let Some(name) = label else { return };
        if let Some(other) = self.row_index.insert(name, row) {
            let message = format!("two rows are called `{name:.60}`");
            let mut warning = Diagnostic::warning(Code::REPEATED_ROW, message).at(span);
            if let Some((_, first)) = self.row_names.get(other as usize) {
                warning = warning.related(*first, "the first one");
            }
            self.faults.push(warning);
        }
    }

    /// Nothing of the statement may be left on its line.
    fn end_statement(&mut self, start: Token) -> Read<Span> {
        let token = self.token;
        let outside = token.kind == Kind::Name || token.kind == Kind::Number;
        let ends = token.kind == Kind::End
            || token.first
            || (outside && self.lexer.colon_follows())
            || self.section().is_some();
        if !ends {
            return Err(self.unexpected("a sign or the end of the row"));
        }
        Ok(Span {
            start: start.start,
            end: self.passed_end.max(start.end),
        })
    }

    fn read_comparison(&mut self, may_be_empty: bool) -> Read<Comparison> {
        let start = self.token.start;
        let left = self.read_sum(Side::Left)?;
        if self.token.start == start && !may_be_empty {
            return Err(self.unexpected("a term"));
        }
        if !self.token.kind.is_comparison() {
            return Err(self.unexpected("`<=`, `>=` or `=`"));
        }
        let (relation, right) = self.read_right()?;
        Ok(Comparison {
            left,
            relation,
            right,
        })
    }

    /// Reads a comparison sign and what is right of it, which is not empty.
    fn read_right(&mut self) -> Read<(Relation, Sum)> {
        let sign = self.advance();
        self.left = false;
        if matches!(self.slice(sign), "==" | "≤" | "≥") {
            let message = "a comparison sign that the format does not have";
            self.faults.spelling(message, sign.span());
        }
        let relation = match sign.kind {
            Kind::Le => Relation::Le,
            Kind::Ge => Relation::Ge,
            _ => Relation::Eq,
        };
        let behind = self.token.start;
        let right = self.read_sum(Side::Right)?;
        if self.token.start == behind {
            return Err(self.unexpected("a number"));
        }
        Ok((relation, right))
    }

    fn read_range_end(&mut self, first: &Comparison) -> Read<Sum> {
        let sign = self.token;
        let (relation, last) = self.read_right()?;
        let same = relation == first.relation && relation != Relation::Eq;
        if !same {
            let message = "the two signs of a range must point the same way";
            return fault(Diagnostic::error(Code::MODEL_UNEXPECTED, message).at(sign.span()));
        }
        Ok(last)
    }

    /// The bounds and the expression of `left relation right`.
    fn bounds_of(&mut self, c: Comparison, span: Span) -> Read<((Bound, Bound), Linear)> {
        let Comparison {
            left: mut sum,
            relation,
            right,
        } = c;
        sum.linear.add(&right.linear, &Number::from(-1));
        let constant = std::mem::take(&mut sum.linear.constant);
        let amount = match (sum.infinite, &right.infinite) {
            (None, None) => Amount::of(-constant),
            (None, Some(amount)) => amount.clone(),
            (Some(Amount::Above), None) => Amount::Below,
            (Some(Amount::Below), None) => Amount::Above,
            _ => {
                let message = "both sides are infinite";
                return fault(Diagnostic::error(Code::MODEL_NUMBER, message).at(span));
            }
        };
        self.pool.push(right);
        let bounds = match relation {
            Relation::Le => (None, amount.upper(span)?),
            Relation::Ge => (amount.lower(span)?, None),
            _ => {
                let value = amount.finite(span)?;
                (Some(value.clone()), Some(value))
            }
        };
        Ok((bounds, sum.linear))
    }

    /// The bounds and the expression of `first.left relation first.right
    /// relation last`, where the ends are numbers.
    fn range_of(
        &mut self,
        first: Comparison,
        last: Sum,
        span: Span,
    ) -> Read<((Bound, Bound), Linear)> {
        let Comparison {
            left,
            relation,
            right: mut middle,
        } = first;
        let is_sum = |s: &Sum| !s.linear.terms.is_empty();
        if is_sum(&left) || is_sum(&last) || middle.infinite.is_some() {
            let message = "both ends of a range must be numbers";
            return fault(Diagnostic::error(Code::MODEL_UNEXPECTED, message).at(span));
        }
        let shift = std::mem::take(&mut middle.linear.constant);
        let amount = |sum: &Sum| match &sum.infinite {
            Some(amount) => amount.clone(),
            None => Amount::of(&sum.linear.constant - &shift),
        };
        let (low, high) = match relation {
            Relation::Le => (amount(&left), amount(&last)),
            _ => (amount(&last), amount(&left)),
        };
        let bounds = (low.lower(span)?, high.upper(span)?);
        self.pool.extend([left, last]);
        Ok((bounds, middle.linear))
    }

    /// Reads what is behind the arrow of `y = 1 -> ...`.
    fn read_indicator(
        &mut self,
        start: Token,
        label: Option<&'a str>,
        when: Comparison,
    ) -> Read<()> {
        let arrow = self.advance();
        // Its columns are counted on their own.
        self.statements += 1;
        let then = self.read_comparison(false)?;
        let span = self.end_statement(start)?;
        let when = Condition::Compare(self.difference(when, span)?, Relation::Eq);
        let is_simple = match &when {
            Condition::Compare(linear, _) => match linear.terms.as_slice() {
                [(_, a)] => {
                    *a == Number::ONE
                        && (linear.constant.is_zero() || linear.constant == Number::from(-1))
                }
                _ => false,
            },
            _ => false,
        };
        if !is_simple {
            let message = "before `->` stands a binary variable with `= 1` or `= 0`";
            return fault(Diagnostic::error(Code::MODEL_UNEXPECTED, message).at(arrow.span()));
        }
        let relation = then.relation;
        let then = Condition::Compare(self.difference(then, span)?, relation);
        self.conditions
            .push(Condition::Implies(Box::new(when), Box::new(then)));
        self.condition_names.push((label, span));
        Ok(())
    }

    fn difference(&mut self, c: Comparison, span: Span) -> Read<Linear> {
        let mut linear = c.left.linear;
        linear.add(&c.right.linear, &Number::from(-1));
        linear.normalize();
        let infinite = c.left.infinite.or(c.right.infinite);
        if infinite.is_some() || is_infinite(&linear.constant) {
            let message = "an infinite number in an indicator";
            return fault(Diagnostic::error(Code::MODEL_NUMBER, message).at(span));
        }
        Ok(linear)
    }
}

/// Two sums that are compared.
struct Comparison {
    left: Sum,
    relation: Relation,
    right: Sum,
}
