use std::process::ExitCode;

use comfy_table::Table;
use comfy_table::presets::NOTHING;
use nsolve::{
    BackendName, Dialect, Format, Found, Optimize, Solver, SourceText, Wanted, installed,
    read_model, read_program,
};
use serde_json::{Value, json};

use crate::cli::{ConfigArgs, ConfigCommand, DoctorArgs};
use crate::failure::Failure;
use crate::output::Console;
use crate::settings::Settings;

/// A problem that every backend must get right before it is called installed.
const SMOKE: &str = "premise : forall x. man(x) -> mortal(x)
premise : man(socrates)
conclusion : mortal(socrates)";

/// The same for those that solve logic programs.
const SMOKE_PROGRAM: &str = "mortal(X) :- man(X). man(socrates). mortal(socrates)?";

/// The same for those that solve optimisation models.
const SMOKE_MODEL: &str = "var x integer >= 0; minimize cost: x; s.t. half: 2 * x >= 5;";

/// Second opinions, without which everything works.
const OPTIONAL: [&str; 1] = ["clingo"];

pub(crate) fn doctor(args: &DoctorArgs, console: &Console) -> Result<ExitCode, Failure> {
    let found = installed();
    let states: Vec<(&'static str, Result<String, String>)> =
        found.iter().map(|f| (f.name, state(f))).collect();
    let works = states
        .iter()
        .all(|(name, state)| state.is_ok() || OPTIONAL.contains(name));
    if args.json {
        let backends: Vec<Value> = states
            .iter()
            .map(|(name, state)| match state {
                Ok(version) => json!({"name": name, "version": version, "works": true}),
                Err(why) => json!({"name": name, "works": false, "why": why}),
            })
            .collect();
        console.json(&json!({
            "format": "nsolve/doctor",
            "version": "1.0",
            "nsolve": env!("CARGO_PKG_VERSION"),
            "backends": backends,
        }))?;
    } else {
        let mut table = Table::new();
        table.load_style(NOTHING);
        table.add_row(["nsolve", env!("CARGO_PKG_VERSION"), ""]);
        for (name, state) in &states {
            match state {
                Ok(version) => table.add_row([*name, version.as_str(), "works"]),
                Err(why) => table.add_row([*name, "missing", why.as_str()]),
            };
        }
        console.out(&format!("{table}\n"))?;
    }
    Ok(if works {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(Failure::Unavailable(String::new()).exit_code())
    })
}

/// The version of a backend that answers a small problem rightly.
fn state(found: &Found) -> Result<String, String> {
    let descriptor = found.descriptor.as_ref().map_err(ToString::to_string)?;
    let name = found
        .name
        .parse::<BackendName>()
        .map_err(|e| e.to_string())?;
    let solver = Solver::new().backend(name).map_err(|e| e.to_string())?;
    let found = if name.is_for_programs() {
        let text = SourceText::new("smoke", SMOKE_PROGRAM).map_err(|e| e.to_string())?;
        let program = read_program(Dialect::Asp, &text).problem;
        let program = program.ok_or("a small program cannot be read")?;
        let answer = solver.solve_program(&program, Wanted::default());
        answer.map_err(|e| e.to_string())?.decision.as_str()
    } else if name == BackendName::Highs {
        let text = SourceText::new("smoke", SMOKE_MODEL).map_err(|e| e.to_string())?;
        let model = read_model(Format::Milp, &text, &[]).problem;
        let model = model.ok_or("a small model cannot be read")?;
        let answer = solver.solve_model(&model, &Optimize::default());
        let answer = answer.map_err(|e| e.to_string())?;
        match answer.objectives.first().and_then(|v| v.to_i64()) {
            Some(3) => "true",
            _ => answer.decision.as_str(),
        }
    } else {
        let answer = solver.solve_text(SMOKE).map_err(|e| e.to_string())?;
        if answer.decision == nsolve::Decision::True {
            "true"
        } else {
            "wrong"
        }
    };
    if found == "true" {
        Ok(descriptor.version.clone())
    } else {
        Err(format!("it answers a small problem wrongly ({found})"))
    }
}

pub(crate) fn config(args: &ConfigArgs, console: &Console) -> Result<ExitCode, Failure> {
    let ConfigCommand::Show { solver } = &args.command;
    let mut table = Table::new();
    table.load_style(NOTHING);
    for (name, value, origin) in Settings::load(solver)?.rows() {
        table.add_row([name.to_owned(), value, origin]);
    }
    console.out(&format!("{table}\n"))?;
    Ok(ExitCode::SUCCESS)
}
