//! What the semantics of rules means, said in classical logic.
//!
//! Facts and rules run forward only. A rule `body -> head` lets the head be
//! concluded once the body is; it says nothing when the head fails (no
//! contraposition). A negated atom is a statement of its own, to be stated or
//! concluded like any other; from absence nothing follows.
//!
//! That is exactly classical logic over twice the predicates. Each predicate
//! `p` gets a companion `not p`, unrelated to it. Every statement is brought
//! into negation normal form, except that an implication at its outside stays a
//! rule, and each negated atom becomes an atom of the companion. A statement is
//! *concluded* if its renamed form follows. What is asked is whether the
//! conclusion is concluded, and whether its denial is.
//!
//! Both may be (the rules contradict each other about it), without everything
//! else following. Equality, arithmetic and numbers keep their classical
//! meaning.

use nsolve_il::fol::{
    Builder, Declared, Problem, Quantifier, Question, Semantics, SortError, SymbolId, Term, TermId,
};
use nsolve_source::{Code, Diagnostic};

use crate::copy::{Copier, Plain};

/// The two forms of a statement that is asked about, in the lowered problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleStatement {
    /// Follows if the statement is concluded.
    pub stated: TermId,
    /// Follows if its denial is concluded.
    pub denied: TermId,
}

/// Lowers a problem under the semantics of rules to one of classical logic, as
/// the module's page says. Premises keep their positions; the lowered problem
/// asks nothing, the statements are given beside it.
///
/// # Errors
/// A diagnostic for each premise that the semantics has no meaning for:
/// counting quantifiers under a negation or an equivalence.
pub fn rules_to_classical(
    problem: &Problem,
) -> Result<(Problem, Vec<RuleStatement>), Vec<Diagnostic>> {
    lower(problem).map_err(|error| {
        vec![
            Diagnostic::error(
                Code::UNSUPPORTED,
                format!("the semantics of rules has no meaning for this problem ({error})"),
            )
            .help("use `semantics classical`"),
        ]
    })
}

fn lower(problem: &Problem) -> Result<(Problem, Vec<RuleStatement>), SortError> {
    let mut copy = Copier::new(problem);
    copy.builder.semantics(Semantics::Classical);
    copy.declare_all()?;
    let companions = companions(problem, &mut copy.builder)?;
    let mut rename = Rename { copy, companions };
    for premise in &problem.premises {
        let formula = rename.rule(premise.formula)?;
        rename.copy.builder.premise(
            &premise.name,
            formula,
            premise.sentence.as_deref(),
            premise.span,
        )?;
    }
    let mut asked = Vec::new();
    for statement in problem.asked() {
        asked.push(RuleStatement {
            stated: rename.literal(statement.formula, true)?,
            denied: rename.literal(statement.formula, false)?,
        });
    }
    Ok((rename.copy.builder.finish(Question::Model), asked))
}

fn companions(problem: &Problem, builder: &mut Builder) -> Result<Vec<SymbolId>, SortError> {
    let mut out = Vec::new();
    for (id, symbol) in problem
        .signature
        .symbol_ids()
        .zip(problem.signature.symbols())
    {
        if !symbol.is_predicate() {
            out.push(id);
            continue;
        }
        // No text can declare a name with a blank in front of an existing one
        // twice: `not p` is taken only if a quoted name says so.
        let mut name = format!("not {}", symbol.name);
        while problem
            .signature
            .find_symbol(&name, symbol.arity(), true)
            .is_some()
        {
            name.insert_str(0, "not ");
        }
        out.push(builder.symbol(&name, &symbol.arguments, symbol.result, Declared::Generated)?);
    }
    Ok(out)
}

struct Rename<'p> {
    copy: Copier<'p>,
    /// The companion of each predicate, by position.
    companions: Vec<SymbolId>,
}

