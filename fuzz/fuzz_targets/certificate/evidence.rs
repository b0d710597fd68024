//! The problems, evidence that is right, and changes to it.

use std::sync::Arc;
use std::time::Duration;

use nsolve::il::Rational;
use nsolve::il::fol::{
    ArithmeticOp, Certificate, CompareOp, Fol, GroundId, GroundTerm, Item, Line, LinearFact, Model,
    Problem, Query, SortId, SymbolId, Table, TermId, Value, VarId,
};
use nsolve::{Budget, Evidence, Format, Outcome, SourceText, read};
use nsolve_backend::{Backend, SolveCx};
use nsolve_backend_ground::Ground;

/// Each text with its premises that contradict each other, as all minimal sets.
const TEXTS: [(&str, &[&[u32]]); 3] = [
    (
        "sort Colour = { red, green } const c : Colour
         premise : forall x. p(x) -> p(f(x))
         premise : p(a)
         premise : not p(f(f(a)))
         premise : exists x. not p(x)
         premise : a = f(a)
         premise : forall x. exists y. r(x, y) and not r(y, x)
         premise : exists! x. p(x)
         premise : at least 3 x: Colour. q(x)
         premise : c != red
         premise : c != green
         ask model",
        &[&[0, 1, 2], &[1, 2, 4], &[7], &[8, 9]],
    ),
    (
        "const k : Int const x : Real const y : Real func g : Thing -> Int
         premise : k > 2
         premise : k < 3
         premise : x > 2
         premise : x < 3
         premise : g(a) + g(b) = 4
         premise : g(a) > g(b)
         premise : a = b
         premise : 2 * k = 7
         premise : forall i: Int. i < k
         premise : k mod 2 = 0
         premise : k = 5
         premise : x / y = 1
         premise : y = 0
         ask model",
        &[&[0, 1], &[5, 6], &[7], &[8], &[9, 10], &[1, 10]],
    ),
    (
        "sort Day = { mon, tue, wed }
         pred s : Day pred t : Day, Day pred m func h : Day -> Day pred big : Thing
         premise : exactly 2 x: Day. s(x)
         premise : at most 1 x: Day. s(x)
         premise : forall x: Day. s(x) <-> not t(x, x)
         premise : forall x: Day. t(x, x)
         premise : m xor s(mon)
         premise : m and s(mon)
         premise : distinct(h(mon), h(tue), h(wed))
         premise : forall x: Day, y: Day. h(x) = h(y)
         premise : exists! x: Day. h(x) = mon
         premise : at least 4 x. big(x)
         premise : forall x, y: Thing. x = y
         premise : at most 0 x. big(x)
         premise : exactly 0 x: Day. s(x)
         ask model",
        &[
            &[0, 1],
            &[0, 2, 3],
            &[4, 5],
            &[6, 7],
            &[7, 8],
            &[9, 10],
            &[9, 11],
            &[0, 12],
            &[5, 12],
            &[2, 3, 5],
        ],
    ),
];

/// An outcome with the query it is right for.
pub struct Right {
    pub query: Query,
    pub outcome: Outcome<Fol>,
}

pub struct Subject {
    pub problem: Arc<Problem>,
    /// The minimal sets of premises that are unsatisfiable.
    cores: &'static [&'static [u32]],
    pub evidence: Vec<Right>,
}

impl Subject {
    /// Whether a query without goals is unsatisfiable.
    pub fn is_unsat(&self, query: &Query) -> bool {
        let has = |i: &u32| query.premises.contains(i);
        self.cores.iter().any(|core| core.iter().all(has))
    }
}

/// The query of these premises.
pub fn only(core: &[Item]) -> Query {
    let position = |item: &Item| match item {
        Item::Premise(i) => *i,
        Item::Goal(_) => panic!("there are no goals"),
    };
    Query {
        premises: core.iter().map(position).collect(),
        goals: Vec::new(),
    }
}

pub fn subjects() -> Vec<Subject> {
    TEXTS
        .iter()
        .map(|(text, cores)| subject(text, cores))
        .collect()
}

fn subject(text: &str, cores: &'static [&'static [u32]]) -> Subject {
    let text = SourceText::new("known", text).expect("a text");
    let reading = read(Format::Fol, &text);
    let problem = reading.complete().expect("a problem").clone();
    let mut queries: Vec<Vec<u32>> = cores.iter().map(|core| core.to_vec()).collect();
    // Each premise without a contradiction of its own, and a large set that is
    // satisfiable.
    let mut large = Vec::new();
    for i in 0..problem.premises.len() as u32 {
        let within = |set: &[u32]| cores.iter().any(|c| c.iter().all(|p| set.contains(p)));
        if !within(&[i]) {
            queries.push(vec![i]);
            large.push(i);
            if within(&large) {
                large.pop();
            }
        }
    }
    queries.push(large);
    let limits = Budget {
        time: Some(Duration::from_secs(5)),
        ..Budget::default()
    };
    let evidence = queries.into_iter().filter_map(|premises| {
        let query = Query {
            premises,
            goals: Vec::new(),
        };
        let cx = SolveCx::new(limits);
        let outcome = Ground.solve(&problem, &query, &cx).ok()?;
        let told = matches!(
            outcome.evidence,
            Evidence::Model(_) | Evidence::Certificate(_)
        );
        told.then_some(Right { query, outcome })
    });
    let evidence: Vec<Right> = evidence.collect();
    assert!(evidence.len() > cores.len(), "hardly any evidence");
    Subject {
        problem,
        cores,
        evidence,
    }
}

