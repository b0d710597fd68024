//! Open hash tables of positions and of sets of rows, and what is read without a
//! panic.

/// Where there is no row.
pub(crate) const NONE: u32 = u32::MAX;

/// The member at a position, or a default where there is none. Positions come
/// from tables of this crate; the default keeps a mistake there from being a
/// panic.
#[inline]
pub(crate) fn at<T: Copy + Default>(list: &[T], position: usize) -> T {
    list.get(position).copied().unwrap_or_default()
}

/// Writes at a position, if there is one.
#[inline]
pub(crate) fn put<T>(list: &mut [T], position: usize, value: T) {
    if let Some(slot) = list.get_mut(position) {
        *slot = value;
    }
}

/// The hash of a row; its upper bits are the good ones.
#[inline]
pub(crate) fn hash(row: &[u32]) -> u32 {
    let mut h = 0x9E37_79B9_7F4A_7C15_u64;
    for &x in row {
        h = (h ^ u64::from(x)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        h ^= h >> 32;
    }
    (h.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}

/// Positions by the hash of what stands there. What they stand for is kept
/// elsewhere, so each search is told how to compare.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// The hash above, the position plus one below; 0 is free. The slot that a
    /// hash asks for is its upper bits, so that growing needs nothing else.
    slots: Vec<u64>,
    len: usize,
    shift: u32,
}

impl Default for Table {
    fn default() -> Self {
        Table {
            slots: Vec::new(),
            len: 0,
            shift: 31,
        }
    }
}

const SMALLEST: usize = 16;

impl Table {
    /// The position with this hash for which `is` holds.
    #[inline]
    pub(crate) fn find(&self, hash: u32, mut is: impl FnMut(u32) -> bool) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let mask = self.slots.len() - 1;
        let mut i = (hash >> self.shift) as usize;
        loop {
            let slot = at(&self.slots, i);
            if slot == 0 {
                return None;
            }
            let position = (slot as u32).wrapping_sub(1);
            if (slot >> 32) as u32 == hash && is(position) {
                return Some(position);
            }
            i = (i + 1) & mask;
        }
    }

    /// The position with this hash for which `is` holds; where there is none,
    /// `new` is put in and `None` is returned.
    #[inline]
    pub(crate) fn find_or_insert(
        &mut self,
        hash: u32,
        new: u32,
        mut is: impl FnMut(u32) -> bool,
    ) -> Option<u32> {
        if self.len * 8 >= self.slots.len() * 5 {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut i = (hash >> self.shift) as usize;
        loop {
            let slot = at(&self.slots, i);
            if slot == 0 {
                put(
                    &mut self.slots,
                    i,
                    u64::from(hash) << 32 | u64::from(new.wrapping_add(1)),
                );
                self.len += 1;
                return None;
            }
            let position = (slot as u32).wrapping_sub(1);
            if (slot >> 32) as u32 == hash && is(position) {
                return Some(position);
            }
            i = (i + 1) & mask;
        }
    }

    fn grow(&mut self) {
        (self.slots, self.shift) = grown(std::mem::take(&mut self.slots));
    }

    /// How many bytes it takes.
    pub(crate) fn bytes(&self) -> u64 {
        self.slots.capacity() as u64 * 8
    }
}

/// Slots with a hash above, in twice the room; and by how much hashes are to be
/// shifted then.
fn grown(old: Vec<u64>) -> (Vec<u64>, u32) {
    let size = (old.len() * 2).max(SMALLEST);
    let mut slots = vec![0; size];
    let shift = 32u32.saturating_sub(size.trailing_zeros());
    for slot in old.into_iter().filter(|&slot| slot != 0) {
        let mut i = ((slot >> 32) as u32 >> shift) as usize;
        while at(&slots, i) != 0 {
            i = (i + 1) & (size - 1);
        }
        put(&mut slots, i, slot);
    }
    (slots, shift)
}

/// How many rows a word stands for, as a power of two.
const WORD: u32 = 6;

/// Two or more rows that differ in the lowest bits of their last column only.
#[derive(Clone, Copy, Debug, Default)]
struct Word {
    /// Which of them there are.
    bits: u64,
    /// The position of the one that was added last.
    last: u32,
    /// Their first column, where there are two columns: see [`word_hash`].
    key: u32,
}

impl Word {
    /// Adds a row, whose position is the next one; whether it is new.
    #[inline]
    fn add(&mut self, bit: u64, before: &mut Vec<u32>) -> bool {
        if self.bits & bit != 0 {
            return false;
        }
        self.bits |= bit;
        before.push(self.last);
        self.last = (before.len() - 1) as u32;
        true
    }
}

/// A set of rows. What the rows are is kept elsewhere, so each search is told
/// where.
///
/// Where columns take few values, as is usual where there are many rows, one
/// word stands for many rows, and all of a set is near enough to be looked at
/// fast: of a closure of 4 million pairs of 2,000 things it is 2 MiB, where a
/// table of rows has 64. Where they do not, it is such a table.
#[derive(Clone, Debug)]
pub(crate) struct RowSet {
    /// By what rows of a word have in common: the hash of that above; below,
    /// the position plus one of the only row, or that of the word with `MANY`;
    /// 0 is free.
    slots: Vec<u64>,
    len: usize,
    shift: u32,
    words: Vec<Word>,
    /// For each row, the one of the same word that was added before it.
    before: Vec<u32>,
}

/// Marks the position of a word.
const MANY: u32 = 1 << 31;

impl Default for RowSet {
    fn default() -> Self {
        RowSet {
            slots: Vec::new(),
            len: 0,
            shift: 31,
            words: Vec::new(),
            before: Vec::new(),
        }
    }
}

/// The hash of what a row has in common with the others of its word. Rows of
/// two columns with equal first columns have equal hashes only if they are of
/// the same word, since [`scramble`] has an inverse.
#[inline]
pub(crate) fn word_hash(row: &[u32]) -> u32 {
    match row {
        [a, b] => hash(&[*a]) ^ scramble(b >> WORD),
        [others @ .., last] => others
            .iter()
            .fold(scramble(last >> WORD), |h, &x| hash(&[h, x])),
        [] => 0,
    }
}

#[inline]
fn scramble(x: u32) -> u32 {
    let x = (x ^ (x >> 16)).wrapping_mul(0x85EB_CA6B);
    let x = (x ^ (x >> 13)).wrapping_mul(0xC2B2_AE35);
    x ^ (x >> 16)
}

#[inline]
fn bit(row: &[u32]) -> u64 {
    1 << (row.last().copied().unwrap_or(0) % (1 << WORD))
}

/// Whether two rows of the same length are of the same word.
#[inline]
fn share_word(a: &[u32], b: &[u32]) -> bool {
    match (a, b) {
        ([a @ .., x], [b @ .., y]) => {
            x >> WORD == y >> WORD && a.iter().zip(b).all(|(x, y)| x == y)
        }
        _ => true,
    }
}

/// One row of flat rows.
#[inline]
pub(crate) fn row_at(rows: &[u32], arity: usize, row: u32) -> &[u32] {
    let start = row as usize * arity;
    rows.get(start..start + arity).unwrap_or(&[])
}

impl RowSet {
    /// Whether a row is among these.
    #[inline]
    pub(crate) fn contains(&self, values: &[u32], rows: &[u32]) -> bool {
        self.look(values, rows).is_some()
    }

    /// The position of a row among these. Where there are many of its word,
    /// this takes longer than to know that it is there.
    #[inline]
    pub(crate) fn find(&self, values: &[u32], rows: &[u32]) -> Option<u32> {
        let mut row = self.look(values, rows)?;
        while row_at(rows, values.len(), row) != values {
            row = at(&self.before, row as usize);
            if row == NONE {
                return None;
            }
        }
        Some(row)
    }

    /// The last row of a row's word, if the row is there.
    #[inline]
    fn look(&self, values: &[u32], rows: &[u32]) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let h = word_hash(values);
        let mut i = (h >> self.shift) as usize;
        loop {
            let slot = at(&self.slots, i);
            if slot == 0 {
                return None;
            }
            if (slot >> 32) as u32 == h {
                let last = self.row_of(slot);
                let row = row_at(rows, values.len(), last);
                if share_word(values, row) {
                    let bits = match self.word_of(slot) {
                        Some(word) => word.bits,
                        None => bit(row),
                    };
                    return (bits & bit(values) != 0).then_some(last);
                }
            }
            i = (i + 1) & mask;
        }
    }

    /// The word that a slot stands for, where it is not a single row.
    #[inline]
    fn word_of(&self, slot: u64) -> Option<&Word> {
        let place = slot as u32;
        let place = (place & MANY != 0).then_some(place & !MANY)?;
        self.words.get(place as usize)
    }

    /// One of the rows that a slot stands for.
    #[inline]
    fn row_of(&self, slot: u64) -> u32 {
        let place = slot as u32;
        if place & MANY == 0 {
            return place.wrapping_sub(1);
        }
        at(&self.words, (place & !MANY) as usize).last
    }

    /// A row that stands where a word with this hash is looked for first, if
    /// any does.
    #[inline]
    pub(crate) fn near(&self, hash: u32) -> u32 {
        self.row_of(at(&self.slots, (hash >> self.shift) as usize))
    }

    /// Adds a row, whose position is the next one, to these; whether it is new.
    /// The hash is that of its word.
    #[inline(always)]
    pub(crate) fn insert(&mut self, h: u32, values: &[u32], rows: &[u32]) -> bool {
        if self.len * 8 >= self.slots.len() * 5 {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut i = (h >> self.shift) as usize;
        loop {
            let slot = at(&self.slots, i);
            if slot == 0 {
                self.before.push(NONE);
                let place = self.before.len() as u64;
                put(&mut self.slots, i, u64::from(h) << 32 | place);
                self.len += 1;
                return true;
            }
            if (slot >> 32) as u32 == h {
                let place = slot as u32;
                if place & MANY != 0
                    && let ([key, _], Some(word)) =
                        (values, self.words.get_mut((place & !MANY) as usize))
                {
                    if word.key == *key {
                        return word.add(bit(values), &mut self.before);
                    }
                } else {
                    let row = row_at(rows, values.len(), self.row_of(slot));
                    if share_word(values, row) {
                        return self.insert_in_word(i, values, bit(row));
                    }
                }
            }
            i = (i + 1) & mask;
        }
    }

    /// Adds a row to the word of a slot. One that was added last is `known`.
    #[inline(never)]
    fn insert_in_word(&mut self, i: usize, values: &[u32], known: u64) -> bool {
        let (slot, bit) = (at(&self.slots, i), bit(values));
        let (place, new) = (slot as u32, self.before.len() as u32);
        if place & MANY == 0 {
            if bit == known {
                return false;
            }
            let many = MANY | self.words.len() as u32;
            put(&mut self.slots, i, slot >> 32 << 32 | u64::from(many));
            self.words.push(Word {
                bits: bit | known,
                last: new,
                key: values.first().copied().unwrap_or(0),
            });
            self.before.push(place.wrapping_sub(1));
            return true;
        }
        let word = self.words.get_mut((place & !MANY) as usize);
        word.is_some_and(|w| w.add(bit, &mut self.before))
    }

    /// Whether positions are about to run out.
    pub(crate) fn is_full(&self) -> bool {
        self.before.len() > (MANY - (1 << 28)) as usize
    }

    fn grow(&mut self) {
        (self.slots, self.shift) = grown(std::mem::take(&mut self.slots));
    }

    /// How many bytes it takes.
    pub(crate) fn bytes(&self) -> u64 {
        let words = self.words.capacity() * size_of::<Word>();
        (self.slots.capacity() * 8 + words + self.before.capacity() * 4) as u64
    }
}
