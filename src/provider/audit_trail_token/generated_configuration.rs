//! The configuration that Terraform writes for a token that was imported or listed: the
//! organization, and nothing that would outlast the token.
//!
//! A date would become wrong when the token is regenerated, and plan a regeneration for it; force
//! and triggers are what a practitioner asks for, once; sealing needs a key that Terraform does not
//! know of.

use super::model::Model;

pub(super) fn generate(config: Model) -> Model {
    Model {
        organization: config.organization,
        ..Model::default()
    }
}
