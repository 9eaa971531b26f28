//! Where a token's secret is kept: in the open, sealed, or nowhere.

use super::model::Model;
use crate::client::Secret;
use crate::provider::connection::Connection;
use crate::provider::messages;
use crate::provider::sealing::{self, Contents, SealingKey, SealingNonce};
use crate::tfplugin::{Attr, Diagnostic, Sensitive};

/// Plans the place of a secret that is yet to be generated.
pub(super) fn plan_new(plan: &mut Model, seal_token: &Attr<bool>) {
    (plan.token, plan.sealed_token) = match seal_token {
        Attr::Known(true) => (Attr::Null, Attr::Unknown),
        Attr::Known(false) | Attr::Null => (Attr::Unknown, Attr::Null),
        Attr::Unknown => (Attr::Unknown, Attr::Unknown),
    };
}

/// Plans the place of the secret that the state has: where `seal_token` was switched, it moves.
///
/// # Errors
///
/// It has to move, and the key for that is missing or wrong.
pub(super) fn plan_move(
    plan: &mut Model,
    state: &Model,
    connection: &Connection,
) -> Result<(), Diagnostic> {
    plan.token = state.token.clone();
    plan.sealed_token = state.sealed_token.clone();
    let (is_open, is_sealed) = (state.token.is_known(), state.sealed_token.is_known());
    match plan.seal_token {
        Attr::Known(true) if is_open => {
            require_key(connection)?;
            plan.token = Attr::Null;
            plan.sealed_token = Attr::Unknown;
        }
        Attr::Known(false) | Attr::Null if is_sealed => {
            require_key(connection)?;
            if let (Attr::Known(key), Some(sealed)) =
                (connection.sealing_key(), state.sealed_token.as_deref())
            {
                open(key, sealed)?;
            }
            plan.token = Attr::Unknown;
            plan.sealed_token = Attr::Null;
        }
        Attr::Unknown if is_open || is_sealed => {
            plan.token = Attr::Unknown;
            plan.sealed_token = Attr::Unknown;
        }
        _ => {}
    }
    Ok(())
}

/// Carries out what [`plan_move`] planned.
pub(super) fn carry_out_move(
    plan: &mut Model,
    state: &Model,
    connection: &Connection,
) -> Result<(), Diagnostic> {
    let seals = plan.seal_token == Attr::Known(true);
    if plan.sealed_token.is_unknown() {
        plan.sealed_token = match state.secret() {
            Some(secret) if seals => {
                let seal = Seal::prepare(connection)?;
                Attr::Known(seal.seal(state.organization_in_state()?, &state.token_id, secret))
            }
            _ => Attr::Null,
        };
    }
    if plan.token.is_unknown() {
        plan.token = match state.sealed_token.as_deref() {
            Some(sealed) if !seals => {
                let contents = open(key(connection)?, sealed)?;
                Attr::Known(Sensitive::new(contents.secret.expose().to_owned()))
            }
            _ => Attr::Null,
        };
    }
    Ok(())
}

/// Checks, before anything is generated, that a secret that is to be sealed can be.
pub(super) fn require_key_to(
    seal_token: &Attr<bool>,
    connection: &Connection,
) -> Result<(), Diagnostic> {
    match seal_token {
        Attr::Known(true) => require_key(connection),
        _ => Ok(()),
    }
}

fn require_key(connection: &Connection) -> Result<(), Diagnostic> {
    match connection.sealing_key() {
        Attr::Null => Err(messages::no_sealing_key()),
        Attr::Unknown | Attr::Known(_) => Ok(()),
    }
}

fn key(connection: &Connection) -> Result<&SealingKey, Diagnostic> {
    match connection.sealing_key() {
        Attr::Null => Err(messages::no_sealing_key()),
        Attr::Unknown => Err(messages::unknown_configuration("sealing_key")),
        Attr::Known(key) => Ok(key),
    }
}

fn open(key: &SealingKey, sealed: &str) -> Result<Contents, Diagnostic> {
    sealing::open(key, sealed).map_err(|why| messages::sealed_token_stays(&why.to_string()))
}

/// A place for a secret that is about to be generated. What could go wrong with it has gone wrong
/// before the secret is there.
pub(super) enum Place {
    /// `token`.
    Open,
    /// `sealed_token`.
    Sealed(Seal),
}

impl Place {
    /// Prepares the place that `seal_token` asks for.
    pub(super) fn prepare(
        seal_token: &Attr<bool>,
        connection: &Connection,
    ) -> Result<Self, Diagnostic> {
        match seal_token {
            Attr::Known(true) => Ok(Self::Sealed(Seal::prepare(connection)?)),
            _ => Ok(Self::Open),
        }
    }

    /// Puts the secret there; `model` knows already which token it is.
    pub(super) fn fill(self, model: &mut Model, organization: &str, secret: Secret) {
        (model.token, model.sealed_token) = match self {
            Self::Open => (
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

/// Everything that sealing takes, but the secret.
pub(super) struct Seal {
    key: SealingKey,
    nonce: SealingNonce,
}

impl Seal {
    fn prepare(connection: &Connection) -> Result<Self, Diagnostic> {
        Ok(Self {
            key: key(connection)?.clone(),
            nonce: SealingNonce::random().map_err(|why| messages::no_nonce(&why.to_string()))?,
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
