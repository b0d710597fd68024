//! What stands behind `is`.

use super::noun::Stand;
use super::verb::Start;
use super::{Agree, Joinable, Parse, Parser, Parses};
use crate::lexicon::{self, Tags};
use crate::morphology::{self, VerbForm, verb_forms};
use crate::text::Kind;
use crate::tree::{Compared, Complement, Determiner, Gap, Joint, NounPhrase, NumberOrder, Place};

impl Joinable for Complement {
    fn join(joint: Joint, parts: Vec<Self>) -> Self {
        Complement::Join(joint, parts)
    }

    fn denied(&self) -> Option<&Self> {
        match self {
            Complement::Not(inner) => Some(inner),
            _ => None,
        }
    }

    fn deny(self) -> Self {
        Complement::Not(Box::new(self))
    }

    /// `a member of A and B` is no list of a member and B.
    fn unlike(parts: &[Self]) -> u32 {
        let is_kind = |part: &Self| match part {
            Complement::Noun(NounPhrase::Noun(determiner, _)) => matches!(
                determiner,
                Determiner::A | Determiner::Bare | Determiner::Kind | Determiner::No
            ),
            Complement::Noun(_) => false,
            _ => true,
        };
        let first = parts.first().is_some_and(is_kind);
        u32::from(parts.iter().any(|p| is_kind(p) != first))
    }
}

