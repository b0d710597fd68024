//! Checks evidence about logic programs, without any backend.
//!
//! [`check_program`] follows every step of a derivation, joins rules over the
//! atoms that it gives, and compares. It has its own arithmetic, its own
//! matching and its own joins; of `nsolve-il` it uses the types alone.
//!
//! # Words
//! `P` is the program, ground: all instances of its rules whose arithmetic is
//! defined. A derivation gives a set of atoms, each by a *step*, that is an
//! instance whose positive body atoms are given by earlier steps. Integers of
//! 64 bits behave as the mathematical ones as long as nothing overflows, and
//! where something does, the evidence is refused. Where a term would nest
//! deeper than the program allows, it is refused likewise; so all that is
//! shown is shown of the program without a bound.
//!
//! # What holds in every model
//! Rows of a goal, violated constraints and clashes rest on derivations whose
//! steps use rules with one atom in the head, and whose `not` and aggregates
//! speak of *closed* predicates. All rules for these have one atom in the head
//! and bodies of closed predicates; so they are the bottom of a splitting of
//! `P` (Lifschitz and Turner 1994), and the atoms of closed predicates in any
//! stable model of `P` are a stable model of these rules alone. They have no
//! cycle through `not` or an aggregate: they are stratified, and such a program
//! has one stable model, which is its perfect model (Apt, Blair and Walker
//! 1988; Gelfond and Lifschitz 1988). The derivation's closed atoms are that
//! model: every one has a step, and every instance whose body holds has its
//! head among them. The first says that they are in the least model of their own
//! reduct, the second that they satisfy it. So what a step says of closed
//! predicates is true in every stable model of `P`, and by induction on the
//! steps every atom of the derivation is in every one. (If `P` has no model at
//! all, this says nothing: whether a constraint is violated is a question of its
//! own.)
//!
//! A goal whose predicates are all closed is enumerated again over the closed
//! atoms, by which *there are no other rows* and *there is no row* are shown.
//! Where the derivation is not closed for them (it need give no more than what the
//! rows rest on), the checker runs the rules that the goal needs by itself, if they
//! are of that bottom, and enumerates the goal over what they give.
//! Rules that leave a variable unbound (`append([], L, L)`) may take part in
//! steps, where the step binds it; their predicates cannot be closed. If a goal
//! needs such rules, its instances are searched backward: resolution finds every
//! instance of a program of such rules without `not` (Clark 1979), so a whole search
//! tree that is finite shows that there are no others.
//!
//! # Stable models
//! `M` is a stable model if it satisfies `P` and no proper subset satisfies its
//! reduct (Gelfond and Lifschitz 1988, 1991). Here,
//!
//! - the reduct fixes `not` and aggregates to what they are in `M`. For `not`
//!   that is its definition. Aggregates do not depend on the head of their own
//!   rule, and then this agrees with the reducts that keep them (Faber, Pfeifer
//!   and Leone 2011; Ferraris 2011): take a smaller model of either reduct and
//!   the lowest component of predicates in which it lacks atoms of `M`. `M`
//!   without only these is a model of the other reduct, because aggregates in
//!   rules for that component speak of lower ones, where nothing is lacking;
//! - a choice `{a : c}` adds to the reduct `a` from the body and `c` where `a` is
//!   in `M`, and its guards count in `M` and act as a constraint (Simons,
//!   Niemelä and Soininen 2002).
//!
//! *That `M` satisfies `P`* is shown by joining every rule's body over `M`, the
//! query's assumptions among the constraints. *That nothing smaller does*: take a
//! step by a rule of one head, by an element of a choice, or through a disjunction
//! of which no other atom is in `M`. In a subset of `M` that satisfies the reduct,
//! the step's atom follows from its body. So if all steps are such, by induction
//! on the steps every atom of `M` is in that subset. No condition on cycles
//! through heads is needed for this direction; for programs without such cycles
//! every stable model has such steps, for it is a stable model of the program
//! with its disjunctions shifted into the bodies (Ben-Eliyahu and Dechter 1994).
//! Where a step goes through a disjunction with several true atoms, the instances
//! of the reduct whose bodies are in `M` are written out and searched for a
//! smaller model, within the limits.
//!
//! *That there are no other models, and none that costs less*, is shown where `P`
//! is stratified without choices and disjunctions, for it has one model at most;
//! that none costs less also where nothing is paid and no weight is negative. In
//! all other cases it is searched, as below.
//!
//! # That a search missed nothing
//! No evidence is handed over for *there is no other model*, *none costs less* and
//! *there is no model*. The checker makes a formula that every stable model of `P`
//! meets, and goes through all ways to meet it, within its limits. Every way that
//! it finds is a model that was told, or is found by the definition above to be no
//! stable model, or it refutes what was claimed. Where the search comes to no end,
//! nothing is shown, and the claim stays a claim. So all rests on that no stable
//! model fails the formula:
//!
//! - *Its atoms.* Every atom of a stable model is derived by instances whose bodies
//!   hold in it. The rules are run forward, with `not` and aggregates exact where
//!   they speak of the settled bottom of the splitting, and else taken as if they
//!   may be either; an aggregate that binds a variable may have every value that
//!   a subset of its tuples gives. By induction along the derivation every atom is
//!   among those found, and every instance whose body holds is found over them.
//! - *Satisfaction.* Every instance is satisfied: clauses, with aggregates, guards
//!   and costs as sums that do or do not reach a bound. A literal for a body, a
//!   tuple or a sum is true exactly where the thing holds, so no model is lost.
//! - *Support.* An atom of a stable model is given by an instance whose body holds
//!   and of whose head no other atom holds; for otherwise the model without it
//!   would satisfy the reduct (completion, Clark 1978).
//! - *No circles.* Let `U` be atoms such that every instance that has one of them
//!   in its head has a false body, or needs one of them itself. Then no stable
//!   model has any of them, for without them it would satisfy the reduct too
//!   (unfounded sets, Van Gelder, Ross and Schlipf 1991; Leone, Rullo and Scarcello
//!   1997). For `U` within a component of atoms that need each other, it is a clause:
//!   one of the bodies from outside holds, or none of `U` does. Aggregates do not
//!   count as needs: the reduct fixes them.
//! - *No clash* of an atom with its stated negation.
//! - *Costs.* Where optimal models are asked for, the formula demands a cost that
//!   is lower, or no higher where all of that cost were told.
//!
//! What the search learns follows from these by resolution. As a test of itself, a
//! search that does not meet all models that were told shows nothing.
//!
//! # Open worlds
//! Without `not`, aggregates, choices, disjunctions and costs, the one model is
//! the least one, and all of the above holds of it; only may an atom and its
//! stated negation both be in it.

