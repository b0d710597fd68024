//! Terms and atoms under a binding.

use nsolve_il::program::{ArithmeticOp, Comparison};

use super::NotCheckable;
use super::atoms::{AtomId, Atoms, Set};
use super::rules::{Atom, Term};
use super::values::{Id, Values};
use crate::{Refusal, spend};

/// What is known: values, atoms, which of them are in the set at hand; and the
/// steps that are left.
pub(super) struct World {
    pub(super) values: Values,
    pub(super) atoms: Atoms,
    pub(super) set: Set,
    /// Predicates of which the set has the atoms that *may* hold; none where it
    /// is a set of atoms that do.
    pub(super) open: Vec<bool>,
    pub(super) steps: u64,
}

/// What stands for the variables of a rule.
#[derive(Default)]
pub(super) struct Env {
    values: Vec<Option<Id>>,
    /// Variables in the order in which they were bound.
    trail: Vec<usize>,
}

impl Env {
    pub(super) fn new(variables: usize) -> Self {
        Env {
            values: vec![None; variables],
            trail: Vec::new(),
        }
    }

    pub(super) fn get(&self, v: usize) -> Option<Id> {
        self.values.get(v).copied().flatten()
    }

    pub(super) fn bind(&mut self, v: usize, value: Id) {
        if let Some(slot) = self.values.get_mut(v) {
            *slot = Some(value);
            self.trail.push(v);
        }
    }

    pub(super) fn mark(&self) -> usize {
        self.trail.len()
    }

    pub(super) fn undo(&mut self, mark: usize) {
        for v in self.trail.drain(mark.min(self.trail.len())..) {
            if let Some(slot) = self.values.get_mut(v) {
                *slot = None;
            }
        }
    }

    pub(super) fn knows(&self, term: &Term) -> bool {
        match term {
            Term::Variable(v) => self.get(*v).is_some(),
            Term::Value(_) => true,
            Term::Function(_, args, _) | Term::Arithmetic(_, args) => {
                args.iter().all(|t| self.knows(t))
            }
        }
    }
}

pub(super) const OVERFLOW: Refusal = Refusal::Unchecked(NotCheckable::Overflow);
/// Rules without an order are not evaluated, so this does not come up.
pub(super) const UNBOUND: Refusal = Refusal::Unchecked(NotCheckable::Unbound);

impl World {
    pub(super) fn new(predicates: usize, depth: u32, steps: u64) -> Self {
        World {
            values: Values::new(depth),
            atoms: Atoms::new(predicates),
            set: Set::new(predicates),
            open: Vec::new(),
            steps,
        }
    }

    pub(super) fn is_open(&self, predicate: usize) -> bool {
        self.open.get(predicate).copied().unwrap_or(false)
    }

    /// The value of a term; `None` where it is undefined.
    pub(super) fn eval(&mut self, term: &Term, env: &Env) -> Result<Option<Id>, Refusal> {
        match term {
            Term::Variable(v) => env.get(*v).map(Some).ok_or(UNBOUND),
            Term::Value(id) => Ok(Some(*id)),
            Term::Function(name, args, _) => {
                let Some(args) = self.eval_all(args, env)? else {
                    return Ok(None);
                };
                let made = self.values.function(*name, args, &mut self.steps);
                made.map(Some)
            }
            Term::Arithmetic(op, args) => {
                spend(&mut self.steps, 1)?;
                let mut numbers = [0; 2];
                for (slot, arg) in numbers.iter_mut().zip(args) {
                    let value = self.eval(arg, env)?;
                    match value.and_then(|v| self.values.as_int(v)) {
                        Some(n) => *slot = n,
                        None => return Ok(None),
                    }
                }
                let [a, b] = numbers;
                let result = calculate(*op, a, b)?;
                Ok(result.map(|n| self.values.int(n)))
            }
        }
    }

