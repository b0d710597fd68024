//! Atoms that hold, and which instances of literals hold among them. For
//! explanations; answers are checked by `nsolve-check`, which has its own.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use nsolve_il::program::{
    Aggregate, AggregateFunction, ArithmeticOp, Atom, Comparison, GroundAtom, Literal, PredicateId,
    Sign, Term, Value, schedule,
};
use rustc_hash::{FxHashMap, FxHashSet};

/// What stands for each variable of a rule.
pub(crate) type Binding = Vec<Option<Value>>;

/// The value of a term, where all its variables are known and its arithmetic is
/// defined.
pub(crate) fn evaluate(term: &Term, binding: &[Option<Value>]) -> Option<Value> {
    match term {
        Term::Variable(v) => binding.get(v.index())?.clone(),
        Term::Value(value) => Some(value.clone()),
        Term::Function(name, args) => {
            let args: Option<Vec<Value>> = args.iter().map(|t| evaluate(t, binding)).collect();
            Some(Value::Function(name.clone(), args?.into()))
        }
        Term::Arithmetic(op, args) => {
            let numbers: Option<Vec<i64>> = args
                .iter()
                .map(|t| evaluate(t, binding)?.as_int())
                .collect();
            calculate(*op, &numbers?).map(Value::Int)
        }
    }
}

/// What an operation comes to; `None` where it is undefined or does not fit.
pub(crate) fn calculate(op: ArithmeticOp, numbers: &[i64]) -> Option<i64> {
    match (op, numbers) {
        (ArithmeticOp::Add, [a, b]) => a.checked_add(*b),
        (ArithmeticOp::Subtract, [a, b]) => a.checked_sub(*b),
        (ArithmeticOp::Multiply, [a, b]) => a.checked_mul(*b),
        (ArithmeticOp::Divide, [a, b]) => a.checked_div(*b),
        (ArithmeticOp::Remainder, [a, b]) => a.checked_rem(*b),
        (ArithmeticOp::Modulo, [a, b]) => {
            let rest = a.checked_rem(*b)?;
            let other_sign = rest != 0 && (rest < 0) != (*b < 0);
            Some(if other_sign { rest + b } else { rest })
        }
        (ArithmeticOp::Power, [a, b]) => a.checked_pow(u32::try_from(*b).ok()?),
        (ArithmeticOp::Negate, [a]) => a.checked_neg(),
        (ArithmeticOp::Absolute, [a]) => a.checked_abs(),
        _ => None,
    }
}

/// Whether a comparison holds between two values.
pub(crate) fn compares(how: Comparison, a: &Value, b: &Value) -> bool {
    let order = a.cmp(b);
    match how {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}

/// Makes a term equal to a value by giving values to its variables; `false`
/// leaves the binding as far as it came.
pub(crate) fn matches(term: &Term, value: &Value, binding: &mut Binding) -> bool {
    if let Some(known) = evaluate(term, binding) {
        return known == *value;
    }
    match (term, value) {
        (Term::Variable(v), _) => match binding.get_mut(v.index()) {
            Some(slot) => {
                *slot = Some(value.clone());
                true
            }
            None => false,
        },
        (Term::Function(f, args), Value::Function(g, values)) => {
            f == g
                && args.len() == values.len()
                && args
                    .iter()
                    .zip(values.iter())
                    .all(|(t, v)| matches(t, v, binding))
        }
        (Term::Arithmetic(op, args), Value::Int(n)) => {
            let known: Vec<Option<i64>> = args
                .iter()
                .map(|t| evaluate(t, binding)?.as_int())
                .collect();
            let (term, needed) = match (op, args.as_slice(), known.as_slice()) {
                (ArithmeticOp::Negate, [t], _) => (t, n.checked_neg()),
                (ArithmeticOp::Add, [t, _], [None, Some(c)])
                | (ArithmeticOp::Add, [_, t], [Some(c), None]) => (t, n.checked_sub(*c)),
                (ArithmeticOp::Subtract, [t, _], [None, Some(c)]) => (t, n.checked_add(*c)),
                (ArithmeticOp::Subtract, [_, t], [Some(c), None]) => (t, c.checked_sub(*n)),
                _ => return false,
            };
            needed.is_some_and(|needed| matches(term, &Value::Int(needed), binding))
        }
        _ => false,
    }
}

/// An atom under a binding that knows all its variables.
pub(crate) fn ground(atom: &Atom, binding: &[Option<Value>]) -> Option<GroundAtom> {
    let arguments: Option<Vec<Value>> = atom
        .arguments
        .iter()
        .map(|t| evaluate(t, binding))
        .collect();
    Some(GroundAtom {
        predicate: atom.predicate,
        arguments: arguments?.into(),
    })
}

/// Atoms that hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    by_predicate: FxHashMap<PredicateId, Vec<Arc<[Value]>>>,
    all: FxHashSet<GroundAtom>,
}

impl Facts {
    pub(crate) fn insert(&mut self, atom: GroundAtom) {
        if self.all.insert(atom.clone()) {
            let list = self.by_predicate.entry(atom.predicate).or_default();
            list.push(atom.arguments);
        }
    }

    pub(crate) fn contains(&self, atom: &GroundAtom) -> bool {
        self.all.contains(atom)
    }

