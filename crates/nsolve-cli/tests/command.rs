//! The command as its users meet it: answers, exit codes, bad input.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const CATS: &str = "premise p1 \"All cats are mammals.\" : forall x. cat(x) -> mammal(x)
premise p2 \"Tom is a cat.\" : cat(tom)
conclusion \"Tom is a mammal.\" : mammal(tom)
";

fn nsolve(args: &[&str], stdin: &[u8]) -> Output {
    run(Command::new(env!("CARGO_BIN_EXE_nsolve")).args(args), stdin)
}

fn run(command: &mut Command, stdin: &[u8]) -> Output {
    let mut child = command
        .env_remove("NSOLVE_BACKEND")
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let stdin = stdin.to_vec();
    // A command that ends before it has read everything closes the pipe.
    let writer = std::thread::spawn(move || {
        let _ = pipe.write_all(&stdin);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("ended by a signal")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}\n{}", stdout(output), stderr(output)))
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn an_answer_for_people() {
    let output = nsolve(&["solve", "-", "--from", "fol"], CATS.as_bytes());
    assert_eq!(code(&output), 0);
    let text = stdout(&output);
    assert!(text.starts_with("true  (verified)\n"), "{text}");
    assert!(
        text.contains("\"Tom is a mammal.\" follows from the premises."),
        "{text}"
    );
    assert!(text.contains("p1: All cats are mammals."), "{text}");
}

#[test]
fn an_answer_as_json_can_be_verified_and_explained() {
    let output = nsolve(&["solve", "-", "--from", "fol", "--json"], CATS.as_bytes());
    let mut answer = json(&output);
    assert_eq!(answer["answer"], "true");
    assert_eq!(answer["assurance"], "verified");
    assert_eq!(answer["because"], serde_json::json!(["p1", "p2"]));
    for (name, value) in [("answer", &answer), ("problem", &answer["problem"])] {
        let schema = json(&nsolve(&["schema", name], b""));
        let errors: Vec<_> = jsonschema::validator_for(&schema)
            .unwrap()
            .iter_errors(value)
            .map(|e| e.to_string())
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }

    let verified = nsolve(&["verify", "-"], output.stdout.as_slice());
    assert_eq!(code(&verified), 0, "{}", stdout(&verified));
    let explained = nsolve(&["explain", "-"], output.stdout.as_slice());
    assert!(stdout(&explained).contains("All cats are mammals."));

    // Another answer on the same evidence does not hold.
    answer["answer"] = "false".into();
    let forged = nsolve(&["verify", "-"], answer.to_string().as_bytes());
    assert_eq!(code(&forged), 4);
    // Neither does the answer on a problem that lacks a premise.
    answer["answer"] = "true".into();
    answer["problem"]["premises"][0]["formula"] = "forall x. dog(x) -> mammal(x)".into();
    let forged = nsolve(&["verify", "-"], answer.to_string().as_bytes());
    assert_eq!(code(&forged), 4, "{}", stdout(&forged));
}

#[test]
fn every_backend_says_the_same() {
    for backend in ["auto", "ground", "z3"] {
        let output = nsolve(
            &[
                "solve",
                "-",
                "--from",
                "fol",
                "--json",
                "--backend",
                backend,
            ],
            CATS.as_bytes(),
        );
        let answer = json(&output);
        assert_eq!(answer["answer"], "true", "{backend}");
        assert_eq!(answer["assurance"], "verified", "{backend}");
    }
}

#[test]
fn other_outputs() {
    let output = nsolve(
        &["solve", "-", "--from", "fol", "--format", "szs"],
        CATS.as_bytes(),
    );
    assert_eq!(stdout(&output), "% SZS status Theorem for <stdin>\n");
    let output = nsolve(
        &["solve", "-", "--from", "fol", "--format", "smtlib"],
        CATS.as_bytes(),
    );
    assert_eq!(stdout(&output), "unsat\n");
    let output = nsolve(
        &["solve", "-", "--from", "fol", "--format", "jsonl"],
        CATS.as_bytes(),
    );
    assert_eq!(stdout(&output).lines().count(), 1);
    let output = nsolve(
        &["solve", "-", "--from", "fol", "--exit-verdict"],
        CATS.as_bytes(),
    );
    assert_eq!(code(&output), 10);
}

#[test]
fn every_fault_is_found_in_one_pass() {
    let text = "premise : forall x cat(x)\npremise : cat(tom\nconclusion : mammal(tom))\n";
    let output = nsolve(&["check", "-", "--from", "fol", "--json"], text.as_bytes());
    assert_eq!(code(&output), 1);
    let report = json(&output);
    let lines: std::collections::BTreeSet<u64> = report["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|d| d["severity"] == "error")
        .map(|d| d["line"].as_u64().unwrap())
        .collect();
    assert_eq!(
        lines.into_iter().collect::<Vec<_>>(),
        [1, 2, 3],
        "{report:#}"
    );
}

#[test]
fn the_solver_finds_contradictions() {
    let text = "premise : p\npremise : not p\npremise : q\nconclusion : q\n";
    let output = nsolve(
        &["check", "-", "--from", "fol", "--json", "--contradictions"],
        text.as_bytes(),
    );
    let report = json(&output);
    let codes: Vec<_> = report["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["code"].clone())
        .collect();
    assert!(codes.contains(&"FOL0401".into()), "{report:#}");
}

/// Texts that are none, or are meant to break a reader: exit code 1 with a
/// message, nothing on standard output but JSON, no panic.
#[test]
fn hostile_texts() {
    let deep_brackets = "(".repeat(1 << 20);
    let deep_quantifiers = format!("conclusion : {} p(x)", "forall x.".repeat(10_000));
    let deep_not = format!("conclusion : {} p", "not ".repeat(100_000));
    let long_name = format!("conclusion : {}", "a".repeat(100_000));
    let texts: Vec<(&str, Vec<u8>)> = vec![
        ("empty", Vec::new()),
        ("comments only", b"# nothing\n".to_vec()),
        ("brackets", deep_brackets.into_bytes()),
        ("quantifiers", deep_quantifiers.into_bytes()),
        ("negations", deep_not.into_bytes()),
        ("no UTF-8", b"premise : p\xff\xfe".to_vec()),
        ("NUL", b"premise : p\0".to_vec()),
        ("long name", long_name.into_bytes()),
        ("an open string", b"premise \"All cats".to_vec()),
        ("binary", (0..=255).collect()),
    ];
    for from in [
        "fol", "nltk", "linc", "folio", "logic-lm", "prover9", "tptp", "smtlib", "json",
    ] {
        for (name, text) in &texts {
            let output = nsolve(&["solve", "-", "--from", from], text);
            let said = stderr(&output);
            assert!(!said.contains("panicked"), "{from}, {name}: {said}");
            assert!(!said.is_empty(), "{from}, {name}: nothing was said");
            if from == "fol" {
                assert_eq!(code(&output), 1, "{from}, {name}: {said}");
                assert!(stdout(&output).is_empty(), "{from}, {name}");
            } else {
                // What is rubbish in one notation may be a formula in another.
                assert!([0, 1].contains(&code(&output)), "{from}, {name}: {said}");
            }
        }
    }
}

#[test]
fn usage_errors_end_with_2() {
    for args in [
        &["solve", "-", "--timeout", "30"][..],
        &["solve", "-", "--backend", "nobody"],
        &["solve", "-", "--from", "nothing"],
        &["solve", "-", "--semantics", "fuzzy"],
        &["translate", "-", "--to", "latin"],
        &["explain", "FOL9999"],
        &["frobnicate"],
    ] {
        let output = nsolve(args, CATS.as_bytes());
        assert_eq!(code(&output), 2, "{args:?}: {}", stderr(&output));
    }
    let said = stderr(&nsolve(&["solve", "-", "--timeout", "30"], b""));
    assert!(said.contains("say `30s` or `30ms`"), "{said}");
}

#[test]
fn no_time_at_all_is_undecided() {
    for backend in ["auto", "ground", "z3"] {
        let args = [
            "solve",
            "-",
            "--from",
            "fol",
            "--timeout",
            "0s",
            "--backend",
            backend,
        ];
        let output = nsolve(&args, CATS.as_bytes());
        assert_eq!(code(&output), 3, "{backend}: {}", stderr(&output));
        assert!(
            stdout(&output).starts_with("unknown  (time)"),
            "{}",
            stdout(&output)
        );
    }
}

#[test]
fn a_missing_file_is_told() {
    let output = nsolve(&["solve", "no/such/file.fol"], b"");
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("no/such/file.fol"));
}

#[test]
fn a_missing_z3_is_told() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nsolve"));
    command
        .args(["solve", "-", "--from", "fol", "--backend", "z3"])
        .env("NSOLVE_Z3_LIBRARY", "/nowhere/libz3.so");
    let output = run(&mut command, CATS.as_bytes());
    assert_eq!(code(&output), 5, "{}", stderr(&output));
    assert!(stderr(&output).contains("z3"), "{}", stderr(&output));
    // `auto` does with what is there.
    let mut command = Command::new(env!("CARGO_BIN_EXE_nsolve"));
    command
        .args(["solve", "-", "--from", "fol"])
        .env("NSOLVE_Z3_LIBRARY", "/nowhere/libz3.so");
    assert_eq!(code(&run(&mut command, CATS.as_bytes())), 0);
    // And the doctor says so.
    let mut command = Command::new(env!("CARGO_BIN_EXE_nsolve"));
    command
        .arg("doctor")
        .env("NSOLVE_Z3_LIBRARY", "/nowhere/libz3.so");
    let output = run(&mut command, b"");
    assert_eq!(code(&output), 5);
    assert!(stdout(&output).contains("missing"), "{}", stdout(&output));
}

#[test]
fn the_doctor_names_z3_5() {
    let output = nsolve(&["doctor", "--json"], b"");
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    let report = json(&output);
    let z3 = report["backends"]
        .as_array()
        .unwrap()
        .iter()
        .find(|b| b["name"] == "z3")
        .unwrap();
    assert!(
        z3["version"].as_str().unwrap().starts_with("5."),
        "{report}"
    );
}

#[test]
fn translations_are_read_back() {
    for to in ["fol", "tptp", "smtlib", "prover9", "json"] {
        let written = nsolve(
            &["translate", "-", "--from", "fol", "--to", to],
            CATS.as_bytes(),
        );
        assert_eq!(code(&written), 0, "{to}: {}", stderr(&written));
        let solved = nsolve(&["solve", "-", "--from", to, "--json"], &written.stdout);
        let answer = json(&solved);
        if to == "smtlib" {
            // SMT-LIB asks whether the premises and the denial hold together.
            assert_eq!(answer["answer"], "contradictory-premises", "{to}");
        } else {
            assert_eq!(answer["answer"], "true", "{to}");
        }
    }
}

#[test]
fn settings_have_origins() {
    let here = folder("settings");
    std::fs::write(here.join("nsolve.toml"), "timeout = \"3s\"\nseed = 7\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_nsolve"));
    command
        .args(["config", "show", "--jobs", "1"])
        .current_dir(&here)
        .env("NSOLVE_SEED", "9");
    let output = run(&mut command, b"");
    let shown = stdout(&output);
    let row = |name: &str| {
        shown
            .lines()
            .find(|l| l.trim_start().starts_with(name))
            .unwrap()
            .to_owned()
    };
    assert!(
        row("timeout").contains("3000ms") && row("timeout").contains("nsolve.toml"),
        "{shown}"
    );
    assert!(
        row("seed").contains('9') && row("seed").contains("NSOLVE_SEED"),
        "{shown}"
    );
    assert!(row("jobs").contains("flag"), "{shown}");
    assert!(row("backend").contains("default"), "{shown}");
    std::fs::write(here.join("nsolve.toml"), "timeuot = \"3s\"\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_nsolve"));
    command.args(["config", "show"]).current_dir(&here);
    assert_eq!(code(&run(&mut command, b"")), 2);
}

