use std::path::Path;
use std::process::ExitCode;

use nsolve::english::Role;
use nsolve::{Answered, Asked, CancelToken, Decision, Error, Reply, SourceText, has_errors};
use serde_json::{Value, json};

use crate::cli::AskArgs;
use crate::failure::Failure;
use crate::output::Console;
use crate::settings::Settings;
use crate::{input, render};

/// One line for who has a model.
const MODEL_HINT: &str = "the grammar that is read is in docs/english.md; a language model reads more, once one can be \
     configured";

pub(crate) fn ask(
    args: &AskArgs,
    console: &Console,
    cancel: &CancelToken,
) -> Result<ExitCode, Failure> {
    let text = story(&args.what)?;
    let solver = Settings::load(&args.solver)?.solver(cancel)?;
    let asked = match solver.ask(&text, args.semantics.into()) {
        Ok(asked) => asked,
        Err(Error::Input(diagnostics)) => {
            console.note(&render::diagnostics(&text, &diagnostics, console.colour));
            if args.json {
                console.json(&json!({
                    "format": "nsolve/asked",
                    "version": "1.0",
                    "answer": Value::Null,
                    "diagnostics": render::json(&text, &diagnostics),
                }))?;
            }
            return Err(Failure::Input(format!(
                "{}: not readable; {MODEL_HINT}",
                text.name()
            )));
        }
        Err(error) => return Err(Failure::Unavailable(error.to_string())),
    };
    if args.json {
        console.json(&as_json(&text, &asked))?;
    } else {
        let telling: Vec<_> = asked
            .diagnostics
            .iter()
            .filter(|d| d.severity > nsolve::Severity::Note)
            .cloned()
            .collect();
        console.note(&render::diagnostics(&text, &telling, console.colour));
        if has_errors(&telling) {
            console.note(&format!("{} {MODEL_HINT}\n", console.dim("note:")));
        }
        if args.show {
            console.out(&shown(&text, &asked, console))?;
        }
        console.out(&for_people(&asked, console))?;
    }
    let undecided = matches!(asked.decision().as_str(), "unknown" | "ambiguous");
    Ok(ExitCode::from(if undecided { 3 } else { 0 }))
}

/// The words themselves, or those of a file.
fn story(what: &str) -> Result<SourceText, Failure> {
    let path = Path::new(what);
    let is_words = what.contains(char::is_whitespace) && (what.len() > 200 || !path.exists());
    if is_words {
        return SourceText::new("<words>", what).map_err(|d| Failure::Input(d.to_string()));
    }
    input::text(path)
}

/// What became of each sentence.
fn shown(text: &SourceText, asked: &Asked, console: &Console) -> String {
    let problem = match &asked.reply {
        Reply::One(one) => Some(&one.problem),
        Reply::Ambiguous { first, .. } => Some(&first.problem),
        Reply::Things(things) => things.first().map(|t| &t.answered.problem),
    };
    let formula = |name: &str| {
        let problem = problem?;
        let premise = problem.premises.iter().find(|p| &*p.name == name)?;
        Some(nsolve::syntax::fol::print_formula(problem, premise.formula))
    };
    let mut out = String::new();
    for told in &asked.story.sentences {
        let words: Vec<&str> = text.slice(told.span).split_whitespace().collect();
        out += &words.join(" ");
        out.push('\n');
        let note = match &told.role {
            Role::Premise(name) => formula(name).unwrap_or_default(),
            Role::Question => "(what is asked)".into(),
            Role::Choice(letter) => format!("(option {letter})"),
            Role::List => "(lists what the story is about)".into(),
            Role::AboutText => "(about the text)".into(),
            Role::Unread => "(not read)".into(),
        };
        out += &format!("    {}\n", console.dim(&note));
    }
    out.push('\n');
    out
}