    /// Calls `found` for each way in which all literals hold, in an order in
    /// which they can be evaluated. Literals that can never be evaluated, since
    /// a variable stays unknown, do not hold.
    pub(crate) fn each_instance(
        &self,
        body: &[Literal],
        binding: &Binding,
        found: &mut dyn FnMut(&Binding) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let bound: Vec<bool> = binding.iter().map(Option::is_some).collect();
        let globals = globals(body, binding.len());
        let order = match schedule(body, &bound, &globals) {
            Ok(schedule) => schedule.order,
            Err(_) => return ControlFlow::Continue(()),
        };
        self.descend(body, &order, binding, found)
    }

    fn descend(
        &self,
        body: &[Literal],
        order: &[usize],
        binding: &Binding,
        found: &mut dyn FnMut(&Binding) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Some((&first, rest)) = order.split_first() else {
            return found(binding);
        };
        let Some(literal) = body.get(first) else {
            return ControlFlow::Continue(());
        };
        self.each_match(literal, binding, &mut |next| {
            self.descend(body, rest, next, found)
        })
    }

    /// Calls `found` for each way in which one literal holds.
    pub(crate) fn each_match(
        &self,
        literal: &Literal,
        binding: &Binding,
        found: &mut dyn FnMut(&Binding) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        match literal {
            Literal::Atom(Sign::Positive, atom) => {
                let rows = self.by_predicate.get(&atom.predicate);
                for row in rows.into_iter().flatten() {
                    let mut next = binding.clone();
                    let fits = atom.arguments.iter().zip(row.iter());
                    let (plain, arithmetic): (Vec<_>, Vec<_>) =
                        fits.partition(|(t, _)| !matches!(t, Term::Arithmetic(..)));
                    let all = plain.into_iter().chain(arithmetic);
                    if all.into_iter().all(|(t, v)| matches(t, v, &mut next)) {
                        found(&next)?;
                    }
                }
                ControlFlow::Continue(())
            }
            Literal::Atom(Sign::Not, atom) => match ground(atom, binding) {
                Some(atom) if !self.contains(&atom) => found(binding),
                _ => ControlFlow::Continue(()),
            },
            Literal::Compare(how, a, b) => {
                let (x, y) = (evaluate(a, binding), evaluate(b, binding));
                let mut next = binding.clone();
                let holds = match (x, y) {
                    (Some(x), Some(y)) => compares(*how, &x, &y),
                    (Some(x), None) if *how == Comparison::Equal => matches(b, &x, &mut next),
                    (None, Some(y)) if *how == Comparison::Equal => matches(a, &y, &mut next),
                    _ => false,
                };
                if holds {
                    found(&next)
                } else {
                    ControlFlow::Continue(())
                }
            }
            Literal::Range(term, low, high) => {
                let bounds = (evaluate(low, binding), evaluate(high, binding));
                let (Some(Value::Int(low)), Some(Value::Int(high))) = bounds else {
                    return ControlFlow::Continue(());
                };
                if let Some(known) = evaluate(term, binding) {
                    let within = known.as_int().is_some_and(|n| (low..=high).contains(&n));
                    return if within {
                        found(binding)
                    } else {
                        ControlFlow::Continue(())
                    };
                }
                for n in low..=high {
                    let mut next = binding.clone();
                    if matches(term, &Value::Int(n), &mut next) {
                        found(&next)?;
                    }
                }
                ControlFlow::Continue(())
            }
            Literal::Aggregate(sign, aggregate) => {
                let Some(value) = self.aggregate(aggregate, binding) else {
                    return ControlFlow::Continue(());
                };
                let mut next = binding.clone();
                let holds =
                    aggregate
                        .guards
                        .iter()
                        .all(|guard| match evaluate(&guard.term, &next) {
                            Some(bound) => compares(guard.relation, &value, &bound),
                            None => {
                                guard.relation == Comparison::Equal
                                    && matches(&guard.term, &value, &mut next)
                            }
                        });
                match (holds, sign) {
                    (true, Sign::Positive) => found(&next),
                    (false, Sign::Not) => found(binding),
                    _ => ControlFlow::Continue(()),
                }
            }
        }
    }

    /// What an aggregate comes to; `None` where a sum does not fit.
    pub(crate) fn aggregate(&self, aggregate: &Aggregate, binding: &Binding) -> Option<Value> {
        let mut tuples: BTreeSet<Vec<Value>> = BTreeSet::new();
        for element in &aggregate.elements {
            let _ = self.each_instance(&element.condition, binding, &mut |inner| {
                let tuple: Option<Vec<Value>> =
                    element.tuple.iter().map(|t| evaluate(t, inner)).collect();
                tuples.extend(tuple);
                ControlFlow::Continue(())
            });
        }
        let firsts = || tuples.iter().filter_map(|t| t.first());
        Some(match aggregate.function {
            AggregateFunction::Count => Value::Int(i64::try_from(tuples.len()).ok()?),
            AggregateFunction::Sum => {
                let mut numbers = firsts().filter_map(Value::as_int);
                Value::Int(numbers.try_fold(0i64, i64::checked_add)?)
            }
            AggregateFunction::Min => firsts().min().cloned().unwrap_or(Value::Supremum),
            AggregateFunction::Max => firsts().max().cloned().unwrap_or(Value::Infimum),
        })
    }
}

impl FromIterator<GroundAtom> for Facts {
    fn from_iter<I: IntoIterator<Item = GroundAtom>>(atoms: I) -> Self {
        let mut out = Facts::default();
        atoms.into_iter().for_each(|a| out.insert(a));
        out
    }
}

fn globals(body: &[Literal], count: usize) -> Vec<bool> {
    let mut out = vec![false; count];
    for literal in body {
        literal.each_global(&mut |v| {
            if let Some(slot) = out.get_mut(v.index()) {
                *slot = true;
            }
        });
    }
    out
}
