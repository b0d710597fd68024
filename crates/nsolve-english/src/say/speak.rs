//! Formulas as sentences.
//!
//! A formula has several sentences that may say it, natural ones first. A
//! natural sentence is told only if the reader reads it as that formula; the
//! style with letters, in which every formula can be said, is the last.

use std::cell::Cell;

use nsolve_il::fol::{ArithmeticOp, CompareOp, Problem, Quantifier, SymbolId};
use rustc_hash::FxHashMap;

use super::phrase::{Phrase, Piece, fill, phrases};
use super::statement::{Statement, Thing};

/// Says the formulas of one problem.
pub(super) struct Speaker<'p> {
    pub(super) problem: &'p Problem,
    pub(super) phrases: Vec<Phrase>,
    /// The symbols by what the reader would give as their meaning, with their
    /// arity and whether they are predicates.
    pub(super) known: FxHashMap<(String, usize, bool), SymbolId>,
    /// What constants of a certificate are called.
    witnesses: FxHashMap<u32, String>,
    /// Whether each clause within another one stands in brackets.
    brackets: Cell<bool>,
}

/// What variables are called.
pub(super) type Names = FxHashMap<u32, String>;

/// Longer sentences are cut.
const MOST_BYTES: usize = 6_000;

impl<'p> Speaker<'p> {
    pub(super) fn new(problem: &'p Problem) -> Self {
        let phrases = phrases(problem);
        let mut known = FxHashMap::default();
        for (id, phrase) in problem.signature.symbol_ids().zip(&phrases) {
            let symbol = problem.signature.symbol(id);
            if let Some(meaning) = phrase.meaning() {
                let key = (meaning, symbol.arity(), symbol.is_predicate());
                known.entry(key).or_insert(id);
            }
        }
        Speaker {
            problem,
            phrases,
            known,
            witnesses: FxHashMap::default(),
            brackets: Cell::new(false),
        }
    }

    /// The formula as a sentence.
    pub(super) fn sentence(&self, statement: &Statement) -> String {
        if statement.has_witness() {
            // What a proof calls a thing is a name nowhere else.
            return self.plainly(statement);
        }
        let natural = self.natural(statement);
        let read = |words: &String| self.is_read_as(words, statement);
        let mut found = natural.into_iter().map(|words| finished(&words));
        if let Some(natural) = found.find(read) {
            return natural;
        }
        let lettered = |brackets: bool| {
            self.brackets.set(brackets);
            finished(&self.clause(statement, &mut Names::default()))
        };
        Some(lettered(false))
            .filter(read)
            .unwrap_or_else(|| lettered(true))
    }

    /// The formula with letters, whether the reader reads it or not.
    pub(super) fn plainly(&self, statement: &Statement) -> String {
        self.brackets.set(false);
        finished(&self.clause(statement, &mut Names::default()))
    }

