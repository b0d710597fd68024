//! Classic problems with known answers; all evidence is checked.

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
    ("nothing", Sat, ""),
    ("truth", Sat, "true"),
    ("falsity", Unsat, "false"),
    ("a proposition and its denial", Unsat, "rain (not rain)"),
    (
        "syllogism Barbara",
        Unsat,
        "(all x (-> (man x) (mortal x))) (man socrates) (not (mortal socrates))",
    ),
    (
        "syllogism Celarent, with nobody named",
        Unsat,
        "(all x (-> (m x) (not (p x)))) (all x (-> (s x) (m x))) (not (all x (-> (s x) (not (p x)))))",
    ),
    (
        "undistributed middle",
        Sat,
        "(all x (-> (cat x) (animal x))) (all x (-> (dog x) (animal x))) (cat a) (not (dog a))",
    ),
    (
        "the drinker",
        Unsat,
        "(not (some x (-> (drinks x) (all y (drinks y)))))",
    ),
    (
        "the barber",
        Unsat,
        "(some x (all y (<-> (shaves x y) (not (shaves y y)))))",
    ),
    (
        "symmetric and transitive is reflexive where it is serial",
        Unsat,
        "(all x y (-> (r x y) (r y x))) (all x y z (-> (and (r x y) (r y z)) (r x z)))
         (all x (some y (r x y))) (not (all x (r x x)))",
    ),
    ("seriality alone", Sat, "(all x (some y (r x y)))"),
    (
        "serial and irreflexive",
        Sat,
        "(all x (some y (r x y))) (all x (not (r x x)))",
    ),
    (
        "serial, irreflexive, transitive: only infinite models",
        Unknown,
        "(all x (some y (r x y))) (all x (not (r x x)))
         (all x y z (-> (and (r x y) (r y z)) (r x z)))",
    ),
    (
        "nested quantifiers in one rule",
        Unsat,
        "(all x (-> (p x) (all y (-> (q y) (r x y))))) (p a) (q b) (not (r a b))",
    ),
    (
        "a choice that leads to the same end",
        Unsat,
        "(all x (or (a x) (b x))) (all x (-> (a x) (c x))) (all x (-> (b x) (c x))) (not (c k))",
    ),
    (
        "exclusive or",
        Sat,
        "(all x (xor (a x) (b x))) (all x (-> (a x) (c x))) (not (c k))",
    ),
    (
        "equivalences in a row",
        Unsat,
        "(<-> p (<-> q r)) (xor p (xor q r)) (or p q) (not (and p q)) (not (and p (not p))) (<-> p q)",
    ),
    (
        "equality is transitive",
        Unsat,
        "(= a b) (= b c) (not (= a c))",
    ),
    (
        "equality in atoms",
        Unsat,
        "(= a b) (p a c) (= c d) (not (p b d))",
    ),
    (
        "equality in functions",
        Unsat,
        "(= a b) (not (= (f (f a)) (f (f b))))",
    ),
    (
        "five steps are three steps",
        Unsat,
        "(= (f (f (f a))) a) (= (f (f (f (f (f a))))) a) (not (= (f a) a))",
    ),
    (
        "a thing that is not itself",
        Unsat,
        "(some x (not (= x x)))",
    ),
    (
        "at most two, three named",
        Sat,
        "(most 2 x true) (p a) (not (p b)) (q c)",
    ),
    (
        "at most two, three different",
        Unsat,
        "(most 2 x (p x)) (p a) (p b) (p c) (distinct a b c)",
    ),
    (
        "at least three, but only two",
        Unsat,
        "(least 3 x (p x)) (all x (-> (p x) (or (= x a) (= x b))))",
    ),
    ("exactly two", Sat, "(exactly 2 x (p x)) (p a) (not (p b))"),
    ("exactly none", Unsat, "(exactly 0 x (p x)) (p a)"),
    (
        "at least none",
        Sat,
        "(least 0 x (p x)) (all x (not (p x)))",
    ),
    ("no fewer than none", Unsat, "(not (least 0 x (p x)))"),
    (
        "unique existence",
        Unsat,
        "(one x (p x)) (p a) (p b) (not (= a b))",
    ),
    ("not unique", Sat, "(not (one x (p x))) (p a)"),
    (
        "counts of counts",
        Sat,
        "(all x (exactly 2 y (r x y))) (all x (not (r x x)))",
    ),
    (
        "three pigeons, two holes",
        Unsat,
        "(enum Pigeon p1 p2 p3) (enum Hole h1 h2) (func in Pigeon Hole)
         (all (x Pigeon) (y Pigeon) (-> (= (in x) (in y)) (= x y)))",
    ),
    (
        "three pigeons, three holes",
        Sat,
        "(enum Pigeon p1 p2 p3) (enum Hole h1 h2 h3) (func in Pigeon Hole)
         (all (x Pigeon) (y Pigeon) (-> (= (in x) (in y)) (= x y)))",
    ),
    (
        "colours of three neighbours",
        Unsat,
        "(enum Colour red green) (const a Colour) (const b Colour) (const c Colour)
         (distinct a b c)",
    ),
    (
        "a colour for somebody",
        Unsat,
        "(enum Colour red green) (pred likes Colour)
         (some (x Colour) (likes x)) (not (likes red)) (not (likes green))",
    ),
    (
        "a group",
        Sat,
        "(all x (= (m x e) x)) (all x (= (m x (i x)) e))
         (all x y z (= (m (m x y) z) (m x (m y z)))) (not (= a e))",
    ),
    (
        "left inverse from right inverse, one case",
        Unsat,
        "(all x (= (m e x) x)) (all x (= (m (i x) x) e))
         (all x y z (= (m (m x y) z) (m x (m y z)))) (not (= (m (i a) (m a b)) b))",
    ),
    (
        "an injective function that is not onto",
        Unknown,
        "(all x y (-> (= (s x) (s y)) (= x y))) (all x (not (= (s x) zero)))",
    ),
    ("no fixed point", Sat, "(all x (not (= (f x) x)))"),
    (
        "two sorts",
        Unsat,
        "(sort A) (sort B) (pred on A B) (const k A)
         (all (x A) (some (y B) (on x y))) (all (y B) (not (on k y)))",
    ),
    (
        "everybody loves a lover",
        Unsat,
        "(all x (-> (some y (loves x y)) (all z (loves z x)))) (loves romeo juliet)
         (not (loves iago othello))",
    ),
    (
        "one formula in two places",
        Sat,
        "(all x (-> (some y (r x y)) (some y (r y x)))) (r a b)",
    ),
];

