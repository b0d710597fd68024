use nsolve_il::fol::Quantifier::{AtLeast, AtMost, Exactly, ExistsUnique};

use super::Case;
use super::Expected::{Infinite, Sat, Unsat};
use super::sketch::case;

/// The cases without numbers.
pub(super) fn cases() -> Vec<Case> {
    let mut cases = propositions();
    cases.extend(quantifiers());
    cases.extend(equality());
    cases.extend(functions());
    cases.extend(sorts());
    cases.extend(counting());
    cases
}

fn propositions() -> Vec<Case> {
    let mut part_of_the_premises = case("only one of two clashing premises", Sat, |s| {
        let p = s.proposition("p");
        s.premise(p);
        s.premise(s.not(p));
    });
    part_of_the_premises.query.premises = vec![1];
    vec![
        case("nothing is assumed", Sat, |_| {}),
        case("true", Sat, |s| s.premise(s.truth(true))),
        case("false", Unsat, |s| s.premise(s.truth(false))),
        case("excluded middle without premises", Unsat, |s| {
            let p = s.proposition("p");
            s.fails(s.or([p, s.not(p)]));
        }),
        case("modus ponens", Unsat, |s| {
            let (p, q) = (s.proposition("p"), s.proposition("q"));
            s.premise(s.implies(p, q));
            s.premise(p);
            s.fails(q);
        }),
        case("an implication does not run backwards", Sat, |s| {
            let (p, q) = (s.proposition("p"), s.proposition("q"));
            s.premise(s.implies(p, q));
            s.premise(q);
            s.fails(p);
        }),
        case("premises that contradict each other", Unsat, |s| {
            let (p, q) = (s.proposition("p"), s.proposition("q"));
            s.premise(q);
            s.premise(p);
            s.premise(s.not(p));
            s.holds(q);
        }),
        part_of_the_premises,
        case("three exclusive choices in a ring", Unsat, |s| {
            let (a, b, c) = (s.proposition("a"), s.proposition("b"), s.proposition("c"));
            s.premise(s.xor(a, b));
            s.premise(s.xor(b, c));
            s.premise(s.xor(a, c));
        }),
        case("exclusive or lets one of two hold", Sat, |s| {
            let (a, b) = (s.proposition("a"), s.proposition("b"));
            s.premise(s.xor(a, b));
            s.holds(a);
            s.fails(b);
        }),
        case("a statement equivalent to its denial", Unsat, |s| {
            let p = s.proposition("p");
            s.premise(s.iff(p, s.not(p)));
        }),
        case("two goals with different signs", Unsat, |s| {
            let (p, q) = (s.proposition("p"), s.proposition("q"));
            s.premise(s.iff(p, q));
            s.holds(p);
            s.fails(q);
        }),
    ]
}

