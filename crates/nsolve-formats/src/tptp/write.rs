//! Writes TPTP.

use std::fmt::Write as _;

use nsolve_il::fol::{
    ArithmeticOp, CompareOp, Features, Problem, Quantifier, Question, SortId, SortKind, SymbolId,
    Term, TermId, VarId, features,
};
use nsolve_il::{FeatureSet as _, Rational};

use super::RESERVED_SORTS;
use crate::FormatError;
use crate::names::{Names, Scope, Table, check_supported, comment, pairs};
use crate::number::finite_decimal;

/// Writes a problem as TPTP: FOF where there is one sort and no numbers, TFF
/// otherwise.
///
/// A conclusion becomes the conjecture. Names that TPTP has no place for are
/// changed, injectively; sentences are kept as descriptions.
///
/// # Errors
/// [`FormatError::Unsupported`] for counting quantifiers, options, and rule
/// semantics.
pub fn write_tptp(problem: &Problem) -> Result<String, FormatError> {
    let supported = Features::all().difference(Features::COUNTING);
    check_supported(problem, "TPTP", supported, true)?;
    let typed = Features::SORTS | Features::INTEGERS | Features::REALS;
    let typed = features(problem).minus(typed) != features(problem);
    let labels = Table::default();
    let mut writer = Writer {
        problem,
        names: Names::new(problem, &RESERVED_SORTS, clean, |name, _| clean(name)),
        labels,
        scope: Scope::default(),
        typed,
        out: String::new(),
    };
    writer.problem();
    Ok(writer.out)
}

struct Writer<'a> {
    problem: &'a Problem,
    names: Names,
    labels: Table,
    scope: Scope,
    typed: bool,
    out: String,
}

