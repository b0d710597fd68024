//! Answers in English: what is so, from which sentences, step by step; or the
//! worlds that differ.

use std::fmt::Write as _;

use nsolve_backend::{Evidence, Verdict};
use nsolve_engine::{Answer, Assurance, Decision, QueryRecord, Role};
use nsolve_il::fol::{Certificate, Conclusion, Problem, Question, Semantics};

use super::clauses::{Clauses, Lit, Why, not};
use super::proof::{Told, prove};
use super::speak::{Speaker, finished, listed};
use super::statement::{Bound, Statement, Symbols, Taker};
use super::world::World;

/// Proofs of more steps are cut.
const MOST_STEPS: usize = 60;

/// An answer in English, with its reason: numbered steps, each a sentence and
/// what it follows from; or two worlds that differ; and whether that was only
/// claimed. What a proof of sentences
/// cannot show (solutions, values) is told as
/// [`explain`](nsolve_engine::explain) tells it.
pub fn say_answer(problem: &Problem, answer: &Answer) -> String {
    let mut teller = Teller {
        problem,
        answer,
        speaker: Speaker::new(problem),
        out: String::new(),
    };
    match &answer.decision {
        Decision::True | Decision::False | Decision::ContradictoryPremises => {
            teller.headline();
            teller.reason(|_| true);
        }
        Decision::Choice(letter) => {
            teller.headline();
            let belongs = |role: &Role| matches!(role, Role::DenyOption(l) | Role::AssumeOption(l) if l == letter);
            teller.reason(belongs);
        }
        Decision::Uncertain => {
            teller.headline();
            teller.worlds();
        }
        _ => return nsolve_engine::explain(problem, answer),
    }
    let trust = match answer.assurance {
        Assurance::Verified => "",
        Assurance::CrossChecked => "Two solvers say so; no evidence of it was checked.",
        Assurance::Claimed => "A solver claims it; no evidence of it was checked.",
    };
    if !trust.is_empty() {
        teller.line(trust);
    }
    if let Some(note) = &answer.note {
        let _ = writeln!(teller.out, "Note: {note}");
    }
    teller.out
}

struct Teller<'a> {
    problem: &'a Problem,
    answer: &'a Answer,
    speaker: Speaker<'a>,
    out: String,
}

impl<'a> Teller<'a> {
    fn line(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    fn asked(&self) -> Option<&'a Conclusion> {
        match (&self.problem.question, &self.answer.decision) {
            (Question::Conclusion(conclusion), _) => Some(conclusion),
            (Question::Options { choices, .. }, Decision::Choice(letter)) => {
                let choice = choices.iter().find(|c| *c.label == **letter);
                choice.map(|c| &c.statement)
            }
            _ => None,
        }
    }

    /// What was asked about, as a statement, or its opposite.
    fn statement(&self, holds: bool) -> String {
        let Some(asked) = self.asked() else {
            return String::new();
        };
        let symbols = Symbols::own(self.problem);
        let taker = Taker {
            problem: self.problem,
            symbols: &symbols,
            ground: None,
        };
        match taker.statement(asked.formula, &Bound::default()) {
            Some(statement) if holds => self.speaker.sentence(&statement),
            Some(statement) => self.speaker.sentence(&statement.negated()),
            None => asked.sentence.as_deref().unwrap_or_default().to_owned(),
        }
    }

    fn headline(&mut self) {
        let rules = self.problem.semantics == Semantics::Rules;
        let by_rules = if rules { " (by the rules)" } else { "" };
        let line = match &self.answer.decision {
            Decision::True => format!("Yes{by_rules}. {}", self.statement(true)),
            Decision::False => format!("No{by_rules}. {}", self.statement(false)),
            Decision::Uncertain if rules => format!(
                "Uncertain (by the rules). Neither this nor its opposite is derived: {}",
                self.statement(true)
            ),
            Decision::Uncertain => format!(
                "Uncertain. It can be so, and it can be otherwise: {}",
                self.statement(true)
            ),
            Decision::ContradictoryPremises => {
                "What is said contradicts itself, so that everything would follow from it.".into()
            }
            Decision::Choice(letter) => format!("{letter}) {}", self.statement(true)),
            _ => String::new(),
        };
        self.line(&line);
    }

    /// The proof that the decision rests on, or the world that shows it.
    fn reason(&mut self, belongs: impl Fn(&Role) -> bool) {
        let answer = self.answer;
        let records = || answer.queries.iter().rev().filter(|r| belongs(&r.role));
        let proved = records().find_map(|record| match &record.outcome.evidence {
            Evidence::Certificate(certificate) => Some((record, certificate)),
            _ => None,
        });
        if let Some((record, certificate)) = proved {
            if self.proof(record, certificate).is_none() {
                self.premises();
            }
        } else if let Some(record) = records().find(|r| r.verdict() == Verdict::Sat) {
            self.line("It is so in this world, in which all that is said holds:");
            let told = self.world(record);
            self.out.push_str(&told);
        } else {
            self.premises();
        }
    }

