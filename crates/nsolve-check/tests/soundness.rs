//! No certificate, real, bent or made up, passes for a query that has a model.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

mod common;

use std::sync::Arc;

use common::random::{Maker, Rng, Structure, integer, problem, structure};
use nsolve_backend::{Backend, Evidence, Outcome, SolveCx};
use nsolve_backend_ground::Ground;
use nsolve_check::{CertificateFault, Limits, Receipt, Refusal, check};
use nsolve_il::fol::{
    ArithmeticOp, Binding, Certificate, CompareOp, Goal, GroundId, GroundTerm, Item, Line,
    LinearFact, Problem, Query, SortId, SymbolId, Term, TermId, VarId,
};

/// Evidence may be anything, so the checks of one test are short.
const LIMITS: Limits = Limits { steps: 100_000 };

fn replay(problem: &Problem, query: &Query, certificate: &Certificate) -> Result<Receipt, Refusal> {
    check(
        problem,
        query,
        &Outcome::unsat(certificate.clone()),
        &LIMITS,
    )
}

/// All items of a query with the formulas that they are about.
fn items(problem: &Problem, query: &Query) -> Vec<(Item, TermId, bool)> {
    query.assertions(problem).collect()
}

/// Which of the structures satisfy an item, one bit each.
struct Truth(Vec<(Item, u128)>);

impl Truth {
    fn new(problem: &Problem, query: &Query, structures: &[Structure]) -> Truth {
        let bits = |formula: TermId, sign: bool| {
            structures.iter().enumerate().fold(0u128, |bits, (i, s)| {
                bits | u128::from(s.holds(problem, formula) == sign) << i
            })
        };
        let items = items(problem, query).into_iter();
        Truth(items.map(|(i, t, sign)| (i, bits(t, sign))).collect())
    }

    /// The first goal is the contrary of that premise.
    fn with_contrary(&self, gone: Item) -> Truth {
        let items = self.0.iter().map(|&(item, bits)| {
            if item == gone {
                (Item::Goal(0), !bits)
            } else {
                (item, bits)
            }
        });
        Truth(items.collect())
    }

    /// Whether some structure satisfies all these items.
    fn satisfiable(&self, core: &[Item]) -> bool {
        let bits = self.0.iter().filter(|(item, _)| core.contains(item));
        bits.fold(u128::MAX, |all, (_, bits)| all & bits) != 0
    }
}

// Lines ----------------------------------------------------------------------

/// Makes terms and lines of a problem, most of them well-formed.
struct Lines<'a> {
    problem: &'a Problem,
    rng: Rng,
    /// With the sorts of its terms.
    certificate: Certificate,
    sorts: Vec<SortId>,
    quantified: Vec<TermId>,
    items: Vec<Item>,
}

impl<'a> Lines<'a> {
    fn new(problem: &'a Problem, query: &Query, rng: Rng, certificate: Certificate) -> Self {
        let mut quantified = Vec::new();
        for (_, formula, _) in items(problem, query) {
            problem.terms.visit(formula, |id, term| {
                if matches!(term, Term::Quantified(..)) {
                    quantified.push(id);
                }
            });
        }
        let mut sorts: Vec<SortId> = Vec::new();
        for term in &certificate.terms {
            sorts.push(match term {
                GroundTerm::Apply(symbol, _) => problem.signature.symbol(*symbol).result,
                GroundTerm::Witness(sort) | GroundTerm::Number(_, sort) => *sort,
                GroundTerm::Arithmetic(ArithmeticOp::ToReal, _) => SortId::REAL,
                GroundTerm::Arithmetic(_, parts) => sorts[parts[0].index()],
            });
        }
        Lines {
            problem,
            rng,
            certificate,
            sorts,
            quantified,
            items: items(problem, query).iter().map(|i| i.0).collect(),
        }
    }

    fn push(&mut self, term: GroundTerm, sort: SortId) -> GroundId {
        self.certificate.terms.push(term);
        self.sorts.push(sort);
        GroundId(self.sorts.len() as u32 - 1)
    }

