//! Logic programs by the command: answers, reasons, saved answers, bad input.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

const FAMILY: &str = "
%! Ann is Bob's parent.
parent(ann, bob).
parent(bob, tom).
ancestor(X, Y) :- parent(X, Y).
ancestor(X, Z) :- parent(X, Y), ancestor(Y, Z).
";

fn nsolve(args: &[&str], stdin: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_nsolve"))
        .args(args)
        .env_remove("NSOLVE_BACKEND")
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let stdin = stdin.to_owned();
    let writer = std::thread::spawn(move || {
        let _ = pipe.write_all(stdin.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

/// Answers a program from standard input by our own engine.
fn solve(text: &str, args: &[&str]) -> Output {
    let mut all = vec!["solve", "-", "--from", "program", "--backend", "program"];
    all.extend(args);
    nsolve(&all, text)
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("ended by a signal")
}

fn json_of(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", stderr(output)))
}

#[test]
fn bindings_come_with_their_derivations() {
    let output = solve(FAMILY, &["--query", "ancestor(X, tom)"]);
    let text = stdout(&output);
    assert!(text.starts_with("bindings  (verified)"), "{text}");
    for line in [
        "2 instances of `ancestor(X, tom)`, and no others:",
        "    X = ann",
        "└─ ancestor(bob,tom)",
        "a fact \"Ann is Bob's parent.\" (line 3)",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    let why = stdout(&solve(FAMILY, &["--why", "ancestor(ann, tom)"]));
    assert!(
        why.starts_with("true  (verified)") && why.contains("├─ parent(ann,bob)"),
        "{why}"
    );
    let why_not = stdout(&solve(FAMILY, &["--why-not", "ancestor(tom, ann)"]));
    assert!(
        why_not.contains("ancestor(tom, ann) :- parent(tom, ann)."),
        "{why_not}"
    );
    assert!(why_not.contains("fails: parent(tom,ann)"), "{why_not}");
}

#[test]
fn saved_answers_follow_the_schema_and_hold() {
    let schema = json_of(&nsolve(&["schema", "answer"], ""));
    let schema = jsonschema::validator_for(&schema).unwrap();
    for (text, answer) in [
        (format!("{FAMILY} ancestor(X, tom)?"), "bindings"),
        (format!("{FAMILY} ancestor(tom, ann)?"), "false"),
        ("1 { p(a); p(b) } 1. q :- p(a). q?".into(), "uncertain"),
        ("{ p(1..3) }. :~ p(X). [-X@2, X] :- p(2).".into(), "optimum"),
        ("p. :- p.".into(), "no-model"),
        // By a search of the checker's own.
        ("a :- not b. b :- not a. :- a. :- b.".into(), "no-model"),
        ("{ a; b } = 1. c :- a. c :- b. c?".into(), "true"),
        (
            "#semantics open. p(a). -q(X) :- p(X). q(a)?".into(),
            "false",
        ),
        ("p(a). -p(a).".into(), "no-model"),
    ] {
        let output = solve(&text, &["--json"]);
        let value = json_of(&output);
        assert_eq!(value["answer"], answer, "{text}");
        let errors: Vec<_> = schema.iter_errors(&value).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{text}: {errors:?}");
        let saved = stdout(&output);
        let verified = nsolve(&["verify", "-"], &saved);
        assert_eq!(code(&verified), 0, "{text}: {}", stdout(&verified));
        assert!(stdout(&nsolve(&["explain", "-"], &saved)).len() > 10);
    }
}

#[test]
fn forged_answers_do_not_hold() {
    let output = solve(&format!("{FAMILY} ancestor(X, tom)?"), &["--json"]);
    let whole = json_of(&output);
    let forge = |change: &dyn Fn(&mut Value)| {
        let mut value = whole.clone();
        change(&mut value);
        code(&nsolve(&["verify", "-"], &value.to_string()))
    };
    assert_eq!(forge(&|_| {}), 0);
    assert_eq!(forge(&|v| v["bindings"][0]["X"] = json!("tom")), 4);
    assert_eq!(forge(&|v| v["answer"] = json!("no-bindings")), 4);
    // A model that costs less, and models where there are said to be none.
    let forged = |text: &str, from: &str, to: &str| {
        let saved = stdout(&solve(text, &["--json"]));
        assert_eq!(code(&nsolve(&["verify", "-"], &saved)), 0, "{text}");
        assert!(saved.contains(from), "{text}: {saved}");
        code(&nsolve(&["verify", "-"], &saved.replace(from, to)))
    };
    let cheap = "{ p }. :- not p. :~ p. [2]";
    assert_eq!(forged(cheap, ":- not p.", ":- q. q :- not q, r."), 4);
    assert_eq!(
        forged("a :- not b. b :- not a. :- a. :- b.", ":- b.", ":- a."),
        4
    );
    assert_eq!(forge(&|v| v["goal"] = json!("parent(X, tom)?")), 1);
    let steps = "/evidence/queries/0/derivation/steps";
    assert_eq!(
        forge(&|v| {
            v.pointer_mut(steps)
                .unwrap()
                .as_array_mut()
                .unwrap()
                .remove(0);
        }),
        4
    );

    // A model that shows less than the counterexample's assumption would need.
    let output = solve("1 { p(a); p(b) } 1. q :- p(a). q?", &["--json"]);
    let mut value = json_of(&output);
    value["evidence"]["queries"][1]["query"]["never"] = json!(["p(a)?"]);
    assert_ne!(code(&nsolve(&["verify", "-"], &value.to_string())), 0);
}

#[test]
fn models_are_listed_and_costs_are_minimal() {
    let text = "1 { p(a); p(b) } 1.";
    let all = stdout(&solve(text, &["--all-models"]));
    assert!(
        all.contains("model 1:")
            && all.contains("model 2:")
            && all.contains("There are no other models")
    );
    let one = stdout(&solve(text, &[]));
    assert!(
        one.contains("There may be other models; --all-models lists them."),
        "{one}"
    );
    let best = stdout(&solve(
        &format!("{text} :~ p(a). [3] :~ p(b). [2]"),
        &["--optimize"],
    ));
    assert!(
        best.contains("best model (cost 2):") && best.contains("p(b)"),
        "{best}"
    );
    let nothing = solve(text, &["--optimize"]);
    assert_eq!(code(&nothing), 2);
    assert!(stderr(&nothing).contains("nothing to optimise"));
}

#[test]
fn searches_and_chains() {
    let trace = stdout(&solve(
        FAMILY,
        &["--query", "ancestor(ann, tom)", "--trace-search"],
    ));
    assert!(
        trace.contains("(nothing matches)") && trace.contains("solution: yes"),
        "{trace}"
    );
    let needs = solve(FAMILY, &["--trace-search"]);
    assert_eq!(code(&needs), 2);
    let path = std::env::temp_dir().join(format!("nsolve-chain-{}.txt", std::process::id()));
    std::fs::write(&path, "ancestor(bob, tom).\nancestor(ann, zoe).\nancestor(ann, tom) :- parent(ann, bob), ancestor(bob, tom).\n").unwrap();
    let chain = solve(
        FAMILY,
        &[
            "--query",
            "ancestor(ann, tom)",
            "--chain",
            path.to_str().unwrap(),
        ],
    );
    std::fs::remove_file(&path).unwrap();
    let text = stdout(&chain);
    assert!(
        text.contains("67 % of the steps are in the program"),
        "{text}"
    );
    assert!(
        text.contains("first leaves the program at step 2"),
        "{text}"
    );
}

#[test]
fn bad_programs_end_in_good_order() {
    for (text, exit, says) in [
        ("p(0). p(X+1) :- p(X).", 3, "LPR0408"),
        ("n(z). n(s(X)) :- n(X).", 3, "terms deeper than 200"),
        (
            "p(9223372036854775807). q(X+1) :- p(X).",
            3,
            "64-bit overflow",
        ),
        (
            "d(1..300). p(X,Y,Z,W) :- d(X), d(Y), d(Z), d(W).",
            3,
            "unknown",
        ),
        ("p(X) :- not q(X).", 1, "LPR0301"),
        (
            "q(X) :- X = #count{ Y : p(Y) }. p(Y) :- q(Y).",
            1,
            "LPR0302",
        ),
        (
            "#script (python) import os #end. p.",
            1,
            "scripts are never executed",
        ),
        ("#include \"/etc/hostname\". p.", 1, "no other file is read"),
        ("path(X) :- path(X). path(a)?", 0, "false  (verified)"),
        ("p(1/0). q.", 0, "q"),
    ] {
        let output = solve(text, &["--timeout", "2s", "--memory", "1GiB"]);
        let all = stdout(&output) + &stderr(&output);
        assert_eq!(code(&output), exit, "{text}: {all}");
        assert!(all.contains(says), "{text}: {all}");
    }
    let prolog = ":- initialization(main). main :- shell(id). p(X) :- q(X), !. q(a). ?- p(X).";
    let output = nsolve(&["solve", "-", "--from", "prolog"], prolog);
    assert_eq!(code(&output), 1);
    for code in ["LPR0106", "LPR0107"] {
        assert!(stderr(&output).contains(code), "{}", stderr(&output));
    }
}

#[test]
fn programs_are_translated_and_say_which_meaning_is_kept() {
    let birds = "bird(a). penguin(a). flies(X) :- bird(X), not penguin(X). flies(a)?";
    for (to, says) in [
        ("fol", "flies(x1) <->"),
        ("asp", "% Meaning: stable models."),
        ("prolog", "\\+"),
        ("datalog", ".decl flies"),
        ("program", "flies(X) :- bird(X), not penguin(X)."),
    ] {
        let output = nsolve(&["translate", "-", "--from", "program", "--to", to], birds);
        assert!(
            stdout(&output).contains(says),
            "{to}: {}{}",
            stdout(&output),
            stderr(&output)
        );
    }
}
