//! What holds in every model: instances of goals, and what rules models out.

use std::sync::Arc;

use nsolve_il::program::{Bindings, Certificate, Derivation, GroundAtom, Meaning, Value};
use rustc_hash::FxHashSet;

use super::exhaust::{possible, resolution};
use super::replay::{Checker, Scope};
use super::values::Id;
use super::{NotCheckable, ProgramFault, Shown, StepFault};
use crate::Refusal;

/// Follows a derivation of what holds in every model; tells which predicates it
/// shows to be closed.
fn establish(checker: &mut Checker<'_>, derivation: &Derivation) -> Result<Vec<bool>, Refusal> {
    let mut closed = vec![false; checker.problem.predicates.len()];
    for predicate in &derivation.closed {
        match closed.get_mut(predicate.index()) {
            Some(slot) => *slot = true,
            None => return Err(Refusal::Program(ProgramFault::Evidence)),
        }
    }
    checker.derive(derivation, Scope::Closed(&closed))?;
    checker.close(&closed)?;
    Ok(closed)
}

/// Whether all predicates of a goal are closed.
fn is_closed(checker: &Checker<'_>, goal: usize, closed: &[bool]) -> bool {
    let mut all = true;
    if let Some(rule) = checker.rules.get(goal) {
        rule.each_predicate(&mut |p, _| all &= closed.get(p).copied().unwrap_or(false));
    }
    all
}

/// What part of a check's steps may go into running a goal's rules: the backend
/// finds few rows in a large program without running all, and where all is much,
/// trying is in vain.
const FORWARD: u64 = 4;

/// Calls `f` on each instance of a goal that holds in some model, where none of
/// its predicates is open: the rules that it needs are run forward, or where they
/// leave a variable unbound backward, within so many steps. False where that comes
/// to no end.
fn each_row(
    checker: &mut Checker<'_>,
    goal: usize,
    steps: u64,
    f: &mut dyn FnMut(Vec<Option<Id>>) -> Result<(), Refusal>,
) -> Result<bool, Refusal> {
    checker.world.steps = steps / FORWARD;
    let found = possible::find(checker, Some(goal)).and_then(|()| {
        let mut settled = true;
        if let Some(rule) = checker.rules.get(goal) {
            rule.each_predicate(&mut |p, _| settled &= !checker.world.is_open(p));
        }
        checker.world.open.clear();
        if !settled {
            return Ok(false);
        }
        checker.each_instance(goal, &mut |_, rule, env| {
            f((0..rule.globals.len()).map(|v| env.get(v)).collect())
        })?;
        Ok(true)
    });
    checker.world.open.clear();
    let found = match found {
        Err(Refusal::Unchecked(NotCheckable::Unsafe { .. })) => {
            resolution::each_row(checker, goal, f).map(|()| true)
        }
        found => found,
    };
    match found {
        Err(refusal) if !refusal.is_failure() => Ok(false),
        found => found,
    }
}

/// Checks that a goal has no instance, of which no evidence was given.
pub(super) fn no_row(checker: &mut Checker<'_>, steps: u64) -> Result<Shown, Refusal> {
    let goal = checker.problem.rules.len();
    let more = Err(Refusal::Program(ProgramFault::MoreRows));
    if each_row(checker, goal, steps, &mut |_| more.clone())? {
        checker.used.iter_mut().for_each(|used| *used = true);
        Ok(Shown::NoInstance)
    } else {
        Err(Refusal::NoEvidence)
    }
}

