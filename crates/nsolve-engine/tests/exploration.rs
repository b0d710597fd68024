//! Why, why not, searching with every attempt on record, and claimed chains.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use nsolve_engine::program::{AttemptEnd, SearchLimits, check_chain, read_step, search, why_not};
use nsolve_il::program::{Derivation, Goal, GroundAtom, Problem, Step};
use nsolve_source::{SourceText, has_errors};
use nsolve_syntax::program::{Dialect, read, read_atom, read_goal};

const FAMILY: &str = "
    parent(ann, bob). parent(bob, cleo). parent(cleo, tom).
    ancestor(X, Y) :- parent(X, Y).
    ancestor(X, Z) :- parent(X, Y), ancestor(Y, Z).
    bird(tweety). bird(opus). penguin(opus).
    flies(X) :- bird(X), not penguin(X).
";

fn problem(text: &str) -> Problem {
    let source = SourceText::new("p.asp", text).unwrap();
    let (problem, faults) = read(&source, Dialect::Asp);
    assert!(!has_errors(&faults), "{faults:#?}");
    problem.unwrap()
}

fn goal(problem: &mut Problem, text: &str) -> Goal {
    let source = SourceText::new("goal", text).unwrap();
    read_goal(&source, problem).0.unwrap()
}

fn atom(problem: &mut Problem, text: &str) -> GroundAtom {
    let source = SourceText::new("atom", text).unwrap();
    read_atom(&source, problem).0.unwrap()
}

/// What holds, each with an empty reason: enough for questions about absence.
fn holding(problem: &mut Problem, atoms: &[&str]) -> Derivation {
    let steps = atoms.iter().map(|text| Step {
        atom: atom(problem, text),
        rule: 0,
        element: 0,
        binding: [].into(),
    });
    Derivation {
        steps: steps.collect(),
        closed: Vec::new(),
    }
}

#[test]
fn a_search_keeps_its_dead_ends() {
    let mut problem = problem(FAMILY);
    let goal = goal(&mut problem, "ancestor(ann, Who), Who != bob");
    let trace = search(&problem, &goal, SearchLimits::default());
    assert_eq!(trace.solutions, [[("Who".to_owned(), "cleo".to_owned())]]);
    let fails = trace.attempts.iter().filter(|a| a.end == AttemptEnd::Fails);
    assert_eq!(fails.map(|a| &*a.goal).collect::<Vec<_>>(), ["bob != bob"]);
    let all = SearchLimits {
        solutions: usize::MAX,
        ..SearchLimits::default()
    };
    let trace = search(&problem, &goal, all);
    assert!(trace.complete);
    let found: Vec<_> = trace.solutions.iter().map(|s| &*s[0].1).collect();
    assert_eq!(found, ["cleo", "tom"]);
}

#[test]
fn a_search_fails_in_finite_time_or_says_that_it_was_cut() {
    let mut circle = problem("p(X) :- q(X). q(X) :- p(X). r(a).");
    let asked = goal(&mut circle, "p(a)");
    let trace = search(&circle, &asked, SearchLimits::default());
    assert!(trace.complete && trace.solutions.is_empty());
    assert!(trace.attempts.iter().any(|a| a.end == AttemptEnd::Circle));

    let mut endless = problem("n(z). n(s(X)) :- n(X).");
    let asked = goal(&mut endless, "n(X), X = nothing");
    let trace = search(&endless, &asked, SearchLimits::default());
    assert!(!trace.complete && trace.solutions.is_empty());
    assert!(trace.attempts.len() <= SearchLimits::default().attempts);
}

#[test]
fn negation_is_finite_failure() {
    let mut problem = problem(FAMILY);
    for (text, holds) in [("flies(tweety)", true), ("flies(opus)", false)] {
        let goal = goal(&mut problem, text);
        let trace = search(&problem, &goal, SearchLimits::default());
        assert_eq!(!trace.solutions.is_empty(), holds, "{text}");
        assert!(trace.complete || holds, "{text}");
    }
}

#[test]
fn why_not_names_the_nearest_rule_and_what_fails() {
    let mut problem = problem(FAMILY);
    let held = holding(
        &mut problem,
        &[
            "bird(tweety)",
            "bird(opus)",
            "penguin(opus)",
            "flies(tweety)",
        ],
    );
    let asked = atom(&mut problem, "flies(opus)");
    let found = why_not(&problem, &held, &asked).unwrap();
    assert_eq!(found.misses.len(), 1);
    assert_eq!(found.misses[0].holding, 1);
    let text = found.render(&problem, &|_| None);
    assert!(
        text.contains("fails: not penguin(opus), since penguin(opus) is derived"),
        "{text}"
    );
    let derived = atom(&mut problem, "flies(tweety)");
    assert_eq!(why_not(&problem, &held, &derived), None);
    let unknown = atom(&mut problem, "swims(opus)");
    let found = why_not(&problem, &held, &unknown).unwrap();
    assert!(
        found
            .render(&problem, &|_| None)
            .contains("No fact and no rule")
    );
}

#[test]
fn a_claimed_chain_is_held_against_the_program() {
    let mut problem = problem(FAMILY);
    let goal = goal(&mut problem, "ancestor(ann, tom)");
    let steps = [
        "ancestor(cleo, tom) :- parent(cleo, tom)",
        "ancestor(bob, cleo)",
        "ancestor(bob, tom) :- parent(bob, cleo), ancestor(cleo, tom)",
        "ancestor(tom, ann)",
        "ancestor(bob, ann) :- parent(bob, tom), ancestor(tom, ann)",
        "ancestor(ann, tom) :- parent(ann, bob), ancestor(bob, tom)",
    ];
    let claimed: Vec<_> = steps
        .iter()
        .map(|s| read_step(s, &mut problem).unwrap())
        .collect();
    let model = ["penguin(opus)", "bird(opus)", "bird(tweety)"].map(|a| atom(&mut problem, a));
    let report = check_chain(&problem, &goal, model, &claimed);
    let in_program: Vec<bool> = report.steps.iter().map(|s| s.rule.is_some()).collect();
    assert_eq!(in_program, [true, true, true, false, false, true]);
    let needed: Vec<bool> = report.steps.iter().map(|s| s.needed).collect();
    assert_eq!(needed, [true, false, true, false, false, true]);
    assert_eq!(report.first_leaves, Some(3));
    assert_eq!(report.steps[4].unsupported.len(), 2);
    assert!(report.reaches_goal);
    assert!((report.in_program() - 4.0 / 6.0).abs() < 1e-9);
    assert!((report.needed() - 0.5).abs() < 1e-9);
}

#[test]
fn steps_that_cannot_be_read_are_named() {
    let mut problem = problem(FAMILY);
    for text in [
        "parent(X, bob)",
        "parent(",
        "ancestor(ann, bob) :- parent(X, bob)",
    ] {
        assert!(read_step(text, &mut problem).is_err(), "{text}");
    }
}
