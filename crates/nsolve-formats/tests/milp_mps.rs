//! The reader of MPS files on texts of our own: what it makes of each
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
use nsolve_formats::milp::read_mps;
use nsolve_il::milp::Item;
use nsolve_source::SourceText;

fn reads(text: &str, shown: &str, codes: &[&str]) {
    let (problem, told) = read(read_mps, text);
    assert_eq!(told, codes, "{text}");
    let problem = problem.unwrap_or_else(|| panic!("not read: {text}"));
    assert_eq!(show(&problem), shown, "{text}");
}

fn refuses(text: &str, codes: &[&str]) {
    let (problem, told) = read(read_mps, text);
    assert!(problem.is_none(), "read: {text}");
    assert_eq!(told, codes, "{text}");
}

const ROWS: &str = "NAME a\nROWS\n N cost\n L l\n G g\n E e\n";
const COLUMNS: &str = "COLUMNS\n x cost 1 l 1\n x g 1 e 1\n y cost 2 l 1\n y g 1\n";

/// What stands behind the columns, and the four rows that it makes.
fn rows(tail: &str, bounds: [&str; 3], codes: &[&str]) {
    let [l, g, e] = bounds;
    let shown = format!(
        "minimize cost: 1 x + 2 y\nl: 1 x + 1 y in {l}\ng: 1 x + 1 y in {g}\ne: 1 x in {e}\nx real 0..inf\ny real 0..inf\n"
    );
    reads(&format!("{ROWS}{COLUMNS}{tail}ENDATA\n"), &shown, codes);
}

/// Bounds, and the columns that they make: `y` is between markers.
fn bounds(lines: &str, x: &str, y: &str, codes: &[&str]) {
    let text = format!(
        "NAME a\nROWS\n N cost\nCOLUMNS\n x cost 1\n M 'MARKER' 'INTORG'\n y cost 2\n M 'MARKER' 'INTEND'\nBOUNDS\n{lines}\nENDATA\n"
    );
    reads(
        &text,
        &format!("minimize cost: 1 x + 2 y\nx {x}\ny {y}\n"),
        codes,
    );
}

fn bad_bounds(lines: &str, codes: &[&str]) {
    refuses(&format!("{ROWS}{COLUMNS}BOUNDS\n{lines}\nENDATA\n"), codes);
}

#[test]
fn right_sides_and_ranges() {
    let zero = ["-inf..0", "0..inf", "0..0"];
    rows("", zero, &[]);
    rows("RHS\n", zero, &[]);
    rows(
        "RHS\n r l 4 g 1\n r e 2\n",
        ["-inf..4", "1..inf", "2..2"],
        &[],
    );
    rows("RHS\n l 4 g 1\n e 2\n", ["-inf..4", "1..inf", "2..2"], &[]);
    rows(
        "RHS\n r l 4\n s g 1\n r e 2\n",
        ["-inf..4", "0..inf", "2..2"],
        &["MIL0205"],
    );
    rows(
        "RHS\n r l 4\n r l 5\n",
        ["-inf..4", "0..inf", "0..0"],
        &["MIL0205"],
    );
    rows(
        "RHS\n r l 1e30 g -1e30\n",
        ["-inf..inf", "-inf..inf", "0..0"],
        &[],
    );
    // The table of ranges: by kind of row and sign.
    let right = "RHS\n r l 10 g 10\n r e 10\nRANGES\n";
    rows(
        &format!("{right} r l 3 g 3\n r e 3\n"),
        ["7..10", "10..13", "10..13"],
        &[],
    );
    rows(
        &format!("{right} r l -3 g -3\n r e -3\n"),
        ["7..10", "10..13", "7..10"],
        &[],
    );
    rows(
        &format!("{right} l 0 g 0\n e 0\n"),
        ["10..10", "10..10", "10..10"],
        &[],
    );
    rows(
        &format!("{right} r l 1e30 e inf\n"),
        ["-inf..10", "10..inf", "10..inf"],
        &[],
    );
    rows(
        &format!("{right} r cost 3\n"),
        ["-inf..10", "10..inf", "10..10"],
        &["MIL0205"],
    );
    let bad =
        |tail: &str, codes: &[&str]| refuses(&format!("{ROWS}{COLUMNS}{tail}ENDATA\n"), codes);
    bad("RHS\n r q 4\n", &["MIL0108"]);
    bad("RHS\n r l nan\n", &["MIL0104"]);
    bad("RHS\n r l\n", &["MIL0108"]);
    bad("RHS\n r l 4 g\n", &["MIL0108"]);
    bad("RHS\n r e 1e30\n", &["MIL0104"]);
    bad("RHS\n r l -inf\n", &["MIL0104"]);
    bad("RHS\n r cost inf\n", &["MIL0104"]);
    bad("RANGES\n r l x\n", &["MIL0101"]);
    bad("RANGES\n r l 1/2\n", &["MIL0104"]);
}

