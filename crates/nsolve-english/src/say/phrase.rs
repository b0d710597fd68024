//! How symbols are said: by their meaning where the problem gives one as a
//! clause, else by their name.

use nsolve_il::fol::{Problem, Symbol};

use crate::lexicon::{self, Tags};
use crate::meaning::with_article;
use crate::morphology::{self, VerbForm};

/// A word, or the place of an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Word(String),
    Place(usize),
}

/// The verb of a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Be,
    /// `can`
    Modal(String),
    /// The base and the third person: `like`, `likes`.
    Do(String, String),
}

/// How a predicate is said of things: `x likes y`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Clause {
    /// Which argument is the subject.
    pub(super) subject: usize,
    pub(super) verb: Verb,
    pub(super) rest: Vec<Piece>,
}

/// What is said of a subject, before its verb is inflected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct VerbPhrase {
    pub(super) verb: Verb,
    pub(super) holds: bool,
    pub(super) rest: String,
}

/// How a symbol is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Phrase {
    Clause(Clause),
    /// A sentence without arguments: `it rains`.
    Sentence(String),
    /// A thing, or a function of things: `the age of x`.
    Noun(Vec<Piece>),
    /// Nothing is known but the name.
    Name(String),
}

const PLACES: [&str; 7] = ["x", "y", "z", "u", "v", "w", "t"];
const MODALS: [&str; 7] = ["can", "may", "must", "should", "could", "might", "will"];

/// How each symbol of a problem is said, by position.
pub(super) fn phrases(problem: &Problem) -> Vec<Phrase> {
    problem.signature.symbols().iter().map(phrase).collect()
}

fn phrase(symbol: &Symbol) -> Phrase {
    let meaning = symbol.meaning.as_deref().unwrap_or_default();
    match (symbol.is_predicate(), symbol.arity()) {
        (true, 0) if is_short(meaning) => Phrase::Sentence(meaning.trim_matches('.').into()),
        (true, 0) => Phrase::Sentence(format!("\"{}\" is so", symbol.name)),
        (true, arity) => clause(&stated(meaning), arity)
            .or_else(|| clause(&guess(&symbol.name, arity)?, arity))
            .map_or_else(|| Phrase::Name(symbol.name.to_string()), Phrase::Clause),
        (false, 0) if is_short(meaning) => noun(meaning, 0)
            .unwrap_or_else(|| Phrase::Noun(vec![Piece::Word(thing_name(&symbol.name))])),
        (false, 0) => Phrase::Noun(vec![Piece::Word(thing_name(&symbol.name))]),
        (false, arity) => noun(meaning, arity)
            .or_else(|| match arity {
                1 => noun(&function_name(&symbol.name), 1),
                _ => None,
            })
            .unwrap_or_else(|| Phrase::Name(symbol.name.to_string())),
    }
}

/// Whether words can stand for a thing inside a sentence.
fn is_short(meaning: &str) -> bool {
    let words = meaning.split_whitespace().count();
    (1..=6).contains(&words) && !meaning.contains([',', ';', ':', '(', '?', '\n'])
}

/// A meaning as a statement: `Is x a cat?` and `Does x like y?` are some.
fn stated(meaning: &str) -> String {
    let words: Vec<&str> = meaning.split_whitespace().collect();
    match words.as_slice() {
        [is, x, rest @ ..] if is.eq_ignore_ascii_case("is") && rest.len() < 12 => {
            format!("{x} is {}", rest.join(" "))
        }
        [does, x, verb, rest @ ..] if does.eq_ignore_ascii_case("does") => {
            format!("{x} {} {}", morphology::third_person(verb), rest.join(" "))
        }
        _ => meaning.to_owned(),
    }
}

/// A clause with these places, each once, the first one first.
fn clause(meaning: &str, arity: usize) -> Option<Clause> {
    let pieces = pieces(meaning, arity)?;
    let mut pieces = pieces.into_iter();
    let Some(Piece::Place(subject)) = pieces.next() else {
        return None;
    };
    let Some(Piece::Word(verb)) = pieces.next() else {
        return None;
    };
    let rest: Vec<Piece> = pieces.collect();
    let verb = match verb.as_str() {
        "is" if !rest.is_empty() => Verb::Be,
        word if MODALS.contains(&word) => Verb::Modal(verb),
        _ => Verb::Do(base(&verb)?, verb),
    };
    Some(Clause {
        subject,
        verb,
        rest,
    })
}

fn noun(meaning: &str, arity: usize) -> Option<Phrase> {
    (!meaning.is_empty())
        .then(|| pieces(meaning, arity))
        .flatten()
        .map(Phrase::Noun)
}

