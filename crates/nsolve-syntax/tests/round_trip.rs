//! What is printed is read back as the same problem, and prints the same.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use nsolve_il::FeatureSet as _;
use nsolve_il::fol::{
    ArithmeticOp, Conclusion, Features, Measure, Problem, Question, Semantics, SortId, SortKind,
    Term, TermId, VarId, features,
};
use nsolve_source::{Diagnostic, Severity, SourceText};
use nsolve_syntax::fol::arbitrary::{Questions, Shape, problem};
use nsolve_syntax::fol::{Style, elaborate, parse, print};

fn read(text: &str) -> (Option<Problem>, Vec<Diagnostic>) {
    let source = SourceText::new("printed.fol", text).unwrap();
    let (document, mut diagnostics) = parse(&source);
    let elaboration = elaborate(&document, &Style::NATIVE);
    diagnostics.extend(elaboration.diagnostics);
    (elaboration.problem, diagnostics)
}

/// Two problems side by side, modulo the numbers of sorts, symbols and
/// variables.
///
/// An integer that stands among reals may be taken as a real further out
/// (`to_real(x + 1)`) or further in (`to_real(x) + 1.0`), and `3` alone is an
/// integer: the text does not tell these apart, and they mean the same.
struct Compare<'p> {
    a: &'p Problem,
    b: &'p Problem,
    bound: HashMap<VarId, VarId>,
}

impl Compare<'_> {
    fn sort(&self, a: SortId, b: SortId) -> bool {
        self.a.signature.sort(a).name == self.b.signature.sort(b).name
    }

    fn plain(problem: &Problem, mut t: TermId) -> TermId {
        while let Term::Arithmetic(ArithmeticOp::ToReal, parts) = problem.terms.get(t) {
            t = parts[0];
        }
        t
    }

    fn all(&mut self, a: &[TermId], b: &[TermId]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| self.term(a, b))
    }

    fn term(&mut self, a: TermId, b: TermId) -> bool {
        let (a, b) = (Self::plain(self.a, a), Self::plain(self.b, b));
        match (self.a.terms.get(a), self.b.terms.get(b)) {
            (Term::Var(v), Term::Var(w)) => self.bound.get(v) == Some(w),
            (Term::Apply(f, xs), Term::Apply(g, ys)) => {
                let (f, g) = (self.a.signature.symbol(*f), self.b.signature.symbol(*g));
                f.name == g.name && f.is_predicate() == g.is_predicate() && self.all(xs, ys)
            }
            (Term::Number(m, _), Term::Number(n, _)) => m == n,
            (Term::Bool(v), Term::Bool(w)) => v == w,
            (Term::Not(x), Term::Not(y)) => self.term(*x, *y),
            (Term::And(xs), Term::And(ys))
            | (Term::Or(xs), Term::Or(ys))
            | (Term::Distinct(xs), Term::Distinct(ys)) => self.all(xs, ys),
            (Term::Xor(x, y), Term::Xor(v, w))
            | (Term::Implies(x, y), Term::Implies(v, w))
            | (Term::Iff(x, y), Term::Iff(v, w))
            | (Term::Equal(x, y), Term::Equal(v, w)) => self.term(*x, *v) && self.term(*y, *w),
            (Term::Compare(op, x, y), Term::Compare(pq, v, w)) => {
                op == pq && self.term(*x, *v) && self.term(*y, *w)
            }
            (Term::Arithmetic(op, xs), Term::Arithmetic(pq, ys)) => op == pq && self.all(xs, ys),
            (Term::Quantified(q, vs, x), Term::Quantified(r, ws, y)) => {
                let sorts = vs.iter().zip(ws).all(|(v, w)| {
                    self.sort(
                        self.a.terms.variable(*v).sort,
                        self.b.terms.variable(*w).sort,
                    )
                });
                self.bound
                    .extend(vs.iter().copied().zip(ws.iter().copied()));
                q == r && vs.len() == ws.len() && sorts && self.term(*x, *y)
            }
            _ => false,
        }
    }

    fn statement(&mut self, a: &Conclusion, b: &Conclusion) -> bool {
        a.sentence == b.sentence && self.term(a.formula, b.formula)
    }

    fn question(&mut self) -> bool {
        match (&self.a.question, &self.b.question) {
            (Question::Model, Question::Model) => true,
            (Question::Conclusion(a), Question::Conclusion(b)) => self.statement(a, b),
            (Question::Extremum(a), Question::Extremum(b)) => {
                let counts = |m| matches!(m, Measure::Count(_));
                a.direction == b.direction
                    && counts(a.measure) == counts(b.measure)
                    && self.term(a.measure.root(), b.measure.root())
            }
            (
                Question::Options {
                    modality: m,
                    except: e,
                    choices: xs,
                },
                Question::Options {
                    modality: n,
                    except: f,
                    choices: ys,
                },
            ) => {
                m == n
                    && e == f
                    && xs.len() == ys.len()
                    && xs.iter().zip(ys).all(|(x, y)| {
                        x.label == y.label
                            && x.modality == y.modality
                            && self.statement(&x.statement, &y.statement)
                    })
            }
            _ => false,
        }
    }
}

