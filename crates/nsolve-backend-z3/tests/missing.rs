//! What is said where Z3 is missing. Whether it is found is decided once in a
//! process, so the test runs itself again with another environment.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::process::Command;
use std::sync::Arc;

use nsolve_backend::{Backend, BackendError, SolveCx};
use nsolve_backend_z3::Z3;
use nsolve_il::fol::{Builder, Query, Question};

const VARIABLE: &str = "NSOLVE_Z3_LIBRARY";
const NOWHERE: &str = "no-such-folder/libz3.so";

#[test]
fn a_missing_library_is_unavailable() {
    if std::env::var(VARIABLE).is_ok_and(|path| path == NOWHERE) {
        let problem = Arc::new(Builder::new().finish(Question::Model));
        let answer = Z3.solve(&problem, &Query::premises_of(&problem), &SolveCx::default());
        for error in [Z3::available().unwrap_err(), answer.unwrap_err()] {
            assert!(matches!(error, BackendError::Unavailable { .. }));
            assert!(error.to_string().contains(NOWHERE), "{error}");
            assert!(error.to_string().contains(VARIABLE), "{error}");
        }
        assert_eq!(Z3.descriptor().version, "missing");
        return;
    }
    let again = Command::new(std::env::current_exe().unwrap())
        .env(VARIABLE, NOWHERE)
        .args(["--exact", "a_missing_library_is_unavailable", "--nocapture"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&again.stdout);
    assert!(again.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

#[test]
fn the_version_is_five() {
    let version = Z3.descriptor().version;
    if std::env::var(VARIABLE).is_ok_and(|path| path == NOWHERE) {
        return;
    }
    assert!(version.starts_with("5."), "{version}");
}
