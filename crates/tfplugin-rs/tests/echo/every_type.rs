//! `echo_types`, a managed resource and a data source: a value of every type, returned unchanged.

use serde::{Deserialize, Serialize};
use tfplugin::{
    ApplyContext, Attr, Attribute, Context, DataSource, Diagnostics, NoIdentity, Resource,
    ResourceContext, Schema, Type, Value,
};

use super::client::Client;
use super::script::Script;
use super::world::World;

#[derive(Serialize, Deserialize)]
pub(crate) struct Model {
    id: Attr<String>,
    string: Value,
    number: Value,
    bool: Value,
    list: Value,
    set: Value,
    map: Value,
    object: Value,
    tuple: Value,
    dynamic: Value,
    computed: Value,
    script: Attr<String>,
}

fn id() -> Attribute {
    Attribute::computed(Type::String, "Which object it is.")
}

fn schema(description: &'static str, id: Attribute) -> Schema {
    let object = || Type::object([("a", Type::String), ("b", Type::Number)]);
    let types = [
        ("string", Type::String),
        ("number", Type::Number),
        ("bool", Type::Bool),
        ("list", Type::list(Type::String)),
        ("set", Type::set(Type::String)),
        ("map", Type::map(Type::Number)),
        ("object", object()),
        ("tuple", Type::tuple([Type::String, Type::Number])),
        ("dynamic", Type::Dynamic),
    ];
    types
        .into_iter()
        .fold(Schema::new(description), |schema, (name, ty)| {
            schema.attribute(name, Attribute::optional(ty, "A value of the type."))
        })
        .attribute(
            "computed",
            Attribute::optional_computed(Type::list(object()), "Empty, unless it is set."),
        )
        .attribute("id", id)
        .attribute("script", Script::attribute())
}

/// The managed resource.
pub(crate) struct EchoTypes(World);

impl EchoTypes {
    fn with_id(model: Model, id: Attr<String>) -> Model {
        Model {
            id,
            computed: if model.computed.is_unknown() {
                Value::List(Vec::new())
            } else {
                model.computed
            },
            ..model
        }
    }
}

impl Resource for EchoTypes {
    type Client = Client;
    type Model = Model;
    type Identity = NoIdentity;

    const NAME: &'static str = "echo_types";

    fn schema() -> Schema {
        schema("A value of every type.", id().use_state_for_unknown())
    }

    fn new(client: &Client) -> Self {
        Self(client.world.clone())
    }

    async fn create(&self, plan: Model, _: &mut ApplyContext) -> Result<Model, Diagnostics> {
        Ok(Self::with_id(plan, Attr::Known(self.0.create())))
    }

    async fn read(
        &self,
        state: Model,
        _: &mut ResourceContext,
    ) -> Result<Option<Model>, Diagnostics> {
        Ok(Some(state))
    }

    async fn update(
        &self,
        plan: Model,
        state: Model,
        _: &mut ApplyContext,
    ) -> Result<Model, Diagnostics> {
        Ok(Self::with_id(plan, state.id))
    }

    async fn delete(&self, _: Model, _: &mut ResourceContext) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// The data source.
pub(crate) struct EchoTypesData {
    world: World,
    token_known: bool,
}

impl DataSource for EchoTypesData {
    type Client = Client;
    type Model = Model;

    const NAME: &'static str = "echo_types";

    fn schema() -> Schema {
        schema("A value of every type, read.", id())
    }

    fn new(client: &Client) -> Self {
        Self {
            world: client.world.clone(),
            token_known: client.token_known,
        }
    }

    /// The script's own step: `unknown` leaves a value unknown.
    async fn read(&self, config: Model, cx: &mut Context) -> Result<Model, Diagnostics> {
        let script = Script::of(&config.script);
        script.run("read", &self.world, cx).await?;
        let id = if script.has("read", "unknown") {
            Attr::Unknown
        } else {
            Attr::Known(format!("token known: {}", self.token_known))
        };
        let computed = if config.computed.is_null() {
            Value::List(Vec::new())
        } else {
            config.computed
        };
        Ok(Model {
            id,
            computed,
            ..config
        })
    }
}
