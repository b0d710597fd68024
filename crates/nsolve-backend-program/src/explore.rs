//! All that a program derives, to look around in.

use nsolve_backend::{SolveCx, StopReason};
use nsolve_il::program::{Derivation, GroundAtom, PredicateId, Problem, Value};

use crate::evaluate::Engine;
use crate::provenance::{Origin, Reader};
use crate::table::at;

/// What a program without choices derives, with a reason for each atom.
pub struct Evaluation<'p> {
    engine: Engine<'p>,
    origin: Origin,
}

/// Derives all atoms of a program whose rules are stratified and have neither
/// choices nor disjunctions. Constraints are not looked at.
///
/// # Errors
/// Why it could not be done: a limit, an unsafe rule, or a program with more
/// than one model.
pub fn evaluate<'p>(problem: &'p Problem, cx: &SolveCx) -> Result<Evaluation<'p>, StopReason> {
    let mut engine = Engine::new(problem, cx);
    if engine.open.contains(&true) {
        let why = "the program has choices, or `not` within a cycle".to_owned();
        return Err(StopReason::Incomplete(why));
    }
    let all: Vec<PredicateId> = (0..problem.predicates.len() as u32)
        .map(PredicateId)
        .collect();
    engine.run(&all)?;
    Ok(Evaluation {
        engine,
        origin: Origin::same(problem.predicates.len()),
    })
}

impl Evaluation<'_> {
    /// How many atoms a predicate has.
    pub fn count(&self, predicate: PredicateId) -> usize {
        let relation = self.engine.world.relations.get(predicate.index());
        relation.map_or(0, |r| r.len() as usize)
    }

    /// Whether a predicate may lack atoms, because terms would have been deeper
    /// than the program allows.
    pub fn is_cut(&self, predicate: PredicateId) -> bool {
        let cone = self.engine.graph.cone([predicate]);
        cone.iter().any(|p| at(&self.engine.tainted, p.index()))
    }

    /// One atom of a predicate, in the order in which they were derived.
    pub fn atom(&mut self, predicate: PredicateId, place: usize) -> Option<GroundAtom> {
        let row = u32::try_from(place).ok()?;
        let world = &mut self.engine.world;
        let relation = world.relations.get(predicate.index())?;
        if row >= relation.len() {
            return None;
        }
        let ids = relation.row(row).to_vec();
        Some(GroundAtom {
            predicate,
            arguments: ids.into_iter().map(|id| world.values.value(id)).collect(),
        })
    }

    /// The reasons for an atom, down to facts; `None` where it does not hold,
    /// or where memory or time do not suffice.
    pub fn derivation(&mut self, atom: &GroundAtom) -> Option<Derivation> {
        let values = &mut self.engine.world.values;
        let row: Option<Vec<u32>> = atom
            .arguments
            .iter()
            .map(|v: &Value| values.intern(v))
            .collect();
        let relation = self.engine.world.relations.get(atom.predicate.index())?;
        let row = relation.find(&row?)?;
        let mut reader = Reader::new(&self.origin);
        reader
            .visit(&mut self.engine, atom.predicate.index(), row)
            .ok()?;
        let roots = reader.spoken_of(self.engine.problem, std::iter::empty());
        let closed = self.engine.graph.cone(roots);
        for p in &closed {
            reader.visit_all(&mut self.engine, p.index()).ok()?;
        }
        Some(reader.finish(closed))
    }
}
