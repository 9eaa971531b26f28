//! The list resource `echo_value`.

use serde::Deserialize;
use tfplugin::{Attr, Attribute, Context, Diagnostics, ListResource, ListResults, Schema, Type};

use super::client::Client;
use super::script::Script;
use super::value::{EchoValue, Model};

/// Lists values that nobody created, as many as are configured.
pub(crate) struct EchoValues(Client);

#[derive(Deserialize)]
pub(crate) struct Config {
    count_of_values: Attr<i64>,
    object_script: Attr<String>,
    script: Attr<String>,
}

impl ListResource for EchoValues {
    type Resource = EchoValue;
    type Config = Config;

    fn schema() -> Schema {
        Schema::new("Finds values.")
            .attribute(
                "count_of_values",
                Attribute::required(Type::Number, "How many there are."),
            )
            .attribute(
                "object_script",
                Attribute::optional(Type::String, "The `script` of each of them."),
            )
            .attribute("script", Script::attribute())
    }

    fn new(client: &Client) -> Self {
        Self(client.clone())
    }

    async fn validate(config: Config, cx: &mut Context) -> Result<(), Diagnostics> {
        let world = super::World::starting_at(0);
        Script::of(&config.script).run("validate", &world, cx).await
    }

    /// Runs the script after the first value. Its own steps: `unknown` leaves a part of each value unknown, `greedy`
    /// goes on after the limit.
    async fn list(
        &self,
        config: Config,
        results: &mut ListResults<EchoValue>,
        cx: &mut Context,
    ) -> Result<(), Diagnostics> {
        let script = Script::of(&config.script);
        for number in 1..=config.count_of_values.known().copied().unwrap_or_default() {
            self.0.world.record_event(format!("find echo-{number}"));
            let mut value = Model::found(number, config.object_script.clone());
            if script.has("list", "unknown") {
                value.leave_unknown();
            }
            let next = results.push(format!("number {number}"), &value, cx).await?;
            if next.is_break() && !script.has("list", "greedy") {
                break;
            }
            if number == 1 {
                script.run("list", &self.0.world, cx).await?;
            }
        }
        self.0.world.record_event("listed");
        Ok(())
    }
}
