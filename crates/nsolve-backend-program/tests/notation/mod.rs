//! A tiny notation for programs in tests: ASP as it is mostly written, without
//! messages. Whatever it does not know is a panic.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::sync::Arc;

use nsolve_backend::{Evidence, Outcome};
use nsolve_check::{Limits, check_program};
use nsolve_il::program::*;

/// Reads a program; `goal?` at its end is its goal.
pub(crate) fn read(text: &str) -> Problem {
    let mut reader = Reader {
        text: text.as_bytes(),
        at: 0,
        problem: Problem::new(),
        ids: BTreeMap::new(),
        variables: Vec::new(),
        scope: Vec::new(),
        ranges: Vec::new(),
    };
    reader.skip();
    while reader.at < reader.text.len() {
        reader.statement();
    }
    reader.problem
}

/// The checker accepts the evidence, if there is any.
pub(crate) fn verify(problem: &Problem, query: &Query, outcome: &Outcome<Program>) {
    let limits = Limits {
        steps: 2_000_000_000,
    };
    if let Err(refusal) = check_program(problem, query, outcome, &limits) {
        assert!(outcome.evidence == Evidence::None, "{refusal}: {outcome:?}");
    }
}

/// The atoms of a model or a derivation as text, sorted.
pub(crate) fn shown<'a>(
    problem: &Problem,
    atoms: impl Iterator<Item = &'a GroundAtom>,
) -> Vec<String> {
    let mut out: Vec<String> = atoms.map(|a| problem.show_atom(a).to_string()).collect();
    out.sort();
    out
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    problem: Problem,
    ids: BTreeMap<(String, usize, bool), PredicateId>,
    variables: Vec<Arc<str>>,
    /// Names that are known here, with their variables.
    scope: Vec<(String, VarId)>,
    /// Intervals that wait to be added to the body.
    ranges: Vec<Literal>,
}

