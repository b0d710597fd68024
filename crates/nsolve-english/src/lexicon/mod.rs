//! What is known of English words beforehand: the closed classes whole, a few
//! hundred verbs and adjectives to prefer where a sentence can be read in two
//! ways, and pairs of opposites. All other words are taken as they are used.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

bitflags::bitflags! {
    /// The closed classes that a word belongs to.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(crate) struct Tags: u64 {
        const EVERY = 1;
        const NO = 1 << 1;
        const SOME = 1 << 2;
        const A = 1 << 3;
        const THE = 1 << 4;
        const THIS = 1 << 5;
        const OWNER = 1 << 6;
        const PRONOUN = 1 << 7;
        /// `someone`, `everything`, `nobody`
        const ANYONE = 1 << 8;
        const BE = 1 << 9;
        const DO = 1 << 10;
        const HAVE = 1 << 11;
        const MODAL = 1 << 12;
        const NOT = 1 << 13;
        const AND = 1 << 14;
        const OR = 1 << 15;
        const NOR = 1 << 16;
        const EITHER = 1 << 17;
        const NEITHER = 1 << 18;
        const BOTH = 1 << 19;
        const IF = 1 << 20;
        const THEN = 1 << 21;
        const UNLESS = 1 << 22;
        const ONLY = 1 << 23;
        const RELATIVE = 1 << 24;
        const WH = 1 << 25;
        const PREPOSITION = 1 << 26;
        const ADVERB = 1 << 27;
        const THERE = 1 << 28;
        const THAN = 1 << 29;
        const MORE = 1 << 30;
        const LESS = 1 << 31;
        const MOST = 1 << 32;
        const LEAST = 1 << 33;
        const CARDINAL = 1 << 34;
        const ORDINAL = 1 << 35;
        /// `very`, `quite`
        const DEGREE = 1 << 36;
        const TO = 1 << 37;
        const BUT = 1 << 38;
        /// `most`, `many`, `few`: amounts that no formula says.
        const VAGUE = 1 << 39;
        /// `also`, `therefore`: words that add nothing to what is said.
        const FILLER = 1 << 40;
        const AS = 1 << 41;
        const OTHER = 1 << 42;
        /// `because`, `although`, `i`, `you`: words of sentences that are not read.
        const UNREAD = 1 << 43;
        /// `plus`, `minus`
        const OPERATOR = 1 << 44;
    }
}

const CLASSES: &[(Tags, &str)] = &[
    (Tags::EVERY, "every each all any"),
    (Tags::NO, "no"),
    (Tags::SOME, "some certain"),
    (Tags::A, "a an"),
    (Tags::THE, "the"),
    (Tags::THIS, "this that these those"),
    (Tags::OWNER, "his her its their his/her"),
    (
        Tags::PRONOUN,
        "he she it they him her them he/she she/he him/her himself herself itself themselves",
    ),
    (
        Tags::ANYONE,
        "someone somebody something anyone anybody anything everyone everybody everything \
         nobody nothing none",
    ),
    (Tags::BE, "is are was were be been being am"),
    (Tags::DO, "do does did"),
    (Tags::HAVE, "have has had"),
    (
        Tags::MODAL,
        "can could may might must should will would shall",
    ),
    (Tags::NOT, "not never"),
    (Tags::AND, "and but &"),
    (Tags::BUT, "but"),
    (Tags::OR, "or and/or"),
    (Tags::NOR, "nor"),
    (Tags::EITHER, "either"),
    (Tags::NEITHER, "neither"),
    (Tags::BOTH, "both"),
    (Tags::IF, "if when whenever"),
    (Tags::THEN, "then"),
    (Tags::UNLESS, "unless"),
    (Tags::ONLY, "only"),
    (Tags::RELATIVE, "who which that whom"),
    (Tags::WH, "who what which whom how where why whose"),
    (
        Tags::PREPOSITION,
        "of in on at by with from to for about into onto over under above below between among \
         through during before after behind beside besides near inside outside within without \
         against along around across toward towards upon via beyond since until per off",
    ),
    (
        Tags::ADVERB,
        "often usually sometimes today tomorrow yesterday now again together here abroad soon well \
         twice once away immediately directly exactly outdoors indoors",
    ),
    (Tags::THERE, "there"),
    (Tags::THAN, "than"),
    (Tags::MORE, "more"),
    (Tags::LESS, "less fewer"),
    (Tags::MOST, "most"),
    (Tags::LEAST, "least"),
    (
        Tags::CARDINAL,
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen \
         sixteen seventeen eighteen nineteen twenty",
    ),
    (
        Tags::ORDINAL,
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth last",
    ),
    (
        Tags::DEGREE,
        "very quite really extremely fairly highly rather pretty so too",
    ),
    (Tags::TO, "to"),
    (Tags::VAGUE, "most many few several much half nearly almost"),
    (
        Tags::FILLER,
        "also too indeed therefore thus hence so moreover furthermore always additionally \
         consequently however respectively actually really just already currently",
    ),
    (Tags::AS, "as"),
    (Tags::OTHER, "other else another"),
    (Tags::OPERATOR, "plus minus"),
    (
        Tags::UNREAD,
        "because although though while whereas i you we me us my your our despite whether why",
    ),
];

