//! The part of Z3's C interface that this crate uses, made safe.
//!
//! [`Library`] finds and loads libz3. [`Library::run`] makes a [`Context`] for
//! the time of a closure; everything made in a context carries its lifetime as
//! a brand that no other context has, so handles of two contexts cannot be
//! mixed and none survives its context. A context is without reference
//! counting: its terms live as long as itself, and handles are plain copies.
//!
//! What is trusted here: that the loaded library is a Z3 of version 5, whose C
//! interface has the signatures in [`api`].

#![allow(
    unsafe_code,
    reason = "calling a C library is unsafe; this module is where it is done"
)]

mod api;
mod context;
mod library;
mod solver;

pub(crate) use context::{Ast, Binary, Context, Decl, Fault, Interrupt, Nary, Sort, Unary};
pub(crate) use library::Library;
pub(crate) use solver::{Interpretation, Model, Params, Satisfiable, Solver};
