//! Writes SMT-LIB 2.

use std::fmt::Write as _;

use nsolve_il::Rational;
use nsolve_il::fol::{
    ArithmeticOp, CompareOp, Features, Item, Problem, Quantifier, Query, Question, SortId, Term,
    TermId, VarId,
};

use super::RESERVED;
use crate::FormatError;
use crate::names::{Names, Scope, check_supported, comment};

/// Names that solvers give to sorts and functions of theories that are not
/// used here. Names with a dot, `!` or `@` are changed besides.
const FOREIGN: [&str; 46] = [
    "Array",
    "BitVec",
    "Bool",
    "Char",
    "FiniteSet",
    "Float16",
    "Float32",
    "Float64",
    "Float128",
    "FloatingPoint",
    "Int",
    "List",
    "NaN",
    "Pair",
    "RNA",
    "RNE",
    "RTN",
    "RTP",
    "RTZ",
    "Real",
    "RegEx",
    "RegLan",
    "RoundingMode",
    "Seq",
    "Set",
    "String",
    "Tuple",
    "Unicode",
    "concat",
    "const",
    "default",
    "divisible",
    "extract",
    "fp",
    "if",
    "iff",
    "implies",
    "insert",
    "is",
    "lambda",
    "map",
    "nil",
    "pi",
    "rem",
    "select",
    "store",
];

/// Writes a whole problem: its premises, and the denial of its conclusion, so
/// that `unsat` means that the conclusion follows.
///
/// # Errors
/// [`FormatError::Unsupported`] for counting quantifiers, options, and rule
/// semantics.
pub fn write_smtlib(problem: &Problem) -> Result<String, FormatError> {
    let query = Query::premises_of(problem);
    let query = match &problem.question {
        Question::Conclusion(c) => query.assuming(c.formula, false),
        Question::Model | Question::Options { .. } | Question::Extremum(_) => query,
    };
    check(problem, true)?;
    Ok(write(problem, &query))
}

/// Writes one query of a problem, whatever the problem asks.
///
/// # Errors
/// [`FormatError::Unsupported`] for counting quantifiers and rule semantics.
pub fn write_smtlib_query(problem: &Problem, query: &Query) -> Result<String, FormatError> {
    check(problem, false)?;
    Ok(write(problem, query))
}

fn check(problem: &Problem, question: bool) -> Result<(), FormatError> {
    let supported = Features::all().difference(Features::COUNTING);
    let checked = check_supported(problem, "SMT-LIB", supported, false);
    match checked {
        Err(FormatError::Unsupported { format, features }) => {
            let options = "lettered options";
            let features: Vec<_> = features
                .into_iter()
                .filter(|f| question || f != options)
                .collect();
            if features.is_empty() {
                return Ok(());
            }
            Err(FormatError::Unsupported { format, features })
        }
        other => other,
    }
}

fn write(problem: &Problem, query: &Query) -> String {
    let reserved = [RESERVED.as_slice(), FOREIGN.as_slice()].concat();
    let mut writer = Writer {
        problem,
        names: Names::new(problem, &reserved, clean, |name, _| clean(name)),
        scope: Scope::default(),
        out: String::new(),
    };
    writer.out.push_str("(set-logic ALL)\n");
    writer.declarations();
    // Labels are symbols too, and share the table.
    let labels: Vec<String> = query
        .assertions(problem)
        .map(|(item, _, _)| {
            let name = match item {
                Item::Premise(i) => problem.premises.get(i as usize).map(|p| clean(&p.name)),
                Item::Goal(_) => None,
            };
            writer.names.table.take(name.unwrap_or("goal".into()))
        })
        .collect();
    for ((item, formula, holds), label) in query.assertions(problem).zip(labels) {
        writer.assertion(item, formula, holds, &label);
    }
    writer.out.push_str("(check-sat)\n");
    writer.out
}

struct Writer<'a> {
    problem: &'a Problem,
    names: Names,
    scope: Scope,
    out: String,
}

