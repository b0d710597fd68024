//! Random propositional programs: the checker accepts exactly the sets of atoms
//! that are stable models by the definition.

use nsolve_backend::Outcome;
use nsolve_check::program::NotCheckable;
use nsolve_check::{Limits, Refusal, check_program};
use nsolve_il::program::{
    Aggregate, AggregateFunction, Answers, Atom, Comparison, Derivation, GroundAtom, Guard, Head,
    Literal, PredicateId, Problem, Query, Rule, Sign, StableModel, Step, Term, Value, Witness,
};

use crate::asp;

pub(crate) const ATOMS: [&str; 5] = ["a", "b", "c", "d", "e"];

/// A set of atoms, a bit each.
pub(crate) type Set = u32;

pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn atom(&mut self) -> &'static str {
        ATOMS[self.below(5) as usize]
    }

    pub(crate) fn literal(&mut self) -> String {
        match self.below(3) {
            0 => format!("not {}", self.atom()),
            _ => self.atom().to_owned(),
        }
    }

    fn aggregate(&mut self) -> String {
        let sign = if self.below(4) == 0 { "not " } else { "" };
        let (function, first) = match self.below(4) {
            0 => ("sum", "2"),
            1 => ("min", "3"),
            2 => ("max", "3"),
            _ => ("count", "1"),
        };
        let (x, y) = (self.literal(), self.literal());
        let relation = [">=", "=", "!=", "<"][self.below(4) as usize];
        let bound = self.below(3);
        format!("{sign}#{function}{{ {first} : {x} ; 1, z : {y} }} {relation} {bound}")
    }

    fn body(&mut self) -> String {
        let mut out: Vec<String> = (0..self.below(3)).map(|_| self.literal()).collect();
        if self.below(6) == 0 {
            out.push(self.aggregate());
        }
        out.join(", ")
    }

    fn rule(&mut self) -> String {
        let body = self.body();
        let head = match self.below(10) {
            0 => String::new(),
            1..=2 => format!("{} | {}", self.atom(), self.atom()),
            3 => format!("{} | {} | {}", self.atom(), self.atom(), self.atom()),
            4..=5 => {
                let guard = ["", ">= 1", "<= 1", "= 1", "!= 1"][self.below(5) as usize];
                let condition = self.literal();
                format!(
                    "{{ {} ; {} : {condition} }} {guard}",
                    self.atom(),
                    self.atom()
                )
            }
            _ => self.atom().to_owned(),
        };
        match (&*head, &*body) {
            ("", "") => self.rule(),
            (_, "") => format!("{head}."),
            _ => format!("{head} :- {body}."),
        }
    }

    pub(crate) fn program(&mut self) -> String {
        let rules: Vec<String> = (0..2 + self.below(6)).map(|_| self.rule()).collect();
        rules.join(" ")
    }
}

fn bit(atom: &Atom) -> Set {
    1 << atom.predicate.0
}

