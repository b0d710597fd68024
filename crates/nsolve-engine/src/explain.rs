//! An answer in words: what was decided, from which sentences, and how.

use std::fmt::Write as _;

use nsolve_backend::{Evidence, Verdict};
use nsolve_formats::render_solution;
use nsolve_il::fol::{
    ArithmeticOp, Certificate, Choice, CompareOp, GroundId, GroundTerm, Item, Line, LinearFact,
    Problem, Question, Semantics, TermId, VarId,
};
use nsolve_syntax::fol::{print_formula, print_formula_with, print_measure};

use crate::answer::{Answer, Decision, QueryRecord, Role};

/// Longest proof that is written out in full.
const MOST_STEPS: usize = 40;

/// Says an answer in words: the premises that it rests on, with their
/// sentences; then the proof's steps, or the worlds that differ.
pub fn explain(problem: &Problem, answer: &Answer) -> String {
    let mut out = String::new();
    headline(&mut out, problem, answer);
    if !answer.because.is_empty() {
        premises(&mut out, problem, &answer.because);
    }
    match &answer.decision {
        Decision::Uncertain => worlds(&mut out, problem, &answer.queries),
        Decision::Satisfiable => crate::solutions::write(&mut out, answer),
        Decision::Unknown => {
            let found = answer.queries.iter();
            for record in found.filter(|q| matches!(q.role, Role::Attains(_))) {
                world(&mut out, record);
            }
        }
        Decision::Value(value) => {
            for record in answer
                .queries
                .iter()
                .filter(|q| q.verdict() == Verdict::Sat)
            {
                let _ = writeln!(out, "it is {value} here:");
                world(&mut out, record);
            }
            steps(&mut out, problem, answer);
        }
        _ => steps(&mut out, problem, answer),
    }
    if let Some(note) = &answer.note {
        let _ = writeln!(out, "note: {note}");
    }
    out
}

fn headline(out: &mut String, problem: &Problem, answer: &Answer) {
    let asked = match &problem.question {
        Question::Conclusion(c) => match &c.sentence {
            Some(sentence) => format!("\"{sentence}\""),
            None => format!("`{}`", print_formula(problem, c.formula)),
        },
        Question::Extremum(extremum) => format!(
            "the {} of `{}`",
            extremum.direction.name(),
            print_measure(problem, extremum.measure)
        ),
        _ => String::new(),
    };
    let rules = problem.semantics == Semantics::Rules;
    let _ = match &answer.decision {
        Decision::True if rules => writeln!(out, "{asked} is derived by the rules."),
        Decision::True => writeln!(out, "{asked} follows from the premises."),
        Decision::False if rules => {
            writeln!(out, "The opposite of {asked} is derived by the rules.")
        }
        Decision::False => writeln!(out, "{asked} is refuted by the premises."),
        Decision::Uncertain if rules => {
            writeln!(
                out,
                "Neither {asked} nor its opposite is derived by the rules."
            )
        }
        Decision::Uncertain => writeln!(
            out,
            "{asked} holds in one world in which all premises hold, and fails in another."
        ),
        Decision::ContradictoryPremises if has_solutions(&problem.question) => {
            let needed = match answer.clash_is_minimal() {
                true => "; without any one of them, the others have one",
                false => "",
            };
            writeln!(out, "There is no solution: these premises clash{needed}.")
        }
        Decision::ContradictoryPremises => {
            writeln!(
                out,
                "The premises contradict each other, so everything would follow from them."
            )
        }
        Decision::Choice(letter) => writeln!(
            out,
            "Option {letter}{} is the one.",
            option(problem, letter)
        ),
        Decision::Choices(letters) if letters.is_empty() => {
            writeln!(out, "No option is as asked.")
        }
        Decision::Choices(letters) => {
            writeln!(out, "Several options are as asked: {}.", letters.join(", "))
        }
        Decision::Satisfiable => Ok(()),
        Decision::Value(value) => writeln!(out, "{} is {value}.", capital(&asked)),
        Decision::Unknown => writeln!(out, "Nothing was decided ({}).", answer.stop),
    };
}

/// Whether a question is about solutions rather than about what follows.
fn has_solutions(question: &Question) -> bool {
    !matches!(question, Question::Conclusion(_))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + chars.as_str()
}

fn option(problem: &Problem, letter: &str) -> String {
    let Question::Options { choices, .. } = &problem.question else {
        return String::new();
    };
    let choice: Option<&Choice> = choices.iter().find(|c| &*c.label == letter);
    choice.map_or(String::new(), |c| match &c.statement.sentence {
        Some(sentence) => format!(" (\"{sentence}\")"),
        None => format!(" (`{}`)", print_formula(problem, c.statement.formula)),
    })
}

