//! Steps of derivations, and whether a set is closed under rules.

use std::sync::Arc;

use nsolve_il::program::{Derivation, Goal, Predicate, Problem, Sign, Step, Value};

use rustc_hash::FxHashMap;

use super::atoms::AtomId;
use super::graph::Graph;
use super::join::Join;
use super::plan::plan;
use super::rules::{self, Atom, ChoiceElement, Head, Literal, Rule, Term};
use super::values::Id;
use super::world::{Env, World};
use super::{NotCheckable, ProgramFault, StepFault};
use crate::{Limits, Refusal, spend};

/// A later time than that of any step.
const END: u32 = u32::MAX;

/// A program with what is known about a set of atoms.
pub(super) struct Checker<'a> {
    pub(super) problem: &'a Problem,
    /// The program's rules, and the goals of the query as constraints.
    pub(super) rules: Vec<Rule>,
    pub(super) graph: Graph,
    /// Predicates with their stated negations.
    pub(super) opposites: Vec<(usize, usize)>,
    pub(super) world: World,
    /// An order for each rule's body, once one was needed.
    orders: Vec<Option<Arc<[usize]>>>,
    /// Which model is at hand.
    pub(super) model: u32,
    /// Whether each rule was used.
    pub(super) used: Vec<bool>,
}

/// Why something does not follow.
pub(super) enum Stop {
    Fault(StepFault),
    Refusal(Refusal),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Stop::Refusal(refusal)
    }
}

impl From<StepFault> for Stop {
    fn from(fault: StepFault) -> Self {
        Stop::Fault(fault)
    }
}

impl Stop {
    /// A refusal, of this kind where something does not follow.
    pub(super) fn at(self, place: impl FnOnce(StepFault) -> ProgramFault) -> Refusal {
        match self {
            Stop::Fault(fault) => Refusal::Program(place(fault)),
            Stop::Refusal(refusal) => refusal,
        }
    }
}

/// What `not` and aggregates may speak of.
#[derive(Clone, Copy)]
pub(super) enum Scope<'c> {
    /// All predicates: the set is a whole model.
    Model,
    /// Those predicates of which the set has all atoms that hold.
    Closed(&'c [bool]),
}

impl Scope<'_> {
    fn has(self, predicate: usize) -> bool {
        match self {
            Scope::Model => true,
            Scope::Closed(closed) => closed.get(predicate).copied().unwrap_or(false),
        }
    }
}

impl<'a> Checker<'a> {
    pub(super) fn new(
        problem: &'a Problem,
        goals: &[&Goal],
        limits: &Limits,
    ) -> Result<Self, Refusal> {
        let predicates = problem.predicates.len();
        let mut world = World::new(predicates, problem.depth, limits.steps);
        let rules = rules::read(problem, goals, &mut world.values, &mut world.steps)?;
        let graph = Graph::new(predicates, &rules);
        for (i, rule) in rules.iter().enumerate() {
            if graph.has_recursive_aggregate(i, rule) {
                let rule = i as u32;
                return Err(Refusal::Unchecked(NotCheckable::RecursiveAggregate {
                    rule,
                }));
            }
        }
        Ok(Checker {
            problem,
            opposites: opposites(problem),
            orders: vec![None; rules.len()],
            used: vec![false; rules.len()],
            rules,
            graph,
            world,
            model: 0,
        })
    }

    /// Makes the atoms of a derivation the set at hand and follows its steps.
    /// Tells whether a step goes through a disjunction of which another atom is
    /// in the set too.
    pub(super) fn derive(
        &mut self,
        derivation: &Derivation,
        scope: Scope<'_>,
    ) -> Result<bool, Refusal> {
        let model = self.model;
        let place = |step| move |fault| ProgramFault::Step { model, step, fault };
        let predicates = self.problem.predicates.len() as u64;
        spend(&mut self.world.steps, 1 + predicates / 8)?;
        self.world.set.clear();
        let mut atoms = Vec::with_capacity(derivation.steps.len());
        for (i, step) in derivation.steps.iter().enumerate() {
            let atom = self.take_in(step).map_err(|s| s.at(place(i as u32)))?;
            atoms.push(atom);
        }
        let mut ambiguous = false;
        for (i, (step, atom)) in derivation.steps.iter().zip(atoms).enumerate() {
            let followed = self.follow(step, i as u32, atom, scope);
            ambiguous |= followed.map_err(|s| s.at(place(i as u32)))?;
        }
        Ok(ambiguous)
    }

    /// Adds the atom of a step to the set.
    fn take_in(&mut self, step: &Step) -> Result<AtomId, Stop> {
        let predicate = self.problem.predicate(step.atom.predicate);
        if predicate.is_none_or(|p| p.arity as usize != step.atom.arguments.len()) {
            return Err(StepFault::IllFormed.into());
        }
        let world = &mut self.world;
        let mut arguments = Vec::with_capacity(step.atom.arguments.len());
        for value in step.atom.arguments.iter() {
            arguments.push(world.values.read(value, &mut world.steps)?);
        }
        let predicate = step.atom.predicate.index();
        let atom = world.atoms.put(predicate, &arguments);
        let atom = atom.ok_or(StepFault::IllFormed)?;
        if world.set.add(predicate, atom) {
            Ok(atom)
        } else {
            Err(StepFault::Twice.into())
        }
    }

