//! Sums of weighted propositions against bounds, as decision diagrams whose
//! nodes say "what is left comes to at least this" (Eén and Sörensson 2006).

use std::collections::VecDeque;

use nsolve_backend::StopReason;
use nsolve_il::program::Comparison;
use rustc_hash::FxHashMap;

use crate::circuit::{Circuit, Lit};
use crate::table::at;
use crate::world::World;

/// A sum. Its diagrams are kept, so that another bound costs little.
#[derive(Debug, Default)]
pub(crate) struct Sum {
    /// What is there in any case.
    base: i64,
    /// Positive weights, heaviest first, each with its literal.
    items: Vec<(i64, Lit)>,
    /// What the items from a position on come to at most.
    rest: Vec<i64>,
    nodes: FxHashMap<(u32, i64), Lit>,
    /// The sum in binary, lowest bit first, where diagrams got too large.
    bits: Option<Vec<Lit>>,
}

/// How many nodes diagrams may have. Beyond, the sum is added up in binary,
/// which takes little room but tells the solver less.
const MOST_NODES: usize = 300_000;

/// The reason to stop where weights do not fit.
fn overflow() -> StopReason {
    StopReason::Incomplete("64-bit overflow in a sum".to_owned())
}

impl Sum {
    /// The sum of these weights, as far as their literals hold.
    pub(crate) fn new(items: impl IntoIterator<Item = (i64, Lit)>) -> Result<Self, StopReason> {
        let mut base = 0i128;
        let mut weights: FxHashMap<u32, i128> = FxHashMap::default();
        let mut order = Vec::new();
        for (weight, lit) in items {
            let weight = i128::from(weight);
            if lit == Lit::TRUE {
                base += weight;
            } else if lit != Lit::FALSE {
                let entry = weights.entry(lit.variable()).or_insert_with(|| {
                    order.push(lit.variable());
                    0
                });
                if lit.is_negated() {
                    base += weight;
                    *entry -= weight;
                } else {
                    *entry += weight;
                }
            }
        }
        let mut items = Vec::new();
        for variable in order {
            let weight = weights.get(&variable).copied().unwrap_or(0);
            let lit = Lit::of(variable);
            if weight < 0 {
                base += weight;
                items.push((-weight, !lit));
            } else if weight > 0 {
                items.push((weight, lit));
            }
        }
        items.sort_by_key(|(weight, _)| -weight);
        let mut rest = vec![0i64];
        let mut sum = 0i128;
        for (weight, _) in items.iter().rev() {
            sum += weight;
            rest.push(i64::try_from(sum).map_err(|_| overflow())?);
        }
        i64::try_from(sum + base).map_err(|_| overflow())?;
        rest.reverse();
        let narrow = items
            .into_iter()
            .map(|(w, l)| i64::try_from(w).map(|w| (w, l)));
        Ok(Sum {
            base: i64::try_from(base).map_err(|_| overflow())?,
            items: narrow.collect::<Result<_, _>>().map_err(|_| overflow())?,
            rest,
            nodes: FxHashMap::default(),
            bits: None,
        })
    }

    /// What the sum is in the model that was found last.
    pub(crate) fn value(&self, circuit: &Circuit) -> i64 {
        let true_ones = self.items.iter().filter(|(_, l)| circuit.holds(*l));
        self.base + true_ones.map(|(w, _)| w).sum::<i64>()
    }

    /// The literals, if each counts one.
    pub(crate) fn units(&self) -> Option<(i64, Vec<Lit>)> {
        let all = self.items.iter().all(|(w, _)| *w == 1);
        all.then(|| (self.base, self.items.iter().map(|(_, l)| *l).collect()))
    }

    /// The literal that the sum stands in a relation to a number.
    pub(crate) fn compare(
        &mut self,
        relation: Comparison,
        number: i64,
        circuit: &mut Circuit,
        world: &mut World,
    ) -> Result<Lit, StopReason> {
        let bound = i128::from(number);
        Ok(match relation {
            Comparison::GreaterOrEqual => self.at_least(bound, circuit, world)?,
            Comparison::Greater => self.at_least(bound + 1, circuit, world)?,
            Comparison::LessOrEqual => !self.at_least(bound + 1, circuit, world)?,
            Comparison::Less => !self.at_least(bound, circuit, world)?,
            Comparison::Equal => {
                let low = self.at_least(bound, circuit, world)?;
                let high = self.at_least(bound + 1, circuit, world)?;
                circuit.and(vec![low, !high])
            }
            Comparison::NotEqual => !self.compare(Comparison::Equal, number, circuit, world)?,
        })
    }

