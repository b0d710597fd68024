//! `nsolve solve` for logic programs.

use std::path::Path;
use std::sync::Arc;

use nsolve::engine::program::{
    ChainReport, ClaimedStep, SearchLimits, SearchTrace, check_chain, explain_program,
    program_answer_to_json, search, why, why_not,
};
use nsolve::il::program::{Derivation, Goal, GroundAtom, Meaning, Problem, Rule};
use nsolve::syntax::program::{read_atom, read_goal};
use nsolve::{
    Diagnostic, Dialect, ProgramAnswer, ProgramDecision, SolveError, Solver, SourceText, Wanted,
    has_errors, read_program,
};
use serde_json::{Value, json};

use super::solve::{keep_report, print_json};
use crate::cli::{OutputFormat, SolveArgs};
use crate::failure::Failure;
use crate::output::Console;
use crate::{input, render};

/// Answers one program and prints; gives the exit code.
pub(super) fn solve(
    args: &SolveArgs,
    text: &SourceText,
    dialect: Dialect,
    solver: &Solver,
    console: &Console,
) -> Result<u8, Failure> {
    let reading = read_program(dialect, text);
    let mut problem = readable(args, text, &reading.problem, &reading.diagnostics, console)?;
    match args.semantics.as_deref() {
        None => {}
        Some("rules" | "open") => problem.meaning = Meaning::OpenWorld,
        Some("stable-models" | "stable") => problem.meaning = Meaning::StableModels,
        Some(other) => {
            return Err(Failure::Usage(format!(
                "there are no semantics `{other}` for programs; there are stable-models, rules"
            )));
        }
    }
    if let Some(query) = &args.program.query {
        problem.goal = Some(goal("--query", query, &mut problem, console)?);
    }
    if let Some(atom) = args.program.why.as_ref() {
        problem.goal = Some(goal("--why", atom, &mut problem, console)?);
    }
    if args.program.optimize && !has_costs(&problem) {
        return Err(Failure::Usage(format!(
            "{}: there is nothing to optimise: no weak constraint, no #minimize, no #maximize",
            text.name()
        )));
    }
    if let Some(atom) = &args.program.why_not {
        return tell_why_not(args, text, problem, atom, solver, console);
    }
    if args.program.trace_search {
        return trace_search(args, text, &problem, console);
    }
    if let Some(chain) = &args.program.chain {
        return assess_chain(args, text, problem, chain, solver, console);
    }
    let problem = Arc::new(problem);
    let mut answer = answer(args, text, &problem, solver)?;
    answer.times.read = reading.time;
    if args.trace {
        for line in &answer.trace {
            console.note(&format!("{} {line}\n", console.dim("trace:")));
        }
    }
    match args.output() {
        OutputFormat::Json | OutputFormat::Jsonl => {
            let mut value = program_answer_to_json(text.name(), &problem, &answer);
            if let Some(map) = value.as_object_mut() {
                map.insert(
                    "diagnostics".into(),
                    render::json(text, &reading.diagnostics),
                );
            }
            print_json(args, &value, console)?;
        }
        OutputFormat::Text => console.out(&for_people(text, &problem, &answer, console))?,
        OutputFormat::Szs | OutputFormat::Smtlib => {
            return Err(Failure::Usage(
                "answers about programs are printed as text, json or jsonl".into(),
            ));
        }
    }
    Ok(exit_code(args, &answer))
}

/// The program, with warnings and errors told.
fn readable(
    args: &SolveArgs,
    text: &SourceText,
    problem: &Option<Arc<Problem>>,
    diagnostics: &[Diagnostic],
    console: &Console,
) -> Result<Problem, Failure> {
    let refused = problem.is_none() || (has_errors(diagnostics) && !args.lenient);
    if args.output() == OutputFormat::Text || refused {
        console.note(&render::diagnostics(text, diagnostics, console.colour));
    }
    match problem {
        Some(problem) if !refused => Ok((**problem).clone()),
        _ => {
            if matches!(args.output(), OutputFormat::Json | OutputFormat::Jsonl) {
                let value = json!({
                    "format": "nsolve/answer",
                    "version": "1.0",
                    "id": text.name(),
                    "language": "program",
                    "answer": Value::Null,
                    "diagnostics": render::json(text, diagnostics),
                });
                print_json(args, &value, console)?;
            }
            let hint = if problem.is_some() {
                "; --lenient goes on without the statements that cannot be read"
            } else {
                ""
            };
            Err(Failure::Input(format!(
                "{}: not readable{hint}",
                text.name()
            )))
        }
    }
}

