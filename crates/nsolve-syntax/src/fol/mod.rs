//! First-order logic: the untyped tree that readers make, and what becomes of
//! it.

mod ast;

pub use ast::{
    BinaryOp, Declaration, Document, Expr, ExprKind, Ident, Item, ItemKind, NaryOp, Quantified,
    SortSpec, Statement, UnaryOp,
};
