//! Numbers in a candidate: what its comparisons say together.
//!
//! Terms are sums of *unknowns*: whatever is no sum, such as `age(tom)` or
//! `x * y`. The candidate's comparisons are rows for the simplex, which gives
//! the unknowns values or names comparisons that do not hold together. All that
//! is found against a candidate is added as a lemma, so that the next one
//! differs.

#![expect(
    clippy::indexing_slicing,
    reason = "terms index tables that are as long as the store, facts the rows made of them"
)]

use std::collections::BTreeMap;

use nsolve_il::Rational;
use nsolve_il::fol::{ArithmeticOp, SortId};
use num_integer::Integer;
use num_traits::{One, Signed, Zero};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::bounded::Bounded;
use crate::congruence::Classes;
use crate::grounding::{Fact, Grounding, Meaning};
use crate::number::{compute, is_short};
use crate::rows::{Row as Key, Rows};
use crate::simplex::{self, Answer, Relation, Row, Value};
use crate::store::{ASIDE, Shape, Store};

/// How often integers may be split. Without a bound some searches have no end.
const MOST_SPLITS: usize = 200;
/// How many values of factors may be tried.
const MOST_POINTS: usize = 100;
/// The longest sum that is a row.
const LONGEST_SUM: usize = 500;
const NO_END: &str = "no end of trying whole numbers";
const TOO_LONG: &str = "the numbers of the problem get too long";

/// What there is to say about a candidate's numbers.
pub(crate) enum Numbers {
    /// The value of each term; 0 for those that are no numbers.
    Values(Vec<Rational>),
    /// Something was added that the candidate breaks.
    Lemmas,
    /// It is not known whether the candidate can be had.
    GaveUp(&'static str),
}

/// A sum of unknowns with factors, and a number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sum {
    pub(crate) unknowns: BTreeMap<u32, Rational>,
    pub(crate) number: Rational,
}

impl Sum {
    fn unknown(term: u32) -> Self {
        Sum {
            unknowns: BTreeMap::from([(term, Rational::one())]),
            number: Rational::zero(),
        }
    }

    pub(crate) fn add(&mut self, other: &Sum, factor: &Rational) {
        for (&unknown, value) in &other.unknowns {
            let entry = self.unknowns.entry(unknown).or_default();
            *entry += value * factor;
            if entry.is_zero() {
                self.unknowns.remove(&unknown);
            }
        }
        self.number += &other.number * factor;
    }

    fn as_number(&self) -> Option<&Rational> {
        self.unknowns.is_empty().then_some(&self.number)
    }

    fn is_small(&self) -> bool {
        self.unknowns.len() <= LONGEST_SUM
            && is_short(&self.number)
            && self.unknowns.values().all(is_short)
    }
}

/// Decides about numbers, and remembers how much it has tried.
#[derive(Default)]
pub(crate) struct Arithmetic {
    /// Each term as a sum.
    sums: Vec<Sum>,
    /// The splits of integers that are there.
    splits: FxHashSet<(u32, Rational)>,
    /// How many products were looked at.
    points: usize,
    /// Integers with few values.
    bounded: Bounded,
}

/// One question: the facts of a candidate, as rows.
struct Question {
    facts: Vec<Fact>,
    /// How many facts are equalities that follow by congruence; these are last.
    derived: usize,
    rows: Vec<Row>,
    /// The unknowns, in the order of the rows' columns.
    unknowns: Vec<u32>,
    columns: FxHashMap<u32, u32>,
    /// Pairs that the candidate says are not equal.
    denied: Vec<(u32, u32)>,
}

impl Arithmetic {
    /// Finds values for all numeric terms that make the candidate true, or adds
    /// lemmas that say why not.
    pub(crate) fn decide(
        &mut self,
        grounding: &mut Grounding<'_>,
        classes: &Classes,
        values: &[bool],
        stop: &mut dyn FnMut() -> bool,
    ) -> Numbers {
        self.take_in(&grounding.store);
        let question = self.question(grounding, classes, values);
        if let Some(found) = assigned(&grounding.store, &question) {
            return self.conclude(grounding, classes, &question, values, found);
        }
        let (found, tiny) = match simplex::solve(question.unknowns.len(), &question.rows, stop) {
            Answer::Feasible(found, tiny) => (found, tiny),
            Answer::Infeasible(factors) => {
                contradict(grounding, classes, &question, &factors);
                return Numbers::Lemmas;
            }
            Answer::GaveUp => return Numbers::GaveUp(TOO_LONG),
        };
        let (found, tiny) = match self.tighten(grounding, &question, (found, tiny), stop) {
            Ok(found) => found,
            Err(instead) => return instead,
        };
        if let Some(instead) = self.split(grounding, &question, &found) {
            return instead;
        }
        let found: Vec<Rational> = found
            .iter()
            .map(|v| &v.standard + &v.tiny * &tiny)
            .collect();
        self.conclude(grounding, classes, &question, values, found)
    }

