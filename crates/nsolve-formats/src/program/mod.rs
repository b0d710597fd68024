//! Logic programs in the words of other systems.
//!
//! All text comes from the typed problem, and all names from injective tables;
//! [`AspText`] has the way back.

mod asp;
mod asp_reply;
mod datalog;
mod names;
mod prolog;
mod solve;

pub use asp::{write_asp, write_asp_program};
pub use asp_reply::{AspAtom, AspText};
pub use datalog::write_datalog;
pub use prolog::write_prolog;

use nsolve_il::FeatureSet;
use nsolve_il::program::Features;

use crate::FormatError;

/// Refuses what a format has no words for.
fn refuse(format: &'static str, missing: Features) -> Result<(), FormatError> {
    match missing.is_empty() {
        true => Ok(()),
        false => Err(unsupported(format, FeatureSet::names(missing))),
    }
}

fn unsupported<T: Into<String>>(
    format: &'static str,
    what: impl IntoIterator<Item = T>,
) -> FormatError {
    FormatError::Unsupported {
        format,
        features: what.into_iter().map(Into::into).collect(),
    }
}
