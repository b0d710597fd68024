//! The rows of a predicate: flat, without repetition, in the order in which
//! they were derived, each with its first reason.

pub(crate) use crate::table::NONE;
use crate::table::{RowSet, Table, at, hash, put, row_at, word_hash};

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

/// Rows that a clause gave one after the other.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: u32,
    clause: u32,
    /// Where their part of the pool starts, of which each row has as much.
    start: u32,
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

    /// Adds rows of a group, from one on and before another, as far as there is
    /// room for so many. Gives the one to go on with.
    pub(crate) fn add_group(
        &mut self,
        relation: &Relation,
        index: usize,
        [mut from, end]: [u32; 2],
        [row, rest]: [&[Cell]; 2],
        room: u32,
    ) -> u32 {
        let Some(index) = relation.indexes.get(index) else {
            return NONE;
        };
        let mut left = room.saturating_sub(self.count);
        self.count += left;
        while left > 0 && from < end {
            let values = relation.row(from);
            let value = |cell: &Cell| match cell {
                Cell::Value(value) => *value,
                Cell::Column(column) => at(values, *column as usize),
            };
            self.rows.extend(row.iter().map(value));
            self.rests.extend(rest.iter().map(value));
            left -= 1;
            from = at(&index.next, from as usize);
        }
        self.count -= left;
        from
    }

    pub(crate) fn len(&self) -> u32 {
        self.count
    }
}

/// A value of a row that is made from another row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cell {
    Value(u32),
    /// The value of the other row's column.
    Column(u32),
}

