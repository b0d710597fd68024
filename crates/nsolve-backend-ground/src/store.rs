#![expect(
    clippy::indexing_slicing,
    reason = "ids of terms are only made by this store, of symbols by the problem's signature"
)]

use nsolve_il::fol::{Signature, SortId, SymbolId};

use crate::rows::{Row, Rows};

/// No term.
pub(crate) const NONE: u32 = u32::MAX;
/// The head of a witness's row, where others have their symbol.
const WITNESS: u32 = u32::MAX;

/// The ground terms that there are so far, each stored once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    rows: Rows,
    sorts: Vec<SortId>,
    generations: Vec<u32>,
    constants: Vec<u32>,
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

    /// The term's symbol and arguments; `None` for a witness.
    pub(crate) fn application(&self, term: u32) -> Option<(SymbolId, &[u32])> {
        match self.rows.get(term) {
            [WITNESS, ..] => None,
            [symbol, arguments @ ..] => Some((SymbolId(*symbol), arguments)),
            [] => None,
        }
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
        self.rows.bytes() + 8 * self.sorts.capacity()
    }
}
