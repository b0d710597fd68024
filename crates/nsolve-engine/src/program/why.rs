//! Why an atom is derived, and why another is not.

use std::fmt::Write as _;
use std::ops::ControlFlow;

use nsolve_il::program::{
    Derivation, GroundAtom, Head, Literal, Problem, Rule, Sign, Step, Value, schedule,
};
use nsolve_syntax::program::{print_instance, print_literal, print_rule};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Value as Json, json};

use super::facts::{Binding, Facts, evaluate, ground, matches};

/// Longest tree that is written out in full, in lines.
const MOST_LINES: usize = 200;

/// One step of a derivation, as a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyNode {
    /// The atom.
    pub atom: GroundAtom,
    /// The rule that gives it, by position.
    pub rule: u32,
    /// What stands for each variable of the rule.
    pub binding: Vec<Option<Value>>,
    /// The positive atoms of the rule's body, each with its own reason. Empty
    /// for one whose tree stands at another place already.
    pub because: Vec<WhyNode>,
    /// Whether its own reasons stand at another place already.
    pub repeated: bool,
}

/// The derivation tree of an atom; `None` where the derivation does not give
/// it.
pub fn why(problem: &Problem, derivation: &Derivation, atom: &GroundAtom) -> Option<WhyNode> {
    let steps: FxHashMap<&GroundAtom, &Step> =
        derivation.steps.iter().map(|s| (&s.atom, s)).collect();
    grow(problem, &steps, atom, &mut FxHashSet::default(), 0)
}

/// Deeper trees are cut: what is repeated that deep is no explanation.
const MOST_DEPTH: usize = 500;

fn grow<'s>(
    problem: &Problem,
    steps: &FxHashMap<&'s GroundAtom, &'s Step>,
    atom: &GroundAtom,
    shown: &mut FxHashSet<GroundAtom>,
    depth: usize,
) -> Option<WhyNode> {
    let step = steps.get(atom)?;
    let rule = problem.rules.get(step.rule as usize)?;
    let atoms = body_atoms(rule, step);
    let repeated = !atoms.is_empty() && (!shown.insert(atom.clone()) || depth > MOST_DEPTH);
    let because = if repeated { Vec::new() } else { atoms };
    Some(WhyNode {
        atom: atom.clone(),
        rule: step.rule,
        binding: step.binding.to_vec(),
        because: because
            .iter()
            .filter_map(|a| grow(problem, steps, a, shown, depth + 1))
            .collect(),
        repeated,
    })
}

/// The positive atoms that a step rests on: those of the body and, for a
/// choice, of the element's condition.
fn body_atoms(rule: &Rule, step: &Step) -> Vec<GroundAtom> {
    let condition: &[Literal] = match &rule.head {
        Head::Choice { elements, .. } => elements
            .get(step.element as usize)
            .map_or(&[], |e| &e.condition),
        _ => &[],
    };
    let positive = rule
        .body
        .iter()
        .chain(condition)
        .filter_map(Literal::as_atom);
    positive
        .filter(|(sign, _)| *sign == Sign::Positive)
        .filter_map(|(_, atom)| ground(atom, &step.binding))
        .collect()
}

impl WhyNode {
    /// The tree for people. `line` says where a rule stands.
    pub fn render(&self, problem: &Problem, line: &dyn Fn(&Rule) -> Option<usize>) -> String {
        let mut rows = Vec::new();
        self.rows(problem, line, "", "", &mut rows);
        let widest = rows
            .iter()
            .map(|(l, _)| l.chars().count())
            .filter(|w| *w <= 48)
            .max();
        let mut out = String::new();
        for (left, right) in rows.iter().take(MOST_LINES) {
            let pad = widest.unwrap_or(0).saturating_sub(left.chars().count());
            let _ = writeln!(out, "{left}{}  {right}", " ".repeat(pad));
        }
        if rows.len() > MOST_LINES {
            let _ = writeln!(out, "... and {} more lines", rows.len() - MOST_LINES);
        }
        out
    }

