//! `echo_nested`, a managed resource: nested attributes and blocks of every nesting mode, returned unchanged.
//!
//! Every nested object gets a serial number when it is created, and keeps it while it correlates with its prior state:
//! in a list by index, in a map by key, in a set by its configured values.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tfplugin::schema::{Block, Nested, validator};
use tfplugin::{
    ApplyContext, Attr, Attribute, Diagnostics, NoIdentity, Resource, ResourceContext, Schema,
    Sensitive, Type,
};

use super::client::{Client, sha256};
use super::world::World;

/// An object for every nesting mode.
#[derive(Clone, Serialize, Deserialize)]
struct Entry {
    name: Attr<String>,
    level: Attr<String>,
    serial: Attr<String>,
}

/// The same with a write-only argument, which a set cannot contain.
#[derive(Clone, Serialize, Deserialize)]
struct Keyed {
    name: Attr<String>,
    level: Attr<String>,
    serial: Attr<String>,
    key_wo: Attr<Sensitive<String>>,
    key_sha256: Attr<String>,
}

/// A list of maps of objects with sets.
#[derive(Clone, Serialize, Deserialize)]
struct Shelf {
    boxes: Attr<BTreeMap<String, Attr<Crate>>>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Crate {
    entries: Attr<Vec<Attr<Entry>>>,
}

/// A block within which there are blocks.
#[derive(Clone, Serialize, Deserialize)]
struct Rule {
    name: Attr<String>,
    level: Attr<String>,
    serial: Attr<String>,
    exception: Attr<Vec<Attr<Entry>>>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Model {
    id: Attr<String>,
    home: Attr<String>,
    single: Attr<Keyed>,
    list: Attr<Vec<Attr<Keyed>>>,
    map: Attr<BTreeMap<String, Attr<Keyed>>>,
    set: Attr<Vec<Attr<Entry>>>,
    shelves: Attr<Vec<Attr<Shelf>>>,
    made: Attr<Vec<Entry>>,
    one: Attr<Entry>,
    options: Attr<Entry>,
    rule: Attr<Vec<Rule>>,
    tag: Attr<Vec<Attr<Entry>>>,
    zone: Attr<BTreeMap<String, Entry>>,
}

fn name() -> Attribute {
    Attribute::required(Type::String, "Its name.").validate(validator::not_empty())
}

fn level() -> Attribute {
    Attribute::optional_computed(Type::String, "How loud it is; `low` if left out.")
        .default_value("low".into())
        .validate(validator::one_of(["low", "high"]))
}

fn serial() -> Attribute {
    Attribute::computed(Type::String, "Which one it is.").use_state_for_unknown()
}

fn entry(nested: Nested) -> Nested {
    nested
        .attribute("name", name())
        .attribute("level", level())
        .attribute("serial", serial())
}

fn keyed(nested: Nested) -> Nested {
    let key = Attribute::optional(Type::String, "A key that is not kept.");
    let hash = Attribute::computed(Type::String, "The SHA-256 of the key that arrived.");
    entry(nested)
        .attribute("key_wo", key.sensitive().write_only())
        .attribute("key_sha256", hash)
}

fn entry_block(block: Block) -> Block {
    block
        .attribute("name", name())
        .attribute("level", level())
        .attribute("serial", serial())
}

/// The managed resource.
pub(crate) struct EchoNested(World);

impl EchoNested {
    /// Replaces planned unknown values by known ones.
    fn finish(&self, mut model: Model, cx: &mut ApplyContext) -> Result<Model, Diagnostics> {
        let config = cx.config::<Model>()?;
        if let Attr::Known(one) = &mut model.single {
            self.finish_keyed(one, config.single.known());
        }
        let configs = config.list.into_known().unwrap_or_default();
        for (index, one) in known_mut(&mut model.list).into_iter().flatten().enumerate() {
            if let Attr::Known(one) = one {
                self.finish_keyed(one, configs.get(index).and_then(Attr::known));
            }
        }
        let configs = config.map.into_known().unwrap_or_default();
        for (key, one) in known_mut(&mut model.map).into_iter().flatten() {
            if let Attr::Known(one) = one {
                self.finish_keyed(one, configs.get(key).and_then(Attr::known));
            }
        }
        self.finish_all(&mut model.set);
        self.finish_all(&mut model.tag);
        let shelves = known_mut(&mut model.shelves).into_iter().flatten();
        for shelf in shelves.filter_map(known_mut) {
            let boxes = known_mut(&mut shelf.boxes).into_iter();
            for one in boxes.flat_map(BTreeMap::values_mut).filter_map(known_mut) {
                self.finish_all(&mut one.entries);
            }
        }
        for one in [&mut model.one, &mut model.options]
            .into_iter()
            .filter_map(known_mut)
        {
            self.number(&mut one.serial);
        }
        for rule in known_mut(&mut model.rule).into_iter().flatten() {
            self.number(&mut rule.serial);
            self.finish_all(&mut rule.exception);
        }
        let zones = known_mut(&mut model.zone).into_iter();
        for one in zones.flat_map(BTreeMap::values_mut) {
            self.number(&mut one.serial);
        }
        if model.made.is_unknown() {
            let made = ["first", "second"].map(|name| Entry {
                name: Attr::Known(name.to_owned()),
                level: Attr::Known("low".to_owned()),
                serial: Attr::Known(self.0.serial()),
            });
            model.made = Attr::Known(made.into());
        }
        Ok(model)
    }

