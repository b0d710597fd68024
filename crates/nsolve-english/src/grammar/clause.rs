//! Clauses and conditionals.

use super::noun::{Stand, is_letter};
use super::{Joinable, Parse, Parser, Parses};
use crate::lexicon::Tags;
use crate::text::Kind;
use crate::tree::{Clause, Joint, LetterQuantifier, NounPhrase};

impl Joinable for Clause {
    fn join(joint: Joint, parts: Vec<Self>) -> Self {
        Clause::Join(joint, parts)
    }

    // A denial reaches over a list only where it is said of all of it.
    fn denied(&self) -> Option<&Self> {
        None
    }

    fn deny(self) -> Self {
        Clause::Not(Box::new(self))
    }
}

/// What joins two clauses of which one is a condition.
#[derive(Clone, Copy, PartialEq)]
enum Condition {
    If,
    Unless,
    OnlyIf,
    Iff,
}

impl Condition {
    /// With the condition written first, or last.
    fn apply(self, condition: Clause, main: Clause, last: bool) -> Clause {
        let implies = |when: Clause, then: Clause, then_first: bool| Clause::If {
            when: Box::new(when),
            then: Box::new(then),
            then_first,
        };
        match self {
            Condition::If => implies(condition, main, last),
            Condition::Unless => implies(condition.deny(), main, last),
            Condition::OnlyIf => implies(main, condition, !last),
            Condition::Iff if last => Clause::Iff(Box::new(main), Box::new(condition)),
            Condition::Iff => Clause::Iff(Box::new(condition), Box::new(main)),
        }
    }
}

