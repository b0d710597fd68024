use std::sync::Arc;

use nsolve_source::Span;
use rustc_hash::FxHashSet;

use super::{
    ArithmeticOp, CompareOp, Declared, Premise, Problem, Quantifier, Question, Semantics,
    Signature, Sort, SortError, SortId, SortKind, Symbol, SymbolId, Term, TermId, Terms, VarId,
    Variable,
};
use crate::Rational;

/// Makes a [`Problem`]: declares, creates terms and checks their sorts.
#[derive(Clone, Debug)]
pub struct Builder {
    signature: Signature,
    terms: Terms,
    premises: Vec<Premise>,
    premise_names: FxHashSet<Arc<str>>,
    bound: FxHashSet<VarId>,
    semantics: Semantics,
}

impl Default for Builder {
    fn default() -> Self {
        Self::new()
    }
}

impl Builder {
    /// The name of the sort that things have where no sort is declared.
    pub const DEFAULT_SORT: &'static str = "Thing";

    /// A builder that knows the sorts `Bool`, `Int` and `Real`.
    pub fn new() -> Self {
        let mut builder = Builder {
            signature: Signature::default(),
            terms: Terms::default(),
            premises: Vec::new(),
            premise_names: FxHashSet::default(),
            bound: FxHashSet::default(),
            semantics: Semantics::Classical,
        };
        for (name, kind) in [
            ("Bool", SortKind::Bool),
            ("Int", SortKind::Int),
            ("Real", SortKind::Real),
        ] {
            builder.push_sort(name, kind, Declared::Generated);
        }
        builder
    }

    /// A builder that goes on from a problem: all its ids stay what they are,
    /// so a query or certificate about the problem is one about what is
    /// finished later.
    pub fn resume(problem: &Problem) -> Self {
        let mut bound = FxHashSet::default();
        for term in &problem.terms.nodes {
            if let Term::Quantified(_, variables, _) = term {
                bound.extend(variables.iter().copied());
            }
        }
        Builder {
            signature: problem.signature.clone(),
            terms: problem.terms.clone(),
            premise_names: problem.premises.iter().map(|p| p.name.clone()).collect(),
            premises: problem.premises.clone(),
            bound,
            semantics: problem.semantics,
        }
    }

    /// The sorts and symbols so far.
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// The terms so far.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The premises so far.
    pub fn premises(&self) -> &[Premise] {
        &self.premises
    }

    fn push_sort(&mut self, name: &str, kind: SortKind, declared: Declared) -> SortId {
        let id = SortId(self.signature.sorts.len() as u32);
        let name: Arc<str> = name.into();
        self.signature.sort_names.insert(name.clone(), id);
        self.signature.sorts.push(Sort {
            name,
            kind,
            declared,
        });
        id
    }

    /// Declares an uninterpreted sort.
    ///
    /// # Errors
    /// [`SortError::Duplicate`] where the name is a sort already.
    pub fn sort(&mut self, name: &str, declared: Declared) -> Result<SortId, SortError> {
        if self.signature.find_sort(name).is_some() {
            return Err(SortError::Duplicate { name: name.into() });
        }
        Ok(self.push_sort(name, SortKind::Uninterpreted, declared))
    }

    /// The sort `Thing`, declared when first asked for.
    pub fn default_sort(&mut self) -> SortId {
        match self.signature.find_sort(Self::DEFAULT_SORT) {
            Some(id) => id,
            None => self.push_sort(
                Self::DEFAULT_SORT,
                SortKind::Uninterpreted,
                Declared::Inferred(None),
            ),
        }
    }

    /// Declares a sort that consists of exactly these constants, all
    /// different.
    ///
    /// # Errors
    /// [`SortError::Duplicate`] where the sort or an element is declared
    /// already, [`SortError::Operands`] where there is no element.
    pub fn enumerated(
        &mut self,
        name: &str,
        elements: &[(&str, Declared)],
        declared: Declared,
    ) -> Result<SortId, SortError> {
        if elements.is_empty() {
            return Err(SortError::Operands { found: 0 });
        }
        let mut names = FxHashSet::default();
        for (element, _) in elements {
            if !names.insert(*element) || self.signature.find_symbol(element, 0, false).is_some() {
                return Err(SortError::Duplicate {
                    name: (*element).into(),
                });
            }
        }
        let sort = self.sort(name, declared)?;
        let mut ids = Vec::new();
        for (element, declared) in elements {
            ids.push(self.symbol(element, &[], sort, *declared)?);
        }
        if let Some(entry) = self.signature.sorts.get_mut(sort.index()) {
            entry.kind = SortKind::Enumerated(ids);
        }
        Ok(sort)
    }

