//! Copies a problem into a new builder, with room to rewrite on the way.

use nsolve_il::fol::{
    Builder, Choice, Conclusion, Extremum, Measure, Problem, Quantifier, Question, SortError,
    SortId, SortKind, SymbolId, Term, TermId, VarId,
};
use rustc_hash::{FxHashMap, FxHashSet};

/// What a bridge does differently from a plain copy.
pub(crate) trait Rewrite {
    /// Copies a quantified formula.
    fn quantified(
        &mut self,
        copy: &mut Copier<'_>,
        quantifier: Quantifier,
        variables: &[VarId],
        body: TermId,
    ) -> Result<TermId, SortError>
    where
        Self: Sized,
    {
        copy.quantified(self, quantifier, variables, body)
    }
}

/// A copy under way.
pub(crate) struct Copier<'p> {
    pub(crate) source: &'p Problem,
    pub(crate) builder: Builder,
    /// New sorts by old ones.
    pub(crate) sorts: Vec<SortId>,
    /// New symbols by old ones.
    pub(crate) symbols: Vec<SymbolId>,
    /// What bound variables of the source stand for.
    pub(crate) bound: FxHashMap<VarId, TermId>,
}

impl<'p> Copier<'p> {
    /// An empty copy; sorts and symbols are still to be declared.
    pub(crate) fn new(source: &'p Problem) -> Self {
        let mut builder = Builder::new();
        builder.semantics(source.semantics);
        Copier {
            source,
            builder,
            sorts: Vec::new(),
            symbols: Vec::new(),
            bound: FxHashMap::default(),
        }
    }

    /// Declares all sorts and symbols as they are.
    pub(crate) fn declare_all(&mut self) -> Result<(), SortError> {
        let signature = &self.source.signature;
        for sort in signature.sorts() {
            let id = match &sort.kind {
                SortKind::Bool => SortId::BOOL,
                SortKind::Int => SortId::INT,
                SortKind::Real => SortId::REAL,
                SortKind::Uninterpreted => self.builder.sort(&sort.name, sort.declared)?,
                SortKind::Enumerated(elements) => {
                    let elements: Vec<_> = elements
                        .iter()
                        .map(|&e| signature.symbol(e))
                        .map(|e| (&*e.name, e.declared))
                        .collect();
                    self.builder
                        .enumerated(&sort.name, &elements, sort.declared)?
                }
            };
            self.sorts.push(id);
        }
        self.declare_symbols(|copy, sort| copy.sort(sort))
    }

    /// Declares all symbols over sorts that are declared already.
    pub(crate) fn declare_symbols(
        &mut self,
        sort_of: impl Fn(&Self, SortId) -> SortId,
    ) -> Result<(), SortError> {
        let signature = &self.source.signature;
        for symbol in signature.symbols() {
            let arguments: Vec<_> = symbol.arguments.iter().map(|&s| sort_of(self, s)).collect();
            let result = sort_of(self, symbol.result);
            let made = self.builder.signature().find_symbol(
                &symbol.name,
                symbol.arity(),
                symbol.is_predicate(),
            );
            let id = match made {
                // An element of an enumerated sort, declared with its sort.
                Some(id) => id,
                None => self
                    .builder
                    .symbol(&symbol.name, &arguments, result, symbol.declared)?,
            };
            if let Some(meaning) = &symbol.meaning {
                self.builder.describe(id, meaning);
            }
            self.symbols.push(id);
        }
        Ok(())
    }

    /// Adds a premise of the bridge's own, under a name that no premise of the
    /// source has.
    pub(crate) fn axiom(&mut self, name: &str, formula: TermId) -> Result<(), SortError> {
        let mut name = name.to_owned();
        let premises = self.source.premises.iter().chain(self.builder.premises());
        let taken: FxHashSet<&str> = premises.map(|p| &*p.name).collect();
        while taken.contains(name.as_str()) {
            name.push('\'');
        }
        self.builder.premise(&name, formula, None, None)
    }

    /// The new sort of an old one.
    pub(crate) fn sort(&self, old: SortId) -> SortId {
        self.sorts.get(old.index()).copied().unwrap_or(old)
    }

    /// The new symbol of an old one.
    pub(crate) fn symbol(&self, old: SymbolId) -> SymbolId {
        self.symbols.get(old.index()).copied().unwrap_or(old)
    }

    /// A new variable for an old one, as a term.
    pub(crate) fn fresh(&mut self, old: VarId) -> (VarId, TermId) {
        let entry = self.source.terms.variable(old);
        let (name, sort) = (entry.name.clone(), self.sort(entry.sort));
        let new = self.builder.variable(&name, sort);
        (new, self.builder.var(new))
    }

