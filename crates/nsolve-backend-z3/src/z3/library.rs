use std::env;
use std::ffi::{CStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::api::Api;

/// The environment variable that names the library's file.
const VARIABLE: &str = "NSOLVE_Z3_LIBRARY";
/// Where set-up puts the library in a checkout: what is built there finds it,
/// wherever the build's target folder is.
const CHECKOUT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../.deps/z3/lib/libz3.so.5.3"
);
/// The major version whose interface is in [`super::api`].
const MAJOR: &str = "5";

/// A loaded libz3 of a version that is supported.
pub(crate) struct Library {
    pub(super) api: Api,
    version: String,
    // INVARIANT: Stays loaded as long as `api` points into it.
    _handle: libloading::Library,
}

impl Library {
    /// The library of this process, loaded when first asked for.
    ///
    /// # Errors
    /// What was tried and why each candidate was refused, for a person.
    pub(crate) fn get() -> Result<&'static Library, &'static str> {
        static LIBRARY: OnceLock<Result<Library, String>> = OnceLock::new();
        LIBRARY.get_or_init(find).as_ref().map_err(String::as_str)
    }

    /// The version, as `5.3.3.0`.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    fn open(path: &OsString) -> Result<Self, String> {
        // SAFETY: Loading runs the library's initializers; libz3's are harmless.
        let handle = unsafe { libloading::Library::new(path) }.map_err(|e| e.to_string())?;
        let version = version(&handle).ok_or("it is no Z3")?;
        if version.split('.').next() != Some(MAJOR) {
            return Err(format!("it is Z3 {version}, and {MAJOR}.x is wanted"));
        }
        keep_memory();
        // SAFETY: The interface is stable within the major version just read.
        let api = unsafe { Api::load(&handle) }.map_err(|e| e.to_string())?;
        Ok(Library {
            api,
            version,
            _handle: handle,
        })
    }
}

/// `Z3_get_full_version` says for instance `Z3 5.3.3.0 <commit>`.
fn version(handle: &libloading::Library) -> Option<String> {
    // SAFETY: The function has had this signature since it exists, and returns
    // a string that lives as long as the library.
    let text = unsafe {
        let function: libloading::Symbol<'_, unsafe extern "C" fn() -> super::api::Text> =
            handle.get(c"Z3_get_full_version").ok()?;
        CStr::from_ptr(function()).to_str().ok()?.to_owned()
    };
    let number = text
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    Some(number.to_owned())
}

/// Lets the C library keep memory that Z3 frees. Every context begins with two
/// tables of 8 MiB; to get these from the system each time anew costs 7 ms in
/// page faults, and with what the last context left it costs 0.6 ms.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn keep_memory() {
    use std::ffi::c_int;
    unsafe extern "C" {
        fn mallopt(parameter: c_int, value: c_int) -> c_int;
    }
    const M_TRIM_THRESHOLD: c_int = -1;
    const M_MMAP_THRESHOLD: c_int = -3;
    // SAFETY: Both may be set at any time, from any thread; where a value is
    // refused nothing changes.
    unsafe {
        mallopt(M_MMAP_THRESHOLD, 32 << 20);
        mallopt(M_TRIM_THRESHOLD, 64 << 20);
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn keep_memory() {}

fn find() -> Result<Library, String> {
    let mut refused = Vec::new();
    for path in candidates() {
        match Library::open(&path) {
            Ok(library) => return Ok(library),
            Err(why) => refused.push(format!("{}: {why}", path.to_string_lossy())),
        }
    }
    Err(format!(
        "no libz3 of version {MAJOR} was found; set {VARIABLE} to the file of one, such as \
         z3/lib/libz3.so of the Python wheel z3-solver 5.3.3.0 (tried {})",
        refused.join("; ")
    ))
}

/// Where libz3 may be, best first: what is set, beside the running program, in
/// the checkout, and where the system keeps libraries.
fn candidates() -> Vec<OsString> {
    if let Some(path) = env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
        // Whoever names a file wants that one and no other.
        return vec![path];
    }
    let names = [
        "libz3.so.5.3".to_owned(),
        format!("libz3{}", env::consts::DLL_SUFFIX),
    ];
    let mut files: Vec<PathBuf> = Vec::new();
    if let Some(folder) = env::current_exe().ok().as_deref().and_then(Path::parent) {
        for place in ["", "../lib/nsolve", "../lib"] {
            files.extend(names.iter().map(|name| folder.join(place).join(name)));
        }
    }
    files.push(CHECKOUT.into());
    let existing = files.into_iter().filter(|file| file.exists());
    // A bare name is looked up by the system's loader.
    existing
        .map(OsString::from)
        .chain(names.map(OsString::from))
        .collect()
}
