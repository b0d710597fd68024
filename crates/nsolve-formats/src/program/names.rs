//! Names of a program's parts in a foreign format.
//!
//! INVARIANT: different predicates of one arity, and different constants,
//! functions and texts, never get one name, whatever the user called them.

use std::collections::BTreeSet;
use std::sync::Arc;

use nsolve_il::program::{
    AggregateFunction, Comparison, Goal, Literal, Meaning, PredicateId, Problem, Rule, Term, Value,
};
use rustc_hash::FxHashMap;

use crate::names::Table;

/// What stands in a program and its query besides predicates.
#[derive(Default)]
pub(super) struct Words {
    /// Names of constants and functions, ascending.
    pub(super) names: BTreeSet<Arc<str>>,
    /// Names of functions with their numbers of arguments.
    pub(super) functions: BTreeSet<(usize, Arc<str>)>,
    /// Texts, ascending.
    pub(super) texts: BTreeSet<Arc<str>>,
    /// Whether the order among values decides anything.
    pub(super) ordered: bool,
    /// The integers that are furthest from 0.
    pub(super) least: i64,
    pub(super) most: i64,
    /// Whether `#inf` or `#sup` is written.
    pub(super) bounds: bool,
    /// Whether a constant has the empty name, which is that of tuples.
    pub(super) nameless: bool,
}

impl Words {
    pub(super) fn of<'a>(
        rules: impl IntoIterator<Item = &'a Rule>,
        goals: impl IntoIterator<Item = &'a Goal>,
    ) -> Self {
        let mut words = Words::default();
        for rule in rules {
            rule.each_term(&mut |t| words.see_term(t));
            rule.each_literal(&mut |l| words.see_literal(l));
        }
        for goal in goals {
            for literal in &goal.body {
                literal.each_term(&mut |t| words.see_term(t));
                words.see_literal(literal);
            }
        }
        words
    }

    /// Whether clingo orders what is written as it stands as we do: no name
    /// needs another, and functions of one arity have names of one length.
    pub(super) fn keep_their_order(&self, is_text: impl Fn(&str) -> bool) -> bool {
        let plain = self.names.iter().all(|n| is_plain(n) || n.is_empty());
        let lengths = || self.functions.iter().map(|(arity, f)| (*arity, f.len()));
        let alike = lengths()
            .zip(lengths().skip(1))
            .all(|((a, n), (b, m))| a != b || n == m);
        plain && alike && self.texts.iter().all(|t| is_text(t))
    }

    fn see_literal(&mut self, literal: &Literal) {
        self.ordered |= match literal {
            Literal::Compare(c, ..) => !matches!(c, Comparison::Equal | Comparison::NotEqual),
            Literal::Aggregate(_, a) => {
                matches!(a.function, AggregateFunction::Min | AggregateFunction::Max)
            }
            _ => false,
        };
    }

    fn see_term(&mut self, term: &Term) {
        match term {
            Term::Value(value) => self.see_value(value),
            Term::Function(name, args) => self.see_function(name, args.len()),
            Term::Variable(_) | Term::Arithmetic(..) => {}
        }
    }

    fn see_function(&mut self, name: &Arc<str>, arity: usize) {
        self.names.insert(name.clone());
        self.functions.insert((arity, name.clone()));
    }

    fn see_value(&mut self, value: &Value) {
        match value {
            Value::Infimum | Value::Supremum => self.bounds = true,
            Value::Int(n) => {
                self.least = self.least.min(*n);
                self.most = self.most.max(*n);
            }
            Value::Constant(name) => {
                self.nameless |= name.is_empty();
                self.names.insert(name.clone());
            }
            Value::Text(text) => {
                self.texts.insert(text.clone());
            }
            Value::Function(name, args) => {
                self.see_function(name, args.len());
                args.iter().for_each(|arg| self.see_value(arg));
            }
        }
    }
}

/// Names with their way back.
#[derive(Clone, Debug, Default)]
pub(super) struct TwoWay {
    to: FxHashMap<Arc<str>, Arc<str>>,
    back: FxHashMap<Arc<str>, Arc<str>>,
}

