//! The reader of LP files on texts of our own: what it makes of each
//! construct, and what it says about each trap.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod milp;

use std::time::{Duration, Instant};

use milp::{read, show, torture};
use nsolve_formats::milp::{InflateError, inflate, read_lp};
use nsolve_il::milp::Item;
use nsolve_source::SourceText;

/// The text is read as said, with these codes.
fn reads(text: &str, shown: &str, codes: &[&str]) {
    let (problem, told) = read(read_lp, text);
    assert_eq!(told, codes, "{text}");
    let problem = problem.unwrap_or_else(|| panic!("not read: {text}"));
    assert_eq!(show(&problem), shown, "{text}");
}

/// The text is refused with these codes, errors and others.
fn refuses(text: &str, codes: &[&str]) {
    let (problem, told) = read(read_lp, text);
    assert!(problem.is_none(), "read: {text}");
    assert_eq!(told, codes, "{text}");
}

/// A row in a problem of three columns.
fn row(text: &str, shown: &str, codes: &[&str]) {
    let whole = format!("min x + y + z\nst\n{text}\nend\n");
    let rest = "x real 0..inf\ny real 0..inf\nz real 0..inf\n";
    let shown = format!("minimize obj: 1 x + 1 y + 1 z\n{shown}\n{rest}");
    reads(&whole, &shown, codes);
}

fn bad_row(text: &str, codes: &[&str]) {
    refuses(&format!("min x + y + z\nst\n{text}\nend\n"), codes);
}

/// Bounds of a column.
fn bound(text: &str, column: &str, codes: &[&str]) {
    let whole = format!("min x\nst\nbounds\n{text}\nend\n");
    reads(&whole, &format!("minimize obj: 1 x\n{column}\n"), codes);
}

fn bad_bound(text: &str, codes: &[&str]) {
    refuses(&format!("min x\nst\nbounds\n{text}\nend\n"), codes);
}

#[test]
fn headings_in_all_spellings() {
    let minimize = ["min", "MINIMIZE", "Minimise", "minimum"];
    let maximize = ["max", "Maximize", "maximise", "MAXIMUM"];
    for (words, sense) in [(minimize, "minimize"), (maximize, "maximize")] {
        for word in words {
            for st in ["subject to", "Such That", "st", "S.T.", "st."] {
                let text = format!("{word}\n o: 2 x\n{st}\n c: x >= 1\nEND");
                reads(
                    &text,
                    &format!("{sense} o: 2 x\nc: 1 x in 1..inf\nx real 0..inf\n"),
                    &[],
                );
            }
        }
    }
    for (word, domain) in [
        ("general", "integer 0..inf"),
        ("generals", "integer 0..inf"),
        ("gen", "integer 0..inf"),
        ("integer", "integer 0..inf"),
        ("integers", "integer 0..inf"),
        ("int", "integer 0..inf"),
        ("binary", "integer 0..1"),
        ("binaries", "integer 0..1"),
        ("bin", "integer 0..1"),
        ("semi-continuous", "semicontinuous 0..inf"),
        ("Semis", "semicontinuous 0..inf"),
        ("semi", "semicontinuous 0..inf"),
        ("sc", "semicontinuous 0..inf"),
    ] {
        let text = format!("min x\nst\n{word}\n x\nend");
        reads(&text, &format!("minimize obj: 1 x\nx {domain}\n"), &[]);
    }
}

#[test]
fn all_in_one_line_and_in_many() {
    let shown =
        "maximize obj: 3 x + 2 y\nc1: 1 x + 1 y in -inf..4\nx real 0..3\ny integer 0..inf\n";
    reads(
        "max 3 x + 2 y st c1: x + y <= 4 bounds x <= 3 gen y end",
        shown,
        &[],
    );
    reads(
        "max\n3\nx\n+ 2\ny\nst\nc1\n:\nx\n+\ny\n<=\n4\nbounds\nx\n<= 3\ngen\ny\nend\n",
        shown,
        &[],
    );
    reads(
        "max\r\n 3 x + 2 y\r\nst\r\n\tc1: x + y <= 4\r\nbounds\r\n x <= 3\r\ngen\r\n y\r\nend\r\n",
        shown,
        &[],
    );
}

