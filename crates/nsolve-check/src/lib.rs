//! Checks what backends claim, without any backend: the trusted base.
//!
//! [`check`] takes a query and an outcome. A model is evaluated in every item
//! of the query; a certificate is replayed line by line and shown to be
//! contradictory. If the evidence holds, it gives a [`Receipt`], which nothing
//! else can make: an answer is verified exactly if it carries one.
//!
//! What has to be believed is this crate, the types of `nsolve-il`, and the
//! exact arithmetic of `num-rational`. It shares no code with any backend: no
//! clausifier, no normal form, no SAT solver. The soundness of certificates is
//! argued on the page of the module `replay`.
//!
//! [`check_program`] does the same for logic programs; what it shows, and why
//! that is right, is on the page of the module [`program`]. [`check_milp`] does it
//! for optimisation problems; see the page of the module [`milp`].
//!
//! Evidence may be garbage, or made to mislead; it may cost no more than
//! [`Limits`] allow, and never a panic.

mod congruence;
mod evaluate;
mod ground;
mod linear;
pub mod milp;
mod number;
pub mod program;
mod refute;
mod replay;

use std::fmt;

use nsolve_backend::{Evidence, Outcome, Verdict};
use nsolve_il::Rational;
use nsolve_il::fol::{Fol, Item, Measure, Model, Problem, Query};

pub use milp::{MilpFault, MilpReceipt, MilpShown, check_milp, check_milp_point};
pub use program::{NotCheckable, ProgramFault, Receipt as ProgramReceipt, check_program};

/// What a check may cost, in steps of a few nanoseconds to a microsecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Steps of evaluation, or of replay and refutation.
    pub steps: u64,
}

impl Default for Limits {
    /// Enough for a second or so.
    fn default() -> Self {
        Limits { steps: 20_000_000 }
    }
}

/// What was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// A model, in so many items.
    Model {
        /// How many items it satisfies.
        items: usize,
    },
    /// A certificate.
    Certificate {
        /// How many lines it has.
        lines: usize,
    },
}

/// Shows that the evidence for a verdict holds. Only [`check`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    checked: Checked,
    core: Vec<Item>,
}

impl Receipt {
    /// What was checked.
    pub fn checked(&self) -> Checked {
        self.checked
    }

    /// For an unsatisfiable query the items that its certificate uses,
    /// ascending: these cannot hold together. Empty for a model.
    pub fn core(&self) -> &[Item] {
        &self.core
    }
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.checked {
            Checked::Model { items } => write!(f, "a model that satisfies {items} items"),
            Checked::Certificate { lines } => {
                let items = self.core.len();
                write!(f, "a certificate of {lines} lines about {items} items")
            }
        }
    }
}

/// Why there is no receipt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// There is nothing to check.
    #[error("there is no evidence that could be checked")]
    NoEvidence,
    /// The check would cost more than the limits allow.
    #[error("the check takes more steps than allowed")]
    Limit,
    /// The model cannot be evaluated by going through its domains.
    #[error("the model cannot be evaluated: {0}")]
    NotEvaluable(NotEvaluable),
    /// The model is not well-formed, or an item is false in it.
    #[error("the model is wrong: {0}")]
    Model(ModelFault),
    /// The certificate is not well-formed, or does not refute the query.
    #[error("the certificate is wrong: {0}")]
    Certificate(CertificateFault),
    /// The program is outside of what can be checked.
    #[error("the evidence cannot be checked: {0}")]
    Unchecked(NotCheckable),
    /// The evidence about a program is not well-formed, or wrong.
    #[error("the evidence is wrong: {0}")]
    Program(ProgramFault),
    /// The evidence about an optimisation problem is not well-formed, or wrong.
    #[error("the evidence is wrong: {0}")]
    Milp(MilpFault),
}

impl Refusal {
    /// Whether the evidence is wrong, as opposed to absent or too hard to check.
    pub fn is_failure(&self) -> bool {
        matches!(
            self,
            Refusal::Model(_) | Refusal::Certificate(_) | Refusal::Program(_) | Refusal::Milp(_)
        )
    }
}

