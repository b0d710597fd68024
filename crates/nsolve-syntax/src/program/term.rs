//! Terms of the native language.

use nsolve_il::program::ArithmeticOp;
use nsolve_source::{Code, Diagnostic, Span};

use super::ast::{Term, TermKind};
use super::lexer::Token;
use super::parser::{Parsed, Parser};

impl Parser<'_> {
    /// A term, intervals included.
    pub(super) fn term(&mut self) -> Parsed<Term> {
        let low = self.operations(1)?;
        if !self.eat(Token::DotDot) {
            return Ok(low);
        }
        let high = self.operations(1)?;
        let span = low.span.to(high.span);
        self.made(TermKind::Interval(Box::new(low), Box::new(high)), span)
    }

    /// Operations that bind at least so tightly. One function for all of them,
    /// so that a bracket costs few frames of the stack.
    fn operations(&mut self, least: u8) -> Parsed<Term> {
        let mut left = self.unary()?;
        loop {
            let (op, strength) = match self.peek() {
                Token::Plus => (ArithmeticOp::Add, 1),
                Token::Minus => (ArithmeticOp::Subtract, 1),
                Token::Times => (ArithmeticOp::Multiply, 2),
                Token::Slash | Token::WholeSlash => (ArithmeticOp::Divide, 2),
                Token::Backslash => (ArithmeticOp::Remainder, 2),
                Token::Name if self.slice(self.span()) == "mod" => (ArithmeticOp::Modulo, 2),
                Token::Power => (ArithmeticOp::Power, 3),
                Token::Caret | Token::Ampersand | Token::Tilde => return Err(self.no_bits()),
                _ => return Ok(left),
            };
            if strength < least {
                return Ok(left);
            }
            let at = self.bump();
            if self.slice(at) == "//" {
                self.spelling(at, "/");
            }
            let right = match op {
                ArithmeticOp::Power => self.deeper(|p| p.operations(strength))?,
                _ => self.operations(strength + 1)?,
            };
            left = self.binary(op, left, right)?;
        }
    }

    pub(super) fn no_bits(&self) -> Box<Diagnostic> {
        Box::new(self.unsupported(self.span(), "operations on bits are not known"))
    }

    pub(super) fn binary(&mut self, op: ArithmeticOp, left: Term, right: Term) -> Parsed<Term> {
        let span = left.span.to(right.span);
        self.made(TermKind::Arithmetic(op, vec![left, right]), span)
    }

    fn unary(&mut self) -> Parsed<Term> {
        match self.peek() {
            Token::Minus => {
                let minus = self.bump();
                if self.peek() == Token::Number {
                    let digits = self.bump();
                    let n = self.integer(digits, true)?;
                    return Ok(Term::new(TermKind::Int(n), minus.to(digits)));
                }
                let argument = self.deeper(Self::unary)?;
                self.negated(minus, argument)
            }
            Token::Tilde => Err(self.no_bits()),
            _ => self.primary(),
        }
    }

    fn primary(&mut self) -> Parsed<Term> {
        let token = self.peek();
        let span = self.span();
        let kind = match token {
            Token::Name | Token::Quoted => {
                self.bump();
                return self.named(token, span);
            }
            Token::Variable | Token::Anonymous | Token::Numbered => {
                self.bump();
                return self.variable(token, span);
            }
            Token::Number => {
                self.bump();
                TermKind::Int(self.integer(span, false)?)
            }
            Token::Text => {
                self.bump();
                TermKind::Text(self.text_of(span))
            }
            Token::Directive => match self.slice(span) {
                "#inf" | "#infimum" => {
                    self.bump();
                    TermKind::Infimum
                }
                "#sup" | "#supremum" => {
                    self.bump();
                    TermKind::Supremum
                }
                _ => return Err(self.unexpected(&["a term"])),
            },
            Token::Open => return self.deeper(Self::tuple),
            Token::OpenList => return self.deeper(Self::list),
            Token::Bar => return self.deeper(Self::absolute),
            _ => return Err(self.no_term()),
        };
        Ok(Term::new(kind, span))
    }

    /// Nothing that begins so is a term.
    pub(super) fn no_term(&self) -> Box<Diagnostic> {
        let span = self.span();
        match self.peek() {
            Token::Float => self.decimal(span),
            Token::At => {
                let fault = Diagnostic::error(
                    Code::PROGRAM_FORBIDDEN,
                    "functions of a script are never executed",
                );
                Box::new(fault.at(span).help("write what it makes as facts"))
            }
            Token::Ampersand => {
                let fault = self.unsupported(span, "theory atoms are not known");
                Box::new(fault.help("say it with arithmetic and aggregates"))
            }
            Token::Cut => {
                let said = "`!` is Prolog's cut, which has no meaning here";
                let fault = Diagnostic::error(Code::PROGRAM_CUT, said).at(span);
                Box::new(fault.help("write `not` of the other rules' conditions"))
            }
            Token::Not => Box::new(
                self.unexpected(&["a term"])
                    .help("a name that is called `not` stands in quotes: `'not'`"),
            ),
            _ => self.unexpected(&["a term"]),
        }
    }

    fn variable(&mut self, token: Token, span: Span) -> Parsed<Term> {
        if token == Token::Anonymous {
            return Ok(Term::new(TermKind::Variable(self.names.get("_")), span));
        }
        let name = self.slice(span).to_owned();
        if token == Token::Numbered || !name.is_ascii() {
            let said = format!("`{name}` is no variable: these begin with an upper-case letter");
            let fault = Diagnostic::error(Code::PROGRAM_UNEXPECTED, said).at(span);
            let plain = name.chars().filter(char::is_ascii_alphanumeric);
            let other: String = "V".chars().chain(plain).collect();
            return Err(Box::new(fault.suggest(span, other)));
        }
        if self.peek() == Token::Open {
            let said = format!("`{name}` begins with an upper-case letter, so it is a variable");
            let fault = Diagnostic::error(Code::PROGRAM_UNEXPECTED, said).at(span);
            let mut lower = name.trim_start_matches('_').to_owned();
            if let Some(first) = lower.get_mut(..1) {
                first.make_ascii_lowercase();
            }
            let help = "names of predicates and functions begin with a lower-case letter";
            return Err(Box::new(fault.help(help).suggest(span, lower)));
        }
        let name = self.name_of(token, span)?;
        Ok(Term::new(TermKind::Variable(name), span))
    }

    /// A constant, or a function with its arguments; `f(a; b, c)` is a pool of
    /// `f(a)` and `f(b, c)`.
    fn named(&mut self, token: Token, span: Span) -> Parsed<Term> {
        let name = self.name_of(token, span)?;
        if self.peek() != Token::Open {
            return Ok(Term::new(TermKind::Name(name), span));
        }
        self.bump();
        let mut pool = self.deeper(|p| {
            let mut pool = Vec::new();
            loop {
                let mut terms = Vec::new();
                while !matches!(p.peek(), Token::Close | Token::Semicolon) {
                    terms.push(p.term()?);
                    if !p.eat(Token::Comma) {
                        break;
                    }
                    if p.peek() == Token::Close {
                        return Err(p.unexpected(&["a term"]));
                    }
                }
                pool.push(terms);
                if !p.eat(Token::Semicolon) {
                    return Ok(pool);
                }
            }
        })?;
        let whole = span.to(self.expect(Token::Close, ")")?);
        match (pool.len(), pool.pop()) {
            (1, Some(only)) => self.applied(name, only, whole),
            (_, last) => {
                pool.extend(last);
                self.several = true;
                let each = pool
                    .into_iter()
                    .map(|t| self.applied(name.clone(), t, whole));
                let each: Vec<Term> = each.collect::<Parsed<_>>()?;
                self.made(TermKind::Pool(each), whole)
            }
        }
    }

    fn applied(&self, name: std::sync::Arc<str>, terms: Vec<Term>, span: Span) -> Parsed<Term> {
        if terms.is_empty() {
            return Ok(Term::new(TermKind::Name(name), span));
        }
        self.made(TermKind::Function(name, terms), span)
    }

    /// `(t)`, `(t,)`, `(t, u)`, `(t; u)`.
    fn tuple(&mut self) -> Parsed<Term> {
        let start = self.at;
        self.bump();
        let mut pool = Vec::new();
        loop {
            let first = self.at;
            let (mut terms, mut comma) = (Vec::new(), false);
            while !matches!(self.peek(), Token::Close | Token::Semicolon) {
                terms.push(self.term()?);
                comma = self.eat(Token::Comma);
                if !comma {
                    break;
                }
            }
            let bare = !comma && terms.len() == 1;
            let span = self.span_since(first);
            pool.push(match terms.pop() {
                Some(only) if bare => only,
                last => {
                    terms.extend(last);
                    let name = self.names.get("");
                    self.made(TermKind::Function(name, terms), span)?
                }
            });
            if !self.eat(Token::Semicolon) {
                break;
            }
        }
        self.expect(Token::Close, ")")?;
        let span = self.span_since(start);
        match (pool.len(), pool.pop()) {
            (1, Some(mut only)) => {
                only.span = span;
                Ok(only)
            }
            (_, last) => {
                pool.extend(last);
                self.several = true;
                self.made(TermKind::Pool(pool), span)
            }
        }
    }

    /// `[a, b | t]`
    pub(super) fn list(&mut self) -> Parsed<Term> {
        let start = self.at;
        self.bump();
        let mut members = Vec::new();
        let mut tail = None;
        while self.peek() != Token::CloseList {
            members.push(self.list_member()?);
            if self.eat(Token::Bar) {
                tail = Some(Box::new(self.list_member()?));
                break;
            }
            if !self.eat(Token::Comma) {
                break;
            }
        }
        self.expect(Token::CloseList, "]")?;
        let span = self.span_since(start);
        self.made(TermKind::List(members, tail), span)
    }

    fn absolute(&mut self) -> Parsed<Term> {
        let start = self.at;
        self.bump();
        let inner = self.term()?;
        self.expect(Token::Bar, "|")?;
        let span = self.span_since(start);
        self.made(
            TermKind::Arithmetic(ArithmeticOp::Absolute, vec![inner]),
            span,
        )
    }
}
