use nsolve_backend::{BackendError, Verdict};
use nsolve_check::Refusal;
use nsolve_source::Diagnostic;

use crate::QueryRecord;
use crate::program::ProgramRecord;

/// Why there is no answer at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SolveError {
    /// A backend is missing, lacks an ability, or broke.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// No backend is there that could do it.
    #[error("no backend is available; `nsolve doctor` says what is missing")]
    NoBackend,
    /// The problem cannot be brought into the form that its semantics need.
    #[error("the problem cannot be lowered: {}", first_message(.0))]
    Lowering(Vec<Diagnostic>),
    /// A backend's evidence failed our check. The answer is withheld.
    #[error("backend `{}` claims {} with evidence that fails the check", .0.backend, .0.outcome.verdict.name())]
    FailedCheck(Box<QueryRecord>),
    /// A backend's evidence about a program failed our check, likewise.
    #[error("backend `{}` claims {} with evidence that fails the check", .0.backend, .0.outcome.verdict.name())]
    FailedProgramCheck(Box<ProgramRecord>),
    /// A backend's evidence about an optimisation problem failed our check,
    /// likewise.
    #[error("backend `{backend}` claims {} with evidence that fails the check: {why}", verdict.name())]
    FailedMilpCheck {
        /// Who claims it.
        backend: &'static str,
        /// What is claimed.
        verdict: Verdict,
        /// Why it is wrong.
        why: Refusal,
    },
    /// Two backends decided one query in two ways.
    #[error("backend `{}` claims {} but `{other}` claims the opposite", .record.backend, .record.outcome.verdict.name())]
    Disagreement {
        /// What the first found.
        record: Box<QueryRecord>,
        /// Who disagrees.
        other: &'static str,
    },
    /// Two backends answered one query about a program in two ways.
    #[error("backends `{}` and `{other}` disagree about a program", .record.backend)]
    ProgramDisagreement {
        /// What the first found.
        record: Box<ProgramRecord>,
        /// Who disagrees.
        other: &'static str,
    },
}

fn first_message(diagnostics: &[Diagnostic]) -> &str {
    diagnostics.first().map_or("", |d| &d.message)
}
