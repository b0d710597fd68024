//! Goes through all ways in which a plan's literals hold, one at a time.

use nsolve_il::program::{AggregateFunction, Comparison, Sign};
use rustc_hash::FxHashSet;

use crate::builtin::{Expr, Pattern, evaluate, holds, matches};
use crate::intern::{Id, Values};
use crate::plan::{AggregatePlan, GuardPlan, Op, Plan, Window};
use crate::relation::{NONE, Relation};
use crate::table::{at, put};
use crate::world::World;

/// Where a step of a plan is.
#[derive(Clone, Copy, Debug, Default)]
struct Cursor {
    at: i64,
    end: i64,
}

/// A plan that is gone through. The frame holds the variables' values.
#[derive(Debug, Default)]
pub(crate) struct Join {
    pub(crate) frame: Vec<Id>,
    cursors: Vec<Cursor>,
    key: Vec<Id>,
    /// What aggregates may come to, by step.
    possible: Vec<Vec<Id>>,
    /// How many steps are gone through.
    steps: usize,
    /// Whether a solution was given already.
    running: bool,
}

impl Join {
    /// Starts a plan with a frame of so many variables.
    pub(crate) fn start(&mut self, plan: &Plan, variables: usize) {
        self.start_with(plan, plan.ops.len(), variables);
    }

    /// Starts a plan, of which the steps after so many are left to the caller.
    pub(crate) fn start_with(&mut self, plan: &Plan, steps: usize, variables: usize) {
        self.steps = steps;
        self.frame.resize(variables.max(self.frame.len()), 0);
        self.cursors.clear();
        self.cursors.resize(plan.ops.len(), Cursor::default());
        self.running = false;
    }

    /// Goes to the next solution; the frame then holds it. Without one left, or
    /// where the world says to stop, it is `false`.
    pub(crate) fn next(&mut self, plan: &Plan, world: &mut World) -> bool {
        let count = self.steps;
        let mut enter = !self.running;
        let mut step = if enter { 0 } else { count.wrapping_sub(1) };
        if count == 0 {
            self.running = true;
            return enter;
        }
        self.running = true;
        while let Some(op) = plan.ops.get(step) {
            if world.turn() {
                return false;
            }
            let found = if enter {
                self.enter(step, op, world)
            } else {
                self.advance(step, op, world)
            };
            if found {
                step += 1;
                enter = true;
                if step == count {
                    return true;
                }
            } else {
                step = step.wrapping_sub(1);
                enter = false;
            }
        }
        false
    }

