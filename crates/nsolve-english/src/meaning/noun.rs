//! Noun phrases and nouns.

use nsolve_il::fol::Quantifier;
use nsolve_syntax::fol::{Expr, ExprKind, Ident};

use super::clause::counting;
use super::{ASKED, Closing, Meaning, Said, Then, Unsaid};
use crate::lexicon;
use crate::morphology;
use crate::tree::{Determiner, Joint, Nominal, NounPhrase, Restriction, Word};

impl<'a> Meaning<'a> {
    /// Says something of what a noun phrase stands for.
    pub(super) fn noun_phrase(
        &mut self,
        np: &NounPhrase,
        subject: bool,
        then: Then<'_, 'a>,
    ) -> Said {
        match np {
            NounPhrase::Name(word) => {
                let term = self.named(word);
                self.references.mention(&term, None, false, false, subject);
                then(self, term)
            }
            NounPhrase::Letter(letter) => {
                if !self.letters.contains(letter) && !self.unbound.contains(letter) {
                    self.unbound.push(letter.clone());
                }
                let term = self.variable(letter);
                then(self, term)
            }
            NounPhrase::Number(number) => {
                let term = self.number(number)?;
                then(self, term)
            }
            NounPhrase::Pronoun(pronoun) => {
                let term = self.referent(*pronoun, subject)?;
                then(self, term)
            }
            NounPhrase::Join(joint, parts) => {
                // `no cat or dog`: neither.
                let of_all = |part: &NounPhrase| match part {
                    NounPhrase::Noun(determiner, _) => matches!(
                        determiner,
                        Determiner::Every | Determiner::No | Determiner::Any
                    ),
                    _ => false,
                };
                let joint = match joint {
                    Joint::Or if parts.iter().all(of_all) => Joint::And,
                    joint => *joint,
                };
                self.joined(joint, parts, |m, part| m.noun_phrase(part, subject, then))
            }
            NounPhrase::Also(inner, vp) => self.noun_phrase(inner, subject, &mut |m, x| {
                let also = m.verb_phrase(vp, x.clone())?;
                let said = then(m, x)?;
                Ok(m.and(vec![also, said]))
            }),
            NounPhrase::Only(inner) => self.only(inner, subject, then),
            NounPhrase::Arithmetic(op, left, right) => {
                self.noun_phrase(left, subject, &mut |m, a| {
                    m.noun_phrase(right, false, &mut |m, b| {
                        let both = vec![a.clone(), b];
                        let sum = m.expr(ExprKind::Arithmetic(*op, both));
                        then(m, sum)
                    })
                })
            }
            NounPhrase::Asked(nominal) => {
                let term = self.expr(ExprKind::Name(ASKED.into()));
                let said = then(self, term.clone())?;
                match nominal {
                    Some(nominal) => {
                        let kind = self.nominal(nominal, &term)?;
                        Ok(self.and(vec![kind, said]))
                    }
                    None => Ok(said),
                }
            }
            NounPhrase::Noun(determiner, nominal) => {
                self.determined(determiner, nominal, subject, then)
            }
        }
    }

    fn determined(
        &mut self,
        determiner: &Determiner,
        nominal: &Nominal,
        subject: bool,
        then: Then<'_, 'a>,
    ) -> Said {
        match determiner {
            Determiner::Every => self.every(nominal, subject, then),
            Determiner::Any if self.is_hypothetical() => self.some(nominal, subject, then),
            Determiner::Any => self.every(nominal, subject, then),
            Determiner::NotEvery => {
                let said = self.scoped(Closing::Denial, |m| m.every(nominal, subject, then))?;
                Ok(self.not(said))
            }
            Determiner::No => self.every(nominal, subject, &mut |m, x| {
                let said = m.scoped(Closing::Denial, |m| then(m, x))?;
                Ok(m.not(said))
            }),
            Determiner::Some | Determiner::A => self.some(nominal, subject, then),
            Determiner::Count(amount, n) => {
                if matches!(self.frames.last(), Some(f) if f.closing == Closing::Condition)
                    && *amount == crate::tree::Amount::AtLeast
                    && *n == 1
                {
                    return self.some(nominal, subject, then);
                }
                self.open_frame(Closing::Statement);
                let x = self.introduced();
                let term = self.variable(&x);
                self.mention(&term, nominal, subject);
                let said = self.nominal(nominal, &term).and_then(|kind| {
                    let said = self.scoped(Closing::Statement, |m| then(m, term.clone()))?;
                    Ok(self.and(vec![kind, said]))
                });
                let mut variables = self.close_frame();
                let others = variables.split_off(1.min(variables.len()));
                let said = said?;
                let said = self.quantified(Quantifier::Exists, others, said);
                Ok(self.quantified(counting(*amount, *n), variables, said))
            }
            Determiner::The => self.described(nominal, subject, then),
            // `Tom's dogs are big`: all of them.
            Determiner::Owner(owner) if nominal.plural && subject => {
                let mut all = nominal.clone();
                all.of = Some((**owner).clone());
                self.every(&all, subject, then)
            }
            Determiner::Owner(owner) => {
                // `his dog` may be the subject's dog.
                self.noun_phrase(owner, true, &mut |m, owner| {
                    let term = m.function(nominal, owner);
                    m.mention(&term, nominal, subject);
                    then(m, term)
                })
            }
            Determiner::Bare => {
                let in_condition = self
                    .frames
                    .last()
                    .is_some_and(|f| f.closing == Closing::Condition);
                if subject && in_condition {
                    self.some(nominal, subject, then)
                } else if subject {
                    self.every(nominal, subject, then)
                } else {
                    // `eats salads`: some, at least.
                    self.some(nominal, subject, then)
                }
            }
            Determiner::Kind => self.kind(nominal, subject, then),
        }
    }

