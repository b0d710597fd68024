//! Between first-order logic and logic programs, where the meaning allows.
//!
//! The two languages mean different things by a rule, so each translation says
//! which meaning it keeps ([`Translated::meaning`]) and refuses what it would
//! change, naming the item.

mod from_fol;
mod to_fol;

pub use from_fol::rules_to_program;
pub use to_fol::{FolMeaning, program_to_fol};

/// A problem in the other language, with what was kept.
#[derive(Clone, Debug)]
pub struct Translated<P> {
    /// The problem.
    pub problem: P,
    /// Which meaning was kept, in a sentence.
    pub meaning: &'static str,
}
