//! The canonical printer: what it prints is read back as the same problem.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use nsolve_il::Rational;
use nsolve_il::fol::{
    ArithmeticOp, Builder, CompareOp, Conclusion, Declared, Measure, Problem, Quantifier, Question,
    Semantics, SortId, SortKind, Symbol, SymbolId, Term, TermId, VarId,
};
use rustc_hash::{FxHashMap, FxHashSet};

use super::lexer::RESERVED;

/// Prints a whole problem in the native language, an item a line.
pub fn print(problem: &Problem) -> String {
    let mut out = String::new();
    for line in declarations(problem, |_| true) {
        out.push_str(&line);
        out.push('\n');
    }
    if problem.semantics == Semantics::Rules {
        out.push_str("semantics rules\n");
    }
    if !out.is_empty() {
        out.push('\n');
    }
    let mut printer = Printer::new(problem);
    for premise in &problem.premises {
        let _ = write!(out, "premise {}", quoted_name(&premise.name));
        sentence(&mut out, premise.sentence.as_deref());
        let _ = writeln!(out, " : {}", printer.formula(premise.formula));
    }
    if !problem.premises.is_empty() {
        out.push('\n');
    }
    match &problem.question {
        Question::Model => out.push_str("ask model\n"),
        Question::Conclusion(conclusion) => {
            out.push_str("conclusion");
            statement(&mut out, &mut printer, conclusion);
        }
        Question::Extremum(extremum) => {
            let measure = measure(&mut printer, extremum.measure);
            let _ = writeln!(out, "ask {} of {measure}", extremum.direction.name());
        }
        Question::Options {
            modality,
            except,
            choices,
        } => {
            let word = modality.name();
            if *except {
                let _ = writeln!(out, "ask all {word} be true except");
            } else {
                let _ = writeln!(out, "ask which {word} be true");
            }
            for choice in choices {
                let _ = write!(out, "option {}", quoted_name(&choice.label));
                sentence(&mut out, choice.statement.sentence.as_deref());
                if let Some(modality) = choice.modality {
                    let _ = write!(out, " {} be true", modality.name());
                }
                let formula = printer.formula(choice.statement.formula);
                let _ = writeln!(out, " : {formula}");
            }
        }
    }
    out
}

/// The declarations that no text made, as lines of the native language.
pub fn inferred_declarations(problem: &Problem) -> Vec<String> {
    declarations(problem, |declared| {
        matches!(declared, Declared::Inferred(_))
    })
}

/// Prints a formula or term of a problem.
pub fn print_formula(problem: &Problem, formula: TermId) -> String {
    Printer::new(problem).formula(formula)
}

/// Prints what the least or greatest value of is asked for.
pub fn print_measure(problem: &Problem, of: Measure) -> String {
    measure(&mut Printer::new(problem), of)
}

fn measure(printer: &mut Printer<'_>, of: Measure) -> String {
    let text = printer.formula(of.root());
    match (of, text.strip_prefix("at least 1 ")) {
        (Measure::Count(_), Some(counted)) => format!("count {counted}"),
        _ => text,
    }
}

/// Prints a formula in which some variables stand for something: `stands` gives
/// the text, which is taken for a name or an application.
pub fn print_formula_with(
    problem: &Problem,
    formula: TermId,
    stands: &dyn Fn(VarId) -> Option<String>,
) -> String {
    let mut printer = Printer::new(problem);
    printer.stands = Some(stands);
    printer.formula(formula)
}

fn statement(out: &mut String, printer: &mut Printer<'_>, statement: &Conclusion) {
    sentence(out, statement.sentence.as_deref());
    let _ = writeln!(out, " : {}", printer.formula(statement.formula));
}

fn sentence(out: &mut String, sentence: Option<&str>) {
    if let Some(sentence) = sentence {
        let _ = write!(out, " {}", quoted_text(sentence));
    }
}

fn quoted_text(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    format!("\"{escaped}\"")
}

/// A name as it has to be written: in quotes where it is no plain word.
fn quoted_name(name: &str) -> String {
    let mut chars = name.chars();
    let plain = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_')
        && name.is_ascii()
        && !RESERVED.contains(&name);
    if plain {
        return name.to_owned();
    }
    let escaped = name
        .replace('\\', "\\\\")
        .replace('\'', "\\'")
        .replace('\n', "\\n");
    format!("'{escaped}'")
}

