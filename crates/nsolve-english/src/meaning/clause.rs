//! Clauses.

use nsolve_il::fol::Quantifier;
use nsolve_syntax::fol::{BinaryOp, Expr, ExprKind};

use super::{Closing, Meaning, Said, Then};
use crate::morphology;
use crate::tree::{
    Amount, Clause, Complement, Determiner, Gap, Joint, LetterQuantifier, NounPhrase, Pronoun,
    VerbPhrase,
};

impl<'a> Meaning<'a> {
    pub(super) fn clause(&mut self, clause: &Clause) -> Said {
        match clause {
            Clause::Plain(np, vp) => self.plain(np, vp),
            Clause::Whom(object, subject, vp) => {
                let mut said = |m: &mut Self, y: Expr| {
                    m.noun_phrase(subject, true, &mut |m, x| {
                        m.verb_phrase_with(vp, x, Some(&y))
                    })
                };
                self.noun_phrase(object, false, &mut said)
            }
            Clause::There(np) => self.there(np),
            Clause::Not(inner) => {
                let said = self.scoped(Closing::Denial, |m| m.clause(inner))?;
                Ok(self.not(said))
            }
            Clause::Join(joint, parts) => self.joined(*joint, parts, Self::clause),
            Clause::If {
                when,
                then,
                then_first: true,
            } => self.provided(then, when),
            Clause::If { when, then, .. } => self.conditional(when, then, BinaryOp::Implies),
            Clause::Iff(left, right) => self.conditional(left, right, BinaryOp::Iff),
            Clause::Letters(quantifier, letters, inner) => {
                let before = self.letters.len();
                self.letters.extend(letters.iter().cloned());
                let said = self.scoped(Closing::Statement, |m| m.clause(inner));
                self.letters.truncate(before);
                let said = said?;
                let quantifier = match quantifier {
                    LetterQuantifier::Every => Quantifier::Forall,
                    LetterQuantifier::Some => Quantifier::Exists,
                    LetterQuantifier::Count(amount, n) => counting(*amount, *n),
                };
                Ok(self.quantified(quantifier, letters.clone(), said))
            }
        }
    }

    /// Parts joined by a word. Those behind `or` have frames of their own; what
    /// one part of an `and` introduces, the next may refer to.
    pub(super) fn joined<T>(
        &mut self,
        joint: Joint,
        parts: &[T],
        mut say: impl FnMut(&mut Self, &T) -> Said,
    ) -> Said {
        let mut said = Vec::with_capacity(parts.len());
        for part in parts {
            said.push(match joint {
                Joint::And => say(self, part)?,
                Joint::Or | Joint::Xor => self.scoped(Closing::Statement, |m| say(m, part))?,
                Joint::Nor => {
                    let inner = self.scoped(Closing::Denial, |m| say(m, part))?;
                    self.not(inner)
                }
            });
        }
        Ok(match joint {
            Joint::And | Joint::Nor => self.and(said),
            Joint::Or => self.or(said),
            Joint::Xor => {
                let mut parts = said.into_iter();
                let first = parts.next().unwrap_or_else(|| self.truth());
                parts.fold(first, |left, right| self.binary(BinaryOp::Xor, left, right))
            }
        })
    }

    fn conditional(&mut self, when: &Clause, then: &Clause, op: BinaryOp) -> Said {
        self.open_frame(Closing::Condition);
        let said = self.clause(when).and_then(|when| {
            let then = self.scoped(Closing::Statement, |m| m.clause(then))?;
            Ok(match op {
                BinaryOp::Implies => self.implies(when, then),
                _ => self.binary(op, when, then),
            })
        });
        let variables = self.close_frame();
        let said = said?;
        Ok(self.quantified(Quantifier::Forall, variables, said))
    }

    /// `a cat purrs if it is happy`: the subject comes first, and the condition
    /// may speak of it.
    fn provided(&mut self, then: &Clause, when: &Clause) -> Said {
        let Clause::Plain(np, vp) = then else {
            return self.conditional(when, then, BinaryOp::Implies);
        };
        self.of_subject(np, vp, &mut |m, x| {
            m.open_frame(Closing::Condition);
            let said = m.clause(when).and_then(|when| {
                let then = m.scoped(Closing::Statement, |m| m.verb_phrase(vp, x.clone()))?;
                Ok(m.implies(when, then))
            });
            let variables = m.close_frame();
            let said = said?;
            Ok(m.quantified(Quantifier::Forall, variables, said))
        })
    }

