//! The provider itself: schemas and configuration.

use super::super::{Inner, proto, validate, wire};
use crate::adapter::Call;
use crate::context::Context;
use crate::diag::Diagnostic;
use crate::host::Host;
use crate::provider::Provider;
use crate::value::from_value;

impl<P: Provider> Inner<P> {
    pub(super) fn get_metadata<'a>(
        &'a self,
        _: proto::get_metadata::Request,
        _: &'a mut Context,
    ) -> Call<'a, proto::get_metadata::Response> {
        use proto::get_metadata::{
            ActionMetadata, DataSourceMetadata, EphemeralMetadata, ListResourceMetadata,
            ResourceMetadata,
        };
        Box::pin(async move {
            let registry = &self.registry;
            Ok(proto::get_metadata::Response {
                server_capabilities: Some(wire::server_capabilities()),
                resources: registry
                    .resources
                    .iter()
                    .map(|one| ResourceMetadata {
                        type_name: one.name().to_owned(),
                    })
                    .collect(),
                data_sources: registry
                    .data_sources
                    .iter()
                    .map(|one| DataSourceMetadata {
                        type_name: one.name().to_owned(),
                    })
                    .collect(),
                ephemeral_resources: registry
                    .ephemeral_resources
                    .iter()
                    .map(|one| EphemeralMetadata {
                        type_name: one.name().to_owned(),
                    })
                    .collect(),
                list_resources: registry
                    .list_resources
                    .iter()
                    .map(|one| ListResourceMetadata {
                        type_name: one.name().to_owned(),
                    })
                    .collect(),
                actions: registry
                    .actions
                    .iter()
                    .map(|one| ActionMetadata {
                        type_name: one.name().to_owned(),
                    })
                    .collect(),
                ..Default::default()
            })
        })
    }

    pub(super) fn get_provider_schema<'a>(
        &'a self,
        _: proto::get_provider_schema::Request,
        _: &'a mut Context,
    ) -> Call<'a, proto::get_provider_schema::Response> {
        Box::pin(async move {
            let registry = &self.registry;
            let mut problems = registry.problems();
            // A release is not kept from starting by what its author has been told.
            if cfg!(debug_assertions) {
                problems.extend(registry.schema_problems());
            }
            if !problems.is_empty() {
                return Err(Diagnostic::bug(format!(
                    "What the provider offers does not fit together: {}.",
                    problems.join("; ")
                ))
                .into());
            }
            Ok(proto::get_provider_schema::Response {
                provider: Some(wire::schema(&self.provider_shape().schema)),
                resource_schemas: registry
                    .resources
                    .iter()
                    .map(|one| (one.name().to_owned(), wire::schema(&one.shape().schema)))
                    .collect(),
                data_source_schemas: registry
                    .data_sources
                    .iter()
                    .map(|one| (one.name().to_owned(), wire::schema(&one.shape().schema)))
                    .collect(),
                ephemeral_resource_schemas: registry
                    .ephemeral_resources
                    .iter()
                    .map(|one| (one.name().to_owned(), wire::schema(&one.shape().schema)))
                    .collect(),
                list_resource_schemas: registry
                    .list_resources
                    .iter()
                    .map(|one| (one.name().to_owned(), wire::schema(&one.shape().schema)))
                    .collect(),
                action_schemas: registry
                    .actions
                    .iter()
                    .map(|one| {
                        let schema = Some(wire::schema(&one.shape().schema));
                        (one.name().to_owned(), proto::ActionSchema { schema })
                    })
                    .collect(),
                server_capabilities: Some(wire::server_capabilities()),
                ..Default::default()
            })
        })
    }

    pub(super) fn get_resource_identity_schemas<'a>(
        &'a self,
        _: proto::get_resource_identity_schemas::Request,
        _: &'a mut Context,
    ) -> Call<'a, proto::get_resource_identity_schemas::Response> {
        Box::pin(async move {
            let resources = self.registry.resources.iter();
            let schemas = resources.filter_map(|one| {
                let identity = one.identity()?;
                let schema = wire::identity_schema(&identity.schema);
                Some((one.name().to_owned(), schema))
            });
            Ok(proto::get_resource_identity_schemas::Response {
                identity_schemas: schemas.collect(),
                ..Default::default()
            })
        })
    }

    pub(super) fn get_functions<'a>(
        &'a self,
        _: proto::get_functions::Request,
        _: &'a mut Context,
    ) -> Call<'a, proto::get_functions::Response> {
        Box::pin(async { Ok(Default::default()) })
    }

    pub(super) fn validate_provider_config<'a>(
        &'a self,
        request: proto::validate_provider_config::Request,
        cx: &'a mut Context,
    ) -> Call<'a, proto::validate_provider_config::Response> {
        Box::pin(async move {
            let shape = self.provider_shape();
            let config = wire::decode(request.config, &shape.ty)?;
            validate::attributes(&shape.schema, &config, &mut cx.diagnostics);
            self.provider.validate(from_value(&config)?, cx).await?;
            Ok(Default::default())
        })
    }

    pub(super) fn configure_provider<'a>(
        &'a self,
        request: proto::configure_provider::Request,
        cx: &'a mut Context,
    ) -> Call<'a, proto::configure_provider::Response> {
        Box::pin(async move {
            let config = wire::decode(request.config, &self.provider_shape().ty)?;
            let client = self.provider.configure(from_value(&config)?, cx).await?;
            self.configure(client, Host::of_version(request.terraform_version));
            Ok(Default::default())
        })
    }
}
