use std::collections::BTreeMap;

use crate::{DraftRecord, Suite};

/// One draft whose answer is not the same in two runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The item.
    pub item: String,
    /// Which draft of it, from 0.
    pub draft: usize,
    /// The answer in the old run; `None` where it was unreadable or is missing.
    pub old: Option<String>,
    /// The answer in the new run.
    pub new: Option<String>,
    /// The gold answer.
    pub gold: Option<String>,
}

impl Change {
    /// 1 where the new answer is right and the old was not, -1 the other way
    /// round, 0 where that did not change.
    pub fn gain(&self) -> i32 {
        let right =
            |answer: &Option<String>| i32::from(self.gold.is_some() && *answer == self.gold);
        right(&self.new) - right(&self.old)
    }
}

/// Every draft whose answer changed between two runs of one suite, in the
/// suite's order.
pub fn compare(suite: &Suite, old: &[DraftRecord], new: &[DraftRecord]) -> Vec<Change> {
    let index = |records: &[DraftRecord]| -> BTreeMap<(String, usize), Option<String>> {
        let entries = records
            .iter()
            .map(|r| ((r.item.clone(), r.draft), r.answer.clone()));
        entries.collect()
    };
    let (old, new) = (index(old), index(new));
    let mut changes = Vec::new();
    for item in &suite.items {
        for draft in 0..item.drafts.len() {
            let key = (item.id.clone(), draft);
            let before = old.get(&key).cloned().flatten();
            let after = new.get(&key).cloned().flatten();
            if before != after {
                changes.push(Change {
                    item: key.0,
                    draft,
                    old: before,
                    new: after,
                    gold: item.gold.clone(),
                });
            }
        }
    }
    changes
}
