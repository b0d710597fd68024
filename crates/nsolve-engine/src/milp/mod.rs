//! Optimisation problems: lowered, solved, checked, explained.
//!
//! [`solve_milp`] answers a problem; where it has no point, [`conflict`] finds
//! rows and bounds that clash, as few as can be.

mod answer;
mod conflict;
mod explain;
mod saved;
mod solve;

pub use answer::{Conflict, Member, MilpAnswer, MilpDecision};
pub use conflict::conflict;
pub use explain::{describe_milp, explain_milp};
pub use saved::milp_answer_to_json;
pub use solve::{MilpBackends, MilpOptions, solve_milp};