    /// Declares a symbol.
    ///
    /// # Errors
    /// [`SortError::Duplicate`] where the name is taken with the same number of
    /// arguments in the same role, [`SortError::Bool`] for a `Bool` argument.
    pub fn symbol(
        &mut self,
        name: &str,
        arguments: &[SortId],
        result: SortId,
        declared: Declared,
    ) -> Result<SymbolId, SortError> {
        if arguments.contains(&SortId::BOOL) {
            return Err(SortError::Bool);
        }
        let name: Arc<str> = name.into();
        let key = (name.clone(), arguments.len(), result == SortId::BOOL);
        if self.signature.symbol_names.contains_key(&key) {
            return Err(SortError::Duplicate {
                name: name.to_string(),
            });
        }
        let id = SymbolId(self.signature.symbols.len() as u32);
        self.signature.symbol_names.insert(key, id);
        self.signature.symbols.push(Symbol {
            name,
            arguments: arguments.into(),
            result,
            declared,
            meaning: None,
        });
        Ok(id)
    }

    /// Declares a predicate that no text declares.
    ///
    /// # Errors
    /// As [`Builder::symbol`].
    pub fn predicate(&mut self, name: &str, arguments: &[SortId]) -> Result<SymbolId, SortError> {
        self.symbol(name, arguments, SortId::BOOL, Declared::Generated)
    }

    /// Declares a constant that no text declares.
    ///
    /// # Errors
    /// As [`Builder::symbol`].
    pub fn constant(&mut self, name: &str, sort: SortId) -> Result<SymbolId, SortError> {
        self.symbol(name, &[], sort, Declared::Generated)
    }

    /// Says in words what a symbol means.
    pub fn describe(&mut self, symbol: SymbolId, meaning: &str) {
        if let Some(entry) = self.signature.symbols.get_mut(symbol.index()) {
            entry.meaning = Some(meaning.into());
        }
    }

    /// A new variable, for one binder.
    pub fn variable(&mut self, name: &str, sort: SortId) -> VarId {
        let id = VarId(self.terms.variables.len() as u32);
        self.terms.variables.push(Variable {
            name: name.into(),
            sort,
        });
        id
    }

    fn intern(&mut self, term: Term, sort: SortId) -> TermId {
        if let Some(&id) = self.terms.index.get(&term) {
            return id;
        }
        let id = TermId(self.terms.nodes.len() as u32);
        self.terms.index.insert(term.clone(), id);
        self.terms.nodes.push(term);
        self.terms.sorts.push(sort);
        id
    }

    fn expect_sort(&self, t: TermId, expected: SortId, position: usize) -> Result<(), SortError> {
        let found = self.terms.sort(t);
        if found == expected {
            Ok(())
        } else {
            Err(SortError::Mismatch {
                expected,
                found,
                position,
            })
        }
    }

    fn expect_formulas(&self, ts: &[TermId]) -> Result<(), SortError> {
        for (i, &t) in ts.iter().enumerate() {
            self.expect_sort(t, SortId::BOOL, i)?;
        }
        Ok(())
    }

    /// Brings terms to one sort: where integers and reals meet, integers become
    /// reals.
    fn unify(&mut self, ts: &mut [TermId]) -> Result<SortId, SortError> {
        let Some(&first) = ts.first() else {
            return Err(SortError::Operands { found: 0 });
        };
        let sorts: Vec<SortId> = ts.iter().map(|&t| self.terms.sort(t)).collect();
        if sorts.iter().all(|s| s.is_numeric()) && sorts.contains(&SortId::REAL) {
            for t in ts.iter_mut() {
                *t = self.coerce_to_real(*t);
            }
            return Ok(SortId::REAL);
        }
        let sort = self.terms.sort(first);
        for (i, &t) in ts.iter().enumerate() {
            self.expect_sort(t, sort, i)?;
        }
        Ok(sort)
    }

    fn coerce_to_real(&mut self, t: TermId) -> TermId {
        if self.terms.sort(t) == SortId::REAL {
            return t;
        }
        match self.terms.get(t).clone() {
            Term::Number(n, _) => self.intern(Term::Number(n, SortId::REAL), SortId::REAL),
            _ => self.intern(
                Term::Arithmetic(ArithmeticOp::ToReal, Box::new([t])),
                SortId::REAL,
            ),
        }
    }

    /// A variable as a term.
    pub fn var(&mut self, variable: VarId) -> TermId {
        let sort = self.terms.variable(variable).sort;
        self.intern(Term::Var(variable), sort)
    }

