//! Logic-LM's programs for Z3: sorts, functions, constraints and options in
//! expressions of Python.

use nsolve_il::fol::Modality;
use nsolve_source::{Code, Diagnostic, SourceText, Span};
use nsolve_syntax::fol::{Document, Expr, Ident, ItemKind, Statement};

use crate::declare::{bounds, declaration};
use crate::formula::FOLIO;
use crate::lines::{Draft, Line, header, lines};
use crate::puzzle::{Asked, Lower, Tree, World, parse, read_option};

#[derive(Clone, Copy, PartialEq)]
enum Section {
    Declarations,
    Constraints,
    Options,
}

const HEADERS: &[(&str, Section)] = &[
    ("declarations", Section::Declarations),
    ("declaration", Section::Declarations),
    ("constraints", Section::Constraints),
    ("constraint", Section::Constraints),
    ("options", Section::Options),
    ("option", Section::Options),
];

/// Whether a text is such a program.
pub(crate) fn is_z3_program(text: &str) -> bool {
    let starts = |line: &str, word: &str| {
        line.trim_start_matches(['#', '*', ' '])
            .to_ascii_lowercase()
            .starts_with(word)
    };
    text.lines().any(|l| starts(l, "declarations"))
        || (text.contains("EnumSort(") && text.lines().any(|l| starts(l, "constraints")))
}

/// An option that is read.
pub(crate) struct Choice {
    pub(crate) label: Ident,
    pub(crate) sentence: Option<String>,
    pub(crate) except: bool,
    pub(crate) tests: Vec<(Modality, Expr)>,
    pub(crate) span: Span,
}

/// Reads a program of Logic-LM for Z3: `# Declarations` of `EnumSort` and
/// `Function`, `# Constraints`, and `# Options` such as `is_valid(..) ::: (A)`.
///
/// Numbers become elements of enumerated sorts. An option that cannot be read
/// leaves the question without an answer, so there is none then.
pub fn read_logic_lm_z3(text: &SourceText) -> (Document, Vec<Diagnostic>) {
    let mut draft = Draft::new(text, &FOLIO);
    let mut world = World::default();
    let (mut declared, mut constraints, mut options) = (Vec::new(), Vec::new(), Vec::new());
    let mut section = Section::Declarations;
    for line in joined_lines(text, &mut draft) {
        let line = match header(line, HEADERS) {
            Some((next, rest)) => {
                section = next;
                rest
            }
            None => line,
        };
        if line.text.is_empty() || line.text.starts_with('#') {
            continue;
        }
        match section {
            Section::Declarations => declared.push(line),
            Section::Constraints => constraints.push(line),
            Section::Options => options.push(line),
        }
    }
    // A formula among declarations is a constraint.
    let mut first = Vec::new();
    for line in declared {
        if !declaration(line, &mut world, &mut draft.diagnostics) {
            first.push(line);
        }
    }
    first.append(&mut constraints);
    let mut premises = Vec::new();
    for line in first {
        premises.push((line, tree(text, line, &world, &mut draft.diagnostics)));
    }
    premises.retain(|(line, tree)| {
        !tree
            .as_ref()
            .is_some_and(|t| bounds(t, line.span, &mut world, &mut draft.diagnostics))
    });
    let mut lower = Lower::new(&world);
    let mut made = Vec::new();
    for (line, tree) in &premises {
        let formula = tree
            .as_ref()
            .and_then(|t| lower.read(t, &mut draft.diagnostics));
        made.push((formula, line.halves().1, line.span));
    }
    for (formula, span) in lower.guards() {
        made.push((Some(formula), None, span));
    }
    let choices = read_options(
        text,
        &options,
        &mut lower,
        &mut made,
        &mut draft.diagnostics,
    );
    emit(draft, lower, &world, made, choices)
}

/// A premise that is read, its sentence and place.
pub(crate) type Premise<'a> = (Option<Expr>, Option<&'a str>, Span);

pub(crate) fn emit(
    mut draft: Draft<'_>,
    lower: Lower<'_>,
    world: &World,
    premises: Vec<Premise<'_>>,
    choices: Option<Vec<Choice>>,
) -> (Document, Vec<Diagnostic>) {
    let end = Span::new(draft.text.text().len(), draft.text.text().len());
    let (declarations, tables) = lower.finish(end);
    for (declaration, span) in world.declarations() {
        draft.push(ItemKind::Declaration(declaration), span);
    }
    for declaration in declarations {
        draft.push(ItemKind::Declaration(declaration), end);
    }
    for (formula, sentence, span) in premises {
        match formula {
            Some(formula) => draft.push_premise(formula, sentence, span),
            None => draft.count_premise(),
        }
    }
    for (name, sentence, formula) in tables {
        let statement = Statement {
            name: Some(Ident { name, span: end }),
            sentence: Some(sentence),
            formula,
        };
        draft.push(ItemKind::Premise(statement), end);
    }
    match choices {
        Some(choices) if !choices.is_empty() => push_choices(&mut draft, choices),
        Some(_) => draft.no_question("write options such as `is_valid(..) ::: (A)`"),
        None => {}
    }
    draft.finish()
}

