//! Hostile texts: whatever comes, there is no panic, no stack overflow in a
//! small thread, and no time that grows with the square of the text.
//!
//! There is no clock here. A quadratic step shows as a test that does not end:
//! the texts are long enough for that.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::thread;

use nsolve_source::{Code, Diagnostic, Severity, SourceText};
use nsolve_syntax::fol::{Style, elaborate, parse, print};

/// Reads, elaborates, lints and prints in a thread with a 2 MiB stack.
fn read(text: String) -> Vec<Diagnostic> {
    let worker = move || {
        let source = match SourceText::new("hostile.fol", &text) {
            Ok(source) => source,
            Err(diagnostic) => return vec![diagnostic],
        };
        let (document, mut diagnostics) = parse(&source);
        let elaboration = elaborate(&document, &Style::NATIVE);
        diagnostics.extend(elaboration.diagnostics);
        if let Some(problem) = elaboration.problem {
            print(&problem);
        }
        for diagnostic in &diagnostics {
            if let Some(span) = diagnostic.span {
                assert!(
                    text.get(span.range()).is_some(),
                    "{diagnostic} lies outside the text"
                );
            }
        }
        diagnostics
    };
    let thread = thread::Builder::new().stack_size(2 << 20);
    thread.spawn(worker).unwrap().join().unwrap()
}

fn errors(text: String) -> Vec<Code> {
    let mut codes: Vec<_> = read(text)
        .into_iter()
        .filter(|d| d.severity == Severity::Error)
        .map(|d| d.code)
        .collect();
    codes.dedup();
    // What cannot be read leaves a text without a question, or without anything.
    if codes.len() > 1 {
        codes.retain(|c| ![Code::EMPTY_TEXT, Code::NO_QUESTION].contains(c));
    }
    codes
}

fn list(n: usize, separator: &str, one: impl Fn(usize) -> String) -> String {
    (0..n).map(one).collect::<Vec<_>>().join(separator)
}

#[test]
fn what_nests_too_deeply_is_refused() {
    let million = 1_000_000;
    for text in [
        format!("premise : {}", "(".repeat(million)),
        format!("premise : {}p", "not ".repeat(million / 4)),
        format!("premise : {}p", "forall x. ".repeat(10_000)),
        format!("premise : {}p", "exists x, y: T. ".repeat(10_000)),
        format!("premise : {}p", "at least 2 x. ".repeat(10_000)),
        format!("premise : {}p", "p -> ".repeat(100_000)),
        format!("premise : {}p", "p xor ".repeat(100_000)),
        format!("premise : {}x = 1", "-".repeat(million)),
        format!("premise : {}1 = 1", "1 - ".repeat(100_000)),
        format!("premise : {}1 = 1", "1 div 2 + ".repeat(100_000)),
        format!("premise : {}1 = 1", "1 - 1 + ".repeat(100_000)),
        format!("premise : p({}", "f(".repeat(million / 2)),
        format!("premise : {}p", "a or b and (".repeat(100_000)),
        format!("sort S = {}", "{".repeat(million)),
    ] {
        let text = format!("{text}\nask model");
        assert_eq!(errors(text), [Code::TOO_DEEP]);
    }
}

/// The deepest that is read must pass through every step in a small stack.
#[test]
fn what_nests_just_not_too_deeply_is_read() {
    let nested = |n: usize, one: &str, inner: &str, close: &str| {
        format!("conclusion : {}{inner}{}", one.repeat(n), close.repeat(n))
    };
    for text in [
        nested(200, "(", "p", ")"),
        nested(200, "not ", "p", ""),
        nested(199, "p -> ", "p", ""),
        nested(199, "p xor ", "p", ""),
        nested(99, "not (", "p", ")"),
        nested(199, "p or q and (", "p", ")"),
        nested(99, "p <-> q or r and (", "p", ")"),
        nested(66, "p -> q or r and not (", "p", ")"),
        nested(66, "q or r and not exists x. q or r and (", "p", ")"),
        format!(
            "conclusion : {}",
            nested(190, "f(", "c", ")").replace("conclusion : ", "p(") + ")"
        ),
        format!("conclusion : {}1 = 1", "1 - 1 + ".repeat(190)),
        format!(
            "conclusion : {}",
            list(190, " ", |i| format!("forall x{i}. q(x{i}) and p or")) + " p"
        ),
        format!("conclusion : {}x = 1", "-".repeat(190)),
    ] {
        assert_eq!(errors(text.clone()), [], "{text}");
    }
}

