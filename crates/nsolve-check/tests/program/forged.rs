//! Evidence that is made to crash the checker, to keep it busy, or to mislead
//! it.

use std::sync::Arc;

use nsolve_backend::Outcome;
use nsolve_check::program::{NotCheckable, ProgramFault};
use nsolve_check::{Limits, Refusal, check_program};
use nsolve_il::program::{
    Answers, ArithmeticOp, Bindings, Derivation, GroundAtom, Literal, PredicateId, Problem, Query,
    Row, StableModel, Step, Term, Value, VarId, Witness,
};

use crate::asp;

const LIMITS: Limits = Limits { steps: 1_000_000 };

const ALL: Query = Query::Models {
    limit: None,
    optimal: false,
    assuming: Vec::new(),
};

fn check(problem: &Problem, steps: Vec<Step>) -> Result<(), Refusal> {
    let outcome = Outcome::sat(Witness::Models(Answers {
        models: vec![StableModel {
            derivation: Derivation {
                steps,
                closed: Vec::new(),
            },
            cost: Vec::new(),
        }],
        complete: true,
        optimal: true,
    }));
    check_program(problem, &ALL, &outcome, &LIMITS).map(drop)
}

fn function(args: Vec<Value>) -> Value {
    Value::Function("f".into(), args.into())
}

/// A step whose every value is the one given.
fn step(rule: u32, value: &Value) -> Step {
    Step {
        atom: GroundAtom {
            predicate: PredicateId(0),
            arguments: vec![value.clone()].into(),
        },
        rule,
        element: 0,
        binding: vec![Some(value.clone())].into(),
    }
}

#[test]
fn values_that_share_their_parts_are_charged_for_what_they_are() {
    let problem = asp::program("p(X) :- q(X). q(a).");
    let mut value = Value::Int(0);
    for _ in 0..150 {
        value = function(vec![value.clone(), value]);
    }
    assert_eq!(check(&problem, vec![step(0, &value)]), Err(Refusal::Limit));
}

#[test]
fn deep_values_are_refused_before_they_are_followed() {
    let problem = asp::program("p(X) :- q(X). q(a).");
    let mut value = Value::Int(0);
    for _ in 0..3_000 {
        value = function(vec![value]);
    }
    let too_deep = Err(Refusal::Unchecked(NotCheckable::TooDeep));
    assert_eq!(check(&problem, vec![step(0, &value)]), too_deep);
}

#[test]
fn values_as_deep_as_any_program_allows_fit_the_stack() {
    let problem = asp::program("#depth 1000. p(X) :- q(X), X != b, X < f(X1), X1 = X. q(a).");
    let mut value = Value::Int(0);
    for _ in 0..1_000 {
        value = function(vec![value]);
    }
    assert!(check(&problem, vec![step(0, &value)]).is_err());
    let mut hollow = problem;
    hollow.depth = u32::MAX;
    let refused = check(&hollow, vec![step(0, &value)]);
    assert!(matches!(
        refused,
        Err(Refusal::Unchecked(NotCheckable::Malformed { .. }))
    ));
}

#[test]
fn joins_that_never_end_are_stopped() {
    let facts: Vec<String> = (0..200).map(|i| format!("n({i}).")).collect();
    let text = format!(
        "{} :- n(A), n(B), n(C), n(D), n(E), A + B + C + D + E = 0 - 1.",
        facts.join(" ")
    );
    let mut problem = asp::program(&text);
    let lines: Vec<String> = (0..200).map(|i| format!("n({i}) <- {i}")).collect();
    let steps = asp::derivation(&mut problem, "", &lines.join("\n")).steps;
    assert_eq!(check(&problem, steps), Err(Refusal::Limit));
}

