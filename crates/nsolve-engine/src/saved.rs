//! Answers as JSON, and back: nothing that is read back is believed.

use std::sync::Arc;

use nsolve_backend::{Evidence, Outcome, StopReason, Verdict};
use nsolve_bridge::listable;
use nsolve_check::Limits as CheckLimits;
use nsolve_formats::Format;
use nsolve_formats::json::{
    certificate_from_json, certificate_to_json, model_from_json, model_to_json, write_json,
};
use nsolve_il::fol::{Builder, Fol, Item, Problem, Query, Question, Semantics};
use nsolve_source::SourceText;
use nsolve_syntax::fol::elaborate;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Assurance, Decision, QueryRecord, Role, Times};
use crate::error::SolveError;
use crate::explain::explain;
use crate::program::{self, ProgramRecord};
use crate::solve::{Lowered, because, decide, lower};
use crate::{enumerate, extremum};

/// The version of the JSON of answers.
pub const ANSWER_VERSION: &str = "1.0";

/// Why a saved answer could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SavedError {
    /// It is no answer, or of a version that is not known.
    #[error("this is no saved answer: {0}")]
    Shape(String),
    /// Its problem cannot be read.
    #[error("the problem in this answer cannot be read: {0}")]
    Problem(String),
}

/// An answer as JSON; the schema is `nsolve schema answer`. It holds the
/// problem and all evidence, so that it can be checked and explained later.
pub fn answer_to_json(id: &str, problem: &Problem, answer: &Answer) -> Value {
    let queries: Vec<Value> = answer.queries.iter().map(query_to_json).collect();
    let names: Vec<&str> = answer
        .because
        .iter()
        .filter_map(|&i| Some(&*problem.premises.get(i as usize)?.name))
        .collect();
    let first = answer.queries.first();
    let micros = |d: std::time::Duration| u64::try_from(d.as_micros()).unwrap_or(u64::MAX);
    let mut out = json!({
        "format": "nsolve/answer",
        "version": ANSWER_VERSION,
        "id": id,
        "language": "fol",
        "semantics": semantics_name(problem.semantics),
        "answer": answer.decision.as_str(),
        "verdict": first.map_or("unknown", |q| q.verdict().name()),
        "stop": answer.stop.name(),
        "stop_reason": answer.stop.to_string(),
        "assurance": answer.is_decided().then(|| answer.assurance.name()),
        "because": names,
        "explanation": explain(problem, answer),
        "backend": {"name": first.map_or("none", |q| q.backend)},
        "faithfulness": {"votes": null, "lints": []},
        "diagnostics": [],
        "time": {
            "read_us": micros(answer.times.read),
            "lower_us": micros(answer.times.lower),
            "solve_us": micros(answer.times.solve),
            "certify_us": micros(answer.times.certify),
            "check_us": micros(answer.times.check),
        },
        "problem": problem_json(problem),
        "evidence": {"kind": evidence_kind(answer), "queries": queries},
    });
    if let Some(map) = out.as_object_mut() {
        if let Decision::Choices(letters) = &answer.decision {
            map.insert("letters".into(), json!(letters));
        }
        if let Some(solutions) = answer.solutions {
            let mut written = solutions_json(answer);
            if let Some(written) = written.as_object_mut() {
                written.insert("assurance".into(), json!(solutions.assurance.name()));
            }
            map.insert("solutions".into(), written);
        }
        if answer.decision == Decision::ContradictoryPremises {
            map.insert("minimal".into(), json!(answer.clash_is_minimal()));
        }
        if let Some(note) = &answer.note {
            map.insert("note".into(), json!(note));
        }
    }
    out
}

/// The problem in its own JSON; what was read can be written.
fn problem_json(problem: &Problem) -> Value {
    let written = write_json(problem).ok();
    written
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or(Value::Null)
}

fn semantics_name(semantics: Semantics) -> &'static str {
    match semantics {
        Semantics::Classical => "classical",
        Semantics::Rules => "rules",
    }
}

fn evidence_kind(answer: &Answer) -> &'static str {
    let has = |f: fn(&Evidence<Fol>) -> bool| answer.queries.iter().any(|q| f(&q.outcome.evidence));
    let herbrand = has(|e| matches!(e, Evidence::Certificate(_)));
    let model = has(|e| matches!(e, Evidence::Model(_)));
    match (herbrand, model) {
        (true, true) => "mixed",
        (true, false) => "herbrand",
        (false, true) => "model",
        (false, false) => "none",
    }
}

