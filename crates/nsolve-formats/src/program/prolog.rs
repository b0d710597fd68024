//! Writes pure Prolog.

use nsolve_il::program::Problem;

use super::unsupported;
use crate::FormatError;

/// Stub.
///
/// # Errors
/// Stub.
pub fn write_prolog(_: &Problem, _: bool) -> Result<String, FormatError> {
    Err(unsupported("Prolog", ["this"]))
}
