use std::sync::Arc;

use super::{
    AggregateElement, ArithmeticOp, Comparison, Fault, Head, Literal, Meaning, Problem, Rule, Sign,
    Term, VarId, dependencies,
};

/// An order in which the literals of a conjunction can be evaluated, each with
/// what it needs bound by those before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Positions of the literals: as written, save that a literal waits for
    /// what it needs.
    pub order: Vec<usize>,
    /// Which variables are bound when all literals hold, by [`VarId`].
    pub bound: Vec<bool>,
}

/// Which variables a term binds when it is matched with a value, while those in
/// `bound` are known: its variables, but of arithmetic only the one variable of
/// `X + c`, `c + X`, `X - c`, `c - X`, `-X` with `c` known. `None` where the
/// term cannot be matched: it holds other arithmetic that is not known.
pub fn binds(term: &Term, bound: &[bool]) -> Option<Vec<VarId>> {
    let mut out = Vec::new();
    matches(term, bound, &mut out).then_some(out)
}

fn matches(term: &Term, bound: &[bool], out: &mut Vec<VarId>) -> bool {
    match term {
        Term::Variable(v) => {
            if !is_bound(bound, *v) && !out.contains(v) {
                out.push(*v);
            }
            true
        }
        Term::Value(_) => true,
        Term::Function(_, args) => {
            // Arithmetic may need what its neighbours bind.
            let (late, early): (Vec<&Term>, Vec<&Term>) =
                args.iter().partition(|t| has_arithmetic(t));
            if !early.iter().all(|t| matches(t, bound, out)) {
                return false;
            }
            late.iter().all(|t| {
                let mut known = bound.to_vec();
                out.iter().for_each(|v| set(&mut known, *v));
                matches(t, &known, out)
            })
        }
        Term::Arithmetic(op, args) => match (op, args.as_slice()) {
            _ if is_known(term, bound) => true,
            (ArithmeticOp::Negate, [t]) => is_invertible(t, bound) && matches(t, bound, out),
            (ArithmeticOp::Add | ArithmeticOp::Subtract, [t, c]) if is_known(c, bound) => {
                is_invertible(t, bound) && matches(t, bound, out)
            }
            (ArithmeticOp::Add | ArithmeticOp::Subtract, [c, t]) if is_known(c, bound) => {
                is_invertible(t, bound) && matches(t, bound, out)
            }
            _ => false,
        },
    }
}

/// Only a variable or arithmetic can be an integer that is not known yet.
fn is_invertible(term: &Term, _: &[bool]) -> bool {
    matches!(term, Term::Variable(_) | Term::Arithmetic(..))
}

fn has_arithmetic(term: &Term) -> bool {
    let mut out = false;
    term.each(&mut |t| out |= matches!(t, Term::Arithmetic(..)));
    out
}

fn is_bound(bound: &[bool], v: VarId) -> bool {
    bound.get(v.index()).copied().unwrap_or(false)
}

fn set(bound: &mut [bool], v: VarId) {
    if let Some(slot) = bound.get_mut(v.index()) {
        *slot = true;
    }
}

fn is_known(term: &Term, bound: &[bool]) -> bool {
    let mut all = true;
    term.each_variable(&mut |v| all &= is_bound(bound, v));
    all
}

/// What a literal binds once the variables in `bound` are known; `None` where
/// it must wait for more. `globals` tells the rule's global variables, which an
/// aggregate needs before it can be evaluated.
fn step(literal: &Literal, bound: &[bool], globals: &[bool]) -> Option<Vec<VarId>> {
    match literal {
        Literal::Atom(Sign::Positive, atom) => {
            // Arguments are matched as those of a function are.
            binds(
                &Term::Function(Arc::from(""), atom.arguments.clone()),
                bound,
            )
        }
        Literal::Atom(Sign::Not, atom) => {
            let known = atom.arguments.iter().all(|t| is_known(t, bound));
            known.then(Vec::new)
        }
        Literal::Compare(Comparison::Equal, a, b) => {
            if is_known(a, bound) {
                binds(b, bound)
            } else if is_known(b, bound) {
                binds(a, bound)
            } else {
                None
            }
        }
        Literal::Compare(_, a, b) => (is_known(a, bound) && is_known(b, bound)).then(Vec::new),
        Literal::Range(t, low, high) => {
            (is_known(low, bound) && is_known(high, bound)).then(|| binds(t, bound))?
        }
        Literal::Aggregate(sign, aggregate) => {
            let ready = aggregate
                .elements
                .iter()
                .all(|e| is_ready(e, bound, globals));
            if !ready {
                return None;
            }
            let mut out = Vec::new();
            for guard in &aggregate.guards {
                if is_known(&guard.term, bound) {
                    continue;
                }
                match (&guard.term, guard.relation, sign) {
                    (Term::Variable(v), Comparison::Equal, Sign::Positive) => out.push(*v),
                    _ => return None,
                }
            }
            Some(out)
        }
    }
}

