//! The managed resource `echo_value`.

use serde::{Deserialize, Serialize};
use tfplugin::{
    ApplyContext, Attr, Attribute, Change, Diagnostic, Diagnostics, IdentityAttribute,
    IdentitySchema, ImportBy, Move, Path, PlanContext, Resource, ResourceContext, Schema,
    Sensitive, Type,
};

use super::client::Client;
use super::script::Script;

/// A value that Terraform gives to a provider: written once, never read back.
pub(crate) struct EchoValue {
    client: Client,
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Model {
    id: Attr<String>,
    plain: Attr<String>,
    group: Attr<String>,
    value_wo: Attr<Sensitive<String>>,
    value_wo_version: Attr<i64>,
    received_sha256: Attr<String>,
    script: Attr<String>,
}

/// The identity of a value. The script of `identify` changes it: `nothing` returns none, `changing` derives it from an
/// attribute that an update may change, `may change` says that it has changed then, `panic` panics.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Identity {
    id: Attr<String>,
    realm: Attr<String>,
}

/// The provider whose states can be moved.
const OTHER_PROVIDER: &str = "registry.example.com/house/other";

/// A state of that provider.
#[derive(Deserialize)]
struct Old {
    text: Attr<String>,
}

const REALM: &str = "echo";

impl Model {
    /// Returns an existing value, with a write-only value that must not reach the host.
    pub(super) fn found(number: i64, script: Attr<String>) -> Self {
        Self {
            id: Attr::Known(format!("echo-{number}")),
            plain: Attr::Known(format!("text {number}")),
            group: Attr::Null,
            value_wo: Attr::Known("planted".to_owned().into()),
            value_wo_version: Attr::Null,
            received_sha256: Attr::Null,
            script,
        }
    }

    pub(super) fn leave_unknown(&mut self) {
        self.received_sha256 = Attr::Unknown;
    }
}

impl EchoValue {
    /// Runs the script of `create` or `update`. Their own steps: `record` records the state early, `unknown` leaves a
    /// value unknown, `leak` returns the write-only value, `other` returns another value than planned.
    async fn finish(
        &self,
        call: &str,
        mut model: Model,
        cx: &mut ApplyContext,
    ) -> Result<Model, Diagnostics> {
        let script = Script::of(&model.script);
        if script.has(call, "record") {
            cx.record(&model)?;
        }
        script.run(call, &self.client.world, cx).await?;
        if script.has(call, "unknown") {
            model.received_sha256 = Attr::Unknown;
        }
        if script.has(call, "leak") {
            model.value_wo = cx.config::<Model>()?.value_wo;
        }
        if script.has(call, "other") {
            model.plain = Attr::Known("something else".to_owned());
        }
        Ok(model)
    }

    /// Keeps in the private data which plan it was: the first one, if the host hands its private data on.
    fn remember(&self, cx: &mut PlanContext) -> Result<(), Diagnostics> {
        let first = cx
            .planned_private()
            .and_then(|planned| planned.get::<serde_json::Value>("plan"));
        let plan = first.unwrap_or_else(|| serde_json::json!({ "id": self.client.world.create() }));
        if cx.is_private_returned() {
            cx.private_mut().set("plan", &plan)?;
        }
        Ok(())
    }

    fn receive(&self, cx: &ApplyContext) -> Result<Attr<String>, Diagnostics> {
        match cx.config::<Model>()?.value_wo {
            Attr::Known(value) => Ok(Attr::Known(self.client.received(value.expose())?)),
            Attr::Null => Ok(Attr::Null),
            Attr::Unknown => Err(Diagnostic::bug("An unknown value arrived at apply.").into()),
        }
    }
}

impl Resource for EchoValue {
    type Client = Client;
    type Model = Model;
    type Identity = Identity;

    const NAME: &'static str = "echo_value";

    fn schema() -> Schema {
        Schema::new("Keeps a value, and the SHA-256 of a value that it does not keep.")
            .attribute(
                "id",
                Attribute::computed(Type::String, "Which object it is.").use_state_for_unknown(),
            )
            .attribute(
                "plain",
                Attribute::optional(Type::String, "A text that is kept."),
            )
            .attribute(
                "group",
                Attribute::optional(Type::String, "A text whose change replaces the object.")
                    .requires_replace(),
            )
            .attribute(
                "value_wo",
                Attribute::optional(Type::String, "A text that is not kept.")
                    .sensitive()
                    .write_only(),
            )
            .attribute(
                "value_wo_version",
                Attribute::optional(Type::Number, "A change of it writes `value_wo` anew."),
            )
            .attribute(
                "received_sha256",
                Attribute::computed(Type::String, "The SHA-256 of the `value_wo` that arrived."),
            )
            .attribute("script", Script::attribute())
    }

    fn identity_schema() -> Option<IdentitySchema> {
        let schema = IdentitySchema::new()
            .attribute(
                "id",
                IdentityAttribute::required(Type::String, "Which object it is."),
            )
            .attribute(
                "realm",
                IdentityAttribute::optional(Type::String, "Where it is: `echo`."),
            );
        Some(schema)
    }

    fn identify(&self, object: &Model) -> Option<Identity> {
        let script = Script::of(&object.script);
        if script.has("identify", "panic") && object.id.is_known() {
            panic!("the script of identify asks for a panic");
        }
        if script.has("identify", "nothing") {
            return None;
        }
        let realm = if script.has("identify", "changing") {
            object.plain.clone()
        } else {
            Attr::Known(REALM.to_owned())
        };
        Some(Identity {
            id: object.id.clone(),
            realm,
        })
    }

