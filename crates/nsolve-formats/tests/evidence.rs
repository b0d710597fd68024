//! Evidence and problems as JSON.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

mod common;
mod random;

use common::{read, source};
use nsolve_formats::{json, render_model, tptp};
use nsolve_il::Rational;
use nsolve_il::fol::{
    ArithmeticOp, Certificate, CompareOp, GroundId, GroundTerm, Item, Line, LinearFact, Model,
    Problem, Query, SortId, Symbol, Table, Term, TermId, Value,
};
use nsolve_source::Diagnostic;

const TEXT: &str = "
tff(s, type, person: $tType). tff(d1, type, tom: person). tff(d2, type, ann: person).
tff(d3, type, likes: (person * person) > $o). tff(d4, type, mother: person > person).
tff(d5, type, age: person > $int).
tff(first, axiom, ! [X: person] : ? [Y: person] : ! [X: person] : likes(X,Y)).
tff(p2, axiom, ! [X: person] : (likes(X,X) => ? [Y: person] : likes(X,Y))).
tff(c, conjecture, ? [X: person] : likes(X,mother(tom))).";

fn problem() -> (Problem, Query) {
    let (problem, _) = read(tptp::read_tptp, TEXT);
    let problem = problem.expect("a problem");
    let asked = problem.asked().next().expect("a conclusion").formula;
    let query = Query::premises_of(&problem).assuming(asked, false);
    (problem, query)
}

/// The same, with everything at other positions of the arena.
fn moved() -> (Problem, Query) {
    let first = "tff(q, type, other: $int). tff(goal0, axiom, $less(other,3)).";
    let (problem, _) = read(tptp::read_tptp, &format!("{first}{TEXT}"));
    let problem = problem.expect("a problem");
    let asked = problem.asked().next().expect("a conclusion").formula;
    let query = Query::premises_of(&problem).assuming(asked, false);
    (problem, query)
}

fn bodies(problem: &Problem, mut formula: TermId) -> Vec<TermId> {
    let mut out = vec![formula];
    while let Some(&child) = problem.terms.get(formula).children().last() {
        formula = child;
        out.push(formula);
    }
    out
}

fn variables(problem: &Problem, formula: TermId) -> Vec<nsolve_il::fol::VarId> {
    match problem.terms.get(formula) {
        Term::Quantified(_, variables, _) => variables.to_vec(),
        other => panic!("{other:?} binds nothing"),
    }
}

fn certificate(problem: &Problem) -> Certificate {
    let find = |name, arity, predicate| {
        let found = problem.signature.find_symbol(name, arity, predicate);
        found.expect(name)
    };
    let person = problem.signature.find_sort("person").expect("person");
    let id = GroundId;
    let terms = vec![
        GroundTerm::Apply(find("tom", 0, false), [].into()),
        GroundTerm::Apply(find("mother", 1, false), [id(0)].into()),
        GroundTerm::Witness(person),
        GroundTerm::Number(Rational::new(1.into(), 3.into()), SortId::REAL),
        GroundTerm::Apply(find("age", 1, false), [id(2)].into()),
        GroundTerm::Arithmetic(ArithmeticOp::Add, [id(4), id(4)].into()),
    ];
    let first = bodies(
        problem,
        problem.premises[problem.premises.len() - 2].formula,
    );
    let second = bodies(
        problem,
        problem.premises[problem.premises.len() - 1].formula,
    );
    let outer = variables(problem, first[0])[0];
    let middle = variables(problem, first[1])[0];
    let x = variables(problem, second[0])[0];
    let goal = problem.asked().next().expect("asked").formula;
    let instance = |formula, binding: Vec<_>, term| Line::Instance {
        formula,
        binding: binding.into(),
        terms: [id(term)].into(),
    };
    let lines = vec![
        Line::Assert(Item::Premise(problem.premises.len() as u32 - 2)),
        Line::Assert(Item::Goal(0)),
        instance(first[0], vec![], 0),
        Line::Witness {
            formula: first[1],
            binding: [(outer, id(0))].into(),
            constants: [id(2)].into(),
        },
        instance(first[2], vec![(outer, id(0)), (middle, id(2))], 1),
        instance(second[2], vec![(x, id(1))], 2),
        instance(goal, vec![], 0),
        Line::Equal {
            equal: [(id(0), id(1))].into(),
            then: (id(1), id(2)),
        },
        Line::SameAtom {
            equal: [(id(0), id(2))].into(),
            predicate: find("likes", 2, true),
            from: [id(0), id(1)].into(),
            to: [id(2), id(1)].into(),
        },
        Line::OneOf(id(0)),
        Line::Different(id(0), id(1)),
        Line::Linear(
            [LinearFact {
                left: id(4),
                op: Some(CompareOp::LessEq),
                right: id(5),
                holds: false,
                factor: Rational::new((-2).into(), 7.into()),
            }]
            .into(),
        ),
        Line::IntegerSplit(id(4), Rational::from_integer(4.into())),
        Line::Trichotomy(id(4), id(5)),
    ];
    Certificate { terms, lines }
}

#[test]
fn certificates_round_trip_and_move_with_their_problem() {
    let (problem, query) = problem();
    let made = certificate(&problem);
    let written = json::certificate_to_json(&problem, &query, &made).expect("written");
    let again = json::certificate_from_json(&problem, &query, &written).expect("read");
    assert_eq!(again, made);
    insta::assert_snapshot!(
        "certificate",
        serde_json::to_string_pretty(&written).expect("text")
    );

    let (moved, moved_query) = moved();
    let read = |value| json::certificate_from_json(&moved, &moved_query, value).expect("read");
    let write = |c| json::certificate_to_json(&moved, &moved_query, &c).expect("written");
    let mut there = read(&written);
    assert_ne!(there, made);
    assert_eq!(write(there.clone()), written);

    // A premise that is called like a goal is not taken for one.
    there.lines = vec![Line::Assert(Item::Premise(0)), Line::Assert(Item::Goal(0))];
    assert_eq!(read(&write(there.clone())), there);
}

