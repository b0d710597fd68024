//! Rules with values as numbers, and whether they are well-formed.

use nsolve_il::program::{
    self as il, AggregateFunction, ArithmeticOp, Comparison, Meaning, Problem, Sign,
};
use rustc_hash::FxHashSet;

use super::plan::plan;
use super::values::{Id, Symbol, Values};
use super::{Malformed, NotCheckable};
use crate::{Refusal, spend};

/// How deep terms with variables may nest: they are followed by recursion.
/// Readers refuse less.
const DEEPEST: u32 = 400;

#[derive(Debug)]
pub(super) enum Term {
    Variable(usize),
    Value(Id),
    /// With whether there is arithmetic in it.
    Function(Symbol, Vec<Term>, bool),
    Arithmetic(ArithmeticOp, Vec<Term>),
}

impl Term {
    pub(super) fn has_arithmetic(&self) -> bool {
        matches!(self, Term::Function(_, _, true) | Term::Arithmetic(..))
    }
}

#[derive(Debug)]
pub(super) struct Atom {
    pub(super) predicate: usize,
    pub(super) arguments: Vec<Term>,
}

#[derive(Debug)]
pub(super) struct Guard {
    pub(super) relation: Comparison,
    pub(super) term: Term,
}

/// A tuple of an aggregate, or the arguments of an atom of a choice, for each
/// way in which the condition holds.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) terms: Vec<Term>,
    pub(super) condition: Vec<Literal>,
    /// The variables that belong to this element alone.
    pub(super) locals: Vec<usize>,
    /// An order of the condition; `None` where there is none, or where it
    /// leaves a variable of the terms unbound.
    pub(super) order: Option<Vec<usize>>,
}

#[derive(Debug)]
pub(super) struct Aggregate {
    pub(super) function: AggregateFunction,
    pub(super) elements: Vec<Element>,
    pub(super) guards: Vec<Guard>,
    /// Global variables that occur in the elements.
    pub(super) needs: Vec<usize>,
}

#[derive(Debug)]
pub(super) enum Literal {
    Atom(Sign, Atom),
    Compare(Comparison, Term, Term),
    Range(Term, Term, Term),
    Aggregate(Sign, Aggregate),
}

impl Literal {
    /// Calls `f` on each predicate in it, with whether all of its atoms must be
    /// known: it stands under `not`, or in an aggregate.
    pub(super) fn each_predicate(&self, f: &mut impl FnMut(usize, bool)) {
        match self {
            Literal::Atom(sign, atom) => f(atom.predicate, *sign == Sign::Not),
            Literal::Aggregate(_, aggregate) => {
                for literal in aggregate.elements.iter().flat_map(|e| &e.condition) {
                    if let Literal::Atom(_, atom) = literal {
                        f(atom.predicate, true);
                    }
                }
            }
            Literal::Compare(..) | Literal::Range(..) => {}
        }
    }
}

#[derive(Debug)]
pub(super) struct ChoiceElement {
    pub(super) predicate: usize,
    /// The atom's arguments and the condition.
    pub(super) element: Element,
}

#[derive(Debug)]
pub(super) enum Head {
    Atom(Atom),
    Disjunction(Vec<Atom>),
    Choice(Vec<ChoiceElement>, Vec<Guard>),
    Never,
    /// Weight, level, and the rest of the tuple.
    Cost(Vec<Term>),
}

impl Head {
    pub(super) fn each_predicate(&self, f: &mut impl FnMut(usize)) {
        match self {
            Head::Atom(atom) => f(atom.predicate),
            Head::Disjunction(atoms) => atoms.iter().for_each(|a| f(a.predicate)),
            Head::Choice(elements, _) => elements.iter().for_each(|e| f(e.predicate)),
            Head::Never | Head::Cost(_) => {}
        }
    }

    /// Whether more than one model can come of it.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Head::Disjunction(_) | Head::Choice(..))
    }
}

#[derive(Debug)]
pub(super) struct Rule {
    pub(super) head: Head,
    pub(super) body: Vec<Literal>,
    /// Whether each variable is global.
    pub(super) globals: Vec<bool>,
}

impl Rule {
    /// Calls `f` on each predicate of the body and of the head's conditions,
    /// with whether it is under `not` or in an aggregate.
    pub(super) fn each_predicate(&self, f: &mut impl FnMut(usize, bool)) {
        self.body.iter().for_each(|l| l.each_predicate(f));
        if let Head::Choice(elements, _) = &self.head {
            let conditions = elements.iter().flat_map(|e| &e.element.condition);
            conditions.for_each(|l| l.each_predicate(f));
        }
    }
}

