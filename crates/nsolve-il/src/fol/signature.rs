use std::sync::Arc;

use nsolve_source::Span;
use rustc_hash::FxHashMap;

/// A sort of a [`Signature`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SortId(pub u32);

impl SortId {
    /// The sort of formulas.
    pub const BOOL: SortId = SortId(0);
    /// The integers.
    pub const INT: SortId = SortId(1);
    /// The real numbers.
    pub const REAL: SortId = SortId(2);

    /// The position in [`Signature::sorts`].
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// Whether the sort is `Int` or `Real`.
    pub fn is_numeric(self) -> bool {
        self == SortId::INT || self == SortId::REAL
    }
}

/// A function, constant or predicate of a [`Signature`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SymbolId(pub u32);

impl SymbolId {
    /// The position in [`Signature::symbols`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// How a sort or symbol came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// Declared in the text, there.
    At(Span),
    /// Inferred from its first use, there.
    Inferred(Option<Span>),
    /// Made by nsolve (a builtin sort, or a bridge's symbol).
    Generated,
}

impl Declared {
    /// The place in the text, if there is one.
    pub fn span(self) -> Option<Span> {
        match self {
            Declared::At(span) => Some(span),
            Declared::Inferred(span) => span,
            Declared::Generated => None,
        }
    }
}

/// What the things of a sort are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SortKind {
    /// Truth values.
    Bool,
    /// Whole numbers.
    Int,
    /// Real numbers.
    Real,
    /// Any non-empty set.
    Uninterpreted,
    /// Exactly these constants, all different.
    Enumerated(Vec<SymbolId>),
}

/// A sort with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The name, as written.
    pub name: Arc<str>,
    /// What its things are.
    pub kind: SortKind,
    /// Where it comes from.
    pub declared: Declared,
}

/// A predicate (result [`SortId::BOOL`]), function, or constant (no arguments).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// The name, as written.
    pub name: Arc<str>,
    /// The arguments' sorts. None of them is `Bool`.
    pub arguments: Box<[SortId]>,
    /// The result's sort.
    pub result: SortId,
    /// Where it comes from.
    pub declared: Declared,
    /// What the symbol means in words, if the text says so.
    pub meaning: Option<Arc<str>>,
}

impl Symbol {
    /// Whether applications of the symbol are formulas.
    pub fn is_predicate(&self) -> bool {
        self.result == SortId::BOOL
    }

    /// The number of arguments.
    pub fn arity(&self) -> usize {
        self.arguments.len()
    }

    /// Whether the symbol is a constant: no arguments, and not a proposition.
    pub fn is_constant(&self) -> bool {
        self.arguments.is_empty() && !self.is_predicate()
    }
}

/// The sorts and symbols of a problem.
///
/// A symbol is identified by name, number of arguments, and whether it is a
/// predicate: `p/1` and `p/2` may live side by side (with a lint), since
/// recorded texts do that and mean it.
#[derive(Clone, Debug, Default)]
pub struct Signature {
    pub(super) sorts: Vec<Sort>,
    pub(super) symbols: Vec<Symbol>,
    pub(super) sort_names: FxHashMap<Arc<str>, SortId>,
    pub(super) symbol_names: FxHashMap<(Arc<str>, usize, bool), SymbolId>,
}

impl Signature {
    /// All sorts; the first three are `Bool`, `Int`, `Real`.
    pub fn sorts(&self) -> &[Sort] {
        &self.sorts
    }

    /// All symbols, enumerated elements among them.
    pub fn symbols(&self) -> &[Symbol] {
        &self.symbols
    }

    /// The ids of all sorts, in order.
    pub fn sort_ids(&self) -> impl Iterator<Item = SortId> + use<> {
        (0..self.sorts.len() as u32).map(SortId)
    }

    /// The ids of all symbols, in order.
    pub fn symbol_ids(&self) -> impl Iterator<Item = SymbolId> + use<> {
        (0..self.symbols.len() as u32).map(SymbolId)
    }

    /// A sort of this signature.
    #[expect(
        clippy::indexing_slicing,
        reason = "an id is only made by this signature's builder"
    )]
    pub fn sort(&self, id: SortId) -> &Sort {
        &self.sorts[id.index()]
    }

    /// A symbol of this signature.
    #[expect(
        clippy::indexing_slicing,
        reason = "an id is only made by this signature's builder"
    )]
    pub fn symbol(&self, id: SymbolId) -> &Symbol {
        &self.symbols[id.index()]
    }

    /// The elements of an enumerated sort; `None` for any other sort.
    pub fn elements(&self, sort: SortId) -> Option<&[SymbolId]> {
        match &self.sort(sort).kind {
            SortKind::Enumerated(elements) => Some(elements),
            _ => None,
        }
    }

    /// Where a symbol stands among the elements of its enumerated sort.
    pub fn element_index(&self, symbol: SymbolId) -> Option<usize> {
        let s = self.symbol(symbol);
        if !s.arguments.is_empty() {
            return None;
        }
        self.elements(s.result)?.iter().position(|&e| e == symbol)
    }

    /// Finds a sort by name.
    pub fn find_sort(&self, name: &str) -> Option<SortId> {
        self.sort_names.get(name).copied()
    }

    /// Finds a symbol by name, number of arguments and role.
    pub fn find_symbol(&self, name: &str, arity: usize, predicate: bool) -> Option<SymbolId> {
        self.symbol_names
            .get(&(Arc::from(name), arity, predicate))
            .copied()
    }
}
