//! The readers on public files, which are no part of the repository:
//! `NSOLVE_DATA` says where they are.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

mod milp;

use std::path::PathBuf;

use milp::read;
use nsolve_formats::milp::{MpsStyle, read_lp, read_mps, write_lp, write_mps};
use nsolve_il::milp::{Number, Problem};

fn data() -> Option<PathBuf> {
    let data = std::env::var_os("NSOLVE_DATA");
    if data.is_none() {
        eprintln!("skipped: NSOLVE_DATA is not set to the folder of public data");
    }
    data.map(PathBuf::from)
}

/// Files that must be refused, with the first code.
const REFUSED: [(&str, &str); 4] = [
    ("highs_garbage.lp", "MIL0106"),
    ("highs_nan0.mps", "MIL0104"),
    ("highs_qjh.lp", "MIL0105"),
    ("highs_qcqp.lp", "MIL0105"),
];

#[test]
fn every_public_file_is_read_or_refused_rightly() {
    let Some(data) = data() else { return };
    let folder = data.join("lp");
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.json")).unwrap();
    // One of its objectives is NaN, which JSON does not have.
    let manifest = manifest.replace(": NaN", ": null");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let entries = manifest.as_array().unwrap();
    assert!(entries.len() >= 61);
    for entry in entries {
        let file = entry["file"].as_str().unwrap();
        let text = std::fs::read_to_string(folder.join(file)).unwrap();
        let reader = if file.ends_with(".lp") {
            read_lp
        } else {
            read_mps
        };
        let (problem, codes) = read(reader, &text);
        if let Some((_, code)) = REFUSED.iter().find(|(name, _)| *name == file) {
            assert!(problem.is_none(), "{file}");
            assert_eq!(codes[0], *code, "{file}");
            continue;
        }
        let problem = problem.unwrap_or_else(|| panic!("{file}: {codes:?}"));
        check_sizes(file, &problem, entry);
        check_round_trip(file, &problem);
    }
}

/// The numbers of rows, columns and entries are those that HiGHS found.
fn check_sizes(file: &str, problem: &Problem, entry: &serde_json::Value) {
    // HiGHS takes a column of this name for the section OBJSENSE.
    if file == "highs_silly-names.mps" {
        assert_eq!(problem.columns.len(), 5);
        assert_eq!(problem.rows.nonzeros(), 5);
        return;
    }
    // HiGHS leaves out what is smaller.
    let least: Number = "1e-9".parse().unwrap();
    let is_large = |value: &&Number| value.abs() > least;
    let large = |row: nsolve_il::milp::Row<'_>| row.values.iter().filter(is_large).count();
    let nonzeros: usize = problem.rows.iter().map(large).sum();
    for (found, field) in [
        (problem.rows.len(), "rows"),
        (problem.columns.len(), "cols"),
        (nonzeros, "nnz"),
    ] {
        if let Some(wanted) = entry[field].as_u64() {
            assert_eq!(found as u64, wanted, "{file}: {field}");
        }
    }
}

fn check_round_trip(file: &str, problem: &Problem) {
    let free = write_mps(problem, MpsStyle::Free).unwrap().0;
    let fixed = write_mps(problem, MpsStyle::Fixed).unwrap().0;
    let lp = write_lp(problem).unwrap().0;
    for again in [
        read(read_mps, &free),
        read(read_mps, &fixed),
        read(read_lp, &lp),
    ] {
        let again = again.0.unwrap();
        assert_eq!(again.rows, problem.rows, "{file}");
        assert_eq!(again.columns, problem.columns, "{file}");
        let expression = |p: &Problem| p.objective().map(|o| (o.sense, o.expression.clone()));
        assert_eq!(expression(&again), expression(problem), "{file}");
    }
}

#[test]
fn recorded_lp_texts_are_read() {
    let Some(data) = data() else { return };
    let rows = std::fs::read_to_string(data.join("opt").join("orlm-recorded.jsonl")).unwrap();
    let mut count = 0;
    for row in rows.lines() {
        let row: serde_json::Value = serde_json::from_str(row).unwrap();
        let Some(text) = row["lp"].as_str() else {
            continue;
        };
        let (problem, codes) = read(read_lp, text);
        assert!(problem.is_some(), "{}: {codes:?}\n{text}", row["id"]);
        count += 1;
    }
    assert!(count > 100, "only {count} texts");
}
