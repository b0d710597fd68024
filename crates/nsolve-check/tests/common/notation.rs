//! Problems and certificates as short texts.
//!
//! A problem: `(const a)`, `(func f Thing Thing)`, `(pred p Thing)`,
//! `(enum Colour red green)`, then premises and `(goal F)` or `(deny F)`.
//! `(@ q F)` is `F`, which certificates call `q`. Variables are called by name.
//!
//! A certificate: `(new c Thing)` is a constant of its own; the other lines are
//! `(premise 0)`, `(goal 0)`, `(instance q ((x t)) t ..)`, `(witness q () c ..)`,
//! `(equal ((s t) ..) s t)`, `(same p ((s t) ..) (from) (to))`, `(oneof t)`,
//! `(different s t)`, `(linear (1 < s t) (2 not = s t) ..)`, `(split t 3)`,
//! `(trichotomy s t)`.

use std::collections::HashMap;

use nsolve_backend::Outcome;
use nsolve_check::{Limits, Receipt, Refusal, check};
use nsolve_il::Rational;
use nsolve_il::fol::{
    ArithmeticOp, Binding, Builder, Certificate, CompareOp, Declared, Goal, GroundId, GroundTerm,
    Item, Line, LinearFact, Problem, Quantifier, Query, Question, SortId, TermId, VarId,
};

pub(crate) enum Tree {
    Word(String),
    List(Vec<Tree>),
}

use Tree::{List, Word};

impl Tree {
    fn word(&self) -> &str {
        match self {
            Word(w) => w,
            List(_) => panic!("a word is wanted"),
        }
    }

    fn list(&self) -> &[Tree] {
        match self {
            List(l) => l,
            Word(w) => panic!("a list is wanted, not {w}"),
        }
    }
}

fn trees(text: &str) -> Vec<Tree> {
    let text = text.replace('(', " ( ").replace(')', " ) ");
    let mut stack = vec![Vec::new()];
    for word in text.split_whitespace() {
        match word {
            "(" => stack.push(Vec::new()),
            ")" => {
                let list = stack.pop().unwrap();
                stack.last_mut().unwrap().push(List(list));
            }
            word => stack.last_mut().unwrap().push(Word(word.to_owned())),
        }
    }
    assert_eq!(stack.len(), 1, "brackets match");
    stack.remove(0)
}

fn arithmetic_op(name: &str) -> Option<ArithmeticOp> {
    Some(match name {
        "+" => ArithmeticOp::Add,
        "-" => ArithmeticOp::Subtract,
        "*" => ArithmeticOp::Multiply,
        "/" => ArithmeticOp::Divide,
        "neg" => ArithmeticOp::Negate,
        "div" => ArithmeticOp::IntDivide,
        "mod" => ArithmeticOp::Modulo,
        "real" => ArithmeticOp::ToReal,
        _ => return None,
    })
}

fn compare_op(name: &str) -> Option<CompareOp> {
    Some(match name {
        "<" => CompareOp::Less,
        "<=" => CompareOp::LessEq,
        ">" => CompareOp::Greater,
        ">=" => CompareOp::GreaterEq,
        _ => return None,
    })
}

/// A number: `3` is an integer, `3r` or `1/2r` a real.
fn number(word: &str) -> Option<(Rational, SortId)> {
    match word.strip_suffix('r') {
        Some(real) => Some((real.parse().ok()?, SortId::REAL)),
        None => Some((word.parse().ok()?, SortId::INT)),
    }
}

/// A problem with its query and the names in it.
pub(crate) struct Setting {
    pub(crate) problem: Problem,
    pub(crate) query: Query,
    labels: HashMap<String, TermId>,
    variables: HashMap<String, VarId>,
}

struct Reader {
    b: Builder,
    labels: HashMap<String, TermId>,
    variables: HashMap<String, VarId>,
}

pub(crate) fn setting(text: &str) -> Setting {
    let mut r = Reader {
        b: Builder::new(),
        labels: HashMap::new(),
        variables: HashMap::new(),
    };
    r.b.default_sort();
    let mut goals = Vec::new();
    for (i, item) in trees(text).iter().enumerate() {
        if let List(list) = item
            && let Word(head) = &list[0]
        {
            match head.as_str() {
                "enum" | "const" | "func" | "pred" | "sort" => {
                    r.declare(list);
                    continue;
                }
                "goal" | "deny" => {
                    goals.push(Goal {
                        formula: r.formula(&list[1]),
                        holds: head == "goal",
                    });
                    continue;
                }
                _ => {}
            }
        }
        let formula = r.formula(item);
        r.b.premise(&format!("p{i}"), formula, None, None).unwrap();
    }
    let problem = r.b.finish(Question::Model);
    let mut query = Query::premises_of(&problem);
    query.goals = goals;
    Setting {
        problem,
        query,
        labels: r.labels,
        variables: r.variables,
    }
}

