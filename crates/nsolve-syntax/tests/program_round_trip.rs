//! What is printed is read back as the same program, up to places and the
//! numbers and names of variables and predicates.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::collections::HashMap;

use nsolve_il::program::{
    Atom, Goal, Head, Literal, Predicate, Problem, Rule, Show, Term, Value, VarId, validate,
};
use nsolve_source::{SourceText, has_errors};
use nsolve_syntax::program::arbitrary::problem;
use nsolve_syntax::program::{
    Dialect, print, print_goal, print_instance, print_rule, read, read_atom, read_goal,
};

fn read_back(text: &str) -> Problem {
    let source = SourceText::new("printed", text).unwrap();
    let (problem, diagnostics) = read(&source, Dialect::Asp);
    assert!(!has_errors(&diagnostics), "{text}\n{diagnostics:#?}");
    problem.unwrap()
}

/// A rule with its variables numbered as they occur and its predicates named.
fn normal(problem: &Problem, rule: &Rule) -> String {
    let mut numbers: HashMap<VarId, usize> = HashMap::new();
    let mut see = |t: &Term| {
        if let Term::Variable(v) = t {
            let next = numbers.len();
            numbers.entry(*v).or_insert(next);
        }
    };
    rule.each_term(&mut see);
    let name = |atom: &Atom| {
        let predicate = problem.predicate(atom.predicate).unwrap();
        format!("{predicate} {:?}", predicate.types)
    };
    let mut predicates: Vec<String> = rule.head.atoms().map(name).collect();
    rule.each_literal(&mut |l| predicates.extend(l.as_atom().map(|(_, a)| name(a))));
    // The shape, with variables as numbers and predicates left out.
    let mut shape = format!("{:?} :- {:?}", rule.head, rule.body);
    let mut out = String::new();
    let marks = |s: &str| {
        ["VarId(", "PredicateId("]
            .iter()
            .filter_map(|m| s.find(m))
            .min()
    };
    while let Some(at) = marks(&shape) {
        let open = at + shape[at..].find('(').unwrap() + 1;
        let close = open + shape[open..].find(')').unwrap();
        out.push_str(&shape[..at]);
        if shape[at..].starts_with("VarId") {
            let id = VarId(shape[open..close].parse().unwrap());
            out.push_str(&format!("V{}", numbers[&id]));
        }
        shape = shape[close + 1..].to_owned();
    }
    format!("{out}{shape} {predicates:?} {:?}", rule.sentence)
}

fn as_rule(goal: &Goal) -> Rule {
    Rule {
        head: Head::Never,
        body: goal.body.clone(),
        variables: goal.variables.clone(),
        sentence: goal.sentence.clone(),
        span: None,
    }
}

fn compare(a: &Problem, b: &Problem, text: &str) {
    assert_eq!(
        (a.meaning, a.depth, &a.types),
        (b.meaning, b.depth, &b.types),
        "{text}"
    );
    assert_eq!(a.rules.len(), b.rules.len(), "{text}");
    for (x, y) in a.rules.iter().zip(&b.rules) {
        assert_eq!(normal(a, x), normal(b, y), "{text}");
    }
    let goal = |p: &Problem| p.goal.as_ref().map(|g| normal(p, &as_rule(g)));
    assert_eq!(goal(a), goal(b), "{text}");
    let shown = |p: &Problem| match &p.show {
        Show::All => None,
        Show::Only(list) => Some(
            list.iter()
                .map(|i| p.predicate(*i).unwrap().to_string())
                .collect::<Vec<_>>(),
        ),
    };
    assert_eq!(shown(a), shown(b), "{text}");
    // A stated negation that nothing names has the types of its opposite.
    let declared = |p: &&Predicate| p.meaning.is_some() || (p.types.is_some() && !p.denied);
    for predicate in a.predicates.iter().filter(declared) {
        let id = b
            .find(&predicate.name, predicate.arity as usize, predicate.denied)
            .unwrap();
        assert_eq!(b.predicate(id), Some(predicate), "{text}");
    }
}

#[test]
fn random_programs_are_read_back() {
    for seed in 0..2_000 {
        let made = problem(seed);
        validate(&made).unwrap_or_else(|fault| panic!("{seed}: {fault}\n{}", print(&made)));
        let text = print(&made);
        let again = read_back(&text);
        compare(&made, &again, &format!("seed {seed}\n{text}"));
        assert_eq!(print(&again), text);
    }
}