    /// `the capital of France`; the age of who is five years old is that number.
    fn function(&mut self, nominal: &Nominal, of: Expr) -> Expr {
        let noun = self.noun_key(nominal);
        if let Some(amount) = self.amount(&noun, &of) {
            return amount;
        }
        let meaning = format!("the {} of x", self.compound(nominal));
        let name = self.symbols.thing(&format!("{noun} of"), 1, &meaning);
        self.apply(&name, vec![of])
    }

    /// `every cat that likes a dog`: the dog belongs to the condition.
    fn every(&mut self, nominal: &Nominal, subject: bool, then: Then<'_, 'a>) -> Said {
        self.open_frame(Closing::Condition);
        let x = self.introduced();
        let term = self.variable(&x);
        self.mention(&term, nominal, subject);
        let said = self.nominal(nominal, &term).and_then(|kind| {
            let said = self.scoped(Closing::Statement, |m| then(m, term.clone()))?;
            Ok(self.implies(kind, said))
        });
        let variables = self.close_frame();
        let said = said?;
        Ok(self.quantified(Quantifier::Forall, variables, said))
    }

    fn some(&mut self, nominal: &Nominal, subject: bool, then: Then<'_, 'a>) -> Said {
        let x = self.introduced();
        let term = self.variable(&x);
        self.mention(&term, nominal, subject);
        let kind = self.nominal(nominal, &term)?;
        let said = then(self, term)?;
        Ok(self.and(vec![kind, said]))
    }

    /// `the cat`: what the sentence introduced as a cat, or a thing of its own.
    fn described(&mut self, nominal: &Nominal, subject: bool, then: Then<'_, 'a>) -> Said {
        if let Some(of) = &nominal.of {
            return self.noun_phrase(of, false, &mut |m, of| {
                let term = m.function(nominal, of);
                m.mention(&term, nominal, subject);
                then(m, term)
            });
        }
        if nominal.restrictions.is_empty() && nominal.modifiers.is_empty() {
            let known = self.references.by_noun(&nominal.head.key);
            if let Some(term) = known.map(|r| r.term.clone()) {
                self.mention(&term, nominal, subject);
                return then(self, term);
            }
        }
        let words = self.noun_key(nominal);
        if let Some(member) = self.story.orders.member(&words) {
            let name = self.symbols.thing(&member.key, 0, &member.show);
            let term = self.expr(ExprKind::Name(name));
            self.mention(&term, nominal, subject);
            return then(self, term);
        }
        if !nominal.restrictions.is_empty() {
            return self.some(nominal, subject, then);
        }
        if nominal.plural {
            return self.every(nominal, subject, then);
        }
        let key = format!("the {words}");
        let name = self
            .symbols
            .thing(&key, 0, &format!("the {}", self.compound(nominal)));
        let head = nominal.head.key.clone();
        let about = (name.clone(), head);
        self.symbols.described.insert(about);
        let term = self.expr(ExprKind::Name(name));
        self.mention(&term, nominal, subject);
        then(self, term)
    }

