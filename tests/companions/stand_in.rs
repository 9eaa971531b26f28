//! A plugin that stands in for hashicorp/time, hashicorp/vault and hashicorp/tfe, so that configurations with them need
//! no registry: `time_rotating` and `vault_kv_secret_v2`, as far as the examples use them, and a state of
//! hashicorp/tfe's `tfe_audit_trail_token`.
//!
//! Nothing rotates by itself here. Secrets are written to the folder that the variable `STAND_IN_VAULT` names, if it is
//! set; if it is not a folder, writing a secret fails.

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

use chrono::{SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use tfplugin::serve::{Plugin, serve};
use tfplugin::{
    ApplyContext, Attr, Attribute, Context, Diagnostic, Diagnostics, NoIdentity, Provider,
    Registry, Resource, ResourceContext, Schema, Sensitive, Server, Type,
};

fn main() -> ExitCode {
    let plugin = Plugin {
        name: "stand-in",
        version: env!("CARGO_PKG_VERSION"),
        about: "Stands for other providers in the examples.",
        source: "registry.terraform.io/hashicorp/time",
        documentation: "https://registry.terraform.io/providers/hashicorp/time",
    };
    serve(plugin, |lifecycle| Server::new(StandIn, lifecycle))
}

struct StandIn;

#[derive(Deserialize)]
struct Config {}

impl Provider for StandIn {
    type Config = Config;
    type Client = ();

    const NAME: &'static str = "stand_in";

    fn schema() -> Schema {
        Schema::new("Stands for other providers.")
    }

    fn registry() -> Registry<Self::Client> {
        Registry::new()
            .resource::<TimeRotating>()
            .resource::<VaultKvSecretV2>()
            .resource::<HashicorpToken>()
    }

    async fn configure(&self, _: Config, _: &mut Context) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// `time_rotating`: the time a number of days after its creation.
struct TimeRotating;

#[derive(Serialize, Deserialize)]
struct RotatingModel {
    rotation_days: i64,
    rotation_rfc3339: Attr<String>,
}

impl Resource for TimeRotating {
    type Client = ();
    type Model = RotatingModel;
    type Identity = NoIdentity;

    const NAME: &'static str = "time_rotating";

    fn schema() -> Schema {
        Schema::new("A point in time.")
            .attribute(
                "rotation_days",
                Attribute::required(Type::Number, "How many days from now.").requires_replace(),
            )
            .attribute(
                "rotation_rfc3339",
                Attribute::computed(Type::String, "When.").use_state_for_unknown(),
            )
    }

    fn new((): &()) -> Self {
        Self
    }

    async fn create(
        &self,
        plan: RotatingModel,
        _: &mut ApplyContext,
    ) -> Result<RotatingModel, Diagnostics> {
        let then = Utc::now() + TimeDelta::days(plan.rotation_days);
        Ok(RotatingModel {
            rotation_rfc3339: then.to_rfc3339_opts(SecondsFormat::Secs, true).into(),
            ..plan
        })
    }

    async fn read(
        &self,
        state: RotatingModel,
        _: &mut ResourceContext,
    ) -> Result<Option<RotatingModel>, Diagnostics> {
        Ok(Some(state))
    }

    async fn delete(&self, _: RotatingModel, _: &mut ResourceContext) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// `vault_kv_secret_v2`: takes a write-only value.
struct VaultKvSecretV2;

#[derive(Serialize, Deserialize)]
struct SecretModel {
    mount: String,
    name: String,
    data_json_wo: Attr<Sensitive<String>>,
    data_json_wo_version: Attr<i64>,
}

impl SecretModel {
    /// Writes the secret, which only the configuration has, to the folder.
    fn store(self, cx: &ApplyContext) -> Result<Self, Diagnostics> {
        let secret = cx.config::<Self>()?.data_json_wo;
        if let (Some(folder), Attr::Known(secret)) = (env::var_os("STAND_IN_VAULT"), secret) {
            let path = Path::new(&folder).join(self.name.replace('/', "-"));
            fs::write(path, secret.expose()).map_err(|error| out_of_reach(&error))?;
        }
        Ok(self)
    }
}

fn out_of_reach(error: &io::Error) -> Diagnostic {
    Diagnostic::error("The Stand-In Store Is out of Reach", error.to_string())
}

impl Resource for VaultKvSecretV2 {
    type Client = ();
    type Model = SecretModel;
    type Identity = NoIdentity;

    const NAME: &'static str = "vault_kv_secret_v2";

    fn schema() -> Schema {
        Schema::new("A secret.")
            .attribute("mount", Attribute::required(Type::String, "Where."))
            .attribute("name", Attribute::required(Type::String, "Which."))
            .attribute(
                "data_json_wo",
                Attribute::optional(Type::String, "What.").write_only(),
            )
            .attribute(
                "data_json_wo_version",
                Attribute::optional(Type::Number, "Another number writes it anew."),
            )
    }

    fn new((): &()) -> Self {
        Self
    }

    async fn create(
        &self,
        plan: SecretModel,
        cx: &mut ApplyContext,
    ) -> Result<SecretModel, Diagnostics> {
        plan.store(cx)
    }

    async fn read(
        &self,
        state: SecretModel,
        _: &mut ResourceContext,
    ) -> Result<Option<SecretModel>, Diagnostics> {
        Ok(Some(state))
    }

    async fn update(
        &self,
        plan: SecretModel,
        state: SecretModel,
        cx: &mut ApplyContext,
    ) -> Result<SecretModel, Diagnostics> {
        if plan.data_json_wo_version == state.data_json_wo_version {
            return Ok(plan);
        }
        plan.store(cx)
    }

    async fn delete(&self, _: SecretModel, _: &mut ResourceContext) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// `tfe_audit_trail_token` of hashicorp/tfe, with its schema and without a service: the secret is the variable
/// `STAND_IN_SECRET`.
struct HashicorpToken;

#[derive(Serialize, Deserialize)]
struct TokenModel {
    id: Attr<String>,
    organization: Attr<String>,
    expired_at: Attr<String>,
    force_regenerate: Attr<bool>,
    token: Attr<Sensitive<String>>,
}

impl Resource for HashicorpToken {
    type Client = ();
    type Model = TokenModel;
    type Identity = NoIdentity;

    const NAME: &'static str = "tfe_audit_trail_token";

    fn schema() -> Schema {
        let computed = |ty| Attribute::computed(ty, "A result.").use_state_for_unknown();
        let both = |ty| Attribute::optional_computed(ty, "An argument.").requires_replace();
        Schema::new("A token.")
            .attribute("id", computed(Type::String))
            .attribute("organization", both(Type::String))
            .attribute("expired_at", both(Type::String).use_state_for_unknown())
            .attribute(
                "force_regenerate",
                Attribute::optional(Type::Bool, "An argument.").requires_replace(),
            )
            .attribute("token", computed(Type::String).sensitive())
    }

    fn new((): &()) -> Self {
        Self
    }

    async fn create(
        &self,
        plan: TokenModel,
        _: &mut ApplyContext,
    ) -> Result<TokenModel, Diagnostics> {
        let secret = std::env::var("STAND_IN_SECRET").unwrap_or_default();
        Ok(TokenModel {
            id: plan.organization.clone(),
            expired_at: plan.expired_at.into_known().into(),
            token: Attr::Known(Sensitive::from(secret)),
            ..plan
        })
    }

    async fn read(
        &self,
        state: TokenModel,
        _: &mut ResourceContext,
    ) -> Result<Option<TokenModel>, Diagnostics> {
        Ok(Some(state))
    }

    async fn delete(&self, _: TokenModel, _: &mut ResourceContext) -> Result<(), Diagnostics> {
        Ok(())
    }
}
