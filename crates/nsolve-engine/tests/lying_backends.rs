//! What a backend claims wrongly is never told as an answer.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::sync::Arc;

use nsolve_backend::{
    Backend, BackendError, Budget, CancelToken, Descriptor, Evidence, Outcome, SolveCx, StopReason,
    Verdict,
};
use nsolve_engine::{
    Assurance, Backends, Decision, SolveError, SolveOptions, failure_report, solve,
};
use nsolve_il::fol::{
    Builder, Certificate, Conclusion, Features, Fol, Item, Line, Model, Problem, Query, Question,
    Table, Value,
};

/// Says the same about every query.
struct Liar {
    name: &'static str,
    says: Outcome<Fol>,
}

impl Backend<Fol> for Liar {
    fn descriptor(&self) -> Descriptor {
        Descriptor {
            name: self.name,
            version: "0".into(),
            about: "says what it is told",
        }
    }

    fn supported(&self) -> Features {
        Features::all()
    }

    fn solve(
        &self,
        _: &Arc<Problem>,
        _: &Query,
        _: &SolveCx,
    ) -> Result<Outcome<Fol>, BackendError> {
        Ok(self.says.clone())
    }
}

/// `p` is given; is `q`?
fn problem() -> Arc<Problem> {
    let mut b = Builder::new();
    let (p, q) = (
        b.predicate("p", &[]).unwrap(),
        b.predicate("q", &[]).unwrap(),
    );
    let (p, q) = (b.apply(p, vec![]).unwrap(), b.apply(q, vec![]).unwrap());
    b.premise("p1", p, None, None).unwrap();
    Arc::new(b.finish(Question::Conclusion(Conclusion {
        formula: q,
        sentence: None,
        span: None,
    })))
}

fn solved(
    says: Outcome<Fol>,
    second: Option<Outcome<Fol>>,
) -> Result<nsolve_engine::Answer, SolveError> {
    let liar: Arc<dyn Backend<Fol>> = Arc::new(Liar { name: "liar", says });
    let other = second.map(|says| -> Arc<dyn Backend<Fol>> {
        Arc::new(Liar {
            name: "other",
            says,
        })
    });
    let options = SolveOptions {
        backends: Backends {
            deciders: vec![liar],
            certifier: other,
            cross_check: false,
        },
        limits: Budget::default(),
        cancel: CancelToken::new(),
        seed: 0,
        models: 2,
    };
    solve(&problem(), &options)
}

/// Everything is false in it, so it does not satisfy `p1`.
fn wrong_model(problem: &Problem) -> Model {
    let tables = problem.signature.symbol_ids();
    Model {
        tables: tables
            .map(|id| (id, Table::constant(Value::Bool(false))))
            .collect(),
        ..Model::default()
    }
}

#[test]
fn a_wrong_model_withholds_the_answer() {
    let error = solved(Outcome::sat(wrong_model(&problem())), None).unwrap_err();
    let SolveError::FailedCheck(record) = &error else {
        panic!("{error}");
    };
    assert!(record.refusal.as_ref().unwrap().is_failure());
    // The report has what is needed to see it again.
    let report = failure_report(&problem(), &error);
    assert_eq!(report["query"]["role"], "deny-conclusion");
    assert!(report["query"]["model"].is_object(), "{report:#}");
    assert!(report["problem"]["premises"].is_array(), "{report:#}");
}

#[test]
fn a_wrong_certificate_withholds_the_answer() {
    let certificate = Certificate {
        terms: Vec::new(),
        lines: vec![Line::Assert(Item::Premise(0)), Line::Assert(Item::Goal(0))],
    };
    let error = solved(Outcome::unsat(certificate), None).unwrap_err();
    assert!(matches!(error, SolveError::FailedCheck(_)), "{error}");
}

#[test]
fn a_claim_without_evidence_stays_a_claim() {
    let bare = Outcome {
        verdict: Verdict::Sat,
        stop: StopReason::Completed,
        evidence: Evidence::None,
    };
    let answer = solved(bare, None).unwrap();
    assert_eq!(answer.decision, Decision::Uncertain);
    assert_eq!(answer.assurance, Assurance::Claimed);
}

#[test]
fn backends_that_disagree_give_no_answer() {
    let claim = Outcome::unsat_core(vec![Item::Premise(0), Item::Goal(0)]);
    let mut model = wrong_model(&problem());
    for table in model.tables.values_mut().take(1) {
        *table = Table::constant(Value::Bool(true));
    }
    let error = solved(claim, Some(Outcome::sat(model))).unwrap_err();
    assert!(matches!(error, SolveError::Disagreement { .. }), "{error}");
}

#[test]
fn a_second_backend_without_evidence_makes_it_cross_checked_at_most() {
    let bare = |verdict| Outcome {
        verdict,
        stop: StopReason::Completed,
        evidence: Evidence::None,
    };
    let answer = solved(bare(Verdict::Sat), Some(bare(Verdict::Sat))).unwrap();
    assert_eq!(answer.assurance, Assurance::CrossChecked);
}

/// The same model again, where another is asked for, is no other model.
#[test]
fn the_same_model_twice_withholds_the_answer() {
    let mut b = Builder::new();
    let p = b.predicate("p", &[]).unwrap();
    let p = b.apply(p, vec![]).unwrap();
    b.premise("p1", p, None, None).unwrap();
    let problem = Arc::new(b.finish(Question::Model));
    let holds = |value| Model {
        tables: problem
            .signature
            .symbol_ids()
            .map(|id| (id, Table::constant(Value::Bool(value))))
            .collect(),
        ..Model::default()
    };
    let options = |models| SolveOptions {
        backends: Backends {
            deciders: vec![Arc::new(Liar {
                name: "liar",
                says: Outcome::sat(holds(true)),
            })],
            certifier: None,
            cross_check: false,
        },
        limits: Budget::default(),
        cancel: CancelToken::new(),
        seed: 0,
        models,
    };
    let answer = solve(&problem, &options(1)).unwrap();
    assert_eq!(answer.decision, Decision::Satisfiable);
    assert!(answer.solutions.is_none());
    let error = solve(&problem, &options(2)).unwrap_err();
    let report = failure_report(&problem, &error);
    assert_eq!(report["query"]["role"], "another-model:1", "{report:#}");
}
