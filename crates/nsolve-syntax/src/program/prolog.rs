//! Clauses and directives of Prolog. Operators are those of the ISO standard;
//! a text cannot define others.

use std::sync::Arc;

use nsolve_il::program::{ArithmeticOp, Comparison};
use nsolve_source::{Code, Diagnostic, Span};

use super::Dialect;
use super::ast::{Head, Literal, LiteralKind, StatementKind, Term, TermKind};
use super::lexer::Token;
use super::parser::{Parsed, Parser};

/// Directives that say something to a Prolog system and nothing about what is
/// derived.
const HARMLESS: [&str; 11] = [
    "dynamic",
    "discontiguous",
    "table",
    "multifile",
    "use_module",
    "module",
    "ensure_loaded",
    "set_prolog_flag",
    "style_check",
    "encoding",
    "license",
];

/// Goals that do something besides holding or failing.
const SIDE_EFFECTS: [&str; 45] = [
    "assert",
    "asserta",
    "assertz",
    "retract",
    "retractall",
    "abolish",
    "write",
    "writeln",
    "writeq",
    "write_canonical",
    "write_term",
    "print",
    "print_message",
    "format",
    "nl",
    "tab",
    "put_char",
    "read",
    "read_term",
    "get_char",
    "consult",
    "load_files",
    "include",
    "see",
    "seen",
    "tell",
    "told",
    "open",
    "close",
    "halt",
    "shell",
    "system",
    "exec",
    "nb_setval",
    "nb_getval",
    "b_setval",
    "b_getval",
    "tabling",
    "initialization",
    "main",
    "trace",
    "spy",
    "garbage_collect",
    "process_create",
    "thread_create",
];

/// Goals over solutions or over goals, and tests of how far a term is known.
const NOT_LOGIC: [&str; 33] = [
    "findall",
    "bagof",
    "setof",
    "aggregate_all",
    "call",
    "apply",
    "once",
    "ignore",
    "maplist",
    "foldl",
    "include",
    "exclude",
    "catch",
    "throw",
    "var",
    "nonvar",
    "ground",
    "copy_term",
    "functor",
    "arg",
    "atom_codes",
    "atom_chars",
    "atom_length",
    "atom_concat",
    "number_codes",
    "sub_atom",
    "op",
    "repeat",
    "phrase",
    "atom_number",
    "string_concat",
    "nb_current",
    "clause",
];

