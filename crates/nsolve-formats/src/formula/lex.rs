use nsolve_il::fol::CompareOp;
use nsolve_source::{Code, Diagnostic, Span};

use super::token::{Operator, Quantity, Token, TokenKind};
use crate::limits::{MAX_NAME_BYTES, Read, fault};

/// Signs, longest first where one starts with another.
const SIGNS: &[(&str, TokenKind)] = {
    use CompareOp::{Greater, GreaterEq, Less, LessEq};
    use Operator::{
        And, Compare, Element, Equal, Iff, ImpliedBy, Implies, Minus, Not, NotEqual, Or, Over,
        Plus, Times, Xor,
    };
    use TokenKind::{Colon, Comma, Dollar, Dot, Ellipsis, Percent, Question, Semicolon, Truth};
    const fn op(o: Operator) -> TokenKind {
        TokenKind::Operator(o)
    }
    const fn all(q: Quantity) -> TokenKind {
        TokenKind::Quantifier(q)
    }
    &[
        ("<-->", op(Iff)),
        ("<==>", op(Iff)),
        ("...", Ellipsis),
        (">>>", op(Implies)),
        ("<<<", op(ImpliedBy)),
        ("<->", op(Iff)),
        ("<=>", op(Iff)),
        ("-->", op(Implies)),
        ("==>", op(Implies)),
        ("!==", op(NotEqual)),
        ("->", op(Implies)),
        ("=>", op(Implies)),
        ("<-", op(ImpliedBy)),
        (":-", op(ImpliedBy)),
        ("&&", op(And)),
        ("||", op(Or)),
        ("/\\", op(And)),
        ("\\/", op(Or)),
        ("\\=", op(NotEqual)),
        ("!=", op(NotEqual)),
        ("<>", op(NotEqual)),
        ("==", op(Equal)),
        ("<=", op(Compare(LessEq))),
        ("=<", op(Compare(LessEq))),
        (">=", op(Compare(GreaterEq))),
        ("∃!", all(Quantity::One)),
        ("…", Ellipsis),
        ("⋯", Ellipsis),
        ("→", op(Implies)),
        ("⇒", op(Implies)),
        ("⟶", op(Implies)),
        ("⟹", op(Implies)),
        ("⊃", op(Implies)),
        ("←", op(ImpliedBy)),
        ("⇐", op(ImpliedBy)),
        ("↔", op(Iff)),
        ("⇔", op(Iff)),
        ("⟷", op(Iff)),
        ("⟺", op(Iff)),
        ("≡", op(Iff)),
        ("∧", op(And)),
        ("⋀", op(And)),
        ("∨", op(Or)),
        ("⋁", op(Or)),
        ("⊕", op(Xor)),
        ("⨁", op(Xor)),
        ("⊻", op(Xor)),
        ("¬", op(Not)),
        ("￢", op(Not)),
        ("∼", op(Not)),
        ("≠", op(NotEqual)),
        ("≤", op(Compare(LessEq))),
        ("≥", op(Compare(GreaterEq))),
        ("∈", op(Element(false))),
        ("∉", op(Element(true))),
        ("−", op(Minus)),
        ("×", op(Times)),
        ("∀", all(Quantity::All)),
        ("∃", all(Quantity::Some)),
        ("∄", all(Quantity::No)),
        ("⊤", Truth(true)),
        ("⊥", Truth(false)),
        ("&", op(And)),
        ("^", op(And)),
        ("|", op(Or)),
        ("~", op(Not)),
        ("!", op(Not)),
        ("=", op(Equal)),
        ("<", op(Compare(Less))),
        (">", op(Compare(Greater))),
        ("-", op(Minus)),
        ("+", op(Plus)),
        ("*", op(Times)),
        ("/", op(Over)),
        (",", Comma),
        ("，", Comma),
        (";", Semicolon),
        (".", Dot),
        (":", Colon),
        ("$", Dollar),
        ("%", Percent),
        ("?", Question),
    ]
};