    /// Copies a term or formula.
    pub(crate) fn term<R: Rewrite>(
        &mut self,
        rule: &mut R,
        t: TermId,
    ) -> Result<TermId, SortError> {
        let source = self.source;
        match source.terms.get(t) {
            Term::Var(v) => match self.bound.get(v) {
                Some(&t) => Ok(t),
                None => Err(SortError::Binder { found: 0 }),
            },
            Term::Apply(symbol, arguments) => {
                let arguments = self.terms(rule, arguments)?;
                let symbol = self.symbol(*symbol);
                self.builder.apply(symbol, arguments)
            }
            Term::Number(value, sort) => self.builder.number(value.clone(), *sort),
            Term::Bool(value) => Ok(self.builder.truth(*value)),
            Term::Not(inner) => {
                let inner = self.term(rule, *inner)?;
                self.builder.not(inner)
            }
            Term::And(parts) => {
                let parts = self.terms(rule, parts)?;
                self.builder.and(parts)
            }
            Term::Or(parts) => {
                let parts = self.terms(rule, parts)?;
                self.builder.or(parts)
            }
            Term::Xor(a, b) => {
                let (a, b) = (self.term(rule, *a)?, self.term(rule, *b)?);
                self.builder.xor(a, b)
            }
            Term::Implies(a, b) => {
                let (a, b) = (self.term(rule, *a)?, self.term(rule, *b)?);
                self.builder.implies(a, b)
            }
            Term::Iff(a, b) => {
                let (a, b) = (self.term(rule, *a)?, self.term(rule, *b)?);
                self.builder.iff(a, b)
            }
            Term::Equal(a, b) => {
                let (a, b) = (self.term(rule, *a)?, self.term(rule, *b)?);
                self.builder.equal(a, b)
            }
            Term::Distinct(parts) => {
                let parts = self.terms(rule, parts)?;
                self.builder.distinct(parts)
            }
            Term::Arithmetic(op, parts) => {
                let parts = self.terms(rule, parts)?;
                self.builder.arithmetic(*op, parts)
            }
            Term::Compare(op, a, b) => {
                let (a, b) = (self.term(rule, *a)?, self.term(rule, *b)?);
                self.builder.compare(*op, a, b)
            }
            Term::Quantified(quantifier, variables, body) => {
                rule.quantified(self, *quantifier, variables, *body)
            }
        }
    }

    pub(crate) fn terms<R: Rewrite>(
        &mut self,
        rule: &mut R,
        ts: &[TermId],
    ) -> Result<Vec<TermId>, SortError> {
        ts.iter().map(|&t| self.term(rule, t)).collect()
    }

    /// Copies a quantified formula as it is.
    pub(crate) fn quantified<R: Rewrite>(
        &mut self,
        rule: &mut R,
        quantifier: Quantifier,
        variables: &[VarId],
        body: TermId,
    ) -> Result<TermId, SortError> {
        let mut new = Vec::new();
        for &old in variables {
            let (variable, term) = self.fresh(old);
            self.bound.insert(old, term);
            new.push(variable);
        }
        let body = self.term(rule, body)?;
        self.builder.quantified(quantifier, new, body)
    }

    /// Copies the body with one variable standing for a term.
    pub(crate) fn body_with<R: Rewrite>(
        &mut self,
        rule: &mut R,
        variable: VarId,
        stands_for: TermId,
        body: TermId,
    ) -> Result<TermId, SortError> {
        self.bound.insert(variable, stands_for);
        self.term(rule, body)
    }

    /// Copies all premises and the question.
    pub(crate) fn finish<R: Rewrite>(mut self, rule: &mut R) -> Result<Problem, SortError> {
        let source = self.source;
        for premise in &source.premises {
            let formula = self.term(rule, premise.formula)?;
            self.builder.premise(
                &premise.name,
                formula,
                premise.sentence.as_deref(),
                premise.span,
            )?;
        }
        let question = match &source.question {
            Question::Model => Question::Model,
            Question::Extremum(extremum) => Question::Extremum(Extremum {
                measure: match extremum.measure {
                    Measure::Term(root) => Measure::Term(self.term(rule, root)?),
                    Measure::Count(root) => Measure::Count(self.term(rule, root)?),
                },
                ..*extremum
            }),
            Question::Conclusion(c) => Question::Conclusion(self.statement(rule, c)?),
            Question::Options {
                modality,
                except,
                choices,
            } => {
                let mut copied = Vec::new();
                for choice in choices {
                    copied.push(Choice {
                        label: choice.label.clone(),
                        modality: choice.modality,
                        statement: self.statement(rule, &choice.statement)?,
                    });
                }
                Question::Options {
                    modality: *modality,
                    except: *except,
                    choices: copied,
                }
            }
        };
        Ok(self.builder.finish(question))
    }

    fn statement<R: Rewrite>(
        &mut self,
        rule: &mut R,
        statement: &Conclusion,
    ) -> Result<Conclusion, SortError> {
        Ok(Conclusion {
            formula: self.term(rule, statement.formula)?,
            ..statement.clone()
        })
    }
}

/// A rewrite that changes nothing.
pub(crate) struct Plain;

impl Rewrite for Plain {}