    /// A symbol applied to arguments. Integers are taken as reals where the
    /// symbol wants reals.
    ///
    /// # Errors
    /// [`SortError::Arity`] and [`SortError::Mismatch`].
    pub fn apply(
        &mut self,
        symbol: SymbolId,
        mut arguments: Vec<TermId>,
    ) -> Result<TermId, SortError> {
        let entry = self.signature.symbol(symbol).clone();
        if entry.arity() != arguments.len() {
            return Err(SortError::Arity {
                symbol,
                expected: entry.arity(),
                found: arguments.len(),
            });
        }
        for (i, (t, &sort)) in arguments.iter_mut().zip(&entry.arguments).enumerate() {
            if sort == SortId::REAL && self.terms.sort(*t) == SortId::INT {
                *t = self.coerce_to_real(*t);
            }
            self.expect_sort(*t, sort, i)?;
        }
        Ok(self.intern(Term::Apply(symbol, arguments.into()), entry.result))
    }

    /// A number of sort `Int` or `Real`.
    ///
    /// # Errors
    /// [`SortError::NotWhole`] for a fraction of sort `Int`,
    /// [`SortError::NotNumeric`] for any other sort.
    pub fn number(&mut self, value: Rational, sort: SortId) -> Result<TermId, SortError> {
        match sort {
            SortId::INT if !value.is_integer() => Err(SortError::NotWhole),
            SortId::INT | SortId::REAL => Ok(self.intern(Term::Number(value, sort), sort)),
            found => Err(SortError::NotNumeric { found, position: 0 }),
        }
    }

    /// `true` or `false`.
    pub fn truth(&mut self, value: bool) -> TermId {
        self.intern(Term::Bool(value), SortId::BOOL)
    }

    /// Negation.
    ///
    /// # Errors
    /// [`SortError::Mismatch`] where `t` is no formula.
    pub fn not(&mut self, t: TermId) -> Result<TermId, SortError> {
        self.expect_formulas(&[t])?;
        Ok(self.intern(Term::Not(t), SortId::BOOL))
    }

    /// Conjunction. One formula stands for itself, none for `true`.
    ///
    /// # Errors
    /// [`SortError::Mismatch`] where one is no formula.
    pub fn and(&mut self, ts: Vec<TermId>) -> Result<TermId, SortError> {
        self.expect_formulas(&ts)?;
        Ok(match ts.as_slice() {
            [] => self.truth(true),
            [one] => *one,
            _ => self.intern(Term::And(ts.into()), SortId::BOOL),
        })
    }

    /// Disjunction. One formula stands for itself, none for `false`.
    ///
    /// # Errors
    /// [`SortError::Mismatch`] where one is no formula.
    pub fn or(&mut self, ts: Vec<TermId>) -> Result<TermId, SortError> {
        self.expect_formulas(&ts)?;
        Ok(match ts.as_slice() {
            [] => self.truth(false),
            [one] => *one,
            _ => self.intern(Term::Or(ts.into()), SortId::BOOL),
        })
    }

    /// Exclusive or.
    ///
    /// # Errors
    /// [`SortError::Mismatch`] where one is no formula.
    pub fn xor(&mut self, a: TermId, b: TermId) -> Result<TermId, SortError> {
        self.expect_formulas(&[a, b])?;
        Ok(self.intern(Term::Xor(a, b), SortId::BOOL))
    }

    /// Implication.
    ///
    /// # Errors
    /// [`SortError::Mismatch`] where one is no formula.
    pub fn implies(&mut self, a: TermId, b: TermId) -> Result<TermId, SortError> {
        self.expect_formulas(&[a, b])?;
        Ok(self.intern(Term::Implies(a, b), SortId::BOOL))
    }

    /// Equivalence.
    ///
    /// # Errors
    /// [`SortError::Mismatch`] where one is no formula.
    pub fn iff(&mut self, a: TermId, b: TermId) -> Result<TermId, SortError> {
        self.expect_formulas(&[a, b])?;
        Ok(self.intern(Term::Iff(a, b), SortId::BOOL))
    }

    /// Equality of terms; for formulas use [`Builder::iff`].
    ///
    /// # Errors
    /// [`SortError::Mismatch`] where the sorts differ, [`SortError::Bool`] for
    /// formulas.
    pub fn equal(&mut self, a: TermId, b: TermId) -> Result<TermId, SortError> {
        let mut ts = [a, b];
        if self.unify(&mut ts)? == SortId::BOOL {
            return Err(SortError::Bool);
        }
        let [a, b] = ts;
        Ok(self.intern(Term::Equal(a, b), SortId::BOOL))
    }

    /// Pairwise difference of two or more terms.
    ///
    /// # Errors
    /// [`SortError::Mismatch`], [`SortError::Bool`], and
    /// [`SortError::Operands`] for fewer than two.
    pub fn distinct(&mut self, mut ts: Vec<TermId>) -> Result<TermId, SortError> {
        if ts.len() < 2 {
            return Err(SortError::Operands { found: ts.len() });
        }
        if self.unify(&mut ts)? == SortId::BOOL {
            return Err(SortError::Bool);
        }
        Ok(self.intern(Term::Distinct(ts.into()), SortId::BOOL))
    }

