//! [`EphemeralResource`]: an object whose values are never stored in state or plan.

use std::future::Future;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::context::{CloseContext, Context, OpenContext};
use super::diag::Diagnostics;
use super::schema::Schema;

/// An ephemeral resource (Terraform 1.10).
///
/// Terraform opens it while planning *and* while applying, and closes it when nothing needs it any more. A provider
/// cannot find out whether Terraform plans or applies.
pub trait EphemeralResource: Send + Sync + Sized + 'static {
    /// What the ephemeral resource works with, usually an API client: the
    /// [`Provider::Client`](crate::Provider::Client) of the provider that offers it.
    type Client: Send + Sync + 'static;

    /// Arguments and results, as a struct with one field for each attribute.
    ///
    /// Arguments are known in [`open`](EphemeralResource::open), but may be unknown in
    /// [`validate`](EphemeralResource::validate): use [`Attr`](crate::Attr).
    type Model: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// The full type name, such as `tfe_audit_trail_token`.
    const NAME: &'static str;

    /// Returns the schema.
    fn schema() -> Schema;

    /// Returns the ephemeral resource for one call. Should be cheap.
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

    /// Opens the ephemeral resource: returns the arguments as they were configured, and the results.
    ///
    /// A result may be unknown if [`Host::accepts_unknown_ephemeral_results`] returns `true`.
    ///
    /// [`Host::accepts_unknown_ephemeral_results`]: crate::Host::accepts_unknown_ephemeral_results
    ///
    /// # Errors
    ///
    /// Returns why it cannot be opened. Terraform then never calls [`close`](EphemeralResource::close), so clean up
    /// before returning the error.
    fn open(
        &self,
        config: Self::Model,
        cx: &mut OpenContext,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;

    /// Renews what [`open`](EphemeralResource::open) created. Terraform calls it if `open`, or the last renewal, called
    /// [`OpenContext::renew_at`]. By default it does nothing.
    ///
    /// # Errors
    ///
    /// Returns why it cannot be renewed. Terraform then does not renew it again.
    fn renew(&self, cx: &mut OpenContext) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = cx;
        async { Ok(()) }
    }

    /// Closes the ephemeral resource. By default it does nothing.
    ///
    /// Terraform does not call it if an object that uses the ephemeral resource fails. What must not be left behind then
    /// can be removed at the [exit of the process](crate::Context::at_exit).
    ///
    /// The model is not available any more. Store what is needed in
    /// [`private_mut`](crate::ResourceContext::private_mut) when it is opened.
    ///
    /// # Errors
    ///
    /// Returns why it cannot be closed. The whole run then fails.
    fn close(&self, cx: &mut CloseContext) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = cx;
        async { Ok(()) }
    }
}
