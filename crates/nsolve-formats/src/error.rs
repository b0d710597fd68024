/// Why a problem, or evidence about it, cannot be written or read back.
///
/// Faults of a text that somebody wrote are diagnostics; this is for what the
/// program itself asks of a format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// The format has no words for something in the problem.
    #[error("{format} cannot express: {}", .features.join(", "))]
    Unsupported {
        /// The format's name.
        format: &'static str,
        /// What it cannot express, in words.
        features: Vec<String>,
    },
    /// Evidence speaks of a formula, a symbol or a sort that its problem does
    /// not have.
    #[error("the evidence does not belong to this problem: {what}")]
    Foreign {
        /// What is not in the problem.
        what: String,
    },
    /// A JSON value is not what its place asks for.
    #[error("at `{pointer}`: expected {expected}")]
    Json {
        /// The place, as a JSON pointer (RFC 6901).
        pointer: String,
        /// What was expected there.
        expected: String,
    },
}

impl FormatError {
    pub(crate) fn foreign(what: impl Into<String>) -> Self {
        FormatError::Foreign { what: what.into() }
    }

    pub(crate) fn json(pointer: &str, expected: impl Into<String>) -> Self {
        FormatError::Json {
            pointer: pointer.to_owned(),
            expected: expected.into(),
        }
    }
}
