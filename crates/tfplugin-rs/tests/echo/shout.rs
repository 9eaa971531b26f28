//! The action `echo_shout`.

use serde::Deserialize;
use tfplugin::{Action, Attr, Attribute, Context, Diagnostics, Progress, Schema, Type};

use super::client::Client;
use super::script::Script;
use super::world::World;

/// Shouts a text, a configured number of times.
pub(crate) struct EchoShout(World);

#[derive(Deserialize)]
pub(crate) struct Config {
    text: Attr<String>,
    times: Attr<i64>,
    script: Attr<String>,
}

impl Action for EchoShout {
    type Client = Client;
    type Config = Config;

    const NAME: &'static str = "echo_shout";

    fn schema() -> Schema {
        Schema::new("Shouts a text.")
            .attribute("text", Attribute::required(Type::String, "The text."))
            .attribute(
                "times",
                Attribute::optional(Type::Number, "How many times; once if left out."),
            )
            .attribute("script", Script::attribute())
    }

    fn new(client: &Client) -> Self {
        Self(client.world.clone())
    }

    async fn validate(config: Config, cx: &mut Context) -> Result<(), Diagnostics> {
        let world = World::starting_at(0);
        Script::of(&config.script).run("validate", &world, cx).await
    }

    async fn plan(&self, config: Config, cx: &mut Context) -> Result<(), Diagnostics> {
        Script::of(&config.script).run("plan", &self.0, cx).await
    }

    /// Runs the script after the first shout.
    async fn invoke(
        &self,
        config: Config,
        progress: &Progress,
        cx: &mut Context,
    ) -> Result<(), Diagnostics> {
        let text = config.text.as_deref().unwrap_or_default();
        for number in 0..config.times.known().copied().unwrap_or(1) {
            progress.report(format!("{text}!")).await;
            self.0.record_event(format!("shout {text}"));
            if number == 0 {
                Script::of(&config.script)
                    .run("invoke", &self.0, cx)
                    .await?;
            }
        }
        Ok(())
    }
}
