//! The command line, in one definition: help, man page and completions are
//! made from it.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use nsolve::il::fol::Semantics;

use crate::units;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Problems in a typed language, answered by solvers and checked again.
#[derive(Debug, Parser)]
#[command(
    name = "nsolve",
    version,
    styles = STYLES,
    arg_required_else_help = true,
    after_help = "\
Examples:
  nsolve ask 'All cats purr. Tom is a cat. Does Tom purr?'
  nsolve solve examples/cats.fol           answer a problem, with its reasons
  nsolve check draft.txt                   find every fault in a text
  nsolve translate cats.fol --to tptp      write it for another tool
  nsolve solve cats.fol --json > a.json    keep the answer with its evidence
  nsolve verify a.json                     check the evidence without a solver

Exit codes:
  0 decided   1 the input is wrong   2 usage or configuration   3 undecided
  4 a backend's claim failed the check   5 a backend is missing   130 interrupted"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Answer a problem, check the answer, and say why
    #[command(after_help = "\
Examples:
  nsolve solve cats.fol
  nsolve solve draft.txt --from linc --lenient
  nsolve solve a.fol b.fol --json          one JSON object a problem
  nsolve solve zebra.fol --all-models      every solution, with --limit for more than 10
  nsolve solve family.asp --query 'ancestor(X, tom)'
  nsolve solve birds.asp --why-not 'flies(tweety)'
  nsolve solve diet.mod --data diet.json --duals
  cat cats.fol | nsolve solve - --timeout 500ms
  nsolve solve group.p --format szs        `% SZS status Theorem for group.p`")]
    Solve(SolveArgs),
    /// Answer a question in plain English, and say why
    #[command(after_help = "\
Examples:
  nsolve ask 'All cats are mammals. Tom is a cat. Is Tom a mammal?'
  nsolve ask story.txt
  cat story.txt | nsolve ask -
  nsolve ask story.txt --semantics rules   facts and rules run forward only
  nsolve ask story.txt --show              what each sentence was read as

A file may begin with `---`, `question: ..`, `options:`, `A: ..`, `---`; the story follows.")]
    Ask(AskArgs),
    /// Read a text and say everything that is wrong with it
    #[command(after_help = "\
Examples:
  nsolve check cats.fol
  nsolve check draft.txt --from folio --json
  nsolve check cats.fol --contradictions   ask a solver whether premises clash")]
    Check(CheckArgs),
    /// Write a problem in another format
    #[command(after_help = "\
Examples:
  nsolve translate cats.fol --to tptp
  nsolve translate draft.txt --from linc --to fol
  nsolve translate zebra.fol --to prover9 --trace    print which bridges are taken")]
    Translate(TranslateArgs),
    /// Check a saved answer again, without any solver
    #[command(after_help = "\
Examples:
  nsolve solve cats.fol --json > answer.json
  nsolve verify answer.json                exit code 0 if all its evidence holds, 4 if not")]
    Verify(VerifyArgs),
    /// Say a saved answer in words, or what a diagnostic code means
    #[command(after_help = "\
Examples:
  nsolve explain answer.json
  nsolve explain FOL0402")]
    Explain(ExplainArgs),
    /// Run a suite and report, or compare two runs
    #[command(after_help = "\
Examples:
  nsolve bench tests/suites                           our own suites
  nsolve bench data/logic/linc-folio-gpt4.jsonl       recorded drafts
  nsolve bench SUITE --record run.jsonl               resumable after a kill
  nsolve bench SUITE --compare old.jsonl new.jsonl    every item that changed

Row shapes of .jsonl files, told by their fields:
  generations, label                       recorded generations (LINC)
  program, answer                          recorded programs (Logic-LM)
  premises_fol, conclusion_fol, label      gold formulas (FOLIO)
  context, question, options, answer       stories in plain English")]
    Bench(BenchArgs),
    /// Say what is installed, which versions, and what is missing
    Doctor(DoctorArgs),
    /// Print the JSON schema of an answer, a problem or a report
    #[command(after_help = "\
Examples:
  nsolve schema answer > answer.schema.json")]
    Schema(SchemaArgs),
    /// Show the settings in force, and where each comes from
    Config(ConfigArgs),
    /// Print a completion script for a shell
    #[command(after_help = "\
Examples:
  nsolve completions bash > ~/.local/share/bash-completion/completions/nsolve")]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    #[command(after_help = "\
Examples:
  nsolve man | man -l -")]
    Man,
}