    fn enter(&mut self, step: usize, op: &Op, world: &mut World) -> bool {
        let World {
            values, relations, ..
        } = &mut *world;
        match op {
            Op::Scan {
                relation, window, ..
            } => {
                let Some(relation) = relations.get(*relation) else {
                    return false;
                };
                let (start, end) = range(relation, *window);
                let (at, end) = (i64::from(start) - 1, i64::from(end));
                put(&mut self.cursors, step, Cursor { at, end });
                self.advance(step, op, world)
            }
            Op::Probe {
                relation,
                window,
                index,
                key,
                columns,
            } => {
                let Some(relation) = relations.get(*relation) else {
                    return false;
                };
                if !evaluate_all(key, &self.frame, values, &mut self.key) {
                    return false;
                }
                let (_, end) = range(relation, *window);
                let first = relation.first(*index, &self.key);
                self.probe(step, relation, *index, columns, first, end, values)
            }
            Op::Member {
                relation,
                window,
                row,
            } => {
                let Some(relation) = relations.get(*relation) else {
                    return false;
                };
                if !evaluate_all(row, &self.frame, values, &mut self.key) {
                    return false;
                }
                let (start, end) = range(relation, *window);
                if (start, end) == (0, relation.len()) {
                    return relation.contains(&self.key);
                }
                let found = relation.find(&self.key);
                found.is_some_and(|r| (start..end).contains(&r))
            }
            Op::Absent { relation, row } => {
                let known = evaluate_all(row, &self.frame, values, &mut self.key);
                known
                    && relations
                        .get(*relation)
                        .is_some_and(|r| !r.contains(&self.key))
            }
            Op::Compare(comparison, a, b) => {
                let a = evaluate(a, &self.frame, values);
                let b = evaluate(b, &self.frame, values);
                match (a, b) {
                    (Some(a), Some(b)) => holds(*comparison, values.compare(a, b)),
                    _ => false,
                }
            }
            Op::Match(pattern, value) => {
                let value = evaluate(value, &self.frame, values);
                value.is_some_and(|v| matches(pattern, v, &mut self.frame, values))
            }
            Op::Range(pattern, low, high) => {
                let low = evaluate(low, &self.frame, values).and_then(|v| values.as_int(v));
                let high = evaluate(high, &self.frame, values).and_then(|v| values.as_int(v));
                let (Some(low), Some(high)) = (low, high) else {
                    return false;
                };
                if let Pattern::Equal(e) = pattern {
                    let known = evaluate(e, &self.frame, values).and_then(|v| values.as_int(v));
                    return known.is_some_and(|n| (low..=high).contains(&n));
                }
                let cursor = Cursor { at: low, end: high };
                put(&mut self.cursors, step, cursor);
                self.in_range(step, pattern, values)
            }
            Op::Aggregate(sign, plan) => self.aggregate(*sign, plan, world),
            Op::Possible(plan) => {
                let found = self.possible_values(plan, world);
                if self.possible.len() <= step {
                    self.possible.resize(step + 1, Vec::new());
                }
                put(&mut self.possible, step, found);
                put(&mut self.cursors, step, Cursor::default());
                self.advance(step, op, world)
            }
        }
    }

    fn advance(&mut self, step: usize, op: &Op, world: &mut World) -> bool {
        let World {
            values, relations, ..
        } = &mut *world;
        match op {
            Op::Scan {
                relation, columns, ..
            } => {
                let Some(relation) = relations.get(*relation) else {
                    return false;
                };
                let mut cursor = at(&self.cursors, step);
                loop {
                    cursor.at += 1;
                    if cursor.at >= cursor.end {
                        return false;
                    }
                    if self.take(relation, cursor.at as u32, columns, values) {
                        put(&mut self.cursors, step, cursor);
                        return true;
                    }
                }
            }
            Op::Probe {
                relation,
                index,
                columns,
                ..
            } => {
                let Some(relation) = relations.get(*relation) else {
                    return false;
                };
                let cursor = at(&self.cursors, step);
                let next = relation.next(*index, cursor.at as u32);
                let end = cursor.end as u32;
                self.probe(step, relation, *index, columns, next, end, values)
            }
            Op::Range(pattern, ..) if !matches!(pattern, Pattern::Equal(_)) => {
                let Some(cursor) = self.cursors.get_mut(step) else {
                    return false;
                };
                let Some(next) = cursor.at.checked_add(1) else {
                    return false;
                };
                cursor.at = next;
                self.in_range(step, pattern, values)
            }
            Op::Possible(plan) => {
                let mut cursor = at(&self.cursors, step);
                let list = self.possible.get(step).map_or(&[][..], Vec::as_slice);
                while let Some(&value) = list.get(cursor.at as usize) {
                    cursor.at += 1;
                    if fits(plan, value, &mut self.frame, values) {
                        put(&mut self.cursors, step, cursor);
                        return true;
                    }
                }
                false
            }
            _ => false,
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the members of one step, taken apart"
    )]
    #[inline]
    fn probe(
        &mut self,
        step: usize,
        relation: &Relation,
        index: usize,
        columns: &[(u32, Pattern)],
        mut row: u32,
        end: u32,
        values: &mut Values,
    ) -> bool {
        while row != NONE && row < end {
            if self.take(relation, row, columns, values) {
                let cursor = Cursor {
                    at: i64::from(row),
                    end: i64::from(end),
                };
                put(&mut self.cursors, step, cursor);
                return true;
            }
            row = relation.next(index, row);
        }
        false
    }

