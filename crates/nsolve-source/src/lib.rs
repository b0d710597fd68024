//! Texts, spans in them, and diagnostics about them.
//!
//! Everything that reads text in nsolve reports through this crate, so that a
//! person and a repair loop see the same fault in the same words: a stable
//! [`Code`], a [`Span`], what was expected, and a fix where there is one.
//!
//! This crate knows no language and no solver. A [`Diagnostic`] is something
//! that somebody can mend in a text; machinery that fails (a missing file, a
//! crashed solver) is an error type of the crate it fails in.

mod code;
mod diagnostic;
mod span;
mod text;

pub use code::{CATALOGUE, Code};
pub use diagnostic::{Applicability, Diagnostic, Fix, Severity, has_errors};
pub use span::Span;
pub use text::{MAX_TEXT_BYTES, Position, SourceText};
