//! Hostile programs: no panic, no overflow of the stack, every fault told, and
//! every place within the text. (`cargo test` would hang on a quadratic one.)

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use nsolve_il::program::Problem;
use nsolve_source::{Code, Diagnostic, SourceText, has_errors};
use nsolve_syntax::program::{Dialect, detect_dialect, print, read, read_atom, read_goal};

fn check_places(text: &str, diagnostics: &[Diagnostic]) {
    for d in diagnostics {
        let fix = d.fix.as_ref().map(|f| f.span);
        let related = d.related.iter().map(|(s, _)| *s);
        for span in d.span.into_iter().chain(fix).chain(related) {
            assert!(text.get(span.range()).is_some(), "{d} is at {span:?}");
        }
    }
}

/// Reads it in both dialects, as a goal and as an atom.
fn read_all(text: &str) -> Vec<Diagnostic> {
    let source = SourceText::new("hostile", text).unwrap();
    detect_dialect("-", text);
    let mut out = Vec::new();
    for dialect in [Dialect::Asp, Dialect::Prolog] {
        let (problem, diagnostics) = read(&source, dialect);
        check_places(text, &diagnostics);
        if let Some(problem) = problem {
            let printed = SourceText::new("printed", &print(&problem)).unwrap();
            let again = read(&printed, Dialect::Asp).1;
            assert!(!has_errors(&again), "{}\n{again:?}", printed.text());
        }
        out.extend(diagnostics);
    }
    check_places(text, &read_goal(&source, &mut Problem::new()).1);
    check_places(text, &read_atom(&source, &mut Problem::new()).1);
    out
}

fn says(diagnostics: &[Diagnostic], code: Code) -> bool {
    diagnostics.iter().any(|d| d.code == code)
}

#[test]
fn deep_nesting_is_refused() {
    for (open, close) in [
        ("p(", ")"),
        ("p((", "))"),
        ("p([", "])"),
        ("p(-", ")"),
        ("p(|", "|)"),
        ("p(2**", ")"),
        ("p(f(1+", "))"),
    ] {
        let text = format!("{}1{}.", open.repeat(10_000), close.repeat(10_000));
        assert!(says(&read_all(&text), Code::TOO_DEEP), "{open}");
    }
    let chain = format!("p({}1).", "1+".repeat(100_000));
    assert!(says(&read_all(&chain), Code::TOO_DEEP));
    let list = format!("p([{}1]).", "1,".repeat(100_000));
    assert!(says(&read_all(&list), Code::TOO_DEEP));
    for not in ["\\+ ", "not ", "- ", "(", "{", "[", "|"] {
        let found = read_all(&format!("p :- {}q.", not.repeat(100_000)));
        assert!(has_errors(&found), "{not}");
    }
}

#[test]
fn lists_and_terms_within_the_limits_are_read() {
    let text = format!(
        "p([{}1]). q({}1{}).",
        "1,".repeat(900),
        "f(".repeat(190),
        ")".repeat(190)
    );
    assert!(!has_errors(&read_all(&text)));
}

#[test]
fn a_sign_that_never_ends_is_read() {
    for sign in [
        "(", ")", "{", "[", "|", "p", "P", "_", ".", "..", ",", ";", ":", ":-", "?", "\"", "'",
        "%", "%*", "%!", "/*", "#", "@", "\\", "-", "0", "0'", "$", "é", "p(", "p,", "p.", "p:",
        "p\n", "p(a\n", ":~", ":~.", ":~.[", "a.[", "#show", "#script", "not ", "{a;", "a|",
    ] {
        let text = sign.repeat(50_000 / sign.len());
        read_all(&text);
    }
}

#[test]
fn what_stands_for_many_rules_is_refused() {
    for text in [
        format!("p({}).", "(1;2),".repeat(40) + "1"),
        format!("p :- {}r.", "(a;b),".repeat(40)),
        format!("p :- \\+ ({}r).", "(a;b),".repeat(40)),
        format!("p :- {}r.", "q,".repeat(5_000)),
        "p(1..9223372036854775807). q(X) :- X = -9223372036854775808..9223372036854775807.".to_owned(),
        "#type t = 1..9223372036854775807. #type u = -9223372036854775808..9223372036854775807.".to_owned(),
        "#const a = 9223372036854775807 + 1. #const b = 1 / 0. #const c = -9223372036854775808 / -1.".to_owned(),
    ] {
        assert!(!read_all(&text).is_empty(), "{text}");
    }
}

#[test]
fn pieces_of_programs_are_read() {
    let whole = include_str!("program/valid/native.asp").to_owned()
        + include_str!("program/valid/family.pl")
        + include_str!("program/invalid/reading.asp")
        + include_str!("program/invalid/prolog.pl");
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let boundary = |mut at: usize| {
        while !whole.is_char_boundary(at) {
            at += 1;
        }
        at
    };
    for _ in 0..200 {
        let mut text = String::new();
        for _ in 0..4 {
            let from = boundary(next(whole.len()));
            let to = boundary((from + next(60)).min(whole.len()));
            text.push_str(&whole[from..to]);
        }
        read_all(&text);
    }
}
