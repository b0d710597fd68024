use std::sync::Arc;

use super::{GroundAtom, PredicateId, Value};

/// One instance of a rule that gives one atom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The atom that it gives.
    pub atom: GroundAtom,
    /// The rule's position.
    pub rule: u32,
    /// Which atom of the rule's disjunction, or which element of its choice;
    /// 0 for other heads.
    pub element: u32,
    /// What stands for each variable of the rule, by
    /// [`VarId`](super::VarId). `None` for variables that belong to an
    /// aggregate or to another element of a choice.
    pub binding: Arc<[Option<Value>]>,
}

/// Atoms with a reason for each.
///
/// Steps are in order: the positive atoms of a step's body (and of its choice
/// element's condition) are given by earlier steps. `not` and aggregates speak
/// of [`closed`](Derivation::closed) predicates only: for these, the steps give
/// *every* atom that holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Derivation {
    /// The steps; no atom is given twice.
    pub steps: Vec<Step>,
    /// Predicates for which the steps give all atoms there are, ascending.
    pub closed: Vec<PredicateId>,
}

impl Derivation {
    /// The atoms that the steps give, in their order.
    pub fn atoms(&self) -> impl Iterator<Item = &GroundAtom> {
        self.steps.iter().map(|step| &step.atom)
    }

    /// The step that gives an atom, by search.
    pub fn step_of(&self, atom: &GroundAtom) -> Option<usize> {
        self.steps.iter().position(|step| step.atom == *atom)
    }
}

/// A stable model, with a reason for each of its atoms. All predicates are
/// closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StableModel {
    /// The atoms of the model, each with a reason.
    pub derivation: Derivation,
    /// What the model costs, highest level first: `(level, cost)`. Levels of
    /// no cost may be left out.
    pub cost: Vec<(i64, i64)>,
}

/// Stable models, as many as were wanted or found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    /// Different models.
    pub models: Vec<StableModel>,
    /// Whether there are no others (where optimal ones were asked for: no
    /// others of that cost). No evidence comes with it: the checker searches.
    pub complete: bool,
    /// Whether no model costs less. No evidence comes with it: the checker
    /// searches, unless the program has one model.
    pub optimal: bool,
}

/// One instance of a goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What stands for each variable of the goal, by
    /// [`VarId`](super::VarId); `None` for variables that belong to an
    /// aggregate.
    pub binding: Vec<Option<Value>>,
}

/// Instances of a goal in a program that has one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bindings {
    /// Different instances.
    pub rows: Vec<Row>,
    /// Reasons for the goal's atoms.
    pub derivation: Derivation,
    /// Whether there are no other instances. Shown by the derivation where all
    /// predicates of the goal are closed, else a claim.
    pub complete: bool,
}

/// Stable models from a solver that gives no reasons: a claim, of which nothing
/// is shown until reasons are found for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BareModels {
    /// Different models, each as all of its atoms, ascending.
    pub models: Vec<Vec<GroundAtom>>,
    /// As in [`Answers`].
    pub complete: bool,
    /// As in [`Answers`].
    pub optimal: bool,
}

/// Instances of a goal from a solver that gives no reasons: a claim likewise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BareRows {
    /// Different instances.
    pub rows: Vec<Row>,
    /// As in [`Bindings`].
    pub complete: bool,
}

/// What a satisfiable query is shown with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Witness {
    /// With [`Query::Models`](super::Query::Models): at least one model.
    Models(Answers),
    /// With [`Query::Instances`](super::Query::Instances): at least one row.
    Instances(Bindings),
    /// With [`Query::Models`](super::Query::Models): at least one model without
    /// reasons, for others to find them. No evidence as it is.
    Atoms(BareModels),
    /// With [`Query::Instances`](super::Query::Instances): at least one row,
    /// likewise.
    Rows(BareRows),
}

/// What shows that a query is unsatisfiable, where that can be shown without a
/// search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// With [`Query::Models`](super::Query::Models): an integrity constraint
    /// (a rule, or behind the program's rules one of those that the query
    /// assumes) whose body holds in every model, because it rests on stratified
    /// rules without choices.
    Violated {
        /// Reasons for the body's atoms.
        derivation: Derivation,
        /// The rule's position; the number of rules and more for what the
        /// query assumes.
        rule: u32,
        /// What stands for each variable of the rule.
        binding: Arc<[Option<Value>]>,
    },
    /// With [`Query::Models`](super::Query::Models): an atom and its stated
    /// negation that hold in every model, likewise.
    Clash {
        /// Reasons for both.
        derivation: Derivation,
        /// The atom; the derivation gives its opposite too.
        atom: GroundAtom,
    },
    /// With [`Query::Instances`](super::Query::Instances): all there is, and
    /// the goal fails on it.
    NoInstance {
        /// The goal's predicates are closed.
        derivation: Derivation,
    },
}
