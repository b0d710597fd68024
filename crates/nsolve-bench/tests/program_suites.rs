//! The logic programs under `tests/suites/program`, by our own engine and by
//! clingo, as written and as printed: one expected answer on every route.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use nsolve::il::program::{Goal, GroundAtom, Problem};
use nsolve::syntax::program::{print, read_atom};
use nsolve::{
    Assurance, BackendName, Budget, Dialect, Format, ProgramAnswer, Solver, SourceText, Wanted,
    has_errors, read_program,
};
use nsolve_bench::{Case, parse_cases};

fn cases() -> Vec<(String, Case)> {
    let root = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/suites/program"
    ));
    let mut files: Vec<_> = std::fs::read_dir(root)
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

fn problem(name: &str, dialect: Dialect, text: &str) -> Arc<Problem> {
    let source = SourceText::new(name, text).unwrap();
    let reading = read_program(dialect, &source);
    assert!(
        !has_errors(&reading.diagnostics),
        "{name}: {:#?}\n{text}",
        reading.diagnostics
    );
    reading
        .problem
        .unwrap_or_else(|| panic!("{name}: nothing was read"))
}

fn dialect(case: &Case) -> Dialect {
    match case.draft.format {
        Format::Prolog => Dialect::Prolog,
        _ => Dialect::Asp,
    }
}

fn solve(name: &str, backend: BackendName, problem: &Arc<Problem>) -> ProgramAnswer {
    let solver = Solver::new().backend(backend).unwrap().limits(Budget {
        time: Some(Duration::from_secs(120)),
        ..Budget::default()
    });
    let all = Wanted {
        models: None,
        instances: None,
    };
    let answer = solver.solve_program(problem, all);
    answer.unwrap_or_else(|e| panic!("{name}, {}: {e}", backend.as_str()))
}

/// Splits at a separator that stands in no bracket and no quote.
fn split(text: &str, at: char) -> Vec<String> {
    let (mut depth, mut quoted) = (0, None);
    let mut out = vec![String::new()];
    for c in text.chars() {
        match (c, quoted) {
            (c, Some(q)) if c == q => quoted = None,
            ('"' | '\'', None) => quoted = Some(c),
            ('(' | '[', None) => depth += 1,
            (')' | ']', None) => depth -= 1,
            (c, None) if c == at && depth == 0 => {
                out.push(String::new());
                continue;
            }
            _ => {}
        }
        out.last_mut().unwrap().push(c);
    }
    out.into_iter()
        .map(|s| s.trim().to_owned())
        .filter(|s| !s.is_empty())
        .collect()
}

fn rows(goal: &Goal, answer: &ProgramAnswer) -> BTreeSet<String> {
    let mut named = Vec::new();
    for literal in &goal.body {
        literal.each_global(&mut |v| {
            if !goal.variables[v.index()].starts_with('_') && !named.contains(&v) {
                named.push(v);
            }
        });
    }
    named.sort_unstable();
    let each = answer.rows.iter().map(|row| {
        let pairs = named.iter().map(|v| {
            let value = row.binding[v.index()].as_ref().unwrap();
            format!("{}={value}", goal.variables[v.index()])
        });
        let mut pairs: Vec<String> = pairs.collect();
        pairs.sort();
        pairs.join(",").replace(' ', "")
    });
    each.collect()
}

fn expected_rows(text: &str) -> BTreeSet<String> {
    let each = split(text, ';').into_iter().map(|row| {
        let mut pairs: Vec<String> = split(&row, ',')
            .iter()
            .map(|p| p.replace(' ', ""))
            .collect();
        pairs.sort();
        pairs.join(",")
    });
    each.collect()
}

fn atom(problem: &Problem, text: &str) -> Option<GroundAtom> {
    let source = SourceText::new("atom", text).unwrap();
    let mut copy = problem.clone();
    let (atom, faults) = read_atom(&source, &mut copy);
    assert!(!has_errors(&faults), "{text}: {faults:#?}");
    // A predicate that the program does not have holds of nothing.
    atom.filter(|a| a.predicate.index() < problem.predicates.len())
}

