//! What the parsers of both dialects share: the place in a statement's tokens,
//! names, numbers, and how a fault is told.

use std::sync::Arc;

use nsolve_il::program::ArithmeticOp;
use nsolve_source::{Code, Diagnostic, Severity, SourceText, Span};
use rustc_hash::FxHashSet;

use super::Dialect;
use super::ast::{Statement, StatementKind, Term, TermKind};
use super::lexer::{Cut, LONGEST_NAME, Lexeme, MOST_FAULTS, Statements, Token};

/// Deepest nesting of brackets and operators in one statement.
pub const DEEPEST: usize = 200;

/// A fault ends the statement that has it.
pub(super) type Parsed<T> = Result<T, Box<Diagnostic>>;

/// One copy of each name, shared by all that have it.
#[derive(Default)]
pub(super) struct Names(FxHashSet<Arc<str>>);

impl Names {
    pub(super) fn get(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get(name) {
            return known.clone();
        }
        let new: Arc<str> = name.into();
        self.0.insert(new.clone());
        new
    }
}

/// Reads all statements of a text. Each one that cannot be read has an error.
pub(super) fn parse(text: &SourceText, dialect: Dialect) -> (Vec<Statement>, Vec<Diagnostic>) {
    let (mut out, mut diagnostics) = (Vec::new(), Vec::new());
    let mut names = Names::default();
    let mut lexemes = Vec::new();
    let mut statements = Statements::new(text, dialect);
    while let Some(cut) = statements.next(&mut lexemes, &mut diagnostics) {
        if cut.faulty {
            continue;
        }
        let mut parser = Parser {
            text,
            dialect,
            lexemes: &lexemes,
            at: 0,
            depth: 0,
            in_set: false,
            several: false,
            names: &mut names,
            remarks: &mut diagnostics,
        };
        parser.statements(cut, &mut out);
    }
    (out, diagnostics)
}

/// Reads one goal, whatever signs of a query stand around it.
pub(super) fn parse_goal(text: &SourceText) -> (Option<Statement>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut names = Names::default();
    let (mut lexemes, mut more) = (Vec::new(), Vec::new());
    let mut statements = Statements::new(text, Dialect::Asp);
    let cut = statements.next(&mut lexemes, &mut diagnostics);
    if cut.is_none_or(|cut| cut.faulty) {
        return (None, diagnostics);
    }
    let mut parser = Parser {
        text,
        dialect: Dialect::Asp,
        lexemes: &lexemes,
        at: 0,
        depth: 0,
        in_set: false,
        several: false,
        names: &mut names,
        remarks: &mut diagnostics,
    };
    parser.eat(Token::Ask);
    let read = parser.body().and_then(|body| {
        let ended = parser.eat(Token::Dot) || parser.eat(Token::Question);
        match ended || parser.peek() == Token::End {
            true => Ok(body),
            false => Err(parser.unexpected(&["`,`", "the end of the goal"])),
        }
    });
    let (span, several) = (parser.span_since(0), parser.several);
    let body = match read {
        Ok(body) => body,
        Err(fault) => {
            diagnostics.push(*fault);
            return (None, diagnostics);
        }
    };
    if statements.next(&mut more, &mut diagnostics).is_some() {
        let at = more.first().map(|l| l.span);
        let fault = Diagnostic::error(Code::PROGRAM_UNEXPECTED, "more than one goal is given");
        diagnostics.push(fault.at(at).help("put commas between the literals"));
        return (None, diagnostics);
    }
    let kind = StatementKind::Query(body);
    let statement = Statement {
        kind,
        several,
        sentence: None,
        span,
    };
    (Some(statement), diagnostics)
}

/// The tokens of one statement, and how many of them are read.
pub(super) struct Parser<'p> {
    pub(super) text: &'p SourceText,
    pub(super) dialect: Dialect,
    pub(super) lexemes: &'p [Lexeme],
    pub(super) at: usize,
    pub(super) depth: usize,
    /// Whether an aggregate's or a choice's element is read, which can hold no
    /// aggregate.
    pub(super) in_set: bool,
    /// Whether the statement stands for several rules.
    pub(super) several: bool,
    pub(super) names: &'p mut Names,
    pub(super) remarks: &'p mut Vec<Diagnostic>,
}

