//! Evaluates closed formulas in a finite model.

use nsolve_il::Rational;
use nsolve_il::fol::{
    ArithmeticOp, CompareOp, Measure, Model, Problem, Quantifier, Query, SortId, SortKind, Symbol,
    SymbolId, Table, Term, TermId, Value, VarId,
};

use crate::number::{admit, compute, cost};
use crate::{Limits, ModelFault, NotEvaluable, Refusal, spend};

/// Deepest nesting that is followed. Readers refuse less.
const DEEPEST: usize = 500;

/// Largest table that is laid out densely.
const LARGEST_TABLE: usize = 1 << 16;

/// Most cells of all tables that are laid out densely.
const MOST_CELLS: usize = 1 << 22;

/// The value of a measure in a model.
pub(crate) fn measure(
    problem: &Problem,
    model: &Model,
    of: Measure,
    limits: &Limits,
) -> Result<Rational, Refusal> {
    let mut evaluator = Evaluator::new(problem, model, limits)?;
    if of.root().index() >= problem.terms.len() {
        return Err(Refusal::Model(ModelFault::Query));
    }
    match (of, problem.terms.get(of.root())) {
        (Measure::Term(term), _) => evaluator.number(term),
        (Measure::Count(_), Term::Quantified(_, variables, body)) => {
            let count = evaluator.count(variables, *body, u32::MAX)?;
            Ok(Rational::from_integer(count.into()))
        }
        (Measure::Count(_), _) => Err(Refusal::Model(ModelFault::Query)),
    }
}

/// Evaluates every item of a query; gives their number.
pub(crate) fn evaluate(
    problem: &Problem,
    query: &Query,
    model: &Model,
    limits: &Limits,
) -> Result<usize, Refusal> {
    let mut evaluator = Evaluator::new(problem, model, limits)?;
    let count = query.premises.len() + query.goals.len();
    let mut items = 0;
    for (item, formula, holds) in query.assertions(problem) {
        items += 1;
        if formula.index() >= problem.terms.len() {
            return Err(Refusal::Model(ModelFault::Query));
        }
        if evaluator.formula(formula)? != holds {
            return Err(Refusal::Model(ModelFault::False(item)));
        }
    }
    // A premise that the problem lacks must not pass for satisfied.
    if items == count {
        Ok(items)
    } else {
        Err(Refusal::Model(ModelFault::Query))
    }
}

/// How many elements each sort has; `None` for numbers and truth values.
fn domain_sizes(problem: &Problem, model: &Model) -> Result<Vec<Option<u32>>, Refusal> {
    let signature = &problem.signature;
    let mut out = Vec::new();
    for (id, sort) in signature.sort_ids().zip(signature.sorts()) {
        out.push(match &sort.kind {
            SortKind::Bool | SortKind::Int | SortKind::Real => None,
            SortKind::Enumerated(elements) => Some(elements.len() as u32),
            SortKind::Uninterpreted => match model.domains.get(&id) {
                Some(domain) if !domain.is_empty() => Some(domain.len() as u32),
                // Told when it is used.
                _ => Some(0),
            },
        });
    }
    Ok(out)
}

/// A symbol's meaning, ready for use.
enum Meaning<'m> {
    /// An element of an enumerated sort means itself.
    Element(u32),
    /// All values, by a mixed-radix number made of the arguments.
    Dense {
        sizes: Box<[u32]>,
        values: Vec<&'m Value>,
    },
    Sparse(&'m Table),
    Missing,
}

fn tables<'m>(
    problem: &Problem,
    model: &'m Model,
    sizes: &[Option<u32>],
) -> Result<Vec<Meaning<'m>>, Refusal> {
    let signature = &problem.signature;
    let mut out = Vec::new();
    let mut room = MOST_CELLS;
    for id in signature.symbol_ids() {
        out.push(match (signature.element_index(id), model.tables.get(&id)) {
            (Some(position), None) => Meaning::Element(position as u32),
            // What an element means is not for a model to say.
            (Some(_), Some(_)) => return Err(Refusal::Model(ModelFault::Table)),
            (None, Some(table)) => meaning(problem, id, table, sizes, &mut room)?,
            (None, None) => Meaning::Missing,
        });
    }
    if model.tables.keys().any(|id| id.index() >= out.len()) {
        return Err(Refusal::Model(ModelFault::Table));
    }
    Ok(out)
}

