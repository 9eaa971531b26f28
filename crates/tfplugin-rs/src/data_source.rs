//! [`DataSource`]: an object that Terraform reads and never changes.

use std::future::Future;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::context::Context;
use super::diag::Diagnostics;
use super::schema::Schema;

/// A data source.
///
/// Terraform reads it while planning, or while applying if an argument is unknown until then.
pub trait DataSource: Send + Sync + Sized + 'static {
    /// What the data source works with, usually an API client: the [`Provider::Client`](crate::Provider::Client) of the
    /// provider that offers it.
    type Client: Send + Sync + 'static;

    /// Arguments and results, as a struct with one field for each attribute.
    ///
    /// Arguments are known in [`read`](DataSource::read), but may be unknown in [`validate`](DataSource::validate): use
    /// [`Attr`](crate::Attr).
    type Model: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// The full type name, such as `tfe_audit_trail_token`.
    const NAME: &'static str;

    /// Returns the schema.
    fn schema() -> Schema;

    /// Returns the data source for one call. Should be cheap.
    fn new(client: &Self::Client) -> Self;

    /// Checks a configuration beyond its schema. Values may be unknown. There is no client yet.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with the configuration. By default nothing is.
    fn validate(
        config: Self::Model,
        cx: &mut Context,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (config, cx);
        async { Ok(()) }
    }

    /// Reads the data source: returns the arguments as they were configured, and the results.
    ///
    /// # Errors
    ///
    /// Returns why it cannot be read.
    fn read(
        &self,
        config: Self::Model,
        cx: &mut Context,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;
}