    /// The sentences that the decision rests on.
    fn premises(&mut self) {
        let because = self.answer.because.iter();
        let texts: Vec<String> = because.filter_map(|&i| self.premise(i)).collect();
        if !texts.is_empty() {
            self.line("It rests on these:");
        }
        for text in texts {
            self.line(&format!("  {text}"));
        }
    }

    /// A premise as it was written, or said.
    fn premise(&self, position: u32) -> Option<String> {
        let premise = self.problem.premises.get(position as usize)?;
        Some(match premise.sentence.as_deref().map(str::trim) {
            Some(sentence) if !sentence.is_empty() => finished(sentence),
            _ => super::say_formula(self.problem, premise.formula),
        })
    }

    fn proof(&mut self, record: &QueryRecord, certificate: &Certificate) -> Option<()> {
        let symbols = Symbols::of(&record.problem, self.problem);
        let taker = Taker {
            problem: &record.problem,
            symbols: &symbols,
            ground: Some(certificate),
        };
        let mut clauses = Clauses::of(certificate, &record.query, &taker)?;
        let goal = match record.query.goals.as_slice() {
            [goal] => Some(goal),
            _ => None,
        };
        let wanted = match goal {
            Some(goal) => {
                let (at, holds) = clauses.formula(goal.formula, &Bound::default(), &taker)?;
                Some((at, holds != goal.holds))
            }
            None => None,
        };
        let told = prove(&clauses, wanted)?;
        self.steps(&clauses, &told, wanted)
    }

