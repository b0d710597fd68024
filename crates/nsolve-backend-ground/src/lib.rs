//! `ground`: nsolve's own solver for first-order logic.
//!
//! It works on *closed subformulas*: ground atoms and quantified subformulas
//! whose free variables stand for ground terms are propositional variables.
//! A candidate model of the propositions so far is looked at as a finite
//! structure; where a general statement that it relies on fails, that case is
//! added, and where a statement of existence has no witness, a new constant is.
//! Either the cases contradict each other, or nothing is left to add and the
//! structure is a model. Equality is handled the same way: a candidate that
//! does not respect it is answered with the congruence that it breaks.
//!
//! So are numbers: an exact simplex gives the candidate's numeric terms values
//! or names comparisons that do not hold together; integers are split until
//! they are whole. Products of unknowns are looked at where their factors have
//! values, and a query with quantifiers over numbers is only ever refuted.
//!
//! Where terms of ever higher generation are asked for, a search for models of
//! small sizes, with quantifiers written out, takes turns with it.
//!
//! Nothing here is trusted: `Unsat` comes with a certificate and `Sat` with a
//! model, and both are checked elsewhere. The answer is the same for the same
//! query and seed as long as no clock ends it.

mod arithmetic;
mod blocks;
mod bounded;
mod certificate;
mod clauses;
mod congruence;
mod finite;
mod grounding;
mod number;
mod refute;
mod rows;
mod sat;
mod simplex;
mod store;
mod structure;
mod view;

use std::sync::Arc;

use nsolve_backend::{Backend, BackendError, Descriptor, Outcome, SolveCx, StopReason};
use nsolve_il::fol::{Features, Fol, Problem, Query};

use blocks::Blocks;
use finite::Found;
use refute::{Refutation, Status};

/// How far one turn goes.
struct Turn {
    /// The highest generation of terms.
    generation: u32,
    /// Whether witnesses are made even where there seem to be some.
    eager: bool,
    /// How many cases may be added once there is no end in sight.
    cases: usize,
    /// The largest size of models.
    size: u32,
    /// How many conflicts the search for models of a size may take.
    conflicts: u64,
}

const fn turn(generation: u32, eager: bool, cases: usize, size: u32, conflicts: u64) -> Turn {
    Turn {
        generation,
        eager,
        cases,
        size,
        conflicts,
    }
}

/// From easy to hard; refutations and models take turns.
const TURNS: [Turn; 8] = [
    turn(1, false, 1_000, 2, 2_000),
    turn(1, true, 1_000, 3, 2_000),
    turn(2, false, 2_000, 4, 5_000),
    turn(2, true, 2_000, 5, 5_000),
    turn(3, false, 4_000, 8, 10_000),
    turn(3, true, 4_000, 8, 10_000),
    turn(4, true, 4_000, 10, 5_000),
    turn(6, false, 2_000, 12, 5_000),
];

/// The backend `ground`.
///
/// It decides every query whose quantifiers only ever talk about finitely many
/// ground terms, and finds finite models and refutations elsewhere as far as
/// its own limits go.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ground;

impl Ground {
    const NAME: &'static str = "ground";
}

impl Backend<Fol> for Ground {
    fn descriptor(&self) -> Descriptor {
        Descriptor {
            name: Self::NAME,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            about: "instances of the premises and a SAT solver; certificates and finite models",
        }
    }

    fn supported(&self) -> Features {
        Features::SORTS
            | Features::ENUMERATED
            | Features::FUNCTIONS
            | Features::EQUALITY
            | Features::COUNTING
            | Features::INTEGERS
            | Features::REALS
            | Features::NONLINEAR
            | Features::NUMERIC_QUANTIFIERS
    }

    fn solve(
        &self,
        problem: &Arc<Problem>,
        query: &Query,
        cx: &SolveCx,
    ) -> Result<Outcome<Fol>, BackendError> {
        // Nothing that a problem may need is refused; it may stay undecided.
        let blocks = Blocks::compile(problem, query);
        Ok(decide(problem, query, blocks, cx))
    }
}

fn decide(problem: &Problem, query: &Query, blocks: Blocks, cx: &SolveCx) -> Outcome<Fol> {
    let mut refutation = Refutation::new(problem, query, blocks, cx);
    let mut sizes = 1;
    for turn in &TURNS {
        match refutation.run(turn.generation, turn.eager, turn.cases) {
            Status::Unsat => {
                return match certificate::certify(&refutation.grounding, cx) {
                    Some(certificate) => Outcome::unsat(certificate),
                    None => Outcome::unknown(StopReason::Incomplete(
                        "whole quotients and remainders are not refuted".to_owned(),
                    )),
                };
            }
            Status::Model => {
                return Outcome::sat(structure::model(&refutation.grounding, &refutation.view));
            }
            Status::Stopped(reason) => return Outcome::unknown(reason),
            Status::Blocked => {}
        }
        let blocks = &refutation.grounding.blocks;
        if blocks.numeric {
            continue;
        }
        while sizes <= turn.size {
            match finite::find(problem, query, blocks, sizes, turn.conflicts, cx) {
                Found::Model(model) => return Outcome::sat(model),
                Found::Stopped(reason) => return Outcome::unknown(reason),
                Found::None => sizes += 1,
                Found::TooHard => break,
            }
        }
    }
    let [.., Turn { generation, .. }] = &TURNS;
    Outcome::unknown(StopReason::Incomplete(format!(
        "no refutation found with terms up to {generation} steps away from those of the text, and \
         no model with at most {} things of a sort",
        sizes - 1
    )))
}
