use std::collections::BTreeSet;

use nsolve_il::milp::{Bound, ColumnId, Item, Node, Number, Problem, Proof, Query, RowId};

use super::{MilpFault, fault, pay, sign};
use crate::{Refusal, spend};

/// Replays a proof: that no point has a smaller objective (as it is minimized)
/// than a point of this `value`, or that there is no point.
///
/// Gives what the proof uses.
pub(super) fn check_proof(
    problem: &Problem,
    query: &Query,
    value: Option<&Number>,
    proof: &Proof,
    steps: &mut u64,
) -> Result<Vec<Item>, Refusal> {
    let logic = !(problem.conditions.is_empty() && problem.functions.is_empty());
    // What is shown without the logic holds with it, but the evidence would be
    // about another problem than it seems.
    if logic {
        return Err(Refusal::NoEvidence);
    }
    spend(steps, problem.columns.len() as u64)?;
    let goal = value.zip(problem.objective()).map(|(value, objective)| {
        let sign = sign(objective.sense);
        (&sign * value, sign)
    });
    let mut replay = Replay {
        problem,
        steps,
        goal,
        domains: (0..)
            .zip(&problem.columns)
            .map(|(id, _)| domain(problem, id, query.relaxed))
            .collect(),
        rest: vec![Number::ZERO; problem.columns.len()],
        used: BTreeSet::new(),
    };
    replay.replay(proof)?;
    Ok(replay.used.into_iter().collect())
}

/// What a column may be in a case.
#[derive(Clone)]
struct Interval {
    lower: Bound,
    upper: Bound,
}

impl Interval {
    fn is_empty(&self) -> bool {
        self.lower
            .as_ref()
            .zip(self.upper.as_ref())
            .is_some_and(|(l, u)| l > u)
    }
}

/// The interval that holds all that a column may be.
fn domain(problem: &Problem, id: ColumnId, relaxed: bool) -> Interval {
    let column = problem.column(id);
    let (mut lower, mut upper) = (column.lower.clone(), column.upper.clone());
    if column.domain.is_integer() && !relaxed {
        lower = lower.map(|l| l.ceil());
        upper = upper.map(|u| u.floor());
    }
    if column.domain.is_semi() {
        lower = lower.map(|l| l.min(Number::ZERO));
        upper = upper.map(|u| u.max(Number::ZERO));
    }
    Interval { lower, upper }
}

struct Replay<'a> {
    problem: &'a Problem,
    steps: &'a mut u64,
    /// The value to be met, as it is minimized, and the objective's sign.
    goal: Option<(Number, Number)>,
    domains: Vec<Interval>,
    /// All 0 between two leaves.
    rest: Vec<Number>,
    used: BTreeSet<Item>,
}

/// What is still to be done, last first.
enum Turn {
    Visit(u32),
    /// A case begins: the column gets this interval.
    Enter(ColumnId, Interval),
    /// A case is over: it has its former interval again.
    Leave(ColumnId, Interval),
}

