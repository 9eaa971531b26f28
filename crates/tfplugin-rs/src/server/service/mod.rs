//! The 36 RPCs: decode, call, encode.
//!
//! This file is the list; what each does stands in the file of its family. Business errors are
//! diagnostics with gRPC status OK: a status is shown as a crash of the plugin. Only the families
//! that have no room for a diagnostic, the experimental state stores, answer UNIMPLEMENTED.

mod action;
mod data_source;
mod ephemeral;
mod generated;
mod list_resource;
mod moved;
mod not_offered;
mod provider;
mod resource;

use std::sync::Arc;

use tokio_stream::Empty;
use tonic::{Request, Response, Status, Streaming};

use super::proto::{self, provider_server};
use super::stream::Events;
use super::{CallName, Inner, Reply, Server, wire};
use crate::action::Step;
use crate::diag::Diagnostics;
use crate::provider::Provider;

/// Replies that carry their diagnostics in a field of this name.
macro_rules! replies {
    ($($rpc:ident),* $(,)?) => {
        $(impl Reply for proto::$rpc::Response {
            fn with(mut self, diagnostics: Diagnostics) -> Self {
                self.diagnostics.extend(wire::diagnostics(diagnostics));
                self
            }
        })*
    };
}

replies!(
    get_metadata,
    get_provider_schema,
    get_resource_identity_schemas,
    get_functions,
    validate_provider_config,
    configure_provider,
    validate_resource_config,
    upgrade_resource_state,
    upgrade_resource_identity,
    read_resource,
    plan_resource_change,
    apply_resource_change,
    import_resource_state,
    move_resource_state,
    generate_resource_config,
    validate_data_resource_config,
    read_data_source,
    validate_ephemeral_resource_config,
    open_ephemeral_resource,
    renew_ephemeral_resource,
    close_ephemeral_resource,
    validate_list_resource_config,
    validate_action_config,
    plan_action,
);

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl<P: Provider> provider_server::Provider for Server<P> {
    async fn get_metadata(
        &self,
        request: Request<proto::get_metadata::Request>,
    ) -> Answer<proto::get_metadata::Response> {
        self.answer(
            CallName::provider("GetMetadata"),
            request,
            Inner::get_metadata,
        )
        .await
    }

    async fn get_provider_schema(
        &self,
        request: Request<proto::get_provider_schema::Request>,
    ) -> Answer<proto::get_provider_schema::Response> {
        let call = CallName::provider("GetProviderSchema");
        self.answer(call, request, Inner::get_provider_schema).await
    }

    async fn get_resource_identity_schemas(
        &self,
        request: Request<proto::get_resource_identity_schemas::Request>,
    ) -> Answer<proto::get_resource_identity_schemas::Response> {
        let call = CallName::provider("GetResourceIdentitySchemas");
        self.answer(call, request, Inner::get_resource_identity_schemas)
            .await
    }

    async fn get_functions(
        &self,
        request: Request<proto::get_functions::Request>,
    ) -> Answer<proto::get_functions::Response> {
        self.answer(
            CallName::provider("GetFunctions"),
            request,
            Inner::get_functions,
        )
        .await
    }

    async fn validate_provider_config(
        &self,
        request: Request<proto::validate_provider_config::Request>,
    ) -> Answer<proto::validate_provider_config::Response> {
        let call = CallName::provider("ValidateProviderConfig");
        self.answer(call, request, Inner::validate_provider_config)
            .await
    }

    async fn configure_provider(
        &self,
        request: Request<proto::configure_provider::Request>,
    ) -> Answer<proto::configure_provider::Response> {
        let call = CallName::provider("ConfigureProvider");
        self.answer(call, request, Inner::configure_provider).await
    }

    async fn validate_resource_config(
        &self,
        request: Request<proto::validate_resource_config::Request>,
    ) -> Answer<proto::validate_resource_config::Response> {
        let call = CallName::resource("ValidateResourceConfig", &request.get_ref().type_name);
        self.answer(call, request, Inner::validate_resource_config)
            .await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<proto::upgrade_resource_state::Request>,
    ) -> Answer<proto::upgrade_resource_state::Response> {
        let call = CallName::resource("UpgradeResourceState", &request.get_ref().type_name);
        self.answer(call, request, Inner::upgrade_resource_state)
            .await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<proto::upgrade_resource_identity::Request>,
    ) -> Answer<proto::upgrade_resource_identity::Response> {
        let call = CallName::resource("UpgradeResourceIdentity", &request.get_ref().type_name);
        self.answer(call, request, Inner::upgrade_resource_identity)
            .await
    }

    async fn read_resource(
        &self,
        request: Request<proto::read_resource::Request>,
    ) -> Answer<proto::read_resource::Response> {
        let call = CallName::resource("ReadResource", &request.get_ref().type_name);
        self.answer(call, request, Inner::read_resource).await
    }

    async fn plan_resource_change(
        &self,
        request: Request<proto::plan_resource_change::Request>,
    ) -> Answer<proto::plan_resource_change::Response> {
        let call = CallName::resource("PlanResourceChange", &request.get_ref().type_name);
        self.answer(call, request, Inner::plan_resource_change)
            .await
    }

    async fn apply_resource_change(
        &self,
        request: Request<proto::apply_resource_change::Request>,
    ) -> Answer<proto::apply_resource_change::Response> {
        let call = CallName::resource("ApplyResourceChange", &request.get_ref().type_name);
        self.answer(call, request, Inner::apply_resource_change)
            .await
    }

    async fn import_resource_state(
        &self,
        request: Request<proto::import_resource_state::Request>,
    ) -> Answer<proto::import_resource_state::Response> {
        let call = CallName::resource("ImportResourceState", &request.get_ref().type_name);
        self.answer(call, request, Inner::import_resource_state)
            .await
    }

    async fn move_resource_state(
        &self,
        request: Request<proto::move_resource_state::Request>,
    ) -> Answer<proto::move_resource_state::Response> {
        let call = CallName::resource("MoveResourceState", &request.get_ref().target_type_name);
        self.answer(call, request, Inner::move_resource_state).await
    }

    async fn generate_resource_config(
        &self,
        request: Request<proto::generate_resource_config::Request>,
    ) -> Answer<proto::generate_resource_config::Response> {
        let call = CallName::resource("GenerateResourceConfig", &request.get_ref().type_name);
        self.answer(call, request, Inner::generate_resource_config)
            .await
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<proto::validate_data_resource_config::Request>,
    ) -> Answer<proto::validate_data_resource_config::Response> {
        let call =
            CallName::data_source("ValidateDataResourceConfig", &request.get_ref().type_name);
        self.answer(call, request, Inner::validate_data_resource_config)
            .await
    }

    async fn read_data_source(
        &self,
        request: Request<proto::read_data_source::Request>,
    ) -> Answer<proto::read_data_source::Response> {
        let call = CallName::data_source("ReadDataSource", &request.get_ref().type_name);
        self.answer(call, request, Inner::read_data_source).await
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Request<proto::validate_ephemeral_resource_config::Request>,
    ) -> Answer<proto::validate_ephemeral_resource_config::Response> {
        let name = &request.get_ref().type_name;
        let call = CallName::ephemeral_resource("ValidateEphemeralResourceConfig", name);
        self.answer(call, request, Inner::validate_ephemeral_resource_config)
            .await
    }

    async fn open_ephemeral_resource(
        &self,
        request: Request<proto::open_ephemeral_resource::Request>,
    ) -> Answer<proto::open_ephemeral_resource::Response> {
        let name = &request.get_ref().type_name;
        let call = CallName::ephemeral_resource("OpenEphemeralResource", name);
        self.answer(call, request, Inner::open_ephemeral_resource)
            .await
    }

    async fn renew_ephemeral_resource(
        &self,
        request: Request<proto::renew_ephemeral_resource::Request>,
    ) -> Answer<proto::renew_ephemeral_resource::Response> {
        let name = &request.get_ref().type_name;
        let call = CallName::ephemeral_resource("RenewEphemeralResource", name);
        self.answer(call, request, Inner::renew_ephemeral_resource)
            .await
    }

    async fn close_ephemeral_resource(
        &self,
        request: Request<proto::close_ephemeral_resource::Request>,
    ) -> Answer<proto::close_ephemeral_resource::Response> {
        let name = &request.get_ref().type_name;
        let call = CallName::ephemeral_resource("CloseEphemeralResource", name);
        self.answer(call, request, Inner::close_ephemeral_resource)
            .await
    }

    async fn validate_list_resource_config(
        &self,
        request: Request<proto::validate_list_resource_config::Request>,
    ) -> Answer<proto::validate_list_resource_config::Response> {
        let name = &request.get_ref().type_name;
        let call = CallName::list_resource("ValidateListResourceConfig", name);
        self.answer(call, request, Inner::validate_list_resource_config)
            .await
    }

    type ListResourceStream = Events<proto::list_resource::Event>;

    async fn list_resource(
        &self,
        request: Request<proto::list_resource::Request>,
    ) -> Answer<Self::ListResourceStream> {
        let name = request.get_ref().type_name.clone();
        let call = CallName::list_resource("ListResource", &name);
        let inner = Arc::clone(&self.inner);
        let event = move |discovery, _| Some(inner.event(&name, discovery));
        Ok(self.stream(
            call,
            request,
            Inner::list_objects,
            list_resource::end,
            event,
        ))
    }

    async fn call_function(
        &self,
        request: Request<proto::call_function::Request>,
    ) -> Answer<proto::call_function::Response> {
        Ok(Response::new(not_offered::call_function(
            &request.get_ref().name,
        )))
    }

    async fn validate_action_config(
        &self,
        request: Request<proto::validate_action_config::Request>,
    ) -> Answer<proto::validate_action_config::Response> {
        let call = CallName::action("ValidateActionConfig", &request.get_ref().type_name);
        self.answer(call, request, Inner::validate_action_config)
            .await
    }

    async fn plan_action(
        &self,
        request: Request<proto::plan_action::Request>,
    ) -> Answer<proto::plan_action::Response> {
        let call = CallName::action("PlanAction", &request.get_ref().action_type);
        self.answer(call, request, Inner::plan_action).await
    }

    type InvokeActionStream = Events<proto::invoke_action::Event>;

    async fn invoke_action(
        &self,
        request: Request<proto::invoke_action::Request>,
    ) -> Answer<Self::InvokeActionStream> {
        let call = CallName::action("InvokeAction", &request.get_ref().action_type);
        let end = |told| Some(Step::Completed(told));
        Ok(self.stream(call, request, Inner::invoke_action, end, action::event))
    }

    async fn validate_state_store_config(
        &self,
        _: Request<proto::validate_state_store::Request>,
    ) -> Answer<proto::validate_state_store::Response> {
        Err(not_offered::state_store())
    }

    async fn configure_state_store(
        &self,
        _: Request<proto::configure_state_store::Request>,
    ) -> Answer<proto::configure_state_store::Response> {
        Err(not_offered::state_store())
    }

    type ReadStateBytesStream = Empty<Result<proto::read_state_bytes::Response, Status>>;

    async fn read_state_bytes(
        &self,
        _: Request<proto::read_state_bytes::Request>,
    ) -> Answer<Self::ReadStateBytesStream> {
        Err(not_offered::state_store())
    }

    async fn write_state_bytes(
        &self,
        _: Request<Streaming<proto::write_state_bytes::RequestChunk>>,
    ) -> Answer<proto::write_state_bytes::Response> {
        Err(not_offered::state_store())
    }

    async fn lock_state(
        &self,
        _: Request<proto::lock_state::Request>,
    ) -> Answer<proto::lock_state::Response> {
        Err(not_offered::state_store())
    }

    async fn unlock_state(
        &self,
        _: Request<proto::unlock_state::Request>,
    ) -> Answer<proto::unlock_state::Response> {
        Err(not_offered::state_store())
    }

    async fn get_states(
        &self,
        _: Request<proto::get_states::Request>,
    ) -> Answer<proto::get_states::Response> {
        Err(not_offered::state_store())
    }

    async fn delete_state(
        &self,
        _: Request<proto::delete_state::Request>,
    ) -> Answer<proto::delete_state::Response> {
        Err(not_offered::state_store())
    }

    /// Answers at once: Terraform asks every plugin in turn, under a lock.
    async fn stop_provider(
        &self,
        _: Request<proto::stop_provider::Request>,
    ) -> Answer<proto::stop_provider::Response> {
        // The end of every walk is told as well, when nothing is left to be stopped.
        match self.inner.calls.stop() {
            0 => tracing::debug!("StopProvider: no call is in flight"),
            calls => tracing::debug!(
                calls,
                "StopProvider: waits end now, changes that were sent go on"
            ),
        }
        Ok(Response::new(proto::stop_provider::Response::default()))
    }
}
