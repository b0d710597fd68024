//! Numbers: what is decided, and what is left open.

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
use nsolve_backend::Verdict::{self, Sat, Unknown, Unsat};

const CASES: &[(&str, Verdict, &str)] = &[
    (
        "a sum",
        Unsat,
        "(const a Int) (const b Int) (= (+ a b) 10) (= (- a b) 4) (not (= a 7))",
    ),
    ("room for reals", Sat, "(const r Real) (> r 2/1) (< r 3/1)"),
    (
        "no room for integers",
        Unsat,
        "(const n Int) (> n 2) (< n 3)",
    ),
    ("parity", Unsat, "(const n Int) (= (* 2 n) 7)"),
    (
        "parity of two",
        Unsat,
        "(const n Int) (const m Int) (= (* 2 n) (+ (* 4 m) 1))",
    ),
    (
        "equal things have equal numbers",
        Unsat,
        "(func age Thing Int) (= tom tim) (< (age tom) (age tim))",
    ),
    (
        "things of different numbers differ",
        Sat,
        "(func age Thing Int) (= (+ (age tom) 1) (age tim)) (not (= tom tim))",
    ),
    (
        "everybody is of age",
        Unsat,
        "(func age Thing Int) (all x (-> (adult x) (>= (age x) 18))) (adult tom) (< (age tom) 18)",
    ),
    (
        "some are older",
        Sat,
        "(func age Thing Int) (all x y (-> (older x y) (> (age x) (age y)))) (older a b) (older b c)",
    ),
    (
        "older than all is no circle",
        Unsat,
        "(func age Thing Int) (all x y (<-> (older x y) (> (age x) (age y)))) (older a b)
         (older b c) (not (older a c))",
    ),
    (
        "a function of numbers",
        Unsat,
        "(const a Int) (const b Int) (func f Int Thing) (<= a b) (<= b a) (not (= (f a) (f b)))",
    ),
    (
        "a function tells numbers apart",
        Sat,
        "(const a Int) (const b Int) (func f Int Thing) (not (= (f a) (f b))) (<= a b)",
    ),
    (
        "a predicate tells numbers apart",
        Unsat,
        "(const a Int) (pred p Int) (p 1) (p 2) (not (p a)) (<= 1 a) (<= a 2)",
    ),
    (
        "three numbers, two values",
        Unsat,
        "(const a Int) (const b Int) (const c Int) (distinct a b c)
         (<= 1 a) (<= a 2) (<= 1 b) (<= b 2) (<= 1 c) (<= c 2)",
    ),
    (
        "a product",
        Sat,
        "(const a Int) (const b Int) (= (* a b) 6) (<= 2 a) (<= a 6) (< a b)",
    ),
    (
        "no root",
        Unsat,
        "(const a Int) (= (* a a) 7) (<= 0 a) (<= a 9)",
    ),
    (
        "integers as reals",
        Unsat,
        "(const i Int) (const r Real) (= (real i) (* 2/1 r)) (= r 1/4)",
    ),
    (
        "a remainder of nothing said",
        Unknown,
        "(const a Int) (= (mod a 2) 3)",
    ),
    (
        "a remainder",
        Sat,
        "(const a Int) (= (mod a 3) 2) (< 4 a) (= (div a 2) 2)",
    ),
    (
        "a quotient by zero",
        Unknown,
        "(const r Real) (= (/ r 0/1) 3/1)",
    ),
    (
        "a rule for all integers",
        Unsat,
        "(pred p Int) (p 3) (all (n Int) (-> (p n) (p (+ n 1)))) (not (p 5))",
    ),
    (
        "no model for all integers",
        Unknown,
        "(pred p Int) (p 3) (all (n Int) (-> (p n) (p (+ n 1))))",
    ),
];

#[test]
fn cases_have_their_verdicts() {
    for (name, expected, text) in CASES {
        let outcome = run(&read(text));
        assert_eq!(outcome.verdict, *expected, "{name}: {}", outcome.stop);
    }
}
