use std::ffi::{c_char, c_double, c_int, c_void};

/// A Highs object.
pub(super) type Raw = *mut c_void;
pub(super) type Text = *const c_char;
pub(super) type Ints = *const c_int;
pub(super) type Doubles = *const c_double;
pub(super) type OutInts = *mut c_int;
pub(super) type OutDoubles = *mut c_double;

/// What a callback may tell HiGHS; only the first field is ever touched.
#[repr(C)]
pub(super) struct CallbackIn {
    pub(super) user_interrupt: c_int,
}

/// Called by HiGHS while it works.
pub(super) type Callback =
    unsafe extern "C" fn(c_int, Text, *const c_void, *mut CallbackIn, *mut c_void);

macro_rules! api {
    ($($name:ident($($argument:ty),* $(,)?) $(-> $result:ty)?;)*) => {
        /// The functions of libhighs that are used, by their C names.
        #[allow(non_snake_case, reason = "the names of the C interface")]
        pub(super) struct Api {
            $(pub(super) $name: unsafe extern "C" fn($($argument),*) $(-> $result)?,)*
        }

        impl Api {
            /// Looks every function up.
            ///
            /// # Safety
            /// The library has the signatures below.
            pub(super) unsafe fn load(
                library: &libloading::Library,
            ) -> Result<Self, libloading::Error> {
                Ok(Api {
                    // SAFETY: The caller vouches for the signature.
                    $($name: unsafe { *library.get(concat!(stringify!($name), "\0"))? },)*
                })
            }
        }
    };
}

api! {
    Highs_create() -> Raw;
    Highs_destroy(Raw);
    Highs_getSizeofHighsInt(Raw) -> c_int;
    Highs_getInfinity(Raw) -> c_double;
    Highs_setBoolOptionValue(Raw, Text, c_int) -> c_int;
    Highs_setIntOptionValue(Raw, Text, c_int) -> c_int;
    Highs_setDoubleOptionValue(Raw, Text, c_double) -> c_int;
    Highs_setStringOptionValue(Raw, Text, Text) -> c_int;
    Highs_passModel(
        Raw, c_int, c_int, c_int, c_int, c_int, c_int, c_int, c_double,
        Doubles, Doubles, Doubles, Doubles, Doubles,
        Ints, Ints, Doubles, Ints, Ints, Doubles, Ints,
    ) -> c_int;
    Highs_clearModel(Raw) -> c_int;
    Highs_run(Raw) -> c_int;
    Highs_zeroAllClocks(Raw) -> c_int;
    Highs_setCallback(Raw, Callback, *mut c_void) -> c_int;
    Highs_startCallback(Raw, c_int) -> c_int;
    Highs_stopCallback(Raw, c_int) -> c_int;
    Highs_getModelStatus(Raw) -> c_int;
    Highs_getIntInfoValue(Raw, Text, OutInts) -> c_int;
    Highs_getDoubleInfoValue(Raw, Text, OutDoubles) -> c_int;
    Highs_getSolution(Raw, OutDoubles, OutDoubles, OutDoubles, OutDoubles) -> c_int;
    Highs_setSolution(Raw, Doubles, Doubles, Doubles, Doubles) -> c_int;
    Highs_getBasis(Raw, OutInts, OutInts) -> c_int;
    Highs_setBasis(Raw, Ints, Ints) -> c_int;
    Highs_clearSolver(Raw) -> c_int;
    Highs_getDualRay(Raw, OutInts, OutDoubles) -> c_int;
    Highs_changeColBounds(Raw, c_int, c_double, c_double) -> c_int;
    Highs_changeColsCostByRange(Raw, c_int, c_int, Doubles) -> c_int;
    Highs_getRanging(
        Raw,
        OutDoubles, OutDoubles, OutInts, OutInts, OutDoubles, OutDoubles, OutInts, OutInts,
        OutDoubles, OutDoubles, OutInts, OutInts, OutDoubles, OutDoubles, OutInts, OutInts,
        OutDoubles, OutDoubles, OutInts, OutInts, OutDoubles, OutDoubles, OutInts, OutInts,
    ) -> c_int;
}
