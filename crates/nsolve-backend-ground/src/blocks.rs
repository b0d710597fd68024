#![expect(
    clippy::indexing_slicing,
    reason = "tables are as long as the arena whose ids index them"
)]

use nsolve_il::fol::{Problem, Quantifier, Query, SortId, SymbolId, Term, TermId, Terms, VarId};

use crate::store::NONE;

/// One stage of a search for values of variables.
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    /// Goes through the facts of a predicate and takes variables from them.
    Facts {
        /// The atom.
        predicate: SymbolId,
        /// Its arguments; a variable among them is bound here or before.
        arguments: Box<[TermId]>,
        /// For each argument the variable that is bound here.
        binds: Box<[Option<VarId>]>,
    },
    /// Goes through all things of the variable's sort.
    Each(VarId, SortId),
    /// Takes the value of a term.
    Let(VarId, TermId),
    /// Takes anything, for a variable on which nothing depends.
    Any(VarId, SortId),
    /// Goes on only where the formula has this value.
    Test(TermId, bool),
    /// The same for a formula with quantifiers in it, whose value may change
    /// as terms are added.
    TestQuantified(TermId, bool),
}

/// A quantified subformula, made ready to be searched.
///
/// The search is for values that decide the quantifier: values that make the
/// body false for `forall`, true for all others. Quantifiers inside the body
/// that want the same are searched together with it.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// The subformula.
    pub(crate) formula: TermId,
    /// Its quantifier.
    pub(crate) quantifier: Quantifier,
    /// The variables that it binds.
    pub(crate) bound: Box<[VarId]>,
    /// Its free variables, ascending.
    pub(crate) free: Box<[VarId]>,
    /// What it says of the variables.
    pub(crate) body: TermId,
    /// The blocks that are searched together, this one first, outer before
    /// inner.
    pub(crate) parts: Vec<u32>,
    /// All their variables.
    pub(crate) variables: Vec<VarId>,
    /// How to search.
    pub(crate) stages: Vec<Stage>,
    /// The predicates on which the search depends.
    pub(crate) predicates: Vec<SymbolId>,
}

impl Block {
    /// The value of the body that is searched for.
    pub(crate) fn wanted(&self) -> bool {
        self.quantifier != Quantifier::Forall
    }
}

/// All blocks of a query, and what else is to be known of its formulas.
#[derive(Clone, Debug)]
pub(crate) struct Blocks {
    /// The blocks; inner ones stand before the outer.
    pub(crate) all: Vec<Block>,
    /// All symbols that the query uses, ascending.
    pub(crate) symbols: Vec<SymbolId>,
    /// Terms without variables that stand in the query, inner before outer.
    pub(crate) closed: Vec<TermId>,
    /// Whether there are numbers, or terms that mean some.
    pub(crate) numeric: bool,
    /// Whether a quantifier ranges over numbers.
    pub(crate) over_numbers: bool,
    /// Whether there are functions with arguments.
    pub(crate) functions: bool,
    of: Vec<u32>,
}

impl Blocks {
    /// Compiles what a query consists of.
    pub(crate) fn compile(problem: &Problem, query: &Query) -> Self {
        let terms = &problem.terms;
        let mut compiler = Compiler {
            problem,
            seen: vec![Seen::Not; terms.len()],
            shared: vec![false; terms.len()],
            general: vec![false; terms.len()],
            met: vec![0; terms.len()],
            used: vec![false; problem.signature.symbols().len()],
            blocks: Blocks {
                all: Vec::new(),
                symbols: Vec::new(),
                closed: Vec::new(),
                numeric: false,
                over_numbers: false,
                functions: false,
                of: vec![NONE; terms.len()],
            },
        };
        for (_, formula, _) in query.assertions(problem) {
            compiler.walk(formula);
        }
        let Compiler {
            mut blocks, used, ..
        } = compiler;
        let ids = problem.signature.symbol_ids();
        blocks.symbols = ids.filter(|s| used[s.index()]).collect();
        blocks
    }

