use std::process::ExitCode;

use nsolve::formats::milp::MpsStyle;
use nsolve::{Format, SourceText, read, read_program};

use crate::cli::TranslateArgs;
use crate::failure::Failure;
use crate::output::Console;
use crate::{input, render};

pub(crate) fn translate(args: &TranslateArgs, console: &Console) -> Result<ExitCode, Failure> {
    let to =
        Format::find(&args.to).ok_or_else(|| Failure::Usage(input::unknown_format(&args.to)))?;
    let text = input::text(&args.file)?;
    let format = input::format(args.from.as_deref(), &args.file, &text)?;
    if format.is_program() {
        return program(args, &text, format, to, console);
    }
    if format.is_model() {
        return model(args, &text, format, to, console);
    }
    let reading = read(format, &text);
    let errors = nsolve::has_errors(&reading.diagnostics);
    console.note(&render::diagnostics(
        &text,
        &reading.diagnostics,
        console.colour,
    ));
    let problem = reading.problem.filter(|_| !errors || args.lenient);
    let Some(problem) = problem else {
        return Err(Failure::Input(format!("{}: not readable", text.name())));
    };
    let (written, steps) = nsolve::engine::translate(&problem, to)
        .map_err(|e| Failure::Input(format!("{}: {e}", text.name())))?;
    tell(args, to, &written, &steps, console)
}

/// The same for a logic program.
fn program(
    args: &TranslateArgs,
    text: &SourceText,
    from: Format,
    to: Format,
    console: &Console,
) -> Result<ExitCode, Failure> {
    let reading = read_program(input::dialect(from), text);
    let errors = nsolve::has_errors(&reading.diagnostics);
    console.note(&render::diagnostics(
        text,
        &reading.diagnostics,
        console.colour,
    ));
    let problem = reading.problem.filter(|_| !errors || args.lenient);
    let Some(problem) = problem else {
        return Err(Failure::Input(format!("{}: not readable", text.name())));
    };
    let (written, steps) = nsolve::engine::translate_program(&problem, to)
        .map_err(|e| Failure::Input(format!("{}: {e}", text.name())))?;
    tell(args, to, &written, &steps, console)
}

/// The same for an optimisation model with its data.
fn model(
    args: &TranslateArgs,
    text: &SourceText,
    from: Format,
    to: Format,
    console: &Console,
) -> Result<ExitCode, Failure> {
    let data = super::model::data(&args.data)?;
    let reading = nsolve::read_model(from, text, &data);
    console.note(&render::diagnostics(
        text,
        &reading.diagnostics,
        console.colour,
    ));
    let Some(problem) = reading.problem else {
        return Err(Failure::Input(format!("{}: not readable", text.name())));
    };
    let fail = |e: nsolve::formats::FormatError| Failure::Input(format!("{}: {e}", text.name()));
    let (written, diagnostics) = match to {
        Format::Lp => nsolve::formats::milp::write_lp(&problem).map_err(fail)?,
        Format::Mps => nsolve::formats::milp::write_mps(&problem, MpsStyle::Free).map_err(fail)?,
        _ => {
            return Err(Failure::Usage(format!(
                "models are written as lp or mps, not as {to}"
            )));
        }
    };
    console.note(&render::diagnostics(text, &diagnostics, console.colour));
    tell(args, to, &written, &[], console)
}

fn tell(
    args: &TranslateArgs,
    to: Format,
    written: &str,
    steps: &[&str],
    console: &Console,
) -> Result<ExitCode, Failure> {
    if args.trace {
        let steps = if steps.is_empty() {
            "no bridge is needed".to_owned()
        } else {
            steps.join(", then ")
        };
        console.note(&format!("{} {steps}\n", console.dim("trace:")));
    }
    // Between the languages the first step says which meaning is kept.
    if let Some(meaning) = steps.first().filter(|s| s.contains(':')) {
        console.note(&format!("{} {to} keeps {meaning}\n", console.dim("note:")));
    }
    match &args.output {
        None => console.out(written)?,
        Some(path) => write_whole(path, written)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes aside and renames, so that nobody sees half a file.
fn write_whole(path: &std::path::Path, text: &str) -> Result<(), Failure> {
    let fail = |e: std::io::Error| Failure::Usage(format!("{}: {e}", path.display()));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let aside = path.with_file_name(format!(".{name}.{}", std::process::id()));
    std::fs::write(&aside, text).map_err(fail)?;
    std::fs::rename(&aside, path).map_err(fail)
}
