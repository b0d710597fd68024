//! A program's instances as clauses: Clark's completion, with bounds,
//! aggregates and costs as sums.

use std::collections::BTreeMap;
use std::rc::Rc;

use nsolve_backend::StopReason;
use nsolve_il::program::{
    Aggregate, AggregateFunction, Comparison, Cost, Head, Literal, PredicateId, Problem, Sign,
};
use rustc_hash::FxHashMap;

use crate::builtin::{Expr, evaluate, expression, holds};
use crate::circuit::{Circuit, Lit};
use crate::evaluate::{Engine, Instance, Shape, opposites};
use crate::intern::Id;
use crate::join::{Join, evaluate_all};
use crate::plan::Plan;
use crate::sum::Sum;
use crate::table::at;

/// One way to give an atom.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Support {
    pub(crate) atom: u32,
    /// That its body holds.
    pub(crate) body: Lit,
    /// That its body holds and no other head of it does.
    pub(crate) reason: Lit,
    /// The open atoms of its positive body, in the pool.
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// The instance, and which of its heads.
    pub(crate) instance: u32,
    pub(crate) head: u32,
}

/// A literal about open predicates.
#[derive(Debug)]
enum Part {
    Atom(Sign, Shape),
    Aggregate(AggregatePart),
}

#[derive(Debug)]
struct AggregatePart {
    sign: Sign,
    /// What makes the aggregate another one: the rule, the literal, and the
    /// variables that it shares with the rule.
    name: [u32; 2],
    shared: Box<[u32]>,
    function: AggregateFunction,
    elements: Vec<ElementPart>,
    guards: Vec<(Comparison, Expr)>,
}

#[derive(Debug)]
struct ElementPart {
    plan: Plan,
    tuple: Box<[Expr]>,
    condition: Vec<(Sign, Shape)>,
}

#[derive(Debug)]
struct ChoicePart {
    plan: Plan,
    atom: Shape,
    condition: Vec<(Sign, Shape)>,
}

/// What is looked at for each instance of a clause.
#[derive(Debug, Default)]
struct Parts {
    body: Vec<Part>,
    choice: Vec<ChoicePart>,
    guards: Vec<(Comparison, Expr)>,
    cost: Option<(Expr, Expr, Box<[Expr]>)>,
}

/// Tuples with the literals of their conditions.
type Tuples = Vec<(Vec<Id>, Lit)>;

/// By level and tuple: the weight, and when it is to be paid.
type Costs = BTreeMap<i64, FxHashMap<Vec<Id>, (i64, Vec<Lit>)>>;

/// A ground program over a SAT solver.
pub(crate) struct Ground<'e, 'p> {
    pub(crate) engine: &'e mut Engine<'p>,
    problem: &'p Problem,
    pub(crate) circuit: Circuit,
    /// The first atom of each predicate.
    base: Vec<u32>,
    /// The predicate and the row of each open atom.
    pub(crate) atoms: Vec<(u32, u32)>,
    pub(crate) supports: Vec<Support>,
    pub(crate) pool: Vec<u32>,
    /// Costs by level.
    pub(crate) levels: BTreeMap<i64, Sum>,
    parts: Vec<Option<Rc<Parts>>>,
    aggregates: FxHashMap<Vec<u32>, Lit>,
    join: Join,
}

impl<'e, 'p> Ground<'e, 'p> {
    /// Makes clauses of all instances that were kept.
    pub(crate) fn new(
        problem: &'p Problem,
        engine: &'e mut Engine<'p>,
    ) -> Result<Self, StopReason> {
        let mut atoms = Vec::new();
        let mut base = Vec::new();
        for (p, relation) in engine.world.relations.iter().enumerate() {
            base.push(atoms.len() as u32);
            if at(&engine.open, p) {
                atoms.extend((0..relation.len()).map(|row| (p as u32, row)));
            }
        }
        engine.world.elsewhere += atoms.len() as u64 * 64;
        engine.world.look();
        engine.world.go_on()?;
        let cx = engine.world.cx.clone();
        let mut ground = Ground {
            problem,
            circuit: Circuit::new(atoms.len() as u32, &cx),
            base,
            atoms,
            supports: Vec::new(),
            pool: Vec::new(),
            levels: BTreeMap::new(),
            parts: Vec::new(),
            aggregates: FxHashMap::default(),
            join: Join::default(),
            engine,
        };
        ground.translate()?;
        ground.complete()?;
        ground.keep_apart();
        Ok(ground)
    }

