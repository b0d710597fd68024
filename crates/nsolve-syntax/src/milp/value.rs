//! Symbols, tuples of them, and tables by tuples.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use nsolve_il::milp::{Number, Symbol};
use rustc_hash::FxHashMap;

/// A symbol's number in [`Symbols`].
pub(super) type SymbolId = u32;

/// Every symbol that occurs, once.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    all: Vec<Symbol>,
    texts: FxHashMap<Arc<str>, SymbolId>,
    numbers: FxHashMap<Number, SymbolId>,
}

impl Symbols {
    pub(super) fn text(&mut self, text: &str) -> SymbolId {
        if let Some(id) = self.texts.get(text) {
            return *id;
        }
        let id = self.all.len() as SymbolId;
        let text: Arc<str> = text.into();
        self.all.push(Symbol::Text(text.clone()));
        self.texts.insert(text, id);
        id
    }

    pub(super) fn number(&mut self, number: &Number) -> SymbolId {
        if let Some(id) = self.numbers.get(number) {
            return *id;
        }
        let id = self.all.len() as SymbolId;
        self.all.push(Symbol::Number(number.clone()));
        self.numbers.insert(number.clone(), id);
        id
    }

    pub(super) fn intern(&mut self, symbol: &Symbol) -> SymbolId {
        match symbol {
            Symbol::Text(text) => self.text(text),
            Symbol::Number(number) => self.number(number),
        }
    }

    /// The symbol; it is one of this table's.
    pub(super) fn get(&self, id: SymbolId) -> &Symbol {
        const NOTHING: &Symbol = &Symbol::Number(Number::ZERO);
        self.all.get(id as usize).unwrap_or(NOTHING)
    }

    pub(super) fn into_all(self) -> Vec<Symbol> {
        self.all
    }

    /// A tuple as it is written in messages: `a`, or `(a, b)`.
    pub(super) fn show(&self, tuple: &[SymbolId]) -> String {
        let parts: Vec<String> = tuple.iter().map(|s| self.get(*s).to_string()).collect();
        match parts.as_slice() {
            [one] => one.clone(),
            _ => format!("({})", parts.join(",")),
        }
    }
}

/// Different tuples of one length, each with its position.
#[derive(Clone, Debug)]
pub(super) struct Index {
    arity: usize,
    len: u32,
    places: Places,
}

#[derive(Clone, Debug)]
enum Places {
    /// Tuples of at most two symbols, packed into one number.
    Short(FxHashMap<u64, u32>),
    Long(FxHashMap<Box<[SymbolId]>, u32>),
}

fn pack(tuple: &[SymbolId]) -> u64 {
    match tuple {
        [] => 0,
        [a] => u64::from(*a),
        [a, b, ..] => u64::from(*a) << 32 | u64::from(*b),
    }
}

impl Index {
    pub(super) fn new(arity: usize) -> Self {
        Index {
            arity,
            len: 0,
            places: if arity <= 2 {
                Places::Short(FxHashMap::default())
            } else {
                Places::Long(FxHashMap::default())
            },
        }
    }

    pub(super) fn len(&self) -> u32 {
        self.len
    }

    pub(super) fn reserve(&mut self, more: usize) {
        match &mut self.places {
            Places::Short(map) => map.reserve(more),
            Places::Long(map) => map.reserve(more),
        }
    }

    /// The position of a tuple.
    pub(super) fn get(&self, tuple: &[SymbolId]) -> Option<u32> {
        if tuple.len() != self.arity {
            return None;
        }
        match &self.places {
            Places::Short(map) => map.get(&pack(tuple)).copied(),
            Places::Long(map) => map.get(tuple).copied(),
        }
    }

    /// Adds a tuple; its position, and whether it is new.
    pub(super) fn insert(&mut self, tuple: &[SymbolId]) -> (u32, bool) {
        let next = self.len;
        let place = match &mut self.places {
            Places::Short(map) => *map.entry(pack(tuple)).or_insert(next),
            Places::Long(map) => match map.get(tuple) {
                Some(place) => *place,
                None => {
                    map.insert(tuple.into(), next);
                    next
                }
            },
        };
        let new = place == next;
        self.len += u32::from(new);
        (place, new)
    }
}

/// A finite set of tuples, in the order they were added.
#[derive(Clone, Debug)]
pub(super) struct SetValue {
    arity: usize,
    symbols: Vec<SymbolId>,
    index: Index,
    /// For the mask of parts that are known, the members by those parts.
    by_parts: RefCell<FxHashMap<u32, Rc<Buckets>>>,
}

