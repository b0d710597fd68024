//! The data section, as GMPL has it: sets, parameters, tables.

use nsolve_il::milp::{Number, Symbol};
use nsolve_source::{Code, Diagnostic, Span};
use rustc_hash::FxHashMap;

use super::ir::ModelIr;
use super::lexer::{blank, quoted, unquote};
use super::resolve::nearest;
use super::value::{SetValue, SymbolId, Symbols, Table};

/// The values that data give.
#[derive(Debug, Default)]
pub(super) struct Tables {
    sets: Vec<Table<SetValue>>,
    numbers: Vec<Table<Number>>,
    symbols: Vec<Table<SymbolId>>,
    defaults: Vec<Option<Fallback>>,
    spans: Vec<Option<Span>>,
}

#[derive(Clone, Debug)]
enum Fallback {
    Number(Number),
    Symbol(SymbolId),
}

/// A value as data have it.
#[derive(Clone, Debug)]
pub(super) enum Datum {
    Number(Number),
    Symbol(SymbolId),
}

impl Tables {
    pub(super) fn new(model: &ModelIr) -> Self {
        let params = || model.params.iter().map(|p| p.declared.arity);
        Tables {
            sets: model
                .sets
                .iter()
                .map(|s| Table::new(s.declared.arity))
                .collect(),
            numbers: params().map(Table::new).collect(),
            symbols: params().map(Table::new).collect(),
            defaults: params().map(|_| None).collect(),
            spans: params().map(|_| None).collect(),
        }
    }

    pub(super) fn take_set(&mut self, id: usize, key: &[SymbolId]) -> Option<SetValue> {
        self.sets.get(id)?.get(key).cloned()
    }

    pub(super) fn has_set(&self, id: usize) -> bool {
        self.sets.get(id).is_some_and(|t| t.len() > 0)
    }

    pub(super) fn has_param(&self, id: usize) -> bool {
        self.numbers.get(id).is_some_and(|t| t.len() > 0)
            || self.symbols.get(id).is_some_and(|t| t.len() > 0)
            || matches!(self.defaults.get(id), Some(Some(_)))
    }

    pub(super) fn number(&self, id: usize, key: &[SymbolId]) -> Option<&Number> {
        self.numbers.get(id)?.get(key)
    }

    pub(super) fn symbol(&self, id: usize, key: &[SymbolId]) -> Option<SymbolId> {
        self.symbols.get(id)?.get(key).copied()
    }

    pub(super) fn default_number(&self, id: usize) -> Option<&Number> {
        match self.defaults.get(id)?.as_ref()? {
            Fallback::Number(value) => Some(value),
            Fallback::Symbol(_) => None,
        }
    }

    pub(super) fn default_symbol(&self, id: usize) -> Option<SymbolId> {
        match self.defaults.get(id)?.as_ref()? {
            Fallback::Symbol(value) => Some(*value),
            Fallback::Number(_) => None,
        }
    }

    /// How many values a parameter has from the data.
    pub(super) fn count(&self, id: usize) -> usize {
        self.numbers.get(id).map_or(0, Table::len) + self.symbols.get(id).map_or(0, Table::len)
    }

    /// The subscripts of one of them.
    pub(super) fn key(&self, id: usize, place: usize) -> &[SymbolId] {
        let number = self.numbers.get(id).and_then(|t| t.entry(place));
        let symbol = || {
            self.symbols
                .get(id)
                .and_then(|t| t.entry(place).map(|e| e.0))
        };
        number.map(|e| e.0).or_else(symbol).unwrap_or_default()
    }

    /// Where a parameter's data stand.
    pub(super) fn span(&self, id: usize) -> Option<Span> {
        self.spans.get(id).copied().flatten()
    }

    pub(super) fn set_span(&mut self, id: usize, span: Option<Span>) {
        if let Some(place) = self.spans.get_mut(id) {
            *place = span;
        }
    }