impl Parser<'_> {
    /// Complements and lists of them, `plural` behind `are`.
    pub(super) fn complements(&self, at: usize, plural: bool, gap: bool) -> Parses<Complement> {
        let listed = Tags::EITHER | Tags::NEITHER | Tags::BOTH;
        let is_listed = self.token(at).is_some_and(|t| t.is(listed));
        let agree = if plural {
            Agree::Plural
        } else {
            Agree::Singular
        };
        self.rule(|| {
            self.joined(at, &|i| {
                let mut found = self.complement(i, plural, gap);
                if is_listed {
                    // `is either a cat or likes dogs`
                    let verbs = self.verb_phrases(i, agree, gap).into_iter();
                    let verb = |vp| Complement::Verb(Box::new(vp));
                    found.extend(verbs.map(|p| Parse::new(verb(p.node), p.end, p.cost + 4)));
                }
                found
            })
        })
    }

    fn complement(&self, at: usize, plural: bool, gap: bool) -> Parses<Complement> {
        self.rule(|| {
            let Some(token) = self.token(at) else {
                return Vec::new();
            };
            if token.is(Tags::NOT) {
                self.reach(at + 1);
                // `not either A or B`
                let inner = match self.token(at + 1) {
                    Some(t) if t.is(Tags::EITHER | Tags::BOTH) => {
                        self.complements(at + 1, plural, gap)
                    }
                    _ => self.complement(at + 1, plural, gap),
                };
                return inner.into_iter().map(|p| p.map(Complement::deny)).collect();
            }
            if token.is(Tags::FILLER) && !token.is(Tags::DEGREE) {
                self.reach(at + 1);
                return self.complement(at + 1, plural, gap);
            }
            if gap {
                return self.participles(at, true);
            }
            // `are both cats`
            let floats = token.is(Tags::BOTH) && self.open(at + 1).is_some();
            if floats {
                self.reach(at + 1);
                return self.complement(at + 1, plural, gap);
            }
            let mut out = self.number_order(at);
            if out.is_empty() {
                out = self.compared(at);
            }
            out.extend(self.placed(at));
            out.extend(self.measured(at));
            out.extend(self.participles(at, false));
            out.extend(self.adjectives(at, plural));
            let phrases = self.phrases(at).into_iter();
            out.extend(phrases.map(|p| p.map(|(word, np)| Complement::Phrase(word, np))));
            out.extend(self.nouns(at, plural));
            out
        })
    }

    fn nouns(&self, at: usize, plural: bool) -> Parses<Complement> {
        let mut out = Vec::new();
        for p in self.noun_phrase(at, Stand::Complement) {
            let cost = match &p.node.0 {
                // `is a cat`, `are cats`
                NounPhrase::Noun(Determiner::A, _) => 0,
                NounPhrase::Noun(Determiner::Bare, _) => u32::from(!plural) * 2,
                NounPhrase::Noun(Determiner::Kind, _) => 0,
                _ => 0,
            };
            out.push(Parse::new(Complement::Noun(p.node.0), p.end, p.cost + cost));
        }
        out
    }

    /// `very proud of Tom`
    pub(super) fn adjectives(&self, at: usize, plural: bool) -> Parses<Complement> {
        if self.words(at, &["equal", "to"]) {
            return Vec::new();
        }
        let mut here = at;
        let mut degree: Vec<&str> = Vec::new();
        while let Some(token) = self.token(here) {
            let is_degree = token.is(Tags::DEGREE)
                || (token.is(Tags::ADVERB) && self.open(here + 1).is_some())
                || (token.is_open()
                    && token.lower.ends_with("ly")
                    && !self.words.is_adjective(&token.lower)
                    && self.open(here + 1).is_some());
            if !is_degree || degree.len() > 2 {
                break;
            }
            degree.push(&token.lower);
            here += 1;
        }
        let Some(token) = self.open(here) else {
            return Vec::new();
        };
        if token.capital && !self.words.is_adjective(&token.lower) && !nationality(&token.lower) {
            return Vec::new();
        }
        self.reach(here + 1);
        let looks_plural = plural && self.words.singular(&token.lower).is_some();
        let is_participle = morphology::may_be_participle(&token.lower)
            && !lexicon::is_adjective(&token.lower)
            && verb_forms(&token.lower)
                .iter()
                .any(|(_, form)| *form == VerbForm::PastParticiple);
        let cost = if is_participle {
            3
        } else if self.words.is_adjective(&token.lower) {
            0
        } else if self.words.is_noun(&token.lower) {
            2
        } else {
            1 + 4 * u32::from(looks_plural)
        };
        let key = match degree.is_empty() {
            true => token.lower.clone(),
            false => format!("{} {}", degree.join(" "), token.lower),
        };
        let mut word = self.words.word(key);
        if token.capital {
            word.show = crate::vocabulary::capital(&word.show);
        }
        let plain = Complement::Adjective {
            words: vec![word.clone()],
            phrases: Vec::new(),
        };
        let mut out = vec![Parse::new(plain, here + 1, cost)];
        let to_of = self.word(here + 1, "of");
        let first: Parses<(String, NounPhrase)> = if to_of {
            let nps = self.noun_phrases(here + 2, Stand::Object).into_iter();
            nps.map(|p| p.map(|(np, _)| ("of".to_owned(), np)))
                .collect()
        } else {
            self.phrases(here + 1)
        };
        // `made of wood`: no other verb phrase takes `of` behind a participle.
        let cost = match to_of && is_participle {
            true => 1,
            false => cost,
        };
        for phrase in first {
            let made = Complement::Adjective {
                words: vec![word.clone()],
                phrases: vec![phrase.node],
            };
            out.push(Parse::new(made, phrase.end, cost + phrase.cost));
        }
        out
    }

    /// `older than Tom`, `less expensive than`, `as old as`, `the same as`
    fn compared(&self, at: usize) -> Parses<Complement> {
        let (by, from) = self.by(at);
        let token = self.token(from);
        let word = |i: usize| self.open(i).map(|t| t.lower.clone());
        let (adjective, how, end): (String, Compared, usize) = if self.tag(from, Tags::MORE) {
            match word(from + 1) {
                Some(adjective) => (adjective, Compared::More, from + 2),
                None => return Vec::new(),
            }
        } else if self.tag(from, Tags::LESS) {
            match word(from + 1) {
                Some(adjective) => (adjective, Compared::Less, from + 2),
                None => return Vec::new(),
            }
        } else if self.tag(from, Tags::AS) {
            match word(from + 1) {
                Some(adjective) if self.tag(from + 2, Tags::AS) => {
                    return self.than(from + 3, adjective, Compared::Same, by);
                }
                _ => return Vec::new(),
            }
        } else {
            let found = token
                .filter(|t| t.kind == Kind::Word)
                .and_then(|t| morphology::compared(&t.lower));
            match found {
                Some((adjective, morphology::Compared::More)) => {
                    (adjective, Compared::More, from + 1)
                }
                _ => return Vec::new(),
            }
        };
        if !self.tag(end, Tags::THAN) {
            return Vec::new();
        }
        self.than(end + 1, adjective, how, by)
    }

    /// `two years` before a comparison.
    fn by(&self, at: usize) -> (Option<String>, usize) {
        let Some(token) = self.token(at) else {
            return (None, at);
        };
        let number = match token.kind {
            Kind::Number => Some(token.text.clone()),
            Kind::Word => lexicon::cardinal(&token.lower).map(|n| n.to_string()),
            _ => None,
        };
        match (number, self.open(at + 1)) {
            (Some(number), Some(_)) => (Some(number), at + 2),
            _ => (None, at),
        }
    }

    fn than(
        &self,
        at: usize,
        adjective: String,
        how: Compared,
        by: Option<String>,
    ) -> Parses<Complement> {
        self.reach(at);
        let nps = self.noun_phrases(at, Stand::Complement).into_iter();
        let made = |np: NounPhrase| Complement::Compared {
            adjective: self.words.word(adjective.clone()),
            how,
            than: np,
            by: by.clone(),
        };
        let mut out: Parses<Complement> = Vec::new();
        for p in nps {
            // `older than Tom is`
            let tail = self.tag(p.end, Tags::BE | Tags::DO);
            if tail {
                out.push(Parse::new(made(p.node.0.clone()), p.end + 1, p.cost));
            }
            out.push(Parse::new(made(p.node.0), p.end, p.cost));
        }
        out
    }

    /// `the second-oldest`, `the third from the left`, `first`
    fn placed(&self, at: usize) -> Parses<Complement> {
        let at = at + usize::from(self.tag(at, Tags::THE));
        let first = self.token(at).filter(|t| t.kind == Kind::Word);
        let Some(first) = first else {
            return Vec::new();
        };
        let rank = lexicon::ordinal(&first.lower);
        let from = at + usize::from(rank.is_some());
        let told = |end_word: String, least: bool, end: usize| {
            self.reach(end);
            let place = Place {
                end: end_word,
                least,
                rank: rank.unwrap_or(1),
            };
            // `the oldest of the three`, `the oldest person`
            vec![Parse::new(Complement::Placed(place), end, 0)]
        };
        if rank.is_some() && self.word(from, "from") {
            let end = from + 1 + usize::from(self.tag(from + 1, Tags::THE));
            if let Some(side) = self.token(end) {
                if side.lower == "last" || side.lower == "end" {
                    return told("first".into(), true, end + 1);
                }
                return told(side.lower.clone(), false, end + 1);
            }
        }
        if self.tag(from, Tags::MOST) || self.tag(from, Tags::LEAST) {
            let least = self.token(from).is_some_and(|t| t.is(Tags::LEAST));
            return match self.open(from + 1) {
                Some(adjective) => told(adjective.lower.clone(), least, from + 2),
                None => Vec::new(),
            };
        }
        let superlative = self
            .token(from)
            .filter(|t| t.kind == Kind::Word)
            .and_then(|t| morphology::compared(&t.lower));
        if let Some((adjective, morphology::Compared::Most)) = superlative {
            return told(adjective, false, from + 1);
        }
        match self.rank(at) {
            Some((place, end)) => {
                self.reach(end);
                vec![Parse::new(Complement::Placed(place), end, 0)]
            }
            None => Vec::new(),
        }
    }

    /// `5 years old`, `180 cm tall`
    fn measured(&self, at: usize) -> Parses<Complement> {
        let Some(token) = self.token(at) else {
            return Vec::new();
        };
        let number = match token.kind {
            Kind::Number => Some(token.text.replace(',', "")),
            Kind::Word => lexicon::cardinal(&token.lower).map(|n| n.to_string()),
            _ => None,
        };
        let (Some(number), Some(unit)) = (number, self.open(at + 1)) else {
            return Vec::new();
        };
        let Some(adjective) = self.open(at + 2) else {
            return Vec::new();
        };
        if !self.words.is_adjective(&adjective.lower) {
            return Vec::new();
        }
        self.reach(at + 3);
        let unit = self
            .words
            .singular(&unit.lower)
            .unwrap_or(unit.lower.clone());
        let measured = Complement::Measured {
            number,
            adjective: adjective.lower.clone(),
            unit: Some(unit),
        };
        vec![Parse::new(measured, at + 3, 0)]
    }

    /// `greater than 3`, `at most 5`, `equal to the age of Tom`
    pub(super) fn number_order(&self, at: usize) -> Parses<Complement> {
        const WORDS: &[(&[&str], NumberOrder)] = &[
            (&["greater", "than"], NumberOrder::Greater),
            (&["more", "than"], NumberOrder::Greater),
            (&["less", "than"], NumberOrder::Less),
            (&["smaller", "than"], NumberOrder::Less),
            (&["at", "least"], NumberOrder::AtLeast),
            (&["at", "most"], NumberOrder::AtMost),
            (&["equal", "to"], NumberOrder::Equal),
            (&["exactly"], NumberOrder::Equal),
        ];
        let Some((order, from)) = WORDS
            .iter()
            .find_map(|(words, order)| self.words(at, words).then_some((*order, at + words.len())))
        else {
            return Vec::new();
        };
        let nps = self.noun_phrase(from, Stand::Object).into_iter();
        let amounts =
            nps.filter(|p| super::noun::is_amount(&p.node.0) || order == NumberOrder::Equal);
        amounts
            .map(|p| p.map(|(np, _)| Complement::Number(order, np)))
            .collect()
    }

    /// `working at home`, `liked by Tom`, `located in Paris`
    pub(super) fn participles(&self, at: usize, gap: bool) -> Parses<Complement> {
        let Some(token) = self.open(at).filter(|t| !t.capital) else {
            return Vec::new();
        };
        if !morphology::may_be_participle(&token.lower) {
            return Vec::new();
        }
        let mut out = Vec::new();
        let is_adjective = lexicon::is_adjective(&token.lower);
        for (base, form) in verb_forms(&token.lower) {
            let cost = 2 * u32::from(is_adjective);
            let start = Start {
                before: Vec::new(),
                base: base.clone(),
                past: false,
            };
            match form {
                VerbForm::PresentParticiple => {
                    self.reach(at + 1);
                    for p in self.frame(at + 1, &start, Vec::new(), gap) {
                        out.push(Parse::new(Complement::Doing(p.node), p.end, p.cost + cost));
                    }
                }
                VerbForm::PastParticiple => {
                    self.reach(at + 1);
                    self.done(at, &token.lower, &start, gap, cost, &mut out);
                }
                _ => {}
            }
        }
        out
    }

    fn done(
        &self,
        at: usize,
        participle: &str,
        start: &Start,
        gap: bool,
        cost: u32,
        out: &mut Parses<Complement>,
    ) {
        for p in self.frame(at + 1, start, Vec::new(), gap) {
            let mut u = p.node;
            // A participle that has an object is no passive.
            if u.object.is_some() || u.place.is_some() || u.gap == Some(Gap::Object) {
                continue;
            }
            let agent = u.phrases.iter().position(|(word, _)| word == "by");
            let cost = if agent.is_some() { 0 } else { cost };
            let by = agent.map(|i| u.phrases.remove(i).1);
            let (gap, by_gap) = match u.gap {
                Some(Gap::Phrase(word)) if word == "by" => (Some(Gap::Object), true),
                other => (other, false),
            };
            let plain = by.is_none() && !by_gap && u.phrases.is_empty() && gap.is_none();
            let done = Complement::Done {
                verb: start.base.clone(),
                participle: participle.to_owned(),
                by,
                adverbs: u.adverbs,
                phrases: u.phrases,
                gap,
            };
            out.push(Parse::new(done, p.end, p.cost + cost + u32::from(plain)));
        }
    }
}

/// Adjectives of nations keep their capital.
fn nationality(word: &str) -> bool {
    const ENDINGS: &[&str] = &["an", "ese", "ish", "ch", "ic", "eek", "man", "i"];
    word.len() > 3 && ENDINGS.iter().any(|e| word.ends_with(e))
}
