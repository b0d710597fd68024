//! What the story itself says about its words.

use rustc_hash::FxHashSet;

use crate::lexicon::{self, Tags};
use crate::morphology::{VerbForm, singulars, verb_forms};
use crate::text::{Kind, Sentence, Token};
use crate::tree::Word;

/// Evidence about words that other places of the text do not give.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    /// Words in lower case that stand in lower case somewhere.
    common: FxHashSet<String>,
    /// Words that have a capital inside a sentence.
    proper: FxHashSet<String>,
    /// Words behind `a`, `every` and the like, and the singulars of plurals
    /// behind `all`.
    nouns: FxHashSet<String>,
    /// Words alone behind `is` and `are`.
    adjectives: FxHashSet<String>,
    /// Base forms behind `does not`, `can`, `to`.
    verbs: FxHashSet<String>,
}

impl Vocabulary {
    pub(crate) fn of(sentences: &[Sentence]) -> Self {
        let mut vocabulary = Vocabulary::default();
        for sentence in sentences {
            for (at, token) in sentence.tokens.iter().enumerate() {
                vocabulary.note(&sentence.tokens, at, token);
            }
        }
        vocabulary
    }

    fn note(&mut self, tokens: &[Token], at: usize, token: &Token) {
        if token.kind != Kind::Word {
            return;
        }
        let behind = |n: usize| at.checked_sub(n).and_then(|i| tokens.get(i));
        let is_first = at == 0 || behind(1).is_some_and(|t| t.kind == Kind::Colon);
        if !token.is_open() {
            return;
        }
        if token.capital && !is_first {
            self.proper.insert(token.lower.clone());
        } else if !token.capital {
            self.common.insert(token.lower.clone());
        }
        let Some(before) = behind(1) else { return };
        let next = tokens.get(at + 1);
        let ends = next.is_none_or(|t| !t.is_open());
        if ends && before.is(Tags::A | Tags::EVERY | Tags::NO | Tags::CARDINAL) {
            match singulars(&token.lower).into_iter().next() {
                Some(one) => self.nouns.insert(one),
                None => self.nouns.insert(token.lower.clone()),
            };
        }
        let is_be = |t: &Token| t.is(Tags::BE);
        let behind_be = is_be(before) || (before.is(Tags::NOT) && behind(2).is_some_and(is_be));
        let looks_plural = || !singulars(&token.lower).is_empty();
        let alone = next.is_none_or(|t| {
            t.kind != Kind::Word || t.is(Tags::AND | Tags::OR | Tags::THEN | Tags::IF)
        });
        if behind_be && alone && !token.capital && !looks_plural() {
            self.adjectives.insert(token.lower.clone());
        }
        let helps = |t: &Token| t.is(Tags::DO | Tags::MODAL);
        let behind_help = helps(before)
            || before.lower == "to" && !token.capital && next.is_some_and(|t| !t.is_open())
            || (before.is(Tags::NOT) && behind(2).is_some_and(helps));
        if behind_help && before.lower != "to" {
            self.verbs.insert(token.lower.clone());
        }
        // `who chaperone`, `they chaperone`, `people chaperone`
        let subject = before.is(Tags::RELATIVE | Tags::ANYONE)
            || matches!(
                before.lower.as_str(),
                "he" | "she" | "it" | "they" | "people"
            );
        if subject && !token.capital {
            let forms = verb_forms(&token.lower).into_iter();
            let finite = forms.filter(|(_, f)| *f != VerbForm::PresentParticiple);
            self.verbs.extend(finite.map(|(base, _)| base));
        }
    }

    pub(crate) fn is_proper(&self, word: &str) -> bool {
        self.proper.contains(word) && !self.common.contains(word)
    }

    pub(crate) fn is_common(&self, word: &str) -> bool {
        self.common.contains(word)
    }

    pub(crate) fn is_noun(&self, word: &str) -> bool {
        self.nouns.contains(word)
    }

    pub(crate) fn is_adjective(&self, word: &str) -> bool {
        self.adjectives.contains(word) || lexicon::is_adjective(word)
    }

    pub(crate) fn is_verb(&self, base: &str) -> bool {
        self.verbs.contains(base) || lexicon::is_verb(base)
    }

    /// The noun of which a word is the plural. Of several, one that the story
    /// has.
    pub(crate) fn singular(&self, word: &str) -> Option<String> {
        let mut candidates = singulars(word);
        let seen = |c: &String| self.nouns.contains(c) || self.common.contains(c);
        let at = candidates.iter().position(seen).unwrap_or(0);
        (at < candidates.len()).then(|| candidates.swap_remove(at))
    }

    /// A word with its key, shown with a capital where the story has one.
    pub(crate) fn word(&self, key: String) -> Word {
        let show = if self.is_proper(&key) {
            capital(&key)
        } else {
            key.clone()
        };
        Word { key, show }
    }
}

/// With the first letter in upper case.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + chars.as_str()
}
