//! Optimisation models: reading, solving.

use std::sync::Arc;
use std::time::{Duration, Instant};

use nsolve_backend::BackendError;
use nsolve_backend_milp::Highs;
use nsolve_engine::SolveError;
use nsolve_engine::milp::{MilpAnswer, MilpBackends, MilpOptions, solve_milp};
use nsolve_formats::Format;
use nsolve_il::milp::{Number, Problem, Query};
use nsolve_source::{Diagnostic, SourceText};
use nsolve_syntax::milp::{DataFormat, Model};

use crate::{BackendName, Solver};

/// A model that was read, with its data.
#[derive(Clone, Debug)]
pub struct ModelReading {
    /// The problem that model and data make; `None` where there is an error.
    pub problem: Option<Arc<Problem>>,
    /// The model as it was written; `None` for LP and MPS files.
    pub model: Option<Model>,
    /// Faults, tolerances and lints.
    pub diagnostics: Vec<Diagnostic>,
    /// How long it took.
    pub time: Duration,
}

/// Reads an optimisation model, with data from other files.
pub fn read_model(
    format: Format,
    text: &SourceText,
    data: &[(SourceText, DataFormat)],
) -> ModelReading {
    let began = Instant::now();
    let (problem, model, mut diagnostics) = match format {
        Format::Lp => {
            let (problem, diagnostics) = nsolve_formats::milp::read_lp(text);
            (problem, None, diagnostics)
        }
        Format::Mps => {
            let (problem, diagnostics) = nsolve_formats::milp::read_mps(text);
            (problem, None, diagnostics)
        }
        _ => {
            let reading = nsolve_syntax::milp::read(text, data);
            (reading.problem, Some(reading.model), reading.diagnostics)
        }
    };
    diagnostics.sort_by_key(|d| d.span.map_or(0, |s| s.start));
    ModelReading {
        problem: problem.map(Arc::new),
        model,
        diagnostics,
        time: began.elapsed(),
    }
}

/// What is wanted of an optimisation problem besides its optimum.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Optimize {
    /// Whether integers may be any number.
    pub relaxed: bool,
    /// How far from the optimum, relative to it, an answer may be.
    pub gap: Option<f64>,
    /// A point to start from.
    pub start: Option<Vec<Number>>,
    /// Whether duals and ranges are wanted.
    pub sensitivity: bool,
    /// Whether further objectives are optimised among the optima of the ones
    /// before; otherwise the first alone counts.
    pub lexicographic: bool,
    /// How many points; 0 is as 1.
    pub solutions: usize,
    /// How long rows that clash are searched, where there is no point.
    pub conflict: Option<Duration>,
}

impl Solver {
    /// Answers an optimisation problem.
    ///
    /// ```
    /// use nsolve::{Format, MilpDecision, Optimize, Solver, SourceText, read_model};
    ///
    /// let text = SourceText::new("fruit.mod", "
    ///     var mango integer >= 100 <= 150;
    ///     var guava integer >= 0;
    ///     maximize profit: 4 * mango + 3 * guava;
    ///     subject to third: guava <= 1/3 * mango;
    /// ")?;
    /// let problem = read_model(Format::Milp, &text, &[]).problem.unwrap();
    /// let answer = Solver::new().solve_model(&problem, &Optimize::default()).unwrap();
    /// assert_eq!(answer.decision, MilpDecision::Optimal);
    /// assert_eq!(answer.objectives[0], 750.into());
    /// # Ok::<(), nsolve::Diagnostic>(())
    /// ```
    ///
    /// # Errors
    /// As [`Solver::solve`].
    pub fn solve_model(
        &self,
        problem: &Arc<Problem>,
        wanted: &Optimize,
    ) -> Result<MilpAnswer, SolveError> {
        let options = MilpOptions {
            backends: backends(self.milp)?,
            limits: self.limits,
            check: nsolve_check::Limits {
                steps: 2_000_000_000,
            },
            cancel: self.cancel.clone(),
            seed: self.seed,
            query: Query {
                relaxed: wanted.relaxed,
                gap: wanted.gap,
                start: wanted.start.clone(),
                sensitivity: wanted.sensitivity,
            },
            lexicographic: wanted.lexicographic,
            solutions: wanted.solutions.max(1),
            conflict: wanted.conflict,
        };
        solve_milp(problem, &options)
    }
}

/// The backends for optimisation problems behind a name.
fn backends(name: BackendName) -> Result<MilpBackends, BackendError> {
    match name {
        BackendName::Auto | BackendName::Highs => Ok(MilpBackends {
            deciders: vec![Arc::new(Highs)],
            second: None,
        }),
        other => Err(BackendError::Unsupported {
            name: other.as_str(),
            missing: vec!["optimisation models"],
        }),
    }
}
