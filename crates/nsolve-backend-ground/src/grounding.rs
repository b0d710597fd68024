#![expect(
    clippy::indexing_slicing,
    reason = "ids of variables, atoms and blocks are only made here; variables of formulas index an \
              environment as long as the problem's list of them"
)]

use nsolve_il::Rational;
use nsolve_il::fol::{
    ArithmeticOp, CompareOp, Item, Problem, Quantifier, Signature, SortId, SymbolId, Term, TermId,
};
use num_traits::{One, Zero};
use rustc_hash::FxHashMap;

use crate::blocks::Blocks;
use crate::clauses::{Clauses, Lit, lit, negate};
use crate::number::compute;
use crate::rows::{Row, Rows};
use crate::store::{ASIDE, NONE, Store};

/// The head of an equality's row, where other atoms have their predicate.
const EQUAL: u32 = u32::MAX;
/// The head of the row of a closed quantified subformula.
const QUANTIFIED: u32 = u32::MAX - 1;
/// The head of a comparison's row.
const LESS: u32 = u32::MAX - 2;

/// What a propositional variable stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A subformula of one instance.
    Auxiliary,
    /// The predicate's atom, with its row.
    Atom(SymbolId, u32),
    /// An equality between these terms.
    Equal(u32, u32),
    /// One number is less than another.
    Less(u32, u32),
    /// The closed quantified subformula at this position.
    Quantified(u32),
}

/// A comparison of two numeric terms, as a candidate has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fact {
    /// Left side.
    pub(crate) left: u32,
    /// Right side.
    pub(crate) right: u32,
    /// Whether it says that they are equal, not that the left is less.
    pub(crate) equation: bool,
    /// Whether it holds; an equation always does.
    pub(crate) holds: bool,
}

/// A closed quantified subformula that is a propositional variable.
#[derive(Clone, Debug)]
pub(crate) struct Closed {
    /// Its variable.
    pub(crate) variable: u32,
    /// Its block.
    pub(crate) block: u32,
    /// `n` where the variable says "at least n"; 0 for `forall` and `exists`.
    pub(crate) count: u32,
    /// What its free variables stand for, in the order of the block's list.
    pub(crate) binding: Box<[u32]>,
    /// Whether some clause has it, not negated or negated.
    pub(crate) occurs: [bool; 2],
    /// Whether its witnesses exist.
    pub(crate) witnessed: bool,
}

/// Why a group of clauses holds. A certificate is made of those that are
/// needed.
#[derive(Clone, Debug)]
pub(crate) enum Reason {
    /// An item of the query.
    Assert(Item),
    /// A case of a closed quantified subformula: values for all variables of
    /// the block, or the things that are counted.
    Instance(u32, Box<[u32]>),
    /// Constants for what a closed quantified subformula says to exist.
    Witness(u32, Box<[u32]>),
    /// Equality is a congruence, for terms.
    Equal(Box<[(u32, u32)]>, (u32, u32)),
    /// Equality is a congruence, for a predicate.
    SameAtom(Box<[(u32, u32)]>, SymbolId, Box<[u32]>, Box<[u32]>),
    /// A term is one of the elements of its sort.
    OneOf(u32),
    /// Two elements, or two numbers, differ.
    Different(u32, u32),
    /// Facts that do not hold together, with the factors that show it.
    Linear(Box<[(Fact, Rational)]>),
    /// An integer is at most a number, or at least the next.
    IntegerSplit(u32, Rational),
    /// Of two numbers that are not equal one is less.
    Trichotomy(u32, u32),
    /// What an operation is at some values. No line of a certificate says so:
    /// it helps to find models only.
    Computed,
}

