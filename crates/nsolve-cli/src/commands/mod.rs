//! One module a command.

mod ask;
mod bench;
mod check;
mod doctor;
mod explain;
mod manual;
mod model;
mod program;
mod schema;
mod solve;
mod translate;
mod verify;

pub(crate) use ask::ask;
pub(crate) use bench::bench;
pub(crate) use check::check;
pub(crate) use doctor::{config, doctor};
pub(crate) use explain::explain;
pub(crate) use manual::{completions, man};
pub(crate) use schema::schema;
pub(crate) use solve::solve;
pub(crate) use translate::translate;
pub(crate) use verify::verify;
