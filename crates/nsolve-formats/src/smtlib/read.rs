//! The commands of SMT-LIB 2 that are read.

use nsolve_source::{Code, Diagnostic, SourceText, Span};
use nsolve_syntax::fol::{Declaration, Document, Ident, Item, ItemKind, SortSpec, Statement};

use super::sexpr::{self, Kind, Sexpr};
use super::term::{Function, Meaning, Sort, Terms};
use crate::limits::{MAX_NAME_BYTES, Read, fault};

/// Reads SMT-LIB 2.
///
/// Assertions become premises, and a model is asked for. A command outside the
/// closed set of those that are read gives a diagnostic that names it.
pub fn read_smtlib(source: &SourceText) -> (Document, Vec<Diagnostic>) {
    let (commands, diagnostics) = sexpr::read(source.text());
    let mut reader = Reader {
        terms: Terms::default(),
        items: Vec::new(),
        diagnostics,
        asked: None,
    };
    for command in &commands {
        match reader.command(command) {
            Ok(Go::On) => {}
            Ok(Go::Exit) => break,
            Err(fault) => reader.diagnostics.push(*fault),
        }
    }
    // With nothing asserted, there is still the question.
    if !reader.items.is_empty() || reader.asked.is_some() {
        let end = Span::new(source.text().len(), source.text().len());
        reader.items.push(Item {
            kind: ItemKind::AskModel,
            span: reader.asked.unwrap_or(end),
        });
    }
    reader.diagnostics.sort_by_key(|d| d.span);
    let items = reader.items;
    (Document { items }, reader.diagnostics)
}

struct Reader {
    terms: Terms,
    items: Vec<Item>,
    diagnostics: Vec<Diagnostic>,
    asked: Option<Span>,
}

enum Go {
    On,
    Exit,
}

pub(super) fn unexpected(at: &Sexpr, expected: &str) -> Diagnostic {
    Diagnostic::error(Code::UNEXPECTED, format!("expected {expected}"))
        .at(at.span)
        .expecting([expected])
}

/// The commands that are read, for messages.
const COMMANDS: &str = "set-logic, set-info, declare-sort, declare-datatype(s), declare-const, \
    declare-fun, define-sort, define-fun, define-const, assert, check-sat, exit";

impl Reader {
    fn command(&mut self, command: &Sexpr) -> Read<Go> {
        let parts = command.list().unwrap_or_default();
        let Some(([head], rest)) = parts.split_at_checked(1).and_then(|(h, r)| {
            let head: &[Sexpr; 1] = h.try_into().ok()?;
            Some((head, r))
        }) else {
            return fault(unexpected(command, "a command in brackets"));
        };
        let name = head.symbol().ok_or_else(|| unexpected(head, "a command"))?;
        let span = command.span;
        match (name, rest) {
            ("set-logic" | "set-info", _) => {}
            ("set-option", [key, value]) if harmless_option(key, value) => {}
            ("check-sat", []) => self.check_sat(span)?,
            ("get-model" | "get-unsat-core", []) => self.diagnostics.push(
                Diagnostic::note(
                    Code::ITEM_SKIPPED,
                    format!("`{name}` was passed over: every answer comes with its evidence"),
                )
                .at(span),
            ),
            ("exit", []) => return Ok(Go::Exit),
            ("declare-sort", [name, arity]) => self.declare_sort(name, arity, span)?,
            ("declare-datatypes", [names, datatypes]) => {
                self.declare_datatypes(names, datatypes, span)?;
            }
            ("declare-datatype", [name, constructors]) => {
                self.declare_datatype(name, constructors, span)?;
            }
            ("declare-const", [name, sort]) => self.declare(name, &[], sort, span)?,
            ("declare-fun", [name, arguments, sort]) => {
                let arguments = arguments
                    .list()
                    .ok_or_else(|| unexpected(arguments, "a list of sorts"))?;
                self.declare(name, arguments, sort, span)?;
            }
            ("define-sort", [name, parameters, sort]) => {
                self.define_sort(name, parameters, sort)?;
            }
            ("define-fun", [name, parameters, sort, body]) => {
                self.define(name, Some(parameters), sort, body)?;
            }
            ("define-const", [name, sort, body]) => self.define(name, None, sort, body)?,
            ("assert", [formula]) => self.assert(formula, span)?,
            (known, _) if COMMANDS.split(", ").any(|c| c.trim() == known) => {
                return fault(
                    Diagnostic::error(
                        Code::UNEXPECTED,
                        format!("`{known}` does not have this form"),
                    )
                    .at(span),
                );
            }
            (other, _) => {
                return fault(
                    Diagnostic::error(
                        Code::UNSUPPORTED,
                        format!("the command `{other:.60}` is not read"),
                    )
                    .at(span)
                    .help(format!("the commands that are read: {COMMANDS}")),
                );
            }
        }
        Ok(Go::On)
    }