static WORDS: LazyLock<FxHashMap<&'static str, Tags>> = LazyLock::new(|| {
    let mut words = FxHashMap::default();
    for (tags, list) in CLASSES {
        for word in list.split_whitespace() {
            let entry = words.entry(word).or_insert(Tags::empty());
            *entry |= *tags;
        }
    }
    words
});

/// The closed classes of a word, given in lower case.
pub(crate) fn tags(word: &str) -> Tags {
    WORDS.get(word).copied().unwrap_or(Tags::empty())
}

static VERBS: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| include_str!("verbs.txt").split_whitespace().collect());

static ADJECTIVES: LazyLock<FxHashSet<&'static str>> =
    LazyLock::new(|| include_str!("adjectives.txt").split_whitespace().collect());

/// The verbs that are known beforehand.
pub(crate) fn verbs() -> impl Iterator<Item = &'static str> {
    VERBS.iter().copied()
}

pub(crate) fn is_verb(base: &str) -> bool {
    VERBS.contains(base)
}

pub(crate) fn is_adjective(word: &str) -> bool {
    ADJECTIVES.contains(word)
}

static IRREGULAR: LazyLock<FxHashMap<&'static str, (&'static str, &'static str)>> =
    LazyLock::new(|| {
        let lines = include_str!("irregular.txt").lines();
        let words = lines.filter(|l| !l.starts_with('#')).filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?, (words.next()?, words.next()?)))
        });
        words.collect()
    });

/// The past and the participle of a verb that has them irregularly.
pub(crate) fn irregular(verb: &str) -> Option<(&'static str, &'static str)> {
    IRREGULAR.get(verb).copied()
}

/// The adjectives that are known beforehand.
pub(crate) fn adjectives() -> impl Iterator<Item = &'static str> {
    ADJECTIVES.iter().copied()
}

/// Whether a word that nothing else is known of has the form of an adjective.
pub(crate) fn looks_like_adjective(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "ous", "ful", "ive", "able", "ible", "less", "ical", "ic", "ish", "nese", "ial", "ual",
        "ional", "esque", "eous", "free",
    ];
    const NOUNS: &[&str] = &[
        "music",
        "logic",
        "magic",
        "topic",
        "clinic",
        "critic",
        "fabric",
        "picnic",
        "traffic",
        "republic",
        "mechanic",
        "plastic",
        "comic",
        "detective",
        "motive",
        "olive",
        "native",
        "executive",
        "vegetable",
        "constable",
        "syllable",
        "cable",
        "table",
        "material",
        "individual",
        "manual",
        "trial",
        "serial",
        "fish",
        "rubbish",
        "parish",
        "finish",
    ];
    let long_enough = word.len() > 4;
    let is_participle = (word.ends_with("ed") || word.ends_with("ing")) && word.len() > 5;
    long_enough
        && !NOUNS.iter().any(|n| word.ends_with(n))
        && (ENDINGS.iter().any(|e| word.ends_with(e)) || is_participle || word.contains('-'))
}

