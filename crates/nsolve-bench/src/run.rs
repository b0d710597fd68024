//! Answers every draft of a suite.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use nsolve::il::fol::Semantics;
use nsolve::{
    Assurance, CancelToken, Decision, Diagnostic, Dialect, Format, Severity, SolveError, Solver,
    SourceText, Times, Wanted, has_errors, read, read_english, read_program,
};
use serde::{Deserialize, Serialize};

use crate::{BenchError, Draft, Suite};

/// How a suite is run.
#[derive(Clone)]
pub struct RunOptions {
    /// Who solves.
    pub solver: Solver,
    /// How the premises of texts that do not say so are understood.
    pub semantics: Semantics,
    /// How many drafts are worked on at once.
    pub jobs: usize,
    /// Where each finished draft is appended; an existing file of the same run
    /// is continued.
    pub record: Option<PathBuf>,
    /// Everything that changes answers, in a line: kept in the file's head, so
    /// that a run is continued only under the same settings.
    pub settings: String,
    /// Ends the run after the drafts at hand.
    pub cancel: CancelToken,
}

/// What became of one draft. The gold answer is not in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftRecord {
    /// The item.
    pub item: String,
    /// Which draft of it, from 0.
    pub draft: usize,
    /// Whether a problem could be made of it.
    pub readable: bool,
    /// Whether every item of it could be read.
    #[serde(default)]
    pub complete: bool,
    /// The decision; `None` where the draft is unreadable or the answer was
    /// withheld.
    pub answer: Option<String>,
    /// `claimed`, `cross-checked` or `verified`, where something was decided.
    pub assurance: Option<String>,
    /// Whether a backend's evidence failed our check.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub failed_check: bool,
    /// The machinery's error, if it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Codes of errors, tolerances and lints, each once, sorted.
    pub codes: Vec<String>,
    /// How many premises the decision needs.
    #[serde(default)]
    pub because: usize,
    /// Of an infeasible model, whether the rows that clash were shown to be as
    /// few as can be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub irreducible: Option<bool>,
    /// Microseconds: reading, lowering, solving, finding certificates for
    /// another backend's claims, checking.
    pub read_us: u64,
    /// See `read_us`.
    pub lower_us: u64,
    /// See `read_us`.
    pub solve_us: u64,
    /// See `read_us`.
    pub certify_us: u64,
    /// See `read_us`.
    pub check_us: u64,
}

#[derive(Serialize, Deserialize, PartialEq)]
struct Head {
    format: String,
    version: String,
    suite: String,
    fingerprint: String,
    settings: String,
}

/// Answers all drafts of a suite, in any order, and gives the records in the
/// suite's order, with the wall time of this call. `progress` is called with
/// the number of finished drafts.
///
/// # Errors
/// Where the record cannot be written, or is of another run.
pub fn run(
    suite: &Suite,
    options: &RunOptions,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<(Vec<DraftRecord>, Duration), BenchError> {
    let began = Instant::now();
    let head = Head {
        format: "nsolve/bench-run".into(),
        version: "1.0".into(),
        suite: suite.name.clone(),
        fingerprint: format!("{:016x}", suite.fingerprint()),
        settings: options.settings.clone(),
    };
    let (file, done) = match &options.record {
        Some(path) => {
            let (file, done) = open(path, &head)?;
            (Some((path.clone(), file)), done)
        }
        None => (None, Vec::new()),
    };
    let finished: BTreeSet<_> = done.iter().map(|r| (r.item.clone(), r.draft)).collect();
    let todo: Vec<(&str, usize, &Draft)> = suite
        .items
        .iter()
        .flat_map(|item| {
            let drafts = item.drafts.iter().enumerate();
            drafts.map(|(number, draft)| (item.id.as_str(), number, draft))
        })
        .filter(|(item, number, _)| !finished.contains(&((*item).to_owned(), *number)))
        .collect();
    let sink = Mutex::new((done, file, None::<BenchError>));
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..options.jobs.clamp(1, todo.len().max(1)) {
            scope.spawn(|| {
                while let Some((item, number, draft)) =
                    todo.get(next.fetch_add(1, Ordering::Relaxed))
                {
                    if options.cancel.is_cancelled() {
                        break;
                    }
                    let record = answer(&options.solver, options.semantics, item, *number, draft);
                    // A draft that was cut short is done again next time.
                    if options.cancel.is_cancelled() {
                        break;
                    }
                    if !keep(&sink, record, progress) {
                        break;
                    }
                }
            });
        }
    });
    let (mut records, _, error) = sink.into_inner().unwrap_or_else(|e| e.into_inner());
    if let Some(error) = error {
        return Err(error);
    }
    let order: std::collections::BTreeMap<&str, usize> = suite
        .items
        .iter()
        .enumerate()
        .map(|(i, item)| (item.id.as_str(), i))
        .collect();
    records.sort_by_key(|r| (order.get(r.item.as_str()).copied(), r.draft));
    Ok((records, began.elapsed()))
}

