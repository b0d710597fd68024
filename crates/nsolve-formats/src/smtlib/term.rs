//! The terms of SMT-LIB 2: sorts are checked, `let` and definitions are
//! expanded, `ite` becomes connectives.

use std::sync::Arc;

use nsolve_il::Rational;
use nsolve_il::fol::{ArithmeticOp, CompareOp, Quantifier};
use nsolve_source::{Code, Diagnostic, Span};
use nsolve_syntax::fol::{BinaryOp, Expr, ExprKind, Ident, NaryOp, Quantified, UnaryOp};
use num_traits::Zero as _;
use rustc_hash::{FxHashMap, FxHashSet};

use super::cases::{Allowance, Cases, Part, negation, two};
use super::read::unexpected;
use super::sexpr::{Kind, Sexpr};
use crate::limits::{MAX_DEPTH, Read, fault, too_deep};
use crate::number::decimal;

/// A sort of SMT-LIB.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sort {
    Bool,
    Int,
    Real,
    Named(String),
}

impl Sort {
    pub(super) fn name(&self) -> &str {
        match self {
            Sort::Bool => "Bool",
            Sort::Int => "Int",
            Sort::Real => "Real",
            Sort::Named(name) => name,
        }
    }

    fn is_numeric(&self) -> bool {
        matches!(self, Sort::Int | Sort::Real)
    }
}

/// A definition that is expanded where it is used.
pub(super) struct Function {
    pub(super) parameters: Vec<(String, Sort)>,
    pub(super) result: Sort,
    pub(super) body: Sexpr,
}

/// What a symbol is.
#[derive(Clone)]
pub(super) enum Meaning {
    /// Declared, with the sorts of its arguments and of its result.
    Declared(Vec<Sort>, Sort),
    Defined(Arc<Function>),
}

#[derive(Clone)]
enum Value {
    Formula(Part),
    Term(Cases<Part>, Sort),
}

/// What local names stand for, innermost last.
#[derive(Default)]
struct Local(FxHashMap<String, Vec<Value>>);

impl Local {
    fn push(&mut self, name: &str, value: Value) {
        self.0.entry(name.to_owned()).or_default().push(value);
    }

    fn pop(&mut self, name: &str) {
        if let Some(values) = self.0.get_mut(name) {
            values.pop();
        }
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)?.last()
    }
}

/// The sorts and symbols that are known, and the way from S-expressions to
/// formulas.
#[derive(Default)]
pub(super) struct Terms {
    sorts: FxHashMap<String, Sort>,
    functions: FxHashMap<String, Meaning>,
    allowance: Allowance,
    depth: usize,
    /// Names of variables that are bound around the current place.
    bound: FxHashSet<String>,
    renamed: FxHashMap<String, u32>,
}

fn mismatch(span: Span, wanted: &str, found: &str) -> Diagnostic {
    let message = format!("{wanted} is wanted, this has sort `{found:.60}`");
    Diagnostic::error(Code::SORT_MISMATCH, message)
        .at(span)
        .expecting([wanted])
}

impl Terms {
    pub(super) fn new_sort(&mut self, name: &Ident, sort: Sort) -> Read<()> {
        let builtin = matches!(name.name.as_str(), "Bool" | "Int" | "Real");
        if builtin || self.sorts.insert(name.name.clone(), sort).is_some() {
            return fault(twice(name));
        }
        Ok(())
    }

    pub(super) fn new_function(&mut self, name: &Ident, meaning: Meaning) -> Read<()> {
        let reserved = super::RESERVED.contains(&name.name.as_str());
        if reserved || self.functions.contains_key(&name.name) {
            return fault(twice(name));
        }
        self.functions.insert(name.name.clone(), meaning);
        Ok(())
    }

