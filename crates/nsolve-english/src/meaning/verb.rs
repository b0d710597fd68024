//! Verbs.

use nsolve_syntax::fol::Expr;

use super::clause::is_object;
use super::symbols::Frame;
use super::{Meaning, Said, Then};
use crate::grammar::is_race;
use crate::morphology;
use crate::tree::{Gap, NounPhrase, VerbUse};

/// The place of an argument.
enum Slot<'t> {
    Said(&'t NounPhrase),
    Given(&'t Expr),
}

impl<'a> Meaning<'a> {
    /// What a verb with its objects says of a subject.
    pub(super) fn verb(&mut self, use_: &VerbUse, x: &Expr, gap: Option<&Expr>) -> Said {
        if let Some(place) = &use_.place {
            return self.placed(place, x);
        }
        let phrase = use_.phrases.first();
        if is_race(&use_.base)
            && use_.object.is_none()
            && let Some((preposition, than)) = phrase
            && let Some(ahead) = ahead(preposition)
            && use_.phrases.len() == 1
        {
            let x = x.clone();
            return self.noun_phrase(than, false, &mut |m, y| {
                Ok(match ahead {
                    true => m.ahead(x.clone(), y),
                    false => m.ahead(y, x.clone()),
                })
            });
        }
        if use_.base == "exist" && use_.object.is_none() && use_.phrases.is_empty() {
            return Ok(self.truth());
        }
        let frame = Frame {
            verb: words(&use_.before, &use_.base),
            adverbs: use_.adverbs.clone(),
            has_object: use_.object.is_some() || is_object(&use_.gap),
            prepositions: prepositions(use_),
        };
        let mut slots = Vec::new();
        if let Some(object) = &use_.object {
            slots.push(Slot::Said(object));
        } else if is_object(&use_.gap)
            && let Some(gap) = gap
        {
            slots.push(Slot::Given(gap));
        }
        slots.extend(use_.phrases.iter().map(|(_, np)| Slot::Said(np)));
        if matches!(use_.gap, Some(Gap::Phrase(_)))
            && let Some(gap) = gap
        {
            slots.push(Slot::Given(gap));
        }
        self.with_all(&slots, vec![x.clone()], &mut |m, arguments| {
            Ok(m.verb_atom(&frame, arguments))
        })
    }

    /// `liked by Tom`: the verb with its agent first.
    pub(super) fn done_by(
        &mut self,
        verb: &str,
        adverbs: &[String],
        phrases: &[(String, NounPhrase)],
        agent: Expr,
        x: &Expr,
    ) -> Said {
        let frame = Frame {
            verb: verb.to_owned(),
            adverbs: adverbs.to_vec(),
            has_object: true,
            prepositions: phrases.iter().map(|p| p.0.clone()).collect(),
        };
        let slots: Vec<Slot<'_>> = phrases.iter().map(|(_, np)| Slot::Said(np)).collect();
        self.with_all(&slots, vec![agent, x.clone()], &mut |m, arguments| {
            Ok(m.verb_atom(&frame, arguments))
        })
    }

    /// The atom of a frame; the same words in the same places are the same
    /// predicate.
    pub(super) fn verb_atom(&mut self, frame: &Frame, arguments: Vec<Expr>) -> Expr {
        let mut key: Vec<&str> = vec![&frame.verb];
        key.extend(frame.adverbs.iter().map(String::as_str));
        key.extend(frame.prepositions.iter().map(String::as_str));
        let key = key.join(" ");
        let mut meaning = format!("x {}", agreeing(&frame.verb));
        let mut places = ["y", "z", "u", "v", "w"].into_iter();
        let mut place = || places.next().unwrap_or("t");
        if frame.has_object {
            meaning += " ";
            meaning += place();
        }
        for adverb in &frame.adverbs {
            meaning += " ";
            meaning += adverb;
        }
        for preposition in &frame.prepositions {
            meaning += " ";
            meaning += &spelt(preposition);
            meaning += " ";
            meaning += place();
        }
        let name = self.symbols.deed(&key, arguments.len(), &meaning);
        let known = (frame.clone(), name);
        self.symbols.frames.insert(known.clone());
        self.apply(&known.1, arguments)
    }

    /// Says something of what the slots stand for, the first with the widest
    /// scope.
    fn with_all(
        &mut self,
        slots: &[Slot<'_>],
        given: Vec<Expr>,
        then: &mut dyn FnMut(&mut Self, Vec<Expr>) -> Said,
    ) -> Said {
        let Some((first, rest)) = slots.split_first() else {
            return then(self, given);
        };
        let mut with = |m: &mut Self, y: Expr| {
            let mut given = given.clone();
            given.push(y);
            m.with_all(rest, given, then)
        };
        match first {
            Slot::Given(term) => with(self, (*term).clone()),
            Slot::Said(np) => self.noun_phrase(np, false, &mut with),
        }
    }

    /// An argument that stands behind a preposition, if there is one.
    pub(super) fn with_phrases(
        &mut self,
        phrases: &[(String, NounPhrase)],
        x: &Expr,
        then: &mut dyn FnMut(&mut Self, Vec<Expr>) -> Said,
    ) -> Said {
        let slots: Vec<Slot<'_>> = phrases.iter().map(|(_, np)| Slot::Said(np)).collect();
        self.with_all(&slots, vec![x.clone()], then)
    }

    /// Says something of a noun phrase that is no subject.
    pub(super) fn object(&mut self, np: &NounPhrase, then: Then<'_, 'a>) -> Said {
        self.noun_phrase(np, false, then)
    }
}

fn prepositions(use_: &VerbUse) -> Vec<String> {
    let mut list: Vec<String> = use_.phrases.iter().map(|p| p.0.clone()).collect();
    if let Some(Gap::Phrase(word)) = &use_.gap {
        list.push(word.clone());
    }
    list
}

fn words(before: &[String], base: &str) -> String {
    let mut words: Vec<&str> = before.iter().map(String::as_str).collect();
    words.push(base);
    words.join(" ")
}

/// `like`: `likes`; `can swim` stays.
fn agreeing(verb: &str) -> String {
    const MODALS: &[&str] = &["can", "may", "must", "should", "could", "might"];
    let first = verb.split(' ').next().unwrap_or(verb);
    match (MODALS.contains(&first), verb) {
        (true, _) => verb.to_owned(),
        (_, "have") => "has".to_owned(),
        _ => morphology::third_person(verb),
    }
}

/// A preposition as it is written.
pub(super) fn spelt(preposition: &str) -> String {
    match preposition {
        "left of" | "right of" => format!("to the {preposition}"),
        "immediately left of" => "immediately to the left of".into(),
        "immediately right of" => "immediately to the right of".into(),
        other => other.to_owned(),
    }
}

/// Whether who finishes so is ahead of the other.
fn ahead(preposition: &str) -> Option<bool> {
    match preposition {
        "above" | "before" | "ahead of" => Some(true),
        "below" | "after" | "behind" => Some(false),
        _ => None,
    }
}