    fn check_sat(&mut self, span: Span) -> Read<()> {
        match self.asked {
            None => {
                self.asked = Some(span);
                Ok(())
            }
            Some(first) => fault(
                Diagnostic::error(
                    Code::UNSUPPORTED,
                    "a second `check-sat`: a text asks one question",
                )
                .at(span)
                .related(first, "the first one"),
            ),
        }
    }

    fn ident(&self, at: &Sexpr) -> Read<Ident> {
        let name = at.symbol().ok_or_else(|| unexpected(at, "a symbol"))?;
        if name.len() > MAX_NAME_BYTES {
            let message = format!("the name has {} bytes", name.len());
            return fault(Diagnostic::error(Code::NAME_TOO_LONG, message).at(at.span));
        }
        Ok(Ident {
            name: name.to_owned(),
            span: at.span,
        })
    }

    fn push(&mut self, kind: ItemKind, span: Span) {
        self.items.push(Item { kind, span });
    }

    // Sorts ----------------------------------------------------------------

    fn new_sort(&mut self, name: Ident, elements: Option<Vec<Ident>>, span: Span) -> Read<()> {
        let sort = Sort::Named(name.name.clone());
        self.terms.new_sort(&name, sort.clone())?;
        for element in elements.iter().flatten() {
            let meaning = Meaning::Declared(Vec::new(), sort.clone());
            self.terms.new_function(element, meaning)?;
        }
        let declaration = Declaration::Sort { name, elements };
        self.push(ItemKind::Declaration(declaration), span);
        Ok(())
    }

    fn declare_sort(&mut self, name: &Sexpr, arity: &Sexpr, span: Span) -> Read<()> {
        if arity.kind != Kind::Number("0".into()) {
            return fault(
                Diagnostic::error(Code::UNSUPPORTED, "sorts with arguments are not read")
                    .at(arity.span)
                    .expecting(["`0`"]),
            );
        }
        let name = self.ident(name)?;
        self.new_sort(name, None, span)
    }

    fn declare_datatypes(&mut self, names: &Sexpr, datatypes: &Sexpr, span: Span) -> Read<()> {
        let wanted = "a list";
        let names = names.list().ok_or_else(|| unexpected(names, wanted))?;
        let types = datatypes
            .list()
            .ok_or_else(|| unexpected(datatypes, wanted))?;
        if names.len() != types.len() {
            return fault(unexpected(datatypes, "one list of constructors a sort"));
        }
        for (name, constructors) in names.iter().zip(types) {
            match name.list() {
                Some([name, arity]) if arity.kind == Kind::Number("0".into()) => {
                    self.declare_datatype(name, constructors, span)?;
                }
                _ => return fault(unexpected(name, "`(name 0)`")),
            }
        }
        Ok(())
    }

    fn declare_datatype(&mut self, name: &Sexpr, constructors: &Sexpr, span: Span) -> Read<()> {
        let list = constructors
            .list()
            .filter(|l| !l.is_empty())
            .ok_or_else(|| unexpected(constructors, "a list of constructors"))?;
        let mut elements = Vec::new();
        for constructor in list {
            let name = match (&constructor.kind, constructor.list()) {
                (Kind::Symbol(_), _) => constructor,
                (_, Some([only])) => only,
                _ => {
                    return fault(
                        Diagnostic::error(
                            Code::UNSUPPORTED,
                            "only datatypes whose constructors have no fields are read",
                        )
                        .at(constructor.span),
                    );
                }
            };
            elements.push(self.ident(name)?);
        }
        let name = self.ident(name)?;
        self.new_sort(name, Some(elements), span)
    }

