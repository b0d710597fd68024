//! The parser of models: statements.

use std::sync::Arc;

use nsolve_il::milp::{Domain, Number, Relation, Sense, Symbol};
use nsolve_source::{Code, Diagnostic, Span};

use super::ast::{
    ConstraintDeclaration, Datum, Expr, Head, Model, Name, ObjectiveDeclaration, ParamDeclaration,
    ParamValue, Restriction, SetDeclaration, Statement, Unit, VarDeclaration, VarDomain,
};
use super::lexer::{Lexeme, Token, lex, unquote};

/// How deep expressions may nest.
pub const DEEPEST: usize = 200;

/// How many faults of one text are told.
const MOST_FAULTS: usize = 200;

/// A model's text, parsed.
pub(super) struct Parsed {
    pub(super) model: Model,
    /// Where the data section begins, if there is one.
    pub(super) data: Option<usize>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A statement that cannot be read; the diagnostic says why.
pub(super) struct Unread;

pub(super) type Parse<T> = Result<T, Unread>;

/// Parses all statements; one that cannot be read is left out.
pub(super) fn parse(text: &str) -> Parsed {
    let lexed = lex(text);
    let mut parser = Parser {
        text,
        lexemes: &lexed.lexemes,
        at: 0,
        depth: 0,
        diagnostics: lexed.diagnostics,
    };
    let mut model = Model::default();
    while !parser.is_end() && parser.diagnostics.len() < MOST_FAULTS {
        let start = parser.at;
        match parser.statement() {
            Ok(statement) => model.statements.extend(statement),
            Err(Unread) => parser.skip_statement(start),
        }
    }
    Parsed {
        model,
        data: lexed.data,
        diagnostics: parser.diagnostics,
    }
}

pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    lexemes: &'t [Lexeme],
    at: usize,
    pub(super) depth: usize,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Words that begin a statement.
const STATEMENTS: &[&str] = &[
    "set", "param", "var", "minimize", "maximize", "minimise", "maximise", "subject", "s.t.", "st",
    "subj", "check", "solve", "display", "printf", "for", "table", "data", "end",
];

impl<'t> Parser<'t> {
    pub(super) fn is_end(&self) -> bool {
        self.peek().token == Token::End
    }

    pub(super) fn peek(&self) -> &'t Lexeme {
        self.ahead(0)
    }

