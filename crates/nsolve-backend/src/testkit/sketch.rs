use std::cell::RefCell;
use std::sync::Arc;

use nsolve_il::Rational;
use nsolve_il::fol::{
    ArithmeticOp, Builder, Choice, CompareOp, Conclusion, Declared, Goal, Quantifier, Query,
    Question, SortError, SortId, SymbolId, TermId,
};

use super::{Case, Expected};

/// A [`Builder`] that is pleasant to write cases with: calls nest, and what is
/// ill-sorted is a fault of the suite, so it panics.
pub(super) struct Sketch {
    builder: RefCell<Builder>,
    goals: RefCell<Vec<Goal>>,
}

#[expect(
    clippy::panic,
    reason = "a case that is ill-sorted is a fault of the suite itself, found by its first run"
)]
fn made<T>(result: Result<T, SortError>) -> T {
    result.unwrap_or_else(|error| panic!("ill-sorted case: {error}"))
}

/// Makes a case of premises and goals that `write` puts down.
pub(super) fn case(name: &'static str, expected: Expected, write: impl FnOnce(&Sketch)) -> Case {
    let sketch = Sketch {
        builder: RefCell::new(Builder::new()),
        goals: RefCell::default(),
    };
    write(&sketch);
    let (builder, goals) = (sketch.builder.into_inner(), sketch.goals.into_inner());
    let problem = builder.finish(question(&goals));
    let mut query = Query::premises_of(&problem);
    query.goals = goals;
    Case {
        name,
        problem: Arc::new(problem),
        query,
        expected,
    }
}

fn question(goals: &[Goal]) -> Question {
    let conclusion = |goal: &Goal| Conclusion {
        formula: goal.formula,
        sentence: None,
        span: None,
    };
    match goals {
        [] => Question::Model,
        [one] => Question::Conclusion(conclusion(one)),
        many => Question::Options {
            modality: nsolve_il::fol::Modality::Could,
            except: false,
            choices: many
                .iter()
                .enumerate()
                .map(|(i, goal)| Choice {
                    label: i.to_string().into(),
                    modality: None,
                    statement: conclusion(goal),
                })
                .collect(),
        },
    }
}

impl Sketch {
    pub(super) fn thing(&self) -> SortId {
        self.builder.borrow_mut().default_sort()
    }

    pub(super) fn sort(&self, name: &str) -> SortId {
        made(self.builder.borrow_mut().sort(name, Declared::Generated))
    }

    /// An enumerated sort with its elements.
    pub(super) fn enumerated<const N: usize>(
        &self,
        name: &str,
        elements: [&str; N],
    ) -> (SortId, [TermId; N]) {
        let declared = elements.map(|e| (e, Declared::Generated));
        let sort = made(
            self.builder
                .borrow_mut()
                .enumerated(name, &declared, Declared::Generated),
        );
        let symbols = elements.map(|e| self.builder.borrow().signature().find_symbol(e, 0, false));
        let made = symbols.map(|s| made(s.ok_or(SortError::Operands { found: 0 })));
        (sort, made.map(|symbol| self.apply(symbol, [])))
    }

    pub(super) fn predicate(&self, name: &str, arguments: &[SortId]) -> SymbolId {
        made(self.builder.borrow_mut().predicate(name, arguments))
    }

    pub(super) fn function(&self, name: &str, arguments: &[SortId], result: SortId) -> SymbolId {
        let mut builder = self.builder.borrow_mut();
        made(builder.symbol(name, arguments, result, Declared::Generated))
    }

    pub(super) fn proposition(&self, name: &str) -> TermId {
        let symbol = self.predicate(name, &[]);
        self.apply(symbol, [])
    }

    pub(super) fn constant(&self, name: &str, sort: SortId) -> TermId {
        let symbol = made(self.builder.borrow_mut().constant(name, sort));
        self.apply(symbol, [])
    }

    pub(super) fn apply<const N: usize>(&self, symbol: SymbolId, arguments: [TermId; N]) -> TermId {
        made(self.builder.borrow_mut().apply(symbol, arguments.into()))
    }

    pub(super) fn truth(&self, value: bool) -> TermId {
        self.builder.borrow_mut().truth(value)
    }

