use nsolve_bridge::{program_to_fol, route, rules_to_program, split_options};
use nsolve_formats::json::write_json;
use nsolve_formats::program::{write_asp_program, write_datalog, write_prolog};
use nsolve_formats::smtlib::write_smtlib;
use nsolve_formats::tptp::write_tptp;
use nsolve_formats::{Format, write_prover9};
use nsolve_il::FeatureSet;
use nsolve_il::fol::{Features, Problem, Question};
use nsolve_il::program;
use nsolve_source::Diagnostic;
use nsolve_syntax::fol::print;

/// Why a problem could not be written in a format.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TranslateError {
    /// Nothing writes this format.
    #[error(
        "nothing writes the format `{0}`; there are fol, tptp, smtlib, prover9, json, program, asp, prolog, datalog"
    )]
    ReadOnly(&'static str),
    /// No chain of bridges leads into what the format can say.
    #[error("the format `{format}` cannot say {}", missing.join(", "))]
    Inexpressible {
        /// The format.
        format: &'static str,
        /// What it lacks, by name.
        missing: Vec<&'static str>,
    },
    /// A bridge or the writer refused.
    #[error("{0}")]
    Refused(String),
}

/// Writes a problem in a format, over bridges where the format needs them.
/// Also gives the names of the bridges that were taken.
///
/// A problem with lettered options is written as one problem an option where
/// the format knows conclusions only.
///
/// # Errors
/// Where the format cannot say it.
pub fn translate(
    problem: &Problem,
    to: Format,
) -> Result<(String, Vec<&'static str>), TranslateError> {
    let refused = |e: &dyn std::fmt::Display| TranslateError::Refused(e.to_string());
    if to.is_program() {
        let translated = rules_to_program(problem).map_err(|faults| refused(&first(&faults)))?;
        let (text, mut steps) = translate_program(&translated.problem, to)?;
        steps.insert(0, translated.meaning);
        return Ok((text, steps));
    }
    let Some(supported) = writable(to)? else {
        let text = match to {
            Format::Json => write_json(problem).map_err(|e| refused(&e))?,
            _ => print(problem),
        };
        return Ok((text, Vec::new()));
    };
    if matches!(problem.question, Question::Options { .. }) {
        return options(problem, to);
    }
    let Some(route) = route(problem, supported) else {
        return Err(TranslateError::Inexpressible {
            format: to.name(),
            missing: nsolve_il::fol::features(problem).minus(supported).names(),
        });
    };
    let (lowered, _) = route.lower(problem).map_err(|e| refused(&e))?;
    let written = match to {
        Format::Tptp => write_tptp(&lowered),
        Format::Smtlib => write_smtlib(&lowered),
        _ => write_prover9(&lowered),
    };
    Ok((written.map_err(|e| refused(&e))?, route.names()))
}

/// Writes a logic program in a format. Also gives the meaning that was kept,
/// where the format has another than the program.
///
/// # Errors
/// Where the format cannot say it.
pub fn translate_program(
    problem: &program::Problem,
    to: Format,
) -> Result<(String, Vec<&'static str>), TranslateError> {
    let refused = |e: &dyn std::fmt::Display| TranslateError::Refused(e.to_string());
    let written = match to {
        Format::Program => return Ok((nsolve_syntax::program::print(problem), Vec::new())),
        Format::Asp => write_asp_program(problem),
        Format::Prolog => write_prolog(problem, false),
        Format::Datalog => write_datalog(problem),
        _ => {
            let translated = program_to_fol(problem).map_err(|faults| refused(&first(&faults)))?;
            let (text, mut steps) = translate(&translated.problem, to)?;
            steps.insert(0, translated.meaning);
            return Ok((text, steps));
        }
    };
    Ok((written.map_err(|e| refused(&e))?, Vec::new()))
}

/// The first fault, for errors of one line.
fn first(faults: &[Diagnostic]) -> String {
    faults
        .first()
        .map_or_else(String::new, |d| d.message.clone())
}

/// What a format can say; `None` where it can say everything.
fn writable(format: Format) -> Result<Option<Features>, TranslateError> {
    let plain = Features::FUNCTIONS | Features::EQUALITY;
    Ok(match format {
        Format::Fol | Format::Json => None,
        Format::Tptp => Some(Features::all().difference(Features::COUNTING | Features::ENUMERATED)),
        Format::Smtlib => Some(Features::all().difference(Features::COUNTING)),
        Format::Prover9 => Some(plain),
        other => return Err(TranslateError::ReadOnly(other.name())),
    })
}

fn options(problem: &Problem, to: Format) -> Result<(String, Vec<&'static str>), TranslateError> {
    let comment = match to {
        Format::Smtlib => ";",
        _ => "%",
    };
    let (mut out, mut steps) = (String::new(), vec!["options to conclusions"]);
    for (letter, one) in split_options(problem) {
        let (text, taken) = translate(&one, to)?;
        out.push_str(&format!("{comment} option {letter}\n{text}\n"));
        for step in taken {
            if !steps.contains(&step) {
                steps.push(step);
            }
        }
    }
    Ok((out, steps))
}
