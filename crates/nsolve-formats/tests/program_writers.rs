//! Programs written for clingo, Prolog and Soufflé.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

#[allow(dead_code, reason = "a reader of another crate's tests")]
#[path = "../../nsolve-check/tests/program/asp.rs"]
mod asp;

use std::time::Duration;

use nsolve_formats::program::{AspAtom, write_asp, write_asp_program, write_datalog, write_prolog};
use nsolve_il::program::{
    Atom, GroundAtom, Head, Predicate, PredicateId, Problem, Query, Rule, Show, Term, Value,
};
use nsolve_process::{Command, Limits, find};

const ALL: Query = Query::Models {
    limit: None,
    optimal: true,
    assuming: Vec::new(),
};

fn with_goal(program: &str, goal: &str) -> Problem {
    let mut problem = asp::program(program);
    problem.goal = Some(asp::goal(&mut problem, goal));
    problem
}

#[test]
fn each_construct_is_written_for_clingo() {
    for (program, expected) in [
        ("p(1,a). q.", "p(1,a).\nq.\n"),
        (
            "p(X) :- q(X), not r(X). -p(1).",
            "p(X) :- q(X), not r(X).\n-p(1).\n",
        ),
        ("a | b :- c.", "a | b :- c.\n"),
        (
            "{ a; b }. { p(X) : q(X) } = 1 :- r.",
            "{ a; b }.\n{ p(X) : q(X) } = 1 :- r.\n",
        ),
        ("{ a } >= 1 <= 2.", "1 <= { a } <= 2.\n"),
        (":- p(X), X != 3, X < 5.", ":- p(X), X != 3, X < 5.\n"),
        (":~ p(X). [X@2,a]", ":~ p(X). [X@2,a]\n"),
        ("p(X) :- X = 1..3.", "p(X) :- X = 1..3.\n"),
        ("p(X+1,-X) :- q(X).", "p(X+1,0-X) :- q(X).\n"),
        ("r(X) :- p(X-1), q(Y).", "r(X) :- p(X-1), q(Y).\n"),
        (
            "r(X) :- q(Y), p(f(X+Y)).",
            "r(X) :- q(Y), p(f(Z)), X = Z-Y.\n",
        ),
        ("r(X) :- p(Y), Y = 2+(X-1).", "r(X) :- p(Y), X = (Y-2)+1.\n"),
        (
            "r :- #count { X,Y : p(X,Y) } >= 2.",
            "r :- #count { X,Y : p(X,Y) } >= 2.\n",
        ),
        (
            "r(N) :- N = #sum { X : q(X) }.",
            "r(N) :- #sum { X : q(X) } = N.\n",
        ),
        ("p(-3). q(X**2) :- p(X).", "p(-3).\nq(X**2) :- p(X).\n"),
        ("#open. -p(1). p(1).", "neg_p(1).\np(1).\n"),
    ] {
        let problem = asp::program(program);
        let written = write_asp(&problem, &ALL).unwrap();
        assert_eq!(written.text, expected, "{program}");
    }
}

#[test]
fn a_goal_takes_its_rules_along_and_no_others() {
    let mut problem = asp::program("p(1). q(X) :- p(X). r(X) :- q(X). { s }. :- s. answer(2).");
    let goal = asp::goal(&mut problem, "q(X), answer(Y)");
    let query = Query::Instances { goal, limit: None };
    let written = write_asp(&problem, &query).unwrap();
    let expected = "p(1).\nq(X) :- p(X).\nanswer(2).\nanswer_2(X,Y) :- q(X), answer(Y).\n";
    assert_eq!(written.text, expected);
    let AspAtom::Row(row) = written.read("answer_2(1,2)").unwrap() else {
        panic!("no row");
    };
    assert_eq!(row.binding, [Some(Value::Int(1)), Some(Value::Int(2))]);
}

