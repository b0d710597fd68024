//! Linear systems modulo a prime, and from there over the rationals.
//!
//! A system of integers is solved modulo a prime, the solution is lifted to
//! powers of the prime (Dixon 1982), and rational numbers are found that agree
//! with it (Wang 1981). What is found is put into the system, so that only
//! solutions come out; lifting ends as soon as one is found.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// 2^61 - 1, a prime by which remainders are cheap.
const PRIME: u64 = (1 << 61) - 1;

fn reduce(value: u128) -> u64 {
    let folded = (value & u128::from(PRIME)) + (value >> 61);
    let folded = (folded & u128::from(PRIME)) as u64 + (folded >> 61) as u64;
    if folded >= PRIME {
        folded - PRIME
    } else {
        folded
    }
}

fn multiply(a: u64, b: u64) -> u64 {
    reduce(u128::from(a) * u128::from(b))
}

fn subtract(a: u64, b: u64) -> u64 {
    if a >= b { a - b } else { a + PRIME - b }
}

fn of_wide(value: i128) -> u64 {
    let remainder = value.rem_euclid(i128::from(PRIME));
    remainder as u64
}

fn inverse(a: u64) -> u64 {
    // Fermat: a^(p-2).
    let (mut base, mut exponent, mut result) = (a, PRIME - 2, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = multiply(result, base);
        }
        base = multiply(base, base);
        exponent >>= 1;
    }
    result
}

/// A square matrix of integers, by rows: `(column, value)`, columns ascending.
pub(crate) type Square = Vec<Vec<(u32, i64)>>;

/// The other way round.
pub(crate) fn transpose(matrix: &Square) -> Square {
    let mut result = vec![Vec::new(); matrix.len()];
    for (row, entries) in (0_u32..).zip(matrix) {
        for (column, value) in entries {
            if let Some(line) = result.get_mut(*column as usize) {
                line.push((row, *value));
            }
        }
    }
    result
}

/// A factorisation modulo the prime.
struct Factors {
    /// `(row, pivot row, factor)`: what is subtracted, in order.
    steps: Vec<(u32, u32, u64)>,
    /// The pivots in order: row, column, inverse, and the rest of the row.
    pivots: Vec<Pivot>,
}

struct Pivot {
    row: u32,
    column: u32,
    inverse: u64,
    rest: Vec<(u32, u64)>,
}

/// Factors a matrix; `None` where it is singular modulo the prime.
///
/// The pivot is always in a column with the fewest entries, and there in the
/// shortest row (after Markowitz 1957).
#[allow(clippy::indexing_slicing, reason = "positions are below the size")]
fn factor(matrix: &Square) -> Option<Factors> {
    let size = matrix.len();
    let mut rows: Vec<Vec<(u32, u64)>> = matrix
        .iter()
        .map(|row| {
            row.iter()
                .map(|(c, v)| (*c, of_wide(i128::from(*v))))
                .filter(|(_, v)| *v != 0)
                .collect()
        })
        .collect();
    // The rows with an entry in each column; may name rows that have none any
    // more.
    let mut holders: Vec<Vec<u32>> = vec![Vec::new(); size];
    let mut counts = vec![0_u32; size];
    for (row, entries) in (0_u32..).zip(&rows) {
        for (column, _) in entries {
            holders.get_mut(*column as usize)?.push(row);
            counts[*column as usize] += 1;
        }
    }
    let mut queue: std::collections::BinaryHeap<std::cmp::Reverse<(u32, u32)>> = (0_u32..)
        .zip(&counts)
        .map(|(column, count)| std::cmp::Reverse((*count, column)))
        .collect();
    let (mut row_done, mut column_done) = (vec![false; size], vec![false; size]);
    let mut factors = Factors {
        steps: Vec::new(),
        pivots: Vec::with_capacity(size),
    };
    while let Some(std::cmp::Reverse((count, column))) = queue.pop() {
        let place = column as usize;
        if column_done[place] || counts[place] != count {
            continue;
        }
        let has = |rows: &[Vec<(u32, u64)>], row: u32| {
            rows[row as usize]
                .binary_search_by_key(&column, |e| e.0)
                .ok()
        };
        let mut live: Vec<u32> = holders[place]
            .iter()
            .copied()
            .filter(|r| !row_done[*r as usize] && has(&rows, *r).is_some())
            .collect();
        live.sort_unstable();
        live.dedup();
        let pivot = *live.iter().min_by_key(|r| rows[**r as usize].len())?;
        let at = has(&rows, pivot)?;
        let mut line = std::mem::take(&mut rows[pivot as usize]);
        let (_, value) = line.remove(at);
        let pivot_inverse = inverse(value);
        row_done[pivot as usize] = true;
        column_done[place] = true;
        for (c, _) in &line {
            counts[*c as usize] -= 1;
            queue.push(std::cmp::Reverse((counts[*c as usize], *c)));
        }
        for row in live.into_iter().filter(|r| *r != pivot) {
            let at = has(&rows, row)?;
            let (_, entry) = rows[row as usize].remove(at);
            let scale = multiply(entry, pivot_inverse);
            factors.steps.push((row, pivot, scale));
            let old = std::mem::take(&mut rows[row as usize]);
            rows[row as usize] = eliminate(old, &line, scale, |c, added| {
                let count = &mut counts[c as usize];
                if added {
                    *count += 1;
                    holders[c as usize].push(row);
                } else {
                    *count -= 1;
                }
                queue.push(std::cmp::Reverse((*count, c)));
            });
        }
        factors.pivots.push(Pivot {
            row: pivot,
            column,
            inverse: pivot_inverse,
            rest: line,
        });
    }
    (factors.pivots.len() == size).then_some(factors)
}

