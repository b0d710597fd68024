//! The point and the weights that belong to a basis, exactly.

use nsolve_il::milp::{Bound, Number, RowId};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, ToPrimitive};

use crate::highs::{Basis, BasisStatus};
use crate::lp::Lp;
use crate::modular::{Square, solve, transpose};

/// A vertex and its dual.
#[derive(Clone, Debug)]
pub(crate) struct Exact {
    /// The value of every column.
    pub(crate) point: Vec<Number>,
    /// Weights of rows: the duals that are not 0.
    pub(crate) weights: Vec<(RowId, Number)>,
}

/// Solves for the basic columns in the rows that are tight, and for the weights
/// of these rows. `None` where the basis is singular or numbers are too large.
pub(crate) fn vertex(lp: &Lp<'_>, basis: &Basis, stop: &dyn Fn() -> bool) -> Option<Exact> {
    let is_basic = |status: &BasisStatus| *status == BasisStatus::Basic;
    let basic: Vec<u32> = (0..)
        .zip(&basis.columns)
        .filter(|(_, s)| is_basic(s))
        .map(|(c, _)| c)
        .collect();
    let tight: Vec<(u32, BasisStatus)> = (0..)
        .zip(&basis.rows)
        .filter(|(_, s)| !is_basic(s))
        .map(|(r, s)| (r, *s))
        .collect();
    if basic.len() != tight.len() {
        return None;
    }
    let mut point = nonbasic_point(lp, basis);
    let mut place_of = vec![u32::MAX; lp.cost.len()];
    for (place, column) in (0..).zip(&basic) {
        *place_of.get_mut(*column as usize)? = place;
    }
    let mut matrix: Square = Vec::with_capacity(tight.len());
    let mut scales: Vec<BigInt> = Vec::with_capacity(tight.len());
    let mut right: Vec<Number> = Vec::with_capacity(tight.len());
    for (row, status) in &tight {
        let row = lp.problem.rows.get(*row);
        let target = match status {
            BasisStatus::Upper => row.upper.or(row.lower),
            _ => row.lower.or(row.upper),
        };
        let mut rest = target.cloned().unwrap_or_default();
        let mut entries: Vec<(u32, &Number)> = Vec::new();
        for (column, coefficient) in row.terms() {
            match place_of.get(column as usize) {
                Some(&u32::MAX) => {
                    let value = point.get(column as usize)?;
                    if !value.is_zero() {
                        rest = &rest - &(coefficient * value);
                    }
                }
                Some(place) => entries.push((*place, coefficient)),
                None => return None,
            }
        }
        let scale = common_denominator(entries.iter().map(|(_, v)| *v));
        let line: Option<Vec<(u32, i64)>> = entries
            .iter()
            .map(|(place, v)| Some((*place, scaled(v, &scale)?.to_i64()?)))
            .collect();
        matrix.push(line?);
        right.push(&rest * &Number::from(scale.clone()));
        scales.push(scale);
    }
    let values = solve_numbers(&matrix, &right, stop)?;
    for (column, value) in basic.iter().zip(values) {
        *point.get_mut(*column as usize)? = value;
    }
    let costs: Vec<Number> = basic
        .iter()
        .map(|c| lp.cost.get(*c as usize).cloned().unwrap_or_default())
        .collect();
    let duals = solve_numbers(&transpose(&matrix), &costs, stop)?;
    let weights = tight
        .iter()
        .zip(duals)
        .zip(scales)
        .map(|(((row, _), dual), scale)| (*row, &dual * &Number::from(scale)))
        .filter(|(_, w)| !w.is_zero())
        .collect();
    Some(Exact { point, weights })
}

/// Columns that are not basic are at a bound, or 0 where they have none.
fn nonbasic_point(lp: &Lp<'_>, basis: &Basis) -> Vec<Number> {
    let at = |first: &Bound, second: &Bound| first.clone().or_else(|| second.clone());
    lp.lower
        .iter()
        .zip(&lp.upper)
        .zip(&basis.columns)
        .map(|((low, high), status)| match status {
            BasisStatus::Upper => at(high, low).unwrap_or_default(),
            BasisStatus::Basic | BasisStatus::Zero => Number::ZERO,
            _ => at(low, high).unwrap_or_default(),
        })
        .collect()
}

fn common_denominator<'n>(numbers: impl Iterator<Item = &'n Number>) -> BigInt {
    let mut common = BigInt::one();
    for number in numbers {
        if !number.is_integer() {
            common = common.lcm(number.to_rational().denom());
        }
    }
    common
}

/// A multiple that is an integer.
fn scaled(number: &Number, scale: &BigInt) -> Option<BigInt> {
    let product = number * &Number::from(scale.clone());
    product
        .is_integer()
        .then(|| product.to_rational().to_integer())
}

fn solve_numbers(
    matrix: &Square,
    right: &[Number],
    stop: &dyn Fn() -> bool,
) -> Option<Vec<Number>> {
    let common = common_denominator(right.iter());
    let whole: Vec<BigInt> = right
        .iter()
        .map(|n| scaled(n, &common))
        .collect::<Option<_>>()?;
    let (numerators, denominator) = solve(matrix, &whole, stop)?;
    let below = Number::from(denominator * common);
    numerators
        .into_iter()
        .map(|n| Number::from(n).checked_div(&below))
        .collect()
}
