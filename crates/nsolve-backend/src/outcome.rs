use std::fmt;

use nsolve_il::Language;

/// What a backend claims about a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// Some model satisfies it.
    Sat,
    /// No model satisfies it.
    Unsat,
    /// Of an optimisation problem: a point that none beats.
    Optimal,
    /// Of an optimisation problem: a point, which another may beat.
    Feasible,
    /// Of an optimisation problem: there is no point.
    Infeasible,
    /// Of an optimisation problem: the objective has no limit.
    Unbounded,
    /// Of an optimisation problem: one of the two above.
    InfeasibleOrUnbounded,
    /// Not decided; the stop reason says why.
    Unknown,
}

impl Verdict {
    /// In lower case: `sat`, `unsat`, `optimal`, ..., `unknown`.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Sat => "sat",
            Verdict::Unsat => "unsat",
            Verdict::Optimal => "optimal",
            Verdict::Feasible => "feasible",
            Verdict::Infeasible => "infeasible",
            Verdict::Unbounded => "unbounded",
            Verdict::InfeasibleOrUnbounded => "infeasible-or-unbounded",
            Verdict::Unknown => "unknown",
        }
    }
}

/// Why a backend stopped.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StopReason {
    /// It decided the query.
    Completed,
    /// The time was over.
    Time,
    /// The memory was used up.
    Memory,
    /// The steps were used up.
    Steps,
    /// It was cancelled.
    Cancelled,
    /// Its method cannot decide this query; the text says what is missing.
    Incomplete(String),
    /// It broke off in a way it should not.
    Crashed(String),
}

impl StopReason {
    /// One word: `completed`, `time`, `memory`, `steps`, `cancelled`,
    /// `incomplete` or `crashed`.
    pub fn name(&self) -> &'static str {
        match self {
            StopReason::Completed => "completed",
            StopReason::Time => "time",
            StopReason::Memory => "memory",
            StopReason::Steps => "steps",
            StopReason::Cancelled => "cancelled",
            StopReason::Incomplete(_) => "incomplete",
            StopReason::Crashed(_) => "crashed",
        }
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StopReason::Incomplete(why) | StopReason::Crashed(why) => {
                write!(f, "{}: {why}", self.name())
            }
            _ => f.write_str(self.name()),
        }
    }
}

/// What a backend gives for its verdict.
#[derive(Clone, Debug, PartialEq)]
pub enum Evidence<L: Language> {
    /// With `Sat`: a model.
    Model(L::Model),
    /// With `Unsat`: items that are unsatisfiable together, ascending. A
    /// starting point for a certificate, not a proof.
    Core(Vec<L::Item>),
    /// With `Unsat`: a proof that is checked without a solver.
    Certificate(L::Certificate),
    /// Nothing.
    None,
}

/// A backend's answer to a query: a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome<L: Language> {
    /// What is claimed.
    pub verdict: Verdict,
    /// Why the backend stopped.
    pub stop: StopReason,
    /// What it gives for its claim.
    pub evidence: Evidence<L>,
}

impl<L: Language> Outcome<L> {
    /// A satisfiable query with its model.
    pub fn sat(model: L::Model) -> Self {
        Outcome {
            verdict: Verdict::Sat,
            stop: StopReason::Completed,
            evidence: Evidence::Model(model),
        }
    }

    /// An unsatisfiable query with its certificate.
    pub fn unsat(certificate: L::Certificate) -> Self {
        Outcome {
            verdict: Verdict::Unsat,
            stop: StopReason::Completed,
            evidence: Evidence::Certificate(certificate),
        }
    }

    /// An unsatisfiable query with a core.
    pub fn unsat_core(core: Vec<L::Item>) -> Self {
        Outcome {
            verdict: Verdict::Unsat,
            stop: StopReason::Completed,
            evidence: Evidence::Core(core),
        }
    }

    /// An undecided query.
    pub fn unknown(stop: StopReason) -> Self {
        Outcome {
            verdict: Verdict::Unknown,
            stop,
            evidence: Evidence::None,
        }
    }
}