/// How many solutions there are; what [`verify`] finds again.
fn solutions_json(answer: &Answer) -> Value {
    answer.solutions.map_or(Value::Null, |solutions| {
        json!({
            "found": solutions.found,
            "complete": solutions.complete,
            "unique": solutions.unique(),
        })
    })
}

/// Whether what is claimed of solutions and of the clash is what the evidence
/// shows.
fn claims_hold(value: &Value, answer: &Answer) -> bool {
    let mut solutions = value.get("solutions").cloned().unwrap_or(Value::Null);
    if let Some(map) = solutions.as_object_mut() {
        map.remove("assurance");
    }
    let minimal = value.get("minimal").and_then(Value::as_bool);
    (solutions.is_null() || solutions == solutions_json(answer))
        && (minimal != Some(true) || answer.clash_is_minimal())
}

fn query_to_json(record: &QueryRecord) -> Value {
    let solved = &*record.problem;
    let mut out = json!({
        "role": record.role.name(),
        "verdict": record.verdict().name(),
        "stop": record.outcome.stop.to_string(),
        "backend": record.backend,
        "assurance": record.assurance().name(),
        "premises": record.query.premises,
        "goal": !record.query.goals.is_empty(),
    });
    let Some(map) = out.as_object_mut() else {
        return out;
    };
    if record.verdict() == Verdict::Unsat {
        let name = |item: &Item| match item {
            Item::Premise(i) => solved
                .premises
                .get(*i as usize)
                .map_or_else(|| format!("premise {i}"), |p| p.name.to_string()),
            Item::Goal(_) => "goal".to_owned(),
        };
        let core: Vec<String> = record.core().iter().map(name).collect();
        map.insert("core".into(), json!(core));
    }
    match &record.outcome.evidence {
        Evidence::Certificate(certificate) => {
            let written = certificate_to_json(solved, &record.query, certificate);
            map.insert("certificate".into(), written.unwrap_or(Value::Null));
        }
        Evidence::Model(model) => {
            let written = model_to_json(solved, model);
            map.insert("model".into(), written.unwrap_or(Value::Null));
        }
        Evidence::Core(_) | Evidence::None => {}
    }
    out
}

/// Everything that is needed to see a failed check again.
pub fn failure_report(problem: &Problem, error: &SolveError) -> Value {
    let record = match error {
        SolveError::FailedCheck(record) | SolveError::Disagreement { record, .. } => Some(record),
        _ => None,
    };
    json!({
        "format": "nsolve/failed-check",
        "version": "1.0",
        "nsolve": env!("CARGO_PKG_VERSION"),
        "error": error.to_string(),
        "refusal": record.and_then(|r| r.refusal.as_ref()).map(|r| format!("{r:?}")),
        "problem": problem_json(problem),
        "query": record.map(|r| query_to_json(r)),
    })
}

/// Everything that is needed to see a failed check of a program again.
pub fn failed_program_report(
    problem: &nsolve_il::program::Problem,
    error: &SolveError,
    record: &ProgramRecord,
) -> Value {
    json!({
        "format": "nsolve/failed-check",
        "version": "1.0",
        "nsolve": env!("CARGO_PKG_VERSION"),
        "error": error.to_string(),
        "refusal": record.refusal.as_ref().map(|r| format!("{r:?}")),
        "problem": {"language": "program", "text": nsolve_syntax::program::print(problem)},
        "query": program::saved::failed_record(problem, record),
    })
}

/// Whether a saved answer is about a logic program.
fn is_program(value: &Value) -> bool {
    value.get("language").and_then(Value::as_str) == Some("program")
}

/// What re-checking a saved answer found.
#[derive(Clone, Debug)]
pub struct VerifyReport {
    /// The answer, as it was saved.
    pub answer: String,
    /// For each query its role, and what was checked or why it does not hold.
    pub queries: Vec<(String, Result<String, String>)>,
    /// What the checked queries decide.
    pub decided: String,
    /// Whether what the answer says besides (how many solutions there are, and
    /// that each premise of a clash is needed) is what its queries show.
    pub claims: bool,
}

