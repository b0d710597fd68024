//! A program as a formula that every stable model of it meets.

use std::rc::Rc;

use nsolve_il::program::{AggregateFunction, Comparison, Sign};
use rustc_hash::FxHashMap;

use super::super::atoms::AtomId;
use super::super::join::{ENTRY, Join};
use super::super::replay::Checker;
use super::super::rules::{Aggregate, Atom, ChoiceElement, Guard, Head, Literal, Rule};
use super::super::values::Id;
use super::super::world::{Env, OVERFLOW, UNBOUND, World};
use super::formula::{Formula, Lit, Support};
use crate::{Refusal, spend};

/// What tuples stand for: the first member, and whether the tuple is in.
type Tuples = Rc<Vec<(Id, Lit)>>;

/// A program's instances as a formula.
pub(super) struct Ground {
    pub(super) formula: Formula,
    /// Atoms of open predicates, each with its variable.
    pub(super) atoms: Vec<(AtomId, Lit)>,
    lits: FxHashMap<AtomId, Lit>,
    /// What may give each atom.
    reasons: FxHashMap<Lit, Vec<Lit>>,
    /// Violations of weak constraints: weight, level and tuple, with the bodies
    /// that bring it about.
    costs: FxHashMap<Vec<Id>, Vec<Lit>>,
    /// What would bring about a cost that is no integer.
    priceless: Vec<Lit>,
    /// Tuples by rule, literal, and what the aggregate needs.
    tuples: FxHashMap<(usize, usize, Vec<Option<Id>>), Tuples>,
}

/// An instance's body as literals, with its positive open atoms.
#[derive(Clone, Default)]
struct Body {
    lits: Vec<Lit>,
    positives: Vec<usize>,
}

impl Ground {
    /// Writes out all instances over the atoms that may hold, which are the set
    /// at hand.
    pub(super) fn new(checker: &mut Checker<'_>) -> Result<Self, Refusal> {
        let mut ground = Ground {
            formula: Formula::new(),
            atoms: Vec::new(),
            lits: FxHashMap::default(),
            reasons: FxHashMap::default(),
            costs: FxHashMap::default(),
            priceless: Vec::new(),
            tuples: FxHashMap::default(),
        };
        ground.number(&mut checker.world)?;
        for at in 0..checker.rules.len() {
            let settled = checker.rules.get(at).is_some_and(|r| match &r.head {
                Head::Atom(head) => !checker.world.is_open(head.predicate),
                _ => false,
            });
            if !settled {
                checker.each_instance(at, &mut |world, rule, env| {
                    ground.instance(world, at, rule, env)
                })?;
            }
        }
        ground.close(&mut checker.world)?;
        ground.clashes(checker)?;
        Ok(ground)
    }

    fn number(&mut self, world: &mut World) -> Result<(), Refusal> {
        for &atom in world.set.members() {
            let predicate = world.atoms.get(atom).map(|(p, _)| p);
            if predicate.is_some_and(|p| world.open.get(p) == Some(&true)) {
                let lit = self.formula.fresh();
                self.atoms.push((atom, lit));
                self.lits.insert(atom, lit);
            }
        }
        spend(&mut world.steps, ENTRY * world.set.members().len() as u64)
    }

    /// Whether an atom holds that may hold; one that is not open does.
    fn lit(&self, atom: AtomId) -> Lit {
        self.lits.get(&atom).copied().unwrap_or(Lit::TRUE)
    }

