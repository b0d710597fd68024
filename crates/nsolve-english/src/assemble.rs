//! Formulas as a problem: premises, what words imply, the question.

use nsolve_il::fol::{Quantifier, Semantics};
use nsolve_source::{Code, Diagnostic, SourceText, Span};
use nsolve_syntax::fol::{
    BinaryOp, Expr, ExprKind, Ident, Item, ItemKind, NaryOp, Quantified, Statement,
};

use crate::grammar::Asked;
use crate::lexicon;
use crate::meaning::{ASKED, Meaning, Story, Unsaid, VerbFrame};
use crate::read::{Alternative, Candidate, Parsed, Part, Reading, Role, Told};
use crate::tree::Clause;
use crate::vocabulary::Vocabulary;

/// No more second readings are kept.
const MOST_ALTERNATIVES: usize = 16;

pub(crate) struct Assembly<'a> {
    text: &'a SourceText,
    meaning: Meaning<'a>,
    items: Vec<Item>,
    reading: Reading,
    question: Option<Span>,
    has_options: bool,
}

impl<'a> Assembly<'a> {
    pub(crate) fn new(
        text: &'a SourceText,
        words: &'a Vocabulary,
        story: &'a Story,
        diagnostics: Vec<Diagnostic>,
    ) -> Self {
        Assembly {
            text,
            meaning: Meaning::new(words, story),
            items: Vec::new(),
            reading: Reading {
                diagnostics,
                ..Reading::default()
            },
            question: None,
            has_options: false,
        }
    }

    pub(crate) fn run(mut self, parts: &[Parsed], semantics: Semantics) -> Reading {
        let whole = Span::new(0, self.text.text().len());
        // What is asked is said last, so that descriptions mean what the story
        // has told by then.
        let mut asked = Vec::new();
        for (at, parsed) in parts.iter().enumerate() {
            let is_premise = matches!(parsed.part, Part::Statement(_)) && parsed.letter.is_none();
            if is_premise {
                let role = self.premise(parsed, at);
                self.told(parsed.span, role);
            } else {
                asked.push((at, self.reading.sentences.len()));
                self.told(parsed.span, Role::Unread);
            }
        }
        let questions = self.items.len();
        let known: rustc_hash::FxHashSet<String> =
            self.meaning.symbols.things().map(str::to_owned).collect();
        for (at, place) in asked {
            if let Some(parsed) = parts.get(at) {
                let role = self.asked(parsed);
                if let Some(told) = self.reading.sentences.get_mut(place) {
                    told.role = role;
                }
            }
        }
        self.note_strangers(&known, whole);
        self.fill_candidates();
        let implied = self.implied(whole);
        let mut items = self.meaning.symbols.declarations(whole);
        if semantics == Semantics::Rules {
            items.push(Item {
                kind: ItemKind::Semantics(semantics),
                span: whole,
            });
        }
        let before = items.len();
        let last = self.items.split_off(questions);
        items.append(&mut self.items);
        items.extend(implied);
        let shift = items.len() - before - questions;
        items.extend(last);
        for alternative in &mut self.reading.alternatives {
            let at = alternative.item;
            alternative.item = before + at + if at >= questions { shift } else { 0 };
        }
        self.reading.document.items = items;
        let asks = self.question.is_some() || self.has_options;
        if !asks
            && !self
                .reading
                .sentences
                .iter()
                .any(|t| t.role == Role::Unread)
        {
            let none = Diagnostic::error(Code::NOTHING_ASKED, "nothing is asked")
                .help("end with a question: `Is Tom a cat?`, `Who likes Ann?`");
            self.reading.diagnostics.push(none);
        }
        self.reading
    }

    /// Warns where something is asked of what the story does not speak of.
    fn note_strangers(&mut self, known: &rustc_hash::FxHashSet<String>, whole: Span) {
        let symbols = &self.meaning.symbols;
        let strangers = symbols.things().filter(|t| !known.contains(*t));
        // What a list names is spoken of.
        let strangers = strangers.filter(|t| !self.meaning.is_listed(t));
        let names: Vec<String> = strangers
            .map(|t| format!("`{}`", symbols.meaning(t).unwrap_or(t)))
            .collect();
        if !names.is_empty() && !known.is_empty() {
            let message = format!("the story says nothing of {}", names.join(" and "));
            let warning = Diagnostic::warning(Code::UNKNOWN_THING, message);
            let span = self.question.unwrap_or(whole);
            self.reading.diagnostics.push(warning.at(span));
        }
    }