const STEAMROLLER: &str = "
    (all x (-> (wolf x) (animal x))) (all x (-> (fox x) (animal x)))
    (all x (-> (bird x) (animal x))) (all x (-> (caterpillar x) (animal x)))
    (all x (-> (snail x) (animal x))) (all x (-> (grain x) (plant x)))
    (some x (wolf x)) (some x (fox x)) (some x (bird x))
    (some x (caterpillar x)) (some x (snail x)) (some x (grain x))
    (all x (-> (animal x) (or (all y (-> (plant y) (eats x y)))
        (all y (-> (and (animal y) (smaller y x) (some z (and (plant z) (eats y z))))
            (eats x y))))))
    (all x y (-> (and (bird y) (or (snail x) (caterpillar x))) (smaller x y)))
    (all x y (-> (and (bird x) (fox y)) (smaller x y)))
    (all x y (-> (and (fox x) (wolf y)) (smaller x y)))
    (all x y (-> (and (wolf x) (or (fox y) (grain y))) (not (eats x y))))
    (all x y (-> (and (bird x) (caterpillar y)) (eats x y)))
    (all x y (-> (and (bird x) (snail y)) (not (eats x y))))
    (all x (-> (or (caterpillar x) (snail x)) (some y (and (plant y) (eats x y)))))
    (not (some x y (and (animal x) (animal y)
        (some z (and (grain z) (eats y z) (eats x y))))))";

#[test]
fn classic_problems_have_their_answers() {
    for (name, verdict, text) in CASES {
        let outcome = run(&read(text));
        assert_eq!(outcome.verdict, *verdict, "{name}: {}", outcome.stop);
    }
}

/// A path of twenty things, closed under a relation, and a rule that joins five
/// variables: cheap only because cases are found by matching facts.
#[test]
fn rules_over_many_things() {
    let path = |last: usize, goal: &str| {
        let mut text = format!(
            "(all x y z (-> (and (r x y) (r y z)) (r x z)))
             (all v w x y z (-> (and (r v w) (r w x) (r x y) (r y z) (q z)) (s v)))
             (q c{last}) (not (s {goal}))"
        );
        for i in 0..last {
            text += &format!("(r c{i} c{})", i + 1);
        }
        run(&read(&text)).verdict
    };
    assert_eq!(path(19, "c0"), Unsat);
    assert_eq!(path(7, "c3"), Unsat);
    assert_eq!(path(7, "c4"), Sat);
}

#[test]
fn schuberts_steamroller() {
    assert_eq!(run(&read(STEAMROLLER)).verdict, Unsat);
}
