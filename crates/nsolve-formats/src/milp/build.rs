//! What both readers fill: columns, names, faults.

use nsolve_il::milp::{Bound, Column, Domain, Family, Keys, Number};
use nsolve_source::{Code, Diagnostic, Severity, Span};
use rustc_hash::FxHashMap;

/// How many errors, and how many other diagnostics, one text gets.
const MOST_FAULTS: usize = 100;

/// Diagnostics in the making.
#[derive(Default)]
pub(super) struct Faults {
    list: Vec<Diagnostic>,
    errors: usize,
    told: Vec<&'static str>,
}

impl Faults {
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        let is_error = diagnostic.severity == Severity::Error;
        let already = match is_error {
            true => self.errors,
            false => self.list.len() - self.errors,
        };
        if already < MOST_FAULTS {
            self.errors += usize::from(is_error);
            self.list.push(diagnostic);
        }
    }

    /// Says once in a text that something is spelt in a way of its own.
    pub(super) fn spelling(&mut self, message: &'static str, span: Span) {
        self.once(
            Diagnostic::note(Code::MODEL_SPELLING, message).at(span),
            message,
        );
    }

    /// Says something once in a text.
    pub(super) fn once(&mut self, diagnostic: Diagnostic, message: &'static str) {
        if !self.told.contains(&message) {
            self.told.push(message);
            self.push(diagnostic);
        }
    }

    pub(super) fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Whether there are so many that reading on helps nobody.
    pub(super) fn is_full(&self) -> bool {
        self.errors >= MOST_FAULTS
    }

    /// All of them in the order of the text.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.list.sort_by_key(|d| d.span);
        self.list
    }
}

/// What has been said about a column so far.
#[derive(Clone, Copy, Default)]
pub(super) struct Said {
    /// A lower bound was given.
    pub(super) lower: bool,
    /// An upper bound was given, here.
    pub(super) upper: Option<Span>,
    /// Integers only.
    pub(super) integer: bool,
    /// 0 and 1 only, as was said here.
    pub(super) binary: Option<Span>,
    /// 0 or between the bounds.
    pub(super) semi: bool,
}

/// Columns by name, in the order in which they are first mentioned.
#[derive(Default)]
pub(super) struct Columns<'a> {
    index: FxHashMap<&'a str, u32>,
    names: Vec<(&'a str, Span)>,
    bounds: Vec<(Bound, Bound)>,
    said: Vec<Said>,
    /// The last row or column that mentions each.
    seen: Vec<u32>,
}

impl<'a> Columns<'a> {
    pub(super) fn find(&self, name: &str) -> Option<u32> {
        self.index.get(name).copied()
    }

    /// A column that is not there yet, of the values that are the default: not
    /// negative.
    pub(super) fn add(&mut self, name: &'a str, span: Span) -> u32 {
        let column = self.names.len() as u32;
        self.index.insert(name, column);
        self.names.push((name, span));
        self.bounds.push((Some(Number::ZERO), None));
        self.said.push(Said::default());
        self.seen.push(0);
        column
    }

