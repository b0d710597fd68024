//! Atoms and terms: where numbers are looked at.

use nsolve_il::Rational;
use nsolve_il::fol::{ArithmeticOp, CompareOp, Quantifier};
use nsolve_source::{Code, Diagnostic, Span};
use nsolve_syntax::fol::{BinaryOp, Expr, ExprKind, Ident, NaryOp, Quantified, UnaryOp};
use num_traits::Zero;
use rustc_hash::FxHashSet;

use super::arith::{Arith, Leaf, LeafKind, binary, equal, holds, join, key, number};
use super::lower::{Lower, Relation, Word, binders, denied, is_binders, refused, word};
use super::tree::{Comparison, Operation, Tree, TreeKind};
use super::world::{Argument, Result as Gives};
use crate::limits::{Read, fault};

/// What an expression is.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Formula(Expr),
    /// A term of this sort.
    Thing(Expr, usize),
    /// A number; where places of a sort without numbers were counted, that
    /// sort.
    Number(Arith, Option<usize>),
}

/// Why an atom is not made as it stands.
pub(super) enum Stop {
    Fault(Box<Diagnostic>),
    /// What this is decides what the atom says.
    Case(Box<Leaf>),
    /// It speaks of something that is not there, such as what stands behind
    /// the last.
    Outside,
}

impl From<Box<Diagnostic>> for Stop {
    fn from(fault: Box<Diagnostic>) -> Self {
        Stop::Fault(fault)
    }
}

/// The largest table of a relation.
const MOST_CELLS: usize = 10_000;
/// How many relations one text may need.
const MOST_RELATIONS: usize = 200;

type Made<T> = Result<T, Stop>;

fn mismatch<T>(message: impl Into<String>, span: Span) -> Made<T> {
    Err(Stop::Fault(Box::new(
        Diagnostic::error(Code::SORT_MISMATCH, message).at(span),
    )))
}

