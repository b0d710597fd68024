//! Declarations of puzzles: `EnumSort`, `Function`, lists.

use nsolve_il::Rational;
use nsolve_source::{Code, Diagnostic, Span};
use nsolve_syntax::fol::Ident;

use crate::lines::Line;
use crate::number::decimal;
use crate::puzzle::arith::whole_range;
use crate::puzzle::tree::{Comparison, Join, Tree, TreeKind};
use crate::puzzle::world::{Argument, Function, Range, Result as Gives, World};

/// The most numbers of a range.
const MOST_NUMBERS: usize = 1000;

/// Reads a declaration; `false` where the line is none.
pub(crate) fn declaration(
    line: Line<'_>,
    world: &mut World,
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    let line = line.halves().0;
    let Some((left, right)) = assignment(line) else {
        return false;
    };
    let name = Ident {
        name: left.text.to_owned(),
        span: left.span,
    };
    let right = without_comment(right, diagnostics);
    let head = right.text.split(['(', '[']).next().unwrap_or("").trim();
    match head {
        "Function" => {
            let fault = function(name.clone(), inside(right, '(', ')'), world);
            if fault.is_some() {
                world.refused.insert(name.name);
            }
            diagnostics.extend(fault.map(|f| *f));
        }
        "EnumSort" | "IntSort" | "Set" | "Sort" | "" => {
            set(name, right, world, diagnostics);
        }
        "BoolSort" | "RealSort" | "DeclareSort" | "Const" | "Int" | "Bool" | "Real" | "Ints"
        | "Array" | "Datatype" => {
            diagnostics.push(
                Diagnostic::error(
                    Code::UNSUPPORTED,
                    format!("`{head}` declares nothing that a puzzle has"),
                )
                .at(right.span)
                .expecting(["`EnumSort([a, b])`", "`Function([S] -> [T])`"]),
            );
            world.refused.insert(name.name);
        }
        _ => return false,
    }
    true
}

/// The sides of a `=` that is no comparison.
fn assignment(line: Line<'_>) -> Option<(Line<'_>, Line<'_>)> {
    let at = line.text.find('=')?;
    let left = line.text.get(..at)?;
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | ' ' | '\'' | '-');
    if left.trim().is_empty()
        || !left.chars().all(is_name)
        || line.text.get(at + 1..)?.starts_with('=')
    {
        return None;
    }
    let span = Span::new(
        line.span.start as usize,
        line.span.start as usize + left.trim_end().len(),
    );
    let left = Line {
        text: left.trim_end(),
        span,
    };
    Some((left, line.behind(at + 1)))
}

fn without_comment<'a>(line: Line<'a>, diagnostics: &mut Vec<Diagnostic>) -> Line<'a> {
    let mut quoted = None;
    let comment = line.text.char_indices().find(|&(_, c)| {
        match quoted {
            Some(open) if open == c => quoted = None,
            None if c == '"' => quoted = Some(c),
            _ => {}
        }
        c == '#' && quoted.is_none()
    });
    let Some((at, _)) = comment else { return line };
    let behind = line.behind(at);
    diagnostics
        .push(Diagnostic::note(Code::ITEM_SKIPPED, "a comment was passed over").at(behind.span));
    let text = line.text.get(..at).unwrap_or("").trim_end();
    Line {
        text,
        span: Span::new(
            line.span.start as usize,
            line.span.start as usize + text.len(),
        ),
    }
}

