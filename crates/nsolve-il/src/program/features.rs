use bitflags::bitflags;

use super::{Head, Literal, Meaning, Problem, Sign, Term, dependencies};
use crate::FeatureSet;

bitflags! {
    /// What a logic program asks of a backend or a format. Facts, rules,
    /// variables and constants are taken for granted.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct Features: u32 {
        /// `not`, stratified.
        const NEGATION = 1 << 0;
        /// `not` within a cycle.
        const UNSTRATIFIED = 1 << 1;
        /// Stated negation `-p`.
        const STATED_NEGATION = 1 << 2;
        /// Arithmetic, comparison other than `=` and `!=`, intervals.
        const ARITHMETIC = 1 << 3;
        /// `=` and `!=`.
        const EQUALITY = 1 << 4;
        /// Functions, tuples and lists.
        const FUNCTIONS = 1 << 5;
        /// Aggregates.
        const AGGREGATES = 1 << 6;
        /// Choice rules.
        const CHOICES = 1 << 7;
        /// Disjunctions in heads.
        const DISJUNCTIONS = 1 << 8;
        /// Integrity constraints.
        const CONSTRAINTS = 1 << 9;
        /// Weak constraints.
        const COSTS = 1 << 10;
        /// The meaning of open worlds.
        const OPEN_WORLD = 1 << 11;
    }
}

const NAMES: [(Features, &str); 12] = [
    (Features::NEGATION, "negation as failure"),
    (Features::UNSTRATIFIED, "unstratified negation"),
    (Features::STATED_NEGATION, "stated negation"),
    (Features::ARITHMETIC, "arithmetic"),
    (Features::EQUALITY, "equality"),
    (Features::FUNCTIONS, "functions"),
    (Features::AGGREGATES, "aggregates"),
    (Features::CHOICES, "choices"),
    (Features::DISJUNCTIONS, "disjunctions"),
    (Features::CONSTRAINTS, "integrity constraints"),
    (Features::COSTS, "weak constraints"),
    (Features::OPEN_WORLD, "the open world"),
];

impl FeatureSet for Features {
    fn minus(self, other: Self) -> Self {
        self.difference(other)
    }

    fn is_empty(self) -> bool {
        Features::is_empty(&self)
    }

    fn names(self) -> Vec<&'static str> {
        let here = NAMES.into_iter().filter(|(f, _)| self.contains(*f));
        here.map(|(_, name)| name).collect()
    }
}

/// What a program needs, over its rules and its goal.
pub fn features(problem: &Problem) -> Features {
    let mut out = Features::empty();
    if problem.meaning == Meaning::OpenWorld {
        out |= Features::OPEN_WORLD;
    }
    if problem.predicates.iter().any(|p| p.denied) {
        out |= Features::STATED_NEGATION;
    }
    for rule in &problem.rules {
        out |= match &rule.head {
            Head::Atom(_) => Features::empty(),
            Head::Disjunction(_) => Features::DISJUNCTIONS,
            Head::Choice { .. } => Features::CHOICES,
            Head::Never => Features::CONSTRAINTS,
            Head::Cost(_) => Features::COSTS,
        };
        rule.each_term(&mut |term| out |= of_term(term));
        rule.each_literal(&mut |literal| out |= of_literal(literal));
    }
    if let Some(goal) = &problem.goal {
        for literal in &goal.body {
            literal.each_term(&mut |term| out |= of_term(term));
            out |= of_literal(literal);
        }
    }
    if out.contains(Features::NEGATION) && !dependencies(problem).is_stratified() {
        out |= Features::UNSTRATIFIED;
    }
    out
}

fn of_literal(literal: &Literal) -> Features {
    match literal {
        Literal::Atom(Sign::Positive, _) => Features::empty(),
        Literal::Atom(Sign::Not, _) => Features::NEGATION,
        Literal::Compare(comparison, ..) => match comparison {
            super::Comparison::Equal | super::Comparison::NotEqual => Features::EQUALITY,
            _ => Features::ARITHMETIC,
        },
        Literal::Range(..) => Features::ARITHMETIC,
        Literal::Aggregate(..) => Features::AGGREGATES,
    }
}

fn of_term(term: &Term) -> Features {
    match term {
        Term::Variable(_) => Features::empty(),
        Term::Value(super::Value::Function(..)) | Term::Function(..) => Features::FUNCTIONS,
        Term::Value(_) => Features::empty(),
        Term::Arithmetic(..) => Features::ARITHMETIC,
    }
}