fn quantifiers() -> Vec<Case> {
    vec![
        case("syllogism", Unsat, |s| {
            let thing = s.thing();
            let (man, mortal) = (
                s.predicate("man", &[thing]),
                s.predicate("mortal", &[thing]),
            );
            let socrates = s.constant("socrates", thing);
            s.premise(s.forall(thing, |x| {
                s.implies(s.apply(man, [x]), s.apply(mortal, [x]))
            }));
            s.premise(s.apply(man, [socrates]));
            s.fails(s.apply(mortal, [socrates]));
        }),
        case("syllogism the wrong way round", Sat, |s| {
            let thing = s.thing();
            let (man, mortal) = (
                s.predicate("man", &[thing]),
                s.predicate("mortal", &[thing]),
            );
            let socrates = s.constant("socrates", thing);
            s.premise(s.forall(thing, |x| {
                s.implies(s.apply(man, [x]), s.apply(mortal, [x]))
            }));
            s.premise(s.apply(mortal, [socrates]));
            s.fails(s.apply(man, [socrates]));
        }),
        case("names that would be commands in a text", Unsat, |s| {
            let sort = s.sort("Int) (exit");
            let [one, two] = [
                s.predicate("|\")\n(set-option :regular-output-channel \"x\")", &[sort]),
                s.predicate("true", &[sort]),
            ];
            let both = [s.constant("", sort), s.constant("s1 é \\", sort)];
            s.premise(s.forall(sort, |x| s.implies(s.apply(one, [x]), s.apply(two, [x]))));
            s.premise(s.and(both.map(|c| s.apply(one, [c]))));
            s.fails(s.and(both.map(|c| s.apply(two, [c]))));
        }),
        case("one name, two arities and two roles", Sat, |s| {
            let thing = s.thing();
            let (p1, p2) = (
                s.predicate("p", &[thing]),
                s.predicate("p", &[thing, thing]),
            );
            let c = s.constant("p", thing);
            s.premise(s.apply(p1, [c]));
            s.fails(s.apply(p2, [c, c]));
        }),
        case("domains are not empty", Unsat, |s| {
            let thing = s.thing();
            let p = s.predicate("p", &[thing]);
            s.premise(s.forall(thing, |x| s.apply(p, [x])));
            s.fails(s.exists(thing, |x| s.apply(p, [x])));
        }),
        case("drinker", Unsat, |s| {
            let thing = s.thing();
            let drinks = s.predicate("drinks", &[thing]);
            s.fails(s.exists(thing, |x| {
                s.implies(
                    s.apply(drinks, [x]),
                    s.forall(thing, |y| s.apply(drinks, [y])),
                )
            }));
        }),
        case("barber", Unsat, |s| {
            let thing = s.thing();
            let shaves = s.predicate("shaves", &[thing, thing]);
            s.premise(s.exists(thing, |b| {
                s.forall(thing, |x| {
                    s.iff(s.apply(shaves, [b, x]), s.not(s.apply(shaves, [x, x])))
                })
            }));
        }),
        case("one for all is one for each", Unsat, |s| {
            let thing = s.thing();
            let r = s.predicate("r", &[thing, thing]);
            s.premise(s.exists(thing, |y| s.forall(thing, |x| s.apply(r, [x, y]))));
            s.fails(s.forall(thing, |x| s.exists(thing, |y| s.apply(r, [x, y]))));
        }),
        case("one for each is not one for all", Sat, |s| {
            let thing = s.thing();
            let r = s.predicate("r", &[thing, thing]);
            s.premise(s.forall(thing, |x| s.exists(thing, |y| s.apply(r, [x, y]))));
            s.fails(s.exists(thing, |y| s.forall(thing, |x| s.apply(r, [x, y]))));
        }),
        case("a chain of a transitive relation", Unsat, |s| {
            let thing = s.thing();
            let less = s.predicate("less", &[thing, thing]);
            let chain = ["a", "b", "c", "d", "e"].map(|name| s.constant(name, thing));
            let [a, .., e] = chain;
            s.premise(s.forall_many([thing, thing, thing], |[x, y, z]| {
                s.implies(
                    s.and([s.apply(less, [x, y]), s.apply(less, [y, z])]),
                    s.apply(less, [x, z]),
                )
            }));
            for (x, y) in chain.into_iter().zip(chain.into_iter().skip(1)) {
                s.premise(s.apply(less, [x, y]));
            }
            s.fails(s.apply(less, [a, e]));
        }),
        case("symmetric and transitive, but not reflexive", Sat, |s| {
            let thing = s.thing();
            let r = s.predicate("r", &[thing, thing]);
            s.premise(s.forall_many([thing, thing], |[x, y]| {
                s.implies(s.apply(r, [x, y]), s.apply(r, [y, x]))
            }));
            s.premise(s.forall_many([thing, thing, thing], |[x, y, z]| {
                s.implies(
                    s.and([s.apply(r, [x, y]), s.apply(r, [y, z])]),
                    s.apply(r, [x, z]),
                )
            }));
            s.premise(s.exists(thing, |x| s.exists(thing, |y| s.apply(r, [x, y]))));
            s.fails(s.forall(thing, |x| s.apply(r, [x, x])));
        }),
        case("an order that goes on has no finite model", Infinite, |s| {
            let thing = s.thing();
            let less = s.predicate("less", &[thing, thing]);
            s.premise(s.forall(thing, |x| s.not(s.apply(less, [x, x]))));
            s.premise(s.forall_many([thing, thing, thing], |[x, y, z]| {
                s.implies(
                    s.and([s.apply(less, [x, y]), s.apply(less, [y, z])]),
                    s.apply(less, [x, z]),
                )
            }));
            s.premise(s.forall(thing, |x| s.exists(thing, |y| s.apply(less, [x, y]))));
        }),
    ]
}

