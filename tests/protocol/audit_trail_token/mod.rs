//! The resource, data source, ephemeral resources, list resource and action of audit trail tokens.
//!
//! Each name of a test is a promise to practitioners. Not here: how the client sends requests (`tests/client`), and
//! what only a real Terraform can show (`tests/acceptance`).

mod bad_input;
mod changed_organization;
mod closing;
mod consent;
mod creating;
mod data_source;
mod default_organization;
mod deleting;
mod destroying_unread;
mod drift;
mod ephemeral;
mod existing_token;
mod expiry;
mod following;
mod force;
mod generated_configuration;
mod hashicorp_tfe_state;
mod identity;
mod importing;
mod listing;
mod liveness;
mod lost_answers;
mod moved;
mod once_per_organization;
mod other_host;
mod permissions;
mod races;
mod refused_creation;
mod regenerating;
mod renaming;
mod replacing;
mod revoking;
mod sealing;
mod sealing_from_state;
mod secret_version;
pub(crate) mod setup;
mod silent_host;
mod spelling;
mod swapped;
mod tainting;
mod two_objects;
mod unknown_configuration;
mod unsealing;
mod unsupported_service;
mod warnings;
mod wire;

use self::setup::{
    DATE, DAY, EXAMPLE, LATER, ORGANIZATION, OWNER, Setup, TYPE, UNUSED, block, details,
    sole_warning,
};
