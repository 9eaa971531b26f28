//! Where a token's secret is stored: in plain text, sealed, or nowhere.

use super::model::Model;
use crate::client::{Secret, is_same_organization};
use crate::provider::connection::Connection;
use crate::provider::diagnostics::{self, ForeignSeal};
use crate::provider::sealing::{self, Contents, SealingKey, SealingNonce};
use tfplugin::{Attr, Diagnostic, Sensitive};

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
/// Returns an error if it has to move and the key is missing or wrong, or the sealed token is that of another token.
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
            plan.token = Attr::Null;
            plan.sealed_token = Attr::Unknown;
        }
        Attr::Known(false) | Attr::Null if is_sealed => {
            require_key(connection, diagnostics::no_key_to_unseal)?;
            if let (Attr::Known(key), Some(sealed)) =
                (connection.sealing_key(), state.sealed_token.as_deref())
            {
                open(key, sealed, state)?;
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

/// Moves the secret as [`plan_move`] planned it.
pub(super) fn apply_move(
    plan: &mut Model,
    state: &Model,
    connection: &Connection,
) -> Result<(), Diagnostic> {
    if !plan.token.is_unknown() && !plan.sealed_token.is_unknown() {
        return Ok(());
    }
    let seals = plan.seal_token == Attr::Known(true);
    let (token, sealed_token) = match (state.secret(), state.sealed_token.as_deref()) {
        (Some(secret), _) if seals => {
            let seal = Seal::prepare(connection)?;
            let organization = state.organization_in_state()?;
            let sealed = seal.seal(organization, &state.token_id, secret);
            (Attr::Null, Attr::Known(sealed))
        }
        (_, Some(sealed)) if !seals => {
            let key = key(connection, diagnostics::no_key_to_unseal)?;
            let contents = open(key, sealed, state)?;
            let token = Sensitive::new(contents.secret.expose().to_owned());
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

/// Returns the sealed secret of a state, if the key opens it and it belongs to the state's token.
pub(super) fn unsealed(state: &Model, connection: &Connection) -> Option<Secret> {
    let key = connection.sealing_key().known()?;
    let contents = open(key, state.sealed_token.as_deref()?, state).ok()?;
    Some(contents.secret)
}

/// Opens the sealed token of a state.
///
/// # Errors
///
/// Returns an error if it does not open, or holds the secret of another token.
fn open(key: &SealingKey, sealed: &str, state: &Model) -> Result<Contents, Diagnostic> {
    let contents = sealing::open(key, sealed).map_err(diagnostics::sealed_token_stays)?;
    let organization = state.organization_in_state()?;
    let is_ours = match state.token_id.as_deref() {
        // The ID alone decides: the organization may have been renamed since.
        Some(id) if !contents.token_id.is_empty() => contents.token_id == id,
        _ => is_same_organization(&contents.organization, organization),
    };
    if is_ours {
        return Ok(contents);
    }
    Err(diagnostics::sealed_token_of_another(ForeignSeal {
        organization,
        token_id: state.token_id.as_deref(),
        sealed_organization: &contents.organization,
        sealed_token_id: &contents.token_id,
    }))
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
    ) -> Result<Self, Diagnostic> {
        match seal_token {
            Attr::Known(true) => Ok(Self::Sealed(Seal::prepare(connection)?)),
            _ => Ok(Self::PlainText),
        }
    }

    /// Stores the secret; `model` must have the ID of its token already.
    pub(super) fn store(self, model: &mut Model, organization: &str, secret: Secret) {
        (model.token, model.sealed_token) = match self {
            Self::PlainText => (
                Attr::Known(Sensitive::new(secret.expose().to_owned())),
                Attr::Null,
            ),
            Self::Sealed(seal) => (
                Attr::Null,
                Attr::Known(seal.seal(organization, &model.token_id, secret)),
            ),
        };
    }
}

/// Everything that sealing needs except the secret.
pub(super) struct Seal {
    key: SealingKey,
    nonce: SealingNonce,
}

impl Seal {
    fn prepare(connection: &Connection) -> Result<Self, Diagnostic> {
        Ok(Self {
            key: key(connection, diagnostics::no_sealing_key)?.clone(),
            nonce: SealingNonce::random().map_err(diagnostics::no_nonce)?,
        })
    }

    fn seal(self, organization: &str, token_id: &Attr<String>, secret: Secret) -> String {
        let contents = Contents {
            organization: organization.to_owned(),
            token_id: token_id.as_deref().unwrap_or_default().to_owned(),
            secret,
        };
        sealing::seal(&self.key, self.nonce, &contents)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::clock::Clock;
    use crate::provider::connection::Api;

    fn connection() -> Connection {
        let key = SealingKey::parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap();
        Connection::new(
            Api::Unknown("token"),
            Attr::Null,
            Attr::Known(key),
            Clock::system(),
        )
    }

    fn text(text: &str) -> Attr<String> {
        Attr::Known(text.to_owned())
    }

    fn state(token_id: Attr<String>) -> Model {
        Model {
            organization: text("my-org-name"),
            token_id,
            ..Model::default()
        }
    }

    fn plain_text_state() -> Model {
        Model {
            token: Attr::Known(Sensitive::new("planted".to_owned())),
            ..state(text("at-1"))
        }
    }

    fn sealed_state(organization: &str, token_id: &str) -> Model {
        let seal = Seal::prepare(&connection()).unwrap();
        let secret = Secret::new("planted".to_owned());
        Model {
            sealed_token: Attr::Known(seal.seal(organization, &text(token_id), secret)),
            ..state(text("at-1"))
        }
    }

    /// Moves the secret by a plan in which both attributes are unknown.
    fn moved(state: &Model, seal_token: bool) -> Result<Model, Diagnostic> {
        let mut plan = Model {
            seal_token: Attr::Known(seal_token),
            token: Attr::Unknown,
            sealed_token: Attr::Unknown,
            ..state.clone()
        };
        apply_move(&mut plan, state, &connection()).map(|()| plan)
    }

    #[test]
    fn a_secret_in_its_place_stays_there() {
        for (state, seals) in [
            (plain_text_state(), false),
            (sealed_state("my-org-name", "at-1"), true),
            (state(text("at-1")), false),
            (state(text("at-1")), true),
        ] {
            let plan = moved(&state, seals).unwrap();
            assert_eq!(plan.token, state.token);
            assert_eq!(plan.sealed_token, state.sealed_token);
        }
    }

    #[test]
    fn a_secret_is_never_stored_twice() {
        let plan = moved(&plain_text_state(), true).unwrap();
        assert!(plan.token.is_null() && plan.sealed_token.is_known());
        let plan = moved(&sealed_state("my-org-name", "at-1"), false).unwrap();
        assert!(plan.token.is_known() && plan.sealed_token.is_null());
    }

    #[test]
    fn only_the_secret_of_the_state_s_own_token_is_unsealed() {
        assert!(moved(&sealed_state("renamed-since", "at-1"), false).is_ok());
        assert!(moved(&sealed_state("my-org-name", ""), false).is_ok());
        for (organization, id) in [("my-org-name", "at-2"), ("other-org-name", "")] {
            let problem = moved(&sealed_state(organization, id), false).unwrap_err();
            assert!(problem.detail().contains(organization), "{problem}");
            assert!(!problem.detail().contains("planted"));
        }
    }
}