    /// Follows one step; tells whether another atom of its disjunction is in
    /// the set.
    fn follow(
        &mut self,
        step: &Step,
        now: u32,
        atom: AtomId,
        scope: Scope<'_>,
    ) -> Result<bool, Stop> {
        let at = step.rule as usize;
        // The goals of the query stand behind the rules and derive nothing.
        let rule = self.rules.get(at).ok_or(StepFault::NoRule)?;
        if let Some(used) = self.used.get_mut(at) {
            *used = true;
        }
        if rule.head.is_open() && matches!(scope, Scope::Closed(_)) {
            return Err(StepFault::Head.into());
        }
        let world = &mut self.world;
        let mut env = bind_globals(world, rule, &step.binding)?;
        for literal in &rule.body {
            judge(world, literal, &mut env, now, scope)?;
        }
        let element = step.element as usize;
        match &rule.head {
            Head::Atom(head) if element == 0 => {
                is_instance(world, head.predicate, &head.arguments, &env, atom)?;
                Ok(false)
            }
            Head::Atom(_) => Err(StepFault::Element.into()),
            Head::Disjunction(heads) => {
                let head = heads.get(element).ok_or(StepFault::Element)?;
                is_instance(world, head.predicate, &head.arguments, &env, atom)?;
                let mut ambiguous = false;
                for head in heads {
                    let found = world.look_up(head, &env)?.ok_or(StepFault::Undefined)?;
                    ambiguous |= found.is_some_and(|other| other != atom);
                }
                Ok(ambiguous)
            }
            Head::Choice(elements, guards) => {
                for guard in guards {
                    world.eval(&guard.term, &env)?.ok_or(StepFault::Undefined)?;
                }
                let chosen = elements.get(element).ok_or(StepFault::Element)?;
                let ChoiceElement { predicate, element } = chosen;
                bind(world, &mut env, &element.locals, &step.binding)?;
                for literal in &element.condition {
                    judge(world, literal, &mut env, now, scope)?;
                }
                is_instance(world, *predicate, &element.terms, &env, atom)?;
                Ok(false)
            }
            Head::Never | Head::Cost(_) => Err(StepFault::Head.into()),
        }
    }

    /// Whether all literals of a rule's body hold under a binding.
    pub(super) fn body_holds(
        &mut self,
        rule: usize,
        binding: &[Option<Value>],
        scope: Scope<'_>,
    ) -> Result<Env, Stop> {
        let rule = self.rules.get(rule).ok_or(StepFault::NoRule)?;
        let world = &mut self.world;
        let mut env = bind_globals(world, rule, binding)?;
        for literal in &rule.body {
            judge(world, literal, &mut env, END, scope)?;
        }
        Ok(env)
    }

    /// The order in which a rule's body is evaluated.
    pub(super) fn order(&mut self, at: usize) -> Result<Arc<[usize]>, Refusal> {
        let unsafe_rule = || Refusal::Unchecked(NotCheckable::Unsafe { rule: at as u32 });
        if let Some(Some(order)) = self.orders.get(at) {
            return Ok(order.clone());
        }
        let rule = self.rules.get(at).ok_or_else(unsafe_rule)?;
        let is_safe = rule.body.iter().all(|l| match l {
            Literal::Aggregate(_, a) => a.elements.iter().all(|e| e.order.is_some()),
            _ => true,
        });
        let set = &self.world.set;
        let order = plan(
            &rule.body,
            &vec![false; rule.globals.len()],
            needed(&rule.head),
            &|p| set.of(p).len(),
            &mut self.world.steps,
        )?;
        let order = order.filter(|_| is_safe).ok_or_else(unsafe_rule)?;
        let order: Arc<[usize]> = order.into();
        if let Some(slot) = self.orders.get_mut(at) {
            *slot = Some(order.clone());
        }
        Ok(order)
    }

    /// Calls `f` for each binding under which a rule's body holds in the set.
    pub(super) fn each_instance(
        &mut self,
        at: usize,
        f: &mut dyn FnMut(&mut World, &Rule, &mut Env) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        spend(&mut self.world.steps, 1)?;
        let order = self.order(at)?;
        let Some(rule) = self.rules.get(at) else {
            return Ok(());
        };
        let mut env = Env::new(rule.globals.len());
        let mut join = Join::new(&rule.body, &order);
        while join.next(&mut self.world, &mut env)? {
            f(&mut self.world, rule, &mut env)?;
        }
        Ok(())
    }