    /// Looks whether the unknowns' values fit what the rows do not say.
    fn conclude(
        &mut self,
        grounding: &mut Grounding<'_>,
        classes: &Classes,
        question: &Question,
        values: &[bool],
        found: Vec<Rational>,
    ) -> Numbers {
        let values_of_terms = self.values(&grounding.store, classes, question, &found);
        if decide_equalities(grounding, question, &values_of_terms) {
            return Numbers::Lemmas;
        }
        if let Some(more) = self.products(grounding, question, &values_of_terms) {
            return more;
        }
        if tell_apart(grounding, classes, values, &values_of_terms) {
            return Numbers::Lemmas;
        }
        Numbers::Values(values_of_terms)
    }

    /// Adds what there is to say about integers with few values; answers
    /// whether that was anything.
    pub(crate) fn foresee(
        &mut self,
        grounding: &mut Grounding<'_>,
        fixed: impl Fn(u32) -> Option<bool>,
    ) -> bool {
        self.take_in(&grounding.store);
        self.bounded.extend(grounding, &self.sums, fixed)
    }

    /// Writes new terms as sums; parts stand before the terms they are in.
    fn take_in(&mut self, store: &Store) {
        for term in self.sums.len() as u32..store.len() as u32 {
            let sum = match store.shape(term) {
                _ if !store.sort(term).is_numeric() => Sum::default(),
                Shape::Number(value) => Sum {
                    number: value.clone(),
                    ..Sum::default()
                },
                Shape::Arithmetic(op, parts) => self
                    .operation(op, parts)
                    .filter(Sum::is_small)
                    .unwrap_or_else(|| Sum::unknown(term)),
                _ => Sum::unknown(term),
            };
            self.sums.push(sum);
        }
    }

    /// An operation as a sum; `None` where it is none, as the checker sees it.
    fn operation(&self, op: ArithmeticOp, parts: &[u32]) -> Option<Sum> {
        let part = |i: usize| &self.sums[parts[i] as usize];
        let (one, mut out) = (Rational::one(), Sum::default());
        match op {
            ArithmeticOp::Add => (0..parts.len()).for_each(|i| out.add(part(i), &one)),
            ArithmeticOp::Subtract => {
                out.add(part(0), &one);
                out.add(part(1), &-one);
            }
            ArithmeticOp::Negate => out.add(part(0), &-one),
            ArithmeticOp::ToReal => out.add(part(0), &one),
            ArithmeticOp::Multiply => {
                let (mut factor, mut rest) = (one, None);
                for i in 0..parts.len() {
                    match part(i).as_number() {
                        Some(n) => factor *= n,
                        None if rest.is_none() => rest = Some(part(i)),
                        None => return None,
                    }
                }
                match rest {
                    Some(rest) => out.add(rest, &factor),
                    None => out.number = factor,
                }
            }
            ArithmeticOp::Divide => {
                let divisor = part(1).as_number().filter(|n| !n.is_zero())?;
                out.add(part(0), &divisor.recip());
            }
            ArithmeticOp::IntDivide | ArithmeticOp::Modulo => return None,
        }
        Some(out)
    }