impl VerifyReport {
    /// Whether the saved answer is what its evidence shows.
    pub fn holds(&self) -> bool {
        self.answer == self.decided
            && self.decided != Decision::Unknown.as_str()
            && self.claims
            && self.queries.iter().all(|(_, found)| found.is_ok())
    }
}

/// Checks a saved answer again, without any backend: the evidence is replayed,
/// and the decision is made again from what holds.
///
/// # Errors
/// Where it is no saved answer.
pub fn verify(value: &Value) -> Result<VerifyReport, SavedError> {
    is_answer(value)?;
    if is_program(value) {
        return program::saved::verify(value);
    }
    let saved = load(value)?;
    let queries = saved.answer.queries.iter().map(|q| {
        let found = match (&q.receipt, &q.refusal) {
            (Some(receipt), _) => Ok(receipt.to_string()),
            (None, Some(refusal)) => Err(refusal.to_string()),
            (None, None) => Err("there is no evidence".to_owned()),
        };
        (q.role.name(), found)
    });
    Ok(VerifyReport {
        claims: claims_hold(value, &saved.answer),
        answer: saved.claimed,
        queries: queries.collect(),
        decided: saved.answer.decision.as_str().to_owned(),
    })
}

/// A saved answer in words, made from the evidence that still holds.
///
/// # Errors
/// Where it is no saved answer.
pub fn explain_saved(
    value: &Value,
    say: impl Fn(&Problem, &Answer) -> String,
) -> Result<String, SavedError> {
    is_answer(value)?;
    if is_program(value) {
        return program::saved::explain_saved(value);
    }
    let saved = load(value)?;
    let mut out = String::new();
    if saved.answer.decision.as_str() != saved.claimed {
        out.push_str(&format!(
            "This was saved as \"{}\", but its evidence does not show that.\n",
            saved.claimed
        ));
    }
    out.push_str(&say(&saved.problem, &saved.answer));
    Ok(out)
}

struct Saved {
    problem: Arc<Problem>,
    claimed: String,
    answer: Answer,
}

/// Whether this is an answer of a version that is known.
fn is_answer(value: &Value) -> Result<(), SavedError> {
    let shape = |what: &str| SavedError::Shape(what.to_owned());
    if value.get("format").and_then(Value::as_str) != Some("nsolve/answer") {
        return Err(shape("`format` is not `nsolve/answer`"));
    }
    let version = value.get("version").and_then(Value::as_str).unwrap_or("");
    if version.split('.').next() != ANSWER_VERSION.split('.').next() {
        return Err(shape("its version is not known"));
    }
    Ok(())
}

fn load(value: &Value) -> Result<Saved, SavedError> {
    let shape = |what: &str| SavedError::Shape(what.to_owned());
    let claimed = value.get("answer").and_then(Value::as_str);
    let claimed = claimed
        .ok_or_else(|| shape("nothing was answered"))?
        .to_owned();
    let problem = read_problem(value.get("problem").unwrap_or(&Value::Null))?;
    let lowered = lower(&problem).map_err(|e| SavedError::Problem(e.to_string()))?;
    let empty = Vec::new();
    let listed = value
        .pointer("/evidence/queries")
        .and_then(Value::as_array)
        .unwrap_or(&empty);
    let mut queries = Vec::new();
    for entry in listed {
        let entry = entry
            .as_object()
            .ok_or_else(|| shape("a query is no object"))?;
        let role = entry
            .get("role")
            .and_then(Value::as_str)
            .and_then(Role::from_name);
        let role = role.ok_or_else(|| shape("a query's role is not known"))?;
        let whole = rebuild(&problem, &lowered, &role, &queries);
        queries.push(load_query(whole, role, entry));
    }
    let verdicts: Vec<_> = queries
        .iter()
        .map(|q| match q.receipt {
            Some(_) => (&q.role, q.verdict()),
            None => (&q.role, Verdict::Unknown),
        })
        .collect();
    let decision = decide(&problem.question, &verdicts);
    let because = because(&decision, &queries);
    Ok(Saved {
        claimed,
        answer: Answer {
            decision,
            solutions: enumerate::solutions(&queries),
            stop: StopReason::Completed,
            assurance: Assurance::Verified,
            queries,
            because,
            note: None,
            times: Times::default(),
            trace: Vec::new(),
        },
        problem,
    })
}

