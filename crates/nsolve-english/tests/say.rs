//! What is said in English is read as the formula that it says.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

mod common;

use std::path::Path;
use std::sync::Arc;

use nsolve_backend_z3::Z3;
use nsolve_engine::{Decision, solve};
use nsolve_english::{Role, read, say_answer, say_formula};
use nsolve_il::fol::{Problem, Semantics, TermId};
use nsolve_source::{SourceText, Span};
use nsolve_syntax::fol::arbitrary::{Questions, Shape, problem};
use nsolve_syntax::fol::{Item, ItemKind, Style, elaborate, parse, print, print_formula};

fn native(text: &str) -> Problem {
    let source = SourceText::new("problem", text).unwrap();
    let (document, diagnostics) = parse(&source);
    let elaboration = elaborate(&document, &Style::NATIVE);
    elaboration
        .problem
        .unwrap_or_else(|| panic!("{text}\n{diagnostics:?}\n{:?}", elaboration.diagnostics))
}

/// What a story says, with the formula of each sentence of its own.
fn told(story: &str) -> Option<(Problem, Vec<TermId>)> {
    let text = SourceText::new("story", story).unwrap();
    let reading = read(&text, Semantics::Classical);
    let mut document = reading.document;
    document.items.push(Item {
        kind: ItemKind::AskModel,
        span: Span::new(0, 0),
    });
    let problem = elaborate(&document, &Style::NATIVE).problem?;
    let premises = reading.sentences.iter().filter_map(|told| {
        let Role::Premise(name) = &told.role else {
            return None;
        };
        let found = problem.premises.iter().find(|p| *p.name == **name);
        found.map(|p| p.formula)
    });
    let premises = premises.collect();
    Some((problem, premises))
}

/// Whether the formulas say the same where symbols of the same meaning are the
/// same: by a backend, checked where it is `ground`. `None` where none decides it.
fn is_same(a: (&Problem, TermId), b: (&Problem, TermId)) -> Option<bool> {
    let mut rename: Vec<(String, String)> = Vec::new();
    for symbol in b.0.signature.symbols() {
        let of_a = a.0.signature.symbols().iter().find(|s| {
            s.meaning == symbol.meaning
                && s.arity() == symbol.arity()
                && s.is_predicate() == symbol.is_predicate()
        });
        let name = of_a.map_or_else(|| format!("other_{}", symbol.name), |s| s.name.to_string());
        rename.push((symbol.name.to_string(), name));
    }
    let declarations: Vec<String> = print(a.0)
        .lines()
        .filter(|l| {
            ["const ", "pred ", "func "]
                .iter()
                .any(|k| l.starts_with(k))
        })
        .map(str::to_owned)
        .collect();
    let first = print_formula(a.0, a.1);
    let second = renamed(&print_formula(b.0, b.1), &rename);
    let text = format!(
        "{}\nconclusion : ({first}) <-> ({second})\n",
        declarations.join("\n")
    );
    let problem = Arc::new(native(&text));
    let mut options = common::ground(Some(300_000));
    options.backends.deciders.push(Arc::new(Z3));
    let answer = solve(&problem, &options).unwrap();
    match answer.decision {
        Decision::True => Some(true),
        // `exactly 3` of everything has no small model.
        Decision::Unknown => None,
        _ => Some(false),
    }
}

fn renamed(formula: &str, rename: &[(String, String)]) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for c in formula.chars().chain(['\n']) {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
            continue;
        }
        let new = rename.iter().find(|(from, _)| *from == word);
        out += new.map_or(&word, |(_, to)| to);
        word.clear();
        out.push(c);
    }
    out.trim_end().to_owned()
}

