//! Facts about numbers that add up to a contradiction (Farkas).

use std::collections::BTreeMap;

use nsolve_il::Rational;
use nsolve_il::fol::{ArithmeticOp, CompareOp};
use num_traits::{One, Signed, Zero};

use crate::LineFault;
use crate::ground::{Ground, Id, Node};

/// A sum of unknowns with factors, and a number.
#[derive(Clone, Debug, Default)]
struct Sum {
    unknowns: BTreeMap<Id, Rational>,
    number: Rational,
}

impl Sum {
    fn add(&mut self, other: &Sum, factor: &Rational) {
        for (&unknown, value) in &other.unknowns {
            let entry = self.unknowns.entry(unknown).or_default();
            *entry += value * factor;
            if entry.is_zero() {
                self.unknowns.remove(&unknown);
            }
        }
        self.number += &other.number * factor;
    }

    fn as_number(&self) -> Option<&Rational> {
        self.unknowns.is_empty().then_some(&self.number)
    }
}

/// A term as a sum; whatever is no sum is an unknown. Ground terms are
/// numbered after their parts, so the recursion ends; its depth is bounded by
/// that of the terms, which readers and certificates bound.
fn sum(ground: &Ground, id: Id, depth: usize) -> Option<Sum> {
    if depth > 500 {
        return None;
    }
    let part = |p: &Id| sum(ground, *p, depth + 1);
    let mut out = Sum::default();
    match ground.node(id) {
        Node::Number(value, _) => out.number = value.clone(),
        Node::Arithmetic(ArithmeticOp::Add, parts) => {
            for p in parts {
                out.add(&part(p)?, &Rational::one());
            }
        }
        Node::Arithmetic(ArithmeticOp::Subtract, parts) => {
            let [a, b] = &**parts else { return None };
            out.add(&part(a)?, &Rational::one());
            out.add(&part(b)?, &-Rational::one());
        }
        Node::Arithmetic(ArithmeticOp::Negate, parts) => {
            out.add(&part(parts.first()?)?, &-Rational::one());
        }
        Node::Arithmetic(ArithmeticOp::ToReal, parts) => return part(parts.first()?),
        Node::Arithmetic(ArithmeticOp::Multiply, parts) => {
            let (mut factor, mut rest) = (Rational::one(), None);
            for p in parts {
                let value = part(p)?;
                match value.as_number() {
                    Some(n) => factor *= n,
                    None if rest.is_none() => rest = Some(value),
                    // A product of unknowns is an unknown.
                    None => return Some(unknown(id)),
                }
            }
            match rest {
                Some(rest) => out.add(&rest, &factor),
                None => out.number = factor,
            }
        }
        Node::Arithmetic(ArithmeticOp::Divide, parts) => {
            let [a, b] = &**parts else { return None };
            let divisor = part(b)?;
            match divisor.as_number() {
                Some(n) if !n.is_zero() => out.add(&part(a)?, &n.recip()),
                _ => return Some(unknown(id)),
            }
        }
        _ => return Some(unknown(id)),
    }
    Some(out)
}

fn unknown(id: Id) -> Sum {
    Sum {
        unknowns: BTreeMap::from([(id, Rational::one())]),
        number: Rational::zero(),
    }
}

/// A comparison of two numbers that is said to hold, or to fail.
pub(crate) struct Fact<'a> {
    pub(crate) left: Id,
    pub(crate) op: Option<CompareOp>,
    pub(crate) right: Id,
    pub(crate) holds: bool,
    pub(crate) factor: &'a Rational,
}

/// Whether the facts, each so often, say `n <= 0` for a number `n > 0`,
/// `0 < 0`, or (equations only) `n = 0` for another number.
pub(crate) fn contradictory(ground: &Ground, facts: &[Fact<'_>]) -> Result<(), LineFault> {
    let (mut total, mut strict, mut equations_only) = (Sum::default(), false, true);
    for fact in facts {
        if !ground.sort(fact.left).is_numeric() || !ground.sort(fact.right).is_numeric() {
            return Err(LineFault::Sort);
        }
        if fact.factor.is_zero() {
            continue;
        }
        let mut difference = sum(ground, fact.left, 0).ok_or(LineFault::NotLinear)?;
        let right = sum(ground, fact.right, 0).ok_or(LineFault::NotLinear)?;
        difference.add(&right, &-Rational::one());
        // `left - right` is below (or at) zero for `<` and `<=`, and for the
        // denials of `>=` and `>`; the other way round for the others.
        let (below, is_strict) = match (fact.op, fact.holds) {
            (None, true) => {
                total.add(&difference, fact.factor);
                continue;
            }
            (None, false) => return Err(LineFault::NotLinear),
            (Some(CompareOp::Less), true) | (Some(CompareOp::GreaterEq), false) => (true, true),
            (Some(CompareOp::LessEq), true) | (Some(CompareOp::Greater), false) => (true, false),
            (Some(CompareOp::Greater), true) | (Some(CompareOp::LessEq), false) => (false, true),
            (Some(CompareOp::GreaterEq), true) | (Some(CompareOp::Less), false) => (false, false),
        };
        if fact.factor.is_negative() {
            return Err(LineFault::NotLinear);
        }
        equations_only = false;
        strict |= is_strict;
        let factor = if below {
            fact.factor.clone()
        } else {
            -fact.factor
        };
        total.add(&difference, &factor);
    }
    let Some(number) = total.as_number() else {
        return Err(LineFault::NotLinear);
    };
    let impossible = if equations_only {
        !number.is_zero()
    } else {
        number.is_positive() || (strict && number.is_zero())
    };
    if impossible {
        Ok(())
    } else {
        Err(LineFault::NotLinear)
    }
}
