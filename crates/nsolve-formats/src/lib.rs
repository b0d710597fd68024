//! Foreign texts: the formats that other tools and language models write.

mod detect;
mod error;
mod folio;
mod formula;
pub mod json;
mod limits;
mod lines;
mod logic_lm;
mod logic_lm_rules;
mod names;
mod nltk;
mod number;
mod prover9;
mod read;
mod render;
pub mod smtlib;
pub mod tptp;
mod write_prover9;

pub use detect::{Format, detect};
pub use error::FormatError;
pub use folio::{folio_text, read_folio};
pub use logic_lm::{read_logic_lm, read_logic_lm_fol};
pub use logic_lm_rules::read_logic_lm_rules;
pub use nltk::{read_linc, read_nltk};
pub use prover9::read_prover9;
pub use read::read;
pub use render::render_model;
pub use write_prover9::write_prover9;
