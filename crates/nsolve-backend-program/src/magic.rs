//! Magic sets: rewrites a program so that evaluating it forwards only derives
//! what a goal asks for (Bancilhon, Maier, Sagiv, Ullman 1986).
//!
//! A predicate is split by which of its arguments are bound when it is asked
//! about. For each such pattern there is a copy of the predicate, and a magic
//! predicate with the bound arguments that were asked about. Programs that
//! cannot be evaluated forwards, such as `append`, often can once rewritten.
//! Rules keep their variables, so an instance of a rewritten rule is one of
//! the rule as written.

use std::collections::VecDeque;
use std::sync::Arc;

use nsolve_backend::StopReason;
use nsolve_il::program::{
    Atom, Dependencies, Goal, Head, Literal, Predicate, PredicateId, Problem, Rule, Sign,
};
use rustc_hash::FxHashMap;

use crate::builtin::is_known;
use crate::evaluate::is_ground;
use crate::provenance::Origin;
use crate::table::{at, put};

/// A rewritten program with its goal.
pub(crate) struct Magic {
    pub(crate) problem: Problem,
    pub(crate) goal: Vec<Literal>,
    pub(crate) origin: Origin,
}

/// Which arguments are bound.
type Pattern = Vec<bool>;

/// More patterns than this are no use to anybody.
const MOST_PATTERNS: usize = 4_000;

struct Rewriter<'p> {
    problem: &'p Problem,
    out: Problem,
    origins: Vec<(u32, u32)>,
    predicates: Vec<Option<PredicateId>>,
    /// Predicates whose rows are all derived, or given as facts.
    whole: Vec<bool>,
    /// The copy and the magic predicate of each pattern.
    patterns: FxHashMap<(PredicateId, Pattern), (PredicateId, PredicateId)>,
    queue: VecDeque<(PredicateId, Pattern)>,
    /// Rules by the predicate of their head.
    rules: Vec<Vec<u32>>,
}

/// Whether a goal binds an argument of a predicate that depends on itself.
pub(crate) fn pays(problem: &Problem, goal: &Goal, graph: &Dependencies) -> bool {
    goal.body.iter().any(|literal| match literal {
        Literal::Atom(Sign::Positive, atom) => {
            let recursive = |e: &nsolve_il::program::Edge| graph.is_recursive(e);
            let mut below = graph.cone([atom.predicate]).into_iter();
            atom.arguments.iter().any(is_ground)
                && below.any(|p| graph.edges_of(p).any(recursive))
                && problem.predicate(atom.predicate).is_some()
        }
        _ => false,
    })
}

/// Rewrites a program for a goal. All atoms of the predicates in `closed` will
/// be derived.
///
/// # Errors
/// Where a rule cannot be evaluated forwards even so.
pub(crate) fn rewrite(
    problem: &Problem,
    goal: &Goal,
    closed: &[PredicateId],
) -> Result<Magic, StopReason> {
    let count = problem.predicates.len();
    let mut rules = vec![Vec::new(); count];
    let mut whole = vec![true; count];
    for (i, rule) in problem.rules.iter().enumerate() {
        let Head::Atom(head) = &rule.head else {
            continue;
        };
        if let Some(list) = rules.get_mut(head.predicate.index()) {
            list.push(i as u32);
        }
        let fact = rule.body.is_empty() && head.arguments.iter().all(is_ground);
        if !fact && closed.binary_search(&head.predicate).is_err() {
            put(&mut whole, head.predicate.index(), false);
        }
    }
    let mut rewriter = Rewriter {
        problem,
        out: Problem {
            rules: Vec::new(),
            goal: None,
            ..problem.clone()
        },
        origins: Vec::new(),
        predicates: (0..count).map(|p| Some(PredicateId(p as u32))).collect(),
        whole,
        patterns: FxHashMap::default(),
        queue: VecDeque::new(),
        rules,
    };
    rewriter.keep_whole();
    let bound = vec![false; goal.variables.len()];
    let goal_rule = crate::instances::rule_of(goal);
    let goal_number = problem.rules.len() as u32;
    let goal = rewriter.body(goal_number, &goal_rule, bound, None)?;
    while let Some((predicate, pattern)) = rewriter.queue.pop_front() {
        rewriter.copy(predicate, &pattern)?;
    }
    Ok(Magic {
        problem: rewriter.out,
        goal,
        origin: Origin {
            predicates: rewriter.predicates,
            rules: Some(rewriter.origins),
            merges: true,
        },
    })
}

