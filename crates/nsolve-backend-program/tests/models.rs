//! Stable models: which there are, in what order they are derived, what they
//! cost, and what shows that there is none.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

mod notation;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use notation::{read, shown, verify};
use nsolve_backend::{Backend, Budget, Evidence, Outcome, SolveCx, StopReason, Verdict};
use nsolve_backend_program::{ProgramBackend, certify, evaluate};
use nsolve_il::program::*;

fn cx() -> SolveCx {
    SolveCx::new(Budget {
        time: Some(Duration::from_secs(30)),
        ..Budget::default()
    })
}

fn solve(text: &str, limit: Option<usize>, optimal: bool) -> (Arc<Problem>, Outcome<Program>) {
    let problem = Arc::new(read(text));
    let query = Query::Models {
        limit,
        optimal,
        assuming: Vec::new(),
    };
    let outcome = ProgramBackend.solve(&problem, &query, &cx()).unwrap();
    verify(&problem, &query, &outcome);
    (problem, outcome)
}

fn answers(outcome: &Outcome<Program>) -> &Answers {
    match &outcome.evidence {
        Evidence::Model(Witness::Models(answers)) => answers,
        other => panic!("{:?}: {other:?}", outcome.stop),
    }
}

/// All models as text, sorted.
fn models(text: &str) -> Vec<String> {
    let (problem, outcome) = solve(text, None, false);
    if outcome.verdict == Verdict::Unsat {
        return Vec::new();
    }
    let answers = answers(&outcome);
    assert!(answers.complete, "{text}");
    let mut out: Vec<String> = answers
        .models
        .iter()
        .map(|m| shown(&problem, m.derivation.atoms()).join(" "))
        .collect();
    out.sort();
    out
}

#[test]
fn small_programs_have_the_models_they_should() {
    for (text, expected) in [
        ("a :- not b. b :- not a.", vec!["a", "b"]),
        ("a :- not a.", vec![]),
        ("a :- b. b :- a. {c}.", vec!["", "c"]),
        ("{a}. b :- a. b :- c. c :- b.", vec!["", "a b c"]),
        ("a | b.", vec!["a", "b"]),
        ("a | b. a :- b. b :- a.", vec!["a b"]),
        ("a | b | c. :- a.", vec!["b", "c"]),
        ("1 {a; b; c} 2.", vec!["a", "a b", "a c", "b", "b c", "c"]),
        ("2 {a; b; c} 2 :- d. d.", vec!["a b d", "a c d", "b c d"]),
        ("{p(1..2)} = 1.", vec!["p(1)", "p(2)"]),
        (
            "{a}. {b}. c :- #count{1:a; 2:b} = 1.",
            vec!["", "a b", "a c", "b c"],
        ),
        (
            "{a}. {b}. :- not #count{1:a; 1:b} >= 1.",
            vec!["a", "a b", "b"],
        ),
        (
            "{p(1); p(2); p(4)}. :- #sum{X : p(X)} < 5. :- #sum{X : p(X)} > 6.",
            vec!["p(1) p(4)", "p(2) p(4)"],
        ),
        (
            "{p(1); p(-2)}. s(N) :- N = #sum{X : p(X)}.",
            vec!["p(-2) p(1) s(-1)", "p(-2) s(-2)", "p(1) s(1)", "s(0)"],
        ),
        (
            "{p(1); p(a)}. m(X) :- X = #max{Y : p(Y)}.",
            vec!["m(#inf)", "m(a) p(1) p(a)", "m(a) p(a)", "m(1) p(1)"],
        ),
        ("{p(1); p(3)}. :- #min{X : p(X)} != 3.", vec!["p(3)"]),
        ("{p(1); p(3)}. :- #max{X : p(X)} > 2.", vec!["", "p(1)"]),
        ("{a; -a}. :- not a, not -a.", vec!["-a", "a"]),
        (
            "q(1..3). {p(X) : q(X), X != 2}. :- not p(1).",
            vec!["p(1) p(3) q(1) q(2) q(3)", "p(1) q(1) q(2) q(3)"],
        ),
        (
            "p(1). p(2) :- not q. q :- not p(2). r(N) :- N = #count{X : p(X)}.",
            vec!["p(1) p(2) r(2)", "p(1) q r(1)"],
        ),
        (
            "a(X) | b(X) :- d(X). d(1..2). :- a(1), a(2).",
            vec![
                "a(1) b(2) d(1) d(2)",
                "a(2) b(1) d(1) d(2)",
                "b(1) b(2) d(1) d(2)",
            ],
        ),
    ] {
        let mut expected: Vec<&str> = expected;
        expected.sort_unstable();
        assert_eq!(models(text), expected, "{text}");
    }
}

