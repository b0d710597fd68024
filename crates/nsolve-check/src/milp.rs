//! Checks evidence about optimisation problems, without any backend: exact
//! arithmetic and nothing else.
//!
//! # A point
//! Every column is within its bounds and domain, every row within its bounds,
//! every defined column has its function's value, every condition holds: each is
//! computed exactly, from the problem as it was written.
//!
//! # That nothing is better
//! A [`Proof`](nsolve_il::milp::Proof) is a tree of cases. A split of an integer column leaves out no
//! point of its case, nor does one of a semicontinuous column into 0 and its
//! bounds. In a leaf, let `c` be the objective as it is minimized, `A` the rows,
//! `w` the leaf's weights. For every point `x` of the case,
//!
//! ```text
//! c x  =  w (A x) + (c - w A) x
//! ```
//!
//! The first part is at least the sum of `w_i` times the lower bound of row `i`
//! where `w_i > 0` and its upper bound where `w_i < 0`; the second is at least
//! the same over the columns' bounds with the coefficients of `c - w A` (weak
//! duality; Farkas 1902 where `c` is left out). Where a bound that is needed
//! is infinite, nothing follows and the leaf is refused. So if every leaf's sum
//! is at least the point's objective, no point is better; if it is positive
//! where `c` is left out, the case has no point. Weights need not be optimal, nor
//! come from any particular method: whatever they are, what they give is true.
//!
//! # Unbounded
//! From a feasible point, a direction that keeps all rows and bounds and makes
//! the objective better. Columns that must be integers move by integers, and
//! semicontinuous ones not at all.
//!
//! Proofs and directions speak of problems without conditions and functions;
//! `linearize` of `nsolve-bridge` makes such a problem, and its soundness
//! (every point of the problem extends to one of the other, with the same
//! objective) is argued and tested there.

mod point;
mod proof;

use nsolve_backend::{Evidence, Outcome, Verdict};
use nsolve_il::milp::{Certificate, Item, Milp, Number, Problem, Query, Sense};

use crate::{Limits, Refusal, spend};

/// What was shown of an optimisation problem. Only [`check_milp`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MilpReceipt {
    shown: MilpShown,
    core: Vec<Item>,
}

/// What evidence shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MilpShown {
    /// The point is feasible; its objective is this.
    Feasible(Number),
    /// The point is feasible with this objective, and none is better.
    Optimal(Number),
    /// There is no feasible point.
    Infeasible,
    /// The objective has no limit.
    Unbounded,
}

impl MilpReceipt {
    /// What was shown.
    pub fn shown(&self) -> &MilpShown {
        &self.shown
    }

    /// The rows, bounds and domains that a proof uses, ascending: they alone
    /// show what was shown.
    pub fn core(&self) -> &[Item] {
        &self.core
    }
}

/// What is wrong with evidence about an optimisation problem.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MilpFault {
    /// The point has more or fewer values than there are columns.
    #[error("the point has {found} values for {wanted} columns")]
    Length {
        /// How many it has.
        found: u32,
        /// How many columns there are.
        wanted: u32,
    },
    /// The point violates something.
    #[error("the point violates {0:?}")]
    Violated(Item),
    /// A proof or a direction speaks of rows, columns or cases that are not
    /// there, or in the wrong order.
    #[error("the evidence is not about this problem")]
    Dangling,
    /// A split of a column that need not be an integer, or may not be 0.
    #[error("a case is split by a column that does not allow that")]
    Split,
    /// A leaf needs a bound that is infinite.
    #[error("a case is closed by a bound that does not exist")]
    NoBound,
    /// A leaf's sum does not close its case.
    #[error("a case is not closed")]
    Open,
    /// The direction violates something, or makes nothing better.
    #[error("the direction is not one in which the objective gets better for ever")]
    Ray,
}

/// Checks an outcome's evidence.
///
/// With [`Verdict::Optimal`] and a solution whose proof is missing, what is
/// shown is [`MilpShown::Feasible`]; a proof that is there must hold.
///
/// # Errors
/// A [`Refusal`]; [`Refusal::is_failure`] tells wrong evidence from evidence
/// that is missing or cannot be checked.
pub fn check_milp(
    problem: &Problem,
    query: &Query,
    outcome: &Outcome<Milp>,
    limits: &Limits,
) -> Result<MilpReceipt, Refusal> {
    let mut steps = limits.steps;
    match (outcome.verdict, &outcome.evidence) {
        (Verdict::Optimal | Verdict::Feasible, Evidence::Model(solution)) => {
            point::check_point(problem, query.relaxed, &solution.point, &mut steps)?;
            let value = problem
                .objective()
                .map_or(Number::ZERO, |o| o.expression.value(&solution.point));
            // Without an objective, every feasible point is optimal.
            if problem.objective().is_none() && outcome.verdict == Verdict::Optimal {
                return Ok(receipt(MilpShown::Optimal(value), Vec::new()));
            }
            match &solution.proof {
                Some(proof) if outcome.verdict == Verdict::Optimal => {
                    let core = proof::check_proof(problem, query, Some(&value), proof, &mut steps)?;
                    Ok(receipt(MilpShown::Optimal(value), core))
                }
                _ => Ok(receipt(MilpShown::Feasible(value), Vec::new())),
            }
        }
        (Verdict::Infeasible, Evidence::Certificate(Certificate::Infeasible(proof))) => {
            let core = proof::check_proof(problem, query, None, proof, &mut steps)?;
            Ok(receipt(MilpShown::Infeasible, core))
        }
        (Verdict::Unbounded, Evidence::Certificate(Certificate::Unbounded { point, ray })) => {
            point::check_point(problem, query.relaxed, point, &mut steps)?;
            point::check_ray(problem, query.relaxed, ray, &mut steps)?;
            Ok(receipt(MilpShown::Unbounded, Vec::new()))
        }
        _ => Err(Refusal::NoEvidence),
    }
}

/// Whether a point is feasible: what is first found to be violated, if not.
///
/// # Errors
/// As [`check_milp`].
pub fn check_milp_point(
    problem: &Problem,
    relaxed: bool,
    values: &[Number],
    limits: &Limits,
) -> Result<(), Refusal> {
    point::check_point(problem, relaxed, values, &mut limits.steps.clone())
}

fn receipt(shown: MilpShown, core: Vec<Item>) -> MilpReceipt {
    MilpReceipt { shown, core }
}

fn fault<T>(fault: MilpFault) -> Result<T, Refusal> {
    Err(Refusal::Milp(fault))
}

/// What a computation with a number costs.
fn pay(steps: &mut u64, number: &Number) -> Result<(), Refusal> {
    let words = number.bits() / 64;
    spend(steps, 1 + words * words)
}

/// The sign by which an objective is minimized.
fn sign(sense: Sense) -> Number {
    match sense {
        Sense::Minimize => Number::ONE,
        Sense::Maximize => (-1).into(),
    }
}
