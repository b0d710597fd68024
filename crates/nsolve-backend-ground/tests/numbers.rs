//! Random problems with numbers, answered by Z3 too: the two never disagree,
//! and the evidence shows whatever is claimed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

mod common;

use std::time::Duration;

use common::{read, run_with};
use nsolve_backend::{Backend, Budget, SolveCx, Verdict};
use nsolve_backend_z3::Z3;
use nsolve_il::fol::Query;

/// A small generator of numbers, the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

/// What random terms and atoms are made of; `_` is a term.
struct Kind {
    name: &'static str,
    prelude: &'static str,
    leaves: &'static [&'static str],
    terms: &'static [&'static str],
    atoms: &'static [&'static str],
    /// Stand before everything else.
    rules: &'static [&'static str],
}

const ATOMS: &[&str] = &["(< _ _)", "(<= _ _)", "(= _ _)", "(> _ _)", "(not (= _ _))"];

const KINDS: &[Kind] = &[
    Kind {
        name: "integers",
        prelude: "(const x Int) (const y Int) (const z Int)",
        leaves: &["x", "y", "z", "0", "1", "2", "5", "-3"],
        terms: &["(+ _ _)", "(- _ _)", "(* 2 _)", "(* 3 _)", "(neg _)"],
        atoms: ATOMS,
        rules: &[],
    },
    Kind {
        name: "reals",
        prelude: "(const x Real) (const y Real) (const z Real)",
        leaves: &["x", "y", "z", "0/1", "1/2", "2/1", "-3/4"],
        terms: &["(+ _ _)", "(- _ _)", "(* 2/3 _)", "(/ _ 3/1)"],
        atoms: ATOMS,
        rules: &[],
    },
    Kind {
        name: "functions",
        prelude: "(const x Int) (const y Int) (func f Int Int) (func g Thing Int)
                  (func h Int Thing) (pred p Int)",
        leaves: &[
            "x",
            "y",
            "1",
            "(g a)",
            "(g b)",
            "(f x)",
            "(f y)",
            "(g (h x))",
        ],
        terms: &["(+ _ 1)", "(- _ _)", "(f _)", "(g (h _))"],
        atoms: &[
            "(< _ _)",
            "(= _ _)",
            "(not (= _ _))",
            "(p _)",
            "(not (p _))",
            "(= a (h _))",
            "(not (= (h _) (h _)))",
        ],
        rules: &[],
    },
    Kind {
        name: "rules",
        prelude: "(enum Person ann bob cid) (func age Person Int) (pred old Person)
                  (pred older Person Person)",
        leaves: &["(age ann)", "(age bob)", "(age cid)", "18", "20", "1"],
        terms: &["(+ _ 1)", "(- _ _)", "(* 2 _)"],
        atoms: &[
            "(< _ _)",
            "(= _ _)",
            "(old ann)",
            "(not (old bob))",
            "(older cid ann)",
            "(not (older ann bob))",
        ],
        rules: &[
            "(all (u Person) (<-> (old u) (> (age u) 19)))",
            "(all (u Person) (v Person) (<-> (older u v) (> (age u) (age v))))",
            "(all (u Person) (> (age u) 0))",
            "(some (u Person) (and (old u) (= (age u) 21)))",
        ],
    },
    Kind {
        name: "products",
        prelude: "(const x Int) (const y Int)",
        leaves: &["x", "y", "1", "2", "6"],
        terms: &["(* x y)", "(* x x)", "(+ _ _)", "(mod x 3)", "(div y 2)"],
        atoms: ATOMS,
        rules: &["(and (<= -3 x) (<= x 4))", "(and (<= 0 y) (<= y 5))"],
    },
];

fn fill(pattern: &str, kind: &Kind, random: &mut Random, depth: usize) -> String {
    let mut out = String::new();
    for c in pattern.chars() {
        if c != '_' {
            out.push(c);
        } else if depth > 0 && random.below(2) == 0 {
            out += &fill(
                kind.terms[random.below(kind.terms.len())],
                kind,
                random,
                depth - 1,
            );
        } else {
            out += kind.leaves[random.below(kind.leaves.len())];
        }
    }
    out
}

fn formula(kind: &Kind, random: &mut Random, depth: usize) -> String {
    if depth == 0 || random.below(3) == 0 {
        return fill(kind.atoms[random.below(kind.atoms.len())], kind, random, 2);
    }
    let head = ["or", "or", "and", "->", "<->"][random.below(5)];
    let (a, b) = (
        formula(kind, random, depth - 1),
        formula(kind, random, depth - 1),
    );
    format!("({head} {a} {b})")
}

fn problem(kind: &Kind, random: &mut Random) -> String {
    let mut text = kind.prelude.to_owned();
    for rule in kind.rules {
        if random.below(4) > 0 {
            text = format!("{text}\n{rule}");
        }
    }
    for _ in 0..2 + random.below(6) {
        text = format!("{text}\n{}", formula(kind, random, 1));
    }
    text
}

fn timed(milliseconds: u64) -> SolveCx {
    SolveCx::new(Budget {
        time: Some(Duration::from_millis(milliseconds)),
        ..Budget::default()
    })
}

#[test]
fn z3_never_disagrees() {
    let z3 = Z3::available().is_ok();
    if !z3 {
        eprintln!("Z3 is not there: only the evidence is checked");
    }
    let count: u64 = std::env::var("NSOLVE_RANDOM").map_or(60, |n| n.parse().unwrap());
    for kind in KINDS {
        let mut counts = [0; 3];
        for seed in 0..count {
            let text = problem(kind, &mut Random(seed * 7919 + 3));
            let problem = read(&text);
            let query = Query::premises_of(&problem);
            let outcome = run_with(&problem, &query, &timed(3000));
            counts[match outcome.verdict {
                Verdict::Sat => 0,
                Verdict::Unsat => 1,
                _ => 2,
            }] += 1;
            if outcome.verdict == Verdict::Unknown {
                eprintln!("{} {seed}: {}\n{text}", kind.name, outcome.stop);
            }
            if z3 {
                let other = Z3.solve(&problem, &query, &timed(3000)).unwrap().verdict;
                let decided = ![outcome.verdict, other].contains(&Verdict::Unknown);
                assert!(
                    !decided || other == outcome.verdict,
                    "{text}\nZ3: {other:?}"
                );
            }
        }
        eprintln!("{}: {counts:?} of {count}", kind.name);
        let open = if kind.name == "products" {
            count / 4
        } else {
            count / 10
        };
        assert!(
            counts[0] > 0 && counts[1] > 0 && counts[2] <= open,
            "{counts:?}"
        );
    }
}