/// Checks the rows of a goal, which stands behind the rules. Where not all that
/// it speaks of is given, the rules are run within so many steps to see whether
/// there are others.
pub(super) fn instances(
    checker: &mut Checker<'_>,
    limit: Option<usize>,
    bindings: &Bindings,
    steps: u64,
) -> Result<Shown, Refusal> {
    let rows = bindings.rows.len();
    if rows == 0 || limit.is_some_and(|most| rows > most) {
        return Err(Refusal::Program(ProgramFault::Number));
    }
    let goal = checker.problem.rules.len();
    let closed = establish(checker, &bindings.derivation)?;
    let mut seen: FxHashSet<Vec<Option<Id>>> = FxHashSet::default();
    for (row, claimed) in (0_u32..).zip(&bindings.rows) {
        let held = checker.body_holds(goal, &claimed.binding, Scope::Closed(&closed));
        let env = held.map_err(|s| s.at(|fault| ProgramFault::Row { row, fault }))?;
        // Only global variables are bound in it.
        let binding = (0..claimed.binding.len()).map(|v| env.get(v)).collect();
        if !seen.insert(binding) {
            let fault = StepFault::Twice;
            return Err(Refusal::Program(ProgramFault::Row { row, fault }));
        }
    }
    let mut all = false;
    if bindings.complete && is_closed(checker, goal, &closed) && checker.order(goal).is_ok() {
        checker.each_instance(goal, &mut |_, rule, env| {
            let binding: Vec<Option<Id>> = (0..rule.globals.len()).map(|v| env.get(v)).collect();
            if seen.contains(&binding) {
                Ok(())
            } else {
                Err(Refusal::Program(ProgramFault::MoreRows))
            }
        })?;
        all = true;
    } else if bindings.complete {
        all = each_row(checker, goal, steps, &mut |binding| {
            if seen.contains(&binding) {
                Ok(())
            } else {
                Err(Refusal::Program(ProgramFault::MoreRows))
            }
        })?;
    }
    Ok(Shown::Instances { rows, all })
}

/// Checks that a goal, which stands behind the rules, has no instance.
pub(super) fn no_instance(
    checker: &mut Checker<'_>,
    derivation: &Derivation,
) -> Result<Shown, Refusal> {
    let goal = checker.problem.rules.len();
    let closed = establish(checker, derivation)?;
    if !is_closed(checker, goal, &closed) {
        return Err(Refusal::Program(ProgramFault::OpenGoal));
    }
    checker.each_instance(goal, &mut |_, _, _| {
        Err(Refusal::Program(ProgramFault::MoreRows))
    })?;
    Ok(Shown::NoInstance)
}

/// Checks that there is no model.
pub(super) fn no_model(
    checker: &mut Checker<'_>,
    certificate: &Certificate,
) -> Result<Shown, Refusal> {
    match certificate {
        Certificate::Violated {
            derivation,
            rule,
            binding,
        } => violated(checker, derivation, *rule, binding),
        Certificate::Clash { derivation, atom } => clash(checker, derivation, atom),
        Certificate::NoInstance { .. } => Err(Refusal::Program(ProgramFault::Evidence)),
    }
}

fn violated(
    checker: &mut Checker<'_>,
    derivation: &Derivation,
    rule: u32,
    binding: &Arc<[Option<Value>]>,
) -> Result<Shown, Refusal> {
    let fail = |fault| ProgramFault::Constraint { rule, fault };
    let at = rule as usize;
    match checker.rules.get(at).map(|r| &r.head) {
        Some(super::rules::Head::Never) => {}
        Some(_) => return Err(Refusal::Program(fail(StepFault::Head))),
        None => return Err(Refusal::Program(fail(StepFault::NoRule))),
    }
    let closed = establish(checker, derivation)?;
    let held = checker.body_holds(at, binding, Scope::Closed(&closed));
    held.map_err(|s| s.at(fail))?;
    if let Some(used) = checker.used.get_mut(at) {
        *used = true;
    }
    Ok(Shown::Violated { rule })
}

fn clash(
    checker: &mut Checker<'_>,
    derivation: &Derivation,
    atom: &GroundAtom,
) -> Result<Shown, Refusal> {
    const NONE: Refusal = Refusal::Program(ProgramFault::NoClash);
    // In an open world, an atom and its stated negation rule nothing out.
    if checker.problem.meaning == Meaning::OpenWorld {
        return Err(NONE);
    }
    let stated = atom.predicate.index();
    let pair = checker
        .opposites
        .iter()
        .find(|(p, q)| *p == stated || *q == stated);
    let &(stated, denial) = pair.ok_or(NONE)?;
    establish(checker, derivation)?;
    let world = &mut checker.world;
    let mut arguments = Vec::with_capacity(atom.arguments.len());
    for value in atom.arguments.iter() {
        arguments.push(world.values.read(value, &mut world.steps)?);
    }
    for predicate in [stated, denial] {
        let found = world.atoms.find(predicate, &arguments);
        if !found.is_some_and(|a| world.set.has(a)) {
            return Err(NONE);
        }
    }
    Ok(Shown::Clash)
}