#[test]
fn coefficients_and_signs() {
    row(
        "c: 3 x + 3y - 2.5e1z <= 4",
        "c: 3 x + 3 y + -25 z in -inf..4",
        &[],
    );
    row(
        "c: - - x + - 3 y - + z <= 4",
        "c: 1 x + -3 y + -1 z in -inf..4",
        &[],
    );
    row(
        "c: 2e3x + .5 y + 5. z <= 1e3",
        "c: 2000 x + 0.5 y + 5 z in -inf..1000",
        &[],
    );
    row(
        "c: 3 * x + 2*y <= 4",
        "c: 3 x + 2 y in -inf..4",
        &["MIL0201"],
    );
    row("c: 0 x + y <= 4", "c: 1 y in -inf..4", &[]);
    row(
        "c: 0.1 x <= 0.30000000000000000001",
        "c: 0.1 x in -inf..30000000000000000001/100000000000000000000",
        &[],
    );
    bad_row("c: x y <= 4", &["MIL0101"]);
    bad_row("c: 2 3 x <= 4", &["MIL0101"]);
    bad_row("c: x + <= 4", &["MIL0101"]);
    bad_row("c: x * 3 <= 4", &["MIL0105"]);
    bad_row("c: x * y <= 4", &["MIL0105"]);
    bad_row("c: x ^ 2 <= 4", &["MIL0105"]);
    bad_row("c: x / 2 <= 4", &["MIL0105"]);
    bad_row("c: 1/2 x <= 4", &["MIL0101"]);
    bad_row("c: x + [ y ^ 2 ] <= 4", &["MIL0105"]);
    bad_row("c: x + 2 [ y ^ 2 ] <= 4", &["MIL0105"]);
    bad_row("c: nan x <= 4", &["MIL0104"]);
    bad_row("c: x <= nan", &["MIL0104"]);
    bad_row("c: x <= 1e99999", &["MIL0104"]);
    bad_row("c: 3 (x + y) <= 4", &["MIL0101"]);
    bad_row("c: x ? y <= 4", &["MIL0101"]);
    bad_row("c: x \u{2212} y <= 4", &["MIL0101"]);
    bad_row("c: 3\u{a0}w <= 4", &["MIL0102"]);
    bad_row("c: x <= 4 \u{1}", &["MIL0102"]);
}

#[test]
fn both_sides_and_ranges() {
    row("end: x - 1 >= 2", "end: 1 x in 3..inf", &[]);
    row("c: x <= y + 3", "c: 1 x + -1 y in -inf..3", &[]);
    row(
        "c: 2 x + 1 = x + y + 4",
        "c: 1 x + -1 y in 3..3",
        &["MIL0203"],
    );
    row("-5 <= x + y <= 8", "c1: 1 x + 1 y in -5..8", &[]);
    row("c: 8 >= x + y + 1 >= -5", "c: 1 x + 1 y in -6..7", &[]);
    row("R1: 2 <= x", "R1: -1 x in -inf..-2", &[]);
    row("c: -inf <= x <= 8", "c: 1 x in -inf..8", &[]);
    row("c: x >= -1e30", "c: 1 x in -inf..inf", &[]);
    row("c: x <= infinity", "c: 1 x in -inf..inf", &[]);
    row(
        "c: x =< 3\nd: x => 1\ne: x < 3\nf: x > 1",
        "c: 1 x in -inf..3\nd: 1 x in 1..inf\ne: 1 x in -inf..3\nf: 1 x in 1..inf",
        &[],
    );
    row("c: x == 3", "c: 1 x in 3..3", &["MIL0201"]);
    row(
        "c: x ≤ 3\nd: x≥1",
        "c: 1 x in -inf..3\nd: 1 x in 1..inf",
        &["MIL0201"],
    );
    // Two rows that our writer says to be one.
    row(
        "\\Range c\n c: x + y >= 1\n d: x + y <= 3",
        "c: 1 x + 1 y in 1..3",
        &[],
    );
    row(
        "\\Range c\n c: x >= 1\n d: y <= 3\n e: x <= 3",
        "c: 1 x in 1..inf\nd: 1 y in -inf..3\ne: 1 x in -inf..3",
        &[],
    );
    bad_row("c: 2 <= x >= 8", &["MIL0101"]);
    bad_row("c: 2 = x = 8", &["MIL0101"]);
    bad_row("c: x <= y <= 8", &["MIL0101"]);
    bad_row("c: x >= inf", &["MIL0104"]);
    bad_row("c: x <= -inf", &["MIL0104"]);
    bad_row("c: x = 1e30", &["MIL0104"]);
    bad_row("c: inf <= inf", &["MIL0104"]);
    bad_row("c: x + y", &["MIL0101"]);
    bad_row("c: x <=", &["MIL0101"]);
    row("c: <= 3", "c: 0 in -inf..3", &["MIL0201"]);
    row("c: 0 x >= 3", "c: 0 in 3..inf", &[]);
    bad_row("<= 3", &["MIL0101"]);
    bad_row("c: 3", &["MIL0101"]);
}

