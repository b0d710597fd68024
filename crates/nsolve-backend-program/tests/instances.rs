//! Goals of programs that have one model: what is answered, and with what.

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

use notation::{read, verify};
use nsolve_backend::{Backend, Budget, Evidence, Outcome, SolveCx, StopReason, Verdict};
use nsolve_backend_program::ProgramBackend;
use nsolve_il::program::*;

fn cx() -> SolveCx {
    SolveCx::new(Budget {
        time: Some(Duration::from_secs(20)),
        ..Budget::default()
    })
}

fn ask(text: &str, limit: Option<usize>) -> (Arc<Problem>, Outcome<Program>) {
    let problem = Arc::new(read(text));
    let goal = problem.goal.clone().expect("the text has a goal");
    let query = Query::Instances { goal, limit };
    let outcome = ProgramBackend.solve(&problem, &query, &cx()).unwrap();
    verify(&problem, &query, &outcome);
    (problem, outcome)
}

fn bindings(outcome: &Outcome<Program>) -> &Bindings {
    match &outcome.evidence {
        Evidence::Model(Witness::Instances(bindings)) => bindings,
        other => panic!("{:?}: {other:?}", outcome.stop),
    }
}

/// All rows as text, sorted; checks what can be told of steps without the
/// checker.
fn rows(text: &str) -> Vec<String> {
    let (problem, outcome) = ask(text, None);
    if outcome.verdict == Verdict::Unsat {
        return Vec::new();
    }
    let bindings = bindings(&outcome);
    assert!(bindings.complete, "{text}");
    in_order(&problem, &bindings.derivation);
    let goal = problem.goal.as_ref().unwrap();
    let mut out: Vec<String> = bindings
        .rows
        .iter()
        .map(|row| {
            let pairs = row.binding.iter().zip(&goal.variables);
            let shown = pairs.filter(|(_, name)| &***name != "_");
            let shown = shown.filter_map(|(v, name)| Some(format!("{name}={}", v.as_ref()?)));
            shown.collect::<Vec<_>>().join(" ")
        })
        .collect();
    out.sort();
    out
}

/// Each step's positive atoms are given by steps before it.
fn in_order(problem: &Problem, derivation: &Derivation) {
    let mut given: BTreeSet<GroundAtom> = BTreeSet::new();
    for step in &derivation.steps {
        let rule = &problem.rules[step.rule as usize];
        for literal in &rule.body {
            let Literal::Atom(Sign::Positive, atom) = literal else {
                continue;
            };
            let simple = atom.arguments.iter().map(|t| match t {
                Term::Variable(v) => step.binding[v.index()].clone(),
                Term::Value(v) => Some(v.clone()),
                _ => None,
            });
            let simple: Option<Vec<Value>> = simple.collect();
            if let Some(arguments) = simple {
                let atom = GroundAtom {
                    predicate: atom.predicate,
                    arguments: arguments.into(),
                };
                assert!(given.contains(&atom), "{}", problem.show_atom(&atom));
            }
        }
        assert!(given.insert(step.atom.clone()), "an atom is given twice");
    }
}

