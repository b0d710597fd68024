//! What is written is read back as it was: random problems through LP and MPS.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod milp;

use milp::{Dice, Reader, read, show};
use nsolve_formats::FormatError;
use nsolve_formats::milp::{MpsStyle, read_lp, read_mps, write_lp, write_mps};
use nsolve_il::milp::{
    Bound, Column, Condition, Definition, Domain, Family, Function, Keys, Linear, Number,
    Objective, Problem, Relation, Rows, Sense, Symbol,
};
use nsolve_source::{Diagnostic, has_errors};

type Written = Result<(String, Vec<Diagnostic>), FormatError>;

type Way = (&'static str, fn(&Problem) -> Written, Reader);

/// Each way to write, with the way to read it again.
const WAYS: [Way; 3] = [
    ("lp", write_lp, read_lp),
    ("free", |p| write_mps(p, MpsStyle::Free), read_mps),
    ("fixed", |p| write_mps(p, MpsStyle::Fixed), read_mps),
];

/// Names that are trouble somewhere.
const NASTY: [&str; 34] = [
    "x",
    "X",
    "cost2",
    "a.b",
    "a_b",
    "R#1",
    "f(1)",
    "c'",
    "&",
    "e_",
    "|",
    "ship[a,b]",
    "ship(a,b)",
    "a b",
    "a_b_",
    "e",
    "e5",
    "3d",
    ".5",
    "end",
    "Free",
    "st",
    "inf",
    "inflow",
    "nan",
    "",
    "é",
    "x:y",
    "a+b",
    "$x",
    "*x",
    "MARKER",
    "(x",
    "a very long name of a column",
];

fn names(dice: &mut Dice, count: usize, letter: char, nasty: bool) -> Vec<Family> {
    if count == 0 {
        return Vec::new();
    }
    let mut names: Vec<(Box<str>, _)> = Vec::new();
    for i in 0..count {
        let name = match nasty && dice.roll(2) == 0 {
            true => dice.pick(&NASTY).to_owned(),
            false => format!("{letter}{i}"),
        };
        names.push((name.into(), None));
    }
    vec![Family {
        name: "".into(),
        span: None,
        doc: None,
        first: 0,
        len: count as u32,
        keys: Keys::Names(names),
        helps: None,
    }]
}

fn number(dice: &mut Dice) -> Number {
    let text = dice.pick(&[
        "0",
        "1",
        "-1",
        "2",
        "-7",
        "0.1",
        "-0.25",
        "1e15",
        "-1e-9",
        "123456.789",
        "1e19",
        "0.00000000000000000001",
        "12345678901234567",
        "-99999999.99999999",
        "1e-30",
    ]);
    let digits = Number::from(dice.roll(2000) as i64 - 1000);
    match dice.roll(2) {
        0 => text.parse().unwrap(),
        _ => digits
            .checked_div(&dice.pick(&[1.into(), 4.into(), 1000.into()]))
            .unwrap(),
    }
}

/// Bounds whose distance is a number of few digits too.
fn interval(dice: &mut Dice) -> (Bound, Bound) {
    let mut end = || {
        let size = dice.pick(&["0", "1", "2.5", "-0.25", "1e6", "-1e-9", "-400000"]);
        size.parse::<Number>().unwrap()
    };
    let (a, b) = (end(), end());
    let (low, high) = if a <= b { (a, b) } else { (b, a) };
    match dice.roll(7) {
        0 => (None, None),
        1 => (Some(low), None),
        2 => (None, Some(high)),
        3 => (Some(low.clone()), Some(low)),
        4 => (Some(Number::ZERO), None),
        _ => (Some(low), Some(high)),
    }
}

fn linear(dice: &mut Dice, columns: usize) -> Linear {
    let mut linear = Linear::default();
    for _ in 0..dice.roll(12).min(columns) {
        let column = dice.roll(columns) as u32;
        // The sum of two numbers may have more digits than a float holds.
        if linear.terms.iter().all(|(c, _)| *c != column) {
            linear.terms.push((column, number(dice)));
        }
    }
    linear.normalize();
    linear
}

fn column(dice: &mut Dice) -> Column {
    if dice.roll(4) == 0 {
        return Column::binary();
    }
    let (lower, upper) = match dice.roll(4) {
        0 => (Some(Number::ZERO), Some(Number::from(-3))),
        _ => interval(dice),
    };
    let domain = dice.pick(&[
        Domain::Real,
        Domain::Real,
        Domain::Integer,
        Domain::Semicontinuous,
        Domain::Semiinteger,
    ]);
    Column {
        lower,
        upper,
        domain,
    }
}

/// Implications first, as files have them.
fn conditions(dice: &mut Dice, columns: usize) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for _ in 0..dice.roll(3).min(columns) {
        let mut when = Linear::column(dice.roll(columns) as u32);
        when.constant = Number::from(-(dice.roll(2) as i64));
        let mut then = linear(dice, columns);
        then.constant = number(dice);
        let relation = dice.pick(&[Relation::Le, Relation::Ge, Relation::Eq]);
        conditions.push(Condition::Implies(
            Box::new(Condition::Compare(when, Relation::Eq)),
            Box::new(Condition::Compare(then, relation)),
        ));
    }
    for _ in 0..dice.roll(3).min(columns) {
        let mut members: Vec<u32> = (0..columns as u32).collect();
        for i in 0..columns {
            members.swap(i, dice.roll(columns));
        }
        members.truncate(1 + dice.roll(4));
        conditions.push(Condition::Sos(1 + dice.roll(2) as u8, members));
    }
    conditions
}

