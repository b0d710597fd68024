//! The part of HiGHS's C interface that this crate uses, made safe.
//!
//! [`Library`] finds and loads libhighs; a [`Session`] is one model in it. What
//! reads or writes files is not bound.
//!
//! What is trusted here: that the loaded library is a HiGHS of version 1.15 or
//! later within 1, whose C functions have the signatures in [`api`]; they pass
//! numbers and arrays only, and one struct, of which the first field is used.

#![allow(
    unsafe_code,
    reason = "calling a C library is unsafe; this module is where it is done"
)]

mod api;
mod library;
mod session;

pub(crate) use library::Library;
pub(crate) use session::{Basis, BasisStatus, HighsError, Matrix, Session, Status};