fn premises(out: &mut String, problem: &Problem, because: &[u32]) {
    let _ = writeln!(out, "because");
    for premise in because
        .iter()
        .filter_map(|&i| problem.premises.get(i as usize))
    {
        let formula = print_formula(problem, premise.formula);
        let _ = match &premise.sentence {
            Some(sentence) => writeln!(out, "  {}: {sentence}  [{formula}]", premise.name),
            None => writeln!(out, "  {}: {formula}", premise.name),
        };
    }
}

/// The worlds that differ on the conclusion.
fn worlds(out: &mut String, problem: &Problem, queries: &[QueryRecord]) {
    for record in queries.iter().filter(|q| q.verdict() == Verdict::Sat) {
        let what = match (&record.role, problem.semantics) {
            (Role::DenyConclusion, Semantics::Classical) => "a world where it fails",
            (Role::AssumeConclusion, Semantics::Classical) => "a world where it holds",
            (Role::DenyConclusion, Semantics::Rules) => "all that can be derived, without it",
            _ => "all that can be derived, without its opposite",
        };
        let _ = writeln!(out, "{what}:");
        world(out, record);
    }
}

/// The model of a record, indented.
pub(crate) fn world(out: &mut String, record: &QueryRecord) {
    match &record.outcome.evidence {
        Evidence::Model(model) => {
            for line in render_solution(&record.problem, model).lines() {
                let _ = writeln!(out, "{}", format!("  {line}").trim_end());
            }
        }
        _ => {
            let _ = writeln!(out, "  ({} gave none)", record.backend);
        }
    }
}

/// The proof, line by line, of the query that the decision rests on.
fn steps(out: &mut String, problem: &Problem, answer: &Answer) {
    let shown = answer.queries.iter().rev().find_map(|record| {
        let relevant = match &answer.decision {
            Decision::Choice(letter) => matches!(
                &record.role,
                Role::DenyOption(l) | Role::AssumeOption(l) if l == letter
            ),
            _ => true,
        };
        match &record.outcome.evidence {
            Evidence::Certificate(certificate) if relevant => Some((record, certificate)),
            _ => None,
        }
    });
    let Some((record, certificate)) = shown else {
        return;
    };
    let _ = writeln!(out, "{}", opening(problem, &record.role));
    let writer = StepWriter {
        solved: &record.problem,
        certificate,
    };
    let steps: Vec<String> = certificate
        .lines
        .iter()
        .filter_map(|line| writer.line(line))
        .collect();
    for step in steps.iter().take(MOST_STEPS) {
        let _ = writeln!(out, "  {step}");
    }
    if let Some(left) = steps.len().checked_sub(MOST_STEPS)
        && left > 0
    {
        let _ = writeln!(out, "  ... and {left} more steps");
    }
    let _ = writeln!(out, "  these cannot all hold");
}

fn opening(problem: &Problem, role: &Role) -> &'static str {
    if problem.semantics == Semantics::Rules {
        return "proof: suppose that it were not derived; then";
    }
    match role {
        Role::DenyConclusion | Role::DenyOption(_) => "proof: suppose that it fails; then",
        Role::AssumeConclusion | Role::AssumeOption(_) => "proof: suppose that it holds; then",
        Role::Beyond(_) => "proof: suppose that a value beyond were possible; then",
        Role::PremisesAlone | Role::AnotherModel(_) | Role::Without(_) | Role::Attains(_) => {
            "proof: suppose that all premises hold; then"
        }
    }
}

struct StepWriter<'a> {
    solved: &'a Problem,
    certificate: &'a Certificate,
}