    fn changed_identity(&self, object: &Model, prior: &Identity) -> Option<Identity> {
        self.identify(object).filter(|identity| {
            Script::of(&object.script).has("identify", "may change") && identity != prior
        })
    }

    fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
        }
    }

    async fn modify_plan(
        &self,
        change: &mut Change<Model>,
        cx: &mut PlanContext,
    ) -> Result<(), Diagnostics> {
        if let Some(state) = &change.state
            && state.value_wo_version == change.plan.value_wo_version
            && change.plan.received_sha256.is_unknown()
        {
            change.plan.received_sha256 = state.received_sha256.clone();
        }
        let script = Script::of(&change.plan.script);
        if script.has("plan", "replace by id") {
            change.requires_replace(Path::of("id"));
        }
        if script.has("plan", "replace by nothing") {
            change.requires_replace(Path::of("no_such_attribute"));
        }
        if script.has("plan", "other") {
            change.plan.plain = Attr::Known("something else".to_owned());
        }
        if script.has("plan", "leak") {
            change.plan.value_wo = change.config.value_wo.clone();
        }
        if script.has("plan", "never the same") {
            change.plan.received_sha256 = Attr::Known(self.client.world.create());
        }
        if script.has("plan", "remember") {
            self.remember(cx)?;
        }
        if script.has("plan", "defer") {
            return Err(cx.defer("The script of plan does not know enough."));
        }
        script.run("plan", &self.client.world, cx).await
    }

    async fn plan_destroy(
        &self,
        state: Model,
        cx: &mut ResourceContext,
    ) -> Result<(), Diagnostics> {
        Script::of(&state.script)
            .run("plan_destroy", &self.client.world, cx)
            .await
    }

    async fn create(&self, plan: Model, cx: &mut ApplyContext) -> Result<Model, Diagnostics> {
        let model = Model {
            id: Attr::Known(self.client.world.create()),
            received_sha256: self.receive(cx)?,
            ..plan
        };
        cx.private_mut()
            .set("made", &serde_json::json!({ "by": "create" }))?;
        self.finish("create", model, cx).await
    }

    async fn read(
        &self,
        state: Model,
        cx: &mut ResourceContext,
    ) -> Result<Option<Model>, Diagnostics> {
        let script = Script::of(&state.script);
        script.run("read", &self.client.world, cx).await?;
        let id = state.id.as_deref().unwrap_or_default();
        if !self.client.world.has(id) {
            return Ok(None);
        }
        let mut state = state;
        if script.has("read", "unknown") {
            state.plain = Attr::Unknown;
        }
        if script.has("read", "rename") {
            state.plain = Attr::Known("renamed".to_owned());
        }
        if script.has("read", "show identity") {
            let identity: Option<Identity> = cx.identity()?;
            cx.warn("Identity", format!("{identity:?}"));
        }
        if script.has("read", "leak") {
            state.value_wo = Attr::Known(Sensitive::from("leaked".to_owned()));
        }
        Ok(Some(state))
    }

    async fn update(
        &self,
        plan: Model,
        state: Model,
        cx: &mut ApplyContext,
    ) -> Result<Model, Diagnostics> {
        let received_sha256 = if plan.value_wo_version == state.value_wo_version {
            state.received_sha256
        } else {
            self.receive(cx)?
        };
        let model = Model {
            id: state.id,
            received_sha256,
            ..plan
        };
        self.client
            .world
            .record_event(format!("update {}", model.id.as_deref().unwrap_or("?")));
        self.finish("update", model, cx).await
    }

    async fn delete(&self, state: Model, cx: &mut ResourceContext) -> Result<(), Diagnostics> {
        Script::of(&state.script)
            .run("delete", &self.client.world, cx)
            .await?;
        let id = state.id.as_deref().unwrap_or_default();
        if self.client.world.has(id) {
            self.client.world.delete(id);
        }
        Ok(())
    }

    fn moves() -> Vec<Move<Model>> {
        let plain = Attribute::optional(Type::String, "The text, under its former name.");
        let old = Schema::new("A text as it was.").attribute("text", plain);
        let take_over = |old: Old| {
            Ok(Model {
                id: Attr::Known("echo-7".to_owned()),
                plain: old.text,
                ..Model::default()
            })
        };
        vec![
            Move::of("other_text", &[OTHER_PROVIDER], &old, take_over),
            Move::of(
                "echo_text",
                &[OTHER_PROVIDER],
                &old.clone().version(3),
                |old: Old| {
                    Err(Diagnostic::error("Nothing There", format!("{:?}", old.text)).into())
                },
            ),
        ]
    }

    fn generate_config(mut config: Model) -> Model {
        config.script = Attr::Null;
        config
    }

    async fn import(
        &self,
        by: ImportBy<Identity>,
        _: &mut ResourceContext,
    ) -> Result<Model, Diagnostics> {
        let id = match by {
            ImportBy::Id(id) => id,
            ImportBy::Identity(identity) => identity.id.into_known().unwrap_or_default(),
        };
        if !id.starts_with("echo-") {
            return Err(Diagnostic::error(
                "Invalid Import ID",
                format!("The ID {id:?} does not begin with \"echo-\"."),
            )
            .into());
        }
        Ok(Model {
            id: Attr::Known(id),
            ..Model::default()
        })
    }
}
