//! Texts as problems.

use nsolve_il::fol::{Modality, Semantics};
use nsolve_source::{Code, Diagnostic, SourceText, Span};
use nsolve_syntax::fol::{Document, Expr, Statement};

use crate::assemble::Assembly;
use crate::grammar::{Asked, Parser, Stuck};
use crate::lexicon::{self, Tags};
use crate::meaning::{Group, Member, Story};
use crate::text::{Ending, Kind, Sentence, Token, sentences};
use crate::tree::{Clause, Determiner, NounPhrase};
use crate::vocabulary::Vocabulary;

/// What became of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is a premise, by its name in the document.
    Premise(String),
    /// It asks, or is the statement that is asked about.
    Question,
    /// It is the option of this letter.
    Choice(String),
    /// It lists the things that the story is about.
    List,
    /// It speaks about the text, and says nothing about the story.
    AboutText,
    /// It was not read; a diagnostic says where reading stopped.
    Unread,
}

/// A sentence with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Where it stands.
    pub span: Span,
    /// What became of it.
    pub role: Role,
}

/// A thing that a question for things may be answered with.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// How it is said.
    pub name: String,
    /// That it is so of this thing.
    pub statement: Statement,
}

/// A second way to read a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// The item of the document that it would replace.
    pub item: usize,
    /// The other formula.
    pub formula: Expr,
    /// The sentence.
    pub span: Span,
}

/// What was read of a text.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The problem: declarations, premises, and the question unless it asks for
    /// things.
    pub document: Document,
    /// The question for things: `who`, `which`.
    pub candidates: Option<Vec<Candidate>>,
    /// All sentences, in order.
    pub sentences: Vec<Told>,
    /// Second ways to read sentences.
    pub alternatives: Vec<Alternative>,
    /// What could not be read, and remarks.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a story with its question.
pub fn read(text: &SourceText, semantics: Semantics) -> Reading {
    let sentences = sentences(text.text());
    let words = Vocabulary::of(&sentences);
    let mut reader = Reader {
        text,
        words: &words,
        parts: Vec::with_capacity(sentences.len()),
        diagnostics: Vec::new(),
    };
    reader.parse(&sentences);
    let Reader {
        parts, diagnostics, ..
    } = reader;
    let story = survey(&parts);
    Assembly::new(text, &words, &story, diagnostics).run(&parts, semantics)
}

/// What must be known of all sentences before a formula is made of one.
fn survey(parts: &[Parsed]) -> Story {
    let mut story = Story::default();
    for parsed in parts {
        match &parsed.part {
            Part::Statement(clauses) => clauses.iter().take(1).for_each(|c| story.note(c)),
            Part::Question(asked) => {
                for Asked::Whether(c) | Asked::Which(c) in asked.iter().take(1) {
                    story.note(c);
                }
            }
            Part::List(group) => story.orders.add(group.clone()),
            Part::Options(..) | Part::AboutText | Part::Unread => {}
        }
    }
    story
}

/// A sentence that was parsed.
pub(crate) enum Part {
    Statement(Vec<Clause>),
    Question(Vec<Asked>),
    /// What the next sentence is asked of.
    Options(Modality, bool),
    List(Group),
    AboutText,
    Unread,
}

pub(crate) struct Parsed {
    pub(crate) part: Part,
    pub(crate) span: Span,
    pub(crate) letter: Option<String>,
}

struct Reader<'t> {
    text: &'t SourceText,
    words: &'t Vocabulary,
    parts: Vec<Parsed>,
    diagnostics: Vec<Diagnostic>,
}

/// What is asked of the sentence that follows.
#[derive(Clone, Copy, PartialEq)]
enum Pending {
    Nothing,
    Statement,
}

