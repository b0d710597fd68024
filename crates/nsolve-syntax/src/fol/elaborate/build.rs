//! Declares what was inferred, and makes the terms.

use nsolve_il::fol::{
    Builder, Choice, Conclusion, Extremum, Measure, Modality, Problem, Question, SortError, SortId,
    SymbolId, TermId, VarId,
};
use nsolve_source::{Code, Diagnostic, Span};
use rustc_hash::{FxHashMap, FxHashSet};

use super::resolve::{Node, Resolved, ResolvedItem, ResolvedStatement, SymbolEntry};
use super::sorts::{Known, SortVar, Sorts};
use crate::fol::NaryOp;

/// What a resolved symbol has become.
#[derive(Clone)]
enum Made {
    Symbol(SymbolId),
    /// A numeral whose sort turned out numeric.
    Number(nsolve_il::Rational, SortId),
    /// A symbol that could not be declared.
    Missing,
}

struct Build<'a> {
    builder: Builder,
    sorts: Sorts,
    symbols: Vec<Made>,
    variables: Vec<VarId>,
    /// The names of premises so far, and those that the text gives.
    premise_names: FxHashSet<String>,
    given_names: FxHashMap<String, Option<Span>>,
    /// The labels of options, and whether they say what they have to be.
    labels: FxHashMap<String, bool>,
    asks: bool,
    diagnostics: &'a mut Vec<Diagnostic>,
}

pub(super) fn build(resolved: Resolved, diagnostics: &mut Vec<Diagnostic>) -> Option<Problem> {
    let mut build = Build {
        builder: resolved.builder,
        sorts: resolved.sorts,
        symbols: Vec::new(),
        variables: Vec::new(),
        premise_names: FxHashSet::default(),
        given_names: FxHashMap::default(),
        labels: FxHashMap::default(),
        asks: resolved.asks,
        diagnostics,
    };
    for entry in &resolved.symbols {
        let made = build.declare(entry);
        build.symbols.push(made);
    }
    for entry in &resolved.variables {
        let sort = build.settle(entry.sort);
        let variable = build.builder.variable(&entry.name, sort);
        build.variables.push(variable);
    }
    let question = build.items(resolved.items)?;
    Some(build.builder.finish(question))
}

