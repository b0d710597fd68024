use std::sync::Arc;
use std::time::{Duration, Instant};

use nsolve_backend::{BackendError, Budget, CancelToken};
use nsolve_engine::{Answer, Backends, SolveError, SolveOptions};
use nsolve_english as english;
use nsolve_formats::Format;
use nsolve_il::fol::{Problem, Semantics};
use nsolve_source::{Code, Diagnostic, Severity, SourceText, Span, has_errors};
use nsolve_syntax::fol::{Item, ItemKind, Style, elaborate};

use crate::BackendName;
use crate::backends::backends;
use crate::program::Programs;

/// Why a text gave no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is wrong; the diagnostics say where, and what to do.
    #[error("{}", first_error(.0))]
    Input(Vec<Diagnostic>),
    /// A backend is missing or broke, or its evidence failed the check.
    #[error(transparent)]
    Solve(#[from] SolveError),
    /// There is no backend of this name.
    #[error("there is no backend `{0}`; there are auto, ground, z3, program, clingo, highs")]
    UnknownBackend(String),
}

impl From<BackendError> for Error {
    fn from(error: BackendError) -> Self {
        Error::Solve(error.into())
    }
}

fn first_error(diagnostics: &[Diagnostic]) -> String {
    let worst = diagnostics.iter().max_by_key(|d| d.severity);
    worst.map_or_else(|| "the text is wrong".into(), ToString::to_string)
}

/// A text that was read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The problem made of all items that could be read; `None` where there is
    /// none.
    pub problem: Option<Arc<Problem>>,
    /// Faults, tolerances and lints.
    pub diagnostics: Vec<Diagnostic>,
    /// How long it took.
    pub time: Duration,
}

impl Reading {
    /// The problem, if every item of the text was read.
    ///
    /// # Errors
    /// The diagnostics, where one is an error.
    pub fn complete(&self) -> Result<&Arc<Problem>, Error> {
        match &self.problem {
            Some(problem) if !has_errors(&self.diagnostics) => Ok(problem),
            _ => Err(Error::Input(self.diagnostics.clone())),
        }
    }
}

/// Reads a text of a format into a typed problem.
pub fn read(format: Format, text: &SourceText) -> Reading {
    if format == Format::English {
        return read_english(text, Semantics::Classical).0;
    }
    let began = Instant::now();
    let (document, style, mut diagnostics) = nsolve_formats::read(format, text);
    let unread = has_errors(&diagnostics);
    let elaboration = elaborate(&document, &style);
    // What is missing since it could not be read has been told of already.
    let follows = |d: &Diagnostic| matches!(d.code, Code::NO_QUESTION | Code::EMPTY_TEXT);
    diagnostics.extend(
        elaboration
            .diagnostics
            .into_iter()
            .filter(|d| !(unread && follows(d))),
    );
    let problem = elaboration.problem.map(Arc::new);
    diagnostics.sort_by_key(|d| d.span.map_or(0, |s| s.start));
    Reading {
        problem,
        diagnostics,
        time: began.elapsed(),
    }
}

/// Reads a story with its question, in plain English. Where the question is one
/// for things, the problem has none; the second part has it. A story without a
/// question asks for a model.
pub fn read_english(text: &SourceText, semantics: Semantics) -> (Reading, english::Reading) {
    let began = Instant::now();
    let story = english::read(text, semantics);
    let mut diagnostics = story.diagnostics.clone();
    let mut document = story.document.clone();
    if story.candidates.is_some() {
        let note = "the question asks for things, which `nsolve ask` answers; without it";
        diagnostics.push(Diagnostic::warning(
            Code::ASKS_FOR_THINGS,
            format!("{note}, the story asks for a model"),
        ));
    }
    if !document.asks() {
        let unasked = diagnostics
            .iter_mut()
            .filter(|d| d.code == Code::NOTHING_ASKED);
        unasked.for_each(|d| d.severity = Severity::Warning);
        document.items.push(Item {
            kind: ItemKind::AskModel,
            span: Span::new(0, text.text().len()),
        });
    }
    let elaboration = elaborate(&document, &Style::NATIVE);
    // What is said of names and formulas is of no use to who wrote words.
    let errors = elaboration.diagnostics.into_iter();
    let is_new = |d: &Diagnostic| {
        d.severity == Severity::Error && !matches!(d.code, Code::NO_QUESTION | Code::EMPTY_TEXT)
    };
    diagnostics.extend(errors.filter(is_new));
    let reading = Reading {
        problem: elaboration.problem.map(Arc::new),
        diagnostics,
        time: began.elapsed(),
    };
    (reading, story)
}

