//! What is wrong with models, by code; and what data say.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use nsolve_il::milp::{Number, Problem};
use nsolve_source::{Severity, SourceText};
use nsolve_syntax::milp::{DataFormat, read};

fn text(name: &str, text: &str) -> SourceText {
    SourceText::new(name, text).unwrap()
}

fn codes(model: &str) -> Vec<String> {
    let reading = read(&text("m.mod", model), &[]);
    let told = reading
        .diagnostics
        .iter()
        .filter(|d| d.severity > Severity::Note);
    told.map(|d| d.code.to_string()).collect()
}

fn problem(model: &str, data: &[(&str, &str)]) -> Problem {
    let data: Vec<_> = data
        .iter()
        .map(|(name, data)| (text(name, data), DataFormat::of_file(name)))
        .collect();
    let reading = read(&text("m.mod", model), &data);
    let found = reading.diagnostics;
    reading
        .problem
        .unwrap_or_else(|| panic!("{model}: {found:?}"))
}

/// A model with one statement more.
fn with(statement: &str) -> String {
    format!(
        "set I := {{a, b}}; set J := 1..3;\nparam c{{I}} := a 1, b 2;\nvar x{{I}} real >= 0 <= 9;\nvar y{{I, J}} binary;\n{statement}\nminimize cost: sum{{i in I}} c[i] * x[i] + sum{{i in I, j in J}} y[i,j];\n"
    )
}

#[test]
fn every_fault_has_its_code() {
    for (statement, code) in [
        ("s.t. r: x[a] >= z;", "MIL0301"),
        ("s.t. r{i in K}: x[i] >= 1;", "MIL0301"),
        ("s.t. r: x[a, b] >= 1;", "MIL0302"),
        ("s.t. r: x >= 1;", "MIL0302"),
        ("s.t. r{i in I, j in J}: y[j,i] <= 1;", "MIL0303"),
        ("s.t. r: x[z] >= 1;", "MIL0304"),
        ("s.t. r{j in J}: x[j] >= 1;", "MIL0304"),
        ("param d; s.t. r: x[a] >= d;", "MIL0305"),
        (
            "param d{I} := a 1; s.t. r{i in I}: x[i] >= d[i];",
            "MIL0305",
        ),
        ("s.t. r: x[a] * x[b] >= 1;", "MIL0306"),
        ("s.t. r: 1 / x[a] >= 1;", "MIL0306"),
        ("s.t. r: x[a] ^ 2 >= 1;", "MIL0306"),
        ("s.t. r: sqrt(x[a]) >= 1;", "MIL0306"),
        ("s.t. r: x[a] + 1;", "MIL0307"),
        ("s.t. r: I >= 1;", "MIL0307"),
        ("param c := 3;", "MIL0308"),
        ("var w real >= 4 <= 3; s.t. r: w >= x[a];", "MIL0310"),
        ("check: sum{i in I} c[i] = 4;", "MIL0311"),
        ("param d := -1, >= 0; s.t. r: x[a] >= d;", "MIL0311"),
        ("s.t. r: x[a] >= c[a] / 0;", "MIL0314"),
        ("param d := e; param e := d; s.t. r: x[a] >= d;", "MIL0316"),
        (
            "set K := {i in I: i in K}; s.t. r{k in K}: x[k] >= 1;",
            "MIL0316",
        ),
        ("param d; param e;", "MIL0401"),
        ("s.t. r: c[a] >= 1;", "MIL0402"),
        ("var w; s.t. r: w >= x[a];", "MIL0210"),
        ("set K := {}; s.t. r{k in K}: x[a] >= 1;", "MIL0403"),
        ("s.t. r x[a] >= 1;", "MIL0101"),
        ("s.t. r: x[a] >= ;", "MIL0101"),
        ("s.t. r: x[a] >= 1 ?;", "MIL0102"),
        ("s.t. r: x['a] >= 1;", "MIL0103"),
        ("table t IN 'CSV' 'f.csv': [i];", "MIL0105"),
        ("var w semicontinuous >= 1; s.t. r: w >= x[a];", "MIL0313"),
        ("s.t. r: <<1; 1>> x[a] >= 1;", "MIL0101"),
        ("s.t. r: atmost -1 of {i in I} (x[i] >= 1);", "MIL0318"),
    ] {
        let found = codes(&with(statement));
        assert!(
            found.iter().any(|c| c == code),
            "{statement}: {found:?}, not {code}"
        );
    }
    assert_eq!(
        codes(&with("s.t. r{i in I}: x[i] >= 1;")),
        Vec::<String>::new()
    );
}

#[test]
fn all_faults_are_told_in_one_pass() {
    let model = with(
        "s.t. r1: x[a, b] >= 1;\ns.t. r2: z >= 1;\ns.t. r3: x[a] * x[b] >= ;\ns.t. r4: x[a] * x[b] >= 1;\n",
    );
    assert_eq!(codes(&model), ["MIL0101", "MIL0302", "MIL0301", "MIL0306"]);
}