mod atoms;
mod certain;
mod exhaust;
mod graph;
mod join;
mod minimal;
mod models;
mod plan;
mod replay;
mod rules;
mod values;
mod world;

use std::fmt;

use nsolve_backend::{Evidence, Outcome, Verdict};
use nsolve_il::program::{Certificate, Problem, Program, Query, Witness};

use crate::{Limits, Refusal};
use replay::Checker;

/// What was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shown {
    /// These rows hold in every model.
    Instances {
        /// How many.
        rows: usize,
        /// Whether there are no others.
        all: bool,
    },
    /// These are different stable models, and cost what they are said to.
    Models {
        /// How many.
        models: usize,
        /// Whether there are no others.
        all: bool,
        /// Whether none costs less.
        optimal: bool,
    },
    /// The body of this constraint holds in every model: there is none.
    Violated {
        /// The constraint's position; the number of rules and more for what the
        /// query assumes.
        rule: u32,
    },
    /// An atom and its stated negation hold in every model: there is none.
    Clash,
    /// The goal has no instance in any model.
    NoInstance,
    /// A search through all sets of atoms that could be models has found none.
    NoModel,
}

/// Shows that the evidence about a program holds. Only [`check_program`] makes
/// one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    shown: Shown,
    steps: usize,
    rules: Vec<u32>,
}

impl Receipt {
    /// What was shown.
    pub fn shown(&self) -> Shown {
        self.shown
    }