#[test]
fn rows_end_with_their_line() {
    // A sign in front starts a row.
    let shown = "c1: 1 x in -inf..4\nc2: -1 x + 3 y in 0..inf";
    row("x <= 4\n-x + 3 y >= 0", shown, &[]);
    row("x <=\n 4\n- x\n + 3 y >= 0", shown, &[]);
    // The left side goes on over lines, and so does what ends with a sign.
    row(
        "c: x\n + y\n + z <= 4",
        "c: 1 x + 1 y + 1 z in -inf..4",
        &[],
    );
    row("c: 2 <= x +\n y <= 4", "c: 1 x + 1 y in 2..4", &[]);
    row(
        "a: x <= 4 b: y <= 3",
        "a: 1 x in -inf..4\nb: 1 y in -inf..3",
        &[],
    );
    bad_row("x <= 4 y >= 3", &["MIL0101"]);
}

#[test]
fn names() {
    row(
        "c#1: x >= 1\nc(2,a): x >= 1\n3: x >= 1",
        "c#1: 1 x in 1..inf\nc(2,a): 1 x in 1..inf\n3: 1 x in 1..inf",
        &[],
    );
    row(
        "st: x >= 1\nbounds: y >= 1\nfree: z >= 1",
        "st: 1 x in 1..inf\nbounds: 1 y in 1..inf\nfree: 1 z in 1..inf",
        &[],
    );
    row(
        "c: x >= 1\nc: y >= 1",
        "c: 1 x in 1..inf\nc: 1 y in 1..inf",
        &["MIL0204"],
    );
    // Names that are made up differ from those that are there.
    row(
        "x >= 1\nc1: y >= 1",
        "c1_: 1 x in 1..inf\nc1: 1 y in 1..inf",
        &[],
    );
    // Gurobi has indices in names; a bracket apart is something else.
    reads(
        "min 3 x[1] + y[a,b]\nst\nend",
        "minimize obj: 3 x[1] + 1 y[a,b]\nx[1] real 0..inf\ny[a,b] real 0..inf\n",
        &["MIL0201"],
    );
    refuses("min 3 x [1]\nst\nend", &["MIL0105"]);
    // A keyword behind a sign or a coefficient is a variable.
    reads(
        "min 3 bin + gen\nst\n c: 2 end <= bin\nend",
        "minimize obj: 3 bin + 1 gen\nc: -1 bin + 2 end in -inf..0\nbin real 0..inf\ngen real 0..inf\nend real 0..inf\n",
        &[],
    );
    reads(
        "min x;\nst\n c: x >= 1;\nend",
        "minimize obj: 1 x\nc: 1 x in 1..inf\nx real 0..inf\n",
        &["MIL0201", "MIL0201"],
    );
}

#[test]
fn objectives() {
    reads(
        "min\n cost: 3 x - 2 + 4.5\nst\nend",
        "minimize cost: 3 x + 2.5\nx real 0..inf\n",
        &[],
    );
    reads("max 5\nst\nend", "maximize obj: 5\n", &[]);
    reads(
        "max x + x\nst\nend",
        "maximize obj: 2 x\nx real 0..inf\n",
        &["MIL0203"],
    );
    // An objective without a coefficient asks for any point.
    reads(
        "min\n obj:\nst\n c: x >= 1\nend",
        "c: 1 x in 1..inf\nx real 0..inf\n",
        &[],
    );
    reads("min 0 x\nst\nend", "x real 0..inf\n", &[]);
    reads(
        "st\n c: x >= 1\nend",
        "c: 1 x in 1..inf\nx real 0..inf\n",
        &["MIL0107"],
    );
    refuses("min x\nst\n c: x >= 1\nmax x\nend", &["MIL0107"]);
    refuses("min x + [ y^2 ] / 2\nst\nend", &["MIL0105"]);
    refuses("min x + inf\nst\nend", &["MIL0104"]);
    refuses(
        "min multi-objectives\n o: Priority=1\n x\nst\nend",
        &["MIL0105"],
    );
}

