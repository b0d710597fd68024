//! Lettered options: which queries they need, and which of them is the one.

use nsolve_backend::Verdict;
use nsolve_il::fol::{Choice, Modality};

use crate::answer::{Decision, QueryRecord, Role};
use crate::error::SolveError;
use crate::evidence::Run;
use crate::solve::Lowered;

/// A name for each choice that no other has: the label, and for further checks
/// of the same option the label with a number.
pub(crate) fn keys(choices: &[Choice]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for (i, choice) in choices.iter().enumerate() {
        let label = &*choice.label;
        let mut key = label.to_owned();
        let mut count = 1;
        let earlier = choices.get(..i).unwrap_or_default();
        let again = earlier.iter().any(|c| *c.label == *label);
        while again
            && (count == 1 || choices.iter().any(|c| *c.label == *key) || out.contains(&key))
        {
            count += 1;
            key = format!("{label} ({count})");
        }
        out.push(key);
    }
    out
}

/// Whether a key is one of this option's.
pub(crate) fn belongs(key: &str, label: &str) -> bool {
    let rest = key.strip_prefix(label);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("))
}

/// The query of a choice, and the verdict that passes it.
fn check(modality: Modality, key: String) -> (Role, Verdict) {
    match modality {
        Modality::Must => (Role::DenyOption(key), Verdict::Unsat),
        Modality::Could => (Role::AssumeOption(key), Verdict::Sat),
        Modality::Cannot => (Role::AssumeOption(key), Verdict::Unsat),
    }
}

pub(crate) fn ask(
    run: &mut Run<'_>,
    lowered: &Lowered,
    modality: Modality,
    choices: &[Choice],
) -> Result<Vec<QueryRecord>, SolveError> {
    let alone = run.answer(Role::PremisesAlone, lowered.query(&Role::PremisesAlone))?;
    let contradictory = alone.verdict() == Verdict::Unsat;
    let mut queries = vec![alone];
    if contradictory {
        return Ok(queries);
    }
    for (choice, key) in choices.iter().zip(keys(choices)) {
        let (role, _) = check(choice.modality.unwrap_or(modality), key);
        let query = lowered.query(&role);
        queries.push(run.answer(role, query)?);
    }
    Ok(queries)
}

/// The options all of whose checks pass; with `except`, those of which one does
/// not. Undecided where that is open for one of them.
pub(crate) fn decide(
    modality: Modality,
    except: bool,
    choices: &[Choice],
    of: &dyn Fn(&Role) -> Verdict,
) -> Decision {
    let mut passed: Vec<(&str, Option<bool>)> = Vec::new();
    for (choice, key) in choices.iter().zip(keys(choices)) {
        let (role, wanted) = check(choice.modality.unwrap_or(modality), key);
        let this = match of(&role) {
            verdict @ (Verdict::Sat | Verdict::Unsat) => Some(verdict == wanted),
            _ => None,
        };
        match passed
            .iter_mut()
            .find(|(label, _)| *label == &*choice.label)
        {
            // One check that fails decides.
            Some((_, so_far)) => {
                *so_far = match (*so_far, this) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                }
            }
            None => passed.push((&choice.label, this)),
        }
    }
    let mut letters = Vec::new();
    for (label, passes) in passed {
        match passes {
            None => return Decision::Unknown,
            Some(passes) if passes != except => letters.push(label.to_owned()),
            Some(_) => {}
        }
    }
    match letters.as_slice() {
        [one] => Decision::Choice(one.clone()),
        _ => Decision::Choices(letters),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nsolve_il::fol::{Conclusion, TermId};

    fn choice(label: &str) -> Choice {
        Choice {
            label: label.into(),
            modality: None,
            statement: Conclusion {
                formula: TermId(0),
                sentence: None,
                span: None,
            },
        }
    }

    #[test]
    fn keys_differ_even_from_labels_that_look_like_keys() {
        let choices = ["A", "A", "A (2)", "A", "B"].map(choice);
        assert_eq!(keys(&choices), ["A", "A (3)", "A (2)", "A (4)", "B"]);
    }

    #[test]
    fn one_check_that_fails_decides_for_its_option() {
        let mut choices = ["A", "A", "B"].map(choice);
        choices[0].modality = Some(Modality::Must);
        choices[1].modality = Some(Modality::Could);
        let verdicts = |deny: Verdict, could: Verdict| {
            move |role: &Role| match role {
                Role::DenyOption(key) if key == "A" => deny,
                Role::AssumeOption(_) => could,
                _ => Verdict::Sat,
            }
        };
        use Verdict::{Sat, Unknown, Unsat};
        let decide =
            |deny, could, except| decide(Modality::Must, except, &choices, &verdicts(deny, could));
        assert_eq!(decide(Unsat, Sat, false), Decision::Choice("A".into()));
        assert_eq!(decide(Unsat, Unsat, false), Decision::Choices(vec![]));
        assert_eq!(decide(Sat, Unknown, false), Decision::Choices(vec![]));
        assert_eq!(decide(Unsat, Unknown, false), Decision::Unknown);
        assert_eq!(
            decide(Sat, Sat, true),
            Decision::Choices(vec!["A".into(), "B".into()])
        );
    }
}
