use nsolve_source::Span;

use super::token::{Operator, Quantity, Token, TokenKind};

/// The head of a quantified formula: the quantifier with its variables.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) quantity: Quantity,
    /// The variables, as indices of tokens.
    pub(crate) variables: Vec<usize>,
    /// The first token of the body.
    pub(crate) body: usize,
    /// Whether a dot or colon marks the body.
    pub(crate) marked: bool,
    /// Whether it is spelt as no notation has it: commas, brackets around the
    /// variables, `for all`.
    pub(crate) unusual: bool,
    /// Whether the body is inside brackets that the quantifier opened:
    /// `ForAll(x, P(x))`.
    pub(crate) call: bool,
    pub(crate) span: Span,
}

/// The head that starts at a token, if one does.
pub(crate) fn head(text: &str, tokens: &[Token], at: usize) -> Option<Head> {
    let scan = Scan { text, tokens };
    let (quantity, in_words, mut next) = scan.quantifier(at)?;
    let mut unusual = next > at + 1;
    let mut quantity = quantity;
    if scan.is_operator(next, Operator::Not) && scan.word(next) == "!" {
        (quantity, next) = (Quantity::One, next + 1);
    }
    let mut call = false;
    let (variables, mut body) = if scan.is_open(next) {
        unusual = true;
        let (variables, body, is_call) = scan.bracketed(next, in_words)?;
        call = is_call;
        (variables, body)
    } else {
        let (variables, body, commas) = scan.listed(next);
        unusual |= commas;
        (variables, body)
    };
    let marked = !call
        && matches!(scan.kind(body), Some(TokenKind::Dot | TokenKind::Colon))
        && !variables.is_empty();
    if marked {
        body += 1;
    } else if !call && matches!(scan.kind(body), Some(TokenKind::Comma)) {
        unusual = true;
        body += 1;
    }
    if variables.is_empty() && in_words {
        return None;
    }
    if in_words && !marked && !call && !scan.starts_formula(body) {
        return None;
    }
    let first = tokens.get(at)?.span;
    let last = tokens.get(body.saturating_sub(1)).map_or(first, |t| t.span);
    Some(Head {
        quantity,
        variables,
        body,
        marked,
        unusual,
        call,
        span: first.to(last),
    })
}

struct Scan<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

