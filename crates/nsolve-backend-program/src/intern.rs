//! Values as 32-bit numbers. Equal values have equal numbers.

use std::cmp::Ordering;
use std::sync::Arc;

use nsolve_il::program::Value;
use rustc_hash::FxHashMap;

use crate::table::{Table, at, hash};

/// The number of a value. Integers of 31 bits are their own number, with the
/// top bit set, in their order; others are positions of a node.
pub(crate) type Id = u32;

/// The number of a name.
pub(crate) type Name = u32;

const SMALL: u32 = 1 << 31;
const BIAS: i64 = 1 << 30;

/// The number of an integer, where it is its own.
#[inline]
fn small(n: i64) -> Option<Id> {
    (-BIAS..BIAS)
        .contains(&n)
        .then(|| SMALL | (n + BIAS) as u32)
}

#[derive(Clone, Copy, Debug, Default)]
enum Node {
    #[default]
    Infimum,
    Int(i64),
    Constant(Name),
    Text(Name),
    Function {
        name: Name,
        /// Where its arguments start.
        start: u32,
        arity: u32,
        depth: u32,
    },
    Supremum,
}

impl Node {
    fn rank(self) -> u8 {
        match self {
            Node::Infimum => 0,
            Node::Int(_) => 1,
            Node::Constant(_) => 2,
            Node::Text(_) => 3,
            Node::Function { .. } => 4,
            Node::Supremum => 5,
        }
    }
}

/// All values that occurred.
#[derive(Debug)]
pub(crate) struct Values {
    nodes: Vec<Node>,
    table: Table,
    arguments: Vec<Id>,
    names: Vec<Arc<str>>,
    name_numbers: FxHashMap<Arc<str>, Name>,
    /// Values as they are handed out, made once.
    made: Vec<Option<Value>>,
    deepest: u32,
    /// Whether a term was not made because it would have been too deep.
    pub(crate) deep: bool,
    /// Whether a result did not fit into 64 bits.
    pub(crate) overflow: bool,
}

impl Values {
    /// No values, and none will be deeper than this.
    pub(crate) fn new(deepest: u32) -> Self {
        Values {
            nodes: Vec::new(),
            table: Table::default(),
            arguments: Vec::new(),
            names: Vec::new(),
            name_numbers: FxHashMap::default(),
            made: Vec::new(),
            deepest,
            deep: false,
            overflow: false,
        }
    }

    /// The number of a name.
    pub(crate) fn name(&mut self, name: &Arc<str>) -> Name {
        if let Some(&known) = self.name_numbers.get(name) {
            return known;
        }
        let number = self.names.len() as Name;
        self.names.push(name.clone());
        self.name_numbers.insert(name.clone(), number);
        number
    }

    /// The number of an integer.
    #[inline]
    pub(crate) fn int(&mut self, n: i64) -> Id {
        match small(n) {
            Some(id) => id,
            None => self.plain(Node::Int(n), &[1, n as u32, (n >> 32) as u32]),
        }
    }

    /// The integer that a value is.
    #[inline]
    pub(crate) fn as_int(&self, id: Id) -> Option<i64> {
        if id & SMALL != 0 {
            return Some(i64::from(id & !SMALL) - BIAS);
        }
        match self.node(id) {
            Node::Int(n) => Some(n),
            _ => None,
        }
    }

    /// A function of values; `None`, with a note, where it would be too deep.
    pub(crate) fn function(&mut self, name: Name, arguments: &[Id]) -> Option<Id> {
        let depth = arguments.iter().map(|&a| self.depth(a)).max().unwrap_or(0) + 1;
        if depth > self.deepest {
            self.deep = true;
            return None;
        }
        let mut h = hash(arguments) ^ name.wrapping_mul(0x9E37_79B1);
        h = hash(&[4, h, arguments.len() as u32]);
        let new = self.nodes.len() as u32;
        let (nodes, pool) = (&self.nodes, &self.arguments);
        let known = self.table.find_or_insert(h, new, |i| {
            matches!(at(nodes, i as usize), Node::Function { name: n, start, arity, .. }
                if n == name && pool.get(start as usize..(start + arity) as usize) == Some(arguments))
        });
        if known.is_none() {
            let start = self.arguments.len() as u32;
            self.arguments.extend_from_slice(arguments);
            self.nodes.push(Node::Function {
                name,
                start,
                arity: arguments.len() as u32,
                depth,
            });
        }
        Some(known.unwrap_or(new))
    }

    /// The arguments of a function with this name and arity.
    pub(crate) fn arguments(&self, id: Id, name: Name, arity: usize) -> Option<&[Id]> {
        if id & SMALL != 0 {
            return None;
        }
        match self.node(id) {
            Node::Function {
                name: n,
                start,
                arity: a,
                ..
            } if n == name && a as usize == arity => {
                self.arguments.get(start as usize..(start + a) as usize)
            }
            _ => None,
        }
    }

    fn depth(&self, id: Id) -> u32 {
        if id & SMALL != 0 {
            return 0;
        }
        match self.node(id) {
            Node::Function { depth, .. } => depth,
            _ => 0,
        }
    }

