//! The built executable as Terraform sees it: handshake, TLS, gRPC's plumbing, signals and logs.
//!
//! The tests are named after the points of the conformance checklist. They use only calls that every provider
//! answers; what needs a provider that waits or panics is tested in `tests/protocol`.
#![cfg(unix)]
#![allow(unreachable_pub, reason = "a test binary exports nothing")]

#[allow(unused_imports, reason = "the tests of the binary share it")]
mod host;
mod proto;

mod grpc;
mod handshake;
mod logging;
mod signals;
mod tls;
