//! The `z3` backend against the suite that every backend passes.

use nsolve_backend::testkit;
use nsolve_backend_z3::Z3;

#[test]
fn answers_every_case() {
    let report = testkit::conformance(&Z3, None);
    assert!(report.failures.is_empty(), "{report}");
    // Z3 looks for finite models for ever where there is none.
    assert_eq!(
        report.undecided,
        [
            "an order that goes on has no finite model",
            "one-to-one but not onto has no finite model",
        ]
    );
    assert_eq!(report.skipped, Vec::<&str>::new());
}

#[test]
fn keeps_the_contract() {
    let broken = testkit::contract(&Z3);
    assert!(broken.is_empty(), "{broken:#?}");
}
