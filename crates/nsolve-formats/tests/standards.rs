//! TPTP and SMT-LIB: every file of a folder, written again; random problems,
//! written and read; and texts that nobody should write.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

mod common;
mod random;

use std::path::Path;

use common::{Reader, read, source};
use nsolve_formats::{FormatError, smtlib, tptp, write_prover9};
use nsolve_il::fol::Problem;

type Writer = fn(&Problem) -> Result<String, FormatError>;

const FORMATS: [(&str, Reader, Writer); 2] = [
    ("tptp", tptp::read_tptp, tptp::write_tptp),
    ("smtlib", smtlib::read_smtlib, smtlib::write_smtlib),
];

fn files(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder);
    let entries = std::fs::read_dir(folder).expect("the folder");
    let mut out: Vec<_> = entries
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.is_file())
        .map(|p| {
            let name = p
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, std::fs::read_to_string(p).expect("a text"))
        })
        .collect();
    out.sort();
    out
}

#[test]
fn files_are_read_and_written_again() {
    for (format, reader, writer) in FORMATS {
        for (name, text) in files(format) {
            let (problem, diagnostics) = read(reader, &text);
            let written = match problem.as_ref().map(writer) {
                Some(Ok(text)) => text,
                Some(Err(error)) => error.to_string(),
                None => "(nothing)".into(),
            };
            let shown = format!("{}\n---\n{written}", diagnostics.join("\n"));
            insta::assert_snapshot!(format!("{format}-{name}"), shown);
        }
    }
}

#[test]
fn what_is_written_reads_the_same() {
    for (format, reader, writer) in FORMATS {
        for seed in 1..400 {
            let problem = random::problem(seed, seed % 3 != 0);
            let written = writer(&problem).expect("everything can be written");
            let (again, diagnostics) = read(reader, &written);
            let errors: Vec<_> = diagnostics
                .iter()
                .filter(|d| d.contains("error["))
                .collect();
            assert!(errors.is_empty(), "{format} {seed}: {errors:?}\n{written}");
            let again = writer(&again.expect("a problem")).expect("written again");
            assert_eq!(spoken(&again), spoken(&written), "{format} {seed}");
        }
    }
}

/// The text without SMT-LIB's comments, which readers pass over.
fn spoken(text: &str) -> Vec<&str> {
    text.lines().filter(|l| !l.starts_with(';')).collect()
}

#[test]
fn prover9_gets_distinct_plain_names() {
    let problem = random::problem(9, false);
    insta::assert_snapshot!("prover9", write_prover9(&problem).expect("one sort"));
    let rich = random::problem(1, true);
    let error = write_prover9(&rich).expect_err("several sorts and numbers");
    assert!(error.to_string().contains("several sorts"), "{error}");
}

#[test]
fn hostile_texts_give_diagnostics() {
    let deep = 20_000;
    let texts = [
        "(".repeat(deep),
        ")".repeat(deep),
        format!("fof(a,axiom,{}p{}).", "(".repeat(deep), ")".repeat(deep)),
        format!("fof(a,axiom,{}p).", "~ ".repeat(deep)),
        format!("fof(a,axiom,{}p).", "![X]: ".repeat(deep)),
        format!("fof(a,axiom,{}a{}).", "f(".repeat(deep), ")".repeat(deep)),
        format!("fof('{}',axiom,p).", "a".repeat(deep)),
        format!("(assert {}true{})", "(not ".repeat(deep), ")".repeat(deep)),
        format!("(declare-const |{}| Bool)(assert p)", "a".repeat(deep)),
        doubling("(and p p)", "(define-fun f{i} () Bool (and f{j} f{j}))"),
        lets(1000, "(and x x)"),
        lets(150, "(and x x)"),
        ites(),
        "fof(a,axiom,p(/*".into(),
        "\"|'$".into(),
        "fof(".repeat(deep),
        "tff(a,type,((((((((a:".into(),
    ];
    for text in &texts {
        for (format, reader, _) in FORMATS {
            let (_, diagnostics) = read(reader, text);
            assert!(
                diagnostics.iter().any(|d| d.contains("error[")),
                "{format}: {:.80}",
                text
            );
        }
    }
}

/// Definitions that double a hundred times.
fn doubling(first: &str, next: &str) -> String {
    let mut out = format!("(declare-const p Bool)(define-fun f0 () Bool {first})");
    for i in 1..100 {
        out += &next
            .replace("{i}", &i.to_string())
            .replace("{j}", &(i - 1).to_string());
    }
    out + "(assert f99)"
}

fn lets(count: usize, value: &str) -> String {
    let open = format!("(let ((x {value})) ").repeat(count);
    let close = ")".repeat(count);
    format!("(declare-const x Bool)(assert {open}x{close})")
}

/// A sum of many choices has as many cases as there are subsets.
fn ites() -> String {
    let choices = "(ite p 0 1)".repeat(100);
    format!("(declare-const p Bool)(assert (= 1 (+ {choices})))")
}

#[test]
fn damaged_texts_never_panic() {
    for (format, reader, writer) in FORMATS {
        for (_, text) in files(format) {
            let cuts = text.char_indices().map(|(i, _)| i);
            for at in cuts {
                let _ = reader(&source(&text[..at]));
                let mut damaged = text.clone();
                damaged.remove(at);
                let (problem, _) = read(reader, &damaged);
                let _ = problem.as_ref().map(writer);
            }
        }
    }
}
