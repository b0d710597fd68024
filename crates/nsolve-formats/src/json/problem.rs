//! Whole problems as JSON.

use std::borrow::Cow;

use nsolve_il::fol::{
    Conclusion, Direction, Measure, Modality, Problem, Quantifier, Question, Semantics,
};
use nsolve_source::{Code, Diagnostic, SourceText, Span};
use nsolve_syntax::fol::{
    Declaration, Document, Expr, ExprKind, Ident, Item, ItemKind, SortSpec, Statement, parse,
    print_formula,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::text::{Located, located, span};
use crate::FormatError;
use crate::limits::{Read, fault};

const FORMAT: &str = "nsolve/fol";
const VERSION: &str = "1.0";

// Writing --------------------------------------------------------------------

#[derive(Serialize)]
struct WrittenProblem<'a> {
    format: &'static str,
    version: &'static str,
    semantics: &'static str,
    sorts: Vec<WrittenSort<'a>>,
    symbols: Vec<WrittenSymbol<'a>>,
    premises: Vec<WrittenStatement<'a>>,
    question: WrittenQuestion<'a>,
}

#[derive(Serialize)]
struct WrittenSort<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    elements: Option<Vec<&'a str>>,
}

#[derive(Serialize)]
struct WrittenSymbol<'a> {
    name: &'a str,
    arguments: Vec<&'a str>,
    result: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meaning: Option<&'a str>,
}

#[derive(Serialize)]
struct WrittenStatement<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sentence: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modality: Option<&'static str>,
    formula: String,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum WrittenQuestion<'a> {
    Model,
    Conclusion(WrittenStatement<'a>),
    Options {
        modality: &'static str,
        except: bool,
        choices: Vec<WrittenStatement<'a>>,
    },
    Extremum {
        direction: &'static str,
        counts: bool,
        of: String,
    },
}

const DIRECTIONS: [(Direction, &str); 2] = [
    (Direction::Minimum, "minimum"),
    (Direction::Maximum, "maximum"),
];

const MODALITIES: [(Modality, &str); 3] = [
    (Modality::Must, "must"),
    (Modality::Could, "could"),
    (Modality::Cannot, "cannot"),
];

/// Writes a problem as JSON, everything that it says included.
///
/// # Errors
/// None in practice; [`FormatError::Json`] should a value not be expressible.
pub fn write_json(problem: &Problem) -> Result<String, FormatError> {
    let signature = &problem.signature;
    let sort_name = |id| &*signature.sort(id).name;
    let symbol_name = |id| &*signature.symbol(id).name;
    let sorts = signature.sort_ids().skip(3).map(|id| WrittenSort {
        name: sort_name(id),
        elements: signature
            .elements(id)
            .map(|e| e.iter().map(|&e| symbol_name(e)).collect()),
    });
    let symbols = signature.symbol_ids();
    let symbols = symbols.filter(|&id| signature.element_index(id).is_none());
    let symbols = symbols.map(|id| {
        let symbol = signature.symbol(id);
        WrittenSymbol {
            name: &symbol.name,
            arguments: symbol.arguments.iter().map(|&s| sort_name(s)).collect(),
            result: (!symbol.is_predicate()).then(|| sort_name(symbol.result)),
            meaning: symbol.meaning.as_deref(),
        }
    });
    let premises = problem.premises.iter().map(|p| WrittenStatement {
        name: Some(&p.name),
        sentence: p.sentence.as_deref(),
        modality: None,
        formula: print_formula(problem, p.formula),
    });
    let written = WrittenProblem {
        format: FORMAT,
        version: VERSION,
        semantics: match problem.semantics {
            Semantics::Classical => "classical",
            Semantics::Rules => "rules",
        },
        sorts: sorts.collect(),
        symbols: symbols.collect(),
        premises: premises.collect(),
        question: write_question(problem),
    };
    let text = serde_json::to_string_pretty(&written);
    text.map(|t| t + "\n")
        .map_err(|e| FormatError::json("", e.to_string()))
}

fn write_question<'a>(problem: &'a Problem) -> WrittenQuestion<'a> {
    let statement = |name: Option<&'a str>, c: &'a Conclusion| WrittenStatement {
        name,
        sentence: c.sentence.as_deref(),
        modality: None,
        formula: print_formula(problem, c.formula),
    };
    match &problem.question {
        Question::Model => WrittenQuestion::Model,
        Question::Extremum(extremum) => WrittenQuestion::Extremum {
            direction: extremum.direction.name(),
            counts: matches!(extremum.measure, Measure::Count(_)),
            of: print_formula(problem, extremum.measure.root()),
        },
        Question::Conclusion(c) => WrittenQuestion::Conclusion(statement(None, c)),
        Question::Options {
            modality,
            except,
            choices,
        } => {
            let known = MODALITIES.iter().find(|(m, _)| m == modality);
            let choices = choices.iter();
            WrittenQuestion::Options {
                modality: known.map_or("must", |(_, word)| *word),
                except: *except,
                choices: choices
                    .map(|c| WrittenStatement {
                        modality: c.modality.map(Modality::name),
                        ..statement(Some(&c.label), &c.statement)
                    })
                    .collect(),
            }
        }
    }
}

