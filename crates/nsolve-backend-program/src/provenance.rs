//! Reads reasons out of relations, as steps in an order in which each follows
//! from those before it.

use std::sync::Arc;

use nsolve_backend::StopReason;
use nsolve_il::program::{Derivation, GroundAtom, Literal, PredicateId, Step, Value};
use rustc_hash::FxHashSet;

use crate::evaluate::{Engine, Shape};
use crate::intern::Id;
use crate::join::evaluate_all;
use crate::table::{at, put};

/// About how many bytes a step takes besides its values.
const STEP_BYTES: u64 = 160;

/// What a predicate of the evaluated program is in the program as written.
#[derive(Debug)]
pub(crate) struct Origin {
    /// The predicate; `None` where it only steers the evaluation.
    pub(crate) predicates: Vec<Option<PredicateId>>,
    /// The rule and the element, for rules whose position differs.
    pub(crate) rules: Option<Vec<(u32, u32)>>,
    /// Whether several predicates may be the same one.
    pub(crate) merges: bool,
}

impl Origin {
    /// The program is evaluated as it was written.
    pub(crate) fn same(predicates: usize) -> Self {
        let predicates = (0..predicates).map(|p| Some(PredicateId(p as u32)));
        Origin {
            predicates: predicates.collect(),
            rules: None,
            merges: false,
        }
    }

    pub(crate) fn predicate(&self, relation: usize) -> Option<PredicateId> {
        at(&self.predicates, relation)
    }
}

/// Collects steps.
pub(crate) struct Reader<'o> {
    origin: &'o Origin,
    /// Rows that were visited, by relation, as bits.
    seen: Vec<Vec<u64>>,
    /// Atoms that have a step, where relations merge.
    given: FxHashSet<(u32, Box<[Id]>)>,
    pub(crate) steps: Vec<Step>,
    /// Rules that were used, by position as written.
    used: Vec<bool>,
}

enum Visit {
    Enter(usize, u32),
    Leave(usize, u32),
}

impl<'o> Reader<'o> {
    pub(crate) fn new(origin: &'o Origin) -> Self {
        Reader {
            origin,
            seen: Vec::new(),
            given: FxHashSet::default(),
            steps: Vec::new(),
            used: Vec::new(),
        }
    }

    fn is_new(&mut self, relation: usize, row: u32) -> bool {
        if self.seen.len() <= relation {
            self.seen.resize(relation + 1, Vec::new());
        }
        let Some(bits) = self.seen.get_mut(relation) else {
            return false;
        };
        let (word, bit) = (row as usize / 64, 1u64 << (row % 64));
        if bits.len() <= word {
            bits.resize(word + 1, 0);
        }
        let before = at(bits, word);
        put(bits, word, before | bit);
        before & bit == 0
    }

    /// Adds the steps of a row and all that it follows from.
    pub(crate) fn visit(
        &mut self,
        engine: &mut Engine<'_>,
        relation: usize,
        row: u32,
    ) -> Result<(), StopReason> {
        let mut stack = vec![Visit::Enter(relation, row)];
        while let Some(visit) = stack.pop() {
            match visit {
                Visit::Enter(relation, row) => {
                    let is_real = self.origin.predicate(relation).is_some();
                    if !is_real || !self.is_new(relation, row) {
                        continue;
                    }
                    stack.push(Visit::Leave(relation, row));
                    for (p, r) in engine.body_rows(relation, row) {
                        stack.push(Visit::Enter(p, r));
                    }
                }
                Visit::Leave(relation, row) => self.give(engine, relation, row)?,
            }
        }
        Ok(())
    }

    /// Adds the steps of all rows of a predicate.
    pub(crate) fn visit_all(
        &mut self,
        engine: &mut Engine<'_>,
        relation: usize,
    ) -> Result<(), StopReason> {
        let rows = engine.world.relations.get(relation).map_or(0, |r| r.len());
        (0..rows).try_for_each(|row| self.visit(engine, relation, row))
    }

    fn give(
        &mut self,
        engine: &mut Engine<'_>,
        relation: usize,
        row: u32,
    ) -> Result<(), StopReason> {
        let Some(predicate) = self.origin.predicate(relation) else {
            return Ok(());
        };
        let values = engine
            .world
            .relations
            .get(relation)
            .map_or(&[][..], |r| r.row(row));
        if self.origin.merges && !self.given.insert((predicate.0, values.into())) {
            return Ok(());
        }
        let arguments = values.to_vec();
        let Some((number, frame)) = engine.reason(relation, row) else {
            return Ok(());
        };
        let Some(clause) = engine.clauses.get(number as usize) else {
            return Ok(());
        };
        let position = (clause.rule, clause.element);
        let rules = self.origin.rules.as_ref();
        let (rule, element) = rules.map_or(position, |r| at(r, clause.rule as usize));
        if self.used.len() <= rule as usize {
            self.used.resize(rule as usize + 1, false);
        }
        put(&mut self.used, rule as usize, true);
        let binding = engine.binding(number, &frame);
        let atom = GroundAtom {
            predicate,
            arguments: arguments
                .into_iter()
                .map(|id| engine.world.values.value(id))
                .collect(),
        };
        let cells = (atom.arguments.len() + binding.len()) as u64;
        engine.world.elsewhere += STEP_BYTES + cells * size_of::<Option<Value>>() as u64;
        if engine.world.turn() {
            return engine.world.go_on();
        }
        self.steps.push(Step {
            atom,
            rule,
            element,
            binding,
        });
        Ok(())
    }

