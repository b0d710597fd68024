//! The suites under `tests/suites` along every route: read directly, printed
//! and read again, through JSON, through each format that can say it, and by
//! each backend. Every route has the same one expected answer.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use nsolve::il::fol::{Problem, Question, Semantics};
use nsolve::{Assurance, BackendName, Budget, Format, Solver, SourceText, read};
use nsolve_bench::{Case, parse_cases};

fn cases() -> Vec<(String, Case)> {
    let root = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/suites/fol"
    ));
    let mut files: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    files.sort();
    let mut out = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        for case in parse_cases(&text).unwrap() {
            out.push((format!("{stem}/{}", case.name), case));
        }
    }
    out
}

fn problem(name: &str, format: Format, text: &str) -> Arc<Problem> {
    let source = SourceText::new(name, text).unwrap();
    let reading = read(format, &source);
    match reading.complete() {
        Ok(problem) => problem.clone(),
        Err(_) => panic!("{name}: {:#?}\n{text}", reading.diagnostics),
    }
}

/// The answer, or `unknown`; verified where something was decided.
fn answer(name: &str, backend: BackendName, case: &Case, problem: &Arc<Problem>) -> nsolve::Answer {
    // What cannot be decided is not waited for.
    let seconds = if case.expected["answer"] == "unknown" {
        1
    } else {
        60
    };
    let limits = Budget {
        time: Some(Duration::from_secs(seconds)),
        ..Budget::default()
    };
    let solver = Solver::new().backend(backend).unwrap().limits(limits);
    let answer = solver
        .solve(problem)
        .unwrap_or_else(|e| panic!("{name}: {e}"));
    if answer.is_decided() {
        assert_eq!(
            answer.assurance,
            Assurance::Verified,
            "{name}: {:#?}",
            answer.trace
        );
    }
    answer
}

fn expect(name: &str, route: &str, case: &Case, found: &nsolve::Answer) {
    let wanted = &case.expected["answer"];
    let found = found.decision.as_str();
    let or = case.expected.get("or");
    assert!(
        found == wanted || or.is_some_and(|or| or == found),
        "{name}, {route}: {found}, expected {wanted}"
    );
}

#[test]
fn there_are_enough_cases() {
    let with_status = cases()
        .iter()
        .filter(|(_, c)| c.expected.get("szs").is_some_and(|s| s != "none"))
        .count();
    assert!(with_status >= 60, "{with_status}");
}

#[test]
fn every_case_by_every_backend() {
    for backend in BackendName::FOL {
        for (name, case) in cases() {
            let problem = problem(&name, case.draft.format, &case.draft.text);
            let found = answer(&name, backend, &case, &problem);
            expect(&name, backend.as_str(), &case, &found);
            if let Some(because) = case.expected.get("because") {
                let names: Vec<&str> = found
                    .because
                    .iter()
                    .map(|&i| &*problem.premises[i as usize].name)
                    .collect();
                assert_eq!(names.join(", "), *because, "{name}, {}", backend.as_str());
            }
        }
    }
}

#[test]
fn every_case_has_its_lints() {
    for (name, case) in cases() {
        let source = SourceText::new(&name, &case.draft.text).unwrap();
        let reading = read(case.draft.format, &source);
        let found: Vec<_> = reading
            .diagnostics
            .iter()
            .map(|d| d.code.as_str())
            .collect();
        let wanted = case.expected.get("codes").map_or("", String::as_str);
        for code in wanted.split(',').map(str::trim).filter(|c| !c.is_empty()) {
            assert!(
                found.contains(&code),
                "{name}: {code} is not among {found:?}"
            );
        }
    }
}

#[test]
fn every_case_through_every_format() {
    let backend = BackendName::Auto;
    for (name, case) in cases() {
        let direct = problem(&name, case.draft.format, &case.draft.text);
        for to in [Format::Fol, Format::Json, Format::Tptp, Format::Prover9] {
            let exact = matches!(to, Format::Fol | Format::Json);
            let rules = direct.semantics == Semantics::Rules;
            let options = matches!(direct.question, Question::Options { .. });
            // TPTP and Prover9 have no words for least and greatest values.
            let extremum = matches!(direct.question, Question::Extremum(_));
            if !exact && extremum {
                assert!(nsolve::engine::translate(&direct, to).is_err(), "{name}");
                continue;
            }
            if !exact && (rules || options || matches!(direct.question, Question::Model)) {
                continue;
            }
            let Ok((text, _)) = nsolve::engine::translate(&direct, to) else {
                // Prover9 knows no numbers.
                assert_eq!(to, Format::Prover9, "{name}: {to:?}");
                continue;
            };
            let again = problem(&format!("{name} as {}", to.name()), to, &text);
            let found = answer(&name, backend, &case, &again);
            // A detour may cost a decision (plain sorts for enumerated ones),
            // never change it.
            if found.is_decided() || exact {
                expect(&name, to.name(), &case, &found);
            }
        }
    }
}

#[test]
fn printing_is_canonical() {
    for (name, case) in cases() {
        let direct = problem(&name, case.draft.format, &case.draft.text);
        let once = nsolve::syntax::fol::print(&direct);
        let again = problem(&name, Format::Fol, &once);
        assert_eq!(once, nsolve::syntax::fol::print(&again), "{name}");
    }
}

