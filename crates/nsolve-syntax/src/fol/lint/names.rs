use std::collections::BTreeMap;

use nsolve_il::fol::{Builder, Declared, Problem, SortKind, Symbol, SymbolId, Term};
use nsolve_source::{Code, Diagnostic};
use rustc_hash::FxHashSet;

use super::similar::similar;

/// Above this many symbols names are not compared pair by pair.
const MOST_COMPARED: usize = 400;

/// Lints about the names of a typed problem.
pub fn lint_names(problem: &Problem) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let premises = used(problem, problem.premises.iter().map(|p| p.formula));
    let asked = used(problem, problem.asked_roots());
    unconnected(problem, &premises, &asked, &mut out);
    one_name(problem, &mut out);
    unused(problem, &premises, &asked, &mut out);
    near_misses(problem, &mut out);
    out
}

fn used(
    problem: &Problem,
    roots: impl Iterator<Item = nsolve_il::fol::TermId>,
) -> FxHashSet<SymbolId> {
    let mut out = FxHashSet::default();
    for root in roots {
        problem.terms.visit(root, |_, term| {
            if let Term::Apply(symbol, _) = term {
                out.insert(*symbol);
            }
        });
    }
    out
}

/// The elements of all enumerated sorts.
fn elements(problem: &Problem) -> FxHashSet<SymbolId> {
    let kinds = problem.signature.sorts().iter().map(|s| &s.kind);
    let listed = kinds.filter_map(|k| match k {
        SortKind::Enumerated(elements) => Some(elements),
        _ => None,
    });
    listed.flatten().copied().collect()
}

fn kind(symbol: &Symbol) -> &'static str {
    match (symbol.is_predicate(), symbol.arity()) {
        (true, 0) => "proposition",
        (true, _) => "predicate",
        (false, 0) => "constant",
        (false, _) => "function",
    }
}

/// Symbols of what is asked that no premise mentions: nothing can follow about
/// them.
fn unconnected(
    problem: &Problem,
    premises: &FxHashSet<SymbolId>,
    asked: &FxHashSet<SymbolId>,
    out: &mut Vec<Diagnostic>,
) {
    if premises.is_empty() {
        return;
    }
    let signature = &problem.signature;
    let elements = elements(problem);
    let comparable = signature.symbols().len() <= MOST_COMPARED;
    for id in signature.symbol_ids() {
        let known = premises.contains(&id) || elements.contains(&id);
        if known || !asked.contains(&id) {
            continue;
        }
        let symbol = signature.symbol(id);
        let candidates = signature
            .symbol_ids()
            .filter(|c| comparable && premises.contains(c));
        let near = candidates
            .map(|c| signature.symbol(c))
            .find(|c| c.is_predicate() == symbol.is_predicate() && similar(&c.name, &symbol.name));
        let place = symbol
            .declared
            .span()
            .filter(|_| matches!(symbol.declared, Declared::Inferred(_)));
        let place = place.or_else(|| problem.asked().next().and_then(|c| c.span));
        let mut lint = Diagnostic::warning(
            Code::UNCONNECTED_CONCLUSION,
            format!(
                "the {} `{}` is in what is asked, but in no premise",
                kind(symbol),
                symbol.name
            ),
        )
        .at(place);
        lint = match near {
            Some(near) => lint.help(format!("`{}` was probably meant", near.name)),
            None => lint.help("use the premises' names, or add what is known about it"),
        };
        out.push(lint);
    }
}

/// One name in two roles, or with two numbers of arguments.
fn one_name(problem: &Problem, out: &mut Vec<Diagnostic>) {
    let mut by_name: BTreeMap<&str, Vec<&Symbol>> = BTreeMap::new();
    for symbol in problem.signature.symbols() {
        by_name.entry(&symbol.name).or_default().push(symbol);
    }
    for (name, uses) in by_name {
        let [first, others @ ..] = uses.as_slice() else {
            continue;
        };
        for other in others {
            let (code, message) = if first.is_predicate() != other.is_predicate() {
                (
                    Code::PREDICATE_AND_CONSTANT,
                    format!(
                        "`{name}` is used as a {} and as a {}",
                        kind(first),
                        kind(other)
                    ),
                )
            } else {
                (
                    Code::ARITY_DRIFT,
                    format!(
                        "`{name}` is used with {} and with {} arguments",
                        first.arity(),
                        other.arity()
                    ),
                )
            };
            let mut lint = Diagnostic::warning(code, message)
                .at(other.declared.span())
                .help("these are two unrelated symbols; make them one, or name them apart");
            if let Some(span) = first.declared.span() {
                lint = lint.related(span, "the other use");
            }
            out.push(lint);
        }
    }
}

fn unused(
    problem: &Problem,
    premises: &FxHashSet<SymbolId>,
    asked: &FxHashSet<SymbolId>,
    out: &mut Vec<Diagnostic>,
) {
    let signature = &problem.signature;
    let elements = elements(problem);
    let mut used_sorts = FxHashSet::default();
    for (id, symbol) in signature.symbol_ids().zip(signature.symbols()) {
        used_sorts.extend(symbol.arguments.iter().copied());
        if !elements.contains(&id) {
            used_sorts.insert(symbol.result);
        }
        let Declared::At(span) = symbol.declared else {
            continue;
        };
        let is_used = premises.contains(&id) || asked.contains(&id);
        if !is_used && !elements.contains(&id) {
            out.push(
                Diagnostic::warning(
                    Code::UNUSED_DECLARATION,
                    format!("the {} `{}` is never used", kind(symbol), symbol.name),
                )
                .at(span)
                .help("remove the declaration"),
            );
        }
    }
    for variable in problem.terms.variables() {
        used_sorts.insert(variable.sort);
    }
    for (id, sort) in signature.sort_ids().zip(signature.sorts()) {
        let plain = matches!(sort.kind, SortKind::Uninterpreted | SortKind::Enumerated(_));
        if let (Declared::At(span), true, false) = (sort.declared, plain, used_sorts.contains(&id))
            && &*sort.name != Builder::DEFAULT_SORT
        {
            out.push(
                Diagnostic::warning(
                    Code::UNUSED_DECLARATION,
                    format!("the sort `{}` is never used", sort.name),
                )
                .at(span)
                .help("remove the declaration"),
            );
        }
    }
}

/// Names of one kind that differ so little that they were probably meant to be
/// one.
fn near_misses(problem: &Problem, out: &mut Vec<Diagnostic>) {
    let symbols = problem.signature.symbols();
    if symbols.len() > MOST_COMPARED {
        return;
    }
    for (i, b) in symbols.iter().enumerate() {
        for a in symbols.iter().take(i) {
            if a.is_predicate() != b.is_predicate() || a.name == b.name {
                continue;
            }
            if a.arity() != b.arity() || a.arguments != b.arguments || a.result != b.result {
                continue;
            }
            if !similar(&a.name, &b.name) {
                continue;
            }
            let mut lint = Diagnostic::warning(
                Code::SIMILAR_NAMES,
                format!("`{}` and `{}` are two different names", a.name, b.name),
            )
            .at(b.declared.span())
            .help(format!(
                "if one thing is meant, write `{}` in both places",
                a.name
            ));
            if let Some(span) = a.declared.span() {
                lint = lint.related(span, "the other name");
            }
            out.push(lint);
        }
    }
}
