//! nsolve: problems in a typed language, answered by formal backends, checked
//! again without them, and explained.
//!
//! ```
//! use nsolve::{Decision, Assurance, Solver};
//!
//! let answer = Solver::new().solve_text(
//!     "premise \"All cats are mammals.\" : forall x. cat(x) -> mammal(x)
//!      premise \"Tom is a cat.\" : cat(tom)
//!      conclusion \"Tom is a mammal.\" : mammal(tom)",
//! )?;
//! assert_eq!(answer.decision, Decision::True);
//! assert_eq!(answer.assurance, Assurance::Verified);
//! assert_eq!(answer.because, [0, 1]);
//! # Ok::<(), nsolve::Error>(())
//! ```
//!
//! This crate is a facade: it puts the layers together with the concrete
//! backends, and is the only crate whose interface is kept stable.

mod ask;
mod backends;
mod models;
mod program;
mod solver;

pub use ask::{Answered, Asked, Reply, Thing};
pub use backends::{BackendName, Found, installed};
pub use models::{ModelReading, Optimize, read_model};
pub use nsolve_backend::{Budget, CancelToken, Evidence, Outcome, StopReason, Verdict};
pub use nsolve_engine::milp::{MilpAnswer, MilpDecision};
pub use nsolve_engine::program::{ProgramAnswer, ProgramDecision};
pub use nsolve_engine::{
    Answer, Assurance, Decision, QueryRecord, Role, Solutions, SolveError, Times,
};
pub use nsolve_formats::Format;
pub use nsolve_il as il;
pub use nsolve_source::{
    Applicability, Code, Diagnostic, MAX_TEXT_BYTES, Severity, SourceText, Span, has_errors,
};
pub use nsolve_syntax::program::Dialect;
pub use program::{ProgramReading, Wanted, read_program};
pub use solver::{Error, Reading, Solver, read, read_english};

/// Reading and writing other formats, and versioned JSON.
pub mod formats {
    pub use nsolve_formats::*;
}

/// The native language: elaboration, printing.
pub mod syntax {
    pub use nsolve_syntax::*;
}

/// Plain English in and out.
pub mod english {
    pub use nsolve_english::*;
}

/// Reformulations.
pub mod bridge {
    pub use nsolve_bridge::*;
}

/// Checking evidence without a backend.
pub mod check {
    pub use nsolve_check::*;
}

/// Saved answers, explanations, votes.
pub mod engine {
    pub use nsolve_engine::*;
}
