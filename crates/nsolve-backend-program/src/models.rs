//! Answers `Query::Models`.

use std::collections::BTreeMap;

use nsolve_backend::{Evidence, Outcome, SolveCx, StopReason, Verdict};
use nsolve_il::program::{
    Answers, Certificate, Comparison, Goal, Head, Literal, Meaning, PredicateId, Problem, Program,
    Rule, StableModel, Witness,
};
use rustc_hash::FxHashSet;

use crate::builtin::{evaluate, expression, has_arithmetic};
use crate::evaluate::{Engine, Instance, opposites};
use crate::ground::Ground;
use crate::instances::{rule_of, too_deep};
use crate::join::evaluate_all;
use crate::provenance::{Origin, Reader, closed_roots};
use crate::search::{Found, Search};
use crate::table::at;

/// What is asked.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) limit: Option<usize>,
    pub(crate) optimal: bool,
}

/// A program with what a query assumes, as constraints behind its rules.
pub(crate) fn with_assumed(problem: &Problem, assuming: &[Goal]) -> Problem {
    let mut all = Problem {
        goal: None,
        ..problem.clone()
    };
    all.rules.extend(assuming.iter().map(rule_of));
    all.rules.iter_mut().for_each(require_bounds);
    all
}

/// A choice whose bounds have no value chooses nothing: its body says that they
/// have one.
fn require_bounds(rule: &mut Rule) {
    if let Head::Choice { guards, .. } = &rule.head {
        let bounds = guards.iter().map(|g| &g.term).filter(|t| has_arithmetic(t));
        let defined = bounds.map(|t| Literal::Compare(Comparison::Equal, t.clone(), t.clone()));
        rule.body.extend(defined);
    }
}

/// Answers a query for models of a program that was validated.
pub(crate) fn solve(problem: &Problem, wanted: Wanted, cx: &SolveCx) -> Outcome<Program> {
    match answer(problem, wanted, cx) {
        Ok(outcome) => outcome,
        Err(reason) => Outcome::unknown(reason),
    }
}

fn answer(problem: &Problem, wanted: Wanted, cx: &SolveCx) -> Result<Outcome<Program>, StopReason> {
    let mut engine = Engine::new(problem, cx);
    let all: Vec<PredicateId> = (0..problem.predicates.len() as u32)
        .map(PredicateId)
        .collect();
    engine.run(&all)?;
    if engine.tainted.contains(&true) {
        return Err(too_deep(problem));
    }
    if let Some(certificate) = clash(problem, &mut engine)? {
        return Ok(Outcome::unsat(certificate));
    }
    for number in engine.last.clone() {
        if let Some(certificate) = last(problem, &mut engine, number)? {
            return Ok(Outcome::unsat(certificate));
        }
    }
    if engine.cut {
        return Err(too_deep(problem));
    }
    let origin = Origin::same(problem.predicates.len());
    let mut reader = Reader::new(&origin);
    for p in &all {
        if !at(&engine.open, p.index()) {
            reader.visit_all(&mut engine, p.index())?;
        }
    }
    let common = reader.finish(all);
    if !engine.open.contains(&true) {
        let cost = costs(problem, &mut engine)?;
        let model = StableModel {
            derivation: common,
            cost,
        };
        return Ok(told(vec![model], true, true, StopReason::Completed));
    }
    let ground = Ground::new(problem, &mut engine)?;
    let limit = wanted.limit.unwrap_or(usize::MAX);
    let Found {
        models,
        complete,
        optimal,
        stop,
    } = Search::new(ground, common.steps).run(limit, wanted.optimal);
    match (models.is_empty(), stop) {
        (true, Some(reason)) => Err(reason),
        (true, None) if complete => Ok(Outcome {
            verdict: Verdict::Unsat,
            stop: StopReason::Completed,
            evidence: Evidence::None,
        }),
        (true, None) => Err(StopReason::Incomplete("no model was asked for".to_owned())),
        // What was found is a model, whatever ended the search.
        (false, stop) => {
            let stop = stop.unwrap_or(StopReason::Completed);
            Ok(told(models, complete, optimal, stop))
        }
    }
}

fn told(
    models: Vec<StableModel>,
    complete: bool,
    optimal: bool,
    stop: StopReason,
) -> Outcome<Program> {
    Outcome {
        verdict: Verdict::Sat,
        stop,
        evidence: Evidence::Model(Witness::Models(Answers {
            models,
            complete,
            optimal,
        })),
    }
}

