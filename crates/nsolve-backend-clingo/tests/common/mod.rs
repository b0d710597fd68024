//! Programs that play clingo, and outcomes as lines.

#![allow(dead_code, reason = "each test file uses a part")]

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use nsolve_backend::{BackendError, Budget, Evidence, Outcome, SolveCx, Verdict};
use nsolve_backend_clingo::ClingoBackend;
use nsolve_il::program::{Problem, Program, Query, Witness};

/// A script that says what it was told to.
pub(crate) struct Fake {
    folder: tempfile::TempDir,
    script: PathBuf,
}

impl Fake {
    pub(crate) fn saying(reply: &str, complaint: &str, status: i32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("reply"), reply).unwrap();
        std::fs::write(at("complaint"), complaint).unwrap();
        let script = at("clingo");
        let text = format!(
            "#!/bin/sh\ncase $1 in --version) echo clingo version 5.9.9; exit 0;; esac\n\
             cat >/dev/null; cat '{}' ; cat '{}' >&2; exit {status}\n",
            at("reply").display(),
            at("complaint").display()
        );
        std::fs::write(&script, text).unwrap();
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&script, mode).unwrap();
        Fake { folder, script }
    }

    pub(crate) fn silent() -> Self {
        Self::saying("", "", 0)
    }

    pub(crate) fn backend(&self) -> ClingoBackend {
        ClingoBackend::at(&self.script).unwrap()
    }
}

pub(crate) fn limited(seconds: u64) -> SolveCx {
    limited_to(seconds * 1000)
}

pub(crate) fn limited_to(milliseconds: u64) -> SolveCx {
    SolveCx::new(Budget {
        time: Some(Duration::from_millis(milliseconds)),
        ..Budget::default()
    })
}

/// Sorts lines, and the words of each, with what follows the last `;`s left at
/// the end.
pub(crate) fn in_order(lines: &mut Vec<String>) {
    let mut marks = Vec::new();
    for line in lines.iter_mut() {
        let mut parts = line.split("; ").map(str::to_owned);
        let mut words: Vec<String> = {
            let first = parts.next().unwrap_or_default();
            first.split(' ').map(str::to_owned).collect()
        };
        marks.extend(parts);
        if !line.contains(':') && !line.contains('=') {
            words.sort();
        }
        *line = words.join(" ");
    }
    lines.sort();
    lines.extend(marks.into_iter().map(|m| format!("; {m}")));
}

/// An outcome as lines: one for each model or row.
pub(crate) fn shown(
    problem: &Arc<Problem>,
    query: &Query,
    outcome: &Result<Outcome<Program>, BackendError>,
) -> Vec<String> {
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(why) => return vec![why.to_string()],
    };
    let mut lines = Vec::new();
    match (outcome.verdict, &outcome.evidence) {
        (Verdict::Sat, Evidence::Model(Witness::Atoms(bare))) => {
            assert!(bare.models.iter().all(|m| m.is_sorted_by(|a, b| a < b)));
            for model in &bare.models {
                let atoms = model.iter().map(|a| problem.show_atom(a).to_string());
                lines.push(atoms.collect::<Vec<_>>().join(" "));
            }
            let last = lines.last_mut().unwrap();
            if bare.complete {
                last.push_str("; complete");
            }
            if bare.optimal {
                last.push_str("; optimal");
            }
        }
        (Verdict::Sat, Evidence::Model(Witness::Rows(bare))) => {
            let Query::Instances { goal, .. } = query else {
                panic!("rows for no goal");
            };
            for row in &bare.rows {
                let pairs = goal.variables.iter().zip(&row.binding);
                let pairs = pairs.filter_map(|(v, value)| Some(format!("{v}={}", value.as_ref()?)));
                lines.push(pairs.collect::<Vec<_>>().join(" "));
            }
            if bare.complete {
                lines.push("complete".into());
            }
        }
        (Verdict::Unsat, Evidence::None) => lines.push("unsat".into()),
        (Verdict::Unknown, Evidence::None) => lines.push(outcome.stop.to_string()),
        other => panic!("{other:?}"),
    }
    in_order(&mut lines);
    lines
}
