//! What an option says that is to be checked: `is_valid(..)` and the like.

use nsolve_il::fol::Modality;
use nsolve_source::{Code, Diagnostic, Span};

use super::tree::{Comparison, Join, Tree, TreeKind};
use crate::limits::{Read, fault};

/// What must pass for an option to be the one.
#[derive(Debug)]
pub(crate) struct Asked {
    /// Whether it is the one if they do *not* pass.
    pub(crate) except: bool,
    pub(crate) tests: Vec<(Modality, Tree)>,
}

const WORDS: [&str; 9] = [
    "is_valid",
    "is_sat",
    "is_unsat",
    "is_exception",
    "is_accurate_list",
    "is_equivalent",
    "is_required",
    "is_min",
    "is_max",
];

/// Reads an option. What it says without a word must be true.
pub(crate) fn read_option(tree: Tree, diagnostics: &mut Vec<Diagnostic>) -> Read<Asked> {
    let span = tree.span;
    let TreeKind::Call(word, at, parts) = &tree.kind else {
        return Ok(plain(tree, diagnostics));
    };
    if !word.starts_with("is_") {
        return Ok(plain(tree, diagnostics));
    }
    let (at, one) = (*at, |modality, tree| Asked {
        except: false,
        tests: vec![(modality, tree)],
    });
    match word.as_str() {
        "is_valid" | "is_required" => Ok(one(Modality::Must, all(parts, span, diagnostics)?)),
        "is_sat" => Ok(one(Modality::Could, all(parts, span, diagnostics)?)),
        "is_unsat" => Ok(one(Modality::Cannot, all(parts, span, diagnostics)?)),
        "is_exception" => {
            let [inner] = parts.as_slice() else {
                return wrong(word, "one check, such as `is_sat(..)`", span);
            };
            let checks = matches!(&inner.kind, TreeKind::Call(w, ..) if w.starts_with("is_"));
            if !checks {
                diagnostics.push(
                    Diagnostic::warning(
                        Code::OPTION_WORD,
                        "`is_exception` holds a formula and no check; it was read as `is_sat`",
                    )
                    .at(inner.span)
                    .help("write `is_exception(is_sat(..))` or `is_exception(is_valid(..))`"),
                );
                return Ok(Asked {
                    except: true,
                    tests: vec![(Modality::Could, inner.clone())],
                });
            }
            let asked = read_option(inner.clone(), diagnostics)?;
            Ok(Asked {
                except: !asked.except,
                ..asked
            })
        }
        "is_accurate_list" => {
            let listed: Vec<Tree> = listed(parts);
            let any = Tree::new(TreeKind::Join(Join::Or, listed.clone()), span);
            let mut tests = vec![(Modality::Must, any)];
            tests.extend(listed.into_iter().map(|t| (Modality::Could, t)));
            Ok(Asked {
                except: false,
                tests,
            })
        }
        "is_equivalent" => match parts.as_slice() {
            [a, b] => {
                let both = TreeKind::Join(Join::Iff, vec![a.clone(), b.clone()]);
                Ok(one(Modality::Must, Tree::new(both, span)))
            }
            _ => wrong(
                word,
                "two formulas: the condition, and what may replace it",
                span,
            ),
        },
        "is_min" => extreme(word, parts, Comparison::Less, span),
        "is_max" => extreme(word, parts, Comparison::Greater, span),
        _ => fault(
            Diagnostic::error(
                Code::UNSUPPORTED,
                format!("`{word}` is no check that is known"),
            )
            .at(at)
            .expecting(WORDS.map(|w| format!("`{w}`"))),
        ),
    }
}

fn wrong<T>(word: &str, wanted: &str, span: Span) -> Read<T> {
    fault(
        Diagnostic::error(Code::UNEXPECTED, format!("`{word}` holds {wanted}"))
            .at(span)
            .expecting([wanted]),
    )
}

fn plain(tree: Tree, diagnostics: &mut Vec<Diagnostic>) -> Asked {
    diagnostics.push(
        Diagnostic::warning(
            Code::OPTION_WORD,
            "this option says not what is to be checked; it was read as `is_valid`",
        )
        .at(tree.span)
        .expecting(WORDS.map(|w| format!("`{w}`"))),
    );
    Asked {
        except: false,
        tests: vec![(Modality::Must, tree)],
    }
}

fn listed(parts: &[Tree]) -> Vec<Tree> {
    let inner = parts.iter().flat_map(|part| match &part.kind {
        TreeKind::List(inner) => inner.clone(),
        _ => vec![part.clone()],
    });
    inner.collect()
}

/// One formula; several are joined by `And`.
fn all(parts: &[Tree], span: Span, diagnostics: &mut Vec<Diagnostic>) -> Read<Tree> {
    let mut listed = listed(parts);
    match (listed.len(), listed.pop()) {
        (1, Some(one)) => Ok(one),
        (_, None) => wrong("a check", "one formula", span),
        (_, Some(last)) => {
            listed.push(last);
            diagnostics.push(
                Diagnostic::warning(
                    Code::OPTION_WORD,
                    "a check of several formulas was read as one of all of them together",
                )
                .at(span)
                .help("join them with `And`"),
            );
            Ok(Tree::new(TreeKind::Join(Join::And, listed), span))
        }
    }
}

/// The value can be had, and none beyond it.
fn extreme(word: &str, parts: &[Tree], beyond: Comparison, span: Span) -> Read<Asked> {
    let (measure, value) = match parts {
        [measure, value] => (measure, value),
        [one] => match &one.kind {
            TreeKind::Compare(sides, signs) if signs == &[Comparison::Equal] => {
                match sides.as_slice() {
                    [measure, value] => (measure, value),
                    _ => return wrong(word, "a number and its value: `is_min(n == 2)`", span),
                }
            }
            _ => return wrong(word, "a number and its value: `is_min(n == 2)`", span),
        },
        _ => return wrong(word, "a number and its value: `is_min(n == 2)`", span),
    };
    let test = |sign| {
        let sides = vec![measure.clone(), value.clone()];
        Tree::new(TreeKind::Compare(sides, vec![sign]), span)
    };
    Ok(Asked {
        except: false,
        tests: vec![
            (Modality::Could, test(Comparison::Equal)),
            (Modality::Cannot, test(beyond)),
        ],
    })
}
