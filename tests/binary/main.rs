//! The shipped executable on Linux is static, and runs in a root file system without any other file.
//!
//! The tests check the executable of their own profile, which can be a debug build. `make bench` measures its speed and
//! size.
#![cfg(target_os = "linux")]
#![allow(unreachable_pub, reason = "a test binary exports nothing")]

mod elf;
mod empty_root;
mod linking;
mod locked;
mod memory;
mod paths;

/// The plugin.
const EXECUTABLE: &str = env!("CARGO_BIN_EXE_terraform-provider-tfe");
