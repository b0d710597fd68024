//! Ground terms, equal ones stored once.

use nsolve_il::Rational;
use nsolve_il::fol::{ArithmeticOp, Certificate, GroundTerm, Problem, SortId, SymbolId};
use rustc_hash::FxHashMap;

use crate::evaluate::compute;
use crate::{CertificateFault, Refusal};

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
    /// The witnesses in each term, ascending.
    witnesses: Vec<Box<[u32]>>,
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

    #[expect(clippy::indexing_slicing, reason = "an id is only made by this store")]
    pub(crate) fn witnesses(&self, id: Id) -> &[u32] {
        &self.witnesses[id.0 as usize]
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
        let mut witnesses: Vec<u32> = match &node {
            Node::Witness(w) => vec![*w],
            Node::Apply(_, parts) | Node::Arithmetic(_, parts) => parts
                .iter()
                .flat_map(|p| self.witnesses(*p).iter().copied())
                .collect(),
            Node::Number(..) => Vec::new(),
        };
        witnesses.sort_unstable();
        witnesses.dedup();
        let id = Id(self.nodes.len() as u32);
        self.index.insert(node.clone(), id);
        self.nodes.push(node);
        self.sorts.push(sort);
        self.witnesses.push(witnesses.into());
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

    /// A number of a numeric sort.
    pub(crate) fn constant(&mut self, value: Rational, sort: SortId) -> Option<Id> {
        let fits = sort == SortId::REAL || (sort == SortId::INT && value.is_integer());
        fits.then(|| self.intern(Node::Number(value, sort), sort))
    }

    /// An operation; on numbers, its value.
    pub(crate) fn arithmetic(&mut self, op: ArithmeticOp, parts: Box<[Id]>) -> Option<Id> {
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
        if !arity_fits || parts.iter().any(|&p| self.sort(p) != operand) {
            return None;
        }
        let numbers: Option<Vec<Rational>> =
            parts.iter().map(|&p| self.number(p).cloned()).collect();
        if let Some(value) = numbers.and_then(|n| compute(op, &n)) {
            return self.constant(value, result);
        }
        Some(self.intern(Node::Arithmetic(op, parts), result))
    }

    /// Interns a certificate's terms; gives their ids by position.
    pub(crate) fn read(
        &mut self,
        problem: &Problem,
        certificate: &Certificate,
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
                GroundTerm::Number(value, sort) => self.constant(value.clone(), *sort),
                GroundTerm::Arithmetic(op, operands) => {
                    parts(operands).and_then(|p| self.arithmetic(*op, p))
                }
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
