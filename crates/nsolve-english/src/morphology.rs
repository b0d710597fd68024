//! Forms of words: those of a base form, and the base forms that a word may
//! be a form of.

use std::sync::LazyLock;

use english::{Degree, English, Form, Number, Person, Tense};
use rustc_hash::FxHashMap;

use crate::lexicon;

/// `cat`: `cats`. Of several words the last one is inflected.
pub(crate) fn plural(noun: &str) -> String {
    on_last(noun, |word| English::noun(word, &Number::Plural))
}

/// `chase`: `chases`. Of several words the first one is inflected.
pub(crate) fn third_person(verb: &str) -> String {
    on_first(verb, |word| conjugated(word, Tense::Present, Form::Finite))
}

/// `see`: `saw`.
pub(crate) fn past(verb: &str) -> String {
    on_first(verb, |word| match lexicon::irregular(word) {
        Some((past, _)) => past.to_owned(),
        None => conjugated(word, Tense::Past, Form::Finite),
    })
}

/// `see`: `seen`.
pub(crate) fn past_participle(verb: &str) -> String {
    on_first(verb, |word| match lexicon::irregular(word) {
        Some((_, participle)) => participle.to_owned(),
        None => conjugated(word, Tense::Past, Form::Participle),
    })
}

/// `chase`: `chasing`.
pub(crate) fn present_participle(verb: &str) -> String {
    on_first(verb, |word| {
        conjugated(word, Tense::Present, Form::Participle)
    })
}

/// `old`: `older`; `expensive`: `more expensive`.
pub(crate) fn comparative(adjective: &str) -> String {
    English::adj(adjective, &Degree::Comparative)
}

/// `old`: `oldest`; `expensive`: `most expensive`.
pub(crate) fn superlative(adjective: &str) -> String {
    English::adj(adjective, &Degree::Superlative)
}

fn conjugated(verb: &str, tense: Tense, form: Form) -> String {
    English::verb(verb, &Person::Third, &Number::Singular, &tense, &form)
}

fn on_last(words: &str, inflect: impl Fn(&str) -> String) -> String {
    match words.rsplit_once(' ') {
        Some((before, last)) => format!("{before} {}", inflect(last)),
        None => inflect(words),
    }
}

fn on_first(words: &str, inflect: impl Fn(&str) -> String) -> String {
    match words.split_once(' ') {
        Some((first, rest)) => format!("{} {rest}", inflect(first)),
        None => inflect(words),
    }
}

/// Which form of a verb a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum VerbForm {
    Base,
    /// `likes`
    Third,
    Past,
    /// `seen`
    PastParticiple,
    /// `seeing`
    PresentParticiple,
}

