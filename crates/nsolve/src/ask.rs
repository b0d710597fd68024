use std::sync::Arc;

use nsolve_engine::{Answer, Decision};
use nsolve_english as english;
use nsolve_il::fol::{Problem, Semantics};
use nsolve_source::{Code, Diagnostic, Severity, SourceText};
use nsolve_syntax::fol::{Document, Item, ItemKind, Statement, Style, elaborate};

use crate::{Error, Solver};

/// A problem with its answer.
#[derive(Clone, Debug)]
pub struct Answered {
    /// What was asked, as formulas.
    pub problem: Arc<Problem>,
    /// The answer.
    pub answer: Answer,
}

/// A thing that was asked for.
#[derive(Clone, Debug)]
pub struct Thing {
    /// How it is said: `Tom`, `the red book`.
    pub name: String,
    /// Whether it is so of this thing.
    pub answered: Answered,
}

/// What a story's question is answered with.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Whether it is so, or which option.
    One(Box<Answered>),
    /// Of each thing of the story, whether it is so.
    Things(Vec<Thing>),
    /// A sentence can be read in two ways, and the answers differ.
    Ambiguous {
        /// Under the first reading.
        first: Box<Answered>,
        /// Under the second.
        second: Box<Answered>,
    },
}

/// An answer to a story in English.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What was read.
    pub story: english::Reading,
    /// The answer.
    pub reply: Reply,
    /// How the story was understood.
    pub semantics: Semantics,
    /// What could not be read, remarks, and a warning where the answer is
    /// another one under the other semantics.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether some sentences were not read. What follows from the others
    /// follows all the same; that nothing follows is not known then.
    pub is_partial: bool,
}

impl Asked {
    /// The decision in a word, an option's letter, or the things that it is so
    /// of, with commas between them.
    pub fn decision(&self) -> String {
        match &self.reply {
            Reply::One(one) if self.withholds(&one.answer.decision) => "unknown".into(),
            Reply::One(one) => one.answer.decision.as_str().into(),
            Reply::Ambiguous { .. } => "ambiguous".into(),
            Reply::Things(things) => {
                let so = things
                    .iter()
                    .filter(|t| t.answered.answer.decision == Decision::True);
                let names: Vec<&str> = so.map(|t| t.name.as_str()).collect();
                match names.is_empty() {
                    true => "nothing".into(),
                    false => names.join(", "),
                }
            }
        }
    }

    /// Whether a decision could be another one if all sentences had been read.
    pub fn withholds(&self, decision: &Decision) -> bool {
        let rests_on_absence = matches!(
            decision,
            Decision::Uncertain | Decision::Choices(_) | Decision::Satisfiable
        );
        self.is_partial && rests_on_absence
    }
}

impl Solver {
    /// Answers a story with a question in plain English, with no model.
    ///
    /// ```
    /// use nsolve::il::fol::Semantics;
    /// use nsolve::{Solver, SourceText};
    ///
    /// let story = "All cats are mammals. Tom is a cat. Is Tom a mammal?";
    /// let story = SourceText::new("story", story).unwrap();
    /// let asked = Solver::new().ask(&story, Semantics::Classical)?;
    /// assert_eq!(asked.decision(), "true");
    /// # Ok::<(), nsolve::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Input`] where nothing is asked, or the question is not read;
    /// else as [`Solver::solve`].
    pub fn ask(&self, text: &SourceText, semantics: Semantics) -> Result<Asked, Error> {
        let story = english::read(text, semantics);
        let mut diagnostics = story.diagnostics.clone();
        let asks = story.candidates.is_some() || story.document.asks();
        if !asks {
            return Err(Error::Input(diagnostics));
        }
        let is_partial = story
            .sentences
            .iter()
            .any(|s| s.role == english::Role::Unread);
        let reply = match &story.candidates {
            Some(candidates) => self.things(&story.document, candidates, &mut diagnostics)?,
            None => self.whether(&story, &mut diagnostics)?,
        };
        let mut asked = Asked {
            story,
            reply,
            semantics,
            diagnostics,
            is_partial,
        };
        self.compare_semantics(text, &mut asked);
        Ok(asked)
    }

    fn answered(
        &self,
        document: &Document,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<Answered, Error> {
        let elaboration = elaborate(document, &Style::NATIVE);
        let Some(problem) = elaboration.problem else {
            let errors = elaboration.diagnostics.into_iter();
            diagnostics.extend(errors.filter(|d| d.severity == Severity::Error));
            return Err(Error::Input(diagnostics.clone()));
        };
        let problem = Arc::new(problem);
        let answer = self.solve(&problem)?;
        Ok(Answered { problem, answer })
    }

    fn things(
        &self,
        document: &Document,
        candidates: &[english::Candidate],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<Reply, Error> {
        let mut things = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            let asked = concluding(document, &candidate.statement);
            things.push(Thing {
                name: candidate.name.clone(),
                answered: self.answered(&asked, diagnostics)?,
            });
        }
        Ok(Reply::Things(things))
    }

    /// Under the first reading of each sentence, and with each second reading.
    fn whether(
        &self,
        story: &english::Reading,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<Reply, Error> {
        let first = self.answered(&story.document, diagnostics)?;
        for alternative in &story.alternatives {
            let mut other = story.document.clone();
            let Some(item) = other.items.get_mut(alternative.item) else {
                continue;
            };
            match &mut item.kind {
                ItemKind::Premise(s) | ItemKind::Conclusion(s) | ItemKind::Choice(s, _) => {
                    s.formula = alternative.formula.clone();
                }
                _ => continue,
            }
            let second = self.answered(&other, &mut Vec::new())?;
            if second.answer.decision != first.answer.decision {
                let told = Diagnostic::warning(
                    Code::AMBIGUOUS_SENTENCE,
                    "this sentence can be read in two ways, and the answers differ",
                );
                let told = told.at(alternative.span);
                diagnostics
                    .push(told.help("name what is meant, or put `both`, `either` or commas"));
                return Ok(Reply::Ambiguous {
                    first: Box::new(first),
                    second: Box::new(second),
                });
            }
        }
        Ok(Reply::One(Box::new(first)))
    }

    /// Warns where the other semantics give another answer.
    fn compare_semantics(&self, text: &SourceText, asked: &mut Asked) {
        let Reply::One(one) = &asked.reply else {
            return;
        };
        let other = match asked.semantics {
            Semantics::Classical => Semantics::Rules,
            Semantics::Rules => Semantics::Classical,
        };
        let story = english::read(text, other);
        // Stories that are no facts and rules have no meaning as such.
        let Ok(second) = self.answered(&story.document, &mut Vec::new()) else {
            return;
        };
        let (mine, theirs) = (&one.answer.decision, &second.answer.decision);
        if mine == theirs || *theirs == Decision::Unknown || *mine == Decision::Unknown {
            return;
        }
        let (now, flag) = match other {
            Semantics::Rules => ("facts and rules that run forward only", "rules"),
            Semantics::Classical => ("classical logic", "classical"),
        };
        let differs = Diagnostic::warning(
            Code::SEMANTICS_MATTER,
            format!("as {now}, the answer is `{}`", theirs.as_str()),
        );
        asked
            .diagnostics
            .push(differs.help(format!("`--semantics {flag}` asks for that")));
    }
}

fn concluding(document: &Document, statement: &Statement) -> Document {
    let mut out = document.clone();
    out.items.push(Item {
        kind: ItemKind::Conclusion(statement.clone()),
        span: statement.formula.span,
    });
    out
}
