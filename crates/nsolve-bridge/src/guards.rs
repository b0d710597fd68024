use std::collections::BTreeMap;
use std::sync::Arc;

use nsolve_il::fol::{
    Builder, Declared, Features, Model, Problem, Quantifier, SortError, SortId, SortKind, SymbolId,
    Table, Term, TermId, Value, VarId,
};
use rustc_hash::FxHashSet;

use crate::copy::{Copier, Rewrite};
use crate::graph::{Bridge, Fidelity, Lowering, ModelTrace, Trace};

/// All plain sorts become one, told apart by predicates.
///
/// ```text
/// sort A, sort B             =>  pred is_A(Thing), pred is_B(Thing), exists x. is_A(x), ..
/// func f : A -> B            =>  forall x. is_A(x) -> is_B(f(x))
/// forall x: A. F             =>  forall x. is_A(x) -> F
/// exists x: A. F             =>  exists x. is_A(x) and F     (counting likewise)
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SortsToGuards;

impl Bridge for SortsToGuards {
    fn name(&self) -> &'static str {
        "sorts to guards"
    }

    fn fidelity(&self) -> Fidelity {
        Fidelity::Equisatisfiable
    }

    fn removes(&self) -> Features {
        Features::SORTS
    }

    fn refuses(&self) -> Features {
        // Elements would lose what makes them different.
        Features::ENUMERATED
    }

    fn adds(&self) -> Features {
        Features::empty()
    }

    fn cost(&self) -> u32 {
        3
    }

    fn lower(&self, problem: &Problem) -> Result<Lowering, SortError> {
        let mut copy = Copier::new(problem);
        let thing = copy.builder.default_sort();
        for sort in problem.signature.sorts() {
            copy.sorts.push(match sort.kind {
                SortKind::Bool => SortId::BOOL,
                SortKind::Int => SortId::INT,
                SortKind::Real => SortId::REAL,
                SortKind::Uninterpreted => thing,
                SortKind::Enumerated(_) => return Err(SortError::Bool),
            });
        }
        copy.declare_symbols(|copy, sort| copy.sort(sort))?;
        let guards = declare_guards(problem, &mut copy.builder, thing)?;
        let mut axioms = 0;
        for (&sort, &guard) in &guards {
            let name = problem.signature.sort(sort).name.clone();
            non_empty(&mut copy, thing, guard, &name)?;
            axioms += 1;
        }
        let used = used_symbols(problem);
        for id in problem
            .signature
            .symbol_ids()
            .filter(|id| used.contains(id))
        {
            if let Some(guard) = guards.get(&problem.signature.symbol(id).result) {
                closed(&mut copy, &guards, id, *guard)?;
                axioms += 1;
            }
        }
        let premises = (0..axioms).map(|_| None);
        let premises = premises.chain((0..problem.premises.len() as u32).map(Some));
        let trace = GuardTrace {
            thing,
            guards: guards.clone(),
        };
        Ok(Lowering {
            trace: Trace {
                premises: premises.collect(),
                model: ModelTrace::Guards(trace),
            },
            problem: copy.finish(&mut Guarded { guards })?,
        })
    }
}

/// The symbols that occur: what is only declared needs no axiom.
fn used_symbols(problem: &Problem) -> FxHashSet<SymbolId> {
    let mut out = FxHashSet::default();
    for root in problem.formulas() {
        problem.terms.visit(root, |_, term| {
            if let Term::Apply(symbol, _) = term {
                out.insert(*symbol);
            }
        });
    }
    out
}

fn declare_guards(
    problem: &Problem,
    builder: &mut Builder,
    thing: SortId,
) -> Result<BTreeMap<SortId, SymbolId>, SortError> {
    let mut guards = BTreeMap::new();
    let signature = &problem.signature;
    for (id, sort) in signature.sort_ids().zip(signature.sorts()) {
        if sort.kind != SortKind::Uninterpreted {
            continue;
        }
        let mut name = format!("is_{}", sort.name);
        while signature.find_symbol(&name, 1, true).is_some() {
            name.push('_');
        }
        let guard = builder.symbol(&name, &[thing], SortId::BOOL, Declared::Generated)?;
        guards.insert(id, guard);
    }
    Ok(guards)
}

fn non_empty(
    copy: &mut Copier<'_>,
    thing: SortId,
    guard: SymbolId,
    name: &str,
) -> Result<(), SortError> {
    let builder = &mut copy.builder;
    let variable = builder.variable("x", thing);
    let it = builder.var(variable);
    let holds = builder.apply(guard, vec![it])?;
    let exists = builder.quantified(Quantifier::Exists, vec![variable], holds)?;
    copy.axiom(&format!("{name} not empty"), exists)
}