/// The ground part of a query so far: terms, propositional variables, and
/// clauses with their reasons.
pub(crate) struct Grounding<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) blocks: Blocks,
    pub(crate) store: Store,
    pub(crate) atoms: Rows,
    /// The variable of each row of `atoms`.
    variables: Vec<u32>,
    pub(crate) meanings: Vec<Meaning>,
    pub(crate) closed: Vec<Closed>,
    /// The variables that stand for equalities.
    pub(crate) equalities: Vec<u32>,
    /// The variables that stand for comparisons of numbers.
    pub(crate) comparisons: Vec<u32>,
    pub(crate) clauses: Clauses,
    /// The reasons, each with the number of clauses when it began.
    pub(crate) reasons: Vec<(Reason, u32)>,
    /// What has been added already: instances.
    done: Rows,
    /// What each variable of the problem stands for at the moment.
    pub(crate) env: Vec<u32>,
    /// Formulas of the current instance that have a variable of their own.
    defined: FxHashMap<TermId, Lit>,
    /// Terms about which nothing has been said yet.
    news: Vec<News>,
}

/// Things that need a word when they first turn up.
enum News {
    /// A term of an enumerated sort that is no element.
    Enumerated(u32),
    /// An equality of a term with itself.
    Reflexive(u32),
    /// An equality of two elements, or of two numbers.
    Elements(u32, u32),
}

impl<'a> Grounding<'a> {
    /// The terms that the query mentions, and nothing said about them yet.
    pub(crate) fn new(problem: &'a Problem, blocks: Blocks) -> Self {
        let mut out = Grounding {
            store: Store::new(&problem.signature),
            atoms: Rows::default(),
            variables: Vec::new(),
            meanings: Vec::new(),
            closed: Vec::new(),
            equalities: Vec::new(),
            comparisons: Vec::new(),
            clauses: Clauses::default(),
            reasons: Vec::new(),
            done: Rows::default(),
            env: vec![NONE; problem.terms.variables().len()],
            defined: FxHashMap::default(),
            news: Vec::new(),
            problem,
            blocks,
        };
        for i in 0..out.blocks.closed.len() {
            let term = out.blocks.closed[i];
            out.mention(term);
        }
        for i in 0..out.blocks.all.len() {
            for j in 0..out.blocks.all[i].bound.len() {
                let variable = out.blocks.all[i].bound[j];
                out.inhabit(problem.terms.variable(variable).sort);
            }
        }
        out
    }

