//! Tokens of Python's expressions, and of what stands in for them.

use nsolve_il::Rational;
use nsolve_source::{Code, Diagnostic, Span};

use crate::limits::{MAX_NAME_BYTES, Read, fault};
use crate::number::decimal;

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TokenKind {
    /// A name, or words in quotes.
    Name(String),
    Number(Rational),
    Sign(&'static str),
}

/// A token with its place.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
}

/// Longer signs stand before their beginnings.
const SIGNS: &[&str] = &[
    "<=>", "<->", "==>", "==", "=>", "->", "!=", "<>", "<=", ">=", "&&", "||", "//", "**", "(",
    ")", "[", "]", "{", "}", ",", ":", "<", ">", "=", "+", "-", "*", "/", "%", "&", "|", "!", "~",
    "^", "≤", "≥", "≠", "∧", "∨", "¬", "→", "↔", "⊕",
];

/// Splits a stretch of a text into tokens. `odd` are declared names that are no
/// names of Python, such as `9:00AM`, longest first.
pub(crate) fn tokens(text: &str, span: Span, odd: &[String]) -> Read<Vec<Token>> {
    let (start, end) = (span.start as usize, span.end as usize);
    let mut rest = text.get(start..end).unwrap_or("");
    let mut out = Vec::new();
    while let Some(first) = rest.chars().next() {
        let at = end - rest.len();
        if first.is_whitespace() {
            rest = rest.trim_start();
            continue;
        }
        if first == '#' {
            rest = rest
                .get(rest.find('\n').unwrap_or(rest.len())..)
                .unwrap_or("");
            continue;
        }
        let (kind, length) = token(rest, first, at, odd)?;
        if length > MAX_NAME_BYTES {
            let long = Diagnostic::error(Code::NAME_TOO_LONG, "a name is longer than 1000 bytes");
            return fault(long.at(Span::new(at, at + length)));
        }
        out.push(Token {
            kind,
            span: Span::new(at, at + length),
        });
        rest = rest.get(length..).unwrap_or("");
    }
    Ok(out)
}

fn token(rest: &str, first: char, at: usize, odd: &[String]) -> Read<(TokenKind, usize)> {
    let continues = |length: usize| rest.get(length..).is_some_and(|r| r.starts_with(in_name));
    if let Some(name) = odd.iter().find(|n| rest.starts_with(n.as_str()))
        && !continues(name.len())
    {
        return Ok((TokenKind::Name(name.clone()), name.len()));
    }
    if let Some(close) = closing(first) {
        let inner = rest.get(first.len_utf8()..).unwrap_or("");
        let Some(length) = inner.find(close) else {
            let open = Diagnostic::error(Code::UNCLOSED_QUOTE, "a quoted name does not end");
            return fault(open.at(Span::new(at, at + rest.len())));
        };
        let name = inner.get(..length).unwrap_or("").trim().to_owned();
        let whole = first.len_utf8() + length + close.len_utf8();
        return Ok((TokenKind::Name(name), whole));
    }
    if first.is_ascii_digit() {
        let length = number_length(rest);
        if !continues(length) {
            let text = rest.get(..length).unwrap_or("");
            return match decimal(text) {
                Some(number) => Ok((TokenKind::Number(number), length)),
                None => fault(
                    Diagnostic::error(Code::BAD_NUMBER, "a number that cannot be read exactly")
                        .at(Span::new(at, at + length)),
                ),
            };
        }
    }
    if first.is_alphanumeric() || first == '_' {
        let length = rest.find(|c| !in_name(c)).unwrap_or(rest.len());
        let name = rest.get(..length).unwrap_or("");
        return Ok((TokenKind::Name(name.to_owned()), length));
    }
    match SIGNS.iter().find(|s| rest.starts_with(**s)) {
        Some(sign) => Ok((TokenKind::Sign(sign), sign.len())),
        None => fault(
            Diagnostic::error(
                Code::UNKNOWN_CHARACTER,
                format!("no token starts with `{first}`"),
            )
            .at(Span::new(at, at + first.len_utf8()))
            .help("quote the name that it belongs to, or remove it"),
        ),
    }
}

/// Names may hold primes, as in `Roamin'` and `t'`; a quote that opens words
/// stands behind no name.
fn in_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '\'' | '’')
}

fn closing(quote: char) -> Option<char> {
    match quote {
        '"' | '\'' => Some(quote),
        '“' => Some('”'),
        '‘' => Some('’'),
        _ => None,
    }
}

/// Digits, and a fraction behind a point.
fn number_length(rest: &str) -> usize {
    let digits = |s: &str| s.find(|c: char| !c.is_ascii_digit()).unwrap_or(s.len());
    let whole = digits(rest);
    let behind = rest.get(whole..).unwrap_or("");
    match behind.strip_prefix('.').map(digits) {
        Some(fraction) if fraction > 0 => whole + 1 + fraction,
        _ => whole,
    }
}
