use std::process::ExitCode;

/// Why a command ends without an answer, by exit code.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The input is wrong; diagnostics are printed already.
    #[error("{0}")]
    Input(String),
    /// The call or the configuration is wrong.
    #[error("{0}")]
    Usage(String),
    /// Nothing was decided.
    #[error("{0}")]
    Undecided(String),
    /// A backend's claim failed our check.
    #[error("{0}")]
    FailedCheck(String),
    /// A backend is missing or broke.
    #[error("{0}")]
    Unavailable(String),
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// Whoever reads our output has gone away.
    #[error("")]
    Closed,
}

impl Failure {
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Failure::Input(_) => 1,
            Failure::Usage(_) => 2,
            Failure::Undecided(_) => 3,
            Failure::FailedCheck(_) => 4,
            Failure::Unavailable(_) => 5,
            Failure::Interrupted => 130,
            Failure::Closed => 0,
        }
    }
}

impl From<Failure> for ExitCode {
    fn from(failure: Failure) -> ExitCode {
        ExitCode::from(failure.exit_code())
    }
}

/// Standard output could not be written. A closed pipe is no fault.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            Failure::Closed
        } else {
            Failure::Usage(error.to_string())
        }
    }
}