/// An atom that every model has together with its stated negation.
fn clash(problem: &Problem, engine: &mut Engine<'_>) -> Result<Option<Certificate>, StopReason> {
    if problem.meaning == Meaning::OpenWorld {
        return Ok(None);
    }
    let opposites = opposites(problem);
    for (i, predicate) in problem.predicates.iter().enumerate() {
        let Some(other) = at(&opposites, i)
            .filter(|_| !predicate.denied)
            .map(PredicateId::index)
        else {
            continue;
        };
        if at(&engine.open, i) || at(&engine.open, other) {
            continue;
        }
        let rows = engine.world.relations.get(i).map_or(0, |r| r.len());
        for row in 0..rows {
            let relations = &engine.world.relations;
            let values = relations.get(i).map_or(&[][..], |r| r.row(row));
            let Some(twin) = relations.get(other).and_then(|r| r.find(values)) else {
                continue;
            };
            let origin = Origin::same(problem.predicates.len());
            let mut reader = Reader::new(&origin);
            reader.visit(engine, other, twin)?;
            reader.visit(engine, i, row)?;
            let atom = reader
                .steps
                .iter()
                .rev()
                .find(|s| s.atom.predicate.index() == i);
            let Some(atom) = atom.map(|s| s.atom.clone()) else {
                continue;
            };
            let derivation = close(problem, engine, reader, std::iter::empty())?;
            return Ok(Some(Certificate::Clash { derivation, atom }));
        }
    }
    Ok(None)
}

/// Adds all atoms of what the steps' rules and these literals speak of under
/// `not` and in aggregates.
fn close<'l>(
    problem: &'l Problem,
    engine: &mut Engine<'_>,
    mut reader: Reader<'_>,
    literals: impl Iterator<Item = &'l nsolve_il::program::Literal>,
) -> Result<nsolve_il::program::Derivation, StopReason> {
    let roots = reader.spoken_of(problem, literals);
    let closed = engine.graph.cone(roots);
    for p in &closed {
        reader.visit_all(engine, p.index())?;
    }
    Ok(reader.finish(closed))
}

/// Keeps the instances of a clause that gives nothing; a certificate where it is
/// a constraint that every model violates.
fn last(
    problem: &Problem,
    engine: &mut Engine<'_>,
    number: u32,
) -> Result<Option<Certificate>, StopReason> {
    let plan = engine.plan_or_fail(number, None)?;
    let Some(clause) = engine.clauses.get(number as usize) else {
        return Ok(None);
    };
    let rule = clause.rule;
    let body: Vec<_> = clause.body.clone();
    let is_constraint = problem
        .rules
        .get(rule as usize)
        .is_some_and(|r| r.head == Head::Never);
    let open = |p: &PredicateId| at(&engine.open, p.index());
    let positive = clause.positive.iter().map(|(p, _)| PredicateId(*p as u32));
    let spoken = closed_roots(body.iter().copied());
    let is_certain = is_constraint && !positive.chain(spoken).any(|p| open(&p));
    let before = engine.instances.len();
    engine.run_plan(number, &plan, if is_certain { 0 } else { u32::MAX })?;
    let Some(instance) = engine.instances.get(before).copied().filter(|_| is_certain) else {
        return Ok(None);
    };
    let frame = engine.frame(instance).to_vec();
    let origin = Origin::same(problem.predicates.len());
    let mut reader = Reader::new(&origin);
    for (p, row) in engine.rows_of(number, &frame) {
        reader.visit(engine, p, row)?;
    }
    let binding = engine.binding(number, &frame);
    let derivation = close(problem, engine, reader, body.into_iter())?;
    Ok(Some(Certificate::Violated {
        derivation,
        rule,
        binding,
    }))
}

/// What the only model costs.
pub(crate) fn costs(
    problem: &Problem,
    engine: &mut Engine<'_>,
) -> Result<Vec<(i64, i64)>, StopReason> {
    let mut seen: FxHashSet<Vec<u32>> = FxHashSet::default();
    let mut levels: BTreeMap<i64, i128> = BTreeMap::new();
    for instance in engine.instances.clone() {
        let Some((weight, level, key)) = cost_of(problem, engine, instance) else {
            continue;
        };
        if seen.insert(key) {
            *levels.entry(level).or_insert(0) += i128::from(weight);
        }
    }
    let fit = levels.into_iter().rev().map(|(level, cost)| {
        let cost = i64::try_from(cost);
        cost.map(|cost| (level, cost))
    });
    fit.collect::<Result<_, _>>()
        .map_err(|_| StopReason::Incomplete("64-bit overflow in a cost".to_owned()))
}

/// The weight, the level, and what makes the violation different from others.
fn cost_of(
    problem: &Problem,
    engine: &mut Engine<'_>,
    instance: Instance,
) -> Option<(i64, i64, Vec<u32>)> {
    let rule = engine.clauses.get(instance.clause as usize)?.rule;
    let Head::Cost(cost) = &problem.rules.get(rule as usize)?.head else {
        return None;
    };
    let frame = engine.frame(instance).to_vec();
    let values = &mut engine.world.values;
    let mut number = |t| {
        let e = expression(t, values);
        evaluate(&e, &frame, values).map(|id| (id, values.as_int(id)))
    };
    let (weight_id, weight) = number(&cost.weight)?;
    let (level_id, level) = number(&cost.level)?;
    let tuple: Vec<_> = cost.tuple.iter().map(|t| expression(t, values)).collect();
    let mut key = Vec::new();
    if !evaluate_all(&tuple, &frame, values, &mut key) {
        return None;
    }
    key.extend([weight_id, level_id]);
    Some((weight?, level?, key))
}
