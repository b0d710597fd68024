//! Semi-naive evaluation, component by component.
//!
//! Rules of one component are evaluated in rounds; each round looks at the
//! ways to satisfy a body that use at least one row of the last round, each
//! way once. Rows keep their first reason.

use nsolve_backend::{SolveCx, StopReason};
use nsolve_il::program::{
    Atom, Dependencies, Head, Literal, PredicateId, Problem, Rule, Sign, Term, dependencies,
};

use rustc_hash::FxHashMap;

use crate::builtin::{Expr, Pattern, expression};
use crate::intern::Id;
use crate::join::{Join, evaluate_all, range};
use crate::plan::{Op, Plan, Planner, Window};
use crate::relation::{Batch, Cell};
use crate::table::{at, put};
use crate::world::World;

/// A predicate's relation with expressions for its columns.
pub(crate) type Shape = (usize, Box<[Expr]>);

/// One way in which a rule gives something: a rule with one head or none, a
/// disjunction, or one element of a choice with its condition.
#[derive(Debug)]
pub(crate) struct Clause<'a> {
    /// The rule's position, and which of its elements.
    pub(crate) rule: u32,
    pub(crate) element: u32,
    /// One, unless it is a disjunction or gives nothing.
    pub(crate) heads: Vec<Shape>,
    pub(crate) body: Vec<&'a Literal>,
    pub(crate) variables: usize,
    globals: Vec<bool>,
    /// Which variables have values once the body holds.
    pub(crate) bound: Vec<bool>,
    /// Variables that the head does not tell.
    rest: Box<[u32]>,
    /// The positive atoms of the body.
    pub(crate) positive: Vec<Shape>,
    /// Whether its instances are kept rather than what they give.
    pub(crate) open: bool,
}

impl Clause<'_> {
    /// Variables that the head does not tell.
    pub(crate) fn rest(&self) -> &[u32] {
        &self.rest
    }
}

/// An instance of a clause that is kept.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Instance {
    pub(crate) clause: u32,
    /// Where its variables' values start.
    pub(crate) start: u32,
}

/// A program that is evaluated.
pub(crate) struct Engine<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) graph: Dependencies,
    pub(crate) world: World,
    pub(crate) clauses: Vec<Clause<'a>>,
    /// Predicates of which relations hold what is possible.
    pub(crate) open: Vec<bool>,
    /// Predicates that lack rows because terms would have been too deep.
    pub(crate) tainted: Vec<bool>,
    /// Whether a clause that gives nothing lacks instances for that reason.
    pub(crate) cut: bool,
    pub(crate) instances: Vec<Instance>,
    pub(crate) frames: Vec<Id>,
    /// Clauses by the component in which they are evaluated.
    by_component: Vec<Vec<u32>>,
    /// Clauses that give nothing.
    pub(crate) last: Vec<u32>,
    growing: Vec<bool>,
    /// How many rows to expect of a predicate that grows.
    guess: f64,
    /// What rules are called, where that is not their position.
    pub(crate) numbers: Vec<u32>,
    join: Join,
    row: Vec<Id>,
    /// Rows that were given and not added yet.
    batch: Batch,
}

/// The last step of a plan, where it reads rows and needs to test nothing, and
/// what is given needs to be computed from nothing. Most of the instances of
/// most programs are of this kind, and are made without a look at the steps.
struct Tail<'p> {
    relation: usize,
    window: Window,
    index: usize,
    key: &'p [Expr],
    /// What is given, and what is kept as its reason.
    row: Vec<Cell>,
    rest: Vec<Cell>,
    /// For each of both, the variable that it is, where the rows do not tell it.
    slots: Vec<Option<u32>>,
}

