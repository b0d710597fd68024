use nsolve_il::fol::CompareOp;
use nsolve_source::Span;

/// A connective or relation sign, however it is spelt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Not,
    And,
    Or,
    Xor,
    Implies,
    /// An implication written backwards.
    ImpliedBy,
    Iff,
    Equal,
    NotEqual,
    Compare(CompareOp),
    /// `∈`; with `true`, `∉`.
    Element(bool),
    Plus,
    Minus,
    Times,
    Over,
}

/// Which quantifier a head starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantity {
    All,
    Some,
    One,
    /// Not one: a negated `Some`.
    No,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A run of letters, digits and what may stand between them in a name.
    Word,
    /// Digits, with a decimal part or not.
    Number,
    /// A name in quotes, without them.
    Quoted(String),
    Operator(Operator),
    /// A quantifier sign. Quantifiers in words are [`TokenKind::Word`]s.
    Quantifier(Quantity),
    /// `(`, `[` or `{`.
    Open(char),
    /// `)`, `]` or `}`.
    Close(char),
    Comma,
    Semicolon,
    Dot,
    Colon,
    Ellipsis,
    Dollar,
    Percent,
    Question,
    /// `⊤` or `⊥`.
    Truth(bool),
    /// Nothing that a token starts with.
    Unknown(char),
}

/// A token with its place.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) span: Span,
    /// Whether no white space stands before it.
    pub(crate) glued: bool,
}

impl Token {
    /// Whether it can be a part of a name that is written in one piece.
    pub(crate) fn is_piece(&self) -> bool {
        matches!(
            self.kind,
            TokenKind::Word | TokenKind::Number | TokenKind::Quoted(_) | TokenKind::Dollar
        )
    }

    pub(crate) fn is_open(&self) -> bool {
        matches!(self.kind, TokenKind::Open(_))
    }
}