    fn question(&self, grounding: &Grounding<'_>, classes: &Classes, values: &[bool]) -> Question {
        let mut out = Question {
            facts: Vec::new(),
            derived: 0,
            rows: Vec::new(),
            unknowns: Vec::new(),
            columns: FxHashMap::default(),
            denied: Vec::new(),
        };
        let value = |v: u32| values.get(v as usize).copied().unwrap_or(false);
        let store = &grounding.store;
        let mut given = FxHashSet::default();
        for &v in grounding.equalities.iter().chain(&grounding.comparisons) {
            let (left, right, equation) = match grounding.meanings[v as usize] {
                Meaning::Equal(a, b) if a != b && store.sort(a).is_numeric() => (a, b, true),
                Meaning::Less(a, b) => (a, b, false),
                _ => continue,
            };
            let holds = value(v);
            if equation && !holds {
                out.denied.push((left, right));
                continue;
            }
            if equation {
                given.insert((left, right));
            }
            self.add(
                &mut out,
                Fact {
                    left,
                    right,
                    equation,
                    holds,
                },
            );
        }
        let representatives = classes.representatives(|_| false);
        for (term, &other) in (0..).zip(&representatives) {
            let pair = (other.min(term), other.max(term));
            if other != term && store.sort(term).is_numeric() && !given.contains(&pair) {
                let (left, right) = pair;
                out.derived += 1;
                self.add(
                    &mut out,
                    Fact {
                        left,
                        right,
                        equation: true,
                        holds: true,
                    },
                );
            }
        }
        out
    }

    fn add(&self, question: &mut Question, fact: Fact) {
        let (one, mut sum) = (Rational::one(), Sum::default());
        // What is denied says that the right side is at most the left.
        let (low, high) = match fact.holds {
            true => (fact.left, fact.right),
            false => (fact.right, fact.left),
        };
        sum.add(&self.sums[low as usize], &one);
        sum.add(&self.sums[high as usize], &-one);
        let mut columns: Vec<(u32, Rational)> = Vec::with_capacity(sum.unknowns.len());
        for (unknown, factor) in sum.unknowns {
            let next = question.unknowns.len() as u32;
            let column = *question.columns.entry(unknown).or_insert(next);
            if column == next {
                question.unknowns.push(unknown);
            }
            columns.push((column, factor));
        }
        columns.sort_unstable_by_key(|(column, _)| *column);
        question.rows.push(Row {
            sum: columns,
            number: sum.number,
            relation: match (fact.equation, fact.holds) {
                (true, _) => Relation::Zero,
                (false, true) => Relation::Below,
                (false, false) => Relation::AtMost,
            },
        });
        question.facts.push(fact);
    }

    /// Solves again with what the rows say of integers: `2 * x < y` says
    /// `2 * x - y <= -1` then. Where that cannot be, splits the sums concerned.
    fn tighten(
        &mut self,
        grounding: &mut Grounding<'_>,
        question: &Question,
        relaxed: (Vec<Value>, Rational),
        stop: &mut dyn FnMut() -> bool,
    ) -> Result<(Vec<Value>, Rational), Numbers> {
        let mut rows = question.rows.clone();
        let mut tight: Vec<Option<Whole>> = Vec::with_capacity(rows.len());
        for row in &mut rows {
            let whole = whole(&grounding.store, question, row);
            if let Some(whole) = &whole {
                row.number = -(&whole.bound * &whole.scale);
                row.relation = Relation::AtMost;
            }
            tight.push(whole);
        }
        if tight.iter().all(Option::is_none) {
            return Ok(relaxed);
        }
        match simplex::solve(question.unknowns.len(), &rows, stop) {
            Answer::Feasible(found, tiny) => Ok((found, tiny)),
            Answer::Infeasible(factors) => {
                let sums = factors.iter().filter_map(|(at, _)| tight[*at].take());
                let sums: Vec<Whole> = sums.collect();
                let before = self.splits.len();
                for whole in sums {
                    let term = write_sum(grounding, &whole.sum);
                    self.split_at(grounding, term, whole.bound)?;
                }
                Err(match self.splits.len() == before {
                    true => Numbers::GaveUp(NO_END),
                    false => Numbers::Lemmas,
                })
            }
            Answer::GaveUp => Err(Numbers::GaveUp(TOO_LONG)),
        }
    }

    /// Splits an integer unknown that is not whole; `None` where all are.
    fn split(
        &mut self,
        grounding: &mut Grounding<'_>,
        question: &Question,
        found: &[Value],
    ) -> Option<Numbers> {
        let store = &grounding.store;
        let fraction = |(unknown, value): &(&u32, &Value)| {
            store.sort(**unknown) == SortId::INT
                && !(value.tiny.is_zero() && value.standard.is_integer())
        };
        let (&term, value) = question.unknowns.iter().zip(found).find(fraction)?;
        let whole = value.standard.is_integer() && value.tiny.is_negative();
        let below = value.standard.floor() - Rational::from_integer(i32::from(whole).into());
        let before = self.splits.len();
        let split = match common_divisor(store, question) {
            Some(whole) => {
                let term = write_sum(grounding, &whole.sum);
                self.split_at(grounding, term, whole.bound)
            }
            None => self.split_at(grounding, term, below),
        };
        Some(match split {
            Err(instead) => instead,
            Ok(()) if self.splits.len() == before => Numbers::GaveUp(NO_END),
            Ok(()) => Numbers::Lemmas,
        })
    }