impl Reader {
    fn sort(&self, name: &str) -> SortId {
        self.b.signature().find_sort(name).expect("a known sort")
    }

    fn declare(&mut self, list: &[Tree]) {
        let words: Vec<&str> = list.iter().map(Tree::word).collect();
        let by = Declared::Generated;
        match words[0] {
            "sort" => {
                self.b.sort(words[1], by).unwrap();
            }
            "enum" => {
                let elements: Vec<_> = words[2..].iter().map(|w| (*w, by)).collect();
                self.b.enumerated(words[1], &elements, by).unwrap();
            }
            kind => {
                let mut sorts: Vec<SortId> = words[2..].iter().map(|w| self.sort(w)).collect();
                let result = match kind {
                    "pred" => SortId::BOOL,
                    _ => sorts.pop().unwrap_or_else(|| self.b.default_sort()),
                };
                self.b.symbol(words[1], &sorts, result, by).unwrap();
            }
        }
    }

    fn apply(&mut self, name: &str, arguments: Vec<TermId>, predicate: bool) -> TermId {
        let found = self
            .b
            .signature()
            .find_symbol(name, arguments.len(), predicate);
        self.b
            .apply(found.unwrap_or_else(|| panic!("{name}")), arguments)
            .unwrap()
    }

    fn term(&mut self, tree: &Tree) -> TermId {
        match tree {
            Word(name) => {
                if let Some(&v) = self.variables.get(name) {
                    return self.b.var(v);
                }
                match number(name) {
                    Some((value, sort)) => self.b.number(value, sort).unwrap(),
                    None => self.apply(name, vec![], false),
                }
            }
            List(list) => {
                let arguments = list[1..].iter().map(|t| self.term(t)).collect();
                let name = list[0].word();
                match arithmetic_op(name) {
                    Some(op) => self.b.arithmetic(op, arguments).unwrap(),
                    None => self.apply(name, arguments, false),
                }
            }
        }
    }

    fn formula(&mut self, tree: &Tree) -> TermId {
        let List(list) = tree else {
            return match tree.word() {
                "true" => self.b.truth(true),
                "false" => self.b.truth(false),
                name => self.apply(name, vec![], true),
            };
        };
        match list[0].word() {
            "@" => {
                let formula = self.formula(&list[2]);
                self.labels.insert(list[1].word().to_owned(), formula);
                formula
            }
            "not" | "and" | "or" | "->" | "<->" | "xor" => {
                let parts: Vec<TermId> = list[1..].iter().map(|t| self.formula(t)).collect();
                match list[0].word() {
                    "not" => self.b.not(parts[0]),
                    "and" => self.b.and(parts),
                    "or" => self.b.or(parts),
                    "->" => self.b.implies(parts[0], parts[1]),
                    "<->" => self.b.iff(parts[0], parts[1]),
                    _ => self.b.xor(parts[0], parts[1]),
                }
                .unwrap()
            }
            "all" | "some" | "one" | "least" | "most" | "exactly" => self.quantified(list),
            name => {
                let parts: Vec<TermId> = list[1..].iter().map(|t| self.term(t)).collect();
                match (name, compare_op(name)) {
                    ("=", _) => self.b.equal(parts[0], parts[1]).unwrap(),
                    ("distinct", _) => self.b.distinct(parts).unwrap(),
                    (_, Some(op)) => self.b.compare(op, parts[0], parts[1]).unwrap(),
                    _ => self.apply(name, parts, true),
                }
            }
        }
    }

    fn quantified(&mut self, list: &[Tree]) -> TermId {
        let counting = ["least", "most", "exactly"].contains(&list[0].word());
        let first = if counting { 2 } else { 1 };
        let number = || list[1].word().parse().unwrap();
        let quantifier = match list[0].word() {
            "all" => Quantifier::Forall,
            "some" => Quantifier::Exists,
            "one" => Quantifier::ExistsUnique,
            "least" => Quantifier::AtLeast(number()),
            "most" => Quantifier::AtMost(number()),
            _ => Quantifier::Exactly(number()),
        };
        let (body, names) = list[first..].split_last().unwrap();
        let mut own = Vec::new();
        for name in names {
            let (name, sort) = match name {
                Word(name) => (name.clone(), self.b.default_sort()),
                List(list) => (list[0].word().to_owned(), self.sort(list[1].word())),
            };
            let v = self.b.variable(&name, sort);
            let old = self.variables.insert(name, v);
            assert!(old.is_none(), "each binder has names of its own here");
            own.push(v);
        }
        let body = self.formula(body);
        self.b.quantified(quantifier, own, body).unwrap()
    }
}

impl Setting {
    pub(crate) fn certificate(&self, text: &str) -> Certificate {
        let mut writer = Writer {
            setting: self,
            certificate: Certificate::default(),
            new: HashMap::new(),
        };
        for tree in trees(text) {
            writer.line(tree.list());
        }
        writer.certificate
    }