    fn steps(&mut self, clauses: &Clauses, told: &[Told], wanted: Option<Lit>) -> Option<()> {
        let mut lines: Vec<(usize, String, String)> = Vec::new();
        // The number of each step that has one.
        let mut numbers: Vec<Option<usize>> = Vec::with_capacity(told.len());
        let mut depth: usize = 0;
        let mut count = 0;
        for step in told {
            let mut number = || {
                count += 1;
                Some(count)
            };
            let (text, note, own) = match step {
                Told::Premise(_, position) => {
                    let premise = self.problem.premises.get(*position as usize)?;
                    let text = self.premise(*position)?;
                    (text, format!("[{}]", premise.name), number())
                }
                Told::Suppose(lit) => {
                    let denied = wanted.is_some_and(|w| not(w) == *lit);
                    let said = self.said(clauses, *lit)?;
                    let note = if denied {
                        "suppose the opposite"
                    } else {
                        "suppose"
                    };
                    let own = number();
                    (said, format!("({note})"), own)
                }
                Told::Follows(lit, from, why) => {
                    let said = match why {
                        Why::Named => self.named(clauses, *lit)?,
                        _ => format!(
                            "So {}",
                            uncapitalised(&self.said(clauses, *lit)?, &self.speaker)
                        ),
                    };
                    (said, cited(from, &numbers, *why), number())
                }
                Told::Absurd(from) => {
                    let list = list_of(from, &numbers);
                    let text = match list.len() {
                        0 => "This cannot be.".to_owned(),
                        1 => format!("But {} cannot be.", list.concat()),
                        2 => format!("But {} cannot both hold.", listed(&list, "and")),
                        _ => format!("But {} cannot all hold.", listed(&list, "and")),
                    };
                    (text, String::new(), None)
                }
            };
            let indent = depth;
            match step {
                Told::Suppose(lit) if wanted.is_none_or(|w| not(w) != *lit) => depth += 1,
                Told::Absurd(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
            let head = own.map_or_else(String::new, |n| format!("{n}. "));
            lines.push((indent, format!("{head}{text}"), note));
            numbers.push(own);
        }
        if let (Some(Told::Absurd(_)), Some(_)) = (told.last(), wanted) {
            let shown = self.statement(self.answer.decision != Decision::False);
            let end = format!("So {}", uncapitalised(&shown, &self.speaker));
            lines.push((0, end, String::new()));
        }
        let shown = lines.iter().take(MOST_STEPS);
        let noted = shown.clone().filter(|(_, _, note)| !note.is_empty());
        let widths = noted.map(|(i, text, _)| 2 * i + text.chars().count());
        let width = widths.filter(|w| *w <= 72).max().unwrap_or(0);
        for (indent, text, note) in shown {
            let text = format!("{}{text}", "  ".repeat(*indent));
            let _ = writeln!(
                self.out,
                "{}",
                format!("  {text:width$}  {note}").trim_end()
            );
        }
        if lines.len() > MOST_STEPS {
            let _ = writeln!(
                self.out,
                "  ... and {} more steps",
                lines.len() - MOST_STEPS
            );
        }
        Some(())
    }

    fn said(&mut self, clauses: &Clauses, lit: Lit) -> Option<String> {
        let statement = clauses.statement(lit)?;
        let speaker = &mut self.speaker;
        statement.each_witness(&mut |id| {
            speaker.call(id);
        });
        Some(self.speaker.sentence(&statement))
    }

    /// `Call it P: P is a cat.`
    fn named(&mut self, clauses: &Clauses, lit: Lit) -> Option<String> {
        let statement = match clauses.statement(lit)? {
            // That something fails says more as what holds.
            Statement::Not(inner) => match *inner {
                Statement::If(a, b) => Statement::And(vec![*a, b.negated()]),
                Statement::Or(parts) => {
                    Statement::And(parts.iter().map(Statement::negated).collect())
                }
                other => other.negated(),
            },
            other => other,
        };
        let mut new = Vec::new();
        let speaker = &mut self.speaker;
        statement.each_witness(&mut |id| {
            if !speaker.is_called(id) {
                new.push(speaker.call(id));
            }
        });
        let said = self.speaker.sentence(&statement);
        Some(match new.len() {
            0 => said,
            1 => format!("Call it {}: {said}", new.concat()),
            _ => format!("Call them {}: {said}", listed(&new, "and")),
        })
    }

    fn worlds(&mut self) {
        let answer = self.answer;
        let rules = self.problem.semantics == Semantics::Rules;
        let mut before: Option<String> = None;
        for record in answer
            .queries
            .iter()
            .filter(|q| q.verdict() == Verdict::Sat)
        {
            let holds = record.role == Role::AssumeConclusion;
            let told = self.world(record);
            if rules && before.as_ref() == Some(&told) {
                continue;
            }
            let head = match (rules, holds) {
                (true, _) if before.is_none() => "This is all that is derived:".to_owned(),
                (true, _) => "Otherwise it is this:".to_owned(),
                (false, _) => {
                    let so = uncapitalised(&self.statement(holds), &self.speaker);
                    format!(
                        "Here all that is said holds, and {}:",
                        so.trim_end_matches('.')
                    )
                }
            };
            self.line(&head);
            self.out.push_str(&told);
            before = Some(told);
        }
    }

    /// The world of a record, indented.
    fn world(&self, record: &QueryRecord) -> String {
        let Evidence::Model(model) = &record.outcome.evidence else {
            return format!("  ({} gave none)\n", record.backend);
        };
        let symbols = Symbols::of(&record.problem, self.problem);
        let world = World {
            speaker: &self.speaker,
            solved: &record.problem,
            symbols: &symbols,
            model,
        };
        let told = world.told();
        if told.is_empty() {
            return "  (Nothing is known of anything.)\n".into();
        }
        let lines = told
            .lines()
            .map(|line| format!("  {line}").trim_end().to_owned() + "\n");
        lines.collect()
    }
}

fn list_of(from: &[usize], numbers: &[Option<usize>]) -> Vec<String> {
    let each = from
        .iter()
        .filter_map(|&at| numbers.get(at).copied().flatten());
    each.map(|n| n.to_string()).collect()
}

/// What a step follows from.
fn cited(from: &[usize], numbers: &[Option<usize>], why: Why) -> String {
    let list = list_of(from, numbers);
    let by = match why {
        Why::Arithmetic => "arithmetic",
        Why::Equality => "equal things are alike",
        Why::List => "these are all there are, and different",
        _ => "",
    };
    match (list.is_empty(), by) {
        (true, "") => String::new(),
        (true, by) => format!("({by})"),
        (false, "") => format!("(from {})", listed(&list, "and")),
        (false, by) => format!("(from {}; {by})", listed(&list, "and")),
    }
}

/// A sentence behind `so`: with a small letter unless it begins with a name.
fn uncapitalised(sentence: &str, speaker: &Speaker<'_>) -> String {
    let first = sentence.split(' ').next().unwrap_or_default();
    let word = first.trim_matches(|c: char| !c.is_alphanumeric());
    let is_name = speaker
        .names()
        .any(|name| name.split(' ').next() == Some(word));
    let is_letter = word.chars().count() == 1 && word != "A";
    if is_name || is_letter {
        return sentence.to_owned();
    }
    let mut chars = sentence.chars();
    let small = chars.next().map(|c| c.to_lowercase().to_string());
    small.unwrap_or_default() + chars.as_str()
}