/// `row - scale * line`, telling where an entry comes or goes.
fn eliminate(
    row: Vec<(u32, u64)>,
    line: &[(u32, u64)],
    scale: u64,
    mut changed: impl FnMut(u32, bool),
) -> Vec<(u32, u64)> {
    let mut result = Vec::with_capacity(row.len() + line.len());
    let (mut row, mut line) = (row.into_iter().peekable(), line.iter().copied().peekable());
    loop {
        match (row.peek().copied(), line.peek().copied()) {
            (Some((a, v)), Some((b, w))) if a == b => {
                let value = subtract(v, multiply(scale, w));
                if value == 0 {
                    changed(a, false);
                } else {
                    result.push((a, value));
                }
                row.next();
                line.next();
            }
            (Some((a, v)), other) if other.is_none_or(|(b, _)| a < b) => {
                result.push((a, v));
                row.next();
            }
            (_, Some((b, w))) => {
                result.push((b, subtract(0, multiply(scale, w))));
                changed(b, true);
                line.next();
            }
            _ => return result,
        }
    }
}

impl Factors {
    #[allow(clippy::indexing_slicing, reason = "positions are below the size")]
    fn solve(&self, mut right: Vec<u64>) -> Vec<u64> {
        for (row, pivot, scale) in &self.steps {
            let known = right[*pivot as usize];
            if known != 0 {
                let place = &mut right[*row as usize];
                *place = subtract(*place, multiply(*scale, known));
            }
        }
        let mut solution = vec![0; right.len()];
        for pivot in self.pivots.iter().rev() {
            let mut value = right[pivot.row as usize];
            for (column, entry) in &pivot.rest {
                let known = solution[*column as usize];
                if known != 0 {
                    value = subtract(value, multiply(*entry, known));
                }
            }
            solution[pivot.column as usize] = multiply(value, pivot.inverse);
        }
        solution
    }
}

/// The solution of a system of integers: numerators and their common
/// denominator. `None` where the matrix is singular (or seems so modulo the
/// prime), numbers are too large, or `stop` says so.
#[allow(clippy::indexing_slicing, reason = "positions are below the size")]
pub(crate) fn solve(
    matrix: &Square,
    right: &[BigInt],
    stop: &dyn Fn() -> bool,
) -> Option<(Vec<BigInt>, BigInt)> {
    let size = matrix.len();
    if right.iter().all(Zero::is_zero) {
        return Some((vec![BigInt::zero(); size], BigInt::one()));
    }
    let factors = factor(matrix)?;
    let mut residue: Vec<i128> = right
        .iter()
        .map(|b| b.to_i128().filter(|b| b.unsigned_abs() < 1 << 120))
        .collect::<Option<_>>()?;
    let mut lifted = vec![BigInt::zero(); size];
    let mut power = BigInt::one();
    let mut attempt = 1;
    for round in 1..=MOST_ROUNDS {
        if stop() {
            return None;
        }
        let digits = factors.solve(residue.iter().map(|r| of_wide(*r)).collect());
        for (total, digit) in lifted.iter_mut().zip(&digits) {
            if *digit != 0 {
                *total += &power * *digit;
            }
        }
        power *= PRIME;
        for (row, rest) in matrix.iter().zip(&mut residue) {
            let mut value = *rest;
            for (column, entry) in row {
                let product =
                    i128::from(*entry).checked_mul(i128::from(digits[*column as usize]))?;
                value = value.checked_sub(product)?;
            }
            *rest = value / i128::from(PRIME);
        }
        let ended = residue.iter().all(|r| *r == 0);
        if round == attempt || ended {
            attempt = (attempt * 3).div_ceil(2).max(attempt + 1);
            let found = reconstruct(&lifted, &power).filter(|(n, d)| holds(matrix, right, n, d));
            if found.is_some() || ended {
                return found;
            }
        }
    }
    None
}

