//! A certificate as clauses over closed formulas.

use nsolve_il::fol::{
    Certificate, CompareOp, GroundId, Item, Line, LinearFact, Quantifier, Query, Term, TermId,
};
use rustc_hash::FxHashMap;

use super::statement::{Bound, Statement, Taker, Thing};

/// A formula and whether it holds.
pub(super) type Lit = (usize, bool);

/// Where a clause comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// The premise at this position.
    Premise(u32),
    /// What the query supposes.
    Goal,
    /// What a connective means.
    Meaning,
    /// A general statement said of some things, or an example for one that says
    /// that there is something.
    Instance,
    /// A name for what there is.
    Named,
    /// Things that are equal have the same properties.
    Equality,
    /// Things of a list are all there are, and are different.
    List,
    Arithmetic,
}

/// One of these holds.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    pub(super) lits: Vec<Lit>,
    pub(super) why: Why,
}

/// All clauses of a certificate.
#[derive(Default)]
pub(super) struct Clauses {
    /// The formulas that clauses speak of.
    pub(super) formulas: Vec<Statement>,
    pub(super) clauses: Vec<Clause>,
    index: FxHashMap<Statement, usize>,
}

/// Longer certificates are not told step by step.
const MOST_LINES: usize = 1_500;

impl Clauses {
    /// `None` where a formula is too large, or speaks of what was made by
    /// nsolve.
    pub(super) fn of(certificate: &Certificate, query: &Query, taker: &Taker<'_>) -> Option<Self> {
        if certificate.lines.len() > MOST_LINES {
            return None;
        }
        let mut out = Clauses::default();
        for line in &certificate.lines {
            out.line(line, query, taker)?;
        }
        Some(out)
    }

    fn line(&mut self, line: &Line, query: &Query, taker: &Taker<'_>) -> Option<()> {
        let problem = taker.problem;
        match line {
            Line::Assert(Item::Premise(i)) => {
                let premise = problem.premises.get(*i as usize)?;
                let lit = self.formula(premise.formula, &Bound::default(), taker)?;
                self.add(vec![lit], Why::Premise(*i));
            }
            Line::Assert(Item::Goal(i)) => {
                let goal = query.goals.get(*i as usize)?;
                let lit = self.formula(goal.formula, &Bound::default(), taker)?;
                self.add(vec![signed(lit, goal.holds)], Why::Goal);
            }
            Line::Instance {
                formula,
                binding,
                terms,
            } => {
                let bound: Bound = binding.iter().copied().collect();
                let (quantifier, all, cases) = self.cases(*formula, &bound, terms, taker)?;
                let mut lits: Vec<Lit> = Vec::new();
                match quantifier {
                    Quantifier::Forall => lits.extend([not(all), *cases.first()?]),
                    _ => {
                        lits.push(all);
                        lits.extend(cases.into_iter().map(not));
                        if quantifier.is_counting() {
                            lits.extend(self.equal_pairs(terms, taker)?);
                        }
                    }
                }
                self.add(lits, Why::Instance);
            }
            Line::Witness {
                formula,
                binding,
                constants,
            } => {
                let bound: Bound = binding.iter().copied().collect();
                let (quantifier, all, cases) = self.cases(*formula, &bound, constants, taker)?;
                if quantifier == Quantifier::Forall {
                    self.add(vec![all, not(*cases.first()?)], Why::Named);
                    return Some(());
                }
                for case in cases {
                    self.add(vec![not(all), case], Why::Named);
                }
                if quantifier.is_counting() {
                    for equal in self.equal_pairs(constants, taker)? {
                        self.add(vec![not(all), not(equal)], Why::Named);
                    }
                }
            }
            Line::Equal { equal, then } => {
                let mut lits = self.denied(equal, taker)?;
                lits.push(self.equal(then.0, then.1, taker)?);
                self.add(lits, Why::Equality);
            }
            Line::SameAtom {
                equal,
                predicate,
                from,
                to,
            } => {
                let mut lits = self.denied(equal, taker)?;
                let from = taker.atom(*predicate, from)?;
                let to = taker.atom(*predicate, to)?;
                lits.push(not(self.intern(from)));
                lits.push(self.intern(to));
                self.add(lits, Why::Equality);
            }
            Line::OneOf(term) => {
                let thing = taker.ground(*term)?;
                let elements = taker.elements(*term)?;
                let each = elements.into_iter().map(|element| {
                    let element = Thing::Apply(element, Vec::new());
                    self.intern(Statement::Equal(thing.clone(), element))
                });
                let lits = each.collect();
                self.add(lits, Why::List);
            }
            Line::Different(a, b) => {
                let same = self.equal(*a, *b, taker)?;
                self.add(vec![not(same)], Why::List);
            }
            Line::Linear(facts) => {
                let lits = facts.iter().map(|f| self.fact(f, taker).map(not));
                let lits = lits.collect::<Option<_>>()?;
                self.add(lits, Why::Arithmetic);
            }
            Line::IntegerSplit(term, number) => {
                let term = taker.ground(*term)?;
                let next = number + nsolve_il::Rational::from_integer(1.into());
                let (low, high) = (number.to_string(), next.to_string());
                let up_to = Statement::Compare(CompareOp::LessEq, term.clone(), Thing::Number(low));
                let from = Statement::Compare(CompareOp::GreaterEq, term, Thing::Number(high));
                let lits = vec![self.intern(up_to), self.intern(from)];
                self.add(lits, Why::Arithmetic);
            }
            Line::Trichotomy(a, b) => {
                let (a, b) = (taker.ground(*a)?, taker.ground(*b)?);
                let less = Statement::Compare(CompareOp::Less, a.clone(), b.clone());
                let more = Statement::Compare(CompareOp::Less, b.clone(), a.clone());
                let same = Statement::Equal(a, b);
                let lits = vec![self.intern(less), self.intern(same), self.intern(more)];
                self.add(lits, Why::Arithmetic);
            }
        }
        Some(())
    }