/// Pigeons in holes: whoever shares a hole makes everything true, and a smaller
/// model would be a way to put them into holes of their own.
fn pigeons(pigeons: u32, holes: u32) -> Result<(), Refusal> {
    let mut text = String::new();
    let mut lines = vec![
        "in(0,0) <- 0".to_owned(),
        "in(1,0) <- 1".to_owned(),
        format!("top <- {pigeons}"),
    ];
    for p in 0..pigeons {
        let heads: Vec<String> = (0..holes).map(|h| format!("in({p},{h})")).collect();
        text += &format!("{} | top.\n", heads.join(" | "));
    }
    text += "top :- in(0,0), in(1,0).\n";
    let mut rule = pigeons + 1;
    for p in 0..pigeons {
        for h in 0..holes {
            text += &format!("in({p},{h}) :- top.\n");
            if h > 0 || p > 1 {
                lines.push(format!("in({p},{h}) <- {rule}"));
            }
            rule += 1;
        }
    }
    text += "top :- in(P,H), in(Q,H), P < Q.\n";
    let mut problem = asp::program(&text);
    let steps = asp::derivation(&mut problem, "", &lines.join("\n")).steps;
    check(&problem, steps)
}

#[test]
fn a_smaller_model_is_searched_for_and_the_search_is_stopped() {
    assert_eq!(pigeons(4, 3), Ok(()));
    let smaller = Err(Refusal::Program(ProgramFault::NotMinimal { model: 0 }));
    assert_eq!(pigeons(4, 4), smaller);
    assert_eq!(pigeons(10, 9), Err(Refusal::Limit));
}

#[test]
fn bodies_of_very_many_literals_use_no_stack() {
    let body: Vec<&str> = vec!["q(X)"; 5_000];
    let mut problem = asp::program(&format!("q(1). p(X) :- {}.", body.join(", ")));
    let steps = asp::derivation(&mut problem, "", "q(1) <- 0\n p(1) <- 1 X=1").steps;
    assert_eq!(check(&problem, steps), Ok(()));
}

#[test]
fn long_chains_of_predicates_use_no_stack() {
    let mut text = String::from("p0.");
    for i in 0..3_000 {
        text += &format!(" p{} :- p{i}.", i + 1);
    }
    let mut problem = asp::program(&text);
    let lines: Vec<String> = (0..=3_000).map(|i| format!("p{i} <- {i}")).collect();
    let mut steps = asp::derivation(&mut problem, "", &lines.join("\n")).steps;
    assert_eq!(check(&problem, steps.clone()), Ok(()));
    steps.reverse();
    assert!(matches!(check(&problem, steps), Err(Refusal::Program(_))));
}

/// An atom of a predicate with one name, but another sign or arity, is another.
#[test]
fn atoms_of_namesakes_are_not_taken_for_each_other() {
    let mut problem = asp::program("p(1). q :- -p(1). q :- p(1,1). q :- not p(1).");
    for rule in 1..4 {
        let lines = format!("p(1) <- 0\n q <- {rule}");
        let steps = asp::derivation(&mut problem, "", &lines).steps;
        assert!(matches!(check(&problem, steps), Err(Refusal::Program(_))));
    }
    // Two predicates that cannot be told apart would hide a clash.
    let twin = problem.predicates[0].clone();
    problem.predicates.push(twin);
    let refused = check(&problem, Vec::new());
    assert!(matches!(
        refused,
        Err(Refusal::Unchecked(NotCheckable::Malformed { .. }))
    ));
}

/// `1`, `"1"` and `'1'` print much alike and are different values.
#[test]
fn values_of_different_kinds_are_different() {
    let problem = asp::program("p(X) :- q(X). q(1).");
    let kinds = [
        Value::Text("1".into()),
        Value::Constant("1".into()),
        Value::Function("1".into(), Vec::new().into()),
        Value::Infimum,
        Value::Int(i64::MAX),
    ];
    for value in kinds {
        let mut steps = vec![step(1, &value), step(0, &value)];
        steps[0].atom.predicate = PredicateId(1);
        steps[0].binding = Vec::new().into();
        let refused = check(&problem, steps);
        assert!(matches!(
            refused,
            Err(Refusal::Program(ProgramFault::Step { step: 0, .. }))
        ));
    }
}