/// Takes in the rules of a problem and behind them the goals of a query, as
/// integrity constraints.
pub(super) fn read(
    problem: &Problem,
    goals: &[&il::Goal],
    values: &mut Values,
    steps: &mut u64,
) -> Result<Vec<Rule>, Refusal> {
    let mut names = FxHashSet::default();
    if !problem
        .predicates
        .iter()
        .all(|p| names.insert((&*p.name, p.arity, p.denied)))
    {
        return Err(malformed(0, Malformed::Namesakes));
    }
    if problem.depth > il::MAX_DEPTH {
        return Err(malformed(0, Malformed::Depth));
    }
    let never = il::Head::Never;
    let rules = problem
        .rules
        .iter()
        .map(|r| (&r.head, &r.body, r.variables.len()));
    let goals = goals.iter().map(|g| (&never, &g.body, g.variables.len()));
    let mut out = Vec::with_capacity(problem.rules.len());
    for (position, (head, body, variables)) in rules.chain(goals).enumerate() {
        let mut reader = Reader {
            problem,
            position: position as u32,
            values,
            steps,
            globals: vec![false; variables],
            local: None,
        };
        out.push(reader.rule(head, body)?);
    }
    Ok(out)
}

fn malformed(rule: u32, why: Malformed) -> Refusal {
    Refusal::Unchecked(NotCheckable::Malformed { rule, why })
}

struct Reader<'a> {
    problem: &'a Problem,
    position: u32,
    values: &'a mut Values,
    steps: &'a mut u64,
    globals: Vec<bool>,
    /// Within an element: the variables that occur in it.
    local: Option<Vec<usize>>,
}