impl Parser<'_> {
    pub(super) fn prolog_statement(&mut self) -> Parsed<Option<StatementKind>> {
        match self.peek() {
            Token::If => {
                self.bump();
                return self.prolog_directive();
            }
            Token::Ask => {
                self.bump();
                let goal = self.disjunction()?;
                return Ok(Some(StatementKind::Query(self.goals(goal)?)));
            }
            _ => {}
        }
        let head = self.disjunction()?;
        if self.peek() == Token::Grammar {
            let fault = self.unsupported(self.span(), "grammar rules (`-->`) are not known");
            return Err(Box::new(fault.help("write them as rules over lists")));
        }
        let head = self.prolog_head(head)?;
        let body = match self.eat(Token::If) {
            true => {
                let body = self.disjunction()?;
                self.goals(body)?
            }
            false => Vec::new(),
        };
        Ok(Some(StatementKind::Rule(Head::Atoms(vec![head]), body)))
    }

    fn prolog_head(&self, head: Term) -> Parsed<Term> {
        let several =
            matches!(&head.kind, TermKind::Function(name, _) if matches!(&**name, "," | ";"));
        if several {
            let fault = self.unsupported(head.span, "a Prolog rule has one atom as its head");
            return Err(Box::new(fault.help("write one rule for each")));
        }
        if let TermKind::Function(name, terms) = &head.kind
            && terms.len() == 2
            && comparison(name).is_some()
        {
            let fault = self.unsupported(head.span, "a comparison stands where a head is wanted");
            return Err(Box::new(fault));
        }
        if let TermKind::Name(name) | TermKind::Function(name, _) = &head.kind
            && matches!(&**name, "\\+" | "->" | ":-" | "!")
        {
            let said = format!("`{name}` stands where a head is wanted");
            return Err(Box::new(self.unsupported(head.span, said)));
        }
        self.check_atom(&head)?;
        Ok(head)
    }

    fn prolog_directive(&mut self) -> Parsed<Option<StatementKind>> {
        let span = self.span();
        let word = self.slice(span).to_owned();
        if !HARMLESS.contains(&word.as_str()) {
            let fault = Diagnostic::error(
                Code::PROGRAM_FORBIDDEN,
                format!("the directive `{word}` is not executed"),
            );
            let help = "write `?- goal.` to ask for a goal; nothing else is done at loading";
            return Err(Box::new(fault.at(span).help(help)));
        }
        let said = format!("the directive `{word}` says nothing here and is passed over");
        let note = Diagnostic::note(Code::DIRECTIVE_PASSED, said).at(span);
        self.remark(note);
        let mut defined = Vec::new();
        while !matches!(self.peek(), Token::Dot | Token::End) {
            let token = self.peek();
            let at = self.bump();
            let is_name = matches!(token, Token::Name | Token::Quoted);
            if is_name && self.peek() == Token::Slash && self.peek_at(1) == Token::Number {
                let name = self.name_of(token, at)?;
                self.bump();
                let arity = self.bump();
                let arity = usize::try_from(self.integer(arity, false)?).unwrap_or(usize::MAX);
                defined.push((name, arity));
            }
        }
        let declares = matches!(word.as_str(), "dynamic" | "discontiguous" | "multifile");
        let defined = if declares { defined } else { Vec::new() };
        Ok(Some(StatementKind::Defined(defined)))
    }

    /// A body: all operators up to `;`.
    fn disjunction(&mut self) -> Parsed<Term> {
        self.operators(1)
    }

    /// One argument: all operators below `,`.
    fn goal(&mut self) -> Parsed<Term> {
        self.operators(4)
    }

    /// Operators that bind at least so tightly. One function for all of them,
    /// so that a bracket costs few frames of the stack. What `,` and `;` join
    /// is kept flat.
    fn operators(&mut self, least: u8) -> Parsed<Term> {
        let mut left = self.prolog_unary()?;
        // The operator of `left`, where more may be joined to it.
        let mut joined = None;
        loop {
            let (token, at) = (self.peek(), self.span());
            let Some(strength) = self.strength(token) else {
                return Ok(left);
            };
            // Comparisons do not chain.
            if strength < least || (strength == 4 && joined == Some(4)) {
                return Ok(left);
            }
            self.bump();
            let right = match strength {
                2 | 7 => self.deeper(|p| p.operators(strength))?,
                _ => self.operators(strength + 1)?,
            };
            left = self.operated(token, at, strength, left, right, joined)?;
            joined = Some(strength);
        }
    }

    /// How tightly an operator binds: `;` 1, `->` 2, `,` 3, comparisons 4, sums
    /// 5, products 6, powers 7.
    fn strength(&self, token: Token) -> Option<u8> {
        let word = || self.slice(self.span());
        Some(match token {
            Token::Semicolon => 1,
            Token::Arrow | Token::SoftArrow => 2,
            Token::Comma => 3,
            Token::Univ | Token::NotEqual | Token::Diamond | Token::LessOrEqual => 4,
            Token::Name if word() == "is" => 4,
            Token::Plus | Token::Minus => 5,
            Token::Times | Token::Slash | Token::WholeSlash => 6,
            Token::Name if matches!(word(), "mod" | "rem" | "div" | "xor" | "rdiv") => 6,
            Token::Power | Token::Caret => 7,
            Token::Name | Token::End => return None,
            _ if comparison(word()).is_some() => 4,
            _ => return None,
        })
    }

    fn operated(
        &mut self,
        token: Token,
        at: Span,
        strength: u8,
        left: Term,
        right: Term,
        joined: Option<u8>,
    ) -> Parsed<Term> {
        let span = left.span.to(right.span);
        let op = match token {
            Token::Comma | Token::Semicolon => {
                let name = if strength == 3 { "," } else { ";" };
                return self.join(name, left, right, joined == Some(strength));
            }
            Token::Arrow | Token::SoftArrow => {
                return self.compound("->", vec![left, right], span);
            }
            Token::Plus => ArithmeticOp::Add,
            Token::Minus => ArithmeticOp::Subtract,
            Token::Times => ArithmeticOp::Multiply,
            Token::Slash | Token::WholeSlash => ArithmeticOp::Divide,
            Token::Power | Token::Caret => ArithmeticOp::Power,
            Token::Name if self.slice(at) == "mod" => ArithmeticOp::Modulo,
            Token::Name if self.slice(at) == "rem" => ArithmeticOp::Remainder,
            Token::Name if strength == 6 => {
                let said = format!("the operation `{}` is not known", self.slice(at));
                return Err(Box::new(self.unsupported(at, said)));
            }
            _ => {
                let ours = match token {
                    Token::NotEqual | Token::Diamond => Some("\\="),
                    Token::LessOrEqual => Some("=<"),
                    _ => None,
                };
                if let Some(ours) = ours {
                    self.spelling(at, ours);
                }
                let name = ours.map_or_else(|| self.slice(at).to_owned(), str::to_owned);
                return self.compound(&name, vec![left, right], span);
            }
        };
        // `name/2` says how many arguments `name` takes.
        if token == Token::Slash && !matches!(left.kind, TermKind::Name(_)) {
            let said = "`/` is read as `//`, the division that drops the rest";
            let note = Diagnostic::warning(Code::PROGRAM_SPELLING, said).at(at);
            self.remark(note.fix(at, "//"));
        }
        self.binary(op, left, right)
    }

    /// `left, right`; `more` tells that `left` is such a row already.
    fn join(&mut self, name: &str, mut left: Term, right: Term, more: bool) -> Parsed<Term> {
        if let TermKind::Function(_, terms) = &mut left.kind
            && more
        {
            left.span = left.span.to(right.span);
            left.height = left.height.max(right.height.saturating_add(1));
            let deep = left.height as usize > super::DEEPEST;
            terms.push(right);
            return if deep {
                Err(super::parser::too_deep(left.span))
            } else {
                Ok(left)
            };
        }
        let span = left.span.to(right.span);
        self.compound(name, vec![left, right], span)
    }

    fn compound(&mut self, name: &str, terms: Vec<Term>, span: Span) -> Parsed<Term> {
        let name = self.names.get(name);
        self.made(TermKind::Function(name, terms), span)
    }

    fn prolog_unary(&mut self) -> Parsed<Term> {
        match self.peek() {
            Token::Minus => {
                let minus = self.bump();
                let next = self.span();
                if self.peek() == Token::Number && next.start == minus.end {
                    self.bump();
                    let n = self.integer(next, true)?;
                    return Ok(Term::new(TermKind::Int(n), minus.to(next)));
                }
                let argument = self.deeper(Self::prolog_unary)?;
                self.negated(minus, argument)
            }
            Token::Plus => {
                self.bump();
                self.deeper(Self::prolog_unary)
            }
            Token::NotProvable | Token::Not => {
                let start = self.bump();
                let inner = self.deeper(Self::goal)?;
                let span = start.to(inner.span);
                self.compound("\\+", vec![inner], span)
            }
            Token::Backslash => Err(self.no_bits()),
            _ => self.prolog_primary(),
        }
    }

    fn prolog_primary(&mut self) -> Parsed<Term> {
        let (token, span) = (self.peek(), self.span());
        let kind = match token {
            Token::Name | Token::Quoted => {
                self.bump();
                let name = self.name_of(token, span)?;
                if self.peek() != Token::Open {
                    return Ok(Term::new(TermKind::Name(name), span));
                }
                self.bump();
                let terms = self.deeper(Self::arguments)?;
                let span = span.to(self.expect(Token::Close, ")")?);
                return match terms.is_empty() {
                    true => Ok(Term::new(TermKind::Name(name), span)),
                    false => self.made(TermKind::Function(name, terms), span),
                };
            }
            Token::Variable | Token::Numbered => {
                self.bump();
                let name = self.name_of(token, span)?;
                if self.peek() == Token::Open && self.span().start == span.end {
                    let said =
                        format!("`{name}` begins with an upper-case letter, so it is a variable");
                    let mut lower = name.trim_start_matches('_').to_owned();
                    if let Some(first) = lower.get_mut(..1) {
                        first.make_ascii_lowercase();
                    }
                    let fault = Diagnostic::error(Code::PROGRAM_UNEXPECTED, said).at(span);
                    let help = "names of predicates and functions begin with a lower-case letter";
                    return Err(Box::new(fault.help(help).suggest(span, lower)));
                }
                TermKind::Variable(name)
            }
            Token::Anonymous => TermKind::Variable(self.names.get("_")),
            Token::Number => TermKind::Int(self.integer(span, false)?),
            Token::CharCode => {
                let c = self.slice(span).chars().last().unwrap_or('\0');
                TermKind::Int(i64::from(u32::from(c)))
            }
            Token::Text => TermKind::Text(self.text_of(span)),
            Token::Cut => TermKind::Name(self.names.get("!")),
            Token::Open => return self.deeper(Self::bracketed),
            Token::OpenList => return self.deeper(Self::list),
            Token::OpenSet | Token::Codes | Token::Directive => {
                let said = format!(
                    "`{}` begins nothing that is known in Prolog texts",
                    self.slice(span)
                );
                let fault = self.unsupported(span, said);
                let help = "aggregates, choices and directives belong to the native language; name the file `.asp`";
                return Err(Box::new(fault.help(help)));
            }
            _ => return Err(self.no_term()),
        };
        if self.at < self.lexemes.len() && self.span() == span {
            self.bump();
        }
        Ok(Term::new(kind, span))
    }

    fn arguments(&mut self) -> Parsed<Vec<Term>> {
        let mut out = Vec::new();
        if self.peek() == Token::Close {
            return Ok(out);
        }
        loop {
            out.push(self.goal()?);
            if !self.eat(Token::Comma) {
                return Ok(out);
            }
        }
    }

    fn bracketed(&mut self) -> Parsed<Term> {
        let start = self.bump();
        let mut inner = self.disjunction()?;
        if self.eat(Token::If) {
            let body = self.disjunction()?;
            let span = inner.span.to(body.span);
            inner = self.compound(":-", vec![inner, body], span)?;
        }
        inner.span = start.to(self.expect(Token::Close, ")")?);
        Ok(inner)
    }

    /// A member of a list, in either dialect.
    pub(super) fn list_member(&mut self) -> Parsed<Term> {
        match self.dialect {
            Dialect::Asp => self.term(),
            Dialect::Prolog => self.goal(),
        }
    }
}

