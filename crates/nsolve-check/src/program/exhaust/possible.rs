//! All atoms that may hold in some stable model.
//!
//! Predicates are *open* where models may differ about them: those that a
//! disjunction or a choice gives, that depend on themselves through `not`, or
//! that rest on open ones. All others have the same atoms in every model. The
//! rules are run forward, components of predicates from the lowest to the
//! highest, with `not` and aggregates over open predicates taken as if they may
//! be either. A stable model is derived by rules whose bodies hold in it; so by
//! induction along that derivation all of its atoms are among those found.

use nsolve_il::program::Sign;

use super::super::atoms::AtomId;
use super::super::join::Join;
use super::super::plan::plan;
use super::super::replay::{Checker, needed};
use super::super::rules::{Atom, Head, Literal, Rule, Term};
use super::super::values::Id;
use super::super::world::{Env, UNBOUND, World};
use crate::{Refusal, spend};

/// Makes the set at hand all atoms that may hold, of those predicates that
/// `wanted` needs, and tells the world which ones are open.
pub(in super::super) fn find(
    checker: &mut Checker<'_>,
    wanted: Option<usize>,
) -> Result<(), Refusal> {
    let predicates = checker.problem.predicates.len();
    checker.world.set.clear();
    checker.world.open = vec![false; predicates];
    spend(&mut checker.world.steps, checker.rules.len() as u64)?;
    let needed = wanted.map(|rule| cone(checker, rule));
    let mut order: Vec<usize> = (0..checker.rules.len()).collect();
    order.retain(|&at| {
        let mut concerned = false;
        let is_needed = |p: usize| needed.as_ref().is_none_or(|n| n.get(p) == Some(&true));
        if let Some(rule) = checker.rules.get(at) {
            rule.head.each_predicate(&mut |p| concerned |= is_needed(p));
        }
        concerned
    });
    order.sort_by_key(|&at| checker.graph.of_rule(at));
    let graph = &checker.graph;
    let groups: Vec<Vec<usize>> = order
        .chunk_by(|&a, &b| graph.of_rule(a) == graph.of_rule(b))
        .map(<[usize]>::to_vec)
        .collect();
    for group in groups {
        mark_open(checker, &group);
        let mut from = checker.world.set.members().len();
        for &at in &group {
            extend(checker, at, None)?;
        }
        let again = group.iter().any(|&at| is_recursive(checker, at));
        while let Some(new) = checker.world.set.members().get(from..).filter(|_| again) {
            if new.is_empty() {
                break;
            }
            let new = new.to_vec();
            from += new.len();
            for &at in &group {
                extend_by(checker, at, &new)?;
            }
        }
    }
    Ok(())
}

/// The predicates that a rule's body needs.
fn cone(checker: &Checker<'_>, rule: usize) -> Vec<bool> {
    let mut gives: Vec<Vec<usize>> = vec![Vec::new(); checker.problem.predicates.len()];
    for (at, rule) in checker.rules.iter().enumerate() {
        rule.head.each_predicate(&mut |p| {
            if let Some(list) = gives.get_mut(p) {
                list.push(at);
            }
        });
    }
    let mut needed = vec![false; gives.len()];
    let mut waiting = vec![rule];
    while let Some(rule) = waiting.pop().and_then(|at| checker.rules.get(at)) {
        rule.each_predicate(&mut |p, _| {
            if let Some(slot @ false) = needed.get_mut(p) {
                *slot = true;
                waiting.extend(gives.get_mut(p).map(std::mem::take).unwrap_or_default());
            }
        });
    }
    needed
}

fn is_recursive(checker: &Checker<'_>, at: usize) -> bool {
    let mut found = false;
    if let Some(rule) = checker.rules.get(at) {
        rule.each_predicate(&mut |p, _| found |= checker.graph.is_recursive(at, p));
    }
    found
}

/// Marks what rules of one component give as open, if it is.
fn mark_open(checker: &mut Checker<'_>, group: &[usize]) {
    let rules: Vec<&Rule> = group
        .iter()
        .filter_map(|&at| checker.rules.get(at))
        .collect();
    let mut open = false;
    for (rule, &at) in rules.iter().zip(group) {
        open |= rule.head.is_open() || checker.graph.has_negative_cycle(at, rule);
        rule.each_predicate(&mut |p, _| open |= checker.world.is_open(p));
    }
    for rule in rules.iter().filter(|_| open) {
        rule.head.each_predicate(&mut |p| {
            if let Some(slot) = checker.world.open.get_mut(p) {
                *slot = true;
            }
        });
    }
}

/// Adds what a rule may give: from all atoms, or with a literal of the body that
/// is one of these atoms.
fn extend(
    checker: &mut Checker<'_>,
    at: usize,
    by: Option<(usize, &[AtomId])>,
) -> Result<(), Refusal> {
    let mut new: Vec<(usize, Vec<Id>)> = Vec::new();
    let mut note = |world: &mut World, rule: &Rule, env: &mut Env| {
        each_head(world, rule, env, &mut |world, predicate, arguments| {
            let found = world.atoms.find(predicate, &arguments);
            if !found.is_some_and(|a| world.set.has(a)) {
                new.push((predicate, arguments));
                spend(&mut world.steps, ATOM)?;
            }
            Ok(())
        })
    };
    match by {
        None => checker.each_instance(at, &mut note)?,
        Some((place, atoms)) => each_instance_with(checker, at, place, atoms, &mut note)?,
    }
    for (predicate, arguments) in new {
        let atom = checker.world.atoms.put(predicate, &arguments);
        let atom = atom.ok_or(Refusal::Limit)?;
        checker.world.set.grow(predicate, atom, &arguments);
    }
    Ok(())
}

