#![expect(
    clippy::indexing_slicing,
    reason = "terms, sorts and symbols index tables that are as long as their lists"
)]

use std::cell::Cell;

use nsolve_backend::{SolveCx, StopReason};
use nsolve_il::Rational;
use nsolve_il::fol::{CompareOp, Problem, Quantifier, SortId, SymbolId, Term, TermId};
use num_traits::Zero;
use rustc_hash::FxHashMap;

use crate::blocks::{Blocks, Stage};
use crate::number::compute;
use crate::rows::{Row, Rows};
use crate::store::{ASIDE, NONE, Store};

/// How many values a search without a time limit tries before it gives up.
const MOST_TURNS: u64 = 400_000_000;
/// How many turns pass between two looks at the clock.
const TURNS: u64 = 1 << 12;

/// Counts the turns of searches and stops them at the query's limits.
pub(crate) struct Meter {
    cx: SolveCx,
    turns: Cell<u64>,
    reason: Cell<Option<StopReason>>,
}

impl Meter {
    pub(crate) fn new(cx: &SolveCx) -> Self {
        Meter {
            cx: cx.clone(),
            turns: Cell::new(0),
            reason: Cell::new(None),
        }
    }

    /// Counts a turn; answers whether to stop.
    fn tick(&self) -> bool {
        let turns = self.turns.get() + 1;
        self.turns.set(turns);
        if !turns.is_multiple_of(TURNS) {
            return false;
        }
        let mut reason = self.reason.take().or_else(|| self.cx.stop());
        if reason.is_none() && turns > MOST_TURNS {
            let why = format!("the search for instances tried {MOST_TURNS} combinations");
            reason = Some(StopReason::Incomplete(why));
        }
        let stop = reason.is_some();
        self.reason.set(reason);
        stop
    }

    /// How many turns there were.
    pub(crate) fn turns(&self) -> u64 {
        self.turns.get()
    }

    /// Why a search was broken off, if one was.
    pub(crate) fn stopped(&self) -> Option<StopReason> {
        let reason = self.reason.take();
        self.reason.set(reason.clone());
        reason
    }
}

/// A finite structure that is read off the propositional model: what each
/// ground term means, and which atoms are facts. Everything else is false, and
/// functions have the default of their sort where nothing is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    /// The term that stands for each term's class.
    pub(crate) representative: Vec<u32>,
    /// The classes of each sort, by their representatives.
    pub(crate) universe: Vec<Vec<u32>>,
    /// Facts: predicate and representatives.
    pub(crate) facts: Rows,
    /// The facts of each predicate.
    pub(crate) by_predicate: Vec<Vec<u32>>,
    /// Functions: symbol and representatives.
    pub(crate) points: Rows,
    /// The representative that each point is mapped to.
    pub(crate) values: Vec<u32>,
    /// The number that each term means; empty where there are no numbers.
    pub(crate) numbers: Vec<Rational>,
    /// The representative of the terms that mean a number.
    by_number: FxHashMap<Rational, u32>,
}

impl View {
    /// Puts terms that mean the same number into one class.
    pub(crate) fn count_on(
        &mut self,
        store: &Store,
        representative: &mut [u32],
        numbers: Vec<Rational>,
    ) {
        self.by_number.clear();
        let terms = || (0..store.len() as u32).filter(|&t| store.sort(t).is_numeric());
        for term in terms() {
            let best = self.by_number.entry(numbers[term as usize].clone());
            let best = best.or_insert(term);
            if store.generation(term) < store.generation(*best) {
                *best = term;
            }
        }
        for term in terms() {
            representative[term as usize] = self.of_number(&numbers[term as usize]);
        }
        self.numbers = numbers;
    }

    /// The representative of a number, if a term means it.
    fn of_number(&self, value: &Rational) -> u32 {
        self.by_number.get(value).copied().unwrap_or(NONE)
    }

    /// Starts again from classes of terms, with no facts.
    pub(crate) fn reset(&mut self, problem: &Problem, store: &Store, representative: Vec<u32>) {
        let signature = &problem.signature;
        self.representative = representative;
        self.facts.clear();
        self.by_predicate
            .resize(signature.symbols().len(), Vec::new());
        self.by_predicate.iter_mut().for_each(Vec::clear);
        self.universe.resize(signature.sorts().len(), Vec::new());
        self.universe.iter_mut().for_each(Vec::clear);
        self.points.clear();
        self.values.clear();
        for term in 0..store.len() as u32 {
            self.extend(problem, store, term);
        }
    }

