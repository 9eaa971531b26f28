//! Plans and applies random schemas and configurations: none breaks a rule of Terraform.
//!
//! The provider has one resource with the schema of the test. It replaces unknown values by known ones.

use std::cell::RefCell;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use tfplugin::schema::{Block, Nested, Nesting, ObjectKind};
use tfplugin::{
    ApplyContext, Attribute, Context, Diagnostics, NoIdentity, Provider, Registry, Resource,
    ResourceContext, Schema, Type, Value,
};

use tfplugin_testing::{Core, ResourceAction, UNKNOWN};

const EXAMPLE: &str = "any_thing.example";
const CASES: u32 = 48;

thread_local! {
    /// The schema of the test. `Resource::schema` has no argument to pass it.
    static SCHEMA: RefCell<Schema> = RefCell::new(Schema::new("Nothing."));
}

struct Any;

#[derive(Deserialize)]
struct Config {}

impl Provider for Any {
    type Config = Config;
    type Client = ();

    const NAME: &'static str = "any";

    fn schema() -> Schema {
        Schema::new("Nothing.")
    }

    fn registry() -> Registry<Self::Client> {
        Registry::new().resource::<Thing>()
    }

    async fn configure(&self, _: Config, _: &mut Context) -> Result<(), Diagnostics> {
        Ok(())
    }
}

struct Thing;

impl Resource for Thing {
    type Client = ();
    type Model = Value;
    type Identity = NoIdentity;

    const NAME: &'static str = "any_thing";

    fn schema() -> Schema {
        SCHEMA.with(|schema| schema.borrow().clone())
    }

    fn new((): &()) -> Self {
        Self
    }

    async fn create(&self, plan: Value, _: &mut ApplyContext) -> Result<Value, Diagnostics> {
        Ok(made(&Self::schema().ty(), plan))
    }

    async fn read(
        &self,
        state: Value,
        _: &mut ResourceContext,
    ) -> Result<Option<Value>, Diagnostics> {
        Ok(Some(state))
    }

    async fn update(
        &self,
        plan: Value,
        _: Value,
        _: &mut ApplyContext,
    ) -> Result<Value, Diagnostics> {
        Ok(made(&Self::schema().ty(), plan))
    }

    async fn delete(&self, _: Value, _: &mut ResourceContext) -> Result<(), Diagnostics> {
        Ok(())
    }
}

/// Replaces every unknown value by a known one.
fn made(ty: &Type, value: Value) -> Value {
    let unknown = value.is_unknown();
    match (ty, value) {
        (Type::String, _) if unknown => Value::from("made"),
        (Type::Number, _) if unknown => Value::from(7),
        (Type::Bool, _) if unknown => Value::from(true),
        (Type::List(of) | Type::Set(of), _) if unknown => {
            Value::List(vec![made(of, Value::unknown())])
        }
        (Type::Map(of), _) if unknown => Value::object([("made", made(of, Value::unknown()))]),
        (Type::Object(object), _) if unknown => {
            let attributes = object.attributes.iter();
            Value::object(attributes.map(|(name, ty)| (name, made(ty, Value::unknown()))))
        }
        (Type::List(of), Value::List(elements)) => {
            Value::List(elements.into_iter().map(|one| made(of, one)).collect())
        }
        (Type::Set(of), Value::List(elements)) => {
            Value::set_of(elements.into_iter().map(|one| made(of, one)))
        }
        (Type::Map(of), Value::Map(elements)) => {
            Value::object(elements.into_iter().map(|(key, one)| (key, made(of, one))))
        }
        (Type::Object(object), Value::Map(attributes)) => {
            Value::object(attributes.into_iter().map(|(name, one)| {
                let one = made(&object.attributes[&name], one);
                (name, one)
            }))
        }
        (_, value) => value,
    }
}

/// A random body, of which a schema is built.
#[derive(Clone, Debug)]
struct BodyPlan {
    attributes: Vec<AttributePlan>,
    blocks: Vec<(Nesting, BodyPlan)>,
}

#[derive(Clone, Debug)]
struct AttributePlan {
    who: Who,
    what: What,
    kept: bool,
    replaces: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Required,
    Optional,
    OptionalComputed,
    WithDefault,
    Computed,
    WriteOnly,
}

