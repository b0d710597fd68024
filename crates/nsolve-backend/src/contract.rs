use std::sync::Arc;

use nsolve_il::Language;

use crate::{Outcome, SolveCx};

/// What a backend is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// The name on the command line, for instance `z3`.
    pub name: &'static str,
    /// The version of the solver that really runs.
    pub version: String,
    /// What it is, in a line.
    pub about: &'static str,
}

/// Machinery that failed, as opposed to a query that was not decided.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackendError {
    /// The solver is not installed, or is of a version that is not supported.
    #[error("backend `{name}` is unavailable: {why}")]
    Unavailable {
        /// The backend.
        name: &'static str,
        /// What is missing, and how to get it.
        why: String,
    },
    /// The problem needs abilities that the backend lacks.
    #[error("backend `{name}` does not support {}", missing.join(", "))]
    Unsupported {
        /// The backend.
        name: &'static str,
        /// The missing abilities, by name.
        missing: Vec<&'static str>,
    },
    /// The solver broke.
    #[error("backend `{name}` failed: {why}")]
    Failed {
        /// The backend.
        name: &'static str,
        /// What happened.
        why: String,
    },
}

/// A solver for one language. See the crate's page for what it must do.
pub trait Backend<L: Language>: Send + Sync + 'static {
    /// What it is, with the version that really runs.
    fn descriptor(&self) -> Descriptor;

    /// The abilities it has.
    fn supported(&self) -> L::Features;

    /// Decides a query, blocking.
    ///
    /// # Errors
    /// Where machinery fails; a query that is not decided is an outcome.
    fn solve(
        &self,
        problem: &Arc<L::Problem>,
        query: &L::Query,
        cx: &SolveCx,
    ) -> Result<Outcome<L>, BackendError>;
}
