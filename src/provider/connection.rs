//! [`Connection`]: the configured provider, which every object gets.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use super::clock::Clock;
use super::diagnostics;
use super::known_objects::{KnownObjects, NamedToken, Relation};
use super::sealing::SealingKey;
use crate::client::{AuthenticationToken, Client, Hostname, ServiceHost, organization_key};
use tfplugin::{Attr, Context, Diagnostic};

/// The kind of a token, by the type name of its resource, and the organization's [key](organization_key).
///
/// Two spellings of a name may mean the same organization. A generation that is refused by mistake does less harm than a
/// token that is invalidated by mistake.
type TokenKey = (&'static str, String);

/// A configured provider; clones share it.
#[derive(Clone, Debug)]
pub struct Connection(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    api: Api,
    organization: Attr<String>,
    sealing_key: Attr<SealingKey>,
    clock: Clock,
    generated: Mutex<BTreeSet<TokenKey>>,
    locks: Mutex<BTreeMap<TokenKey, Arc<AsyncMutex<()>>>>,
    known_objects: Mutex<BTreeMap<TokenKey, KnownObjects>>,
}

/// The API, if the provider block is known.
#[derive(Debug)]
pub(crate) enum Api {
    /// Requests can be sent.
    Known(Client),
    /// This argument of the provider block is not known yet: a request might go to the wrong host, or have the wrong token.
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
            locks: Mutex::default(),
            known_objects: Mutex::default(),
        }))
    }

    /// Returns the API client. Its waits end when this call is interrupted.
    ///
    /// # Errors
    ///
    /// Returns the argument of the provider block that is not known yet.
    pub(crate) fn api(&self, cx: &Context) -> Result<Client, &'static str> {
        match &self.0.api {
            Api::Known(client) => Ok(client.stopping_with(cx.stop_signal())),
            Api::Unknown(argument) => Err(argument),
        }
    }

    /// Returns the API client for a call that cannot go on without it.
    ///
    /// # Errors
    ///
    /// Returns a diagnostic that names the argument of the provider block that is not known yet.
    pub(crate) fn require_api(&self, cx: &Context) -> Result<Client, Diagnostic> {
        self.api(cx).map_err(diagnostics::unknown_configuration)
    }

    /// Returns the host of the API, if it is known.
    pub(crate) fn hostname(&self) -> Option<&Hostname> {
        match &self.0.api {
            Api::Known(client) => Some(client.hostname()),
            Api::Unknown(_) => None,
        }
    }

    /// Returns the host with the address of its API, as far as they are known.
    pub(crate) fn host(&self) -> Option<ServiceHost> {
        match &self.0.api {
            Api::Known(client) => Some(client.host()),
            Api::Unknown(_) => None,
        }
    }

    /// Whether requests can be sent.
    pub(crate) fn is_known(&self) -> bool {
        matches!(self.0.api, Api::Known(_))
    }

    /// Returns the default organization of objects.
    pub(crate) fn organization(&self) -> &Attr<String> {
        &self.0.organization
    }

    /// Returns the key of sealed tokens.
    pub(crate) fn sealing_key(&self) -> &Attr<SealingKey> {
        &self.0.sealing_key
    }

    /// Returns the clock.
    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Locks an organization's token of one kind, until the guard is dropped. `kind` is the type name of its resource.
    ///
    /// Terraform destroys and creates objects concurrently. Without the lock, an object could delete the token that another
    /// one has just generated.
    pub(crate) async fn organization_lock(
        &self,
        kind: &'static str,
        organization: &str,
    ) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.0.locks.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(locks.entry(key(kind, organization)).or_default())
        };
        match Arc::clone(&lock).try_lock_owned() {
            Ok(guard) => guard,
            Err(_) => {
                tracing::debug!(organization, "waits for its turn: another object acts");
                lock.lock_owned().await
            }
        }
    }

    /// Reserves the only generation of a token of one kind that this provider may do for an organization: if two objects
    /// have the same organization, the second must not invalidate the token of the first. `kind` is the type name of the
    /// resource. Returns `None` if it was reserved before.
    pub(crate) fn reserve_generation(
        &self,
        kind: &'static str,
        organization: &str,
    ) -> Option<Reservation> {
        let key = key(kind, organization);
        self.generated().insert(key.clone()).then(|| Reservation {
            connection: self.clone(),
            key,
        })
    }

    /// Records or returns what is known of the objects that manage an organization's token of one kind. `kind` is the type
    /// name of the resource.
    pub(crate) fn known_objects<T>(
        &self,
        kind: &'static str,
        organization: &str,
        action: impl FnOnce(&mut KnownObjects) -> T,
    ) -> T {
        let known = self.0.known_objects.lock();
        let mut known = known.unwrap_or_else(PoisonError::into_inner);
        action(known.entry(key(kind, organization)).or_default())
    }

    /// Returns the tokens of all objects of one kind without a secret that this process has read. `kind` is the type name of
    /// the resource.
    pub(crate) fn tokens_without_secret(&self, kind: &'static str) -> Vec<(NamedToken, Relation)> {
        let known = self.0.known_objects.lock();
        let known = known.unwrap_or_else(PoisonError::into_inner);
        let of_kind = known.iter().filter(|((one, _), _)| *one == kind);
        let tokens = of_kind.flat_map(|(_, known)| known.without_secret());
        tokens
            .map(|(token, relation)| (token.clone(), relation))
            .collect()
    }

    /// Remembers a token that was generated. `kind` is the type name of the resource.
    pub(crate) fn record_generated(
        &self,
        kind: &'static str,
        organization: &str,
        token: &AuthenticationToken,
    ) {
        self.known_objects(kind, organization, |known| known.record_generated(token));
    }

    /// Whether an object of this configuration manages an organization's token: this process has read the object, or has
    /// generated the token. `kind` is the type name of the resource.
    pub(crate) fn managed_here(
        &self,
        kind: &'static str,
        organization: &str,
        token: &AuthenticationToken,
    ) -> bool {
        self.known_objects(kind, organization, |known| known.manages(token))
    }

    /// Whether this process has generated an organization's token. `kind` is the type name of the resource.
    pub(crate) fn generated_here(
        &self,
        kind: &'static str,
        organization: &str,
        token: &AuthenticationToken,
    ) -> bool {
        self.known_objects(kind, organization, |known| known.has_generated(token))
    }

    fn generated(&self) -> MutexGuard<'_, BTreeSet<TokenKey>> {
        self.0
            .generated
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(kind: &'static str, organization: &str) -> TokenKey {
    (kind, organization_key(organization))
}

