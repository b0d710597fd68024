//! The predicates, things and functions that a story speaks of.

use nsolve_source::Span;
use nsolve_syntax::fol::{Declaration, Ident, Item, ItemKind, SortSpec};
use rustc_hash::{FxHashMap, FxHashSet};

/// What kind of symbol a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    /// What a thing is.
    Property,
    /// What a thing does; the noun `fly` is not the verb.
    Deed,
    Function,
}

/// A symbol that was used.
#[derive(Clone, Debug)]
struct Symbol {
    name: String,
    kind: Kind,
    arity: usize,
    meaning: String,
    is_number: bool,
}

/// How a verb is used: its words, and which places it has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Frame {
    pub(crate) verb: String,
    pub(crate) adverbs: Vec<String>,
    pub(crate) has_object: bool,
    pub(crate) prepositions: Vec<String>,
}

/// Values in the order in which they came, each once.
#[derive(Debug)]
pub(crate) struct OrderedSet<T> {
    list: Vec<T>,
    seen: FxHashSet<T>,
}

impl<T> Default for OrderedSet<T> {
    fn default() -> Self {
        OrderedSet {
            list: Vec::new(),
            seen: FxHashSet::default(),
        }
    }
}

impl<T: Clone + Eq + std::hash::Hash> OrderedSet<T> {
    pub(crate) fn insert(&mut self, value: T) {
        if self.seen.insert(value.clone()) {
            self.list.push(value);
        }
    }

    pub(crate) fn list(&self) -> &[T] {
        &self.list
    }
}

/// All symbols of a story, in the order of their first use.
#[derive(Debug, Default)]
pub(crate) struct Symbols {
    found: FxHashMap<(String, usize, Kind), usize>,
    /// Names that are used, each with its symbol.
    taken: FxHashMap<String, usize>,
    list: Vec<Symbol>,
    /// Names of things: these are all different.
    pub(crate) names: OrderedSet<String>,
    pub(crate) uses_equality: bool,
    /// Things told by a description, with the noun.
    pub(crate) described: OrderedSet<(String, String)>,
    /// Verbs as they are used, with the name of the predicate.
    pub(crate) frames: OrderedSet<(Frame, String)>,
    /// Predicates that are orders.
    pub(crate) orders: OrderedSet<String>,
    /// Functions that give places.
    pub(crate) places: OrderedSet<String>,
    /// Nouns of several words with the last one.
    pub(crate) compounds: OrderedSet<(String, String)>,
}

impl Symbols {
    /// The name of a predicate that says what things are. It is declared if it
    /// is new.
    pub(crate) fn property(&mut self, key: &str, arity: usize, meaning: &str) -> String {
        self.symbol(key, arity, Kind::Property, meaning)
    }

    /// The name of a predicate that says what things do.
    pub(crate) fn deed(&mut self, key: &str, arity: usize, meaning: &str) -> String {
        self.symbol(key, arity, Kind::Deed, meaning)
    }

    /// The name of a thing, or of a function of things.
    pub(crate) fn thing(&mut self, key: &str, arity: usize, meaning: &str) -> String {
        self.symbol(key, arity, Kind::Function, meaning)
    }

    /// The name of a thing that was named by this key.
    pub(crate) fn thing_of(&self, key: &str) -> Option<&String> {
        let at = self
            .found
            .get(&(key.replace('-', " "), 0, Kind::Function))?;
        self.list.get(*at).map(|s| &s.name)
    }

    /// The predicate of a property, if it is used.
    pub(crate) fn has_property(&self, key: &str, arity: usize) -> Option<&str> {
        let at = self
            .found
            .get(&(key.replace('-', " "), arity, Kind::Property))?;
        self.list.get(*at).map(|s| s.name.as_str())
    }

    fn symbol(&mut self, key: &str, arity: usize, kind: Kind, meaning: &str) -> String {
        // `well-paid` is `well paid`.
        let full = (key.replace('-', " "), arity, kind);
        if let Some(symbol) = self.found.get(&full).and_then(|at| self.list.get(*at)) {
            return symbol.name.clone();
        }
        let mut name = identifier(key);
        let wanted = name.clone();
        let mut number = 2;
        while self.taken.contains_key(&name) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        self.taken.insert(name.clone(), self.list.len());
        self.found.insert(full, self.list.len());
        self.list.push(Symbol {
            name: name.clone(),
            kind,
            arity,
            meaning: meaning.to_owned(),
            is_number: false,
        });
        name
    }

    /// Predicates of what can be so, with the predicate that it is so and the
    /// number of places.
    pub(crate) fn abilities(&self) -> Vec<(String, String, usize)> {
        let mut out: Vec<(String, String, usize)> = Vec::new();
        for ((key, arity, kind), at) in &self.found {
            let plain = match kind {
                Kind::Property => key.strip_prefix("can_be_").or(key.strip_prefix("may_be_")),
                Kind::Deed => key.strip_prefix("can ").or(key.strip_prefix("may ")),
                Kind::Function => None,
            };
            let known = plain.and_then(|p| self.found.get(&(p.to_owned(), *arity, *kind)));
            if let (Some(able), Some(plain)) =
                (self.list.get(*at), known.and_then(|p| self.list.get(*p)))
            {
                out.push((able.name.clone(), plain.name.clone(), *arity));
            }
        }
        // The map has no order of its own.
        out.sort();
        out
    }

    /// Says that a function gives numbers.
    pub(crate) fn set_number(&mut self, name: &str) {
        let found = self.taken.get(name).and_then(|at| self.list.get_mut(*at));
        if let Some(symbol) = found {
            symbol.is_number = true;
        }
    }

    /// How a symbol is said.
    pub(crate) fn meaning(&self, name: &str) -> Option<&str> {
        let at = self.taken.get(name)?;
        self.list.get(*at).map(|s| s.meaning.as_str())
    }

    /// The names of all things that are no functions.
    pub(crate) fn things(&self) -> impl Iterator<Item = &str> {
        let things = self.list.iter();
        things
            .filter(|s| s.kind == Kind::Function && s.arity == 0)
            .map(|s| s.name.as_str())
    }

    /// Declarations of all symbols.
    pub(crate) fn declarations(&self, span: Span) -> Vec<Item> {
        let ident = |name: &str| Ident {
            name: name.to_owned(),
            span,
        };
        let item = |symbol: &Symbol| {
            let result = match (symbol.kind, symbol.is_number) {
                (Kind::Property | Kind::Deed, _) => None,
                (Kind::Function, true) => Some(SortSpec::Named(ident("Int"))),
                (Kind::Function, false) => Some(SortSpec::Open(span)),
            };
            let declaration = Declaration::Symbol {
                name: ident(&symbol.name),
                arguments: vec![SortSpec::Open(span); symbol.arity],
                result,
                meaning: Some(symbol.meaning.clone()),
            };
            Item {
                kind: ItemKind::Declaration(declaration),
                span,
            }
        };
        self.list.iter().map(item).collect()
    }
}

/// A name that the native language can print without quotes.
fn identifier(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    for c in key.chars() {
        match c {
            c if c.is_alphanumeric() || c == '_' => out.push(c),
            '\'' | '.' | '"' => {}
            _ if out.ends_with('_') => {}
            _ => out.push('_'),
        }
    }
    let out = out.trim_matches('_').to_owned();
    match out.chars().next() {
        Some(c) if c.is_alphabetic() => out,
        Some(_) => format!("n{out}"),
        None => "it".to_owned(),
    }
}
