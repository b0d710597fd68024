//! Queries as JSON: which premises, and which goals with which sign.

use nsolve_il::fol::{Goal, Problem, Query, Question, TermId};
use serde_json::{Value, json};

use super::place::Items;
use super::value::{Read, expected, field, list, text, truth};
use crate::FormatError;

/// A query as JSON: the names of its premises, and for each goal what of the
/// problem it is about (`conclusion`, `option A`, or a premise) and whether it
/// is assumed to hold.
///
/// # Errors
/// [`FormatError::Foreign`] where the query is of another problem, or a goal is
/// no formula that the problem asserts or asks about.
pub fn query_to_json(problem: &Problem, query: &Query) -> Result<Value, FormatError> {
    let mut premises = Vec::new();
    for &i in &query.premises {
        let premise = problem.premises.get(i as usize);
        let premise = premise.ok_or_else(|| FormatError::foreign(format!("premise {i}")))?;
        premises.push(&*premise.name);
    }
    let mut goals = Vec::new();
    for goal in &query.goals {
        let mut about = about(problem, goal.formula)?;
        if let Some(object) = about.as_object_mut() {
            object.insert("holds".into(), json!(goal.holds));
        }
        goals.push(about);
    }
    Ok(json!({ "premises": premises, "goals": goals }))
}

fn about(problem: &Problem, formula: TermId) -> Result<Value, FormatError> {
    match &problem.question {
        Question::Conclusion(c) if c.formula == formula => {
            return Ok(json!({ "of": "conclusion" }));
        }
        Question::Options { choices, .. } => {
            let found = choices.iter().position(|c| c.statement.formula == formula);
            if let Some((at, choice)) = found.and_then(|at| Some((at, choices.get(at)?))) {
                let earlier = choices.get(..at).unwrap_or_default();
                let check = earlier.iter().filter(|c| c.label == choice.label).count();
                let mut about = json!({ "of": "option", "name": &*choice.label });
                // Several checks of one option are told apart by their number.
                if let Some(object) = about.as_object_mut()
                    && check > 0
                {
                    object.insert("check".into(), json!(check + 1));
                }
                return Ok(about);
            }
        }
        _ => {}
    }
    let premise = problem.premises.iter().find(|p| p.formula == formula);
    match premise {
        Some(premise) => Ok(json!({ "of": "premise", "name": &*premise.name })),
        None => Err(FormatError::foreign("the formula of a goal")),
    }
}

/// The query that [`query_to_json`] wrote.
///
/// # Errors
/// [`FormatError::Json`] where the value has another shape,
/// [`FormatError::Foreign`] where it names what the problem does not have.
pub fn query_from_json(problem: &Problem, value: &Value) -> Result<Query, FormatError> {
    let nothing = Query {
        premises: Vec::new(),
        goals: Vec::new(),
    };
    let items = Items::of(problem, &nothing);
    let premises = field(value, "premises", |v| list(v, |p| items.premise(p)))?;
    let goals = field(value, "goals", |v| {
        list(v, |goal| {
            Ok(Goal {
                formula: goal_formula(problem, &items, goal)?,
                holds: field(goal, "holds", truth)?,
            })
        })
    })?;
    Ok(Query { premises, goals })
}

fn goal_formula(problem: &Problem, items: &Items<'_>, goal: &Value) -> Read<TermId> {
    let missing = |what: &str| FormatError::foreign(what.to_owned());
    match field(goal, "of", text)? {
        "conclusion" => match &problem.question {
            Question::Conclusion(c) => Ok(c.formula),
            _ => Err(missing("a conclusion")),
        },
        "option" => {
            let label = field(goal, "name", text)?;
            let Question::Options { choices, .. } = &problem.question else {
                return Err(missing("an option"));
            };
            let check = match goal.get("check") {
                None => 1,
                Some(n) => n
                    .as_u64()
                    .and_then(|n| usize::try_from(n).ok())
                    .unwrap_or(0),
            };
            let mut its = choices.iter().filter(|c| *c.label == *label);
            let choice = check.checked_sub(1).and_then(|n| its.nth(n));
            choice
                .map(|c| c.statement.formula)
                .ok_or_else(|| missing(&format!("option `{label}`")))
        }
        "premise" => {
            let position = field(goal, "name", |v| items.premise(v))?;
            items.formula(nsolve_il::fol::Item::Premise(position))
        }
        _ => expected("`of` to be `conclusion`, `option` or `premise`"),
    }
}
