//! Numbers as texts.

use nsolve_il::milp::Number;

/// How many digits a float keeps apart.
const DIGITS: usize = 17;

/// A number as a text, and whether that is it exactly. `None` where no float
/// is near.
pub(super) fn written(value: &Number) -> Option<(String, bool)> {
    if let Some(exact) = exact(value) {
        return Some((exact, true));
    }
    let float = value.to_f64();
    if !float.is_finite() {
        return None;
    }
    let (text, plain) = (format!("{float:e}"), format!("{float}"));
    let short = if plain.len() <= text.len() + 4 {
        plain
    } else {
        text
    };
    Some((short, false))
}

/// The number as a decimal of at most 17 digits.
fn exact(value: &Number) -> Option<String> {
    if let Some(integer) = value.to_i64()
        && integer.unsigned_abs() < 10_u64.pow(15)
    {
        return Some(integer.to_string());
    }
    // More places than any float of so few digits has.
    let decimal = value.to_decimal(400)?;
    let sign = if decimal.starts_with('-') { "-" } else { "" };
    let bare = decimal.trim_start_matches('-');
    let (whole, fraction) = bare.split_once('.').unwrap_or((bare, ""));
    let all = format!("{whole}{fraction}");
    let digits = all.trim_start_matches('0').trim_end_matches('0');
    if digits.len() > DIGITS {
        return None;
    }
    if bare.len() <= DIGITS + 3 {
        return Some(decimal);
    }
    let behind = all.len() - all.trim_end_matches('0').len();
    let power = behind as i64 - fraction.len() as i64;
    Some(format!("{sign}{digits}e{power}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn short_decimals_are_exact_and_others_the_nearest_float() {
        for (number, text, is_exact) in [
            ("0", "0", true),
            ("-12", "-12", true),
            ("0.1", "0.1", true),
            ("-2.5e-7", "-0.00000025", true),
            ("1e30", "1e30", true),
            ("-1.5e-30", "-15e-31", true),
            ("12345678901234567", "12345678901234567", true),
            ("1234567890123456789", "1234567890123456800", false),
            ("1/3", "0.3333333333333333", false),
            ("-1/3e20", "-3.3333333333333333e-21", false),
            ("1/1024", "0.0009765625", true),
        ] {
            let number: Number = number.parse().unwrap();
            assert_eq!(written(&number), Some((text.to_owned(), is_exact)));
        }
        let huge: Number = "1e400".parse().unwrap();
        assert_eq!(written(&huge), Some(("1e400".to_owned(), true)));
        let third = &huge / &3.into();
        assert_eq!(written(&third), None);
    }
}
