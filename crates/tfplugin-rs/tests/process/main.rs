//! The built executable as Terraform sees it: handshake, TLS, gRPC's plumbing, signals and logs.
//!
//! The tests are named after the points of the conformance checklist. Most use only calls that every
//! provider answers; those in `work` have a provider that waits and panics.
#![cfg(unix)]
#![allow(unreachable_pub, reason = "a test binary exports nothing")]

mod debug;
mod grpc;
mod handshake;
mod logging;
mod signals;
mod tcp;
mod tls;
mod work;

/// The provider `echo`, as a plugin.
fn executable() -> std::path::PathBuf {
    tfplugin_testing::built_example("tfplugin-rs", "terraform-provider-echo")
}
