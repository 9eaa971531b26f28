//! The managed resource's schema, which is its documentation too.

use crate::provider::{expiry, messages, organization};
use crate::tfplugin::schema::validator::string;
use crate::tfplugin::schema::{Attribute, Schema, Validator};
use crate::tfplugin::value::Type;

pub(super) fn schema() -> Schema {
    Schema::new(
        "The audit trail token of an HCP Terraform organization: the credential with which a SIEM \
         or another collector reads the organization's audit trail. An organization has exactly one \
         or none; generating one invalidates the one before, at once.\n\n\
         ~> The secret is stored in the state in plain text, unless `seal_token` is set. Protect \
         the state, or seal the token.\n\n\
         ## How it departs from hashicorp/tfe\n\n\
         Configurations and states of that provider's `tfe_audit_trail_token` work unchanged. This \
         one is careful with the token that somebody is reading with:\n\n\
         * A new token is generated *in place*, by one request: the old one works until the new one \
         exists. There, it was destroyed first.\n\
         * A token that was replaced elsewhere is noticed (`status`), and never destroyed as if it \
         were ours.\n\
         * When the API says \"not found\", the token is taken for gone only if the organization \
         itself can be seen with the right to manage its tokens; otherwise the state is kept.\n\
         * A secret that did not arrive is told (`status`), never stored as null in silence.\n\
         * A date that names the same instant in another spelling is no change.\n\n\
         ## When a new token is generated\n\n\
         `expired_at` names another instant; `force_regenerate` becomes `true`; a value in \
         `regenerate_triggers` changes; or `status` is `replaced`, `secret_lost`, or `expired` \
         while `expired_at` is not configured. Every such plan warns and says which token dies. \
         Where the organization's token is not the one in the state, the apply refuses unless \
         `force_regenerate` becomes `true` in it.\n\n\
         With `create_before_destroy`, set `force_regenerate = true`: the new token cannot exist \
         beside the old one.",
    )
    .attribute(
        "id",
        Attribute::computed(
            Type::String,
            "The organization's name. (The token's own ID is `token_id`.)",
        )
        .use_state_for_unknown(),
    )
    .attribute(
        "organization",
        Attribute::optional_computed(
            Type::String,
            "The organization's name. Defaults to the provider's `organization`. Another \
             organization, configured or by that default, replaces the object.",
        )
        .validate(organization_rule())
        .use_state_for_unknown()
        .requires_replace(),
    )
    .attribute(
        "expired_at",
        Attribute::optional_computed(
            Type::String,
            "When the token expires, in RFC 3339 such as `2030-01-01T00:00:00Z`. Left out, HCP \
             Terraform decides: two years since 2026, never before. The expiry of a token cannot \
             be changed, so another instant generates a new one; leaving it out later keeps the \
             token. A date in the past is an error of the plan that would generate with it. In \
             the last 14 days of a token, or the last tenth of its life where that is shorter, \
             every plan warns.",
        )
        .validate(expiry_rule())
        .use_state_for_unknown(),
    )
    .attribute(
        "force_regenerate",
        Attribute::optional(
            Type::Bool,
            "Whether to replace a token that this resource does not manage. At creation, `true` \
             invalidates the token that the organization has; without it, that is an error. \
             Later, *becoming* `true` generates a new token, whoever made the present one; that \
             it stays `true`, or becomes `false`, does nothing.",
        ),
    )
    .attribute(
        "regenerate_triggers",
        Attribute::optional(
            Type::map(Type::String),
            "Values that generate a new token, in place, when one of them changes, such as the \
             `id` of a `time_rotating`. Adding or removing a value does not. `hashicorp/tfe` has \
             no such argument.",
        ),
    )
    .attribute(
        "seal_token",
        Attribute::optional(
            Type::Bool,
            "Whether the secret is kept in the state only encrypted, as `sealed_token`, which \
             `ephemeral \"tfe_unsealed_audit_trail_token\"` opens. Needs the provider's \
             `sealing_key`. Switching it moves the secret; the token stays the same. A version of \
             the state from before still has the plain secret: regenerate the token once it is \
             sealed. `hashicorp/tfe` has no such argument.",
        ),
    )
    .attribute(
        "token",
        Attribute::computed(
            Type::String,
            "The secret. HCP Terraform tells it only when the token is generated, so it is null \
             after an import, and when `status` is `secret_lost`; it is also null when sealed.",
        )
        .sensitive()
        .use_state_for_unknown(),
    )
    .attribute(
        "sealed_token",
        Attribute::computed(
            Type::String,
            "The secret, encrypted with the provider's `sealing_key`; null unless `seal_token` is \
             `true`. It tells nothing to whoever lacks the key.",
        )
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
        "status",
        Attribute::computed(
            Type::String,
            "What was last known of the token: `current`; `replaced`: another token has taken its \
             place, and this one is dead; `expired`; `secret_lost`: it was generated here, but its \
             secret never arrived.",
        )
        .use_state_for_unknown(),
    )
}

/// A configured organization must have a name that can be one.
pub(super) fn organization_rule() -> impl Validator {
    string(organization::check)
}

/// A configured date must be RFC 3339.
pub(super) fn expiry_rule() -> impl Validator {
    string(|text| match expiry::parse(text) {
        Some(_) => Ok(()),
        None => Err(messages::invalid_date(text)),
    })
}
