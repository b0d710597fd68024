#![expect(
    clippy::indexing_slicing,
    reason = "variables, predicates and closed subformulas index tables that grow with their lists"
)]

use std::cell::Cell;

use nsolve_backend::{SolveCx, StopReason};
use nsolve_il::Rational;
use nsolve_il::fol::{ArithmeticOp, Problem, Quantifier, Query, SortId};
use num_traits::One;

use crate::arithmetic::{Arithmetic, Numbers};
use crate::blocks::Blocks;
use crate::clauses::{sign, var};
use crate::congruence::Classes;
use crate::grounding::{Grounding, Meaning};
use crate::sat::{Answer, Sat};
use crate::store::{ASIDE, NONE};
use crate::view::{Eval, Meter, View};

/// How many instances of one closed subformula are added at a time.
const BATCH: usize = 2048;
/// How many reasons there may be before the method gives up.
const MOST_REASONS: usize = 200_000;
/// How much searching and solving one run may take once there is no end in
/// sight.
const ENDLESS_TURNS: u64 = 5_000_000;
const ENDLESS_CONFLICTS: u64 = 10_000;
/// How many constants one witness may introduce.
const MOST_WITNESSES: u32 = 64;
/// Next to how many numbers others are added.
const MOST_NUMBERS: usize = 16;

/// Where the search for a refutation stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// The clauses contradict each other.
    Unsat,
    /// The view is a model.
    Model,
    /// Only terms of a higher generation could help.
    Blocked,
    /// A limit.
    Stopped(StopReason),
}

/// The search for a refutation by instances, led by candidate models.
pub(crate) struct Refutation<'a> {
    pub(crate) grounding: Grounding<'a>,
    pub(crate) view: View,
    query: &'a Query,
    cx: &'a SolveCx,
    arithmetic: Arithmetic,
    /// Why the candidate's numbers were not decided.
    undecided: Option<&'static str>,
    sat: Sat,
    meter: Meter,
    /// The candidate's value of each propositional variable.
    values: Vec<bool>,
    /// Whether a value is more than a default, so that it must not be changed
    /// without asking the SAT solver.
    settled: Vec<bool>,
    /// How many clauses have been looked at.
    scanned: usize,
    /// How many clauses the SAT solver has.
    loaded: usize,
    /// The candidate breaks a clause, and only the SAT solver can mend it.
    broken: bool,
    /// The view does not show the candidate.
    stale: bool,
    /// Some terms are equal, and atoms have come since the view was made that
    /// equality may have a word about.
    unchecked: bool,
    /// Some different terms are equal in the view.
    merged: bool,
    clock: u64,
    /// When a fact of each predicate was last added.
    changed: Vec<u64>,
    /// When the view was last changed in any other way.
    renewed: u64,
    /// When each closed subformula was last examined.
    examined: Vec<u64>,
    /// Whether it would need terms of a higher generation.
    blocked: Vec<bool>,
    /// The highest generation that is allowed.
    bound: u32,
    /// For which of them numbers were added.
    counted: u32,
    eager: bool,
    tuples: Vec<u32>,
}

impl<'a> Refutation<'a> {
    /// Asserts the items of a query.
    pub(crate) fn new(
        problem: &'a Problem,
        query: &'a Query,
        blocks: Blocks,
        cx: &'a SolveCx,
    ) -> Self {
        let mut grounding = Grounding::new(problem, blocks);
        grounding.settle();
        for (item, formula, holds) in query.assertions(problem) {
            grounding.assert(item, formula, holds);
        }
        Refutation {
            view: View::default(),
            query,
            arithmetic: Arithmetic::default(),
            undecided: None,
            sat: Sat::new(cx),
            meter: Meter::new(cx),
            values: Vec::new(),
            settled: Vec::new(),
            scanned: 0,
            loaded: 0,
            broken: false,
            stale: true,
            unchecked: false,
            merged: false,
            clock: 1,
            changed: vec![0; problem.signature.symbols().len()],
            renewed: 0,
            examined: Vec::new(),
            blocked: Vec::new(),
            bound: 0,
            counted: 0,
            eager: false,
            tuples: Vec::new(),
            grounding,
            cx,
        }
    }

