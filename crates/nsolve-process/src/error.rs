use std::io;
use std::path::PathBuf;

/// Why a program could not be run, as opposed to how it ended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProcessError {
    /// The system did not start it.
    #[error("cannot start `{}`: {source}", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Its folder could not be made, filled or removed.
    #[error("cannot prepare or remove the program's folder: {0}")]
    Folder(#[source] io::Error),
    /// A file's name is more than a name.
    #[error("`{0}` is no plain file name")]
    FileName(String),
    /// A limit could not be set.
    #[error("cannot limit the program's {what}: {source}")]
    Limit {
        /// What was to be limited.
        what: &'static str,
        /// What the system says.
        source: io::Error,
    },
    /// The system did not say how it ended.
    #[error("cannot wait for the program: {0}")]
    Wait(#[source] io::Error),
    /// Children are not kept within limits on this system.
    #[error("running other programs within limits is not supported on this system")]
    Platform,
}

/// Why there is no program to run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotFound {
    /// The variable names something that cannot be run. There is no search
    /// then: whoever names a program means that one.
    #[error("{variable} names `{}`, which is no program that can be run", path.display())]
    Named {
        /// The environment variable.
        variable: String,
        /// What it holds.
        path: PathBuf,
    },
    /// No folder of `PATH` has it.
    #[error("no `{name}` in PATH, and {variable} is not set")]
    Missing {
        /// The program's name.
        name: String,
        /// The environment variable that may name it.
        variable: String,
    },
}
