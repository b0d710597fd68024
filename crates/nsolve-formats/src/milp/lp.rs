//! CPLEX LP files.

mod bounds;
mod expression;
mod lex;
mod rows;
mod section;
mod sets;

use nsolve_il::milp::{Condition, Objective, Problem, Rows};
use nsolve_source::{Code, Diagnostic, SourceText, Span};
use rustc_hash::FxHashMap;

use self::expression::Sum;
use self::lex::{Kind, Lexer, Token};
use self::section::Section;
use super::build::{Columns, Faults, family, is_nothing, unnamed};
use crate::limits::Read;

pub(super) use self::expression::brackets_fit;
pub(super) use self::lex::RANGE;
pub(super) use self::section::is_reserved;

/// Reads a CPLEX LP file.
///
/// All faults are reported, up to 100. A problem comes back only where none is
/// an error.
///
/// ```
/// use nsolve_formats::milp::read_lp;
/// use nsolve_source::SourceText;
/// let text = SourceText::new("a.lp", "max 3 x + 2 y\nst\n c: x + y <= 4\nend\n")?;
/// let (problem, diagnostics) = read_lp(&text);
/// assert!(diagnostics.is_empty());
/// assert_eq!(problem.map(|p| p.rows.len()), Some(1));
/// # Ok::<(), nsolve_source::Diagnostic>(())
/// ```
pub fn read_lp(source: &SourceText) -> (Option<Problem>, Vec<Diagnostic>) {
    let mut reader = Reader::new(source.text());
    reader.sections();
    reader.finish(problem_name(source.text()))
}

