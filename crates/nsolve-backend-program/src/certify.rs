//! Derivations for a model that somebody else found.

use std::sync::Arc;

use nsolve_backend::{SolveCx, StopReason};
use nsolve_il::program::{
    Aggregate, AggregateElement, AggregateFunction, Atom, Derivation, GroundAtom, Head, Literal,
    Meaning, Predicate, PredicateId, Problem, Rule, Sign, StableModel, Term, Value,
};
use rustc_hash::FxHashSet;

use crate::evaluate::{Engine, opposites};
use crate::models::costs;
use crate::provenance::{Origin, Reader};
use crate::table::at;

/// Gives a set of atoms the evidence of a stable model: a derivation of each
/// atom, and what the model costs. `None` where the set breaks a rule, a
/// constraint or a bound, or where an atom of it does not follow.
///
/// Under programs with disjunctions this does not tell whether a smaller set
/// would do; for all others, a set with such a derivation is a stable model.
///
/// # Errors
/// Why it could not be found out, where a limit was reached.
pub fn certify(
    problem: &Problem,
    atoms: &[GroundAtom],
    cx: &SolveCx,
) -> Result<Option<StableModel>, StopReason> {
    let model: FxHashSet<&GroundAtom> = atoms.iter().collect();
    if problem.meaning == Meaning::StableModels && clashes(problem, &model) {
        return Ok(None);
    }
    let Reduct {
        problem: reduct,
        origin,
    } = reduct(problem, &model);
    let mut engine = Engine::new(&reduct, cx);
    let all: Vec<PredicateId> = (0..reduct.predicates.len() as u32)
        .map(PredicateId)
        .collect();
    engine.run(&all)?;
    for number in engine.last.clone() {
        let plan = engine.plan_or_fail(number, None)?;
        let before = engine.instances.len();
        engine.run_plan(number, &plan, u32::MAX)?;
        let rule = engine.clauses.get(number as usize).map_or(0, |c| c.rule);
        let forbids = reduct
            .rules
            .get(rule as usize)
            .is_some_and(|r| r.head == Head::Never);
        if forbids && engine.instances.len() > before {
            return Ok(None);
        }
    }
    if engine.cut || engine.tainted.contains(&true) {
        return Err(crate::instances::too_deep(problem));
    }
    let cost = costs(&reduct, &mut engine)?;
    let mut reader = Reader::new(&origin);
    for p in 0..problem.predicates.len() {
        reader.visit_all(&mut engine, p)?;
    }
    // Rules only give what is in the model, so there is nothing besides.
    if reader.steps.len() != model.len() {
        return Ok(None);
    }
    let Derivation { steps, .. } = reader.finish(Vec::new());
    let closed = (0..problem.predicates.len() as u32)
        .map(PredicateId)
        .collect();
    Ok(Some(StableModel {
        derivation: Derivation { steps, closed },
        cost,
    }))
}

fn clashes(problem: &Problem, model: &FxHashSet<&GroundAtom>) -> bool {
    let opposites = opposites(problem);
    model.iter().any(|atom| {
        at(&opposites, atom.predicate.index()).is_some_and(|predicate| {
            let arguments = atom.arguments.clone();
            model.contains(&GroundAtom {
                predicate,
                arguments,
            })
        })
    })
}

/// A program whose facts say what is in the model, under predicates of their
/// own, and whose rules derive it.
struct Reduct {
    problem: Problem,
    origin: Origin,
}

