//! What Terraform sees: the provider `tfe` and its objects. Every business rule lives here.
//!
//! # Layout
//!
//! - [`Tfe`]: the provider. Its block is in `configuration`; `connection` is what every object gets.
//! - `audit_trail_token`: audit trail tokens, a file for each Terraform object.
//! - `audit_trail_events`: the data source that reads the audit trail.
//! - `organization`, `expiry`, `sealing`, `validators`: rules that several objects share, without I/O.
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
mod organization;
mod sealing;
mod validators;

pub use self::clock::Clock;
pub use self::configuration::Configuration;
pub use self::connection::Connection;

use self::audit_trail_events::AuditTrailEvents;
use self::audit_trail_token::{
    AuditTrailTokenDataSource, AuditTrailTokenList, AuditTrailTokenResource,
    EphemeralAuditTrailToken, RevokeAuditTrailToken, UnsealedAuditTrailToken,
};
use self::connection::Api;
use crate::client::{Client, Environment, Timing, resolve};
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
        let settings = resolve(configuration.arguments(), &self.environment)
            .await
            .map_err(|error| diagnostics::no_settings(&error))?;
        if settings.uses_run_credentials() {
            cx.add(diagnostics::run_credentials());
        }
        if settings.ssl_skip_verify {
            tracing::warn!(
                host = %settings.hostname,
                "ssl_skip_verify is set: any certificate of the host is accepted"
            );
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
            .data_source::<AuditTrailTokenDataSource>()
            .data_source::<AuditTrailEvents>()
            .list_resource::<AuditTrailTokenList>()
            .action::<RevokeAuditTrailToken>()
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
    use super::*;
    use tfplugin::schema::ObjectKind;
    use tfplugin::value::{from_value, to_value};
    use tfplugin::{Action, DataSource, EphemeralResource, ListResource, Resource, Value};

    /// Checks that a schema is sound and that its model has exactly its attributes.
    macro_rules! check {
        ($subject:expr, $($object:ident as $kind:ident),+) => {$(
            let schema = <$object as $kind>::schema();
            assert_eq!(schema.problems($subject), Vec::<String>::new(), stringify!($object));
            let nothing = Value::null_object(&schema.ty());
            let model: <$object as $kind>::Model = from_value(&nothing).unwrap();
            assert_eq!(to_value(&model, &schema.ty()).unwrap(), nothing, stringify!($object));
        )+};
    }

    /// Checks the same for objects without results.
    macro_rules! check_arguments {
        ($subject:expr, $($object:ident as $kind:ident),+) => {$(
            let schema = <$object as $kind>::schema();
            let problems = schema.problems($subject);
            assert_eq!(problems, Vec::<String>::new(), stringify!($object));
            let nothing = Value::null_object(&schema.ty());
            assert!(from_value::<<$object as $kind>::Config>(&nothing).is_ok());
        )+};
    }

    /// Conformance: 36.
    #[test]
    fn every_schema_is_sound_and_has_its_model() {
        check!(ObjectKind::Resource, AuditTrailTokenResource as Resource);
        check!(
            ObjectKind::EphemeralResource,
            EphemeralAuditTrailToken as EphemeralResource,
            UnsealedAuditTrailToken as EphemeralResource
        );
        check!(
            ObjectKind::DataSource,
            AuditTrailTokenDataSource as DataSource,
            AuditTrailEvents as DataSource
        );
        check_arguments!(ObjectKind::Action, RevokeAuditTrailToken as Action);
        check_arguments!(
            ObjectKind::ListResource,
            AuditTrailTokenList as ListResource
        );
        assert_eq!(Tfe::problems(), Vec::<String>::new());
        let schema = Tfe::schema();
        assert!(schema.problems(ObjectKind::Provider).is_empty());
        let nothing = Value::null_object(&schema.ty());
        assert!(from_value::<Configuration>(&nothing).is_ok());
    }

    #[test]
    fn exactly_the_secrets_are_sensitive() {
        let sensitive = |schema: Schema| -> Vec<&'static str> {
            let attributes = schema.attributes();
            attributes
                .filter_map(|(name, one)| one.is_sensitive().then_some(name))
                .collect()
        };
        assert_eq!(sensitive(Tfe::schema()), ["sealing_key", "token"]);
        assert_eq!(sensitive(AuditTrailTokenResource::schema()), ["token"]);
        assert_eq!(sensitive(EphemeralAuditTrailToken::schema()), ["token"]);
        assert_eq!(sensitive(UnsealedAuditTrailToken::schema()), ["token"]);
        assert_eq!(sensitive(AuditTrailEvents::schema()), ["token"]);
        assert_eq!(
            sensitive(AuditTrailTokenDataSource::schema()),
            Vec::<&str>::new()
        );
    }
}