#[test]
fn a_killed_bench_goes_on() {
    let here = folder("bench");
    let suite = here.join("suite.md");
    let cases: String = (0..4)
        .map(|i| format!("## Case {i}\n\n```fol\n{CATS}```\n\n- answer: true\n\n"))
        .collect();
    std::fs::write(&suite, cases).unwrap();
    let record = here.join("run.jsonl");
    let args = [
        "bench",
        suite.to_str().unwrap(),
        "--json",
        "--record",
        record.to_str().unwrap(),
    ];
    let first = json(&nsolve(&args, b""));
    assert_eq!(first["right"], 4);
    // A kill leaves some lines and a torn one.
    let text = std::fs::read_to_string(&record).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let torn = format!(
        "{}\n{}\n{}\n{}",
        lines[0],
        lines[1],
        lines[2],
        &lines[3][..9]
    );
    std::fs::write(&record, torn).unwrap();
    let second = json(&nsolve(&args, b""));
    assert_eq!(second["right"], 4);
    assert_eq!(std::fs::read_to_string(&record).unwrap().lines().count(), 5);
    // Another suite does not go on from it.
    std::fs::write(
        &suite,
        "## Other\n\n```fol\nconclusion : p\n```\n\n- answer: uncertain\n",
    )
    .unwrap();
    assert_eq!(code(&nsolve(&args, b"")), 1);
}

