//! Random problems and structures over one small signature, and an evaluator
//! that shares nothing with the checker's.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use nsolve_il::Rational;
use nsolve_il::fol::{
    ArithmeticOp, Builder, CompareOp, Declared, Model, Problem, Quantifier, Query, Question,
    SortId, SortKind, SymbolId, Table, Term, TermId, Value, VarId,
};

/// A small random number generator (SplitMix64).
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

pub(crate) fn integer(n: i64) -> Rational {
    Rational::from_integer(n.into())
}

/// Makes random formulas.
pub(crate) struct Maker {
    pub(crate) b: Builder,
    rng: Rng,
    thing: SortId,
    colour: SortId,
    scope: Vec<(VarId, SortId)>,
    numbers: bool,
}

impl Maker {
    pub(crate) fn new(seed: u64, numbers: bool) -> Maker {
        let mut b = Builder::new();
        let by = Declared::Generated;
        let thing = b.default_sort();
        let colour = b
            .enumerated("Colour", &[("red", by), ("green", by)], by)
            .unwrap();
        for name in ["a", "b"] {
            b.constant(name, thing).unwrap();
        }
        b.constant("c", colour).unwrap();
        b.symbol("f", &[thing], thing, by).unwrap();
        for (name, sorts) in [
            ("p", vec![thing]),
            ("r", vec![thing, thing]),
            ("q", vec![colour]),
            ("s", vec![]),
        ] {
            b.predicate(name, &sorts).unwrap();
        }
        if numbers {
            b.constant("k", SortId::INT).unwrap();
            b.constant("x", SortId::REAL).unwrap();
            b.symbol("g", &[thing], SortId::INT, by).unwrap();
        }
        Maker {
            b,
            rng: Rng(seed),
            thing,
            colour,
            scope: Vec::new(),
            numbers,
        }
    }

    fn symbol(&mut self, name: &str, arguments: Vec<TermId>, predicate: bool) -> TermId {
        let found = self
            .b
            .signature()
            .find_symbol(name, arguments.len(), predicate);
        self.b.apply(found.unwrap(), arguments).unwrap()
    }

    fn variable(&mut self, sort: SortId) -> Option<TermId> {
        let fitting: Vec<VarId> = self
            .scope
            .iter()
            .filter(|s| s.1 == sort)
            .map(|s| s.0)
            .collect();
        if fitting.is_empty() || self.rng.one_in(4) {
            return None;
        }
        let v = *self.rng.pick(&fitting);
        Some(self.b.var(v))
    }

    fn term(&mut self, sort: SortId, depth: usize) -> TermId {
        if let Some(variable) = self.variable(sort) {
            return variable;
        }
        if sort == self.colour {
            let name = *self.rng.pick(&["red", "green", "c"]);
            return self.symbol(name, vec![], false);
        }
        if sort == self.thing {
            if depth > 0 && self.rng.one_in(3) {
                let inner = self.term(sort, depth - 1);
                return self.symbol("f", vec![inner], false);
            }
            let name = *self.rng.pick(&["a", "b"]);
            return self.symbol(name, vec![], false);
        }
        self.number(sort, depth)
    }

