//! The tolerant readers on texts of our own: what each makes of them, and what
//! it says about them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test fails by panicking, and says what it left out"
)]

use std::fmt::Write;
use std::path::Path;

use nsolve_formats::{read_folio, read_linc, read_logic_lm, read_nltk, read_prover9};
use nsolve_il::fol::{CompareOp, Modality, Quantifier};
use nsolve_source::{Diagnostic, SourceText, has_errors};
use nsolve_syntax::fol::{
    BinaryOp, Declaration, Document, Expr, ExprKind, ItemKind, NaryOp, UnaryOp,
};

type Reader = fn(&SourceText) -> (Document, Vec<Diagnostic>);

const READERS: &[(&str, Reader)] = &[
    ("nltk", read_nltk),
    ("linc", read_linc),
    ("folio", read_folio),
    ("logic_lm", read_logic_lm),
    ("prover9", read_prover9),
];

#[test]
fn every_file_reads_as_its_snapshot() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut count = 0;
    for (dialect, read) in READERS {
        let mut files: Vec<_> = std::fs::read_dir(root.join(dialect))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|e| e == "txt"))
            .collect();
        files.sort();
        settings.set_snapshot_path(root.join(dialect));
        for path in files {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let text = SourceText::new(&name, &std::fs::read_to_string(&path).unwrap()).unwrap();
            let (document, diagnostics) = read(&text);
            let shown = show(&text, &document, &diagnostics);
            settings.bind(|| insta::assert_snapshot!(name, shown));
            count += 1;
        }
    }
    assert!(count >= 13, "only {count} files were found");
}

/// Texts that a reader must refuse or read, but survive, in time that does not
/// grow with the square of their length.
#[test]
fn nothing_hostile_panics() {
    let mut texts: Vec<String> = [
        "",
        " ",
        "\n\n",
        "(",
        ")",
        "((((",
        "))))",
        "()",
        "P(",
        "P()",
        "P(,)",
        "P(x",
        ",",
        ".",
        "...",
        "$",
        "$x",
        "-",
        "- -",
        "->",
        "x ->",
        "∀",
        "∀x",
        "∀x ∀",
        "all",
        "all x",
        "all x.",
        "exists x. .",
        "ForAll(",
        "ForAll(x",
        "ForAll([x",
        "ForAll([x], ",
        "ForAll([], P(x))",
        "∃!",
        "no x.",
        "\"",
        "'",
        "'a",
        "“a",
        "x'''''",
        "'''",
        "Not(",
        "Not(P(a),",
        "Not(P(a), 3)",
        "is is is",
        "a is",
        "a is not",
        "P(a) = ",
        "= =",
        "x = y = z",
        "{",
        "[a",
        "[]",
        "P([])",
        "P({a}, [b])",
        "P(a & b | c)",
        "if",
        "if if",
        "then",
        "∈",
        "a ∈",
        "a ∉ b",
        "…",
        "⊤ ⊥",
        ":::",
        "a ::: ",
        "TEXT:",
        "FOL:",
        "FOL: \nTEXT:",
        "Query:",
        "Facts:\nQuery:\n",
        "Predicates:\n(\n)",
        "Predicates:\nP(((\nPremises:\nP(\nConclusion:",
        "Rules:\n>>>\nQuery:\n>>>",
        "Conclusion:",
        "formulas(goals).",
        "formulas(",
        "end_of_list.",
        "formulas(goals). % ",
        "x''' = y.",
        "formulas(goals). x'''''''''' = x. end_of_list.",
        "\u{301}",
        "P\u{301}(x)",
        "（x）",
        "\u{200b}",
        "99999999999999999999999999999999.",
        "1.2.3.4",
        "a-b-c",
        "a--b",
        "1-",
        "all x y z",
        "v v v",
    ]
    .map(str::to_owned)
    .into();
    for part in [
        "(",
        ")",
        "[",
        "{(",
        "P(",
        "-",
        "- (",
        "¬",
        "∀x ",
        "all x. ",
        "exists x. (",
        "ForAll(x, ",
        "a & ",
        "a -> ",
        "a <-> ",
        "a ⊕ ",
        "P(x) ",
        "[x:",
        "Count([x:S], ",
        "x+",
        "x = ",
        "not ",
        "Not(",
        "'",
        "\"a",
        "a'b ",
        "all x. P(x) & ",
        "∀x P(x) → ",
        "if ",
        "a, ",
        "\n",
        "a\n",
        "$x ",
        "%",
        "(∀x)",
        "x is ",
    ] {
        texts.push(part.repeat(6_000));
        texts.push(format!("Query:\n{}", part.repeat(6_000)));
        texts.push(format!("formulas(goals).\n{}.", part.repeat(6_000)));
        texts.push(format!("FOL: {}", part.repeat(6_000)));
        texts.push(format!(
            "# Declarations\nS = EnumSort([1, 2])\nP = Function([S] -> [bool])\n# Constraints\n{0}\n# Options\n{0}",
            part.repeat(6_000)
        ));
        texts.push(format!(
            "Variables:\nx [IN] [1, 2]\nConstraints:\n{0}\nQuery:\nA) {0}",
            part.repeat(6_000)
        ));
    }
    texts.push("a".repeat(100_000));
    texts.push(format!("P({})", "a".repeat(100_000)));
    texts.push("9".repeat(100_000));
    for text in &texts {
        let source = SourceText::new("hostile", text).unwrap();
        for (_, read) in READERS {
            drop(read(&source));
        }
    }
}