/// One fact for each name, as a predicate and as an argument in all forms.
fn odd_names() -> Problem {
    let odd = [
        "a",
        "b",
        "not",
        "A",
        "_",
        "",
        "p q",
        "c_A",
        "c_",
        "'",
        "\\",
        "\"",
        "\n",
        "\u{0}",
        "ä",
        "é",
        "x).#script",
        "%",
        "shell",
        "halt",
        "p_shell",
        "answer",
        "neg_a",
        "a.b",
    ];
    let mut problem = Problem::new();
    for name in odd {
        for (denied, arity) in [(false, 1), (true, 1), (false, 0)] {
            problem.predicates.push(Predicate {
                name: name.into(),
                arity,
                denied,
                types: None,
                meaning: None,
            });
        }
        let constant = Value::Constant(name.into());
        let mut values = vec![
            Value::Text(name.into()),
            Value::Function(name.into(), [constant.clone()].into()),
            Value::Function(name.into(), [Value::Int(-1), Value::Supremum].into()),
        ];
        if !name.is_empty() {
            values.push(constant);
        } else {
            values = vec![Value::Function("".into(), [Value::Int(1)].into())];
        }
        let last = problem.predicates.len() as u32;
        for value in values {
            for predicate in [last - 3, last - 2] {
                problem
                    .rules
                    .push(fact(predicate, vec![Term::Value(value.clone())]));
            }
        }
        problem.rules.push(fact(last - 1, Vec::new()));
    }
    problem
}

fn fact(predicate: u32, arguments: Vec<Term>) -> Rule {
    Rule {
        head: Head::Atom(Atom {
            predicate: PredicateId(predicate),
            arguments,
        }),
        body: Vec::new(),
        variables: Vec::new(),
        sentence: None,
        span: None,
    }
}

#[test]
fn any_name_is_written_and_read_back() {
    let mut problem = odd_names();
    for ordered in [false, true] {
        if ordered {
            // Now the order decides, and all names are replaced.
            let mut other = asp::program("x :- a < b.");
            problem.rules.append(&mut other.rules);
            problem.predicates.append(&mut other.predicates);
            let rule = problem.rules.last_mut().unwrap();
            let Head::Atom(head) = &mut rule.head else {
                panic!("no fact");
            };
            head.predicate = PredicateId(problem.predicates.len() as u32 - 1);
        }
        let written = write_asp(&problem, &ALL).unwrap();
        let mut lines = written.text.lines();
        for rule in problem.rules.iter().filter(|r| r.body.is_empty()) {
            let Head::Atom(head) = &rule.head else {
                panic!("no fact");
            };
            let value = |t: &Term| match t {
                Term::Value(v) => v.clone(),
                other => panic!("{other:?}"),
            };
            let atom = GroundAtom {
                predicate: head.predicate,
                arguments: head.arguments.iter().map(value).collect(),
            };
            let line = lines.next().unwrap();
            let printed = line.strip_suffix('.').unwrap();
            assert_eq!(
                written.read(printed).unwrap(),
                AspAtom::Atom(atom),
                "{line}"
            );
            let harmless = |c: char| c.is_ascii_alphanumeric() || "_-(),\"\\#".contains(c);
            let outside = printed.split('"').step_by(2).collect::<String>();
            assert!(outside.chars().all(harmless), "{line}");
            assert!(!outside.contains("#script"), "{line}");
        }
    }
}

#[test]
fn a_whole_program_is_translated_with_its_meaning() {
    let mut problem = with_goal("p(1). q(X) :- p(X), not r(X). { s }.", "q(X)");
    problem.rules[1].sentence = Some("Whoever is p\nis q.".into());
    problem.show = Show::Only(vec![problem.find("q", 1, false).unwrap()]);
    let expected = "% Meaning: stable models.\np(1).\n% Whoever is p is q.\n\
                    q(X) :- p(X), not r(X).\n{ s }.\nq(X)?\n#show q/1.\n";
    assert_eq!(write_asp_program(&problem).unwrap(), expected);
}