fn expect(name: &str, route: &str, case: &Case, problem: &Arc<Problem>, backend: BackendName) {
    let at = format!("{name}, {route}, {}", backend.as_str());
    if let Some(wanted) = case.expected.get("answer") {
        let answer = solve(name, backend, problem);
        assert_eq!(
            answer.decision.as_str(),
            wanted,
            "{at}: {:#?}",
            answer.trace
        );
        if let (Some(wanted), Some(goal)) = (case.expected.get("bindings"), &answer.goal) {
            assert_eq!(rows(goal, &answer), expected_rows(wanted), "{at}");
        }
        verified(&at, backend, &answer);
    }
    let keys = ["models", "cost", "holds", "fails"];
    if !keys.iter().any(|k| case.expected.contains_key(*k)) {
        return;
    }
    let mut alone = (**problem).clone();
    alone.goal = None;
    let alone = Arc::new(alone);
    let answer = solve(name, backend, &alone);
    verified(&at, backend, &answer);
    if let Some(wanted) = case.expected.get("models") {
        let wanted: usize = wanted.parse().unwrap();
        assert_eq!(answer.models().len(), wanted, "{at}: {:#?}", answer.trace);
        // clingo's 32 bits may keep us from believing that there are no others.
        let ours = backend == BackendName::Program;
        assert!(
            wanted == 0 || !ours || answer.exhaustive.is_some(),
            "{at}: not said to be all"
        );
    }
    if let Some(wanted) = case.expected.get("cost") {
        let cost = &answer.models()[0].cost;
        let plain = match cost.as_slice() {
            [] => "0".to_owned(),
            [(0, only)] => only.to_string(),
            levels => {
                let parts: Vec<_> = levels.iter().map(|(l, c)| format!("{c}@{l}")).collect();
                parts.join(" ")
            }
        };
        let single = cost.first().map_or("0".to_owned(), |(_, c)| c.to_string());
        assert!(
            plain == *wanted || single == *wanted,
            "{at}: cost {plain}, expected {wanted}"
        );
    }
    let models: Vec<BTreeSet<&GroundAtom>> = answer
        .models()
        .iter()
        .map(|m| m.derivation.atoms().collect())
        .collect();
    for text in case
        .expected
        .get("holds")
        .map(|t| split(t, ','))
        .unwrap_or_default()
    {
        let atom = atom(&alone, &text).unwrap_or_else(|| panic!("{at}: no {text}"));
        assert!(
            models.iter().all(|m| m.contains(&atom)),
            "{at}: {text} fails"
        );
    }
    for text in case
        .expected
        .get("fails")
        .map(|t| split(t, ','))
        .unwrap_or_default()
    {
        let atom = atom(&alone, &text);
        let holds = |m: &BTreeSet<&GroundAtom>| atom.as_ref().is_some_and(|a| m.contains(a));
        assert!(!models.iter().any(holds), "{at}: {text} holds");
    }
}

/// All that is told is shown, that there is nothing else to tell as well.
/// Models of another solver that come without reasons may be left unshown.
fn verified(at: &str, backend: BackendName, answer: &ProgramAnswer) {
    if backend == BackendName::Clingo {
        return;
    }
    let why: Vec<_> = answer.records.iter().map(|r| &r.refusal).collect();
    let shown = answer.assurance == Assurance::Verified;
    let all = answer.exhaustive.is_none_or(|a| a == Assurance::Verified);
    assert!(shown && all, "{at}: {why:?} {:#?}", answer.trace);
}

#[test]
fn there_are_enough_programs() {
    assert!(cases().len() >= 80);
}

#[test]
fn every_program_by_our_engine() {
    for (name, case) in cases() {
        let problem = problem(&name, dialect(&case), &case.draft.text);
        expect(&name, "as written", &case, &problem, BackendName::Program);
    }
}

#[test]
fn every_program_printed_and_read_again() {
    for (name, case) in cases() {
        // Unsafe rules, which Prolog may have, are read only as Prolog.
        if dialect(&case) == Dialect::Prolog {
            continue;
        }
        let first = problem(&name, Dialect::Asp, &case.draft.text);
        let printed = print(&first);
        let second = problem(&name, Dialect::Asp, &printed);
        assert_eq!(print(&second), printed, "{name}");
        expect(&name, "printed", &case, &second, BackendName::Program);
    }
}

#[test]
fn every_program_by_clingo() {
    let one = problem("one", Dialect::Asp, "p.");
    if Solver::new().backend(BackendName::Clingo).is_err()
        || Solver::new()
            .backend(BackendName::Clingo)
            .is_ok_and(|s| s.solve_program(&one, Wanted::default()).is_err())
    {
        eprintln!("left out: clingo is not installed");
        return;
    }
    for (name, case) in cases() {
        if dialect(&case) == Dialect::Prolog {
            continue;
        }
        let problem = problem(&name, Dialect::Asp, &case.draft.text);
        expect(&name, "as written", &case, &problem, BackendName::Clingo);
    }
}
