#![no_main]

// A saved answer is checked again and explained. Whatever it says, there is no
// panic, and what it claims is only believed with evidence.
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = serde_json::from_slice(bytes) else {
        return;
    };
    let _ = nsolve::engine::verify(&value);
    let _ = nsolve::engine::explain_saved(&value);
});
