//! The host's side of the plugin's services, generated from `proto/` (`make generate` rewrites it).

#[rustfmt::skip]
#[allow(dead_code, unused_qualifications, unreachable_pub, clippy::all, clippy::pedantic, reason = "generated code")]
pub mod tfplugin6;

#[rustfmt::skip]
#[allow(dead_code, unused_qualifications, unreachable_pub, clippy::all, clippy::pedantic, reason = "generated code")]
pub mod plugin;

#[rustfmt::skip]
#[allow(dead_code, unused_qualifications, unreachable_pub, clippy::all, clippy::pedantic, reason = "generated code")]
pub mod grpc_health_v1;
