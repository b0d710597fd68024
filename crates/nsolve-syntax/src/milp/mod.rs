//! Optimisation models: the text of the `milp` language, which is that of GMPL
//! and AMPL with required domain words, units and logic.
//!
//! [`read`] makes a [`Model`] of a text and a flat [`Problem`] of the model and
//! its data. Nothing in a text is executed, and no other file is read.

mod ast;
mod data;
mod evaluate;
mod expr;
mod foreign_data;
mod generate;
mod ir;
mod lexer;
mod linear;
mod parser;
mod resolve;
mod units;
mod value;
mod visit;

pub use ast::{
    ConstraintDeclaration, Datum, Entry, Expr, ExprKind, Head, Indexing, Iterated, Model, Name,
    ObjectiveDeclaration, Operator, ParamDeclaration, ParamValue, Restriction, SetDeclaration,
    Statement, Unit, VarDeclaration, VarDomain,
};
pub use parser::DEEPEST;

use nsolve_il::milp::Problem;
use nsolve_source::{Code, Diagnostic, SourceText, has_errors};

use data::Tables;
use ir::ModelIr;
use value::Symbols;

/// How data are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataFormat {
    /// As a data section of GMPL, with or without its `data;`.
    Section,
    /// An object: a set's members in a list, a parameter's values by subscript.
    Json,
    /// A table whose header names parameters, behind the columns of subscripts.
    Csv,
}

impl DataFormat {
    /// The format that a file's name tells.
    pub fn of_file(name: &str) -> DataFormat {
        match name.rsplit_once('.').map(|(_, end)| end) {
            Some("json") => DataFormat::Json,
            Some("csv") => DataFormat::Csv,
            _ => DataFormat::Section,
        }
    }
}

/// What a text and its data say.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The model, of all statements that could be read.
    pub model: Model,
    /// What the model and the data make; `None` where there is an error.
    pub problem: Option<Problem>,
    /// Faults, tolerances and lints.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a model with its data.
///
/// ```
/// use nsolve_source::SourceText;
/// let text = SourceText::new("diet.mod", "
///     set Food := {bread, milk};
///     param cost{Food} := bread 2, milk 3;
///     var buy{Food} real >= 0;
///     minimize total: sum{f in Food} cost[f] * buy[f];
///     subject to enough: sum{f in Food} buy[f] >= 10;
/// ")?;
/// let reading = nsolve_syntax::milp::read(&text, &[]);
/// let problem = reading.problem.unwrap();
/// assert_eq!(problem.columns.len(), 2);
/// assert_eq!(problem.column_name(1), "buy[milk]");
/// # Ok::<(), nsolve_source::Diagnostic>(())
/// ```
pub fn read(text: &SourceText, data: &[(SourceText, DataFormat)]) -> Reading {
    let parsed = parser::parse(text.text());
    let mut diagnostics = parsed.diagnostics;
    if parsed.model.statements.is_empty() && !has_errors(&diagnostics) {
        diagnostics.push(
            Diagnostic::error(Code::NO_MODEL, "there is no model in this text").help(
                "declare variables with `var` and an objective with `minimize` or `maximize`",
            ),
        );
    }
    let mut symbols = Symbols::default();
    let model = resolve::resolve(&parsed.model, &mut symbols, &mut diagnostics);
    units::check_units(&parsed.model, &mut diagnostics);
    let mut tables = Tables::new(&model);
    give_lists(
        &parsed.model,
        &model,
        &mut symbols,
        &mut tables,
        &mut diagnostics,
    );
    if let Some(from) = parsed.data {
        let text = text.text();
        data::read_data(
            text,
            from,
            &model,
            &mut symbols,
            &mut tables,
            &mut diagnostics,
        );
    }
    for (file, format) in data {
        let before = diagnostics.len();
        match format {
            DataFormat::Section => {
                let from = data_start(file.text());
                data::read_data(
                    file.text(),
                    from,
                    &model,
                    &mut symbols,
                    &mut tables,
                    &mut diagnostics,
                );
            }
            DataFormat::Json => {
                foreign_data::read_json(
                    file.text(),
                    &model,
                    &mut symbols,
                    &mut tables,
                    &mut diagnostics,
                );
            }
            DataFormat::Csv => {
                foreign_data::read_csv(
                    file.text(),
                    &model,
                    &mut symbols,
                    &mut tables,
                    &mut diagnostics,
                );
            }
        }
        for diagnostic in diagnostics.iter_mut().skip(before) {
            of_file(diagnostic, file);
        }
        // Places in another text mean nothing in the model's.
        for id in 0..model.params.len() {
            tables.set_span(id, None);
        }
    }
    let problem = if has_errors(&diagnostics) {
        // What data miss is told even where statements have faults.
        lint_missing(&model, &tables, &mut diagnostics);
        None
    } else {
        let evaluator = evaluate::Evaluator::new(&model, symbols, tables);
        let (problem, more) = evaluator.generate();
        diagnostics.extend(more);
        problem
    };
    Reading {
        model: parsed.model,
        problem,
        diagnostics,
    }
}

