//! The typed languages of nsolve: what a problem is once it has been read.
//!
//! Each language is a module with its own problem, model, certificate and
//! feature set, tied together by a marker type that implements [`Language`].
//! There is no expression type that spans languages, and nothing in here knows
//! a text format or a solver.
//!
//! What is written stays visible: constructors check sorts and share equal
//! terms, they do not simplify.

pub mod fol;
mod language;
pub mod milp;
pub mod program;

pub use language::{FeatureSet, Language};
pub use num_rational::BigRational as Rational;
