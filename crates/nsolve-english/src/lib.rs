//! Plain English into problems, by grammar, with no model.
//!
//! ```
//! use nsolve_english::read;
//! use nsolve_il::fol::Semantics;
//! use nsolve_source::SourceText;
//! use nsolve_syntax::fol::{Style, elaborate, print_formula};
//!
//! let story = "Every farmer who owns a donkey feeds it. Is Tom a farmer?";
//! let story = SourceText::new("story", story).unwrap();
//! let reading = read(&story, Semantics::Classical);
//! let problem = elaborate(&reading.document, &Style::NATIVE).problem.unwrap();
//! assert_eq!(
//!     print_formula(&problem, problem.premises[0].formula),
//!     "forall x, y. farmer(x) and donkey(y) and own(x, y) -> feed(x, y)"
//! );
//! ```
//!
//! # The way of a text
//! [`read`] splits it into sentences, notes what the story says about its words,
//! parses each sentence in every way that the grammar allows, makes formulas
//! of the cheapest trees, and adds what the words imply. `docs/english.md` is
//! the grammar by example. What is read is a
//! [`Document`](nsolve_syntax::fol::Document), as of every other reader: the
//! elaborator, the engine and the checker do not know that it was English.
//!
//! # What is trusted
//! That a formula says what its sentence says is not checked by anything behind
//! this crate. So every formula stands beside its sentence wherever an answer
//! rests on it, and a sentence with two readings is never decided silently.

mod assemble;
mod grammar;
mod lexicon;
mod meaning;
mod morphology;
mod read;
mod say;
mod story;
mod text;
mod tree;
mod vocabulary;

pub use read::{Alternative, Candidate, Reading, Role, Told, read};
pub use say::{say_answer, say_formula, say_model};