// Reading --------------------------------------------------------------------

#[derive(Deserialize)]
struct Header<'a> {
    #[serde(borrow, default)]
    format: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    version: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct ReadProblem<'a> {
    #[serde(borrow, default)]
    semantics: Option<&'a RawValue>,
    #[serde(borrow, default)]
    sorts: Vec<ReadSort<'a>>,
    #[serde(borrow, default)]
    symbols: Vec<ReadSymbol<'a>>,
    #[serde(borrow, default)]
    premises: Vec<ReadStatement<'a>>,
    #[serde(borrow)]
    question: ReadQuestion<'a>,
}

#[derive(Deserialize)]
struct ReadSort<'a> {
    #[serde(borrow)]
    name: &'a RawValue,
    #[serde(borrow, default)]
    elements: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct ReadSymbol<'a> {
    #[serde(borrow)]
    name: &'a RawValue,
    #[serde(borrow, default)]
    arguments: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    result: Option<&'a RawValue>,
    #[serde(borrow, default)]
    meaning: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct ReadStatement<'a> {
    #[serde(borrow, default)]
    name: Option<&'a RawValue>,
    #[serde(borrow, default)]
    sentence: Option<&'a RawValue>,
    #[serde(borrow, default)]
    modality: Option<&'a RawValue>,
    #[serde(borrow)]
    formula: &'a RawValue,
}

#[derive(Deserialize)]
struct ReadQuestion<'a> {
    #[serde(borrow)]
    kind: &'a RawValue,
    #[serde(borrow, default)]
    formula: Option<&'a RawValue>,
    #[serde(borrow, default)]
    sentence: Option<&'a RawValue>,
    #[serde(borrow, default)]
    modality: Option<&'a RawValue>,
    #[serde(borrow, default)]
    direction: Option<&'a RawValue>,
    #[serde(default)]
    counts: bool,
    #[serde(borrow, default)]
    of: Option<&'a RawValue>,
    #[serde(default)]
    except: bool,
    #[serde(borrow, default)]
    choices: Vec<ReadStatement<'a>>,
}

/// Reads a problem that is written as JSON.
///
/// Spans of the document and of the diagnostics are of the JSON text, those
/// inside formulas included. Fields that are not known are ignored; another
/// version than 1 is refused.
pub fn read_json(source: &SourceText) -> (Document, Vec<Diagnostic>) {
    let mut reader = Reader {
        source: source.text(),
        items: Vec::new(),
        diagnostics: Vec::new(),
    };
    match reader.header() {
        Ok(problem) => reader.problem(&problem),
        Err(fault) => reader.diagnostics.push(*fault),
    }
    let items = reader.items;
    (Document { items }, reader.diagnostics)
}

