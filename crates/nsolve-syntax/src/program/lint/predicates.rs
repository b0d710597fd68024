//! Predicates that nothing derives or nothing uses, and rules that rest on
//! them.

use std::sync::Arc;

use nsolve_il::program::{Head, Literal, Meaning, Predicate, PredicateId, Problem, Rule, Show};
use nsolve_source::{Code, Diagnostic, Span};
use rustc_hash::FxHashMap;

use super::{is_false, positive};
use crate::fol::similar;
use crate::program::Dialect;
use crate::program::elaborate::Elaborator;

/// How many names are compared with all others.
const MOST_COMPARED: usize = 200;

/// What the rules do with each predicate.
struct Uses {
    /// It is in the head of some rule.
    derived: Vec<bool>,
    /// Some rule for it has a body that might hold.
    derivable: Vec<bool>,
    /// A body, a condition or the query names it.
    used: Vec<bool>,
}

pub(super) fn lint(elaborator: &Elaborator, out: &mut Vec<Diagnostic>) {
    let problem = &elaborator.problem;
    let uses = uses(problem);
    let mut by_name: FxHashMap<(Arc<str>, bool), Vec<u32>> = FxHashMap::default();
    for (i, p) in problem.predicates.iter().enumerate() {
        by_name
            .entry((p.name.clone(), p.denied))
            .or_default()
            .push(i as u32);
    }
    let mut compared = 0;
    for (i, predicate) in problem.predicates.iter().enumerate() {
        let id = PredicateId(i as u32);
        let (derived, used) = (is(&uses.derived, i), is(&uses.used, i));
        let others = by_name.get(&(predicate.name.clone(), predicate.denied));
        let arities = others.into_iter().flatten().filter(|o| **o != i as u32);
        let other = arities
            .filter_map(|o| {
                problem
                    .predicates
                    .get(*o as usize)
                    .map(|p| (*o as usize, p))
            })
            .find(|(o, _)| is(&uses.derived, *o) || is(&uses.used, *o));
        if used && !derived && !elaborator.may_lack_rules.contains(&id) {
            compared += 1;
            let near = (compared <= MOST_COMPARED)
                .then(|| near(problem, &uses, i))
                .flatten();
            out.push(never_derived(
                elaborator,
                id,
                predicate,
                other.map(|o| o.1),
                near,
            ));
        } else if derived && !used && is_result_wanted(problem, id) {
            let at = elaborator.named_at.get(i).copied().flatten();
            let drifted = other.filter(|(o, _)| is(&uses.used, *o) && !is(&uses.derived, *o));
            if drifted.is_some() {
                // Told where the other one is used.
                continue;
            }
            let said = format!("`{predicate}` is derived, and neither used nor asked for");
            let found = Diagnostic::note(Code::NEVER_USED, said).at(at);
            out.push(found.help(format!("remove it, or add `#show {predicate}.`")));
        }
    }
    for rule in &problem.rules {
        never_fires(problem, &uses, rule, out);
    }
}

fn is(list: &[bool], at: usize) -> bool {
    list.get(at).copied().unwrap_or(false)
}

fn set(list: &mut [bool], at: usize) {
    if let Some(slot) = list.get_mut(at) {
        *slot = true;
    }
}

fn uses(problem: &Problem) -> Uses {
    let count = problem.predicates.len();
    let mut out = Uses {
        derived: vec![false; count],
        derivable: vec![false; count],
        used: vec![false; count],
    };
    for rule in &problem.rules {
        rule.head
            .atoms()
            .for_each(|a| set(&mut out.derived, a.predicate.index()));
        rule.each_literal(&mut |l| {
            if let Literal::Atom(_, atom) = l {
                set(&mut out.used, atom.predicate.index());
            }
        });
    }
    let goal = problem.goal.iter().flat_map(|g| &g.body);
    for literal in goal {
        match literal {
            Literal::Atom(_, atom) => set(&mut out.used, atom.predicate.index()),
            Literal::Aggregate(_, aggregate) => {
                let conditions = aggregate.elements.iter().flat_map(|e| &e.condition);
                for (_, atom) in conditions.filter_map(Literal::as_atom) {
                    set(&mut out.used, atom.predicate.index());
                }
            }
            _ => {}
        }
    }
    derivable(problem, &mut out.derivable);
    out
}

/// Marks what a rule might derive, until nothing is added: each rule waits for
/// the predicates of its body, so that it is looked at once for each of them.
fn derivable(problem: &Problem, out: &mut [bool]) {
    let mut waits: Vec<usize> = Vec::with_capacity(problem.rules.len());
    let mut waiting: FxHashMap<PredicateId, Vec<usize>> = FxHashMap::default();
    let mut ready = Vec::new();
    for (i, rule) in problem.rules.iter().enumerate() {
        if rule.body.iter().any(is_false) {
            waits.push(usize::MAX);
            continue;
        }
        let mut needs: Vec<PredicateId> = positive(&rule.body).map(|a| a.predicate).collect();
        needs.sort_unstable();
        needs.dedup();
        waits.push(needs.len());
        if needs.is_empty() {
            ready.push(i);
        }
        for need in needs {
            waiting.entry(need).or_default().push(i);
        }
    }
    while let Some(i) = ready.pop() {
        let Some(rule) = problem.rules.get(i) else {
            continue;
        };
        for atom in rule.head.atoms() {
            if is(out, atom.predicate.index()) {
                continue;
            }
            set(out, atom.predicate.index());
            for waiter in waiting.remove(&atom.predicate).unwrap_or_default() {
                if let Some(left) = waits.get_mut(waiter)
                    && *left != usize::MAX
                {
                    *left -= 1;
                    if *left == 0 {
                        ready.push(waiter);
                    }
                }
            }
        }
    }
}