impl TwoWay {
    /// Keeps the names that may stay, and finds others for the rest.
    pub(super) fn new<'a>(
        names: impl IntoIterator<Item = &'a Arc<str>> + Clone,
        may_stay: impl Fn(&str) -> bool,
        other: impl Fn(&str) -> String,
    ) -> Self {
        let mut table = Table::default();
        let mut out = TwoWay::default();
        for name in names.clone().into_iter().filter(|n| may_stay(n)) {
            out.put(name, table.take(name.to_string()));
        }
        for name in names.into_iter().filter(|n| !may_stay(n)) {
            out.put(name, table.take(other(name)));
        }
        out
    }

    /// Names all by their position, so that their order, and that by length and
    /// then by letter, is the order in which they come.
    pub(super) fn ranked<'a>(names: impl IntoIterator<Item = &'a Arc<str>>, letter: char) -> Self {
        let names: Vec<_> = names.into_iter().collect();
        let width = names.len().to_string().len();
        let mut out = TwoWay::default();
        for (i, name) in names.into_iter().enumerate() {
            out.put(name, format!("{letter}{i:0width$}"));
        }
        out
    }

    fn put(&mut self, name: &Arc<str>, written: String) {
        let written: Arc<str> = written.into();
        self.to.insert(name.clone(), written.clone());
        self.back.insert(written, name.clone());
    }

    pub(super) fn written(&self, name: &str) -> &str {
        // Whoever makes a table goes through all names first.
        self.to.get(name).map_or("", |w| w)
    }

    pub(super) fn meant(&self, written: &str) -> Option<&Arc<str>> {
        self.back.get(written)
    }
}

/// Predicates' names.
#[derive(Clone, Debug)]
pub(super) struct PredicateNames {
    names: Vec<Arc<str>>,
    back: FxHashMap<(Arc<str>, usize, bool), PredicateId>,
    /// A name that no predicate has.
    pub(super) free: Arc<str>,
}

impl PredicateNames {
    /// Names all predicates. `minus` tells whether stated negation is written
    /// `-p`; otherwise `-p` gets a name of its own.
    pub(super) fn new(
        problem: &Problem,
        minus: bool,
        may_stay: impl Fn(&str) -> bool,
        other: impl Fn(&str) -> String,
        free: &str,
    ) -> Self {
        let of = |denied: bool| {
            let those = problem
                .predicates
                .iter()
                .filter(move |p| p.denied == denied);
            those.map(|p| &p.name).collect::<BTreeSet<_>>()
        };
        let mut table = Table::default();
        let mut taken: FxHashMap<(bool, Arc<str>), Arc<str>> = FxHashMap::default();
        let mut plain = of(false);
        if minus {
            plain.append(&mut of(true));
        }
        for stays in [true, false] {
            for name in plain.iter().filter(|n| may_stay(n) == stays) {
                let base = if stays { name.to_string() } else { other(name) };
                taken.insert((false, (*name).clone()), table.take(base).into());
            }
        }
        if !minus {
            for name in of(true) {
                let base = format!("neg_{}", clean(name));
                taken.insert((true, name.clone()), table.take(base).into());
            }
        }
        let mut out = PredicateNames {
            names: Vec::new(),
            back: FxHashMap::default(),
            free: table.take(free.to_owned()).into(),
        };
        for (i, p) in problem.predicates.iter().enumerate() {
            let name = taken.get(&(p.denied && !minus, p.name.clone()));
            let name = name.cloned().unwrap_or_else(|| "".into());
            out.names.push(name.clone());
            let key = (name, p.arity as usize, p.denied && minus);
            out.back.insert(key, PredicateId(i as u32));
        }
        out
    }

    pub(super) fn written(&self, id: PredicateId) -> &str {
        self.names.get(id.index()).map_or("", |n| n)
    }

    pub(super) fn meant(&self, name: &str, arity: usize, minus: bool) -> Option<PredicateId> {
        self.back.get(&(name.into(), arity, minus)).copied()
    }
}

/// Whether program or format use one sign for `-p` and for the predicate.
pub(super) fn writes_minus(problem: &Problem) -> bool {
    problem.meaning == Meaning::StableModels
}

/// Letters, digits and `_` of a name, not too many.
pub(super) fn clean(name: &str) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    name.chars().take(40).map(keep).collect()
}

/// Whether all systems take this for a name: a small letter, then letters,
/// digits and `_`.
pub(super) fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name != "not"
}

/// Names for a rule's variables: letters, digits and `_`, with a capital first,
/// each once.
pub(super) struct Variables {
    names: Vec<String>,
    table: Table,
}

impl Variables {
    pub(super) fn new(names: &[Arc<str>]) -> Self {
        let mut table = Table::default();
        let names = names.iter().map(|name| {
            let mut base = clean(name);
            if !base.starts_with(|c: char| c.is_ascii_uppercase()) {
                base.insert(0, 'V');
            }
            table.take(base)
        });
        let names = names.collect();
        Variables { names, table }
    }

    pub(super) fn name(&self, v: nsolve_il::program::VarId) -> &str {
        self.names.get(v.index()).map_or("_", String::as_str)
    }

    /// A variable that the rule does not have.
    pub(super) fn fresh(&mut self) -> String {
        self.table.take("Z".to_owned())
    }
}