    /// Whether it was shown that there is nothing else: no other row, no other
    /// model, none at all.
    pub fn shows_all(&self) -> bool {
        match self.shown {
            Shown::Instances { all, .. } | Shown::Models { all, .. } => all,
            Shown::Violated { .. } | Shown::Clash | Shown::NoInstance | Shown::NoModel => true,
        }
    }

    /// Whether it was shown that no model costs less than those given.
    pub fn shows_optimum(&self) -> bool {
        matches!(self.shown, Shown::Models { optimal: true, .. })
    }

    /// How many steps of derivations were followed.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// The rules on which it rests, by position, ascending: those of its steps,
    /// and all for the predicates of which it has every atom. Rules that models
    /// merely satisfy, and those that only tell that there are no other rows or
    /// models by a search, are left out; where nothing is shown but a search, all
    /// rules are named. The number of rules and more stands
    /// for what the query assumes.
    pub fn rules(&self) -> &[u32] {
        &self.rules
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps = self.steps;
        match self.shown {
            Shown::Instances { rows, all } => {
                let which = if all { "all " } else { "" };
                write!(f, "{which}{rows} instances by {steps} steps")
            }
            Shown::Models {
                models,
                all,
                optimal,
            } => {
                let which = if all { "all " } else { "" };
                let best = if optimal { ", at the lowest cost" } else { "" };
                write!(f, "{which}{models} stable models by {steps} steps{best}")
            }
            Shown::Violated { rule } => {
                write!(f, "constraint {rule} is violated, by {steps} steps")
            }
            Shown::Clash => write!(f, "an atom and its negation by {steps} steps"),
            Shown::NoInstance => write!(f, "no instance, by {steps} steps"),
            Shown::NoModel => write!(f, "no stable model, by a search"),
        }
    }
}

/// What is wrong with a rule or a goal. A number of its own, because every step
/// of a recursion has room for a refusal on the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Malformed {
    /// Two predicates with one name.
    #[error("two predicates with one name")]
    Namesakes,
    /// A depth that is too large.
    #[error("a depth that is too large")]
    Depth,
    /// A disjunction in an open world.
    #[error("a disjunction in an open world")]
    OpenDisjunction,
    /// A disjunction of fewer than two atoms.
    #[error("a disjunction of fewer than two atoms")]
    ShortDisjunction,
    /// A choice in an open world.
    #[error("a choice in an open world")]
    OpenChoice,
    /// A cost in an open world.
    #[error("a cost in an open world")]
    OpenCost,
    /// Negation as failure in an open world.
    #[error("negation as failure in an open world")]
    OpenNegation,
    /// An aggregate within a condition.
    #[error("an aggregate within a condition")]
    NestedAggregate,
    /// An aggregate in an open world.
    #[error("an aggregate in an open world")]
    OpenAggregate,
    /// An aggregate without a bound, or with an empty tuple.
    #[error("an aggregate without a bound, or with an empty tuple")]
    EmptyAggregate,
    /// A predicate's arity.
    #[error("a predicate's arity")]
    Arity,
    /// A term that nests too deep.
    #[error("a term that nests too deep")]
    DeepTerm,
    /// An operation's arity.
    #[error("an operation's arity")]
    Operation,
    /// A variable.
    #[error("a variable")]
    Variable,
}

/// What cannot be checked about a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotCheckable {
    /// The program or the query is not as its types' documentation says.
    #[error("rule {rule} is malformed: {why}")]
    Malformed {
        /// The rule's position; the number of rules and more for goals.
        rule: u32,
        /// What is wrong.
        why: Malformed,
    },
    /// An aggregate depends on the head of its own rule.
    #[error("an aggregate of rule {rule} depends on the rule's own head")]
    RecursiveAggregate {
        /// The rule's position.
        rule: u32,
    },
    /// A result does not fit 64 bits.
    #[error("64-bit overflow")]
    Overflow,
    /// A term nests deeper than the program allows.
    #[error("a term nests deeper than the program allows")]
    TooDeep,
    /// All instances of a rule are wanted that leaves a variable unbound.
    #[error("rule {rule} leaves a variable unbound")]
    Unsafe {
        /// The rule's position.
        rule: u32,
    },
    /// A variable is not bound where its value is needed.
    #[error("a variable is not bound where its value is needed")]
    Unbound,
    /// A weak constraint has a weight or a level that is no integer.
    #[error("weak constraint {rule} has a weight or a level that is no integer")]
    Weight {
        /// The rule's position.
        rule: u32,
    },
}

