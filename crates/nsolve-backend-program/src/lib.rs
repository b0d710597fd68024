//! `program`: nsolve's own engine for logic programs.
//!
//! Rules that rest on nothing but stratified `not` and aggregates are evaluated
//! semi-naively, forwards, component by component; each row keeps its first
//! reason, so that a derivation of any atom can be read out. Where a goal binds
//! what the rules do not, magic sets steer the evaluation.
//!
//! What rests on choices, disjunctions or unstratified `not` is grounded over
//! the atoms that are possible at all, and becomes clauses: Clark's completion
//! with decision diagrams for sums. A SAT solver gives candidates; atoms of a
//! candidate that hold for no reason but each other are forbidden to do so, and
//! the search goes on. Each model is then derived forwards, which gives its
//! evidence.
//!
//! Nothing here is trusted: answers come with derivations, which are checked
//! elsewhere. The answer is the same for the same query and seed as long as no
//! clock ends it.

mod builtin;
mod certify;
mod circuit;
mod evaluate;
mod explore;
mod ground;
mod instances;
mod intern;
mod join;
mod magic;
mod models;
mod plan;
mod provenance;
mod relation;
mod search;
mod sum;
mod table;
mod unfounded;
mod world;

use std::sync::Arc;

use nsolve_backend::{Backend, BackendError, Descriptor, Outcome, SolveCx};
use nsolve_il::program::{Features, Problem, Program, Query, validate};

use models::Wanted;

pub use certify::certify;
pub use explore::{Evaluation, evaluate};

/// The backend `program`.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProgramBackend;

impl ProgramBackend {
    const NAME: &'static str = "program";
}

impl Backend<Program> for ProgramBackend {
    fn descriptor(&self) -> Descriptor {
        Descriptor {
            name: Self::NAME,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            about: "semi-naive evaluation with a reason for each atom; stable models by a SAT solver",
        }
    }

    fn supported(&self) -> Features {
        Features::all()
    }

    fn solve(
        &self,
        problem: &Arc<Problem>,
        query: &Query,
        cx: &SolveCx,
    ) -> Result<Outcome<Program>, BackendError> {
        match query {
            Query::Instances { goal, limit } => Ok(instances::solve(problem, goal, *limit, cx)),
            Query::Models {
                limit,
                optimal,
                assuming,
            } => {
                let problem = models::with_assumed(problem, assuming);
                validate(&problem).map_err(|fault| BackendError::Failed {
                    name: Self::NAME,
                    why: fault.to_string(),
                })?;
                let wanted = Wanted {
                    limit: *limit,
                    optimal: *optimal,
                };
                Ok(models::solve(&problem, wanted, cx))
            }
        }
    }
}