/// What an earlier model had must not be left over for a later one.
#[test]
fn models_do_not_lend_each_other_atoms() {
    let mut problem = asp::program("{ a ; b }. c :- a. d(X) :- e(X). { e(1) }.");
    let texts = [
        "a <- 0.0\n c <- 1\n e(1) <- 3\n d(1) <- 2 X=1",
        "c <- 1",
        "d(1) <- 2 X=1",
        "a <- 0",
    ];
    let models: Vec<StableModel> = texts
        .iter()
        .map(|text| StableModel {
            derivation: asp::derivation(&mut problem, "", text),
            cost: Vec::new(),
        })
        .collect();
    for second in 1..texts.len() {
        let outcome = Outcome::sat(Witness::Models(Answers {
            models: vec![models[0].clone(), models[second].clone()],
            complete: false,
            optimal: false,
        }));
        let refused = check_program(&problem, &ALL, &outcome, &LIMITS);
        assert!(matches!(refused, Err(Refusal::Program(_))), "{second}");
    }
}

/// Garbage of every kind, none of which may panic.
#[test]
fn random_evidence_does_no_harm() {
    let mut state = 7_u64;
    let mut below = |n: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(99);
        (state >> 33) % n
    };
    let mut problem = asp::program(
        "p(1). q(X+1,Y) :- p(X), p(Y), not r(X). r(X) :- q(X,Y), X < 9, #sum{ Z : p(Z) } > X.
         { s(X) : p(X) ; t } <= 2 :- p(Y). u(X) | v(X) :- p(X). :- v(X), X = 1..3. -t :- t.",
    );
    let goal = asp::goal(&mut problem, "p(X), not r(X)");
    let pool: Vec<Value> = [
        "1",
        "2",
        "a",
        "f(1,f(2,3))",
        "#sup",
        "9223372036854775807",
        "\"x\"",
    ]
    .iter()
    .map(|t| t.parse().unwrap())
    .collect();
    let mut accepted = 0;
    for _ in 0..20_000 {
        let mut steps = Vec::new();
        for _ in 0..below(6) {
            let arity = below(4) as usize;
            let mut value = || pool[below(pool.len() as u64) as usize].clone();
            let arguments: Vec<Value> = (0..arity).map(|_| value()).collect();
            let binding: Vec<Option<Value>> = (0..arity).map(|_| Some(value())).collect();
            let any = |n: u64, odd: u64| if odd == 0 { u32::MAX } else { n as u32 };
            steps.push(Step {
                atom: GroundAtom {
                    predicate: PredicateId(any(below(10), below(20))),
                    arguments: arguments.into(),
                },
                rule: any(below(9), below(20)),
                element: any(below(3), below(20)),
                binding: binding.into(),
            });
        }
        let closed = (0..below(4))
            .map(|_| PredicateId(below(11) as u32))
            .collect();
        let derivation = Derivation { steps, closed };
        let binding: Vec<Option<Value>> = (0..below(3))
            .map(|_| (below(4) > 0).then(|| pool[below(pool.len() as u64) as usize].clone()))
            .collect();
        let query = Query::Instances {
            goal: goal.clone(),
            limit: None,
        };
        let outcome = Outcome::sat(Witness::Instances(Bindings {
            rows: vec![Row { binding }],
            derivation: derivation.clone(),
            complete: below(2) == 0,
        }));
        accepted += usize::from(check_program(&problem, &query, &outcome, &LIMITS).is_ok());
        let _ = check(&problem, derivation.steps);
    }
    // In no case does the goal hold without q and r being closed.
    assert_eq!(accepted, 0);
}