#[test]
fn goals_are_read_back() {
    for seed in 0..500 {
        let mut made = problem(seed);
        let Some(goal) = made.goal.clone() else {
            continue;
        };
        let text = print_goal(&made, &goal);
        let source = SourceText::new("goal", &text).unwrap();
        let (again, diagnostics) = read_goal(&source, &mut made);
        assert!(!has_errors(&diagnostics), "{text}\n{diagnostics:?}");
        assert_eq!(
            normal(&made, &as_rule(&again.unwrap())),
            normal(&made, &as_rule(&goal)),
            "{text}"
        );
    }
}

#[test]
fn goals_are_read_with_any_signs_around_them() {
    let mut problem = read_back("parent(ann, bob).");
    for text in [
        "ancestor(X, tom)",
        "ancestor(X, tom)?",
        "ancestor(X, tom).",
        "?- ancestor(X, tom).",
        " ?-ancestor(X, tom)? ",
    ] {
        let source = SourceText::new("--query", text).unwrap();
        let (goal, diagnostics) = read_goal(&source, &mut problem);
        assert!(diagnostics.is_empty(), "{text}: {diagnostics:?}");
        assert_eq!(print_goal(&problem, &goal.unwrap()), "ancestor(X, tom)");
    }
    assert_eq!(problem.predicates.len(), 2);
    for (text, said) in [
        ("", "this is no goal"),
        ("p(X), not q(Y)", "no positive literal binds `Y`"),
        ("p(a). q(b).", "more than one goal"),
        (
            "p(a) q(b)",
            "expected `,` or the end of the goal, found `q`",
        ),
        ("p(a", "expected `)`"),
    ] {
        let source = SourceText::new("--query", text).unwrap();
        let (goal, diagnostics) = read_goal(&source, &mut problem);
        assert!(goal.is_none(), "{text}");
        let all: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
        assert!(all.iter().any(|d| d.contains(said)), "{text}: {all:?}");
    }
}

#[test]
fn atoms_are_read_without_variables() {
    let mut problem = Problem::new();
    let mut atom = |text: &str| {
        let source = SourceText::new("--why", text).unwrap();
        let (atom, diagnostics) = read_atom(&source, &mut problem);
        let shown = atom.map(|a| problem.show_atom(&a).to_string());
        shown.ok_or_else(|| {
            diagnostics
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(
        atom("p(a, -3, \"b\", [c|d], (1,2)).").unwrap(),
        "p(a,-3,\"b\",[c|d],(1,2))"
    );
    assert_eq!(atom("-p").unwrap(), "-p");
    for text in ["p(X)", "not p", "p, q", "1 < 2", ""] {
        assert!(!atom(text).unwrap_err().is_empty(), "{text}");
    }
}

#[test]
fn instances_have_values_in_the_place_of_variables() {
    let problem = read_back(
        "path(X, Z) :- path(X, Y), edge(Y, Z), Z < X + 1, not #count{ W : edge(W, X) } > 2.",
    );
    let rule = &problem.rules[0];
    let int = |n| Some(Value::Int(n));
    // X, Z, Y, W in the order of their numbers.
    let mut binding = vec![None; rule.variables.len()];
    for (i, name) in rule.variables.iter().enumerate() {
        binding[i] = match &**name {
            "X" => int(-2),
            "Y" => Some(Value::Constant("Tom".into())),
            _ => None,
        };
    }
    assert_eq!(
        print_instance(&problem, rule, &binding),
        "path(-2, Z) :- path(-2, 'Tom'), edge('Tom', Z), Z < (-2)+1, not #count{ W : edge(W, -2) } > 2."
    );
    assert!(print_rule(&problem, rule).starts_with("path(X, Z) :- path(X, Y)"));
    assert!(matches!(rule.body[0], Literal::Atom(..)));
}

/// Found by fuzzing: a Prolog goal that nothing binds was printed as a query
/// that is refused.
#[test]
fn an_unsafe_goal_is_printed_as_one() {
    let source = SourceText::new("found.pl", "cat(tom).\n?- cat(tom), X \\= tom.\n").unwrap();
    let (problem, _) = read(&source, Dialect::Prolog);
    let printed = print(&problem.unwrap());
    assert!(printed.contains("#unsafe."), "{printed}");
    assert_eq!(print(&read_back(&printed)), printed);
}
