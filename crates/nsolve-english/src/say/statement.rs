//! Formulas apart from the problem that they stand in, so that those of a
//! lowered problem, of a certificate and of a text that was read again can be
//! said and compared alike.

use nsolve_il::fol::{
    ArithmeticOp, Certificate, CompareOp, GroundId, GroundTerm, Problem, Quantifier, SymbolId,
    Term, TermId, VarId,
};
use rustc_hash::FxHashMap;

/// A term.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Thing {
    Variable(u32),
    Apply(SymbolId, Vec<Thing>),
    Number(String),
    /// A constant of a certificate.
    Witness(u32),
    Arithmetic(ArithmeticOp, Vec<Thing>),
    /// A thing of a model, by what it is called there.
    Called(String),
}

/// A formula.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Statement {
    /// That a predicate holds; `denied` where its negation is stated, which
    /// under the semantics of rules is a fact of its own.
    Atom {
        symbol: SymbolId,
        denied: bool,
        arguments: Vec<Thing>,
    },
    Equal(Thing, Thing),
    Compare(CompareOp, Thing, Thing),
    Distinct(Vec<Thing>),
    Truth(bool),
    Not(Box<Statement>),
    And(Vec<Statement>),
    Or(Vec<Statement>),
    Xor(Box<Statement>, Box<Statement>),
    If(Box<Statement>, Box<Statement>),
    Iff(Box<Statement>, Box<Statement>),
    Quantified(Quantifier, Vec<u32>, Box<Statement>),
}

/// What each symbol of a problem is in the problem that is spoken of, and
/// whether it is the companion that stands for its negation there.
pub(super) struct Symbols(Vec<Option<(SymbolId, bool)>>);

impl Symbols {
    /// The symbols of the problem itself.
    pub(super) fn own(problem: &Problem) -> Self {
        let ids = problem.signature.symbol_ids();
        Symbols(ids.map(|id| Some((id, false))).collect())
    }

    /// Those of a problem that was made of it.
    pub(super) fn of(made: &Problem, original: &Problem) -> Self {
        let known = |symbol: &nsolve_il::fol::Symbol| {
            let (arity, predicate) = (symbol.arity(), symbol.is_predicate());
            let find = |name: &str| original.signature.find_symbol(name, arity, predicate);
            let companion = || symbol.name.strip_prefix("not ").and_then(find);
            let plain = find(&symbol.name).map(|id| (id, false));
            plain.or_else(|| companion().map(|id| (id, true)))
        };
        Symbols(made.signature.symbols().iter().map(known).collect())
    }

    /// Those of a problem whose symbols are known by what they mean.
    pub(super) fn matching(list: Vec<Option<SymbolId>>) -> Self {
        let own = |id: Option<SymbolId>| id.map(|id| (id, false));
        Symbols(list.into_iter().map(own).collect())
    }

    pub(super) fn get(&self, id: SymbolId) -> Option<(SymbolId, bool)> {
        self.0.get(id.index()).copied().flatten()
    }
}

/// Formulas of more nodes are not said.
const MOST_NODES: usize = 4_000;

/// Takes formulas of a problem out of it.
pub(super) struct Taker<'a> {
    pub(super) problem: &'a Problem,
    pub(super) symbols: &'a Symbols,
    /// Where bindings point to.
    pub(super) ground: Option<&'a Certificate>,
}

/// What variables stand for.
pub(super) type Bound = FxHashMap<VarId, GroundId>;

