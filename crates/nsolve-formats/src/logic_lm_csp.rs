//! Logic-LM's constraint problems: variables with domains, constraints and
//! lettered queries.

use nsolve_il::fol::Modality;
use nsolve_source::{Code, Diagnostic, SourceText, Span};
use nsolve_syntax::fol::{Document, Ident};

use crate::declare::{Domain, domain};
use crate::formula::FOLIO;
use crate::lines::{Draft, Line, header, lines};
use crate::logic_lm_z3::{Choice, Premise, emit, letter, tree};
use crate::puzzle::world::{Function, Result as Gives};
use crate::puzzle::{Lower, World};

#[derive(Clone, Copy, PartialEq)]
enum Section {
    Domain,
    Variables,
    Constraints,
    Query,
}

const HEADERS: &[(&str, Section)] = &[
    ("domain", Section::Domain),
    ("domains", Section::Domain),
    ("variables", Section::Variables),
    ("variable", Section::Variables),
    ("constraints", Section::Constraints),
    ("constraint", Section::Constraints),
    ("query", Section::Query),
    ("queries", Section::Query),
    ("options", Section::Query),
];

/// Whether a text is such a problem.
pub(crate) fn is_csp(text: &str) -> bool {
    text.contains("[IN]")
}

/// Reads a constraint problem of Logic-LM: `Domain:`, `Variables:` such as
/// `fox [IN] [1, 2, 3]`, `Constraints:` and `Query:` with lettered options, of
/// which the one is asked for that must be true.
///
/// Domains become enumerated sorts. An option that cannot be read leaves the
/// question without an answer, so there is none then.
pub fn read_logic_lm_csp(text: &SourceText) -> (Document, Vec<Diagnostic>) {
    let mut draft = Draft::new(text, &FOLIO);
    let mut world = World::default();
    let (mut constraints, mut query) = (Vec::new(), Vec::new());
    let mut section = Section::Domain;
    for line in lines(text) {
        let line = match header(line, HEADERS) {
            Some((next, rest)) => {
                section = next;
                rest
            }
            None => line,
        };
        if line.text.is_empty() {
            continue;
        }
        if let Some(at) = line.text.find("[IN]") {
            variable(line, at, &mut world, &mut draft.diagnostics);
            continue;
        }
        match section {
            // What values mean, such as `1: oldest`.
            Section::Domain if line.text.contains(':') => {}
            Section::Domain => draft.skip(line, "it says no value's meaning"),
            Section::Variables => draft.skip(line, "a variable is `name [IN] [1, 2, 3]`"),
            Section::Constraints => constraints.push(line),
            Section::Query => query.push(line),
        }
    }
    let mut lower = Lower::new(&world);
    let mut premises: Vec<Premise<'_>> = Vec::new();
    for line in constraints {
        let tree = tree(text, line, &world, &mut draft.diagnostics);
        let formula = tree.and_then(|t| lower.read(&t, &mut draft.diagnostics));
        premises.push((formula, line.halves().1, line.span));
    }
    let choices = options(text, &query, &world, &mut lower, &mut draft.diagnostics);
    emit(draft, lower, &world, premises, choices)
}

fn variable(line: Line<'_>, at: usize, world: &mut World, diagnostics: &mut Vec<Diagnostic>) {
    let text = line.text.get(..at).unwrap_or("").trim_end();
    let start = line.span.start as usize;
    let name = Ident {
        name: text.to_owned(),
        span: Span::new(start, start + text.len()),
    };
    let listed = line.halves().0.behind(at + "[IN]".len());
    let sort_name = Ident {
        name: format!(
            "Value{}",
            match world.sorts.len() {
                0 => String::new(),
                n => (n + 1).to_string(),
            }
        ),
        span: listed.span,
    };
    let room = !world.is_full();
    match domain(listed).filter(|_| room) {
        Some(Domain::Numbers(values)) if !text.is_empty() => {
            let sort = world.number_sort(&sort_name, values);
            let function = Function {
                name,
                arguments: Vec::new(),
                result: Gives::Sort(sort),
            };
            diagnostics.extend(world.declare(function));
        }
        Some(Domain::Things(elements)) if !text.is_empty() => {
            let same = world.sorts.iter().position(|s| {
                s.elements
                    .iter()
                    .map(|e| &e.name)
                    .eq(elements.iter().map(|e| &e.name))
            });
            let sort = match same {
                Some(sort) => sort,
                None => {
                    let sort = world.sorts.len();
                    diagnostics.extend(world.things(&sort_name, &elements));
                    if world.sorts.len() == sort {
                        world.refused.insert(name.name);
                        return;
                    }
                    sort
                }
            };
            let function = Function {
                name,
                arguments: Vec::new(),
                result: Gives::Sort(sort),
            };
            diagnostics.extend(world.declare(function));
        }
        _ => {
            world.refused.insert(name.name);
            diagnostics.push(
                Diagnostic::error(Code::UNEXPECTED, "this is no variable with its values")
                    .at(line.span)
                    .expecting(["`name [IN] [1, 2, 3]`"]),
            );
        }
    }
}

/// `None` where an option cannot be read.
fn options(
    text: &SourceText,
    query: &[Line<'_>],
    world: &World,
    lower: &mut Lower<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<Choice>> {
    let mut choices = Vec::new();
    let mut whole = true;
    for &line in query {
        let Some((label, length)) = letter(line.text) else {
            diagnostics.push(
                Diagnostic::error(Code::BAD_OPTIONS, "an option begins with its letter")
                    .at(line.span)
                    .expecting(["`A) fox == 1`"]),
            );
            whole = false;
            continue;
        };
        let option = line.behind(length);
        let tree = tree(text, option, world, diagnostics);
        match tree.and_then(|t| lower.read(&t, diagnostics)) {
            Some(formula) => choices.push(Choice {
                label: Ident {
                    name: label.to_string(),
                    span: Span::new(line.span.start as usize, line.span.start as usize + 1),
                },
                sentence: line.halves().1.map(str::to_owned),
                except: false,
                tests: vec![(Modality::Must, formula)],
                span: line.span,
            }),
            None => whole = false,
        }
    }
    whole.then_some(choices)
}
