//! Settings from flags, variables and `nsolve.toml`, each with its origin.
//!
//! Flags win over `NSOLVE_*` variables, these over the file, the file over the
//! defaults. The file is the nearest `nsolve.toml` at or above the folder that
//! the command is run in.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use nsolve::{BackendName, Budget, CancelToken, Solver};
use serde::Deserialize;

use crate::cli::SolverArgs;
use crate::failure::Failure;
use crate::units;

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);
const DEFAULT_MEMORY: u64 = 2 << 30;

/// What `nsolve.toml` may hold.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    backend: Option<String>,
    timeout: Option<String>,
    memory: Option<String>,
    steps: Option<u64>,
    jobs: Option<usize>,
    seed: Option<u64>,
    cross_check: Option<bool>,
}

/// Where a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A flag or a variable; clap does not tell them apart once parsed, so the
    /// environment is asked.
    Flag,
    Variable(String),
    File(PathBuf),
    Default,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Origin::Flag => f.write_str("flag"),
            Origin::Variable(name) => f.write_str(name),
            Origin::File(path) => write!(f, "{}", path.display()),
            Origin::Default => f.write_str("default"),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

/// All settings in force.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) backend: Setting<BackendName>,
    pub(crate) timeout: Setting<Duration>,
    pub(crate) memory: Setting<u64>,
    pub(crate) steps: Setting<Option<u64>>,
    pub(crate) jobs: Setting<usize>,
    pub(crate) seed: Setting<u64>,
    pub(crate) cross_check: Setting<bool>,
}

impl Settings {
    /// Merges what was given with the file and the defaults.
    pub(crate) fn load(args: &SolverArgs) -> Result<Settings, Failure> {
        let (file, path) = match find_file() {
            Some(path) => (read_file(&path)?, path),
            None => (File::default(), PathBuf::new()),
        };
        let bad =
            |key: &str, why: String| Failure::Usage(format!("{}: `{key}`: {why}", path.display()));
        let file_timeout = file
            .timeout
            .map(|t| units::duration(&t).map_err(|why| bad("timeout", why)))
            .transpose()?;
        let file_memory = file
            .memory
            .map(|m| units::size(&m).map_err(|why| bad("memory", why)))
            .transpose()?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let backend = pick(
            "NSOLVE_BACKEND",
            args.backend.clone(),
            file.backend,
            "auto".into(),
            &path,
        );
        Ok(Settings {
            backend: Setting {
                value: BackendName::from_str(&backend.value)
                    .map_err(|e| Failure::Usage(e.to_string()))?,
                origin: backend.origin,
            },
            timeout: pick(
                "NSOLVE_TIMEOUT",
                args.timeout,
                file_timeout,
                DEFAULT_TIMEOUT,
                &path,
            ),
            memory: pick(
                "NSOLVE_MEMORY",
                args.memory,
                file_memory,
                DEFAULT_MEMORY,
                &path,
            ),
            steps: pick(
                "NSOLVE_STEPS",
                args.steps.map(Some),
                file.steps.map(Some),
                None,
                &path,
            ),
            jobs: pick("NSOLVE_JOBS", args.jobs, file.jobs, cores, &path),
            seed: pick("NSOLVE_SEED", args.seed, file.seed, 0, &path),
            cross_check: pick(
                "NSOLVE_CROSS_CHECK",
                args.cross_check,
                file.cross_check,
                false,
                &path,
            ),
        })
    }

    /// A solver with these settings.
    pub(crate) fn solver(&self, cancel: &CancelToken) -> Result<Solver, Failure> {
        let solver = Solver::new()
            .backend(self.backend.value)
            .map_err(|e| Failure::Unavailable(e.to_string()))?;
        Ok(solver
            .cross_check(self.cross_check.value)
            .limits(Budget {
                time: Some(self.timeout.value),
                memory: Some(self.memory.value),
                steps: self.steps.value,
            })
            .seed(self.seed.value)
            .cancel(cancel.clone()))
    }

    /// Everything that changes answers, in a line.
    pub(crate) fn fingerprint(&self) -> String {
        format!(
            "nsolve {} backend={} timeout={}ms memory={} steps={:?} seed={} cross_check={}",
            env!("CARGO_PKG_VERSION"),
            self.backend.value.as_str(),
            self.timeout.value.as_millis(),
            self.memory.value,
            self.steps.value,
            self.seed.value,
            self.cross_check.value,
        )
    }

    /// Name, value and origin of each setting.
    pub(crate) fn rows(&self) -> Vec<(&'static str, String, String)> {
        let steps = self.steps.value.map_or("none".into(), |n| n.to_string());
        vec![
            (
                "backend",
                self.backend.value.as_str().into(),
                self.backend.origin.to_string(),
            ),
            (
                "timeout",
                format!("{}ms", self.timeout.value.as_millis()),
                self.timeout.origin.to_string(),
            ),
            (
                "memory",
                format!("{}MiB", self.memory.value >> 20),
                self.memory.origin.to_string(),
            ),
            ("steps", steps, self.steps.origin.to_string()),
            (
                "jobs",
                self.jobs.value.to_string(),
                self.jobs.origin.to_string(),
            ),
            (
                "seed",
                self.seed.value.to_string(),
                self.seed.origin.to_string(),
            ),
            (
                "cross_check",
                self.cross_check.value.to_string(),
                self.cross_check.origin.to_string(),
            ),
        ]
    }
}

fn pick<T>(
    variable: &str,
    given: Option<T>,
    file: Option<T>,
    default: T,
    path: &Path,
) -> Setting<T> {
    let flag = format!(
        "--{}",
        variable
            .trim_start_matches("NSOLVE_")
            .to_lowercase()
            .replace('_', "-")
    );
    let on_line = std::env::args().any(|a| a == flag || a.starts_with(&format!("{flag}=")));
    match (given, file) {
        (Some(value), _) if on_line || std::env::var_os(variable).is_none() => Setting {
            value,
            origin: Origin::Flag,
        },
        (Some(value), _) => Setting {
            value,
            origin: Origin::Variable(variable.to_owned()),
        },
        (None, Some(value)) => Setting {
            value,
            origin: Origin::File(path.to_owned()),
        },
        (None, None) => Setting {
            value: default,
            origin: Origin::Default,
        },
    }
}

fn find_file() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors()
        .map(|folder| folder.join("nsolve.toml"))
        .find(|path| path.is_file())
}

fn read_file(path: &Path) -> Result<File, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| Failure::Usage(format!("{}: {e}", path.display())))?;
    toml::from_str(&text).map_err(|e| Failure::Usage(format!("{}: {e}", path.display())))
}
