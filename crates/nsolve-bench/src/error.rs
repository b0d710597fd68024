use std::path::PathBuf;

/// Why a suite or run could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BenchError {
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A line of a file is not what it should be.
    #[error("{}:{line}: {why}", path.display())]
    Line {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// Nothing in the file or folder is a suite.
    #[error("{}: no suite is here; {expected}", path.display())]
    NoSuite {
        /// Where.
        path: PathBuf,
        /// What would be one.
        expected: &'static str,
    },
    /// A run's file belongs to another suite or to other options.
    #[error("{}: this run is of another suite or has other options; name another file", path.display())]
    OtherRun {
        /// Which file.
        path: PathBuf,
    },
}

impl BenchError {
    pub(crate) fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> BenchError {
        let path = path.to_owned();
        move |source| BenchError::File { path, source }
    }
}
