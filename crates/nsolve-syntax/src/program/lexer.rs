//! The tokens of both dialects, and texts cut into statements.

use logos::{FilterResult, Logos};
use nsolve_source::{Code, Diagnostic, SourceText, Span};

use super::Dialect;

/// Longest name that is read, in bytes.
pub(super) const LONGEST_NAME: usize = 1_000;

/// How many faults of one text are told, so that a text full of them does not
/// fill the memory.
pub(super) const MOST_FAULTS: usize = 10_000;

/// Why a piece of text is no token.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum LexFault {
    #[default]
    Unknown,
    /// A quote that does not end on its line.
    Quote,
    /// A comment that does not end.
    Comment,
}

/// A token; what it says is read from the text where it is needed.
#[derive(Logos, Clone, Copy, Debug, PartialEq, Eq)]
#[logos(error = LexFault, extras = Dialect)]
#[logos(skip r"[ \t\r\n\f]+")]
pub(super) enum Token {
    #[token("%", comment)]
    #[token("/*", block)]
    Doc,
    #[regex(r"_*[\p{Ll}\p{Lo}][\p{L}\p{N}\p{M}_]*")]
    Name,
    #[regex(r"_*[\p{Lu}\p{Lt}][\p{L}\p{N}\p{M}_]*")]
    Variable,
    #[regex(r"_+", priority = 4)]
    Anonymous,
    /// `_1`, `__2`: variables to Prolog, nothing to ASP.
    #[regex(r"_+[0-9][\p{L}\p{N}\p{M}_]*")]
    Numbered,
    #[token("not", priority = 20)]
    Not,
    #[regex(r"[0-9]+|0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+")]
    Number,
    #[regex(r"[0-9]+\.[0-9]+([eE][+-]?[0-9]+)?")]
    Float,
    /// Prolog's `0'c`.
    #[regex(r"0'(\\[^\n]|[^\\\n])")]
    CharCode,
    #[token("\"", |lex| quoted(lex, b'"'))]
    Text,
    #[token("'", |lex| quoted(lex, b'\''))]
    Quoted,
    #[token("`", |lex| quoted(lex, b'`'))]
    Codes,
    #[regex(r"#[a-zA-Z_]+\+?")]
    Directive,
    #[token(".")]
    Dot,
    #[token("..")]
    DotDot,
    #[token(",")]
    Comma,
    #[token(";")]
    Semicolon,
    #[token(":")]
    Colon,
    #[token(":-")]
    If,
    #[token(":~")]
    Weakly,
    #[token("?")]
    Question,
    #[token("?-")]
    Ask,
    #[token("-->")]
    Grammar,
    #[token("(")]
    Open,
    #[token(")")]
    Close,
    #[token("{")]
    OpenSet,
    #[token("}")]
    CloseSet,
    #[token("[")]
    OpenList,
    #[token("]")]
    CloseList,
    #[token("|")]
    Bar,
    #[token("@")]
    At,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("*")]
    Times,
    #[token("/")]
    Slash,
    #[token("//")]
    WholeSlash,
    #[token("\\")]
    Backslash,
    #[token("**")]
    Power,
    #[token("^")]
    Caret,
    #[token("&")]
    Ampersand,
    #[token("~")]
    Tilde,
    #[token("=")]
    Equal,
    #[token("==")]
    Identical,
    #[token("!=")]
    NotEqual,
    #[token("<>")]
    Diamond,
    #[token("<")]
    Less,
    #[token("<=")]
    LessOrEqual,
    #[token("=<")]
    EqualOrLess,
    #[token(">")]
    Greater,
    #[token(">=")]
    GreaterOrEqual,
    #[token("=:=")]
    SameNumber,
    #[token("=\\=")]
    OtherNumber,
    #[token("\\=")]
    NotUnifiable,
    #[token("\\==")]
    NotIdentical,
    #[token("=..")]
    Univ,
    #[token("@<")]
    Before,
    #[token("@=<")]
    NotAfter,
    #[token("@>")]
    After,
    #[token("@>=")]
    NotBefore,
    #[token("\\+")]
    NotProvable,
    #[token("->")]
    Arrow,
    #[token("*->")]
    SoftArrow,
    #[token("!")]
    Cut,
    #[token("$")]
    Dollar,
    /// The end of the statement, where there is no more text.
    End,
}

