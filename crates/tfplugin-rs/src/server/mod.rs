//! The protocol's logic: every RPC of protocol 6, answered for an author's [`Provider`].
//!
//! A request goes from `service` (decode, call, encode) through the RPC's own file (`plan`, `apply`, …) to the typed
//! adapter and the author's method. If the provider does not offer the object, the reply is a diagnostic where the RPC
//! has a field for one.
//!
//! Every call runs in a task of its own. A panic in it becomes a diagnostic. If the host gives up the call, its stop
//! signal is set, but the task is not aborted: it may be waiting for an answer that brings a secret.

mod apply;
mod calls;
mod caught;
mod generate;
mod identity;
mod normalise;
mod objects;
mod plan;
mod position;
pub mod proto;
mod service;
mod stream;
mod validate;
mod wire;

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use tokio_util::sync::CancellationToken;
use tracing::{Instrument, info_span};

use self::calls::Calls;
use self::caught::{caught, panicked};
use super::adapter::{Call, Shape};
use super::context::Context;
use super::diag::{Diagnostic, Diagnostics};
use super::host::Host;
use super::lifecycle::Lifecycle;
use super::provider::Provider;
use super::registry::Registry;

/// A provider as a tonic service: it implements [`proto::provider_server::Provider`].
pub struct Server<P: Provider> {
    inner: Arc<Inner<P>>,
}

impl<P: Provider> Server<P> {
    /// Returns a server that is not configured yet. It registers work that must not be cut off with `lifecycle`.
    pub fn new(provider: P, lifecycle: Lifecycle) -> Self {
        Self {
            inner: Arc::new(Inner {
                provider,
                registry: P::registry(),
                provider_shape: OnceLock::new(),
                configured: RwLock::new(None),
                calls: Calls::default(),
                lifecycle,
            }),
        }
    }

    /// Answers a call with one reply, which carries its diagnostics.
    async fn answer<Q, C, R>(
        &self,
        call: CallName,
        request: tonic::Request<Q>,
        handler: Handler<P, Q, C, R>,
    ) -> Result<tonic::Response<R>, tonic::Status>
    where
        Q: Send + 'static,
        C: CallContext,
        R: Reply,
    {
        let (guard, stop) = self.inner.calls.begin();
        let (reply, diagnostics) = self
            .perform(call, request.into_inner(), stop, handler)
            .await;
        guard.finished();
        let reply = reply.unwrap_or_default().with(diagnostics);
        Ok(tonic::Response::new(reply))
    }

    /// Runs one call in a task of its own. Returns its reply, unless it failed, and its diagnostics.
    fn perform<Q, C, R>(
        &self,
        call: CallName,
        request: Q,
        stop: CancellationToken,
        handler: Handler<P, Q, C, R>,
    ) -> impl Future<Output = (Option<R>, Diagnostics)> + Send + use<P, Q, C, R>
    where
        Q: Send + 'static,
        C: CallContext,
        R: Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        let mut cx = C::from(Context::new(inner.host(), inner.lifecycle.clone(), stop));
        let span = call.span();
        let task = tokio::spawn(
            async move {
                let result = caught(handler(&inner, request, &mut cx)).await;
                let mut diagnostics = cx.into().diagnostics;
                let reply = result.map_err(|errors| diagnostics.extend(errors)).ok();
                (reply, diagnostics)
            }
            .instrument(span),
        );
        async move {
            let (reply, diagnostics) = task.await.unwrap_or_else(|failed| {
                let diagnostic = match failed.try_into_panic() {
                    Ok(payload) => panicked(payload.as_ref()),
                    Err(_) => Diagnostic::error(
                        "Provider Stopped",
                        "The provider's process ended before the operation did.",
                    ),
                };
                (None, diagnostic.into())
            });
            (reply, diagnostics.rewrite(P::redact))
        }
    }
}

/// A function that answers one RPC. `C` is the context that the author's method gets.
type Handler<P, Q, C, R> = for<'a> fn(&'a Inner<P>, Q, &'a mut C) -> Call<'a, R>;

/// [`Context`], or a context of single calls that is made of it.
trait CallContext: From<Context> + Into<Context> + Send + 'static {}

impl<C: From<Context> + Into<Context> + Send + 'static> CallContext for C {}

/// A call as the log names it. The key of its object is that of terraform-plugin-go (`internal/logging/keys.go`).
struct CallName {
    rpc: &'static str,
    object: Option<(&'static str, String)>,
}

impl CallName {
    fn span(&self) -> tracing::Span {
        let span = info_span!(
            "rpc",
            tf_rpc = self.rpc,
            tf_req_id = format!("{:016x}", fastrand::u64(..)),
            tf_resource_type = tracing::field::Empty,
            tf_data_source_type = tracing::field::Empty,
            tf_ephemeral_resource_type = tracing::field::Empty,
            tf_list_resource_type = tracing::field::Empty,
            tf_action_type = tracing::field::Empty,
        );
        if let Some((key, name)) = &self.object {
            span.record(*key, name.as_str());
        }
        span
    }
}

/// The state that a server's calls share.
struct Inner<P: Provider> {
    provider: P,
    registry: Registry<P::Client>,
    provider_shape: OnceLock<Shape>,
    configured: RwLock<Option<Configured<P>>>,
    calls: Calls,
    lifecycle: Lifecycle,
}

/// A configured provider. Terraform configures once in a process; in debug mode it happens again, and the last one is
/// used.
struct Configured<P: Provider> {
    client: Arc<P::Client>,
    host: Host,
}

impl<P: Provider> Inner<P> {
    fn provider_shape(&self) -> &Shape {
        self.provider_shape.get_or_init(|| Shape::of(P::schema()))
    }

    fn configure(&self, client: P::Client, host: Host) {
        let client = Arc::new(client);
        *self
            .configured
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Some(Configured { client, host });
    }

    fn host(&self) -> Host {
        let configured = self
            .configured
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        configured
            .as_ref()
            .map(|configured| configured.host.clone())
            .unwrap_or_default()
    }

    fn client(&self) -> Result<Arc<P::Client>, Diagnostics> {
        let configured = self
            .configured
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        configured
            .as_ref()
            .map(|configured| Arc::clone(&configured.client))
            .ok_or_else(|| {
                Diagnostic::error(
                    "Provider Not Configured",
                    "The host asked for an operation before it configured the provider. Terraform \
                     never does; this is a bug in the program that runs the provider.",
                )
                .into()
            })
    }
}

/// A reply with a field for diagnostics.
trait Reply: Default + Send + 'static {
    fn with(self, diagnostics: Diagnostics) -> Self;
}
