//! The objects of audit trail tokens at the boundary of gRPC: [`Core`] plays Terraform, a [`Simulator`] HCP Terraform.
//!
//! Each name of a test is a sentence of what practitioners are promised. Not here: what the client does on the wire
//! (`tests/client`), and what a real Terraform makes of it all (`tests/acceptance`).

mod bad_input;
mod creating;
mod data_source;
mod default_organization;
mod deleting;
mod drift;
mod ephemeral;
mod existing_token;
mod expiry;
mod explained;
mod force;
mod generated_configuration;
mod hashicorp_tfe_state;
mod identity;
mod importing;
mod listing;
mod lost_answers;
mod moved;
mod moving;
mod once_per_organization;
mod permissions;
mod races;
mod regenerating;
mod revoking;
mod sealing;
pub(crate) mod setup;
mod unknown_configuration;
mod unsealing;
mod unsupported_service;
mod wire;

use self::setup::{
    DATE, DAY, EXAMPLE, LATER, ORGANIZATION, OWNER, Setup, TYPE, block, details, sole_warning,
};
