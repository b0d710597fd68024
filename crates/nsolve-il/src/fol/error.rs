use super::{SortId, SymbolId};

/// Why a term or declaration is not well-formed.
///
/// The elaborator turns these into diagnostics, with spans and names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SortError {
    /// A term of another sort was wanted.
    #[error("a term of sort {expected:?} is wanted, this one has sort {found:?}")]
    Mismatch {
        /// The sort that is wanted.
        expected: SortId,
        /// The sort that is there.
        found: SortId,
        /// Which argument, from 0.
        position: usize,
    },
    /// A number was wanted.
    #[error("a number is wanted, this is a term of sort {found:?}")]
    NotNumeric {
        /// The sort that is there.
        found: SortId,
        /// Which argument, from 0.
        position: usize,
    },
    /// The wrong number of arguments.
    #[error("symbol {symbol:?} takes {expected} arguments, here are {found}")]
    Arity {
        /// The symbol that is applied.
        symbol: SymbolId,
        /// How many it takes.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A connective or operation with the wrong number of operands.
    #[error("the operation does not take {found} operands")]
    Operands {
        /// How many there are.
        found: usize,
    },
    /// A quantifier that binds nothing, or a counting one that binds several.
    #[error("a quantifier of this kind does not bind {found} variables")]
    Binder {
        /// How many variables there are.
        found: usize,
    },
    /// A variable that another quantifier binds already, or one twice.
    #[error("each quantifier needs variables of its own")]
    Rebound,
    /// A name that is declared already, in the same role.
    #[error("`{name}` is declared already")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// Truth values cannot be arguments, be equated, or be quantified over.
    #[error("truth values cannot stand here")]
    Bool,
    /// An integer operation on reals.
    #[error("the operation is for integers only")]
    IntegerOnly,
    /// A number that is not whole where an integer is wanted.
    #[error("an integer is wanted")]
    NotWhole,
}
