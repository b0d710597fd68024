//! Random programs for tests, from a seed: `problem(seed)` is the same program
//! for the same seed. All are safe and stratified in their aggregates, so
//! [`validate`](nsolve_il::program::validate) accepts them.

use std::sync::Arc;

use nsolve_il::program::{
    Aggregate, AggregateElement, AggregateFunction, ArithmeticOp, Atom, CONS, ChoiceElement,
    Comparison, Cost, DeclaredType, Goal, Guard, Head, Literal, Meaning, NIL, Predicate,
    PredicateId, Problem, Rule, Show, Sign, Term, TypeId, Value, ValueType, VarId,
};

/// Xorshift (Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % n.max(1) as u64).unwrap_or(0)
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<T: Clone>(&mut self, from: &[T], other: T) -> T {
        let at = self.below(from.len());
        from.get(at).cloned().unwrap_or(other)
    }
}

/// Predicates that rules derive come first; the rest are facts and conditions
/// only, so that no aggregate is recursive.
const DERIVED: usize = 4;

const NAMES: [&str; 6] = ["a", "tom", "Odd Name", "not", "it's", "x1"];

const COMPARISONS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Less,
    Comparison::LessOrEqual,
    Comparison::Greater,
    Comparison::GreaterOrEqual,
];

/// A random program; the same one for the same seed.
pub fn problem(seed: u64) -> Problem {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    // The first numbers of seeds that are close are close too.
    for _ in 0..4 {
        random.below(2);
    }
    let mut out = Problem::new();
    if random.one_in(4) {
        out.meaning = Meaning::OpenWorld;
    }
    if random.one_in(4) {
        out.depth = 1 + random.below(900) as u32;
    }
    if random.one_in(2) {
        let values = (0..3)
            .map(|i| Value::Int(i - 1))
            .chain([Value::Constant("red".into())]);
        out.types.push(DeclaredType {
            name: "small".into(),
            values: values.collect(),
        });
    }
    predicates(&mut random, &mut out);
    for _ in 0..1 + random.below(8) {
        let rule = Maker::new(&mut random, &out).rule();
        out.rules.push(rule);
    }
    if random.one_in(2) {
        let mut maker = Maker::new(&mut random, &out);
        let body = maker.body();
        let (variables, sentence) = (maker.variables, None);
        out.goal = Some(Goal {
            body,
            variables,
            sentence,
            span: None,
        });
    }
    if random.one_in(3) {
        out.show = Show::Only((0..random.below(3) as u32).map(PredicateId).collect());
    }
    out
}

fn predicates(random: &mut Random, out: &mut Problem) {
    for i in 0..2 * DERIVED {
        let name: Arc<str> = match i {
            1 => "odd name".into(),
            i => format!("p{}", i / 2).into(),
        };
        // Every other one is the stated negation of the one before.
        let denied = i % 2 == 1 && i != 1;
        let arity = match out.predicates.last() {
            Some(before) if denied => before.arity,
            _ => random.below(4) as u32,
        };
        let meaning = random.one_in(4).then(|| "it \"means\"\nthis".into());
        let types = match out.predicates.last() {
            Some(before) if denied => before.types.clone(),
            _ if random.one_in(3) && !out.types.is_empty() && arity > 0 => {
                let all = (0..arity).map(|_| match random.below(2) {
                    0 => ValueType::Declared(TypeId(0)),
                    _ => ValueType::Any,
                });
                let all: Vec<ValueType> = all.collect();
                let any = all.iter().all(|t| *t == ValueType::Any);
                (!any).then(|| all.into())
            }
            _ => None,
        };
        out.predicates.push(Predicate {
            name,
            arity,
            denied,
            types,
            meaning,
        });
    }
}

struct Maker<'r> {
    random: &'r mut Random,
    problem: &'r Problem,
    variables: Vec<Arc<str>>,
    /// The variables that positive atoms of the body bind.
    bound: Vec<VarId>,
}

