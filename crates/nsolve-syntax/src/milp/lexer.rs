//! The tokens of a model.

use nsolve_il::milp::Number;
use nsolve_source::{Code, Diagnostic, Span};

/// A token; what it says is in the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Name,
    Number(Number),
    /// Between quotes, which are doubled inside.
    Text,
    /// An operator or bracket, in its canonical spelling.
    Symbol(&'static str),
    End,
}

/// A token with its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lexeme {
    pub(super) token: Token,
    pub(super) span: Span,
}

/// Spellings, longest first, with the canonical one.
const SYMBOLS: &[(&str, &str)] = &[
    ("<==>", "<==>"),
    ("<=>", "<==>"),
    ("<->", "<==>"),
    ("==>", "==>"),
    ("<==", "<=="),
    ("=>", "==>"),
    ("->", "==>"),
    ("**", "**"),
    ("<=", "<="),
    ("=<", "<="),
    (">=", ">="),
    ("<>", "!="),
    ("!=", "!="),
    ("==", "="),
    (":=", ":="),
    ("..", ".."),
    ("&&", "and"),
    ("||", "or"),
    ("<<", "<<"),
    (">>", ">>"),
    ("≤", "<="),
    ("≥", ">="),
    ("≠", "!="),
    ("+", "+"),
    ("-", "-"),
    ("−", "-"),
    ("*", "*"),
    ("·", "*"),
    ("×", "*"),
    ("/", "/"),
    ("^", "**"),
    ("&", "&"),
    ("<", "<"),
    (">", ">"),
    ("=", "="),
    ("!", "!"),
    ("(", "("),
    (")", ")"),
    ("[", "["),
    ("]", "]"),
    ("{", "{"),
    ("}", "}"),
    (",", ","),
    (";", ";"),
    (":", ":"),
    (".", "."),
    ("$", "$"),
    ("%", "%"),
    ("|", "|"),
    ("~", "~"),
    ("€", "€"),
    ("£", "£"),
];

/// Spellings of other systems that stand for one of ours.
pub(super) const FOREIGN: &[&str] = &["<=>", "<->", "=>", "->", "=<", "≤", "≥", "≠", "−", "·", "×"];

/// The tokens up to the end, or to a `data` or `end` statement; where data
/// begin, if they do.
pub(super) struct Lexed {
    pub(super) lexemes: Vec<Lexeme>,
    pub(super) data: Option<usize>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// The length of what is no token at the start of a text: spaces and comments.
///
/// # Errors
/// Where a comment does not end, its length.
pub(super) fn blank(text: &str) -> Result<usize, usize> {
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let spaces = rest.len() - rest.trim_start().len();
        let rest = rest.get(spaces..).unwrap_or_default();
        at += spaces;
        if rest.starts_with('#') || rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            match rest.find("*/") {
                Some(end) => at += end + 2,
                None => return Err(at),
            }
        } else {
            return Ok(at);
        }
    }
}

/// The length of a quoted text at the start, with both quotes; `None` where it
/// does not end on its line.
pub(super) fn quoted(text: &str) -> Option<usize> {
    let quote = text.chars().next()?;
    let mut at = quote.len_utf8();
    loop {
        let rest = text.get(at..)?;
        let end = rest.find([quote, '\n'])?;
        if rest.get(end..)?.starts_with('\n') {
            return None;
        }
        at += end + quote.len_utf8();
        // A doubled quote is one of the text.
        if !text.get(at..)?.starts_with(quote) {
            return Some(at);
        }
        at += quote.len_utf8();
    }
}

/// What a quoted text says.
pub(super) fn unquote(text: &str) -> String {
    let Some(quote) = text.chars().next() else {
        return String::new();
    };
    let inner = text
        .get(quote.len_utf8()..text.len() - quote.len_utf8())
        .unwrap_or_default();
    inner.replace(&format!("{quote}{quote}"), &quote.to_string())
}

/// The length of a number at the start: digits, a point that is not `..`, an
/// exponent; 0 where there is none.
pub(super) fn number_length(text: &[u8]) -> usize {
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        rest.iter().take_while(|c| c.is_ascii_digit()).count()
    };
    let whole = digits(0);
    let mut at = whole;
    let mut fraction = 0;
    if text.get(at) == Some(&b'.') && text.get(at + 1) != Some(&b'.') {
        fraction = digits(at + 1);
        at += 1 + fraction;
    }
    if whole + fraction == 0 {
        return 0;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at + 1 + sign);
        if exponent > 0 {
            at += 1 + sign + exponent;
        }
    }
    at
}