    /// `music`, `salads`: the kind itself.
    fn kind(&mut self, nominal: &Nominal, subject: bool, then: Then<'_, 'a>) -> Said {
        let shown = match nominal.plural {
            true => show_plural(nominal),
            false => self.compound(nominal),
        };
        if let Some(member) = self.story.orders.member(&self.noun_key(nominal)) {
            let name = self.symbols.thing(&member.key, 0, &member.show);
            let term = self.expr(ExprKind::Name(name));
            self.mention(&term, nominal, subject);
            return then(self, term);
        }
        if let Some(of) = &nominal.of {
            let key = format!("{shown} of");
            let meaning = format!("{shown} of x");
            return self.noun_phrase(of, false, &mut |m, of| {
                let name = m.symbols.thing(&key, 1, &meaning);
                let term = m.apply(&name, vec![of]);
                then(m, term)
            });
        }
        if !nominal.restrictions.is_empty() {
            return Err(Unsaid::new(
                format!("`{shown}` with a clause"),
                format!("say `some {shown}` or `all {shown}`"),
            ));
        }
        let name = self.symbols.thing(&shown.to_lowercase(), 0, &shown);
        let term = self.expr(ExprKind::Name(name));
        self.mention(&term, nominal, subject);
        then(self, term)
    }

    /// `only cats purr`, `only Tom purrs`
    fn only(&mut self, inner: &NounPhrase, subject: bool, then: Then<'_, 'a>) -> Said {
        self.open_frame(Closing::Condition);
        let x = self.introduced();
        let term = self.variable(&x);
        let said = then(self, term.clone()).and_then(|said| {
            let is = self.is_one_of(inner, &term)?;
            Ok(self.implies(said, is))
        });
        let variables = self.close_frame();
        let only = said?;
        let only = self.quantified(Quantifier::Forall, variables, only);
        if is_individual(inner) {
            let said = self.noun_phrase(inner, subject, then)?;
            return Ok(self.and(vec![said, only]));
        }
        Ok(only)
    }

    fn is_one_of(&mut self, np: &NounPhrase, x: &Expr) -> Said {
        match np {
            NounPhrase::Noun(Determiner::Bare | Determiner::Kind | Determiner::A, nominal) => {
                self.nominal(nominal, x)
            }
            NounPhrase::Join(_, parts) => {
                let parts: Result<Vec<_>, _> = parts.iter().map(|p| self.is_one_of(p, x)).collect();
                Ok(self.or(parts?))
            }
            _ => self.noun_phrase(np, false, &mut |m, y| Ok(m.equal(x.clone(), y))),
        }
    }

    /// A thing that has a name.
    fn named(&mut self, word: &Word) -> Expr {
        if let Some(member) = self.story.orders.member(&word.key) {
            let name = self.symbols.thing(&member.key, 0, &member.show);
            return self.expr(ExprKind::Name(name));
        }
        let name = self.symbols.thing(&word.key, 0, &word.show);
        self.symbols.names.insert(name.clone());
        self.expr(ExprKind::Name(name))
    }

    pub(super) fn number(&mut self, text: &str) -> Said {
        let digits: String = text.chars().filter(|c| *c != ',').collect();
        match digits.parse() {
            Ok(number) => Ok(self.expr(ExprKind::Number(number))),
            Err(_) => Err(Unsaid::new(
                format!("the number `{text}`"),
                "write it in digits",
            )),
        }
    }

    pub(super) fn apply(&self, name: &str, arguments: Vec<Expr>) -> Expr {
        let ident = Ident {
            name: name.to_owned(),
            span: self.span,
        };
        self.expr(ExprKind::Apply(ident, arguments))
    }

    fn mention(&mut self, term: &Expr, nominal: &Nominal, subject: bool) {
        let is_variable = matches!(term.kind, ExprKind::Variable(_));
        let noun = Some(nominal.head.key.as_str());
        self.references
            .mention(term, noun, nominal.plural, is_variable, subject);
    }

    /// That a thing is what a noun with all around it says.
    pub(super) fn nominal(&mut self, nominal: &Nominal, x: &Expr) -> Said {
        let mut parts = Vec::new();
        let (adjectives, head) = self.split(nominal);
        for adjective in adjectives {
            let meaning = format!("x is {}", adjective.show);
            parts.push(self.atom(&adjective.key, &meaning, vec![x.clone()]));
        }
        let head_key = &nominal.head.key;
        let everything = lexicon::is_thing_noun(head_key)
            || (lexicon::is_person_noun(head_key) && !self.story.persons_matter);
        match &nominal.of {
            Some(of) => {
                let key = format!("{} of", head.key);
                let meaning = format!("x is {} of y", with_article(&head.show));
                let x = x.clone();
                parts.push(self.noun_phrase(of, false, &mut |m, of| {
                    Ok(m.atom(&key, &meaning, vec![x.clone(), of]))
                })?);
            }
            None if everything && head.key == *head_key => {}
            None => {
                let is_kind_of = !head.key.split(' ').any(lexicon::is_privative);
                if head.key != *head_key && is_kind_of {
                    let compound = (head.key.clone(), head_key.clone());
                    self.symbols.compounds.insert(compound);
                }
                let meaning = format!("x is {}", with_article(&head.show));
                parts.push(self.atom(&head.key, &meaning, vec![x.clone()]));
            }
        }
        if nominal.other {
            let Some(subject) = self.subjects.last().cloned() else {
                return Err(Unsaid::new("`other`, and no subject", "name the others"));
            };
            let subject = self.expr(subject);
            let same = self.equal(x.clone(), subject);
            parts.push(self.not(same));
        }
        for restriction in &nominal.restrictions {
            let able = self.able.take();
            let said = match restriction {
                Restriction::That(vp) => self.verb_phrase(vp, x.clone()),
                Restriction::Whom(np, vp) => {
                    self.noun_phrase(np, false, &mut |m, y| m.verb_phrase_with(vp, y, Some(x)))
                }
            };
            self.able = able;
            parts.push(said?);
        }
        Ok(self.and(parts))
    }