    fn plain(&mut self, np: &NounPhrase, vp: &VerbPhrase) -> Said {
        if let Some(weather) = weather(np, vp) {
            let name = self
                .symbols
                .deed(&format!("it {weather}"), 0, &format!("it {weather}"));
            return Ok(self.expr(ExprKind::Name(name)));
        }
        self.of_subject(np, vp, &mut |m, x| m.verb_phrase(vp, x))
    }

    /// Says something of the subject of a verb phrase. `a cat is an animal`
    /// speaks of all cats, `a cat slept` of one.
    fn of_subject(&mut self, np: &NounPhrase, vp: &VerbPhrase, then: Then<'_, 'a>) -> Said {
        let is_main = self.frames.len() == 1;
        if is_main
            && let NounPhrase::Noun(Determiner::A, nominal) = np
            && is_general(vp)
        {
            let all = NounPhrase::Noun(Determiner::Every, nominal.clone());
            return self.noun_phrase(&all, true, then);
        }
        self.noun_phrase(np, true, then)
    }

    fn there(&mut self, np: &NounPhrase) -> Said {
        let np = match np {
            NounPhrase::Noun(Determiner::Bare | Determiner::Kind, nominal) => {
                &NounPhrase::Noun(Determiner::A, nominal.clone())
            }
            other => other,
        };
        self.noun_phrase(np, true, &mut |m, _| Ok(m.truth()))
    }

    pub(super) fn verb_phrase(&mut self, vp: &VerbPhrase, x: Expr) -> Said {
        self.verb_phrase_with(vp, x, None)
    }

    /// What is said of a subject; `gap` stands for the object that is missing.
    pub(super) fn verb_phrase_with(
        &mut self,
        vp: &VerbPhrase,
        x: Expr,
        gap: Option<&Expr>,
    ) -> Said {
        self.subjects.push(x.kind.clone());
        let said = self.verb_phrase_of(vp, x, gap);
        self.subjects.pop();
        said
    }

    fn verb_phrase_of(&mut self, vp: &VerbPhrase, x: Expr, gap: Option<&Expr>) -> Said {
        match vp {
            VerbPhrase::Be(complement) => self.complement(complement, &x, gap),
            VerbPhrase::Do(use_) => self.verb(use_, &x, gap),
            VerbPhrase::Not(inner) => {
                let said = self.scoped(Closing::Denial, |m| {
                    m.verb_phrase_with(inner, x.clone(), gap)
                })?;
                Ok(self.not(said))
            }
            VerbPhrase::Join(joint, parts) => self.joined(*joint, parts, |m, part| {
                m.verb_phrase_with(part, x.clone(), gap)
            }),
        }
    }
}

/// `it rains`: nothing rains.
fn weather(np: &NounPhrase, vp: &VerbPhrase) -> Option<String> {
    let use_ = match vp {
        VerbPhrase::Do(use_) | VerbPhrase::Be(Complement::Doing(use_)) => use_,
        _ => return None,
    };
    let falls = matches!(
        use_.base.as_str(),
        "rain" | "snow" | "hail" | "thunder" | "drizzle" | "freeze"
    );
    let alone = use_.object.is_none() && use_.phrases.is_empty() && use_.adverbs.is_empty();
    (*np == NounPhrase::Pronoun(Pronoun::It) && falls && alone)
        .then(|| morphology::third_person(&use_.base))
}

/// Whether what is said of `a cat` is said of cats in general.
fn is_general(vp: &VerbPhrase) -> bool {
    match vp {
        VerbPhrase::Be(Complement::Doing(_)) => false,
        VerbPhrase::Be(_) => true,
        VerbPhrase::Do(use_) => !use_.past,
        VerbPhrase::Not(inner) => is_general(inner),
        VerbPhrase::Join(_, parts) => parts.iter().all(is_general),
    }
}

pub(super) fn counting(amount: Amount, n: u32) -> Quantifier {
    match amount {
        Amount::AtLeast => Quantifier::AtLeast(n),
        Amount::AtMost => Quantifier::AtMost(n),
        Amount::Exactly => Quantifier::Exactly(n),
    }
}

/// Whether a gap is one of the object.
pub(super) fn is_object(gap: &Option<Gap>) -> bool {
    *gap == Some(Gap::Object)
}