    fn finish_all(&self, entries: &mut Attr<Vec<Attr<Entry>>>) {
        let entries = known_mut(entries).into_iter().flatten();
        for one in entries.filter_map(known_mut) {
            self.number(&mut one.serial);
        }
    }

    fn finish_keyed(&self, one: &mut Keyed, config: Option<&Keyed>) {
        self.number(&mut one.serial);
        if one.key_sha256.is_unknown() {
            let key = config.and_then(|config| config.key_wo.known());
            one.key_sha256 = key.map(|key| sha256(key.expose())).into();
        }
    }

    fn number(&self, serial: &mut Attr<String>) {
        if serial.is_unknown() {
            *serial = Attr::Known(self.0.serial());
        }
    }
}

fn known_mut<T>(attr: &mut Attr<T>) -> Option<&mut T> {
    match attr {
        Attr::Known(value) => Some(value),
        Attr::Null | Attr::Unknown => None,
    }
}

impl Resource for EchoNested {
    type Client = Client;
    type Model = Model;
    type Identity = NoIdentity;

    const NAME: &'static str = "echo_nested";

    fn schema() -> Schema {
        let optional = |nested: Nested| Attribute::optional(nested, "Objects that are kept.");
        let entries = Attribute::required(entry(Nested::set()), "What is in it.");
        let boxes = Nested::map().attribute("entries", entries);
        let shelves = Nested::list().attribute("boxes", Attribute::optional(boxes, "By label."));
        let made = Nested::list()
            .attribute("name", Attribute::computed(Type::String, "Its name."))
            .attribute(
                "level",
                Attribute::computed(Type::String, "How loud it is."),
            )
            .attribute(
                "serial",
                Attribute::computed(Type::String, "Which one it is."),
            );
        // The name in a group may be left out with the group.
        let options = Block::group("What is always there.")
            .attribute("name", Attribute::optional(Type::String, "Its name."))
            .attribute("level", level())
            .attribute("serial", serial());
        let exception = entry_block(Block::set("Where the rule does not hold.")).max_items(3);
        let rule = entry_block(Block::list("A rule.")).block("exception", exception);
        let moved = Attribute::required(Type::String, "Its name; another one is another object.")
            .requires_replace();
        let zone = Block::map("A place by its label.")
            .attribute("name", moved)
            .attribute("level", level())
            .attribute("serial", serial());
        Schema::new("Objects within objects, in every way that there is.")
            .attribute("id", serial())
            .attribute(
                "home",
                Attribute::optional(Type::String, "Where it is, unless `single` says so."),
            )
            .attribute("single", optional(keyed(Nested::single())))
            .attribute(
                "list",
                optional(keyed(Nested::list())).validate(validator::size(1..)),
            )
            .attribute("map", optional(keyed(Nested::map())))
            .attribute("set", optional(entry(Nested::set())))
            .attribute("shelves", optional(shelves))
            .attribute(
                "made",
                Attribute::computed(made, "What the provider makes.").use_state_for_unknown(),
            )
            .block("one", entry_block(Block::single("One, or none.")))
            .block("options", options)
            .block("rule", rule)
            .block(
                "tag",
                entry_block(Block::set("One of several, in no order.")),
            )
            .block("zone", zone)
            .validate(validator::at_most_one_of(["home", "single"]))
    }

    fn new(client: &Client) -> Self {
        Self(client.world.clone())
    }

    async fn create(&self, mut plan: Model, cx: &mut ApplyContext) -> Result<Model, Diagnostics> {
        plan.id = Attr::Known(self.0.create());
        self.finish(plan, cx)
    }

    async fn read(
        &self,
        state: Model,
        _: &mut ResourceContext,
    ) -> Result<Option<Model>, Diagnostics> {
        let is_there = self.0.has(state.id.as_deref().unwrap_or_default());
        Ok(is_there.then_some(state))
    }

    async fn update(
        &self,
        plan: Model,
        _: Model,
        cx: &mut ApplyContext,
    ) -> Result<Model, Diagnostics> {
        self.finish(plan, cx)
    }

    async fn delete(&self, state: Model, _: &mut ResourceContext) -> Result<(), Diagnostics> {
        self.0.delete(state.id.as_deref().unwrap_or_default());
        Ok(())
    }
}
