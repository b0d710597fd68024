//! x
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