impl Parser<'_> {
    /// Clauses with their conditions.
    pub(super) fn full_clauses(&self, at: usize) -> Parses<Clause> {
        self.rule(|| {
            if self.tag(at, Tags::FILLER) {
                let from = at + 1 + usize::from(self.mark(at + 1, Kind::Comma));
                return self.full_clauses(from);
            }
            if let Some((condition, from)) = self.condition(at) {
                return self.conditional(from, condition);
            }
            let mut out = Vec::new();
            for main in self.clauses(at) {
                let from = main.end + usize::from(self.mark(main.end, Kind::Comma));
                if let Some((condition, from)) = self.condition(from) {
                    for part in self.clauses(from) {
                        let node = condition.apply(part.node, main.node.clone(), true);
                        out.push(Parse::new(node, part.end, main.cost + part.cost));
                    }
                }
                out.push(main);
            }
            out
        })
    }

    fn condition(&self, at: usize) -> Option<(Condition, usize)> {
        const WORDS: &[(&[&str], Condition)] = &[
            (&["if", "and", "only", "if"], Condition::Iff),
            (&["only", "if"], Condition::OnlyIf),
            (&["only", "when"], Condition::OnlyIf),
            (&["unless"], Condition::Unless),
            (&["if"], Condition::If),
            (&["when"], Condition::If),
            (&["whenever"], Condition::If),
        ];
        let found = WORDS.iter().find(|(words, _)| self.words(at, words))?;
        Some((found.1, at + found.0.len()))
    }

    /// The things of a list that is all there is.
    pub(crate) fn listed(&self) -> Option<Vec<NounPhrase>> {
        let found = self.noun_phrases(0, Stand::Object).into_iter();
        let whole = found.filter(|p| self.is_end(p.end));
        match whole.min_by_key(|p| p.cost)?.node.0 {
            NounPhrase::Join(Joint::And, parts) => Some(parts),
            _ => None,
        }
    }

    /// `if A, then B`
    fn conditional(&self, at: usize, condition: Condition) -> Parses<Clause> {
        let mut out = Vec::new();
        for when in self.clauses(at) {
            let comma = usize::from(self.mark(when.end, Kind::Comma));
            let then = usize::from(self.tag(when.end + comma, Tags::THEN));
            for main in self.clauses(when.end + comma + then) {
                // `, then` leaves no doubt where the condition ends.
                let cost = u32::from(comma + then == 0);
                let node = condition.apply(when.node.clone(), main.node, false);
                out.push(Parse::new(node, main.end, when.cost + main.cost + cost));
            }
        }
        out
    }

    /// Clauses and lists of them.
    pub(super) fn clauses(&self, at: usize) -> Parses<Clause> {
        self.rule(|| self.joined(at, &|i| self.clause(i)))
    }

    fn clause(&self, at: usize) -> Parses<Clause> {
        self.rule(|| {
            let Some(token) = self.token(at) else {
                return Vec::new();
            };
            if token.is(Tags::FILLER) {
                let from = at + 1 + usize::from(self.mark(at + 1, Kind::Comma));
                return self.clause(from);
            }
            if self.mark(at, Kind::Open) {
                let inner = self.full_clauses(at + 1).into_iter();
                return inner
                    .filter(|p| self.mark(p.end, Kind::Close))
                    .map(|p| Parse::new(p.node, p.end + 1, p.cost))
                    .collect();
            }
            if let Some((denied, from)) = self.case(at) {
                let inner = self.full_clauses(from).into_iter();
                return inner
                    .map(|p| self.reaching(p))
                    .map(|p| if denied { p.map(Clause::deny) } else { p })
                    .collect();
            }
            let mut out = self.bound(at);
            if self.tag(at, Tags::THERE) {
                out.extend(self.there(at + 1));
                return out;
            }
            if self.condition(at).is_some() {
                return out;
            }
            for subject in self.noun_phrases(at, Stand::Subject) {
                let (np, agree) = subject.node;
                for vp in self.verb_phrases(subject.end, agree, false) {
                    let node = Clause::Plain(np.clone(), vp.node);
                    out.push(Parse::new(node, vp.end, subject.cost + vp.cost));
                }
            }
            out
        })
    }

    /// What is said of a whole clause reaches as far as it can.
    fn reaching(&self, clause: Parse<Clause>) -> Parse<Clause> {
        let next = self.token(clause.end);
        let ends = next.is_none_or(|t| matches!(t.kind, Kind::Close | Kind::Comma));
        let cost = clause.cost + u32::from(!ends);
        Parse { cost, ..clause }
    }

    /// `it is not the case that`: whether it denies, and where the clause begins.
    fn case(&self, at: usize) -> Option<(bool, usize)> {
        const WORDS: &[(&[&str], bool)] = &[
            (&["it", "is", "not", "the", "case", "that"], true),
            (&["it", "is", "not", "true", "that"], true),
            (&["it", "is", "false", "that"], true),
            (&["it", "is", "true", "that"], false),
            (&["it", "is", "the", "case", "that"], false),
            (&["it", "is", "certain", "that"], false),
            (&["we", "know", "that"], false),
        ];
        let found = WORDS.iter().find(|(words, _)| self.words(at, words))?;
        Some((found.1, at + found.0.len()))
    }

    /// `there is a cat that likes Tom`
    pub(super) fn there(&self, at: usize) -> Parses<Clause> {
        let token = self.token(at);
        let exists = token.is_some_and(|t| matches!(t.lower.as_str(), "exists" | "exist"));
        if !exists && !self.tag(at, Tags::BE) {
            return Vec::new();
        }
        self.reach(at + 1);
        let not = self.tag(at + 1, Tags::NOT);
        let nps = self.noun_phrases(at + 1 + usize::from(not), Stand::Complement);
        nps.into_iter()
            .map(|p| p.map(|(np, _)| Clause::There(np)))
            .map(|p| if not { p.map(Clause::deny) } else { p })
            .collect()
    }

    /// `for every X and Y, ..`, `there are at least two X such that ..`
    fn bound(&self, at: usize) -> Parses<Clause> {
        let (quantifier, from) = if self.words(at, &["for", "every"])
            || self.words(at, &["for", "all"])
            || self.words(at, &["for", "each"])
            || self.words(at, &["for", "any"])
        {
            (LetterQuantifier::Every, at + 2)
        } else if self.words(at, &["for", "some"]) {
            (LetterQuantifier::Some, at + 2)
        } else if self.tag(at, Tags::THERE) && self.tag(at + 1, Tags::BE) {
            match self.amount(at + 2) {
                Some((amount, count, from)) => (LetterQuantifier::Count(amount, count), from),
                None => {
                    let article = usize::from(self.tag(at + 2, Tags::A | Tags::SOME));
                    (LetterQuantifier::Some, at + 2 + article)
                }
            }
        } else {
            return Vec::new();
        };
        let mut letters = Vec::new();
        let mut here = from;
        while let Some(token) = self.token(here).filter(|t| is_letter(t)) {
            letters.push(token.text.clone());
            self.reach(here + 1);
            here += 1;
            let comma = self.mark(here, Kind::Comma);
            let next = self.token(here + 1).is_some_and(is_letter);
            // `for every X, X is ..`
            let goes_on = self
                .token(here + 2)
                .is_some_and(|t| matches!(t.kind, Kind::Comma | Kind::Colon) || t.lower == "and");
            if next && (self.word(here, "and") || (comma && goes_on)) {
                here += 1;
            } else {
                break;
            }
        }
        if letters.is_empty() {
            return Vec::new();
        }
        let begins = match quantifier {
            LetterQuantifier::Every => {
                let separated = self.mark(here, Kind::Comma) || self.mark(here, Kind::Colon);
                here + usize::from(separated)
            }
            _ if self.words(here, &["such", "that"]) => here + 2,
            _ => here + usize::from(self.mark(here, Kind::Comma)),
        };
        let inner = self.full_clauses(begins).into_iter();
        let bind = |c: Clause| Clause::Letters(quantifier, letters.clone(), Box::new(c));
        inner.map(|p| self.reaching(p).map(bind)).collect()
    }
}
