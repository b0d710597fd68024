//! The `nsolve` command: the only part of nsolve that prints.
//!
//! Answers go to standard output, everything else to standard error.

mod cli;
mod commands;
mod failure;
mod input;
mod output;
mod render;
mod settings;
mod units;

use std::process::ExitCode;

use clap::Parser;
use nsolve::CancelToken;

use crate::cli::{Cli, Command};
use crate::failure::Failure;
use crate::output::Console;

/// Reading and solving small problems makes many small values.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let console = Console::new();
    let cancel = CancelToken::new();
    watch_interrupts(&cancel);
    let done = match cli.command {
        Command::Solve(args) => commands::solve(&args, &console, &cancel),
        Command::Ask(args) => commands::ask(&args, &console, &cancel),
        Command::Check(args) => commands::check(&args, &console, &cancel),
        Command::Translate(args) => commands::translate(&args, &console),
        Command::Verify(args) => commands::verify(&args, &console),
        Command::Explain(args) => commands::explain(&args, &console),
        Command::Bench(args) => commands::bench(&args, &console, &cancel),
        Command::Doctor(args) => commands::doctor(&args, &console),
        Command::Schema(args) => commands::schema(&args, &console),
        Command::Config(args) => commands::config(&args, &console),
        Command::Completions { shell } => commands::completions(shell, &console),
        Command::Man => commands::man(&console),
    };
    match done {
        Ok(code) => code,
        Err(failure) => {
            let message = failure.to_string();
            if !message.is_empty() {
                console.error(&message);
            }
            failure.into()
        }
    }
}

/// The first Ctrl-C ends the work in good order, the second at once.
fn watch_interrupts(cancel: &CancelToken) {
    let token = cancel.clone();
    // Without a handler Ctrl-C still ends the process, only less politely.
    let _ = ctrlc::set_handler(move || {
        if token.is_cancelled() {
            std::process::exit(i32::from(Failure::Interrupted.exit_code()));
        }
        token.cancel();
    });
}
