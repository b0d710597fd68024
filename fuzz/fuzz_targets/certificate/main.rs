//! Evidence of every kind against problems whose answers are known. The checker
//! must not panic, and must not believe what is false.
//!
//! Evidence out of nowhere is refused on its first line, so the bytes say how to
//! change evidence that is right: that of the `ground` backend.

#![no_main]

mod evidence;
mod naive;

use std::sync::LazyLock;

use evidence::{Bytes, Subject};
use nsolve::check::{Limits, check};
use nsolve::il::fol::Query;
use nsolve::{Evidence, Outcome};

static SUBJECTS: LazyLock<Vec<Subject>> = LazyLock::new(evidence::subjects);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut bytes = Bytes::new(bytes);
    let subject = bytes.pick(&SUBJECTS);
    let problem = &*subject.problem;
    let right = bytes.pick(&subject.evidence);
    // Mostly the query that the evidence is for, else any.
    let query = match bytes.below(4) {
        0 => {
            let mask = bytes.word();
            let all = 0..problem.premises.len() as u32;
            Query {
                premises: all.filter(|i| mask >> i & 1 == 1).collect(),
                goals: Vec::new(),
            }
        }
        _ => right.query.clone(),
    };
    let outcome = match right.outcome.evidence.clone() {
        Evidence::Certificate(mut certificate) => {
            evidence::change_certificate(&mut certificate, problem, &mut bytes);
            Outcome::unsat(certificate)
        }
        Evidence::Model(mut model) => {
            evidence::change_model(&mut model, problem, &mut bytes);
            Outcome::sat(model)
        }
        _ => return,
    };
    let limits = Limits { steps: 200_000 };
    let Ok(receipt) = check(problem, &query, &outcome, &limits) else {
        return;
    };
    match &outcome.evidence {
        Evidence::Model(model) => {
            assert!(!subject.is_unsat(&query), "a model of what has none");
            for (item, formula, holds) in query.assertions(problem) {
                let value = naive::holds(problem, model, formula);
                assert_ne!(value, Some(!holds), "{item:?} is wrong in {model:?}");
            }
        }
        _ => {
            assert!(
                subject.is_unsat(&query),
                "a refutation of what is satisfiable"
            );
            let core = evidence::only(receipt.core());
            assert!(subject.is_unsat(&core), "a core that is satisfiable");
        }
    }
});
