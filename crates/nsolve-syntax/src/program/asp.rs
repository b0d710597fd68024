//! Statements and literals of the native language, which has all of
//! ASP-Core-2.

use nsolve_il::program::{AggregateFunction, ArithmeticOp, Comparison};
use nsolve_source::{Code, Diagnostic};

use super::ast::{
    Aggregate, ChoiceElement, Cost, Element, Guard, Head, Literal, LiteralKind, StatementKind,
    Term, TermKind,
};
use super::lexer::Token;
use super::parser::{Parsed, Parser};

/// `None` is a statement that was passed over.
type Read = Parsed<Option<StatementKind>>;

impl Parser<'_> {
    pub(super) fn asp_statement(&mut self) -> Read {
        match self.peek() {
            Token::Directive if !self.starts_literal() => self.directive(),
            Token::If => {
                self.bump();
                let body = match self.peek() {
                    Token::Dot => Vec::new(),
                    _ => self.body()?,
                };
                Ok(Some(StatementKind::Rule(Head::Never, body)))
            }
            Token::Weakly => self.weak().map(Some),
            Token::Ask => {
                self.bump();
                Ok(Some(StatementKind::Query(self.body()?)))
            }
            _ if self
                .lexemes
                .last()
                .is_some_and(|l| l.token == Token::Question) =>
            {
                Ok(Some(StatementKind::Query(self.body()?)))
            }
            _ => self.rule().map(Some),
        }
    }

    fn rule(&mut self) -> Parsed<StatementKind> {
        let head = self.head()?;
        let body = match self.peek() {
            Token::If => {
                self.bump();
                match self.peek() {
                    Token::Dot => Vec::new(),
                    _ => self.body()?,
                }
            }
            Token::Arrow => {
                let said = "`->` is no part of a rule; the head comes first: `head :- body`";
                return Err(Box::new(self.unsupported(self.span(), said)));
            }
            _ => Vec::new(),
        };
        Ok(StatementKind::Rule(head, body))
    }

    fn head(&mut self) -> Parsed<Head> {
        if self.peek() == Token::Directive && self.slice(self.span()) == "#false" {
            self.bump();
            return Ok(Head::Never);
        }
        if self.peek() == Token::OpenSet {
            return self.choice(Vec::new());
        }
        if matches!(self.peek(), Token::Not | Token::NotProvable) {
            let said = "`not` stands in a head, which says what is derived";
            let fault = self.unsupported(self.span(), said);
            return Err(Box::new(fault.help(
                "write `-p` for stated negation, or `:- p, body.` to forbid `p`",
            )));
        }
        let mut atoms = Vec::new();
        loop {
            let term = self.term()?;
            if atoms.is_empty() {
                if self.peek() == Token::OpenSet {
                    let guard = Guard {
                        relation: Comparison::GreaterOrEqual,
                        term,
                    };
                    return self.choice(vec![guard]);
                }
                if relation(self.peek()).is_some() && self.peek_at(1) == Token::OpenSet {
                    let relation = self.relation()?.flipped();
                    return self.choice(vec![Guard { relation, term }]);
                }
            }
            if relation(self.peek()).is_some() {
                let said = "a comparison stands in a head, which says what is derived";
                let fault = self.unsupported(term.span.to(self.span()), said);
                return Err(Box::new(
                    fault.help("write `:- body, X != Y.` to demand that `X = Y`"),
                ));
            }
            self.check_atom(&term)?;
            atoms.push(term);
            match self.peek() {
                Token::Bar | Token::Semicolon => {
                    self.bump();
                }
                Token::Colon => {
                    let said = "a condition stands behind an atom in a head";
                    let fault = self.unsupported(self.span(), said);
                    return Err(Box::new(fault.help(
                        "write the disjunction's atoms one by one, or a choice `{ a : c }`",
                    )));
                }
                Token::Comma => {
                    let mut fault = self.unexpected(&["`:-`", "`|`", "`.`"]);
                    *fault = fault.help(
                        "several atoms in a head: `a | b :- c.` derives one of them; to derive both, write two rules",
                    );
                    return Err(fault);
                }
                _ => return Ok(Head::Atoms(atoms)),
            }
        }
    }

    /// `{ a : c; b } guard`.
    fn choice(&mut self, mut guards: Vec<Guard>) -> Parsed<Head> {
        self.expect(Token::OpenSet, "{")?;
        let mut elements = Vec::new();
        while self.peek() != Token::CloseSet {
            let atom = self.term()?;
            self.check_atom(&atom)?;
            let condition = self.condition()?;
            elements.push(ChoiceElement { atom, condition });
            if !self.eat(Token::Semicolon) {
                if self.peek() == Token::Comma {
                    let span = self.bump();
                    self.spelling(span, ";");
                    continue;
                }
                break;
            }
        }
        self.expect(Token::CloseSet, "}")?;
        self.right_guards(&mut guards)?;
        Ok(Head::Choice(elements, guards))
    }

    /// `: literal, literal`, where it is there.
    pub(super) fn condition(&mut self) -> Parsed<Vec<Literal>> {
        let mut out = Vec::new();
        if !self.eat(Token::Colon) {
            return Ok(out);
        }
        if matches!(self.peek(), Token::Semicolon | Token::CloseSet) {
            return Ok(out);
        }
        let outside = std::mem::replace(&mut self.in_set, true);
        loop {
            let literal = self.literal()?;
            out.push(literal);
            if !self.eat(Token::Comma) {
                self.in_set = outside;
                return Ok(out);
            }
        }
    }

    /// Bounds behind a set; one without a sign is an upper one.
    fn right_guards(&mut self, guards: &mut Vec<Guard>) -> Parsed<()> {
        let starts = matches!(
            self.peek(),
            Token::Number | Token::Name | Token::Variable | Token::Open | Token::Minus | Token::Bar
        );
        if starts && !self.peek_is_word("is") {
            let term = self.term()?;
            guards.push(Guard {
                relation: Comparison::LessOrEqual,
                term,
            });
        }
        while relation(self.peek()).is_some() {
            let relation = self.relation()?;
            let term = self.term()?;
            guards.push(Guard { relation, term });
        }
        Ok(())
    }

    /// Literals between commas or semicolons.
    pub(super) fn body(&mut self) -> Parsed<Vec<Literal>> {
        let mut out = Vec::new();
        loop {
            let literal = self.literal()?;
            if self.peek() == Token::Colon {
                let said = "a literal with a condition stands in a body";
                let fault = self.unsupported(literal.span.to(self.span()), said);
                return Err(Box::new(fault.help(
                    "for \"all X with c(X) have p(X)\" define `bad :- c(X), not p(X).` and write `not bad`",
                )));
            }
            out.push(literal);
            if !self.eat(Token::Comma) && !self.eat(Token::Semicolon) {
                return Ok(out);
            }
        }
    }

    /// Whether the directive word begins a literal, not a statement.
    fn starts_literal(&self) -> bool {
        let word = self.slice(self.span());
        function(word).is_some() || matches!(word, "#true" | "#false" | "#inf" | "#sup")
    }

    pub(super) fn literal(&mut self) -> Parsed<Literal> {
        let start = self.at;
        let mut nots = 0;
        while matches!(self.peek(), Token::Not | Token::NotProvable) {
            let span = self.bump();
            if self.slice(span) == "\\+" {
                self.spelling(span, "not ");
            }
            nots += 1;
        }
        if nots > 1 {
            let fault = self.unsupported(self.span_since(start), "`not` stands twice");
            return Err(Box::new(
                fault.help("define `other :- not p.` and write `not other`"),
            ));
        }
        let positive = self.positive_literal()?;
        if nots == 0 {
            return Ok(positive);
        }
        let kind = LiteralKind::Not(Box::new(positive));
        Ok(Literal {
            kind,
            span: self.span_since(start),
        })
    }

    fn positive_literal(&mut self) -> Parsed<Literal> {
        let start = self.at;
        let kind = match self.peek() {
            Token::Directive if function(self.slice(self.span())).is_some() => {
                LiteralKind::Aggregate(self.aggregate(Vec::new())?)
            }
            Token::Directive if matches!(self.slice(self.span()), "#true" | "#false") => {
                let span = self.bump();
                LiteralKind::Truth(self.slice(span) == "#true")
            }
            Token::OpenSet => LiteralKind::Aggregate(self.aggregate(Vec::new())?),
            _ => {
                let term = self.term()?;
                self.literal_after(term)?
            }
        };
        Ok(Literal {
            kind,
            span: self.span_since(start),
        })
    }

    /// What begins with a term: an atom, a comparison, or an aggregate's bound.
    fn literal_after(&mut self, term: Term) -> Parsed<LiteralKind> {
        if self.starts_aggregate() {
            let guard = Guard {
                relation: Comparison::GreaterOrEqual,
                term,
            };
            return Ok(LiteralKind::Aggregate(self.aggregate(vec![guard])?));
        }
        if relation(self.peek()).is_none() && !self.peek_is_word("is") {
            self.check_atom(&term)?;
            return Ok(LiteralKind::Atom(term));
        }
        let mut found = self.relation()?;
        if self.starts_aggregate() {
            let guard = Guard {
                relation: found.flipped(),
                term,
            };
            return Ok(LiteralKind::Aggregate(self.aggregate(vec![guard])?));
        }
        let (mut left, mut all) = (term, Vec::new());
        loop {
            let right = self.term()?;
            let next = left.span.to(right.span);
            let more = relation(self.peek()).is_some();
            let kept = more.then(|| right.clone());
            let kind = LiteralKind::Compare {
                relation: found,
                left,
                right,
                evaluate: (true, true),
            };
            all.push(Literal { kind, span: next });
            let Some(kept) = kept else { break };
            left = kept;
            found = self.relation()?;
        }
        match (all.len(), all.pop()) {
            (1, Some(only)) => Ok(only.kind),
            (_, Some(last)) => {
                self.several = true;
                all.push(last);
                Ok(LiteralKind::All(all))
            }
            (_, None) => Err(self.unexpected(&["a comparison"])),
        }
    }

    fn starts_aggregate(&self) -> bool {
        match self.peek() {
            Token::OpenSet => true,
            Token::Directive => function(self.slice(self.span())).is_some(),
            _ => false,
        }
    }

    fn aggregate(&mut self, mut guards: Vec<Guard>) -> Parsed<Aggregate> {
        let start = self.at;
        if self.in_set {
            let fault = self.unsupported(self.span(), "an aggregate stands in a condition");
            return Err(Box::new(
                fault.help("define a predicate by a rule with the aggregate"),
            ));
        }
        let word = match self.peek() {
            Token::Directive => {
                let span = self.bump();
                self.slice(span).to_owned()
            }
            _ => String::new(),
        };
        if word == "#sum+" {
            let fault = self.unsupported(self.span_since(start), "`#sum+` is not known");
            return Err(Box::new(fault.help(
                "write `#sum{ W : ..., W > 0 }`, which adds the positive weights only",
            )));
        }
        let of_atoms = word.is_empty();
        let function = function(&word).unwrap_or(AggregateFunction::Count);
        self.expect(Token::OpenSet, "{")?;
        let mut elements = Vec::new();
        while self.peek() != Token::CloseSet {
            self.in_set = true;
            elements.push(if of_atoms {
                self.counted_atom()?
            } else {
                self.element()?
            });
            self.in_set = false;
            if !self.eat(Token::Semicolon) {
                break;
            }
        }
        self.expect(Token::CloseSet, "}")?;
        self.right_guards(&mut guards)?;
        let span = self.span_since(start);
        if of_atoms {
            let said = "a set of atoms in a body is read as a count of those that hold";
            let note = Diagnostic::note(Code::BODY_SET, said).at(span);
            self.remark(note.help("write `#count{ X : p(X) }`"));
        }
        if guards.is_empty() {
            let fault = Diagnostic::error(
                Code::PROGRAM_UNEXPECTED,
                "this aggregate is compared with nothing, so it says nothing",
            );
            return Err(Box::new(
                fault.at(span).help("add a bound: `#count{ ... } >= 1`"),
            ));
        }
        Ok(Aggregate {
            function,
            elements,
            guards,
        })
    }

    /// `X, Y : p(X), q(Y)` in an aggregate.
    fn element(&mut self) -> Parsed<Element> {
        let start = self.at;
        let mut tuple = Vec::new();
        while self.peek() != Token::Colon {
            tuple.push(self.term()?);
            if !self.eat(Token::Comma) {
                break;
            }
        }
        if tuple.is_empty() {
            let mut fault = self.unexpected(&["a term"]);
            *fault = fault.help("an element is `term, term : condition`");
            return Err(fault);
        }
        let unusual = matches!(self.peek(), Token::Not) || relation(self.peek()).is_some();
        if unusual {
            let said = "a literal stands where an aggregate's terms are wanted";
            let fault = self.unsupported(self.span_since(start).to(self.span()), said);
            return Err(Box::new(
                fault.help("an element is `term, term : condition`"),
            ));
        }
        let condition = self.condition()?;
        Ok(Element { tuple, condition })
    }

    /// `p(X) : q(X)` in a set of atoms: the atom is what is counted.
    fn counted_atom(&mut self) -> Parsed<Element> {
        let mut literal = self.literal()?;
        let mut intervals = Vec::new();
        let atom = match &mut literal.kind {
            LiteralKind::Atom(atom) => {
                self.name_parts(atom, &mut intervals);
                atom.clone()
            }
            _ => {
                let said = "only atoms are counted in a set";
                let fault = self.unsupported(literal.span, said);
                return Err(Box::new(fault.help("write `#count{ X : condition }`")));
            }
        };
        let mut condition = vec![literal];
        condition.append(&mut intervals);
        condition.extend(self.condition()?);
        // `-p(X)` is no number that could be negated: it is a name of its own.
        let tuple = match atom.kind {
            TermKind::Arithmetic(ArithmeticOp::Negate, mut inner) => {
                let sign = TermKind::Text(self.names.get("-"));
                let mut tuple = vec![Term::new(sign, atom.span)];
                tuple.append(&mut inner);
                tuple
            }
            _ => vec![atom],
        };
        Ok(Element { tuple, condition })
    }

    /// Gives names to what has none in an atom, so that it can be said twice:
    /// `p(_, 1..3)` becomes `p(A, B)` with `B = 1..3`.
    fn name_parts(&mut self, term: &mut Term, intervals: &mut Vec<Literal>) {
        let span = term.span;
        match &mut term.kind {
            TermKind::Function(_, terms) | TermKind::Arithmetic(_, terms) => {
                terms.iter_mut().for_each(|t| self.name_parts(t, intervals));
            }
            TermKind::List(terms, tail) => {
                let all = terms.iter_mut().chain(tail.as_deref_mut());
                all.for_each(|t| self.name_parts(t, intervals));
            }
            TermKind::Variable(name) if &**name == "_" => {
                *name = self.names.get(&format!("_A{}", span.start));
            }
            TermKind::Interval(..) => {
                let name = self.names.get(&format!("_I{}", span.start));
                let right = term.clone();
                *term = Term::new(TermKind::Variable(name), span);
                let kind = LiteralKind::Compare {
                    relation: Comparison::Equal,
                    left: term.clone(),
                    right,
                    evaluate: (true, true),
                };
                intervals.push(Literal { kind, span });
            }
            _ => {}
        }
    }

    fn weak(&mut self) -> Parsed<StatementKind> {
        self.bump();
        let body = match self.peek() {
            Token::Dot => Vec::new(),
            _ => self.body()?,
        };
        self.expect(Token::Dot, ".")?;
        if self.peek() != Token::OpenList {
            let mut fault = self.unexpected(&["`[weight@level, terms]`"]);
            *fault = fault.help("a weak constraint ends with its cost, such as `[1@0, X]`");
            return Err(fault);
        }
        self.bump();
        let cost = self.cost()?;
        self.expect(Token::CloseList, "]")?;
        Ok(StatementKind::Weak(body, cost))
    }

    pub(super) fn cost(&mut self) -> Parsed<Cost> {
        let weight = self.term()?;
        let level = match self.eat(Token::At) {
            true => Some(self.term()?),
            false => None,
        };
        let mut tuple = Vec::new();
        while self.eat(Token::Comma) {
            tuple.push(self.term()?);
        }
        Ok(Cost {
            weight,
            level,
            tuple,
        })
    }

    /// Whether a term can be an atom.
    pub(super) fn check_atom(&self, term: &Term) -> Parsed<()> {
        fn is_atom(term: &Term, denied: bool) -> bool {
            match &term.kind {
                TermKind::Name(_) => true,
                TermKind::Function(name, _) => !name.is_empty(),
                TermKind::Arithmetic(ArithmeticOp::Negate, inner) if !denied => {
                    inner.iter().all(|t| is_atom(t, true))
                }
                TermKind::Pool(terms) => terms.iter().all(|t| is_atom(t, denied)),
                _ => false,
            }
        }
        if is_atom(term, false) {
            return Ok(());
        }
        let said = match &term.kind {
            TermKind::Variable(name) => {
                format!("the variable `{name}` stands where an atom is wanted")
            }
            _ => format!("`{}` is no atom", shorten(self.slice(term.span))),
        };
        let fault = Diagnostic::error(Code::PROGRAM_UNEXPECTED, said).at(term.span);
        let fault = fault.expecting(["an atom such as `p(X)`", "a comparison"]);
        Err(Box::new(match &term.kind {
            TermKind::Variable(name) => {
                let lower = name.trim_start_matches('_').to_lowercase();
                fault
                    .help("names of predicates begin with a lower-case letter")
                    .suggest(term.span, lower)
            }
            _ => fault,
        }))
    }

    pub(super) fn peek_is_word(&self, word: &str) -> bool {
        self.peek() == Token::Name && self.slice(self.span()) == word
    }

    fn relation(&mut self) -> Parsed<Comparison> {
        if self.peek_is_word("is") {
            let span = self.bump();
            self.spelling(span, "=");
            return Ok(Comparison::Equal);
        }
        let Some((relation, ours)) = relation(self.peek()) else {
            return Err(self.unexpected(&["a comparison"]));
        };
        let span = self.bump();
        if let Some(ours) = ours {
            self.spelling(span, ours);
        }
        Ok(relation)
    }
}

