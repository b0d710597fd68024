//! Whether a chain of reasoning that somebody claims is in the program.

use std::ops::ControlFlow;

use nsolve_il::program::{Goal, GroundAtom, Head, Literal, Problem, Rule, Sign};
use nsolve_source::{SourceText, has_errors};
use nsolve_syntax::program::{read_atom, read_goal};
use rustc_hash::FxHashMap;
use serde_json::{Value as Json, json};

use super::facts::{Binding, Facts, ground, matches};

/// One claimed step: this atom, and what it is said to follow from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedStep {
    /// The atom that is claimed.
    pub atom: GroundAtom,
    /// What it is said to follow from; `None` where the claim does not say, so
    /// that anything claimed before may be used.
    pub from: Option<Vec<GroundAtom>>,
}

/// Reads a claimed step: an atom, or `atom :- atom, atom` where the claim says
/// what it follows from. `problem` may get predicates that it does not have.
///
/// # Errors
/// What is wrong, in a sentence.
pub fn read_step(text: &str, problem: &mut Problem) -> Result<ClaimedStep, String> {
    let (head, body) = match text.split_once(":-") {
        Some((head, body)) => (head, Some(body)),
        None => (text, None),
    };
    let source = |part: &str| SourceText::new("<step>", part.trim()).map_err(|d| d.to_string());
    let (atom, faults) = read_atom(&source(head)?, problem);
    let atom = atom.filter(|_| !has_errors(&faults));
    let atom = atom.ok_or_else(|| format!("`{}` is no atom without variables", head.trim()))?;
    let Some(body) = body else {
        return Ok(ClaimedStep { atom, from: None });
    };
    let (goal, faults) = read_goal(&source(body)?, problem);
    let goal = goal.filter(|_| !has_errors(&faults));
    let goal = goal.ok_or_else(|| format!("`{}` is no list of atoms", body.trim()))?;
    let from: Option<Vec<GroundAtom>> = goal
        .body
        .iter()
        .filter_map(Literal::as_atom)
        .filter(|(sign, _)| *sign == Sign::Positive)
        .map(|(_, a)| ground(a, &[]))
        .collect();
    let from = from.ok_or_else(|| format!("`{}` has variables", body.trim()))?;
    Ok(ClaimedStep {
        atom,
        from: Some(from),
    })
}

/// What is found about one claimed step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepFinding {
    /// The rule that gives the atom from what the claim says, by position;
    /// `None` where the step leaves the program.
    pub rule: Option<u32>,
    /// What the step needs that neither the claim nor a fact gives: the atoms
    /// of its `from` that were never claimed and are no facts.
    pub unsupported: Vec<GroundAtom>,
    /// Whether the goal rests on it, by the steps that are in the program.
    pub needed: bool,
}

/// How faithful a claimed chain is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainReport {
    /// What is found about each step.
    pub steps: Vec<StepFinding>,
    /// Whether the steps that are in the program give the goal.
    pub reaches_goal: bool,
    /// The first step that is not in the program.
    pub first_leaves: Option<usize>,
}

impl ChainReport {
    /// The share of steps that are in the program; 1 for no steps.
    pub fn in_program(&self) -> f64 {
        self.share(|s| s.rule.is_some())
    }

    /// The share of steps that the goal rests on; 1 for no steps.
    pub fn needed(&self) -> f64 {
        self.share(|s| s.needed)
    }

    /// The report as JSON.
    pub fn to_json(&self, problem: &Problem, claimed: &[ClaimedStep]) -> Json {
        let show = |a: &GroundAtom| problem.show_atom(a).to_string();
        let steps: Vec<Json> = claimed
            .iter()
            .zip(&self.steps)
            .map(|(claim, found)| {
                json!({
                    "atom": show(&claim.atom),
                    "rule": found.rule,
                    "unsupported": found.unsupported.iter().map(show).collect::<Vec<_>>(),
                    "needed": found.needed,
                })
            })
            .collect();
        json!({
            "format": "nsolve/chain",
            "version": "1.0",
            "steps": steps,
            "in_program": self.in_program(),
            "needed": self.needed(),
            "reaches_goal": self.reaches_goal,
            "first_leaves": self.first_leaves,
        })
    }

    fn share(&self, is: impl Fn(&StepFinding) -> bool) -> f64 {
        if self.steps.is_empty() {
            return 1.0;
        }
        let count = self.steps.iter().filter(|s| is(s)).count();
        count as f64 / self.steps.len() as f64
    }
}