    /// Shows that the set has all atoms of closed predicates that hold.
    pub(super) fn close(&mut self, closed: &[bool]) -> Result<(), Refusal> {
        let model = self.model;
        let is_closed = |p: usize| closed.get(p).copied().unwrap_or(false);
        for at in 0..self.rules.len() {
            let Some(rule) = self.rules.get(at) else {
                continue;
            };
            let mut concerned = false;
            rule.head.each_predicate(&mut |p| concerned |= is_closed(p));
            if !concerned {
                continue;
            }
            if let Some(used) = self.used.get_mut(at) {
                *used = true;
            }
            let mut rests = !rule.head.is_open();
            rule.each_predicate(&mut |p, _| rests &= is_closed(p));
            if !rests || self.graph.has_negative_cycle(at, rule) {
                let rule = at as u32;
                return Err(Refusal::Program(ProgramFault::Closed { rule }));
            }
            self.each_instance(at, &mut |world, rule, env| match &rule.head {
                Head::Atom(head) => match world.look_up(head, env)? {
                    Some(None) => Err(Refusal::Program(ProgramFault::Missing {
                        model,
                        rule: at as u32,
                    })),
                    _ => Ok(()),
                },
                _ => Ok(()),
            })?;
        }
        Ok(())
    }
}

fn opposites(problem: &Problem) -> Vec<(usize, usize)> {
    let predicates = problem.predicates.iter().enumerate();
    let (denied, stated): (Vec<_>, Vec<_>) = predicates.partition(|(_, p)| p.denied);
    let denials: FxHashMap<(&str, u32), usize> = denied
        .into_iter()
        .map(|(i, p)| ((&*p.name, p.arity), i))
        .collect();
    let pair = |(i, p): (usize, &Predicate)| Some((i, *denials.get(&(&*p.name, p.arity))?));
    stated.into_iter().filter_map(pair).collect()
}

/// The terms of a head outside of elements.
pub(super) fn needed(head: &Head) -> Box<dyn Iterator<Item = &Term> + '_> {
    match head {
        Head::Atom(atom) => Box::new(atom.arguments.iter()),
        Head::Disjunction(atoms) => Box::new(atoms.iter().flat_map(|a| &a.arguments)),
        Head::Choice(_, guards) => Box::new(guards.iter().map(|g| &g.term)),
        Head::Cost(terms) => Box::new(terms.iter()),
        Head::Never => Box::new(std::iter::empty()),
    }
}

/// Binds a rule's global variables, and no others: a value that evidence gives
/// for a variable of an aggregate would narrow what the aggregate speaks of.
fn bind_globals(world: &mut World, rule: &Rule, binding: &[Option<Value>]) -> Result<Env, Stop> {
    if binding.len() != rule.globals.len() {
        return Err(StepFault::Binding.into());
    }
    let mut env = Env::new(rule.globals.len());
    for (v, _) in rule.globals.iter().enumerate().filter(|(_, g)| **g) {
        bind(world, &mut env, &[v], binding)?;
    }
    Ok(env)
}

fn bind(
    world: &mut World,
    env: &mut Env,
    variables: &[usize],
    binding: &[Option<Value>],
) -> Result<(), Stop> {
    for &v in variables {
        let value = binding.get(v).and_then(Option::as_ref);
        let value = value.ok_or(StepFault::Binding)?;
        let id = world.values.read(value, &mut world.steps)?;
        env.bind(v, id);
    }
    Ok(())
}

/// Whether an atom of a head, under a binding, is the atom that is claimed.
fn is_instance(
    world: &mut World,
    predicate: usize,
    arguments: &[Term],
    env: &Env,
    atom: AtomId,
) -> Result<(), Stop> {
    let values = world.eval_all(arguments, env)?;
    let values: Vec<Id> = values.ok_or(StepFault::Undefined)?;
    match world.atoms.get(atom) {
        Some((p, found)) if p == predicate && **found == *values => Ok(()),
        _ => Err(StepFault::Atom.into()),
    }
}

/// Whether a literal holds under a binding, its atom before `now`.
fn judge(
    world: &mut World,
    literal: &Literal,
    env: &mut Env,
    now: u32,
    scope: Scope<'_>,
) -> Result<(), Stop> {
    let mut known = true;
    literal.each_predicate(&mut |p, whole| known &= !whole || scope.has(p));
    if !known {
        return Err(StepFault::NotClosed.into());
    }
    let holds = match literal {
        Literal::Atom(Sign::Positive, atom) => {
            let found = look_up(world, atom, env)?;
            let earlier = found.is_some_and(|a| world.set.is_before(a, now));
            return if earlier {
                Ok(())
            } else {
                Err(StepFault::NotGiven.into())
            };
        }
        Literal::Atom(Sign::Not, atom) => look_up(world, atom, env)?.is_none(),
        other => world.holds(other, env)?,
    };
    if holds {
        Ok(())
    } else {
        Err(StepFault::False.into())
    }
}

fn look_up(world: &mut World, atom: &Atom, env: &Env) -> Result<Option<AtomId>, Stop> {
    Ok(world.look_up(atom, env)?.ok_or(StepFault::Undefined)?)
}
