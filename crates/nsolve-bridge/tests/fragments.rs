//! Bridges between fragments on random small problems: each lowered problem has
//! the original's answer, models and cores come back, and every verdict that is
//! compared was checked by `nsolve-check` first.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::sync::Arc;

use nsolve_backend::{Backend, Budget, Evidence, Outcome, SolveCx, Verdict};
use nsolve_backend_ground::Ground;
use nsolve_bridge::{Fidelity, Lowering, all, route, split_options};
use nsolve_check::{Limits, check};
use nsolve_il::FeatureSet as _;
use nsolve_il::fol::{Features, Fol, Goal, Item, Model, Problem, Query, Question, features};
use nsolve_source::SourceText;
use nsolve_syntax::fol::arbitrary::{Shape, problem};
use nsolve_syntax::fol::{Style, elaborate, parse, print};

fn small() -> Shape {
    Shape {
        premises: 3,
        depth: 2,
        term_depth: 1,
        sorts: 2,
        enumerated: 1,
        predicates: 3,
        functions: 1,
        constants: 1,
        arity: 2,
        counting: Some(2),
        equality: true,
        distinct: true,
        ..Shape::plain()
    }
}

/// All premises, with the conclusion denied.
fn query(problem: &Problem) -> Query {
    let Question::Conclusion(conclusion) = &problem.question else {
        panic!("a conclusion is asked about");
    };
    Query::premises_of(problem).assuming(conclusion.formula, false)
}

/// What is so beyond doubt: a model, or a core that is unsatisfiable.
enum Known {
    Sat(Model),
    Unsat(Vec<Item>),
}

fn decide(problem: &Problem, query: &Query) -> Option<Known> {
    let cx = SolveCx::new(Budget {
        steps: Some(5_000),
        ..Budget::default()
    });
    let outcome = Ground
        .solve(&Arc::new(problem.clone()), query, &cx)
        .unwrap();
    if outcome.verdict == Verdict::Unknown {
        return None;
    }
    let receipt = check(problem, query, &outcome, &Limits::default()).unwrap();
    Some(match outcome.evidence {
        Evidence::Model(model) => Known::Sat(model),
        _ => Known::Unsat(receipt.core().to_vec()),
    })
}

fn restricted(query: &Query, core: &[Item]) -> Query {
    let mut out = Query {
        premises: Vec::new(),
        goals: Vec::new(),
    };
    for item in core {
        match item {
            Item::Premise(i) => out.premises.push(*i),
            Item::Goal(i) => out.goals.push(Goal {
                ..query.goals[*i as usize]
            }),
        }
    }
    out
}

#[derive(Default)]
struct Seen {
    sat: usize,
    unsat: usize,
}

/// The lowered problem has the original's answer, and its evidence comes back.
fn compare(original: &Problem, steps: &[Lowering], context: &str, seen: &mut Seen) {
    let lowered = &steps.last().unwrap().problem;
    let asked = query(original);
    let Some(found) = decide(lowered, &query(lowered)) else {
        return;
    };
    match found {
        Known::Sat(mut model) => {
            for (i, step) in steps.iter().enumerate().rev() {
                let source = if i == 0 {
                    original
                } else {
                    &steps[i - 1].problem
                };
                let lifted = step.trace.lift_model(source, &model);
                model = lifted.unwrap_or_else(|| panic!("no model comes back: {context}"));
            }
            let outcome: Outcome<Fol> = Outcome::sat(model);
            check(original, &asked, &outcome, &Limits::default())
                .unwrap_or_else(|e| panic!("{e}: {context}"));
            seen.sat += 1;
        }
        Known::Unsat(mut core) => {
            for step in steps.iter().rev() {
                core = step.trace.lift_core(&core);
            }
            let core = restricted(&asked, &core);
            if let Some(Known::Sat(_)) = decide(original, &core) {
                panic!("the core that comes back is satisfiable: {context}");
            }
            seen.unsat += 1;
        }
    }
}

