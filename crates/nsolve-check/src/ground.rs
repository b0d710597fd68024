//! Ground terms, equal ones stored once.

use nsolve_il::Rational;
use nsolve_il::fol::{ArithmeticOp, Certificate, GroundTerm, Problem, SortId, SymbolId};
use rustc_hash::FxHashMap;

use crate::number::{admit, compute, cost};
use crate::{CertificateFault, Refusal, spend};

/// An interned ground term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id(pub(crate) u32);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    Apply(SymbolId, Box<[Id]>),
    /// The certificate's term at this position.
    Witness(u32),
    Number(Rational, SortId),
    Arithmetic(ArithmeticOp, Box<[Id]>),
}

/// All ground terms of a replay.
#[derive(Debug, Default)]
pub(crate) struct Ground {
    nodes: Vec<Node>,
    sorts: Vec<SortId>,
    index: FxHashMap<Node, Id>,
}

impl Ground {
    #[expect(clippy::indexing_slicing, reason = "an id is only made by this store")]
    pub(crate) fn node(&self, id: Id) -> &Node {
        &self.nodes[id.0 as usize]
    }

    #[expect(clippy::indexing_slicing, reason = "an id is only made by this store")]
    pub(crate) fn sort(&self, id: Id) -> SortId {
        self.sorts[id.0 as usize]
    }

    /// The terms that a term is made of.
    pub(crate) fn parts(&self, id: Id) -> &[Id] {
        match self.node(id) {
            Node::Apply(_, parts) | Node::Arithmetic(_, parts) => parts,
            Node::Witness(_) | Node::Number(..) => &[],
        }
    }

    /// The number that a term is, if it is one.
    pub(crate) fn number(&self, id: Id) -> Option<&Rational> {
        match self.node(id) {
            Node::Number(value, _) => Some(value),
            _ => None,
        }
    }

    fn intern(&mut self, node: Node, sort: SortId) -> Id {
        if let Some(&id) = self.index.get(&node) {
            return id;
        }
        let id = Id(self.nodes.len() as u32);
        self.index.insert(node.clone(), id);
        self.nodes.push(node);
        self.sorts.push(sort);
        id
    }

    /// A symbol applied to terms of the right sorts; `None` for any others.
    pub(crate) fn apply(
        &mut self,
        problem: &Problem,
        symbol: SymbolId,
        parts: Box<[Id]>,
    ) -> Option<Id> {
        let entry = problem.signature.symbols().get(symbol.index())?;
        if entry.is_predicate() || entry.arity() != parts.len() {
            return None;
        }
        let sorts = entry.arguments.iter();
        if !sorts.zip(&parts).all(|(&s, &p)| self.sort(p) == s) {
            return None;
        }
        Some(self.intern(Node::Apply(symbol, parts), entry.result))
    }

    /// A number of a numeric sort; `None` where it is not of that sort.
    pub(crate) fn constant(
        &mut self,
        value: Rational,
        sort: SortId,
        steps: &mut u64,
    ) -> Result<Option<Id>, Refusal> {
        spend(steps, cost(&value, &value))?;
        let sort_fits = sort == SortId::REAL || (sort == SortId::INT && value.is_integer());
        let fits = admit(&value)? && sort_fits;
        Ok(fits.then(|| self.intern(Node::Number(value, sort), sort)))
    }

    /// The sort of an operation's value; `None` where the operands do not fit.
    fn result(&self, op: ArithmeticOp, parts: &[Id]) -> Option<SortId> {
        let operand = parts.first().map(|&p| self.sort(p))?;
        let result = match op {
            ArithmeticOp::Divide => (operand == SortId::REAL).then_some(SortId::REAL)?,
            ArithmeticOp::ToReal => (operand == SortId::INT).then_some(SortId::REAL)?,
            ArithmeticOp::IntDivide | ArithmeticOp::Modulo => {
                (operand == SortId::INT).then_some(SortId::INT)?
            }
            _ => operand.is_numeric().then_some(operand)?,
        };
        let arity_fits = match op {
            ArithmeticOp::Add | ArithmeticOp::Multiply => parts.len() >= 2,
            ArithmeticOp::Negate | ArithmeticOp::ToReal => parts.len() == 1,
            _ => parts.len() == 2,
        };
        let fits = arity_fits && parts.iter().all(|&p| self.sort(p) == operand);
        fits.then_some(result)
    }

    /// An operation; on numbers, its value. `None` where the operands do not fit.
    pub(crate) fn arithmetic(
        &mut self,
        op: ArithmeticOp,
        parts: Box<[Id]>,
        steps: &mut u64,
    ) -> Result<Option<Id>, Refusal> {
        let Some(result) = self.result(op, &parts) else {
            return Ok(None);
        };
        let numbers: Option<Vec<Rational>> =
            parts.iter().map(|&p| self.number(p).cloned()).collect();
        if let Some(numbers) = numbers
            && let Some(value) = compute(op, &numbers, steps)?
        {
            return self.constant(value, result, steps);
        }
        Ok(Some(self.intern(Node::Arithmetic(op, parts), result)))
    }

    /// Interns a certificate's terms; gives their ids by position.
    pub(crate) fn read(
        &mut self,
        problem: &Problem,
        certificate: &Certificate,
        steps: &mut u64,
    ) -> Result<Vec<Id>, Refusal> {
        let mut ids: Vec<Id> = Vec::with_capacity(certificate.terms.len());
        for (position, term) in certificate.terms.iter().enumerate() {
            let parts = |parts: &[nsolve_il::fol::GroundId]| -> Option<Box<[Id]>> {
                parts.iter().map(|p| ids.get(p.index()).copied()).collect()
            };
            let id = match term {
                GroundTerm::Apply(symbol, arguments) => {
                    parts(arguments).and_then(|p| self.apply(problem, *symbol, p))
                }
                GroundTerm::Number(value, sort) => self.constant(value.clone(), *sort, steps)?,
                GroundTerm::Arithmetic(op, operands) => match parts(operands) {
                    Some(parts) => self.arithmetic(*op, parts, steps)?,
                    None => None,
                },
                GroundTerm::Witness(sort) => {
                    let known = sort.index() < problem.signature.sorts().len();
                    (known && *sort != SortId::BOOL)
                        .then(|| self.intern(Node::Witness(position as u32), *sort))
                }
            };
            ids.push(id.ok_or(Refusal::Certificate(CertificateFault::Term(position)))?);
        }
        Ok(ids)
    }
}
