//! First-order logic: the untyped tree that readers make, and what becomes of
//! it.

mod actions;
#[cfg(feature = "testkit")]
pub mod arbitrary;
mod ast;
mod elaborate;
mod lexer;
mod lint;
mod parse;
mod print;

pub use ast::{
    BinaryOp, Declaration, Document, Expr, ExprKind, Ident, Item, ItemKind, NaryOp, Quantified,
    SortSpec, Statement, UnaryOp,
};
pub use elaborate::{Elaboration, Style, elaborate};
pub use lint::{lint_names, lint_syntax, similar};
pub use parse::{DEEPEST, parse};
pub use print::{inferred_declarations, print, print_formula, print_formula_with, print_measure};