    pub(super) fn reserve(&mut self, id: usize, more: usize) {
        if let Some(table) = self.numbers.get_mut(id) {
            table.reserve(more);
        }
    }

    /// Sets a parameter's value; whether there was none.
    pub(super) fn set_param(&mut self, id: usize, key: &[SymbolId], value: Datum) -> bool {
        match value {
            Datum::Number(value) => self
                .numbers
                .get_mut(id)
                .is_some_and(|t| t.insert(key, value)),
            Datum::Symbol(value) => self
                .symbols
                .get_mut(id)
                .is_some_and(|t| t.insert(key, value)),
        }
    }

    pub(super) fn set_default(&mut self, id: usize, value: Datum) {
        if let Some(place) = self.defaults.get_mut(id) {
            *place = Some(match value {
                Datum::Number(value) => Fallback::Number(value),
                Datum::Symbol(value) => Fallback::Symbol(value),
            });
        }
    }

    /// A set's value, to be filled.
    pub(super) fn set_mut(
        &mut self,
        id: usize,
        key: &[SymbolId],
        arity: usize,
    ) -> Option<&mut SetValue> {
        let table = self.sets.get_mut(id)?;
        table.get_or_insert(key, || SetValue::new(arity))
    }
}

/// What a name means to data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Set(usize),
    Param(usize),
    Var,
}

/// What the names of a model mean to data.
pub(super) fn targets(model: &ModelIr) -> FxHashMap<&str, Target> {
    let mut found: FxHashMap<&str, Target> = FxHashMap::default();
    for (id, set) in model.sets.iter().enumerate() {
        found.entry(&set.declared.name).or_insert(Target::Set(id));
    }
    for (id, param) in model.params.iter().enumerate() {
        found
            .entry(&param.declared.name)
            .or_insert(Target::Param(id));
    }
    for var in &model.vars {
        found.entry(&var.declared.name).or_insert(Target::Var);
    }
    found
}

/// Reads a data section that begins at `from` in a text.
pub(super) fn read_data(
    text: &str,
    from: usize,
    model: &ModelIr,
    symbols: &mut Symbols,
    tables: &mut Tables,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut reader = Reader {
        text,
        at: from,
        names: targets(model),
        model,
        symbols,
        tables,
        diagnostics,
    };
    while reader.diagnostics.len() < 200 {
        let Some(token) = reader.next() else {
            return;
        };
        let start = token.span();
        let result = match reader.word(&token) {
            Some("set") => reader.set(),
            Some("param") => reader.param(start),
            Some("var") => reader.skip(),
            Some("end") => return,
            _ if token.is(b';') => Ok(()),
            _ => reader.unexpected(&token, "`set`, `param` or `end`"),
        };
        if result.is_err() {
            let _ = reader.skip();
        }
    }
}

struct Bad;
type Read<T> = Result<T, Bad>;

#[derive(Clone, Copy, Debug)]
enum Token {
    /// A symbol or number without quotes.
    Plain(Span),
    Quoted(Span),
    /// `:=`
    Becomes(Span),
    Sign(u8, Span),
}

impl Token {
    fn span(&self) -> Span {
        match self {
            Token::Plain(s) | Token::Quoted(s) | Token::Becomes(s) | Token::Sign(_, s) => *s,
        }
    }

    fn is(&self, sign: u8) -> bool {
        matches!(self, Token::Sign(c, _) if *c == sign)
    }
}

/// A part of a slice: a symbol, or a place to be filled.
type Slice = Vec<Option<SymbolId>>;

