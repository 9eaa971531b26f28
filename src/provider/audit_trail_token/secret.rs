//! Where a token's secret is stored: in plain text, sealed, or nowhere.

use super::binding;
use super::model::Model;
use crate::client::{Client, Probe, Secret, is_same_organization};
use crate::provider::connection::Connection;
use crate::provider::diagnostics::{self, TokenRef};
use crate::provider::sealing::{self, SealedFor, SealedToken, SealingKey, SealingNonce};
use tfplugin::{ApplyContext, Attr, Diagnostic, Sensitive};

/// Plans where the secret of a new token will be stored.
pub(super) fn plan_new(plan: &mut Model, seal_token: &Attr<bool>) {
    (plan.token, plan.sealed_token) = match seal_token {
        Attr::Known(true) => (Attr::Null, Attr::Unknown),
        Attr::Known(false) | Attr::Null => (Attr::Unknown, Attr::Null),
        Attr::Unknown => (Attr::Unknown, Attr::Unknown),
    };
}

/// Plans where the secret in the state will be stored: if `seal_token` has changed, it moves.
///
/// # Errors
///
/// Returns an error if it has to move and the key is missing or wrong, or if the state does not say which token a secret
/// that is to be sealed belongs to.
pub(super) fn plan_move(
    plan: &mut Model,
    state: &Model,
    connection: &Connection,
) -> Result<(), Diagnostic> {
    plan.token = state.token.clone();
    plan.sealed_token = state.sealed_token.clone();
    let (is_plain_text, is_sealed) = (state.token.is_known(), state.sealed_token.is_known());
    match plan.seal_token {
        Attr::Known(true) if is_plain_text => {
            require_key(connection, diagnostics::no_sealing_key)?;
            // While the provider block is not known, the read that fills in the ID may still come.
            if connection.is_known() {
                token_id(state)?;
            }
            plan.token = Attr::Null;
            plan.sealed_token = Attr::Unknown;
        }
        Attr::Known(false) | Attr::Null if is_sealed => {
            require_key(connection, diagnostics::no_key_to_unseal)?;
            if let (Attr::Known(key), Some(sealed)) =
                (connection.sealing_key(), state.sealed_token.as_deref())
            {
                open(key, sealed)?;
            }
            plan.token = Attr::Unknown;
            plan.sealed_token = Attr::Null;
        }
        Attr::Unknown if is_plain_text || is_sealed => {
            plan.token = Attr::Unknown;
            plan.sealed_token = Attr::Unknown;
        }
        _ => {}
    }
    Ok(())
}

/// Moves the secret as [`plan_move`] planned it. A secret that is to be sealed is tried first.
pub(super) async fn apply_move(
    plan: &mut Model,
    state: &Model,
    connection: &Connection,
    cx: &ApplyContext,
) -> Result<(), Diagnostic> {
    if !plan.token.is_unknown() && !plan.sealed_token.is_unknown() {
        return Ok(());
    }
    let seals = plan.seal_token == Attr::Known(true);
    let (token, sealed_token) = match (state.secret(), state.sealed_token.as_deref()) {
        (Some(secret), _) if seals => {
            let organization = state.organization_in_state()?;
            let id = token_id(state)?;
            let client = connection.require_api(cx)?;
            let seal = Seal::prepare(connection, &client)?;
            let token = TokenRef { organization, id };
            require_valid(&client, &secret, token).await?;
            (Attr::Null, Attr::Known(seal.seal(token, &secret)))
        }
        (_, Some(sealed)) if !seals => {
            let client = connection.api(cx).ok();
            binding::check_state(state, cx.private(), client.as_ref()).await?;
            let secret = open(key(connection, diagnostics::no_key_to_unseal)?, sealed)?;
            let token = Sensitive::new(secret.expose().to_owned());
            (Attr::Known(token), Attr::Null)
        }
        // The secret is in its place already.
        _ => (state.token.clone(), state.sealed_token.clone()),
    };
    if plan.token.is_unknown() {
        plan.token = token;
    }
    if plan.sealed_token.is_unknown() {
        plan.sealed_token = sealed_token;
    }
    Ok(())
}

/// Checks that a secret in the state works. Who can write the state may have put another one there, which the state would
/// then hold sealed, as if the provider had generated it. An answer that proves nothing does not seal it: it stays where it
/// is.
async fn require_valid(
    client: &Client,
    secret: &Secret,
    token: TokenRef<'_>,
) -> Result<(), Diagnostic> {
    match client.audit_trails(secret).probe().await {
        Ok(Probe::Alive) => Ok(()),
        Ok(Probe::Dead) => Err(diagnostics::secret_to_seal_refused(token)),
        Ok(Probe::Inconclusive) => Err(diagnostics::secret_to_seal_not_tried(token, None)),
        Err(error) => Err(diagnostics::secret_to_seal_not_tried(
            token,
            Some((&error).into()),
        )),
    }
}

