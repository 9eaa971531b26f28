//! What Terraform sees: the provider `tfe` and its objects. Every business rule lives here.
//!
//! # Layout
//!
//! - [`Tfe`]: the provider. Its block is in `configuration`; `connection` is what every object gets.
//! - `known_objects`: what one configured provider has read and planned of each organization's token.
//! - `audit_trail_token`: audit trail tokens, a file for each Terraform object.
//! - `audit_trail_events`: the data source and the ephemeral resource that read the audit trail.
//! - `organization`, `expiry`, `sealing`, `validators`: rules that several objects share, without I/O.
//! - `generation`: generating a token of any kind.
//! - `diagnostics`: every sentence that a practitioner may read.
//! - [`Clock`]: the present time, which tests can set.
//!
//! A new object is a file or folder here, `mod` and `use` below, and a line in [`Tfe::registry`](Provider::registry).

mod audit_trail_events;
mod audit_trail_token;
mod clock;
mod configuration;
mod connection;
mod diagnostics;
mod expiry;
mod generation;
mod known_objects;
mod organization;
mod sealing;
mod validators;

pub use self::clock::Clock;
pub use self::configuration::Configuration;
pub use self::connection::Connection;

use std::borrow::Cow;

use self::audit_trail_events::{AuditTrailEvents, EphemeralAuditTrailEvents};
use self::audit_trail_token::{
    AuditTrailTokenDataSource, AuditTrailTokenList, AuditTrailTokenResource,
    EphemeralAuditTrailToken, RevokeAuditTrailToken, UnsealedAuditTrailToken,
};
use self::connection::Api;
use crate::client::{Client, Environment, Timing, harmless, resolve};
use tfplugin::{Context, Diagnostics, Provider, Registry, Schema};

/// The provider's version, for the `User-Agent`.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The provider `tfe`.
#[derive(Clone, Debug)]
pub struct Tfe {
    environment: Environment,
    clock: Clock,
    timing: Timing,
}

impl Tfe {
    /// Returns a provider that reads this environment and this clock. `timing` says how long requests to the API may take.
    pub fn new(environment: Environment, clock: Clock, timing: Timing) -> Self {
        Self {
            environment,
            clock,
            timing,
        }
    }

    /// Finds host and API token, without a request.
    async fn api(
        &self,
        configuration: &Configuration,
        cx: &mut Context,
    ) -> Result<Api, Diagnostics> {
        if let Some(argument) = configuration.unknown_argument() {
            return Ok(Api::Unknown(argument));
        }
        // A file may be on a file server that is gone, and a credentials helper may wait for a practitioner.
        let stop = cx.stop_signal();
        let settings = tokio::select! {
            biased;
            () = stop.cancelled() => return Err(diagnostics::configuration_interrupted().into()),
            settings = resolve(configuration.arguments(), &self.environment) => settings,
        };
        let settings = settings.map_err(|error| diagnostics::no_settings(&error))?;
        if settings.uses_run_credentials() {
            cx.add(diagnostics::run_credentials());
        }
        for (path, why) in &settings.broken_host_blocks {
            cx.add(diagnostics::broken_host_block(
                path,
                why,
                &settings.hostname,
            ));
        }
        if settings.is_token_of_any_host {
            cx.add(diagnostics::token_of_any_host(
                &settings.hostname,
                settings.in_hcp_terraform_run,
            ));
        }
        if settings.ssl_skip_verify {
            cx.add(diagnostics::certificates_not_verified(&settings.hostname));
        }
        Ok(Api::Known(Client::new(settings, self.timing, VERSION)))
    }
}

impl Provider for Tfe {
    type Config = Configuration;
    type Client = Connection;

    const NAME: &'static str = "tfe";

    fn schema() -> Schema {
        configuration::schema()
    }

    fn registry() -> Registry<Self::Client> {
        Registry::new()
            .resource::<AuditTrailTokenResource>()
            .ephemeral_resource::<EphemeralAuditTrailToken>()
            .ephemeral_resource::<UnsealedAuditTrailToken>()
            .ephemeral_resource::<EphemeralAuditTrailEvents>()
            .data_source::<AuditTrailTokenDataSource>()
            .data_source::<AuditTrailEvents>()
            .list_resource::<AuditTrailTokenList>()
            .action::<RevokeAuditTrailToken>()
    }

    fn redact(text: String) -> String {
        match harmless(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(shown) => shown,
        }
    }

    async fn validate(
        &self,
        configuration: Configuration,
        cx: &mut Context,
    ) -> Result<(), Diagnostics> {
        for problem in configuration.check() {
            cx.add(problem);
        }
        Ok(())
    }

