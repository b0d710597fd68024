use std::sync::Arc;

use crate::{Code, Diagnostic, Span};

/// The largest text that is read: 16 MiB.
pub const MAX_TEXT_BYTES: usize = 16 << 20;

/// A text with a name, cheap to clone.
///
/// INVARIANT: the text is valid UTF-8, holds no NUL byte and is at most
/// [`MAX_TEXT_BYTES`] long.
#[derive(Clone, Debug)]
pub struct SourceText {
    name: Arc<str>,
    text: Arc<str>,
    line_starts: Arc<[u32]>,
}

/// A place as people count it: both numbers start at 1, columns are
/// characters (Unicode scalar values).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line number, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl SourceText {
    /// Takes a text that came as bytes.
    ///
    /// # Errors
    /// A diagnostic for bytes that are not UTF-8, for a NUL byte, and for a
    /// text over [`MAX_TEXT_BYTES`]. The diagnostic's span is in bytes of the
    /// input.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, Diagnostic> {
        if bytes.len() > MAX_TEXT_BYTES {
            return Err(Diagnostic::error(
                Code::TEXT_TOO_LARGE,
                format!(
                    "the text has {} bytes; at most {MAX_TEXT_BYTES} are read",
                    bytes.len()
                ),
            ));
        }
        let text = std::str::from_utf8(bytes).map_err(|e| {
            let at = e.valid_up_to();
            Diagnostic::error(
                Code::NOT_UTF8,
                format!("byte {at} is not part of any UTF-8 character"),
            )
            .at(Span::new(at, at + e.error_len().unwrap_or(1)))
            .help("save the text as UTF-8")
        })?;
        if let Some(at) = text.find('\0') {
            return Err(Diagnostic::error(
                Code::NUL_BYTE,
                format!("byte {at} is NUL; this is not a text"),
            )
            .at(Span::new(at, at + 1))
            .help("remove the NUL byte"));
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Ok(Self::of_valid(name, text))
    }

    /// Takes a text that is already a string.
    ///
    /// # Errors
    /// As [`SourceText::from_bytes`], but for UTF-8.
    pub fn new(name: &str, text: &str) -> Result<Self, Diagnostic> {
        Self::from_bytes(name, text.as_bytes())
    }

    fn of_valid(name: &str, text: &str) -> Self {
        let starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(i, _)| i as u32 + 1))
            .collect();
        SourceText {
            name: name.into(),
            text: text.into(),
            line_starts: starts,
        }
    }

    /// What the text is called in messages: a path, or `<stdin>`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The part of the text that a span covers; empty where the span is not of
    /// this text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// Line and column of a byte offset.
    ///
    /// ```
    /// # use nsolve_source::{SourceText, Position};
    /// let text = SourceText::new("a.fol", "one\ntwo")?;
    /// assert_eq!(text.position(5), Position { line: 2, column: 2 });
    /// # Ok::<(), nsolve_source::Diagnostic>(())
    /// ```
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line_starts.partition_point(|&start| start <= offset);
        let start = self
            .line_starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(0);
        let upto = (offset as usize).min(self.text.len());
        let before = self.text.get(start as usize..upto).unwrap_or("");
        Position {
            line: line.max(1),
            column: before.chars().count() + 1,
        }
    }
}
