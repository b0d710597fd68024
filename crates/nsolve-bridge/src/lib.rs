//! Reformulations of problems, each with its way back.
//!
//! A [`Bridge`] takes a problem out of a fragment that a backend or format
//! lacks: it removes some [`Features`](nsolve_il::fol::Features), may add
//! others, and says how cores and models of the lowered problem are read in the
//! original. [`route`] finds the cheapest chain of bridges into a fragment.
//!
//! Nothing here is trusted for an answer: evidence that comes back over a
//! bridge is checked on the original problem by `nsolve-check`. The one
//! exception is [`rules_to_classical`], which says what the semantics of rules
//! *means*; its page states it in full.

mod copy;
mod counting;
mod enumerated;
mod extend;
mod graph;
mod guards;
mod linearize;
mod options;
mod program;
mod rules;

pub use counting::CountingToQuantifiers;
pub use enumerated::EnumeratedToAxioms;
pub use extend::{MeasureIs, Unlistable, compare_measure, complete, describe, listable, tuples};
pub use graph::{Bridge, Fidelity, Lowering, Route, Trace, all, route};
pub use guards::SortsToGuards;
pub use linearize::{Linearized, linearize};
pub use options::split_options;
pub use program::{FolMeaning, Translated, program_to_fol, rules_to_program};
pub use rules::{RuleStatement, rules_to_classical};