struct Reader<'a> {
    source: &'a str,
    items: Vec<Item>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn header(&self) -> Read<ReadProblem<'a>> {
        let broken = |e: serde_json::Error| {
            let at = offset(self.source, e.line(), e.column());
            let rest = self.source.get(at..).unwrap_or("");
            let end = at + rest.chars().next().map_or(0, char::len_utf8);
            let message = format!("no JSON of a problem: {e}");
            Box::new(Diagnostic::error(Code::UNEXPECTED, message).at(Span::new(at, end)))
        };
        let header: Header<'_> = serde_json::from_str(self.source).map_err(broken)?;
        let (format, version) = (header.format, header.version);
        if format.as_deref() != Some(FORMAT) {
            let message = format!("`format` is not `{FORMAT}`");
            return fault(
                Diagnostic::error(Code::NO_PROBLEM, message)
                    .expecting([format!("\"format\": \"{FORMAT}\"")]),
            );
        }
        let major = version.as_deref().and_then(|v| v.split('.').next());
        if major != Some("1") {
            let found = version.unwrap_or_default();
            let message = format!("version `{found:.60}` is not read here");
            return fault(
                Diagnostic::error(Code::UNSUPPORTED, message)
                    .expecting([format!("\"version\": \"{VERSION}\"")]),
            );
        }
        serde_json::from_str(self.source).map_err(broken)
    }

    fn problem(&mut self, problem: &ReadProblem<'_>) {
        if let Some(raw) = problem.semantics {
            let semantics = [
                (Semantics::Classical, "classical"),
                (Semantics::Rules, "rules"),
            ];
            if let Some(semantics) = self.word(raw, "/semantics", &semantics) {
                self.push(ItemKind::Semantics(semantics), span(self.source, raw));
            }
        }
        for (i, sort) in problem.sorts.iter().enumerate() {
            self.sort(sort, &format!("/sorts/{i}"));
        }
        for (i, symbol) in problem.symbols.iter().enumerate() {
            self.symbol(symbol, &format!("/symbols/{i}"));
        }
        for (i, premise) in problem.premises.iter().enumerate() {
            self.statement(premise, &format!("/premises/{i}"), ItemKind::Premise);
        }
        self.question(&problem.question);
    }

    fn push(&mut self, kind: ItemKind, span: Span) {
        self.items.push(Item { kind, span });
    }

    fn string(&mut self, raw: &RawValue, pointer: &str) -> Option<Located> {
        let found = located(self.source, raw);
        if found.is_none() {
            self.diagnostics.push(
                Diagnostic::error(Code::UNEXPECTED, format!("at {pointer}: expected a string"))
                    .at(span(self.source, raw))
                    .expecting(["a string"]),
            );
        }
        if let Some(string) = found.as_ref().filter(|s| s.value.contains('\0')) {
            // No text may have one, so it could not be printed.
            let message = format!("at {pointer}: the string has a NUL character");
            let fault = Diagnostic::error(Code::NUL_BYTE, message).at(string.span);
            self.diagnostics.push(fault.help("remove `\\u0000`"));
            return None;
        }
        found
    }

    fn ident(&mut self, raw: &RawValue, pointer: &str) -> Option<Ident> {
        let Located { value, span, .. } = self.string(raw, pointer)?;
        if value.len() > crate::limits::MAX_NAME_BYTES {
            let message = format!("at {pointer}: the name has {} bytes", value.len());
            let fault = Diagnostic::error(Code::NAME_TOO_LONG, message).at(span);
            self.diagnostics.push(fault);
            return None;
        }
        Some(Ident { name: value, span })
    }

    /// One of several words.
    fn word<T: Copy>(&mut self, raw: &RawValue, pointer: &str, words: &[(T, &str)]) -> Option<T> {
        let found = self.string(raw, pointer)?;
        let known = words.iter().find(|(_, word)| *word == found.value);
        if known.is_none() {
            self.diagnostics.push(
                Diagnostic::error(
                    Code::UNEXPECTED,
                    format!("at {pointer}: `{:.60}` is not known", found.value),
                )
                .at(found.span)
                .expecting(words.iter().map(|(_, word)| format!("\"{word}\""))),
            );
        }
        known.map(|(thing, _)| *thing)
    }

    fn sort(&mut self, sort: &ReadSort<'_>, pointer: &str) {
        let Some(name) = self.ident(sort.name, &format!("{pointer}/name")) else {
            return;
        };
        let elements = sort.elements.as_ref().map(|elements| {
            let elements = elements.iter().enumerate();
            elements
                .filter_map(|(i, e)| self.ident(e, &format!("{pointer}/elements/{i}")))
                .collect()
        });
        let span = name.span;
        let declaration = Declaration::Sort { name, elements };
        self.push(ItemKind::Declaration(declaration), span);
    }

    fn symbol(&mut self, symbol: &ReadSymbol<'_>, pointer: &str) {
        let name = self.ident(symbol.name, &format!("{pointer}/name"));
        let arguments: Vec<_> = symbol
            .arguments
            .iter()
            .enumerate()
            .map(|(i, a)| self.ident(a, &format!("{pointer}/arguments/{i}")))
            .collect();
        let result = symbol
            .result
            .map(|r| self.ident(r, &format!("{pointer}/result")));
        let meaning = symbol.meaning;
        let meaning = meaning.and_then(|m| self.string(m, &format!("{pointer}/meaning")));
        let arguments: Option<Vec<Ident>> = arguments.into_iter().collect();
        let (Some(name), Some(arguments)) = (name, arguments) else {
            return;
        };
        let result = match result {
            Some(None) => return,
            Some(Some(sort)) => Some(SortSpec::Named(sort)),
            None => None,
        };
        let span = name.span;
        let declaration = Declaration::Symbol {
            name,
            arguments: arguments.into_iter().map(SortSpec::Named).collect(),
            result,
            meaning: meaning.map(|m| m.value),
        };
        self.push(ItemKind::Declaration(declaration), span);
    }

    fn statement(
        &mut self,
        entry: &ReadStatement<'_>,
        pointer: &str,
        kind: impl FnOnce(Statement) -> ItemKind,
    ) {
        let name = entry
            .name
            .map(|n| self.ident(n, &format!("{pointer}/name")));
        let sentence = entry.sentence;
        let sentence = sentence.and_then(|s| self.string(s, &format!("{pointer}/sentence")));
        let pointer = format!("{pointer}/formula");
        let Some(mut text) = self.string(entry.formula, &pointer) else {
            return;
        };
        let (formula, diagnostics) = native(&mut text);
        self.diagnostics.extend(
            diagnostics
                .into_iter()
                .map(|d| text.outward_diagnostic(d, &pointer)),
        );
        if let Some(mut formula) = formula {
            text.outward_spans(&mut formula);
            let statement = Statement {
                name: name.flatten(),
                sentence: sentence.map(|s| s.value),
                formula,
            };
            self.push(kind(statement), text.span);
        }
    }

    fn extremum(&mut self, question: &ReadQuestion<'_>, at: Span) {
        let direction = match question.direction {
            Some(raw) => self.word(raw, "/question/direction", &DIRECTIONS),
            None => Some(Direction::Minimum),
        };
        let (Some(direction), counts) = (direction, question.counts) else {
            return;
        };
        let Some(of) = question.of else {
            let fault = "at /question: an extremum needs `of`";
            self.diagnostics
                .push(Diagnostic::error(Code::NO_QUESTION, fault).at(at));
            return;
        };
        let entry = ReadStatement {
            name: None,
            sentence: None,
            modality: None,
            formula: of,
        };
        let before = self.items.len();
        self.statement(&entry, "/question", |statement| ItemKind::AskExtremum {
            direction,
            counts,
            measure: Box::new(statement.formula),
        });
        let made = self.items.get(before).map(|item| &item.kind);
        if let Some(ItemKind::AskExtremum { measure, .. }) = made
            && counts
            && !is_counted(measure)
        {
            let fault = "at /question/of: what is counted is written `at least 1 x: S. ..`";
            self.items.truncate(before);
            self.diagnostics
                .push(Diagnostic::error(Code::UNEXPECTED, fault).at(at));
        }
    }

    fn question(&mut self, question: &ReadQuestion<'_>) {
        let at = span(self.source, question.kind);
        let kinds = [
            (0, "model"),
            (1, "conclusion"),
            (2, "options"),
            (3, "extremum"),
        ];
        match self.word(question.kind, "/question/kind", &kinds) {
            Some(0) => self.push(ItemKind::AskModel, at),
            Some(1) => match question.formula {
                Some(formula) => {
                    let entry = ReadStatement {
                        name: None,
                        sentence: question.sentence,
                        modality: None,
                        formula,
                    };
                    self.statement(&entry, "/question", ItemKind::Conclusion);
                }
                None => self.diagnostics.push(
                    Diagnostic::error(
                        Code::NO_QUESTION,
                        "at /question: a conclusion needs a `formula`",
                    )
                    .at(at),
                ),
            },
            Some(3) => self.extremum(question, at),
            Some(_) => {
                let modality = match question.modality {
                    Some(raw) => self.word(raw, "/question/modality", &MODALITIES),
                    None => Some(Modality::Must),
                };
                let except = question.except;
                if let Some(modality) = modality {
                    self.push(ItemKind::AskOptions { modality, except }, at);
                }
                for (i, choice) in question.choices.iter().enumerate() {
                    let pointer = format!("/question/choices/{i}");
                    let own = choice.modality.map(|raw| {
                        let pointer = format!("{pointer}/modality");
                        self.word(raw, &pointer, &MODALITIES)
                    });
                    // A word that is none is told already.
                    if own != Some(None) {
                        let kind = |s| ItemKind::Choice(s, own.flatten());
                        self.statement(choice, &pointer, kind);
                    }
                }
            }
            None => {}
        }
    }
}