    fn rows(
        &self,
        problem: &Problem,
        line: &dyn Fn(&Rule) -> Option<usize>,
        first: &str,
        rest: &str,
        out: &mut Vec<(String, String)>,
    ) {
        let left = format!("{first}{}", problem.show_atom(&self.atom));
        out.push((left, self.reason(problem, line)));
        for (i, child) in self.because.iter().enumerate() {
            let last = i + 1 == self.because.len();
            let (branch, below) = if last {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            child.rows(
                problem,
                line,
                &format!("{rest}{branch}"),
                &format!("{rest}{below}"),
                out,
            );
        }
    }

    fn reason(&self, problem: &Problem, line: &dyn Fn(&Rule) -> Option<usize>) -> String {
        let Some(rule) = problem.rules.get(self.rule as usize) else {
            return String::new();
        };
        let place = line(rule).map_or(String::new(), |l| format!(" (line {l})"));
        let said = rule
            .sentence
            .as_ref()
            .map_or(String::new(), |s| format!(" \"{s}\""));
        if self.repeated {
            return "shown above".into();
        }
        match &rule.head {
            Head::Choice { .. } => format!("chosen{said}{place}"),
            _ if rule.body.is_empty() => format!("a fact{said}{place}"),
            _ => {
                let shown = match &rule.sentence {
                    Some(sentence) => format!("\"{sentence}\""),
                    None => print_rule(problem, rule),
                };
                let besides = self.besides(problem, rule);
                format!("{shown}{place}{besides}")
            }
        }
    }

    /// The literals of the body that are no positive atoms, as they hold here.
    fn besides(&self, problem: &Problem, rule: &Rule) -> String {
        let others: Vec<String> = rule
            .body
            .iter()
            .filter(|l| !matches!(l, Literal::Atom(Sign::Positive, _)))
            .map(|l| instance_of_literal(problem, rule, l, &self.binding))
            .collect();
        if others.is_empty() {
            String::new()
        } else {
            format!(", where {}", others.join(" and "))
        }
    }
}

/// A literal with its variables replaced.
fn instance_of_literal(
    problem: &Problem,
    rule: &Rule,
    literal: &Literal,
    binding: &[Option<Value>],
) -> String {
    if let Literal::Compare(how, a, b) = literal
        && let (Some(x), Some(y)) = (evaluate(a, binding), evaluate(b, binding))
    {
        return format!("{x} {} {y}", how.symbol());
    }
    if let Literal::Atom(sign, atom) = literal
        && let Some(atom) = ground(atom, binding)
    {
        let not = if *sign == Sign::Not { "not " } else { "" };
        return format!("{not}{}", problem.show_atom(&atom));
    }
    print_literal(problem, &rule.variables, literal)
}

/// A rule that could have given an atom, and where it fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// The rule, by position.
    pub rule: u32,
    /// The binding under which most of the body holds.
    pub binding: Vec<Option<Value>>,
    /// How many literals hold under it, in the order of evaluation.
    pub holding: usize,
    /// The literal that fails, of the body or of a choice's condition.
    pub failing: Literal,
}

/// Why an atom is not derived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyNot {
    /// The atom.
    pub atom: GroundAtom,
    /// Rules whose head matches the atom, the nearest first. Those whose whole
    /// body holds are left out: a choice that was not taken.
    pub misses: Vec<NearMiss>,
    /// Choices that could have given the atom and did not.
    pub not_chosen: Vec<u32>,
}

/// Why an atom does not hold among these atoms: for each rule that could give
/// it, the binding under which most of its body holds, and what fails there.
/// `None` where the atom holds.
pub fn why_not(problem: &Problem, holds: &Derivation, atom: &GroundAtom) -> Option<WhyNot> {
    let facts: Facts = holds.atoms().cloned().collect();
    if facts.contains(atom) {
        return None;
    }
    let mut out = WhyNot {
        atom: atom.clone(),
        misses: Vec::new(),
        not_chosen: Vec::new(),
    };
    for (i, rule) in problem.rules.iter().enumerate() {
        for (head, condition) in heads(rule) {
            if head.predicate != atom.predicate {
                continue;
            }
            let mut binding: Binding = vec![None; rule.variables.len()];
            let mut pairs = head.arguments.iter().zip(atom.arguments.iter());
            if !pairs.all(|(t, v)| matches(t, v, &mut binding)) {
                continue;
            }
            let body: Vec<Literal> = rule.body.iter().chain(condition).cloned().collect();
            match nearest(&facts, &body, &binding) {
                Some((binding, holding, failing)) => out.misses.push(NearMiss {
                    rule: i as u32,
                    binding,
                    holding,
                    failing,
                }),
                None => out.not_chosen.push(i as u32),
            }
        }
    }
    out.misses.sort_by_key(|m| std::cmp::Reverse(m.holding));
    Some(out)
}

