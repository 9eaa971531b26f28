//! [`DataSource`]: something that Terraform reads and never changes.

use std::future::Future;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::context::Context;
use super::diag::Diagnostics;
use super::provider::Provider;
use super::schema::Schema;

/// A data source: read at plan, or at apply where an argument is not known before.
pub trait DataSource: Send + Sync + Sized + 'static {
    /// The provider that offers it.
    type Provider: Provider;

    /// Arguments and results as a struct with a field an attribute. Arguments are known in
    /// [`read`](DataSource::read), but may be unknown in [`validate`](DataSource::validate): use
    /// [`Attr`](super::Attr).
    type Model: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// The full type name, such as `tfe_audit_trail_token`.
    const NAME: &'static str;

    /// Its attributes.
    fn schema() -> Schema;

    /// The data source, ready to serve one call. Cheap.
    fn new(client: &<Self::Provider as Provider>::Client) -> Self;

    /// Checks a configuration beyond what the schema says, without a client. Values may be unknown.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    fn validate(
        config: Self::Model,
        cx: &mut Context,
    ) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = (config, cx);
        async { Ok(()) }
    }

    /// Reads it: the arguments, all known, with the results filled in.
    ///
    /// # Errors
    ///
    /// Why it cannot be read.
    fn read(
        &self,
        config: Self::Model,
        cx: &mut Context,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;
}