/// Solves problems with a choice of backends and limits. Cheap to clone; may be
/// used from several threads.
#[derive(Clone)]
pub struct Solver {
    fol: Result<Backends, BackendError>,
    pub(crate) programs: Programs,
    pub(crate) milp: BackendName,
    pub(crate) cross_check: bool,
    pub(crate) limits: Budget,
    pub(crate) cancel: CancelToken,
    pub(crate) seed: u64,
    models: usize,
}

impl Default for Solver {
    fn default() -> Self {
        Self::new()
    }
}

impl Solver {
    /// All backends that are installed, ten seconds a problem.
    pub fn new() -> Self {
        Solver {
            fol: backends(BackendName::Auto, false),
            programs: Programs::new(BackendName::Auto),
            milp: BackendName::Auto,
            cross_check: false,
            limits: Budget {
                time: Some(Duration::from_secs(10)),
                ..Budget::default()
            },
            cancel: CancelToken::new(),
            seed: 0,
            models: 2,
        }
    }

    /// With this backend instead.
    ///
    /// # Errors
    /// Where it is not available. A backend for one language is refused when a
    /// problem of the other is solved.
    pub fn backend(mut self, name: BackendName) -> Result<Self, BackendError> {
        self.fol = backends(name, self.cross_check);
        self.programs = Programs::new(name);
        self.milp = name;
        if name == BackendName::Highs {
            nsolve_backend_milp::Highs::available()?;
            return Ok(self);
        }
        match &self.fol {
            Err(missing @ BackendError::Unavailable { .. }) => return Err(missing.clone()),
            // It is one for programs.
            Err(_) => {
                if let Err(missing @ BackendError::Unavailable { .. }) = self.programs.get(false) {
                    return Err(missing);
                }
            }
            Ok(_) => {}
        }
        Ok(self)
    }

    /// Whether another backend is asked about what could not be verified.
    #[must_use]
    pub fn cross_check(mut self, cross_check: bool) -> Self {
        self.cross_check = cross_check;
        if let Ok(backends) = &mut self.fol {
            backends.cross_check = cross_check;
        }
        self
    }

    /// With these limits instead, over all queries of a problem.
    #[must_use]
    pub fn limits(mut self, limits: Budget) -> Self {
        self.limits = limits;
        self
    }

    /// Stops when this token is cancelled.
    #[must_use]
    pub fn cancel(mut self, cancel: CancelToken) -> Self {
        self.cancel = cancel;
        self
    }

    /// How many models are looked for where a model is asked for; two say
    /// whether the first is the only one.
    #[must_use]
    pub fn models(mut self, models: usize) -> Self {
        self.models = models;
        self
    }

    /// For whatever backends do at random.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Answers a problem.
    ///
    /// # Errors
    /// Where a backend is missing or breaks, or its evidence fails the check.
    pub fn solve(&self, problem: &Arc<Problem>) -> Result<Answer, SolveError> {
        let options = SolveOptions {
            backends: self.fol.clone()?,
            limits: self.limits,
            cancel: self.cancel.clone(),
            seed: self.seed,
            models: self.models,
        };
        nsolve_engine::solve(problem, &options)
    }

    /// Reads a text of the native language and answers it.
    ///
    /// # Errors
    /// [`Error::Input`] where the text is wrong, else as [`Solver::solve`].
    pub fn solve_text(&self, text: &str) -> Result<Answer, Error> {
        let text = SourceText::new("<text>", text).map_err(|d| Error::Input(vec![d]))?;
        let reading = read(Format::Fol, &text);
        let mut answer = self.solve(reading.complete()?)?;
        answer.times.read = reading.time;
        Ok(answer)
    }
}