    pub(super) fn sort(&self, at: &Sexpr) -> Read<Sort> {
        let name = at.symbol().ok_or_else(|| {
            let what = "sorts with arguments (arrays, bit-vectors) are not read";
            Diagnostic::error(Code::UNSUPPORTED, what).at(at.span)
        })?;
        match (name, self.sorts.get(name)) {
            (_, Some(sort)) => Ok(sort.clone()),
            ("Bool", _) => Ok(Sort::Bool),
            ("Int", _) => Ok(Sort::Int),
            ("Real", _) => Ok(Sort::Real),
            _ => {
                let message = format!("there is no sort `{name:.60}`");
                fault(Diagnostic::error(Code::UNKNOWN_SORT, message).at(at.span))
            }
        }
    }

    /// The formula that is asserted.
    pub(super) fn assertion(&mut self, at: &Sexpr) -> Read<Expr> {
        self.depth = 0;
        self.bound.clear();
        match self.value(at, &mut Local::default())? {
            Value::Formula(part) => Ok(part.expr),
            Value::Term(_, sort) => fault(mismatch(at.span, "a formula", sort.name())),
        }
    }

    /// Reads a definition's body with its parameters standing for themselves.
    pub(super) fn check_definition(&mut self, function: &Function) -> Read<()> {
        self.depth = 0;
        self.bound.clear();
        let mut local = Local::default();
        let span = function.body.span;
        for (name, sort) in &function.parameters {
            let value = match sort {
                Sort::Bool => Value::Formula(Part::leaf(ExprKind::Truth(true), span)),
                _ => variable(name.clone(), sort.clone(), span),
            };
            local.push(name, value);
        }
        let value = self.value(&function.body, &mut local)?;
        self.coerce(value, &function.result, span).map(|_| ())
    }

    // Values ---------------------------------------------------------------

    fn value(&mut self, at: &Sexpr, local: &mut Local) -> Read<Value> {
        if self.depth > MAX_DEPTH + 20 {
            return fault(too_deep(at.span));
        }
        self.depth += 1;
        let value = match &at.kind {
            Kind::Symbol(name) => self.name(name, at.span, local),
            Kind::Number(digits) => number(digits, at.span),
            Kind::List(parts) => self.list(parts, at, local),
            Kind::Keyword(_) | Kind::Literal => fault(
                Diagnostic::error(
                    Code::UNSUPPORTED,
                    "strings, bit-vectors and keywords are no terms that are read",
                )
                .at(at.span),
            ),
        };
        self.depth -= 1;
        value
    }

    fn name(&mut self, name: &str, span: Span, local: &mut Local) -> Read<Value> {
        if let Some(value) = local.get(name) {
            let size = match value {
                Value::Formula(part) => part.size,
                Value::Term(cases, _) => cases.size(),
            };
            self.allowance.spend(size.saturating_sub(1), span)?;
            return Ok(value.clone());
        }
        match name {
            "true" | "false" => {
                let truth = ExprKind::Truth(name == "true");
                Ok(Value::Formula(Part::leaf(truth, span)))
            }
            _ => self.apply(name, span, Vec::new(), span),
        }
    }

    fn list(&mut self, parts: &[Sexpr], at: &Sexpr, local: &mut Local) -> Read<Value> {
        let (head, rest) = match parts {
            [head, rest @ ..] => (head, rest),
            [] => return fault(unexpected(at, "a term")),
        };
        let Some(name) = head.symbol() else {
            let what = "indexed and qualified names are not read";
            return fault(Diagnostic::error(Code::UNSUPPORTED, what).at(head.span));
        };
        match (name, rest) {
            ("let", [bindings, body]) => return self.bind(bindings, body, local),
            ("forall" | "exists", [variables, body]) => {
                let quantifier = match name {
                    "forall" => Quantifier::Forall,
                    _ => Quantifier::Exists,
                };
                return self.quantified(quantifier, variables, body, at.span, local);
            }
            // Patterns and names inside change nothing of what is said.
            ("!", [inner, ..]) => return self.value(inner, local),
            ("let" | "forall" | "exists" | "!" | "_" | "as" | "match" | "par", _) => {
                let what = format!("`{name}` in this form is not read");
                return fault(Diagnostic::error(Code::UNSUPPORTED, what).at(at.span));
            }
            _ => {}
        }
        if rest.is_empty() {
            return fault(unexpected(at, "arguments: a constant has no brackets"));
        }
        let mut values = Vec::with_capacity(rest.len());
        for part in rest {
            values.push((self.value(part, local)?, part.span));
        }
        self.operation(name, head.span, values, at.span)
    }

