use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use nsolve_backend::{
    Backend, BackendError, Descriptor, Evidence, Outcome, SolveCx, StopReason, Verdict,
};
use nsolve_formats::program::{AspAtom, AspText, write_asp};
use nsolve_il::program::{
    BareModels, BareRows, Features, Goal, GroundAtom, PredicateId, Problem, Program, Query, Row,
    Witness, dependencies, validate,
};
use nsolve_process::{Command, End, Finished, Limits, ProcessError, Stream, find};

use crate::intervals::Intervals;
use crate::reply::{self, Reply};

const NAME: &str = "clingo";

/// The environment variable that may hold clingo's path.
pub const VARIABLE: &str = "NSOLVE_CLINGO";

/// How to get clingo.
const HOW: &str = "install Debian's package `gringo`, or `pip install clingo` and a script that \
                   runs `python3 -m clingo`, whose path NSOLVE_CLINGO holds";

/// The most bytes of a reply: some ten million atoms.
const MOST_OUTPUT: usize = 256 << 20;

/// What cannot be believed of programs that could leave 32 bits.
const WRAPPED: &str = "clingo computes in 32 bits, which this program's arithmetic may leave";

/// clingo, as it is installed.
#[derive(Clone, Debug)]
pub struct ClingoBackend {
    program: PathBuf,
    version: String,
}

impl ClingoBackend {
    /// The one that [`VARIABLE`] names, else the first in `PATH`.
    ///
    /// # Errors
    /// [`BackendError::Unavailable`] where there is none that answers as clingo 5
    /// does, with how to get it.
    pub fn find() -> Result<Self, BackendError> {
        let found = find(VARIABLE, &[NAME]);
        Self::at(&found.map_err(|e| unavailable(format!("{e}; {HOW}")))?)
    }

    /// The program at this path.
    ///
    /// # Errors
    /// As [`ClingoBackend::find`].
    pub fn at(program: &Path) -> Result<Self, BackendError> {
        let limits = Limits {
            time: Some(Duration::from_secs(10)),
            stdout: 10_000,
            ..Limits::default()
        };
        let asked = Command::new(program).arg("--version").limits(limits);
        let finished = asked.run(&|| false);
        let finished = finished.map_err(|e| unavailable(format!("{e}; {HOW}")))?;
        let said = String::from_utf8_lossy(&finished.stdout);
        let version = version(&said).ok_or_else(|| {
            let shown = program.display();
            unavailable(format!("`{shown}` does not answer as clingo 5; {HOW}"))
        })?;
        Ok(ClingoBackend {
            program: program.to_owned(),
            version,
        })
    }

    fn run(&self, asp: &AspText, query: &Query, cx: &SolveCx) -> Result<Finished, ProcessError> {
        let remaining = cx.remaining();
        let limits = Limits {
            time: remaining,
            memory: cx.budget.memory,
            stdout: MOST_OUTPUT,
            ..Limits::default()
        };
        let models = match query {
            Query::Models { limit, .. } => limit.unwrap_or(0),
            // A second would mean that the query should not have been asked.
            Query::Instances { .. } => 2,
        };
        let mut command = Command::new(&self.program)
            .args(["--outf=2", "--warn=none"])
            .arg(format!("--models={models}"))
            .limits(limits)
            .input(asp.text.as_str());
        if asks_for_lowest(query) {
            command = command.arg("--opt-mode=optN");
        }
        if cx.seed != 0 {
            command = command.arg(format!("--seed={}", cx.seed % (1 << 31)));
        }
        // By its own clock it stops with what it has; ours is for when it does
        // not.
        if let Some(seconds) = remaining.map(|t| t.as_secs()).filter(|s| *s > 0) {
            command = command.arg(format!("--time-limit={seconds}"));
        }
        command.run(&|| cx.stop().is_some())
    }
}

fn asks_for_lowest(query: &Query) -> bool {
    matches!(query, Query::Models { optimal: true, .. })
}

fn unavailable(why: String) -> BackendError {
    BackendError::Unavailable { name: NAME, why }
}

fn failed(why: impl Into<String>) -> BackendError {
    BackendError::Failed {
        name: NAME,
        why: why.into(),
    }
}

/// The version that `clingo --version` tells, if it is one of clingo 5.
fn version(said: &str) -> Option<String> {
    let words: Vec<&str> = said.lines().next()?.split_whitespace().collect();
    match words.as_slice() {
        [_, "version", version] if version.starts_with("5.") => Some((*version).to_owned()),
        _ => None,
    }
}

impl Backend<Program> for ClingoBackend {
    fn descriptor(&self) -> Descriptor {
        Descriptor {
            name: NAME,
            version: self.version.clone(),
            about: "clingo, run as a program of its own",
        }
    }

    fn supported(&self) -> Features {
        Features::all()
    }

    fn solve(
        &self,
        problem: &Arc<Problem>,
        query: &Query,
        cx: &SolveCx,
    ) -> Result<Outcome<Program>, BackendError> {
        validate(problem).map_err(|fault| failed(fault.to_string()))?;
        if let Some(stop) = cx.stop() {
            return Ok(Outcome::unknown(stop));
        }
        if matches!(query, Query::Models { limit: Some(0), .. }) {
            return Ok(incomplete("no model is asked for"));
        }
        let asp = match write_asp(problem, query) {
            Ok(asp) => asp,
            Err(why) => return Ok(incomplete(why.to_string())),
        };
        let finished = self.run(&asp, query, cx);
        let finished = finished.map_err(|e| failed(e.to_string()))?;
        if let Some(stop) = stopped(&finished, cx) {
            return Ok(Outcome::unknown(stop));
        }
        answer(problem, query, &asp, &finished)
    }
}

