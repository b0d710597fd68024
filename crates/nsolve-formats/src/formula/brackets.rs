use nsolve_source::{Code, Diagnostic, Span};

use super::token::{Token, TokenKind};

/// Where the brackets around each token end.
pub(crate) struct Levels {
    ends: Vec<u32>,
}

impl Levels {
    /// The index of the bracket that closes the innermost pair around a token,
    /// or the number of tokens.
    pub(crate) fn end(&self, index: usize) -> usize {
        self.ends.get(index).map_or(usize::MAX, |&e| e as usize)
    }

    /// Finds the pairs. Brackets are balanced by [`balance`] before.
    pub(crate) fn of(tokens: &[Token]) -> Levels {
        let mut ends = vec![u32::MAX; tokens.len()];
        let mut stack = vec![u32::try_from(tokens.len()).unwrap_or(u32::MAX)];
        for (i, token) in tokens.iter().enumerate().rev() {
            if token.is_open() && stack.len() > 1 {
                stack.pop();
            }
            if let (Some(slot), Some(&end)) = (ends.get_mut(i), stack.last()) {
                *slot = end;
            }
            if matches!(token.kind, TokenKind::Close(_)) {
                stack.push(u32::try_from(i).unwrap_or(u32::MAX));
            }
        }
        Levels { ends }
    }
}

/// Gives every bracket a partner.
///
/// Brackets that stay open are closed at the end. A closing bracket without a
/// partner is dropped where nothing follows it; elsewhere it closes all that
/// stands before it, behind the formula's leading quantifiers: `A | B) & C` is
/// `(A | B) & C`.
pub(crate) fn balance(
    mut tokens: Vec<Token>,
    prefix: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Token> {
    let Some(end) = tokens.last().map(|t| t.span.end as usize) else {
        return tokens;
    };
    let last = tokens
        .iter()
        .rposition(|t| !matches!(t.kind, TokenKind::Close(_) | TokenKind::Dot))
        .unwrap_or(0);
    let mut open: Vec<(char, Span)> = Vec::new();
    let mut dropped = Vec::new();
    let mut missing = 0_usize;
    for (i, token) in tokens.iter_mut().enumerate() {
        match token.kind {
            TokenKind::Open(c) => open.push((c, token.span)),
            TokenKind::Close(c) => match open.pop() {
                Some((opening, place)) if closing(opening) != c => {
                    diagnostics.push(unlike(token.span, c, place, opening));
                    token.kind = TokenKind::Close(closing(opening));
                }
                Some(_) => {}
                None if i > last || i < prefix => dropped.push(i),
                None => {
                    missing += 1;
                    diagnostics.push(unopened(token.span, c));
                }
            },
            _ => {}
        }
    }
    if let (Some(&first), Some(&stop)) = (dropped.first(), dropped.last()) {
        let place = |i: usize| tokens.get(i).map_or(Span::default(), |t| t.span);
        diagnostics.push(extra(place(first).to(place(stop)), dropped.len()));
        let mut index = 0;
        let mut gone = dropped.iter().peekable();
        tokens.retain(|_| {
            let drop = gone.next_if_eq(&&index).is_some();
            index += 1;
            !drop
        });
    }
    if missing > 0 {
        let place = tokens.get(prefix).map_or(0, |t| t.span.start as usize);
        let supplied = supplied(TokenKind::Open('('), place, missing);
        let at = prefix.min(tokens.len());
        tokens.splice(at..at, supplied);
    }
    if !open.is_empty() {
        diagnostics.push(unclosed(&open, end));
        for (opening, _) in open.iter().rev() {
            tokens.extend(supplied(TokenKind::Close(closing(*opening)), end, 1));
        }
    }
    tokens
}

fn supplied(kind: TokenKind, place: usize, count: usize) -> Vec<Token> {
    let token = Token {
        kind,
        span: Span::new(place, place),
        glued: true,
    };
    vec![token; count]
}

fn closing(opening: char) -> char {
    match opening {
        '[' => ']',
        '{' => '}',
        _ => ')',
    }
}

fn unlike(span: Span, found: char, opened: Span, opening: char) -> Diagnostic {
    let wanted = closing(opening);
    Diagnostic::warning(
        Code::UNLIKE_BRACKETS,
        format!("`{found}` closes `{opening}`; read as `{wanted}`"),
    )
    .at(span)
    .related(opened, "opened here")
    .fix(span, wanted.to_string())
}

fn unopened(span: Span, found: char) -> Diagnostic {
    Diagnostic::warning(
        Code::OPENING_SUPPLIED,
        format!("`{found}` has no partner; read as closing all that stands before it"),
    )
    .at(span)
    .help("write the opening bracket where it belongs")
}

fn extra(span: Span, count: usize) -> Diagnostic {
    let message = if count == 1 {
        "a closing bracket at the end has no partner".to_owned()
    } else {
        format!("{count} closing brackets at the end have no partner")
    };
    Diagnostic::warning(Code::EXTRA_BRACKET, message)
        .at(span)
        .fix(span, "")
        .help("remove it, or open a bracket where it belongs")
}

fn unclosed(open: &[(char, Span)], end: usize) -> Diagnostic {
    // A hostile text may leave a million open; a fix that long helps nobody.
    let closers: String = open.iter().rev().take(50).map(|o| closing(o.0)).collect();
    let message = if open.len() == 1 {
        "a bracket is not closed; closed at the end of the formula".to_owned()
    } else {
        format!(
            "{} brackets are not closed; closed at the end of the formula",
            open.len()
        )
    };
    let last = open.last().map(|o| o.1);
    Diagnostic::warning(Code::MISSING_BRACKET, message)
        .at(last)
        .expecting([")"])
        .suggest(Span::new(end, end), closers)
        .help("close the bracket where it belongs")
}
