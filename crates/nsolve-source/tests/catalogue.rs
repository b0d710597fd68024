//! `docs/diagnostics.md` lists exactly the catalogue, in its order.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use nsolve_source::CATALOGUE;

#[test]
fn the_page_lists_exactly_the_catalogue() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/diagnostics.md");
    let page = std::fs::read_to_string(path).unwrap();
    let listed: Vec<(String, String)> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |"))
        .filter_map(|row| row.split_once("` | "))
        .map(|(code, meaning)| (code.to_owned(), meaning.replace("\\|", "|")))
        .collect();
    let known: Vec<(String, String)> = CATALOGUE
        .iter()
        .map(|(code, meaning)| (code.to_string(), (*meaning).to_owned()))
        .collect();
    assert_eq!(listed, known);
}
