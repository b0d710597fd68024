//! Durations and sizes with their units. A bare number is refused, since it
//! could mean two things.

use std::time::Duration;

/// Reads `500ms`, `10s`, `2m`, `1h`. `0s` is allowed and means no time at all.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = split(text)?;
    let seconds = match unit {
        "" => return Err(format!("say `{text}s` or `{text}ms`")),
        "ms" => number / 1e3,
        "s" => number,
        "m" | "min" => number * 60.0,
        "h" => number * 3600.0,
        _ => {
            return Err(format!(
                "`{unit}` is no unit of time; there are ms, s, m, h"
            ));
        }
    };
    Duration::try_from_secs_f64(seconds).map_err(|_| format!("`{text}` is too long"))
}

/// Reads `512MiB`, `2GiB`, `1.5GB`; bytes in all.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let (number, unit) = split(text)?;
    let factor: f64 = match unit {
        "" => return Err(format!("say `{text}MiB` or `{text}GiB`")),
        "B" => 1.0,
        "kB" | "KB" => 1e3,
        "MB" => 1e6,
        "GB" => 1e9,
        "KiB" => 1024.0,
        "MiB" => 1024.0 * 1024.0,
        "GiB" => 1024.0 * 1024.0 * 1024.0,
        _ => {
            return Err(format!(
                "`{unit}` is no unit of size; there are B, KiB, MiB, GiB, kB, MB, GB"
            ));
        }
    };
    Ok((number * factor) as u64)
}

fn split(text: &str) -> Result<(f64, &str), String> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: f64 = number
        .parse()
        .map_err(|_| format!("`{text}` does not begin with a number"))?;
    Ok((number, unit.trim()))
}

/// How many there may be: a number, or `0` or `all` for as many as there are.
pub(crate) fn limit(text: &str) -> Result<usize, String> {
    match text {
        "all" | "0" => Ok(usize::MAX),
        _ => text
            .parse()
            .map_err(|_| "a whole number or `all` is wanted".to_owned()),
    }
}

/// A share: `1%` or `0.01`.
pub(crate) fn share(text: &str) -> Result<f64, String> {
    let (number, scale) = match text.strip_suffix('%') {
        Some(number) => (number, 0.01),
        None => (text, 1.0),
    };
    let value: f64 = number
        .trim()
        .parse()
        .map_err(|_| format!("`{text}` is no share; write `1%` or `0.01`"))?;
    if (0.0..1e6).contains(&value) {
        Ok(value * scale)
    } else {
        Err(format!("`{text}` is no share; write `1%` or `0.01`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_wanted() {
        assert_eq!(duration("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("1.5s"), Ok(Duration::from_millis(1500)));
        assert_eq!(duration("0s"), Ok(Duration::ZERO));
        assert_eq!(duration("30"), Err("say `30s` or `30ms`".into()));
        assert!(duration("ten").is_err());
        assert!(duration("-1s").is_err());
        assert!(duration("1e400s").is_err());
        assert_eq!(size("2GiB"), Ok(2 << 30));
        assert_eq!(size("2"), Err("say `2MiB` or `2GiB`".into()));
        assert!(size("2 GiBit").is_err());
    }
}
