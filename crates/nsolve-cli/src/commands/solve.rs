use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use nsolve::il::fol::{Problem, Question, Semantics};
use nsolve::{
    Answer, CancelToken, Decision, Diagnostic, Reading, SolveError, Solver, SourceText, read,
};
use serde_json::Value;

use super::{model, program};
use crate::cli::{OutputFormat, SolveArgs};
use crate::failure::Failure;
use crate::output::Console;
use crate::settings::Settings;
use crate::{input, render};

pub(crate) fn solve(
    args: &SolveArgs,
    console: &Console,
    cancel: &CancelToken,
) -> Result<ExitCode, Failure> {
    let mut solver = Settings::load(&args.solver)?.solver(cancel)?;
    if matches!(args.output(), OutputFormat::Szs | OutputFormat::Smtlib) {
        // These have no words for a second model.
        solver = solver.models(1);
    } else if args.all_models {
        // One more than are shown says whether there are more.
        solver = solver.models(args.limit.saturating_add(1));
    }
    let mut code = 0;
    for file in &args.files {
        let done = one(args, file, &solver, console);
        if cancel.is_cancelled() {
            return Err(Failure::Interrupted);
        }
        match done {
            Ok(here) if code == 0 => code = here,
            Ok(_) => {}
            Err(Failure::Closed) => return Err(Failure::Closed),
            Err(failure) => {
                console.error(&failure.to_string());
                if code == 0 || failure.exit_code() > code {
                    code = failure.exit_code();
                }
            }
        }
    }
    Ok(ExitCode::from(code))
}

/// Answers one file and prints; gives the exit code.
fn one(args: &SolveArgs, file: &Path, solver: &Solver, console: &Console) -> Result<u8, Failure> {
    let text = input::text(file)?;
    let format = input::format(args.from.as_deref(), file, &text)?;
    if format.is_program() {
        return program::solve(args, &text, input::dialect(format), solver, console);
    }
    if format.is_model() {
        return model::solve(args, &text, format, solver, console);
    }
    if args.program.is_used() {
        return Err(Failure::Usage(format!(
            "{}: --query, --why, --why-not, --optimize, --trace-search and --chain are for logic programs",
            text.name()
        )));
    }
    let reading = read(format, &text);
    let problem = problem(args, &text, &reading, console)?;
    if args.all_models && !matches!(problem.question, Question::Model) {
        return Err(Failure::Usage(format!(
            "{}: --all-models is for problems that ask for a model",
            text.name()
        )));
    }
    let mut answer = match solver.solve(&problem) {
        Ok(answer) => answer,
        Err(error) => return Err(failure(error, &problem, &text)),
    };
    answer.times.read = reading.time;
    if args.trace {
        for line in &answer.trace {
            console.note(&format!("{} {line}\n", console.dim("trace:")));
        }
    }
    print(
        args,
        &text,
        &problem,
        &answer,
        &reading.diagnostics,
        console,
    )?;
    Ok(exit_code(args, &answer))
}

/// The problem, with warnings and errors told.
fn problem(
    args: &SolveArgs,
    text: &SourceText,
    reading: &Reading,
    console: &Console,
) -> Result<Arc<Problem>, Failure> {
    let is_machine = args.output() != OutputFormat::Text;
    let errors = nsolve::has_errors(&reading.diagnostics);
    let refused = reading.problem.is_none() || (errors && !args.lenient);
    if !is_machine || refused {
        console.note(&render::diagnostics(
            text,
            &reading.diagnostics,
            console.colour,
        ));
    }
    let Some(problem) = reading.problem.as_ref().filter(|_| !refused) else {
        let hint = if reading.problem.is_some() {
            "; --lenient goes on without the items that cannot be read"
        } else {
            ""
        };
        if matches!(args.output(), OutputFormat::Json | OutputFormat::Jsonl) {
            let value = serde_json::json!({
                "format": "nsolve/answer",
                "version": "1.0",
                "id": text.name(),
                "language": "fol",
                "answer": Value::Null,
                "diagnostics": render::json(text, &reading.diagnostics),
            });
            print_json(args, &value, console)?;
        }
        return Err(Failure::Input(format!(
            "{}: not readable{hint}",
            text.name()
        )));
    };
    let semantics = match args.semantics.as_deref() {
        None => return Ok(problem.clone()),
        Some("classical") => Semantics::Classical,
        Some("rules") => Semantics::Rules,
        Some(other) => {
            return Err(Failure::Usage(format!(
                "there are no semantics `{other}`; there are classical, rules"
            )));
        }
    };
    let mut changed = (**problem).clone();
    changed.semantics = semantics;
    Ok(Arc::new(changed))
}