    /// Takes in an instance whose body may hold.
    fn instance(
        &mut self,
        world: &mut World,
        at: usize,
        rule: &Rule,
        env: &mut Env,
    ) -> Result<(), Refusal> {
        let mut body = Body::default();
        for (place, literal) in rule.body.iter().enumerate() {
            self.literal(world, (at, place), literal, env, &mut body)?;
        }
        spend(&mut world.steps, ENTRY + body.lits.len() as u64)?;
        match &rule.head {
            Head::Never => {
                let clause = body.lits.iter().map(|&l| !l).collect();
                self.formula.clause(clause);
            }
            Head::Atom(head) => {
                if let Some(head) = self.head(world, head, env)? {
                    self.gives(&[head], &body);
                }
            }
            Head::Disjunction(heads) => {
                let mut lits = Vec::new();
                for head in heads {
                    match self.head(world, head, env)? {
                        Some(lit) => lits.push(lit),
                        None => return Ok(()),
                    }
                }
                lits.sort_unstable();
                lits.dedup();
                self.gives(&lits, &body);
            }
            Head::Choice(elements, guards) => {
                self.choice(world, (elements, guards), env, &body)?;
            }
            Head::Cost(terms) => {
                let Some(tuple) = world.eval_all(terms, env)? else {
                    return Ok(());
                };
                let mut firsts = tuple.iter().take(2);
                let priceless = firsts.any(|id| world.values.as_int(*id).is_none());
                let body = self.formula.all(body.lits);
                if priceless {
                    self.priceless.push(body);
                } else {
                    self.costs.entry(tuple).or_default().push(body);
                }
            }
        }
        Ok(())
    }

    /// One of the heads holds if the body does; and each has a reason in it where
    /// none of the others holds.
    fn gives(&mut self, heads: &[Lit], body: &Body) {
        let it = self.formula.all(body.lits.clone());
        let mut clause = heads.to_vec();
        clause.push(!it);
        self.formula.clause(clause);
        for &head in heads {
            let mut alone: Vec<Lit> = heads.iter().filter(|&&h| h != head).map(|&h| !h).collect();
            alone.push(it);
            let alone = self.formula.all(alone);
            self.may_give(head, alone, it, &body.positives);
        }
    }

    fn may_give(&mut self, head: Lit, reason: Lit, body: Lit, positives: &[usize]) {
        self.reasons.entry(head).or_default().push(reason);
        if body != Lit::FALSE {
            self.formula.supports.push(Support {
                head: head.variable(),
                body,
                positives: positives.to_vec(),
            });
        }
    }

    fn choice(
        &mut self,
        world: &mut World,
        (elements, guards): (&[ChoiceElement], &[Guard]),
        env: &mut Env,
        body: &Body,
    ) -> Result<(), Refusal> {
        let mut bounds = Vec::with_capacity(guards.len());
        for guard in guards {
            match world.eval(&guard.term, env)? {
                Some(bound) => bounds.push((guard.relation, bound)),
                None => return Ok(()),
            }
        }
        let it = self.formula.all(body.lits.clone());
        // By atom, the conditions under which it may be chosen.
        let mut chosen: Vec<(Lit, Vec<Lit>)> = Vec::new();
        let mut places: FxHashMap<Lit, usize> = FxHashMap::default();
        for ChoiceElement { predicate, element } in elements {
            let order = element.order.as_deref().ok_or(UNBOUND)?;
            let mut join = Join::new(&element.condition, order);
            while join.next(world, env)? {
                let Some(values) = world.eval_all(&element.terms, env)? else {
                    continue;
                };
                let atom = world.atoms.find(*predicate, &values);
                let atom = atom.filter(|&a| world.set.has(a)).ok_or(UNBOUND)?;
                let head = self.lit(atom);
                let mut condition = Body::default();
                for literal in &element.condition {
                    self.literal(world, (0, 0), literal, env, &mut condition)?;
                }
                spend(&mut world.steps, ENTRY + condition.lits.len() as u64)?;
                let condition_holds = self.formula.all(condition.lits);
                let both = self.formula.all(vec![it, condition_holds]);
                condition.positives.extend(&body.positives);
                self.may_give(head, both, both, &condition.positives);
                let place = *places.entry(head).or_insert(chosen.len());
                if place == chosen.len() {
                    chosen.push((head, Vec::new()));
                }
                if let Some((_, conditions)) = chosen.get_mut(place) {
                    conditions.push(condition_holds);
                }
            }
        }
        if bounds.is_empty() {
            return Ok(());
        }
        let mut terms = Vec::with_capacity(chosen.len());
        for (head, conditions) in chosen {
            let may = self.formula.any(conditions);
            terms.push((1, self.formula.all(vec![head, may])));
        }
        spend(&mut world.steps, ENTRY * terms.len() as u64)?;
        for (relation, bound) in bounds {
            let met = self.number_is(world, &terms, relation, bound)?;
            self.formula.clause(vec![!it, met]);
        }
        Ok(())
    }