/// The only generation for an organization. It stays reserved unless it is released.
#[derive(Debug)]
pub(crate) struct Reservation {
    connection: Connection,
    key: TokenKey,
}

impl Reservation {
    /// Allows another generation, because nothing was changed.
    pub(crate) fn release(self) {
        self.connection.generated().remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection() -> Connection {
        Connection::new(
            Api::Unknown("token"),
            Attr::Null,
            Attr::Null,
            Clock::system(),
        )
    }

    #[test]
    fn a_token_is_generated_once_for_an_organization_unless_nothing_changed() {
        let connection = connection();
        connection
            .reserve_generation("token", "one")
            .unwrap()
            .release();
        let _reservation = connection.reserve_generation("token", "one").unwrap();
        assert!(connection.reserve_generation("token", "ONE").is_none());
        assert!(connection.reserve_generation("token", "two").is_some());
        assert!(connection.reserve_generation("other", "one").is_some());
    }

    #[tokio::test]
    async fn one_object_at_a_time_changes_the_token_of_an_organization() {
        let connection = connection();
        let first = connection.organization_lock("token", "one").await;
        let _other = connection.organization_lock("token", "two").await;
        let _kind = connection.organization_lock("other", "one").await;
        let second = tokio::spawn({
            let connection = connection.clone();
            async move { connection.organization_lock("token", "ONE").await }
        });
        tokio::task::yield_now().await;
        assert!(!second.is_finished());
        drop(first);
        second.await.unwrap();
    }
}
