//! Names of a problem's parts in a foreign format.
//!
//! INVARIANT: two different sorts, symbols or bound variables that could be
//! taken for each other never get one name, whatever the user called them. What
//! is written comes from these tables only.

use nsolve_il::FeatureSet;
use nsolve_il::fol::{
    Features, Problem, Question, Semantics, SortId, SymbolId, Term, TermId, VarId, features,
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::FormatError;

/// Hands out names, each once.
#[derive(Default)]
pub(crate) struct Table {
    used: FxHashSet<String>,
    next: FxHashMap<String, u32>,
}

impl Table {
    pub(crate) fn reserving(words: &[&str]) -> Self {
        Table {
            used: words.iter().map(|w| (*w).to_owned()).collect(),
            next: FxHashMap::default(),
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.used.contains(name)
    }

    /// The name itself where it is free, else the name with the first number
    /// that makes it free.
    pub(crate) fn take(&mut self, base: String) -> String {
        let mut name = base.clone();
        while !self.used.insert(name.clone()) {
            let n = self.next.entry(base.clone()).or_insert(1);
            *n += 1;
            name = format!("{base}_{n}");
        }
        name
    }
}

/// The names of all sorts and symbols.
pub(crate) struct Names {
    sorts: Vec<String>,
    symbols: Vec<String>,
    pub(crate) table: Table,
}

impl Names {
    /// Names everything; `clean_symbol` gets a name and whether it is a
    /// constant or proposition, and makes something that the format can write.
    pub(crate) fn new(
        problem: &Problem,
        reserved: &[&str],
        clean: impl Fn(&str) -> String,
        clean_symbol: impl Fn(&str, bool) -> String,
    ) -> Self {
        let mut table = Table::reserving(reserved);
        let signature = &problem.signature;
        let sorts = signature.sorts().iter();
        let sorts = sorts
            .enumerate()
            .map(|(i, sort)| match i {
                0..=2 => sort.name.to_string(),
                _ => table.take(clean(&sort.name)),
            })
            .collect();
        let symbols = signature
            .symbols()
            .iter()
            .map(|s| table.take(clean_symbol(&s.name, s.arguments.is_empty())))
            .collect();
        Names {
            sorts,
            symbols,
            table,
        }
    }

    pub(crate) fn sort(&self, id: SortId) -> &str {
        self.sorts.get(id.index()).map_or("", String::as_str)
    }

    pub(crate) fn symbol(&self, id: SymbolId) -> &str {
        self.symbols.get(id.index()).map_or("", String::as_str)
    }
}

/// The names of the variables that are bound around some place.
#[derive(Default)]
pub(crate) struct Scope {
    bound: Vec<(VarId, String)>,
    active: FxHashSet<String>,
    next: FxHashMap<String, u32>,
}

impl Scope {
    /// Binds a variable under a name that is neither bound nor in `taken`.
    pub(crate) fn bind(&mut self, var: VarId, base: String, taken: &Table) -> String {
        if self.bound.is_empty() {
            self.next.clear();
        }
        let mut name = base.clone();
        while taken.has(&name) || self.active.contains(&name) {
            let n = self.next.entry(base.clone()).or_insert(0);
            *n += 1;
            name = format!("{base}{n}");
        }
        self.active.insert(name.clone());
        self.bound.push((var, name.clone()));
        name
    }

    /// Forgets the last `count` variables.
    pub(crate) fn release(&mut self, count: usize) {
        let keep = self.bound.len().saturating_sub(count);
        for (_, name) in self.bound.drain(keep..) {
            self.active.remove(&name);
        }
    }

    pub(crate) fn name(&self, var: VarId) -> &str {
        let found = self.bound.iter().rev().find(|(v, _)| *v == var);
        found.map_or("?", |(_, name)| name)
    }
}

/// The most terms that `distinct` may have where it must be spelt out in
/// pairs.
const MAX_PAIRS_OF: usize = 200;

/// Refuses what a format has no words for.
pub(crate) fn check_supported(
    problem: &Problem,
    format: &'static str,
    supported: Features,
    pairs: bool,
) -> Result<(), FormatError> {
    let missing = features(problem).minus(supported);
    let mut out: Vec<String> = missing.names().into_iter().map(str::to_owned).collect();
    if matches!(problem.question, Question::Options { .. }) {
        out.push("lettered options".into());
    }
    if matches!(problem.question, Question::Extremum(_)) {
        out.push("a least or greatest value".into());
    }
    if problem.semantics == Semantics::Rules {
        out.push("the semantics of rules".into());
    }
    if pairs && has_long_distinct(problem) {
        out.push(format!("`distinct` of more than {MAX_PAIRS_OF} terms"));
    }
    if out.is_empty() {
        return Ok(());
    }
    Err(FormatError::Unsupported {
        format,
        features: out,
    })
}

fn has_long_distinct(problem: &Problem) -> bool {
    let mut found = false;
    for root in problem.formulas() {
        problem.terms.visit(root, |_, term| {
            found |= matches!(term, Term::Distinct(ts) if ts.len() > MAX_PAIRS_OF);
        });
    }
    found
}

/// All pairs of different positions, in order.
pub(crate) fn pairs(ts: &[TermId]) -> impl Iterator<Item = (TermId, TermId)> + '_ {
    let rest = |i: usize| ts.get(i + 1..).unwrap_or_default();
    ts.iter()
        .enumerate()
        .flat_map(move |(i, &a)| rest(i).iter().map(move |&b| (a, b)))
}

/// A sentence as one line of a comment. Whatever ends a line becomes a space,
/// so that no user's words leave the comment.
pub(crate) fn comment(sentence: &str) -> String {
    let one_line = |c: char| {
        if c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}') {
            ' '
        } else {
            c
        }
    };
    sentence.chars().map(one_line).collect()
}
