//! What stands behind `is`.

use nsolve_il::fol::CompareOp;
use nsolve_syntax::fol::{BinaryOp, Expr};

use super::clause::is_object;
use super::noun::with_article;
use super::symbols::Frame;
use super::verb::spelt;
use super::{Closing, Meaning, Said, Unsaid};
use crate::tree::{Complement, Determiner, NounPhrase, NumberOrder};

impl Meaning<'_> {
    /// What a complement says of a subject.
    pub(super) fn complement(
        &mut self,
        complement: &Complement,
        x: &Expr,
        gap: Option<&Expr>,
    ) -> Said {
        match complement {
            Complement::Noun(np) => self.is(np, x),
            Complement::Adjective { words, phrases } => {
                let key: Vec<&str> = words.iter().map(|w| w.key.as_str()).collect();
                let shown: Vec<&str> = words.iter().map(|w| w.show.as_str()).collect();
                self.described_as(&key.join(" "), &shown.join(" "), phrases, x)
            }
            Complement::Phrase(preposition, np) => {
                if let Some(side) = side(preposition) {
                    let x = x.clone();
                    return self.object(np, &mut |m, y| Ok(m.beside(side, x.clone(), y)));
                }
                let meaning = format!("x is {} y", spelt(preposition));
                let x = x.clone();
                self.object(np, &mut |m, y| {
                    Ok(m.atom(preposition, &meaning, vec![x.clone(), y]))
                })
            }
            Complement::Compared {
                adjective,
                how,
                than,
                by,
            } => {
                let x = x.clone();
                self.object(than, &mut |m, y| {
                    m.compared(adjective, *how, by.as_deref(), x.clone(), y)
                })
            }
            Complement::Measured {
                number, adjective, ..
            } => self.measured(number, adjective, x),
            Complement::Placed(place) => self.placed(place, x),
            Complement::Doing(use_) => self.verb(use_, x, gap),
            Complement::Done {
                verb,
                participle,
                by,
                adverbs,
                phrases,
                gap: missing,
            } => {
                if let Some(by) = by {
                    let x = x.clone();
                    return self.object(by, &mut |m, agent| {
                        m.done_by(verb, adverbs, phrases, agent, &x)
                    });
                }
                if is_object(missing)
                    && let Some(agent) = gap
                {
                    return self.done_by(verb, adverbs, phrases, agent.clone(), x);
                }
                let is_plain = phrases.is_empty() && adverbs.is_empty() && missing.is_none();
                if is_plain && self.story.transitive.contains(verb) {
                    let frame = Frame {
                        verb: verb.clone(),
                        adverbs: Vec::new(),
                        has_object: true,
                        prepositions: Vec::new(),
                    };
                    return self.scoped(Closing::Statement, |m| {
                        let agent = m.introduced();
                        let agent = m.variable(&agent);
                        Ok(m.verb_atom(&frame, vec![agent, x.clone()]))
                    });
                }
                let words: Vec<&str> = std::iter::once(participle.as_str())
                    .chain(adverbs.iter().map(String::as_str))
                    .collect();
                let words = words.join(" ");
                self.described_as(&words, &words, phrases, x)
            }
            Complement::Number(order, np) => {
                let x = x.clone();
                self.object(np, &mut |m, y| {
                    let op = match order {
                        NumberOrder::Less => CompareOp::Less,
                        NumberOrder::AtMost => CompareOp::LessEq,
                        NumberOrder::Greater => CompareOp::Greater,
                        NumberOrder::AtLeast => CompareOp::GreaterEq,
                        NumberOrder::Equal => return Ok(m.equal(x.clone(), y)),
                    };
                    Ok(m.binary(BinaryOp::Compare(op), x.clone(), y))
                })
            }
            Complement::Verb(vp) => self.verb_phrase_with(vp, x.clone(), gap),
            Complement::Able(modal, inner) => {
                let before = self.able.replace(format!("{modal}_be"));
                let said = self.complement(inner, x, gap);
                self.able = before;
                said
            }
            Complement::Not(inner) => {
                let said = self.scoped(Closing::Denial, |m| m.complement(inner, x, gap))?;
                Ok(self.not(said))
            }
            Complement::Join(joint, parts) => {
                self.joined(*joint, parts, |m, part| m.complement(part, x, gap))
            }
        }
    }

    /// `proud of Tom`, `located in Paris`
    fn described_as(
        &mut self,
        key: &str,
        shown: &str,
        phrases: &[(String, NounPhrase)],
        x: &Expr,
    ) -> Said {
        let mut full = key.to_owned();
        let mut meaning = format!("x is {shown}");
        for ((preposition, _), place) in phrases.iter().zip(["y", "z", "u", "v"]) {
            full += " ";
            full += preposition;
            meaning += &format!(" {} {place}", spelt(preposition));
        }
        self.with_phrases(phrases, x, &mut |m, arguments| {
            Ok(m.atom(&full, &meaning, arguments))
        })
    }

    /// That a thing is what a noun phrase says.
    pub(super) fn is(&mut self, np: &NounPhrase, x: &Expr) -> Said {
        let NounPhrase::Noun(determiner, nominal) = np else {
            return match np {
                NounPhrase::Join(joint, parts) => self.joined_nouns(*joint, parts, x),
                NounPhrase::Only(_) => Err(Unsaid::new("`only` behind `is`", "leave it out")),
                _ => {
                    let x = x.clone();
                    self.object(np, &mut |m, y| Ok(m.equal(x.clone(), y)))
                }
            };
        };
        match determiner {
            Determiner::A
            | Determiner::Kind
            | Determiner::Bare
            | Determiner::Some
            | Determiner::Any
            | Determiner::Count(crate::tree::Amount::AtLeast, 1) => self.nominal(nominal, x),
            Determiner::No => {
                let said = self.scoped(Closing::Denial, |m| m.nominal(nominal, x))?;
                Ok(self.not(said))
            }
            Determiner::Owner(owner) => {
                let key = format!("{} of", self.noun_key(nominal));
                let meaning = format!("x is {} of y", with_article(&self.compound(nominal)));
                let x = x.clone();
                self.object(owner, &mut |m, owner| {
                    Ok(m.atom(&key, &meaning, vec![x.clone(), owner]))
                })
            }
            Determiner::The => {
                let x = x.clone();
                self.object(np, &mut |m, y| Ok(m.equal(x.clone(), y)))
            }
            Determiner::Every | Determiner::NotEvery | Determiner::Count(..) => Err(Unsaid::new(
                "an amount behind `is`",
                "say `is a ..` of one thing at a time",
            )),
        }
    }
}

/// Where one thing is beside another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
    JustLeft,
    JustRight,
    Next,
}

fn side(preposition: &str) -> Option<Side> {
    Some(match preposition {
        "left of" => Side::Left,
        "right of" => Side::Right,
        "immediately left of" => Side::JustLeft,
        "immediately right of" => Side::JustRight,
        "next to" => Side::Next,
        _ => return None,
    })
}
