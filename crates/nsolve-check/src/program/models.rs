//! Whether sets of atoms are stable models.

use nsolve_il::program::{Answers, Meaning, Sign, StableModel};
use rustc_hash::{FxHashMap, FxHashSet};

use super::atoms::AtomId;
use super::exhaust::{Sought, only};
use super::join::{ENTRY, Join};
use super::minimal::{Clause, has_smaller_model};
use super::replay::{Checker, Scope};
use super::rules::{Atom, ChoiceElement, Head, Literal, Rule, Term};
use super::values::Id;
use super::world::{Env, UNBOUND, World};
use super::{NotCheckable, ProgramFault, Shown};
use crate::{Refusal, spend};

/// What models cost: by level, highest first, levels of no cost left out.
pub(super) type Costs = Vec<(i64, i64)>;

/// Checks all models of an answer. Whether there are others is searched within
/// so many steps more.
pub(super) fn check(
    checker: &mut Checker<'_>,
    limit: Option<usize>,
    optimal: bool,
    answers: &Answers,
    steps: u64,
) -> Result<Shown, Refusal> {
    let count = answers.models.len();
    if count == 0 || limit.is_some_and(|most| count > most) {
        return Err(Refusal::Program(ProgramFault::Number));
    }
    let mut seen: FxHashMap<Vec<AtomId>, u32> = FxHashMap::default();
    let mut costs: Option<Costs> = None;
    let mut same = true;
    for (i, model) in (0_u32..).zip(&answers.models) {
        checker.model = i;
        let cost = check_model(checker, model)?;
        let mut members = checker.world.set.members().to_vec();
        spend(&mut checker.world.steps, members.len() as u64)?;
        members.sort_unstable();
        if let Some(first) = seen.insert(members, i) {
            return Err(Refusal::Program(ProgramFault::Same { first, second: i }));
        }
        match &costs {
            Some(first) if *first != cost && (optimal || answers.optimal) => {
                return Err(Refusal::Program(ProgramFault::Optimum));
            }
            Some(first) => same &= *first == cost,
            None => costs = Some(cost),
        }
    }
    let costs = costs.unwrap_or_default();
    let one = is_deterministic(checker);
    let mut all = one;
    let mut best = one || (same && costs.is_empty() && costs_are_positive(checker));
    if answers.complete && !all {
        let told: FxHashSet<Vec<AtomId>> = seen.into_keys().collect();
        let sought = match optimal {
            true => Sought::AtMost(&costs),
            false => Sought::Any,
        };
        all = only(checker, sought, &told, steps)?;
        best |= all && same;
    } else if answers.optimal && !best {
        let told = FxHashSet::default();
        best = only(checker, Sought::Below(&costs), &told, steps)?;
    }
    Ok(Shown::Models {
        models: count,
        all,
        optimal: best,
    })
}

/// Checks that a program has no model.
pub(super) fn none(checker: &mut Checker<'_>, steps: u64) -> Result<Shown, Refusal> {
    if !only(checker, Sought::Any, &FxHashSet::default(), steps)? {
        return Err(Refusal::NoEvidence);
    }
    // No rule can be told that it does not rest on.
    checker.used.iter_mut().for_each(|used| *used = true);
    Ok(Shown::NoModel)
}

/// Whether the program has one model at most: no disjunction, no choice, no
/// cycle through `not`.
fn is_deterministic(checker: &Checker<'_>) -> bool {
    let mut rules = checker.rules.iter().enumerate();
    rules.all(|(i, r)| !r.head.is_open() && !checker.graph.has_negative_cycle(i, r))
}

/// Whether no model can cost less than nothing.
fn costs_are_positive(checker: &Checker<'_>) -> bool {
    checker.rules.iter().all(|rule| match &rule.head {
        Head::Cost(terms) => match terms.first() {
            Some(Term::Value(weight)) => {
                let weight = checker.world.values.as_int(*weight);
                weight.is_some_and(|n| n >= 0)
            }
            _ => false,
        },
        _ => true,
    })
}

/// Checks one model; gives what it costs.
fn check_model(checker: &mut Checker<'_>, model: &StableModel) -> Result<Costs, Refusal> {
    let ambiguous = checker.derive(&model.derivation, Scope::Model)?;
    let number = checker.model;
    let violations = satisfy(checker)?;
    if ambiguous {
        is_minimal(checker)?;
    }
    let costs = costs(&checker.world, &violations)?;
    let mut claimed: Costs = model.cost.clone();
    claimed.retain(|(_, cost)| *cost != 0);
    if claimed != costs {
        return Err(Refusal::Program(ProgramFault::Cost { model: number }));
    }
    Ok(costs)
}

