//! Solutions in words: the only one, one and another, or a list.

use std::fmt::Write as _;

use nsolve_bridge::{listable, tuples};
use nsolve_formats::value_name;
use nsolve_il::fol::{Model, Problem};

use crate::answer::{Answer, QueryRecord, Role};
use crate::enumerate::model;
use crate::explain::world;

/// The most places of two solutions that are told one by one.
const MOST_DIFFERENCES: usize = 12;

/// Writes the models that an answer found.
pub(crate) fn write(out: &mut String, answer: &Answer) {
    let found = answer.queries.iter();
    let found: Vec<&QueryRecord> = found
        .filter(|r| matches!(r.role, Role::PremisesAlone | Role::AnotherModel(_)))
        .filter(|r| r.verdict() == nsolve_backend::Verdict::Sat)
        .collect();
    let weaker = answer.solutions.filter(|s| s.assurance < answer.assurance);
    let weaker = weaker.map_or_else(String::new, |s| format!(" ({})", s.assurance.name()));
    let complete = answer.solutions.is_some_and(|s| s.complete);
    match (found.as_slice(), answer.solutions) {
        ([], _) => {}
        ([first, ..], None) => {
            let _ = writeln!(out, "All premises hold in this world:");
            world(out, first);
        }
        ([only], Some(_)) => {
            let _ = match complete {
                true => writeln!(out, "There is exactly one solution{weaker}:"),
                false => writeln!(out, "A solution; whether there is another was not decided:"),
            };
            world(out, only);
        }
        ([first, second], Some(_)) if !complete => {
            let _ = writeln!(out, "There are several solutions{weaker}. One is:");
            world(out, first);
            let _ = writeln!(out, "another is:");
            world(out, second);
            if let (Some(a), Some(b)) = (model(first), model(second)) {
                differences(out, &second.problem, a, b);
            }
        }
        (many, Some(_)) => list(out, many, complete, &weaker),
    }
}

/// All solutions; where there are more, the last that was found only shows that.
fn list(out: &mut String, found: &[&QueryRecord], complete: bool, weaker: &str) {
    let shown = found.len() - usize::from(!complete);
    let _ = match complete {
        true => writeln!(out, "There are exactly {shown} solutions{weaker}:"),
        false => writeln!(out, "There are more than {shown} solutions:"),
    };
    for (record, number) in found.iter().take(shown).zip(1..) {
        let _ = writeln!(out, "solution {number}:");
        world(out, record);
    }
    if !complete {
        let _ = writeln!(out, "... and more; --limit says how many are shown");
    }
}

/// Says where two solutions differ.
fn differences(out: &mut String, problem: &Problem, a: &Model, b: &Model) {
    let signature = &problem.signature;
    let mut told = Vec::new();
    for id in listable(problem).unwrap_or_default() {
        let symbol = signature.symbol(id);
        let (Some(first), Some(second)) = (a.tables.get(&id), b.tables.get(&id)) else {
            continue;
        };
        for tuple in tuples(problem, &symbol.arguments) {
            let (x, y) = (first.at(&tuple), second.at(&tuple));
            if x == y {
                continue;
            }
            let names = tuple.iter().zip(&symbol.arguments);
            let names: Vec<String> = names
                .map(|(v, &sort)| value_name(problem, a, v, sort))
                .collect();
            let place = match names.is_empty() {
                true => symbol.name.to_string(),
                false => format!("{}({})", symbol.name, names.join(", ")),
            };
            let value = |v| value_name(problem, a, v, symbol.result);
            told.push(format!("{place} is {}, not {}", value(y), value(x)));
        }
    }
    let _ = writeln!(out, "there");
    for line in told.iter().take(MOST_DIFFERENCES) {
        let _ = writeln!(out, "  {line}");
    }
    if let Some(left) = told.len().checked_sub(MOST_DIFFERENCES)
        && left > 0
    {
        let _ = writeln!(out, "  ... and {left} more differences");
    }
}
