//! Integers that can have few values, as positions and places of puzzles do:
//! for these the SAT solver is told beforehand what arithmetic would say, value
//! by value, so that it need not try candidates one after the other.
//!
//! Everything that is added holds whatever the bounds are; they only say which
//! values are worth a word.

#![expect(
    clippy::indexing_slicing,
    reason = "terms index the table of sums, which is as long as the store"
)]

use nsolve_il::Rational;
use nsolve_il::fol::SortId;
use num_traits::{One, Signed, ToPrimitive, Zero};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::arithmetic::Sum;
use crate::clauses::{sign, var};
use crate::grounding::{Fact, Grounding, Meaning};
use crate::store::{ASIDE, Shape};

/// The most values that an integer may have to be looked at.
const MOST_VALUES: i64 = 32;
/// The most combinations of values of one comparison's integers.
const MOST_TUPLES: usize = 1_024;
/// The most integers in one comparison.
const MOST_UNKNOWNS: usize = 3;
/// The most lemmas of one query.
const MOST_LEMMAS: usize = 30_000;
/// The longest clause that may list an integer's values.
const LONGEST_LIST: usize = 32;

/// What is known of small integers so far.
#[derive(Default)]
pub(crate) struct Bounded {
    /// The least and greatest value of each.
    bounds: FxHashMap<u32, (Option<i64>, Option<i64>)>,
    /// For which of them the values are told apart.
    encoded: FxHashMap<u32, (i64, i64)>,
    /// Comparisons whose cases have been told.
    told: FxHashSet<u32>,
    /// The others, with how many integers were bounded when these were not
    /// enough.
    tried: FxHashMap<u32, usize>,
    /// How many clauses have been looked at for lists of values.
    scanned: usize,
    /// Variables that clauses of one literal fix, and those that follow from
    /// them in the order of the clauses; the SAT solver may not know them yet.
    units: FxHashMap<u32, bool>,
    lemmas: usize,
}

impl Bounded {
    /// Adds what there is to say about integers that turned out to be bounded;
    /// answers whether that was anything. `fixed` gives the value of a variable
    /// that follows from the clauses so far.
    pub(crate) fn extend(
        &mut self,
        grounding: &mut Grounding<'_>,
        sums: &[Sum],
        fixed: impl Fn(u32) -> Option<bool>,
    ) -> bool {
        let before = self.lemmas;
        self.find_lists(grounding);
        let units = std::mem::take(&mut self.units);
        let fixed = |v: u32| units.get(&v).copied().or_else(|| fixed(v));
        self.find_bounds(grounding, &fixed);
        self.units = units;
        let mut found: Vec<(u32, i64, i64)> = Vec::new();
        for (&term, &bounds) in &self.bounds {
            if let (Some(low), Some(high)) = bounds
                && low <= high
                && high - low < MOST_VALUES
                && !self.encoded.contains_key(&term)
            {
                found.push((term, low, high));
            }
        }
        found.sort_unstable();
        for (term, low, high) in found {
            if self.lemmas < MOST_LEMMAS {
                self.encode(grounding, term, low, high);
            }
        }
        if !self.encoded.is_empty() {
            // What is added for one comparison may be another.
            let mut at = 0;
            while at < grounding.equalities.len() {
                self.tell(grounding, sums, grounding.equalities[at]);
                at += 1;
            }
            at = 0;
            while at < grounding.comparisons.len() {
                self.tell(grounding, sums, grounding.comparisons[at]);
                at += 1;
            }
        }
        self.lemmas > before
    }