    async fn configure(
        &self,
        configuration: Configuration,
        cx: &mut Context,
    ) -> Result<Connection, Diagnostics> {
        configuration.check().into_result()?;
        let organization = configuration.default_organization(&self.environment)?;
        let sealing_key = configuration.sealing_key(&self.environment)?;
        let api = self.api(&configuration, cx).await?;
        Ok(Connection::new(
            api,
            organization,
            sealing_key,
            self.clock.clone(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use super::*;
    use tfplugin::schema::{Attribute, Block};
    use tfplugin::value::{from_value, to_value};
    use tfplugin::{Action, DataSource, EphemeralResource, ListResource, Resource, Type, Value};

    /// Attributes with the name of a secret whose value is not one.
    const NOT_SECRET: [(&str, &str); 0] = [];

    /// Checks that a model has exactly the attributes of a schema.
    fn check_model<M: Serialize + DeserializeOwned>(
        name: &'static str,
        schema: &Schema,
    ) -> &'static str {
        let nothing = Value::null_object(&schema.ty());
        let model: M = from_value(&nothing).unwrap();
        assert_eq!(to_value(&model, &schema.ty()).unwrap(), nothing, "{name}");
        name
    }

    /// Checks the same of arguments, which are only read.
    fn check_arguments<C: DeserializeOwned>(name: &'static str, schema: &Schema) -> &'static str {
        let nothing = Value::null_object(&schema.ty());
        assert!(from_value::<C>(&nothing).is_ok(), "{name}");
        name
    }

    fn resource<R: Resource>() -> &'static str {
        check_model::<R::Model>(R::NAME, &R::schema())
    }

    fn ephemeral_resource<E: EphemeralResource>() -> &'static str {
        check_model::<E::Model>(E::NAME, &E::schema())
    }

    fn data_source<D: DataSource>() -> &'static str {
        check_model::<D::Model>(D::NAME, &D::schema())
    }

    fn list_resource<L: ListResource>() -> &'static str {
        check_arguments::<L::Config>(L::Resource::NAME, &L::schema())
    }

    fn action<A: Action>() -> &'static str {
        check_arguments::<A::Config>(A::NAME, &A::schema())
    }

    /// Conformance: 36.
    #[test]
    fn every_schema_is_sound_and_has_its_model() {
        assert_eq!(Tfe::problems(), Vec::<String>::new());
        check_arguments::<Configuration>("tfe", &Tfe::schema());
        // Each line checks the model of an object and returns its name, so no object of the registry is forgotten.
        let registry = Tfe::registry();
        assert_eq!(
            names(registry.resources()),
            [resource::<AuditTrailTokenResource>()]
        );
        assert_eq!(
            names(registry.ephemeral_resources()),
            [
                ephemeral_resource::<EphemeralAuditTrailToken>(),
                ephemeral_resource::<UnsealedAuditTrailToken>(),
                ephemeral_resource::<EphemeralAuditTrailEvents>(),
            ]
        );
        assert_eq!(
            names(registry.data_sources()),
            [
                data_source::<AuditTrailTokenDataSource>(),
                data_source::<AuditTrailEvents>(),
            ]
        );
        assert_eq!(
            names(registry.list_resources()),
            [list_resource::<AuditTrailTokenList>()]
        );
        assert_eq!(
            names(registry.actions()),
            [action::<RevokeAuditTrailToken>()]
        );
    }

    fn names<'a>(objects: impl Iterator<Item = (&'static str, &'a Schema)>) -> Vec<&'static str> {
        objects.map(|(name, _)| name).collect()
    }

    #[test]
    fn exactly_the_secrets_are_sensitive() {
        let registry = Tfe::registry();
        let configuration = Tfe::schema();
        let objects = registry
            .resources()
            .chain(registry.ephemeral_resources())
            .chain(registry.data_sources())
            .chain(registry.list_resources())
            .chain(registry.actions())
            .chain([(Tfe::NAME, &configuration)]);
        let mut exceptions = Vec::new();
        for (object, schema) in objects {
            for (name, attribute) in
                all_attributes(schema.attributes().collect(), schema.blocks().collect())
            {
                let exception = NOT_SECRET.iter().find(|(other, _)| *other == name);
                exceptions.extend(exception);
                assert_eq!(
                    attribute.is_sensitive(),
                    has_name_of_secret(name, attribute) && exception.is_none(),
                    "{object}.{name}: secrets are sensitive and nothing else is; what has the name of a \
                     secret and is not one belongs into NOT_SECRET, with the reason"
                );
            }
        }
        let unused = NOT_SECRET.iter().find(|one| !exceptions.contains(one));
        assert_eq!(unused, None, "no object has this attribute any more");
    }

    fn has_name_of_secret(name: &str, attribute: &Attribute) -> bool {
        let is_secret = ["token", "sealing_key", "secret", "password", "private_key"]
            .contains(&name)
            || name.ends_with("_token")
            || name.ends_with("_secret");
        is_secret && *attribute.ty() == Type::String
    }

    /// Returns the attributes, with those inside of them and inside of blocks.
    fn all_attributes<'a>(
        mut attributes: Vec<(&'static str, &'a Attribute)>,
        blocks: Vec<(&'static str, &'a Block)>,
    ) -> Vec<(&'static str, &'a Attribute)> {
        let mut at = 0;
        while let Some((_, attribute)) = attributes.get(at) {
            attributes.extend(
                attribute
                    .nested()
                    .iter()
                    .flat_map(|nested| nested.attributes()),
            );
            at += 1;
        }
        for (_, block) in blocks {
            let inside = all_attributes(block.attributes().collect(), block.blocks().collect());
            attributes.extend(inside);
        }
        attributes
    }
}
