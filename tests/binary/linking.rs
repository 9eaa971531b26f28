//! How the executable is linked.

use crate::EXECUTABLE;
use crate::elf::Needs;

const REMEDY: &str = "the executable is not static: .cargo/config.toml makes it so, which RUSTFLAGS in the \
                      environment replaces, and which Cargo does not read when it is called from elsewhere";

#[expect(
    clippy::assertions_on_constants,
    reason = "a build that is not static is told by a test, not by the compiler"
)]
#[test]
#[cfg(target_env = "gnu")]
fn the_c_library_is_linked_statically() {
    assert!(cfg!(target_feature = "crt-static"), "{REMEDY}");
}

#[test]
#[cfg(target_pointer_width = "64")]
fn the_executable_names_no_linker_and_no_library() {
    let executable = std::fs::read(EXECUTABLE).expect("the executable");
    assert_eq!(Needs::of(&executable), Needs::NOTHING, "{REMEDY}");
}
