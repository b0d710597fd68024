//! The programs that people can read, under clingo: as many models as they say,
//! and the bindings that they say. Left out where clingo is not installed.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

mod common;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use common::limited;
use nsolve_backend::{Backend, Evidence, Outcome, Verdict};
use nsolve_backend_clingo::ClingoBackend;
use nsolve_il::program::{Goal, Head, Literal, Problem, Program, Query, Witness, dependencies};
use nsolve_source::SourceText;
use nsolve_syntax::program::{Dialect, read};

/// A program of a suite with the lines under it.
struct Case {
    name: String,
    text: String,
    says: Vec<(String, String)>,
}

impl Case {
    fn says(&self, what: &str) -> Option<&str> {
        let found = self.says.iter().find(|(key, _)| key == what);
        found.map(|(_, value)| value.as_str())
    }
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/suites/program");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "md"))
        .collect();
    paths.sort();
    let mut out = Vec::new();
    for path in paths {
        let page = std::fs::read_to_string(&path).unwrap();
        let file = path.file_stem().unwrap().to_string_lossy().into_owned();
        for part in page.split("\n## ").skip(1) {
            let title = part.lines().next().unwrap();
            let Some((_, rest)) = part.split_once("```asp\n") else {
                continue;
            };
            let (text, after) = rest.split_once("```").unwrap();
            let lines = after.lines().filter_map(|l| l.strip_prefix("- "));
            let says = lines.filter_map(|l| l.split_once(": "));
            out.push(Case {
                name: format!("{file}: {title}"),
                text: text.to_owned(),
                says: says.map(|(k, v)| (k.to_owned(), v.to_owned())).collect(),
            });
        }
    }
    assert!(out.len() > 20, "the suites are not where they should be");
    out
}

/// What clingo says, or why the case is left to others.
fn ask(
    backend: &ClingoBackend,
    problem: &Arc<Problem>,
    query: &Query,
) -> Result<Outcome<Program>, String> {
    let outcome = backend
        .solve(problem, query, &limited(30))
        .map_err(|e| e.to_string())?;
    match outcome.verdict {
        Verdict::Unknown => Err(outcome.stop.to_string()),
        _ => Ok(outcome),
    }
}

/// The number of models, those of the lowest cost where the program has costs.
fn models(outcome: &Outcome<Program>) -> Option<usize> {
    match &outcome.evidence {
        Evidence::Model(Witness::Atoms(bare)) => bare.complete.then_some(bare.models.len()),
        _ => Some(0),
    }
}

fn bindings(goal: &Goal, outcome: &Outcome<Program>) -> BTreeSet<String> {
    let rows = match &outcome.evidence {
        Evidence::Model(Witness::Rows(bare)) => bare.rows.as_slice(),
        _ => &[],
    };
    let shown = rows.iter().map(|row| {
        let pairs = goal.variables.iter().zip(&row.binding);
        let named = pairs.filter(|(v, _)| !v.starts_with('_'));
        let pairs = named.filter_map(|(v, value)| Some(format!("{v}={}", value.as_ref()?)));
        pairs.collect::<Vec<_>>().join(",")
    });
    shown.collect()
}

fn is_deterministic(problem: &Problem, goal: &Goal) -> bool {
    let mut predicates = Vec::new();
    for literal in &goal.body {
        let inner = literal.as_aggregate().map(|(_, a)| &a.elements);
        let inner = inner.into_iter().flatten().flat_map(|e| &e.condition);
        let atoms = inner.chain([literal]).filter_map(Literal::as_atom);
        predicates.extend(atoms.map(|(_, a)| a.predicate));
    }
    dependencies(problem).is_deterministic(predicates)
}

#[test]
fn the_suites_have_the_models_and_bindings_that_they_say() {
    let backend = match ClingoBackend::find() {
        Ok(backend) => backend,
        Err(why) => {
            eprintln!("left out: {why}");
            return;
        }
    };
    let (mut wrong, mut compared, mut left) = (Vec::new(), 0, Vec::new());
    for case in cases() {
        let source = SourceText::new("case.asp", case.text.as_str()).unwrap();
        let (Some(problem), _) = read(&source, Dialect::Asp) else {
            continue;
        };
        let problem = Arc::new(problem);
        let name = &case.name;
        if let Some(expected) = case.says("models").and_then(|n| n.parse::<usize>().ok()) {
            let optimal = problem
                .rules
                .iter()
                .any(|r| matches!(r.head, Head::Cost(_)));
            let query = Query::Models {
                limit: None,
                optimal,
                assuming: Vec::new(),
            };
            match ask(&backend, &problem, &query) {
                Err(why) => left.push(format!("{name}: {why}")),
                Ok(outcome) => match models(&outcome) {
                    None => left.push(format!("{name}: not all models")),
                    Some(found) if found != expected => {
                        wrong.push(format!("{name}: {found} models instead of {expected}"));
                    }
                    Some(_) => compared += 1,
                },
            }
        }
        let (Some(goal), Some(expected)) = (&problem.goal, case.says("bindings")) else {
            continue;
        };
        if !is_deterministic(&problem, goal) {
            continue;
        }
        let query = Query::Instances {
            goal: goal.clone(),
            limit: None,
        };
        let expected: BTreeSet<String> = expected.split("; ").map(str::to_owned).collect();
        match ask(&backend, &problem, &query) {
            Err(why) => left.push(format!("{name}: {why}")),
            Ok(outcome) if bindings(goal, &outcome) != expected => {
                let found = bindings(goal, &outcome);
                wrong.push(format!("{name}: {found:?} instead of {expected:?}"));
            }
            Ok(_) => compared += 1,
        }
    }
    eprintln!("{compared} compared; left to others: {}", left.join("; "));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 50, "only {compared} cases were compared");
}
