//! Depth-first search over a program, with every attempted step on record.
//!
//! The search is Prolog's (SLD resolution, Kowalski 1974, with negation as
//! finite failure): goals left to right, rules in order. It is here to be looked
//! at, as a way of reasoning that a reader can follow or a model can be taught
//! from, and not to answer: that is the backends' work. It is bounded in steps
//! and depth, and a goal that is equal to one above it is a dead end.

use std::ops::ControlFlow;
use std::sync::Arc;

use nsolve_il::program::{
    ArithmeticOp, Atom, Comparison, Goal, Head, Literal, PredicateId, Problem, Sign, Term, Value,
};
use nsolve_syntax::program::print_rule;
use serde_json::{Map, Value as Json, json};

use super::facts::{calculate, compares};

/// How far a search goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchLimits {
    /// The most attempts on record.
    pub attempts: usize,
    /// The deepest chain of rules.
    pub depth: usize,
    /// How many solutions end the search.
    pub solutions: usize,
}

impl Default for SearchLimits {
    /// 1,000 attempts, 64 rules deep, one solution.
    fn default() -> Self {
        SearchLimits {
            attempts: 1_000,
            depth: 64,
            solutions: 1,
        }
    }
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptEnd {
    /// The goal was shown this way.
    Shown,
    /// Something in the rule's body could not be shown: a dead end.
    DeadEnd,
    /// No fact and no rule's head matches.
    NothingMatches,
    /// The same goal stands above: a circle.
    Circle,
    /// Too deep.
    TooDeep,
    /// A comparison, or `not`, that fails.
    Fails,
    /// It speaks of a variable that is not known yet, or of an aggregate.
    NotSearchable,
    /// The search stopped within it.
    Stopped,
}

impl AttemptEnd {
    /// A stable name, such as `dead-end`.
    pub fn name(self) -> &'static str {
        match self {
            AttemptEnd::Shown => "shown",
            AttemptEnd::DeadEnd => "dead-end",
            AttemptEnd::NothingMatches => "nothing-matches",
            AttemptEnd::Circle => "circle",
            AttemptEnd::TooDeep => "too-deep",
            AttemptEnd::Fails => "fails",
            AttemptEnd::NotSearchable => "not-searchable",
            AttemptEnd::Stopped => "stopped",
        }
    }
}

/// One attempted step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The attempt that it is part of, by position.
    pub parent: Option<usize>,
    /// How many rules stand above it.
    pub depth: usize,
    /// The goal as it was when it was attempted.
    pub goal: String,
    /// The rule that was tried, by position; `None` where there was none.
    pub rule: Option<u32>,
    /// How it ended.
    pub end: AttemptEnd,
}

/// All that a search did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchTrace {
    /// Every attempt, in the order in which they were made.
    pub attempts: Vec<Attempt>,
    /// For each solution, what stands for each variable of the goal, by name.
    pub solutions: Vec<Vec<(String, String)>>,
    /// Whether everything was tried; false where a limit ended the search or
    /// cut a branch, or where enough solutions were found.
    pub complete: bool,
}

/// Searches for a goal.
///
/// On a thread of its own, since the search recurses as deep as its path is
/// long; where none can be had, nothing is searched.
pub fn search(problem: &Problem, goal: &Goal, limits: SearchLimits) -> SearchTrace {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        let run = thread.spawn_scoped(scope, || run(problem, goal, limits));
        run.ok().and_then(|handle| handle.join().ok())
    })
    .unwrap_or_default()
}

/// Enough for a path of all attempts of the default limits.
const STACK: usize = 256 << 20;

