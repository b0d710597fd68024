//! Values as numbers, so that they are compared and hashed in one step.

use std::cmp::Ordering;
use std::rc::Rc;
use std::sync::Arc;

use nsolve_il::program::Value;
use rustc_hash::FxHashMap;

use super::NotCheckable;
use crate::{Refusal, spend};

/// A value, by number: equal values have equal numbers. Integers of 63 bits
/// are their own number, with a 1 behind it, so that going through an interval
/// takes no memory; all others stand in a table, with a 0 behind their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Id(u64);

impl Id {
    fn place(self) -> Option<usize> {
        (self.0 & 1 == 0).then_some((self.0 >> 1) as usize)
    }
}

/// What a new function costs: it takes memory.
const FUNCTION: u64 = 8;

/// A name, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Symbol(u32);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Node {
    Infimum,
    Int(i64),
    Constant(Symbol),
    Text(Symbol),
    Function(Symbol, Rc<[Id]>),
    Supremum,
}

/// How many bytes of a text are looked at in a step.
const TEXT: u64 = 64;

/// All values that were met.
pub(super) struct Values {
    nodes: Vec<Node>,
    depths: Vec<u32>,
    ids: FxHashMap<Node, Id>,
    names: Vec<Arc<str>>,
    symbols: FxHashMap<Arc<str>, Symbol>,
    /// How deep functions may nest.
    deepest: u32,
}

impl Values {
    pub(super) fn new(deepest: u32) -> Self {
        Values {
            nodes: Vec::new(),
            depths: Vec::new(),
            ids: FxHashMap::default(),
            names: Vec::new(),
            symbols: FxHashMap::default(),
            deepest,
        }
    }

    pub(super) fn symbol(&mut self, name: &Arc<str>) -> Symbol {
        if let Some(&symbol) = self.symbols.get(name) {
            return symbol;
        }
        let symbol = Symbol(self.names.len() as u32);
        self.names.push(name.clone());
        self.symbols.insert(name.clone(), symbol);
        symbol
    }

    fn put(&mut self, node: Node, depth: u32) -> Id {
        if let Some(&id) = self.ids.get(&node) {
            return id;
        }
        let id = Id((self.nodes.len() as u64) << 1);
        self.nodes.push(node.clone());
        self.depths.push(depth);
        self.ids.insert(node, id);
        id
    }

    pub(super) fn int(&mut self, n: i64) -> Id {
        let shifted = n.wrapping_shl(1);
        if shifted >> 1 == n {
            Id(shifted as u64 | 1)
        } else {
            self.put(Node::Int(n), 0)
        }
    }

    pub(super) fn infimum(&mut self) -> Id {
        self.put(Node::Infimum, 0)
    }

    pub(super) fn supremum(&mut self) -> Id {
        self.put(Node::Supremum, 0)
    }

    /// Makes a function of values; refuses one that nests too deep.
    pub(super) fn function(
        &mut self,
        name: Symbol,
        args: Vec<Id>,
        steps: &mut u64,
    ) -> Result<Id, Refusal> {
        let of = |id: &Id| {
            let depth = id.place().and_then(|i| self.depths.get(i));
            depth.copied().unwrap_or(0)
        };
        let depth = 1 + args.iter().map(of).max().unwrap_or(0);
        if depth > self.deepest {
            return Err(Refusal::Unchecked(NotCheckable::TooDeep));
        }
        let before = self.nodes.len();
        let id = self.put(Node::Function(name, args.into()), depth);
        if self.nodes.len() > before {
            spend(steps, FUNCTION)?;
        }
        Ok(id)
    }

    /// Takes in a value. Its parts may be shared, so that it is far larger than
    /// the memory it takes: each occurrence of a part is a step.
    pub(super) fn read(&mut self, value: &Value, steps: &mut u64) -> Result<Id, Refusal> {
        self.read_within(value, self.deepest, steps)
    }

    fn read_within(&mut self, value: &Value, room: u32, steps: &mut u64) -> Result<Id, Refusal> {
        spend(steps, 1)?;
        Ok(match value {
            Value::Infimum => self.infimum(),
            Value::Supremum => self.supremum(),
            Value::Int(n) => self.int(*n),
            Value::Constant(name) => {
                spend(steps, name.len() as u64 / TEXT)?;
                let symbol = self.symbol(name);
                self.put(Node::Constant(symbol), 0)
            }
            Value::Text(text) => {
                spend(steps, text.len() as u64 / TEXT)?;
                let symbol = self.symbol(text);
                self.put(Node::Text(symbol), 0)
            }
            Value::Function(name, args) => {
                spend(steps, name.len() as u64 / TEXT)?;
                let room = room
                    .checked_sub(1)
                    .ok_or(Refusal::Unchecked(NotCheckable::TooDeep))?;
                let mut ids = Vec::with_capacity(args.len());
                for arg in args.iter() {
                    ids.push(self.read_within(arg, room, steps)?);
                }
                let symbol = self.symbol(name);
                self.function(symbol, ids, steps)?
            }
        })
    }