impl Taker<'_> {
    /// The formula with some variables replaced; `None` if it is too large, or
    /// has symbols that were made by nsolve.
    pub(super) fn statement(&self, id: TermId, bound: &Bound) -> Option<Statement> {
        let whole = self.formula(id, bound, &mut MOST_NODES.clone());
        whole.map(Statement::simplified)
    }

    fn formula(&self, id: TermId, bound: &Bound, left: &mut usize) -> Option<Statement> {
        *left = left.checked_sub(1)?;
        let all = |ts: &[TermId], left: &mut usize| -> Option<Vec<Statement>> {
            ts.iter().map(|&t| self.formula(t, bound, left)).collect()
        };
        Some(match self.problem.terms.get(id) {
            Term::Apply(symbol, ts) => {
                let (symbol, denied) = self.symbols.get(*symbol)?;
                let arguments = self.things(ts, bound, left)?;
                Statement::Atom {
                    symbol,
                    denied,
                    arguments,
                }
            }
            Term::Bool(value) => Statement::Truth(*value),
            Term::Not(t) => Statement::Not(Box::new(self.formula(*t, bound, left)?)),
            Term::And(ts) => Statement::And(all(ts, left)?),
            Term::Or(ts) => Statement::Or(all(ts, left)?),
            Term::Xor(a, b) => {
                let (a, b) = self.pair(*a, *b, bound, left)?;
                Statement::Xor(a, b)
            }
            Term::Implies(a, b) => {
                let (a, b) = self.pair(*a, *b, bound, left)?;
                Statement::If(a, b)
            }
            Term::Iff(a, b) => {
                let (a, b) = self.pair(*a, *b, bound, left)?;
                Statement::Iff(a, b)
            }
            Term::Equal(a, b) => {
                Statement::Equal(self.thing(*a, bound, left)?, self.thing(*b, bound, left)?)
            }
            Term::Distinct(ts) => Statement::Distinct(self.things(ts, bound, left)?),
            Term::Compare(op, a, b) => {
                let (a, b) = (self.thing(*a, bound, left)?, self.thing(*b, bound, left)?);
                Statement::Compare(*op, a, b)
            }
            Term::Quantified(quantifier, variables, body) => {
                let body = Box::new(self.formula(*body, bound, left)?);
                let variables = variables.iter().map(|v| v.0).collect();
                Statement::Quantified(*quantifier, variables, body)
            }
            Term::Var(_) | Term::Number(..) | Term::Arithmetic(..) => return None,
        })
    }

    fn pair(
        &self,
        a: TermId,
        b: TermId,
        bound: &Bound,
        left: &mut usize,
    ) -> Option<(Box<Statement>, Box<Statement>)> {
        let a = Box::new(self.formula(a, bound, left)?);
        Some((a, Box::new(self.formula(b, bound, left)?)))
    }

    fn things(&self, ts: &[TermId], bound: &Bound, left: &mut usize) -> Option<Vec<Thing>> {
        ts.iter().map(|&t| self.thing(t, bound, left)).collect()
    }

    fn thing(&self, id: TermId, bound: &Bound, left: &mut usize) -> Option<Thing> {
        *left = left.checked_sub(1)?;
        Some(match self.problem.terms.get(id) {
            Term::Var(v) => match bound.get(v) {
                Some(&ground) => self.ground_limited(ground, left)?,
                None => Thing::Variable(v.0),
            },
            Term::Apply(symbol, ts) => {
                let (symbol, _) = self.symbols.get(*symbol)?;
                Thing::Apply(symbol, self.things(ts, bound, left)?)
            }
            Term::Number(value, _) => Thing::Number(value.to_string()),
            // An integer as a real is said as it is.
            Term::Arithmetic(ArithmeticOp::ToReal, ts) => self.thing(*ts.first()?, bound, left)?,
            Term::Arithmetic(op, ts) => Thing::Arithmetic(*op, self.things(ts, bound, left)?),
            _ => return None,
        })
    }

    /// A term of the certificate.
    pub(super) fn ground(&self, id: GroundId) -> Option<Thing> {
        self.ground_limited(id, &mut MOST_NODES.clone())
    }

    fn ground_limited(&self, id: GroundId, left: &mut usize) -> Option<Thing> {
        *left = left.checked_sub(1)?;
        let all = |ids: &[GroundId], left: &mut usize| -> Option<Vec<Thing>> {
            ids.iter().map(|&t| self.ground_limited(t, left)).collect()
        };
        Some(match self.ground?.terms.get(id.index())? {
            GroundTerm::Apply(symbol, ids) => {
                let (symbol, _) = self.symbols.get(*symbol)?;
                Thing::Apply(symbol, all(ids, left)?)
            }
            GroundTerm::Witness(_) => Thing::Witness(id.0),
            GroundTerm::Number(value, _) => Thing::Number(value.to_string()),
            GroundTerm::Arithmetic(ArithmeticOp::ToReal, ids) => {
                self.ground_limited(*ids.first()?, left)?
            }
            GroundTerm::Arithmetic(op, ids) => Thing::Arithmetic(*op, all(ids, left)?),
        })
    }

    /// The elements of the enumerated sort of a term of the certificate.
    pub(super) fn elements(&self, id: GroundId) -> Option<Vec<SymbolId>> {
        let signature = &self.problem.signature;
        let sort = match self.ground?.terms.get(id.index())? {
            GroundTerm::Apply(symbol, _) => signature.symbol(*symbol).result,
            GroundTerm::Witness(sort) | GroundTerm::Number(_, sort) => *sort,
            GroundTerm::Arithmetic(..) => return None,
        };
        let elements = signature.elements(sort)?.iter();
        elements.map(|&e| Some(self.symbols.get(e)?.0)).collect()
    }

    /// An atom of a predicate and ground terms.
    pub(super) fn atom(&self, predicate: SymbolId, ids: &[GroundId]) -> Option<Statement> {
        let (symbol, denied) = self.symbols.get(predicate)?;
        let arguments: Option<Vec<Thing>> = ids.iter().map(|&t| self.ground(t)).collect();
        Some(Statement::Atom {
            symbol,
            denied,
            arguments: arguments?,
        })
    }
}

