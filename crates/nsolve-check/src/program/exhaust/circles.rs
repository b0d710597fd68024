//! Atoms that depend on each other, and which of them nothing else supports.

use rustc_hash::FxHashMap;

use super::super::graph::components;
use super::formula::{Lit, Support};
use crate::{Refusal, spend};

/// A component of atoms that depend on each other through positive bodies.
#[derive(Default)]
pub(super) struct Circle {
    atoms: Vec<usize>,
    supports: Vec<Inner>,
    /// Supports by the atoms of the circle that they need, by position.
    needed_by: Vec<Vec<usize>>,
    /// Whether a body has become false since it was looked at.
    pub(super) changed: bool,
}

struct Inner {
    /// The atom's position.
    head: usize,
    body: Lit,
    /// Positions of the atoms of the circle that it needs.
    needs: Vec<usize>,
}

/// Atoms that nothing founds, and the bodies that could: all of them false.
#[derive(Default)]
pub(super) struct Unfounded {
    pub(super) atoms: Vec<usize>,
    pub(super) bodies: Vec<Lit>,
}

/// All circles among these variables.
pub(super) fn circles(variables: usize, supports: &[Support]) -> Vec<Circle> {
    let mut next = vec![Vec::new(); variables];
    for support in supports {
        if let Some(list) = next.get_mut(support.head) {
            list.extend(&support.positives);
        }
    }
    let component = components(&next);
    let of = |v: usize| component.get(v).copied().unwrap_or(u32::MAX);
    // Where an atom depends on another of its component, there is a circle.
    let mut number: FxHashMap<u32, usize> = FxHashMap::default();
    for support in supports {
        if support.positives.iter().any(|&p| of(p) == of(support.head)) {
            let count = number.len();
            number.entry(of(support.head)).or_insert(count);
        }
    }
    let mut out: Vec<Circle> = number.iter().map(|_| Circle::default()).collect();
    let mut positions: FxHashMap<usize, usize> = FxHashMap::default();
    for v in 0..variables {
        let circle = number.get(&of(v)).and_then(|&i| out.get_mut(i));
        if let Some(circle) = circle {
            positions.insert(v, circle.atoms.len());
            circle.atoms.push(v);
            circle.needed_by.push(Vec::new());
            circle.changed = true;
        }
    }
    for support in supports {
        let circle = number.get(&of(support.head));
        let circle = circle.and_then(|&i| out.get_mut(i));
        let (Some(circle), Some(&head)) = (circle, positions.get(&support.head)) else {
            continue;
        };
        let inside = |p: &&usize| of(**p) == of(support.head);
        let mut needs: Vec<usize> = support.positives.iter().filter(inside).copied().collect();
        needs.sort_unstable();
        needs.dedup();
        let needs: Vec<usize> = needs
            .iter()
            .filter_map(|p| positions.get(p).copied())
            .collect();
        for &need in &needs {
            if let Some(list) = circle.needed_by.get_mut(need) {
                list.push(circle.supports.len());
            }
        }
        circle.supports.push(Inner {
            head,
            body: support.body,
            needs,
        });
    }
    out
}

impl Circle {
    pub(super) fn bodies(&self) -> impl Iterator<Item = Lit> + '_ {
        self.supports.iter().map(|s| s.body)
    }

    /// The atoms, not false yet, that are not founded by bodies that are not
    /// false yet.
    pub(super) fn unfounded(
        &self,
        value: &dyn Fn(Lit) -> Option<bool>,
        steps: &mut u64,
    ) -> Result<Unfounded, Refusal> {
        let links: usize = self.supports.iter().map(|s| 1 + s.needs.len()).sum();
        spend(steps, (self.atoms.len() + links) as u64)?;
        let mut founded = vec![false; self.atoms.len()];
        let mut missing: Vec<usize> = self.supports.iter().map(|s| s.needs.len()).collect();
        let mut ready: Vec<usize> = Vec::new();
        let usable = |s: &Inner| value(s.body) != Some(false);
        for (i, support) in self.supports.iter().enumerate() {
            if support.needs.is_empty() {
                ready.push(i);
            }
        }
        while let Some(at) = ready.pop() {
            let Some(support) = self.supports.get(at).filter(|s| usable(s)) else {
                continue;
            };
            let Some(slot @ false) = founded.get_mut(support.head) else {
                continue;
            };
            *slot = true;
            for &user in self.needed_by.get(support.head).into_iter().flatten() {
                if let Some(count) = missing.get_mut(user) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push(user);
                    }
                }
            }
        }
        Ok(self.explain(&founded, value))
    }

    /// A set of atoms is unfounded where every body for one of them is false or
    /// needs one of them. Atoms that are false stay out of the set: what needs
    /// one is false itself.
    fn explain(&self, founded: &[bool], value: &dyn Fn(Lit) -> Option<bool>) -> Unfounded {
        let inside: Vec<bool> = self
            .atoms
            .iter()
            .zip(founded)
            .map(|(&v, &f)| !f && value(Lit::of(v, false)) != Some(false))
            .collect();
        let is_inside = |i: &usize| inside.get(*i).copied().unwrap_or(false);
        let mut out = Unfounded::default();
        for (i, &atom) in self.atoms.iter().enumerate() {
            if is_inside(&i) {
                out.atoms.push(atom);
            }
        }
        if out.atoms.is_empty() {
            return out;
        }
        for support in &self.supports {
            if is_inside(&support.head) && !support.needs.iter().any(is_inside) {
                out.bodies.push(support.body);
            }
        }
        out.bodies.sort_unstable();
        out.bodies.dedup();
        out
    }
}
