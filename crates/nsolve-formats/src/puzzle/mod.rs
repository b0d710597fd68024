//! Puzzles as Logic-LM writes them: expressions of Python over declared sorts.
//!
//! All that a puzzle talks about is finite, so numbers become elements of
//! enumerated sorts: a comparison of one term is a choice among its values, one
//! of two terms a relation whose table is a premise. Proofs about such tables
//! are short, and no backend has to know arithmetic.

pub(crate) mod arith;
mod atom;
mod bind;
mod lower;
mod option;
mod parse;
mod token;
pub(crate) mod tree;
pub(crate) mod world;

pub(crate) use lower::Lower;
pub(crate) use option::{Asked, read_option};
pub(crate) use parse::parse;
pub(crate) use tree::Tree;
pub(crate) use world::World;