/// Words that stand behind a verb as adverbs and elsewhere as something else.
pub(crate) fn may_be_adverb(word: &str) -> bool {
    matches!(
        word,
        "fast" | "hard" | "late" | "early" | "home" | "alone" | "daily" | "online" | "high" | "low"
    )
}

/// Whether who does something so does it: not where the word is a particle that
/// makes another verb of it (`give up`), or says that it is hardly done.
pub(crate) fn only_adds(adverb: &str) -> bool {
    const NOT: &[&str] = &[
        "hardly",
        "barely",
        "scarcely",
        "rarely",
        "seldom",
        "nearly",
        "almost",
        "allegedly",
        "supposedly",
        "possibly",
        "probably",
        "apparently",
        "falsely",
        "partly",
        "together",
        "again",
        "away",
        "once",
        "twice",
    ];
    let is_adverb = adverb.ends_with("ly") || tags(adverb).contains(Tags::ADVERB);
    (is_adverb || may_be_adverb(adverb)) && !NOT.contains(&adverb)
}

/// Adjectives that say that a thing is not, or not yet, or only perhaps, what
/// the noun says.
pub(crate) fn is_privative(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "fake",
        "former",
        "alleged",
        "toy",
        "potential",
        "future",
        "past",
        "artificial",
        "so-called",
        "imaginary",
        "would-be",
        "possible",
        "counterfeit",
        "pretend",
        "supposed",
        "aspiring",
        "false",
    ];
    WORDS.contains(&word)
}

/// A scale with its two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scale {
    pub(crate) low: &'static str,
    pub(crate) high: &'static str,
    pub(crate) name: &'static str,
}

static SCALES: LazyLock<Vec<Scale>> = LazyLock::new(|| {
    let lines = include_str!("scales.txt").lines();
    let words = lines.filter(|l| !l.starts_with('#')).map(|l| {
        let mut words = l.split_whitespace();
        (words.next(), words.next(), words.next())
    });
    let scale = |(low, high, name): (_, _, _)| {
        Some(Scale {
            low: low?,
            high: high?,
            name: name?,
        })
    };
    words.filter_map(scale).collect()
});

/// The scale of which an adjective is an end, and whether the upper one.
pub(crate) fn scale_of(adjective: &str) -> Option<(Scale, bool)> {
    SCALES.iter().find_map(|&scale| match adjective {
        a if a == scale.low => Some((scale, false)),
        a if a == scale.high => Some((scale, true)),
        _ => None,
    })
}

/// `first` is 1, `3rd` is 3; `last` has no number.
pub(crate) fn ordinal(word: &str) -> Option<u32> {
    const WORDS: &[&str] = &[
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth", "eleventh", "twelfth",
    ];
    if let Some(at) = WORDS.iter().position(|w| *w == word) {
        return Some(at as u32 + 1);
    }
    let digits = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|e| word.strip_suffix(e))?;
    digits.parse().ok().filter(|n| (1..=1000).contains(n))
}

/// `one` is 1, `a hundred` is not read.
pub(crate) fn cardinal(word: &str) -> Option<u32> {
    const WORDS: &[&str] = &[
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    WORDS.iter().position(|w| *w == word).map(|n| n as u32)
}

/// Nouns that range over everything, unless the story says of something that
/// it is one.
pub(crate) fn is_person_noun(lemma: &str) -> bool {
    matches!(lemma, "person" | "people" | "one")
}

/// Nouns that range over everything always.
pub(crate) fn is_thing_noun(lemma: &str) -> bool {
    lemma == "thing"
}

/// Nouns for parts of the text itself.
pub(crate) fn is_text_noun(lemma: &str) -> bool {
    matches!(
        lemma,
        "paragraph"
            | "statement"
            | "sentence"
            | "premise"
            | "passage"
            | "text"
            | "clue"
            | "question"
            | "answer"
            | "puzzle"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_belong_to_classes() {
        assert!(tags("her").contains(Tags::OWNER | Tags::PRONOUN));
        assert!(tags("wumpus").is_empty());
        assert_eq!(ordinal("2nd"), Some(2));
        assert_eq!(cardinal("five"), Some(5));
        assert!(scale_of("cheap").is_some_and(|(s, high)| s.high == "expensive" && !high));
    }
}
