//! Shows that clauses contradict each other: a small solver with clause
//! learning (first unique implication point), watched literals and a step
//! limit. It never has to find a model, only to be sure that there is none.

use crate::{CertificateFault, Refusal, spend};

/// Most variables and literals together that clauses may have. What they take
/// in memory is a few hundred megabytes at worst.
const MOST_LITERALS: usize = 1 << 22;

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