    /// Takes in a term.
    pub(crate) fn extend(&mut self, problem: &Problem, store: &Store, term: u32) {
        let at = term as usize;
        let application = store.application(term);
        let point = application.filter(|(_, arguments)| !arguments.is_empty());
        let point = point.map(|(symbol, arguments)| {
            let mut row = Row::starting(symbol.0);
            arguments
                .iter()
                .for_each(|&a| row.push(self.representative[a as usize]));
            self.points.insert(row.as_slice())
        });
        if at >= self.representative.len() {
            let known = point
                .filter(|(_, new)| !new)
                .map(|(id, _)| self.values[id as usize]);
            self.representative.push(known.unwrap_or(term));
        }
        let representative = self.representative[at];
        if let Some((_, true)) = point {
            self.values.push(representative);
        }
        let sort = store.sort(term);
        // An enumerated sort has its elements and nothing else.
        let aside = store.generation(term) == ASIDE;
        let element = || match (problem.signature.elements(sort), application) {
            (None, _) => true,
            (Some(elements), Some((symbol, _))) => elements.contains(&symbol),
            (Some(_), None) => false,
        };
        if representative == term && !aside && element() {
            self.universe[sort.index()].push(term);
        }
    }

    /// Adds a fact about these terms; answers whether it is new.
    pub(crate) fn learn(&mut self, predicate: SymbolId, arguments: &[u32]) -> bool {
        let mut row = Row::starting(predicate.0);
        arguments
            .iter()
            .for_each(|&a| row.push(self.representative[a as usize]));
        let (id, new) = self.facts.insert(row.as_slice());
        if new {
            self.by_predicate[predicate.index()].push(id);
        }
        new
    }

    /// What a function has where nothing is known.
    pub(crate) fn default_of(&self, sort: SortId) -> u32 {
        self.universe[sort.index()].first().copied().unwrap_or(NONE)
    }
}

/// Evaluates formulas in a [`View`].
pub(crate) struct Eval<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) blocks: &'a Blocks,
    pub(crate) store: &'a Store,
    pub(crate) view: &'a View,
    pub(crate) meter: &'a Meter,
    /// Whether searches take what depends on quantifiers for granted, so that
    /// they find too much.
    pub(crate) eager: bool,
    /// Whether a number could not be computed so far.
    pub(crate) unclear: Cell<bool>,
}

/// What is done with values that a search finds; `true` ends the search.
type Found<'f> = &'f mut dyn FnMut(&[u32]) -> bool;