impl Lower<'_> {
    /// Makes an atom, case by case where its meaning depends on the value of a
    /// term. An atom about something that is not there is false.
    pub(super) fn atom(
        &mut self,
        span: Span,
        make: &mut dyn FnMut(&mut Self) -> Made<Expr>,
    ) -> Read<Expr> {
        self.spend(span)?;
        let leaf = match make(self) {
            Ok(atom) => return Ok(atom),
            Err(Stop::Fault(fault)) => return Err(fault),
            Err(Stop::Outside) => return Ok(Expr::new(ExprKind::Truth(false), span)),
            Err(Stop::Case(leaf)) => leaf,
        };
        let mut cases = Vec::new();
        for (position, value) in leaf.values.iter().enumerate() {
            self.fixed.push((leaf.key.clone(), value.clone()));
            let case = self.atom(span, make);
            self.fixed.pop();
            let is = leaf.is_one_of(&[position], span);
            cases.push(join(NaryOp::And, vec![is, case?], span));
        }
        Ok(join(NaryOp::Or, cases, span))
    }

    fn value_of(&self, key: &str) -> Option<&Rational> {
        let found = self.fixed.iter().rev().find(|(k, _)| k == key);
        found.map(|(_, value)| value)
    }

    /// A term, or the element that it is in the case at hand.
    fn thing_value(&self, term: Expr, sort: usize) -> Value {
        let known = self.value_of(&key(&term));
        let element = known.and_then(|v| self.world.elements(sort).iter().find(|e| e.value == *v));
        match element {
            Some(e) => Value::Thing(Expr::new(ExprKind::Name(e.name.clone()), term.span), sort),
            None => Value::Thing(term, sort),
        }
    }

    // Terms ----------------------------------------------------------------

    pub(super) fn term(&mut self, tree: &Tree) -> Made<Value> {
        self.spend(tree.span)?;
        let span = tree.span;
        if self.is_formula(tree) {
            return Ok(Value::Formula(self.formula(tree)?));
        }
        match &tree.kind {
            TreeKind::Number(n) => Ok(Value::Number(Arith::Number(n.clone()), None)),
            TreeKind::Name(name) => self.name(name, span),
            TreeKind::Call(name, at, parts) => self.called(name, *at, parts, span),
            TreeKind::Negate(inner) => {
                let (a, place) = self.numeric(inner)?;
                Ok(Value::Number(Arith::Negate(Box::new(a)), place))
            }
            TreeKind::Arithmetic(op, a, b) => self.arithmetic(*op, a, b, span),
            _ => mismatch("a list stands where one thing is wanted", span),
        }
    }

    fn name(&mut self, name: &str, span: Span) -> Made<Value> {
        if let Some(variable) = self.scope.iter().rev().find(|v| v.written == name) {
            let term = Expr::new(ExprKind::Name(variable.name.clone()), span);
            return Ok(self.thing_value(term, variable.sort));
        }
        let term = Expr::new(ExprKind::Name(name.to_owned()), span);
        if let Some((sort, _)) = self.world.element(name) {
            return Ok(Value::Thing(term, sort));
        }
        match self.world.function(name).cloned() {
            Some(function) if function.arguments.is_empty() => Ok(match function.result {
                Gives::Sort(sort) => self.thing_value(term, sort),
                Gives::Int => Value::Number(Arith::Int(term), None),
                Gives::Formula => Value::Formula(term),
            }),
            Some(function) => Err(self.arity(name, function.arguments.len(), 0, span)),
            None => Ok(self.undeclared(name, span)?),
        }
    }

    fn called(&mut self, name: &str, at: Span, parts: &[Tree], span: Span) -> Made<Value> {
        if let Some(function) = self.world.function(name).cloned() {
            let term = self.applied(name, at, parts, &function.arguments, span)?;
            return Ok(match function.result {
                Gives::Sort(sort) => self.thing_value(term, sort),
                Gives::Int => Value::Number(Arith::Int(term), None),
                Gives::Formula => Value::Formula(term),
            });
        }
        match word(name) {
            Some(Word::Count) => self.count(parts, span),
            Some(Word::Sum) => self.sum(parts, span),
            Some(Word::Abs) => match parts {
                [one] => {
                    let (a, _) = self.numeric(one)?;
                    Ok(Value::Number(Arith::Absolute(Box::new(a)), None))
                }
                _ => Err(self.arity(name, 1, parts.len(), span)),
            },
            Some(Word::If) => mismatch("`If` between terms has three arguments", span),
            _ => Ok(self.undeclared(name, at)?),
        }
    }

    fn arity(&self, name: &str, wanted: usize, found: usize, span: Span) -> Stop {
        Stop::Fault(Box::new(
            Diagnostic::error(
                Code::ARITY_MISMATCH,
                format!("`{name}` is declared with {wanted} arguments, {found} stand here"),
            )
            .at(span)
            .help("use it as it is declared, or change the declaration"),
        ))
    }

    fn applied(
        &mut self,
        name: &str,
        at: Span,
        parts: &[Tree],
        wanted: &[Argument],
        span: Span,
    ) -> Made<Expr> {
        if parts.len() != wanted.len() {
            return Err(self.arity(name, wanted.len(), parts.len(), span));
        }
        let mut arguments = Vec::new();
        for (part, wanted) in parts.iter().zip(wanted) {
            arguments.push(self.argument(part, *wanted)?);
        }
        let name = name.to_owned();
        Ok(Expr::new(
            ExprKind::Apply(Ident { name, span: at }, arguments),
            span,
        ))
    }

    fn argument(&mut self, part: &Tree, wanted: Argument) -> Made<Expr> {
        let span = part.span;
        let value = self.term(part)?;
        let sort = match (wanted, value) {
            (Argument::Sort(sort), Value::Thing(term, found)) if sort == found => return Ok(term),
            (_, Value::Formula(_)) => {
                return mismatch("a formula stands where a thing is wanted", span);
            }
            (Argument::Sort(sort), other) => {
                let numeric = self.world.sort(sort).is_some_and(|s| s.numeric);
                let place = (!numeric).then_some(sort);
                let (a, found) = self.as_number(other, span, false)?;
                if found != place {
                    let name = self.world.sort(sort).map_or("", |s| &s.name.name);
                    return mismatch(format!("something of sort `{name}` is wanted here"), span);
                }
                let Some(value) = a.value(&|_| None) else {
                    return self.first_case(&a, span);
                };
                let position = self.world.position(sort, &value).ok_or(Stop::Outside)?;
                let name = self
                    .world
                    .elements(sort)
                    .get(position)
                    .map(|e| e.name.clone());
                return Ok(Expr::new(ExprKind::Name(name.unwrap_or_default()), span));
            }
            (Argument::Int, other) => self.as_number(other, span, true)?.0,
        };
        self.native(&sort, span)
    }

    fn first_case<T>(&self, a: &Arith, span: Span) -> Made<T> {
        let mut leaves = Vec::new();
        a.leaves(&mut leaves);
        match leaves.first() {
            Some(leaf) => Err(Stop::Case(Box::new((*leaf).clone()))),
            None => mismatch(
                "an element of a sort is wanted, this may be any number",
                span,
            ),
        }
    }

    fn numeric(&mut self, tree: &Tree) -> Made<(Arith, Option<usize>)> {
        let value = self.term(tree)?;
        self.as_number(value, tree.span, true)
    }

    /// A number; things of other sorts count by their places.
    fn as_number(&mut self, value: Value, span: Span, tell: bool) -> Made<(Arith, Option<usize>)> {
        match value {
            Value::Number(a, place) => Ok((a, place)),
            Value::Formula(formula) => {
                let name = key(&formula);
                if let Some(value) = self.value_of(&name) {
                    return Ok((Arith::Number(value.clone()), None));
                }
                let (no, yes) = (Rational::zero(), Rational::from_integer(1.into()));
                let leaf = Leaf {
                    key: name,
                    kind: LeafKind::Truth(formula),
                    values: vec![no, yes],
                };
                Ok((Arith::Leaf(Box::new(leaf)), None))
            }
            Value::Thing(term, sort) => {
                let numeric = self.world.sort(sort).is_some_and(|s| s.numeric);
                if !numeric && tell {
                    self.tell_order(sort, span);
                }
                let place = (!numeric).then_some(sort);
                if let ExprKind::Name(name) = &term.kind
                    && !self.scope.iter().any(|v| v.name == *name)
                    && let Some((s, position)) = self.world.element(name)
                {
                    let element = self.world.elements(s).get(position);
                    let value = element.map(|e| e.value.clone()).unwrap_or_default();
                    return Ok((Arith::Number(value), place));
                }
                Ok((Arith::Leaf(Box::new(self.thing(term, sort))), place))
            }
        }
    }

    fn tell_order(&mut self, sort: usize, span: Span) {
        if !self.told.insert(("order", sort)) {
            return;
        }
        let name = self.world.sort(sort).map_or("", |s| &s.name.name);
        self.diagnostics.push(
            Diagnostic::warning(
                Code::ORDER_AS_LISTED,
                format!("elements of `{name}` are no numbers; they were ordered and counted as they are listed"),
            )
            .at(span)
            .help("list them in order, or declare numbers instead"),
        );
    }

    fn arithmetic(&mut self, op: Operation, a: &Tree, b: &Tree, span: Span) -> Made<Value> {
        let (x, left) = self.numeric(a)?;
        let (y, right) = self.numeric(b)?;
        if let (Some(left), Some(right)) = (left, right)
            && left != right
        {
            return mismatch("places in two different sorts are calculated with", span);
        }
        // The distance of two places is a number.
        let place = match (op, left, right) {
            (Operation::Subtract, Some(_), Some(_)) => None,
            _ => left.or(right),
        };
        Ok(Value::Number(Arith::combine(op, x, y), place))
    }

    // Counts ---------------------------------------------------------------

    fn count(&mut self, parts: &[Tree], span: Span) -> Made<Value> {
        let (entries, body) = binders("Count", parts, span)?;
        if let [first, rest @ ..] = entries.as_slice()
            && !rest.is_empty()
        {
            // Pairs are counted thing by thing.
            let list = TreeKind::List(rest.iter().map(|t| (*t).clone()).collect());
            let list = Tree::new(list, span);
            let inner = TreeKind::Call("Count".into(), span, vec![list, body.clone()]);
            let each = self.for_each(first, &Tree::new(inner, span))?;
            return self.total(&each, span);
        }
        let depth = self.scope.len();
        let counted = self.counted(&entries, body, span);
        self.scope.truncate(depth);
        let (counted, size) = counted?;
        let name = key(&counted);
        if let Some(value) = self.value_of(&name) {
            return Ok(Value::Number(Arith::Number(value.clone()), None));
        }
        let ExprKind::Quantified(counted) = counted.kind else {
            return mismatch("nothing is counted", span);
        };
        let leaf = Leaf {
            key: name,
            kind: LeafKind::Count(counted),
            values: (0..=size)
                .map(|n| Rational::from_integer(n.into()))
                .collect(),
        };
        Ok(Value::Number(Arith::Leaf(Box::new(leaf)), None))
    }

    /// `at least 1 x: S. F`, and how many there are at most.
    fn counted(&mut self, entries: &[&Tree], body: &Tree, span: Span) -> Read<(Expr, usize)> {
        let bound = self.bind(entries, body)?;
        let body = self.formula(body)?;
        let size = bound.first().map_or(0, |b| b.size);
        let mut parts: Vec<Expr> = bound.iter().filter_map(|b| b.guard.clone()).collect();
        parts.push(body);
        let counted = Quantified {
            quantifier: Quantifier::AtLeast(1),
            variables: bound.into_iter().map(|b| b.variable).collect(),
            body: join(NaryOp::And, parts, span),
        };
        let kind = ExprKind::Quantified(Box::new(counted));
        Ok((Expr::new(kind, span), size))
    }

    fn sum(&mut self, parts: &[Tree], span: Span) -> Made<Value> {
        if parts.first().is_some_and(is_binders) {
            let (entries, body) = binders("Sum", parts, span)?;
            if self.is_formula_over(&entries, body) {
                return self.count(parts, span);
            }
            let mut each = vec![body.clone()];
            for entry in entries.iter().rev() {
                let mut next = Vec::new();
                for body in &each {
                    next.extend(self.for_each(entry, body)?);
                }
                each = next;
            }
            return self.total(&each, span);
        }
        let listed = parts.iter().flat_map(|p| match &p.kind {
            TreeKind::List(inner) => inner.clone(),
            _ => vec![p.clone()],
        });
        self.total(&listed.collect::<Vec<_>>(), span)
    }

    /// Whether the body is a formula, its variables in scope.
    fn is_formula_over(&mut self, entries: &[&Tree], body: &Tree) -> bool {
        let depth = self.scope.len();
        let bound = self.bind(entries, body).is_ok();
        let formula = bound && self.is_formula(body);
        self.scope.truncate(depth);
        formula
    }

    fn total(&mut self, parts: &[Tree], span: Span) -> Made<Value> {
        let mut sum = Arith::Number(Rational::zero());
        for part in parts {
            let (a, place) = self.numeric(part)?;
            if place.is_some() {
                return mismatch("only numbers are summed up", span);
            }
            sum = match sum {
                Arith::Number(n) if n.is_zero() => a,
                sum => Arith::combine(Operation::Add, sum, a),
            };
        }
        Ok(Value::Number(sum, None))
    }

    // Atoms ----------------------------------------------------------------

    pub(super) fn predicate(
        &mut self,
        name: &str,
        at: Span,
        parts: &[Tree],
        span: Span,
    ) -> Made<Expr> {
        let Some(function) = self.world.function(name).cloned() else {
            return Ok(self.undeclared(name, at)?);
        };
        if function.result != Gives::Formula {
            return mismatch(
                format!("`{name}` gives a thing, and stands where a formula is wanted"),
                span,
            );
        }
        self.applied(name, at, parts, &function.arguments, span)
    }

    pub(super) fn within(&mut self, thing: &Tree, set: &Tree, span: Span) -> Made<Expr> {
        match &set.kind {
            TreeKind::List(items) => {
                let mut parts = Vec::new();
                for item in items {
                    parts.push(self.compared(thing, Comparison::Equal, item, span)?);
                }
                Ok(join(NaryOp::Or, parts, span))
            }
            TreeKind::Name(name) => {
                let value = self.term(thing)?;
                if let Some(range) = self.world.range(name).cloned() {
                    let numeric = self.world.sort(range.sort).is_some_and(|s| s.numeric);
                    let (a, place) = self.as_number(value, span, false)?;
                    if place != (!numeric).then_some(range.sort) {
                        return mismatch(format!("`{name}` is no set of such things"), span);
                    }
                    let all = 0..self.world.elements(range.sort).len();
                    let only = range.only.unwrap_or_else(|| all.collect());
                    let mut parts = Vec::new();
                    for position in only {
                        let element = self.world.elements(range.sort).get(position);
                        let value = element.map(|e| e.value.clone()).unwrap_or_default();
                        let one = Arith::Number(value);
                        parts.push(self.compare_numbers(&a, Comparison::Equal, &one, span)?);
                    }
                    return Ok(join(NaryOp::Or, parts, span));
                }
                if self.world.refused.contains(name) {
                    return Ok(refused(name, set.span)?);
                }
                let Value::Thing(term, sort) = value else {
                    return mismatch("only things are members of a set", span);
                };
                self.unknown_set(name, sort, set.span);
                let head = Ident {
                    name: name.clone(),
                    span: set.span,
                };
                Ok(Expr::new(ExprKind::Apply(head, vec![term]), span))
            }
            _ => mismatch("this is no set", set.span),
        }
    }

    pub(super) fn compare(
        &mut self,
        a: &Tree,
        sign: Comparison,
        b: &Tree,
        span: Span,
    ) -> Made<Expr> {
        let (left, right) = (self.term(a)?, self.term(b)?);
        match (left, right) {
            (Value::Formula(a), Value::Formula(b)) if sign == Comparison::Equal => {
                Ok(same_truth(a, b, span))
            }
            (Value::Thing(a, s), Value::Thing(b, t)) if s == t && sign == Comparison::Equal => {
                let element = |e: &Expr| match &e.kind {
                    ExprKind::Name(n) if !self.scope.iter().any(|v| v.name == *n) => {
                        self.world.element(n)
                    }
                    _ => None,
                };
                Ok(match (element(&a), element(&b)) {
                    (Some(a), Some(b)) => Expr::new(ExprKind::Truth(a == b), span),
                    _ => equal(a, b, span),
                })
            }
            (left, right) => {
                let formula = |v: &Value| matches!(v, Value::Formula(_));
                if formula(&left) || formula(&right) {
                    return mismatch("a formula is compared with something else", span);
                }
                let (a, left) = self.as_number(left, a.span, true)?;
                let (b, right) = self.as_number(right, b.span, true)?;
                if left != right {
                    return mismatch("things of different sorts are compared", span);
                }
                self.compare_numbers(&a, sign, &b, span)
            }
        }
    }

    fn compare_numbers(
        &mut self,
        a: &Arith,
        sign: Comparison,
        b: &Arith,
        span: Span,
    ) -> Made<Expr> {
        let mut leaves = Vec::new();
        a.leaves(&mut leaves);
        b.leaves(&mut leaves);
        if a.has_int() || b.has_int() {
            if let Some(leaf) = leaves.first() {
                return Err(Stop::Case(Box::new((*leaf).clone())));
            }
            let (a, b) = (self.native(a, span)?, self.native(b, span)?);
            return Ok(binary(native_sign(sign), a, b, span));
        }
        match leaves.as_slice() {
            [] => {
                let values = a.value(&|_| None).zip(b.value(&|_| None));
                let (a, b) = values.ok_or(Stop::Outside)?;
                Ok(Expr::new(ExprKind::Truth(holds(sign, &a, &b)), span))
            }
            [leaf] => {
                let mut positions = Vec::new();
                for (position, value) in leaf.values.iter().enumerate() {
                    let known = |_: &str| Some(value.clone());
                    if let (Some(a), Some(b)) = (a.value(&known), b.value(&known))
                        && holds(sign, &a, &b)
                    {
                        positions.push(position);
                    }
                }
                Ok(leaf.is_one_of(&positions, span))
            }
            [x, y] if is_thing(x) && is_thing(y) => self.related(a, sign, b, (x, y), span),
            _ => {
                let fewest = leaves.iter().min_by_key(|l| l.values.len());
                match fewest {
                    Some(leaf) => Err(Stop::Case(Box::new((*leaf).clone()))),
                    None => Err(Stop::Outside),
                }
            }
        }
    }

    /// A comparison of two terms is a relation between their values. The signs
    /// that say the same of turned or denied relations share one.
    fn related(
        &mut self,
        a: &Arith,
        sign: Comparison,
        b: &Arith,
        (x, y): (&Leaf, &Leaf),
        span: Span,
    ) -> Made<Expr> {
        match sign {
            Comparison::NotEqual => {
                return self
                    .related(a, Comparison::Equal, b, (x, y), span)
                    .map(denied);
            }
            Comparison::GreaterEq => {
                return self
                    .related(a, Comparison::Less, b, (x, y), span)
                    .map(denied);
            }
            Comparison::LessEq => {
                return self
                    .related(b, Comparison::Less, a, (x, y), span)
                    .map(denied);
            }
            Comparison::Greater => return self.related(b, Comparison::Less, a, (x, y), span),
            Comparison::Equal | Comparison::Less => {}
        }
        // Turned round, the terms may come in another order.
        let mut leaves = Vec::new();
        a.leaves(&mut leaves);
        b.leaves(&mut leaves);
        let [x, y] = leaves.as_slice() else {
            return Err(Stop::Outside);
        };
        let letter = |name: &str| if name == x.key { "x" } else { "y" };
        let sign_shown = if sign == Comparison::Equal { "=" } else { "<" };
        let shown = format!("{} {sign_shown} {}", a.show(&letter), b.show(&letter));
        let (LeafKind::Thing(first, s, _), LeafKind::Thing(second, t, _)) = (&x.kind, &y.kind)
        else {
            return Err(Stop::Outside);
        };
        let known = self
            .relations
            .iter()
            .position(|r| r.shown == shown && r.sorts == (*s, *t));
        let position = match known {
            Some(position) => position,
            None => {
                self.spend(span)?;
                let cells = x.values.len() * y.values.len();
                if cells > MOST_CELLS || self.relations.len() >= MOST_RELATIONS {
                    return Ok(fault(
                        Diagnostic::error(
                            Code::UNSUPPORTED,
                            "the numbers of the puzzle are too many",
                        )
                        .at(span)
                        .help("make its sorts smaller"),
                    )?);
                }
                let mut pairs = FxHashSet::default();
                for (i, v) in x.values.iter().enumerate() {
                    for (j, w) in y.values.iter().enumerate() {
                        let value = |name: &str| Some(if name == x.key { v } else { w }.clone());
                        if let (Some(a), Some(b)) = (a.value(&value), b.value(&value))
                            && holds(sign, &a, &b)
                        {
                            pairs.insert((i, j));
                        }
                    }
                }
                if pairs.is_empty() || pairs.len() == x.values.len() * y.values.len() {
                    return Ok(Expr::new(ExprKind::Truth(!pairs.is_empty()), span));
                }
                self.relate(shown, (*s, *t), pairs)
            }
        };
        let name = self
            .relations
            .get(position)
            .map_or("", |r| &r.name)
            .to_owned();
        let head = Ident { name, span };
        let arguments = vec![first.clone(), second.clone()];
        Ok(Expr::new(ExprKind::Apply(head, arguments), span))
    }

    fn relate(
        &mut self,
        shown: String,
        sorts: (usize, usize),
        pairs: FxHashSet<(usize, usize)>,
    ) -> usize {
        let taken = self.relations.iter().any(|r| r.shown == shown);
        let sort = |i: usize| self.world.sort(i).map_or("", |s| &s.name.name);
        let name = match taken {
            true => format!("{shown} ({}, {})", sort(sorts.0), sort(sorts.1)),
            false => shown.clone(),
        };
        self.relations.push(Relation {
            name,
            shown,
            sorts,
            pairs,
        });
        self.relations.len() - 1
    }

    /// A number without bounds, as a term of the language.
    fn native(&self, a: &Arith, span: Span) -> Made<Expr> {
        Ok(match a {
            Arith::Number(n) => number(n, span),
            Arith::Int(term) => term.clone(),
            Arith::Leaf(leaf) => return Err(Stop::Case(leaf.clone())),
            Arith::Negate(a) => {
                let inner = Box::new(self.native(a, span)?);
                Expr::new(ExprKind::Unary(UnaryOp::Negate, inner), span)
            }
            Arith::Combine(op, a, b) => {
                let op = match op {
                    Operation::Add => ArithmeticOp::Add,
                    Operation::Subtract => ArithmeticOp::Subtract,
                    Operation::Multiply => ArithmeticOp::Multiply,
                    _ => return unbounded(span),
                };
                let parts = vec![self.native(a, span)?, self.native(b, span)?];
                Expr::new(ExprKind::Arithmetic(op, parts), span)
            }
            Arith::Absolute(_) => return unbounded(span),
        })
    }
}