/// What is wrong with evidence about a program. Models are counted from 0; a
/// derivation of what holds in all of them is that of model 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProgramFault {
    /// It is of another kind than the query, or names what is not there.
    #[error("the evidence is not for this query")]
    Evidence,
    /// There is no row or model, or more than were asked for.
    #[error("there is no row or model, or more than were asked for")]
    Number,
    /// A step does not follow.
    #[error("step {step} of model {model}: {fault}")]
    Step {
        /// Which model.
        model: u32,
        /// Which step, from 0.
        step: u32,
        /// Why.
        fault: StepFault,
    },
    /// A predicate is not closed: this rule for it is a disjunction or a choice,
    /// or rests on predicates that are not closed, or depends on itself through
    /// `not`.
    #[error("rule {rule} is for a closed predicate, which it cannot be")]
    Closed {
        /// The rule's position.
        rule: u32,
    },
    /// The body of an instance holds, and the head does not.
    #[error("model {model} lacks an atom that follows by rule {rule}")]
    Missing {
        /// Which model.
        model: u32,
        /// The rule's position.
        rule: u32,
    },
    /// The body of a constraint holds in a model.
    #[error("model {model} violates rule {rule}")]
    Violated {
        /// Which model.
        model: u32,
        /// The rule's position; the number of rules and more for what the query
        /// assumes.
        rule: u32,
    },
    /// Too many or too few atoms of a choice are in a model.
    #[error("model {model} chooses too many or too few atoms by rule {rule}")]
    Guard {
        /// Which model.
        model: u32,
        /// The rule's position.
        rule: u32,
    },
    /// An atom and its stated negation are in a model.
    #[error("model {model} has an atom and its stated negation")]
    Clash {
        /// Which model.
        model: u32,
    },
    /// A smaller set of atoms satisfies the reduct.
    #[error("model {model} is not minimal")]
    NotMinimal {
        /// Which model.
        model: u32,
    },
    /// A model costs something else.
    #[error("model {model} does not cost what it is said to")]
    Cost {
        /// Which model.
        model: u32,
    },
    /// There is a model that is not told, though none is said to be left.
    #[error("there is another model")]
    Another,
    /// There is a model that costs less than those said to be optimal.
    #[error("there is a model that costs less")]
    Cheaper,
    /// Models that are said to be optimal cost differently.
    #[error("not all models cost the same")]
    Optimum,
    /// Two models are the same.
    #[error("models {first} and {second} are the same")]
    Same {
        /// The first.
        first: u32,
        /// The second.
        second: u32,
    },
    /// A row does not hold.
    #[error("row {row}: {fault}")]
    Row {
        /// Which row, from 0.
        row: u32,
        /// Why.
        fault: StepFault,
    },
    /// There is a row that is not given.
    #[error("the goal has an instance that is not given")]
    MoreRows,
    /// A goal is said to have no instance whose predicates are not closed.
    #[error("a predicate of the goal is not closed")]
    OpenGoal,
    /// A constraint is not violated.
    #[error("constraint {rule}: {fault}")]
    Constraint {
        /// The rule's position.
        rule: u32,
        /// Why.
        fault: StepFault,
    },
    /// An atom and its stated negation are not both derived, or may both be.
    #[error("nothing clashes")]
    NoClash,
}

