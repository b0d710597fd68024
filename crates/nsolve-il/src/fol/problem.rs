use std::sync::Arc;

use nsolve_source::Span;

use super::{Signature, TermId, Terms};

/// A statement that is taken as given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Premise {
    /// A name that no other premise has.
    pub name: Arc<str>,
    /// The closed formula.
    pub formula: TermId,
    /// The sentence that it formalises.
    pub sentence: Option<Arc<str>>,
    /// Where it stands.
    pub span: Option<Span>,
}

/// A statement that is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conclusion {
    /// The closed formula.
    pub formula: TermId,
    /// The sentence that it formalises.
    pub sentence: Option<Arc<str>>,
    /// Where it stands.
    pub span: Option<Span>,
}

/// A lettered option, or one of several checks of it: an option whose label
/// stands more than once passes where all of its checks do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The letter, as written.
    pub label: Arc<str>,
    /// What this one has to be; `None` for what the question says of all.
    pub modality: Option<Modality>,
    /// What the option says.
    pub statement: Conclusion,
}

/// What the right option has to be, given the premises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Modality {
    /// True in every model of the premises.
    Must,
    /// True in some model of the premises.
    Could,
    /// True in no model of the premises.
    Cannot,
}

impl Modality {
    /// `must`, `could` or `cannot`.
    pub fn name(self) -> &'static str {
        match self {
            Modality::Must => "must",
            Modality::Could => "could",
            Modality::Cannot => "cannot",
        }
    }

    /// The modality of this name.
    pub fn find(name: &str) -> Option<Modality> {
        let all = [Modality::Must, Modality::Could, Modality::Cannot];
        all.into_iter().find(|m| m.name() == name)
    }
}

/// Which end of the values is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The least.
    Minimum,
    /// The greatest.
    Maximum,
}

impl Direction {
    /// `minimum` or `maximum`.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Minimum => "minimum",
            Direction::Maximum => "maximum",
        }
    }
}

/// A whole number that depends on the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// The value of this closed term, which is of sort `Int`.
    Term(TermId),
    /// How many things satisfy the body of this closed formula, which is
    /// `at least 1 x. F`. A formula that is closed can be visited and copied
    /// like any other.
    Count(TermId),
}

impl Measure {
    /// The term or formula.
    pub fn root(self) -> TermId {
        match self {
            Measure::Term(root) | Measure::Count(root) => root,
        }
    }
}

/// The least or greatest value that something has in any model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extremum {
    /// Which of the two.
    pub direction: Direction,
    /// Of what.
    pub measure: Measure,
    /// Where it stands.
    pub span: Option<Span>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Is there a model, and which?
    Model,
    /// Is the conclusion true, false, or uncertain?
    Conclusion(Conclusion),
    /// Which option has the modality (or, with `except`, lacks it)?
    Options {
        /// What the right option has to be, where its own says nothing else.
        modality: Modality,
        /// Whether the one option is wanted that is *not* so.
        except: bool,
        /// The options, in order.
        choices: Vec<Choice>,
    },
    /// How small, or how great, can it be?
    Extremum(Extremum),
}

/// How premises are to be understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Semantics {
    /// As formulas of classical logic. An implication also works backwards.
    #[default]
    Classical,
    /// As facts and rules that run forward only; negation is stated, never
    /// concluded from absence or by contraposition; the world is open.
    Rules,
}

/// A whole problem of first-order logic. Made by a
/// [`Builder`](super::Builder).
#[derive(Clone, Debug)]
pub struct Problem {
    /// Sorts and symbols.
    pub signature: Signature,
    /// The arena of all terms.
    pub terms: Terms,
    /// What is given, in order.
    pub premises: Vec<Premise>,
    /// What is asked.
    pub question: Question,
    /// How the premises are to be understood.
    pub semantics: Semantics,
}

/// A part of a [`Query`] that a core, a certificate or an explanation points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// The premise at this position.
    Premise(u32),
    /// The query's goal at this position, taken with its sign.
    Goal(u32),
}

/// A closed formula that a query assumes to hold, or not to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Goal {
    /// The formula.
    pub formula: TermId,
    /// Whether it is assumed to hold.
    pub holds: bool,
}

/// One satisfiability question: can these premises and goals hold together?
///
/// Whether a conclusion is entailed is the query that assumes it not to hold;
/// unsatisfiable means entailed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Positions of the premises that are assumed.
    pub premises: Vec<u32>,
    /// Formulas that are assumed besides.
    pub goals: Vec<Goal>,
}

impl Query {
    /// All premises of a problem, with no goal: are they consistent?
    pub fn premises_of(problem: &Problem) -> Self {
        Query {
            premises: (0..problem.premises.len() as u32).collect(),
            goals: Vec::new(),
        }
    }

    /// The same with one more goal.
    #[must_use]
    pub fn assuming(mut self, formula: TermId, holds: bool) -> Self {
        self.goals.push(Goal { formula, holds });
        self
    }

    /// Every item with its formula and sign, premises first.
    pub fn assertions<'a>(
        &'a self,
        problem: &'a Problem,
    ) -> impl Iterator<Item = (Item, TermId, bool)> + 'a {
        let premises = self.premises.iter().filter_map(|&i| {
            let premise = problem.premises.get(i as usize)?;
            Some((Item::Premise(i), premise.formula, true))
        });
        let goals = self.goals.iter().enumerate();
        premises.chain(goals.map(|(i, g)| (Item::Goal(i as u32), g.formula, g.holds)))
    }
}

impl Problem {
    /// Where an item stands in the text. A goal stands where its formula is
    /// asked about.
    pub fn origin(&self, item: Item) -> Option<Span> {
        match item {
            Item::Premise(i) => self.premises.get(i as usize)?.span,
            Item::Goal(_) => match &self.question {
                Question::Conclusion(c) => c.span,
                Question::Extremum(extremum) => extremum.span,
                Question::Model | Question::Options { .. } => None,
            },
        }
    }

    /// The formulas that are asked about: the conclusion, or each option.
    pub fn asked(&self) -> impl Iterator<Item = &Conclusion> {
        let (one, many) = match &self.question {
            Question::Model | Question::Extremum(_) => (None, None),
            Question::Conclusion(c) => (Some(c), None),
            Question::Options { choices, .. } => (None, Some(choices)),
        };
        let many = many.into_iter().flatten().map(|c| &c.statement);
        one.into_iter().chain(many)
    }

    /// The roots of all formulas: premises first, then what is asked, be it
    /// the term of an extremum.
    pub fn formulas(&self) -> impl Iterator<Item = TermId> {
        let premises = self.premises.iter().map(|p| p.formula);
        premises.chain(self.asked_roots())
    }

    /// The roots of what is asked about: formulas, and the term of an extremum.
    pub fn asked_roots(&self) -> impl Iterator<Item = TermId> {
        let measured = match &self.question {
            Question::Extremum(extremum) => Some(extremum.measure.root()),
            _ => None,
        };
        measured.into_iter().chain(self.asked().map(|c| c.formula))
    }
}
