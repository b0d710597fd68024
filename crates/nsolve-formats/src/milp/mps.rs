//! MPS files, fixed and free.

mod bounds;
mod fields;
mod finish;
mod matrix;
mod section;
mod sets;

use nsolve_il::milp::{Number, Problem, Sense};
use nsolve_source::{Code, Diagnostic, SourceText, Span};
use rustc_hash::FxHashMap;

use self::fields::{Field, Layout, Line};
use self::section::Section;
use super::amount::{Amount, no_number};
use super::build::{Columns, Faults};
use crate::limits::Read;

/// Reads an MPS file, of either format.
///
/// Fields are cut at blanks. Where that fails and cutting at the columns of the
/// fixed format does not, as names hold blanks, that is taken. All faults are
/// reported, up to 100. A problem comes back only where none is an error.
///
/// ```
/// use nsolve_formats::milp::read_mps;
/// use nsolve_source::SourceText;
/// let text = "NAME a\nROWS\n N cost\n G r\nCOLUMNS\n x cost 2 r 1\nRHS\n rhs r 3\nENDATA\n";
/// let (problem, diagnostics) = read_mps(&SourceText::new("a.mps", text)?);
/// assert!(diagnostics.is_empty());
/// assert_eq!(problem.map(|p| p.columns.len()), Some(1));
/// # Ok::<(), nsolve_source::Diagnostic>(())
/// ```
pub fn read_mps(source: &SourceText) -> (Option<Problem>, Vec<Diagnostic>) {
    let free = read_layout(source.text(), Layout::Free);
    if free.0.is_some() || source.text().contains('\t') {
        return free;
    }
    let mut fixed = read_layout(source.text(), Layout::Fixed);
    if fixed.0.is_none() {
        return free;
    }
    let message = "names hold blanks: the file was read by the columns of the fixed format";
    fixed
        .1
        .insert(0, Diagnostic::note(Code::MODEL_SPELLING, message));
    fixed
}

fn read_layout(text: &str, layout: Layout) -> (Option<Problem>, Vec<Diagnostic>) {
    let mut reader = Reader::new(layout);
    reader.lines(text);
    reader.finish()
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Le,
    Ge,
    Eq,
    /// The objective.
    Objective,
    /// A free row that is none.
    Free,
}

struct Row<'a> {
    name: &'a str,
    span: Span,
    kind: Kind,
    /// The right side, and the set that it is from.
    right: Option<Amount>,
    range: Option<Amount>,
    /// The column that switches it, where it is an indicator: at 1, or at 0.
    indicator: Option<(u32, bool)>,
    /// The last column (counted from 1) that has an entry in it.
    seen: u32,
}

/// One coefficient.
struct Entry {
    row: u32,
    column: u32,
    value: Number,
}

struct Reader<'a> {
    layout: Layout,
    section: Section,
    faults: Faults,
    name: &'a str,
    sense: Sense,
    objective_name: Option<&'a str>,
    rows: Vec<Row<'a>>,
    row_index: FxHashMap<&'a str, u32>,
    columns: Columns<'a>,
    entries: Vec<Entry>,
    /// The column whose entries are read.
    column: Option<u32>,
    /// Whether columns are integers here.
    integer: bool,
    /// Columns between the markers, for their bounds.
    marked: Vec<bool>,
    /// Whether anything was said about a column's bounds.
    bounded: Vec<bool>,
    /// The names of the sets of right sides, ranges and bounds.
    set_names: [Option<&'a str>; 3],
    sets: Vec<sets::Set<'a>>,
    /// Whether there has been a section of rows, and one of columns.
    has_rows: bool,
    has_columns: bool,
    has_objective: bool,
}

impl<'a> Reader<'a> {
    fn new(layout: Layout) -> Self {
        Reader {
            layout,
            section: Section::Start,
            faults: Faults::default(),
            name: "",
            sense: Sense::Minimize,
            objective_name: None,
            rows: Vec::new(),
            row_index: FxHashMap::default(),
            columns: Columns::default(),
            entries: Vec::new(),
            column: None,
            integer: false,
            marked: Vec::new(),
            bounded: Vec::new(),
            set_names: [None; 3],
            sets: Vec::new(),
            has_rows: false,
            has_columns: false,
            has_objective: false,
        }
    }