#[test]
fn goals_have_the_instances_that_follow() {
    for (text, expected) in [
        (
            "edge(1..3,4). edge(4,5). path(X,Y) :- edge(X,Y). path(X,Z) :- path(X,Y), edge(Y,Z).
             path(X,5)?",
            vec!["X=1", "X=2", "X=3", "X=4"],
        ),
        (
            "parent(a,c). parent(b,c). parent(c,e). parent(d,e). parent(f,d).
             same(X,Y) :- parent(X,P), parent(Y,P).
             same(X,Y) :- parent(X,P), same(P,Q), parent(Y,Q).
             same(f,X)?",
            vec!["X=a", "X=b", "X=f"],
        ),
        (
            "node(1..4). edge(1,2). edge(2,3). reach(1). reach(Y) :- reach(X), edge(X,Y).
             lost(X) :- node(X), not reach(X). lost(X)?",
            vec!["X=4"],
        ),
        (
            "w(a,3). w(b,5). w(c,3). all(N,S,L,H) :- N = #count{X : w(X,_)}, S = #sum{W,X : w(X,W)},
             L = #min{W : w(_,W)}, H = #max{W : w(_,W)}. all(N,S,L,H)?",
            vec!["N=3 S=11 L=3 H=5"],
        ),
        (
            "p(a). p(b). few :- #count{X : p(X)} < 3. many :- not #count{X : p(X)} < 2.
             both :- few, many. both?",
            vec![""],
        ),
        ("none(S) :- S = #sum{X : q(X)}. q(a). none(S)?", vec!["S=0"]),
        ("top(M) :- M = #min{X : q(X)}. top(M)?", vec!["M=#sup"]),
        ("p(3). p(7). q(X) :- p(X+1). q(X)?", vec!["X=2", "X=6"]),
        ("p(3). q(X) :- p(10-X). q(X)?", vec!["X=7"]),
        ("p(-3). q(X) :- p(-X). q(X)?", vec!["X=3"]),
        ("p(f(3,4)). q(X,Y) :- p(f(X,Y+X)). q(X,Y)?", vec!["X=3 Y=1"]),
        ("n(0). n(X+1) :- n(X), X < 5. n(X)?", vec!["X=0", "X=1", "X=2", "X=3", "X=4", "X=5"]),
        ("p(4). p(0). q(Y) :- p(X), Y = 8/X. q(Y)?", vec!["Y=2"]),
        ("p(X) :- X = 1..3. q(X,Y) :- p(X), p(Y), X < Y, Y != 2. q(X,Y)?", vec!["X=1 Y=3", "X=2 Y=3"]),
        ("p((1,2)). p((1,3)). q(X) :- p((1,X)). q(X)?", vec!["X=2", "X=3"]),
        ("p(1). p(a). p(f(1)). q(X) :- p(X), X > 1. q(X)?", vec!["X=a", "X=f(1)"]),
        (
            "q(X) :- X = 9223372036854775806..9223372036854775807. q(X)?",
            vec!["X=9223372036854775806", "X=9223372036854775807"],
        ),
        ("q(X) :- f(X) = 1..9000. q(X)?", vec![]),
        ("q(X) :- p(Y), X+Y = 1..3. p(2). q(X)?", vec!["X=-1", "X=0", "X=1"]),
        ("-p(1). p(2). q(X) :- -p(X). q(X)?", vec!["X=1"]),
    ] {
        assert_eq!(rows(text), expected, "{text}");
    }
}

#[test]
fn a_proposition_that_holds_has_one_instance() {
    assert_eq!(rows("p :- q, not r. q. p?"), [""]);
}

const LISTS: &str = "
    append([], L, L).
    append([H|T], L, [H|R]) :- append(T, L, R).
    member(X, [X|_]).
    member(X, [_|T]) :- member(X, T).
    reverse([], []).
    reverse([H|T], R) :- reverse(T, S), append(S, [H], R).
    length([], 0).
    length([_|T], N) :- length(T, M), N = M+1.
";

#[test]
fn magic_sets_run_programs_that_go_backwards() {
    for (goal, expected) in [
        ("append([1,2],[3],X)?", vec!["X=[1,2,3]"]),
        (
            "append(X,Y,[1,2])?",
            vec!["X=[1,2] Y=[]", "X=[1] Y=[2]", "X=[] Y=[1,2]"],
        ),
        ("member(X,[a,b])?", vec!["X=a", "X=b"]),
        ("reverse([1,2,3],X)?", vec!["X=[3,2,1]"]),
        ("length([a,b,c],N)?", vec!["N=3"]),
        ("member(c,[a,b])?", vec![]),
    ] {
        assert_eq!(rows(&format!("{LISTS}{goal}")), expected, "{goal}");
    }
}

/// There are a million and a half of paths; those from one node are few.
#[test]
fn a_bound_goal_is_answered_from_what_it_needs() {
    let text = "edge(X,Y) :- X = 1..30000, Y = X+1, X \\ 100 != 0.
        path(X,Y) :- path(X,Z), edge(Z,Y). path(X,Y) :- edge(X,Y). path(29050,X)?";
    let (_, outcome) = ask(text, None);
    let bindings = bindings(&outcome);
    assert_eq!(bindings.rows.len(), 50);
    assert_eq!(bindings.derivation.steps.len(), 100);
    assert_eq!(bindings.derivation.closed, []);
}

