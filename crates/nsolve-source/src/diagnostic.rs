use std::fmt;

use crate::{Code, Span};

/// How much a diagnostic weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something worth knowing: an inferred declaration, a harmless spelling.
    Note,
    /// The text was read, but it probably does not say what was meant.
    Warning,
    /// The item could not be read.
    Error,
}

impl Severity {
    /// `note`, `warning` or `error`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Whether a [`Fix`] may be applied without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Applicability {
    /// The fix is surely what was meant.
    MachineApplicable,
    /// The fix is a guess; ask first.
    MaybeIncorrect,
}

/// A replacement of one stretch of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced; an empty span inserts.
    pub span: Span,
    /// What stands there afterwards.
    pub replacement: String,
    /// Whether it may be applied unasked.
    pub applicability: Applicability,
}

/// One fault, or one remark, about a text.
///
/// The message says what is wrong in one sentence without a full stop,
/// `expected` lists what would have been readable there, `help` says what to
/// try, and `fix` does it.
///
/// ```
/// use nsolve_source::{Code, Diagnostic, Span};
/// let fault = Diagnostic::error(Code::UNEXPECTED, "expected a formula, found `)`")
///     .at(Span::new(4, 5))
///     .help("remove the `)`");
/// assert_eq!(fault.to_string(), "error[FOL0101]: expected a formula, found `)`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// Where, in the text that was read; `None` where it is about the whole.
    pub span: Option<Span>,
    /// What is wrong.
    pub message: String,
    /// What would have been readable at this place.
    pub expected: Vec<String>,
    /// What to try.
    pub help: Option<String>,
    /// A replacement that does it.
    pub fix: Option<Fix>,
    /// Other places that belong to the fault, each with a word on why.
    pub related: Vec<(Span, String)>,
}

impl Diagnostic {
    fn new(severity: Severity, code: Code, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity,
            span: None,
            message: message.into(),
            expected: Vec::new(),
            help: None,
            fix: None,
            related: Vec::new(),
        }
    }

    /// An error: the item could not be read.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A warning: read, but probably not what was meant.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// A note.
    pub fn note(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    /// Places the diagnostic.
    #[must_use]
    pub fn at(mut self, span: impl Into<Option<Span>>) -> Self {
        self.span = span.into();
        self
    }

    /// Says what would have been readable.
    #[must_use]
    pub fn expecting<S: Into<String>>(mut self, expected: impl IntoIterator<Item = S>) -> Self {
        self.expected = expected.into_iter().map(Into::into).collect();
        self
    }

    /// Says what to try.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Offers a replacement that is surely meant.
    #[must_use]
    pub fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix {
            span,
            replacement: replacement.into(),
            applicability: Applicability::MachineApplicable,
        });
        self
    }

    /// Offers a replacement that is a guess.
    #[must_use]
    pub fn suggest(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix {
            span,
            replacement: replacement.into(),
            applicability: Applicability::MaybeIncorrect,
        });
        self
    }

    /// Points at another place that belongs to the fault.
    #[must_use]
    pub fn related(mut self, span: Span, word: impl Into<String>) -> Self {
        self.related.push((span, word.into()));
        self
    }

    /// The same diagnostic about a fragment that lies `by` bytes further right.
    #[must_use]
    pub fn shift(mut self, by: usize) -> Self {
        self.span = self.span.map(|s| s.shift(by));
        if let Some(fix) = &mut self.fix {
            fix.span = fix.span.shift(by);
        }
        for (span, _) in &mut self.related {
            *span = span.shift(by);
        }
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}[{}]: {}",
            self.severity.name(),
            self.code,
            self.message
        )
    }
}

/// A diagnostic is returned as an error where a text as a whole is unreadable.
impl std::error::Error for Diagnostic {}

/// Whether any of them is an error.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|d| d.severity == Severity::Error)
}