/// A derived predicate with the same arity that is spelt much like this one.
fn near<'a>(problem: &'a Problem, uses: &Uses, at: usize) -> Option<&'a Predicate> {
    let own = problem.predicates.get(at)?;
    let all = problem.predicates.iter().enumerate();
    let mut alike = all.filter(|(i, p)| {
        is(&uses.derived, *i)
            && p.arity == own.arity
            && (similar(&p.name, &own.name) || (p.name == own.name && p.denied != own.denied))
    });
    let spelt = alike.find(|(_, p)| p.denied == own.denied);
    spelt.map(|(_, p)| p)
}

fn never_derived(
    elaborator: &Elaborator,
    id: PredicateId,
    predicate: &Predicate,
    other_arity: Option<&Predicate>,
    near: Option<&Predicate>,
) -> Diagnostic {
    let at = elaborator.named_at.get(id.index()).copied().flatten();
    if let Some(near) = near {
        let said = format!("no fact or rule derives `{predicate}`, but one derives `{near}`");
        let found = Diagnostic::warning(Code::SIMILAR_PREDICATES, said).at(at);
        let found = found.help(format!("if it is the same, write `{}`", near.name));
        let name = at.map(|at| Span {
            end: at.start + predicate.name.len() as u32,
            ..at
        });
        let written = elaborator.source.as_ref().zip(name);
        return match written {
            Some((text, at)) if text.slice(at) == &*predicate.name => {
                found.suggest(at, near.name.to_string())
            }
            _ => found,
        };
    }
    if let Some(other) = other_arity {
        let said = format!("no fact or rule derives `{predicate}`, but `{other}` is there");
        let found = Diagnostic::warning(Code::PREDICATE_ARITIES, said).at(at);
        return found.help(
            "predicates with different numbers of arguments have nothing to do with each other",
        );
    }
    let so = match elaborator.problem.meaning {
        Meaning::StableModels => "it is false",
        Meaning::OpenWorld => "nothing is known of it",
    };
    let said = format!("no fact or rule derives `{predicate}`, so {so}");
    let found = Diagnostic::warning(Code::NEVER_DERIVED, said).at(at);
    found.help(match elaborator.dialect {
        Dialect::Asp => format!("add facts, or `#defined {predicate}.` if there may be none"),
        Dialect::Prolog => match library(&predicate.name, predicate.arity) {
            Some(rules) => format!("there is no library; add {rules}"),
            None => format!(
                "Prolog stops with an error here; add facts, or `:- dynamic {predicate}.` if there may be none"
            ),
        },
    })
}

/// What a predicate of Prolog's library is there.
fn library(name: &str, arity: u32) -> Option<&'static str> {
    Some(match (name, arity) {
        ("member", 2) => "`member(X, [X|_]). member(X, [_|T]) :- member(X, T).`",
        ("append", 3) => "`append([], L, L). append([H|T], L, [H|R]) :- append(T, L, R).`",
        ("length", 2) => "`length([], 0). length([_|T], N) :- length(T, M), N is M + 1.`",
        ("reverse", 2) => {
            "`reverse(L, R) :- reverse(L, [], R). reverse([], R, R). reverse([H|T], A, R) :- reverse(T, [H|A], R).`"
        }
        (
            "nth0" | "nth1" | "last" | "msort" | "sort" | "sum_list" | "sumlist" | "max_list"
            | "min_list" | "memberchk" | "select" | "permutation" | "exclude" | "delete"
            | "subtract" | "list_to_set" | "numlist",
            _,
        ) => "rules that walk the list",
        _ => return None,
    })
}

/// Whether only what is used, shown or asked matters, and this is none of it.
fn is_result_wanted(problem: &Problem, id: PredicateId) -> bool {
    match &problem.show {
        Show::All => problem.goal.is_some(),
        Show::Only(shown) => !shown.is_empty() && !shown.contains(&id),
    }
}

fn never_fires(problem: &Problem, uses: &Uses, rule: &Rule, out: &mut Vec<Diagnostic>) {
    if rule.body.is_empty() {
        return;
    }
    let what = match rule.head {
        Head::Never | Head::Cost(_) => "constraint",
        _ => "rule",
    };
    if let Some(literal) = rule.body.iter().find(|l| is_false(l)) {
        let text = crate::program::print_literal(problem, &rule.variables, literal);
        let said = format!("this {what} never applies: `{text}` is false");
        let found = Diagnostic::warning(Code::RULE_NEVER_FIRES, said).at(rule.span);
        out.push(found.help("remove it, or correct the comparison"));
        return;
    }
    let hopeless = positive(&rule.body)
        .map(|a| a.predicate)
        .find(|p| is(&uses.derived, p.index()) && !is(&uses.derivable, p.index()));
    let Some(predicate) = hopeless.and_then(|p| problem.predicate(p)) else {
        return;
    };
    let said = format!("this {what} never applies: no rule for `{predicate}` ever does");
    let found = Diagnostic::warning(Code::RULE_NEVER_FIRES, said).at(rule.span);
    out.push(found.help(format!(
        "give `{predicate}` a fact, or a rule that does not rest on itself"
    )));
}