fn closed(text: &str) -> Vec<String> {
    let (problem, outcome) = ask(text, None);
    let closed = &bindings(&outcome).derivation.closed;
    let names = closed
        .iter()
        .map(|p| problem.predicate(*p).unwrap().to_string());
    names.collect()
}

#[test]
fn negation_closes_what_it_speaks_of_and_nothing_else() {
    let text = "in(X,[X|_]). in(X,[_|T]) :- in(X,T). b(2). c(5). d(X) :- b(X).
        e(X,L) :- in(X,L), not d(X).";
    assert_eq!(closed(&format!("{text} e(X,[1,2])?")), ["b/1", "d/1"]);
    assert_eq!(
        closed(&format!("{text} in(X,[1,2])?")),
        Vec::<String>::new()
    );
}

/// So that the checker sees for itself that there are no other instances.
#[test]
fn what_can_be_evaluated_whole_is_closed_where_it_is_small() {
    let text = "a(1..3). b(2). c(5). d(X) :- b(X). e(X) :- a(X), not d(X). e(X)?";
    assert_eq!(closed(text), ["a/1", "b/1", "d/1", "e/1"]);
}

#[test]
fn what_does_not_follow_is_shown_by_all_that_does() {
    let (_, outcome) = ask("p(1). q(X) :- p(X). r(9). q(2)?", None);
    match &outcome.evidence {
        Evidence::Certificate(Certificate::NoInstance { derivation }) => {
            assert_eq!(derivation.steps.len(), 2);
            assert_eq!(derivation.closed.len(), 2);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_limit_cuts_and_says_so() {
    let (_, outcome) = ask("p(1..10). p(X)?", Some(3));
    assert_eq!(bindings(&outcome).rows.len(), 3);
    assert!(!bindings(&outcome).complete);
    let (_, outcome) = ask("p(1..3). p(X)?", Some(3));
    assert!(bindings(&outcome).complete);
}

#[test]
fn limits_are_told_and_nothing_is_guessed() {
    let stop = |text: &str, budget: Budget| {
        let problem = Arc::new(read(text));
        let goal = problem.goal.clone().unwrap();
        let query = Query::Instances { goal, limit: None };
        let outcome = ProgramBackend
            .solve(&problem, &query, &SolveCx::new(budget))
            .unwrap();
        assert_eq!(outcome.verdict, Verdict::Unknown, "{text}");
        outcome.stop
    };
    let endless = "n(0). n(X+1) :- n(X). n(-1)?";
    let time = Some(Duration::from_millis(200));
    assert_eq!(
        stop(
            endless,
            Budget {
                time,
                ..Budget::default()
            }
        ),
        StopReason::Time
    );
    let memory = Some(1 << 20);
    assert_eq!(
        stop(
            endless,
            Budget {
                memory,
                ..Budget::default()
            }
        ),
        StopReason::Memory
    );
    let steps = Some(10_000);
    assert_eq!(
        stop(
            endless,
            Budget {
                steps,
                ..Budget::default()
            }
        ),
        StopReason::Steps
    );
    let overflow = "n(1). n(X*3) :- n(X). n(2)?";
    assert!(
        matches!(stop(overflow, Budget::default()), StopReason::Incomplete(why) if why.contains("64-bit overflow in rule 1"))
    );
    let deep = "#depth 20. n(z). n(s(X)) :- n(X). n(0)?";
    assert!(
        matches!(stop(deep, Budget::default()), StopReason::Incomplete(why) if why.contains("deeper than 20"))
    );
    let open = "p :- not q. q :- not p. p?";
    assert!(matches!(
        stop(open, Budget::default()),
        StopReason::Incomplete(_)
    ));
}

#[test]
fn what_follows_below_the_depth_is_answered_but_not_as_all_there_is() {
    let (_, outcome) = ask("#depth 20. n(z). n(s(X)) :- n(X). n(s(s(X)))?", None);
    let bindings = bindings(&outcome);
    assert_eq!(bindings.rows.len(), 19);
    assert!(!bindings.complete);
}