/// Goes through a claimed chain, step by step.
///
/// A step is in the program if one rule gives its atom from what it is said to
/// follow from (or, where the claim does not say, from steps before it that are
/// in the program), taking the program's facts as known. `model` holds the
/// atoms that are true, for `not` and aggregates.
pub fn check_chain(
    problem: &Problem,
    goal: &Goal,
    model: impl IntoIterator<Item = GroundAtom>,
    claimed: &[ClaimedStep],
) -> ChainReport {
    let truth: Facts = model.into_iter().collect();
    let given: Facts = problem.rules.iter().filter_map(stated_fact).collect();
    let mut known = given.clone();
    let mut steps = Vec::new();
    // For each atom the step that gives it, and what that step used.
    let mut given_by: FxHashMap<GroundAtom, (usize, Vec<GroundAtom>)> = FxHashMap::default();
    for (i, claim) in claimed.iter().enumerate() {
        let unsupported: Vec<GroundAtom> = claim
            .from
            .iter()
            .flatten()
            .filter(|a| !known.contains(a))
            .cloned()
            .collect();
        let base: Facts = match &claim.from {
            Some(from) => from.iter().filter(|a| known.contains(a)).cloned().collect(),
            None => known.clone(),
        };
        let found = if unsupported.is_empty() {
            rule_for(problem, &truth, &base, &claim.atom)
        } else {
            None
        };
        if let Some((_, used)) = &found {
            given_by
                .entry(claim.atom.clone())
                .or_insert((i, used.clone()));
            known.insert(claim.atom.clone());
        }
        steps.push(StepFinding {
            rule: found.map(|(rule, _)| rule),
            unsupported,
            needed: false,
        });
    }
    let mut reached = None;
    let start: Binding = vec![None; goal.variables.len()];
    let _ = instance(&goal.body, &known, &truth, &start, &mut |used| {
        reached = Some(used);
        ControlFlow::Break(())
    });
    let mut waiting = reached.clone().unwrap_or_default();
    while let Some(atom) = waiting.pop() {
        let Some((i, used)) = given_by.get(&atom) else {
            continue;
        };
        if let Some(step) = steps.get_mut(*i)
            && !step.needed
        {
            step.needed = true;
            waiting.extend(used.iter().cloned());
        }
    }
    ChainReport {
        first_leaves: steps.iter().position(|s| s.rule.is_none()),
        reaches_goal: reached.is_some(),
        steps,
    }
}

fn stated_fact(rule: &Rule) -> Option<GroundAtom> {
    match &rule.head {
        Head::Atom(atom) if rule.body.is_empty() => ground(atom, &[]),
        _ => None,
    }
}

/// A rule that gives an atom from these, with the atoms that it uses.
fn rule_for(
    problem: &Problem,
    truth: &Facts,
    base: &Facts,
    atom: &GroundAtom,
) -> Option<(u32, Vec<GroundAtom>)> {
    for (i, rule) in problem.rules.iter().enumerate() {
        let Head::Atom(head) = &rule.head else {
            continue;
        };
        if head.predicate != atom.predicate {
            continue;
        }
        let mut binding: Binding = vec![None; rule.variables.len()];
        let mut pairs = head.arguments.iter().zip(atom.arguments.iter());
        if !pairs.all(|(t, v)| matches(t, v, &mut binding)) {
            continue;
        }
        let mut found = None;
        let _ = instance(&rule.body, base, truth, &binding, &mut |used| {
            found = Some(used);
            ControlFlow::Break(())
        });
        if let Some(used) = found {
            return Some((i as u32, used));
        }
    }
    None
}

/// Instances of a body whose positive atoms are among `base` and whose other
/// literals hold in `truth`.
fn instance(
    body: &[Literal],
    base: &Facts,
    truth: &Facts,
    binding: &Binding,
    found: &mut dyn FnMut(Vec<GroundAtom>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let is_positive =
        |l: &&Literal| !matches!(l, Literal::Atom(Sign::Not, _) | Literal::Aggregate(..));
    let positive: Vec<Literal> = body.iter().filter(is_positive).cloned().collect();
    let others: Vec<Literal> = body.iter().filter(|l| !is_positive(l)).cloned().collect();
    base.each_instance(&positive, binding, &mut |b| {
        truth.each_instance(&others, b, &mut |whole| {
            let atoms = positive.iter().filter_map(Literal::as_atom);
            found(atoms.filter_map(|(_, a)| ground(a, whole)).collect())
        })
    })
}
