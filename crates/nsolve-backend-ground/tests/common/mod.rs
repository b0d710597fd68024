//! A tiny notation for problems, and runs of the backend whose evidence is
//! checked.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop where something is not as it should be"
)]

use std::sync::Arc;

use nsolve_backend::{Backend, Outcome, SolveCx, Verdict};
use nsolve_backend_ground::Ground;
use nsolve_check::Limits;
use nsolve_il::fol::{
    ArithmeticOp, Builder, CompareOp, Declared, Fol, Problem, Quantifier, Query, Question, SortId,
    TermId, VarId,
};

enum Tree {
    Word(String),
    List(Vec<Tree>),
}

/// Reads premises such as `(all x (-> (p x) (q x a)))`. Before them may stand
/// `(enum Colour red green)`, `(sort S)`, `(const c S)`, `(func f S T)` and
/// `(pred p S T)`; whatever else is used is declared with the sort `Thing`.
/// `(all (x S) F)` binds a variable of another sort. `3` is an integer, `3/1` a real.
pub(crate) fn read(text: &str) -> Arc<Problem> {
    let text = text.replace('(', " ( ").replace(')', " ) ");
    let mut words = text.split_whitespace();
    let mut items = Vec::new();
    while let Some(tree) = tree(&mut words) {
        items.push(tree);
    }
    let mut reader = Reader {
        b: Builder::new(),
        scope: Vec::new(),
    };
    reader.b.default_sort();
    for (i, item) in items.iter().enumerate() {
        if !reader.declare(item) {
            let formula = reader.formula(item);
            reader
                .b
                .premise(&format!("p{i}"), formula, None, None)
                .unwrap();
        }
    }
    Arc::new(reader.b.finish(Question::Model))
}

fn tree<'a>(words: &mut impl Iterator<Item = &'a str>) -> Option<Tree> {
    match words.next()? {
        "(" => {
            let mut list = Vec::new();
            while let Some(t) = tree(words) {
                list.push(t);
            }
            Some(Tree::List(list))
        }
        ")" => None,
        word => Some(Tree::Word(word.to_owned())),
    }
}

struct Reader {
    b: Builder,
    scope: Vec<(String, VarId)>,
}

impl Reader {
    fn words(items: &[Tree]) -> Vec<&str> {
        let word = |t: &'_ Tree| matches!(t, Tree::Word(_));
        assert!(items.iter().all(word), "a declaration has words only");
        items
            .iter()
            .map(|t| match t {
                Tree::Word(w) => w.as_str(),
                Tree::List(_) => unreachable!(),
            })
            .collect()
    }

    fn sort(&self, name: &str) -> SortId {
        self.b.signature().find_sort(name).expect("a known sort")
    }

    fn declare(&mut self, item: &Tree) -> bool {
        let Tree::List(list) = item else { return false };
        let Some(Tree::Word(head)) = list.first() else {
            return false;
        };
        if !["enum", "sort", "const", "func", "pred"].contains(&head.as_str()) {
            return false;
        }
        let words = Self::words(&list[1..]);
        let by = Declared::Generated;
        match head.as_str() {
            "enum" => {
                let elements: Vec<_> = words[1..].iter().map(|w| (*w, by)).collect();
                self.b.enumerated(words[0], &elements, by).unwrap();
            }
            "sort" => {
                self.b.sort(words[0], by).unwrap();
            }
            kind => {
                let mut sorts: Vec<SortId> = words[1..].iter().map(|w| self.sort(w)).collect();
                let result = match kind {
                    "pred" => SortId::BOOL,
                    _ => sorts.pop().unwrap(),
                };
                self.b.symbol(words[0], &sorts, result, by).unwrap();
            }
        }
        true
    }

    fn apply(&mut self, name: &str, arguments: Vec<TermId>, predicate: bool) -> TermId {
        let thing = self.b.default_sort();
        let known = self
            .b
            .signature()
            .find_symbol(name, arguments.len(), predicate);
        let symbol = known.unwrap_or_else(|| {
            let sorts = vec![thing; arguments.len()];
            let result = if predicate { SortId::BOOL } else { thing };
            self.b
                .symbol(name, &sorts, result, Declared::Generated)
                .unwrap()
        });
        self.b.apply(symbol, arguments).unwrap()
    }

