//! Plain English in and out, by grammar, with no model.

mod assemble;
mod grammar;
mod lexicon;
mod meaning;
mod morphology;
mod read;
pub mod say;
mod story;
mod text;
mod tree;
mod vocabulary;

pub use read::{Alternative, Candidate, Reading, Role, Told, read};