/// What some atoms cost, if they are a stable model.
pub(super) fn cost_of_stable(
    checker: &mut Checker<'_>,
    atoms: &[AtomId],
) -> Result<Option<Costs>, Refusal> {
    checker.world.set.clear();
    for &atom in atoms {
        if let Some((predicate, _)) = checker.world.atoms.get(atom) {
            checker.world.set.add(predicate, atom);
        }
    }
    let satisfied = satisfy(checker);
    let stable = satisfied.and_then(|violations| {
        is_minimal(checker)?;
        costs(&checker.world, &violations)
    });
    match stable {
        Ok(costs) => Ok(Some(costs)),
        Err(Refusal::Program(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Shows that the set satisfies all rules; gives the violations of weak
/// constraints.
fn satisfy(checker: &mut Checker<'_>) -> Result<FxHashSet<Vec<Id>>, Refusal> {
    let number = checker.model;
    let mut violations: FxHashSet<Vec<Id>> = FxHashSet::default();
    for at in 0..checker.rules.len() {
        let place = Place {
            model: number,
            rule: at as u32,
        };
        let is_safe = checker.rules.get(at).is_some_and(elements_are_safe);
        if !is_safe {
            return Err(Refusal::Unchecked(NotCheckable::Unsafe {
                rule: place.rule,
            }));
        }
        checker.each_instance(at, &mut |world, rule, env| {
            head_holds(world, rule, env, place, &mut violations)
        })?;
    }
    no_clash(checker)?;
    Ok(violations)
}

fn elements_are_safe(rule: &Rule) -> bool {
    match &rule.head {
        Head::Choice(elements, _) => elements.iter().all(|e| e.element.order.is_some()),
        _ => true,
    }
}

#[derive(Clone, Copy)]
struct Place {
    model: u32,
    rule: u32,
}

/// Whether the head of an instance is satisfied whose body holds.
fn head_holds(
    world: &mut World,
    rule: &Rule,
    env: &mut Env,
    place: Place,
    violations: &mut FxHashSet<Vec<Id>>,
) -> Result<(), Refusal> {
    let Place { model, rule: at } = place;
    let missing = Err(Refusal::Program(ProgramFault::Missing { model, rule: at }));
    match &rule.head {
        Head::Atom(head) => match world.look_up(head, env)? {
            Some(None) => missing,
            _ => Ok(()),
        },
        Head::Disjunction(heads) => match true_heads(world, heads, env)? {
            Some(list) if list.is_empty() => missing,
            _ => Ok(()),
        },
        Head::Never => Err(Refusal::Program(ProgramFault::Violated { model, rule: at })),
        Head::Choice(_, guards) if guards.is_empty() => Ok(()),
        Head::Choice(elements, guards) => {
            let chosen = chosen(world, elements, env)?;
            let number = world.values.int(chosen.len() as i64);
            match world.guards(guards, number, env)? {
                Some(false) => Err(Refusal::Program(ProgramFault::Guard { model, rule: at })),
                _ => Ok(()),
            }
        }
        Head::Cost(terms) => {
            let Some(tuple) = world.eval_all(terms, env)? else {
                return Ok(());
            };
            if tuple
                .iter()
                .take(2)
                .any(|id| world.values.as_int(*id).is_none())
            {
                return Err(Refusal::Unchecked(NotCheckable::Weight { rule: at }));
            }
            violations.insert(tuple);
            spend(&mut world.steps, ENTRY)
        }
    }
}

/// Those atoms of a disjunction that are in the set; `None` where an argument
/// is undefined.
fn true_heads(
    world: &mut World,
    heads: &[Atom],
    env: &Env,
) -> Result<Option<Vec<AtomId>>, Refusal> {
    let mut out = Vec::new();
    for head in heads {
        match world.look_up(head, env)? {
            Some(found) => out.extend(found),
            None => return Ok(None),
        }
    }
    out.sort_unstable();
    out.dedup();
    Ok(Some(out))
}

/// The atoms in the set among those of a choice whose conditions hold.
fn chosen(
    world: &mut World,
    elements: &[ChoiceElement],
    env: &mut Env,
) -> Result<FxHashSet<AtomId>, Refusal> {
    let mut out = FxHashSet::default();
    each_choice(world, elements, env, &mut |_, _, _, atom| {
        out.insert(atom);
        Ok(())
    })?;
    Ok(out)
}

type Chosen<'f> = dyn FnMut(&mut World, &ChoiceElement, &Env, AtomId) -> Result<(), Refusal> + 'f;

fn each_choice(
    world: &mut World,
    elements: &[ChoiceElement],
    env: &mut Env,
    f: &mut Chosen<'_>,
) -> Result<(), Refusal> {
    for chosen in elements {
        let ChoiceElement { predicate, element } = chosen;
        let order = element.order.as_deref().ok_or(UNBOUND)?;
        let mut join = Join::new(&element.condition, order);
        while join.next(world, env)? {
            let Some(values) = world.eval_all(&element.terms, env)? else {
                continue;
            };
            let found = world.atoms.find(*predicate, &values);
            if let Some(atom) = found.filter(|&a| world.set.has(a)) {
                f(world, chosen, env, atom)?;
            }
        }
    }
    Ok(())
}

/// Sums up what was violated.
fn costs(world: &World, violations: &FxHashSet<Vec<Id>>) -> Result<Costs, Refusal> {
    let mut sums: FxHashMap<i64, i128> = FxHashMap::default();
    for tuple in violations {
        let int = |i: usize| tuple.get(i).and_then(|id| world.values.as_int(*id));
        if let (Some(weight), Some(level)) = (int(0), int(1)) {
            *sums.entry(level).or_default() += i128::from(weight);
        }
    }
    let mut out = Costs::new();
    for (level, sum) in sums {
        let cost = i64::try_from(sum).map_err(|_| super::world::OVERFLOW)?;
        if cost != 0 {
            out.push((level, cost));
        }
    }
    out.sort_unstable_by(|a, b| b.cmp(a));
    Ok(out)
}

/// No atom may hold together with its stated negation, save in an open world.
fn no_clash(checker: &mut Checker<'_>) -> Result<(), Refusal> {
    if checker.problem.meaning == Meaning::OpenWorld {
        return Ok(());
    }
    for &(stated, denial) in &checker.opposites {
        let world = &mut checker.world;
        spend(&mut world.steps, 1 + world.set.of(stated).len() as u64)?;
        let clashes = world.set.of(stated).iter().any(|&atom| {
            let arguments = world.atoms.get(atom).map(|(_, arguments)| arguments);
            let opposite = arguments.and_then(|a| world.atoms.find(denial, a));
            opposite.is_some_and(|o| world.set.has(o))
        });
        if clashes {
            let model = checker.model;
            return Err(Refusal::Program(ProgramFault::Clash { model }));
        }
    }
    Ok(())
}

/// Searches the reduct for a smaller model.
fn is_minimal(checker: &mut Checker<'_>) -> Result<(), Refusal> {
    let mut clauses = Vec::new();
    for at in 0..checker.rules.len() {
        checker.each_instance(at, &mut |world, rule, env| {
            let heads = match &rule.head {
                Head::Atom(head) => true_heads(world, std::slice::from_ref(head), env)?,
                Head::Disjunction(heads) => true_heads(world, heads, env)?,
                Head::Choice(elements, guards) => {
                    return choice_clauses(world, rule, (elements, guards), env, &mut clauses);
                }
                Head::Never | Head::Cost(_) => None,
            };
            if let Some(heads) = heads {
                let body = support(world, &rule.body, env)?;
                spend(&mut world.steps, ENTRY + body.len() as u64)?;
                let head = heads.iter().filter_map(|&a| world.set.time(a));
                clauses.push(Clause {
                    head: head.collect(),
                    body,
                });
            }
            Ok(())
        })?;
    }
    let count = checker.world.set.members().len();
    if has_smaller_model(count, &clauses, &mut checker.world.steps)? {
        let model = checker.model;
        return Err(Refusal::Program(ProgramFault::NotMinimal { model }));
    }
    Ok(())
}

fn choice_clauses(
    world: &mut World,
    rule: &Rule,
    (elements, guards): (&[ChoiceElement], &[super::rules::Guard]),
    env: &mut Env,
    clauses: &mut Vec<Clause>,
) -> Result<(), Refusal> {
    for guard in guards {
        if world.eval(&guard.term, env)?.is_none() {
            return Ok(());
        }
    }
    let body = support(world, &rule.body, env)?;
    each_choice(world, elements, env, &mut |world, chosen, env, atom| {
        let mut all = body.clone();
        all.extend(support(world, &chosen.element.condition, env)?);
        spend(&mut world.steps, ENTRY + all.len() as u64)?;
        clauses.push(Clause {
            head: world.set.time(atom).into_iter().collect(),
            body: all,
        });
        Ok(())
    })
}

/// The positive atoms of a conjunction under a binding.
fn support(world: &mut World, literals: &[Literal], env: &Env) -> Result<Vec<usize>, Refusal> {
    let mut out = Vec::new();
    for literal in literals {
        if let Literal::Atom(Sign::Positive, atom) = literal {
            let found = world.look_up(atom, env)?.flatten();
            out.extend(found.and_then(|a| world.set.time(a)));
        }
    }
    Ok(out)
}