    /// Goes on with terms up to a generation. When it is `eager`, a thing that
    /// is known already does not serve as a witness, nor as a counterexample: it
    /// may do so only for want of terms that say more of it.
    /// Once there are things that it may not do, it adds so many `cases` more.
    pub(crate) fn run(&mut self, bound: u32, eager: bool, cases: usize) -> Status {
        (self.bound, self.eager) = (bound, eager);
        let most = self.grounding.reasons.len() + cases;
        let turns = self.meter.turns() + ENDLESS_TURNS;
        let conflicts = self.sat.conflicts() + ENDLESS_CONFLICTS;
        self.examined.fill(0);
        loop {
            if let Some(reason) = self.limit() {
                return Status::Stopped(reason);
            }
            let endless = bound > 1 || eager || self.blocked.contains(&true);
            let tired = self.meter.turns() > turns || self.sat.conflicts() > conflicts;
            if endless && (tired || self.grounding.reasons.len() > most) {
                return Status::Blocked;
            }
            self.repair();
            if self.broken {
                match self.ask() {
                    Answer::Sat => {}
                    Answer::Unsat => return Status::Unsat,
                    Answer::Conflicts => return Status::Stopped(StopReason::Steps),
                    Answer::Stopped(reason) => return Status::Stopped(reason),
                }
            }
            if self.stale && self.grounding.blocks.numeric && !self.holds() {
                // Whole numbers are searched only in candidates that hold.
                continue;
            }
            if self.stale && self.renew() {
                match self.undecided.take() {
                    Some(_) if self.cx.stop().is_some() => continue,
                    Some(why) => return Status::Stopped(StopReason::Incomplete(why.to_owned())),
                    None => continue,
                }
            }
            let progress = self.round();
            if let Some(reason) = self.meter.stopped() {
                return Status::Stopped(reason);
            }
            if !progress && !self.broken && !self.stale && self.holds() {
                if self.unchecked {
                    self.stale = true;
                    continue;
                }
                let blocked = (0..self.grounding.closed.len() as u32)
                    .any(|c| self.blocked.get(c as usize) == Some(&true) && self.concerns(c));
                if self.grounding.blocks.over_numbers && self.count_on() {
                    continue;
                }
                return if blocked || self.grounding.blocks.over_numbers {
                    Status::Blocked
                } else if self.grounding.blocks.numeric && !self.satisfies() {
                    let why = "the numbers that were found do not fit all operations on them";
                    Status::Stopped(StopReason::Incomplete(why.to_owned()))
                } else {
                    Status::Model
                };
            }
        }
    }

    /// Adds the numbers next to those that quantifiers range over, once for each
    /// bound: a statement about all numbers often fails there.
    fn count_on(&mut self) -> bool {
        if self.counted >= self.bound {
            return false;
        }
        self.counted = self.bound;
        let grounding = &mut self.grounding;
        for sort in [SortId::INT, SortId::REAL] {
            let numbers = self.view.universe[sort.index()].iter();
            let numbers: Vec<u32> = numbers.copied().take(MOST_NUMBERS).collect();
            for number in numbers {
                let generation = grounding.store.generation(number).saturating_add(1);
                let one = grounding.store.number(Rational::one(), sort, ASIDE);
                for op in [ArithmeticOp::Add, ArithmeticOp::Subtract] {
                    grounding.arithmetic(op, &[number, one], sort, generation);
                }
            }
        }
        self.stale = true;
        true
    }

    /// Whether the view satisfies the query, with every number computed.
    fn satisfies(&self) -> bool {
        let problem = self.grounding.problem;
        let eval = Eval {
            eager: false,
            ..self.eval()
        };
        let mut env = vec![NONE; problem.terms.variables().len()];
        let mut assertions = self.query.assertions(problem);
        assertions.all(|(_, formula, holds)| eval.formula(formula, &mut env) == holds)
            && !eval.unclear.get()
            && self.meter.stopped().is_none()
    }

    /// How much of the deterministic budget is used.
    fn steps(&self) -> u64 {
        self.grounding.reasons.len() as u64 + self.sat.conflicts()
    }

    fn limit(&self) -> Option<StopReason> {
        if let Some(reason) = self.cx.stop() {
            return Some(reason);
        }
        if self.cx.budget.steps.is_some_and(|most| self.steps() > most) {
            return Some(StopReason::Steps);
        }
        let bytes = self.grounding.bytes() as u64;
        if self.cx.budget.memory.is_some_and(|most| bytes > most) {
            return Some(StopReason::Memory);
        }
        (self.grounding.reasons.len() > MOST_REASONS)
            .then(|| StopReason::Incomplete(format!("no decision after {MOST_REASONS} instances")))
    }

    /// Asks the SAT solver for another candidate.
    fn ask(&mut self) -> Answer {
        self.load();
        let left = self.cx.budget.steps.unwrap_or(u64::MAX);
        let answer = self.sat.solve([], left.saturating_sub(self.steps()));
        if answer == Answer::Sat {
            for (variable, value) in self.values.iter_mut().enumerate() {
                *value = self.sat.value(variable as u32);
            }
            self.settled.fill(true);
            self.broken = false;
            self.stale = true;
        }
        answer
    }

