//! Optimisation problems as other solvers have them: LP and MPS files.
//!
//! Both readers take what HiGHS, CPLEX, Gurobi, GLPK and SCIP write. Numbers
//! are exact. A problem comes back only where the whole text was understood;
//! the pages `docs/formats/lp.md` and `docs/formats/mps.md` say what is
//! tolerated, and what is decided where solvers differ.

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