/// An error as a failure. Where evidence failed its check, everything needed to
/// see that again is kept in a file.
fn failure(error: SolveError, problem: &Problem, text: &SourceText) -> Failure {
    let message = format!("{}: {error}", text.name());
    match &error {
        SolveError::FailedCheck(_) | SolveError::Disagreement { .. } => {
            let report = nsolve::engine::failure_report(problem, &error);
            Failure::FailedCheck(keep_report(&message, &report))
        }
        SolveError::Lowering(_) => Failure::Input(message),
        _ => Failure::Unavailable(message),
    }
}

/// Keeps a report in a file; gives the message with its place.
pub(super) fn keep_report(message: &str, report: &Value) -> String {
    let name = format!("nsolve-failed-check-{}.json", std::process::id());
    match std::fs::write(&name, format!("{report:#}\n")) {
        Ok(()) => format!("{message}; everything needed to see it again is in {name}"),
        Err(e) => format!("{message}; the report could not be written: {e}"),
    }
}

fn print(
    args: &SolveArgs,
    text: &SourceText,
    problem: &Problem,
    answer: &Answer,
    diagnostics: &[Diagnostic],
    console: &Console,
) -> Result<(), Failure> {
    match args.output() {
        OutputFormat::Text => console.out(&for_people(problem, answer, console)),
        OutputFormat::Json | OutputFormat::Jsonl => {
            let mut value = nsolve::engine::answer_to_json(text.name(), problem, answer);
            if let Some(map) = value.as_object_mut() {
                map.insert("diagnostics".into(), render::json(text, diagnostics));
            }
            print_json(args, &value, console)
        }
        OutputFormat::Szs => console.out(&format!(
            "% SZS status {} for {}\n",
            szs_status(answer),
            text.name()
        )),
        OutputFormat::Smtlib => {
            let first = answer.queries.first();
            let verdict = first.map_or("unknown", |q| q.verdict().name());
            console.out(&format!("{verdict}\n"))
        }
    }
}

pub(super) fn print_json(
    args: &SolveArgs,
    value: &Value,
    console: &Console,
) -> Result<(), Failure> {
    if args.output() == OutputFormat::Jsonl {
        console.out(&format!("{value}\n"))
    } else {
        console.json(value)
    }
}

fn for_people(problem: &Problem, answer: &Answer, console: &Console) -> String {
    let decision = answer.decision.as_str();
    let head = if answer.is_decided() {
        console.bold(decision)
    } else {
        console.red(decision)
    };
    let how = if answer.is_decided() {
        answer.assurance.name().to_owned()
    } else {
        answer.stop.to_string()
    };
    let mut out = format!("{head}  {}\n", console.dim(&format!("({how})")));
    for line in nsolve::engine::explain(problem, answer).lines() {
        out.push_str(format!("  {line}").trim_end());
        out.push('\n');
    }
    let backend = answer.queries.first().map_or("-", |q| q.backend);
    let total = answer.times.own() + answer.times.backend();
    let times = format!("{backend}, {:.1} ms", total.as_secs_f64() * 1e3);
    out.push_str(&format!("  {}\n", console.dim(&times)));
    out
}

/// The SZS status, from the ontology of the TPTP.
fn szs_status(answer: &Answer) -> &'static str {
    match &answer.decision {
        Decision::True => "Theorem",
        Decision::False => "CounterTheorem",
        Decision::Uncertain => "CounterSatisfiable",
        Decision::ContradictoryPremises if answer.queries.len() == 1 => "Unsatisfiable",
        Decision::ContradictoryPremises => "ContradictoryAxioms",
        Decision::Satisfiable => "Satisfiable",
        Decision::Value(_) => "Success",
        Decision::Unknown => match answer.stop {
            nsolve::StopReason::Time => "Timeout",
            nsolve::StopReason::Memory => "MemoryOut",
            nsolve::StopReason::Steps => "ResourceOut",
            nsolve::StopReason::Cancelled => "User",
            _ => "GaveUp",
        },
        _ => "Unknown",
    }
}

fn exit_code(args: &SolveArgs, answer: &Answer) -> u8 {
    if !answer.is_decided() {
        return Failure::Undecided(String::new()).exit_code();
    }
    if !args.exit_verdict {
        return 0;
    }
    match answer.decision {
        Decision::False | Decision::ContradictoryPremises => 20,
        Decision::Uncertain | Decision::Choices(_) => 30,
        _ => 10,
    }
}
