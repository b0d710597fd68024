//! Questions.

use super::noun::Stand;
use super::{Agree, Parse, Parser, Parses, Stuck};
use crate::lexicon::Tags;
use crate::tree::{Clause, NounPhrase, VerbPhrase};

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Asked {
    /// Is it so?
    Whether(Clause),
    /// Of which things is it so? The clause has a [`NounPhrase::Asked`].
    Which(Clause),
}

impl Parser<'_> {
    /// The cheapest readings of the tokens as a question.
    pub(crate) fn question(&self) -> Result<Vec<Asked>, Stuck> {
        let mut found = Vec::new();
        let asked = self.whether(0).into_iter();
        found.extend(asked.map(|p| p.map(Asked::Whether)));
        found.extend(self.which(0).into_iter().map(|p| p.map(Asked::Which)));
        if found.iter().all(|p| !self.is_end(p.end)) {
            // `Tom is a cat?`
            let plain = self.full_clauses(0).into_iter();
            found.extend(plain.map(|p| p.map(Asked::Whether)));
        }
        self.cheapest(found)
    }

    /// `is Tom a cat`, `does Tom like Ann`, `is it true that ..`
    fn whether(&self, at: usize) -> Parses<Clause> {
        let Some(token) = self.token(at) else {
            return Vec::new();
        };
        const THAT: &[&[&str]] = &[
            &["is", "it", "true", "that"],
            &["is", "it", "certain", "that"],
            &["is", "it", "the", "case", "that"],
            &["does", "it", "follow", "that"],
        ];
        if let Some(words) = THAT.iter().find(|w| self.words(at, w)) {
            return self.full_clauses(at + words.len());
        }
        if token.is(Tags::BE) && self.tag(at + 1, Tags::THERE) {
            let nps = self.noun_phrases(at + 2, Stand::Complement).into_iter();
            return nps.map(|p| p.map(|(np, _)| Clause::There(np))).collect();
        }
        let mut out = Vec::new();
        if token.is(Tags::BE) {
            self.reach(at + 1);
            for subject in self.noun_phrases(at + 1, Stand::Object) {
                let plural = matches!(token.lower.as_str(), "are" | "were");
                for c in self.complements(subject.end, plural, false) {
                    let node = Clause::Plain(subject.node.0.clone(), VerbPhrase::Be(c.node));
                    out.push(Parse::new(node, c.end, subject.cost + c.cost));
                }
            }
        }
        if token.is(Tags::DO | Tags::MODAL | Tags::HAVE) {
            self.reach(at + 1);
            for subject in self.noun_phrases(at + 1, Stand::Subject) {
                for vp in self.behind_help(at, subject.end, false) {
                    let node = Clause::Plain(subject.node.0.clone(), vp.node);
                    out.push(Parse::new(node, vp.end, subject.cost + vp.cost));
                }
            }
        }
        out
    }

    /// `who likes Tom`, `which cat is big`, `whom does Tom like`
    fn which(&self, at: usize) -> Parses<Clause> {
        if !self.tag(at, Tags::WH) {
            return Vec::new();
        }
        let mut subjects: Parses<(NounPhrase, Agree)> = Vec::new();
        let word = self.token(at).map_or("", |t| t.lower.as_str());
        if matches!(word, "who" | "what" | "which" | "whom") {
            let anything = (NounPhrase::Asked(None), Agree::Both);
            subjects.push(Parse::new(anything, at + 1, 0));
        }
        if matches!(word, "what" | "which") {
            for n in self.nominals(at + 1, None, Stand::Subject) {
                let agree = match n.node.plural {
                    true => Agree::Plural,
                    false => Agree::Singular,
                };
                subjects.push(n.map(|n| (NounPhrase::Asked(Some(Box::new(n))), agree)));
            }
        }
        let mut out = Vec::new();
        for subject in subjects {
            let (np, agree) = subject.node;
            for vp in self.verb_phrases(subject.end, agree, false) {
                let node = Clause::Plain(np.clone(), vp.node);
                out.push(Parse::new(node, vp.end, subject.cost + vp.cost));
            }
            let help = subject.end;
            if self.tag(help, Tags::DO | Tags::MODAL | Tags::HAVE) {
                for doer in self.noun_phrases(help + 1, Stand::Subject) {
                    for vp in self.behind_help(help, doer.end, true) {
                        let node = Clause::Whom(np.clone(), doer.node.0.clone(), vp.node);
                        let cost = subject.cost + doer.cost + vp.cost;
                        out.push(Parse::new(node, vp.end, cost));
                    }
                }
            }
        }
        out
    }
}
