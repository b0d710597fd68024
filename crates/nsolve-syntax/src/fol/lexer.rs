//! The tokens of the native language.

use std::fmt;

use logos::Logos;
use nsolve_il::Rational;
use nsolve_il::fol::Direction;
use nsolve_source::{Code, Diagnostic, Severity, SourceText, Span};
use num_traits::{Pow, Zero};

use super::parse::visible;

/// Longest name that is read, in bytes.
pub(super) const LONGEST_NAME: usize = 1_000;

/// Longest numeral that is read, in bytes: what is done with numbers takes time
/// quadratic in their length.
const LONGEST_NUMERAL: usize = 1_000;

/// Largest power of ten that a numeral may have: a few signs must not make a
/// number that is longer than the text.
const LARGEST_EXPONENT: u32 = 400;

/// How many faults of one text are told, so that a text full of them does not
/// fill the memory.
pub(super) const MOST_FAULTS: usize = 10_000;

/// Why a piece of text is no token.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum LexFault {
    #[default]
    Unknown,
    /// The quote does not end on its line.
    Unclosed,
    /// The escape that starts that many bytes into the quote is none.
    Escape(usize),
    Number(&'static str),
}

#[derive(Logos, Clone, Debug, PartialEq)]
#[logos(error = LexFault)]
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
    /// `minimum of` and `maximum of` behind `ask`, and `count` behind these.
    /// Elsewhere these words are names; see [`super::parse`].
    Extremum(Direction),
    Count,
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
    #[token("'", |lex| quoted(lex, '\''))]
    Name(String),
    #[token("\"", |lex| quoted(lex, '"'))]
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

