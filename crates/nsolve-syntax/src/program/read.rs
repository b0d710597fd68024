//! The entries: a program, a goal, an atom.

use nsolve_il::program::{Goal, GroundAtom, Problem, Sign, Term};
use nsolve_source::{Code, Diagnostic, Severity, SourceText, has_errors};

use super::Dialect;
use super::ast::{Statement, StatementKind};
use super::elaborate::Elaborator;
use super::lint::lint;
use super::parser::{parse, parse_goal};

/// Which dialect a text is written in: Prolog where the name ends in `.pl` or
/// `.pro`, or where the text has signs that only Prolog has (`\+`, `=:=`, `is`)
/// and none that only ASP has (`#`, `:~`, braces).
///
/// ```
/// use nsolve_syntax::program::{Dialect, detect_dialect};
/// assert_eq!(detect_dialect("family.pl", ""), Dialect::Prolog);
/// assert_eq!(detect_dialect("-", "p(X) :- q(X), \\+ r(X)."), Dialect::Prolog);
/// assert_eq!(detect_dialect("-", "p(X) :- q(X), not r(X)."), Dialect::Asp);
/// ```
pub fn detect_dialect(name: &str, text: &str) -> Dialect {
    let extension = name.rsplit_once('.').map_or("", |(_, end)| end);
    match extension {
        "pl" | "pro" | "prolog" => return Dialect::Prolog,
        "asp" | "lp" | "dlv" => return Dialect::Asp,
        _ => {}
    }
    use super::lexer::Token;
    let Ok(source) = SourceText::new(name, text) else {
        return Dialect::Asp;
    };
    let mut statements = super::lexer::Statements::new(&source, Dialect::Asp);
    let (mut lexemes, mut faults) = (Vec::new(), Vec::new());
    let mut prolog = false;
    while statements.next(&mut lexemes, &mut faults).is_some() {
        for lexeme in &lexemes {
            match lexeme.token {
                Token::Directive | Token::Weakly | Token::OpenSet | Token::Question => {
                    return Dialect::Asp;
                }
                Token::NotProvable
                | Token::SameNumber
                | Token::OtherNumber
                | Token::EqualOrLess
                | Token::NotUnifiable
                | Token::NotIdentical
                | Token::Arrow
                | Token::Cut
                | Token::Univ => prolog = true,
                Token::Name => prolog |= source.slice(lexeme.span) == "is",
                _ => {}
            }
        }
    }
    if prolog {
        Dialect::Prolog
    } else {
        Dialect::Asp
    }
}

/// Reads a program. A statement with an error is left out of the problem; there
/// is no problem where nothing is left.
///
/// ```
/// use nsolve_source::SourceText;
/// use nsolve_syntax::program::{Dialect, print, read};
///
/// let text = SourceText::new("cats.asp", "cat(tom). animal(X) :- cat(X). animal(tom)?")?;
/// let (problem, diagnostics) = read(&text, Dialect::Asp);
/// assert!(diagnostics.is_empty());
/// assert_eq!(print(&problem.unwrap()), "cat(tom).\nanimal(X) :- cat(X).\nanimal(tom)?\n");
/// # Ok::<(), nsolve_source::Diagnostic>(())
/// ```
pub fn read(text: &SourceText, dialect: Dialect) -> (Option<Problem>, Vec<Diagnostic>) {
    let (statements, mut diagnostics) = parse(text, dialect);
    if statements.is_empty() {
        if has_errors(&diagnostics) {
            return (None, diagnostics);
        }
        let empty = Diagnostic::warning(Code::EMPTY_TEXT, "there is nothing in this text");
        diagnostics.push(empty.help("a program is facts and rules: `p(a). q(X) :- p(X).`"));
    }
    let mut elaborator = Elaborator::new(dialect, Problem::new());
    elaborator.program(&statements, text);
    let failed = elaborator.has_errors() || has_errors(&diagnostics);
    lint(&mut elaborator, failed);
    diagnostics.append(&mut elaborator.diagnostics);
    tidy(&mut diagnostics);
    let problem = elaborator.problem;
    let nothing = problem.rules.is_empty() && problem.goal.is_none();
    ((!failed || !nothing).then_some(problem), diagnostics)
}

/// In the order of the text, none of them twice: a statement that stands for
/// several rules has its faults several times.
fn tidy(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by_key(|d| (d.span, d.code));
    diagnostics.dedup_by(|a, b| (a.span, a.code, &a.message) == (b.span, b.code, &b.message));
}

/// Reads what a flag asks: `ancestor(X, tom)`, with or without `?-` before it
/// and `?` or `.` behind it. The problem gets the predicates that the goal
/// names and it does not have.
pub fn read_goal(text: &SourceText, problem: &mut Problem) -> (Option<Goal>, Vec<Diagnostic>) {
    let (wanted, mut diagnostics) = parse_goal(text);
    let statement = wanted.and_then(|s| match &s.kind {
        StatementKind::Query(_) => Some(s),
        _ => None,
    });
    let Some(Statement {
        kind: StatementKind::Query(body),
        ..
    }) = &statement
    else {
        if !has_errors(&diagnostics) {
            let said = "this is no goal";
            let fault = Diagnostic::error(Code::PROGRAM_UNEXPECTED, said);
            diagnostics.push(fault.expecting(["literals such as `p(X, tom), not q(X)`"]));
        }
        return (None, diagnostics);
    };
    let mut elaborator = Elaborator::new(Dialect::Asp, std::mem::take(problem));
    let goal = statement.as_ref().and_then(|s| elaborator.goal(s, body));
    diagnostics.append(&mut elaborator.diagnostics);
    *problem = elaborator.problem;
    diagnostics.retain(|d| d.severity == Severity::Error);
    (goal, diagnostics)
}

/// Reads an atom without variables: `p(a)`, with or without a full stop.
pub fn read_atom(
    text: &SourceText,
    problem: &mut Problem,
) -> (Option<GroundAtom>, Vec<Diagnostic>) {
    let (goal, mut diagnostics) = read_goal(text, problem);
    let Some(goal) = goal else {
        return (None, diagnostics);
    };
    let atom = match goal.body.as_slice() {
        [only] => only.as_atom().filter(|(sign, _)| *sign == Sign::Positive),
        _ => None,
    };
    let values = atom.and_then(|(_, atom)| {
        let each = atom.arguments.iter().map(|t| match t {
            Term::Value(value) => Some(value.clone()),
            _ => None,
        });
        Some((atom.predicate, each.collect::<Option<Vec<_>>>()?))
    });
    let Some((predicate, arguments)) = values else {
        let fault = Diagnostic::error(Code::NOT_GROUND, "this is not one atom without variables");
        diagnostics.push(
            fault
                .at(goal.span)
                .help("write one atom, such as `p(tom, 3)`"),
        );
        return (None, diagnostics);
    };
    let arguments = arguments.into();
    (
        Some(GroundAtom {
            predicate,
            arguments,
        }),
        diagnostics,
    )
}