    fn bind(&mut self, bindings: &Sexpr, body: &Sexpr, local: &mut Local) -> Read<Value> {
        let list = bindings
            .list()
            .ok_or_else(|| unexpected(bindings, "a list of bindings"))?;
        let mut values = Vec::new();
        for binding in list {
            match binding.list() {
                Some([name, value]) if name.symbol().is_some() => {
                    let value = self.value(value, local)?;
                    values.push((name.symbol().unwrap_or_default(), value));
                }
                _ => return fault(unexpected(binding, "`(name term)`")),
            }
        }
        let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
        for (name, value) in values {
            local.push(name, value);
        }
        let value = self.value(body, local);
        names.into_iter().for_each(|name| local.pop(name));
        value
    }

    fn quantified(
        &mut self,
        quantifier: Quantifier,
        variables: &Sexpr,
        body: &Sexpr,
        span: Span,
        local: &mut Local,
    ) -> Read<Value> {
        let list = variables
            .list()
            .filter(|l| !l.is_empty())
            .ok_or_else(|| unexpected(variables, "a list of variables"))?;
        let mut sorted = Vec::new();
        for entry in list {
            match entry.list() {
                Some([name, sort]) if name.symbol().is_some() => {
                    let sort_found = self.sort(sort)?;
                    if sort_found == Sort::Bool {
                        let what = "truth values cannot be quantified over";
                        return fault(Diagnostic::error(Code::UNSUPPORTED, what).at(sort.span));
                    }
                    sorted.push((name, sort_found, sort.span));
                }
                _ => return fault(unexpected(entry, "`(name Sort)`")),
            }
        }
        let mut bound = Vec::new();
        for (name, sort, sort_span) in sorted {
            let written = name.symbol().unwrap_or_default();
            let fresh = self.fresh(written);
            local.push(written, variable(fresh.clone(), sort.clone(), name.span));
            let ident = |name: &str, span| Ident {
                name: name.to_owned(),
                span,
            };
            let sort = ident(sort.name(), sort_span);
            bound.push((written, ident(&fresh, name.span), sort));
        }
        let value = self.value(body, local);
        for (written, fresh, _) in &bound {
            local.pop(written);
            self.bound.remove(&fresh.name);
        }
        let body = formula(value?, body.span)?;
        let variables = bound.into_iter().map(|(_, v, s)| (v, Some(s))).collect();
        let part = Part::join(vec![body], span, |mut body| match body.pop() {
            Some(body) => ExprKind::Quantified(Box::new(Quantified {
                quantifier,
                variables,
                body,
            })),
            None => ExprKind::Truth(true),
        })?;
        Ok(Value::Formula(part))
    }

    /// A name for a variable that is no symbol's and not bound around here: a
    /// definition's or `let`'s value must not be captured.
    fn fresh(&mut self, written: &str) -> String {
        let mut name = written.to_owned();
        while self.functions.contains_key(&name) || !self.bound.insert(name.clone()) {
            let n = self.renamed.entry(written.to_owned()).or_insert(0);
            *n += 1;
            name = format!("{written}_{n}");
        }
        name
    }

    // Operations -----------------------------------------------------------

