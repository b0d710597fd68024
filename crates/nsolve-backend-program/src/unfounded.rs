//! Atoms of a candidate model that hold for no reason but each other.
//!
//! Atoms that may give each other are in one component. Within a component
//! without disjunctions, what is founded is found by going forward. Where two
//! heads of one disjunction are in the same component, that is not enough, and
//! a second search looks for a set that could be taken away (Leone, Rullo,
//! Scarcello 1997).

use std::collections::VecDeque;

use nsolve_backend::{SolveCx, StopReason};
use rustc_hash::FxHashSet;

use crate::circuit::{Circuit, Lit};
use crate::ground::Support;
use crate::table::{at, put};

/// Lists of numbers by a number.
#[derive(Debug, Default)]
struct Lists {
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl Lists {
    fn new(count: usize, pairs: &[(u32, u32)]) -> Self {
        let mut starts = vec![0u32; count + 1];
        for (key, _) in pairs {
            if let Some(slot) = starts.get_mut(*key as usize + 1) {
                *slot += 1;
            }
        }
        let mut sum = 0;
        for slot in &mut starts {
            sum += *slot;
            *slot = sum;
        }
        let mut next = starts.clone();
        let mut members = vec![0; pairs.len()];
        for (key, member) in pairs {
            if let Some(slot) = next.get_mut(*key as usize) {
                put(&mut members, *slot as usize, *member);
                *slot += 1;
            }
        }
        Lists { starts, members }
    }

    fn of(&self, key: u32) -> &[u32] {
        let start = at(&self.starts, key as usize) as usize;
        let end = at(&self.starts, key as usize + 1) as usize;
        self.members.get(start..end).unwrap_or(&[])
    }
}

/// How the atoms of a ground program may give each other.
pub(crate) struct Loops {
    /// The component of each atom.
    component: Vec<u32>,
    /// Whether a component has atoms that may give each other.
    cyclic: Vec<bool>,
    /// Whether it has two heads of one disjunction, too.
    entangled: Vec<bool>,
    /// Supports by an atom of their positive body.
    uses: Lists,
    /// Supports by the atom that they give.
    givers: Lists,
    /// Supports without open atoms in their positive body.
    free: Vec<u32>,
}

/// What a check looks at.
pub(crate) struct View<'v> {
    pub(crate) supports: &'v [Support],
    pub(crate) pool: &'v [u32],
    /// Which atoms hold.
    pub(crate) model: &'v [bool],
    pub(crate) circuit: &'v Circuit,
}

impl View<'_> {
    fn body(&self, support: &Support) -> &[u32] {
        let range = support.start as usize..support.end as usize;
        self.pool.get(range).unwrap_or(&[])
    }

    fn holds(&self, atom: u32) -> bool {
        at(self.model, atom as usize)
    }
}

impl Loops {
    pub(crate) fn new(atoms: usize, supports: &[Support], pool: &[u32]) -> Self {
        let (mut uses, mut givers, mut edges) = (Vec::new(), Vec::new(), Vec::new());
        let mut free = Vec::new();
        for (i, support) in supports.iter().enumerate() {
            givers.push((support.atom, i as u32));
            let body = pool.get(support.start as usize..support.end as usize);
            for &atom in body.unwrap_or(&[]) {
                uses.push((atom, i as u32));
                edges.push((support.atom, atom));
            }
            if support.start == support.end {
                free.push(i as u32);
            }
        }
        let edges = Lists::new(atoms, &edges);
        let component = components(atoms, &edges);
        let count = component.iter().max().map_or(0, |&c| c as usize + 1);
        let (mut cyclic, mut entangled) = (vec![false; count], vec![false; count]);
        for atom in 0..atoms as u32 {
            let own = at(&component, atom as usize);
            let mut inner = edges.of(atom).iter();
            if inner.any(|&b| at(&component, b as usize) == own) {
                put(&mut cyclic, own as usize, true);
            }
        }
        for heads in supports.chunk_by(|a, b| a.instance == b.instance) {
            let mut own: Vec<(u32, u32)> = heads
                .iter()
                .map(|s| (at(&component, s.atom as usize), s.atom))
                .collect();
            own.sort_unstable();
            own.dedup();
            for pair in own.windows(2) {
                if let [(a, _), (b, _)] = pair
                    && a == b
                {
                    put(&mut entangled, *a as usize, true);
                }
            }
        }
        Loops {
            component,
            cyclic,
            entangled,
            uses: Lists::new(atoms, &uses),
            givers: Lists::new(atoms, &givers),
            free,
        }
    }

    fn of(&self, atom: u32) -> u32 {
        at(&self.component, atom as usize)
    }

    fn is_cyclic(&self, atom: u32) -> bool {
        at(&self.cyclic, self.of(atom) as usize)
    }

    /// Whether every candidate is a model.
    pub(crate) fn is_tight(&self) -> bool {
        !self.cyclic.contains(&true)
    }

