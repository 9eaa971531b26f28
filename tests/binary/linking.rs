//! The executable is static.

use crate::EXECUTABLE;
use crate::elf::Needs;

const REMEDY: &str = "the executable is not static: .cargo/config.toml makes it static, but RUSTFLAGS in the \
                      environment replaces its flags, and Cargo does not read it from outside of the repository";

#[expect(
    clippy::assertions_on_constants,
    reason = "a test reports a build that is not static, not the compiler"
)]
#[test]
#[cfg(target_env = "gnu")]
fn the_c_library_is_linked_statically() {
    assert!(cfg!(target_feature = "crt-static"), "{REMEDY}");
}

#[test]
#[cfg(target_pointer_width = "64")]
fn the_executable_needs_no_dynamic_linker_and_no_library() {
    let executable = std::fs::read(EXECUTABLE).expect("the executable");
    assert_eq!(Needs::of(&executable), Needs::NOTHING, "{REMEDY}");
}
