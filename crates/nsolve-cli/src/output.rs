//! Where things are printed.

use std::io::{IsTerminal, Write};

use serde_json::Value;

use crate::failure::Failure;

/// Standard output for answers, standard error for everything else. Colour is
/// decided by the terminal, `NO_COLOR` and `CLICOLOR_FORCE`.
pub(crate) struct Console {
    /// Whether standard error shows colour.
    pub(crate) colour: bool,
}

impl Console {
    pub(crate) fn new() -> Self {
        let choice = anstream::AutoStream::choice(&std::io::stderr());
        Console {
            colour: choice != anstream::ColorChoice::Never,
        }
    }

    /// Prints a part of the answer.
    pub(crate) fn out(&self, text: &str) -> Result<(), Failure> {
        let mut out = anstream::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()?;
        Ok(())
    }

    /// Prints a JSON value, indented.
    pub(crate) fn json(&self, value: &Value) -> Result<(), Failure> {
        self.out(&format!("{value:#}\n"))
    }

    /// Prints to standard error. That it cannot be written is no reason to
    /// lose an answer.
    pub(crate) fn note(&self, text: &str) {
        let mut err = anstream::stderr().lock();
        let _ = err.write_all(text.as_bytes());
    }

    pub(crate) fn error(&self, message: &str) {
        self.note(&format!("{} {message}\n", self.red("nsolve:")));
    }

    pub(crate) fn red(&self, text: &str) -> String {
        paint("\u{1b}[1;31m", text)
    }

    pub(crate) fn green(&self, text: &str) -> String {
        paint("\u{1b}[1;32m", text)
    }

    pub(crate) fn bold(&self, text: &str) -> String {
        paint("\u{1b}[1m", text)
    }

    pub(crate) fn dim(&self, text: &str) -> String {
        paint("\u{1b}[2m", text)
    }

    /// Whether progress is shown.
    pub(crate) fn shows_progress(&self) -> bool {
        std::io::stderr().is_terminal()
    }
}

/// Colours a text; the streams take colours out where they are not wanted.
fn paint(code: &str, text: &str) -> String {
    format!("{code}{text}\u{1b}[0m")
}