    /// A term of the sort: an old one, or a new one made of old ones.
    fn term(&mut self, sort: SortId) -> GroundId {
        let fitting = self.sorts.iter().enumerate().filter(|(_, s)| **s == sort);
        let old: Vec<u32> = fitting.map(|(i, _)| i as u32).collect();
        if !old.is_empty() && !self.rng.one_in(5) {
            return GroundId(*self.rng.pick(&old));
        }
        let signature = &self.problem.signature;
        let makers = signature.symbol_ids();
        let makers: Vec<SymbolId> = makers
            .filter(|s| signature.symbol(*s).result == sort)
            .collect();
        if sort.is_numeric() && self.rng.one_in(2) {
            let value = integer(self.rng.below(5) as i64 - 2);
            return self.push(GroundTerm::Number(value, sort), sort);
        }
        if makers.is_empty() || self.rng.one_in(4) {
            return self.push(GroundTerm::Witness(sort), sort);
        }
        let symbol = *self.rng.pick(&makers);
        let arguments = signature.symbol(symbol).arguments.iter();
        let arguments = arguments.map(|s| self.term(*s)).collect();
        self.push(GroundTerm::Apply(symbol, arguments), sort)
    }

    fn any_sort(&mut self) -> SortId {
        let sorts = self.problem.signature.sort_ids();
        let sorts: Vec<SortId> = sorts.filter(|s| *s != SortId::BOOL).collect();
        *self.rng.pick(&sorts)
    }

    fn sort(&self, variable: VarId) -> SortId {
        self.problem.terms.variable(variable).sort
    }

    fn binding(&mut self, formula: TermId) -> Binding {
        let mut used = Vec::new();
        self.problem.terms.visit(formula, |_, term| {
            if let Term::Var(v) = term {
                used.push(*v);
            }
        });
        used.sort_unstable();
        used.into_iter()
            .map(|v| (v, self.term(self.sort(v))))
            .collect()
    }

    fn pair(&mut self) -> (GroundId, GroundId) {
        let sort = self.any_sort();
        (self.term(sort), self.term(sort))
    }

    fn pairs(&mut self) -> Box<[(GroundId, GroundId)]> {
        (0..self.rng.below(3)).map(|_| self.pair()).collect()
    }

    fn quantified(&mut self, new: bool) -> Option<Line> {
        if self.quantified.is_empty() {
            return None;
        }
        let formula = *self.rng.pick(&self.quantified);
        let Term::Quantified(quantifier, variables, _) = self.problem.terms.get(formula) else {
            return None;
        };
        let mut places: Vec<VarId> = variables.to_vec();
        if quantifier.is_counting() {
            places = vec![variables[0]; 1 + self.rng.below(4)];
        }
        let binding = self.binding(formula);
        let mut terms = Vec::new();
        for v in places {
            let sort = self.sort(v);
            terms.push(if new && !self.rng.one_in(10) {
                self.push(GroundTerm::Witness(sort), sort)
            } else {
                self.term(sort)
            });
        }
        let terms = terms.into();
        Some(if new {
            Line::Witness {
                formula,
                binding,
                constants: terms,
            }
        } else {
            Line::Instance {
                formula,
                binding,
                terms,
            }
        })
    }

    fn same_atom(&mut self) -> Line {
        let signature = &self.problem.signature;
        let all = signature.symbol_ids();
        let predicates: Vec<SymbolId> = all
            .filter(|s| signature.symbol(*s).is_predicate())
            .collect();
        let predicate = *self.rng.pick(&predicates);
        let (mut from, mut to, mut equal) = (Vec::new(), Vec::new(), Vec::new());
        for &sort in &signature.symbol(predicate).arguments {
            let (a, b) = (self.term(sort), self.term(sort));
            from.push(a);
            to.push(b);
            if !self.rng.one_in(5) {
                equal.push((b, a));
            }
        }
        Line::SameAtom {
            equal: equal.into(),
            predicate,
            from: from.into(),
            to: to.into(),
        }
    }

    fn linear(&mut self) -> Line {
        let sort = *self.rng.pick(&[SortId::INT, SortId::REAL]);
        let (a, b) = (self.term(sort), self.term(sort));
        let mut facts = Vec::new();
        for _ in 0..1 + self.rng.below(3) {
            let (left, right) = *self.rng.pick(&[(a, b), (b, a)]);
            let ops = [
                None,
                Some(CompareOp::Less),
                Some(CompareOp::LessEq),
                Some(CompareOp::Greater),
                Some(CompareOp::GreaterEq),
            ];
            facts.push(LinearFact {
                left,
                op: *self.rng.pick(&ops),
                right,
                holds: !self.rng.one_in(3),
                factor: integer(self.rng.below(4) as i64 - 1),
            });
        }
        Line::Linear(facts.into())
    }

