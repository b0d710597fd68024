//! `nsolve solve` for optimisation models.

use std::path::{Path, PathBuf};

use nsolve::engine::milp::{explain_milp, milp_answer_to_json};
use nsolve::il::milp::{Number, Problem};
use nsolve::syntax::milp::DataFormat;
use nsolve::{
    Format, MilpAnswer, MilpDecision, ModelReading, Optimize, SolveError, Solver, SourceText,
    read_model,
};
use serde_json::{Value, json};

use super::solve::print_json;
use crate::cli::{OutputFormat, SolveArgs};
use crate::failure::Failure;
use crate::output::Console;
use crate::{input, render};

/// Reads the files of data that were named.
pub(super) fn data(files: &[PathBuf]) -> Result<Vec<(SourceText, DataFormat)>, Failure> {
    let read = |file: &PathBuf| {
        let text = input::text(file)?;
        let format = DataFormat::of_file(&file.to_string_lossy());
        Ok((text, format))
    };
    files.iter().map(read).collect()
}

/// Answers one model and prints; gives the exit code.
pub(super) fn solve(
    args: &SolveArgs,
    text: &SourceText,
    format: Format,
    solver: &Solver,
    console: &Console,
) -> Result<u8, Failure> {
    let data = data(&args.model.data)?;
    let reading = read_model(format, text, &data);
    let refused = reading.problem.is_none();
    if args.output() == OutputFormat::Text || refused {
        console.note(&render::diagnostics(
            text,
            &reading.diagnostics,
            console.colour,
        ));
    }
    let Some(problem) = &reading.problem else {
        return unreadable(args, text, &reading, console);
    };
    let wanted = Optimize {
        relaxed: args.model.relax,
        gap: args.model.gap,
        start: match &args.model.start {
            Some(file) => Some(start(file, problem)?),
            None => None,
        },
        sensitivity: args.model.duals || args.is_json(),
        lexicographic: args.model.lexicographic,
        solutions: args.model.solutions,
        conflict: Some(args.model.conflict),
    };
    let mut answer = match solver.solve_model(problem, &wanted) {
        Ok(answer) => answer,
        Err(error) => return Err(failure(&error, text, console)),
    };
    answer.times.read = reading.time;
    if !args.model.duals && !args.is_json() {
        answer.sensitivity = None;
    }
    match args.output() {
        OutputFormat::Json | OutputFormat::Jsonl => {
            let mut value = milp_answer_to_json(text.name(), problem, &answer);
            if let Some(map) = value.as_object_mut() {
                map.insert(
                    "diagnostics".into(),
                    render::json(text, &reading.diagnostics),
                );
            }
            print_json(args, &value, console)?;
        }
        OutputFormat::Text => console.out(&for_people(problem, &answer, console))?,
        OutputFormat::Szs | OutputFormat::Smtlib => {
            return Err(Failure::Usage(
                "answers about models are printed as text, json or jsonl".into(),
            ));
        }
    }
    Ok(exit_code(args, &answer))
}

fn unreadable(
    args: &SolveArgs,
    text: &SourceText,
    reading: &ModelReading,
    console: &Console,
) -> Result<u8, Failure> {
    if args.is_json() {
        let value = json!({
            "format": "nsolve/answer",
            "version": "1.0",
            "id": text.name(),
            "language": "milp",
            "answer": Value::Null,
            "diagnostics": render::json(text, &reading.diagnostics),
        });
        print_json(args, &value, console)?;
    }
    Err(Failure::Input(format!("{}: not readable", text.name())))
}

fn failure(error: &SolveError, text: &SourceText, console: &Console) -> Failure {
    let message = format!("{}: {error}", text.name());
    match error {
        SolveError::Lowering(diagnostics) => {
            console.note(&render::diagnostics(text, diagnostics, console.colour));
            Failure::Input(format!(
                "{}: the logic cannot be expressed by rows",
                text.name()
            ))
        }
        SolveError::FailedMilpCheck { .. } => Failure::FailedCheck(message),
        _ => Failure::Unavailable(message),
    }
}

/// The point of a saved answer, by names; what it does not name is 0.
fn start(file: &Path, problem: &Problem) -> Result<Vec<Number>, Failure> {
    let text = input::text(file)?;
    let bad = |why: &str| Failure::Input(format!("{}: {why}", text.name()));
    let value: Value =
        serde_json::from_str(text.text()).map_err(|e| bad(&format!("no JSON: {e}")))?;
    let point = value
        .pointer("/solution")
        .unwrap_or(&value)
        .as_object()
        .ok_or_else(|| bad("no `solution` with values by name"))?;
    (0..problem.columns.len() as u32)
        .map(|column| match point.get(&problem.column_name(column)) {
            None => Ok(Number::ZERO),
            Some(value) => {
                let text = match value {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                text.parse()
                    .map_err(|_| bad(&format!("`{text}` is no number")))
            }
        })
        .collect()
}

fn for_people(problem: &Problem, answer: &MilpAnswer, console: &Console) -> String {
    let explained = explain_milp(problem, answer);
    let (head, rest) = explained.split_once('\n').unwrap_or((&explained, ""));
    let (decision, how) = head.split_once(' ').unwrap_or((head, ""));
    let decided = answer.decision != MilpDecision::Unknown;
    let decision = if decided {
        console.bold(decision)
    } else {
        console.red(decision)
    };
    let mut out = format!("{decision}  {}\n", console.dim(how));
    for line in rest.lines() {
        out.push_str(format!("  {line}").trim_end());
        out.push('\n');
    }
    let total = answer.times.own() + answer.times.backend();
    let times = format!(
        "{} {}, {:.1} ms",
        answer.backend.0,
        answer.backend.1,
        total.as_secs_f64() * 1e3
    );
    out.push_str(&format!("  {}\n", console.dim(&times)));
    out
}

fn exit_code(args: &SolveArgs, answer: &MilpAnswer) -> u8 {
    let undecided = Failure::Undecided(String::new()).exit_code();
    match answer.decision {
        MilpDecision::Unknown | MilpDecision::InfeasibleOrUnbounded => undecided,
        MilpDecision::Feasible if args.model.gap.is_none() => undecided,
        _ if !args.exit_verdict => 0,
        MilpDecision::Infeasible => 20,
        MilpDecision::Unbounded => 30,
        _ => 10,
    }
}
