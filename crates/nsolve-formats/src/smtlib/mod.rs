//! SMT-LIB 2: the fragment of first-order logic with equality, enumerated
//! datatypes, integers and reals.
//!
//! The set of commands is closed. An SMT-LIB solver obeys commands that write
//! files; nothing of a text that is read here ever reaches a solver, and what
//! is written holds names from a table only.

mod cases;
mod read;
mod sexpr;
mod term;
mod write;

pub use read::read_smtlib;
pub use write::{write_smtlib, write_smtlib_query};

/// Words of the language and of the theories that are read: no symbol is
/// declared under them.
const RESERVED: [&str; 36] = [
    "!",
    "*",
    "+",
    "-",
    "/",
    "<",
    "<=",
    "=",
    "=>",
    ">",
    ">=",
    "_",
    "abs",
    "and",
    "as",
    "assert",
    "distinct",
    "div",
    "exists",
    "false",
    "forall",
    "is_int",
    "ite",
    "let",
    "match",
    "mod",
    "not",
    "or",
    "par",
    "check-sat",
    "exit",
    "to_int",
    "to_real",
    "true",
    "xor",
    "NUMERAL",
];
