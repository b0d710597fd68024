//! Tokens of TPTP.

use nsolve_il::Rational;
use nsolve_source::{Code, Diagnostic, Span};

use crate::number::decimal;

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tok {
    /// A name: a lower-case word, or anything in single quotes.
    Name(String),
    /// A variable: an upper-case word.
    Upper(String),
    /// A defined or system word, with its `$`.
    Dollar(String),
    /// A distinct object, in double quotes.
    Object,
    /// A number, and whether it is a real.
    Number(Rational, bool),
    /// Punctuation or an operator.
    Sign(&'static str),
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) tok: Tok,
    pub(super) span: Span,
}

/// Longer signs stand before their beginnings.
const SIGNS: [&str; 29] = [
    "<=>", "<~>", "=>", "<=", "~|", "~&", "!=", "!>", "?*", ":=", "(", ")", "[", "]", "{", "}",
    ",", ".", ":", "!", "?", "~", "&", "|", "=", "*", ">", "@", "^",
];

/// All tokens; what is no token gives a diagnostic and is passed over.
pub(super) fn tokens(text: &str) -> (Vec<Token>, Vec<Diagnostic>) {
    let mut lexer = Lexer {
        text,
        at: 0,
        diagnostics: Vec::new(),
    };
    let mut out = Vec::new();
    loop {
        lexer.skip_blank();
        let start = lexer.at;
        if start >= text.len() {
            return (out, lexer.diagnostics);
        }
        if let Some(tok) = lexer.token() {
            let span = Span::new(start, lexer.at);
            out.push(Token { tok, span });
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn take_while(&mut self, test: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let len = rest.find(|c| !test(c)).unwrap_or(rest.len());
        self.at += len;
        rest.get(..len).unwrap_or("")
    }

    fn skip_blank(&mut self) {
        loop {
            self.take_while(char::is_whitespace);
            let rest = self.rest();
            if rest.starts_with('%') {
                self.take_while(|c| c != '\n');
            } else if rest.starts_with("/*") {
                match rest.find("*/") {
                    Some(end) => self.at += end + 2,
                    None => {
                        self.fault(Code::UNCLOSED_QUOTE, self.at, "the comment does not end");
                        self.at = self.text.len();
                    }
                }
            } else {
                return;
            }
        }
    }

    fn fault(&mut self, code: Code, start: usize, message: &str) {
        let span = Span::new(start, self.at.max(start + 1));
        self.diagnostics
            .push(Diagnostic::error(code, message).at(span));
    }

    fn token(&mut self) -> Option<Tok> {
        let rest = self.rest();
        let start = self.at;
        let first = rest.chars().next()?;
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        match first {
            'a'..='z' | 'A'..='Z' | '$' => {
                if first == '$' {
                    self.take_while(|c| c == '$');
                }
                self.take_while(is_word);
                let word = self.text.get(start..self.at).unwrap_or("").to_owned();
                Some(match first {
                    '$' => Tok::Dollar(word),
                    'a'..='z' => Tok::Name(word),
                    _ => Tok::Upper(word),
                })
            }
            '\'' | '"' => self.quoted(first),
            '0'..='9' => self.number(),
            '+' | '-' if rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit()) => self.number(),
            _ => {
                if let Some(sign) = SIGNS.into_iter().find(|s| rest.starts_with(s)) {
                    self.at += sign.len();
                    return Some(Tok::Sign(sign));
                }
                self.at += first.len_utf8();
                let message = format!("no token starts with `{}`", first.escape_debug());
                self.fault(Code::UNKNOWN_CHARACTER, start, &message);
                None
            }
        }
    }

    fn quoted(&mut self, quote: char) -> Option<Tok> {
        let start = self.at;
        let mut name = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        let mut end = None;
        while let Some((i, c)) = chars.next() {
            match c {
                '\\' => name.extend(chars.next().map(|(_, c)| c)),
                '\n' => break,
                c if c == quote => {
                    end = Some(i + 1);
                    break;
                }
                c => name.push(c),
            }
        }
        let Some(end) = end else {
            self.take_while(|c| c != '\n');
            self.fault(
                Code::UNCLOSED_QUOTE,
                start,
                "the quoted name does not end on its line",
            );
            return None;
        };
        self.at += end;
        if quote == '"' {
            return Some(Tok::Object);
        }
        Some(Tok::Name(name))
    }

    fn number(&mut self) -> Option<Tok> {
        let start = self.at;
        let digits = |lexer: &mut Self| !lexer.take_while(|c| c.is_ascii_digit()).is_empty();
        let follows = |lexer: &Self, signs: &[char]| {
            let mut chars = lexer.rest().chars();
            let first = chars.next().is_some_and(|c| signs.contains(&c));
            let mut next = chars.next();
            if signs.contains(&'e') && matches!(next, Some('+' | '-')) {
                next = chars.next();
            }
            first && next.is_some_and(|c| c.is_ascii_digit())
        };
        self.at += usize::from(self.rest().starts_with(['+', '-']));
        digits(self);
        let (mut real, mut below) = (false, None);
        if follows(self, &['/']) {
            self.at += 1;
            below = Some(self.at);
            digits(self);
        } else {
            if follows(self, &['.']) {
                real = true;
                self.at += 1;
                digits(self);
            }
            if follows(self, &['e', 'E']) {
                real = true;
                self.at += 2;
                digits(self);
            }
        }
        let text = self.text.get(start..self.at).unwrap_or("");
        let text = text.strip_prefix('+').unwrap_or(text);
        let value = match below {
            None => decimal(text),
            Some(_) => crate::number::fraction(text),
        };
        match value {
            Some(value) => Some(Tok::Number(value, real || below.is_some())),
            None => {
                self.fault(Code::BAD_NUMBER, start, "the number cannot be read exactly");
                None
            }
        }
    }
}