#[test]
fn the_objective() {
    let text = |head: &str, tail: &str| {
        format!("NAME a\n{head}ROWS\n N cost\n N other\nCOLUMNS\n x cost 1 other 2\n{tail}ENDATA\n")
    };
    let shown = |sense: &str, sum: &str| format!("{sense}imize cost: {sum}\nx real 0..inf\n");
    for (head, sense) in [
        ("", "min"),
        ("OBJSENSE MAX\n", "max"),
        ("OBJSENSE\n    MAX\n", "max"),
        ("OBJSENSE\n    Maximize\n", "max"),
        ("OBJSENSE\n    MIN\n", "min"),
        ("objsense\n  max\n", "max"),
    ] {
        reads(&text(head, ""), &shown(sense, "1 x"), &["MIL0205"]);
    }
    reads(
        &text("OBJSENSE\nMAX\n", ""),
        &shown("max", "1 x"),
        &["MIL0201", "MIL0205"],
    );
    reads(
        &text("OBJNAME\n other\n", ""),
        "minimize other: 2 x\nx real 0..inf\n",
        &["MIL0205"],
    );
    // A right side of the objective is minus its constant.
    reads(
        &text("", "RHS\n r cost -5 other 7\n"),
        &shown("min", "1 x + 5"),
        &["MIL0205"],
    );
    refuses(&text("OBJSENSE BEST\n", ""), &["MIL0101", "MIL0205"]);
    refuses(
        &text("OBJNAME\n cast\n", ""),
        &["MIL0108", "MIL0205", "MIL0205"],
    );
    // Without any there is none; nor where nothing is in it.
    reads(
        "ROWS\n L l\nCOLUMNS\n x l 1\nENDATA",
        "l: 1 x in -inf..0\nx real 0..inf\n",
        &[],
    );
    reads(
        "ROWS\n N n\n L l\nCOLUMNS\n x l 1 n 0\nENDATA",
        "l: 1 x in -inf..0\nx real 0..inf\n",
        &[],
    );
}

#[test]
fn names_like_keywords_and_comments() {
    let text = "* first\nNAME silly\nROWS\n N COST $ the objective\n G ROWS *here\n G *R*\nCOLUMNS\n OBJSENSE ROWS 1 COST 1\n RHS ROWS 1 *R* 2 $ more\n BOUNDS COST 3 *said\n* between\nRHS\n    *S*     ROWS      1\n    RHS  *R*  2\nBOUNDS\n UP ENDATA RHS 4 $ a bound\nENDATA\n";
    let shown = "minimize COST: 1 OBJSENSE + 3 BOUNDS\nROWS: 1 OBJSENSE + 1 RHS in 1..inf\n*R*: 2 RHS in 0..inf\nOBJSENSE real 0..inf\nRHS real 0..4\nBOUNDS real 0..inf\n";
    reads(text, shown, &["MIL0205"]);
}

#[test]
fn layouts() {
    let shown = "minimize cost: 1 x\nl: 1 x in -inf..4\nx real 0..inf\n";
    let free = "NAME a\nROWS\n N cost\n L l\nCOLUMNS\n x cost 1 l 1\nRHS\n r l 4\nENDATA";
    reads(free, shown, &[]);
    reads(&free.replace('\n', "\r\n"), shown, &[]);
    reads(&free.replace(' ', "\t"), shown, &[]);
    reads(&free.replace("\n ", "\n"), shown, &["MIL0201"]);
    reads(&free.replace('1', "1.0D+0"), shown, &[]);
    reads(&free.replace(" 4", " +4.e0"), shown, &[]);
    // Names with blanks, by columns.
    let fixed = "NAME          two words
ROWS
 N  the cost
 L  row 1
COLUMNS
    col a     the cost             1   row 1                1
    col b     row 1               -2.5
RHS
              row 1                4
BOUNDS
 UP           col a                3
ENDATA
";
    let shown = "minimize the cost: 1 col a\nrow 1: 1 col a + -2.5 col b in -inf..4\ncol a real 0..3\ncol b real 0..inf\n";
    reads(fixed, shown, &["MIL0201"]);
    // A surplus field is no name with blanks where columns do not fit either.
    refuses(
        "NAME\nROWS\n N cost cost\nCOLUMNS\n x cost 1\nENDATA",
        &["MIL0101", "MIL0108"],
    );
}

