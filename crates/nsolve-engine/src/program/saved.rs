//! Answers about programs as JSON, and back: nothing that is read is believed.

use std::sync::Arc;

use nsolve_backend::{Evidence, Outcome, StopReason, Verdict};
use nsolve_il::program::{
    Answers, Bindings, Certificate, Derivation, Goal, GroundAtom, Meaning, PredicateId, Problem,
    Program, Query, Row, StableModel, Step, Value, Witness,
};
use nsolve_source::SourceText;
use nsolve_syntax::program::{Dialect, print, print_goal, read, read_goal};
use serde_json::{Map, Value as Json, json};

use super::answer::{ProgramAnswer, ProgramRecord, ProgramRole};
use super::explain::explain_program;
use super::solve::{Asked, checked, decide, named_variables};
use crate::answer::{Assurance, Times};
use crate::saved::{ANSWER_VERSION, SavedError, VerifyReport};

/// An answer about a program as JSON; the schema is `nsolve schema answer`. It
/// holds the program and all evidence, so that it can be checked and explained
/// later.
pub fn program_answer_to_json(id: &str, problem: &Problem, answer: &ProgramAnswer) -> Json {
    let asked = Asked::new(&Arc::new(problem.clone()));
    let queries: Vec<Json> = answer
        .records
        .iter()
        .map(|r| record_to_json(&asked.solved, r))
        .collect();
    let first = answer.records.first();
    let micros = |d: std::time::Duration| u64::try_from(d.as_micros()).unwrap_or(u64::MAX);
    let mut out = json!({
        "format": "nsolve/answer",
        "version": ANSWER_VERSION,
        "id": id,
        "language": "program",
        "semantics": semantics_name(problem.meaning),
        "answer": answer.decision.as_str(),
        "verdict": first.map_or("unknown", |r| r.verdict().name()),
        "stop": answer.stop.name(),
        "stop_reason": answer.stop.to_string(),
        "assurance": answer.is_decided().then(|| answer.assurance.name()),
        "exhaustive": answer.exhaustive.map(Assurance::name),
        "explanation": explain_program(problem, answer, None),
        "backend": {"name": first.map_or("none", |r| r.backend)},
        "diagnostics": [],
        "time": {
            "read_us": micros(answer.times.read),
            "lower_us": micros(answer.times.lower),
            "solve_us": micros(answer.times.solve),
            "certify_us": micros(answer.times.certify),
            "check_us": micros(answer.times.check),
        },
        "problem": {"language": "program", "text": print(problem)},
        "evidence": {"kind": "program", "queries": queries},
    });
    if let Some(map) = out.as_object_mut() {
        if let Some(goal) = &answer.goal {
            map.insert("goal".into(), json!(print_goal(problem, goal)));
        }
        map.extend(told(problem, answer));
    }
    out
}

/// What is told: the bindings of a goal, or the models.
fn told(problem: &Problem, answer: &ProgramAnswer) -> Map<String, Json> {
    let (key, list): (&str, Vec<Json>) = match &answer.goal {
        Some(goal) => (
            "bindings",
            answer.rows.iter().map(|r| told_row(goal, r)).collect(),
        ),
        None => (
            "models",
            answer
                .models()
                .iter()
                .map(|m| told_model(problem, m))
                .collect(),
        ),
    };
    Map::from_iter([(key.to_owned(), json!(list))])
}

fn semantics_name(meaning: Meaning) -> &'static str {
    match meaning {
        Meaning::StableModels => "stable-models",
        Meaning::OpenWorld => "rules",
    }
}

fn told_row(goal: &Goal, row: &Row) -> Json {
    let mut out = Map::new();
    for v in named_variables(goal) {
        let name = goal.variables.get(v.index());
        let value = row.binding.get(v.index()).and_then(Option::as_ref);
        if let (Some(name), Some(value)) = (name, value) {
            out.insert(name.to_string(), value_to_json(value));
        }
    }
    Json::Object(out)
}