/// Positions of members by some of their parts.
type Buckets = FxHashMap<Box<[SymbolId]>, Vec<u32>>;

impl SetValue {
    pub(super) fn new(arity: usize) -> Self {
        SetValue {
            arity,
            symbols: Vec::new(),
            index: Index::new(arity),
            by_parts: RefCell::default(),
        }
    }

    pub(super) fn arity(&self) -> usize {
        self.arity
    }

    pub(super) fn len(&self) -> usize {
        self.index.len() as usize
    }

    pub(super) fn insert(&mut self, tuple: &[SymbolId]) -> bool {
        let (_, new) = self.index.insert(tuple);
        if new {
            self.symbols.extend_from_slice(tuple);
        }
        new
    }

    pub(super) fn contains(&self, tuple: &[SymbolId]) -> bool {
        self.index.get(tuple).is_some()
    }

    /// The position of a member, from 0.
    pub(super) fn position(&self, tuple: &[SymbolId]) -> Option<u32> {
        self.index.get(tuple)
    }

    pub(super) fn get(&self, place: usize) -> &[SymbolId] {
        self.symbols
            .get(place * self.arity..(place + 1) * self.arity)
            .unwrap_or_default()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[SymbolId]> {
        (0..self.len()).map(|place| self.get(place))
    }

    /// The positions of the members that have these symbols in the parts where
    /// one is given, in order. An index is made when it is first asked for.
    pub(super) fn matching(&self, parts: &[Option<SymbolId>]) -> Vec<u32> {
        let known: Vec<SymbolId> = parts.iter().flatten().copied().collect();
        if known.len() == parts.len() {
            return self.index.get(&known).into_iter().collect();
        }
        let mask = (0_u32..)
            .zip(parts)
            .filter(|(_, part)| part.is_some())
            .fold(0, |mask, (i, _)| mask | 1 << i);
        let buckets = self.by_parts.borrow().get(&mask).cloned();
        let buckets = buckets.unwrap_or_else(|| {
            let mut buckets = Buckets::default();
            for (place, member) in (0..).zip(self.iter()) {
                let key: Vec<SymbolId> = member
                    .iter()
                    .enumerate()
                    .filter(|(i, _)| mask >> i & 1 == 1)
                    .map(|(_, s)| *s)
                    .collect();
                buckets.entry(key.into()).or_default().push(place);
            }
            let buckets = Rc::new(buckets);
            self.by_parts.borrow_mut().insert(mask, buckets.clone());
            buckets
        });
        buckets.get(known.as_slice()).cloned().unwrap_or_default()
    }
}

/// Values by tuples.
#[derive(Clone, Debug)]
pub(super) struct Table<T> {
    arity: usize,
    index: Index,
    keys: Vec<SymbolId>,
    values: Vec<T>,
}

impl<T> Table<T> {
    pub(super) fn new(arity: usize) -> Self {
        Table {
            arity,
            index: Index::new(arity),
            keys: Vec::new(),
            values: Vec::new(),
        }
    }

    pub(super) fn reserve(&mut self, more: usize) {
        self.index.reserve(more);
        self.keys.reserve(more * self.arity);
        self.values.reserve(more);
    }

    pub(super) fn get(&self, tuple: &[SymbolId]) -> Option<&T> {
        self.values.get(self.index.get(tuple)? as usize)
    }

    /// Sets a value; whether there was none.
    pub(super) fn insert(&mut self, tuple: &[SymbolId], value: T) -> bool {
        let (place, new) = self.index.insert(tuple);
        match self.values.get_mut(place as usize) {
            Some(old) => *old = value,
            None => {
                self.keys.extend_from_slice(tuple);
                self.values.push(value);
            }
        }
        new
    }

    /// The value for a tuple; a new one where there is none.
    pub(super) fn get_or_insert(
        &mut self,
        tuple: &[SymbolId],
        make: impl FnOnce() -> T,
    ) -> Option<&mut T> {
        let (place, new) = self.index.insert(tuple);
        if new {
            self.keys.extend_from_slice(tuple);
            self.values.push(make());
        }
        self.values.get_mut(place as usize)
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// The entry that was added as this one, counted from 0.
    pub(super) fn entry(&self, place: usize) -> Option<(&[SymbolId], &T)> {
        let key = self
            .keys
            .get(place * self.arity..(place + 1) * self.arity)?;
        Some((key, self.values.get(place)?))
    }
}
