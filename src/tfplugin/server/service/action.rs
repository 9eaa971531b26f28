//! Actions.
//!
//! An event whose oneof is unset would crash Terraform (`internal/plugin6/grpc_provider.go`), and
//! without a completion its display waits for ever; so events are made of [`Step`]s, of which the
//! stream itself adds the last.

use tokio::sync::mpsc;

use super::super::{Inner, proto, validate, wire};
use crate::tfplugin::action::{Progress, Step};
use crate::tfplugin::adapter::Call;
use crate::tfplugin::context::Context;
use crate::tfplugin::provider::Provider;

/// A step as Terraform gets it.
pub(super) fn event(step: Step) -> proto::invoke_action::Event {
    use proto::invoke_action::event::{Completed, Progress, Type};
    proto::invoke_action::Event {
        r#type: Some(match step {
            Step::Progress(message) => Type::Progress(Progress { message }),
            Step::Completed(told) => Type::Completed(Completed {
                diagnostics: wire::diagnostics(told),
            }),
        }),
    }
}

impl<P: Provider> Inner<P> {
    pub(super) fn validate_action_config<'a>(
        &'a self,
        request: proto::validate_action_config::Request,
        cx: &'a mut Context,
    ) -> Call<'a, proto::validate_action_config::Response> {
        Box::pin(async move {
            let action = self.action(&request.type_name)?;
            let shape = action.shape();
            let config = wire::decode_block(request.config, &shape.ty)?;
            validate::attributes(&shape.schema, &config, &mut cx.diagnostics);
            validate::required(&shape.schema, &config, &mut cx.diagnostics);
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
            let action = self.action(&request.action_type)?;
            let client = self.client()?;
            let config = wire::decode_block(request.config, &action.shape().ty)?;
            action.plan(&client, &config, cx).await?;
            Ok(Default::default())
        })
    }

    pub(super) fn invoke_action<'a>(
        &'a self,
        (request, steps): (proto::invoke_action::Request, mpsc::Sender<Step>),
        cx: &'a mut Context,
    ) -> Call<'a, ()> {
        Box::pin(async move {
            let action = self.action(&request.action_type)?;
            let client = self.client()?;
            let config = wire::decode_block(request.config, &action.shape().ty)?;
            let progress = Progress::new(steps);
            action.invoke(&client, &config, &progress, cx).await
        })
    }
}