fn problem(seed: u64, nasty: bool) -> Problem {
    let mut dice = Dice::new(seed);
    let count = dice.roll(20);
    let mut problem = Problem {
        name: dice.pick(&["", "diet", "p-1"]).into(),
        ..Problem::default()
    };
    problem.columns = (0..count).map(|_| column(&mut dice)).collect();
    let mut rows = Rows::default();
    for _ in 0..dice.roll(12) {
        let (lower, upper) = interval(&mut dice);
        rows.push(lower, &linear(&mut dice, count), upper);
    }
    problem.rows = rows;
    problem.conditions = conditions(&mut dice, count);
    let mut expression = linear(&mut dice, count);
    expression.constant = number(&mut dice);
    if dice.roll(4) > 0 && !(expression.terms.is_empty() && expression.constant.is_zero()) {
        problem.objectives.push(Objective {
            name: dice.pick(&["obj", "cost", "z"]).into(),
            sense: dice.pick(&[Sense::Minimize, Sense::Maximize]),
            expression,
            span: None,
            doc: None,
        });
    }
    problem.column_families = names(&mut dice, count, 'x', nasty);
    problem.row_families = names(&mut dice, problem.rows.len(), 'r', nasty);
    problem.condition_families = names(&mut dice, problem.conditions.len(), 'l', nasty);
    problem
}

/// The same without names: what must come back in any case.
fn nameless(p: &Problem) -> Problem {
    let mut p = p.clone();
    for objective in &mut p.objectives {
        objective.name = "".into();
        objective.span = None;
    }
    p.column_families.clear();
    p.row_families.clear();
    p.condition_families.clear();
    p
}

#[test]
fn what_is_written_is_read_back() {
    for seed in 0..3000 {
        let nasty = seed % 2 == 1;
        let problem = problem(seed, nasty);
        for (way, write, reader) in WAYS {
            let (text, told) = write(&problem).unwrap();
            assert!(!has_errors(&told));
            let (again, codes) = read(reader, &text);
            assert!(codes.is_empty(), "{way} {seed}: {codes:?}\n{text}");
            let again = again.unwrap();
            assert_eq!(nameless(&again), nameless(&problem), "{way} {seed}\n{text}");
            if !nasty {
                assert_eq!(show(&again), show(&problem), "{way} {seed}\n{text}");
            }
            // From then on nothing changes any more.
            let (second, _) = write(&again).unwrap();
            let bare = |t: &str| {
                t.lines()
                    .filter(|l| !l.starts_with(['\\', '*']))
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            };
            assert_eq!(bare(&second), bare(&text), "{way} {seed}");
        }
    }
}