impl<'p> Tail<'p> {
    fn of(clause: &Clause<'_>, plan: &'p Plan) -> Option<Self> {
        let (
            Some(Op::Probe {
                relation,
                window,
                index,
                key,
                columns,
            }),
            [(_, head)],
            false,
        ) = (plan.ops.last(), clause.heads.as_slice(), clause.open)
        else {
            return None;
        };
        let binds = |(_, p): &(u32, Pattern)| matches!(p, Pattern::Bind(_));
        if *window == Window::New || !columns.iter().all(binds) {
            return None;
        }
        let mut slots = Vec::new();
        let mut cell = |v: u32| {
            let told = columns
                .iter()
                .find(|(_, p)| matches!(p, Pattern::Bind(w) if *w == v));
            slots.push(if told.is_none() { Some(v) } else { None });
            told.map_or(Cell::Value(0), |(column, _)| Cell::Column(*column))
        };
        let row = head.iter().map(|e| match e {
            Expr::Slot(v) => Some(cell(*v)),
            _ => None,
        });
        let row = row.collect::<Option<_>>()?;
        let rest = clause.rest.iter().map(|&v| cell(v)).collect();
        Some(Tail {
            relation: *relation,
            window: *window,
            index: *index,
            key,
            row,
            rest,
            slots,
        })
    }
}

/// About how many bytes a clause takes.
const CLAUSE_BYTES: u64 = 300;

/// How many rows are added together.
const BATCH: u32 = 64;

impl<'a> Engine<'a> {
    /// A program before it is evaluated. Predicates whose models differ are
    /// open.
    pub(crate) fn new(problem: &'a Problem, cx: &SolveCx) -> Self {
        let graph = dependencies(problem);
        let arities = problem.predicates.iter().map(|p| p.arity as usize);
        let mut engine = Engine {
            problem,
            world: World::new(problem.depth, arities, cx),
            clauses: Vec::with_capacity(problem.rules.len()),
            open: open_predicates(problem, &graph),
            tainted: vec![false; problem.predicates.len()],
            cut: false,
            instances: Vec::new(),
            frames: Vec::new(),
            by_component: vec![Vec::new(); graph.components().len()],
            last: Vec::new(),
            growing: vec![false; problem.predicates.len()],
            guess: 1000.0,
            numbers: Vec::new(),
            join: Join::default(),
            row: Vec::new(),
            batch: Batch::default(),
            graph,
        };
        for (i, rule) in problem.rules.iter().enumerate() {
            engine.add_rule(i as u32, rule);
        }
        engine.world.elsewhere += engine.clauses.len() as u64 * CLAUSE_BYTES;
        engine
    }

    fn add_rule(&mut self, position: u32, rule: &'a Rule) {
        let atoms: Vec<_> = rule.head.atoms().collect();
        match &rule.head {
            Head::Choice { elements, guards } => {
                for (i, e) in elements.iter().enumerate() {
                    let body = rule.body.iter().chain(&e.condition).collect();
                    let clause = self.clause(position, i as u32, rule, &[&e.atom], body);
                    self.add(clause);
                }
                if !guards.is_empty() {
                    let body = rule.body.iter().collect();
                    let clause = self.clause(position, u32::MAX, rule, &[], body);
                    self.add(clause);
                }
            }
            _ => {
                let body = rule.body.iter().collect();
                let clause = self.clause(position, 0, rule, &atoms, body);
                self.add(clause);
            }
        }
    }