fn declarations(problem: &Problem, wanted: impl Fn(Declared) -> bool) -> Vec<String> {
    let signature = &problem.signature;
    let mut out = Vec::new();
    let mut listed: FxHashSet<SymbolId> = FxHashSet::default();
    for sort in signature.sorts() {
        if let SortKind::Enumerated(elements) = &sort.kind {
            listed.extend(elements);
        }
        let name = quoted_name(&sort.name);
        match &sort.kind {
            SortKind::Enumerated(elements) if wanted(sort.declared) => {
                let elements: Vec<String> = elements
                    .iter()
                    .map(|&e| quoted_name(&signature.symbol(e).name))
                    .collect();
                out.push(format!("sort {name} = {{ {} }}", elements.join(", ")));
            }
            SortKind::Uninterpreted
                if wanted(sort.declared) && &*sort.name != Builder::DEFAULT_SORT =>
            {
                out.push(format!("sort {name}"));
            }
            _ => {}
        }
    }
    for (id, symbol) in signature.symbol_ids().zip(signature.symbols()) {
        if wanted(symbol.declared) && !listed.contains(&id) {
            out.push(declaration(problem, symbol));
        }
    }
    out
}

fn declaration(problem: &Problem, symbol: &Symbol) -> String {
    let sort = |id: SortId| quoted_name(&problem.signature.sort(id).name);
    let arguments: Vec<String> = symbol.arguments.iter().map(|&s| sort(s)).collect();
    let arguments = arguments.join(", ");
    let name = quoted_name(&symbol.name);
    let mut line = match (symbol.is_predicate(), symbol.arguments.is_empty()) {
        (true, true) => format!("pred {name}"),
        (true, false) => format!("pred {name} : {arguments}"),
        (false, true) => format!("const {name} : {}", sort(symbol.result)),
        (false, false) => format!("func {name} : {arguments} -> {}", sort(symbol.result)),
    };
    if let Some(meaning) = &symbol.meaning {
        let _ = write!(line, " {}", quoted_text(meaning));
    }
    line
}

/// How tightly an operator binds; what binds less tightly than its place needs
/// brackets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tightness {
    Quantifier,
    Iff,
    Implies,
    Xor,
    Or,
    And,
    Not,
    Relation,
    Sum,
    Product,
    Signed,
    Atom,
}

struct Printer<'p> {
    problem: &'p Problem,
    /// Names of all symbols: a variable of such a name would be taken for it.
    taken: BTreeSet<&'p str>,
    /// What each variable is called, while it is in scope.
    names: FxHashMap<VarId, String>,
    /// Names of the variables that are bound around the place at hand.
    scope: FxHashSet<String>,
    /// The number that the innermost variable of a name has been given.
    numbers: FxHashMap<&'p str, usize>,
    stands: Option<&'p dyn Fn(VarId) -> Option<String>>,
}

impl<'p> Printer<'p> {
    fn new(problem: &'p Problem) -> Self {
        Printer {
            problem,
            taken: problem
                .signature
                .symbols()
                .iter()
                .map(|s| &*s.name)
                .collect(),
            names: FxHashMap::default(),
            scope: FxHashSet::default(),
            numbers: FxHashMap::default(),
            stands: None,
        }
    }

    fn formula(&mut self, t: TermId) -> String {
        let mut out = String::new();
        self.term(&mut out, t, Tightness::Quantifier);
        out
    }

    /// Prints a term where nothing looser than `place` may stand.
    fn term(&mut self, out: &mut String, t: TermId, place: Tightness) {
        let problem = self.problem;
        let term = problem.terms.get(t);
        if let Term::Arithmetic(ArithmeticOp::ToReal, parts) = term {
            // Put in where integers meet reals, and put in again when read.
            if let Some(&inner) = parts.first() {
                self.term(out, inner, place);
            }
            return;
        }
        let own = tightness(term, problem);
        let brackets = own < place;
        if brackets {
            out.push('(');
        }
        // A quantifier's body reaches to the end, so without brackets one may
        // stand only where nothing follows.
        let last = brackets || place == Tightness::Quantifier;
        self.unbracketed(out, term, own, last);
        if brackets {
            out.push(')');
        }
    }

