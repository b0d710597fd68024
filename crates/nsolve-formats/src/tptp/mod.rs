//! TPTP: first-order form (FOF), typed first-order form (TFF0) with integers
//! and reals, and clause form (CNF, read only).

mod enumerate;
mod lex;
mod read;
mod write;

pub use read::read_tptp;
pub use write::write_tptp;

/// Names of sorts that have a word of their own in TPTP, or none: no declared
/// type is called so.
const RESERVED_SORTS: [&str; 4] = ["Bool", "Int", "Real", nsolve_il::fol::Builder::DEFAULT_SORT];