/// Where all options ask for the same, the question does; otherwise each check
/// says what it wants.
fn push_choices(draft: &mut Draft<'_>, choices: Vec<Choice>) {
    let Some(first) = choices.first() else { return };
    let except = choices.iter().all(|c| c.except);
    let word = |c: &Choice| match (c.tests.as_slice(), c.except == except) {
        ([(modality, _)], true) => Some(*modality),
        _ => None,
    };
    let shared = word(first).filter(|w| choices.iter().all(|c| word(c) == Some(*w)));
    let kind = ItemKind::AskOptions {
        modality: shared.unwrap_or(Modality::Must),
        except,
    };
    draft.push(kind, first.span);
    for mut choice in choices {
        if choice.except && !except && !turn(&mut choice.tests) {
            draft.diagnostics.push(
                Diagnostic::error(
                    Code::UNSUPPORTED,
                    "an exception of several checks stands beside options that are none",
                )
                .at(choice.span)
                .help("make all options exceptions, or none"),
            );
            continue;
        }
        for (modality, formula) in choice.tests {
            let statement = Statement {
                name: Some(choice.label.clone()),
                sentence: choice.sentence.clone(),
                formula,
            };
            let own = shared.is_none().then_some(modality);
            draft.push(ItemKind::Choice(statement, own), choice.span);
        }
    }
}

/// Makes a check the opposite one; `false` where there are several.
fn turn(tests: &mut [(Modality, Expr)]) -> bool {
    let [(modality, formula)] = tests else {
        return false;
    };
    *modality = match modality {
        Modality::Could => Modality::Cannot,
        Modality::Cannot => Modality::Could,
        Modality::Must => {
            *formula = formula.clone().negated();
            Modality::Could
        }
    };
    true
}

pub(crate) fn tree(
    text: &SourceText,
    line: Line<'_>,
    world: &World,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Tree> {
    let (formula, _) = line.halves();
    let mut found = Vec::new();
    match parse(text.text(), formula.span, &world.odd, &mut found) {
        Ok(tree) => {
            diagnostics.append(&mut found);
            Some(tree)
        }
        Err(fault) => {
            diagnostics.push(*fault);
            None
        }
    }
}

/// `None` where an option cannot be read.
fn read_options<'a>(
    text: &SourceText,
    options: &[Line<'a>],
    lower: &mut Lower<'_>,
    premises: &mut Vec<Premise<'a>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<Choice>> {
    let lettered = options.iter().any(|l| {
        letter(l.text)
            .or_else(|| l.halves().1.and_then(letter))
            .is_some()
    });
    let mut choices: Vec<Choice> = Vec::new();
    let mut whole = true;
    for &line in options {
        let (formula, sentence) = line.halves();
        let before = letter(formula.text);
        let line = before.map_or(line, |(_, length)| line.behind(length));
        if formula
            .text
            .trim_end_matches(':')
            .eq_ignore_ascii_case("question")
        {
            continue;
        }
        let Some(tree) = tree(text, line, lower.world(), diagnostics) else {
            whole = false;
            continue;
        };
        let found = sentence
            .and_then(letter)
            .or(before.map(|(label, _)| (label, 0)));
        let check = matches!(tree.head(), Some(w) if w.starts_with("is_"));
        if lettered && found.is_none() && !check {
            diagnostics.push(
                Diagnostic::warning(
                    Code::OPTION_CONDITION,
                    "a formula without letter stands among the options; it was read as a constraint",
                )
                .at(line.span)
                .help("write it under `# Constraints`"),
            );
            premises.push((lower.read(&tree, diagnostics), sentence, line.span));
            continue;
        }
        let nth = (b'A' + (choices.len() % 26) as u8) as char;
        let (label, length) = found.unwrap_or((nth, 0));
        let rest = sentence.and_then(|s| s.get(length..)).map(str::trim);
        match choice(tree, lower, diagnostics) {
            Some((except, tests)) => choices.push(Choice {
                label: Ident {
                    name: label.to_string(),
                    span: line.span,
                },
                sentence: rest.filter(|r| !r.is_empty()).map(str::to_owned),
                except,
                tests,
                span: line.span,
            }),
            None => whole = false,
        }
    }
    whole.then_some(choices)
}

fn choice(
    tree: Tree,
    lower: &mut Lower<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(bool, Vec<(Modality, Expr)>)> {
    let Asked { except, tests } = match read_option(tree, diagnostics) {
        Ok(asked) => asked,
        Err(fault) => {
            diagnostics.push(*fault);
            return None;
        }
    };
    let made = tests.into_iter().map(|(modality, tree)| {
        let formula = lower.read(&tree, diagnostics)?;
        Some((modality, formula))
    });
    Some((except, made.collect::<Option<Vec<_>>>()?))
}

/// The letter that a text such as `(A) Tom is first` begins with, and how long
/// that is.
pub(crate) fn letter(text: &str) -> Option<(char, usize)> {
    let rest = text.strip_prefix('(').unwrap_or(text);
    let letter = rest.chars().next().filter(char::is_ascii_uppercase)?;
    let behind = rest.get(1..)?;
    behind.starts_with([')', '.', ':']).then_some(())?;
    Some((letter, text.len() - behind.len() + 1))
}

/// Lines, with those joined whose brackets are open.
fn joined_lines<'a>(text: &'a SourceText, draft: &mut Draft<'_>) -> Vec<Line<'a>> {
    let mut out: Vec<Line<'a>> = Vec::new();
    let mut open = false;
    for line in lines(text) {
        let begins = header(line, HEADERS).is_some() || line.text.starts_with('#');
        if let Some(last) = out.last_mut()
            && open
            && !begins
        {
            let span = last.span.to(line.span);
            *last = Line {
                text: text.slice(span),
                span,
            };
            draft.diagnostics.push(
                Diagnostic::note(Code::LINES_JOINED, "an expression goes on on the next line")
                    .at(line.span)
                    .help("write one expression a line"),
            );
        } else {
            out.push(line);
        }
        open = out.last().is_some_and(|l| goes_on(l.text));
    }
    out
}

/// Whether a line ends inside brackets, before any sentence, where something is
/// still to come.
fn goes_on(line: &str) -> bool {
    let opened = line.matches(['(', '[']).count();
    let closed = line.matches([')', ']']).count();
    !line.contains(":::") && opened > closed && line.ends_with([',', '(', '['])
}
