//! Optimisation problems as LP and MPS files, plain or compressed.
//!
//! Both readers tell all faults of a file in one pass, and give a problem only
//! where none is an error: no file is ever read as an empty model, and nothing
//! that is no number gets into a matrix. `docs/formats/lp.md` and `mps.md` say
//! what is read, and what was decided where solvers differ.

mod amount;
mod build;
mod decimal;
mod gzip;
mod lp;
mod mps;
mod names;
mod plan;
mod write_lp;
mod write_mps;

pub use gzip::{InflateError, inflate};
pub use lp::read_lp;
pub use mps::read_mps;
pub use write_lp::write_lp;
pub use write_mps::{MpsStyle, write_mps};