    /// A block by its position.
    pub(crate) fn get(&self, id: u32) -> &Block {
        &self.all[id as usize]
    }

    /// The position of a quantified subformula's block.
    pub(crate) fn id(&self, formula: TermId) -> u32 {
        self.of[formula.index()]
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Seen {
    Not,
    /// Visited, without variables below.
    Closed,
    /// Visited, with variables below.
    Open,
}

struct Compiler<'a> {
    problem: &'a Problem,
    seen: Vec<Seen>,
    /// Whether a term was met more than once.
    shared: Vec<bool>,
    /// Whether there is a quantifier in a term.
    general: Vec<bool>,
    /// The last block whose predicates a term was looked at for, plus one.
    met: Vec<u32>,
    used: Vec<bool>,
    blocks: Blocks,
}

impl Compiler<'_> {
    /// Visits a term once; answers whether it is without variables.
    fn walk(&mut self, id: TermId) -> bool {
        if self.seen[id.index()] != Seen::Not {
            self.shared[id.index()] = true;
            return self.seen[id.index()] == Seen::Closed;
        }
        let problem = self.problem;
        let term = problem.terms.get(id);
        let mut closed = !matches!(term, Term::Var(_));
        let mut general = matches!(term, Term::Quantified(..));
        term.for_each_child(|child| {
            closed &= self.walk(child);
            general |= self.general[child.index()];
        });
        self.general[id.index()] = general;
        self.seen[id.index()] = if closed { Seen::Closed } else { Seen::Open };
        match term {
            Term::Apply(symbol, arguments) => {
                self.used[symbol.index()] = true;
                let predicate = problem.signature.symbol(*symbol).is_predicate();
                self.blocks.functions |= !predicate && !arguments.is_empty();
                if closed && !predicate {
                    self.blocks.closed.push(id);
                }
            }
            Term::Arithmetic(..) | Term::Number(..) if closed => self.blocks.closed.push(id),
            // New terms may come of it, as of a function.
            Term::Arithmetic(..) => self.blocks.functions = true,
            Term::Quantified(quantifier, variables, body) => {
                self.block(id, *quantifier, variables, *body);
            }
            _ => {}
        }
        self.blocks.numeric |= problem.terms.sort(id).is_numeric();
        closed
    }

    fn block(&mut self, id: TermId, quantifier: Quantifier, bound: &[VarId], body: TermId) {
        let terms = &self.problem.terms;
        if bound.iter().any(|v| terms.variable(*v).sort.is_numeric()) {
            self.blocks.numeric = true;
            self.blocks.over_numbers = true;
        }
        let mut free = Vec::new();
        self.free_variables(body, &mut free);
        free.retain(|v| !bound.contains(v));
        free.sort_unstable();
        free.dedup();
        let mut conditions = Conditions {
            merge: !quantifier.is_counting(),
            variables: bound.to_vec(),
            parts: vec![self.blocks.all.len() as u32],
            tests: Vec::new(),
        };
        self.require(body, quantifier != Quantifier::Forall, &mut conditions);
        let stages = self.plan(&free, &conditions);
        let mut predicates = Vec::new();
        self.predicates(body, &mut predicates);
        predicates.sort_unstable();
        predicates.dedup();
        self.blocks.of[id.index()] = self.blocks.all.len() as u32;
        self.blocks.all.push(Block {
            formula: id,
            quantifier,
            bound: bound.into(),
            free: free.into(),
            body,
            parts: conditions.parts,
            variables: conditions.variables,
            stages,
            predicates,
        });
    }