/// Splits a text into tokens.
pub(super) fn lex(text: &str) -> Lexed {
    let mut lexed = Lexed {
        lexemes: Vec::new(),
        data: None,
        diagnostics: Vec::new(),
    };
    let mut at = 0;
    loop {
        match blank(text.get(at..).unwrap_or_default()) {
            Ok(length) => at += length,
            Err(length) => {
                let start = at + length;
                lexed.diagnostics.push(
                    Diagnostic::error(Code::MODEL_UNCLOSED, "this comment does not end")
                        .at(Span::new(start, start + 2))
                        .help("end it with `*/`"),
                );
                at = text.len();
            }
        }
        let rest = text.get(at..).unwrap_or_default();
        let Some(first) = rest.chars().next() else {
            break;
        };
        at += next(rest, first, at, &mut lexed);
        if ends_model(text, &lexed.lexemes) {
            lexed.data = (text_of(text, &lexed.lexemes, 2) == Some("data")).then_some(at);
            lexed.lexemes.truncate(lexed.lexemes.len() - 2);
            break;
        }
    }
    lexed.lexemes.push(Lexeme {
        token: Token::End,
        span: Span::new(at, at),
    });
    lexed
}

fn text_of<'t>(text: &'t str, lexemes: &[Lexeme], back: usize) -> Option<&'t str> {
    let lexeme = lexemes.get(lexemes.len().checked_sub(back)?)?;
    text.get(lexeme.span.range())
}

/// Whether the last tokens are `data ;` or `end ;` at the start of a statement.
fn ends_model(text: &str, lexemes: &[Lexeme]) -> bool {
    text_of(text, lexemes, 1) == Some(";")
        && matches!(text_of(text, lexemes, 2), Some("data" | "end"))
        && matches!(text_of(text, lexemes, 3), None | Some(";" | "}"))
}

/// Adds the next token, and says how long it is.
fn next(rest: &str, first: char, at: usize, lexed: &mut Lexed) -> usize {
    let push = |lexed: &mut Lexed, token: Token, length: usize| {
        lexed.lexemes.push(Lexeme {
            token,
            span: Span::new(at, at + length),
        });
        length
    };
    if first.is_alphabetic() || first == '_' {
        for word in ["s.t.", "S.T."] {
            if rest.starts_with(word) {
                return push(lexed, Token::Name, word.len());
            }
        }
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'));
        return push(lexed, Token::Name, end.unwrap_or(rest.len()));
    }
    if first == '"' || first == '\'' {
        return match quoted(rest) {
            Some(length) => push(lexed, Token::Text, length),
            None => {
                lexed.diagnostics.push(
                    Diagnostic::error(Code::MODEL_UNCLOSED, "this quote does not end on its line")
                        .at(Span::new(at, at + 1))
                        .help(format!("end it with `{first}`")),
                );
                rest.find('\n').unwrap_or(rest.len())
            }
        };
    }
    let length = number_length(rest.as_bytes());
    if length > 0 {
        return number(rest, length, at, lexed);
    }
    let symbol = SYMBOLS.iter().find(|(s, _)| rest.starts_with(s));
    let Some((spelling, canonical)) = symbol else {
        lexed.diagnostics.push(
            Diagnostic::error(
                Code::MODEL_CHARACTER,
                format!("no token starts with `{first}`"),
            )
            .at(Span::new(at, at + first.len_utf8())),
        );
        return first.len_utf8();
    };
    if FOREIGN.contains(spelling) {
        lexed.diagnostics.push(
            Diagnostic::note(
                Code::MODEL_SPELLING,
                format!("`{spelling}` was read as `{canonical}`"),
            )
            .at(Span::new(at, at + spelling.len()))
            .fix(Span::new(at, at + spelling.len()), *canonical),
        );
    }
    push(lexed, Token::Symbol(canonical), spelling.len())
}

fn number(rest: &str, length: usize, at: usize, lexed: &mut Lexed) -> usize {
    let text = rest.get(..length).unwrap_or_default();
    let after = rest.get(length..).unwrap_or_default();
    let (mut value, mut length) = (Number::of_decimal(text.as_bytes()), length);
    if after.starts_with('%') {
        value = value.and_then(|v| v.checked_div(&100.into()));
        length += 1;
    }
    let span = Span::new(at, at + length);
    if value.is_none() {
        lexed.diagnostics.push(
            Diagnostic::error(Code::MODEL_NUMBER, "this number is too long to be read").at(span),
        );
    }
    lexed.lexemes.push(Lexeme {
        token: Token::Number(value.unwrap_or_default()),
        span,
    });
    length
}