#[test]
fn bounds_of_every_kind() {
    // Nothing said: integers between markers are 0 or 1, as all solvers have it.
    bounds("", "real 0..inf", "integer 0..1", &[]);
    for (kind, x, y) in [
        ("UP b @ 5", "real 0..5", "integer 0..5"),
        ("LO b @ 2", "real 2..inf", "integer 2..inf"),
        ("FX b @ 3", "real 3..3", "integer 3..3"),
        ("MI b @", "real -inf..inf", "integer -inf..inf"),
        ("PL b @", "real 0..inf", "integer 0..inf"),
        ("FR b @", "real -inf..inf", "integer -inf..inf"),
        ("FR @", "real -inf..inf", "integer -inf..inf"),
        ("FR b @ 0", "real -inf..inf", "integer -inf..inf"),
        ("BV b @", "integer 0..1", "integer 0..1"),
        ("BV @ 1", "integer 0..1", "integer 0..1"),
        ("LI b @ 2", "integer 2..inf", "integer 2..inf"),
        ("UI b @ 7", "integer 0..7", "integer 0..7"),
        ("SC b @ 9", "semicontinuous 0..9", "semiinteger 0..9"),
        ("SC b @", "semicontinuous 0..inf", "semiinteger 0..inf"),
        ("SI b @ 9", "semiinteger 0..9", "semiinteger 0..9"),
        ("UP @ 5", "real 0..5", "integer 0..5"),
        ("UP b @ inf", "real 0..inf", "integer 0..inf"),
        ("UP b @ 1e+30", "real 0..inf", "integer 0..inf"),
        ("LO b @ -1e20", "real -inf..inf", "integer -inf..inf"),
        ("UP b @ 0", "real 0..0", "integer 0..0"),
    ] {
        bounds(
            &format!(" {}", kind.replace('@', "x")),
            x,
            "integer 0..1",
            &[],
        );
        bounds(
            &format!(" {}", kind.replace('@', "y")),
            "real 0..inf",
            y,
            &[],
        );
    }
    bounds(" MI b x\n UP b x -3", "real -inf..-3", "integer 0..1", &[]);
    bounds(
        " LO b x 1\n SC b x 9",
        "semicontinuous 1..9",
        "integer 0..1",
        &[],
    );
    // As HiGHS and GLPK: the lower bound stays 0.
    bounds(" UP b x -3", "real 0..-3", "integer 0..1", &["MIL0206"]);
    bounds(
        " UP b x 5\n UP b x 6",
        "real 0..5",
        "integer 0..1",
        &["MIL0205"],
    );
    bounds(
        " UP b x 5\n UP c x 6\n LO c x 1",
        "real 0..5",
        "integer 0..1",
        &["MIL0205"],
    );
    bad_bounds(" UP b q 5", &["MIL0109"]);
    bad_bounds(" UP b x", &["MIL0109"]);
    bad_bounds(" XX b x 5", &["MIL0101"]);
    bad_bounds(" UP b x five", &["MIL0101"]);
    bad_bounds(" UP b x NaN", &["MIL0104"]);
    bad_bounds(" LO b x inf", &["MIL0104"]);
    bad_bounds(" FX b x -inf", &["MIL0104"]);
    bad_bounds(" UP x", &["MIL0101"]);
}

