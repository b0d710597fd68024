#![expect(
    clippy::indexing_slicing,
    reason = "ids of terms are only made by this store, of symbols by the problem's signature"
)]

use nsolve_il::Rational;
use nsolve_il::fol::{ArithmeticOp, Signature, SortId, SymbolId};
use rustc_hash::FxHashMap;

use crate::rows::{Row, Rows};

/// No term.
pub(crate) const NONE: u32 = u32::MAX;
/// The head of a witness's row, where others have their symbol.
const WITNESS: u32 = u32::MAX;
/// The head of a number's row.
const NUMBER: u32 = u32::MAX - 1;
/// The head of the first operation's rows; the others' are below.
const OPERATION: u32 = u32::MAX - 2;
const OPERATIONS: [ArithmeticOp; 8] = [
    ArithmeticOp::Add,
    ArithmeticOp::Subtract,
    ArithmeticOp::Multiply,
    ArithmeticOp::Divide,
    ArithmeticOp::Negate,
    ArithmeticOp::IntDivide,
    ArithmeticOp::Modulo,
    ArithmeticOp::ToReal,
];
/// The generation of numbers that only lemmas speak of. No quantifier is tried
/// on them.
pub(crate) const ASIDE: u32 = u32::MAX;

/// What a ground term is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape<'a> {
    /// A symbol with its arguments.
    Apply(SymbolId, &'a [u32]),
    /// A constant that the problem does not have.
    Witness,
    /// A number.
    Number(&'a Rational),
    /// An operation on terms.
    Arithmetic(ArithmeticOp, &'a [u32]),
}

/// The ground terms that there are so far, each stored once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    rows: Rows,
    sorts: Vec<SortId>,
    generations: Vec<u32>,
    constants: Vec<u32>,
    /// The numbers of number terms; their rows have the position.
    numbers: Vec<Rational>,
    number_terms: FxHashMap<(Rational, SortId), u32>,
}

impl Store {
    /// No terms yet.
    pub(crate) fn new(signature: &Signature) -> Self {
        Store {
            constants: vec![NONE; signature.symbols().len()],
            ..Store::default()
        }
    }

    /// How many terms there are.
    pub(crate) fn len(&self) -> usize {
        self.sorts.len()
    }

    /// A term's sort.
    pub(crate) fn sort(&self, term: u32) -> SortId {
        self.sorts[term as usize]
    }

    /// How many steps a term is away from what the problem mentions: terms of
    /// the text have 0, a function of them or a witness about them 1.
    pub(crate) fn generation(&self, term: u32) -> u32 {
        self.generations[term as usize]
    }

    /// The constant's term; [`NONE`] where it does not stand in the query.
    pub(crate) fn constant(&self, symbol: SymbolId) -> u32 {
        self.constants[symbol.index()]
    }

    /// The term's symbol and arguments; `None` for a witness and for numbers.
    pub(crate) fn application(&self, term: u32) -> Option<(SymbolId, &[u32])> {
        match self.shape(term) {
            Shape::Apply(symbol, arguments) => Some((symbol, arguments)),
            _ => None,
        }
    }

    /// What a term is.
    pub(crate) fn shape(&self, term: u32) -> Shape<'_> {
        match self.rows.get(term) {
            [] | [WITNESS, ..] => Shape::Witness,
            [NUMBER, at, ..] => Shape::Number(&self.numbers[*at as usize]),
            [head, parts @ ..] => match OPERATIONS.get((OPERATION - head) as usize) {
                Some(op) => Shape::Arithmetic(*op, parts),
                None => Shape::Apply(SymbolId(*head), parts),
            },
        }
    }

    /// What is applied, as a number, and to what: a function or an operation.
    pub(crate) fn compound(&self, term: u32) -> Option<(u32, &[u32])> {
        match self.rows.get(term) {
            [WITNESS | NUMBER, ..] | [_] | [] => None,
            [head, parts @ ..] => Some((*head, parts)),
        }
    }

    /// The number that a term is, if it is one.
    pub(crate) fn as_number(&self, term: u32) -> Option<&Rational> {
        match self.shape(term) {
            Shape::Number(value) => Some(value),
            _ => None,
        }
    }

    /// The term of a number, if it is there.
    pub(crate) fn find_number(&self, value: &Rational, sort: SortId) -> Option<u32> {
        self.number_terms.get(&(value.clone(), sort)).copied()
    }

    /// The term of a number.
    pub(crate) fn number(&mut self, value: Rational, sort: SortId, generation: u32) -> u32 {
        if let Some(known) = self.find_number(&value, sort) {
            let at = &mut self.generations[known as usize];
            *at = generation.min(*at);
            return known;
        }
        let (id, _) = self.rows.insert(&[NUMBER, self.numbers.len() as u32]);
        self.numbers.push(value.clone());
        self.number_terms.insert((value, sort), id);
        self.sorts.push(sort);
        self.generations.push(generation);
        id
    }

    fn operation_row(op: ArithmeticOp, parts: &[u32]) -> Row {
        let position = OPERATIONS.iter().position(|o| *o == op).unwrap_or(0);
        let mut row = Row::starting(OPERATION - position as u32);
        parts.iter().for_each(|&p| row.push(p));
        row
    }

    /// The operation's term, if it is there.
    pub(crate) fn find_arithmetic(&self, op: ArithmeticOp, parts: &[u32]) -> Option<u32> {
        self.rows.find(Self::operation_row(op, parts).as_slice())
    }

    /// The operation's term.
    pub(crate) fn arithmetic(
        &mut self,
        op: ArithmeticOp,
        parts: &[u32],
        sort: SortId,
        generation: u32,
    ) -> u32 {
        let (id, new) = self.rows.insert(Self::operation_row(op, parts).as_slice());
        if new {
            self.sorts.push(sort);
            self.generations.push(generation);
        }
        id
    }

    /// The term `symbol(arguments)`, if it is there.
    pub(crate) fn find(&self, symbol: SymbolId, arguments: &[u32]) -> Option<u32> {
        if arguments.is_empty() {
            return Some(self.constant(symbol)).filter(|&t| t != NONE);
        }
        let mut row = Row::starting(symbol.0);
        arguments.iter().for_each(|&a| row.push(a));
        self.rows.find(row.as_slice())
    }

    /// The term `symbol(arguments)`, and whether it is new.
    pub(crate) fn apply(
        &mut self,
        signature: &Signature,
        symbol: SymbolId,
        arguments: &[u32],
        generation: u32,
    ) -> (u32, bool) {
        let mut row = Row::starting(symbol.0);
        arguments.iter().for_each(|&a| row.push(a));
        let (id, new) = self.rows.insert(row.as_slice());
        if new {
            self.sorts.push(signature.symbol(symbol).result);
            self.generations.push(generation);
            if arguments.is_empty() {
                self.constants[symbol.index()] = id;
            }
        }
        (id, new)
    }

    /// A new constant that the problem does not have.
    pub(crate) fn witness(&mut self, sort: SortId, generation: u32) -> u32 {
        let (id, _) = self.rows.insert(&[WITNESS, self.len() as u32]);
        self.sorts.push(sort);
        self.generations.push(generation);
        id
    }

    /// Bytes in use, roughly.
    pub(crate) fn bytes(&self) -> usize {
        self.rows.bytes() + 8 * self.sorts.capacity() + 128 * self.numbers.capacity()
    }
}