impl<'r> Maker<'r> {
    fn new(random: &'r mut Random, problem: &'r Problem) -> Self {
        Maker {
            random,
            problem,
            variables: Vec::new(),
            bound: Vec::new(),
        }
    }

    fn open(&self) -> bool {
        self.problem.meaning == Meaning::OpenWorld
    }

    fn fresh(&mut self) -> VarId {
        let id = VarId(self.variables.len() as u32);
        let name = match self.random.below(4) {
            0 => "_".into(),
            n => format!("X{n}").into(),
        };
        self.variables.push(name);
        id
    }

    /// An atom of which the variables are those in `from`, or new ones.
    fn atom(&mut self, derived: bool, from: &[VarId], bind: bool) -> Atom {
        let offset = if derived { 0 } else { DERIVED };
        let id = offset + self.random.below(DERIVED);
        let predicate = self.problem.predicates.get(id);
        let arity = predicate.map_or(0, |p| p.arity);
        let types = predicate.and_then(|p| p.types.clone());
        let mut arguments = Vec::new();
        for i in 0..arity as usize {
            let typed = types
                .as_ref()
                .and_then(|t| t.get(i))
                .is_some_and(|t| *t != ValueType::Any);
            arguments.push(match typed {
                true => Term::Value(Value::Int(self.random.below(2) as i64)),
                false => self.argument(from, bind),
            });
        }
        Atom {
            predicate: PredicateId(id as u32),
            arguments,
        }
    }

    fn argument(&mut self, from: &[VarId], bind: bool) -> Term {
        if bind && self.random.one_in(2) {
            let new = self.fresh();
            self.bound.push(new);
            return match self.random.below(4) {
                0 => Term::Function("f".into(), vec![Term::Variable(new)]),
                _ => Term::Variable(new),
            };
        }
        self.term(from, 2, !bind)
    }

    fn term(&mut self, from: &[VarId], depth: usize, arithmetic: bool) -> Term {
        if depth > 0 && self.random.one_in(3) {
            let parts = 1 + self.random.below(2);
            let mut parts: Vec<Term> = (0..parts)
                .map(|_| self.term(from, depth - 1, arithmetic))
                .collect();
            return match self.random.below(4) {
                0 => function("", parts),
                1 if parts.len() == 2 => function(CONS, parts),
                2 if arithmetic => {
                    let number = |t: &Term| match t {
                        Term::Variable(_) | Term::Arithmetic(..) | Term::Value(Value::Int(_)) => {
                            t.clone()
                        }
                        _ => Term::Value(Value::Int(-4)),
                    };
                    parts = parts.iter().map(number).collect();
                    Term::Arithmetic(self.operation(parts.len()), parts)
                }
                _ => function("g h", parts),
            };
        }
        match from.get(self.random.below(from.len() + 1)) {
            Some(v) => Term::Variable(*v),
            None => Term::Value(self.value()),
        }
    }

    fn operation(&mut self, arity: usize) -> ArithmeticOp {
        use ArithmeticOp::{
            Absolute, Add, Divide, Modulo, Multiply, Negate, Power, Remainder, Subtract,
        };
        match arity {
            1 => self.random.pick(&[Negate, Absolute], Negate),
            _ => self.random.pick(
                &[Add, Subtract, Multiply, Divide, Remainder, Modulo, Power],
                Add,
            ),
        }
    }

    fn value(&mut self) -> Value {
        match self.random.below(8) {
            0 => Value::Infimum,
            1 => Value::Supremum,
            2 => Value::Text("a \"b\" \\ \n c".into()),
            3 => Value::Constant(NIL.into()),
            4 | 5 => Value::Int(self.random.below(9) as i64 - 4),
            _ => Value::Constant(self.random.pick(&NAMES, "a").into()),
        }
    }

