//! The simulator over real sockets: every rule that other tests rely on.

#![expect(
    clippy::unwrap_used,
    reason = "clippy.toml spares test functions, not what they share"
)]

mod audit_trail;
mod authentication_token;
mod executable;
mod faults;
mod http;
mod http2;
mod organizations;
mod service;
