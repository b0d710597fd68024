#![expect(
    clippy::indexing_slicing,
    reason = "things of a sort index lists that are as long as its domain"
)]

use std::collections::BTreeMap;
use std::sync::Arc;

use nsolve_backend::SolveCx;
use nsolve_il::fol::{
    Model, Problem, Quantifier, Query, SortId, SortKind, SymbolId, Table, Term, TermId, Value,
};
use rustc_hash::FxHashMap;

use crate::blocks::Blocks;
use crate::clauses::{Lit, lit, negate};
use crate::rows::{Row, Rows};
use crate::sat::{Answer, Sat};
use crate::store::NONE;

/// How many clauses one size may take before it is given up.
const MOST_CLAUSES: usize = 2_000_000;
/// How many bytes a clause takes, roughly, with its watch lists.
const CLAUSE_BYTES: u64 = 64;
/// How many clauses pass between two looks at the clock.
const CLAUSES: usize = 4096;

/// What came of the search for a model of one size.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Found {
    /// A model.
    Model(Model),
    /// There is none of this size.
    None,
    /// It takes too many clauses or conflicts.
    TooHard,
    /// A limit of the query.
    Stopped(nsolve_backend::StopReason),
}

/// Searches for a model in which every uninterpreted sort has `size` things:
/// each symbol's table is a set of propositional variables, and quantifiers
/// are written out.
pub(crate) fn find(
    problem: &Problem,
    query: &Query,
    blocks: &Blocks,
    size: u32,
    conflicts: u64,
    cx: &SolveCx,
) -> Found {
    let memory = cx.budget.memory.unwrap_or(u64::MAX) / CLAUSE_BYTES;
    let mut encoder = Encoder {
        problem,
        size,
        cx,
        most: MOST_CLAUSES.min(usize::try_from(memory).unwrap_or(MOST_CLAUSES)),
        next_look: CLAUSES,
        sat: Sat::new(cx),
        variables: 0,
        clauses: 0,
        cells: Rows::default(),
        first: Vec::new(),
        env: vec![NONE; problem.terms.variables().len()],
        truth: 0,
    };
    encoder.truth = lit(encoder.fresh(), true);
    encoder.add(&[encoder.truth]);
    encoder.break_symmetry(blocks);
    for (_, formula, holds) in query.assertions(problem) {
        let Some(value) = encoder.formula(formula) else {
            return match cx.stop() {
                Some(reason) => Found::Stopped(reason),
                None => Found::TooHard,
            };
        };
        encoder.add(&[if holds { value } else { negate(value) }]);
    }
    let conflicts = conflicts.min(cx.budget.steps.unwrap_or(u64::MAX));
    match encoder.sat.solve([], conflicts) {
        Answer::Sat => Found::Model(encoder.model(blocks)),
        Answer::Unsat => Found::None,
        Answer::Conflicts => Found::TooHard,
        Answer::Stopped(reason) => Found::Stopped(reason),
    }
}

struct Encoder<'a> {
    problem: &'a Problem,
    size: u32,
    cx: &'a SolveCx,
    /// How many clauses there may be.
    most: usize,
    /// After how many clauses to look at the clock.
    next_look: usize,
    sat: Sat,
    variables: u32,
    clauses: usize,
    /// A symbol and things: a cell of the symbol's table.
    cells: Rows,
    /// The first variable of each cell: one for a predicate, one for each
    /// value for a function.
    first: Vec<u32>,
    env: Vec<u32>,
    /// A literal that is true.
    truth: Lit,
}

/// `None` where there are too many clauses or the query's limit is reached.
type Encoded<T> = Option<T>;