struct Reader<'a> {
    lexer: Lexer<'a>,
    /// The token that is looked at.
    token: Token,
    /// What was before it, and where that ends.
    previous: Kind,
    passed_end: u32,
    /// Whether no comparison has been passed in this statement.
    left: bool,
    faults: Faults,
    columns: Columns<'a>,
    objective: Option<Objective>,
    rows: Rows,
    /// The row that gets a second bound from the next one, and where the
    /// comment stands that says so.
    half: Option<u32>,
    range: Option<usize>,
    row_names: Vec<(Option<&'a str>, Span)>,
    row_index: FxHashMap<&'a str, u32>,
    conditions: Vec<Condition>,
    condition_names: Vec<(Option<&'a str>, Span)>,
    /// How many rows and the like have been started, to notice repetitions.
    statements: u32,
    /// Room for the sides of a row.
    pool: Vec<Sum>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let mut lexer = Lexer::new(text);
        let token = lexer.next();
        Reader {
            lexer,
            token,
            previous: Kind::End,
            passed_end: 0,
            left: false,
            faults: Faults::default(),
            columns: Columns::default(),
            objective: None,
            rows: Rows::default(),
            half: None,
            range: None,
            row_names: Vec::new(),
            row_index: FxHashMap::default(),
            conditions: Vec::new(),
            condition_names: Vec::new(),
            statements: 0,
            pool: Vec::new(),
        }
    }

    fn advance(&mut self) -> Token {
        let passed = self.token;
        self.previous = passed.kind;
        self.passed_end = passed.end;
        self.token = self.lexer.next();
        passed
    }

    fn slice(&self, token: Token) -> &'a str {
        self.lexer.slice(token)
    }

    /// The section that starts here, and the lexer behind its words. A keyword
    /// with a colon behind it is a name, and so is one in the middle of a
    /// line where a name is wanted.
    fn section(&self) -> Option<(Section, Lexer<'a>)> {
        let token = self.token;
        if token.kind != Kind::Name {
            return None;
        }
        let word = self.slice(token);
        if !section::may_be(word) {
            return None;
        }
        let second = section::has_second_word(word);
        let single = section::find(word);
        if single.is_none() && !second || self.lexer.colon_follows() {
            return None;
        }
        let inside = self.previous.wants_more() || (self.left && self.previous == Kind::Number);
        if inside && !token.first {
            return None;
        }
        let longer = if second {
            self.long_section(token)
        } else {
            None
        };
        longer.or_else(|| single.map(|s| (s, self.lexer)))
    }

    /// A section of two words, which a minus sign may join.
    fn long_section(&self, token: Token) -> Option<(Section, Lexer<'a>)> {
        let mut lexer = self.lexer;
        let mut next = lexer.next();
        let mut joint = " ";
        if next.kind == Kind::Minus && next.start == token.end {
            next = lexer.next();
            joint = "-";
        }
        let words = format!("{}{joint}{:.20}", self.slice(token), lexer.slice(next));
        let found = section::find(&words).filter(|_| next.kind == Kind::Name)?;
        Some((found, lexer))
    }

    fn sections(&mut self) {
        if self.section().is_none() {
            self.no_model();
            self.skip_to_section();
        }
        if let Some((section, _)) = self.section()
            && !matches!(section, Section::Objective(_))
            && !self.faults.has_errors()
        {
            let message = "the file has no objective: any feasible point is asked for";
            let warning = Diagnostic::warning(Code::BAD_SECTION, message);
            self.faults.push(warning.at(self.token.span()));
        }
        let mut ended = false;
        while let Some((section, lexer)) = self.section()
            && !self.faults.is_full()
        {
            let heading = self.token.span();
            self.lexer = lexer;
            self.advance();
            self.left = false;
            if section == Section::End {
                ended = true;
                break;
            }
            self.read_section(section, heading);
        }
        self.left = false;
        if ended && self.token.kind != Kind::End {
            let message = "something stands after `end`";
            let fault = Diagnostic::error(Code::BAD_SECTION, message).at(self.token.span());
            self.faults.push(fault.help("a file has one problem"));
        }
        self.check_end(ended);
    }

    fn no_model(&mut self) {
        let help = match self.lexer.colon_follows() {
            true => "this may be a file of lp_solve, which is another format",
            false => "a file starts with `minimize` or `maximize`",
        };
        let message = "this is no LP file: no objective comes first";
        let fault = Diagnostic::error(Code::NO_MODEL, message)
            .at(self.token.span())
            .expecting(["`minimize`", "`maximize`"])
            .help(help);
        self.faults.push(fault);
    }

    fn check_end(&mut self, ended: bool) {
        if let Some(at) = self.lexer.unclosed {
            let fault = Diagnostic::error(Code::MODEL_UNCLOSED, "a comment does not end");
            self.faults.push(fault.at(Span::new(at, at + 2)));
        }
        if let Some(at) = self.lexer.semicolon {
            let message = "semicolons are passed over";
            self.faults.spelling(message, Span::new(at, at + 1));
        }
        if !ended && !self.faults.has_errors() {
            let message = "the file has no `end`; it may have been cut off";
            let fault = Diagnostic::warning(Code::TRUNCATED_MODEL, message);
            self.faults.push(fault.at(self.token.span()));
        }
    }

    fn read_section(&mut self, section: Section, heading: Span) {
        match section {
            Section::Objective(sense) => self.read_objective(sense, heading),
            Section::Rows => self.read_statements(Self::read_row),
            Section::OtherRows => {
                self.faults
                    .spelling("lazy constraints and user cuts are read as rows", heading);
                self.read_statements(Self::read_row);
            }
            Section::Bounds => self.read_statements(Self::read_bound),
            Section::Integers => self.read_statements(|r| r.mark(|said, _| said.integer = true)),
            Section::Binaries => {
                self.read_statements(|r| r.mark(|said, at| said.binary = Some(at)));
            }
            Section::Semicontinuous => {
                self.read_statements(|r| r.mark(|said, _| said.semi = true));
            }
            Section::Sets(kind) => self.read_statements(|r| r.read_set(kind)),
            Section::Unsupported(what) => {
                let message = format!("{what} are not read");
                let fault = Diagnostic::error(Code::MODEL_UNSUPPORTED, message);
                self.faults.push(fault.at(heading));
                self.skip_to_section();
            }
            Section::End => {}
        }
    }

    /// Reads statements up to the next section. Behind one that cannot be read
    /// it goes on with the next line.
    fn read_statements(&mut self, read: impl Fn(&mut Self) -> Read<()>) {
        self.left = false;
        while self.token.kind != Kind::End && self.section().is_none() && !self.faults.is_full() {
            let start = self.token.start;
            if let Err(fault) = read(self) {
                self.faults.push(*fault);
                self.left = false;
                self.skip_line(start);
            }
            self.left = false;
        }
    }

    /// Goes on to the next line that does not look like the rest of this one.
    fn skip_line(&mut self, start: u32) {
        if self.token.start == start {
            self.advance();
        }
        let goes_on = |t: Token| !t.first || t.kind.is_sign() || t.kind.is_comparison();
        while self.token.kind != Kind::End && goes_on(self.token) && self.section().is_none() {
            self.advance();
        }
    }

    fn skip_to_section(&mut self) {
        self.left = false;
        while self.token.kind != Kind::End && !(self.token.first && self.section().is_some()) {
            self.advance();
        }
    }

    /// The fault of a token that has no place here.
    fn unexpected(&self, expected: &str) -> Box<Diagnostic> {
        let token = self.token;
        if token.kind == Kind::End {
            let message = format!("the text ends where {expected} should follow");
            return Box::new(Diagnostic::error(Code::TRUNCATED_MODEL, message).at(token.span()));
        }
        let text = self.slice(token);
        let (code, message) = match token.kind {
            Kind::Other => {
                let message = format!("no word or sign starts with {text:?}");
                (Code::MODEL_CHARACTER, message)
            }
            _ => {
                let message = format!("expected {expected}, found `{text:.60}`");
                (Code::MODEL_UNEXPECTED, message)
            }
        };
        let fault = Diagnostic::error(code, message).at(token.span());
        Box::new(fault.expecting([expected]))
    }

    fn finish(mut self, name: &str) -> (Option<Problem>, Vec<Diagnostic>) {
        let (columns, column_families) = self.columns.finish(&mut self.faults);
        if self.faults.has_errors() {
            return (None, self.faults.finish());
        }
        let mut named = |list: &[(Option<&'a str>, Span)], letter: char| {
            let name = |(i, (name, span)): (usize, &(Option<&str>, Span))| {
                let name = match name {
                    Some(name) => (*name).into(),
                    None => unnamed(i + 1, letter, &mut self.row_index),
                };
                (name, Some(*span))
            };
            family(list.iter().enumerate().map(name).collect())
        };
        let row_families = named(&self.row_names, 'c');
        let condition_families = named(&self.condition_names, 'l');
        let objective = self.objective.filter(|o| !is_nothing(&o.expression));
        let problem = Problem {
            name: name.into(),
            columns,
            rows: self.rows,
            objectives: objective.into_iter().collect(),
            conditions: self.conditions,
            column_families,
            row_families,
            condition_families,
            ..Problem::default()
        };
        (Some(problem), self.faults.finish())
    }
}

/// The problem's name, which CPLEX, GLPK and Gurobi write as a comment.
fn problem_name(text: &str) -> &str {
    let comments = text.lines().take(20).map_while(|l| l.strip_prefix('\\'));
    for comment in comments {
        if let Some(name) = comment.strip_prefix("Problem name:") {
            return name.trim();
        }
        if let Some(name) = comment.strip_prefix("* Problem:") {
            return name.trim_end_matches("*\\").trim();
        }
        if let Some(name) = comment.strip_prefix(" Model ")
            && !name.trim().contains(char::is_whitespace)
        {
            return name.trim();
        }
    }
    ""
}
