//! Rules whose arithmetic is solved for the variables that it binds.
//!
//! Our language matches `p(X+Y)` with an atom where one of the two is known;
//! others match less of that, or nothing. Here the argument becomes a variable
//! of its own, and an equation behind it says what the unknown part is.

use std::sync::Arc;

use nsolve_il::program::{
    Aggregate, AggregateElement, ArithmeticOp, Atom, ChoiceElement, Comparison, Goal, Head,
    Literal, Rule, Sign, Term, Value, VarId, schedule,
};

/// Which arithmetic may stay in arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    /// What gringo understands: all that is known, and an unknown variable with
    /// an integer added or taken away.
    Gringo,
    /// None: it stands at the sides of comparisons alone.
    Nothing,
}

/// A rule that means the same, its body in the order of evaluation. `None` for
/// rules that are not safe.
pub(super) fn solve_rule(rule: &Rule, keep: Keep) -> Option<Rule> {
    let globals = rule.globals();
    let mut solver = Solver {
        variables: rule.variables.clone(),
        keep,
    };
    let mut bound = vec![false; rule.variables.len()];
    let mut body = solver.conjunction(&rule.body, &mut bound, &globals)?;
    let head = solver.head(&rule.head, &mut body, &bound, &globals)?;
    Some(Rule {
        head,
        body,
        variables: solver.variables,
        sentence: rule.sentence.clone(),
        span: rule.span,
    })
}

/// The same for a goal, as a constraint; and which variables its body binds.
pub(super) fn solve_goal(goal: &Goal, keep: Keep) -> Option<(Rule, Vec<bool>)> {
    let rule = Rule {
        head: Head::Never,
        body: goal.body.clone(),
        variables: goal.variables.clone(),
        sentence: goal.sentence.clone(),
        span: goal.span,
    };
    let bound = rule.schedule().ok()?.bound;
    Some((solve_rule(&rule, keep)?, bound))
}

struct Solver {
    variables: Vec<Arc<str>>,
    keep: Keep,
}

/// Variables that are known, by position.
type Bound = Vec<bool>;

fn is_known(term: &Term, bound: &[bool]) -> bool {
    let mut known = true;
    term.each_variable(&mut |v| known &= bound.get(v.index()).copied().unwrap_or(false));
    known
}

fn bind(bound: &mut Bound, v: VarId) {
    if bound.len() <= v.index() {
        bound.resize(v.index() + 1, false);
    }
    if let Some(slot) = bound.get_mut(v.index()) {
        *slot = true;
    }
}

fn bind_all(term: &Term, bound: &mut Bound) {
    term.each_variable(&mut |v| bind(bound, v));
}

/// Binds the variables outside of arithmetic.
fn bind_plain(term: &Term, bound: &mut Bound) {
    match term {
        Term::Variable(v) => bind(bound, *v),
        Term::Function(_, args) => args.iter().for_each(|a| bind_plain(a, bound)),
        Term::Value(_) | Term::Arithmetic(..) => {}
    }
}

/// Whether gringo matches this by itself.
fn is_simple(term: &Term) -> bool {
    use Term::{Arithmetic, Variable};
    let Arithmetic(op, args) = term else {
        return false;
    };
    let is_int = |t: &Term| matches!(t, Term::Value(Value::Int(_)));
    match (op, args.as_slice()) {
        (ArithmeticOp::Add | ArithmeticOp::Subtract, [Variable(_), c] | [c, Variable(_)]) => {
            is_int(c)
        }
        (ArithmeticOp::Negate, [Variable(_)]) => true,
        _ => false,
    }
}

