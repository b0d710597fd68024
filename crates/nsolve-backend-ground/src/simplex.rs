//! Linear inequalities over the rationals: values for the unknowns, or factors
//! with which some of the inequalities add up to a contradiction (Farkas).
//!
//! This is the simplex of Dutertre and de Moura, exact, with Bland's rule. Each
//! row gets a slack that is its sum and has the bounds; strict bounds are off by
//! an infinitesimal.

#![expect(
    clippy::indexing_slicing,
    reason = "variables are numbered by this module and index tables of that length"
)]

use std::collections::BTreeMap;

use nsolve_il::Rational;
use num_traits::{One, Signed, Zero};

use crate::number::is_short;

/// How a row's sum compares to zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Relation {
    /// It is zero.
    Zero,
    /// It is at most zero.
    AtMost,
    /// It is less than zero.
    Below,
}

/// A sum of unknowns with factors and a number, compared to zero.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Unknowns, ascending, with factors other than zero.
    pub(crate) sum: Vec<(u32, Rational)>,
    /// What is added.
    pub(crate) number: Rational,
    /// How the whole compares to zero.
    pub(crate) relation: Relation,
}

/// A number plus a multiple of an infinitesimal.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Value {
    /// The number.
    pub(crate) standard: Rational,
    /// How many infinitesimals are added.
    pub(crate) tiny: Rational,
}

impl Value {
    fn add(&mut self, other: &Value, factor: &Rational) {
        self.standard += &other.standard * factor;
        if !other.tiny.is_zero() {
            self.tiny += &other.tiny * factor;
        }
    }

    fn minus(&self, other: &Value) -> Value {
        Value {
            standard: &self.standard - &other.standard,
            tiny: &self.tiny - &other.tiny,
        }
    }
}

/// What there is to say about some rows.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Values of the unknowns, and a number that may stand for the
    /// infinitesimal.
    Feasible(Vec<Value>, Rational),
    /// Rows that do not hold together, with factors: added up, the unknowns
    /// cancel out and what is left is more than zero, or zero with a strict row.
    Infeasible(Vec<(usize, Rational)>),
    /// A limit: told to stop, or numbers that are too long.
    GaveUp,
}

/// Decides whether rows over so many unknowns hold together; asks `stop` once
/// for each step.
pub(crate) fn solve(unknowns: usize, rows: &[Row], stop: &mut dyn FnMut() -> bool) -> Answer {
    if let Some(alone) = rows.iter().position(is_impossible) {
        let one = Rational::one();
        let negative = rows[alone].number.is_negative();
        return Answer::Infeasible(vec![(alone, if negative { -one } else { one })]);
    }
    let mut tableau = Tableau::new(unknowns, rows);
    loop {
        if stop() || !tableau.short {
            return Answer::GaveUp;
        }
        let Some((slack, low)) = tableau.violated() else {
            let tiny = tableau.infinitesimal();
            tableau.values.truncate(unknowns);
            return Answer::Feasible(tableau.values, tiny);
        };
        match tableau.entering(slack, low) {
            Some(variable) => tableau.pivot(slack, variable),
            None => return Answer::Infeasible(tableau.explain(slack, low)),
        }
    }
}

/// Whether a row without unknowns is false.
fn is_impossible(row: &Row) -> bool {
    row.sum.is_empty()
        && match row.relation {
            Relation::Zero => !row.number.is_zero(),
            Relation::AtMost => row.number.is_positive(),
            Relation::Below => !row.number.is_negative(),
        }
}

struct Bound {
    /// The row that gives it.
    row: usize,
    /// What the slack is multiplied with to have the row's sum.
    scale: Rational,
    /// The most that the slack may be.
    most: Value,
    /// Whether it may not be less either.
    exact: bool,
}

struct Tableau {
    unknowns: usize,
    /// The bounds of slacks; the slack of `bounds[i]` is variable
    /// `unknowns + i`.
    bounds: Vec<Bound>,
    /// For each basic variable the sum of others that it is.
    basic: BTreeMap<usize, BTreeMap<usize, Rational>>,
    values: Vec<Value>,
    /// Whether all numbers so far were short.
    short: bool,
}