/// The words and places of a meaning that has each place once.
fn pieces(meaning: &str, arity: usize) -> Option<Vec<Piece>> {
    let meaning = meaning.trim().trim_end_matches(['.', '?']);
    if meaning.len() > 120 || meaning.contains([',', ';', '(', '"', '\n']) {
        return None;
    }
    let mut seen = vec![false; arity];
    let mut out = Vec::new();
    for word in meaning.split_whitespace() {
        let place = PLACES.iter().position(|p| word.eq_ignore_ascii_case(p));
        match place.filter(|&p| p < arity) {
            Some(place) => {
                let seen = seen.get_mut(place)?;
                if std::mem::replace(seen, true) {
                    return None;
                }
                out.push(Piece::Place(place));
            }
            None => out.push(Piece::Word(word.to_owned())),
        }
    }
    seen.iter().all(|s| *s).then_some(out)
}

/// The base of a verb in the third person.
fn base(verb: &str) -> Option<String> {
    let forms = morphology::verb_forms(verb);
    let third = forms.iter().find(|(_, form)| *form == VerbForm::Third);
    third.map(|(base, _)| base.clone())
}

/// The words of an identifier, in lower case: `WorksFor`, `works_for`.
fn words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut begins = true;
    let mut was_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            begins = true;
            continue;
        }
        if begins || (c.is_uppercase() && was_lower) {
            out.push(String::new());
        }
        begins = false;
        was_lower = !c.is_uppercase();
        if let Some(last) = out.last_mut() {
            last.extend(c.to_lowercase());
        }
    }
    out
}

/// What a name that is all there is says as a clause. A name that could be said
/// in ways that mean different things (`parent` of two) is not.
fn guess(name: &str, arity: usize) -> Option<String> {
    let words = words(name);
    let (first, rest) = words.split_first()?;
    let last = words.last()?;
    let all = words.join(" ");
    let is_verb = |w: &str| lexicon::is_verb(w) && !lexicon::is_adjective(w);
    let third = |w: &str| base(w).is_some_and(|b| lexicon::is_verb(&b));
    let verb = match first.as_str() {
        w if w == "has" || MODALS.contains(&w) || third(w) => Some(w.to_owned()),
        w if is_verb(w) => Some(morphology::third_person(w)),
        _ => None,
    };
    let follow = |verb: String| {
        let mut out = vec![verb];
        out.extend(rest.iter().cloned());
        out.join(" ")
    };
    let preposition = lexicon::tags(last).contains(Tags::PREPOSITION) || last == "than";
    let is_participle = |w: &str| {
        let is_ending = w.ends_with("ed") || w.ends_with("ing");
        morphology::may_be_participle(w) && (w.len() > 5 || !is_ending)
    };
    let is_kind =
        |w: &str| lexicon::is_adjective(w) || lexicon::looks_like_adjective(w) || is_participle(w);
    Some(match arity {
        1 if first == "is" || first == "are" => match rest {
            [one] if !is_kind(one) => format!("x is {}", with_article(one)),
            [] => return None,
            _ => format!("x is {}", rest.join(" ")),
        },
        1 if is_kind(&all) => format!("x is {all}"),
        1 => match verb {
            Some(verb) => format!("x {}", follow(verb)),
            None if is_kind(first) && preposition => return None,
            None => format!("x is {}", with_article(&all)),
        },
        2 if first == "is" && !rest.is_empty() => format!("x is {} y", rest.join(" ")),
        2 if preposition && words.len() > 1 => match verb {
            Some(verb) => format!("x {} y", follow(verb)),
            None if is_kind(first) || last == "than" => format!("x is {all} y"),
            None if last == "of" => format!("x is {} y", with_article(&all)),
            None => return None,
        },
        2 if morphology::compared(&all).is_some() => format!("x is {all} than y"),
        2 => format!("x {} y", follow(verb?)),
        _ => return None,
    })
}

/// `tom`: `Tom`; `the_bald_eagle`: `the bald eagle`; `NewYork`: `New York`.
fn thing_name(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !name.chars().all(is_plain) {
        return name.to_owned();
    }
    let capital = |word: &str| {
        let mut chars = word.chars();
        let first = chars.next().map(|c| c.to_uppercase().to_string());
        first.unwrap_or_default() + chars.as_str()
    };
    let mut spaced = String::with_capacity(name.len() + 4);
    let mut last = '_';
    for c in name.chars() {
        let begins = (c.is_uppercase() && last.is_lowercase())
            || (c.is_ascii_digit() && last.is_lowercase());
        if begins {
            spaced.push('_');
        }
        spaced.push(c);
        last = c;
    }
    let words: Vec<&str> = spaced.split('_').filter(|w| !w.is_empty()).collect();
    match words.first() {
        Some(&"the") => words.join(" "),
        Some(_) => words.into_iter().map(capital).collect::<Vec<_>>().join(" "),
        None => name.to_owned(),
    }
}

fn function_name(name: &str) -> String {
    let mut words = words(name);
    if words.len() > 1 && words.last().is_some_and(|w| w == "of") {
        words.pop();
    }
    format!("the {} of x", words.join(" "))
}

