//! The order in which the literals of a conjunction are evaluated, and how.
//!
//! An order is always one of those that the safety of the rule allows: a
//! literal waits for what it needs. Among those that are ready, tests come
//! first, then what binds without a choice, then the atom with the fewest rows
//! to look at.

use nsolve_il::program::{
    Aggregate, AggregateFunction, Atom, Comparison, Literal, PredicateId, Sign, Term, Value, VarId,
};

use crate::builtin::{Bound, Expr, Pattern, expression, in_order, is_known, pattern};
use crate::intern::Values;
use crate::relation::Relation;
use crate::table::{at, put};

/// Which rows of a relation are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Window {
    /// All that are visible.
    All,
    /// Those that were there before the last round.
    Old,
    /// Those of the last round.
    New,
}

/// How the columns of a row are matched.
pub(crate) type Columns = Box<[(u32, Pattern)]>;

/// One step of a plan.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    /// Goes through all rows.
    Scan {
        relation: usize,
        window: Window,
        columns: Columns,
    },
    /// Goes through the rows with a key.
    Probe {
        relation: usize,
        window: Window,
        index: usize,
        key: Box<[Expr]>,
        columns: Columns,
    },
    /// Whether a row is there.
    Member {
        relation: usize,
        window: Window,
        row: Box<[Expr]>,
    },
    /// Whether a row is not there.
    Absent {
        relation: usize,
        row: Box<[Expr]>,
    },
    Compare(Comparison, Expr, Expr),
    Match(Pattern, Expr),
    Range(Pattern, Expr, Expr),
    /// An aggregate of what is known.
    Aggregate(Sign, Box<AggregatePlan>),
    /// What an aggregate of what is only possible may come to.
    Possible(Box<AggregatePlan>),
}

/// The steps of a conjunction.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) ops: Vec<Op>,
}

/// An element of an aggregate.
#[derive(Clone, Debug)]
pub(crate) struct ElementPlan {
    pub(crate) tuple: Box<[Expr]>,
    pub(crate) plan: Plan,
    /// Whether its condition is about what is known only.
    pub(crate) certain: bool,
}

/// What a guard compares with.
#[derive(Clone, Debug)]
pub(crate) enum GuardPlan {
    Compare(Comparison, Expr),
    Bind(u32),
}

/// An aggregate.
#[derive(Clone, Debug)]
pub(crate) struct AggregatePlan {
    pub(crate) function: AggregateFunction,
    pub(crate) elements: Vec<ElementPlan>,
    pub(crate) guards: Vec<GuardPlan>,
}

/// How many literals are compared for which goes next.
const MOST_COMPARED: usize = 100;

/// What is known while plans are made.
pub(crate) struct Planner<'a> {
    pub(crate) values: &'a mut Values,
    pub(crate) relations: &'a mut [Relation],
    /// Predicates of which the relations hold what is possible.
    pub(crate) open: &'a [bool],
    /// Predicates that grow while the plan runs.
    pub(crate) growing: &'a [bool],
    /// How many rows to expect of those.
    pub(crate) guess: f64,
    /// The rule's global variables.
    pub(crate) globals: &'a [bool],
}

