//! Writes Datalog as Soufflé reads it.

use nsolve_il::program::Problem;

use super::unsupported;
use crate::FormatError;

/// Stub.
///
/// # Errors
/// Stub.
pub fn write_datalog(_: &Problem) -> Result<String, FormatError> {
    Err(unsupported("Datalog", ["this"]))
}