/// `part = value` for the unknown part of `term = value`. `None` where there is
/// no solving it.
fn solve(term: &Term, value: Term, bound: &[bool]) -> Option<Literal> {
    let (mut part, mut value) = (term.clone(), value);
    while let Term::Arithmetic(op, args) = &part
        && !is_known(&part, bound)
    {
        let make = |op, a: Term, b: Term| Term::Arithmetic(op, vec![a, b]);
        let known = |t: &Term| is_known(t, bound);
        (part, value) = match (op, args.as_slice()) {
            (ArithmeticOp::Negate, [a]) => {
                let zero = Term::Value(Value::Int(0));
                (a.clone(), make(ArithmeticOp::Subtract, zero, value))
            }
            (ArithmeticOp::Add, [a, c] | [c, a]) if known(c) => {
                (a.clone(), make(ArithmeticOp::Subtract, value, c.clone()))
            }
            (ArithmeticOp::Subtract, [a, c]) if known(c) => {
                (a.clone(), make(ArithmeticOp::Add, value, c.clone()))
            }
            (ArithmeticOp::Subtract, [c, a]) if known(c) => {
                (a.clone(), make(ArithmeticOp::Subtract, c.clone(), value))
            }
            _ => return None,
        };
    }
    Some(Literal::Compare(Comparison::Equal, part, value))
}

impl Solver {
    fn fresh(&mut self) -> VarId {
        let v = VarId(self.variables.len() as u32);
        self.variables.push("Z".into());
        v
    }

    fn conjunction(
        &mut self,
        body: &[Literal],
        bound: &mut Bound,
        globals: &[bool],
    ) -> Option<Vec<Literal>> {
        let order = schedule(body, bound, globals).ok()?.order;
        let mut out = Vec::with_capacity(body.len());
        for position in order {
            self.literal(body.get(position)?, bound, globals, &mut out)?;
        }
        Some(out)
    }

    fn literal(
        &mut self,
        literal: &Literal,
        bound: &mut Bound,
        globals: &[bool],
        out: &mut Vec<Literal>,
    ) -> Option<()> {
        match literal {
            Literal::Atom(Sign::Positive, atom) => {
                let before = bound.clone();
                atom.arguments.iter().for_each(|t| bind_plain(t, bound));
                let mut after = Vec::new();
                let mut arguments = Vec::with_capacity(atom.arguments.len());
                for term in &atom.arguments {
                    let term = self.known_arithmetic(term, &before, out);
                    arguments.push(self.pattern(&term, bound, &mut after)?);
                }
                let predicate = atom.predicate;
                let atom = Atom {
                    predicate,
                    arguments,
                };
                out.push(Literal::Atom(Sign::Positive, atom));
                out.append(&mut after);
            }
            Literal::Atom(Sign::Not, atom) => {
                let lift = |t: &Term| self.known_arithmetic(t, bound, out);
                let arguments = atom.arguments.iter().map(lift).collect();
                let predicate = atom.predicate;
                let atom = Atom {
                    predicate,
                    arguments,
                };
                out.push(Literal::Atom(Sign::Not, atom));
            }
            Literal::Compare(comparison, a, b) => {
                let a = self.within_function(a, bound, out);
                let b = self.within_function(b, bound, out);
                let (unknown, known) = match is_known(&a, bound) {
                    true => (b, a),
                    false => (a, b),
                };
                if is_known(&unknown, bound) {
                    let (comparison, a, b) = match literal {
                        Literal::Compare(c, _, first) if *first == unknown => (*c, known, unknown),
                        _ => (comparison.flipped(), unknown, known),
                    };
                    out.push(Literal::Compare(comparison, a, b));
                } else {
                    self.equation(&unknown, known, bound, out)?;
                }
            }
            Literal::Range(term, low, high) => {
                let plain = matches!(term, Term::Variable(_)) || is_known(term, bound);
                if plain {
                    out.push(literal.clone());
                    bind_all(term, bound);
                } else {
                    let z = self.fresh();
                    let range = Literal::Range(Term::Variable(z), low.clone(), high.clone());
                    out.push(range);
                    bind(bound, z);
                    self.equation(term, Term::Variable(z), bound, out)?;
                }
            }
            Literal::Aggregate(sign, aggregate) => {
                let aggregate = self.aggregate(aggregate, bound, globals)?;
                for guard in &aggregate.guards {
                    bind_all(&guard.term, bound);
                }
                out.push(Literal::Aggregate(*sign, aggregate));
            }
        }
        Some(())
    }

