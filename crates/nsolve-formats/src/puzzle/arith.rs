//! Numbers that depend on finitely many values.

use nsolve_il::Rational;
use nsolve_il::fol::Quantifier;
use nsolve_source::Span;
use nsolve_syntax::fol::{BinaryOp, Expr, ExprKind, Ident, NaryOp, Quantified, UnaryOp};
use num_traits::{One, Signed, Zero};

use super::tree::{Comparison, Operation};

/// Something with finitely many values.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    /// The same for the same thing.
    pub(crate) key: String,
    pub(crate) kind: LeafKind,
    pub(crate) values: Vec<Rational>,
}

#[derive(Clone, Debug)]
pub(crate) enum LeafKind {
    /// A term, its sort and the names of its values.
    Thing(Expr, usize, Vec<String>),
    /// How many things satisfy a formula: `at least 1 x: S. F`.
    Count(Box<Quantified>),
    /// 1 where the formula holds, else 0.
    Truth(Expr),
}

/// A number made of such.
#[derive(Clone, Debug)]
pub(crate) enum Arith {
    Number(Rational),
    Leaf(Box<Leaf>),
    /// An integer without bounds.
    Int(Expr),
    Negate(Box<Arith>),
    Absolute(Box<Arith>),
    Combine(Operation, Box<Arith>, Box<Arith>),
}

impl Arith {
    pub(crate) fn combine(operation: Operation, a: Arith, b: Arith) -> Arith {
        if let (Arith::Number(x), Arith::Number(y)) = (&a, &b)
            && let Some(value) = compute(operation, x, y)
        {
            return Arith::Number(value);
        }
        Arith::Combine(operation, Box::new(a), Box::new(b))
    }

    /// What it depends on, each once, in order.
    pub(crate) fn leaves<'a>(&'a self, out: &mut Vec<&'a Leaf>) {
        match self {
            Arith::Number(_) | Arith::Int(_) => {}
            Arith::Leaf(leaf) => {
                if !out.iter().any(|l| l.key == leaf.key) {
                    out.push(leaf);
                }
            }
            Arith::Negate(a) | Arith::Absolute(a) => a.leaves(out),
            Arith::Combine(_, a, b) => {
                a.leaves(out);
                b.leaves(out);
            }
        }
    }

    pub(crate) fn has_int(&self) -> bool {
        match self {
            Arith::Number(_) | Arith::Leaf(_) => false,
            Arith::Int(_) => true,
            Arith::Negate(a) | Arith::Absolute(a) => a.has_int(),
            Arith::Combine(_, a, b) => a.has_int() || b.has_int(),
        }
    }

    /// Its value where leaves have these; `None` for a division by zero or an
    /// integer without bounds.
    pub(crate) fn value(&self, of: &dyn Fn(&str) -> Option<Rational>) -> Option<Rational> {
        Some(match self {
            Arith::Number(n) => n.clone(),
            Arith::Leaf(leaf) => of(&leaf.key)?,
            Arith::Int(_) => return None,
            Arith::Negate(a) => -a.value(of)?,
            Arith::Absolute(a) => a.value(of)?.abs(),
            Arith::Combine(op, a, b) => return compute(*op, &a.value(of)?, &b.value(of)?),
        })
    }

    /// With letters for its leaves.
    pub(crate) fn show(&self, letter: &dyn Fn(&str) -> &'static str) -> String {
        match self {
            Arith::Number(n) => n.to_string(),
            Arith::Leaf(leaf) => letter(&leaf.key).to_owned(),
            Arith::Int(_) => "?".to_owned(),
            Arith::Negate(a) => format!("-({})", a.show(letter)),
            Arith::Absolute(a) => format!("|{}|", a.show(letter)),
            Arith::Combine(op, a, b) => {
                let sign = match op {
                    Operation::Add => "+",
                    Operation::Subtract => "-",
                    Operation::Multiply => "*",
                    Operation::Divide => "/",
                    Operation::FloorDivide => "//",
                    Operation::Modulo => "mod",
                };
                let bracketed = |part: &Arith| match part {
                    Arith::Combine(..) => format!("({})", part.show(letter)),
                    _ => part.show(letter),
                };
                format!("{} {sign} {}", bracketed(a), bracketed(b))
            }
        }
    }
}

/// Python's arithmetic: the remainder has the divisor's sign.
fn compute(operation: Operation, a: &Rational, b: &Rational) -> Option<Rational> {
    Some(match operation {
        Operation::Add => a + b,
        Operation::Subtract => a - b,
        Operation::Multiply => a * b,
        _ if b.is_zero() => return None,
        Operation::Divide => a / b,
        Operation::FloorDivide => (a / b).floor(),
        Operation::Modulo => a - (a / b).floor() * b,
    })
}

/// Whether two numbers compare so.
pub(crate) fn holds(comparison: Comparison, a: &Rational, b: &Rational) -> bool {
    match comparison {
        Comparison::Equal => a == b,
        Comparison::NotEqual => a != b,
        Comparison::Less => a < b,
        Comparison::LessEq => a <= b,
        Comparison::Greater => a > b,
        Comparison::GreaterEq => a >= b,
    }
}

impl Leaf {
    /// The formula that says that it has one of the values at these positions,
    /// which ascend.
    pub(crate) fn is_one_of(&self, positions: &[usize], span: Span) -> Expr {
        if positions.is_empty() || positions.len() == self.values.len() {
            return Expr::new(ExprKind::Truth(!positions.is_empty()), span);
        }
        match &self.kind {
            LeafKind::Truth(formula) => match positions {
                [1] => formula.clone(),
                _ => formula.clone().negated(),
            },
            LeafKind::Thing(term, _, names) => {
                let rest: Vec<usize> = (0..names.len())
                    .filter(|i| !positions.contains(i))
                    .collect();
                let few = positions.len() <= rest.len().max(1);
                let chosen = if few { positions } else { &rest };
                let options = chosen.iter().filter_map(|&i| names.get(i)).map(|name| {
                    let name = Expr::new(ExprKind::Name(name.clone()), span);
                    equal(term.clone(), name, span)
                });
                let any = join(NaryOp::Or, options.collect(), span);
                if few { any } else { any.negated() }
            }
            LeafKind::Count(counted) => self.counts(counted, positions, span),
        }
    }

