//! Single conditions that the checker's soundness hangs on, one test each: they
//! are those whose loss no other test noticed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;

use common::notation::setting;
use nsolve_backend::{Evidence, Outcome, StopReason, Verdict};
use nsolve_check::{CertificateFault, Limits, LineFault, ModelFault, Refusal, check};
use nsolve_il::fol::{Item, Model, Table, Value};

fn fault(line: usize, fault: LineFault) -> Refusal {
    Refusal::Certificate(CertificateFault::Line { line, fault })
}

/// Wherever a line mentions a constant, it is no longer new.
#[test]
fn every_kind_of_line_uses_its_constants() {
    let problem =
        "(enum Colour red green) (const a) (const k Int) (const x Real) (func f Thing Thing)
         (pred p Thing) (pred r Thing Thing)
         (@ some (some y (p y))) (@ all (all u (@ inner (all v (r u v)))))
         (@ colour (some (d Colour) (= d red))) (@ int (some (i Int) (= i k)))
         (@ real (some (z Real) (= z x)))";
    let mentions = [
        (
            "an instance's terms",
            "Thing",
            "some",
            "(instance all () c)",
        ),
        (
            "an instance's binding",
            "Thing",
            "some",
            "(instance inner ((u c)) a)",
        ),
        (
            "deep in a binding",
            "Thing",
            "some",
            "(instance inner ((u (f c))) a)",
        ),
        (
            "a witness's binding",
            "Thing",
            "some",
            "(new w Thing) (witness inner ((u c)) w)",
        ),
        (
            "assumed equations",
            "Thing",
            "some",
            "(equal ((c a)) (f c) (f a))",
        ),
        ("a concluded equation", "Thing", "some", "(equal () c c)"),
        (
            "an atom's arguments",
            "Thing",
            "some",
            "(same p () (c) (c))",
        ),
        (
            "an atom's equations",
            "Thing",
            "some",
            "(same p ((c a)) (a) (a))",
        ),
        ("a list of elements", "Colour", "colour", "(oneof c)"),
        ("a sum", "Real", "real", "(linear (1 < x c) (1 < c x))"),
        ("a split", "Int", "int", "(split c 3)"),
        ("a trichotomy", "Real", "real", "(trichotomy x c)"),
    ];
    for (name, sort, statement, line) in mentions {
        let new = format!("(new c {sort})");
        let refused = setting(problem).check(&format!("{new} {line} (witness {statement} () c)"));
        assert_eq!(refused, Err(fault(1, LineFault::NotFresh)), "{name}");
        // The other way round all is well but for the contradiction.
        let order = setting(problem).check(&format!("{new} (witness {statement} () c) {line}"));
        let consistent = Refusal::Certificate(CertificateFault::Consistent);
        assert_eq!(order, Err(consistent), "{name}");
    }
}

#[test]
fn different_functions_have_different_values() {
    let problem = "(const a) (const b) (func f Thing Thing) (func g Thing Thing) (pred p Thing)
         (const i Int) (const j Int) (= a b) (p (f a)) (deny (p (g a)))";
    for line in [
        "(equal ((a b)) (f a) (g b))",
        "(same p ((a b)) ((f a)) ((g b)))",
        "(equal ((i j)) (+ i 1) (- j 1))",
        "(equal ((i j)) (+ i 1) (* j 1))",
    ] {
        let refused = setting(problem).check(line);
        assert_eq!(refused, Err(fault(0, LineFault::NotCongruent)), "{line}");
    }
}

#[test]
fn a_truth_value_is_no_witness() {
    let refused = setting("(pred p) p").check("(new c Bool) (premise 0)");
    let term = Refusal::Certificate(CertificateFault::Term(0));
    assert_eq!(refused, Err(term));
}

#[test]
fn a_premise_that_the_query_leaves_out_is_not_assumed() {
    let mut setting = setting("(pred p) (pred q) p (not p) q");
    let lines = "(premise 0) (premise 1)";
    assert!(setting.check(lines).is_ok());
    setting.query.premises = vec![0, 2];
    assert_eq!(setting.check(lines), Err(fault(1, LineFault::Item)));
}

#[test]
fn evidence_goes_with_its_verdict() {
    let setting = setting("(pred p) p (not p)");
    let certificate = setting.certificate("(premise 0) (premise 1)");
    for (verdict, evidence) in [
        (Verdict::Sat, Evidence::Certificate(certificate.clone())),
        (Verdict::Unknown, Evidence::Certificate(certificate)),
        (Verdict::Sat, Evidence::None),
        (Verdict::Unsat, Evidence::None),
        (
            Verdict::Unsat,
            Evidence::Core(vec![Item::Premise(0), Item::Premise(1)]),
        ),
    ] {
        let outcome = Outcome {
            verdict,
            stop: StopReason::Completed,
            evidence,
        };
        let refused = check(
            &setting.problem,
            &setting.query,
            &outcome,
            &Limits::default(),
        );
        assert_eq!(refused, Err(Refusal::NoEvidence), "{outcome:?}");
    }
}

/// A quantifier over several variables goes through every combination: a
/// relation that fails of one triple, or holds of one, is found to.
#[test]
fn no_combination_is_left_out() {
    let setting = setting(
        "(pred r Thing Thing Thing) (goal (all x y z (r x y z))) (goal (some u v w (r u v w)))",
    );
    let signature = &setting.problem.signature;
    let thing = signature.find_sort("Thing").unwrap();
    let r = signature.find_symbol("r", 3, true).unwrap();
    let size = 3u32;
    for triple in 0..size.pow(3) {
        let elements = [triple / 9, triple / 3 % 3, triple % 3].map(Value::Element);
        for odd in [true, false] {
            let mut model = Model::default();
            let names = (0..size).map(|i| Arc::from(i.to_string()));
            model.domains.insert(thing, names.collect());
            let table = Table {
                default: Value::Bool(!odd),
                entries: BTreeMap::from([(elements.clone().into(), Value::Bool(odd))]),
            };
            model.tables.insert(r, table);
            // With one exception `all` fails, and `some` holds.
            let mut query = setting.query.clone();
            query.goals[0].holds = false;
            let outcome = Outcome::sat(model);
            let limits = Limits::default();
            assert!(check(&setting.problem, &query, &outcome, &limits).is_ok());
            query.goals[0].holds = true;
            let refused = check(&setting.problem, &query, &outcome, &limits);
            let wrong = Refusal::Model(ModelFault::False(Item::Goal(0)));
            assert_eq!(refused, Err(wrong), "{elements:?} {odd}");
            query.goals.remove(0);
            query.goals[0].holds = false;
            assert!(check(&setting.problem, &query, &outcome, &limits).is_err());
        }
    }
}
