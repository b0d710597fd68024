//! Between rules of `fol` and programs: what is written, and what is refused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use nsolve_bridge::{program_to_fol, rules_to_program};
use nsolve_source::{SourceText, has_errors};
use nsolve_syntax::fol::{Style, elaborate, parse};
use nsolve_syntax::program::{Dialect, read};

fn to_program(text: &str) -> Result<String, String> {
    let source = SourceText::new("rules.fol", &format!("semantics rules {text}")).unwrap();
    let (document, faults) = parse(&source);
    assert!(faults.is_empty(), "{faults:#?}");
    let problem = elaborate(&document, &Style::NATIVE).problem.unwrap();
    match rules_to_program(&problem) {
        Ok(translated) => Ok(nsolve_syntax::program::print(&translated.problem)),
        Err(faults) => Err(faults[0].message.clone()),
    }
}

fn to_fol(text: &str) -> Result<String, String> {
    let source = SourceText::new("p.asp", text).unwrap();
    let (problem, faults) = read(&source, Dialect::Asp);
    assert!(!has_errors(&faults), "{faults:#?}");
    match program_to_fol(&problem.unwrap()) {
        Ok(translated) => Ok(nsolve_syntax::fol::print(&translated.problem)),
        Err(faults) => Err(faults[0].message.clone()),
    }
}

/// The lines that are not declarations or comments.
fn lines(text: &str, starts: &[&str]) -> Vec<String> {
    let kept = text
        .lines()
        .filter(|l| !l.is_empty() && !starts.iter().any(|s| l.starts_with(s)));
    kept.map(str::to_owned).collect()
}

#[test]
fn rules_become_programs() {
    let text = to_program(
        "premise : forall x. cat(x) and (big(x) or not wild(x)) -> tame(x) and kept(x)
         premise : cat(tom)
         premise : not wild(tom)
         premise : forall x. (exists y. likes(y, x)) -> liked(x)
         conclusion : tame(tom)",
    )
    .unwrap();
    assert_eq!(
        lines(&text, &["#", "%"]),
        [
            "tame(X) :- cat(X), big(X).",
            "tame(X) :- cat(X), -wild(X).",
            "kept(X) :- cat(X), big(X).",
            "kept(X) :- cat(X), -wild(X).",
            "cat(tom).",
            "-wild(tom).",
            "liked(X) :- likes(Y, X).",
            "tame(tom)?",
        ]
    );
}

#[test]
fn loose_variables_range_over_what_is_named() {
    let text =
        to_program("premise : forall x. round(x) premise : blue(ball) conclusion : round(ball)")
            .unwrap();
    assert_eq!(
        lines(&text, &["#", "%"]),
        [
            "round(X) :- thing(X).",
            "blue(ball).",
            "thing(ball).",
            "round(ball)?"
        ]
    );
}

#[test]
fn what_is_no_rule_is_refused() {
    for (text, why) in [
        ("premise : p(a) or q(a) conclusion : p(a)", "disjunction"),
        ("premise : exists x. p(x) conclusion : p(a)", "exists"),
        (
            "premise : forall x. p(x) -> x = a conclusion : p(b)",
            "comparison",
        ),
        ("premise : p(a) conclusion : p(a) or p(b)", "disjunction"),
    ] {
        let found = to_program(text).unwrap_err();
        assert!(found.contains(why), "{text}: {found}");
    }
}

#[test]
fn programs_become_their_completion() {
    let text = to_fol("bird(tweety). bird(opus). penguin(opus). flies(X) :- bird(X), not penguin(X). flies(tweety)?").unwrap();
    assert!(
        text.contains("flies(x1) <-> (exists x. x1 = x and bird(x) and not penguin(x))"),
        "{text}"
    );
    assert!(text.contains("conclusion : flies(tweety)"), "{text}");
    assert!(
        to_fol("p(X) :- p(X), q(X). q(a).")
            .unwrap_err()
            .contains("depends on itself")
    );
    assert!(to_fol("{ p }.").unwrap_err().contains("choice"));
}

#[test]
fn open_worlds_become_rules() {
    let text =
        to_fol("#semantics open. cat(tom). tame(X) :- cat(X), -wild(X). tame(tom)?").unwrap();
    assert!(text.contains("semantics rules"), "{text}");
    assert!(
        text.contains("forall x. cat(x) and not wild(x) -> tame(x)"),
        "{text}"
    );
}
