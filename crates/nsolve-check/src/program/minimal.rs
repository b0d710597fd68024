//! Whether a model of a positive disjunctive program is a smallest one.

use crate::{Refusal, spend};

/// `head_1 or ... or head_m` follows from the body. Atoms are numbers.
pub(super) struct Clause {
    pub(super) head: Vec<usize>,
    pub(super) body: Vec<usize>,
}

/// Whether a proper subset of the atoms below `count` satisfies all clauses: a
/// search of Davis, Logemann and Loveland (1962), without recursion.
pub(super) fn has_smaller_model(
    count: usize,
    clauses: &[Clause],
    steps: &mut u64,
) -> Result<bool, Refusal> {
    let mut search = Search::new(count, clauses);
    let mut fine = search.start(steps)?;
    loop {
        if fine {
            spend(steps, 1 + count as u64 / 32)?;
            match search.value.iter().position(Option::is_none) {
                // All clauses hold; is something left out?
                None if search.value.contains(&Some(false)) => return Ok(true),
                None => fine = false,
                Some(atom) => {
                    search.choices.push((search.trail.len(), atom));
                    fine = search.assign(atom, false, steps)?;
                }
            }
        } else {
            let Some((length, atom)) = search.choices.pop() else {
                return Ok(false);
            };
            for undone in search.trail.drain(length..) {
                if let Some(slot) = search.value.get_mut(undone) {
                    *slot = None;
                }
            }
            // It was tried as false; true holds from here on.
            fine = search.assign(atom, true, steps)?;
        }
    }
}

struct Search<'c> {
    clauses: &'c [Clause],
    /// Clauses by the atoms that occur in them.
    of: Vec<Vec<usize>>,
    value: Vec<Option<bool>>,
    trail: Vec<usize>,
    /// How long the trail was, and which atom was made false.
    choices: Vec<(usize, usize)>,
}

/// What a clause says where some atoms have values.
enum State {
    Open,
    Broken,
    Forces(usize, bool),
}

impl<'c> Search<'c> {
    fn new(count: usize, clauses: &'c [Clause]) -> Self {
        let mut of = vec![Vec::new(); count];
        for (i, clause) in clauses.iter().enumerate() {
            for &atom in clause.head.iter().chain(&clause.body) {
                if let Some(list) = of.get_mut(atom) {
                    list.push(i);
                }
            }
        }
        Search {
            clauses,
            of,
            value: vec![None; count],
            trail: Vec::new(),
            choices: Vec::new(),
        }
    }

    fn state(&self, clause: &Clause, steps: &mut u64) -> Result<State, Refusal> {
        spend(steps, 1 + (clause.head.len() + clause.body.len()) as u64)?;
        let head = clause.head.iter().map(|&a| (a, true));
        let body = clause.body.iter().map(|&a| (a, false));
        let mut left = None;
        for (atom, wanted) in head.chain(body) {
            match self.value.get(atom).copied().flatten() {
                Some(value) if value == wanted => return Ok(State::Open),
                Some(_) => {}
                None if left.is_none_or(|l| l == (atom, wanted)) => left = Some((atom, wanted)),
                None => return Ok(State::Open),
            }
        }
        Ok(left.map_or(State::Broken, |(atom, wanted)| State::Forces(atom, wanted)))
    }

    /// Draws what follows before any choice; false where nothing can hold.
    fn start(&mut self, steps: &mut u64) -> Result<bool, Refusal> {
        for clause in self.clauses {
            match self.state(clause, steps)? {
                State::Open => {}
                State::Broken => return Ok(false),
                State::Forces(atom, value) => {
                    if !self.assign(atom, value, steps)? {
                        return Ok(false);
                    }
                }
            }
        }
        Ok(true)
    }

    /// Gives an atom a value, and all others that follow; false where a clause
    /// is broken.
    fn assign(&mut self, atom: usize, value: bool, steps: &mut u64) -> Result<bool, Refusal> {
        let mut at = self.trail.len();
        self.set(atom, value);
        while let Some(&atom) = self.trail.get(at) {
            at += 1;
            for i in 0..self.of.get(atom).map_or(0, Vec::len) {
                let clause = self.of.get(atom).and_then(|l| l.get(i));
                let Some(clause) = clause.and_then(|&c| self.clauses.get(c)) else {
                    continue;
                };
                match self.state(clause, steps)? {
                    State::Open => {}
                    State::Broken => return Ok(false),
                    State::Forces(atom, value) => self.set(atom, value),
                }
            }
        }
        Ok(true)
    }

    fn set(&mut self, atom: usize, value: bool) {
        if let Some(slot @ None) = self.value.get_mut(atom) {
            *slot = Some(value);
            self.trail.push(atom);
        }
    }
}
