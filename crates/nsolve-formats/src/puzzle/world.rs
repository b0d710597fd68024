//! What a puzzle declares: sorts with their elements, sets of these, functions.

use nsolve_il::Rational;
use nsolve_source::{Code, Diagnostic, Span};
use nsolve_syntax::fol::{Declaration, Ident, SortSpec};
use rustc_hash::{FxHashMap, FxHashSet};

/// The most elements of a sort.
const MOST_ELEMENTS: usize = 1000;
/// The most sorts.
const MOST_SORTS: usize = 200;
/// The most names that are no names of Python.
const MOST_ODD: usize = 500;

/// An element of a sort.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    /// Its name in the document.
    pub(crate) name: String,
    /// The number that it is, or its place among the sort's elements.
    pub(crate) value: Rational,
}

/// An enumerated sort.
#[derive(Clone, Debug)]
pub(crate) struct Sort {
    pub(crate) name: Ident,
    pub(crate) elements: Vec<Element>,
    /// Whether its elements are numbers.
    pub(crate) numeric: bool,
}

/// Some or all elements of a sort, by position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) sort: usize,
    /// `None` for all.
    pub(crate) only: Option<Vec<usize>>,
}

/// What an argument may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Argument {
    Sort(usize),
    Int,
}

/// What a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Result {
    Formula,
    Sort(usize),
    Int,
}

/// A function or predicate.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) name: Ident,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) result: Result,
}

/// All that is declared.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) sorts: Vec<Sort>,
    ranges: FxHashMap<String, Range>,
    functions: FxHashMap<String, Function>,
    order: Vec<String>,
    elements: FxHashMap<String, (usize, usize)>,
    /// Functions whose values are only a part of their sort.
    pub(crate) guards: Vec<(String, Range)>,
    /// Names whose declaration could not be read.
    pub(crate) refused: FxHashSet<String>,
    /// Names that are no names of Python, longest first.
    pub(crate) odd: Vec<String>,
}

impl World {
    /// The set of this name.
    pub(crate) fn range(&self, name: &str) -> Option<&Range> {
        self.ranges.get(name)
    }

    pub(crate) fn function(&self, name: &str) -> Option<&Function> {
        self.functions.get(name)
    }

    /// The sort and position of the element of this name.
    pub(crate) fn element(&self, name: &str) -> Option<(usize, usize)> {
        self.elements.get(name).copied()
    }

    pub(crate) fn sort(&self, sort: usize) -> Option<&Sort> {
        self.sorts.get(sort)
    }

    pub(crate) fn elements(&self, sort: usize) -> &[Element] {
        self.sorts.get(sort).map_or(&[], |s| &s.elements)
    }

    /// The position of a number in a sort of numbers.
    pub(crate) fn position(&self, sort: usize, value: &Rational) -> Option<usize> {
        self.elements(sort).iter().position(|e| e.value == *value)
    }

    /// Whether there is no room for another sort.
    pub(crate) fn is_full(&self) -> bool {
        self.sorts.len() >= MOST_SORTS
    }

