//! Models: the evaluator agrees with a naive one, and refuses what is no model.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

mod common;

use std::sync::Arc;

use common::notation::setting;
use common::random::{Rng, integer, problem, structure};
use nsolve_backend::Outcome;
use nsolve_check::{Limits, ModelFault, NotEvaluable, Refusal, check};
use nsolve_il::Rational;
use nsolve_il::fol::{Item, Model, Problem, Query, SymbolId, Table, Value};

fn refusal(problem: &Problem, query: &Query, model: Model) -> Option<Refusal> {
    check(problem, query, &Outcome::sat(model), &Limits::default()).err()
}

#[test]
fn agrees_with_a_naive_evaluator() {
    let (mut good, mut bad) = (0, 0);
    for seed in 0..1_500 {
        let problem = problem(seed, 2, 3, seed % 2 == 0);
        let mut rng = Rng(seed);
        let mut query = Query::premises_of(&problem);
        let goal = problem.premises[1].formula;
        query.premises.pop();
        query = query.assuming(goal, rng.one_in(2));
        let structure = structure(&problem, &mut rng);
        let refused = refusal(&problem, &query, structure.model(&problem));
        let mut wrong = query
            .assertions(&problem)
            .filter(|(_, t, sign)| structure.holds(&problem, *t) != *sign);
        let expected = wrong
            .next()
            .map(|(item, ..)| Refusal::Model(ModelFault::False(item)));
        assert_eq!(refused, expected, "seed {seed}");
        match expected {
            None => good += 1,
            Some(_) => bad += 1,
        }
    }
    assert!(good > 200 && bad > 200, "{good} good, {bad} bad");
}

/// A problem over two sorts with a model of it.
fn small() -> (Problem, Query, Model) {
    let setting = setting(
        "(enum Colour red green) (const a) (const k Int) (pred p Thing) (func g Int Colour)
         (p a) (= (g k) green) (all x (p x))",
    );
    let problem = setting.problem;
    let symbol = |name, arity, predicate| {
        let found = problem.signature.find_symbol(name, arity, predicate);
        found.unwrap()
    };
    let thing = problem.signature.find_sort("Thing").unwrap();
    let mut model = Model::default();
    model.domains.insert(thing, vec![Arc::from("one")]);
    let mut put = |symbol: SymbolId, value| {
        model.tables.insert(symbol, Table::constant(value));
    };
    put(symbol("a", 0, false), Value::Element(0));
    put(symbol("k", 0, false), Value::Number(integer(7)));
    put(symbol("p", 1, true), Value::Bool(true));
    put(symbol("g", 1, false), Value::Element(0));
    let g = model.tables.get_mut(&symbol("g", 1, false)).unwrap();
    let seven = vec![Value::Number(integer(7))].into();
    g.entries.insert(seven, Value::Element(1));
    (problem, setting.query, model)
}

type Change = fn(&Problem, &mut Query, &mut Model);

fn table<'m>(problem: &Problem, model: &'m mut Model, name: &str) -> &'m mut Table {
    let signature = &problem.signature;
    let mut ids = signature.symbol_ids();
    let id = ids.find(|id| &*signature.symbol(*id).name == name).unwrap();
    let default = Table::constant(Value::Element(0));
    model.tables.entry(id).or_insert(default)
}

#[test]
fn refuses_what_is_no_model() {
    let (problem, query, model) = small();
    assert_eq!(refusal(&problem, &query, model), None);
    let cases: &[(&str, Change, ModelFault)] = &[
        ("no domain", |_, _, m| m.domains.clear(), ModelFault::Table),
        (
            "an empty domain",
            |_, _, m| m.domains.values_mut().for_each(Vec::clear),
            ModelFault::Table,
        ),
        (
            "an empty domain to quantify over",
            |_, q, m| {
                m.domains.clear();
                m.tables.clear();
                q.premises = vec![2];
            },
            ModelFault::EmptyDomain,
        ),
        ("no tables", |_, _, m| m.tables.clear(), ModelFault::NoTable),
        (
            "a table for an element",
            |p, _, m| table(p, m, "red").default = Value::Element(0),
            ModelFault::Table,
        ),
        (
            "an element that is not there",
            |p, _, m| table(p, m, "a").default = Value::Element(1),
            ModelFault::Table,
        ),
        (
            "a truth value for a thing",
            |p, _, m| table(p, m, "a").default = Value::Bool(true),
            ModelFault::Table,
        ),
        (
            "a thing for a truth value",
            |p, _, m| table(p, m, "p").default = Value::Element(0),
            ModelFault::Table,
        ),
        (
            "half an integer",
            |p, _, m| {
                table(p, m, "k").default = Value::Number(Rational::new(1.into(), 2.into()));
            },
            ModelFault::Table,
        ),
        (
            "nothing divided by nothing",
            |p, _, m| {
                table(p, m, "k").default = Value::Number(Rational::new_raw(0.into(), 0.into()));
            },
            ModelFault::Table,
        ),
        (
            "too many arguments",
            |p, _, m| {
                let entries = &mut table(p, m, "p").entries;
                entries.insert(vec![Value::Element(0); 2].into(), Value::Bool(true));
            },
            ModelFault::Table,
        ),
        (
            "an argument that is not there",
            |p, _, m| {
                let entries = &mut table(p, m, "p").entries;
                entries.insert(vec![Value::Element(5)].into(), Value::Bool(true));
            },
            ModelFault::Table,
        ),
        (
            "a table for no symbol",
            |_, _, m| {
                let table = Table::constant(Value::Bool(true));
                m.tables.insert(SymbolId(99), table);
            },
            ModelFault::Table,
        ),
        (
            "a premise that is not there",
            |_, q, _| q.premises.push(9),
            ModelFault::Query,
        ),
        (
            "a false premise",
            |p, _, m| table(p, m, "g").entries.clear(),
            ModelFault::False(Item::Premise(1)),
        ),
    ];
    for (name, change, fault) in cases {
        let (problem, mut query, mut model) = small();
        change(&problem, &mut query, &mut model);
        let refused = refusal(&problem, &query, model);
        assert_eq!(refused, Some(Refusal::Model(*fault)), "{name}");
    }
}

#[test]
fn does_not_evaluate_what_it_cannot() {
    let over = |text: &str| {
        let setting = setting(text);
        refusal(&setting.problem, &setting.query, Model::default())
    };
    for text in [
        "(all (x Int) (= x x))",
        "(least 0 (x Real) (< x x))",
        "(some (x Int) (< x 0))",
    ] {
        let numbers = Refusal::NotEvaluable(NotEvaluable::Numbers);
        assert_eq!(over(text), Some(numbers), "{text}");
    }
    for text in [
        "(= (/ 1r 0r) (/ 1r 0r))",
        "(= (mod 1 0) 0)",
        "(= (div 1 0) 0)",
    ] {
        let zero = Refusal::NotEvaluable(NotEvaluable::DivisionByZero);
        assert_eq!(over(text), Some(zero), "{text}");
    }
    // What need not be evaluated does no harm.
    assert_eq!(over("(or (= 1 1) (= (div 1 0) 0))"), None);
}

#[test]
fn a_model_is_no_certificate_and_the_other_way_round() {
    let (problem, query, model) = small();
    let mut outcome = Outcome::sat(model);
    outcome.verdict = nsolve_backend::Verdict::Unsat;
    let refused = check(&problem, &query, &outcome, &Limits::default());
    assert_eq!(refused, Err(Refusal::NoEvidence));
}