    fn clause(
        &mut self,
        rule: u32,
        element: u32,
        source: &Rule,
        heads: &[&Atom],
        body: Vec<&'a Literal>,
    ) -> Clause<'a> {
        let values = &mut self.world.values;
        let mut shape = |atom: &Atom| -> Shape {
            let columns = atom.arguments.iter().map(|t| expression(t, values));
            (atom.predicate.index(), columns.collect())
        };
        let positive = body.iter().filter_map(|l| match l {
            Literal::Atom(Sign::Positive, atom) => Some(shape(atom)),
            _ => None,
        });
        let positive = positive.collect();
        let heads: Vec<Shape> = heads.iter().map(|a| shape(a)).collect();
        let open = heads.iter().any(|(p, _)| at(&self.open, *p)) || heads.is_empty();
        let is_fact = body.is_empty();
        Clause {
            rule,
            element,
            heads,
            body,
            variables: source.variables.len(),
            globals: if is_fact {
                Vec::new()
            } else {
                source.globals()
            },
            bound: vec![false; source.variables.len()],
            rest: Box::default(),
            positive,
            open,
        }
    }

    fn add(&mut self, clause: Clause<'a>) {
        let number = self.clauses.len() as u32;
        // A disjunction is evaluated where the first of its heads is.
        let components = clause.heads.iter().map(|(p, _)| {
            let predicate = PredicateId(*p as u32);
            self.graph.component_of(predicate)
        });
        match components.min().and_then(|c| self.by_component.get_mut(c)) {
            Some(list) => list.push(number),
            None => self.last.push(number),
        }
        self.clauses.push(clause);
    }

    /// Adds a conjunction whose instances are rows of a relation of their own:
    /// its bound variables, in order. Gives the relation and the clause.
    pub(crate) fn add_goal(
        &mut self,
        body: &'a [Literal],
        rule: &Rule,
    ) -> Result<(usize, u32), StopReason> {
        let position = self.problem.rules.len() as u32;
        let mut clause = self.clause(position, 0, rule, &[], body.iter().collect());
        clause.open = false;
        let relation = self.world.relations.len();
        let number = self.clauses.len() as u32;
        self.clauses.push(clause);
        self.tainted.push(false);
        let Some((_, bound)) = self.plan(number, None) else {
            return Err(unsafe_rule(rule, self.number(position)));
        };
        let slots = bound.iter().enumerate().filter(|(_, b)| **b);
        let columns: Box<[Expr]> = slots.map(|(v, _)| Expr::Slot(v as u32)).collect();
        let arity = columns.len();
        self.world
            .relations
            .push(crate::relation::Relation::new(arity));
        if let Some(clause) = self.clauses.get_mut(number as usize) {
            clause.heads.push((relation, columns));
        }
        Ok((relation, number))
    }

    /// Evaluates the components that have one of these predicates.
    pub(crate) fn run(&mut self, wanted: &[PredicateId]) -> Result<(), StopReason> {
        let mut marked = vec![false; self.by_component.len()];
        for p in wanted {
            put(&mut marked, self.graph.component_of(*p), true);
        }
        for component in 0..marked.len() {
            if at(&marked, component) {
                self.component(component)?;
            }
        }
        Ok(())
    }

    fn component(&mut self, component: usize) -> Result<(), StopReason> {
        let members = self
            .graph
            .components()
            .get(component)
            .cloned()
            .unwrap_or_default();
        let clauses = self
            .by_component
            .get(component)
            .cloned()
            .unwrap_or_default();
        let rows = self.world.relations.iter().map(|r| f64::from(r.len()));
        self.guess = (rows.sum::<f64>() / 4.0).max(1000.0);
        let (facts, rules): (Vec<u32>, Vec<u32>) = clauses.into_iter().partition(|&c| {
            self.clauses
                .get(c as usize)
                .is_some_and(|c| c.body.is_empty())
        });
        for fact in facts {
            self.emit(fact, u32::MAX);
            self.flush(fact);
            if self.world.turn() {
                break;
            }
        }
        self.world.go_on()?;
        self.show(&members);
        let inside = |p: usize| self.graph.component_of(PredicateId(p as u32)) == component;
        let is_recursive = |c: u32| {
            let clause = self.clauses.get(c as usize);
            clause.is_some_and(|c| c.positive.iter().any(|(p, _)| inside(*p)))
        };
        let (recursive, plain): (Vec<u32>, Vec<u32>) =
            rules.into_iter().partition(|&c| is_recursive(c));
        for clause in plain {
            let plan = self.plan_or_fail(clause, None)?;
            self.run_plan(clause, &plan, u32::MAX)?;
        }
        if !recursive.is_empty() {
            self.rounds(component, &members, &recursive)?;
        }
        for member in &members {
            if let Some(relation) = self.world.relations.get_mut(member.index()) {
                relation.old = relation.len();
                relation.visible = relation.len();
            }
        }
        Ok(())
    }

    /// Makes all rows of a component's predicates visible.
    fn show(&mut self, members: &[PredicateId]) {
        for member in members {
            if let Some(relation) = self.world.relations.get_mut(member.index()) {
                relation.visible = relation.len();
            }
        }
    }

    fn rounds(
        &mut self,
        component: usize,
        members: &[PredicateId],
        clauses: &[u32],
    ) -> Result<(), StopReason> {
        for member in members {
            put(&mut self.growing, member.index(), true);
            // Nothing was seen by these rules so far.
            if let Some(relation) = self.world.relations.get_mut(member.index()) {
                relation.visible = 0;
            }
        }
        let mut plans: FxHashMap<PredicateId, Vec<(u32, Plan)>> = FxHashMap::default();
        for &number in clauses {
            let body = self
                .clauses
                .get(number as usize)
                .map_or(&[][..], |c| &c.body);
            let firsts = body.iter().enumerate().filter_map(|(i, l)| match l {
                Literal::Atom(Sign::Positive, a) => Some((i, a.predicate)),
                _ => None,
            });
            let inside = |p: PredicateId| self.graph.component_of(p) == component;
            let firsts: Vec<_> = firsts.filter(|(_, p)| inside(*p)).collect();
            for (first, predicate) in firsts {
                let plan = self.plan_or_fail(number, Some(first))?;
                plans.entry(predicate).or_default().push((number, plan));
            }
        }
        loop {
            let mut grew = Vec::new();
            for member in members {
                if let Some(relation) = self.world.relations.get_mut(member.index()) {
                    relation.old = relation.visible;
                    relation.visible = relation.len();
                    if relation.old < relation.visible {
                        relation.refresh();
                        grew.push(*member);
                    }
                }
            }
            if grew.is_empty() {
                break;
            }
            for (number, plan) in grew.iter().filter_map(|p| plans.get(p)).flatten() {
                self.run_plan(*number, plan, u32::MAX)?;
            }
        }
        for member in members {
            put(&mut self.growing, member.index(), false);
        }
        Ok(())
    }

    fn plan(&mut self, number: u32, first: Option<usize>) -> Option<(Plan, Vec<bool>)> {
        let clause = self.clauses.get_mut(number as usize)?;
        let mut planner = Planner {
            values: &mut self.world.values,
            relations: &mut self.world.relations,
            open: &self.open,
            growing: &self.growing,
            guess: self.guess,
            globals: &clause.globals,
        };
        let mut bound = vec![false; clause.variables];
        let plan = planner.plan(&clause.body, &mut bound, first)?;
        let mut told = vec![false; clause.variables];
        if let [(_, columns)] = clause.heads.as_slice() {
            for column in columns {
                if let Expr::Slot(v) = column {
                    put(&mut told, *v as usize, true);
                }
            }
        }
        let untold = (0..clause.variables).filter(|&v| at(&bound, v) && !at(&told, v));
        clause.rest = untold.map(|v| v as u32).collect();
        clause.bound.clone_from(&bound);
        Some((plan, bound))
    }

    /// The plan of a condition within a clause whose body holds.
    pub(crate) fn inner_plan(&mut self, number: u32, condition: &[Literal]) -> Option<Plan> {
        let clause = self.clauses.get(number as usize)?;
        let mut bound = clause.bound.clone();
        let mut planner = Planner {
            values: &mut self.world.values,
            relations: &mut self.world.relations,
            open: &self.open,
            growing: &self.growing,
            guess: 0.0,
            globals: &clause.globals,
        };
        let condition: Vec<&Literal> = condition.iter().collect();
        planner.plan(&condition, &mut bound, None)
    }

    /// An atom's relation with expressions for its columns.
    pub(crate) fn shape(&mut self, atom: &Atom) -> Shape {
        let values = &mut self.world.values;
        let columns = atom.arguments.iter().map(|t| expression(t, values));
        (atom.predicate.index(), columns.collect())
    }

    pub(crate) fn plan_or_fail(
        &mut self,
        number: u32,
        first: Option<usize>,
    ) -> Result<Plan, StopReason> {
        if let Some((plan, bound)) = self.plan(number, first) {
            // What the head needs must be bound, or it would hold what another
            // instance left in the frame.
            let clause = self.clauses.get(number as usize);
            let heads = clause.into_iter().flat_map(|c| &c.heads);
            let mut columns = heads.flat_map(|(_, columns)| columns);
            if columns.all(|e| is_bound(e, &bound)) {
                return Ok(plan);
            }
        }
        let rule = self.clauses.get(number as usize).map_or(0, |c| c.rule);
        Err(match self.problem.rules.get(rule as usize) {
            Some(source) => unsafe_rule(source, self.number(rule)),
            None => StopReason::Incomplete(format!("rule {rule} is unsafe")),
        })
    }

    /// Emits all solutions of a plan, until the relation of the head has more
    /// than `most` rows.
    pub(crate) fn run_plan(
        &mut self,
        number: u32,
        plan: &Plan,
        most: u32,
    ) -> Result<(), StopReason> {
        let Some(clause) = self.clauses.get(number as usize) else {
            return Ok(());
        };
        let (rule, variables) = (clause.rule, clause.variables);
        let mut tail = Tail::of(clause, plan);
        let mut join = std::mem::take(&mut self.join);
        let steps = plan.ops.len() - usize::from(tail.is_some());
        join.start_with(plan, steps, variables);
        self.world.values.deep = false;
        while join.next(plan, &mut self.world) {
            std::mem::swap(&mut self.join.frame, &mut join.frame);
            let go_on = match &mut tail {
                Some(tail) => self.emit_all(number, tail, most),
                None => self.emit(number, most),
            };
            std::mem::swap(&mut self.join.frame, &mut join.frame);
            if !go_on {
                break;
            }
        }
        self.flush(number);
        self.join = join;
        self.note_depth(number);
        self.world.check_overflow(self.number(rule));
        self.world.go_on()
    }

    /// Adds the rows that a clause gave since the last time; how many rows
    /// there are then.
    fn flush(&mut self, number: u32) -> u32 {
        let clause = self.clauses.get(number as usize);
        let head = clause
            .and_then(|c| c.heads.first())
            .map_or(usize::MAX, |h| h.0);
        let Some(relation) = self.world.relations.get_mut(head) else {
            return 0;
        };
        relation.insert_all(&mut self.batch, number);
        relation.len()
    }

    /// What a rule is called.
    fn number(&self, rule: u32) -> u32 {
        self.numbers.get(rule as usize).copied().unwrap_or(rule)
    }

    fn note_depth(&mut self, number: u32) {
        if !self.world.values.deep {
            return;
        }
        let Some(clause) = self.clauses.get(number as usize) else {
            return;
        };
        self.cut |= clause.heads.is_empty();
        for (p, _) in &clause.heads {
            put(&mut self.tainted, *p, true);
        }
    }

    /// Adds what a clause gives under the frame; whether to go on.
    #[inline]
    fn emit(&mut self, number: u32, most: u32) -> bool {
        let Some(clause) = self.clauses.get(number as usize) else {
            return false;
        };
        let frame = &self.join.frame;
        self.world.count_steps(1);
        if !clause.open {
            let Some((_, columns)) = clause.heads.first() else {
                return true;
            };
            if !evaluate_all(columns, frame, &mut self.world.values, &mut self.row) {
                let rule = clause.rule;
                if clause.body.is_empty() {
                    self.note_depth(number);
                    self.world.check_overflow(self.number(rule));
                }
                return true;
            }
            let rest = clause.rest.iter().map(|&v| at(frame, v as usize));
            self.batch.add(&self.row, rest);
            if self.batch.len() >= BATCH.min(most.max(1)) {
                return self.flush(number) <= most;
            }
            return true;
        }
        for (_, columns) in &clause.heads {
            if !evaluate_all(columns, frame, &mut self.world.values, &mut self.row) {
                return true;
            }
        }
        for (relation, columns) in &clause.heads {
            if evaluate_all(columns, frame, &mut self.world.values, &mut self.row)
                && let Some(relation) = self.world.relations.get_mut(*relation)
            {
                relation.insert(&self.row);
            }
        }
        let Ok(start) = u32::try_from(self.frames.len()) else {
            self.world.stop.get_or_insert(StopReason::Memory);
            return false;
        };
        let slots = clause.variables;
        self.frames.extend((0..slots).map(|v| at(frame, v)));
        self.instances.push(Instance {
            clause: number,
            start,
        });
        self.world.elsewhere += 8 + 4 * slots as u64;
        most > 0
    }

    /// Adds what a clause gives with the rows of its last step; whether to go
    /// on.
    fn emit_all(&mut self, number: u32, tail: &mut Tail<'_>, most: u32) -> bool {
        let frame = &self.join.frame;
        if !evaluate_all(tail.key, frame, &mut self.world.values, &mut self.row) {
            return true;
        }
        let Some(relation) = self.world.relations.get(tail.relation) else {
            return false;
        };
        let (_, end) = range(relation, tail.window);
        let mut from = relation.first(tail.index, &self.row);
        for (cell, slot) in tail.row.iter_mut().chain(&mut tail.rest).zip(&tail.slots) {
            if let Some(v) = slot {
                *cell = Cell::Value(at(frame, *v as usize));
            }
        }
        let room = BATCH.min(most.max(1));
        while from < end {
            let Some(relation) = self.world.relations.get(tail.relation) else {
                return false;
            };
            let before = self.batch.len();
            let cells = [&tail.row[..], &tail.rest[..]];
            from = self
                .batch
                .add_group(relation, tail.index, [from, end], cells, room);
            self.world.count_steps(self.batch.len() - before);
            if self.batch.len() >= room && (self.flush(number) > most || self.world.turn()) {
                return false;
            }
        }
        true
    }

    /// The variables' values of a kept instance.
    pub(crate) fn frame(&self, instance: Instance) -> &[Id] {
        let slots = self
            .clauses
            .get(instance.clause as usize)
            .map_or(0, |c| c.variables);
        let start = instance.start as usize;
        self.frames.get(start..start + slots).unwrap_or(&[])
    }
}