    /// Checks a certificate in this notation.
    pub(crate) fn check(&self, text: &str) -> Result<Receipt, Refusal> {
        self.check_certificate(self.certificate(text))
    }

    pub(crate) fn check_certificate(&self, certificate: Certificate) -> Result<Receipt, Refusal> {
        let outcome = Outcome::unsat(certificate);
        check(&self.problem, &self.query, &outcome, &Limits::default())
    }

    pub(crate) fn label(&self, name: &str) -> TermId {
        self.labels[name]
    }
}

struct Writer<'a> {
    setting: &'a Setting,
    certificate: Certificate,
    new: HashMap<String, GroundId>,
}

impl Writer<'_> {
    fn push(&mut self, term: GroundTerm) -> GroundId {
        self.certificate.terms.push(term);
        GroundId(self.certificate.terms.len() as u32 - 1)
    }

    fn term(&mut self, tree: &Tree) -> GroundId {
        let signature = &self.setting.problem.signature;
        let (name, arguments) = match tree {
            Word(name) => (name.as_str(), &[][..]),
            List(list) => (list[0].word(), &list[1..]),
        };
        if let Some(&id) = self.new.get(name) {
            return id;
        }
        if let Some((value, sort)) = number(name) {
            return self.push(GroundTerm::Number(value, sort));
        }
        let parts = self.terms(arguments).into();
        match arithmetic_op(name) {
            Some(op) => self.push(GroundTerm::Arithmetic(op, parts)),
            None => {
                let found = signature.find_symbol(name, arguments.len(), false);
                let symbol = found.unwrap_or_else(|| panic!("{name}"));
                self.push(GroundTerm::Apply(symbol, parts))
            }
        }
    }

    fn terms(&mut self, trees: &[Tree]) -> Vec<GroundId> {
        trees.iter().map(|t| self.term(t)).collect()
    }

    fn pairs(&mut self, tree: &Tree) -> Box<[(GroundId, GroundId)]> {
        let pair = |t: &Tree| (self.term(&t.list()[0]), self.term(&t.list()[1]));
        tree.list().iter().map(pair).collect()
    }

    fn binding(&mut self, tree: &Tree) -> Binding {
        let mut out = Vec::new();
        for pair in tree.list() {
            let variable = self.setting.variables[pair.list()[0].word()];
            out.push((variable, self.term(&pair.list()[1])));
        }
        out.into()
    }

    fn fact(&mut self, fact: &[Tree]) -> LinearFact {
        let holds = fact[1].word() != "not";
        let rest = if holds { &fact[1..] } else { &fact[2..] };
        LinearFact {
            factor: fact[0].word().parse().unwrap(),
            holds,
            op: compare_op(rest[0].word()),
            left: self.term(&rest[1]),
            right: self.term(&rest[2]),
        }
    }

    fn line(&mut self, list: &[Tree]) {
        let index = || list[1].word().parse().unwrap();
        let line = match list[0].word() {
            "new" => {
                let sort = self.setting.problem.signature.find_sort(list[2].word());
                let id = self.push(GroundTerm::Witness(sort.unwrap()));
                self.new.insert(list[1].word().to_owned(), id);
                return;
            }
            "premise" => Line::Assert(Item::Premise(index())),
            "goal" => Line::Assert(Item::Goal(index())),
            "instance" => Line::Instance {
                formula: self.setting.labels[list[1].word()],
                binding: self.binding(&list[2]),
                terms: self.terms(&list[3..]).into(),
            },
            "witness" => Line::Witness {
                formula: self.setting.labels[list[1].word()],
                binding: self.binding(&list[2]),
                constants: self.terms(&list[3..]).into(),
            },
            "equal" => Line::Equal {
                equal: self.pairs(&list[1]),
                then: (self.term(&list[2]), self.term(&list[3])),
            },
            "same" => {
                let (from, to) = (list[3].list(), list[4].list());
                let signature = &self.setting.problem.signature;
                let found = signature.find_symbol(list[1].word(), from.len(), true);
                Line::SameAtom {
                    equal: self.pairs(&list[2]),
                    predicate: found.unwrap(),
                    from: self.terms(from).into(),
                    to: self.terms(to).into(),
                }
            }
            "oneof" => Line::OneOf(self.term(&list[1])),
            "different" => Line::Different(self.term(&list[1]), self.term(&list[2])),
            "linear" => Line::Linear(list[1..].iter().map(|f| self.fact(f.list())).collect()),
            "split" => Line::IntegerSplit(self.term(&list[1]), list[2].word().parse().unwrap()),
            "trichotomy" => Line::Trichotomy(self.term(&list[1]), self.term(&list[2])),
            other => panic!("a line kind {other}"),
        };
        self.certificate.lines.push(line);
    }
}