fn equality() -> Vec<Case> {
    vec![
        case("different names may name one thing", Sat, |s| {
            let thing = s.thing();
            s.premise(s.equal(s.constant("a", thing), s.constant("b", thing)));
        }),
        case("what is equal has the same properties", Unsat, |s| {
            let thing = s.thing();
            let p = s.predicate("p", &[thing]);
            let (a, b) = (s.constant("a", thing), s.constant("b", thing));
            s.premise(s.equal(a, b));
            s.premise(s.apply(p, [a]));
            s.fails(s.apply(p, [b]));
        }),
        case("three different things among two", Unsat, |s| {
            let thing = s.thing();
            let (a, b) = (s.constant("a", thing), s.constant("b", thing));
            let others = ["c", "d", "e"].map(|name| s.constant(name, thing));
            s.premise(s.forall(thing, |x| s.or([s.equal(x, a), s.equal(x, b)])));
            s.premise(s.distinct(others));
        }),
        case("two different things among two", Sat, |s| {
            let thing = s.thing();
            let (a, b) = (s.constant("a", thing), s.constant("b", thing));
            s.premise(s.forall(thing, |x| s.or([s.equal(x, a), s.equal(x, b)])));
            s.premise(s.distinct([a, b]));
        }),
        case("all things are one thing", Unsat, |s| {
            let thing = s.thing();
            let p = s.predicate("p", &[thing]);
            s.premise(s.forall_many([thing, thing], |[x, y]| s.equal(x, y)));
            s.premise(s.exists(thing, |x| s.apply(p, [x])));
            s.fails(s.forall(thing, |x| s.apply(p, [x])));
        }),
    ]
}

fn functions() -> Vec<Case> {
    vec![
        case("a function of a function", Unsat, |s| {
            let thing = s.thing();
            let mother = s.function("mother", &[thing], thing);
            let loves = s.predicate("loves", &[thing, thing]);
            let tom = s.constant("tom", thing);
            s.premise(s.forall(thing, |x| s.apply(loves, [s.apply(mother, [x]), x])));
            let of_tom = s.apply(mother, [tom]);
            s.fails(s.apply(loves, [s.apply(mother, [of_tom]), of_tom]));
        }),
        case("turning three and five times", Unsat, |s| {
            let thing = s.thing();
            let f = s.function("f", &[thing], thing);
            let a = s.constant("a", thing);
            let turned = |times| (0..times).fold(a, |t, _| s.apply(f, [t]));
            s.premise(s.equal(turned(3), a));
            s.premise(s.equal(turned(5), a));
            s.fails(s.equal(turned(1), a));
        }),
        case("nothing is its own successor", Sat, |s| {
            let thing = s.thing();
            let next = s.function("next", &[thing], thing);
            s.premise(s.forall(thing, |x| s.not(s.equal(s.apply(next, [x]), x))));
        }),
        case(
            "one-to-one but not onto has no finite model",
            Infinite,
            |s| {
                let thing = s.thing();
                let next = s.function("next", &[thing], thing);
                let zero = s.constant("zero", thing);
                s.premise(s.forall_many([thing, thing], |[x, y]| {
                    s.implies(
                        s.equal(s.apply(next, [x]), s.apply(next, [y])),
                        s.equal(x, y),
                    )
                }));
                s.premise(s.forall(thing, |x| s.not(s.equal(s.apply(next, [x]), zero))));
            },
        ),
    ]
}

fn sorts() -> Vec<Case> {
    vec![
        case("elements are different", Unsat, |s| {
            let (_, [red, green, _]) = s.enumerated("Colour", ["red", "green", "blue"]);
            s.premise(s.equal(red, green));
        }),
        case("elements are all there is", Unsat, |s| {
            let (colour, elements) = s.enumerated("Colour", ["red", "green", "blue"]);
            let warm = s.predicate("warm", &[colour]);
            s.premise(s.and(elements.map(|e| s.apply(warm, [e]))));
            s.fails(s.forall(colour, |x| s.apply(warm, [x])));
        }),
        case("a constant is one of the elements", Unsat, |s| {
            let (colour, [red, green]) = s.enumerated("Colour", ["red", "green"]);
            let mine = s.constant("mine", colour);
            s.premise(s.distinct([red, mine]));
            s.premise(s.distinct([green, mine]));
        }),
        case("a sort of one element", Unsat, |s| {
            let (unit, [_]) = s.enumerated("Unit", ["only"]);
            s.premise(s.exists(unit, |x| s.exists(unit, |y| s.not(s.equal(x, y)))));
        }),
        case("three neighbours have three colours", Sat, |s| {
            let (colour, _) = s.enumerated("Colour", ["red", "green", "blue"]);
            let (land, lands) = s.enumerated("Land", ["a", "b", "c"]);
            let of = s.function("colour", &[land], colour);
            s.premise(s.distinct(lands.map(|l| s.apply(of, [l]))));
        }),
        case("four neighbours want four colours", Unsat, |s| {
            let (colour, _) = s.enumerated("Colour", ["red", "green", "blue"]);
            let (land, _) = s.enumerated("Land", ["a", "b", "c", "d"]);
            let of = s.function("colour", &[land], colour);
            s.premise(s.forall_many([land, land], |[x, y]| {
                s.or([
                    s.equal(x, y),
                    s.not(s.equal(s.apply(of, [x]), s.apply(of, [y]))),
                ])
            }));
        }),
        case("sorts have sizes of their own", Sat, |s| {
            let (one, many) = (s.sort("One"), s.sort("Many"));
            let (a, b) = (s.constant("a", many), s.constant("b", many));
            s.premise(s.forall_many([one, one], |[x, y]| s.equal(x, y)));
            s.premise(s.distinct([a, b]));
        }),
        case("a relation between sorts", Unsat, |s| {
            let (person, city) = (s.sort("Person"), s.sort("City"));
            let lives_in = s.predicate("lives_in", &[person, city]);
            let big = s.predicate("big", &[city]);
            let ann = s.constant("ann", person);
            s.premise(s.forall(person, |x| s.exists(city, |y| s.apply(lives_in, [x, y]))));
            s.premise(s.forall(city, |y| s.apply(big, [y])));
            s.fails(s.exists(city, |y| {
                s.and([s.apply(lives_in, [ann, y]), s.apply(big, [y])])
            }));
        }),
        case("a sort that is declared and not used", Sat, |s| {
            s.sort("Unused");
            s.premise(s.proposition("p"));
        }),
    ]
}

