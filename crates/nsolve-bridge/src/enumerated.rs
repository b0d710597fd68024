use std::collections::BTreeMap;

use nsolve_il::fol::{
    Features, Model, Problem, Quantifier, SortError, SortId, SortKind, SymbolId, Table, Value,
};

use crate::copy::{Copier, Plain};
use crate::graph::{Bridge, Fidelity, Lowering, ModelTrace, Trace};

/// Enumerated sorts become plain sorts with two axioms: the elements are
/// different, and there is nothing else.
///
/// ```text
/// sort S = { a, b }   =>  sort S, const a b : S,
///                         distinct(a, b),  forall x: S. x = a or x = b
/// ```
#[derive(Clone, Copy, Debug)]
pub struct EnumeratedToAxioms;

impl Bridge for EnumeratedToAxioms {
    fn name(&self) -> &'static str {
        "enumerated sorts to axioms"
    }

    fn fidelity(&self) -> Fidelity {
        Fidelity::Equisatisfiable
    }

    fn removes(&self) -> Features {
        Features::ENUMERATED
    }

    fn adds(&self) -> Features {
        Features::EQUALITY
    }

    fn cost(&self) -> u32 {
        1
    }

    fn lower(&self, problem: &Problem) -> Result<Lowering, SortError> {
        let mut copy = Copier::new(problem);
        for sort in problem.signature.sorts() {
            let id = match &sort.kind {
                SortKind::Bool => SortId::BOOL,
                SortKind::Int => SortId::INT,
                SortKind::Real => SortId::REAL,
                _ => copy.builder.sort(&sort.name, sort.declared)?,
            };
            copy.sorts.push(id);
        }
        copy.declare_symbols(|copy, sort| copy.sort(sort))?;
        let mut elements = BTreeMap::new();
        for id in problem.signature.sort_ids() {
            if let Some(symbols) = problem.signature.elements(id) {
                let symbols: Vec<_> = symbols.iter().map(|&s| copy.symbol(s)).collect();
                elements.insert(copy.sort(id), symbols);
            }
        }
        let mut lowered = copy;
        let mut premises: Vec<Option<u32>> = Vec::new();
        for (&sort, symbols) in &elements {
            let added = axioms(&mut lowered, sort, symbols)?;
            premises.extend(std::iter::repeat_n(None, added));
        }
        premises.extend((0..problem.premises.len() as u32).map(Some));
        Ok(Lowering {
            problem: lowered.finish(&mut Plain)?,
            trace: Trace {
                premises,
                model: ModelTrace::Enumerated(ElementTrace { elements }),
            },
        })
    }
}

fn axioms(copy: &mut Copier<'_>, sort: SortId, symbols: &[SymbolId]) -> Result<usize, SortError> {
    let builder = &mut copy.builder;
    let name = builder.signature().sort(sort).name.clone();
    let constants: Vec<_> = symbols
        .iter()
        .map(|&s| builder.apply(s, Vec::new()))
        .collect::<Result<_, _>>()?;
    let mut added = 0;
    if constants.len() > 1 {
        let distinct = builder.distinct(constants.clone())?;
        copy.axiom(&format!("{name} distinct"), distinct)?;
        added += 1;
    }
    let builder = &mut copy.builder;
    let variable = builder.variable("x", sort);
    let thing = builder.var(variable);
    let cases: Vec<_> = constants
        .iter()
        .map(|&c| builder.equal(thing, c))
        .collect::<Result<_, _>>()?;
    let cases = builder.or(cases)?;
    let closed = builder.quantified(Quantifier::Forall, vec![variable], cases)?;
    copy.axiom(&format!("{name} complete"), closed)?;
    Ok(added + 1)
}

/// The way back for models: which element each constant names.
#[derive(Clone, Debug)]
pub(crate) struct ElementTrace {
    elements: BTreeMap<SortId, Vec<SymbolId>>,
}

impl ElementTrace {
    /// Ids are the same in both problems; what changes is how the elements of
    /// once enumerated sorts are numbered.
    pub(crate) fn lift(&self, original: &Problem, model: &Model) -> Option<Model> {
        let mut numbers: BTreeMap<SortId, BTreeMap<Value, Value>> = BTreeMap::new();
        for (&sort, symbols) in &self.elements {
            let named = numbers.entry(sort).or_default();
            for (position, symbol) in symbols.iter().enumerate() {
                let named_by = model.tables.get(symbol)?.at(&[]).clone();
                named.insert(named_by, Value::Element(position as u32));
            }
        }
        let mut out = Model {
            domains: model.domains.clone(),
            ..Model::default()
        };
        out.domains
            .retain(|sort, _| !self.elements.contains_key(sort));
        for (&id, table) in &model.tables {
            if self.elements.values().any(|symbols| symbols.contains(&id)) {
                continue;
            }
            let symbol = original.signature.symbol(id);
            let value = |sort: SortId, v: &Value| match numbers.get(&sort) {
                Some(named) => named.get(v).cloned(),
                None => Some(v.clone()),
            };
            let mut entries = BTreeMap::new();
            for (arguments, result) in &table.entries {
                let sorts = symbol.arguments.iter();
                let arguments: Option<Box<[Value]>> =
                    sorts.zip(arguments).map(|(&s, v)| value(s, v)).collect();
                // Arguments outside the elements cannot occur in a model of the
                // axioms; a table may list them all the same.
                if let (Some(arguments), Some(result)) = (arguments, value(symbol.result, result)) {
                    entries.insert(arguments, result);
                }
            }
            let default = value(symbol.result, &table.default).unwrap_or(Value::Element(0));
            out.tables.insert(id, Table { default, entries });
        }
        Some(out)
    }
}
