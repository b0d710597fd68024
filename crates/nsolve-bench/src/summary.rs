use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::models::{Judges, is_same, judge};
use crate::{Ballot, DraftRecord, Item, Suite, vote};

/// The numbers of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Always `nsolve/bench`.
    pub format: String,
    /// The version of this shape.
    pub version: String,
    /// The suite's name.
    pub suite: String,
    /// How many items there are.
    pub items: usize,
    /// How many drafts.
    pub drafts: usize,
    /// Drafts of which a problem could be made.
    pub readable: usize,
    /// Drafts of which every item could be read.
    pub complete: usize,
    /// Drafts for which something was decided.
    pub answered: usize,
    /// Drafts whose answer is the gold answer.
    pub right: usize,
    /// Items whose vote by evidence is the gold answer.
    pub vote_right: usize,
    /// Items whose plain majority is the gold answer, for comparison.
    pub majority_right: usize,
    /// Optimisation models: right by each judge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judges: Option<Judges>,
    /// Answers that were verified.
    pub verified: usize,
    /// Answers that two backends agree on, but that are not verified.
    pub cross_checked: usize,
    /// Answers that were withheld since evidence failed its check.
    pub failed_checks: usize,
    /// Drafts that could be read but not decided.
    pub unknown: usize,
    /// Drafts whose premises contradict each other.
    pub contradictory: usize,
    /// The mean time a draft in milliseconds, twice the limit where undecided.
    pub par2_ms: f64,
    /// Wall time of the run in milliseconds.
    pub wall_ms: u64,
    /// Shares of the working time.
    pub time_share: TimeShare,
    /// Medians over readable drafts, in microseconds: nsolve's own work, and
    /// the backends'.
    pub median_us: TimeShare,
    /// How often each diagnostic code was given, by draft.
    pub codes: BTreeMap<String, usize>,
}

/// A number for nsolve's own work (reading, lowering, checking) and one for the
/// backends'.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimeShare {
    /// nsolve's own.
    pub nsolve: f64,
    /// The backends'.
    pub backend: f64,
}

/// Whether a record's answer is the item's gold answer.
pub fn is_right(item: &Item, record: &DraftRecord) -> bool {
    let pair = item.gold.as_deref().zip(record.answer.as_deref());
    pair.is_some_and(|(gold, answer)| is_same(gold, answer))
}

/// Compares a finished run with the gold answers. `limit` is the time limit a
/// draft had.
pub fn summarize(
    suite: &Suite,
    records: &[DraftRecord],
    wall: Duration,
    limit: Option<Duration>,
) -> Summary {
    let by_item = group(records);
    let count = |f: fn(&DraftRecord) -> bool| records.iter().filter(|r| f(r)).count();
    let (mut right, mut vote_right, mut majority_right) = (0, 0, 0);
    for item in &suite.items {
        let Some(records) = by_item.get(item.id.as_str()) else {
            continue;
        };
        right += records.iter().filter(|r| is_right(item, r)).count();
        let wins = |ballot| item.gold.is_some() && vote(records, ballot) == item.gold;
        vote_right += usize::from(wins(Ballot::Evidence));
        majority_right += usize::from(wins(Ballot::Plain));
    }
    let mut codes = BTreeMap::new();
    for code in records.iter().flat_map(|r| &r.codes) {
        *codes.entry(code.clone()).or_insert(0) += 1;
    }
    let own: Vec<f64> = timed(records, own_us);
    let backend: Vec<f64> = timed(records, backend_us);
    let (own_sum, backend_sum): (f64, f64) = (own.iter().sum(), backend.iter().sum());
    let share = |part: f64| round(part / (own_sum + backend_sum).max(1.0));
    Summary {
        format: "nsolve/bench".into(),
        version: "1.0".into(),
        suite: suite.name.clone(),
        items: suite.items.len(),
        drafts: suite.drafts(),
        readable: count(|r| r.readable),
        complete: count(|r| r.complete),
        answered: count(DraftRecord::is_answered),
        right,
        vote_right,
        majority_right,
        judges: judge(&suite.items, &by_item),
        verified: count(DraftRecord::is_verified),
        cross_checked: count(|r| r.assurance.as_deref() == Some("cross-checked")),
        failed_checks: count(|r| r.failed_check),
        unknown: count(|r| r.readable && !r.is_answered() && !r.failed_check),
        contradictory: count(|r| r.answer.as_deref() == Some("contradictory-premises")),
        par2_ms: round(par2_ms(records, limit)),
        wall_ms: u64::try_from(wall.as_millis()).unwrap_or(u64::MAX),
        time_share: TimeShare {
            nsolve: share(own_sum),
            backend: share(backend_sum),
        },
        median_us: TimeShare {
            nsolve: median(own),
            backend: median(backend),
        },
        codes,
    }
}

pub(crate) fn group(records: &[DraftRecord]) -> BTreeMap<&str, Vec<&DraftRecord>> {
    let mut by_item: BTreeMap<&str, Vec<&DraftRecord>> = BTreeMap::new();
    for record in records {
        by_item.entry(&record.item).or_default().push(record);
    }
    by_item
}

fn own_us(r: &DraftRecord) -> u64 {
    r.read_us + r.lower_us + r.check_us
}

fn backend_us(r: &DraftRecord) -> u64 {
    r.solve_us + r.certify_us
}

fn timed(records: &[DraftRecord], f: fn(&DraftRecord) -> u64) -> Vec<f64> {
    let readable = records.iter().filter(|r| r.readable);
    readable.map(|r| f(r) as f64).collect()
}

fn par2_ms(records: &[DraftRecord], limit: Option<Duration>) -> f64 {
    let penalty = limit.map_or(0.0, |t| 2.0 * t.as_secs_f64() * 1e3);
    let cost = |r: &DraftRecord| {
        if r.is_answered() {
            (own_us(r) + backend_us(r)) as f64 / 1e3
        } else {
            penalty
        }
    };
    let total: f64 = records.iter().map(cost).sum();
    total / (records.len().max(1) as f64)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

fn round(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
