use nsolve_backend::{Evidence, StopReason, Verdict};
use nsolve_il::milp::{ColumnId, Item, Milp, Number, Sensitivity};

use crate::answer::{Assurance, Times};

/// What came of an optimisation problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MilpDecision {
    /// A point that none beats.
    Optimal,
    /// A point; whether another beats it is open.
    Feasible,
    /// There is no point.
    Infeasible,
    /// The objective has no limit.
    Unbounded,
    /// One of the two above.
    InfeasibleOrUnbounded,
    /// Not decided.
    Unknown,
}

impl MilpDecision {
    /// The decision in lower case, such as `optimal`.
    pub fn as_str(self) -> &'static str {
        match self {
            MilpDecision::Optimal => "optimal",
            MilpDecision::Feasible => "feasible",
            MilpDecision::Infeasible => "infeasible",
            MilpDecision::Unbounded => "unbounded",
            MilpDecision::InfeasibleOrUnbounded => "infeasible-or-unbounded",
            MilpDecision::Unknown => "unknown",
        }
    }

    pub(super) fn of(verdict: Verdict) -> MilpDecision {
        match verdict {
            Verdict::Optimal => MilpDecision::Optimal,
            Verdict::Feasible => MilpDecision::Feasible,
            Verdict::Infeasible => MilpDecision::Infeasible,
            Verdict::Unbounded => MilpDecision::Unbounded,
            Verdict::InfeasibleOrUnbounded => MilpDecision::InfeasibleOrUnbounded,
            _ => MilpDecision::Unknown,
        }
    }
}

/// One part of a [`Conflict`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The row, bound or condition.
    pub item: Item,
    /// Whether it was shown that the others alone can be satisfied.
    pub needed: bool,
}

/// Rows, bounds and conditions that cannot all hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The members, ascending.
    pub members: Vec<Member>,
    /// Whether it was shown that they clash.
    pub clash: Assurance,
}

impl Conflict {
    /// Whether it is shown that the members clash and that none can be left
    /// out.
    pub fn is_irreducible(&self) -> bool {
        self.clash >= Assurance::CrossChecked && self.members.iter().all(|m| m.needed)
    }
}

/// An answer about an optimisation problem.
#[derive(Clone, Debug, PartialEq)]
pub struct MilpAnswer {
    /// What came of it.
    pub decision: MilpDecision,
    /// How far the decision can be trusted.
    pub assurance: Assurance,
    /// How far the point can be trusted to be feasible.
    pub point_assurance: Option<Assurance>,
    /// The value of every column of the source problem.
    pub point: Option<Vec<Number>>,
    /// Further points, each as good or the next best, where they were asked
    /// for.
    pub more: Vec<Vec<Number>>,
    /// The values of all objectives at the point.
    pub objectives: Vec<Number>,
    /// What no point beats, as the backend says.
    pub bound: Option<f64>,
    /// By how much a point that is not exactly feasible violates something.
    pub violation: Option<f64>,
    /// Duals and ranges, by rows and columns.
    pub sensitivity: Option<Sensitivity>,
    /// Of an unbounded problem: columns that change for ever, and by how much.
    pub ray: Vec<(ColumnId, Number)>,
    /// Of an infeasible problem: what clashes.
    pub conflict: Option<Conflict>,
    /// The evidence, about the problem without logic.
    pub evidence: Evidence<Milp>,
    /// Why the backend stopped.
    pub stop: StopReason,
    /// Who answered, with its version.
    pub backend: (&'static str, String),
    /// Where the time went.
    pub times: Times,
}
