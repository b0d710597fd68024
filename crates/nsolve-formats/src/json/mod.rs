//! Versioned JSON: whole problems, and the evidence that comes with answers.
//!
//! Formulas of a problem are texts of the native language. Evidence speaks of a
//! problem's parts by name and by place, never by position in an arena, so that
//! it can be checked against a problem that was written and read again.

mod certificate;
mod model;
mod place;
mod problem;
mod query;
mod text;
mod value;

pub use certificate::{certificate_from_json, certificate_to_json};
pub use model::{model_from_json, model_to_json};
pub use problem::{read_json, write_json};
pub use query::{query_from_json, query_to_json};