    /// Hands the clauses so far to the SAT solver.
    fn load(&mut self) {
        let clauses = &self.grounding.clauses;
        for i in self.loaded..clauses.len() {
            self.sat.add(clauses.get(i), None);
        }
        self.loaded = clauses.len();
    }

    /// Takes new clauses in and changes defaults so that they hold, which is
    /// all that rules without choices need.
    fn repair(&mut self) {
        let variables = self.grounding.meanings.len();
        self.unchecked |= self.merged && variables > self.values.len();
        self.values.resize(variables, false);
        self.settled.resize(variables, false);
        self.examined.resize(self.grounding.closed.len(), 0);
        self.blocked.resize(self.grounding.closed.len(), false);
        let news = self.view.representative.len() < self.grounding.store.len();
        if self.grounding.blocks.numeric {
            // What a new term means is for the arithmetic to say.
            self.stale |= news;
        } else if !self.stale && news {
            let (problem, store) = (self.grounding.problem, &self.grounding.store);
            for term in self.view.representative.len() as u32..store.len() as u32 {
                self.view.extend(problem, store, term);
            }
            self.clock += 1;
            self.renewed = self.clock;
        }
        while self.scanned < self.grounding.clauses.len() {
            let i = self.scanned;
            self.scanned += 1;
            for &lit in self.grounding.clauses.get(i) {
                if let Meaning::Quantified(c) = self.grounding.meanings[var(lit) as usize] {
                    let occurs = &mut self.grounding.closed[c as usize].occurs;
                    if !occurs[usize::from(sign(lit))] {
                        occurs[usize::from(sign(lit))] = true;
                        self.examined[c as usize] = 0;
                    }
                }
            }
            self.mend(i);
        }
    }

    /// Sees to it that a clause holds; answers whether it did already.
    fn mend(&mut self, i: usize) -> bool {
        let clause = self.grounding.clauses.get(i);
        if let [unit] = clause {
            let unit = *unit;
            let v = var(unit) as usize;
            if self.values[v] == sign(unit) {
                self.settled[v] = true;
                return true;
            }
        }
        if clause
            .iter()
            .any(|&l| self.values[var(l) as usize] == sign(l))
        {
            return true;
        }
        let choice = clause.iter().rev();
        let choice = choice
            .copied()
            .find(|&l| sign(l) && !self.settled[var(l) as usize]);
        match choice {
            Some(lit) => self.set(var(lit)),
            None => self.broken = true,
        }
        false
    }

    /// Makes a variable true.
    fn set(&mut self, variable: u32) {
        self.values[variable as usize] = true;
        self.settled[variable as usize] = true;
        self.unchecked |= self.merged;
        match self.grounding.meanings[variable as usize] {
            Meaning::Atom(predicate, row) if !self.stale => {
                let arguments = &self.grounding.atoms.get(row)[1..];
                if self.view.learn(predicate, arguments) {
                    self.clock += 1;
                    self.changed[predicate.index()] = self.clock;
                }
            }
            Meaning::Equal(a, b) if a != b => self.stale = true,
            Meaning::Less(..) => self.stale = true,
            Meaning::Quantified(c) => self.examined[c as usize] = 0,
            _ => {}
        }
    }

    /// Whether all clauses since the SAT solver was last asked hold; mends one
    /// that does not.
    fn holds(&mut self) -> bool {
        (self.loaded..self.grounding.clauses.len()).all(|i| self.mend(i))
    }