/// The tokens of one formula. Spans are in the whole text.
///
/// # Errors
/// Only what no later stage could make sense of: an open quote, a name that is
/// too long.
pub(crate) fn lex(text: &str, span: Span) -> Read<Vec<Token>> {
    let source = text.get(span.range()).unwrap_or("");
    let mut lexer = Lexer {
        source,
        base: span.start as usize,
        at: 0,
        tokens: Vec::new(),
    };
    let mut glued = false;
    while let Some(c) = lexer.peek() {
        if c.is_whitespace() || is_invisible(c) {
            lexer.at += c.len_utf8();
            glued = false;
            continue;
        }
        let start = lexer.at;
        let kind = lexer.token(c, glued)?;
        let span = Span::new(lexer.base + start, lexer.base + lexer.at);
        lexer.tokens.push(Token { kind, span, glued });
        glued = true;
    }
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    source: &'a str,
    base: usize,
    at: usize,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn token(&mut self, first: char, glued: bool) -> Read<TokenKind> {
        let after_word = glued
            && matches!(
                self.tokens.last().map(|t| &t.kind),
                Some(TokenKind::Word | TokenKind::Number)
            );
        if is_name(first) || (is_apostrophe(first) && after_word) {
            return self.word();
        }
        if let Some(close) = closing_quote(first) {
            return self.quoted(first, close);
        }
        let kind = match first {
            '(' | '[' | '{' => TokenKind::Open(first),
            '（' => TokenKind::Open('('),
            ')' | ']' | '}' => TokenKind::Close(first),
            '）' => TokenKind::Close(')'),
            _ => {
                let rest = self.rest();
                let sign = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign));
                let (length, kind) = match sign {
                    Some((sign, kind)) => (sign.len(), kind.clone()),
                    None => (first.len_utf8(), TokenKind::Unknown(first)),
                };
                self.at += length;
                return Ok(kind);
            }
        };
        self.at += first.len_utf8();
        Ok(kind)
    }

    fn word(&mut self) -> Read<TokenKind> {
        let rest = self.rest();
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let after_quantifier = matches!(
            self.tokens.last().map(|t| &t.kind),
            Some(TokenKind::Quantifier(_))
        );
        let length = rest
            .char_indices()
            .find(|&(_, c)| !is_name(c) && !is_apostrophe(c))
            .map_or(rest.len(), |(i, _)| i);
        let length = if after_quantifier {
            variable_before_predicate(rest, length)
        } else {
            length
        };
        if length > MAX_NAME_BYTES {
            let span = Span::new(self.base + self.at, self.base + self.at + length);
            return fault(
                Diagnostic::error(
                    Code::NAME_TOO_LONG,
                    format!("a name of {length} bytes; at most {MAX_NAME_BYTES} are read"),
                )
                .at(span)
                .help("shorten the name"),
            );
        }
        if digits < length {
            self.at += length;
            return Ok(TokenKind::Word);
        }
        let fraction = rest.get(digits..).and_then(|r| r.strip_prefix('.'));
        let places = fraction.map_or(0, |f| {
            f.len() - f.trim_start_matches(|c: char| c.is_ascii_digit()).len()
        });
        self.at += if places > 0 {
            digits + 1 + places
        } else {
            digits
        };
        Ok(TokenKind::Number)
    }

    /// A quote ends at its partner, unless a letter follows: `'People's Bank'`.
    fn quoted(&mut self, open: char, close: char) -> Read<TokenKind> {
        let from = self.at + open.len_utf8();
        let body = self.source.get(from..).unwrap_or("");
        // Bounded, so that many quotes without partners stay linear.
        let bound = body
            .char_indices()
            .map(|(i, _)| i)
            .find(|&i| i > MAX_NAME_BYTES)
            .unwrap_or(body.len());
        let body = body.get(..bound).unwrap_or("");
        let end = body.match_indices(close).map(|(i, _)| i).find(|i| {
            let next = body
                .get(i + close.len_utf8()..)
                .unwrap_or("")
                .chars()
                .next();
            close == '"' || !next.is_some_and(char::is_alphanumeric)
        });
        let end = end.or_else(|| body.find(close));
        let Some(end) = end else {
            let span = Span::new(self.base + self.at, self.base + from);
            return fault(
                Diagnostic::error(
                    Code::UNCLOSED_QUOTE,
                    format!("the quote {open} does not end"),
                )
                .at(span)
                .expecting([format!("`{close}`")])
                .help("close the quote, or leave it out"),
            );
        };
        self.at = from + end + close.len_utf8();
        Ok(TokenKind::Quoted(body.get(..end).unwrap_or("").to_owned()))
    }
}

/// `∃xRed(x)` is the variable `x` and the predicate `Red`.
fn variable_before_predicate(rest: &str, length: usize) -> usize {
    let name = rest.get(..length).unwrap_or("");
    let called = rest.get(length..).unwrap_or("").starts_with('(');
    let mut chars = name.chars();
    let starts_small = chars.next().is_some_and(|c| c.is_ascii_lowercase());
    let digits = chars.as_str();
    let predicate = digits.trim_start_matches(|c: char| c.is_ascii_digit());
    if called && starts_small && predicate.starts_with(|c: char| c.is_ascii_uppercase()) {
        length - predicate.len()
    } else {
        length
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || ('\u{300}'..='\u{36f}').contains(&c)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

/// Byte-order marks and zero-width spaces, which copied text is full of.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
}

fn closing_quote(open: char) -> Option<char> {
    match open {
        '"' | '\'' | '`' => Some(open),
        '“' => Some('”'),
        '‘' => Some('’'),
        _ => None,
    }
}
