//! Noun phrases.

use super::{Agree, Joinable, Parse, Parser, Parses};
use crate::lexicon::{self, Tags};
use crate::morphology;
use crate::text::{Kind, Token};
use crate::tree::{
    Amount, Complement, Determiner, Joint, Nominal, NounPhrase, Pronoun, Restriction,
    VerbPhrase, Word,
};

/// Where a noun phrase stands: behind a verb, phrases with a preposition belong
/// to the verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    Subject,
    Object,
    Complement,
}

/// A noun phrase and its number.
pub(super) type Numbered = (NounPhrase, Agree);

impl Joinable for Numbered {
    fn join(joint: Joint, mut parts: Vec<Self>) -> Self {
        // `all cats and dogs`: the first determiner holds for all.
        let shared = match parts.first() {
            Some((NounPhrase::Noun(d, _), _)) if is_shared(d) => Some(d.clone()),
            _ => None,
        };
        for (np, _) in parts.iter_mut().skip(1) {
            if let (NounPhrase::Noun(d, _), Some(shared)) = (np, &shared)
                && matches!(d, Determiner::Bare | Determiner::Kind)
            {
                *d = shared.clone();
            }
        }
        let last = parts.last().map_or(Agree::Plural, |p| p.1);
        let agree = match joint {
            Joint::And => Agree::Plural,
            _ => last,
        };
        let parts = parts.into_iter().map(|p| p.0).collect();
        (NounPhrase::Join(joint, parts), agree)
    }

    fn denied(&self) -> Option<&Self> {
        None
    }

    fn deny(self) -> Self {
        self
    }
}

fn is_shared(determiner: &Determiner) -> bool {
    matches!(
        determiner,
        Determiner::Every
            | Determiner::No
            | Determiner::Some
            | Determiner::A
            | Determiner::The
            | Determiner::Any
            | Determiner::Owner(_)
    )
}

