//! The `z3` backend: first-order logic with arithmetic, decided by Z3.
//!
//! Z3 is loaded at run time, so nsolve builds and starts where it is missing;
//! then every call answers [`BackendError::Unavailable`], which says where it
//! was looked for. Terms become Z3's terms directly, under names that are
//! numbers: no text of a problem reaches Z3, neither as a name nor as a
//! command.
//!
//! Every query has a thread and a context of its own. The calling thread
//! watches the clock and the token and interrupts Z3, again and again, since an
//! interrupt that comes too early is lost.
//!
//! Nothing here is trusted. A model or a core is a claim, for `nsolve-check` to
//! look at; where a model could not be evaluated by it (an irrational number, a
//! quotient by zero, a quantifier over numbers), there is none.

mod decode;
mod encode;
mod solve;
mod z3;

use std::sync::Arc;

use nsolve_backend::{Backend, BackendError, Descriptor, Outcome, SolveCx};
use nsolve_il::fol::{Features, Fol, Problem, Query};

/// The name on the command line.
const NAME: &str = "z3";

/// The Z3 solver.
#[derive(Clone, Copy, Debug, Default)]
pub struct Z3;

impl Z3 {
    /// What would run, if it can.
    ///
    /// # Errors
    /// [`BackendError::Unavailable`] where no libz3 of a supported version is
    /// found.
    pub fn available() -> Result<Descriptor, BackendError> {
        Ok(descriptor(library()?.version()))
    }
}

fn library() -> Result<&'static z3::Library, BackendError> {
    z3::Library::get().map_err(|why| BackendError::Unavailable {
        name: NAME,
        why: why.to_owned(),
    })
}

fn descriptor(version: &str) -> Descriptor {
    Descriptor {
        name: NAME,
        version: version.to_owned(),
        about: "first-order logic with arithmetic: models, and cores of contradictions",
    }
}

impl Backend<Fol> for Z3 {
    /// The version is `missing` where Z3 is not available.
    fn descriptor(&self) -> Descriptor {
        Self::available().unwrap_or_else(|_| descriptor("missing"))
    }

    fn supported(&self) -> Features {
        Features::all()
    }

    fn solve(
        &self,
        problem: &Arc<Problem>,
        query: &Query,
        cx: &SolveCx,
    ) -> Result<Outcome<Fol>, BackendError> {
        solve::solve(library()?, problem, query, cx)
    }
}
