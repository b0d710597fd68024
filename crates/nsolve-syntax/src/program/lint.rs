//! What is well-formed and suspicious.

use nsolve_source::SourceText;

use super::elaborate::Elaborator;

pub(super) fn lint(_: &mut Elaborator, _: &SourceText) {}
