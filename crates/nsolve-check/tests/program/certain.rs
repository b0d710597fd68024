//! What holds in every model: rows of goals, and why there is no model.

use nsolve_backend::{Evidence, Outcome, StopReason, Verdict};
use nsolve_check::program::{NotCheckable, ProgramFault, Receipt, Shown, StepFault};
use nsolve_check::{Limits, Refusal, check_program};
use nsolve_il::program::{
    Answers, Bindings, Certificate, Derivation, Problem, Program, Query, Row, Witness,
};

use crate::asp;

fn check(problem: &Problem, query: &Query, outcome: &Outcome<Program>) -> Result<Receipt, Refusal> {
    check_program(problem, query, outcome, &Limits::default())
}

/// Rows of a goal in a program, with the steps that give them.
struct Case {
    problem: Problem,
    query: Query,
    bindings: Bindings,
}

/// `rows` are bindings, a row each.
fn case(text: &str, goal: &str, rows: &[&str], closed: &str, steps: &str) -> Case {
    let mut problem = asp::program(text);
    let goal = asp::goal(&mut problem, goal);
    let row = |text: &&str| Row {
        binding: asp::binding(&goal.variables, text),
    };
    Case {
        bindings: Bindings {
            rows: rows.iter().map(row).collect(),
            derivation: asp::derivation(&mut problem, closed, steps),
            complete: true,
        },
        problem,
        query: Query::Instances { goal, limit: None },
    }
}

impl Case {
    fn check(&self) -> Result<Receipt, Refusal> {
        let outcome = Outcome::sat(Witness::Instances(self.bindings.clone()));
        check(&self.problem, &self.query, &outcome)
    }

    /// How many rows were shown, and whether they are shown to be all.
    fn shown(&self) -> (usize, bool) {
        match self.check().unwrap().shown() {
            Shown::Instances { rows, all } => (rows, all),
            other => panic!("{other:?}"),
        }
    }

    fn fault(&self) -> ProgramFault {
        fault(self.check())
    }

    /// Without the claim that there are no other rows.
    fn modest(mut self) -> Self {
        self.bindings.complete = false;
        self
    }

    /// Whether the same derivation shows that there is no row.
    fn none(&self) -> Result<Receipt, Refusal> {
        let derivation = self.bindings.derivation.clone();
        let outcome = Outcome::unsat(Certificate::NoInstance { derivation });
        check(&self.problem, &self.query, &outcome)
    }
}

