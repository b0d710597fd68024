//! Evidence that is made to crash the checker, or to keep it busy for ever.

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

use common::notation::{Setting, setting};
use common::random::integer;
use nsolve_backend::Outcome;
use nsolve_check::{CertificateFault, Limits, ModelFault, Refusal, check};
use nsolve_il::Rational;
use nsolve_il::fol::{
    ArithmeticOp, Builder, Certificate, CompareOp, Goal, GroundId, GroundTerm, Line, LinearFact,
    Model, Problem, Quantifier, Query, Question, SortId, Table, TermId, Value,
};
use num_bigint::BigInt;

const LIMITS: Limits = Limits { steps: 1_000_000 };

const CONSISTENT: Refusal = Refusal::Certificate(CertificateFault::Consistent);

fn numbers() -> Setting {
    setting(
        "(const a Real) (const k Int) (func g Real Real) (func f Thing Thing Thing)
         (pred p Thing) (@ q (most 1 x (p x)))",
    )
}

fn replayed(setting: &Setting, terms: Vec<GroundTerm>, lines: Vec<Line>) -> Option<Refusal> {
    let outcome = Outcome::unsat(Certificate { terms, lines });
    check(&setting.problem, &setting.query, &outcome, &LIMITS).err()
}

fn function(setting: &Setting, name: &str, arguments: &[GroundId]) -> GroundTerm {
    let signature = &setting.problem.signature;
    let symbol = signature.find_symbol(name, arguments.len(), false).unwrap();
    GroundTerm::Apply(symbol, arguments.into())
}

fn real(n: i64) -> GroundTerm {
    GroundTerm::Number(integer(n), SortId::REAL)
}

/// Two consecutive Fibonacci numbers as a fraction: the longest continued
/// fraction for its size.
fn fibonacci(n: usize) -> Rational {
    let (mut a, mut b) = (BigInt::from(1), BigInt::from(1));
    for _ in 0..n {
        (a, b) = (b.clone(), a + b);
    }
    // They have no common factor.
    Rational::new_raw(b, a)
}

#[test]
fn terms_may_nest_deep() {
    let setting = numbers();
    let mut terms = vec![function(&setting, "a", &[])];
    for i in 0..100_000 {
        terms.push(function(&setting, "g", &[GroundId(i)]));
    }
    let (first, last) = (GroundId(0), GroundId(100_000));
    let lines = vec![Line::Trichotomy(first, last)];
    assert_eq!(replayed(&setting, terms.clone(), lines), Some(CONSISTENT));
    let lines = vec![Line::Equal {
        equal: [(first, last)].into(),
        then: (last, first),
    }];
    assert_eq!(replayed(&setting, terms, lines), Some(Refusal::Limit));
}

#[test]
fn terms_may_hold_many_witnesses() {
    let setting = numbers();
    let thing = setting.problem.signature.find_sort("Thing").unwrap();
    let mut terms = vec![GroundTerm::Witness(thing)];
    for i in 0..100_000u32 {
        terms.push(GroundTerm::Witness(thing));
        terms.push(function(
            &setting,
            "f",
            &[GroundId(2 * i), GroundId(2 * i + 1)],
        ));
    }
    let lines = (0..100_000).map(|i| Line::Equal {
        equal: Box::new([]),
        then: (GroundId(i), GroundId(i)),
    });
    // Each line goes through one more term than the one before.
    let lines = lines.take(200).collect();
    assert_eq!(replayed(&setting, terms, lines), Some(CONSISTENT));
}

#[test]
fn sums_may_double() {
    let setting = numbers();
    let mut terms = vec![function(&setting, "a", &[])];
    for i in 0..150 {
        let twice = [GroundId(i), GroundId(i)].into();
        terms.push(GroundTerm::Arithmetic(ArithmeticOp::Add, twice));
    }
    let lines = vec![Line::Linear(Box::new([LinearFact {
        left: GroundId(150),
        op: None,
        right: GroundId(0),
        holds: true,
        factor: integer(1),
    }]))];
    assert_eq!(replayed(&setting, terms, lines), Some(Refusal::Limit));
}

#[test]
fn sums_may_nest_deep() {
    let setting = numbers();
    let mut terms = vec![function(&setting, "a", &[])];
    for i in 0..50_000 {
        let one = [GroundId(i)].into();
        terms.push(GroundTerm::Arithmetic(ArithmeticOp::Negate, one));
    }
    let fact = |right: u32| LinearFact {
        left: GroundId(0),
        op: Some(CompareOp::Less),
        right: GroundId(right),
        holds: true,
        factor: integer(1),
    };
    let lines = vec![Line::Linear(Box::new([fact(50_000)]))];
    assert_eq!(
        replayed(&setting, terms.clone(), lines),
        Some(Refusal::Limit)
    );
    let lines = vec![Line::Linear(Box::new([fact(150)]))];
    assert_eq!(replayed(&setting, terms, lines), Some(CONSISTENT));
}

