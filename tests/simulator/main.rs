//! The simulator, over real sockets: every rule that other tests lean on, tried once.

#![expect(
    clippy::unwrap_used,
    reason = "clippy.toml spares test functions, not what they share"
)]

#[cfg(not(feature = "simulator"))]
compile_error!(
    "these tests need the simulator: run `make test`, or `cargo test --features simulator`"
);

#[cfg(feature = "simulator")]
mod audit_trail;
#[cfg(feature = "simulator")]
mod authentication_token;
#[cfg(feature = "simulator")]
mod executable;
#[cfg(feature = "simulator")]
mod faults;
#[cfg(feature = "simulator")]
mod http;
#[cfg(feature = "simulator")]
mod organizations;
#[cfg(feature = "simulator")]
mod service;
