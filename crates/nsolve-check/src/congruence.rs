//! Which terms are equal if some are: congruence closure, small and plain.

use rustc_hash::FxHashMap;

use crate::Refusal;
use crate::ground::{Ground, Id, Node};

/// Terms that one closure may hold; lines are about few.
const MOST_TERMS: usize = 4_000;

/// Equality of some terms, and of what is built from them.
pub(crate) struct Closure {
    parent: FxHashMap<Id, Id>,
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
        let mut parent = FxHashMap::default();
        let mut todo: Vec<Id> = about.to_vec();
        todo.extend(equal.iter().flat_map(|(a, b)| [*a, *b]));
        while let Some(id) = todo.pop() {
            if parent.insert(id, id).is_some() {
                continue;
            }
            terms.push(id);
            if terms.len() > MOST_TERMS {
                return Err(Refusal::Limit);
            }
            if let Node::Apply(_, parts) | Node::Arithmetic(_, parts) = ground.node(id) {
                todo.extend(parts.iter().copied());
            }
        }
        let mut closure = Closure { parent };
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
                *steps = steps.checked_sub(1).ok_or(Refusal::Limit)?;
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
        let mut at = id;
        while let Some(&up) = self.parent.get(&at) {
            if up == at {
                break;
            }
            at = up;
        }
        at
    }

    fn join(&mut self, a: Id, b: Id) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            self.parent.insert(b, a);
        }
        a != b
    }

    /// Whether the two are equal.
    pub(crate) fn equal(&self, a: Id, b: Id) -> bool {
        self.root(a) == self.root(b)
    }
}