/// Irregular forms of the verbs that are known beforehand.
static IRREGULAR: LazyLock<FxHashMap<String, Vec<(&'static str, VerbForm)>>> =
    LazyLock::new(|| {
        let mut forms: FxHashMap<String, Vec<(&'static str, VerbForm)>> = FxHashMap::default();
        for verb in lexicon::verbs() {
            for (form, word) in [
                (VerbForm::Past, past(verb)),
                (VerbForm::PastParticiple, past_participle(verb)),
                (VerbForm::Third, third_person(verb)),
                (VerbForm::PresentParticiple, present_participle(verb)),
            ] {
                forms.entry(word).or_default().push((verb, form));
            }
        }
        forms
    });

/// The forms of verbs that a word in lower case may be, likely ones first.
pub(crate) fn verb_forms(word: &str) -> Vec<(String, VerbForm)> {
    let mut out: Vec<(String, VerbForm)> = Vec::new();
    if let Some(known) = IRREGULAR.get(word) {
        out.extend(known.iter().map(|&(base, form)| (base.to_owned(), form)));
    }
    if lexicon::is_verb(word) {
        out.push((word.to_owned(), VerbForm::Base));
    }
    if !out.is_empty() {
        return out;
    }
    if let Some(base) = third_base(word) {
        out.push((base, VerbForm::Third));
    }
    if let Some(stem) = word.strip_suffix("ed").filter(|s| s.len() > 1) {
        let base = base_of(stem, word, past);
        out.push((base.clone(), VerbForm::Past));
        out.push((base, VerbForm::PastParticiple));
    }
    if let Some(stem) = word.strip_suffix("ing").filter(|s| s.len() > 1) {
        let base = base_of(stem, word, present_participle);
        out.push((base, VerbForm::PresentParticiple));
    }
    if !word.contains('-') {
        out.push((word.to_owned(), VerbForm::Base));
    }
    out
}

/// Whether a word has the form of a participle.
pub(crate) fn may_be_participle(word: &str) -> bool {
    word.ends_with("ing")
        || word.ends_with("ed")
        || IRREGULAR
            .get(word)
            .is_some_and(|forms| forms.iter().any(|(_, f)| *f == VerbForm::PastParticiple))
}

/// `likes`: `like`; `carries`: `carry`.
fn third_base(word: &str) -> Option<String> {
    if let Some(stem) = word.strip_suffix("ies").filter(|s| s.len() > 1) {
        return Some(format!("{stem}y"));
    }
    for ending in ["sses", "shes", "ches", "xes", "zzes", "oes"] {
        if word.ends_with(ending) {
            return word.strip_suffix("es").map(str::to_owned);
        }
    }
    let stem = word.strip_suffix('s')?;
    let is_form = stem.len() > 1 && !stem.ends_with(['s', 'u', 'i']);
    is_form.then(|| stem.to_owned())
}

/// The base of which `-ed` or `-ing` was added to this stem.
fn base_of(stem: &str, word: &str, inflect: fn(&str) -> String) -> String {
    if let Some(stem) = stem.strip_suffix('i') {
        return format!("{stem}y");
    }
    let mut candidates = Vec::new();
    let mut last = stem.chars().rev();
    if let (Some(a), Some(b)) = (last.next(), last.next())
        && a == b
        && !matches!(a, 'l' | 's' | 'z' | 'f' | 'e' | 'o')
        && let Some(short) = stem.get(..stem.len() - a.len_utf8())
    {
        candidates.push(short.to_owned());
    }
    let with_e = format!("{stem}e");
    let wants_e = stem.ends_with(['c', 'g', 's', 'u', 'v', 'z'])
        && !stem.ends_with("ss")
        && !stem.ends_with("ng")
        || is_syllabic_l(stem);
    if wants_e {
        candidates.push(with_e.clone());
    }
    candidates.push(stem.to_owned());
    candidates.push(with_e);
    let fits = candidates.iter().position(|c| inflect(c) == word);
    fits.map_or_else(|| stem.to_owned(), |i| candidates.swap_remove(i))
}

/// `zorbl`: no word ends so without an `e`.
fn is_syllabic_l(stem: &str) -> bool {
    let mut last = stem.chars().rev();
    last.next() == Some('l') && last.next().is_some_and(|c| !"aeioulrw".contains(c))
}

/// Nouns whose plural no ending tells.
const IRREGULAR_NOUNS: &[&str] = &[
    "child",
    "man",
    "woman",
    "mouse",
    "goose",
    "tooth",
    "foot",
    "ox",
    "die",
    "leaf",
    "wolf",
    "knife",
    "life",
    "wife",
    "half",
    "calf",
    "shelf",
    "thief",
    "loaf",
    "self",
    "elf",
    "louse",
    "sheep",
    "deer",
    "fish",
    "criterion",
    "phenomenon",
    "cactus",
    "fungus",
    "nucleus",
    "crisis",
    "thesis",
    "analysis",
    "hypothesis",
    "datum",
    "medium",
    "bacterium",
    "taxi",
    "bikini",
    "safari",
    "menu",
    "emu",
    "gnu",
    "guru",
];

static PLURALS: LazyLock<FxHashMap<String, &'static str>> = LazyLock::new(|| {
    let mut plurals: FxHashMap<String, &'static str> = FxHashMap::default();
    for noun in IRREGULAR_NOUNS {
        plurals.insert(plural(noun), noun);
    }
    for (plural, noun) in [
        ("people", "person"),
        ("persons", "person"),
        ("cacti", "cactus"),
    ] {
        plurals.insert(plural.to_owned(), noun);
    }
    plurals
});

/// The nouns of which a word may be the plural, likely ones first; none for a
/// word that is no plural.
pub(crate) fn singulars(word: &str) -> Vec<String> {
    if let Some(noun) = PLURALS.get(word) {
        return vec![(*noun).to_owned()];
    }
    // `child-men` ends in an irregular plural.
    for part in ["men", "women", "children"] {
        if let Some(stem) = word.strip_suffix(part).filter(|s| s.len() > 1) {
            let noun = PLURALS.get(part).copied().unwrap_or(part);
            return vec![format!("{stem}{noun}")];
        }
    }
    let Some(stem) = word.strip_suffix('s').filter(|s| s.len() > 1) else {
        return Vec::new();
    };
    // `glass`, `virus`, `tennis` are no plurals, `kiwis` is one.
    let is_greek = ["si", "xi", "ni", "li", "ri", "pi"]
        .iter()
        .any(|e| stem.ends_with(e));
    if stem.ends_with(['s', 'u'])
        || (stem.ends_with('i') && is_greek)
        || word.len() < 4
        || word == "this"
    {
        return Vec::new();
    }
    if let Some(short) = word.strip_suffix("ies") {
        let y = format!("{short}y");
        let ie = format!("{short}ie");
        return if short.len() > 1 {
            vec![y, ie]
        } else {
            vec![ie, y]
        };
    }
    let Some(short) = word.strip_suffix("es") else {
        return vec![stem.to_owned()];
    };
    let (first, second) = (short.to_owned(), stem.to_owned());
    let hisses = ["ss", "x", "ch", "sh", "zz"];
    let es_first = hisses.iter().any(|h| short.ends_with(h))
        || (short.ends_with("us") && short.len() > 4)
        || (short.ends_with('o') && short.len() > 3)
        || short == "bus";
    if es_first {
        vec![first, second]
    } else if short.ends_with(['s', 'z', 'o']) {
        vec![second, first]
    } else {
        vec![second]
    }
}

