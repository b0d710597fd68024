use std::path::Path;
use std::process::ExitCode;

use nsolve::Code;

use crate::cli::ExplainArgs;
use crate::failure::Failure;
use crate::output::Console;
use crate::{input, render};

pub(crate) fn explain(args: &ExplainArgs, console: &Console) -> Result<ExitCode, Failure> {
    if let Some(code) = Code::find(&args.what) {
        console.out(&format!("{code}: {}\n", code.meaning()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let path = Path::new(&args.what);
    if args.what != "-" && !path.exists() {
        return Err(Failure::Usage(format!(
            "`{}` is no file and no diagnostic code",
            args.what
        )));
    }
    let text = input::text(path)?;
    let format = input::format(None, path, &text)?;
    if format.is_model() {
        let reading = nsolve::read_model(format, &text, &super::model::data(&args.data)?);
        let found = &reading.diagnostics;
        console.note(&render::diagnostics(&text, found, console.colour));
        let Some(problem) = reading.problem else {
            return Err(Failure::Input(format!("{}: not readable", text.name())));
        };
        console.out(&nsolve::engine::milp::describe_milp(&problem))?;
        return Ok(ExitCode::SUCCESS);
    }
    let value = serde_json::from_str(text.text())
        .map_err(|e| Failure::Input(format!("{}: {e}", text.name())))?;
    let words = nsolve::engine::explain_saved(&value, nsolve::english::say_answer)
        .map_err(|e| Failure::Input(format!("{}: {e}", text.name())))?;
    console.out(&words)?;
    Ok(ExitCode::SUCCESS)
}