/// Behind the `data;` that a file of data may begin with.
fn data_start(text: &str) -> usize {
    let from = lexer::blank(text).unwrap_or(0);
    let rest = text.get(from..).unwrap_or_default();
    match rest.strip_prefix("data").map(str::trim_start) {
        Some(rest) if rest.starts_with(';') => text.len() - rest.len() + 1,
        _ => 0,
    }
}

/// Makes a diagnostic about another file say so in words.
fn of_file(diagnostic: &mut Diagnostic, file: &SourceText) {
    let place = match diagnostic.span.take() {
        Some(span) => {
            let position = file.position(span.start);
            format!("{}:{}:{}", file.name(), position.line, position.column)
        }
        None => file.name().to_owned(),
    };
    diagnostic.message = format!("{place}: {}", diagnostic.message);
    diagnostic.fix = None;
    diagnostic.related.clear();
}

/// Gives the values that the model lists itself: `param cost{Fruit} := mango 5;`.
fn give_lists(
    tree: &Model,
    model: &ModelIr,
    symbols: &mut Symbols,
    tables: &mut Tables,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let params = tree.statements.iter().filter_map(|s| match s {
        Statement::Param(p) => Some(p),
        _ => None,
    });
    for (id, (param, ir)) in params.zip(&model.params).enumerate() {
        let Some(ParamValue::List(entries)) = &param.value else {
            continue;
        };
        tables.set_span(id, Some(param.head.span));
        for (key, value) in entries {
            if key.len() != ir.declared.arity {
                diagnostics.push(
                    Diagnostic::error(
                        Code::SUBSCRIPT_COUNT,
                        format!(
                            "`{}` takes {}, not {}",
                            param.head.name.text,
                            resolve::counted(ir.declared.arity, "subscript"),
                            key.len()
                        ),
                    )
                    .at(value.span),
                );
                break;
            }
            let key: Vec<u32> = key.iter().map(|d| symbols.intern(&d.value)).collect();
            let datum = match (&value.value, ir.symbolic) {
                (symbol, true) => data::Datum::Symbol(symbols.intern(symbol)),
                (nsolve_il::milp::Symbol::Number(n), false) => data::Datum::Number(n.clone()),
                (nsolve_il::milp::Symbol::Text(text), false) => {
                    diagnostics.push(
                        Diagnostic::error(
                            Code::WRONG_KIND,
                            format!("expected a number, found the symbol `{text}`"),
                        )
                        .at(value.span),
                    );
                    continue;
                }
            };
            tables.set_param(id, &key, datum);
        }
    }
}

/// Tells which sets and parameters without subscripts have no value.
fn lint_missing(model: &ModelIr, tables: &Tables, diagnostics: &mut Vec<Diagnostic>) {
    let mut missing = |declared: &ir::Declared, what: &str| {
        diagnostics.push(
            Diagnostic::error(
                Code::MISSING_DATA,
                format!("{what} `{}` has no value", declared.name),
            )
            .at(declared.name_span)
            .help("give it in the data, or with `:=` in its declaration"),
        );
    };
    for (id, set) in model.sets.iter().enumerate() {
        if set.value.is_none() && set.default.is_none() && !tables.has_set(id) {
            missing(&set.declared, "set");
        }
    }
    for (id, param) in model.params.iter().enumerate() {
        if param.value.is_none() && param.default.is_none() && !tables.has_param(id) {
            missing(&param.declared, "parameter");
        }
    }
}
