//! Conditions on truth values: clauses, and sums that reach a bound.

use std::ops::Not;

use rustc_hash::FxHashMap;

/// A variable, or its negation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Lit(u32);

impl Lit {
    /// Variable 0 is true.
    pub(super) const TRUE: Lit = Lit(0);
    pub(super) const FALSE: Lit = Lit(1);

    pub(super) fn of(variable: usize, negative: bool) -> Lit {
        Lit((variable as u32) << 1 | u32::from(negative))
    }

    pub(super) fn variable(self) -> usize {
        (self.0 >> 1) as usize
    }

    pub(super) fn is_negative(self) -> bool {
        self.0 & 1 == 1
    }

    /// A number of its own for each variable and each negation.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

impl Not for Lit {
    type Output = Lit;

    fn not(self) -> Lit {
        Lit(self.0 ^ 1)
    }
}

/// `it` is true exactly where the weights of the true terms sum up to `bound`
/// or more. Weights are positive, the largest first.
#[derive(Debug)]
pub(super) struct Sum {
    pub(super) it: Lit,
    pub(super) bound: i128,
    pub(super) terms: Vec<(i128, Lit)>,
}

/// `head` holds if all of `body` does. What counts against circles: only
/// `positives` are reasons that need reasons.
#[derive(Debug)]
pub(super) struct Support {
    pub(super) head: usize,
    /// Whether the body holds.
    pub(super) body: Lit,
    /// The variables of the body's positive atoms.
    pub(super) positives: Vec<usize>,
}

/// All conditions.
#[derive(Default)]
pub(super) struct Formula {
    pub(super) variables: usize,
    pub(super) clauses: Vec<Vec<Lit>>,
    pub(super) sums: Vec<Sum>,
    pub(super) supports: Vec<Support>,
    conjunctions: FxHashMap<Vec<Lit>, Lit>,
    known_sums: FxHashMap<(Vec<(i128, Lit)>, i128), Lit>,
}

impl Formula {
    pub(super) fn new() -> Self {
        Formula {
            variables: 1,
            clauses: vec![vec![Lit::TRUE]],
            ..Formula::default()
        }
    }

    pub(super) fn fresh(&mut self) -> Lit {
        let variable = self.variables;
        self.variables += 1;
        Lit::of(variable, false)
    }

    /// Demands one of these.
    pub(super) fn clause(&mut self, mut lits: Vec<Lit>) {
        lits.sort_unstable();
        lits.dedup();
        lits.retain(|&l| l != Lit::FALSE);
        let is_met = |l: &Lit| *l == Lit::TRUE || lits.binary_search(&!*l).is_ok();
        if !lits.iter().any(is_met) {
            self.clauses.push(lits);
        }
    }

    /// What is true exactly where all of these are.
    pub(super) fn all(&mut self, mut lits: Vec<Lit>) -> Lit {
        lits.sort_unstable();
        lits.dedup();
        lits.retain(|&l| l != Lit::TRUE);
        let is_broken = |l: &Lit| *l == Lit::FALSE || lits.binary_search(&!*l).is_ok();
        if lits.iter().any(is_broken) {
            return Lit::FALSE;
        }
        match lits.as_slice() {
            [] => return Lit::TRUE,
            [one] => return *one,
            _ => {}
        }
        if let Some(&known) = self.conjunctions.get(&lits) {
            return known;
        }
        let it = self.fresh();
        for &lit in &lits {
            self.clauses.push(vec![!it, lit]);
        }
        let mut back: Vec<Lit> = lits.iter().map(|&l| !l).collect();
        back.push(it);
        self.clauses.push(back);
        self.conjunctions.insert(lits, it);
        it
    }

    /// What is true exactly where one of these is.
    pub(super) fn any(&mut self, lits: Vec<Lit>) -> Lit {
        !self.all(lits.into_iter().map(|l| !l).collect())
    }

    /// What is true exactly where the weights of the true terms sum up to
    /// `bound` or more. Weights may have any sign, terms may be repeated.
    pub(super) fn at_least(&mut self, terms: &[(i128, Lit)], bound: i128) -> Lit {
        // As the sum over variables: a negated one counts `w - w x`.
        let mut weights: FxHashMap<usize, i128> = FxHashMap::default();
        let mut bound = bound;
        for &(weight, lit) in terms {
            let slot = weights.entry(lit.variable()).or_default();
            if lit.is_negative() {
                bound -= weight;
                *slot -= weight;
            } else {
                *slot += weight;
            }
        }
        bound -= weights.remove(&Lit::TRUE.variable()).unwrap_or(0);
        let mut terms: Vec<(i128, Lit)> = Vec::with_capacity(weights.len());
        for (variable, weight) in weights {
            // A negative weight counts `w + |w| (1 - x)`.
            if weight < 0 {
                bound -= weight;
            }
            if weight != 0 {
                terms.push((weight.abs(), Lit::of(variable, weight < 0)));
            }
        }
        if bound <= 0 {
            return Lit::TRUE;
        }
        for (weight, _) in &mut terms {
            *weight = bound.min(*weight);
        }
        terms.sort_unstable_by(|a, b| b.cmp(a));
        let whole: i128 = terms.iter().map(|(w, _)| w).sum();
        let least = terms.last().map_or(0, |(w, _)| *w);
        let lits = || terms.iter().map(|(_, l)| *l).collect();
        if whole < bound {
            Lit::FALSE
        } else if least >= bound {
            self.any(lits())
        } else if whole - least < bound {
            self.all(lits())
        } else {
            self.sum(terms, bound)
        }
    }

    fn sum(&mut self, terms: Vec<(i128, Lit)>, bound: i128) -> Lit {
        let key = (terms, bound);
        if let Some(&known) = self.known_sums.get(&key) {
            return known;
        }
        let it = self.fresh();
        self.sums.push(Sum {
            it,
            bound,
            terms: key.0.clone(),
        });
        self.known_sums.insert(key, it);
        it
    }
}
