//! Which format a text is in.

use std::fmt;

/// A format that is read, or written, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// The native language.
    Fol,
    /// NLTK's logic syntax, one formula a line.
    Nltk,
    /// LINC's generations: `TEXT:` and `FOL:` lines around NLTK formulas.
    Linc,
    /// Unicode formulas, as FOLIO has them.
    Folio,
    /// Programs of Logic-LM: sections, `:::` and `>>>`.
    LogicLm,
    /// Input of Prover9.
    Prover9,
    /// TPTP: FOF, TFF, CNF.
    Tptp,
    /// SMT-LIB 2.
    Smtlib,
    /// JSON of ours.
    Json,
    /// Logic programs: the native language.
    Program,
    /// Logic programs: plain ASP-Core-2.
    Asp,
    /// Logic programs: pure Prolog.
    Prolog,
    /// Logic programs: Datalog as Soufflé has it.
    Datalog,
    /// Plain English.
    English,
    /// Optimisation models: the native language, and GMPL.
    Milp,
    /// Optimisation models: LP files.
    Lp,
    /// Optimisation models: MPS files, fixed or free.
    Mps,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 17] = [
        Format::Fol,
        Format::Nltk,
        Format::Linc,
        Format::Folio,
        Format::LogicLm,
        Format::Prover9,
        Format::Tptp,
        Format::Smtlib,
        Format::Json,
        Format::Program,
        Format::Asp,
        Format::Prolog,
        Format::Datalog,
        Format::English,
        Format::Milp,
        Format::Lp,
        Format::Mps,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Fol => "fol",
            Format::Nltk => "nltk",
            Format::Linc => "linc",
            Format::Folio => "folio",
            Format::LogicLm => "logic-lm",
            Format::Prover9 => "prover9",
            Format::Tptp => "tptp",
            Format::Smtlib => "smtlib",
            Format::Json => "json",
            Format::Program => "program",
            Format::Asp => "asp",
            Format::Prolog => "prolog",
            Format::Datalog => "datalog",
            Format::English => "english",
            Format::Milp => "milp",
            Format::Lp => "lp",
            Format::Mps => "mps",
        }
    }

    /// Whether texts of this format are logic programs.
    pub fn is_program(self) -> bool {
        matches!(
            self,
            Format::Program | Format::Asp | Format::Prolog | Format::Datalog
        )
    }

    /// Whether texts of this format are optimisation models.
    pub fn is_model(self) -> bool {
        matches!(self, Format::Milp | Format::Lp | Format::Mps)
    }

    /// The format of this name.
    pub fn find(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|f| f.name() == name)
    }

    /// The format that a file name's extension tells, if it tells one.
    pub fn of_file(name: &str) -> Option<Format> {
        let name = name.strip_suffix(".gz").unwrap_or(name);
        let (_, extension) = name.rsplit_once('.')?;
        Some(match extension.to_ascii_lowercase().as_str() {
            "fol" => Format::Fol,
            "p" | "tptp" | "ax" => Format::Tptp,
            "smt2" => Format::Smtlib,
            "in" | "p9" => Format::Prover9,
            "json" => Format::Json,
            "nltk" => Format::Nltk,
            "linc" => Format::Linc,
            "folio" => Format::Folio,
            "asp" => Format::Program,
            "mod" | "gmpl" | "ampl" => Format::Milp,
            "mps" | "qps" => Format::Mps,
            "pl" | "pro" => Format::Prolog,
            "dl" => Format::Datalog,
            _ => return None,
        })
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The format of a text, by its file's name where that tells, else by what
/// stands in it. The native language is what nothing else is.
///
/// ```
/// use nsolve_formats::{Format, detect};
/// assert_eq!(detect("a.p", ""), Format::Tptp);
/// assert_eq!(detect("<stdin>", "; a comment\n(assert true)"), Format::Smtlib);
/// assert_eq!(detect("<stdin>", "premise : cat(tom)\nask model"), Format::Fol);
/// ```
pub fn detect(name: &str, text: &str) -> Format {
    // Two languages have taken `.lp`: an LP file begins with an objective.
    let plain = name.strip_suffix(".gz").unwrap_or(name);
    if plain.to_ascii_lowercase().ends_with(".lp") {
        return match is_lp(text) {
            true => Format::Lp,
            false => Format::Program,
        };
    }
    Format::of_file(name).unwrap_or_else(|| of_text(text))
}

/// Whether a text begins as an LP file does, or as a comment of one.
fn is_lp(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    let first = lines.next().unwrap_or("");
    let word: String = first
        .chars()
        .take_while(|c| c.is_ascii_alphabetic())
        .collect();
    let words = [
        "min", "max", "minimize", "maximize", "minimise", "maximise", "minimum", "maximum",
    ];
    let begins = words.iter().any(|w| word.eq_ignore_ascii_case(w));
    let atom = first
        .get(word.len()..)
        .unwrap_or("")
        .starts_with(['(', '.']);
    first.starts_with('\\') || (begins && !atom)
}

/// Whether a text is a model of the native language, or an MPS file.
fn model_of_text(text: &str) -> Option<Format> {
    let lines = || text.lines().filter(|l| !l.trim().is_empty());
    let has = |word: &str| lines().any(|l| l.trim_end() == word);
    if has("ROWS") && has("COLUMNS") {
        return Some(Format::Mps);
    }
    let starts =
        |words: &[&str]| lines().any(|l| words.iter().any(|w| l.trim_start().starts_with(w)));
    let declares = starts(&["var "]) && text.contains(';');
    let aims = starts(&["minimize", "maximize", "subject to", "s.t."]);
    if declares && (aims || starts(&["set ", "param "])) {
        return Some(Format::Milp);
    }
    let rows = lines().any(|l| {
        let line = l.trim().to_ascii_lowercase();
        matches!(line.as_str(), "subject to" | "st" | "s.t." | "such that")
    });
    (is_lp(text) && rows).then_some(Format::Lp)
}

fn of_text(text: &str) -> Format {
    let lines = || text.lines().map(str::trim).filter(|l| !l.is_empty());
    let starts = |words: &[&str]| lines().any(|l| words.iter().any(|w| l.starts_with(w)));
    // Comments are told apart by their first character: `;` SMT-LIB, `%` TPTP
    // and Prover9, `#` native.
    let mut code = lines().filter(|l| !l.starts_with([';', '%', '#']));
    let first = code.next().unwrap_or("");
    let is_word = |c: char| c.is_ascii_lowercase() || c == '-' || c == '!';
    let command = first.strip_prefix('(').unwrap_or("");
    let commands = ["set-", "declare-", "define-", "assert", "check-sat"];
    if first.starts_with('{') {
        return Format::Json;
    }
    if command.starts_with(is_word) && commands.iter().any(|c| command.starts_with(c)) {
        return Format::Smtlib;
    }
    if starts(&["fof(", "tff(", "cnf(", "include("]) {
        return Format::Tptp;
    }
    if starts(&["formulas(", "set(", "assign(", "clear("]) {
        return Format::Prover9;
    }
    if starts(&["FOL:", "TEXT:"]) {
        return Format::Linc;
    }
    if let Some(model) = model_of_text(text) {
        return model;
    }
    if text.contains(":::") || text.contains(">>>") {
        return Format::LogicLm;
    }
    // A rule's neck is no part of any other format.
    if code
        .clone()
        .any(|l| l.contains(":-") || l.starts_with("?-"))
    {
        return Format::Program;
    }
    let native = [
        "premise",
        "conclusion",
        "sort ",
        "pred ",
        "func ",
        "const ",
        "ask ",
        "semantics",
        "option ",
    ];
    if starts(&native) {
        return Format::Fol;
    }
    if text.contains(['∀', '∃', '¬', '∧', '∨', '→', '↔', '⊕']) {
        return Format::Folio;
    }
    if is_prose(text) {
        return Format::English;
    }
    let nltk = ["all ", "exists ", "forall ", "some ", "-", "("];
    if starts(&nltk) || text.contains("->") {
        return Format::Nltk;
    }
    Format::Fol
}

/// Words that begin with a capital and end with a full stop or a question mark.
fn is_prose(text: &str) -> bool {
    let text = text.trim();
    let text = text.strip_prefix("---").map_or(text, |front| {
        let (_, body) = front.split_once("---").unwrap_or(("", front));
        body.trim()
    });
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or("");
    let plain = |w: &str| {
        w.chars()
            .all(|c| c.is_alphabetic() || "'\u{2019},-".contains(c))
    };
    let begins = first.starts_with(|c: char| c.is_uppercase() || c == '"');
    let goes_on = words.take(3).filter(|w| plain(w)).count() >= 2;
    begins && goes_on && (text.contains(". ") || text.ends_with(['.', '?', '!']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_contents_tell_the_format() {
        for format in Format::ALL {
            assert_eq!(Format::find(format.name()), Some(format));
        }
        for (name, text, format) in [
            ("x.AX", "", Format::Tptp),
            ("x.in", "", Format::Prover9),
            ("x.smt2", "", Format::Smtlib),
            ("x.txt", "% c\nfof(a,axiom,p).", Format::Tptp),
            ("-", "formulas(assumptions).\nend_of_list.", Format::Prover9),
            ("-", "{\"format\":\"nsolve/fol\"}", Format::Json),
            ("-", "TEXT:\tA cat.\nFOL:\tCat(tom)", Format::Linc),
            (
                "-",
                "Premises:\nCat(tom) ::: Tom is a cat.",
                Format::LogicLm,
            ),
            ("-", "Rules:\nCat($x) >>> Animal($x)", Format::LogicLm),
            ("-", "∀x (Cat(x) → Animal(x))", Format::Folio),
            ("-", "all x. (Cat(x) -> Animal(x))", Format::Nltk),
            ("-", "(declare-fun p () Bool)", Format::Smtlib),
            ("-", "premise : ∀x. p(x)\nask model", Format::Fol),
            ("x.lp", "p(a).", Format::Program),
            ("x.lp", "max(3).", Format::Program),
            ("x.lp", "\\ a comment\nmin\n x\nend", Format::Lp),
            ("x.lp", "Minimize -24 a\nst", Format::Lp),
            ("x.mod", "", Format::Milp),
            ("x.mps.gz", "", Format::Mps),
            ("-", "var x real;\nminimize c: x;", Format::Milp),
            ("-", "NAME\nROWS\n N c\nCOLUMNS\nENDATA", Format::Mps),
            ("-", "min\n x\nst\n c: x >= 1\nend", Format::Lp),
            ("x.pl", "", Format::Prolog),
            ("-", "p(a).\nq(X) :- p(X).", Format::Program),
            ("x.txt", "Tom is a cat. Is Tom a pet?", Format::English),
            ("-", "", Format::Fol),
        ] {
            assert_eq!(detect(name, text), format, "{name} {text}");
        }
    }
}
