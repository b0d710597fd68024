use std::fmt::Debug;
use std::hash::Hash;

use nsolve_source::Span;

/// A marker type for one typed language.
///
/// A backend, a bridge and a checker are each generic in the language they are
/// for, so that an outcome of one language is never taken for another's.
pub trait Language: Debug + Copy + Send + Sync + 'static {
    /// The name as written on the command line, for instance `fol`.
    const NAME: &'static str;
    /// A whole, well-typed problem.
    type Problem: Debug + Send + Sync;
    /// One thing to decide about a problem.
    type Query: Debug + Clone + Send + Sync;
    /// What makes a query satisfiable.
    type Model: Debug + Clone + PartialEq + Send + Sync;
    /// What shows that a query is unsatisfiable, checkable without a solver.
    type Certificate: Debug + Clone + PartialEq + Send + Sync;
    /// The abilities a problem asks of a backend.
    type Features: FeatureSet;
    /// One part of a query that an answer can point at.
    type Item: Debug + Copy + Ord + Hash + Send + Sync;

    /// What the problem needs, as a value.
    fn features(problem: &Self::Problem) -> Self::Features;
    /// Where an item stands in the source text, if it stands there.
    fn origin(problem: &Self::Problem, item: Self::Item) -> Option<Span>;
}

/// A set of abilities that can be subtracted and printed.
pub trait FeatureSet: Debug + Copy + PartialEq + Send + Sync {
    /// The members of `self` that are not in `other`.
    #[must_use]
    fn minus(self, other: Self) -> Self;
    /// Whether nothing is in it.
    fn is_empty(self) -> bool;
    /// The members' names, in a fixed order.
    fn names(self) -> Vec<&'static str>;
}