/// What a flag asks, as a goal.
fn goal(
    flag: &str,
    written: &str,
    problem: &mut Problem,
    console: &Console,
) -> Result<Goal, Failure> {
    let text =
        SourceText::new(flag, written).map_err(|d| Failure::Usage(format!("{flag}: {d}")))?;
    let (goal, diagnostics) = read_goal(&text, problem);
    console.note(&render::diagnostics(&text, &diagnostics, console.colour));
    match goal {
        Some(goal) if !has_errors(&diagnostics) => Ok(goal),
        _ => Err(Failure::Usage(format!("{flag}: `{written}` is no goal"))),
    }
}

fn atom(
    flag: &str,
    written: &str,
    problem: &mut Problem,
    console: &Console,
) -> Result<GroundAtom, Failure> {
    let text =
        SourceText::new(flag, written).map_err(|d| Failure::Usage(format!("{flag}: {d}")))?;
    let (atom, diagnostics) = read_atom(&text, problem);
    console.note(&render::diagnostics(&text, &diagnostics, console.colour));
    match atom {
        Some(atom) if !has_errors(&diagnostics) => Ok(atom),
        _ => Err(Failure::Usage(format!(
            "{flag}: `{written}` is no atom without variables"
        ))),
    }
}

fn has_costs(problem: &Problem) -> bool {
    nsolve::il::program::features(problem).contains(nsolve::il::program::Features::COSTS)
}

fn answer(
    args: &SolveArgs,
    text: &SourceText,
    problem: &Arc<Problem>,
    solver: &Solver,
) -> Result<ProgramAnswer, Failure> {
    let wanted = Wanted {
        models: args.wanted_models(),
        instances: None,
    };
    let found = solver.solve_program(problem, wanted);
    found.map_err(|error| failure(&error, problem, text))
}

fn failure(error: &SolveError, problem: &Problem, text: &SourceText) -> Failure {
    let message = format!("{}: {error}", text.name());
    match error {
        SolveError::FailedProgramCheck(record) | SolveError::ProgramDisagreement { record, .. } => {
            let report = nsolve::engine::failed_program_report(problem, error, record);
            Failure::FailedCheck(keep_report(&message, &report))
        }
        SolveError::Lowering(_) => Failure::Input(message),
        _ => Failure::Unavailable(message),
    }
}

fn for_people(
    text: &SourceText,
    problem: &Problem,
    answer: &ProgramAnswer,
    console: &Console,
) -> String {
    let decision = answer.decision.as_str();
    let (head, how) = if answer.is_decided() {
        (console.bold(decision), answer.assurance.name().to_owned())
    } else {
        (console.red(decision), answer.stop.to_string())
    };
    let mut out = format!("{head}  {}\n", console.dim(&format!("({how})")));
    for line in explain_program(problem, answer, Some(text)).lines() {
        out.push_str(&format!("  {line}\n"));
    }
    let backend = answer.records.first().map_or("-", |r| r.backend);
    let total = answer.times.own() + answer.times.backend();
    let times = format!("{backend}, {:.1} ms", total.as_secs_f64() * 1e3);
    out.push_str(&format!("  {}\n", console.dim(&times)));
    out
}

fn exit_code(args: &SolveArgs, answer: &ProgramAnswer) -> u8 {
    if !answer.is_decided() {
        return Failure::Undecided(String::new()).exit_code();
    }
    if !args.exit_verdict {
        return 0;
    }
    match answer.decision {
        ProgramDecision::False | ProgramDecision::NoBindings | ProgramDecision::NoModel => 20,
        ProgramDecision::Uncertain | ProgramDecision::Contradictory => 30,
        _ => 10,
    }
}

/// The atoms of one model, each with a reason, and what is to be said of it.
fn one_model(
    args: &SolveArgs,
    text: &SourceText,
    problem: &mut Problem,
    solver: &Solver,
) -> Result<(Derivation, Option<String>), Failure> {
    problem.goal = None;
    let answer = answer(args, text, &Arc::new(problem.clone()), solver)?;
    let Some(model) = answer.models().first() else {
        return Err(match answer.decision {
            ProgramDecision::NoModel => {
                Failure::Input(format!("{}: the program has no model", text.name()))
            }
            _ => Failure::Undecided(format!("{}: {}", text.name(), answer.stop)),
        });
    };
    let single = answer.exhaustive == Some(nsolve::Assurance::Verified);
    let note = (!single).then(|| "This is about one model; others may differ.".to_owned());
    Ok((model.derivation.clone(), note))
}

fn line_of<'t>(text: &'t SourceText) -> impl Fn(&Rule) -> Option<usize> + 't {
    move |rule| Some(text.position(rule.span?.start).line)
}