    /// The names of all constants.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let nouns = self.phrases.iter().filter_map(|p| match p {
            Phrase::Noun(pieces) => match pieces.as_slice() {
                [Piece::Word(word), ..] => Some(word.as_str()),
                _ => None,
            },
            _ => None,
        });
        nouns.filter(|word| word.starts_with(char::is_uppercase))
    }

    /// Whether a constant of a certificate has a name.
    pub(super) fn is_called(&self, witness: u32) -> bool {
        self.witnesses.contains_key(&witness)
    }

    /// What a constant of a certificate is called; it gets a name now if it has
    /// none.
    pub(super) fn call(&mut self, witness: u32) -> String {
        const LETTERS: [&str; 5] = ["P", "Q", "R", "S", "T"];
        let count = self.witnesses.len();
        let name = self.witnesses.entry(witness).or_insert_with(|| {
            let letter = LETTERS.get(count % LETTERS.len()).unwrap_or(&"P");
            match count / LETTERS.len() {
                0 => (*letter).to_owned(),
                round => format!("{letter}{round}"),
            }
        });
        name.clone()
    }

    pub(super) fn phrase(&self, symbol: SymbolId) -> Option<&Phrase> {
        self.phrases.get(symbol.index())
    }

    fn name(&self, symbol: SymbolId) -> &str {
        &self.problem.signature.symbol(symbol).name
    }

    /// A closed term in words.
    pub(super) fn name_of(&self, thing: &Thing) -> String {
        self.thing(thing, &Names::default())
    }

    /// A term in words.
    pub(super) fn thing(&self, thing: &Thing, names: &Names) -> String {
        match thing {
            Thing::Variable(v) => names.get(v).cloned().unwrap_or_else(|| format!("X{v}")),
            Thing::Number(words) | Thing::Called(words) => words.clone(),
            Thing::Witness(id) => match self.witnesses.get(id) {
                Some(name) => name.clone(),
                None => "something".into(),
            },
            Thing::Apply(symbol, arguments) => {
                let said: Vec<String> = arguments.iter().map(|t| self.thing(t, names)).collect();
                match self.phrase(*symbol) {
                    Some(Phrase::Noun(pieces)) => fill(pieces, &said),
                    _ => format!("\"{}\" of {}", self.name(*symbol), listed(&said, "and")),
                }
            }
            Thing::Arithmetic(op, arguments) => {
                let said: Vec<String> = arguments.iter().map(|t| self.thing(t, names)).collect();
                let between = match op {
                    ArithmeticOp::Add => " plus ",
                    ArithmeticOp::Subtract => " minus ",
                    ArithmeticOp::Multiply => " times ",
                    ArithmeticOp::Divide | ArithmeticOp::IntDivide => " divided by ",
                    ArithmeticOp::Modulo => " modulo ",
                    ArithmeticOp::Negate => return format!("minus {}", said.join(" ")),
                    ArithmeticOp::ToReal => " ",
                };
                match arguments.len() {
                    2 => said.join(between),
                    _ => format!("({})", said.join(between)),
                }
            }
        }
    }

    /// An atom, or its denial.
    pub(super) fn literal(&self, atom: &Statement, holds: bool, names: &Names) -> String {
        match atom {
            Statement::Atom {
                symbol,
                denied,
                arguments,
            } => {
                let holds = holds != *denied;
                let said: Vec<String> = arguments.iter().map(|t| self.thing(t, names)).collect();
                match self.phrase(*symbol) {
                    Some(Phrase::Clause(clause)) => {
                        let subject = said.get(clause.subject).map_or("it", String::as_str);
                        format!("{subject} {}", clause.verb_phrase(&said, holds).said(false))
                    }
                    Some(Phrase::Sentence(sentence)) if holds => sentence.clone(),
                    Some(Phrase::Sentence(sentence)) => {
                        format!("it is not the case that {sentence}")
                    }
                    _ => {
                        let verb = if holds { "holds" } else { "does not hold" };
                        let of = listed(&said, "and");
                        format!("\"{}\" {verb} of {of}", self.name(*symbol))
                    }
                }
            }
            Statement::Equal(a, b) => {
                let is = match (holds, self.is_number(a) || self.is_number(b)) {
                    (true, true) => "is equal to",
                    (false, true) => "is not equal to",
                    (true, false) => "is",
                    (false, false) => "is not",
                };
                let (a, b) = match (a, b) {
                    (Thing::Number(_), b) if !matches!(b, Thing::Number(_)) => (b, a),
                    pair => pair,
                };
                format!("{} {is} {}", self.thing(a, names), self.thing(b, names))
            }
            Statement::Compare(op, a, b) => {
                let than = match (op, holds) {
                    (CompareOp::Less, true) | (CompareOp::GreaterEq, false) => "less than",
                    (CompareOp::LessEq, true) | (CompareOp::Greater, false) => "at most",
                    (CompareOp::Greater, true) | (CompareOp::LessEq, false) => "greater than",
                    (CompareOp::GreaterEq, true) | (CompareOp::Less, false) => "at least",
                };
                // A number is what something is compared with.
                let (a, b, than) = match (a, b) {
                    (Thing::Number(_), b) if !matches!(b, Thing::Number(_)) => {
                        let turned = match than {
                            "less than" => "greater than",
                            "at most" => "at least",
                            "greater than" => "less than",
                            _ => "at most",
                        };
                        (b, a, turned)
                    }
                    (a, b) => (a, b, than),
                };
                let (a, b) = (self.thing(a, names), self.thing(b, names));
                format!("{a} is {than} {b}")
            }
            _ => String::new(),
        }
    }

    fn is_number(&self, thing: &Thing) -> bool {
        match thing {
            Thing::Number(_) | Thing::Arithmetic(..) => true,
            Thing::Apply(symbol, _) => {
                let result = self.problem.signature.symbol(*symbol).result;
                result.is_numeric()
            }
            Thing::Variable(_) | Thing::Witness(_) | Thing::Called(_) => false,
        }
    }

    fn clause(&self, statement: &Statement, names: &mut Names) -> String {
        if let Some((atom, holds)) = statement.literal() {
            return self.literal(atom, holds, names);
        }
        match statement {
            Statement::Truth(true) => "all is as it is".into(),
            Statement::Truth(false) => "something is so and is not so".into(),
            Statement::Not(inner) => {
                format!("it is not the case that {}", self.bracketed(inner, names))
            }
            Statement::And(parts) => self.parts(parts, " and ", names),
            Statement::Or(parts) => self.parts(parts, " or ", names),
            Statement::Distinct(things) => {
                let mut parts = Vec::new();
                for (i, a) in things.iter().enumerate() {
                    for b in things.iter().skip(i + 1) {
                        let same = Statement::Equal(a.clone(), b.clone());
                        parts.push(self.literal(&same, false, names));
                    }
                }
                parts.join(" and ")
            }
            Statement::Xor(a, b) => {
                let (a, b) = (self.bracketed(a, names), self.bracketed(b, names));
                format!("{a} or {b} but not both")
            }
            Statement::If(a, b) => {
                let (a, b) = (self.grouped(a, names), self.grouped(b, names));
                format!("if {a} then {b}")
            }
            Statement::Iff(a, b) => {
                let (a, b) = (self.grouped(a, names), self.grouped(b, names));
                format!("{a} if and only if {b}")
            }
            Statement::Quantified(quantifier, variables, body) => {
                self.quantified(*quantifier, variables, body, names)
            }
            _ => String::new(),
        }
    }

    fn parts(&self, parts: &[Statement], between: &str, names: &mut Names) -> String {
        let said: Vec<String> = parts.iter().map(|p| self.bracketed(p, names)).collect();
        said.join(between)
    }

    /// In brackets, unless it is a clause by itself.
    fn bracketed(&self, statement: &Statement, names: &mut Names) -> String {
        let said = self.clause(statement, names);
        match self.is_plain(statement) && !self.brackets.get() {
            true => said,
            false => format!("({said})"),
        }
    }

    /// Whether a formula is a clause that ends where its words end: that
    /// something is not the case reaches over what follows.
    fn is_plain(&self, statement: &Statement) -> bool {
        statement.literal().is_some_and(|(atom, holds)| match atom {
            Statement::Atom { symbol, denied, .. } => {
                holds != *denied || !matches!(self.phrase(*symbol), Some(Phrase::Sentence(_)))
            }
            _ => true,
        })
    }

    /// In brackets, unless it is a list of clauses.
    fn grouped(&self, statement: &Statement, names: &mut Names) -> String {
        match statement {
            Statement::And(parts) | Statement::Or(parts)
                if parts.iter().all(|p| self.is_plain(p)) =>
            {
                self.clause(statement, names)
            }
            _ => self.bracketed(statement, names),
        }
    }

    fn quantified(
        &self,
        quantifier: Quantifier,
        variables: &[u32],
        body: &Statement,
        names: &mut Names,
    ) -> String {
        for &variable in variables {
            let letter = free_letter(names);
            names.insert(variable, letter);
        }
        let letters: Vec<String> = variables
            .iter()
            .filter_map(|v| names.get(v).cloned())
            .collect();
        let letters = letters.join(" and ");
        let (number, is) = match (variables.len(), letters.starts_with('X')) {
            (1, true) => ("an ", "is"),
            (1, false) => ("a ", "is"),
            _ => ("", "are"),
        };
        let counted = |how: &str, n: u32| {
            let is = if n == 1 { "is" } else { "are" };
            format!("there {is} {how} {n} {letters} such that")
        };
        let begins = match quantifier {
            Quantifier::Forall => format!("for every {letters},"),
            Quantifier::Exists => format!("there {is} {number}{letters} such that"),
            Quantifier::ExistsUnique => counted("exactly", 1),
            Quantifier::AtLeast(n) => counted("at least", n),
            Quantifier::AtMost(n) => counted("at most", n),
            Quantifier::Exactly(n) => counted("exactly", n),
        };
        let is_condition = matches!(body, Statement::If(..) | Statement::Iff(..));
        let is_bound = matches!(body, Statement::Quantified(..));
        let said = match is_condition || is_bound {
            true => self.clause(body, names),
            false => self.grouped(body, names),
        };
        for variable in variables {
            names.remove(variable);
        }
        format!("{begins} {said}")
    }
}