/// A line comment, a block comment of ASP, or a doc comment, which is a token.
fn comment(lex: &mut logos::Lexer<'_, Token>) -> FilterResult<(), LexFault> {
    let rest = lex.remainder();
    if lex.extras == Dialect::Asp && rest.starts_with('*') {
        let inside = rest.get(1..).unwrap_or("");
        return match inside.find("*%") {
            Some(at) => {
                lex.bump(1 + at + 2);
                FilterResult::Skip
            }
            None => {
                lex.bump(rest.len());
                FilterResult::Error(LexFault::Comment)
            }
        };
    }
    let line = rest.find('\n').unwrap_or(rest.len());
    let doc = rest.starts_with('!');
    lex.bump(line);
    if doc {
        FilterResult::Emit(())
    } else {
        FilterResult::Skip
    }
}

/// Prolog's block comment. ASP has no place for these two signs, so it is one
/// there too.
fn block(lex: &mut logos::Lexer<'_, Token>) -> FilterResult<(), LexFault> {
    let rest = lex.remainder();
    match rest.find("*/") {
        Some(at) => {
            lex.bump(at + 2);
            FilterResult::Skip
        }
        None => {
            lex.bump(rest.len());
            FilterResult::Error(LexFault::Comment)
        }
    }
}

/// The rest of a quote. It ends on its line, so that one that is not closed
/// spoils nothing further down. In Prolog a doubled quote stands for one.
fn quoted(lex: &mut logos::Lexer<'_, Token>, quote: u8) -> Result<(), LexFault> {
    let rest = lex.remainder().as_bytes();
    let mut at = 0;
    while let Some(&byte) = rest.get(at) {
        match byte {
            b'\n' => break,
            b'\\' if rest.get(at + 1).is_some_and(|b| *b != b'\n') => at += 2,
            b if b == quote => {
                if lex.extras == Dialect::Prolog && rest.get(at + 1) == Some(&quote) {
                    at += 2;
                    continue;
                }
                lex.bump(at + 1);
                return Ok(());
            }
            _ => at += 1,
        }
    }
    let line = lex.remainder().split('\n').next().unwrap_or("");
    lex.bump(line.trim_end().len());
    Err(LexFault::Quote)
}

/// A token with its place in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lexeme {
    pub(super) token: Token,
    pub(super) span: Span,
}

/// Cuts a text into statements, one at a time.
pub(super) struct Statements<'s> {
    text: &'s SourceText,
    lexer: logos::Lexer<'s, Token>,
    waiting: Option<(Result<Token, LexFault>, Span)>,
    dialect: Dialect,
    /// How many faults were told.
    faults: usize,
}

/// What [`Statements::next`] found besides the tokens.
#[derive(Default)]
pub(super) struct Cut {
    /// The words of the doc comments before the statement.
    pub(super) sentence: String,
    /// Whether something in it is no token, which is told already.
    pub(super) faulty: bool,
}

impl<'s> Statements<'s> {
    pub(super) fn new(text: &'s SourceText, dialect: Dialect) -> Self {
        Statements {
            text,
            lexer: Token::lexer_with_extras(text.text(), dialect),
            waiting: None,
            dialect,
            faults: 0,
        }
    }

    fn token(&mut self) -> Option<(Result<Token, LexFault>, Span)> {
        if let Some(waiting) = self.waiting.take() {
            return Some(waiting);
        }
        let token = self.lexer.next()?;
        let range = self.lexer.span();
        Some((token, Span::new(range.start, range.end)))
    }

    fn next_is(&mut self, wanted: Token) -> bool {
        if self.waiting.is_none() {
            self.waiting = self.token();
        }
        matches!(&self.waiting, Some((Ok(token), _)) if *token == wanted)
    }

