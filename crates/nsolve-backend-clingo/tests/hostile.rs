//! Replies that are broken, or that lie: nothing of them is believed.

#![cfg(target_os = "linux")]
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
mod common;

use std::sync::Arc;

use common::{Fake, limited, shown};
use nsolve_backend::{Backend, BackendError, Verdict};
use nsolve_il::program::Query;

/// What clingo says about one program with these atoms in its models.
fn reply(models: &[&str], result: &str, more: &str) -> String {
    let witnesses: Vec<String> = models
        .iter()
        .map(|atoms| format!(r#"{{"Value": [{atoms}]}}"#))
        .collect();
    format!(
        r#"{{"Solver": "clingo version 5.4.1", "Input": ["-"],
            "Call": [{{"Witnesses": [{}]}}], "Result": "{result}",
            "Models": {{"Number": {}, "More": "{more}"}}, "Calls": 1}}"#,
        witnesses.join(", "),
        models.len()
    )
}

/// What our backend makes of a reply about `{ p(1) }. q("x", a).`
fn solved(reply: &str, complaint: &str, status: i32) -> Result<String, BackendError> {
    let problem = Arc::new(asp::program("{ p(1); r(f(a)) }. q(a,2)."));
    let query = Query::Models {
        limit: None,
        optimal: false,
        assuming: Vec::new(),
    };
    let fake = Fake::saying(reply, complaint, status);
    let outcome = fake.backend().solve(&problem, &query, &limited(20))?;
    if outcome.verdict == Verdict::Unknown {
        return Ok(outcome.stop.to_string());
    }
    Ok(shown(&problem, &query, &Ok(outcome)).join(" | "))
}

const GOOD: &str = r#""q(a,2)", "p(1)""#;

#[test]
fn a_good_reply_is_believed() {
    let good = reply(&[GOOD], "SATISFIABLE", "no");
    assert_eq!(solved(&good, "", 30).unwrap(), "p(1) q(a,2) | ; complete");
    let unsat = reply(&[], "UNSATISFIABLE", "no");
    assert_eq!(solved(&unsat, "", 20).unwrap(), "unsat");
}

#[test]
fn a_reply_that_is_cut_off_is_not_believed() {
    let good = reply(&[GOOD], "SATISFIABLE", "no");
    for length in (0..good.len()).step_by(17) {
        let cut = &good[..length];
        let answer = solved(cut, "", 30);
        assert!(answer.is_err(), "{cut}: {answer:?}");
    }
}

#[test]
fn atoms_that_no_model_can_have_are_not_believed() {
    for atom in [
        "s(1)",
        "p(2,3)",
        "-p(1)",
        "p(b)",
        "p(\\\"a\\\")",
        "p(g(a))",
        "p(99999999999999999999)",
        "p(3000000000)",
        "p(--1)",
        "p(-)",
        "p(1",
        "p(1))",
        "p()",
        "p(1,)",
        "p((1))",
        "p(a b)",
        "p(f(a)x)",
        "p(#nan)",
        "answer",
        "p(1) q(a,2)",
        "",
        " p(1)",
    ] {
        let lie = reply(&[&format!(r#""{atom}""#)], "SATISFIABLE", "no");
        let answer = solved(&lie, "", 30);
        assert!(answer.is_err(), "{atom}: {answer:?}");
    }
    let deep = format!("p({}a{})", "f(".repeat(100_000), ")".repeat(100_000));
    let lie = reply(&[&format!(r#""{deep}""#)], "SATISFIABLE", "no");
    assert!(solved(&lie, "", 30).is_err());
}

#[test]
fn a_reply_that_does_not_agree_with_itself_is_not_believed() {
    let good = reply(&[GOOD], "SATISFIABLE", "no");
    let two = reply(&[GOOD, GOOD], "SATISFIABLE", "no");
    let twice = reply(&[r#""p(1)", "p(1)""#], "SATISFIABLE", "no");
    let none = reply(&[], "UNSATISFIABLE", "no");
    for (reply, status) in [
        (good.clone(), 20),
        (good.clone(), 0),
        (good.clone(), 65),
        (good.replace("SATISFIABLE", "UNSATISFIABLE"), 20),
        (good.replace("SATISFIABLE", "UNSATISFIABLE"), 30),
        (good.replace("SATISFIABLE", "UNKNOWN"), 30),
        (good.replace("\"Number\": 1", "\"Number\": 2"), 30),
        (good.replace("\"Number\": 1", "\"Number\": -1"), 30),
        (good.replace("\"Call\": [", "\"Call\": [{}, "), 30),
        (none.clone(), 30),
        (none.replace("UNSATISFIABLE", "SATISFIABLE"), 30),
        (none, 10),
        (two, 30),
        (twice, 30),
        (format!("{good}{good}"), 30),
        (format!("clingo version 5.4.1\n{good}"), 30),
    ] {
        let answer = solved(&reply, "", status);
        assert!(answer.is_err(), "{status} {reply}: {answer:?}");
    }
}

#[test]
fn complaints_take_the_belief_away() {
    let good = reply(&[GOOD], "SATISFIABLE", "no");
    for complaint in [
        "*** ERROR: (clingo): grounding stopped because of errors",
        "-:1:1-2: error: syntax error",
        "*** Warn : (clingo): something",
    ] {
        let answer = solved(&good, complaint, 30).unwrap_err();
        assert!(answer.to_string().contains(complaint), "{answer}");
    }
    // A long complaint is told by its start.
    let long = solved(&good, &"x".repeat(100_000), 30).unwrap_err();
    assert!(long.to_string().len() < 1_000);
}

#[test]
fn limits_are_told_as_such() {
    let out_of_memory = solved("", "*** ERROR: (clingo): std::bad_alloc", 33);
    assert_eq!(out_of_memory.unwrap(), "memory");
    let stopped = reply(&[GOOD], "SATISFIABLE", "yes");
    let stopped = stopped.replace("\"Calls\"", "\"TIME LIMIT\": 1, \"Calls\"");
    let answer = solved(&stopped, "*** Info : (clingo): INTERRUPTED by signal!", 11);
    assert_eq!(answer.unwrap(), "p(1) q(a,2)");
    let nothing = reply(&[], "UNKNOWN", "yes");
    let nothing = nothing.replace("\"Calls\"", "\"TIME LIMIT\": 1, \"Calls\"");
    assert_eq!(solved(&nothing, "", 1).unwrap(), "time");
}
