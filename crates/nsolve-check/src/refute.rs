//! Shows that clauses contradict each other: a small solver with clause
//! learning (first unique implication point), watched literals and a step
//! limit. It never has to find a model, only to be sure that there is none.

use crate::{CertificateFault, Refusal, spend};

/// Most variables and literals together that clauses may have. What they take
/// in memory is a few hundred megabytes at worst.
const MOST_LITERALS: usize = 1 << 21;

/// A propositional literal: a variable, twice its number, plus one if negated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Lit(u32);

impl Lit {
    pub(crate) fn new(variable: u32) -> Lit {
        Lit(variable * 2)
    }

    fn variable(self) -> usize {
        (self.0 / 2) as usize
    }

    fn index(self) -> usize {
        self.0 as usize
    }
}

impl std::ops::Not for Lit {
    type Output = Lit;

    fn not(self) -> Lit {
        Lit(self.0 ^ 1)
    }
}

/// Clauses, to be refuted.
#[derive(Debug, Default)]
pub(crate) struct Clauses {
    variables: u32,
    clauses: Vec<Vec<Lit>>,
    literals: usize,
}

impl Clauses {
    /// Whether there are too many to go on.
    pub(crate) fn is_full(&self) -> bool {
        self.literals + self.variables as usize > MOST_LITERALS
    }

    /// A new variable.
    pub(crate) fn fresh(&mut self) -> Lit {
        self.variables += 1;
        Lit::new(self.variables - 1)
    }

    /// Adds a clause. Doubled literals go, tautologies are left out.
    pub(crate) fn add(&mut self, mut clause: Vec<Lit>) {
        clause.sort_unstable();
        clause.dedup();
        let tautology = clause.windows(2).any(|w| matches!(w, [a, b] if *a == !*b));
        if !tautology {
            self.literals += clause.len();
            self.clauses.push(clause);
        }
    }

    /// Shows that the clauses contradict each other.
    ///
    /// # Errors
    /// Where they do not, and where it takes too many steps.
    pub(crate) fn refute(self, steps: &mut u64) -> Result<(), Refusal> {
        Search::new(self).run(steps)
    }
}

/// How far a variable's activity is raised when it takes part in a conflict,
/// relative to the last time.
const GROWTH: f64 = 1.05;

struct Search {
    clauses: Vec<Vec<Lit>>,
    /// The clauses that watch each literal's becoming false.
    watches: Vec<Vec<u32>>,
    /// By literal: whether it is true, false, or open.
    values: Vec<Option<bool>>,
    level: Vec<u32>,
    reason: Vec<Option<u32>>,
    trail: Vec<Lit>,
    /// Where each decision stands in the trail.
    decisions: Vec<usize>,
    done: usize,
    activity: Vec<f64>,
    raise: f64,
    /// An empty clause, or units that clash, before any search.
    refuted: bool,
}

#[expect(
    clippy::indexing_slicing,
    reason = "literals and clause numbers are only made by `Clauses` and this search"
)]
impl Search {
    fn new(input: Clauses) -> Search {
        let n = input.variables as usize;
        let mut search = Search {
            clauses: Vec::new(),
            watches: vec![Vec::new(); 2 * n],
            values: vec![None; 2 * n],
            level: vec![0; n],
            reason: vec![None; n],
            trail: Vec::new(),
            decisions: Vec::new(),
            done: 0,
            activity: vec![0.0; n],
            raise: 1.0,
            refuted: false,
        };
        for clause in input.clauses {
            match clause.as_slice() {
                [] => search.refuted = true,
                [unit] => search.refuted |= !search.assign(*unit, None),
                _ => {
                    search.attach(clause);
                }
            }
        }
        search
    }

    fn attach(&mut self, clause: Vec<Lit>) -> u32 {
        let number = self.clauses.len() as u32;
        self.watches[(!clause[0]).index()].push(number);
        self.watches[(!clause[1]).index()].push(number);
        self.clauses.push(clause);
        number
    }

    /// Makes a literal true; `false` where it is false already.
    fn assign(&mut self, lit: Lit, reason: Option<u32>) -> bool {
        match self.values[lit.index()] {
            Some(value) => value,
            None => {
                self.values[lit.index()] = Some(true);
                self.values[(!lit).index()] = Some(false);
                self.level[lit.variable()] = self.decisions.len() as u32;
                self.reason[lit.variable()] = reason;
                self.trail.push(lit);
                true
            }
        }
    }