type Sink = Mutex<(
    Vec<DraftRecord>,
    Option<(PathBuf, File)>,
    Option<BenchError>,
)>;

/// Appends a record; `false` where that failed and the run should end.
fn keep(sink: &Sink, record: DraftRecord, progress: &(dyn Fn(usize) + Sync)) -> bool {
    let mut guard = sink.lock().unwrap_or_else(|e| e.into_inner());
    let (records, file, error) = &mut *guard;
    if let Some((path, file)) = file {
        let written = serde_json::to_string(&record)
            .map_err(std::io::Error::from)
            .and_then(|line| file.write_all(format!("{line}\n").as_bytes()));
        if let Err(source) = written {
            *error = Some(BenchError::File {
                path: path.clone(),
                source,
            });
            return false;
        }
    }
    records.push(record);
    progress(records.len());
    true
}

fn open(path: &Path, head: &Head) -> Result<(File, Vec<DraftRecord>), BenchError> {
    let fail = |source| BenchError::File {
        path: path.to_owned(),
        source,
    };
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(fail)?;
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(fail)?;
    // A torn last line is what a killed run leaves.
    let whole = text.rfind('\n').map_or(0, |i| i + 1);
    let mut lines = text.get(..whole).unwrap_or("").lines();
    let Some(first) = lines.next() else {
        file.set_len(0).map_err(fail)?;
        file.seek(SeekFrom::Start(0)).map_err(fail)?;
        let head = serde_json::to_string(head).map_err(|e| fail(e.into()))?;
        file.write_all(format!("{head}\n").as_bytes())
            .map_err(fail)?;
        return Ok((file, Vec::new()));
    };
    if serde_json::from_str::<Head>(first).ok().as_ref() != Some(head) {
        return Err(BenchError::OtherRun {
            path: path.to_owned(),
        });
    }
    let records = parse_records(path, lines)?;
    file.set_len(whole as u64).map_err(fail)?;
    file.seek(SeekFrom::End(0)).map_err(fail)?;
    Ok((file, records))
}

fn parse_records<'a>(
    path: &Path,
    lines: impl Iterator<Item = &'a str>,
) -> Result<Vec<DraftRecord>, BenchError> {
    let parsed = lines.enumerate().map(|(i, line)| {
        serde_json::from_str(line).map_err(|e| BenchError::Line {
            path: path.to_owned(),
            line: i + 2,
            why: e.to_string(),
        })
    });
    parsed.collect()
}

/// The records of a run's file, for reports and comparisons.
///
/// # Errors
/// Where the file cannot be read.
pub fn read_records(path: &Path) -> Result<Vec<DraftRecord>, BenchError> {
    let text = std::fs::read_to_string(path).map_err(BenchError::file(path))?;
    let whole = text.rfind('\n').map_or(0, |i| i + 1);
    parse_records(path, text.get(..whole).unwrap_or("").lines().skip(1))
}

