//! What this SDK does not offer yet says so: lists, functions, moves, generated configuration,
//! state stores.

use tokio_stream::Once;
use tonic::Status;

use super::super::{Inner, not_offered, proto, wire};
use crate::tfplugin::adapter::Call;
use crate::tfplugin::context::Context;
use crate::tfplugin::diag::Diagnostic;
use crate::tfplugin::provider::Provider;

/// A stream of the one event that says so.
pub(super) type Events<T> = Once<Result<T, Status>>;

pub(super) fn list_resource(name: &str) -> Events<proto::list_resource::Event> {
    tokio_stream::once(Ok(proto::list_resource::Event {
        diagnostic: wire::diagnostics(not_offered("list resource", name)),
        ..Default::default()
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
    pub(super) fn move_resource_state<'a>(
        &'a self,
        request: proto::move_resource_state::Request,
        _: &'a mut Context,
    ) -> Call<'a, proto::move_resource_state::Response> {
        Box::pin(async move {
            self.resource(&request.target_type_name)?;
            let source = format!(
                "{} of {}",
                request.source_type_name, request.source_provider_address
            );
            Err(Diagnostic::error(
                "Unable To Move Resource State",
                format!(
                    "A {} cannot take over the state of {source}. Remove the moved block; import \
                     the object instead, if its type can be imported.",
                    request.target_type_name
                ),
            )
            .into())
        })
    }

    pub(super) fn generate_resource_config<'a>(
        &'a self,
        request: proto::generate_resource_config::Request,
        _: &'a mut Context,
    ) -> Call<'a, proto::generate_resource_config::Response> {
        Box::pin(async move { Err(not_offered("generated configuration", &request.type_name)) })
    }

    pub(super) fn validate_list_resource_config<'a>(
        &'a self,
        request: proto::validate_list_resource_config::Request,
        _: &'a mut Context,
    ) -> Call<'a, proto::validate_list_resource_config::Response> {
        Box::pin(async move { Err(not_offered("list resource", &request.type_name)) })
    }
}