/// How many steps a second are followed; run by hand, in release.
#[test]
#[ignore = "measures"]
fn speed() {
    let n: u32 = std::env::var("STEPS").map_or(200_000, |s| s.parse().unwrap());
    let limits = Limits {
        steps: std::env::var("LIMIT").map_or(u64::MAX, |s| s.parse().unwrap()),
    };
    let text = format!(
        "n(0). n(X+1) :- n(X), X < {n}. even(X) :- n(X), X \\ 2 = 0, not odd(X). odd(X) :- n(X), X \\ 2 = 1.
         pair(X,Y) :- n(X), n(Y), Y = X + 1."
    );
    let mut problem = asp::program(&text);
    let ids: Vec<PredicateId> = ["n(0)", "odd(0)", "even(0)", "pair(0,0)"]
        .iter()
        .map(|t| asp::atom(&mut problem, t).predicate)
        .collect();
    let mut steps = Vec::new();
    let mut add = |predicate: PredicateId, arguments: &[i64], rule: u32, binding: &[i64]| {
        let arguments: Arc<[Value]> = arguments.iter().map(|&n| Value::Int(n)).collect();
        let atom = GroundAtom {
            predicate,
            arguments,
        };
        let binding = binding.iter().map(|&n| Some(Value::Int(n))).collect();
        let element = 0;
        steps.push(Step {
            atom,
            rule,
            element,
            binding,
        });
    };
    add(ids[0], &[0], 0, &[]);
    for i in 0..i64::from(n) {
        add(ids[0], &[i + 1], 1, &[i]);
        add(ids[3], &[i, i + 1], 4, &[i, i + 1]);
    }
    for i in 0..=i64::from(n) {
        let (predicate, rule) = if i % 2 == 0 { (ids[2], 2) } else { (ids[1], 3) };
        add(predicate, &[i], rule, &[i]);
    }
    let count = steps.len();
    let outcome = Outcome::sat(Witness::Models(Answers {
        models: vec![StableModel {
            derivation: Derivation {
                steps,
                closed: Vec::new(),
            },
            cost: Vec::new(),
        }],
        complete: true,
        optimal: true,
    }));
    let start = std::time::Instant::now();
    let receipt = check_program(&problem, &ALL, &outcome, &limits).unwrap();
    let time = start.elapsed();
    eprintln!(
        "{count} steps in {time:?}: {:.0} steps/s",
        count as f64 / time.as_secs_f64()
    );
    assert!(receipt.shows_all());
}

/// A text that is shared is read again each time that it occurs.
#[test]
fn long_texts_are_charged_for() {
    let problem = asp::program("p(X) :- q(X). q(a).");
    let long = Value::Text("x".repeat(1 << 22).into());
    let different = |i| function(vec![long.clone(), Value::Int(i)]);
    let steps = (0..100).map(|i| step(0, &different(i))).collect();
    assert_eq!(check(&problem, steps), Err(Refusal::Limit));
}

#[test]
fn terms_of_rules_may_nest_deep() {
    let mut problem = asp::program("q(1). p(X) :- q(X).");
    let mut term = Term::Variable(VarId(0));
    for _ in 0..380 {
        term = Term::Arithmetic(ArithmeticOp::Negate, vec![term]);
    }
    if let Literal::Atom(_, atom) = &mut problem.rules[1].body[0] {
        atom.arguments = vec![term];
    }
    let steps = asp::derivation(&mut problem, "", "q(1) <- 0\n p(1) <- 1 X=1").steps;
    assert_eq!(check(&problem, steps), Ok(()));
    if let Literal::Atom(_, atom) = &mut problem.rules[1].body[0] {
        for _ in 0..100 {
            let inner = atom.arguments.remove(0);
            atom.arguments = vec![Term::Function("f".into(), vec![inner])];
        }
    }
    let refused = check(&problem, Vec::new());
    assert!(matches!(
        refused,
        Err(Refusal::Unchecked(NotCheckable::Malformed { .. }))
    ));
}
