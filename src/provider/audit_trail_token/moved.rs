//! Taking over hashicorp/tfe's resource of the same name, by a `moved` block.
//!
//! Its state is read as it is where only the `source` of the provider changes at an address, and
//! nothing else happens here: attributes that it lacks are null, and the read that follows finds out
//! which token it has (see `ownership`).
//!
//! The addresses are the provider's own, in both public registries. A mirror does not change them.
//! A copy that a private registry has under a name of its own is refused: that the two are the same
//! is for the practitioner to say, by `terraform state replace-provider`, which needs no move.

use super::NAME;
use super::model::Model;
use super::schema;
use tfplugin::Move;

/// hashicorp/tfe, wherever it is published.
const HASHICORP_TFE: &[&str] = &[
    "registry.terraform.io/hashicorp/tfe",
    "registry.opentofu.org/hashicorp/tfe",
];

pub(super) fn moves() -> Vec<Move<Model>> {
    let from_hashicorp = Move::of(NAME, HASHICORP_TFE, &schema::schema(), |state: Model| {
        state.organization_in_state()?;
        Ok(state)
    });
    vec![from_hashicorp]
}
