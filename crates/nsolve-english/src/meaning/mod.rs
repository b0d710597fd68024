//! Trees as formulas.
//!
//! Noun phrases take what is said of them as a continuation, so that the
//! quantifier that is written first has the widest scope. What `a cat` and
//! `someone` introduce is held in a *frame*, as in discourse representation
//! theory (Kamp 1981): the frame of a statement closes with `there is`, the
//! frame of a condition with `for all`, around the condition and what follows
//! from it. So `if someone owns a dog then they feed it` speaks of all owners
//! and all their dogs.

mod clause;
mod complement;
mod noun;
mod order;
mod reference;
mod symbols;
mod verb;

use nsolve_il::fol::Quantifier;
use nsolve_source::Span;
use nsolve_syntax::fol::{BinaryOp, Expr, ExprKind, Ident, NaryOp, Quantified};

pub(crate) use noun::with_article;
pub(crate) use order::{Group, Member, Orders};
pub(crate) use symbols::{Frame as VerbFrame, Symbols};

use crate::tree::Clause;
use crate::vocabulary::Vocabulary;
use reference::References;

/// Why a sentence that was read has no formula here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unsaid {
    /// What is in the way.
    pub(crate) what: String,
    /// What could be said instead.
    pub(crate) instead: String,
}

impl Unsaid {
    fn new(what: impl Into<String>, instead: impl Into<String>) -> Self {
        Unsaid {
            what: what.into(),
            instead: instead.into(),
        }
    }
}

pub(crate) type Said = Result<Expr, Unsaid>;

/// What is said of a thing.
type Then<'k, 'a> = &'k mut dyn FnMut(&mut Meaning<'a>, Expr) -> Said;

/// How a frame closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closing {
    /// A statement: what it introduces exists.
    Statement,
    /// A condition: it speaks of all.
    Condition,
    /// Something denied.
    Denial,
}

#[derive(Debug)]
struct Frame {
    closing: Closing,
    variables: Vec<String>,
    /// How many variables could be referred to when it was opened.
    before: usize,
}

/// What is known of the whole story before formulas are made.
#[derive(Debug, Default)]
pub(crate) struct Story {
    /// Whether the story says of something that it is a person, or is not.
    pub(crate) persons_matter: bool,
    /// Verbs that have an object somewhere.
    pub(crate) transitive: rustc_hash::FxHashSet<String>,
    pub(crate) orders: Orders,
}

/// Makes the formulas of a story, one sentence after the other.
pub(crate) struct Meaning<'a> {
    words: &'a Vocabulary,
    story: &'a Story,
    pub(crate) symbols: Symbols,
    references: References,
    frames: Vec<Frame>,
    /// Letters that are bound, and those that the sentence uses unbound.
    letters: Vec<String>,
    unbound: Vec<String>,
    span: Span,
    /// A second referent for a pronoun, to be taken in the next reading.
    pub(crate) other_referents: Vec<String>,
    /// Which of a pronoun's referents is taken, by the pronoun's number in the
    /// sentence.
    choices: Vec<usize>,
    pronouns: usize,
    /// `can be`, before what a complement says.
    able: Option<String>,
    /// The subjects of the verb phrases around; no object pronoun stands for
    /// the last one.
    subjects: Vec<ExprKind>,
    /// What was given a place although the story does not list it.
    outside: Option<String>,
}

/// What stands for the thing asked for, until it is known.
pub(crate) const ASKED: &str = "\u{2022}";

impl<'a> Meaning<'a> {
    pub(crate) fn new(words: &'a Vocabulary, story: &'a Story) -> Self {
        Meaning {
            words,
            story,
            symbols: Symbols::default(),
            references: References::default(),
            frames: Vec::new(),
            letters: Vec::new(),
            unbound: Vec::new(),
            span: Span::new(0, 0),
            other_referents: Vec::new(),
            choices: Vec::new(),
            pronouns: 0,
            able: None,
            subjects: Vec::new(),
            outside: None,
        }
    }

    /// What a sentence says, with the first choice for each pronoun.
    pub(crate) fn sentence(&mut self, clause: &Clause, span: Span) -> Said {
        self.sentence_with(clause, span, Vec::new())
    }

    /// What a sentence says, with these choices for its first pronouns.
    pub(crate) fn sentence_with(
        &mut self,
        clause: &Clause,
        span: Span,
        choices: Vec<usize>,
    ) -> Said {
        self.span = span;
        self.choices = choices;
        self.pronouns = 0;
        self.other_referents.clear();
        self.unbound.clear();
        self.frames.clear();
        self.subjects.clear();
        self.references.begin_sentence();
        let said = self.scoped(Closing::Statement, |m| m.clause(clause));
        let unbound = std::mem::take(&mut self.unbound);
        self.references.end_sentence();
        let said = said?;
        if let Some(outside) = self.outside.take() {
            return Err(Unsaid::new(
                format!("`{outside}` is not among the things that are listed"),
                "name it in the list, or as it is named there",
            ));
        }
        Ok(self.quantified(Quantifier::Forall, unbound, said))
    }

    /// Runs in a frame of its own, which closes with `exists`.
    fn scoped(&mut self, closing: Closing, inner: impl FnOnce(&mut Self) -> Said) -> Said {
        self.open_frame(closing);
        let said = inner(self);
        let variables = self.close_frame();
        let said = said?;
        Ok(self.quantified(Quantifier::Exists, variables, said))
    }

