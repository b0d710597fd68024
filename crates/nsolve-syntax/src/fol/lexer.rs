//! The tokens of the native language.

use std::fmt;

use logos::Logos;
use nsolve_il::Rational;
use nsolve_source::{Code, Diagnostic, SourceText, Span};
use num_traits::{One, Pow, Zero};

/// Longest name that is read, in bytes.
pub(super) const LONGEST_NAME: usize = 1_000;

/// Largest power of ten that a numeral may have: beyond it numbers are longer
/// than texts.
const LARGEST_EXPONENT: u32 = 4_000;

#[derive(Logos, Clone, Debug, PartialEq)]
#[logos(skip r"[ \t\r\n\f]+", skip(r"#[^\n]*", allow_greedy = true))]
pub(super) enum Token {
    #[token("sort")]
    Sort,
    #[token("const")]
    Const,
    #[token("func")]
    Func,
    #[token("pred")]
    Pred,
    #[token("semantics")]
    Semantics,
    #[token("premise")]
    Premise,
    #[token("conclusion")]
    Conclusion,
    #[token("ask")]
    Ask,
    #[token("option")]
    Choice,
    #[token("forall")]
    #[token("∀")]
    Forall,
    #[token("exists")]
    #[token("∃")]
    #[token("some")]
    #[token("exist")]
    Exists,
    #[token("exists!")]
    #[token("∃!")]
    ExistsUnique,
    #[token("at")]
    At,
    #[token("least")]
    Least,
    #[token("most")]
    Most,
    #[token("exactly")]
    Exactly,
    #[token("not")]
    #[token("¬")]
    #[token("~")]
    #[token("!")]
    Not,
    #[token("and")]
    #[token("∧")]
    #[token("&")]
    #[token("&&")]
    And,
    #[token("or")]
    #[token("∨")]
    #[token("|")]
    #[token("||")]
    Or,
    #[token("xor")]
    #[token("⊕")]
    #[token("^")]
    Xor,
    #[token("->")]
    #[token("implies")]
    #[token("→")]
    #[token("=>")]
    Implies,
    #[token("<->")]
    #[token("iff")]
    #[token("↔")]
    #[token("<=>")]
    Iff,
    #[token("distinct")]
    Distinct,
    #[token("true")]
    True,
    #[token("false")]
    False,
    #[token("div")]
    Div,
    #[token("mod")]
    Mod,
    #[token("=")]
    #[token("==")]
    Equal,
    #[token("!=")]
    #[token("≠")]
    NotEqual,
    #[token("<")]
    Less,
    #[token("<=")]
    #[token("≤")]
    LessEq,
    #[token(">")]
    Greater,
    #[token(">=")]
    #[token("≥")]
    GreaterEq,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("*")]
    Times,
    #[token("/")]
    Over,
    #[token("(")]
    Open,
    #[token(")")]
    Close,
    #[token("{")]
    OpenSet,
    #[token("}")]
    CloseSet,
    #[token(",")]
    Comma,
    #[token(".")]
    Dot,
    #[token(":")]
    Colon,
    #[regex(r"[\p{L}_][\p{L}\p{N}\p{M}_]*", |lex| lex.slice().to_owned())]
    #[regex(r"'([^'\\]|\\['\\])*'", |lex| unquote(lex.slice()))]
    Name(String),
    #[regex(r#""([^"\\]|\\["\\n])*""#, |lex| unquote(lex.slice()))]
    Text(String),
    #[regex(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?(/[0-9]+)?%?", |lex| number(lex.slice()))]
    Number(Rational),
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a token")
    }
}

/// Words that are names only in quotes.
pub(super) const RESERVED: [&str; 28] = [
    "sort",
    "const",
    "func",
    "pred",
    "semantics",
    "premise",
    "conclusion",
    "ask",
    "option",
    "forall",
    "exists",
    "some",
    "exist",
    "at",
    "least",
    "most",
    "exactly",
    "not",
    "and",
    "or",
    "xor",
    "implies",
    "iff",
    "distinct",
    "true",
    "false",
    "div",
    "mod",
];

/// A quoted name or sentence without its quotes and escapes.
fn unquote(slice: &str) -> String {
    let mut inside = slice.chars();
    inside.next();
    inside.next_back();
    let mut out = String::with_capacity(slice.len());
    while let Some(c) = inside.next() {
        match c {
            '\\' => match inside.next() {
                Some('n') => out.push('\n'),
                Some(other) => out.push(other),
                None => {}
            },
            c => out.push(c),
        }
    }
    out
}