    fn told(&mut self, span: Span, role: Role) {
        self.reading.sentences.push(Told { span, role });
    }

    fn premise(&mut self, parsed: &Parsed, at: usize) -> Role {
        let Part::Statement(clauses) = &parsed.part else {
            return Role::Unread;
        };
        let Some(formula) = self.formula(clauses, parsed.span, self.items.len()) else {
            return Role::Unread;
        };
        let name = format!("s{}", at + 1);
        let statement = self.statement(Some(&name), parsed.span, formula);
        self.push(ItemKind::Premise(statement), parsed.span);
        Role::Premise(name)
    }

    fn push(&mut self, kind: ItemKind, span: Span) {
        self.items.push(Item { kind, span });
    }

    fn statement(&self, name: Option<&str>, span: Span, formula: Expr) -> Statement {
        let end = span.end as usize;
        let mark = self.text.text().get(end..).and_then(|r| r.chars().next());
        let stop = match mark {
            Some(c @ ('.' | '?' | '!')) => c.to_string(),
            _ => String::new(),
        };
        let words = self.text.slice(span).split_whitespace();
        let words = words.collect::<Vec<_>>().join(" ");
        Statement {
            name: name.map(|n| Ident {
                name: n.to_owned(),
                span,
            }),
            sentence: Some(words + &stop),
            formula,
        }
    }

    /// The formula of the first reading; those of others that differ are kept
    /// beside it.
    fn formula(&mut self, clauses: &[Clause], span: Span, item: usize) -> Option<Expr> {
        let mut first: Option<Expr> = None;
        for clause in clauses {
            let said = self.meaning.sentence(clause, span);
            let rivals = self.meaning.other_referents.clone();
            let formula = match said {
                Ok(formula) => formula,
                // A reading that cannot be said may be the one that is meant.
                Err(unsaid) => {
                    self.unsaid(&unsaid, span);
                    return None;
                }
            };
            match &first {
                None => first = Some(formula),
                Some(known) => {
                    if known.kind != formula.kind {
                        self.alternative(item, formula, span);
                    }
                    continue;
                }
            }
            for (number, rival) in rivals.iter().enumerate() {
                if rival.is_empty() {
                    continue;
                }
                let mut choices = vec![0; number];
                choices.push(1);
                let other = self.meaning.sentence_with(clause, span, choices);
                if let (Ok(other), Some(known)) = (other, &first)
                    && other.kind != known.kind
                {
                    self.alternative(item, other, span);
                }
            }
        }
        first
    }

    fn alternative(&mut self, item: usize, formula: Expr, span: Span) {
        let known = self.reading.alternatives.iter();
        let mut same = known.filter(|a| a.item == item && a.formula.kind == formula.kind);
        if self.reading.alternatives.len() < MOST_ALTERNATIVES && same.next().is_none() {
            self.reading.alternatives.push(Alternative {
                item,
                formula,
                span,
            });
        }
    }

    fn unsaid(&mut self, unsaid: &Unsaid, span: Span) {
        let message = format!("this sentence has no formula: {}", unsaid.what);
        let error = Diagnostic::error(Code::UNSAID_SENTENCE, message)
            .at(span)
            .help(unsaid.instead.clone());
        self.reading.diagnostics.push(error);
    }