#[test]
fn a_fragment_without_a_conclusion_is_an_error() {
    for (name, read) in READERS {
        let (_, diagnostics) = read(&SourceText::new("empty", " \n").unwrap());
        assert!(has_errors(&diagnostics), "{name}");
    }
}

/// The recorded drafts are no part of the repository; `NSOLVE_DATA` says where
/// they are.
#[test]
fn recorded_drafts_are_readable() {
    let Ok(data) = std::env::var("NSOLVE_DATA") else {
        eprintln!("skipped: NSOLVE_DATA is not set to the folder of recorded drafts");
        return;
    };
    for (set, field, read, most) in [
        ("linc-folio-gpt4", "generations", read_linc as Reader, 0.02),
        ("linc-folio-gpt35", "generations", read_linc, 0.04),
        ("linc-proofwriter-gpt4", "generations", read_linc, 0.005),
        ("logiclm-folio-gpt4", "program", read_logic_lm, 0.03),
        ("logiclm-folio-gpt35", "program", read_logic_lm, 0.07),
        ("logiclm-folio-davinci3", "program", read_logic_lm, 0.05),
        ("logiclm-proofwriter-gpt4", "program", read_logic_lm, 0.005),
        ("logiclm-proofwriter-gpt35", "program", read_logic_lm, 0.08),
        (
            "logiclm-proofwriter-davinci3",
            "program",
            read_logic_lm,
            0.02,
        ),
        ("logiclm-prontoqa-gpt4", "program", read_logic_lm, 0.0),
        ("logiclm-prontoqa-davinci3", "program", read_logic_lm, 0.0),
    ] {
        let path = Path::new(&data).join("logic").join(format!("{set}.jsonl"));
        let rows = std::fs::read_to_string(path).unwrap();
        let mut drafts = 0;
        let mut unreadable = 0;
        for row in rows.lines() {
            let row: serde_json::Value = serde_json::from_str(row).unwrap();
            let field = &row[field];
            let texts = field
                .as_array()
                .cloned()
                .unwrap_or_else(|| vec![field.clone()]);
            for text in texts {
                let text = SourceText::new(set, text.as_str().unwrap()).unwrap();
                drafts += 1;
                unreadable += usize::from(has_errors(&read(&text).1));
            }
        }
        let share = f64::from(unreadable as u32) / f64::from(drafts);
        assert!(
            share <= most,
            "{set}: {unreadable} of {drafts} are unreadable"
        );
    }
}

// Printing -----------------------------------------------------------------

