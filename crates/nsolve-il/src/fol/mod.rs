//! Many-sorted first-order logic with equality, finite sorts, counting
//! quantifiers, integers and reals.
//!
//! A [`Problem`] is a [`Signature`], one arena of shared terms ([`Terms`]),
//! named premises and one [`Question`]. It is made by a [`Builder`], which
//! checks sorts as terms are created. Domains are non-empty, functions are
//! total, and constants with different names may denote the same thing, except
//! the elements of an enumerated sort, which are distinct and all there is.
//!
//! ```
//! use nsolve_il::fol::{Builder, Question};
//!
//! let mut b = Builder::new();
//! let thing = b.default_sort();
//! let cat = b.predicate("cat", &[thing])?;
//! let tom = b.constant("tom", thing)?;
//! let tom = b.apply(tom, vec![])?;
//! let fact = b.apply(cat, vec![tom])?;
//! b.premise("p1", fact, Some("Tom is a cat."), None)?;
//! let problem = b.finish(Question::Model);
//! assert_eq!(problem.premises.len(), 1);
//! # Ok::<(), nsolve_il::fol::SortError>(())
//! ```

mod builder;
mod certificate;
mod error;
mod features;
mod model;
mod problem;
mod signature;
mod term;

pub use builder::Builder;
pub use certificate::{Binding, Certificate, GroundId, GroundTerm, Line, LinearFact};
pub use error::SortError;
pub use features::{Features, features};
pub use model::{Model, Table, Value};
pub use problem::{
    Choice, Conclusion, Direction, Extremum, Goal, Item, Measure, Modality, Premise, Problem,
    Query, Question, Semantics,
};
pub use signature::{Declared, Signature, Sort, SortId, SortKind, Symbol, SymbolId};
pub use term::{ArithmeticOp, CompareOp, Quantifier, Term, TermId, Terms, VarId, Variable};

use crate::Language;

/// The marker type of first-order logic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fol;

impl Language for Fol {
    const NAME: &'static str = "fol";
    type Problem = Problem;
    type Query = Query;
    type Model = Model;
    type Certificate = Certificate;
    type Features = Features;
    type Item = Item;

    fn features(problem: &Problem) -> Features {
        features(problem)
    }

    fn origin(problem: &Problem, item: Item) -> Option<nsolve_source::Span> {
        problem.origin(item)
    }
}