    /// Splits an integer, unless that was done already.
    fn split_at(
        &mut self,
        grounding: &mut Grounding<'_>,
        term: u32,
        below: Rational,
    ) -> Result<(), Numbers> {
        if self.splits.len() >= MOST_SPLITS {
            return Err(Numbers::GaveUp(NO_END));
        }
        if self.splits.insert((term, below.clone())) {
            grounding.split_integer(term, below);
        }
        Ok(())
    }

    /// The values of all terms. An unknown that nothing is said of is 0, or what
    /// its parts make of it.
    fn values(
        &self,
        store: &Store,
        classes: &Classes,
        question: &Question,
        found: &[Rational],
    ) -> Vec<Rational> {
        let roots = classes.representatives(|_| false);
        let mut out: Vec<Rational> = Vec::with_capacity(store.len());
        for term in 0..store.len() as u32 {
            let sum = &self.sums[term as usize];
            let known = |unknown: u32| question.columns.get(&unknown).map(|&c| &found[c as usize]);
            let value = if !sum.unknowns.contains_key(&term) {
                let parts = sum.unknowns.iter();
                let parts = parts.map(|(&u, f)| known(u).unwrap_or(&out[u as usize]) * f);
                parts.sum::<Rational>() + &sum.number
            } else if let Some(value) = known(term) {
                value.clone()
            } else if roots[term as usize] < term {
                out[roots[term as usize] as usize].clone()
            } else {
                evaluate(store, term, &out).unwrap_or_default()
            };
            out.push(value);
        }
        out
    }

    /// Compares products and the like with what their parts make of them. Where
    /// they differ, says what they are if some parts have the values they have.
    fn products(
        &mut self,
        grounding: &mut Grounding<'_>,
        question: &Question,
        values: &[Rational],
    ) -> Option<Numbers> {
        let store = &grounding.store;
        let wrong = question.unknowns.iter().copied().find(|&term| {
            matches!(store.shape(term), Shape::Arithmetic(..))
                && evaluate(store, term, values).as_ref() != Some(&values[term as usize])
        })?;
        self.points += 1;
        if self.points > MOST_POINTS || !fix_factors(grounding, &self.sums, wrong, values) {
            return Some(Numbers::GaveUp(
                "products and quotients of unknowns are not decided",
            ));
        }
        Some(Numbers::Lemmas)
    }
}

/// The unknowns' values where the candidate says each of them outright, and
/// everything else fits: the simplex has nothing to do then.
fn assigned(store: &Store, question: &Question) -> Option<Vec<Rational>> {
    let mut values: Vec<Option<Rational>> = vec![None; question.unknowns.len()];
    for row in &question.rows {
        if let ([(column, factor)], Relation::Zero) = (row.sum.as_slice(), row.relation) {
            values[*column as usize] = Some(-&row.number / factor);
        }
    }
    let values: Vec<Rational> = values.into_iter().collect::<Option<_>>()?;
    let whole = |(unknown, value): (&u32, &Rational)| {
        store.sort(*unknown) != SortId::INT || value.is_integer()
    };
    let holds = |row: &Row| {
        let mut total = row.number.clone();
        for (column, factor) in &row.sum {
            let value = &values[*column as usize];
            total += if factor.is_one() {
                value.clone()
            } else {
                value * factor
            };
        }
        match row.relation {
            Relation::Zero => total.is_zero(),
            Relation::Below => total.is_negative(),
            Relation::AtMost => !total.is_positive(),
        }
    };
    let fits = question.unknowns.iter().zip(&values).all(whole) && question.rows.iter().all(holds);
    fits.then_some(values)
}

/// What an operation's parts make of it.
fn evaluate(store: &Store, term: u32, values: &[Rational]) -> Option<Rational> {
    let Shape::Arithmetic(op, parts) = store.shape(term) else {
        return None;
    };
    let parts: Vec<Rational> = parts.iter().map(|&p| values[p as usize].clone()).collect();
    compute(op, &parts)
}