    fn number(&mut self, sort: SortId, depth: usize) -> TermId {
        let choice = self.rng.below(if depth == 0 { 2 } else { 6 });
        match choice {
            0 => {
                let value = integer(self.rng.below(5) as i64 - 2);
                self.b.number(value, sort).unwrap()
            }
            1 => {
                let name = if sort == SortId::INT { "k" } else { "x" };
                self.symbol(name, vec![], false)
            }
            2 if sort == SortId::INT => {
                let inner = self.term(self.thing, 1);
                self.symbol("g", vec![inner], false)
            }
            _ => {
                let ops: &[ArithmeticOp] = if sort == SortId::INT {
                    &[
                        ArithmeticOp::Add,
                        ArithmeticOp::Multiply,
                        ArithmeticOp::Subtract,
                        ArithmeticOp::Negate,
                        ArithmeticOp::IntDivide,
                        ArithmeticOp::Modulo,
                    ]
                } else {
                    &[
                        ArithmeticOp::Add,
                        ArithmeticOp::Multiply,
                        ArithmeticOp::Subtract,
                        ArithmeticOp::Divide,
                    ]
                };
                let op = *self.rng.pick(ops);
                let count = if op == ArithmeticOp::Negate { 1 } else { 2 };
                let mut parts: Vec<TermId> =
                    (0..count).map(|_| self.number(sort, depth - 1)).collect();
                if matches!(
                    op,
                    ArithmeticOp::Divide | ArithmeticOp::IntDivide | ArithmeticOp::Modulo
                ) {
                    // Division by zero is for tests of its own.
                    let divisor = [-3, -2, 2, 3][self.rng.below(4)];
                    parts[1] = self.b.number(integer(divisor), sort).unwrap();
                }
                self.b.arithmetic(op, parts).unwrap()
            }
        }
    }

    fn atom(&mut self) -> TermId {
        let (thing, colour) = (self.thing, self.colour);
        match self.rng.below(if self.numbers { 11 } else { 8 }) {
            0 => self.symbol("s", vec![], true),
            1 => {
                let t = self.term(colour, 0);
                self.symbol("q", vec![t], true)
            }
            2 | 3 => {
                let ts = vec![self.term(thing, 1), self.term(thing, 1)];
                self.symbol("r", ts, true)
            }
            4 | 5 => {
                let t = self.term(thing, 2);
                self.symbol("p", vec![t], true)
            }
            6 | 7 => {
                let sort = if self.rng.one_in(4) { colour } else { thing };
                let (s, t) = (self.term(sort, 2), self.term(sort, 1));
                match self.rng.below(4) {
                    0 => {
                        let u = self.term(sort, 1);
                        self.b.distinct(vec![s, t, u]).unwrap()
                    }
                    _ => self.b.equal(s, t).unwrap(),
                }
            }
            _ => {
                let sort = *self.rng.pick(&[SortId::INT, SortId::REAL]);
                let (s, t) = (self.number(sort, 2), self.number(sort, 1));
                let op = *self.rng.pick(&[
                    CompareOp::Less,
                    CompareOp::LessEq,
                    CompareOp::Greater,
                    CompareOp::GreaterEq,
                ]);
                match self.rng.below(3) {
                    0 => self.b.equal(s, t).unwrap(),
                    _ => self.b.compare(op, s, t).unwrap(),
                }
            }
        }
    }

    pub(crate) fn formula(&mut self, depth: usize) -> TermId {
        if depth == 0 {
            return self.atom();
        }
        match self.rng.below(11) {
            0 => {
                let t = self.formula(depth - 1);
                self.b.not(t).unwrap()
            }
            1 | 2 => {
                let ts = vec![self.formula(depth - 1), self.formula(depth - 1)];
                if self.rng.one_in(2) {
                    self.b.and(ts).unwrap()
                } else {
                    self.b.or(ts).unwrap()
                }
            }
            3 => {
                let (s, t) = (self.formula(depth - 1), self.formula(depth - 1));
                match self.rng.below(4) {
                    0 => self.b.iff(s, t).unwrap(),
                    1 => self.b.xor(s, t).unwrap(),
                    _ => self.b.implies(s, t).unwrap(),
                }
            }
            4 => self.atom(),
            _ => self.quantified(depth),
        }
    }

