//! Variables that nothing binds, or that stand alone.

use nsolve_il::program::{Head, Literal, Rule, Sign, Term, VarId};
use nsolve_source::{Code, Diagnostic, Severity, Span};

use super::Elaborator;
use super::scope::Scope;
use crate::program::Dialect;
use crate::program::ast::{Statement, StatementKind};

/// An unsafe rule of which the text may say elsewhere what binds its variable;
/// see [`Elaborator::suggest_binders`].
pub(in crate::program) struct Loose {
    /// The position of its diagnostic.
    diagnostic: usize,
    variable: std::sync::Arc<str>,
    /// Where the variable stands: predicate and argument.
    places: Vec<(u32, usize)>,
    /// Where the rule ends, and whether it has a body.
    end: Span,
    has_body: bool,
}

impl Elaborator {
    /// Whether the rule stays in the problem.
    pub(super) fn check_variables(
        &mut self,
        rule: &Rule,
        scope: &Scope,
        statement: &Statement,
    ) -> bool {
        let fits = self.check_typings(scope, &rule.variables);
        let unbound = rule.schedule().err().unwrap_or_default();
        let fact = rule.body.is_empty() && matches!(rule.head, Head::Atom(_));
        // `same(X, X).` is what Prolog programs rest on.
        let fine = fact && self.dialect == Dialect::Prolog;
        let told = if self.unsafe_allowed { 1 } else { usize::MAX };
        for variable in unbound.iter().take(if fine { 0 } else { told }) {
            self.tell_unsafe(rule, *variable, scope, statement.span);
        }
        for (i, count) in scope.counts.iter().enumerate() {
            let variable = VarId(i as u32);
            let is_safe = fine || !unbound.contains(&variable);
            // What a query names once is what it asks for.
            let asked = matches!(statement.kind, StatementKind::Query(_));
            if *count == 1 && is_safe && !statement.several && !asked {
                self.tell_singleton(rule, variable, scope);
            }
        }
        fits && (unbound.is_empty() || self.unsafe_allowed)
    }

    fn tell_unsafe(&mut self, rule: &Rule, variable: VarId, scope: &Scope, span: Span) {
        let name = rule.variables.get(variable.index()).map_or("_", |n| n);
        let at = scope.spans.get(variable.index()).copied().unwrap_or(span);
        let fact = rule.body.is_empty() && matches!(rule.head, Head::Atom(_));
        let said = match (fact, &rule.head) {
            (true, _) => format!("this fact speaks of `{name}`, a variable, so of everything"),
            (_, head) if in_head(head, variable) => {
                format!("`{name}` stands in the head, and no literal of the body binds it")
            }
            _ => format!("no positive literal binds `{name}`"),
        };
        let mut fault = Diagnostic::error(Code::UNSAFE_VARIABLE, said).at(at);
        if self.unsafe_allowed {
            fault.severity = Severity::Warning;
            fault.help = Some("only an evaluation from a goal can use this rule".to_owned());
            return self.tell(fault);
        }
        let once = scope.counts.get(variable.index()) == Some(&1);
        let lower = name.trim_start_matches('_').to_lowercase();
        if fact && once && !lower.is_empty() {
            let help = format!(
                "if one thing is meant, write `{lower}`: constants begin with a lower-case letter"
            );
            return self.tell(fault.help(help).suggest(at, lower));
        }
        let help = match waiting(rule, variable) {
            Some(why) => why,
            None if name == "_" => {
                "give the variable a name, and add an atom with it to the body".to_owned()
            }
            None => format!(
                "add an atom to the body that says which `{name}` are meant, such as `thing({name})`"
            ),
        };
        if name != "_" {
            self.loose.push(Loose {
                diagnostic: self.diagnostics.len(),
                variable: name.into(),
                places: places(rule, variable),
                end: span,
                has_body: !rule.body.is_empty(),
            });
        }
        self.tell(fault.help(help));
    }