    fn term(&mut self, tree: &Tree) -> TermId {
        match tree {
            Tree::Word(name) if name.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
                // Only reals have a fraction.
                let sort = match name.contains('/') {
                    true => SortId::REAL,
                    false => SortId::INT,
                };
                self.b.number(name.parse().unwrap(), sort).unwrap()
            }
            Tree::Word(name) => {
                if let Some(&(_, v)) = self.scope.iter().rev().find(|(n, _)| n == name) {
                    return self.b.var(v);
                }
                self.apply(name, vec![], false)
            }
            Tree::List(list) => {
                let Tree::Word(name) = &list[0] else {
                    panic!("a function")
                };
                let arguments = list[1..].iter().map(|t| self.term(t)).collect();
                let operation = match name.as_str() {
                    "+" => ArithmeticOp::Add,
                    "-" => ArithmeticOp::Subtract,
                    "*" => ArithmeticOp::Multiply,
                    "/" => ArithmeticOp::Divide,
                    "neg" => ArithmeticOp::Negate,
                    "div" => ArithmeticOp::IntDivide,
                    "mod" => ArithmeticOp::Modulo,
                    "real" => ArithmeticOp::ToReal,
                    name => return self.apply(name, arguments, false),
                };
                self.b.arithmetic(operation, arguments).unwrap()
            }
        }
    }

    pub(crate) fn formula(&mut self, tree: &Tree) -> TermId {
        let Tree::List(list) = tree else {
            let Tree::Word(name) = tree else {
                unreachable!()
            };
            return match name.as_str() {
                "true" => self.b.truth(true),
                "false" => self.b.truth(false),
                name => self.apply(name, vec![], true),
            };
        };
        let Tree::Word(head) = &list[0] else {
            panic!("a connective or predicate")
        };
        if ["all", "some", "one", "least", "most", "exactly"].contains(&head.as_str()) {
            return self.quantified(head, &list[1..]);
        }
        match head.as_str() {
            "not" | "and" | "or" | "->" | "<->" | "xor" => {
                let parts: Vec<TermId> = list[1..].iter().map(|t| self.formula(t)).collect();
                match head.as_str() {
                    "not" => self.b.not(parts[0]),
                    "and" => self.b.and(parts),
                    "or" => self.b.or(parts),
                    "->" => self.b.implies(parts[0], parts[1]),
                    "<->" => self.b.iff(parts[0], parts[1]),
                    _ => self.b.xor(parts[0], parts[1]),
                }
                .unwrap()
            }
            name => {
                let parts: Vec<TermId> = list[1..].iter().map(|t| self.term(t)).collect();
                match name {
                    "=" => self.b.equal(parts[0], parts[1]).unwrap(),
                    "distinct" => self.b.distinct(parts).unwrap(),
                    "<" => self.b.compare(CompareOp::Less, parts[0], parts[1]).unwrap(),
                    "<=" => self
                        .b
                        .compare(CompareOp::LessEq, parts[0], parts[1])
                        .unwrap(),
                    ">" => self
                        .b
                        .compare(CompareOp::Greater, parts[0], parts[1])
                        .unwrap(),
                    ">=" => self
                        .b
                        .compare(CompareOp::GreaterEq, parts[0], parts[1])
                        .unwrap(),
                    name => self.apply(name, parts, true),
                }
            }
        }
    }

    fn quantified(&mut self, head: &str, rest: &[Tree]) -> TermId {
        let mut rest = rest.iter();
        let mut number = || match rest.next() {
            Some(Tree::Word(w)) => w.parse().unwrap(),
            _ => panic!("a number"),
        };
        let quantifier = match head {
            "all" => Quantifier::Forall,
            "some" => Quantifier::Exists,
            "one" => Quantifier::ExistsUnique,
            "least" => Quantifier::AtLeast(number()),
            "most" => Quantifier::AtMost(number()),
            _ => Quantifier::Exactly(number()),
        };
        let rest: Vec<&Tree> = rest.collect();
        let (body, names) = rest.split_last().unwrap();
        let mut variables = Vec::new();
        let depth = self.scope.len();
        for name in names {
            let (name, sort) = match name {
                Tree::Word(name) => (name.clone(), self.b.default_sort()),
                Tree::List(list) => {
                    let words = Self::words(list);
                    (words[0].to_owned(), self.sort(words[1]))
                }
            };
            let v = self.b.variable(&name, sort);
            self.scope.push((name, v));
            variables.push(v);
        }
        let body = self.formula(body);
        self.scope.truncate(depth);
        self.b.quantified(quantifier, variables, body).unwrap()
    }
}

/// Decides whether the premises can hold together and checks the evidence.
pub(crate) fn run(problem: &Arc<Problem>) -> Outcome<Fol> {
    run_with(problem, &Query::premises_of(problem), &SolveCx::default())
}

/// Decides a query and checks the evidence.
pub(crate) fn run_with(problem: &Arc<Problem>, query: &Query, cx: &SolveCx) -> Outcome<Fol> {
    let outcome = Ground.solve(problem, query, cx).expect("a supported query");
    check(problem, query, &outcome);
    outcome
}

/// Stops where the evidence does not show what is claimed.
pub(crate) fn check(problem: &Problem, query: &Query, outcome: &Outcome<Fol>) {
    if outcome.verdict != Verdict::Unknown {
        let receipt = nsolve_check::check(problem, query, outcome, &Limits::default());
        assert!(receipt.is_ok(), "{receipt:?}: {outcome:?}");
    }
}