    fn node(&self, id: Id) -> Node {
        at(&self.nodes, id as usize)
    }

    fn plain(&mut self, node: Node, key: &[u32]) -> Id {
        let new = self.nodes.len() as u32;
        let nodes = &self.nodes;
        let known =
            self.table
                .find_or_insert(hash(key), new, |i| match (at(nodes, i as usize), node) {
                    (Node::Int(a), Node::Int(b)) => a == b,
                    (Node::Constant(a), Node::Constant(b)) | (Node::Text(a), Node::Text(b)) => {
                        a == b
                    }
                    (Node::Infimum, Node::Infimum) | (Node::Supremum, Node::Supremum) => true,
                    _ => false,
                });
        if known.is_none() {
            self.nodes.push(node);
        }
        known.unwrap_or(new)
    }

    /// The number of `#inf`.
    pub(crate) fn infimum(&mut self) -> Id {
        self.plain(Node::Infimum, &[0])
    }

    /// The number of `#sup`.
    pub(crate) fn supremum(&mut self) -> Id {
        self.plain(Node::Supremum, &[5])
    }

    /// The number of a value; `None`, with a note, where it is too deep.
    pub(crate) fn intern(&mut self, value: &Value) -> Option<Id> {
        Some(match value {
            Value::Infimum => self.infimum(),
            Value::Supremum => self.supremum(),
            Value::Int(n) => self.int(*n),
            Value::Constant(name) => {
                let name = self.name(name);
                self.plain(Node::Constant(name), &[2, name])
            }
            Value::Text(text) => {
                let text = self.name(text);
                self.plain(Node::Text(text), &[3, text])
            }
            Value::Function(name, arguments) => {
                let name = self.name(name);
                let ids: Option<Vec<Id>> = arguments.iter().map(|a| self.intern(a)).collect();
                self.function(name, &ids?)?
            }
        })
    }

    /// The value of a number.
    pub(crate) fn value(&mut self, id: Id) -> Value {
        if let Some(n) = (id & SMALL != 0).then(|| self.as_int(id)).flatten() {
            return Value::Int(n);
        }
        if let Some(Some(made)) = self.made.get(id as usize) {
            return made.clone();
        }
        let name = |n: Name| self.names.get(n as usize).cloned().unwrap_or_default();
        let value = match self.node(id) {
            Node::Infimum => Value::Infimum,
            Node::Supremum => Value::Supremum,
            Node::Int(n) => Value::Int(n),
            Node::Constant(n) => Value::Constant(name(n)),
            Node::Text(n) => Value::Text(name(n)),
            Node::Function {
                name: n,
                start,
                arity,
                ..
            } => {
                let name = name(n);
                let ids: Vec<Id> = (start..start + arity)
                    .map(|i| at(&self.arguments, i as usize))
                    .collect();
                Value::Function(name, ids.into_iter().map(|a| self.value(a)).collect())
            }
        };
        if self.made.len() <= id as usize {
            self.made.resize(self.nodes.len(), None);
        }
        crate::table::put(&mut self.made, id as usize, Some(value.clone()));
        value
    }

    /// The order of [`Value`].
    pub(crate) fn compare(&self, mut a: Id, mut b: Id) -> Ordering {
        loop {
            if a == b {
                return Ordering::Equal;
            }
            if a & b & SMALL != 0 {
                return a.cmp(&b);
            }
            if let (Some(x), Some(y)) = (self.as_int(a), self.as_int(b)) {
                return x.cmp(&y);
            }
            let rank = |id: Id| {
                if id & SMALL != 0 {
                    1
                } else {
                    self.node(id).rank()
                }
            };
            if rank(a) != rank(b) {
                return rank(a).cmp(&rank(b));
            }
            let text = |n: Name| self.names.get(n as usize);
            match (self.node(a), self.node(b)) {
                (Node::Constant(x), Node::Constant(y)) | (Node::Text(x), Node::Text(y)) => {
                    return text(x).cmp(&text(y));
                }
                (
                    Node::Function {
                        name: f,
                        start: i,
                        arity: m,
                        ..
                    },
                    Node::Function {
                        name: g,
                        start: j,
                        arity: n,
                        ..
                    },
                ) => {
                    if m != n || f != g {
                        return m.cmp(&n).then_with(|| text(f).cmp(&text(g)));
                    }
                    // Equal values have equal numbers, so the first arguments
                    // that differ decide.
                    let argument = |start: u32, k: u32| at(&self.arguments, (start + k) as usize);
                    let differ = (0..m).find(|&k| argument(i, k) != argument(j, k));
                    let Some(k) = differ else {
                        return Ordering::Equal;
                    };
                    (a, b) = (argument(i, k), argument(j, k));
                }
                _ => return Ordering::Equal,
            }
        }
    }

    /// How many bytes it takes.
    pub(crate) fn bytes(&self) -> u64 {
        let nodes = self.nodes.capacity() * size_of::<Node>();
        let made = self.made.capacity() * (size_of::<Option<Value>>() + 32);
        self.table.bytes() + (nodes + made + self.arguments.capacity() * 4) as u64
    }
}