fn for_people(asked: &Asked, console: &Console) -> String {
    let mut out = String::new();
    match &asked.reply {
        Reply::One(one) if asked.withholds(&one.answer.decision) => {
            out += &format!(
                "{}  the sentences that were read do not decide it, and others were not read\n",
                console.red("unknown")
            );
        }
        Reply::One(one) => out += &one_answer(one, console),
        Reply::Ambiguous { first, second } => {
            out += &format!(
                "{}  `{}` under one reading, `{}` under the other\n",
                console.red("ambiguous"),
                first.answer.decision.as_str(),
                second.answer.decision.as_str()
            );
            for one in [first, second] {
                let decision = console.bold(one.answer.decision.as_str());
                for reading in different(first, second, one) {
                    out += &format!("  {decision} where it says: {reading}\n");
                }
            }
        }
        Reply::Things(things) => {
            let so = |d: &Decision| *d == Decision::True;
            out += &format!("{}\n", console.bold(&asked.decision()));
            for thing in things.iter().filter(|t| so(&t.answered.answer.decision)) {
                out += &one_answer(&thing.answered, console);
            }
            let open: Vec<&str> = things
                .iter()
                .filter(|t| !matches!(t.answered.answer.decision, Decision::True | Decision::False))
                .map(|t| t.name.as_str())
                .collect();
            if !open.is_empty() {
                out += &format!("not said of: {}\n", open.join(", "));
            }
        }
    }
    out
}

/// What the sentences say in one of two readings that they do not say in both.
fn different(first: &Answered, second: &Answered, one: &Answered) -> Vec<String> {
    let said = |of: &Answered| -> Vec<String> {
        let asked = of.problem.asked().map(|c| c.formula);
        let formulas = of.problem.premises.iter().map(|p| p.formula).chain(asked);
        formulas
            .map(|f| nsolve::english::say_formula(&of.problem, f))
            .collect()
    };
    let (first, second) = (said(first), said(second));
    let own = said(one);
    let is_common = |s: &String| first.contains(s) && second.contains(s);
    own.into_iter().filter(|s| !is_common(s)).collect()
}

fn one_answer(one: &Answered, console: &Console) -> String {
    let decision = console.bold(one.answer.decision.as_str());
    let how = console.dim(&format!("({})", one.answer.assurance.name()));
    let mut out = format!("{decision}  {how}\n");
    for line in nsolve::english::say_answer(&one.problem, &one.answer).lines() {
        out += format!("  {line}").trim_end();
        out.push('\n');
    }
    out
}

fn as_json(text: &SourceText, asked: &Asked) -> Value {
    let sentences = asked.story.sentences.iter().map(|told| {
        let (role, name) = match &told.role {
            Role::Premise(name) => ("premise", Some(name.clone())),
            Role::Choice(letter) => ("option", Some(letter.clone())),
            Role::Question => ("question", None),
            Role::List => ("list", None),
            Role::AboutText => ("about-the-text", None),
            Role::Unread => ("unread", None),
        };
        json!({ "text": text.slice(told.span), "role": role, "name": name })
    });
    let answers: Vec<Value> = match &asked.reply {
        Reply::One(one) => vec![answered(text, one)],
        Reply::Ambiguous { first, second } => vec![answered(text, first), answered(text, second)],
        Reply::Things(things) => {
            let of = |t: &nsolve::Thing| {
                let mut value = answered(text, &t.answered);
                if let Some(map) = value.as_object_mut() {
                    map.insert("thing".into(), json!(t.name));
                }
                value
            };
            things.iter().map(of).collect()
        }
    };
    json!({
        "format": "nsolve/asked",
        "version": "1.0",
        "answer": asked.decision(),
        "partial": asked.is_partial,
        "sentences": sentences.collect::<Vec<_>>(),
        "answers": answers,
        "diagnostics": render::json(text, &asked.diagnostics),
    })
}

/// The answer with its evidence, and as it is said in English.
fn answered(text: &SourceText, one: &Answered) -> Value {
    let mut value = nsolve::engine::answer_to_json(text.name(), &one.problem, &one.answer);
    if let Some(map) = value.as_object_mut() {
        let said = nsolve::english::say_answer(&one.problem, &one.answer);
        map.insert("said".into(), json!(said));
    }
    value
}
