use std::collections::BTreeMap;
use std::sync::Arc;

use super::{SortId, SymbolId};
use crate::Rational;

/// A thing in a model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// A truth value.
    Bool(bool),
    /// The element at this position of its sort's domain. For an enumerated
    /// sort that is the position in the list of its elements.
    Element(u32),
    /// A number of sort `Int` or `Real`.
    Number(Rational),
}

/// What a symbol means in a model: a finite map with a default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The value for all arguments that are not listed.
    pub default: Value,
    /// The listed values, by arguments.
    pub entries: BTreeMap<Box<[Value]>, Value>,
}

impl Table {
    /// A table that has one value everywhere.
    pub fn constant(default: Value) -> Self {
        Table {
            default,
            entries: BTreeMap::new(),
        }
    }

    /// The value at these arguments.
    pub fn at(&self, arguments: &[Value]) -> &Value {
        self.entries.get(arguments).unwrap_or(&self.default)
    }
}

/// A finite structure: a domain for each sort, a table for each symbol.
///
/// Enumerated sorts have exactly their elements as domain and each element
/// constant means itself; neither stands in a model. `Int` and `Real` are the
/// numbers themselves.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Model {
    /// For each uninterpreted sort the names of its elements; at least one.
    pub domains: BTreeMap<SortId, Vec<Arc<str>>>,
    /// For each symbol that the query uses what it means.
    pub tables: BTreeMap<SymbolId, Table>,
}
