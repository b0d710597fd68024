//! Arithmetic on exact numbers, within limits.
//!
//! Evidence may hold numbers of any size, and what is computed from them doubles
//! in length with each product. `num-rational` moreover compares and hashes
//! fractions by their continued fractions, recursively, and divides by whatever
//! the denominator is. So every number is looked at before it is used.

use nsolve_il::Rational;
use nsolve_il::fol::ArithmeticOp;
use num_integer::Integer;
use num_traits::{Signed, Zero};

use crate::{Refusal, spend};

/// Most bits that a numerator or denominator may have, some 300 digits. A
/// continued fraction has at most half as many terms again.
const MOST_BITS: u64 = 1024;

/// Whether this is a number at all: its denominator is positive.
///
/// # Errors
/// [`Refusal::Limit`] where it is too large to work with.
pub(crate) fn admit(value: &Rational) -> Result<bool, Refusal> {
    if value.numer().bits().max(value.denom().bits()) > MOST_BITS {
        return Err(Refusal::Limit);
    }
    Ok(value.denom().is_positive())
}

/// What it costs in steps to combine or compare two numbers.
pub(crate) fn cost(a: &Rational, b: &Rational) -> u64 {
    let bits = |n: &Rational| n.numer().bits() + n.denom().bits();
    let words = (bits(a) + bits(b)) / 64;
    1 + words * words
}

/// An operation on numbers; `None` for a division by zero.
///
/// # Errors
/// [`Refusal::Limit`] where the steps do not suffice or the value is too large.
pub(crate) fn compute(
    op: ArithmeticOp,
    values: &[Rational],
    steps: &mut u64,
) -> Result<Option<Rational>, Refusal> {
    let [first, rest @ ..] = values else {
        return Ok(None);
    };
    let mut total = match op {
        ArithmeticOp::Negate => -first,
        _ => first.clone(),
    };
    for value in rest {
        spend(steps, cost(&total, value))?;
        match combine(op, &total, value) {
            Some(next) => total = next,
            None => return Ok(None),
        }
        admit(&total)?;
    }
    Ok(Some(total))
}

fn combine(op: ArithmeticOp, a: &Rational, b: &Rational) -> Option<Rational> {
    match op {
        ArithmeticOp::Add => Some(a + b),
        ArithmeticOp::Multiply => Some(a * b),
        ArithmeticOp::Subtract => Some(a - b),
        ArithmeticOp::Divide => (!b.is_zero()).then(|| a / b),
        ArithmeticOp::IntDivide | ArithmeticOp::Modulo
            if !b.is_zero() && a.is_integer() && b.is_integer() =>
        {
            let (a, b) = (a.to_integer(), b.to_integer());
            // The remainder lies between 0 and the divisor's size.
            let remainder = a.mod_floor(&b.abs());
            Some(Rational::from_integer(match op {
                ArithmeticOp::Modulo => remainder,
                _ => (a - remainder) / b,
            }))
        }
        // Division by zero; and nothing else has two operands.
        _ => None,
    }
}