/// Returns the ID of the token that a secret in the state belongs to.
fn token_id(state: &Model) -> Result<&str, Diagnostic> {
    let id = state.token_id.as_deref();
    id.ok_or_else(diagnostics::token_to_seal_not_known)
}

/// Checks before a token is generated that the provider has a key, if the secret is to be sealed.
pub(super) fn require_key_to(
    seal_token: &Attr<bool>,
    connection: &Connection,
) -> Result<(), Diagnostic> {
    match seal_token {
        Attr::Known(true) => require_key(connection, diagnostics::no_sealing_key),
        _ => Ok(()),
    }
}

/// Checks that there is a key, or that there may be one. `missing` says what it is needed for.
fn require_key(connection: &Connection, missing: fn() -> Diagnostic) -> Result<(), Diagnostic> {
    match connection.sealing_key() {
        Attr::Null => Err(missing()),
        Attr::Unknown | Attr::Known(_) => Ok(()),
    }
}

fn key(connection: &Connection, missing: fn() -> Diagnostic) -> Result<&SealingKey, Diagnostic> {
    match connection.sealing_key() {
        Attr::Null => Err(missing()),
        Attr::Unknown => Err(diagnostics::unknown_configuration("sealing_key")),
        Attr::Known(key) => Ok(key),
    }
}

/// Seals the secret of a state again, if its organization was renamed since it was sealed. Without the key that opens it, it
/// stays as it is.
///
/// The state's sealed token must be that of its token ([`binding::check_state`]).
pub(super) fn follow_rename(state: &mut Model, connection: &Connection, client: &Client) {
    if let Some(sealed) = sealed_under_present_name(state, connection, client) {
        state.sealed_token = Attr::Known(sealed);
    }
}

fn sealed_under_present_name(
    state: &Model,
    connection: &Connection,
    client: &Client,
) -> Option<String> {
    let sealed = SealedToken::parse(state.sealed_token.as_deref()?).ok()?;
    let organization = state.organization.as_deref()?;
    if is_same_organization(&sealed.sealed_for().organization, organization) {
        return None;
    }
    let secret = sealed.open(connection.sealing_key().known()?).ok()?;
    let id = state.token_id.as_deref()?;
    let seal = Seal::prepare(connection, client).ok()?;
    Some(seal.seal(TokenRef { organization, id }, &secret))
}

fn open(key: &SealingKey, sealed: &str) -> Result<Secret, Diagnostic> {
    SealedToken::parse(sealed)
        .and_then(|sealed| sealed.open(key))
        .map_err(|why| diagnostics::sealed_token_stays(&why))
}

/// Where the secret of a new token will be stored. It is prepared before the token is generated, so that storing the
/// secret cannot fail.
pub(super) enum SecretStorage {
    /// In `token`.
    PlainText,
    /// In `sealed_token`.
    Sealed(Seal),
}

impl SecretStorage {
    /// Prepares the storage that `seal_token` asks for.
    ///
    /// # Errors
    ///
    /// Returns an error if the secret is to be sealed and there is no key, or no nonce.
    pub(super) fn prepare(
        seal_token: &Attr<bool>,
        connection: &Connection,
        client: &Client,
    ) -> Result<Self, Diagnostic> {
        match seal_token {
            Attr::Known(true) => Ok(Self::Sealed(Seal::prepare(connection, client)?)),
            _ => Ok(Self::PlainText),
        }
    }

    /// Stores the secret of a token.
    pub(super) fn store(self, model: &mut Model, token: TokenRef<'_>, secret: &Secret) {
        (model.token, model.sealed_token) = match self {
            Self::PlainText => (
                Attr::Known(Sensitive::new(secret.expose().to_owned())),
                Attr::Null,
            ),
            Self::Sealed(seal) => (Attr::Null, Attr::Known(seal.seal(token, secret))),
        };
    }
}

/// Everything that sealing needs except the secret.
pub(super) struct Seal {
    key: SealingKey,
    nonce: SealingNonce,
    /// Of the host that the token is on.
    client: Client,
}

impl Seal {
    fn prepare(connection: &Connection, client: &Client) -> Result<Self, Diagnostic> {
        Ok(Self {
            key: key(connection, diagnostics::no_sealing_key)?.clone(),
            nonce: SealingNonce::random().map_err(diagnostics::no_nonce)?,
            client: client.clone(),
        })
    }

    fn seal(self, token: TokenRef<'_>, secret: &Secret) -> String {
        let sealed_for = SealedFor {
            host: self.client.host(),
            organization: token.organization.to_owned(),
            token_id: token.id.to_owned(),
        };
        sealing::seal(&self.key, self.nonce, &sealed_for, secret)
    }
}
