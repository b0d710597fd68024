//! Terms with variables in a frame: what they come to, and what they match.

use std::cmp::Ordering;

use nsolve_il::program::{ArithmeticOp, Comparison, Term, VarId, binds};

use crate::intern::{Id, Name, Values};
use crate::table::{at, put};

/// A term whose variables all have values.
#[derive(Clone, Debug)]
pub(crate) enum Expr {
    /// A variable.
    Slot(u32),
    /// A value.
    Value(Id),
    /// A value that is too deep to be made.
    TooDeep,
    Function(Name, Box<[Expr]>),
    Arithmetic(ArithmeticOp, Box<[Expr]>),
}

/// A term that is matched with a value.
#[derive(Clone, Debug)]
pub(crate) enum Pattern {
    /// A variable that gets the value.
    Bind(u32),
    /// The value must be this one.
    Equal(Expr),
    /// Members with their positions, in the order in which they can be matched.
    Function(Name, usize, Box<[(u32, Pattern)]>),
    /// `-t`
    Negate(Box<Pattern>),
    /// `t + e` or `e + t`
    Add(Box<Pattern>, Expr),
    /// `t - e`
    Subtract(Box<Pattern>, Expr),
    /// `e - t`
    SubtractFrom(Expr, Box<Pattern>),
}

/// Which variables are bound.
pub(crate) type Bound = Vec<bool>;

/// Whether all variables of a term are bound.
pub(crate) fn is_known(term: &Term, bound: &[bool]) -> bool {
    let mut all = true;
    term.each_variable(&mut |v| all &= at(bound, v.index()));
    all
}

pub(crate) fn has_arithmetic(term: &Term) -> bool {
    let mut out = false;
    term.each(&mut |t| out |= matches!(t, Term::Arithmetic(..)));
    out
}

/// Positions of terms as [`binds`] goes through them: those without arithmetic
/// first.
pub(crate) fn in_order(terms: &[Term]) -> impl Iterator<Item = usize> {
    let late = |arithmetic: bool| {
        let those = terms.iter().enumerate();
        those.filter_map(move |(i, t)| (has_arithmetic(t) == arithmetic).then_some(i))
    };
    late(false).chain(late(true))
}

/// A term to be evaluated.
pub(crate) fn expression(term: &Term, values: &mut Values) -> Expr {
    let mut all =
        |terms: &[Term]| -> Box<[Expr]> { terms.iter().map(|t| expression(t, values)).collect() };
    match term {
        Term::Variable(v) => Expr::Slot(v.0),
        Term::Value(value) => values.intern(value).map_or(Expr::TooDeep, Expr::Value),
        Term::Function(name, arguments) => {
            let arguments = all(arguments);
            Expr::Function(values.name(name), arguments)
        }
        Term::Arithmetic(op, arguments) => Expr::Arithmetic(*op, all(arguments)),
    }
}

/// A term to be matched; its variables are bound afterwards. `None` where it
/// cannot be.
pub(crate) fn pattern(term: &Term, bound: &mut Bound, values: &mut Values) -> Option<Pattern> {
    if is_known(term, bound) {
        return Some(Pattern::Equal(expression(term, values)));
    }
    binds(term, bound)?;
    Some(match term {
        Term::Variable(VarId(v)) => {
            put(bound, *v as usize, true);
            Pattern::Bind(*v)
        }
        Term::Value(_) => Pattern::Equal(expression(term, values)),
        Term::Function(name, arguments) => {
            let mut members = Vec::with_capacity(arguments.len());
            for i in in_order(arguments) {
                members.push((i as u32, pattern(arguments.get(i)?, bound, values)?));
            }
            Pattern::Function(values.name(name), arguments.len(), members.into())
        }
        Term::Arithmetic(op, arguments) => match (op, arguments.as_slice()) {
            (ArithmeticOp::Negate, [t]) => Pattern::Negate(Box::new(pattern(t, bound, values)?)),
            (_, [t, c]) if is_known(c, bound) => {
                let (t, c) = (Box::new(pattern(t, bound, values)?), expression(c, values));
                match op {
                    ArithmeticOp::Add => Pattern::Add(t, c),
                    _ => Pattern::Subtract(t, c),
                }
            }
            (_, [c, t]) => {
                let (c, t) = (expression(c, values), Box::new(pattern(t, bound, values)?));
                match op {
                    ArithmeticOp::Add => Pattern::Add(t, c),
                    _ => Pattern::SubtractFrom(c, t),
                }
            }
            _ => return None,
        },
    })
}

/// What an expression comes to; `None` where it is undefined. Overflow and
/// depth are noted in the values.
pub(crate) fn evaluate(expr: &Expr, frame: &[Id], values: &mut Values) -> Option<Id> {
    match expr {
        Expr::Slot(v) => Some(at(frame, *v as usize)),
        Expr::Value(id) => Some(*id),
        Expr::TooDeep => {
            values.deep = true;
            None
        }
        Expr::Function(name, arguments) => {
            let ids: Option<Vec<Id>> = arguments
                .iter()
                .map(|a| evaluate(a, frame, values))
                .collect();
            values.function(*name, &ids?)
        }
        Expr::Arithmetic(op, arguments) => {
            let mut operands = [0i64; 2];
            for (slot, argument) in operands.iter_mut().zip(arguments) {
                let id = evaluate(argument, frame, values)?;
                *slot = values.as_int(id)?;
            }
            let [a, b] = operands;
            match arithmetic(*op, a, b) {
                Number::Is(n) => Some(values.int(n)),
                Number::Undefined => None,
                Number::Overflow => {
                    values.overflow = true;
                    None
                }
            }
        }
    }
}

