//! [`EphemeralResource`]: a value that is never in state or plan.

use std::future::Future;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::context::Context;
use super::diag::Diagnostics;
use super::provider::Provider;
use super::schema::Schema;

/// An ephemeral resource: opened while Terraform plans *and* while it applies, without being told
/// which, and closed afterwards (Terraform 1.10).
pub trait EphemeralResource: Send + Sync + Sized + 'static {
    /// The provider that offers it.
    type Provider: Provider;

    /// Arguments and results as a struct with a field an attribute. Arguments are known in
    /// [`open`](EphemeralResource::open), but may be unknown in
    /// [`validate`](EphemeralResource::validate): use [`Attr`](super::Attr).
    type Model: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// The full type name, such as `tfe_audit_trail_token`.
    const NAME: &'static str;

    /// Its attributes.
    fn schema() -> Schema;

    /// The ephemeral resource, ready to serve one call. Cheap.
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

    /// Opens it: the arguments, all known, with the results filled in. Arguments that were set must
    /// come back as they are. Where [`Host::accepts_unknown_ephemeral_results`] says so, a result
    /// may be unknown.
    ///
    /// [`Host::accepts_unknown_ephemeral_results`]: super::Host::accepts_unknown_ephemeral_results
    ///
    /// # Errors
    ///
    /// Terraform then never calls [`close`](EphemeralResource::close): clean up before.
    fn open(
        &self,
        config: Self::Model,
        cx: &mut Context,
    ) -> impl Future<Output = Result<Self::Model, Diagnostics>> + Send;

    /// Renews what [`open`](EphemeralResource::open) asked to be renewed with
    /// [`Context::renew_at`]; it may ask again.
    ///
    /// # Errors
    ///
    /// Terraform then renews no more.
    fn renew(&self, cx: &mut Context) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = cx;
        async { Ok(()) }
    }

    /// Closes it. What is needed for that must be in [`Context::private_mut`] when it is opened.
    ///
    /// # Errors
    ///
    /// The whole run then fails.
    fn close(&self, cx: &mut Context) -> impl Future<Output = Result<(), Diagnostics>> + Send {
        let _ = cx;
        async { Ok(()) }
    }
}
