//! Formulas that are added to a problem, whose own ids stay what they are: a
//! query or certificate about the problem is one about the longer problem too.

use nsolve_il::Rational;
use nsolve_il::fol::{
    Builder, CompareOp, Measure, Model, Problem, Quantifier, SortError, SortId, SymbolId, Table,
    Term, TermId, Value,
};
use num_traits::{One, Signed, ToPrimitive};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::copy::{Copier, Plain};

/// How many values of symbols tell models apart, at most.
const MOST_CELLS: usize = 20_000;

/// Why the models of a problem cannot be told apart by finitely many values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unlistable {
    /// A symbol takes arguments, or has values, of a sort that nothing bounds.
    #[error("`{symbol}` is about the sort `{sort}`, whose things are not listed")]
    Sort {
        /// The symbol.
        symbol: String,
        /// Its sort.
        sort: String,
    },
    /// There are too many values.
    #[error("more than {MOST_CELLS} values tell its models apart")]
    Size,
    /// The premises mention nothing.
    #[error("the premises mention no symbol that could have several values")]
    Nothing,
}

/// The symbols that tell the models of a problem's premises apart: all that the
/// premises mention, in the order of their ids, where these have finitely many
/// values to list. What is declared but never mentioned may be anything, which
/// makes no other solution.
///
/// # Errors
/// Where a symbol's values cannot be listed.
pub fn listable(problem: &Problem) -> Result<Vec<SymbolId>, Unlistable> {
    let signature = &problem.signature;
    let mut used: FxHashSet<SymbolId> = FxHashSet::default();
    for premise in &problem.premises {
        problem.terms.visit(premise.formula, |_, term| {
            if let Term::Apply(symbol, _) = term {
                used.insert(*symbol);
            }
        });
    }
    let mut out: Vec<SymbolId> = used.into_iter().collect();
    out.retain(|&s| signature.element_index(s).is_none());
    out.sort_unstable();
    let mut cells = 0usize;
    for &id in &out {
        let symbol = signature.symbol(id);
        let unlisted = |sort: SortId| Unlistable::Sort {
            symbol: symbol.name.to_string(),
            sort: signature.sort(sort).name.to_string(),
        };
        let mut rows = 1usize;
        for &sort in &*symbol.arguments {
            let elements = signature.elements(sort).ok_or_else(|| unlisted(sort))?;
            rows = rows.saturating_mul(elements.len());
        }
        let value = symbol.result;
        let told = symbol.is_predicate() || value.is_numeric();
        if !told && signature.elements(value).is_none() {
            return Err(unlisted(value));
        }
        cells = cells.saturating_add(rows);
    }
    match cells {
        0 => Err(Unlistable::Nothing),
        n if n > MOST_CELLS => Err(Unlistable::Size),
        _ => Ok(out),
    }
}

/// All tuples of things of these sorts, each of which is enumerated.
pub fn tuples(problem: &Problem, sorts: &[SortId]) -> Vec<Box<[Value]>> {
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for &sort in sorts {
        let size = problem.signature.elements(sort).map_or(0, <[_]>::len) as u32;
        let longer = |row: Vec<Value>| {
            (0..size).map(move |i| {
                let mut row = row.clone();
                row.push(Value::Element(i));
                row
            })
        };
        rows = rows.into_iter().flat_map(longer).collect();
    }
    rows.into_iter().map(Into::into).collect()
}

/// Adds the formula that says what some symbols mean in a model, value by
/// value; denied, it excludes that model. The symbols are those of
/// [`listable`].
///
/// # Errors
/// Where the model has no table, or one of another kind, for a symbol.
pub fn describe(
    problem: &Problem,
    model: &Model,
    symbols: &[SymbolId],
) -> Result<(Problem, TermId), SortError> {
    let mut builder = Builder::resume(problem);
    let mut parts = Vec::new();
    for &id in symbols {
        let symbol = problem.signature.symbol(id);
        let table = model.tables.get(&id);
        let table = table.ok_or(SortError::Operands { found: 0 })?;
        for tuple in tuples(problem, &symbol.arguments) {
            let arguments = symbol.arguments.iter().zip(&*tuple);
            let arguments: Result<Vec<_>, _> = arguments
                .map(|(&sort, value)| constant(&mut builder, sort, value))
                .collect();
            let term = builder.apply(id, arguments?)?;
            parts.push(match table.at(&tuple) {
                Value::Bool(true) => term,
                Value::Bool(false) => builder.not(term)?,
                value => {
                    let value = constant(&mut builder, symbol.result, value)?;
                    builder.equal(term, value)?
                }
            });
        }
    }
    let formula = builder.and(parts)?;
    Ok((builder.finish(problem.question.clone()), formula))
}