    /// The proposition of an open atom.
    pub(crate) fn lit(&self, atom: u32) -> Lit {
        Lit::of(atom + 1)
    }

    /// The number of an open atom; `None` where it is not possible.
    fn find(&self, predicate: usize, row: &[Id]) -> Option<u32> {
        let row = self.engine.world.relations.get(predicate)?.find(row)?;
        Some(at(&self.base, predicate) + row)
    }

    fn translate(&mut self) -> Result<(), StopReason> {
        let mut costs: Costs = BTreeMap::new();
        for number in 0..self.engine.instances.len() {
            let instance = at(&self.engine.instances, number);
            let parts = self.parts(instance.clause)?;
            let frame = self.engine.frame(instance).to_vec();
            let mut positive = Vec::new();
            let body = self.conjunction(&parts.body, &frame, &mut positive)?;
            if body != Lit::FALSE {
                let clause = self.engine.clauses.get(instance.clause as usize);
                let is_bound = clause.is_some_and(|c| c.element == u32::MAX);
                if let Some(cost) = &parts.cost {
                    self.cost(cost, &frame, body, &mut costs);
                } else if is_bound {
                    self.bound(&parts, &frame, body)?;
                } else {
                    self.heads(number as u32, instance, &frame, body, &positive);
                }
            }
            self.circuit.account(&mut self.engine.world)?;
        }
        self.engine.world.check_overflow(u32::MAX);
        self.engine.world.go_on()?;
        for (level, tuples) in costs {
            let mut items: Vec<(i64, Lit)> = Vec::with_capacity(tuples.len());
            for (weight, any) in tuples.into_values() {
                items.push((weight, self.circuit.or(any)));
            }
            // Hash maps have no order of their own.
            items.sort_unstable();
            self.levels.insert(level, Sum::new(items)?);
        }
        Ok(())
    }

    /// What there is to look at in a clause.
    fn parts(&mut self, number: u32) -> Result<Rc<Parts>, StopReason> {
        if self.parts.len() <= number as usize {
            self.parts.resize(self.engine.clauses.len(), None);
        }
        if let Some(Some(known)) = self.parts.get(number as usize) {
            return Ok(known.clone());
        }
        let parts = Rc::new(self.make_parts(number).ok_or_else(|| {
            StopReason::Incomplete("a condition that cannot be evaluated".to_owned())
        })?);
        crate::table::put(&mut self.parts, number as usize, Some(parts.clone()));
        Ok(parts)
    }

    fn make_parts(&mut self, number: u32) -> Option<Parts> {
        let clause = self.engine.clauses.get(number as usize)?;
        let (body, rule, element) = (clause.body.clone(), clause.rule, clause.element);
        let mut parts = Parts::default();
        for (i, literal) in body.into_iter().enumerate() {
            match literal {
                Literal::Atom(sign, atom) if self.is_open(atom.predicate) => {
                    parts.body.push(Part::Atom(*sign, self.engine.shape(atom)));
                }
                Literal::Aggregate(sign, aggregate) if self.has_open(aggregate) => {
                    let part = self.aggregate_part(number, *sign, aggregate, [rule, i as u32])?;
                    parts.body.push(Part::Aggregate(part));
                }
                _ => {}
            }
        }
        let head = self.problem.rules.get(rule as usize).map(|r| &r.head);
        match head {
            Some(Head::Choice { elements, guards }) if element == u32::MAX => {
                for e in elements {
                    parts.choice.push(ChoicePart {
                        plan: self.engine.inner_plan(number, &e.condition)?,
                        atom: self.engine.shape(&e.atom),
                        condition: self.condition(&e.condition),
                    });
                }
                let values = &mut self.engine.world.values;
                let guards = guards
                    .iter()
                    .map(|g| (g.relation, expression(&g.term, values)));
                parts.guards = guards.collect();
            }
            Some(Head::Cost(Cost {
                weight,
                level,
                tuple,
            })) => {
                let values = &mut self.engine.world.values;
                let tuple = tuple.iter().map(|t| expression(t, values)).collect();
                let (weight, level) = (expression(weight, values), expression(level, values));
                parts.cost = Some((weight, level, tuple));
            }
            _ => {}
        }
        Some(parts)
    }

