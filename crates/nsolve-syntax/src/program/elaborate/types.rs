//! Declared types of predicates: values and variables that do not fit.

use nsolve_il::program::{PredicateId, Problem, Term, Value, ValueType};
use nsolve_source::{Code, Diagnostic};

use super::Elaborator;
use super::scope::Scope;
use crate::program::ast;

impl Elaborator {
    /// Whether the arguments of an atom fit its declaration.
    pub(super) fn check_types(
        &mut self,
        predicate: PredicateId,
        arguments: &[Term],
        written: &[ast::Term],
        scope: &mut Scope,
    ) -> Option<()> {
        if !self.typed {
            return Some(());
        }
        let types = self.problem.predicate(predicate)?.types.clone();
        let Some(types) = types else { return Some(()) };
        let mut whole = true;
        for ((argument, written), wanted) in arguments.iter().zip(written).zip(types.iter()) {
            if let Term::Variable(v) = argument {
                scope.typings.push((*v, *wanted, written.span));
                continue;
            }
            if fits(&self.problem, argument, *wanted) {
                continue;
            }
            whole = false;
            let name = self.problem.predicate(predicate).map(ToString::to_string);
            let said = format!(
                "{} is wanted here by the declaration of `{}`",
                type_name(&self.problem, *wanted),
                name.unwrap_or_default()
            );
            let fault = Diagnostic::error(Code::VALUE_TYPE, said).at(written.span);
            self.tell(match self.near_value(argument, *wanted) {
                Some(near) => fault.suggest(written.span, near),
                None => fault,
            });
        }
        whole.then_some(())
    }

    /// A value of the type that looks much like the one that stands there.
    fn near_value(&self, argument: &Term, wanted: ValueType) -> Option<String> {
        let (Term::Value(Value::Constant(name)), ValueType::Declared(id)) = (argument, wanted)
        else {
            return None;
        };
        let values = &self.problem.types.get(id.index())?.values;
        let near = values.iter().find(|v| match v {
            Value::Constant(other) => crate::fol::similar(other, name),
            _ => false,
        })?;
        Some(near.to_string())
    }

    /// Whether some value fits all places of each variable. What does not is a
    /// rule that never applies, so surely something else was meant.
    pub(super) fn check_typings(&mut self, scope: &Scope, names: &[std::sync::Arc<str>]) -> bool {
        let mut whole = true;
        let mut first = rustc_hash::FxHashMap::default();
        for (variable, wanted, span) in &scope.typings {
            let (before, at) = *first.entry(*variable).or_insert((*wanted, *span));
            if meet(&self.problem, before, *wanted) {
                if before == ValueType::Any {
                    first.insert(*variable, (*wanted, *span));
                }
                continue;
            }
            whole = false;
            let name = names.get(variable.index()).map_or("_", |n| n);
            let said = format!(
                "`{name}` is {} here, and {} elsewhere in this rule",
                type_name(&self.problem, *wanted),
                type_name(&self.problem, before)
            );
            let fault = Diagnostic::error(Code::VALUE_TYPE, said).at(*span);
            self.tell(fault.related(at, "elsewhere"));
        }
        whole
    }
}

fn type_name(problem: &Problem, wanted: ValueType) -> String {
    match wanted {
        ValueType::Any => "anything".to_owned(),
        ValueType::Int => "an integer".to_owned(),
        ValueType::Symbol => "a constant".to_owned(),
        ValueType::Text => "a quoted text".to_owned(),
        ValueType::Declared(id) => {
            let name = problem.types.get(id.index()).map_or("?", |t| &*t.name);
            format!("a value of `{name}`")
        }
    }
}

fn fits(problem: &Problem, term: &Term, wanted: ValueType) -> bool {
    match (term, wanted) {
        (_, ValueType::Any) | (Term::Variable(_), _) => true,
        (Term::Value(value), _) => value_fits(problem, value, wanted),
        (Term::Arithmetic(..), ValueType::Int) => true,
        (Term::Arithmetic(..), ValueType::Declared(id)) => {
            let values = problem.types.get(id.index()).map_or(&[][..], |t| &t.values);
            values.iter().any(|v| v.as_int().is_some())
        }
        (Term::Function(name, terms), ValueType::Declared(id)) => {
            let values = problem.types.get(id.index()).map_or(&[][..], |t| &t.values);
            values.iter().any(|v| match v {
                Value::Function(other, args) => other == name && args.len() == terms.len(),
                _ => false,
            })
        }
        _ => false,
    }
}

fn value_fits(problem: &Problem, value: &Value, wanted: ValueType) -> bool {
    match wanted {
        ValueType::Any => true,
        ValueType::Int => matches!(value, Value::Int(_)),
        ValueType::Symbol => matches!(value, Value::Constant(_)),
        ValueType::Text => matches!(value, Value::Text(_)),
        ValueType::Declared(id) => {
            let found = problem.types.get(id.index());
            found.is_some_and(|t| t.values.contains(value))
        }
    }
}

/// Whether some value is of both types.
fn meet(problem: &Problem, a: ValueType, b: ValueType) -> bool {
    match (a, b) {
        (ValueType::Any, _) | (_, ValueType::Any) => true,
        (ValueType::Declared(id), other) | (other, ValueType::Declared(id)) if a != b => {
            let values = problem.types.get(id.index()).map_or(&[][..], |t| &t.values);
            values.iter().any(|v| value_fits(problem, v, other))
        }
        _ => a == b,
    }
}