/// Whether a literal holds in the reduct by `m`, in the set `n`.
fn holds(literal: &Literal, n: Set, m: Set) -> bool {
    match literal {
        Literal::Atom(Sign::Positive, atom) => n & bit(atom) != 0,
        Literal::Atom(Sign::Not, atom) => m & bit(atom) == 0,
        Literal::Aggregate(Sign::Positive, aggregate) => aggregate_holds(aggregate, n, m),
        Literal::Aggregate(Sign::Not, aggregate) => !aggregate_holds(aggregate, m, m),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn all_hold(literals: &[Literal], n: Set, m: Set) -> bool {
    literals.iter().all(|l| holds(l, n, m))
}

fn aggregate_holds(aggregate: &Aggregate, n: Set, m: Set) -> bool {
    let mut tuples: Vec<&Vec<Term>> = Vec::new();
    for element in &aggregate.elements {
        if all_hold(&element.condition, n, m) && !tuples.contains(&&element.tuple) {
            tuples.push(&element.tuple);
        }
    }
    let firsts: Vec<i64> = tuples.iter().map(|t| number(&t[0])).collect();
    let value = match aggregate.function {
        AggregateFunction::Count => tuples.len() as i64,
        AggregateFunction::Sum => firsts.iter().sum(),
        AggregateFunction::Min => firsts.iter().copied().min().unwrap_or(i64::MAX),
        AggregateFunction::Max => firsts.iter().copied().max().unwrap_or(i64::MIN),
    };
    aggregate.guards.iter().all(|g| guard_holds(g, value))
}

fn number(term: &Term) -> i64 {
    match term {
        Term::Value(Value::Int(n)) => *n,
        other => panic!("{other:?}"),
    }
}

fn guard_holds(guard: &Guard, value: i64) -> bool {
    let order = value.cmp(&number(&guard.term));
    match guard.relation {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}

/// Whether the set `n` satisfies a rule of the reduct by `m`: of the rules whose
/// body holds in `m` (Faber, Leone and Pfeifer 2004), with `not` as in `m`.
fn satisfies(rule: &Rule, n: Set, m: Set) -> bool {
    if !all_hold(&rule.body, m, m) || !all_hold(&rule.body, n, m) {
        return true;
    }
    match &rule.head {
        Head::Atom(atom) => n & bit(atom) != 0,
        Head::Disjunction(atoms) => atoms.iter().any(|a| n & bit(a) != 0),
        Head::Never => false,
        Head::Cost(_) => true,
        Head::Choice { elements, guards } => {
            let mut chosen: Set = 0;
            for e in elements {
                if all_hold(&e.condition, m, m) {
                    chosen |= m & bit(&e.atom);
                }
            }
            let fits = guards
                .iter()
                .all(|g| guard_holds(g, i64::from(chosen.count_ones())));
            fits && elements.iter().all(|e| {
                let wanted = m & bit(&e.atom) != 0 && all_hold(&e.condition, n, m);
                !wanted || n & bit(&e.atom) != 0
            })
        }
    }
}

/// The definition.
pub(crate) fn is_stable(problem: &Problem, m: Set) -> bool {
    let is_model = |n: Set| problem.rules.iter().all(|r| satisfies(r, n, m));
    // All proper subsets, by counting down within the bits of `m`.
    let mut smaller = m;
    let mut minimal = true;
    while smaller != 0 {
        smaller = (smaller - 1) & m;
        minimal &= !is_model(smaller);
    }
    is_model(m) && minimal
}

fn step(predicate: u32, rule: usize, element: usize) -> Step {
    Step {
        atom: GroundAtom {
            predicate: PredicateId(predicate),
            arguments: Vec::new().into(),
        },
        rule: rule as u32,
        element: element as u32,
        binding: Vec::new().into(),
    }
}

/// Steps that give atoms of `m`, as many as there are; through disjunctions with
/// one true atom where that goes.
pub(crate) fn steps(problem: &Problem, m: Set) -> (Vec<Step>, Set) {
    let mut out = Vec::new();
    let mut given: Set = 0;
    loop {
        let mut best: Option<(u32, Step)> = None;
        for (i, rule) in problem.rules.iter().enumerate() {
            let true_heads = rule
                .head
                .atoms()
                .fold(0, |s, a| s | (m & bit(a)))
                .count_ones();
            let price = match rule.head {
                Head::Disjunction(_) => true_heads,
                _ => 1,
            };
            for (j, atom) in rule.head.atoms().enumerate() {
                let mut body = rule.body.clone();
                if let Head::Choice { elements, .. } = &rule.head {
                    body.extend(elements[j].condition.iter().cloned());
                }
                let ready = body.iter().all(|l| match l {
                    Literal::Atom(Sign::Positive, a) => given & bit(a) != 0,
                    other => holds(other, m, m),
                });
                let wanted = m & bit(atom) & !given != 0;
                if ready && wanted && best.as_ref().is_none_or(|(p, _)| price < *p) {
                    best = Some((price, step(atom.predicate.0, i, j)));
                }
            }
        }
        let Some((_, step)) = best else {
            return (out, given);
        };
        given |= 1 << step.atom.predicate.0;
        out.push(step);
    }
}

fn check(problem: &Problem, steps: Vec<Step>) -> Result<(), Refusal> {
    let derivation = Derivation {
        steps,
        closed: Vec::new(),
    };
    let outcome = Outcome::sat(Witness::Models(Answers {
        models: vec![StableModel {
            derivation,
            cost: Vec::new(),
        }],
        complete: false,
        optimal: false,
    }));
    let query = Query::Models {
        limit: None,
        optimal: false,
        assuming: Vec::new(),
    };
    check_program(problem, &query, &outcome, &Limits { steps: 100_000 }).map(drop)
}

#[test]
fn exactly_the_stable_models_of_random_programs_are_accepted() {
    let mut rng = Rng(2026);
    let (mut stable, mut unstable, mut searched) = (0, 0, 0);
    for _ in 0..6_000 {
        let text = rng.program();
        let mut problem = asp::program(&text);
        for name in ATOMS {
            asp::atom(&mut problem, name);
        }
        for m in 0..1 << ATOMS.len() {
            let (mut steps, given) = steps(&problem, m);
            let expected = is_stable(&problem, m);
            if expected {
                assert_eq!(given, m, "{text}: no steps for {m:b}");
            }
            // What has no reason gets some reason or other.
            for p in (0..ATOMS.len() as u32).filter(|p| m & !given & 1 << p != 0) {
                let rule = rng.below(problem.rules.len() as u64) as usize;
                let giving = problem.rules.iter().enumerate().find_map(|(i, r)| {
                    let at = r.head.atoms().position(|a| a.predicate.0 == p)?;
                    Some((i, at))
                });
                let (rule, element) = giving.unwrap_or((rule, 0));
                steps.push(step(p, rule, element));
            }
            match check(&problem, steps) {
                Ok(()) => {
                    assert!(expected, "{text}: {m:b} is accepted");
                    stable += 1;
                }
                Err(Refusal::Program(fault)) => {
                    assert!(!expected, "{text}: {m:b} is refused: {fault}");
                    unstable += 1;
                    searched += usize::from(fault.to_string().contains("minimal"));
                }
                Err(Refusal::Unchecked(NotCheckable::RecursiveAggregate { .. })) => {}
                Err(other) => panic!("{text}: {other}"),
            }
        }
    }
    assert!(stable > 3_000, "{stable} stable models only");
    assert!(unstable > 50_000, "{unstable} others only");
    assert!(searched > 50, "{searched} that are not minimal only");
}
