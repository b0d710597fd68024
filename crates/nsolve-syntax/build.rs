//! Makes the parser of the native language from `grammars/fol.lalrpop`.

fn main() {
    let grammars = concat!(env!("CARGO_MANIFEST_DIR"), "/../../grammars");
    println!("cargo:rerun-if-changed={grammars}/fol.lalrpop");
    println!("cargo:rerun-if-changed=build.rs");
    let made = lalrpop::Configuration::new()
        .set_in_dir(grammars)
        .emit_rerun_directives(false)
        .process();
    if let Err(error) = made {
        println!("cargo:error=grammars/fol.lalrpop: {error}");
        std::process::exit(1);
    }
}
