//! What tests of answers share.

use std::sync::Arc;

use nsolve_backend::Budget;
use nsolve_backend_ground::Ground;
use nsolve_engine::{Backends, SolveOptions};

/// The backend `ground` with so many steps.
pub(crate) fn ground(steps: Option<u64>) -> SolveOptions {
    SolveOptions {
        backends: Backends {
            deciders: vec![Arc::new(Ground)],
            ..Backends::default()
        },
        limits: Budget {
            steps,
            ..Budget::default()
        },
        cancel: Default::default(),
        seed: 0,
        models: 1,
    }
}
