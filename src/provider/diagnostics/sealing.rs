//! About sealed tokens.

use std::fmt::Display;

use super::state_token;
use tfplugin::{Diagnostic, Path};

const WAY_OUT: &str = "To get a token that opens, let a value in regenerate_triggers of its \
                       tfe_audit_trail_token change, let force_regenerate become true, or plan \
                       with -replace: the sealed token is then sealed anew before it is opened. \
                       To destroy everything instead, \"terraform destroy -refresh=false\" works \
                       without opening it.";

pub(crate) fn no_sealing_key() -> Diagnostic {
    Diagnostic::error(
        "No Sealing Key",
        "The token's secret is, or is to be, sealed, but the provider has no sealing key. Nothing \
         was generated. Set the provider's argument \"sealing_key\" or the environment variable \
         TFE_SEALING_KEY to 32 bytes in base64, as \"openssl rand -base64 32\" writes them, or \
         leave seal_token out.",
    )
    .at(Path::of("seal_token"))
}

const GENERATE: &str = "generate a new token in the same apply: let a value in \
                        regenerate_triggers change, or force_regenerate become true.";

/// The plan is to store a sealed secret in plain text.
pub(crate) fn no_key_to_unseal() -> Diagnostic {
    Diagnostic::error(
        "No Sealing Key",
        format!(
            "The token's secret is sealed and seal_token is no longer true, but the provider has \
             no sealing key to open it with. Nothing was changed. Set the provider's argument \
             \"sealing_key\" or the environment variable TFE_SEALING_KEY to the key that it was \
             sealed with, or {GENERATE}"
        ),
    )
    .at(Path::of("seal_token"))
}

/// The plan was to store a sealed secret in plain text.
pub(crate) fn sealed_token_stays(why: impl Display) -> Diagnostic {
    Diagnostic::error(
        "Unable to Unseal the Audit Trail Token",
        format!(
            "The secret is sealed and seal_token is no longer true, but the sealed token in the \
             state does not open: {why}. Use the sealing key that it was sealed with, or {GENERATE}"
        ),
    )
    .at(Path::of("seal_token"))
}

/// A sealed token that holds the secret of another token than the one in the state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ForeignSeal<'a> {
    pub(crate) organization: &'a str,
    pub(crate) token_id: Option<&'a str>,
    pub(crate) sealed_organization: &'a str,
    /// Empty if the token was sealed without its ID.
    pub(crate) sealed_token_id: &'a str,
}

pub(crate) fn sealed_token_of_another(seal: ForeignSeal<'_>) -> Diagnostic {
    let sealed = match seal.sealed_token_id {
        "" => "a token".to_owned(),
        id => format!("the token {id}"),
    };
    Diagnostic::error(
        "The Sealed Token Is Another Token's",
        format!(
            "The secret is sealed and seal_token is no longer true, but the sealed token in the \
             state holds the secret of {sealed} of the organization {}, not of \
             {} of the organization {}: the state was edited. Nothing was changed. \
             Restore the state, or {GENERATE}",
            seal.sealed_organization,
            state_token(seal.token_id),
            seal.organization
        ),
    )
    .at(Path::of("seal_token"))
}

pub(crate) fn no_nonce(why: impl Display) -> Diagnostic {
    Diagnostic::error(
        "Unable to Seal the Audit Trail Token",
        format!(
            "The token could not be sealed: {why}, which sealing needs. Nothing was generated."
        ),
    )
}

pub(crate) fn nothing_to_open() -> Diagnostic {
    Diagnostic::error(
        "No Sealed Token to Open",
        "\"sealed_token\" is null: the token's secret is not known, because the token was \
         imported or its secret was lost, or it is not sealed. Set seal_token = true, and, where \
         the secret is not known, force_regenerate = true on the tfe_audit_trail_token: a new \
         token is generated in place, and this one invalidated. To import a token, do so before \
         this block is added, or with an import block together with force_regenerate = true. To \
         destroy everything instead, \"terraform destroy -refresh=false\" works without opening \
         it.",
    )
    .at(Path::of("sealed_token"))
}

pub(crate) fn no_key_to_open() -> Diagnostic {
    Diagnostic::error(
        "No Sealing Key",
        "A sealed token is to be opened, but the provider has no sealing key. Set the provider's \
         argument \"sealing_key\" or the environment variable TFE_SEALING_KEY to the key that it \
         was sealed with. To destroy everything instead, \"terraform destroy -refresh=false\" \
         works without opening it.",
    )
}

pub(crate) fn not_opened(why: impl Display) -> Diagnostic {
    Diagnostic::error(
        "Unable to Open the Sealed Token",
        format!("The sealed token does not open: {why}. {WAY_OUT}"),
    )
    .at(Path::of("sealed_token"))
}