#[test]
fn completions_and_manual_are_made() {
    for shell in ["bash", "zsh", "fish"] {
        let output = nsolve(&["completions", shell], b"");
        assert!(stdout(&output).contains("nsolve"));
    }
    let manual = stdout(&nsolve(&["man"], b""));
    for command in [
        "solve",
        "check",
        "translate",
        "verify",
        "explain",
        "bench",
        "doctor",
        "schema",
    ] {
        assert!(
            manual.contains(&format!("NSOLVE {}", command.to_uppercase())),
            "{command}"
        );
    }
}

const SEATS: &str = "sort Person = { ann, bob, cid }
sort Seat = { left, middle, right }
func seat : Person -> Seat
premise apart : distinct(seat(ann), seat(bob), seat(cid))
premise c1 : seat(bob) = middle
ask model
";

#[test]
fn solutions_are_tables() {
    let one = SEATS.replace("ask", "premise c2 : seat(ann) != left ask");
    let text = stdout(&nsolve(&["solve", "-"], one.as_bytes()));
    let table = "  There is exactly one solution:
    Person  seat
    ------  ------
    ann     right
    bob     middle
    cid     left
";
    assert!(
        text.starts_with(&format!("satisfiable  (verified)\n{table}")),
        "{text}"
    );
    let text = stdout(&nsolve(&["solve", "-"], SEATS.as_bytes()));
    assert!(
        text.contains("There are several solutions. One is:"),
        "{text}"
    );
    assert!(text.contains("another is:"), "{text}");
    assert!(text.contains(" is right, not left\n"), "{text}");
}

