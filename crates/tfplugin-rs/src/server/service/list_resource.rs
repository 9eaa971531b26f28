//! List resources.

use tokio::sync::mpsc;

use super::super::normalise::normalise;
use super::super::{Inner, identity, proto, validate, wire};
use crate::adapter::Call;
use crate::context::Context;
use crate::diag::Diagnostics;
use crate::list_resource::{ListRequest, ListResult};
use crate::provider::Provider;

/// Returns the last event, without an object, if diagnostics are left.
pub(super) fn end(diagnostics: Diagnostics) -> Option<ListResult> {
    (!diagnostics.is_empty()).then(|| ListResult {
        diagnostics,
        ..ListResult::default()
    })
}

impl<P: Provider> Inner<P> {
    pub(super) fn validate_list_resource_config<'a>(
        &'a self,
        request: proto::validate_list_resource_config::Request,
        cx: &'a mut Context,
    ) -> Call<'a, proto::validate_list_resource_config::Response> {
        Box::pin(async move {
            let list = self.registry.list_resources.find(&request.type_name)?;
            let shape = list.shape();
            let config = wire::decode_block(request.config, &shape.ty)?;
            validate::arguments(&shape.schema, &config, &mut cx.diagnostics);
            list.validate(&config, cx).await?;
            Ok(Default::default())
        })
    }

    pub(super) fn list_objects<'a>(
        &'a self,
        (request, results): (proto::list_resource::Request, mpsc::Sender<ListResult>),
        cx: &'a mut Context,
    ) -> Call<'a, ()> {
        Box::pin(async move {
            let list = self.registry.list_resources.find(&request.type_name)?;
            let client = self.client()?;
            let config = wire::decode_block(request.config, &list.shape().ty)?;
            let limits = ListRequest {
                // Terraform always sends a limit; 0 or a negative number means no limit.
                limit: u64::try_from(request.limit).ok().filter(|limit| *limit > 0),
                includes_objects: request.include_resource_object,
            };
            list.list(&client, &config, limits, results, cx).await
        })
    }

    /// Returns the event for a result. If the result cannot be encoded, which is a bug in the provider, the event
    /// reports it.
    pub(super) fn event(&self, name: &str, result: ListResult) -> proto::list_resource::Event {
        self.object_event(name, result)
            .unwrap_or_else(|errors| proto::list_resource::Event {
                diagnostic: wire::diagnostics(errors.rewrite(P::redact)),
                ..Default::default()
            })
    }

    fn object_event(
        &self,
        name: &str,
        result: ListResult,
    ) -> Result<proto::list_resource::Event, Diagnostics> {
        let mut event = proto::list_resource::Event {
            display_name: P::redact(result.display_name),
            diagnostic: wire::diagnostics(result.diagnostics.rewrite(P::redact)),
            ..Default::default()
        };
        let Some(identity) = result.identity else {
            return Ok(event);
        };
        let resource = self.registry.resources.find(name)?;
        event.identity = identity::sent(resource, Some(identity))?;
        if let Some(mut object) = result.object {
            let shape = resource.shape();
            normalise(&shape.schema, &mut object);
            event.resource_object = wire::encode(&object, &shape.ty)?;
        }
        Ok(event)
    }
}