    fn node(&self, id: Id) -> Option<&Node> {
        self.nodes.get(id.place()?)
    }

    /// The name and the arguments of a function.
    pub(super) fn as_function(&self, id: Id) -> Option<(Symbol, &Rc<[Id]>)> {
        match self.node(id) {
            Some(Node::Function(name, args)) => Some((*name, args)),
            _ => None,
        }
    }

    pub(super) fn as_int(&self, id: Id) -> Option<i64> {
        match (id.place(), self.node(id)) {
            (None, _) => Some(id.0 as i64 >> 1),
            (_, Some(Node::Int(n))) => Some(*n),
            _ => None,
        }
    }

    /// The place of its kind in the order of values.
    fn rank(&self, id: Id) -> u8 {
        match self.node(id) {
            Some(Node::Infimum) => 0,
            None | Some(Node::Int(_)) => 1,
            Some(Node::Constant(_)) => 2,
            Some(Node::Text(_)) => 3,
            Some(Node::Function(..)) => 4,
            Some(Node::Supremum) => 5,
        }
    }

    fn name(&self, symbol: Symbol) -> &str {
        self.names.get(symbol.0 as usize).map_or("", |n| n)
    }

    fn compare_names(&self, a: Symbol, b: Symbol, steps: &mut u64) -> Result<Ordering, Refusal> {
        let (a, b) = (self.name(a), self.name(b));
        spend(steps, a.len().min(b.len()) as u64 / TEXT)?;
        Ok(a.cmp(b))
    }

    /// The total order of values. Equal arguments are equal numbers, so only
    /// the first two that differ are looked into: no recursion.
    pub(super) fn compare(&self, a: Id, b: Id, steps: &mut u64) -> Result<Ordering, Refusal> {
        let (mut a, mut b) = (a, b);
        loop {
            if a == b {
                return Ok(Ordering::Equal);
            }
            if let (Some(m), Some(n)) = (self.as_int(a), self.as_int(b)) {
                return Ok(m.cmp(&n));
            }
            let (Some(x), Some(y)) = (self.node(a), self.node(b)) else {
                return Ok(self.rank(a).cmp(&self.rank(b)));
            };
            match (x, y) {
                (Node::Constant(m), Node::Constant(n)) | (Node::Text(m), Node::Text(n)) => {
                    return self.compare_names(*m, *n, steps);
                }
                (Node::Function(f, xs), Node::Function(g, ys)) => {
                    let mut order = xs.len().cmp(&ys.len());
                    if order.is_eq() && f != g {
                        order = self.compare_names(*f, *g, steps)?;
                    }
                    if order.is_ne() {
                        return Ok(order);
                    }
                    spend(steps, 1 + xs.len() as u64 / 8)?;
                    match xs.iter().zip(ys.iter()).find(|(x, y)| x != y) {
                        Some((&x, &y)) => (a, b) = (x, y),
                        None => return Ok(Ordering::Equal),
                    }
                }
                _ => return Ok(self.rank(a).cmp(&self.rank(b))),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ordered_as_values_are() {
        let texts = [
            "#inf",
            "-9",
            "3",
            "a",
            "b",
            "ab",
            "\"a\"",
            "\"\"",
            "f(a)",
            "g(a)",
            "f(b)",
            "f(1,2)",
            "f(1,g(2))",
            "f(1,g(1))",
            "(1,2)",
            "[a,b]",
            "[a,b,c]",
            "[]",
            "f(f(f(a)))",
            "#sup",
        ];
        let values: Vec<Value> = texts.iter().map(|t| t.parse().unwrap()).collect();
        let mut table = Values::new(100);
        let mut steps = 10_000;
        let ids: Vec<Id> = values
            .iter()
            .map(|v| table.read(v, &mut steps).unwrap())
            .collect();
        for (x, i) in values.iter().zip(&ids) {
            for (y, j) in values.iter().zip(&ids) {
                assert_eq!(table.compare(*i, *j, &mut steps), Ok(x.cmp(y)), "{x} {y}");
                assert_eq!(i == j, x == y, "{x} {y}");
            }
        }
    }

    #[test]
    fn a_value_that_shares_its_parts_costs_what_it_would_unfolded() {
        let mut value = Value::Int(0);
        for _ in 0..90 {
            value = Value::Function("f".into(), vec![value.clone(), value].into());
        }
        let mut steps = 10_000;
        let read = Values::new(100).read(&value, &mut steps);
        assert_eq!(read, Err(Refusal::Limit));
    }

    #[test]
    fn what_nests_too_deep_is_refused() {
        let value: Value = "f(f(f(a)))".parse().unwrap();
        let too_deep = Err(Refusal::Unchecked(NotCheckable::TooDeep));
        assert_eq!(Values::new(2).read(&value, &mut 100), too_deep);
        assert!(Values::new(3).read(&value, &mut 100).is_ok());
    }
}