fn named(names: &[&str]) -> Problem {
    let mut problem = Problem::default();
    let mut expression = Linear::default();
    for i in 0..names.len() {
        problem.columns.push(Column::FREE);
        expression.terms.push((i as u32, Number::ONE));
    }
    problem.rows.push(Some(Number::ONE), &expression, None);
    let names = names.iter().map(|n| ((*n).into(), None)).collect();
    problem.column_families = vec![Family {
        keys: Keys::Names(names),
        len: problem.columns.len() as u32,
        ..Family::one("", 0, None)
    }];
    problem
}

#[test]
fn names_survive_where_the_format_allows() {
    let kept = ["x", "a.b", "c'", "f(1)", "R#1"];
    for (_, write, reader) in WAYS {
        let (text, told) = write(&named(&kept)).unwrap();
        assert!(told.is_empty());
        let again = read(reader, &text).0.unwrap();
        for (i, name) in kept.iter().enumerate() {
            assert_eq!(again.column_name(i as u32), *name);
        }
    }
    // Indexed names: as they are in MPS, with round brackets in LP.
    let mut problem = named(&["a", "b"]);
    problem.symbols = ["p", "q"].map(|s| Symbol::Text(s.into())).to_vec();
    problem.column_families[0].keys = Keys::Tuples {
        arity: 2,
        symbols: vec![0, 1, 1, 0],
    };
    problem.column_families[0].name = "ship".into();
    let (text, told) = write_lp(&problem).unwrap();
    assert!(text.contains("ship(p,q) + ship(q,p) >= 1"), "{text}");
    assert_eq!(told[0].code.to_string(), "MIL0207");
    let (text, told) = write_mps(&problem, MpsStyle::Free).unwrap();
    assert!(text.contains("ship[p,q]"), "{text}");
    assert!(told.is_empty());
    let (text, told) = write_mps(&problem, MpsStyle::Fixed).unwrap();
    assert!(text.contains("* x1 is \"ship[p,q]\""), "{text}");
    assert_eq!(told.len(), 1);
    // Nothing of a name gets out of its comment.
    for (_, write, reader) in WAYS {
        let problem = named(&["a\nend\n", "b\r\\", "\u{2028}"]);
        let again = read(reader, &write(&problem).unwrap().0).0.unwrap();
        assert_eq!(again.columns.len(), 3);
    }
}

#[test]
fn what_is_rounded_is_told() {
    for (_, write, reader) in WAYS {
        let mut problem = named(&["x"]);
        let third: Number = "1/3".parse().unwrap();
        problem.rows.set_bounds(0, Some(third), None);
        let (text, told) = write(&problem).unwrap();
        assert!(
            told.iter()
                .any(|d| d.message == "1/3 is written as 0.3333333333333333")
        );
        assert!(read(reader, &text).0.is_some());
    }
}

#[test]
fn what_cannot_be_written_is_named() {
    for (_, write, _) in WAYS {
        let mut problem = named(&["x", "y"]);
        problem.conditions.push(Condition::Constant(true));
        problem.functions.push(Definition {
            column: 0,
            function: Function::Abs(Linear::column(1)),
        });
        let error = write(&problem).unwrap_err().to_string();
        assert!(
            error.contains("functions") && error.contains("conditions"),
            "{error}"
        );
        let mut problem = named(&["x"]);
        let huge: Number = "1e999".parse().unwrap();
        let bound = huge.checked_div(&3.into());
        problem.rows.set_bounds(0, bound, None);
        assert!(write(&problem).is_err());
        // Of several objectives the first is written.
        let mut problem = named(&["x"]);
        for name in ["first", "second"] {
            problem.objectives.push(Objective {
                name: name.into(),
                sense: Sense::Minimize,
                expression: Linear::column(0),
                span: None,
                doc: None,
            });
        }
        let (text, told) = write(&problem).unwrap();
        assert!(text.contains("first") && !text.contains("second"));
        assert_eq!(told[0].code.to_string(), "MIL0205");
    }
    let mut problem = named(&["x"]);
    problem.rows.set_bounds(0, Some(3.into()), Some(2.into()));
    assert!(write_mps(&problem, MpsStyle::Free).is_err());
    let (text, _) = write_lp(&problem).unwrap();
    assert_eq!(
        nameless(&read(read_lp, &text).0.unwrap()),
        nameless(&problem)
    );
}
