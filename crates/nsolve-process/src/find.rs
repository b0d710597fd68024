use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::NotFound;

/// Finds a program: where an environment variable says, else the first of these
/// names in `PATH`.
///
/// # Errors
/// [`NotFound`], with the name that was looked for.
pub fn find(variable: &str, names: &[&str]) -> Result<PathBuf, NotFound> {
    find_in(
        variable,
        std::env::var_os(variable),
        names,
        std::env::var_os("PATH"),
    )
}

/// The same, with what the variable and `PATH` hold.
///
/// Relative folders in the search path are passed over: what they mean depends
/// on where somebody stands.
///
/// # Errors
/// [`NotFound`], with the name that was looked for.
pub fn find_in(
    variable: &str,
    named: Option<OsString>,
    names: &[&str],
    search: Option<OsString>,
) -> Result<PathBuf, NotFound> {
    if let Some(named) = named.filter(|n| !n.is_empty()) {
        let path = PathBuf::from(named);
        let absolute = std::path::absolute(&path).ok();
        return absolute
            .filter(|p| is_program(p))
            .ok_or_else(|| NotFound::Named {
                variable: variable.to_owned(),
                path,
            });
    }
    let search = search.unwrap_or_default();
    for name in names {
        if let Some(found) = in_folders(&search, name) {
            return Ok(found);
        }
    }
    Err(NotFound::Missing {
        name: names.first().copied().unwrap_or_default().to_owned(),
        variable: variable.to_owned(),
    })
}

fn in_folders(search: &OsStr, name: &str) -> Option<PathBuf> {
    std::env::split_paths(search)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|path| is_program(path))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}
