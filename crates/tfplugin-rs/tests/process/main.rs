//! The built provider `echo` as a process: handshake, TLS, gRPC, signals and logs.
//!
//! Names that begin with `cNN_` are points of the conformance checklist.
#![cfg(unix)]
#![allow(unreachable_pub, reason = "a test binary exports nothing")]

#[cfg(target_os = "linux")]
mod core_dumps;
mod debug;
mod grpc;
mod handshake;
mod logging;
mod tcp;
mod tls;
mod work;

/// The provider `echo`, as a plugin.
fn executable() -> std::path::PathBuf {
    tfplugin_testing::built_example("tfplugin-rs", "terraform-provider-echo")
}