fn fault(checked: Result<Receipt, Refusal>) -> ProgramFault {
    match checked {
        Err(Refusal::Program(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

fn unchecked(checked: Result<Receipt, Refusal>) -> NotCheckable {
    match checked {
        Err(Refusal::Unchecked(why)) => why,
        other => panic!("{other:?}"),
    }
}

fn step(step: u32, fault: StepFault) -> ProgramFault {
    let model = 0;
    ProgramFault::Step { model, step, fault }
}

const FAMILY: &str = "par(a,b). par(b,c). par(b,d). anc(X,Y) :- par(X,Y).
    anc(X,Z) :- par(X,Y), anc(Y,Z). leaf(X) :- par(Y,X), not inner(X). inner(X) :- par(X,Y).";

const FACTS: &str = "par(a,b) <- 0\n par(b,c) <- 1\n par(b,d) <- 2\n";

fn family(goal: &str, rows: &[&str], closed: &str, steps: &str) -> Case {
    case(FAMILY, goal, rows, closed, &format!("{FACTS}{steps}"))
}

#[test]
fn rows_rest_on_steps_alone() {
    let steps = "anc(b,c) <- 3 X=b Y=c\n anc(a,c) <- 4 X=a Y=b Z=c";
    let one = family("anc(a,X), X != b", &["X=c"], "", steps);
    assert_eq!(one.fault(), ProgramFault::MoreRows);
    let one = one.modest();
    assert_eq!(one.shown(), (1, false));
    assert_eq!(one.check().unwrap().rules(), [0, 1, 2, 3, 4]);
    let other = family("anc(a,X), X != b", &["X=d"], "", steps);
    let row = |row, fault| ProgramFault::Row { row, fault };
    assert_eq!(other.fault(), row(0, StepFault::NotGiven));
    let excluded = family("anc(b,X), X != c", &["X=c"], "", steps);
    assert_eq!(excluded.fault(), row(0, StepFault::False));
    let twice = family("anc(a,X)", &["X=c", "X=c"], "", steps);
    assert_eq!(twice.fault(), row(1, StepFault::Twice));
    let unbound = family("anc(a,X)", &[""], "", steps);
    assert_eq!(unbound.fault(), row(0, StepFault::Binding));
    let none = family("anc(a,X)", &[], "", steps);
    assert_eq!(none.fault(), ProgramFault::Number);
    let mut many = family("anc(X,Y)", &["X=b Y=c", "X=a Y=c"], "", steps).modest();
    assert_eq!(many.shown(), (2, false));
    if let Query::Instances { limit, .. } = &mut many.query {
        *limit = Some(1);
    }
    assert_eq!(many.fault(), ProgramFault::Number);
}

const ALL: &str = "anc(b,c) <- 3 X=b Y=c\n anc(b,d) <- 3 X=b Y=d\n anc(a,b) <- 3 X=a Y=b
    anc(a,c) <- 4 X=a Y=b Z=c\n anc(a,d) <- 4 X=a Y=b Z=d";

#[test]
fn that_there_are_no_other_rows_is_shown_over_what_is_closed_or_found() {
    let closed = "par/2 anc/2";
    let rows = ["X=b", "X=c", "X=d"];
    assert_eq!(family("anc(a,X)", &rows, closed, ALL).shown(), (3, true));
    // What is not given is found by running the rules that the goal needs.
    assert_eq!(family("anc(a,X)", &rows, "par/2", ALL).shown(), (3, true));
    let short = family("anc(a,X)", &rows[1..], "par/2", ALL);
    assert_eq!(short.fault(), ProgramFault::MoreRows);
    let short = family("anc(a,X)", &rows[1..], closed, ALL);
    assert_eq!(short.fault(), ProgramFault::MoreRows);
    assert_eq!(short.modest().shown(), (2, false));
    // A closed set that lacks an atom, and one that rests on what is not closed.
    let (most, _) = ALL.rsplit_once('\n').unwrap();
    let lacking = family("anc(a,X)", &rows[..2], closed, most);
    assert_eq!(lacking.fault(), ProgramFault::Missing { model: 0, rule: 4 });
    let open = family("anc(a,X)", &rows, "anc/2", ALL);
    assert_eq!(open.fault(), ProgramFault::Closed { rule: 3 });
    // A value for a variable of an aggregate does not make another row.
    let counted = "#count{ Y : anc(X,Y) } = 2, par(X,c)";
    let two = family(counted, &["X=b", "X=b Y=c"], closed, ALL);
    let row = 1;
    let twice = StepFault::Twice;
    assert_eq!(two.fault(), ProgramFault::Row { row, fault: twice });
    assert_eq!(family(counted, &["X=b"], closed, ALL).shown(), (1, true));
}

#[test]
fn negation_and_aggregates_speak_of_closed_predicates_only() {
    let steps = "inner(a) <- 6 X=a Y=b\n inner(b) <- 6 X=b Y=c\n leaf(c) <- 5 X=c Y=b";
    let leaf = |closed| family("leaf(X)", &["X=c"], closed, steps);
    assert_eq!(leaf("par/2 inner/1").fault(), ProgramFault::MoreRows);
    assert_eq!(leaf("par/2 inner/1").modest().shown(), (1, false));
    assert_eq!(leaf("").fault(), step(5, StepFault::NotClosed));
    assert_eq!(leaf("par/2").fault(), step(5, StepFault::NotClosed));
    // Forged: what is inner is left out, so that it passes for a leaf.
    let forged = "inner(a) <- 6 X=a Y=b\n leaf(b) <- 5 X=b Y=a";
    let forged = family("leaf(X)", &["X=b"], "par/2 inner/1", forged);
    assert_eq!(forged.fault(), ProgramFault::Missing { model: 0, rule: 6 });
    let goal = "par(X,Y), not inner(Y), #count{ Z : par(X,Z) } = 2";
    let rows = ["X=b Y=c", "X=b Y=d"];
    let two = family(goal, &rows, "par/2 inner/1", steps);
    assert_eq!(two.shown(), (2, true));
    let open = family(goal, &rows, "inner/1", steps);
    assert_eq!(open.fault(), ProgramFault::Closed { rule: 6 });
    let open = family(goal, &rows, "", "");
    let fault = StepFault::NotClosed;
    assert_eq!(open.fault(), ProgramFault::Row { row: 0, fault });
}

#[test]
fn that_there_is_no_row_is_shown_over_closed_predicates() {
    let closed = "par/2 anc/2";
    let none = |goal, closed, steps| family(goal, &[], closed, steps).none();
    assert_eq!(
        none("anc(X,a)", closed, ALL).unwrap().shown(),
        Shown::NoInstance
    );
    assert_eq!(fault(none("anc(X,b)", closed, ALL)), ProgramFault::MoreRows);
    assert_eq!(
        fault(none("anc(X,a)", "par/2", ALL)),
        ProgramFault::OpenGoal
    );
    assert_eq!(
        fault(none("anc(X,a), inner(X)", closed, ALL)),
        ProgramFault::OpenGoal
    );
    let missing = ProgramFault::Missing { model: 0, rule: 3 };
    assert_eq!(fault(none("anc(X,d)", closed, "")), missing);
    assert!(none("1 = 2", "", "").is_ok());
    assert_eq!(fault(none("1 = 1", "", "")), ProgramFault::MoreRows);
}

#[test]
fn what_only_some_models_have_is_no_evidence() {
    for (text, steps) in [
        ("{ a }.", "a <- 0"),
        ("a | b.", "a <- 0"),
        ("a | b.", "a <- 0\n b <- 0.1"),
    ] {
        let chosen = case(text, "a", &[""], "", steps);
        assert_eq!(chosen.fault(), step(0, StepFault::Head), "{text}");
        let closed = case(text, "a", &[], "a/0", "");
        assert_eq!(
            fault(closed.none()),
            ProgramFault::Closed { rule: 0 },
            "{text}"
        );
    }
    let text = "a :- not b. b :- not a. c :- a. c :- b.";
    for closed in ["a/0 b/0", "b/0", "a/0"] {
        let cycle = case(text, "a", &[""], closed, "a <- 0");
        assert!(matches!(
            cycle.fault(),
            ProgramFault::Closed { .. } | ProgramFault::Step { .. }
        ));
    }
    // An odd cycle has no model; nothing may be shown with it.
    let odd = case("a :- not a.", "a", &[""], "a/0", "a <- 0");
    assert!(odd.check().is_err());
    let odd = case("a :- not a.", "a", &[], "a/0", "");
    assert_eq!(fault(odd.none()), ProgramFault::Closed { rule: 0 });
}

const APPEND: &str = "app(nil, Y, Y). app(c(H,X), Y, c(H,Z)) :- app(X, Y, Z). p(X) :- q(X). q(1).";

#[test]
fn rules_that_leave_variables_unbound_take_part_in_steps() {
    let steps = "app(nil,b,b) <- 0 Y=b\n app(c(a,nil),b,c(a,b)) <- 1 H=a X=nil Y=b Z=b\n q(1) <- 3";
    let row = ["X=b", "X=c(a,b)"];
    let goal = "app(c(a,nil), b, X)";
    let one = case(
        APPEND,
        goal,
        &row[1..],
        "q/1 p/1",
        &format!("{steps}\n p(1) <- 2 X=1"),
    );
    // That there are no others is found backward.
    assert_eq!(one.shown(), (1, true));
    let closed = case(APPEND, goal, &row[1..], "app/3", steps);
    assert_eq!(unchecked(closed.check()), NotCheckable::Unsafe { rule: 0 });
    let wrong = case(APPEND, goal, &row[..1], "", steps);
    let fault = StepFault::NotGiven;
    assert_eq!(wrong.fault(), ProgramFault::Row { row: 0, fault });
    let unsafe_goal = case(APPEND, "q(X), Y > X", &["X=1 Y=2"], "q/1", "q(1) <- 3");
    assert_eq!(unsafe_goal.shown(), (1, false));
    assert_eq!(
        unchecked(unsafe_goal.none()),
        NotCheckable::Unsafe { rule: 4 }
    );
}

#[test]
fn a_closed_set_that_would_need_deeper_terms_cannot_be_checked() {
    let text = "#depth 3. n(z). n(s(X)) :- n(X). big(X) :- n(X), not small(X). small(z).";
    let steps = "n(z) <- 0\n n(s(z)) <- 1 X=z\n n(s(s(z))) <- 1 X=s(z)";
    let row = &["X=s(z)"];
    assert_eq!(case(text, "n(s(X))", row, "", steps).shown(), (1, false));
    let all = format!("{steps}\n n(s(s(s(z)))) <- 1 X=s(s(z))");
    let closed = case(text, "n(s(X))", row, "n/1", &all);
    assert_eq!(unchecked(closed.check()), NotCheckable::TooDeep);
    let deeper = format!("{all}\n n(s(s(s(s(z))))) <- 1 X=s(s(s(z)))");
    let deeper = case(text, "n(s(X))", row, "", &deeper);
    assert_eq!(unchecked(deeper.check()), NotCheckable::TooDeep);
}

fn no_model(
    text: &str,
    closed: &str,
    steps: &str,
    rule: u32,
    binding: &str,
) -> Result<Receipt, Refusal> {
    let mut problem = asp::program(text);
    let assumed = asp::goal(&mut problem, "p(X), X > 1");
    let derivation = asp::derivation(&mut problem, closed, steps);
    let variables = match problem.rules.get(rule as usize) {
        Some(rule) => rule.variables.clone(),
        None => assumed.variables.clone(),
    };
    let outcome = Outcome::unsat(Certificate::Violated {
        derivation,
        rule,
        binding: asp::binding(&variables, binding).into(),
    });
    check(&problem, &models(vec![assumed]), &outcome)
}

fn models(assuming: Vec<nsolve_il::program::Goal>) -> Query {
    Query::Models {
        limit: Some(1),
        optimal: false,
        assuming,
    }
}

#[test]
fn a_constraint_whose_body_holds_leaves_no_model() {
    let text = "p(1). p(2). :- p(X), p(Y), X < Y. :- p(X), not q(X). q(2) :- p(3). { r }. :- r.";
    let facts = "p(1) <- 0\n p(2) <- 1";
    let shown = no_model(text, "", facts, 2, "X=1 Y=2").unwrap();
    assert_eq!(shown.shown(), Shown::Violated { rule: 2 });
    assert_eq!(shown.rules(), [0, 1, 2]);
    assert!(shown.shows_all());
    assert!(no_model(text, "p/1 q/1", facts, 3, "X=1").is_ok());
    assert!(no_model(text, "", facts, 7, "X=2").is_ok());
    let constraint = |rule, fault| ProgramFault::Constraint { rule, fault };
    for (closed, steps, rule, binding, expected) in [
        ("", facts, 2, "X=2 Y=1", constraint(2, StepFault::False)),
        ("", facts, 2, "X=1 Y=3", constraint(2, StepFault::NotGiven)),
        ("", facts, 2, "X=1", constraint(2, StepFault::Binding)),
        ("", facts, 3, "X=1", constraint(3, StepFault::NotClosed)),
        (
            "p/1 q/1",
            "p(1) <- 0",
            3,
            "X=1",
            ProgramFault::Missing { model: 0, rule: 1 },
        ),
        ("", facts, 0, "", constraint(0, StepFault::Head)),
        ("", facts, 8, "X=2", constraint(8, StepFault::NoRule)),
        ("", facts, 7, "X=1", constraint(7, StepFault::False)),
        ("", "r <- 5", 6, "", step(0, StepFault::Head)),
    ] {
        let checked = no_model(text, closed, steps, rule, binding);
        assert_eq!(fault(checked), expected, "{rule} {binding}");
    }
}

#[test]
fn an_atom_and_its_stated_negation_leave_no_model_unless_the_world_is_open() {
    let text = "p(1). -p(X) :- q(X). q(1). q(2). r(1).";
    let steps = "p(1) <- 0\n q(1) <- 2\n q(2) <- 3\n -p(1) <- 1 X=1\n -p(2) <- 1 X=2\n r(1) <- 4";
    let clash = |text: &str, steps: &str, atom: &str| {
        let mut problem = asp::program(text);
        let atom = asp::atom(&mut problem, atom);
        let derivation = asp::derivation(&mut problem, "", steps);
        let outcome = Outcome::unsat(Certificate::Clash { derivation, atom });
        check(&problem, &models(Vec::new()), &outcome)
    };
    for atom in ["p(1)", "-p(1)"] {
        assert_eq!(clash(text, steps, atom).unwrap().shown(), Shown::Clash);
    }
    for atom in ["p(2)", "-p(2)", "r(1)", "p(3)", "s"] {
        assert_eq!(
            fault(clash(text, steps, atom)),
            ProgramFault::NoClash,
            "{atom}"
        );
    }
    let open = format!("#open. {text}");
    assert_eq!(fault(clash(&open, steps, "p(1)")), ProgramFault::NoClash);
}

#[test]
fn evidence_is_for_its_query() {
    let mut rows = case("p.", "p", &[""], "*", "p <- 0");
    assert_eq!(rows.shown(), (1, true));
    let derivation = rows.bindings.derivation.clone();
    let none = Evidence::Certificate(Certificate::NoInstance {
        derivation: derivation.clone(),
    });
    let given = Evidence::Model(Witness::Instances(rows.bindings.clone()));
    let answers = Evidence::Model(Witness::Models(Answers {
        models: Vec::new(),
        complete: true,
        optimal: true,
    }));
    let verdicts = [Verdict::Sat, Verdict::Unsat, Verdict::Unknown];
    let try_all = |case: &Case, evidence: &[&Evidence<Program>]| {
        for (evidence, verdict) in evidence.iter().flat_map(|e| verdicts.map(|v| (e, v))) {
            let outcome = Outcome {
                verdict,
                stop: StopReason::Completed,
                evidence: (*evidence).clone(),
            };
            let checked = check(&case.problem, &case.query, &outcome);
            // That there is nothing needs no evidence, but must be so.
            let searched = [ProgramFault::Another, ProgramFault::MoreRows];
            let searched = searched.map(|f| Err(Refusal::Program(f)));
            if searched.contains(&checked)
                && verdict == Verdict::Unsat
                && outcome.evidence == Evidence::None
            {
                continue;
            }
            let absent = matches!(checked, Err(Refusal::NoEvidence));
            assert!(absent || fault(checked) == ProgramFault::Evidence);
        }
    };
    try_all(
        &rows,
        &[&answers, &Evidence::None, &Evidence::Core(vec![0])],
    );
    rows.query = models(Vec::new());
    try_all(&rows, &[&none, &given, &Evidence::None]);
    // A row is not shown by the claim that there is none.
    let outcome = Outcome {
        verdict: Verdict::Unsat,
        stop: StopReason::Completed,
        evidence: given,
    };
    let refusal = check(&rows.problem, &rows.query, &outcome);
    assert_eq!(refusal, Err(Refusal::NoEvidence));
}

#[test]
fn a_predicate_that_does_not_exist_is_not_closed() {
    let mut rows = case("p.", "p", &[""], "", "p <- 0");
    rows.bindings.derivation.closed = vec![nsolve_il::program::PredicateId(7)];
    assert_eq!(rows.fault(), ProgramFault::Evidence);
}

#[test]
fn an_open_world_has_rows_too() {
    let text = "#open. bird(t). flies(X) :- bird(X). -flies(X) :- penguin(X). penguin(t).";
    let steps = "bird(t) <- 0\n penguin(t) <- 3\n flies(t) <- 1 X=t\n -flies(t) <- 2 X=t";
    assert_eq!(
        case(text, "flies(X)", &["X=t"], "*", steps).shown(),
        (1, true)
    );
    assert_eq!(
        case(text, "-flies(X)", &["X=t"], "*", steps).shown(),
        (1, true)
    );
    let with_not = case(text, "not flies(t)", &[""], "*", steps);
    assert!(matches!(
        unchecked(with_not.check()),
        NotCheckable::Malformed { .. }
    ));
    let nobody = Derivation::default();
    let outcome = Outcome::unsat(Certificate::NoInstance { derivation: nobody });
    let flies = case(text, "flies(X)", &[], "", "");
    assert_eq!(
        fault(check(&flies.problem, &flies.query, &outcome)),
        ProgramFault::OpenGoal
    );
}