impl Writer<'_> {
    fn problem(&mut self) {
        let problem = self.problem;
        // Premises keep their names, so theirs are taken first.
        let labels: Vec<String> = problem
            .premises
            .iter()
            .map(|p| self.labels.take(clean(&p.name)))
            .collect();
        if self.typed {
            self.declarations();
        }
        self.enumerations();
        for (premise, label) in problem.premises.iter().zip(&labels) {
            let formula = self.root(premise.formula);
            self.annotated(label, "axiom", &formula, premise.sentence.as_deref());
        }
        if let Question::Conclusion(c) = &problem.question {
            let label = self.labels.take("conclusion".into());
            let formula = self.formula(c.formula);
            self.annotated(&label, "conjecture", &formula, c.sentence.as_deref());
        }
        if self.out.is_empty() {
            // A text with nothing in it is no problem.
            self.annotated("nothing", "axiom", "$true", None);
        }
    }

    /// One annotated formula. The sentence stands above it for people, and in
    /// it for readers.
    fn annotated(&mut self, label: &str, role: &str, formula: &str, sentence: Option<&str>) {
        let form = if self.typed { "tff" } else { "fof" };
        let label = quote(label);
        if let Some(sentence) = sentence {
            let _ = writeln!(self.out, "% {}", comment(sentence));
            let sentence = quoted(&escape_sentence(sentence));
            let _ = writeln!(
                self.out,
                "{form}({label}, {role}, {formula}, unknown, [description({sentence})])."
            );
        } else {
            let _ = writeln!(self.out, "{form}({label}, {role}, {formula}).");
        }
    }

    fn declarations(&mut self) {
        let signature = &self.problem.signature;
        let sorts = signature.sort_ids().skip(3);
        let (enumerated, plain): (Vec<_>, Vec<_>) =
            sorts.partition(|&s| signature.elements(s).is_some());
        for sort in plain.into_iter().chain(enumerated) {
            let name = self.sort(sort);
            if name == "$i" {
                continue;
            }
            self.typing(self.names.sort(sort).to_owned(), &name, "$tType");
            for &element in signature.elements(sort).unwrap_or_default() {
                self.declaration(element);
            }
        }
        for symbol in signature.symbol_ids() {
            if signature.element_index(symbol).is_none() {
                self.declaration(symbol);
            }
        }
    }

    fn declaration(&mut self, id: SymbolId) {
        let symbol = self.problem.signature.symbol(id);
        let result = self.sort(symbol.result);
        let arguments: Vec<_> = symbol.arguments.iter().map(|&s| self.sort(s)).collect();
        let text = match arguments.as_slice() {
            [] => result,
            [one] => format!("{one} > {result}"),
            many => format!("({}) > {result}", many.join(" * ")),
        };
        let name = self.names.symbol(id).to_owned();
        self.typing(name.clone(), &quote(&name), &text);
    }

    fn typing(&mut self, label: String, name: &str, text: &str) {
        let label = quote(&self.labels.take(format!("{label}_type")));
        let _ = writeln!(self.out, "tff({label}, type, {name}: {text}).");
    }

    fn enumerations(&mut self) {
        let form = if self.typed { "tff" } else { "fof" };
        let signature = &self.problem.signature;
        for id in signature.sort_ids() {
            let SortKind::Enumerated(elements) = &signature.sort(id).kind else {
                continue;
            };
            let names: Vec<_> = elements.iter().map(|&e| self.symbol(e)).collect();
            let cases: Vec<_> = names.iter().map(|n| format!("X = {n}")).collect();
            let label = self.names.sort(id).to_owned();
            let sort = match self.typed {
                true => format!(": {}", self.sort(id)),
                false => String::new(),
            };
            let mut axiom = |label: String, formula: String| {
                let label = quote(&self.labels.take(label));
                let mark = "unknown, [nsolve(enumerated)]";
                let _ = writeln!(self.out, "{form}({label}, axiom, {formula}, {mark}).");
            };
            let formula = format!("! [X{sort}] : ({})", cases.join(" | "));
            axiom(format!("{label}_elements"), formula);
            if names.len() > 1 {
                axiom(
                    format!("{label}_distinct"),
                    format!("$distinct({})", names.join(",")),
                );
            }
        }
    }

    fn sort(&self, id: SortId) -> String {
        let sort = self.problem.signature.sort(id);
        match (&sort.kind, &*sort.name) {
            (SortKind::Bool, _) => "$o".into(),
            (SortKind::Int, _) => "$int".into(),
            (SortKind::Real, _) => "$real".into(),
            (SortKind::Uninterpreted, nsolve_il::fol::Builder::DEFAULT_SORT) => "$i".into(),
            _ => quote(self.names.sort(id)),
        }
    }

    fn symbol(&self, id: SymbolId) -> String {
        quote(self.names.symbol(id))
    }

    /// A premise's formula. `$distinct` may stand here only, at the root of an
    /// axiom.
    fn root(&mut self, id: TermId) -> String {
        match self.problem.terms.get(id) {
            Term::Distinct(ts) => format!("$distinct({})", self.terms(ts)),
            _ => self.formula(id),
        }
    }

    /// A formula that may need brackets below a connective.
    fn formula(&mut self, id: TermId) -> String {
        match self.problem.terms.get(id) {
            Term::And(ts) => self.joined(ts, " & "),
            Term::Or(ts) => self.joined(ts, " | "),
            Term::Xor(a, b) => self.joined(&[*a, *b], " <~> "),
            Term::Implies(a, b) => self.joined(&[*a, *b], " => "),
            Term::Iff(a, b) => self.joined(&[*a, *b], " <=> "),
            Term::Distinct(ts) => {
                let parts: Vec<_> = pairs(ts)
                    .map(|(a, b)| format!("{} != {}", self.term(a), self.term(b)))
                    .collect();
                parts.join(" & ")
            }
            _ => self.unit(id),
        }
    }

    fn joined(&mut self, ts: &[TermId], sign: &str) -> String {
        let parts: Vec<_> = ts.iter().map(|&t| self.unit(t)).collect();
        parts.join(sign)
    }

    /// A formula that needs no brackets anywhere.
    fn unit(&mut self, id: TermId) -> String {
        match self.problem.terms.get(id) {
            Term::Bool(true) => "$true".into(),
            Term::Bool(false) => "$false".into(),
            Term::Not(inner) => match self.problem.terms.get(*inner) {
                Term::Equal(a, b) => format!("{} != {}", self.term(*a), self.term(*b)),
                _ => format!("~ {}", self.unit(*inner)),
            },
            Term::Equal(a, b) => format!("{} = {}", self.term(*a), self.term(*b)),
            Term::Compare(op, a, b) => {
                let word = match op {
                    CompareOp::Less => "$less",
                    CompareOp::LessEq => "$lesseq",
                    CompareOp::Greater => "$greater",
                    CompareOp::GreaterEq => "$greatereq",
                };
                format!("{word}({})", self.terms(&[*a, *b]))
            }
            Term::Quantified(quantifier, variables, body) => {
                let sign = match quantifier {
                    Quantifier::Forall => "!",
                    _ => "?",
                };
                let bound: Vec<_> = variables.iter().map(|&v| self.bind(v)).collect();
                let body = self.unit(*body);
                self.scope.release(variables.len());
                format!("{sign} [{}] : {body}", bound.join(", "))
            }
            Term::Apply(..) => self.term(id),
            _ => format!("({})", self.formula(id)),
        }
    }

    fn bind(&mut self, var: VarId) -> String {
        let variable = self.problem.terms.variable(var);
        // A variable `X` beside a symbol `'X'` is correct, but confuses people.
        let base = clean_variable(&variable.name);
        let name = self.scope.bind(var, base, &self.names.table);
        match self.typed {
            true => format!("{name}: {}", self.sort(variable.sort)),
            false => name,
        }
    }

    fn terms(&mut self, ts: &[TermId]) -> String {
        let parts: Vec<_> = ts.iter().map(|&t| self.term(t)).collect();
        parts.join(",")
    }

    fn term(&mut self, id: TermId) -> String {
        match self.problem.terms.get(id) {
            Term::Var(v) => self.scope.name(*v).to_owned(),
            Term::Apply(symbol, arguments) if arguments.is_empty() => self.symbol(*symbol),
            Term::Apply(symbol, arguments) => {
                format!("{}({})", self.symbol(*symbol), self.terms(arguments))
            }
            Term::Number(value, sort) => number(value, *sort),
            Term::Arithmetic(op, operands) => self.arithmetic(*op, operands),
            // No other term has a sort but `Bool`.
            _ => String::new(),
        }
    }

    fn arithmetic(&mut self, op: ArithmeticOp, operands: &[TermId]) -> String {
        let word = match op {
            ArithmeticOp::Add => "$sum",
            ArithmeticOp::Subtract => "$difference",
            ArithmeticOp::Multiply => "$product",
            ArithmeticOp::Divide => "$quotient",
            ArithmeticOp::Negate => "$uminus",
            ArithmeticOp::IntDivide => "$quotient_e",
            ArithmeticOp::Modulo => "$remainder_e",
            ArithmeticOp::ToReal => "$to_real",
        };
        let mut parts = operands.iter().map(|&t| self.term(t)).collect::<Vec<_>>();
        if parts.len() == 1 {
            return format!("{word}({})", parts.concat());
        }
        // Sums of many are sums of two, from the left.
        let rest = parts.split_off(1.min(parts.len()));
        let joined = |left: String, right: String| format!("{word}({left},{right})");
        rest.into_iter().fold(parts.concat(), joined)
    }
}

