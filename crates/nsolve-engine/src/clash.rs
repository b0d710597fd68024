//! Of premises that clash, those that are needed for it.

use std::time::Duration;

use nsolve_backend::Verdict;
use nsolve_il::fol::{Item, Query};

use crate::answer::{QueryRecord, Role};
use crate::error::SolveError;
use crate::evidence::Run;

/// How many premises may clash for each of them to be left out once.
const MOST: usize = 60;
/// How long one attempt, and all of them, may take.
const ATTEMPT: Duration = Duration::from_millis(250);
const ALL: Duration = Duration::from_secs(2);

/// Where the premises alone contradict each other, leaves out one after the
/// other of those that clash: either the others still clash, or they have a
/// model, which shows that this one is needed.
pub(crate) fn minimize(
    run: &mut Run<'_>,
    mut records: Vec<QueryRecord>,
) -> Result<Vec<QueryRecord>, SolveError> {
    let clash = |r: &QueryRecord| r.role == Role::PremisesAlone && r.verdict() == Verdict::Unsat;
    let Some(at) = records.iter().position(clash) else {
        return Ok(records);
    };
    let Some(first) = records.get(at).cloned() else {
        return Ok(records);
    };
    let whole_budget = run.budget;
    let began = run.started.elapsed();
    let end = began + run.remaining().map_or(ALL, |left| ALL.min(left / 2));
    let found = attempts(run, first, end);
    run.budget = whole_budget;
    let (smallest, shown) = found?;
    if let Some(slot) = records.get_mut(at) {
        *slot = smallest;
    }
    records.extend(shown);
    Ok(records)
}

fn attempts(
    run: &mut Run<'_>,
    mut smallest: QueryRecord,
    end: Duration,
) -> Result<(QueryRecord, Vec<QueryRecord>), SolveError> {
    let mut core = premises(&smallest);
    let mut shown: Vec<QueryRecord> = Vec::new();
    let mut next = 0;
    while let Some(&premise) = core.get(next).filter(|_| core.len() <= MOST) {
        let now = run.started.elapsed();
        if now >= end {
            break;
        }
        run.budget.time = Some((now + ATTEMPT).min(end));
        let others: Vec<u32> = core.iter().copied().filter(|&p| p != premise).collect();
        let query = Query {
            premises: others,
            goals: Vec::new(),
        };
        let mut record = run.answer(Role::Without(premise), query)?;
        match record.verdict() {
            Verdict::Unsat => {
                core = premises(&record);
                record.role = Role::PremisesAlone;
                smallest = record;
                // Those before stay needed, and keep their places.
                next = core.iter().take_while(|&&p| p < premise).count();
            }
            Verdict::Sat => {
                shown.push(record);
                next += 1;
            }
            _ => next += 1,
        }
    }
    shown.retain(|r| core.iter().any(|&p| r.role == Role::Without(p)));
    Ok((smallest, shown))
}

/// Positions of the premises that a contradiction needs, ascending; all of its
/// query's where nothing says which.
fn premises(record: &QueryRecord) -> Vec<u32> {
    if record.core().is_empty() {
        return record.query.premises.clone();
    }
    let items = record.core().iter();
    let mut out: Vec<u32> = items
        .filter_map(|item| match item {
            Item::Premise(i) => Some(*i),
            Item::Goal(_) => None,
        })
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}