fn count(text: &str) -> usize {
    models(text).len()
}

const QUEENS: &str = "
    1 { queen(X,Y) : row(Y) } 1 :- row(X).
    :- queen(X,Y), queen(Z,Y), X < Z.
    :- queen(X,Y), queen(Z,W), X < Z, Z-X = W-Y.
    :- queen(X,Y), queen(Z,W), X < Z, Z-X = Y-W.
";

#[test]
fn queens_have_as_many_solutions_as_is_known() {
    for (size, solutions) in [(4, 2), (5, 10), (6, 4), (8, 92)] {
        assert_eq!(count(&format!("row(1..{size}). {QUEENS}")), solutions);
    }
}

#[test]
fn a_triangle_has_six_colourings_and_no_two_colours_do() {
    let text =
        "edge(1,2). edge(2,3). edge(1,3). 1 {paint(X,C) : C = 1..K} 1 :- X = 1..3, colours(K).
        :- edge(X,Y), paint(X,C), paint(Y,C).";
    assert_eq!(count(&format!("{text} colours(3).")), 6);
    assert_eq!(count(&format!("{text} colours(2).")), 0);
}

#[test]
fn cycles_through_all_nodes_are_found_and_no_others() {
    // The complete graph on five nodes: 4! directed cycles.
    let text = "node(1..5). 1 {in(X,Y) : node(Y), X != Y} 1 :- node(X).
        1 {in(X,Y) : node(X), X != Y} 1 :- node(Y).
        reached(Y) :- in(1,Y). reached(Y) :- reached(X), in(X,Y). :- node(X), not reached(X).";
    assert_eq!(count(text), 24);
}

#[test]
fn the_best_model_is_found_and_what_it_costs() {
    for (text, cost) in [
        ("1 {p(1..5)}. :~ p(X). [X]", vec![(0, 1)]),
        ("{p(1..3)}. :~ p(X). [-X,X]", vec![(0, -6)]),
        (
            "1 {a; b} 1. :~ a. [1@2] :~ b. [1@1] :~ a. [-9@1]",
            vec![(2, 0), (1, 1)],
        ),
        (
            "{t(I)} :- w(I,_). w(1..3,4). w(4,7). :- #sum{W,I : t(I), w(I,W)} > 12. :~ t(I), w(I,W). [-W,I]",
            vec![(0, -12)],
        ),
        ("p(1..3). :~ p(X). [2]", vec![(0, 2)]),
        ("p(1..3). :~ p(X). [2,X]", vec![(0, 6)]),
    ] {
        let (_, outcome) = solve(text, Some(1), true);
        let answers = answers(&outcome);
        assert!(answers.optimal, "{text}");
        assert_eq!(answers.models.len(), 1, "{text}");
        assert_eq!(answers.models[0].cost, cost, "{text}");
    }
}

#[test]
fn all_best_models_are_listed_where_all_are_wanted() {
    let (problem, outcome) = solve("1 {p(1..3)} 2. :~ p(X), X > 1. [1,X]", None, true);
    let answers = answers(&outcome);
    assert_eq!(answers.models.len(), 1);
    assert_eq!(
        shown(&problem, answers.models[0].derivation.atoms()),
        ["p(1)"]
    );
    let (_, outcome) = solve("1 {p(1..3)}. :~ p(X). [1,X]", None, true);
    assert_eq!(self::answers(&outcome).models.len(), 3);
    assert!(self::answers(&outcome).complete);
}