#[test]
fn numbers_may_be_squared_often() {
    let setting = numbers();
    let mut terms = vec![real(3)];
    for i in 0..60 {
        let twice = [GroundId(i), GroundId(i)].into();
        terms.push(GroundTerm::Arithmetic(ArithmeticOp::Multiply, twice));
    }
    assert_eq!(replayed(&setting, terms, vec![]), Some(Refusal::Limit));
}

#[test]
fn numbers_may_be_none() {
    let setting = numbers();
    let none = [
        Rational::new_raw(1.into(), 0.into()),
        Rational::new_raw(0.into(), 0.into()),
        Rational::new_raw(1.into(), (-2).into()),
    ];
    for number in none {
        for sort in [SortId::INT, SortId::REAL] {
            let terms = vec![GroundTerm::Number(number.clone(), sort)];
            let fault = Refusal::Certificate(CertificateFault::Term(0));
            assert_eq!(replayed(&setting, terms, vec![]), Some(fault));
        }
        let terms = vec![function(&setting, "k", &[])];
        let fact = LinearFact {
            left: GroundId(0),
            op: None,
            right: GroundId(0),
            holds: true,
            factor: number.clone(),
        };
        for line in [
            Line::Linear(Box::new([fact])),
            Line::IntegerSplit(GroundId(0), number.clone()),
        ] {
            let refused = replayed(&setting, terms.clone(), vec![line]);
            assert!(refused.is_some_and(|r| r.is_failure()));
        }
    }
}

#[test]
fn numbers_may_be_long() {
    let setting = numbers();
    let long = fibonacci(20_000);
    let terms = vec![
        GroundTerm::Number(long.clone(), SortId::REAL),
        function(&setting, "k", &[]),
    ];
    assert_eq!(replayed(&setting, terms, vec![]), Some(Refusal::Limit));
    let terms = vec![function(&setting, "k", &[])];
    let lines = vec![Line::IntegerSplit(GroundId(0), long.numer().clone().into())];
    assert_eq!(replayed(&setting, terms, lines), Some(Refusal::Limit));
    // As long as they may be, and close to each other.
    let (x, y) = (fibonacci(1_470), fibonacci(1_469));
    let terms = vec![
        GroundTerm::Number(x, SortId::REAL),
        GroundTerm::Number(y, SortId::REAL),
    ];
    let lines = vec![Line::Different(GroundId(0), GroundId(1))];
    assert_eq!(replayed(&setting, terms, lines), Some(CONSISTENT));
}

#[test]
fn counted_things_may_be_many() {
    let setting = numbers();
    let thing = setting.problem.signature.find_sort("Thing").unwrap();
    let terms = vec![GroundTerm::Witness(thing); 6_000];
    let lines = vec![Line::Witness {
        formula: setting.label("q"),
        binding: Box::new([]),
        constants: (0..6_000).map(GroundId).collect(),
    }];
    assert_eq!(replayed(&setting, terms, lines), Some(Refusal::Limit));
}

/// A formula in so many layers, and the query that it holds.
fn deep(layers: usize, layer: impl Fn(&mut Builder, TermId) -> TermId) -> (Problem, Query) {
    let mut b = Builder::new();
    let thing = b.default_sort();
    let p = b.predicate("p", &[thing]).unwrap();
    let f = b.symbol("f", &[thing], thing, nsolve_il::fol::Declared::Generated);
    let a = b.constant("a", thing).unwrap();
    let a = b.apply(a, vec![]).unwrap();
    let _ = f.unwrap();
    let mut formula = b.apply(p, vec![a]).unwrap();
    for _ in 0..layers {
        formula = layer(&mut b, formula);
    }
    let problem = b.finish(Question::Model);
    let query = Query {
        premises: vec![],
        goals: vec![Goal {
            formula,
            holds: true,
        }],
    };
    (problem, query)
}

fn one_thing(problem: &Problem) -> Model {
    let mut model = Model::default();
    let thing = problem.signature.find_sort("Thing").unwrap();
    model.domains.insert(thing, vec![Arc::from("one")]);
    for id in problem.signature.symbol_ids() {
        let predicate = problem.signature.symbol(id).is_predicate();
        let value = if predicate {
            Value::Bool(true)
        } else {
            Value::Element(0)
        };
        model.tables.insert(id, Table::constant(value));
    }
    model
}