fn read_problem(value: &Value) -> Result<Arc<Problem>, SavedError> {
    let bad = |d: &dyn std::fmt::Display| SavedError::Problem(d.to_string());
    let text = SourceText::new("<problem>", &value.to_string()).map_err(|d| bad(&d))?;
    let (document, style, mut diagnostics) = nsolve_formats::read(Format::Json, &text);
    let elaboration = elaborate(&document, &style);
    diagnostics.extend(elaboration.diagnostics);
    let worst = diagnostics.iter().max_by_key(|d| d.severity);
    match (elaboration.problem, nsolve_source::has_errors(&diagnostics)) {
        (Some(problem), false) => Ok(Arc::new(problem)),
        _ => Err(worst.map_or_else(|| bad(&"it is empty"), |d| bad(d))),
    }
}

/// The whole query of a role, and the problem that states its goals. Goals that
/// no text states are made again: from the models of the queries before, or
/// from the value. `None` where that cannot be.
fn rebuild(
    problem: &Problem,
    lowered: &Lowered,
    role: &Role,
    before: &[QueryRecord],
) -> Option<(Arc<Problem>, Query)> {
    let classical = problem.semantics == Semantics::Classical;
    match (role, &problem.question) {
        (Role::AnotherModel(found), Question::Model) if classical && *found == before.len() => {
            let symbols = listable(&lowered.problem).ok()?;
            let last = before.last()?;
            enumerate::excluding(&last.problem, &symbols, before)
        }
        (Role::Attains(_) | Role::Beyond(_), Question::Extremum(asked)) if classical => {
            extremum::query(&lowered.problem, asked, role)
        }
        (Role::AnotherModel(_) | Role::Attains(_) | Role::Beyond(_), _) => None,
        (Role::Without(premise), _) => {
            let mut query = Query::premises_of(&lowered.problem);
            query.premises.retain(|p| p != premise);
            Some((lowered.problem.clone(), query))
        }
        _ => Some((lowered.problem.clone(), lowered.query(role))),
    }
}

/// A query with its evidence checked again. Evidence that cannot be read, or
/// whose query cannot be made again, counts as none.
fn load_query(
    whole: Option<(Arc<Problem>, Query)>,
    role: Role,
    entry: &Map<String, Value>,
) -> QueryRecord {
    let known = whole.is_some();
    let nothing = || {
        let problem = Builder::new().finish(Question::Model);
        (
            Arc::new(problem),
            Query {
                premises: Vec::new(),
                goals: Vec::new(),
            },
        )
    };
    let (problem, mut query) = whole.unwrap_or_else(nothing);
    let problem = &problem;
    // What refutes a part refutes the whole; a model must be of the whole.
    let verdict = match entry.get("verdict").and_then(Value::as_str) {
        Some("sat") => Verdict::Sat,
        Some("unsat") => Verdict::Unsat,
        _ => Verdict::Unknown,
    };
    // One that leaves a premise out is about those that it lists.
    let part = matches!(role, Role::Without(_));
    if verdict == Verdict::Unsat || part {
        if let Some(premises) = entry.get("premises").and_then(Value::as_array) {
            query
                .premises
                .retain(|i| premises.iter().any(|p| p.as_u64() == Some(u64::from(*i))));
        }
        if entry.get("goal") == Some(&Value::Bool(false)) {
            query.goals.clear();
        }
    }
    let evidence = match (verdict, entry.get("certificate"), entry.get("model")) {
        _ if !known => Evidence::None,
        (Verdict::Unsat, Some(written), _) => certificate_from_json(problem, &query, written)
            .map_or(Evidence::None, Evidence::Certificate),
        (Verdict::Sat, _, Some(written)) => {
            model_from_json(problem, written).map_or(Evidence::None, Evidence::Model)
        }
        _ => Evidence::None,
    };
    let outcome = Outcome {
        verdict,
        stop: StopReason::Completed,
        evidence,
    };
    let checked = nsolve_check::check(problem, &query, &outcome, &CheckLimits::default());
    let (receipt, refusal) = match checked {
        Ok(receipt) => (Some(receipt), None),
        Err(refusal) => (None, Some(refusal)),
    };
    QueryRecord {
        role,
        problem: problem.clone(),
        query,
        outcome,
        backend: "saved",
        seconded_by: None,
        receipt,
        refusal,
    }
}