#[test]
fn prolog_gets_clauses_in_order_with_arithmetic_by_is() {
    let program = "e(1,2). e(2,3). t(X,Y) :- e(X,Y). t(X,Z) :- t(X,Y), e(Y,Z). e(3,4). \
                   len(X/2+Y) :- e(X,Y), not none(X), Y < X+5, X != a. shell(x). go :- shell(x).";
    let problem = with_goal(program, "t(1,X)");
    let expected = "\
% Meaning: the program's one model, top-down with tabling.
% Integers have no bound here; they have 64 bits where this comes from.

:- table t/2.
:- table len/1.
:- dynamic none/1.
:- table go/0.
e(1,2).
e(2,3).
e(3,4).
t(X,Y) :- e(X,Y).
t(X,Z) :- t(X,Y), e(Y,Z).
len(Z) :- e(X,Y), \\+ none(X), integer(X), Z_2 is (X + 5), Y @< Z_2, X \\== a, integer(X), \
integer(Y), Z is ((X // 2) + Y).
p_shell(x).
go :- p_shell(x).

?- t(1,X).
";
    assert_eq!(write_prolog(&problem, true).unwrap(), expected);
}

#[test]
fn souffle_gets_declarations() {
    let program = "e(1,a). e(2,b). n(X+1,Y) :- e(X,Y), not f(Y), X < 9, Z = 1..X, Z != 7/X. f(c).";
    let problem = with_goal(program, "n(X,b)");
    let expected = "\
// Meaning: the program's one model, stratum by stratum.
// Integers have 32 bits here; they have 64 where this comes from.

.decl e(a0: number, a1: symbol)
.decl n(a0: number, a1: symbol)
.decl f(a0: symbol)
e(1, \"a\").
e(2, \"b\").
n(Z_2, Y) :- e(X, Y), !f(Y), X < 9, Z = range(1, X+1), X != 0, Z != (7 / X), Z_2 = (X + 1).
f(\"c\").

.decl answer(a0: number)
answer(X) :- n(X, \"b\").
.output answer
.output n
";
    assert_eq!(write_datalog(&problem).unwrap(), expected);
}

#[test]
fn what_cannot_be_said_is_named() {
    let prolog = |p: &str| {
        write_prolog(&asp::program(p), false)
            .unwrap_err()
            .to_string()
    };
    let datalog = |p: &str| write_datalog(&asp::program(p)).unwrap_err().to_string();
    let clingo = |p: &str| write_asp(&asp::program(p), &ALL).unwrap_err().to_string();
    for (found, expected) in [
        (prolog("a :- not b. b :- not a."), "unstratified negation"),
        (prolog("{ a }."), "choices"),
        (prolog("-a."), "stated negation"),
        (prolog(":- a."), "integrity constraints"),
        (datalog("p(f(1))."), "functions"),
        (
            datalog("p(1). p(a)."),
            "arguments of `p/1` that are both numbers and names",
        ),
        (
            datalog("p(a). q(X,Y) :- p(X), p(Y), X < Y."),
            "an order among names",
        ),
        (datalog("p(X) :- #count { Y : q(Y) } = X."), "aggregates"),
        (clingo("p(2147483648)."), "integers beyond 32 bits"),
    ] {
        assert!(found.contains(expected), "{found}");
    }
}

/// Each program with its goal's first variable's values, as all agree.
#[test]
fn swi_prolog_agrees() {
    let Ok(swipl) = find("NSOLVE_SWIPL", &["swipl"]) else {
        eprintln!("left out: no `swipl` in PATH");
        return;
    };
    for (program, goal, expected) in [
        (
            "e(1,2). e(2,3). e(3,1). t(X,Y) :- e(X,Y). t(X,Z) :- t(X,Y), e(Y,Z).",
            "t(1,X)",
            "1 2 3",
        ),
        ("q(a). q(0). q(2). q(7). d(20/X) :- q(X).", "d(X)", "2 10"),
        ("q(a). q(-2). q(3). p(2**X) :- q(X).", "p(X)", "8"),
        ("v(7). v(-7). r(X\\3) :- v(X).", "r(X)", "-1 1"),
        (
            "v(b). v(aa). v(3). v(g(a)). v(ff(a)). l(X) :- v(X), v(Y), X < Y, Y = g(a).",
            "l(X)",
            "3 aa b ff(a)",
        ),
        ("p(7). q(3). q(b). r(X) :- q(Y), p(X+Y).", "r(X)", "4"),
        ("n(1). n(2). n(5). m(X) :- n(X), not n(X+1).", "m(X)", "2 5"),
        ("n(2). m(Y) :- n(X), Y = X..4, n(Z).", "m(X)", "2 3 4"),
        ("halt(1). write(X) :- halt(X).", "write(X)", "1"),
    ] {
        let mut text = write_prolog(&asp::program(program), true).unwrap();
        // Goals over renamed predicates are written as the table has them.
        let goal = goal.replace("write(X)", "p_write(X)");
        let main = format!(
            "main :- setof(X, {goal}, L), forall(member(X, L), (print(X), put_char(' '))).\n"
        );
        text.push_str(&main);
        let limits = Limits {
            time: Some(Duration::from_secs(20)),
            ..Limits::default()
        };
        let run = Command::new(&swipl)
            .args(["-q", "-f", "none", "-g", "main", "-t", "halt", "program.pl"])
            .file("program.pl", text.as_str())
            .limits(limits);
        let finished = run.run(&|| false).unwrap();
        let said = String::from_utf8(finished.stdout).unwrap();
        let complaint = String::from_utf8_lossy(&finished.stderr);
        assert_eq!(said.trim(), expected, "{text}\n{complaint}");
    }
}