    fn run(&mut self, steps: &mut u64) -> Result<(), Refusal> {
        while !self.refuted {
            match self.propagate(steps)? {
                Some(_) if self.decisions.is_empty() => self.refuted = true,
                Some(conflict) => self.learn(conflict, steps)?,
                None => match self.pick(steps)? {
                    Some(lit) => {
                        self.decisions.push(self.trail.len());
                        self.assign(lit, None);
                    }
                    None => return Err(Refusal::Certificate(CertificateFault::Consistent)),
                },
            }
        }
        Ok(())
    }

    /// Draws consequences; gives a clause that has become false.
    fn propagate(&mut self, steps: &mut u64) -> Result<Option<u32>, Refusal> {
        while let Some(&lit) = self.trail.get(self.done) {
            self.done += 1;
            let watching = std::mem::take(&mut self.watches[lit.index()]);
            let mut kept = Vec::with_capacity(watching.len());
            let mut conflict = None;
            for (position, &number) in watching.iter().enumerate() {
                spend(steps, 1)?;
                let clause = &mut self.clauses[number as usize];
                if clause[0] == !lit {
                    clause.swap(0, 1);
                }
                let first = clause[0];
                if self.values[first.index()] == Some(true) {
                    kept.push(number);
                    continue;
                }
                let values = &self.values;
                let open = (2..clause.len()).find(|&i| values[clause[i].index()] != Some(false));
                spend(steps, open.unwrap_or(clause.len()) as u64 / 4)?;
                if let Some(i) = open {
                    clause.swap(1, i);
                    let watched = !clause[1];
                    self.watches[watched.index()].push(number);
                    continue;
                }
                kept.push(number);
                if !self.assign(first, Some(number)) {
                    kept.extend_from_slice(&watching[position + 1..]);
                    conflict = Some(number);
                    break;
                }
            }
            self.watches[lit.index()] = kept;
            if conflict.is_some() {
                return Ok(conflict);
            }
        }
        Ok(None)
    }

    /// Learns from a conflict and goes back.
    fn learn(&mut self, conflict: u32, steps: &mut u64) -> Result<(), Refusal> {
        self.pass(steps)?;
        let level = self.decisions.len() as u32;
        let mut seen = vec![false; self.level.len()];
        let mut learnt = Vec::new();
        let (mut open, mut clause, mut at) = (0usize, Some(conflict), self.trail.len());
        let mut pivot = None;
        loop {
            if let Some(number) = clause {
                spend(steps, self.clauses[number as usize].len() as u64)?;
                for i in 0..self.clauses[number as usize].len() {
                    let lit = self.clauses[number as usize][i];
                    let v = lit.variable();
                    if Some(lit) == pivot || seen[v] || self.level[v] == 0 {
                        continue;
                    }
                    seen[v] = true;
                    self.activity[v] += self.raise;
                    if self.level[v] == level {
                        open += 1;
                    } else {
                        learnt.push(lit);
                    }
                }
            }
            // The last assignment that takes part in the conflict.
            while !seen[self.trail[at - 1].variable()] {
                at -= 1;
            }
            at -= 1;
            let lit = self.trail[at];
            open -= 1;
            if open == 0 {
                learnt.push(!lit);
                break;
            }
            seen[lit.variable()] = false;
            clause = self.reason[lit.variable()];
            pivot = Some(lit);
        }
        self.raise *= GROWTH;
        if self.raise > 1e100 {
            self.activity.iter_mut().for_each(|a| *a *= 1e-100);
            self.raise *= 1e-100;
        }
        // The asserting literal first, then one of the highest level below.
        let last = learnt.len() - 1;
        learnt.swap(0, last);
        let highest = (1..learnt.len()).max_by_key(|&i| self.level[learnt[i].variable()]);
        let back = highest.map_or(0, |i| {
            learnt.swap(1, i);
            self.level[learnt[1].variable()]
        });
        self.undo(back as usize);
        let asserting = learnt[0];
        let reason = (learnt.len() > 1).then(|| self.attach(learnt));
        self.refuted |= !self.assign(asserting, reason);
        Ok(())
    }

    fn undo(&mut self, level: usize) {
        let Some(&start) = self.decisions.get(level) else {
            return;
        };
        for lit in self.trail.drain(start..) {
            self.values[lit.index()] = None;
            self.values[(!lit).index()] = None;
        }
        self.decisions.truncate(level);
        self.done = start;
    }

