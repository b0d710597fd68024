//! Sums of weighted propositions against bounds, as decision diagrams whose
//! nodes say "what is left comes to at least this" (Eén and Sörensson 2006).

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
}

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
