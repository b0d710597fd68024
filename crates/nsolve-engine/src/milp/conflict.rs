//! The smallest set of rows and bounds that clash.
//!
//! A proof that there is no point names the rows and bounds it uses: these
//! alone clash. Then each is left out in turn (the deletion filter of Chinneck
//! and Dravnieks 1991): if the rest has a point, which is checked exactly, the
//! member is needed; if it has none, the new proof names fewer.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nsolve_backend::{Backend, Budget, Evidence, Outcome, SolveCx, StopReason, Verdict};
use nsolve_check::{Limits, check_milp, check_milp_point};
use nsolve_il::milp::{Certificate, Column, Family, Item, Milp, Problem, Query, Rows};

use super::answer::{Conflict, Member};
use crate::answer::Assurance;

/// Finds rows, bounds and conditions of a problem without a point that clash.
///
/// `problem` is without logic; members are parts of its source problem. Where
/// no proof is at hand (the evidence of an infeasible problem), the whole problem
/// is what clashes, as far as the backend can be believed. `None` where not even
/// one query could be made.
pub fn conflict(
    problem: &Problem,
    evidence: &Evidence<Milp>,
    backend: &dyn Backend<Milp>,
    time: Duration,
    cx: &SolveCx,
) -> Option<Conflict> {
    let mut filter = Filter {
        problem,
        backend,
        until: Instant::now() + time,
        cx,
    };
    let (mut members, mut clash) = match evidence {
        Evidence::Certificate(certificate) => match filter.core(problem, certificate) {
            Some(core) => (core, Assurance::Verified),
            None => (filter.everything(), Assurance::Claimed),
        },
        _ => (filter.everything(), Assurance::Claimed),
    };
    let mut needed: BTreeSet<Item> = BTreeSet::new();
    // Rows before bounds: whoever reads it knows rows better.
    let mut candidates: Vec<Item> = members.iter().copied().collect();
    candidates.reverse();
    for candidate in candidates {
        if !members.contains(&candidate) {
            continue;
        }
        let mut rest = members.clone();
        rest.remove(&candidate);
        match filter.decide(&rest) {
            Found::Point => {
                needed.insert(candidate);
            }
            Found::Core(core) => {
                members = core;
                clash = Assurance::Verified;
            }
            Found::Claimed => {
                members = rest;
                clash = Assurance::Claimed;
            }
            Found::Nothing => {}
        }
    }
    let members = members
        .into_iter()
        .map(|item| Member {
            item,
            needed: needed.contains(&item),
        })
        .collect();
    Some(Conflict { members, clash })
}

enum Found {
    /// There is a point, checked.
    Point,
    /// These clash, shown.
    Core(BTreeSet<Item>),
    /// The backend says that they clash.
    Claimed,
    Nothing,
}

struct Filter<'a> {
    problem: &'a Problem,
    backend: &'a dyn Backend<Milp>,
    until: Instant,
    cx: &'a SolveCx,
}

impl Filter<'_> {
    /// All rows and bounds, as parts of the source problem.
    fn everything(&self) -> BTreeSet<Item> {
        let mut all = BTreeSet::new();
        for row in 0..self.problem.rows.len() as u32 {
            all.insert(self.problem.source_item(Item::Row(row)));
        }
        for (id, column) in (0..).zip(&self.problem.columns) {
            if self.is_fixed_part(id, column) {
                continue;
            }
            if column.lower.is_some() {
                all.insert(Item::Lower(id));
            }
            if column.upper.is_some() {
                all.insert(Item::Upper(id));
            }
        }
        all
    }

    /// Whether a column's bounds are part of what it is: binaries, helpers,
    /// semicontinuous columns.
    fn is_fixed_part(&self, id: u32, column: &Column) -> bool {
        let helper = self
            .problem
            .column_family(id)
            .is_some_and(|family: &Family| family.helps.is_some());
        helper || column.is_binary() || column.domain.is_semi()
    }

    /// What a proof about a problem uses, as parts of the source problem.
    fn core(&self, problem: &Problem, certificate: &Certificate) -> Option<BTreeSet<Item>> {
        let outcome = Outcome {
            verdict: Verdict::Infeasible,
            stop: StopReason::Completed,
            evidence: Evidence::Certificate(certificate.clone()),
        };
        let receipt = check_milp(problem, &Query::default(), &outcome, &Limits::default()).ok()?;
        Some(
            receipt
                .core()
                .iter()
                .filter(|item| match item {
                    Item::Lower(c) | Item::Upper(c) => !self.is_fixed_part(*c, problem.column(*c)),
                    Item::Domain(_) => false,
                    _ => true,
                })
                .map(|item| self.problem.source_item(*item))
                .collect(),
        )
    }

    /// The problem with these parts only. Rows keep their positions.
    fn only(&self, members: &BTreeSet<Item>) -> Problem {
        let mut reduced = self.problem.clone();
        reduced.objectives.clear();
        let mut rows = Rows::clone(&reduced.rows);
        for row in 0..rows.len() as u32 {
            if !members.contains(&self.problem.source_item(Item::Row(row))) {
                rows.set_bounds(row, None, None);
            }
        }
        reduced.rows = rows;
        for (id, column) in (0..).zip(&mut reduced.columns) {
            if self.is_fixed_part(id, column) {
                continue;
            }
            if !members.contains(&Item::Lower(id)) {
                column.lower = None;
            }
            if !members.contains(&Item::Upper(id)) {
                column.upper = None;
            }
        }
        reduced
    }

    fn decide(&mut self, members: &BTreeSet<Item>) -> Found {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() || self.cx.cancel.is_cancelled() {
            return Found::Nothing;
        }
        let reduced = Arc::new(self.only(members));
        let cx = SolveCx::new(Budget {
            time: Some(left),
            ..self.cx.budget
        })
        .with_cancel(self.cx.cancel.clone());
        let Ok(outcome) = self.backend.solve(&reduced, &Query::default(), &cx) else {
            return Found::Nothing;
        };
        match (outcome.verdict, &outcome.evidence) {
            (Verdict::Optimal | Verdict::Feasible, Evidence::Model(solution)) => {
                let limits = Limits::default();
                match check_milp_point(&reduced, false, &solution.point, &limits) {
                    Ok(()) => Found::Point,
                    Err(_) => Found::Nothing,
                }
            }
            (Verdict::Infeasible, Evidence::Certificate(certificate)) => {
                match self.core(&reduced, certificate) {
                    Some(core) => Found::Core(core),
                    None => Found::Claimed,
                }
            }
            (Verdict::Infeasible, _) => Found::Claimed,
            _ => Found::Nothing,
        }
    }
}