impl Statement {
    pub(super) fn negated(&self) -> Statement {
        match self {
            Statement::Not(inner) => (**inner).clone(),
            other => Statement::Not(Box::new(other.clone())),
        }
    }

    /// Without `true` and `false` inside.
    pub(super) fn simplified(self) -> Statement {
        use Statement::{And, If, Iff, Not, Or, Quantified, Truth, Xor};
        let boxed = |s: Statement| Box::new(s);
        let simple = |s: Box<Statement>| s.simplified();
        match self {
            Not(inner) => match simple(inner) {
                Truth(value) => Truth(!value),
                inner => Not(boxed(inner)),
            },
            And(parts) => constants(parts, true),
            Or(parts) => constants(parts, false),
            If(a, b) => match (simple(a), simple(b)) {
                (Truth(true), b) => b,
                (Truth(false), _) | (_, Truth(true)) => Truth(true),
                (a, Truth(false)) => a.negated(),
                (a, b) => If(boxed(a), boxed(b)),
            },
            Iff(a, b) => match (simple(a), simple(b)) {
                (Truth(value), other) | (other, Truth(value)) => other.signed(value),
                (a, b) => Iff(boxed(a), boxed(b)),
            },
            Xor(a, b) => match (simple(a), simple(b)) {
                (Truth(value), other) | (other, Truth(value)) => other.signed(!value),
                (a, b) => Xor(boxed(a), boxed(b)),
            },
            Quantified(quantifier, variables, body) => match (quantifier, simple(body)) {
                // There is always something, but not always more.
                (Quantifier::Forall | Quantifier::Exists, Truth(value)) => Truth(value),
                (Quantifier::AtLeast(0), _) => Truth(true),
                (Quantifier::AtMost(_) | Quantifier::Exactly(0), Truth(false)) => Truth(true),
                (_, Truth(false)) => Truth(false),
                (_, Truth(true)) => {
                    let x = || Thing::Variable(variables.first().copied().unwrap_or(0));
                    let same = Statement::Equal(x(), x());
                    Quantified(quantifier, variables.clone(), boxed(same))
                }
                (_, body) => Quantified(quantifier, variables, boxed(body)),
            },
            other => other,
        }
    }

    fn signed(self, holds: bool) -> Statement {
        match (self, holds) {
            (Statement::Truth(value), holds) => Statement::Truth(value == holds),
            (other, true) => other,
            (other, false) => other.negated(),
        }
    }

    /// The atom and whether it holds, of what is no longer than that.
    pub(super) fn literal(&self) -> Option<(&Statement, bool)> {
        match self {
            Statement::Atom { .. } | Statement::Equal(..) | Statement::Compare(..) => {
                Some((self, true))
            }
            Statement::Not(inner) => match &**inner {
                Statement::Not(_) => None,
                inner => inner.literal().map(|(atom, holds)| (atom, !holds)),
            },
            _ => None,
        }
    }

    /// Whether it speaks of a constant of a certificate.
    pub(super) fn has_witness(&self) -> bool {
        let mut found = false;
        self.each_witness(&mut |_| found = true);
        found
    }

