//! What the semantics of rules means, by example: `stated` and `denied` of a
//! conclusion follow from the lowered premises, or do not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::sync::Arc;

use nsolve_backend::{Backend, Budget, SolveCx, Verdict};
use nsolve_backend_ground::Ground;
use nsolve_bridge::rules_to_classical;
use nsolve_il::fol::{Problem, Query, Semantics, TermId};
use nsolve_source::SourceText;
use nsolve_syntax::fol::{Style, elaborate, parse};

fn follows(problem: &Arc<Problem>, formula: TermId) -> bool {
    let query = Query::premises_of(problem).assuming(formula, false);
    let outcome = Ground.solve(problem, &query, &SolveCx::new(Budget::default()));
    match outcome.unwrap().verdict {
        Verdict::Unsat => true,
        Verdict::Sat => false,
        other => panic!("{other:?}"),
    }
}

/// Whether the conclusion is concluded, and whether its denial is.
fn concluded(text: &str) -> (bool, bool) {
    let source = SourceText::new("rules.fol", &format!("semantics rules {text}")).unwrap();
    let (document, faults) = parse(&source);
    assert!(faults.is_empty(), "{faults:#?}");
    let problem = elaborate(&document, &Style::NATIVE).problem.unwrap();
    let (lowered, asked) = rules_to_classical(&problem).unwrap();
    assert_eq!(lowered.semantics, Semantics::Classical);
    assert_eq!(lowered.premises.len(), problem.premises.len());
    let lowered = Arc::new(lowered);
    (
        follows(&lowered, asked[0].stated),
        follows(&lowered, asked[0].denied),
    )
}

const YES: (bool, bool) = (true, false);
const NO: (bool, bool) = (false, true);
const OPEN: (bool, bool) = (false, false);
const BOTH: (bool, bool) = (true, true);

#[test]
fn rules_run_forward() {
    let rule = "premise : forall x. cat(x) -> mammal(x)";
    assert_eq!(
        concluded(&format!(
            "{rule} premise : cat(tom) conclusion : mammal(tom)"
        )),
        YES
    );
    assert_eq!(
        concluded(&format!(
            "{rule} premise : cat(tom) conclusion : not mammal(tom)"
        )),
        NO
    );
    assert_eq!(
        concluded("premise : a premise : a -> b premise : b -> c conclusion : c"),
        YES
    );
    assert_eq!(
        concluded("premise : a and b premise : a and b -> c conclusion : c"),
        YES
    );
    assert_eq!(
        concluded("premise : a premise : a or b -> c conclusion : c"),
        YES
    );
    assert_eq!(
        concluded("premise : p(tom) premise : (exists x. p(x)) -> c conclusion : c"),
        YES
    );
}

#[test]
fn there_is_no_contraposition() {
    let rule = "premise : forall x. cat(x) -> mammal(x)";
    assert_eq!(
        concluded(&format!(
            "{rule} premise : not mammal(rex) conclusion : cat(rex)"
        )),
        OPEN
    );
    assert_eq!(
        concluded("premise : a -> b premise : not b conclusion : a"),
        OPEN
    );
}

#[test]
fn negation_is_stated_and_never_taken_from_absence() {
    assert_eq!(
        concluded("premise : a premise : not b -> c conclusion : c"),
        OPEN
    );
    assert_eq!(
        concluded("premise : not b premise : not b -> c conclusion : c"),
        YES
    );
    assert_eq!(
        concluded("premise : a -> not b premise : a conclusion : b"),
        NO
    );
    assert_eq!(concluded("premise : not (a or b) conclusion : a"), NO);
    assert_eq!(
        concluded("premise : a premise : not b conclusion : a and b"),
        NO
    );
    assert_eq!(
        concluded("premise : a premise : not b conclusion : a -> b"),
        NO
    );
    assert_eq!(
        concluded("premise : forall x. not p(x) conclusion : exists x. p(x)"),
        NO
    );
}

#[test]
fn there_is_no_reasoning_by_cases_on_what_is_unknown() {
    assert_eq!(
        concluded("premise : a -> b premise : not a -> b conclusion : b"),
        OPEN
    );
    assert_eq!(concluded("premise : c conclusion : a or not a"), OPEN);
    // A stated disjunction has its cases.
    assert_eq!(
        concluded("premise : a or b premise : a -> c premise : b -> c conclusion : c"),
        YES
    );
    // But a case is not closed by the negation of the other.
    assert_eq!(
        concluded("premise : a or b premise : not a conclusion : b"),
        OPEN
    );
}

#[test]
fn a_contradiction_stays_local() {
    let clash = "premise : a premise : not a premise : b";
    assert_eq!(concluded(&format!("{clash} conclusion : a")), BOTH);
    assert_eq!(concluded(&format!("{clash} conclusion : b")), YES);
    assert_eq!(concluded(&format!("{clash} conclusion : c")), OPEN);
}

#[test]
fn equality_is_classical_and_counts_are_refused_where_they_deny() {
    assert_eq!(
        concluded("premise : p(tom) premise : tom = tim conclusion : p(tim)"),
        YES
    );
    assert_eq!(concluded("premise : tom != tim conclusion : tom = tim"), NO);
    let text = "semantics rules premise : exactly 1 x. p(x) conclusion : p(tom)";
    let (document, _) = parse(&SourceText::new("rules.fol", text).unwrap());
    let problem = elaborate(&document, &Style::NATIVE).problem.unwrap();
    assert!(rules_to_classical(&problem).is_err());
}