impl Tableau {
    fn new(unknowns: usize, rows: &[Row]) -> Self {
        let mut out = Tableau {
            unknowns,
            bounds: Vec::new(),
            basic: BTreeMap::new(),
            values: vec![Value::default(); unknowns],
            short: true,
        };
        // Of rows with the same sum only the tightest matters.
        let mut known: BTreeMap<(Vec<(u32, Rational)>, bool), usize> = BTreeMap::new();
        for (i, row) in rows.iter().enumerate() {
            let Some((_, first)) = row.sum.first() else {
                continue;
            };
            let scale = match row.relation {
                Relation::Zero => first.clone(),
                _ => first.abs(),
            };
            let sum: Vec<(u32, Rational)> = row.sum.iter().map(|(v, f)| (*v, f / &scale)).collect();
            let exact = row.relation == Relation::Zero;
            let bound = Bound {
                row: i,
                most: Value {
                    standard: -&row.number / &scale,
                    tiny: Rational::from_integer(match row.relation {
                        Relation::Below => (-1).into(),
                        _ => 0.into(),
                    }),
                },
                exact,
                scale,
            };
            match known.get(&(sum.clone(), exact)) {
                Some(&at) if !exact => {
                    if bound.most < out.bounds[at].most {
                        out.bounds[at] = bound;
                    }
                }
                Some(&at) if bound.most == out.bounds[at].most => {}
                _ => {
                    let slack = unknowns + out.bounds.len();
                    let whole = sum.iter().map(|(v, f)| (*v as usize, f.clone()));
                    out.basic.insert(slack, whole.collect());
                    known.insert((sum, exact), out.bounds.len());
                    out.bounds.push(bound);
                    out.values.push(Value::default());
                }
            }
        }
        out
    }

    fn bound(&self, variable: usize) -> Option<&Bound> {
        self.bounds.get(variable.checked_sub(self.unknowns)?)
    }

    /// The first basic variable that breaks its bound, and whether it is too
    /// low.
    fn violated(&self) -> Option<(usize, bool)> {
        self.basic.keys().find_map(|&v| {
            let bound = self.bound(v)?;
            let value = &self.values[v];
            if *value > bound.most {
                Some((v, false))
            } else if bound.exact && *value < bound.most {
                Some((v, true))
            } else {
                None
            }
        })
    }

    /// Whether a variable that is not basic may grow, or shrink.
    fn may_move(&self, variable: usize, grow: bool) -> bool {
        match self.bound(variable) {
            None => true,
            Some(bound) if bound.exact => false,
            Some(bound) => !grow || self.values[variable] < bound.most,
        }
    }

    /// The first variable whose change mends a basic one.
    fn entering(&self, slack: usize, low: bool) -> Option<usize> {
        let sum = self.basic.get(&slack)?;
        let mut parts = sum.iter();
        parts
            .find(|(v, f)| self.may_move(**v, f.is_positive() == low))
            .map(|(v, _)| *v)
    }

    /// Puts a basic variable on its bound by changing another, which becomes
    /// basic instead.
    fn pivot(&mut self, slack: usize, entering: usize) {
        let (Some(mut sum), Some(bound)) = (self.basic.remove(&slack), self.bound(slack)) else {
            return;
        };
        let Some(factor) = sum.remove(&entering) else {
            return;
        };
        let target = bound.most.clone();
        let by = target.minus(&self.values[slack]);
        let mut change = Value::default();
        change.add(&by, &factor.recip());
        for (v, other) in &self.basic {
            if let Some(f) = other.get(&entering) {
                self.values[*v].add(&change, f);
            }
        }
        self.values[entering].add(&change, &Rational::one());
        self.values[slack] = target;
        // slack = factor * entering + sum, turned around.
        for f in sum.values_mut() {
            *f = -&*f / &factor;
        }
        sum.insert(slack, factor.recip());
        for other in self.basic.values_mut() {
            if let Some(f) = other.remove(&entering) {
                for (v, g) in &sum {
                    let entry = other.entry(*v).or_default();
                    *entry += g * &f;
                    self.short &= is_short(entry);
                    if entry.is_zero() {
                        other.remove(v);
                    }
                }
            }
        }
        self.short &= self.values.iter().all(|v| is_short(&v.standard));
        self.basic.insert(entering, sum);
    }

    /// The rows that keep a basic variable from its bound, with factors.
    fn explain(&self, slack: usize, low: bool) -> Vec<(usize, Rational)> {
        let one = if low {
            -Rational::one()
        } else {
            Rational::one()
        };
        let mut out = Vec::new();
        let mut add = |variable: usize, factor: Rational| {
            if let Some(bound) = self.bound(variable) {
                out.push((bound.row, factor / &bound.scale));
            }
        };
        add(slack, one.clone());
        if let Some(sum) = self.basic.get(&slack) {
            for (&variable, f) in sum {
                add(variable, -(f * &one));
            }
        }
        out
    }