fn reduct(problem: &Problem, model: &FxHashSet<&GroundAtom>) -> Reduct {
    let count = problem.predicates.len();
    let told = Told {
        first: count as u32,
    };
    let mut out = Problem {
        goal: None,
        rules: Vec::new(),
        ..problem.clone()
    };
    out.predicates
        .extend(problem.predicates.iter().map(|p| Predicate {
            name: Arc::from(""),
            types: None,
            meaning: None,
            ..p.clone()
        }));
    let mut origins = Vec::new();
    let mut add = |head: Head, body: Vec<Literal>, variables: &[Arc<str>], origin| {
        out.rules.push(Rule {
            head,
            body,
            variables: variables.to_vec(),
            sentence: None,
            span: None,
        });
        origins.push(origin);
    };
    for atom in model {
        let arguments = atom.arguments.iter().cloned().map(Term::Value).collect();
        let fact = told.atom(&Atom {
            predicate: atom.predicate,
            arguments,
        });
        add(Head::Atom(fact), Vec::new(), &[], (u32::MAX, 0));
    }
    for (i, rule) in problem.rules.iter().enumerate() {
        let names = rule.variables.as_slice();
        let held: Vec<Literal> = rule.body.iter().map(|l| told.literal(l)).collect();
        match &rule.head {
            Head::Choice { elements, guards } => {
                for (j, e) in elements.iter().enumerate() {
                    let body = rule.body.iter().chain(&e.condition);
                    let body = told.derivation(&e.atom, body);
                    add(
                        Head::Atom(e.atom.clone()),
                        body,
                        names,
                        (i as u32, j as u32),
                    );
                }
                for guard in guards {
                    let elements = elements.iter().map(|e| told.counted(e)).collect();
                    let aggregate = Aggregate {
                        function: AggregateFunction::Count,
                        elements,
                        guards: vec![guard.clone()],
                    };
                    let mut body = held.clone();
                    body.push(Literal::Aggregate(Sign::Not, aggregate));
                    add(Head::Never, body, names, (i as u32, 0));
                }
            }
            Head::Atom(_) | Head::Disjunction(_) => {
                let mut unmet = held;
                for (j, atom) in rule.head.atoms().enumerate() {
                    let body = told.derivation(atom, rule.body.iter());
                    add(Head::Atom(atom.clone()), body, names, (i as u32, j as u32));
                    unmet.push(Literal::Atom(Sign::Not, told.atom(atom)));
                }
                add(Head::Never, unmet, names, (i as u32, 0));
            }
            Head::Never | Head::Cost(_) => {
                add(rule.head.clone(), held, names, (i as u32, 0));
            }
        }
    }
    let real = (0..count as u32).map(|p| Some(PredicateId(p)));
    Reduct {
        problem: out,
        origin: Origin {
            predicates: real.chain((0..count).map(|_| None)).collect(),
            rules: Some(origins),
            merges: false,
        },
    }
}

/// Says things about the model rather than about what is derived so far.
struct Told {
    /// The predicate that tells of predicate 0.
    first: u32,
}

impl Told {
    fn atom(&self, atom: &Atom) -> Atom {
        Atom {
            predicate: PredicateId(atom.predicate.0 + self.first),
            arguments: atom.arguments.clone(),
        }
    }

    fn literal(&self, literal: &Literal) -> Literal {
        match literal {
            Literal::Atom(sign, atom) => Literal::Atom(*sign, self.atom(atom)),
            Literal::Aggregate(sign, aggregate) => {
                let elements = aggregate.elements.iter().map(|e| AggregateElement {
                    tuple: e.tuple.clone(),
                    condition: e.condition.iter().map(|l| self.literal(l)).collect(),
                });
                let aggregate = Aggregate {
                    elements: elements.collect(),
                    ..aggregate.clone()
                };
                Literal::Aggregate(*sign, aggregate)
            }
            other => other.clone(),
        }
    }

    /// A body under which an atom of the model is derived.
    fn derivation<'l>(&self, head: &Atom, body: impl Iterator<Item = &'l Literal>) -> Vec<Literal> {
        let mut out: Vec<Literal> = body
            .map(|l| match l {
                Literal::Atom(Sign::Positive, _) => l.clone(),
                other => self.literal(other),
            })
            .collect();
        // Behind the rest, so that it binds nothing that the rule does not; it
        // waits for arithmetic that cannot be matched.
        out.push(Literal::Atom(Sign::Positive, self.atom(head)));
        out
    }

    /// An element of a choice as one of a count of different atoms.
    fn counted(&self, e: &nsolve_il::program::ChoiceElement) -> AggregateElement {
        let mut condition: Vec<Literal> = e.condition.iter().map(|l| self.literal(l)).collect();
        condition.push(Literal::Atom(Sign::Positive, self.atom(&e.atom)));
        let predicate = Term::Value(Value::Int(i64::from(e.atom.predicate.0)));
        AggregateElement {
            tuple: std::iter::once(predicate)
                .chain(e.atom.arguments.iter().cloned())
                .collect(),
            condition,
        }
    }
}