/// How many digits are lifted at most; each has 61 bits.
const MOST_ROUNDS: usize = 2000;

/// Rational numbers of one denominator that agree with these modulo `modulus`.
fn reconstruct(values: &[BigInt], modulus: &BigInt) -> Option<(Vec<BigInt>, BigInt)> {
    let half = modulus >> 1_u32;
    // Numerators and denominators below this are unique.
    let most = half.sqrt();
    let mut denominator = BigInt::one();
    let mut numerators: Vec<BigInt> = Vec::with_capacity(values.len());
    for value in values {
        let mut scaled = (value * &denominator).mod_floor(modulus);
        if scaled > half {
            scaled -= modulus;
        }
        if scaled.magnitude() <= most.magnitude() {
            numerators.push(scaled);
            continue;
        }
        let (numerator, more) = rational(&scaled.mod_floor(modulus), modulus, &most)?;
        denominator *= &more;
        if denominator > most {
            return None;
        }
        for earlier in &mut numerators {
            *earlier *= &more;
        }
        numerators.push(numerator);
    }
    Some((numerators, denominator))
}

/// The fraction `n / d` with `n = value * d` modulo `modulus`, both small.
fn rational(value: &BigInt, modulus: &BigInt, most: &BigInt) -> Option<(BigInt, BigInt)> {
    let (mut r0, mut r1) = (modulus.clone(), value.clone());
    let (mut t0, mut t1) = (BigInt::zero(), BigInt::one());
    while r1 > *most {
        let (quotient, remainder) = r0.div_rem(&r1);
        let next = &t0 - &quotient * &t1;
        (r0, r1) = (r1, remainder);
        (t0, t1) = (t1, next);
    }
    if t1.is_zero() || t1.magnitude() > most.magnitude() {
        return None;
    }
    Some(if t1.is_negative() {
        (-r1, -t1)
    } else {
        (r1, t1)
    })
}

fn holds(matrix: &Square, right: &[BigInt], numerators: &[BigInt], denominator: &BigInt) -> bool {
    matrix.iter().zip(right).all(|(row, right)| {
        let mut total = BigInt::zero();
        for (column, entry) in row {
            match numerators.get(*column as usize) {
                Some(value) => total += value * *entry,
                None => return false,
            }
        }
        total == right * denominator
    })
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
mod tests {
    use super::*;

    #[test]
    fn systems_with_fractions_are_solved() {
        // A Hilbert matrix, scaled to integers: its inverse is large.
        let size = 8_u32;
        let matrix: Square = (0..size)
            .map(|i| {
                (0..size)
                    .map(|j| (j, 360_360 / i64::from(i + j + 1)))
                    .collect()
            })
            .collect();
        let right: Vec<BigInt> = (0..size).map(|i| BigInt::from(i * i + 1)).collect();
        let (numerators, denominator) = solve(&matrix, &right, &|| false).unwrap();
        assert!(holds(&matrix, &right, &numerators, &denominator));
        assert!(denominator > BigInt::one());
    }

    #[test]
    fn singular_systems_have_no_solution() {
        let matrix: Square = vec![vec![(0, 1), (1, 2)], vec![(0, 2), (1, 4)]];
        assert!(solve(&matrix, &[1.into(), 1.into()], &|| false).is_none());
    }

    #[test]
    fn sparse_systems_are_solved() {
        let size = 300_usize;
        let mut state = 7_u64;
        let mut random = move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) as usize
        };
        let mut matrix: Square = (0..size)
            .map(|i| vec![(i as u32, 1 + (random() % 9) as i64)])
            .collect();
        for row in &mut matrix {
            for _ in 0..3 {
                let column = (random() % size) as u32;
                if !row.iter().any(|e| e.0 == column) {
                    row.push((column, random() as i64 % 1000 - 500));
                }
            }
            row.sort_unstable();
            row.retain(|e| e.1 != 0);
        }
        let right: Vec<BigInt> = (0..size).map(|i| BigInt::from(i as i64 - 100)).collect();
        let (numerators, denominator) = solve(&matrix, &right, &|| false).unwrap();
        assert!(holds(&matrix, &right, &numerators, &denominator));
        let other = transpose(&transpose(&matrix));
        assert_eq!(other, matrix);
    }
}