    fn define_sort(&mut self, name: &Sexpr, parameters: &Sexpr, sort: &Sexpr) -> Read<()> {
        if parameters.list() != Some(&[]) {
            return fault(
                Diagnostic::error(Code::UNSUPPORTED, "sorts with arguments are not read")
                    .at(parameters.span)
                    .expecting(["`()`"]),
            );
        }
        let (name, sort) = (self.ident(name)?, self.terms.sort(sort)?);
        self.terms.new_sort(&name, sort)
    }

    // Functions ------------------------------------------------------------

    fn declare(
        &mut self,
        name: &Sexpr,
        arguments: &[Sexpr],
        result: &Sexpr,
        span: Span,
    ) -> Read<()> {
        let name = self.ident(name)?;
        let sorts: Vec<Sort> = arguments
            .iter()
            .map(|a| self.terms.sort(a))
            .collect::<Read<_>>()?;
        if let Some((_, at)) = sorts.iter().zip(arguments).find(|(s, _)| **s == Sort::Bool) {
            return fault(
                Diagnostic::error(
                    Code::UNSUPPORTED,
                    format!("`{}` takes a truth value as an argument", name.name),
                )
                .at(at.span)
                .help("use a second predicate, or a datatype with two elements"),
            );
        }
        let result_sort = self.terms.sort(result)?;
        let spec = |sort: &Sort, at: &Sexpr| {
            SortSpec::Named(Ident {
                name: sort.name().to_owned(),
                span: at.span,
            })
        };
        let specs = sorts.iter().zip(arguments).map(|(s, a)| spec(s, a));
        let declaration = Declaration::Symbol {
            name: name.clone(),
            arguments: specs.collect(),
            result: (result_sort != Sort::Bool).then(|| spec(&result_sort, result)),
            meaning: None,
        };
        self.terms
            .new_function(&name, Meaning::Declared(sorts, result_sort))?;
        self.push(ItemKind::Declaration(declaration), span);
        Ok(())
    }

    fn define(
        &mut self,
        name: &Sexpr,
        parameters: Option<&Sexpr>,
        sort: &Sexpr,
        body: &Sexpr,
    ) -> Read<()> {
        let name = self.ident(name)?;
        let mut named = Vec::new();
        if let Some(parameters) = parameters {
            let list = parameters
                .list()
                .ok_or_else(|| unexpected(parameters, "a list of parameters"))?;
            for parameter in list {
                let Some([name, sort]) = parameter.list() else {
                    return fault(unexpected(parameter, "`(name Sort)`"));
                };
                named.push((self.ident(name)?.name, self.terms.sort(sort)?));
            }
        }
        let sort = self.terms.sort(sort)?;
        let function = Function {
            parameters: named,
            result: sort,
            body: body.clone(),
        };
        // Read once by itself, so that a fault is told where it is even if the
        // definition is never used, and before its name is known, so that it
        // cannot call itself.
        self.terms.check_definition(&function)?;
        self.terms
            .new_function(&name, Meaning::Defined(function.into()))
    }

    fn assert(&mut self, formula: &Sexpr, span: Span) -> Read<()> {
        if let Some(first) = self.asked {
            return fault(
                Diagnostic::error(
                    Code::UNSUPPORTED,
                    "an assertion after `check-sat` is not read",
                )
                .at(span)
                .related(first, "the question is asked here"),
            );
        }
        let (formula, name) = match formula.list() {
            Some([bang, inner, attributes @ ..]) if bang.symbol() == Some("!") => {
                let named = attributes.windows(2).find_map(|pair| match pair {
                    [key, name] if key.kind == Kind::Keyword(":named".into()) => Some(name),
                    _ => None,
                });
                (inner, named.map(|n| self.ident(n)).transpose()?)
            }
            _ => (formula, None),
        };
        let formula = self.terms.assertion(formula)?;
        let statement = Statement {
            name,
            sentence: None,
            formula,
        };
        self.push(ItemKind::Premise(statement), span);
        Ok(())
    }
}

/// Options that change nothing but what a solver prints on request.
fn harmless_option(key: &Sexpr, value: &Sexpr) -> bool {
    const HARMLESS: [&str; 4] = [
        ":produce-models",
        ":produce-unsat-cores",
        ":produce-proofs",
        ":print-success",
    ];
    let known = matches!(&key.kind, Kind::Keyword(k) if HARMLESS.contains(&k.as_str()));
    known && matches!(value.symbol(), Some("true" | "false"))
}
