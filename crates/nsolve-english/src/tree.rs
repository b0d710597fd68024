//! What a sentence says, as it is built of phrases.

use nsolve_il::fol::ArithmeticOp;

/// A word: its key, by which it is known, and how it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// The base form in lower case.
    pub(crate) key: String,
    /// The base form as it is to be printed (`Greek`).
    pub(crate) show: String,
}

/// How parts are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joint {
    And,
    Or,
    /// `either .. or .. but not both`
    Xor,
    /// `neither .. nor`
    Nor,
}

/// A sentence or a part of one that says something by itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Clause {
    Plain(NounPhrase, VerbPhrase),
    /// `[whom] does [Tom] like`: the first is the object of the verb phrase.
    Whom(NounPhrase, NounPhrase, VerbPhrase),
    /// `there is a cat`
    There(NounPhrase),
    Not(Box<Clause>),
    Join(Joint, Vec<Clause>),
    If {
        when: Box<Clause>,
        then: Box<Clause>,
        /// Whether what follows is written first (`Tom purrs if he is happy`).
        then_first: bool,
    },
    Iff(Box<Clause>, Box<Clause>),
    /// `for every X and Y, ..`
    Letters(LetterQuantifier, Vec<String>, Box<Clause>),
}

/// What binds letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LetterQuantifier {
    Every,
    Some,
    Count(Amount, u32),
}

/// How a number bounds an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Amount {
    AtLeast,
    AtMost,
    Exactly,
}

/// What a verb phrase is said of, or done to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum NounPhrase {
    Name(Word),
    /// `X`
    Letter(String),
    Pronoun(Pronoun),
    Number(String),
    Noun(Determiner, Box<Nominal>),
    Join(Joint, Vec<NounPhrase>),
    /// `only cats`
    Only(Box<NounPhrase>),
    /// `Ann, who is a doctor`
    Also(Box<NounPhrase>, Box<VerbPhrase>),
    /// `the age of Tom plus 2`
    Arithmetic(ArithmeticOp, Box<NounPhrase>, Box<NounPhrase>),
    /// What is asked for: `who`, `which cat`.
    Asked(Option<Box<Nominal>>),
}

/// Which pronoun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pronoun {
    He,
    She,
    It,
    They,
    /// `himself`, `themselves`
    Same,
}

/// What stands before a noun.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Determiner {
    Every,
    /// `any`: all in a statement, some in a condition or a denial.
    Any,
    /// `not every`
    NotEvery,
    No,
    Some,
    A,
    The,
    /// A plural without anything.
    Bare,
    /// A singular without anything: the stuff or kind itself.
    Kind,
    Count(Amount, u32),
    /// `Tom's`, `her`
    Owner(Box<NounPhrase>),
}

/// A noun with what describes it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Nominal {
    pub(crate) head: Word,
    pub(crate) plural: bool,
    pub(crate) modifiers: Vec<Word>,
    pub(crate) of: Option<NounPhrase>,
    /// Whether something else than the subject is meant (`everyone else`).
    pub(crate) other: bool,
    pub(crate) restrictions: Vec<Restriction>,
}

/// What follows a noun.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Restriction {
    /// `who likes Tom`, `in the house`, `made of wood`
    That(VerbPhrase),
    /// `that Tom likes`: the gap is the object.
    Whom(NounPhrase, VerbPhrase),
}

/// What is said of a subject.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum VerbPhrase {
    Be(Complement),
    Do(VerbUse),
    Not(Box<VerbPhrase>),
    Join(Joint, Vec<VerbPhrase>),
}

/// A verb with its objects.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct VerbUse {
    /// `can`, `want to`: what stands before the verb and belongs to it.
    pub(crate) before: Vec<String>,
    pub(crate) base: String,
    /// Adverbs and particles.
    pub(crate) adverbs: Vec<String>,
    pub(crate) object: Option<NounPhrase>,
    pub(crate) phrases: Vec<(String, NounPhrase)>,
    /// Whether the object is missing because something else fills its place
    /// (`that Tom likes`); the preposition whose object is missing, if it is one.
    pub(crate) gap: Option<Gap>,
    pub(crate) past: bool,
    /// `finished third`
    pub(crate) place: Option<Place>,
}

impl VerbUse {
    /// A verb with its object.
    pub(crate) fn of(base: &str, object: NounPhrase) -> Self {
        VerbUse {
            before: Vec::new(),
            base: base.to_owned(),
            adverbs: Vec::new(),
            object: Some(object),
            phrases: Vec::new(),
            gap: None,
            past: false,
            place: None,
        }
    }
}

/// Whose object is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Gap {
    Object,
    Phrase(String),
}

/// What stands behind `is`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Complement {
    Noun(NounPhrase),
    Adjective {
        /// `very happy`
        words: Vec<Word>,
        phrases: Vec<(String, NounPhrase)>,
    },
    /// `in Paris`
    Phrase(String, NounPhrase),
    /// `older than Tom`, `less expensive than`, `as old as`
    Compared {
        adjective: Word,
        how: Compared,
        than: NounPhrase,
        /// `two years older than`
        by: Option<String>,
    },
    /// `5 years old`
    Measured {
        number: String,
        adjective: String,
        unit: Option<String>,
    },
    /// `the second-oldest`, `third from the left`
    Placed(Place),
    /// `working at home`
    Doing(VerbUse),
    /// `liked by Tom`, `located in Paris`
    Done {
        verb: String,
        participle: String,
        by: Option<NounPhrase>,
        adverbs: Vec<String>,
        phrases: Vec<(String, NounPhrase)>,
        gap: Option<Gap>,
    },
    /// A comparison of numbers: `greater than 3`
    Number(NumberOrder, NounPhrase),
    /// A verb in a list of complements: `is either a cat or likes dogs`.
    Verb(Box<VerbPhrase>),
    /// `can be tall`: a property of its own
    Able(String, Box<Complement>),
    Not(Box<Complement>),
    Join(Joint, Vec<Complement>),
}

/// How two amounts compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compared {
    More,
    Less,
    Same,
}

/// How two numbers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberOrder {
    Less,
    AtMost,
    Greater,
    AtLeast,
    Equal,
}

/// A place in an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The adjective of which the place is the extreme (`oldest`), or an end
    /// (`left`, `first`).
    pub(crate) end: String,
    /// Whether the other end is meant (`least expensive`).
    pub(crate) least: bool,
    /// 1 is the extreme itself.
    pub(crate) rank: u32,
}
