//! The provider `echo` of the SDK's own tests, written with the public API only.
//!
//! Tests run it in process and, as the example `terraform-provider-echo`, under a real Terraform. It has no service
//! behind it: it returns what it is given, and its [`Script`]s make it fail, panic or wait.

pub(crate) mod client;
mod every_type;
mod nesting;
mod script;
mod secret;
mod shout;
mod value;
mod values;
mod world;

use std::path::PathBuf;

use serde::Deserialize;
use tfplugin::schema::validator;
use tfplugin::{
    Attr, Attribute, Context, Diagnostics, Provider, Registry, Schema, Sensitive, Type,
};

use self::client::Client;
pub(crate) use self::script::Script;
pub(crate) use self::world::World;

/// The provider `echo`.
pub(crate) struct Echo {
    world: World,
}

impl Echo {
    /// Returns a provider whose objects are in `world`.
    pub(crate) fn new(world: World) -> Self {
        Self { world }
    }
}

/// The provider block.
#[derive(Deserialize)]
pub(crate) struct Config {
    token: Attr<Sensitive<String>>,
    log_file: Attr<String>,
    #[serde(default)]
    script: Attr<String>,
}

impl Provider for Echo {
    type Config = Config;
    type Client = Client;

    const NAME: &'static str = "echo";

    fn schema() -> Schema {
        Schema::new("Gives back what it was given.")
            .attribute(
                "token",
                Attribute::optional(Type::String, "A secret that is used for nothing.").sensitive(),
            )
            .attribute(
                "log_file",
                Attribute::optional(
                    Type::String,
                    "A file to which the SHA-256 of every write-only value is appended.",
                )
                .validate(validator::not_empty()),
            )
            .attribute("script", Script::attribute())
    }

    fn redact(text: String) -> String {
        text.replace("unspeakable", "(redacted)")
    }

    fn registry() -> Registry<Self::Client> {
        Registry::new()
            .resource::<value::EchoValue>()
            .resource::<every_type::EchoTypes>()
            .resource::<nesting::EchoNested>()
            .ephemeral_resource::<secret::EchoSecret>()
            .data_source::<every_type::EchoTypesData>()
            .list_resource::<values::EchoValues>()
            .action::<shout::EchoShout>()
    }

    async fn validate(&self, config: Config, cx: &mut Context) -> Result<(), Diagnostics> {
        Script::of(&config.script)
            .run("validate", &self.world, cx)
            .await
    }

    async fn configure(&self, config: Config, cx: &mut Context) -> Result<Client, Diagnostics> {
        Script::of(&config.script)
            .run("configure", &self.world, cx)
            .await?;
        Ok(Client {
            world: self.world.clone(),
            token_known: !config.token.is_unknown(),
            log_file: config.log_file.into_known().map(PathBuf::from),
        })
    }
}
