//! Questions in plain English by the command: answers, what is not read,
//! hostile text.

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

use serde_json::Value;

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
    // Who does not read standard input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    child.wait_with_output().unwrap()
}

/// The JSON of a story's answer.
fn asked(story: &str, more: &[&str]) -> Value {
    let mut args = vec!["ask", "--json", "-"];
    args.extend(more);
    let output = nsolve(&args, story);
    serde_json::from_slice(&output.stdout).unwrap()
}

fn answer(story: &str) -> String {
    let value = asked(story, &[]);
    value["answer"].as_str().unwrap_or("null").to_owned()
}

fn codes(value: &Value) -> Vec<&str> {
    let list = value["diagnostics"].as_array().unwrap();
    list.iter().map(|d| d["code"].as_str().unwrap()).collect()
}

#[test]
fn stories_are_answered() {
    for (story, expected) in [
        (
            "All cats are mammals. Tom is a cat. Is Tom a mammal?",
            "true",
        ),
        (
            "All cats are pets. Tom is not a pet. Is Tom a cat?",
            "false",
        ),
        (
            "All cats are pets. Tom is a pet. Is Tom a cat?",
            "uncertain",
        ),
        (
            "Tom is a cat. No cat is a dog. Tom is a dog. Is Tom a bird?",
            "contradictory-premises",
        ),
        (
            "Every zorb flimbles. Zed is a zorb. Does Zed flimble?",
            "true",
        ),
        ("Someone likes Tom. Does Ann like Tom?", "uncertain"),
        ("Tom likes Ann. Is Ann liked by Tom?", "true"),
        (
            "Ann is older than Bob. Cal is younger than Bob. Is Ann older than Cal?",
            "true",
        ),
        (
            "Ann is 5 years old. Bob is two years older than Ann. Is Bob 7 years old?",
            "true",
        ),
        ("Ann likes Bob. Bob likes Cal. Who likes Cal?", "Bob"),
        (
            "Ann is older than Bob. Bob is older than Cal. Who is older than Cal?",
            "Ann, Bob",
        ),
        ("Tom is a cat. Rex is a dog. Which cat is black?", "nothing"),
        (
            "There are three birds: an owl, a crow and a jay. The owl is the leftmost. \
             The jay is to the right of the crow. Is the crow the second from the left?",
            "true",
        ),
        (
            "There are three runners: Ann, Bob and Cal. Ann finished above Bob. Cal finished \
             last.\n\nWhich of the following must be true?\nA) Ann finished first.\nB) Bob \
             finished first.",
            "A",
        ),
    ] {
        assert_eq!(answer(story), expected, "{story}");
    }
}

#[test]
fn words_that_look_alike_are_not_confused() {
    for (story, expected) in [
        // The noun is not the verb.
        ("Rex is a fly. Does Rex fly?", "uncertain"),
        ("Rex is a fake dog. Is Rex a dog?", "uncertain"),
        ("Ann is a tennis player. Is Ann a player?", "true"),
        ("Tom hardly runs. Does Tom run?", "uncertain"),
        ("Tom runs quickly. Does Tom run?", "true"),
        ("Ann swims. Can Ann swim?", "true"),
        ("Ann can swim. Does Ann swim?", "uncertain"),
        (
            "No cat or dog is a bird. Rex is a dog. Is Rex a bird?",
            "false",
        ),
        (
            "Ann is taller than everyone else. Is Ann taller than Bob?",
            "true",
        ),
    ] {
        assert_eq!(answer(story), expected, "{story}");
    }
}

#[test]
fn the_two_meanings_are_told_apart() {
    let story = "All cats are pets. Tom is not a pet. Is Tom a cat?";
    let classical = asked(story, &[]);
    assert_eq!(classical["answer"], "false");
    assert!(codes(&classical).contains(&"ENG0402"));
    let rules = asked(story, &["--semantics", "rules"]);
    assert_eq!(rules["answer"], "uncertain");
    assert!(codes(&rules).contains(&"ENG0402"));
}

#[test]
fn what_has_two_readings_is_not_guessed() {
    let unclear = asked("Tom likes Bob. He is tall. Is Tom tall?", &[]);
    assert_eq!(unclear["answer"], "ambiguous");
    assert!(codes(&unclear).contains(&"ENG0401"));
    // Where both readings agree, it does not matter.
    assert_eq!(
        answer("Tom likes Bob. He is tall. Does Tom like Bob?"),
        "true"
    );
    let joined = "If Tom is big and red or round then Tom is odd. Tom is round. Is Tom odd?";
    assert_eq!(answer(joined), "ambiguous");
}