    fn is_open(&self, predicate: PredicateId) -> bool {
        at(&self.engine.open, predicate.index())
    }

    fn has_open(&self, aggregate: &Aggregate) -> bool {
        let mut literals = aggregate.elements.iter().flat_map(|e| &e.condition);
        literals.any(|l| l.as_atom().is_some_and(|(_, a)| self.is_open(a.predicate)))
    }

    /// The literals of a condition that are about open predicates.
    fn condition(&mut self, condition: &[Literal]) -> Vec<(Sign, Shape)> {
        let mut out = Vec::new();
        for (sign, atom) in condition.iter().filter_map(Literal::as_atom) {
            if self.is_open(atom.predicate) {
                out.push((sign, self.engine.shape(atom)));
            }
        }
        out
    }

    fn aggregate_part(
        &mut self,
        number: u32,
        sign: Sign,
        aggregate: &Aggregate,
        name: [u32; 2],
    ) -> Option<AggregatePart> {
        let mut elements = Vec::new();
        for e in &aggregate.elements {
            let plan = self.engine.inner_plan(number, &e.condition)?;
            let condition = self.condition(&e.condition);
            let values = &mut self.engine.world.values;
            let tuple = e.tuple.iter().map(|t| expression(t, values)).collect();
            elements.push(ElementPart {
                plan,
                tuple,
                condition,
            });
        }
        let values = &mut self.engine.world.values;
        let guards = aggregate.guards.iter();
        let guards = guards
            .map(|g| (g.relation, expression(&g.term, values)))
            .collect();
        let mut shared = Vec::new();
        let bound = self.engine.clauses.get(number as usize).map(|c| &c.bound)?;
        Literal::Aggregate(sign, aggregate.clone()).each_term(&mut |t| {
            if let nsolve_il::program::Term::Variable(v) = t
                && at(bound, v.index())
                && !shared.contains(&v.0)
            {
                shared.push(v.0);
            }
        });
        Some(AggregatePart {
            sign,
            name,
            shared: shared.into(),
            function: aggregate.function,
            elements,
            guards,
        })
    }

    /// The literal of an atom about an open predicate.
    fn atom(
        &mut self,
        sign: Sign,
        (predicate, columns): &Shape,
        frame: &[Id],
    ) -> (Lit, Option<u32>) {
        let mut row = Vec::with_capacity(columns.len());
        let defined = evaluate_all(columns, frame, &mut self.engine.world.values, &mut row);
        let found = if defined {
            self.find(*predicate, &row)
        } else {
            None
        };
        match (sign, found) {
            // An instance whose arithmetic is undefined is none.
            (Sign::Not, None) if !defined => (Lit::FALSE, None),
            (Sign::Positive, None) => (Lit::FALSE, None),
            (Sign::Not, None) => (Lit::TRUE, None),
            (Sign::Positive, Some(atom)) => (self.lit(atom), Some(atom)),
            (Sign::Not, Some(atom)) => (!self.lit(atom), None),
        }
    }

