//! The schemas of the managed resource and of its identity, which are its documentation too.

use crate::provider::validators;
use tfplugin::schema::{Attribute, Schema};
use tfplugin::value::Type;
use tfplugin::{IdentityAttribute, IdentitySchema};

pub(super) fn schema() -> Schema {
    Schema::new(
        "The audit trail token of an HCP Terraform organization: the credential with which a SIEM \
         or another collector reads the organization's audit trail. An organization has exactly one \
         or none; generating one invalidates the one before, at once.\n\n\
         ~> The secret is stored in the state in plain text, unless `seal_token` is set. Protect \
         the state, or seal the token.",
    )
    .attribute(
        "id",
        Attribute::computed(
            Type::String,
            "The organization's name, as in the states of `hashicorp/tfe`, whose documentation calls \
             it the ID of the token. That is `token_id`.",
        )
        .use_state_for_unknown(),
    )
    .attribute(
        "organization",
        Attribute::optional_computed(
            Type::String,
            "The organization's name. Defaults to the provider's `organization`. Another \
             organization, configured or by that default, replaces the object. Another spelling of \
             the name changes nothing: upper and lower case are the same. If the organization is \
             renamed, the state follows and the token stays.",
        )
        .validate(validators::organization())
        .use_state_for_unknown(),
    )
    .attribute(
        "expired_at",
        Attribute::optional_computed(
            Type::String,
            "When the token expires, in RFC 3339 such as `2030-01-01T00:00:00Z`. The default is HCP \
             Terraform's: two years. (Tokens that were generated before 2026 without a date never \
             expire, and the documentation of `hashicorp/tfe` still says so.) The expiry of a token \
             cannot be changed, so another instant generates a new token, unless the object follows a \
             token that somebody else has generated. Removing the argument keeps the token. A date in \
             the past is an error if the plan generates a token. In the last 14 days of a token, or the \
             last tenth of its life if that is shorter, every plan warns.",
        )
        .validate(validators::expired_at())
        .use_state_for_unknown(),
    )
    .attribute(
        "force_regenerate",
        Attribute::optional(
            Type::Bool,
            "Whether to replace a token that this resource does not manage. At creation, `true` \
             invalidates the token that the organization has; without it, such a token is an error. \
             Later, a new token is generated when the value *becomes* `true`, whether this resource \
             manages the present one or not. A value that stays `true` or becomes `false` changes \
             nothing.",
        ),
    )
    .attribute(
        "regenerate_triggers",
        Attribute::optional(
            Type::map(Type::String),
            "Values that generate a new token, in place, when one of them changes, such as the \
             `id` of a `time_rotating`. Setting the argument for the first time, adding a value or \
             removing one does not. `hashicorp/tfe` has no such argument.",
        ),
    )
    .attribute(
        "seal_token",
        Attribute::optional(
            Type::Bool,
            "Whether the secret is kept in the state only encrypted, as `sealed_token`, which \
             `ephemeral \"tfe_unsealed_audit_trail_token\"` opens. Needs the provider's \
             `sealing_key`. Switching it moves the secret; the token stays the same. A secret \
             that is already in the state is sealed only if it reads the audit trail, which the apply \
             tries once. Earlier versions of the state, and the plan file of this change, still have \
             the plain secret: regenerate the token once it is sealed. `hashicorp/tfe` has no such argument.",
        ),
    )
    .attribute(
        "token",
        Attribute::computed(
            Type::String,
            "The secret. HCP Terraform returns it only when the token is generated, so it is null after \
             an import and if `status` is `secret_lost`. It is also null if the token is sealed.",
        )
        .sensitive()
        .use_state_for_unknown(),
    )
    .attribute(
        "sealed_token",
        Attribute::computed(
            Type::String,
            "The secret, encrypted with the provider's `sealing_key`, as a compact JWE (RFC 7516); \
             null unless `seal_token` is `true`. A reader without the key sees the host, the \
             organization, the token's ID, the ID of the key, and the length of the secret. Marked as \
             sensitive only to keep plans readable.",
        )
        .sensitive()
        .use_state_for_unknown(),
    )
    .attribute(
        "token_id",
        Attribute::computed(Type::String, "The token's ID, which is no secret.")
            .use_state_for_unknown(),
    )
    .attribute(
        "created_at",
        Attribute::computed(Type::String, "When the token was generated, in RFC 3339.")
            .use_state_for_unknown(),
    )
    .attribute(
        "secret_version",
        Attribute::computed(
            Type::Number,
            "The version of the secret, for the `…_wo_version` argument of the resource that \
             receives it. It changes with every secret that this resource generates, and only then: \
             it is the time of the generation, in seconds since 1970. After an import, it is the \
             time at which the imported token was generated. `hashicorp/tfe` has no such attribute.",
        )
        .use_state_for_unknown(),
    )
    .attribute(
        "status",
        Attribute::computed(
            Type::String,
            "What was last known of the token: `current`; `replaced`: somebody has replaced it, and it \
             does not work any more; `expired`; `secret_lost`: it was generated here, but its secret \
             never arrived.",
        )
        .use_state_for_unknown(),
    )
}

/// The identity requires the organization even if the provider has a default: an import should not depend on a default
/// that may change.
pub(super) fn identity() -> IdentitySchema {
    IdentitySchema::new()
        .attribute(
            "hostname",
            IdentityAttribute::optional(
                Type::String,
                "The hostname of the service that the organization is on, such as \
                 `app.terraform.io`. An import may leave it out: it is the provider's.",
            ),
        )
        .attribute(
            "organization",
            IdentityAttribute::required(Type::String, "The name of the organization."),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_identity_schema_is_sound() {
        assert_eq!(identity().problems(), Vec::<String>::new());
    }
}
