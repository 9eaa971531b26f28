//! What is promised of the shipped executable on Linux: it is static, and runs where there is nothing else.
//!
//! Whatever executable Cargo built for this run is judged, so a debug build is, too. How fast and how large it is:
//! `make bench`.
#![cfg(target_os = "linux")]
#![allow(unreachable_pub, reason = "a test binary exports nothing")]

mod elf;
mod empty_root;
mod linking;
mod memory;
mod paths;

/// The plugin.
const EXECUTABLE: &str = env!("CARGO_BIN_EXE_terraform-provider-tfe");