#[test]
fn each_bridge_keeps_the_answer() {
    for bridge in all() {
        let mut seen = Seen::default();
        for seed in 0..400 {
            let mut shape = small();
            if !bridge.refuses().is_empty() {
                shape.enumerated = 0;
            }
            let original = problem(seed, &shape);
            let Ok(lowering) = bridge.lower(&original) else {
                panic!("{}: seed {seed}\n{}", bridge.name(), print(&original));
            };
            let needed = features(&lowering.problem);
            assert!(!needed.intersects(bridge.removes()), "{}", bridge.name());
            let allowed = features(&original) | bridge.adds();
            assert!(
                allowed.contains(needed),
                "{:?}",
                needed.minus(allowed).names()
            );
            let context = format!(
                "{}, seed {seed}\n{}\n{}",
                bridge.name(),
                print(&original),
                print(&lowering.problem)
            );
            compare(&original, &[lowering], &context, &mut seen);
        }
        assert_eq!(bridge.fidelity(), Fidelity::Equisatisfiable);
        assert!(seen.sat > 100, "{}: {} models", bridge.name(), seen.sat);
        assert!(seen.unsat > 20, "{}: {} cores", bridge.name(), seen.unsat);
    }
}

#[test]
fn the_route_into_the_plainest_fragment_keeps_the_answer() {
    let plain = Features::FUNCTIONS | Features::EQUALITY;
    let mut seen = Seen::default();
    for seed in 1_000..1_300 {
        let original = problem(seed, &small());
        let route = route(&original, plain).unwrap();
        if route.is_empty() {
            continue;
        }
        let (lowered, steps) = route.lower(&original).unwrap();
        assert!(plain.contains(features(&lowered)));
        let context = format!("{route:?}, seed {seed}\n{}", print(&original));
        compare(&original, &steps, &context, &mut seen);
    }
    assert!(seen.sat > 50, "{} models", seen.sat);
    assert!(seen.unsat > 10, "{} cores", seen.unsat);
}

fn read(text: &str) -> Problem {
    let (document, faults) = parse(&SourceText::new("test.fol", text).unwrap());
    assert!(faults.is_empty(), "{faults:#?}");
    elaborate(&document, &Style::NATIVE).problem.unwrap()
}

#[test]
fn routes_are_the_cheapest_and_say_their_names() {
    let names =
        |problem: &Problem, supported| route(problem, supported).map(|route| format!("{route:?}"));
    let counting = read("conclusion : at least 2 x. p(x)");
    let sorted = read("sort S = { a, b } sort T conclusion : exists x: T. p(x, a)");
    let numbers = read("conclusion : forall x: Int. x < x + 1");
    let everything = Features::all();
    assert_eq!(names(&counting, everything).as_deref(), Some("[]"));
    assert_eq!(
        names(&counting, Features::EQUALITY).as_deref(),
        Some("[\"counting quantifiers to distinct witnesses\"]")
    );
    assert_eq!(names(&counting, Features::empty()), None);
    assert_eq!(
        names(&sorted, everything - Features::ENUMERATED).as_deref(),
        Some("[\"enumerated sorts to axioms\"]")
    );
    // Guards cannot say that elements differ, so these have to go first.
    let guarded = Some("[\"enumerated sorts to axioms\", \"sorts to guards\"]");
    assert_eq!(
        names(&sorted, everything - Features::SORTS).as_deref(),
        guarded
    );
    assert_eq!(names(&sorted, Features::EQUALITY).as_deref(), guarded);
    assert_eq!(names(&numbers, Features::EQUALITY), None);
}

#[test]
fn axioms_take_no_name_of_the_text() {
    let problem = read(
        "sort S = { a, b } sort T premise 'S distinct' : p premise 'T not empty' : p \
         premise 'S complete' : p premise 'c/0 closed' : exists x: T. q(x) or q(c) ask model",
    );
    let route = route(&problem, Features::EQUALITY).unwrap();
    let (lowered, _) = route.lower(&problem).unwrap();
    assert!(lowered.premises.len() > problem.premises.len());
}

#[test]
fn options_become_conclusions() {
    let problem = read("premise : p ask which must be true option A : p option B : q");
    let split = split_options(&problem);
    assert_eq!(split.len(), 2);
    for ((label, one), follows) in split.iter().zip([true, false]) {
        let unsat = matches!(decide(one, &query(one)), Some(Known::Unsat(_)));
        assert_eq!(unsat, follows, "option {label}");
    }
    assert!(split_options(&read("conclusion : p")).is_empty());
}