#[test]
fn a_name_that_is_nearly_right_is_suggested() {
    let model = text(
        "m.mod",
        &with("s.t. r: sum{i in I} coost[i] * x[i] >= 1; param coosts := 1;"),
    );
    let reading = read(&model, &[]);
    let fault = reading
        .diagnostics
        .iter()
        .find(|d| d.code.as_str() == "MIL0301")
        .unwrap();
    assert_eq!(fault.fix.as_ref().unwrap().replacement, "coosts");
}

const DIET: &str = "set Food; set N; param cost{Food}; param holds{Food, N} default 0; param least := 3;\nvar buy{Food} real >= 0;\nminimize total: sum{f in Food} cost[f] * buy[f];\ns.t. enough{n in N}: sum{f in Food} holds[f,n] * buy[f] >= least;\n";

#[test]
fn data_are_the_same_in_every_form() {
    let section = "set Food := bread milk; set N := 1 2;\nparam cost := bread 1/2 milk 3;\nparam holds := [bread, *] 1 2 2 4 [milk,2] 7;\n";
    let table = "data; set N := 1 2; param : Food : cost := bread 1/2 milk 3;\nparam holds : 1 2 := bread 2 4 milk . 7; end;";
    let turned = "set Food := bread, milk; set N := 1, 2; param cost := bread 1/2, milk 3; param holds (tr) : bread milk := 1 2 0 2 4 7;";
    let json = r#"{"Food": ["bread", "milk"], "N": [1, 2], "cost": {"bread": "1/2", "milk": 3},
        "holds": [["bread", 1, 2], ["bread", 2, 4], ["milk", 2, 7]]}"#;
    let wanted = problem(DIET, &[("d.dat", section)]);
    assert_eq!(
        wanted.objective().unwrap().expression.terms[0].1,
        Number::quotient(1, 2).unwrap()
    );
    let same = |other: &Problem| {
        assert_eq!(other.rows, wanted.rows);
        assert_eq!(
            other.objective().unwrap().expression,
            wanted.objective().unwrap().expression
        );
        assert_eq!(other.row_name(1), "enough[2]");
    };
    same(&problem(DIET, &[("d.dat", table)]));
    same(&problem(DIET, &[("d.dat", turned)]));
    same(&problem(DIET, &[("d.json", json)]));
    same(&problem(
        DIET,
        &[
            ("c.csv", "Food,cost\nbread,1/2\n\"milk\",3\n"),
            (
                "h.csv",
                "f,n,holds\r\nbread,1,2\r\nbread,2,4\r\nmilk,2,7\r\n",
            ),
            ("n.dat", "set N := 1 2;"),
        ],
    ));
    // In the model itself, behind `data;`.
    same(&problem(&format!("{DIET} data; {section} end;"), &[]));
}

#[test]
fn faults_of_data_are_told_with_their_place() {
    for (data, code) in [
        (
            "set Food := bread; set N := 1; param cost := bread 1 milk 2;",
            "MIL0312",
        ),
        (
            "set Food := bread; set N := 1; param price := bread 1;",
            "MIL0312",
        ),
        (
            "set Food := bread; set N := 1; param cost := bread x;",
            "MIL0307",
        ),
        (
            "set Food := bread; set N := 1; param cost := bread nan;",
            "MIL0104",
        ),
        (
            "set Food := bread; set N := 1; param cost := bread 1",
            "MIL0110",
        ),
        (
            "set Food := bread; set N := 1; param cost := bread 1, bread 2;",
            "MIL0308",
        ),
        (
            "set Food := bread; set N := 1; param cost := [bread, 1] 2;",
            "MIL0302",
        ),
        ("set Food := bread; set N := 1;", "MIL0305"),
        ("nothing at all", "MIL0101"),
    ] {
        let file = (text("d.dat", data), DataFormat::Section);
        let reading = read(&text("m.mod", DIET), &[file]);
        let found: Vec<&str> = reading
            .diagnostics
            .iter()
            .map(|d| d.code.as_str())
            .collect();
        assert!(
            reading.problem.is_none() && found.contains(&code),
            "{data}: {found:?}"
        );
    }
}

#[test]
fn expressions_have_the_values_of_gmpl() {
    for (expression, value) in [
        ("2 + 3 * 4 ^ 2", "50"),
        ("-2 ^ 2", "-4"),
        ("7 div 2 + (-7) div 2", "0"),
        ("7 mod 3 + (-7) mod 3", "3"),
        ("10 less 12", "0"),
        ("if 1 < 2 then 5 else 6", "5"),
        ("sum{i in 1..4: i mod 2 = 0} i * 10", "60"),
        ("prod{i in 1..4} i", "24"),
        ("max{i in 1..4} (5 - i) + min(3, 2)", "6"),
        (
            "card({1, 2} union {2, 3}) + card({1, 2} cross {3, 4, 5})",
            "9",
        ),
        ("card(1..10 by 3) + card(setof{i in 1..9} i mod 3)", "7"),
        ("round(2.5) + trunc(-2.7) + ceil(1/3) + floor(-1/3)", "1"),
        ("1/3 + 70%", "31/30"),
        ("sum{(i,j) in {(1,2), (3,4)}} (j - i)", "2"),
        (
            "if 2 in {1, 2} and not exists{k in 1..3} k > 3 then 1 else 0",
            "1",
        ),
        ("if {1} within {1, 2} and {1, 2} = {2, 1} then 1", "1"),
        ("length('abc' & 12)", "5"),
        ("abs(-3) + sqrt(16)", "7"),
        ("sum{i in 1..2, j in i..2} 1", "3"),
    ] {
        let model =
            format!("param p := {expression};\nvar x real >= 0;\nminimize c: x;\ns.t. r: x >= p;");
        let found = problem(&model, &[]);
        let row = found.rows.get(0);
        assert_eq!(
            row.lower.unwrap(),
            &value.parse::<Number>().unwrap(),
            "{expression}"
        );
    }
}