fn answer(
    solver: &Solver,
    semantics: Semantics,
    item: &str,
    number: usize,
    draft: &Draft,
) -> DraftRecord {
    let mut record = DraftRecord {
        item: item.to_owned(),
        draft: number,
        readable: false,
        complete: false,
        answer: None,
        assurance: None,
        failed_check: false,
        error: None,
        codes: Vec::new(),
        because: 0,
        irreducible: None,
        read_us: 0,
        lower_us: 0,
        solve_us: 0,
        certify_us: 0,
        check_us: 0,
    };
    let text = match SourceText::new(item, &draft.text) {
        Ok(text) => text,
        Err(diagnostic) => {
            record.codes.push(diagnostic.code.to_string());
            return record;
        }
    };
    if draft.format.is_model() {
        crate::models::answer_model(solver, draft.format, &text, &mut record);
        return record;
    }
    if draft.format.is_program() {
        answer_program(solver, draft.format, &text, &mut record);
        return record;
    }
    let reading = match draft.format {
        Format::English => read_english(&text, semantics).0,
        format => read(format, &text),
    };
    record.read_us = micros(reading.time);
    record.codes = codes(&reading.diagnostics);
    // Recorded texts are read as far as they go: an item that could not be read
    // is left out, with its diagnostic.
    let Some(problem) = &reading.problem else {
        return record;
    };
    record.readable = true;
    record.complete = !has_errors(&reading.diagnostics);
    match solver.solve(problem) {
        Ok(answer) => {
            record.answer = Some(answer.decision.as_str().to_owned());
            if answer.decision != Decision::Unknown {
                record.assurance = Some(answer.assurance.name().to_owned());
            }
            record.because = answer.because.len();
            record.took(answer.times);
        }
        Err(error) => record.failed(&error),
    }
    record
}

/// The same for a logic program.
fn answer_program(solver: &Solver, format: Format, text: &SourceText, record: &mut DraftRecord) {
    let dialect = match format {
        Format::Prolog => Dialect::Prolog,
        _ => Dialect::Asp,
    };
    let reading = read_program(dialect, text);
    record.read_us = micros(reading.time);
    record.codes = codes(&reading.diagnostics);
    let Some(problem) = &reading.problem else {
        return;
    };
    record.readable = true;
    record.complete = !has_errors(&reading.diagnostics);
    match solver.solve_program(problem, Wanted::default()) {
        Ok(answer) => {
            record.answer = Some(answer.decision.as_str().to_owned());
            if answer.is_decided() {
                record.assurance = Some(answer.assurance.name().to_owned());
            }
            record.took(answer.times);
        }
        Err(error) => record.failed(&error),
    }
}

/// Codes of errors, tolerances and lints, each once, sorted.
pub(crate) fn codes(diagnostics: &[Diagnostic]) -> Vec<String> {
    let telling = diagnostics
        .iter()
        .filter(|d| d.severity != Severity::Note || d.code.is_tolerance());
    let codes: BTreeSet<String> = telling.map(|d| d.code.to_string()).collect();
    codes.into_iter().collect()
}

impl DraftRecord {
    pub(crate) fn took(&mut self, times: Times) {
        self.lower_us = micros(times.lower);
        self.solve_us = micros(times.solve);
        self.certify_us = micros(times.certify);
        self.check_us = micros(times.check);
    }

    pub(crate) fn failed(&mut self, error: &SolveError) {
        self.failed_check = matches!(
            error,
            SolveError::FailedCheck(_)
                | SolveError::Disagreement { .. }
                | SolveError::FailedProgramCheck(_)
                | SolveError::ProgramDisagreement { .. }
                | SolveError::FailedMilpCheck { .. }
        );
        self.error = Some(error.to_string());
    }

    /// Whether something was decided.
    pub fn is_answered(&self) -> bool {
        self.answer
            .as_deref()
            .is_some_and(|a| a != Decision::Unknown.as_str() && a != "refused")
    }

    /// Whether the answer was verified.
    pub fn is_verified(&self) -> bool {
        self.assurance.as_deref() == Some(Assurance::Verified.name())
    }
}

pub(crate) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