    /// Takes the steps of one pass over all variables, which is a quick one.
    fn pass(&self, steps: &mut u64) -> Result<(), Refusal> {
        spend(steps, 1 + self.level.len() as u64 / 16)
    }

    /// The next literal to try; `None` where all have values.
    fn pick(&self, steps: &mut u64) -> Result<Option<Lit>, Refusal> {
        self.pass(steps)?;
        let open = (0..self.level.len()).filter(|&v| self.values[2 * v].is_none());
        let best = open.max_by(|&a, &b| self.activity[a].total_cmp(&self.activity[b]));
        Ok(best.map(|v| !Lit::new(v as u32)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Clauses, Lit};
    use crate::{CertificateFault, Refusal};

    /// The next number of a fixed random sequence, below `n`.
    fn below(state: &mut u64, n: u64) -> u64 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005);
        *state = state.wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) % n
    }

    /// Random clauses: a literal is a variable and whether it is denied.
    fn random(state: &mut u64, variables: u64) -> Vec<Vec<(u64, bool)>> {
        let clauses = below(state, 5 * variables);
        let literal = |state: &mut u64| (below(state, variables), below(state, 2) == 0);
        (0..clauses)
            .map(|_| {
                // Empty and unit clauses are rare, doubled literals welcome.
                let few = below(state, 12);
                let length = if few < 2 { few } else { 2 + below(state, 3) };
                let length = if length == 0 && below(state, 8) > 0 {
                    3
                } else {
                    length
                };
                (0..length).map(|_| literal(state)).collect()
            })
            .collect()
    }

    fn satisfiable(clauses: &[Vec<(u64, bool)>], variables: u64) -> bool {
        (0u32..1 << variables).any(|values| {
            let holds = |(v, denied): &(u64, bool)| (values >> v & 1 == 1) != *denied;
            clauses.iter().all(|clause| clause.iter().any(holds))
        })
    }

    fn refute(clauses: &[Vec<(u64, bool)>], variables: u64, mut steps: u64) -> Result<(), Refusal> {
        let mut input = Clauses::default();
        let lits: Vec<Lit> = (0..variables).map(|_| input.fresh()).collect();
        for clause in clauses {
            let lit = |(v, denied): &(u64, bool)| {
                let lit = lits[*v as usize];
                if *denied { !lit } else { lit }
            };
            input.add(clause.iter().map(lit).collect());
        }
        input.refute(&mut steps)
    }

    #[test]
    fn refutes_exactly_what_has_no_model() {
        let mut state = 1;
        let (mut sat, mut unsat) = (0, 0);
        for _ in 0..4_000 {
            let variables = 1 + below(&mut state, 9);
            let clauses = random(&mut state, variables);
            let refuted = refute(&clauses, variables, 100_000);
            if satisfiable(&clauses, variables) {
                sat += 1;
                let consistent = Refusal::Certificate(CertificateFault::Consistent);
                assert_eq!(refuted, Err(consistent), "{clauses:?}");
            } else {
                unsat += 1;
                assert_eq!(refuted, Ok(()), "{clauses:?}");
            }
        }
        assert!(sat > 800 && unsat > 800, "{sat} and {unsat}");
    }

    /// So many pigeons in so many holes.
    fn pigeons(pigeons: u64, holes: u64) -> Vec<Vec<(u64, bool)>> {
        let place = |p: u64, h: u64| p * holes + h;
        let mut clauses: Vec<Vec<(u64, bool)>> = (0..pigeons)
            .map(|p| (0..holes).map(|h| (place(p, h), false)).collect())
            .collect();
        for h in 0..holes {
            for p in 0..pigeons {
                clauses.extend((0..p).map(|q| vec![(place(p, h), true), (place(q, h), true)]));
            }
        }
        clauses
    }

    #[test]
    fn says_when_it_is_full() {
        let mut clauses = Clauses::default();
        let lits: Vec<Lit> = (0..1_000).map(|_| clauses.fresh()).collect();
        assert!(!clauses.is_full());
        for _ in 0..super::MOST_LITERALS / 1_000 {
            clauses.add(lits.clone());
        }
        assert!(clauses.is_full());
    }

    #[test]
    fn learns_and_stops() {
        assert_eq!(refute(&pigeons(6, 5), 30, 10_000_000), Ok(()));
        let consistent = Refusal::Certificate(CertificateFault::Consistent);
        assert_eq!(refute(&pigeons(6, 6), 36, 10_000_000), Err(consistent));
        assert_eq!(refute(&pigeons(12, 11), 132, 100_000), Err(Refusal::Limit));
    }
}
