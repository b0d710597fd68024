//! All instances of a goal, backward from it.
//!
//! Rules that leave a variable unbound (`append([], L, L)`) cannot be run
//! forward. Where the rules that a goal needs are of one atom in the head and
//! have no `not` and no aggregates, every instance that holds is found by
//! resolution, whatever literal is taken first (Clark 1979): a whole search tree
//! that is finite shows that there are no others. Arithmetic is no part of that,
//! so literals with arithmetic wait until it can be evaluated; where nothing can
//! be done, the search has come to no end.

use std::rc::Rc;

use nsolve_il::program::{Comparison, Sign};

use super::super::NotCheckable;
use super::super::join::ENTRY;
use super::super::replay::Checker;
use super::super::rules::{Atom, Head, Literal, Rule, Term};
use super::super::values::{Id, Symbol};
use super::super::world::{Env, UNBOUND, World};
use crate::{Refusal, spend};

/// How deep terms may nest that are followed here, by recursion.
const ROOM: u32 = 1_000;

/// A term whose variables are those of the search.
#[derive(Clone)]
enum Node {
    Variable(usize),
    Value(Id),
    Function(Symbol, Rc<[Node]>),
}

/// A literal that has to be shown, with where the variables of its rule begin.
type Pending<'r> = (&'r Literal, usize);

/// An atom that is tried with one rule after the other.
struct Frame<'r> {
    /// What is left to be shown with it, the atom taken out.
    rest: Rc<[Pending<'r>]>,
    atom: &'r Atom,
    arguments: Vec<Node>,
    next: usize,
    /// How many bindings and variables there were.
    marks: (usize, usize),
}

struct Resolution<'r, 'w> {
    rules: &'r [Rule],
    /// Rules by the predicate of their head.
    giving: Vec<Vec<usize>>,
    world: &'w mut World,
    store: Vec<Option<Node>>,
    trail: Vec<usize>,
}

type Found<'f> = dyn FnMut(Vec<Option<Id>>) -> Result<(), Refusal> + 'f;

/// Calls `f` on each instance of a goal, with what stands for each of its global
/// variables.
///
/// # Errors
/// Where the search comes to no end, or `f` fails.
pub(in super::super) fn each_row(
    checker: &mut Checker<'_>,
    goal: usize,
    f: &mut Found<'_>,
) -> Result<(), Refusal> {
    let mut giving = vec![Vec::new(); checker.problem.predicates.len()];
    for (at, rule) in checker.rules.iter().enumerate() {
        rule.head.each_predicate(&mut |p| {
            if let Some(list) = giving.get_mut(p) {
                list.push(at);
            }
        });
    }
    spend(&mut checker.world.steps, checker.rules.len() as u64)?;
    let goal = checker.rules.get(goal).ok_or(UNBOUND)?;
    let mut resolution = Resolution {
        rules: &checker.rules,
        giving,
        world: &mut checker.world,
        store: vec![None; goal.globals.len()],
        trail: Vec::new(),
    };
    resolution.run(goal, f)
}