fn number(value: &Rational, sort: SortId) -> String {
    if sort == SortId::INT {
        return value.to_string();
    }
    let quotient = || format!("$quotient({}.0,{}.0)", value.numer(), value.denom());
    finite_decimal(value).unwrap_or_else(quotient)
}

/// A name as it may stand between single quotes: printable ASCII, and no
/// leading `$`, which some provers take for a defined word even quoted.
fn clean(name: &str) -> String {
    let keep = |c: char| if matches!(c, ' '..='~') { c } else { '_' };
    let mut out: String = name.chars().map(keep).collect();
    if out.is_empty() || out.starts_with('$') {
        out.insert(0, '_');
    }
    out
}

fn clean_variable(name: &str) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let mut out: String = name.chars().map(keep).collect();
    match out.get(..1) {
        Some(first) if first.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            let first = first.to_ascii_uppercase();
            out.replace_range(..1, &first);
        }
        _ => out.insert(0, 'X'),
    }
    out
}

/// The name as a lower-case word where it is one, else in single quotes.
fn quote(name: &str) -> String {
    let is_word = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_word {
        return name.to_owned();
    }
    quoted(name)
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A sentence in printable ASCII: every other character, and the backslash, as
/// `\u{hex}`.
fn escape_sentence(sentence: &str) -> String {
    let mut out = String::new();
    for c in sentence.chars() {
        match c {
            '\\' => out.push_str("\\u{5c}"),
            ' '..='~' => out.push(c),
            _ => {
                let _ = write!(out, "\\u{{{:x}}}", c as u32);
            }
        }
    }
    out
}

/// The sentence that [`escape_sentence`] was given. An escaped NUL stays as it
/// is: no text may have one.
pub(super) fn unescape_sentence(text: &str) -> String {
    let mut parts = text.split("\\u{");
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let decoded = part.split_once('}').and_then(|(hex, rest)| {
            let c = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)?;
            Some((c, rest))
        });
        match decoded {
            Some((c, rest)) if c != '\0' => {
                out.push(c);
                out.push_str(rest);
            }
            _ => {
                out.push_str("\\u{");
                out.push_str(part);
            }
        }
    }
    out
}