#[derive(Clone, Debug)]
enum What {
    Plain(Type),
    Nested(Nesting, BodyPlan),
}

/// The surroundings of a body, which limit what it may contain.
#[derive(Clone, Copy)]
struct Around {
    in_set: bool,
    /// A computed attribute: everything in it is computed too.
    made: bool,
    read_only: bool,
}

const NAMES: [&str; 3] = ["a", "b", "c"];
const BLOCKS: [&str; 2] = ["p", "q"];

fn any_body(depth: u32, around: Around) -> BoxedStrategy<BodyPlan> {
    let attributes = vec(any_attribute(depth, around), 1..=NAMES.len());
    let blocks = if depth == 0 || around.made {
        Just(Vec::new()).boxed()
    } else {
        vec(any_block(depth - 1, around), 0..=BLOCKS.len()).boxed()
    };
    (attributes, blocks)
        .prop_map(|(attributes, blocks)| BodyPlan { attributes, blocks })
        .boxed()
}

fn any_block(depth: u32, around: Around) -> BoxedStrategy<(Nesting, BodyPlan)> {
    select(vec![
        Nesting::Single,
        Nesting::Group,
        Nesting::List,
        Nesting::Set,
        Nesting::Map,
    ])
    .prop_flat_map(move |nesting| {
        let around = Around {
            in_set: around.in_set || nesting == Nesting::Set,
            ..around
        };
        let body = any_body(depth, around).prop_map(move |mut body| {
            if nesting == Nesting::Group {
                // A required attribute in a group would make the group required.
                for one in body
                    .attributes
                    .iter_mut()
                    .filter(|one| one.who == Who::Required)
                {
                    one.who = Who::Optional;
                }
            }
            body
        });
        (Just(nesting), body)
    })
    .boxed()
}

fn any_attribute(depth: u32, around: Around) -> BoxedStrategy<AttributePlan> {
    let who = if around.read_only {
        vec![Who::Computed]
    } else if around.made {
        vec![Who::OptionalComputed, Who::Computed]
    } else if around.in_set {
        // Two elements that differ only in computed attributes could become equal.
        vec![Who::Required, Who::Optional, Who::Computed]
    } else {
        vec![
            Who::Required,
            Who::Optional,
            Who::OptionalComputed,
            Who::WithDefault,
            Who::Computed,
            Who::WriteOnly,
        ]
    };
    (select(who), any::<bool>(), prop::bool::weighted(0.1))
        .prop_flat_map(move |(who, kept, replaces)| {
            let what = match who {
                Who::WithDefault => Just(What::Plain(Type::String)).boxed(),
                Who::WriteOnly => any_type(around).prop_map(What::Plain).boxed(),
                _ if depth == 0 => any_type(around).prop_map(What::Plain).boxed(),
                _ => {
                    let within = Around {
                        in_set: around.in_set,
                        made: around.made || matches!(who, Who::Computed | Who::OptionalComputed),
                        read_only: around.read_only || who == Who::Computed,
                    };
                    prop_oneof![
                        2 => any_type(around).prop_map(What::Plain),
                        3 => any_nested(depth - 1, within),
                    ]
                    .boxed()
                }
            };
            what.prop_map(move |what| AttributePlan {
                who,
                what,
                kept,
                replaces,
            })
        })
        .boxed()
}

fn any_nested(depth: u32, around: Around) -> BoxedStrategy<What> {
    select(vec![
        Nesting::Single,
        Nesting::List,
        Nesting::Set,
        Nesting::Map,
    ])
    .prop_filter("a set of what may be computed", move |nesting| {
        !(around.made && !around.read_only && *nesting == Nesting::Set)
    })
    .prop_flat_map(move |nesting| {
        let around = Around {
            in_set: around.in_set || nesting == Nesting::Set,
            ..around
        };
        let body = any_body(depth, around).prop_map(|body| BodyPlan {
            blocks: Vec::new(),
            ..body
        });
        body.prop_map(move |body| What::Nested(nesting, body))
    })
    .boxed()
}

fn any_type(_: Around) -> impl Strategy<Value = Type> {
    select(vec![
        Type::String,
        Type::Number,
        Type::Bool,
        Type::list(Type::String),
        Type::set(Type::Number),
        Type::map(Type::Bool),
    ])
}