    /// Matches the columns of a row.
    #[inline]
    fn take(
        &mut self,
        relation: &Relation,
        row: u32,
        columns: &[(u32, Pattern)],
        values: &mut Values,
    ) -> bool {
        columns.iter().all(|(column, pattern)| {
            let value = relation.value(row, *column as usize);
            match pattern {
                Pattern::Bind(v) => {
                    put(&mut self.frame, *v as usize, value);
                    true
                }
                other => matches(other, value, &mut self.frame, values),
            }
        })
    }

    fn in_range(&mut self, step: usize, pattern: &Pattern, values: &mut Values) -> bool {
        let Some(cursor) = self.cursors.get_mut(step) else {
            return false;
        };
        // Besides functions, whatever can be matched takes any integer, unless
        // something overflows, so this loop is a short one.
        if matches!(pattern, Pattern::Function(..)) {
            return false;
        }
        while cursor.at <= cursor.end && !values.overflow {
            let value = values.int(cursor.at);
            if matches(pattern, value, &mut self.frame, values) {
                return true;
            }
            let Some(next) = cursor.at.checked_add(1) else {
                return false;
            };
            cursor.at = next;
        }
        false
    }

    fn aggregate(&mut self, sign: Sign, plan: &AggregatePlan, world: &mut World) -> bool {
        let Some(set) = self.tuples(plan, world) else {
            return false;
        };
        let tuples = set.iter().map(|(tuple, _)| at(tuple, 0));
        let Some(value) = total(plan.function, tuples, &mut world.values) else {
            return false;
        };
        match sign {
            Sign::Positive => fits(plan, value, &mut self.frame, &mut world.values),
            Sign::Not => {
                // A bound that is undefined makes no instance either way.
                let defined = plan.guards.iter().all(|g| match g {
                    GuardPlan::Bind(_) => true,
                    GuardPlan::Compare(_, e) => {
                        evaluate(e, &self.frame, &mut world.values).is_some()
                    }
                });
                defined && !fits(plan, value, &mut self.frame, &mut world.values)
            }
        }
    }

    /// The set of tuples of an aggregate's elements, each with whether it is
    /// certain; in the order in which they were found.
    fn tuples(&mut self, plan: &AggregatePlan, world: &mut World) -> Option<Vec<(Vec<Id>, bool)>> {
        let mut known: FxHashSet<Vec<Id>> = FxHashSet::default();
        let mut out: Vec<(Vec<Id>, bool)> = Vec::new();
        let mut inner = Join {
            frame: std::mem::take(&mut self.frame),
            ..Join::default()
        };
        // What is certain goes first, so that a tuple is certain if any way to
        // it is.
        for certain in [true, false] {
            for element in plan.elements.iter().filter(|e| e.certain == certain) {
                inner.start(&element.plan, 0);
                while inner.next(&element.plan, world) {
                    let mut tuple = Vec::with_capacity(element.tuple.len());
                    if evaluate_all(&element.tuple, &inner.frame, &mut world.values, &mut tuple)
                        && known.insert(tuple.clone())
                    {
                        out.push((tuple, certain));
                    }
                }
            }
        }
        self.frame = inner.frame;
        world.stop.is_none().then_some(out)
    }

    /// What an aggregate may come to, ascending.
    fn possible_values(&mut self, plan: &AggregatePlan, world: &mut World) -> Vec<Id> {
        let Some(set) = self.tuples(plan, world) else {
            return Vec::new();
        };
        let firsts = |certain: bool| {
            let those = set.iter().filter(move |(_, c)| *c == certain);
            those.map(|(tuple, _)| at(tuple, 0)).collect::<Vec<Id>>()
        };
        let (certain, open) = (firsts(true), firsts(false));
        let values = &mut world.values;
        match plan.function {
            AggregateFunction::Count => (certain.len()..=set.len())
                .map(|n| values.int(n as i64))
                .collect(),
            AggregateFunction::Min | AggregateFunction::Max => {
                let mut out = open;
                out.extend(total(plan.function, certain.into_iter(), values));
                out.sort_by(|&a, &b| values.compare(a, b));
                out.dedup();
                out
            }
            AggregateFunction::Sum => sums(&certain, &open, world),
        }
    }
}

