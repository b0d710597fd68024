//! What pronouns and descriptions refer to.

use nsolve_syntax::fol::Expr;

use super::{Meaning, Said, Unsaid};
use crate::tree::Pronoun;

/// Something that was mentioned.
#[derive(Clone, Debug)]
pub(crate) struct Referent {
    pub(crate) term: Expr,
    /// The noun by which it was introduced; names have none.
    pub(crate) noun: Option<String>,
    pub(crate) plural: bool,
    pub(crate) is_variable: bool,
    /// Whether it was the subject of its clause.
    pub(crate) is_subject: bool,
    /// When it was mentioned last.
    time: u32,
    /// Whether in the sentence that is being read.
    here: bool,
}

/// All that was mentioned, in order.
#[derive(Debug, Default)]
pub(crate) struct References {
    variables: Vec<Referent>,
    constants: Vec<Referent>,
    now: u32,
}

/// No more things than these are kept in mind.
const MOST: usize = 64;

impl References {
    /// A number to [`close`](References::close) with.
    pub(super) fn open(&self) -> usize {
        self.variables.len()
    }

    /// Forgets the variables of a frame.
    pub(super) fn close(&mut self, before: usize) {
        self.variables.truncate(before);
    }

    pub(super) fn begin_sentence(&mut self) {
        self.variables.clear();
        for referent in &mut self.constants {
            referent.here = false;
        }
        if self.constants.len() > MOST {
            self.constants.sort_by_key(|r| std::cmp::Reverse(r.time));
            self.constants.truncate(MOST / 2);
        }
    }

    pub(super) fn end_sentence(&mut self) {
        self.variables.clear();
    }

    /// Notes that something is mentioned.
    pub(super) fn mention(
        &mut self,
        term: &Expr,
        noun: Option<&str>,
        plural: bool,
        is_variable: bool,
        is_subject: bool,
    ) {
        self.now += 1;
        let list = match is_variable {
            true => &mut self.variables,
            false => &mut self.constants,
        };
        if let Some(known) = list.iter_mut().find(|r| r.term.kind == term.kind) {
            known.time = self.now;
            known.is_subject |= is_subject && known.here;
            known.is_subject = is_subject || (known.here && known.is_subject);
            known.here = true;
            return;
        }
        list.push(Referent {
            term: term.clone(),
            noun: noun.map(str::to_owned),
            plural,
            is_variable,
            is_subject,
            time: self.now,
            here: true,
        });
    }

    /// The variable that was introduced by this noun.
    pub(super) fn by_noun(&self, noun: &str) -> Option<&Referent> {
        let found = self.variables.iter().rev();
        let mut found = found.filter(|r| r.noun.as_deref() == Some(noun));
        found.next()
    }

    /// What a pronoun may stand for, the best first.
    fn candidates(&self, pronoun: Pronoun) -> Vec<(u32, &Referent)> {
        let all = self.variables.iter().chain(&self.constants);
        let fits = |r: &&Referent| {
            let is_person = r.noun.as_deref() == Some("person");
            let is_thing = r.noun.as_deref() == Some("thing");
            match pronoun {
                Pronoun::He | Pronoun::She => !is_thing && !r.plural,
                Pronoun::It => !is_person && !r.plural,
                Pronoun::They | Pronoun::Same => true,
            }
        };
        let mut found: Vec<(u32, &Referent)> = all
            .filter(fits)
            .map(|r| (unlikely(r, pronoun), r))
            .collect();
        found.sort_by_key(|(unlikely, r)| (*unlikely, std::cmp::Reverse(r.time)));
        found
    }
}

/// What speaks against a referent.
fn unlikely(referent: &Referent, pronoun: Pronoun) -> u32 {
    let noun = referent.noun.as_deref();
    let agrees = match pronoun {
        Pronoun::It => noun.is_some(),
        Pronoun::He | Pronoun::She => noun.is_none() || noun == Some("person"),
        Pronoun::They => {
            referent.plural
                || referent.is_variable
                || noun.is_none_or(|n| matches!(n, "person" | "thing"))
        }
        Pronoun::Same => referent.is_subject,
    };
    // Bound by the same sentence, then of this sentence, then as its subject.
    16 * u32::from(!agrees)
        + 8 * u32::from(!referent.is_variable)
        + 4 * u32::from(!referent.here)
        + u32::from(!referent.is_subject)
}

impl Meaning<'_> {
    /// What a pronoun stands for.
    pub(super) fn referent(&mut self, pronoun: Pronoun, subject: bool) -> Said {
        let number = self.pronouns;
        self.pronouns += 1;
        let choice = self.choices.get(number).copied().unwrap_or(0);
        let own = self.subjects.last().filter(|_| !subject);
        let mut candidates = self.references.candidates(pronoun);
        match pronoun {
            Pronoun::Same => candidates.retain(|(_, r)| Some(&r.term.kind) == own),
            _ => candidates.retain(|(_, r)| Some(&r.term.kind) != own),
        }
        let Some((least, best)) = candidates.first() else {
            return Err(Unsaid::new(
                "a pronoun that nothing before it fits",
                "name what it stands for",
            ));
        };
        // Others that fit as well, but for being less prominent.
        let rivals: Vec<&Referent> = candidates
            .iter()
            .filter(|(u, r)| {
                u / 2 == least / 2 && r.is_variable == best.is_variable && pronoun != Pronoun::Same
            })
            .map(|(_, r)| *r)
            .collect();
        let chosen = rivals.get(choice).copied().unwrap_or(best);
        let term = chosen.term.clone();
        let is_variable = chosen.is_variable;
        let noun = chosen.noun.clone();
        if choice == 0
            && !is_variable
            && let Some(rival) = rivals.get(1)
            && let nsolve_syntax::fol::ExprKind::Name(name) = &rival.term.kind
        {
            let name = name.clone();
            self.other_referents.resize(number, String::new());
            self.other_referents.push(name);
        }
        self.references
            .mention(&term, noun.as_deref(), false, is_variable, true);
        Ok(term)
    }
}
