use std::path::Path;
use std::process::ExitCode;

use nsolve::{
    CancelToken, Code, Decision, Diagnostic, Format, Severity, Solver, SourceText, read,
    read_program,
};
use serde_json::json;

use crate::cli::CheckArgs;
use crate::failure::Failure;
use crate::output::Console;
use crate::settings::Settings;
use crate::{input, render};

pub(crate) fn check(
    args: &CheckArgs,
    console: &Console,
    cancel: &CancelToken,
) -> Result<ExitCode, Failure> {
    let solver = if args.contradictions {
        Some(Settings::load(&args.solver)?.solver(cancel)?)
    } else {
        None
    };
    let mut worst = 0;
    for file in &args.files {
        match one(args, file, solver.as_ref(), console) {
            Ok(true) => {}
            Ok(false) => worst = 1.max(worst),
            Err(failure) if args.files.len() > 1 => {
                console.error(&failure.to_string());
                worst = failure.exit_code().max(worst);
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(ExitCode::from(worst))
}

/// Whether the file is free of errors.
fn one(
    args: &CheckArgs,
    file: &Path,
    solver: Option<&Solver>,
    console: &Console,
) -> Result<bool, Failure> {
    let text = input::text(file)?;
    let format = input::format(args.from.as_deref(), file, &text)?;
    if format.is_program() {
        let reading = read_program(input::dialect(format), &text);
        return report(
            args,
            &text,
            format,
            "program",
            &[],
            &reading.diagnostics,
            console,
        );
    }
    if format.is_model() {
        let data = super::model::data(&args.data)?;
        let reading = nsolve::read_model(format, &text, &data);
        let found = &reading.diagnostics;
        return report(args, &text, format, "milp", &[], found, console);
    }
    let reading = read(format, &text);
    let mut diagnostics = reading.diagnostics.clone();
    if let (Some(solver), Some(problem)) = (solver, &reading.problem) {
        diagnostics.extend(contradiction(solver, problem)?);
    }
    let inferred = reading
        .problem
        .as_ref()
        .map(|p| nsolve::syntax::fol::inferred_declarations(p))
        .unwrap_or_default();
    report(args, &text, format, "fol", &inferred, &diagnostics, console)
}

/// Prints what was found; whether nothing is an error.
fn report(
    args: &CheckArgs,
    text: &SourceText,
    format: Format,
    language: &str,
    inferred: &[String],
    diagnostics: &[Diagnostic],
    console: &Console,
) -> Result<bool, Failure> {
    let count = |severity| {
        diagnostics
            .iter()
            .filter(|d| d.severity == severity)
            .count()
    };
    let errors = count(Severity::Error);
    let warnings = count(Severity::Warning);
    if args.json {
        console.json(&json!({
            "format": "nsolve/check",
            "version": "1.0",
            "file": text.name(),
            "language": language,
            "read_as": format.name(),
            "ok": errors == 0,
            "errors": errors,
            "warnings": warnings,
            "inferred": inferred,
            "diagnostics": render::json(text, diagnostics),
        }))?;
        return Ok(errors == 0);
    }
    console.note(&render::diagnostics(text, diagnostics, console.colour));
    if !inferred.is_empty() {
        console.out(&format!("{}\n", console.dim("# inferred")))?;
        for line in inferred {
            console.out(&format!("{line}\n"))?;
        }
    }
    let verdict = if errors == 0 {
        console.green("ok")
    } else {
        console.red("faulty")
    };
    console.out(&format!(
        "{}: {verdict}, {}, {} (read as {})\n",
        text.name(),
        counted(errors, "error"),
        counted(warnings, "warning"),
        format.name()
    ))?;
    Ok(errors == 0)
}

fn counted(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

/// The lint that needs a solver.
fn contradiction(
    solver: &Solver,
    problem: &std::sync::Arc<nsolve::il::fol::Problem>,
) -> Result<Option<Diagnostic>, Failure> {
    let mut alone = (**problem).clone();
    alone.question = nsolve::il::fol::Question::Model;
    // Whether there is a second model is no matter here.
    let solver = solver.clone().models(1);
    let answer = solver
        .solve(&std::sync::Arc::new(alone))
        .map_err(|e| Failure::Unavailable(e.to_string()))?;
    if answer.decision != Decision::ContradictoryPremises {
        return Ok(None);
    }
    let clashing = || {
        answer
            .because
            .iter()
            .filter_map(|&i| problem.premises.get(i as usize))
    };
    let names: Vec<_> = clashing().map(|p| format!("`{}`", p.name)).collect();
    let mut lint = Diagnostic::warning(
        Code::CONTRADICTORY_PREMISES,
        format!("the premises {} contradict each other", names.join(", ")),
    )
    .at(clashing().next().and_then(|p| p.span))
    .help("everything follows from them; mend or remove one");
    for premise in clashing().skip(1) {
        if let Some(span) = premise.span {
            lint = lint.related(span, "clashes");
        }
    }
    Ok(Some(lint))
}