    /// A random line.
    fn line(&mut self) -> Option<Line> {
        let numbers = if self.sorts.iter().any(|s| s.is_numeric()) {
            14
        } else {
            11
        };
        Some(match self.rng.below(numbers) {
            0 => Line::Assert(*self.rng.pick(&self.items)),
            1..=3 => self.quantified(false)?,
            4..=6 => self.quantified(true)?,
            7 => Line::Equal {
                equal: self.pairs(),
                then: self.pair(),
            },
            8 => self.same_atom(),
            9 => {
                let sort = self.problem.signature.find_sort("Colour")?;
                Line::OneOf(self.term(sort))
            }
            10 => {
                let (a, b) = self.pair();
                Line::Different(a, b)
            }
            11 => self.linear(),
            12 => Line::IntegerSplit(
                self.term(SortId::INT),
                integer(self.rng.below(5) as i64 - 2),
            ),
            _ => {
                let sort = *self.rng.pick(&[SortId::INT, SortId::REAL]);
                Line::Trichotomy(self.term(sort), self.term(sort))
            }
        })
    }

    /// Any term in place of another, anywhere in a line.
    fn bend(&mut self, line: &mut Line) {
        let mut places: Vec<&mut GroundId> = Vec::new();
        match line {
            Line::Assert(_) => {}
            Line::Instance { binding, terms, .. } => {
                places.extend(binding.iter_mut().map(|b| &mut b.1).chain(terms));
            }
            Line::Witness {
                binding, constants, ..
            } => places.extend(binding.iter_mut().map(|b| &mut b.1).chain(constants)),
            Line::Equal { equal, then } => {
                places.extend(equal.iter_mut().flat_map(|(a, b)| [a, b]));
                places.extend([&mut then.0, &mut then.1]);
            }
            Line::SameAtom {
                equal, from, to, ..
            } => {
                places.extend(equal.iter_mut().flat_map(|(a, b)| [a, b]));
                places.extend(from.iter_mut().chain(to));
            }
            Line::OneOf(a) | Line::IntegerSplit(a, _) => places.push(a),
            Line::Different(a, b) | Line::Trichotomy(a, b) => places.extend([a, b]),
            Line::Linear(facts) => {
                places.extend(facts.iter_mut().flat_map(|f| [&mut f.left, &mut f.right]));
            }
        }
        if places.is_empty() {
            return;
        }
        let place = self.rng.below(places.len());
        let sort = self.sorts[places[place].index()];
        let fitting = self.sorts.iter().enumerate().filter(|(_, s)| **s == sort);
        let old: Vec<u32> = fitting.map(|(i, _)| i as u32).collect();
        *places[place] = GroundId(*self.rng.pick(&old));
    }

    /// Changes a certificate somewhere.
    fn mutate(&mut self) {
        let count = self.certificate.lines.len();
        let (i, j) = (self.rng.below(count), self.rng.below(count));
        match self.rng.below(7) {
            0..=2 => {
                let mut line = self.certificate.lines[i].clone();
                self.bend(&mut line);
                self.certificate.lines[i] = line;
            }
            3 => self.certificate.lines.swap(i, j),
            4 => {
                if let Some(line) = self.line() {
                    self.certificate.lines.insert(i, line);
                }
            }
            5 => {
                // Another formula with the same terms: polarity, counts, nesting.
                if let (false, Line::Instance { formula, .. } | Line::Witness { formula, .. }) =
                    (self.quantified.is_empty(), &mut self.certificate.lines[i])
                {
                    *formula = *self.rng.pick(&self.quantified);
                }
            }
            _ => {
                // A witness for an instance, and the other way round.
                let line = match self.certificate.lines[i].clone() {
                    Line::Instance {
                        formula,
                        binding,
                        terms,
                    } => Line::Witness {
                        formula,
                        binding,
                        constants: terms,
                    },
                    Line::Witness {
                        formula,
                        binding,
                        constants,
                    } => Line::Instance {
                        formula,
                        binding,
                        terms: constants,
                    },
                    line => line,
                };
                self.certificate.lines[i] = line;
            }
        }
    }
}

// Tests ----------------------------------------------------------------------

