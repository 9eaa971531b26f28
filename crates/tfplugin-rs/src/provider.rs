//! [`Provider`]: a provider's configuration and its objects.

use std::future::Future;

use serde::de::DeserializeOwned;

use super::context::Context;
use super::diag::Diagnostics;
use super::registry::Registry;
use super::schema::{ObjectKind, Schema};

/// A provider: its configuration, its client and its objects.
pub trait Provider: Send + Sync + Sized + 'static {
    /// The provider block, as a struct with one field for each attribute. A practitioner may set any of them from a
    /// value that is unknown while planning: use [`Attr`](crate::Attr).
    type Config: DeserializeOwned + Send + 'static;

    /// What the objects of the provider work with, usually an API client. While planning the configuration may be
    /// unknown, so the client must be able to say that it cannot be used yet.
    type Client: Send + Sync + 'static;

    /// The provider's type name, such as `tfe`. The names of its objects begin with it.
    const NAME: &'static str;

    /// Returns the schema of the provider block.
    fn schema() -> Schema;

    /// Returns the objects that the provider offers.
    fn registry() -> Registry<Self::Client>;

    /// Checks the provider block beyond its schema. Values may be unknown.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with the configuration. By default nothing is.
    fn validate(
        &self,
        config: Self::Config,
        cx: &mut Context,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (config, cx);
        async { Ok(()) }
    }

    /// Configures the provider: returns the client.
    ///
    /// Terraform calls it once in a process, and more often in debug mode. It should be quick: use the network when an
    /// object needs it, not here.
    ///
    /// # Errors
    ///
    /// Returns why there can be no client.
    fn configure(
        &self,
        config: Self::Config,
        cx: &mut Context,
    ) -> impl Future<Output = Result<Self::Client, Diagnostics>> + Send;

    /// Rewrites a text that a practitioner will read: summaries and details of diagnostics, and progress messages,
    /// whichever code wrote them. By default it returns the text.
    ///
    /// Use it to hide what has the form of a secret.
    fn redact(text: String) -> String {
        text
    }

    /// Returns everything that is wrong with the schemas and the registry, one sentence each; empty for a sound
    /// provider.
    ///
    /// Assert in a test that it is empty. A debug build reports it in its first command; a release build reports only
    /// [`Registry::problems`].
    fn problems() -> Vec<String> {
        let schema = Self::schema();
        let own = schema.problems(ObjectKind::Provider).into_iter();
        let registry = Self::registry();
        own.map(|problem| format!("{}: {problem}", Self::NAME))
            .chain(registry.schema_problems())
            .chain(registry.problems())
            .collect()
    }
}
