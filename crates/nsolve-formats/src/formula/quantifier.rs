use nsolve_il::fol::Quantifier;
use nsolve_source::{Code, Diagnostic, Span};
use nsolve_syntax::fol::{ExprKind, Ident, Quantified};

use super::heads::Head;
use super::parse::{Node, Parser, power};
use super::token::{Quantity, TokenKind};
use crate::limits::Read;

impl<'a> Parser<'a> {
    /// One or more quantifiers and their body.
    ///
    /// A quantifier binds tightly, as NLTK and Prover9 have it. Where the rest
    /// of the formula at this level of brackets mentions one of its variables,
    /// which would be free there, the body is widened to the end of the level.
    pub(super) fn quantified(&mut self, first: Head) -> Read<Node> {
        let end = self.levels.end(self.at);
        let call = first.call;
        let heads = self.heads(first);
        for head in &heads {
            self.bind(head, 1);
        }
        let mut body = self.body(call, &heads)?;
        for head in &heads {
            self.bind(head, -1);
        }
        let mut wide = false;
        for (i, head) in heads.iter().enumerate().rev() {
            // Those of the same kind around it say the same in either order.
            let group = heads
                .get(..=i)
                .unwrap_or(&[])
                .iter()
                .rev()
                .take_while(|h| h.quantity == head.quantity);
            let needs = !call
                && self.dialect.widen
                && group.clone().any(|h| !self.escaping(h, end).is_empty());
            if needs {
                let first = !std::mem::replace(&mut wide, true);
                let names: Vec<_> = group.flat_map(|h| self.escaping(h, end)).collect();
                for head in &heads {
                    self.bind(head, 1);
                }
                body = self.infix(body, power::ANY)?;
                for head in &heads {
                    self.bind(head, -1);
                }
                if first {
                    self.remark_widened(head, &names, body.outer);
                }
            }
            body = self.quantify(head, body)?;
        }
        Ok(body)
    }

    fn heads(&mut self, first: Head) -> Vec<Head> {
        self.at = first.body;
        let mut heads = vec![first];
        // Behind brackets of its own, a quantifier has its own level.
        while heads.last().is_some_and(|h| !h.call) {
            let Some(next) = self.head(self.at).filter(|h| !h.call) else {
                break;
            };
            self.at = next.body;
            heads.push(next);
        }
        for head in &heads {
            self.remark_head(head);
        }
        heads
    }

    fn body(&mut self, call: bool, heads: &[Head]) -> Read<Node> {
        if !call {
            if heads.last().is_some_and(|h| h.variables.is_empty()) {
                return self.unexpected("a variable");
            }
            return self.expression(power::RELATION);
        }
        let arguments = std::mem::replace(&mut self.in_arguments, false);
        let body = self.expression(power::ANY)?;
        self.in_arguments = arguments;
        if !self.is_close(self.at) {
            return self.unexpected("`)`");
        }
        self.at += 1;
        Ok(body)
    }

    fn bind(&mut self, head: &Head, by: isize) {
        for &variable in &head.variables {
            let count = self.bound.entry(self.slice(variable)).or_insert(0);
            *count = count.saturating_add_signed(by);
            if *count == 0 {
                self.bound.remove(self.slice(variable));
            }
        }
    }

    /// The variables that are used behind the body, where nothing binds them.
    fn escaping(&self, head: &Head, end: usize) -> Vec<&'a str> {
        let names = head.variables.iter().map(|&v| self.slice(v));
        names
            .filter(|n| !self.bound.contains_key(n) && self.is_mentioned(n, end))
            .collect()
    }

    fn quantify(&self, head: &Head, body: Node) -> Read<Node> {
        let span = head.span.to(body.outer);
        let variables = head
            .variables
            .iter()
            .map(|&v| {
                let name = self.slice(v).to_owned();
                let span = self.span(v);
                (Ident { name, span }, None)
            })
            .collect();
        let quantifier = match head.quantity {
            Quantity::All => Quantifier::Forall,
            Quantity::Some | Quantity::No => Quantifier::Exists,
            Quantity::One => Quantifier::ExistsUnique,
        };
        let quantified = Quantified {
            quantifier,
            variables,
            body: body.expr,
        };
        let kind = ExprKind::Quantified(Box::new(quantified));
        let mut node = self.node(kind, span, body.height)?;
        if head.quantity == Quantity::No {
            node = self.negated(node, span)?;
            node.top = None;
        }
        Ok(node)
    }

    fn remark_head(&mut self, head: &Head) {
        let [all, some] = self.dialect.quantifiers;
        let native = if head.quantity == Quantity::All {
            all
        } else {
            some
        };
        let written = self
            .text
            .get(head.span.range())
            .unwrap_or("")
            .split(|c: char| c == '(' || c.is_whitespace())
            .next()
            .unwrap_or("");
        let own = self.dialect.native.contains(&written) || written.starts_with(native);
        let dotted = head.marked || !self.dialect.dot;
        let plain = !matches!(head.quantity, Quantity::One | Quantity::No);
        if !own && !head.unusual && plain {
            let span = head.span;
            let word = Span::new(span.start as usize, span.start as usize + written.len());
            let start = self.token_at(word.start);
            // `∀x` has the sign alone.
            let sign = start.filter(|&t| {
                matches!(
                    self.kind(t),
                    Some(TokenKind::Quantifier(_) | TokenKind::Word)
                )
            });
            if let Some(token) = sign {
                self.remark_spelling(token, native);
            }
        }
        if !head.unusual && dotted && plain {
            return;
        }
        let names: Vec<_> = head.variables.iter().map(|&v| self.slice(v)).collect();
        let usual = if self.dialect.dot {
            format!("{native} {}.", names.join(" "))
        } else {
            let each = names.iter().map(|n| format!("{native}{n}"));
            each.collect::<Vec<_>>().join(" ")
        };
        let message = format!("a quantifier is written `{usual}` in {}", self.dialect.name);
        self.warn(Diagnostic::note(Code::QUANTIFIER_SPELLING, message).at(head.span));
    }

    fn token_at(&self, start: u32) -> Option<usize> {
        let at = self.tokens.partition_point(|t| t.span.start < start);
        self.tokens
            .get(at)
            .is_some_and(|t| t.span.start == start)
            .then_some(at)
    }

    fn remark_widened(&mut self, head: &Head, names: &[&str], body: Span) {
        let message = format!(
            "`{}` is used behind the quantifier's body; the body was widened to bind it",
            names.join("`, `")
        );
        let mut remark = Diagnostic::warning(Code::SCOPE_WIDENED, message)
            .at(head.span)
            .help("put brackets around the whole body");
        let text = self.text.get(body.range()).unwrap_or("");
        // A hostile text has a thousand of these, each as long as the text.
        if text.len() < 500 {
            remark = remark.suggest(body, format!("({text})"));
        }
        self.warn(remark);
    }
}
