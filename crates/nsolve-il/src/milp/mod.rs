//! Linear and mixed-integer optimisation: exact coefficients, named rows and
//! columns, logic besides the rows.
//!
//! A [`Problem`] is flat: what an indexed model becomes once its data are known,
//! and what LP and MPS files hold. Numbers are exact [`Number`]s until a solver
//! needs floats. Rows and columns belong to [families](Family), which know the
//! declaration they come from and make names on demand, so that a million
//! columns cost no million strings.
//!
//! # Meaning
//! A point gives every column a number. It is feasible where each column is
//! within its bounds and domain, each row within its bounds, each
//! [`Definition`]'s column has the function's value, and each [`Condition`]
//! holds. It is optimal where no feasible point has a better value of the first
//! objective.

mod condition;
mod evidence;
mod number;
mod problem;

pub use condition::{Condition, Count, Relation};
pub use evidence::{Certificate, Node, Proof, Sensitivity, Solution};
pub use number::{NoNumber, Number};
pub use problem::{
    Bound, Column, ColumnId, Definition, Domain, Family, Function, Item, Keys, Linear, Objective,
    Problem, Row, RowId, Rows, Sense, Symbol,
};

use nsolve_source::Span;

use crate::{FeatureSet, Language};

/// The marker type of optimisation problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Milp;

/// What a backend is asked about a problem: its first objective's optimum, or
/// any feasible point where it has none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Whether integers may be any number, and semicontinuous columns anything
    /// between 0 and their bounds.
    pub relaxed: bool,
    /// How far from the optimum, relative to it, an answer may be.
    pub gap: Option<f64>,
    /// A point to start from.
    pub start: Option<Vec<Number>>,
    /// Whether duals and ranges are wanted.
    pub sensitivity: bool,
}

bitflags::bitflags! {
    /// What a problem asks of a backend.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Features: u8 {
        /// Columns that must be integers.
        const INTEGERS = 1;
        /// Columns that are 0 or within their bounds.
        const SEMICONTINUOUS = 2;
        /// Conditions and functions: what `linearize` of `nsolve-bridge`
        /// replaces.
        const LOGIC = 4;
    }
}

impl FeatureSet for Features {
    fn minus(self, other: Self) -> Self {
        self.difference(other)
    }

    fn is_empty(self) -> bool {
        Features::is_empty(&self)
    }

    fn names(self) -> Vec<&'static str> {
        [
            (Features::INTEGERS, "integers"),
            (Features::SEMICONTINUOUS, "semicontinuous variables"),
            (Features::LOGIC, "logic"),
        ]
        .into_iter()
        .filter(|(feature, _)| self.contains(*feature))
        .map(|(_, name)| name)
        .collect()
    }
}

impl Language for Milp {
    const NAME: &'static str = "milp";
    type Problem = Problem;
    type Query = Query;
    type Model = Solution;
    type Certificate = Certificate;
    type Features = Features;
    type Item = Item;

    fn features(problem: &Problem) -> Features {
        let mut features = Features::empty();
        for column in &problem.columns {
            features.set(
                Features::INTEGERS,
                features.contains(Features::INTEGERS) || column.domain.is_integer(),
            );
            features.set(
                Features::SEMICONTINUOUS,
                features.contains(Features::SEMICONTINUOUS) || column.domain.is_semi(),
            );
        }
        let logic = !problem.functions.is_empty() || !problem.conditions.is_empty();
        features.set(Features::LOGIC, logic);
        features
    }

    fn origin(problem: &Problem, item: Item) -> Option<Span> {
        problem.span(problem.source_item(item))
    }
}
