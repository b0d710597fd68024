//! Logic programs: goals to queries, checked answers, derivations in words.
//!
//! [`solve_program`] answers a program; [`why`] and [`why_not`] say how an atom
//! comes about or fails to; [`search`] keeps every step of a depth-first search;
//! [`check_chain`] measures how faithful a claimed chain of reasoning is.

mod answer;
mod chain;
mod explain;
mod facts;
pub(crate) mod saved;
mod search;
mod solve;
mod why;

pub use answer::{ProgramAnswer, ProgramDecision, ProgramRecord, ProgramRole};
pub use chain::{ChainReport, ClaimedStep, StepFinding, check_chain, read_step};
pub use explain::explain_program;
pub use saved::program_answer_to_json;
pub use search::{Attempt, AttemptEnd, SearchLimits, SearchTrace, search};
pub use solve::{Certify, ProgramBackends, ProgramOptions, solve_program};
pub use why::{NearMiss, WhyNode, WhyNot, why, why_not};
