//! The 36 RPCs: decode, call, encode.
//!
//! This file lists them; the file of its family implements each. Business errors are
//! diagnostics with gRPC status OK: a status is shown as a crash of the plugin. Only the families
//! that have no room for a diagnostic, the experimental state stores, answer UNIMPLEMENTED.

mod action;
mod data_source;
mod ephemeral;
mod list_resource;
mod provider;
mod resource;

use std::sync::Arc;

use tokio_stream::Empty;
use tonic::{Request, Response, Status, Streaming};

use super::proto::{self, provider_server};
use super::stream::Events;
use super::{CallName, Inner, Reply, Server, wire};
use crate::action::ActionEvent;
use crate::diag::Diagnostics;
use crate::provider::Provider;

type Answer<T> = Result<Response<T>, Status>;

/// Implements the service: an RPC with one reply by [`Inner`]'s method of the same name, and the others as they are written.
///
/// The log names the object of a request under `$key`; `$field` of the request holds the object's name.
macro_rules! service {
    (
        unary { $($rpc:ident: $name:literal $(, $key:ident = $field:ident)?;)* }
        others { $($others:tt)* }
    ) => {
        #[tonic::async_trait]
        impl<P: Provider> provider_server::Provider for Server<P> {
            $(
                async fn $rpc(
                    &self,
                    request: Request<proto::$rpc::Request>,
                ) -> Answer<proto::$rpc::Response> {
                    let call = call_name!(request, $name $(, $key = $field)?);
                    self.answer(call, request, Inner::$rpc).await
                }
            )*

            $($others)*
        }

        $(
            impl Reply for proto::$rpc::Response {
                fn with(mut self, diagnostics: Diagnostics) -> Self {
                    self.diagnostics.extend(wire::diagnostics(diagnostics));
                    self
                }
            }
        )*
    };
}

macro_rules! call_name {
    ($request:ident, $name:literal) => {
        CallName {
            rpc: $name,
            object: None,
        }
    };
    ($request:ident, $name:literal, $key:ident = $field:ident) => {
        CallName {
            rpc: $name,
            object: Some((stringify!($key), $request.get_ref().$field.clone())),
        }
    };
}

