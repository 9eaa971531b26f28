//! A Terraform provider for HCP Terraform audit trail tokens.
//!
//! # Layout
//!
//! - [`tfplugin`]: a Terraform plugin SDK (protocol 6). Knows nothing of HCP Terraform.
//! - [`client`]: the HCP Terraform API. Knows nothing of plugins.
//! - [`provider`]: what Terraform sees; the business rules live here and nowhere else.
//! - `simulator`: a pretend HCP Terraform for the demo and the tests; only with the feature
//!   `simulator`, so the shipped plugin carries no server of it.

pub mod client;
pub mod provider;
#[cfg(feature = "simulator")]
pub mod simulator;
pub mod tfplugin;