impl Writer<'_> {
    fn declarations(&mut self) {
        let signature = &self.problem.signature;
        let elements = |s| signature.elements(s);
        let sorts = || signature.sort_ids().skip(3);
        for sort in sorts().filter(|&s| elements(s).is_none()) {
            let _ = writeln!(self.out, "(declare-sort {} 0)", self.sort(sort));
        }
        for sort in sorts() {
            let Some(elements) = elements(sort) else {
                continue;
            };
            let names = elements.iter().map(|&e| format!("({})", self.symbol(e)));
            let names: Vec<_> = names.collect();
            let (sort, names) = (self.sort(sort), names.join(" "));
            let _ = writeln!(self.out, "(declare-datatypes (({sort} 0)) (({names})))");
        }
        for id in signature.symbol_ids() {
            if signature.element_index(id).is_some() {
                continue;
            }
            let symbol = signature.symbol(id);
            let arguments: Vec<_> = symbol.arguments.iter().map(|&s| self.sort(s)).collect();
            let (name, result) = (self.symbol(id), self.sort(symbol.result));
            let arguments = arguments.join(" ");
            let _ = writeln!(self.out, "(declare-fun {name} ({arguments}) {result})");
        }
    }

    fn assertion(&mut self, item: Item, formula: TermId, holds: bool, label: &str) {
        let sentence = match item {
            Item::Premise(i) => {
                let premise = self.problem.premises.get(i as usize);
                premise.and_then(|p| p.sentence.clone())
            }
            Item::Goal(_) => {
                let mut asked = self.problem.asked();
                let asked = asked.find(|c| c.formula == formula);
                asked.and_then(|c| c.sentence.clone())
            }
        };
        if matches!(item, Item::Goal(_)) {
            self.out.push_str(match holds {
                true => "; What is asked about, assumed to hold.\n",
                false => "; What is asked about, denied: unsat means that it follows.\n",
            });
        }
        if let Some(sentence) = sentence {
            let _ = writeln!(self.out, "; {}", comment(&sentence));
        }
        let formula = self.term(formula);
        let formula = match holds {
            true => formula,
            false => format!("(not {formula})"),
        };
        let _ = writeln!(self.out, "(assert (! {formula} :named |{label}|))");
    }

    fn sort(&self, id: SortId) -> String {
        match id {
            SortId::BOOL | SortId::INT | SortId::REAL => self.names.sort(id).to_owned(),
            _ => format!("|{}|", self.names.sort(id)),
        }
    }

    fn symbol(&self, id: nsolve_il::fol::SymbolId) -> String {
        format!("|{}|", self.names.symbol(id))
    }

    fn list(&mut self, word: &str, ts: &[TermId]) -> String {
        let mut out = format!("({word}");
        for &t in ts {
            out.push(' ');
            out.push_str(&self.term(t));
        }
        out.push(')');
        out
    }

    fn term(&mut self, id: TermId) -> String {
        match self.problem.terms.get(id) {
            Term::Var(v) => format!("|{}|", self.scope.name(*v)),
            Term::Apply(symbol, arguments) if arguments.is_empty() => self.symbol(*symbol),
            Term::Apply(symbol, arguments) => {
                let symbol = self.symbol(*symbol);
                self.list(&symbol, arguments)
            }
            Term::Number(value, sort) => number(value, *sort),
            Term::Bool(value) => value.to_string(),
            Term::Not(t) => self.list("not", &[*t]),
            Term::And(ts) => self.list("and", ts),
            Term::Or(ts) => self.list("or", ts),
            Term::Xor(a, b) => self.list("xor", &[*a, *b]),
            Term::Implies(a, b) => self.list("=>", &[*a, *b]),
            Term::Iff(a, b) | Term::Equal(a, b) => self.list("=", &[*a, *b]),
            Term::Distinct(ts) => self.list("distinct", ts),
            Term::Arithmetic(op, ts) => {
                let word = match op {
                    ArithmeticOp::Add => "+",
                    ArithmeticOp::Subtract | ArithmeticOp::Negate => "-",
                    ArithmeticOp::Multiply => "*",
                    ArithmeticOp::Divide => "/",
                    ArithmeticOp::IntDivide => "div",
                    ArithmeticOp::Modulo => "mod",
                    ArithmeticOp::ToReal => "to_real",
                };
                self.list(word, ts)
            }
            Term::Compare(op, a, b) => {
                let word = match op {
                    CompareOp::Less => "<",
                    CompareOp::LessEq => "<=",
                    CompareOp::Greater => ">",
                    CompareOp::GreaterEq => ">=",
                };
                self.list(word, &[*a, *b])
            }
            Term::Quantified(quantifier, variables, body) => {
                let word = match quantifier {
                    Quantifier::Forall => "forall",
                    _ => "exists",
                };
                let bound: Vec<_> = variables.iter().map(|&v| self.bind(v)).collect();
                let body = self.term(*body);
                self.scope.release(variables.len());
                format!("({word} ({}) {body})", bound.join(" "))
            }
        }
    }

    fn bind(&mut self, var: VarId) -> String {
        let variable = self.problem.terms.variable(var);
        let base = clean(&variable.name);
        let name = self.scope.bind(var, base, &self.names.table);
        format!("(|{name}| {})", self.sort(variable.sort))
    }
}

/// A number. Negative numbers and fractions are written as operations, since
/// SMT-LIB has no other words for them.
fn number(value: &Rational, sort: SortId) -> String {
    let point = if sort == SortId::REAL { ".0" } else { "" };
    let (above, below) = (value.numer().magnitude(), value.denom());
    let size = match value.is_integer() {
        true => format!("{above}{point}"),
        false => format!("(/ {above}.0 {below}.0)"),
    };
    match value < &Rational::default() {
        true => format!("(- {size})"),
        false => size,
    }
}

/// A name as it may stand between bars, and as no solver has it for its own.
fn clean(name: &str) -> String {
    let keep = |c: char| match c {
        '|' | '\\' | '.' | '!' | '@' | '#' => '_',
        c if c.is_control() => '_',
        c => c,
    };
    let mut out: String = name.chars().map(keep).collect();
    let digits = |c: char| c.is_ascii_digit();
    if out.is_empty() || out.starts_with(digits) || out.starts_with("bv") {
        out.insert(0, '_');
    }
    out
}