#[test]
fn a_limit_is_kept() {
    let (_, outcome) = solve("{p(1..10)}.", Some(5), false);
    assert_eq!(answers(&outcome).models.len(), 5);
    assert!(!answers(&outcome).complete);
    let (_, outcome) = solve("{p(1..2)}.", Some(5), false);
    assert!(answers(&outcome).complete);
}

#[test]
fn what_is_assumed_must_fail() {
    let problem = Arc::new(read("{a}. {b}. :- not a. ?- not b."));
    let query = Query::Models {
        limit: None,
        optimal: false,
        assuming: vec![problem.goal.clone().unwrap()],
    };
    let outcome = ProgramBackend.solve(&problem, &query, &cx()).unwrap();
    assert_eq!(answers(&outcome).models.len(), 1);
}

#[test]
fn what_every_model_violates_is_named() {
    let (_, outcome) = solve(
        "p(1..3). q(X) :- p(X), not r(X). r(1). {c}. :- q(X), X > 2.",
        None,
        false,
    );
    match &outcome.evidence {
        Evidence::Certificate(Certificate::Violated {
            derivation,
            rule,
            binding,
        }) => {
            assert_eq!(*rule, 4);
            assert_eq!(binding[0], Some(Value::Int(3)));
            assert_eq!(derivation.closed.len(), 1);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_contradiction_is_shown_and_an_open_world_bears_it() {
    let text = "p(a). -p(X) :- p(X).";
    let (problem, outcome) = solve(text, None, false);
    match &outcome.evidence {
        Evidence::Certificate(Certificate::Clash { atom, derivation }) => {
            assert_eq!(problem.show_atom(atom).to_string(), "p(a)");
            assert_eq!(derivation.steps.len(), 2);
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(models(&format!("#open. {text}")), ["-p(a) p(a)"]);
    assert_eq!(models("#open. p(a). :- p(a)."), Vec::<String>::new());
}

/// Each atom of a model is given once, by a rule whose positive body is given
/// before, whose `not` agrees with the model.
fn is_derived(problem: &Problem, model: &StableModel) {
    let all: BTreeSet<&GroundAtom> = model.derivation.atoms().collect();
    let mut given: BTreeSet<GroundAtom> = BTreeSet::new();
    for step in &model.derivation.steps {
        let rule = &problem.rules[step.rule as usize];
        let mut literals: Vec<&Literal> = rule.body.iter().collect();
        if let Head::Choice { elements, .. } = &rule.head {
            literals.extend(&elements[step.element as usize].condition);
        }
        for (sign, atom) in literals.into_iter().filter_map(Literal::as_atom) {
            assert!(atom.arguments.is_empty(), "this is for propositions");
            let atom = GroundAtom {
                predicate: atom.predicate,
                arguments: Arc::from([]),
            };
            match sign {
                Sign::Positive => assert!(given.contains(&atom)),
                Sign::Not => assert!(!all.contains(&atom)),
            }
        }
        let head = rule.head.atoms().nth(step.element as usize).unwrap();
        assert_eq!(head.predicate, step.atom.predicate);
        assert!(given.insert(step.atom.clone()));
    }
}

/// A number from a number, for programs that look random.
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state >> 11
}

/// A rule over propositions `p0`..`p4`: the head as a mask, whether it is a
/// choice, what must hold and what must not.
struct Small {
    head: u32,
    choice: bool,
    positive: u32,
    negative: u32,
}

const ATOMS: u32 = 5;

fn small_program(state: &mut u64) -> Vec<Small> {
    let rules = 3 + next(state) % 8;
    (0..rules)
        .map(|_| {
            let one = |state: &mut u64| 1 << (next(state) % u64::from(ATOMS));
            let head = match next(state) % 8 {
                0 => 0,
                1 | 2 => one(state) | one(state),
                _ => one(state),
            };
            let positive = if !next(state).is_multiple_of(3) {
                one(state)
            } else {
                0
            };
            let positive = positive
                | if next(state).is_multiple_of(4) {
                    one(state)
                } else {
                    0
                };
            let negative = if next(state).is_multiple_of(3) {
                one(state)
            } else {
                0
            };
            let choice = head != 0 && next(state).is_multiple_of(4);
            Small {
                head,
                choice,
                positive,
                negative,
            }
        })
        .collect()
}

fn as_text(rules: &[Small]) -> String {
    let names = |mask: u32| {
        (0..ATOMS)
            .filter(move |i| mask >> i & 1 == 1)
            .map(|i| format!("p{i}"))
    };
    let mut out = String::new();
    for rule in rules {
        let separator = if rule.choice { "; " } else { " | " };
        let head = names(rule.head).collect::<Vec<_>>().join(separator);
        let body = names(rule.positive).chain(names(rule.negative).map(|n| format!("not {n}")));
        let body = body.collect::<Vec<_>>().join(", ");
        let head = if rule.choice {
            format!("{{{head}}}")
        } else {
            head
        };
        out += &match (head.is_empty(), body.is_empty()) {
            (true, true) => continue,
            (_, true) => format!("{head}. "),
            _ => format!("{head} :- {body}. "),
        };
    }
    out
}

/// Stable models by definition: sets of which no proper subset satisfies the
/// reduct, in which a choice demands what the set has of it.
fn by_definition(rules: &[Small]) -> Vec<u32> {
    let satisfies = |set: u32, reduct_of: u32| {
        rules.iter().all(|r| {
            let applies = r.negative & reduct_of == 0 && r.positive & set == r.positive;
            // An empty body under an empty head is left out of the text.
            if r.head == 0 && r.positive | r.negative == 0 || !applies {
                return true;
            }
            if r.choice {
                r.head & reduct_of & !set == 0
            } else {
                r.head & set != 0
            }
        })
    };
    let all = 0..1u32 << ATOMS;
    let is_stable = |m: &u32| {
        let m = *m;
        satisfies(m, m) && !(0..m).any(|s| s & m == s && satisfies(s, m))
    };
    all.filter(is_stable).collect()
}

/// The propositions of a mask; `None` where the program lacks one.
fn atoms_of(problem: &Problem, set: u32) -> Option<Vec<GroundAtom>> {
    let all = (0..ATOMS).filter(|i| set >> i & 1 == 1);
    let atoms = all.map(|i| {
        let predicate = problem.find(&format!("p{i}"), 0, false)?;
        Some(GroundAtom {
            predicate,
            arguments: Arc::from([]),
        })
    });
    atoms.collect()
}

#[test]
fn models_of_others_get_derivations_and_costs() {
    let problem = read(
        "q(1..3). 2 {p(X) : q(X)} 2. r(X+1) :- p(X), not p(X+1). n(N) :- N = #count{X : r(X)}.
         :- p(1), p(3). :~ p(X). [X,X]",
    );
    let all = |text: &str| -> Vec<GroundAtom> {
        let words = text.split(' ');
        let atom = |word: &str| {
            let (name, value) = word.split_at(1);
            let value = value.parse().unwrap();
            GroundAtom {
                predicate: problem.find(name, 1, false).unwrap(),
                arguments: Arc::from([Value::Int(value)]),
            }
        };
        words.map(atom).collect()
    };
    let model = certify(&problem, &all("q1 q2 q3 p1 p2 r3 n1"), &cx())
        .unwrap()
        .unwrap();
    assert_eq!(model.cost, [(0, 3)]);
    assert_eq!(model.derivation.steps.len(), 7);
    for wrong in [
        "q1 q2 q3 p1 p2 r3",       // A rule is not met.
        "q1 q2 q3 p1 p2 r3 n1 n2", // Nothing gives an atom.
        "q1 q2 q3 p1 p3 r2 r4 n2", // A constraint is violated.
        "q1 q2 q3 p1 r2 n1",       // Too few are chosen.
    ] {
        assert_eq!(
            certify(&problem, &all(wrong), &cx()).unwrap(),
            None,
            "{wrong}"
        );
    }
}

/// What there is no time or room for is not decided, and not for ever.
#[test]
fn limits_end_a_search() {
    let pairs = "{p(1..20000)}. :- p(X), p(Y), X < Y.";
    let holes = "1 {in(P,H) : H = 1..11} 1 :- P = 1..12. :- in(P,H), in(Q,H), P < Q.";
    let time = Some(Duration::from_millis(300));
    let memory = Some(64 << 20);
    for (text, budget, stop) in [
        (
            holes,
            Budget {
                time,
                ..Budget::default()
            },
            StopReason::Time,
        ),
        (
            pairs,
            Budget {
                time,
                ..Budget::default()
            },
            StopReason::Time,
        ),
        (
            pairs,
            Budget {
                memory,
                ..Budget::default()
            },
            StopReason::Memory,
        ),
    ] {
        let problem = Arc::new(read(text));
        let query = Query::Models {
            limit: Some(1),
            optimal: false,
            assuming: Vec::new(),
        };
        let outcome = ProgramBackend
            .solve(&problem, &query, &SolveCx::new(budget))
            .unwrap();
        assert_eq!(
            (outcome.verdict, &outcome.stop),
            (Verdict::Unknown, &stop),
            "{text}"
        );
    }
    let cx = cx();
    cx.cancel.cancel();
    let problem = Arc::new(read(holes));
    let query = Query::Models {
        limit: Some(1),
        optimal: false,
        assuming: Vec::new(),
    };
    let outcome = ProgramBackend.solve(&problem, &query, &cx).unwrap();
    assert_eq!(outcome.stop, StopReason::Cancelled);
}

/// Programs of many predicates take no time that grows with their square.
#[test]
fn long_cycles_and_long_bodies_are_no_trouble() {
    let count = 3000;
    let mut cycle = String::from("a0. ");
    let mut body = String::from("all :- a0");
    for i in 0..count {
        cycle += &format!("a{} :- a{i}. ", (i + 1) % count);
        body += &format!(", a{i}");
    }
    assert_eq!(models(&format!("{cycle}{body}.")).len(), 1);
    assert_eq!(
        models(&format!("{{a7}}. {}", cycle.replacen("a0. ", "", 1))).len(),
        2
    );
}

#[test]
fn a_program_can_be_looked_around_in() {
    let problem = read("e(1,2). e(2,3). p(X,Y) :- e(X,Y). p(X,Z) :- p(X,Y), e(Y,Z).");
    let mut all = evaluate(&problem, &cx()).unwrap();
    let p = problem.find("p", 2, false).unwrap();
    assert_eq!(all.count(p), 3);
    let last = all.atom(p, 2).unwrap();
    assert_eq!(problem.show_atom(&last).to_string(), "p(1,3)");
    assert_eq!(all.derivation(&last).unwrap().steps.len(), 4);
    assert!(!all.is_cut(p));
}

#[test]
fn random_programs_have_the_models_of_the_definition() {
    let mut state = 0x9E37_79B9_7F4A_7C15;
    let mut with_models = 0;
    for _ in 0..1500 {
        let rules = small_program(&mut state);
        let text = as_text(&rules);
        let expected = by_definition(&rules);
        let (problem, outcome) = solve(&text, None, false);
        let mut found = Vec::new();
        if outcome.verdict == Verdict::Sat {
            for model in &answers(&outcome).models {
                let bits = shown(&problem, model.derivation.atoms());
                let bits = bits.iter().map(|n| 1 << n[1..].parse::<u32>().unwrap());
                found.push(bits.sum::<u32>());
                is_derived(&problem, model);
            }
            with_models += 1;
        } else {
            assert_eq!(outcome.verdict, Verdict::Unsat, "{text}");
        }
        found.sort_unstable();
        assert_eq!(found, expected, "{text}");
        let disjunctive = rules.iter().any(|r| !r.choice && r.head.count_ones() > 1);
        for set in (0..1u32 << ATOMS)
            .step_by(3)
            .chain(expected.iter().copied())
        {
            let Some(atoms) = atoms_of(&problem, set) else {
                continue;
            };
            let certified = certify(&problem, &atoms, &cx()).unwrap();
            if let Some(model) = &certified {
                is_derived(&problem, model);
            }
            let is_model = expected.contains(&set);
            assert!(
                certified.is_some() == is_model || disjunctive && !is_model,
                "{set:b} {text}"
            );
        }
    }
    assert!(with_models > 500, "{with_models}");
}
