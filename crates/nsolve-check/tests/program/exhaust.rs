//! Whether there are other models, and cheaper ones: compared with all subsets
//! of the atoms on random programs.

use nsolve_backend::{Evidence, Outcome, StopReason, Verdict};
use nsolve_check::program::{NotCheckable, ProgramFault, Receipt, Shown};
use nsolve_check::{Limits, Refusal, check_program};
use nsolve_il::program::{
    Answers, Bindings, Derivation, Head, Problem, Program, Query, Row, StableModel, Term, Value,
    Witness,
};

use crate::asp;
use crate::random::{ATOMS, Rng, Set, all_hold, is_stable, steps};

fn ask(optimal: bool) -> Query {
    Query::Models {
        limit: None,
        optimal,
        assuming: Vec::new(),
    }
}

/// That there is no model, without evidence.
fn none() -> Outcome<Program> {
    Outcome {
        verdict: Verdict::Unsat,
        stop: StopReason::Completed,
        evidence: Evidence::None,
    }
}

fn model(problem: &Problem, m: Set) -> StableModel {
    StableModel {
        derivation: Derivation {
            steps: steps(problem, m).0,
            closed: Vec::new(),
        },
        cost: cost(problem, m),
    }
}

fn int(term: &Term) -> i64 {
    match term {
        Term::Value(Value::Int(n)) => *n,
        other => panic!("{other:?}"),
    }
}

/// What a set costs, highest level first.
fn cost(problem: &Problem, m: Set) -> Vec<(i64, i64)> {
    let mut seen = Vec::new();
    let mut levels = std::collections::BTreeMap::new();
    for rule in &problem.rules {
        let Head::Cost(cost) = &rule.head else {
            continue;
        };
        if all_hold(&rule.body, m, m) && !seen.contains(&cost) {
            seen.push(cost);
            *levels.entry(int(&cost.level)).or_insert(0) += int(&cost.weight);
        }
    }
    let costs = levels.into_iter().rev();
    costs.filter(|(_, c)| *c != 0).collect()
}

/// The value by which costs of two levels are compared.
fn rank(problem: &Problem, m: Set) -> (i64, i64) {
    let costs = cost(problem, m);
    let at = |level| costs.iter().find(|(l, _)| *l == level).map_or(0, |c| c.1);
    (at(2), at(1))
}

fn check(
    problem: &Problem,
    models: &[Set],
    optimal: bool,
    complete: bool,
) -> Result<Receipt, Refusal> {
    let outcome = Outcome::sat(Witness::Models(Answers {
        models: models.iter().map(|&m| model(problem, m)).collect(),
        complete,
        optimal,
    }));
    check_program(problem, &ask(optimal), &outcome, &Limits::default())
}

/// A program whose aggregates do not depend on their rule's head.
fn random(rng: &mut Rng) -> (String, Problem) {
    loop {
        let mut text = rng.program();
        for _ in 0..rng.below(4) {
            let weight = [-2, -1, 1, 2, 3][rng.below(5) as usize];
            let level = 1 + rng.below(2);
            let (a, b) = (rng.literal(), rng.literal());
            let tuple = ["x", "y"][rng.below(2) as usize];
            text += &format!(" :~ {a}, {b}. [{weight}@{level}, {tuple}]");
        }
        let mut problem = asp::program(&text);
        for name in ATOMS {
            asp::atom(&mut problem, name);
        }
        let found = check_program(&problem, &ask(false), &none(), &Limits::default());
        let recursive = |r: &Refusal| {
            matches!(
                r,
                Refusal::Unchecked(NotCheckable::RecursiveAggregate { .. })
            )
        };
        if !found.as_ref().is_err_and(recursive) {
            return (text, problem);
        }
    }
}

