//! An answer about a program in words.

use std::fmt::Write as _;

use nsolve_backend::Evidence;
use nsolve_il::program::{
    Certificate, Derivation, Goal, GroundAtom, Literal, Problem, Row, Rule, Sign, StableModel,
    Witness,
};
use nsolve_source::SourceText;
use nsolve_syntax::program::{print_goal, print_instance};

use super::answer::{ProgramAnswer, ProgramDecision, ProgramRecord, ProgramRole};
use super::facts::ground;
use super::solve::{Asked, named_variables};
use super::why::why;
use crate::answer::Assurance;

/// The most bindings, models and trees that are written out.
const MOST_ROWS: usize = 50;
const MOST_TREES: usize = 5;
const MOST_ATOMS: usize = 400;

/// Says an answer in words: bindings with their derivations, models, the
/// constraint that is violated. Lines of rules are told where the text is at
/// hand.
pub fn explain_program(
    problem: &Problem,
    answer: &ProgramAnswer,
    text: Option<&SourceText>,
) -> String {
    let asked = Asked::new(&std::sync::Arc::new(problem.clone()));
    let line = |rule: &Rule| Some(text?.position(rule.span?.start).line);
    let teller = Teller {
        problem,
        solved: &asked.solved,
        answer,
        line: &line,
    };
    let mut out = String::new();
    teller.tell(&mut out);
    out
}

struct Teller<'a> {
    problem: &'a Problem,
    /// The program that the evidence is about.
    solved: &'a Problem,
    answer: &'a ProgramAnswer,
    line: &'a dyn Fn(&Rule) -> Option<usize>,
}

