use nsolve_il::fol::ArithmeticOp::{
    Add, Divide, IntDivide, Modulo, Multiply, Negate, Subtract, ToReal,
};
use nsolve_il::fol::CompareOp::{Greater, GreaterEq, Less, LessEq};
use nsolve_il::fol::SortId;

use super::Case;
use super::Expected::{Sat, Unsat};
use super::sketch::case;

const INT: SortId = SortId::INT;
const REAL: SortId = SortId::REAL;

/// The cases with numbers.
pub(super) fn cases() -> Vec<Case> {
    let mut cases = integers();
    cases.extend(reals());
    cases.extend(numeric_quantifiers());
    cases
}

fn integers() -> Vec<Case> {
    vec![
        case("even is not odd", Unsat, |s| {
            let (x, y) = (s.constant("x", INT), s.constant("y", INT));
            let two = s.int(2);
            let odd = s.arithmetic(Add, [s.arithmetic(Multiply, [two, y]), s.int(1)]);
            s.premise(s.equal(s.arithmetic(Multiply, [two, x]), odd));
        }),
        case("between three and five", Unsat, |s| {
            let x = s.constant("x", INT);
            s.premise(s.compare(Greater, x, s.int(3)));
            s.premise(s.compare(Less, x, s.int(5)));
            s.fails(s.equal(x, s.int(4)));
        }),
        case("a number with a bound", Sat, |s| {
            let x = s.constant("x", INT);
            s.premise(s.compare(GreaterEq, x, s.int(1_000_000_007)));
            s.fails(s.equal(x, s.int(1_000_000_007)));
        }),
        case("ages", Unsat, |s| {
            let person = s.sort("Person");
            let age = s.function("age", &[person], INT);
            let (ann, bob) = (s.constant("ann", person), s.constant("bob", person));
            let older = s.arithmetic(Add, [s.apply(age, [bob]), s.int(2)]);
            s.premise(s.equal(s.apply(age, [ann]), older));
            s.holds(s.equal(ann, bob));
        }),
        case("ages of everybody", Sat, |s| {
            let (person, _) = s.enumerated("Person", ["ann", "bob", "cid"]);
            let age = s.function("age", &[person], INT);
            s.premise(s.forall(person, |x| s.compare(Greater, s.apply(age, [x]), s.int(17))));
            s.premise(s.forall_many([person, person], |[x, y]| {
                s.implies(
                    s.not(s.equal(x, y)),
                    s.not(s.equal(s.apply(age, [x]), s.apply(age, [y]))),
                )
            }));
        }),
        case("a predicate of numbers", Sat, |s| {
            let lucky = s.predicate("lucky", &[INT]);
            let x = s.constant("x", INT);
            s.premise(s.apply(lucky, [s.int(7)]));
            s.premise(s.not(s.apply(lucky, [s.int(13)])));
            s.premise(s.apply(lucky, [x]));
            s.premise(s.compare(Greater, x, s.int(7)));
        }),
        case("remainders are not negative", Unsat, |s| {
            let x = s.constant("x", INT);
            s.premise(s.equal(x, s.arithmetic(Negate, [s.int(7)])));
            s.fails(s.and([
                s.equal(s.arithmetic(Modulo, [x, s.int(2)]), s.int(1)),
                s.equal(s.arithmetic(IntDivide, [x, s.int(2)]), s.int(-4)),
                s.equal(s.arithmetic(IntDivide, [x, s.int(-2)]), s.int(4)),
            ]));
        }),
        case("no whole number squared is two", Unsat, |s| {
            let x = s.constant("x", INT);
            s.premise(s.compare(LessEq, s.int(0), x));
            s.premise(s.compare(LessEq, x, s.int(10)));
            s.premise(s.equal(s.arithmetic(Multiply, [x, x]), s.int(2)));
        }),
    ]
}

fn reals() -> Vec<Case> {
    vec![
        case("a third", Sat, |s| {
            let x = s.constant("x", REAL);
            s.premise(s.equal(s.arithmetic(Multiply, [s.int(3), x]), s.int(1)));
        }),
        case("a third is not 0.333", Unsat, |s| {
            let x = s.constant("x", REAL);
            s.premise(s.equal(s.arithmetic(Multiply, [s.int(3), x]), s.int(1)));
            s.premise(s.equal(x, s.real(333, 1000)));
        }),
        case("between two numbers lies another", Unsat, |s| {
            let (x, y) = (s.constant("x", REAL), s.constant("y", REAL));
            let middle = s.arithmetic(Divide, [s.arithmetic(Add, [x, y]), s.int(2)]);
            s.premise(s.compare(Less, x, y));
            s.fails(s.and([s.compare(Less, x, middle), s.compare(Less, middle, y)]));
        }),
        case("an integer in a fraction", Unsat, |s| {
            let (i, r) = (s.constant("i", INT), s.constant("r", REAL));
            s.premise(s.equal(i, s.int(2)));
            s.premise(s.equal(r, s.arithmetic(Divide, [i, s.int(4)])));
            s.fails(s.equal(r, s.real(1, 2)));
        }),
        case("a real that is no integer", Sat, |s| {
            let (i, r) = (s.constant("i", INT), s.constant("r", REAL));
            let i = s.arithmetic(ToReal, [i]);
            s.premise(s.compare(Less, i, r));
            s.premise(s.compare(Less, r, s.arithmetic(Add, [i, s.int(1)])));
        }),
        case("a difference", Unsat, |s| {
            let (x, y) = (s.constant("x", REAL), s.constant("y", REAL));
            s.premise(s.equal(s.arithmetic(Subtract, [x, y]), s.int(0)));
            s.fails(s.equal(x, y));
        }),
        case("a quotient by zero is some number", Sat, |s| {
            let x = s.constant("x", REAL);
            s.premise(s.equal(s.arithmetic(Divide, [x, s.int(0)]), s.int(3)));
        }),
    ]
}

fn numeric_quantifiers() -> Vec<Case> {
    vec![
        case("every integer has a greater one", Unsat, |s| {
            s.fails(s.forall(INT, |x| s.exists(INT, |y| s.compare(Greater, y, x))));
        }),
        case("there is no greatest integer", Unsat, |s| {
            s.premise(s.exists(INT, |y| s.forall(INT, |x| s.compare(LessEq, x, y))));
        }),
        case("a rule about all integers", Unsat, |s| {
            let person = s.sort("Person");
            let (age, adult) = (
                s.function("age", &[person], INT),
                s.predicate("adult", &[INT]),
            );
            let ann = s.constant("ann", person);
            s.premise(s.forall(INT, |n| {
                s.iff(s.apply(adult, [n]), s.compare(GreaterEq, n, s.int(18)))
            }));
            s.premise(s.equal(s.apply(age, [ann]), s.int(40)));
            s.fails(s.apply(adult, [s.apply(age, [ann])]));
        }),
    ]
}
