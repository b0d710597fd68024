//! Random problems: whatever is claimed, the evidence shows it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

mod common;

use common::{read, run};
use nsolve_backend::Verdict;

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

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from.get(self.below(from.len()))
            .copied()
            .unwrap_or_default()
    }
}

/// What random formulas are made of.
struct Kind {
    atoms: &'static [&'static str],
    constants: &'static [&'static str],
    functions: &'static [&'static str],
    quantifiers: &'static [&'static str],
    /// Stands before each variable's sort, or is empty.
    sort: &'static str,
    prelude: &'static str,
}

const KINDS: &[(&str, Kind)] = &[
    (
        "relations",
        Kind {
            atoms: &["(p _)", "(q _)", "(r _ _)"],
            constants: &["a", "b"],
            functions: &[],
            quantifiers: &["all", "some", "all", "some", "all"],
            sort: "",
            prelude: "",
        },
    ),
    (
        "equality and counting",
        Kind {
            atoms: &["(p _)", "(r _ _)", "(= _ _)"],
            constants: &["a", "b"],
            functions: &[],
            quantifiers: &["all", "some", "one", "least 2", "most 1", "exactly 2"],
            sort: "",
            prelude: "",
        },
    ),
    (
        "functions",
        Kind {
            atoms: &["(p _)", "(r _ _)", "(= _ _)"],
            constants: &["a", "b"],
            functions: &["(f _)"],
            quantifiers: &["all", "some", "all"],
            sort: "",
            prelude: "",
        },
    ),
    (
        "an enumerated sort",
        Kind {
            atoms: &["(p _)", "(r _ _)", "(= _ _)"],
            constants: &["red", "green", "c"],
            functions: &["(f _)"],
            quantifiers: &["all", "some", "one", "least 2", "most 1"],
            sort: "Colour",
            prelude: "(enum Colour red green blue) (const c Colour) (func f Colour Colour)
                      (pred p Colour) (pred r Colour Colour)",
        },
    ),
];

fn term(kind: &Kind, random: &mut Random, scope: &[String]) -> String {
    if !kind.functions.is_empty() && random.below(4) == 0 {
        return fill(random.pick(kind.functions), kind, random, scope);
    }
    if !scope.is_empty() && random.below(4) > 0 {
        return scope[random.below(scope.len())].clone();
    }
    random.pick(kind.constants).to_owned()
}

fn fill(pattern: &str, kind: &Kind, random: &mut Random, scope: &[String]) -> String {
    let mut out = String::new();
    for c in pattern.chars() {
        match c {
            '_' => out += &term(kind, random, scope),
            c => out.push(c),
        }
    }
    out
}

fn formula(kind: &Kind, random: &mut Random, scope: &mut Vec<String>, depth: usize) -> String {
    let part =
        |random: &mut Random, scope: &mut Vec<String>| formula(kind, random, scope, depth - 1);
    if depth == 0 {
        return fill(random.pick(kind.atoms), kind, random, scope);
    }
    match random.below(8) {
        0 => format!("(not {})", part(random, scope)),
        n @ 1..=4 => {
            let head = ["and", "or", "->", "xor", "<->"][(n + random.below(2)) - 1];
            let (a, b) = (part(random, scope), part(random, scope));
            format!("({head} {a} {b})")
        }
        5 | 6 if scope.len() < 3 => {
            let v = format!("v{}", scope.len());
            scope.push(v.clone());
            let body = part(random, scope);
            scope.pop();
            let binder = match kind.sort {
                "" => v,
                sort => format!("({v} {sort})"),
            };
            format!("({} {binder} {body})", random.pick(kind.quantifiers))
        }
        _ => fill(random.pick(kind.atoms), kind, random, scope),
    }
}

fn problem(kind: &Kind, random: &mut Random) -> String {
    let mut text = kind.prelude.to_owned();
    for _ in 0..2 + random.below(5) {
        let mut scope = vec!["v0".to_owned()];
        let body = formula(kind, random, &mut scope, 3);
        let binder = match kind.sort {
            "" => "v0".to_owned(),
            sort => format!("(v0 {sort})"),
        };
        let quantifier = ["all", "all", "some"][random.below(3)];
        text += &format!("\n({quantifier} {binder} {body})");
    }
    text
}

/// Prints a problem where a test fails on it.
struct Show<'a>(&'a str);

impl Drop for Show<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.0);
        }
    }
}

#[test]
fn what_is_claimed_is_shown() {
    for (name, kind) in KINDS {
        let mut counts = [0; 3];
        for seed in 0..400 {
            let text = problem(kind, &mut Random(seed * 7919 + 1));
            let _show = Show(&text);
            let outcome = run(&read(&text));
            match outcome.verdict {
                Verdict::Sat => counts[0] += 1,
                Verdict::Unsat => counts[1] += 1,
                _ => {
                    eprintln!("{name} {seed}: {}\n{text}", outcome.stop);
                    counts[2] += 1;
                }
            }
        }
        eprintln!("{name}: {counts:?}");
        // Both answers must occur, and hardly anything may stay open.
        assert!(
            counts[0] > 20 && counts[1] > 20 && counts[2] <= 4,
            "{name}: {counts:?}"
        );
    }
}