#[test]
fn no_text_makes_the_reader_fail() {
    let model = format!(
        "{DIET} data; set Food := a b; set N := 1; param cost : x := y 1; end;\n{}",
        with("s.t. l: x[a] >= 1 ==> atmost 1 of {i in I} (x[i] > 2) or <<1; 1, 2>> x[a] <= 3;")
    );
    let mut state = 3_u64;
    let mut random = move |most: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % most
    };
    for end in 0..model.len() {
        read(&text("m.mod", &model[..end]), &[]);
    }
    for _ in 0..3000 {
        let mut bytes = model.as_bytes().to_vec();
        for _ in 0..=random(3) {
            let at = random(bytes.len());
            match random(3) {
                0 => bytes[at] = b" \n:=<>+-*/[](){}^0.;,'xI"[random(24)],
                1 => {
                    bytes.remove(at);
                }
                _ => {
                    let copy = bytes[at..(at + 12).min(bytes.len())].to_vec();
                    let to = random(bytes.len());
                    bytes.splice(to..to, copy);
                }
            }
        }
        read(&text("m.mod", &String::from_utf8_lossy(&bytes)), &[]);
    }
    for deep in [
        "(",
        "{",
        "-",
        "not ",
        "if 1 then ",
        "sum{i in 1..2} ",
        "<<1;1,2>> ",
    ] {
        read(
            &text("m.mod", &format!("param p := {};", deep.repeat(20_000))),
            &[],
        );
    }
    for (model, code) in [
        // Numbers and symbols that double, and loops in loops.
        (
            "set T := 1..300; param p{t in T} := if t = 1 then 3 else p[t-1] * p[t-1]; var x real >= p[300]; minimize c: x;",
            "MIL0104",
        ),
        (
            "set T := 1..300; param p{t in T} symbolic := if t = 1 then 'ab' else p[t-1] & p[t-1]; var x real >= length(p[300]); minimize c: x;",
            "SRC0106",
        ),
        (
            "set T := 1..1000000; param n := sum{i in T, j in T} 1; var x real >= n; minimize c: x;",
            "MIL0317",
        ),
    ] {
        assert!(
            codes(model).contains(&code.to_owned()),
            "{model}: {:?}",
            codes(model)
        );
    }
    // Sizes that no machine has.
    for huge in ["1..1000000000000", "1..1000000 cross 1..1000000"] {
        let model = format!("set S := {huge}; param n := card(S); var x real >= n; minimize c: x;");
        assert!(codes(&model).contains(&"MIL0317".to_owned()), "{huge}");
    }
}

#[test]
fn units_must_fit_where_they_are_given() {
    let model = |constraint: &str| {
        format!(
            "param price [$ / kg] := 3; param budget [$] := 20; param hours [h] := 5; param free := 2;\n\
             var buy real [kg] >= 0; var work real [h] >= 0 <= 8 [h];\n\
             minimize cost: price * buy + 2 [$ / h] * work + free * hours;\ns.t. r: {constraint};\n"
        )
    };
    for good in [
        "price * buy <= budget",
        "price * buy <= 20 [$]",
        "price * buy <= 20",
        "2 * buy >= 3 [kg]",
        "work / hours <= 1",
        "free * buy <= budget",
        "1000 [g / kg] * buy >= 500 [g]",
        "buy >= 1 [kg] ==> work >= 1 [h]",
    ] {
        // An implication of reals is refused for another reason later on.
        let found = codes(&model(good));
        assert!(!found.contains(&"MIL0309".to_owned()), "{good}: {found:?}");
    }
    for bad in [
        "price + buy <= 3",
        "price * buy <= hours",
        "buy >= 500 [g]",
        "sum{i in 1..3} i * buy <= work",
        "work <= 3 [h] and buy <= 2 [h]",
    ] {
        // A number of unknown unit in a product says nothing.
        let expected = bad != "sum{i in 1..3} i * buy <= work";
        let found = codes(&model(bad));
        assert_eq!(
            found.contains(&"MIL0309".to_owned()),
            expected,
            "{bad}: {found:?}"
        );
    }
    let bound = codes("var x real [kg] >= 2 [m]; minimize c: x;");
    assert_eq!(bound, ["MIL0309"]);
}
