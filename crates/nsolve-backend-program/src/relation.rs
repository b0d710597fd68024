//! The rows of a predicate: flat, without repetition, in the order in which
//! they were derived, each with its first reason.

use crate::table::{Table, at, hash, put};

/// Where there is no row.
pub(crate) const NONE: u32 = u32::MAX;

/// Rows by the values of some columns.
#[derive(Clone, Debug)]
struct Index {
    columns: Box<[u32]>,
    table: Table,
    /// The first and the last row of each group with equal values.
    groups: Vec<[u32; 2]>,
    /// The next row of the same group, for each row; ascending.
    next: Vec<u32>,
}

/// Rows of one clause that wait to be added.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    count: u32,
    rows: Vec<u32>,
    rests: Vec<u32>,
    hashes: Vec<u32>,
    /// Rows that stand where these will be looked for.
    near: Vec<u32>,
}

impl Batch {
    /// Adds a row with what it does not tell of the clause's variables.
    #[inline]
    pub(crate) fn add(&mut self, row: &[u32], rest: impl Iterator<Item = u32>) {
        self.rows.extend_from_slice(row);
        self.rests.extend(rest);
        self.count += 1;
    }

    pub(crate) fn len(&self) -> u32 {
        self.count
    }
}

/// The rows of a predicate.
#[derive(Clone, Debug, Default)]
pub(crate) struct Relation {
    pub(crate) arity: usize,
    rows: Vec<u32>,
    count: u32,
    table: Table,
    indexes: Vec<Index>,
    /// Where each row's reason starts in `pool`.
    reasons: Vec<u32>,
    /// Reasons: the clause, then what the row does not tell of its variables.
    pool: Vec<u32>,
    /// Rows before this one were there before the last round.
    pub(crate) old: u32,
    /// Rows before this one are seen by rules now.
    pub(crate) visible: u32,
}

