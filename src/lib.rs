//! A Terraform provider for HCP Terraform audit trail tokens.
//!
//! # Layout
//!
//! - [`client`]: the HCP Terraform API. Knows nothing of plugins.
//! - [`provider`]: what Terraform sees; the business rules live here and nowhere else.

pub mod client;
pub mod provider;
