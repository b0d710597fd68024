//! Logic programs: reading, solving, exploring.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use nsolve_backend::{Backend, BackendError, SolveCx};
use nsolve_backend_clingo::ClingoBackend;
use nsolve_backend_program::ProgramBackend;
use nsolve_engine::SolveError;
use nsolve_engine::program::{
    Certify, ProgramAnswer, ProgramBackends, ProgramOptions, solve_program,
};
use nsolve_il::program::{GroundAtom, Problem, Program, StableModel};
use nsolve_source::{Diagnostic, SourceText};
use nsolve_syntax::program::Dialect;

use crate::{BackendName, Solver};

/// A program that was read.
#[derive(Clone, Debug)]
pub struct ProgramReading {
    /// The program made of all statements that could be read; `None` where
    /// there is none.
    pub problem: Option<Arc<Problem>>,
    /// Faults, tolerances and lints.
    pub diagnostics: Vec<Diagnostic>,
    /// How long it took.
    pub time: Duration,
}

/// Reads a logic program.
pub fn read_program(dialect: Dialect, text: &SourceText) -> ProgramReading {
    let began = Instant::now();
    let (problem, mut diagnostics) = nsolve_syntax::program::read(text, dialect);
    diagnostics.sort_by_key(|d| d.span.map_or(0, |s| s.start));
    ProgramReading {
        problem: problem.map(Arc::new),
        diagnostics,
        time: began.elapsed(),
    }
}

/// How much of an answer about a program is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// How many models, where no goal is asked; `None` is all.
    pub models: Option<usize>,
    /// How many instances of the goal; `None` is all.
    pub instances: Option<usize>,
}

impl Default for Wanted {
    /// One model, all instances.
    fn default() -> Self {
        Wanted {
            models: Some(1),
            instances: None,
        }
    }
}

impl Solver {
    /// Answers a logic program: its goal, or which models it has.
    ///
    /// ```
    /// use nsolve::{Dialect, ProgramDecision, Solver, SourceText, Wanted, read_program};
    ///
    /// let text = SourceText::new("family.asp", "
    ///     parent(ann, bob). parent(bob, tom).
    ///     ancestor(X, Y) :- parent(X, Y).
    ///     ancestor(X, Z) :- parent(X, Y), ancestor(Y, Z).
    ///     ancestor(ann, tom)?
    /// ")?;
    /// let program = read_program(Dialect::Asp, &text).problem.unwrap();
    /// let answer = Solver::new().solve_program(&program, Wanted::default()).unwrap();
    /// assert_eq!(answer.decision, ProgramDecision::True);
    /// # Ok::<(), nsolve::Diagnostic>(())
    /// ```
    ///
    /// # Errors
    /// As [`Solver::solve`].
    pub fn solve_program(
        &self,
        problem: &Arc<Problem>,
        wanted: Wanted,
    ) -> Result<ProgramAnswer, SolveError> {
        let options = ProgramOptions {
            backends: self.programs.get(self.cross_check)?,
            limits: self.limits,
            cancel: self.cancel.clone(),
            seed: self.seed,
            models: wanted.models,
            instances: wanted.instances,
        };
        solve_program(problem, &options)
    }
}

/// The backends for programs behind a name.
///
/// # Errors
/// Where the one that is named is not available, or not for programs. `auto`
/// does with what is there.
fn backends(name: BackendName) -> Result<ProgramBackends, BackendError> {
    let own: Arc<dyn Backend<Program>> = Arc::new(ProgramBackend);
    let deciders = match name {
        BackendName::Program => vec![own],
        BackendName::Clingo => vec![clingo()?],
        BackendName::Auto => std::iter::once(own).chain(clingo().ok()).collect(),
        BackendName::Ground | BackendName::Z3 | BackendName::Highs => {
            return Err(BackendError::Unsupported {
                name: name.as_str(),
                missing: vec!["logic programs"],
            });
        }
    };
    Ok(ProgramBackends {
        deciders,
        certifier: Some(Arc::new(Certifier)),
        cross_check: false,
    })
}

/// The backends for logic programs, looked for when a program is first solved:
/// asking clingo for its version takes longer than most problems.
#[derive(Clone)]
pub(crate) struct Programs {
    name: BackendName,
    found: Arc<OnceLock<Result<ProgramBackends, BackendError>>>,
}

impl Programs {
    pub(crate) fn new(name: BackendName) -> Self {
        Programs {
            name,
            found: Arc::default(),
        }
    }

    pub(crate) fn get(&self, cross_check: bool) -> Result<ProgramBackends, BackendError> {
        let found = self.found.get_or_init(|| backends(self.name));
        let mut found = found.clone()?;
        found.cross_check = cross_check;
        Ok(found)
    }
}

/// clingo, if it is installed.
pub(crate) fn clingo() -> Result<Arc<dyn Backend<Program>>, BackendError> {
    Ok(Arc::new(ClingoBackend::find()?))
}

/// Reasons for bare models, found by our own engine.
struct Certifier;

impl Certify for Certifier {
    fn certify(
        &self,
        problem: &Arc<Problem>,
        atoms: &[GroundAtom],
        cx: &SolveCx,
    ) -> Option<StableModel> {
        // A limit leaves the model without reasons, like one that is none.
        nsolve_backend_program::certify(problem, atoms, cx).ok()?
    }
}
