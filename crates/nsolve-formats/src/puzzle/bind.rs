//! Quantifiers, and what their variables range over.

use nsolve_il::fol::Quantifier;
use nsolve_source::{Code, Diagnostic, Span};
use nsolve_syntax::fol::{BinaryOp, Expr, ExprKind, Ident, NaryOp};

use super::arith::{binary, join, quantified};
use super::lower::{Bound, Lower, Variable, binders, refused, unsupported_set};
use super::tree::{Operation, Tree, TreeKind};
use super::world::{Argument, Range, Result as Gives};
use crate::limits::{Read, fault};

/// What a variable ranges over.
enum Over {
    Range(Range),
    /// A set of which nothing but its name is known.
    Unknown(String, usize),
}

impl Lower<'_> {
    pub(super) fn quantifier(
        &mut self,
        name: &str,
        all: bool,
        parts: &[Tree],
        span: Span,
    ) -> Read<Expr> {
        let (entries, body) = binders(name, parts, span)?;
        let depth = self.scope.len();
        let made = self.quantified(all, &entries, body, span);
        self.scope.truncate(depth);
        made
    }

    fn quantified(&mut self, all: bool, entries: &[&Tree], body: &Tree, span: Span) -> Read<Expr> {
        let bound = self.bind(entries, body)?;
        let body = self.formula(body)?;
        let guards: Vec<Expr> = bound.iter().filter_map(|b| b.guard.clone()).collect();
        let body = match (guards.is_empty(), all) {
            (true, _) => body,
            (false, true) => {
                let guards = join(NaryOp::And, guards, span);
                binary(BinaryOp::Implies, guards, body, span)
            }
            (false, false) => join(
                NaryOp::And,
                guards.into_iter().chain([body]).collect(),
                span,
            ),
        };
        let quantifier = match all {
            true => Quantifier::Forall,
            false => Quantifier::Exists,
        };
        let variables = bound.into_iter().map(|b| b.variable).collect();
        Ok(quantified(quantifier, variables, body, span))
    }

    /// Puts the variables of a list such as `[x:S, y:T]` into scope.
    pub(super) fn bind(&mut self, entries: &[&Tree], body: &Tree) -> Read<Vec<Bound>> {
        let mut out = Vec::new();
        for entry in entries {
            let (written, over) = match &entry.kind {
                TreeKind::Bound(name, set) => (name, Some(&**set)),
                TreeKind::Name(name) => (name, None),
                _ => {
                    return fault(
                        Diagnostic::error(Code::UNEXPECTED, "no variable stands here")
                            .at(entry.span)
                            .expecting(["`name:sort`"]),
                    );
                }
            };
            let over = self.over(written, over, body, entry.span)?;
            let sort = match &over {
                Over::Range(range) => range.sort,
                Over::Unknown(_, sort) => *sort,
            };
            let mut name = written.clone();
            while self.scope.iter().any(|v| v.name == name)
                || self.world.element(&name).is_some()
                || self.world.function(&name).is_some()
            {
                name.push('_');
            }
            let span = entry.span;
            let term = Expr::new(ExprKind::Name(name.clone()), span);
            let all = self.world.elements(sort).len();
            let (guard, size, only) = match over {
                Over::Range(Range { only: None, .. }) => (None, all, None),
                Over::Range(Range {
                    only: Some(only), ..
                }) => {
                    let leaf = self.thing(term, sort);
                    (Some(leaf.is_one_of(&only, span)), only.len(), Some(only))
                }
                Over::Unknown(set, _) => {
                    let head = Ident { name: set, span };
                    (
                        Some(Expr::new(ExprKind::Apply(head, vec![term]), span)),
                        all,
                        None,
                    )
                }
            };
            let sort_name = self.world.sort(sort).map(|s| Ident {
                name: s.name.name.clone(),
                span,
            });
            self.scope.push(Variable {
                written: written.clone(),
                name: name.clone(),
                sort,
            });
            out.push(Bound {
                variable: (Ident { name, span }, sort_name),
                sort,
                size,
                only,
                guard,
            });
        }
        Ok(out)
    }

    fn over(&mut self, variable: &str, set: Option<&Tree>, body: &Tree, span: Span) -> Read<Over> {
        let Some(set) = set else {
            return self.inferred(variable, body, span, "its sort is not written");
        };
        match &set.kind {
            TreeKind::Name(name) => {
                if let Some(range) = self.world.range(name) {
                    return Ok(Over::Range(range.clone()));
                }
                if self.world.refused.contains(name) {
                    return refused(name, set.span);
                }
                if matches!(
                    name.as_str(),
                    "int" | "Int" | "bool" | "Bool" | "real" | "Real"
                ) {
                    return self.inferred(variable, body, span, "it ranges over all numbers");
                }
                let Some(sort) = self.use_of(variable, body) else {
                    return self.no_sort(name, set.span);
                };
                self.unknown_set(name, sort, set.span);
                Ok(Over::Unknown(name.clone(), sort))
            }
            TreeKind::List(items) => self
                .listed(variable, items, body, set.span)
                .map(Over::Range),
            TreeKind::Arithmetic(Operation::Add, a, b) => {
                let parts = [&**a, &**b].map(|t| t.as_name().and_then(|n| self.world.range(n)));
                let [Some(a), Some(b)] = parts else {
                    return unsupported_set(set.span);
                };
                if a.sort != b.sort {
                    return unsupported_set(set.span);
                }
                let all = || (0..self.world.elements(a.sort).len()).collect::<Vec<_>>();
                let mut only = a.only.clone().unwrap_or_else(all);
                only.extend(b.only.clone().unwrap_or_else(all));
                only.sort_unstable();
                only.dedup();
                Ok(Over::Range(Range {
                    sort: a.sort,
                    only: Some(only),
                }))
            }
            _ => unsupported_set(set.span),
        }
    }

    /// A set that is not declared is a predicate of which nothing is known.
    pub(super) fn unknown_set(&mut self, name: &str, sort: usize, span: Span) {
        if !self.known_sets.insert((name.to_owned(), sort)) {
            return;
        }
        self.diagnostics.push(
            Diagnostic::warning(
                Code::UNKNOWN_SET,
                format!("no set `{name}` is declared; it was read as a property of which nothing is known"),
            )
            .at(span)
            .help(format!("declare it: `{name} = EnumSort([..])` with its elements")),
        );
        let name = name.to_owned();
        self.sets.push((Ident { name, span }, sort));
    }

    fn inferred(&mut self, variable: &str, body: &Tree, span: Span, why: &str) -> Read<Over> {
        let Some(sort) = self.use_of(variable, body) else {
            return fault(
                Diagnostic::error(
                    Code::UNSUPPORTED,
                    format!("`{variable}` has no sort: {why}, and no use tells it"),
                )
                .at(span)
                .expecting(["`name:sort` with a declared sort"]),
            );
        };
        let name = self.world.sort(sort).map_or("", |s| &s.name.name);
        self.diagnostics.push(
            Diagnostic::warning(
                Code::VARIABLE_SORT,
                format!("`{variable}` was read as a variable of `{name}`, as it is used: {why}"),
            )
            .at(span)
            .suggest(span, format!("{variable}:{name}")),
        );
        Ok(Over::Range(Range { sort, only: None }))
    }

    /// The sort that the first use of a variable demands.
    fn use_of(&self, variable: &str, body: &Tree) -> Option<usize> {
        if let TreeKind::Call(name, _, parts) = &body.kind
            && let Some(function) = self.world.function(name)
        {
            let place = parts.iter().position(|p| p.as_name() == Some(variable));
            if let Some(Argument::Sort(sort)) = place.and_then(|i| function.arguments.get(i)) {
                return Some(*sort);
            }
        }
        let below = |tree: &Tree| self.use_of(variable, tree);
        if let Some(found) = body.parts().into_iter().find_map(below) {
            return Some(found);
        }
        let TreeKind::Compare(operands, _) = &body.kind else {
            return None;
        };
        let mentions = |t: &Tree| {
            t.as_name() == Some(variable)
                || matches!(&t.kind, TreeKind::Arithmetic(..))
                    && t.parts().iter().any(|p| p.as_name() == Some(variable))
        };
        operands.iter().any(mentions).then_some(())?;
        operands.iter().find_map(|t| match &t.kind {
            TreeKind::Call(name, ..) => match self.world.function(name)?.result {
                Gives::Sort(sort) => Some(sort),
                _ => None,
            },
            TreeKind::Name(name) => {
                let of_variable = self.scope.iter().rev().find(|v| v.written == *name);
                let element = self.world.element(name).map(|(sort, _)| sort);
                of_variable.map(|v| v.sort).or(element)
            }
            _ => None,
        })
    }

    /// The part of a sort that a list names.
    fn listed(&mut self, variable: &str, items: &[Tree], body: &Tree, span: Span) -> Read<Range> {
        let wanted = self.use_of(variable, body);
        let numeric = |sort: &usize| self.world.sort(*sort).is_some_and(|s| s.numeric);
        let mut sort = wanted;
        let mut only = Vec::new();
        for item in items {
            let place = match &item.kind {
                TreeKind::Name(name) => self.world.element(name),
                TreeKind::Number(n) => {
                    let sorts = 0..self.world.sorts.len();
                    let fits = |s: &usize| numeric(s) && self.world.position(*s, n).is_some();
                    let found = sort.filter(fits).or_else(|| sorts.clone().find(fits));
                    found.and_then(|s| Some((s, self.world.position(s, n)?)))
                }
                _ => None,
            };
            match place {
                Some((s, position)) if sort.is_none_or(|known| known == s) => {
                    sort = Some(s);
                    only.push(position);
                }
                _ => return unsupported_set(span),
            }
        }
        only.sort_unstable();
        only.dedup();
        match sort {
            Some(sort) if !only.is_empty() => Ok(Range {
                sort,
                only: Some(only),
            }),
            _ => unsupported_set(span),
        }
    }
}