impl Rename<'_> {
    /// A premise: quantifiers and conjunctions around rules, and rules.
    fn rule(&mut self, t: TermId) -> Result<TermId, SortError> {
        let source = self.copy.source;
        match source.terms.get(t) {
            Term::Implies(body, head) => {
                let body = self.literal(*body, true)?;
                let head = self.rule(*head)?;
                self.copy.builder.implies(body, head)
            }
            Term::Iff(a, b) => {
                let (a, b) = (self.literal(*a, true)?, self.literal(*b, true)?);
                self.copy.builder.iff(a, b)
            }
            Term::And(parts) => {
                let parts: Result<Vec<_>, _> = parts.iter().map(|&p| self.rule(p)).collect();
                self.copy.builder.and(parts?)
            }
            Term::Quantified(Quantifier::Forall, variables, body) => {
                let new = self.bind(variables);
                let body = self.rule(*body)?;
                self.copy.builder.quantified(Quantifier::Forall, new, body)
            }
            _ => self.literal(t, true),
        }
    }

    fn bind(&mut self, variables: &[nsolve_il::fol::VarId]) -> Vec<nsolve_il::fol::VarId> {
        let mut new = Vec::new();
        for &old in variables {
            let (variable, term) = self.copy.fresh(old);
            self.copy.bound.insert(old, term);
            new.push(variable);
        }
        new
    }

    fn all(&mut self, ts: &[TermId], holds: bool) -> Result<Vec<TermId>, SortError> {
        ts.iter().map(|&t| self.literal(t, holds)).collect()
    }

    fn both(&mut self, a: (TermId, bool), b: (TermId, bool)) -> Result<TermId, SortError> {
        let parts = vec![self.literal(a.0, a.1)?, self.literal(b.0, b.1)?];
        self.copy.builder.and(parts)
    }

    fn either(&mut self, a: TermId, b: TermId) -> Result<TermId, SortError> {
        self.copy.builder.or(vec![a, b])
    }

    /// The formula, or its denial, in negation normal form with companions.
    fn literal(&mut self, t: TermId, holds: bool) -> Result<TermId, SortError> {
        let source = self.copy.source;
        match source.terms.get(t) {
            Term::Apply(symbol, arguments) => {
                let arguments = self.copy.terms(&mut Plain, arguments)?;
                let companion = self.companions.get(symbol.index()).copied();
                let symbol = match companion {
                    Some(companion) if !holds => companion,
                    _ => self.copy.symbol(*symbol),
                };
                self.copy.builder.apply(symbol, arguments)
            }
            Term::Not(inner) => self.literal(*inner, !holds),
            Term::Bool(value) => Ok(self.copy.builder.truth(*value == holds)),
            Term::And(parts) | Term::Or(parts) => {
                let conjunction = matches!(source.terms.get(t), Term::And(_)) == holds;
                let parts = self.all(parts, holds)?;
                if conjunction {
                    self.copy.builder.and(parts)
                } else {
                    self.copy.builder.or(parts)
                }
            }
            Term::Implies(a, b) => {
                if holds {
                    let (a, b) = (self.literal(*a, false)?, self.literal(*b, true)?);
                    self.either(a, b)
                } else {
                    self.both((*a, true), (*b, false))
                }
            }
            Term::Iff(a, b) | Term::Xor(a, b) => {
                let same = matches!(source.terms.get(t), Term::Iff(..)) == holds;
                let left = self.both((*a, true), (*b, same))?;
                let right = self.both((*a, false), (*b, !same))?;
                self.either(left, right)
            }
            Term::Equal(..) | Term::Distinct(_) | Term::Compare(..) => {
                let plain = self.copy.term(&mut Plain, t)?;
                if holds {
                    Ok(plain)
                } else {
                    self.copy.builder.not(plain)
                }
            }
            Term::Quantified(quantifier, variables, body) => {
                self.quantified(*quantifier, variables, *body, holds)
            }
            Term::Var(_) | Term::Number(..) | Term::Arithmetic(..) => {
                Err(SortError::Operands { found: 0 })
            }
        }
    }

    fn quantified(
        &mut self,
        quantifier: Quantifier,
        variables: &[nsolve_il::fol::VarId],
        body: TermId,
        holds: bool,
    ) -> Result<TermId, SortError> {
        // `at least` is the only count that needs nothing but positive facts.
        let (quantifier, inside) = match (quantifier, holds) {
            (Quantifier::Forall, true) | (Quantifier::Exists, false) => (Quantifier::Forall, holds),
            (Quantifier::Exists, true) | (Quantifier::Forall, false) => (Quantifier::Exists, holds),
            (Quantifier::AtLeast(n), true) => (Quantifier::AtLeast(n), true),
            (_, _) => return Err(SortError::Binder { found: 1 }),
        };
        let new = self.bind(variables);
        let body = self.literal(body, inside)?;
        self.copy.builder.quantified(quantifier, new, body)
    }
}
