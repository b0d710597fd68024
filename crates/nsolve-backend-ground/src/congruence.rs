#![expect(
    clippy::indexing_slicing,
    reason = "terms index tables that are as long as the store"
)]

use rustc_hash::{FxHashMap, FxHashSet};

use crate::rows::{Row, Rows};
use crate::store::{NONE, Store};

/// Why two terms are in one class.
#[derive(Clone, Copy, Debug)]
enum Link {
    /// An equality between just these two holds.
    Given,
    /// They are the same function of equal arguments.
    Function,
}

/// Classes of equal terms, with the reasons.
#[derive(Clone, Debug)]
pub(crate) struct Classes {
    parent: Vec<u32>,
    /// A forest of reasons: for each term the next on the way to the root.
    next: Vec<(u32, Link)>,
}

impl Classes {
    /// The classes that these equalities make.
    pub(crate) fn close(store: &Store, equal: impl Iterator<Item = (u32, u32)>) -> Self {
        let n = store.len();
        let mut classes = Classes {
            parent: (0..n as u32).collect(),
            next: vec![(NONE, Link::Given); n],
        };
        let mut any = false;
        for (a, b) in equal {
            any |= classes.merge(a, b, Link::Given);
        }
        while any {
            any = classes.close_functions(store);
        }
        classes
    }

    /// One pass over all function terms; answers whether classes were merged.
    fn close_functions(&mut self, store: &Store) -> bool {
        let mut signatures = Rows::default();
        let mut terms = Vec::new();
        let mut any = false;
        for term in 0..store.len() as u32 {
            let Some((head, arguments)) = store.compound(term) else {
                continue;
            };
            let mut row = Row::starting(head);
            arguments.iter().for_each(|&a| row.push(self.root(a)));
            let (id, new) = signatures.insert(row.as_slice());
            if new {
                terms.push(term);
            } else {
                any |= self.merge(terms[id as usize], term, Link::Function);
            }
        }
        any
    }

    fn root(&self, mut term: u32) -> u32 {
        while self.parent[term as usize] != term {
            term = self.parent[term as usize];
        }
        term
    }

    fn merge(&mut self, a: u32, b: u32, link: Link) -> bool {
        let (x, y) = (self.root(a), self.root(b));
        if x == y {
            return false;
        }
        // The older term stays, which is the simpler one.
        self.parent[x.max(y) as usize] = x.min(y);
        self.reroot(a);
        self.next[a as usize] = (b, link);
        true
    }

    /// Turns the forest around so that `term` is its tree's root.
    fn reroot(&mut self, term: u32) {
        let (mut at, mut to) = (term, (NONE, Link::Given));
        while at != NONE {
            let next = std::mem::replace(&mut self.next[at as usize], to);
            to = (at, next.1);
            at = next.0;
        }
    }

    /// For each term what stands for its class: elements of enumerated sorts
    /// before others, older terms before newer.
    pub(crate) fn representatives(&self, is_element: impl Fn(u32) -> bool) -> Vec<u32> {
        let n = self.parent.len() as u32;
        let mut best: Vec<u32> = (0..n).map(|t| self.root(t)).collect();
        let mut elements: FxHashMap<u32, u32> = FxHashMap::default();
        for term in 0..n {
            if is_element(term) {
                elements.entry(best[term as usize]).or_insert(term);
            }
        }
        if !elements.is_empty() {
            for term in &mut best {
                *term = elements.get(term).copied().unwrap_or(*term);
            }
        }
        best
    }

    /// Whether two terms are in one class.
    pub(crate) fn same(&self, a: u32, b: u32) -> bool {
        self.root(a) == self.root(b)
    }

    /// Given equalities from which it follows that the pairs are equal.
    pub(crate) fn explain(&self, store: &Store, pairs: &[(u32, u32)]) -> Vec<(u32, u32)> {
        let mut open = pairs.to_vec();
        let mut seen = FxHashSet::default();
        let mut out = Vec::new();
        while let Some((a, b)) = open.pop() {
            for (from, to, link) in self.path(a, b) {
                if !seen.insert((from.min(to), from.max(to))) {
                    continue;
                }
                match link {
                    Link::Given => out.push((from, to)),
                    Link::Function => {
                        let (x, y) = (store.compound(from), store.compound(to));
                        if let (Some((_, x)), Some((_, y))) = (x, y) {
                            open.extend(x.iter().copied().zip(y.iter().copied()));
                        }
                    }
                }
            }
        }
        out
    }

    /// The links between two terms of one class.
    fn path(&self, a: u32, b: u32) -> Vec<(u32, u32, Link)> {
        let ancestors: FxHashSet<u32> = self.up(a).collect();
        let meet = self.up(b).find(|t| ancestors.contains(t));
        let mut out = Vec::new();
        for start in [a, b] {
            for term in self.up(start).take_while(|&t| Some(t) != meet) {
                let (to, link) = self.next[term as usize];
                out.push((term, to, link));
            }
        }
        out
    }

    fn up(&self, term: u32) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(Some(term), |&t| {
            Some(self.next[t as usize].0).filter(|&t| t != NONE)
        })
    }
}