#[test]
fn places_are_rows() {
    let text = "sort Bird = { owl, hawk, crow }
func place : Bird -> Int
premise : forall b: Bird. 1 <= place(b) and place(b) <= 3
premise : place(owl) > place(hawk) and place(hawk) > place(crow)
ask model
";
    let text = stdout(&nsolve(&["solve", "-"], text.as_bytes()));
    let table =
        "    place  Bird\n    -----  ----\n    1      crow\n    2      hawk\n    3      owl\n";
    assert!(text.contains(table), "{text}");
}

#[test]
fn all_models_up_to_a_limit() {
    let solve = |limit: &str| {
        let args = ["solve", "-", "--all-models", "--limit", limit];
        let free = SEATS.replace("premise c1 : seat(bob) = middle", "");
        stdout(&nsolve(&args, free.as_bytes()))
    };
    let text = solve("2");
    assert!(text.contains("There are more than 2 solutions:"), "{text}");
    assert!(
        text.contains("solution 2:") && !text.contains("solution 3:"),
        "{text}"
    );
    for limit in ["6", "10", "all"] {
        let text = solve(limit);
        assert!(
            text.contains("There are exactly 6 solutions:"),
            "{limit}: {text}"
        );
        assert!(text.contains("solution 6:"), "{text}");
    }
    let output = nsolve(&["solve", "-", "--all-models", "--json"], SEATS.as_bytes());
    let value = json(&output);
    assert_eq!(value["solutions"]["found"], 2);
    assert_eq!(value["solutions"]["complete"], true);
    assert_eq!(value["solutions"]["unique"], false);
    let output = nsolve(&["solve", "-", "--all-models"], CATS.as_bytes());
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    let output = nsolve(&["solve", "-", "--limit", "3"], SEATS.as_bytes());
    assert_eq!(code(&output), 2, "{}", stderr(&output));
}

#[test]
fn clues_that_clash_are_named() {
    let text = SEATS.replace(
        "ask",
        "premise c2 \"Cid is there.\" : seat(cid) = middle ask",
    );
    let text = stdout(&nsolve(&["solve", "-"], text.as_bytes()));
    let said = "There is no solution: these premises clash; without any one of them, the others \
                have one.";
    assert!(text.contains(said), "{text}");
    assert!(text.contains("c2: Cid is there."), "{text}");
}

#[test]
fn least_and_greatest_values() {
    let ask = "ask maximum of count p: Person. seat(p) = left";
    let text = stdout(&nsolve(
        &["solve", "-"],
        SEATS.replace("ask model", ask).as_bytes(),
    ));
    assert!(text.starts_with("1  (verified)"), "{text}");
    let said = "The maximum of `count p: Person. seat(p) = left` is 1.";
    assert!(text.contains(said), "{text}");
    let nothing_bounds_it = "const x : Int premise : x > 2 ask maximum of x";
    let output = nsolve(&["solve", "-"], nothing_bounds_it.as_bytes());
    assert_eq!(code(&output), 3);
    assert!(stdout(&output).contains("is possible; whether more is was not decided"));
}

