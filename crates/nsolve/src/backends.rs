//! The concrete backends that this build knows.

use std::str::FromStr;
use std::sync::Arc;

use nsolve_backend::{Backend, BackendError, Descriptor};
use nsolve_backend_ground::Ground;
use nsolve_backend_program::ProgramBackend;
use nsolve_engine::Backends;
use nsolve_il::fol::Fol;

use crate::Error;

/// Which backends are asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BackendName {
    /// `ground` first, since it is fast and always gives evidence; then `z3` for
    /// what is left.
    #[default]
    Auto,
    /// Our own: instantiation over a SAT solver.
    Ground,
    /// Z3; certificates for what it refutes are found by `ground`.
    Z3,
    /// For logic programs, our own.
    Program,
    /// For logic programs, clingo; reasons for its models are found by
    /// `program`.
    Clingo,
    /// For optimisation models, HiGHS.
    Highs,
}

impl BackendName {
    /// All names, in the order of the documentation.
    pub const ALL: [BackendName; 6] = [
        BackendName::Auto,
        BackendName::Ground,
        BackendName::Z3,
        BackendName::Program,
        BackendName::Clingo,
        BackendName::Highs,
    ];

    /// Those that answer problems of first-order logic.
    pub const FOL: [BackendName; 3] = [BackendName::Auto, BackendName::Ground, BackendName::Z3];

    /// Those that answer logic programs.
    pub const PROGRAM: [BackendName; 3] =
        [BackendName::Auto, BackendName::Program, BackendName::Clingo];

    /// Those that answer optimisation models.
    pub const MILP: [BackendName; 2] = [BackendName::Auto, BackendName::Highs];

    /// Whether it answers logic programs only.
    pub fn is_for_programs(self) -> bool {
        matches!(self, BackendName::Program | BackendName::Clingo)
    }

    /// The name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            BackendName::Auto => "auto",
            BackendName::Ground => "ground",
            BackendName::Z3 => "z3",
            BackendName::Program => "program",
            BackendName::Clingo => "clingo",
            BackendName::Highs => "highs",
        }
    }
}

impl FromStr for BackendName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = BackendName::ALL.into_iter().find(|n| n.as_str() == text);
        found.ok_or_else(|| Error::UnknownBackend(text.to_owned()))
    }
}

/// A backend that this build knows, with what it says of itself.
pub struct Found {
    /// The name on the command line.
    pub name: &'static str,
    /// Its version, or why it cannot be used.
    pub descriptor: Result<Descriptor, BackendError>,
}

/// Every backend that this build knows, installed or not.
pub fn installed() -> Vec<Found> {
    vec![
        Found {
            name: "ground",
            descriptor: Ok(Ground.descriptor()),
        },
        Found {
            name: "z3",
            descriptor: z3().map(|b| b.descriptor()),
        },
        Found {
            name: "program",
            descriptor: Ok(ProgramBackend.descriptor()),
        },
        Found {
            name: "clingo",
            descriptor: crate::program::clingo().map(|b| b.descriptor()),
        },
        Found {
            name: "highs",
            descriptor: nsolve_backend_milp::Highs::available(),
        },
    ]
}

#[cfg(feature = "z3")]
fn z3() -> Result<Arc<dyn Backend<Fol>>, BackendError> {
    nsolve_backend_z3::Z3::available()?;
    Ok(Arc::new(nsolve_backend_z3::Z3))
}

/// Z3, which is looked for when it is first asked: loading it takes longer than
/// most problems. Where it is not installed it decides nothing.
fn z3_if_needed() -> Option<Arc<dyn Backend<Fol>>> {
    #[cfg(feature = "z3")]
    return Some(Arc::new(nsolve_backend_z3::Z3));
    #[cfg(not(feature = "z3"))]
    None
}

#[cfg(not(feature = "z3"))]
fn z3() -> Result<Arc<dyn Backend<Fol>>, BackendError> {
    Err(BackendError::Unavailable {
        name: "z3",
        why: "this build leaves it out (feature `z3`)".into(),
    })
}

/// The backends behind a name.
///
/// # Errors
/// Where the one that is named is not available. `auto` does with what is
/// there.
pub(crate) fn backends(name: BackendName, cross_check: bool) -> Result<Backends, BackendError> {
    let ground: Arc<dyn Backend<Fol>> = Arc::new(Ground);
    let deciders = match name {
        BackendName::Ground => vec![ground.clone()],
        BackendName::Z3 => vec![z3()?],
        BackendName::Program | BackendName::Clingo | BackendName::Highs => {
            return Err(BackendError::Unsupported {
                name: name.as_str(),
                missing: vec!["first-order logic"],
            });
        }
        BackendName::Auto => std::iter::once(ground.clone())
            .chain(z3_if_needed())
            .collect(),
    };
    Ok(Backends {
        deciders,
        certifier: Some(ground),
        cross_check,
    })
}