fn fits(value: &Value, sort: SortId, sizes: &[Option<u32>]) -> Result<bool, Refusal> {
    Ok(match (value, sort) {
        (Value::Bool(_), SortId::BOOL) => true,
        (Value::Number(n), SortId::REAL) => admit(n)?,
        (Value::Number(n), SortId::INT) => admit(n)? && n.is_integer(),
        (Value::Element(i), _) => {
            matches!(sizes.get(sort.index()), Some(Some(size)) if i < size)
        }
        _ => false,
    })
}

/// Whether all values and arguments of a table are of the right kind.
fn table_fits(symbol: &Symbol, table: &Table, sizes: &[Option<u32>]) -> Result<bool, Refusal> {
    if !fits(&table.default, symbol.result, sizes)? {
        return Ok(false);
    }
    for (arguments, value) in &table.entries {
        if arguments.len() != symbol.arity() || !fits(value, symbol.result, sizes)? {
            return Ok(false);
        }
        for (argument, &sort) in arguments.iter().zip(&symbol.arguments) {
            if !fits(argument, sort, sizes)? {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

fn meaning<'m>(
    problem: &Problem,
    id: SymbolId,
    table: &'m Table,
    sizes: &[Option<u32>],
    room: &mut usize,
) -> Result<Meaning<'m>, Refusal> {
    let symbol = problem.signature.symbol(id);
    let fault = Err(Refusal::Model(ModelFault::Table));
    if !table_fits(symbol, table, sizes)? {
        return fault;
    }
    let radix: Option<Box<[u32]>> = symbol
        .arguments
        .iter()
        .map(|s| sizes.get(s.index()).copied().flatten())
        .collect();
    let Some(radix) = radix else {
        return Ok(Meaning::Sparse(table));
    };
    let cells = radix
        .iter()
        .try_fold(1usize, |n, &size| n.checked_mul(size as usize));
    let Some(cells) = cells.filter(|&n| n <= LARGEST_TABLE.min(*room)) else {
        return Ok(Meaning::Sparse(table));
    };
    *room -= cells;
    let mut values = vec![&table.default; cells];
    for (arguments, value) in &table.entries {
        let mut at = 0;
        for (argument, &size) in arguments.iter().zip(&radix) {
            let Value::Element(i) = argument else {
                return fault;
            };
            at = at * size as usize + *i as usize;
        }
        if let Some(cell) = values.get_mut(at) {
            *cell = value;
        }
    }
    Ok(Meaning::Dense {
        sizes: radix,
        values,
    })
}

struct Evaluator<'a> {
    problem: &'a Problem,
    tables: Vec<Meaning<'a>>,
    sizes: Vec<Option<u32>>,
    bound: Vec<Option<Value>>,
    steps: u64,
    depth: usize,
}

impl<'a> Evaluator<'a> {
    fn new(problem: &'a Problem, model: &'a Model, limits: &Limits) -> Result<Self, Refusal> {
        let sizes = domain_sizes(problem, model)?;
        Ok(Evaluator {
            problem,
            tables: tables(problem, model, &sizes)?,
            sizes,
            bound: vec![None; problem.terms.variables().len()],
            steps: limits.steps,
            depth: 0,
        })
    }

    fn step(&mut self) -> Result<(), Refusal> {
        spend(&mut self.steps, 1)
    }

    /// Goes one level deeper; back up again with [`Self::leave`]. Whoever gives
    /// up in between gives up altogether.
    fn enter(&mut self) -> Result<(), Refusal> {
        self.step()?;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Refusal::Limit);
        }
        Ok(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    fn formula(&mut self, t: TermId) -> Result<bool, Refusal> {
        self.enter()?;
        let value = self.formula_inside(t)?;
        self.leave();
        Ok(value)
    }

    fn formula_inside(&mut self, t: TermId) -> Result<bool, Refusal> {
        let problem = self.problem;
        Ok(match problem.terms.get(t) {
            Term::Bool(value) => *value,
            Term::Apply(symbol, arguments) => match self.apply(*symbol, arguments)? {
                Value::Bool(value) => value,
                _ => return Err(Refusal::Model(ModelFault::Table)),
            },
            Term::Not(inner) => !self.formula(*inner)?,
            Term::And(parts) => {
                for &part in parts {
                    if !self.formula(part)? {
                        return Ok(false);
                    }
                }
                true
            }
            Term::Or(parts) => {
                for &part in parts {
                    if self.formula(part)? {
                        return Ok(true);
                    }
                }
                false
            }
            Term::Implies(a, b) => !self.formula(*a)? || self.formula(*b)?,
            Term::Xor(a, b) => self.formula(*a)? != self.formula(*b)?,
            Term::Iff(a, b) => self.formula(*a)? == self.formula(*b)?,
            Term::Equal(a, b) => self.term(*a)? == self.term(*b)?,
            Term::Distinct(parts) => self.distinct(parts)?,
            Term::Compare(op, a, b) => {
                let (a, b) = (self.number(*a)?, self.number(*b)?);
                match op {
                    CompareOp::Less => a < b,
                    CompareOp::LessEq => a <= b,
                    CompareOp::Greater => a > b,
                    CompareOp::GreaterEq => a >= b,
                }
            }
            Term::Quantified(quantifier, variables, body) => {
                self.quantified(*quantifier, variables, *body)?
            }
            // No formula; a problem's builder makes none of these one.
            Term::Var(_) | Term::Number(..) | Term::Arithmetic(..) => {
                return Err(Refusal::Model(ModelFault::Query));
            }
        })
    }

    fn distinct(&mut self, parts: &[TermId]) -> Result<bool, Refusal> {
        let mut seen = std::collections::BTreeSet::new();
        for &part in parts {
            if !seen.insert(self.term(part)?) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// How many elements the variables' sorts have.
    fn size(&self, variable: VarId) -> Result<u32, Refusal> {
        let sort = self.problem.terms.variable(variable).sort;
        match self.sizes.get(sort.index()).copied().flatten() {
            Some(0) => Err(Refusal::Model(ModelFault::EmptyDomain)),
            Some(size) => Ok(size),
            None => Err(Refusal::NotEvaluable(NotEvaluable::Numbers)),
        }
    }

    fn quantified(
        &mut self,
        quantifier: Quantifier,
        variables: &[VarId],
        body: TermId,
    ) -> Result<bool, Refusal> {
        match quantifier {
            Quantifier::Forall => Ok(!self.some(variables, body, false)?),
            Quantifier::Exists => self.some(variables, body, true),
            Quantifier::ExistsUnique => Ok(self.count(variables, body, 2)? == 1),
            Quantifier::AtLeast(n) => Ok(self.count(variables, body, n)? >= n),
            Quantifier::AtMost(n) => Ok(self.count(variables, body, n.saturating_add(1))? <= n),
            Quantifier::Exactly(n) => Ok(self.count(variables, body, n.saturating_add(1))? == n),
        }
    }

    fn bind(&mut self, variable: VarId, value: Option<Value>) {
        if let Some(slot) = self.bound.get_mut(variable.index()) {
            *slot = value;
        }
    }

    /// Whether some values make the body `wanted`.
    fn some(&mut self, variables: &[VarId], body: TermId, wanted: bool) -> Result<bool, Refusal> {
        for &variable in variables {
            self.step()?;
            self.size(variable)?;
            self.bind(variable, Some(Value::Element(0)));
        }
        let found = loop {
            if self.formula(body)? == wanted {
                break true;
            }
            if !self.advance(variables)? {
                break false;
            }
        };
        for &variable in variables {
            self.bind(variable, None);
        }
        Ok(found)
    }

    /// Gives the variables their next values, the last one changing first;
    /// `false` where there are no more.
    fn advance(&mut self, variables: &[VarId]) -> Result<bool, Refusal> {
        for &variable in variables.iter().rev() {
            let next = match self.bound.get(variable.index()) {
                Some(Some(Value::Element(i))) => i + 1,
                _ => return Err(Refusal::Model(ModelFault::Query)),
            };
            let more = next < self.size(variable)?;
            let value = if more { next } else { 0 };
            self.bind(variable, Some(Value::Element(value)));
            if more {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How many values make the body true, counted up to `enough`.
    fn count(&mut self, variables: &[VarId], body: TermId, enough: u32) -> Result<u32, Refusal> {
        let [variable] = variables else {
            return Err(Refusal::Model(ModelFault::Query));
        };
        let mut found = 0;
        for element in 0..self.size(*variable)? {
            if found >= enough {
                break;
            }
            self.bind(*variable, Some(Value::Element(element)));
            found += u32::from(self.formula(body)?);
        }
        self.bind(*variable, None);
        Ok(found)
    }

    fn term(&mut self, t: TermId) -> Result<Value, Refusal> {
        self.enter()?;
        let problem = self.problem;
        let value = match problem.terms.get(t) {
            Term::Var(v) => match self.bound.get(v.index()) {
                Some(Some(value)) => value.clone(),
                _ => return Err(Refusal::Model(ModelFault::Query)),
            },
            Term::Apply(symbol, arguments) => self.apply(*symbol, arguments)?,
            Term::Number(value, _) if admit(value)? => Value::Number(value.clone()),
            Term::Number(..) => return Err(Refusal::Model(ModelFault::Query)),
            Term::Arithmetic(op, operands) => Value::Number(self.arithmetic(*op, operands)?),
            _ => Value::Bool(self.formula(t)?),
        };
        if let Value::Number(number) = &value {
            // It will be compared, or looked up.
            spend(&mut self.steps, cost(number, number))?;
        }
        self.leave();
        Ok(value)
    }

    fn number(&mut self, t: TermId) -> Result<Rational, Refusal> {
        match self.term(t)? {
            Value::Number(value) => Ok(value),
            _ => Err(Refusal::Model(ModelFault::Table)),
        }
    }

    fn apply(&mut self, symbol: SymbolId, arguments: &[TermId]) -> Result<Value, Refusal> {
        let missing = Refusal::Model(ModelFault::NoTable);
        let index = symbol.index();
        if let Some(Meaning::Dense { sizes, .. }) = self.tables.get(index) {
            // The sizes are cheap to copy and let the arguments be evaluated.
            let count = sizes.len();
            let mut at = 0usize;
            for (position, &argument) in arguments.iter().enumerate().take(count) {
                let Value::Element(i) = self.term(argument)? else {
                    return Err(Refusal::Model(ModelFault::Table));
                };
                let Some(Meaning::Dense { sizes, .. }) = self.tables.get(index) else {
                    return Err(missing);
                };
                let size = sizes.get(position).copied().unwrap_or(1);
                at = at * size as usize + i as usize;
            }
            let Some(Meaning::Dense { values, .. }) = self.tables.get(index) else {
                return Err(missing);
            };
            return values.get(at).map(|v| (*v).clone()).ok_or(missing);
        }
        let mut values = Vec::with_capacity(arguments.len());
        for &argument in arguments {
            values.push(self.term(argument)?);
        }
        match self.tables.get(index) {
            Some(Meaning::Element(i)) => Ok(Value::Element(*i)),
            Some(Meaning::Sparse(table)) => Ok(table.at(&values).clone()),
            _ => Err(missing),
        }
    }

    fn arithmetic(&mut self, op: ArithmeticOp, operands: &[TermId]) -> Result<Rational, Refusal> {
        let mut values = Vec::with_capacity(operands.len());
        for &operand in operands {
            values.push(self.number(operand)?);
        }
        let value = compute(op, &values, &mut self.steps)?;
        value.ok_or(Refusal::NotEvaluable(NotEvaluable::DivisionByZero))
    }
}