/// The rows of a predicate.
#[derive(Clone, Debug, Default)]
pub(crate) struct Relation {
    pub(crate) arity: usize,
    rows: Vec<u32>,
    count: u32,
    set: RowSet,
    indexes: Vec<Index>,
    runs: Vec<Run>,
    /// For each row with a reason, what it does not tell of its clause's
    /// variables.
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
        row_at(&self.rows, self.arity, row)
    }

    /// Whether a row is there.
    #[inline]
    pub(crate) fn contains(&self, values: &[u32]) -> bool {
        self.set.contains(values, &self.rows)
    }

    /// The position of a row.
    #[inline]
    pub(crate) fn find(&self, values: &[u32]) -> Option<u32> {
        self.set.find(values, &self.rows)
    }

    /// Adds rows with their reasons, and empties the batch.
    ///
    /// Much of the time of an evaluation may be spent waiting for memory here.
    /// So what the rows will need is read first, in loops without a decision in
    /// which the processor can wait for many places at once.
    pub(crate) fn insert_all(&mut self, batch: &mut Batch, clause: u32) {
        self.start_run(clause);
        let given = std::mem::take(&mut batch.rows);
        // Rows of a length that is known are gone through faster.
        match self.arity {
            0 => self.insert_rows(std::iter::repeat_n([], batch.count as usize), batch),
            1 => self.insert_rows(given.as_chunks::<1>().0.iter().copied(), batch),
            2 => self.insert_rows(given.as_chunks::<2>().0.iter().copied(), batch),
            3 => self.insert_rows(given.as_chunks::<3>().0.iter().copied(), batch),
            n => self.insert_rows(given.chunks_exact(n), batch),
        }
        batch.rows = given;
        batch.count = 0;
        batch.rows.clear();
        batch.rests.clear();
    }

    #[inline]
    fn insert_rows<R: AsRef<[u32]>>(
        &mut self,
        given: impl Iterator<Item = R> + Clone,
        batch: &mut Batch,
    ) {
        let rest = batch.rests.len() / (batch.count as usize).max(1);
        batch.hashes.clear();
        batch
            .hashes
            .extend(given.clone().map(|r| word_hash(r.as_ref())));
        batch.near.clear();
        let near = batch.hashes.iter().map(|&h| self.set.near(h));
        batch.near.extend(near);
        let mut touched = 0u32;
        for &row in &batch.near {
            touched = touched.wrapping_add(at(&self.rows, row as usize * self.arity));
        }
        std::hint::black_box(touched);
        for (i, (values, &hash)) in given.zip(&batch.hashes).enumerate() {
            if self.set.insert(hash, values.as_ref(), &self.rows) {
                self.rows.extend_from_slice(values.as_ref());
                self.count += 1;
                let rest = batch.rests.get(i * rest..(i + 1) * rest);
                self.pool.extend_from_slice(rest.unwrap_or(&[]));
            }
        }
    }

    /// Notes that the next rows are of this clause.
    fn start_run(&mut self, clause: u32) {
        let count = self.count;
        self.runs.pop_if(|r| r.first == count);
        if self.runs.last().is_none_or(|r| r.clause != clause) {
            self.runs.push(Run {
                first: count,
                clause,
                start: self.pool.len() as u32,
            });
        }
    }

    /// Adds a row without a reason; its position where it is new.
    #[inline]
    pub(crate) fn insert(&mut self, values: &[u32]) -> Option<u32> {
        let new = self.count;
        if !self.set.insert(word_hash(values), values, &self.rows) {
            return None;
        }
        self.rows.extend_from_slice(values);
        self.count += 1;
        Some(new)
    }

    /// The clause of a row's reason, and what else is known of its variables.
    pub(crate) fn reason_of(&self, row: u32) -> Option<(u32, &[u32])> {
        let place = self.runs.partition_point(|r| r.first <= row);
        let run = self.runs.get(place.checked_sub(1)?)?;
        let next = self.runs.get(place);
        let rows = next.map_or(self.count, |r| r.first) - run.first;
        let end = next.map_or(self.pool.len(), |r| r.start as usize);
        let rest = (end - run.start as usize) / (rows as usize).max(1);
        let start = run.start as usize + (row - run.first) as usize * rest;
        Some((run.clause, self.pool.get(start..start + rest)?))
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
        self.set.is_full() || self.pool.len() > (NONE - (1 << 24)) as usize
    }

    /// How many bytes it takes.
    pub(crate) fn bytes(&self) -> u64 {
        let words = self.rows.capacity() + self.pool.capacity() + self.runs.capacity() * 3;
        let indexes = self.indexes.iter().map(|i| {
            i.table.bytes() + i.groups.capacity() as u64 * 8 + i.next.capacity() as u64 * 4
        });
        words as u64 * 4 + self.set.bytes() + indexes.sum::<u64>()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    /// Numbers that look random, the same ones each time.
    fn numbers(mut state: u64) -> impl FnMut() -> u32 {
        move || {
            state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(1);
            (state >> 33) as u32
        }
    }

    /// Rows keep their first position and their first reason, however near to
    /// each other or far apart their values are.
    #[test]
    fn rows_are_found_where_they_were_added() {
        for arity in 0..5 {
            for (values, spread) in [(3, 1), (20, 1), (300, 1), (300, 64), (300, 0x0100_0193)] {
                let mut number = numbers(arity as u64 + 7);
                let mut relation = Relation::new(arity);
                let mut known: HashMap<Vec<u32>, (u32, u32, u32)> = HashMap::new();
                let mut batch = Batch::default();
                for round in 0..60 {
                    // Clauses keep different numbers of values, and come again.
                    let clause = round % 3;
                    for _ in 0..number() % 90 {
                        let row: Vec<u32> = (0..arity)
                            .map(|_| (number() % values).wrapping_mul(spread))
                            .collect();
                        let rest = number();
                        batch.add(&row, (0..clause).map(|i| rest.wrapping_add(i)));
                        let new = known.len() as u32;
                        known.entry(row).or_insert((new, clause, rest));
                    }
                    relation.insert_all(&mut batch, clause);
                    assert_eq!(relation.len() as usize, known.len());
                }
                for (row, &(position, clause, rest)) in &known {
                    assert!(relation.contains(row));
                    assert_eq!(relation.find(row), Some(position));
                    assert_eq!(relation.row(position), row);
                    let rests: Vec<u32> = (0..clause).map(|i| rest.wrapping_add(i)).collect();
                    assert_eq!(relation.reason_of(position), Some((clause, &rests[..])));
                    assert_eq!(relation.insert(row), None);
                }
                for _ in 0..1000 {
                    let row: Vec<u32> = (0..arity).map(|_| number() % (2 * values)).collect();
                    let position = known.get(&row).map(|k| k.0);
                    assert_eq!(relation.contains(&row), position.is_some());
                    assert_eq!(relation.find(&row), position);
                }
            }
        }
    }

    /// What a group gives is what its rows say, in pieces of any size.
    #[test]
    fn groups_are_read_in_pieces() {
        let mut relation = Relation::new(2);
        for i in 0..100 {
            relation.insert(&[i % 7, i]);
        }
        let index = relation.index(&[0]);
        relation.visible = 90;
        relation.refresh();
        for room in [1, 5, 64] {
            let mut batch = Batch::default();
            let (mut from, mut given) = (relation.first(index, &[3]), Vec::new());
            let cells = [&[Cell::Column(1), Cell::Value(8)][..], &[Cell::Column(0)]];
            while from < 80 {
                from = batch.add_group(&relation, index, [from, 80], cells, room);
                assert!(batch.len() <= room && batch.rests.iter().all(|&r| r == 3));
                given.append(&mut batch.rows);
                batch = Batch::default();
            }
            let wanted = (0..80).filter(|i| i % 7 == 3).flat_map(|i| [i, 8]);
            assert_eq!(given, wanted.collect::<Vec<u32>>());
        }
    }
}