    pub(super) fn ahead(&self, by: usize) -> &'t Lexeme {
        static END: Lexeme = Lexeme {
            token: Token::End,
            span: Span { start: 0, end: 0 },
        };
        self.lexemes
            .get(self.at + by)
            .or(self.lexemes.last())
            .unwrap_or(&END)
    }

    pub(super) fn advance(&mut self) -> &'t Lexeme {
        let lexeme = self.peek();
        if self.at + 1 < self.lexemes.len() {
            self.at += 1;
        }
        lexeme
    }

    /// Where the last token ended.
    pub(super) fn last_span(&self) -> Span {
        let before = self.at.checked_sub(1).and_then(|i| self.lexemes.get(i));
        before.map_or(self.peek().span, |l| l.span)
    }

    pub(super) fn slice(&self, span: Span) -> &'t str {
        self.text.get(span.range()).unwrap_or_default()
    }

    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        self.peek().token == Token::Symbol(canonical(symbol))
    }

    pub(super) fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn word(&self) -> Option<&'t str> {
        self.word_ahead(0)
    }

    pub(super) fn word_ahead(&self, by: usize) -> Option<&'t str> {
        let lexeme = self.ahead(by);
        (lexeme.token == Token::Name).then(|| self.slice(lexeme.span))
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.word() == Some(word)
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.advance();
        }
        found
    }

    /// Tells what stands where something else is wanted.
    pub(super) fn unexpected<T>(&mut self, wanted: &str) -> Parse<T> {
        let lexeme = self.peek();
        let found = match lexeme.token {
            Token::End => "the end of the text".to_owned(),
            _ => format!("`{}`", self.slice(lexeme.span)),
        };
        let code = match lexeme.token {
            Token::End => Code::TRUNCATED_MODEL,
            _ => Code::MODEL_UNEXPECTED,
        };
        self.diagnostics.push(
            Diagnostic::error(code, format!("expected {wanted}, found {found}"))
                .at(lexeme.span)
                .expecting([wanted]),
        );
        Err(Unread)
    }

    pub(super) fn expect(&mut self, symbol: &str) -> Parse<()> {
        if self.take_symbol(symbol) {
            Ok(())
        } else {
            self.unexpected(&format!("`{symbol}`"))
        }
    }

    /// Passes over the rest of a statement: behind its semicolon, or before the
    /// next word that begins one at the start of a line.
    fn skip_statement(&mut self, start: usize) {
        while !self.is_end() {
            if self.at > start && self.starts_line() && self.starts_statement() {
                return;
            }
            if self.advance().token == Token::Symbol(";") {
                return;
            }
        }
    }

    fn starts_statement(&self) -> bool {
        self.word().is_some_and(|w| STATEMENTS.contains(&w))
    }

    fn starts_line(&self) -> bool {
        let start = self.peek().span.start as usize;
        let before = self.text.get(..start).unwrap_or_default();
        before.trim_end_matches([' ', '\t']).ends_with('\n')
    }

    fn statement(&mut self) -> Parse<Option<Statement>> {
        let start = self.peek().span;
        if self.take_symbol(";") {
            return Ok(None);
        }
        let Some(word) = self.word() else {
            return self.unexpected("a statement");
        };
        let declares = !matches!(
            self.ahead(1).token,
            Token::Symbol(":" | "{") if word != "for" && word != "check"
        );
        match word {
            "set" if declares => self.set(start).map(Some),
            "param" if declares => self.param(start).map(Some),
            "var" if declares => self.var(start).map(Some),
            "minimize" | "maximize" | "minimise" | "maximise" => self.objective(start).map(Some),
            "check" => self.check(start).map(Some),
            "solve" => {
                self.advance();
                self.semicolon()?;
                Ok(None)
            }
            "display" | "printf" | "for" | "table" => self.pass(word, start),
            _ => self.constraint(start).map(Some),
        }
    }

    /// What prints, or reads other files: none of it is done.
    fn pass(&mut self, word: &str, start: Span) -> Parse<Option<Statement>> {
        if word == "table" {
            self.diagnostics.push(
                Diagnostic::error(
                    Code::MODEL_UNSUPPORTED,
                    "`table` reads or writes another file, which models may not do",
                )
                .at(start)
                .help("give the data in a `data` section, or with `--data`"),
            );
            return Err(Unread);
        }
        let mut depth = 0_usize;
        while !self.is_end() {
            match self.advance().token {
                Token::Symbol("{") => depth += 1,
                Token::Symbol("}") => {
                    depth = depth.saturating_sub(1);
                    // A block of `for` ends without a semicolon.
                    if depth == 0 && word == "for" && self.closes_block() {
                        break;
                    }
                }
                Token::Symbol(";") if depth == 0 => break,
                _ => {}
            }
        }
        self.diagnostics.push(
            Diagnostic::note(
                Code::STATEMENT_PASSED,
                format!("`{word}` was passed over: the answer is printed as a whole"),
            )
            .at(start.to(self.last_span())),
        );
        Ok(None)
    }

    /// Whether what follows a `}` begins a statement rather than a loop's body.
    fn closes_block(&self) -> bool {
        let previous = self
            .at
            .checked_sub(2)
            .and_then(|i| self.lexemes.get(i))
            .map(|l| &l.token);
        previous == Some(&Token::Symbol(";"))
    }

    fn semicolon(&mut self) -> Parse<()> {
        if self.take_symbol(";") {
            return Ok(());
        }
        let last = self.last_span();
        if self.is_end() || (self.starts_line() && self.starts_statement()) {
            let end = Span::new(last.end as usize, last.end as usize);
            self.diagnostics.push(
                Diagnostic::warning(Code::MISSING_SEMICOLON, "this statement has no semicolon")
                    .at(last)
                    .fix(end, ";"),
            );
            return Ok(());
        }
        self.unexpected("`;`")
    }

    fn name(&mut self, what: &str) -> Parse<Name> {
        let lexeme = self.peek();
        if lexeme.token != Token::Name {
            return self.unexpected(what);
        }
        self.advance();
        Ok(Name {
            text: self.slice(lexeme.span).into(),
            span: lexeme.span,
        })
    }

    /// A name, its documentation, its index.
    fn head(&mut self, start: Span, what: &str) -> Parse<Head> {
        let name = self.name(what)?;
        let doc = self.doc();
        let domain = if self.is_symbol("{") {
            Some(self.indexing()?)
        } else {
            None
        };
        let doc = doc.or_else(|| self.doc());
        Ok(Head {
            name,
            doc,
            domain,
            span: start,
        })
    }

    fn doc(&mut self) -> Option<Arc<str>> {
        let lexeme = self.peek();
        (lexeme.token == Token::Text).then(|| {
            self.advance();
            unquote(self.slice(lexeme.span)).into()
        })
    }

    fn finish(&mut self, head: &mut Head) -> Parse<()> {
        self.semicolon()?;
        head.span = head.span.to(self.last_span());
        Ok(())
    }

    fn set(&mut self, start: Span) -> Parse<Statement> {
        self.advance();
        let mut set = SetDeclaration {
            head: self.head(start, "the set's name")?,
            dimension: None,
            within: Vec::new(),
            value: None,
            default: None,
        };
        while !self.is_symbol(";") && !self.at_end_of_statement() {
            self.take_symbol(",");
            if self.take_word("dimen") {
                let Token::Number(value) = &self.peek().token else {
                    return self.unexpected("a number of symbols");
                };
                let dimension = value.to_i64().and_then(|n| u32::try_from(n).ok());
                let Some(dimension) = dimension.filter(|n| (1..=20).contains(n)) else {
                    return self.unexpected("a number of symbols from 1 to 20");
                };
                self.advance();
                set.dimension = Some(dimension);
            } else if self.take_word("within") {
                set.within.push(self.expr()?);
            } else if self.take_symbol(":=") || self.take_symbol("=") {
                set.value = Some(self.expr()?);
            } else if self.take_word("default") {
                set.default = Some(self.expr()?);
            } else {
                return self.unexpected("`dimen`, `within`, `:=`, `default` or `;`");
            }
        }
        self.finish(&mut set.head)?;
        Ok(Statement::Set(set))
    }

    fn at_end_of_statement(&self) -> bool {
        self.is_end() || (self.starts_line() && self.starts_statement())
    }

    fn param(&mut self, start: Span) -> Parse<Statement> {
        self.advance();
        let mut param = ParamDeclaration {
            head: self.head(start, "the parameter's name")?,
            symbolic: false,
            integer: false,
            binary: false,
            restrictions: Vec::new(),
            unit: None,
            value: None,
            default: None,
        };
        while !self.is_symbol(";") && !self.at_end_of_statement() {
            self.take_symbol(",");
            if self.is_symbol("[") {
                param.unit = Some(self.unit()?);
            } else if self.take_symbol(":=") {
                param.value = Some(self.param_value()?);
            } else if let Some(relation) = self.take_relation() {
                let value = self.set_level()?;
                // `param n = 5;` is AMPL for a fixed value.
                if relation == Relation::Eq && param.value.is_none() {
                    param.value = Some(ParamValue::Expr(value));
                } else {
                    param
                        .restrictions
                        .push(Restriction::Compare(relation, value));
                }
            } else if self.take_word("in") {
                param.restrictions.push(Restriction::In(self.set_level()?));
            } else if self.take_word("default") {
                param.default = Some(self.expr()?);
            } else if self.take_word("integer") {
                param.integer = true;
            } else if self.take_word("binary") || self.take_word("logical") {
                param.binary = true;
            } else if self.take_word("symbolic") {
                param.symbolic = true;
            } else if !self.take_word("real") {
                return self.unexpected("a restriction, `:=`, `default` or `;`");
            }
        }
        self.finish(&mut param.head)?;
        Ok(Statement::Param(param))
    }

    fn param_value(&mut self) -> Parse<ParamValue> {
        if self.is_list() {
            return Ok(ParamValue::List(self.list()?));
        }
        Ok(ParamValue::Expr(self.expr()?))
    }

    /// Whether indices and values stand side by side, as in `mango 5, guava 3`:
    /// an expression never has two operands without an operator between.
    fn is_list(&self) -> bool {
        let mut before = false;
        let mut adjacent = false;
        for by in 0.. {
            let operand = match &self.ahead(by).token {
                Token::Symbol(";") | Token::End => break,
                Token::Symbol("," | "-" | "+") => false,
                Token::Number(_) | Token::Text => true,
                Token::Name => {
                    let word = self.word_ahead(by).unwrap_or_default();
                    if super::expr::is_reserved(word) || word == "default" {
                        return false;
                    }
                    true
                }
                _ => return false,
            };
            adjacent |= before && operand;
            before = operand;
        }
        adjacent
    }

    fn list(&mut self) -> Parse<Vec<(Vec<Datum>, Datum)>> {
        let mut entries = Vec::new();
        let mut data = Vec::new();
        loop {
            let lexeme = self.peek();
            match &lexeme.token {
                Token::Symbol(",") | Token::Symbol(";") | Token::End => {
                    let Some(value) = data.pop() else {
                        return self.unexpected("an index and a value");
                    };
                    entries.push((std::mem::take(&mut data), value));
                    if !self.take_symbol(",") || self.is_symbol(";") {
                        return Ok(entries);
                    }
                }
                _ => data.push(self.datum()?),
            }
        }
    }

    fn datum(&mut self) -> Parse<Datum> {
        let start = self.peek().span;
        let negative = self.take_symbol("-");
        if !negative {
            self.take_symbol("+");
        }
        let lexeme = self.peek();
        let value = match &lexeme.token {
            Token::Number(value) if negative => Symbol::Number(-value),
            Token::Number(value) => Symbol::Number(value.clone()),
            Token::Name if !negative => Symbol::Text(self.slice(lexeme.span).into()),
            Token::Text if !negative => Symbol::Text(unquote(self.slice(lexeme.span)).into()),
            _ => return self.unexpected("a symbol or a number"),
        };
        self.advance();
        Ok(Datum {
            value,
            span: start.to(lexeme.span),
        })
    }

    fn var(&mut self, start: Span) -> Parse<Statement> {
        self.advance();
        let mut var = VarDeclaration {
            head: self.head(start, "the variable's name")?,
            domain: None,
            bounds: Vec::new(),
            unit: None,
        };
        while !self.is_symbol(";") && !self.at_end_of_statement() {
            self.take_symbol(",");
            if self.is_symbol("[") {
                var.unit = Some(self.unit()?);
            } else if let Some(relation) = self.take_relation() {
                var.bounds.push((relation, self.set_level()?));
            } else if self.take_symbol(":=") {
                // A starting value of AMPL's: it changes nothing.
                self.expr()?;
            } else if let Some(domain) = self.word().and_then(domain_word) {
                self.advance();
                var.domain = Some(domain);
            } else {
                return self.unexpected("a domain word, a bound or `;`");
            }
        }
        self.finish(&mut var.head)?;
        Ok(Statement::Var(var))
    }

    pub(super) fn take_relation(&mut self) -> Option<Relation> {
        let relation = match self.peek().token {
            Token::Symbol("<=") => Relation::Le,
            Token::Symbol(">=") => Relation::Ge,
            Token::Symbol("=") => Relation::Eq,
            Token::Symbol("<") => Relation::Lt,
            Token::Symbol(">") => Relation::Gt,
            Token::Symbol("!=") => Relation::Ne,
            _ => return None,
        };
        self.advance();
        Some(relation)
    }

    fn objective(&mut self, start: Span) -> Parse<Statement> {
        self.advance();
        let sense = match self.slice(start) {
            "minimize" | "minimise" => Sense::Minimize,
            _ => Sense::Maximize,
        };
        // A name, unless the expression begins at once.
        let named = self.word().is_some()
            && matches!(self.ahead(1).token, Token::Symbol(":" | "{") | Token::Text)
            && !self.word().is_some_and(super::expr::is_reserved);
        let mut head = if named {
            let head = self.head(start, "the objective's name")?;
            self.expect(":")?;
            head
        } else {
            self.take_symbol(":");
            Head {
                name: Name {
                    text: "objective".into(),
                    span: start,
                },
                doc: None,
                domain: None,
                span: start,
            }
        };
        let expression = self.expr()?;
        self.finish(&mut head)?;
        Ok(Statement::Objective(ObjectiveDeclaration {
            head,
            sense,
            expression,
        }))
    }

    fn constraint(&mut self, start: Span) -> Parse<Statement> {
        let word = self.word().unwrap_or_default();
        let named = match word {
            "subject" | "subj" if matches!(self.word_ahead(1), Some("to")) => {
                self.advance();
                self.advance();
                true
            }
            "s.t." | "S.T." => {
                self.advance();
                true
            }
            "st" | "constraint" if self.word_ahead(1).is_some() => {
                self.advance();
                true
            }
            _ => false,
        };
        let is_head = self.word().is_some()
            && matches!(self.ahead(1).token, Token::Symbol(":" | "{") | Token::Text);
        if !named && !is_head {
            return self.unexpected(
                "a statement (`set`, `param`, `var`, `minimize`, `maximize`, `subject to`)",
            );
        }
        let mut head = self.head(start, "the constraint's name")?;
        self.expect(":")?;
        let condition = self.expr()?;
        self.finish(&mut head)?;
        Ok(Statement::Constraint(ConstraintDeclaration {
            head,
            condition,
        }))
    }

    fn check(&mut self, start: Span) -> Parse<Statement> {
        self.advance();
        let domain = if self.is_symbol("{") {
            Some(self.indexing()?)
        } else {
            None
        };
        self.take_symbol(":");
        let condition = self.expr()?;
        self.semicolon()?;
        Ok(Statement::Check {
            domain,
            condition,
            span: start.to(self.last_span()),
        })
    }

    /// `[$ / h]`
    pub(super) fn unit(&mut self) -> Parse<Unit> {
        let start = self.peek().span;
        self.expect("[")?;
        let mut powers: Vec<(Arc<str>, i32)> = Vec::new();
        let mut sign = 1;
        loop {
            self.unit_factor(sign, &mut powers)?;
            if self.take_symbol("*") {
                sign = 1;
            } else if self.take_symbol("/") {
                sign = -1;
            } else {
                break;
            }
        }
        self.expect("]")?;
        powers.retain(|(_, power)| *power != 0);
        powers.sort();
        Ok(Unit {
            powers,
            span: start.to(self.last_span()),
        })
    }

    fn unit_factor(&mut self, sign: i32, powers: &mut Vec<(Arc<str>, i32)>) -> Parse<()> {
        let lexeme = self.peek();
        let base: Option<Arc<str>> = match &lexeme.token {
            Token::Name => Some(self.slice(lexeme.span).into()),
            Token::Symbol("$" | "%" | "€" | "£") => Some(self.slice(lexeme.span).into()),
            Token::Number(n) if *n == Number::ONE => None,
            _ => return self.unexpected("a unit, such as `$`, `kg` or `$ / h`"),
        };
        self.advance();
        let mut power = 1;
        if self.take_symbol("**") {
            let negative = self.take_symbol("-");
            let Token::Number(n) = &self.peek().token else {
                return self.unexpected("a power");
            };
            let Some(n) = n
                .to_i64()
                .and_then(|n| i32::try_from(n).ok())
                .filter(|n| *n < 100)
            else {
                return self.unexpected("a small power");
            };
            self.advance();
            power = if negative { -n } else { n };
        }
        if let Some(base) = base {
            match powers.iter_mut().find(|(name, _)| *name == base) {
                Some((_, sum)) => *sum += sign * power,
                None => powers.push((base, sign * power)),
            }
        }
        Ok(())
    }

    /// One level deeper.
    pub(super) fn nested(&mut self, inner: impl FnOnce(&mut Self) -> Parse<Expr>) -> Parse<Expr> {
        if self.depth >= DEEPEST {
            self.diagnostics.push(
                Diagnostic::error(
                    Code::TOO_DEEP,
                    format!("expressions are nested more than {DEEPEST} deep"),
                )
                .at(self.peek().span),
            );
            return Err(Unread);
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }
}

/// The static spelling of a symbol, for comparison with tokens.
fn canonical(symbol: &str) -> &'static str {
    const ALL: &[&str] = &[
        "<==>", "==>", "<==", "**", "<=", ">=", "!=", ":=", "..", "and", "or", "<<", ">>", "+",
        "-", "*", "/", "&", "<", ">", "=", "!", "(", ")", "[", "]", "{", "}", ",", ";", ":", ".",
        "$", "%", "|", "~",
    ];
    ALL.iter().find(|s| **s == symbol).copied().unwrap_or("")
}

fn domain_word(word: &str) -> Option<VarDomain> {
    Some(match word {
        "real" | "continuous" => VarDomain::Of(Domain::Real),
        "integer" => VarDomain::Of(Domain::Integer),
        "binary" | "bool" | "logical" => VarDomain::Binary,
        "semicontinuous" => VarDomain::Of(Domain::Semicontinuous),
        "semiinteger" => VarDomain::Of(Domain::Semiinteger),
        _ => return None,
    })
}
