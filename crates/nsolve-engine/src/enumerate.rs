//! Models one after the other: each query excludes the models found before, as
//! far as the symbols go that the premises mention.

use std::sync::Arc;
use std::time::Duration;

use nsolve_backend::{Evidence, Verdict};
use nsolve_bridge::{describe, listable};
use nsolve_il::fol::{Goal, Model, Problem, Query, Semantics, SymbolId};

use crate::answer::{Assurance, QueryRecord, Role, Solutions};
use crate::error::SolveError;
use crate::evidence::Run;

/// How long another model may be looked for where one was asked for, besides
/// ten times as long as the first took.
const UNASKED: Duration = Duration::from_secs(1);

/// Asks for a model, and for others until there are `most`, or it is shown that
/// there is none left. Also gives the reason where the models cannot be told
/// apart.
pub(crate) fn models(
    run: &mut Run<'_>,
    semantics: Semantics,
    most: usize,
) -> Result<(Vec<QueryRecord>, Option<String>), SolveError> {
    let query = Query::premises_of(&run.problem);
    let mut records = vec![run.answer(Role::PremisesAlone, query)?];
    // Under the semantics of rules one model says all that can be derived.
    let asked = most > 1 && semantics == Semantics::Classical;
    if !asked || records.iter().any(|r| model(r).is_none()) {
        return Ok((records, None));
    }
    let symbols = match listable(&run.problem) {
        Ok(symbols) => symbols,
        Err(why) => {
            let note = format!("whether there are other models was not asked: {why}");
            return Ok((records, (most > 2).then_some(note)));
        }
    };
    let whole_budget = run.budget;
    if most == 2 {
        // That nobody asked whether it is the only one must not take long.
        let far = run.started.elapsed() * 11 + UNASKED;
        run.budget.time = Some(run.budget.time.map_or(far, |time| time.min(far)));
    }
    while records.len() < most {
        let Some((problem, query)) = excluding(&run.problem, &symbols, &records) else {
            break;
        };
        run.problem = problem;
        let record = run.answer(Role::AnotherModel(records.len()), query)?;
        let found = model(&record).is_some();
        records.push(record);
        if !found {
            break;
        }
    }
    run.budget = whole_budget;
    // The longest problem has the goals of all queries.
    for record in &mut records {
        record.problem = run.problem.clone();
    }
    Ok((records, None))
}

/// The query for a model other than those of the records. The problem may have
/// the descriptions of all but the last already: equal formulas are one.
pub(crate) fn excluding(
    problem: &Arc<Problem>,
    symbols: &[SymbolId],
    records: &[QueryRecord],
) -> Option<(Arc<Problem>, Query)> {
    let mut query = match records.split_last() {
        Some((last, [])) => Query {
            goals: Vec::new(),
            ..last.query.clone()
        },
        Some((last, _)) => last.query.clone(),
        None => return None,
    };
    let last = records.last().and_then(model)?;
    let (longer, formula) = describe(problem, last, symbols).ok()?;
    query.goals.push(Goal {
        formula,
        holds: false,
    });
    Some((Arc::new(longer), query))
}

/// The model that a record found, if the checker accepted it.
pub(crate) fn model(record: &QueryRecord) -> Option<&Model> {
    match &record.outcome.evidence {
        Evidence::Model(model) if record.receipt.is_some() => Some(model),
        _ => None,
    }
}

/// What the queries for other models say together; `None` where none was asked.
pub(crate) fn solutions(records: &[QueryRecord]) -> Option<Solutions> {
    let asked = |r: &&QueryRecord| matches!(r.role, Role::PremisesAlone | Role::AnotherModel(_));
    let series: Vec<&QueryRecord> = records.iter().filter(asked).collect();
    let [_, .., last] = series.as_slice() else {
        return None;
    };
    // Only what is excluded by the last query counts.
    let numbered = |(position, record): (usize, &&QueryRecord)| match record.role {
        Role::PremisesAlone => position == 0,
        Role::AnotherModel(found) => position == found,
        _ => false,
    };
    if !series.iter().enumerate().all(numbered) {
        return None;
    }
    let decided = series.iter().filter(|r| r.verdict() != Verdict::Unknown);
    Some(Solutions {
        found: series.iter().filter(|r| model(r).is_some()).count(),
        complete: last.verdict() == Verdict::Unsat,
        assurance: decided
            .map(|r| r.assurance())
            .min()
            .unwrap_or(Assurance::Claimed),
    })
}
