//! Evaluation as a textbook has it, with nothing of the checker's.

use std::collections::BTreeMap;

use nsolve::il::Rational;
use nsolve::il::fol::{
    ArithmeticOp, CompareOp, Model, Problem, Quantifier, SortId, SortKind, Term, TermId, Value,
    VarId,
};

type Environment = BTreeMap<VarId, Value>;

/// Whether a closed formula holds; `None` where numbers would have to be gone
/// through, or something is divided by zero.
pub fn holds(problem: &Problem, model: &Model, formula: TermId) -> Option<bool> {
    match value(problem, model, formula, &Environment::new())? {
        Value::Bool(value) => Some(value),
        _ => panic!("a formula without a truth value"),
    }
}

/// How many things of a sort there are; whatever the model leaves open has one.
fn size(problem: &Problem, model: &Model, sort: SortId) -> Option<u32> {
    match &problem.signature.sort(sort).kind {
        SortKind::Enumerated(elements) => Some(elements.len() as u32),
        SortKind::Uninterpreted => {
            Some(model.domains.get(&sort).map_or(1, |d| d.len().max(1)) as u32)
        }
        _ => None,
    }
}

fn value(problem: &Problem, model: &Model, t: TermId, around: &Environment) -> Option<Value> {
    let part = |t: &TermId| value(problem, model, *t, around);
    let truth = |t: &TermId| Some(part(t)? == Value::Bool(true));
    let number = |t: &TermId| match part(t)? {
        Value::Number(n) => Some(n),
        other => panic!("{other:?} is no number"),
    };
    Some(Value::Bool(match problem.terms.get(t) {
        Term::Var(v) => return Some(around[v].clone()),
        Term::Number(n, _) => return Some(Value::Number(n.clone())),
        Term::Apply(symbol, arguments) => {
            let arguments = arguments.iter().map(part).collect::<Option<Vec<_>>>()?;
            let signature = &problem.signature;
            if let Some(i) = signature.element_index(*symbol) {
                return Some(Value::Element(i as u32));
            }
            return Some(match model.tables.get(symbol) {
                Some(table) => table
                    .entries
                    .get(&arguments[..])
                    .unwrap_or(&table.default)
                    .clone(),
                None => match signature.symbol(*symbol).result {
                    SortId::BOOL => Value::Bool(false),
                    SortId::INT | SortId::REAL => Value::Number(Rational::default()),
                    _ => Value::Element(0),
                },
            });
        }
        Term::Arithmetic(op, parts) => {
            let parts = parts.iter().map(number).collect::<Option<Vec<_>>>()?;
            return Some(Value::Number(calculate(*op, &parts)?));
        }
        Term::Bool(value) => *value,
        Term::Not(t) => !truth(t)?,
        Term::And(ts) => !ts
            .iter()
            .map(truth)
            .collect::<Option<Vec<_>>>()?
            .contains(&false),
        Term::Or(ts) => ts
            .iter()
            .map(truth)
            .collect::<Option<Vec<_>>>()?
            .contains(&true),
        Term::Xor(a, b) => truth(a)? ^ truth(b)?,
        Term::Implies(a, b) => !truth(a)? | truth(b)?,
        Term::Iff(a, b) => truth(a)? == truth(b)?,
        Term::Equal(a, b) => part(a)? == part(b)?,
        Term::Distinct(ts) => {
            let values = ts.iter().map(part).collect::<Option<Vec<_>>>()?;
            (0..values.len()).all(|i| !values[..i].contains(&values[i]))
        }
        Term::Compare(op, a, b) => match op {
            CompareOp::Less => number(a)? < number(b)?,
            CompareOp::LessEq => number(a)? <= number(b)?,
            CompareOp::Greater => number(a)? > number(b)?,
            CompareOp::GreaterEq => number(a)? >= number(b)?,
        },
        Term::Quantified(quantifier, variables, body) => {
            let mut rows = vec![around.clone()];
            for v in variables {
                let size = size(problem, model, problem.terms.variable(*v).sort)?;
                let with = |row: &Environment, i| {
                    let mut row = row.clone();
                    row.insert(*v, Value::Element(i));
                    row
                };
                rows = rows
                    .iter()
                    .flat_map(|row| (0..size).map(move |i| with(row, i)))
                    .collect();
            }
            let values = rows.iter().map(|row| value(problem, model, *body, row));
            let values = values.collect::<Option<Vec<_>>>()?;
            let good = values.iter().filter(|v| **v == Value::Bool(true)).count();
            match quantifier {
                Quantifier::Forall => good == values.len(),
                Quantifier::Exists => good > 0,
                Quantifier::ExistsUnique => good == 1,
                Quantifier::AtLeast(n) => good >= *n as usize,
                Quantifier::AtMost(n) => good <= *n as usize,
                Quantifier::Exactly(n) => good == *n as usize,
            }
        }
    }))
}

fn calculate(op: ArithmeticOp, parts: &[Rational]) -> Option<Rational> {
    let zero = Rational::default();
    let (a, b) = (&parts[0], parts.get(1).unwrap_or(&zero));
    Some(match op {
        ArithmeticOp::Add => parts.iter().sum(),
        ArithmeticOp::Multiply => parts.iter().product(),
        ArithmeticOp::Subtract => a - b,
        ArithmeticOp::Negate => -a,
        ArithmeticOp::ToReal => a.clone(),
        _ if *b == zero => return None,
        ArithmeticOp::Divide => a / b,
        ArithmeticOp::IntDivide if *b > zero => (a / b).floor(),
        ArithmeticOp::IntDivide => (a / b).ceil(),
        ArithmeticOp::Modulo => a - b * calculate(ArithmeticOp::IntDivide, parts)?,
    })
}
