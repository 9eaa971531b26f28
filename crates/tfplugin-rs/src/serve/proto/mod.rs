//! go-plugin's own services and gRPC's health, generated from `proto/plugin` and `proto/grpc`.
//!
//! `make generate` rewrites the files.

#[rustfmt::skip]
#[allow(missing_docs, unreachable_pub, dead_code, clippy::all, clippy::pedantic, reason = "generated code")]
pub(super) mod plugin;

#[rustfmt::skip]
#[allow(missing_docs, unreachable_pub, dead_code, clippy::all, clippy::pedantic, reason = "generated code")]
pub(super) mod grpc_health_v1;
