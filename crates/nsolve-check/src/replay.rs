//! Replays certificates.
//!
//! # Why a replayed certificate refutes its query
//!
//! Suppose that a structure satisfies all items of the query. We extend it, line
//! by line, by what the certificate's constants denote, so that every line so far
//! holds in it. Then the lines, read as propositions about closed quantified
//! subformulas and ground atoms, have a model, namely their truth values in that
//! structure. If they have none, the structure cannot exist.
//!
//! - An *assertion* is an item of the query. It speaks of no constant.
//! - An *instance*, and every line about equality, elements and numbers, holds in
//!   every structure, whatever the constants denote. (An instance is of any
//!   subformula of the problem, asserted or not: it is valid all the same.)
//! - A *witness* line says `Q -> G[c]` (or the dual, or a count). Its constants
//!   occur in no line before and not in the binding, so they are still free to
//!   denote: if `Q` holds, things that make `G` true; otherwise anything. The
//!   lines before keep their truth, since they do not mention them.
//!
//! A constant that no witness line introduces denotes anything, once and for all;
//! it counts as occurring from its first line on, so it cannot be introduced later.
//!
//! Substitution is sound because every binder of a problem has variables of its
//! own and ground terms have none: a closed subformula is a `TermId` with terms
//! for its free variables, and nothing can be captured.

use std::collections::BTreeSet;

use nsolve_il::Rational;
use nsolve_il::fol::{
    Certificate, CompareOp, GroundId, Item, Line, LinearFact, Problem, Quantifier, Query, SortId,
    SymbolId, Term, TermId, VarId,
};
use num_traits::One;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::congruence::Closure;
use crate::ground::{Ground, Id, Node};
use crate::linear::{Fact, contradictory};
use crate::number::{admit, cost};
use crate::refute::{Clauses, Lit};
use crate::{CertificateFault, Limits, LineFault, Refusal, spend};

/// Deepest nesting of formulas that is followed. Readers refuse less.
const DEEPEST: usize = 500;

/// Replays a certificate; gives the items that it asserts.
pub(crate) fn replay(
    problem: &Problem,
    query: &Query,
    certificate: &Certificate,
    limits: &Limits,
) -> Result<Vec<Item>, Refusal> {
    let mut ground = Ground::default();
    let mut steps = limits.steps;
    let given = ground.read(problem, certificate, &mut steps)?;
    let mut replay = Replay {
        problem,
        query,
        assumed: query.premises.iter().copied().collect(),
        ground,
        given,
        clauses: Clauses::default(),
        atoms: FxHashMap::default(),
        truth: None,
        free: FxHashMap::default(),
        bound: vec![None; problem.terms.variables().len()],
        occurring: FxHashSet::default(),
        asserted: BTreeSet::new(),
        steps,
        depth: 0,
    };
    for (number, line) in certificate.lines.iter().enumerate() {
        replay.line(line).map_err(|fault| match fault {
            Fault::Line(fault) => Refusal::Certificate(CertificateFault::Line {
                line: number,
                fault,
            }),
            Fault::Refusal(refusal) => refusal,
        })?;
    }
    let Replay {
        clauses,
        asserted,
        mut steps,
        ..
    } = replay;
    clauses.refute(&mut steps)?;
    Ok(asserted.into_iter().collect())
}

/// What stops a replay.
pub(crate) enum Fault {
    Line(LineFault),
    Refusal(Refusal),
}

impl From<LineFault> for Fault {
    fn from(fault: LineFault) -> Fault {
        Fault::Line(fault)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Fault {
        Fault::Refusal(refusal)
    }
}

/// Two terms that are equal by assumption.
type Pair = (Id, Id);

/// The propositional atoms.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Atom {
    /// A predicate of ground terms.
    Holds(SymbolId, Box<[Id]>),
    /// Two terms are equal; the smaller id first.
    Equal(Id, Id),
    /// One number is less than another. `a <= b` is that `b < a` fails.
    Less(Id, Id),
    /// A closed `forall` or `exists`, as it stands.
    Quantified(TermId, Box<[(VarId, Id)]>),
    /// At least so many things satisfy the body of a closed counting formula.
    AtLeast(u32, TermId, Box<[(VarId, Id)]>),
}