/// Whether an element's own variables are all that is not known in it.
fn is_ready(element: &AggregateElement, bound: &[bool], globals: &[bool]) -> bool {
    let mut ready = true;
    let mut see = |term: &Term| {
        if let Term::Variable(v) = term {
            ready &= is_bound(bound, *v) || !is_bound(globals, *v);
        }
    };
    element.tuple.iter().for_each(|t| t.each(&mut see));
    element.condition.iter().for_each(|l| l.each_term(&mut see));
    ready
}

/// Finds an order for a conjunction, starting with the variables in `bound`.
///
/// # Errors
/// The variables that stay unbound or that a literal waits for, where there is
/// no order.
pub fn schedule(
    body: &[Literal],
    bound: &[bool],
    globals: &[bool],
) -> Result<Schedule, Vec<VarId>> {
    let mut bound = bound.to_vec();
    let mut waiting: Vec<usize> = (0..body.len()).collect();
    let mut order = Vec::with_capacity(body.len());
    while !waiting.is_empty() {
        let ready = waiting.iter().enumerate().find_map(|(place, &position)| {
            let bindings = step(body.get(position)?, &bound, globals)?;
            Some((place, position, bindings))
        });
        let Some((place, position, bindings)) = ready else {
            return Err(missing(body, &waiting, &bound, globals));
        };
        waiting.remove(place);
        order.push(position);
        bindings.into_iter().for_each(|v| set(&mut bound, v));
    }
    Ok(Schedule { order, bound })
}

fn missing(body: &[Literal], waiting: &[usize], bound: &[bool], globals: &[bool]) -> Vec<VarId> {
    let mut out = Vec::new();
    let mut need = |v: VarId| {
        if !is_bound(bound, v) && !out.contains(&v) {
            out.push(v);
        }
    };
    for literal in waiting.iter().filter_map(|&i| body.get(i)) {
        literal.each_global(&mut need);
        // An aggregate also waits for the global variables of its elements.
        literal.each_term(&mut |term| match term {
            Term::Variable(v) if is_bound(globals, *v) => need(*v),
            _ => {}
        });
    }
    out
}

impl Rule {
    /// The order of the body.
    ///
    /// # Errors
    /// The unsafe variables: those of the body that nothing binds, those of the
    /// head that the body does not bind, and those of an element that its
    /// condition does not bind.
    pub fn schedule(&self) -> Result<Schedule, Vec<VarId>> {
        let globals = self.globals();
        let schedule = schedule(&self.body, &vec![false; self.variables.len()], &globals)?;
        let mut bad = Vec::new();
        let mut need = |term: &Term, bound: &[bool]| {
            term.each_variable(&mut |v| {
                if !is_bound(bound, v) && !bad.contains(&v) {
                    bad.push(v);
                }
            });
        };
        let mut element = |condition: &[Literal], terms: &mut dyn Iterator<Item = &Term>| {
            match self::schedule(condition, &schedule.bound, &globals) {
                Ok(inner) => terms.for_each(|t| need(t, &inner.bound)),
                Err(unbound) => {
                    // Told through the same list, below.
                    unbound.iter().for_each(|v| need(&Term::Variable(*v), &[]));
                }
            }
        };
        for (_, aggregate) in self.body.iter().filter_map(Literal::as_aggregate) {
            for e in &aggregate.elements {
                element(&e.condition, &mut e.tuple.iter());
            }
        }
        match &self.head {
            Head::Choice { elements, guards } => {
                for e in elements {
                    element(&e.condition, &mut e.atom.arguments.iter());
                }
                element(&[], &mut guards.iter().map(|g| &g.term));
            }
            Head::Cost(cost) => {
                let terms = [&cost.weight, &cost.level];
                element(&[], &mut terms.into_iter().chain(&cost.tuple));
            }
            head => {
                for atom in head.atoms() {
                    element(&[], &mut atom.arguments.iter());
                }
            }
        }
        if bad.is_empty() {
            Ok(schedule)
        } else {
            Err(bad)
        }
    }
}

