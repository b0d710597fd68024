//! Declarations: constants, types, predicates, meaning, depth.

use std::sync::Arc;

use nsolve_il::program::{
    ArithmeticOp, DeclaredType, MAX_DEPTH, PredicateId, TypeId, Value, ValueType,
};
use nsolve_source::{Code, Diagnostic, Span};
use rustc_hash::FxHashMap;

use super::Elaborator;
use crate::program::ast::{Statement, StatementKind, Term, TermKind};

/// The most values that a type has.
const MOST_VALUES: usize = 100_000;

/// How many constants may rest on each other, where those that are used stand
/// below their use.
const DEEPEST_CONSTANT: usize = 100;

impl Elaborator {
    pub(super) fn declarations(&mut self, statements: &[Statement]) {
        self.constants(statements);
        let (mut depth, mut meaning) = (None, None);
        for statement in statements {
            let span = statement.span;
            match &statement.kind {
                StatementKind::Type(name, values) => self.declare_type(name, values, span),
                StatementKind::Depth(n) => {
                    self.once(&mut depth, "#depth", span);
                    self.declare_depth(*n, span);
                }
                StatementKind::Unsafe => self.unsafe_allowed = true,
                StatementKind::Semantics(found) => {
                    self.once(&mut meaning, "#semantics", span);
                    self.problem.meaning = *found;
                }
                StatementKind::Defined(list) => {
                    for (name, arity) in list {
                        let id = self.predicate(name, *arity, false, span);
                        self.may_lack_rules.insert(id);
                    }
                }
                _ => {}
            }
        }
        let mut declared: FxHashMap<PredicateId, Span> = FxHashMap::default();
        for statement in statements {
            if let StatementKind::Predicate {
                name,
                denied,
                types,
                meaning,
            } = &statement.kind
            {
                let types: Option<Vec<ValueType>> = types
                    .iter()
                    .map(|(t, at)| self.type_named(t, *at))
                    .collect();
                let Some(types) = types else { continue };
                let id = self.predicate(name, types.len(), *denied, statement.span);
                if let Some(first) = declared.insert(id, statement.span) {
                    let said = format!("`{name}/{}` is declared twice", types.len());
                    let fault = Diagnostic::error(Code::REPEATED_DECLARATION, said);
                    self.tell(
                        fault
                            .at(statement.span)
                            .related(first, "first declared here"),
                    );
                    continue;
                }
                let any = types.iter().all(|t| *t == ValueType::Any);
                self.typed |= !any;
                if let Some(predicate) = self.problem.predicates.get_mut(id.index()) {
                    predicate.types = (!any).then(|| types.into());
                    predicate.meaning.clone_from(meaning);
                }
            }
        }
    }

    fn once(&mut self, seen: &mut Option<Span>, what: &str, span: Span) {
        if let Some(first) = seen.replace(span) {
            let said = format!("`{what}` stands twice; the last one counts");
            let fault = Diagnostic::error(Code::REPEATED_DECLARATION, said).at(span);
            self.tell(fault.related(first, "the first one"));
        }
    }

    fn declare_depth(&mut self, n: i64, span: Span) {
        match u32::try_from(n) {
            Ok(depth) if (1..=MAX_DEPTH).contains(&depth) => self.problem.depth = depth,
            _ => {
                let said = format!("terms nest at least 1 and at most {MAX_DEPTH} deep");
                let fault = Diagnostic::error(Code::PROGRAM_NUMBER, said).at(span);
                self.tell(fault.help(format!("write `#depth {MAX_DEPTH}.`")));
            }
        }
    }

    fn type_named(&mut self, name: &Arc<str>, span: Span) -> Option<ValueType> {
        Some(match &**name {
            "any" => ValueType::Any,
            "int" => ValueType::Int,
            "symbol" => ValueType::Symbol,
            "text" => ValueType::Text,
            _ => {
                let found = self.problem.types.iter().position(|t| t.name == *name);
                let Some(found) = found else {
                    let mut known: Vec<&str> = vec!["any", "int", "symbol", "text"];
                    known.extend(self.problem.types.iter().map(|t| &*t.name));
                    let near = known.iter().find(|k| crate::fol::similar(k, name));
                    let said = format!("`{name}` is no type");
                    let fault = Diagnostic::error(Code::UNKNOWN_TYPE, said).at(span);
                    let fault = match near {
                        Some(near) => fault.suggest(span, *near),
                        None => fault.help(format!("declare it: `#type {name} = a | b.`")),
                    };
                    self.tell(fault);
                    return None;
                };
                ValueType::Declared(TypeId(found as u32))
            }
        })
    }

    fn declare_type(&mut self, name: &Arc<str>, written: &[Term], span: Span) {
        let taken = matches!(&**name, "any" | "int" | "symbol" | "text");
        if taken || self.problem.types.iter().any(|t| t.name == *name) {
            let said = format!("there is a type `{name}` already");
            self.tell(Diagnostic::error(Code::REPEATED_DECLARATION, said).at(span));
            return;
        }
        let mut values = Vec::new();
        let mut seen = rustc_hash::FxHashSet::default();
        for term in written {
            let found = match &term.kind {
                TermKind::Interval(low, high) => self.interval(low, high),
                _ => self.value_of(term).map(|v| vec![v]),
            };
            let Some(found) = found.filter(|f| values.len() + f.len() <= MOST_VALUES) else {
                let said = "a type's values are written out, without variables";
                let fault = Diagnostic::error(Code::PROGRAM_UNEXPECTED, said).at(term.span);
                self.tell(fault.help(format!(
                    "at most {MOST_VALUES} values, such as `red | green` or `1..9`"
                )));
                return;
            };
            values.extend(found.into_iter().filter(|v| seen.insert(v.clone())));
        }
        if values.is_empty() {
            let said = format!("the type `{name}` has no values");
            let fault = Diagnostic::error(Code::PROGRAM_NUMBER, said).at(span);
            self.tell(fault.help("an interval goes from the lower bound to the upper one: `1..9`"));
            return;
        }
        self.problem.types.push(DeclaredType {
            name: name.clone(),
            values,
        });
    }