/// Adds the lemma that some facts do not hold together.
fn contradict(
    grounding: &mut Grounding<'_>,
    classes: &Classes,
    question: &Question,
    factors: &[(usize, Rational)],
) {
    let first_derived = question.facts.len() - question.derived;
    let mut facts = Vec::with_capacity(factors.len());
    for (at, factor) in factors {
        let fact = question.facts[*at].clone();
        if *at >= first_derived {
            let pair = (fact.left, fact.right);
            let equal = classes.explain(&grounding.store, &[pair]);
            grounding.congruent(equal, pair);
        }
        facts.push((fact, factor.clone()));
    }
    grounding.linear(facts);
}

/// A sum of integers with whole factors that have no common divisor.
struct Whole {
    sum: Vec<(u32, Rational)>,
    /// What the sum was multiplied with.
    scale: Rational,
    /// The greatest whole number that the sum may be, or that is below what it
    /// would have to be.
    bound: Rational,
}

/// What a row says of integers, where that is more than it says of reals.
fn whole(store: &Store, question: &Question, row: &Row) -> Option<Whole> {
    let unknown = |column: u32| question.unknowns[column as usize];
    let integers = |(c, _): &(u32, Rational)| store.sort(unknown(*c)) == SortId::INT;
    if row.sum.is_empty() || row.relation == Relation::Zero || !row.sum.iter().all(integers) {
        return None;
    }
    let scale = scale(row);
    let most = -&row.number / &scale;
    let strict = row.relation == Relation::Below;
    if most.is_integer() && !strict {
        return None;
    }
    let bound = match most.is_integer() {
        true => most - Rational::one(),
        false => most.floor(),
    };
    let sum = row.sum.iter().map(|(c, f)| (unknown(*c), f / &scale));
    Some(Whole {
        sum: sum.collect(),
        bound,
        scale,
    })
}

/// The positive number by which a row's factors must be divided to be whole
/// without a common divisor.
fn scale(row: &Row) -> Rational {
    let mut denominator = Rational::one().to_integer();
    for (_, f) in &row.sum {
        denominator = denominator.lcm(f.denom());
    }
    let denominator = Rational::from_integer(denominator);
    let mut divisor = Rational::zero().to_integer();
    for (_, f) in &row.sum {
        divisor = (f * &denominator).to_integer().gcd(&divisor);
    }
    Rational::from_integer(divisor) / denominator
}

/// An equation of integers whose factors have a divisor that its number has
/// not.
fn common_divisor(store: &Store, question: &Question) -> Option<Whole> {
    question.rows.iter().find_map(|row| {
        let unknown = |column: u32| question.unknowns[column as usize];
        let integers = |(c, _): &(u32, Rational)| store.sort(unknown(*c)) == SortId::INT;
        if row.relation != Relation::Zero || row.sum.len() < 2 || !row.sum.iter().all(integers) {
            return None;
        }
        let scale = scale(row);
        let target = -&row.number / &scale;
        let sum = row.sum.iter().map(|(c, f)| (unknown(*c), f / &scale));
        (!target.is_integer()).then(|| Whole {
            sum: sum.collect(),
            bound: target.floor(),
            scale: scale.clone(),
        })
    })
}

/// The term of a sum of integers.
fn write_sum(grounding: &mut Grounding<'_>, sum: &[(u32, Rational)]) -> u32 {
    let mut parts: Vec<u32> = Vec::with_capacity(sum.len());
    for (unknown, factor) in sum {
        if factor.is_one() {
            parts.push(*unknown);
            continue;
        }
        let factor = grounding.store.number(factor.clone(), SortId::INT, ASIDE);
        let product = [factor, *unknown];
        parts.push(grounding.arithmetic(ArithmeticOp::Multiply, &product, SortId::INT, ASIDE));
    }
    match parts.as_slice() {
        [one] => *one,
        parts => grounding.arithmetic(ArithmeticOp::Add, parts, SortId::INT, ASIDE),
    }
}

/// Where numbers are the same that a candidate says are not, one must be less.
fn decide_equalities(
    grounding: &mut Grounding<'_>,
    question: &Question,
    values: &[Rational],
) -> bool {
    let mut any = false;
    for &(a, b) in &question.denied {
        if values[a as usize] == values[b as usize] {
            grounding.trichotomy(a, b);
            any = true;
        }
    }
    any
}