    fn operation(
        &mut self,
        name: &str,
        name_span: Span,
        mut values: Vec<(Value, Span)>,
        span: Span,
    ) -> Read<Value> {
        match (name, values.len()) {
            ("not", 1) => {
                let part = Part::join(formulas(values)?, span, negation)?;
                Ok(Value::Formula(part))
            }
            ("and" | "or", _) => {
                let op = if name == "and" {
                    NaryOp::And
                } else {
                    NaryOp::Or
                };
                let mut parts = formulas(values)?;
                if parts.len() == 1 {
                    return Ok(Value::Formula(parts.remove(0)));
                }
                let part = Part::join(parts, span, |ts| ExprKind::Nary(op, ts))?;
                Ok(Value::Formula(part))
            }
            ("xor", 2..) => fold(formulas(values)?, BinaryOp::Xor, span),
            ("=>", 2..) => {
                let mut parts = formulas(values)?;
                parts.reverse();
                fold_with(parts, span, |done, next| {
                    Part::join(vec![next, done], span, |ts| two(BinaryOp::Implies, ts))
                })
            }
            ("ite", 3) => {
                let (other, then) = (values.pop(), values.pop());
                match (values.pop(), then, other) {
                    (Some(condition), Some(then), Some(other)) => {
                        self.ite(condition, then, other, span)
                    }
                    _ => fault(arity(name, 0, name_span)),
                }
            }
            ("=" | "distinct", 2..) => self.equation(name == "distinct", values, span),
            ("<" | "<=" | ">" | ">=", 2..) => {
                let op = match name {
                    "<" => CompareOp::Less,
                    "<=" => CompareOp::LessEq,
                    ">" => CompareOp::Greater,
                    _ => CompareOp::GreaterEq,
                };
                numeric(&values)?;
                let pairs = neighbours(values.len());
                self.pairwise(BinaryOp::Compare(op), values, &pairs, span)
            }
            ("-", 1..) | ("abs" | "to_real", 1) | ("+" | "*" | "/" | "div" | "mod", 2..) => {
                self.arithmetic(name, values, span)
            }
            (known, found) if super::RESERVED.contains(&known) => {
                fault(arity(known, found, name_span))
            }
            _ => self.apply(name, name_span, values, span),
        }
    }

    fn ite(
        &mut self,
        condition: (Value, Span),
        then: (Value, Span),
        other: (Value, Span),
        span: Span,
    ) -> Read<Value> {
        let condition = formula(condition.0, condition.1)?;
        match (then.0, other.0) {
            (Value::Formula(then), Value::Formula(other)) => {
                let part = self.allowance.either(condition, then, other, span)?;
                Ok(Value::Formula(part))
            }
            (Value::Term(then, sort), Value::Term(other, second)) => {
                let sort = common(&sort, &second)
                    .ok_or_else(|| mismatch(span, &format!("`{}`", sort.name()), second.name()))?;
                Ok(Value::Term(Cases::fork(condition, then, other)?, sort))
            }
            _ => fault(mismatch(span, "two formulas or two terms", "Bool")),
        }
    }

    fn equation(&mut self, distinct: bool, values: Vec<(Value, Span)>, span: Span) -> Read<Value> {
        let between_formulas = matches!(values.first(), Some((Value::Formula(_), _)));
        if between_formulas {
            let parts = formulas(values)?;
            let op = if distinct {
                BinaryOp::Xor
            } else {
                BinaryOp::Iff
            };
            let pairs = match distinct {
                // Of three truth values, two are the same.
                true if parts.len() > 2 => {
                    return Ok(Value::Formula(Part::leaf(ExprKind::Truth(false), span)));
                }
                _ => neighbours(parts.len()),
            };
            let part = self.join_pairs(op, parts, &pairs, span)?;
            return Ok(Value::Formula(part));
        }
        let mut sort: Option<Sort> = None;
        for (value, at) in &values {
            let Value::Term(_, here) = value else {
                return fault(mismatch(*at, "a term", "Bool"));
            };
            let wanted = sort.get_or_insert_with(|| here.clone());
            sort = Some(common(wanted, here).ok_or_else(|| {
                mismatch(
                    *at,
                    &format!("a term of sort `{}`", wanted.name()),
                    here.name(),
                )
            })?);
        }
        if !distinct {
            let pairs = neighbours(values.len());
            return self.pairwise(BinaryOp::Equal, values, &pairs, span);
        }
        let cases = self.allowance.product(terms(values), span)?;
        let cases = cases.map(&mut |parts| {
            Part::join(parts, span, |ts| match ts.len() {
                2 => two(BinaryOp::NotEqual, ts),
                _ => ExprKind::Nary(NaryOp::Distinct, ts),
            })
        })?;
        Ok(Value::Formula(self.allowance.formula(cases, span)?))
    }