#[test]
fn sets_and_indicators() {
    let text = |tail: &str| format!("{ROWS}{COLUMNS}{tail}ENDATA\n");
    let shown = |conditions: &str| {
        format!(
            "minimize cost: 1 x + 2 y\nl: 1 x + 1 y in -inf..0\ng: 1 x + 1 y in 0..inf\ne: 1 x in 0..0\nx real 0..inf\ny real 0..inf\n{conditions}"
        )
    };
    for sets in [
        "SOS\n S1 s\n x 1\n y 2\n S2 t\n y 1\n x 2\n",
        "SETS\n S1 SOS s 5\n SOS x 1\n SOS y 2\n S2 t\n t x 2\n t y 1\n",
        "SOS\n S1 s\n x\n y\n S2 t\n y\n x\n",
    ] {
        reads(&text(sets), &shown("s: sos1 x y\nt: sos2 y x\n"), &[]);
    }
    reads(
        &text("SOS\n S1 s\n x 1\n y 1\n"),
        &shown("s: sos1 x y\n"),
        &["MIL0207"],
    );
    refuses(&text("SOS\n x 1\n"), &["MIL0101"]);
    refuses(&text("SOS\n S1 s\n q 1\n"), &["MIL0109"]);
    refuses(&text("SOS\n S1 s\n"), &["MIL0101"]);
    let text = text("RHS\n r l 4\nBOUNDS\n BV b y\nINDICATORS\n IF l y 1\n IF e y 0\n");
    reads(
        &text,
        "minimize cost: 1 x + 2 y\ng: 1 x + 1 y in 0..inf\nx real 0..inf\ny integer 0..1\nl: 1 y + -1 = 0 -> 1 x + 1 y + -4 <= 0\ne: 1 y = 0 -> 1 x = 0\n",
        &[],
    );
    for (line, code) in [
        (" IF q y 1", "MIL0108"),
        (" IF l q 1", "MIL0109"),
        (" IF l y 2", "MIL0101"),
        (" IF cost y 1", "MIL0105"),
        (" l y 1", "MIL0101"),
    ] {
        refuses(&text.replace(" IF l y 1", line), &[code]);
    }
}

#[test]
fn repetitions() {
    let head = "ROWS\n N c\n L l\nCOLUMNS\n";
    reads(
        &format!("{head} x l 1 l 2\nENDATA"),
        "l: 3 x in -inf..0\nx real 0..inf\n",
        &["MIL0203"],
    );
    reads(
        &format!("{head} x l 1\n x l -1\nENDATA"),
        "l: 0 in -inf..0\nx real 0..inf\n",
        &["MIL0203"],
    );
    // A column in two places is refused, since solvers make two of it.
    refuses(
        &format!("{head} x l 1\n y l 1\n x c 1\nENDATA"),
        &["MIL0204"],
    );
    refuses(
        "ROWS\n N c\n L l\n G l\nCOLUMNS\n x l 1\nENDATA",
        &["MIL0204"],
    );
}