#[test]
fn bounds() {
    bound("x <= 5", "x real 0..5", &[]);
    bound("x >= 1\nx <= 5", "x real 1..5", &[]);
    bound("x = 3", "x real 3..3", &[]);
    bound("3 = x", "x real 3..3", &[]);
    bound("-1 <= x <= 4", "x real -1..4", &[]);
    bound("4 >= x >= -1", "x real -1..4", &[]);
    bound("1 <= x", "x real 1..inf", &[]);
    bound("x free", "x real -inf..inf", &[]);
    bound("x FREE", "x real -inf..inf", &[]);
    bound("-inf <= x <= Infinity", "x real -inf..inf", &[]);
    bound("x >= -1e20", "x real -inf..inf", &[]);
    bound(
        "x >= -99999999999999999",
        "x real -99999999999999999..inf",
        &[],
    );
    bound("x <= +inf", "x real 0..inf", &[]);
    // The last one counts.
    bound("x <= 5\nx <= 6", "x real 0..6", &[]);
    // As HiGHS, GLPK and Gurobi: the lower bound stays 0.
    bound("x <= -3", "x real 0..-3", &["MIL0206"]);
    bound("x <= -3\nx >= -inf", "x real -inf..-3", &[]);
    bound("0 <= x <= -3", "x real 0..-3", &[]);
    // A name that only bounds have is new.
    bound("y <= 3", "x real 0..inf\ny real 0..3", &["MIL0109"]);
    for text in ["x >= inf", "x <= -inf", "x = inf", "x <= nan", "nan <= x"] {
        bad_bound(
            text,
            if text.starts_with("nan") {
                &["MIL0101"]
            } else {
                &["MIL0104"]
            },
        );
    }
    for text in [
        "2 x <= 5",
        "x + y <= 5",
        "x",
        "x <= y",
        "x 5",
        "1 <= x >= 0",
        "x >= 1 <= 5",
        "<= 5",
        "5",
    ] {
        bad_bound(text, &["MIL0101"]);
    }
}

#[test]
fn lists() {
    let lists = |text: &str, columns: &str, codes: &[&str]| {
        reads(
            &format!("min x + y\nst\n{text}\nend"),
            &format!("minimize obj: 1 x + 1 y\n{columns}\n"),
            codes,
        );
    };
    lists("gen\n x\n y", "x integer 0..inf\ny integer 0..inf", &[]);
    lists(
        "gen x y\ngen\nbin\nsemi",
        "x integer 0..inf\ny integer 0..inf",
        &[],
    );
    lists(
        "gen\n x, y",
        "x integer 0..inf\ny integer 0..inf",
        &["MIL0201"],
    );
    lists(
        "bounds\n 1.1 <= x <= 10\nsemi\n x\ngen\n x",
        "x semiinteger 1.1..10\ny real 0..inf",
        &[],
    );
    // Binaries keep bounds that are stated, wherever they stand.
    lists(
        "bounds\n x = 0\nbin\n x y",
        "x integer 0..0\ny integer 0..1",
        &[],
    );
    lists(
        "bin\n x y\nbounds\n x >= 1",
        "x integer 1..1\ny integer 0..1",
        &[],
    );
    lists(
        "bounds\n -5 <= x <= 10\nbin\n x",
        "x integer -5..10\ny real 0..inf",
        &["MIL0207"],
    );
    lists(
        "gen\n w",
        "x real 0..inf\ny real 0..inf\nw integer 0..inf",
        &["MIL0109"],
    );
    refuses("min x\nst\ngen\n x 3\nend", &["MIL0101"]);
}

#[test]
fn special_ordered_sets() {
    let sets = |text: &str, conditions: &str, codes: &[&str]| {
        let columns = "x real 0..inf\ny real 0..inf\nz real 0..inf\n";
        let shown = format!("minimize obj: 1 x + 1 y + 1 z\n{columns}{conditions}\n");
        reads(&format!("min x + y + z\nst\n{text}\nend"), &shown, codes);
    };
    sets(
        "sos\n s: S1:: x:1 y:2\n t: S2 :: z : 3 y : 2 x : 1",
        "s: sos1 x y\nt: sos2 x y z",
        &[],
    );
    sets(
        "sos2\n s: x:1 y:2\n t: y:1\n z:2.5",
        "s: sos2 x y\nt: sos2 y z",
        &[],
    );
    sets("sos1\n s: x:1 y:2", "s: sos1 x y", &[]);
    sets("sos\n S1:: x:1 y:2", "l1: sos1 x y", &[]);
    sets("sos\n s: S1:: x:1 y:1", "s: sos1 x y", &["MIL0207"]);
    refuses("min x\nst\nsos\n s: x:1\nend", &["MIL0101"]);
    refuses("min x\nst\nsos\n s: S1:: x y\nend", &["MIL0101"]);
}