    /// All names that may stand in a formula, for suggestions.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let elements = self.elements.keys().map(String::as_str);
        elements.chain(self.order.iter().map(String::as_str))
    }

    fn is_taken(&self, name: &str) -> bool {
        self.ranges.contains_key(name) || self.functions.contains_key(name)
    }

    fn note_odd(&mut self, name: &str) {
        let plain = name.chars().all(|c| c.is_alphanumeric() || c == '_')
            && !name.starts_with(|c: char| c.is_ascii_digit());
        // A name too many can still be written in quotes.
        if !plain && !name.is_empty() && self.odd.len() < MOST_ODD {
            let at = self.odd.partition_point(|n| n.len() >= name.len());
            self.odd.insert(at, name.to_owned());
        }
    }

    /// Declares a set of things with names. It is a sort of its own, or part of
    /// one that is declared already.
    pub(crate) fn things(&mut self, name: &Ident, elements: &[Ident]) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        let mut fresh = Vec::new();
        let mut known = Vec::new();
        for element in elements {
            if !seen.insert(&element.name) {
                faults.push(twice(element));
                continue;
            }
            match self.element(&element.name) {
                Some(place) => known.push(place),
                None => fresh.push(element),
            }
        }
        if let Some(fault) = self.refusal(name, elements.len()) {
            faults.push(fault);
            return faults;
        }
        if known.is_empty() {
            let sort = self.sorts.len();
            for (position, element) in fresh.iter().enumerate() {
                self.elements.insert(element.name.clone(), (sort, position));
                self.note_odd(&element.name);
            }
            let made = fresh.iter().enumerate().map(|(i, element)| Element {
                name: element.name.clone(),
                value: Rational::from_integer((i + 1).into()),
            });
            self.sorts.push(Sort {
                name: name.clone(),
                elements: made.collect(),
                numeric: false,
            });
            self.ranges
                .insert(name.name.clone(), Range { sort, only: None });
            return faults;
        }
        let sort = known.first().map_or(0, |(sort, _)| *sort);
        if !fresh.is_empty() || known.iter().any(|(s, _)| *s != sort) {
            faults.push(
                Diagnostic::error(
                    Code::DUPLICATE_DECLARATION,
                    format!("some elements of `{}` belong to another sort", name.name),
                )
                .at(name.span)
                .help("declare one sort of all of them first, then sorts that are parts of it"),
            );
            self.refused.insert(name.name.clone());
            return faults;
        }
        let mut only: Vec<usize> = known.into_iter().map(|(_, position)| position).collect();
        only.sort_unstable();
        let only = (only.len() < self.elements(sort).len()).then_some(only);
        self.ranges.insert(name.name.clone(), Range { sort, only });
        faults
    }

    /// Declares a set of numbers. Sets of the same numbers are one sort.
    pub(crate) fn numbers(&mut self, name: &Ident, values: &[(Rational, Span)]) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        let mut distinct: Vec<Rational> = Vec::new();
        for (value, span) in values {
            if distinct.contains(value) {
                faults.push(twice(&Ident {
                    name: value.to_string(),
                    span: *span,
                }));
            } else {
                distinct.push(value.clone());
            }
        }
        if let Some(fault) = self.refusal(name, values.len()) {
            faults.push(fault);
            return faults;
        }
        distinct.sort();
        let sort = self.number_sort(name, distinct);
        self.ranges
            .insert(name.name.clone(), Range { sort, only: None });
        faults
    }

    /// The sort of these numbers, which are in order.
    pub(crate) fn number_sort(&mut self, name: &Ident, values: Vec<Rational>) -> usize {
        let same = |s: &Sort| s.numeric && s.elements.iter().map(|e| &e.value).eq(values.iter());
        if let Some(sort) = self.sorts.iter().position(same) {
            return sort;
        }
        let sort = self.sorts.len();
        let mut elements = Vec::with_capacity(values.len());
        for (position, value) in values.into_iter().enumerate() {
            let mut shown = value.to_string();
            if self.elements.contains_key(&shown) {
                shown = format!("{shown} of {}", name.name);
            }
            self.elements.insert(shown.clone(), (sort, position));
            elements.push(Element { name: shown, value });
        }
        self.sorts.push(Sort {
            name: name.clone(),
            elements,
            numeric: true,
        });
        sort
    }

    fn refusal(&mut self, name: &Ident, elements: usize) -> Option<Diagnostic> {
        let fault = if self.is_taken(&name.name) {
            Diagnostic::error(
                Code::DUPLICATE_DECLARATION,
                format!("`{}` is declared twice", name.name),
            )
        } else if self.is_full() {
            self.refused.insert(name.name.clone());
            Diagnostic::error(
                Code::UNSUPPORTED,
                format!("there are more than {MOST_SORTS} sorts"),
            )
        } else if elements == 0 || elements > MOST_ELEMENTS {
            self.refused.insert(name.name.clone());
            Diagnostic::error(
                Code::UNSUPPORTED,
                format!("a sort has 1 to {MOST_ELEMENTS} elements, this has {elements}"),
            )
        } else {
            return None;
        };
        Some(fault.at(name.span))
    }

    /// Declares a function.
    pub(crate) fn declare(&mut self, function: Function) -> Option<Diagnostic> {
        let name = function.name.clone();
        if self.is_taken(&name.name) {
            let message = format!("`{}` is declared twice", name.name);
            let twice = Diagnostic::error(Code::DUPLICATE_DECLARATION, message).at(name.span);
            return Some(twice.help("give each function a name of its own"));
        }
        self.note_odd(&name.name);
        self.order.push(name.name.clone());
        self.functions.insert(name.name, function);
        None
    }

    /// Changes what a function gives.
    pub(crate) fn set_result(&mut self, name: &str, result: Result) {
        if let Some(function) = self.functions.get_mut(name) {
            function.result = result;
        }
    }

    /// All declarations, sorts first.
    pub(crate) fn declarations(&self) -> Vec<(Declaration, Span)> {
        let mut out = Vec::new();
        for sort in &self.sorts {
            let span = sort.name.span;
            let elements = sort.elements.iter().map(|e| Ident {
                name: e.name.clone(),
                span,
            });
            out.push((
                Declaration::Sort {
                    name: sort.name.clone(),
                    elements: Some(elements.collect()),
                },
                span,
            ));
        }
        for function in self.order.iter().filter_map(|n| self.functions.get(n)) {
            let span = function.name.span;
            let named = |name: &str| {
                SortSpec::Named(Ident {
                    name: name.to_owned(),
                    span,
                })
            };
            let spec = |sort: usize| {
                self.sort(sort)
                    .map_or(SortSpec::Open(span), |s| named(&s.name.name))
            };
            let arguments = function.arguments.iter().map(|a| match a {
                Argument::Sort(sort) => spec(*sort),
                Argument::Int => named("Int"),
            });
            let result = match function.result {
                Result::Formula => None,
                Result::Sort(sort) => Some(spec(sort)),
                Result::Int => Some(named("Int")),
            };
            out.push((
                Declaration::Symbol {
                    name: function.name.clone(),
                    arguments: arguments.collect(),
                    result,
                    meaning: None,
                },
                span,
            ));
        }
        out
    }
}

fn twice(element: &Ident) -> Diagnostic {
    Diagnostic::warning(
        Code::DUPLICATE_DECLARATION,
        format!("`{}` is listed twice", element.name),
    )
    .at(element.span)
}