/// An exact number: `3`, `2.5e3`, `1/3`, `70%`.
fn number(slice: &str) -> Option<Rational> {
    let (slice, percent) = match slice.strip_suffix('%') {
        Some(rest) => (rest, true),
        None => (slice, false),
    };
    let (slice, below) = match slice.split_once('/') {
        Some((above, below)) => (above, below.parse().ok()?),
        None => (slice, Rational::one()),
    };
    let (mantissa, exponent) = match slice.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (slice, 0),
    };
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: Rational = format!("{whole}{decimals}").parse().ok()?;
    let exponent = i64::from(exponent) - decimals.len() as i64 - if percent { 2 } else { 0 };
    let size = u32::try_from(exponent.unsigned_abs()).ok()?;
    if size > LARGEST_EXPONENT || below.is_zero() {
        return None;
    }
    let power = Rational::from_integer(10.into()).pow(size);
    let value = if exponent < 0 {
        digits / power
    } else {
        digits * power
    };
    Some(value / below)
}

/// A token with its place in the text.
#[derive(Clone, Debug)]
pub(super) struct Lexeme {
    pub(super) token: Token,
    pub(super) span: Span,
}

/// Cuts a text into tokens. What is no token gives a diagnostic and is passed
/// over.
pub(super) fn lex(text: &SourceText) -> (Vec<Lexeme>, Vec<Diagnostic>) {
    let (mut out, mut diagnostics) = (Vec::new(), Vec::new());
    for (token, range) in Token::lexer(text.text()).spanned() {
        let span = Span::new(range.start, range.end);
        let slice = text.slice(span);
        let Ok(token) = token else {
            diagnostics.push(unknown(slice, span));
            continue;
        };
        if let Token::Name(name) = &token
            && name.len() > LONGEST_NAME
        {
            diagnostics.push(
                Diagnostic::error(
                    Code::NAME_TOO_LONG,
                    format!(
                        "a name has {} bytes; at most {LONGEST_NAME} are read",
                        name.len()
                    ),
                )
                .at(span)
                .help("use a shorter name"),
            );
        }
        if let Some(native) = native_spelling(&token, slice) {
            diagnostics.push(
                Diagnostic::note(
                    Code::FOREIGN_SPELLING,
                    format!("`{slice}` is written `{native}` here"),
                )
                .at(span)
                .fix(span, padded(native, text, span)),
            );
        }
        out.push(Lexeme { token, span });
    }
    (out, diagnostics)
}

/// A word needs blanks where a sign did not.
fn padded(native: &str, text: &SourceText, span: Span) -> String {
    if !native.starts_with(char::is_alphabetic) {
        return native.to_owned();
    }
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    let before = text.text().get(..span.start as usize).unwrap_or("");
    let after = text.text().get(span.end as usize..).unwrap_or("");
    let left = if before.ends_with(joins) { " " } else { "" };
    let right = if after.starts_with(joins) { " " } else { "" };
    format!("{left}{native}{right}")
}

/// How a token is written natively, where it was written otherwise. The words
/// `implies` and `iff` are native.
fn native_spelling(token: &Token, slice: &str) -> Option<&'static str> {
    let native = match token {
        Token::Forall => "forall",
        Token::Exists => "exists",
        Token::ExistsUnique => "exists!",
        Token::Not => "not",
        Token::And => "and",
        Token::Or => "or",
        Token::Xor => "xor",
        Token::Implies if slice != "implies" => "->",
        Token::Iff if slice != "iff" => "<->",
        Token::Equal => "=",
        Token::NotEqual => "!=",
        Token::LessEq => "<=",
        Token::GreaterEq => ">=",
        _ => return None,
    };
    (native != slice).then_some(native)
}

fn unknown(slice: &str, span: Span) -> Diagnostic {
    if slice.starts_with(['"', '\'']) {
        let what = if slice.starts_with('"') {
            "sentence"
        } else {
            "name"
        };
        return Diagnostic::error(
            Code::UNCLOSED_QUOTE,
            format!("this quoted {what} does not end, or has an escape that is none"),
        )
        .at(span)
        .help("close the quote; inside, write a quote or a backslash with a backslash before it");
    }
    if slice.starts_with(|c: char| c.is_ascii_digit()) {
        return Diagnostic::error(Code::BAD_NUMBER, "this number cannot be read exactly")
            .at(span)
            .expecting(["a number such as `3`, `2.5e3`, `1/3` or `70%`"]);
    }
    let shown: String = slice.chars().take(20).collect();
    Diagnostic::error(
        Code::UNKNOWN_CHARACTER,
        format!("`{}` is no part of the language", shown.escape_debug()),
    )
    .at(span)
    .help("remove it, or put a name that has it into single quotes")
}