/// The term that names a value of a sort.
fn constant(builder: &mut Builder, sort: SortId, value: &Value) -> Result<TermId, SortError> {
    let elements = builder.signature().elements(sort).unwrap_or_default();
    match value {
        Value::Number(n) => builder.number(n.clone(), sort),
        Value::Element(i) => match elements.get(*i as usize) {
            Some(&element) => builder.apply(element, Vec::new()),
            None => Err(SortError::Operands { found: 0 }),
        },
        Value::Bool(_) => Err(SortError::Bool),
    }
}

/// How a measure relates to a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeasureIs {
    /// It is that number.
    Equal,
    /// It is less.
    Less,
    /// It is greater.
    Greater,
}

/// Adds the formula that a measure is, is less than, or is greater than a whole
/// number. A count is said with a counting quantifier.
///
/// # Errors
/// Where the measure is none of the problem.
pub fn compare_measure(
    problem: &Problem,
    measure: Measure,
    is: MeasureIs,
    number: &Rational,
) -> Result<(Problem, TermId), SortError> {
    let mut copy = Copier {
        source: problem,
        builder: Builder::resume(problem),
        sorts: problem.signature.sort_ids().collect(),
        symbols: problem.signature.symbol_ids().collect(),
        bound: FxHashMap::default(),
    };
    let formula = match measure {
        Measure::Term(term) => {
            let builder = &mut copy.builder;
            let number = builder.number(number.clone(), SortId::INT)?;
            match is {
                MeasureIs::Equal => builder.equal(term, number)?,
                MeasureIs::Less => builder.compare(CompareOp::Less, term, number)?,
                MeasureIs::Greater => builder.compare(CompareOp::Greater, term, number)?,
            }
        }
        Measure::Count(root) => count(&mut copy, root, is, number)?,
    };
    let question = problem.question.clone();
    Ok((copy.builder.finish(question), formula))
}

fn count(
    copy: &mut Copier<'_>,
    root: TermId,
    is: MeasureIs,
    number: &Rational,
) -> Result<TermId, SortError> {
    let one = Rational::one();
    let (limit, quantifier): (Rational, fn(u32) -> Quantifier) = match is {
        MeasureIs::Equal => (number.clone(), Quantifier::Exactly),
        MeasureIs::Less => (number - one, Quantifier::AtMost),
        MeasureIs::Greater => (number + one, Quantifier::AtLeast),
    };
    if limit.is_negative() {
        return Ok(copy.builder.truth(is == MeasureIs::Greater));
    }
    let Some(limit) = limit.to_integer().to_u32() else {
        return Ok(copy.builder.truth(is == MeasureIs::Less));
    };
    let source = copy.source;
    let Term::Quantified(_, variables, body) = source.terms.get(root) else {
        return Err(SortError::Binder { found: 0 });
    };
    let &[variable] = &**variables else {
        return Err(SortError::Binder {
            found: variables.len(),
        });
    };
    // A binder has variables of its own, so the body is copied.
    let (new, term) = copy.fresh(variable);
    let body = copy.body_with(&mut Plain, variable, term, *body)?;
    copy.builder.quantified(quantifier(limit), vec![new], body)
}

/// A model with a table for every symbol below a term: what the model leaves
/// open may be anything, and is made the first thing there is.
#[must_use]
pub fn complete(problem: &Problem, model: &Model, root: TermId) -> Model {
    let signature = &problem.signature;
    let mut out = model.clone();
    problem.terms.visit(root, |_, term| {
        let Term::Apply(id, _) = term else { return };
        if signature.element_index(*id).is_some() {
            return;
        }
        let symbol = signature.symbol(*id);
        let default = match symbol.result {
            SortId::BOOL => Value::Bool(false),
            sort if sort.is_numeric() => Value::Number(Rational::default()),
            _ => Value::Element(0),
        };
        let tables = &mut out.tables;
        tables
            .entry(*id)
            .or_insert_with(|| Table::constant(default));
        for &sort in symbol.arguments.iter().chain([&symbol.result]) {
            let plain = !sort.is_numeric() && sort != SortId::BOOL;
            if plain && signature.elements(sort).is_none() {
                let name = || vec![format!("{}1", signature.sort(sort).name).into()];
                out.domains.entry(sort).or_insert_with(name);
            }
        }
    });
    out
}