/// A function's values are of its result's sort.
fn closed(
    copy: &mut Copier<'_>,
    guards: &BTreeMap<SortId, SymbolId>,
    id: SymbolId,
    guard: SymbolId,
) -> Result<(), SortError> {
    let symbol = copy.source.signature.symbol(id).clone();
    let (mut variables, mut arguments, mut given) = (Vec::new(), Vec::new(), Vec::new());
    for (i, &sort) in symbol.arguments.iter().enumerate() {
        let new = copy.sort(sort);
        let variable = copy.builder.variable(&format!("x{i}"), new);
        let term = copy.builder.var(variable);
        if let Some(&guard) = guards.get(&sort) {
            given.push(copy.builder.apply(guard, vec![term])?);
        }
        variables.push(variable);
        arguments.push(term);
    }
    let applied = copy.symbol(id);
    let value = copy.builder.apply(applied, arguments)?;
    let mut formula = copy.builder.apply(guard, vec![value])?;
    if !given.is_empty() {
        let given = copy.builder.and(given)?;
        formula = copy.builder.implies(given, formula)?;
    }
    if !variables.is_empty() {
        formula = copy
            .builder
            .quantified(Quantifier::Forall, variables, formula)?;
    }
    let name = format!("{}/{} closed", symbol.name, symbol.arity());
    copy.axiom(&name, formula)
}

struct Guarded {
    guards: BTreeMap<SortId, SymbolId>,
}

impl Rewrite for Guarded {
    fn quantified(
        &mut self,
        copy: &mut Copier<'_>,
        quantifier: Quantifier,
        variables: &[VarId],
        body: TermId,
    ) -> Result<TermId, SortError> {
        let (mut new, mut given) = (Vec::new(), Vec::new());
        for &old in variables {
            let (variable, term) = copy.fresh(old);
            copy.bound.insert(old, term);
            new.push(variable);
            let sort = copy.source.terms.variable(old).sort;
            if let Some(&guard) = self.guards.get(&sort) {
                given.push(copy.builder.apply(guard, vec![term])?);
            }
        }
        let mut body = copy.term(self, body)?;
        if !given.is_empty() {
            body = if quantifier == Quantifier::Forall {
                let given = copy.builder.and(given)?;
                copy.builder.implies(given, body)?
            } else {
                given.push(body);
                copy.builder.and(given)?
            };
        }
        copy.builder.quantified(quantifier, new, body)
    }
}

/// The way back for models: each sort's domain is what its guard holds of.
#[derive(Clone, Debug)]
pub(crate) struct GuardTrace {
    thing: SortId,
    guards: BTreeMap<SortId, SymbolId>,
}

impl GuardTrace {
    pub(crate) fn lift(&self, original: &Problem, model: &Model) -> Option<Model> {
        let names = model.domains.get(&self.thing)?;
        let mut out = Model::default();
        let mut numbers: BTreeMap<SortId, BTreeMap<Value, Value>> = BTreeMap::new();
        for (&sort, guard) in &self.guards {
            let table = model.tables.get(guard)?;
            let here: Vec<(usize, &Arc<str>)> = names
                .iter()
                .enumerate()
                .filter(|(i, _)| *table.at(&[Value::Element(*i as u32)]) == Value::Bool(true))
                .collect();
            let domain: Vec<_> = here.iter().map(|(_, name)| (*name).clone()).collect();
            let number = here
                .iter()
                .enumerate()
                .map(|(new, (old, _))| (Value::Element(*old as u32), Value::Element(new as u32)));
            numbers.insert(sort, number.collect());
            out.domains.insert(sort, domain);
        }
        for id in original.signature.symbol_ids() {
            if let Some(table) = model.tables.get(&id) {
                out.tables
                    .insert(id, self.table(original, id, table, &numbers)?);
            }
        }
        Some(out)
    }

    fn table(
        &self,
        original: &Problem,
        id: SymbolId,
        table: &Table,
        numbers: &BTreeMap<SortId, BTreeMap<Value, Value>>,
    ) -> Option<Table> {
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
            // What lies outside the guards says nothing about the original.
            if let Some(arguments) = arguments {
                entries.insert(arguments, value(symbol.result, result)?);
            }
        }
        // The default may lie outside its sort only if it is never used inside.
        let default = value(symbol.result, &table.default).unwrap_or(Value::Element(0));
        Some(Table { default, entries })
    }
}
