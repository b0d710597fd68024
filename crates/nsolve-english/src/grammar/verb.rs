//! Verb phrases.

use super::noun::Stand;
use super::{Agree, Joinable, Parse, Parser, Parses};
use crate::lexicon::{self, Tags};
use crate::morphology::{self, VerbForm, verb_forms};
use crate::text::{Kind, Token};
use crate::tree::{Gap, Joint, NounPhrase, Place, VerbPhrase, VerbUse};

/// At most so many phrases with prepositions belong to a verb.
const MOST_PHRASES: usize = 3;

impl Joinable for VerbPhrase {
    fn join(joint: Joint, parts: Vec<Self>) -> Self {
        VerbPhrase::Join(joint, parts)
    }

    fn denied(&self) -> Option<&Self> {
        match self {
            VerbPhrase::Not(inner) => Some(inner),
            _ => None,
        }
    }

    fn deny(self) -> Self {
        VerbPhrase::Not(Box::new(self))
    }
}

/// What is known of a verb before its objects are read.
#[derive(Clone, Debug)]
pub(super) struct Start {
    pub(super) before: Vec<String>,
    pub(super) base: String,
    pub(super) past: bool,
}

impl Parser<'_> {
    /// Verb phrases and lists of them. With `gap`, an object is missing.
    pub(super) fn verb_phrases(&self, at: usize, agree: Agree, gap: bool) -> Parses<VerbPhrase> {
        self.rule(|| self.joined(at, &|i| self.verb_phrase(i, agree, gap)))
    }

    fn verb_phrase(&self, at: usize, agree: Agree, gap: bool) -> Parses<VerbPhrase> {
        self.rule(|| {
            let Some(token) = self.token(at) else {
                return Vec::new();
            };
            if token.is(Tags::FILLER) {
                self.reach(at + 1);
                return self.verb_phrase(at + 1, agree, gap);
            }
            if self.words(at, &["no", "longer"]) {
                let denied = self.verb_phrase(at + 2, agree, gap).into_iter();
                return denied.map(|p| p.map(VerbPhrase::deny)).collect();
            }
            if token.lower == "never" {
                self.reach(at + 1);
                let denied = self.finite(at + 1, agree, gap).into_iter();
                return denied.map(|p| p.map(VerbPhrase::deny)).collect();
            }
            if token.is(Tags::BE) {
                return self.be(at, agree, gap);
            }
            if token.is(Tags::DO) {
                let mut out = self.helped(at, agree, gap);
                out.extend(self.finite(at, agree, gap));
                return out;
            }
            if token.is(Tags::MODAL) {
                return self.modal(at, gap);
            }
            if token.is(Tags::HAVE) {
                let mut out = self.perfect(at, agree, gap);
                out.extend(self.finite(at, agree, gap));
                return out;
            }
            self.finite(at, agree, gap)
        })
    }

    /// `is not big and red`
    fn be(&self, at: usize, agree: Agree, gap: bool) -> Parses<VerbPhrase> {
        let Some(form) = self.token(at) else {
            return Vec::new();
        };
        let number = match form.lower.as_str() {
            "is" | "was" => Agree::Singular,
            "are" | "were" => Agree::Plural,
            _ => return Vec::new(),
        };
        if !number.fits(agree) {
            return Vec::new();
        }
        self.reach(at + 1);
        let plural = number == Agree::Plural;
        let complements = self.complements(at + 1, plural, gap);
        complements
            .into_iter()
            .map(|p| p.map(VerbPhrase::Be))
            .collect()
    }

    /// `does not like the cat`, `do not run or jump`
    fn helped(&self, at: usize, agree: Agree, gap: bool) -> Parses<VerbPhrase> {
        let Some(form) = self.token(at) else {
            return Vec::new();
        };
        let number = match form.lower.as_str() {
            "does" => Agree::Singular,
            "do" => Agree::Plural,
            _ => Agree::Both,
        };
        if !number.fits(agree) {
            return Vec::new();
        }
        self.reach(at + 1);
        self.plain(at + 1, &[], form.lower == "did", gap)
    }

    /// `can swim`, `will not be tall`
    fn modal(&self, at: usize, gap: bool) -> Parses<VerbPhrase> {
        let Some(form) = self.token(at) else {
            return Vec::new();
        };
        self.reach(at + 1);
        // What will be so is said as what is so.
        let before: &[String] = match form.lower.as_str() {
            "will" | "would" | "shall" => &[],
            "could" => &["can".to_owned()],
            "might" => &["may".to_owned()],
            other => &[other.to_owned()],
        };
        self.plain(at + 1, before, false, gap)
    }

    /// What follows the helping verb at `help`, behind the subject.
    pub(super) fn behind_help(&self, help: usize, at: usize, gap: bool) -> Parses<VerbPhrase> {
        let Some(token) = self.token(help) else {
            return Vec::new();
        };
        match token.lower.as_str() {
            "do" | "does" => self.plain(at, &[], false, gap),
            "did" => self.plain(at, &[], true, gap),
            "has" | "have" | "had" => {
                let not = self.tag(at, Tags::NOT);
                let found = self.participle_use(at + usize::from(not), &[], gap);
                let sign = |p: Parse<VerbPhrase>| match not {
                    true => p.map(VerbPhrase::deny),
                    false => p,
                };
                found.into_iter().map(sign).collect()
            }
            "will" | "would" | "shall" => self.plain(at, &[], false, gap),
            "could" => self.plain(at, &["can".to_owned()], false, gap),
            other => self.plain(at, &[other.to_owned()], false, gap),
        }
    }

    /// Base forms behind a helping verb: `[not] like the cat or be tall`.
    fn plain(&self, at: usize, before: &[String], past: bool, gap: bool) -> Parses<VerbPhrase> {
        self.joined(at, &|i| self.plain_one(i, before, past, gap))
    }

    fn plain_one(&self, at: usize, before: &[String], past: bool, gap: bool) -> Parses<VerbPhrase> {
        if self.tag(at, Tags::NOT) {
            let inner = self.plain_one(at + 1, before, past, gap).into_iter();
            return inner.map(|p| p.map(VerbPhrase::deny)).collect();
        }
        if self.tag(at, Tags::FILLER) {
            return self.plain_one(at + 1, before, past, gap);
        }
        if self.word(at, "be") {
            let complements = self.complements(at + 1, false, gap).into_iter();
            let mut out: Parses<VerbPhrase> = complements.map(|p| p.map(VerbPhrase::Be)).collect();
            if let Some(modal) = before.first() {
                // What can be so need not be so.
                out = out.into_iter().filter_map(|p| able(p, modal)).collect();
            }
            return out;
        }
        let (adverbs, from) = self.adverbs(at);
        let have = self.word(from, "have");
        let mut out = Vec::new();
        if have && self.open(from + 1).is_some() {
            out.extend(self.participle_use(from + 1, before, gap));
        }
        let Some(token) = self.token(from) else {
            return out;
        };
        if !token.is_open() && !token.is(Tags::DO | Tags::HAVE) {
            return out;
        }
        let start = Start {
            before: before.to_vec(),
            base: token.lower.clone(),
            past,
        };
        self.reach(from + 1);
        let cost = self.verb_cost(&start.base);
        let uses = self.frame(from + 1, &start, adverbs, gap).into_iter();
        out.extend(uses.map(|p| Parse::new(VerbPhrase::Do(p.node), p.end, p.cost + cost)));
        out
    }

    /// `has seen the cat`
    fn perfect(&self, at: usize, agree: Agree, gap: bool) -> Parses<VerbPhrase> {
        let Some(form) = self.token(at) else {
            return Vec::new();
        };
        let number = match form.lower.as_str() {
            "has" => Agree::Singular,
            "have" => Agree::Plural,
            _ => Agree::Both,
        };
        if !number.fits(agree) {
            return Vec::new();
        }
        self.reach(at + 1);
        let not = self.tag(at + 1, Tags::NOT);
        let from = at + 1 + usize::from(not);
        if self.word(from, "been") {
            let complements = self.complements(from + 1, false, gap).into_iter();
            return complements
                .map(|p| p.map(VerbPhrase::Be))
                .map(|p| if not { p.map(VerbPhrase::deny) } else { p })
                .collect();
        }
        let found = self.participle_use(from, &[], gap).into_iter();
        found
            .map(|p| if not { p.map(VerbPhrase::deny) } else { p })
            .collect()
    }

    fn participle_use(&self, at: usize, before: &[String], gap: bool) -> Parses<VerbPhrase> {
        let (adverbs, at) = self.adverbs(at);
        let Some(token) = self.token(at) else {
            return Vec::new();
        };
        let forms = verb_forms(&token.lower).into_iter();
        let mut out = Vec::new();
        for (base, _) in forms.filter(|(_, f)| *f == VerbForm::PastParticiple) {
            self.reach(at + 1);
            let start = Start {
                before: before.to_vec(),
                base,
                past: false,
            };
            let uses = self.frame(at + 1, &start, adverbs.clone(), gap);
            out.extend(uses.into_iter().map(|p| p.map(VerbPhrase::Do)));
        }
        out
    }

    /// A verb in the present or the past that agrees.
    fn finite(&self, at: usize, agree: Agree, gap: bool) -> Parses<VerbPhrase> {
        let (adverbs, at) = self.adverbs(at);
        let Some(token) = self.token(at) else {
            return Vec::new();
        };
        let forms: Vec<(String, VerbForm)> = match token.lower.as_str() {
            "has" => vec![("have".into(), VerbForm::Third)],
            "have" => vec![("have".into(), VerbForm::Base)],
            "had" => vec![("have".into(), VerbForm::Past)],
            "does" => vec![("do".into(), VerbForm::Third)],
            "do" => vec![("do".into(), VerbForm::Base)],
            "did" => vec![("do".into(), VerbForm::Past)],
            // A name is no verb.
            _ if token.capital && at > 0 => return Vec::new(),
            _ if token.is_open() => verb_forms(&token.lower),
            _ => return Vec::new(),
        };
        let mut out = Vec::new();
        for (base, form) in forms {
            let number = match form {
                VerbForm::Third => Agree::Singular,
                VerbForm::Base => Agree::Plural,
                VerbForm::Past => Agree::Both,
                VerbForm::PastParticiple | VerbForm::PresentParticiple => continue,
            };
            if !number.fits(agree) {
                continue;
            }
            self.reach(at + 1);
            let cost = self.verb_cost(&base);
            let start = Start {
                before: Vec::new(),
                base,
                past: form == VerbForm::Past,
            };
            let uses = self.frame(at + 1, &start, adverbs.clone(), gap).into_iter();
            out.extend(uses.map(|p| Parse::new(VerbPhrase::Do(p.node), p.end, p.cost + cost)));
        }
        out
    }

    fn verb_cost(&self, base: &str) -> u32 {
        if self.words.is_verb(base) || matches!(base, "have" | "do") {
            0
        } else if self.words.is_noun(base) || self.words.is_adjective(base) {
            4
        } else {
            2
        }
    }

    fn adverbs(&self, mut at: usize) -> (Vec<String>, usize) {
        let mut out = Vec::new();
        while let Some(token) = self.token(at).filter(|t| self.is_adverb(t)) {
            self.reach(at + 1);
            out.push(token.lower.clone());
            at += 1;
        }
        (out, at)
    }

    fn is_adverb(&self, token: &Token) -> bool {
        let is_word = token.is_open() || token.is(Tags::DEGREE);
        let ly = is_word && token.lower.ends_with("ly") && token.lower.len() > 4;
        token.is(Tags::ADVERB)
            || (ly && !self.words.is_adjective(&token.lower))
            || lexicon::may_be_adverb(&token.lower)
    }

    /// What follows a verb: objects, phrases, adverbs, in every way.
    pub(super) fn frame(
        &self,
        at: usize,
        start: &Start,
        adverbs: Vec<String>,
        gap: bool,
    ) -> Parses<VerbUse> {
        let begin = VerbUse {
            before: start.before.clone(),
            base: start.base.clone(),
            adverbs,
            object: None,
            phrases: Vec::new(),
            gap: None,
            past: start.past,
            place: None,
        };
        let mut out = Vec::new();
        self.follow(Parse::new(begin, at, 0), gap, &mut out);
        out.retain(|p| p.node.gap.is_some() == gap);
        out
    }

    fn follow(&self, use_: Parse<VerbUse>, gap: bool, out: &mut Parses<VerbUse>) {
        let more = self.rule(|| self.longer(&use_, gap));
        out.push(use_);
        for longer in more {
            self.follow(longer, gap, out);
        }
    }

    /// The use with one thing more.
    fn longer(&self, use_: &Parse<VerbUse>, gap: bool) -> Parses<VerbUse> {
        let (at, node) = (use_.end, &use_.node);
        let mut out = Vec::new();
        let mut with = |change: &dyn Fn(&mut VerbUse), end: usize, cost: u32| {
            let mut longer = node.clone();
            change(&mut longer);
            out.push(Parse::new(longer, end, use_.cost + cost));
        };
        let bare = node.object.is_none() && node.phrases.is_empty() && node.place.is_none();
        if gap && bare && node.gap.is_none() {
            with(&|u| u.gap = Some(Gap::Object), at, 0);
        }
        let Some(token) = self.token(at) else {
            return out;
        };
        if let Some((words, end)) = self.time(at) {
            with(&|u| u.adverbs.push(words.clone()), end, 0);
            return out;
        }
        if self.is_adverb(token) {
            self.reach(at + 1);
            // `high school`
            let before_noun = token.is_open() && self.open(at + 1).is_some();
            let cost = 3 * u32::from(before_noun && lexicon::may_be_adverb(&token.lower));
            with(&|u| u.adverbs.push(token.lower.clone()), at + 1, cost);
            // `regularly and often`
            let second = self.token(at + 2).filter(|t| self.is_adverb(t));
            if let Some(second) = second
                && self.word(at + 1, "and")
            {
                let both = format!("{} and {}", token.lower, second.lower);
                with(&|u| u.adverbs.push(both.clone()), at + 3, 0);
            }
        }
        if token.is(Tags::FILLER) && (token.lower == "also" || token.lower == "too") {
            self.reach(at + 1);
            with(&|_| {}, at + 1, 0);
        }
        if bare
            && links(&node.base)
            && let Some(adjective) = self.open(at).filter(|t| !t.capital)
            && (self.words.is_adjective(&adjective.lower)
                || lexicon::looks_like_adjective(&adjective.lower)
                || morphology::compared(&adjective.lower).is_some())
        {
            self.reach(at + 1);
            with(&|u| u.adverbs.push(adjective.lower.clone()), at + 1, 0);
        }
        if bare
            && is_race(&node.base)
            && let Some((place, end)) = self.rank(at)
        {
            with(&|u| u.place = Some(place.clone()), end, 0);
        }
        if bare && token.lower == "to" {
            // `wants to swim`
            let verb = self.token(at + 1).filter(|t| {
                !t.capital && (t.is_open() || matches!(t.lower.as_str(), "have" | "do"))
            });
            if let Some(verb) = verb {
                self.reach(at + 2);
                let prefix = format!("{} to", node.base);
                let base = verb.lower.clone();
                let cost = self.verb_cost(&base);
                with(
                    &|u| {
                        u.before.push(prefix.clone());
                        u.base.clone_from(&base);
                    },
                    at + 2,
                    cost,
                );
            }
        }
        let takes_object = node.phrases.is_empty() && node.place.is_none() && node.gap.is_none();
        if takes_object && node.object.is_none() {
            for np in self.noun_phrases(at, Stand::Object) {
                let object = np.node.0;
                with(&|u| u.object = Some(object.clone()), np.end, np.cost);
            }
        } else if takes_object && let Some(first) = &node.object {
            // `gives Ann a book`
            let second_begins = token.is(Tags::A | Tags::THE | Tags::SOME | Tags::EVERY)
                || token.is(Tags::CARDINAL | Tags::OWNER | Tags::NO);
            let receives = !matches!(first, NounPhrase::Join(..));
            if second_begins && receives {
                for np in self.noun_phrases(at, Stand::Object) {
                    let (receiver, object) = (first.clone(), np.node.0);
                    with(
                        &|u| {
                            u.object = Some(object.clone());
                            u.phrases.push(("to".into(), receiver.clone()));
                        },
                        np.end,
                        np.cost + 2,
                    );
                }
            }
        }
        if node.phrases.len() < MOST_PHRASES
            && let Some((preposition, end)) = self.preposition(at)
        {
            for np in self.noun_phrases(end, Stand::Object) {
                let object = np.node.0;
                with(
                    &|u| u.phrases.push((preposition.clone(), object.clone())),
                    np.end,
                    np.cost,
                );
            }
            let next = self.token(end);
            let ends = next.is_none_or(|t| !t.is_open() && !t.is(Tags::THE | Tags::A));
            if gap && node.gap.is_none() {
                with(&|u| u.gap = Some(Gap::Phrase(preposition.clone())), end, 0);
            } else if ends && !preposition.contains(' ') {
                with(&|u| u.adverbs.push(preposition.clone()), end, 3);
            }
        }
        if matches!(
            token.lower.as_str(),
            "up" | "out" | "down" | "back" | "away"
        ) {
            self.reach(at + 1);
            with(&|u| u.adverbs.push(token.lower.clone()), at + 1, 0);
        }
        out
    }

    /// `every day`, `once a week`, `at least once a day`
    fn time(&self, at: usize) -> Option<(String, usize)> {
        const SPANS: &[&str] = &[
            "day", "week", "month", "year", "morning", "evening", "night", "time", "hour",
        ];
        let is_span = |at: usize| {
            let token = self.token(at);
            token.is_some_and(|t| SPANS.contains(&t.lower.as_str()))
        };
        let begins = |at: usize| {
            let times = self.word(at, "once") || self.word(at, "twice");
            let after = match times {
                true => at + 1,
                false => at,
            };
            let every = self.word(after, "every") || self.word(after, "each");
            let a = times && self.tag(after, Tags::A);
            ((every || a) && is_span(after + 1)).then_some(after + 2)
        };
        let from = at + 2 * usize::from(self.words(at, &["at", "least"]));
        let end = begins(from)?;
        self.reach(end);
        let words = self.tokens.get(at..end)?.iter().map(|t| t.lower.as_str());
        Some((words.collect::<Vec<_>>().join(" "), end))
    }

    /// `third`, `second to last`, `in first place`
    pub(super) fn rank(&self, at: usize) -> Option<(Place, usize)> {
        let place = |least: bool, rank: u32| Place {
            end: "first".into(),
            least,
            rank,
        };
        let from = at
            + usize::from(self.word(at, "in"))
            + usize::from(self.word(at, "in") && self.word(at + 1, "the"))
            + usize::from(!self.word(at, "in") && self.word(at, "the"));
        if self.words(from, &["next", "to", "last"]) {
            return Some((place(true, 2), from + 3));
        }
        let token = self.token(from).filter(|t| t.kind == Kind::Word)?;
        let after = |end: usize| end + usize::from(self.word(end, "place"));
        if token.lower == "last" {
            self.reach(from + 1);
            return Some((place(true, 1), after(from + 1)));
        }
        let rank = lexicon::ordinal(&token.lower)?;
        self.reach(from + 1);
        if self.words(from + 1, &["to", "last"]) || self.words(from + 1, &["from", "last"]) {
            return Some((place(true, rank), from + 3));
        }
        Some((place(false, rank), after(from + 1)))
    }
}