    pub(super) fn eval_all(
        &mut self,
        terms: &[Term],
        env: &Env,
    ) -> Result<Option<Vec<Id>>, Refusal> {
        spend(&mut self.steps, terms.len() as u64)?;
        let mut out = Vec::with_capacity(terms.len());
        for term in terms {
            match self.eval(term, env)? {
                Some(value) => out.push(value),
                None => return Ok(None),
            }
        }
        Ok(Some(out))
    }

    /// The atom in the set, if there; the outer `None` where its arguments are
    /// undefined.
    pub(super) fn look_up(
        &mut self,
        atom: &Atom,
        env: &Env,
    ) -> Result<Option<Option<AtomId>>, Refusal> {
        spend(&mut self.steps, 1)?;
        let arguments = self.eval_all(&atom.arguments, env)?;
        Ok(arguments.map(|a| {
            let found = self.atoms.find(atom.predicate, &a);
            found.filter(|&atom| self.set.has(atom))
        }))
    }

    pub(super) fn compare(&mut self, how: Comparison, a: Id, b: Id) -> Result<bool, Refusal> {
        let order = self.values.compare(a, b, &mut self.steps)?;
        Ok(match how {
            Comparison::Equal => order.is_eq(),
            Comparison::NotEqual => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
        })
    }

    /// Matches a term with a value and binds the term's variables. Where it
    /// fails, some may stay bound: the caller undoes that.
    pub(super) fn unify(&mut self, term: &Term, value: Id, env: &mut Env) -> Result<bool, Refusal> {
        match term {
            Term::Variable(v) => match env.get(*v) {
                Some(bound) => Ok(bound == value),
                None => {
                    env.bind(*v, value);
                    Ok(true)
                }
            },
            Term::Value(id) => Ok(*id == value),
            Term::Function(name, args, _) => match self.values.as_function(value) {
                Some((f, values)) if f == *name && values.len() == args.len() => {
                    let values = values.clone();
                    self.unify_all(args, &values, 0, env)
                }
                _ => Ok(false),
            },
            Term::Arithmetic(..) if env.knows(term) => Ok(self.eval(term, env)? == Some(value)),
            Term::Arithmetic(op, args) => match self.values.as_int(value) {
                Some(n) => self.invert(*op, args, n, env),
                None => Ok(false),
            },
        }
    }

