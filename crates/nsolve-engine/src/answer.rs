use std::sync::Arc;
use std::time::Duration;

use nsolve_backend::{Outcome, StopReason, Verdict};
use nsolve_check::{Receipt, Refusal};
use nsolve_il::Rational;
use nsolve_il::fol::{Fol, Item, Problem, Query};

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// The conclusion follows from the premises.
    True,
    /// The conclusion's negation follows from the premises.
    False,
    /// Neither follows: there are two models that differ on it.
    Uncertain,
    /// The premises cannot all hold, so everything follows from them.
    ContradictoryPremises,
    /// Exactly one option is as asked; its letter.
    Choice(String),
    /// No option, or several, are as asked; their letters.
    Choices(Vec<String>),
    /// The premises have a model.
    Satisfiable,
    /// The least or greatest value that was asked for, as a numeral.
    Value(String),
    /// Not decided.
    Unknown,
}

impl Decision {
    /// The decision in one word, the option's letter, or the value.
    pub fn as_str(&self) -> &str {
        match self {
            Decision::Value(value) => value,
            Decision::True => "true",
            Decision::False => "false",
            Decision::Uncertain => "uncertain",
            Decision::ContradictoryPremises => "contradictory-premises",
            Decision::Choice(letter) => letter,
            Decision::Choices(letters) if letters.is_empty() => "no-option",
            Decision::Choices(_) => "several-options",
            Decision::Satisfiable => "satisfiable",
            Decision::Unknown => "unknown",
        }
    }
}

/// How far an answer can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assurance {
    /// A backend said so.
    Claimed,
    /// Two backends that share no code said so.
    CrossChecked,
    /// `nsolve-check` replayed the evidence without any backend.
    Verified,
}

impl Assurance {
    /// `claimed`, `cross-checked` or `verified`.
    pub fn name(self) -> &'static str {
        match self {
            Assurance::Claimed => "claimed",
            Assurance::CrossChecked => "cross-checked",
            Assurance::Verified => "verified",
        }
    }
}

/// What a query is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Premises with the conclusion denied: unsatisfiable if it follows.
    DenyConclusion,
    /// Premises with the conclusion assumed: unsatisfiable if its negation
    /// follows.
    AssumeConclusion,
    /// The premises alone.
    PremisesAlone,
    /// Premises with this option denied.
    DenyOption(String),
    /// Premises with this option assumed.
    AssumeOption(String),
    /// Premises, with so many models that were found before excluded: is there
    /// another?
    AnotherModel(usize),
    /// Of the premises that clash all but the one at this position: can these
    /// hold?
    Without(u32),
    /// Premises, with what is measured having this value.
    Attains(Rational),
    /// Premises, with what is measured being less (for a minimum) or greater
    /// (for a maximum) than this.
    Beyond(Rational),
}

impl Role {
    /// A stable name: `deny-conclusion`, `assume-option:B`, ...
    pub fn name(&self) -> String {
        match self {
            Role::DenyConclusion => "deny-conclusion".into(),
            Role::AssumeConclusion => "assume-conclusion".into(),
            Role::PremisesAlone => "premises-alone".into(),
            Role::DenyOption(letter) => format!("deny-option:{letter}"),
            Role::AssumeOption(letter) => format!("assume-option:{letter}"),
            Role::AnotherModel(found) => format!("another-model:{found}"),
            Role::Without(premise) => format!("without:{premise}"),
            Role::Attains(value) => format!("attains:{value}"),
            Role::Beyond(value) => format!("beyond:{value}"),
        }
    }

    /// The role of this name.
    pub fn from_name(name: &str) -> Option<Role> {
        Some(match name.split_once(':') {
            Some(("deny-option", letter)) => Role::DenyOption(letter.into()),
            Some(("assume-option", letter)) => Role::AssumeOption(letter.into()),
            Some(("another-model", found)) => Role::AnotherModel(found.parse().ok()?),
            Some(("without", premise)) => Role::Without(premise.parse().ok()?),
            Some(("attains", value)) => Role::Attains(value.parse().ok()?),
            Some(("beyond", value)) => Role::Beyond(value.parse().ok()?),
            Some(_) => return None,
            None => match name {
                "deny-conclusion" => Role::DenyConclusion,
                "assume-conclusion" => Role::AssumeConclusion,
                "premises-alone" => Role::PremisesAlone,
                _ => return None,
            },
        })
    }
}