/// What evaluation cannot go through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotEvaluable {
    /// A quantifier over `Int` or `Real`.
    #[error("a quantifier ranges over all numbers")]
    Numbers,
    /// A division by zero, whose value no model says.
    #[error("something is divided by zero")]
    DivisionByZero,
}

/// What is wrong with a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelFault {
    /// An item is not as the query wants it.
    #[error("it does not satisfy {0:?}")]
    False(Item),
    /// A sort has no element.
    #[error("a sort has no element")]
    EmptyDomain,
    /// A symbol that the query uses has no table.
    #[error("a symbol has no table")]
    NoTable,
    /// A table has a value or arguments of the wrong kind.
    #[error("a table has a value of the wrong kind")]
    Table,
    /// The query asks for a premise that the problem does not have.
    #[error("the query is not about this problem")]
    Query,
}

/// What is wrong with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateFault {
    /// A ground term is not well-formed or not of the sort that it should have.
    #[error("ground term {0} is ill-formed")]
    Term(usize),
    /// A line does not follow.
    #[error("line {line}: {fault}")]
    Line {
        /// Which line, from 0.
        line: usize,
        /// Why.
        fault: LineFault,
    },
    /// The lines do not contradict each other.
    #[error("its lines do not contradict each other")]
    Consistent,
}

/// Why a line of a certificate does not follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LineFault {
    /// It asserts an item that the query does not have.
    #[error("no such item in the query")]
    Item,
    /// It names a formula or term that is not there.
    #[error("no such formula or term")]
    Dangling,
    /// What it instantiates is no quantified formula.
    #[error("not a quantified formula")]
    NotQuantified,
    /// A free variable of the formula is not bound.
    #[error("a free variable is not bound")]
    Unbound,
    /// A term has another sort than its place.
    #[error("a term has the wrong sort")]
    Sort,
    /// The number of terms does not fit.
    #[error("the number of terms does not fit")]
    Count,
    /// A witness occurs before, or twice.
    #[error("a witness is not new")]
    NotFresh,
    /// The equations do not give what they should.
    #[error("the equations do not give this")]
    NotCongruent,
    /// The two terms may be equal.
    #[error("the two terms may be equal")]
    NotDifferent,
    /// The sort has no list of elements.
    #[error("the sort is not enumerated")]
    NotEnumerated,
    /// The facts do not add up to a contradiction.
    #[error("the facts do not add up to a contradiction")]
    NotLinear,
    /// A number is not whole.
    #[error("a whole number is wanted")]
    NotWhole,
}

/// Takes steps from those that are left.
fn spend(steps: &mut u64, used: u64) -> Result<(), Refusal> {
    *steps = steps.checked_sub(used).ok_or(Refusal::Limit)?;
    Ok(())
}

/// The value that a measure has in a model. It makes no receipt: that a query
/// holds with that value is for [`check`] to find.
///
/// # Errors
/// A [`Refusal`], as for a model that is checked.
pub fn measure(
    problem: &Problem,
    model: &Model,
    of: Measure,
    limits: &Limits,
) -> Result<Rational, Refusal> {
    evaluate::measure(problem, model, of, limits)
}

/// Checks an outcome's evidence for a query.
///
/// # Errors
/// A [`Refusal`]; [`Refusal::is_failure`] tells wrong evidence from evidence
/// that is missing or cannot be checked.
pub fn check(
    problem: &Problem,
    query: &Query,
    outcome: &Outcome<Fol>,
    limits: &Limits,
) -> Result<Receipt, Refusal> {
    match (outcome.verdict, &outcome.evidence) {
        (Verdict::Sat, Evidence::Model(model)) => {
            let items = evaluate::evaluate(problem, query, model, limits)?;
            Ok(Receipt {
                checked: Checked::Model { items },
                core: Vec::new(),
            })
        }
        (Verdict::Unsat, Evidence::Certificate(certificate)) => {
            let core = replay::replay(problem, query, certificate, limits)?;
            Ok(Receipt {
                checked: Checked::Certificate {
                    lines: certificate.lines.len(),
                },
                core,
            })
        }
        _ => Err(Refusal::NoEvidence),
    }
}
