//! Certificates written by hand: good ones are accepted, bad ones are refused
//! for the reason that they are bad.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

mod common;

use common::notation::setting;
use nsolve_check::{CertificateFault, LineFault, Refusal};
use nsolve_il::fol::Item;

/// Texts of a problem and a certificate that refutes it.
const GOOD: &[(&str, &str, &str)] = &[
    (
        "syllogism",
        "(const socrates) (pred human Thing) (pred mortal Thing)
         (@ q (all x (-> (human x) (mortal x)))) (human socrates) (deny (mortal socrates))",
        "(premise 0) (premise 1) (goal 0) (instance q () socrates)",
    ),
    (
        "the drinker",
        "(pred d Thing) (deny (@ q (some x (-> (d x) (@ r (all y (d y)))))))",
        "(new c Thing) (goal 0) (witness r () c) (instance q () c)",
    ),
    (
        "the barber",
        "(pred shaves Thing Thing)
         (@ q (some b (@ r (all x (<-> (shaves b x) (not (shaves x x)))))))",
        "(new c Thing) (premise 0) (witness q () c) (instance r ((b c)) c)",
    ),
    (
        "some thing all like is liked by all",
        "(pred r Thing Thing) (@ p (some y (@ pp (all x (r x y)))))
         (deny (@ q (all u (@ qq (some v (r u v))))))",
        "(new c Thing) (new d Thing) (premise 0) (goal 0) (witness p () c) (witness q () d)
         (instance pp ((y c)) d) (instance qq ((u d)) c)",
    ),
    (
        "congruence",
        "(const a) (const b) (func f Thing Thing) (pred p Thing)
         (= a b) (p (f (f a))) (deny (p (f (f b))))",
        "(premise 0) (premise 1) (goal 0) (same p ((b a)) ((f (f a))) ((f (f b))))",
    ),
    (
        "equations from equations",
        "(const a) (func f Thing Thing) (= (f (f (f a))) a) (= (f (f (f (f (f a))))) a)
         (deny (= (f a) a))",
        "(premise 0) (premise 1) (goal 0)
         (equal (((f (f (f a))) a) ((f (f (f (f (f a))))) a)) (f a) a)",
    ),
    (
        "two of three",
        "(pred p Thing) (@ q (least 3 x (p x))) (@ r (most 1 y (p y)))",
        "(new a Thing) (new b Thing) (new c Thing) (premise 0) (premise 1)
         (witness q () a b c) (instance r () a b)",
    ),
    (
        "exactly one is not two",
        "(pred p Thing) (const a) (const b) (@ q (exactly 1 x (p x))) (p a) (p b) (distinct a b)",
        "(premise 0) (premise 1) (premise 2) (premise 3) (instance q () a b)",
    ),
    (
        "exactly one is at least one",
        "(pred p Thing) (@ q (one x (p x))) (@ r (all y (not (p y))))",
        "(new c Thing) (premise 0) (premise 1) (witness q () c) (instance r () c)",
    ),
    (
        "not at most two is at least three",
        "(pred p Thing) (deny (@ q (most 2 x (p x)))) (@ r (all y (not (p y))))",
        "(new a Thing) (new b Thing) (new c Thing) (goal 0) (premise 0)
         (witness q () a b c) (instance r () a)",
    ),
    (
        "all of a list",
        "(enum Colour red green) (pred p Colour) (const c Colour) (p red) (p green) (deny (p c))",
        "(premise 0) (premise 1) (goal 0) (oneof c)
         (same p ((c red)) (red) (c)) (same p ((c green)) (green) (c))",
    ),
    (
        "elements are different",
        "(enum Colour red green) (= red green)",
        "(premise 0) (different red green)",
    ),
    (
        "numbers are different",
        "(const a Int) (= a 2) (= a 3)",
        "(premise 0) (premise 1) (equal ((a 2) (a 3)) 2 3)",
    ),
    (
        "a linear combination",
        "(const a Real) (const b Real) (< (+ a (* 2r b)) 1r) (>= a 3r) (> b -1r)",
        "(premise 0) (premise 1) (premise 2)
         (linear (1 < (+ a (* 2r b)) 1r) (1 >= a 3r) (2 > b -1r))",
    ),
    (
        "equations are added with any sign",
        "(const a Real) (const b Real) (= (+ a b) 3r) (= (- a b) 1r) (not (= b 1r))",
        "(premise 0) (premise 1) (premise 2) (trichotomy b 1r)
         (linear (1 = (+ a b) 3r) (-1 = (- a b) 1r) (2 > b 1r))
         (linear (-1 = (+ a b) 3r) (1 = (- a b) 1r) (2 < b 1r))",
    ),
    (
        "no integer lies between",
        "(const a Int) (< 4 (+ a a)) (< (+ a a) 6)",
        "(premise 0) (premise 1) (split a 2) (linear (1 < 4 (+ a a)) (2 <= a 2))
         (linear (1 < (+ a a) 6) (2 >= a 3))",
    ),
    (
        "arithmetic on numbers",
        "(const a Int) (= a (+ (div -7 2) (mod -7 2))) (not (= a -3))",
        "(premise 0) (premise 1)",
    ),
];