#[test]
fn a_search_agrees_with_the_definition_on_random_programs() {
    let programs = std::env::var("NSOLVE_PROGRAMS").ok();
    let programs = programs.and_then(|n| n.parse().ok()).unwrap_or(4_000);
    let mut rng = Rng(4711);
    let (mut empty, mut several, mut dearer, mut certain) = (0, 0, 0, 0);
    for _ in 0..programs {
        let (text, mut problem) = random(&mut rng);
        let sets = 0..1 << ATOMS.len();
        let models: Vec<Set> = sets.filter(|&m| is_stable(&problem, m)).collect();
        let unsat = check_program(&problem, &ask(false), &none(), &Limits::default());
        if models.is_empty() {
            let receipt = unsat.unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!(receipt.shown(), Shown::NoModel);
            empty += 1;
            continue;
        }
        let another = Err(Refusal::Program(ProgramFault::Another));
        assert_eq!(unsat, another, "{text}");
        let literal = rng.literal();
        let goal = asp::goal(&mut problem, &literal);
        let ever = models.iter().any(|&m| !all_hold(&goal.body, m, m));
        let always = Query::Models {
            limit: Some(1),
            optimal: false,
            assuming: vec![goal],
        };
        let unsat = check_program(&problem, &always, &none(), &Limits::default());
        assert_eq!(unsat.is_err(), ever, "{text}: always {literal}");
        certain += usize::from(!ever);
        let receipt = check(&problem, &models, false, true);
        let receipt = receipt.unwrap_or_else(|e| panic!("{text}: {e}"));
        assert!(receipt.shows_all(), "{text}: {models:?}");
        if models.len() > 1 {
            let left_out = rng.below(models.len() as u64) as usize;
            let mut fewer = models.clone();
            fewer.remove(left_out);
            assert_eq!(check(&problem, &fewer, false, true), another, "{text}");
            several += 1;
        }
        dearer += costs(&text, &problem, &models);
    }
    assert!(certain > 400, "{certain} with what always holds only");
    assert!(empty > 400, "{empty} without a model only");
    assert!(several > 400, "{several} with several models only");
    assert!(
        dearer > 100,
        "{dearer} with models that are not optimal only"
    );
}

/// Claims about the lowest cost, right and wrong; 1 where some models cost more.
fn costs(text: &str, problem: &Problem, models: &[Set]) -> usize {
    let least = models.iter().map(|&m| rank(problem, m)).min();
    let (best, rest): (Vec<Set>, Vec<Set>) = models
        .iter()
        .partition(|&&m| Some(rank(problem, m)) == least);
    let all = check(problem, &best, true, true);
    let all = all.unwrap_or_else(|e| panic!("{text}: {e}"));
    assert!(all.shows_all() && all.shows_optimum(), "{text}: {best:?}");
    let one = check(problem, &best[..1], true, false);
    assert!(one.unwrap().shows_optimum(), "{text}: {best:?}");
    if best.len() > 1 {
        let found = check(problem, &best[1..], true, true);
        let another = Err(Refusal::Program(ProgramFault::Another));
        assert_eq!(found, another, "{text}: {best:?}");
    }
    for &dear in rest.iter().take(1) {
        let cheaper = Err(Refusal::Program(ProgramFault::Cheaper));
        assert_eq!(check(problem, &[dear], true, false), cheaper, "{text}");
        let found = check(problem, &[dear], true, true);
        assert!(found.is_err_and(|e| e.is_failure()), "{text}: {dear:b}");
    }
    usize::from(!rest.is_empty())
}

/// Whether it is shown that a program has no model.
fn has_none(text: &str) -> Result<(), Refusal> {
    let problem = asp::program(text);
    let found = check_program(&problem, &ask(false), &none(), &Limits::default());
    found.map(|receipt| assert_eq!(receipt.shown(), Shown::NoModel))
}

