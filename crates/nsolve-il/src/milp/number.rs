//! Exact rational numbers that are small most of the time.

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::num::NonZeroU64;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};
use std::str::FromStr;

use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::Rational;

/// The most decimal digits, and the largest exponent of ten, that are read.
/// Longer ones would take time that grows with the square of their length.
const MOST_DIGITS: usize = 1000;

/// An exact rational number.
///
/// Coefficients and bounds are mostly short, and there are millions of them:
/// what fits a 64-bit numerator and denominator is held in 16 bytes without an
/// allocation, everything else as a [`Rational`]. Equal numbers are equal
/// values.
///
/// ```
/// use nsolve_il::milp::Number;
/// let third: Number = "1/3".parse().unwrap();
/// let decimal: Number = "2.5e-1".parse().unwrap();
/// assert_eq!((third + decimal).to_string(), "7/12");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(Repr);

/// INVARIANT: lowest terms, and `Small` wherever that fits.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    Small(i64, NonZeroU64),
    Big(Box<Rational>),
}

const ONE: NonZeroU64 = NonZeroU64::MIN;

/// A text that is no number, or too long a one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no number of at most {MOST_DIGITS} digits")]
pub struct NoNumber;

impl Number {
    /// 0.
    pub const ZERO: Number = Number(Repr::Small(0, ONE));
    /// 1.
    pub const ONE: Number = Number(Repr::Small(1, ONE));

    /// A quotient of two integers; `None` where the divisor is 0.
    pub fn quotient(numerator: i64, denominator: i64) -> Option<Number> {
        (denominator != 0).then(|| {
            let sign = if denominator < 0 { -1 } else { 1 };
            of_wide(
                sign * i128::from(numerator),
                u128::from(denominator.unsigned_abs()),
            )
        })
    }

    /// The number that a float is, exactly; `None` where it is none.
    pub fn of_f64(value: f64) -> Option<Number> {
        if value == value.trunc() && value.abs() < 9.0e15 {
            return Some((value as i64).into());
        }
        Rational::from_float(value).map(Number::from)
    }

    /// The nearest float. What is too large for one becomes an infinity.
    pub fn to_f64(&self) -> f64 {
        const EXACT: u64 = 1 << 53;
        match &self.0 {
            // Both are floats exactly, so that one division rounds once.
            Repr::Small(n, d) if n.unsigned_abs() <= EXACT && d.get() <= EXACT => {
                *n as f64 / d.get() as f64
            }
            _ => {
                let exact = self.to_rational();
                exact.to_f64().unwrap_or(if exact.is_negative() {
                    f64::NEG_INFINITY
                } else {
                    f64::INFINITY
                })
            }
        }
    }

    /// The same as a [`Rational`].
    pub fn to_rational(&self) -> Rational {
        match &self.0 {
            Repr::Small(n, d) => Rational::new_raw((*n).into(), d.get().into()),
            Repr::Big(big) => (**big).clone(),
        }
    }