    /// An atom for each of the pairs, all together.
    fn pairwise(
        &mut self,
        op: BinaryOp,
        values: Vec<(Value, Span)>,
        pairs: &[(usize, usize)],
        span: Span,
    ) -> Read<Value> {
        let cases = self.allowance.product(terms(values), span)?;
        let cases = cases.map(&mut |parts| self.join_pairs(op, parts, pairs, span))?;
        Ok(Value::Formula(self.allowance.formula(cases, span)?))
    }

    fn join_pairs(
        &mut self,
        op: BinaryOp,
        parts: Vec<Part>,
        pairs: &[(usize, usize)],
        span: Span,
    ) -> Read<Part> {
        if parts.len() == 2 {
            return Part::join(parts, span, |ts| two(op, ts));
        }
        let mut atoms = Vec::new();
        for (i, j) in pairs {
            let (Some(a), Some(b)) = (parts.get(*i), parts.get(*j)) else {
                continue;
            };
            self.allowance.spend(a.size + b.size, span)?;
            let both = vec![a.clone(), b.clone()];
            atoms.push(Part::join(both, span, |ts| two(op, ts))?);
        }
        Part::join(atoms, span, |ts| ExprKind::Nary(NaryOp::And, ts))
    }

    fn arithmetic(&mut self, name: &str, values: Vec<(Value, Span)>, span: Span) -> Read<Value> {
        let real = numeric(&values)?;
        let sort = match name {
            "/" | "to_real" => Sort::Real,
            _ if real => Sort::Real,
            _ => Sort::Int,
        };
        if real && matches!(name, "div" | "mod") {
            return fault(mismatch(span, "integers", "Real"));
        }
        let cases = self.allowance.product(terms(values), span)?;
        if name == "abs" {
            let zero = Part::leaf(ExprKind::Number(Rational::zero()), span);
            let term = cases
                .map(&mut |mut parts| Ok(parts.pop().ok_or_else(|| arity(name, 0, span))?))?;
            return self.absolute(term, zero, sort, span);
        }
        let cases = cases.map(&mut |parts| match (name, parts.len()) {
            ("-", 1) => Part::join(parts, span, negative),
            ("to_real", _) => Part::join(parts, span, |ts| {
                ExprKind::Arithmetic(ArithmeticOp::ToReal, ts)
            }),
            ("+", _) => Part::join(parts, span, |ts| {
                ExprKind::Arithmetic(ArithmeticOp::Add, ts)
            }),
            ("*", _) => Part::join(parts, span, |ts| {
                ExprKind::Arithmetic(ArithmeticOp::Multiply, ts)
            }),
            _ => {
                let op = match name {
                    "-" => ArithmeticOp::Subtract,
                    "/" => ArithmeticOp::Divide,
                    "div" => ArithmeticOp::IntDivide,
                    _ => ArithmeticOp::Modulo,
                };
                let mut parts = parts.into_iter();
                let first = parts.next().ok_or_else(|| arity(name, 0, span))?;
                parts.try_fold(first, |a, b| {
                    Part::join(vec![a, b], span, |ts| quotient(op, ts))
                })
            }
        })?;
        Ok(Value::Term(cases, sort))
    }

    fn absolute(&mut self, term: Cases<Part>, zero: Part, sort: Sort, span: Span) -> Read<Value> {
        self.allowance.spend(term.size().saturating_mul(2), span)?;
        let negated = term
            .clone()
            .map(&mut |t| Part::join(vec![t], span, negative))?;
        let at_least = |t: Part| {
            let op = BinaryOp::Compare(CompareOp::GreaterEq);
            Part::join(vec![t, zero.clone()], span, |ts| two(op, ts))
        };
        let condition = term.clone().map(&mut |t| at_least(t))?;
        let condition = self.allowance.formula(condition, span)?;
        Ok(Value::Term(Cases::fork(condition, term, negated)?, sort))
    }

    // Symbols --------------------------------------------------------------

