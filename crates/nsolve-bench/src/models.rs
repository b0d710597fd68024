//! Optimisation models: gold answers that are numbers, and their judges.
//!
//! A gold answer is written `optimal 12.5`, `infeasible` or `unbounded`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nsolve::{Format, MilpDecision, Optimize, Solver, SourceText, read_model};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::run::{DraftRecord, codes, micros};
use crate::{BenchError, Draft, Item};

/// How many answers each judge takes for right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judges {
    /// The status is the gold one, and an optimum is within 1e-6, relative.
    pub within_1e6: usize,
    /// As older tables of recorded models judge: rounded to integers, an
    /// optimum is within 5 %.
    pub within_5_percent: usize,
    /// The status is the gold one.
    pub status: usize,
    /// Infeasible models, explained by rows that clash and are all needed,
    /// which was shown.
    pub irreducible: usize,
}

/// Whether an answer is the gold answer: equal, or optima within 1e-6.
pub(crate) fn is_same(gold: &str, answer: &str) -> bool {
    match (optimum(gold), optimum(answer)) {
        (Some(gold), Some(answer)) => (gold - answer).abs() <= 1e-6 * gold.abs().max(1.0),
        _ => gold == answer,
    }
}

fn optimum(text: &str) -> Option<f64> {
    text.strip_prefix("optimal ")?.parse().ok()
}

/// Counts what the judges say; `None` where no item is an optimisation model.
pub(crate) fn judge<'a>(
    items: &'a [Item],
    by_item: &BTreeMap<&str, Vec<&DraftRecord>>,
) -> Option<Judges> {
    let is_model = |item: &&'a Item| item.drafts.iter().all(|d| d.format.is_model());
    let mut judges = Judges::default();
    let mut any = false;
    for item in items.iter().filter(is_model) {
        any = true;
        for record in by_item.get(item.id.as_str()).into_iter().flatten() {
            judges.irreducible += usize::from(record.irreducible == Some(true));
            let (Some(gold), Some(answer)) = (&item.gold, &record.answer) else {
                continue;
            };
            judges.within_1e6 += usize::from(is_same(gold, answer));
            let word = |text: &str| text.split(' ').next().unwrap_or("").to_owned();
            let status = word(gold) == word(answer);
            judges.status += usize::from(status);
            judges.within_5_percent += usize::from(match (optimum(gold), optimum(answer)) {
                (Some(g), Some(a)) => (g.round() - a.round()).abs() <= 0.05 * g.round().abs(),
                _ => status,
            });
        }
    }
    any.then_some(judges)
}

/// Answers one model.
pub(crate) fn answer_model(
    solver: &Solver,
    format: Format,
    text: &SourceText,
    record: &mut DraftRecord,
) {
    let reading = read_model(format, text, &[]);
    record.read_us = micros(reading.time);
    record.codes = codes(&reading.diagnostics);
    let Some(problem) = &reading.problem else {
        // A file that is rightly refused has that for its answer.
        record.answer = Some("refused".into());
        return;
    };
    record.readable = true;
    record.complete = true;
    let wanted = Optimize {
        conflict: Some(std::time::Duration::from_secs(2)),
        ..Optimize::default()
    };
    match solver.solve_model(problem, &wanted) {
        Ok(answer) => {
            let word = answer.decision.as_str();
            let value = answer.objectives.first().map(|v| v.to_f64());
            // Without an objective, every point is worth 0.
            record.answer = Some(match answer.decision {
                MilpDecision::Optimal => format!("{word} {}", value.unwrap_or(0.0)),
                _ => word.to_owned(),
            });
            if answer.decision != MilpDecision::Unknown {
                record.assurance = Some(answer.assurance.name().to_owned());
            }
            record.irreducible = answer.conflict.as_ref().map(|c| c.is_irreducible());
            record.took(answer.times);
        }
        Err(error) => record.failed(&error),
    }
}