pub(super) fn shorten(text: &str) -> String {
    let mut out: String = text.chars().take(40).collect();
    if out.len() < text.len() {
        out.push_str("...");
    }
    out
}

/// The comparison of a token, and how it is written where another system has
/// it so.
fn relation(token: Token) -> Option<(Comparison, Option<&'static str>)> {
    Some(match token {
        Token::Equal => (Comparison::Equal, None),
        Token::Identical | Token::SameNumber => (Comparison::Equal, Some("=")),
        Token::NotEqual | Token::Diamond => (Comparison::NotEqual, None),
        Token::OtherNumber | Token::NotUnifiable | Token::NotIdentical => {
            (Comparison::NotEqual, Some("!="))
        }
        Token::Less => (Comparison::Less, None),
        Token::Before => (Comparison::Less, Some("<")),
        Token::LessOrEqual => (Comparison::LessOrEqual, None),
        Token::EqualOrLess | Token::NotAfter => (Comparison::LessOrEqual, Some("<=")),
        Token::Greater => (Comparison::Greater, None),
        Token::After => (Comparison::Greater, Some(">")),
        Token::GreaterOrEqual => (Comparison::GreaterOrEqual, None),
        Token::NotBefore => (Comparison::GreaterOrEqual, Some(">=")),
        _ => return None,
    })
}

fn function(word: &str) -> Option<AggregateFunction> {
    Some(match word {
        "#count" => AggregateFunction::Count,
        "#sum" | "#sum+" => AggregateFunction::Sum,
        "#min" => AggregateFunction::Min,
        "#max" => AggregateFunction::Max,
        _ => return None,
    })
}