impl AttributePlan {
    fn build(&self) -> Attribute {
        const ABOUT: &str = "Something.";
        let attribute = |make: fn(What) -> Attribute| make(self.what.clone());
        let attribute = match self.who {
            Who::Required => attribute(|what| Attribute::required(what, ABOUT)),
            Who::Optional => attribute(|what| Attribute::optional(what, ABOUT)),
            Who::OptionalComputed => attribute(|what| Attribute::optional_computed(what, ABOUT)),
            Who::WithDefault => attribute(|what| Attribute::optional_computed(what, ABOUT))
                .default_value("default".into()),
            Who::Computed => attribute(|what| Attribute::computed(what, ABOUT)),
            Who::WriteOnly => attribute(|what| Attribute::optional(what, ABOUT)).write_only(),
        };
        let attribute = if self.kept && matches!(self.who, Who::Computed | Who::OptionalComputed) {
            attribute.use_state_for_unknown()
        } else {
            attribute
        };
        if self.replaces && matches!(self.who, Who::Required | Who::Optional) {
            attribute.requires_replace()
        } else {
            attribute
        }
    }
}

impl From<What> for tfplugin::schema::AttributeType {
    fn from(what: What) -> Self {
        match what {
            What::Plain(ty) => ty.into(),
            What::Nested(nesting, body) => {
                let nested = match nesting {
                    Nesting::Single | Nesting::Group => Nested::single(),
                    Nesting::List => Nested::list(),
                    Nesting::Set => Nested::set(),
                    Nesting::Map => Nested::map(),
                };
                let attributes = NAMES.into_iter().zip(&body.attributes);
                attributes
                    .fold(nested, |nested, (name, one)| {
                        nested.attribute(name, one.build())
                    })
                    .into()
            }
        }
    }
}

impl BodyPlan {
    fn schema(&self) -> Schema {
        let attributes = NAMES.into_iter().zip(&self.attributes);
        let schema = attributes.fold(Schema::new("Something."), |schema, (name, one)| {
            schema.attribute(name, one.build())
        });
        let blocks = BLOCKS.into_iter().zip(&self.blocks);
        blocks.fold(schema, |schema, (name, (nesting, body))| {
            schema.block(name, body.block(*nesting))
        })
    }

    fn block(&self, nesting: Nesting) -> Block {
        const ABOUT: &str = "Something.";
        let block = match nesting {
            Nesting::Single => Block::single(ABOUT),
            Nesting::Group => Block::group(ABOUT),
            Nesting::List => Block::list(ABOUT),
            Nesting::Set => Block::set(ABOUT),
            Nesting::Map => Block::map(ABOUT),
        };
        let attributes = NAMES.into_iter().zip(&self.attributes);
        let block = attributes.fold(block, |block, (name, one)| {
            block.attribute(name, one.build())
        });
        let blocks = BLOCKS.into_iter().zip(&self.blocks);
        blocks.fold(block, |block, (name, (nesting, body))| {
            block.block(name, body.block(*nesting))
        })
    }

    /// A configuration that Terraform accepts, and the same with unknown values.
    fn config(&self) -> BoxedStrategy<(Json, Json)> {
        let attributes: Vec<_> = self.attributes.iter().map(AttributePlan::config).collect();
        let blocks: Vec<_> = self
            .blocks
            .iter()
            .map(|(nesting, body)| elements(*nesting, body))
            .collect();
        (attributes, blocks)
            .prop_map(|(attributes, blocks)| {
                let attributes = NAMES.into_iter().zip(attributes);
                let blocks = BLOCKS.into_iter().zip(blocks);
                let (mut known, mut unknown) = (Map::new(), Map::new());
                for (name, pair) in attributes.chain(blocks) {
                    if let Some((one, other)) = pair {
                        known.insert(name.to_owned(), one);
                        unknown.insert(name.to_owned(), other);
                    }
                }
                (Json::Object(known), Json::Object(unknown))
            })
            .boxed()
    }
}

type Pair = (Json, Json);