#[test]
fn what_is_not_read_is_named() {
    let partial = asked("Many cats are big. Tom is a cat. Is Tom big?", &[]);
    assert_eq!(partial["answer"], "unknown");
    assert_eq!(partial["partial"], true);
    assert!(codes(&partial).contains(&"ENG0101"));
    assert_eq!(partial["sentences"][0]["role"], "unread");
    // What follows from the rest follows all the same.
    assert_eq!(
        answer("Many cats are big. Tom is a cat. Is Tom a cat?"),
        "true"
    );
    let output = nsolve(&["ask", "Many cats are big. Is Tom big?"], "");
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("at least two"), "{told}");
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn bad_input_is_told_of() {
    for (story, code) in [
        ("All cats are mammals. Tom is a cat.", "ENG0104"),
        ("Tom is a cat. Is Tom a cat? Is Tom a dog?", "ENG0105"),
        ("Tom is a cat. Is Zed a cat?", "ENG0403"),
        ("Der Hund ist braun. Ist der Hund eine Katze?", "ENG0101"),
        ("fn main() { let x = 3; } Is x three?", "ENG0101"),
        (
            "Shall I compare thee to a summer's day? Is Tom big?",
            "ENG0101",
        ),
        (
            "There are two cats: Tom and Rex. Zed is the first. Is Tom first?",
            "ENG0103",
        ),
    ] {
        assert!(codes(&asked(story, &[])).contains(&code), "{story}");
    }
    let long = format!("Tom is {}big. Is Tom big?", "very ".repeat(50_000));
    assert!(codes(&asked(&long, &[])).contains(&"ENG0102"));
    for deep in [
        format!(
            "{}Tom is big{}. Is Tom big?",
            "(".repeat(5_000),
            ")".repeat(5_000)
        ),
        format!("{}Tom is big. Is Tom big?", "the man who likes ".repeat(50)),
        format!("Tom is {}tall. Is Tom big?", "big and red or ".repeat(60)),
    ] {
        assert!(!codes(&asked(&deep, &[])).is_empty());
    }
}

#[test]
fn a_file_may_have_front_matter() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("story.txt");
    let story = "---\nquestion: Which of the following must be true?\nA: Tom is happy.\n\
                 B: Tom is sad.\n---\nEvery cat is happy. Tom is a cat.\n";
    std::fs::write(&path, story).unwrap();
    let path = path.to_str().unwrap();
    let output = nsolve(&["ask", path], "");
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.starts_with("A  (verified)"), "{told}");
    let shown = nsolve(&["translate", path, "--to", "fol"], "");
    let shown = String::from_utf8(shown.stdout).unwrap();
    let line = "premise s1 \"Every cat is happy.\" : forall x. cat(x) -> happy(x)";
    assert!(shown.contains(line), "{shown}");
}

#[test]
fn a_story_without_a_question_is_translated() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("story.txt");
    std::fs::write(&path, "Every cat is happy. Tom is a cat.").unwrap();
    let output = nsolve(&["translate", path.to_str().unwrap(), "--to", "fol"], "");
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(
        shown.contains("premise s2 \"Tom is a cat.\" : cat(tom)"),
        "{shown}"
    );
    assert!(shown.contains("ask model"), "{shown}");
}

#[test]
fn a_saved_answer_is_explained_in_english() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("answer.json");
    let problem = "pred Likes : Thing, Thing\n\
                   premise p1 : forall x. Cat(x) -> Likes(x, tom)\npremise p2 : Cat(rex)\n\
                   conclusion : Likes(rex, tom)\n";
    let answer = nsolve(&["solve", "-", "--json"], problem).stdout;
    std::fs::write(&path, answer).unwrap();
    let output = nsolve(&["explain", path.to_str().unwrap()], "");
    let said = String::from_utf8(output.stdout).unwrap();
    let expected = "Yes. Rex likes Tom.\n  1. Rex is a cat.         [p2]\n  \
                    2. Every cat likes Tom.  [p1]\n  3. So Rex likes Tom.     (from 1 and 2)\n";
    assert_eq!(said, expected);
}

#[test]
fn the_json_of_an_answer_says_it_too() {
    let value = asked("All cats are mammals. Tom is a cat. Is Tom a mammal?", &[]);
    let said = value["answers"][0]["said"].as_str().unwrap();
    assert!(
        said.starts_with("Yes. Tom is a mammal.\n  1. Tom is a cat."),
        "{said}"
    );
}

#[test]
fn two_readings_are_told_apart() {
    let output = nsolve(
        &[
            "ask",
            "Tom is big and red or round. Tom is not big. Is Tom round?",
        ],
        "",
    );
    let told = String::from_utf8(output.stdout).unwrap();
    let expected = "ambiguous  `true` under one reading, `contradictory-premises` under the other\n  \
                    true where it says: (Tom is big and Tom is red) or Tom is round.\n  \
                    contradictory-premises where it says: Tom is big and (Tom is red or Tom is round).\n";
    assert_eq!(told, expected);
}
