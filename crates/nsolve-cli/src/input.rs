//! Reading files and telling what they are written in.

use std::io::Read;
use std::path::Path;

use nsolve::{Dialect, Format, SourceText};

use crate::failure::Failure;

/// Reads a file, or standard input for `-`.
///
/// A text that is none (no UTF-8, a NUL byte, too large) is the input's fault.
pub(crate) fn text(path: &Path) -> Result<SourceText, Failure> {
    let (name, mut bytes) = bytes(path)?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let unpacked = nsolve::formats::milp::inflate(&bytes, nsolve::MAX_TEXT_BYTES);
        bytes = unpacked.map_err(|e| Failure::Input(format!("{name}: {e}")))?;
    }
    SourceText::from_bytes(&name, &bytes)
        .map_err(|d| Failure::Input(format!("{name}: {d}{}", help(&d))))
}

fn help(diagnostic: &nsolve::Diagnostic) -> String {
    let help = diagnostic.help.as_deref();
    help.map_or(String::new(), |h| format!("\n  help: {h}"))
}

fn bytes(path: &Path) -> Result<(String, Vec<u8>), Failure> {
    let is_stdin = path.as_os_str() == "-";
    let name = if is_stdin {
        "<stdin>".to_owned()
    } else {
        path.display().to_string()
    };
    // One byte over the limit is enough to see that it is over.
    let limit = nsolve::MAX_TEXT_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    let read = if is_stdin {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    read.map_err(|e| Failure::Input(format!("{name}: {e}")))?;
    Ok((name, bytes))
}

/// The format that is asked for, or the one that name and content tell.
pub(crate) fn format(
    asked: Option<&str>,
    path: &Path,
    text: &SourceText,
) -> Result<Format, Failure> {
    match asked {
        Some(name) => Format::find(name).ok_or_else(|| Failure::Usage(unknown_format(name))),
        None => Ok(nsolve::formats::detect(
            &path.to_string_lossy(),
            text.text(),
        )),
    }
}

/// How a program of this format is read.
pub(crate) fn dialect(format: Format) -> Dialect {
    match format {
        Format::Prolog => Dialect::Prolog,
        _ => Dialect::Asp,
    }
}

pub(crate) fn unknown_format(name: &str) -> String {
    let names: Vec<_> = Format::ALL.iter().map(|f| f.name()).collect();
    format!(
        "there is no format `{name}`; there are {}",
        names.join(", ")
    )
}