/// Whether a program is as its types' documentation says.
///
/// # Errors
/// The first fault.
pub fn validate(problem: &Problem) -> Result<(), Fault> {
    for (i, rule) in problem.rules.iter().enumerate() {
        validate_rule(problem, i as u32, rule)?;
    }
    let graph = dependencies(problem);
    if let Some(rule) = graph.recursive_aggregate(problem) {
        return Err(Fault::RecursiveAggregate { rule });
    }
    let Some(goal) = &problem.goal else {
        return Ok(());
    };
    let as_rule = Rule {
        head: Head::Never,
        body: goal.body.clone(),
        variables: goal.variables.clone(),
        sentence: None,
        span: goal.span,
    };
    validate_rule(problem, problem.rules.len() as u32, &as_rule)
}

fn validate_rule(problem: &Problem, position: u32, rule: &Rule) -> Result<(), Fault> {
    let malformed = |why| Fault::Malformed {
        rule: position,
        why,
    };
    let mut why = None;
    let mut atom = |atom: &super::Atom| match problem.predicate(atom.predicate) {
        Some(p) if p.arity as usize == atom.arguments.len() => {}
        _ => why = Some("a predicate's arity"),
    };
    rule.head.atoms().for_each(&mut atom);
    rule.each_literal(&mut |literal| {
        if let Literal::Atom(_, a) = literal {
            atom(a);
        }
    });
    rule.each_term(&mut |term| match term {
        Term::Variable(v) if v.index() >= rule.variables.len() => why = Some("a variable"),
        Term::Arithmetic(op, args) if args.len() != op.arity() => {
            why = Some("an operation's arity");
        }
        _ => {}
    });
    if matches!(&rule.head, Head::Disjunction(atoms) if atoms.len() < 2) {
        why = Some("a disjunction of fewer than two atoms");
    }
    let mut nested = |condition: &[Literal]| {
        if condition
            .iter()
            .any(|l| matches!(l, Literal::Aggregate(..)))
        {
            why = Some("an aggregate within a condition");
        }
    };
    for (_, aggregate) in rule.body.iter().filter_map(Literal::as_aggregate) {
        aggregate.elements.iter().for_each(|e| nested(&e.condition));
    }
    if let Head::Choice { elements, .. } = &rule.head {
        elements.iter().for_each(|e| nested(&e.condition));
    }
    for (_, aggregate) in rule.body.iter().filter_map(Literal::as_aggregate) {
        if aggregate.guards.is_empty() || aggregate.elements.iter().any(|e| e.tuple.is_empty()) {
            why = Some("an aggregate without a bound, or with an empty tuple");
        }
    }
    if let Some(why) = why {
        return Err(malformed(why));
    }
    if problem.meaning == Meaning::OpenWorld
        && let Some(what) = not_open_world(rule)
    {
        return Err(Fault::NotOpenWorld {
            rule: position,
            what,
        });
    }
    rule.schedule().map(drop).map_err(|unbound| {
        let first = unbound.first().and_then(|v| rule.variables.get(v.index()));
        Fault::Unsafe {
            rule: position,
            variable: first.cloned().unwrap_or_else(|| "_".into()),
        }
    })
}

/// What a rule has that only closed worlds have a meaning for.
fn not_open_world(rule: &Rule) -> Option<&'static str> {
    let of_head = match &rule.head {
        Head::Atom(_) | Head::Never => None,
        Head::Disjunction(_) => Some("a disjunction"),
        Head::Choice { .. } => Some("a choice"),
        Head::Cost(_) => Some("a cost"),
    };
    of_head.or_else(|| {
        rule.body.iter().find_map(|literal| match literal {
            Literal::Atom(Sign::Not, _) => Some("negation as failure"),
            Literal::Aggregate(..) => Some("an aggregate"),
            _ => None,
        })
    })
}
