//! What all parts of a query share: values, relations, limits.

use nsolve_backend::{SolveCx, StopReason};
use nsolve_il::program::MAX_DEPTH;

use crate::intern::Values;
use crate::relation::Relation;

/// How many bytes a query may take where its budget does not say.
const DEFAULT_MEMORY: u64 = 4 << 30;

/// How many turns of an inner loop pass between two looks at the clock.
const TURNS: u32 = 4096;

/// Values, relations by predicate, and limits.
pub(crate) struct World {
    pub(crate) values: Values,
    pub(crate) relations: Vec<Relation>,
    pub(crate) cx: SolveCx,
    memory: u64,
    steps: u64,
    turns: u32,
    /// Bytes that are kept outside of here.
    pub(crate) elsewhere: u64,
    /// Why everything must stop, once there is a reason.
    pub(crate) stop: Option<StopReason>,
}

impl World {
    /// Nothing yet. No value will be deeper than `depth`.
    pub(crate) fn new(depth: u32, arities: impl Iterator<Item = usize>, cx: &SolveCx) -> Self {
        World {
            // Values are taken apart and printed by recursion elsewhere.
            values: Values::new(depth.min(MAX_DEPTH)),
            relations: arities.map(Relation::new).collect(),
            cx: cx.clone(),
            memory: cx.budget.memory.unwrap_or(DEFAULT_MEMORY),
            steps: 0,
            turns: 0,
            elsewhere: 0,
            stop: None,
        }
    }

    /// Counts instances of rules.
    #[inline]
    pub(crate) fn count_steps(&mut self, count: u32) {
        self.steps += u64::from(count);
        if self.cx.budget.steps.is_some_and(|most| self.steps > most) {
            self.stop.get_or_insert(StopReason::Steps);
        }
    }

    /// Counts a turn of an inner loop; whether to stop.
    #[inline]
    pub(crate) fn turn(&mut self) -> bool {
        self.turns += 1;
        // A look takes the longer, the more relations there are.
        if self.turns >= TURNS && self.turns as usize >= self.relations.len() {
            self.turns = 0;
            self.look();
        }
        self.stop.is_some()
    }

    /// Looks at the clock and at the memory.
    pub(crate) fn look(&mut self) {
        if self.stop.is_none() {
            self.stop = self.cx.stop();
        }
        let relations: u64 = self.relations.iter().map(Relation::bytes).sum();
        let full = self.relations.iter().any(Relation::is_full);
        if full || relations + self.values.bytes() + self.elsewhere > self.memory {
            self.stop.get_or_insert(StopReason::Memory);
        }
    }

    /// Stops where arithmetic did not fit.
    pub(crate) fn check_overflow(&mut self, rule: u32) {
        if self.values.overflow {
            self.stop.get_or_insert(StopReason::Incomplete(format!(
                "64-bit overflow in rule {rule}"
            )));
        }
    }

    /// The reason to stop, if there is one.
    pub(crate) fn go_on(&self) -> Result<(), StopReason> {
        match &self.stop {
            Some(reason) => Err(reason.clone()),
            None => Ok(()),
        }
    }
}