fn counting() -> Vec<Case> {
    vec![
        case("exactly one is not two", Unsat, |s| {
            let thing = s.thing();
            let king = s.predicate("king", &[thing]);
            let (a, b) = (s.constant("a", thing), s.constant("b", thing));
            s.premise(s.quantified(ExistsUnique, thing, |x| s.apply(king, [x])));
            s.premise(s.and([s.apply(king, [a]), s.apply(king, [b])]));
            s.fails(s.equal(a, b));
        }),
        case("exactly one is not none", Unsat, |s| {
            let thing = s.thing();
            let king = s.predicate("king", &[thing]);
            s.premise(s.quantified(ExistsUnique, thing, |x| s.apply(king, [x])));
            s.premise(s.forall(thing, |x| s.not(s.apply(king, [x]))));
        }),
        case("at least three and at most two", Unsat, |s| {
            let thing = s.thing();
            let p = s.predicate("p", &[thing]);
            s.premise(s.quantified(AtLeast(3), thing, |x| s.apply(p, [x])));
            s.premise(s.quantified(AtMost(2), thing, |x| s.apply(p, [x])));
        }),
        case("exactly two, and something else", Sat, |s| {
            let thing = s.thing();
            let p = s.predicate("p", &[thing]);
            s.premise(s.quantified(Exactly(2), thing, |x| s.apply(p, [x])));
            s.premise(s.exists(thing, |x| s.not(s.apply(p, [x]))));
        }),
        case("at most none is none", Unsat, |s| {
            let thing = s.thing();
            let p = s.predicate("p", &[thing]);
            s.premise(s.quantified(AtMost(0), thing, |x| s.apply(p, [x])));
            s.fails(s.quantified(Exactly(0), thing, |x| s.apply(p, [x])));
        }),
        case("at least none holds", Unsat, |s| {
            let thing = s.thing();
            let p = s.predicate("p", &[thing]);
            s.fails(s.quantified(AtLeast(0), thing, |x| s.apply(p, [x])));
        }),
        case("not at least two is at most one", Unsat, |s| {
            let thing = s.thing();
            let p = s.predicate("p", &[thing]);
            s.premise(s.not(s.quantified(AtLeast(2), thing, |x| s.apply(p, [x]))));
            s.fails(s.quantified(AtMost(1), thing, |x| s.apply(p, [x])));
        }),
        case("one place for each", Unsat, |s| {
            let thing = s.thing();
            let at = s.predicate("at", &[thing, thing]);
            let [a, b, c] = ["a", "b", "c"].map(|name| s.constant(name, thing));
            s.premise(s.forall(thing, |x| {
                s.quantified(Exactly(1), thing, |y| s.apply(at, [x, y]))
            }));
            s.premise(s.and([s.apply(at, [a, b]), s.apply(at, [a, c])]));
            s.fails(s.equal(b, c));
        }),
        case("two of three elements", Sat, |s| {
            let (colour, _) = s.enumerated("Colour", ["red", "green", "blue"]);
            let warm = s.predicate("warm", &[colour]);
            s.premise(s.quantified(Exactly(2), colour, |x| s.apply(warm, [x])));
        }),
        case("four of three elements", Unsat, |s| {
            let (colour, _) = s.enumerated("Colour", ["red", "green", "blue"]);
            let warm = s.predicate("warm", &[colour]);
            s.premise(s.quantified(AtLeast(4), colour, |x| s.apply(warm, [x])));
        }),
    ]
}