    /// Calls `f` on each constant of a certificate.
    pub(super) fn each_witness(&self, f: &mut dyn FnMut(u32)) {
        match self {
            Statement::Atom { arguments, .. } | Statement::Distinct(arguments) => {
                arguments.iter().for_each(|t| t.each_witness(f));
            }
            Statement::Equal(a, b) | Statement::Compare(_, a, b) => {
                a.each_witness(f);
                b.each_witness(f);
            }
            Statement::Truth(_) => {}
            Statement::Not(inner) | Statement::Quantified(_, _, inner) => inner.each_witness(f),
            Statement::And(parts) | Statement::Or(parts) => {
                parts.iter().for_each(|p| p.each_witness(f));
            }
            Statement::Xor(a, b) | Statement::If(a, b) | Statement::Iff(a, b) => {
                a.each_witness(f);
                b.each_witness(f);
            }
        }
    }

    /// The parts of a conjunction, or the formula itself.
    pub(super) fn parts(&self) -> Vec<&Statement> {
        match self {
            Statement::And(parts) => parts.iter().flat_map(Statement::parts).collect(),
            other => vec![other],
        }
    }

    /// How often a variable occurs.
    pub(super) fn mentions(&self, variable: u32) -> usize {
        let of = |things: &[&Thing]| things.iter().map(|t| t.mentions(variable)).sum();
        match self {
            Statement::Atom { arguments, .. } | Statement::Distinct(arguments) => {
                arguments.iter().map(|t| t.mentions(variable)).sum()
            }
            Statement::Equal(a, b) | Statement::Compare(_, a, b) => of(&[a, b]),
            Statement::Truth(_) => 0,
            Statement::Not(inner) | Statement::Quantified(_, _, inner) => inner.mentions(variable),
            Statement::And(parts) | Statement::Or(parts) => {
                parts.iter().map(|p| p.mentions(variable)).sum()
            }
            Statement::Xor(a, b) | Statement::If(a, b) | Statement::Iff(a, b) => {
                a.mentions(variable) + b.mentions(variable)
            }
        }
    }

    /// A form in which formulas that differ in no more than the names of
    /// variables, the order of conjuncts and disjuncts, and how negation and
    /// conditions are written are equal.
    pub(super) fn normal(&self) -> Statement {
        self.normal_in(true, &mut Vec::new())
    }

    fn normal_in(&self, holds: bool, scope: &mut Vec<u32>) -> Statement {
        use Statement::{
            And, Atom, Compare, Distinct, Equal, If, Iff, Not, Or, Quantified, Truth, Xor,
        };
        let signed = |atom: Statement| if holds { atom } else { Not(Box::new(atom)) };
        let things = |ts: &[Thing], scope: &[u32]| ts.iter().map(|t| t.normal(scope)).collect();
        match self {
            Atom {
                symbol,
                denied,
                arguments,
            } => signed(Atom {
                symbol: *symbol,
                denied: *denied,
                arguments: things(arguments, scope),
            }),
            Equal(a, b) => {
                let mut pair = [a.normal(scope), b.normal(scope)];
                pair.sort();
                let [a, b] = pair;
                signed(Equal(a, b))
            }
            Compare(op, a, b) => {
                let (a, b) = (a.normal(scope), b.normal(scope));
                // `a > b` is `b < a`, and what is not less is at least.
                let (op, a, b) = match op {
                    CompareOp::Greater => (CompareOp::Less, b, a),
                    CompareOp::GreaterEq => (CompareOp::LessEq, b, a),
                    op => (*op, a, b),
                };
                match (holds, op) {
                    (true, op) => Compare(op, a, b),
                    (false, CompareOp::Less) => Compare(CompareOp::LessEq, b, a),
                    (false, _) => Compare(CompareOp::Less, b, a),
                }
            }
            Distinct(ts) => {
                let mut parts = Vec::new();
                for (i, a) in ts.iter().enumerate() {
                    for b in ts.iter().skip(i + 1) {
                        let same = Equal(a.clone(), b.clone());
                        parts.push(same.normal_in(!holds, scope));
                    }
                }
                list(parts, holds)
            }
            Truth(value) => Truth(*value == holds),
            Not(inner) => inner.normal_in(!holds, scope),
            And(parts) => {
                let parts = parts.iter().map(|p| p.normal_in(holds, scope)).collect();
                list(parts, holds)
            }
            Or(parts) => {
                let parts = parts.iter().map(|p| p.normal_in(holds, scope)).collect();
                list(parts, !holds)
            }
            If(a, b) => {
                let parts = vec![a.normal_in(!holds, scope), b.normal_in(holds, scope)];
                list(parts, !holds)
            }
            Xor(a, b) | Iff(a, b) => {
                let same = matches!(self, Iff(..)) == holds;
                let mut pair = [a.normal_in(true, scope), b.normal_in(true, scope)];
                pair.sort();
                let [a, b] = pair.map(Box::new);
                if same { Iff(a, b) } else { Xor(a, b) }
            }
            Quantified(quantifier, variables, body) => {
                let before = scope.len();
                scope.extend(variables);
                let dual = match (quantifier, holds) {
                    (Quantifier::Forall, false) => Some(Quantifier::Exists),
                    (Quantifier::Exists, false) => Some(Quantifier::Forall),
                    (_, true) => Some(*quantifier),
                    _ => None,
                };
                let inner = body.normal_in(holds || dual.is_none(), scope);
                scope.truncate(before);
                // A variable is called by how many stand around it.
                let names = |n: usize| (before as u32..).take(n).collect::<Vec<u32>>();
                match (dual, inner) {
                    (None, inner) => {
                        let names = names(variables.len());
                        Not(Box::new(Quantified(*quantifier, names, Box::new(inner))))
                    }
                    (Some(q), Quantified(same, inner_names, inner))
                        if q == same && !q.is_counting() =>
                    {
                        let names = names(variables.len() + inner_names.len());
                        Quantified(q, names, inner)
                    }
                    (Some(q), inner) => Quantified(q, names(variables.len()), Box::new(inner)),
                }
            }
        }
    }
}