fn tell_why_not(
    args: &SolveArgs,
    text: &SourceText,
    mut problem: Problem,
    written: &str,
    solver: &Solver,
    console: &Console,
) -> Result<u8, Failure> {
    let atom = atom("--why-not", written, &mut problem, console)?;
    let (derivation, note) = one_model(args, text, &mut problem, solver)?;
    let line = line_of(text);
    let found = why_not(&problem, &derivation, &atom);
    if args.is_json() {
        let value = match &found {
            Some(found) => found.to_json(&problem),
            None => json!({"atom": problem.show_atom(&atom).to_string(), "derived": true}),
        };
        print_json(args, &value, console)?;
        return Ok(0);
    }
    let mut out = match (&found, why(&problem, &derivation, &atom)) {
        (Some(found), _) => found.render(&problem, &line),
        (None, Some(tree)) => {
            format!(
                "{} is derived.\n{}",
                problem.show_atom(&atom),
                tree.render(&problem, &line)
            )
        }
        (None, None) => format!("{} is derived.\n", problem.show_atom(&atom)),
    };
    if let Some(note) = note {
        out.push_str(&format!("{note}\n"));
    }
    console.out(&out)?;
    Ok(0)
}

fn trace_search(
    args: &SolveArgs,
    text: &SourceText,
    problem: &Problem,
    console: &Console,
) -> Result<u8, Failure> {
    let Some(goal) = &problem.goal else {
        return Err(Failure::Usage(format!(
            "{}: --trace-search needs a goal: write `goal?` in the file or give --query",
            text.name()
        )));
    };
    let trace: SearchTrace = search(problem, goal, SearchLimits::default());
    if args.is_json() {
        print_json(args, &trace.to_json(), console)?;
    } else {
        console.out(&trace.render(problem))?;
    }
    Ok(if trace.solutions.is_empty() && !trace.complete {
        3
    } else {
        0
    })
}

/// A claimed chain: a step a line, `atom` or `atom :- atom, atom`.
fn assess_chain(
    args: &SolveArgs,
    text: &SourceText,
    mut problem: Problem,
    path: &Path,
    solver: &Solver,
    console: &Console,
) -> Result<u8, Failure> {
    let Some(goal) = problem.goal.clone() else {
        return Err(Failure::Usage(format!(
            "{}: --chain needs a goal: write `goal?` in the file or give --query",
            text.name()
        )));
    };
    let written = input::text(path)?;
    let mut claimed = Vec::new();
    for (i, line) in written.text().lines().enumerate() {
        let line = line.trim().trim_end_matches('.');
        if line.is_empty() || line.starts_with('%') {
            continue;
        }
        let name = format!("{}:{}", written.name(), i + 1);
        let step = nsolve::engine::program::read_step(line, &mut problem);
        claimed.push(step.map_err(|why| Failure::Input(format!("{name}: {why}")))?);
    }
    let (derivation, _) = one_model(args, text, &mut problem, solver)?;
    let report = check_chain(&problem, &goal, derivation.atoms().cloned(), &claimed);
    if args.is_json() {
        print_json(args, &report.to_json(&problem, &claimed), console)?;
    } else {
        console.out(&chain_for_people(&problem, &claimed, &report))?;
    }
    Ok(0)
}

fn chain_for_people(problem: &Problem, claimed: &[ClaimedStep], report: &ChainReport) -> String {
    let mut out = String::new();
    for (claim, found) in claimed.iter().zip(&report.steps) {
        let mark = match (found.rule, found.needed) {
            (Some(_), true) => "needed ",
            (Some(_), false) => "unused ",
            (None, _) => "leaves ",
        };
        out.push_str(&format!("{mark} {}", problem.show_atom(&claim.atom)));
        match found.rule.and_then(|r| problem.rules.get(r as usize)) {
            Some(rule) => out.push_str(&format!(
                "  by {}",
                nsolve::syntax::program::print_rule(problem, rule)
            )),
            None if found.unsupported.is_empty() => {
                out.push_str("  (no rule gives it from what stands before)");
            }
            None => {
                let list: Vec<String> = found
                    .unsupported
                    .iter()
                    .map(|a| problem.show_atom(a).to_string())
                    .collect();
                out.push_str(&format!("  (nothing gives {})", list.join(", ")));
            }
        }
        out.push('\n');
    }
    let percent = |share: f64| format!("{:.0} %", share * 100.0);
    out.push_str(&format!(
        "{} of the steps are in the program, {} are needed; the goal is {}\n",
        percent(report.in_program()),
        percent(report.needed()),
        if report.reaches_goal {
            "reached"
        } else {
            "not reached"
        }
    ));
    if let Some(first) = report.first_leaves {
        out.push_str(&format!(
            "the claim first leaves the program at step {}\n",
            first + 1
        ));
    }
    out
}
