//! Sentences as people say them, for the formulas that have one.

use nsolve_il::fol::Quantifier;

use super::phrase::{Clause, Phrase, Piece, Verb, VerbPhrase};
use super::speak::{Names, Speaker, finished, listed};
use super::statement::{Statement, Thing};
use crate::meaning::with_article;
use crate::morphology;

impl Speaker<'_> {
    /// Ways to say it as people do.
    pub(super) fn natural(&self, statement: &Statement) -> Vec<String> {
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
            // Where `or` ends would be anybody's guess.
            None if !matches!(part, Statement::Quantified(..)) => None,
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
        for (before, last) in splits(&parts) {
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
        for (before, last) in splits(&parts) {
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
        for (before, last) in splits(&parts) {
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
            let (clause, denied, arguments) = self.clause_of(atom)?;
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
            phrases.push(clause.verb_phrase(&said, holds != denied));
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
        let (clause, denied, arguments) = self.clause_of(atom)?;
        if *arguments.get(clause.subject)? != Thing::Variable(x) {
            return None;
        }
        let said: Vec<String> = arguments.iter().map(|t| self.thing(t, names)).collect();
        Some(clause.verb_phrase(&said, holds != denied))
    }

    /// How an atom is said, whether it states a denial, and its arguments.
    fn clause_of<'s>(&self, atom: &'s Statement) -> Option<(&Clause, bool, &'s [Thing])> {
        match atom {
            Statement::Atom {
                symbol,
                denied,
                arguments,
            } => match self.phrase(*symbol) {
                Some(Phrase::Clause(clause)) => Some((clause, *denied, arguments)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The clause of an atom that says one thing of a variable, with whether it
    /// is a noun.
    fn kind_of(&self, x: u32, statement: &Statement) -> Option<(&Clause, bool)> {
        let (clause, denied, arguments) = self.clause_of(statement)?;
        let of_x = !denied && arguments == [Thing::Variable(x)];
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
        let (Clause { verb, rest, .. }, ..) = self.clause_of(atom)?;
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

/// Each part with all others, the last part first.
fn splits<'s>(
    parts: &[&'s Statement],
) -> impl Iterator<Item = (Vec<&'s Statement>, &'s Statement)> {
    (0..parts.len()).rev().map(move |at| {
        let mut others = parts.to_vec();
        let one = others.remove(at);
        (others, one)
    })
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