/// Says what a product is if all factors but one have the values they have, a
/// quotient if the divisor has, and another operation if all its parts have.
/// Answers `false` for a division by zero.
fn fix_factors(
    grounding: &mut Grounding<'_>,
    sums: &[Sum],
    term: u32,
    values: &[Rational],
) -> bool {
    let Shape::Arithmetic(op, parts) = grounding.store.shape(term) else {
        return false;
    };
    let parts = parts.to_vec();
    let mut open: Vec<usize> = (0..parts.len())
        .filter(|&i| sums[parts[i] as usize].as_number().is_none())
        .collect();
    match op {
        ArithmeticOp::Multiply => drop(open.pop()),
        ArithmeticOp::Divide if open.len() == 2 => drop(open.remove(0)),
        _ => {}
    }
    let sort = grounding.store.sort(term);
    let (mut fixed, mut equal) = (parts.clone(), Vec::new());
    for i in open {
        let value = values[parts[i] as usize].clone();
        let divides = op != ArithmeticOp::Multiply && i == 1;
        if divides && value.is_zero() {
            return false;
        }
        let number = grounding.store.number(value, sort, ASIDE);
        fixed[i] = number;
        equal.push((parts[i], number));
    }
    let then = grounding.arithmetic(op, &fixed, sort, ASIDE);
    if then == term {
        return false;
    }
    match grounding.store.as_number(then) {
        // The checker has no line for an operation on numbers that are unknowns.
        Some(_) => grounding.computed(equal.clone(), (term, then)),
        None => grounding.congruent(equal.clone(), (term, then)),
    }
    for (part, number) in equal {
        grounding.trichotomy(part, number);
    }
    true
}

/// Where things are said of numbers that are the same by their values only, and
/// what is said differs, lets the candidate decide whether they are equal.
fn tell_apart(
    grounding: &mut Grounding<'_>,
    classes: &Classes,
    truth: &[bool],
    values: &[Rational],
) -> bool {
    let mut points = Points {
        store: &grounding.store,
        values,
        numbers: FxHashMap::default(),
        roots: classes.representatives(|t| grounding.is_element(t)),
        keys: Rows::default(),
        first: Vec::new(),
        pairs: Vec::new(),
    };
    for term in 0..points.store.len() as u32 {
        if let Some((symbol, arguments)) = points.store.application(term) {
            let result = points.mean(term);
            points.meet(symbol.0, arguments, result);
        }
    }
    for (v, meaning) in grounding.meanings.iter().enumerate() {
        if let Meaning::Atom(_, row) = *meaning
            && let [head, arguments @ ..] = grounding.atoms.get(row)
        {
            let value = truth.get(v).copied().unwrap_or(false);
            points.meet(*head, arguments, u32::from(value));
        }
    }
    let pairs = points.pairs;
    for &(a, b) in &pairs {
        grounding.trichotomy(a, b);
    }
    !pairs.is_empty()
}

/// Applications, by what their arguments mean.
struct Points<'a> {
    store: &'a Store,
    values: &'a [Rational],
    numbers: FxHashMap<&'a Rational, u32>,
    roots: Vec<u32>,
    keys: Rows,
    /// For each key the first application's arguments, and its result.
    first: Vec<(Vec<u32>, u32)>,
    /// Numbers that must be told apart.
    pairs: Vec<(u32, u32)>,
}

impl Points<'_> {
    /// What a term means: equal for the same number, or the same class.
    fn mean(&mut self, term: u32) -> u32 {
        if self.store.sort(term).is_numeric() {
            let next = self.numbers.len() as u32;
            *self
                .numbers
                .entry(&self.values[term as usize])
                .or_insert(next)
        } else {
            self.roots[term as usize]
        }
    }

    fn meet(&mut self, head: u32, arguments: &[u32], result: u32) {
        let numeric = |&&a: &&u32| self.store.sort(a).is_numeric();
        if !arguments.iter().any(|a| numeric(&a)) {
            return;
        }
        let mut key = Key::starting(head);
        for &a in arguments {
            key.push(self.mean(a));
        }
        let (id, new) = self.keys.insert(key.as_slice());
        if new {
            self.first.push((arguments.to_vec(), result));
            return;
        }
        let (others, known) = &self.first[id as usize];
        if *known == result {
            return;
        }
        for (&a, &b) in arguments.iter().zip(others) {
            let pair = (a.min(b), a.max(b));
            let apart = self.roots[a as usize] != self.roots[b as usize];
            if apart && self.store.sort(a).is_numeric() && !self.pairs.contains(&pair) {
                self.pairs.push(pair);
            }
        }
    }
}