#[test]
fn indicators() {
    let shown = "minimize obj: 1 x + 1 y + 1 z\na: 1 x + 1 z in -inf..5\nx real 0..inf\ny integer 0..1\nz real 0..inf\n";
    let text = "min x + y + z\nst\n i: y = 1 -> x + z <= 5\n a: x + z <= 5\n y = 0 -> 2 x >= z\nbin\n y\nend";
    let conditions = "i: 1 y + -1 = 0 -> 1 x + 1 z + -5 <= 0\nl2: 1 y = 0 -> 2 x + -1 z >= 0\n";
    reads(text, &format!("{shown}{conditions}"), &[]);
    bad_row("i: y = 2 -> x <= 5", &["MIL0101"]);
    bad_row("i: y + x = 1 -> x <= 5", &["MIL0101"]);
    bad_row("i: y = 1 -> x", &["MIL0101"]);
    bad_row("i: y = 1 <-> x <= 3", &["MIL0101"]);
}

#[test]
fn comments() {
    reads(
        "\\ first\nmin x \\ behind\nst /* a\n block */ c: x >= 1\n\\ end\nend\n\\ after",
        "minimize obj: 1 x\nc: 1 x in 1..inf\nx real 0..inf\n",
        &[],
    );
    refuses("min x\nst\n/* c: x >= 1\nend", &["MIL0103"]);
    for (text, name) in [
        ("\\Problem name: my diet\nmin x\nst\nend", "my diet"),
        ("\\* Problem: diet *\\\nmin x\nst\nend", "diet"),
        ("\\ Model diet\n\\ LP format\nmin x\nst\nend", "diet"),
        ("\\ Model for a diet\nmin x\nst\nend", ""),
    ] {
        assert_eq!(&*read(read_lp, text).0.unwrap().name, name);
    }
}

#[test]
fn ends() {
    let whole = "min x\nst\n c: x >= 1\nbounds\n x <= 12\nend";
    let (_, codes) = read(read_lp, whole);
    assert!(codes.is_empty());
    // A warning where the rest is whole, an error in the middle of something.
    reads(
        "min x\nst\n c: x >= 1",
        "minimize obj: 1 x\nc: 1 x in 1..inf\nx real 0..inf\n",
        &["MIL0110"],
    );
    for text in [
        "min x +",
        "min 3",
        "min x\nst\n c:",
        "min x\nst\n c: x",
        "min x\nst\n c: x >=",
        "min x\nst\n c: x >= -",
        "min x\nst\nbounds\n x",
        "min x\nst\nbounds\n 1 <=",
    ] {
        let (problem, codes) = read(read_lp, text);
        let warned = text == "min 3";
        assert_eq!(problem.is_some(), warned, "{text}");
        assert_eq!(codes, ["MIL0110"], "{text}");
    }
    refuses("min x\nst\nend\nmin y\nst\nend", &["MIL0107"]);
    for text in [
        "",
        "\n\n",
        "hello world",
        "\\ only a comment",
        "x + y <= 3",
        "max: 3x + 2y",
        "NAME a\nROWS\n",
        "{}",
        "\\^%(^%(T&*)\n(lks,x\n",
    ] {
        refuses(text, &["MIL0106"]);
    }
}

#[test]
fn sections_that_are_not_read() {
    refuses(
        "min x\nst\n c: x >= 1\ngeneral constraints\n g: x = MAX ( y , z )\nend",
        &["MIL0105"],
    );
    refuses("min x\nst\npwlobj\n x: (1, 1) (2, 3)\nend", &["MIL0105"]);
    reads(
        "min x\nst\nlazy constraints\n c: x >= 1\nend",
        "minimize obj: 1 x\nc: 1 x in 1..inf\nx real 0..inf\n",
        &["MIL0201"],
    );
}