    /// A question, an option, or a sentence that says nothing by itself.
    fn asked(&mut self, parsed: &Parsed) -> Role {
        let span = parsed.span;
        match (&parsed.part, &parsed.letter) {
            (Part::Statement(clauses), Some(letter)) => {
                let Some(formula) = self.formula(clauses, span, self.items.len()) else {
                    return Role::Unread;
                };
                if !self.has_options && !self.is_second(span) {
                    let ask = ItemKind::AskOptions {
                        modality: nsolve_il::fol::Modality::Must,
                        except: false,
                    };
                    self.push(ask, span);
                    self.has_options = true;
                }
                let statement = self.statement(Some(letter), span, formula);
                self.push(ItemKind::Choice(statement, None), span);
                Role::Choice(letter.clone())
            }
            (Part::Options(modality, except), _) => {
                if self.is_second(span) {
                    return Role::Question;
                }
                self.has_options = true;
                self.push(
                    ItemKind::AskOptions {
                        modality: *modality,
                        except: *except,
                    },
                    span,
                );
                Role::Question
            }
            (Part::Question(asked), _) => self.question(asked, span),
            (Part::List(_), _) => Role::List,
            (Part::AboutText, _) => Role::AboutText,
            _ => Role::Unread,
        }
    }

    /// Whether something is asked already; this is told then.
    fn is_second(&mut self, span: Span) -> bool {
        let Some(first) = self.question else {
            self.question = Some(span);
            return false;
        };
        let two = Diagnostic::error(Code::TWO_QUESTIONS, "this is a second question")
            .at(span)
            .related(first, "the first is here")
            .help("ask one question at a time");
        self.reading.diagnostics.push(two);
        true
    }

    fn question(&mut self, asked: &[Asked], span: Span) -> Role {
        let clauses: Vec<Clause> = asked
            .iter()
            .map(|(Asked::Whether(c) | Asked::Which(c))| c.clone())
            .collect();
        let for_things = matches!(asked.first(), Some(Asked::Which(_)));
        let Some(formula) = self.formula(&clauses, span, self.items.len()) else {
            return Role::Unread;
        };
        if self.is_second(span) {
            return Role::Question;
        }
        let statement = self.statement(None, span, formula);
        if for_things {
            self.reading.candidates = Some(vec![Candidate {
                name: String::new(),
                statement,
            }]);
        } else {
            self.push(ItemKind::Conclusion(statement), span);
        }
        Role::Question
    }

    /// The question for things, asked of each thing.
    fn fill_candidates(&mut self) {
        let Some(Candidate { statement, .. }) = self.reading.candidates.as_mut().and_then(Vec::pop)
        else {
            return;
        };
        let things: Vec<String> = self.meaning.symbols.things().map(str::to_owned).collect();
        let symbols = &self.meaning.symbols;
        let candidate = |thing: &String| Candidate {
            name: symbols.meaning(thing).unwrap_or(thing).to_owned(),
            statement: Statement {
                formula: with_thing(&statement.formula, thing),
                ..statement.clone()
            },
        };
        self.reading.candidates = Some(things.iter().map(candidate).collect());
    }

    /// What the words of the story imply: each with its sentence.
    fn implied(&mut self, span: Span) -> Vec<Item> {
        let mut out: Vec<(String, Expr)> = Vec::new();
        out.extend(self.implied_by_descriptions(span));
        out.extend(self.implied_by_compounds(span));
        out.extend(self.implied_by_verbs(span));
        out.extend(self.implied_by_modals(span));
        out.extend(self.meaning.order_axioms(span));
        let symbols = &self.meaning.symbols;
        // What the story says to be the same thing may have several names.
        let same: Vec<&str> = self.said_to_be_same();
        let names = symbols.names.list().iter();
        let names: Vec<&String> = names.filter(|n| !same.contains(&n.as_str())).collect();
        if symbols.uses_equality && names.len() > 1 {
            let name = |n: &String| Expr::new(ExprKind::Name(n.clone()), span);
            let names = names.into_iter().map(name).collect();
            let distinct = Expr::new(ExprKind::Nary(NaryOp::Distinct, names), span);
            out.push((
                "Different names stand for different things.".into(),
                distinct,
            ));
        }
        let premise = |(i, (sentence, formula)): (usize, (String, Expr))| Item {
            kind: ItemKind::Premise(Statement {
                name: Some(Ident {
                    name: format!("w{}", i + 1),
                    span,
                }),
                sentence: Some(sentence),
                formula,
            }),
            span,
        };
        out.into_iter().enumerate().map(premise).collect()
    }