/// Why we stopped it, if we did.
fn stopped(finished: &Finished, cx: &SolveCx) -> Option<StopReason> {
    match finished.end {
        End::Time => Some(StopReason::Time),
        End::Cancelled => Some(cx.stop().unwrap_or(StopReason::Cancelled)),
        End::TooMuch(Stream::Output) => {
            Some(StopReason::Incomplete("a reply that is too long".into()))
        }
        End::TooMuch(Stream::Error) => Some(StopReason::Crashed(
            "more complaints than it may have".into(),
        )),
        End::Exited { code: None, .. } if cx.budget.memory.is_some() => Some(StopReason::Memory),
        End::Exited { code: None, .. } => Some(StopReason::Crashed("ended by a signal".into())),
        End::Exited { .. } => None,
    }
}

fn incomplete(why: impl Into<String>) -> Outcome<Program> {
    Outcome::unknown(StopReason::Incomplete(why.into()))
}

/// What a run that ended by itself says about a query.
///
/// # Errors
/// [`BackendError::Failed`] where its reply is not believed.
pub(crate) fn answer(
    problem: &Problem,
    query: &Query,
    asp: &AspText,
    finished: &Finished,
) -> Result<Outcome<Program>, BackendError> {
    let reply = reply::read(finished, asp, asks_for_lowest(query));
    let reply = reply.map_err(|why| failed(format!("its reply is not believed: {}", why.0)))?;
    let goals = match query {
        Query::Models { assuming, .. } => assuming.as_slice(),
        Query::Instances { goal, .. } => std::slice::from_ref(goal),
    };
    let fits = Intervals::of_program(problem).fit(&problem.rules, goals);
    match (reply, query) {
        (Reply::TimeOver, _) => Ok(Outcome::unknown(StopReason::Time)),
        (Reply::MemoryOver, _) => Ok(Outcome::unknown(StopReason::Memory)),
        (Reply::Unsat, _) if !fits => Ok(incomplete(WRAPPED)),
        (Reply::Unsat, Query::Models { .. }) => Ok(unsat()),
        (Reply::Unsat, Query::Instances { .. }) => Ok(incomplete("a program without a model")),
        (
            Reply::Models {
                models,
                complete,
                optimal,
            },
            _,
        ) => {
            let mut atoms = Vec::with_capacity(models.len());
            let mut rows = Vec::new();
            for model in models {
                let (these, of_goal) = split(model);
                rows.extend(of_goal);
                atoms.push(these);
            }
            if let Some(why) = problem_with(problem, goals, &atoms, fits) {
                return Ok(incomplete(why));
            }
            let all = complete && (fits || is_deterministic(problem));
            match query {
                Query::Models { limit, .. } => Ok(several(atoms, all, optimal, fits, *limit)),
                Query::Instances { limit, .. } if complete && atoms.len() == 1 => {
                    Ok(instances(rows, *limit))
                }
                Query::Instances { .. } => Ok(incomplete("a goal that differs among models")),
            }
        }
    }
}

fn unsat() -> Outcome<Program> {
    Outcome {
        verdict: Verdict::Unsat,
        stop: StopReason::Completed,
        evidence: Evidence::None,
    }
}

fn split(model: Vec<AspAtom>) -> (Vec<GroundAtom>, Vec<Row>) {
    let mut atoms = Vec::with_capacity(model.len());
    let mut rows = Vec::new();
    for atom in model {
        match atom {
            AspAtom::Atom(atom) => atoms.push(atom),
            AspAtom::Row(row) => rows.push(row),
        }
    }
    (atoms, rows)
}

/// Why models are not given.
fn problem_with(
    problem: &Problem,
    goals: &[Goal],
    models: &[Vec<GroundAtom>],
    fits: bool,
) -> Option<String> {
    let deep = |atom: &GroundAtom| {
        let depths = atom.arguments.iter().map(|v| v.depth());
        depths.max().unwrap_or(0) > problem.depth as usize
    };
    if models.iter().flatten().any(deep) {
        return Some(format!("terms deeper than {}", problem.depth));
    }
    let wrapped =
        |model: &Vec<GroundAtom>| !Intervals::of_model(problem, model).fit(&problem.rules, goals);
    (!fits && models.iter().any(wrapped)).then(|| WRAPPED.to_owned())
}

/// Whether a program has one model at most by its form.
fn is_deterministic(problem: &Problem) -> bool {
    let all = (0..problem.predicates.len() as u32).map(PredicateId);
    dependencies(problem).is_deterministic(all)
}

fn several(
    models: Vec<Vec<GroundAtom>>,
    complete: bool,
    optimal: bool,
    fits: bool,
    limit: Option<usize>,
) -> Outcome<Program> {
    if limit.is_some_and(|limit| models.len() > limit) {
        return incomplete("more models than were asked for");
    }
    // Which cost is the lowest is a claim about all models.
    if optimal && !(fits || complete) {
        return incomplete(WRAPPED);
    }
    Outcome::sat(Witness::Atoms(BareModels {
        models,
        complete,
        optimal,
    }))
}

fn instances(mut rows: Vec<Row>, limit: Option<usize>) -> Outcome<Program> {
    if rows.is_empty() {
        return unsat();
    }
    let limit = limit.unwrap_or(usize::MAX);
    let complete = rows.len() <= limit;
    rows.truncate(limit);
    match rows.is_empty() {
        true => incomplete("no instance is asked for"),
        false => Outcome::sat(Witness::Rows(BareRows { rows, complete })),
    }
}
