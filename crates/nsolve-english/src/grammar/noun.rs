//! Noun phrases.

use nsolve_il::fol::ArithmeticOp;

use super::{Agree, Joinable, Parse, Parser, Parses};
use crate::lexicon::{self, Tags};
use crate::text::{Kind, Token};
use crate::tree::{
    Amount, Determiner, Joint, Nominal, NounPhrase, Pronoun, Restriction, VerbPhrase, Word,
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

    /// `Tom or a cat`: more likely, `a cat` belongs to something before.
    fn unlike(parts: &[Self]) -> u32 {
        let is_indefinite = |part: &Self| {
            let determiner = match &part.0 {
                NounPhrase::Noun(determiner, _) => determiner,
                _ => return false,
            };
            matches!(determiner, Determiner::A | Determiner::Some)
        };
        let first = parts.first().is_some_and(is_indefinite);
        u32::from(parts.iter().any(|p| is_indefinite(p) != first))
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

    /// One noun phrase, with what is added to it.
    pub(super) fn noun_phrase(&self, at: usize, stand: Stand) -> Parses<Numbered> {
        let mut out = self.owning(at, stand);
        let mut from = 0;
        while let Some(left) = out.get(from) {
            let next = self.token(left.end).filter(|_| is_amount(&left.node.0));
            let op = match next {
                Some(token) if token.lower == "plus" => ArithmeticOp::Add,
                Some(token) if token.lower == "minus" => ArithmeticOp::Subtract,
                _ => {
                    from += 1;
                    continue;
                }
            };
            self.reach(left.end + 1);
            let left = left.clone();
            let sums = self.rule(|| {
                let right = self.owning(left.end + 1, Stand::Object).into_iter();
                let amounts = right.filter(|p| is_amount(&p.node.0));
                amounts
                    .map(|right| {
                        let (a, b) = (Box::new(left.node.0.clone()), Box::new(right.node.0));
                        let sum = NounPhrase::Arithmetic(op, a, b);
                        let cost = left.cost + right.cost;
                        Parse::new((sum, Agree::Singular), right.end, cost)
                    })
                    .collect()
            });
            out.extend(sums);
            from += 1;
        }
        out
    }

    /// One noun phrase, with those that it owns (`Tom's dog`).
    fn owning(&self, at: usize, stand: Stand) -> Parses<Numbered> {
        self.rule(|| {
            let mut out = Vec::new();
            let mut owners = self.unowned(at, stand);
            for _ in 0..4 {
                let mut owned = Vec::new();
                for owner in owners {
                    // The plural's mark is a bare apostrophe.
                    let mark = self.token(owner.end).filter(|t| t.kind == Kind::Possessive);
                    let fits = mark.is_some_and(|t| {
                        let plural = owner.node.1 == Agree::Plural;
                        let before = owner.end.checked_sub(1).and_then(|i| self.token(i));
                        let hisses = before.is_some_and(|t| t.lower.ends_with('s'));
                        !(plural && hisses && t.text.len() > 1)
                    });
                    if fits && self.mark(owner.end, Kind::Possessive) {
                        let determiner = Determiner::Owner(Box::new(owner.node.0.clone()));
                        let nominals = self.nominals(owner.end + 1, None, stand);
                        owned.extend(told(nominals, &determiner, owner.cost));
                        // `members of Pappy's`
                        let alone = self.token(owner.end + 1).is_none_or(|t| !t.is_open());
                        if alone {
                            let (node, cost) = (owner.node.clone(), owner.cost + 2);
                            out.push(Parse::new(node, owner.end + 1, cost));
                        }
                    }
                    out.extend(self.described(&owner));
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

    /// `Ann, who is a doctor,`
    fn described(&self, np: &Parse<Numbered>) -> Parses<Numbered> {
        let is_one = matches!(
            np.node.0,
            NounPhrase::Name(_) | NounPhrase::Noun(Determiner::Owner(_), _)
        );
        let who = self
            .token(np.end + 1)
            .filter(|t| t.is(Tags::RELATIVE) && t.lower != "that");
        if !is_one || who.is_none() || !self.mark(np.end, Kind::Comma) {
            return Vec::new();
        }
        let said = self.verb_phrases(np.end + 2, np.node.1, false).into_iter();
        let closed = said.filter(|vp| self.mark(vp.end, Kind::Comma) || self.is_end(vp.end));
        closed
            .map(|vp| {
                let also = NounPhrase::Also(Box::new(np.node.0.clone()), Box::new(vp.node));
                let end = vp.end + usize::from(!self.is_end(vp.end));
                Parse::new((also, np.node.1), end, np.cost + vp.cost)
            })
            .collect()
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
                let names_year =
                    self.is_year(token) && self.token(at + 1).is_some_and(|t| t.capital);
                if let Ok(count) = token.text.parse()
                    && !names_year
                {
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
        if self.words(at, &["none", "of", "the"]) {
            return determined(Determiner::No, Some(true), at + 3);
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
            if self.word(from, "of") {
                from += 1;
                // `all of Tom's dogs`
                let all = self.noun_phrase(from, stand).into_iter();
                let owned: Parses<Numbered> = all.filter_map(|p| p.all_owned()).collect();
                if !owned.is_empty() {
                    return owned;
                }
            }
            from += usize::from(self.tag(from, Tags::THE | Tags::THIS));
            let plural = match token.lower.as_str() {
                "every" | "each" if from == at + 1 => Some(false),
                _ => None,
            };
            let determiner = match token.lower.as_str() {
                "any" => Determiner::Any,
                _ => Determiner::Every,
            };
            let mut found = determined(determiner, plural, from);
            if token.lower == "all" {
                // `all quokka are ..`
                found.iter_mut().for_each(|p| p.node.1 = Agree::Both);
            }
            return found;
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
            let mut found = determined(Determiner::No, None, at + 1);
            if token.capital {
                found.extend(self.name(at));
            }
            return found;
        }
        if token.is(Tags::SOME) {
            let from = at + 1 + 2 * usize::from(self.words(at + 1, &["of", "the"]));
            return determined(Determiner::Some, None, from);
        }
        if token.is(Tags::A) || token.lower == "another" {
            let mut found = determined(Determiner::A, Some(false), at + 1);
            if token.lower == "another" {
                found.iter_mut().for_each(|p| make_other(&mut p.node.0));
            }
            return found;
        }
        if token.is(Tags::THE | Tags::THIS) {
            let mut found = determined(Determiner::The, None, at + 1);
            let named = self
                .token(at + 1)
                .is_some_and(|t| t.capital || self.is_year(t));
            if token.is(Tags::THE) && named {
                // `the Vienna Music Society`
                for mut p in self.name(at + 1) {
                    let known = |n: &NounPhrase| match n {
                        NounPhrase::Name(word) => self
                            .words
                            .singular(&word.key)
                            .is_some_and(|one| self.words.is_noun(&one)),
                        _ => true,
                    };
                    if !known(&p.node.0) {
                        found.iter_mut().for_each(|f| f.cost += 1);
                        p.node.1 = Agree::Both;
                        found.push(p);
                    }
                }
            }
            return found;
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
        if token.is_open() || token.lower == "no" {
            out.extend(self.name(at));
        }
        if token.is_open() || token.is(Tags::OTHER | Tags::DEGREE) {
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
            w if w.starts_with("some") => Determiner::Some,
            _ => Determiner::No,
        };
        let head = if is_thing { "thing" } else { "person" };
        let other = self.word(at + 1, "else");
        let nominal = |modifiers: Vec<Word>| Nominal {
            head: self.words.word(head.to_owned()),
            plural: false,
            modifiers,
            of: None,
            other,
            restrictions: Vec::new(),
        };
        let from = at + 1 + usize::from(other);
        let mut heads = vec![Parse::new(nominal(Vec::new()), from, 0)];
        // `someone kind to animals`
        if self
            .open(from)
            .is_some_and(|t| self.words.is_adjective(&t.lower))
        {
            for adjective in self.adjectives(from, false) {
                let mut described = nominal(Vec::new());
                let is = VerbPhrase::Be(adjective.node);
                described.restrictions.push(Restriction::That(is));
                heads.push(Parse::new(described, adjective.end, adjective.cost + 1));
            }
        }
        let full = heads.into_iter().flat_map(|h| self.restricted(h, stand));
        told(full.collect(), &determiner, 0)
    }

    /// `whoever sleeps`
    fn whoever(&self, at: usize, is_thing: bool) -> Parses<Numbered> {
        self.reach(at + 1);
        let head = if is_thing { "thing" } else { "person" };
        let vps = self
            .verb_phrases(at + 1, Agree::Singular, false)
            .into_iter();
        let nominal = |vp: VerbPhrase| Nominal {
            head: self.words.word(head.to_owned()),
            plural: false,
            modifiers: Vec::new(),
            of: None,
            other: false,
            restrictions: vec![Restriction::That(vp)],
        };
        told(vps.map(|p| p.map(nominal)).collect(), &Determiner::Every, 0)
    }

    /// Words with capitals, as many as there are.
    fn name(&self, at: usize) -> Parses<Numbered> {
        let mut end = at;
        let mut parts: Vec<&str> = Vec::new();
        let mut possessive = false;
        while let Some(token) = self.token(end) {
            let next_capital = || {
                let next = self.token(end + 1);
                next.is_some_and(|t| t.capital && t.kind == Kind::Word)
            };
            let joins = match token.kind {
                Kind::Word if token.capital => {
                    let number = self.token(end + 1).is_some_and(|t| t.kind == Kind::Number);
                    token.is_open() || token.text.len() == 1 || (token.lower == "no" && number)
                }
                Kind::Word => {
                    !parts.is_empty()
                        && matches!(
                            token.lower.as_str(),
                            "of" | "de" | "du" | "von" | "van" | "la"
                        )
                        && next_capital()
                }
                // `Bob 7 years old`: the number belongs to what follows.
                Kind::Number => {
                    let counts = self.open(end + 1).is_some_and(|t| !t.capital);
                    let joins = !parts.is_empty() && (self.is_year(token) || !counts);
                    joins || next_capital()
                }
                // `the Women's Tennis Association`
                Kind::Possessive => {
                    let in_title = at > 0 && self.token(at - 1).is_some_and(|t| t.is(Tags::THE));
                    !parts.is_empty() && in_title && next_capital()
                }
                _ => false,
            };
            // A letter that stands for something is no part of a name.
            if !joins || (!parts.is_empty() && is_letter(token)) {
                break;
            }
            if token.kind == Kind::Possessive {
                possessive = true;
            }
            parts.push(&token.text);
            end += 1;
        }
        let Some(first) = self.token(at).filter(|_| !parts.is_empty()) else {
            return Vec::new();
        };
        self.reach(end);
        // The first word of a sentence has a capital anyhow.
        let doubtful =
            at == 0 && self.begins && parts.len() == 1 && !self.words.is_proper(&first.lower);
        let cost = match doubtful {
            true if self.words.is_common(&first.lower) => 6,
            true => 1,
            false => 0,
        };
        let mut text = parts.join(" ");
        if possessive {
            text = text.replace(" '", "'").replace(" \u{2019}", "\u{2019}");
        }
        let whole = Parse::new((NounPhrase::Name(name(&text)), Agree::Singular), end, cost);
        vec![whole]
    }

    /// Nouns without anything before them.
    fn bare(&self, at: usize, stand: Stand) -> Parses<Numbered> {
        let first_is_name = at > 0 && self.token(at).is_some_and(|t| t.capital);
        let maybe_name = self
            .token(at)
            .is_some_and(|t| t.capital && !self.words.is_common(&t.lower));
        let nominals = self.nominals(at, None, stand);
        let numbered = |p: Parse<Nominal>| {
            let (determiner, agree, cost) = match p.node.plural {
                true => (Determiner::Bare, Agree::Plural, 0),
                false => (
                    Determiner::Kind,
                    Agree::Singular,
                    1 + 2 * u32::from(maybe_name),
                ),
            };
            let extra = if first_is_name { 2 } else { 0 };
            let np = NounPhrase::Noun(determiner, Box::new(p.node));
            Parse::new((np, agree), p.end, p.cost + cost + extra)
        };
        nominals.into_iter().map(numbered).collect()
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
        let first = self.token(at)?;
        let begins = [
            "immediately",
            "directly",
            "just",
            "left",
            "right",
            "next",
            "adjacent",
            "ahead",
            "close",
            "out",
            "up",
        ];
        if !first.is(Tags::PREPOSITION) && !begins.contains(&first.lower.as_str()) {
            return None;
        }
        let just = ["immediately", "directly", "just"];
        if self
            .token(at)
            .is_some_and(|t| just.contains(&t.lower.as_str()))
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

impl Parse<Numbered> {
    /// `Tom's dogs` as `all dogs of Tom`.
    fn all_owned(self) -> Option<Self> {
        let Parse { node, end, cost } = self;
        match node.0 {
            NounPhrase::Noun(Determiner::Owner(owner), mut nominal) if nominal.plural => {
                nominal.of = Some(*owner);
                let np = NounPhrase::Noun(Determiner::Every, nominal);
                Some(Parse::new((np, node.1), end, cost))
            }
            _ => None,
        }
    }
}

fn make_other(np: &mut NounPhrase) {
    if let NounPhrase::Noun(_, nominal) = np {
        nominal.other = true;
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
/// Whether a noun phrase may stand for a number.
pub(super) fn is_amount(np: &NounPhrase) -> bool {
    match np {
        NounPhrase::Number(_) | NounPhrase::Letter(_) | NounPhrase::Arithmetic(..) => true,
        NounPhrase::Noun(Determiner::The, nominal) => nominal.of.is_some(),
        NounPhrase::Noun(Determiner::Owner(_), _) => true,
        _ => false,
    }
}

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
