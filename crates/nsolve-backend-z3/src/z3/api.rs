use std::ffi::{c_char, c_int, c_uint, c_void};

/// Any object of Z3. Null where a call fails.
pub(super) type Raw = *mut c_void;
pub(super) type Text = *const c_char;

/// Called by Z3 on an error; we read the error code instead.
pub(super) type ErrorHandler = Option<unsafe extern "C" fn(Raw, c_uint)>;

macro_rules! api {
    ($($name:ident($($argument:ty),*) $(-> $result:ty)?;)*) => {
        /// The functions of libz3 that are used, by their C names.
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
    Z3_mk_config() -> Raw;
    Z3_del_config(Raw);
    Z3_mk_context(Raw) -> Raw;
    Z3_del_context(Raw);
    Z3_set_error_handler(Raw, ErrorHandler);
    Z3_get_error_code(Raw) -> c_uint;
    Z3_get_error_msg(Raw, c_uint) -> Text;
    Z3_interrupt(Raw);
    Z3_get_estimated_alloc_size() -> u64;

    Z3_mk_string_symbol(Raw, Text) -> Raw;
    Z3_mk_uninterpreted_sort(Raw, Raw) -> Raw;
    Z3_mk_bool_sort(Raw) -> Raw;
    Z3_mk_int_sort(Raw) -> Raw;
    Z3_mk_real_sort(Raw) -> Raw;
    Z3_mk_enumeration_sort(Raw, Raw, c_uint, *const Raw, *mut Raw, *mut Raw) -> Raw;
    Z3_mk_func_decl(Raw, Raw, c_uint, *const Raw, Raw) -> Raw;
    Z3_mk_app(Raw, Raw, c_uint, *const Raw) -> Raw;
    Z3_mk_const(Raw, Raw, Raw) -> Raw;
    Z3_mk_numeral(Raw, Text, Raw) -> Raw;
    Z3_mk_true(Raw) -> Raw;
    Z3_mk_false(Raw) -> Raw;

    Z3_mk_not(Raw, Raw) -> Raw;
    Z3_mk_unary_minus(Raw, Raw) -> Raw;
    Z3_mk_int2real(Raw, Raw) -> Raw;
    Z3_mk_xor(Raw, Raw, Raw) -> Raw;
    Z3_mk_implies(Raw, Raw, Raw) -> Raw;
    Z3_mk_iff(Raw, Raw, Raw) -> Raw;
    Z3_mk_eq(Raw, Raw, Raw) -> Raw;
    Z3_mk_div(Raw, Raw, Raw) -> Raw;
    Z3_mk_mod(Raw, Raw, Raw) -> Raw;
    Z3_mk_lt(Raw, Raw, Raw) -> Raw;
    Z3_mk_le(Raw, Raw, Raw) -> Raw;
    Z3_mk_gt(Raw, Raw, Raw) -> Raw;
    Z3_mk_ge(Raw, Raw, Raw) -> Raw;
    Z3_mk_and(Raw, c_uint, *const Raw) -> Raw;
    Z3_mk_or(Raw, c_uint, *const Raw) -> Raw;
    Z3_mk_distinct(Raw, c_uint, *const Raw) -> Raw;
    Z3_mk_add(Raw, c_uint, *const Raw) -> Raw;
    Z3_mk_sub(Raw, c_uint, *const Raw) -> Raw;
    Z3_mk_mul(Raw, c_uint, *const Raw) -> Raw;
    Z3_mk_forall_const(Raw, c_uint, c_uint, *const Raw, c_uint, *const Raw, Raw) -> Raw;
    Z3_mk_exists_const(Raw, c_uint, c_uint, *const Raw, c_uint, *const Raw, Raw) -> Raw;
    Z3_substitute(Raw, Raw, c_uint, *const Raw, *const Raw) -> Raw;

    Z3_mk_params(Raw) -> Raw;
    Z3_params_inc_ref(Raw, Raw);
    Z3_params_set_bool(Raw, Raw, Raw, bool);
    Z3_params_set_uint(Raw, Raw, Raw, c_uint);
    Z3_mk_simple_solver(Raw) -> Raw;
    Z3_solver_inc_ref(Raw, Raw);
    Z3_solver_set_params(Raw, Raw, Raw);
    Z3_solver_assert(Raw, Raw, Raw);
    Z3_solver_check_assumptions(Raw, Raw, c_uint, *const Raw) -> c_int;
    Z3_solver_get_reason_unknown(Raw, Raw) -> Text;
    Z3_solver_get_unsat_core(Raw, Raw) -> Raw;
    Z3_solver_get_model(Raw, Raw) -> Raw;
    Z3_ast_vector_inc_ref(Raw, Raw);
    Z3_ast_vector_size(Raw, Raw) -> c_uint;
    Z3_ast_vector_get(Raw, Raw, c_uint) -> Raw;

    Z3_model_inc_ref(Raw, Raw);
    Z3_model_get_const_interp(Raw, Raw, Raw) -> Raw;
    Z3_model_get_func_interp(Raw, Raw, Raw) -> Raw;
    Z3_model_get_sort_universe(Raw, Raw, Raw) -> Raw;
    Z3_model_eval(Raw, Raw, Raw, bool, *mut Raw) -> bool;
    Z3_func_interp_inc_ref(Raw, Raw);
    Z3_func_interp_get_num_entries(Raw, Raw) -> c_uint;
    Z3_func_interp_get_entry(Raw, Raw, c_uint) -> Raw;
    Z3_func_interp_get_else(Raw, Raw) -> Raw;
    Z3_func_entry_inc_ref(Raw, Raw);
    Z3_func_entry_get_num_args(Raw, Raw) -> c_uint;
    Z3_func_entry_get_arg(Raw, Raw, c_uint) -> Raw;
    Z3_func_entry_get_value(Raw, Raw) -> Raw;
    Z3_get_bool_value(Raw, Raw) -> c_int;
    Z3_is_numeral_ast(Raw, Raw) -> bool;
    Z3_get_numeral_string(Raw, Raw) -> Text;
}
