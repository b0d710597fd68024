//! From text to a typed problem.
//!
//! Every reader, native or foreign, makes the same untyped [`fol::Document`];
//! [`fol::elaborate`] infers and checks sorts and makes the
//! [`Problem`](nsolve_il::fol::Problem). The native grammar and the canonical
//! printer live here too; `parse(print(p)) == p`. The `program` language has its
//! own tree, elaborator and printer, in [`program`]; optimisation models with
//! their data are in [`milp`].

pub mod fol;
pub mod milp;
pub mod program;
