//! Answers a program in the tests' notation and says how long it took.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool for those who measure"
)]

#[path = "../tests/notation/mod.rs"]
mod notation;

use std::sync::Arc;
use std::time::{Duration, Instant};

use nsolve_backend::{Backend, Budget, Evidence, SolveCx};
use nsolve_backend_program::ProgramBackend;
use nsolve_il::program::{Query, Witness};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let text = std::fs::read_to_string(arguments.next().unwrap()).unwrap();
    let limit: usize = arguments.next().unwrap_or_default().parse().unwrap_or(1);
    let mode = arguments.next().unwrap_or_default();
    let optimal = mode == "optimal";
    let start = Instant::now();
    let problem = Arc::new(notation::read(&text));
    let read = start.elapsed();
    let cx = SolveCx::new(Budget {
        time: Some(Duration::from_secs(120)),
        memory: Some(16 << 30),
        ..Budget::default()
    });
    let limit = (limit > 0).then_some(limit);
    let query = match problem.goal.clone() {
        Some(goal) => Query::Instances { goal, limit },
        None => Query::Models {
            limit,
            optimal,
            assuming: Vec::new(),
        },
    };
    let start = Instant::now();
    let outcome = ProgramBackend.solve(&problem, &query, &cx).unwrap();
    let solved = start.elapsed();
    let found = match &outcome.evidence {
        Evidence::Model(Witness::Models(a)) => {
            format!(
                "{} models, complete {}, cost {:?}",
                a.models.len(),
                a.complete,
                a.models.first().map(|m| &m.cost)
            )
        }
        Evidence::Model(Witness::Instances(b)) => {
            format!("{} rows, {} steps", b.rows.len(), b.derivation.steps.len())
        }
        _ => String::new(),
    };
    if mode == "show"
        && let Evidence::Model(Witness::Models(answers)) = &outcome.evidence
    {
        for model in &answers.models {
            println!(
                "{}",
                notation::shown(&problem, model.derivation.atoms()).join(" ")
            );
        }
    }
    println!(
        "{:?} {} {found}; read {read:?}, solved {solved:?}",
        outcome.verdict, outcome.stop
    );
}
