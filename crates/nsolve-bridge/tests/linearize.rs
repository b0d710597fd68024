//! Each way of expressing logic by rows, against enumeration: a point of small
//! integers satisfies a condition exactly if helpers exist that satisfy the rows.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use nsolve_bridge::linearize;
use nsolve_il::milp::{
    Column, ColumnId, Condition, Count, Definition, Domain, Function, Linear, Number, Objective,
    Problem, Relation, Sense,
};
use nsolve_source::Code;

/// Columns 0 and 1 are binary, 2 and 3 integers from -2 to 3.
fn columns() -> Vec<Column> {
    let integer = || Column {
        lower: Some((-2).into()),
        upper: Some(3.into()),
        domain: Domain::Integer,
    };
    vec![Column::binary(), Column::binary(), integer(), integer()]
}

/// A small generator: the tests need no more of chance.
struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn linear(&mut self) -> Linear {
        let mut out = Linear::constant(Number::quotient(self.below(9) as i64 - 4, 1).unwrap());
        for _ in 0..=self.below(2) {
            let factor = Number::quotient(self.below(7) as i64 - 3, 1 + self.below(2) as i64);
            out.terms.push((self.below(4) as u32, factor.unwrap()));
        }
        out.normalize();
        out
    }

    fn condition(&mut self, depth: u32) -> Condition {
        let relations = [
            Relation::Le,
            Relation::Ge,
            Relation::Eq,
            Relation::Lt,
            Relation::Gt,
            Relation::Ne,
        ];
        if depth == 0 || self.below(4) == 0 {
            if self.below(3) == 0 {
                let is_one = Linear {
                    terms: vec![(self.below(2) as ColumnId, Number::ONE)],
                    constant: (-1).into(),
                };
                return Condition::Compare(is_one, Relation::Eq);
            }
            let relation = relations[self.below(6) as usize];
            return Condition::Compare(self.linear(), relation);
        }
        let mut parts = |n: u64| -> Vec<Condition> {
            let many = 1 + self.below(n);
            (0..many).map(|_| self.condition(depth - 1)).collect()
        };
        let (a, b) = (parts(3), parts(1));
        let first = || Box::new(a[0].clone());
        let second = || Box::new(b[0].clone());
        match self.below(9) {
            0 => Condition::Not(first()),
            1 => Condition::And(a),
            2 => Condition::Or(a),
            3 => Condition::Xor(first(), second()),
            4 => Condition::Implies(first(), second()),
            5 => Condition::Iff(first(), second()),
            6 => Condition::Count(Count::AtMost, self.below(3), a),
            7 => Condition::Count(Count::AtLeast, self.below(3), a),
            _ => Condition::Count(Count::Exactly, self.below(3), a),
        }
    }
}

fn points() -> Vec<Vec<Number>> {
    let mut all = Vec::new();
    for a in 0..=1 {
        for b in 0..=1 {
            for c in -2..=3 {
                for d in -2..=3 {
                    all.push([a, b, c, d].map(Number::from).to_vec());
                }
            }
        }
    }
    all
}

/// Whether binary helpers exist that satisfy all rows at a point. Helpers are
/// tried one after the other; a row that cannot be satisfied any more ends a try.
fn extends(problem: &Problem, point: &[Number]) -> bool {
    let mut full = point.to_vec();
    fn feasible(problem: &Problem, full: &[Number]) -> bool {
        problem.rows.iter().all(|row| {
            let (mut low, mut high) = (Number::ZERO, Number::ZERO);
            for (column, factor) in row.terms() {
                match full.get(column as usize) {
                    Some(value) => {
                        low += &(factor * value);
                        high += &(factor * value);
                    }
                    // A helper of 0 to 1.
                    None if factor.is_positive() => high += factor,
                    None => low += factor,
                }
            }
            row.lower.is_none_or(|l| high >= *l) && row.upper.is_none_or(|u| low <= *u)
        })
    }
    fn search(problem: &Problem, full: &mut Vec<Number>) -> bool {
        if !feasible(problem, full) {
            return false;
        }
        if full.len() == problem.columns.len() {
            return true;
        }
        for value in [1, 0] {
            full.push(Number::from(value));
            if search(problem, full) {
                return true;
            }
            full.pop();
        }
        false
    }
    search(problem, &mut full)
}

#[test]
fn conditions_hold_exactly_where_helpers_exist() {
    let mut random = Random(11);
    for round in 0..400 {
        let condition = random.condition(3);
        let problem = Problem {
            columns: columns(),
            conditions: vec![condition.clone()],
            ..Problem::default()
        };
        let lowered = linearize(&problem).unwrap();
        if lowered.problem.columns.len() > 22 {
            continue;
        }
        for point in points() {
            assert_eq!(
                condition.holds(&point),
                extends(&lowered.problem, &point),
                "round {round}, {condition:?} at {point:?}"
            );
        }
    }
}

