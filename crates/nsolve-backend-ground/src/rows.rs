#![expect(
    clippy::indexing_slicing,
    reason = "positions come from this set's own table, which only grows"
)]

/// A set of short rows of numbers. Each row is stored once, and its position is
/// its id. Looking a row up allocates nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    data: Vec<u32>,
    ends: Vec<u32>,
    /// Open addressing: an id plus one, or 0 where free. The length is a power
    /// of two.
    slots: Vec<u32>,
}

impl Rows {
    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The row with this id.
    pub(crate) fn get(&self, id: u32) -> &[u32] {
        let i = id as usize;
        let start = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        &self.data[start..self.ends[i] as usize]
    }

    /// Takes all rows out and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.data.clear();
        self.ends.clear();
        self.slots.fill(0);
    }

    /// The id of a row.
    pub(crate) fn find(&self, row: &[u32]) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let slot = self.slots[self.slot(row)];
        slot.checked_sub(1)
    }

    /// The id of a row, and whether it is new.
    pub(crate) fn insert(&mut self, row: &[u32]) -> (u32, bool) {
        if (self.len() + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let at = self.slot(row);
        if let Some(id) = self.slots[at].checked_sub(1) {
            return (id, false);
        }
        let id = self.len() as u32;
        self.data.extend_from_slice(row);
        self.ends.push(self.data.len() as u32);
        self.slots[at] = id + 1;
        (id, true)
    }

    /// Bytes in use, roughly.
    pub(crate) fn bytes(&self) -> usize {
        4 * (self.data.capacity() + self.ends.capacity() + self.slots.capacity())
    }

    /// Where the row stands, or where it would be put.
    fn slot(&self, row: &[u32]) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = hash(row) as usize & mask;
        loop {
            match self.slots[at] {
                0 => return at,
                id if self.get(id - 1) == row => return at,
                _ => at = (at + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(32);
        self.slots.clear();
        self.slots.resize(size, 0);
        for id in 0..self.len() as u32 {
            let at = self.slot(self.get(id));
            self.slots[at] = id + 1;
        }
    }
}

fn hash(row: &[u32]) -> u64 {
    let mut h: u64 = row.len() as u64;
    for &x in row {
        h = (h.rotate_left(5) ^ u64::from(x)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
    h ^ (h >> 32)
}

/// A row under construction that allocates only when it is long.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    short: [u32; 8],
    long: Vec<u32>,
    len: usize,
}

impl Row {
    /// A row of one number.
    pub(crate) fn starting(head: u32) -> Self {
        let mut row = Row::default();
        row.push(head);
        row
    }

    /// Adds a number at the end.
    pub(crate) fn push(&mut self, x: u32) {
        if self.len < self.short.len() {
            self.short[self.len] = x;
        } else {
            if self.len == self.short.len() {
                self.long.extend_from_slice(&self.short);
            }
            self.long.push(x);
        }
        self.len += 1;
    }

    /// The numbers so far.
    pub(crate) fn as_slice(&self) -> &[u32] {
        if self.len <= self.short.len() {
            &self.short[..self.len]
        } else {
            &self.long
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_rows_have_one_id() {
        let mut rows = Rows::default();
        assert_eq!(rows.find(&[1]), None);
        for n in 0..1000u32 {
            assert_eq!(rows.insert(&[n, n / 7]), (n, true));
        }
        for n in 0..1000u32 {
            assert_eq!(rows.insert(&[n, n / 7]), (n, false));
            assert_eq!(rows.get(n), &[n, n / 7]);
        }
        assert_eq!(rows.find(&[5]), None);
        rows.clear();
        assert_eq!(rows.find(&[0, 0]), None);
    }

    #[test]
    fn a_row_may_be_long() {
        let mut row = Row::starting(0);
        (1..20).for_each(|n| row.push(n));
        assert_eq!(row.as_slice(), (0..20).collect::<Vec<u32>>());
    }
}
