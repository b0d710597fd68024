use nsolve_backend::{Outcome, StopReason, Verdict};
use nsolve_check::{ProgramReceipt, Refusal};
use nsolve_il::program::{Certificate, Goal, Program, Query, Row, StableModel};

use crate::answer::{Assurance, Times};

/// What was asked of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProgramDecision {
    /// A goal without variables: it holds in every model.
    True,
    /// A goal without variables: it holds in no model; in an open world, its
    /// stated negation is derived.
    False,
    /// A goal without variables: it holds in some models and fails in others;
    /// in an open world, neither it nor its stated negation is derived.
    Uncertain,
    /// An open world: both the goal and its stated negation are derived.
    Contradictory,
    /// A goal with variables: the instances that hold in every model. There is
    /// at least one.
    Bindings,
    /// A goal with variables: no instance holds in every model.
    NoBindings,
    /// Models, at least one.
    Models,
    /// Models of the lowest cost, at least one.
    Optimum,
    /// There is no model.
    NoModel,
    /// Not decided.
    Unknown,
}

impl ProgramDecision {
    /// The decision in a word or two, such as `no-model`.
    pub fn as_str(self) -> &'static str {
        match self {
            ProgramDecision::True => "true",
            ProgramDecision::False => "false",
            ProgramDecision::Uncertain => "uncertain",
            ProgramDecision::Contradictory => "contradictory",
            ProgramDecision::Bindings => "bindings",
            ProgramDecision::NoBindings => "no-bindings",
            ProgramDecision::Models => "models",
            ProgramDecision::Optimum => "optimum",
            ProgramDecision::NoModel => "no-model",
            ProgramDecision::Unknown => "unknown",
        }
    }
}

/// What a query about a program is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProgramRole {
    /// The goal's instances.
    Goal,
    /// The instances of the goal's stated negation.
    Denial,
    /// Models of the program.
    Models,
    /// Models in which some instance that is so far in all of them fails.
    Counterexample,
    /// Models in which the goal holds.
    Example,
}

impl ProgramRole {
    /// All roles.
    pub const ALL: [ProgramRole; 5] = [
        ProgramRole::Goal,
        ProgramRole::Denial,
        ProgramRole::Models,
        ProgramRole::Counterexample,
        ProgramRole::Example,
    ];

    /// A stable name, such as `goal`.
    pub fn name(self) -> &'static str {
        match self {
            ProgramRole::Goal => "goal",
            ProgramRole::Denial => "denial",
            ProgramRole::Models => "models",
            ProgramRole::Counterexample => "counterexample",
            ProgramRole::Example => "example",
        }
    }
}

/// One query with what became of it.
#[derive(Clone, Debug)]
pub struct ProgramRecord {
    /// What the query is for.
    pub role: ProgramRole,
    /// The query.
    pub query: Query,
    /// The best outcome.
    pub outcome: Outcome<Program>,
    /// Who found it.
    pub backend: &'static str,
    /// Who else agrees.
    pub seconded_by: Option<&'static str>,
    /// The checker's receipt, if it accepted the evidence.
    pub receipt: Option<ProgramReceipt>,
    /// Why it did not, if there was evidence to look at.
    pub refusal: Option<Refusal>,
}

impl ProgramRecord {
    /// The verdict, if the query is decided.
    pub fn verdict(&self) -> Verdict {
        self.outcome.verdict
    }

    /// How far the verdict can be trusted.
    pub fn assurance(&self) -> Assurance {
        self.trust(self.receipt.is_some())
    }

    /// How far it can be trusted that there is nothing else: no other instance,
    /// no other model. `None` where that is not even claimed.
    pub fn exhaustive(&self) -> Option<Assurance> {
        use nsolve_backend::Evidence;
        use nsolve_il::program::Witness;
        let claimed = match &self.outcome.evidence {
            Evidence::Model(Witness::Models(answers)) => answers.complete,
            Evidence::Model(Witness::Instances(bindings)) => bindings.complete,
            Evidence::Model(Witness::Rows(rows)) => rows.complete,
            _ => return (self.verdict() == Verdict::Unsat).then(|| self.assurance()),
        };
        let shown = self.receipt.as_ref().is_some_and(ProgramReceipt::shows_all);
        claimed.then(|| self.trust(shown))
    }

    fn trust(&self, verified: bool) -> Assurance {
        if verified {
            Assurance::Verified
        } else if self.seconded_by.is_some() {
            Assurance::CrossChecked
        } else {
            Assurance::Claimed
        }
    }

    /// The models that came with it.
    pub fn models(&self) -> &[StableModel] {
        use nsolve_backend::Evidence;
        use nsolve_il::program::Witness;
        match &self.outcome.evidence {
            Evidence::Model(Witness::Models(answers)) => &answers.models,
            _ => &[],
        }
    }

    /// The certificate that came with it.
    pub fn certificate(&self) -> Option<&Certificate> {
        match &self.outcome.evidence {
            nsolve_backend::Evidence::Certificate(certificate) => Some(certificate),
            _ => None,
        }
    }
}

/// A checked answer about a program.
#[derive(Clone, Debug)]
pub struct ProgramAnswer {
    /// What was asked for.
    pub decision: ProgramDecision,
    /// The goal that was asked, if one was.
    pub goal: Option<Goal>,
    /// For [`ProgramDecision::Bindings`]: the instances, different from each
    /// other in the goal's named variables.
    pub rows: Vec<Row>,
    /// Why the work stopped.
    pub stop: StopReason,
    /// How far what is told can be trusted.
    pub assurance: Assurance,
    /// How far it can be trusted that there is nothing else to tell: no other
    /// binding, no other model, none that costs less. `None` where that is not
    /// claimed.
    pub exhaustive: Option<Assurance>,
    /// The queries, in the order in which they were asked.
    pub records: Vec<ProgramRecord>,
    /// Where the time went.
    pub times: Times,
    /// What was done, a line a step.
    pub trace: Vec<String>,
}

impl ProgramAnswer {
    /// Whether something was decided.
    pub fn is_decided(&self) -> bool {
        self.decision != ProgramDecision::Unknown
    }

    /// The models that answer a program without a goal.
    pub fn models(&self) -> &[StableModel] {
        let found = self.records.iter().find(|r| r.role == ProgramRole::Models);
        found.map_or(&[], ProgramRecord::models)
    }
}
