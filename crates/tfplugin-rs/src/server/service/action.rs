//! Actions.
//!
//! An event whose oneof is unset would crash Terraform (`internal/plugin6/grpc_provider.go`), and without a completion
//! its display waits for ever. So every event is an [`ActionEvent`], and the stream itself adds the completion.
//!
//! After an interrupt Terraform accepts one more event; a second one crashes it (seen with 1.14.9: "range function
//! continued iteration after function for loop body returned false"). So only the completion is sent then.

use tokio::sync::mpsc;

use super::super::stream::IsStopped;
use super::super::{Inner, proto, validate, wire};
use crate::action::{ActionEvent, Progress};
use crate::adapter::Call;
use crate::context::Context;
use crate::provider::Provider;

/// Returns the event for Terraform, or `None` if it must not be sent.
pub(super) fn event<P: Provider>(
    event: ActionEvent,
    is_stopped: IsStopped,
) -> Option<proto::invoke_action::Event> {
    use proto::invoke_action::event::{Completed, Progress, Type};
    let event = match event {
        ActionEvent::Progress(_) if is_stopped == IsStopped(true) => return None,
        ActionEvent::Progress(message) => Type::Progress(Progress {
            message: P::redact(message),
        }),
        ActionEvent::Completed(diagnostics) => Type::Completed(Completed {
            diagnostics: wire::diagnostics(diagnostics),
        }),
    };
    Some(proto::invoke_action::Event {
        r#type: Some(event),
    })
}

impl<P: Provider> Inner<P> {
    pub(super) fn validate_action_config<'a>(
        &'a self,
        request: proto::validate_action_config::Request,
        cx: &'a mut Context,
    ) -> Call<'a, proto::validate_action_config::Response> {
        Box::pin(async move {
            let action = self.registry.actions.find(&request.type_name)?;
            let shape = action.shape();
            let config = wire::decode_block(request.config, &shape.ty)?;
            validate::arguments(&shape.schema, &config, &mut cx.diagnostics);
            action.validate(&config, cx).await?;
            Ok(Default::default())
        })
    }

    pub(super) fn plan_action<'a>(
        &'a self,
        request: proto::plan_action::Request,
        cx: &'a mut Context,
    ) -> Call<'a, proto::plan_action::Response> {
        Box::pin(async move {
            let action = self.registry.actions.find(&request.action_type)?;
            let client = self.client()?;
            let config = wire::decode_block(request.config, &action.shape().ty)?;
            action.plan(&client, &config, cx).await?;
            Ok(Default::default())
        })
    }

    pub(super) fn invoke_action<'a>(
        &'a self,
        (request, events): (proto::invoke_action::Request, mpsc::Sender<ActionEvent>),
        cx: &'a mut Context,
    ) -> Call<'a, ()> {
        Box::pin(async move {
            let action = self.registry.actions.find(&request.action_type)?;
            let client = self.client()?;
            let config = wire::decode_block(request.config, &action.shape().ty)?;
            let progress = Progress::new(events);
            action.invoke(&client, &config, &progress, cx).await
        })
    }
}