/// What all commands that solve have in common.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct SolverArgs {
    /// Who solves: auto; ground or z3; for programs program or clingo
    #[arg(long, env = "NSOLVE_BACKEND", value_name = "NAME")]
    pub(crate) backend: Option<String>,
    /// Time for a problem, with its unit: 500ms, 10s, 2m [default: 10s]
    #[arg(long, env = "NSOLVE_TIMEOUT", value_name = "TIME", value_parser = units::duration)]
    pub(crate) timeout: Option<std::time::Duration>,
    /// Memory for a solver, with its unit: 512MiB, 2GiB [default: 2GiB]
    #[arg(long, env = "NSOLVE_MEMORY", value_name = "SIZE", value_parser = units::size)]
    pub(crate) memory: Option<u64>,
    /// Deterministic steps, in the backend's own unit
    #[arg(long, env = "NSOLVE_STEPS", value_name = "N")]
    pub(crate) steps: Option<u64>,
    /// How many problems are worked on at once [default: all cores]
    #[arg(long, short, env = "NSOLVE_JOBS", value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Seed for whatever a backend does at random [default: 0]
    #[arg(long, env = "NSOLVE_SEED", value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Ask a second backend about what could not be verified
    #[arg(long, env = "NSOLVE_CROSS_CHECK", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub(crate) cross_check: Option<bool>,
}

/// How answers are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For people
    Text,
    /// One JSON object a problem, indented
    Json,
    /// One JSON object a line
    Jsonl,
    /// SZS status lines, as TPTP tools print
    Szs,
    /// sat, unsat or unknown: can the premises hold with the conclusion denied?
    Smtlib,
}

#[derive(Debug, Args)]
pub(crate) struct SolveArgs {
    /// Problem files; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What the files are written in [default: told by name and content]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) from: Option<String>,
    /// How to understand premises: classical or rules [default: as the file says]
    #[arg(long, value_name = "NAME")]
    pub(crate) semantics: Option<String>,
    /// Go on without the items that cannot be read
    #[arg(long)]
    pub(crate) lenient: bool,
    /// List the models of a problem that asks for one, told apart by what its
    /// premises mention
    #[arg(long)]
    pub(crate) all_models: bool,
    #[command(flatten)]
    pub(crate) program: ProgramArgs,
    #[command(flatten)]
    pub(crate) model: ModelArgs,
    /// How many models to list; 0 or `all` for all of them
    #[arg(long, value_name = "N", default_value = "10", value_parser = units::limit, requires = "all_models")]
    pub(crate) limit: usize,
    /// How to print
    #[arg(long, value_enum, default_value = "text", conflicts_with = "json")]
    pub(crate) format: OutputFormat,
    /// The same as --format json
    #[arg(long)]
    pub(crate) json: bool,
    /// Print what was done, step by step, to standard error
    #[arg(long)]
    pub(crate) trace: bool,
    /// Exit with 10 (true, or satisfiable), 20 (false, or unsatisfiable) or 30
    /// (uncertain) instead of 0
    #[arg(long)]
    pub(crate) exit_verdict: bool,
    #[command(flatten)]
    pub(crate) solver: SolverArgs,
}

impl SolveArgs {
    /// How many models of a program are wanted; `None` is all.
    pub(crate) fn wanted_models(&self) -> Option<usize> {
        match (self.all_models, self.limit) {
            (false, _) => Some(1),
            (true, usize::MAX) => None,
            (true, limit) => Some(limit),
        }
    }

    /// Whether JSON is printed.
    pub(crate) fn is_json(&self) -> bool {
        matches!(self.output(), OutputFormat::Json | OutputFormat::Jsonl)
    }

    pub(crate) fn output(&self) -> OutputFormat {
        if self.json {
            OutputFormat::Json
        } else {
            self.format
        }
    }
}

/// What is asked of an optimisation model.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Optimisation models")]
pub(crate) struct ModelArgs {
    /// Data for the model: .dat, .json or .csv; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Vec<PathBuf>,
    /// Let integers be any number
    #[arg(long)]
    pub(crate) relax: bool,
    /// Accept a point this near to the optimum: `1%` or `0.01`
    #[arg(long, value_name = "GAP", value_parser = units::share)]
    pub(crate) gap: Option<f64>,
    /// Start from the point of an answer that was saved with --json
    #[arg(long, value_name = "FILE")]
    pub(crate) start: Option<PathBuf>,
    /// Optimise all objectives in the order they are written, each among the
    /// optima of the ones before
    #[arg(long)]
    pub(crate) lexicographic: bool,
    /// Show so many points, best first, told apart by their integers
    #[arg(long, value_name = "N", default_value = "1")]
    pub(crate) solutions: usize,
    /// Show duals, reduced costs, and between which numbers they hold
    #[arg(long)]
    pub(crate) duals: bool,
    /// How long to look for the fewest rows that clash, where there is no point
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = units::duration)]
    pub(crate) conflict: std::time::Duration,
}

