//! Tokens of LP files.

use nsolve_source::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name, a keyword, or a number in words.
    Name,
    Number,
    Plus,
    Minus,
    Star,
    Slash,
    Caret,
    Colon,
    DoubleColon,
    Le,
    Ge,
    Eq,
    /// `->`
    Arrow,
    Open,
    Close,
    /// No token starts with it.
    Other,
    End,
}

impl Kind {
    pub(super) fn is_sign(self) -> bool {
        matches!(self, Kind::Plus | Kind::Minus)
    }

    pub(super) fn is_comparison(self) -> bool {
        matches!(self, Kind::Le | Kind::Ge | Kind::Eq)
    }

    /// Whether something must follow on the same line.
    pub(super) fn wants_more(self) -> bool {
        self.is_sign()
            || self.is_comparison()
            || matches!(
                self,
                Kind::Star | Kind::Slash | Kind::Colon | Kind::DoubleColon | Kind::Arrow
            )
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: u32,
    pub(super) end: u32,
    /// Whether it is the first of its line.
    pub(super) first: bool,
}

impl Token {
    pub(super) fn span(self) -> Span {
        Span {
            start: self.start,
            end: self.end,
        }
    }
}

/// What a byte can be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Part of a name.
    Word,
    /// Part of a name or a number.
    Digit,
    Blank,
    Newline,
    /// Ends a name, and is a token or starts one.
    Mark,
    /// Control characters.
    Bad,
}

#[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
const CLASSES: [Class; 256] = {
    let mut classes = [Class::Word; 256];
    let mut i = 0;
    while i < 256 {
        classes[i] = match i as u8 {
            b'0'..=b'9' => Class::Digit,
            b' ' | b'\t' | b'\r' | 0x0b | 0x0c => Class::Blank,
            b'\n' => Class::Newline,
            b'\\' | b':' | b'+' | b'<' | b'>' | b'^' | b'=' | b'/' | b'-' | b'*' | b'[' | b']' => {
                Class::Mark
            }
            0..=31 | 127 => Class::Bad,
            _ => Class::Word,
        };
        i += 1;
    }
    classes
};

fn class(byte: u8) -> Class {
    CLASSES
        .get(usize::from(byte))
        .copied()
        .unwrap_or(Class::Bad)
}

#[derive(Clone, Copy)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    first: bool,
    /// Where a block comment starts that does not end.
    pub(super) unclosed: Option<usize>,
    /// Where a semicolon was passed over.
    pub(super) semicolon: Option<usize>,
    /// Where the last comment stands that starts with [`RANGE`].
    pub(super) range: Option<usize>,
}