impl Parser<'_> {
    /// Noun phrases and lists of them.
    pub(super) fn noun_phrases(&self, at: usize, stand: Stand) -> Parses<Numbered> {
        self.rule(|| self.joined(at, &|i| self.noun_phrase(i, stand)))
    }

    /// One noun phrase, with those that it owns (`Tom's dog`).
    pub(super) fn noun_phrase(&self, at: usize, stand: Stand) -> Parses<Numbered> {
        self.rule(|| {
            let mut out = Vec::new();
            let mut owners = self.unowned(at, stand);
            for _ in 0..4 {
                let mut owned = Vec::new();
                for owner in owners {
                    if self.mark(owner.end, Kind::Possessive) {
                        let determiner = Determiner::Owner(Box::new(owner.node.0.clone()));
                        let nominals = self.nominals(owner.end + 1, None, stand);
                        owned.extend(told(nominals, &determiner, owner.cost));
                    }
                    out.push(owner);
                }
                owners = owned;
                if owners.is_empty() {
                    break;
                }
            }
            out
        })
    }

    fn unowned(&self, at: usize, stand: Stand) -> Parses<Numbered> {
        let Some(token) = self.token(at) else {
            return Vec::new();
        };
        let one = |np: NounPhrase, agree: Agree| {
            self.reach(at + 1);
            vec![Parse::new((np, agree), at + 1, 0)]
        };
        match token.kind {
            Kind::Quoted => return one(NounPhrase::Name(name(&token.text)), Agree::Singular),
            Kind::Number => {
                let mut out = one(NounPhrase::Number(token.text.clone()), Agree::Singular);
                if let Ok(count) = token.text.parse() {
                    out.extend(self.counted(at + 1, Amount::AtLeast, count, stand));
                }
                if self.open(at + 1).is_some_and(|t| t.capital) {
                    out.extend(self.name(at));
                }
                return out;
            }
            Kind::Word => {}
            _ => return Vec::new(),
        }
        if is_letter(token) {
            return one(NounPhrase::Letter(token.text.clone()), Agree::Singular);
        }
        let determined = |determiner: Determiner, plural: Option<bool>, from: usize| {
            self.reach(from);
            told(self.nominals(from, plural, stand), &determiner, 0)
        };
        if token.is(Tags::ONLY) {
            self.reach(at + 1);
            let inner = self.noun_phrases(at + 1, stand);
            let only = |(np, agree): Numbered| (NounPhrase::Only(Box::new(np)), agree);
            return inner.into_iter().map(|p| p.map(only)).collect();
        }
        if token.is(Tags::NOT) && self.tag(at + 1, Tags::EVERY) {
            return determined(Determiner::NotEvery, None, at + 2);
        }
        if let Some((amount, count, from)) = self.amount(at) {
            return self.counted(from, amount, count, stand);
        }
        if token.is(Tags::ANYONE) {
            return self.anyone(at, &token.lower, stand);
        }
        if token.lower == "whoever" || token.lower == "whatever" {
            return self.whoever(at, token.lower == "whatever");
        }
        if self.words(at, &["no", "one"]) || self.words(at, &["any", "one"]) {
            return self.anyone(at + 1, &format!("{}one", token.lower), stand);
        }
        if token.is(Tags::EVERY) {
            let mut from = at + 1;
            from += usize::from(self.word(from, "of"));
            from += usize::from(self.tag(from, Tags::THE | Tags::THIS));
            let plural = match token.lower.as_str() {
                "every" | "each" if from == at + 1 => Some(false),
                _ => None,
            };
            let determiner = match token.lower.as_str() {
                "any" => Determiner::Any,
                _ => Determiner::Every,
            };
            return determined(determiner, plural, from);
        }
        if self.words(at, &["one", "of", "the"]) {
            return determined(Determiner::A, Some(true), at + 3)
                .into_iter()
                .map(|p| p.map(|(np, _)| (np, Agree::Singular)))
                .collect();
        }
        if token.is(Tags::CARDINAL) {
            let count = lexicon::cardinal(&token.lower).unwrap_or(1);
            return self.counted(at + 1, Amount::AtLeast, count, stand);
        }
        if token.is(Tags::NO) {
            return determined(Determiner::No, None, at + 1);
        }
        if token.is(Tags::SOME) {
            let from = at + 1 + 2 * usize::from(self.words(at + 1, &["of", "the"]));
            return determined(Determiner::Some, None, from);
        }
        if token.is(Tags::A) || token.lower == "another" {
            return determined(Determiner::A, Some(false), at + 1);
        }
        if token.is(Tags::THE) || (token.is(Tags::THIS) && !token.is(Tags::RELATIVE)) {
            return determined(Determiner::The, None, at + 1);
        }
        let mut out = Vec::new();
        if token.is(Tags::OWNER) {
            let owner = pronoun(&token.lower).unwrap_or(Pronoun::They);
            let owner = Determiner::Owner(Box::new(NounPhrase::Pronoun(owner)));
            out.extend(determined(owner, None, at + 1));
        }
        if token.is(Tags::PRONOUN)
            && let Some(pronoun) = pronoun(&token.lower)
        {
            let agree = match pronoun {
                Pronoun::They | Pronoun::Same => Agree::Both,
                _ => Agree::Singular,
            };
            // `they are` of one person
            let agree = if token.lower == "they" {
                Agree::Plural
            } else {
                agree
            };
            out.extend(one(NounPhrase::Pronoun(pronoun), agree));
        }
        if token.is_open() {
            out.extend(self.name(at));
            out.extend(self.bare(at, stand));
        }
        out
    }

    /// `at least three`: the amount and where the noun begins.
    pub(super) fn amount(&self, at: usize) -> Option<(Amount, u32, usize)> {
        let number = |at: usize| {
            let token = self.token(at)?;
            match token.kind {
                Kind::Number => token.text.parse().ok(),
                Kind::Word => lexicon::cardinal(&token.lower),
                _ => None,
            }
        };
        const WORDS: &[(&[&str], Amount, i64)] = &[
            (&["at", "least"], Amount::AtLeast, 0),
            (&["at", "most"], Amount::AtMost, 0),
            (&["exactly"], Amount::Exactly, 0),
            (&["no", "more", "than"], Amount::AtMost, 0),
            (&["no", "fewer", "than"], Amount::AtLeast, 0),
            (&["more", "than"], Amount::AtLeast, 1),
            (&["fewer", "than"], Amount::AtMost, -1),
            (&["less", "than"], Amount::AtMost, -1),
        ];
        WORDS.iter().find_map(|(words, amount, shift)| {
            if !self.words(at, words) {
                return None;
            }
            let count: u32 = number(at + words.len())?;
            let count = u32::try_from(i64::from(count) + shift).ok()?;
            self.reach(at + words.len() + 1);
            Some((*amount, count, at + words.len() + 1))
        })
    }

    fn counted(&self, at: usize, amount: Amount, count: u32, stand: Stand) -> Parses<Numbered> {
        let plural = Some(count != 1);
        let nominals = self.nominals(at, plural, stand);
        told(nominals, &Determiner::Count(amount, count), 0)
    }

    /// `someone`, `everything red`, `nobody who ..`
    fn anyone(&self, at: usize, word: &str, stand: Stand) -> Parses<Numbered> {
        self.reach(at + 1);
        let is_thing = word.ends_with("thing") || word == "none";
        let determiner = match word {
            w if w.starts_with("every") => Determiner::Every,
            w if w.starts_with("any") => Determiner::Any,
            w if w.starts_with("some") => Determiner::A,
            _ => Determiner::No,
        };
        let head = if is_thing { "thing" } else { "person" };
        let nominal = |modifiers: Vec<Word>| Nominal {
            head: self.words.word(head.to_owned()),
            plural: false,
            modifiers,
            of: None,
            restrictions: Vec::new(),
        };
        let from = at + 1 + usize::from(self.word(at + 1, "else"));
        let mut heads = vec![Parse::new(nominal(Vec::new()), from, 0)];
        if let Some(token) = self.open(from)
            && self.words.is_adjective(&token.lower)
        {
            self.reach(from + 1);
            let adjective = self.words.word(token.lower.clone());
            heads.push(Parse::new(nominal(vec![adjective]), from + 1, 1));
        }
        let full = heads.into_iter().flat_map(|h| self.restricted(h, stand));
        told(full.collect(), &determiner, 0)
    }

    /// `whoever sleeps`
    fn whoever(&self, at: usize, is_thing: bool) -> Parses<Numbered> {
        self.reach(at + 1);
        let head = if is_thing { "thing" } else { "person" };
        let vps = self.verb_phrases(at + 1, Agree::Singular, false).into_iter();
        let nominal = |vp: VerbPhrase| Nominal {
            head: self.words.word(head.to_owned()),
            plural: false,
            modifiers: Vec::new(),
            of: None,
            restrictions: vec![Restriction::That(vp)],
        };
        told(vps.map(|p| p.map(nominal)).collect(), &Determiner::Every, 0)
    }

    /// Words with capitals, as many as there are.
    fn name(&self, at: usize) -> Parses<Numbered> {
        let mut end = at;
        let mut parts: Vec<&str> = Vec::new();
        while let Some(token) = self.token(end) {
            let next_capital = || {
                let next = self.token(end + 1);
                next.is_some_and(|t| t.capital && t.kind == Kind::Word)
            };
            let joins = match token.kind {
                Kind::Word if token.capital => token.is_open() || token.text.len() == 1,
                Kind::Word => {
                    !parts.is_empty()
                        && matches!(token.lower.as_str(), "of" | "de" | "du" | "von" | "van" | "la")
                        && next_capital()
                }
                Kind::Number => !parts.is_empty() || next_capital(),
                _ => false,
            };
            // A letter that stands for something is no part of a name.
            if !joins || (!parts.is_empty() && is_letter(token)) {
                break;
            }
            parts.push(&token.text);
            end += 1;
        }
        let Some(first) = self.token(at).filter(|_| !parts.is_empty()) else {
            return Vec::new();
        };
        self.reach(end);
        // The first word of a sentence has a capital anyhow.
        let doubtful = at == 0 && parts.len() == 1 && !self.words.is_proper(&first.lower);
        let cost = match doubtful {
            true if self.words.is_common(&first.lower) => 6,
            true => 1,
            false => 0,
        };
        let whole = Parse::new(
            (NounPhrase::Name(name(&parts.join(" "))), Agree::Singular),
            end,
            cost,
        );
        vec![whole]
    }

    /// Nouns without anything before them.
    fn bare(&self, at: usize, stand: Stand) -> Parses<Numbered> {
        let first_is_name = at > 0 && self.token(at).is_some_and(|t| t.capital);
        let extra = if first_is_name { 2 } else { 0 };
        let nominals = self.nominals(at, None, stand);
        let numbered = |p: Parse<Nominal>| {
            let (determiner, agree, cost) = match p.node.plural {
                true => (Determiner::Bare, Agree::Plural, 0),
                false => (Determiner::Kind, Agree::Singular, 2),
            };
            let np = NounPhrase::Noun(determiner, Box::new(p.node));
            Parse::new((np, agree), p.end, p.cost + cost + extra)
        };
        nominals.into_iter().map(numbered).collect()
    }

    /// Nouns with what stands before and behind them.
    pub(super) fn nominals(
        &self,
        at: usize,
        plural: Option<bool>,
        stand: Stand,
    ) -> Parses<Nominal> {
        self.rule(|| {
            let heads = self.heads(at, plural);
            heads
                .into_iter()
                .flat_map(|h| self.restricted(h, stand))
                .collect()
        })
    }

    /// Nouns with their modifiers: each word of a run may be the last.
    fn heads(&self, at: usize, plural: Option<bool>) -> Parses<Nominal> {
        let mut out = Vec::new();
        let mut modifiers: Vec<Word> = Vec::new();
        let mut degree: Option<String> = None;
        let mut here = at;
        while let Some(token) = self.token(here).filter(|t| t.kind == Kind::Word) {
            let is_degree = token.is(Tags::DEGREE) && self.open(here + 1).is_some();
            let is_plain = token.is_open()
                || (token.is(Tags::ORDINAL | Tags::OTHER) && self.open(here + 1).is_some());
            if !is_plain && !is_degree {
                break;
            }
            self.reach(here + 1);
            let lower = match degree.take() {
                Some(before) => format!("{before} {}", token.lower),
                None => token.lower.clone(),
            };
            let is_adverb = token.lower.ends_with("ly") && !self.words.is_adjective(&token.lower);
            if is_degree || (is_adverb && self.open(here + 1).is_some()) {
                degree = Some(lower);
                here += 1;
                continue;
            }
            if !token.is(Tags::ORDINAL | Tags::OTHER) {
                self.head(token, &lower, plural, &modifiers, here, &mut out);
            }
            let is_noun = self.words.singular(&token.lower).is_some();
            modifiers.push(self.words.word(lower));
            here += 1;
            // `kind, furry things`, `nice and kind people`
            let joined = self.mark(here, Kind::Comma) || self.word(here, "and");
            let more = here + 1 + usize::from(joined && self.words(here, &[",", "and"]));
            let describes = |t: &Token| {
                self.words.is_adjective(&t.lower) || lexicon::looks_like_adjective(&t.lower)
            };
            if joined && !is_noun && self.open(more).is_some() {
                let comma = self.mark(here, Kind::Comma);
                let next_too = self.open(more + 1).is_some() || comma;
                let plausible = describes(token) || comma || self.open(more).is_some_and(describes);
                if next_too && plausible {
                    here = more;
                }
            }
        }
        out
    }

    fn head(
        &self,
        token: &Token,
        lower: &str,
        plural: Option<bool>,
        modifiers: &[Word],
        here: usize,
        out: &mut Parses<Nominal>,
    ) {
        let mut add = |lemma: String, is_plural: bool, cost: u32| {
            let mut head = self.words.word(lemma);
            if token.capital && here > 0 && !self.words.is_common(&token.lower) {
                head.show = crate::vocabulary::capital(&head.key);
            }
            let nominal = Nominal {
                head,
                plural: is_plural,
                modifiers: modifiers.to_vec(),
                of: None,
                restrictions: Vec::new(),
            };
            out.push(Parse::new(nominal, here + 1, cost));
        };
        let unlikely = self.words.is_adjective(lower)
            || lexicon::looks_like_adjective(lower)
            || morphology::compared(lower).is_some_and(|c| self.words.is_adjective(&c.0));
        let cost = if unlikely && !self.words.is_noun(lower) { 2 } else { 0 };
        let singular = self.words.singular(lower);
        match (singular, plural) {
            (Some(lemma), None | Some(true)) => add(lemma, true, cost),
            (Some(lemma), Some(false)) if lemma == lower => add(lemma, false, cost),
            (Some(_), Some(false)) => add(lower.to_owned(), false, cost + 3),
            (None, None | Some(false)) => add(lower.to_owned(), false, cost),
            // `three aircraft`
            (None, Some(true)) => add(lower.to_owned(), true, cost + 3),
        }
    }

    /// A noun with what may follow it.
    fn restricted(&self, head: Parse<Nominal>, stand: Stand) -> Parses<Nominal> {
        let mut out = Vec::new();
        let mut open = vec![head];
        for _ in 0..4 {
            let mut more: Parses<Nominal> = Vec::new();
            for nominal in open {
                self.restrict(&nominal, stand, &mut more);
                out.push(nominal);
            }
            if more.is_empty() {
                return out;
            }
            open = more;
        }
        out.extend(open);
        out
    }

    fn restrict(&self, nominal: &Parse<Nominal>, stand: Stand, out: &mut Parses<Nominal>) {
        let at = nominal.end;
        let Some(token) = self.token(at) else { return };
        let mut with = |restriction: Restriction, end: usize, cost: u32| {
            let mut node = nominal.node.clone();
            node.restrictions.push(restriction);
            out.push(Parse::new(node, end, nominal.cost + cost));
        };
        let agree = match nominal.node.plural {
            true => Agree::Plural,
            false => Agree::Singular,
        };
        let comma = usize::from(self.mark(at, Kind::Comma));
        if let Some(who) = self.token(at + comma).filter(|t| t.is(Tags::RELATIVE)) {
            if comma == 1 && who.lower == "that" {
                return;
            }
            let from = at + comma + 1;
            self.reach(from);
            for vp in self.verb_phrases(from, agree, false) {
                // `, who is tall,`
                let closed = comma * usize::from(self.mark(vp.end, Kind::Comma));
                with(Restriction::That(vp.node.clone()), vp.end + closed, vp.cost);
                if closed > 0 {
                    with(Restriction::That(vp.node), vp.end, vp.cost);
                }
            }
            for subject in self.noun_phrase(from, Stand::Subject) {
                let (np, agree) = subject.node;
                for vp in self.verb_phrases(subject.end, agree, true) {
                    let cost = subject.cost + vp.cost;
                    with(Restriction::Whom(np.clone(), vp.node), vp.end, cost);
                }
            }
            return;
        }
        if token.lower == "of" && nominal.node.of.is_none() {
            self.reach(at + 1);
            for np in self.noun_phrase(at + 1, Stand::Object) {
                let mut node = nominal.node.clone();
                node.of = Some(np.node.0);
                out.push(Parse::new(node, np.end, nominal.cost + np.cost));
            }
            return;
        }
        if token.is_open() {
            for complement in self.participles(at, false) {
                let described = match &complement.node {
                    Complement::Doing(u) => u.gap.is_none(),
                    Complement::Done { gap, .. } => gap.is_none(),
                    _ => false,
                };
                if described {
                    let vp = VerbPhrase::Be(complement.node);
                    with(Restriction::That(vp), complement.end, complement.cost + 1);
                }
            }
            return;
        }
        if stand != Stand::Object && token.is(Tags::PREPOSITION) {
            for phrase in self.phrases(at) {
                let (preposition, np) = phrase.node;
                let vp = VerbPhrase::Be(Complement::Phrase(preposition, np));
                with(Restriction::That(vp), phrase.end, phrase.cost + 1);
            }
        }
    }

    /// A preposition with its noun phrase.
    pub(super) fn phrases(&self, at: usize) -> Parses<(String, NounPhrase)> {
        let Some((preposition, end)) = self.preposition(at) else {
            return Vec::new();
        };
        let nps = self.noun_phrases(end, Stand::Object);
        nps.into_iter()
            .map(|p| p.map(|(np, _)| (preposition.clone(), np)))
            .collect()
    }

    /// A preposition of one or several words, with the token behind it.
    pub(super) fn preposition(&self, at: usize) -> Option<(String, usize)> {
        const LONG: &[(&[&str], &str)] = &[
            (&["to", "the", "left", "of"], "left of"),
            (&["to", "the", "right", "of"], "right of"),
            (&["on", "the", "left", "of"], "left of"),
            (&["on", "the", "right", "of"], "right of"),
            (&["left", "of"], "left of"),
            (&["right", "of"], "right of"),
            (&["in", "front", "of"], "in front of"),
            (&["on", "top", "of"], "on top of"),
            (&["next", "to"], "next to"),
            (&["adjacent", "to"], "next to"),
            (&["ahead", "of"], "ahead of"),
            (&["close", "to"], "close to"),
            (&["out", "of"], "out of"),
            (&["up", "to"], "up to"),
        ];
        let just = ["immediately", "directly", "just"];
        if self.token(at).is_some_and(|t| just.contains(&t.lower.as_str()))
            && let Some((side, end)) = self.preposition(at + 1)
            && matches!(side.as_str(), "left of" | "right of")
        {
            return Some((format!("immediately {side}"), end));
        }
        for (words, name) in LONG {
            if self.words(at, words) {
                return Some(((*name).to_owned(), at + words.len()));
            }
        }
        let token = self.token(at)?;
        let is_one = token.is(Tags::PREPOSITION) && token.lower != "of";
        if !is_one {
            return None;
        }
        self.reach(at + 1);
        Some((token.lower.clone(), at + 1))
    }
}

