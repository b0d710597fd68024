//! Random rules with variables: the checker finds the same instances as trying
//! all bindings does.

use std::collections::BTreeSet;

use nsolve_backend::Outcome;
use nsolve_check::program::ProgramFault;
use nsolve_check::{Limits, Refusal, check_program};
use nsolve_il::program::{
    AggregateFunction, Answers, ArithmeticOp, Atom, Comparison, Derivation, GroundAtom, Head,
    Literal, Problem, Query, Rule, Sign, StableModel, Step, Term, Value, Witness,
};

use crate::asp;

/// Variables are tried with these; rules whose instances come near the ends are
/// left out.
const LEAST: i64 = -5;
const MOST: i64 = 6;

struct Rng(u64);

impl Rng {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn pick(&mut self, of: &[&'static str]) -> &'static str {
        of[self.below(of.len() as u64) as usize]
    }

    fn variable(&mut self) -> &'static str {
        self.pick(&["X", "Y", "Z"])
    }

    fn term(&mut self) -> String {
        let (v, n) = (self.variable(), self.below(4));
        match self.below(12) {
            0 => format!("{n}"),
            1 => format!("{v} + {n}"),
            2 => format!("{n} - {v}"),
            3 => format!("-({v} - {n})"),
            4 => format!("{v} + {}", self.variable()),
            5 => format!("{v} * {}", self.variable()),
            6 => format!("{v} / {n}"),
            _ => v.to_owned(),
        }
    }

    fn literal(&mut self) -> String {
        let (a, b) = (self.term(), self.term());
        match self.below(10) {
            0..=2 => format!("e({a}, {b})"),
            3..=4 => format!("n({a})"),
            5 => format!("g(f({a}, {b}))"),
            6 => format!("not n({a})"),
            7 => format!("not e({a}, {b})"),
            8 => format!("{a} {} {b}", self.pick(&["<", "!=", ">=", "="])),
            _ => format!("{} = {a}..{b}", self.variable()),
        }
    }

    /// Slow to try out, so it comes last and at most once.
    fn aggregate(&mut self) -> String {
        let (a, b) = (self.term(), self.term());
        match self.below(3) {
            0 => format!(
                "#count{{ U : e({a}, U) }} {} 1",
                self.pick(&["<", "=", ">="])
            ),
            1 => format!(
                "{} = #sum{{ U, V : e(U, V), n(V + {}) }}",
                self.variable(),
                self.below(3)
            ),
            _ => format!("not #max{{ U : e(U, {a}) ; 1 : n({b}) }} > 1"),
        }
    }

    fn program(&mut self) -> String {
        let mut out = String::new();
        for _ in 0..5 + self.below(6) {
            let (a, b) = (self.below(3), self.below(3));
            out += &match self.below(3) {
                0 => format!("n({a}). "),
                1 => format!("e({a},{b}). "),
                _ => format!("g(f({a},{b})). "),
            };
        }
        let mut body = vec![
            self.pick(&["e(X, Y)", "e(X, X)", "n(Y)", "g(f(Z, X))"])
                .to_owned(),
        ];
        body.extend((0..self.below(4)).map(|_| self.literal()));
        if self.below(3) == 0 {
            body.push(self.aggregate());
        }
        let (a, b) = (self.term(), self.term());
        out + &format!("h({a}, f({b})) :- {}.", body.join(", "))
    }
}

type Binding = Vec<Option<i64>>;

fn term(t: &Term, binding: &Binding) -> Option<Value> {
    match t {
        Term::Variable(v) => binding[v.index()].map(Value::Int),
        Term::Value(value) => Some(value.clone()),
        Term::Function(name, args) => {
            let args: Option<Vec<Value>> = args.iter().map(|a| term(a, binding)).collect();
            Some(Value::Function(name.clone(), args?.into()))
        }
        Term::Arithmetic(op, args) => {
            let numbers: Option<Vec<i64>> =
                args.iter().map(|a| term(a, binding)?.as_int()).collect();
            Some(Value::Int(match (op, &numbers?[..]) {
                (ArithmeticOp::Add, [a, b]) => a + b,
                (ArithmeticOp::Subtract, [a, b]) => a - b,
                (ArithmeticOp::Multiply, [a, b]) => a * b,
                (ArithmeticOp::Divide, [a, b]) => a.checked_div(*b)?,
                (ArithmeticOp::Negate, [a]) => -a,
                other => panic!("{other:?}"),
            }))
        }
    }
}

fn ground(atom: &Atom, binding: &Binding) -> Option<GroundAtom> {
    let arguments: Option<Vec<Value>> = atom.arguments.iter().map(|t| term(t, binding)).collect();
    Some(GroundAtom {
        predicate: atom.predicate,
        arguments: arguments?.into(),
    })
}

fn compares(how: Comparison, a: &Value, b: &Value) -> bool {
    match how {
        Comparison::Equal => a == b,
        Comparison::NotEqual => a != b,
        Comparison::Less => a < b,
        Comparison::LessOrEqual => a <= b,
        Comparison::Greater => a > b,
        Comparison::GreaterOrEqual => a >= b,
    }
}

type Facts = BTreeSet<GroundAtom>;

/// Whether a literal holds; `None` where it is undefined.
fn holds(literal: &Literal, facts: &Facts, binding: &Binding) -> Option<bool> {
    Some(match literal {
        Literal::Atom(sign, atom) => {
            facts.contains(&ground(atom, binding)?) == (*sign == Sign::Positive)
        }
        Literal::Compare(how, a, b) => compares(*how, &term(a, binding)?, &term(b, binding)?),
        Literal::Range(t, low, high) => {
            let int = |t: &Term| term(t, binding)?.as_int();
            let (t, low, high) = (int(t)?, int(low)?, int(high)?);
            low <= t && t <= high
        }
        Literal::Aggregate(sign, aggregate) => {
            let mut tuples: BTreeSet<Vec<Value>> = BTreeSet::new();
            for element in &aggregate.elements {
                let mut locals = BTreeSet::new();
                let mut see = |t: &Term| {
                    t.each_variable(&mut |v| {
                        if binding[v.index()].is_none() {
                            locals.insert(v.index());
                        }
                    });
                };
                element.tuple.iter().for_each(&mut see);
                for literal in &element.condition {
                    literal.each_term(&mut see);
                }
                let locals: Vec<usize> = locals.into_iter().collect();
                each_binding(&locals, &mut binding.clone(), &mut |b| {
                    let all = element
                        .condition
                        .iter()
                        .all(|l| holds(l, facts, b) == Some(true));
                    let tuple: Option<Vec<Value>> =
                        element.tuple.iter().map(|t| term(t, b)).collect();
                    tuples.extend(tuple.filter(|_| all));
                });
            }
            let firsts = tuples.iter().map(|t| &t[0]);
            let value = match aggregate.function {
                AggregateFunction::Count => Value::Int(tuples.len() as i64),
                AggregateFunction::Sum => Value::Int(firsts.filter_map(Value::as_int).sum()),
                AggregateFunction::Min => firsts.min().cloned().unwrap_or(Value::Supremum),
                AggregateFunction::Max => firsts.max().cloned().unwrap_or(Value::Infimum),
            };
            let mut all = true;
            for guard in &aggregate.guards {
                all &= compares(guard.relation, &value, &term(&guard.term, binding)?);
            }
            all == (*sign == Sign::Positive)
        }
    })
}

fn each_binding(variables: &[usize], binding: &mut Binding, f: &mut dyn FnMut(&Binding)) {
    let Some((&first, rest)) = variables.split_first() else {
        return f(binding);
    };
    for n in LEAST..=MOST {
        binding[first] = Some(n);
        each_binding(rest, binding, f);
    }
    binding[first] = None;
}

/// The steps by a rule, one for each atom; `None` where bindings come near the
/// ends of what is tried.
fn instances(rule: &Rule, at: usize, facts: &Facts) -> Option<Vec<Step>> {
    let Head::Atom(head) = &rule.head else {
        panic!("{rule:?}");
    };
    let globals = rule.globals();
    let variables: Vec<usize> = (0..globals.len()).filter(|&v| globals[v]).collect();
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = true;
    let mut seen = BTreeSet::new();
    each_binding(&variables, &mut vec![None; globals.len()], &mut |binding| {
        if !rule
            .body
            .iter()
            .all(|l| holds(l, facts, binding) == Some(true))
        {
            return;
        }
        inside &= binding
            .iter()
            .flatten()
            .all(|n| (LEAST + 1..MOST).contains(n));
        if let Some(atom) = ground(head, binding)
            && seen.insert(atom.clone())
        {
            steps.push(Step {
                atom,
                rule: at as u32,
                element: 0,
                binding: binding.iter().map(|n| n.map(Value::Int)).collect(),
            });
        }
    });
    inside.then_some(steps)
}

fn check(problem: &Problem, steps: &[Step]) -> Result<(), Refusal> {
    let derivation = Derivation {
        steps: steps.to_vec(),
        closed: Vec::new(),
    };
    let outcome = Outcome::sat(Witness::Models(Answers {
        models: vec![StableModel {
            derivation,
            cost: Vec::new(),
        }],
        complete: true,
        optimal: false,
    }));
    let query = Query::Models {
        limit: None,
        optimal: false,
        assuming: Vec::new(),
    };
    check_program(problem, &query, &outcome, &Limits::default()).map(drop)
}

#[test]
fn joins_find_what_trying_everything_finds() {
    let mut rng = Rng(11);
    let (mut checked, mut removed) = (0, 0);
    for _ in 0..2_500 {
        let text = rng.program();
        let problem = asp::program(&text);
        let at = problem.rules.len() - 1;
        // Rules that leave variables unbound have no instances to compare.
        if problem.rules[at].schedule().is_err() {
            continue;
        }
        let mut facts = Facts::new();
        let mut steps = Vec::new();
        for (i, rule) in problem.rules[..at].iter().enumerate() {
            let atom = ground(rule.head.atoms().next().unwrap(), &Vec::new()).unwrap();
            if facts.insert(atom.clone()) {
                steps.push(Step {
                    atom,
                    rule: i as u32,
                    element: 0,
                    binding: Vec::new().into(),
                });
            }
        }
        let Some(heads) = instances(&problem.rules[at], at, &facts) else {
            continue;
        };
        let first = steps.len();
        steps.extend(heads);
        assert_eq!(check(&problem, &steps), Ok(()), "{text}");
        checked += 1;
        for left_out in first..steps.len() {
            let mut fewer = steps.clone();
            fewer.remove(left_out);
            let missing = ProgramFault::Missing {
                model: 0,
                rule: at as u32,
            };
            let refused = Err(Refusal::Program(missing));
            assert_eq!(check(&problem, &fewer), refused, "{text}");
            removed += 1;
        }
    }
    assert!(checked > 700, "{checked} programs only");
    assert!(removed > 600, "{removed} atoms left out only");
}
