//! Whether a program has stable models beyond those that are told.

mod circles;
mod formula;
mod ground;
pub(super) mod possible;
pub(super) mod resolution;
mod search;

use std::cmp::Ordering;
use std::collections::BTreeSet;

use nsolve_il::program::Meaning;
use rustc_hash::FxHashSet;

use super::ProgramFault;
use super::atoms::AtomId;
use super::models;
use super::replay::Checker;
use crate::{Refusal, spend};
use circles::circles;
use ground::Ground;
use search::Search;

/// Which models are sought.
#[derive(Clone, Copy)]
pub(super) enum Sought<'c> {
    /// All.
    Any,
    /// Those that cost as much at most: by level, highest first.
    AtMost(&'c [(i64, i64)]),
    /// Those that cost less.
    Below(&'c [(i64, i64)]),
}

impl Sought<'_> {
    /// What it means that there is a model that is not told and costs this.
    fn another(self, cost: &[(i64, i64)]) -> Result<bool, Refusal> {
        let fault = match self {
            Sought::Any => ProgramFault::Another,
            Sought::AtMost(most) => match compare(cost, most) {
                Ordering::Less => ProgramFault::Cheaper,
                Ordering::Equal => ProgramFault::Another,
                // It should not have been met.
                Ordering::Greater => return Ok(false),
            },
            Sought::Below(most) => match compare(cost, most) {
                Ordering::Less => ProgramFault::Cheaper,
                _ => return Ok(false),
            },
        };
        Err(Refusal::Program(fault))
    }
}

/// Compares costs by level, highest first, without levels of no cost.
fn compare(a: &[(i64, i64)], b: &[(i64, i64)]) -> Ordering {
    let levels: BTreeSet<i64> = a.iter().chain(b).map(|(level, _)| *level).collect();
    let of = |costs: &[(i64, i64)], level| {
        let here = costs.iter().find(|(l, _)| *l == level);
        here.map_or(0, |(_, cost)| *cost)
    };
    let mut order = levels.into_iter().rev().map(|l| of(a, l).cmp(&of(b, l)));
    order.find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
}

/// Searches for all stable models that are sought. Tells whether they are those
/// told, each as its atoms in ascending order; false where the search came to no
/// end, within so many steps or at all.
///
/// # Errors
/// Where there is another one.
pub(super) fn only(
    checker: &mut Checker<'_>,
    sought: Sought<'_>,
    told: &FxHashSet<Vec<AtomId>>,
    steps: u64,
) -> Result<bool, Refusal> {
    // An open world has one model.
    if checker.problem.meaning == Meaning::OpenWorld {
        return Ok(false);
    }
    checker.world.steps = steps;
    let found = all_told(checker, sought, told);
    checker.world.open.clear();
    match found {
        Err(refusal) if !refusal.is_failure() => Ok(false),
        found => found,
    }
}

fn all_told(
    checker: &mut Checker<'_>,
    sought: Sought<'_>,
    told: &FxHashSet<Vec<AtomId>>,
) -> Result<bool, Refusal> {
    possible::find(checker, None)?;
    let mut ground = Ground::new(checker)?;
    match sought {
        Sought::Any => {}
        Sought::AtMost(cost) => ground.bound(&mut checker.world, cost, true)?,
        Sought::Below(cost) => ground.bound(&mut checker.world, cost, false)?,
    }
    let Ground { formula, atoms, .. } = ground;
    let world = &mut checker.world;
    let size = formula.clauses.len() + formula.supports.len() + formula.variables;
    spend(&mut world.steps, size as u64)?;
    let members = world.set.members().iter().copied();
    let open: FxHashSet<AtomId> = atoms.iter().map(|(a, _)| *a).collect();
    let settled: Vec<AtomId> = members.filter(|a| !open.contains(a)).collect();
    let circles = circles(formula.variables, &formula.supports);
    let mut search = Search::new(formula, circles);
    world.open.clear();
    let mut met = 0;
    while search.next(&mut checker.world.steps)? {
        let chosen = atoms
            .iter()
            .filter(|(_, lit)| search.value(*lit) == Some(true));
        let mut model = settled.clone();
        model.extend(chosen.map(|(atom, _)| *atom));
        model.sort_unstable();
        spend(&mut checker.world.steps, model.len() as u64)?;
        if told.contains(&model) {
            met += 1;
        } else if let Some(cost) = models::cost_of_stable(checker, &model)? {
            return sought.another(&cost);
        }
        search.exclude();
    }
    // What is told are models; a search that misses one is not to be trusted.
    Ok(match sought {
        Sought::Below(_) => met == 0,
        _ => met == told.len(),
    })
}