    fn quantified(&mut self, depth: usize) -> TermId {
        let n = self.rng.below(4) as u32;
        let quantifier = match self.rng.below(10) {
            0 => Quantifier::AtLeast(n),
            1 => Quantifier::AtMost(n),
            2 => Quantifier::Exactly(n),
            3 => Quantifier::ExistsUnique,
            4..=6 => Quantifier::Exists,
            _ => Quantifier::Forall,
        };
        let many = !quantifier.is_counting() && self.rng.one_in(3);
        let mut own = Vec::new();
        for i in 0..if many { 2 } else { 1 } {
            let sort = if self.rng.one_in(5) {
                self.colour
            } else {
                self.thing
            };
            let v = self.b.variable(&format!("v{i}"), sort);
            self.scope.push((v, sort));
            own.push(v);
        }
        let body = self.formula(depth - 1);
        self.scope.truncate(self.scope.len() - own.len());
        self.b.quantified(quantifier, own, body).unwrap()
    }

    /// The problem with these premises.
    pub(crate) fn finish(mut self, premises: &[TermId]) -> Problem {
        for (i, &premise) in premises.iter().enumerate() {
            self.b
                .premise(&format!("p{i}"), premise, None, None)
                .unwrap();
        }
        self.b.finish(Question::Model)
    }
}

/// A random problem with so many premises.
pub(crate) fn problem(seed: u64, premises: usize, depth: usize, numbers: bool) -> Problem {
    let mut maker = Maker::new(seed, numbers);
    let premises: Vec<TermId> = (0..premises).map(|_| maker.formula(depth)).collect();
    maker.finish(&premises)
}

/// A structure with full tables.
pub(crate) struct Structure {
    sizes: HashMap<SortId, u32>,
    /// By symbol and arguments; what is not listed is the default.
    values: HashMap<(SymbolId, Vec<Value>), Value>,
}

pub(crate) fn structure(problem: &Problem, rng: &mut Rng) -> Structure {
    let signature = &problem.signature;
    let mut sizes = HashMap::new();
    for sort in signature.sort_ids() {
        match &signature.sort(sort).kind {
            SortKind::Uninterpreted => {
                sizes.insert(sort, 1 + rng.below(3) as u32);
            }
            SortKind::Enumerated(elements) => {
                sizes.insert(sort, elements.len() as u32);
            }
            _ => {}
        }
    }
    let mut values = HashMap::new();
    for symbol in signature.symbol_ids() {
        let entry = signature.symbol(symbol);
        let mut rows: Vec<Vec<Value>> = vec![vec![]];
        for sort in &entry.arguments {
            rows = rows
                .iter()
                .flat_map(|row| {
                    (0..sizes[sort]).map(|i| {
                        let mut row = row.clone();
                        row.push(Value::Element(i));
                        row
                    })
                })
                .collect();
        }
        for row in rows {
            let value = match (signature.element_index(symbol), entry.result) {
                (Some(i), _) => Value::Element(i as u32),
                (_, SortId::BOOL) => Value::Bool(rng.one_in(2)),
                (_, SortId::INT) => Value::Number(integer(rng.below(5) as i64 - 2)),
                (_, SortId::REAL) => {
                    Value::Number(Rational::new((rng.below(9) as i64 - 4).into(), 2.into()))
                }
                (_, sort) => Value::Element(rng.below(sizes[&sort] as usize) as u32),
            };
            values.insert((symbol, row), value);
        }
    }
    Structure { sizes, values }
}

impl Structure {
    /// The structure as a model in the form of the contracts.
    pub(crate) fn model(&self, problem: &Problem) -> Model {
        let signature = &problem.signature;
        let mut model = Model::default();
        for sort in signature.sort_ids() {
            if signature.sort(sort).kind == SortKind::Uninterpreted {
                let names = (0..self.sizes[&sort]).map(|i| Arc::from(format!("e{i}")));
                model.domains.insert(sort, names.collect());
            }
        }
        for ((symbol, row), value) in &self.values {
            if signature.element_index(*symbol).is_none() {
                let table = model.tables.entry(*symbol).or_insert_with(|| Table {
                    default: value.clone(),
                    entries: BTreeMap::new(),
                });
                table.entries.insert(row.clone().into(), value.clone());
            }
        }
        model
    }

    /// A closed formula's truth value.
    pub(crate) fn holds(&self, problem: &Problem, formula: TermId) -> bool {
        self.value(problem, formula, &HashMap::new()) == Value::Bool(true)
    }

