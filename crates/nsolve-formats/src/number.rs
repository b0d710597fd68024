//! Exact numbers, as every standard format writes them.

use nsolve_il::Rational;
use num_bigint::BigInt;
use num_traits::{One, Pow, Zero};

/// The most digits and the largest exponent that are read. Longer ones would
/// take time that grows with the square of their length.
const MAX_DIGITS: usize = 1000;

/// Reads `12`, `-1.5`, `2.5e-3`, exactly; `None` where it is no number, or too
/// long.
pub(crate) fn decimal(text: &str) -> Option<Rational> {
    if text.len() > MAX_DIGITS {
        return None;
    }
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((m, e)) => (m, e.strip_prefix('+').unwrap_or(e).parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if exponent.unsigned_abs() as usize > MAX_DIGITS {
        return None;
    }
    let digits: BigInt = format!("{whole}{fraction}").parse().ok()?;
    let shift = exponent - i32::try_from(fraction.len()).ok()?;
    let power = Rational::from_integer(Pow::pow(BigInt::from(10), shift.unsigned_abs()));
    let digits = Rational::from_integer(digits);
    Some(if shift < 0 {
        digits / power
    } else {
        digits * power
    })
}

/// Reads `3`, `-1/3`, `2.5`, as JSON of ours has them.
pub(crate) fn fraction(text: &str) -> Option<Rational> {
    let Some((above, below)) = text.split_once('/') else {
        return decimal(text);
    };
    let (above, below) = (decimal(above)?, decimal(below)?);
    (!below.is_zero()).then(|| above / below)
}

/// The number as a finite decimal with at least one digit behind the point,
/// where it has one.
pub(crate) fn finite_decimal(n: &Rational) -> Option<String> {
    let (mut below, ten) = (n.denom().clone(), BigInt::from(10));
    let mut places = 0;
    for prime in [2_u32, 5] {
        let mut count = 0;
        while Zero::is_zero(&(&below % prime)) {
            below /= prime;
            count += 1;
        }
        places = count.max(places);
    }
    if !below.is_one() {
        return None;
    }
    let places = places.max(1);
    let scaled = n.numer() * Pow::pow(ten, places as u32) / n.denom();
    let sign = if scaled < BigInt::zero() { "-" } else { "" };
    let digits = format!("{:0>width$}", scaled.magnitude(), width = places + 1);
    let (whole, fraction) = digits.split_at_checked(digits.len() - places)?;
    Some(format!("{sign}{whole}.{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact_both_ways() {
        for (text, written) in [
            ("12", "12.0"),
            ("-1.50", "-1.5"),
            ("2.5e-3", "0.0025"),
            ("-0.125", "-0.125"),
            ("1E2", "100.0"),
        ] {
            let n = decimal(text).expect(text);
            assert_eq!(finite_decimal(&n).as_deref(), Some(written), "{text}");
        }
        assert_eq!(finite_decimal(&fraction("1/3").expect("1/3")), None);
        for bad in ["", "x", "1e99999999", "1/0", "--1", "1e", "."] {
            assert_eq!(fraction(bad), None, "{bad}");
        }
    }
}