    /// Adds the predicates of a formula of the block at hand.
    fn predicates(&mut self, id: TermId, out: &mut Vec<SymbolId>) {
        let block = self.blocks.all.len() as u32 + 1;
        if std::mem::replace(&mut self.met[id.index()], block) == block {
            return;
        }
        let problem = self.problem;
        match problem.terms.get(id) {
            // Terms have no predicates in them.
            Term::Apply(symbol, _) => {
                if problem.signature.symbol(*symbol).is_predicate() {
                    out.push(*symbol);
                }
            }
            Term::Quantified(..) => {
                let inner = self.blocks.get(self.blocks.id(id));
                out.extend_from_slice(&inner.predicates);
            }
            term => term.for_each_child(|child| self.predicates(child, out)),
        }
    }

    /// Adds the free variables below a term, where inner blocks exist already.
    fn free_variables(&self, id: TermId, out: &mut Vec<VarId>) {
        match self.problem.terms.get(id) {
            Term::Var(v) => {
                if !out.contains(v) {
                    out.push(*v);
                }
            }
            Term::Quantified(..) => {
                let inner = self.blocks.get(self.blocks.id(id));
                for v in &inner.free {
                    if !out.contains(v) {
                        out.push(*v);
                    }
                }
            }
            term => {
                if self.seen[id.index()] != Seen::Closed {
                    term.for_each_child(|child| self.free_variables(child, out));
                }
            }
        }
    }

    /// Takes "this formula has this value" apart into conditions that must all
    /// hold.
    fn require(&self, id: TermId, want: bool, out: &mut Conditions) {
        if self.shared[id.index()] {
            // What stands in two places may be wanted in two ways, so its
            // quantifiers cannot be searched together with this one.
            out.tests.push((id, want));
            return;
        }
        match (self.problem.terms.get(id), want) {
            (Term::Not(t), _) => self.require(*t, !want, out),
            (Term::And(ts), true) | (Term::Or(ts), false) => {
                ts.iter().for_each(|t| self.require(*t, want, out));
            }
            (Term::Implies(a, b), false) => {
                self.require(*a, true, out);
                self.require(*b, false, out);
            }
            (Term::Bool(value), _) if *value == want => {}
            (Term::Quantified(Quantifier::Forall, vs, body), false)
            | (Term::Quantified(Quantifier::Exists, vs, body), true)
                if out.merge =>
            {
                out.variables.extend_from_slice(vs);
                out.parts.push(self.blocks.id(id));
                self.require(*body, want, out);
            }
            _ => out.tests.push((id, want)),
        }
    }

    /// Orders the conditions so that each is used as soon as it can be.
    fn plan(&self, free: &[VarId], conditions: &Conditions) -> Vec<Stage> {
        let terms = &self.problem.terms;
        let mut bound: Vec<VarId> = free.to_vec();
        let mut open: Vec<Open> = conditions
            .tests
            .iter()
            .map(|&(term, want)| {
                let mut variables = Vec::new();
                self.free_variables(term, &mut variables);
                variables.retain(|v| !bound.contains(v));
                Open {
                    term,
                    want,
                    variables,
                }
            })
            .collect();
        let mut stages = Vec::new();
        loop {
            // Atoms are cheaper to test than quantified formulas.
            open.sort_by_key(|o| !o.variables.is_empty());
            let ready = open.partition_point(|o| o.variables.is_empty());
            let tests = open.drain(..ready);
            let (quantified, plain): (Vec<_>, Vec<_>) =
                tests.partition(|o| self.general[o.term.index()]);
            stages.extend(plain.into_iter().map(|o| Stage::Test(o.term, o.want)));
            let quantified = quantified.into_iter();
            stages.extend(quantified.map(|o| Stage::TestQuantified(o.term, o.want)));
            let source = next_source(terms, &open, &bound);
            let Some(stage) = source.or_else(|| next_variable(terms, conditions, &open, &bound))
            else {
                return stages;
            };
            match &stage {
                Stage::Facts { binds, .. } => bound.extend(binds.iter().flatten()),
                Stage::Each(v, _) | Stage::Let(v, _) | Stage::Any(v, _) => bound.push(*v),
                Stage::Test(..) | Stage::TestQuantified(..) => {}
            }
            // An atom that was gone through need not be tested.
            if let Stage::Facts { .. } = stage {
                open.retain(|o| !is_source(terms, o, &stage));
            }
            for o in &mut open {
                o.variables.retain(|v| !bound.contains(v));
            }
            stages.push(stage);
        }
    }
}