    /// `unknown = known`, where matching binds variables of `unknown`.
    fn equation(
        &mut self,
        unknown: &Term,
        known: Term,
        bound: &mut Bound,
        out: &mut Vec<Literal>,
    ) -> Option<()> {
        if let Term::Arithmetic(..) = unknown {
            out.push(solve(unknown, known, bound)?);
            bind_all(unknown, bound);
            return Some(());
        }
        bind_plain(unknown, bound);
        let mut after = Vec::new();
        let keep = std::mem::replace(&mut self.keep, Keep::Nothing);
        let pattern = self.pattern(unknown, bound, &mut after);
        self.keep = keep;
        out.push(Literal::Compare(Comparison::Equal, pattern?, known));
        out.append(&mut after);
        Some(())
    }

    /// A term that is matched, with variables for the arithmetic that must not
    /// stay, and their equations in `after`.
    fn pattern(
        &mut self,
        term: &Term,
        bound: &mut Bound,
        after: &mut Vec<Literal>,
    ) -> Option<Term> {
        match term {
            Term::Variable(_) | Term::Value(_) => Some(term.clone()),
            Term::Function(name, args) => {
                let args = args.iter().map(|a| self.pattern(a, bound, after));
                Some(Term::Function(name.clone(), args.collect::<Option<_>>()?))
            }
            Term::Arithmetic(..) => {
                let stays = is_known(term, bound) || is_simple(term);
                if self.keep == Keep::Gringo && stays {
                    bind_all(term, bound);
                    return Some(term.clone());
                }
                let z = self.fresh();
                after.push(solve(term, Term::Variable(z), bound)?);
                bind(bound, z);
                bind_all(term, bound);
                Some(Term::Variable(z))
            }
        }
    }

    /// A term with variables for the arithmetic in it that is known and must
    /// not stay; their equations go before.
    fn known_arithmetic(&mut self, term: &Term, bound: &[bool], before: &mut Vec<Literal>) -> Term {
        match term {
            Term::Function(name, args) => {
                let lift = |a: &Term| self.known_arithmetic(a, bound, before);
                Term::Function(name.clone(), args.iter().map(lift).collect())
            }
            Term::Arithmetic(..) if self.keep == Keep::Nothing && is_known(term, bound) => {
                let z = Term::Variable(self.fresh());
                let equation = Literal::Compare(Comparison::Equal, z.clone(), term.clone());
                before.push(equation);
                z
            }
            _ => term.clone(),
        }
    }

    /// The same for the side of a comparison, which may be arithmetic itself.
    fn within_function(&mut self, term: &Term, bound: &[bool], before: &mut Vec<Literal>) -> Term {
        match term {
            Term::Function(..) => self.known_arithmetic(term, bound, before),
            _ => term.clone(),
        }
    }

    fn aggregate(
        &mut self,
        aggregate: &Aggregate,
        bound: &Bound,
        globals: &[bool],
    ) -> Option<Aggregate> {
        let mut elements = Vec::with_capacity(aggregate.elements.len());
        for element in &aggregate.elements {
            let condition = self.conjunction(&element.condition, &mut bound.clone(), globals)?;
            let tuple = element.tuple.clone();
            elements.push(AggregateElement { tuple, condition });
        }
        Some(Aggregate {
            function: aggregate.function,
            elements,
            guards: aggregate.guards.clone(),
        })
    }

    fn head(
        &mut self,
        head: &Head,
        body: &mut Vec<Literal>,
        bound: &Bound,
        globals: &[bool],
    ) -> Option<Head> {
        Some(match head {
            Head::Atom(atom) => {
                let lift = |t: &Term| self.known_arithmetic(t, bound, body);
                Head::Atom(Atom {
                    predicate: atom.predicate,
                    arguments: atom.arguments.iter().map(lift).collect(),
                })
            }
            Head::Choice { elements, guards } => {
                let mut solved = Vec::with_capacity(elements.len());
                for element in elements {
                    let mut bound = bound.clone();
                    let condition = self.conjunction(&element.condition, &mut bound, globals)?;
                    let atom = element.atom.clone();
                    solved.push(ChoiceElement { atom, condition });
                }
                Head::Choice {
                    elements: solved,
                    guards: guards.clone(),
                }
            }
            other => other.clone(),
        })
    }
}
