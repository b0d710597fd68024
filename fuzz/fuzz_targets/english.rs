#![no_main]

mod common;

use nsolve::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| common::read_and_write(Format::English, bytes));
