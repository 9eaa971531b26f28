//! What this SDK does not offer yet says so: lists, actions, functions, state stores.
//!
//! An event of an action's stream whose oneof is unset would crash Terraform, so the one event of
//! [`invoke_action`] is the completion.

use tokio_stream::Once;
use tonic::Status;

use super::super::{Inner, not_offered, proto, wire};
use crate::tfplugin::adapter::Call;
use crate::tfplugin::context::Context;
use crate::tfplugin::provider::Provider;

/// A stream of the one event that says so.
pub(super) type Events<T> = Once<Result<T, Status>>;

pub(super) fn list_resource(name: &str) -> Events<proto::list_resource::Event> {
    tokio_stream::once(Ok(proto::list_resource::Event {
        diagnostic: wire::diagnostics(not_offered("list resource", name)),
        ..Default::default()
    }))
}

pub(super) fn invoke_action(name: &str) -> Events<proto::invoke_action::Event> {
    use proto::invoke_action::event::{Completed, Type};
    tokio_stream::once(Ok(proto::invoke_action::Event {
        r#type: Some(Type::Completed(Completed {
            diagnostics: wire::diagnostics(not_offered("action", name)),
        })),
    }))
}

pub(super) fn call_function(name: &str) -> proto::call_function::Response {
    proto::call_function::Response {
        error: Some(proto::FunctionError {
            text: format!("The provider has no function named {name:?}."),
            function_argument: None,
        }),
        ..Default::default()
    }
}

pub(super) fn state_store() -> Status {
    Status::unimplemented("the provider has no state stores")
}

impl<P: Provider> Inner<P> {
    pub(super) fn validate_list_resource_config<'a>(
        &'a self,
        request: proto::validate_list_resource_config::Request,
        _: &'a mut Context,
    ) -> Call<'a, proto::validate_list_resource_config::Response> {
        Box::pin(async move { Err(not_offered("list resource", &request.type_name)) })
    }

    pub(super) fn validate_action_config<'a>(
        &'a self,
        request: proto::validate_action_config::Request,
        _: &'a mut Context,
    ) -> Call<'a, proto::validate_action_config::Response> {
        Box::pin(async move { Err(not_offered("action", &request.type_name)) })
    }

    pub(super) fn plan_action<'a>(
        &'a self,
        request: proto::plan_action::Request,
        _: &'a mut Context,
    ) -> Call<'a, proto::plan_action::Response> {
        Box::pin(async move { Err(not_offered("action", &request.action_type)) })
    }
}