    /// The names in statements such as `Tom is Bob`.
    fn said_to_be_same(&self) -> Vec<&str> {
        let items = self.items.iter();
        let statements = items.filter_map(|item| match &item.kind {
            ItemKind::Premise(statement) => Some(&statement.formula.kind),
            _ => None,
        });
        let mut out: Vec<&str> = Vec::new();
        for kind in statements {
            if let ExprKind::Binary(BinaryOp::Equal, a, b) = kind
                && let (ExprKind::Name(a), ExprKind::Name(b)) = (&a.kind, &b.kind)
            {
                out.extend([a.as_str(), b.as_str()]);
            }
        }
        out
    }

    /// The cat is a cat.
    fn implied_by_descriptions(&self, span: Span) -> Vec<(String, Expr)> {
        let symbols = &self.meaning.symbols;
        let is = |(name, noun): &(String, String)| {
            let predicate = symbols.has_property(noun, 1)?;
            let thing = symbols.meaning(name)?;
            let what = symbols.meaning(predicate)?.replacen('x', thing, 1);
            let atom = apply(
                predicate,
                vec![Expr::new(ExprKind::Name(name.clone()), span)],
            );
            Some((sentence(&what), atom))
        };
        symbols.described.list().iter().filter_map(is).collect()
    }

    /// Who swims can swim.
    fn implied_by_modals(&self, span: Span) -> Vec<(String, Expr)> {
        let symbols = &self.meaning.symbols;
        let mut out = Vec::new();
        for (able, plain, arity) in symbols.abilities() {
            let names = ["x", "y", "z", "u", "v", "w"];
            let Some(names) = names.get(..arity) else {
                continue;
            };
            let places: Vec<usize> = (0..arity).collect();
            let said = |name: &str| symbols.meaning(name).unwrap_or(name).to_owned();
            let words = format!("If {} then {}.", said(&plain), said(&able));
            out.push((words, all_are(&[&plain], &able, names, &places, span)));
        }
        out
    }

    /// Every tennis player is a player.
    fn implied_by_compounds(&self, span: Span) -> Vec<(String, Expr)> {
        let symbols = &self.meaning.symbols;
        let is = |(compound, noun): &(String, String)| {
            let narrow = symbols.has_property(compound, 1)?;
            let wide = symbols.has_property(noun, 1)?;
            let what = symbols.meaning(wide)?.trim_start_matches("x ").to_owned();
            let words = format!("Every {compound} {what}.");
            Some((words, all_are(&[narrow], wide, &["x"], &[0], span)))
        };
        symbols.compounds.list().iter().filter_map(is).collect()
    }

    /// Who runs fast runs; who works in a place works.
    fn implied_by_verbs(&self, span: Span) -> Vec<(String, Expr)> {
        let symbols = &self.meaning.symbols;
        let mut out = Vec::new();
        // Verbs with the same words stand together, so this is no square.
        let mut by_verb: rustc_hash::FxHashMap<&str, Vec<&(VerbFrame, String)>> =
            rustc_hash::FxHashMap::default();
        for known in symbols.frames.list() {
            by_verb.entry(&known.0.verb).or_default().push(known);
        }
        let mut seen: Vec<&str> = Vec::new();
        for (frame, _) in symbols.frames.list() {
            if seen.contains(&frame.verb.as_str()) {
                continue;
            }
            seen.push(&frame.verb);
            let group = by_verb.get(frame.verb.as_str()).map_or(&[][..], |g| g);
            if group.len() > 16 {
                continue;
            }
            for (narrow, narrow_name) in group {
                for (wide, wide_name) in group {
                    if let Some(places) = narrows(narrow, wide) {
                        let names = ["x", "y", "z", "u", "v", "w"];
                        let arity = 1 + usize::from(narrow.has_object) + narrow.prepositions.len();
                        let names = names.get(..arity).unwrap_or(&names);
                        let formula = all_are(&[narrow_name], wide_name, names, &places, span);
                        let said = |name: &str| symbols.meaning(name).unwrap_or(name).to_owned();
                        let words = format!(
                            "If {} then {}.",
                            said(narrow_name),
                            renamed(&said(wide_name), &places, names)
                        );
                        out.push((words, formula));
                    }
                }
            }
        }
        out
    }
}