fn told_model(problem: &Problem, model: &StableModel) -> Json {
    let mut atoms: Vec<&GroundAtom> = model
        .derivation
        .atoms()
        .filter(|a| problem.predicate(a.predicate).is_some())
        .filter(|a| problem.shows(a.predicate))
        .collect();
    atoms.sort_unstable();
    let atoms: Vec<String> = atoms
        .iter()
        .map(|a| problem.show_atom(a).to_string())
        .collect();
    let cost: Vec<Json> = model
        .cost
        .iter()
        .map(|(level, cost)| json!({"level": level, "cost": cost}))
        .collect();
    json!({"atoms": atoms, "cost": cost})
}

/// Integers are numbers, everything else is a text in the language.
fn value_to_json(value: &Value) -> Json {
    match value {
        Value::Int(n) => json!(n),
        other => json!(other.to_string()),
    }
}

fn value_from_json(value: &Json) -> Option<Value> {
    match value {
        Json::Number(n) => n.as_i64().map(Value::Int),
        Json::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn binding_to_json(binding: &[Option<Value>]) -> Json {
    let values = binding
        .iter()
        .map(|v| v.as_ref().map_or(Json::Null, value_to_json));
    values.collect()
}

fn binding_from_json(value: &Json) -> Option<Vec<Option<Value>>> {
    let list = value.as_array()?;
    let values = list.iter().map(|entry| match entry {
        Json::Null => Some(None),
        other => value_from_json(other).map(Some),
    });
    values.collect()
}

fn atom_to_json(problem: &Problem, atom: &GroundAtom) -> Json {
    json!(problem.show_atom(atom).to_string())
}

fn atom_from_json(problem: &Problem, value: &Json) -> Option<GroundAtom> {
    let text = value.as_str()?;
    // A number cannot be denied, so the sign belongs to the predicate.
    let (denied, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (name, arguments): (Arc<str>, Arc<[Value]>) = match text.parse().ok()? {
        Value::Constant(name) => (name, [].into()),
        Value::Function(name, arguments) => (name, arguments),
        _ => return None,
    };
    let predicate = problem.find(&name, arguments.len(), denied)?;
    Some(GroundAtom {
        predicate,
        arguments,
    })
}

fn derivation_to_json(problem: &Problem, derivation: &Derivation) -> Json {
    let steps: Vec<Json> = derivation
        .steps
        .iter()
        .map(|step| {
            json!({
                "atom": atom_to_json(problem, &step.atom),
                "rule": step.rule,
                "element": step.element,
                "binding": binding_to_json(&step.binding),
            })
        })
        .collect();
    let closed: Vec<String> = derivation
        .closed
        .iter()
        .filter_map(|p| problem.predicate(*p))
        .map(ToString::to_string)
        .collect();
    json!({"steps": steps, "closed": closed})
}

fn derivation_from_json(problem: &Problem, value: &Json) -> Option<Derivation> {
    let number =
        |entry: &Json, key: &str| -> Option<u32> { u32::try_from(entry.get(key)?.as_u64()?).ok() };
    let mut steps = Vec::new();
    for entry in value.get("steps")?.as_array()? {
        steps.push(Step {
            atom: atom_from_json(problem, entry.get("atom")?)?,
            rule: number(entry, "rule")?,
            element: number(entry, "element")?,
            binding: binding_from_json(entry.get("binding")?)?.into(),
        });
    }
    let mut closed = Vec::new();
    for name in value.get("closed")?.as_array()? {
        let name = name.as_str()?;
        let position = problem
            .predicates
            .iter()
            .position(|p| p.to_string() == name)?;
        closed.push(PredicateId(position as u32));
    }
    closed.sort_unstable();
    Some(Derivation { steps, closed })
}

fn query_to_json(problem: &Problem, query: &Query) -> Json {
    match query {
        Query::Models {
            limit,
            optimal,
            assuming,
        } => {
            let goals: Vec<String> = assuming.iter().map(|g| print_goal(problem, g)).collect();
            json!({"limit": limit, "optimal": optimal, "never": goals})
        }
        Query::Instances { goal, limit } => {
            json!({"limit": limit, "goal": print_goal(problem, goal)})
        }
    }
}

fn query_from_json(problem: &mut Problem, value: &Json) -> Option<Query> {
    let limit = match value.get("limit")? {
        Json::Null => None,
        number => Some(usize::try_from(number.as_u64()?).ok()?),
    };
    if let Some(goal) = value.get("goal") {
        let goal = goal_from_json(problem, goal)?;
        return Some(Query::Instances { goal, limit });
    }
    let mut assuming = Vec::new();
    for goal in value.get("never")?.as_array()? {
        assuming.push(goal_from_json(problem, goal)?);
    }
    Some(Query::Models {
        limit,
        optimal: value.get("optimal")?.as_bool()?,
        assuming,
    })
}

fn goal_from_json(problem: &mut Problem, value: &Json) -> Option<Goal> {
    let text = SourceText::new("<goal>", value.as_str()?).ok()?;
    read_goal(&text, problem).0
}

fn record_to_json(problem: &Problem, record: &ProgramRecord) -> Json {
    let mut out = json!({
        "role": record.role.name(),
        "verdict": record.verdict().name(),
        "stop": record.outcome.stop.to_string(),
        "backend": record.backend,
        "assurance": record.assurance().name(),
        "query": query_to_json(problem, &record.query),
    });
    let Some(map) = out.as_object_mut() else {
        return out;
    };
    match &record.outcome.evidence {
        Evidence::Model(Witness::Models(answers)) => {
            let models: Vec<Json> = answers
                .models
                .iter()
                .map(|m| {
                    let cost: Vec<(i64, i64)> = m.cost.clone();
                    json!({"derivation": derivation_to_json(problem, &m.derivation), "cost": cost})
                })
                .collect();
            map.insert("models".into(), json!(models));
            map.insert("complete".into(), json!(answers.complete));
            map.insert("optimal".into(), json!(answers.optimal));
        }
        Evidence::Model(Witness::Instances(bindings)) => {
            let rows = bindings.rows.iter().map(|r| binding_to_json(&r.binding));
            map.insert("rows".into(), rows.collect());
            map.insert("complete".into(), json!(bindings.complete));
            map.insert(
                "derivation".into(),
                derivation_to_json(problem, &bindings.derivation),
            );
        }
        Evidence::Certificate(certificate) => {
            map.insert(
                "certificate".into(),
                certificate_to_json(problem, certificate),
            );
        }
        _ => {}
    }
    out
}

fn certificate_to_json(problem: &Problem, certificate: &Certificate) -> Json {
    match certificate {
        Certificate::Violated {
            derivation,
            rule,
            binding,
        } => json!({
            "kind": "violated",
            "rule": rule,
            "binding": binding_to_json(binding),
            "derivation": derivation_to_json(problem, derivation),
        }),
        Certificate::Clash { derivation, atom } => json!({
            "kind": "clash",
            "atom": atom_to_json(problem, atom),
            "derivation": derivation_to_json(problem, derivation),
        }),
        Certificate::NoInstance { derivation } => json!({
            "kind": "no-instance",
            "derivation": derivation_to_json(problem, derivation),
        }),
    }
}

fn certificate_from_json(problem: &Problem, value: &Json) -> Option<Certificate> {
    let derivation = derivation_from_json(problem, value.get("derivation")?)?;
    Some(match value.get("kind")?.as_str()? {
        "violated" => Certificate::Violated {
            derivation,
            rule: u32::try_from(value.get("rule")?.as_u64()?).ok()?,
            binding: binding_from_json(value.get("binding")?)?.into(),
        },
        "clash" => Certificate::Clash {
            derivation,
            atom: atom_from_json(problem, value.get("atom")?)?,
        },
        "no-instance" => Certificate::NoInstance { derivation },
        _ => return None,
    })
}

fn evidence_from_json(problem: &Problem, value: &Json) -> Option<Evidence<Program>> {
    if let Some(certificate) = value.get("certificate") {
        return certificate_from_json(problem, certificate).map(Evidence::Certificate);
    }
    let flag = |key: &str| value.get(key).and_then(Json::as_bool).unwrap_or(false);
    if let Some(models) = value.get("models") {
        let mut out = Vec::new();
        for model in models.as_array()? {
            let mut cost = Vec::new();
            for level in model.get("cost")?.as_array()? {
                let pair = level.as_array()?;
                cost.push((pair.first()?.as_i64()?, pair.get(1)?.as_i64()?));
            }
            out.push(StableModel {
                derivation: derivation_from_json(problem, model.get("derivation")?)?,
                cost,
            });
        }
        return Some(Evidence::Model(Witness::Models(Answers {
            models: out,
            complete: flag("complete"),
            optimal: flag("optimal"),
        })));
    }
    let mut rows = Vec::new();
    for row in value.get("rows")?.as_array()? {
        rows.push(Row {
            binding: binding_from_json(row)?,
        });
    }
    Some(Evidence::Model(Witness::Instances(Bindings {
        rows,
        derivation: derivation_from_json(problem, value.get("derivation")?)?,
        complete: flag("complete"),
    })))
}

/// A saved answer with its evidence checked again.
pub(crate) struct SavedProgram {
    pub(crate) problem: Arc<Problem>,
    pub(crate) claimed: String,
    pub(crate) answer: ProgramAnswer,
}

/// Reads a saved answer about a program and checks its evidence again.
pub(crate) fn load(value: &Json) -> Result<SavedProgram, SavedError> {
    let shape = |what: &str| SavedError::Shape(what.to_owned());
    let claimed = value.get("answer").and_then(Json::as_str);
    let claimed = claimed
        .ok_or_else(|| shape("nothing was answered"))?
        .to_owned();
    let text = value.pointer("/problem/text").and_then(Json::as_str);
    let text = text.ok_or_else(|| shape("there is no program in it"))?;
    let mut problem = read_program(text)?;
    if let Some(goal) = value.get("goal") {
        problem.goal = goal_from_json(&mut problem, goal);
        if problem.goal.is_none() {
            return Err(shape("its goal cannot be read"));
        }
    }
    let problem = Arc::new(problem);
    let asked = Asked::new(&problem);
    let empty = Vec::new();
    let listed = value.pointer("/evidence/queries").and_then(Json::as_array);
    let mut records = Vec::new();
    for entry in listed.unwrap_or(&empty) {
        let role = entry.get("role").and_then(Json::as_str);
        let role = ProgramRole::ALL
            .into_iter()
            .find(|r| Some(r.name()) == role);
        let role = role.ok_or_else(|| shape("a query's role is not known"))?;
        let mut solved = (*asked.solved).clone();
        let query = entry
            .get("query")
            .and_then(|q| query_from_json(&mut solved, q));
        let query = query.ok_or_else(|| shape("a query cannot be read"))?;
        if !is_asked(&asked, role, &query, &records) {
            return Err(shape("a query is not what its role asks"));
        }
        let verdict = match entry.get("verdict").and_then(Json::as_str) {
            Some("sat") => Verdict::Sat,
            Some("unsat") => Verdict::Unsat,
            _ => Verdict::Unknown,
        };
        let outcome = Outcome {
            verdict,
            stop: StopReason::Completed,
            evidence: evidence_from_json(&solved, entry).unwrap_or(Evidence::None),
        };
        let mut record = checked(&solved, role, query, outcome, "saved");
        if record.receipt.is_none() {
            record.outcome.verdict = Verdict::Unknown;
        }
        records.push(record);
    }
    let told = decide(&asked, &records);
    Ok(SavedProgram {
        problem: problem.clone(),
        claimed,
        answer: ProgramAnswer {
            decision: told.decision,
            goal: asked.goal.clone(),
            rows: told.rows,
            stop: StopReason::Completed,
            assurance: told.assurance,
            exhaustive: told.exhaustive,
            records,
            times: Times::default(),
            trace: Vec::new(),
        },
    })
}

/// Whether a query is the one that its role would ask after these records: a
/// saved answer must not rest on another question's evidence.
fn is_asked(asked: &Asked, role: ProgramRole, query: &Query, records: &[ProgramRecord]) -> bool {
    let same = |asked: &Goal, here: &Goal| asked.body == here.body;
    match (role, query) {
        (ProgramRole::Goal, Query::Instances { goal, .. }) => {
            asked.goal.as_ref().is_some_and(|g| same(g, goal))
        }
        (ProgramRole::Denial, Query::Instances { goal, .. }) => {
            asked.denial().is_some_and(|g| same(&g, goal))
        }
        (ProgramRole::Models, Query::Models { assuming, .. }) => assuming.is_empty(),
        (ProgramRole::Counterexample | ProgramRole::Example, Query::Models { assuming, .. }) => {
            let Query::Models { assuming: due, .. } = asked.query(role, records) else {
                return false;
            };
            due.len() == assuming.len() && due.iter().zip(assuming).all(|(a, b)| same(a, b))
        }
        _ => false,
    }
}

/// The program of a saved answer. Unsafe rules are no fault here: the answer
/// may have been found goal by goal.
fn read_program(text: &str) -> Result<Problem, SavedError> {
    let bad = |d: &dyn std::fmt::Display| SavedError::Problem(d.to_string());
    let source = SourceText::new("<problem>", text).map_err(|d| bad(&d))?;
    let (problem, diagnostics) = read(&source, Dialect::Asp);
    let worst = diagnostics.iter().find(|d| {
        d.severity == nsolve_source::Severity::Error
            && d.code != nsolve_source::Code::UNSAFE_VARIABLE
    });
    match (problem, worst) {
        (Some(problem), None) => Ok(problem),
        (_, Some(worst)) => Err(bad(worst)),
        (None, None) => Err(bad(&"it is empty")),
    }
}

/// Checks a saved answer about a program again, without any backend.
pub(crate) fn verify(value: &Json) -> Result<VerifyReport, SavedError> {
    let saved = load(value)?;
    let queries = saved.answer.records.iter().map(|r| {
        let found = match (&r.receipt, &r.refusal) {
            (Some(receipt), _) => Ok(receipt.to_string()),
            (None, Some(refusal)) => Err(refusal.to_string()),
            (None, None) => Err("there is no evidence".to_owned()),
        };
        (r.role.name().to_owned(), found)
    });
    let shown = told(&saved.problem, &saved.answer);
    let as_shown = shown.iter().all(|(key, told)| value.get(key) == Some(told));
    let all = value.get("exhaustive").and_then(Json::as_str) != Some(Assurance::Verified.name())
        || saved.answer.exhaustive == Some(Assurance::Verified);
    Ok(VerifyReport {
        // Without a backend, what is not shown here is not shown at all.
        claims: as_shown && all && saved.answer.assurance == Assurance::Verified,
        queries: queries.collect(),
        decided: saved.answer.decision.as_str().to_owned(),
        answer: saved.claimed,
    })
}

/// A saved answer about a program in words.
pub(crate) fn explain_saved(value: &Json) -> Result<String, SavedError> {
    let saved = load(value)?;
    let mut out = String::new();
    if saved.answer.decision.as_str() != saved.claimed {
        out.push_str(&format!(
            "This was saved as \"{}\", but its evidence does not show that.\n",
            saved.claimed
        ));
    }
    out.push_str(&explain_program(&saved.problem, &saved.answer, None));
    Ok(out)
}

/// Everything that is needed to see a failed check of a program again.
pub(crate) fn failed_record(problem: &Problem, record: &ProgramRecord) -> Json {
    let asked = Asked::new(&Arc::new(problem.clone()));
    record_to_json(&asked.solved, record)
}