/// Random problems whose premises hold in a known structure; certificates of
/// random lines.
#[test]
fn no_random_certificate_refutes_what_has_a_model() {
    let (mut well_formed, mut lines_seen) = (0, 0);
    for seed in 0..70 {
        let mut maker = Maker::new(seed, seed % 2 == 0);
        let formulas: Vec<TermId> = (0..4).map(|_| maker.formula(3)).collect();
        let problem = maker.finish(&[]);
        let mut rng = Rng(seed);
        let known = structure(&problem, &mut rng);
        let mut query = Query::premises_of(&problem);
        query.goals = formulas
            .iter()
            .map(|&formula| Goal {
                formula,
                holds: known.holds(&problem, formula),
            })
            .collect();
        assert!(known.satisfies(&problem, &query));
        for round in 0..6 {
            let start = Certificate::default();
            let mut lines = Lines::new(&problem, &query, Rng(seed * 10 + round), start);
            for i in 0..4 {
                lines.certificate.lines.push(Line::Assert(Item::Goal(i)));
            }
            // Lines that are refused alone are left out, so that the rest counts.
            for _ in 0..40 {
                let Some(line) = lines.line() else { continue };
                lines.certificate.lines.push(line);
                match replay(&problem, &query, &lines.certificate) {
                    Err(Refusal::Certificate(CertificateFault::Consistent)) => {}
                    Err(_) => {
                        lines.certificate.lines.pop();
                    }
                    Ok(receipt) => panic!("seed {seed}: {receipt}: {:?}", lines.certificate),
                }
                lines_seen += 1;
            }
            well_formed += lines.certificate.lines.len();
        }
    }
    assert!(
        well_formed * 2 > lines_seen,
        "{well_formed} of {lines_seen}"
    );
}

/// Random unsatisfiable problems with the certificates of the ground backend.
fn real() -> impl Iterator<Item = (u64, Arc<Problem>, Query, Certificate)> {
    (0..4_000).filter_map(|seed| {
        let problem = Arc::new(problem(seed, 5, 3, false));
        let query = Query::premises_of(&problem);
        let outcome = Ground.solve(&problem, &query, &SolveCx::default()).ok()?;
        match outcome.evidence {
            Evidence::Certificate(certificate) if !certificate.lines.is_empty() => {
                Some((seed, problem, query, certificate))
            }
            _ => None,
        }
    })
}

#[test]
fn no_bent_certificate_refutes_what_has_a_model() {
    let (mut tried, mut accepted, mut transplanted) = (0, 0, 0);
    for (seed, problem, query, certificate) in real().take(40) {
        let mut rng = Rng(seed);
        let structures: Vec<Structure> = (0..128).map(|_| structure(&problem, &mut rng)).collect();
        let truth = Truth::new(&problem, &query, &structures);
        let whole = replay(&problem, &query, &certificate).unwrap();
        assert!(!truth.satisfiable(whole.core()), "seed {seed}");
        for round in 0..40 {
            let rng = Rng(seed << 8 | round);
            let mut lines = Lines::new(&problem, &query, rng, certificate.clone());
            for _ in 0..1 + lines.rng.below(4) {
                lines.mutate();
            }
            tried += 1;
            let mut bent = lines.certificate;
            if let Ok(receipt) = replay(&problem, &query, &bent) {
                accepted += 1;
                assert!(!truth.satisfiable(receipt.core()), "seed {seed}: {bent:?}");
            }
            // The same without one of the items that it needs.
            let core = whole.core();
            let gone = core[lines.rng.below(core.len())];
            bent.lines.retain(|line| *line != Line::Assert(gone));
            if let Ok(receipt) = replay(&problem, &query, &bent) {
                assert!(!truth.satisfiable(receipt.core()), "seed {seed}: {bent:?}");
            }
            // The same with that item's contrary.
            let Item::Premise(position) = gone else {
                continue;
            };
            let mut contrary = query.clone();
            contrary.premises.retain(|p| *p != position);
            let formula = problem.premises[position as usize].formula;
            contrary = contrary.assuming(formula, false);
            bent.lines.push(Line::Assert(Item::Goal(0)));
            let truth = truth.with_contrary(gone);
            transplanted += 1;
            if let Ok(receipt) = replay(&problem, &contrary, &bent) {
                assert!(!truth.satisfiable(receipt.core()), "seed {seed}: {bent:?}");
            }
        }
    }
    assert!(
        accepted > tried / 10 && transplanted > 1_200,
        "{accepted} of {tried} accepted, {transplanted} transplanted"
    );
}
