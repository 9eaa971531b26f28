//! Puts what an ordinary life of the plugin needs side by side in the shipped executable, by `.cargo/often.ld`.
//!
//! The kernel maps sixteen pages around each that is touched: strewn over all of the code, two fifths of it had
//! nearly all of it mapped (benches/README.md).

use std::env;

fn main() {
    let is = |name, value| env::var(name).is_ok_and(|text| text == value);
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=.cargo/often.ld");
    // lld and GNU ld understand the file; a linker that somebody chose may not, and nothing depends on it.
    let linker_is_chosen = env::var_os("RUSTC_LINKER").is_some()
        || env::var("CARGO_ENCODED_RUSTFLAGS").is_ok_and(|flags| flags.contains("fuse-ld"));
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") && !linker_is_chosen {
        let folder = env::var("CARGO_MANIFEST_DIR").expect("Cargo sets it");
        println!("cargo:rustc-link-arg-bin=terraform-provider-tfe=-T{folder}/.cargo/often.ld");
    }
}
