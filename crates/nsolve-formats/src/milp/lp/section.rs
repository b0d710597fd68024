//! The words that start a section.

use nsolve_il::milp::Sense;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Objective(Sense),
    Rows,
    /// Rows under a name that other systems give them.
    OtherRows,
    Bounds,
    Integers,
    Binaries,
    Semicontinuous,
    /// Special ordered sets, with the kind where the heading says it.
    Sets(Option<u8>),
    /// One that is not read.
    Unsupported(&'static str),
    End,
}

/// Sections by their words: lower case, one blank between two words.
const WORDS: [(&str, Section); 40] = [
    ("minimize", Section::Objective(Sense::Minimize)),
    ("minimise", Section::Objective(Sense::Minimize)),
    ("minimum", Section::Objective(Sense::Minimize)),
    ("min", Section::Objective(Sense::Minimize)),
    ("maximize", Section::Objective(Sense::Maximize)),
    ("maximise", Section::Objective(Sense::Maximize)),
    ("maximum", Section::Objective(Sense::Maximize)),
    ("max", Section::Objective(Sense::Maximize)),
    ("subject to", Section::Rows),
    ("such that", Section::Rows),
    ("s.t.", Section::Rows),
    ("st.", Section::Rows),
    ("st", Section::Rows),
    ("lazy constraints", Section::OtherRows),
    ("user cuts", Section::OtherRows),
    ("bounds", Section::Bounds),
    ("bound", Section::Bounds),
    ("generals", Section::Integers),
    ("general", Section::Integers),
    ("gens", Section::Integers),
    ("gen", Section::Integers),
    ("integers", Section::Integers),
    ("integer", Section::Integers),
    ("ints", Section::Integers),
    ("int", Section::Integers),
    ("binaries", Section::Binaries),
    ("binary", Section::Binaries),
    ("bins", Section::Binaries),
    ("bin", Section::Binaries),
    ("semi-continuous", Section::Semicontinuous),
    ("semis", Section::Semicontinuous),
    ("semi", Section::Semicontinuous),
    ("sc", Section::Semicontinuous),
    ("sos", Section::Sets(None)),
    ("sos1", Section::Sets(Some(1))),
    ("sos2", Section::Sets(Some(2))),
    (
        "general constraints",
        Section::Unsupported("general constraints"),
    ),
    (
        "pwlobj",
        Section::Unsupported("piecewise linear objectives"),
    ),
    ("scenario", Section::Unsupported("scenarios")),
    ("end", Section::End),
];

/// The longest word of a section.
const LONGEST: usize = 20;

/// The section that these words start, in any case.
pub(super) fn find(words: &str) -> Option<Section> {
    if !may_be(words) {
        return None;
    }
    let found = WORDS.iter().find(|(w, _)| w.eq_ignore_ascii_case(words));
    found.map(|(_, section)| *section)
}

/// Whether a word's first letter and its length are those of a section: most
/// names are told apart by this.
pub(super) fn may_be(word: &str) -> bool {
    let first = word.bytes().next().unwrap_or(b'x').to_ascii_lowercase();
    word.len() <= LONGEST && b"begilmpsu".contains(&first)
}

/// Whether a section's first word may be this, so that the next one matters.
pub(super) fn has_second_word(word: &str) -> bool {
    const FIRST: [&str; 6] = ["subject", "such", "lazy", "user", "general", "semi"];
    FIRST.iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// Whether a name would be taken for a section or a number.
pub(in crate::milp) fn is_reserved(name: &str) -> bool {
    const NUMBERS: [&str; 4] = ["inf", "infinity", "nan", "free"];
    let first = name.split([' ', '-']).next().unwrap_or("");
    find(name).is_some()
        || has_second_word(first)
        || NUMBERS.iter().any(|w| w.eq_ignore_ascii_case(name))
}
