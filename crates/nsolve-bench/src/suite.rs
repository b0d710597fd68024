use std::path::Path;

use nsolve::Format;

use crate::{BenchError, markdown, models, rows};

/// A list of items with a name.
#[derive(Clone, Debug)]
pub struct Suite {
    /// What it is called: the file's or folder's name.
    pub name: String,
    /// The items, in order.
    pub items: Vec<Item>,
}

/// One problem of a suite.
#[derive(Clone, Debug)]
pub struct Item {
    /// A name that no other item has.
    pub id: String,
    /// The right answer as [`nsolve::Decision::as_str`] writes it; `None` where
    /// the set gives none.
    pub gold: Option<String>,
    /// The texts that were written for it.
    pub drafts: Vec<Draft>,
}

/// One text that was written for an item.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What it is written in.
    pub format: Format,
    /// The text.
    pub text: String,
}

impl Suite {
    /// Reads a `.jsonl` file of a row shape that is known, a suite in Markdown,
    /// a single problem file, or a folder of these; or a folder of LP and MPS
    /// files with a `MANIFEST.json`.
    ///
    /// # Errors
    /// Where a file cannot be read, or nothing in it is known.
    pub fn load(path: &Path) -> Result<Suite, BenchError> {
        let name = path
            .file_stem()
            .map_or_else(|| "suite".into(), |n| n.to_string_lossy().into_owned());
        let mut items = Vec::new();
        let manifest = path.join("MANIFEST.json");
        if manifest.is_file() {
            items = models::read_manifest(&manifest)?;
        } else if path.is_dir() {
            let mut files: Vec<_> = std::fs::read_dir(path)
                .map_err(BenchError::file(path))?
                .filter_map(|entry| Some(entry.ok()?.path()))
                .collect();
            files.sort();
            for file in files {
                if file.is_dir() || suite_kind(&file).is_some() {
                    // A folder may hold other things beside its suites.
                    match Suite::load(&file) {
                        Ok(suite) => items.extend(suite.items),
                        Err(BenchError::NoSuite { .. }) => {}
                        Err(error) => return Err(error),
                    }
                }
            }
        } else {
            let text = std::fs::read(path).map_err(BenchError::file(path))?;
            items = match suite_kind(path) {
                Some(Kind::Rows) => rows::read_rows(path, &text)?,
                Some(Kind::Markdown) => markdown::read_suite(path, &text)?,
                None => Vec::new(),
            };
        }
        if items.is_empty() {
            return Err(BenchError::NoSuite {
                path: path.to_owned(),
                expected: "a suite is a .jsonl file of a known row shape, a Markdown file with \
                           cases, or a folder of these",
            });
        }
        Ok(Suite { name, items })
    }

    /// How many drafts there are.
    pub fn drafts(&self) -> usize {
        self.items.iter().map(|i| i.drafts.len()).sum()
    }

    /// A fingerprint of everything that is answered (FNV-1a, 64 bits), so that
    /// a run is not continued on another suite. The gold answers are left out.
    pub fn fingerprint(&self) -> u64 {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        let mut add = |text: &str| {
            for byte in text.bytes().chain([0]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        };
        for item in &self.items {
            add(&item.id);
            for draft in &item.drafts {
                add(draft.format.name());
                add(&draft.text);
            }
        }
        hash
    }
}

enum Kind {
    Rows,
    Markdown,
}

fn suite_kind(path: &Path) -> Option<Kind> {
    match path.extension()?.to_str()? {
        "jsonl" => Some(Kind::Rows),
        "md" => Some(Kind::Markdown),
        _ => None,
    }
}
