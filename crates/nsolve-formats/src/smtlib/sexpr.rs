//! S-expressions with spans, read without recursion.

use nsolve_source::{Code, Diagnostic, Span};

use crate::limits::{MAX_BRACKETS, too_deep};

/// An S-expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sexpr {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// A symbol, without bars.
    Symbol(String),
    /// A keyword, with its colon.
    Keyword(String),
    /// A number as written: digits, perhaps a point.
    Number(String),
    /// A string, `#x` or `#b` literal, which no term here can hold.
    Literal,
    List(Vec<Sexpr>),
}

impl Sexpr {
    pub(super) fn symbol(&self) -> Option<&str> {
        match &self.kind {
            Kind::Symbol(s) => Some(s),
            _ => None,
        }
    }

    pub(super) fn list(&self) -> Option<&[Sexpr]> {
        match &self.kind {
            Kind::List(items) => Some(items),
            _ => None,
        }
    }
}

/// All expressions of a text. One that is nested too deeply is told and left
/// out; a bracket without a partner is told and passed over.
pub(super) fn read(text: &str) -> (Vec<Sexpr>, Vec<Diagnostic>) {
    let mut lexer = Lexer {
        text,
        at: 0,
        diagnostics: Vec::new(),
    };
    let mut done = Vec::new();
    // Each open list with the place of its bracket.
    let mut open: Vec<(usize, Vec<Sexpr>)> = Vec::new();
    let mut deep = 0_usize;
    while let Some((start, token)) = lexer.token() {
        let end = lexer.at;
        let made = match token {
            Token::Open if open.len() >= MAX_BRACKETS => {
                if deep == 0 {
                    lexer.diagnostics.push(too_deep(Span::new(start, end)));
                }
                deep += 1;
                continue;
            }
            Token::Open => {
                open.push((start, Vec::new()));
                continue;
            }
            Token::Close if deep > 0 => {
                deep -= 1;
                continue;
            }
            Token::Close => match open.pop() {
                Some((start, items)) => Sexpr {
                    kind: Kind::List(items),
                    span: Span::new(start, end),
                },
                None => {
                    lexer.fault(Code::EXTRA_BRACKET, start, "this `)` closes nothing");
                    continue;
                }
            },
            Token::Atom(kind) => Sexpr {
                kind,
                span: Span::new(start, end),
            },
        };
        match open.last_mut() {
            Some((_, items)) if deep == 0 => items.push(made),
            Some(_) => {}
            None => done.push(made),
        }
    }
    if let Some((start, _)) = open.first() {
        lexer.at = start + 1;
        lexer.fault(
            Code::UNEXPECTED,
            *start,
            "this `(` is not closed; the command was left out",
        );
    }
    (done, lexer.diagnostics)
}

enum Token {
    Open,
    Close,
    Atom(Kind),
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

    fn fault(&mut self, code: Code, start: usize, message: &str) {
        let span = Span::new(start, self.at.max(start + 1));
        self.diagnostics
            .push(Diagnostic::error(code, message).at(span));
    }

    fn token(&mut self) -> Option<(usize, Token)> {
        loop {
            self.take_while(char::is_whitespace);
            let start = self.at;
            let first = self.rest().chars().next()?;
            let token = match first {
                ';' => {
                    self.take_while(|c| c != '\n' && c != '\r');
                    continue;
                }
                '(' | ')' => {
                    self.at += 1;
                    if first == '(' {
                        Token::Open
                    } else {
                        Token::Close
                    }
                }
                '|' => {
                    self.at += 1;
                    let name = self.take_while(|c| c != '|' && c != '\\').to_owned();
                    if !self.rest().starts_with('|') {
                        self.fault(
                            Code::UNCLOSED_QUOTE,
                            start,
                            "the quoted symbol does not end",
                        );
                        continue;
                    }
                    self.at += 1;
                    Token::Atom(Kind::Symbol(name))
                }
                '"' => {
                    // A doubled quote inside is two strings side by side, which
                    // is no matter, since no string is used.
                    self.at += 1;
                    self.take_while(|c| c != '"');
                    if self.rest().is_empty() {
                        self.fault(Code::UNCLOSED_QUOTE, start, "the string does not end");
                    }
                    self.at += usize::from(!self.rest().is_empty());
                    Token::Atom(Kind::Literal)
                }
                _ => {
                    let word = self
                        .take_while(|c| !c.is_whitespace() && !"()|;\"".contains(c))
                        .to_owned();
                    Token::Atom(match first {
                        ':' => Kind::Keyword(word),
                        '#' => Kind::Literal,
                        '0'..='9' => Kind::Number(word),
                        _ => Kind::Symbol(word),
                    })
                }
            };
            return Some((start, token));
        }
    }
}