/// Verbs that are followed by an adjective.
fn links(base: &str) -> bool {
    matches!(
        base,
        "feel"
            | "become"
            | "seem"
            | "look"
            | "remain"
            | "stay"
            | "grow"
            | "turn"
            | "sound"
            | "appear"
            | "taste"
            | "smell"
            | "get"
            | "go"
            | "keep"
    )
}

/// Verbs that tell a place in a race.
pub(crate) fn is_race(base: &str) -> bool {
    matches!(
        base,
        "finish" | "rank" | "place" | "come" | "arrive" | "end" | "stand"
    )
}

/// `can be tall`: a property of its own.
fn able(parse: Parse<VerbPhrase>, modal: &str) -> Option<Parse<VerbPhrase>> {
    use crate::tree::Complement;
    fn prefix(complement: Complement, modal: &str) -> Option<Complement> {
        Some(match complement {
            Complement::Not(inner) => Complement::Not(Box::new(prefix(*inner, modal)?)),
            Complement::Join(joint, parts) => {
                let parts: Option<Vec<_>> = parts.into_iter().map(|p| prefix(p, modal)).collect();
                Complement::Join(joint, parts?)
            }
            other => Complement::Able(modal.to_owned(), Box::new(other)),
        })
    }
    let Parse { node, end, cost } = parse;
    match node {
        VerbPhrase::Be(c) => Some(Parse::new(VerbPhrase::Be(prefix(c, modal)?), end, cost)),
        _ => None,
    }
}
