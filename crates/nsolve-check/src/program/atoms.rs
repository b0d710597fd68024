//! Ground atoms, and sets of them that are searched by some arguments.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::values::Id;

/// A ground atom, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct AtomId(u32);

/// All atoms that some evidence gives.
pub(super) struct Atoms {
    /// By predicate and arguments.
    ids: Vec<FxHashMap<Rc<[Id]>, AtomId>>,
    all: Vec<(usize, Rc<[Id]>)>,
}

impl Atoms {
    pub(super) fn new(predicates: usize) -> Self {
        Atoms {
            ids: vec![FxHashMap::default(); predicates],
            all: Vec::new(),
        }
    }

    pub(super) fn put(&mut self, predicate: usize, arguments: &[Id]) -> Option<AtomId> {
        let ids = self.ids.get_mut(predicate)?;
        if let Some(&id) = ids.get(arguments) {
            return Some(id);
        }
        let id = AtomId(u32::try_from(self.all.len()).ok()?);
        let arguments: Rc<[Id]> = arguments.into();
        ids.insert(arguments.clone(), id);
        self.all.push((predicate, arguments));
        Some(id)
    }

    pub(super) fn find(&self, predicate: usize, arguments: &[Id]) -> Option<AtomId> {
        self.ids.get(predicate)?.get(arguments).copied()
    }

    pub(super) fn get(&self, id: AtomId) -> Option<(usize, &Rc<[Id]>)> {
        let (predicate, arguments) = self.all.get(id.0 as usize)?;
        Some((*predicate, arguments))
    }
}

/// For atoms that are in no set.
const ABSENT: u32 = u32::MAX;

/// A set of atoms, each with the step that gives it.
pub(super) struct Set {
    times: Vec<u32>,
    members: Vec<AtomId>,
    by_predicate: Vec<Vec<AtomId>>,
    indexes: Vec<Index>,
    /// Which index serves a predicate and a mask of positions.
    index_of: FxHashMap<(usize, u64), usize>,
}

struct Index {
    predicate: usize,
    mask: u64,
    buckets: Vec<Vec<AtomId>>,
    of: FxHashMap<Box<[Id]>, usize>,
}

/// Atoms of one predicate that agree in some arguments.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bucket {
    All(usize),
    Of(usize, usize),
    Empty,
}

impl Set {
    pub(super) fn new(predicates: usize) -> Self {
        Set {
            times: Vec::new(),
            members: Vec::new(),
            by_predicate: vec![Vec::new(); predicates],
            indexes: Vec::new(),
            index_of: FxHashMap::default(),
        }
    }

    /// Makes it empty again.
    pub(super) fn clear(&mut self) {
        for member in self.members.drain(..) {
            if let Some(time) = self.times.get_mut(member.0 as usize) {
                *time = ABSENT;
            }
        }
        self.by_predicate.iter_mut().for_each(Vec::clear);
        self.indexes.clear();
        self.index_of.clear();
    }

    /// Adds the next atom; false if it is there. Nothing may have been searched
    /// before.
    pub(super) fn add(&mut self, predicate: usize, atom: AtomId) -> bool {
        if self.has(atom) {
            return false;
        }
        let at = atom.0 as usize;
        if self.times.len() <= at {
            self.times.resize(at + 1, ABSENT);
        }
        if let Some(time) = self.times.get_mut(at) {
            *time = self.members.len() as u32;
        }
        self.members.push(atom);
        if let Some(list) = self.by_predicate.get_mut(predicate) {
            list.push(atom);
        }
        true
    }

    /// Adds the next atom, though atoms have been searched before.
    pub(super) fn grow(&mut self, predicate: usize, atom: AtomId, arguments: &[Id]) -> bool {
        let new = self.add(predicate, atom);
        for index in self.indexes.iter_mut().filter(|_| new) {
            if index.predicate == predicate {
                index.put(atom, arguments);
            }
        }
        new
    }

    pub(super) fn has(&self, atom: AtomId) -> bool {
        self.is_before(atom, ABSENT)
    }

    /// Whether an atom was added before so many others.
    pub(super) fn is_before(&self, atom: AtomId, time: u32) -> bool {
        self.times.get(atom.0 as usize).is_some_and(|&t| t < time)
    }

    /// When an atom was added.
    pub(super) fn time(&self, atom: AtomId) -> Option<usize> {
        let time = *self.times.get(atom.0 as usize)?;
        (time != ABSENT).then_some(time as usize)
    }

    pub(super) fn members(&self) -> &[AtomId] {
        &self.members
    }

    pub(super) fn of(&self, predicate: usize) -> &[AtomId] {
        self.by_predicate.get(predicate).map_or(&[], |l| l)
    }

    /// The atoms of a predicate whose arguments at the positions of `mask` are
    /// `key`; with how many atoms had to be looked at to know.
    pub(super) fn search(
        &mut self,
        predicate: usize,
        mask: u64,
        key: &[Id],
        atoms: &Atoms,
    ) -> (Bucket, u64) {
        if mask == 0 {
            return (Bucket::All(predicate), 0);
        }
        let mut cost = 0;
        let at = match self.index_of.get(&(predicate, mask)) {
            Some(&at) => at,
            None => {
                cost = self.of(predicate).len() as u64;
                let index = self.index(predicate, mask, atoms);
                self.indexes.push(index);
                let at = self.indexes.len() - 1;
                self.index_of.insert((predicate, mask), at);
                at
            }
        };
        let bucket = self.indexes.get(at).and_then(|i| i.of.get(key));
        (bucket.map_or(Bucket::Empty, |&b| Bucket::Of(at, b)), cost)
    }

    fn index(&self, predicate: usize, mask: u64, atoms: &Atoms) -> Index {
        let mut index = Index {
            predicate,
            mask,
            buckets: Vec::new(),
            of: FxHashMap::default(),
        };
        for &atom in self.of(predicate) {
            if let Some((_, arguments)) = atoms.get(atom) {
                index.put(atom, arguments);
            }
        }
        index
    }

    pub(super) fn member(&self, bucket: Bucket, at: usize) -> Option<AtomId> {
        match bucket {
            Bucket::All(predicate) => self.of(predicate).get(at).copied(),
            Bucket::Of(index, bucket) => {
                let list = self.indexes.get(index)?.buckets.get(bucket)?;
                list.get(at).copied()
            }
            Bucket::Empty => None,
        }
    }
}

impl Index {
    fn put(&mut self, atom: AtomId, arguments: &[Id]) {
        let key: Box<[Id]> = arguments
            .iter()
            .enumerate()
            .filter(|(i, _)| *i < 64 && self.mask >> i & 1 == 1)
            .map(|(_, id)| *id)
            .collect();
        let next = self.buckets.len();
        let bucket = *self.of.entry(key).or_insert(next);
        if bucket == next {
            self.buckets.push(Vec::new());
        }
        if let Some(list) = self.buckets.get_mut(bucket) {
            list.push(atom);
        }
    }
}
