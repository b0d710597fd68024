//! Child programs that run within limits and leave nothing behind.
//!
//! ```
//! use std::time::Duration;
//! use nsolve_process::{Command, End, Limits, find};
//!
//! let program = find("NSOLVE_CAT", &["cat"])?;
//! let limits = Limits { time: Some(Duration::from_secs(5)), ..Limits::default() };
//! let finished = Command::new(program)
//!     .arg("words.txt")
//!     .file("words.txt", "hello")
//!     .limits(limits)
//!     .run(&|| false)?;
//! assert_eq!(finished.stdout, b"hello");
//! assert_eq!(finished.end, End::Exited { code: Some(0), signal: None });
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is guaranteed (Unix)
//! - **No shell.** A program is started by its absolute path with the arguments
//!   as they are.
//! - **An empty environment**, but for what [`Command::environment`] names.
//! - **A folder of its own**, made for this run, as the working directory; its
//!   input is files in it or standard input. The folder is removed afterwards.
//! - **A process group of its own.** When the time is over, the output is too
//!   long, or the caller cancels, the group gets `TERM`, and `KILL` half a
//!   second later. When the program ends by itself, what it left running is
//!   killed. The group is killed before the leader is waited for, so no other
//!   process can have its number by then.
//! - **Bounded output.** No more than the caps of [`Limits`] is ever kept.
//! - **Bounded files**: no file grows beyond [`Limits::file`], and there are no
//!   core dumps.
//! - On Linux **bounded memory**, for each process, by its address space; and a
//!   bound on its processor time, in case nobody is left to watch the clock.
//! - On Linux with Landlock **no writing outside of its folder**, no TCP, and no
//!   signals to anybody else. Landlock confines a thread and what it starts; so a
//!   thread of ours confines itself, starts the program, and ends.
//!   [`Finished::confined`] tells whether the kernel did it.
//!
//! # What is not
//! - Reading is not confined. A program that could be told by its input to open
//!   other files must be given input that cannot say so.
//! - Limits of memory and of files are set right after the program was started,
//!   since before it there is no safe way. The program has not seen its standard
//!   input by then, but may have begun to run.
//! - A program that starts others may use the memory limit once for each.
//! - A process that makes a session of its own leaves the group, and is not
//!   killed. Nothing waits for it; the programs that nsolve runs do not do that.
//! - Other systems than Unix: [`ProcessError::Platform`].

mod command;
#[cfg(target_os = "linux")]
mod confine;
mod error;
mod find;
#[cfg(unix)]
mod group;
#[cfg(unix)]
mod run;

pub use command::{Command, End, Finished, Limits, Stream};
pub use error::{NotFound, ProcessError};
pub use find::{find, find_in};