impl Planner<'_> {
    /// Plans a conjunction. `first` is the literal that goes first, looking at
    /// new rows only; atoms of growing predicates before it then look at old
    /// rows. `None` where there is no order.
    pub(crate) fn plan(
        &mut self,
        body: &[&Literal],
        bound: &mut Bound,
        first: Option<usize>,
    ) -> Option<Plan> {
        let mut plan = Plan::default();
        let mut waiting: Vec<usize> = (0..body.len()).collect();
        let mut next = first;
        loop {
            let position = match next.take() {
                Some(position) => position,
                None => match self.cheapest(body, &waiting, bound) {
                    Some(position) => position,
                    None => break,
                },
            };
            waiting.retain(|&w| w != position);
            let window = match first {
                Some(f) if f == position => Window::New,
                Some(f) if position < f => Window::Old,
                _ => Window::All,
            };
            if let Some(op) = self.op(body.get(position)?, bound, window)? {
                plan.ops.push(op);
            }
        }
        waiting.is_empty().then_some(plan)
    }

    fn cheapest(&self, body: &[&Literal], waiting: &[usize], bound: &Bound) -> Option<usize> {
        let ready = |&position: &usize| {
            let cost = self.cost(body.get(position)?, bound)?;
            Some((position, cost))
        };
        // Of a very long body only a part is compared, or it would take for ever.
        let (near, far) = waiting.split_at(waiting.len().min(MOST_COMPARED));
        let best = near.iter().filter_map(ready);
        let best = best.min_by(|a, b| a.1.total_cmp(&b.1));
        best.or_else(|| far.iter().find_map(ready))
            .map(|(position, _)| position)
    }

    /// About how many ways to go on a literal gives; `None` where it must wait.
    fn cost(&self, literal: &Literal, bound: &Bound) -> Option<f64> {
        let known = |t: &Term| is_known(t, bound);
        match literal {
            Literal::Compare(Comparison::Equal, a, b) => {
                let (value, other) = if known(a) { (a, b) } else { (b, a) };
                (known(value) && can_match(other, bound)).then_some(0.0)
            }
            Literal::Compare(_, a, b) => (known(a) && known(b)).then_some(0.0),
            Literal::Range(t, low, high) => {
                if !known(low) || !known(high) || !can_match(t, bound) {
                    return None;
                }
                let size = match (low, high) {
                    (Term::Value(Value::Int(l)), Term::Value(Value::Int(h))) => {
                        (*h as f64 - *l as f64 + 1.0).max(0.0)
                    }
                    _ => 50.0,
                };
                Some(if known(t) { 0.0 } else { size })
            }
            Literal::Atom(Sign::Not, atom) => atom.arguments.iter().all(known).then_some(0.1),
            Literal::Atom(Sign::Positive, atom) => self.rows(atom, bound),
            Literal::Aggregate(sign, aggregate) => {
                self.is_ready(*sign, aggregate, bound).then_some(1e12)
            }
        }
    }

    fn rows(&self, atom: &Atom, bound: &Bound) -> Option<f64> {
        let arity = atom.arguments.len();
        let keys = atom.arguments.iter().filter(|t| is_known(t, bound)).count();
        if keys == arity {
            return Some(0.2);
        }
        let mut after = bound.clone();
        for i in in_order(&atom.arguments) {
            let term = atom.arguments.get(i)?;
            let new = nsolve_il::program::binds(term, &after)?;
            new.iter().for_each(|v| put(&mut after, v.index(), true));
        }
        let relation = self.relations.get(atom.predicate.index())?;
        let mut rows = f64::from(relation.len());
        if at(self.growing, atom.predicate.index()) {
            rows = rows.max(self.guess);
        }
        Some(1.0 + rows.powf((arity - keys) as f64 / arity as f64))
    }

    fn is_ready(&self, sign: Sign, aggregate: &Aggregate, bound: &Bound) -> bool {
        let mut ready = true;
        let mut see = |term: &Term| {
            if let Term::Variable(v) = term {
                ready &= at(bound, v.index()) || !at(self.globals, v.index());
            }
        };
        for element in &aggregate.elements {
            element.tuple.iter().for_each(|t| t.each(&mut see));
            element.condition.iter().for_each(|l| l.each_term(&mut see));
        }
        let guards = aggregate.guards.iter().all(|g| {
            let binds = sign == Sign::Positive && g.relation == Comparison::Equal;
            is_known(&g.term, bound) || (binds && matches!(g.term, Term::Variable(_)))
        });
        ready && guards
    }

    /// The step of a literal; `Some(None)` where there is nothing to do.
    fn op(&mut self, literal: &Literal, bound: &mut Bound, window: Window) -> Option<Option<Op>> {
        Some(Some(match literal {
            Literal::Atom(Sign::Positive, atom) => self.atom(atom, bound, window)?,
            Literal::Atom(Sign::Not, atom) if self.is_open(atom.predicate) => return Some(None),
            Literal::Atom(Sign::Not, atom) => Op::Absent {
                relation: atom.predicate.index(),
                row: self.expressions(&atom.arguments),
            },
            Literal::Compare(Comparison::Equal, a, b)
                if !(is_known(a, bound) && is_known(b, bound)) =>
            {
                let (value, other) = if is_known(a, bound) { (a, b) } else { (b, a) };
                let value = expression(value, self.values);
                Op::Match(pattern(other, bound, self.values)?, value)
            }
            Literal::Compare(c, a, b) => {
                Op::Compare(*c, expression(a, self.values), expression(b, self.values))
            }
            Literal::Range(t, low, high) => {
                let (low, high) = (expression(low, self.values), expression(high, self.values));
                Op::Range(pattern(t, bound, self.values)?, low, high)
            }
            Literal::Aggregate(sign, aggregate) => {
                return self.aggregate(*sign, aggregate, bound);
            }
        }))
    }

    fn is_open(&self, predicate: PredicateId) -> bool {
        at(self.open, predicate.index())
    }

    fn expressions(&mut self, terms: &[Term]) -> Box<[Expr]> {
        let all = terms.iter().map(|t| expression(t, self.values));
        all.collect()
    }

    fn atom(&mut self, atom: &Atom, bound: &mut Bound, window: Window) -> Option<Op> {
        let relation = atom.predicate.index();
        let known: Vec<bool> = atom.arguments.iter().map(|t| is_known(t, bound)).collect();
        if known.iter().all(|k| *k) && (window != Window::New || known.is_empty()) {
            let row = self.expressions(&atom.arguments);
            return Some(Op::Member {
                relation,
                window,
                row,
            });
        }
        // New rows are few: they are gone through rather than looked up.
        let probes = window != Window::New && known.iter().any(|k| *k);
        let (mut keys, mut key, mut columns) = (Vec::new(), Vec::new(), Vec::new());
        for i in in_order(&atom.arguments) {
            let term = atom.arguments.get(i)?;
            if probes && at(&known, i) {
                keys.push(i as u32);
            } else {
                columns.push((i as u32, pattern(term, bound, self.values)?));
            }
        }
        if !probes {
            return Some(Op::Scan {
                relation,
                window,
                columns: columns.into(),
            });
        }
        keys.sort_unstable();
        for &i in &keys {
            key.push(expression(atom.arguments.get(i as usize)?, self.values));
        }
        let rows = self.relations.get_mut(relation)?;
        let index = rows.index(&keys);
        rows.refresh();
        Some(Op::Probe {
            relation,
            window,
            index,
            key: key.into(),
            columns: columns.into(),
        })
    }

    fn aggregate(
        &mut self,
        sign: Sign,
        aggregate: &Aggregate,
        bound: &mut Bound,
    ) -> Option<Option<Op>> {
        let mut elements = Vec::new();
        for element in &aggregate.elements {
            let mut inner = bound.clone();
            let body: Vec<&Literal> = element.condition.iter().collect();
            let plan = self.plan(&body, &mut inner, None)?;
            let open = |l: &&Literal| l.as_atom().is_some_and(|(_, a)| self.is_open(a.predicate));
            let certain = !body.iter().any(open);
            elements.push(ElementPlan {
                tuple: self.expressions(&element.tuple),
                plan,
                certain,
            });
        }
        let mut guards = Vec::new();
        let mut binds = false;
        for guard in &aggregate.guards {
            guards.push(match &guard.term {
                Term::Variable(VarId(v)) if !at(bound, *v as usize) => {
                    binds = true;
                    put(bound, *v as usize, true);
                    GuardPlan::Bind(*v)
                }
                term => GuardPlan::Compare(guard.relation, expression(term, self.values)),
            });
        }
        let certain = elements.iter().all(|e| e.certain);
        let plan = Box::new(AggregatePlan {
            function: aggregate.function,
            elements,
            guards,
        });
        Some(match (certain, binds) {
            (true, _) => Some(Op::Aggregate(sign, plan)),
            (false, true) => Some(Op::Possible(plan)),
            (false, false) => None,
        })
    }
}

fn can_match(term: &Term, bound: &Bound) -> bool {
    nsolve_il::program::binds(term, bound).is_some()
}