    /// The adjectives that stand before a noun, and the noun with those words
    /// that make another noun of it (`tennis player`).
    fn split(&self, nominal: &Nominal) -> (Vec<Word>, Word) {
        let head = &nominal.head;
        let describes_all = lexicon::is_thing_noun(&head.key) || lexicon::is_person_noun(&head.key);
        let mut from = 0;
        while let Some(word) = nominal.modifiers.get(from) {
            // `Grand Slam champion`: words with capitals belong together.
            let next = nominal.modifiers.get(from + 1).unwrap_or(head);
            let titled = is_capital(&word.show) && is_capital(&next.show);
            if !describes_all && (titled || !self.describes(word)) {
                break;
            }
            from += 1;
        }
        let (adjectives, compound) = nominal.modifiers.split_at(from);
        let join = |part: fn(&Word) -> &str| {
            let words: Vec<&str> = compound.iter().map(part).chain([part(head)]).collect();
            words.join(" ")
        };
        let head = Word {
            key: join(|w| &w.key),
            show: join(|w| &w.show),
        };
        (adjectives.to_vec(), head)
    }

    /// Whether a word before a noun is an adjective that says something by
    /// itself.
    fn describes(&self, word: &Word) -> bool {
        let last = word.key.rsplit(' ').next().unwrap_or(&word.key);
        if lexicon::is_privative(&word.key) {
            return false;
        }
        self.words.is_adjective(last)
            || self.words.is_adjective(&word.key)
            || (lexicon::looks_like_adjective(last)
                && !last.ends_with("ing")
                && !self.words.is_noun(last))
    }

    /// The words of a noun by which a thing is known.
    pub(super) fn noun_key(&self, nominal: &Nominal) -> String {
        let words = nominal.modifiers.iter().map(|w| w.key.as_str());
        let words: Vec<&str> = words.chain([nominal.head.key.as_str()]).collect();
        words.join(" ")
    }

    /// The words of a noun as they are shown.
    pub(super) fn compound(&self, nominal: &Nominal) -> String {
        let words = nominal.modifiers.iter().map(|w| w.show.as_str());
        let words: Vec<&str> = words.chain([nominal.head.show.as_str()]).collect();
        words.join(" ")
    }

    /// That a thing is not so.
    pub(super) fn joined_nouns(&mut self, joint: Joint, parts: &[NounPhrase], x: &Expr) -> Said {
        self.joined(joint, parts, |m, part| m.is(part, x))
    }
}

fn is_individual(np: &NounPhrase) -> bool {
    match np {
        NounPhrase::Name(_) | NounPhrase::Letter(_) | NounPhrase::Pronoun(_) => true,
        NounPhrase::Noun(determiner, _) => {
            matches!(determiner, Determiner::The | Determiner::Owner(_))
        }
        NounPhrase::Join(_, parts) => parts.iter().all(is_individual),
        NounPhrase::Also(inner, _) => is_individual(inner),
        _ => false,
    }
}

fn show_plural(nominal: &Nominal) -> String {
    let words = nominal.modifiers.iter().map(|w| w.show.clone());
    let head = morphology::plural(&nominal.head.show);
    let words: Vec<String> = words.chain([head]).collect();
    words.join(" ")
}

/// `a cat`, `an owl`
pub(crate) fn with_article(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O']);
    let sounds_other = ["uni", "use", "usu", "eu", "one"]
        .iter()
        .any(|s| noun.starts_with(s));
    let silent = ["hour", "honest", "heir", "honou"]
        .iter()
        .any(|s| noun.starts_with(s));
    let article = if (vowel && !sounds_other) || silent {
        "an"
    } else {
        "a"
    };
    format!("{article} {noun}")
}

fn is_capital(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}