    /// Puts the tokens of the next statement into `out`: all up to its full
    /// stop or question mark, and with a weak constraint its cost. `None` where
    /// the text ends.
    pub(super) fn next(
        &mut self,
        out: &mut Vec<Lexeme>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Cut> {
        out.clear();
        let mut cut = Cut::default();
        // Where a stretch of unknown characters ends that was told already.
        let mut told_to = u32::MAX;
        while let Some((token, span)) = self.token() {
            let token = match token {
                Ok(token) => token,
                Err(fault) => {
                    cut.faulty = true;
                    let told = fault == LexFault::Unknown && told_to == span.start;
                    told_to = span.end;
                    if !told {
                        self.faults += 1;
                        diagnostics.push(self.explain(fault, span));
                    }
                    if self.faults >= MOST_FAULTS {
                        let many = format!("after {MOST_FAULTS} faults the rest is not read");
                        diagnostics.push(Diagnostic::error(Code::PROGRAM_CHARACTER, many).at(span));
                        let end = self.lexer.remainder().len();
                        self.lexer.bump(end);
                    }
                    if fault == LexFault::Unknown {
                        continue;
                    }
                    return Some(cut);
                }
            };
            if token == Token::Doc {
                if out.is_empty() {
                    let words = self.text.slice(span).trim_start_matches("%!").trim();
                    if !cut.sentence.is_empty() && !words.is_empty() {
                        cut.sentence.push(' ');
                    }
                    cut.sentence.push_str(words);
                }
                continue;
            }
            out.push(Lexeme { token, span });
            match token {
                Token::Directive if out.len() == 1 && self.text.slice(span) == "#script" => {
                    self.pass_script();
                    return Some(cut);
                }
                Token::Dot => {
                    // gringo has a bracket behind some directives too.
                    let weak = out.first().is_some_and(|l| {
                        let word = self.text.slice(l.span);
                        l.token == Token::Weakly || matches!(word, "#heuristic" | "#external")
                    });
                    if weak && self.next_is(Token::OpenList) {
                        self.cost(out);
                    }
                    return Some(cut);
                }
                Token::Question if self.dialect == Dialect::Asp => {
                    if self.next_is(Token::Dot) {
                        self.waiting = None;
                    }
                    return Some(cut);
                }
                _ => {}
            }
        }
        (!out.is_empty() || cut.faulty).then_some(cut)
    }

    /// The `[weight@level, tuple]` behind a weak constraint's full stop.
    fn cost(&mut self, out: &mut Vec<Lexeme>) {
        let mut open = 0_usize;
        while let Some((token, span)) = self.token() {
            let Ok(token) = token else {
                self.waiting = Some((token, span));
                return;
            };
            match token {
                Token::Doc => continue,
                Token::OpenList => open += 1,
                Token::CloseList => open = open.saturating_sub(1),
                Token::Dot => {
                    // The bracket is not closed; that is told by the parser.
                    out.push(Lexeme { token, span });
                    return;
                }
                _ => {}
            }
            out.push(Lexeme { token, span });
            if open == 0 {
                // Some write a second full stop.
                if self.next_is(Token::Dot) {
                    self.waiting = None;
                }
                return;
            }
        }
    }

    /// A script is text of another language: nothing in it is a token.
    fn pass_script(&mut self) {
        self.waiting = None;
        let rest = self.lexer.remainder();
        let upto = rest.find("#end").map_or(rest.len(), |at| at + "#end".len());
        self.lexer.bump(upto);
        if self.next_is(Token::Dot) {
            self.waiting = None;
        }
    }

    fn explain(&self, fault: LexFault, span: Span) -> Diagnostic {
        match fault {
            LexFault::Unknown => {
                let c = self.text.slice(span).chars().next().unwrap_or(' ');
                let said = format!("no token starts with `{}`", c.escape_debug());
                let found = Diagnostic::error(Code::PROGRAM_CHARACTER, said).at(span);
                match plain_sign(c) {
                    Some(plain) => found.help(format!("write `{plain}`")).fix(
                        Span::new(span.start as usize, span.start as usize + c.len_utf8()),
                        plain,
                    ),
                    None => found.help("remove it, or put the name that it belongs to in quotes"),
                }
            }
            LexFault::Quote => {
                let quote = self.text.slice(span).chars().next().unwrap_or('"');
                let end = span.end as usize;
                Diagnostic::error(
                    Code::PROGRAM_UNCLOSED,
                    "this quote does not end on its line",
                )
                .at(span)
                .help(format!("close it with `{quote}`"))
                .suggest(Span::new(end, end), quote)
            }
            LexFault::Comment => {
                let start = span.start as usize;
                Diagnostic::error(Code::PROGRAM_UNCLOSED, "this comment does not end")
                    .at(Span::new(start, start + 2))
                    .help(match self.text.slice(span).starts_with('%') {
                        true => "close it with `*%`",
                        false => "close it with `*/`",
                    })
            }
        }
    }
}

/// What is written for a sign of logic or typesetting.
fn plain_sign(c: char) -> Option<&'static str> {
    Some(match c {
        '←' | '⇐' => ":-",
        '¬' => "not ",
        '∧' => ", ",
        '∨' => "|",
        '≠' => "!=",
        '≤' => "<=",
        '≥' => ">=",
        '−' | '–' => "-",
        '“' | '”' | '„' => "\"",
        '‘' | '’' => "'",
        '…' => "..",
        '\u{a0}' => " ",
        _ => return None,
    })
}