fn run(problem: &Problem, goal: &Goal, limits: SearchLimits) -> SearchTrace {
    let mut rules = vec![Vec::new(); problem.predicates.len()];
    for (i, rule) in problem.rules.iter().enumerate() {
        if let Head::Atom(atom) = &rule.head
            && let Some(list) = rules.get_mut(atom.predicate.index())
        {
            list.push(i as u32);
        }
    }
    let mut searcher = Searcher {
        problem,
        limits,
        rules,
        store: Vec::new(),
        trail: Vec::new(),
        trace: SearchTrace::default(),
        cut: false,
    };
    searcher.store.resize(goal.variables.len(), None);
    let mut tasks = None;
    for literal in goal.body.iter().rev() {
        tasks = push(
            tasks,
            Task::Show {
                literal,
                base: 0,
                parent: None,
                depth: 0,
            },
        );
    }
    let names: Vec<(usize, &str)> = goal
        .variables
        .iter()
        .enumerate()
        .filter(|(_, name)| ***name != *"_")
        .map(|(i, name)| (i, &**name))
        .collect();
    let done = searcher.run(tasks, &mut |s| {
        let solution = names
            .iter()
            .map(|&(i, name)| (name.to_owned(), s.text(&Node::Variable(i))));
        s.trace.solutions.push(solution.collect());
        if s.trace.solutions.len() >= s.limits.solutions {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    searcher.trace.complete = done.is_continue() && !searcher.cut;
    searcher.trace
}

/// A term with variables of the search.
#[derive(Clone, Debug)]
enum Node {
    Variable(usize),
    Value(Value),
    Function(Arc<str>, Vec<Node>),
    Arithmetic(ArithmeticOp, Vec<Node>),
}

/// What is still to be done, innermost first.
enum Task<'p> {
    /// Show a literal whose variables start at `base`.
    Show {
        literal: &'p Literal,
        base: usize,
        parent: Option<usize>,
        depth: usize,
    },
    /// An attempt's body has been shown.
    Close(usize),
}

type Tasks<'p> = Option<Arc<Cell<'p>>>;

struct Cell<'p> {
    task: Task<'p>,
    rest: Tasks<'p>,
}

fn push<'p>(rest: Tasks<'p>, task: Task<'p>) -> Tasks<'p> {
    Some(Arc::new(Cell { task, rest }))
}

struct Searcher<'p> {
    problem: &'p Problem,
    limits: SearchLimits,
    /// Rules by the predicate of their head.
    rules: Vec<Vec<u32>>,
    store: Vec<Option<Node>>,
    trail: Vec<usize>,
    trace: SearchTrace,
    /// Whether a limit cut a branch.
    cut: bool,
}

