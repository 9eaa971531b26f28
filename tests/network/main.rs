//! Terraform itself beside the provider's client, on the same servers: what it reaches, the client
//! reaches, or the row of the table says why not.
//!
//! Terraform's `http` backend sends a request with Go's net/http. Everything happens on localhost. The
//! table is part of the guide "Certificates, proxies and names"; `UPDATE=1` writes it.

#![expect(
    clippy::unwrap_used,
    reason = "clippy.toml exempts test functions, but not the code that they share"
)]

mod chains;
#[cfg(target_os = "linux")]
mod files;
#[cfg(target_os = "linux")]
mod names;
mod namespace;
mod pki;
mod proxies;
mod server;
mod table;
mod terraform;
