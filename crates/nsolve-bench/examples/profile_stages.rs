//! Where the time of small problems goes: microseconds a problem and stage, on
//! one thread, with the backend `ground`.
//!
//! `cargo run --release -p nsolve-bench --example profile_stages -- SUITE
//! [ROUNDS] [classical|rules] [SKIP]`
//!
//! Each round answers every draft of the suite that can be read; the fastest
//! round is told for every stage, which leaves out what other programs on the
//! machine take away. `SKIP` leaves out so many drafts and answers only the next
//! one, to look at a single problem.

#![allow(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "an example prints what it measured"
)]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nsolve::il::fol::Semantics;
use nsolve::syntax::fol::{Document, Style, elaborate};
use nsolve::{Assurance, BackendName, Budget, Format, Solver, SourceText};
use nsolve_bench::{Draft, Suite};

/// The stages in the order of their columns.
const STAGES: [&str; 7] = [
    "read",
    "elaborate",
    "lower",
    "solve",
    "certify",
    "check",
    "other",
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("the path of a suite is missing")?;
    let rounds: usize = arguments.next().map_or(Ok(5), |n| n.parse())?;
    let semantics = match arguments.next().as_deref() {
        Some("rules") => Some(Semantics::Rules),
        Some("classical") => Some(Semantics::Classical),
        _ => None,
    };
    let only: Option<usize> = arguments.next().map(|n| n.parse()).transpose()?;
    let suite = Suite::load(Path::new(&path))?;
    let drafts = suite.items.iter().flat_map(|item| &item.drafts);
    let texts: Result<Vec<_>, _> = drafts
        .filter(|draft| !draft.format.is_program())
        .map(|draft: &Draft| Ok((draft.format, SourceText::new("draft", &draft.text)?)))
        .collect::<Result<Vec<_>, nsolve::Diagnostic>>();
    let mut texts = texts.map_err(|fault| fault.to_string())?;
    if let Some(only) = only {
        texts = texts.into_iter().skip(only).take(1).collect();
    }
    let limits = Budget {
        time: Some(Duration::from_secs(10)),
        ..Budget::default()
    };
    let solver = Solver::new().backend(BackendName::Ground)?.limits(limits);
    let mut best = [Duration::MAX; STAGES.len()];
    let (mut fastest, mut answered, mut verified) = (Duration::MAX, 0_u32, 0_u32);
    for _ in 0..rounds.max(1) {
        let mut spent = [Duration::ZERO; STAGES.len()];
        let began = Instant::now();
        (answered, verified) = (0, 0);
        for (format, text) in &texts {
            let start = Instant::now();
            let (document, style) = document(*format, text, semantics);
            let reading = start.elapsed();
            let elaboration = elaborate(&document, &style);
            let elaborating = start.elapsed().saturating_sub(reading);
            let Some(mut problem) = elaboration.problem else {
                continue;
            };
            problem.semantics = semantics.unwrap_or(problem.semantics);
            let problem = Arc::new(problem);
            let answer = solver.solve(&problem)?;
            let times = answer.times;
            let known = [
                reading,
                elaborating,
                times.lower,
                times.solve,
                times.certify,
                times.check,
            ];
            answered += 1;
            verified += u32::from(answer.assurance == Assurance::Verified);
            drop(answer);
            drop((document, elaboration.diagnostics, problem));
            let other = start.elapsed().saturating_sub(known.iter().sum());
            for (sum, stage) in spent.iter_mut().zip(known.iter().chain([&other])) {
                *sum += *stage;
            }
        }
        fastest = fastest.min(began.elapsed());
        for (least, stage) in best.iter_mut().zip(spent) {
            *least = (*least).min(stage);
        }
    }
    let each = |time: Duration| time.as_secs_f64() * 1e6 / f64::from(answered.max(1));
    println!("{}: {answered} problems, {verified} verified", suite.name);
    for (name, time) in STAGES.iter().zip(best) {
        println!("{name:>10} {:8.1} us", each(time));
    }
    let total = each(fastest);
    println!("{:>10} {total:8.1} us, {:.0} a second", "all", 1e6 / total);
    Ok(())
}

/// Reads a draft, a story in English under this semantics.
fn document(format: Format, text: &SourceText, semantics: Option<Semantics>) -> (Document, Style) {
    if format == Format::English {
        let story = nsolve::english::read(text, semantics.unwrap_or_default());
        return (story.document, Style::NATIVE);
    }
    let (document, style, _) = nsolve::formats::read(format, text);
    (document, style)
}