    /// Adds what a literal says under a binding with which it may hold.
    fn literal(
        &mut self,
        world: &mut World,
        place: (usize, usize),
        literal: &Literal,
        env: &mut Env,
        out: &mut Body,
    ) -> Result<(), Refusal> {
        match literal {
            Literal::Atom(sign, atom) if world.is_open(atom.predicate) => {
                let found = world.look_up(atom, env)?.flatten();
                match (sign, found.map(|a| self.lit(a))) {
                    (Sign::Positive, Some(lit)) => {
                        out.positives.push(lit.variable());
                        out.lits.push(lit);
                    }
                    (Sign::Positive, None) => out.lits.push(Lit::FALSE),
                    (Sign::Not, Some(lit)) => out.lits.push(!lit),
                    (Sign::Not, None) => {}
                }
            }
            Literal::Aggregate(sign, aggregate) if world.may_vary(aggregate) => {
                let holds = self.aggregate(world, place, aggregate, env)?;
                out.lits.push(match sign {
                    Sign::Positive => holds,
                    Sign::Not => !holds,
                });
            }
            // What is not open was evaluated.
            _ => {}
        }
        Ok(())
    }

    /// The atom of a head; `None` where it is undefined.
    fn head(&self, world: &mut World, head: &Atom, env: &Env) -> Result<Option<Lit>, Refusal> {
        match world.look_up(head, env)? {
            None => Ok(None),
            Some(Some(atom)) => Ok(Some(self.lit(atom))),
            // Whatever an instance gives may hold.
            Some(None) => Err(UNBOUND),
        }
    }

    /// Whether all guards of an aggregate hold.
    fn aggregate(
        &mut self,
        world: &mut World,
        (rule, place): (usize, usize),
        aggregate: &Aggregate,
        env: &mut Env,
    ) -> Result<Lit, Refusal> {
        let needs = aggregate.needs.iter().map(|&v| env.get(v)).collect();
        let key = (rule, place, needs);
        let tuples = match self.tuples.get(&key) {
            Some(known) => known.clone(),
            None => {
                let tuples = Rc::new(self.tuples_of(world, aggregate, env)?);
                self.tuples.insert(key, tuples.clone());
                tuples
            }
        };
        let mut all = Vec::with_capacity(aggregate.guards.len());
        for guard in &aggregate.guards {
            let Some(bound) = world.eval(&guard.term, env)? else {
                return Ok(Lit::FALSE);
            };
            let relation = guard.relation;
            spend(&mut world.steps, ENTRY * tuples.len() as u64)?;
            all.push(match aggregate.function {
                AggregateFunction::Count => {
                    let terms: Vec<_> = tuples.iter().map(|&(_, lit)| (1, lit)).collect();
                    self.number_is(world, &terms, relation, bound)?
                }
                AggregateFunction::Sum => {
                    let weight = |id: Id| world.values.as_int(id).map(i128::from);
                    let terms = tuples.iter().filter_map(|&(id, l)| Some((weight(id)?, l)));
                    let terms: Vec<_> = terms.collect();
                    self.number_is(world, &terms, relation, bound)?
                }
                AggregateFunction::Min => {
                    let none = (world.values.supremum(), Lit::TRUE);
                    self.least_is(world, &tuples, none, relation, bound, false)?
                }
                AggregateFunction::Max => {
                    let none = (world.values.infimum(), Lit::TRUE);
                    self.least_is(world, &tuples, none, relation, bound, true)?
                }
            });
        }
        Ok(self.formula.all(all))
    }

