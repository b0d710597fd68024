//! Nouns with what stands around them: modifiers before, restrictions behind.

use super::noun::Stand;
use super::{Agree, Parse, Parser, Parses};
use crate::lexicon::{self, Tags};
use crate::morphology::{self, VerbForm};
use crate::text::{Kind, Token};
use crate::tree::{Complement, Gap, Nominal, Restriction, VerbPhrase, VerbUse, Word};

impl Parser<'_> {
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
        let mut other = false;
        let mut here = at;
        while let Some(token) = self.token(here) {
            // `the 1992 cup`, `the top 10 list`
            if token.kind == Kind::Number && self.open(here + 1).is_some() && here > at {
                modifiers.push(self.words.word(token.lower.clone()));
                here += 1;
                continue;
            }
            if token.kind == Kind::Number && here == at && self.is_year(token) {
                modifiers.push(self.words.word(token.lower.clone()));
                here += 1;
                continue;
            }
            if token.kind != Kind::Word {
                break;
            }
            let grades = Tags::DEGREE | Tags::MOST | Tags::LEAST | Tags::MORE | Tags::ADVERB;
            let is_degree = token.is(grades) && self.open(here + 1).is_some();
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
            if token.lower == "other" {
                other = true;
                here += 1;
                continue;
            }
            if !token.is(Tags::ORDINAL | Tags::OTHER) {
                let before = out.len();
                self.head(token, &lower, plural, &modifiers, here, &mut out);
                out.iter_mut()
                    .skip(before)
                    .for_each(|p| p.node.other = other);
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
            let is_name = token.capital && (here > 1 || !self.begins);
            if joined && !is_noun && !is_name && self.open(more).is_some() {
                let comma = self.mark(here, Kind::Comma);
                let next = self.token(more + 1);
                let next_too = next.is_some_and(|t| t.kind == Kind::Word) || comma;
                let plausible = describes(token) || comma || self.open(more).is_some_and(describes);
                if next_too && plausible {
                    here = more;
                }
            }
        }
        out
    }

    pub(super) fn is_year(&self, token: &Token) -> bool {
        token.text.len() == 4 && token.text.parse().is_ok_and(|n| (1000..2200).contains(&n))
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
        // `the number 34`
        let number = self.token(here + 1).filter(|t| t.kind == Kind::Number);
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
                other: false,
                restrictions: Vec::new(),
            };
            if let Some(number) = number.filter(|_| !is_plural) {
                let mut numbered = nominal.clone();
                numbered.head.key = format!("{} {}", numbered.head.key, number.text);
                numbered.head.show = format!("{} {}", numbered.head.show, number.text);
                self.reach(here + 2);
                out.push(Parse::new(numbered, here + 2, cost));
            }
            out.push(Parse::new(nominal, here + 1, cost));
        };
        let unlikely = self.words.is_adjective(lower)
            || lexicon::looks_like_adjective(lower)
            || morphology::compared(lower).is_some_and(|c| self.words.is_adjective(&c.0));
        let singular = self.words.singular(lower);
        let base = singular.as_deref().unwrap_or(lower);
        let is_noun = self.words.is_noun(base);
        let mut cost = if unlikely && !is_noun { 2 } else { 0 };
        // `Walden contains`, `people chaperone dances`: no words of one noun.
        if !is_noun && !modifiers.is_empty() && self.words.is_verb(base) {
            cost += 3;
        }
        // `letter written by Ann`
        let is_done = |w: &str| {
            if !morphology::may_be_participle(w) {
                return false;
            }
            let mut forms = morphology::verb_forms(w).into_iter();
            forms.any(|(base, f)| f == VerbForm::PastParticiple && base != w)
        };
        if !is_noun && !modifiers.is_empty() && is_done(lower) {
            cost += 3;
        }
        for modifier in modifiers
            .iter()
            .filter(|w| !self.words.is_adjective(&w.key))
        {
            let is_plural = self.words.singular(&modifier.key).is_some();
            let is_verb = self.words.is_verb(&modifier.key) && !self.words.is_noun(&modifier.key);
            cost += 2 * u32::from(is_plural || is_verb);
            // `a twin and develops strong bonds`
            let mut forms = morphology::verb_forms(&modifier.key).into_iter();
            let agrees = forms.any(|(base, form)| {
                form == VerbForm::Third && lexicon::is_verb(&base) && !self.words.is_noun(&base)
            });
            cost += 3 * u32::from(agrees);
        }
        match (singular, plural) {
            (Some(lemma), None | Some(true)) => add(lemma, true, cost),
            (Some(lemma), Some(false)) if lemma == lower => add(lemma, false, cost),
            (Some(_), Some(false)) => add(lower.to_owned(), false, cost + 3),
            (None, None | Some(false)) => add(lower.to_owned(), false, cost),
            // `three aircraft`
            (None, Some(true)) => add(lower.to_owned(), true, cost + 3),
        }
        // A word of which nothing is known may be a plural all the same.
        let unknown = self.words.singular(lower).is_none() && plural != Some(false);
        if let Some(stem) = lower.strip_suffix('s').filter(|s| unknown && s.len() > 3)
            && !stem.ends_with('s')
        {
            add(stem.to_owned(), true, cost + 3);
        }
    }

    /// A noun with what may follow it.
    pub(super) fn restricted(&self, head: Parse<Nominal>, stand: Stand) -> Parses<Nominal> {
        if !self.may_go_on(head.end) {
            return vec![head];
        }
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

    /// Whether what stands here may describe the noun before it.
    fn may_go_on(&self, at: usize) -> bool {
        let Some(token) = self.token(at) else {
            return false;
        };
        match token.kind {
            Kind::Comma => true,
            Kind::Word if token.is_open() => {
                morphology::may_be_participle(&token.lower)
                    || matches!(token.lower.as_str(), "greater" | "smaller" | "equal")
            }
            Kind::Word => token.is(Tags::RELATIVE
                | Tags::PREPOSITION
                | Tags::MORE
                | Tags::LESS
                | Tags::ADVERB),
            _ => false,
        }
    }

    fn restrict(&self, nominal: &Parse<Nominal>, stand: Stand, out: &mut Parses<Nominal>) {
        let at = nominal.end;
        let Some(token) = self.token(at) else { return };
        // What follows describes the nearest noun, which may be one inside.
        let inside = u32::from(!nominal.node.restrictions.is_empty());
        let mut with = |restriction: Restriction, end: usize, cost: u32| {
            let mut node = nominal.node.clone();
            node.restrictions.push(restriction);
            let cost = cost + inside;
            out.push(Parse::new(node, end, nominal.cost + cost));
        };
        let agree = match nominal.node.plural {
            true => Agree::Plural,
            false => Agree::Singular,
        };
        if token.is(Tags::PREPOSITION)
            && self
                .token(at + 1)
                .is_some_and(|t| matches!(t.lower.as_str(), "which" | "whom"))
        {
            // `in which Tom sleeps`
            self.reach(at + 2);
            for subject in self.noun_phrase(at + 2, Stand::Subject) {
                let (np, agree) = subject.node;
                for vp in self.verb_phrases(subject.end, agree, false) {
                    if let VerbPhrase::Do(mut use_) = vp.node
                        && use_.gap.is_none()
                    {
                        use_.gap = Some(Gap::Phrase(token.lower.clone()));
                        let whom = Restriction::Whom(np.clone(), VerbPhrase::Do(use_));
                        with(whom, vp.end, subject.cost + vp.cost);
                    }
                }
            }
            return;
        }
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
            for np in self.noun_phrases(at + 1, Stand::Object) {
                let mut node = nominal.node.clone();
                node.of = Some(np.node.0);
                out.push(Parse::new(node, np.end, nominal.cost + np.cost));
            }
            return;
        }
        for complement in self.number_order(at) {
            let vp = VerbPhrase::Be(complement.node);
            with(Restriction::That(vp), complement.end, complement.cost);
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
                // `a student with a visa` has one.
                let vp = match preposition.as_str() {
                    "with" => VerbPhrase::Do(VerbUse::of("have", np)),
                    "without" => VerbPhrase::Not(Box::new(VerbPhrase::Do(VerbUse::of("have", np)))),
                    _ => VerbPhrase::Be(Complement::Phrase(preposition, np)),
                };
                with(Restriction::That(vp), phrase.end, phrase.cost + 1);
            }
        }
    }
}