    /// The value, where it is an integer of 64 bits.
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Small(n, d) if d.get() == 1 => Some(*n),
            _ => None,
        }
    }

    /// Whether it is 0.
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Repr::Small(0, _))
    }

    /// Whether it is an integer.
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Small(_, d) => d.get() == 1,
            Repr::Big(big) => big.is_integer(),
        }
    }

    /// Whether it is below 0.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Small(n, _) => *n < 0,
            Repr::Big(big) => big.is_negative(),
        }
    }

    /// Whether it is above 0.
    pub fn is_positive(&self) -> bool {
        !self.is_negative() && !self.is_zero()
    }

    /// The distance from 0.
    #[must_use]
    pub fn abs(&self) -> Number {
        if self.is_negative() {
            -self
        } else {
            self.clone()
        }
    }

    /// The largest integer that is not above it.
    #[must_use]
    pub fn floor(&self) -> Number {
        match &self.0 {
            Repr::Small(n, d) => {
                let d = i128::from(d.get());
                of_wide(i128::from(*n).div_euclid(d), 1)
            }
            Repr::Big(big) => big.floor().into(),
        }
    }

    /// The smallest integer that is not below it.
    #[must_use]
    pub fn ceil(&self) -> Number {
        -&(-self).floor()
    }

    /// The nearest integer, halves away from 0.
    #[must_use]
    pub fn round(&self) -> Number {
        let half = Number(Repr::Small(1, NonZeroU64::MIN.saturating_add(1)));
        if self.is_negative() {
            (self - &half).ceil()
        } else {
            (self + &half).floor()
        }
    }

    /// A quotient; `None` where the divisor is 0.
    pub fn checked_div(&self, by: &Number) -> Option<Number> {
        (!by.is_zero()).then(|| match (&self.0, &by.0) {
            (Repr::Small(a, b), Repr::Small(c, d)) => {
                let sign = if *c < 0 { -1 } else { 1 };
                of_wide_checked(
                    i128::from(*a).checked_mul(sign * i128::from(d.get())),
                    u128::from(b.get()).checked_mul(u128::from(c.unsigned_abs())),
                )
                .unwrap_or_else(|| (self.to_rational() / by.to_rational()).into())
            }
            _ => (self.to_rational() / by.to_rational()).into(),
        })
    }

    /// How many bits the numerator and the denominator have together: what
    /// arithmetic with it costs.
    pub fn bits(&self) -> u64 {
        match &self.0 {
            Repr::Small(n, d) => {
                u64::from(128 - n.unsigned_abs().leading_zeros() - d.leading_zeros())
            }
            Repr::Big(big) => big.numer().bits() + big.denom().bits(),
        }
    }

    /// The number as a decimal without an exponent, where it has one with at
    /// most so many places behind the point.
    pub fn to_decimal(&self, most_places: usize) -> Option<String> {
        let exact = self.to_rational();
        let mut below = exact.denom().clone();
        let mut places = 0_usize;
        for prime in [2_u32, 5] {
            let mut count = 0;
            while (&below % prime).is_zero() {
                below /= prime;
                count += 1;
                if count > most_places {
                    return None;
                }
            }
            places = places.max(count);
        }
        if !below.is_one() {
            return None;
        }
        let scaled = exact.numer() * BigInt::from(10).pow(places as u32) / exact.denom();
        let sign = if scaled.is_negative() { "-" } else { "" };
        let digits = format!("{:0>width$}", scaled.magnitude(), width = places + 1);
        let (whole, fraction) = digits.split_at_checked(digits.len() - places)?;
        Some(if fraction.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{fraction}")
        })
    }

    /// Reads a decimal: digits, a point, an exponent; no sign and no quotient.
    /// One pass without an allocation for up to 18 digits.
    pub fn of_decimal(text: &[u8]) -> Option<Number> {
        let (mut mantissa, mut digits, mut behind) = (0_u64, 0_usize, 0_i32);
        let (mut at, mut point) = (0_usize, false);
        while let Some(&c) = text.get(at) {
            match c {
                b'0'..=b'9' => {
                    if mantissa > 0 || c != b'0' {
                        digits += 1;
                    }
                    if digits > 18 {
                        return of_long_decimal(std::str::from_utf8(text).ok()?);
                    }
                    mantissa = mantissa * 10 + u64::from(c - b'0');
                    behind += i32::from(point);
                }
                b'.' if !point => point = true,
                b'e' | b'E' => break,
                _ => return None,
            }
            at += 1;
        }
        // A lone point, or nothing, is no number.
        if at <= usize::from(point) {
            return None;
        }
        let exponent = match text.get(at) {
            None => 0,
            Some(_) => exponent(text.get(at + 1..)?)?,
        };
        let shift = exponent - behind;
        if shift == 0 {
            return Some(of_wide(i128::from(mantissa), 1));
        }
        let Some(&power) = POWERS.get(shift.unsigned_abs() as usize) else {
            return of_long_decimal(std::str::from_utf8(text).ok()?);
        };
        Some(if shift < 0 {
            of_wide(i128::from(mantissa), u128::from(power))
        } else {
            of_wide(i128::from(mantissa) * i128::from(power), 1)
        })
    }
}