impl<'a> Scan<'a> {
    fn kind(&self, at: usize) -> Option<&'a TokenKind> {
        self.tokens.get(at).map(|t| &t.kind)
    }

    fn word(&self, at: usize) -> &'a str {
        let span = self.tokens.get(at).map_or(Span::default(), |t| t.span);
        self.text.get(span.range()).unwrap_or("")
    }

    fn is_word(&self, at: usize) -> bool {
        matches!(self.kind(at), Some(TokenKind::Word))
    }

    fn is_open(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(Token::is_open)
    }

    fn is_operator(&self, at: usize, operator: Operator) -> bool {
        self.kind(at) == Some(&TokenKind::Operator(operator))
    }

    /// The quantifier, whether it is in words, and the token behind it.
    fn quantifier(&self, at: usize) -> Option<(Quantity, bool, usize)> {
        if let Some(TokenKind::Quantifier(quantity)) = self.kind(at) {
            return Some((*quantity, false, at + 1));
        }
        if !self.is_word(at) {
            return None;
        }
        let word = self.word(at);
        let lead = is_any(word, &["for", "there"]);
        let at = if lead { at + 1 } else { at };
        let word = if lead { self.word(at) } else { word };
        let quantity = if is_any(word, &["all", "forall", "every", "each"]) {
            Quantity::All
        } else if is_any(word, &["exists", "exist", "some", "thereexists"]) {
            Quantity::Some
        } else if is_any(word, &["no", "nexists"]) {
            Quantity::No
        } else {
            return None;
        };
        Some((quantity, true, at + 1))
    }

    /// `x`, `x y`, `x, y`: the variables, the token behind them, and whether
    /// commas stand between them.
    fn listed(&self, from: usize) -> (Vec<usize>, usize, bool) {
        let mut variables = Vec::new();
        let mut commas = false;
        let mut at = from;
        if !self.is_word(at) {
            return (variables, at, commas);
        }
        variables.push(at);
        at += 1;
        loop {
            let comma = usize::from(self.kind(at) == Some(&TokenKind::Comma));
            let next = at + comma;
            if !self.is_word(next) || !self.continues(next, comma > 0) {
                return (variables, at, commas);
            }
            commas |= comma > 0;
            variables.push(next);
            at = next + 1;
        }
    }

    /// Whether the word at `at` is one more variable of a list, rather than
    /// the start of the body.
    fn continues(&self, at: usize, after_comma: bool) -> bool {
        let looks = is_variable_like(self.word(at));
        match self.kind(at + 1) {
            // `all x y (p(x))` has two variables, `all x p(x)` one.
            Some(TokenKind::Open(_)) => looks && !self.tokens.get(at + 1).is_some_and(|t| t.glued),
            Some(TokenKind::Dot | TokenKind::Colon) => true,
            Some(TokenKind::Comma) => looks || after_comma,
            Some(TokenKind::Operator(Operator::Not | Operator::Minus)) => looks,
            Some(TokenKind::Word | TokenKind::Quantifier(_)) => looks,
            _ => false,
        }
    }

    /// `(x)`, `(x, y)`, `([x, y], body)`, `(x, body)`: the variables, the first
    /// token of the body, and whether the body is inside the brackets.
    fn bracketed(&self, open: usize, in_words: bool) -> Option<(Vec<usize>, usize, bool)> {
        let list = self.is_open(open + 1);
        let mut variables = Vec::new();
        let mut at = open + 1 + usize::from(list);
        while self.is_word(at) && !self.is_open(at + 1) {
            // In `(x, Rainy)` the second word is no variable.
            if !list && !variables.is_empty() && !is_variable_like(self.word(at)) {
                return None;
            }
            variables.push(at);
            at += 1;
            match self.kind(at) {
                Some(TokenKind::Comma) => at += 1,
                Some(TokenKind::Word) => {}
                _ => break,
            }
        }
        if variables.is_empty() {
            return None;
        }
        if matches!(self.kind(at), Some(TokenKind::Close(_))) {
            let comma = self.kind(at + 1) == Some(&TokenKind::Comma);
            return match (list, comma) {
                (true, true) => Some((variables, at + 2, true)),
                (true, false) => None,
                (false, _) if in_words && !self.starts_formula(at + 1) => None,
                (false, _) => Some((variables, at + 1, false)),
            };
        }
        // `Exists(x, Beijing)` is an atom; `Exists(x, Cold(x))` binds.
        let comma = self.kind(at.checked_sub(1)?) == Some(&TokenKind::Comma);
        let first = variables.first().copied()?;
        (!list && comma && is_variable_like(self.word(first)) && self.starts_formula(at))
            .then_some((variables, at, true))
    }

    /// Whether a formula, and not just a name, starts here.
    fn starts_formula(&self, at: usize) -> bool {
        match self.kind(at) {
            Some(
                TokenKind::Open(_)
                | TokenKind::Quantifier(_)
                | TokenKind::Operator(Operator::Not | Operator::Minus),
            ) => true,
            Some(TokenKind::Word) => {
                self.is_open(at + 1)
                    || matches!(
                        self.kind(at + 1),
                        Some(TokenKind::Operator(_) | TokenKind::Word)
                    )
            }
            _ => false,
        }
    }
}

/// Whether a word is what variables are called: one letter, perhaps with
/// digits or primes.
pub(crate) fn is_variable_like(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_alphabetic)
        && chars.all(|c| c.is_ascii_digit() || matches!(c, '\'' | '’' | '_'))
}

pub(crate) fn is_any(word: &str, words: &[&str]) -> bool {
    words.iter().any(|w| w.eq_ignore_ascii_case(word))
}
