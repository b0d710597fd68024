//! Reading JSON values, with the pointer to what is wrong.

use nsolve_il::Rational;
use nsolve_il::fol::{Problem, Signature};
use nsolve_il::fol::{SortId, SymbolId};
use serde_json::Value;

use crate::FormatError;
use crate::number::fraction;

pub(super) type Read<T> = Result<T, FormatError>;

/// Puts the place around a fault in front of its pointer.
pub(super) fn within<T>(segment: impl ToString, read: Read<T>) -> Read<T> {
    read.map_err(|error| match error {
        FormatError::Json { pointer, expected } => {
            let segment = segment.to_string().replace('~', "~0").replace('/', "~1");
            FormatError::Json {
                pointer: format!("/{segment}{pointer}"),
                expected,
            }
        }
        other => other,
    })
}

pub(super) fn expected<T>(what: impl Into<String>) -> Read<T> {
    Err(FormatError::json("", what))
}

/// Reads the value under a key.
pub(super) fn field<'v, T>(
    value: &'v Value,
    key: &str,
    read: impl FnOnce(&'v Value) -> Read<T>,
) -> Read<T> {
    match value.get(key) {
        Some(inner) => within(key, read(inner)),
        None => expected(format!("an object with `{key}`")),
    }
}

/// Reads each value of a list.
pub(super) fn list<'v, T>(
    value: &'v Value,
    mut read: impl FnMut(&'v Value) -> Read<T>,
) -> Read<Vec<T>> {
    let Some(values) = value.as_array() else {
        return expected("a list");
    };
    let read = values.iter().enumerate().map(|(i, v)| within(i, read(v)));
    read.collect()
}

pub(super) fn text(value: &Value) -> Read<&str> {
    value.as_str().map_or_else(|| expected("a string"), Ok)
}

pub(super) fn truth(value: &Value) -> Read<bool> {
    value
        .as_bool()
        .map_or_else(|| expected("true or false"), Ok)
}

pub(super) fn whole(value: &Value) -> Read<u32> {
    let number = value.as_u64().and_then(|n| u32::try_from(n).ok());
    number.map_or_else(|| expected("a whole number"), Ok)
}

pub(super) fn number(value: &Value) -> Read<Rational> {
    let number = fraction(text(value)?);
    number.map_or_else(|| expected("a number as a string, such as \"1/3\""), Ok)
}

pub(super) fn sort(problem: &Problem, value: &Value) -> Read<SortId> {
    let name = text(value)?;
    let found = problem.signature.find_sort(name);
    found.ok_or_else(|| FormatError::foreign(format!("sort `{name}`")))
}

pub(super) fn symbol(
    signature: &Signature,
    name: &str,
    arity: usize,
    predicate: bool,
) -> Read<SymbolId> {
    let found = signature.find_symbol(name, arity, predicate);
    found.ok_or_else(|| {
        let kind = if predicate { "predicate" } else { "function" };
        FormatError::foreign(format!("{kind} `{name}` with {arity} arguments"))
    })
}