    /// Where the other rules of the text say with one predicate which things
    /// stand at a place, that predicate can bind an unsafe variable there.
    pub(super) fn suggest_binders(&mut self, text: &str) {
        let loose = std::mem::take(&mut self.loose);
        if loose.is_empty() {
            return;
        }
        let mut binders: rustc_hash::FxHashMap<(u32, usize), Vec<u32>> = Default::default();
        for rule in self
            .problem
            .rules
            .iter()
            .filter(|r| !r.variables.is_empty())
        {
            for literal in &rule.body {
                let Literal::Atom(Sign::Positive, atom) = literal else {
                    continue;
                };
                let [Term::Variable(v)] = atom.arguments.as_slice() else {
                    continue;
                };
                for place in places(rule, *v)
                    .into_iter()
                    .filter(|p| p.0 != atom.predicate.0)
                {
                    let known = binders.entry(place).or_default();
                    if !known.contains(&atom.predicate.0) && known.len() < 2 {
                        known.push(atom.predicate.0);
                    }
                }
            }
        }
        for loose in loose {
            let mut found: Vec<u32> = Vec::new();
            for place in &loose.places {
                found.extend(binders.get(place).into_iter().flatten());
            }
            found.dedup();
            let [only] = found.as_slice() else { continue };
            let Some(predicate) = self.problem.predicates.get(*only as usize) else {
                continue;
            };
            let atom = format!("{}({})", predicate.name, loose.variable);
            let Some(written) = text.get(loose.end.range()) else {
                continue;
            };
            let stop = loose.end.start as usize + written.trim_end_matches('.').trim_end().len();
            let before = if loose.has_body { ", " } else { " :- " };
            let Some(diagnostic) = self.diagnostics.get_mut(loose.diagnostic) else {
                continue;
            };
            diagnostic.help = Some(format!("other rules say so with `{atom}`"));
            let fixed = diagnostic
                .clone()
                .suggest(Span::new(stop, stop), format!("{before}{atom}"));
            *diagnostic = fixed;
        }
    }

    fn tell_singleton(&mut self, rule: &Rule, variable: VarId, scope: &Scope) {
        let Some(name) = rule.variables.get(variable.index()) else {
            return;
        };
        if name.starts_with('_') {
            return;
        }
        let at = scope.spans.get(variable.index()).copied();
        let said = format!("`{name}` stands in this rule once");
        let found = Diagnostic::warning(Code::SINGLETON_VARIABLE, said).at(at);
        let found = found.help("write `_` where any value will do; else it may be misspelt");
        self.tell(match at {
            Some(at) => found.suggest(at, "_"),
            None => found,
        });
    }
}

fn in_head(head: &Head, variable: VarId) -> bool {
    let mut found = false;
    head.each_term(&mut |t| found |= *t == Term::Variable(variable));
    found
}

/// Predicates and arguments where a variable stands in a rule.
fn places(rule: &Rule, variable: VarId) -> Vec<(u32, usize)> {
    let of_body = rule.body.iter().filter_map(|l| Some(l.as_atom()?.1));
    let mut out = Vec::new();
    for atom in rule.head.atoms().chain(of_body) {
        for (i, argument) in atom.arguments.iter().enumerate() {
            if *argument == Term::Variable(variable) {
                out.push((atom.predicate.0, i));
            }
        }
    }
    out
}

/// Why a literal with the variable does not bind it.
fn waiting(rule: &Rule, variable: VarId) -> Option<String> {
    let mentions = |literal: &Literal| {
        let mut found = false;
        literal.each_term(&mut |t| found |= *t == Term::Variable(variable));
        found
    };
    let literal = rule.body.iter().find(|l| mentions(l))?;
    let name = rule.variables.get(variable.index()).map_or("_", |n| n);
    Some(match literal {
        Literal::Atom(Sign::Not, _) => {
            format!("`not` binds nothing: add an atom that says which `{name}` are meant")
        }
        Literal::Atom(Sign::Positive, _) => format!(
            "arithmetic is undone only for `{name}+1`, `1+{name}`, `{name}-1` and `-{name}`; bind `{name}` by another atom"
        ),
        Literal::Compare(..) => format!(
            "a comparison binds `{name}` only as `{name} = t` with all of `t` known; add an atom with `{name}`"
        ),
        Literal::Range(..) => {
            format!("the bounds of an interval must be known: add an atom with `{name}`")
        }
        Literal::Aggregate(..) => format!(
            "an aggregate binds only `{name} = #count{{...}}`, and all other variables outside of it must be bound"
        ),
    })
}