service! {
    unary {
        get_metadata: "GetMetadata";
        get_provider_schema: "GetProviderSchema";
        get_resource_identity_schemas: "GetResourceIdentitySchemas";
        get_functions: "GetFunctions";
        validate_provider_config: "ValidateProviderConfig";
        configure_provider: "ConfigureProvider";
        validate_resource_config: "ValidateResourceConfig", tf_resource_type = type_name;
        upgrade_resource_state: "UpgradeResourceState", tf_resource_type = type_name;
        upgrade_resource_identity: "UpgradeResourceIdentity", tf_resource_type = type_name;
        read_resource: "ReadResource", tf_resource_type = type_name;
        plan_resource_change: "PlanResourceChange", tf_resource_type = type_name;
        apply_resource_change: "ApplyResourceChange", tf_resource_type = type_name;
        import_resource_state: "ImportResourceState", tf_resource_type = type_name;
        move_resource_state: "MoveResourceState", tf_resource_type = target_type_name;
        generate_resource_config: "GenerateResourceConfig", tf_resource_type = type_name;
        validate_data_resource_config: "ValidateDataResourceConfig", tf_data_source_type = type_name;
        read_data_source: "ReadDataSource", tf_data_source_type = type_name;
        validate_ephemeral_resource_config: "ValidateEphemeralResourceConfig", tf_ephemeral_resource_type = type_name;
        open_ephemeral_resource: "OpenEphemeralResource", tf_ephemeral_resource_type = type_name;
        renew_ephemeral_resource: "RenewEphemeralResource", tf_ephemeral_resource_type = type_name;
        close_ephemeral_resource: "CloseEphemeralResource", tf_ephemeral_resource_type = type_name;
        validate_list_resource_config: "ValidateListResourceConfig", tf_list_resource_type = type_name;
        validate_action_config: "ValidateActionConfig", tf_action_type = type_name;
        plan_action: "PlanAction", tf_action_type = action_type;
    }

    others {
        type ListResourceStream = Events<proto::list_resource::Event>;

        async fn list_resource(
            &self,
            request: Request<proto::list_resource::Request>,
        ) -> Answer<Self::ListResourceStream> {
            let call = call_name!(request, "ListResource", tf_list_resource_type = type_name);
            let name = request.get_ref().type_name.clone();
            let inner = Arc::clone(&self.inner);
            let event = move |result, _| Some(inner.event(&name, result));
            let end = list_resource::end;
            Ok(self.stream(call, request, Inner::list_objects, end, event))
        }

        type InvokeActionStream = Events<proto::invoke_action::Event>;

        async fn invoke_action(
            &self,
            request: Request<proto::invoke_action::Request>,
        ) -> Answer<Self::InvokeActionStream> {
            let call = call_name!(request, "InvokeAction", tf_action_type = action_type);
            let end = |diagnostics| Some(ActionEvent::Completed(diagnostics));
            Ok(self.stream(call, request, Inner::invoke_action, end, action::event::<P>))
        }

        /// Answers at once: Terraform asks every plugin in turn, under a lock.
        async fn stop_provider(
            &self,
            _: Request<proto::stop_provider::Request>,
        ) -> Answer<proto::stop_provider::Response> {
            // Terraform sends it at the end of every walk as well, when no call is left to stop.
            match self.inner.calls.stop() {
                0 => tracing::debug!("StopProvider: no call is in flight"),
                calls => tracing::debug!(
                    calls,
                    "StopProvider: waits end now, changes that were sent go on"
                ),
            }
            Ok(Response::new(proto::stop_provider::Response::default()))
        }

        async fn call_function(
            &self,
            request: Request<proto::call_function::Request>,
        ) -> Answer<proto::call_function::Response> {
            let name = &request.get_ref().name;
            Ok(Response::new(proto::call_function::Response {
                error: Some(proto::FunctionError {
                    text: format!("The provider has no function named {name:?}."),
                    function_argument: None,
                }),
                ..Default::default()
            }))
        }

        async fn validate_state_store_config(
            &self,
            _: Request<proto::validate_state_store::Request>,
        ) -> Answer<proto::validate_state_store::Response> {
            no_state_stores()
        }

        async fn configure_state_store(
            &self,
            _: Request<proto::configure_state_store::Request>,
        ) -> Answer<proto::configure_state_store::Response> {
            no_state_stores()
        }

        type ReadStateBytesStream = Empty<Result<proto::read_state_bytes::Response, Status>>;

        async fn read_state_bytes(
            &self,
            _: Request<proto::read_state_bytes::Request>,
        ) -> Answer<Self::ReadStateBytesStream> {
            no_state_stores()
        }

        async fn write_state_bytes(
            &self,
            _: Request<Streaming<proto::write_state_bytes::RequestChunk>>,
        ) -> Answer<proto::write_state_bytes::Response> {
            no_state_stores()
        }

        async fn lock_state(
            &self,
            _: Request<proto::lock_state::Request>,
        ) -> Answer<proto::lock_state::Response> {
            no_state_stores()
        }

        async fn unlock_state(
            &self,
            _: Request<proto::unlock_state::Request>,
        ) -> Answer<proto::unlock_state::Response> {
            no_state_stores()
        }

        async fn get_states(
            &self,
            _: Request<proto::get_states::Request>,
        ) -> Answer<proto::get_states::Response> {
            no_state_stores()
        }

        async fn delete_state(
            &self,
            _: Request<proto::delete_state::Request>,
        ) -> Answer<proto::delete_state::Response> {
            no_state_stores()
        }
    }
}

fn no_state_stores<T>() -> Answer<T> {
    Err(Status::unimplemented("the provider has no state stores"))
}