#[test]
fn queries_round_trip() {
    let (problem, query) = problem();
    let written = json::query_to_json(&problem, &query).expect("written");
    let again = json::query_from_json(&problem, &written).expect("read");
    assert_eq!(again, query);
}

#[test]
fn damaged_certificates_are_refused() {
    let (problem, query) = problem();
    let written = json::certificate_to_json(&problem, &query, &certificate(&problem));
    let text = serde_json::to_string(&written.expect("written")).expect("text");
    for (from, to, pointer) in [
        ("\"tom\"", "\"tim\"", "tim"),
        ("\"to\":[0]", "\"to\":[7]", "/terms/1/to/0"),
        ("\"at\":[0,0]", "\"at\":[0,9]", "/at"),
        ("\"line\":\"one-of\"", "\"line\":\"magic\"", "magic"),
        ("\"factor\":\"-2/7\"", "\"factor\":\"1/0\"", "factor"),
    ] {
        let damaged = text.replacen(from, to, 1);
        assert_ne!(damaged, text, "{from}");
        let value = serde_json::from_str(&damaged).expect("JSON");
        let error = json::certificate_from_json(&problem, &query, &value).expect_err(from);
        assert!(error.to_string().contains(pointer), "{from}: {error}");
    }
}

#[test]
fn models_round_trip_and_read_well() {
    let (problem, _) = problem();
    let find = |name, arity, predicate| {
        let found = problem.signature.find_symbol(name, arity, predicate);
        found.expect(name)
    };
    let person = problem.signature.find_sort("person").expect("person");
    let element = Value::Element;
    let mut model = Model::default();
    // Two elements of one name are told apart all the same.
    let names = vec!["a".into(), "a".into(), "b".into()];
    model.domains.insert(person, names);
    model
        .tables
        .insert(find("tom", 0, false), Table::constant(element(1)));
    let mut likes = Table::constant(Value::Bool(false));
    likes
        .entries
        .insert([element(1), element(2)].into(), Value::Bool(true));
    model.tables.insert(find("likes", 2, true), likes);
    let mut age = Table::constant(Value::Number(Rational::from_integer(3.into())));
    age.entries.insert(
        [element(0)].into(),
        Value::Number(Rational::from_integer((-1).into())),
    );
    model.tables.insert(find("age", 1, false), age);
    let written = json::model_to_json(&problem, &model).expect("written");
    let again = json::model_from_json(&problem, &written).expect("read");
    assert_eq!(again, model);
    insta::assert_snapshot!("model", render_model(&problem, &model));
}

#[test]
fn problems_as_json_are_read_with_places_inside_formulas() {
    let read = |text: &str| {
        let source = source(text);
        let (document, diagnostics) = json::read_json(&source);
        let at = |d: &Diagnostic| d.span.map_or("", |s| source.slice(s)).to_owned();
        let lines: Vec<_> = diagnostics
            .iter()
            .map(|d| format!("{d} | {}", at(d)))
            .collect();
        (document, lines.join("\n"))
    };
    let frame = |rest: &str| format!("{{\"format\":\"nsolve/fol\",\"version\":\"1.0\",{rest}}}");
    let (document, faults) = read(&frame(
        r#""unknown":[1,{}],"sorts":[{"name":"S","elements":["a","b"]}],
        "symbols":[{"name":"p","arguments":["S"],"result":null,"meaning":"it is"}],
        "premises":[{"name":"p1","formula":"p(\u00e9) and ) or q"},{"formula":"good"},{"formula":7}],
        "question":{"kind":"options","modality":"could","choices":[{"name":"A","formula":"q"}]}"#,
    ));
    insta::assert_snapshot!("json-faults", faults);
    assert_eq!(document.items.len(), 5);
    for (text, code) in [
        ("", "FOL0101"),
        ("{\"format\":\"other\"}", "FOL0107"),
        ("{\"format\":\"nsolve/fol\",\"version\":\"2.0\"}", "FOL0105"),
        (&frame("\"premises\":[]"), "FOL0101"),
        (&"[".repeat(100_000), "FOL0101"),
    ] {
        let (_, faults) = read(text);
        assert!(faults.contains(code), "{text:.60}: {faults}");
    }
}

#[test]
fn problems_round_trip_as_json() {
    for seed in 1..160 {
        let problem = random::problem(seed, seed % 3 != 0);
        // Native text cannot tell `p(a) = p(b)` between terms from the same
        // between formulas where `p` is both.
        let signature = &problem.signature;
        let other_role = |s: &Symbol| signature.find_symbol(&s.name, s.arity(), !s.is_predicate());
        if signature.symbols().iter().any(|s| other_role(s).is_some()) {
            continue;
        }
        let written = json::write_json(&problem).expect("written");
        let (again, diagnostics) = read(json::read_json, &written);
        let errors: Vec<_> = diagnostics
            .iter()
            .filter(|d| d.contains("error["))
            .collect();
        assert!(errors.is_empty(), "{seed}: {errors:?}\n{written}");
        let again = json::write_json(&again.expect("a problem")).expect("written again");
        // The printer may number a variable anew.
        let unnumbered = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "");
        assert_eq!(unnumbered(&again), unnumbered(&written), "{seed}");
    }
}