struct Replay<'a> {
    problem: &'a Problem,
    query: &'a Query,
    /// The premises of the query.
    assumed: FxHashSet<u32>,
    ground: Ground,
    /// The certificate's terms, interned.
    given: Vec<Id>,
    clauses: Clauses,
    atoms: FxHashMap<Atom, Lit>,
    truth: Option<Lit>,
    /// The free variables of quantified subformulas, ascending.
    free: FxHashMap<TermId, Box<[VarId]>>,
    /// What variables stand for while a subformula is encoded.
    bound: Vec<Option<Id>>,
    /// The terms that occur in a line so far, with all that is in them.
    occurring: FxHashSet<Id>,
    asserted: BTreeSet<Item>,
    steps: u64,
    depth: usize,
}

impl Replay<'_> {
    fn step(&mut self) -> Result<(), Fault> {
        if self.clauses.is_full() {
            return Err(Refusal::Limit.into());
        }
        Ok(spend(&mut self.steps, 1)?)
    }

    fn term(&self, id: GroundId) -> Result<Id, LineFault> {
        self.given
            .get(id.index())
            .copied()
            .ok_or(LineFault::Dangling)
    }

    fn terms(&self, ids: &[GroundId]) -> Result<Vec<Id>, LineFault> {
        ids.iter().map(|&id| self.term(id)).collect()
    }

    /// From here on these terms occur, and what is in them.
    fn occur(&mut self, terms: impl IntoIterator<Item = Id>) {
        let mut todo: Vec<Id> = terms.into_iter().collect();
        while let Some(id) = todo.pop() {
            if self.occurring.insert(id) {
                todo.extend(self.ground.parts(id));
            }
        }
    }

    fn line(&mut self, line: &Line) -> Result<(), Fault> {
        self.step()?;
        match line {
            Line::Assert(item) => self.assert(*item),
            Line::Instance {
                formula,
                binding,
                terms,
            } => {
                let terms = self.terms(terms)?;
                let at = self.quantified(*formula, binding)?;
                self.instance(&at, &terms)?;
                self.occur(terms);
                self.occur(at.binding.iter().map(|(_, id)| *id));
                Ok(())
            }
            Line::Witness {
                formula,
                binding,
                constants,
            } => {
                let constants = self.terms(constants)?;
                let at = self.quantified(*formula, binding)?;
                self.occur(at.binding.iter().map(|(_, id)| *id));
                self.fresh(&constants)?;
                self.witness(&at, &constants)?;
                self.occur(constants);
                Ok(())
            }
            Line::Equal { equal, then } => {
                let (equal, mut clause) = self.equations(equal)?;
                let then = (self.term(then.0)?, self.term(then.1)?);
                self.same_sort(then.0, then.1)?;
                let closure =
                    Closure::new(&self.ground, &equal, &[then.0, then.1], &mut self.steps)?;
                if !closure.equal(then.0, then.1) {
                    return Err(LineFault::NotCongruent.into());
                }
                clause.push(self.equal(then.0, then.1));
                self.clauses.add(clause);
                self.occur(equal.into_iter().chain([then]).flat_map(|(a, b)| [a, b]));
                Ok(())
            }
            Line::SameAtom {
                equal,
                predicate,
                from,
                to,
            } => self.same_atom(equal, *predicate, from, to),
            Line::OneOf(term) => self.one_of(*term),
            Line::Different(a, b) => self.different(*a, *b),
            Line::Linear(facts) => self.linear(facts),
            Line::IntegerSplit(term, number) => self.integer_split(*term, number),
            Line::Trichotomy(a, b) => {
                let (a, b) = (self.term(*a)?, self.term(*b)?);
                self.same_sort(a, b)?;
                if !self.ground.sort(a).is_numeric() {
                    return Err(LineFault::Sort.into());
                }
                let clause = vec![self.equal(a, b), self.less(a, b), self.less(b, a)];
                self.clauses.add(clause);
                self.occur([a, b]);
                Ok(())
            }
        }
    }

    fn assert(&mut self, item: Item) -> Result<(), Fault> {
        let found = match item {
            Item::Premise(i) if self.assumed.contains(&i) => {
                let premise = self.problem.premises.get(i as usize);
                premise.map(|p| (p.formula, true))
            }
            Item::Premise(_) => None,
            Item::Goal(i) => self
                .query
                .goals
                .get(i as usize)
                .map(|g| (g.formula, g.holds)),
        };
        let (formula, holds) = found.ok_or(LineFault::Item)?;
        if formula.index() >= self.problem.terms.len() {
            return Err(LineFault::Dangling.into());
        }
        let lit = self.formula(formula)?;
        self.clauses.add(vec![if holds { lit } else { !lit }]);
        self.asserted.insert(item);
        Ok(())
    }

    // Quantifiers ------------------------------------------------------------

    /// Finds a closed quantified subformula.
    fn quantified(
        &mut self,
        formula: TermId,
        binding: &[(VarId, GroundId)],
    ) -> Result<Closed, Fault> {
        if formula.index() >= self.problem.terms.len() {
            return Err(LineFault::Dangling.into());
        }
        let Term::Quantified(quantifier, variables, body) = self.problem.terms.get(formula) else {
            return Err(LineFault::NotQuantified.into());
        };
        let mut closed = Vec::new();
        for variable in self.free_variables(formula)? {
            spend(&mut self.steps, binding.len() as u64)?;
            let bound = binding.iter().find(|(v, _)| *v == variable);
            let (_, id) = bound.ok_or(LineFault::Unbound)?;
            let id = self.term(*id)?;
            self.sort_of_variable(variable, id)?;
            closed.push((variable, id));
        }
        Ok(Closed {
            formula,
            quantifier: *quantifier,
            variables: variables.to_vec(),
            body: *body,
            binding: closed.into(),
        })
    }

    fn sort_of_variable(&self, variable: VarId, id: Id) -> Result<(), LineFault> {
        if self.problem.terms.variable(variable).sort == self.ground.sort(id) {
            Ok(())
        } else {
            Err(LineFault::Sort)
        }
    }

    /// The body, as a literal, with terms for its bound variables.
    fn body(&mut self, at: &Closed, terms: &[Id]) -> Result<Lit, Fault> {
        if terms.len() != at.variables.len() {
            return Err(LineFault::Count.into());
        }
        for (&variable, &term) in at.variables.iter().zip(terms) {
            self.sort_of_variable(variable, term)?;
        }
        let own = at.variables.iter().copied().zip(terms.iter().copied());
        let all: Vec<(VarId, Id)> = at.binding.iter().copied().chain(own).collect();
        for (variable, id) in &all {
            self.set(*variable, Some(*id));
        }
        let lit = self.formula(at.body);
        for (variable, _) in &all {
            self.set(*variable, None);
        }
        lit
    }

    fn set(&mut self, variable: VarId, id: Option<Id>) {
        if let Some(slot) = self.bound.get_mut(variable.index()) {
            *slot = id;
        }
    }

    /// For a count: each thing satisfies the body, and no two are equal.
    fn counted(&mut self, at: &Closed, terms: &[Id]) -> Result<(Lit, Vec<Lit>), Fault> {
        let count = u32::try_from(terms.len()).map_err(|_| LineFault::Count)?;
        if count == 0 || at.variables.len() != 1 {
            return Err(LineFault::Count.into());
        }
        let mut parts = Vec::new();
        for (i, &term) in terms.iter().enumerate() {
            parts.push(self.body(at, &[term])?);
            for &other in terms.iter().take(i) {
                self.step()?;
                parts.push(!self.equal(other, term));
            }
        }
        let whole = self.atom(Atom::AtLeast(count, at.formula, at.binding.clone()));
        Ok((whole, parts))
    }

    fn instance(&mut self, at: &Closed, terms: &[Id]) -> Result<(), Fault> {
        match at.quantifier {
            Quantifier::Forall => {
                let (whole, body) = (self.whole(at), self.body(at, terms)?);
                self.clauses.add(vec![!whole, body]);
            }
            Quantifier::Exists => {
                let (whole, body) = (self.whole(at), self.body(at, terms)?);
                self.clauses.add(vec![!body, whole]);
            }
            _ => {
                let (whole, parts) = self.counted(at, terms)?;
                let mut clause: Vec<Lit> = parts.into_iter().map(|p| !p).collect();
                clause.push(whole);
                self.clauses.add(clause);
            }
        }
        Ok(())
    }

    fn witness(&mut self, at: &Closed, constants: &[Id]) -> Result<(), Fault> {
        match at.quantifier {
            Quantifier::Forall => {
                let (whole, body) = (self.whole(at), self.body(at, constants)?);
                self.clauses.add(vec![!body, whole]);
            }
            Quantifier::Exists => {
                let (whole, body) = (self.whole(at), self.body(at, constants)?);
                self.clauses.add(vec![!whole, body]);
            }
            _ => {
                let (whole, parts) = self.counted(at, constants)?;
                for part in parts {
                    self.clauses.add(vec![!whole, part]);
                }
            }
        }
        Ok(())
    }

    /// Each constant is a witness of its own that has not occurred.
    fn fresh(&self, constants: &[Id]) -> Result<(), LineFault> {
        let mut new = BTreeSet::new();
        for &id in constants {
            let witness = matches!(self.ground.node(id), Node::Witness(_));
            if !witness || self.occurring.contains(&id) || !new.insert(id) {
                return Err(LineFault::NotFresh);
            }
        }
        Ok(())
    }

    fn whole(&mut self, at: &Closed) -> Lit {
        self.atom(Atom::Quantified(at.formula, at.binding.clone()))
    }

    /// The free variables of a subformula, ascending.
    fn free_variables(&mut self, formula: TermId) -> Result<Vec<VarId>, Fault> {
        if let Some(known) = self.free.get(&formula) {
            spend(&mut self.steps, known.len() as u64)?;
            return Ok(known.to_vec());
        }
        let (mut used, mut bound) = (BTreeSet::new(), BTreeSet::new());
        let mut steps = 0u64;
        self.problem.terms.visit(formula, |_, term| {
            steps += 1;
            match term {
                Term::Var(v) => {
                    used.insert(*v);
                }
                Term::Quantified(_, variables, _) => bound.extend(variables.iter().copied()),
                _ => {}
            }
        });
        spend(&mut self.steps, steps)?;
        // Binders have variables of their own, so what is bound below is not
        // free anywhere else below.
        let free: Vec<VarId> = used.difference(&bound).copied().collect();
        self.free.insert(formula, free.clone().into());
        Ok(free)
    }

    // Equality, elements, numbers ----------------------------------------------

    fn same_sort(&self, a: Id, b: Id) -> Result<(), LineFault> {
        if self.ground.sort(a) == self.ground.sort(b) {
            Ok(())
        } else {
            Err(LineFault::Sort)
        }
    }

    /// Pairs as terms, and the denials of their being equal.
    fn equations(
        &mut self,
        pairs: &[(GroundId, GroundId)],
    ) -> Result<(Vec<Pair>, Vec<Lit>), Fault> {
        let (mut equal, mut clause) = (Vec::new(), Vec::new());
        for (a, b) in pairs {
            self.step()?;
            let (a, b) = (self.term(*a)?, self.term(*b)?);
            self.same_sort(a, b)?;
            equal.push((a, b));
            clause.push(!self.equal(a, b));
        }
        Ok((equal, clause))
    }

    fn same_atom(
        &mut self,
        equal: &[(GroundId, GroundId)],
        predicate: SymbolId,
        from: &[GroundId],
        to: &[GroundId],
    ) -> Result<(), Fault> {
        let (equal, mut clause) = self.equations(equal)?;
        let (from, to) = (self.terms(from)?, self.terms(to)?);
        let about: Vec<Id> = from.iter().chain(&to).copied().collect();
        let closure = Closure::new(&self.ground, &equal, &about, &mut self.steps)?;
        let holds = self.holds(predicate, from.clone().into())?;
        let then = self.holds(predicate, to.clone().into())?;
        if !from.iter().zip(&to).all(|(&a, &b)| closure.equal(a, b)) {
            return Err(LineFault::NotCongruent.into());
        }
        clause.extend([!holds, then]);
        self.clauses.add(clause);
        self.occur(about);
        self.occur(equal.into_iter().flat_map(|(a, b)| [a, b]));
        Ok(())
    }

    fn one_of(&mut self, term: GroundId) -> Result<(), Fault> {
        let term = self.term(term)?;
        let elements = self.problem.signature.elements(self.ground.sort(term));
        let elements = elements.ok_or(LineFault::NotEnumerated)?.to_vec();
        let mut clause = Vec::new();
        for element in elements {
            self.step()?;
            let element = self
                .ground
                .apply(self.problem, element, Box::new([]))
                .ok_or(LineFault::Dangling)?;
            clause.push(self.equal(term, element));
        }
        self.clauses.add(clause);
        self.occur([term]);
        Ok(())
    }

    fn different(&mut self, a: GroundId, b: GroundId) -> Result<(), Fault> {
        let (a, b) = (self.term(a)?, self.term(b)?);
        self.same_sort(a, b)?;
        let element = |id: Id| match self.ground.node(id) {
            Node::Apply(symbol, parts) if parts.is_empty() => {
                self.problem.signature.element_index(*symbol)
            }
            _ => None,
        };
        let different = match (self.ground.number(a), self.ground.number(b)) {
            (Some(x), Some(y)) => x != y,
            _ => matches!((element(a), element(b)), (Some(x), Some(y)) if x != y),
        };
        if !different {
            return Err(LineFault::NotDifferent.into());
        }
        let equal = self.equal(a, b);
        self.clauses.add(vec![!equal]);
        Ok(())
    }

    fn linear(&mut self, facts: &[LinearFact]) -> Result<(), Fault> {
        let mut resolved = Vec::new();
        for fact in facts {
            self.step()?;
            let (left, right) = (self.term(fact.left)?, self.term(fact.right)?);
            self.same_sort(left, right)?;
            resolved.push(Fact {
                left,
                op: fact.op,
                right,
                holds: fact.holds,
                factor: &fact.factor,
            });
        }
        contradictory(&self.ground, &resolved, &mut self.steps)?;
        let mut clause = Vec::new();
        for fact in &resolved {
            let lit = match fact.op {
                None => self.equal(fact.left, fact.right),
                Some(op) => self.compare(op, fact.left, fact.right),
            };
            clause.push(if fact.holds { !lit } else { lit });
        }
        self.clauses.add(clause);
        self.occur(resolved.iter().flat_map(|f| [f.left, f.right]));
        Ok(())
    }

    fn integer_split(&mut self, term: GroundId, number: &Rational) -> Result<(), Fault> {
        let term = self.term(term)?;
        if self.ground.sort(term) != SortId::INT {
            return Err(LineFault::Sort.into());
        }
        if !admit(number)? {
            return Err(LineFault::NotWhole.into());
        }
        let mut constant = |value: Rational| {
            let id = self.ground.constant(value, SortId::INT, &mut self.steps)?;
            Ok::<Id, Fault>(id.ok_or(LineFault::NotWhole)?)
        };
        let low = constant(number.clone())?;
        let high = constant(number + Rational::one())?;
        let clause = vec![
            self.compare(CompareOp::LessEq, term, low),
            self.compare(CompareOp::GreaterEq, term, high),
        ];
        self.clauses.add(clause);
        self.occur([term]);
        Ok(())
    }

    // Atoms ------------------------------------------------------------------

    fn atom(&mut self, atom: Atom) -> Lit {
        if let Some(&lit) = self.atoms.get(&atom) {
            return lit;
        }
        let lit = self.clauses.fresh();
        self.atoms.insert(atom, lit);
        lit
    }

    fn truth(&mut self, value: bool) -> Lit {
        let lit = match self.truth {
            Some(lit) => lit,
            None => {
                let lit = self.clauses.fresh();
                self.clauses.add(vec![lit]);
                self.truth = Some(lit);
                lit
            }
        };
        if value { lit } else { !lit }
    }

    fn equal(&mut self, a: Id, b: Id) -> Lit {
        if a == b {
            return self.truth(true);
        }
        if let (Some(x), Some(y)) = (self.ground.number(a), self.ground.number(b)) {
            let (same, cost) = (x == y, cost(x, y));
            self.steps = self.steps.saturating_sub(cost);
            return self.truth(same);
        }
        self.atom(Atom::Equal(a.min(b), a.max(b)))
    }

    fn less(&mut self, a: Id, b: Id) -> Lit {
        if a == b {
            return self.truth(false);
        }
        if let (Some(x), Some(y)) = (self.ground.number(a), self.ground.number(b)) {
            let (less, cost) = (x < y, cost(x, y));
            self.steps = self.steps.saturating_sub(cost);
            return self.truth(less);
        }
        self.atom(Atom::Less(a, b))
    }

    fn compare(&mut self, op: CompareOp, a: Id, b: Id) -> Lit {
        match op {
            CompareOp::Less => self.less(a, b),
            CompareOp::Greater => self.less(b, a),
            CompareOp::LessEq => !self.less(b, a),
            CompareOp::GreaterEq => !self.less(a, b),
        }
    }

    fn holds(&mut self, predicate: SymbolId, arguments: Box<[Id]>) -> Result<Lit, Fault> {
        let symbols = self.problem.signature.symbols();
        let symbol = symbols.get(predicate.index()).ok_or(LineFault::Dangling)?;
        let sorts = symbol.arguments.iter();
        let fit = symbol.is_predicate()
            && symbol.arity() == arguments.len()
            && sorts
                .zip(&arguments)
                .all(|(&s, &a)| self.ground.sort(a) == s);
        if !fit {
            return Err(LineFault::Sort.into());
        }
        Ok(self.atom(Atom::Holds(predicate, arguments)))
    }

    // Formulas -----------------------------------------------------------------

    /// A subformula as a literal, its free variables standing for `bound`.
    fn formula(&mut self, t: TermId) -> Result<Lit, Fault> {
        self.step()?;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Refusal::Limit.into());
        }
        let lit = self.formula_inside(t);
        self.depth -= 1;
        lit
    }

    fn formula_inside(&mut self, t: TermId) -> Result<Lit, Fault> {
        let problem = self.problem;
        Ok(match problem.terms.get(t) {
            Term::Bool(value) => self.truth(*value),
            Term::Not(inner) => !self.formula(*inner)?,
            Term::And(parts) => {
                let parts = self.formulas(parts)?;
                self.all(parts)
            }
            Term::Or(parts) => {
                let parts = self.formulas(parts)?;
                !self.all(parts.into_iter().map(|p| !p).collect())
            }
            Term::Implies(a, b) => {
                let (a, b) = (self.formula(*a)?, self.formula(*b)?);
                !self.all(vec![a, !b])
            }
            Term::Iff(a, b) => {
                let (a, b) = (self.formula(*a)?, self.formula(*b)?);
                self.same(a, b)
            }
            Term::Xor(a, b) => {
                let (a, b) = (self.formula(*a)?, self.formula(*b)?);
                !self.same(a, b)
            }
            Term::Apply(symbol, arguments) => {
                let arguments = self.ground_terms(arguments)?;
                self.holds(*symbol, arguments.into())?
            }
            Term::Equal(a, b) => {
                let (a, b) = (self.ground_term(*a)?, self.ground_term(*b)?);
                self.equal(a, b)
            }
            Term::Compare(op, a, b) => {
                let (a, b) = (self.ground_term(*a)?, self.ground_term(*b)?);
                self.compare(*op, a, b)
            }
            Term::Distinct(parts) => {
                let parts = self.ground_terms(parts)?;
                let mut pairs = Vec::new();
                for (i, &a) in parts.iter().enumerate() {
                    for &b in parts.iter().take(i) {
                        self.step()?;
                        pairs.push(!self.equal(a, b));
                    }
                }
                self.all(pairs)
            }
            Term::Quantified(quantifier, ..) => self.closed(t, *quantifier)?,
            Term::Var(_) | Term::Number(..) | Term::Arithmetic(..) => {
                return Err(LineFault::Sort.into());
            }
        })
    }

    fn formulas(&mut self, ts: &[TermId]) -> Result<Vec<Lit>, Fault> {
        let mut out = Vec::with_capacity(ts.len());
        for &t in ts {
            out.push(self.formula(t)?);
        }
        Ok(out)
    }

    /// A literal that is true exactly if all of these are.
    fn all(&mut self, parts: Vec<Lit>) -> Lit {
        if let [one] = parts.as_slice() {
            return *one;
        }
        let whole = self.clauses.fresh();
        let mut back = vec![whole];
        for part in parts {
            self.clauses.add(vec![!whole, part]);
            back.push(!part);
        }
        self.clauses.add(back);
        whole
    }

    /// A literal that is true exactly if both have the same truth value.
    fn same(&mut self, a: Lit, b: Lit) -> Lit {
        let whole = self.clauses.fresh();
        self.clauses.add(vec![!whole, !a, b]);
        self.clauses.add(vec![!whole, a, !b]);
        self.clauses.add(vec![whole, a, b]);
        self.clauses.add(vec![whole, !a, !b]);
        whole
    }

    /// A quantified subformula with what its free variables stand for.
    fn closed(&mut self, formula: TermId, quantifier: Quantifier) -> Result<Lit, Fault> {
        let mut binding = Vec::new();
        for variable in self.free_variables(formula)? {
            let bound = self.bound.get(variable.index()).copied().flatten();
            binding.push((variable, bound.ok_or(LineFault::Unbound)?));
        }
        let binding: Box<[(VarId, Id)]> = binding.into();
        let mut at_least = |n: u32| match n {
            0 => self.truth(true),
            n => self.atom(Atom::AtLeast(n, formula, binding.clone())),
        };
        Ok(match quantifier {
            Quantifier::Forall | Quantifier::Exists => {
                self.atom(Atom::Quantified(formula, binding))
            }
            Quantifier::AtLeast(n) => at_least(n),
            Quantifier::AtMost(n) => !at_least(n.checked_add(1).ok_or(Refusal::Limit)?),
            Quantifier::Exactly(n) => {
                let least = at_least(n);
                let more = at_least(n.checked_add(1).ok_or(Refusal::Limit)?);
                self.all(vec![least, !more])
            }
            Quantifier::ExistsUnique => {
                let (least, more) = (at_least(1), at_least(2));
                self.all(vec![least, !more])
            }
        })
    }

    fn ground_terms(&mut self, ts: &[TermId]) -> Result<Vec<Id>, Fault> {
        let mut out = Vec::with_capacity(ts.len());
        for &t in ts {
            out.push(self.ground_term(t)?);
        }
        Ok(out)
    }

    /// A term with its variables replaced by what they stand for.
    fn ground_term(&mut self, t: TermId) -> Result<Id, Fault> {
        self.step()?;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Refusal::Limit.into());
        }
        let problem = self.problem;
        let made = match problem.terms.get(t) {
            Term::Var(v) => self.bound.get(v.index()).copied().flatten(),
            Term::Apply(symbol, arguments) => {
                let arguments = self.ground_terms(arguments)?;
                self.ground.apply(problem, *symbol, arguments.into())
            }
            Term::Number(value, sort) => {
                let value = value.clone();
                self.ground.constant(value, *sort, &mut self.steps)?
            }
            Term::Arithmetic(op, operands) => {
                let operands = self.ground_terms(operands)?;
                self.ground
                    .arithmetic(*op, operands.into(), &mut self.steps)?
            }
            _ => return Err(LineFault::Sort.into()),
        };
        self.depth -= 1;
        Ok(made.ok_or(LineFault::Unbound)?)
    }
}

/// A closed quantified subformula.
struct Closed {
    formula: TermId,
    quantifier: Quantifier,
    variables: Vec<VarId>,
    body: TermId,
    binding: Box<[(VarId, Id)]>,
}