#[test]
fn relations_and_grids() {
    let text = "sort Room = { attic, cellar }
sort Day = { mon, tue }
sort Task = { cook, clean }
func task : Room, Day -> Task
pred free : Room
pred used : Room, Day
const first : Day
const last : Day
premise : task(attic, mon) = cook and task(attic, tue) = clean
premise : task(cellar, mon) = clean and task(cellar, tue) = cook
premise : free(attic) and not free(cellar) and first = mon and last = tue
premise : used(cellar, mon) and used(cellar, tue)
premise : not used(attic, mon) and not used(attic, tue)
ask model
";
    let text = stdout(&nsolve(&["solve", "-"], text.as_bytes()));
    let tables = "    Room    free  used
    ------  ----  --------
    attic   yes   -
    cellar  no    mon, tue

    task    mon    tue
    ------  -----  -----
    attic   cook   clean
    cellar  clean  cook

    name   value
    -----  -----
    first  mon
    last   tue
";
    assert!(text.contains(tables), "{text}");
}

const FRUIT: &str = "set Fruit := {mango, guava};
param cost{Fruit}; param profit{Fruit};
var sold{Fruit} integer >= 0;
maximize total: sum{f in Fruit} profit[f] * sold[f];
s.t. spend: sum{f in Fruit} cost[f] * sold[f] <= 20000;
s.t. mangos: 100 <= sold[mango] <= 150;
s.t. third: sold[guava] <= 1/3 * sold[mango];
";
const FRUIT_DATA: &str =
    r#"{"cost": {"mango": 5, "guava": 3}, "profit": {"mango": 3, "guava": 4}}"#;

#[test]
fn a_model_with_its_data_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let (model, data) = (
        folder.path().join("fruit.mod"),
        folder.path().join("fruit.json"),
    );
    std::fs::write(&model, FRUIT).unwrap();
    std::fs::write(&data, FRUIT_DATA).unwrap();
    let (model, data) = (model.to_str().unwrap(), data.to_str().unwrap());
    let output = nsolve(&["solve", model, "--data", data, "--json"], b"");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let answer = json(&output);
    assert_eq!(answer["verdict"], "optimal");
    assert_eq!(answer["assurance"], "verified");
    assert_eq!(answer["solution"]["sold[mango]"], 150);
    // The saved answer is a start for another run.
    let saved = folder.path().join("answer.json");
    std::fs::write(&saved, stdout(&output)).unwrap();
    let start = saved.to_str().unwrap();
    let again = nsolve(&["solve", model, "--data", data, "--start", start], b"");
    assert_eq!(code(&again), 0, "{}", stderr(&again));
    assert!(stdout(&again).contains("total = 650"), "{}", stdout(&again));
    // Without its data it is no problem.
    let output = nsolve(&["solve", model], b"");
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("MIL0305"), "{}", stderr(&output));
    // As an LP file, with thirds that are no short decimals told of.
    let output = nsolve(&["translate", model, "--data", data, "--to", "lp"], b"");
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let lp = nsolve(&["solve", "-", "--from", "lp"], stdout(&output).as_bytes());
    assert!(
        stdout(&lp).starts_with("optimal"),
        "{}{}",
        stdout(&lp),
        stderr(&lp)
    );
}

#[test]
fn what_clashes_is_shown_and_limits_are_told() {
    let clash = "var x real >= 0 <= 3;\nminimize c: x;\ns.t. much \"a promise\": x >= 5;\n";
    let output = nsolve(&["solve", "-", "--from", "milp"], clash.as_bytes());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let said = stdout(&output);
    assert!(said.contains("much (a promise): x >= 5"), "{said}");
    assert!(said.contains("x <= 3"), "{said}");
    let output = nsolve(
        &["solve", "-", "--from", "milp", "--exit-verdict"],
        clash.as_bytes(),
    );
    assert_eq!(code(&output), 20);
    let output = nsolve(
        &["solve", "-", "--from", "milp", "--timeout", "0ms"],
        clash.as_bytes(),
    );
    assert_eq!(code(&output), 3, "{}{}", stdout(&output), stderr(&output));
    let output = nsolve(&["check", "-", "--from", "lp"], b"\\^%(^%(T&*)(");
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("MIL0106"), "{}", stderr(&output));
}
