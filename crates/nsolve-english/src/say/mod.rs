//! Formulas and answers in English.
//!
//! What is said can be read again: a sentence is told only if the reader of
//! this crate reads it as the formula that it is to say; where no natural
//! sentence is, the formula is said with letters (`docs/english.md`).

mod answer;
mod clauses;
mod natural;
mod phrase;
mod proof;
mod read_back;
mod speak;
mod statement;
mod world;

pub use answer::say_answer;
pub use world::say_model;

use nsolve_il::fol::{Problem, TermId};

use speak::Speaker;
use statement::{Bound, Symbols, Taker};

/// A closed formula as a sentence.
///
/// ```
/// use nsolve_english::say_formula;
/// use nsolve_source::SourceText;
/// use nsolve_syntax::fol::{Style, elaborate, parse};
///
/// let text = "premise p : forall x. cat(x) and red(x) -> exists y. dog(y) and likes(x, y)\n\
/// ask model\n";
/// let text = SourceText::new("cats", text).unwrap();
/// let problem = elaborate(&parse(&text).0, &Style::NATIVE).problem.unwrap();
/// assert_eq!(
///     say_formula(&problem, problem.premises[0].formula),
///     "Every red cat likes some dog."
/// );
/// ```
pub fn say_formula(problem: &Problem, formula: TermId) -> String {
    let speaker = Speaker::new(problem);
    let symbols = Symbols::own(problem);
    let taker = Taker {
        problem,
        symbols: &symbols,
        ground: None,
    };
    match taker.statement(formula, &Bound::default()) {
        Some(statement) => speaker.sentence(&statement),
        None => "(A formula that is too long to be said.)".into(),
    }
}