    fn lines(&mut self, text: &'a str) {
        let mut at = 0;
        for whole in text.split_inclusive('\n') {
            let start = at;
            at += whole.len();
            let line = whole.trim_end();
            if line.is_empty() || self.is_comment(line) {
                continue;
            }
            if let Err(fault) = self.line(line, start) {
                self.faults.push(*fault);
            }
            if self.faults.is_full() {
                return;
            }
            if self.section == Section::End {
                return self.after_end(text, at);
            }
        }
        self.truncated(text.len());
    }

    /// A star in the first column starts a comment. An indented one may start
    /// the name of a set, as in `*RHS*`.
    fn is_comment(&self, line: &str) -> bool {
        match line.as_bytes() {
            [b'*', ..] => true,
            [b' ' | b'\t', ..] => {
                let inner = line.trim_start();
                let starred = inner.strip_prefix('*');
                starred.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '*']))
                    || (starred.is_some() && self.section == Section::Start)
            }
            _ => false,
        }
    }

    fn after_end(&mut self, text: &str, at: usize) {
        if text.get(at..).is_some_and(|rest| !rest.trim().is_empty()) {
            let message = "what stands after `ENDATA` was passed over";
            let note = Diagnostic::note(Code::STATEMENT_PASSED, message);
            self.faults.push(note.at(Span::new(at, text.len())));
        }
    }

    fn truncated(&mut self, end: usize) {
        let end = Span::new(end, end);
        let fault = match self.section {
            Section::Start => Diagnostic::error(
                Code::NO_MODEL,
                "this is no MPS file: no section starts in it",
            ),
            _ => Diagnostic::error(
                Code::TRUNCATED_MODEL,
                "the file has no `ENDATA`: it has been cut off",
            ),
        };
        self.faults.push(fault.at(end));
    }

    fn line(&mut self, text: &'a str, start: usize) -> Read<()> {
        let in_front = !text.starts_with([' ', '\t']);
        if in_front {
            let end = text.find(char::is_whitespace).unwrap_or(text.len());
            let (word, rest) = text.split_at_checked(end).unwrap_or((text, ""));
            // In free format a comment may follow.
            let alone = rest.is_empty() || rest.trim_start().starts_with('$');
            if let Some(section) = section::find(word, alone) {
                let field = Field {
                    text: word,
                    at: start as u32,
                };
                return self.start(section, field, rest.trim());
            }
            return self.stray(text, start);
        }
        let line = Line::cut(text, start, self.layout);
        self.data(line)
    }

    /// A line in column 1 that starts no section: data that are not indented,
    /// as some write in free format.
    fn stray(&mut self, text: &'a str, start: usize) -> Read<()> {
        let line = Line::cut(text, start, Layout::Free);
        let has_data = !matches!(
            self.section,
            Section::Start | Section::Name | Section::Unknown
        );
        let is_sense = matches!(self.section, Section::Sense | Section::ObjectiveName);
        if (has_data && line.len() > 1) || is_sense {
            let message = "lines of data begin behind a blank";
            self.faults.spelling(message, line.span());
            return self.data(line);
        }
        let word = line.get(0);
        let code = match self.section {
            Section::Start => Code::NO_MODEL,
            _ => Code::BAD_SECTION,
        };
        let message = match self.section {
            Section::Start => "this is no MPS file: it starts with no section".to_owned(),
            _ => format!("no section of MPS files is called `{:.60}`", word.text),
        };
        let is_known = self.section == Section::Unknown;
        self.section = Section::Unknown;
        if is_known {
            return Ok(());
        }
        let fault = Diagnostic::error(code, message).at(word.span());
        Err(Box::new(fault.expecting(["NAME", "ROWS", "COLUMNS"])))
    }

    fn start(&mut self, section: Section, word: Field<'a>, rest: &'a str) -> Read<()> {
        let first = rest.split_whitespace().next().unwrap_or("");
        self.section = section;
        match section {
            Section::Name => self.name = if first.starts_with('$') { "" } else { first },
            Section::Sense if !first.is_empty() => self.set_sense(first, word.span())?,
            Section::ObjectiveName if !first.is_empty() => self.objective_name = Some(first),
            Section::Rows => self.has_rows = true,
            Section::OtherRows => self.faults.spelling(
                "lazy constraints and user cuts are read as rows",
                word.span(),
            ),
            Section::Columns => {
                if !self.has_rows {
                    return Err(missing("ROWS", word.span()));
                }
                if self.has_columns {
                    let message = "a second section COLUMNS";
                    let fault = Diagnostic::error(Code::BAD_SECTION, message);
                    return Err(Box::new(fault.at(word.span())));
                }
                self.has_columns = true;
            }
            Section::RightSides | Section::Ranges | Section::Bounds if !self.has_columns => {
                return Err(missing("COLUMNS", word.span()));
            }
            Section::Unsupported(what) => {
                let message = format!("{what} not read");
                let fault = Diagnostic::error(Code::MODEL_UNSUPPORTED, message);
                return Err(Box::new(fault.at(word.span())));
            }
            _ => {}
        }
        Ok(())
    }

    fn data(&mut self, line: Line<'a>) -> Read<()> {
        match self.section {
            Section::Sense => self.set_sense(line.get(0).text, line.span()),
            Section::ObjectiveName => {
                self.objective_name = Some(line.get(0).text);
                Ok(())
            }
            Section::Rows | Section::OtherRows => self.row(line),
            Section::Columns => self.entry(line),
            Section::RightSides => self.right_side(line),
            Section::Ranges => self.range(line),
            Section::Bounds => self.bound(line),
            Section::Sets => self.set(line),
            Section::Indicators => self.indicator(line),
            Section::Start => {
                self.section = Section::Unknown;
                let message = "this is no MPS file: it starts with no section";
                let fault = Diagnostic::error(Code::NO_MODEL, message).at(line.span());
                Err(Box::new(fault.help("sections start in the first column")))
            }
            Section::Name => Err(Box::new(
                Diagnostic::error(Code::MODEL_UNEXPECTED, "data outside of a section")
                    .at(line.span())
                    .help("sections start in the first column"),
            )),
            Section::Unsupported(_) | Section::Unknown | Section::End => Ok(()),
        }
    }

    fn set_sense(&mut self, word: &str, span: Span) -> Read<()> {
        let is = |short: &str| word.get(..3).is_some_and(|w| w.eq_ignore_ascii_case(short));
        if is("max") {
            self.sense = Sense::Maximize;
        } else if is("min") {
            self.sense = Sense::Minimize;
        } else {
            let message = format!("expected MAX or MIN, found `{word:.60}`");
            let fault = Diagnostic::error(Code::MODEL_UNEXPECTED, message).at(span);
            return Err(Box::new(fault.expecting(["MAX", "MIN"])));
        }
        Ok(())
    }

    /// The row of this name.
    fn find_row(&self, field: Field<'_>) -> Read<u32> {
        let found = self.row_index.get(field.text).copied();
        found.ok_or_else(|| {
            let message = format!("there is no row `{:.60}`", field.text);
            Box::new(Diagnostic::error(Code::UNKNOWN_ROW, message).at(field.span()))
        })
    }

    fn find_column(&self, field: Field<'_>) -> Read<u32> {
        self.columns.find(field.text).ok_or_else(|| {
            let message = format!("there is no column `{:.60}`", field.text);
            Box::new(Diagnostic::error(Code::UNKNOWN_COLUMN, message).at(field.span()))
        })
    }

    /// Whether a comment starts at this field: where a name is expected, and
    /// there is none that begins so.
    fn starts_comment(&self, field: Field<'_>, is_known: impl Fn(&Self, &str) -> bool) -> bool {
        field.text.starts_with(['$', '*']) && !is_known(self, field.text)
    }

    fn is_row(&self, name: &str) -> bool {
        self.row_index.contains_key(name)
    }
}

fn missing(section: &str, span: Span) -> Box<Diagnostic> {
    let message = format!("the section {section} comes before this one");
    Box::new(Diagnostic::error(Code::BAD_SECTION, message).at(span))
}

/// A number, which may be infinite.
fn amount(field: Field<'_>) -> Read<Amount> {
    Amount::of_text(field.text).ok_or_else(|| Box::new(no_number(field.text, field.span())))
}

/// A coefficient, however large.
fn number(field: Field<'_>) -> Read<Number> {
    let (negative, bare) = match field.text.as_bytes() {
        [b'-', bare @ ..] => (true, bare),
        [b'+', bare @ ..] => (false, bare),
        bare => (false, bare),
    };
    match Number::of_decimal(bare) {
        Some(value) if negative => Ok(-value),
        Some(value) => Ok(value),
        None => amount(field)?.finite(field.span()),
    }
}