    fn expect_numbers(&self, ts: &[TermId]) -> Result<(), SortError> {
        for (position, &t) in ts.iter().enumerate() {
            let found = self.terms.sort(t);
            if !found.is_numeric() {
                return Err(SortError::NotNumeric { found, position });
            }
        }
        Ok(())
    }

    /// Arithmetic. Where integers and reals meet, and in a quotient, integers
    /// become reals.
    ///
    /// # Errors
    /// [`SortError::NotNumeric`], [`SortError::IntegerOnly`] and
    /// [`SortError::Operands`].
    pub fn arithmetic(
        &mut self,
        op: ArithmeticOp,
        mut ts: Vec<TermId>,
    ) -> Result<TermId, SortError> {
        self.expect_numbers(&ts)?;
        let operands_fit = match op {
            ArithmeticOp::Add | ArithmeticOp::Multiply => ts.len() >= 2,
            ArithmeticOp::Negate | ArithmeticOp::ToReal => ts.len() == 1,
            _ => ts.len() == 2,
        };
        if !operands_fit {
            return Err(SortError::Operands { found: ts.len() });
        }
        if matches!(op, ArithmeticOp::Divide | ArithmeticOp::ToReal) {
            for t in &mut ts {
                *t = self.coerce_to_real(*t);
            }
        }
        if let (ArithmeticOp::ToReal, [t]) = (op, ts.as_slice()) {
            return Ok(*t);
        }
        let sort = self.unify(&mut ts)?;
        if matches!(op, ArithmeticOp::IntDivide | ArithmeticOp::Modulo) && sort != SortId::INT {
            return Err(SortError::IntegerOnly);
        }
        Ok(self.intern(Term::Arithmetic(op, ts.into()), sort))
    }

    /// Comparison of numbers.
    ///
    /// # Errors
    /// [`SortError::NotNumeric`].
    pub fn compare(&mut self, op: CompareOp, a: TermId, b: TermId) -> Result<TermId, SortError> {
        let mut ts = [a, b];
        self.expect_numbers(&ts)?;
        self.unify(&mut ts)?;
        let [a, b] = ts;
        Ok(self.intern(Term::Compare(op, a, b), SortId::BOOL))
    }

    /// A quantified formula.
    ///
    /// # Errors
    /// [`SortError::Binder`] where nothing is bound or a counting quantifier
    /// binds several, [`SortError::Mismatch`] where the body is no formula,
    /// [`SortError::Bool`] for a variable of sort `Bool`,
    /// [`SortError::Rebound`] where another binder has a variable already.
    pub fn quantified(
        &mut self,
        quantifier: Quantifier,
        variables: Vec<VarId>,
        body: TermId,
    ) -> Result<TermId, SortError> {
        let found = variables.len();
        if found == 0 || (quantifier.is_counting() && found != 1) {
            return Err(SortError::Binder { found });
        }
        if variables
            .iter()
            .any(|v| self.terms.variable(*v).sort == SortId::BOOL)
        {
            return Err(SortError::Bool);
        }
        self.expect_formulas(&[body])?;
        // INVARIANT: every binder has variables of its own. Substitution in the
        // checker relies on it.
        let term = Term::Quantified(quantifier, variables.clone().into(), body);
        if !self.terms.index.contains_key(&term) {
            for variable in variables {
                if !self.bound.insert(variable) {
                    return Err(SortError::Rebound);
                }
            }
        }
        Ok(self.intern(term, SortId::BOOL))
    }

    /// Adds a premise.
    ///
    /// # Errors
    /// [`SortError::Duplicate`] where the name is taken,
    /// [`SortError::Mismatch`] where it is no formula.
    pub fn premise(
        &mut self,
        name: &str,
        formula: TermId,
        sentence: Option<&str>,
        span: Option<Span>,
    ) -> Result<(), SortError> {
        self.expect_formulas(&[formula])?;
        let name: Arc<str> = name.into();
        if !self.premise_names.insert(name.clone()) {
            return Err(SortError::Duplicate {
                name: name.to_string(),
            });
        }
        self.premises.push(Premise {
            name,
            formula,
            sentence: sentence.map(Into::into),
            span,
        });
        Ok(())
    }

    /// Says how the premises are to be understood.
    pub fn semantics(&mut self, semantics: Semantics) {
        self.semantics = semantics;
    }

    /// The problem. The formulas of the question must come from this builder.
    pub fn finish(self, question: Question) -> Problem {
        Problem {
            signature: self.signature,
            terms: self.terms,
            premises: self.premises,
            question,
            semantics: self.semantics,
        }
    }
}