    /// The support that gives each atom first, in an order in which each
    /// follows from those before it. Atoms that nothing gives are left out.
    pub(crate) fn order(&self, view: &View<'_>) -> Vec<u32> {
        let mut waiting: Vec<u32> = view.supports.iter().map(|s| s.end - s.start).collect();
        let mut given = vec![false; view.model.len()];
        let mut out = Vec::new();
        let mut queue: VecDeque<u32> = self.free.iter().copied().collect();
        while let Some(number) = queue.pop_front() {
            let support = at(view.supports, number as usize);
            let new = !at(&given, support.atom as usize) && view.holds(support.atom);
            if !new || !view.circuit.holds(support.body) {
                continue;
            }
            put(&mut given, support.atom as usize, true);
            out.push(number);
            for &user in self.uses.of(support.atom) {
                if let Some(left) = waiting.get_mut(user as usize) {
                    *left -= 1;
                    if *left == 0 {
                        queue.push_back(user);
                    }
                }
            }
        }
        out
    }

    /// Sets of atoms that hold for no reason but each other; none where the
    /// candidate is a model.
    pub(crate) fn unfounded(
        &self,
        view: &View<'_>,
        cx: &SolveCx,
    ) -> Result<Vec<Vec<u32>>, StopReason> {
        let lost = self.not_reached(view);
        if !lost.is_empty() {
            return Ok(self.smallest(&lost, view));
        }
        for component in 0..self.entangled.len() {
            if at(&self.entangled, component) && at(&self.cyclic, component) {
                let found = self.removable(component as u32, view, cx)?;
                if !found.is_empty() {
                    return Ok(vec![found]);
                }
            }
        }
        Ok(Vec::new())
    }

    /// The sets within an unfounded one that rest on nothing else of it. Each
    /// is unfounded by itself, and the clause against a small one says more.
    fn smallest(&self, lost: &[u32], view: &View<'_>) -> Vec<Vec<u32>> {
        let place = |atom: u32| lost.binary_search(&atom).ok().map(|p| p as u32);
        let mut edges = Vec::new();
        for (i, &atom) in lost.iter().enumerate() {
            for &number in self.givers.of(atom) {
                let support = at(view.supports, number as usize);
                if view.circuit.holds(self.reason(&support)) {
                    let body = view.body(&support).iter();
                    edges.extend(body.filter_map(|&b| place(b)).map(|b| (i as u32, b)));
                }
            }
        }
        let component = components(lost.len(), &Lists::new(lost.len(), &edges));
        let count = component.iter().max().map_or(0, |&c| c as usize + 1);
        let mut rests = vec![false; count];
        for (from, to) in edges {
            let (from, to) = (at(&component, from as usize), at(&component, to as usize));
            if from != to {
                put(&mut rests, from as usize, true);
            }
        }
        let mut sets = vec![Vec::new(); count];
        for (&atom, &own) in lost.iter().zip(&component) {
            if let Some(set) = sets.get_mut(own as usize) {
                set.push(atom);
            }
        }
        let alone = sets.into_iter().zip(rests).filter(|(_, rests)| !rests);
        alone.map(|(set, _)| set).collect()
    }

    /// What must hold for a support to count when going forward.
    fn reason(&self, support: &Support) -> Lit {
        let entangled = at(&self.entangled, self.of(support.atom) as usize);
        if entangled {
            support.body
        } else {
            support.reason
        }
    }

    /// True atoms of cyclic components that going forward does not reach.
    fn not_reached(&self, view: &View<'_>) -> Vec<u32> {
        let own = |s: &Support, b: u32| self.of(b) == self.of(s.atom);
        let mut waiting = vec![0u32; view.supports.len()];
        let mut queue: Vec<u32> = Vec::new();
        for (i, support) in view.supports.iter().enumerate() {
            if !self.is_cyclic(support.atom) || !view.holds(support.atom) {
                continue;
            }
            let inner = view.body(support).iter().filter(|&&b| own(support, b));
            let count = inner.count() as u32;
            put(&mut waiting, i, count);
            if count == 0 {
                queue.push(i as u32);
            }
        }
        let mut reached = vec![false; view.model.len()];
        while let Some(number) = queue.pop() {
            let support = at(view.supports, number as usize);
            let reason = self.reason(&support);
            if at(&reached, support.atom as usize) || !view.circuit.holds(reason) {
                continue;
            }
            put(&mut reached, support.atom as usize, true);
            for &user in self.uses.of(support.atom) {
                let other = at(view.supports, user as usize);
                if !own(&other, support.atom) || !view.holds(other.atom) {
                    continue;
                }
                if let Some(left) = waiting.get_mut(user as usize) {
                    *left -= 1;
                    if *left == 0 {
                        queue.push(user);
                    }
                }
            }
        }
        let atoms = 0..view.model.len() as u32;
        let lost =
            atoms.filter(|&a| view.holds(a) && self.is_cyclic(a) && !at(&reached, a as usize));
        lost.collect()
    }