    fn add(&mut self, lits: Vec<Lit>, why: Why) {
        self.clauses.push(Clause { lits, why });
    }

    pub(super) fn formula(&mut self, id: TermId, bound: &Bound, taker: &Taker<'_>) -> Option<Lit> {
        let statement = taker.statement(id, bound)?;
        Some(self.intern(statement))
    }

    /// The quantified formula, and its body for the terms: for counted things
    /// one each.
    fn cases(
        &mut self,
        formula: TermId,
        bound: &Bound,
        terms: &[GroundId],
        taker: &Taker<'_>,
    ) -> Option<(Quantifier, Lit, Vec<Lit>)> {
        let Term::Quantified(quantifier, variables, body) = taker.problem.terms.get(formula) else {
            return None;
        };
        let mut quantifier = *quantifier;
        let whole = taker.statement(formula, bound)?;
        let mut cases = Vec::new();
        let all = if quantifier.is_counting() {
            let variable = *variables.first()?;
            quantifier = Quantifier::AtLeast(terms.len() as u32);
            let Statement::Quantified(_, names, inner) = whole else {
                return None;
            };
            for &term in terms {
                let mut inside = bound.clone();
                inside.insert(variable, term);
                cases.push(self.formula(*body, &inside, taker)?);
            }
            self.intern(Statement::Quantified(quantifier, names, inner))
        } else {
            let mut inside = bound.clone();
            inside.extend(variables.iter().copied().zip(terms.iter().copied()));
            cases.push(self.formula(*body, &inside, taker)?);
            self.intern(whole)
        };
        Some((quantifier, all, cases))
    }

    fn equal(&mut self, a: GroundId, b: GroundId, taker: &Taker<'_>) -> Option<Lit> {
        let same = Statement::Equal(taker.ground(a)?, taker.ground(b)?);
        Some(self.intern(same))
    }

    fn equal_pairs(&mut self, terms: &[GroundId], taker: &Taker<'_>) -> Option<Vec<Lit>> {
        let mut out = Vec::new();
        for (i, &a) in terms.iter().enumerate() {
            for &b in terms.iter().skip(i + 1) {
                out.push(self.equal(a, b, taker)?);
            }
        }
        Some(out)
    }

    fn denied(&mut self, pairs: &[(GroundId, GroundId)], taker: &Taker<'_>) -> Option<Vec<Lit>> {
        let each = pairs
            .iter()
            .map(|(a, b)| self.equal(*a, *b, taker).map(not));
        each.collect()
    }

    fn fact(&mut self, fact: &LinearFact, taker: &Taker<'_>) -> Option<Lit> {
        let (a, b) = (taker.ground(fact.left)?, taker.ground(fact.right)?);
        let statement = match fact.op {
            Some(op) => Statement::Compare(op, a, b),
            None => Statement::Equal(a, b),
        };
        Some(signed(self.intern(statement), fact.holds))
    }

