//! An open hash table of positions, and what is read without a panic.

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

    /// The position that stands where a hash is looked for first, if any does.
    #[inline]
    pub(crate) fn near(&self, hash: u32) -> u32 {
        (at(&self.slots, (hash >> self.shift) as usize) as u32).wrapping_sub(1)
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
        let size = (self.slots.len() * 2).max(SMALLEST);
        let old = std::mem::replace(&mut self.slots, vec![0; size]);
        self.shift = 32u32.saturating_sub(size.trailing_zeros());
        let mask = size - 1;
        for slot in old.into_iter().filter(|&slot| slot != 0) {
            let mut i = ((slot >> 32) as u32 >> self.shift) as usize;
            while at(&self.slots, i) != 0 {
                i = (i + 1) & mask;
            }
            put(&mut self.slots, i, slot);
        }
    }

    /// How many bytes it takes.
    pub(crate) fn bytes(&self) -> u64 {
        self.slots.capacity() as u64 * 8
    }
}
