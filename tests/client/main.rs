//! How the client behaves towards a service that answers, refuses, breaks off or says nothing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[cfg(not(feature = "simulator"))]
compile_error!(
    "these tests need the simulator: run `make test`, or `cargo test --features simulator`"
);

mod connecting;
mod deleting;
mod generating;
#[cfg(unix)]
mod precedence;
mod reading;
mod requests;
mod secrecy;
mod service;
mod settings;
mod stopping;