/// What a term means as a body.
impl Parser<'_> {
    fn goals(&mut self, body: Term) -> Parsed<Vec<Literal>> {
        match body.kind {
            TermKind::Function(name, terms) if &*name == "," => {
                terms.into_iter().map(|t| self.goal_of(t)).collect()
            }
            _ => Ok(vec![self.goal_of(body)?]),
        }
    }

    fn goal_of(&mut self, term: Term) -> Parsed<Literal> {
        let span = term.span;
        let (name, terms) = match term.kind {
            TermKind::Function(name, terms) => (name, terms),
            TermKind::Name(name) => (name, Vec::new()),
            TermKind::Variable(name) => {
                let said = format!("the variable `{name}` is called as a goal");
                let fault = self.unsupported(span, said);
                return Err(Box::new(fault.help("write the goal itself")));
            }
            TermKind::Arithmetic(ArithmeticOp::Negate, _) => {
                self.check_atom(&term)?;
                return Ok(Literal {
                    kind: LiteralKind::Atom(term),
                    span,
                });
            }
            TermKind::List(..) => return Err(forbidden("consult", span)),
            _ => {
                let fault = Diagnostic::error(Code::PROGRAM_UNEXPECTED, "this is no goal");
                return Err(Box::new(
                    fault.at(span).expecting(["an atom such as `p(X)`"]),
                ));
            }
        };
        let kind = self.goal_kind(&name, terms, span)?;
        Ok(Literal { kind, span })
    }

    fn goal_kind(&mut self, name: &Arc<str>, terms: Vec<Term>, span: Span) -> Parsed<LiteralKind> {
        let arity = terms.len();
        match (&**name, arity) {
            ("true" | "otherwise", 0) => return Ok(LiteralKind::Truth(true)),
            ("fail" | "false", 0) => return Ok(LiteralKind::Truth(false)),
            ("!", 0) => {
                let said = "the cut `!` is not known: what holds here does not depend on order";
                let fault = Diagnostic::error(Code::PROGRAM_CUT, said).at(span);
                let help = "write the condition under which the rule applies: `\\+` of the earlier rules' conditions";
                return Err(Box::new(fault.help(help)));
            }
            ("->", _) => {
                let said = "`->` commits to its first solution, which is not known here";
                let fault = Diagnostic::error(Code::PROGRAM_CUT, said).at(span);
                let help = "write `(C, A ; \\+ C, B)` for `(C -> A ; B)`, or two rules";
                return Err(Box::new(fault.help(help)));
            }
            (",", _) => return Ok(LiteralKind::All(self.several_of(terms)?)),
            (";", _) => return Ok(LiteralKind::Any(self.several_of(terms)?)),
            ("=..", _) => {
                let said = "`=..` takes terms apart, which is not known";
                return Err(Box::new(self.unsupported(span, said)));
            }
            _ => {}
        }
        let mut args = terms.into_iter();
        match (&**name, arity, args.next(), args.next(), args.next()) {
            ("\\+", 1, Some(inner), ..) => {
                let inner = self.goal_of(inner)?;
                if !matches!(
                    inner.kind,
                    LiteralKind::Atom(_) | LiteralKind::Compare { .. }
                ) {
                    self.several = true;
                }
                Ok(LiteralKind::Not(Box::new(inner)))
            }
            ("forall", 2, Some(condition), Some(then), _) => {
                self.several = true;
                let mut all = self.goals(condition)?;
                let then = self.goal_of(then)?;
                let at = then.span;
                all.push(Literal {
                    kind: LiteralKind::Not(Box::new(then)),
                    span: at,
                });
                let all = Literal {
                    kind: LiteralKind::All(all),
                    span,
                };
                Ok(LiteralKind::Not(Box::new(all)))
            }
            ("between", 3, Some(low), Some(high), Some(x)) => {
                let at = low.span.to(high.span);
                let kind = TermKind::Interval(Box::new(low), Box::new(high));
                let interval = self.made(kind, at)?;
                Ok(compare(Comparison::Equal, x, interval, (false, true)))
            }
            ("succ", 2, Some(x), Some(y), _) => {
                let one = Term::new(TermKind::Int(1), span);
                let next = self.binary(ArithmeticOp::Add, x, one)?;
                Ok(compare(Comparison::Equal, y, next, (false, true)))
            }
            ("dif", 2, Some(x), Some(y), _) => {
                Ok(compare(Comparison::NotEqual, x, y, (false, false)))
            }
            (operator, 2, Some(x), Some(y), _) if comparison(operator).is_some() => {
                let (relation, evaluate) =
                    comparison(operator).unwrap_or((Comparison::Equal, (false, false)));
                Ok(compare(relation, x, y, evaluate))
            }
            (word, _, first, second, third) => {
                self.refuse(word, span)?;
                let terms: Vec<Term> = [first, second, third].into_iter().flatten().collect();
                let terms: Vec<Term> = terms.into_iter().chain(args).collect();
                let kind = match terms.is_empty() {
                    true => TermKind::Name(name.clone()),
                    false => TermKind::Function(name.clone(), terms),
                };
                Ok(LiteralKind::Atom(self.made(kind, span)?))
            }
        }
    }

    fn several_of(&mut self, terms: Vec<Term>) -> Parsed<Vec<Literal>> {
        self.several = true;
        terms.into_iter().map(|t| self.goal_of(t)).collect()
    }

    /// Goals that are more than logic.
    fn refuse(&self, word: &str, span: Span) -> Parsed<()> {
        if SIDE_EFFECTS.contains(&word) {
            return Err(forbidden(word, span));
        }
        if NOT_LOGIC.contains(&word) {
            let said =
                format!("`{word}` works on goals or on how terms are written, which is not known");
            let help = match word {
                "findall" | "bagof" | "setof" | "aggregate_all" => {
                    "write the program natively (`.asp`) with `#count{ X : p(X) }` or `#sum{ .. }`"
                }
                "call" | "once" | "ignore" | "apply" => "write the goal itself",
                "maplist" | "foldl" | "include" | "exclude" => "write a rule that walks the list",
                _ => "leave it out, or write the facts that it would find",
            };
            return Err(Box::new(self.unsupported(span, said).help(help)));
        }
        Ok(())
    }
}

