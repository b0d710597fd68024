//! The row shapes of public sets, told apart by their fields.
//!
//! | fields | what a row is |
//! |---|---|
//! | `generations`, `label` | recorded generations in the notation of LINC |
//! | `program`, `answer` | a recorded program in the notation of Logic-LM |
//! | `context`, `question`, `answer` | a story in English with a question |
//! | `premises_fol`, `conclusion_fol`, `label` | gold formulas of FOLIO |
//! | `vars`, `sense`, `obj`, `rows` | a gold matrix of NL4Opt, in two readings |
//! | `lp`, `status`, `objective` | a recorded model as LP text |

use std::path::Path;

use nsolve::Format;
use serde_json::{Map, Value};

use crate::models::{gold_matrix, recorded_model};
use crate::{BenchError, Draft, Item};

pub(crate) fn read_rows(path: &Path, bytes: &[u8]) -> Result<Vec<Item>, BenchError> {
    let mut items = Vec::new();
    for (number, line) in bytes.split(|b| *b == b'\n').enumerate() {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let fault = |why: String| BenchError::Line {
            path: path.to_owned(),
            line: number + 1,
            why,
        };
        let row: Map<String, Value> =
            serde_json::from_slice(line).map_err(|e| fault(e.to_string()))?;
        let found = read_row(&row, number).map_err(|why| fault(why.into()))?;
        items.extend(found);
    }
    Ok(items)
}

fn read_row(row: &Map<String, Value>, number: usize) -> Result<Vec<Item>, &'static str> {
    let id = match row.get("id") {
        Some(Value::String(id)) => id.clone(),
        _ => format!("row-{number}"),
    };
    if row.contains_key("vars") && row.contains_key("rows") {
        return gold_matrix(row, &id);
    }
    if row.contains_key("lp") && row.contains_key("status") {
        return Ok(recorded_model(row, &id));
    }
    let (drafts, gold) = if let Some(generations) = row.get("generations") {
        let texts = strings(generations).ok_or("`generations` is not a list of texts")?;
        let drafts = texts.map(|text| draft(Format::Linc, text)).collect();
        (drafts, row.get("label").and_then(truth))
    } else if let Some(program) = row.get("program") {
        let text = program.as_str().ok_or("`program` is not a text")?;
        (vec![draft(Format::LogicLm, text)], lettered(row))
    } else if let Some(premises) = row.get("premises_fol") {
        let premises = strings(premises).ok_or("`premises_fol` is not a list of texts")?;
        let conclusion = row.get("conclusion_fol").and_then(Value::as_str);
        let gold = conclusion.and(row.get("label")).and_then(truth);
        (vec![gold_formulas(premises, conclusion)], gold)
    } else if let Some(context) = row.get("context").and_then(Value::as_str) {
        (
            vec![draft(Format::English, &story(context, row))],
            lettered(row),
        )
    } else {
        return Err("no row shape that is known; see `nsolve bench --help` for those that are");
    };
    Ok(vec![Item { id, gold, drafts }])
}

fn draft(format: Format, text: &str) -> Draft {
    Draft {
        format,
        text: text.to_owned(),
    }
}

fn strings(value: &Value) -> Option<impl Iterator<Item = &str>> {
    let list = value.as_array()?;
    list.iter()
        .all(Value::is_string)
        .then(|| list.iter().filter_map(Value::as_str))
}

/// One formula a line, the conclusion behind its header.
fn gold_formulas<'a>(premises: impl Iterator<Item = &'a str>, conclusion: Option<&str>) -> Draft {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = String::from("Premises:\n");
    for premise in premises {
        text.push_str(&one_line(premise));
        text.push('\n');
    }
    if let Some(conclusion) = conclusion {
        text.push_str("Conclusion:\n");
        text.push_str(&one_line(conclusion));
        text.push('\n');
    }
    draft(Format::Folio, &text)
}

/// A story, its question, and the options that are statements.
fn story(context: &str, row: &Map<String, Value>) -> String {
    let question = row.get("question").and_then(Value::as_str).unwrap_or("");
    let mut text = format!("{context}\n\n{question}\n");
    let options = row.get("options").and_then(strings).into_iter().flatten();
    for option in options {
        text.push_str(option);
        text.push('\n');
    }
    text
}

/// A label in words.
fn truth(value: &Value) -> Option<String> {
    answer_in_words(value.as_str()?)
}

fn answer_in_words(text: &str) -> Option<String> {
    let answer = match text.trim().to_lowercase().as_str() {
        "true" | "yes" => "true",
        "false" | "no" => "false",
        "uncertain" | "unknown" => "uncertain",
        _ => return None,
    };
    Some(answer.into())
}

/// A letter: what its option says where that is a truth value, else the letter.
fn lettered(row: &Map<String, Value>) -> Option<String> {
    let letter = row.get("answer")?.as_str()?.trim();
    let options = row.get("options").and_then(strings);
    let option = options.into_iter().flatten().find_map(|option| {
        let (label, text) = option.split_once(')')?;
        (label.trim() == letter).then_some(text)
    });
    Some(
        option
            .and_then(answer_in_words)
            .unwrap_or_else(|| letter.to_owned()),
    )
}
