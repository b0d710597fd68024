//! Stable models: evidence that holds, and evidence that is nearly so.

use nsolve_backend::Outcome;
use nsolve_check::program::{Malformed, NotCheckable, ProgramFault, Receipt, Shown, StepFault};
use nsolve_check::{Limits, Refusal, check_program};
use nsolve_il::program::{Answers, Problem, Query, StableModel, Step, Value, Witness};

use crate::asp;

const ALL: Query = Query::Models {
    limit: None,
    optimal: false,
    assuming: Vec::new(),
};

/// Models of a program, to be changed and checked.
struct Case {
    problem: Problem,
    answers: Answers,
    query: Query,
}

/// A program with the steps of each model.
fn case(text: &str, models: &[&str]) -> Case {
    let mut problem = asp::program(text);
    let models = models.iter().map(|steps| StableModel {
        derivation: asp::derivation(&mut problem, "*", steps),
        cost: Vec::new(),
    });
    let models = models.collect();
    Case {
        problem,
        answers: Answers {
            models,
            complete: false,
            optimal: false,
        },
        query: ALL,
    }
}

impl Case {
    fn check(&self) -> Result<Receipt, Refusal> {
        let outcome = Outcome::sat(Witness::Models(self.answers.clone()));
        check_program(&self.problem, &self.query, &outcome, &Limits::default())
    }

    fn shown(&self) -> Shown {
        self.check().unwrap().shown()
    }

    fn fault(&self) -> ProgramFault {
        match self.check() {
            Err(refusal @ Refusal::Program(fault)) => {
                assert!(refusal.is_failure());
                fault
            }
            other => panic!("{other:?}"),
        }
    }

    fn unchecked(&self) -> NotCheckable {
        match self.check() {
            Err(Refusal::Unchecked(why)) => why,
            other => panic!("{other:?}"),
        }
    }

    fn steps(&mut self) -> &mut Vec<Step> {
        &mut self.answers.models[0].derivation.steps
    }

    fn cost(mut self, cost: &[(i64, i64)]) -> Self {
        self.answers.models[0].cost = cost.to_vec();
        self
    }
}

fn step(step: u32, fault: StepFault) -> ProgramFault {
    let model = 0;
    ProgramFault::Step { model, step, fault }
}

fn models(models: usize, all: bool, optimal: bool) -> Shown {
    Shown::Models {
        models,
        all,
        optimal,
    }
}