impl Replay<'_> {
    fn replay(&mut self, proof: &Proof) -> Result<(), Refusal> {
        let mut turns = vec![Turn::Visit(0)];
        // Each case belongs to one split, so no case is replayed twice.
        let mut seen = vec![false; proof.nodes.len()];
        while let Some(turn) = turns.pop() {
            spend(self.steps, 1)?;
            match turn {
                Turn::Enter(column, interval) | Turn::Leave(column, interval) => {
                    if let Some(place) = self.domains.get_mut(column as usize) {
                        *place = interval;
                    }
                }
                Turn::Visit(node) => {
                    let (Some(case), Some(seen)) =
                        (proof.nodes.get(node as usize), seen.get_mut(node as usize))
                    else {
                        return fault(MilpFault::Dangling);
                    };
                    if std::mem::replace(seen, true) {
                        return fault(MilpFault::Dangling);
                    }
                    match case {
                        Node::Leaf { objective, weights } => self.close(*objective, weights)?,
                        Node::Split { column, at, cases } => {
                            let halves = self.split(*column, *at)?;
                            self.branch(*column, halves, *cases, &mut turns)?;
                        }
                        Node::Semi { column, cases } => {
                            let halves = self.semi(*column)?;
                            self.branch(*column, halves, *cases, &mut turns)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn branch(
        &mut self,
        column: ColumnId,
        (first, second): (Interval, Interval),
        cases: (u32, u32),
        turns: &mut Vec<Turn>,
    ) -> Result<(), Refusal> {
        let Some(now) = self.domains.get(column as usize) else {
            return fault(MilpFault::Dangling);
        };
        self.used.insert(Item::Domain(column));
        turns.push(Turn::Leave(column, now.clone()));
        turns.push(Turn::Visit(cases.1));
        turns.push(Turn::Enter(column, second));
        turns.push(Turn::Visit(cases.0));
        turns.push(Turn::Enter(column, first));
        Ok(())
    }

    fn split(&self, column: ColumnId, at: i64) -> Result<(Interval, Interval), Refusal> {
        let Some(now) = self.domains.get(column as usize) else {
            return fault(MilpFault::Dangling);
        };
        if !self.problem.column(column).domain.is_integer() {
            return fault(MilpFault::Split);
        }
        let (low, high) = (Number::from(at), &Number::from(at) + &Number::ONE);
        let least = |bound: &Bound, value: Number| match bound {
            Some(bound) if *bound < value => bound.clone(),
            _ => value,
        };
        let most = |bound: &Bound, value: Number| match bound {
            Some(bound) if *bound > value => bound.clone(),
            _ => value,
        };
        Ok((
            Interval {
                lower: now.lower.clone(),
                upper: Some(least(&now.upper, low)),
            },
            Interval {
                lower: Some(most(&now.lower, high)),
                upper: now.upper.clone(),
            },
        ))
    }

    fn semi(&self, column: ColumnId) -> Result<(Interval, Interval), Refusal> {
        let declared = self.problem.column(column);
        if !declared.domain.is_semi() {
            return fault(MilpFault::Split);
        }
        // Not what a split above left of the interval: the declared bounds hold
        // for whatever is not 0, and leave no point out.
        let integer = declared.domain.is_integer();
        let narrow = |bound: &Bound, round: fn(&Number) -> Number| {
            bound
                .as_ref()
                .map(|b| if integer { round(b) } else { b.clone() })
        };
        Ok((
            Interval {
                lower: Some(Number::ZERO),
                upper: Some(Number::ZERO),
            },
            Interval {
                lower: narrow(&declared.lower, Number::ceil),
                upper: narrow(&declared.upper, Number::floor),
            },
        ))
    }

    /// Closes a case by a weighted sum of rows.
    fn close(&mut self, objective: bool, weights: &[(RowId, Number)]) -> Result<(), Refusal> {
        let touched = self.subtract_rows(objective, weights)?;
        let sum = self.sum(objective, weights, &touched);
        for column in touched {
            if let Some(rest) = self.rest.get_mut(column as usize) {
                *rest = Number::ZERO;
            }
        }
        let sum = sum?;
        let Some(sum) = sum else {
            return Ok(());
        };
        let closed = match (objective, &self.goal) {
            (true, Some((value, _))) => sum >= *value,
            (true, None) => false,
            (false, _) => sum.is_positive(),
        };
        if closed {
            Ok(())
        } else {
            fault(MilpFault::Open)
        }
    }

    /// Makes `rest` the objective (or nothing) minus the weighted rows, and
    /// tells which columns are in it.
    fn subtract_rows(
        &mut self,
        objective: bool,
        weights: &[(RowId, Number)],
    ) -> Result<BTreeSet<ColumnId>, Refusal> {
        let mut touched = BTreeSet::new();
        let problem = self.problem;
        if let (true, Some((_, sign)), Some(objective)) =
            (objective, &self.goal, problem.objective())
        {
            for (column, coefficient) in &objective.expression.terms {
                if let Some(rest) = self.rest.get_mut(*column as usize) {
                    *rest = coefficient * sign;
                    touched.insert(*column);
                }
            }
        }
        for (row, weight) in weights {
            if *row as usize >= problem.rows.len() {
                return fault(MilpFault::Dangling);
            }
            for (column, coefficient) in problem.rows.get(*row).terms() {
                pay(self.steps, weight)?;
                let Some(rest) = self.rest.get_mut(column as usize) else {
                    return fault(MilpFault::Dangling);
                };
                *rest += &-&(coefficient * weight);
                pay(self.steps, rest)?;
                touched.insert(column);
            }
        }
        Ok(touched)
    }

    /// The least that the weighted sum can be in this case; `None` where the
    /// case has no point since a column has no value left.
    fn sum(
        &mut self,
        objective: bool,
        weights: &[(RowId, Number)],
        touched: &BTreeSet<ColumnId>,
    ) -> Result<Option<Number>, Refusal> {
        let mut used = Vec::new();
        let mut total = Number::ZERO;
        if let (true, Some((_, sign)), Some(objective)) =
            (objective, &self.goal, self.problem.objective())
        {
            total = &objective.expression.constant * sign;
        }
        for (row, weight) in weights {
            let bounds = self.problem.rows.get(*row);
            let bound = match (weight.is_zero(), weight.is_positive()) {
                (true, _) => continue,
                (_, true) => bounds.lower,
                _ => bounds.upper,
            };
            let Some(bound) = bound else {
                return fault(MilpFault::NoBound);
            };
            total += &(weight * bound);
            pay(self.steps, &total)?;
            used.push(Item::Row(*row));
        }
        if weights.is_empty() && !objective {
            // The case speaks for itself: some column has no value.
            let empty = (0..).zip(&self.domains).find(|(_, d)| d.is_empty());
            spend(self.steps, self.domains.len() as u64)?;
            let Some((column, _)) = empty else {
                return fault(MilpFault::Open);
            };
            self.used.extend([Item::Lower(column), Item::Upper(column)]);
            return Ok(None);
        }
        for column in touched {
            let place = *column as usize;
            let (Some(rest), Some(domain)) = (self.rest.get(place), self.domains.get(place)) else {
                return fault(MilpFault::Dangling);
            };
            let (bound, item) = match (rest.is_zero(), rest.is_positive()) {
                (true, _) => continue,
                (_, true) => (&domain.lower, Item::Lower(*column)),
                _ => (&domain.upper, Item::Upper(*column)),
            };
            let Some(bound) = bound else {
                return fault(MilpFault::NoBound);
            };
            total += &(rest * bound);
            pay(self.steps, &total)?;
            used.push(item);
        }
        self.used.extend(used);
        Ok(Some(total))
    }
}
