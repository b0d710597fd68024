//! Reads TPTP. The language has no files here: `include` is refused.

use nsolve_il::fol::{ArithmeticOp, Builder, CompareOp, Quantifier};
use nsolve_source::{Code, Diagnostic, SourceText, Span};
use nsolve_syntax::fol::{
    BinaryOp, Declaration, Document, Expr, ExprKind, Ident, Item, ItemKind, NaryOp, Quantified,
    SortSpec, Statement, UnaryOp,
};
use rustc_hash::{FxHashMap, FxHashSet};

use super::RESERVED_SORTS;
use super::enumerate::{Marked, enumerate};
use super::lex::{Tok, Token, tokens};
use crate::limits::{MAX_BRACKETS, MAX_NAME_BYTES, Read, check_depth, fault, too_deep};

/// Reads TPTP: FOF, TFF0 and CNF, in any mixture.
///
/// A `conjecture` becomes the conclusion; without one a model is asked for.
/// `$i` is the sort `Thing`. An item that cannot be read gives diagnostics and
/// is left out.
pub fn read_tptp(source: &SourceText) -> (Document, Vec<Diagnostic>) {
    let (mut tokens, diagnostics) = tokens(source.text());
    part_names(&mut tokens);
    let mut reader = Reader {
        tokens: &tokens,
        at: 0,
        end: source.text().len(),
        depth: 0,
        dialect: Dialect::Fof,
        free: Vec::new(),
        free_names: FxHashSet::default(),
        diagnostics,
        items: Vec::new(),
        conjecture: None,
    };
    reader.items();
    let (items, mut diagnostics) = (reader.items, reader.diagnostics);
    let asked = reader.conjecture.is_some();
    let mut items = enumerate(items);
    if !asked && !items.is_empty() {
        items.push(Item {
            kind: ItemKind::AskModel,
            span: Span::new(source.text().len(), source.text().len()),
        });
    }
    diagnostics.sort_by_key(|d| d.span);
    (Document { items }, diagnostics)
}