/// Adds what a rule gives by these new atoms of its own component.
fn extend_by(checker: &mut Checker<'_>, at: usize, new: &[AtomId]) -> Result<(), Refusal> {
    let Some(rule) = checker.rules.get(at) else {
        return Ok(());
    };
    let mut places = Vec::new();
    for (place, literal) in rule.body.iter().enumerate() {
        let mut recursive = false;
        literal.each_predicate(&mut |p, _| recursive |= checker.graph.is_recursive(at, p));
        match literal {
            _ if !recursive => {}
            Literal::Atom(Sign::Positive, atom)
                if !atom.arguments.iter().any(Term::has_arithmetic) =>
            {
                places.push((place, atom.predicate));
            }
            // It may be either from the start.
            Literal::Atom(Sign::Not, _) => {}
            _ => return extend(checker, at, None),
        }
    }
    if let Head::Choice(elements, _) = &rule.head {
        let mut recursive = false;
        for literal in elements.iter().flat_map(|e| &e.element.condition) {
            literal.each_predicate(&mut |p, _| recursive |= checker.graph.is_recursive(at, p));
        }
        if recursive {
            return extend(checker, at, None);
        }
    }
    for (place, predicate) in places {
        let of = |a: &&AtomId| {
            checker
                .world
                .atoms
                .get(**a)
                .is_some_and(|f| f.0 == predicate)
        };
        let atoms: Vec<AtomId> = new.iter().filter(of).copied().collect();
        extend(checker, at, Some((place, &atoms)))?;
    }
    Ok(())
}

type Instance<'f> = dyn FnMut(&mut World, &Rule, &mut Env) -> Result<(), Refusal> + 'f;

/// Calls `f` for each binding under which a rule's body may hold with one of its
/// literals being one of these atoms.
fn each_instance_with(
    checker: &mut Checker<'_>,
    at: usize,
    place: usize,
    atoms: &[AtomId],
    f: &mut Instance<'_>,
) -> Result<(), Refusal> {
    let Some(rule) = checker.rules.get(at) else {
        return Ok(());
    };
    let Some(Literal::Atom(_, literal)) = rule.body.get(place) else {
        return Ok(());
    };
    let world = &mut checker.world;
    let mut bound = vec![false; rule.globals.len()];
    literal.arguments.iter().for_each(|t| mark(t, &mut bound));
    let set = &world.set;
    let size = |p| set.of(p).len();
    let order = plan(
        &rule.body,
        &bound,
        needed(&rule.head),
        &size,
        &mut world.steps,
    )?;
    let order = order.ok_or(UNBOUND)?;
    for &atom in atoms {
        let Some(values) = world.atoms.get(atom).map(|(_, values)| values.clone()) else {
            continue;
        };
        let mut env = Env::new(rule.globals.len());
        if !world.unify_all(&literal.arguments, &values, 0, &mut env)? {
            continue;
        }
        let mut join = Join::new(&rule.body, &order);
        while join.next(world, &mut env)? {
            f(world, rule, &mut env)?;
        }
    }
    Ok(())
}

fn mark(term: &Term, bound: &mut [bool]) {
    match term {
        Term::Variable(v) => {
            if let Some(slot) = bound.get_mut(*v) {
                *slot = true;
            }
        }
        Term::Value(_) => {}
        Term::Function(_, args, _) | Term::Arithmetic(_, args) => {
            args.iter().for_each(|t| mark(t, bound));
        }
    }
}

/// What a new atom costs: it takes memory in several tables.
const ATOM: u64 = 32;

type Given<'f> = dyn FnMut(&mut World, usize, Vec<Id>) -> Result<(), Refusal> + 'f;

/// Calls `f` on each atom that an instance may give.
fn each_head(
    world: &mut World,
    rule: &Rule,
    env: &mut Env,
    f: &mut Given<'_>,
) -> Result<(), Refusal> {
    let one = |world: &mut World, head: &Atom, env: &Env, f: &mut Given<'_>| match world
        .eval_all(&head.arguments, env)?
    {
        Some(arguments) => f(world, head.predicate, arguments),
        None => Ok(()),
    };
    match &rule.head {
        Head::Atom(head) => one(world, head, env, f),
        Head::Disjunction(heads) => heads.iter().try_for_each(|h| one(world, h, env, f)),
        Head::Choice(elements, _) => {
            for chosen in elements {
                let element = &chosen.element;
                let order = element.order.as_deref().ok_or(UNBOUND)?;
                let mut join = Join::new(&element.condition, order);
                while join.next(world, env)? {
                    if let Some(arguments) = world.eval_all(&element.terms, env)? {
                        f(world, chosen.predicate, arguments)?;
                    }
                }
            }
            Ok(())
        }
        Head::Never | Head::Cost(_) => Ok(()),
    }
}