    /// The literal that the sum is at least this.
    pub(crate) fn at_least(
        &mut self,
        bound: i128,
        circuit: &mut Circuit,
        world: &mut World,
    ) -> Result<Lit, StopReason> {
        let bound = bound - i128::from(self.base);
        let root = match i64::try_from(bound) {
            Ok(bound) => (0, bound),
            Err(_) if bound > 0 => return Ok(Lit::FALSE),
            Err(_) => return Ok(Lit::TRUE),
        };
        let mut stack = vec![root];
        if self.bits.is_some() || self.nodes.len() >= MOST_NODES {
            return self.at_least_in_binary(root.1, circuit, world);
        }
        while let Some(&(i, bound)) = stack.last() {
            if self.known(i, bound).is_some() {
                stack.pop();
                continue;
            }
            let (weight, lit) = at(&self.items, i as usize);
            let (then, other) = ((i + 1, bound - weight), (i + 1, bound));
            match (self.known(then.0, then.1), self.known(other.0, other.1)) {
                (Some(t), Some(o)) => {
                    let gate = circuit.choose(lit, t, o);
                    self.nodes.insert((i, bound), gate);
                    circuit.bytes += 40;
                    stack.pop();
                    circuit.account(world)?;
                    if self.nodes.len() >= MOST_NODES {
                        return self.at_least_in_binary(root.1, circuit, world);
                    }
                }
                (t, o) => {
                    if t.is_none() {
                        stack.push(then);
                    }
                    if o.is_none() {
                        stack.push(other);
                    }
                }
            }
        }
        Ok(self.known(root.0, root.1).unwrap_or(Lit::FALSE))
    }

    fn at_least_in_binary(
        &mut self,
        bound: i64,
        circuit: &mut Circuit,
        world: &mut World,
    ) -> Result<Lit, StopReason> {
        if bound <= 0 {
            return Ok(Lit::TRUE);
        }
        if bound > at(&self.rest, 0) {
            return Ok(Lit::FALSE);
        }
        if self.bits.is_none() {
            self.bits = Some(self.add_up(circuit, world)?);
        }
        // From the lowest bit: the bits so far are at least those of the bound.
        let mut reached = Lit::TRUE;
        for (i, &bit) in self.bits.iter().flatten().enumerate() {
            reached = if bound >> i & 1 == 1 {
                circuit.and(vec![bit, reached])
            } else {
                circuit.or([bit, reached])
            };
        }
        Ok(reached)
    }

    /// Adds the items up, column by column.
    fn add_up(&self, circuit: &mut Circuit, world: &mut World) -> Result<Vec<Lit>, StopReason> {
        let width = 64 - at(&self.rest, 0).leading_zeros() as usize;
        let mut columns: Vec<VecDeque<Lit>> = vec![VecDeque::new(); width + 1];
        for (weight, lit) in &self.items {
            for (i, column) in columns.iter_mut().enumerate() {
                if i < 63 && weight >> i & 1 == 1 {
                    column.push_back(*lit);
                }
            }
        }
        let mut bits = Vec::with_capacity(width);
        for i in 0..width {
            while let Some(column) = columns.get_mut(i).filter(|c| c.len() > 1) {
                let mut take = || column.pop_front().unwrap_or(Lit::FALSE);
                let (sum, carry) = circuit.add_bits([take(), take(), take()]);
                column.push_back(sum);
                if let Some(next) = columns.get_mut(i + 1).filter(|_| carry != Lit::FALSE) {
                    next.push_back(carry);
                }
                circuit.account(world)?;
            }
            let bit = columns.get(i).and_then(|c| c.front().copied());
            bits.push(bit.unwrap_or(Lit::FALSE));
        }
        Ok(bits)
    }

    fn known(&self, i: u32, bound: i64) -> Option<Lit> {
        if bound <= 0 {
            return Some(Lit::TRUE);
        }
        if bound > at(&self.rest, i as usize) {
            return Some(Lit::FALSE);
        }
        self.nodes.get(&(i, bound)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nsolve_backend::SolveCx;

    /// Each bound's literal agrees with the sum under every assignment, as a
    /// diagram and in binary.
    #[test]
    fn bounds_agree_with_the_sum() -> Result<(), StopReason> {
        let weights = [3i64, -2, 5, 5, 1, -7];
        let count = weights.len() as u32;
        let cx = SolveCx::default();
        for binary in [false, true] {
            let mut world = World::new(10, std::iter::empty(), &cx);
            let mut circuit = Circuit::new(count, &cx);
            let lit = |i: u32| Lit::of(i + 1);
            let items = (0..count).zip(weights).map(|(i, w)| (w, lit(i)));
            let mut sum = Sum::new(items.chain([(4, Lit::TRUE), (2, !lit(0))]))?;
            if binary {
                sum.bits = Some(sum.add_up(&mut circuit, &mut world)?);
            }
            let mut bounds = Vec::new();
            for bound in -12..25 {
                bounds.push((
                    bound,
                    sum.at_least(i128::from(bound), &mut circuit, &mut world)?,
                ));
            }
            for row in 0..1u32 << count {
                let holds = |i: u32| row >> i & 1 == 1;
                let chosen = (0..count).map(|i| if holds(i) { lit(i) } else { !lit(i) });
                assert!(circuit.solve(&chosen.collect::<Vec<_>>())?);
                let held = (0..count).zip(weights).filter(|(i, _)| holds(*i));
                let total = 4 + held.map(|(_, w)| w).sum::<i64>() + if holds(0) { 0 } else { 2 };
                assert_eq!(sum.value(&circuit), total);
                for (bound, lit) in &bounds {
                    assert_eq!(circuit.holds(*lit), total >= *bound, "{row:b} {bound}");
                }
            }
        }
        Ok(())
    }
}
