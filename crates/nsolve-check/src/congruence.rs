//! Which terms are equal if some are: congruence closure, small and plain.

use rustc_hash::FxHashMap;

use crate::ground::{Ground, Id, Node};
use crate::{Refusal, spend};

/// Terms that one closure may hold; lines are about few.
const MOST_TERMS: usize = 4_000;

/// Equality of some terms, and of what is built from them.
pub(crate) struct Closure {
    /// For each term the one that stands for all that are equal to it.
    root: FxHashMap<Id, Id>,
    /// The terms that each root stands for.
    members: FxHashMap<Id, Vec<Id>>,
}

impl Closure {
    /// The least congruence on the terms in `equal` and `about`, and on their
    /// subterms, that makes each pair in `equal` equal.
    pub(crate) fn new(
        ground: &Ground,
        equal: &[(Id, Id)],
        about: &[Id],
        steps: &mut u64,
    ) -> Result<Closure, Refusal> {
        let mut terms: Vec<Id> = Vec::new();
        let mut closure = Closure {
            root: FxHashMap::default(),
            members: FxHashMap::default(),
        };
        let mut todo: Vec<Id> = about.to_vec();
        todo.extend(equal.iter().flat_map(|(a, b)| [*a, *b]));
        while let Some(id) = todo.pop() {
            if closure.root.insert(id, id).is_some() {
                continue;
            }
            closure.members.insert(id, vec![id]);
            terms.push(id);
            if terms.len() > MOST_TERMS {
                return Err(Refusal::Limit);
            }
            spend(steps, 1 + ground.parts(id).len() as u64)?;
            todo.extend(ground.parts(id));
        }
        for (a, b) in equal {
            closure.join(*a, *b);
        }
        closure.close(ground, &terms, steps)?;
        Ok(closure)
    }

    /// Joins terms with equal parts until nothing changes.
    fn close(&mut self, ground: &Ground, terms: &[Id], steps: &mut u64) -> Result<(), Refusal> {
        loop {
            let mut changed = false;
            let mut seen: FxHashMap<Node, Id> = FxHashMap::default();
            for &id in terms {
                spend(steps, 1 + ground.parts(id).len() as u64)?;
                let shape = match ground.node(id) {
                    Node::Apply(symbol, parts) if !parts.is_empty() => {
                        Node::Apply(*symbol, parts.iter().map(|&p| self.root(p)).collect())
                    }
                    Node::Arithmetic(op, parts) => {
                        Node::Arithmetic(*op, parts.iter().map(|&p| self.root(p)).collect())
                    }
                    _ => continue,
                };
                match seen.get(&shape) {
                    Some(&other) => changed |= self.join(id, other),
                    None => {
                        seen.insert(shape, id);
                    }
                }
            }
            if !changed {
                return Ok(());
            }
        }
    }

    fn root(&self, id: Id) -> Id {
        self.root.get(&id).copied().unwrap_or(id)
    }

    fn join(&mut self, a: Id, b: Id) -> bool {
        let (mut a, mut b) = (self.root(a), self.root(b));
        if a == b {
            return false;
        }
        // The larger class takes the smaller one in, so that no term moves often.
        let size = |id| self.members.get(&id).map_or(0, Vec::len);
        if size(a) < size(b) {
            std::mem::swap(&mut a, &mut b);
        }
        let moved = self.members.remove(&b).unwrap_or_default();
        for &id in &moved {
            self.root.insert(id, a);
        }
        self.members.entry(a).or_default().extend(moved);
        true
    }

    /// Whether the two are equal.
    pub(crate) fn equal(&self, a: Id, b: Id) -> bool {
        self.root(a) == self.root(b)
    }
}
