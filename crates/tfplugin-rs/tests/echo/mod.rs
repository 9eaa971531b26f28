//! A second provider, written with the SDK's public API alone.
//!
//! It is what the SDK's own tests run, in process and, as the example `terraform-provider-echo`, under a real
//! Terraform. It has no service behind it: what it was given it gives back, and its [`Script`]s make it fail, panic
//! or wait.
//!
//! Not here: anything of HCP Terraform.

mod every_type;
mod nesting;
mod script;
mod secret;
mod shout;
mod value;
mod values;
mod world;

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

use aws_lc_rs::digest::{SHA256, digest};
use serde::Deserialize;
use tfplugin::schema::validator;
use tfplugin::{
    Attr, Attribute, Context, Diagnostic, Diagnostics, Provider, Registry, Schema, Sensitive, Type,
};

pub(crate) use self::script::Script;
pub(crate) use self::world::World;

/// The provider `echo`.
pub(crate) struct Echo {
    world: World,
}

impl Echo {
    /// A provider whose objects are in `world`.
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

/// What resources work with.
#[derive(Clone)]
pub(crate) struct Client {
    world: World,
    /// Whether the provider's token is known: it need not be while planning.
    token_known: bool,
    log_file: Option<PathBuf>,
}

impl Client {
    /// Tells the log file, if there is one, what has arrived: never the value itself.
    fn received(&self, value: &str) -> Result<String, Diagnostics> {
        let hash = sha256(value);
        if let Some(path) = &self.log_file {
            let written = OpenOptions::new()
                .create(true)
                .append(true)
                .open(path)
                .and_then(|mut file| writeln!(file, "{hash}"));
            if let Err(error) = written {
                return Err(Diagnostic::error(
                    "Unable To Write Log File",
                    format!("The file {} cannot be written: {error}.", path.display()),
                )
                .into());
            }
        }
        Ok(hash)
    }
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

/// The SHA-256 of a text in hexadecimal.
pub(crate) fn sha256(text: &str) -> String {
    digest(&SHA256, text.as_bytes())
        .as_ref()
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