#[test]
fn all_faults_are_told_at_once() {
    refuses(
        "min x\nst\n a: x y <= 3\n b: x >= 1\n c: x >= nan\nbounds\n x <= q\n x <= 3\ngen\n 7\nend",
        &["MIL0101", "MIL0104", "MIL0101", "MIL0101"],
    );
    let many = format!("min x\nst\n{}end", " x y <= 3\n".repeat(500));
    assert_eq!(read(read_lp, &many).1.len(), 100);
    let many = format!(
        "min x\nst\n{} x y <= 3\nend",
        " c: x + x <= 3\n".repeat(500)
    );
    let (problem, codes) = read(read_lp, &many);
    assert!(problem.is_none());
    assert_eq!(codes.len(), 101);
}

#[test]
fn everything_has_a_place() {
    let source = SourceText::new(
        "a",
        "min\n cost: x\nst\n c: x +\n  y >= 1\n i: x = 1 -> y <= 2\nend",
    )
    .unwrap();
    let problem = read_lp(&source).0.unwrap();
    let at = |item| source.slice(problem.span(item).unwrap());
    assert_eq!(at(Item::Row(0)), "c: x +\n  y >= 1");
    assert_eq!(at(Item::Condition(0)), "i: x = 1 -> y <= 2");
    assert_eq!(at(Item::Lower(1)), "y");
    let objective = problem.objective().unwrap().span.unwrap();
    assert_eq!(source.slice(objective), "min\n cost: x");
    assert_eq!(problem.row_families.len(), 1);
    assert_eq!(problem.column_families.len(), 1);
}

const TEXTS: [&str; 3] = [
    "\\ Model a\nMaximize\n obj: 3 x1 + 2.5e1 x2 - y[1,2] + 4\nSubject To\n c1: x1 + x2 <= 4\n -5 <= x1 - x2 <= 8\n i: b = 1 -> x1 <= 2\nBounds\n x1 <= 3\n -inf <= x2 <= 5\n s free\nGeneral\n x1\nBinary\n b\nSemi-Continuous\n x2\nSOS\n t: S1:: x1:1 x2:2\nEnd\n",
    "min x st c: 2 x + [ x^2 ] / 2 >= 1 end",
    "\\Range c\nmin x\nst\n\\Range c: 2\n c: x + y >= 1\n c_hi: x + y <= 3\n/* é */ d: x ≤ 3\nend",
];

const SNIPPETS: [&str; 24] = [
    " ", "\n", "+", "-", "<=", ">=", "=", ":", "::", "->", "[", "]", "\\", "/*", "*/", "1e",
    "1e400", "nan", "inf", "end", "bounds\n", "é", "free", "\u{1}",
];

#[test]
fn nothing_panics_or_takes_long() {
    torture(read_lp, &TEXTS, &SNIPPETS, 8_000);
    let started = Instant::now();
    let long = |piece: &str| piece.repeat(100_000 / piece.len());
    for piece in [
        "x", "-", "x ", "1", "1e9 ", "[", "x[", "(", "a:", "such ", "general ", "\\", "/*", "x\n",
        "<=", "x+", "semi-", "\n", ";", "x;", "≤", "e", ".", "->", "s:S1::",
    ] {
        for head in [
            "",
            "min ",
            "min x st ",
            "min x st bounds ",
            "min x st gen ",
            "min x st sos ",
        ] {
            drop(read(read_lp, &format!("{head}{}", long(piece))));
        }
    }
    // Thousands of columns with numbers of many digits in one row.
    let terms: String = (0..20_000)
        .map(|i| format!(" + 1e-{} x{}", i % 900, i % 7))
        .collect();
    drop(read(read_lp, &format!("min x st c: {terms} <= 3 end")));
    assert!(started.elapsed() < Duration::from_secs(60));
}

#[test]
fn compressed_bytes_are_bounded() {
    use std::io::Write;
    let pack = |bytes: &[u8]| {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gz.write_all(bytes).unwrap();
        gz.finish().unwrap()
    };
    let packed = pack(b"min x");
    assert_eq!(inflate(&packed, 5).unwrap(), b"min x");
    assert_eq!(inflate(&packed, 4), Err(InflateError::TooLarge(4)));
    let bomb = pack(&vec![0; 100 << 20]);
    assert_eq!(
        inflate(&bomb, 1 << 20),
        Err(InflateError::TooLarge(1 << 20))
    );
    assert!(matches!(
        inflate(&packed[..packed.len() - 3], 99),
        Err(InflateError::Damaged(_))
    ));
    assert!(matches!(
        inflate(b"min x", 99),
        Err(InflateError::Damaged(_))
    ));
    assert_eq!(
        inflate(&[packed.clone(), packed].concat(), 99).unwrap(),
        b"min xmin x"
    );
}