impl Build<'_> {
    /// The sort that a class ends up with: `Thing` where nothing is known.
    fn settle(&mut self, var: SortVar) -> SortId {
        match self.sorts.known(var) {
            Known::Sort(sort) => sort,
            Known::Number => SortId::INT,
            Known::Open => self.builder.default_sort(),
        }
    }

    fn declare(&mut self, entry: &SymbolEntry) -> Made {
        if entry.element {
            let found = self.builder.signature().find_symbol(&entry.name, 0, false);
            return found.map_or(Made::Missing, Made::Symbol);
        }
        let result = entry.result.map_or(SortId::BOOL, |r| self.settle(r));
        if let (Some(value), true) = (&entry.numeral, result.is_numeric()) {
            return Made::Number(value.clone(), result);
        }
        let arguments: Vec<_> = entry.arguments.iter().map(|&a| self.settle(a)).collect();
        match self
            .builder
            .symbol(&entry.name, &arguments, result, entry.declared)
        {
            Ok(symbol) => {
                if let Some(meaning) = &entry.meaning {
                    self.builder.describe(symbol, meaning);
                }
                Made::Symbol(symbol)
            }
            Err(error) => {
                self.report(&error, entry.declared.span());
                Made::Missing
            }
        }
    }

    fn report(&mut self, error: &SortError, span: Option<Span>) {
        let sort = |id: SortId| self.builder.signature().sort(id).name.clone();
        let (code, message) = match error {
            SortError::Mismatch {
                expected, found, ..
            } => (
                Code::SORT_MISMATCH,
                format!(
                    "a term of sort `{}` is wanted, this has sort `{}`",
                    sort(*expected),
                    sort(*found)
                ),
            ),
            SortError::NotNumeric { found, .. } => (
                Code::SORT_MISMATCH,
                format!("a number is wanted, this has sort `{}`", sort(*found)),
            ),
            SortError::Duplicate { name } => (
                Code::DUPLICATE_DECLARATION,
                format!("`{name}` is declared twice in the same role"),
            ),
            SortError::Arity { .. } | SortError::Operands { .. } | SortError::Binder { .. } => {
                (Code::ARITY_MISMATCH, error.to_string())
            }
            other => (Code::SORT_MISMATCH, other.to_string()),
        };
        self.diagnostics
            .push(Diagnostic::error(code, message).at(span));
    }

    fn items(&mut self, items: Vec<(ResolvedItem, Span)>) -> Option<Question> {
        let mut asked: Vec<(Question, Span)> = Vec::new();
        let mut choices = Vec::new();
        let mut count = 0;
        for (item, _) in &items {
            if let ResolvedItem::Premise(statement) = item
                && let Some(name) = &statement.name
            {
                self.given_names.insert(name.name.clone(), None);
            }
        }
        for (item, span) in items {
            match item {
                ResolvedItem::Premise(statement) => {
                    count += 1;
                    self.premise(&statement, count);
                }
                ResolvedItem::Conclusion(statement) => {
                    if let Some(conclusion) = self.conclusion(&statement) {
                        asked.push((Question::Conclusion(conclusion), span));
                    }
                }
                ResolvedItem::Choice(statement, modality) => {
                    choices.extend(self.choice(&statement, modality));
                }
                ResolvedItem::AskModel => asked.push((Question::Model, span)),
                ResolvedItem::AskOptions { modality, except } => asked.push((
                    Question::Options {
                        modality,
                        except,
                        choices: Vec::new(),
                    },
                    span,
                )),
                ResolvedItem::AskExtremum {
                    direction,
                    counts,
                    measure,
                } => {
                    if let Some(root) = self.root(&measure, span) {
                        let measure = match counts {
                            true => Measure::Count(root),
                            false => Measure::Term(root),
                        };
                        let extremum = Extremum {
                            direction,
                            measure,
                            span: Some(span),
                        };
                        asked.push((Question::Extremum(extremum), span));
                    }
                }
            }
        }
        self.question(asked, choices)
    }

    fn question(
        &mut self,
        mut asked: Vec<(Question, Span)>,
        choices: Vec<Choice>,
    ) -> Option<Question> {
        for (_, span) in asked.iter().skip(1) {
            self.diagnostics.push(
                Diagnostic::error(
                    Code::UNEXPECTED,
                    "a problem asks one question, this is another",
                )
                .at(*span)
                .help("remove it, or put it into a file of its own"),
            );
        }
        asked.truncate(1);
        let Some((question, span)) = asked.pop() else {
            if !choices.is_empty() {
                // Options without a question mostly come from recorded texts.
                return Some(Question::Options {
                    modality: Modality::Must,
                    except: false,
                    choices,
                });
            }
            if self.asks {
                // What is wrong with the question is told already.
                return None;
            }
            self.diagnostics.push(
                Diagnostic::error(Code::NO_QUESTION, "nothing is asked")
                    .expecting([
                        "`conclusion : ...`",
                        "`ask model`",
                        "`ask which must be true`",
                    ])
                    .help("end the problem with what is to be decided"),
            );
            return None;
        };
        match (question, choices.is_empty()) {
            (
                Question::Options {
                    modality, except, ..
                },
                false,
            ) => Some(Question::Options {
                modality,
                except,
                choices,
            }),
            (Question::Options { .. }, true) => {
                self.diagnostics.push(
                    Diagnostic::error(Code::BAD_OPTIONS, "the question has no options")
                        .at(span)
                        .expecting(["`option A : ...`"]),
                );
                None
            }
            (question, true) => Some(question),
            (question, false) => {
                self.diagnostics.push(
                    Diagnostic::error(Code::BAD_OPTIONS, "options stand beside another question")
                        .at(span)
                        .help("ask `which must be true` instead, or remove the options"),
                );
                Some(question)
            }
        }
    }

    fn premise(&mut self, statement: &ResolvedStatement, position: usize) {
        let Some(formula) = self.formula(statement) else {
            return;
        };
        let mut name = match &statement.name {
            Some(given) => given.name.clone(),
            // A name that no text gives.
            None => self.unused_name(format!("p{position}")),
        };
        if let Some(given) = &statement.name {
            if self.premise_names.contains(&name) {
                let first = self.given_names.get(&name).copied().flatten();
                let mut fault = Diagnostic::error(
                    Code::DUPLICATE_NAME,
                    format!("two premises are called `{name}`"),
                )
                .at(given.span)
                .help("give each premise a name of its own, or none");
                if let Some(first) = first {
                    fault = fault.related(first, "the other one");
                }
                self.diagnostics.push(fault);
                name = self.unused_name(format!("{name}_{position}"));
            } else {
                self.given_names.insert(name.clone(), Some(given.span));
            }
        }
        self.premise_names.insert(name.clone());
        let added = self.builder.premise(
            &name,
            formula,
            statement.sentence.as_deref(),
            Some(statement.span),
        );
        if let Err(error) = added {
            self.report(&error, Some(statement.span));
        }
    }

    fn unused_name(&self, mut name: String) -> String {
        while self.premise_names.contains(&name) || self.given_names.contains_key(&name) {
            name.push('_');
        }
        name
    }

    fn conclusion(&mut self, statement: &ResolvedStatement) -> Option<Conclusion> {
        Some(Conclusion {
            formula: self.formula(statement)?,
            sentence: statement.sentence.as_deref().map(Into::into),
            span: Some(statement.span),
        })
    }

    fn choice(
        &mut self,
        statement: &ResolvedStatement,
        modality: Option<Modality>,
    ) -> Option<Choice> {
        let label = statement.name.as_ref().map_or("?", |n| &n.name);
        // An option may stand again where each time says what it has to be.
        let again = self.labels.insert(label.to_owned(), modality.is_some());
        if again.is_some_and(|stated| !stated || modality.is_none()) {
            self.diagnostics.push(
                Diagnostic::error(Code::BAD_OPTIONS, format!("option `{label}` stands twice"))
                    .at(statement.span)
                    .help(
                        "give each option a letter of its own, or say each time what it has to be: \
                     `option A must be true : ..`, `option A could be true : ..`",
                    ),
            );
            return None;
        }
        Some(Choice {
            label: label.into(),
            modality,
            statement: self.conclusion(statement)?,
        })
    }

    fn formula(&mut self, statement: &ResolvedStatement) -> Option<TermId> {
        self.root(&statement.formula, statement.span)
    }

    fn root(&mut self, node: &Node, span: Span) -> Option<TermId> {
        match self.node(node) {
            Ok(root) => Some(root),
            Err(Some(error)) => {
                self.report(&error, Some(span));
                None
            }
            Err(None) => None,
        }
    }

    /// `Err(None)` where a symbol is missing, which was told when it was
    /// declared.
    fn node(&mut self, node: &Node) -> Result<TermId, Option<SortError>> {
        let made = match node {
            Node::Var(index) => {
                let variable = self.variables.get(*index).copied().ok_or(None)?;
                Ok(self.builder.var(variable))
            }
            Node::Symbol(index, arguments) => return self.symbol(*index, arguments),
            Node::Number(value, sort) => {
                let sort = self.settle(*sort);
                self.builder.number(value.clone(), sort)
            }
            Node::Truth(value) => Ok(self.builder.truth(*value)),
            Node::Not(inner) => {
                let inner = self.node(inner)?;
                self.builder.not(inner)
            }
            Node::Nary(op, operands) => {
                let operands = self.nodes(operands)?;
                match op {
                    NaryOp::And => self.builder.and(operands),
                    NaryOp::Or => self.builder.or(operands),
                    NaryOp::Distinct => self.builder.distinct(operands),
                }
            }
            Node::Xor(a, b) => {
                let (a, b) = (self.node(a)?, self.node(b)?);
                self.builder.xor(a, b)
            }
            Node::Implies(a, b) => {
                let (a, b) = (self.node(a)?, self.node(b)?);
                self.builder.implies(a, b)
            }
            Node::Iff(a, b) => {
                let (a, b) = (self.node(a)?, self.node(b)?);
                self.builder.iff(a, b)
            }
            Node::Equal(a, b) => {
                let (a, b) = (self.node(a)?, self.node(b)?);
                self.builder.equal(a, b)
            }
            Node::Compare(op, a, b) => {
                let (a, b) = (self.node(a)?, self.node(b)?);
                self.builder.compare(*op, a, b)
            }
            Node::Arithmetic(op, operands) => {
                let operands = self.nodes(operands)?;
                self.builder.arithmetic(*op, operands)
            }
            Node::Quantified(quantifier, variables, body) => {
                let variables: Option<Vec<VarId>> = variables
                    .iter()
                    .map(|v| self.variables.get(*v).copied())
                    .collect();
                let body = self.node(body)?;
                self.builder
                    .quantified(*quantifier, variables.ok_or(None)?, body)
            }
        };
        made.map_err(Some)
    }

    fn nodes(&mut self, nodes: &[Node]) -> Result<Vec<TermId>, Option<SortError>> {
        nodes.iter().map(|n| self.node(n)).collect()
    }

    fn symbol(&mut self, index: usize, arguments: &[Node]) -> Result<TermId, Option<SortError>> {
        match self.symbols.get(index).cloned().unwrap_or(Made::Missing) {
            Made::Missing => Err(None),
            Made::Number(value, sort) => self.builder.number(value, sort).map_err(Some),
            Made::Symbol(symbol) => {
                let arguments = self.nodes(arguments)?;
                self.builder.apply(symbol, arguments).map_err(Some)
            }
        }
    }
}
