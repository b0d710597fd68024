//! Cycles: through `not`, and through ever larger terms.

use nsolve_il::program::{
    Atom, Comparison, Dependencies, Edge, Literal, PredicateId, Problem, Rule, Term, VarId,
};
use nsolve_source::{Code, Diagnostic};

use super::positive;
use crate::program::Dialect;
use crate::program::elaborate::Elaborator;

pub(super) fn lint(elaborator: &Elaborator, graph: &Dependencies, out: &mut Vec<Diagnostic>) {
    let problem = &elaborator.problem;
    if let Some(cycle) = graph.negative_cycle() {
        out.push(unstratified(problem, &cycle));
    }
    for rule in problem.rules.iter().filter(|r| !r.variables.is_empty()) {
        // A rule that is evaluated from a goal makes its terms smaller.
        if elaborator.dialect == Dialect::Prolog && rule.schedule().is_err() {
            continue;
        }
        out.extend(growing(problem, graph, rule));
    }
}

fn unstratified(problem: &Problem, cycle: &[Edge]) -> Diagnostic {
    let name = |p: PredicateId| {
        problem
            .predicate(p)
            .map_or_else(String::new, ToString::to_string)
    };
    let mut way = cycle.first().map_or_else(String::new, |e| name(e.head));
    for edge in cycle.iter().take(8) {
        way.push_str(if edge.negative {
            " needs not "
        } else {
            " needs "
        });
        way.push_str(&name(edge.on));
    }
    if cycle.len() > 8 {
        way.push_str(" needs ...");
    }
    let span = |edge: &Edge| problem.rules.get(edge.rule as usize).and_then(|r| r.span);
    let said = format!("a predicate depends on its own absence: {way}");
    let mut found = Diagnostic::note(Code::UNSTRATIFIED_NEGATION, said)
        .at(cycle.first().and_then(span))
        .help("there may be several stable models, or none; queries ask what holds in all of them");
    for edge in cycle.iter().skip(1).take(7) {
        if let Some(at) = span(edge) {
            found = found.related(
                at,
                format!("`{}` needs `{}`", name(edge.head), name(edge.on)),
            );
        }
    }
    found
}

/// A rule whose head holds a larger term than the atom of its own component in
/// the body.
fn growing(problem: &Problem, graph: &Dependencies, rule: &Rule) -> Option<Diagnostic> {
    for head in rule.head.atoms() {
        let same =
            |atom: &&Atom| graph.component_of(atom.predicate) == graph.component_of(head.predicate);
        let recursive: Vec<&Atom> = positive(&rule.body).filter(same).collect();
        if recursive.is_empty() {
            continue;
        }
        let terms = head.arguments.iter().map(|t| meant(t, &rule.body));
        for term in terms.filter(|t| !matches!(t, Term::Variable(_) | Term::Value(_))) {
            let mut inside = Vec::new();
            term.each_variable(&mut |v| inside.push(v));
            let grows = inside.iter().any(|v| {
                let from = recursive.iter().any(|a| stands_bare(a, *v));
                from && !is_bounded(rule, *v, &recursive, term)
            });
            if !grows || is_in(term, &recursive) {
                continue;
            }
            return Some(told(problem, rule, head, term));
        }
    }
    None
}

/// What a term stands for: where a variable equals something larger, that.
fn meant<'a>(term: &'a Term, body: &'a [Literal]) -> &'a Term {
    let equal = |literal: &'a Literal| match literal {
        Literal::Compare(Comparison::Equal, a, b) if a == term => Some(b),
        Literal::Compare(Comparison::Equal, a, b) if b == term => Some(a),
        _ => None,
    };
    match term {
        Term::Variable(_) => body.iter().find_map(equal).unwrap_or(term),
        _ => term,
    }
}

fn stands_bare(atom: &Atom, variable: VarId) -> bool {
    atom.arguments.contains(&Term::Variable(variable))
}

fn is_in(term: &Term, atoms: &[&Atom]) -> bool {
    atoms.iter().any(|a| a.arguments.contains(term))
}

/// Whether something besides the recursive atoms limits a variable, or the
/// term that is made of it.
fn is_bounded(rule: &Rule, variable: VarId, recursive: &[&Atom], made: &Term) -> bool {
    let own = Term::Variable(variable);
    // A variable that stands for the new term is limited in its stead.
    let stands_for = |t: &Term| matches!(t, Term::Variable(_)) && meant(t, &rule.body) == made;
    let mentions = |t: &Term| {
        let mut found = false;
        t.each(&mut |t| found |= *t == own || stands_for(t));
        found
    };
    rule.body.iter().any(|literal| match literal {
        Literal::Compare(Comparison::Equal | Comparison::NotEqual, ..) => false,
        Literal::Compare(_, a, b) => mentions(a) || mentions(b),
        Literal::Range(t, ..) => mentions(t),
        Literal::Atom(..) => {
            let atom = positive(std::slice::from_ref(literal)).next();
            atom.is_some_and(|a| !recursive.contains(&a) && a.arguments.iter().any(mentions))
        }
        Literal::Aggregate(..) => false,
    })
}

fn told(problem: &Problem, rule: &Rule, head: &Atom, term: &Term) -> Diagnostic {
    let name = problem
        .predicate(head.predicate)
        .map_or_else(String::new, ToString::to_string);
    let shown = crate::program::print::print_term(problem, rule, term);
    let said = format!("each step of this rule for `{name}` makes a larger `{shown}`, without end");
    let found = Diagnostic::warning(Code::UNBOUNDED_TERMS, said).at(rule.span);
    let numbers = matches!(term, Term::Arithmetic(..));
    found.help(if numbers {
        "bound it: add a comparison such as `X < 100`".to_owned()
    } else {
        format!(
            "terms are made up to depth {} and no deeper (`#depth`); bound it by an atom of another predicate",
            problem.depth
        )
    })
}