    pub(super) fn name(&self, column: u32) -> &'a str {
        self.names.get(column as usize).map_or("", |(name, _)| name)
    }

    pub(super) fn span(&self, column: u32) -> Span {
        let entry = self.names.get(column as usize);
        entry.map_or_else(Span::default, |(_, span)| *span)
    }

    /// Marks a column as mentioned by a row (counted from 1), and says whether
    /// it already was.
    pub(super) fn repeats(&mut self, column: u32, row: u32) -> bool {
        match self.seen.get_mut(column as usize) {
            Some(seen) => std::mem::replace(seen, row) == row,
            None => false,
        }
    }

    pub(super) fn set_lower(&mut self, column: u32, lower: Bound) {
        if let Some(said) = self.said_mut(column) {
            said.lower = true;
        }
        if let Some(bounds) = self.bounds.get_mut(column as usize) {
            bounds.0 = lower;
        }
    }

    pub(super) fn set_upper(&mut self, column: u32, upper: Bound, span: Span) {
        if let Some(said) = self.said_mut(column) {
            said.upper = Some(span);
        }
        if let Some(bounds) = self.bounds.get_mut(column as usize) {
            bounds.1 = upper;
        }
    }

    pub(super) fn said(&self, column: u32) -> Said {
        self.said.get(column as usize).copied().unwrap_or_default()
    }

    pub(super) fn said_mut(&mut self, column: u32) -> Option<&mut Said> {
        self.said.get_mut(column as usize)
    }

    /// The columns with their names.
    pub(super) fn finish(self, faults: &mut Faults) -> (Vec<Column>, Vec<Family>) {
        let rows = self.bounds.into_iter().zip(&self.said).zip(&self.names);
        let mut columns = Vec::with_capacity(self.names.len());
        for (((lower, upper), said), (name, _)) in rows {
            let mut column = Column {
                lower,
                upper,
                domain: said.domain(),
            };
            warn_of_negative_upper(&column, said, name, faults);
            if let Some(span) = said.binary {
                make_binary(&mut column, name, span, faults);
            }
            columns.push(column);
        }
        let names = self.names.into_iter();
        let family = family(
            names
                .map(|(name, span)| (name.into(), Some(span)))
                .collect(),
        );
        (columns, family)
    }
}

impl Said {
    fn domain(&self) -> Domain {
        match (self.integer || self.binary.is_some(), self.semi) {
            (false, false) => Domain::Real,
            (true, false) => Domain::Integer,
            (false, true) => Domain::Semicontinuous,
            (true, true) => Domain::Semiinteger,
        }
    }
}

/// HiGHS and GLPK leave such a column at least 0, so that it has no value;
/// others let it be negative.
fn warn_of_negative_upper(column: &Column, said: &Said, name: &str, faults: &mut Faults) {
    let negative = column.upper.as_ref().is_some_and(Number::is_negative);
    if let (true, false, Some(span)) = (negative, said.lower, said.upper) {
        let message =
            format!("`{name:.60}` has a negative upper bound and no lower bound, which stays 0");
        faults.push(
            Diagnostic::warning(Code::NEGATIVE_UPPER, message)
                .at(span)
                .help("give a lower bound: some solvers take minus infinity here"),
        );
    }
}

/// Bounds that are stated count, as HiGHS and GLPK have it; else they are 0 and
/// 1.
fn make_binary(column: &mut Column, name: &str, span: Span, faults: &mut Faults) {
    column.upper.get_or_insert(Number::ONE);
    let outside = |bound: &Bound| {
        bound
            .as_ref()
            .is_none_or(|b| b.is_negative() || *b > Number::ONE)
    };
    if outside(&column.lower) || outside(&column.upper) {
        let message = format!("`{name:.60}` is binary, but its bounds are not within 0 and 1");
        faults.push(
            Diagnostic::warning(Code::OUTSIDE_FORMAT, message)
                .at(span)
                .help("the bounds count: it is any integer between them"),
        );
    }
}

/// One family for all of them, if there are any.
pub(super) fn family(names: Vec<(Box<str>, Option<Span>)>) -> Vec<Family> {
    let span = match (names.first(), names.last()) {
        (Some((_, Some(first))), Some((_, Some(last)))) => Some(first.to(*last)),
        (None, _) => return Vec::new(),
        _ => None,
    };
    vec![Family {
        name: "".into(),
        span,
        doc: None,
        first: 0,
        len: names.len() as u32,
        keys: Keys::Names(names),
        helps: None,
    }]
}

/// The objective, if there is one: what has no coefficient asks for nothing.
pub(super) fn is_nothing(expression: &nsolve_il::milp::Linear) -> bool {
    expression.terms.is_empty() && expression.constant.is_zero()
}

/// Names for what has none, such that none is given twice.
pub(super) fn unnamed(number: usize, letter: char, taken: &mut FxHashMap<&str, u32>) -> Box<str> {
    let mut name = format!("{letter}{number}");
    while taken.contains_key(name.as_str()) {
        name.push('_');
    }
    name.into()
}