#[test]
fn good_certificates_are_accepted() {
    for (name, problem, certificate) in GOOD {
        let receipt = setting(problem).check(certificate);
        assert!(receipt.is_ok(), "{name}: {receipt:?}");
    }
}

#[test]
fn every_line_of_a_good_certificate_is_needed() {
    for (name, problem, certificate) in GOOD {
        let setting = setting(problem);
        let whole = setting.certificate(certificate);
        for i in 0..whole.lines.len() {
            let mut part = whole.clone();
            part.lines.remove(i);
            let refused = setting.check_certificate(part);
            assert!(
                matches!(refused, Err(Refusal::Certificate(_))),
                "{name} without line {i}: {refused:?}"
            );
        }
    }
}

#[test]
fn the_core_is_what_is_asserted() {
    let setting = setting("(pred p) (pred q) (q) p (not p) (deny q)");
    let receipt = setting.check("(premise 2) (premise 1)").unwrap();
    assert_eq!(receipt.core(), [Item::Premise(1), Item::Premise(2)]);
}

fn line(line: usize, fault: LineFault) -> CertificateFault {
    CertificateFault::Line { line, fault }
}

const SWAP: &str = "(pred r Thing Thing) (@ p (all x (@ pp (some y (r x y)))))
     (deny (@ q (some v (@ qq (all u (r u v))))))";

const LISTED: &str = "(enum Colour red green) (enum Size small large) (sort S) (const s S)
     (const a Int) (const b Int) (const r Real) (const c Colour) (pred p Colour) (pred q S)
     (func f Int Int) (@ e (some (x Colour) (p x))) (@ n (all (i Int) (= (f i) 1)))
     (@ m (most 1 (y Colour) (p y))) (goal (p red))";