impl Reader<'_> {
    fn skip(&mut self) {
        while let Some(&c) = self.text.get(self.at) {
            if c == b'%' {
                while self.text.get(self.at).is_some_and(|&c| c != b'\n') {
                    self.at += 1;
                }
            } else if c.is_ascii_whitespace() {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    fn sees(&self, token: &str) -> bool {
        let rest = &self.text[self.at..];
        rest.starts_with(token.as_bytes())
            && !(token == "not"
                && rest
                    .get(3)
                    .is_some_and(|c| c.is_ascii_alphanumeric() || *c == b'_'))
            && !(token == "." && rest.get(1) == Some(&b'.'))
            && !(token == "*" && rest.get(1) == Some(&b'*'))
            && !(token == ":" && matches!(rest.get(1), Some(b'-' | b'~')))
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.sees(token);
        if found {
            self.at += token.len();
            self.skip();
        }
        found
    }

    fn expect(&mut self, token: &str) {
        assert!(
            self.take(token),
            "expected `{token}` before `{}`",
            String::from_utf8_lossy(&self.text[self.at..self.text.len().min(self.at + 40)])
        );
    }

    fn word(&mut self) -> Option<String> {
        let start = self.at;
        while self
            .text
            .get(self.at)
            .is_some_and(|c| c.is_ascii_alphanumeric() || *c == b'_')
        {
            self.at += 1;
        }
        let word = String::from_utf8(self.text[start..self.at].to_vec()).unwrap();
        self.skip();
        (!word.is_empty()).then_some(word)
    }

    fn statement(&mut self) {
        if self.take("#open.") {
            self.problem.meaning = Meaning::OpenWorld;
            return;
        }
        if self.take("#depth") {
            self.problem.depth = self.word().unwrap().parse().unwrap();
            return self.expect(".");
        }
        // Read twice: the second time it is known which names are global.
        let start = self.at;
        let mut globals: Vec<(String, VarId)> = Vec::new();
        for last in [false, true] {
            self.at = start;
            self.variables.clear();
            self.scope.clear();
            self.ranges.clear();
            for (name, _) in std::mem::take(&mut globals) {
                let v = self.fresh(&name);
                self.scope.push((name, v));
            }
            let (head, body, asks) = self.item();
            globals.clone_from(&self.scope);
            let variables = self.variables.clone();
            if last && asks {
                self.problem.goal = Some(Goal {
                    body,
                    variables,
                    sentence: None,
                    span: None,
                });
            } else if last {
                self.problem.rules.push(Rule {
                    head,
                    body,
                    variables,
                    sentence: None,
                    span: None,
                });
            }
        }
    }

    fn item(&mut self) -> (Head, Vec<Literal>, bool) {
        let goal = self.take("?-");
        let mut head = if goal || self.sees(":-") || self.sees(":~") {
            Head::Never
        } else {
            self.head()
        };
        let mut body = Vec::new();
        let weak = self.take(":~");
        if goal || weak || self.take(":-") {
            body = self.conjunction();
        }
        let asks = goal || self.take("?");
        if asks && let Head::Atom(atom) = &head {
            body.insert(0, Literal::Atom(Sign::Positive, atom.clone()));
        }
        if goal || !asks {
            self.expect(".");
        }
        if weak {
            head = Head::Cost(self.cost());
        }
        body.append(&mut self.ranges);
        (head, body, asks)
    }

    fn cost(&mut self) -> Cost {
        self.expect("[");
        let weight = self.term();
        let level = if self.take("@") {
            self.term()
        } else {
            Term::Value(Value::Int(0))
        };
        let mut tuple = Vec::new();
        while self.take(",") {
            tuple.push(self.term());
        }
        self.expect("]");
        Cost {
            weight,
            level,
            tuple,
        }
    }

    fn head(&mut self) -> Head {
        let start = self.at;
        let mut guards = Vec::new();
        if !self.sees("{")
            && (self.text[start].is_ascii_digit() || self.text[start].is_ascii_uppercase())
        {
            let term = self.term();
            let relation = self.comparison().unwrap_or(Comparison::LessOrEqual);
            guards.push(Guard {
                relation: relation.flipped(),
                term,
            });
        }
        if !self.take("{") {
            let mut atoms = vec![self.atom()];
            while self.take("|") {
                atoms.push(self.atom());
            }
            return if atoms.len() == 1 {
                Head::Atom(atoms.remove(0))
            } else {
                Head::Disjunction(atoms)
            };
        }
        let mut elements = Vec::new();
        while !self.sees("}") {
            let outer = self.scope.len();
            let ranges = std::mem::take(&mut self.ranges);
            let atom = self.atom();
            let mut condition = Vec::new();
            if self.take(":") {
                condition = self.conjunction();
            }
            condition.append(&mut self.ranges);
            self.ranges = ranges;
            self.scope.truncate(outer);
            elements.push(ChoiceElement { atom, condition });
            if !self.take(";") {
                break;
            }
        }
        self.expect("}");
        if !self.sees(":-") && !self.sees(".") {
            let relation = self.comparison().unwrap_or(Comparison::LessOrEqual);
            let term = self.term();
            guards.push(Guard { relation, term });
        }
        Head::Choice { elements, guards }
    }

    fn conjunction(&mut self) -> Vec<Literal> {
        let mut out = vec![self.literal()];
        while self.take(",") {
            out.push(self.literal());
        }
        out
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let all = [
            ("!=", Comparison::NotEqual),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
            ("=", Comparison::Equal),
        ];
        all.into_iter().find(|(t, _)| self.take(t)).map(|(_, c)| c)
    }

    fn literal(&mut self) -> Literal {
        let sign = if self.take("not") {
            Sign::Not
        } else {
            Sign::Positive
        };
        if self.sees("#count") || self.sees("#sum") || self.sees("#min") || self.sees("#max") {
            return Literal::Aggregate(sign, self.aggregate(Vec::new()));
        }
        let start = self.at;
        let (scope, variables, ranges) = (
            self.scope.clone(),
            self.variables.clone(),
            self.ranges.len(),
        );
        let left = self.term();
        if let Some(relation) = self.comparison() {
            if self.sees("#count") || self.sees("#sum") || self.sees("#min") || self.sees("#max") {
                let guard = Guard {
                    relation: relation.flipped(),
                    term: left,
                };
                return Literal::Aggregate(sign, self.aggregate(vec![guard]));
            }
            let right = self.term();
            if self.take("..") {
                let high = self.term();
                return Literal::Range(left, right, high);
            }
            assert!(sign == Sign::Positive);
            return Literal::Compare(relation, left, right);
        }
        self.at = start;
        self.scope = scope;
        self.variables = variables;
        self.ranges.truncate(ranges);
        Literal::Atom(sign, self.atom())
    }

    fn aggregate(&mut self, mut guards: Vec<Guard>) -> Aggregate {
        let function = [
            ("#count", AggregateFunction::Count),
            ("#sum", AggregateFunction::Sum),
            ("#min", AggregateFunction::Min),
            ("#max", AggregateFunction::Max),
        ];
        let function = function.into_iter().find(|(t, _)| self.take(t)).unwrap().1;
        self.expect("{");
        let mut elements = Vec::new();
        while !self.sees("}") {
            let outer = self.scope.len();
            let mut tuple = vec![self.term()];
            while self.take(",") {
                tuple.push(self.term());
            }
            let condition = if self.take(":") {
                self.conjunction()
            } else {
                Vec::new()
            };
            self.scope.truncate(outer);
            elements.push(AggregateElement { tuple, condition });
            if !self.take(";") {
                break;
            }
        }
        self.expect("}");
        if let Some(relation) = self.comparison() {
            let term = self.term();
            guards.push(Guard { relation, term });
        }
        Aggregate {
            function,
            elements,
            guards,
        }
    }

    fn atom(&mut self) -> Atom {
        let denied = self.take("-");
        let name = self.word().unwrap();
        let mut arguments = Vec::new();
        if self.take("(") {
            arguments = self.arguments(")");
        }
        let arguments: Vec<Term> = arguments;
        let key = (name.clone(), arguments.len(), denied);
        let next = PredicateId(self.problem.predicates.len() as u32);
        let predicate = *self.ids.entry(key).or_insert(next);
        if predicate == next {
            self.problem.predicates.push(Predicate {
                name: name.as_str().into(),
                arity: arguments.len() as u32,
                denied,
                types: None,
                meaning: None,
            });
        }
        Atom {
            predicate,
            arguments,
        }
    }

    fn arguments(&mut self, end: &str) -> Vec<Term> {
        let mut out = Vec::new();
        while !self.take(end) {
            let low = self.term();
            if self.take("..") {
                let high = self.term();
                let v = self.fresh("_");
                self.ranges
                    .push(Literal::Range(Term::Variable(v), low, high));
                out.push(Term::Variable(v));
            } else {
                out.push(low);
            }
            self.take(",");
        }
        out
    }

    fn fresh(&mut self, name: &str) -> VarId {
        self.variables.push(name.into());
        VarId(self.variables.len() as u32 - 1)
    }

    fn term(&mut self) -> Term {
        let mut left = self.product();
        loop {
            let op = if self.take("+") {
                ArithmeticOp::Add
            } else if self.take("-") {
                ArithmeticOp::Subtract
            } else {
                return left;
            };
            left = Term::Arithmetic(op, vec![left, self.product()]);
        }
    }

    fn product(&mut self) -> Term {
        let mut left = self.primary();
        loop {
            let op = if self.take("**") {
                ArithmeticOp::Power
            } else if self.take("*") {
                ArithmeticOp::Multiply
            } else if self.take("/") {
                ArithmeticOp::Divide
            } else if self.take("\\") {
                ArithmeticOp::Remainder
            } else {
                return left;
            };
            left = Term::Arithmetic(op, vec![left, self.primary()]);
        }
    }

    fn primary(&mut self) -> Term {
        if self.take("(") {
            let mut parts = self.arguments(")");
            return if parts.len() == 1 {
                parts.remove(0)
            } else {
                function("", parts)
            };
        }
        if self.take("|") {
            let inner = self.term();
            self.expect("|");
            return Term::Arithmetic(ArithmeticOp::Absolute, vec![inner]);
        }
        if self.take("[") {
            return self.list();
        }
        if self.take("-") {
            return match self.primary() {
                Term::Value(Value::Int(n)) => Term::Value(Value::Int(-n)),
                other => Term::Arithmetic(ArithmeticOp::Negate, vec![other]),
            };
        }
        if self.take("#inf") {
            return Term::Value(Value::Infimum);
        }
        if self.take("#sup") {
            return Term::Value(Value::Supremum);
        }
        let word = self.word().unwrap_or_else(|| {
            let rest = &self.text[self.at..];
            panic!(
                "a term at `{}`",
                String::from_utf8_lossy(&rest[..rest.len().min(40)])
            )
        });
        if let Ok(n) = word.parse() {
            return Term::Value(Value::Int(n));
        }
        if word == "_" {
            return Term::Variable(self.fresh("_"));
        }
        if word.starts_with(|c: char| c.is_ascii_uppercase()) {
            if let Some((_, v)) = self.scope.iter().find(|(n, _)| *n == word) {
                return Term::Variable(*v);
            }
            let v = self.fresh(&word);
            self.scope.push((word, v));
            return Term::Variable(v);
        }
        if self.take("(") {
            let parts = self.arguments(")");
            return function(&word, parts);
        }
        Term::Value(Value::Constant(word.as_str().into()))
    }

    fn list(&mut self) -> Term {
        let mut members = Vec::new();
        let mut tail = Term::Value(Value::Constant(NIL.into()));
        while !self.take("]") {
            members.push(self.term());
            if self.take("|") {
                tail = self.term();
            }
            self.take(",");
        }
        members
            .into_iter()
            .rev()
            .fold(tail, |tail, head| function(CONS, vec![head, tail]))
    }
}

fn function(name: &str, arguments: Vec<Term>) -> Term {
    let values: Option<Vec<Value>> = arguments
        .iter()
        .map(|t| match t {
            Term::Value(v) => Some(v.clone()),
            _ => None,
        })
        .collect();
    match values {
        Some(values) => Term::Value(Value::Function(name.into(), values.into())),
        None => Term::Function(name.into(), arguments),
    }
}