#[test]
fn sections() {
    let body = "ROWS\n N c\n L l\nCOLUMNS\n x l 1\n";
    // Cut off: never a problem.
    for end in ["", "RHS\n r l 4\n", "BOUNDS\n"] {
        refuses(&format!("{body}{end}"), &["MIL0110"]);
    }
    refuses(&format!("{body}QUADOBJ\n x x 2\nENDATA"), &["MIL0105"]);
    refuses(&format!("{body}QSECTION l\n x x 2\nENDATA"), &["MIL0105"]);
    refuses(&format!("{body}QMATRIX\n x x 2\nENDATA"), &["MIL0105"]);
    refuses(&format!("{body}QCMATRIX l\n x x 2\nENDATA"), &["MIL0105"]);
    refuses(
        &format!("{body}CSECTION k 0.0 QUAD\n x\nENDATA"),
        &["MIL0105"],
    );
    refuses(&format!("{body}COLUMNS\n y l 1\nENDATA"), &["MIL0107"]);
    refuses(&format!("{body}BOUNDZ\nENDATA"), &["MIL0107"]);
    refuses("ROWS\n N c\nENDATA", &["MIL0107"]);
    refuses("COLUMNS\n x c 1\nENDATA", &["MIL0107", "MIL0108"]);
    refuses("NAME a\nENDATA", &["MIL0107"]);
    reads(
        &format!("{body}ENDATA\nIMPORTANCES\n x 1\n"),
        "l: 1 x in -inf..0\nx real 0..inf\n",
        &["MIL0209"],
    );
    reads(
        "ROWS\n L l\nCOLUMNS\n M 'MARKER' 'INTORG'\n x l 1\nENDATA",
        "l: 1 x in -inf..0\nx integer 0..1\n",
        &["MIL0107"],
    );
    refuses(
        "ROWS\n L l\nCOLUMNS\n M 'MARKER' 'INTEND'\n x l 1\nENDATA",
        &["MIL0101"],
    );
    for text in [
        "",
        "\n",
        "* only a comment\n",
        "hello world",
        " NAME a\n ROWS\n",
        "Minimize\n x\nEnd",
        "{}",
    ] {
        let (problem, codes) = read(read_mps, text);
        assert!(problem.is_none());
        assert_eq!(codes[0], "MIL0106", "{text}");
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let text = "ROWS\n N c\n X l\n L m\nCOLUMNS\n x l 1 m 1\n y m one\n y q 2\nRHS\n r m nan\nBOUNDS\n UP b z 1\nENDATA\n";
    refuses(
        text,
        &[
            "MIL0101", "MIL0108", "MIL0101", "MIL0108", "MIL0104", "MIL0109",
        ],
    );
    let many = format!("ROWS\n N c\nCOLUMNS\n{}ENDATA", " x q 1\n".repeat(500));
    assert_eq!(read(read_mps, &many).1.len(), 100);
}

#[test]
fn everything_has_a_place() {
    let text = format!("{ROWS}{COLUMNS}ENDATA\n");
    let source = SourceText::new("a", &text).unwrap();
    let problem = read_mps(&source).0.unwrap();
    let at = |item| source.slice(problem.span(item).unwrap());
    assert_eq!(at(Item::Row(0)), "l");
    assert_eq!(at(Item::Lower(1)), "y");
    assert_eq!(&*problem.name, "a");
    assert_eq!(problem.row_families.len(), 1);
}

const TEXTS: [&str; 2] = [
    "NAME a\nOBJSENSE\n  MAX\nROWS\n N cost\n N free\n L l\n G g\n E e\nCOLUMNS\n x cost 1.5 l 1 $ c\n M 'MARKER' 'INTORG'\n y g -2 e 1e3\n M 'MARKER' 'INTEND'\nRHS\n r l 4 g 1\nRANGES\n r l 3\nBOUNDS\n UP b x 3\n FR b y\nSOS\n S1 s\n x 1\n y 2\nINDICATORS\n IF e y 1\nENDATA\nrest",
    "NAME          two words\nROWS\n N  the cost\n L  row é\nCOLUMNS\n    col a     the cost             1   row é                1\nRHS\n              row é                4\nBOUNDS\n UP           col a                3\nENDATA\n",
];

const SNIPPETS: [&str; 20] = [
    " ",
    "\n",
    "\t",
    "$",
    "*",
    "nan",
    "inf",
    "1e30",
    "-",
    "ROWS\n",
    "\nCOLUMNS\n",
    "\nENDATA\n",
    "'MARKER'",
    "é",
    "x",
    " N ",
    "1D5",
    "\nRHS\n",
    "\nSOS\n",
    "\u{1}",
];

#[test]
fn nothing_panics_or_takes_long() {
    torture(read_mps, &TEXTS, &SNIPPETS, 8_000);
    let started = Instant::now();
    let long = |piece: &str| piece.repeat(100_000 / piece.len());
    for piece in [
        "x",
        " x",
        "\n x",
        "1",
        "\n N ",
        "\n N a",
        "*",
        "$",
        "\t",
        " 'MARKER' ",
        "\n S1 s",
        "é",
    ] {
        for head in [
            "",
            "NAME ",
            "ROWS\n ",
            "ROWS\n N c\nCOLUMNS\n x c 1",
            "ROWS\n N c\nCOLUMNS\n x c 1\nBOUNDS\n",
            "ROWS\n N c\nCOLUMNS\n x c 1\nSOS\n",
        ] {
            drop(read(read_mps, &format!("{head}{}", long(piece))));
        }
    }
    // One entry that is repeated, in numbers of many digits.
    let entries: String = (0..20_000)
        .map(|i| format!(" x c 1e-{}\n", i % 900))
        .collect();
    drop(read(
        read_mps,
        &format!("ROWS\n N c\nCOLUMNS\n{entries}ENDATA\n"),
    ));
    assert!(started.elapsed() < Duration::from_secs(60));
}