impl Reader<'_> {
    fn parse(&mut self, sentences: &[Sentence]) {
        let mut pending = Pending::Nothing;
        for (at, sentence) in sentences.iter().enumerate() {
            let is_last = at + 1 == sentences.len();
            let part = match (&sentence.letter, frame(sentence)) {
                (None, Some(Framed::Following)) => {
                    pending = Pending::Statement;
                    Part::AboutText
                }
                (None, Some(Framed::Options(modality, except))) => Part::Options(modality, except),
                (Some(_), _) if is_answer_word(sentence) => Part::AboutText,
                (Some(_), _) => self.statement(&sentence.tokens),
                (None, None) if pending == Pending::Statement => {
                    pending = Pending::Nothing;
                    self.asked_statement(&sentence.tokens)
                }
                (None, None) => self.sentence(sentence, is_last),
            };
            self.parts.push(Parsed {
                part,
                span: sentence.span,
                letter: sentence.letter.clone(),
            });
        }
        let has_question = self
            .parts
            .iter()
            .any(|p| matches!(p.part, Part::Question(_) | Part::Options(..)) || p.letter.is_some());
        // `Therefore, ..` at the end is what is asked, where nothing else is.
        if !has_question
            && let (Some(last), Some(sentence)) = (self.parts.last_mut(), sentences.last())
            && let Part::Statement(clauses) = &mut last.part
            && sentence.tokens.first().is_some_and(concludes)
        {
            let clauses = std::mem::take(clauses);
            last.part = Part::Question(clauses.into_iter().map(Asked::Whether).collect());
        }
    }

    fn sentence(&mut self, sentence: &Sentence, is_last: bool) -> Part {
        let tokens = &sentence.tokens;
        if let Some((label, rest)) = labelled(tokens) {
            return match label {
                Label::Asked => self.asked_statement(rest),
                Label::Given => self.statement(rest),
            };
        }
        if sentence.ending == Ending::Question {
            return self.question(tokens);
        }
        if is_about_text(tokens) {
            let note = Diagnostic::note(
                Code::ABOUT_THE_TEXT,
                "this sentence speaks about the text; it adds nothing to the story",
            );
            self.diagnostics.push(note.at(sentence.span));
            return Part::AboutText;
        }
        if let Some(group) = self.list(tokens) {
            return Part::List(group);
        }
        // A question without its mark.
        let begins_question = tokens.first().is_some_and(|t| {
            t.is(Tags::BE | Tags::DO | Tags::MODAL) || (t.is(Tags::WH) && t.lower != "that")
        });
        if is_last && begins_question {
            return self.question(tokens);
        }
        self.statement(tokens)
    }

    fn statement(&mut self, tokens: &[Token]) -> Part {
        let parser = Parser::new(tokens, self.words);
        match parser.statement() {
            Ok(clauses) => Part::Statement(clauses),
            Err(stuck) => self.unread(tokens, stuck),
        }
    }

    fn asked_statement(&mut self, tokens: &[Token]) -> Part {
        match self.statement(tokens) {
            Part::Statement(clauses) => {
                Part::Question(clauses.into_iter().map(Asked::Whether).collect())
            }
            other => other,
        }
    }

    fn question(&mut self, tokens: &[Token]) -> Part {
        let parser = Parser::new(tokens, self.words);
        match parser.question() {
            Ok(asked) => Part::Question(asked),
            Err(stuck) => self.unread(tokens, stuck),
        }
    }

    /// `there are three birds: an owl, a crow and a jay`
    fn list(&self, tokens: &[Token]) -> Option<Group> {
        let colon = tokens.iter().position(|t| t.kind == Kind::Colon)?;
        let (before, after) = (tokens.get(..colon)?, tokens.get(colon + 1..)?);
        let number = before.iter().rposition(|t| {
            t.kind == Kind::Number || lexicon::cardinal(&t.lower).is_some_and(|n| n > 1)
        })?;
        let mut after_number = before.get(number + 1..)?.iter().filter(|t| t.is_open());
        let noun = after_number.find_map(|t| self.words.singular(&t.lower))?;
        let parser = Parser::within(after, self.words);
        let members = parser.listed()?;
        let members: Option<Vec<Member>> = members.iter().map(member).collect();
        Some(Group {
            noun,
            members: members?,
        })
    }

    /// Says where reading stopped, and what could be read instead.
    fn unread(&mut self, tokens: &[Token], stuck: Stuck) -> Part {
        let whole = span_of(tokens);
        if stuck.gave_up {
            let long = Diagnostic::error(
                Code::SENTENCE_TOO_LONG,
                "this sentence is too long or too involved to be read",
            );
            let long = long.help("split it into several sentences");
            self.diagnostics.push(long.at(whole));
            return Part::Unread;
        }
        let at = stuck.at.min(tokens.len().saturating_sub(1));
        let stopped = tokens.get(at).map_or(whole, |t| t.span);
        let rest = Span::new(stopped.start as usize, whole.end as usize);
        let words: Vec<&str> = self.text.slice(rest).split_whitespace().collect();
        let shown: String = words.join(" ").chars().take(60).collect();
        let message = match stuck.at >= tokens.len() {
            true => "this sentence is not read: something is missing at its end".to_owned(),
            false => format!("this sentence is not read: reading stopped at `{shown}`"),
        };
        let mut unread = Diagnostic::error(Code::UNREAD_SENTENCE, message).at(rest);
        if let Some(help) = self.paraphrase(tokens, stuck.at) {
            unread = unread.help(help);
        }
        self.diagnostics.push(unread);
        Part::Unread
    }

    /// What could be said instead of a sentence that was not read.
    fn paraphrase(&self, tokens: &[Token], stuck: usize) -> Option<String> {
        if let Some(vague) = tokens
            .iter()
            .find(|t| t.is(Tags::VAGUE) && !t.is(Tags::MOST))
        {
            return Some(format!(
                "no formula says `{}`; say `all`, `some`, `at least two` or `exactly three`",
                vague.lower
            ));
        }
        if let Some(word) = tokens.iter().find(|t| t.is(Tags::UNREAD)) {
            return Some(format!(
                "say it without `{}`: one sentence for each thing that is so",
                word.lower
            ));
        }
        // The longest beginning that can be read.
        let longest = stuck.min(tokens.len().saturating_sub(1));
        let from = longest.saturating_sub(6).max(2);
        let readable = (from..=longest).rev().find(|&n| {
            let part = tokens.get(..n).unwrap_or(&[]);
            Parser::new(part, self.words).statement().is_ok()
        })?;
        let part = span_of(tokens.get(..readable)?);
        Some(format!("`{}.` can be read", self.text.slice(part)))
    }
}