impl Eval<'_> {
    /// The class that a term means.
    pub(crate) fn term(&self, id: TermId, env: &[u32]) -> u32 {
        match self.problem.terms.get(id) {
            Term::Var(v) => self.view.representative[env[v.index()] as usize],
            Term::Apply(symbol, arguments) if arguments.is_empty() => {
                let constant = self.store.constant(*symbol);
                self.view.representative[constant as usize]
            }
            Term::Apply(symbol, arguments) => {
                let row = self.row(*symbol, arguments, env);
                match self.view.points.find(row.as_slice()) {
                    Some(point) => self.view.values[point as usize],
                    None => match self.problem.terms.sort(id) {
                        sort if sort.is_numeric() => self.view.of_number(&Rational::zero()),
                        sort => self.view.default_of(sort),
                    },
                }
            }
            _ => {
                let number = self.number(id, env);
                number.map_or(NONE, |n| self.view.of_number(&n))
            }
        }
    }

    /// The number that a term means, if it can be computed.
    fn number(&self, id: TermId, env: &[u32]) -> Option<Rational> {
        match self.problem.terms.get(id) {
            Term::Number(value, _) => Some(value.clone()),
            Term::Arithmetic(op, operands) => {
                let operands = operands.iter().map(|&t| self.number(t, env));
                compute(*op, &operands.collect::<Option<Vec<_>>>()?)
            }
            _ => match self.term(id, env) {
                NONE => Some(Rational::zero()),
                class => self.view.numbers.get(class as usize).cloned(),
            },
        }
    }

    /// Compares two numbers; where one cannot be computed, says so and answers
    /// `false`.
    fn compare(
        &self,
        a: TermId,
        b: TermId,
        env: &[u32],
        f: fn(&Rational, &Rational) -> bool,
    ) -> bool {
        match (self.number(a, env), self.number(b, env)) {
            (Some(a), Some(b)) => f(&a, &b),
            _ => {
                self.unclear.set(true);
                false
            }
        }
    }

    fn equal(&self, a: TermId, b: TermId, env: &[u32]) -> bool {
        if self.problem.terms.sort(a).is_numeric() {
            return self.compare(a, b, env, |a, b| a == b);
        }
        self.term(a, env) == self.term(b, env)
    }

    fn row(&self, symbol: SymbolId, arguments: &[TermId], env: &[u32]) -> Row {
        let mut row = Row::starting(symbol.0);
        arguments.iter().for_each(|&a| row.push(self.term(a, env)));
        row
    }

    /// Whether a formula holds. The environment is left as it was.
    pub(crate) fn formula(&self, id: TermId, env: &mut [u32]) -> bool {
        match self.problem.terms.get(id) {
            Term::Bool(value) => *value,
            Term::Not(t) => !self.formula(*t, env),
            Term::And(ts) => ts.iter().all(|&t| self.formula(t, env)),
            Term::Or(ts) => ts.iter().any(|&t| self.formula(t, env)),
            Term::Xor(a, b) => self.formula(*a, env) != self.formula(*b, env),
            Term::Implies(a, b) => !self.formula(*a, env) || self.formula(*b, env),
            Term::Iff(a, b) => self.formula(*a, env) == self.formula(*b, env),
            Term::Equal(a, b) => self.equal(*a, *b, env),
            Term::Compare(op, a, b) => self.compare(
                *a,
                *b,
                env,
                match op {
                    CompareOp::Less => |a, b| a < b,
                    CompareOp::LessEq => |a, b| a <= b,
                    CompareOp::Greater => |a, b| a > b,
                    CompareOp::GreaterEq => |a, b| a >= b,
                },
            ),
            Term::Distinct(ts) if ts.iter().any(|&t| self.problem.terms.sort(t).is_numeric()) => {
                let pairs = |i: usize| ts[..i].iter().any(|&t| self.equal(t, ts[i], env));
                !(1..ts.len()).any(pairs)
            }
            Term::Distinct(ts) => {
                let ts: Vec<u32> = ts.iter().map(|&t| self.term(t, env)).collect();
                (1..ts.len()).all(|i| !ts[..i].contains(&ts[i]))
            }
            Term::Apply(predicate, arguments) => {
                let row = self.row(*predicate, arguments, env);
                self.view.facts.find(row.as_slice()).is_some()
            }
            Term::Quantified(quantifier, ..) => self.quantified(id, *quantifier, env),
            // Not reached: terms are no formulas.
            _ => false,
        }
    }

    fn quantified(&self, id: TermId, quantifier: Quantifier, env: &mut [u32]) -> bool {
        let block = self.blocks.id(id);
        let n = match quantifier {
            Quantifier::Forall => return !self.any(block, env),
            Quantifier::Exists => return self.any(block, env),
            Quantifier::ExistsUnique => 1,
            Quantifier::AtLeast(n) | Quantifier::AtMost(n) | Quantifier::Exactly(n) => n,
        };
        let enough = n.saturating_add(1) as usize;
        let found = self.count(block, env, enough).len();
        match quantifier {
            Quantifier::AtLeast(n) => found >= n as usize,
            Quantifier::AtMost(n) => found <= n as usize,
            _ => found == n as usize,
        }
    }

    /// Whether a block's search finds anything.
    pub(crate) fn any(&self, block: u32, env: &mut [u32]) -> bool {
        self.search(block, env, &mut |_| true)
    }

    /// Different things that a counting block's search finds, up to so many.
    pub(crate) fn count(&self, block: u32, env: &mut [u32], enough: usize) -> Vec<u32> {
        let variable = self.blocks.get(block).bound[0].index();
        let mut things: Vec<u32> = Vec::new();
        self.search(block, env, &mut |env| {
            let thing = self.view.representative[env[variable] as usize];
            if !things.contains(&thing) {
                things.push(thing);
            }
            things.len() >= enough
        });
        things
    }

    /// Finds values for a block's variables that decide it. The free variables
    /// are bound in the environment.
    pub(crate) fn search(&self, block: u32, env: &mut [u32], found: Found<'_>) -> bool {
        let block = self.blocks.get(block);
        let stopped = self.stage(&block.stages, env, found);
        for v in &block.variables {
            env[v.index()] = NONE;
        }
        stopped
    }

    fn stage(&self, stages: &[Stage], env: &mut [u32], found: Found<'_>) -> bool {
        let Some((stage, rest)) = stages.split_first() else {
            return found(env);
        };
        if self.meter.tick() {
            return true;
        }
        match stage {
            Stage::Test(formula, want) => {
                self.formula(*formula, env) == *want && self.stage(rest, env, found)
            }
            Stage::TestQuantified(formula, want) => {
                (self.eager || self.formula(*formula, env) == *want) && self.stage(rest, env, found)
            }
            Stage::Let(v, term) => {
                env[v.index()] = self.term(*term, env);
                self.stage(rest, env, found)
            }
            Stage::Any(v, sort) => {
                env[v.index()] = self.view.default_of(*sort);
                self.stage(rest, env, found)
            }
            Stage::Each(v, sort) => self.view.universe[sort.index()].iter().any(|&thing| {
                env[v.index()] = thing;
                self.stage(rest, env, found)
            }),
            Stage::Facts {
                predicate,
                arguments,
                binds,
            } => self.view.by_predicate[predicate.index()]
                .iter()
                .any(|&fact| {
                    let fact = &self.view.facts.get(fact)[1..];
                    for ((&argument, bind), &value) in arguments.iter().zip(binds).zip(fact) {
                        match bind {
                            Some(v) => env[v.index()] = value,
                            None if self.term(argument, env) == value => {}
                            None => return false,
                        }
                    }
                    self.stage(rest, env, found)
                }),
        }
    }
}
