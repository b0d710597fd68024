//! Finds stable models one after another, or those of the lowest cost.

use std::sync::Arc;

use nsolve_backend::{SolveCx, StopReason};
use nsolve_il::program::{Derivation, GroundAtom, PredicateId, StableModel, Step};

use crate::circuit::Lit;
use crate::evaluate::Engine;
use crate::ground::Ground;
use crate::table::{at, put};
use crate::unfounded::{Loops, View};

/// What was found before the search ended.
pub(crate) struct Found {
    pub(crate) models: Vec<StableModel>,
    pub(crate) complete: bool,
    pub(crate) optimal: bool,
    /// Why the search ended early.
    pub(crate) stop: Option<StopReason>,
}

/// A search for models.
pub(crate) struct Search<'e, 'p> {
    ground: Ground<'e, 'p>,
    loops: Loops,
    cx: SolveCx,
    /// Steps of the atoms that all models have.
    common: Vec<Step>,
    /// Steps by support, made when first needed.
    steps: Vec<Option<Step>>,
}

/// About how many bytes a step takes in a model.
const STEP_BYTES: u64 = 64;

impl<'e, 'p> Search<'e, 'p> {
    pub(crate) fn new(ground: Ground<'e, 'p>, common: Vec<Step>) -> Self {
        let loops = Loops::new(ground.atoms.len(), &ground.supports, &ground.pool);
        Search {
            loops,
            cx: ground.engine.world.cx.clone(),
            common,
            steps: vec![None; ground.supports.len()],
            ground,
        }
    }

    /// Finds up to `limit` models, only those of the lowest cost if `optimal`.
    pub(crate) fn run(&mut self, limit: usize, optimal: bool) -> Found {
        let mut found = Found {
            models: Vec::new(),
            complete: false,
            optimal: false,
            stop: None,
        };
        if let Err(reason) = self.fill(&mut found, limit, optimal) {
            found.stop = Some(reason);
        }
        found
    }

    fn fill(&mut self, found: &mut Found, limit: usize, optimal: bool) -> Result<(), StopReason> {
        let optimizes = optimal && !self.ground.levels.is_empty();
        // Where nothing is ever paid, every model is of the lowest cost.
        found.optimal = optimal && !optimizes;
        if optimizes {
            match self.optimize(found)? {
                true => found.optimal = true,
                false => {
                    found.complete = true;
                    return Ok(());
                }
            }
        }
        while found.models.len() < limit {
            let Some(model) = self.next(&[])? else {
                found.complete = true;
                return Ok(());
            };
            let model_as_told = self.tell(&model)?;
            found.models.push(model_as_told);
            self.block(&model);
        }
        Ok(())
    }

    /// The next model; which open atoms hold.
    fn next(&mut self, assumptions: &[Lit]) -> Result<Option<Vec<bool>>, StopReason> {
        loop {
            let world = &mut self.ground.engine.world;
            self.ground.circuit.account(world)?;
            world.look();
            world.go_on()?;
            if !self.ground.circuit.solve(assumptions)? {
                return Ok(None);
            }
            let atoms = 0..self.ground.atoms.len() as u32;
            let model: Vec<bool> = atoms
                .map(|a| self.ground.circuit.holds(self.ground.lit(a)))
                .collect();
            if self.loops.is_tight() {
                return Ok(Some(model));
            }
            let view = View {
                supports: &self.ground.supports,
                pool: &self.ground.pool,
                model: &model,
                circuit: &self.ground.circuit,
            };
            let unfounded = self.loops.unfounded(&view, &self.cx)?;
            if unfounded.is_empty() {
                return Ok(Some(model));
            }
            let (supports, pool) = (&self.ground.supports, &self.ground.pool);
            for set in &unfounded {
                self.loops
                    .forbid(set, supports, pool, &mut self.ground.circuit);
            }
        }
    }

    /// Allows only models of the lowest cost; whether there is a model. The
    /// best one so far is kept in case the search ends early.
    fn optimize(&mut self, found: &mut Found) -> Result<bool, StopReason> {
        let Some(model) = self.next(&[])? else {
            return Ok(false);
        };
        found.models = vec![self.tell(&model)?];
        let mut best = self.costs();
        let levels: Vec<i64> = self.ground.levels.keys().rev().copied().collect();
        for (place, level) in levels.iter().enumerate() {
            loop {
                let bound = i128::from(at(&best, place));
                let reached = self.at_least(*level, bound)?;
                let Some((model, costs)) = self.next_better(reached)? else {
                    let above = self.at_least(*level, bound + 1)?;
                    self.ground.circuit.add(&[!above]);
                    break;
                };
                best = costs;
                found.models = vec![model];
            }
        }
        found.models.clear();
        Ok(true)
    }

