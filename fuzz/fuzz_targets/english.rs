#![no_main]
//! Reads a text as English, as every reader is tried; what its formulas say is
//! said again.

mod common;

use nsolve::english::say_formula;
use nsolve::il::fol::Semantics;
use nsolve::{Format, SourceText, read_english};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    common::read_and_write(Format::English, bytes);
    let Ok(text) = SourceText::from_bytes("fuzz", bytes) else {
        return;
    };
    let Some(problem) = read_english(&text, Semantics::Classical).0.problem else {
        return;
    };
    for premise in problem.premises.iter().take(20) {
        assert!(!say_formula(&problem, premise.formula).is_empty());
    }
});
