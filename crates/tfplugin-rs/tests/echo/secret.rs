//! The ephemeral resource `echo_secret`.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use tfplugin::{
    Attr, Attribute, CloseContext, Diagnostic, Diagnostics, EphemeralResource, OpenContext,
    Private, Schema, Sensitive, Type,
};

use super::client::Client;
use super::script::Script;
use super::world::World;

/// A secret that is derived from a text.
pub(crate) struct EchoSecret(World);

#[derive(Serialize, Deserialize)]
pub(crate) struct Model {
    text: Attr<String>,
    renew_at: Attr<i64>,
    secret: Attr<Sensitive<String>>,
    script: Attr<String>,
}

/// The private data of an open secret, for Close and Renew.
#[derive(Serialize, Deserialize)]
struct Opened {
    text: String,
    script: Attr<String>,
}

impl EchoSecret {
    fn opened(private: &Private) -> Result<Opened, Diagnostics> {
        private
            .get("opened")
            .ok_or_else(|| Diagnostic::bug("The private data of the opening is missing.").into())
    }
}

impl EphemeralResource for EchoSecret {
    type Client = Client;
    type Model = Model;

    const NAME: &'static str = "echo_secret";

    fn schema() -> Schema {
        Schema::new("A secret that is made of a text.")
            .attribute("text", Attribute::required(Type::String, "The text."))
            .attribute(
                "renew_at",
                Attribute::optional(Type::Number, "When to renew it, in seconds since 1970."),
            )
            .attribute(
                "secret",
                Attribute::computed(Type::String, "The text with a prefix.").sensitive(),
            )
            .attribute("script", Script::attribute())
    }

    fn new(client: &Client) -> Self {
        Self(client.world.clone())
    }

    /// The script's own steps: `unknown` leaves the secret unknown, `other` changes the argument.
    async fn open(&self, config: Model, cx: &mut OpenContext) -> Result<Model, Diagnostics> {
        let script = Script::of(&config.script);
        script.run("open", &self.0, cx).await?;
        let text = config.text.as_deref().unwrap_or_default();
        self.0.record_event(format!("open {text}"));
        let opened = Opened {
            text: text.to_owned(),
            script: config.script.clone(),
        };
        cx.private_mut().set("opened", &opened)?;
        if let Some(seconds) = config.renew_at.known() {
            let since = Duration::from_secs(u64::try_from(*seconds).unwrap_or_default());
            cx.renew_at(SystemTime::UNIX_EPOCH + since);
        }
        let secret = if script.has("open", "unknown") {
            Attr::Unknown
        } else {
            Attr::Known(format!("secret of {text}").into())
        };
        let text = if script.has("open", "other") {
            Attr::Known("something else".to_owned())
        } else {
            config.text
        };
        Ok(Model {
            text,
            secret,
            ..config
        })
    }

    async fn renew(&self, cx: &mut OpenContext) -> Result<(), Diagnostics> {
        let opened = Self::opened(cx.private())?;
        Script::of(&opened.script).run("renew", &self.0, cx).await?;
        self.0.record_event(format!("renew {}", opened.text));
        Ok(())
    }

    async fn close(&self, cx: &mut CloseContext) -> Result<(), Diagnostics> {
        let opened = Self::opened(cx.private())?;
        Script::of(&opened.script).run("close", &self.0, cx).await?;
        self.0.record_event(format!("close {}", opened.text));
        Ok(())
    }
}
