//! A Terraform plugin SDK.

pub mod serve;
pub mod server;