/// Decisions, taken from the input; zeros when it is used up.
pub struct Bytes<'a>(std::slice::Iter<'a, u8>);

impl<'a> Bytes<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Bytes(bytes.iter())
    }

    fn is_empty(&self) -> bool {
        self.0.as_slice().is_empty()
    }

    pub fn word(&mut self) -> u32 {
        (0..4).fold(0, |n, _| {
            n << 8 | self.0.next().map_or(0, |b| u32::from(*b))
        })
    }

    /// A number below `n`, which is at most 256 in effect.
    pub fn below(&mut self, n: usize) -> usize {
        self.0.next().map_or(0, |b| usize::from(*b)) % n.max(1)
    }

    pub fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    /// An index, now and then one too large.
    fn index(&mut self, length: usize) -> u32 {
        match self.0.next() {
            Some(255) => self.word(),
            Some(b) => u32::from(*b) % (length as u32 + 1),
            None => 0,
        }
    }

    fn number(&mut self) -> Rational {
        let above = i64::from(self.0.next().copied().unwrap_or(0) as i8);
        match self.below(8) {
            0 => Rational::new(above.into(), 2.into()),
            1 => Rational::new((above << 40).into(), 3.into()),
            _ => Rational::from_integer(above.into()),
        }
    }

    fn many<T>(&mut self, mut one: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = self.below(5);
        (0..count).map(|_| one(self)).collect()
    }
}

/// Changes at some place of a list: what is there, one more, one less, or two in
/// the other order.
fn change<'b, T: Clone>(
    list: &mut Vec<T>,
    bytes: &mut Bytes<'b>,
    mut new: impl FnMut(&mut Bytes<'b>) -> T,
) {
    let at = bytes.below(list.len());
    match bytes.below(5) {
        0 if at < list.len() => drop(list.remove(at)),
        1 if at < list.len() => {
            let with = bytes.below(list.len());
            list.swap(at, with);
        }
        2 => list.insert(at, new(bytes)),
        3 => list.push(new(bytes)),
        _ if at < list.len() => list[at] = new(bytes),
        _ => {}
    }
}

pub fn change_certificate(certificate: &mut Certificate, problem: &Problem, bytes: &mut Bytes) {
    while !bytes.is_empty() && certificate.lines.len() + certificate.terms.len() < 300 {
        let terms = certificate.terms.len();
        match bytes.below(3) {
            0 => change(&mut certificate.terms, bytes, |b| ground(terms, problem, b)),
            1 => change(&mut certificate.lines, bytes, |b| line(terms, problem, b)),
            _ if certificate.lines.is_empty() => {}
            _ => {
                let at = bytes.below(certificate.lines.len());
                adjust(&mut certificate.lines[at], terms, problem, bytes);
            }
        }
    }
}

fn symbol(problem: &Problem, bytes: &mut Bytes) -> SymbolId {
    SymbolId(bytes.index(problem.signature.symbols().len()))
}

fn sort(problem: &Problem, bytes: &mut Bytes) -> SortId {
    SortId(bytes.index(problem.signature.sorts().len()))
}

fn id(terms: usize, bytes: &mut Bytes) -> GroundId {
    GroundId(bytes.index(terms))
}

fn op(bytes: &mut Bytes) -> ArithmeticOp {
    use ArithmeticOp as A;
    *bytes.pick(&[
        A::Add,
        A::Subtract,
        A::Multiply,
        A::Divide,
        A::Negate,
        A::IntDivide,
        A::Modulo,
        A::ToReal,
    ])
}

fn ground(terms: usize, problem: &Problem, bytes: &mut Bytes) -> GroundTerm {
    match bytes.below(4) {
        0 => GroundTerm::Witness(sort(problem, bytes)),
        1 => GroundTerm::Number(bytes.number(), sort(problem, bytes)),
        2 => GroundTerm::Arithmetic(op(bytes), bytes.many(|b| id(terms, b)).into()),
        _ => GroundTerm::Apply(symbol(problem, bytes), bytes.many(|b| id(terms, b)).into()),
    }
}