fn compare(relation: Comparison, left: Term, right: Term, evaluate: (bool, bool)) -> LiteralKind {
    LiteralKind::Compare {
        relation,
        left,
        right,
        evaluate,
    }
}

fn forbidden(word: &str, span: Span) -> Box<Diagnostic> {
    let said = format!("`{word}` has side effects, and nothing is executed");
    let fault = Diagnostic::error(Code::PROGRAM_FORBIDDEN, said).at(span);
    Box::new(fault.help("leave the goal out; write what it would make as facts and rules"))
}

/// What an operator compares, and which of its sides it works out.
fn comparison(operator: &str) -> Option<(Comparison, (bool, bool))> {
    Some(match operator {
        "=" | "==" => (Comparison::Equal, (false, false)),
        "\\=" | "\\==" => (Comparison::NotEqual, (false, false)),
        "is" => (Comparison::Equal, (false, true)),
        "=:=" => (Comparison::Equal, (true, true)),
        "=\\=" => (Comparison::NotEqual, (true, true)),
        "<" => (Comparison::Less, (true, true)),
        "=<" => (Comparison::LessOrEqual, (true, true)),
        ">" => (Comparison::Greater, (true, true)),
        ">=" => (Comparison::GreaterOrEqual, (true, true)),
        "@<" => (Comparison::Less, (false, false)),
        "@=<" => (Comparison::LessOrEqual, (false, false)),
        "@>" => (Comparison::Greater, (false, false)),
        "@>=" => (Comparison::GreaterOrEqual, (false, false)),
        _ => return None,
    })
}