/// Renames variables that have the name of a quoted symbol: `X` and `'X'` are
/// two things in TPTP, and one name in a document.
fn part_names(tokens: &mut [Token]) {
    let mut names = FxHashSet::default();
    let mut quoted = FxHashSet::default();
    for token in tokens.iter() {
        match &token.tok {
            Tok::Upper(name) => names.insert(name.clone()),
            Tok::Name(name) => quoted.insert(name.clone()),
            _ => false,
        };
    }
    let mut renamed = FxHashMap::default();
    let mut taken: FxHashSet<String> = names.union(&quoted).cloned().collect();
    for name in names.intersection(&quoted) {
        let mut fresh = format!("{name}_");
        while !taken.insert(fresh.clone()) {
            fresh.push('_');
        }
        renamed.insert(name.clone(), fresh);
    }
    for token in tokens {
        if let Tok::Upper(name) = &mut token.tok
            && let Some(fresh) = renamed.get(name)
        {
            name.clone_from(fresh);
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Dialect {
    Fof,
    Tff,
    Cnf,
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    end: usize,
    depth: usize,
    dialect: Dialect,
    /// The variables of a clause, in order.
    free: Vec<Ident>,
    free_names: FxHashSet<String>,
    diagnostics: Vec<Diagnostic>,
    items: Vec<(Item, Marked)>,
    conjecture: Option<Span>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Tok> {
        self.tokens.get(self.at).map(|t| &t.tok)
    }

    fn span(&self) -> Span {
        let end = Span::new(self.end, self.end);
        self.tokens.get(self.at).map_or(end, |t| t.span)
    }

    fn last_span(&self) -> Span {
        let before = self.at.checked_sub(1).and_then(|i| self.tokens.get(i));
        before.map_or(Span::default(), |t| t.span)
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(Tok::Sign(s)) if *s == sign)
    }

    fn eat(&mut self, sign: &str) -> bool {
        let here = self.is(sign);
        self.at += usize::from(here);
        here
    }

    fn unexpected<S: Into<String>>(&self, expected: impl IntoIterator<Item = S>) -> Diagnostic {
        let found = match self.peek() {
            None => "the end of the text".to_owned(),
            Some(Tok::Name(n) | Tok::Upper(n) | Tok::Dollar(n)) => format!("`{n:.60}`"),
            Some(Tok::Sign(s)) => format!("`{s}`"),
            Some(Tok::Number(..)) => "a number".to_owned(),
            Some(Tok::Object) => "a distinct object".to_owned(),
        };
        let expected: Vec<String> = expected.into_iter().map(Into::into).collect();
        let wanted = expected.join(" or ");
        Diagnostic::error(
            Code::UNEXPECTED,
            format!("expected {wanted}, found {found}"),
        )
        .at(self.span())
        .expecting(expected)
    }

    fn unsupported(&self, what: impl Into<String>, span: Span) -> Diagnostic {
        Diagnostic::error(Code::UNSUPPORTED, what).at(span)
    }

    fn expect(&mut self, sign: &str) -> Read<()> {
        if self.eat(sign) {
            return Ok(());
        }
        fault(self.unexpected([format!("`{sign}`")]))
    }

    fn name(&mut self, what: &str) -> Read<Ident> {
        let span = self.span();
        match self.peek() {
            Some(Tok::Name(name)) if name.len() > MAX_NAME_BYTES => fault(
                Diagnostic::error(
                    Code::NAME_TOO_LONG,
                    format!("the name has {} bytes", name.len()),
                )
                .at(span),
            ),
            Some(Tok::Name(name)) => {
                let name = name.clone();
                self.at += 1;
                Ok(Ident { name, span })
            }
            _ => fault(self.unexpected([what])),
        }
    }

    // Items ----------------------------------------------------------------

    fn items(&mut self) {
        while self.at < self.tokens.len() {
            let start = self.at;
            self.depth = 0;
            self.free.clear();
            self.free_names.clear();
            match self.item() {
                Ok(()) => {}
                Err(fault) => {
                    self.diagnostics.push(*fault);
                    self.at = self.at.max(start + 1);
                    // Some faults are told of an item that was read to its end.
                    while self.at < self.tokens.len() && !self.behind_end() {
                        self.at += 1;
                    }
                }
            }
        }
    }

    fn behind_end(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|i| self.tokens.get(i));
        before.is_some_and(|t| t.tok == Tok::Sign("."))
    }

    fn item(&mut self) -> Read<()> {
        let start = self.span();
        let kind = self.name("`fof`, `tff` or `cnf`")?;
        self.dialect = match kind.name.as_str() {
            "fof" => Dialect::Fof,
            "tff" => Dialect::Tff,
            "cnf" => Dialect::Cnf,
            "include" => {
                return fault(
                    self.unsupported("`include` is not followed: no other file is opened", start)
                        .help("put the included formulas into this text"),
                );
            }
            other => {
                let what = format!("`{other:.60}` is no kind of formula that is read here");
                return fault(
                    self.unsupported(what, start)
                        .expecting(["`fof`", "`tff`", "`cnf`"]),
                );
            }
        };
        self.expect("(")?;
        let name = self.formula_name()?;
        self.expect(",")?;
        let role = self.name("a role")?;
        self.expect(",")?;
        let statement = match role.name.as_str() {
            "type" => None,
            _ => Some(self.whole_formula()?),
        };
        let declaration = match statement {
            None => Some(self.typing()?),
            Some(_) => None,
        };
        let (sentence, enumerated) = self.annotations()?;
        self.expect(")")?;
        self.expect(".")?;
        let span = start.to(self.last_span());
        let kind = match (declaration, statement) {
            (Some(declaration), _) => ItemKind::Declaration(declaration),
            (None, Some(formula)) => self.statement(&role, name, sentence, formula)?,
            (None, None) => return Ok(()),
        };
        let marked = if enumerated {
            Marked::Enumeration
        } else {
            Marked::Plain
        };
        self.items.push((Item { kind, span }, marked));
        Ok(())
    }

    fn formula_name(&mut self) -> Read<Ident> {
        let span = self.span();
        if let Some(Tok::Number(n, false)) = self.peek() {
            let name = n.to_string();
            self.at += 1;
            return Ok(Ident { name, span });
        }
        self.name("the formula's name")
    }

    fn statement(
        &mut self,
        role: &Ident,
        name: Ident,
        sentence: Option<String>,
        formula: Expr,
    ) -> Read<ItemKind> {
        let span = formula.span;
        let statement = Statement {
            name: Some(name),
            sentence,
            formula,
        };
        match role.name.as_str() {
            "axiom" | "hypothesis" | "definition" | "assumption" | "lemma" | "theorem"
            | "corollary" | "negated_conjecture" | "plain" => Ok(ItemKind::Premise(statement)),
            "conjecture" if self.dialect == Dialect::Cnf => fault(
                self.unsupported("a clause cannot be a conjecture", role.span)
                    .help("negate it and give it the role `negated_conjecture`"),
            ),
            "conjecture" => match self.conjecture {
                None => {
                    self.conjecture = Some(span);
                    Ok(ItemKind::Conclusion(statement))
                }
                Some(first) => fault(
                    self.unsupported("this is a second conjecture", span)
                        .related(first, "the first one")
                        .help("put it into a text of its own, or join the two with `&`"),
                ),
            },
            other => fault(
                self.unsupported(format!("the role `{other:.60}` is not read"), role.span)
                    .expecting(["`axiom`", "`hypothesis`", "`conjecture`", "`type`"]),
            ),
        }
    }

    /// Passes over the source and the useful information; gives the
    /// description and whether the formula makes an enumerated sort.
    fn annotations(&mut self) -> Read<(Option<String>, bool)> {
        let (mut sentence, mut enumerated) = (None, false);
        if !self.is(",") {
            return Ok((None, false));
        }
        let mut open = 0_usize;
        while let Some(tok) = self.peek() {
            match tok {
                Tok::Sign("(" | "[") => open += 1,
                Tok::Sign("]") => open = open.saturating_sub(1),
                Tok::Sign(")") if open == 0 => return Ok((sentence, enumerated)),
                Tok::Sign(")") => open -= 1,
                Tok::Sign(".") => break,
                Tok::Name(word) => {
                    let inner = self.tokens.get(self.at + 2).map(|t| &t.tok);
                    match (word.as_str(), inner) {
                        ("description", Some(Tok::Name(text))) => {
                            sentence = Some(super::write::unescape_sentence(text));
                        }
                        ("nsolve", Some(Tok::Name(mark))) => enumerated = mark == "enumerated",
                        _ => {}
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
        fault(self.unexpected(["`)`"]))
    }

    // Types ----------------------------------------------------------------

    fn typing(&mut self) -> Read<Declaration> {
        if self.dialect != Dialect::Tff {
            return fault(self.unsupported("only `tff` declares types", self.span()));
        }
        let mut brackets = 0;
        while self.eat("(") {
            brackets += 1;
        }
        let name = self.name("a symbol")?;
        self.expect(":")?;
        let declaration = self.typing_of(name)?;
        for _ in 0..brackets {
            self.expect(")")?;
        }
        Ok(declaration)
    }

    fn typing_of(&mut self, name: Ident) -> Read<Declaration> {
        if matches!(self.peek(), Some(Tok::Dollar(w)) if w == "$tType") {
            self.at += 1;
            if self.is(">") {
                return fault(self.unsupported("types with arguments are not read", self.span()));
            }
            return Ok(Declaration::Sort {
                name: declared_sort(name),
                elements: None,
            });
        }
        let mut brackets = 0;
        while self.eat("(") {
            brackets += 1;
        }
        let mut sorts = vec![self.sort()?];
        while self.eat("*") {
            sorts.push(self.sort()?);
        }
        // The bracket may close around the arguments or around the whole.
        while brackets > 0 && self.eat(")") {
            brackets -= 1;
        }
        let (arguments, result) = if self.eat(">") {
            (sorts, self.sort()?)
        } else {
            let last = sorts.pop();
            match last {
                Some(only) if sorts.is_empty() => (Vec::new(), only),
                _ => return fault(self.unexpected(["`>`"])),
            }
        };
        for _ in 0..brackets {
            self.expect(")")?;
        }
        let named = |sort: Ident| SortSpec::Named(sort);
        Ok(Declaration::Symbol {
            name,
            arguments: arguments.into_iter().map(named).collect(),
            result: (result.name != "Bool").then_some(SortSpec::Named(result)),
            meaning: None,
        })
    }

    fn sort(&mut self) -> Read<Ident> {
        let span = self.span();
        match self.peek() {
            Some(Tok::Dollar(word)) => {
                let name = match word.as_str() {
                    "$i" => Builder::DEFAULT_SORT,
                    "$o" => "Bool",
                    "$int" => "Int",
                    "$real" => "Real",
                    other => {
                        return fault(
                            self.unsupported(format!("the type `{other:.60}` is not read"), span)
                                .expecting(["`$i`", "`$o`", "`$int`", "`$real`"]),
                        );
                    }
                };
                self.at += 1;
                Ok(Ident {
                    name: name.into(),
                    span,
                })
            }
            Some(Tok::Sign("!>")) => {
                fault(self.unsupported("polymorphic types are not read", span))
            }
            _ => Ok(declared_sort(self.name("a type")?)),
        }
    }

    // Formulas -------------------------------------------------------------

    fn whole_formula(&mut self) -> Read<Expr> {
        let formula = self.formula()?;
        check_depth(&formula)?;
        if self.free.is_empty() {
            return Ok(formula);
        }
        let sort = |span| Ident {
            name: Builder::DEFAULT_SORT.into(),
            span,
        };
        let free = std::mem::take(&mut self.free).into_iter();
        let variables = free.map(|v| (v.clone(), Some(sort(v.span)))).collect();
        let span = formula.span;
        Ok(quantified(Quantifier::Forall, variables, formula, span))
    }

    fn formula(&mut self) -> Read<Expr> {
        let first = self.unitary()?;
        let Some(sign) = self.connective() else {
            return Ok(first);
        };
        let mut operands = vec![first];
        self.at += 1;
        operands.push(self.unitary()?);
        while matches!(sign, "&" | "|") && self.eat(sign) {
            operands.push(self.unitary()?);
        }
        if self.connective().is_some() {
            return fault(
                self.unexpected(["`)`", "`.`"])
                    .help("put brackets around one of the two connectives: TPTP has no precedence"),
            );
        }
        Ok(connect(sign, operands))
    }

    fn connective(&self) -> Option<&'static str> {
        const CONNECTIVES: [&str; 8] = ["&", "|", "=>", "<=", "<=>", "<~>", "~|", "~&"];
        match self.peek() {
            Some(Tok::Sign(sign)) if CONNECTIVES.contains(sign) => Some(sign),
            _ => None,
        }
    }

    fn enter(&mut self) -> Read<()> {
        if self.depth >= MAX_BRACKETS {
            return fault(too_deep(self.span()));
        }
        self.depth += 1;
        Ok(())
    }

    fn unitary(&mut self) -> Read<Expr> {
        self.enter()?;
        let start = self.span();
        let formula = match self.peek() {
            Some(Tok::Sign("(")) => {
                self.at += 1;
                let inner = self.formula()?;
                self.expect(")")?;
                inner
            }
            Some(Tok::Sign("~")) => {
                self.at += 1;
                let mut inner = self.unitary()?.negated();
                inner.span = start.to(inner.span);
                inner
            }
            Some(Tok::Sign("!")) => self.quantified(Quantifier::Forall, start)?,
            Some(Tok::Sign("?")) => self.quantified(Quantifier::Exists, start)?,
            Some(Tok::Sign(sign @ ("!>" | "?*" | "^" | "@" | ":=" | "{"))) => {
                let what = format!("`{sign}` is outside first-order logic as it is read here");
                return fault(self.unsupported(what, start));
            }
            _ => self.atom()?,
        };
        self.depth -= 1;
        Ok(formula)
    }

    fn quantified(&mut self, quantifier: Quantifier, start: Span) -> Read<Expr> {
        self.at += 1;
        let variables = self.variables()?;
        self.expect(":")?;
        let body = self.unitary()?;
        let span = start.to(body.span);
        Ok(quantified(quantifier, variables, body, span))
    }

    fn variables(&mut self) -> Read<Vec<(Ident, Option<Ident>)>> {
        self.expect("[")?;
        let mut out = Vec::new();
        loop {
            let span = self.span();
            let Some(Tok::Upper(name)) = self.peek() else {
                return fault(self.unexpected(["a variable (upper case)"]));
            };
            let name = name.clone();
            self.at += 1;
            let sort = if self.dialect == Dialect::Tff && self.eat(":") {
                self.sort()?
            } else {
                Ident {
                    name: Builder::DEFAULT_SORT.into(),
                    span,
                }
            };
            out.push((Ident { name, span }, Some(sort)));
            if !self.eat(",") {
                self.expect("]")?;
                return Ok(out);
            }
        }
    }

    fn atom(&mut self) -> Read<Expr> {
        let left = self.term()?;
        let op = if self.eat("=") {
            BinaryOp::Equal
        } else if self.eat("!=") {
            BinaryOp::NotEqual
        } else {
            return Ok(left);
        };
        let right = self.term()?;
        let span = left.span.to(right.span);
        Ok(Expr::new(
            ExprKind::Binary(op, Box::new(left), Box::new(right)),
            span,
        ))
    }

    fn term(&mut self) -> Read<Expr> {
        self.enter()?;
        let span = self.span();
        let term = match self.peek() {
            Some(Tok::Name(_)) => {
                let name = self.name("a term")?;
                let (arguments, span) = self.arguments(span)?;
                let kind = match arguments.is_empty() {
                    true => ExprKind::Name(name.name),
                    false => ExprKind::Apply(name, arguments),
                };
                Expr::new(kind, span)
            }
            Some(Tok::Dollar(word)) => {
                let word = word.clone();
                self.at += 1;
                self.defined(&word, span)?
            }
            _ => self.leaf(span)?,
        };
        self.depth -= 1;
        Ok(term)
    }

    /// A variable or a number.
    fn leaf(&mut self, span: Span) -> Read<Expr> {
        match self.peek() {
            Some(Tok::Upper(name)) => {
                let name = name.clone();
                self.at += 1;
                if self.dialect == Dialect::Cnf && self.free_names.insert(name.clone()) {
                    let name = name.clone();
                    self.free.push(Ident { name, span });
                }
                Ok(Expr::new(ExprKind::Variable(name), span))
            }
            Some(Tok::Number(..)) if self.dialect != Dialect::Tff => fault(
                self.unsupported("numbers are read in `tff` only", span)
                    .help("write the formula as `tff`, or quote the numeral: `'1'`"),
            ),
            Some(Tok::Number(value, real)) => {
                let number = Expr::new(ExprKind::Number(value.clone()), span);
                let real = *real;
                self.at += 1;
                Ok(if real { as_real(number) } else { number })
            }
            Some(Tok::Object) => fault(
                self.unsupported("distinct objects in double quotes are not read", span)
                    .help("use a constant, and say with `$distinct` what differs"),
            ),
            _ => fault(self.unexpected(["a formula or a term"])),
        }
    }

    /// Arguments in brackets, where there are any, and the span up to their
    /// end.
    fn arguments(&mut self, start: Span) -> Read<(Vec<Expr>, Span)> {
        let mut out = Vec::new();
        if !self.eat("(") {
            return Ok((out, start));
        }
        loop {
            out.push(self.term()?);
            if !self.eat(",") {
                self.expect(")")?;
                return Ok((out, start.to(self.last_span())));
            }
        }
    }

    fn defined(&mut self, word: &str, start: Span) -> Read<Expr> {
        let truth = match word {
            "$true" => Some(true),
            "$false" => Some(false),
            _ => None,
        };
        if let Some(value) = truth {
            return Ok(Expr::new(ExprKind::Truth(value), start));
        }
        let unknown = |r: &Self| r.unsupported(format!("`{word:.60}` is not read"), start);
        let Some(defined) = defined_word(word) else {
            return fault(unknown(self));
        };
        let (mut arguments, span) = self.arguments(start)?;
        let found = arguments.len();
        let kind = match defined {
            Defined::Distinct if found >= 1 => ExprKind::Nary(NaryOp::Distinct, arguments),
            Defined::Negate if found == 1 => match arguments.pop() {
                Some(only) => ExprKind::Unary(UnaryOp::Negate, Box::new(only)),
                None => return fault(unknown(self)),
            },
            Defined::Arithmetic(op) if found == usize::from(op != ArithmeticOp::ToReal) + 1 => {
                ExprKind::Arithmetic(op, arguments)
            }
            Defined::Compare(op) if found == 2 => match (arguments.pop(), arguments.pop()) {
                (Some(right), Some(left)) => {
                    ExprKind::Binary(BinaryOp::Compare(op), Box::new(left), Box::new(right))
                }
                _ => return fault(unknown(self)),
            },
            _ => {
                return fault(
                    Diagnostic::error(
                        Code::ARITY_MISMATCH,
                        format!("`{word}` does not take {found} arguments"),
                    )
                    .at(span),
                );
            }
        };
        Ok(Expr::new(kind, span))
    }
}

/// The sort of a declared type. The names that nsolve's own sorts have are
/// kept free for `$i`, `$int`, `$real` and `$o`.
fn declared_sort(mut name: Ident) -> Ident {
    if RESERVED_SORTS.contains(&name.name.as_str()) {
        name.name.push('_');
    }
    name
}

enum Defined {
    Distinct,
    Negate,
    Arithmetic(ArithmeticOp),
    Compare(CompareOp),
}

fn defined_word(word: &str) -> Option<Defined> {
    Some(match word {
        "$distinct" => Defined::Distinct,
        "$uminus" => Defined::Negate,
        "$sum" => Defined::Arithmetic(ArithmeticOp::Add),
        "$difference" => Defined::Arithmetic(ArithmeticOp::Subtract),
        "$product" => Defined::Arithmetic(ArithmeticOp::Multiply),
        "$quotient" => Defined::Arithmetic(ArithmeticOp::Divide),
        "$quotient_e" => Defined::Arithmetic(ArithmeticOp::IntDivide),
        "$remainder_e" => Defined::Arithmetic(ArithmeticOp::Modulo),
        "$to_real" => Defined::Arithmetic(ArithmeticOp::ToReal),
        "$less" => Defined::Compare(CompareOp::Less),
        "$lesseq" => Defined::Compare(CompareOp::LessEq),
        "$greater" => Defined::Compare(CompareOp::Greater),
        "$greatereq" => Defined::Compare(CompareOp::GreaterEq),
        _ => return None,
    })
}

/// A whole number that is written as a real: `3.0`.
fn as_real(number: Expr) -> Expr {
    let span = number.span;
    Expr::new(
        ExprKind::Arithmetic(ArithmeticOp::ToReal, vec![number]),
        span,
    )
}

fn cover(operands: &[Expr]) -> Span {
    let spans = operands.iter().map(|o| o.span);
    spans.reduce(Span::to).unwrap_or_default()
}

fn quantified(
    quantifier: Quantifier,
    variables: Vec<(Ident, Option<Ident>)>,
    body: Expr,
    span: Span,
) -> Expr {
    let quantified = Quantified {
        quantifier,
        variables,
        body,
    };
    Expr::new(ExprKind::Quantified(Box::new(quantified)), span)
}

/// Joins operands: two, or more for `&` and `|`.
fn connect(sign: &str, mut operands: Vec<Expr>) -> Expr {
    let span = cover(&operands);
    let op = match sign {
        "&" | "|" | "~&" | "~|" => {
            let op = match sign.ends_with('&') {
                true => NaryOp::And,
                false => NaryOp::Or,
            };
            let joined = Expr::new(ExprKind::Nary(op, operands), span);
            return match sign.starts_with('~') {
                true => joined.negated(),
                false => joined,
            };
        }
        "<=>" => BinaryOp::Iff,
        "<~>" => BinaryOp::Xor,
        _ => BinaryOp::Implies,
    };
    if sign == "<=" {
        operands.reverse();
    }
    let kind = match (operands.pop(), operands.pop()) {
        (Some(right), Some(left)) => ExprKind::Binary(op, Box::new(left), Box::new(right)),
        _ => ExprKind::Truth(true),
    };
    Expr::new(kind, span)
}