/// The powers of ten that 64 bits hold.
#[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
const POWERS: [u64; 20] = {
    let mut powers = [1; 20];
    let mut i = 1;
    while i < 20 {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
};

fn exponent(text: &[u8]) -> Option<i32> {
    let (sign, digits) = match text {
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => (1, text),
    };
    if digits.is_empty() || digits.len() > 4 {
        return None;
    }
    digits.iter().try_fold(0_i32, |total, c| {
        c.is_ascii_digit()
            .then(|| total * 10 + sign * i32::from(c - b'0'))
    })
}

/// What the fast way has no room for.
fn of_long_decimal(text: &str) -> Option<Number> {
    if text.len() > MOST_DIGITS {
        return None;
    }
    let (mantissa, power) = match text.split_once(['e', 'E']) {
        Some((mantissa, power)) => (mantissa, exponent(power.as_bytes())?),
        None => (text, 0),
    };
    if power.unsigned_abs() as usize > MOST_DIGITS {
        return None;
    }
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if !digits.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let digits: BigInt = digits.parse().ok()?;
    let shift = power - i32::try_from(fraction.len()).ok()?;
    let ten = BigInt::from(10).pow(shift.unsigned_abs());
    Some(if shift < 0 {
        Rational::new(digits, ten).into()
    } else {
        Rational::from_integer(digits * ten).into()
    })
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    // Most numbers fit 64 bits, where a division is some ten times cheaper.
    while b != 0 {
        if let (Ok(x), Ok(y)) = (u64::try_from(a), u64::try_from(b)) {
            return u128::from(gcd64(x, y));
        }
        (a, b) = (b, a % b);
    }
    a
}

fn gcd64(mut a: u64, mut b: u64) -> u64 {
    if a == 0 || b == 0 {
        return a | b;
    }
    let shift = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    while b != 0 {
        b >>= b.trailing_zeros();
        if a > b {
            std::mem::swap(&mut a, &mut b);
        }
        b -= a;
    }
    a << shift
}

fn of_wide(n: i128, d: u128) -> Number {
    if d == 1
        && let Ok(n) = i64::try_from(n)
    {
        return Number(Repr::Small(n, ONE));
    }
    let divisor = gcd(n.unsigned_abs(), d).max(1);
    // The divisor of a non-zero denominator is at most that, and so positive.
    let (n, d) = (n / divisor as i128, d / divisor);
    let small = i64::try_from(n)
        .ok()
        .zip(u64::try_from(d).ok().and_then(NonZeroU64::new));
    match small {
        Some((n, d)) => Number(Repr::Small(n, d)),
        None => Number(Repr::Big(Box::new(Rational::new_raw(n.into(), d.into())))),
    }
}

fn of_wide_checked(n: Option<i128>, d: Option<u128>) -> Option<Number> {
    Some(of_wide(n?, d?))
}

impl Default for Number {
    fn default() -> Self {
        Number::ZERO
    }
}

impl From<i64> for Number {
    fn from(n: i64) -> Self {
        Number(Repr::Small(n, ONE))
    }
}

impl From<Rational> for Number {
    fn from(exact: Rational) -> Self {
        let small = exact
            .numer()
            .to_i64()
            .zip(exact.denom().to_u64().and_then(NonZeroU64::new));
        match small {
            Some((n, d)) => Number(Repr::Small(n, d)),
            None => Number(Repr::Big(Box::new(exact))),
        }
    }
}

impl From<BigInt> for Number {
    fn from(n: BigInt) -> Self {
        Rational::from_integer(n).into()
    }
}

/// `12`, `-1.5`, `2.5e3`, `1/3`, `70%`.
impl FromStr for Number {
    type Err = NoNumber;

    fn from_str(text: &str) -> Result<Self, NoNumber> {
        let (negative, rest) = match text.as_bytes() {
            [b'-', ..] => (true, &text[1..]),
            [b'+', ..] => (false, &text[1..]),
            _ => (false, text),
        };
        let (rest, hundredths) = match rest.strip_suffix('%') {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let part = |text: &str| Number::of_decimal(text.as_bytes()).ok_or(NoNumber);
        let mut value = match rest.split_once('/') {
            Some((above, below)) => part(above)?.checked_div(&part(below)?).ok_or(NoNumber)?,
            None => part(rest)?,
        };
        if hundredths {
            value = value.checked_div(&100.into()).ok_or(NoNumber)?;
        }
        Ok(if negative { -value } else { value })
    }
}

/// An integer, a decimal of at most 15 places, or a quotient.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(n) = self.to_i64() {
            return write!(f, "{n}");
        }
        match self.to_decimal(15) {
            Some(decimal) => f.write_str(&decimal),
            None => {
                let exact = self.to_rational();
                write!(f, "{}/{}", exact.numer(), exact.denom())
            }
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Small(a, b), Repr::Small(c, d)) => {
                if b == d {
                    return a.cmp(c);
                }
                // 63 and 64 bits: the products fit 128.
                let left = i128::from(*a) * i128::from(d.get());
                let right = i128::from(*c) * i128::from(b.get());
                left.cmp(&right)
            }
            // Not `Rational`'s own comparison, which recurses over a continued
            // fraction.
            _ => {
                let (a, b) = (self.to_rational(), other.to_rational());
                (a.numer() * b.denom()).cmp(&(b.numer() * a.denom()))
            }
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Neg for &Number {
    type Output = Number;
    fn neg(self) -> Number {
        match &self.0 {
            Repr::Small(n, d) => match n.checked_neg() {
                Some(n) => Number(Repr::Small(n, *d)),
                None => (-self.to_rational()).into(),
            },
            Repr::Big(big) => (-(**big).clone()).into(),
        }
    }
}

impl Neg for Number {
    type Output = Number;
    fn neg(self) -> Number {
        -&self
    }
}

impl Add for &Number {
    type Output = Number;
    fn add(self, other: &Number) -> Number {
        match (&self.0, &other.0) {
            (Repr::Small(a, b), Repr::Small(c, d)) => {
                if b == d {
                    return of_wide(i128::from(*a) + i128::from(*c), b.get().into());
                }
                let (wide_b, wide_d) = (i128::from(b.get()), i128::from(d.get()));
                of_wide_checked(
                    (i128::from(*a) * wide_d).checked_add(i128::from(*c) * wide_b),
                    u128::from(b.get()).checked_mul(d.get().into()),
                )
                .unwrap_or_else(|| (self.to_rational() + other.to_rational()).into())
            }
            _ => (self.to_rational() + other.to_rational()).into(),
        }
    }
}

impl Sub for &Number {
    type Output = Number;
    fn sub(self, other: &Number) -> Number {
        self + &-other
    }
}

impl Mul for &Number {
    type Output = Number;
    fn mul(self, other: &Number) -> Number {
        match (&self.0, &other.0) {
            (Repr::Small(a, b), Repr::Small(c, d)) => of_wide(
                i128::from(*a) * i128::from(*c),
                u128::from(b.get()) * u128::from(d.get()),
            ),
            _ => (self.to_rational() * other.to_rational()).into(),
        }
    }
}

impl Div for &Number {
    type Output = Number;
    /// # Panics
    /// Where the divisor is 0; [`Number::checked_div`] does not.
    fn div(self, other: &Number) -> Number {
        match self.checked_div(other) {
            Some(quotient) => quotient,
            None => (self.to_rational() / other.to_rational()).into(),
        }
    }
}

macro_rules! by_value {
    ($($trait:ident $method:ident),*) => {$(
        impl $trait for Number {
            type Output = Number;
            fn $method(self, other: Number) -> Number {
                $trait::$method(&self, &other)
            }
        }
    )*};
}
by_value!(Add add, Sub sub, Mul mul, Div div);

impl AddAssign<&Number> for Number {
    fn add_assign(&mut self, other: &Number) {
        *self = &*self + other;
    }
}

impl Sum for Number {
    fn sum<I: Iterator<Item = Number>>(terms: I) -> Number {
        terms.fold(Number::ZERO, |total, term| &total + &term)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bytes() {
        assert_eq!(size_of::<Number>(), 16);
    }

    #[test]
    fn numbers_are_read_exactly_and_written_back() {
        for (text, written) in [
            ("0", "0"),
            ("007", "7"),
            ("-1.50", "-1.5"),
            ("2.5e3", "2500"),
            ("2.5e-3", "0.0025"),
            ("70%", "0.7"),
            ("1/3", "1/3"),
            ("-4/6", "-2/3"),
            (".5", "0.5"),
            ("5.", "5"),
            ("9223372036854775807", "9223372036854775807"),
            ("9223372036854775808", "9223372036854775808"),
            ("1050.09490748148", "1050.09490748148"),
            ("1e30", "1000000000000000000000000000000"),
        ] {
            let number: Number = text.parse().unwrap();
            assert_eq!(number.to_string(), written, "{text}");
            assert_eq!(written.parse::<Number>().unwrap(), number, "{text}");
        }
        for bad in [
            "", ".", "-", "1e", "1e99999", "1/0", "nan", "inf", "1..2", "0x1", "1 ", "1/2/3",
        ] {
            assert_eq!(bad.parse::<Number>(), Err(NoNumber), "{bad}");
        }
    }

    #[test]
    fn arithmetic_agrees_with_rationals() {
        let values: Vec<Number> = [
            "0",
            "1",
            "-1",
            "1/3",
            "-7/5",
            "9223372036854775807",
            "-9223372036854775808",
            "1/9223372036854775807",
            "123456789.987654321",
            "1e25",
            "-1e-25",
        ]
        .iter()
        .map(|t| t.parse().unwrap())
        .collect();
        for a in &values {
            for b in &values {
                let (x, y) = (a.to_rational(), b.to_rational());
                assert_eq!((a + b).to_rational(), &x + &y);
                assert_eq!((a - b).to_rational(), &x - &y);
                assert_eq!((a * b).to_rational(), &x * &y);
                assert_eq!(a.cmp(b), x.cmp(&y), "{a} {b}");
                if !b.is_zero() {
                    assert_eq!((a / b).to_rational(), &x / &y);
                }
                // One value has one form.
                assert_eq!(&(&(a + b) - b), a);
            }
            assert_eq!(a.floor().to_rational(), a.to_rational().floor());
            assert_eq!(a.ceil().to_rational(), a.to_rational().ceil());
            assert_eq!(a.round().to_rational(), a.to_rational().round());
        }
    }

    #[test]
    fn floats_are_the_nearest() {
        for text in [
            "0.1",
            "1/3",
            "2.5",
            "1e-7",
            "12345678901234567",
            "1.7976931348623157e308",
        ] {
            let number: Number = text.parse().unwrap();
            let nearest = match text {
                "1/3" => 1.0 / 3.0,
                _ => text.parse().unwrap(),
            };
            assert_eq!(number.to_f64(), nearest, "{text}");
        }
        assert_eq!(
            "-1e400".parse::<Number>().unwrap().to_f64(),
            f64::NEG_INFINITY
        );
        assert_eq!(Number::of_f64(0.5).unwrap(), "1/2".parse().unwrap());
        assert_eq!(Number::of_f64(f64::NAN), None);
        assert_eq!(Number::of_f64(f64::INFINITY), None);
    }
}
