//! Orders: comparisons, places and amounts.
//!
//! A scale (age, price, the row from left to right) is read in one of three
//! ways, for the whole story: by numbers, where the story says how old somebody
//! is; as places 1 to n of the things that it lists or compares, where it speaks
//! of places or lists the things; otherwise as an order of which no more is
//! known.

use nsolve_il::Rational;
use nsolve_il::fol::{ArithmeticOp, CompareOp, Quantifier};
use nsolve_source::Span;
use nsolve_syntax::fol::{BinaryOp, Expr, ExprKind, NaryOp};
use rustc_hash::FxHashMap;

use super::complement::Side;
use super::{Meaning, Said, Unsaid};
use crate::lexicon;
use crate::morphology;
use crate::tree::{Compared, Place, Word};

/// A thing of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) key: String,
    pub(crate) show: String,
}

/// Things that the story lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// What they are, one of them.
    pub(crate) noun: String,
    pub(crate) members: Vec<Member>,
}

/// The groups and scales of a story.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    pub(crate) groups: Vec<Group>,
    /// Words to the group and member that they stand for.
    members: FxHashMap<String, (usize, usize)>,
    /// Scales of which the story says numbers.
    pub(crate) measured: Vec<&'static str>,
    /// Adjectives without an opposite, of which it does.
    pub(crate) measured_others: Vec<String>,
    /// Whether places are spoken of.
    pub(crate) has_places: bool,
    /// Without a list: those that are compared.
    pub(crate) compared: Vec<Word>,
}

impl Orders {
    /// Adds a list of things.
    pub(crate) fn add(&mut self, group: Group) {
        let at = self.groups.len();
        for (i, member) in group.members.iter().enumerate() {
            self.members.insert(member.key.clone(), (at, i));
        }
        self.groups.push(group);
    }

    /// The listed thing that these words stand for.
    pub(super) fn member(&self, words: &str) -> Option<&Member> {
        let (group, at) = self.members.get(words)?;
        self.groups.get(*group)?.members.get(*at)
    }

    fn size(&self) -> Option<usize> {
        match self.groups.first() {
            Some(group) => Some(group.members.len()),
            None if self.has_places && self.compared.len() > 1 => Some(self.compared.len()),
            None => None,
        }
    }
}

/// A scale as the story uses it.
#[derive(Clone, Debug)]
struct Axis {
    name: String,
    /// The adjective of its upper end.
    high: String,
    /// Whether the word that was used means the upper end.
    up: bool,
}

fn axis(adjective: &str) -> Axis {
    match lexicon::scale_of(adjective) {
        Some((scale, up)) => Axis {
            name: scale.name.to_owned(),
            high: scale.high.to_owned(),
            up,
        },
        None => Axis {
            name: adjective.to_owned(),
            high: adjective.to_owned(),
            up: true,
        },
    }
}

fn integer(n: usize) -> Rational {
    Rational::from_integer(n.into())
}

