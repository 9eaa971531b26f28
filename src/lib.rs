//! A Terraform provider for HCP Terraform audit trail tokens.
//!
//! # Layout
//!
//! - [`client`]: the HCP Terraform API. Knows nothing of plugins.
//! - [`provider`]: what Terraform sees; the business rules live here and nowhere else.

#![deny(clippy::disallowed_methods)]

pub mod client;
pub mod provider;
