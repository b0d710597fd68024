//! Deciding among several drafts of one item.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::DraftRecord;

/// How drafts are weighed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ballot {
    /// Each answered draft has one vote.
    Plain,
    /// By evidence: a draft with a proof outweighs all without one. See
    /// `docs/votes.md`.
    Evidence,
}

/// The answer that wins among the drafts of one item; `None` where no draft
/// has an answer. Ties go to the answer with more drafts free of lints, then to
/// the one that came first.
pub fn vote(records: &[&DraftRecord], ballot: Ballot) -> Option<String> {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for (position, record) in records.iter().enumerate() {
        let Some(answer) = record.answer.as_deref().filter(|_| record.is_answered()) else {
            continue;
        };
        let tally = tallies.entry(answer).or_insert(Tally {
            weight: match ballot {
                Ballot::Plain => Weight::Some,
                Ballot::Evidence => weight(answer),
            },
            votes: 0,
            clean: 0,
            later: Reverse(position),
        });
        tally.votes += 1;
        tally.clean += usize::from(record.codes.is_empty());
    }
    let best = tallies.into_iter().max_by(|(_, a), (_, b)| a.cmp(b));
    best.map(|(answer, _)| answer.to_owned())
}

/// What speaks for an answer, the weightiest first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Tally {
    weight: Weight,
    votes: usize,
    clean: usize,
    later: Reverse<usize>,
}

/// How much an answer says about its draft.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// Contradictory premises, or no single option: the draft went wrong.
    Little,
    /// Nothing follows: also what any draft says in which names do not meet.
    Some,
    /// A proof, which a draft that went wrong hardly ever has by chance.
    Much,
}

fn weight(answer: &str) -> Weight {
    match answer {
        "contradictory-premises" | "no-option" | "several-options" => Weight::Little,
        "uncertain" => Weight::Some,
        _ => Weight::Much,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(answer: &str, codes: &[&str]) -> DraftRecord {
        let json = serde_json::json!({
            "item": "i", "draft": 0, "readable": true, "answer": answer,
            "assurance": "verified", "codes": codes, "because": 0,
            "read_us": 0, "lower_us": 0, "solve_us": 0, "certify_us": 0, "check_us": 0,
        });
        serde_json::from_value(json).unwrap()
    }

    fn winner(drafts: &[DraftRecord], ballot: Ballot) -> Option<String> {
        vote(&drafts.iter().collect::<Vec<_>>(), ballot)
    }

    #[test]
    fn one_proof_outweighs_many_drafts_without() {
        let mut drafts = vec![draft("uncertain", &[]); 9];
        drafts.push(draft("false", &[]));
        assert_eq!(winner(&drafts, Ballot::Plain).unwrap(), "uncertain");
        assert_eq!(winner(&drafts, Ballot::Evidence).unwrap(), "false");
    }

    #[test]
    fn contradictory_drafts_hardly_count() {
        let mut drafts = vec![draft("contradictory-premises", &[]); 3];
        drafts.push(draft("uncertain", &[]));
        assert_eq!(winner(&drafts, Ballot::Evidence).unwrap(), "uncertain");
        drafts.pop();
        assert_eq!(
            winner(&drafts, Ballot::Evidence).unwrap(),
            "contradictory-premises"
        );
    }

    #[test]
    fn among_proofs_the_more_frequent_then_the_cleaner_wins() {
        let mut drafts = vec![draft("true", &["FOL0402"]), draft("false", &[])];
        assert_eq!(winner(&drafts, Ballot::Evidence).unwrap(), "false");
        drafts.push(draft("true", &["FOL0402"]));
        assert_eq!(winner(&drafts, Ballot::Evidence).unwrap(), "true");
    }

    #[test]
    fn nothing_answered_is_no_vote() {
        assert_eq!(winner(&[draft("unknown", &[])], Ballot::Evidence), None);
    }
}
