//! Statements that stand for several: pools and Prolog's alternatives.

use crate::program::ast::{
    Aggregate, ChoiceElement, Element, Head, Literal, LiteralKind, Term, TermKind,
};

/// The most rules, elements or terms that one statement is read as.
pub(super) const MOST_COPIES: usize = 10_000;

/// The statement stands for more than [`MOST_COPIES`].
pub(super) struct TooMany;

type Several<T> = Result<Vec<T>, TooMany>;

/// All ways to take one of each.
fn product<T: Clone>(parts: &[Vec<T>]) -> Several<Vec<T>> {
    let mut out: Vec<Vec<T>> = vec![Vec::new()];
    for part in parts {
        if out.len() * part.len() > MOST_COPIES {
            return Err(TooMany);
        }
        out = out
            .iter()
            .flat_map(|begun| {
                part.iter().map(|next| {
                    let mut longer = begun.clone();
                    longer.push(next.clone());
                    longer
                })
            })
            .collect();
    }
    Ok(out)
}

fn has_pool(term: &Term) -> bool {
    match &term.kind {
        TermKind::Pool(_) => true,
        TermKind::Function(_, terms) | TermKind::Arithmetic(_, terms) => terms.iter().any(has_pool),
        TermKind::List(terms, tail) => {
            terms.iter().any(has_pool) || tail.as_ref().is_some_and(|t| has_pool(t))
        }
        TermKind::Interval(low, high) => has_pool(low) || has_pool(high),
        _ => false,
    }
}

/// The terms that a term with pools stands for.
pub(super) fn terms(term: &Term) -> Several<Term> {
    if !has_pool(term) {
        return Ok(vec![term.clone()]);
    }
    let rebuilt = |kind| Term::new(kind, term.span);
    let all: Vec<Term> = match &term.kind {
        TermKind::Pool(members) => {
            let mut out = Vec::new();
            for member in members {
                out.extend(terms(member)?);
            }
            out
        }
        TermKind::Function(name, args) => each(args)?
            .into_iter()
            .map(|args| rebuilt(TermKind::Function(name.clone(), args)))
            .collect(),
        TermKind::Arithmetic(op, args) => each(args)?
            .into_iter()
            .map(|args| rebuilt(TermKind::Arithmetic(*op, args)))
            .collect(),
        TermKind::List(members, tail) => {
            let mut parts = members.clone();
            parts.extend(tail.as_deref().cloned());
            each(&parts)?
                .into_iter()
                .map(|mut parts| {
                    let tail = tail.is_some().then(|| parts.pop()).flatten();
                    rebuilt(TermKind::List(parts, tail.map(Box::new)))
                })
                .collect()
        }
        TermKind::Interval(low, high) => {
            let both = [(**low).clone(), (**high).clone()];
            let pairs = each(&both)?.into_iter();
            pairs
                .filter_map(|pair| {
                    let [low, high] = <[Term; 2]>::try_from(pair).ok()?;
                    Some(rebuilt(TermKind::Interval(Box::new(low), Box::new(high))))
                })
                .collect()
        }
        _ => vec![term.clone()],
    };
    if all.len() > MOST_COPIES {
        return Err(TooMany);
    }
    Ok(all)
}

/// All lists of terms that a list of terms with pools stands for.
pub(super) fn each(list: &[Term]) -> Several<Vec<Term>> {
    let parts: Vec<Vec<Term>> = list.iter().map(terms).collect::<Result<_, _>>()?;
    product(&parts)
}