type Found<'f, 'p> = dyn FnMut(&mut Searcher<'p>) -> ControlFlow<()> + 'f;

impl<'p> Searcher<'p> {
    /// Does all tasks; calls `found` for each way to do so.
    fn run(&mut self, tasks: Tasks<'p>, found: &mut Found<'_, 'p>) -> ControlFlow<()> {
        let Some(cell) = tasks else {
            return found(self);
        };
        match &cell.task {
            Task::Close(attempt) => {
                self.end(*attempt, AttemptEnd::Shown);
                let attempt = *attempt;
                self.run(cell.rest.clone(), found)?;
                // What came behind it failed; the step itself stays shown.
                self.end(attempt, AttemptEnd::Shown);
                ControlFlow::Continue(())
            }
            Task::Show {
                literal,
                base,
                parent,
                depth,
            } => {
                let place = Place {
                    base: *base,
                    parent: *parent,
                    depth: *depth,
                };
                self.show(literal, place, &cell.rest, found)
            }
        }
    }

    fn show(
        &mut self,
        literal: &'p Literal,
        place: Place,
        rest: &Tasks<'p>,
        found: &mut Found<'_, 'p>,
    ) -> ControlFlow<()> {
        match literal {
            Literal::Atom(Sign::Positive, atom) => self.atom(atom, place, rest, found),
            Literal::Atom(Sign::Not, atom) => self.absent(atom, place, rest, found),
            Literal::Compare(how, a, b) => {
                let (a, b) = (self.node(a, place.base), self.node(b, place.base));
                self.compare(*how, &a, &b, place, rest, found)
            }
            Literal::Range(t, low, high) => {
                let bounds = (self.value(low, place.base), self.value(high, place.base));
                let (Some(Value::Int(low)), Some(Value::Int(high))) = bounds else {
                    return self.leaf("a range", place, AttemptEnd::NotSearchable);
                };
                let t = self.node(t, place.base);
                for n in low..=high {
                    let mark = self.trail.len();
                    if self.unify(&t, &Node::Value(Value::Int(n))) {
                        self.run(rest.clone(), found)?;
                    }
                    self.undo(mark);
                    if self.trace.attempts.len() >= self.limits.attempts {
                        return ControlFlow::Break(());
                    }
                }
                ControlFlow::Continue(())
            }
            Literal::Aggregate(..) => self.leaf("an aggregate", place, AttemptEnd::NotSearchable),
        }
    }

    fn atom(
        &mut self,
        atom: &'p Atom,
        place: Place,
        rest: &Tasks<'p>,
        found: &mut Found<'_, 'p>,
    ) -> ControlFlow<()> {
        let arguments: Vec<Node> = atom
            .arguments
            .iter()
            .map(|t| self.node(t, place.base))
            .collect();
        let goal = self.atom_text(atom.predicate, &arguments);
        if place.depth >= self.limits.depth {
            self.cut = true;
            return self.leaf(&goal, place, AttemptEnd::TooDeep);
        }
        if self.stands_above(&goal, place.parent) {
            return self.leaf(&goal, place, AttemptEnd::Circle);
        }
        let candidates = self.rules.get(atom.predicate.index()).cloned();
        let mut matched = false;
        for rule_id in candidates.unwrap_or_default() {
            let Some(rule) = self.problem.rules.get(rule_id as usize) else {
                continue;
            };
            let Head::Atom(head) = &rule.head else {
                continue;
            };
            let (mark, base) = (self.trail.len(), self.store.len());
            self.store.resize(base + rule.variables.len(), None);
            let head: Vec<Node> = head.arguments.iter().map(|t| self.node(t, base)).collect();
            let fits = head.iter().zip(&arguments).all(|(h, a)| self.unify(h, a));
            if fits {
                matched = true;
                let attempt = self.open(&goal, place, Some(rule_id))?;
                let mut tasks = push(rest.clone(), Task::Close(attempt));
                for literal in rule.body.iter().rev() {
                    let task = Task::Show {
                        literal,
                        base,
                        parent: Some(attempt),
                        depth: place.depth + 1,
                    };
                    tasks = push(tasks, task);
                }
                self.run(tasks, found)?;
                if self.trace.attempts.get(attempt).map(|a| a.end) == Some(AttemptEnd::Stopped) {
                    self.end(attempt, AttemptEnd::DeadEnd);
                }
            }
            self.undo(mark);
            self.store.truncate(base);
        }
        if matched {
            ControlFlow::Continue(())
        } else {
            self.leaf(&goal, place, AttemptEnd::NothingMatches)
        }
    }

    /// Negation as finite failure, for atoms without variables.
    fn absent(
        &mut self,
        atom: &'p Atom,
        place: Place,
        rest: &Tasks<'p>,
        found: &mut Found<'_, 'p>,
    ) -> ControlFlow<()> {
        let arguments: Vec<Node> = atom
            .arguments
            .iter()
            .map(|t| self.node(t, place.base))
            .collect();
        let goal = format!("not {}", self.atom_text(atom.predicate, &arguments));
        if !arguments.iter().all(|a| self.ground(a).is_some()) {
            self.cut = true;
            return self.leaf(&goal, place, AttemptEnd::NotSearchable);
        }
        let attempt = self.open(&goal, place, None)?;
        let mut holds = false;
        let inner = Place {
            base: place.base,
            parent: Some(attempt),
            depth: place.depth + 1,
        };
        let was_cut = std::mem::take(&mut self.cut);
        let mark = self.trail.len();
        let done = self.atom(atom, inner, &None, &mut |_| {
            holds = true;
            ControlFlow::Break(())
        });
        self.undo(mark);
        let unsure = self.cut && !holds;
        self.cut |= was_cut;
        if done.is_break() && !holds {
            return ControlFlow::Break(());
        }
        if holds || unsure {
            let end = if holds {
                AttemptEnd::Fails
            } else {
                AttemptEnd::NotSearchable
            };
            self.end(attempt, end);
            return ControlFlow::Continue(());
        }
        self.end(attempt, AttemptEnd::Shown);
        self.run(rest.clone(), found)
    }

    fn compare(
        &mut self,
        how: Comparison,
        a: &Node,
        b: &Node,
        place: Place,
        rest: &Tasks<'p>,
        found: &mut Found<'_, 'p>,
    ) -> ControlFlow<()> {
        let text = format!("{} {} {}", self.text(a), how.symbol(), self.text(b));
        let mark = self.trail.len();
        let holds = match (self.ground(a), self.ground(b)) {
            (Some(a), Some(b)) => compares(how, &a, &b),
            (Some(value), None) if how == Comparison::Equal => self.unify(b, &Node::Value(value)),
            (None, Some(value)) if how == Comparison::Equal => self.unify(a, &Node::Value(value)),
            _ => return self.leaf(&text, place, AttemptEnd::NotSearchable),
        };
        if !holds {
            self.undo(mark);
            return self.leaf(&text, place, AttemptEnd::Fails);
        }
        self.run(rest.clone(), found)?;
        self.undo(mark);
        ControlFlow::Continue(())
    }

    fn open(&mut self, goal: &str, place: Place, rule: Option<u32>) -> ControlFlow<(), usize> {
        if self.trace.attempts.len() >= self.limits.attempts {
            return ControlFlow::Break(());
        }
        self.trace.attempts.push(Attempt {
            parent: place.parent,
            depth: place.depth,
            goal: goal.to_owned(),
            rule,
            end: AttemptEnd::Stopped,
        });
        ControlFlow::Continue(self.trace.attempts.len() - 1)
    }

    fn leaf(&mut self, goal: &str, place: Place, end: AttemptEnd) -> ControlFlow<()> {
        self.cut |= end == AttemptEnd::NotSearchable;
        let attempt = self.open(goal, place, None)?;
        self.end(attempt, end);
        ControlFlow::Continue(())
    }

    fn end(&mut self, attempt: usize, end: AttemptEnd) {
        if let Some(entry) = self.trace.attempts.get_mut(attempt) {
            entry.end = end;
        }
    }

    fn stands_above(&self, goal: &str, mut parent: Option<usize>) -> bool {
        while let Some(attempt) = parent.and_then(|p| self.trace.attempts.get(p)) {
            if attempt.goal == goal {
                return true;
            }
            parent = attempt.parent;
        }
        false
    }

    fn node(&self, term: &Term, base: usize) -> Node {
        let all = |ts: &[Term]| ts.iter().map(|t| self.node(t, base)).collect();
        match term {
            Term::Variable(v) => Node::Variable(base + v.index()),
            Term::Value(value) => Node::Value(value.clone()),
            Term::Function(name, args) => Node::Function(name.clone(), all(args)),
            Term::Arithmetic(op, args) => Node::Arithmetic(*op, all(args)),
        }
    }

    fn value(&self, term: &Term, base: usize) -> Option<Value> {
        self.ground(&self.node(term, base))
    }

    fn resolved<'n>(&'n self, mut node: &'n Node) -> &'n Node {
        while let Node::Variable(v) = node {
            match self.store.get(*v) {
                Some(Some(bound)) => node = bound,
                _ => break,
            }
        }
        node
    }

    /// The value of a term, if it has one.
    fn ground(&self, node: &Node) -> Option<Value> {
        match self.resolved(node) {
            Node::Variable(_) => None,
            Node::Value(value) => Some(value.clone()),
            Node::Function(name, args) => {
                let args: Option<Vec<Value>> = args.iter().map(|a| self.ground(a)).collect();
                Some(Value::Function(name.clone(), args?.into()))
            }
            Node::Arithmetic(op, args) => {
                let numbers: Option<Vec<i64>> =
                    args.iter().map(|a| self.ground(a)?.as_int()).collect();
                calculate(*op, &numbers?).map(Value::Int)
            }
        }
    }

    fn unify(&mut self, a: &Node, b: &Node) -> bool {
        let (a, b) = (self.resolved(a).clone(), self.resolved(b).clone());
        match (&a, &b) {
            (Node::Variable(x), Node::Variable(y)) if x == y => true,
            (Node::Variable(x), other) | (other, Node::Variable(x)) => {
                let other = match self.ground(other) {
                    Some(value) => Node::Value(value),
                    None => other.clone(),
                };
                if let Some(slot) = self.store.get_mut(*x) {
                    *slot = Some(other);
                    self.trail.push(*x);
                }
                true
            }
            (Node::Function(f, xs), Node::Function(g, ys)) => {
                f == g && xs.len() == ys.len() && xs.iter().zip(ys).all(|(x, y)| self.unify(x, y))
            }
            (Node::Function(f, xs), Node::Value(Value::Function(g, ys)))
            | (Node::Value(Value::Function(g, ys)), Node::Function(f, xs)) => {
                f == g
                    && xs.len() == ys.len()
                    && xs
                        .iter()
                        .zip(ys.iter())
                        .all(|(x, y)| self.unify(x, &Node::Value(y.clone())))
            }
            _ => match (self.ground(&a), self.ground(&b)) {
                (Some(x), Some(y)) => x == y,
                _ => false,
            },
        }
    }

    fn undo(&mut self, mark: usize) {
        for v in self.trail.drain(mark..) {
            if let Some(slot) = self.store.get_mut(v) {
                *slot = None;
            }
        }
    }

    fn atom_text(&self, predicate: PredicateId, arguments: &[Node]) -> String {
        let (name, denied) = match self.problem.predicate(predicate) {
            Some(p) => (&*p.name, p.denied),
            None => ("?", false),
        };
        let sign = if denied { "-" } else { "" };
        let name = Value::Constant(name.into());
        if arguments.is_empty() {
            return format!("{sign}{name}");
        }
        let list: Vec<String> = arguments.iter().map(|a| self.text(a)).collect();
        format!("{sign}{name}({})", list.join(", "))
    }

    fn text(&self, node: &Node) -> String {
        let list = |args: &[Node]| {
            let texts: Vec<String> = args.iter().map(|a| self.text(a)).collect();
            texts.join(",")
        };
        match self.resolved(node) {
            // Names are made from positions, so that equal goals print equally
            // only where their variables are the same.
            Node::Variable(v) => format!("_{v}"),
            Node::Value(value) => value.to_string(),
            Node::Function(name, args) => {
                format!("{}({})", Value::Constant(name.clone()), list(args))
            }
            Node::Arithmetic(op, args) => format!("{op:?}({})", list(args)),
        }
    }
}

/// Where in the search a literal is attempted.
#[derive(Clone, Copy)]
struct Place {
    base: usize,
    parent: Option<usize>,
    depth: usize,
}

impl SearchTrace {
    /// The trace as JSON.
    pub fn to_json(&self) -> Json {
        let attempts: Vec<Json> = self
            .attempts
            .iter()
            .map(|a| {
                json!({
                    "parent": a.parent,
                    "depth": a.depth,
                    "goal": a.goal,
                    "rule": a.rule,
                    "end": a.end.name(),
                })
            })
            .collect();
        let solutions: Vec<Json> = self
            .solutions
            .iter()
            .map(|s| {
                s.iter()
                    .map(|(v, t)| (v.clone(), json!(t)))
                    .collect::<Map<_, _>>()
                    .into()
            })
            .collect();
        json!({
            "format": "nsolve/search",
            "version": "1.0",
            "attempts": attempts,
            "solutions": solutions,
            "complete": self.complete,
        })
    }

    /// The trace for people: each attempt in a line, indented by its depth.
    pub fn render(&self, problem: &Problem) -> String {
        let mut out = String::new();
        for attempt in &self.attempts {
            let mut depth = 0;
            let mut parent = attempt.parent;
            while let Some(p) = parent.and_then(|p| self.attempts.get(p)) {
                depth += 1;
                parent = p.parent;
            }
            let mark = match attempt.end {
                AttemptEnd::Shown => "+",
                AttemptEnd::Stopped => "?",
                _ => "x",
            };
            let rule = attempt.rule.and_then(|r| problem.rules.get(r as usize));
            let by = match rule {
                Some(rule) if rule.body.is_empty() => "  a fact".to_owned(),
                Some(rule) => format!("  by {}", print_rule(problem, rule)),
                None => String::new(),
            };
            let end = match attempt.end {
                AttemptEnd::Shown => String::new(),
                other => format!("  ({})", other.name().replace('-', " ")),
            };
            out.push_str(&format!(
                "{}{mark} {}{by}{end}\n",
                "  ".repeat(depth),
                attempt.goal
            ));
        }
        for solution in &self.solutions {
            let pairs: Vec<String> = solution.iter().map(|(v, t)| format!("{v} = {t}")).collect();
            let text = if pairs.is_empty() {
                "yes".into()
            } else {
                pairs.join(", ")
            };
            out.push_str(&format!("solution: {text}\n"));
        }
        let how = match (self.complete, self.solutions.is_empty()) {
            (true, true) => "everything was tried: there is no solution",
            (true, false) => "everything was tried",
            (false, true) => "a limit ended the search",
            (false, false) => "the search ended here",
        };
        out.push_str(&format!("{} attempts; {how}\n", self.attempts.len()));
        out
    }
}