fn unbounded<T>(span: Span) -> Made<T> {
    Ok(fault(
        Diagnostic::error(
            Code::UNSUPPORTED,
            "this is calculated from an `int` without bounds",
        )
        .at(span)
        .help("declare its values: `numbers = EnumSort([1, 2, 3])`"),
    )?)
}

fn is_thing(leaf: &Leaf) -> bool {
    matches!(leaf.kind, LeafKind::Thing(..))
}

fn same_truth(a: Expr, b: Expr, span: Span) -> Expr {
    match (&a.kind, &b.kind) {
        (_, ExprKind::Truth(true)) => a,
        (ExprKind::Truth(true), _) => b,
        (_, ExprKind::Truth(false)) => denied(a),
        (ExprKind::Truth(false), _) => denied(b),
        _ => binary(BinaryOp::Iff, a, b, span),
    }
}

fn native_sign(sign: Comparison) -> BinaryOp {
    match sign {
        Comparison::Equal => BinaryOp::Equal,
        Comparison::NotEqual => BinaryOp::NotEqual,
        Comparison::Less => BinaryOp::Compare(CompareOp::Less),
        Comparison::LessEq => BinaryOp::Compare(CompareOp::LessEq),
        Comparison::Greater => BinaryOp::Compare(CompareOp::Greater),
        Comparison::GreaterEq => BinaryOp::Compare(CompareOp::GreaterEq),
    }
}