/// The conjunctions that a literal stands for; one of them must hold.
fn literal(found: &Literal) -> Several<Vec<Literal>> {
    let rebuilt = |kind| Literal {
        kind,
        span: found.span,
    };
    Ok(match &found.kind {
        LiteralKind::Atom(atom) => terms(atom)?
            .into_iter()
            .map(|t| vec![rebuilt(LiteralKind::Atom(t))])
            .collect(),
        LiteralKind::Compare {
            relation,
            left,
            right,
            evaluate,
        } => {
            let both = each(&[left.clone(), right.clone()])?;
            let pairs = both
                .into_iter()
                .filter_map(|p| <[Term; 2]>::try_from(p).ok());
            pairs
                .map(|[left, right]| {
                    vec![rebuilt(LiteralKind::Compare {
                        relation: *relation,
                        left,
                        right,
                        evaluate: *evaluate,
                    })]
                })
                .collect()
        }
        LiteralKind::Aggregate(aggregate) => {
            let elements = elements(&aggregate.elements)?;
            let guards = aggregate.guards.clone();
            let function = aggregate.function;
            vec![vec![rebuilt(LiteralKind::Aggregate(Aggregate {
                function,
                elements,
                guards,
            }))]]
        }
        LiteralKind::Truth(_) => vec![vec![found.clone()]],
        LiteralKind::All(all) => body(all)?,
        LiteralKind::Any(any) => {
            let mut out = Vec::new();
            for one in any {
                out.extend(literal(one)?);
                if out.len() > MOST_COPIES {
                    return Err(TooMany);
                }
            }
            out
        }
        LiteralKind::Not(inner) => negated(inner, found)?,
    })
}

/// `not` of a pool is `not` of each in turn, as gringo has it; `not` of several
/// goals says of each conjunction among them that it fails.
fn negated(inner: &Literal, whole: &Literal) -> Several<Vec<Literal>> {
    let not = |inner: Literal| Literal {
        kind: LiteralKind::Not(Box::new(inner)),
        span: whole.span,
    };
    let ways = literal(inner)?;
    let simple = matches!(
        inner.kind,
        LiteralKind::Atom(_) | LiteralKind::Compare { .. } | LiteralKind::Aggregate(_)
    );
    if simple {
        let each = ways.into_iter().flatten();
        return Ok(each.map(|one| vec![not(one)]).collect());
    }
    let all = ways.into_iter().map(|mut way| {
        let inner = match (way.len(), way.pop()) {
            (1, Some(only)) if !matches!(only.kind, LiteralKind::Not(_)) => only,
            (_, last) => {
                way.extend(last);
                Literal {
                    kind: LiteralKind::All(way),
                    span: whole.span,
                }
            }
        };
        not(inner)
    });
    Ok(vec![all.collect()])
}

/// The bodies that a body stands for.
pub(super) fn body(found: &[Literal]) -> Several<Vec<Literal>> {
    let parts: Vec<Vec<Vec<Literal>>> = found.iter().map(literal).collect::<Result<_, _>>()?;
    let ways = product(&parts)?;
    Ok(ways
        .into_iter()
        .map(|way| way.into_iter().flatten().collect())
        .collect())
}

pub(super) fn elements(found: &[Element]) -> Several<Element> {
    let mut out = Vec::new();
    for element in found {
        let conditions = body(&element.condition)?;
        for tuple in each(&element.tuple)? {
            for condition in &conditions {
                out.push(Element {
                    tuple: tuple.clone(),
                    condition: condition.clone(),
                });
            }
            if out.len() > MOST_COPIES.max(found.len()) {
                return Err(TooMany);
            }
        }
    }
    Ok(out)
}

/// The heads that a head stands for: a pool in an atom or a disjunction makes
/// several heads, in a choice more members of it. So does gringo.
pub(super) fn heads(head: &Head) -> Several<Head> {
    match head {
        Head::Atoms(atoms) => Ok(each(atoms)?.into_iter().map(Head::Atoms).collect()),
        Head::Choice(elements, guards) => {
            let mut out = Vec::new();
            for element in elements {
                let conditions = body(&element.condition)?;
                for atom in terms(&element.atom)? {
                    for condition in &conditions {
                        let (atom, condition) = (atom.clone(), condition.clone());
                        out.push(ChoiceElement { atom, condition });
                    }
                    if out.len() > MOST_COPIES.max(elements.len()) {
                        return Err(TooMany);
                    }
                }
            }
            Ok(vec![Head::Choice(out, guards.clone())])
        }
        Head::Never => Ok(vec![Head::Never]),
    }
}