#[test]
fn classical_answers_beside_rules() {
    let backend = BackendName::Auto;
    for (name, case) in cases() {
        let Some(wanted) = case.expected.get("classical") else {
            continue;
        };
        let mut classical = (*problem(&name, case.draft.format, &case.draft.text)).clone();
        classical.semantics = Semantics::Classical;
        let found = answer(&name, backend, &case, &Arc::new(classical));
        assert_eq!(found.decision.as_str(), wanted, "{name}");
    }
}

/// What is said of other models, and that premises that clash are all needed.
#[test]
fn solutions_are_counted() {
    for backend in BackendName::FOL {
        for (name, case) in cases() {
            let problem = problem(&name, case.draft.format, &case.draft.text);
            let route = backend.as_str();
            if let Some(wanted) = case.expected.get("solutions") {
                let found = answer(&name, backend, &case, &problem);
                let said = match found.solutions.map(|s| s.unique()) {
                    None => "not counted",
                    Some(Some(true)) => "one",
                    Some(Some(false)) => "several",
                    Some(None) => "open",
                };
                assert_eq!(said, wanted, "{name}, {route}");
                let assurance = found.solutions.map_or(Assurance::Verified, |s| s.assurance);
                assert_eq!(assurance, Assurance::Verified, "{name}, {route}");
            }
            if let Some(wanted) = case.expected.get("models") {
                let solver = Solver::new().backend(backend).unwrap().models(100);
                let found = solver.solve(&problem).unwrap();
                let counted = found.solutions.unwrap();
                assert!(counted.complete, "{name}, {route}: {:?}", found.trace);
                assert_eq!(counted.found.to_string(), *wanted, "{name}, {route}");
                let saved = nsolve::engine::answer_to_json(&name, &problem, &found);
                let report = nsolve::engine::verify(&saved).unwrap();
                assert!(report.holds(), "{name}, {route}: {report:#?}");
            }
            if let Some(wanted) = case.expected.get("minimal") {
                let found = answer(&name, backend, &case, &problem);
                let said = if found.clash_is_minimal() {
                    "yes"
                } else {
                    "no"
                };
                assert_eq!(said, wanted, "{name}, {route}: {:#?}", found.trace);
            }
        }
    }
}

/// Saved claims about other solutions are believed only with their evidence.
#[test]
fn claims_about_solutions_need_their_evidence() {
    let text = "sort S = { a, b }\nconst c : S\nconst d : S\npremise : c = d\nask model";
    let problem = problem("two", Format::Fol, text);
    let solver = Solver::new().backend(BackendName::Ground).unwrap();
    let found = solver.clone().models(9).solve(&problem).unwrap();
    let saved = nsolve::engine::answer_to_json("two", &problem, &found);
    assert_eq!(saved["solutions"]["found"], 2, "{saved:#}");
    let holds = |value: &serde_json::Value| nsolve::engine::verify(value).unwrap().holds();
    assert!(holds(&saved));
    // One model less: the certificate excludes too few.
    let mut fewer = saved.clone();
    fewer["evidence"]["queries"]
        .as_array_mut()
        .unwrap()
        .remove(1);
    fewer["solutions"] = serde_json::json!({"found": 1, "complete": true, "unique": true});
    assert!(!holds(&fewer));
    // The same model twice.
    let mut twice = saved.clone();
    twice["evidence"]["queries"][1]["model"] = saved["evidence"]["queries"][0]["model"].clone();
    assert!(!holds(&twice));
    // No claim of the evidence's.
    let mut more = saved.clone();
    more["solutions"] = serde_json::json!({"found": 3, "complete": true, "unique": false});
    assert!(!holds(&more));
}

/// A saved value is believed only with a model that has it, and none beyond.
#[test]
fn values_need_their_evidence() {
    let text = "sort S = { a, b, c }\npred p : S\npremise : p(a) and (p(b) or p(c))\n\
                ask minimum of count x: S. p(x)";
    let problem = problem("least", Format::Fol, text);
    let solver = Solver::new().backend(BackendName::Ground).unwrap();
    let found = solver.solve(&problem).unwrap();
    let saved = nsolve::engine::answer_to_json("least", &problem, &found);
    assert_eq!(saved["answer"], "2");
    assert!(nsolve::engine::verify(&saved).unwrap().holds());
    for (role, other) in [("attains:2", "attains:1"), ("beyond:2", "beyond:3")] {
        let mut changed = saved.to_string().replace(role, other);
        changed = changed.replace("\"answer\":\"2\"", "\"answer\":\"1\"");
        let changed = serde_json::from_str(&changed).unwrap();
        assert!(
            !nsolve::engine::verify(&changed).unwrap().holds(),
            "{other}"
        );
    }
}

/// A saved answer holds when it is checked again, whatever its kind.
#[test]
fn saved_answers_hold() {
    let backend = BackendName::Auto;
    for (name, case) in cases() {
        let problem = problem(&name, case.draft.format, &case.draft.text);
        let found = answer(&name, backend, &case, &problem);
        if !found.is_decided() {
            continue;
        }
        let saved = nsolve::engine::answer_to_json(&name, &problem, &found);
        let text = saved.to_string();
        let report = nsolve::engine::verify(&serde_json::from_str(&text).unwrap()).unwrap();
        assert!(report.holds(), "{name}: {report:#?}");
    }
}