impl Encoder<'_> {
    fn fresh(&mut self) -> u32 {
        self.variables += 1;
        self.variables - 1
    }

    fn add(&mut self, clause: &[Lit]) {
        self.clauses += 1;
        self.sat.add(clause, None);
    }

    fn things(&self, sort: SortId) -> u32 {
        let elements = self.problem.signature.elements(sort);
        elements.map_or(self.size, |e| e.len() as u32)
    }

    /// The first variable of a cell. A function's cell has exactly one value.
    fn cell(&mut self, symbol: SymbolId, things: &[u32]) -> u32 {
        let mut row = Row::starting(symbol.0);
        things.iter().for_each(|&t| row.push(t));
        let (id, new) = self.cells.insert(row.as_slice());
        if !new {
            return self.first[id as usize];
        }
        let first = self.variables;
        self.first.push(first);
        let entry = self.problem.signature.symbol(symbol);
        if entry.is_predicate() {
            self.variables += 1;
            return first;
        }
        let values = self.things(entry.result);
        self.variables += values;
        let any: Vec<Lit> = (first..first + values).map(|v| lit(v, true)).collect();
        self.add(&any);
        for (i, &a) in any.iter().enumerate() {
            for &b in &any[i + 1..] {
                self.add(&[negate(a), negate(b)]);
            }
        }
        first
    }

    /// The first constants of a sort take its first things, in order.
    fn break_symmetry(&mut self, blocks: &Blocks) {
        let signature = &self.problem.signature;
        let mut seen: FxHashMap<SortId, u32> = FxHashMap::default();
        for &symbol in &blocks.symbols {
            let entry = signature.symbol(symbol);
            let open = signature.sort(entry.result).kind == SortKind::Uninterpreted;
            if !entry.is_constant() || !open {
                continue;
            }
            let before = seen.entry(entry.result).or_insert(0);
            let first = self.cell(symbol, &[]);
            for thing in *before + 1..self.size {
                self.add(&[lit(first + thing, false)]);
            }
            *before += 1;
        }
    }

    /// What a term may be: each thing with the literal under which it is that.
    fn term(&mut self, id: TermId) -> Encoded<Vec<(u32, Lit)>> {
        let problem = self.problem;
        match problem.terms.get(id) {
            Term::Var(v) => Some(vec![(self.env[v.index()], self.truth)]),
            Term::Apply(symbol, arguments) => {
                if let Some(position) = problem.signature.element_index(*symbol) {
                    return Some(vec![(position as u32, self.truth)]);
                }
                let sort = problem.signature.symbol(*symbol).result;
                let values = self.things(sort);
                let cases = self.cases(arguments)?;
                if let [(things, _)] = cases.as_slice() {
                    let first = self.cell(*symbol, things);
                    return Some((0..values).map(|t| (t, lit(first + t, true))).collect());
                }
                let first = self.variables;
                self.variables += values;
                for (things, condition) in cases {
                    let cell = self.cell(*symbol, &things);
                    for t in 0..values {
                        self.same_if(&condition, lit(first + t, true), lit(cell + t, true));
                    }
                }
                Some((0..values).map(|t| (t, lit(first + t, true))).collect())
            }
            _ => None,
        }
    }

    /// If all of `condition` hold, the two are the same.
    fn same_if(&mut self, condition: &[Lit], a: Lit, b: Lit) {
        let mut clause: Vec<Lit> = condition.iter().map(|&l| negate(l)).collect();
        clause.extend([negate(a), b]);
        self.add(&clause);
        clause.truncate(condition.len());
        clause.extend([a, negate(b)]);
        self.add(&clause);
    }

    /// All things that the terms may be together, each with its condition.
    fn cases(&mut self, ts: &[TermId]) -> Encoded<Vec<(Vec<u32>, Vec<Lit>)>> {
        let mut out = vec![(Vec::new(), Vec::new())];
        for &t in ts {
            let values = self.term(t)?;
            if out.len() * values.len() + self.clauses > self.most {
                return None;
            }
            let mut next = Vec::with_capacity(out.len() * values.len());
            for (things, condition) in &out {
                for &(thing, l) in &values {
                    let (mut things, mut condition) = (things.clone(), condition.clone());
                    things.push(thing);
                    if l != self.truth {
                        condition.push(l);
                    }
                    next.push((things, condition));
                }
            }
            out = next;
        }
        Some(out)
    }

    fn and(&mut self, parts: &[Lit]) -> Lit {
        let (yes, no) = (self.truth, negate(self.truth));
        let mut parts: Vec<Lit> = parts.iter().copied().filter(|&l| l != yes).collect();
        parts.sort_unstable();
        parts.dedup();
        if parts.contains(&no) {
            return no;
        }
        match parts.as_slice() {
            [] => return yes,
            [one] => return *one,
            _ => {}
        }
        let name = lit(self.fresh(), true);
        for &part in &parts {
            self.add(&[negate(name), part]);
        }
        let mut clause: Vec<Lit> = parts.into_iter().map(negate).collect();
        clause.push(name);
        self.add(&clause);
        name
    }

    fn or(&mut self, parts: &[Lit]) -> Lit {
        let denied: Vec<Lit> = parts.iter().map(|&l| negate(l)).collect();
        negate(self.and(&denied))
    }

    fn iff(&mut self, a: Lit, b: Lit) -> Lit {
        let both = self.and(&[a, b]);
        let neither = self.and(&[negate(a), negate(b)]);
        self.or(&[both, neither])
    }

    fn equal(&mut self, a: TermId, b: TermId) -> Encoded<Lit> {
        let (a, b) = (self.term(a)?, self.term(b)?);
        let mut parts = Vec::new();
        for &(x, l) in &a {
            for &(y, m) in &b {
                if x == y {
                    parts.push(self.and(&[l, m]));
                }
            }
        }
        Some(self.or(&parts))
    }

    fn all(&mut self, ts: &[TermId]) -> Encoded<Vec<Lit>> {
        ts.iter().map(|&t| self.formula(t)).collect()
    }

    /// A literal that is true where the formula is.
    fn formula(&mut self, id: TermId) -> Encoded<Lit> {
        if self.clauses > self.most {
            return None;
        }
        if self.clauses > self.next_look {
            self.next_look = self.clauses + CLAUSES;
            if self.cx.stop().is_some() {
                return None;
            }
        }
        let problem = self.problem;
        Some(match problem.terms.get(id) {
            Term::Bool(true) => self.truth,
            Term::Bool(false) => negate(self.truth),
            Term::Not(t) => negate(self.formula(*t)?),
            Term::And(ts) => {
                let ts = self.all(ts)?;
                self.and(&ts)
            }
            Term::Or(ts) => {
                let ts = self.all(ts)?;
                self.or(&ts)
            }
            Term::Implies(a, b) => {
                let (a, b) = (self.formula(*a)?, self.formula(*b)?);
                self.or(&[negate(a), b])
            }
            Term::Iff(a, b) => {
                let (a, b) = (self.formula(*a)?, self.formula(*b)?);
                self.iff(a, b)
            }
            Term::Xor(a, b) => {
                let (a, b) = (self.formula(*a)?, self.formula(*b)?);
                negate(self.iff(a, b))
            }
            Term::Equal(a, b) => self.equal(*a, *b)?,
            Term::Distinct(ts) => {
                let mut parts = Vec::new();
                for (i, &a) in ts.iter().enumerate() {
                    for &b in &ts[i + 1..] {
                        parts.push(negate(self.equal(a, b)?));
                    }
                }
                self.and(&parts)
            }
            Term::Apply(predicate, arguments) => self.atom(*predicate, arguments)?,
            Term::Quantified(quantifier, bound, body) => {
                let bound: Vec<usize> = bound.iter().map(|v| v.index()).collect();
                let sorts = problem.terms.variables();
                let counts: Vec<u32> = bound.iter().map(|&v| self.things(sorts[v].sort)).collect();
                let cases = self.expand(&bound, &counts, *body)?;
                self.quantified(*quantifier, &cases)
            }
            _ => return None,
        })
    }

    fn atom(&mut self, predicate: SymbolId, arguments: &[TermId]) -> Encoded<Lit> {
        let cases = self.cases(arguments)?;
        if let [(things, _)] = cases.as_slice() {
            return Some(lit(self.cell(predicate, things), true));
        }
        let name = lit(self.fresh(), true);
        for (things, condition) in cases {
            let cell = self.cell(predicate, &things);
            self.same_if(&condition, name, lit(cell, true));
        }
        Some(name)
    }

    /// The body's value for all things that the variables may be.
    fn expand(&mut self, bound: &[usize], counts: &[u32], body: TermId) -> Encoded<Vec<Lit>> {
        let [first, rest @ ..] = bound else {
            return Some(vec![self.formula(body)?]);
        };
        let [count, counts @ ..] = counts else {
            return None;
        };
        let mut out = Vec::new();
        for thing in 0..*count {
            self.env[*first] = thing;
            out.extend(self.expand(rest, counts, body)?);
        }
        self.env[*first] = NONE;
        Some(out)
    }

    fn quantified(&mut self, quantifier: Quantifier, cases: &[Lit]) -> Lit {
        match quantifier {
            Quantifier::Forall => self.and(cases),
            Quantifier::Exists => self.or(cases),
            Quantifier::AtLeast(n) => self.at_least(n, cases),
            Quantifier::AtMost(n) => negate(self.at_least(n.saturating_add(1), cases)),
            Quantifier::ExistsUnique => self.quantified(Quantifier::Exactly(1), cases),
            Quantifier::Exactly(n) => {
                let least = self.at_least(n, cases);
                let most = negate(self.at_least(n.saturating_add(1), cases));
                self.and(&[least, most])
            }
        }
    }

    fn at_least(&mut self, n: u32, cases: &[Lit]) -> Lit {
        if n as usize > cases.len() {
            return negate(self.truth);
        }
        // `counts[j]`: at least `j` of the cases so far.
        let mut counts = vec![negate(self.truth); n as usize + 1];
        counts[0] = self.truth;
        for &case in cases {
            for j in (1..counts.len()).rev() {
                let more = self.and(&[counts[j - 1], case]);
                counts[j] = self.or(&[counts[j], more]);
            }
        }
        counts[n as usize]
    }

    fn model(&self, blocks: &Blocks) -> Model {
        let signature = &self.problem.signature;
        let mut domains = BTreeMap::new();
        for sort in signature.sort_ids() {
            let entry = signature.sort(sort);
            if entry.kind == SortKind::Uninterpreted {
                let names = (1..=self.size).map(|i| Arc::from(format!("{}{i}", entry.name)));
                domains.insert(sort, names.collect());
            }
        }
        let mut tables = BTreeMap::new();
        for &symbol in &blocks.symbols {
            if signature.element_index(symbol).is_none() {
                let default = if signature.symbol(symbol).is_predicate() {
                    Value::Bool(false)
                } else {
                    Value::Element(0)
                };
                tables.insert(symbol, Table::constant(default));
            }
        }
        for (cell, &first) in (0..).zip(&self.first) {
            let [symbol, things @ ..] = self.cells.get(cell) else {
                continue;
            };
            let symbol = SymbolId(*symbol);
            let entry = signature.symbol(symbol);
            let value = if entry.is_predicate() {
                Value::Bool(self.sat.value(first))
            } else {
                let mut values = 0..self.things(entry.result);
                Value::Element(values.find(|t| self.sat.value(first + t)).unwrap_or(0))
            };
            let Some(table) = tables.get_mut(&symbol) else {
                continue;
            };
            if things.is_empty() {
                table.default = value;
            } else if value != table.default {
                let key = things.iter().map(|&t| Value::Element(t)).collect();
                table.entries.insert(key, value);
            }
        }
        Model { domains, tables }
    }
}
