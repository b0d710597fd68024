//! Logic programs: facts, rules, negation as failure, stated negation,
//! aggregates, choices, constraints, costs.
//!
//! The language is that of ASP-Core-2 with typed predicates, a bound on the
//! depth of terms, and a second meaning for open worlds. Programs are plain
//! values; whoever makes one (the elaborator of `nsolve-syntax`) has already
//!
//! - numbered the variables of each rule, so that a [`VarId`] has its name in
//!   [`Rule::variables`],
//! - replaced constants of `#const`, pools (`p(a;b)`), and conjunctions in
//!   heads by what they stand for,
//! - moved each interval `l..u` into a literal [`Literal::Range`] of its own.
//!
//! # Meaning
//! A program's [`Meaning`] says what its models are. Under
//! [`Meaning::StableModels`] they are the answer sets of ASP-Core-2 (Calimeri et
//! al. 2020): the models that are the least model of their own reduct
//! (Gelfond and Lifschitz 1988). An instance of a rule whose arithmetic is
//! undefined (`1/0`, `a+1`) is no instance. Integers are signed 64-bit; where a
//! result does not fit, nothing may be concluded. Aggregates never depend on
//! the head of their own rule ([`Fault::RecursiveAggregate`]).

mod dependency;
mod evidence;
mod features;
mod problem;
mod read_value;
mod safety;
mod value;
mod visit;

pub use dependency::{Dependencies, Edge, dependencies};
pub use evidence::{
    Answers, BareModels, BareRows, Bindings, Certificate, Derivation, Row, StableModel, Step,
    Witness,
};
pub use features::{Features, features};
pub use problem::{
    Aggregate, AggregateElement, AggregateFunction, ArithmeticOp, Atom, ChoiceElement, Comparison,
    Cost, DEFAULT_DEPTH, DeclaredType, Fault, Goal, Guard, Head, Literal, MAX_DEPTH, Meaning,
    Predicate, PredicateId, Problem, Rule, Show, Sign, Term, TypeId, ValueType, VarId,
};
pub use read_value::NoValue;
pub use safety::{Schedule, binds, schedule, validate};
pub use value::{CONS, GroundAtom, NIL, Value};

use crate::Language;

/// The marker type of logic programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Program;

/// What a backend is asked about a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// Stable models: at most `limit` of them (`None` is all), only those of
    /// the lowest cost where `optimal` is set. `assuming` holds integrity
    /// constraints besides the program's own: in no model are all literals of
    /// one of these goals true together.
    Models {
        /// The most models that are wanted.
        limit: Option<usize>,
        /// Whether only models of the lowest cost are wanted.
        optimal: bool,
        /// Goals that must fail.
        assuming: Vec<Goal>,
    },
    /// The instances of the goal that hold in the program's one model. Asked
    /// only about goals that depend on nothing but stratified rules without
    /// choices; [`Dependencies::is_deterministic`] tells.
    Instances {
        /// What is asked.
        goal: Goal,
        /// The most instances that are wanted; `None` is all.
        limit: Option<usize>,
    },
}

impl Language for Program {
    const NAME: &'static str = "program";
    type Problem = Problem;
    type Query = Query;
    type Model = Witness;
    type Certificate = Certificate;
    type Features = Features;
    /// A rule, by its position.
    type Item = u32;

    fn features(problem: &Problem) -> Features {
        features(problem)
    }

    fn origin(problem: &Problem, item: u32) -> Option<nsolve_source::Span> {
        problem.rules.get(item as usize)?.span
    }
}