    /// Makes the view show the candidate. Where equality is no congruence in
    /// the candidate, says so and answers `true`.
    fn renew(&mut self) -> bool {
        if self.grounding.blocks.numeric {
            let sat = &self.sat;
            if self
                .arithmetic
                .foresee(&mut self.grounding, |v| sat.fixed(v))
            {
                return true;
            }
        }
        let grounding = &mut self.grounding;
        let (mut given, mut denied) = (Vec::new(), Vec::new());
        for &v in &grounding.equalities {
            if let Meaning::Equal(a, b) = grounding.meanings[v as usize] {
                let list = if self.values[v as usize] {
                    &mut given
                } else {
                    &mut denied
                };
                list.push((a, b));
            }
        }
        given.retain(|(a, b)| a != b);
        let numeric = grounding.blocks.numeric;
        self.merged = numeric || !given.is_empty();
        self.unchecked = false;
        let representatives = if !self.merged {
            (0..grounding.store.len() as u32).collect()
        } else {
            let classes = Classes::close(&grounding.store, given.iter().copied());
            if disagree(grounding, &classes, &self.values, &denied) {
                return true;
            }
            let mut representatives = classes.representatives(|t| grounding.is_element(t));
            if numeric {
                let mut stop = || self.cx.stop().is_some();
                let values = &self.values;
                match self
                    .arithmetic
                    .decide(grounding, &classes, values, &mut stop)
                {
                    Numbers::Values(numbers) => {
                        let store = &grounding.store;
                        self.view.count_on(store, &mut representatives, numbers);
                    }
                    Numbers::Lemmas => return true,
                    Numbers::GaveUp(why) => {
                        self.undecided = Some(why);
                        return true;
                    }
                }
            }
            representatives
        };
        self.view
            .reset(grounding.problem, &grounding.store, representatives);
        for (v, meaning) in grounding.meanings.iter().enumerate() {
            if let Meaning::Atom(predicate, row) = *meaning
                && self.values[v]
            {
                self.view.learn(predicate, &grounding.atoms.get(row)[1..]);
            }
        }
        self.clock += 1;
        self.renewed = self.clock;
        self.stale = false;
        false
    }

    /// Examines all closed subformulas once; answers whether anything came of
    /// it.
    fn round(&mut self) -> bool {
        let mut progress = false;
        let mut c = 0;
        while c < self.grounding.closed.len() as u32 {
            if self.concerns(c) && self.is_due(c) {
                self.clock += 1;
                self.examined[c as usize] = self.clock;
                self.blocked[c as usize] = false;
                progress |= self.examine(c);
                self.repair();
                if self.broken || self.stale || self.meter.stopped().is_some() {
                    return true;
                }
            }
            c += 1;
        }
        progress
    }

    /// Whether the candidate relies on what a closed subformula says.
    fn concerns(&self, c: u32) -> bool {
        let closed = &self.grounding.closed[c as usize];
        closed.occurs[usize::from(self.values[closed.variable as usize])]
    }

    fn is_due(&self, c: u32) -> bool {
        let block = self
            .grounding
            .blocks
            .get(self.grounding.closed[c as usize].block);
        let last = self.examined[c as usize];
        last < self.renewed
            || block
                .predicates
                .iter()
                .any(|p| last < self.changed[p.index()])
            || last == 0
    }

    /// Adds what a closed subformula says and the view does not have. Answers
    /// whether there was anything to add.
    fn examine(&mut self, c: u32) -> bool {
        let closed = &self.grounding.closed[c as usize];
        let truth = self.values[closed.variable as usize];
        let (block, count, witnessed) = (closed.block, closed.count, closed.witnessed);
        let eager = self.eager;
        let quantifier = self.grounding.blocks.get(block).quantifier;
        let about = closed.binding.iter();
        let generation = about.map(|&t| self.grounding.store.generation(t)).max();
        let general = match count {
            0 => truth == (quantifier == Quantifier::Forall),
            _ => !truth,
        };
        match (general, count) {
            (true, 0) => self.add_cases(c),
            (true, n) => {
                let mut count = |eager: bool| {
                    let things = self.look(c, |eval, env| {
                        let unclear = Cell::new(false);
                        let eval = Eval {
                            eager,
                            unclear,
                            ..*eval
                        };
                        eval.count(block, env, n as usize)
                    });
                    things.len() >= n as usize && self.add_case(c, &things)
                };
                // Things that are found too eagerly may be known as a case, and
                // hide those that are not.
                count(eager) || (eager && count(false))
            }
            (false, n) => {
                let there = self.look(c, |eval, env| match n {
                    _ if eval.eager => false,
                    0 => eval.any(block, env),
                    n => eval.count(block, env, n as usize).len() >= n as usize,
                });
                if there || witnessed || self.meter.stopped().is_some() {
                    return false;
                }
                if generation.unwrap_or(0) >= self.bound || n > MOST_WITNESSES {
                    self.blocked[c as usize] = true;
                    return false;
                }
                self.grounding.witness(c);
                true
            }
        }
    }

    /// Evaluates something about a closed subformula, with its free variables
    /// bound.
    fn look<T>(&mut self, c: u32, f: impl FnOnce(&Eval<'_>, &mut [u32]) -> T) -> T {
        self.grounding.bind(c);
        let mut env = std::mem::take(&mut self.grounding.env);
        let out = f(&self.eval(), &mut env);
        self.grounding.env = env;
        self.grounding.unbind(c);
        out
    }

    fn eval(&self) -> Eval<'_> {
        Eval {
            problem: self.grounding.problem,
            blocks: &self.grounding.blocks,
            store: &self.grounding.store,
            view: &self.view,
            meter: &self.meter,
            eager: self.eager,
            unclear: Cell::new(false),
        }
    }

