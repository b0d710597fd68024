//! Numbers of files, which may be infinite.

use nsolve_il::milp::{Bound, Number};
use nsolve_source::{Code, Diagnostic, Span};

use crate::limits::{Read, fault};

/// From here on solvers take a bound as infinite.
const INFINITY: f64 = 1e20;

/// A number that may be infinite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Amount {
    Finite(Number),
    /// Above everything.
    Above,
    /// Below everything.
    Below,
}

impl Amount {
    /// A number, which is infinite from 1e20 on.
    pub(super) fn of(value: Number) -> Amount {
        if !is_infinite(&value) {
            Amount::Finite(value)
        } else if value.is_negative() {
            Amount::Below
        } else {
            Amount::Above
        }
    }

    /// A number as MPS files have it, with its sign.
    pub(super) fn of_text(text: &str) -> Option<Amount> {
        let (negative, rest) = match text.as_bytes() {
            [b'-', ..] => (true, text.get(1..)?),
            [b'+', ..] => (false, text.get(1..)?),
            _ => (false, text),
        };
        if let Some(value) = Number::of_decimal(rest.as_bytes()) {
            return Some(Amount::of(if negative { -value } else { value }));
        }
        if is_infinity(rest) {
            return Some(if negative {
                Amount::Below
            } else {
                Amount::Above
            });
        }
        // Fortran writes `1.5D+3`.
        let value = Number::of_decimal(rest.replace(['d', 'D'], "e").as_bytes())?;
        Some(Amount::of(if negative { -value } else { value }))
    }

    /// What it is as a lower bound.
    pub(super) fn lower(self, span: Span) -> Read<Bound> {
        match self {
            Amount::Finite(value) => Ok(Some(value)),
            Amount::Below => Ok(None),
            Amount::Above => fault(infinite("a lower bound cannot be infinity", span)),
        }
    }

    /// What it is as an upper bound.
    pub(super) fn upper(self, span: Span) -> Read<Bound> {
        match self {
            Amount::Finite(value) => Ok(Some(value)),
            Amount::Above => Ok(None),
            Amount::Below => fault(infinite("an upper bound cannot be minus infinity", span)),
        }
    }

    /// The number, where it must be finite.
    pub(super) fn finite(self, span: Span) -> Read<Number> {
        match self {
            Amount::Finite(value) => Ok(value),
            _ => fault(infinite("an infinite number stands here", span)),
        }
    }
}

fn infinite(message: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::MODEL_NUMBER, message)
        .at(span)
        .help("numbers from 1e20 on are infinite")
}

/// Whether a bound is infinite for solvers.
pub(super) fn is_infinite(value: &Number) -> bool {
    value.to_i64().is_none() && value.to_f64().abs() >= INFINITY
}

/// A number that every solver takes as minus infinity.
pub(super) fn below_all() -> Number {
    Number::of_decimal(b"1e30").map_or(Number::ZERO, |n| -n)
}

/// `inf` and `infinity` in any case.
pub(super) fn is_infinity(text: &str) -> bool {
    text.eq_ignore_ascii_case("inf") || text.eq_ignore_ascii_case("infinity")
}

/// The fault of a text that should be a number.
pub(super) fn no_number(text: &str, span: Span) -> Diagnostic {
    let bare = text.trim_start_matches(['+', '-']);
    let number_like = bare.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    if bare.eq_ignore_ascii_case("nan") {
        Diagnostic::error(Code::MODEL_NUMBER, format!("`{text}` is not a number")).at(span)
    } else if number_like {
        let message = format!("`{text:.60}` is no number of at most 1000 digits");
        Diagnostic::error(Code::MODEL_NUMBER, message).at(span)
    } else {
        let message = format!("expected a number, found `{text:.60}`");
        Diagnostic::error(Code::MODEL_UNEXPECTED, message)
            .at(span)
            .expecting(["a number"])
    }
}
