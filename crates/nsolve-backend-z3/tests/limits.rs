//! Queries that are hard, large, or beyond what is encoded.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use nsolve_backend::{
    Backend, BackendError, Budget, CancelToken, Evidence, Outcome, SolveCx, StopReason, Verdict,
    testkit,
};
use nsolve_backend_z3::Z3;
use nsolve_il::Rational;
use nsolve_il::fol::{
    ArithmeticOp, Builder, Conclusion, Fol, Problem, Quantifier, Query, Question, SortError,
    SortId, TermId,
};

fn solve(problem: &Arc<Problem>, query: &Query, budget: Budget) -> Outcome<Fol> {
    Z3.solve(problem, query, &SolveCx::new(budget)).unwrap()
}

fn asserting(
    make: impl FnOnce(&mut Builder) -> Result<TermId, SortError>,
) -> (Arc<Problem>, Query) {
    let mut builder = Builder::new();
    let formula = make(&mut builder).unwrap();
    let conclusion = Conclusion {
        formula,
        sentence: None,
        span: None,
    };
    let problem = builder.finish(Question::Conclusion(conclusion));
    let query = Query::premises_of(&problem).assuming(formula, true);
    (Arc::new(problem), query)
}

/// Three cubes that sum to 114: nobody knows whether there are such integers.
fn three_cubes(b: &mut Builder) -> Result<TermId, SortError> {
    let mut cubes = Vec::new();
    for name in ["x", "y", "z"] {
        let symbol = b.constant(name, SortId::INT)?;
        let t = b.apply(symbol, vec![])?;
        cubes.push(b.arithmetic(ArithmeticOp::Multiply, vec![t, t, t])?);
    }
    let sum = b.arithmetic(ArithmeticOp::Add, cubes)?;
    let target = b.number(Rational::from_integer(114.into()), SortId::INT)?;
    b.equal(sum, target)
}

#[test]
fn stops_a_nonlinear_query_when_time_is_over() {
    let (problem, query) = asserting(three_cubes);
    let budget = Budget {
        time: Some(Duration::from_millis(200)),
        ..Budget::default()
    };
    let outcome = solve(&problem, &query, budget);
    assert_eq!(outcome.verdict, Verdict::Unknown);
    assert_eq!(outcome.stop, StopReason::Time);
}

#[test]
fn stops_one_of_two_queries_when_its_token_is_cancelled() {
    let (problem, query) = asserting(three_cubes);
    let token = CancelToken::new();
    let cx = SolveCx::default().with_cancel(token.clone());
    thread::scope(|scope| {
        let hard = scope.spawn(|| Z3.solve(&problem, &query, &cx).unwrap());
        // Another query beside it is not disturbed.
        let case = testkit::pigeonhole(4);
        let easy = solve(&case.problem, &case.query, Budget::default());
        assert_eq!(easy.verdict, Verdict::Unsat);
        token.cancel();
        assert_eq!(hard.join().unwrap().stop, StopReason::Cancelled);
    });
}

#[test]
fn stops_when_memory_is_used_up() {
    let case = testkit::pigeonhole(60);
    let mut budget = Budget {
        time: Some(Duration::from_secs(60)),
        memory: Some(8 << 20),
        ..Budget::default()
    };
    let outcome = solve(&case.problem, &case.query, budget);
    assert_eq!(outcome.verdict, Verdict::Unknown);
    assert_eq!(outcome.stop, StopReason::Memory);
    // The limit is the query's, not the process's.
    budget.memory = None;
    budget.time = Some(Duration::from_millis(200));
    let outcome = solve(&case.problem, &case.query, budget);
    assert_eq!(outcome.stop, StopReason::Time);
}

#[test]
fn encodes_deep_and_wide_terms() {
    let (problem, query) = asserting(|b| {
        let thing = b.default_sort();
        let p = b.predicate("p", &[thing, thing])?;
        let mut x = b.variable("x", thing);
        let mut formula = b.truth(false);
        for depth in 0..200 {
            let y = b.variable("y", thing);
            let (tx, ty) = (b.var(x), b.var(y));
            let atom = b.apply(p, vec![tx, ty])?;
            let either = b.or(vec![formula, atom])?;
            let quantifier = [Quantifier::Forall, Quantifier::Exists][depth % 2];
            formula = b.quantified(quantifier, vec![x], either)?;
            x = y;
        }
        // The last of the variables is still free.
        formula = b.quantified(Quantifier::Exists, vec![x], formula)?;
        let many = (0..10_000).map(|i| {
            let symbol = b.predicate(&format!("q{i}"), &[])?;
            b.apply(symbol, vec![])
        });
        let mut all = many.collect::<Result<Vec<_>, _>>()?;
        all.push(formula);
        b.or(all)
    });
    let outcome = solve(&problem, &query, Budget::default());
    assert_eq!(outcome.verdict, Verdict::Sat);
}

fn counted(quantifier: Quantifier, nested: usize) -> (Arc<Problem>, Query) {
    asserting(|b| {
        let thing = b.default_sort();
        let p = b.predicate("p", &[thing])?;
        let mut formula = b.truth(true);
        for _ in 0..nested {
            let x = b.variable("x", thing);
            let t = b.var(x);
            let atom = b.apply(p, vec![t])?;
            let body = b.and(vec![atom, formula])?;
            formula = b.quantified(quantifier, vec![x], body)?;
        }
        Ok(formula)
    })
}

#[test]
fn counts_up_to_fifty_and_refuses_more() {
    for (quantifier, nested, supported) in [
        (Quantifier::AtLeast(50), 1, true),
        (Quantifier::AtLeast(51), 1, false),
        (Quantifier::AtMost(u32::MAX), 1, false),
        (Quantifier::Exactly(2), 3, true),
        (Quantifier::Exactly(40), 3, false),
    ] {
        let (problem, query) = counted(quantifier, nested);
        let answer = Z3.solve(&problem, &query, &SolveCx::default());
        match answer {
            Ok(outcome) => assert!(supported && outcome.verdict == Verdict::Sat),
            Err(BackendError::Unsupported { missing, .. }) => {
                assert!(!supported && missing.iter().all(|m| m.contains("counting")));
            }
            Err(error) => panic!("{quantifier:?}: {error}"),
        }
    }
}

#[test]
fn a_core_leaves_out_what_is_not_needed() {
    let mut b = Builder::new();
    for (name, holds) in [("a", true), ("b", true), ("c", true), ("b", false)] {
        let symbol = b.signature().find_symbol(name, 0, true);
        let symbol = symbol.unwrap_or_else(|| b.predicate(name, &[]).unwrap());
        let mut formula = b.apply(symbol, vec![]).unwrap();
        if !holds {
            formula = b.not(formula).unwrap();
        }
        let number = b.premises().len();
        b.premise(&format!("p{number}"), formula, None, None)
            .unwrap();
    }
    let problem = Arc::new(b.finish(Question::Model));
    let query = Query::premises_of(&problem);
    let outcome = solve(&problem, &query, Budget::default());
    let Evidence::Core(core) = outcome.evidence else {
        panic!("no core: {outcome:?}");
    };
    use nsolve_il::fol::Item::Premise;
    assert_eq!(core, [Premise(1), Premise(3)]);
}