impl StepWriter<'_> {
    /// A line as a sentence; `None` for what is said elsewhere.
    fn line(&self, line: &Line) -> Option<String> {
        Some(match line {
            Line::Assert(Item::Premise(_) | Item::Goal(_)) => return None,
            Line::Instance {
                formula,
                binding,
                terms,
            } => {
                let (variables, body) = self.opened(*formula)?;
                let for_what: Vec<String> = variables
                    .iter()
                    .zip(terms)
                    .map(|(v, &t)| format!("{} = {}", self.variable(*v), self.term(t)))
                    .collect();
                let stands = |v: VarId| self.stands(v, binding, &variables, terms);
                let instance = print_formula_with(self.solved, body, &stands);
                format!("with {}: {instance}", for_what.join(", "))
            }
            Line::Witness {
                formula,
                binding,
                constants,
            } => {
                let (variables, body) = self.opened(*formula)?;
                let names: Vec<String> = constants.iter().map(|&c| self.term(c)).collect();
                let stands = |v: VarId| self.stands(v, binding, &variables, constants);
                let instance = print_formula_with(self.solved, body, &stands);
                format!("call it {}: {instance}", names.join(", "))
            }
            Line::Equal { equal, then } => {
                format!(
                    "{} gives {} = {}",
                    self.pairs(equal),
                    self.term(then.0),
                    self.term(then.1)
                )
            }
            Line::SameAtom {
                equal,
                predicate,
                from,
                to,
            } => {
                let name = &self.solved.signature.symbol(*predicate).name;
                let list = |ts: &[GroundId]| {
                    ts.iter()
                        .map(|&t| self.term(t))
                        .collect::<Vec<_>>()
                        .join(", ")
                };
                format!(
                    "{} and {name}({}) give {name}({})",
                    self.pairs(equal),
                    list(from),
                    list(to)
                )
            }
            Line::OneOf(t) => format!("{} is one of its sort's elements", self.term(*t)),
            Line::Different(a, b) => {
                format!("{} and {} are different", self.term(*a), self.term(*b))
            }
            Line::Linear(facts) => {
                let facts: Vec<String> = facts.iter().map(|f| self.fact(f)).collect();
                format!("arithmetic: not all of {}", facts.join(", "))
            }
            // What is true of any number is not worth a step by itself.
            Line::IntegerSplit(t, _) | Line::Trichotomy(t, _) if self.is_plain(*t) => return None,
            Line::IntegerSplit(t, n) => {
                format!(
                    "{} is at most {n}, or at least the next number",
                    self.term(*t)
                )
            }
            Line::Trichotomy(a, b) => {
                format!(
                    "{0} < {1}, or {0} = {1}, or {0} > {1}",
                    self.term(*a),
                    self.term(*b)
                )
            }
        })
    }

    fn is_plain(&self, id: GroundId) -> bool {
        let term = self.certificate.terms.get(id.index());
        matches!(term, Some(GroundTerm::Apply(..) | GroundTerm::Number(..)))
    }

    fn opened(&self, formula: TermId) -> Option<(Vec<VarId>, TermId)> {
        match self.solved.terms.get(formula) {
            nsolve_il::fol::Term::Quantified(_, variables, body) => {
                Some((variables.to_vec(), *body))
            }
            _ => None,
        }
    }

    fn variable(&self, v: VarId) -> &str {
        &self.solved.terms.variable(v).name
    }

    fn stands(
        &self,
        v: VarId,
        binding: &[(VarId, GroundId)],
        variables: &[VarId],
        terms: &[GroundId],
    ) -> Option<String> {
        let bound = variables.iter().zip(terms).find(|(x, _)| **x == v);
        let outer = binding.iter().find(|(x, _)| *x == v);
        let id = bound.map(|(_, t)| *t).or(outer.map(|(_, t)| *t))?;
        Some(self.term(id))
    }

    fn pairs(&self, equal: &[(GroundId, GroundId)]) -> String {
        let pairs = equal
            .iter()
            .map(|(a, b)| format!("{} = {}", self.term(*a), self.term(*b)));
        pairs.collect::<Vec<_>>().join(" and ")
    }

    fn fact(&self, fact: &LinearFact) -> String {
        let sign = match (fact.op, fact.holds) {
            (None, true) => "=",
            (None, false) => "!=",
            (Some(CompareOp::Less), true) | (Some(CompareOp::GreaterEq), false) => "<",
            (Some(CompareOp::LessEq), true) | (Some(CompareOp::Greater), false) => "<=",
            (Some(CompareOp::Greater), true) | (Some(CompareOp::LessEq), false) => ">",
            (Some(CompareOp::GreaterEq), true) | (Some(CompareOp::Less), false) => ">=",
        };
        format!("{} {sign} {}", self.term(fact.left), self.term(fact.right))
    }

    fn operation(&self, op: ArithmeticOp, arguments: &[GroundId]) -> String {
        let sign = match op {
            ArithmeticOp::Add => " + ",
            ArithmeticOp::Subtract => " - ",
            ArithmeticOp::Multiply => " * ",
            ArithmeticOp::Divide => " / ",
            ArithmeticOp::IntDivide => " div ",
            ArithmeticOp::Modulo => " mod ",
            ArithmeticOp::Negate | ArithmeticOp::ToReal => "",
        };
        let inside = |&id: &GroundId| match self.certificate.terms.get(id.index()) {
            Some(GroundTerm::Arithmetic(..)) => format!("({})", self.term(id)),
            _ => self.term(id),
        };
        let list: Vec<String> = arguments.iter().map(inside).collect();
        let minus = if op == ArithmeticOp::Negate { "-" } else { "" };
        format!("{minus}{}", list.join(sign))
    }

    fn term(&self, id: GroundId) -> String {
        match self.certificate.terms.get(id.index()) {
            Some(GroundTerm::Apply(symbol, arguments)) => {
                let name = self.solved.signature.symbol(*symbol).name.to_string();
                if arguments.is_empty() {
                    return name;
                }
                let list: Vec<_> = arguments.iter().map(|&a| self.term(a)).collect();
                format!("{name}({})", list.join(", "))
            }
            Some(GroundTerm::Witness(_)) => format!("c{}", id.0),
            Some(GroundTerm::Number(value, _)) => value.to_string(),
            Some(GroundTerm::Arithmetic(op, arguments)) => self.operation(*op, arguments),
            None => "?".into(),
        }
    }
}
