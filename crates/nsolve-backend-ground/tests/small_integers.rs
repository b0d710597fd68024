//! Random problems about integers with few values, compared with trying all
//! values; and all models of some, one after the other.

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
}

const NAMES: [&str; 4] = ["x", "y", "z", "w"];

/// A sum of some unknowns with small factors, and a number.
struct Sum([i64; 4], i64);

impl Sum {
    fn random(random: &mut Random) -> Self {
        let mut factors = [0; 4];
        for _ in 0..1 + random.below(3) {
            factors[random.below(4)] = [1, 1, 1, -1, 2, -2][random.below(6)];
        }
        Sum(factors, random.below(7) as i64 - 3)
    }

    fn at(&self, values: &[i64; 4]) -> i64 {
        self.1 + (0..4).map(|i| self.0[i] * values[i]).sum::<i64>()
    }

    fn text(&self) -> String {
        let used = (0..4).filter(|&i| self.0[i] != 0);
        let parts: Vec<String> = used
            .map(|i| format!("(* {} {})", self.0[i], NAMES[i]))
            .collect();
        format!("(+ {} {})", parts.join(" "), self.1)
    }
}

const SIGNS: [&str; 5] = ["<", "<=", "=", ">", ">="];

struct Atom(Sum, usize, Sum, bool);

impl Atom {
    fn random(random: &mut Random) -> Self {
        let (a, b) = (Sum::random(random), Sum::random(random));
        Atom(a, random.below(5), b, random.below(3) > 0)
    }

    fn holds(&self, values: &[i64; 4]) -> bool {
        let (a, b) = (self.0.at(values), self.2.at(values));
        [a < b, a <= b, a == b, a > b, a >= b][self.1] == self.3
    }

    fn text(&self) -> String {
        let atom = format!("({} {} {})", SIGNS[self.1], self.0.text(), self.2.text());
        if self.3 {
            atom
        } else {
            format!("(not {atom})")
        }
    }
}

#[test]
fn small_integers_by_trying_all_values() {
    let (mut sat, mut unsat) = (0, 0);
    for seed in 0..250 {
        let mut random = Random(seed);
        let most = 2 + random.below(3) as i64;
        let clauses: Vec<Vec<Atom>> = (0..3 + random.below(6))
            .map(|_| {
                (0..1 + random.below(3))
                    .map(|_| Atom::random(&mut random))
                    .collect()
            })
            .collect();
        let mut text = String::new();
        for name in NAMES {
            text.push_str(&format!("(const {name} Int) "));
        }
        for name in NAMES {
            // Bounds as people write them: comparisons, or a list of values.
            text.push_str(&match random.below(3) {
                0 => format!("(<= 0 {name}) (<= {name} {most}) "),
                1 => format!("(and (< -1 {name}) (> {} {name})) ", most + 1),
                _ => {
                    let listed: Vec<String> =
                        (0..=most).map(|n| format!("(= {name} {n})")).collect();
                    format!("(or {}) ", listed.join(" "))
                }
            });
        }
        for clause in &clauses {
            let atoms: Vec<String> = clause.iter().map(Atom::text).collect();
            text.push_str(&match atoms.as_slice() {
                [one] => format!("{one} "),
                many => format!("(or {}) ", many.join(" ")),
            });
        }
        let size = most + 1;
        let holds = |code: i64| {
            let values = [
                code % size,
                code / size % size,
                code / size / size % size,
                code / size / size / size,
            ];
            clauses.iter().all(|c| c.iter().any(|a| a.holds(&values)))
        };
        let wanted = if (0..size.pow(4)).any(holds) {
            sat += 1;
            Verdict::Sat
        } else {
            unsat += 1;
            Verdict::Unsat
        };
        // The evidence is checked by `run`.
        let found = run(&read(&text)).verdict;
        assert_eq!(found, wanted, "seed {seed}: {text}");
    }
    assert!(sat > 40 && unsat > 40, "{sat} and {unsat}");
}

/// Each model is excluded in turn, until there is none: six queens have four.
#[test]
fn all_queens_one_after_the_other() {
    let names: Vec<String> = (1..=6).map(|i| format!("q{i}")).collect();
    let mut text = String::new();
    for name in &names {
        text.push_str(&format!("(const {name} Int) (<= 1 {name}) (<= {name} 6) "));
    }
    for i in 0..6 {
        for j in i + 1..6 {
            let (a, b, d) = (&names[i], &names[j], j - i);
            text.push_str(&format!(
                "(not (= {a} {b})) (not (= {a} (+ {b} {d}))) (not (= {a} (- {b} {d}))) "
            ));
        }
    }
    let mut found = 0;
    loop {
        let problem = read(&text);
        let outcome = run(&problem);
        let nsolve_backend::Evidence::Model(model) = &outcome.evidence else {
            assert_eq!(outcome.verdict, Verdict::Unsat);
            break;
        };
        found += 1;
        assert!(found <= 4, "{text}");
        let values = names.iter().map(|name| {
            let id = problem.signature.find_symbol(name, 0, false).unwrap();
            match model.tables[&id].at(&[]) {
                nsolve_il::fol::Value::Number(n) => format!("(= {name} {n})"),
                other => panic!("{other:?}"),
            }
        });
        let values: Vec<String> = values.collect();
        text.push_str(&format!("(not (and {})) ", values.join(" ")));
    }
    assert_eq!(found, 4);
}