/// How many different sums an aggregate may have before it is given up.
const MOST_SUMS: usize = 1 << 18;

/// The sums of the certain members and any of the others.
fn sums(certain: &[Id], open: &[Id], world: &mut World) -> Vec<Id> {
    let base = total(
        AggregateFunction::Sum,
        certain.iter().copied(),
        &mut world.values,
    );
    let Some(base) = base.and_then(|b| world.values.as_int(b)) else {
        return Vec::new();
    };
    let mut all = vec![base];
    let weights = open.iter().filter_map(|&w| world.values.as_int(w));
    let weights: Vec<i64> = weights.collect();
    for weight in weights {
        let mut more = Vec::with_capacity(all.len());
        for &sum in &all {
            match sum.checked_add(weight) {
                Some(next) => more.push(next),
                None => world.values.overflow = true,
            }
        }
        all.extend(more);
        all.sort_unstable();
        all.dedup();
        if all.len() > MOST_SUMS {
            world.stop.get_or_insert(nsolve_backend::StopReason::Memory);
            return Vec::new();
        }
        if world.turn() {
            return Vec::new();
        }
    }
    all.into_iter().map(|n| world.values.int(n)).collect()
}

/// Whether a value satisfies all guards; binds what they bind.
fn fits(plan: &AggregatePlan, value: Id, frame: &mut [Id], values: &mut Values) -> bool {
    plan.guards.iter().all(|guard| match guard {
        GuardPlan::Bind(v) => {
            put(frame, *v as usize, value);
            true
        }
        GuardPlan::Compare(comparison, e) => {
            let term = evaluate(e, frame, values);
            term.is_some_and(|t| holds(*comparison, values.compare(value, t)))
        }
    })
}

/// What an aggregate makes of the first members of its tuples; `None`, with a
/// note, where a sum does not fit.
pub(crate) fn total(
    function: AggregateFunction,
    firsts: impl Iterator<Item = Id>,
    values: &mut Values,
) -> Option<Id> {
    match function {
        AggregateFunction::Count => {
            let count = firsts.count() as i64;
            Some(values.int(count))
        }
        AggregateFunction::Sum => {
            let mut sum = 0i128;
            for first in firsts {
                sum += i128::from(values.as_int(first).unwrap_or(0));
            }
            let Ok(sum) = i64::try_from(sum) else {
                values.overflow = true;
                return None;
            };
            Some(values.int(sum))
        }
        AggregateFunction::Min => {
            let first = values.supremum();
            Some(firsts.fold(first, |a, b| {
                if holds(Comparison::Less, values.compare(b, a)) {
                    b
                } else {
                    a
                }
            }))
        }
        AggregateFunction::Max => {
            let first = values.infimum();
            Some(firsts.fold(first, |a, b| {
                if holds(Comparison::Greater, values.compare(b, a)) {
                    b
                } else {
                    a
                }
            }))
        }
    }
}

/// Evaluates expressions into a list; whether all are defined.
#[inline]
pub(crate) fn evaluate_all(
    exprs: &[Expr],
    frame: &[Id],
    values: &mut Values,
    out: &mut Vec<Id>,
) -> bool {
    out.clear();
    for expr in exprs {
        match expr {
            Expr::Slot(v) => out.push(at(frame, *v as usize)),
            Expr::Value(id) => out.push(*id),
            other => match evaluate(other, frame, values) {
                Some(id) => out.push(id),
                None => return false,
            },
        }
    }
    true
}

/// The rows of a window.
#[inline]
pub(crate) fn range(relation: &Relation, window: Window) -> (u32, u32) {
    match window {
        Window::All => (0, relation.visible),
        Window::Old => (0, relation.old),
        Window::New => (relation.old, relation.visible),
    }
}
