//! The contract between nsolve and its solvers.
//!
//! A [`Backend`] answers queries of one language. What it answers is an
//! [`Outcome`]: a [`Verdict`], why it stopped, and [`Evidence`], kept apart. An
//! outcome is a *claim*; only `nsolve-check` turns its evidence into something
//! verified.
//!
//! An implementation
//! - **must** be callable from several threads at once,
//! - **must** stop soon after the budget's time is over or the token is
//!   cancelled, and then answer [`Verdict::Unknown`] with the reason,
//! - **must not** answer `Sat` or `Unsat` unless it is sure, and **must not**
//!   panic on any problem whose features it supports,
//! - **should** give evidence with `Sat` and `Unsat`,
//! - **may** answer [`Verdict::Unknown`] for any query, saying why.

mod budget;
mod contract;
mod outcome;
#[cfg(feature = "testkit")]
pub mod testkit;

pub use budget::{Budget, CancelToken, SolveCx};
pub use contract::{Backend, BackendError, Descriptor};
pub use outcome::{Evidence, Outcome, StopReason, Verdict};