/// Whether a formula is one whose things can be counted.
fn is_counted(measure: &Expr) -> bool {
    matches!(&measure.kind, ExprKind::Quantified(q) if q.quantifier == Quantifier::AtLeast(1))
}

/// Reads a formula as the premise of a native text of its own.
fn native(text: &mut Located) -> (Option<Expr>, Vec<Diagnostic>) {
    const FRAME: &str = "premise : ";
    let framed = match SourceText::new("formula", &format!("{FRAME}{}", text.value)) {
        Ok(framed) => framed,
        Err(fault) => return (None, vec![fault]),
    };
    text.put_behind(FRAME.len());
    let (document, mut diagnostics) = parse(&framed);
    let mut items = document.items.into_iter();
    let formula = match (items.next().map(|item| item.kind), items.next()) {
        (Some(ItemKind::Premise(statement)), None) => Some(statement.formula),
        (_, Some(second)) => {
            let message = "a formula is wanted, here begins another item";
            diagnostics.push(Diagnostic::error(Code::UNEXPECTED, message).at(second.span));
            None
        }
        _ => None,
    };
    (formula, diagnostics)
}

/// The byte at a line and column as `serde_json` counts them.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let lines = text.split_inclusive('\n').take(line.saturating_sub(1));
    let before: usize = lines.map(str::len).sum();
    let mut at = (before + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
