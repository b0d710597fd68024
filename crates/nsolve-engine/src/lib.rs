//! From a typed problem to a checked answer.
//!
//! [`solve`] turns the question into satisfiability queries, has backends
//! answer them, has `nsolve-check` replay the evidence, and makes the decision
//! from the verdicts. It knows every layer but no concrete backend: callers
//! hand backends in.
//!
//! What is trusted: a decision is `verified` only if each verdict it rests on
//! carries a receipt of `nsolve-check`, which alone can make one. The step from
//! verdicts to a decision is the table in [`solve`]'s module, a few lines.

mod answer;
mod clash;
mod enumerate;
mod error;
mod evidence;
mod explain;
mod extremum;
pub mod milp;
mod options;
pub mod program;
mod saved;
mod solutions;
mod solve;
mod translate;

pub use answer::{Answer, Assurance, Decision, QueryRecord, Role, Solutions, Times};
pub use error::SolveError;
pub use evidence::Backends;
pub use explain::explain;
pub use saved::{
    ANSWER_VERSION, SavedError, VerifyReport, answer_to_json, explain_saved, failed_program_report,
    failure_report, verify,
};
pub use solve::{Limits, SolveOptions, solve};
pub use translate::{TranslateError, translate, translate_program};