impl Meaning<'_> {
    /// `older than`, `less expensive than`, `as old as`, `two years older than`
    pub(super) fn compared(
        &mut self,
        adjective: &Word,
        how: Compared,
        by: Option<&str>,
        x: Expr,
        y: Expr,
    ) -> Said {
        let axis = axis(&adjective.key);
        let up = axis.up == (how != Compared::Less);
        let numbered = self.is_measured(&axis) || by.is_some();
        if numbered || self.story.orders.size().is_some() {
            let (left, right) = match numbered {
                true => (self.amount_of(&axis, x), self.amount_of(&axis, y)),
                false => (self.place_of(&axis, x), self.place_of(&axis, y)),
            };
            if how == Compared::Same {
                return Ok(self.equal(left, right));
            }
            if let Some(by) = by {
                let by = self.number(by)?;
                let op = if up {
                    ArithmeticOp::Add
                } else {
                    ArithmeticOp::Subtract
                };
                let sum = self.expr(ExprKind::Arithmetic(op, vec![right, by]));
                return Ok(self.equal(left, sum));
            }
            let op = if up {
                CompareOp::Greater
            } else {
                CompareOp::Less
            };
            return Ok(self.binary(BinaryOp::Compare(op), left, right));
        }
        if how == Compared::Same {
            let key = format!("as {} as", axis.high);
            let meaning = format!("x is as {} as y", axis.high);
            return Ok(self.atom(&key, &meaning, vec![x, y]));
        }
        let (x, y) = if up { (x, y) } else { (y, x) };
        Ok(self.more(&axis, x, y))
    }

    /// In an order of which no more is known.
    fn more(&mut self, axis: &Axis, x: Expr, y: Expr) -> Expr {
        let comparative = morphology::comparative(&axis.high);
        let key = format!("{comparative} than");
        let meaning = format!("x is {comparative} than y");
        let atom = self.atom(&key, &meaning, vec![x, y]);
        self.note_order(&atom);
        atom
    }

    fn note_order(&mut self, atom: &Expr) {
        if let ExprKind::Apply(name, _) = &atom.kind {
            self.symbols.orders.insert(name.name.clone());
        }
    }

    /// The first finishes ahead of the second.
    pub(super) fn ahead(&mut self, x: Expr, y: Expr) -> Expr {
        if self.story.orders.size().is_some() {
            let axis = axis("first");
            let (left, right) = (self.place_of(&axis, x), self.place_of(&axis, y));
            return self.binary(BinaryOp::Compare(CompareOp::Less), left, right);
        }
        let atom = self.atom("finish ahead of", "x finishes ahead of y", vec![x, y]);
        self.note_order(&atom);
        atom
    }

    /// One thing beside another in a row.
    pub(super) fn beside(&mut self, side: Side, x: Expr, y: Expr) -> Expr {
        if self.story.orders.size().is_none() {
            let (word, x, y) = match side {
                Side::Left => ("left of", x, y),
                Side::Right => ("left of", y, x),
                Side::JustLeft => ("immediately left of", x, y),
                Side::JustRight => ("immediately left of", y, x),
                Side::Next => ("next to", x, y),
            };
            let meaning = format!("x is {} y", super::verb::spelt(word));
            let atom = self.atom(word, &meaning, vec![x, y]);
            if matches!(side, Side::Left | Side::Right) {
                self.note_order(&atom);
            }
            return atom;
        }
        let axis = axis("left");
        let (left, right) = (self.place_of(&axis, x), self.place_of(&axis, y));
        let after = |m: &mut Self, one: &Expr, other: &Expr| {
            let step = m.expr(ExprKind::Number(integer(1)));
            let sum = ExprKind::Arithmetic(ArithmeticOp::Add, vec![one.clone(), step]);
            let sum = m.expr(sum);
            m.binary(BinaryOp::Equal, other.clone(), sum)
        };
        match side {
            Side::Left => self.binary(BinaryOp::Compare(CompareOp::Less), left, right),
            Side::Right => self.binary(BinaryOp::Compare(CompareOp::Greater), left, right),
            Side::JustLeft => after(self, &left, &right),
            Side::JustRight => after(self, &right, &left),
            Side::Next => {
                let one = after(self, &left, &right);
                let other = after(self, &right, &left);
                self.or(vec![one, other])
            }
        }
    }

    /// `the second-oldest`, `third from the left`, `finished first`
    pub(super) fn placed(&mut self, place: &Place, x: &Expr) -> Said {
        let axis = axis(&place.end);
        let up = axis.up != place.least;
        if let Some(size) = self.story.orders.size() {
            let rank = place.rank as usize;
            if rank > size {
                return Err(Unsaid::new(
                    format!("place {rank} of {size}"),
                    "name a place that there is",
                ));
            }
            let number = if up { size + 1 - rank } else { rank };
            let place = self.place_of(&axis, x.clone());
            let number = self.expr(ExprKind::Number(integer(number)));
            return Ok(self.binary(BinaryOp::Equal, place, number));
        }
        if place.rank != 1 {
            return Err(Unsaid::new(
                "a place in an order of which the members are not known",
                "list the members: `There are three cars: a bus, a truck and a van.`",
            ));
        }
        // More so than all others.
        let other = self.fresh();
        let term = self.variable(&other);
        let same = self.equal(term.clone(), x.clone());
        let same = self.not(same);
        let more = match up {
            true => self.more(&axis, x.clone(), term),
            false => self.more(&axis, term, x.clone()),
        };
        let all = self.implies(same, more);
        Ok(self.quantified(Quantifier::Forall, vec![other], all))
    }

    /// `5 years old`
    pub(super) fn measured(&mut self, number: &str, adjective: &str, x: &Expr) -> Said {
        let axis = axis(adjective);
        let amount = self.amount_of(&axis, x.clone());
        let number = self.number(number)?;
        Ok(self.equal(amount, number))
    }

    /// What a noun says of a thing, where it is a number that the story speaks
    /// of: `age` where somebody is five years old, `place` where there is a list.
    pub(super) fn amount(&mut self, noun: &str, x: &Expr) -> Option<Expr> {
        let orders = &self.story.orders;
        let key = noun.replace('_', " ");
        let scale = key.strip_suffix(" place").unwrap_or(&key);
        let is_place = key == "place" || scale != key;
        let known = match is_place {
            true => !orders.groups.is_empty(),
            false => orders.measured.contains(&scale),
        };
        let axis = Axis {
            name: scale.to_owned(),
            high: String::new(),
            up: true,
        };
        known.then(|| match is_place {
            true => self.place_of(&axis, x.clone()),
            false => self.number_of(scale, x.clone()),
        })
    }

    fn is_measured(&self, axis: &Axis) -> bool {
        let orders = &self.story.orders;
        orders.measured.iter().any(|m| *m == axis.name)
            || orders.measured_others.contains(&axis.name)
    }

    fn amount_of(&mut self, axis: &Axis, x: Expr) -> Expr {
        let noun = match lexicon::scale_of(&axis.high) {
            Some((scale, _)) => scale.name.to_owned(),
            None => format!("{} amount", axis.high),
        };
        self.number_of(&noun, x)
    }

    fn number_of(&mut self, noun: &str, x: Expr) -> Expr {
        let name = self.symbols.thing(noun, 1, &format!("the {noun} of x"));
        self.symbols.set_number(&name);
        self.apply(&name, vec![x])
    }

    /// A thing outside the list has no place in its order.
    fn place_of(&mut self, axis: &Axis, x: Expr) -> Expr {
        if let (ExprKind::Name(name), Some(_)) = (&x.kind, self.story.orders.groups.first())
            && !self.is_listed(name)
            && self.outside.is_none()
        {
            let shown = self.symbols.meaning(name).unwrap_or(name);
            self.outside = Some(shown.to_owned());
        }
        let (key, meaning) = match axis.name.as_str() {
            "place" | "rank" => ("place".to_owned(), "the place of x".to_owned()),
            name => (format!("{name} place"), format!("the {name} place of x")),
        };
        let name = self.symbols.thing(&key, 1, &meaning);
        self.symbols.set_number(&name);
        self.symbols.places.insert(name.clone());
        self.apply(&name, vec![x])
    }

    /// Whether a list names this thing.
    pub(crate) fn is_listed(&self, name: &str) -> bool {
        let mut keys = self.story.orders.members.keys();
        keys.any(|key| self.symbols.thing_of(key).is_some_and(|t| t == name))
    }

    /// What holds of the orders that were used: each with its words.
    pub(crate) fn order_axioms(&mut self, span: Span) -> Vec<(String, Expr)> {
        self.span = span;
        let mut out = Vec::new();
        for name in self.symbols.orders.list().to_vec() {
            let meaning = self.symbols.meaning(&name).unwrap_or_default().to_owned();
            let atom =
                |m: &Self, x: &str, y: &str| m.apply(&name, vec![m.variable(x), m.variable(y)]);
            let names = |list: &[&str]| list.iter().map(|n| (*n).to_owned()).collect();
            let own = meaning.replace(" y", " x").replacen('x', "Nothing", 1);
            let own = own.replace(" x", " itself");
            let no = self.not(atom(self, "x", "x"));
            out.push((
                format!("{own}."),
                self.quantified(Quantifier::Forall, names(&["x"]), no),
            ));
            let both = self.and(vec![atom(self, "x", "y"), atom(self, "y", "z")]);
            let step = self.implies(both, atom(self, "x", "z"));
            let said = |x: &str, y: &str| {
                let clause = meaning.replacen('x', x, 1);
                match clause.strip_suffix(" y") {
                    Some(head) => format!("{head} {y}"),
                    None => clause,
                }
            };
            out.push((
                format!(
                    "If {} and {} then {}.",
                    said("X", "Y"),
                    said("Y", "Z"),
                    said("X", "Z")
                ),
                self.quantified(Quantifier::Forall, names(&["x", "y", "z"]), step),
            ));
        }
        let members: Vec<Expr> = match self.story.orders.groups.first() {
            Some(group) => group
                .members
                .iter()
                .map(|m| (m.key.clone(), m.show.clone()))
                .collect::<Vec<_>>(),
            None => self
                .story
                .orders
                .compared
                .iter()
                .map(|w| (w.key.clone(), w.show.clone()))
                .collect(),
        }
        .into_iter()
        .map(|(key, show)| {
            let name = self.symbols.thing(&key, 0, &show);
            self.expr(ExprKind::Name(name))
        })
        .collect();
        for name in self.symbols.places.list().to_vec() {
            let places: Vec<Expr> = members
                .iter()
                .map(|m| self.apply(&name, vec![m.clone()]))
                .collect();
            let number = |n: usize| self.expr(ExprKind::Number(integer(n)));
            let bounds = places.iter().flat_map(|place| {
                let least = BinaryOp::Compare(CompareOp::GreaterEq);
                let most = BinaryOp::Compare(CompareOp::LessEq);
                [
                    self.binary(least, place.clone(), number(1)),
                    self.binary(most, place.clone(), number(members.len())),
                ]
            });
            let bounds = self.and(bounds.collect());
            let count = members.len();
            out.push((format!("There are {count} places."), bounds));
            out.push((
                "No two are at the same place.".into(),
                self.expr(ExprKind::Nary(NaryOp::Distinct, places)),
            ));
        }
        out
    }
}
