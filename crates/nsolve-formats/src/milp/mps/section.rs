//! The headings of sections.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// Before any.
    Start,
    Name,
    Sense,
    /// Which free row is the objective.
    ObjectiveName,
    Rows,
    /// Rows under a name that CPLEX gives them.
    OtherRows,
    Columns,
    RightSides,
    Ranges,
    Bounds,
    Sets,
    Indicators,
    /// One that is not read.
    Unsupported(&'static str),
    /// One that has no meaning here.
    Unknown,
    End,
}

/// Sections by their word, and whether something may follow it on its line.
const WORDS: [(&str, Section, bool); 31] = [
    ("NAME", Section::Name, true),
    ("OBJSENSE", Section::Sense, true),
    ("OBJNAME", Section::ObjectiveName, true),
    ("ROWS", Section::Rows, false),
    ("LAZYCONS", Section::OtherRows, false),
    ("USERCUTS", Section::OtherRows, false),
    ("COLUMNS", Section::Columns, false),
    ("RHS", Section::RightSides, false),
    ("RANGES", Section::Ranges, false),
    ("BOUNDS", Section::Bounds, false),
    ("SOS", Section::Sets, false),
    ("SETS", Section::Sets, false),
    ("INDICATORS", Section::Indicators, false),
    ("ENDATA", Section::End, true),
    ("QUADOBJ", QUADRATIC, true),
    ("QSECTION", QUADRATIC, true),
    ("QMATRIX", QUADRATIC, true),
    ("QCMATRIX", QUADRATIC, true),
    ("CSECTION", Section::Unsupported("cones are"), true),
    (
        "GENCONS",
        Section::Unsupported("general constraints are"),
        true,
    ),
    ("PWLOBJ", PIECEWISE, true),
    ("PWLNAM", PIECEWISE, true),
    ("PWLCON", PIECEWISE, true),
    (
        "DELAYEDROWS",
        Section::Unsupported("delayed rows are"),
        true,
    ),
    ("MODELCUTS", Section::Unsupported("model cuts are"), true),
    ("SCENARIOS", Section::Unsupported("scenarios are"), true),
    ("BRANCHPRIO", Section::Unsupported("priorities are"), true),
    (
        "SOS1",
        Section::Unsupported("sets without a name are"),
        true,
    ),
    (
        "SOS2",
        Section::Unsupported("sets without a name are"),
        true,
    ),
    (
        "MULTIOBJ",
        Section::Unsupported("several objectives are"),
        true,
    ),
    ("PARAMETERS", Section::Unsupported("parameters are"), true),
];

const QUADRATIC: Section = Section::Unsupported("quadratic expressions are");
const PIECEWISE: Section = Section::Unsupported("piecewise linear functions are");

/// The section that a line starts which begins in column 1.
pub(super) fn find(word: &str, alone: bool) -> Option<Section> {
    let is_it =
        |(w, _, more): &&(&str, Section, bool)| w.eq_ignore_ascii_case(word) && (alone || *more);
    WORDS.iter().find(is_it).map(|(_, section, _)| *section)
}