    fn known(&mut self, arithmetic: bool) -> Term {
        let from = self.bound.clone();
        self.term(&from, 2, arithmetic)
    }

    fn comparison(&mut self) -> Comparison {
        self.random.pick(&COMPARISONS, Comparison::Equal)
    }

    fn body(&mut self) -> Vec<Literal> {
        let mut out = Vec::new();
        for _ in 0..self.random.below(3) {
            let from = self.bound.clone();
            out.push(Literal::Atom(Sign::Positive, self.atom(true, &from, true)));
        }
        for _ in 0..self.random.below(3) {
            let from = self.bound.clone();
            out.push(match self.random.below(4) {
                0 => Literal::Compare(self.comparison(), self.known(true), self.known(true)),
                1 => {
                    let number = |n: usize| Term::Value(Value::Int(n as i64));
                    Literal::Range(self.known(false), number(1), number(self.random.below(9)))
                }
                2 if !self.open() => Literal::Atom(Sign::Not, self.atom(false, &from, false)),
                3 if !self.open() => self.aggregate(),
                _ => Literal::Atom(Sign::Positive, self.atom(false, &from, false)),
            });
        }
        out
    }

    fn aggregate(&mut self) -> Literal {
        let functions = [
            AggregateFunction::Count,
            AggregateFunction::Sum,
            AggregateFunction::Min,
            AggregateFunction::Max,
        ];
        let mut elements = Vec::new();
        for _ in 0..self.random.below(3) {
            let globals = self.bound.clone();
            let condition = vec![Literal::Atom(
                Sign::Positive,
                self.atom(false, &globals, true),
            )];
            let tuple = vec![self.known(true)];
            self.bound = globals;
            elements.push(AggregateElement { tuple, condition });
        }
        let mut guards = Vec::new();
        for _ in 0..1 + self.random.below(2) {
            guards.push(Guard {
                relation: self.comparison(),
                term: self.known(true),
            });
        }
        let sign = if self.random.one_in(3) {
            Sign::Not
        } else {
            Sign::Positive
        };
        let function = self.random.pick(&functions, AggregateFunction::Count);
        Literal::Aggregate(
            sign,
            Aggregate {
                function,
                elements,
                guards,
            },
        )
    }

    fn choice(&mut self) -> Head {
        let mut elements = Vec::new();
        for _ in 0..self.random.below(3) {
            let globals = self.bound.clone();
            let condition = match self.random.below(2) {
                0 => Vec::new(),
                _ => vec![Literal::Atom(
                    Sign::Positive,
                    self.atom(false, &globals, true),
                )],
            };
            let from = self.bound.clone();
            let atom = self.atom(true, &from, false);
            self.bound = globals;
            elements.push(ChoiceElement { atom, condition });
        }
        let mut guards = Vec::new();
        for _ in 0..self.random.below(3) {
            guards.push(Guard {
                relation: self.comparison(),
                term: self.known(true),
            });
        }
        Head::Choice { elements, guards }
    }

    fn rule(mut self) -> Rule {
        let body = self.body();
        let from = self.bound.clone();
        let head = match self.random.below(if self.open() { 3 } else { 7 }) {
            0 => Head::Never,
            1 | 2 => Head::Atom(self.atom(true, &from, false)),
            3 => Head::Disjunction((0..2).map(|_| self.atom(true, &from, false)).collect()),
            4 => Head::Cost(Cost {
                weight: self.known(true),
                level: self.known(true),
                tuple: (0..self.random.below(3))
                    .map(|_| self.known(true))
                    .collect(),
            }),
            _ => self.choice(),
        };
        let sentence = self
            .random
            .one_in(3)
            .then(|| "It is so. 100% {sure}".into());
        Rule {
            head,
            body,
            variables: self.variables,
            sentence,
            span: None,
        }
    }
}

fn function(name: &str, parts: Vec<Term>) -> Term {
    super::elaborate::applied(name.into(), parts)
}