#[test]
fn special_ordered_sets_hold_exactly_where_helpers_exist() {
    for kind in [1, 2] {
        for holds in [true, false] {
            let set = Condition::Sos(kind, vec![2, 0, 3]);
            let condition = match holds {
                true => set,
                false => Condition::Not(set.into()),
            };
            let problem = Problem {
                columns: columns(),
                conditions: vec![condition.clone()],
                ..Problem::default()
            };
            let lowered = linearize(&problem).unwrap();
            for point in points() {
                let found = extends(&lowered.problem, &point);
                assert_eq!(condition.holds(&point), found, "{condition:?} at {point:?}");
            }
        }
    }
}

#[test]
fn functions_have_their_value_and_no_other() {
    let e = |a: i64, b: i64, k: i64| Linear {
        terms: vec![(2, a.into()), (3, b.into())],
        constant: k.into(),
    };
    let is_one = Condition::Compare(
        Linear {
            terms: vec![(0, Number::ONE)],
            constant: (-1).into(),
        },
        Relation::Eq,
    );
    let functions = [
        Function::Abs(e(1, -2, 1)),
        Function::Max(vec![e(1, 1, 0), e(2, -1, 1), e(0, 1, 3)]),
        Function::Min(vec![e(1, 1, 0), e(2, -1, 1)]),
        Function::If(Box::new(is_one), e(1, 1, 0), e(-1, 2, 1)),
    ];
    for function in functions {
        // Without an objective nothing drives the value: all directions are
        // needed. A condition that mentions it forbids to leave one out.
        let mut columns = columns();
        let (lower, upper) = function.range(&columns);
        columns.push(Column {
            lower,
            upper,
            domain: Domain::Real,
        });
        let mentions = Condition::Compare(Linear::column(4), Relation::Ge);
        let problem = Problem {
            columns,
            functions: vec![Definition {
                column: 4,
                function: function.clone(),
            }],
            conditions: vec![Condition::Or(vec![mentions, Condition::Constant(true)])],
            ..Problem::default()
        };
        let lowered = linearize(&problem).unwrap();
        for point in points() {
            let right = function.value(&point).unwrap();
            for wrong in [-1, 0, 1] {
                let mut full = point.clone();
                full.push(&right + &Number::from(wrong));
                let found = extends(&lowered.problem, &full);
                assert_eq!(found, wrong == 0, "{function:?} at {full:?}");
            }
            assert_eq!(
                lowered.lift(&[point.clone(), vec![9.into()]].concat())[4],
                right
            );
        }
    }
}

#[test]
fn the_wanted_direction_needs_no_binaries() {
    let mut columns = columns();
    columns.push(Column::FREE);
    let problem = Problem {
        columns,
        functions: vec![Definition {
            column: 4,
            function: Function::Abs(Linear {
                terms: vec![(2, Number::ONE)],
                constant: Number::ONE,
            }),
        }],
        objectives: vec![Objective {
            name: "distance".into(),
            sense: Sense::Minimize,
            expression: Linear::column(4),
            span: None,
            doc: None,
        }],
        ..Problem::default()
    };
    let lowered = linearize(&problem).unwrap();
    assert_eq!(
        (lowered.problem.columns.len(), lowered.problem.rows.len()),
        (5, 2)
    );
    // A value that is too large is lifted to the right one.
    let lifted = lowered.lift(&[0, 0, 2, 0, 9].map(Number::from));
    assert_eq!(lifted[4], 3.into());
}

#[test]
fn a_bound_is_computed_for_each_row() {
    let mut columns = columns();
    columns.push(Column {
        lower: Some(Number::ZERO),
        upper: Some(50.into()),
        domain: Domain::Real,
    });
    // y = 0 ==> x <= 0: x <= 50 y.
    let on = |relation| {
        Condition::Compare(
            Linear {
                terms: vec![(0, Number::ONE)],
                constant: Number::ZERO,
            },
            relation,
        )
    };
    let body = Condition::Compare(Linear::column(4), Relation::Le);
    let implies = Condition::Implies(on(Relation::Eq).into(), body.into());
    let mut problem = Problem {
        columns,
        conditions: vec![implies],
        ..Problem::default()
    };
    let lowered = linearize(&problem).unwrap().problem;
    let row = lowered.rows.get(0);
    let terms: Vec<(u32, Number)> = row.terms().map(|(c, v)| (c, v.clone())).collect();
    assert_eq!(terms, [(0, (-50).into()), (4, Number::ONE)]);
    assert_eq!((lowered.rows.len(), lowered.columns.len()), (1, 5));
    // Without a bound there is no such row.
    problem.columns[4].upper = None;
    let codes: Vec<Code> = linearize(&problem)
        .unwrap_err()
        .iter()
        .map(|d| d.code)
        .collect();
    assert_eq!(codes, [Code::INFINITE_BOUND]);
}

#[test]
fn strict_comparisons_of_reals_are_refused() {
    let mut columns = columns();
    columns[2].domain = Domain::Real;
    let problem = Problem {
        columns,
        conditions: vec![Condition::Compare(Linear::column(2), Relation::Gt)],
        ..Problem::default()
    };
    let codes: Vec<Code> = linearize(&problem)
        .unwrap_err()
        .iter()
        .map(|d| d.code)
        .collect();
    assert_eq!(codes, [Code::STRICT_COMPARISON]);
}
