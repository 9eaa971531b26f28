//! About sealed tokens.

use std::fmt::Display;

use super::{Cause, TokenRef, quoted};
use crate::client::has_secret_shape;
use crate::provider::sealing::SealedTokenError;
use tfplugin::{Diagnostic, Path};

/// How a token is generated that opens. The value is then unknown, and nothing is opened before the apply.
const GENERATE: &str = "generate a new token in the same apply: let a value in regenerate_triggers \
                        of its tfe_audit_trail_token change, let force_regenerate become true, or \
                        plan with -replace. That invalidates the present token, also if a collector \
                        uses it.";

const DESTROY: &str = "To destroy everything instead, \"terraform destroy -refresh=false\" works \
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
pub(crate) fn sealed_token_stays(why: &SealedTokenError) -> Diagnostic {
    Diagnostic::error(
        "Unable to Unseal the Audit Trail Token",
        format!(
            "The secret is sealed and seal_token is no longer true, but the sealed token in the \
             state does not open: {why}. Nothing was changed.\n\n{}",
            what_to_do(why)
        ),
    )
    .at(Path::of("seal_token"))
}

/// Returns what helps, the likeliest first.
fn what_to_do(why: &SealedTokenError) -> String {
    match why {
        SealedTokenError::WrongKey { .. } => format!(
            "Check the environment variable TFE_SEALING_KEY, or the provider's argument \
             \"sealing_key\", where Terraform runs: most likely it is the key of another workspace, \
             or an older one.\n\nOnly if the right key is lost, {GENERATE}"
        ),
        SealedTokenError::PlainToken => "Use the attribute \"sealed_token\" of a \
             tfe_audit_trail_token with seal_token = true, not \"token\". A secret that is not \
             sealed needs no opening."
            .to_owned(),
        SealedTokenError::Damaged | SealedTokenError::Foreign => format!(
            "Check that it is the whole attribute \"sealed_token\" of a tfe_audit_trail_token. If \
             the state was edited, restore an earlier version of it. Otherwise {GENERATE}"
        ),
    }
}

/// What a sealed token names, and what was expected.
#[derive(Clone, Debug)]
pub(crate) struct Difference {
    sealed: String,
    expected: String,
}

impl Difference {
    pub(crate) fn new(sealed: &str, expected: &str) -> Self {
        Self {
            sealed: sealed.to_owned(),
            expected: expected.to_owned(),
        }
    }
}

/// How a sealed token differs from the one that was expected.
#[derive(Clone, Debug, Default)]
pub(crate) struct Swapped {
    pub(crate) token_id: Option<Difference>,
    pub(crate) organization: Option<Difference>,
    pub(crate) host: Option<Difference>,
}

impl Swapped {
    /// Whether anything differs.
    pub(crate) fn is_any(&self) -> bool {
        self.token_id.is_some() || self.organization.is_some() || self.host.is_some()
    }

    /// Names every difference: `the token at-2 instead of at-1`.
    fn list(&self) -> String {
        let differences = [
            ("token", &self.token_id),
            ("organization", &self.organization),
            ("host", &self.host),
        ];
        let list: Vec<_> = differences
            .into_iter()
            .filter_map(|(name, difference)| {
                let Difference { sealed, expected } = difference.as_ref()?;
                let (sealed, expected) = (shown(sealed), shown(expected));
                Some(format!("the {name} {sealed} instead of {expected}"))
            })
            .collect();
        list.join(" and ")
    }

    /// Whether it is the expected token, and only the name of its organization differs.
    fn may_be_renamed(&self) -> bool {
        self.organization.is_some() && self.token_id.is_none() && self.host.is_none()
    }
}

/// Returns a text of a sealed token's header, which anybody may have written.
fn shown(text: &str) -> String {
    const LONGEST: usize = 255;
    if has_secret_shape(text) || text.chars().count() > LONGEST {
        return "(a text that is not shown)".to_owned();
    }
    match text.bytes().all(|next| next.is_ascii_graphic()) {
        true => text.to_owned(),
        false => quoted(text),
    }
}

const ANOTHER: &str = "The Sealed Token Is Another Token's";