    fn apply(
        &mut self,
        name: &str,
        name_span: Span,
        values: Vec<(Value, Span)>,
        span: Span,
    ) -> Read<Value> {
        let Some(meaning) = self.functions.get(name).cloned() else {
            let message = format!("`{name:.60}` is not declared, or not read");
            return fault(Diagnostic::error(Code::UNDECLARED, message).at(name_span));
        };
        match meaning {
            Meaning::Defined(function) => self.expand(name, &function, values, span),
            Meaning::Declared(sorts, result) => {
                if sorts.len() != values.len() {
                    return fault(arity(name, values.len(), name_span));
                }
                let mut arguments = Vec::with_capacity(values.len());
                for ((value, at), sort) in values.into_iter().zip(&sorts) {
                    let value = self.coerce(value, sort, at)?;
                    arguments.extend(match value {
                        Value::Term(cases, _) => Some(cases),
                        Value::Formula(_) => None,
                    });
                }
                let cases = self.allowance.product(arguments, span)?;
                let ident = Ident {
                    name: name.to_owned(),
                    span: name_span,
                };
                let cases = cases.map(&mut |parts| {
                    Part::join(parts, span, |ts| match ts.is_empty() {
                        true => ExprKind::Name(ident.name.clone()),
                        false => ExprKind::Apply(ident.clone(), ts),
                    })
                })?;
                Ok(match result {
                    Sort::Bool => Value::Formula(self.allowance.formula(cases, span)?),
                    sort => Value::Term(cases, sort),
                })
            }
        }
    }

    fn expand(
        &mut self,
        name: &str,
        function: &Function,
        values: Vec<(Value, Span)>,
        span: Span,
    ) -> Read<Value> {
        if values.len() != function.parameters.len() {
            return fault(arity(name, values.len(), span));
        }
        let mut local = Local::default();
        for ((value, at), (parameter, sort)) in values.into_iter().zip(&function.parameters) {
            local.push(parameter, self.coerce(value, sort, at)?);
        }
        // Each use reads the body again, which counts as a copy of it.
        // Every node takes two bytes of text or more.
        let body = function.body.span.range().len();
        self.allowance.spend(1 + body / 2, span)?;
        let value = self.value(&function.body, &mut local)?;
        self.coerce(value, &function.result, span)
    }

    /// The value as one of this sort; an integer may stand for a real.
    fn coerce(&self, value: Value, sort: &Sort, span: Span) -> Read<Value> {
        match value {
            Value::Formula(_) if *sort == Sort::Bool => Ok(value),
            Value::Formula(_) => fault(mismatch(
                span,
                &format!("a term of sort `{}`", sort.name()),
                "Bool",
            )),
            Value::Term(cases, found) if found == *sort => Ok(Value::Term(cases, found)),
            Value::Term(cases, Sort::Int) if *sort == Sort::Real => {
                let cases = cases.map(&mut |part| {
                    Part::join(vec![part], span, |ts| {
                        ExprKind::Arithmetic(ArithmeticOp::ToReal, ts)
                    })
                })?;
                Ok(Value::Term(cases, Sort::Real))
            }
            Value::Term(_, found) => fault(mismatch(
                span,
                &format!("a term of sort `{}`", sort.name()),
                found.name(),
            )),
        }
    }
}

fn twice(name: &Ident) -> Diagnostic {
    let message = format!(
        "`{:.60}` is declared twice, or is a word of SMT-LIB",
        name.name
    );
    Diagnostic::error(Code::DUPLICATE_DECLARATION, message).at(name.span)
}

fn arity(name: &str, found: usize, span: Span) -> Diagnostic {
    let message = format!("`{name:.60}` does not take {found} arguments");
    Diagnostic::error(Code::ARITY_MISMATCH, message).at(span)
}

fn variable(name: String, sort: Sort, span: Span) -> Value {
    let part = Part::leaf(ExprKind::Variable(name), span);
    Value::Term(Cases::One(part), sort)
}

fn number(digits: &str, span: Span) -> Read<Value> {
    let plain = digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    let Some(value) = decimal(digits).filter(|_| plain) else {
        let message = format!("`{digits:.60}` cannot be read as an exact number");
        return fault(Diagnostic::error(Code::BAD_NUMBER, message).at(span));
    };
    let real = digits.contains('.');
    let part = Part::leaf(literal_of(value, real, span), span);
    let sort = if real { Sort::Real } else { Sort::Int };
    Ok(Value::Term(Cases::One(part), sort))
}