    fn interval(&mut self, low: &Term, high: &Term) -> Option<Vec<Value>> {
        let (low, high) = (
            self.value_of(low)?.as_int()?,
            self.value_of(high)?.as_int()?,
        );
        let size = high.checked_sub(low)?;
        if size >= MOST_VALUES as i64 {
            return None;
        }
        Some((low..=high).map(Value::Int).collect())
    }

    fn constants(&mut self, statements: &[Statement]) {
        let mut written: FxHashMap<Arc<str>, (&Term, Span)> = FxHashMap::default();
        let mut order = Vec::new();
        for statement in statements {
            let StatementKind::Const(name, term) = &statement.kind else {
                continue;
            };
            if let Some((_, first)) = written.get(name) {
                let said = format!("the constant `{name}` is defined twice; the first one counts");
                let fault = Diagnostic::error(Code::REPEATED_DECLARATION, said);
                let first = *first;
                self.tell(
                    fault
                        .at(statement.span)
                        .related(first, "first defined here"),
                );
                continue;
            }
            written.insert(name.clone(), (term, statement.span));
            order.push(name.clone());
        }
        for name in order {
            self.constant(&name, &written, 0);
            if let Some((_, span)) = written.get(&name) {
                self.constant_uses.entry(name).or_insert((*span, false));
            }
        }
    }

    /// Works out one constant, after those that it rests on.
    fn constant(
        &mut self,
        name: &Arc<str>,
        written: &FxHashMap<Arc<str>, (&Term, Span)>,
        depth: usize,
    ) {
        let Some((term, span)) = written.get(name) else {
            return;
        };
        if self.constants.contains_key(name) {
            return;
        }
        if depth > DEEPEST_CONSTANT {
            let said = format!("the constant `{name}` rests on itself, or on too many others");
            self.tell(Diagnostic::error(Code::BAD_CONSTANT, said).at(*span));
            // Some value, so that the fault is told once.
            self.constants.insert(name.clone(), Value::Int(0));
            return;
        }
        let mut used = Vec::new();
        names_in(term, &mut used);
        for other in used {
            self.constant(&other, written, depth + 1);
            if let Some((_, at)) = written.get(&other) {
                self.constant_uses.insert(other, (*at, true));
            }
        }
        match self.value_of(term) {
            Some(value) => {
                self.constants.entry(name.clone()).or_insert(value);
            }
            None => {
                let said = format!("the value of `{name}` cannot be worked out");
                let fault = Diagnostic::error(Code::BAD_CONSTANT, said).at(term.span);
                self.tell(fault.help("a constant is a number, a name or a term without variables"));
            }
        }
    }

    /// The value of a term without variables, its arithmetic worked out.
    fn value_of(&self, term: &Term) -> Option<Value> {
        Some(match &term.kind {
            TermKind::Int(n) => Value::Int(*n),
            TermKind::Text(text) => Value::Text(text.clone()),
            TermKind::Infimum => Value::Infimum,
            TermKind::Supremum => Value::Supremum,
            TermKind::Name(name) => match self.constants.get(name) {
                Some(value) => value.clone(),
                None => Value::Constant(name.clone()),
            },
            TermKind::Function(name, terms) => {
                let values = terms.iter().map(|t| self.value_of(t));
                Value::Function(name.clone(), values.collect::<Option<Vec<_>>>()?.into())
            }
            TermKind::Arithmetic(op, terms) => {
                let numbers = terms.iter().map(|t| self.value_of(t)?.as_int());
                let numbers = numbers.collect::<Option<Vec<i64>>>()?;
                Value::Int(calculate(*op, &numbers)?)
            }
            _ => return None,
        })
    }
}

fn names_in(term: &Term, out: &mut Vec<Arc<str>>) {
    match &term.kind {
        TermKind::Name(name) => out.push(name.clone()),
        TermKind::Function(_, terms) | TermKind::Arithmetic(_, terms) => {
            terms.iter().for_each(|t| names_in(t, out));
        }
        _ => {}
    }
}

fn calculate(op: ArithmeticOp, numbers: &[i64]) -> Option<i64> {
    match (op, numbers) {
        (ArithmeticOp::Add, [a, b]) => a.checked_add(*b),
        (ArithmeticOp::Subtract, [a, b]) => a.checked_sub(*b),
        (ArithmeticOp::Multiply, [a, b]) => a.checked_mul(*b),
        (ArithmeticOp::Divide, [a, b]) => a.checked_div(*b),
        (ArithmeticOp::Remainder, [a, b]) => a.checked_rem(*b),
        (ArithmeticOp::Modulo, [a, b]) => {
            let rest = a.checked_rem(*b)?;
            Some(if rest != 0 && (rest < 0) != (*b < 0) {
                rest + b
            } else {
                rest
            })
        }
        (ArithmeticOp::Power, [a, b]) => a.checked_pow(u32::try_from(*b).ok()?),
        (ArithmeticOp::Negate, [a]) => a.checked_neg(),
        (ArithmeticOp::Absolute, [a]) => a.checked_abs(),
        _ => None,
    }
}