/// Both ways of checking, where a model would do.
fn both(problem: &Problem, query: &Query) -> [Option<Refusal>; 2] {
    let certificate = Certificate {
        terms: vec![],
        lines: vec![Line::Assert(nsolve_il::fol::Item::Goal(0))],
    };
    let outcomes = [
        Outcome::sat(one_thing(problem)),
        Outcome::unsat(certificate),
    ];
    outcomes.map(|o| check(problem, query, &o, &LIMITS).err())
}

#[test]
fn formulas_may_nest_deep() {
    type Layer = fn(&mut Builder, TermId) -> TermId;
    let layers: [Layer; 4] = [
        |b, t| b.not(t).unwrap(),
        |b, t| {
            let truth = b.truth(true);
            b.and(vec![truth, t]).unwrap()
        },
        |b, t| {
            let truth = b.truth(true);
            b.iff(t, truth).unwrap()
        },
        |b, t| {
            let thing = b.default_sort();
            let v = b.variable("x", thing);
            b.quantified(Quantifier::Forall, vec![v], t).unwrap()
        },
    ];
    for (i, layer) in layers.into_iter().enumerate() {
        let (problem, query) = deep(300, layer);
        assert_eq!(both(&problem, &query), [None, Some(CONSISTENT)], "{i}");
        let (problem, query) = deep(100_000, layer);
        let [model, certificate] = both(&problem, &query);
        assert_eq!(model, Some(Refusal::Limit), "{i}");
        // A quantified formula is an atom of a certificate.
        let expected = if i == 3 { CONSISTENT } else { Refusal::Limit };
        assert_eq!(certificate, Some(expected), "{i}");
    }
}

#[test]
fn terms_of_a_problem_may_nest_deep() {
    for (depth, expected) in [
        (300, [None, Some(CONSISTENT)]),
        (100_000, [Some(Refusal::Limit), Some(Refusal::Limit)]),
    ] {
        let (problem, query) = deep(1, |b, _| {
            let f = b.signature().find_symbol("f", 1, false).unwrap();
            let p = b.signature().find_symbol("p", 1, true).unwrap();
            let a = b.signature().find_symbol("a", 0, false).unwrap();
            let mut t = b.apply(a, vec![]).unwrap();
            for _ in 0..depth {
                t = b.apply(f, vec![t]).unwrap();
            }
            b.apply(p, vec![t]).unwrap()
        });
        assert_eq!(both(&problem, &query), expected);
    }
}

#[test]
fn a_quantifier_may_bind_many_variables() {
    let (problem, query) = deep(1, |b, t| {
        let thing = b.default_sort();
        let many = (0..100_000).map(|_| b.variable("x", thing)).collect();
        b.quantified(Quantifier::Forall, many, t).unwrap()
    });
    assert_eq!(both(&problem, &query), [None, Some(CONSISTENT)]);
}

#[test]
fn shared_subformulas_may_double() {
    let (problem, query) = deep(100, |b, t| b.xor(t, t).unwrap());
    assert_eq!(
        both(&problem, &query),
        [Some(Refusal::Limit), Some(Refusal::Limit)]
    );
}

#[test]
fn numbers_of_a_model_may_be_long() {
    let setting = setting("(const a Real) (< (* a a) 1r)");
    let with = |number: Rational| {
        let mut model = Model::default();
        let a = setting.problem.signature.find_symbol("a", 0, false);
        let table = Table::constant(Value::Number(number));
        model.tables.insert(a.unwrap(), table);
        let outcome = Outcome::sat(model);
        check(
            &setting.problem,
            &setting.query,
            &outcome,
            &Limits::default(),
        )
        .err()
    };
    assert_eq!(with(fibonacci(20_000)), Some(Refusal::Limit));
    assert_eq!(with(fibonacci(1_470)), Some(Refusal::Limit));
    assert!(matches!(
        with(fibonacci(700)),
        Some(Refusal::Model(ModelFault::False(_)))
    ));
}

#[test]
fn tables_may_be_many() {
    let mut b = Builder::new();
    let thing = b.default_sort();
    for i in 0..3_000 {
        b.predicate(&format!("p{i}"), &[thing, thing]).unwrap();
    }
    let problem = b.finish(Question::Model);
    let mut model = one_thing(&problem);
    let names = (0..250).map(|i| Arc::from(i.to_string())).collect();
    model.domains.insert(thing, names);
    let query = Query::premises_of(&problem);
    let receipt = check(&problem, &query, &Outcome::sat(model), &Limits::default());
    assert!(receipt.is_ok());
}