struct Conditions {
    /// Whether inner quantifiers may join the search; counting forbids it.
    merge: bool,
    variables: Vec<VarId>,
    parts: Vec<u32>,
    tests: Vec<(TermId, bool)>,
}

struct Open {
    term: TermId,
    want: bool,
    /// The variables that are not bound yet.
    variables: Vec<VarId>,
}

fn is_source(terms: &Terms, open: &Open, stage: &Stage) -> bool {
    match (terms.get(open.term), stage) {
        (
            Term::Apply(symbol, ts),
            Stage::Facts {
                predicate,
                arguments,
                ..
            },
        ) => open.want && symbol == predicate && ts == arguments,
        _ => false,
    }
}

/// A condition that yields values for its variables: the one that binds
/// fewest.
fn next_source(terms: &Terms, open: &[Open], bound: &[VarId]) -> Option<Stage> {
    let mut best: Option<(usize, Stage)> = None;
    for o in open.iter().filter(|o| o.want) {
        let stage = match terms.get(o.term) {
            Term::Apply(predicate, arguments) => facts(terms, *predicate, arguments, bound),
            Term::Equal(a, b) => {
                definition(terms, *a, *b, o).or_else(|| definition(terms, *b, *a, o))
            }
            _ => None,
        };
        if let Some(stage) = stage
            && best.as_ref().is_none_or(|(n, _)| o.variables.len() < *n)
        {
            best = Some((o.variables.len(), stage));
        }
    }
    best.map(|(_, stage)| stage)
}

/// A variable that no condition yields; first one that a condition waits for.
fn next_variable(
    terms: &Terms,
    conditions: &Conditions,
    open: &[Open],
    bound: &[VarId],
) -> Option<Stage> {
    let left = || conditions.variables.iter().filter(|v| !bound.contains(v));
    let waited = left().find(|v| open.iter().any(|o| o.variables.contains(v)));
    let v = *waited.or(left().next())?;
    let sort = terms.variable(v).sort;
    // What is counted matters even where nothing depends on which it is.
    let counts = !conditions.merge;
    Some(match waited {
        None if !counts => Stage::Any(v, sort),
        _ => Stage::Each(v, sort),
    })
}

fn facts(terms: &Terms, predicate: SymbolId, ts: &[TermId], bound: &[VarId]) -> Option<Stage> {
    let mut binds: Vec<Option<VarId>> = Vec::with_capacity(ts.len());
    for &t in ts {
        binds.push(match terms.get(t) {
            Term::Var(v) if bound.contains(v) || binds.contains(&Some(*v)) => None,
            Term::Var(v) => Some(*v),
            Term::Apply(_, ts) if ts.is_empty() => None,
            _ => {
                // Below functions nothing can be bound by matching.
                let mut ready = true;
                terms.visit(t, |_, term| {
                    if let Term::Var(v) = term {
                        ready &= bound.contains(v) || binds.contains(&Some(*v));
                    }
                });
                if !ready {
                    return None;
                }
                None
            }
        });
    }
    Some(Stage::Facts {
        predicate,
        arguments: ts.into(),
        binds: binds.into(),
    })
}

/// `variable = term` where only the variable is not bound yet.
fn definition(terms: &Terms, side: TermId, other: TermId, open: &Open) -> Option<Stage> {
    let Term::Var(v) = terms.get(side) else {
        return None;
    };
    // The number that a term means need not be any term's that is there.
    if terms.sort(side).is_numeric() {
        return None;
    }
    let [only] = open.variables.as_slice() else {
        return None;
    };
    let mut below = false;
    terms.visit(other, |_, term| below |= *term == Term::Var(*v));
    (only == v && !below).then_some(Stage::Let(*v, other))
}