impl Teller<'_> {
    fn tell(&self, out: &mut String) {
        let goal = self.answer.goal.as_ref();
        let asked = goal.map(|g| self.name(g)).unwrap_or_default();
        let open = self.problem.meaning == nsolve_il::program::Meaning::OpenWorld;
        match self.answer.decision {
            ProgramDecision::True => {
                let how = if open { "is derived" } else { "holds" };
                let _ = writeln!(out, "{asked} {how}{}.", self.everywhere());
                self.trees(out, ProgramRole::Goal);
            }
            ProgramDecision::False if open => {
                let _ = writeln!(out, "The negation of {asked} is derived.");
                self.trees(out, ProgramRole::Denial);
            }
            ProgramDecision::False => {
                let _ = writeln!(out, "{asked} does not hold.");
            }
            ProgramDecision::Uncertain if open => {
                let _ = writeln!(out, "Neither {asked} nor its negation is derived.");
            }
            ProgramDecision::Uncertain => {
                let _ = writeln!(out, "{asked} holds in one model and fails in another.");
                self.two_models(out);
            }
            ProgramDecision::Contradictory => {
                let _ = writeln!(out, "Both {asked} and its negation are derived.");
                self.trees(out, ProgramRole::Goal);
                self.trees(out, ProgramRole::Denial);
            }
            ProgramDecision::Bindings => self.bindings(out),
            ProgramDecision::NoBindings => {
                let _ = writeln!(out, "No instance of {asked} holds{}.", self.everywhere());
            }
            ProgramDecision::Models | ProgramDecision::Optimum => self.models(out),
            ProgramDecision::NoModel => self.no_model(out),
            ProgramDecision::Unknown => {
                let _ = writeln!(out, "Nothing was decided ({}).", self.answer.stop);
            }
        }
    }

    fn name(&self, goal: &Goal) -> String {
        match &goal.sentence {
            Some(sentence) => format!("\"{sentence}\""),
            None => format!("`{}`", print_goal(self.problem, goal)),
        }
    }

    /// Whether models had to be compared.
    fn everywhere(&self) -> &'static str {
        let compared = |r: &ProgramRecord| r.role == ProgramRole::Counterexample;
        if self.answer.records.iter().any(compared) {
            " in every model"
        } else {
            ""
        }
    }

    fn record(&self, role: ProgramRole) -> Option<&ProgramRecord> {
        self.answer.records.iter().find(|r| r.role == role)
    }

    /// The derivation of the first instance of a goal.
    fn trees(&self, out: &mut String, role: ProgramRole) {
        let Some(record) = self.record(role) else {
            return;
        };
        let nsolve_il::program::Query::Instances { goal, .. } = &record.query else {
            return;
        };
        if let Evidence::Model(Witness::Instances(bindings)) = &record.outcome.evidence
            && let Some(row) = bindings.rows.first()
        {
            self.tree(out, goal, row, &bindings.derivation, "  ");
        }
    }

    fn tree(&self, out: &mut String, goal: &Goal, row: &Row, derivation: &Derivation, pad: &str) {
        for literal in &goal.body {
            let Literal::Atom(sign, atom) = literal else {
                continue;
            };
            let Some(atom) = ground(atom, &row.binding) else {
                continue;
            };
            if *sign == Sign::Not {
                let _ = writeln!(out, "{pad}{} is not derived", self.solved.show_atom(&atom));
            } else if let Some(tree) = why(self.solved, derivation, &atom) {
                for line in tree.render(self.solved, self.line).lines() {
                    let _ = writeln!(out, "{pad}{line}");
                }
            }
        }
    }

    fn bindings(&self, out: &mut String) {
        let Some(goal) = &self.answer.goal else {
            return;
        };
        let variables = named_variables(goal);
        let rows = &self.answer.rows;
        let count = match rows.len() {
            1 => "One instance".to_owned(),
            n => format!("{n} instances"),
        };
        let more = match self.answer.exhaustive {
            Some(Assurance::Verified) => ", and no others",
            Some(_) => ", and no others are known",
            None => ", and there may be others",
        };
        let _ = writeln!(
            out,
            "{count} of {}{}{more}:",
            self.name(goal),
            self.everywhere()
        );
        let evidence = self.record(ProgramRole::Goal).map(|r| &r.outcome.evidence);
        let derivation = match evidence {
            Some(Evidence::Model(Witness::Instances(bindings))) => Some(&bindings.derivation),
            _ => None,
        };
        for row in rows.iter().take(MOST_ROWS) {
            let pairs: Vec<String> = variables
                .iter()
                .filter_map(|v| {
                    let name = goal.variables.get(v.index())?;
                    let value = row.binding.get(v.index())?.as_ref()?;
                    Some(format!("{name} = {value}"))
                })
                .collect();
            let _ = writeln!(out, "  {}", pairs.join(", "));
            if let Some(derivation) = derivation.filter(|_| rows.len() <= MOST_TREES) {
                self.tree(out, goal, row, derivation, "    ");
            }
        }
        if rows.len() > MOST_ROWS {
            let _ = writeln!(
                out,
                "  ... and {} more; --json lists them all",
                rows.len() - MOST_ROWS
            );
        }
    }

    fn models(&self, out: &mut String) {
        let models = self.answer.models();
        let optimum = self.answer.decision == ProgramDecision::Optimum;
        let kind = if optimum { "best model" } else { "model" };
        for (i, model) in models.iter().enumerate().take(MOST_ROWS) {
            let number = if models.len() > 1 {
                format!(" {}", i + 1)
            } else {
                String::new()
            };
            let cost = if model.cost.is_empty() && !optimum {
                String::new()
            } else {
                format!(" (cost {})", cost(model))
            };
            let _ = writeln!(out, "{kind}{number}{cost}:");
            self.atoms(out, model);
        }
        if models.len() > MOST_ROWS {
            let _ = writeln!(
                out,
                "... and {} more; --json lists them all",
                models.len() - MOST_ROWS
            );
        }
        let more = match (optimum, self.answer.exhaustive) {
            (true, Some(Assurance::Verified)) => "No model costs less.",
            (true, _) => "No model costs less, says the search.",
            (false, Some(Assurance::Verified)) => "There are no other models.",
            (false, Some(_)) => "There are no other models, says the search.",
            (false, None) => "There may be other models; --all-models lists them.",
        };
        let _ = writeln!(out, "{more}");
    }

    fn atoms(&self, out: &mut String, model: &StableModel) {
        let mut atoms: Vec<&GroundAtom> = model
            .derivation
            .atoms()
            .filter(|a| self.problem.predicate(a.predicate).is_some())
            .filter(|a| self.problem.shows(a.predicate))
            .collect();
        atoms.sort_unstable();
        if atoms.is_empty() {
            let _ = writeln!(out, "  (nothing of interest holds)");
            return;
        }
        let mut line = String::from(" ");
        for atom in atoms.iter().take(MOST_ATOMS) {
            let text = self.solved.show_atom(atom).to_string();
            if line.len() > 1 && line.len() + text.len() > 98 {
                let _ = writeln!(out, "{line}");
                line = String::from(" ");
            }
            line.push(' ');
            line.push_str(&text);
        }
        let _ = writeln!(out, "{line}");
        if atoms.len() > MOST_ATOMS {
            let _ = writeln!(
                out,
                "  ... and {} more atoms; --json lists them all",
                atoms.len() - MOST_ATOMS
            );
        }
    }

    fn two_models(&self, out: &mut String) {
        let asked = Asked::new(&std::sync::Arc::new(self.problem.clone()));
        for wanted in [true, false] {
            let mut models = self.answer.records.iter().flat_map(ProgramRecord::models);
            let found = models.find(|m| asked.holds_in(m) == wanted);
            if let Some(model) = found {
                let what = if wanted { "it holds in" } else { "it fails in" };
                let _ = writeln!(out, "{what}:");
                self.atoms(out, model);
            }
        }
    }

    fn no_model(&self, out: &mut String) {
        let record = self.record(ProgramRole::Models);
        match record.and_then(ProgramRecord::certificate) {
            Some(Certificate::Violated {
                derivation,
                rule,
                binding,
            }) => {
                let _ = writeln!(out, "There is no model: this constraint is violated.");
                if let Some(rule) = self.solved.rules.get(*rule as usize) {
                    let place = (self.line)(rule).map_or(String::new(), |l| format!(" (line {l})"));
                    let said = rule
                        .sentence
                        .as_ref()
                        .map_or(String::new(), |s| format!("\"{s}\" "));
                    let text = print_instance(self.solved, rule, binding);
                    let _ = writeln!(out, "  {said}{text}{place}");
                    let goal = Goal {
                        body: rule.body.clone(),
                        variables: rule.variables.clone(),
                        sentence: None,
                        span: None,
                    };
                    let row = Row {
                        binding: binding.to_vec(),
                    };
                    self.tree(out, &goal, &row, derivation, "    ");
                }
            }
            Some(Certificate::Clash { derivation, atom }) => {
                let _ = writeln!(
                    out,
                    "There is no model: both {} and its stated negation are derived.",
                    self.solved.show_atom(atom)
                );
                let opposite = self
                    .solved
                    .opposite(atom.predicate)
                    .map(|predicate| GroundAtom {
                        predicate,
                        arguments: atom.arguments.clone(),
                    });
                for atom in std::iter::once(atom).chain(&opposite) {
                    if let Some(tree) = why(self.solved, derivation, atom) {
                        for line in tree.render(self.solved, self.line).lines() {
                            let _ = writeln!(out, "    {line}");
                        }
                    }
                }
            }
            _ => {
                let _ = writeln!(out, "There is no model: every way to choose fails.");
            }
        }
    }
}

/// A cost such as `3` (one level, of number 0 or 1) or `2@3 1@1`.
pub(crate) fn cost(model: &StableModel) -> String {
    match model.cost.as_slice() {
        [] => "0".into(),
        [(_, only)] => only.to_string(),
        levels => {
            let parts: Vec<String> = levels.iter().map(|(l, c)| format!("{c}@{l}")).collect();
            parts.join(" ")
        }
    }
}
