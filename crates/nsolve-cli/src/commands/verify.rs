use std::process::ExitCode;

use serde_json::json;

use crate::cli::VerifyArgs;
use crate::failure::Failure;
use crate::input;
use crate::output::Console;

pub(crate) fn verify(args: &VerifyArgs, console: &Console) -> Result<ExitCode, Failure> {
    let text = input::text(&args.file)?;
    let value = serde_json::from_str(text.text())
        .map_err(|e| Failure::Input(format!("{}: {e}", text.name())))?;
    let report = nsolve::engine::verify(&value)
        .map_err(|e| Failure::Input(format!("{}: {e}", text.name())))?;
    let holds = report.holds();
    if args.json {
        let queries: Vec<_> = report
            .queries
            .iter()
            .map(|(role, found)| match found {
                Ok(what) => json!({"role": role, "verified": true, "checked": what}),
                Err(why) => json!({"role": role, "verified": false, "why": why}),
            })
            .collect();
        console.json(&json!({
            "format": "nsolve/verification",
            "version": "1.0",
            "answer": report.answer,
            "verified": holds,
            "queries": queries,
        }))?;
    } else {
        for (role, found) in &report.queries {
            match found {
                Ok(what) => console.out(&format!("{} {role}: {what}\n", console.green("holds")))?,
                Err(why) => console.out(&format!("{} {role}: {why}\n", console.red("fails")))?,
            }
        }
        if !report.claims {
            let what = "what it says of its solutions is not what the queries show";
            console.out(&format!("{} {what}\n", console.red("fails")))?;
        }
        let verdict = if holds {
            console.green("verified")
        } else {
            console.red("not verified")
        };
        console.out(&format!("{}: {verdict}\n", report.answer))?;
    }
    Ok(if holds {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(Failure::FailedCheck(String::new()).exit_code())
    })
}