#[test]
fn sentences_come_back() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sentences.txt");
    let lines = std::fs::read_to_string(path).unwrap();
    let mut wrong = String::new();
    let mut count = 0;
    for story in lines.lines().filter(|l| !l.starts_with([' ', '#'])) {
        let Some((problem, formulas)) = told(story) else {
            continue;
        };
        for formula in formulas {
            count += 1;
            let said = say_formula(&problem, formula);
            // What a list says is taken for granted by the sentences behind it.
            let list = story
                .split_once(": ")
                .and_then(|(_, rest)| rest.split_once('.'));
            let list = list.map_or("", |(_, rest)| story.strip_suffix(rest).unwrap_or(""));
            let again = told(&format!("{list} {said}")).filter(|(_, found)| found.len() == 1);
            let same = again.map(|(p, found)| is_same((&problem, formula), (&p, found[0])));
            if same != Some(Some(true)) {
                let formula = print_formula(&problem, formula);
                wrong += &format!("{story}\n    {formula}\n    {said}\n");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count >= 190, "{count} formulas");
}

/// Words for the symbols of random problems.
const WORDS: [&[&str]; 3] = [
    &["it rains", "it snows", "it hails", "it thunders"],
    &[
        "x is a cat",
        "x is red",
        "x purrs",
        "x can swim",
        "x is a tennis player",
    ],
    &[
        "x likes y",
        "x is taller than y",
        "x lives in y",
        "x is a friend of y",
        "x is proud of y",
    ],
];
const THINGS: [&str; 3] = ["Tom", "the bald eagle", "New York"];

/// A random problem of the fragment that is read: one sort, no arithmetic.
fn readable(seed: u64) -> Problem {
    let shape = Shape {
        premises: 1,
        sorts: 0,
        enumerated: 0,
        predicates: 4,
        functions: 1,
        term_depth: 1,
        constants: 3,
        counting: Some(3),
        equality: true,
        questions: Questions::Model,
        ..Shape::plain()
    };
    let printed = print(&problem(seed, &shape));
    let mut out = String::new();
    let mut used = [0; 3];
    let mut things = THINGS.iter();
    for line in printed.lines() {
        out += line;
        let arity = line.matches("Thing").count();
        if line.starts_with("pred ") {
            let words = WORDS[arity];
            // The same words for two predicates would be the same predicate.
            let at = used[arity];
            used[arity] += 1;
            match words.get(at) {
                Some(words) => out += &format!(" \"{words}\""),
                None => {
                    out += &format!(" \"x is stranger{at} y\"")
                        .replace(" y", [" ", " ", " than y"][arity])
                }
            }
        } else if line.starts_with("const ") {
            out += &format!(" \"{}\"", things.next().unwrap());
        } else if line.starts_with("func ") {
            out += " \"the mother of x\"";
        }
        out.push('\n');
    }
    native(&out)
}

#[test]
fn random_formulas_come_back() {
    let mut wrong = String::new();
    let mut count = 0;
    let mut undecided = 0;
    for seed in 0..2400 {
        let problem = readable(seed);
        // The words of this test have no function of two things.
        if problem
            .signature
            .symbols()
            .iter()
            .any(|s| !s.is_predicate() && s.arity() > 1)
        {
            continue;
        }
        for premise in &problem.premises {
            let said = say_formula(&problem, premise.formula);
            if said == "All is as it is." || said.contains("Something is so") {
                continue;
            }
            count += 1;
            let again = told(&said).filter(|(_, found)| found.len() == 1);
            let same = again.map(|(p, found)| is_same((&problem, premise.formula), (&p, found[0])));
            undecided += usize::from(same == Some(None));
            if !matches!(same, Some(Some(true) | None)) {
                let formula = print_formula(&problem, premise.formula);
                wrong += &format!("{seed}: {formula}\n    {said}\n");
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{wrong}", wrong.lines().count() / 2);
    eprintln!("{count} formulas, {undecided} of them undecided");
    assert!(count >= 1000, "{count} formulas");
    assert!(undecided <= 5, "{undecided} undecided");
}

/// Whatever a problem is about, its answer is said.
#[test]
fn answers_of_random_problems_are_said() {
    for seed in 0..150 {
        let problem = Arc::new(problem(seed, &Shape::everything()));
        let options = common::ground(Some(2_000));
        // Some have no meaning under the semantics of rules.
        let Ok(answer) = solve(&problem, &options) else {
            continue;
        };
        let said = say_answer(&problem, &answer);
        assert!(!said.trim().is_empty(), "{seed}");
    }
}
