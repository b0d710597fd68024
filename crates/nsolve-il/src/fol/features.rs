use bitflags::bitflags;

use super::{ArithmeticOp, Problem, SortId, SortKind, Term};
use crate::FeatureSet;

bitflags! {
    /// What a first-order problem asks of a backend or a format.
    ///
    /// Propositional connectives, quantifiers `forall`/`exists`, predicates and
    /// constants are taken for granted.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct Features: u32 {
        /// More than one uninterpreted or enumerated sort.
        const SORTS = 1 << 0;
        /// Enumerated sorts.
        const ENUMERATED = 1 << 1;
        /// Functions with arguments.
        const FUNCTIONS = 1 << 2;
        /// Equality and `distinct`.
        const EQUALITY = 1 << 3;
        /// `exists!`, `at least`, `at most`, `exactly`.
        const COUNTING = 1 << 4;
        /// Terms of sort `Int` with linear arithmetic or comparison.
        const INTEGERS = 1 << 5;
        /// Terms of sort `Real` with linear arithmetic or comparison.
        const REALS = 1 << 6;
        /// Products, quotients and remainders of terms that are not numbers.
        const NONLINEAR = 1 << 7;
        /// Quantifiers over `Int` or `Real`.
        const NUMERIC_QUANTIFIERS = 1 << 8;
    }
}

impl FeatureSet for Features {
    fn minus(self, other: Self) -> Self {
        self.difference(other)
    }

    fn is_empty(self) -> bool {
        Features::is_empty(&self)
    }

    fn names(self) -> Vec<&'static str> {
        const NAMES: [(Features, &str); 9] = [
            (Features::SORTS, "several sorts"),
            (Features::ENUMERATED, "enumerated sorts"),
            (Features::FUNCTIONS, "functions"),
            (Features::EQUALITY, "equality"),
            (Features::COUNTING, "counting quantifiers"),
            (Features::INTEGERS, "integers"),
            (Features::REALS, "reals"),
            (Features::NONLINEAR, "non-linear arithmetic"),
            (Features::NUMERIC_QUANTIFIERS, "quantifiers over numbers"),
        ];
        let here = NAMES.into_iter().filter(|(f, _)| self.contains(*f));
        here.map(|(_, name)| name).collect()
    }
}

/// What a problem needs, over everything its premises and question use.
pub fn features(problem: &Problem) -> Features {
    let mut out = Features::empty();
    let mut plain_sorts = 0;
    for sort in problem.signature.sorts() {
        match sort.kind {
            SortKind::Uninterpreted => plain_sorts += 1,
            SortKind::Enumerated(_) => {
                plain_sorts += 1;
                out |= Features::ENUMERATED;
            }
            SortKind::Bool | SortKind::Int | SortKind::Real => {}
        }
    }
    if plain_sorts > 1 {
        out |= Features::SORTS;
    }
    let terms = &problem.terms;
    for root in problem.formulas() {
        terms.visit(root, |id, term| {
            out |= match terms.sort(id) {
                SortId::INT => Features::INTEGERS,
                SortId::REAL => Features::REALS,
                _ => Features::empty(),
            };
            out |= match term {
                Term::Apply(symbol, _) => {
                    let symbol = problem.signature.symbol(*symbol);
                    let function = !symbol.is_predicate() && symbol.arity() > 0;
                    if function {
                        Features::FUNCTIONS
                    } else {
                        Features::empty()
                    }
                }
                Term::Equal(..) | Term::Distinct(_) => Features::EQUALITY,
                Term::Arithmetic(op, args) => {
                    let numbers = args.iter().filter(|a| is_number(terms.get(**a))).count();
                    let linear = match op {
                        ArithmeticOp::Multiply => numbers + 1 >= args.len(),
                        ArithmeticOp::Divide | ArithmeticOp::IntDivide | ArithmeticOp::Modulo => {
                            args.get(1).is_some_and(|a| is_number(terms.get(*a)))
                        }
                        _ => true,
                    };
                    if linear {
                        Features::empty()
                    } else {
                        Features::NONLINEAR
                    }
                }
                Term::Quantified(quantifier, variables, _) => {
                    let numeric = variables
                        .iter()
                        .any(|v| terms.variable(*v).sort.is_numeric());
                    let counting = quantifier.is_counting();
                    let mut here = Features::empty();
                    here.set(Features::NUMERIC_QUANTIFIERS, numeric);
                    here.set(Features::COUNTING, counting);
                    here
                }
                _ => Features::empty(),
            };
        });
    }
    out
}

fn is_number(term: &Term) -> bool {
    matches!(term, Term::Number(..))
}