    fn signature(&self) -> &'a Signature {
        &self.problem.signature
    }

    /// Makes a term of the text; its arguments are there already.
    fn mention(&mut self, term: TermId) {
        if let Term::Apply(symbol, arguments) = self.problem.terms.get(term) {
            let arguments: Vec<u32> = arguments.iter().map(|&a| self.term(a)).collect();
            self.make(*symbol, &arguments, 0);
        } else {
            self.term(term);
        }
    }

    /// Sees to it that a sort has a thing that quantifiers can talk about.
    fn inhabit(&mut self, sort: SortId) {
        if let Some(elements) = self.signature().elements(sort) {
            for &element in elements {
                self.make(element, &[], 0);
            }
        } else if !(0..self.store.len() as u32).any(|t| self.store.sort(t) == sort) {
            if sort.is_numeric() {
                self.store.number(Rational::zero(), sort, 0);
            } else {
                self.store.witness(sort, 0);
            }
        }
    }

    fn make(&mut self, symbol: SymbolId, arguments: &[u32], generation: u32) -> u32 {
        let signature = self.signature();
        let (id, new) = self.store.apply(signature, symbol, arguments, generation);
        if new && signature.elements(self.store.sort(id)).is_some() {
            self.register_enumerated(id, symbol);
        }
        id
    }

    fn register_enumerated(&mut self, term: u32, symbol: SymbolId) {
        if self.signature().element_index(symbol).is_none() {
            self.inhabit(self.store.sort(term));
            self.news.push(News::Enumerated(term));
        }
    }

    /// The ground term that a term is under the environment.
    pub(crate) fn term(&mut self, id: TermId) -> u32 {
        match self.problem.terms.get(id) {
            Term::Var(v) => self.env[v.index()],
            Term::Apply(symbol, arguments) if arguments.is_empty() => {
                match self.store.constant(*symbol) {
                    NONE => self.make(*symbol, &[], 0),
                    id => id,
                }
            }
            Term::Apply(symbol, arguments) => {
                let arguments: Vec<u32> = arguments.iter().map(|&a| self.term(a)).collect();
                let generations = arguments.iter().map(|&a| self.store.generation(a));
                let generation = 1 + generations.max().unwrap_or(0);
                self.make(*symbol, &arguments, generation)
            }
            Term::Number(value, sort) => self.store.number(value.clone(), *sort, 0),
            Term::Arithmetic(op, operands) => {
                let parts: Vec<u32> = operands.iter().map(|&t| self.term(t)).collect();
                let steps = operands.iter().zip(&parts);
                let steps = steps.map(|(&t, &part)| self.step(t, self.store.generation(part)));
                let generation = steps.max().unwrap_or(0);
                self.arithmetic(*op, &parts, self.problem.terms.sort(id), generation)
            }
            // Not reached: formulas are no terms.
            _ => NONE,
        }
    }

    /// The generation that an operand gives an operation. Only a number that a
    /// quantifier chose counts for a step: whatever leads back to it does too.
    fn step(&self, operand: TermId, generation: u32) -> u32 {
        let chosen = matches!(self.problem.terms.get(operand), Term::Var(_));
        generation.saturating_add(u32::from(chosen))
    }

    /// An operation on terms; on numbers, its value.
    pub(crate) fn arithmetic(
        &mut self,
        op: ArithmeticOp,
        parts: &[u32],
        sort: SortId,
        generation: u32,
    ) -> u32 {
        match self.fold(op, parts) {
            Some(value) => self.store.number(value, sort, generation),
            None => self.store.arithmetic(op, parts, sort, generation),
        }
    }

    /// The value of an operation on numbers.
    fn fold(&self, op: ArithmeticOp, parts: &[u32]) -> Option<Rational> {
        let numbers: Option<Vec<Rational>> = parts
            .iter()
            .map(|&p| self.store.as_number(p).cloned())
            .collect();
        compute(op, &numbers?)
    }

    /// The highest generation among the terms that an instance of a formula
    /// would make.
    pub(crate) fn generation(&self, id: TermId) -> u32 {
        match self.problem.terms.get(id) {
            Term::Apply(symbol, arguments)
                if !self.signature().symbol(*symbol).is_predicate() && !arguments.is_empty() =>
            {
                self.term_generation(id).1
            }
            Term::Arithmetic(..) => self.term_generation(id).1,
            Term::Quantified(_, bound, _) if self.env[bound[0].index()] == NONE => 0,
            term => {
                let mut highest = 0;
                term.for_each_child(|t| highest = highest.max(self.generation(t)));
                highest
            }
        }
    }

    fn term_generation(&self, id: TermId) -> (Option<u32>, u32) {
        match self.problem.terms.get(id) {
            Term::Var(v) => {
                let term = self.env[v.index()];
                (Some(term), self.store.generation(term))
            }
            Term::Apply(symbol, arguments) => {
                let parts: Vec<_> = arguments.iter().map(|&a| self.term_generation(a)).collect();
                let known: Option<Vec<u32>> = parts.iter().map(|p| p.0).collect();
                match known.and_then(|known| self.store.find(*symbol, &known)) {
                    Some(term) => (Some(term), self.store.generation(term)),
                    None if arguments.is_empty() => (None, 0),
                    None => (None, 1 + parts.iter().map(|p| p.1).max().unwrap_or(0)),
                }
            }
            Term::Number(value, sort) => (self.store.find_number(value, *sort), 0),
            Term::Arithmetic(op, operands) => {
                let parts: Vec<_> = operands.iter().map(|&t| self.term_generation(t)).collect();
                let steps = operands.iter().zip(&parts).map(|(&t, p)| self.step(t, p.1));
                let generation = steps.max().unwrap_or(0);
                let known: Option<Vec<u32>> = parts.iter().map(|p| p.0).collect();
                let known = known.and_then(|parts| match self.fold(*op, &parts) {
                    Some(value) => self.store.find_number(&value, self.problem.terms.sort(id)),
                    None => self.store.find_arithmetic(*op, &parts),
                });
                match known {
                    Some(term) => (known, generation.min(self.store.generation(term))),
                    None => (None, generation),
                }
            }
            _ => (None, 0),
        }
    }

    fn new_variable(&mut self, meaning: Meaning) -> u32 {
        self.meanings.push(meaning);
        self.meanings.len() as u32 - 1
    }

    fn variable_of_row(
        &mut self,
        row: &[u32],
        meaning: impl FnOnce(u32) -> Meaning,
    ) -> (u32, bool) {
        let (id, new) = self.atoms.insert(row);
        if new {
            let variable = self.new_variable(meaning(id));
            self.variables.push(variable);
        }
        (self.variables[id as usize], new)
    }

    /// The variable of an atom.
    pub(crate) fn atom(&mut self, predicate: SymbolId, arguments: &[u32]) -> u32 {
        let mut row = Row::starting(predicate.0);
        arguments.iter().for_each(|&a| row.push(a));
        self.variable_of_row(row.as_slice(), |id| Meaning::Atom(predicate, id))
            .0
    }

    /// The variable of an equality; both orders have the same.
    pub(crate) fn equality(&mut self, a: u32, b: u32) -> u32 {
        let (a, b) = (a.min(b), a.max(b));
        let (variable, new) = self.variable_of_row(&[EQUAL, a, b], |_| Meaning::Equal(a, b));
        if new {
            self.equalities.push(variable);
            if a == b {
                self.news.push(News::Reflexive(a));
            } else if (self.is_element(a) && self.is_element(b))
                || (self.store.as_number(a).is_some() && self.store.as_number(b).is_some())
            {
                self.news.push(News::Elements(a, b));
            }
        }
        variable
    }

    /// The variable that says that a number is less than another.
    pub(crate) fn less(&mut self, a: u32, b: u32) -> u32 {
        let (variable, new) = self.variable_of_row(&[LESS, a, b], |_| Meaning::Less(a, b));
        if new {
            self.comparisons.push(variable);
        }
        variable
    }

    /// Whether a term is an element of an enumerated sort, as such.
    pub(crate) fn is_element(&self, term: u32) -> bool {
        let symbol = self.store.application(term).map(|(symbol, _)| symbol);
        symbol.is_some_and(|s| self.signature().element_index(s).is_some())
    }

    /// The variable of a closed quantified subformula, bound by the
    /// environment; `count` as in [`Closed`].
    fn quantified(&mut self, formula: TermId, count: u32) -> u32 {
        let block = self.blocks.id(formula);
        let free = &self.blocks.get(block).free;
        let mut row = Row::starting(QUANTIFIED);
        row.push(formula.0);
        row.push(count);
        free.iter().for_each(|v| row.push(self.env[v.index()]));
        let binding: Box<[u32]> = row.as_slice()[3..].into();
        let position = self.closed.len() as u32;
        let (variable, new) =
            self.variable_of_row(row.as_slice(), |_| Meaning::Quantified(position));
        if new {
            self.closed.push(Closed {
                variable,
                block,
                count,
                binding,
                occurs: [false; 2],
                witnessed: false,
            });
        }
        variable
    }

    /// Asserts an item of the query.
    pub(crate) fn assert(&mut self, item: Item, formula: TermId, holds: bool) {
        self.begin(Reason::Assert(item));
        self.emit(formula, holds, &mut Vec::new());
        self.finish();
    }

    /// Adds a case of a closed quantified subformula, unless it is there:
    /// values for all variables of the block, or counted things.
    pub(crate) fn instance(&mut self, closed: u32, values: &[u32]) -> bool {
        let mut row = Row::starting(closed);
        values.iter().for_each(|&v| row.push(v));
        if !self.done.insert(row.as_slice()).1 {
            return false;
        }
        self.begin(Reason::Instance(closed, values.into()));
        let Closed {
            variable,
            block,
            count,
            ..
        } = self.closed[closed as usize];
        let (body, wanted) = (self.blocks.get(block).body, self.blocks.get(block).wanted());
        self.bind(closed);
        if count == 0 {
            for (i, &value) in values.iter().enumerate() {
                let v = self.blocks.get(block).variables[i];
                self.env[v.index()] = value;
            }
            self.emit(body, !wanted, &mut vec![lit(variable, wanted)]);
        } else {
            self.counted(variable, block, values);
        }
        self.unbind(closed);
        self.finish();
        true
    }

    /// If all these are different and have the property, there are so many.
    fn counted(&mut self, variable: u32, block: u32, things: &[u32]) {
        let body = self.blocks.get(block).body;
        let bound = self.blocks.get(block).bound[0].index();
        let mut clause = vec![lit(variable, true)];
        for (i, &a) in things.iter().enumerate() {
            for &b in &things[i + 1..] {
                clause.push(lit(self.equality(a, b), true));
            }
        }
        for &thing in things {
            self.env[bound] = thing;
            self.defined.clear();
            let has = self.define(body);
            clause.push(negate(has));
        }
        self.clauses.push(&clause);
    }

    /// Adds constants for what a closed quantified subformula says to exist.
    pub(crate) fn witness(&mut self, closed: u32) {
        let Closed {
            variable,
            block,
            count,
            ..
        } = self.closed[closed as usize];
        self.closed[closed as usize].witnessed = true;
        let about = self.closed[closed as usize].binding.iter();
        let generation = 1 + about.map(|&t| self.store.generation(t)).max().unwrap_or(0);
        let (body, wanted) = (self.blocks.get(block).body, self.blocks.get(block).wanted());
        let bound = self.blocks.get(block).bound.clone();
        let sort = |v: usize| self.problem.terms.variable(bound[v]).sort;
        let sorts: Vec<SortId> = match count {
            0 => (0..bound.len()).map(sort).collect(),
            n => (0..n).map(|_| sort(0)).collect(),
        };
        let constants: Vec<u32> = sorts
            .into_iter()
            .map(|sort| {
                let constant = self.store.witness(sort, generation);
                if self.signature().elements(sort).is_some() {
                    self.news.push(News::Enumerated(constant));
                }
                constant
            })
            .collect();
        self.begin(Reason::Witness(closed, constants.as_slice().into()));
        self.bind(closed);
        let prefix = lit(variable, !wanted);
        if count == 0 {
            for (v, &constant) in bound.iter().zip(&constants) {
                self.env[v.index()] = constant;
            }
            self.emit(body, wanted, &mut vec![prefix]);
        } else {
            for (i, &constant) in constants.iter().enumerate() {
                self.env[bound[0].index()] = constant;
                self.defined.clear();
                self.emit(body, true, &mut vec![prefix]);
                for &other in &constants[i + 1..] {
                    let equal = self.equality(constant, other);
                    self.clauses.push(&[prefix, lit(equal, false)]);
                }
            }
        }
        self.unbind(closed);
        self.finish();
    }

    /// Adds: if these are equal, so are those.
    pub(crate) fn congruent(&mut self, equal: Vec<(u32, u32)>, then: (u32, u32)) {
        self.begin(Reason::Equal(equal.as_slice().into(), then));
        let mut clause = self.unless(&equal);
        clause.push(lit(self.equality(then.0, then.1), true));
        self.clauses.push(&clause);
        self.finish();
    }

    /// Adds: if the parts of an operation are these numbers, so is its value.
    pub(crate) fn computed(&mut self, equal: Vec<(u32, u32)>, then: (u32, u32)) {
        self.begin(Reason::Computed);
        let mut clause = self.unless(&equal);
        clause.push(lit(self.equality(then.0, then.1), true));
        self.clauses.push(&clause);
        self.finish();
    }

    /// Adds: if these are equal, a predicate that holds of `from` holds of `to`.
    pub(crate) fn same_atom(&mut self, equal: Vec<(u32, u32)>, from: u32, to: u32) {
        let (from, to) = (self.atoms.get(from), self.atoms.get(to));
        let predicate = SymbolId(from[0]);
        let (from, to): (Box<[u32]>, Box<[u32]>) = (from[1..].into(), to[1..].into());
        let reason = Reason::SameAtom(equal.as_slice().into(), predicate, from.clone(), to.clone());
        self.begin(reason);
        let mut clause = self.unless(&equal);
        clause.push(lit(self.atom(predicate, &from), false));
        clause.push(lit(self.atom(predicate, &to), true));
        self.clauses.push(&clause);
        self.finish();
    }

    /// Adds: these facts do not hold together.
    pub(crate) fn linear(&mut self, facts: Vec<(Fact, Rational)>) {
        let mut clause = Vec::with_capacity(facts.len());
        for (fact, _) in &facts {
            let variable = match fact.equation {
                true => self.equality(fact.left, fact.right),
                false => self.less(fact.left, fact.right),
            };
            clause.push(lit(variable, !fact.holds));
        }
        self.begin(Reason::Linear(facts.into()));
        self.clauses.push(&clause);
        self.finish();
    }

    /// Adds: an integer is at most this, or at least one more.
    pub(crate) fn split_integer(&mut self, term: u32, number: Rational) {
        let low = self.store.number(number.clone(), SortId::INT, ASIDE);
        let high = self
            .store
            .number(&number + Rational::one(), SortId::INT, ASIDE);
        let (above, below) = (self.less(low, term), self.less(term, high));
        self.begin(Reason::IntegerSplit(term, number));
        self.clauses.push(&[lit(above, false), lit(below, false)]);
        self.finish();
        // Not both, which a candidate would have to be told anyway.
        let bound = |left, right| {
            let fact = Fact {
                left,
                right,
                equation: false,
                holds: false,
            };
            (fact, Rational::one())
        };
        self.linear(vec![bound(low, term), bound(term, high)]);
    }

    /// Adds: two numbers are equal, or one is less.
    pub(crate) fn trichotomy(&mut self, a: u32, b: u32) {
        let (less, more, equal) = (self.less(a, b), self.less(b, a), self.equality(a, b));
        self.begin(Reason::Trichotomy(a, b));
        // What is last is tried first.
        let clause = [lit(less, true), lit(more, true), lit(equal, true)];
        self.clauses.push(&clause);
        self.finish();
    }

    fn unless(&mut self, equal: &[(u32, u32)]) -> Vec<Lit> {
        let equal = equal.iter();
        equal
            .map(|&(a, b)| lit(self.equality(a, b), false))
            .collect()
    }

    fn begin(&mut self, reason: Reason) {
        self.defined.clear();
        let clauses = self.clauses.len() as u32;
        self.reasons.push((reason, clauses));
    }

    /// Ends a reason's clauses, and says what is to be said of what is new.
    fn finish(&mut self) {
        while let Some(news) = self.news.pop() {
            match news {
                News::Enumerated(term) => {
                    self.begin(Reason::OneOf(term));
                    let sort = self.store.sort(term);
                    let elements = self.signature().elements(sort).unwrap_or_default();
                    let mut clause = Vec::with_capacity(elements.len());
                    for &element in elements {
                        let element = self.make(element, &[], 0);
                        clause.push(lit(self.equality(term, element), true));
                    }
                    self.clauses.push(&clause);
                }
                News::Reflexive(a) => {
                    self.begin(Reason::Equal(Box::default(), (a, a)));
                    let equal = self.equality(a, a);
                    self.clauses.push(&[lit(equal, true)]);
                }
                News::Elements(a, b) => {
                    self.begin(Reason::Different(a, b));
                    let equal = self.equality(a, b);
                    self.clauses.push(&[lit(equal, false)]);
                }
            }
        }
    }

    /// Says what there is to say before anything is asserted.
    pub(crate) fn settle(&mut self) {
        self.finish();
    }

    /// Binds the free variables of a closed quantified subformula.
    pub(crate) fn bind(&mut self, closed: u32) {
        let closed = &self.closed[closed as usize];
        let free = &self.blocks.get(closed.block).free;
        for (v, &value) in free.iter().zip(&closed.binding) {
            self.env[v.index()] = value;
        }
    }

    /// Takes back what [`Grounding::bind`] and an instance have bound.
    pub(crate) fn unbind(&mut self, closed: u32) {
        let block = self.blocks.get(self.closed[closed as usize].block);
        for v in block.free.iter().chain(&block.variables) {
            self.env[v.index()] = NONE;
        }
    }

    /// Adds clauses that say: one of `clause` holds, or the formula has the
    /// value. `clause` is as before when it is done.
    fn emit(&mut self, id: TermId, want: bool, clause: &mut Vec<Lit>) {
        let terms = &self.problem.terms;
        match (terms.get(id), want) {
            (Term::Not(t), _) => self.emit(*t, !want, clause),
            (Term::And(ts), true) | (Term::Or(ts), false) => {
                ts.iter().for_each(|&t| self.emit(t, want, clause));
            }
            (Term::Implies(a, b), false) => {
                self.emit(*a, true, clause);
                self.emit(*b, false, clause);
            }
            (Term::Distinct(ts), true) => {
                for (a, b) in self.pairs(ts) {
                    let equal = self.equality(a, b);
                    self.close(clause, lit(equal, false));
                }
            }
            (Term::Iff(a, b) | Term::Xor(a, b), _) => {
                let same = matches!(terms.get(id), Term::Iff(..)) == want;
                let (a, mut b) = (self.define(*a), self.define(*b));
                if !same {
                    b = negate(b);
                }
                for (x, y) in [(negate(a), b), (a, negate(b))] {
                    clause.push(x);
                    self.close(clause, y);
                    clause.pop();
                }
            }
            (Term::Quantified(quantifier, bound, body), _) => {
                if self.env[bound[0].index()] != NONE {
                    return self.emit(*body, want, clause);
                }
                match self.count(id, *quantifier) {
                    Count::Literal(l) => self.close(clause, if want { l } else { negate(l) }),
                    Count::Constant(value) if value == want => {}
                    Count::Constant(_) => self.clauses.push(clause),
                    Count::Both(a, b) if want => {
                        self.close(clause, a);
                        self.close(clause, b);
                    }
                    Count::Both(a, b) => {
                        clause.push(negate(a));
                        self.close(clause, negate(b));
                        clause.pop();
                    }
                }
            }
            _ => self.emit_any(id, want, clause),
        }
    }

    /// Adds the clause with one more literal.
    fn close(&mut self, clause: &mut Vec<Lit>, more: Lit) {
        clause.push(more);
        self.clauses.push(clause);
        clause.pop();
    }

    fn pairs(&mut self, ts: &[TermId]) -> Vec<(u32, u32)> {
        let ts: Vec<u32> = ts.iter().map(|&t| self.term(t)).collect();
        let mut out = Vec::new();
        for (i, &a) in ts.iter().enumerate() {
            out.extend(ts[i + 1..].iter().map(|&b| (a, b)));
        }
        out
    }

    /// Adds clauses for a formula that is a disjunction, or an atom.
    fn emit_any(&mut self, id: TermId, want: bool, clause: &mut Vec<Lit>) {
        let length = clause.len();
        let mut compound = Vec::new();
        if self.gather(id, want, clause, &mut compound) {
            let last = compound.pop();
            for (t, want) in compound {
                let name = lit(self.new_variable(Meaning::Auxiliary), true);
                self.emit(t, want, &mut vec![negate(name)]);
                clause.push(name);
            }
            match last {
                Some((t, want)) => self.emit(t, want, clause),
                None => self.clauses.push(clause),
            }
        }
        clause.truncate(length);
    }

    /// Adds the parts of a disjunction to a clause; parts that are no literals
    /// go to `compound`. Answers `false` where the disjunction holds anyway.
    fn gather(
        &mut self,
        id: TermId,
        want: bool,
        clause: &mut Vec<Lit>,
        compound: &mut Vec<(TermId, bool)>,
    ) -> bool {
        let terms = &self.problem.terms;
        match (terms.get(id), want) {
            (Term::Not(t), _) => self.gather(*t, !want, clause, compound),
            (Term::Bool(value), _) => *value != want,
            (Term::Or(ts), true) | (Term::And(ts), false) => {
                ts.iter().all(|&t| self.gather(t, want, clause, compound))
            }
            (Term::Implies(a, b), true) => {
                self.gather(*a, false, clause, compound) && self.gather(*b, true, clause, compound)
            }
            (Term::Distinct(ts), false) => {
                for (a, b) in self.pairs(ts) {
                    clause.push(lit(self.equality(a, b), true));
                }
                true
            }
            (Term::Quantified(quantifier, bound, body), _) => {
                if self.env[bound[0].index()] != NONE {
                    return self.gather(*body, want, clause, compound);
                }
                match self.count(id, *quantifier) {
                    Count::Constant(value) => return value != want,
                    Count::Literal(l) => clause.push(if want { l } else { negate(l) }),
                    Count::Both(..) if want => compound.push((id, want)),
                    Count::Both(a, b) => clause.extend([negate(a), negate(b)]),
                }
                true
            }
            (Term::Apply(..) | Term::Equal(..) | Term::Compare(..), _) => {
                let l = self.literal(id);
                clause.push(if want { l } else { negate(l) });
                true
            }
            _ => {
                compound.push((id, want));
                true
            }
        }
    }

    fn literal(&mut self, id: TermId) -> Lit {
        match self.problem.terms.get(id) {
            Term::Apply(predicate, arguments) => {
                let mut row = Row::starting(predicate.0);
                for &a in arguments {
                    row.push(self.term(a));
                }
                lit(self.atom(*predicate, &row.as_slice()[1..]), true)
            }
            Term::Equal(a, b) => {
                let (a, b) = (self.term(*a), self.term(*b));
                lit(self.equality(a, b), true)
            }
            Term::Compare(op, a, b) => {
                let (a, b) = (self.term(*a), self.term(*b));
                match op {
                    CompareOp::Less => lit(self.less(a, b), true),
                    CompareOp::Greater => lit(self.less(b, a), true),
                    CompareOp::LessEq => lit(self.less(b, a), false),
                    CompareOp::GreaterEq => lit(self.less(a, b), false),
                }
            }
            // Not reached: callers pass atoms.
            _ => lit(self.new_variable(Meaning::Auxiliary), true),
        }
    }

    /// What a quantified formula is as a proposition.
    fn count(&mut self, id: TermId, quantifier: Quantifier) -> Count {
        let at_least = |this: &mut Self, n: u32| match n {
            0 => Count::Constant(true),
            n => Count::Literal(lit(this.quantified(id, n), true)),
        };
        match quantifier {
            Quantifier::Forall | Quantifier::Exists => {
                Count::Literal(lit(self.quantified(id, 0), true))
            }
            Quantifier::AtLeast(n) => at_least(self, n),
            Quantifier::AtMost(n) => {
                Count::Literal(lit(self.quantified(id, n.saturating_add(1)), false))
            }
            Quantifier::ExistsUnique | Quantifier::Exactly(_) => {
                let n = match quantifier {
                    Quantifier::Exactly(n) => n,
                    _ => 1,
                };
                let most = lit(self.quantified(id, n.saturating_add(1)), false);
                match at_least(self, n) {
                    Count::Literal(least) => Count::Both(least, most),
                    _ => Count::Literal(most),
                }
            }
        }
    }

    /// A literal that is true exactly where the formula is.
    fn define(&mut self, id: TermId) -> Lit {
        match self.problem.terms.get(id) {
            Term::Not(t) => return negate(self.define(*t)),
            Term::Apply(..) | Term::Equal(..) | Term::Compare(..) => return self.literal(id),
            Term::Quantified(quantifier, bound, _) if self.env[bound[0].index()] == NONE => {
                if let Count::Literal(l) = self.count(id, *quantifier) {
                    return l;
                }
            }
            _ => {}
        }
        if let Some(&known) = self.defined.get(&id) {
            return known;
        }
        let name = lit(self.new_variable(Meaning::Auxiliary), true);
        self.defined.insert(id, name);
        self.emit(id, true, &mut vec![negate(name)]);
        self.emit(id, false, &mut vec![name]);
        name
    }

    /// Bytes in use, roughly.
    pub(crate) fn bytes(&self) -> usize {
        let rows = self.store.bytes() + self.atoms.bytes() + self.done.bytes();
        let lists = 16 * self.meanings.capacity() + 64 * self.closed.len();
        // The SAT solver has the clauses too, with its own watch lists.
        rows + lists + 4 * self.clauses.bytes() + 64 * self.reasons.capacity()
    }
}

/// What a quantified formula is as a proposition.
enum Count {
    Constant(bool),
    Literal(Lit),
    /// Both literals hold.
    Both(Lit, Lit),
}
