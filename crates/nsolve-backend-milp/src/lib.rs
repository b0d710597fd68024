//! The backend `highs`: linear and mixed-integer problems, solved by HiGHS, and
//! shown to be solved by exact arithmetic.
//!
//! HiGHS is loaded at run time, so nsolve builds and starts where it is
//! missing. It works with floats, so nothing that it says is an answer: this
//! crate takes the *basis* it ends with, which is no number, and solves that
//! exactly (the module `exact`). What comes out is a point and weights of rows,
//! which `nsolve-check` looks at. For problems with integers a tree of cases is
//! searched whose leaves are closed that way (the module `prove`), within a part
//! of the budget. Where none of this succeeds, the answer is the float point and
//! a claim.

mod exact;
mod floats;
mod highs;
mod lp;
mod modular;
mod prove;
mod solve;

use std::sync::Arc;

use nsolve_backend::{Backend, BackendError, Descriptor, Outcome, SolveCx};
use nsolve_il::milp::{Features, Milp, Problem, Query};

/// The name on the command line.
const NAME: &str = "highs";

/// The HiGHS solver.
#[derive(Clone, Copy, Debug, Default)]
pub struct Highs;

impl Highs {
    /// What would run, if it can.
    ///
    /// # Errors
    /// [`BackendError::Unavailable`] where no libhighs of a supported version is
    /// found.
    pub fn available() -> Result<Descriptor, BackendError> {
        Ok(descriptor(library()?.version()))
    }

    /// Hands a problem over to HiGHS without solving it: what building a model
    /// comes to, for measuring.
    ///
    /// # Errors
    /// As [`Highs::available`], and where HiGHS refuses the matrix.
    pub fn hand_over(problem: &Problem) -> Result<(), BackendError> {
        let mut session = highs::Session::new(library()?).map_err(failed)?;
        session
            .pass(&floats::Floats::new(problem).matrix())
            .map_err(failed)
    }
}

fn library() -> Result<&'static highs::Library, BackendError> {
    highs::Library::get().map_err(|why| BackendError::Unavailable {
        name: NAME,
        why: why.to_owned(),
    })
}

fn descriptor(version: &str) -> Descriptor {
    Descriptor {
        name: NAME,
        version: version.to_owned(),
        about: "linear and mixed-integer problems, with exact proofs of what can be proved",
    }
}

fn failed(why: impl ToString) -> BackendError {
    BackendError::Failed {
        name: NAME,
        why: why.to_string(),
    }
}

impl Backend<Milp> for Highs {
    /// The version is `missing` where HiGHS is not available.
    fn descriptor(&self) -> Descriptor {
        Self::available().unwrap_or_else(|_| descriptor("missing"))
    }

    fn supported(&self) -> Features {
        Features::INTEGERS | Features::SEMICONTINUOUS
    }

    fn solve(
        &self,
        problem: &Arc<Problem>,
        query: &Query,
        cx: &SolveCx,
    ) -> Result<Outcome<Milp>, BackendError> {
        solve::solve(library()?, problem, query, cx)
    }
}