/// The places of a wide frame in a narrow one, if who does the narrow thing does
/// the wide thing.
fn narrows(narrow: &VerbFrame, wide: &VerbFrame) -> Option<Vec<usize>> {
    if narrow == wide || (wide.has_object && !narrow.has_object) {
        return None;
    }
    let only_adverbs = |f: &VerbFrame| f.adverbs.iter().all(|a| lexicon::only_adds(a));
    if narrow.adverbs != wide.adverbs && !(only_adverbs(narrow) && only_adverbs(wide)) {
        return None;
    }
    if !wide.adverbs.iter().all(|a| narrow.adverbs.contains(a)) {
        return None;
    }
    let mut places = vec![0];
    if wide.has_object {
        places.push(1);
    }
    for preposition in &wide.prepositions {
        let at = narrow.prepositions.iter().position(|p| p == preposition)?;
        places.push(1 + usize::from(narrow.has_object) + at);
    }
    Some(places)
}

/// `forall names. narrow(names) -> wide(some of them)`
fn all_are(narrow: &[&str], wide: &str, names: &[&str], places: &[usize], span: Span) -> Expr {
    let variable = |n: &str| Expr::new(ExprKind::Variable(n.to_owned()), span);
    let all: Vec<Expr> = names.iter().map(|n| variable(n)).collect();
    let some = places
        .iter()
        .filter_map(|&p| names.get(p))
        .map(|n| variable(n))
        .collect();
    let left = apply(narrow.first().unwrap_or(&""), all);
    let body = ExprKind::Binary(
        BinaryOp::Implies,
        Box::new(left),
        Box::new(apply(wide, some)),
    );
    let ident = |n: &&str| Ident {
        name: (*n).to_owned(),
        span,
    };
    let quantified = Quantified {
        quantifier: Quantifier::Forall,
        variables: names.iter().map(|n| (ident(n), None)).collect(),
        body: Expr::new(body, span),
    };
    Expr::new(ExprKind::Quantified(Box::new(quantified)), span)
}

fn apply(name: &str, arguments: Vec<Expr>) -> Expr {
    let span = arguments.first().map_or(Span::new(0, 0), |a| a.span);
    let ident = Ident {
        name: name.to_owned(),
        span,
    };
    Expr::new(ExprKind::Apply(ident, arguments), span)
}

/// A meaning with its places named as those of another.
fn renamed(meaning: &str, places: &[usize], names: &[&str]) -> String {
    let own = ["x", "y", "z", "u", "v", "w"];
    let word = |word: &str| {
        let at = own.iter().position(|o| *o == word);
        let name = at.and_then(|a| places.get(a)).and_then(|p| names.get(*p));
        name.map_or(word.to_owned(), |n| (*n).to_owned())
    };
    meaning.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn sentence(words: &str) -> String {
    format!("{}.", crate::vocabulary::capital(words))
}

/// A formula with a thing in the place that is asked for.
fn with_thing(formula: &Expr, thing: &str) -> Expr {
    let again = |e: &Expr| with_thing(e, thing);
    let boxed = |e: &Expr| Box::new(with_thing(e, thing));
    let kind = match &formula.kind {
        ExprKind::Name(name) if name == ASKED => ExprKind::Name(thing.to_owned()),
        ExprKind::Apply(name, list) => {
            ExprKind::Apply(name.clone(), list.iter().map(again).collect())
        }
        ExprKind::Unary(op, inner) => ExprKind::Unary(*op, boxed(inner)),
        ExprKind::Nary(op, list) => ExprKind::Nary(*op, list.iter().map(again).collect()),
        ExprKind::Binary(op, left, right) => ExprKind::Binary(*op, boxed(left), boxed(right)),
        ExprKind::Arithmetic(op, list) => {
            ExprKind::Arithmetic(*op, list.iter().map(again).collect())
        }
        ExprKind::Quantified(q) => ExprKind::Quantified(Box::new(Quantified {
            quantifier: q.quantifier,
            variables: q.variables.clone(),
            body: again(&q.body),
        })),
        other => other.clone(),
    };
    Expr::new(kind, formula.span)
}