    fn open_frame(&mut self, closing: Closing) {
        self.frames.push(Frame {
            closing,
            variables: Vec::new(),
            before: self.references.open(),
        });
    }

    fn close_frame(&mut self) -> Vec<String> {
        let Some(frame) = self.frames.pop() else {
            return Vec::new();
        };
        self.references.close(frame.before);
        frame.variables
    }

    /// Whether what is said here is denied or a condition.
    fn is_hypothetical(&self) -> bool {
        let top = self.frames.last();
        top.is_some_and(|f| f.closing == Closing::Condition)
            || self.frames.iter().any(|f| f.closing == Closing::Denial)
    }

    /// A variable that the innermost frame binds.
    fn introduced(&mut self) -> String {
        let name = self.fresh();
        if let Some(frame) = self.frames.last_mut() {
            frame.variables.push(name.clone());
        }
        name
    }

    /// A name that no open frame binds.
    fn fresh(&mut self) -> String {
        const NAMES: &[&str] = &["x", "y", "z", "u", "v", "w"];
        let taken = |n: &str| {
            self.frames
                .iter()
                .any(|f| f.variables.iter().any(|v| v == n))
                || self.letters.iter().any(|l| l == n)
        };
        let rounds = (0..).flat_map(|round| {
            NAMES.iter().map(move |n| match round {
                0 => (*n).to_owned(),
                _ => format!("{n}{round}"),
            })
        });
        let mut free = rounds.filter(|n| !taken(n));
        free.next().unwrap_or_default()
    }

    fn expr(&self, kind: ExprKind) -> Expr {
        Expr::new(kind, self.span)
    }

    fn variable(&self, name: &str) -> Expr {
        self.expr(ExprKind::Variable(name.to_owned()))
    }

    fn truth(&self) -> Expr {
        self.expr(ExprKind::Truth(true))
    }

    fn not(&self, inner: Expr) -> Expr {
        match inner.kind {
            ExprKind::Truth(value) => self.expr(ExprKind::Truth(!value)),
            _ => inner.negated(),
        }
    }

    fn and(&self, parts: Vec<Expr>) -> Expr {
        self.nary(NaryOp::And, parts)
    }

    fn or(&self, parts: Vec<Expr>) -> Expr {
        self.nary(NaryOp::Or, parts)
    }

    /// Flat, and without what is always so.
    fn nary(&self, op: NaryOp, parts: Vec<Expr>) -> Expr {
        let neutral = op == NaryOp::And;
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part.kind {
                ExprKind::Truth(value) if value == neutral => {}
                ExprKind::Nary(inner, parts) if inner == op => flat.extend(parts),
                kind => flat.push(Expr::new(kind, part.span)),
            }
        }
        match flat.len() {
            0 => self.expr(ExprKind::Truth(neutral)),
            1 => flat.remove(0),
            _ => self.expr(ExprKind::Nary(op, flat)),
        }
    }

    fn binary(&self, op: BinaryOp, left: Expr, right: Expr) -> Expr {
        self.expr(ExprKind::Binary(op, Box::new(left), Box::new(right)))
    }

    fn implies(&self, when: Expr, then: Expr) -> Expr {
        match (when.kind, then.kind) {
            (ExprKind::Truth(true), kind) => Expr::new(kind, then.span),
            // `there is no cat`
            (kind, ExprKind::Truth(false)) => Expr::new(kind, when.span).negated(),
            // Two conditions are one of two parts.
            (when_kind, ExprKind::Binary(BinaryOp::Implies, second, last)) => {
                let both = self.and(vec![Expr::new(when_kind, when.span), *second]);
                self.implies(both, *last)
            }
            (when_kind, kind) => {
                let (when, then) = (Expr::new(when_kind, when.span), Expr::new(kind, then.span));
                self.binary(BinaryOp::Implies, when, then)
            }
        }
    }

    fn equal(&mut self, left: Expr, right: Expr) -> Expr {
        self.symbols.uses_equality = true;
        self.binary(BinaryOp::Equal, left, right)
    }

    fn quantified(&self, quantifier: Quantifier, names: Vec<String>, body: Expr) -> Expr {
        if names.is_empty() {
            return body;
        }
        if let ExprKind::Truth(_) = body.kind
            && matches!(quantifier, Quantifier::Forall | Quantifier::Exists)
        {
            return body;
        }
        let ident = |name: String| Ident {
            name,
            span: self.span,
        };
        let variables = names.into_iter().map(|n| (ident(n), None)).collect();
        self.expr(ExprKind::Quantified(Box::new(Quantified {
            quantifier,
            variables,
            body,
        })))
    }

    /// That things are so.
    fn atom(&mut self, key: &str, meaning: &str, arguments: Vec<Expr>) -> Expr {
        let (key, meaning) = match &self.able {
            Some(modal) => (
                format!("{modal}_{key}"),
                meaning.replacen("x is ", &format!("x {} ", modal.replace('_', " ")), 1),
            ),
            None => (key.to_owned(), meaning.to_owned()),
        };
        let name = self.symbols.property(&key, arguments.len(), &meaning);
        self.apply(&name, arguments)
    }
}