    /// Predicates that the rules which were used, and these literals, speak of
    /// under `not` and in aggregates.
    pub(crate) fn spoken_of<'l>(
        &self,
        rules: &'l nsolve_il::program::Problem,
        goal: impl Iterator<Item = &'l Literal>,
    ) -> Vec<PredicateId> {
        let used = self.used.iter().enumerate().filter(|(_, used)| **used);
        let bodies = used.filter_map(|(i, _)| rules.rules.get(i));
        let bodies = bodies.flat_map(|r| {
            let conditions = match &r.head {
                nsolve_il::program::Head::Choice { elements, .. } => elements.as_slice(),
                _ => &[],
            };
            let conditions = conditions.iter().flat_map(|e| &e.condition);
            r.body.iter().chain(conditions)
        });
        closed_roots(bodies.chain(goal))
    }

    /// The steps, with these predicates closed.
    pub(crate) fn finish(self, mut closed: Vec<PredicateId>) -> Derivation {
        closed.sort_unstable();
        closed.dedup();
        Derivation {
            steps: self.steps,
            closed,
        }
    }
}

/// Predicates that occur under `not` or in an aggregate.
pub(crate) fn closed_roots<'l>(literals: impl Iterator<Item = &'l Literal>) -> Vec<PredicateId> {
    let mut out = Vec::new();
    for literal in literals {
        match literal {
            Literal::Atom(nsolve_il::program::Sign::Not, atom) => out.push(atom.predicate),
            Literal::Aggregate(_, aggregate) => {
                let conditions = aggregate.elements.iter().flat_map(|e| &e.condition);
                out.extend(
                    conditions
                        .filter_map(|l| l.as_atom())
                        .map(|(_, a)| a.predicate),
                );
            }
            _ => {}
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

impl Engine<'_> {
    /// The clause that gave a row, and the variables' values then.
    pub(crate) fn reason(&self, relation: usize, row: u32) -> Option<(u32, Vec<Id>)> {
        let rows = self.world.relations.get(relation)?;
        let (number, rest) = rows.reason_of(row)?;
        let clause = self.clauses.get(number as usize)?;
        let mut frame = vec![0; clause.variables];
        let (_, columns) = clause.heads.first()?;
        for (i, column) in columns.iter().enumerate() {
            if let crate::builtin::Expr::Slot(v) = column {
                put(&mut frame, *v as usize, rows.value(row, i));
            }
        }
        for (&v, &value) in clause.rest().iter().zip(rest) {
            put(&mut frame, v as usize, value);
        }
        Some((number, frame))
    }

    /// The rows that a row's reason rests on.
    pub(crate) fn body_rows(&mut self, relation: usize, row: u32) -> Vec<(usize, u32)> {
        let Some((number, frame)) = self.reason(relation, row) else {
            return Vec::new();
        };
        self.rows_of(number, &frame)
    }

    /// The rows of a clause's positive atoms under a frame.
    pub(crate) fn rows_of(&mut self, number: u32, frame: &[Id]) -> Vec<(usize, u32)> {
        let shapes: &[Shape] = self
            .clauses
            .get(number as usize)
            .map_or(&[], |c| &c.positive);
        let (values, relations) = (&mut self.world.values, &self.world.relations);
        let mut key = Vec::new();
        let rows = shapes.iter().filter_map(|(p, columns)| {
            let defined = evaluate_all(columns, frame, values, &mut key);
            let row = relations.get(*p).filter(|_| defined)?.find(&key)?;
            Some((*p, row))
        });
        rows.collect()
    }

    /// A clause's variables with their values, outwards.
    pub(crate) fn binding(&mut self, number: u32, frame: &[Id]) -> Arc<[Option<Value>]> {
        let Some(clause) = self.clauses.get(number as usize) else {
            return Arc::default();
        };
        let values = &mut self.world.values;
        let pairs = clause.bound.iter().zip(frame);
        pairs.map(|(b, id)| b.then(|| values.value(*id))).collect()
    }
}
