//! The table of crates in `docs/architecture.md` against `cargo metadata`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// What each crate may depend on, as the table says.
fn allowed() -> BTreeMap<String, BTreeSet<String>> {
    let page = std::fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let mut rows: Vec<(String, String)> = Vec::new();
    for line in page.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if let ["", name, _, may, ""] = cells.as_slice()
            && let Some(name) = name.strip_prefix('`').and_then(|n| n.strip_suffix('`'))
            && name.starts_with("nsolve")
        {
            rows.push((name.to_owned(), (*may).to_owned()));
        }
    }
    let mut out = BTreeMap::new();
    for (i, (name, may)) in rows.iter().enumerate() {
        let allowed = match may.as_str() {
            "-" => BTreeSet::new(),
            "all above" => rows[..i].iter().map(|(n, _)| n.clone()).collect(),
            list => list
                .split(',')
                .map(|n| match n.trim() {
                    "nsolve" => "nsolve".to_owned(),
                    short => format!("nsolve-{short}"),
                })
                .collect(),
        };
        out.insert(name.clone(), allowed);
    }
    out
}

/// What each crate of ours depends on, tests left out.
fn found() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success());
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut out = BTreeMap::new();
    for package in metadata["packages"].as_array().unwrap() {
        let ours = package["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|d| d["kind"].is_null())
            .map(|d| d["name"].as_str().unwrap().to_owned())
            .filter(|name| name.starts_with("nsolve"));
        out.insert(package["name"].as_str().unwrap().to_owned(), ours.collect());
    }
    out
}

#[test]
fn every_crate_is_in_the_table_and_keeps_to_it() {
    let (allowed, found) = (allowed(), found());
    assert_eq!(
        allowed.keys().collect::<Vec<_>>(),
        found.keys().collect::<Vec<_>>(),
        "the table and the workspace name different crates"
    );
    for (name, used) in &found {
        let extra: Vec<_> = used.difference(&allowed[name]).collect();
        assert!(extra.is_empty(), "{name} may not depend on {extra:?}");
    }
}

/// The trusted base knows no solver, no reader and no printer.
#[test]
fn the_checker_depends_on_nothing_that_solves_or_reads() {
    let used = &found()["nsolve-check"];
    let trusted: BTreeSet<_> = ["nsolve-source", "nsolve-il", "nsolve-backend"]
        .map(str::to_owned)
        .into();
    assert!(used.is_subset(&trusted), "{used:?}");
}

/// Only the command prints.
#[test]
fn no_library_prints() {
    for entry in std::fs::read_dir(root().join("crates")).unwrap() {
        let folder = entry.unwrap().path();
        if folder.ends_with("nsolve-cli") {
            continue;
        }
        visit(&folder.join("src"), &mut |path, text| {
            for word in ["println!(", "eprintln!(", "dbg!("] {
                let uses = text
                    .lines()
                    .filter(|l| !l.trim_start().starts_with("//"))
                    .any(|l| l.contains(word));
                assert!(!uses, "{}: {word}", path.display());
            }
        });
    }
}

fn visit(folder: &Path, look: &mut dyn FnMut(&Path, &str)) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, look);
        } else if path.extension().is_some_and(|e| e == "rs") {
            look(&path, &std::fs::read_to_string(&path).unwrap());
        }
    }
}