    fn unbracketed(&mut self, out: &mut String, term: &'p Term, own: Tightness, last: bool) {
        use Tightness as T;
        match term {
            Term::Var(v) => out.push_str(&self.variable(*v)),
            Term::Apply(symbol, arguments) => self.apply(out, *symbol, arguments),
            Term::Number(value, _) => out.push_str(&number(value)),
            Term::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Term::Not(inner) => match self.problem.terms.get(*inner) {
                Term::Equal(a, b) => self.infix(out, " != ", &[*a, *b], T::Sum, T::Sum),
                _ => {
                    out.push_str("not ");
                    self.term(out, *inner, T::Not);
                }
            },
            Term::And(parts) => self.infix(out, " and ", parts, T::Not, T::Not),
            Term::Or(parts) => self.infix(out, " or ", parts, T::And, T::And),
            Term::Xor(a, b) => self.infix(out, " xor ", &[*a, *b], T::Xor, T::Or),
            Term::Implies(a, b) => {
                self.term(out, *a, T::Xor);
                out.push_str(" -> ");
                let chained = matches!(
                    self.problem.terms.get(*b),
                    Term::Quantified(..) | Term::Implies(..)
                );
                let place = if last && chained {
                    T::Quantifier
                } else {
                    T::Implies
                };
                self.term(out, *b, place);
            }
            Term::Iff(a, b) => {
                // A body would reach over the sign behind it.
                let first = if self.ends_in_quantifier(*a) {
                    T::Atom
                } else {
                    T::Implies
                };
                self.infix(out, " <-> ", &[*a, *b], first, T::Implies);
            }
            Term::Equal(a, b) => self.infix(out, " = ", &[*a, *b], T::Sum, T::Sum),
            Term::Distinct(parts) => {
                out.push_str("distinct(");
                self.infix(out, ", ", parts, T::Quantifier, T::Quantifier);
                out.push(')');
            }
            Term::Compare(op, a, b) => {
                let sign = match op {
                    CompareOp::Less => " < ",
                    CompareOp::LessEq => " <= ",
                    CompareOp::Greater => " > ",
                    CompareOp::GreaterEq => " >= ",
                };
                self.infix(out, sign, &[*a, *b], T::Sum, T::Sum);
            }
            Term::Arithmetic(ArithmeticOp::Negate, parts) => {
                out.push('-');
                if let Some(&inner) = parts.first() {
                    let numeral = matches!(self.problem.terms.get(inner), Term::Number(..));
                    if numeral {
                        out.push('(');
                    }
                    self.term(out, inner, T::Signed);
                    if numeral {
                        out.push(')');
                    }
                }
            }
            Term::Arithmetic(op, parts) => {
                let sign = match op {
                    ArithmeticOp::Add => " + ",
                    ArithmeticOp::Subtract => " - ",
                    ArithmeticOp::Multiply => " * ",
                    ArithmeticOp::Divide => " / ",
                    ArithmeticOp::IntDivide => " div ",
                    _ => " mod ",
                };
                let inside = if own == T::Sum { T::Product } else { T::Signed };
                self.infix(out, sign, parts, inside, inside);
            }
            Term::Quantified(quantifier, variables, body) => {
                self.quantified(out, *quantifier, variables, *body);
            }
        }
    }

    /// Whether an implication is printed with a quantifier standing last.
    fn ends_in_quantifier(&self, mut t: TermId) -> bool {
        while let Term::Implies(_, b) = self.problem.terms.get(t) {
            t = *b;
        }
        matches!(self.problem.terms.get(t), Term::Quantified(..))
    }

    fn infix(
        &mut self,
        out: &mut String,
        sign: &str,
        parts: &[TermId],
        first: Tightness,
        rest: Tightness,
    ) {
        for (i, &part) in parts.iter().enumerate() {
            if i > 0 {
                out.push_str(sign);
            }
            self.term(out, part, if i == 0 { first } else { rest });
        }
    }