struct Reader<'a> {
    text: &'a str,
    at: usize,
    names: FxHashMap<&'a str, Target>,
    model: &'a ModelIr,
    symbols: &'a mut Symbols,
    tables: &'a mut Tables,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<Token> {
        let (token, end) = self.scan()?;
        self.at = end;
        Some(token)
    }

    fn peek(&mut self) -> Option<Token> {
        Some(self.scan()?.0)
    }

    /// The next token, and where it ends.
    fn scan(&mut self) -> Option<(Token, usize)> {
        let bytes = self.text.as_bytes();
        // Mostly a blank or nothing: the general way is for comments.
        while matches!(bytes.get(self.at), Some(b' ' | b'\n' | b'\t' | b'\r')) {
            self.at += 1;
        }
        if matches!(bytes.get(self.at), Some(b'#' | b'/'))
            || bytes.get(self.at).is_some_and(|c| !c.is_ascii())
        {
            match blank(self.text.get(self.at..)?) {
                Ok(length) => self.at += length,
                Err(length) => {
                    let start = self.at + length;
                    self.diagnostics.push(
                        Diagnostic::error(Code::MODEL_UNCLOSED, "this comment does not end")
                            .at(Span::new(start, start + 2)),
                    );
                    self.at = self.text.len();
                }
            }
        }
        let start = self.at;
        let first = *bytes.get(start)?;
        match first {
            b'"' | b'\'' => {
                let rest = self.text.get(start..)?;
                match quoted(rest) {
                    Some(length) => {
                        let end = start + length;
                        Some((Token::Quoted(Span::new(start, end)), end))
                    }
                    None => {
                        self.diagnostics.push(
                            Diagnostic::error(
                                Code::MODEL_UNCLOSED,
                                "this quote does not end on its line",
                            )
                            .at(Span::new(start, start + 1)),
                        );
                        self.at = start + rest.find('\n').unwrap_or(rest.len());
                        self.scan()
                    }
                }
            }
            b':' if bytes.get(start + 1) == Some(&b'=') => {
                Some((Token::Becomes(Span::new(start, start + 2)), start + 2))
            }
            b':' | b';' | b',' | b'(' | b')' | b'[' | b']' | b'*' | b'=' | b'{' | b'}' => {
                Some((Token::Sign(first, Span::new(start, start + 1)), start + 1))
            }
            _ => {
                let rest = bytes.get(start..)?;
                let length = rest
                    .iter()
                    .position(|c| {
                        matches!(
                            c,
                            b' ' | b'\n'
                                | b'\t'
                                | b'\r'
                                | b':'
                                | b';'
                                | b','
                                | b'('
                                | b')'
                                | b'['
                                | b']'
                                | b'*'
                                | b'='
                                | b'{'
                                | b'}'
                                | b'#'
                                | b'"'
                                | b'\''
                        )
                    })
                    .unwrap_or(rest.len())
                    .max(1);
                let end = start + length;
                Some((Token::Plain(Span::new(start, end)), end))
            }
        }
    }

    fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.range()).unwrap_or_default()
    }

    fn word(&self, token: &Token) -> Option<&'a str> {
        match token {
            Token::Plain(span) => Some(self.slice(*span)),
            _ => None,
        }
    }

    fn peek_word(&mut self) -> Option<&'a str> {
        let token = self.peek()?;
        self.word(&token)
    }

    fn peek_is(&mut self, sign: u8) -> bool {
        self.peek().is_some_and(|t| t.is(sign))
    }

    fn take(&mut self, sign: u8) -> bool {
        let found = self.peek_is(sign);
        if found {
            self.next();
        }
        found
    }

    fn take_becomes(&mut self) -> bool {
        let found = matches!(self.peek(), Some(Token::Becomes(_)));
        if found {
            self.next();
        }
        found
    }

    fn end<T>(&mut self) -> Read<T> {
        let at = self.text.len();
        self.diagnostics.push(
            Diagnostic::error(Code::TRUNCATED_MODEL, "the data end inside a statement")
                .at(Span::new(at, at))
                .help("end the statement with `;`"),
        );
        Err(Bad)
    }

    fn unexpected<T>(&mut self, token: &Token, wanted: &str) -> Read<T> {
        let span = token.span();
        self.diagnostics.push(
            Diagnostic::error(
                Code::MODEL_UNEXPECTED,
                format!("expected {wanted}, found `{}`", self.slice(span)),
            )
            .at(span)
            .expecting([wanted]),
        );
        Err(Bad)
    }

    fn expect(&mut self, sign: u8) -> Read<()> {
        match self.next() {
            Some(token) if token.is(sign) => Ok(()),
            Some(token) => self.unexpected(&token, &format!("`{}`", char::from(sign))),
            None => self.end(),
        }
    }

    /// Passes over the rest of a statement.
    fn skip(&mut self) -> Read<()> {
        while let Some(token) = self.next() {
            if token.is(b';') {
                break;
            }
        }
        Ok(())
    }

    /// A symbol, as a member of a set or a subscript.
    fn symbol(&mut self, token: &Token) -> Read<SymbolId> {
        match token {
            Token::Plain(span) => {
                let text = self.slice(*span);
                Ok(match number_of(text) {
                    Some(number) => self.symbols.number(&number),
                    None => self.symbols.text(text),
                })
            }
            Token::Quoted(span) => {
                let text = unquote(self.slice(*span));
                Ok(self.symbols.text(&text))
            }
            _ => self.unexpected(token, "a symbol or a number"),
        }
    }

    fn next_symbol(&mut self) -> Read<SymbolId> {
        match self.next() {
            Some(token) => self.symbol(&token),
            None => self.end(),
        }
    }

    /// A parameter's value.
    fn value(&mut self, id: usize, token: &Token) -> Read<Datum> {
        let symbolic = self.model.params.get(id).is_some_and(|p| p.symbolic);
        if symbolic {
            return Ok(Datum::Symbol(self.symbol(token)?));
        }
        if let Token::Plain(span) = token
            && let Some(number) = number_of(self.slice(*span))
        {
            return Ok(Datum::Number(number));
        }
        let span = token.span();
        let what = self.slice(span);
        let name = self.model.params.get(id).map_or("", |p| &p.declared.name);
        let (code, help) = match what.to_ascii_lowercase().trim_start_matches(['+', '-']) {
            "nan" | "inf" | "infinity" => (Code::MODEL_NUMBER, "values are finite numbers"),
            _ => (
                Code::WRONG_KIND,
                "a parameter whose values are symbols is declared `symbolic`",
            ),
        };
        self.diagnostics.push(
            Diagnostic::error(
                code,
                format!("the value of `{name}` is a number, found `{what}`"),
            )
            .at(span)
            .help(help),
        );
        Err(Bad)
    }

    /// A declared name; an unknown one is told.
    fn name(&mut self) -> Read<(Option<Target>, Span)> {
        let Some(token) = self.next() else {
            return self.end();
        };
        let Some(word) = self.word(&token) else {
            return self.unexpected(&token, "the name of a set or parameter");
        };
        let found = self.names.get(word).copied();
        if found.is_none() {
            let near = nearest(word, self.names.keys().copied());
            let mut fault = Diagnostic::error(
                Code::UNKNOWN_DATA,
                format!("the model declares no `{word}`"),
            )
            .at(token.span());
            if let Some(near) = near {
                fault = fault
                    .help(format!("did you mean `{near}`?"))
                    .suggest(token.span(), near);
            }
            self.diagnostics.push(fault);
        }
        Ok((found, token.span()))
    }

    // --- sets

    fn set(&mut self) -> Read<()> {
        let (target, span) = self.name()?;
        let Some(Target::Set(id)) = target else {
            if target.is_some() {
                self.diagnostics.push(
                    Diagnostic::error(
                        Code::WRONG_KIND,
                        format!("`{}` is no set", self.slice(span)),
                    )
                    .at(span),
                );
            }
            return Err(Bad);
        };
        let key = if self.take(b'[') {
            self.key_until(b']')?
        } else {
            Vec::new()
        };
        let (arity, wanted) = self
            .model
            .sets
            .get(id)
            .map_or((1, 0), |s| (s.dimension, s.declared.arity));
        if key.len() != wanted {
            self.diagnostics.push(
                Diagnostic::error(
                    Code::SUBSCRIPT_COUNT,
                    format!(
                        "`{}` takes {}, not {}",
                        self.slice(span),
                        super::resolve::counted(wanted, "subscript"),
                        key.len()
                    ),
                )
                .at(span),
            );
            return Err(Bad);
        }
        // Even a set without members is given.
        self.tables.set_mut(id, &key, arity);
        let mut slice: Slice = vec![None; arity];
        let mut transposed = false;
        loop {
            if self.take_becomes() || self.take(b',') {
                continue;
            }
            let Some(token) = self.peek() else {
                return self.end();
            };
            if token.is(b';') {
                self.next();
                return Ok(());
            }
            if token.is(b'(') {
                self.next();
                match self.bracket(arity)? {
                    Bracket::Transpose => {
                        transposed = true;
                        if self.peek_is(b':') {
                            self.next();
                        }
                        self.set_matrix(id, &key, &slice, transposed)?;
                    }
                    Bracket::Slice(parts) if parts.iter().all(Option::is_some) => {
                        let member: Vec<SymbolId> = parts.into_iter().flatten().collect();
                        self.member(id, &key, &member, arity);
                    }
                    Bracket::Slice(parts) => slice = parts,
                }
                continue;
            }
            if token.is(b':') {
                self.next();
                self.set_matrix(id, &key, &slice, transposed)?;
                continue;
            }
            // As many symbols as the slice leaves open.
            let mut member = Vec::with_capacity(arity);
            for part in slice.clone() {
                match part {
                    Some(symbol) => member.push(symbol),
                    None => {
                        self.take(b',');
                        member.push(self.next_symbol()?);
                    }
                }
            }
            self.member(id, &key, &member, arity);
        }
    }

    fn member(&mut self, id: usize, key: &[SymbolId], member: &[SymbolId], arity: usize) {
        if let Some(set) = self.tables.set_mut(id, key, arity) {
            set.insert(member);
        }
    }

    /// `: a b := x + - y - +`
    fn set_matrix(
        &mut self,
        id: usize,
        key: &[SymbolId],
        slice: &Slice,
        transposed: bool,
    ) -> Read<()> {
        let columns = self.column_names()?;
        let arity = slice.len();
        loop {
            let Some(token) = self.peek() else {
                return self.end();
            };
            if token.is(b';') || token.is(b':') || token.is(b'(') {
                return Ok(());
            }
            let row = self.next_symbol()?;
            for column in &columns {
                let Some(token) = self.next() else {
                    return self.end();
                };
                let holds = match self.word(&token) {
                    Some("+") => true,
                    Some("-") => false,
                    _ => return self.unexpected(&token, "`+` or `-`"),
                };
                if holds {
                    let pair = if transposed {
                        [*column, row]
                    } else {
                        [row, *column]
                    };
                    let mut pair = pair.into_iter();
                    let member: Vec<SymbolId> = slice
                        .iter()
                        .map(|part| part.or_else(|| pair.next()).unwrap_or(0))
                        .collect();
                    self.member(id, key, &member, arity);
                }
            }
        }
    }

    // --- parameters

    fn param(&mut self, start: Span) -> Read<()> {
        let mut default = None;
        if self.peek_word() == Some("default") {
            self.next();
            default = self.next();
        }
        if self.take(b':') {
            return self.param_table(start, default);
        }
        let (target, span) = self.name()?;
        let Some(Target::Param(id)) = target else {
            if target.is_some() {
                self.diagnostics.push(
                    Diagnostic::error(
                        Code::WRONG_KIND,
                        format!("`{}` is no parameter", self.slice(span)),
                    )
                    .at(span),
                );
            }
            return Err(Bad);
        };
        self.tables.set_span(id, Some(span));
        let arity = self.model.params.get(id).map_or(0, |p| p.declared.arity);
        let mut slice: Slice = vec![None; arity];
        let mut transposed = false;
        if let Some(token) = default {
            let value = self.value(id, &token)?;
            self.tables.set_default(id, value);
        }
        loop {
            if self.take_becomes() || self.take(b',') {
                continue;
            }
            let Some(token) = self.peek() else {
                return self.end();
            };
            match token {
                _ if token.is(b';') => {
                    self.next();
                    return Ok(());
                }
                _ if self.word(&token) == Some("default") => {
                    self.next();
                    let Some(token) = self.next() else {
                        return self.end();
                    };
                    let value = self.value(id, &token)?;
                    self.tables.set_default(id, value);
                }
                _ if token.is(b'[') => {
                    self.next();
                    slice = self.slice_until(b']', arity)?;
                }
                _ if token.is(b'(') => {
                    self.next();
                    match self.bracket(arity)? {
                        Bracket::Transpose => transposed = true,
                        Bracket::Slice(parts) => slice = parts,
                    }
                }
                _ if token.is(b':') => {
                    self.next();
                    self.param_matrix(id, &slice, transposed)?;
                }
                _ => {
                    let mut key = Vec::with_capacity(arity);
                    for part in slice.clone() {
                        match part {
                            Some(symbol) => key.push(symbol),
                            None => {
                                key.push(self.next_symbol()?);
                                self.take(b',');
                            }
                        }
                    }
                    self.cell(id, &key)?;
                }
            }
        }
    }

    /// A value, or `.` for none, for a subscript.
    fn cell(&mut self, id: usize, key: &[SymbolId]) -> Read<()> {
        let Some(token) = self.next() else {
            return self.end();
        };
        if self.word(&token) == Some(".") {
            return Ok(());
        }
        let value = self.value(id, &token)?;
        if !self.tables.set_param(id, key, value) {
            let name = self.model.params.get(id).map_or("", |p| &p.declared.name);
            self.diagnostics.push(
                Diagnostic::error(
                    Code::REPEATED_NAME,
                    format!("`{name}` has two values for {}", self.symbols.show(key)),
                )
                .at(token.span()),
            );
        }
        Ok(())
    }

    /// `: a b := x 1 2 y 3 4`
    fn param_matrix(&mut self, id: usize, slice: &Slice, transposed: bool) -> Read<()> {
        let columns = self.column_names()?;
        let open = slice.iter().filter(|p| p.is_none()).count();
        if open != 2 {
            let at = self.at;
            self.diagnostics.push(
                Diagnostic::error(
                    Code::SUBSCRIPT_COUNT,
                    format!("a table is for 2 open subscripts, and here are {open}"),
                )
                .at(Span::new(at.saturating_sub(1), at)),
            );
            return Err(Bad);
        }
        let plain = slice.len() == 2 && !transposed;
        loop {
            let Some(token) = self.peek() else {
                return self.end();
            };
            if token.is(b';') || token.is(b':') || token.is(b'[') {
                return Ok(());
            }
            let row = self.next_symbol()?;
            self.tables.reserve(id, columns.len());
            for column in &columns {
                if plain {
                    self.cell(id, &[row, *column])?;
                    continue;
                }
                let pair = if transposed {
                    [*column, row]
                } else {
                    [row, *column]
                };
                let mut pair = pair.into_iter();
                let key: Vec<SymbolId> = slice
                    .iter()
                    .map(|part| part.or_else(|| pair.next()).unwrap_or(0))
                    .collect();
                self.cell(id, &key)?;
            }
        }
    }

    /// The symbols before `:=`.
    fn column_names(&mut self) -> Read<Vec<SymbolId>> {
        let mut columns = Vec::new();
        loop {
            if self.take_becomes() {
                return Ok(columns);
            }
            self.take(b',');
            columns.push(self.next_symbol()?);
        }
    }

    /// `param : S : p q := a 1 2 b 3 4;`
    fn param_table(&mut self, start: Span, default: Option<Token>) -> Read<()> {
        let mut names = Vec::new();
        let mut set = None;
        loop {
            if self.take_becomes() {
                break;
            }
            if self.take(b':') {
                // What stood before is the set that the rows are added to.
                set = names.pop();
                continue;
            }
            self.take(b',');
            let (target, span) = self.name()?;
            names.push((target, span));
        }
        let mut params = Vec::new();
        for (target, span) in names {
            match target {
                Some(Target::Param(id)) => params.push(id),
                Some(Target::Var) => {}
                Some(Target::Set(_)) => {
                    self.diagnostics.push(
                        Diagnostic::error(
                            Code::WRONG_KIND,
                            format!("`{}` is no parameter", self.slice(span)),
                        )
                        .at(span),
                    );
                    return Err(Bad);
                }
                None => return Err(Bad),
            }
        }
        let set = match set {
            Some((Some(Target::Set(id)), _)) => Some(id),
            None => None,
            Some((_, span)) => {
                self.diagnostics.push(
                    Diagnostic::error(
                        Code::WRONG_KIND,
                        format!("`{}` is no set", self.slice(span)),
                    )
                    .at(span),
                );
                return Err(Bad);
            }
        };
        for id in &params {
            self.tables.set_span(*id, Some(start));
            if let Some(token) = &default {
                let value = self.value(*id, token)?;
                self.tables.set_default(*id, value);
            }
        }
        let first = params.first().and_then(|id| self.model.params.get(*id));
        let arity = match set.and_then(|id| self.model.sets.get(id)) {
            Some(set) => set.dimension,
            None => first.map_or(1, |p| p.declared.arity),
        };
        if let Some(id) = set {
            self.tables.set_mut(id, &[], arity);
        }
        loop {
            while self.take(b',') {}
            let Some(token) = self.peek() else {
                return self.end();
            };
            if token.is(b';') {
                self.next();
                return Ok(());
            }
            let mut key = Vec::with_capacity(arity);
            for _ in 0..arity {
                key.push(self.next_symbol()?);
                self.take(b',');
            }
            if let Some(id) = set {
                self.member(id, &[], &key, arity);
            }
            for id in params.clone() {
                self.cell(id, &key)?;
                self.take(b',');
            }
        }
    }

    // --- brackets

    fn key_until(&mut self, close: u8) -> Read<Vec<SymbolId>> {
        let mut key = Vec::new();
        loop {
            key.push(self.next_symbol()?);
            if !self.take(b',') {
                self.expect(close)?;
                return Ok(key);
            }
        }
    }

    /// `(tr)`, or a member or slice such as `(a, *)`.
    fn bracket(&mut self, arity: usize) -> Read<Bracket> {
        if self.peek_word() == Some("tr") {
            let before = self.at;
            self.next();
            if self.take(b')') {
                return Ok(Bracket::Transpose);
            }
            self.at = before;
        }
        Ok(Bracket::Slice(self.slice_until(b')', arity)?))
    }

    fn slice_until(&mut self, close: u8, arity: usize) -> Read<Slice> {
        let mut parts = Vec::new();
        let start = self.at;
        loop {
            if self.take(b'*') {
                parts.push(None);
            } else {
                parts.push(Some(self.next_symbol()?));
            }
            if !self.take(b',') {
                break;
            }
        }
        self.expect(close)?;
        if parts.len() != arity {
            self.diagnostics.push(
                Diagnostic::error(
                    Code::SUBSCRIPT_COUNT,
                    format!("{} symbols stand where {arity} are wanted", parts.len()),
                )
                .at(Span::new(start, self.at)),
            );
            return Err(Bad);
        }
        Ok(parts)
    }
}

enum Bracket {
    Transpose,
    Slice(Slice),
}

/// The number that a plain symbol is, if it is one.
pub(super) fn number_of(text: &str) -> Option<Number> {
    let first = *text.as_bytes().first()?;
    if !(first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.')) {
        return None;
    }
    text.parse().ok()
}

/// A symbol of data that came from elsewhere: a text that is a number is one.
pub(super) fn symbol_of(text: &str) -> Symbol {
    match number_of(text) {
        Some(number) => Symbol::Number(number),
        None => Symbol::Text(text.into()),
    }
}
