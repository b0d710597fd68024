//! What is well-formed and suspicious.

mod predicates;
mod recursion;

use nsolve_il::program::{
    Atom, Comparison, Head, Literal, Problem, Rule, Sign, Term, Value, dependencies,
};
use nsolve_source::{Code, Diagnostic};
use rustc_hash::{FxHashMap, FxHashSet};

use super::elaborate::Elaborator;

/// Adds what is suspicious about the problem to the diagnostics. Where
/// statements are left out, nothing is said of what seems to be missing.
pub(super) fn lint(elaborator: &mut Elaborator, partial: bool) {
    let graph = dependencies(&elaborator.problem);
    let mut found = Vec::new();
    if !partial {
        predicates::lint(elaborator, &mut found);
    }
    recursion::lint(elaborator, &graph, &mut found);
    contradictory_facts(&elaborator.problem, &mut found);
    texts(&elaborator.problem, &mut found);
    constants(elaborator, &mut found);
    for diagnostic in found {
        elaborator.tell(diagnostic);
    }
}

/// The atoms that must hold for a rule to be of use: positive ones of the body.
fn positive(body: &[Literal]) -> impl Iterator<Item = &Atom> {
    body.iter().filter_map(|l| match l {
        Literal::Atom(Sign::Positive, atom) => Some(atom),
        _ => None,
    })
}

/// A literal that no binding makes true, as far as one can see.
fn is_false(literal: &Literal) -> bool {
    match literal {
        Literal::Compare(relation, Term::Value(a), Term::Value(b)) => {
            // `#false` and Prolog's `fail` are meant to be so.
            if (relation, a, b) == (&Comparison::Equal, &Value::Int(0), &Value::Int(1)) {
                return false;
            }
            !match relation {
                Comparison::Equal => a == b,
                Comparison::NotEqual => a != b,
                Comparison::Less => a < b,
                Comparison::LessOrEqual => a <= b,
                Comparison::Greater => a > b,
                Comparison::GreaterOrEqual => a >= b,
            }
        }
        Literal::Compare(relation, a, b) => {
            a == b
                && matches!(
                    relation,
                    Comparison::NotEqual | Comparison::Less | Comparison::Greater
                )
        }
        Literal::Range(_, Term::Value(Value::Int(low)), Term::Value(Value::Int(high))) => {
            low > high
        }
        _ => false,
    }
}

fn contradictory_facts(problem: &Problem, out: &mut Vec<Diagnostic>) {
    let mut denied: FxHashMap<(u32, &[Term]), &Rule> = FxHashMap::default();
    let opposite: Vec<_> = (0..problem.predicates.len() as u32)
        .map(nsolve_il::program::PredicateId)
        .map(|id| {
            problem
                .predicate(id)
                .filter(|p| p.denied)
                .and(problem.opposite(id))
        })
        .collect();
    if opposite.iter().all(Option::is_none) {
        return;
    }
    let facts = || problem.rules.iter().filter_map(|r| Some((fact(r)?, r)));
    for (atom, rule) in facts() {
        if let Some(Some(positive)) = opposite.get(atom.predicate.index()) {
            denied.insert((positive.0, &atom.arguments), rule);
        }
    }
    for (atom, rule) in facts() {
        let Some(other) = denied.get(&(atom.predicate.0, atom.arguments.as_slice())) else {
            continue;
        };
        let said = format!(
            "`{0}` and `-{0}` are both stated",
            super::print::print_atom(problem, atom)
        );
        let mut found = Diagnostic::warning(Code::CONTRADICTORY_FACTS, said).at(rule.span);
        if let Some(span) = other.span {
            found = found.related(span, "the opposite");
        }
        out.push(found.help("remove one of them; with both there is no stable model"));
    }
}

/// The atom of a fact without variables.
fn fact(rule: &Rule) -> Option<&Atom> {
    match &rule.head {
        Head::Atom(atom) if rule.body.is_empty() && rule.variables.is_empty() => Some(atom),
        _ => None,
    }
}

/// Quoted texts that look like variables, or that stand elsewhere as constants.
fn texts(problem: &Problem, out: &mut Vec<Diagnostic>) {
    let mut written: Vec<(&str, &Rule)> = Vec::new();
    for rule in &problem.rules {
        for argument in arguments(rule) {
            if let Term::Value(Value::Text(text)) = argument {
                written.push((text, rule));
            }
        }
    }
    if written.is_empty() {
        return;
    }
    let all = problem.rules.iter().flat_map(arguments);
    let constants: FxHashSet<&str> = all
        .filter_map(|argument| match argument {
            Term::Value(Value::Constant(name)) => Some(&**name),
            _ => None,
        })
        .collect();
    let mut told: FxHashSet<&str> = FxHashSet::default();
    for (text, rule) in written {
        let mut signs = text.chars();
        let variable = signs.next().is_some_and(|c| c.is_ascii_uppercase())
            && signs.all(|c| c.is_ascii_digit())
            && !rule.body.is_empty();
        let found = if variable {
            let said = format!("`\"{text}\"` is a text, not the variable `{text}`");
            Diagnostic::warning(Code::QUOTED_VARIABLE, said)
                .help(format!("write `{text}` without quotes for the variable"))
        } else if constants.contains(text) {
            let said = format!("`\"{text}\"` and `{text}` are two different things");
            Diagnostic::warning(Code::QUOTED_VARIABLE, said)
                .help(format!("write either `\"{text}\"` or `{text}` everywhere"))
        } else {
            continue;
        };
        if told.insert(text) {
            out.push(found.at(rule.span));
        }
    }
}

/// The arguments of a rule's atoms, those in aggregates and conditions left out.
fn arguments(rule: &Rule) -> impl Iterator<Item = &Term> {
    let of_body = rule.body.iter().filter_map(|l| Some(l.as_atom()?.1));
    rule.head.atoms().chain(of_body).flat_map(|a| &a.arguments)
}

fn constants(elaborator: &Elaborator, out: &mut Vec<Diagnostic>) {
    for (name, (span, used)) in &elaborator.constant_uses {
        if !used {
            let said = format!("the constant `{name}` is never used");
            let found = Diagnostic::warning(Code::UNUSED_CONSTANT, said).at(*span);
            out.push(found.help("remove it, or write its name where its value is meant"));
        }
    }
}
