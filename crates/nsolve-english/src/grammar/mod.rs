//! Sentences as trees: every way to read a sentence, with what speaks against
//! each way.
//!
//! A rule gives all phrases of its kind that begin at a token, each with where
//! it ends and a cost. The cheapest readings of a whole sentence are kept; two
//! of the same cost are an ambiguity.

mod clause;
mod complement;
mod joined;
mod nominal;
mod noun;
mod question;
mod verb;

use std::cell::Cell;

use crate::lexicon::Tags;
use crate::text::{Kind, Token};
use crate::tree::{Clause, Joint};
use crate::vocabulary::Vocabulary;

pub(crate) use question::Asked;
pub(crate) use verb::is_race;

/// A phrase, the token behind it, and what speaks against it.
#[derive(Clone, Debug)]
pub(crate) struct Parse<T> {
    pub(crate) node: T,
    pub(crate) end: usize,
    pub(crate) cost: u32,
}

impl<T> Parse<T> {
    fn new(node: T, end: usize, cost: u32) -> Self {
        Parse { node, end, cost }
    }

    fn map<U>(self, f: impl FnOnce(T) -> U) -> Parse<U> {
        Parse {
            node: f(self.node),
            end: self.end,
            cost: self.cost,
        }
    }
}

type Parses<T> = Vec<Parse<T>>;

/// The number of a subject and of what is said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Agree {
    Singular,
    Plural,
    Both,
}

impl Agree {
    fn fits(self, other: Agree) -> bool {
        self == other || self == Agree::Both || other == Agree::Both
    }
}

/// A sentence of more words is not read.
pub(crate) const MOST_WORDS: usize = 200;
/// A sentence that takes more steps is not read.
const MOST_STEPS: u32 = 60_000;
/// No phrase has more readings that are looked at.
const MOST_PARSES: usize = 24;
/// Phrases nest no deeper.
const DEEPEST: u32 = 40;

/// Why a sentence was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stuck {
    /// The first token that no reading got past.
    pub(crate) at: usize,
    /// Whether the search was given up.
    pub(crate) gave_up: bool,
}

/// Reads one sentence.
pub(crate) struct Parser<'a> {
    tokens: &'a [Token],
    words: &'a Vocabulary,
    /// Whether the first word has a capital because it is the first.
    begins: bool,
    reached: Cell<usize>,
    steps: Cell<u32>,
    depth: Cell<u32>,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(tokens: &'a [Token], words: &'a Vocabulary) -> Self {
        Parser {
            tokens,
            words,
            begins: true,
            reached: Cell::new(0),
            steps: Cell::new(0),
            depth: Cell::new(0),
        }
    }

    /// For words from the middle of a sentence.
    pub(crate) fn within(tokens: &'a [Token], words: &'a Vocabulary) -> Self {
        Parser {
            begins: false,
            ..Parser::new(tokens, words)
        }
    }

    /// The cheapest readings of the tokens as a statement; several, if they
    /// are equally cheap.
    pub(crate) fn statement(&self) -> Result<Vec<Clause>, Stuck> {
        if self.tokens.len() > MOST_WORDS {
            return Err(Stuck {
                at: MOST_WORDS,
                gave_up: true,
            });
        }
        self.cheapest(self.full_clauses(0))
    }

    /// The cheapest of those that read all tokens.
    fn cheapest<T: PartialEq>(&self, parses: Parses<T>) -> Result<Vec<T>, Stuck> {
        let whole = parses.into_iter().filter(|p| self.is_end(p.end));
        let mut best: Vec<T> = Vec::new();
        let mut least = u32::MAX;
        for parse in whole {
            if parse.cost < least {
                least = parse.cost;
                best.clear();
            }
            if parse.cost == least && !best.contains(&parse.node) {
                best.push(parse.node);
            }
        }
        if best.is_empty() {
            return Err(Stuck {
                at: self.reached.get(),
                gave_up: self.steps.get() > MOST_STEPS,
            });
        }
        Ok(best)
    }

    fn is_end(&self, at: usize) -> bool {
        at >= self.tokens.len()
    }

    fn token(&self, at: usize) -> Option<&'a Token> {
        self.tokens.get(at)
    }

    fn reach(&self, at: usize) {
        if at > self.reached.get() {
            self.reached.set(at);
        }
    }

    /// Whether the token is of a class; it counts as read then.
    fn tag(&self, at: usize, tags: Tags) -> bool {
        let found = self.token(at).is_some_and(|t| t.is(tags));
        if found {
            self.reach(at + 1);
        }
        found
    }

    /// Whether the tokens from here on are these words.
    fn words(&self, at: usize, words: &[&str]) -> bool {
        let found = words.iter().enumerate().all(|(i, word)| {
            let token = self.token(at + i);
            token.is_some_and(|t| t.kind == Kind::Word && t.lower == *word)
        });
        if found {
            self.reach(at + words.len());
        }
        found
    }

    fn word(&self, at: usize, word: &str) -> bool {
        self.words(at, &[word])
    }

    fn mark(&self, at: usize, kind: Kind) -> bool {
        let found = self.token(at).is_some_and(|t| t.kind == kind);
        if found {
            self.reach(at + 1);
        }
        found
    }

    /// The word of no closed class that stands here.
    fn open(&self, at: usize) -> Option<&'a Token> {
        self.token(at).filter(|t| t.is_open())
    }

    /// Runs a rule unless the sentence has taken too long, or nests too deep.
    fn rule<T>(&self, rule: impl FnOnce() -> Parses<T>) -> Parses<T> {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        if steps > MOST_STEPS || self.depth.get() >= DEEPEST {
            return Vec::new();
        }
        self.depth.set(self.depth.get() + 1);
        let mut found = rule();
        self.depth.set(self.depth.get() - 1);
        if found.len() > MOST_PARSES {
            found.sort_by_key(|p| p.cost);
            found.truncate(MOST_PARSES);
        }
        found
    }
}

/// What `not .. or ..` and `neither` make of lists.
trait Joinable: Sized {
    fn join(joint: Joint, parts: Vec<Self>) -> Self;

    /// The part without its negation, if it has one.
    fn denied(&self) -> Option<&Self>;

    fn deny(self) -> Self;

    /// What speaks against a list of such parts.
    fn unlike(_parts: &[Self]) -> u32 {
        0
    }
}