#[test]
fn long_texts_are_read_in_time_that_grows_with_their_length() {
    let n = 30_000;
    for text in [
        format!("conclusion : {}", list(n, " and ", |i| format!("p{i}"))),
        format!("conclusion : {}", list(n, " or ", |_| "p".to_owned())),
        format!("conclusion : p({})", list(n, ", ", |i| format!("c{i}"))),
        format!(
            "conclusion : distinct({})",
            list(n, ", ", |i| format!("c{i}"))
        ),
        format!("conclusion : x = {}", list(n, " + ", |i| i.to_string())),
        list(n, "\n", |i| format!("premise : p(c{i})")) + "\nask model",
        list(n, "\n", |i| format!("premise p{i} : q{i}(c)")) + "\nask model",
        list(n, "\n", |_| "premise a : ∀x. p(x)".to_owned()) + "\nask model",
        list(n, "\n", |i| format!("const c{i} : Thing")) + "\nask model",
        list(n, "\n", |i| format!("sort S{i}")) + "\nask model",
        list(n, "\n", |i| format!("premise : exists x: S{i}. p(x)")) + "\nask model",
        list(n, "\n", |i| format!("option A{i} : p")),
        format!(
            "sort S = {{ {} }} ask model",
            list(n, ", ", |i| format!("e{i}"))
        ),
        format!(
            "sort S = {{ {} }} conclusion : p({})",
            list(n, ", ", |i| format!("e{i}")),
            list(n, ", ", |i| format!("e{i}"))
        ),
        list(n, "\n", |i| format!("conclusion : p{i}")),
        format!(
            "conclusion : forall {}. p",
            list(n, ", ", |i| format!("x{i}"))
        ),
        format!(
            "conclusion : forall {}. p",
            list(n, ", ", |_| "x".to_owned())
        ),
        format!(
            "conclusion : forall {}. {}",
            list(n, ", ", |i| format!("x{i}")),
            list(n, " and ", |i| format!("p(x{i})"))
        ),
        format!(
            "conclusion : exists {}: S. p",
            list(n, ", ", |i| format!("x{i}"))
        ),
    ] {
        read(text);
    }
}

#[test]
fn texts_full_of_faults_are_read_in_time_that_grows_with_their_length() {
    let n = 30_000;
    for text in [
        "premise ".repeat(n),
        "premise : ".repeat(n),
        "premise : p( ".repeat(n),
        "premise : p(@) ".repeat(n),
        "@ ".repeat(n),
        "@".repeat(10 * n),
        "\"\\\"".repeat(n),
        "'\\'".repeat(n),
        "\"\\\" '".repeat(n),
        "\"\n".repeat(n),
        "'".repeat(10 * n + 1),
        "∀".repeat(n),
        "p : ".repeat(n),
        "#".repeat(n),
        "a ".repeat(n),
        "all ".repeat(n),
        "ask ".repeat(n),
        "ask all ".repeat(n),
        list(n, "\n", |i| {
            format!("premise : p({})", list(i % 7, ", ", |_| "c".to_owned()))
        }),
        format!(
            "pred p : Thing\n{}",
            list(n, "\n", |_| "premise : p(a, b)".to_owned())
        ),
        format!(
            "sort S = {{ {} }}\npred p : S\n{}",
            list(1_000, ", ", |i| format!("e{i}")),
            list(n, "\n", |i| format!("premise : p(x{i})"))
        ),
    ] {
        assert!(!read(text).is_empty());
    }
}

