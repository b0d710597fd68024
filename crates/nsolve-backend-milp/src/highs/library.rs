use std::env;
use std::ffi::{CStr, OsString, c_int};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::api::{Api, Text};

/// The environment variable that names the library's file.
const VARIABLE: &str = "NSOLVE_HIGHS_LIBRARY";
/// Where set-up puts the library in a checkout: what is built there finds it,
/// wherever the build's target folder is.
const CHECKOUT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../.deps/highs/lib/libhighs.so"
);
/// The versions whose C functions have the signatures in [`super::api`]: these
/// have only been added to within version 1.
const LEAST: (u32, u32) = (1, 15);

/// A loaded libhighs of a version that is supported.
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

    /// The version, as `1.15.1`.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    fn open(path: &OsString) -> Result<Self, String> {
        // SAFETY: Loading runs the library's initializers; libhighs's are
        // harmless.
        let handle = unsafe { libloading::Library::new(path) }.map_err(|e| e.to_string())?;
        let version = version(&handle).ok_or("it is no HiGHS")?;
        let mut parts = version.split('.').map_while(|part| part.parse().ok());
        let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        if found.0 != LEAST.0 || found < LEAST {
            let (major, minor) = LEAST;
            return Err(format!(
                "it is HiGHS {version}, and {major}.{minor} or later is wanted"
            ));
        }
        // SAFETY: The signatures are those of the version just read.
        let api = unsafe { Api::load(&handle) }.map_err(|e| e.to_string())?;
        // SAFETY: The function looks at a constant; the object is not used.
        let width = unsafe { (api.Highs_getSizeofHighsInt)(std::ptr::null_mut()) };
        if width as usize != size_of::<c_int>() {
            return Err("its integers are not of 32 bits".to_owned());
        }
        Ok(Library {
            api,
            version,
            _handle: handle,
        })
    }
}

fn version(handle: &libloading::Library) -> Option<String> {
    // SAFETY: The function has this signature in every version, and returns a
    // string that lives as long as the library.
    unsafe {
        let function: libloading::Symbol<'_, unsafe extern "C" fn() -> Text> =
            handle.get(c"Highs_version").ok()?;
        Some(CStr::from_ptr(function()).to_str().ok()?.to_owned())
    }
}

fn find() -> Result<Library, String> {
    let mut refused = Vec::new();
    for path in candidates() {
        match Library::open(&path) {
            Ok(library) => return Ok(library),
            Err(why) => refused.push(format!("{}: {why}", path.to_string_lossy())),
        }
    }
    Err(format!(
        "no libhighs of version 1.15 or later was found; set {VARIABLE} to the file of one, such \
         as highsbox/highs_dist/lib/libhighs.so of the Python wheel highsbox 1.15.1 (tried {})",
        refused.join("; ")
    ))
}

/// Where libhighs may be, best first: what is set, beside the running program,
/// in the checkout, and where the system keeps libraries.
fn candidates() -> Vec<OsString> {
    if let Some(path) = env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
        // Whoever names a file wants that one and no other.
        return vec![path];
    }
    let names = [
        format!("libhighs{}", env::consts::DLL_SUFFIX),
        "libhighs.so.1".to_owned(),
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
