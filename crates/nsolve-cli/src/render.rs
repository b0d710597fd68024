//! Diagnostics for people, and as JSON.

use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use nsolve::{Diagnostic, Severity, SourceText};
use serde_json::{Value, json};

/// How many diagnostics of one text are printed for people.
const MOST_SHOWN: usize = 60;

/// Longest line that is shown in a snippet; longer ones are told by position
/// only.
const LONGEST_LINE: usize = 2_000;

/// Renders diagnostics with the text that they are about, worst kinds first
/// where there are too many.
pub(crate) fn diagnostics(text: &SourceText, diagnostics: &[Diagnostic], colour: bool) -> String {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut out = String::new();
    for diagnostic in diagnostics.iter().take(MOST_SHOWN) {
        out.push_str(&one(text, diagnostic, &renderer));
        out.push('\n');
    }
    if let Some(left) = diagnostics.len().checked_sub(MOST_SHOWN)
        && left > 0
    {
        out.push_str(&format!("... and {left} more; --json lists them all\n"));
    }
    out
}

fn one(text: &SourceText, diagnostic: &Diagnostic, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code.as_str());
    let mut groups = Vec::new();
    let mut first = Group::with_title(title);
    let expected = expected(&diagnostic.expected);
    match diagnostic.span.filter(|s| is_showable(text, s.range())) {
        Some(span) => {
            let mut snippet = Snippet::source(text.text())
                .path(text.name())
                .annotation(AnnotationKind::Primary.span(span.range()));
            for (place, word) in &diagnostic.related {
                if is_showable(text, place.range()) {
                    snippet = snippet.annotation(
                        AnnotationKind::Context
                            .span(place.range())
                            .label(word.as_str()),
                    );
                }
            }
            first = first.element(snippet);
        }
        None => {
            let place = match diagnostic.span {
                Some(span) => {
                    let at = text.position(span.start);
                    format!("{}:{}:{}", text.name(), at.line, at.column)
                }
                None => text.name().to_owned(),
            };
            first = first.element(Level::NOTE.message(format!("in {place}")));
        }
    }
    if !expected.is_empty() {
        first = first.element(Level::NOTE.message(format!("expected {expected}")));
    }
    if let Some(help) = &diagnostic.help {
        first = first.element(Level::HELP.message(help.as_str()));
    }
    groups.push(first);
    if let Some(fix) = &diagnostic.fix
        && is_showable(text, fix.span.range())
    {
        let patch = Patch::new(fix.span.range(), fix.replacement.as_str());
        groups.push(
            Level::HELP
                .secondary_title("write")
                .element(Snippet::source(text.text()).path(text.name()).patch(patch)),
        );
    }
    renderer.render(&groups)
}

/// Whether a place can be shown as part of its line.
fn is_showable(text: &SourceText, range: std::ops::Range<usize>) -> bool {
    let whole = text.text();
    if whole.get(range.clone()).is_none() {
        return false;
    }
    let before = whole.get(..range.start).unwrap_or("");
    let start = before.rfind('\n').map_or(0, |i| i + 1);
    let after = whole.get(range.end..).unwrap_or("");
    let end = range.end + after.find('\n').unwrap_or(after.len());
    end - start <= LONGEST_LINE
}

fn expected(expected: &[String]) -> String {
    match expected {
        [] => String::new(),
        [one] => one.clone(),
        [many @ .., last] => format!("{} or {last}", many.join(", ")),
    }
}

/// Diagnostics as the JSON of an answer has them.
pub(crate) fn json(text: &SourceText, diagnostics: &[Diagnostic]) -> Value {
    diagnostics.iter().map(|d| one_json(text, d)).collect()
}

fn one_json(text: &SourceText, d: &Diagnostic) -> Value {
    let mut out = json!({
        "code": d.code.as_str(),
        "severity": d.severity.name(),
        "message": d.message,
    });
    let mut put = |key: &str, value: Value| {
        if let Some(map) = out.as_object_mut() {
            map.insert(key.to_owned(), value);
        }
    };
    if let Some(span) = d.span {
        let at = text.position(span.start);
        put("span", json!([span.start, span.end]));
        put("line", json!(at.line));
        put("column", json!(at.column));
    }
    if !d.expected.is_empty() {
        put("expected", json!(d.expected));
    }
    if let Some(help) = &d.help {
        put("help", json!(help));
    }
    if let Some(fix) = &d.fix {
        let sure = fix.applicability == nsolve::Applicability::MachineApplicable;
        put(
            "fix",
            json!({
                "span": [fix.span.start, fix.span.end],
                "replacement": fix.replacement,
                "machine_applicable": sure,
            }),
        );
    }
    out
}
