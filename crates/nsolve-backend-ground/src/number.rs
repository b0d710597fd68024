//! Exact arithmetic that refuses to make endless numbers.

use nsolve_il::Rational;
use nsolve_il::fol::ArithmeticOp;
use num_integer::Integer;
use num_traits::{Signed, Zero};

/// Most bits of a numerator or denominator. The checker refuses more.
const MOST_BITS: u64 = 1024;

/// Whether a number is short enough to work with.
pub(crate) fn is_short(value: &Rational) -> bool {
    value.numer().bits().max(value.denom().bits()) <= MOST_BITS
}

/// The value of an operation; `None` for a division by zero, and where the
/// numbers get too long.
pub(crate) fn compute(op: ArithmeticOp, values: &[Rational]) -> Option<Rational> {
    let [first, rest @ ..] = values else {
        return None;
    };
    let mut total = match op {
        ArithmeticOp::Negate => -first,
        _ => first.clone(),
    };
    for value in rest {
        total = combine(op, &total, value)?;
        if !is_short(&total) {
            return None;
        }
    }
    Some(total)
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
        _ => None,
    }
}
