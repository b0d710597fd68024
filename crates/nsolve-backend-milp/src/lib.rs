//! x
mod highs;