#[test]
fn programs_without_a_model() {
    for text in [
        // A pigeon too many.
        "p(X) :- X = 1..5. h(X) :- X = 1..4. { in(P,H) : h(H) } = 1 :- p(P). \
         :- in(P,H), in(Q,H), P < Q.",
        // An odd circle through `not`.
        "a :- not b. b :- not c. c :- not a.",
        // Only each other.
        "d(X) :- X = 1..3. { e(X) : d(X) }. r(X) :- e(X). a :- b. b :- a. :- not a.",
        // What is reached over chosen edges, on a graph in two parts.
        "e(1,2). e(2,3). e(3,1). e(4,5). e(5,4). n(X) :- X = 1..5. { on(X,Y) : e(X,Y) }. \
         r(1). r(Y) :- r(X), on(X,Y). :- n(X), not r(X).",
        // No sum of these.
        "w(3). w(6). w(9). { in(W) : w(W) }. s(S) :- S = #sum { W : in(W) }. ok :- s(7). \
         :- not ok.",
        "{ a ; b }. :- #count{ 1 : a ; 2 : b } >= 1. :- #sum { 1 : a ; 1 : b } = 0.",
        "{ a ; b }. m(M) :- M = #min { 1 : a ; 2 : b }. :- m(1). :- m(2). :- not m(1), not m(2).",
        // Both an atom and its stated negation.
        "{ a }. b :- a. -b :- a. c :- not a. -c :- not a.",
        // No disjunct may be.
        "a | b. :- a. :- b.",
        "a | b. a :- b. b :- a. :- a, b.",
    ] {
        assert_eq!(has_none(text), Ok(()), "{text}");
    }
}

#[test]
fn programs_with_a_model_are_not_said_to_have_none() {
    for text in [
        "p(X) :- X = 1..4. h(X) :- X = 1..4. { in(P,H) : h(H) } = 1 :- p(P). \
         :- in(P,H), in(Q,H), P < Q.",
        "a :- not b. b :- not a.",
        "e(1,2). e(2,3). e(3,1). n(X) :- X = 1..3. { on(X,Y) : e(X,Y) }. \
         r(1). r(Y) :- r(X), on(X,Y). :- n(X), not r(X).",
        "w(3). w(6). w(9). { in(W) : w(W) }. s(S) :- S = #sum { W : in(W) }. ok :- s(15). \
         :- not ok.",
        "{ a ; b }. m(M) :- M = #max { 1 : a ; 2 : b }. :- m(1). :- m(2).",
        "a | b. a :- b. b :- a.",
        "p(X-1) :- q(X). q(3). { r(X) : p(X) }. :- not r(2).",
    ] {
        let another = Err(Refusal::Program(ProgramFault::Another));
        assert_eq!(has_none(text), another, "{text}");
    }
}

#[test]
fn a_search_that_comes_to_no_end_shows_nothing() {
    // Terms grow as long as they may.
    let text = "n(0). n(s(X)) :- n(X). { c(X) : n(X) }. :- not c(0). :- c(0).";
    assert_eq!(has_none(text), Err(Refusal::NoEvidence));
    // More steps than there are.
    let problem = asp::program(
        "p(X) :- X = 1..12. h(X) :- X = 1..11. { in(P,H) : h(H) } = 1 :- p(P). \
         :- in(P,H), in(Q,H), P < Q.",
    );
    let limits = Limits { steps: 100_000 };
    let found = check_program(&problem, &ask(false), &none(), &limits);
    assert_eq!(found, Err(Refusal::NoEvidence));
}

