//! What the tests of LP and MPS files share.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::fmt::Write;

use nsolve_il::milp::{Bound, Condition, Linear, Number, Problem};
use nsolve_source::{Diagnostic, SourceText, has_errors};

/// A reader of one format.
pub(crate) type Reader = fn(&SourceText) -> (Option<Problem>, Vec<Diagnostic>);

/// The problem that a text is, and the codes of all diagnostics, in the order
/// of the text. Places must lie in it, and errors must be told where there is no
/// problem.
pub(crate) fn read(reader: Reader, text: &str) -> (Option<Problem>, Vec<String>) {
    let source = SourceText::new("test", text).expect("a text");
    let (problem, diagnostics) = reader(&source);
    assert_eq!(problem.is_none(), has_errors(&diagnostics), "{text}");
    assert!(diagnostics.len() <= 200, "so many diagnostics help nobody");
    for d in &diagnostics {
        let fix = d.fix.as_ref().map(|f| f.span);
        let related = d.related.iter().map(|(span, _)| *span);
        for span in d.span.into_iter().chain(fix).chain(related) {
            assert!(source.text().get(span.range()).is_some(), "{d} in {text}");
        }
    }
    let codes = diagnostics.iter().map(|d| d.code.to_string()).collect();
    (problem, codes)
}

/// A problem as lines: objectives, rows, columns, conditions.
pub(crate) fn show(p: &Problem) -> String {
    let mut out = String::new();
    for o in &p.objectives {
        let sense = o.sense.name();
        let _ = writeln!(out, "{sense} {}: {}", o.name, sum(p, &o.expression));
    }
    for (i, row) in p.rows.iter().enumerate() {
        let terms = row.terms().map(|(c, a)| (c, a.clone())).collect();
        let linear = Linear {
            terms,
            constant: Number::ZERO,
        };
        let interval = interval(&row.lower.cloned(), &row.upper.cloned());
        let name = p.row_name(i as u32);
        let _ = writeln!(out, "{name}: {} in {interval}", sum(p, &linear));
    }
    for (i, c) in p.columns.iter().enumerate() {
        let name = p.column_name(i as u32);
        let interval = interval(&c.lower, &c.upper);
        let _ = writeln!(out, "{name} {} {interval}", c.domain.name());
    }
    for (i, c) in p.conditions.iter().enumerate() {
        let name = p.condition_name(i as u32);
        let _ = writeln!(out, "{name}: {}", condition(p, c));
    }
    out
}

fn condition(p: &Problem, c: &Condition) -> String {
    match c {
        Condition::Sos(kind, columns) => {
            let names: Vec<String> = columns.iter().map(|c| p.column_name(*c)).collect();
            format!("sos{kind} {}", names.join(" "))
        }
        Condition::Implies(a, b) => format!("{} -> {}", condition(p, a), condition(p, b)),
        Condition::Compare(linear, relation) => {
            format!("{} {} 0", sum(p, linear), relation.symbol())
        }
        other => format!("{other:?}"),
    }
}

fn interval(lower: &Bound, upper: &Bound) -> String {
    let end = |b: &Bound, infinite: &str| match b {
        Some(b) => b.to_string(),
        None => infinite.to_owned(),
    };
    format!("{}..{}", end(lower, "-inf"), end(upper, "inf"))
}

fn sum(p: &Problem, linear: &Linear) -> String {
    let mut parts: Vec<String> = linear
        .terms
        .iter()
        .map(|(c, a)| format!("{a} {}", p.column_name(*c)))
        .collect();
    if !linear.constant.is_zero() || parts.is_empty() {
        parts.push(linear.constant.to_string());
    }
    parts.join(" + ")
}

/// A small generator of numbers, the same on every machine.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    pub(crate) fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len())].clone()
    }
}

/// Reads every prefix of some texts, and changes of them.
pub(crate) fn torture(reader: Reader, texts: &[&str], snippets: &[&str], changes: usize) {
    for text in texts {
        for end in (0..=text.len()).filter(|i| text.is_char_boundary(*i)) {
            drop(read(reader, &text[..end]));
        }
    }
    let mut dice = Dice::new(7);
    for _ in 0..changes {
        let mut text = dice.pick(texts).to_owned();
        for _ in 0..=dice.roll(4) {
            let places: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
            let (a, b) = (dice.pick(&places), dice.pick(&places));
            let (from, to) = (a.min(b), a.max(b));
            let character = text[a..].chars().next().map_or(0, char::len_utf8);
            match dice.roll(4) {
                0 => text.insert_str(a, dice.pick(snippets)),
                1 => text.replace_range(from..to, ""),
                2 => {
                    let piece = text[from..to].to_owned();
                    text.insert_str(a, &piece);
                }
                _ => text.replace_range(a..a + character, dice.pick(snippets)),
            }
            if text.is_empty() {
                text.push('x');
            }
        }
        drop(read(reader, &text));
    }
}