    /// Adds the cases in which a general statement fails in the view.
    fn add_cases(&mut self, c: u32) -> bool {
        let block = self.grounding.closed[c as usize].block;
        let mut tuples = std::mem::take(&mut self.tuples);
        tuples.clear();
        let width = self.grounding.blocks.get(block).variables.len();
        let full = self.look(c, |eval, env| {
            let variables = &eval.blocks.get(block).variables;
            eval.search(block, env, &mut |env| {
                tuples.extend(variables.iter().map(|v| env[v.index()]));
                tuples.len() >= BATCH * width
            })
        });
        if full {
            self.examined[c as usize] = 0;
        }
        let mut progress = false;
        for tuple in tuples.chunks_exact(width) {
            progress |= self.add_case(c, tuple);
            // What a case makes true may serve the next one.
            self.repair();
            if self.broken {
                break;
            }
        }
        self.tuples = tuples;
        progress
    }

    fn add_case(&mut self, c: u32, values: &[u32]) -> bool {
        if self.grounding.blocks.functions && self.case_generation(c, values) > self.bound {
            self.blocked[c as usize] = true;
            return false;
        }
        self.grounding.instance(c, values)
    }

    fn case_generation(&mut self, c: u32, values: &[u32]) -> u32 {
        let closed = &self.grounding.closed[c as usize];
        let (block, counts) = (closed.block, closed.count > 0);
        let body = self.grounding.blocks.get(block).body;
        self.grounding.bind(c);
        let mut highest = 0;
        if counts {
            let v = self.grounding.blocks.get(block).bound[0].index();
            for &value in values {
                self.grounding.env[v] = value;
                highest = highest.max(self.grounding.generation(body));
            }
        } else {
            for (i, &value) in values.iter().enumerate() {
                let v = self.grounding.blocks.get(block).variables[i].index();
                self.grounding.env[v] = value;
            }
            highest = self.grounding.generation(body);
        }
        self.grounding.unbind(c);
        highest
    }
}

/// Adds what equality being a congruence says against the candidate; answers
/// whether it says anything.
fn disagree(
    grounding: &mut Grounding<'_>,
    classes: &Classes,
    values: &[bool],
    denied: &[(u32, u32)],
) -> bool {
    let mut lemmas: Vec<(u32, u32)> = denied.to_vec();
    lemmas.retain(|&(a, b)| a != b && classes.same(a, b));
    let representative = classes.representatives(|t| grounding.is_element(t));
    for term in 0..grounding.store.len() as u32 {
        let other = representative[term as usize];
        if other != term && grounding.is_element(term) && grounding.is_element(other) {
            lemmas.push((term, other));
        }
    }
    // Atoms that are the same by the classes: a true one and the false ones.
    let mut same = crate::rows::Rows::default();
    let mut first: Vec<(u32, bool)> = Vec::new();
    let mut atoms: Vec<(u32, u32)> = Vec::new();
    for (v, meaning) in grounding.meanings.iter().enumerate() {
        let Meaning::Atom(_, row) = *meaning else {
            continue;
        };
        let [head, arguments @ ..] = grounding.atoms.get(row) else {
            continue;
        };
        let mut canonical = crate::rows::Row::starting(*head);
        arguments
            .iter()
            .for_each(|&a| canonical.push(representative[a as usize]));
        let (id, new) = same.insert(canonical.as_slice());
        let value = values.get(v).copied().unwrap_or(false);
        if new {
            first.push((row, value));
        } else {
            let (other, known) = first[id as usize];
            match (known, value) {
                (true, false) => atoms.push((other, row)),
                (false, true) => atoms.push((row, other)),
                _ => {}
            }
        }
    }
    for &(a, b) in &lemmas {
        let equal = classes.explain(&grounding.store, &[(a, b)]);
        grounding.congruent(equal, (a, b));
    }
    for &(from, to) in &atoms {
        let (x, y) = (grounding.atoms.get(from), grounding.atoms.get(to));
        let pairs: Vec<(u32, u32)> = x[1..].iter().copied().zip(y[1..].iter().copied()).collect();
        let equal = classes.explain(&grounding.store, &pairs);
        grounding.same_atom(equal, from, to);
    }
    !lemmas.is_empty() || !atoms.is_empty()
}