impl Clause {
    /// What is said of the subject, with the other arguments put in.
    pub(super) fn verb_phrase(&self, arguments: &[String], holds: bool) -> VerbPhrase {
        VerbPhrase {
            verb: self.verb.clone(),
            holds,
            rest: fill(&self.rest, arguments),
        }
    }

    /// With `x`, `y`, .. for the arguments: what the reader gives as the meaning
    /// of the predicate that it reads.
    pub(super) fn meaning(&self) -> String {
        let places: Vec<String> = PLACES.iter().map(|p| (*p).to_owned()).collect();
        let said = self.verb_phrase(&places, true).said(false);
        let subject = places.get(self.subject).map_or("x", String::as_str);
        format!("{subject} {said}")
    }

    /// The noun of `x is a cat`.
    pub(super) fn noun(&self) -> Option<String> {
        match (&self.verb, self.rest.as_slice()) {
            (Verb::Be, [Piece::Word(article), words @ ..])
                if (article == "a" || article == "an") && !words.is_empty() =>
            {
                let words: Option<Vec<&str>> = words.iter().map(word).collect();
                Some(words?.join(" "))
            }
            _ => None,
        }
    }

    /// The adjective of `x is red`.
    pub(super) fn adjective(&self) -> Option<&str> {
        match (&self.verb, self.rest.as_slice()) {
            (Verb::Be, [Piece::Word(adjective)]) => Some(adjective),
            _ => None,
        }
    }
}

fn word(piece: &Piece) -> Option<&str> {
    match piece {
        Piece::Word(word) => Some(word),
        Piece::Place(_) => None,
    }
}

/// Pieces with the arguments in their places.
pub(super) fn fill(pieces: &[Piece], arguments: &[String]) -> String {
    let text = |piece: &Piece| match piece {
        Piece::Word(word) => word.clone(),
        Piece::Place(place) => arguments.get(*place).cloned().unwrap_or_default(),
    };
    pieces.iter().map(text).collect::<Vec<_>>().join(" ")
}

impl VerbPhrase {
    /// As it stands behind a subject: `is red`, `does not like Tom`.
    pub(super) fn said(&self, plural: bool) -> String {
        let verb = match (&self.verb, self.holds, plural) {
            (Verb::Be, true, false) => "is".to_owned(),
            (Verb::Be, true, true) => "are".to_owned(),
            (Verb::Be, false, false) => "is not".to_owned(),
            (Verb::Be, false, true) => "are not".to_owned(),
            (Verb::Modal(modal), true, _) => modal.clone(),
            (Verb::Modal(modal), false, _) if modal == "can" => "cannot".to_owned(),
            (Verb::Modal(modal), false, _) => format!("{modal} not"),
            (Verb::Do(_, third), true, false) => third.clone(),
            (Verb::Do(base, _), true, true) => base.clone(),
            (Verb::Do(base, _), false, false) => format!("does not {base}"),
            (Verb::Do(base, _), false, true) => format!("do not {base}"),
        };
        match self.rest.is_empty() {
            true => verb,
            false => format!("{verb} {}", self.rest),
        }
    }
}

impl Phrase {
    /// What the reader gives as the meaning of the symbol that it reads.
    pub(super) fn meaning(&self) -> Option<String> {
        let places: Vec<String> = PLACES.iter().map(|p| (*p).to_owned()).collect();
        match self {
            Phrase::Clause(clause) => Some(clause.meaning()),
            Phrase::Sentence(sentence) => Some(sentence.clone()),
            Phrase::Noun(pieces) => Some(fill(pieces, &places)),
            Phrase::Name(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_said_with_care() {
        let said = |name, arity| guess(name, arity).unwrap_or_default();
        assert_eq!(said("IsTall", 1), "x is tall");
        assert_eq!(said("Cat", 1), "x is a cat");
        assert_eq!(said("Likes", 2), "x likes y");
        assert_eq!(said("LivesIn", 2), "x lives in y");
        assert_eq!(said("CapitalOf", 2), "x is a capital of y");
        assert_eq!(said("TallerThan", 2), "x is taller than y");
        assert_eq!(said("BornIn", 2), "x is born in y");
        // Who is whose parent is not known.
        assert_eq!(said("Parent", 2), "");
        assert_eq!(thing_name("new_york"), "New York");
        assert_eq!(thing_name("the_bald_eagle"), "the bald eagle");
        assert_eq!(thing_name("SummerOlympics2008"), "Summer Olympics 2008");
        assert_eq!(function_name("AgeOf"), "the age of x");
    }

    #[test]
    fn questions_are_meanings_too() {
        assert_eq!(stated("Is x a jompus?"), "x is a jompus?");
        assert_eq!(stated("Does x like y?"), "x likes y?");
        let likes = clause(&stated("Does x like y?"), 2).map(|c| c.meaning());
        assert_eq!(likes.as_deref(), Some("x likes y"));
    }
}