impl<'r> Resolution<'r, '_> {
    fn run(&mut self, goal: &'r Rule, f: &mut Found<'_>) -> Result<(), Refusal> {
        let mut frames: Vec<Frame<'r>> = Vec::new();
        let mut next = Some(goal.body.iter().map(|l| (l, 0)).collect::<Vec<_>>());
        loop {
            if let Some(pending) = next.take() {
                spend(&mut self.world.steps, ENTRY * (1 + pending.len() as u64))?;
                if pending.is_empty() {
                    f(self.row(goal)?)?;
                } else {
                    next = self.enter(pending, &mut frames)?;
                    if next.is_some() {
                        continue;
                    }
                }
            }
            let Some(frame) = frames.last_mut() else {
                return Ok(());
            };
            match self.advance(frame)? {
                Some(pending) => next = Some(pending),
                None => {
                    frames.pop();
                }
            }
        }
    }

    /// What stands for the goal's variables.
    fn row(&mut self, goal: &Rule) -> Result<Vec<Option<Id>>, Refusal> {
        let mut out = vec![None; goal.globals.len()];
        for (v, slot) in out.iter_mut().enumerate() {
            if goal.globals.get(v) == Some(&true) {
                let value = self.value_of(&Node::Variable(v), ROOM)?;
                // A variable that may be anything stands for very many rows.
                *slot = Some(value.ok_or(UNBOUND)?);
            }
        }
        Ok(out)
    }

    /// Takes the first literal that can be decided. Gives what is left where it
    /// holds; an atom is put on the frames.
    fn enter(
        &mut self,
        mut pending: Vec<Pending<'r>>,
        frames: &mut Vec<Frame<'r>>,
    ) -> Result<Option<Vec<Pending<'r>>>, Refusal> {
        for at in 0..pending.len() {
            let Some(&(literal, base)) = pending.get(at) else {
                break;
            };
            let marks = (self.trail.len(), self.store.len());
            match literal {
                Literal::Atom(Sign::Positive, atom) => {
                    let mut arguments = Vec::with_capacity(atom.arguments.len());
                    let mut ready = true;
                    for term in &atom.arguments {
                        match self.read(term, base)? {
                            Read::Node(node) => arguments.push(node),
                            Read::Undefined => return Ok(None),
                            Read::Waits => ready = false,
                        }
                    }
                    if !ready {
                        continue;
                    }
                    pending.remove(at);
                    let frame = Frame {
                        rest: pending.into(),
                        atom,
                        arguments,
                        next: 0,
                        marks,
                    };
                    frames.push(frame);
                    return Ok(None);
                }
                Literal::Compare(how, a, b) => {
                    let (a, b) = match (self.read(a, base)?, self.read(b, base)?) {
                        (Read::Undefined, _) | (_, Read::Undefined) => return Ok(None),
                        (Read::Node(a), Read::Node(b)) => (a, b),
                        _ => continue,
                    };
                    if *how == Comparison::Equal {
                        // What it binds is undone by the frame above.
                        if !self.unify(&a, &b, ROOM)? {
                            return Ok(None);
                        }
                    } else {
                        let (a, b) = (self.value_of(&a, ROOM)?, self.value_of(&b, ROOM)?);
                        let (Some(a), Some(b)) = (a, b) else {
                            continue;
                        };
                        if !self.world.compare(*how, a, b)? {
                            return Ok(None);
                        }
                    }
                    pending.remove(at);
                    return Ok(Some(pending));
                }
                _ => return Err(UNBOUND),
            }
        }
        Err(UNBOUND)
    }

    /// Tries the next rules until one fits; gives what is to be shown then.
    fn advance(&mut self, frame: &mut Frame<'r>) -> Result<Option<Vec<Pending<'r>>>, Refusal> {
        let (bindings, variables) = frame.marks;
        loop {
            self.undo(bindings);
            self.store.truncate(variables);
            let giving = self.giving.get(frame.atom.predicate);
            let Some(&at) = giving.and_then(|l| l.get(frame.next)) else {
                return Ok(None);
            };
            frame.next += 1;
            spend(&mut self.world.steps, 1)?;
            let Some(rule) = self.rules.get(at) else {
                continue;
            };
            let Head::Atom(head) = &rule.head else {
                return Err(UNBOUND);
            };
            self.store.resize(variables + rule.globals.len(), None);
            let mut fits = true;
            for (term, argument) in head.arguments.iter().zip(&frame.arguments) {
                if term.has_arithmetic() {
                    return Err(UNBOUND);
                }
                let node = self.node(term, variables)?;
                if !self.unify(&node, argument, ROOM)? {
                    fits = false;
                    break;
                }
            }
            if fits {
                let body = rule.body.iter().map(|l| (l, variables));
                return Ok(Some(body.chain(frame.rest.iter().copied()).collect()));
            }
        }
    }

    fn undo(&mut self, mark: usize) {
        for v in self.trail.drain(mark.min(self.trail.len())..) {
            if let Some(slot) = self.store.get_mut(v) {
                *slot = None;
            }
        }
    }

    /// A term of a rule; one with arithmetic only as its value.
    fn read(&mut self, term: &Term, base: usize) -> Result<Read, Refusal> {
        if !term.has_arithmetic() {
            return self.node(term, base).map(Read::Node);
        }
        let mut variables = Vec::new();
        each_variable(term, &mut |v| variables.push(v));
        let mut env = Env::new(variables.iter().max().map_or(0, |v| v + 1));
        for v in variables {
            match self.value_of(&Node::Variable(base + v), ROOM)? {
                Some(value) if env.get(v).is_none() => env.bind(v, value),
                Some(_) => {}
                None => return Ok(Read::Waits),
            }
        }
        let value = self.world.eval(term, &env)?;
        Ok(value.map_or(Read::Undefined, |id| Read::Node(Node::Value(id))))
    }

    fn node(&mut self, term: &Term, base: usize) -> Result<Node, Refusal> {
        spend(&mut self.world.steps, 1)?;
        Ok(match term {
            Term::Variable(v) => Node::Variable(base + v),
            Term::Value(id) => Node::Value(*id),
            Term::Function(name, args, _) => {
                let args: Result<Vec<Node>, Refusal> =
                    args.iter().map(|t| self.node(t, base)).collect();
                Node::Function(*name, args?.into())
            }
            Term::Arithmetic(..) => return Err(UNBOUND),
        })
    }

    fn resolved(&self, node: &Node) -> Node {
        let mut node = node;
        while let Node::Variable(v) = node {
            match self.store.get(*v) {
                Some(Some(bound)) => node = bound,
                _ => break,
            }
        }
        node.clone()
    }

    /// The value of a term, if it has no open variable.
    fn value_of(&mut self, node: &Node, room: u32) -> Result<Option<Id>, Refusal> {
        spend(&mut self.world.steps, 1)?;
        match self.resolved(node) {
            Node::Variable(_) => Ok(None),
            Node::Value(id) => Ok(Some(id)),
            Node::Function(name, args) => {
                let room = deeper(room)?;
                let mut values = Vec::with_capacity(args.len());
                for arg in args.iter() {
                    match self.value_of(arg, room)? {
                        Some(value) => values.push(value),
                        None => return Ok(None),
                    }
                }
                let world = &mut *self.world;
                let made = world.values.function(name, values, &mut world.steps);
                made.map(Some)
            }
        }
    }

    fn unify(&mut self, a: &Node, b: &Node, room: u32) -> Result<bool, Refusal> {
        spend(&mut self.world.steps, 1)?;
        let (a, b) = (self.resolved(a), self.resolved(b));
        match (&a, &b) {
            (Node::Variable(x), Node::Variable(y)) if x == y => Ok(true),
            (&Node::Variable(x), other) | (other, &Node::Variable(x)) => {
                if self.occurs(x, other, room)? {
                    return Ok(false);
                }
                if let Some(slot) = self.store.get_mut(x) {
                    *slot = Some(other.clone());
                    self.trail.push(x);
                }
                Ok(true)
            }
            (Node::Value(x), Node::Value(y)) => Ok(x == y),
            (Node::Function(f, xs), Node::Function(g, ys)) => {
                if f != g || xs.len() != ys.len() {
                    return Ok(false);
                }
                self.unify_all(xs, ys, deeper(room)?)
            }
            (Node::Function(f, xs), &Node::Value(id))
            | (&Node::Value(id), Node::Function(f, xs)) => {
                let parts = match self.world.values.as_function(id) {
                    Some((g, parts)) if g == *f && parts.len() == xs.len() => parts.clone(),
                    _ => return Ok(false),
                };
                let parts: Vec<Node> = parts.iter().map(|id| Node::Value(*id)).collect();
                self.unify_all(xs, &parts, deeper(room)?)
            }
        }
    }

    fn unify_all(&mut self, xs: &[Node], ys: &[Node], room: u32) -> Result<bool, Refusal> {
        for (x, y) in xs.iter().zip(ys) {
            if !self.unify(x, y, room)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a variable is within a term: then no value makes them equal.
    fn occurs(&mut self, variable: usize, node: &Node, room: u32) -> Result<bool, Refusal> {
        spend(&mut self.world.steps, 1)?;
        match self.resolved(node) {
            Node::Variable(v) => Ok(v == variable),
            Node::Value(_) => Ok(false),
            Node::Function(_, args) => {
                let room = deeper(room)?;
                for arg in args.iter() {
                    if self.occurs(variable, arg, room)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }
}

/// What a term of a rule is.
enum Read {
    Node(Node),
    /// Its arithmetic has no value.
    Undefined,
    /// Its arithmetic cannot be evaluated yet.
    Waits,
}

fn deeper(room: u32) -> Result<u32, Refusal> {
    const TOO_DEEP: Refusal = Refusal::Unchecked(NotCheckable::TooDeep);
    room.checked_sub(1).ok_or(TOO_DEEP)
}

fn each_variable(term: &Term, f: &mut impl FnMut(usize)) {
    match term {
        Term::Variable(v) => f(*v),
        Term::Value(_) => {}
        Term::Function(_, args, _) | Term::Arithmetic(_, args) => {
            args.iter().for_each(|t| each_variable(t, f));
        }
    }
}