/// Sorts and symbols by name. `Thing` is there when it is needed.
fn signature(problem: &Problem) -> BTreeMap<String, String> {
    let signature = &problem.signature;
    let sort = |id: SortId| signature.sort(id).name.to_string();
    let mut out = BTreeMap::new();
    for entry in signature.sorts() {
        let elements = match &entry.kind {
            SortKind::Enumerated(elements) => elements.as_slice(),
            _ => &[],
        };
        let elements: Vec<_> = elements
            .iter()
            .map(|&e| &signature.symbol(e).name)
            .collect();
        if &*entry.name != "Thing" || !elements.is_empty() {
            out.insert(format!("sort {:?}", entry.name), format!("{elements:?}"));
        }
    }
    for symbol in signature.symbols() {
        let arguments: Vec<_> = symbol.arguments.iter().map(|&s| sort(s)).collect();
        out.insert(
            format!(
                "symbol {:?} {} {}",
                symbol.name,
                symbol.arity(),
                symbol.is_predicate()
            ),
            format!(
                "{arguments:?} {:?} {:?}",
                sort(symbol.result),
                symbol.meaning
            ),
        );
    }
    out
}

fn assert_same(a: &Problem, b: &Problem, context: &str) {
    assert_eq!(signature(a), signature(b), "{context}");
    assert_eq!(a.semantics, b.semantics, "{context}");
    assert_eq!(a.premises.len(), b.premises.len(), "{context}");
    let mut compare = Compare {
        a,
        b,
        bound: HashMap::new(),
    };
    for (p, q) in a.premises.iter().zip(&b.premises) {
        assert_eq!(p.name, q.name, "{context}");
        assert_eq!(p.sentence, q.sentence, "{context}");
        let same = compare.term(p.formula, q.formula);
        assert!(same, "premise {:?} differs: {context}", p.name);
    }
    assert!(compare.question(), "the question differs: {context}");
}

fn assert_round_trip(original: &Problem, context: &str) {
    let text = print(original);
    let (again, diagnostics) = read(&text);
    let errors: Vec<_> = diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .collect();
    assert!(errors.is_empty(), "{context}: {errors:#?}\n{text}");
    let tolerances: Vec<_> = diagnostics
        .iter()
        .filter(|d| d.code.is_tolerance())
        .collect();
    assert!(tolerances.is_empty(), "{context}: {tolerances:#?}\n{text}");
    let again = again.unwrap_or_else(|| panic!("{context}: no problem\n{text}"));
    assert_same(original, &again, &format!("{context}\n{text}"));
    assert_eq!(print(&again), text, "{context}: prints otherwise");
}

#[test]
fn everything_is_read_as_it_was_printed() {
    for seed in 0..2_000 {
        let original = problem(seed, &Shape::everything());
        assert_round_trip(&original, &format!("everything, seed {seed}"));
    }
}

#[test]
fn small_languages_are_read_as_they_were_printed() {
    let shapes = [
        ("plain", Shape::plain()),
        (
            "deep",
            Shape {
                depth: 9,
                ..Shape::plain()
            },
        ),
        (
            "numbers",
            Shape {
                integers: true,
                reals: true,
                equality: true,
                functions: 2,
                term_depth: 4,
                ..Shape::plain()
            },
        ),
        (
            "odd names",
            Shape {
                odd_names: true,
                equality: true,
                functions: 3,
                predicates: 6,
                term_depth: 2,
                ..Shape::plain()
            },
        ),
    ];
    for (name, shape) in shapes {
        for seed in 0..600 {
            assert_round_trip(&problem(seed, &shape), &format!("{name}, seed {seed}"));
        }
    }
}

/// The generator makes what its shape says, or the tests above show little.
#[test]
fn random_problems_use_what_their_shape_allows() {
    let mut seen = Features::empty();
    let (mut questions, mut rules) = (BTreeSet::new(), false);
    for seed in 0..200 {
        let made = problem(seed, &Shape::everything());
        seen |= features(&made);
        rules |= made.semantics == Semantics::Rules;
        questions.insert(match made.question {
            Question::Model => 0,
            Question::Conclusion(_) => 1,
            Question::Options { .. } => 2,
            Question::Extremum(_) => 3,
        });
    }
    assert_eq!(
        seen,
        Features::all(),
        "{:?}",
        Features::all().minus(seen).names()
    );
    assert!(rules);
    assert_eq!(questions.len(), 4);
    for seed in 0..200 {
        let made = problem(
            seed,
            &Shape {
                questions: Questions::Model,
                ..Shape::plain()
            },
        );
        assert!(features(&made).is_empty(), "{:?}", features(&made).names());
        assert_eq!(made.question, Question::Model);
    }
}