/// Nominals under a determiner.
fn told(nominals: Parses<Nominal>, determiner: &Determiner, cost: u32) -> Parses<Numbered> {
    let numbered = |p: Parse<Nominal>| {
        let agree = match (determiner, p.node.plural) {
            (Determiner::Every | Determiner::Any | Determiner::NotEvery, true) => Agree::Plural,
            (_, true) => Agree::Plural,
            _ => Agree::Singular,
        };
        let np = NounPhrase::Noun(determiner.clone(), Box::new(p.node));
        Parse::new((np, agree), p.end, p.cost + cost)
    };
    nominals.into_iter().map(numbered).collect()
}

fn name(text: &str) -> Word {
    Word {
        key: text.to_lowercase(),
        show: text.to_owned(),
    }
}

/// Capital letters from the end of the alphabet stand for anything.
pub(super) fn is_letter(token: &Token) -> bool {
    let mut chars = token.text.chars();
    let first = chars.next();
    token.kind == Kind::Word
        && first.is_some_and(|c| ('U'..='Z').contains(&c))
        && chars.all(|c| c.is_ascii_digit())
}

fn pronoun(word: &str) -> Option<Pronoun> {
    Some(match word {
        "he" | "him" | "his" => Pronoun::He,
        "she" | "her" => Pronoun::She,
        "it" | "its" => Pronoun::It,
        "they" | "them" | "their" | "he/she" | "she/he" | "him/her" | "his/her" => Pronoun::They,
        "himself" | "herself" | "itself" | "themselves" => Pronoun::Same,
        _ => return None,
    })
}
