//! Suites in Markdown: a heading a case, prose, one fenced problem, and a list
//! of what is expected.
//!
//! ````markdown
//! ## Barbara
//! All Greeks are men, all men are mortal.
//!
//! ```fol
//! premise : forall x. greek(x) -> man(x)
//! ...
//! ```
//!
//! - answer: true
//! - because: p1, p2
//! - codes: FOL0402
//! - solutions: one
//! ````
//!
//! The fence's word is the format (`fol`, `tptp`, `folio`, ...). Lines of the
//! list are `key: value`; `answer` is compared by `nsolve bench`, the others by
//! the tests. `solutions` is `one`, `several` or `not counted`, `models` how
//! many there are in all, and `minimal: yes` says that each premise of a clash is
//! shown to be needed.

use std::collections::BTreeMap;
use std::path::Path;

use nsolve::Format;

use crate::{BenchError, Draft, Item};

/// One case of a suite in Markdown.
#[derive(Clone, Debug)]
pub struct Case {
    /// The heading.
    pub name: String,
    /// The problem.
    pub draft: Draft,
    /// What is expected, by key.
    pub expected: BTreeMap<String, String>,
}

pub(crate) fn read_suite(path: &Path, bytes: &[u8]) -> Result<Vec<Item>, BenchError> {
    let text = String::from_utf8_lossy(bytes);
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let cases = parse_cases(&text).map_err(|(line, why)| BenchError::Line {
        path: path.to_owned(),
        line,
        why,
    })?;
    let items = cases.into_iter().map(|case| Item {
        id: format!("{stem}/{}", case.name),
        gold: case.expected.get("answer").cloned(),
        drafts: vec![case.draft],
    });
    Ok(items.collect())
}

/// The cases of a text; headings without a fenced problem are prose.
///
/// # Errors
/// The line, from 1, and what is wrong: a fence that does not end, or a format
/// that is not known.
pub fn parse_cases(text: &str) -> Result<Vec<Case>, (usize, String)> {
    let mut cases: Vec<Case> = Vec::new();
    let mut heading = String::new();
    let mut fence: Option<(usize, Format, String)> = None;
    for (number, line) in text.lines().enumerate() {
        if let Some((_, format, body)) = &mut fence {
            if line.trim_end() == "```" {
                cases.push(Case {
                    name: heading.clone(),
                    draft: Draft {
                        format: *format,
                        text: std::mem::take(body),
                    },
                    expected: BTreeMap::new(),
                });
                fence = None;
            } else {
                body.push_str(line);
                body.push('\n');
            }
        } else if let Some(word) = line.strip_prefix("```") {
            let format = Format::find(word.trim())
                .ok_or_else(|| (number + 1, format!("there is no format `{}`", word.trim())))?;
            fence = Some((number + 1, format, String::new()));
        } else if let Some(title) = line.strip_prefix('#') {
            heading = title.trim_start_matches('#').trim().to_owned();
        } else if let (Some(entry), Some(case)) = (line.strip_prefix("- "), cases.last_mut())
            && case.name == heading
            && let Some((key, value)) = entry.split_once(':')
        {
            case.expected
                .insert(key.trim().to_owned(), value.trim().to_owned());
        }
    }
    match fence {
        Some((line, ..)) => Err((line, "the fence does not end".into())),
        None => Ok(cases),
    }
}