fn show(text: &SourceText, document: &Document, diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for item in &document.items {
        let (what, statement) = match &item.kind {
            ItemKind::Declaration(Declaration::Symbol {
                name,
                arguments,
                meaning,
                ..
            }) => {
                let meaning = meaning.as_deref().unwrap_or("");
                writeln!(out, "declare {}/{} {meaning}", name.name, arguments.len()).unwrap();
                continue;
            }
            ItemKind::Declaration(Declaration::Sort { name, elements }) => {
                let elements = elements.iter().flatten().map(|e| e.name.as_str());
                let listed = elements.collect::<Vec<_>>().join(", ");
                writeln!(out, "sort {} {{{listed}}}", name.name).unwrap();
                continue;
            }
            ItemKind::Choice(statement, modality) => {
                let word = modality.map_or("option", |m| match m {
                    Modality::Must => "option that must be",
                    Modality::Could => "option that could be",
                    Modality::Cannot => "option that cannot be",
                });
                (word, statement)
            }
            ItemKind::Premise(statement) => ("premise", statement),
            ItemKind::Conclusion(statement) => ("conclusion", statement),
            other => {
                writeln!(out, "{other:?}").unwrap();
                continue;
            }
        };
        let name = statement.name.as_ref().map_or("", |n| n.name.as_str());
        let sentence = statement.sentence.as_deref().unwrap_or("");
        let words = [what, name, sentence].into_iter().filter(|w| !w.is_empty());
        writeln!(
            out,
            "{}\n    {}",
            words.collect::<Vec<_>>().join(" "),
            sexpr(&statement.formula)
        )
        .unwrap();
    }
    out.push_str("---\n");
    for d in diagnostics {
        let at = text.position(d.span.unwrap_or_default().start);
        write!(out, "{}:{} {d}", at.line, at.column).unwrap();
        if !d.expected.is_empty() {
            write!(out, " | expected {}", d.expected.join(", ")).unwrap();
        }
        if let Some(help) = &d.help {
            write!(out, " | {help}").unwrap();
        }
        if let Some(fix) = &d.fix {
            write!(
                out,
                " | `{}` => `{}`",
                text.slice(fix.span),
                fix.replacement
            )
            .unwrap();
        }
        out.push('\n');
    }
    out
}

fn sexpr(e: &Expr) -> String {
    let list = |head: &str, parts: &[Expr]| {
        let parts: String = parts.iter().map(|p| format!(" {}", sexpr(p))).collect();
        format!("({head}{parts})")
    };
    match &e.kind {
        ExprKind::Name(name) => name.replace(' ', "_"),
        ExprKind::Variable(name) => format!("?{name}"),
        ExprKind::Apply(name, parts) => list(&name.name.replace(' ', "_"), parts),
        ExprKind::Number(n) => n.to_string(),
        ExprKind::Truth(t) => t.to_string(),
        ExprKind::Unary(UnaryOp::Not, inner) => format!("(not {})", sexpr(inner)),
        ExprKind::Unary(UnaryOp::Negate, inner) => format!("(neg {})", sexpr(inner)),
        ExprKind::Nary(NaryOp::And, parts) => list("and", parts),
        ExprKind::Nary(NaryOp::Or, parts) => list("or", parts),
        ExprKind::Nary(NaryOp::Distinct, parts) => list("distinct", parts),
        ExprKind::Binary(op, a, b) => {
            let op = match op {
                BinaryOp::Xor => "xor",
                BinaryOp::Implies => "=>",
                BinaryOp::Iff => "<=>",
                BinaryOp::Equal => "=",
                BinaryOp::NotEqual => "!=",
                BinaryOp::Compare(CompareOp::Less) => "<",
                BinaryOp::Compare(CompareOp::LessEq) => "<=",
                BinaryOp::Compare(CompareOp::Greater) => ">",
                BinaryOp::Compare(CompareOp::GreaterEq) => ">=",
            };
            format!("({op} {} {})", sexpr(a), sexpr(b))
        }
        ExprKind::Arithmetic(op, parts) => list(&format!("{op:?}"), parts),
        ExprKind::Quantified(q) => {
            let word = match q.quantifier {
                Quantifier::Forall => "forall",
                Quantifier::Exists => "exists",
                Quantifier::ExistsUnique => "exists!",
                Quantifier::AtLeast(n) => &format!("at-least-{n}"),
                Quantifier::AtMost(n) => &format!("at-most-{n}"),
                Quantifier::Exactly(n) => &format!("exactly-{n}"),
            };
            let names: Vec<_> = q.variables.iter().map(|(v, _)| v.name.as_str()).collect();
            format!("({word} [{}] {})", names.join(" "), sexpr(&q.body))
        }
    }
}