impl Reader<'_> {
    fn malformed(&self, why: Malformed) -> Refusal {
        malformed(self.position, why)
    }

    /// Refuses what open worlds have no meaning for.
    fn closed_world(&self, why: Malformed) -> Result<(), Refusal> {
        match self.problem.meaning {
            Meaning::OpenWorld => Err(self.malformed(why)),
            Meaning::StableModels => Ok(()),
        }
    }

    fn rule(&mut self, head: &il::Head, body: &[il::Literal]) -> Result<Rule, Refusal> {
        spend(self.steps, 1)?;
        let mut head = self.head(head)?;
        let mut body = self.literals(body, true)?;
        let globals = std::mem::take(&mut self.globals);
        // Which variables are global is known only now.
        for literal in &mut body {
            if let Literal::Aggregate(_, aggregate) = literal {
                for element in &mut aggregate.elements {
                    let (locals, needs) = self.split(element, &globals)?;
                    element.locals = locals;
                    aggregate.needs.extend(needs);
                }
                aggregate.needs.sort_unstable();
                aggregate.needs.dedup();
            }
        }
        if let Head::Choice(elements, _) = &mut head {
            for ChoiceElement { element, .. } in elements {
                element.locals = self.split(element, &globals)?.0;
            }
        }
        Ok(Rule {
            head,
            body,
            globals,
        })
    }

    /// Local and global variables of an element; finds its order as well.
    fn split(
        &mut self,
        element: &mut Element,
        globals: &[bool],
    ) -> Result<(Vec<usize>, Vec<usize>), Refusal> {
        let is_global = |v: &usize| globals.get(*v).copied().unwrap_or(false);
        let all = std::mem::take(&mut element.locals);
        let (needs, locals) = all.into_iter().partition(is_global);
        let Element {
            terms, condition, ..
        } = &*element;
        element.order = plan(condition, globals, terms, &|_| 1, self.steps)?;
        Ok((locals, needs))
    }

    fn head(&mut self, head: &il::Head) -> Result<Head, Refusal> {
        Ok(match head {
            il::Head::Atom(atom) => Head::Atom(self.atom(atom)?),
            il::Head::Disjunction(atoms) => {
                self.closed_world(Malformed::OpenDisjunction)?;
                if atoms.len() < 2 {
                    return Err(self.malformed(Malformed::ShortDisjunction));
                }
                let atoms = atoms.iter().map(|a| self.atom(a)).collect::<Result<_, _>>();
                Head::Disjunction(atoms?)
            }
            il::Head::Choice { elements, guards } => {
                self.closed_world(Malformed::OpenChoice)?;
                let guards = self.guards(guards)?;
                let mut out = Vec::with_capacity(elements.len());
                for e in elements {
                    self.local = Some(Vec::new());
                    let atom = self.atom(&e.atom)?;
                    out.push(ChoiceElement {
                        predicate: atom.predicate,
                        element: self.element(atom.arguments, &e.condition)?,
                    });
                }
                Head::Choice(out, guards)
            }
            il::Head::Never => Head::Never,
            il::Head::Cost(cost) => {
                self.closed_world(Malformed::OpenCost)?;
                let terms = [&cost.weight, &cost.level];
                Head::Cost(self.terms(terms.into_iter().chain(&cost.tuple))?)
            }
        })
    }

    /// Ends an element that [`Reader::local`] began.
    fn element(&mut self, terms: Vec<Term>, condition: &[il::Literal]) -> Result<Element, Refusal> {
        let condition = self.literals(condition, false)?;
        let mut occurring = self.local.take().unwrap_or_default();
        occurring.sort_unstable();
        occurring.dedup();
        Ok(Element {
            terms,
            condition,
            locals: occurring,
            order: None,
        })
    }

    fn literals(
        &mut self,
        literals: &[il::Literal],
        aggregates: bool,
    ) -> Result<Vec<Literal>, Refusal> {
        let mut out = Vec::with_capacity(literals.len());
        for literal in literals {
            spend(self.steps, 1)?;
            out.push(match literal {
                il::Literal::Atom(sign, atom) => {
                    if *sign == Sign::Not {
                        self.closed_world(Malformed::OpenNegation)?;
                    }
                    Literal::Atom(*sign, self.atom(atom)?)
                }
                il::Literal::Compare(how, a, b) => {
                    Literal::Compare(*how, self.term(a)?, self.term(b)?)
                }
                il::Literal::Range(t, low, high) => {
                    Literal::Range(self.term(t)?, self.term(low)?, self.term(high)?)
                }
                il::Literal::Aggregate(..) if !aggregates => {
                    return Err(self.malformed(Malformed::NestedAggregate));
                }
                il::Literal::Aggregate(sign, aggregate) => {
                    self.closed_world(Malformed::OpenAggregate)?;
                    Literal::Aggregate(*sign, self.aggregate(aggregate)?)
                }
            });
        }
        Ok(out)
    }

    fn aggregate(&mut self, aggregate: &il::Aggregate) -> Result<Aggregate, Refusal> {
        let guards = self.guards(&aggregate.guards)?;
        let empty = aggregate.elements.iter().any(|e| e.tuple.is_empty());
        if guards.is_empty() || empty {
            return Err(self.malformed(Malformed::EmptyAggregate));
        }
        let mut elements = Vec::with_capacity(aggregate.elements.len());
        for e in &aggregate.elements {
            self.local = Some(Vec::new());
            let tuple = self.terms(&e.tuple)?;
            elements.push(self.element(tuple, &e.condition)?);
        }
        Ok(Aggregate {
            function: aggregate.function,
            elements,
            guards,
            needs: Vec::new(),
        })
    }

    fn guards(&mut self, guards: &[il::Guard]) -> Result<Vec<Guard>, Refusal> {
        let mut out = Vec::with_capacity(guards.len());
        for guard in guards {
            out.push(Guard {
                relation: guard.relation,
                term: self.term(&guard.term)?,
            });
        }
        Ok(out)
    }

    fn atom(&mut self, atom: &il::Atom) -> Result<Atom, Refusal> {
        match self.problem.predicate(atom.predicate) {
            Some(p) if p.arity as usize == atom.arguments.len() => Ok(Atom {
                predicate: atom.predicate.index(),
                arguments: self.terms(&atom.arguments)?,
            }),
            _ => Err(self.malformed(Malformed::Arity)),
        }
    }

    fn terms<'t>(
        &mut self,
        terms: impl IntoIterator<Item = &'t il::Term>,
    ) -> Result<Vec<Term>, Refusal> {
        terms.into_iter().map(|t| self.term(t)).collect()
    }

    fn term(&mut self, term: &il::Term) -> Result<Term, Refusal> {
        self.term_within(term, DEEPEST)
    }

    fn term_within(&mut self, term: &il::Term, room: u32) -> Result<Term, Refusal> {
        spend(self.steps, 1)?;
        let room = room
            .checked_sub(1)
            .ok_or_else(|| self.malformed(Malformed::DeepTerm))?;
        match term {
            il::Term::Variable(v) => self.variable(v.index()),
            il::Term::Value(value) => Ok(Term::Value(self.values.read(value, self.steps)?)),
            il::Term::Function(name, args) => {
                let args = self.terms_within(args, room)?;
                let arithmetic = args.iter().any(Term::has_arithmetic);
                Ok(Term::Function(self.values.symbol(name), args, arithmetic))
            }
            il::Term::Arithmetic(op, args) if args.len() != op.arity() => {
                Err(self.malformed(Malformed::Operation))
            }
            il::Term::Arithmetic(op, args) => {
                Ok(Term::Arithmetic(*op, self.terms_within(args, room)?))
            }
        }
    }

    fn terms_within(&mut self, terms: &[il::Term], room: u32) -> Result<Vec<Term>, Refusal> {
        terms.iter().map(|t| self.term_within(t, room)).collect()
    }

    fn variable(&mut self, v: usize) -> Result<Term, Refusal> {
        match (self.globals.get_mut(v), &mut self.local) {
            (None, _) => return Err(self.malformed(Malformed::Variable)),
            (Some(_), Some(local)) => local.push(v),
            (Some(global), None) => *global = true,
        }
        Ok(Term::Variable(v))
    }
}