/// The atoms of a rule's head, each with the condition that belongs to it.
fn heads(rule: &Rule) -> Vec<(&nsolve_il::program::Atom, &[Literal])> {
    match &rule.head {
        Head::Choice { elements, .. } => {
            elements.iter().map(|e| (&e.atom, &*e.condition)).collect()
        }
        head => head.atoms().map(|a| (a, [].as_slice())).collect(),
    }
}

/// The binding under which the longest part of a body holds, how long that
/// part is, and the literal behind it; `None` where the whole body holds.
fn nearest(facts: &Facts, body: &[Literal], start: &Binding) -> Option<(Binding, usize, Literal)> {
    let bound: Vec<bool> = start.iter().map(Option::is_some).collect();
    let mut globals = vec![false; start.len()];
    for literal in body {
        literal.each_global(&mut |v| {
            if let Some(slot) = globals.get_mut(v.index()) {
                *slot = true;
            }
        });
    }
    let order = match schedule(body, &bound, &globals) {
        Ok(schedule) => schedule.order,
        Err(_) => (0..body.len()).collect(),
    };
    let mut best: (Binding, usize) = (start.clone(), 0);
    let mut whole = false;
    descend(facts, body, &order, start, 0, &mut |binding, holding| {
        if holding > best.1 {
            best = (binding.clone(), holding);
        }
        whole |= holding == order.len();
        if whole {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    if whole || order.is_empty() {
        return None;
    }
    let failing = body.get(*order.get(best.1)?)?.clone();
    Some((best.0, best.1, failing))
}

fn descend(
    facts: &Facts,
    body: &[Literal],
    order: &[usize],
    binding: &Binding,
    holding: usize,
    seen: &mut dyn FnMut(&Binding, usize) -> ControlFlow<()>,
) -> bool {
    if seen(binding, holding).is_break() {
        return false;
    }
    let Some(literal) = order.get(holding).and_then(|&i| body.get(i)) else {
        return true;
    };
    let done = facts.each_match(literal, binding, &mut |next| {
        if descend(facts, body, order, next, holding + 1, seen) {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    });
    done.is_continue()
}

impl WhyNot {
    /// The findings as JSON.
    pub fn to_json(&self, problem: &Problem) -> Json {
        let misses: Vec<Json> = self
            .misses
            .iter()
            .filter_map(|miss| {
                let rule = problem.rules.get(miss.rule as usize)?;
                Some(json!({
                    "rule": miss.rule,
                    "instance": print_instance(problem, rule, &miss.binding),
                    "holding": miss.holding,
                    "fails": instance_of_literal(problem, rule, &miss.failing, &miss.binding),
                }))
            })
            .collect();
        json!({
            "format": "nsolve/why-not",
            "version": "1.0",
            "atom": problem.show_atom(&self.atom).to_string(),
            "derived": false,
            "near_misses": misses,
            "not_chosen": self.not_chosen,
        })
    }

    /// For people. `line` says where a rule stands.
    pub fn render(&self, problem: &Problem, line: &dyn Fn(&Rule) -> Option<usize>) -> String {
        let mut out = format!("{} is not derived.\n", problem.show_atom(&self.atom));
        if self.misses.is_empty() && self.not_chosen.is_empty() {
            out.push_str("No fact and no rule's head matches it.\n");
        }
        for &rule in &self.not_chosen {
            if let Some(rule) = problem.rules.get(rule as usize) {
                let place = line(rule).map_or(String::new(), |l| format!(" (line {l})"));
                let _ = writeln!(
                    out,
                    "It could be chosen{place} and is not: {}",
                    print_rule(problem, rule)
                );
            }
        }
        for miss in self.misses.iter().take(10) {
            let Some(rule) = problem.rules.get(miss.rule as usize) else {
                continue;
            };
            let place = line(rule).map_or(String::new(), |l| format!(" (line {l})"));
            let _ = writeln!(
                out,
                "{}{place}",
                print_instance(problem, rule, &miss.binding)
            );
            let text = instance_of_literal(problem, rule, &miss.failing, &miss.binding);
            let derived = match &miss.failing {
                Literal::Atom(Sign::Not, atom) => ground(atom, &miss.binding),
                _ => None,
            };
            let since = derived.map_or(String::new(), |atom| {
                format!(", since {} is derived", problem.show_atom(&atom))
            });
            let _ = writeln!(out, "  fails: {text}{since}");
        }
        out
    }
}