    /// A set of true atoms of an entangled component such that every instance
    /// that gives one of them rests on another of them, or has another head
    /// that holds and stays.
    fn removable(
        &self,
        component: u32,
        view: &View<'_>,
        cx: &SolveCx,
    ) -> Result<Vec<u32>, StopReason> {
        let atoms = 0..view.model.len() as u32;
        let members = atoms.filter(|&a| self.of(a) == component && view.holds(a));
        let members: Vec<u32> = members.collect();
        let taken = |atom: u32| {
            let place = members.binary_search(&atom).ok()?;
            Some(Lit::of(place as u32 + 1))
        };
        let mut search = Circuit::new(members.len() as u32, cx);
        let any: Vec<Lit> = members.iter().filter_map(|&a| taken(a)).collect();
        search.add(&any);
        for heads in view.supports.chunk_by(|a, b| a.instance == b.instance) {
            for support in heads {
                let Some(lit) = taken(support.atom) else {
                    continue;
                };
                if !view.circuit.holds(support.body) {
                    continue;
                }
                let mut clause = vec![!lit];
                clause.extend(view.body(support).iter().filter_map(|&b| taken(b)));
                // A choice has one head an instance, so this is about
                // disjunctions only.
                for other in heads.iter().filter(|h| h.atom != support.atom) {
                    if view.holds(other.atom) {
                        clause.push(taken(other.atom).map_or(Lit::TRUE, |l| !l));
                    }
                }
                search.add(&clause);
            }
        }
        if !search.solve(&[])? {
            return Ok(Vec::new());
        }
        let taken_ones = members
            .into_iter()
            .zip(any)
            .filter(|(_, l)| search.holds(*l));
        Ok(taken_ones.map(|(a, _)| a).collect())
    }

    /// Forbids a set of atoms to hold without a reason from outside of it.
    pub(crate) fn forbid(
        &self,
        set: &[u32],
        supports: &[Support],
        pool: &[u32],
        circuit: &mut Circuit,
    ) {
        // Components have loops of their own; a clause for each is stronger.
        let mut by_component: Vec<(u32, u32)> = set.iter().map(|&a| (self.of(a), a)).collect();
        by_component.sort_unstable();
        for group in by_component.chunk_by(|a, b| a.0 == b.0) {
            let inside: FxHashSet<u32> = group.iter().map(|(_, a)| *a).collect();
            let entangled = group
                .first()
                .is_some_and(|(c, _)| at(&self.entangled, *c as usize));
            let mut outside = Vec::new();
            for (_, atom) in group {
                for &number in self.givers.of(*atom) {
                    let support = at(supports, number as usize);
                    let range = support.start as usize..support.end as usize;
                    let body = pool.get(range).unwrap_or(&[]);
                    if body.iter().any(|b| inside.contains(b)) {
                        continue;
                    }
                    outside.push(if entangled {
                        other_heads(&support, number, supports, &inside, circuit)
                    } else {
                        support.reason
                    });
                }
            }
            outside.sort_unstable();
            outside.dedup();
            if group.len() > 1 && outside.len() > 2 {
                outside = vec![circuit.or(outside)];
            }
            for (_, atom) in group {
                let mut clause = outside.clone();
                clause.push(!Lit::of(atom + 1));
                circuit.add(&clause);
            }
        }
    }
}

/// That a support's body holds and no head of its instance outside of a set.
fn other_heads(
    support: &Support,
    number: u32,
    supports: &[Support],
    inside: &FxHashSet<u32>,
    circuit: &mut Circuit,
) -> Lit {
    let mut all = vec![support.body];
    let first = number.saturating_sub(support.head) as usize;
    let heads = supports.get(first..).unwrap_or(&[]);
    let heads = heads.iter().take_while(|s| s.instance == support.instance);
    for other in heads.filter(|s| !inside.contains(&s.atom)) {
        all.push(!Lit::of(other.atom + 1));
    }
    circuit.and(all)
}

/// Tarjan's algorithm (1972), with its own stack.
fn components(count: usize, edges: &Lists) -> Vec<u32> {
    const NEW: u32 = u32::MAX;
    let mut index = vec![NEW; count];
    let mut low = vec![0u32; count];
    let mut component = vec![NEW; count];
    let mut open = Vec::new();
    let (mut next, mut found) = (0u32, 0u32);
    let mut work: Vec<(u32, u32)> = Vec::new();
    for root in 0..count as u32 {
        if at(&index, root as usize) != NEW {
            continue;
        }
        work.push((root, 0));
        while let Some((atom, place)) = work.pop() {
            let a = atom as usize;
            if place == 0 {
                put(&mut index, a, next);
                put(&mut low, a, next);
                next += 1;
                open.push(atom);
            }
            match edges.of(atom).get(place as usize) {
                Some(&on) => {
                    work.push((atom, place + 1));
                    let o = on as usize;
                    if at(&index, o) == NEW {
                        work.push((on, 0));
                    } else if at(&component, o) == NEW {
                        let least = at(&low, a).min(at(&index, o));
                        put(&mut low, a, least);
                    }
                }
                None => {
                    if let Some(&(parent, _)) = work.last() {
                        let p = parent as usize;
                        let least = at(&low, p).min(at(&low, a));
                        put(&mut low, p, least);
                    }
                    if at(&low, a) == at(&index, a) {
                        while let Some(member) = open.pop() {
                            put(&mut component, member as usize, found);
                            if member == atom {
                                break;
                            }
                        }
                        found += 1;
                    }
                }
            }
        }
    }
    component
}
