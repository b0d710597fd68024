#![expect(
    clippy::indexing_slicing,
    reason = "positions of clauses are only made by this list"
)]

/// A literal: twice the variable, plus one where it is negated.
pub(crate) type Lit = u32;

/// The literal that says that a variable is true, or false.
pub(crate) fn lit(variable: u32, value: bool) -> Lit {
    2 * variable + u32::from(!value)
}

/// The variable of a literal.
pub(crate) fn var(lit: Lit) -> u32 {
    lit >> 1
}

/// The value that a literal gives its variable.
pub(crate) fn sign(lit: Lit) -> bool {
    lit & 1 == 0
}

/// The opposite.
pub(crate) fn negate(lit: Lit) -> Lit {
    lit ^ 1
}

/// A list of clauses in one piece of memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clauses {
    lits: Vec<Lit>,
    ends: Vec<u32>,
}

impl Clauses {
    /// How many clauses there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The literals of the clause at this position.
    pub(crate) fn get(&self, i: usize) -> &[Lit] {
        let start = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        &self.lits[start..self.ends[i] as usize]
    }

    /// Adds a clause, unless it is always true.
    pub(crate) fn push(&mut self, clause: &[Lit]) {
        let start = self.lits.len();
        for &lit in clause {
            let so_far = &self.lits[start..];
            if so_far.contains(&negate(lit)) {
                self.lits.truncate(start);
                return;
            }
            if !so_far.contains(&lit) {
                self.lits.push(lit);
            }
        }
        self.ends.push(self.lits.len() as u32);
    }

    /// Bytes in use, roughly.
    pub(crate) fn bytes(&self) -> usize {
        4 * (self.lits.capacity() + self.ends.capacity())
    }
}
