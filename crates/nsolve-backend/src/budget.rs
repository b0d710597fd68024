use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::StopReason;

/// What a query may cost. `None` is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// Wall time.
    pub time: Option<Duration>,
    /// Memory in bytes.
    pub memory: Option<u64>,
    /// Deterministic steps, in the backend's own unit (Z3: `rlimit`; ground:
    /// propositional conflicts and instances).
    pub steps: Option<u64>,
}

/// A flag that stops whoever watches it. Clones share the flag.
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// A token that is not cancelled.
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops all that watch this token.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether [`CancelToken::cancel`] was called.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What a backend is told besides the problem: limits, and when the clock
/// started.
#[derive(Clone, Debug)]
pub struct SolveCx {
    /// The limits of this query.
    pub budget: Budget,
    /// Stops the query from outside.
    pub cancel: CancelToken,
    /// For whatever a backend does at random.
    pub seed: u64,
    started: Instant,
}

impl SolveCx {
    /// A context whose clock starts now.
    pub fn new(budget: Budget) -> Self {
        SolveCx {
            budget,
            cancel: CancelToken::new(),
            seed: 0,
            started: Instant::now(),
        }
    }

    /// The same with a token that may be cancelled elsewhere.
    #[must_use]
    pub fn with_cancel(mut self, cancel: CancelToken) -> Self {
        self.cancel = cancel;
        self
    }

    /// The same with a seed.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// When the time is over.
    pub fn deadline(&self) -> Option<Instant> {
        self.budget.time.map(|t| self.started + t)
    }

    /// How much time is left; `None` is no limit.
    pub fn remaining(&self) -> Option<Duration> {
        self.budget
            .time
            .map(|t| t.saturating_sub(self.started.elapsed()))
    }

    /// Why to stop now, if there is a reason. Cheap enough for an inner loop
    /// that does some microseconds of work a turn.
    pub fn stop(&self) -> Option<StopReason> {
        if self.cancel.is_cancelled() {
            return Some(StopReason::Cancelled);
        }
        match self.remaining() {
            Some(left) if left.is_zero() => Some(StopReason::Time),
            _ => None,
        }
    }
}

impl Default for SolveCx {
    fn default() -> Self {
        Self::new(Budget::default())
    }
}
