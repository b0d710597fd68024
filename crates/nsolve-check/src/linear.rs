//! Facts about numbers that add up to a contradiction (Farkas).

use std::collections::BTreeMap;

use nsolve_il::Rational;
use nsolve_il::fol::{ArithmeticOp, CompareOp};
use num_traits::{One, Signed, Zero};

use crate::ground::{Ground, Id, Node};
use crate::number::{admit, cost};
use crate::replay::Fault;
use crate::{LineFault, Refusal, spend};

/// Deepest nesting of sums that is followed.
const DEEPEST: usize = 200;

/// A sum of unknowns with factors, and a number.
#[derive(Clone, Debug, Default)]
struct Sum {
    unknowns: BTreeMap<Id, Rational>,
    number: Rational,
}

impl Sum {
    fn add(&mut self, other: &Sum, factor: &Rational, steps: &mut u64) -> Result<(), Refusal> {
        for (&unknown, value) in &other.unknowns {
            let entry = self.unknowns.entry(unknown).or_default();
            add_product(entry, value, factor, steps)?;
            if entry.is_zero() {
                self.unknowns.remove(&unknown);
            }
        }
        add_product(&mut self.number, &other.number, factor, steps)
    }

    fn as_number(&self) -> Option<&Rational> {
        self.unknowns.is_empty().then_some(&self.number)
    }
}

fn add_product(
    total: &mut Rational,
    a: &Rational,
    b: &Rational,
    steps: &mut u64,
) -> Result<(), Refusal> {
    spend(steps, cost(a, b).max(cost(total, b)))?;
    *total += a * b;
    admit(total)?;
    Ok(())
}

/// A term as a sum; whatever is no sum is an unknown. Ground terms are
/// numbered after their parts, so the recursion ends. Parts that are shared are
/// gone through each time; the steps bound how often.
fn sum(ground: &Ground, id: Id, depth: usize, steps: &mut u64) -> Result<Sum, Refusal> {
    if depth > DEEPEST {
        return Err(Refusal::Limit);
    }
    // Each node takes a map and a number or two.
    spend(steps, 16)?;
    let part = |p: &Id, steps: &mut u64| sum(ground, *p, depth + 1, steps);
    let mut out = Sum::default();
    match ground.node(id) {
        Node::Number(value, _) => out.number = value.clone(),
        Node::Arithmetic(ArithmeticOp::Add, parts) => {
            for p in parts {
                out.add(&part(p, steps)?, &Rational::one(), steps)?;
            }
        }
        Node::Arithmetic(op, parts) => match (op, &**parts) {
            (ArithmeticOp::Subtract, [a, b]) => {
                out.add(&part(a, steps)?, &Rational::one(), steps)?;
                out.add(&part(b, steps)?, &-Rational::one(), steps)?;
            }
            (ArithmeticOp::Negate, [a]) => {
                out.add(&part(a, steps)?, &-Rational::one(), steps)?;
            }
            (ArithmeticOp::ToReal, [a]) => return part(a, steps),
            (ArithmeticOp::Multiply, factors) => {
                let (mut factor, mut rest) = (Rational::one(), None);
                for p in factors {
                    let value = part(p, steps)?;
                    match value.as_number() {
                        Some(n) => {
                            spend(steps, cost(&factor, n))?;
                            factor *= n;
                            admit(&factor)?;
                        }
                        None if rest.is_none() => rest = Some(value),
                        // A product of unknowns is an unknown.
                        None => return Ok(unknown(id)),
                    }
                }
                match rest {
                    Some(rest) => out.add(&rest, &factor, steps)?,
                    None => out.number = factor,
                }
            }
            (ArithmeticOp::Divide, [a, b]) => match part(b, steps)?.as_number() {
                Some(n) if !n.is_zero() => out.add(&part(a, steps)?, &n.recip(), steps)?,
                _ => return Ok(unknown(id)),
            },
            _ => return Ok(unknown(id)),
        },
        _ => return Ok(unknown(id)),
    }
    Ok(out)
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
pub(crate) fn contradictory(
    ground: &Ground,
    facts: &[Fact<'_>],
    steps: &mut u64,
) -> Result<(), Fault> {
    let (mut total, mut strict, mut equations_only) = (Sum::default(), false, true);
    for fact in facts {
        if !ground.sort(fact.left).is_numeric() || !ground.sort(fact.right).is_numeric() {
            return Err(LineFault::Sort.into());
        }
        if !admit(fact.factor)? {
            return Err(LineFault::NotLinear.into());
        }
        if fact.factor.is_zero() {
            continue;
        }
        let mut difference = sum(ground, fact.left, 0, steps)?;
        let right = sum(ground, fact.right, 0, steps)?;
        difference.add(&right, &-Rational::one(), steps)?;
        // `left - right` is below (or at) zero for `<` and `<=`, and for the
        // denials of `>=` and `>`; the other way round for the others.
        let (below, is_strict) = match (fact.op, fact.holds) {
            (None, true) => {
                total.add(&difference, fact.factor, steps)?;
                continue;
            }
            (None, false) => return Err(LineFault::NotLinear.into()),
            (Some(CompareOp::Less), true) | (Some(CompareOp::GreaterEq), false) => (true, true),
            (Some(CompareOp::LessEq), true) | (Some(CompareOp::Greater), false) => (true, false),
            (Some(CompareOp::Greater), true) | (Some(CompareOp::LessEq), false) => (false, true),
            (Some(CompareOp::GreaterEq), true) | (Some(CompareOp::Less), false) => (false, false),
        };
        if fact.factor.is_negative() {
            return Err(LineFault::NotLinear.into());
        }
        equations_only = false;
        strict |= is_strict;
        let factor = if below {
            fact.factor.clone()
        } else {
            -fact.factor
        };
        total.add(&difference, &factor, steps)?;
    }
    let Some(number) = total.as_number() else {
        return Err(LineFault::NotLinear.into());
    };
    let impossible = if equations_only {
        !number.is_zero()
    } else {
        number.is_positive() || (strict && number.is_zero())
    };
    if impossible {
        Ok(())
    } else {
        Err(LineFault::NotLinear.into())
    }
}