impl Parser<'_> {
    /// Reads the statement that was cut out of the text, or the several ones
    /// where full stops are missing at the ends of lines.
    fn statements(&mut self, cut: Cut, out: &mut Vec<Statement>) {
        let mut sentence = (!cut.sentence.is_empty()).then(|| cut.sentence.into());
        let mut faulty = false;
        while self.at < self.lexemes.len() {
            let start = self.at;
            self.depth = 0;
            self.in_set = false;
            self.several = false;
            let read = match self.dialect {
                Dialect::Asp => self.asp_statement(),
                Dialect::Prolog => self.prolog_statement(),
            };
            let read = read.and_then(|kind| self.end_of_statement(start).map(|()| kind));
            let span = self.span_since(start);
            match read {
                Ok(Some(kind)) => out.push(Statement {
                    kind,
                    several: self.several,
                    sentence: sentence.take(),
                    span,
                }),
                Ok(None) => {}
                Err(fault) => {
                    // What comes behind a fault may be spoilt by it.
                    if !faulty {
                        self.remark(*fault);
                    }
                    faulty = true;
                    self.recover(start);
                }
            }
        }
    }

    /// Takes the full stop. One that is missing is supplied where the next
    /// token begins a line just as this statement did.
    fn end_of_statement(&mut self, start: usize) -> Parsed<()> {
        let asp = self.dialect == Dialect::Asp;
        if self.eat(Token::Dot) || (asp && self.eat(Token::Question)) || self.closed_weakly() {
            return Ok(());
        }
        if self.peek() == Token::End || self.begins_statement(self.at, start) {
            let end = self.last_span().end as usize;
            let place = Span::new(end, end);
            self.remark(
                Diagnostic::warning(
                    Code::MISSING_STOP,
                    "this statement has no full stop; it was supplied",
                )
                .at(self.span_since(start))
                .fix(place, "."),
            );
            return Ok(());
        }
        let wanted: &[&str] = match self.has_if(start) {
            true => &["`,`", "`.`"],
            false if asp => &["`:-`", "`.`"],
            false => &["`:-`", "`,`", "`.`"],
        };
        Err(self.unexpected(wanted))
    }

    fn has_if(&self, start: usize) -> bool {
        let read = self.lexemes.get(start..self.at).unwrap_or(&[]);
        read.iter().any(|l| l.token == Token::If)
    }

    /// Whether the statement's end was its `[cost]`.
    fn closed_weakly(&self) -> bool {
        self.at > 0
            && self.peek() == Token::End
            && self.lexemes.get(self.at - 1).map(|l| l.token) == Some(Token::CloseList)
            && self.lexemes.first().map(|l| l.token) == Some(Token::Weakly)
    }

    /// Whether a token begins a line, as far to the right as the statement that
    /// begins at `start`, and a statement may begin with it.
    fn begins_statement(&self, at: usize, start: usize) -> bool {
        let Some(lexeme) = self.lexemes.get(at) else {
            return false;
        };
        let may = matches!(
            lexeme.token,
            Token::Name
                | Token::Quoted
                | Token::If
                | Token::Weakly
                | Token::Directive
                | Token::OpenSet
                | Token::Ask
        );
        if !may || at <= start {
            return false;
        }
        // Looks back over blanks only, so that a long line costs nothing.
        let indent = |at: usize| {
            let offset = self.lexemes.get(at).map_or(0, |l| l.span.start as usize);
            let before = self.text.text().get(..offset)?;
            let line = before.trim_end_matches([' ', '\t']);
            (line.is_empty() || line.ends_with('\n')).then_some(before.len() - line.len())
        };
        let own = indent(at);
        own.is_some() && own == indent(start)
    }

    /// Goes behind the fault: to where another statement begins, or the end.
    fn recover(&mut self, start: usize) {
        let mut at = self.at.max(start + 1);
        while at < self.lexemes.len() && !self.begins_statement(at, start) {
            at += 1;
        }
        self.at = at;
    }

    pub(super) fn remark(&mut self, diagnostic: Diagnostic) {
        if self.remarks.len() < MOST_FAULTS || diagnostic.severity == Severity::Error {
            self.remarks.push(diagnostic);
        }
    }

    pub(super) fn peek(&self) -> Token {
        self.peek_at(0)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Token {
        self.lexemes
            .get(self.at + ahead)
            .map_or(Token::End, |l| l.token)
    }

    /// The place of the next token; an empty one behind the last.
    pub(super) fn span(&self) -> Span {
        match self.lexemes.get(self.at) {
            Some(lexeme) => lexeme.span,
            None => {
                let end = self.lexemes.last().map_or(0, |l| l.span.end as usize);
                Span::new(end, end)
            }
        }
    }

    /// The place of the token that was read last.
    pub(super) fn last_span(&self) -> Span {
        let last = self.at.checked_sub(1).and_then(|at| self.lexemes.get(at));
        last.map_or_else(|| self.span(), |l| l.span)
    }

    pub(super) fn span_since(&self, start: usize) -> Span {
        let first = self
            .lexemes
            .get(start)
            .map_or_else(|| self.span(), |l| l.span);
        first.to(if self.at > start {
            self.last_span()
        } else {
            first
        })
    }

    pub(super) fn bump(&mut self) -> Span {
        let span = self.span();
        self.at = (self.at + 1).min(self.lexemes.len());
        span
    }

    pub(super) fn eat(&mut self, token: Token) -> bool {
        let found = self.peek() == token;
        if found {
            self.at += 1;
        }
        found
    }

    pub(super) fn expect(&mut self, token: Token, sign: &str) -> Parsed<Span> {
        if self.peek() == token {
            return Ok(self.bump());
        }
        let quoted = format!("`{sign}`");
        let mut fault = self.unexpected(&[quoted.as_str()]);
        if matches!(token, Token::Close | Token::CloseSet | Token::CloseList) {
            let end = self.last_span().end as usize;
            *fault = fault.suggest(Span::new(end, end), sign);
        }
        Err(fault)
    }

    pub(super) fn slice(&self, span: Span) -> &str {
        self.text.slice(span)
    }

    /// What stands at the next token does not belong there.
    pub(super) fn unexpected(&self, expected: &[&str]) -> Box<Diagnostic> {
        let found = match self.peek() {
            Token::End => "the end of the text".to_owned(),
            Token::Dot => "the end of the statement".to_owned(),
            _ => {
                let shown: String = self.slice(self.span()).chars().take(40).collect();
                format!("`{shown}`")
            }
        };
        let wanted = match expected {
            [] => "something else".to_owned(),
            [one] => (*one).to_owned(),
            [most @ .., last] => format!("{} or {last}", most.join(", ")),
        };
        let said = format!("expected {wanted}, found {found}");
        let fault = Diagnostic::error(Code::PROGRAM_UNEXPECTED, said).at(self.span());
        Box::new(fault.expecting(expected.iter().copied()))
    }

    pub(super) fn unsupported(&self, span: Span, said: impl Into<String>) -> Diagnostic {
        Diagnostic::error(Code::PROGRAM_UNSUPPORTED, said).at(span)
    }

    /// Notes a spelling of another system, with ours.
    pub(super) fn spelling(&mut self, span: Span, ours: &str) {
        let said = format!("`{}` is read as `{}`", self.slice(span), ours.trim());
        self.remark(
            Diagnostic::note(Code::PROGRAM_SPELLING, said)
                .at(span)
                .fix(span, ours),
        );
    }

    /// Reads something that lies one bracket or operator deeper.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= DEEPEST {
            return Err(too_deep(self.span()));
        }
        self.depth += 1;
        let out = read(self);
        self.depth -= 1;
        out
    }

    /// A term, unless it is nested too deep.
    pub(super) fn made(&self, kind: TermKind, span: Span) -> Parsed<Term> {
        let term = Term::new(kind, span);
        if term.height as usize > DEEPEST {
            return Err(too_deep(span));
        }
        Ok(term)
    }

    /// The name that a token stands for, without its quotes.
    pub(super) fn name_of(&mut self, token: Token, span: Span) -> Parsed<Arc<str>> {
        let slice = self.text.slice(span);
        if slice.len() > LONGEST_NAME {
            let said = format!(
                "this name has {} bytes; at most {LONGEST_NAME} are read",
                slice.len()
            );
            let fault = Diagnostic::error(Code::NAME_TOO_LONG, said).at(span);
            return Err(Box::new(fault.help("use a shorter name")));
        }
        if token == Token::Quoted {
            let name = unquote(slice, self.dialect);
            if name.is_empty() {
                let fault = Diagnostic::error(Code::PROGRAM_UNEXPECTED, "this name is empty");
                return Err(Box::new(
                    fault.at(span).help("put the name between the quotes"),
                ));
            }
            return Ok(self.names.get(&name));
        }
        if self.dialect == Dialect::Asp && !slice.is_ascii() {
            let said = format!("`{slice}` has letters that a name has only in quotes");
            let name = format!("'{slice}'");
            self.remark(
                Diagnostic::note(Code::UNQUOTED_NAME, said)
                    .at(span)
                    .fix(span, name),
            );
        }
        Ok(self.names.get(slice))
    }

    /// A quoted text, without its quotes.
    pub(super) fn text_of(&mut self, span: Span) -> Arc<str> {
        let text = unquote(self.text.slice(span), self.dialect);
        self.names.get(&text)
    }

    /// An integer; `negative` where a minus stands before it.
    pub(super) fn integer(&self, span: Span, negative: bool) -> Parsed<i64> {
        let slice = self.slice(span);
        let (digits, radix) = match slice.get(..2) {
            Some("0x") => (slice.get(2..), 16),
            Some("0o") => (slice.get(2..), 8),
            Some("0b") => (slice.get(2..), 2),
            _ => (Some(slice), 10),
        };
        let size = digits.and_then(|d| i128::from_str_radix(d, radix).ok());
        let value = size.map(|n| if negative { -n } else { n });
        value.and_then(|n| i64::try_from(n).ok()).ok_or_else(|| {
            let said = "this number does not fit into 64 bits";
            let fault = Diagnostic::error(Code::PROGRAM_NUMBER, said).at(span);
            Box::new(fault.help("integers go from -2^63 to 2^63 - 1; put longer ones in quotes"))
        })
    }

    pub(super) fn decimal(&self, span: Span) -> Box<Diagnostic> {
        let said = format!("`{}` is no integer", self.slice(span));
        let fault = Diagnostic::error(Code::PROGRAM_NUMBER, said).at(span);
        Box::new(fault.help("scale it: count in cents or thousandths, for instance"))
    }

    /// `-term`: a number at once where it is one.
    pub(super) fn negated(&mut self, minus: Span, argument: Term) -> Parsed<Term> {
        let span = minus.to(argument.span);
        self.made(
            TermKind::Arithmetic(ArithmeticOp::Negate, vec![argument]),
            span,
        )
    }
}

pub(super) fn too_deep(span: Span) -> Box<Diagnostic> {
    let said = format!("brackets and operators are nested deeper than {DEEPEST}");
    let fault = Diagnostic::error(Code::TOO_DEEP, said).at(span);
    Box::new(fault.help("split the statement, or name its parts"))
}

/// A quoted text without its quotes and escapes. `\n`, `\t`, `\\` and escaped
/// quotes are known; any other `\` stands for itself, as ASP-Core-2 has it.
fn unquote(slice: &str, dialect: Dialect) -> String {
    let quote = slice.chars().next().unwrap_or('"');
    let inside = slice.get(1..slice.len().saturating_sub(1)).unwrap_or("");
    if !inside.contains(['\\', quote]) {
        return inside.to_owned();
    }
    let mut out = String::with_capacity(inside.len());
    let mut signs = inside.chars();
    while let Some(c) = signs.next() {
        if c == quote && dialect == Dialect::Prolog {
            signs.next();
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        match signs.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some(c @ ('\\' | '"' | '\'' | '`')) => out.push(c),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}