    fn tuples_of(
        &mut self,
        world: &mut World,
        aggregate: &Aggregate,
        env: &mut Env,
    ) -> Result<Vec<(Id, Lit)>, Refusal> {
        let mut places: FxHashMap<Vec<Id>, usize> = FxHashMap::default();
        let mut found: Vec<(Id, Vec<Lit>)> = Vec::new();
        for element in &aggregate.elements {
            let order = element.order.as_deref().ok_or(UNBOUND)?;
            let mut join = Join::new(&element.condition, order);
            while join.next(world, env)? {
                let Some(tuple) = world.eval_all(&element.terms, env)? else {
                    continue;
                };
                let Some(&first) = tuple.first() else {
                    continue;
                };
                let mut condition = Body::default();
                for literal in &element.condition {
                    self.literal(world, (0, 0), literal, env, &mut condition)?;
                }
                spend(&mut world.steps, ENTRY + condition.lits.len() as u64)?;
                let place = *places.entry(tuple).or_insert(found.len());
                if place == found.len() {
                    found.push((first, Vec::new()));
                }
                let holds = self.formula.all(condition.lits);
                if let Some((_, ways)) = found.get_mut(place) {
                    ways.push(holds);
                }
            }
        }
        let any = |(first, ways)| (first, self.formula.any(ways));
        Ok(found.into_iter().map(any).collect())
    }

    /// Whether a sum of weights compares with a bound.
    fn number_is(
        &mut self,
        world: &mut World,
        terms: &[(i128, Lit)],
        relation: Comparison,
        bound: Id,
    ) -> Result<Lit, Refusal> {
        let most: i128 = terms.iter().map(|(w, _)| w.abs()).sum();
        if most > i128::from(i64::MAX) {
            return Err(OVERFLOW);
        }
        let Some(bound) = world.values.as_int(bound).map(i128::from) else {
            // All integers compare alike with what is none.
            let zero = world.values.int(0);
            let holds = world.compare(relation, zero, bound)?;
            return Ok(if holds { Lit::TRUE } else { Lit::FALSE });
        };
        let formula = &mut self.formula;
        Ok(match relation {
            Comparison::GreaterOrEqual => formula.at_least(terms, bound),
            Comparison::Greater => formula.at_least(terms, bound + 1),
            Comparison::Less => !formula.at_least(terms, bound),
            Comparison::LessOrEqual => !formula.at_least(terms, bound + 1),
            Comparison::Equal | Comparison::NotEqual => {
                let reached = formula.at_least(terms, bound);
                let passed = formula.at_least(terms, bound + 1);
                let equal = formula.all(vec![reached, !passed]);
                if relation == Comparison::Equal {
                    equal
                } else {
                    !equal
                }
            }
        })
    }

    /// Whether the least first member compares with a bound; the greatest one,
    /// where `flipped`. `none` stands for the case that there is no tuple.
    fn least_is(
        &mut self,
        world: &mut World,
        tuples: &[(Id, Lit)],
        none: (Id, Lit),
        relation: Comparison,
        bound: Id,
        flipped: bool,
    ) -> Result<Lit, Refusal> {
        let mut any = |how: Comparison| {
            let how = if flipped { how.flipped() } else { how };
            let mut lits = Vec::new();
            for &(first, lit) in tuples.iter().chain([&none]) {
                if world.compare(how, first, bound)? {
                    lits.push(lit);
                }
            }
            Ok::<Lit, Refusal>(self.formula.any(lits))
        };
        // Which side is sought does not matter from here on.
        let relation = if flipped {
            relation.flipped()
        } else {
            relation
        };
        Ok(match relation {
            Comparison::Less => any(Comparison::Less)?,
            Comparison::LessOrEqual => any(Comparison::LessOrEqual)?,
            Comparison::GreaterOrEqual => !any(Comparison::Less)?,
            Comparison::Greater => !any(Comparison::LessOrEqual)?,
            Comparison::Equal | Comparison::NotEqual => {
                let below = any(Comparison::Less)?;
                let up_to = any(Comparison::LessOrEqual)?;
                let equal = self.formula.all(vec![up_to, !below]);
                if relation == Comparison::Equal {
                    equal
                } else {
                    !equal
                }
            }
        })
    }