    /// The literal that all parts hold; their positive atoms.
    fn conjunction(
        &mut self,
        parts: &[Part],
        frame: &[Id],
        positive: &mut Vec<u32>,
    ) -> Result<Lit, StopReason> {
        let mut all = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Part::Atom(sign, shape) => {
                    let (lit, atom) = self.atom(*sign, shape, frame);
                    all.push(lit);
                    positive.extend(atom);
                }
                Part::Aggregate(part) => all.push(self.aggregate(part, frame)?),
            }
        }
        positive.sort_unstable();
        positive.dedup();
        Ok(self.circuit.and(all))
    }

    fn all(&mut self, condition: &[(Sign, Shape)], frame: &[Id]) -> Lit {
        let all = condition
            .iter()
            .map(|(sign, shape)| self.atom(*sign, shape, frame).0);
        let all = all.collect();
        self.circuit.and(all)
    }

    fn heads(
        &mut self,
        number: u32,
        instance: Instance,
        frame: &[Id],
        body: Lit,
        positive: &[u32],
    ) {
        let Some(clause) = self.engine.clauses.get(instance.clause as usize) else {
            return;
        };
        let rule = self.problem.rules.get(clause.rule as usize);
        let is_choice = rule.is_some_and(|r| matches!(r.head, Head::Choice { .. }));
        let shapes = clause.heads.clone();
        let mut heads = Vec::with_capacity(shapes.len());
        for shape in &shapes {
            heads.extend(self.atom(Sign::Positive, shape, frame).1);
        }
        if !is_choice {
            let mut clause: Vec<Lit> = heads.iter().map(|&a| self.lit(a)).collect();
            clause.push(!body);
            self.circuit.add(&clause);
        }
        let start = self.pool.len() as u32;
        self.pool.extend_from_slice(positive);
        let end = self.pool.len() as u32;
        for (i, &atom) in heads.iter().enumerate() {
            let others = heads.iter().filter(|&&h| h != atom);
            let mut all: Vec<Lit> = others.map(|&h| !self.lit(h)).collect();
            all.push(body);
            let reason = self.circuit.and(all);
            self.supports.push(Support {
                atom,
                body,
                reason,
                start,
                end,
                instance: number,
                head: i as u32,
            });
        }
        self.circuit.bytes += heads.len() as u64 * 48 + 4 * positive.len() as u64;
    }

    /// The bounds of a choice.
    fn bound(&mut self, parts: &Parts, frame: &[Id], body: Lit) -> Result<(), StopReason> {
        let mut chosen: Vec<(u32, Lit)> = Vec::new();
        let mut join = std::mem::take(&mut self.join);
        for element in &parts.choice {
            join.frame.clear();
            join.frame.extend_from_slice(frame);
            join.start(&element.plan, frame.len());
            while join.next(&element.plan, &mut self.engine.world) {
                let (lit, atom) = self.atom(Sign::Positive, &element.atom, &join.frame);
                if let Some(atom) = atom {
                    let condition = self.all(&element.condition, &join.frame);
                    chosen.push((atom, self.circuit.and(vec![lit, condition])));
                }
            }
        }
        self.join = join;
        self.engine.world.go_on()?;
        chosen.sort_unstable();
        let mut lits = Vec::new();
        for group in chosen.chunk_by(|a, b| a.0 == b.0) {
            lits.push(self.circuit.or(group.iter().map(|(_, l)| *l)));
        }
        let mut sum = Sum::new(lits.into_iter().map(|l| (1, l)))?;
        for (relation, term) in &parts.guards {
            let Some(term) = evaluate(term, frame, &mut self.engine.world.values) else {
                continue;
            };
            self.require(&mut sum, *relation, term, body)?;
        }
        Ok(())
    }

    /// Where the body holds, the sum is as a guard says. What is often asked,
    /// at least one and at most one, is said without gates.
    fn require(
        &mut self,
        sum: &mut Sum,
        relation: Comparison,
        term: Id,
        body: Lit,
    ) -> Result<(), StopReason> {
        let number = self.engine.world.values.as_int(term);
        let (low, high) = match (relation, number) {
            (Comparison::Equal, Some(n)) => (Some(n), Some(n)),
            (Comparison::GreaterOrEqual, Some(n)) => (Some(n), None),
            (Comparison::Greater, Some(n)) => (n.checked_add(1), None),
            (Comparison::LessOrEqual, Some(n)) => (None, Some(n)),
            (Comparison::Less, Some(n)) => (None, n.checked_sub(1)),
            _ => (None, None),
        };
        if low.is_none() && high.is_none() {
            let lit = self.guard(sum, relation, term)?;
            self.circuit.add(&[!body, lit]);
            return Ok(());
        }
        let units = sum
            .units()
            .filter(|(base, _)| *base == 0)
            .map(|(_, lits)| lits);
        if let Some(low) = low {
            match &units {
                Some(lits) if low == 1 => {
                    let mut clause = lits.clone();
                    clause.push(!body);
                    self.circuit.add(&clause);
                }
                _ => {
                    let (circuit, world) = (&mut self.circuit, &mut self.engine.world);
                    let lit = sum.compare(Comparison::GreaterOrEqual, low, circuit, world)?;
                    self.circuit.add(&[!body, lit]);
                }
            }
        }
        if let Some(high) = high {
            match &units {
                Some(lits) if high == 1 && lits.len() <= MOST_PAIRED => {
                    for (i, &a) in lits.iter().enumerate() {
                        for &b in lits.iter().skip(i + 1) {
                            self.circuit.add(&[!body, !a, !b]);
                        }
                    }
                }
                _ => {
                    let (circuit, world) = (&mut self.circuit, &mut self.engine.world);
                    let lit = sum.compare(Comparison::LessOrEqual, high, circuit, world)?;
                    self.circuit.add(&[!body, lit]);
                }
            }
        }
        Ok(())
    }

    fn guard(&mut self, sum: &mut Sum, relation: Comparison, term: Id) -> Result<Lit, StopReason> {
        match self.engine.world.values.as_int(term) {
            Some(n) => sum.compare(relation, n, &mut self.circuit, &mut self.engine.world),
            None => {
                // All integers stand on one side of anything else.
                let zero = self.engine.world.values.int(0);
                let order = self.engine.world.values.compare(zero, term);
                Ok(truth(holds(relation, order)))
            }
        }
    }

    fn cost(
        &mut self,
        (weight, level, tuple): &(Expr, Expr, Box<[Expr]>),
        frame: &[Id],
        body: Lit,
        costs: &mut Costs,
    ) {
        let values = &mut self.engine.world.values;
        let mut key = Vec::new();
        if !evaluate_all(tuple, frame, values, &mut key) {
            return;
        }
        let mut number = |e: &Expr| evaluate(e, frame, values).and_then(|id| values.as_int(id));
        let (Some(weight), Some(level)) = (number(weight), number(level)) else {
            return;
        };
        // The weight is a part of what makes two violations different.
        key.extend([weight as u32, (weight >> 32) as u32]);
        let tuples = costs.entry(level).or_default();
        tuples
            .entry(key)
            .or_insert((weight, Vec::new()))
            .1
            .push(body);
    }

    fn aggregate(&mut self, part: &AggregatePart, frame: &[Id]) -> Result<Lit, StopReason> {
        let mut key = part.name.to_vec();
        key.extend(part.shared.iter().map(|&v| at(frame, v as usize)));
        if let Some(&known) = self.aggregates.get(&key) {
            return Ok(known);
        }
        let tuples = self.tuples(part, frame)?;
        let mut all = Vec::new();
        let mut sum = match part.function {
            AggregateFunction::Count => Some(Sum::new(tuples.iter().map(|(_, l)| (1, *l)))?),
            AggregateFunction::Sum => {
                let weight = |t: &[Id]| self.engine.world.values.as_int(at(t, 0)).unwrap_or(0);
                Some(Sum::new(tuples.iter().map(|(t, l)| (weight(t), *l)))?)
            }
            AggregateFunction::Min | AggregateFunction::Max => None,
        };
        let mut defined = true;
        for (relation, term) in &part.guards {
            let Some(term) = evaluate(term, frame, &mut self.engine.world.values) else {
                defined = false;
                continue;
            };
            all.push(match &mut sum {
                Some(sum) => self.guard(sum, *relation, term)?,
                None => self.extreme(part.function, &tuples, *relation, term),
            });
        }
        let lit = self.circuit.and(all);
        let lit = match part.sign {
            // An instance whose arithmetic is undefined is none.
            _ if !defined => Lit::FALSE,
            Sign::Positive => lit,
            Sign::Not => !lit,
        };
        self.circuit.bytes += 40 + 4 * key.len() as u64;
        self.aggregates.insert(key, lit);
        Ok(lit)
    }

    /// The different tuples of an aggregate, each with when it is there.
    fn tuples(&mut self, part: &AggregatePart, frame: &[Id]) -> Result<Tuples, StopReason> {
        let mut places: FxHashMap<Vec<Id>, usize> = FxHashMap::default();
        let mut found: Vec<(Vec<Id>, Vec<Lit>)> = Vec::new();
        let mut join = std::mem::take(&mut self.join);
        for element in &part.elements {
            join.frame.clear();
            join.frame.extend_from_slice(frame);
            join.start(&element.plan, frame.len());
            while join.next(&element.plan, &mut self.engine.world) {
                let mut tuple = Vec::with_capacity(element.tuple.len());
                let values = &mut self.engine.world.values;
                if !evaluate_all(&element.tuple, &join.frame, values, &mut tuple) {
                    continue;
                }
                let lit = self.all(&element.condition, &join.frame);
                let place = *places.entry(tuple.clone()).or_insert(found.len());
                match found.get_mut(place) {
                    Some((_, any)) => any.push(lit),
                    None => found.push((tuple, vec![lit])),
                }
            }
        }
        self.join = join;
        self.circuit.account(&mut self.engine.world)?;
        let joined = found
            .into_iter()
            .map(|(tuple, any)| (tuple, self.circuit.or(any)));
        Ok(joined.collect())
    }

    /// The literal that the least or greatest first member stands in a relation
    /// to a term.
    fn extreme(
        &mut self,
        function: AggregateFunction,
        tuples: &Tuples,
        relation: Comparison,
        term: Id,
    ) -> Lit {
        let values = &mut self.engine.world.values;
        let (none, beyond, reached) = match function {
            AggregateFunction::Min => {
                (values.supremum(), Comparison::Less, Comparison::LessOrEqual)
            }
            _ => (
                values.infimum(),
                Comparison::Greater,
                Comparison::GreaterOrEqual,
            ),
        };
        // `past(c)`: some first member stands in relation c to the term; this
        // is what the extreme does, too.
        let mut past = |c: Comparison| {
            let holds_for = |id: Id| holds(c, values.compare(id, term));
            if holds_for(none) {
                return Lit::TRUE;
            }
            let those = tuples.iter().filter(|(t, _)| holds_for(at(t, 0)));
            let those: Vec<Lit> = those.map(|(_, l)| *l).collect();
            self.circuit.or(those)
        };
        let (strictly, weakly) = (past(beyond), past(reached));
        let is_min = function == AggregateFunction::Min;
        match relation {
            Comparison::Less if is_min => strictly,
            Comparison::LessOrEqual if is_min => weakly,
            Comparison::Greater if is_min => !weakly,
            Comparison::GreaterOrEqual if is_min => !strictly,
            Comparison::Greater => strictly,
            Comparison::GreaterOrEqual => weakly,
            Comparison::Less => !weakly,
            Comparison::LessOrEqual => !strictly,
            Comparison::Equal => self.circuit.and(vec![weakly, !strictly]),
            Comparison::NotEqual => !self.circuit.and(vec![weakly, !strictly]),
        }
    }

    /// An atom holds only where something gives it.
    fn complete(&mut self) -> Result<(), StopReason> {
        let mut reasons: Vec<Vec<Lit>> = vec![Vec::new(); self.atoms.len()];
        for support in &self.supports {
            if let Some(list) = reasons.get_mut(support.atom as usize) {
                list.push(support.reason);
            }
        }
        for (atom, mut clause) in reasons.into_iter().enumerate() {
            clause.push(!self.lit(atom as u32));
            self.circuit.add(&clause);
            self.circuit.account(&mut self.engine.world)?;
        }
        Ok(())
    }

    /// No model has an atom and its stated negation.
    fn keep_apart(&mut self) {
        let opposites = opposites(self.problem);
        for (i, predicate) in self.problem.predicates.iter().enumerate() {
            let id = PredicateId(i as u32);
            let Some(other) = at(&opposites, i).filter(|_| !predicate.denied) else {
                continue;
            };
            let rows = self.engine.world.relations.get(i).map_or(0, |r| r.len());
            for row in 0..rows {
                let relations = &self.engine.world.relations;
                let values = relations.get(i).map_or(&[][..], |r| r.row(row));
                let Some(twin) = relations.get(other.index()).and_then(|r| r.find(values)) else {
                    continue;
                };
                let of = |p: PredicateId, row: u32| match self.is_open(p) {
                    true => self.lit(at(&self.base, p.index()) + row),
                    false => Lit::TRUE,
                };
                let clause = [!of(id, row), !of(other, twin)];
                self.circuit.add(&clause);
            }
        }
    }
}

/// Up to how many literals "at most one" is said pair by pair.
const MOST_PAIRED: usize = 24;

fn truth(value: bool) -> Lit {
    if value { Lit::TRUE } else { Lit::FALSE }
}