    /// A positive number, small enough to stand for the infinitesimal.
    fn infinitesimal(&self) -> Rational {
        let mut tiny = Rational::one();
        for (bound, value) in self
            .bounds
            .iter()
            .zip(self.values.iter().skip(self.unknowns))
        {
            let (room, more) = (
                &bound.most.standard - &value.standard,
                &value.tiny - &bound.most.tiny,
            );
            if more.is_positive() && room.is_positive() {
                tiny = tiny.min(room / more);
            }
        }
        tiny
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(n: i64) -> Rational {
        Rational::from_integer(n.into())
    }

    fn row(factors: &[i64], plus: i64, relation: Relation) -> Row {
        let sum = (0..).zip(factors).filter(|(_, f)| **f != 0);
        Row {
            sum: sum.map(|(v, f)| (v, number(*f))).collect(),
            number: number(plus),
            relation,
        }
    }

    /// Solves, and checks whatever is answered.
    fn decide(unknowns: usize, rows: &[Row]) -> bool {
        match solve(unknowns, rows, &mut || false) {
            Answer::Feasible(values, tiny) => {
                let values: Vec<Rational> = values
                    .iter()
                    .map(|v| &v.standard + &v.tiny * &tiny)
                    .collect();
                for row in rows {
                    let parts = row.sum.iter().map(|(v, f)| f * &values[*v as usize]);
                    let total = parts.sum::<Rational>() + &row.number;
                    assert!(
                        match row.relation {
                            Relation::Zero => total.is_zero(),
                            Relation::AtMost => !total.is_positive(),
                            Relation::Below => total.is_negative(),
                        },
                        "{row:?} with {values:?}"
                    );
                }
                true
            }
            Answer::Infeasible(factors) => {
                let mut sum = vec![Rational::zero(); unknowns];
                let (mut total, mut strict) = (Rational::zero(), false);
                for (i, factor) in &factors {
                    let row = &rows[*i];
                    assert!(row.relation == Relation::Zero || !factor.is_negative());
                    strict |= row.relation == Relation::Below && factor.is_positive();
                    row.sum
                        .iter()
                        .for_each(|(v, f)| sum[*v as usize] += f * factor);
                    total += &row.number * factor;
                }
                assert!(sum.iter().all(Zero::is_zero), "{factors:?}");
                assert!(total.is_positive() || (strict && total.is_zero()));
                false
            }
            Answer::GaveUp => panic!("gave up"),
        }
    }

    #[test]
    fn small_systems() {
        use Relation::{AtMost, Below, Zero};
        assert!(decide(0, &[]));
        assert!(decide(1, &[row(&[1], -3, Zero)]));
        assert!(!decide(1, &[row(&[1], -3, Zero), row(&[2], -5, Zero)]));
        assert!(!decide(1, &[row(&[1], 0, Below), row(&[-1], 0, AtMost)]));
        assert!(decide(1, &[row(&[1], -1, Below), row(&[-1], 0, Below)]));
        assert!(!decide(1, &[row(&[], 1, AtMost)]));
        assert!(!decide(1, &[row(&[], -1, Zero)]));
        // x < y < z < x.
        let cycle = [
            row(&[1, -1, 0], 0, Below),
            row(&[0, 1, -1], 0, Below),
            row(&[-1, 0, 1], 0, Below),
        ];
        assert!(!decide(3, &cycle));
        assert!(decide(3, &cycle[..2]));
    }

    #[test]
    fn random_systems_are_shown_either_way() {
        let mut state = 7_u64;
        let mut below = |n: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % n
        };
        let mut feasible = 0;
        for _ in 0..600 {
            let rows: Vec<Row> = (0..2 + below(7))
                .map(|_| {
                    let factors: Vec<i64> = (0..4).map(|_| below(7) as i64 - 3).collect();
                    let relation =
                        [Relation::Zero, Relation::AtMost, Relation::Below][below(3) as usize];
                    row(&factors, below(11) as i64 - 5, relation)
                })
                .collect();
            feasible += usize::from(decide(4, &rows));
        }
        assert!((60..540).contains(&feasible), "{feasible}");
    }
}