/// A result of arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    Is(i64),
    Undefined,
    Overflow,
}

/// Exact arithmetic on 64-bit integers.
pub(crate) fn arithmetic(op: ArithmeticOp, a: i64, b: i64) -> Number {
    let result = match op {
        ArithmeticOp::Add => a.checked_add(b),
        ArithmeticOp::Subtract => a.checked_sub(b),
        ArithmeticOp::Multiply => a.checked_mul(b),
        ArithmeticOp::Divide | ArithmeticOp::Remainder | ArithmeticOp::Modulo if b == 0 => {
            return Number::Undefined;
        }
        ArithmeticOp::Divide => a.checked_div(b),
        ArithmeticOp::Remainder => Some(a.wrapping_rem(b)),
        ArithmeticOp::Modulo => {
            let r = a.wrapping_rem(b);
            Some(if r != 0 && (r < 0) != (b < 0) {
                r + b
            } else {
                r
            })
        }
        ArithmeticOp::Power if b < 0 => return Number::Undefined,
        ArithmeticOp::Power => match (a, u32::try_from(b)) {
            (0 | 1, _) => Some(if b == 0 { 1 } else { a }),
            (-1, _) => Some(if b % 2 == 0 { 1 } else { -1 }),
            (_, Ok(exponent)) => a.checked_pow(exponent),
            (_, Err(_)) => None,
        },
        ArithmeticOp::Negate => a.checked_neg(),
        ArithmeticOp::Absolute => a.checked_abs(),
    };
    result.map_or(Number::Overflow, Number::Is)
}

/// Matches a value, and binds what the pattern binds.
pub(crate) fn matches(pattern: &Pattern, id: Id, frame: &mut [Id], values: &mut Values) -> bool {
    match pattern {
        Pattern::Bind(v) => {
            put(frame, *v as usize, id);
            true
        }
        Pattern::Equal(expr) => evaluate(expr, frame, values) == Some(id),
        Pattern::Function(name, arity, members) => members.iter().all(|(i, member)| {
            let arguments = values.arguments(id, *name, *arity);
            let argument = arguments.and_then(|a| a.get(*i as usize).copied());
            argument.is_some_and(|a| matches(member, a, frame, values))
        }),
        Pattern::Negate(t) => inverse(ArithmeticOp::Subtract, None, id, t, frame, values),
        Pattern::Add(t, e) => {
            let e = evaluate(e, frame, values);
            e.is_some_and(|e| inverse(ArithmeticOp::Subtract, Some((id, e)), id, t, frame, values))
        }
        Pattern::Subtract(t, e) => {
            let e = evaluate(e, frame, values);
            e.is_some_and(|e| inverse(ArithmeticOp::Add, Some((id, e)), id, t, frame, values))
        }
        Pattern::SubtractFrom(e, t) => {
            let e = evaluate(e, frame, values);
            e.is_some_and(|e| inverse(ArithmeticOp::Subtract, Some((e, id)), id, t, frame, values))
        }
    }
}

/// Matches `inner` with `a op b`, or with `-id` where there are no operands.
fn inverse(
    op: ArithmeticOp,
    operands: Option<(Id, Id)>,
    id: Id,
    inner: &Pattern,
    frame: &mut [Id],
    values: &mut Values,
) -> bool {
    let (a, b) = match operands {
        Some((a, b)) => (values.as_int(a), values.as_int(b)),
        None => (Some(0), values.as_int(id)),
    };
    let (Some(a), Some(b)) = (a, b) else {
        return false;
    };
    match arithmetic(op, a, b) {
        Number::Is(n) => {
            let id = values.int(n);
            matches(inner, id, frame, values)
        }
        Number::Undefined => false,
        Number::Overflow => {
            values.overflow = true;
            false
        }
    }
}

/// Whether a comparison holds for values in this order.
pub(crate) fn holds(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_is_exact_or_says_why_not() {
        use ArithmeticOp::*;
        for (op, a, b, result) in [
            (Divide, -7, 2, Number::Is(-3)),
            (Remainder, -7, 2, Number::Is(-1)),
            (Modulo, -7, 2, Number::Is(1)),
            (Modulo, 7, -2, Number::Is(-1)),
            (Divide, 1, 0, Number::Undefined),
            (Divide, i64::MIN, -1, Number::Overflow),
            (Remainder, i64::MIN, -1, Number::Is(0)),
            (Power, 2, 10, Number::Is(1024)),
            (Power, 2, 63, Number::Overflow),
            (Power, -1, i64::MAX, Number::Is(-1)),
            (Power, 2, -1, Number::Undefined),
            (Power, 0, 0, Number::Is(1)),
            (Absolute, i64::MIN, 0, Number::Overflow),
            (Add, i64::MAX, 1, Number::Overflow),
        ] {
            assert_eq!(arithmetic(op, a, b), result, "{op:?} {a} {b}");
        }
    }
}
