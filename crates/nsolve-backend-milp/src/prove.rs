//! A tree of cases that shows that no point is better, or that there is none.

use std::time::{Duration, Instant};

use nsolve_il::milp::{Bound, Domain, Node, Number, Problem, Proof};

use crate::highs::{HighsError, Library};
use crate::lp::{Lp, LpOutcome, LpSession};

/// What a search for a proof may cost.
pub(crate) struct Effort {
    /// How many cases.
    pub(crate) nodes: usize,
    /// When to give up.
    pub(crate) until: Instant,
}

/// Splits cases until each is closed: shown to hold nothing below `value` (as it
/// is minimized), or with `None`, to hold nothing. `None` where that takes too
/// much, or where it is not so.
pub(crate) fn prove(
    library: &'static Library,
    problem: &Problem,
    value: Option<&Number>,
    effort: &Effort,
    stop: &dyn Fn() -> bool,
) -> Result<Option<Proof>, HighsError> {
    let session = LpSession::new(library, Lp::relaxation(problem, false))?;
    let mut search = Search {
        problem,
        value,
        session,
        effort,
        stop,
        nodes: Vec::new(),
    };
    let done = search.close()?;
    Ok(done.then_some(Proof {
        nodes: search.nodes,
    }))
}

struct Search<'a> {
    problem: &'a Problem,
    value: Option<&'a Number>,
    session: LpSession<'a>,
    effort: &'a Effort,
    stop: &'a dyn Fn() -> bool,
    nodes: Vec<Node>,
}

/// What is still to be done, last first.
enum Turn {
    /// Close the case at this position.
    Visit(u32),
    /// A column gets these bounds.
    Bounds(u32, Bound, Bound),
}

impl Search<'_> {
    fn close(&mut self) -> Result<bool, HighsError> {
        self.nodes.push(Node::Leaf {
            objective: false,
            weights: Vec::new(),
        });
        let mut turns = vec![Turn::Visit(0)];
        while let Some(turn) = turns.pop() {
            match turn {
                Turn::Bounds(column, low, high) => self.session.set_column(column, low, high)?,
                Turn::Visit(place) => {
                    if self.nodes.len() > self.effort.nodes || (self.stop)() {
                        return Ok(false);
                    }
                    let Some(node) = self.visit(&mut turns)? else {
                        return Ok(false);
                    };
                    if let Some(slot) = self.nodes.get_mut(place as usize) {
                        *slot = node;
                    }
                }
            }
        }
        Ok(true)
    }

    /// Closes the case that the bounds now say, or splits it; `None` where
    /// neither can be done.
    fn visit(&mut self, turns: &mut Vec<Turn>) -> Result<Option<Node>, HighsError> {
        let left = self.effort.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        let time = Some(left.max(Duration::from_millis(1)));
        let is_empty = self.session.lp.lower.iter().zip(&self.session.lp.upper);
        let is_empty = is_empty
            .into_iter()
            .any(|(l, u)| l.as_ref().zip(u.as_ref()).is_some_and(|(l, u)| l > u));
        if is_empty {
            return Ok(Some(Node::Leaf {
                objective: false,
                weights: Vec::new(),
            }));
        }
        let point: Vec<Number> = match self.session.solve(time, self.stop)? {
            LpOutcome::Infeasible(weights) => {
                return Ok(Some(Node::Leaf {
                    objective: false,
                    weights,
                }));
            }
            LpOutcome::Optimal(exact) => {
                let bound = self.session.lp.value(&exact.point);
                if self.value.is_some_and(|value| bound >= *value) {
                    return Ok(Some(Node::Leaf {
                        objective: true,
                        weights: exact.weights,
                    }));
                }
                exact.point
            }
            LpOutcome::Near(floats) => floats
                .iter()
                .map(|v| Number::of_f64(*v).unwrap_or_default())
                .collect(),
            LpOutcome::Other(_) => return Ok(None),
        };
        Ok(self.split(&point, turns))
    }

    /// Splits the case at the column that is farthest from what it may be.
    fn split(&mut self, point: &[Number], turns: &mut Vec<Turn>) -> Option<Node> {
        let half = Number::quotient(1, 2)?;
        // Columns of the values 0 and 1 first: these splits come to an end.
        let mut best: Option<(bool, Number, u32)> = None;
        for (id, (column, value)) in (0..).zip(self.problem.columns.iter().zip(point)) {
            let distance = if column.domain.is_integer() {
                let fraction = value - &value.floor();
                fraction.clone().min(&Number::ONE - &fraction)
            } else if column.domain == Domain::Semicontinuous && self.is_between(id, value) {
                half.clone()
            } else {
                Number::ZERO
            };
            let rank = (column.is_binary(), distance, id);
            let better =
                |(binary, far, _): &(bool, Number, u32)| (rank.0, &rank.1) > (*binary, far);
            if rank.1.is_positive() && best.as_ref().is_none_or(better) {
                best = Some(rank);
            }
        }
        let best = best.map(|(_, _, column)| column);
        let column = best.or_else(|| self.semiinteger(point))?;
        let place = column as usize;
        let value = point.get(place)?;
        let (low, high) = (
            self.session.lp.lower.get(place)?.clone(),
            self.session.lp.upper.get(place)?.clone(),
        );
        let cases = (self.nodes.len() as u32, self.nodes.len() as u32 + 1);
        let declared = self.problem.column(column);
        let (first, second, node) = if declared.domain.is_integer() && !value.is_integer() {
            let at = value.floor().to_i64()?;
            (
                (low.clone(), Some(Number::from(at))),
                (Some(Number::from(at + 1)), high.clone()),
                Node::Split { column, at, cases },
            )
        } else {
            let round = |b: &Bound, round: fn(&Number) -> Number| {
                let integer = declared.domain.is_integer();
                b.as_ref()
                    .map(|b| if integer { round(b) } else { b.clone() })
            };
            (
                (Some(Number::ZERO), Some(Number::ZERO)),
                (
                    round(&declared.lower, Number::ceil),
                    round(&declared.upper, Number::floor),
                ),
                Node::Semi { column, cases },
            )
        };
        for _ in 0..2 {
            self.nodes.push(Node::Leaf {
                objective: false,
                weights: Vec::new(),
            });
        }
        turns.push(Turn::Bounds(column, low, high));
        turns.push(Turn::Visit(cases.1));
        turns.push(Turn::Bounds(column, second.0, second.1));
        turns.push(Turn::Visit(cases.0));
        turns.push(Turn::Bounds(column, first.0, first.1));
        Some(node)
    }

    fn is_between(&self, column: u32, value: &Number) -> bool {
        let declared = self.problem.column(column);
        let below = declared.lower.as_ref().is_some_and(|l| value < l);
        let above = declared.upper.as_ref().is_some_and(|u| value > u);
        !value.is_zero() && (below || above)
    }

    fn semiinteger(&self, point: &[Number]) -> Option<u32> {
        let columns = (0..).zip(self.problem.columns.iter().zip(point));
        columns
            .filter(|(id, (c, value))| {
                c.domain == Domain::Semiinteger && self.is_between(*id, value)
            })
            .map(|(id, _)| id)
            .next()
    }
}