/// A number; a whole one of sort `Real` is marked by a conversion.
fn literal_of(value: Rational, real: bool, span: Span) -> ExprKind {
    let mark = real && value.is_integer();
    let number = ExprKind::Number(value);
    match mark {
        true => ExprKind::Arithmetic(ArithmeticOp::ToReal, vec![Expr::new(number, span)]),
        false => number,
    }
}

/// The number that a literal is, and whether it is a real.
fn literal(e: &Expr) -> Option<(&Rational, bool)> {
    match &e.kind {
        ExprKind::Number(n) => Some((n, !n.is_integer())),
        ExprKind::Arithmetic(ArithmeticOp::ToReal, inner) => match inner.as_slice() {
            [inner] => Some((literal(inner)?.0, true)),
            _ => None,
        },
        _ => None,
    }
}

/// Negation; SMT-LIB has no other way to write a negative number.
fn negative(mut operands: Vec<Expr>) -> ExprKind {
    let Some(only) = operands.pop() else {
        return ExprKind::Truth(true);
    };
    match literal(&only) {
        Some((n, real)) => literal_of(-n, real, only.span),
        None => ExprKind::Unary(UnaryOp::Negate, Box::new(only)),
    }
}

/// An operation on two; SMT-LIB has no other way to write a fraction than as a
/// quotient.
fn quotient(op: ArithmeticOp, operands: Vec<Expr>) -> ExprKind {
    if let (ArithmeticOp::Divide, [a, b]) = (op, operands.as_slice())
        && let (Some((above, _)), Some((below, _))) = (literal(a), literal(b))
        && !below.is_zero()
    {
        return literal_of(above / below, true, a.span.to(b.span));
    }
    ExprKind::Arithmetic(op, operands)
}

fn formula(value: Value, span: Span) -> Read<Part> {
    match value {
        Value::Formula(part) => Ok(part),
        Value::Term(_, sort) => fault(mismatch(span, "a formula", sort.name())),
    }
}

fn formulas(values: Vec<(Value, Span)>) -> Read<Vec<Part>> {
    values.into_iter().map(|(v, at)| formula(v, at)).collect()
}

/// The terms among the values; their sorts are checked before.
fn terms(values: Vec<(Value, Span)>) -> Vec<Cases<Part>> {
    let term = |(value, _)| match value {
        Value::Term(cases, _) => Some(cases),
        Value::Formula(_) => None,
    };
    values.into_iter().filter_map(term).collect()
}

/// Checks that all are numbers; whether one is a real.
fn numeric(values: &[(Value, Span)]) -> Read<bool> {
    let mut real = false;
    for (value, at) in values {
        match value {
            Value::Term(_, sort) if sort.is_numeric() => real |= *sort == Sort::Real,
            Value::Term(_, sort) => return fault(mismatch(*at, "a number", sort.name())),
            Value::Formula(_) => return fault(mismatch(*at, "a number", "Bool")),
        }
    }
    Ok(real)
}

fn common(a: &Sort, b: &Sort) -> Option<Sort> {
    match (a, b) {
        _ if a == b => Some(a.clone()),
        _ if a.is_numeric() && b.is_numeric() => Some(Sort::Real),
        _ => None,
    }
}

fn neighbours(count: usize) -> Vec<(usize, usize)> {
    (1..count).map(|i| (i - 1, i)).collect()
}

fn fold(parts: Vec<Part>, op: BinaryOp, span: Span) -> Read<Value> {
    fold_with(parts, span, |done, next| {
        Part::join(vec![done, next], span, |ts| two(op, ts))
    })
}

fn fold_with(parts: Vec<Part>, span: Span, join: impl Fn(Part, Part) -> Read<Part>) -> Read<Value> {
    let mut parts = parts.into_iter();
    let first = parts.next().ok_or_else(|| arity("", 0, span))?;
    Ok(Value::Formula(parts.try_fold(first, join)?))
}