/// A gold matrix in its two readings: `vars`, `sense`, `obj`, `rows`, and the
/// optimum of each.
pub(crate) fn gold_matrix(row: &Map<String, Value>, id: &str) -> Result<Vec<Item>, &'static str> {
    let vars = row
        .get("vars")
        .and_then(Value::as_array)
        .ok_or("`vars` is no list")?;
    let names: Vec<String> = (1..=vars.len()).map(|i| format!("x{i}")).collect();
    let mut text = match row.get("sense").and_then(Value::as_str) {
        Some("max") => "max\n obj:".to_owned(),
        _ => "min\n obj:".to_owned(),
    };
    let terms = |list: &Value| -> Option<String> {
        let list = list.as_array()?;
        let parts = list.iter().zip(&names).map(|(value, name)| {
            let number = value.to_string();
            match number.strip_prefix('-') {
                Some(number) => format!(" - {number} {name}"),
                None => format!(" + {number} {name}"),
            }
        });
        Some(parts.collect())
    };
    text.push_str(&row.get("obj").and_then(terms).ok_or("`obj` is no list")?);
    text.push_str("\nst\n");
    for line in row
        .get("rows")
        .and_then(Value::as_array)
        .ok_or("`rows` is no list")?
    {
        let parts = line.as_array().ok_or("a row is no list")?;
        let [coefficients, relation, right, ..] = parts.as_slice() else {
            return Err("a row has coefficients, a relation and a right side");
        };
        let relation = relation.as_str().ok_or("a relation is no text")?;
        let sum = terms(coefficients).ok_or("coefficients are no list")?;
        text.push_str(&format!(" {sum} {relation} {right}\n"));
    }
    let reading = |kind: &str, body: String| Item {
        id: format!("{id}-{kind}"),
        gold: gold(
            row.get(&format!("{kind}_status")),
            row.get(&format!("{kind}_obj")),
        ),
        drafts: vec![Draft {
            format: Format::Lp,
            text: body,
        }],
    };
    let integers = format!("{text}general\n {}\nend\n", names.join(" "));
    Ok(vec![
        reading("lp", format!("{text}end\n")),
        reading("ip", integers),
    ])
}

/// A recorded model: its LP text, with what it came to when it was recorded.
pub(crate) fn recorded_model(row: &Map<String, Value>, id: &str) -> Vec<Item> {
    // A row whose program failed has no text to answer.
    let Some(text) = row.get("lp").and_then(Value::as_str) else {
        return Vec::new();
    };
    vec![Item {
        id: id.to_owned(),
        gold: gold(row.get("status"), row.get("objective")),
        drafts: vec![Draft {
            format: Format::Lp,
            text: text.to_owned(),
        }],
    }]
}

fn gold(status: Option<&Value>, objective: Option<&Value>) -> Option<String> {
    let status = status?.as_str()?.to_ascii_lowercase();
    match (status.as_str(), objective.and_then(Value::as_f64)) {
        ("optimal", Some(value)) => Some(format!("optimal {value}")),
        ("infeasible" | "unbounded", _) => Some(status),
        _ => None,
    }
}

/// The files of a folder with a `MANIFEST.json`: a list of objects with `file`,
/// `status` and `optimum`.
pub(crate) fn read_manifest(path: &Path) -> Result<Vec<Item>, BenchError> {
    let bytes = std::fs::read(path).map_err(BenchError::file(path))?;
    let fault = |why: String| BenchError::Line {
        path: path.to_owned(),
        line: 1,
        why,
    };
    // Python writes NaN, which JSON does not have.
    let text = String::from_utf8_lossy(&bytes).replace(": NaN", ": null");
    let rows: Vec<Map<String, Value>> =
        serde_json::from_str(&text).map_err(|e| fault(e.to_string()))?;
    let folder: PathBuf = path.parent().map(Path::to_owned).unwrap_or_default();
    let mut items = Vec::new();
    for row in &rows {
        let Some(name) = row.get("file").and_then(Value::as_str) else {
            return Err(fault("an entry has no `file`".into()));
        };
        // Only files of the folder itself.
        let Some(plain) = Path::new(name).file_name().map(|n| folder.join(n)) else {
            continue;
        };
        let text = std::fs::read(&plain).map_err(BenchError::file(&plain))?;
        let text = String::from_utf8_lossy(&text).into_owned();
        items.push(Item {
            id: name.to_owned(),
            gold: gold(row.get("status"), row.get("optimum")),
            drafts: vec![Draft {
                format: nsolve::formats::detect(name, &text),
                text,
            }],
        });
    }
    Ok(items)
}
