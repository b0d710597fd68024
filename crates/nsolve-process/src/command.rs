use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use crate::ProcessError;

/// What a program may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Wall time; `None` is no limit.
    pub time: Option<Duration>,
    /// Bytes of address space of each process; `None` is no limit. Linux only.
    pub memory: Option<u64>,
    /// The most bytes of standard output.
    pub stdout: usize,
    /// The most bytes of standard error.
    pub stderr: usize,
    /// The most bytes of a file that it writes.
    pub file: u64,
}

impl Default for Limits {
    /// No limit of time and memory, 64 MiB of output, 1 MiB of errors, files of
    /// 64 MiB.
    fn default() -> Self {
        Limits {
            time: None,
            memory: None,
            stdout: 64 << 20,
            stderr: 1 << 20,
            file: 64 << 20,
        }
    }
}

/// One of a program's outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// By itself, or by a signal that is not ours (which is how the system ends
    /// what is beyond a limit of memory, files or processor time).
    Exited {
        /// What it returned.
        code: Option<i32>,
        /// The signal that ended it.
        signal: Option<i32>,
    },
    /// The time was over.
    Time,
    /// The caller cancelled it.
    Cancelled,
    /// It wrote more than it may.
    TooMuch(Stream),
}

/// What is left of a run.
#[derive(Clone, Debug)]
pub struct Finished {
    /// How it ended.
    pub end: End,
    /// Its standard output, cut at the limit.
    pub stdout: Vec<u8>,
    /// Its standard error, cut at the limit.
    pub stderr: Vec<u8>,
    /// How long it took, from before it was started until it was gone.
    pub elapsed: Duration,
    /// Whether the system kept it from writing outside of its folder.
    pub confined: bool,
}

/// A program with all that it is given. See the crate's page for what holds
/// while it runs.
#[derive(Clone, Debug)]
pub struct Command {
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) environment: Vec<(OsString, OsString)>,
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) input: Option<Vec<u8>>,
    pub(crate) limits: Limits,
}

impl Command {
    /// A program by its path, as [`find`](crate::find) gives it.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Command {
            program: program.into(),
            arguments: Vec::new(),
            environment: Vec::new(),
            files: Vec::new(),
            input: None,
            limits: Limits::default(),
        }
    }

    /// One more argument.
    #[must_use]
    pub fn arg(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// More arguments.
    #[must_use]
    pub fn args<A: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// A variable of the environment, which is empty otherwise.
    #[must_use]
    pub fn environment(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// A file in the program's folder, by a plain name.
    #[must_use]
    pub fn file(mut self, name: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        self.files.push((name.into(), content.into()));
        self
    }

    /// What the program reads from its standard input, which is empty
    /// otherwise.
    #[must_use]
    pub fn input(mut self, content: impl Into<Vec<u8>>) -> Self {
        self.input = Some(content.into());
        self
    }

    /// Limits other than the defaults.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Runs the program to its end, blocking. `cancelled` is asked every few
    /// milliseconds whether to stop.
    ///
    /// # Errors
    /// Where the program could not be started and watched as promised; that it
    /// failed is no error.
    pub fn run(self, cancelled: &dyn Fn() -> bool) -> Result<Finished, ProcessError> {
        #[cfg(unix)]
        return crate::run::run(self, cancelled);
        #[cfg(not(unix))]
        {
            let _ = cancelled;
            Err(ProcessError::Platform)
        }
    }
}