    fn apply(&mut self, out: &mut String, symbol: SymbolId, arguments: &[TermId]) {
        out.push_str(&quoted_name(&self.problem.signature.symbol(symbol).name));
        if !arguments.is_empty() {
            out.push('(');
            self.infix(
                out,
                ", ",
                arguments,
                Tightness::Quantifier,
                Tightness::Quantifier,
            );
            out.push(')');
        }
    }

    fn variable(&self, v: VarId) -> String {
        if let Some(text) = self.stands.and_then(|stands| stands(v)) {
            return text;
        }
        match self.names.get(&v) {
            Some(name) => quoted_name(name),
            None => quoted_name(&self.problem.terms.variable(v).name),
        }
    }

    fn quantified(
        &mut self,
        out: &mut String,
        quantifier: Quantifier,
        variables: &[VarId],
        body: TermId,
    ) {
        let word = match quantifier {
            Quantifier::Forall => "forall".to_owned(),
            Quantifier::Exists => "exists".to_owned(),
            Quantifier::ExistsUnique => "exists!".to_owned(),
            Quantifier::AtLeast(n) => format!("at least {n}"),
            Quantifier::AtMost(n) => format!("at most {n}"),
            Quantifier::Exactly(n) => format!("exactly {n}"),
        };
        let mut numbers = Vec::new();
        for &v in variables {
            let (name, number) = self.fresh_name(v);
            let stem = &*self.problem.terms.variable(v).name;
            numbers.push((stem, self.numbers.insert(stem, number)));
            self.scope.insert(name.clone());
            self.names.insert(v, name);
        }
        let _ = write!(out, "{word} {}. ", self.binders(variables));
        self.term(out, body, Tightness::Quantifier);
        for v in variables {
            if let Some(name) = self.names.get(v) {
                self.scope.remove(name);
            }
        }
        while let Some((stem, number)) = numbers.pop() {
            self.numbers.insert(stem, number.unwrap_or(0));
        }
    }

    /// The variable's name, with a number behind it where it would be taken for
    /// something else; 0 is none.
    fn fresh_name(&self, v: VarId) -> (String, usize) {
        let stem = &*self.problem.terms.variable(v).name;
        let mut number = self.numbers.get(stem).copied().unwrap_or(0);
        loop {
            let candidate = match number {
                0 => stem.to_owned(),
                _ => format!("{stem}{number}"),
            };
            if !self.taken.contains(&*candidate) && !self.scope.contains(&candidate) {
                return (candidate, number);
            }
            number += 1;
        }
    }

    /// `x, y: Person, c: City`; plain things need no sort.
    fn binders(&self, variables: &[VarId]) -> String {
        let signature = &self.problem.signature;
        let sort = |v: &VarId| self.problem.terms.variable(*v).sort;
        let plain = |v: &VarId| &*signature.sort(sort(v)).name == Builder::DEFAULT_SORT;
        let all_plain = variables.iter().all(plain);
        let mut out = String::new();
        for (i, v) in variables.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            out.push_str(&self.variable(*v));
            let next = variables.get(i + 1);
            if !all_plain && next.is_none_or(|next| sort(next) != sort(v)) {
                let _ = write!(out, ": {}", quoted_name(&signature.sort(sort(v)).name));
            }
        }
        out
    }
}

fn number(value: &Rational) -> String {
    value.to_string()
}

fn tightness(term: &Term, problem: &Problem) -> Tightness {
    use Tightness as T;
    match term {
        Term::Quantified(..) => T::Quantifier,
        Term::Iff(..) => T::Iff,
        Term::Implies(..) => T::Implies,
        Term::Xor(..) => T::Xor,
        Term::Or(_) => T::Or,
        Term::And(_) => T::And,
        Term::Not(inner) => match problem.terms.get(*inner) {
            Term::Equal(..) => T::Relation,
            _ => T::Not,
        },
        Term::Equal(..) | Term::Compare(..) => T::Relation,
        Term::Arithmetic(ArithmeticOp::Add | ArithmeticOp::Subtract, _) => T::Sum,
        Term::Arithmetic(ArithmeticOp::Negate, _) => T::Signed,
        Term::Arithmetic(..) => T::Product,
        Term::Number(value, _) if value < &Rational::default() => T::Signed,
        Term::Var(_) | Term::Apply(..) | Term::Number(..) | Term::Bool(_) | Term::Distinct(_) => {
            T::Atom
        }
    }
}