impl Rewriter<'_> {
    /// Rules of predicates that are derived as a whole stay as they are.
    fn keep_whole(&mut self) {
        for (i, rule) in self.problem.rules.iter().enumerate() {
            if let Head::Atom(head) = &rule.head
                && at(&self.whole, head.predicate.index())
            {
                self.push(rule.clone(), i as u32);
            }
        }
    }

    fn push(&mut self, rule: Rule, origin: u32) {
        self.out.rules.push(rule);
        self.origins.push((origin, 0));
    }

    fn add_predicate(&mut self, arity: usize, origin: Option<PredicateId>) -> PredicateId {
        let id = PredicateId(self.out.predicates.len() as u32);
        self.out.predicates.push(Predicate {
            name: Arc::from(""),
            arity: arity as u32,
            denied: false,
            types: None,
            meaning: None,
        });
        self.predicates.push(origin);
        id
    }

    /// The copy and the magic predicate of a pattern.
    fn pattern(
        &mut self,
        predicate: PredicateId,
        pattern: Pattern,
    ) -> Result<(PredicateId, PredicateId), StopReason> {
        let key = (predicate, pattern);
        if let Some(&known) = self.patterns.get(&key) {
            return Ok(known);
        }
        if self.patterns.len() >= MOST_PATTERNS {
            return Err(StopReason::Incomplete("too many ways to ask".to_owned()));
        }
        let bound = key.1.iter().filter(|b| **b).count();
        let copy = self.add_predicate(key.1.len(), Some(predicate));
        let magic = self.add_predicate(bound, None);
        self.queue.push_back(key.clone());
        self.patterns.insert(key, (copy, magic));
        Ok((copy, magic))
    }

    /// Adds the rules of a pattern.
    fn copy(&mut self, predicate: PredicateId, pattern: &Pattern) -> Result<(), StopReason> {
        let (copy, magic) = self.pattern(predicate, pattern.clone())?;
        for number in self
            .rules
            .get(predicate.index())
            .cloned()
            .unwrap_or_default()
        {
            let Some(rule) = self.problem.rules.get(number as usize) else {
                continue;
            };
            let Head::Atom(head) = &rule.head else {
                continue;
            };
            let guard = magic_atom(magic, head, pattern);
            let bound = vec![false; rule.variables.len()];
            let guard = Literal::Atom(Sign::Positive, guard);
            let body = self.body(number, rule, bound, Some(&guard))?;
            let rewritten = Rule {
                head: Head::Atom(Atom {
                    predicate: copy,
                    arguments: head.arguments.clone(),
                }),
                body,
                variables: rule.variables.clone(),
                sentence: None,
                span: None,
            };
            self.push(rewritten, number);
        }
        Ok(())
    }

    /// Rewrites a body, and adds the rules that say what it asks about.
    fn body(
        &mut self,
        number: u32,
        rule: &Rule,
        mut bound: Vec<bool>,
        guard: Option<&Literal>,
    ) -> Result<Vec<Literal>, StopReason> {
        // What was asked goes first, unless arithmetic keeps it from binding.
        let mut waiting: Vec<&Literal> = guard.into_iter().chain(&rule.body).collect();
        let mut done = Vec::new();
        let globals = rule.globals();
        while !waiting.is_empty() {
            let Some(position) = self.choose(&waiting, &bound, &globals) else {
                return Err(StopReason::Incomplete(format!(
                    "rule {number} cannot be evaluated with what the goal binds"
                )));
            };
            let literal = waiting.remove(position);
            let rewritten = match literal {
                Literal::Atom(Sign::Positive, atom) if !self.is_plain(atom.predicate) => {
                    let asked: Pattern =
                        atom.arguments.iter().map(|t| is_known(t, &bound)).collect();
                    let (copy, magic) = self.pattern(atom.predicate, asked.clone())?;
                    let asks = Rule {
                        head: Head::Atom(magic_atom(magic, atom, &asked)),
                        body: done.clone(),
                        variables: rule.variables.clone(),
                        sentence: None,
                        span: None,
                    };
                    // Asking because of having been asked the same says nothing.
                    let idle = matches!((&asks.head, asks.body.as_slice()),
                        (Head::Atom(h), [Literal::Atom(Sign::Positive, b)]) if h == b);
                    if !idle {
                        self.push(asks, number);
                    }
                    Literal::Atom(
                        Sign::Positive,
                        Atom {
                            predicate: copy,
                            arguments: atom.arguments.clone(),
                        },
                    )
                }
                other => other.clone(),
            };
            let alone = std::slice::from_ref(literal);
            match nsolve_il::program::schedule(alone, &bound, &globals) {
                Ok(schedule) => bound = schedule.bound,
                Err(_) => return Err(StopReason::Incomplete(format!("rule {number} is unsafe"))),
            }
            done.push(rewritten);
        }
        Ok(done)
    }

    /// Whether a predicate is not copied.
    fn is_plain(&self, predicate: PredicateId) -> bool {
        let whole = self.whole.get(predicate.index());
        whole.copied().unwrap_or(true)
    }

    /// What goes next: what only tests or computes, else the first atom with
    /// something bound, else the first atom.
    fn choose(&self, waiting: &[&Literal], bound: &[bool], globals: &[bool]) -> Option<usize> {
        let ready = |l: &Literal| {
            nsolve_il::program::schedule(std::slice::from_ref(l), bound, globals).is_ok()
        };
        let is_atom = |l: &Literal| matches!(l, Literal::Atom(Sign::Positive, _));
        let mut places = waiting.iter().enumerate();
        let test = places.find(|(_, l)| !is_atom(l) && ready(l));
        let asked = |l: &Literal| match l {
            Literal::Atom(_, atom) => {
                self.is_plain(atom.predicate)
                    || atom.arguments.is_empty()
                    || atom.arguments.iter().any(|t| is_known(t, bound))
            }
            _ => false,
        };
        let mut places = waiting.iter().enumerate();
        let with_bound = || places.find(|(_, l)| is_atom(l) && asked(l) && ready(l));
        let mut others = waiting.iter().enumerate();
        let any = || others.find(|(_, l)| is_atom(l) && ready(l));
        test.or_else(with_bound).or_else(any).map(|(i, _)| i)
    }
}

fn magic_atom(magic: PredicateId, atom: &Atom, pattern: &Pattern) -> Atom {
    let pairs = atom.arguments.iter().zip(pattern);
    Atom {
        predicate: magic,
        arguments: pairs.filter(|(_, b)| **b).map(|(t, _)| t.clone()).collect(),
    }
}