/// Starts a comment of ours: the next two rows are the two bounds of one.
pub(in crate::milp) const RANGE: &str = "\\Range ";

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Lexer {
            text,
            at: 0,
            first: true,
            unclosed: None,
            semicolon: None,
            range: None,
        }
    }

    pub(super) fn slice(&self, token: Token) -> &'a str {
        self.text
            .get(token.start as usize..token.end as usize)
            .unwrap_or("")
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    pub(super) fn next(&mut self) -> Token {
        self.skip_blanks();
        let start = self.at;
        let first = std::mem::replace(&mut self.first, false);
        let (kind, length) = match self.byte(0) {
            None => (Kind::End, 0),
            Some(byte) => match class(byte) {
                Class::Digit => (Kind::Number, self.number()),
                Class::Word if byte == b'.' && self.digit_at(1) => (Kind::Number, self.number()),
                Class::Word => self.word(),
                Class::Mark => self.mark(byte),
                _ => (Kind::Other, 1),
            },
        };
        self.at += length;
        Token {
            kind,
            start: start as u32,
            end: self.at as u32,
            first,
        }
    }

    fn skip_blanks(&mut self) {
        while let Some(byte) = self.byte(0) {
            match byte {
                b'\n' => self.first = true,
                b'\\' => {
                    let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
                    let line = rest.iter().position(|&b| b == b'\n');
                    if rest.starts_with(RANGE.as_bytes()) {
                        self.range = Some(self.at);
                    }
                    self.at += line.unwrap_or(rest.len());
                    continue;
                }
                b'/' if self.byte(1) == Some(b'*') => {
                    self.skip_block();
                    continue;
                }
                b';' => self.semicolon = Some(self.at),
                _ if class(byte) == Class::Blank => {}
                _ => return,
            }
            self.at += 1;
        }
    }

    fn skip_block(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or("");
        let length = match rest.get(2..).and_then(|r| r.find("*/")) {
            Some(end) => end + 4,
            None => {
                self.unclosed = Some(self.at);
                rest.len()
            }
        };
        self.first |= rest.get(..length).is_some_and(|r| r.contains('\n'));
        self.at += length;
    }

    fn digit_at(&self, ahead: usize) -> bool {
        self.byte(ahead).is_some_and(|b| b.is_ascii_digit())
    }

    /// The length of the number that starts here: a number comes before a name,
    /// so that `2e3x` is 2000 times `x`.
    fn number(&self) -> usize {
        let digits = |mut at: usize| {
            while self.digit_at(at) {
                at += 1;
            }
            at
        };
        let mut length = digits(0);
        if self.byte(length) == Some(b'.') {
            length = digits(length + 1);
        }
        if matches!(self.byte(length), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(self.byte(length + 1), Some(b'+' | b'-')));
            if self.digit_at(length + 1 + sign) {
                length = digits(length + 1 + sign);
            }
        }
        length
    }

    fn word(&self) -> (Kind, usize) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let rest_text = self.text.get(self.at..).unwrap_or("");
        for (sign, kind) in [("≤", Kind::Le), ("≥", Kind::Ge)] {
            if rest.first() == Some(&0xe2) && rest_text.starts_with(sign) {
                return (kind, sign.len());
            }
        }
        let mut length = 0;
        while let Some(&byte) = rest.get(length) {
            length += match byte {
                b'[' => match index_length(rest.get(length..).unwrap_or_default()) {
                    Some(index) => index,
                    None => break,
                },
                0xe2 if is_comparison_sign(rest.get(length..).unwrap_or_default()) => break,
                _ if matches!(class(byte), Class::Word | Class::Digit) => 1,
                _ => break,
            };
        }
        (Kind::Name, length)
    }

    fn mark(&self, byte: u8) -> (Kind, usize) {
        match (byte, self.byte(1)) {
            (b'<', Some(b'=')) | (b'=', Some(b'<')) => (Kind::Le, 2),
            (b'>', Some(b'=')) | (b'=', Some(b'>')) => (Kind::Ge, 2),
            (b'=', Some(b'=')) => (Kind::Eq, 2),
            (b'<', _) => (Kind::Le, 1),
            (b'>', _) => (Kind::Ge, 1),
            (b'=', _) => (Kind::Eq, 1),
            (b'-', Some(b'>')) => (Kind::Arrow, 2),
            (b':', Some(b':')) => (Kind::DoubleColon, 2),
            (b':', _) => (Kind::Colon, 1),
            (b'+', _) => (Kind::Plus, 1),
            (b'-', _) => (Kind::Minus, 1),
            (b'*', _) => (Kind::Star, 1),
            (b'/', _) => (Kind::Slash, 1),
            (b'^', _) => (Kind::Caret, 1),
            (b'[', _) => (Kind::Open, 1),
            (b']', _) => (Kind::Close, 1),
            _ => (Kind::Other, 1),
        }
    }

    /// Whether a colon comes next, and no second one after it.
    pub(super) fn colon_follows(&self) -> bool {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let blank = |b: &&u8| matches!(class(**b), Class::Blank | Class::Newline);
        let skipped = rest.iter().take(MOST_BLANKS).take_while(blank).count();
        rest.get(skipped) == Some(&b':') && rest.get(skipped + 1) != Some(&b':')
    }
}

/// How far a colon is looked for.
const MOST_BLANKS: usize = 80;

fn is_comparison_sign(rest: &[u8]) -> bool {
    rest.starts_with("≤".as_bytes()) || rest.starts_with("≥".as_bytes())
}

/// The length of `[a,b]` right behind a name, which Gurobi writes as a part of
/// it.
fn index_length(rest: &[u8]) -> Option<usize> {
    let inner = rest.get(1..)?;
    let length = inner
        .iter()
        .position(|&b| b == b']' || b <= b' ' || matches!(b, b'[' | b'^' | b'*' | b'\\'))?;
    (length > 0 && inner.get(length) == Some(&b']')).then_some(length + 2)
}
