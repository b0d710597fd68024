//! Suites, runs over them, votes, and reports.
//!
//! A [`Suite`] is a list of items with gold answers, each with one or more
//! drafts: texts that somebody, mostly a language model, wrote for it. [`run`]
//! answers every draft, on all cores, and appends a line a draft to a file from
//! which a killed run goes on. Only when all answers are in does
//! [`summarize`] look at the gold answers.
//!
//! Public data sets are not part of nsolve; [`Suite::load`] reads their row
//! shapes from files that users have. See `docs/bench.md`.

mod compare;
mod error;
mod markdown;
mod models;
mod rows;
mod run;
mod suite;
mod summary;
mod vote;

pub use compare::{Change, compare};
pub use error::BenchError;
pub use markdown::{Case, parse_cases};
pub use models::Judges;
pub use run::{DraftRecord, RunOptions, read_records, run};
pub use suite::{Draft, Item, Suite};
pub use summary::{Summary, TimeShare, is_right, summarize};
pub use vote::{Ballot, vote};
