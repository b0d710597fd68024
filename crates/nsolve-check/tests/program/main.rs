//! What the checker shows about logic programs, and what it refuses.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

mod asp;
mod certain;
mod exhaust;
mod forged;
mod joins;
mod models;
mod random;