/// A conjunction or disjunction without `true` and `false`.
fn constants(parts: Vec<Statement>, all: bool) -> Statement {
    let mut kept = Vec::with_capacity(parts.len());
    for part in parts {
        match part.simplified() {
            Statement::Truth(value) if value == all => {}
            Statement::Truth(value) => return Statement::Truth(value),
            other => kept.push(other),
        }
    }
    match (kept.len(), all) {
        (0, _) => Statement::Truth(all),
        (1, _) => kept.remove(0),
        (_, true) => Statement::And(kept),
        (_, false) => Statement::Or(kept),
    }
}

/// A flat conjunction or disjunction in order.
fn list(parts: Vec<Statement>, all: bool) -> Statement {
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Statement::And(inner) if all => flat.extend(inner),
            Statement::Or(inner) if !all => flat.extend(inner),
            other => flat.push(other),
        }
    }
    flat.sort();
    flat.dedup();
    match (flat.len(), all) {
        (1, _) => flat.remove(0),
        (_, true) => Statement::And(flat),
        (_, false) => Statement::Or(flat),
    }
}

impl Thing {
    pub(super) fn mentions(&self, variable: u32) -> usize {
        match self {
            Thing::Variable(v) => usize::from(*v == variable),
            Thing::Apply(_, things) | Thing::Arithmetic(_, things) => {
                things.iter().map(|t| t.mentions(variable)).sum()
            }
            Thing::Number(_) | Thing::Witness(_) | Thing::Called(_) => 0,
        }
    }

    fn each_witness(&self, f: &mut dyn FnMut(u32)) {
        match self {
            Thing::Witness(id) => f(*id),
            Thing::Apply(_, things) | Thing::Arithmetic(_, things) => {
                things.iter().for_each(|t| t.each_witness(f));
            }
            Thing::Variable(_) | Thing::Number(_) | Thing::Called(_) => {}
        }
    }

    fn normal(&self, scope: &[u32]) -> Thing {
        let all = |ts: &[Thing]| ts.iter().map(|t| t.normal(scope)).collect();
        match self {
            Thing::Variable(v) => {
                let place = scope.iter().rposition(|bound| bound == v);
                Thing::Variable(place.map_or(u32::MAX, |p| p as u32))
            }
            Thing::Apply(symbol, ts) => Thing::Apply(*symbol, all(ts)),
            Thing::Arithmetic(op, ts) => Thing::Arithmetic(*op, all(ts)),
            other => other.clone(),
        }
    }
}
