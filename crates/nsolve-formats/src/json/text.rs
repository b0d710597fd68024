//! Where a string of a JSON text stands, down to the character.

use nsolve_source::{Diagnostic, Span};
use nsolve_syntax::fol::{Expr, ExprKind, Ident};
use serde_json::value::RawValue;

/// A string with the way from its bytes to the bytes of the JSON text.
pub(super) struct Located {
    pub(super) value: String,
    pub(super) span: Span,
    /// Pairs of a byte of the value and the byte of the text that it comes
    /// from, one for the start and one behind each escape.
    map: Vec<(usize, usize)>,
}

/// Where a raw value stands in the text that it was borrowed from.
pub(super) fn span(source: &str, raw: &RawValue) -> Span {
    let start = (raw.get().as_ptr() as usize).saturating_sub(source.as_ptr() as usize);
    Span::new(start, start + raw.get().len())
}

/// The string that a raw value is, if it is one.
pub(super) fn located(source: &str, raw: &RawValue) -> Option<Located> {
    let value: String = serde_json::from_str(raw.get()).ok()?;
    let span = span(source, raw);
    let (mut at, mut from) = (0, span.range().start + 1);
    let mut map = vec![(at, from)];
    let inner = raw.get().get(1..raw.get().len() - 1)?;
    let mut rest = inner;
    while let Some(slash) = rest.find('\\') {
        // An escape is read by itself, with its second half where it is a
        // surrogate pair, to see how long what it stands for is.
        let escape = rest.get(slash..)?;
        let lengths = if escape.starts_with("\\u") {
            [6, 12]
        } else {
            [2, 2]
        };
        let (length, decoded) = lengths.into_iter().find_map(|n| {
            let text = format!("\"{}\"", escape.get(..n)?);
            let decoded: String = serde_json::from_str(&text).ok()?;
            Some((n, decoded.len()))
        })?;
        at += slash + decoded;
        from += slash + length;
        map.push((at, from));
        rest = escape.get(length..)?;
    }
    Some(Located { value, span, map })
}

impl Located {
    fn source(&self, byte: usize) -> usize {
        let behind = self.map.partition_point(|(at, _)| *at <= byte);
        let anchor = self.map.get(behind.saturating_sub(1));
        let (at, from) = anchor.copied().unwrap_or_default();
        from + byte.saturating_sub(at)
    }

    /// Says that spans will be of a text in which this many bytes stand before
    /// the value.
    pub(super) fn put_behind(&mut self, bytes: usize) {
        for (at, _) in &mut self.map {
            *at += bytes;
        }
    }

    /// A span of the value, in the JSON text.
    pub(super) fn outward(&self, span: Span) -> Span {
        let range = span.range();
        Span::new(self.source(range.start), self.source(range.end))
    }

    /// Moves every span of a formula outward.
    pub(super) fn outward_spans(&self, e: &mut Expr) {
        e.span = self.outward(e.span);
        let ident = |i: &mut Ident| i.span = self.outward(i.span);
        match &mut e.kind {
            ExprKind::Name(_)
            | ExprKind::Variable(_)
            | ExprKind::Number(_)
            | ExprKind::Truth(_) => {}
            ExprKind::Apply(name, parts) => {
                ident(name);
                parts.iter_mut().for_each(|p| self.outward_spans(p));
            }
            ExprKind::Nary(_, parts) | ExprKind::Arithmetic(_, parts) => {
                parts.iter_mut().for_each(|p| self.outward_spans(p));
            }
            ExprKind::Unary(_, inner) => self.outward_spans(inner),
            ExprKind::Binary(_, a, b) => {
                self.outward_spans(a);
                self.outward_spans(b);
            }
            ExprKind::Quantified(q) => {
                for (name, sort) in &mut q.variables {
                    ident(name);
                    sort.iter_mut().for_each(ident);
                }
                self.outward_spans(&mut q.body);
            }
        }
    }

    /// A diagnostic about the value, told of the JSON text. Fixes that would
    /// write a quote or a backslash are dropped, since those need escaping.
    pub(super) fn outward_diagnostic(
        &self,
        mut diagnostic: Diagnostic,
        pointer: &str,
    ) -> Diagnostic {
        diagnostic.message = format!("at {pointer}: {}", diagnostic.message);
        diagnostic.span = Some(diagnostic.span.map_or(self.span, |s| self.outward(s)));
        diagnostic.fix = diagnostic
            .fix
            .filter(|f| !f.replacement.contains(['"', '\\', '\n']))
            .map(|mut f| {
                f.span = self.outward(f.span);
                f
            });
        for (span, _) in &mut diagnostic.related {
            *span = self.outward(*span);
        }
        diagnostic
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_lead_back_through_escapes() {
        let source = r#"["a\"b\u00e9c\ud83d\ude00d"]"#;
        let raws: Vec<&RawValue> = serde_json::from_str(source).expect("JSON");
        let found = located(source, raws[0]).expect("a string");
        assert_eq!(found.value, "a\"béc😀d");
        for letter in ["a", "b", "c", "d"] {
            let at = found.value.find(letter).expect(letter);
            let span = found.outward(Span::new(at, at + 1));
            assert_eq!(source.get(span.range()), Some(letter));
        }
    }
}