/// Why an instance of a rule does not give what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StepFault {
    /// There is no such rule.
    #[error("no such rule")]
    NoRule,
    /// There is no such predicate, or it has another arity.
    #[error("no such predicate")]
    IllFormed,
    /// The head has no such element.
    #[error("no such element")]
    Element,
    /// Rules with such a head do not give this.
    #[error("a rule with such a head shows nothing here")]
    Head,
    /// A variable has no value, or the number of variables is another.
    #[error("the binding does not fit the rule")]
    Binding,
    /// The arithmetic is undefined.
    #[error("the arithmetic is undefined")]
    Undefined,
    /// An atom of the body is not given, or only later.
    #[error("an atom of the body is not given before")]
    NotGiven,
    /// A comparison, an interval, an aggregate or a `not` does not hold.
    #[error("a literal of the body does not hold")]
    False,
    /// `not` or an aggregate speaks of a predicate that is not closed.
    #[error("`not` or an aggregate speaks of a predicate that is not closed")]
    NotClosed,
    /// The head is another atom.
    #[error("the rule gives another atom")]
    Atom,
    /// The same is given twice.
    #[error("it is given twice")]
    Twice,
}

/// Checks an outcome's evidence for a query about a program.
///
/// # Errors
/// A [`Refusal`]; [`Refusal::is_failure`] tells wrong evidence from evidence
/// that is missing or cannot be checked.
pub fn check_program(
    problem: &Problem,
    query: &Query,
    outcome: &Outcome<Program>,
    limits: &Limits,
) -> Result<Receipt, Refusal> {
    let goals = match query {
        Query::Models { assuming, .. } => assuming.iter().collect(),
        Query::Instances { goal, .. } => vec![goal],
    };
    let evidence = match (outcome.verdict, &outcome.evidence) {
        (Verdict::Sat, Evidence::Model(Witness::Atoms(_) | Witness::Rows(_))) => {
            return Err(Refusal::NoEvidence);
        }
        (Verdict::Sat, Evidence::Model(witness)) => Ok(witness),
        (Verdict::Unsat, Evidence::Certificate(certificate)) => Err(certificate),
        (Verdict::Unsat, Evidence::None) => {
            let mut checker = Checker::new(problem, &goals, limits)?;
            let shown = match query {
                Query::Models { .. } => models::none(&mut checker, limits.steps)?,
                Query::Instances { .. } => certain::no_row(&mut checker, limits.steps)?,
            };
            return Ok(receipt(&checker, shown, 0));
        }
        _ => return Err(Refusal::NoEvidence),
    };
    let mut checker = Checker::new(problem, &goals, limits)?;
    let (shown, steps) = match (query, evidence) {
        (Query::Models { limit, optimal, .. }, Ok(Witness::Models(answers))) => {
            let steps = answers.models.iter().map(|m| m.derivation.steps.len());
            let shown = models::check(&mut checker, *limit, *optimal, answers, limits.steps)?;
            (shown, steps.sum())
        }
        (Query::Instances { limit, .. }, Ok(Witness::Instances(bindings))) => {
            let shown = certain::instances(&mut checker, *limit, bindings, limits.steps)?;
            (shown, bindings.derivation.steps.len())
        }
        (Query::Instances { .. }, Err(Certificate::NoInstance { derivation })) => {
            let shown = certain::no_instance(&mut checker, derivation)?;
            (shown, derivation.steps.len())
        }
        (Query::Models { .. }, Err(certificate)) => {
            let steps = match certificate {
                Certificate::Violated { derivation, .. }
                | Certificate::Clash { derivation, .. }
                | Certificate::NoInstance { derivation } => derivation.steps.len(),
            };
            (certain::no_model(&mut checker, certificate)?, steps)
        }
        _ => return Err(Refusal::Program(ProgramFault::Evidence)),
    };
    Ok(receipt(&checker, shown, steps))
}

fn receipt(checker: &Checker<'_>, shown: Shown, steps: usize) -> Receipt {
    let used = checker.used.iter().enumerate().filter(|(_, used)| **used);
    Receipt {
        shown,
        steps,
        rules: used.map(|(i, _)| i as u32).collect(),
    }
}

#[cfg(test)]
mod tests {
    use crate::Refusal;

    /// Formulas are followed by recursion, with room for a refusal in each step:
    /// a larger one makes deep formulas overflow the stack.
    #[test]
    fn refusals_are_small() {
        assert!(std::mem::size_of::<Refusal>() <= 16);
    }
}