    /// The formula's number, with clauses for what its connective means.
    fn intern(&mut self, statement: Statement) -> Lit {
        let statement = match statement {
            Statement::Not(inner) => return not(self.intern(*inner)),
            // One form for each comparison.
            Statement::Compare(CompareOp::Greater, a, b) => {
                Statement::Compare(CompareOp::Less, b, a)
            }
            Statement::Compare(CompareOp::LessEq, a, b) => {
                return not(self.intern(Statement::Compare(CompareOp::Less, b, a)));
            }
            Statement::Compare(CompareOp::GreaterEq, a, b) => {
                return not(self.intern(Statement::Compare(CompareOp::Less, a, b)));
            }
            Statement::Equal(a, b) if b < a => Statement::Equal(b, a),
            Statement::Quantified(Quantifier::AtMost(n), names, body) => {
                let more = Quantifier::AtLeast(n.saturating_add(1));
                return not(self.intern(Statement::Quantified(more, names, body)));
            }
            other => other,
        };
        if let Some(&known) = self.index.get(&statement) {
            return (known, true);
        }
        let at = self.formulas.len();
        self.formulas.push(statement.clone());
        self.index.insert(statement.clone(), at);
        self.define((at, true), statement);
        (at, true)
    }

    fn define(&mut self, whole: Lit, statement: Statement) {
        let mut means = |lits: Vec<Lit>| {
            self.clauses.push(Clause {
                lits,
                why: Why::Meaning,
            });
        };
        match statement {
            Statement::Truth(value) => means(vec![signed(whole, value)]),
            Statement::Equal(a, b) if a == b => means(vec![whole]),
            Statement::And(parts) => {
                let parts = parts.into_iter().map(|p| self.intern(p)).collect();
                self.all(whole, parts);
            }
            Statement::Or(parts) => {
                let parts = parts.into_iter().map(|p| not(self.intern(p))).collect();
                self.all(not(whole), parts);
            }
            Statement::If(a, b) => {
                let parts = vec![self.intern(*a), not(self.intern(*b))];
                self.all(not(whole), parts);
            }
            Statement::Iff(a, b) => {
                let (a, b) = (self.intern(*a), self.intern(*b));
                self.same(whole, a, b);
            }
            Statement::Xor(a, b) => {
                let (a, b) = (self.intern(*a), self.intern(*b));
                self.same(not(whole), a, b);
            }
            Statement::Distinct(things) => {
                let mut parts = Vec::new();
                for (i, a) in things.iter().enumerate() {
                    for b in things.iter().skip(i + 1) {
                        parts.push(not(self.intern(Statement::Equal(a.clone(), b.clone()))));
                    }
                }
                self.all(whole, parts);
            }
            Statement::Quantified(Quantifier::ExistsUnique, names, body) => {
                let exactly = Statement::Quantified(Quantifier::Exactly(1), names, body);
                let exactly = self.intern(exactly);
                self.all(whole, vec![exactly]);
            }
            Statement::Quantified(Quantifier::Exactly(n), names, body) => {
                let counted = |n: u32| {
                    Statement::Quantified(Quantifier::AtLeast(n), names.clone(), body.clone())
                };
                let (enough, more) = (counted(n), counted(n.saturating_add(1)));
                let parts = vec![self.intern(enough), not(self.intern(more))];
                self.all(whole, parts);
            }
            _ => {}
        }
    }

    /// The whole holds where all parts do.
    fn all(&mut self, whole: Lit, parts: Vec<Lit>) {
        let mut together = vec![whole];
        for part in parts {
            self.add(vec![not(whole), part], Why::Meaning);
            together.push(not(part));
        }
        self.add(together, Why::Meaning);
    }

    /// The whole holds where both parts do, or none does.
    fn same(&mut self, whole: Lit, a: Lit, b: Lit) {
        for (x, y) in [(true, true), (true, false), (false, true), (false, false)] {
            let lits = vec![signed(whole, x == y), not(signed(a, x)), not(signed(b, y))];
            self.add(lits, Why::Meaning);
        }
    }

    /// A literal as a formula.
    pub(super) fn statement(&self, (at, holds): Lit) -> Option<Statement> {
        let formula = self.formulas.get(at)?;
        Some(match holds {
            true => formula.clone(),
            false => formula.negated(),
        })
    }
}

pub(super) fn not((at, holds): Lit) -> Lit {
    (at, !holds)
}

fn signed((at, holds): Lit, same: bool) -> Lit {
    (at, holds == same)
}