    /// Whether all items of a query hold.
    pub(crate) fn satisfies(&self, problem: &Problem, query: &Query) -> bool {
        query
            .assertions(problem)
            .all(|(_, formula, sign)| self.holds(problem, formula) == sign)
    }

    fn value(&self, problem: &Problem, t: TermId, env: &HashMap<VarId, Value>) -> Value {
        let value = |t: &TermId| self.value(problem, *t, env);
        let truth = |t: &TermId| value(t) == Value::Bool(true);
        let number = |t: &TermId| match value(t) {
            Value::Number(n) => n,
            _ => panic!("no number"),
        };
        Value::Bool(match problem.terms.get(t) {
            Term::Var(v) => return env[v].clone(),
            Term::Apply(symbol, ts) => {
                return self.values[&(*symbol, ts.iter().map(value).collect())].clone();
            }
            Term::Number(n, _) => return Value::Number(n.clone()),
            Term::Arithmetic(op, ts) => {
                return Value::Number(calculate(*op, &ts.iter().map(number).collect::<Vec<_>>()));
            }
            Term::Bool(b) => *b,
            Term::Not(t) => !truth(t),
            Term::And(ts) => ts.iter().all(truth),
            Term::Or(ts) => ts.iter().any(truth),
            Term::Xor(a, b) => truth(a) ^ truth(b),
            Term::Implies(a, b) => !truth(a) | truth(b),
            Term::Iff(a, b) => truth(a) == truth(b),
            Term::Equal(a, b) => value(a) == value(b),
            Term::Distinct(ts) => {
                let values: Vec<Value> = ts.iter().map(value).collect();
                (0..values.len()).all(|i| !values[..i].contains(&values[i]))
            }
            Term::Compare(op, a, b) => match op {
                CompareOp::Less => number(a) < number(b),
                CompareOp::LessEq => number(a) <= number(b),
                CompareOp::Greater => number(a) > number(b),
                CompareOp::GreaterEq => number(a) >= number(b),
            },
            Term::Quantified(quantifier, vs, body) => {
                let mut rows: Vec<HashMap<VarId, Value>> = vec![env.clone()];
                for v in vs {
                    let size = self.sizes[&problem.terms.variable(*v).sort];
                    rows = rows
                        .iter()
                        .flat_map(|row| {
                            (0..size).map(|i| {
                                let mut row = row.clone();
                                row.insert(*v, Value::Element(i));
                                row
                            })
                        })
                        .collect();
                }
                let of = rows.len();
                let good = rows
                    .iter()
                    .filter(|row| self.value(problem, *body, row) == Value::Bool(true))
                    .count();
                match quantifier {
                    Quantifier::Forall => good == of,
                    Quantifier::Exists => good > 0,
                    Quantifier::ExistsUnique => good == 1,
                    Quantifier::AtLeast(n) => good >= *n as usize,
                    Quantifier::AtMost(n) => good <= *n as usize,
                    Quantifier::Exactly(n) => good == *n as usize,
                }
            }
        })
    }
}

fn calculate(op: ArithmeticOp, values: &[Rational]) -> Rational {
    let (a, b) = (&values[0], values.get(1).cloned().unwrap_or_default());
    match op {
        ArithmeticOp::Add => a + b,
        ArithmeticOp::Subtract => a - b,
        ArithmeticOp::Multiply => a * b,
        ArithmeticOp::Divide => a / b,
        ArithmeticOp::Negate => -a,
        ArithmeticOp::ToReal => a.clone(),
        // Division that leaves a remainder that is not negative.
        ArithmeticOp::IntDivide if b > integer(0) => (a / b).floor(),
        ArithmeticOp::IntDivide => (a / b).ceil(),
        ArithmeticOp::Modulo => {
            a - &b * calculate(ArithmeticOp::IntDivide, &[a.clone(), b.clone()])
        }
    }
}