/// One query with what became of it.
#[derive(Clone, Debug)]
pub struct QueryRecord {
    /// What the query is for.
    pub role: Role,
    /// The problem that the query is about: the one that was asked, lowered
    /// where its semantics need that, and with the formulas of goals that it
    /// does not state itself.
    pub problem: Arc<Problem>,
    /// The query.
    pub query: Query,
    /// The best outcome.
    pub outcome: Outcome<Fol>,
    /// Who found it.
    pub backend: &'static str,
    /// Who else agrees.
    pub seconded_by: Option<&'static str>,
    /// The checker's receipt, if it accepted the evidence.
    pub receipt: Option<Receipt>,
    /// Why it did not, if there was evidence to look at.
    pub refusal: Option<Refusal>,
}

impl QueryRecord {
    /// The verdict, if the query is decided.
    pub fn verdict(&self) -> Verdict {
        self.outcome.verdict
    }

    /// How far the verdict can be trusted.
    pub fn assurance(&self) -> Assurance {
        if self.receipt.is_some() {
            Assurance::Verified
        } else if self.seconded_by.is_some() {
            Assurance::CrossChecked
        } else {
            Assurance::Claimed
        }
    }

    /// The items that an unsatisfiable query needs, as the checker found them
    /// or, without a receipt, as the backend claims them.
    pub fn core(&self) -> &[Item] {
        use nsolve_backend::Evidence;
        match (&self.receipt, &self.outcome.evidence) {
            (Some(receipt), _) => receipt.core(),
            (None, Evidence::Core(core)) => core,
            _ => &[],
        }
    }
}

/// How many models were found, told apart by the values of all symbols that the
/// premises mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Solutions {
    /// How many are among the answer's queries.
    pub found: usize,
    /// Whether these are all there are.
    pub complete: bool,
    /// How far that can be trusted: the weakest assurance among the queries.
    pub assurance: Assurance,
}

impl Solutions {
    /// Whether there is exactly one; `None` where that is open.
    pub fn unique(&self) -> Option<bool> {
        match (self.found, self.complete) {
            (1, true) => Some(true),
            (2.., _) => Some(false),
            _ => None,
        }
    }
}

/// Where the time went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// Reading and elaborating the text.
    pub read: Duration,
    /// Bridges and making queries.
    pub lower: Duration,
    /// In backends, to decide.
    pub solve: Duration,
    /// In a backend of ours, to find a certificate for what another claimed.
    pub certify: Duration,
    /// In the checker.
    pub check: Duration,
}

impl Times {
    /// All of nsolve's own work, backends left out.
    pub fn own(&self) -> Duration {
        self.read + self.lower + self.check
    }

    /// All of the backends' work.
    pub fn backend(&self) -> Duration {
        self.solve + self.certify
    }
}

/// A checked answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was asked for.
    pub decision: Decision,
    /// Why the work stopped.
    pub stop: StopReason,
    /// The weakest assurance among the queries that the decision rests on.
    pub assurance: Assurance,
    /// The queries, in the order in which they were asked.
    pub queries: Vec<QueryRecord>,
    /// Positions of the premises that the decision needs, ascending; for
    /// contradictory premises, those that clash.
    pub because: Vec<u32>,
    /// Where models were asked for, and can be told apart by finitely many
    /// values: how many there are.
    pub solutions: Option<Solutions>,
    /// What else is to be said: a decision that holds under the other
    /// semantics, where it differs; or why something is left open.
    pub note: Option<String>,
    /// Where the time went.
    pub times: Times,
    /// What was done, a line a step.
    pub trace: Vec<String>,
}

impl Answer {
    /// For contradictory premises, whether each of those that clash is needed:
    /// without any one of them the others have a model, which is among the
    /// queries.
    pub fn clash_is_minimal(&self) -> bool {
        let needed = |premise: &u32| {
            self.queries.iter().any(|q| {
                let others = self.because.iter().filter(|p| *p != premise);
                q.role == Role::Without(*premise)
                    && q.verdict() == Verdict::Sat
                    && q.receipt.is_some()
                    && others.into_iter().all(|p| q.query.premises.contains(p))
            })
        };
        self.decision == Decision::ContradictoryPremises
            && !self.because.is_empty()
            && self.because.iter().all(needed)
    }

    /// Whether something was decided.
    pub fn is_decided(&self) -> bool {
        self.decision != Decision::Unknown
    }
}
