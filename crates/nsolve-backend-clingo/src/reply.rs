//! Reads clingo's reply, all of it or nothing.

use nsolve_formats::program::{AspAtom, AspText};
use nsolve_process::{End, Finished};
use serde::Deserialize;

/// What a reply says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// There are no models.
    Unsat,
    /// There are these, all different.
    Models {
        models: Vec<Vec<AspAtom>>,
        /// There are no others (of that cost, where lowest costs are asked for).
        complete: bool,
        /// None costs less.
        optimal: bool,
    },
    /// It was stopped by its own clock and knows nothing that is of use.
    TimeOver,
    /// It used up its memory.
    MemoryOver,
}

/// Why a reply is not believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Distrust(pub(crate) String);

fn distrust<T>(why: impl Into<String>) -> Result<T, Distrust> {
    Err(Distrust(why.into()))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Whole {
    solver: String,
    call: Vec<Call>,
    result: String,
    models: Counts,
    #[serde(rename = "TIME LIMIT")]
    time_limit: Option<u64>,
    #[serde(rename = "INTERRUPTED")]
    interrupted: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Call {
    #[serde(default)]
    witnesses: Vec<OneModel>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OneModel {
    value: Vec<String>,
    #[serde(default)]
    costs: Vec<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Counts {
    number: usize,
    more: String,
    optimum: Option<String>,
    optimal: Option<usize>,
    #[serde(default)]
    costs: Vec<i64>,
}

/// Bits of clingo's exit status.
mod status {
    /// It was interrupted, perhaps by its own clock.
    pub(super) const INTERRUPTED: i32 = 1;
    pub(super) const SATISFIABLE: i32 = 10;
    /// It went through all there is: no models if not `SATISFIABLE`.
    pub(super) const EXHAUSTED: i32 = 20;
    /// It used up its memory.
    pub(super) const MEMORY: i32 = 33;
}

/// Reads a reply. `optimal` tells whether lowest costs were asked for.
pub(crate) fn read(finished: &Finished, asp: &AspText, optimal: bool) -> Result<Reply, Distrust> {
    let End::Exited {
        code: Some(code), ..
    } = finished.end
    else {
        return distrust("it ended without a status");
    };
    let complaint = String::from_utf8_lossy(&finished.stderr);
    if code == status::MEMORY || complaint.contains("bad_alloc") {
        return Ok(Reply::MemoryOver);
    }
    let whole: Result<Whole, _> = serde_json::from_slice(&finished.stdout);
    let stopped = whole.as_ref().is_ok_and(Whole::stopped);
    let quiet = |line: &str| line.trim().is_empty() || stopped && line.contains("INTERRUPTED");
    if !complaint.lines().all(quiet) {
        if stopped {
            // The Python program says at length that it was stopped.
            return Ok(Reply::TimeOver);
        }
        let start: String = complaint.trim().chars().take(200).collect();
        return distrust(format!("it complained: {start}"));
    }
    let whole = match whole {
        Ok(whole) => whole,
        Err(why) => return distrust(format!("its reply is not what is expected: {why}")),
    };
    let [call] = whole.call.as_slice() else {
        return distrust("its reply has no call, or several");
    };
    // The Python program's status tells nothing.
    let silent = code == 0 && whole.solver.starts_with("pyclingo ");
    let interrupted = [status::INTERRUPTED, status::SATISFIABLE + 1].contains(&code);
    if !silent && interrupted != stopped {
        return distrust("its status and its reply differ about its time");
    }
    let exhausted = code == status::SATISFIABLE + status::EXHAUSTED;
    let sat = silent || interrupted || exhausted || code == status::SATISFIABLE;
    match whole.result.as_str() {
        "UNSATISFIABLE" if (silent || code == status::EXHAUSTED) && !stopped => {
            match call.witnesses.is_empty() && whole.models.number == 0 {
                true => Ok(Reply::Unsat),
                false => distrust("it gives models of what has none"),
            }
        }
        "UNKNOWN" if stopped => Ok(Reply::TimeOver),
        "SATISFIABLE" | "OPTIMUM FOUND" if sat => {
            let all = (silent || exhausted) && !stopped && whole.models.more == "no";
            models(&whole, call, asp, optimal, all)
        }
        _ => distrust("its status and its result differ"),
    }
}

impl Whole {
    /// Whether something stopped it before its end.
    fn stopped(&self) -> bool {
        self.time_limit.is_some() || self.interrupted.is_some()
    }
}

fn models(
    whole: &Whole,
    call: &Call,
    asp: &AspText,
    optimal: bool,
    complete: bool,
) -> Result<Reply, Distrust> {
    let counts = &whole.models;
    if call.witnesses.len() != counts.number || call.witnesses.is_empty() {
        return distrust("the number of models is not the one it tells");
    }
    let costs = optimal && counts.optimum.is_some();
    if costs && counts.optimum.as_deref() != Some("yes") {
        // The best so far, which is no answer.
        return match whole.stopped() {
            true => Ok(Reply::TimeOver),
            false => distrust("it stopped before it found the lowest cost"),
        };
    }
    let wanted = |m: &&OneModel| !costs || m.costs == counts.costs;
    let mut models = Vec::new();
    for witness in call.witnesses.iter().filter(wanted) {
        models.push(atoms(witness, asp)?);
    }
    let found = models.len();
    models.sort_unstable_by(|a, b| keys(a).cmp(keys(b)));
    models.dedup();
    // On its way down to the lowest cost it finds one model of it, and then
    // lists it again.
    let again = usize::from(costs);
    if models.len() + again < found {
        return distrust("it gives a model twice");
    }
    // Where a limit ends that list early, the one from the way down may not be on
    // it.
    let listed = |n: usize| n == models.len() || !complete && n + again == models.len();
    if costs && !counts.optimal.is_some_and(listed) {
        return distrust("the number of models of the lowest cost is not the one it tells");
    }
    Ok(Reply::Models {
        models,
        complete,
        optimal,
    })
}

fn keys(atoms: &[AspAtom]) -> impl Iterator<Item = Key<'_>> {
    atoms.iter().map(key)
}

type Key<'a> = (
    Option<&'a nsolve_il::program::GroundAtom>,
    Option<&'a [Option<nsolve_il::program::Value>]>,
);

fn key(atom: &AspAtom) -> Key<'_> {
    match atom {
        AspAtom::Atom(atom) => (Some(atom), None),
        AspAtom::Row(row) => (None, Some(&row.binding)),
    }
}

/// The atoms of a model, ascending.
fn atoms(model: &OneModel, asp: &AspText) -> Result<Vec<AspAtom>, Distrust> {
    let mut out = Vec::with_capacity(model.value.len());
    for printed in &model.value {
        out.push(asp.read(printed).map_err(|e| Distrust(e.to_string()))?);
    }
    out.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
    let all = out.len();
    out.dedup();
    match out.len() == all {
        true => Ok(out),
        false => distrust("a model holds an atom twice"),
    }
}