/// What stands between the first opening and the last closing bracket.
fn inside(line: Line<'_>, open: char, close: char) -> Line<'_> {
    let Some(from) = line.text.find(open) else {
        return line;
    };
    let to = line
        .text
        .rfind(close)
        .filter(|&to| to > from)
        .unwrap_or(line.text.len());
    let inner = Line {
        text: line.text.get(..to).unwrap_or(""),
        span: Span::new(line.span.start as usize, line.span.start as usize + to),
    };
    inner.behind(from + 1)
}

/// The entries of a list, split at commas outside quotes.
fn entries(line: Line<'_>) -> Vec<Line<'_>> {
    let mut out = Vec::new();
    let (mut start, mut quoted) = (0, false);
    let mut push = |start: usize, end: usize| {
        let part = Line {
            text: line.text.get(..end).unwrap_or(""),
            span: Span::new(line.span.start as usize, line.span.start as usize + end),
        };
        let part = part.behind(start);
        if !part.text.is_empty() {
            out.push(part);
        }
    };
    for (i, c) in line.text.char_indices() {
        match c {
            '"' | '“' | '”' => quoted = !quoted,
            ',' if !quoted => {
                push(start, i);
                start = i + 1;
            }
            _ => {}
        }
    }
    push(start, line.text.len());
    out
}

fn unquoted(line: Line<'_>) -> Ident {
    let quotes = ['"', '“', '”'];
    let name = match line
        .text
        .strip_prefix('\'')
        .and_then(|t| t.strip_suffix('\''))
    {
        Some(inner) => inner,
        None => line.text.trim_matches(quotes),
    };
    Ident {
        name: name.trim().to_owned(),
        span: line.span,
    }
}

fn set(name: Ident, right: Line<'_>, world: &mut World, diagnostics: &mut Vec<Diagnostic>) {
    let listed = match right.text.contains('[') {
        true => inside(right, '[', ']'),
        false => inside(right, '(', ')'),
    };
    let entries = entries(listed);
    let numbers: Option<Vec<_>> = entries.iter().map(|e| numbers(*e)).collect();
    let faults = match numbers {
        Some(numbers) if !entries.is_empty() => {
            world.numbers(&name, &numbers.into_iter().flatten().collect::<Vec<_>>())
        }
        _ => {
            let elements: Vec<Ident> = entries.into_iter().map(unquoted).collect();
            world.things(&name, &elements)
        }
    };
    diagnostics.extend(faults);
}

/// The values of a variable.
pub(crate) enum Domain {
    /// In order, each once.
    Numbers(Vec<Rational>),
    Things(Vec<Ident>),
}

/// Reads a domain such as `[1, 2, 3]`; `None` where there is no list.
pub(crate) fn domain(line: Line<'_>) -> Option<Domain> {
    line.text.contains('[').then_some(())?;
    let entries = entries(inside(line, '[', ']'));
    if entries.is_empty() || entries.len() > MOST_NUMBERS {
        return None;
    }
    let numbers: Option<Vec<_>> = entries.iter().map(|e| numbers(*e)).collect();
    Some(match numbers {
        Some(numbers) => {
            let mut values: Vec<Rational> = numbers.into_iter().flatten().map(|n| n.0).collect();
            values.sort();
            values.dedup();
            Domain::Numbers(values)
        }
        None => Domain::Things(entries.into_iter().map(unquoted).collect()),
    })
}

/// A number, or a range such as `1..5`.
fn numbers(entry: Line<'_>) -> Option<Vec<(Rational, Span)>> {
    if let Some((low, high)) = entry.text.split_once("..") {
        let values = whole_range(
            &decimal(low.trim())?,
            &decimal(high.trim_start_matches('.').trim())?,
            MOST_NUMBERS,
        )?;
        return Some(values.into_iter().map(|v| (v, entry.span)).collect());
    }
    Some(vec![(decimal(entry.text)?, entry.span)])
}

fn function(name: Ident, inner: Line<'_>, world: &mut World) -> Option<Box<Diagnostic>> {
    let strip = |line: Line<'_>| {
        let marks = |c: char| matches!(c, '[' | ']' | '(' | ')') || c.is_whitespace();
        let left = line.text.len() - line.text.trim_start_matches(marks).len();
        let behind = line.behind(left);
        behind.text.trim_end_matches(marks).to_owned()
    };
    let (arguments, results) = match inner.text.find("->") {
        Some(at) => {
            let left = Line {
                text: inner.text.get(..at).unwrap_or(""),
                span: inner.span,
            };
            (names(&strip(left)), names(&strip(inner.behind(at + 2))))
        }
        None => {
            let flat: String = inner
                .text
                .chars()
                .filter(|c| !"[]()".contains(*c))
                .collect();
            let mut all = names(&flat);
            let result = all.pop();
            (all, result.into_iter().collect())
        }
    };
    let [result] = results.as_slice() else {
        return Some(Box::new(
            Diagnostic::error(
                Code::UNSUPPORTED,
                format!(
                    "`{}` gives {} things; a function gives one",
                    name.name,
                    results.len()
                ),
            )
            .at(inner.span)
            .help("declare one function for each"),
        ));
    };
    let unknown = |sort: &str| {
        let sorts = world.sorts.iter().map(|s| format!("`{}`", s.name.name));
        let told = Diagnostic::error(Code::UNKNOWN_SORT, format!("no sort `{sort}` is declared"));
        Some(Box::new(told.at(inner.span).expecting(sorts.take(20))))
    };
    let mut made = Vec::new();
    for argument in &arguments {
        made.push(match argument.as_str() {
            "int" | "Int" | "IntSort" => Argument::Int,
            other => {
                let parts = other
                    .split('+')
                    .map(|p| world.range(p.trim()).map(|r| r.sort));
                let sorts: Option<Vec<usize>> = parts.collect();
                match sorts.as_deref() {
                    Some([sort, rest @ ..]) if rest.iter().all(|s| s == sort) => {
                        Argument::Sort(*sort)
                    }
                    _ => return unknown(other),
                }
            }
        });
    }
    let (gives, part) = match result.as_str() {
        "bool" | "Bool" | "boolean" | "BoolSort" => (Gives::Formula, None),
        "int" | "Int" | "IntSort" => (Gives::Int, None),
        other => match world.range(other) {
            Some(range) => (Gives::Sort(range.sort), Some(range.clone())),
            None => return unknown(other),
        },
    };
    if let Some(range) = part
        && range.only.is_some()
    {
        world.guards.push((name.name.clone(), range));
    }
    let function = Function {
        name,
        arguments: made,
        result: gives,
    };
    world.declare(function).map(Box::new)
}

fn names(list: &str) -> Vec<String> {
    let parts = list
        .split(',')
        .map(|p| p.trim_matches(['[', ']', '(', ')', ' ']));
    parts.filter(|p| !p.is_empty()).map(str::to_owned).collect()
}

// Bounds -------------------------------------------------------------------

/// Reads `ForAll([x:S], And(1 <= f(x), f(x) <= 5))` as the values of `f`, where
/// it is declared to give an `int`; `false` where the line says anything else.
pub(crate) fn bounds(
    tree: &Tree,
    span: Span,
    world: &mut World,
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    let Some((function, low, high)) = found_bounds(tree, world) else {
        return false;
    };
    let Some(values) = whole_range(&low, &high, MOST_NUMBERS) else {
        return false;
    };
    let gives = world.function(&function).map(|f| f.result);
    if let Some(Gives::Sort(sort)) = gives {
        // Of things without numbers the bounds say nothing where they name the
        // first place and the last.
        let places = world.elements(sort).iter().map(|e| &e.value);
        if !places.eq(values.iter()) {
            return false;
        }
        diagnostics.push(
            Diagnostic::note(
                Code::BOUNDS_AS_SORT,
                format!("`{function}` gives any element of its sort; the bounds say no more"),
            )
            .at(span)
            .help("leave the bounds out"),
        );
        return true;
    }
    if world.is_full() {
        return false;
    }
    let name = Ident {
        name: format!("{function} values"),
        span,
    };
    let sort = world.number_sort(&name, values);
    world.set_result(&function, Gives::Sort(sort));
    diagnostics.push(
        Diagnostic::note(
            Code::BOUNDS_AS_SORT,
            format!("`{function}` has the values {low} to {high}, which became a sort"),
        )
        .at(span)
        .help("declare the values: `places = EnumSort([1, 2, 3])`"),
    );
    true
}

fn found_bounds(tree: &Tree, world: &World) -> Option<(String, Rational, Rational)> {
    let TreeKind::Call(word, _, parts) = &tree.kind else {
        return None;
    };
    let [list, body] = parts.as_slice() else {
        return None;
    };
    let TreeKind::List(entries) = &list.kind else {
        return None;
    };
    if word != "ForAll" {
        return None;
    }
    let mut variables = Vec::new();
    for entry in entries {
        let TreeKind::Bound(name, set) = &entry.kind else {
            return None;
        };
        let range: &Range = world.range(set.as_name()?)?;
        if range.only.is_some() {
            return None;
        }
        variables.push((name.as_str(), range.sort));
    }
    let conjuncts: Vec<&Tree> = match &body.kind {
        TreeKind::Join(Join::And, parts) => parts.iter().collect(),
        TreeKind::Call(w, _, parts) if w == "And" => parts.iter().collect(),
        _ => vec![body],
    };
    let (mut low, mut high, mut function) = (None, None, None);
    for conjunct in conjuncts {
        let TreeKind::Compare(operands, signs) = &conjunct.kind else {
            return None;
        };
        for (pair, sign) in operands.windows(2).zip(signs) {
            let [a, b] = pair else { return None };
            let (call, limit, lower) = match (&a.kind, &b.kind, sign) {
                (TreeKind::Number(n), TreeKind::Call(..), Comparison::LessEq) => (b, n, true),
                (TreeKind::Number(n), TreeKind::Call(..), Comparison::GreaterEq) => (b, n, false),
                (TreeKind::Call(..), TreeKind::Number(n), Comparison::LessEq) => (a, n, false),
                (TreeKind::Call(..), TreeKind::Number(n), Comparison::GreaterEq) => (a, n, true),
                _ => return None,
            };
            let name = covers(call, &variables, world)?;
            if function.as_ref().is_some_and(|f| *f != name) {
                return None;
            }
            function = Some(name);
            let place = if lower { &mut low } else { &mut high };
            if place.replace(limit.clone()).is_some() {
                return None;
            }
        }
    }
    Some((function?, low?, high?))
}

/// The function that is applied to all variables, each in an own place of its
/// sort, and gives an integer.
fn covers(call: &Tree, variables: &[(&str, usize)], world: &World) -> Option<String> {
    let TreeKind::Call(name, _, parts) = &call.kind else {
        return None;
    };
    let function = world.function(name)?;
    let mut left: Vec<_> = variables.to_vec();
    if function.result == Gives::Formula || parts.len() != function.arguments.len() {
        return None;
    }
    for (part, argument) in parts.iter().zip(&function.arguments) {
        let name = part.as_name()?;
        let at = left
            .iter()
            .position(|(v, s)| *v == name && *argument == Argument::Sort(*s))?;
        left.remove(at);
    }
    left.is_empty().then(|| name.clone())
}