fn line(terms: usize, problem: &Problem, bytes: &mut Bytes) -> Line {
    let formula = |b: &mut Bytes| TermId(b.index(problem.terms.len()));
    let binding = |b: &mut Bytes| -> Box<[(VarId, GroundId)]> {
        let variables = problem.terms.variables().len();
        let mut out = b.many(|b| (VarId(b.index(variables)), id(terms, b)));
        out.sort();
        out.into()
    };
    let pairs = |b: &mut Bytes| b.many(|b| (id(terms, b), id(terms, b))).into();
    match bytes.below(11) {
        0 => Line::Assert(Item::Premise(bytes.index(problem.premises.len()))),
        1 => Line::Assert(Item::Goal(bytes.index(0))),
        2 => Line::Instance {
            formula: formula(bytes),
            binding: binding(bytes),
            terms: bytes.many(|b| id(terms, b)).into(),
        },
        3 => Line::Witness {
            formula: formula(bytes),
            binding: binding(bytes),
            constants: bytes.many(|b| id(terms, b)).into(),
        },
        4 => Line::Equal {
            equal: pairs(bytes),
            then: (id(terms, bytes), id(terms, bytes)),
        },
        5 => Line::SameAtom {
            equal: pairs(bytes),
            predicate: symbol(problem, bytes),
            from: bytes.many(|b| id(terms, b)).into(),
            to: bytes.many(|b| id(terms, b)).into(),
        },
        6 => Line::OneOf(id(terms, bytes)),
        7 => Line::Different(id(terms, bytes), id(terms, bytes)),
        8 => Line::Linear(bytes.many(|b| fact(terms, b)).into()),
        9 => Line::IntegerSplit(id(terms, bytes), bytes.number()),
        _ => Line::Trichotomy(id(terms, bytes), id(terms, bytes)),
    }
}

fn fact(terms: usize, bytes: &mut Bytes) -> LinearFact {
    let ops = [
        CompareOp::Less,
        CompareOp::LessEq,
        CompareOp::Greater,
        CompareOp::GreaterEq,
    ];
    LinearFact {
        left: id(terms, bytes),
        op: match bytes.below(5) {
            4 => None,
            i => Some(ops[i]),
        },
        right: id(terms, bytes),
        holds: bytes.below(2) == 0,
        factor: bytes.number(),
    }
}

/// Changes one thing in a line.
fn adjust(line: &mut Line, terms: usize, problem: &Problem, bytes: &mut Bytes) {
    let another = |list: &mut Box<[GroundId]>, bytes: &mut Bytes| {
        let mut out = list.to_vec();
        change(&mut out, bytes, |b| id(terms, b));
        *list = out.into();
    };
    match line {
        Line::Assert(item) => *item = Item::Premise(bytes.index(problem.premises.len())),
        Line::Instance {
            formula,
            binding,
            terms: list,
        }
        | Line::Witness {
            formula,
            binding,
            constants: list,
        } => match bytes.below(3) {
            0 => *formula = TermId(bytes.index(problem.terms.len())),
            1 if !binding.is_empty() => {
                let at = bytes.below(binding.len());
                binding[at].1 = id(terms, bytes);
            }
            _ => another(list, bytes),
        },
        Line::Equal { equal, then } => match bytes.below(2) {
            0 if !equal.is_empty() => {
                let at = bytes.below(equal.len());
                equal[at].0 = id(terms, bytes);
            }
            _ => then.1 = id(terms, bytes),
        },
        Line::SameAtom {
            from,
            to,
            predicate,
            ..
        } => match bytes.below(3) {
            0 => *predicate = symbol(problem, bytes),
            1 => another(from, bytes),
            _ => another(to, bytes),
        },
        Line::OneOf(t) => *t = id(terms, bytes),
        Line::Different(_, t) | Line::Trichotomy(_, t) => *t = id(terms, bytes),
        Line::Linear(facts) => {
            let mut out = facts.to_vec();
            match bytes.below(3) {
                0 => change(&mut out, bytes, |b| fact(terms, b)),
                _ if out.is_empty() => {}
                1 => {
                    let at = bytes.below(out.len());
                    out[at].holds = !out[at].holds;
                }
                _ => {
                    let at = bytes.below(out.len());
                    out[at].factor = bytes.number();
                }
            }
            *facts = out.into();
        }
        Line::IntegerSplit(_, at) => *at = bytes.number(),
    }
}

pub fn change_model(model: &mut Model, problem: &Problem, bytes: &mut Bytes) {
    let mut changes = 0;
    while !bytes.is_empty() && changes < 100 {
        changes += 1;
        match bytes.below(5) {
            0 => {
                let size = bytes.below(5);
                let names = (0..size).map(|i| Arc::from(format!("e{i}")));
                model.domains.insert(sort(problem, bytes), names.collect());
            }
            1 => drop(model.domains.remove(&sort(problem, bytes))),
            2 => drop(model.tables.remove(&symbol(problem, bytes))),
            3 => {
                let table = Table::constant(thing(bytes));
                model.tables.insert(symbol(problem, bytes), table);
            }
            _ => {
                if let Some(table) = model.tables.get_mut(&symbol(problem, bytes)) {
                    let arguments: Box<[Value]> = bytes.many(thing).into();
                    table.entries.insert(arguments, thing(bytes));
                }
            }
        }
    }
}

fn thing(bytes: &mut Bytes) -> Value {
    match bytes.below(4) {
        0 => Value::Bool(bytes.below(2) == 1),
        1 => Value::Number(bytes.number()),
        _ => Value::Element(bytes.index(3)),
    }
}
