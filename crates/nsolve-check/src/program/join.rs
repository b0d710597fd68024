//! All ways in which a conjunction holds.

use nsolve_il::program::{AggregateFunction, Comparison, Sign};
use rustc_hash::FxHashSet;

use super::atoms::Bucket;
use super::rules::{Aggregate, Atom, Guard, Literal, Term};
use super::values::Id;
use super::world::{Env, OVERFLOW, UNBOUND, World};
use crate::{Refusal, spend};

/// What an entry of a table costs: it takes memory.
pub(super) const ENTRY: u64 = 4;

/// Goes through the bindings under which a conjunction holds in the set,
/// without recursion: there may be very many literals.
pub(super) struct Join<'p> {
    literals: &'p [Literal],
    order: &'p [usize],
    cursors: Vec<Cursor<'p>>,
    started: bool,
}

/// Where the search stands in one literal.
struct Cursor<'p> {
    /// What was bound before it.
    mark: usize,
    ways: Ways<'p>,
}

/// Ways in which one literal holds, those that are left.
enum Ways<'p> {
    None,
    /// It holds as it is.
    Once,
    /// It holds where the term is this value.
    Match(&'p Term, Id),
    /// It holds where the term is an integer from the first to the last.
    Integers(&'p Term, i64, i64),
    /// It holds where the atom is one of these.
    Atoms(&'p Atom, Bucket, u64, usize),
    /// It holds where the value is as the guards say.
    Guards(&'p [Guard], Id),
    /// It may hold where the value is one of these, as the guards say.
    Values(&'p [Guard], Vec<Id>),
}

impl<'p> Join<'p> {
    pub(super) fn new(literals: &'p [Literal], order: &'p [usize]) -> Self {
        Join {
            literals,
            order,
            cursors: Vec::new(),
            started: false,
        }
    }

    /// Finds the next binding. In the end everything is unbound again that this
    /// search has bound.
    pub(super) fn next(&mut self, world: &mut World, env: &mut Env) -> Result<bool, Refusal> {
        let mut forward = !self.started;
        self.started = true;
        loop {
            if forward {
                let next = self.order.get(self.cursors.len());
                let Some(literal) = next.and_then(|&at| self.literals.get(at)) else {
                    return Ok(true);
                };
                let mark = env.mark();
                let ways = world.ways(literal, env)?;
                self.cursors.push(Cursor { mark, ways });
            }
            let Some(top) = self.cursors.last_mut() else {
                return Ok(false);
            };
            env.undo(top.mark);
            forward = world.advance(top, env)?;
            if !forward {
                env.undo(top.mark);
                self.cursors.pop();
            }
        }
    }
}

impl World {
    /// Whether a literal holds whose variables are bound, save those that
    /// belong to an aggregate.
    pub(super) fn holds(&mut self, literal: &Literal, env: &mut Env) -> Result<bool, Refusal> {
        let mark = env.mark();
        let ways = self.ways(literal, env)?;
        let held = self.advance(&mut Cursor { mark, ways }, env)?;
        env.undo(mark);
        Ok(held)
    }

    fn ways<'p>(&mut self, literal: &'p Literal, env: &mut Env) -> Result<Ways<'p>, Refusal> {
        spend(&mut self.steps, 1)?;
        let once = |holds| if holds { Ways::Once } else { Ways::None };
        Ok(match literal {
            Literal::Atom(Sign::Positive, atom) => self.atoms_for(atom, env)?,
            Literal::Atom(Sign::Not, atom) => {
                // Undefined arguments make this no instance.
                let may = self.is_open(atom.predicate);
                let found = self.look_up(atom, env)?;
                once(found.is_some_and(|found| found.is_none() || may))
            }
            Literal::Compare(how, a, b) => match (env.knows(a), env.knows(b)) {
                (true, true) => match (self.eval(a, env)?, self.eval(b, env)?) {
                    (Some(a), Some(b)) => once(self.compare(*how, a, b)?),
                    _ => Ways::None,
                },
                (true, false) if *how == Comparison::Equal => self.same(b, a, env)?,
                (false, true) if *how == Comparison::Equal => self.same(a, b, env)?,
                _ => return Err(UNBOUND),
            },
            Literal::Range(t, low, high) => {
                let (low, high) = (self.eval(low, env)?, self.eval(high, env)?);
                let int = |id: Option<Id>| id.and_then(|id| self.values.as_int(id));
                match (int(low), int(high)) {
                    (Some(low), Some(high)) if env.knows(t) => {
                        let value = self.eval(t, env)?.and_then(|id| self.values.as_int(id));
                        once(value.is_some_and(|n| low <= n && n <= high))
                    }
                    (Some(low), Some(high)) => Ways::Integers(t, low, high),
                    _ => Ways::None,
                }
            }
            Literal::Aggregate(sign, aggregate) if self.may_vary(aggregate) => {
                self.values_for(*sign, aggregate, env)?
            }
            Literal::Aggregate(Sign::Positive, aggregate) => {
                Ways::Guards(&aggregate.guards, self.aggregate(aggregate, env)?)
            }
            Literal::Aggregate(Sign::Not, aggregate) => {
                let value = self.aggregate(aggregate, env)?;
                once(self.guards(&aggregate.guards, value, env)? == Some(false))
            }
        })
    }

    fn same<'p>(&mut self, t: &'p Term, known: &Term, env: &Env) -> Result<Ways<'p>, Refusal> {
        let value = self.eval(known, env)?;
        Ok(value.map_or(Ways::None, |value| Ways::Match(t, value)))
    }

    fn atoms_for<'p>(&mut self, atom: &'p Atom, env: &Env) -> Result<Ways<'p>, Refusal> {
        let arguments = atom.arguments.len();
        spend(&mut self.steps, arguments as u64 / 8)?;
        let mut mask = 0;
        let mut key = Vec::with_capacity(atom.arguments.len());
        for (i, term) in atom.arguments.iter().enumerate().take(64) {
            if env.knows(term) {
                match self.eval(term, env)? {
                    Some(value) => key.push(value),
                    None => return Ok(Ways::None),
                }
                mask |= 1 << i;
            }
        }
        if key.len() == atom.arguments.len() {
            let found = self.atoms.find(atom.predicate, &key);
            let holds = found.is_some_and(|a| self.set.has(a));
            return Ok(if holds { Ways::Once } else { Ways::None });
        }
        let found = self.set.search(atom.predicate, mask, &key, &self.atoms);
        let (bucket, cost) = found;
        spend(&mut self.steps, cost * ENTRY)?;
        Ok(Ways::Atoms(atom, bucket, mask, 0))
    }

    fn advance(&mut self, cursor: &mut Cursor<'_>, env: &mut Env) -> Result<bool, Refusal> {
        match &mut cursor.ways {
            Ways::None => Ok(false),
            Ways::Once => {
                cursor.ways = Ways::None;
                Ok(true)
            }
            &mut Ways::Match(term, value) => {
                cursor.ways = Ways::None;
                self.unify(term, value, env)
            }
            &mut Ways::Guards(guards, value) => {
                cursor.ways = Ways::None;
                bind_value(guards, value, env);
                Ok(self.guards(guards, value, env)? == Some(true))
            }
            Ways::Values(guards, values) => {
                while let Some(value) = values.pop() {
                    spend(&mut self.steps, 1)?;
                    bind_value(guards, value, env);
                    if self.guards(guards, value, env)? == Some(true) {
                        return Ok(true);
                    }
                    env.undo(cursor.mark);
                }
                Ok(false)
            }
            Ways::Integers(term, next, last) => {
                let term = *term;
                while *next <= *last {
                    spend(&mut self.steps, 1)?;
                    let n = *next;
                    // Behind the last of all integers nothing is left.
                    match next.checked_add(1) {
                        Some(after) => *next = after,
                        None => *last = i64::MIN,
                    }
                    let value = self.values.int(n);
                    if self.unify(term, value, env)? {
                        return Ok(true);
                    }
                    env.undo(cursor.mark);
                }
                Ok(false)
            }
            Ways::Atoms(atom, bucket, mask, at) => {
                while let Some(member) = self.set.member(*bucket, *at) {
                    *at += 1;
                    let Some((_, values)) = self.atoms.get(member) else {
                        continue;
                    };
                    let values = values.clone();
                    if self.unify_all(&atom.arguments, &values, *mask, env)? {
                        return Ok(true);
                    }
                    env.undo(cursor.mark);
                }
                Ok(false)
            }
        }
    }

    /// Whether all guards hold; `None` where one is undefined.
    pub(super) fn guards(
        &mut self,
        guards: &[Guard],
        value: Id,
        env: &Env,
    ) -> Result<Option<bool>, Refusal> {
        let mut all = true;
        let mut defined = true;
        for guard in guards {
            match self.eval(&guard.term, env)? {
                Some(bound) => all &= self.compare(guard.relation, value, bound)?,
                None => defined = false,
            }
        }
        Ok(defined.then_some(all))
    }

    /// Whether what an aggregate comes to is open.
    pub(super) fn may_vary(&self, aggregate: &Aggregate) -> bool {
        let conditions = aggregate.elements.iter().flat_map(|e| &e.condition);
        let mut atoms = conditions.filter_map(|l| match l {
            Literal::Atom(_, atom) => Some(atom.predicate),
            _ => None,
        });
        !self.open.is_empty() && atoms.any(|p| self.is_open(p))
    }

    /// What an aggregate may come to, where that decides a variable; else only
    /// whether its guards are defined.
    fn values_for<'p>(
        &mut self,
        sign: Sign,
        aggregate: &'p Aggregate,
        env: &mut Env,
    ) -> Result<Ways<'p>, Refusal> {
        let guards = &aggregate.guards;
        let binds = sign == Sign::Positive && guards.iter().any(|g| !env.knows(&g.term));
        if binds {
            let values = self.possible_values(aggregate, env)?;
            return Ok(Ways::Values(guards, values));
        }
        for guard in guards {
            if self.eval(&guard.term, env)?.is_none() {
                return Ok(Ways::None);
            }
        }
        Ok(Ways::Once)
    }

    /// All that an aggregate comes to with any of the tuples that may be in it.
    fn possible_values(
        &mut self,
        aggregate: &Aggregate,
        env: &mut Env,
    ) -> Result<Vec<Id>, Refusal> {
        let tuples = self.tuples(aggregate, env)?;
        let firsts = tuples.iter().filter_map(|t| t.first().copied());
        let mut values: Vec<Id> = match aggregate.function {
            AggregateFunction::Count => {
                let numbers = 0..=tuples.len() as i64;
                numbers.map(|n| self.values.int(n)).collect()
            }
            AggregateFunction::Sum => {
                let numbers: Vec<i64> = firsts.filter_map(|id| self.values.as_int(id)).collect();
                let mut sums: FxHashSet<i64> = FxHashSet::from_iter([0]);
                for n in numbers {
                    spend(&mut self.steps, ENTRY * sums.len() as u64)?;
                    for sum in sums.clone() {
                        sums.insert(sum.checked_add(n).ok_or(OVERFLOW)?);
                    }
                }
                let mut sums: Vec<i64> = sums.into_iter().collect();
                sums.sort_unstable();
                sums.into_iter().map(|n| self.values.int(n)).collect()
            }
            AggregateFunction::Min => firsts.chain([self.values.supremum()]).collect(),
            AggregateFunction::Max => firsts.chain([self.values.infimum()]).collect(),
        };
        let mut seen = FxHashSet::default();
        values.retain(|id| seen.insert(*id));
        spend(&mut self.steps, values.len() as u64)?;
        Ok(values)
    }

    /// What an aggregate comes to. Variables that belong to its elements must
    /// not be bound.
    fn aggregate(&mut self, aggregate: &Aggregate, env: &mut Env) -> Result<Id, Refusal> {
        let tuples = self.tuples(aggregate, env)?;
        let firsts = tuples.iter().filter_map(|t| t.first().copied());
        Ok(match aggregate.function {
            AggregateFunction::Count => self.values.int(tuples.len() as i64),
            AggregateFunction::Sum => {
                let numbers = firsts.filter_map(|id| self.values.as_int(id));
                // 128 bits hold the sum of as many as there can be.
                let sum: i128 = numbers.map(i128::from).sum();
                self.values.int(i64::try_from(sum).map_err(|_| OVERFLOW)?)
            }
            AggregateFunction::Min => {
                let mut least = self.values.supremum();
                for first in firsts {
                    if self.compare(Comparison::Less, first, least)? {
                        least = first;
                    }
                }
                least
            }
            AggregateFunction::Max => {
                let mut greatest = self.values.infimum();
                for first in firsts {
                    if self.compare(Comparison::Greater, first, greatest)? {
                        greatest = first;
                    }
                }
                greatest
            }
        })
    }

    /// The tuples of an aggregate.
    fn tuples(
        &mut self,
        aggregate: &Aggregate,
        env: &mut Env,
    ) -> Result<FxHashSet<Vec<Id>>, Refusal> {
        let mut tuples: FxHashSet<Vec<Id>> = FxHashSet::default();
        for element in &aggregate.elements {
            let order = element.order.as_deref().ok_or(UNBOUND)?;
            let mut join = Join::new(&element.condition, order);
            while join.next(self, env)? {
                if let Some(tuple) = self.eval_all(&element.terms, env)?
                    && tuples.insert(tuple)
                {
                    spend(&mut self.steps, ENTRY)?;
                }
            }
        }
        Ok(tuples)
    }
}

/// Binds what an aggregate's value decides.
fn bind_value(guards: &[Guard], value: Id, env: &mut Env) {
    for guard in guards {
        if let (Comparison::Equal, Term::Variable(v)) = (guard.relation, &guard.term)
            && env.get(*v).is_none()
        {
            env.bind(*v, value);
        }
    }
}
