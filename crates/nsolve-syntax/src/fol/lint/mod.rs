//! Lints: what is well-typed but probably not what was meant.
//!
//! Two kinds, by what they look at: [`syntax`] sees each formula as written,
//! [`names`] compares the names of a typed problem. The lints that need a solver
//! (premises that contradict each other, a conclusion that needs no premise)
//! are made where answers are.

mod names;
mod similar;
mod syntax;

pub use names::lint_names;
pub use similar::similar;
pub use syntax::lint_syntax;