impl AttributePlan {
    fn config(&self) -> BoxedStrategy<Option<Pair>> {
        let value = match &self.what {
            What::Plain(ty) => plain(ty).prop_map(|one| (one.clone(), one)).boxed(),
            What::Nested(nesting, body) => elements(*nesting, body)
                .prop_map(|pair| pair.unwrap_or((json!(null), json!(null))))
                .prop_filter("one that is there", |(one, _)| !one.is_null())
                .boxed(),
        };
        let value = (value, prop::bool::weighted(0.15)).prop_map(|((known, other), hidden)| {
            let other = if hidden { json!(UNKNOWN) } else { other };
            (known, other)
        });
        match self.who {
            Who::Computed => Just(None).boxed(),
            Who::Required => value.prop_map(Some).boxed(),
            _ => option::of(value).boxed(),
        }
    }
}

fn plain(ty: &Type) -> BoxedStrategy<Json> {
    let text = || select(vec!["", "x", "y", "ä"]);
    match ty {
        Type::String => text().prop_map(|one| json!(one)).boxed(),
        Type::Number => (-2..3).prop_map(|one| json!(one)).boxed(),
        Type::Bool => any::<bool>().prop_map(|one| json!(one)).boxed(),
        Type::List(of) | Type::Set(of) => vec(plain(of), 0..3).prop_map(|one| json!(one)).boxed(),
        Type::Map(of) => option::of(plain(of))
            .prop_map(|one| one.map_or(json!({}), |one| json!({ "k": one })))
            .boxed(),
        other => unreachable!("no attribute is {other}"),
    }
}

/// The objects of a nested attribute or block. `None` for none.
fn elements(nesting: Nesting, body: &BodyPlan) -> BoxedStrategy<Option<Pair>> {
    let one = body.config();
    let of = |pairs: Vec<Pair>| -> Pair {
        let (known, unknown): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        (json!(known), json!(unknown))
    };
    match nesting {
        Nesting::Single => option::of(one).boxed(),
        Nesting::Group => one.prop_map(Some).boxed(),
        Nesting::List => vec(one, 0..3)
            .prop_map(move |pairs| Some(of(pairs)))
            .boxed(),
        // Unknown elements that become equal at apply would be merged.
        Nesting::Set => vec(one, 0..3)
            .prop_map(move |pairs| {
                let mut pairs = pairs;
                pairs.sort_by_key(|(known, _)| known.to_string());
                pairs.dedup_by_key(|(known, _)| known.to_string());
                Some(of(pairs))
            })
            .boxed(),
        Nesting::Map => vec(one, 0..3)
            .prop_map(|pairs| {
                let keys = ["k", "l", "m"].into_iter();
                let (known, unknown): (Map<_, _>, Map<_, _>) = keys
                    .zip(pairs)
                    .map(|(key, (one, other))| ((key.to_owned(), one), (key.to_owned(), other)))
                    .unzip();
                Some((Json::Object(known), Json::Object(unknown)))
            })
            .boxed(),
    }
}

fn any_story() -> impl Strategy<Value = (BodyPlan, Pair, Pair)> {
    let around = Around {
        in_set: false,
        made: false,
        read_only: false,
    };
    any_body(3, around).prop_flat_map(|body| {
        let (first, second) = (body.config(), body.config());
        (Just(body), first, second)
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_schema_and_no_configuration_breaks_a_rule_of_terraform(
        (body, first, second) in any_story()
    ) {
        let schema = body.schema();
        let problems = schema.problems(ObjectKind::Resource);
        prop_assert_eq!(problems, Vec::<String>::new());
        SCHEMA.with(|place| *place.borrow_mut() = schema);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(live(first, second));
    }
}

/// Creates and updates with unknown values, and destroys. After each apply the plan is empty. `Core` checks every
/// response.
async fn live(first: Pair, second: Pair) {
    let mut core = Core::start(|| Any).await;
    for (known, unknown) in [first, second] {
        let plan = core.plan(EXAMPLE, unknown).await.expect_no_diagnostics();
        core.apply(plan.with_config(known.clone()))
            .await
            .expect_no_diagnostics();
        let next = core
            .plan(EXAMPLE, known.clone())
            .await
            .expect_no_diagnostics();
        assert_eq!(
            next.action,
            ResourceAction::NoOp,
            "{} becomes {}",
            next.before(),
            next.after()
        );
        let twice = core.plan(EXAMPLE, known).await.expect_no_diagnostics();
        assert_eq!(next.after(), twice.after());
    }
    core.destroy(EXAMPLE).await.expect_no_diagnostics();
}