fn span_of(tokens: &[Token]) -> Span {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => Span::new(0, 0),
    }
}

/// Something in a list, with the words that will stand for it.
fn member(np: &NounPhrase) -> Option<Member> {
    match np {
        NounPhrase::Name(word) => Some(Member {
            key: word.key.clone(),
            show: word.show.clone(),
        }),
        NounPhrase::Noun(Determiner::A | Determiner::The | Determiner::Bare, nominal)
        | NounPhrase::Noun(Determiner::Kind, nominal) => {
            let words = nominal.modifiers.iter().map(|w| w.key.as_str());
            let words: Vec<&str> = words.chain([nominal.head.key.as_str()]).collect();
            let key = words.join(" ");
            let shown = match nominal.plural {
                true => crate::morphology::plural(&key),
                false => key.clone(),
            };
            Some(Member {
                show: format!("the {shown}"),
                key,
            })
        }
        _ => None,
    }
}

/// A sentence that says what is asked of those that follow.
enum Framed {
    /// Is the statement that follows true?
    Following,
    Options(Modality, bool),
}

/// Finds out whether a sentence asks about what follows it.
fn frame(sentence: &Sentence) -> Option<Framed> {
    let has = |word: &str| sentence.tokens.iter().any(|t| t.lower == word);
    if !has("following") {
        return None;
    }
    let asks = sentence.ending == Ending::Question;
    let truth = [
        "true",
        "false",
        "unknown",
        "uncertain",
        "correct",
        "follow",
        "follows",
    ];
    let about_truth = truth.iter().any(|w| has(w));
    if asks && has("which") {
        let modality = if has("cannot") || (has("can") && has("not")) {
            Modality::Cannot
        } else if has("could") || has("can") || has("may") || has("possible") {
            Modality::Could
        } else if has("false") && !has("true") {
            Modality::Cannot
        } else {
            Modality::Must
        };
        return Some(Framed::Options(modality, has("except")));
    }
    let statement = ["statement", "sentence", "conclusion", "claim"];
    (asks && about_truth && statement.iter().any(|w| has(w))).then_some(Framed::Following)
}

/// `True`, `Unknown`: options that name an answer.
fn is_answer_word(sentence: &Sentence) -> bool {
    const WORDS: &[&str] = &["true", "false", "unknown", "uncertain", "yes", "no"];
    match sentence.tokens.as_slice() {
        [one] => WORDS.contains(&one.lower.as_str()),
        _ => false,
    }
}

enum Label {
    Asked,
    Given,
}

/// `Question: ..`, `Premise: ..`, `True or false: ..`
fn labelled(tokens: &[Token]) -> Option<(Label, &[Token])> {
    let colon = tokens.iter().take(5).position(|t| t.kind == Kind::Colon)?;
    let (label, rest) = (tokens.get(..colon)?, tokens.get(colon + 1..)?);
    let words: Vec<&str> = label.iter().map(|t| t.lower.as_str()).collect();
    let label = match words.as_slice() {
        ["question" | "conclusion" | "hypothesis" | "claim" | "statement" | "therefore"]
        | ["true", "or", "false"]
        | ["true", "false", "or", "unknown" | "uncertain"] => Label::Asked,
        ["premise" | "fact" | "rule" | "context"] => Label::Given,
        _ => return None,
    };
    (!rest.is_empty()).then_some((label, rest))
}

/// Whether a sentence begins as a conclusion does.
fn concludes(token: &Token) -> bool {
    matches!(
        token.lower.as_str(),
        "therefore" | "thus" | "hence" | "so" | "consequently"
    )
}

/// Whether a sentence speaks about the text: its subject is a part of a text,
/// and it says what one says of texts.
fn is_about_text(tokens: &[Token]) -> bool {
    const SAID: &[&str] = &[
        "following",
        "above",
        "below",
        "consistent",
        "describe",
        "describes",
        "paragraph",
        "paragraphs",
        "true",
        "independent",
        "given",
    ];
    let begins = tokens
        .first()
        .is_some_and(|t| t.is(Tags::THE | Tags::THIS | Tags::EVERY) || t.lower == "following");
    let head = tokens.iter().take(4).any(|t| {
        let lemma = crate::morphology::singulars(&t.lower).into_iter().next();
        lexicon::is_text_noun(lemma.as_deref().unwrap_or(&t.lower))
    });
    begins && head && tokens.iter().any(|t| SAID.contains(&t.lower.as_str()))
}
