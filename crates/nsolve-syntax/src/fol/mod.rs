//! First-order logic: the untyped tree that readers make, and what becomes of
//! it.

mod ast;
mod elaborate;
mod lint;

pub use ast::{
    BinaryOp, Declaration, Document, Expr, ExprKind, Ident, Item, ItemKind, NaryOp, Quantified,
    SortSpec, Statement, UnaryOp,
};
pub use elaborate::{Elaboration, Style, elaborate};
pub use lint::{lint_names, lint_syntax, similar};
