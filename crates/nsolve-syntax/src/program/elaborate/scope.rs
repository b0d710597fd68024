//! The variables of one rule.

use std::sync::Arc;

use nsolve_il::program::{ValueType, VarId};
use nsolve_source::Span;
use rustc_hash::FxHashMap;

use crate::program::ast::{Head, Literal, LiteralKind, Term, TermKind};

/// Numbers the variables of one rule. A name that occurs in one element alone
/// belongs to that element.
#[derive(Default)]
pub(super) struct Scope {
    pub(super) names: Vec<Arc<str>>,
    /// Where each variable occurs first.
    pub(super) spans: Vec<Span>,
    /// How often each occurs.
    pub(super) counts: Vec<u32>,
    globals: FxHashMap<Arc<str>, VarId>,
    local: Option<FxHashMap<Arc<str>, VarId>>,
    /// What declared types say of variables.
    pub(super) typings: Vec<(VarId, ValueType, Span)>,
}

impl Scope {
    fn add(&mut self, name: &Arc<str>, span: Span, count: u32) -> VarId {
        let id = VarId(self.names.len() as u32);
        self.names.push(name.clone());
        self.spans.push(span);
        self.counts.push(count);
        id
    }

    /// A variable that stands nowhere else.
    pub(super) fn fresh(&mut self, name: &str, span: Span) -> VarId {
        self.add(&name.into(), span, 2)
    }

    pub(super) fn variable(&mut self, name: &Arc<str>, span: Span) -> VarId {
        if &**name == "_" {
            return self.add(name, span, 2);
        }
        let known = self.globals.get(name);
        let known = known.or_else(|| self.local.as_ref()?.get(name));
        if let Some(id) = known.copied() {
            if let Some(count) = self.counts.get_mut(id.index()) {
                *count += 1;
            }
            if self.counts.get(id.index()) == Some(&1)
                && let Some(first) = self.spans.get_mut(id.index())
            {
                *first = span;
            }
            return id;
        }
        let id = self.add(name, span, 1);
        match &mut self.local {
            Some(local) => local.insert(name.clone(), id),
            None => self.globals.insert(name.clone(), id),
        };
        id
    }

    /// Reads something whose own variables are seen nowhere else.
    pub(super) fn enter(&mut self) {
        self.local = Some(FxHashMap::default());
    }

    pub(super) fn leave(&mut self) {
        self.local = None;
    }

    pub(super) fn is_local(&self) -> bool {
        self.local.is_some()
    }

    pub(super) fn knows(&self, name: &Arc<str>) -> bool {
        self.globals.contains_key(name) || self.local.as_ref().is_some_and(|l| l.contains_key(name))
    }

    /// Makes all names global that occur outside of elements. Within `not`,
    /// that is so of ASP only: Prolog asks whether there is none.
    pub(super) fn see_globals(&mut self, head: &Head, body: &[Literal], negated_too: bool) {
        match head {
            Head::Atoms(atoms) => atoms.iter().for_each(|t| self.see(t)),
            Head::Choice(_, guards) => guards.iter().for_each(|g| self.see(&g.term)),
            Head::Never => {}
        }
        for literal in body {
            self.see_literal(literal, negated_too);
        }
    }

    fn see_literal(&mut self, literal: &Literal, negated_too: bool) {
        match &literal.kind {
            LiteralKind::Atom(atom) => self.see(atom),
            LiteralKind::Compare { left, right, .. } => {
                self.see(left);
                self.see(right);
            }
            LiteralKind::Aggregate(aggregate) => {
                aggregate.guards.iter().for_each(|g| self.see(&g.term));
            }
            LiteralKind::Not(inner) => match &inner.kind {
                LiteralKind::Compare { .. } | LiteralKind::Aggregate(_) => {
                    self.see_literal(inner, negated_too);
                }
                LiteralKind::Atom(_) if negated_too => self.see_literal(inner, negated_too),
                _ => {}
            },
            LiteralKind::All(all) => all.iter().for_each(|l| self.see_literal(l, negated_too)),
            LiteralKind::Truth(_) | LiteralKind::Any(_) => {}
        }
    }

    /// Notes a global name that is yet to be counted.
    pub(super) fn see(&mut self, term: &Term) {
        each_variable(term, &mut |name| {
            if &**name != "_" && !self.globals.contains_key(name) {
                let id = self.add(name, term.span, 0);
                self.globals.insert(name.clone(), id);
            }
        });
    }
}

pub(super) fn each_variable(term: &Term, f: &mut impl FnMut(&Arc<str>)) {
    match &term.kind {
        TermKind::Variable(name) => f(name),
        TermKind::Function(_, terms) | TermKind::Arithmetic(_, terms) | TermKind::Pool(terms) => {
            terms.iter().for_each(|t| each_variable(t, f));
        }
        TermKind::List(terms, tail) => {
            terms.iter().for_each(|t| each_variable(t, f));
            if let Some(tail) = tail {
                each_variable(tail, f);
            }
        }
        TermKind::Interval(low, high) => {
            each_variable(low, f);
            each_variable(high, f);
        }
        _ => {}
    }
}