/// Which degree an adjective has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compared {
    /// `older`
    More,
    /// `oldest`
    Most,
}

static DEGREES: LazyLock<FxHashMap<String, (&'static str, Compared)>> = LazyLock::new(|| {
    let mut degrees = FxHashMap::default();
    for adjective in lexicon::adjectives() {
        for (form, degree) in [
            (comparative(adjective), Compared::More),
            (superlative(adjective), Compared::Most),
        ] {
            if !form.contains(' ') {
                degrees.entry(form).or_insert((adjective, degree));
            }
        }
    }
    degrees.insert("better".into(), ("good", Compared::More));
    degrees.insert("best".into(), ("good", Compared::Most));
    degrees.insert("farther".into(), ("far", Compared::More));
    degrees.insert("farthest".into(), ("far", Compared::Most));
    degrees
});

/// The adjective that a word compares: `older` is `old`, `leftmost` is `left`.
pub(crate) fn compared(word: &str) -> Option<(String, Compared)> {
    if let Some(&(base, degree)) = DEGREES.get(word) {
        return Some((base.to_owned(), degree));
    }
    if let Some(stem) = word.strip_suffix("most").filter(|s| s.len() > 2) {
        return Some((stem.to_owned(), Compared::Most));
    }
    let (stem, degree) = match (word.strip_suffix("est"), word.strip_suffix("er")) {
        (Some(stem), _) => (stem, Compared::Most),
        (_, Some(stem)) => (stem, Compared::More),
        _ => return None,
    };
    if stem.len() < 2 {
        return None;
    }
    let form = |base: &str| match degree {
        Compared::More => comparative(base),
        Compared::Most => superlative(base),
    };
    let doubled = stem
        .char_indices()
        .next_back()
        .and_then(|(i, _)| stem.get(..i));
    let mut candidates = Vec::new();
    if let Some(stem) = stem.strip_suffix('i') {
        candidates.push(format!("{stem}y"));
    }
    let mut last = stem.chars().rev();
    let is_doubled = match (last.next(), last.next()) {
        (Some(a), Some(b)) => a == b && !"lszf".contains(a),
        _ => false,
    };
    candidates.extend(doubled.filter(|_| is_doubled).map(str::to_owned));
    candidates.push(stem.to_owned());
    candidates.push(format!("{stem}e"));
    let fits = candidates.into_iter().find(|c| form(c) == word)?;
    Some((fits, degree))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_have_singulars() {
        for (many, one) in [
            ("cats", "cat"),
            ("wumpuses", "wumpus"),
            ("houses", "house"),
            ("boxes", "box"),
            ("puppies", "puppy"),
            ("children", "child"),
            ("people", "person"),
            ("wolves", "wolf"),
            ("potatoes", "potato"),
            ("buses", "bus"),
            ("firemen", "fireman"),
            ("kiwis", "kiwi"),
            ("menus", "menu"),
        ] {
            assert_eq!(singulars(many).first().map(String::as_str), Some(one));
        }
        for one in ["bus", "glass", "famous", "cat", "this", "tennis", "crisis"] {
            assert_eq!(singulars(one), Vec::<String>::new(), "{one}");
        }
    }

    #[test]
    fn verbs_have_bases() {
        for (word, base, form) in [
            ("likes", "like", VerbForm::Third),
            ("carries", "carry", VerbForm::Third),
            ("zorbles", "zorble", VerbForm::Third),
            ("zorbled", "zorble", VerbForm::Past),
            ("zorbed", "zorb", VerbForm::Past),
            ("visited", "visit", VerbForm::Past),
            ("planned", "plan", VerbForm::Past),
            ("chased", "chase", VerbForm::Past),
            ("seen", "see", VerbForm::PastParticiple),
            ("wrote", "write", VerbForm::Past),
            ("running", "run", VerbForm::PresentParticiple),
            ("working", "work", VerbForm::PresentParticiple),
        ] {
            let found = verb_forms(word);
            assert!(
                found.iter().any(|(b, f)| b == base && *f == form),
                "{word}: {found:?}"
            );
        }
    }

    #[test]
    fn comparatives_have_positives() {
        for (word, base) in [
            ("older", "old"),
            ("bigger", "big"),
            ("happiest", "happy"),
            ("leftmost", "left"),
            ("cheapest", "cheap"),
            ("grimmer", "grim"),
            ("nicer", "nice"),
            ("better", "good"),
        ] {
            assert_eq!(compared(word).map(|c| c.0).as_deref(), Some(base), "{word}");
        }
    }
}