/// `a, b and c`
pub(super) fn listed(items: &[String], joint: &str) -> String {
    match items.split_last() {
        Some((last, before)) if !before.is_empty() => {
            format!("{} {joint} {last}", before.join(", "))
        }
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

fn free_letter(names: &Names) -> String {
    const LETTERS: [&str; 6] = ["X", "Y", "Z", "U", "V", "W"];
    let rounds = (0..).flat_map(|round| {
        LETTERS.iter().map(move |l| match round {
            0 => (*l).to_owned(),
            _ => format!("{l}{round}"),
        })
    });
    let mut free = rounds.filter(|l| !names.values().any(|n| n == l));
    free.next().unwrap_or_default()
}

/// With a capital and a full stop.
pub(super) fn finished(words: &str) -> String {
    let mut end = words.len();
    if end > MOST_BYTES {
        end = words
            .char_indices()
            .map(|(at, _)| at)
            .take_while(|at| *at <= MOST_BYTES)
            .last()
            .unwrap_or(0);
    }
    let shown = words.get(..end).unwrap_or_default();
    let mut chars = shown.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    let first = first.unwrap_or_default();
    let stop = match (end < words.len(), shown.ends_with(['.', '!', '?'])) {
        (true, _) => " ... (too long to be said).",
        (false, true) => "",
        (false, false) => ".",
    };
    format!("{first}{}{stop}", chars.as_str())
}
