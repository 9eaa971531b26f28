//! [`Connection`]: the configured provider, which every object works with.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Mutex as Turnstile, OwnedMutexGuard};

use super::clock::Clock;
use super::diagnostics;
use super::sealing::SealingKey;
use crate::client::{Client, Hostname};
use tfplugin::{Attr, Context, Diagnostic};

/// A configured provider; clones share it.
#[derive(Clone, Debug)]
pub struct Connection(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    api: Api,
    organization: Attr<String>,
    sealing_key: Attr<SealingKey>,
    clock: Clock,
    generated: Mutex<BTreeSet<String>>,
    turns: Mutex<BTreeMap<String, Arc<Turnstile<()>>>>,
}

/// The API, if it is known where it is and who asks.
#[derive(Debug)]
pub(crate) enum Api {
    /// It can be asked.
    Known(Client),
    /// This argument of the provider block is not known yet: no request is sent to a guessed host,
    /// or by a guessed account.
    Unknown(&'static str),
}

impl Connection {
    pub(crate) fn new(
        api: Api,
        organization: Attr<String>,
        sealing_key: Attr<SealingKey>,
        clock: Clock,
    ) -> Self {
        Self(Arc::new(Inner {
            api,
            organization,
            sealing_key,
            clock,
            generated: Mutex::default(),
            turns: Mutex::default(),
        }))
    }

    /// The API client, whose waits end when this call is to stop; or the argument of the provider
    /// block that is not known yet.
    pub(crate) fn api(&self, cx: &Context) -> Result<Client, &'static str> {
        match &self.0.api {
            Api::Known(client) => Ok(client.stopping_with(cx.stop_signal())),
            Api::Unknown(argument) => Err(argument),
        }
    }

    /// The API client for what cannot be done without it.
    ///
    /// # Errors
    ///
    /// An argument of the provider block is not known yet.
    pub(crate) fn require_api(&self, cx: &Context) -> Result<Client, Diagnostic> {
        self.api(cx).map_err(diagnostics::unknown_configuration)
    }

    /// The host that is asked, if it is known.
    pub(crate) fn hostname(&self) -> Option<&Hostname> {
        match &self.0.api {
            Api::Known(client) => Some(client.hostname()),
            Api::Unknown(_) => None,
        }
    }

    /// Whether requests can be sent.
    pub(crate) fn is_known(&self) -> bool {
        matches!(self.0.api, Api::Known(_))
    }

    /// The organization of objects that name none.
    pub(crate) fn organization(&self) -> &Attr<String> {
        &self.0.organization
    }

    /// The key of sealed tokens.
    pub(crate) fn sealing_key(&self) -> &Attr<SealingKey> {
        &self.0.sealing_key
    }

    /// What time it is.
    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Waits until no other object changes the organization's token; then it is this one's turn, for
    /// as long as the guard lives.
    ///
    /// Terraform destroys and creates side by side: an object that looked, and deletes what it saw,
    /// must not meet one that has just generated its successor.
    pub(crate) async fn turn(&self, organization: &str) -> OwnedMutexGuard<()> {
        let turnstile = {
            let mut turns = self.0.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(key(organization)).or_default())
        };
        match Arc::clone(&turnstile).try_lock_owned() {
            Ok(turn) => turn,
            Err(_) => {
                tracing::debug!(organization, "waits for its turn: another object acts");
                turnstile.lock_owned().await
            }
        }
    }

    /// Claims the one generation that this provider may do for an organization, so that two objects
    /// of one organization end in an error and not in a dead token.
    ///
    /// # Errors
    ///
    /// It was claimed before.
    pub(crate) fn claim_generation(&self, organization: &str) -> Result<Claim, Diagnostic> {
        let organization_key = key(organization);
        if !self.generated().insert(organization_key.clone()) {
            return Err(diagnostics::already_generated(organization));
        }
        Ok(Claim {
            connection: self.clone(),
            organization_key,
        })
    }

    fn generated(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.0
            .generated
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Two spellings of a name may be one organization: better refuse than kill.
fn key(organization: &str) -> String {
    organization.to_lowercase()
}

/// The one generation for an organization. It stays claimed unless it is released.
#[derive(Debug)]
pub(crate) struct Claim {
    connection: Connection,
    organization_key: String,
}

impl Claim {
    /// Gives it back: nothing was changed.
    pub(crate) fn release(self) {
        self.connection.generated().remove(&self.organization_key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generates_once_for_an_organization_unless_nothing_changed() {
        let connection = Connection::new(
            Api::Unknown("token"),
            Attr::Null,
            Attr::Null,
            Clock::system(),
        );
        connection.claim_generation("one").unwrap().release();
        let _claim = connection.claim_generation("one").unwrap();
        assert!(connection.claim_generation("ONE").is_err());
        assert!(connection.claim_generation("two").is_ok());
    }

    #[tokio::test]
    async fn one_at_a_time_changes_the_token_of_an_organization() {
        let connection = Connection::new(
            Api::Unknown("token"),
            Attr::Null,
            Attr::Null,
            Clock::system(),
        );
        let first = connection.turn("one").await;
        let _other = connection.turn("two").await;
        let second = tokio::spawn({
            let connection = connection.clone();
            async move { connection.turn("ONE").await }
        });
        tokio::task::yield_now().await;
        assert!(!second.is_finished());
        drop(first);
        second.await.unwrap();
    }
}
