//! Logic programs: the text of the `program` language, in two dialects.
//!
//! [`read`] makes a [`Problem`] of a text, [`print()`] writes it back:
//! `read(print(p))` is `p` up to places and the numbers of variables and
//! predicates. Nothing in a text is ever executed, and no other file is read.

#[cfg(feature = "testkit")]
pub mod arbitrary;
mod asp;
mod ast;
mod directive;
mod elaborate;
mod lexer;
mod lint;
mod parser;
mod print;
mod prolog;
mod read;
mod term;

pub use parser::DEEPEST;
pub use print::{print, print_goal, print_instance, print_literal, print_rule};
pub use read::{detect_dialect, read, read_atom, read_goal};

#[expect(unused_imports, reason = "documentation")]
use nsolve_il::program::Problem;

/// How a program is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// The native language: ASP-Core-2, and more.
    #[default]
    Asp,
    /// Prolog without side effects and without cut.
    Prolog,
}