    /// An atom holds only if something gives it.
    fn close(&mut self, world: &mut World) -> Result<(), Refusal> {
        for &(_, lit) in &self.atoms {
            let mut clause = self.reasons.remove(&lit).unwrap_or_default();
            spend(&mut world.steps, 1 + clause.len() as u64)?;
            clause.push(!lit);
            self.formula.clause(clause);
        }
        Ok(())
    }

    /// No atom holds together with its stated negation.
    fn clashes(&mut self, checker: &mut Checker<'_>) -> Result<(), Refusal> {
        let world = &mut checker.world;
        for &(stated, denial) in &checker.opposites {
            spend(&mut world.steps, 1 + world.set.of(stated).len() as u64)?;
            for &atom in world.set.of(stated) {
                let arguments = world.atoms.get(atom).map(|(_, arguments)| arguments);
                let opposite = arguments.and_then(|a| world.atoms.find(denial, a));
                if let Some(opposite) = opposite.filter(|&o| world.set.has(o)) {
                    let clause = vec![!self.lit(atom), !self.lit(opposite)];
                    self.formula.clause(clause);
                }
            }
        }
        Ok(())
    }

    /// Demands that a model costs less than so much by level, highest first; or
    /// as much at most.
    pub(super) fn bound(
        &mut self,
        world: &mut World,
        cost: &[(i64, i64)],
        or_equal: bool,
    ) -> Result<(), Refusal> {
        let mut levels: FxHashMap<i64, Vec<(i128, Lit)>> = FxHashMap::default();
        for (tuple, bodies) in std::mem::take(&mut self.costs) {
            let int = |i: usize| tuple.get(i).and_then(|id| world.values.as_int(*id));
            if let (Some(weight), Some(level)) = (int(0), int(1)) {
                spend(&mut world.steps, ENTRY + bodies.len() as u64)?;
                let violated = self.formula.any(bodies);
                let terms = levels.entry(level).or_default();
                terms.push((i128::from(weight), violated));
            }
        }
        for &(level, _) in cost {
            levels.entry(level).or_default();
        }
        let mut levels: Vec<(i64, Vec<(i128, Lit)>)> = levels.into_iter().collect();
        levels.sort_unstable_by_key(|(level, _)| *level);
        let mut below = if or_equal { Lit::TRUE } else { Lit::FALSE };
        // From the lowest level to the highest: less here, or no more here and
        // enough less further down.
        for (level, terms) in levels {
            let most: i128 = terms.iter().map(|(w, _)| w.abs()).sum();
            if most > i128::from(i64::MAX) {
                return Err(OVERFLOW);
            }
            let here = cost.iter().find(|(l, _)| *l == level);
            let here = here.map_or(0, |(_, cost)| i128::from(*cost));
            let less = !self.formula.at_least(&terms, here);
            let no_more = !self.formula.at_least(&terms, here + 1);
            let equal = self.formula.all(vec![no_more, below]);
            below = self.formula.any(vec![less, equal]);
        }
        // A model without a cost is not ruled out: where there is one, nothing can
        // be said.
        let mut clause = std::mem::take(&mut self.priceless);
        clause.push(below);
        self.formula.clause(clause);
        Ok(())
    }
}
