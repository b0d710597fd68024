//! What must be known of all sentences before a formula is made of one.

use crate::grammar::is_race;
use crate::lexicon;
use crate::meaning::Story;
use crate::tree::{
    Clause, Complement, Determiner, Nominal, NounPhrase, Restriction, VerbPhrase, VerbUse, Word,
};

impl Story {
    /// Notes what a sentence tells about the words of all.
    pub(crate) fn note(&mut self, clause: &Clause) {
        match clause {
            Clause::Plain(np, vp) => {
                self.noun_phrase(np);
                self.verb_phrase(vp, Some(np));
            }
            Clause::Whom(object, subject, vp) => {
                self.noun_phrase(object);
                self.noun_phrase(subject);
                self.verb_phrase(vp, Some(subject));
            }
            Clause::There(np) => {
                self.says_person(np);
                self.noun_phrase(np);
            }
            Clause::Not(inner) | Clause::Letters(_, _, inner) => self.note(inner),
            Clause::Join(_, parts) => parts.iter().for_each(|p| self.note(p)),
            Clause::If { when, then, .. } => {
                self.note(when);
                self.note(then);
            }
            Clause::Iff(left, right) => {
                self.note(left);
                self.note(right);
            }
        }
    }

    fn noun_phrase(&mut self, np: &NounPhrase) {
        match np {
            NounPhrase::Noun(determiner, nominal) => {
                if let Determiner::Owner(owner) = determiner {
                    self.noun_phrase(owner);
                }
                self.nominal(nominal);
            }
            NounPhrase::Asked(Some(nominal)) => self.nominal(nominal),
            NounPhrase::Join(_, parts) => parts.iter().for_each(|p| self.noun_phrase(p)),
            NounPhrase::Only(inner) => self.noun_phrase(inner),
            NounPhrase::Arithmetic(_, left, right) => {
                self.noun_phrase(left);
                self.noun_phrase(right);
            }
            NounPhrase::Also(inner, vp) => {
                self.noun_phrase(inner);
                self.verb_phrase(vp, Some(inner));
            }
            _ => {}
        }
    }

    fn nominal(&mut self, nominal: &Nominal) {
        if let Some(of) = &nominal.of {
            self.noun_phrase(of);
        }
        for restriction in &nominal.restrictions {
            match restriction {
                Restriction::That(vp) => self.verb_phrase(vp, None),
                Restriction::Whom(np, vp) => {
                    self.noun_phrase(np);
                    self.verb_phrase(vp, None);
                }
            }
        }
    }

    fn verb_phrase(&mut self, vp: &VerbPhrase, subject: Option<&NounPhrase>) {
        match vp {
            VerbPhrase::Be(complement) => self.complement(complement, subject),
            VerbPhrase::Do(use_) => self.verb(use_, subject),
            VerbPhrase::Not(inner) => self.verb_phrase(inner, subject),
            VerbPhrase::Join(_, parts) => {
                parts.iter().for_each(|p| self.verb_phrase(p, subject));
            }
        }
    }

    fn verb(&mut self, use_: &VerbUse, subject: Option<&NounPhrase>) {
        if use_.object.is_some() {
            self.transitive.insert(use_.base.clone());
        }
        if use_.place.is_some() {
            self.orders.has_places = true;
            self.compares(subject);
        }
        for (preposition, np) in &use_.phrases {
            let is_order = matches!(
                preposition.as_str(),
                "above" | "below" | "before" | "after" | "behind" | "ahead of"
            );
            if is_race(&use_.base) && is_order {
                self.compares(subject);
                self.compares(Some(np));
            }
            self.noun_phrase(np);
        }
        if let Some(object) = &use_.object {
            self.noun_phrase(object);
        }
    }

    fn complement(&mut self, complement: &Complement, subject: Option<&NounPhrase>) {
        match complement {
            Complement::Noun(np) => {
                self.says_person(np);
                self.noun_phrase(np);
            }
            Complement::Adjective { phrases, .. } => {
                phrases.iter().for_each(|(_, np)| self.noun_phrase(np));
            }
            Complement::Phrase(preposition, np) => {
                if preposition.ends_with("left of")
                    || preposition.ends_with("right of")
                    || preposition == "next to"
                {
                    self.compares(subject);
                    self.compares(Some(np));
                }
                self.noun_phrase(np);
            }
            Complement::Compared {
                adjective,
                than,
                by,
                ..
            } => {
                if by.is_some() {
                    self.measures(&adjective.key);
                }
                self.compares(subject);
                self.compares(Some(than));
                self.noun_phrase(than);
            }
            Complement::Measured { adjective, .. } => self.measures(adjective),
            Complement::Placed(place) => {
                if place.rank > 1 || matches!(place.end.as_str(), "first" | "left" | "right") {
                    self.orders.has_places = true;
                }
                self.compares(subject);
            }
            Complement::Doing(use_) => self.verb(use_, subject),
            Complement::Verb(vp) => self.verb_phrase(vp, subject),
            Complement::Done {
                verb, by, phrases, ..
            } => {
                if let Some(by) = by {
                    self.transitive.insert(verb.clone());
                    self.noun_phrase(by);
                }
                phrases.iter().for_each(|(_, np)| self.noun_phrase(np));
            }
            Complement::Number(_, np) => self.noun_phrase(np),
            Complement::Able(_, inner) | Complement::Not(inner) => {
                self.complement(inner, subject);
            }
            Complement::Join(_, parts) => {
                parts.iter().for_each(|p| self.complement(p, subject));
            }
        }
    }

    /// Whether it is said of something that it is a person.
    fn says_person(&mut self, np: &NounPhrase) {
        match np {
            NounPhrase::Noun(determiner, nominal) => {
                let states = matches!(
                    determiner,
                    Determiner::A | Determiner::Bare | Determiner::Kind | Determiner::No
                );
                let bare = nominal.restrictions.is_empty() && nominal.modifiers.is_empty();
                if states && bare && lexicon::is_person_noun(&nominal.head.key) {
                    self.persons_matter = true;
                }
            }
            NounPhrase::Join(_, parts) => parts.iter().for_each(|p| self.says_person(p)),
            _ => {}
        }
    }

    fn measures(&mut self, adjective: &str) {
        match lexicon::scale_of(adjective) {
            Some((scale, _)) => self.orders.measured.push(scale.name),
            None => self.orders.measured_others.push(adjective.to_owned()),
        }
    }

    /// Notes a thing that is compared by its name.
    fn compares(&mut self, np: Option<&NounPhrase>) {
        let word = match np {
            Some(NounPhrase::Name(word)) => word.clone(),
            Some(NounPhrase::Noun(Determiner::The, nominal))
                if nominal.of.is_none() && nominal.restrictions.is_empty() =>
            {
                let join = |part: fn(&Word) -> &str| {
                    let words = nominal.modifiers.iter().map(part);
                    let words: Vec<&str> = words.chain([part(&nominal.head)]).collect();
                    format!("the {}", words.join(" "))
                };
                Word {
                    key: join(|w| &w.key),
                    show: join(|w| &w.show),
                }
            }
            Some(NounPhrase::Join(_, parts)) => {
                parts.iter().for_each(|p| self.compares(Some(p)));
                return;
            }
            _ => return,
        };
        if !self.orders.compared.iter().any(|w| w.key == word.key) {
            self.orders.compared.push(word);
        }
    }
}
