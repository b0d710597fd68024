//! An order in which a conjunction can be evaluated.
//!
//! Nothing rests on this order being right: evaluation refuses to go on where
//! it meets a variable that is not bound. A poor order only costs time.

use nsolve_il::program::{ArithmeticOp, Comparison, Sign};

use super::rules::{Atom, Literal, Term};
use crate::{Refusal, spend};

/// Finds an order of the literals, with the variables in `bound` known at the
/// start, after which the variables of `needed` are known too; `None` where
/// there is none. `size` tells how many atoms a predicate has.
pub(super) fn plan<'t>(
    literals: &[Literal],
    bound: &[bool],
    needed: impl IntoIterator<Item = &'t Term>,
    size: &dyn Fn(usize) -> usize,
    steps: &mut u64,
) -> Result<Option<Vec<usize>>, Refusal> {
    let mut bound = bound.to_vec();
    let mut waiting: Vec<usize> = (0..literals.len()).collect();
    let mut order = Vec::with_capacity(literals.len());
    while !waiting.is_empty() {
        let mut best: Option<(u64, usize)> = None;
        for (place, &position) in waiting.iter().enumerate() {
            let literal = literals.get(position);
            let terms = match literal {
                Some(Literal::Atom(_, atom)) => atom.arguments.len(),
                Some(Literal::Aggregate(_, aggregate)) => aggregate.needs.len(),
                _ => 0,
            };
            spend(steps, 1 + (bound.len() + terms) as u64 / 32)?;
            let price = literal.and_then(|l| price(l, &bound, size));
            let Some(price) = price else { continue };
            if best.is_none_or(|(least, _)| price < least) {
                best = Some((price, place));
            }
            if price == 0 {
                break;
            }
        }
        let Some((_, place)) = best else {
            return Ok(None);
        };
        let position = waiting.remove(place);
        if let Some(literal) = literals.get(position) {
            learn(literal, &mut bound);
        }
        order.push(position);
    }
    let all = needed.into_iter().all(|t| is_known(t, &bound));
    Ok(all.then_some(order))
}

/// Roughly how many ways a literal holds; `None` where it cannot be evaluated
/// yet. A test costs nothing, so it is made as soon as it can be.
fn price(literal: &Literal, bound: &[bool], size: &dyn Fn(usize) -> usize) -> Option<u64> {
    match literal {
        Literal::Atom(Sign::Positive, atom) => {
            let known = atom.arguments.iter().filter(|t| is_known(t, bound)).count();
            if known == atom.arguments.len() {
                return Some(0);
            }
            binds_all(&atom.arguments, &mut bound.to_vec()).then_some(())?;
            let atoms = size(atom.predicate) as u64;
            Some(3 + (atoms >> (4 * known).min(60)))
        }
        Literal::Atom(Sign::Not, Atom { arguments, .. }) => {
            arguments.iter().all(|t| is_known(t, bound)).then_some(0)
        }
        Literal::Compare(how, a, b) => match (is_known(a, bound), is_known(b, bound), how) {
            (true, true, _) => Some(0),
            (true, false, Comparison::Equal) => can_bind(b, bound).then_some(1),
            (false, true, Comparison::Equal) => can_bind(a, bound).then_some(1),
            _ => None,
        },
        Literal::Range(t, low, high) => {
            if !is_known(low, bound) || !is_known(high, bound) {
                None
            } else if is_known(t, bound) {
                Some(0)
            } else {
                can_bind(t, bound).then_some(20)
            }
        }
        Literal::Aggregate(sign, aggregate) => {
            let ready = aggregate.needs.iter().all(|&v| is_bound(bound, v));
            let guards = aggregate.guards.iter().all(|g| {
                let binds = *sign == Sign::Positive
                    && g.relation == Comparison::Equal
                    && matches!(g.term, Term::Variable(_));
                binds || is_known(&g.term, bound)
            });
            (ready && guards).then_some(2)
        }
    }
}

fn learn(literal: &Literal, bound: &mut [bool]) {
    match literal {
        Literal::Atom(Sign::Positive, atom) => {
            binds_all(&atom.arguments, bound);
        }
        Literal::Compare(Comparison::Equal, a, b) => {
            binds(a, bound);
            binds(b, bound);
        }
        Literal::Range(t, ..) => {
            binds(t, bound);
        }
        Literal::Aggregate(Sign::Positive, aggregate) => {
            for guard in &aggregate.guards {
                if let (Comparison::Equal, Term::Variable(v)) = (guard.relation, &guard.term) {
                    set(bound, *v);
                }
            }
        }
        _ => {}
    }
}

fn can_bind(term: &Term, bound: &[bool]) -> bool {
    binds(term, &mut bound.to_vec())
}

/// Whether a term can be matched with a value; marks what that binds.
fn binds(term: &Term, bound: &mut [bool]) -> bool {
    match term {
        Term::Variable(v) => {
            set(bound, *v);
            true
        }
        Term::Value(_) => true,
        Term::Function(_, args, _) => binds_all(args, bound),
        Term::Arithmetic(op, args) => {
            if is_known(term, bound) {
                return true;
            }
            match (op, args.as_slice()) {
                (ArithmeticOp::Negate, [t]) => is_number(t) && binds(t, bound),
                (ArithmeticOp::Add | ArithmeticOp::Subtract, [a, b]) => {
                    if is_known(b, bound) {
                        is_number(a) && binds(a, bound)
                    } else {
                        is_known(a, bound) && is_number(b) && binds(b, bound)
                    }
                }
                _ => false,
            }
        }
    }
}

/// Arithmetic may need what its neighbours bind, so it comes last.
fn binds_all(terms: &[Term], bound: &mut [bool]) -> bool {
    let (late, early): (Vec<&Term>, Vec<&Term>) = terms.iter().partition(|t| t.has_arithmetic());
    early.into_iter().chain(late).all(|t| binds(t, bound))
}

/// Only a variable or arithmetic can be a number that is not known yet.
fn is_number(term: &Term) -> bool {
    matches!(term, Term::Variable(_) | Term::Arithmetic(..))
}

fn is_known(term: &Term, bound: &[bool]) -> bool {
    match term {
        Term::Variable(v) => is_bound(bound, *v),
        Term::Value(_) => true,
        Term::Function(_, args, _) | Term::Arithmetic(_, args) => {
            args.iter().all(|t| is_known(t, bound))
        }
    }
}

fn is_bound(bound: &[bool], v: usize) -> bool {
    bound.get(v).copied().unwrap_or(false)
}

fn set(bound: &mut [bool], v: usize) {
    if let Some(slot) = bound.get_mut(v) {
        *slot = true;
    }
}
