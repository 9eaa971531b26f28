//! The provider itself: schemas and configuration.

use super::super::{Inner, proto, validate, wire};
use crate::adapter::Call;
use crate::context::Context;
use crate::diag::Diagnostic;
use crate::host::Host;
use crate::provider::Provider;
use crate::schema::Schema;
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
            macro_rules! metadata {
                ($objects:ident, $metadata:ident) => {
                    registry
                        .$objects
                        .names()
                        .map(|name| $metadata {
                            type_name: name.to_owned(),
                        })
                        .collect()
                };
            }
            Ok(proto::get_metadata::Response {
                server_capabilities: Some(wire::server_capabilities()),
                resources: metadata!(resources, ResourceMetadata),
                data_sources: metadata!(data_sources, DataSourceMetadata),
                ephemeral_resources: metadata!(ephemeral_resources, EphemeralMetadata),
                list_resources: metadata!(list_resources, ListResourceMetadata),
                actions: metadata!(actions, ActionMetadata),
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
            // A release starts with a schema that its author was warned of; objects that do not fit together it cannot serve.
            let problems = if cfg!(debug_assertions) {
                P::problems()
            } else {
                registry.problems()
            };
            if !problems.is_empty() {
                return Err(Diagnostic::bug(format!(
                    "What the provider offers does not fit together: {}.",
                    problems.join("; ")
                ))
                .into());
            }
            let schema = |(name, schema): (&str, &Schema)| (name.to_owned(), wire::schema(schema));
            let action = |one| {
                let (name, schema) = schema(one);
                let schema = Some(schema);
                (name, proto::ActionSchema { schema })
            };
            Ok(proto::get_provider_schema::Response {
                provider: Some(wire::schema(&self.provider_shape().schema)),
                resource_schemas: registry.resources().map(schema).collect(),
                data_source_schemas: registry.data_sources().map(schema).collect(),
                ephemeral_resource_schemas: registry.ephemeral_resources().map(schema).collect(),
                list_resource_schemas: registry.list_resources().map(schema).collect(),
                action_schemas: registry.actions().map(action).collect(),
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
