//! A provider with mistakes that Terraform would report only to its users.

use serde_json::Value as Json;
use tfplugin::schema::{IdentityAttribute, IdentitySchema};
use tfplugin::{
    Action, ApplyContext, Attribute, Context, Diagnostics, Progress, Provider, Registry, Resource,
    ResourceContext, Schema, Type,
};

use tfplugin_testing::rpc::Process;

struct Unsound;

impl Provider for Unsound {
    type Config = Json;
    type Client = ();

    const NAME: &'static str = "unsound";

    fn schema() -> Schema {
        Schema::new("Is not sound.")
    }

    fn registry() -> Registry<Self::Client> {
        Registry::new()
            .resource::<Thing>()
            .action::<Deed>()
            .action::<Deed>()
    }

    async fn configure(&self, _: Json, _: &mut Context) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// A resource whose identity has no attribute that is required for import.
struct Thing;

impl Resource for Thing {
    type Client = ();
    type Model = Json;
    type Identity = Json;

    const NAME: &'static str = "unsound_thing";

    fn schema() -> Schema {
        Schema::new("A thing.")
    }

    fn identity_schema() -> Option<IdentitySchema> {
        let name = IdentityAttribute::optional(Type::String, "Its name.");
        Some(IdentitySchema::new().attribute("name", name))
    }

    fn new((): &()) -> Self {
        Self
    }

    async fn create(&self, plan: Json, _: &mut ApplyContext) -> Result<Json, Diagnostics> {
        Ok(plan)
    }

    async fn read(
        &self,
        state: Json,
        _: &mut ResourceContext,
    ) -> Result<Option<Json>, Diagnostics> {
        Ok(Some(state))
    }

    async fn delete(&self, _: Json, _: &mut ResourceContext) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// An action with a computed attribute, which actions cannot have.
struct Deed;

impl Action for Deed {
    type Client = ();
    type Config = Json;

    const NAME: &'static str = "unsound_deed";

    fn schema() -> Schema {
        let result = Attribute::computed(Type::String, "What came of it.");
        Schema::new("A deed.").attribute("result", result)
    }

    fn new((): &()) -> Self {
        Self
    }

    async fn invoke(&self, _: Json, _: &Progress, _: &mut Context) -> Result<(), Diagnostics> {
        Ok(())
    }
}

#[tokio::test]
async fn the_first_command_reports_every_mistake() {
    let schemas = Process::start(Unsound).schemas().await;
    let message = schemas.map(drop).unwrap_err().to_string();
    for mistake in [
        "the identity of unsound_thing: no attribute of the identity is required for import",
        "unsound_deed: result: the configuration of an action or a list has no computed attributes",
        "the action unsound_deed is offered twice",
    ] {
        assert!(
            message.contains(mistake),
            "{mistake:?} is not reported:\n{message}"
        );
    }
}