#[test]
fn numbers_do_not_grow_beyond_the_text() {
    let number = |text: &str| errors(format!("conclusion : {text} = x"));
    assert_eq!(number("1e400"), []);
    assert_eq!(number("1e-400"), []);
    for text in [
        "1e401",
        "1e-401",
        "1e999999999",
        "1e-99999999999999999999999999",
        "1/0",
        "1/000%",
    ] {
        assert_eq!(number(text), [Code::BAD_NUMBER], "{text}");
    }
    assert_eq!(number(&"9".repeat(1_000)), []);
    assert_eq!(number(&"9".repeat(1_000_000)), [Code::BAD_NUMBER]);
    assert_eq!(
        number(&format!("1/{}", "9".repeat(1_000_000))),
        [Code::BAD_NUMBER]
    );
    read(format!("premise : x = {}", "1e-400 + ".repeat(20_000)));
    for text in [
        "at least 1e400 x. p(x)",
        "exactly 1/2 x. p(x)",
        "at most 4294967296 x. p(x)",
    ] {
        assert_eq!(
            errors(format!("conclusion : {text}")),
            [Code::UNEXPECTED],
            "{text}"
        );
    }
}

#[test]
fn odd_characters_and_long_names_are_told() {
    assert_eq!(
        errors(format!("conclusion : {}", "a".repeat(100_000))),
        [Code::NAME_TOO_LONG]
    );
    assert_eq!(
        errors(format!("conclusion : '{}'", "a".repeat(100_000))),
        [Code::NAME_TOO_LONG]
    );
    assert_eq!(errors("conclusion : p\0".to_owned()), [Code::NUL_BYTE]);
    assert_eq!(errors(String::new()), [Code::EMPTY_TEXT]);
    assert_eq!(errors("# nothing\n".to_owned()), [Code::EMPTY_TEXT]);
    // Scripts may be mixed; what looks alike is still two names.
    assert_eq!(
        errors("premise : раrty(tom) conclusion : party(tom)".to_owned()),
        []
    );
    for control in [
        '\u{1}', '\u{7f}', '\u{200b}', '\u{202e}', '\u{feff}', '\u{e000}',
    ] {
        let codes = errors(format!("premise : p conclusion : {control}p"));
        assert_eq!(codes, [Code::UNKNOWN_CHARACTER], "{control:?}");
    }
    for text in [
        "\u{301}",
        "é",
        "e\u{301}",
        "\r\r\n",
        "\u{2028}",
        "\u{b}",
        "😀",
        "premise : 😀(tom)",
    ] {
        read(text.to_owned());
    }
}

/// Every cut of a text at a character, and every text with one character left
/// out or doubled.
#[test]
fn broken_texts_are_told() {
    let whole = "sort Person = { alice, 'bo\\'b' } # who\nconst c : Real \"a \\\"b\\\"\"\n\
                 func f : Person, Int -> Real\npred likes : Person, Person\nsemantics rules\n\
                 premise p1 \"Ünï\" : ∀x, y: Person. likes(x, y) ∧ x ≠ y -> exists! z. likes(z, x)\n\
                 premise : at least 2 n: Int. f(alice, n) * 1/2 >= -2.5e3 - c\n\
                 ask all must be true except\noption A : distinct(alice, 'bo\\'b') <-> not true xor p\n";
    assert_eq!(errors(whole.to_owned()), []);
    for (at, c) in whole.char_indices() {
        let after = at + c.len_utf8();
        read(whole[..at].to_owned());
        read(whole[at..].to_owned());
        read(format!("{}{}", &whole[..at], &whole[after..]));
        read(format!("{}{c}{}", &whole[..after], &whole[at..]));
        read(format!("{}({}", &whole[..at], &whole[at..]));
        read(format!("{}\"{}", &whole[..at], &whole[at..]));
    }
}