/// What is asked of a logic program.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Logic programs")]
pub(crate) struct ProgramArgs {
    /// Ask this goal instead of the file's: 'ancestor(X, tom)'
    #[arg(long, value_name = "GOAL")]
    pub(crate) query: Option<String>,
    /// Show the derivation of an atom: 'p(a)'
    #[arg(long, value_name = "ATOM", conflicts_with = "query")]
    pub(crate) why: Option<String>,
    /// Show the rules that come nearest to an atom, and what fails there
    #[arg(long, value_name = "ATOM", conflicts_with_all = ["query", "why"])]
    pub(crate) why_not: Option<String>,
    /// Insist on costs: only models of the lowest cost are answers, and a
    /// program that states none is an error
    #[arg(long)]
    pub(crate) optimize: bool,
    /// Show a depth-first search for the goal, every attempt included
    #[arg(long)]
    pub(crate) trace_search: bool,
    /// Judge a claimed chain of steps: a file with `atom` or `atom :- atom, ..`
    /// in each line
    #[arg(long, value_name = "FILE", conflicts_with = "trace_search")]
    pub(crate) chain: Option<PathBuf>,
}

impl ProgramArgs {
    /// Whether one of these was given.
    pub(crate) fn is_used(&self) -> bool {
        let goal = self.query.is_some() || self.why.is_some() || self.why_not.is_some();
        goal || self.optimize || self.trace_search || self.chain.is_some()
    }
}

#[derive(Debug, Args)]
pub(crate) struct AskArgs {
    /// A story with a question, or a file with one; `-` is standard input
    #[arg(value_name = "TEXT|FILE")]
    pub(crate) what: String,
    /// How the story is understood
    #[arg(long, value_enum, default_value_t = SemanticsChoice::Classical)]
    pub(crate) semantics: SemanticsChoice,
    /// Show what each sentence was read as
    #[arg(long)]
    pub(crate) show: bool,
    /// Print a JSON object
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) solver: SolverArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Problem files; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What the files are written in [default: told by name and content]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) from: Option<String>,
    /// One JSON object a file
    #[arg(long)]
    pub(crate) json: bool,
    /// Also ask a solver whether the premises contradict each other
    #[arg(long)]
    pub(crate) contradictions: bool,
    /// Data for an optimisation model: .dat, .json or .csv; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) solver: SolverArgs,
}

#[derive(Debug, Args)]
pub(crate) struct TranslateArgs {
    /// The problem file; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// What to write: fol, tptp, smtlib, prover9, json, program, asp, prolog,
    /// datalog; of an optimisation model: lp, mps
    #[arg(long, value_name = "FORMAT")]
    pub(crate) to: String,
    /// What the file is written in [default: told by name and content]
    #[arg(long, value_name = "FORMAT")]
    pub(crate) from: Option<String>,
    /// Go on without the items that cannot be read
    #[arg(long)]
    pub(crate) lenient: bool,
    /// Data for an optimisation model: .dat, .json or .csv; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Vec<PathBuf>,
    /// Print the bridges that are taken to standard error
    #[arg(long)]
    pub(crate) trace: bool,
    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// A saved answer; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Print a JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// A saved answer (`-` is standard input), an optimisation model, or a
    /// diagnostic code
    #[arg(value_name = "FILE|CODE")]
    pub(crate) what: String,
    /// Data for an optimisation model: .dat, .json or .csv; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Vec<PathBuf>,
}

/// A meaning of premises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SemanticsChoice {
    /// An implication also works backwards
    Classical,
    /// Facts and rules run forward only; negation is stated; the world is open
    Rules,
}

impl From<SemanticsChoice> for Semantics {
    fn from(choice: SemanticsChoice) -> Self {
        match choice {
            SemanticsChoice::Classical => Semantics::Classical,
            SemanticsChoice::Rules => Semantics::Rules,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// A suite: a .jsonl file of a known row shape, a Markdown file with cases,
    /// or a folder of these; a bare name is looked for in NSOLVE_DATA
    #[arg(value_name = "SUITE")]
    pub(crate) suite: PathBuf,
    /// Where public data sets are
    #[arg(long, env = "NSOLVE_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Append each finished draft to this file; go on from it if it is there
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Compare two recorded runs instead of running
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"])]
    pub(crate) compare: Option<Vec<PathBuf>>,
    /// One JSON object on standard output
    #[arg(long)]
    pub(crate) json: bool,
    /// List every draft that is not right, with what was answered
    #[arg(long)]
    pub(crate) wrong: bool,
    /// How stories in English are understood: as classical logic, or as facts
    /// and rules that run forward only
    #[arg(long, value_enum, default_value_t = SemanticsChoice::Classical)]
    pub(crate) semantics: SemanticsChoice,
    #[command(flatten)]
    pub(crate) solver: SolverArgs,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Print a JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SchemaName {
    /// What `nsolve solve --json` prints
    Answer,
    /// What `nsolve translate --to json` prints
    Problem,
    /// What `nsolve bench --json` prints
    Bench,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Which schema
    pub(crate) name: SchemaName,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    pub(crate) command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print every setting, its value, and where it comes from
    Show {
        #[command(flatten)]
        solver: SolverArgs,
    },
}
