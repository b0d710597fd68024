//! The bridges there are, and the cheapest way along them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use nsolve_il::fol::{Features, Item, Model, Problem, SortError, features};

use crate::{CountingToQuantifiers, EnumeratedToAxioms, SortsToGuards};

/// How the lowered problem's answers relate to the original's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fidelity {
    /// Each is satisfiable if the other is.
    Equisatisfiable,
    /// Unsatisfiable carries back, satisfiable does not.
    Relaxation,
    /// Satisfiable carries back, unsatisfiable does not.
    Restriction,
}

/// A reformulation of first-order problems.
pub trait Bridge: Send + Sync {
    /// A few words, for traces.
    fn name(&self) -> &'static str;
    /// How answers carry back.
    fn fidelity(&self) -> Fidelity;
    /// What the lowered problem does not need any more.
    fn removes(&self) -> Features;
    /// What the problem must not need when it comes here: another bridge has to
    /// remove that first.
    fn refuses(&self) -> Features {
        Features::empty()
    }
    /// What it may need besides.
    fn adds(&self) -> Features;
    /// What it costs in size, for choosing among routes; 1 is a copy.
    fn cost(&self) -> u32;
    /// Reformulates a problem.
    ///
    /// # Errors
    /// Where the problem is beyond what the bridge can take apart.
    fn lower(&self, problem: &Problem) -> Result<Lowering, SortError>;
}

/// A lowered problem with its way back.
#[derive(Clone, Debug)]
pub struct Lowering {
    /// The lowered problem.
    pub problem: Problem,
    /// How its answers are read in the original.
    pub trace: Trace,
}

/// The way back over one bridge.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// For each premise of the lowered problem the premise it comes from;
    /// `None` for an axiom that the bridge added.
    pub premises: Vec<Option<u32>>,
    /// How a model comes back.
    pub(crate) model: ModelTrace,
}

/// What a bridge did to models.
#[derive(Clone, Debug, Default)]
pub(crate) enum ModelTrace {
    /// Sorts and symbols have kept their ids.
    #[default]
    Same,
    /// Enumerated sorts have become plain ones.
    Enumerated(crate::enumerated::ElementTrace),
    /// All plain sorts have become one, told apart by predicates.
    Guards(crate::guards::GuardTrace),
}

impl Trace {
    /// Items of the lowered problem as items of the original. Axioms of the
    /// bridge have no counterpart and fall away.
    pub fn lift_core(&self, core: &[Item]) -> Vec<Item> {
        let lift = |item: &Item| match item {
            Item::Premise(i) => {
                let original = self.premises.get(*i as usize).copied().flatten()?;
                Some(Item::Premise(original))
            }
            Item::Goal(i) => Some(Item::Goal(*i)),
        };
        let mut out: Vec<Item> = core.iter().filter_map(lift).collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    /// A model of the lowered problem as a model of the original; `None` where
    /// the model does not say enough.
    pub fn lift_model(&self, original: &Problem, model: &Model) -> Option<Model> {
        match &self.model {
            ModelTrace::Same => Some(model.clone()),
            ModelTrace::Enumerated(trace) => trace.lift(original, model),
            ModelTrace::Guards(trace) => trace.lift(original, model),
        }
    }
}

/// All bridges between fragments of first-order logic.
pub fn all() -> [&'static dyn Bridge; 3] {
    [&CountingToQuantifiers, &EnumeratedToAxioms, &SortsToGuards]
}

/// A chain of bridges.
#[derive(Clone, Default)]
pub struct Route(Vec<&'static dyn Bridge>);

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

impl Route {
    /// The bridges' names, in order.
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|b| b.name()).collect()
    }

    /// Whether no bridge is needed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes a problem over all bridges. The traces are in the order of the
    /// bridges; the way back goes through them in reverse.
    ///
    /// # Errors
    /// The first bridge's that fails.
    pub fn lower(&self, problem: &Problem) -> Result<(Problem, Vec<Lowering>), SortError> {
        let mut steps: Vec<Lowering> = Vec::new();
        for bridge in &self.0 {
            let current = steps.last().map_or(problem, |l| &l.problem);
            let next = bridge.lower(current)?;
            steps.push(next);
        }
        let last = steps.last().map_or(problem, |l| &l.problem).clone();
        Ok((last, steps))
    }
}

/// The cheapest chain of bridges from what a problem needs into what is
/// supported; `None` where there is none.
pub fn route(problem: &Problem, supported: Features) -> Option<Route> {
    shortest(features(problem), supported)
}

/// Dijkstra's algorithm over sets of features.
fn shortest(from: Features, supported: Features) -> Option<Route> {
    let mut queue = BinaryHeap::from([(Reverse(0u32), from.bits())]);
    let mut best: BTreeMap<u32, (u32, Vec<usize>)> = BTreeMap::from([(from.bits(), (0, vec![]))]);
    while let Some((Reverse(cost), bits)) = queue.pop() {
        let here = Features::from_bits_truncate(bits);
        let (known, path) = best.get(&bits).cloned()?;
        if cost > known {
            continue;
        }
        if supported.contains(here) {
            let bridges = all();
            let chain = path.iter().filter_map(|&i| bridges.get(i).copied());
            return Some(Route(chain.collect()));
        }
        for (i, bridge) in all().iter().enumerate() {
            if !here.intersects(bridge.removes()) || here.intersects(bridge.refuses()) {
                continue;
            }
            let next = (here.difference(bridge.removes()) | bridge.adds()).bits();
            let cost = known + bridge.cost();
            if best.get(&next).is_none_or(|(old, _)| cost < *old) {
                let mut path = path.clone();
                path.push(i);
                best.insert(next, (cost, path));
                queue.push((Reverse(cost), next));
            }
        }
    }
    None
}