    /// A count's values are 0, 1, 2 and so on.
    fn counts(&self, counted: &Quantified, positions: &[usize], span: Span) -> Expr {
        let counting = |quantifier| {
            let mut inner = counted.clone();
            inner.quantifier = quantifier;
            Expr::new(ExprKind::Quantified(Box::new(inner)), span)
        };
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for &position in positions {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == position => *last = position,
                _ => runs.push((position, position)),
            }
        }
        let most = self.values.len().saturating_sub(1);
        let parts = runs.into_iter().map(|(first, last)| {
            let (low, high) = (first as u32, last as u32);
            match (first, last) {
                (0, 0) => counting(Quantifier::Exists).negated(),
                (1, last) if last == most => counting(Quantifier::Exists),
                (first, last) if first == last => counting(Quantifier::Exactly(low)),
                (0, _) => counting(Quantifier::AtMost(high)),
                (_, last) if last == most => counting(Quantifier::AtLeast(low)),
                _ => join(
                    NaryOp::And,
                    vec![
                        counting(Quantifier::AtLeast(low)),
                        counting(Quantifier::AtMost(high)),
                    ],
                    span,
                ),
            }
        });
        join(NaryOp::Or, parts.collect(), span)
    }
}

/// Parts joined, unless there is only one, or a truth value decides.
pub(crate) fn join(op: NaryOp, parts: Vec<Expr>, span: Span) -> Expr {
    let neutral = op == NaryOp::And;
    if parts.iter().any(|p| p.kind == ExprKind::Truth(!neutral)) {
        return Expr::new(ExprKind::Truth(!neutral), span);
    }
    let mut rest: Vec<Expr> = parts
        .into_iter()
        .filter(|p| p.kind != ExprKind::Truth(neutral))
        .collect();
    match (rest.pop(), rest.is_empty()) {
        (None, _) => Expr::new(ExprKind::Truth(neutral), span),
        (Some(one), true) => one,
        (Some(last), false) => {
            rest.push(last);
            Expr::new(ExprKind::Nary(op, rest), span)
        }
    }
}

pub(crate) fn equal(a: Expr, b: Expr, span: Span) -> Expr {
    binary(BinaryOp::Equal, a, b, span)
}

pub(crate) fn binary(op: BinaryOp, a: Expr, b: Expr, span: Span) -> Expr {
    Expr::new(ExprKind::Binary(op, Box::new(a), Box::new(b)), span)
}

pub(crate) fn quantified(
    quantifier: Quantifier,
    variables: Vec<(Ident, Option<Ident>)>,
    body: Expr,
    span: Span,
) -> Expr {
    Expr::new(
        ExprKind::Quantified(Box::new(Quantified {
            quantifier,
            variables,
            body,
        })),
        span,
    )
}

/// A text that is the same for the same term or formula.
pub(crate) fn key(e: &Expr) -> String {
    let mut out = String::new();
    write_key(e, &mut out);
    out
}

fn write_key(e: &Expr, out: &mut String) {
    let mut list = |head: &str, parts: &[&Expr]| {
        out.push('(');
        out.push_str(head);
        for part in parts {
            out.push(' ');
            write_key(part, out);
        }
        out.push(')');
    };
    match &e.kind {
        ExprKind::Name(name) | ExprKind::Variable(name) => list(&format!("{name:?}"), &[]),
        ExprKind::Number(n) => list(&n.to_string(), &[]),
        ExprKind::Truth(t) => list(&t.to_string(), &[]),
        ExprKind::Apply(name, parts) => list(
            &format!("{:?}", name.name),
            &parts.iter().collect::<Vec<_>>(),
        ),
        ExprKind::Nary(op, parts) => list(&format!("{op:?}"), &parts.iter().collect::<Vec<_>>()),
        ExprKind::Arithmetic(op, parts) => {
            list(&format!("{op:?}"), &parts.iter().collect::<Vec<_>>())
        }
        ExprKind::Unary(op, inner) => list(&format!("{op:?}"), &[inner]),
        ExprKind::Binary(op, a, b) => list(&format!("{op:?}"), &[a, b]),
        ExprKind::Quantified(q) => {
            let names: Vec<_> = q
                .variables
                .iter()
                .map(|(v, s)| (&v.name, s.as_ref().map(|s| &s.name)))
                .collect();
            list(&format!("{:?} {names:?}", q.quantifier), &[&q.body]);
        }
    }
}

/// The number as a term.
pub(crate) fn number(value: &Rational, span: Span) -> Expr {
    let magnitude = Expr::new(ExprKind::Number(value.abs()), span);
    if value.is_negative() {
        return Expr::new(ExprKind::Unary(UnaryOp::Negate, Box::new(magnitude)), span);
    }
    magnitude
}

/// The numbers from one to another, both whole.
pub(crate) fn whole_range(low: &Rational, high: &Rational, most: usize) -> Option<Vec<Rational>> {
    let mut out = Vec::new();
    let mut value = low.clone();
    while value <= *high {
        if out.len() >= most || !value.is_integer() {
            return None;
        }
        out.push(value.clone());
        value += Rational::one();
    }
    (!out.is_empty()).then_some(out)
}