    /// Matches terms with values save at the positions of `mask`; those with
    /// arithmetic last, since they may need what the others bind.
    pub(super) fn unify_all(
        &mut self,
        terms: &[Term],
        values: &[Id],
        mask: u64,
        env: &mut Env,
    ) -> Result<bool, Refusal> {
        spend(&mut self.steps, 1 + terms.len() as u64 / 8)?;
        for late in [false, true] {
            for (i, (term, &value)) in terms.iter().zip(values).enumerate() {
                let done = i < 64 && mask >> i & 1 == 1;
                if done || term.has_arithmetic() != late {
                    continue;
                }
                if !self.unify(term, value, env)? {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Solves `op(args) = n` for the argument that is not known.
    fn invert(
        &mut self,
        op: ArithmeticOp,
        args: &[Term],
        n: i64,
        env: &mut Env,
    ) -> Result<bool, Refusal> {
        let (unknown, solution) = match (op, args) {
            (ArithmeticOp::Negate, [t]) => (t, n.checked_neg()),
            (ArithmeticOp::Add | ArithmeticOp::Subtract, [a, b]) => {
                let left = env.knows(a);
                let (known, unknown) = if left { (a, b) } else { (b, a) };
                let Some(c) = self.eval(known, env)? else {
                    return Ok(false);
                };
                let Some(c) = self.values.as_int(c) else {
                    return Ok(false);
                };
                let solution = match (op, left) {
                    (ArithmeticOp::Add, _) => n.checked_sub(c),
                    (_, true) => c.checked_sub(n),
                    (_, false) => n.checked_add(c),
                };
                (unknown, solution)
            }
            _ => return Err(UNBOUND),
        };
        let solution = self.values.int(solution.ok_or(OVERFLOW)?);
        match unknown {
            Term::Variable(_) | Term::Arithmetic(..) => self.unify(unknown, solution, env),
            Term::Value(_) | Term::Function(..) => Ok(false),
        }
    }
}

/// Arithmetic on 64-bit integers; `None` where it is undefined.
fn calculate(op: ArithmeticOp, a: i64, b: i64) -> Result<Option<i64>, Refusal> {
    let fits = match op {
        ArithmeticOp::Divide | ArithmeticOp::Remainder | ArithmeticOp::Modulo if b == 0 => {
            return Ok(None);
        }
        ArithmeticOp::Power if b < 0 => return Ok(None),
        ArithmeticOp::Add => a.checked_add(b),
        ArithmeticOp::Subtract => a.checked_sub(b),
        ArithmeticOp::Multiply => a.checked_mul(b),
        ArithmeticOp::Divide => a.checked_div(b),
        // The remainder of the least integer by -1 is 0, though the quotient
        // does not fit.
        ArithmeticOp::Remainder => Some(a.wrapping_rem(b)),
        ArithmeticOp::Modulo => Some(match a.wrapping_rem(b) {
            rest if rest != 0 && (rest < 0) != (b < 0) => rest + b,
            rest => rest,
        }),
        ArithmeticOp::Power => match (a, u32::try_from(b)) {
            (0 | 1, _) => Some(if b == 0 { 1 } else { a }),
            (-1, _) => Some(if b % 2 == 0 { 1 } else { -1 }),
            (_, Ok(b)) => a.checked_pow(b),
            (_, Err(_)) => None,
        },
        ArithmeticOp::Negate => a.checked_neg(),
        ArithmeticOp::Absolute => a.checked_abs(),
    };
    fits.map(Some).ok_or(OVERFLOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_is_as_documented() {
        use ArithmeticOp as Op;
        const MIN: i64 = i64::MIN;
        for (op, a, b, expected) in [
            (Op::Divide, -7, 2, Ok(Some(-3))),
            (Op::Remainder, -7, 2, Ok(Some(-1))),
            (Op::Remainder, 7, -2, Ok(Some(1))),
            (Op::Modulo, -7, 2, Ok(Some(1))),
            (Op::Modulo, 7, -2, Ok(Some(-1))),
            (Op::Modulo, -8, 2, Ok(Some(0))),
            (Op::Divide, 1, 0, Ok(None)),
            (Op::Remainder, 1, 0, Ok(None)),
            (Op::Modulo, 1, 0, Ok(None)),
            (Op::Divide, MIN, -1, Err(OVERFLOW)),
            (Op::Remainder, MIN, -1, Ok(Some(0))),
            (Op::Modulo, MIN, -1, Ok(Some(0))),
            (Op::Power, 2, 62, Ok(Some(1 << 62))),
            (Op::Power, 2, 63, Err(OVERFLOW)),
            (Op::Power, 2, 1 << 40, Err(OVERFLOW)),
            (Op::Power, -1, 1 << 40, Ok(Some(1))),
            (Op::Power, -1, (1 << 40) + 1, Ok(Some(-1))),
            (Op::Power, 0, 0, Ok(Some(1))),
            (Op::Power, 0, 1 << 40, Ok(Some(0))),
            (Op::Power, 2, -1, Ok(None)),
            (Op::Power, 1, -1, Ok(None)),
            (Op::Add, i64::MAX, 1, Err(OVERFLOW)),
            (Op::Subtract, MIN, 1, Err(OVERFLOW)),
            (Op::Multiply, MIN, -1, Err(OVERFLOW)),
            (Op::Negate, MIN, 0, Err(OVERFLOW)),
            (Op::Absolute, MIN, 0, Err(OVERFLOW)),
            (Op::Absolute, -3, 0, Ok(Some(3))),
        ] {
            assert_eq!(calculate(op, a, b), expected, "{op:?} {a} {b}");
        }
    }
}