impl Relation {
    /// No rows.
    pub(crate) fn new(arity: usize) -> Self {
        Relation {
            arity,
            ..Relation::default()
        }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> u32 {
        self.count
    }

    /// One value.
    #[inline]
    pub(crate) fn value(&self, row: u32, column: usize) -> u32 {
        at(&self.rows, row as usize * self.arity + column)
    }

    /// One row.
    #[inline]
    pub(crate) fn row(&self, row: u32) -> &[u32] {
        let start = row as usize * self.arity;
        self.rows.get(start..start + self.arity).unwrap_or(&[])
    }

    /// The position of a row.
    #[inline]
    pub(crate) fn find(&self, values: &[u32]) -> Option<u32> {
        self.table.find(hash(values), |i| self.row(i) == values)
    }

    /// Adds rows with their reasons, and empties the batch.
    ///
    /// Most of the time of an evaluation is spent waiting for memory here. So
    /// what the rows will need is read first, in loops without a decision in
    /// which the processor can wait for many places at once.
    pub(crate) fn insert_all(&mut self, batch: &mut Batch, clause: u32) {
        let count = batch.count as usize;
        let (arity, rest) = (self.arity, batch.rests.len() / count.max(1));
        let row_of = |i: usize| batch.rows.get(i * arity..(i + 1) * arity).unwrap_or(&[]);
        batch.hashes.clear();
        batch.hashes.extend((0..count).map(|i| hash(row_of(i))));
        batch.near.clear();
        let near = batch.hashes.iter().map(|&h| self.table.near(h));
        batch.near.extend(near);
        let mut touched = 0u32;
        for &row in &batch.near {
            touched = touched.wrapping_add(at(&self.rows, row as usize * arity));
        }
        std::hint::black_box(touched);
        for i in 0..count {
            let new = self.count;
            let (rows, values) = (&self.rows, row_of(i));
            let known = self.table.find_or_insert(at(&batch.hashes, i), new, |r| {
                let start = r as usize * arity;
                let row = rows.get(start..start + arity).unwrap_or(&[]);
                row.iter().zip(values).all(|(a, b)| a == b)
            });
            if known.is_none() {
                self.rows.extend_from_slice(values);
                self.count += 1;
                self.reasons.push(self.pool.len() as u32);
                self.pool.push(clause);
                let rest = batch.rests.get(i * rest..(i + 1) * rest);
                self.pool.extend_from_slice(rest.unwrap_or(&[]));
            }
        }
        batch.count = 0;
        batch.rows.clear();
        batch.rests.clear();
    }

    /// Adds a row; its position where it is new.
    #[inline]
    pub(crate) fn insert(&mut self, values: &[u32]) -> Option<u32> {
        let new = self.count;
        let (rows, arity) = (&self.rows, self.arity);
        let known = self.table.find_or_insert(hash(values), new, |i| {
            let start = i as usize * arity;
            rows.get(start..start + arity) == Some(values)
        });
        if known.is_some() {
            return None;
        }
        self.rows.extend_from_slice(values);
        self.count += 1;
        Some(new)
    }

    /// The clause of a row's reason, and what else is known of its variables.
    pub(crate) fn reason_of(&self, row: u32) -> Option<(u32, &[u32])> {
        let start = *self.reasons.get(row as usize)? as usize;
        let end = self.reasons.get(row as usize + 1).map(|&e| e as usize);
        let record = self.pool.get(start..end.unwrap_or(self.pool.len()))?;
        let (clause, rest) = record.split_first()?;
        Some((*clause, rest))
    }

    /// The number of the index over these columns, made where there is none.
    pub(crate) fn index(&mut self, columns: &[u32]) -> usize {
        let known = self.indexes.iter().position(|i| *i.columns == *columns);
        known.unwrap_or_else(|| {
            self.indexes.push(Index {
                columns: columns.into(),
                table: Table::default(),
                groups: Vec::new(),
                next: Vec::new(),
            });
            self.indexes.len() - 1
        })
    }

    /// Brings the indexes up to the visible rows.
    pub(crate) fn refresh(&mut self) {
        let mut key = Vec::new();
        for index in &mut self.indexes {
            for row in index.next.len() as u32..self.visible {
                let cell = |c: u32| at(&self.rows, row as usize * self.arity + c as usize);
                key.clear();
                key.extend(index.columns.iter().map(|&c| cell(c)));
                let group = index.groups.len() as u32;
                let (groups, columns) = (&index.groups, &index.columns);
                let known = index.table.find_or_insert(hash(&key), group, |g| {
                    let first = at(groups, g as usize)[0] as usize * self.arity;
                    let mut pairs = columns.iter().zip(&key);
                    pairs.all(|(&c, &k)| at(&self.rows, first + c as usize) == k)
                });
                index.next.push(NONE);
                match known {
                    None => index.groups.push([row, row]),
                    Some(g) => {
                        if let Some(group) = index.groups.get_mut(g as usize) {
                            put(&mut index.next, group[1] as usize, row);
                            group[1] = row;
                        }
                    }
                }
            }
        }
    }

    /// The first row with these values in the columns of an index.
    #[inline]
    pub(crate) fn first(&self, index: usize, key: &[u32]) -> u32 {
        let Some(index) = self.indexes.get(index) else {
            return NONE;
        };
        let found = index.table.find(hash(key), |g| {
            let first = at(&index.groups, g as usize)[0] as usize * self.arity;
            let mut pairs = index.columns.iter().zip(key);
            pairs.all(|(&c, &k)| at(&self.rows, first + c as usize) == k)
        });
        found.map_or(NONE, |g| at(&index.groups, g as usize)[0])
    }

    /// The next row of the same group.
    #[inline]
    pub(crate) fn next(&self, index: usize, row: u32) -> u32 {
        let next = self.indexes.get(index).map(|i| i.next.get(row as usize));
        next.flatten().copied().unwrap_or(NONE)
    }

    /// Whether positions are about to run out.
    pub(crate) fn is_full(&self) -> bool {
        self.count > NONE - (1 << 20) || self.pool.len() > (NONE - (1 << 24)) as usize
    }

    /// How many bytes it takes.
    pub(crate) fn bytes(&self) -> u64 {
        let words = self.rows.capacity() + self.reasons.capacity() + self.pool.capacity();
        let indexes = self.indexes.iter().map(|i| {
            i.table.bytes() + i.groups.capacity() as u64 * 8 + i.next.capacity() as u64 * 4
        });
        words as u64 * 4 + self.table.bytes() + indexes.sum::<u64>()
    }
}