fn paths() -> Case {
    case(
        "e(1,2). e(2,3). r(1). r(Y) :- r(X), e(X,Y). far(X) :- e(X,Y), not e(1,X), X > 1.
         q(N) :- N = #count{ X : r(X) }.",
        &["e(1,2) <- 0
           e(2,3) <- 1
           r(1) <- 2
           r(2) <- 3 X=1 Y=2
           r(3) <- 3 X=2 Y=3
           q(3) <- 5 N=3"],
    )
}

#[test]
fn a_stratified_program_has_one_model_and_that_is_shown() {
    assert_eq!(paths().shown(), models(1, true, true));
    let receipt = paths().check().unwrap();
    assert!(receipt.shows_all() && receipt.shows_optimum());
    assert_eq!(receipt.steps(), 6);
    assert_eq!(receipt.rules(), [0, 1, 2, 3, 5]);
}

#[test]
fn each_way_to_spoil_a_model_is_refused_for_its_reason() {
    type Spoil = fn(&mut Case);
    let cases: &[(&str, Spoil, ProgramFault)] = &[
        (
            "a fact is left out",
            |c| drop(c.steps().remove(0)),
            step(2, StepFault::NotGiven),
        ),
        (
            "the last atom is left out",
            |c| drop(c.steps().pop()),
            ProgramFault::Missing { model: 0, rule: 5 },
        ),
        (
            "steps are in the wrong order",
            |c| c.steps().swap(3, 4),
            step(3, StepFault::NotGiven),
        ),
        (
            "a step gives its own body",
            |c| c.steps()[3] = asp::step(&mut c.problem, "r(2) <- 3 X=2 Y=2"),
            step(3, StepFault::NotGiven),
        ),
        (
            "an atom is given twice",
            |c| {
                let again = c.steps()[4].clone();
                c.steps().push(again);
            },
            step(6, StepFault::Twice),
        ),
        (
            "the head is another atom",
            |c| c.steps()[3] = asp::step(&mut c.problem, "r(7) <- 3 X=1 Y=2"),
            step(3, StepFault::Atom),
        ),
        (
            "a fact is another atom",
            |c| c.steps()[0] = asp::step(&mut c.problem, "e(1,9) <- 0"),
            step(0, StepFault::Atom),
        ),
        (
            "a variable has no value",
            |c| c.steps()[3] = asp::step(&mut c.problem, "r(2) <- 3 X=1"),
            step(3, StepFault::Binding),
        ),
        (
            "the binding is too long",
            |c| c.steps()[0].binding = vec![Some(Value::Int(1))].into(),
            step(0, StepFault::Binding),
        ),
        (
            "an aggregate comes to something else",
            |c| c.steps()[5] = asp::step(&mut c.problem, "q(2) <- 5 N=2"),
            step(5, StepFault::False),
        ),
        (
            "`not` does not hold",
            |c| {
                let far = asp::step(&mut c.problem, "far(2) <- 4 X=2 Y=3");
                c.steps().push(far);
            },
            step(6, StepFault::False),
        ),
        (
            "no such rule",
            |c| c.steps()[0].rule = u32::MAX,
            step(0, StepFault::NoRule),
        ),
        (
            "no such element",
            |c| c.steps()[0].element = 1,
            step(0, StepFault::Element),
        ),
        (
            "no such predicate",
            |c| c.steps()[0].atom.predicate.0 = u32::MAX,
            step(0, StepFault::IllFormed),
        ),
        (
            "another arity",
            |c| c.steps()[0].atom.arguments = Vec::new().into(),
            step(0, StepFault::IllFormed),
        ),
        (
            "no model",
            |c| c.answers.models.clear(),
            ProgramFault::Number,
        ),
        (
            "a cost that nothing has",
            |c| c.answers.models[0].cost = vec![(0, 1)],
            ProgramFault::Cost { model: 0 },
        ),
        (
            "the same model twice, in another order",
            |c| {
                let mut again = c.answers.models[0].clone();
                again.derivation.steps.swap(0, 1);
                c.answers.models.push(again);
            },
            ProgramFault::Same {
                first: 0,
                second: 1,
            },
        ),
    ];
    for (what, spoil, expected) in cases {
        let mut case = paths();
        spoil(&mut case);
        assert_eq!(case.fault(), *expected, "{what}");
    }
}

#[test]
fn atoms_that_hold_each_other_up_are_refused() {
    let text = "p :- q. q :- p. r.";
    for steps in ["r <- 2\n p <- 0\n q <- 1", "r <- 2\n q <- 1\n p <- 0"] {
        assert_eq!(case(text, &[steps]).fault(), step(1, StepFault::NotGiven));
    }
    assert_eq!(case(text, &["r <- 2"]).shown(), models(1, true, true));
}

#[test]
fn the_two_models_of_a_cycle_through_not() {
    let text = "a :- not b. b :- not a.";
    let mut both = case(text, &["a <- 0", "b <- 1"]);
    assert_eq!(both.shown(), models(2, false, true));
    // Whether there are others is searched where it is claimed.
    both.answers.complete = true;
    assert_eq!(both.shown(), models(2, true, true));
    both.answers.models.pop();
    assert_eq!(both.fault(), ProgramFault::Another);
    assert_eq!(
        case(text, &["a <- 0\n b <- 1"]).fault(),
        step(0, StepFault::False)
    );
    let none = ProgramFault::Missing { model: 0, rule: 0 };
    assert_eq!(case(text, &[""]).fault(), none);
    let odd = case("a :- not a.", &["a <- 0"]);
    assert_eq!(odd.fault(), step(0, StepFault::False));
}

#[test]
fn more_models_than_asked_for_are_refused() {
    let mut two = case("{ a }.", &["", "a <- 0"]);
    assert_eq!(two.shown(), models(2, false, true));
    two.query = Query::Models {
        limit: Some(1),
        optimal: false,
        assuming: Vec::new(),
    };
    assert_eq!(two.fault(), ProgramFault::Number);
}

const CHOICE: &str = "n(1). n(2). n(3). go. { in(X) : n(X), X != 2 ; out } = 2 :- go.";

const FACTS: &str = "n(1) <- 0\n n(2) <- 1\n n(3) <- 2\n go <- 3\n";

#[test]
fn choices_are_by_element_and_condition_and_guards_count_in_the_model() {
    let with = |steps: &str| case(CHOICE, &[&format!("{FACTS}{steps}")]);
    let fine = with("in(1) <- 4.0 X=1\n out <- 4.1");
    assert_eq!(fine.shown(), models(1, false, true));
    for (steps, expected) in [
        ("in(1) <- 4 X=1", ProgramFault::Guard { model: 0, rule: 4 }),
        (
            "in(1) <- 4 X=1\n in(3) <- 4 X=3\n out <- 4.1",
            ProgramFault::Guard { model: 0, rule: 4 },
        ),
        ("in(2) <- 4 X=2\n out <- 4.1", step(4, StepFault::False)),
        ("in(9) <- 4 X=9\n out <- 4.1", step(4, StepFault::NotGiven)),
        ("in(1) <- 4\n out <- 4.1", step(4, StepFault::Binding)),
        ("in(1) <- 4.1 X=1\n out <- 4.1", step(4, StepFault::Atom)),
        ("in(1) <- 4.2 X=1\n out <- 4.1", step(4, StepFault::Element)),
    ] {
        assert_eq!(with(steps).fault(), expected, "{steps}");
    }
}

#[test]
fn what_is_chosen_from_itself_is_refused() {
    let case = case("{ a : b ; b : a }.", &["a <- 0.0\n b <- 0.1"]);
    assert_eq!(case.fault(), step(0, StepFault::NotGiven));
}

#[test]
fn different_elements_that_give_one_atom_count_once() {
    let text = "{ a ; a ; b } <= 1.";
    assert_eq!(case(text, &["a <- 0.1"]).shown(), models(1, false, true));
    let both = case(text, &["a <- 0.0\n b <- 0.2"]);
    assert_eq!(both.fault(), ProgramFault::Guard { model: 0, rule: 0 });
}

#[test]
fn constraints_and_assumptions_are_looked_at() {
    let text = "{ a ; b }. :- a, not b.";
    assert_eq!(
        case(text, &["a <- 0\n b <- 0.1"]).shown(),
        models(1, false, true)
    );
    let violated = ProgramFault::Violated { model: 0, rule: 1 };
    assert_eq!(case(text, &["a <- 0"]).fault(), violated);
    let mut assumed = case(text, &["b <- 0.1"]);
    assumed.query = Query::Models {
        limit: None,
        optimal: false,
        assuming: vec![
            asp::goal(&mut assumed.problem, "a"),
            asp::goal(&mut assumed.problem, "b"),
        ],
    };
    let violated = ProgramFault::Violated { model: 0, rule: 3 };
    assert_eq!(assumed.fault(), violated);
    // What is assumed derives nothing.
    let a = asp::step(&mut assumed.problem, "a <- 0");
    assumed.steps().insert(0, a);
    assumed.steps()[1].rule = 2;
    assumed.steps()[1].element = 0;
    assert_eq!(assumed.fault(), step(1, StepFault::Head));
}

#[test]
fn an_atom_and_its_stated_negation_are_no_model_unless_the_world_is_open() {
    let text = "p(1). -p(1). -p(2).";
    let steps = "p(1) <- 0\n -p(1) <- 1\n -p(2) <- 2";
    assert_eq!(
        case(text, &[steps]).fault(),
        ProgramFault::Clash { model: 0 }
    );
    let open = case(&format!("#open. {text}"), &[steps]);
    assert_eq!(open.shown(), models(1, true, true));
    let apart = case("p(1). -p(2).", &["p(1) <- 0\n -p(2) <- 1"]);
    assert_eq!(apart.shown(), models(1, true, true));
}

#[test]
fn disjunctions_are_minimal() {
    let text = "a | b. c :- a.";
    assert_eq!(
        case(text, &["b <- 0.1", "a <- 0\n c <- 1"]).shown(),
        models(2, false, true)
    );
    let both = case(text, &["a <- 0.0\n b <- 0.1\n c <- 1"]);
    assert_eq!(both.fault(), ProgramFault::NotMinimal { model: 0 });
    let none = ProgramFault::Missing { model: 0, rule: 0 };
    assert_eq!(case(text, &[""]).fault(), none);
    assert_eq!(case(text, &["c <- 0"]).fault(), step(0, StepFault::Atom));
}

#[test]
fn both_atoms_of_a_disjunction_may_hold_each_other_up() {
    // The stable model {a, b} of a program with a cycle through heads, which no
    // shifted program has.
    let text = "a | b. a :- b. b :- a.";
    let both = "a <- 0.0\n b <- 2";
    assert_eq!(case(text, &[both]).shown(), models(1, false, true));
    let with_choice = case(&format!("{text} {{ c }}."), &["a <- 0.0\n b <- 2\n c <- 3"]);
    assert_eq!(with_choice.shown(), models(1, false, true));
    let loose = case("a | b. a :- b. b :- a, c. { c }.", &["a <- 0.0\n b <- 0.1"]);
    assert_eq!(loose.fault(), ProgramFault::NotMinimal { model: 0 });
    let equal = case(
        "q(1). p(X) | p(Y) :- q(X), q(Y).",
        &["q(1) <- 0\n p(1) <- 1 X=1 Y=1"],
    );
    assert_eq!(equal.shown(), models(1, false, true));
}

const COSTS: &str = "{ a(1) ; a(2) ; b }. :~ a(X). [X@2] :~ b. [3@2] :~ a(X), b. [7, t]
                     :~ b. [-2@0 - 1] :~ a(X). [1@1, X] :~ not b. [5@1/0]";

#[test]
fn costs_are_summed_by_level_over_different_tuples() {
    let with = |steps: &str, cost: &[(i64, i64)]| case(COSTS, &[steps]).cost(cost);
    let all = "a(1) <- 0\n a(2) <- 0.1\n b <- 0.2";
    assert_eq!(
        with(all, &[(2, 6), (1, 2), (0, 7), (-1, -2)]).shown(),
        models(1, false, false)
    );
    assert_eq!(with("", &[(4, 0)]).shown(), models(1, false, false));
    for wrong in [
        &[(2, 6), (1, 2), (0, 14), (-1, -2)][..],
        &[(2, 6), (1, 2), (0, 7)],
        &[(1, 2), (2, 6), (0, 7), (-1, -2)],
        &[(2, 3), (2, 3), (1, 2), (0, 7), (-1, -2)],
        &[],
    ] {
        assert_eq!(with(all, wrong).fault(), ProgramFault::Cost { model: 0 });
    }
}

#[test]
fn what_cannot_cost_less_than_nothing_is_shown_to_be_best() {
    let mut free = case("{ a }. :~ a. [1]", &[""]);
    assert_eq!(free.shown(), models(1, false, true));
    free = case("{ a }. :~ a. [0 - 1]", &[""]);
    assert_eq!(free.shown(), models(1, false, false));
    free.answers.optimal = true;
    assert_eq!(free.fault(), ProgramFault::Cheaper);
    let mut paid = case("{ a }. :- not a. :~ a. [1]", &["a <- 0"]).cost(&[(0, 1)]);
    assert_eq!(paid.shown(), models(1, false, false));
    paid.answers.optimal = true;
    assert_eq!(paid.shown(), models(1, false, true));
}

#[test]
fn optimal_models_cost_the_same() {
    let mut unequal = case("{ a }. :~ a. [1]", &["", "a <- 0"]);
    unequal.answers.models[1].cost = vec![(0, 1)];
    assert_eq!(unequal.shown(), models(2, false, false));
    unequal.answers.optimal = true;
    assert_eq!(unequal.fault(), ProgramFault::Optimum);
}

#[test]
fn weights_that_are_no_integers_cannot_be_checked() {
    let case = case("p(a). :~ p(X). [X]", &["p(a) <- 0"]);
    assert_eq!(case.unchecked(), NotCheckable::Weight { rule: 1 });
}

#[test]
fn what_does_not_fit_cannot_be_checked() {
    let most = i64::MAX;
    for (text, steps) in [
        (
            format!("p({most}). q(X+1) :- p(X)."),
            format!("p({most}) <- 0"),
        ),
        (
            format!("p({most}). q :- p(X), X + 1 > 3."),
            format!("p({most}) <- 0"),
        ),
        (
            format!("p({most}). q(X) :- p(X-1)."),
            format!("p({most}) <- 0"),
        ),
        (
            format!("p({most}). p(1). :- #sum{{ X : p(X) }} < 0."),
            format!("p({most}) <- 0\n p(1) <- 1"),
        ),
        (
            format!("p({most}). p(1). :~ p(X). [X, X]"),
            format!("p({most}) <- 0\n p(1) <- 1"),
        ),
    ] {
        assert_eq!(
            case(&text, &[&steps]).unchecked(),
            NotCheckable::Overflow,
            "{text}"
        );
    }
}

#[test]
fn what_is_undefined_is_no_instance() {
    let text = "p(0). p(2). p(a). q(4/X) :- p(X). r(X) :- p(X), not q(1/X).
                s | t(1/X) :- p(X). { u } = X/0 :- p(X). :- not p(3/0).
                v(N) :- N = #count{ 1/X : p(X) }.";
    let steps = "p(0) <- 0
        p(2) <- 1
        p(a) <- 2
        q(2) <- 3 X=2
        r(2) <- 4 X=2
        s <- 5 X=2
        v(1) <- 8 N=1";
    let mut fine = case(text, &[steps]);
    assert_eq!(fine.shown(), models(1, false, true));
    let chosen = asp::step(&mut fine.problem, "u <- 6 X=2");
    fine.steps().push(chosen);
    assert_eq!(fine.fault(), step(7, StepFault::Undefined));
    fine.steps().pop();
    fine.steps()[5] = asp::step(&mut fine.problem, "s <- 5 X=0");
    assert_eq!(fine.fault(), step(5, StepFault::Undefined));
    fine.steps()[5] = asp::step(&mut fine.problem, "r(0) <- 4 X=0");
    assert_eq!(fine.fault(), step(5, StepFault::Undefined));
}

#[test]
fn aggregates_are_of_sets_of_tuples() {
    let text = "w(a,3). w(b,3). w(c,x).
        s(N) :- N = #sum{ W,X : w(X,W) }.
        t(N) :- N = #sum{ W : w(X,W) }.
        c(N) :- N = #count{ W : w(X,W) ; 3 ; z : w(a,Y), Y > 3 }.
        m(N) :- N = #min{ W : w(X,W) }.
        n(N) :- N = #max{ W : w(X,W) }.
        i(N) :- N = #max{ W : w(d,W) }.
        j(N) :- N = #min{ W : w(d,W) }.
        k :- not #count{ X : w(X,3) } >= 3, 1 < #count{ V : w(V,3) }.";
    let steps = "w(a,3) <- 0\n w(b,3) <- 1\n w(c,x) <- 2\n s(6) <- 3 N=6\n t(3) <- 4 N=3
        c(2) <- 5 N=2\n m(3) <- 6 N=3\n n(x) <- 7 N=x\n k <- 10";
    let mut fine = case(text, &[steps]);
    for (text, rule, value) in [("i", 8, Value::Infimum), ("j", 9, Value::Supremum)] {
        let mut end = asp::step(&mut fine.problem, &format!("{text}(0) <- {rule} N=0"));
        end.atom.arguments = vec![value.clone()].into();
        let variables = &fine.problem.rules[rule].variables;
        let at = variables.iter().position(|v| &**v == "N").unwrap();
        let mut binding = vec![None; variables.len()];
        binding[at] = Some(value);
        end.binding = binding.into();
        fine.steps().push(end);
    }
    assert_eq!(fine.shown(), models(1, true, true));
}

/// A value for a variable of an aggregate would make it count less.
#[test]
fn evidence_cannot_narrow_an_aggregate() {
    let text = "p(1). p(2). one :- #count{ X : p(X) } = 1.";
    let facts = "p(1) <- 0\n p(2) <- 1\n";
    let forged = case(text, &[&format!("{facts} one <- 2 X=1")]);
    assert_eq!(forged.fault(), step(2, StepFault::False));
    let text = "p(1). p(2). { one : X = 1 } :- #count{ X : p(X) } = 1.";
    let forged = case(text, &[&format!("{facts} one <- 2 X=1")]);
    assert_eq!(forged.fault(), step(2, StepFault::False));
}

#[test]
fn intervals_and_inverted_arithmetic_are_joined() {
    let text = "p(5). q(X) :- p(X+2). r(X) :- X = 1..3, not q(X). s(X) :- p(-X). t(X) :- p(7-X).
                u(X,Y) :- f(X+Y,Y) = f(5,2). v(X) :- p(X), X = 4..5.";
    let steps = "p(5) <- 0\n q(3) <- 1 X=3\n r(1) <- 2 X=1\n r(2) <- 2 X=2\n s(-5) <- 3 X=-5
        t(2) <- 4 X=2\n u(3,2) <- 5 X=3 Y=2\n v(5) <- 6 X=5";
    let mut fine = case(text, &[steps]);
    assert_eq!(fine.shown(), models(1, true, true));
    for (left_out, rule) in [(7, 6), (6, 5), (5, 4), (4, 3), (3, 2)] {
        fine.steps().remove(left_out);
        assert_eq!(fine.fault(), ProgramFault::Missing { model: 0, rule });
        fine = case(text, &[steps]);
    }
}

#[test]
fn an_interval_of_all_integers_costs_no_more_than_the_limits() {
    let text = format!(":- X = {}..{}, X \\ 2 = 5.", -i64::MAX, i64::MAX);
    let endless = case(&text, &[""]);
    let outcome = Outcome::sat(Witness::Models(endless.answers));
    let limits = Limits { steps: 100_000 };
    let checked = check_program(&endless.problem, &ALL, &outcome, &limits);
    assert_eq!(checked, Err(Refusal::Limit));
    let end = format!("p(X) :- X = {}..{}.", i64::MAX, i64::MAX);
    let steps = format!("p({0}) <- 0 X={0}", i64::MAX);
    assert_eq!(case(&end, &[&steps]).shown(), models(1, true, true));
}

#[test]
fn programs_that_are_not_well_formed_cannot_be_checked() {
    let unsafe_rule = case("p(X) :- X > 1.", &[""]);
    assert_eq!(unsafe_rule.unchecked(), NotCheckable::Unsafe { rule: 0 });
    let unsafe_choice = case("{ p(X) }.", &[""]);
    assert_eq!(unsafe_choice.unchecked(), NotCheckable::Unsafe { rule: 0 });
    let unsafe_element = case("p :- #count{ X : X > 1 } > 2.", &[""]);
    assert_eq!(unsafe_element.unchecked(), NotCheckable::Unsafe { rule: 0 });
    let recursive = case("p :- #count{ 1 : q } = 1. q :- p.", &[""]);
    assert_eq!(
        recursive.unchecked(),
        NotCheckable::RecursiveAggregate { rule: 0 }
    );
    let open = case("#open. p :- not q.", &[""]);
    let why = Malformed::OpenNegation;
    assert_eq!(open.unchecked(), NotCheckable::Malformed { rule: 0, why });
    let mut dangling = case("p(1).", &["p(1) <- 0"]);
    dangling.problem.predicates[0].arity = 2;
    let why = Malformed::Arity;
    assert_eq!(
        dangling.unchecked(),
        NotCheckable::Malformed { rule: 0, why }
    );
}

#[test]
fn a_model_that_would_need_deeper_terms_cannot_be_checked() {
    let text = "#depth 2. p(a). p(f(X)) :- p(X).";
    let steps = "p(a) <- 0\n p(f(a)) <- 1 X=a\n p(f(f(a))) <- 1 X=f(a)";
    assert_eq!(case(text, &[steps]).unchecked(), NotCheckable::TooDeep);
    let ends = text.replace(":- p(X)", ":- p(X), X != f(f(a))");
    assert_eq!(case(&ends, &[steps]).shown(), models(1, true, true));
    let above = ends.replace("#depth 2", "#depth 1");
    assert_eq!(case(&above, &[steps]).unchecked(), NotCheckable::TooDeep);
}