    /// A model that does not reach a bound, with its costs.
    fn next_better(&mut self, reached: Lit) -> Result<Option<(StableModel, Vec<i64>)>, StopReason> {
        let Some(model) = self.next(&[!reached])? else {
            return Ok(None);
        };
        Ok(Some((self.tell(&model)?, self.costs())))
    }

    /// The literal that the cost of a level is at least this.
    fn at_least(&mut self, level: i64, bound: i128) -> Result<Lit, StopReason> {
        let (circuit, world) = (&mut self.ground.circuit, &mut self.ground.engine.world);
        match self.ground.levels.get_mut(&level) {
            Some(sum) => sum.at_least(bound, circuit, world),
            None => Ok(Lit::FALSE),
        }
    }

    /// The costs of the model that was found last, highest level first.
    fn costs(&self) -> Vec<i64> {
        let levels = self.ground.levels.values().rev();
        levels.map(|sum| sum.value(&self.ground.circuit)).collect()
    }

    /// A model with a reason for each atom.
    fn tell(&mut self, model: &[bool]) -> Result<StableModel, StopReason> {
        let view = View {
            supports: &self.ground.supports,
            pool: &self.ground.pool,
            model,
            circuit: &self.ground.circuit,
        };
        let order = self.loops.order(&view);
        if order.len() != model.iter().filter(|held| **held).count() {
            let why = "an atom of a model has no reason".to_owned();
            return Err(StopReason::Crashed(why));
        }
        let mut steps = Vec::with_capacity(self.common.len() + order.len());
        self.ground.engine.world.elsewhere += STEP_BYTES * steps.capacity() as u64;
        steps.extend_from_slice(&self.common);
        for number in order {
            if let Some(None) = self.steps.get(number as usize) {
                let step = self.step(number);
                put(&mut self.steps, number as usize, step);
            }
            steps.extend(self.steps.get(number as usize).cloned().flatten());
        }
        let predicates = 0..self.ground.engine.problem.predicates.len() as u32;
        let levels = self.ground.levels.keys().rev().copied();
        Ok(StableModel {
            derivation: Derivation {
                steps,
                closed: predicates.map(PredicateId).collect(),
            },
            cost: levels.zip(self.costs()).collect(),
        })
    }

    fn step(&mut self, number: u32) -> Option<Step> {
        let support = at(&self.ground.supports, number as usize);
        let engine = &mut *self.ground.engine;
        let instance = at(&engine.instances, support.instance as usize);
        let frame = engine.frame(instance).to_vec();
        let clause = engine.clauses.get(instance.clause as usize)?;
        let (rule, element) = (clause.rule, clause.element.max(support.head));
        let (predicate, row) = at(&self.ground.atoms, support.atom as usize);
        let atom = ground_atom(engine, predicate, row);
        let binding = engine.binding(instance.clause, &frame);
        engine.world.elsewhere += 160 + 32 * (binding.len() + atom.arguments.len()) as u64;
        Some(Step {
            atom,
            rule,
            element,
            binding,
        })
    }

    /// Forbids a model. What the clauses fix need not be said again.
    fn block(&mut self, model: &[bool]) {
        let mut clause = Vec::new();
        for (atom, held) in model.iter().enumerate() {
            let lit = self.ground.lit(atom as u32);
            if self.ground.circuit.fixed(lit).is_none() {
                clause.push(if *held { !lit } else { lit });
            }
        }
        self.ground.circuit.add(&clause);
    }
}

fn ground_atom(engine: &mut Engine<'_>, predicate: u32, row: u32) -> GroundAtom {
    let relation = engine.world.relations.get(predicate as usize);
    let ids = relation.map_or(&[][..], |r| r.row(row)).to_vec();
    let values = ids.into_iter().map(|id| engine.world.values.value(id));
    GroundAtom {
        predicate: PredicateId(predicate),
        arguments: values.collect::<Arc<[_]>>(),
    }
}