    pub(super) fn int(&self, value: i64) -> TermId {
        let value = Rational::from_integer(value.into());
        made(self.builder.borrow_mut().number(value, SortId::INT))
    }

    pub(super) fn real(&self, numerator: i64, denominator: i64) -> TermId {
        let value = Rational::new(numerator.into(), denominator.into());
        made(self.builder.borrow_mut().number(value, SortId::REAL))
    }

    pub(super) fn not(&self, a: TermId) -> TermId {
        made(self.builder.borrow_mut().not(a))
    }

    pub(super) fn and(&self, ts: impl IntoIterator<Item = TermId>) -> TermId {
        made(self.builder.borrow_mut().and(ts.into_iter().collect()))
    }

    pub(super) fn or(&self, ts: impl IntoIterator<Item = TermId>) -> TermId {
        made(self.builder.borrow_mut().or(ts.into_iter().collect()))
    }

    pub(super) fn xor(&self, a: TermId, b: TermId) -> TermId {
        made(self.builder.borrow_mut().xor(a, b))
    }

    pub(super) fn implies(&self, a: TermId, b: TermId) -> TermId {
        made(self.builder.borrow_mut().implies(a, b))
    }

    pub(super) fn iff(&self, a: TermId, b: TermId) -> TermId {
        made(self.builder.borrow_mut().iff(a, b))
    }

    pub(super) fn equal(&self, a: TermId, b: TermId) -> TermId {
        made(self.builder.borrow_mut().equal(a, b))
    }

    pub(super) fn distinct(&self, ts: impl IntoIterator<Item = TermId>) -> TermId {
        made(self.builder.borrow_mut().distinct(ts.into_iter().collect()))
    }

    pub(super) fn arithmetic<const N: usize>(&self, op: ArithmeticOp, ts: [TermId; N]) -> TermId {
        made(self.builder.borrow_mut().arithmetic(op, ts.into()))
    }

    pub(super) fn compare(&self, op: CompareOp, a: TermId, b: TermId) -> TermId {
        made(self.builder.borrow_mut().compare(op, a, b))
    }

    pub(super) fn quantified(
        &self,
        quantifier: Quantifier,
        sort: SortId,
        body: impl FnOnce(TermId) -> TermId,
    ) -> TermId {
        let variable = self.builder.borrow_mut().variable("x", sort);
        let term = self.builder.borrow_mut().var(variable);
        let body = body(term);
        let mut builder = self.builder.borrow_mut();
        made(builder.quantified(quantifier, vec![variable], body))
    }

    pub(super) fn forall(&self, sort: SortId, body: impl FnOnce(TermId) -> TermId) -> TermId {
        self.quantified(Quantifier::Forall, sort, body)
    }

    pub(super) fn exists(&self, sort: SortId, body: impl FnOnce(TermId) -> TermId) -> TermId {
        self.quantified(Quantifier::Exists, sort, body)
    }

    /// One quantifier over several variables at once.
    pub(super) fn forall_many<const N: usize>(
        &self,
        sorts: [SortId; N],
        body: impl FnOnce([TermId; N]) -> TermId,
    ) -> TermId {
        let variables = sorts.map(|sort| self.builder.borrow_mut().variable("x", sort));
        let terms = variables.map(|v| self.builder.borrow_mut().var(v));
        let body = body(terms);
        let mut builder = self.builder.borrow_mut();
        made(builder.quantified(Quantifier::Forall, variables.into(), body))
    }

    pub(super) fn premise(&self, formula: TermId) {
        let mut builder = self.builder.borrow_mut();
        let name = format!("p{}", builder.premises().len() + 1);
        made(builder.premise(&name, formula, None, None));
    }

    /// Assumes a goal to hold.
    pub(super) fn holds(&self, formula: TermId) {
        self.goals.borrow_mut().push(Goal {
            formula,
            holds: true,
        });
    }

    /// Assumes a goal not to hold, so that `Unsat` means entailed.
    pub(super) fn fails(&self, formula: TermId) {
        self.goals.borrow_mut().push(Goal {
            formula,
            holds: false,
        });
    }
}