/// A problem, a certificate, and why it is refused.
fn bad() -> Vec<(&'static str, &'static str, &'static str, CertificateFault)> {
    use CertificateFault::Consistent;
    use LineFault::*;
    let one = "(pred p Thing) (@ q (some x (p x))) (@ r (some y (not (p y))))";
    let two = "(pred p Thing) (@ q (least 2 x (p x)))";
    vec![
        ("no lines", one, "", Consistent),
        (
            "one witness for two statements",
            one,
            "(new c Thing) (premise 0) (premise 1) (witness q () c) (witness r () c)",
            line(3, NotFresh),
        ),
        (
            "a witness that was used before",
            "(func f Thing Thing) (pred p Thing) (@ q (some x (p x)))
             (@ r (all y (-> (p (f y)) (p y))))",
            "(new c Thing) (premise 0) (instance r () (f c)) (witness q () c)",
            line(2, NotFresh),
        ),
        (
            "a witness that was used in an equation",
            "(func f Thing Thing) (pred p Thing) (@ q (some x (p x)))",
            "(new c Thing) (equal () (f c) (f c)) (witness q () c)",
            line(1, NotFresh),
        ),
        (
            "a witness in the binding",
            "(pred r Thing Thing) (@ p (all x (@ pp (some y (r x y)))))
             (@ q (all z (not (r z z))))",
            "(new c Thing) (premise 0) (premise 1) (instance p () c) (witness pp ((x c)) c)
             (instance q () c)",
            line(3, NotFresh),
        ),
        (
            "a witness deep in the binding",
            "(func f Thing Thing) (pred r Thing Thing) (@ p (all x (@ pp (some y (r x y)))))",
            "(new c Thing) (witness pp ((x (f (f c)))) c)",
            line(0, NotFresh),
        ),
        (
            "one witness counted twice",
            two,
            "(new c Thing) (premise 0) (witness q () c c)",
            line(1, NotFresh),
        ),
        (
            "a witness that is no constant of its own",
            "(const a) (pred p Thing) (@ q (some x (p x)))",
            "(premise 0) (witness q () a)",
            line(1, NotFresh),
        ),
        (
            "all have some, so some has all",
            SWAP,
            "(new c Thing) (new d Thing) (premise 0) (goal 0)
             (witness qq ((v d)) c) (instance p () c) (witness pp ((x c)) d) (instance q () d)",
            line(4, NotFresh),
        ),
        (
            "all have some, so some has all, in good order",
            SWAP,
            "(new a Thing) (new b Thing) (new c Thing) (new d Thing) (premise 0) (goal 0)
             (instance p () a) (witness pp ((x a)) b) (instance q () b) (witness qq ((v b)) c)
             (instance p () c) (witness pp ((x c)) d) (instance q () d) (instance qq ((v b)) a)",
            Consistent,
        ),
        (
            "from one case to all",
            "(pred p Thing) (const a) (p a) (deny (@ q (all x (p x))))",
            "(premise 0) (goal 0) (instance q () a)",
            Consistent,
        ),
        (
            "from some to one case",
            "(pred p Thing) (const a) (@ q (some x (p x))) (deny (p a))",
            "(premise 0) (goal 0) (instance q () a)",
            Consistent,
        ),
        (
            "a denied `all` has no case",
            "(pred p Thing) (const a) (deny (@ q (all x (p x)))) (p a)",
            "(new c Thing) (goal 0) (premise 0) (witness q () c) (instance q () a)",
            Consistent,
        ),
        (
            "at least two are not three",
            two,
            "(new a Thing) (new b Thing) (new c Thing) (premise 0) (witness q () a b c)",
            Consistent,
        ),
        (
            "one thing is not two",
            "(pred p Thing) (const a) (@ q (most 1 x (p x))) (p a)",
            "(premise 0) (premise 1) (instance q () a a)",
            Consistent,
        ),
        (
            "two names are not two things",
            "(pred p Thing) (const a) (const b) (@ q (most 1 x (p x))) (p a) (p b)",
            "(premise 0) (premise 1) (premise 2) (instance q () a b)",
            Consistent,
        ),
        ("no things", two, "(instance q ())", line(0, Count)),
        ("no such premise", two, "(premise 1)", line(0, Item)),
        ("no such goal", two, "(goal 0)", line(0, Item)),
        (
            "too many terms",
            one,
            "(new c Thing) (instance q () c c)",
            line(0, Count),
        ),
        (
            "an unbound variable",
            SWAP,
            "(new c Thing) (instance pp () c)",
            line(0, Unbound),
        ),
        (
            "an instance of another sort",
            LISTED,
            "(instance e () small)",
            line(0, Sort),
        ),
        (
            "a real for an integer",
            LISTED,
            "(instance n () 1r)",
            line(0, Sort),
        ),
        (
            "a witness of another sort",
            LISTED,
            "(new c Size) (witness e () c)",
            line(0, Sort),
        ),
        (
            "equality of two sorts",
            LISTED,
            "(equal () red small)",
            line(0, Sort),
        ),
        (
            "an integer equal to a real",
            LISTED,
            "(equal ((a r)) a a)",
            line(0, Sort),
        ),
        (
            "what does not follow",
            LISTED,
            "(equal ((a b)) (f a) b)",
            line(0, NotCongruent),
        ),
        (
            "equal values, equal arguments",
            LISTED,
            "(equal (((f a) (f b))) a b)",
            line(0, NotCongruent),
        ),
        (
            "a predicate of another sort",
            LISTED,
            "(same p () (small) (small))",
            line(0, Sort),
        ),
        (
            "a predicate of something else",
            LISTED,
            "(same p () (red) (c))",
            line(0, NotCongruent),
        ),
        ("no list", LISTED, "(oneof s)", line(0, NotEnumerated)),
        (
            "no list of numbers",
            LISTED,
            "(oneof a)",
            line(0, NotEnumerated),
        ),
        (
            "an element and a constant",
            LISTED,
            "(different red c)",
            line(0, NotDifferent),
        ),
        (
            "one element",
            LISTED,
            "(different red red)",
            line(0, NotDifferent),
        ),
        (
            "one number",
            LISTED,
            "(different 1r 2/2r)",
            line(0, NotDifferent),
        ),
        (
            "elements of two sorts",
            LISTED,
            "(different red large)",
            line(0, Sort),
        ),
        (
            "two unknown numbers",
            LISTED,
            "(different a b)",
            line(0, NotDifferent),
        ),
        (
            "a negative factor",
            LISTED,
            "(linear (-1 < a 1) (1 < a 0))",
            line(0, NotLinear),
        ),
        (
            "not strict",
            LISTED,
            "(linear (1 <= a b) (1 >= a b))",
            line(0, NotLinear),
        ),
        (
            "strict, but not counted",
            LISTED,
            "(linear (1 <= a b) (1 >= a b) (0 < a b))",
            line(0, NotLinear),
        ),
        (
            "an unknown is left",
            LISTED,
            "(linear (1 < a b) (2 < b a))",
            line(0, NotLinear),
        ),
        ("no facts", LISTED, "(linear)", line(0, NotLinear)),
        (
            "a denied equation",
            LISTED,
            "(linear (1 not = a b) (1 not = b a))",
            line(0, NotLinear),
        ),
        (
            "things as numbers",
            LISTED,
            "(linear (1 < red green))",
            line(0, Sort),
        ),
        (
            "an unknown product",
            LISTED,
            "(linear (1 = (* a b) 1) (-1 = (* b a) 2))",
            line(0, NotLinear),
        ),
        (
            "a quotient by zero",
            LISTED,
            "(linear (1 = (/ r 0r) 1r) (1 = r 0r))",
            line(0, NotLinear),
        ),
        ("split a real", LISTED, "(split r 1)", line(0, Sort)),
        (
            "split at a half",
            LISTED,
            "(split a 1/2)",
            line(0, NotWhole),
        ),
        (
            "trichotomy of colours",
            LISTED,
            "(trichotomy red c)",
            line(0, Sort),
        ),
        (
            "an ill-sorted term",
            LISTED,
            "(oneof (f r))",
            CertificateFault::Term(1),
        ),
        (
            "an ill-sorted sum",
            LISTED,
            "(split (+ a r) 1)",
            CertificateFault::Term(2),
        ),
        (
            "a fraction as an integer",
            LISTED,
            "(split 1/2 1)",
            CertificateFault::Term(0),
        ),
    ]
}

#[test]
fn bad_certificates_are_refused_for_their_fault() {
    for (name, problem, certificate, fault) in bad() {
        let refused = setting(problem).check(certificate);
        assert_eq!(refused, Err(Refusal::Certificate(fault)), "{name}");
    }
}

#[test]
fn what_a_line_does_not_mention_may_still_be_introduced() {
    // The binding's entry for a variable that is not free says nothing.
    let setting = setting(
        "(pred p Thing) (@ q (some x (p x))) (@ r (some y (not (p y)))) (@ s (all z (p z)))",
    );
    let receipt = setting.check(
        "(new c Thing) (new d Thing) (premise 1) (premise 2) (instance q ((y c)) d)
         (witness r ((z c)) c) (instance s () c)",
    );
    assert!(receipt.is_ok(), "{receipt:?}");
}