/// Whether all variables of an expression are bound.
fn is_bound(expr: &Expr, bound: &[bool]) -> bool {
    match expr {
        Expr::Slot(v) => at(bound, *v as usize),
        Expr::Value(_) | Expr::TooDeep => true,
        Expr::Function(_, all) | Expr::Arithmetic(_, all) => all.iter().all(|e| is_bound(e, bound)),
    }
}

/// The reason for giving up on a rule that cannot be evaluated forwards.
fn unsafe_rule(rule: &Rule, position: u32) -> StopReason {
    let unbound = rule.schedule().err().unwrap_or_default();
    let name = unbound.first().and_then(|v| rule.variables.get(v.index()));
    StopReason::Incomplete(format!(
        "nothing binds variable `{}` of rule {position}",
        name.map_or("_", |n| n)
    ))
}

/// Predicates that not every model has the same atoms of, as far as can be told
/// without looking at atoms.
fn open_predicates(problem: &Problem, graph: &Dependencies) -> Vec<bool> {
    let mut open = vec![false; problem.predicates.len()];
    for rule in &problem.rules {
        if matches!(rule.head, Head::Choice { .. } | Head::Disjunction(_)) {
            rule.head
                .atoms()
                .for_each(|a| put(&mut open, a.predicate.index(), true));
        }
    }
    // Components come after those that they depend on.
    for component in graph.components() {
        let is_open = component.iter().any(|p| {
            at(&open, p.index())
                || graph
                    .edges_of(*p)
                    .any(|e| at(&open, e.on.index()) || (e.negative && graph.is_recursive(e)))
        });
        if is_open {
            component
                .iter()
                .for_each(|p| put(&mut open, p.index(), true));
        }
    }
    open
}

/// Whether a term has variables.
pub(crate) fn is_ground(term: &Term) -> bool {
    let mut ground = true;
    term.each_variable(&mut |_| ground = false);
    ground
}

/// The stated negation of each predicate, and back.
pub(crate) fn opposites(problem: &Problem) -> Vec<Option<PredicateId>> {
    let mut places = FxHashMap::default();
    for (i, p) in problem.predicates.iter().enumerate() {
        places.insert((&p.name, p.arity, p.denied), PredicateId(i as u32));
    }
    let of =
        |p: &nsolve_il::program::Predicate| places.get(&(&p.name, p.arity, !p.denied)).copied();
    problem.predicates.iter().map(of).collect()
}