    /// Takes in comparisons with numbers that hold in any case.
    fn find_bounds(&mut self, grounding: &Grounding<'_>, fixed: &impl Fn(u32) -> Option<bool>) {
        let store = &grounding.store;
        let whole = |term: u32| store.as_number(term).and_then(Rational::to_i64_exact);
        for &v in grounding.equalities.iter().chain(&grounding.comparisons) {
            let Some(holds) = fixed(v) else { continue };
            match grounding.meanings[v as usize] {
                Meaning::Equal(a, b) if holds => {
                    for (term, number) in [(a, whole(b)), (b, whole(a))] {
                        self.bound(grounding, term, number, number);
                    }
                }
                Meaning::Less(a, b) => {
                    let (low, high) = match holds {
                        // The left side is less: at least one less.
                        true => (whole(a).map(|n| n + 1), whole(b).map(|n| n - 1)),
                        false => (whole(a), whole(b)),
                    };
                    match holds {
                        true => {
                            self.bound(grounding, b, low, None);
                            self.bound(grounding, a, None, high);
                        }
                        false => {
                            self.bound(grounding, b, None, low);
                            self.bound(grounding, a, high, None);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Takes in clauses that list the values of an integer.
    fn find_lists(&mut self, grounding: &Grounding<'_>) {
        let store = &grounding.store;
        while self.scanned < grounding.clauses.len() {
            let clause = grounding.clauses.get(self.scanned);
            self.scanned += 1;
            let is_open = |&&l: &&u32| self.units.get(&var(l)) != Some(&!sign(l));
            let mut open = clause.iter().filter(is_open);
            if let (Some(&last), None) = (open.next(), open.next()) {
                self.units.insert(var(last), sign(last));
            }
            if clause.len() < 2 || clause.len() > LONGEST_LIST {
                continue;
            }
            let value = |&l: &u32| match grounding.meanings[var(l) as usize] {
                Meaning::Equal(a, b) if sign(l) => {
                    let number = |t: u32| store.as_number(t).and_then(Rational::to_i64_exact);
                    match (number(a), number(b)) {
                        (None, Some(n)) => Some((a, n)),
                        (Some(n), None) => Some((b, n)),
                        _ => None,
                    }
                }
                _ => None,
            };
            let listed: Option<Vec<(u32, i64)>> = clause.iter().map(value).collect();
            let Some(listed) = listed else { continue };
            let Some(&(term, _)) = listed.first() else {
                continue;
            };
            if listed.iter().all(|(t, _)| *t == term) {
                let low = listed.iter().map(|(_, n)| *n).min();
                let high = listed.iter().map(|(_, n)| *n).max();
                self.bound(grounding, term, low, high);
            }
        }
    }

    fn bound(&mut self, grounding: &Grounding<'_>, term: u32, low: Option<i64>, high: Option<i64>) {
        let store = &grounding.store;
        let unknown = matches!(store.shape(term), Shape::Apply(..) | Shape::Witness);
        if !unknown || store.sort(term) != SortId::INT || (low.is_none() && high.is_none()) {
            return;
        }
        let known = self.bounds.entry(term).or_default();
        known.0 = known.0.max(low);
        known.1 = match (known.1, high) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }

    /// Says of each value that the integer is below, at, or above it, and how
    /// that goes on from one value to the next.
    fn encode(&mut self, grounding: &mut Grounding<'_>, term: u32, low: i64, high: i64) {
        self.encoded.insert(term, (low, high));
        for value in low..=high {
            let number = number(grounding, value);
            grounding.trichotomy(term, number);
            self.told.insert(grounding.equality(term, number));
            for (left, right) in [(term, number), (number, term)] {
                self.told.insert(grounding.less(left, right));
                let equal = equation(term, number);
                // `term - number` or the other way round, as the fact has it.
                let same = equal.left == left;
                let factor = if same {
                    -Rational::one()
                } else {
                    Rational::one()
                };
                grounding.linear(vec![
                    (equal, factor),
                    (less(left, right, true), Rational::one()),
                ]);
            }
            if value < high {
                let next = self::number(grounding, value + 1);
                grounding.split_integer(term, Rational::from_integer(value.into()));
                let up = [less(term, number, true), less(term, next, false)];
                grounding.linear(up.map(|fact| (fact, Rational::one())).into());
            }
            self.lemmas += 6;
        }
    }

    /// Says of a comparison what it comes to for all values of its integers.
    fn tell(&mut self, grounding: &mut Grounding<'_>, sums: &[Sum], v: u32) {
        let (left, right, is_equation) = match grounding.meanings[v as usize] {
            Meaning::Equal(a, b) if a != b => (a, b, true),
            Meaning::Less(a, b) => (a, b, false),
            _ => return,
        };
        let is_new = |t: u32| t as usize >= sums.len();
        if self.told.contains(&v) || self.lemmas >= MOST_LEMMAS || is_new(left) || is_new(right) {
            return;
        }
        let numeric = grounding.store.sort(left).is_numeric();
        if !numeric || self.tried.insert(v, self.encoded.len()) == Some(self.encoded.len()) {
            return;
        }
        let one = Rational::one();
        let mut difference = sums[left as usize].clone();
        difference.add(&sums[right as usize], &-&one);
        let mut unknowns: Vec<(u32, Rational, i64, i64)> = Vec::new();
        let mut tuples = 1usize;
        for (&term, factor) in &difference.unknowns {
            let Some(&(low, high)) = self.encoded.get(&term) else {
                return;
            };
            tuples = tuples.saturating_mul((high - low + 1) as usize);
            unknowns.push((term, factor.clone(), low, high));
        }
        if unknowns.is_empty() || unknowns.len() > MOST_UNKNOWNS || tuples > MOST_TUPLES {
            return;
        }
        self.told.insert(v);
        let plain = unknowns.iter().all(|(t, ..)| [left, right].contains(t));
        if is_equation && !plain {
            grounding.trichotomy(left, right);
        }
        let mut values: Vec<i64> = unknowns.iter().map(|u| u.2).collect();
        loop {
            let mut total = difference.number.clone();
            for ((_, factor, ..), &value) in unknowns.iter().zip(&values) {
                total += factor * Rational::from_integer(value.into());
            }
            let at: Vec<(u32, u32, Rational)> = unknowns
                .iter()
                .zip(&values)
                .map(|((t, f, ..), &n)| (*t, number(grounding, n), f.clone()))
                .collect();
            if is_equation && total.is_zero() {
                if plain && at.len() == 2 {
                    let equal = at.iter().map(|(t, n, _)| (*t, *n)).collect();
                    grounding.congruent(equal, (left, right));
                    self.lemmas += 1;
                }
            } else {
                let main = match is_equation {
                    true => equation(left, right),
                    false => less(left, right, !total.is_negative()),
                };
                refute(grounding, main, left, &at);
                self.lemmas += 1;
            }
            if !advance(&mut values, &unknowns) {
                break;
            }
        }
    }
}

/// The next combination of values; `false` behind the last.
fn advance(values: &mut [i64], unknowns: &[(u32, Rational, i64, i64)]) -> bool {
    for (value, (_, _, low, high)) in values.iter_mut().zip(unknowns) {
        if *value < *high {
            *value += 1;
            return true;
        }
        *value = *low;
    }
    false
}

/// Adds that a fact about `left` and another term does not hold at these values:
/// unknowns with numbers, and their factors in `left` minus the other.
fn refute(grounding: &mut Grounding<'_>, main: Fact, left: u32, at: &[(u32, u32, Rational)]) {
    // An equation is its sides' difference as it stands; a comparison is what
    // must be below zero.
    let turned = match main.equation {
        true => main.left != left,
        false => !main.holds,
    };
    let mut facts = Vec::with_capacity(at.len() + 1);
    for (term, number, factor) in at {
        let equal = equation(*term, *number);
        let same = equal.left == *term;
        let factor = if same != turned {
            -factor
        } else {
            factor.clone()
        };
        facts.push((equal, factor));
    }
    facts.push((main, Rational::one()));
    grounding.linear(facts);
}

fn number(grounding: &mut Grounding<'_>, value: i64) -> u32 {
    let value = Rational::from_integer(value.into());
    grounding.store.number(value, SortId::INT, ASIDE)
}

/// Equations have their sides in the order of the terms.
fn equation(a: u32, b: u32) -> Fact {
    Fact {
        left: a.min(b),
        right: a.max(b),
        equation: true,
        holds: true,
    }
}

fn less(left: u32, right: u32, holds: bool) -> Fact {
    Fact {
        left,
        right,
        equation: false,
        holds,
    }
}

/// A number as a machine's, where it is whole and small.
trait Exact {
    fn to_i64_exact(&self) -> Option<i64>;
}

impl Exact for Rational {
    fn to_i64_exact(&self) -> Option<i64> {
        let limit = 1i64 << 40;
        let whole = self.is_integer().then(|| self.to_integer().to_i64());
        whole.flatten().filter(|n| n.abs() < limit)
    }
}