/// The sealed token in a state does not belong to the state's token.
pub(crate) fn swapped_in_state(swapped: &Swapped) -> Diagnostic {
    Diagnostic::error(
        ANOTHER,
        format!(
            "The sealed token in the state names {}: the state was edited, or mixed up with another \
             one. The sealed token is not opened.\n\n\
             Restore an earlier version of the state. If there is none, generate a new token with \"terraform apply -refresh=false\": let a value in \
             regenerate_triggers change, or force_regenerate become true. That invalidates the \
             present token, also if a collector uses it.\n\n{DESTROY}",
            swapped.list()
        ),
    )
    .at(Path::of("sealed_token"))
}

/// The sealed token that is to be opened is not the one that the arguments, or the provider's host, ask for.
pub(crate) fn swapped_argument(swapped: &Swapped) -> Diagnostic {
    let what_to_do = if swapped.may_be_renamed() {
        "It is the expected token if \"token_id\" is set, so the organization was probably renamed \
         since. The sealed token follows as soon as the provider that reads its \
         tfe_audit_trail_token has the sealing_key too. Until then, leave the argument \
         \"organization\" out."
    } else if swapped.host.is_some() {
        "Where the block has another provider configuration than its tfe_audit_trail_token, set its \
         \"provider\" to the same one. Otherwise somebody may have put another sealed token into \
         the state: restore an earlier version of it."
    } else {
        "Check that all arguments are of the same tfe_audit_trail_token. If they are, somebody may \
         have put another sealed token into its state: restore an earlier version of it."
    };
    Diagnostic::error(
        ANOTHER,
        format!(
            "The sealed token names {}. It is not opened.\n\n{what_to_do}\n\n{DESTROY}",
            swapped.list()
        ),
    )
    .at(Path::of("sealed_token"))
}

/// A secret in the state that is to be sealed does not work.
pub(crate) fn secret_to_seal_refused(token: TokenRef<'_>) -> Diagnostic {
    let TokenRef { organization, id } = token;
    Diagnostic::error(
        "The Secret to Seal Does Not Work",
        format!(
            "seal_token becomes true, so the secret in the state is to be sealed. But HCP Terraform \
             refuses it: it is not the secret of the organization {organization}'s token {id}, or that token \
             is expired or was replaced. Somebody may have edited the state. Nothing was sealed or \
             changed.\n\nRestore an earlier version of the state, or {GENERATE}"
        ),
    )
    .at(Path::of("seal_token"))
}

/// A secret in the state that is to be sealed could not be tried, or the answer proved nothing.
pub(crate) fn secret_to_seal_not_tried(token: TokenRef<'_>, cause: Option<Cause>) -> Diagnostic {
    let TokenRef { organization, id } = token;
    let detail = format!(
        "seal_token becomes true, so the secret of the organization {organization}'s token {id} in the \
         state is to be sealed. The provider first tries whether it reads the audit trail, and the \
         answer did not show that. Nothing was sealed or changed: the secret is still in the state in plain \
         text.\n\nPlan and apply again, or {GENERATE}"
    );
    let detail = match cause {
        Some(cause) => cause.explain(&detail, "The request to the audit trail"),
        None => detail,
    };
    Diagnostic::error("Unable to Try the Secret to Seal", detail).at(Path::of("seal_token"))
}

/// The state of hashicorp/tfe does not say which token its secret belongs to, and was not read.
pub(crate) fn token_to_seal_not_known() -> Diagnostic {
    Diagnostic::error(
        "The Token to Seal Is Not Known",
        "seal_token becomes true, so the secret in the state is to be sealed, together with the ID of \
         its token. But the state has no token_id yet: hashicorp/tfe wrote it, and this provider has \
         not read it since. Nothing was changed. Plan and apply again, without -refresh=false.",
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

pub(crate) fn not_opened(why: &SealedTokenError) -> Diagnostic {
    Diagnostic::error(
        "Unable to Open the Sealed Token",
        format!(
            "\"sealed_token\" does not open: {why}.\n\n{}\n\n{DESTROY}",
            what_to_do(why)
        ),
    )
    .at(Path::of("sealed_token"))
}