#[test]
fn a_goal_without_a_row_is_shown_by_running_the_rules_that_it_needs() {
    let text = "e(1,2). e(2,3). e(3,4). r(X,Y) :- e(X,Y). r(X,Z) :- r(X,Y), e(Y,Z). \
                s(X) :- e(X,Y), not r(Y,1). n(0). n(s(X)) :- n(X). a :- not b. b :- not a.";
    let ask = |goal: &str| {
        let mut problem = asp::program(text);
        let goal = asp::goal(&mut problem, goal);
        let query = Query::Instances { goal, limit: None };
        let found = check_program(&problem, &query, &none(), &Limits::default());
        found.map(|receipt| receipt.shown())
    };
    for empty in ["r(4,X)", "r(X,X)", "s(4)", "r(X,Y), X = Y+1"] {
        assert_eq!(ask(empty), Ok(Shown::NoInstance), "{empty}");
    }
    for row in ["r(1,4)", "s(3)", "r(X,Y), Y = X+3"] {
        let more = Err(Refusal::Program(ProgramFault::MoreRows));
        assert_eq!(ask(row), more, "{row}");
    }
    // Models differ, or the search comes to no end.
    for open in ["a", "a, e(4,1)", "n(1)"] {
        assert_eq!(ask(open), Err(Refusal::NoEvidence), "{open}");
    }
}

/// A goal's rows as they are told, to be found again.
fn rows(text: &str, goal: &str, rows: &[&str], steps: &str) -> Result<Shown, Refusal> {
    let mut problem = asp::program(text);
    let goal = asp::goal(&mut problem, goal);
    let row = |text: &&str| Row {
        binding: asp::binding(&goal.variables, text),
    };
    let outcome = match rows {
        [] => none(),
        rows => Outcome::sat(Witness::Instances(Bindings {
            rows: rows.iter().map(row).collect(),
            derivation: asp::derivation(&mut problem, "", steps),
            complete: true,
        })),
    };
    let query = Query::Instances { goal, limit: None };
    let found = check_program(&problem, &query, &outcome, &Limits::default());
    found.map(|receipt| receipt.shown())
}

#[test]
fn rules_that_cannot_be_run_forward_are_searched_backward() {
    let text = "app(nil,L,L). app(c(X,L),M,c(X,N)) :- app(L,M,N). in(X,c(X,L)). \
                in(X,c(Y,L)) :- in(X,L). size(nil,0). size(c(X,L),N) :- size(L,M), N = M+1. \
                far(X) :- in(Y,c(a,c(b,nil))), X = f(Y), not near(X). \
                up(X) :- X > 3. odd(X) :- odd(X). odd(nil).";
    let none = |goal| rows(text, goal, &[], "");
    for empty in [
        "in(d,c(a,c(b,nil)))",
        "app(c(a,X),Y,c(b,nil))",
        "X = nil, size(c(a,c(b,X)),1)",
        "app(X,Y,c(a,nil)), in(b,X)",
        "X = f(X), in(X,nil)",
        "odd(c(a,nil))",
    ] {
        assert_eq!(none(empty), Ok(Shown::NoInstance), "{empty}");
    }
    for row in [
        "in(b,c(a,c(b,nil)))",
        "size(c(a,nil),N)",
        "app(X,X,c(a,c(a,nil)))",
    ] {
        let more = Err(Refusal::Program(ProgramFault::MoreRows));
        assert_eq!(none(row), more, "{row}");
    }
    // A tree without an end, rows with variables, `not`, and nothing to decide.
    for open in ["in(b,X)", "app(nil,X,Y)", "far(X)", "up(X)"] {
        assert_eq!(none(open), Err(Refusal::NoEvidence), "{open}");
    }
    let steps = "app(nil,c(a,nil),c(a,nil)) <- 0 L=c(a,nil)\n app(nil,nil,nil) <- 0 L=nil\n \
                 app(c(a,nil),nil,c(a,nil)) <- 1 X=a L=nil M=nil N=nil";
    let both = ["X=nil Y=c(a,nil)", "X=c(a,nil) Y=nil"];
    let goal = "app(X,Y,c(a,nil))";
    let all = Shown::Instances { rows: 2, all: true };
    assert_eq!(rows(text, goal, &both, steps), Ok(all));
    let one = rows(text, goal, &both[1..], steps);
    assert_eq!(one, Err(Refusal::Program(ProgramFault::MoreRows)));
}
