//! Logic programs decided by clingo, which runs as a program of its own.
//!
//! clingo (Gebser, Kaminski, Kaufmann and Schaub 2019) is looked for where the
//! environment variable `NSOLVE_CLINGO` says, else in `PATH`. Debian has it in
//! the package `gringo`; the Python package `clingo` has it as
//! `python3 -m clingo`, which a script of one line makes a program.
//!
//! # What is trusted
//! Nothing of it for evidence: models come as [`Witness::Atoms`], for which the
//! caller finds reasons, and which `nsolve-check` then checks. That there is no
//! (other, better) model is what clingo claims.
//!
//! # What is sent and believed
//! clingo gets the text that [`write_asp`] prints, on its standard input, from
//! [`nsolve_process`] with its limits. No text of a user reaches it, so none can
//! hold a script or include a file. Its reply is believed only as a whole: one
//! JSON value of the expected shape whose result, numbers of models and exit
//! status (but that of the Python program, which is always 0) agree, every atom of which is one that the program can have, and no
//! word of an error beside it. Of anything else nothing is believed.
//!
//! # Integers
//! clingo computes in 32 bits and wraps around silently. Before a program is
//! sent, intervals are computed for all its integers. Where these show that all
//! arithmetic fits, clingo's claims stand. Where they do not, what the models
//! themselves hold is looked at: arithmetic over their atoms that fits cannot
//! have wrapped, so these models stand; but that there are no others is claimed
//! only where the program has a single model by its form.
//!
//! [`Witness::Atoms`]: nsolve_il::program::Witness::Atoms
//! [`write_asp`]: nsolve_formats::program::write_asp

mod backend;
mod intervals;
mod reply;

pub use backend::{ClingoBackend, VARIABLE};
