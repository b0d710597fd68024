//! Formulas as sentences.
//!
//! A formula has several sentences that may say it, natural ones first. A
//! natural sentence is told only if the reader reads it as that formula; the
//! style with letters, in which every formula can be said, is the last.

use std::cell::Cell;

use nsolve_il::fol::{ArithmeticOp, CompareOp, Problem, Quantifier, SymbolId};
use rustc_hash::FxHashMap;

use super::phrase::{Clause, Phrase, Piece, Verb, VerbPhrase, fill, phrases};
use super::statement::{Statement, Thing};
use crate::meaning::with_article;
use crate::morphology;

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
type Names = FxHashMap<u32, String>;

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

    fn phrase(&self, symbol: SymbolId) -> Option<&Phrase> {
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
    fn thing(&self, thing: &Thing, names: &Names) -> String {
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
    fn literal(&self, atom: &Statement, holds: bool, names: &Names) -> String {
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

    // --- with letters

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
        let (number, is) = match variables.len() {
            1 => ("an ", "is"),
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

    // --- naturally

    /// Ways to say it as people do.
    fn natural(&self, statement: &Statement) -> Vec<String> {
        let mut out = Vec::new();
        let names = Names::default();
        match statement {
            Statement::And(parts) => {
                out.extend(self.together(parts, "and", None, &names));
                out.extend(self.sentences(parts, &names));
            }
            Statement::Or(parts) => out.extend(self.together(parts, "or", None, &names)),
            Statement::Not(inner) => match &**inner {
                Statement::Quantified(Quantifier::Forall, ..) => {
                    let all = self.natural(inner).into_iter();
                    let not = all.filter_map(|s| {
                        let rest = s.strip_prefix("every ")?;
                        Some(format!("not every {rest}"))
                    });
                    out.extend(not);
                }
                Statement::Quantified(Quantifier::Exists, variables, body) => {
                    let none = Statement::Quantified(
                        Quantifier::Forall,
                        variables.clone(),
                        Box::new(body.negated()),
                    );
                    out.extend(self.natural(&none));
                }
                _ => {}
            },
            Statement::Quantified(quantifier, variables, body) => {
                if let [variable] = variables.as_slice() {
                    match quantifier {
                        Quantifier::Forall => self.every(*variable, body, &mut out),
                        Quantifier::Exists => self.some(*variable, body, &mut out),
                        Quantifier::AtLeast(n) => {
                            self.count("at least", *n, *variable, body, &mut out)
                        }
                        Quantifier::AtMost(n) => {
                            self.count("at most", *n, *variable, body, &mut out)
                        }
                        Quantifier::Exactly(n) => {
                            self.count("exactly", *n, *variable, body, &mut out)
                        }
                        Quantifier::ExistsUnique => {
                            self.count("exactly", 1, *variable, body, &mut out)
                        }
                    }
                }
            }
            _ => {}
        }
        out
    }

    /// Each part as a clause, naturally where that is possible.
    fn sentences(&self, parts: &[Statement], names: &Names) -> Option<String> {
        let clause = |part: &Statement| match part.literal() {
            Some((atom, holds)) => Some(self.literal(atom, holds, names)),
            None => {
                let mut natural = self.natural(part).into_iter();
                natural.find(|words| self.is_read_as(&finished(words), part))
            }
        };
        let said: Option<Vec<String>> = parts.iter().map(clause).collect();
        Some(listed(&said?, "and"))
    }

    /// `every red cat is a mammal`, `no cat is a dog`, `everything is red`, `if
    /// something is red and it likes Tom then it is big`.
    fn every(&self, x: u32, body: &Statement, out: &mut Vec<String>) {
        let (conditions, then) = match body {
            Statement::If(when, then) => (when.parts(), (**then).clone()),
            Statement::Not(inner) => match &**inner {
                Statement::And(parts) => {
                    let Some((last, before)) = parts.split_last() else {
                        return;
                    };
                    (before.iter().collect(), last.negated())
                }
                _ => (Vec::new(), body.clone()),
            },
            _ => (Vec::new(), body.clone()),
        };
        let whole = NounPhrase::of(self, x, &conditions);
        if let Some(np) = whole.filter(|np| np.noun.is_some() || conditions.is_empty()) {
            let denied = denied(&then);
            if let Some(positive) = &denied {
                self.about(x, &np.determined("no", "nothing"), positive, out);
            }
            self.about(x, &np.determined("every", "everything"), &then, out);
        } else if let Some((first, rest)) = conditions.split_first() {
            // The first condition names it, the others point to it.
            let mut names = Names::default();
            names.insert(x, "something".into());
            let Some((atom, holds)) = first.literal() else {
                return;
            };
            let mut said = vec![self.literal(atom, holds, &names)];
            names.insert(x, "it".into());
            for condition in rest {
                let Some((atom, holds)) = condition.literal() else {
                    return;
                };
                said.push(self.literal(atom, holds, &names));
            }
            let then = match then.literal() {
                Some((atom, holds)) => Some(self.literal(atom, holds, &names)),
                None => self.joined_about(x, &then, &names),
            };
            if let Some(then) = then {
                out.push(format!("if {} then {then}", said.join(" and ")));
            }
        }
    }

    /// `some cat is red`, `there is a red cat that likes Tom`.
    fn some(&self, x: u32, body: &Statement, out: &mut Vec<String>) {
        let parts = body.parts();
        let splits = (0..parts.len()).rev();
        for at in splits {
            let mut before = parts.clone();
            let last = before.remove(at);
            let about = NounPhrase::of(self, x, &before).filter(|np| {
                let is_kind = self.kind_of(x, last).is_some_and(|k| k.1);
                !is_kind && (np.noun.is_some() || before.is_empty())
            });
            if let Some(np) = about {
                self.about(x, &np.determined("some", "something"), last, out);
            }
        }
        let mut names = Names::default();
        names.insert(x, "something".into());
        let owned: Vec<Statement> = parts.iter().map(|p| (*p).clone()).collect();
        let np = NounPhrase::of(self, x, &parts);
        if np.as_ref().is_some_and(|np| np.noun.is_none()) {
            out.extend(self.together(&owned, "and", Some(x), &names));
        }
        if let Some(np) = np {
            out.push(format!("there is {}", np.indefinite()));
        }
    }

    /// `at least two cats are red`
    fn count(&self, how: &str, n: u32, x: u32, body: &Statement, out: &mut Vec<String>) {
        let parts = body.parts();
        let all = NounPhrase::of(self, x, &parts);
        if let Some(noun) = all.and_then(|np| np.counted(n)) {
            let are = if n == 1 { "is" } else { "are" };
            out.push(format!("there {are} {how} {n} {noun}"));
        }
        for at in (0..parts.len()).rev() {
            let mut before = parts.clone();
            let last = before.remove(at);
            let (Some(np), Some((atom, holds))) =
                (NounPhrase::of(self, x, &before), last.literal())
            else {
                continue;
            };
            let Some(vp) = self.verb_phrase(x, atom, holds, &Names::default()) else {
                continue;
            };
            if self.kind_of(x, last).is_some_and(|k| k.1) {
                continue;
            }
            if let Some(noun) = np.counted(n) {
                out.push(format!("{how} {n} {noun} {}", vp.said(n != 1)));
            }
        }
    }

    /// A statement about what a noun phrase stands for, where the variable
    /// occurs once.
    fn about(&self, x: u32, np: &str, then: &Statement, out: &mut Vec<String>) {
        let mut names = Names::default();
        names.insert(x, np.to_owned());
        match then.literal() {
            Some((atom, holds)) if then.mentions(x) == 1 => {
                out.push(self.literal(atom, holds, &names));
            }
            Some((atom, holds)) => {
                // `everyone likes himself`
                names.insert(x, np.to_owned());
                if let Some(vp) = self.verb_phrase(x, atom, holds, &itself(x)) {
                    out.push(format!("{np} {}", vp.said(false)));
                }
            }
            None => {
                out.extend(self.joined_about(x, then, &names));
                if let Statement::Quantified(Quantifier::Exists, variables, body) = then
                    && let [y] = variables.as_slice()
                {
                    self.about_some(*y, body, names, out);
                }
            }
        }
    }

    /// `every man loves some woman`
    fn about_some(&self, y: u32, body: &Statement, mut names: Names, out: &mut Vec<String>) {
        let parts = body.parts();
        for at in (0..parts.len()).rev() {
            let mut before = parts.clone();
            let last = before.remove(at);
            let Some(np) = NounPhrase::of(self, y, &before) else {
                continue;
            };
            if let Some((atom, holds)) = last.literal().filter(|_| last.mentions(y) == 1) {
                names.insert(y, np.determined("some", "something"));
                out.push(self.literal(atom, holds, &names));
            }
        }
    }

    /// Several things about one subject: `is big and red`.
    fn joined_about(&self, x: u32, then: &Statement, names: &Names) -> Option<String> {
        match then {
            Statement::And(parts) => self.together(parts, "and", Some(x), names),
            Statement::Or(parts) => self.together(parts, "or", Some(x), names),
            _ => None,
        }
    }

    /// Literals with one subject, their verb phrases joined.
    fn together(
        &self,
        parts: &[Statement],
        joint: &str,
        subject: Option<u32>,
        names: &Names,
    ) -> Option<String> {
        let mut who: Option<&Thing> = None;
        let mut phrases: Vec<VerbPhrase> = Vec::new();
        // Of a noun and adjectives one phrase is made.
        let mut noun: Option<String> = None;
        let mut adjectives: Vec<String> = Vec::new();
        for part in parts {
            let (atom, holds) = part.literal()?;
            let Statement::Atom {
                symbol,
                denied,
                arguments,
            } = atom
            else {
                return None;
            };
            let Some(Phrase::Clause(clause)) = self.phrase(*symbol) else {
                return None;
            };
            let of = arguments.get(clause.subject)?;
            match (subject, who) {
                (Some(x), _) if *of != Thing::Variable(x) || part.mentions(x) != 1 => return None,
                (None, Some(first)) if first != of => return None,
                _ => who = Some(of),
            }
            if joint == "and" && holds && !denied && arguments.len() == 1 {
                match (clause.noun(), clause.adjective()) {
                    (Some(found), _) if noun.is_none() => {
                        noun = Some(found);
                        continue;
                    }
                    (None, Some(adjective)) => {
                        adjectives.push(adjective.to_owned());
                        continue;
                    }
                    _ => {}
                }
            }
            let said: Vec<String> = arguments.iter().map(|t| self.thing(t, names)).collect();
            phrases.push(clause.verb_phrase(&said, holds != *denied));
        }
        let is = |rest: String| VerbPhrase {
            verb: Verb::Be,
            holds: true,
            rest,
        };
        match noun {
            Some(noun) => {
                adjectives.push(noun);
                phrases.insert(0, is(with_article(&adjectives.join(" "))));
            }
            None => {
                let adjectives = adjectives.into_iter().map(is);
                phrases.splice(0..0, adjectives);
            }
        }
        let who = self.thing(who?, names);
        Some(format!("{who} {}", joined(&phrases, joint)))
    }

    /// What an atom says of a variable that is its subject.
    fn verb_phrase(
        &self,
        x: u32,
        atom: &Statement,
        holds: bool,
        names: &Names,
    ) -> Option<VerbPhrase> {
        let Statement::Atom {
            symbol,
            denied,
            arguments,
        } = atom
        else {
            return None;
        };
        let Some(Phrase::Clause(clause)) = self.phrase(*symbol) else {
            return None;
        };
        if *arguments.get(clause.subject)? != Thing::Variable(x) {
            return None;
        }
        let said: Vec<String> = arguments.iter().map(|t| self.thing(t, names)).collect();
        Some(clause.verb_phrase(&said, holds != *denied))
    }

    /// The clause of an atom that says one thing of a variable, with whether it
    /// is a noun.
    fn kind_of(&self, x: u32, statement: &Statement) -> Option<(&Clause, bool)> {
        let Statement::Atom {
            symbol,
            denied: false,
            arguments,
        } = statement
        else {
            return None;
        };
        let Some(Phrase::Clause(clause)) = self.phrase(*symbol) else {
            return None;
        };
        let of_x = arguments.as_slice() == [Thing::Variable(x)];
        of_x.then(|| (clause, clause.noun().is_some()))
    }
}

/// What is known of something: `red cat that likes Tom`.
struct NounPhrase {
    adjectives: Vec<String>,
    noun: Option<String>,
    relatives: Vec<String>,
}

impl NounPhrase {
    /// Of a variable, if all of these are said of it alone.
    fn of(speaker: &Speaker<'_>, x: u32, conditions: &[&Statement]) -> Option<Self> {
        let mut np = NounPhrase {
            adjectives: Vec::new(),
            noun: None,
            relatives: Vec::new(),
        };
        let mut phrases: Vec<VerbPhrase> = Vec::new();
        for condition in conditions {
            if let Some((clause, is_noun)) = speaker.kind_of(x, condition) {
                if is_noun && np.noun.is_none() {
                    np.noun = clause.noun();
                    continue;
                }
                if let Some(adjective) = clause.adjective() {
                    np.adjectives.push(adjective.to_owned());
                    continue;
                }
            }
            let (atom, holds) = condition.literal()?;
            let names = Names::default();
            match speaker.verb_phrase(x, atom, holds, &names) {
                Some(vp) if condition.mentions(x) == 1 => phrases.push(vp),
                _ => np.relatives.push(speaker.with_gap(x, atom, holds)?),
            }
        }
        if !phrases.is_empty() {
            np.relatives.insert(0, joined(&phrases, "and"));
        }
        Some(np)
    }

    fn words(&self, noun: &str) -> String {
        let mut words = self.adjectives.clone();
        words.push(noun.to_owned());
        let mut out = words.join(" ");
        if !self.relatives.is_empty() {
            out += " that ";
            out += &self.relatives.join(" and that ");
        }
        out
    }

    /// With a determiner before a noun, or with the pronoun.
    fn determined(&self, determiner: &str, pronoun: &str) -> String {
        match (&self.noun, self.adjectives.is_empty()) {
            (Some(noun), _) => format!("{determiner} {}", self.words(noun)),
            (None, true) => self.words(pronoun),
            (None, false) => format!("{determiner} {}", self.words("thing")),
        }
    }

    fn indefinite(&self) -> String {
        match (&self.noun, self.adjectives.is_empty()) {
            (Some(noun), _) => with_article(&self.words(noun)),
            (None, true) => self.words("something"),
            (None, false) => with_article(&self.words("thing")),
        }
    }

    /// With a number before it.
    fn counted(&self, n: u32) -> Option<String> {
        if !self.relatives.is_empty() {
            return None;
        }
        let noun = self.noun.as_deref().unwrap_or("thing");
        match n {
            1 => Some(self.words(noun)),
            _ => Some(self.words(&morphology::plural(noun))),
        }
    }
}

impl Speaker<'_> {
    /// `Tom likes`, of what he likes.
    fn with_gap(&self, x: u32, atom: &Statement, holds: bool) -> Option<String> {
        let Statement::Atom { symbol, .. } = atom else {
            return None;
        };
        let Some(Phrase::Clause(Clause { verb, rest, .. })) = self.phrase(*symbol) else {
            return None;
        };
        let begins = matches!(rest.first(), Some(Piece::Place(_)));
        if !begins || atom.mentions(x) != 1 || *verb == Verb::Be {
            return None;
        }
        let mut names = Names::default();
        names.insert(x, String::new());
        let said = self.literal(atom, holds, &names);
        Some(said.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

fn itself(x: u32) -> Names {
    let mut names = Names::default();
    names.insert(x, "itself".into());
    names
}

/// The negation of a denied literal.
fn denied(statement: &Statement) -> Option<Statement> {
    match statement.literal()? {
        (atom, false) => Some(atom.clone()),
        (
            Statement::Atom {
                symbol,
                denied: true,
                arguments,
            },
            true,
        ) => Some(Statement::Atom {
            symbol: *symbol,
            denied: false,
            arguments: arguments.clone(),
        }),
        _ => None,
    }
}

/// Verb phrases with one subject; what follows `is` is said together.
fn joined(phrases: &[VerbPhrase], joint: &str) -> String {
    let copular = phrases
        .iter()
        .all(|p| p.verb == Verb::Be && !p.rest.is_empty());
    let said: Vec<String> = match (copular, phrases.split_first()) {
        (true, Some((first, rest))) => {
            let others = rest.iter().map(|p| match p.holds {
                true => p.rest.clone(),
                false => format!("not {}", p.rest),
            });
            std::iter::once(first.said(false)).chain(others).collect()
        }
        _ => phrases.iter().map(|p| p.said(false)).collect(),
    };
    listed(&said, joint)
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