/// The rest of a quoted name or sentence, without its quotes and escapes. A
/// quote ends on its line, so that one that is not closed spoils nothing
/// further down.
fn quoted(lex: &mut logos::Lexer<'_, Token>, quote: char) -> Result<String, LexFault> {
    let rest = lex.remainder();
    let mut inside = rest.char_indices();
    let (mut out, mut fault) = (String::new(), None);
    while let Some((at, c)) = inside.next() {
        if c == quote {
            lex.bump(at + c.len_utf8());
            return fault.map_or(Ok(out), |at| Err(LexFault::Escape(at)));
        }
        if c == '\n' {
            break;
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        match inside.next() {
            Some((_, 'n')) => out.push('\n'),
            Some((_, c @ ('\\' | '"' | '\''))) => out.push(c),
            Some((_, '\n')) | None => break,
            Some(_) => fault = fault.or(Some(at + 1)),
        }
    }
    let line = rest.split('\n').next().unwrap_or(rest);
    lex.bump(line.trim_end().len());
    Err(LexFault::Unclosed)
}

/// An exact number: `3`, `2.5e3`, `1/3`, `70%`.
fn number(slice: &str) -> Result<Rational, LexFault> {
    if slice.len() > LONGEST_NUMERAL {
        return Err(LexFault::Number("this number has more than 1000 digits"));
    }
    let huge = || LexFault::Number("this number's exponent is beyond 400");
    let (slice, percent) = match slice.strip_suffix('%') {
        Some(rest) => (rest, true),
        None => (slice, false),
    };
    let (slice, below) = slice.split_once('/').unwrap_or((slice, "1"));
    let (mantissa, exponent) = slice.split_once(['e', 'E']).unwrap_or((slice, "0"));
    let exponent: i64 = exponent.parse().map_err(|_| huge())?;
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let unreadable = |_| LexFault::Number("this is no number");
    let digits: Rational = format!("{whole}{decimals}").parse().map_err(unreadable)?;
    let below: Rational = below.parse().map_err(unreadable)?;
    if below.is_zero() {
        return Err(LexFault::Number("this number is divided by zero"));
    }
    if exponent.unsigned_abs() > u64::from(LARGEST_EXPONENT) {
        return Err(huge());
    }
    let exponent = exponent - decimals.len() as i64 - if percent { 2 } else { 0 };
    let power = Rational::from_integer(10.into()).pow(exponent.unsigned_abs());
    let value = if exponent < 0 {
        digits / power
    } else {
        digits * power
    };
    Ok(value / below)
}

/// A token with its place in the text.
#[derive(Clone, Debug)]
pub(super) struct Lexeme {
    pub(super) token: Token,
    pub(super) span: Span,
}

/// Cuts a text into tokens. What is no token gives a diagnostic and is passed
/// over. The errors among the diagnostics are in the order of the text.
pub(super) fn lex(text: &SourceText) -> (Vec<Lexeme>, Vec<Diagnostic>) {
    let (mut out, mut diagnostics): (Vec<Lexeme>, Vec<Diagnostic>) = (Vec::new(), Vec::new());
    // Where a stretch of unknown characters ends that was told already.
    let mut told_to = usize::MAX;
    let (mut remarks, mut faults) = (0, 0);
    for (token, range) in Token::lexer(text.text()).spanned() {
        let span = Span::new(range.start, range.end);
        match token {
            Ok(token) => {
                let remark = remark(&token, text, span);
                diagnostics.extend(
                    remark.filter(|r| remarks < MOST_FAULTS || r.severity == Severity::Error),
                );
                remarks = diagnostics.len() - faults;
                out.push(Lexeme { token, span });
            }
            Err(LexFault::Unknown) if told_to == range.start => told_to = range.end,
            Err(fault) => {
                if fault == LexFault::Unknown {
                    told_to = range.end;
                }
                diagnostics.push(explain(&fault, text, span));
                faults += 1;
            }
        }
        if faults >= MOST_FAULTS {
            let many = format!("after {MOST_FAULTS} faults the rest is not read");
            diagnostics.push(Diagnostic::error(Code::UNKNOWN_CHARACTER, many).at(span));
            break;
        }
    }
    read_all_as_forall(text, &mut out, &mut diagnostics);
    (out, diagnostics)
}

/// What there is to say about a token that was read.
fn remark(token: &Token, text: &SourceText, span: Span) -> Option<Diagnostic> {
    let slice = text.slice(span);
    if let Token::Name(name) = token
        && name.len() > LONGEST_NAME
    {
        let long = format!(
            "this name has {} bytes; at most {LONGEST_NAME} are read",
            name.len()
        );
        return Some(
            Diagnostic::error(Code::NAME_TOO_LONG, long)
                .at(span)
                .help("use a shorter name"),
        );
    }
    native_spelling(token, slice).map(|native| foreign(native, text, span))
}

fn foreign(native: &str, text: &SourceText, span: Span) -> Diagnostic {
    Diagnostic::note(
        Code::FOREIGN_SPELLING,
        format!("`{}` is written `{native}` here", text.slice(span)),
    )
    .at(span)
    .fix(span, padded(native, text, span))
}

/// `all x. F`: two names side by side make sense only in a question and behind
/// an option's letter, so elsewhere
/// the first is a quantifier.
fn read_all_as_forall(
    text: &SourceText,
    lexemes: &mut [Lexeme],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut asked = false;
    let mut following = lexemes.iter_mut().peekable();
    while let Some(lexeme) = following.next() {
        let names = matches!(following.peek(), Some(next) if matches!(next.token, Token::Name(_)));
        if names && !asked && text.slice(lexeme.span) == "all" {
            lexeme.token = Token::Forall;
            diagnostics.push(foreign("forall", text, lexeme.span));
        }
        asked = matches!(lexeme.token, Token::Ask | Token::Choice);
    }
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

/// A fault in words, with a fix where one is plain.
fn explain(fault: &LexFault, text: &SourceText, span: Span) -> Diagnostic {
    let slice = text.slice(span);
    match fault {
        LexFault::Unknown => unknown(slice, span),
        LexFault::Unclosed => unclosed(slice, text, span),
        LexFault::Escape(at) => {
            let start = span.start as usize + at;
            let escape: String = slice.get(*at..).unwrap_or("").chars().take(2).collect();
            let at = Span::new(start, start + escape.len());
            Diagnostic::error(
                Code::UNCLOSED_QUOTE,
                format!("`{}` is no escape", visible(&escape)),
            )
            .at(at)
            .expecting(["`\\\\`", "`\\\"`", "`\\'`", "`\\n`"])
            .help("a backslash itself is written twice")
            .suggest(Span::new(start, start + 1), "\\\\")
        }
        LexFault::Number(why) => Diagnostic::error(Code::BAD_NUMBER, *why)
            .at(span)
            .expecting(["a number such as `3`, `2.5e3`, `1/3` or `70%`"]),
    }
}

fn unclosed(slice: &str, text: &SourceText, span: Span) -> Diagnostic {
    let before = text.text().get(..span.start as usize).unwrap_or("");
    let within_word = slice.starts_with('\'') && before.ends_with(char::is_alphanumeric);
    if within_word {
        return Diagnostic::error(
            Code::UNCLOSED_QUOTE,
            "an apostrophe opens a quoted name, and this one is not closed on its line",
        )
        .at(Span::new(span.start as usize, span.start as usize + 1))
        .help("a name with an apostrophe stands in quotes as a whole: `'O\\'Hara'`");
    }
    let what = if slice.starts_with('"') {
        "sentence"
    } else {
        "name"
    };
    let fault = Diagnostic::error(
        Code::UNCLOSED_QUOTE,
        format!("this quoted {what} is not closed on its line"),
    )
    .at(span)
    .help("close the quote; a line break inside is written `\\n`");
    // A colon with blanks around it stands between sentence and formula.
    match slice.rfind(" : ") {
        Some(at) if slice.starts_with('"') => {
            let end = span.start as usize + slice.get(..at).unwrap_or("").trim_end().len();
            fault.suggest(Span::new(end, end), "\"")
        }
        _ => fault,
    }
}

/// What is surely meant by a sign of another notation that is not read.
fn instead(slice: &str) -> Option<&'static str> {
    Some(match slice {
        "\u{201c}" | "\u{201d}" | "\u{201e}" | "\u{ab}" | "\u{bb}" => "\"",
        "\u{2018}" | "\u{2019}" => "'",
        "⇒" | "⟹" | "⟶" | "⊃" => "->",
        "⇔" | "⟺" | "≡" | "⟷" => "<->",
        "−" | "–" => "-",
        "×" | "·" => "*",
        "÷" => "/",
        "[" => "(",
        "]" => ")",
        ";" => "",
        _ => return None,
    })
}

fn unknown(slice: &str, span: Span) -> Diagnostic {
    let shown: String = slice.chars().take(20).collect();
    let fault = Diagnostic::error(
        Code::UNKNOWN_CHARACTER,
        format!("`{}` is no part of the language", visible(&shown)),
    )
    .at(span);
    match instead(slice) {
        Some("") => fault
            .help("items end without a sign: remove it")
            .fix(span, ""),
        Some(native) => fault.help(format!("write `{native}`")).fix(span, native),
        None => fault.help("remove it, or put a name that has it into single quotes"),
    }
}
