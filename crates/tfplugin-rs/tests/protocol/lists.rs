//! List resources: item 69 of the conformance checklist, and the kind's part of 36, 38, 63 and 71.

use std::time::Duration;

use serde_json::{Value as Json, json};
use tfplugin::server::proto::{self, provider_server};
use tfplugin::{
    ApplyContext, Context, Diagnostics, ListResource, ListResults, NoIdentity, Provider, Registry,
    Resource, ResourceContext, Schema,
};
use tokio::time::timeout;
use tokio_stream::StreamExt;

use crate::echo::World;
use tfplugin_testing::rpc::Process;
use tfplugin_testing::{Query, UNKNOWN, Walk};

const VALUE: &str = "echo_value";

fn values(count: i64, script: &str) -> Json {
    json!({ "count_of_values": count, "script": script })
}

fn found(world: &World) -> usize {
    let events = world.events();
    events.iter().filter(|one| one.starts_with("find ")).count()
}

#[tokio::test]
async fn c69_each_event_has_an_identity_and_a_name() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let listed = core
        .list(VALUE, values(2, ""), Query::DEFAULT)
        .await
        .expect_no_diagnostics();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[0].name, "number 1");
    assert_eq!(listed[0].identity["id"], "echo-1");
    assert_eq!(listed[1].identity["id"], "echo-2");
    assert_eq!(listed[1].object, Json::Null);
}

#[tokio::test]
async fn c69_an_object_is_sent_only_on_request_and_without_write_only_values() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let listed = core
        .list(VALUE, values(1, ""), Query::OBJECTS)
        .await
        .expect_no_diagnostics();
    let object = &listed[0].object;
    assert_eq!(
        (&object["id"], &object["plain"]),
        (&json!("echo-1"), &json!("text 1"))
    );
    assert_eq!(object["value_wo"], Json::Null);
}

#[tokio::test]
async fn c69_the_limit_ends_the_list() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let query = Query::DEFAULT.limited_to(3);
    let listed = core.list(VALUE, values(1000, ""), query).await;
    assert_eq!(listed.expect_no_diagnostics().len(), 3);
    world.happened("listed").await;
    assert_eq!(found(&world), 3);
}

#[tokio::test]
async fn c69_no_more_than_the_limit_is_sent_even_if_the_author_pushes_more() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let process = core.process(Walk::Plan).await;
    let request = core.list_request(
        VALUE,
        values(10, "list: greedy"),
        Query::DEFAULT.limited_to(3),
    );
    let stream = provider_server::Provider::list_resource(process.server(), request).await;
    let events: Vec<_> = stream.unwrap().into_inner().collect().await;
    assert_eq!(events.len(), 3);
    assert_eq!(found(&world), 10);
}

#[tokio::test]
async fn without_a_limit_all_are_sent() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let process = core.process(Walk::Plan).await;
    for limit in [0, -1] {
        let request = core.list_request(VALUE, values(150, ""), Query::DEFAULT.limited_to(limit));
        let stream = provider_server::Provider::list_resource(process.server(), request).await;
        let events: Vec<_> = stream.unwrap().into_inner().collect().await;
        assert_eq!(events.len(), 150, "{limit}");
    }
}

#[tokio::test]
async fn c69_a_host_that_gives_up_ends_the_list() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let process = core.process(Walk::Plan).await;
    let request = core.list_request(
        VALUE,
        values(1000, "list: hold"),
        Query::DEFAULT.limited_to(1000),
    );
    let stream = provider_server::Provider::list_resource(process.server(), request).await;
    world.arrived(1).await;
    drop(stream);
    world.release();
    world.happened("list finished, stop signal: true").await;
    world.happened("listed").await;
    assert!(
        found(&world) <= 2,
        "{} were searched for after the end",
        found(&world)
    );
}

#[tokio::test]
async fn objects_are_sent_as_they_are_found_and_wait_for_a_slow_host() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let process = core.process(Walk::Plan).await;
    let request = core.list_request(
        VALUE,
        values(1000, "list: hold"),
        Query::OBJECTS.limited_to(1000),
    );
    let stream = provider_server::Provider::list_resource(process.server(), request).await;
    let mut stream = stream.unwrap().into_inner();
    // The first is there before there is a second.
    let first = timeout(Duration::from_secs(10), stream.next()).await;
    assert!(first.unwrap().is_some());
    world.arrived(1).await;
    assert_eq!(found(&world), 1);
    world.release();
    world.happened("find echo-10").await;
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(
        found(&world) < 100,
        "{} are held for a host that took one",
        found(&world)
    );
    let rest: Vec<_> = stream.collect().await;
    assert_eq!(rest.len(), 999);
}

#[tokio::test]
async fn c69_an_error_is_a_diagnostic_event_and_the_last() {
    for (script, summary) in [
        ("list: error", "Scripted Error"),
        ("list: add error", "Scripted Added Error"),
        ("list: panic", "Provider Bug"),
        ("list: unknown", "Provider Bug"),
        ("validate: error", "Scripted Error"),
        ("validate: panic", "Provider Bug"),
    ] {
        let world = World::starting_at(1);
        let core = crate::core(&world).await;
        let listed = core.list(VALUE, values(5, script), Query::OBJECTS).await;
        listed.expect_error(summary);
    }
}

#[tokio::test]
async fn c69_a_warning_does_not_end_the_list() {
    for count in [1, 5] {
        let world = World::starting_at(1);
        let core = crate::core(&world).await;
        let listed = core
            .list(VALUE, values(count, "list: warn"), Query::DEFAULT)
            .await;
        listed.expect_warning("Scripted Warning");
        assert_eq!(i64::try_from(listed.expect_ok().len()).unwrap(), count);
    }
}

#[tokio::test]
async fn c69_an_object_without_an_identity_is_a_bug_in_the_provider() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let config = json!({ "count_of_values": 1, "object_script": "identify: nothing" });
    let listed = core.list(VALUE, config, Query::DEFAULT).await;
    listed.expect_error("Provider Bug");
}

#[tokio::test]
async fn c63_an_unknown_configuration_is_valid_and_is_not_listed() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let config = json!({ "count_of_values": UNKNOWN });
    let listed = core.list(VALUE, config, Query::DEFAULT).await;
    listed.expect_error("config is not known");
    assert!(world.events().is_empty());
}

#[tokio::test]
async fn c38_the_metadata_names_the_list_resources_of_the_schema() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await;
    let process = core.process(Walk::Validate).await;
    let reply: proto::get_metadata::Response = process
        .call(
            proto::get_metadata::Request {},
            provider_server::Provider::get_metadata,
        )
        .await
        .unwrap();
    let named: Vec<_> = reply
        .list_resources
        .iter()
        .map(|one| &one.type_name)
        .collect();
    let declared: Vec<_> = core.schemas().list_resources.keys().collect();
    assert_eq!(named, declared);
    assert_eq!(named, [VALUE]);
}

/// A provider with a list resource that Terraform could not use.
struct Unlistable<const WITH_RESOURCE: bool>;

/// A resource without an identity, and its list.
struct Nameless<const WITH_RESOURCE: bool>;

impl<const WITH_RESOURCE: bool> Provider for Unlistable<WITH_RESOURCE> {
    type Config = Json;
    type Client = ();

    const NAME: &'static str = "unlistable";

    fn schema() -> Schema {
        Schema::new("Cannot be listed.")
    }

    fn registry() -> Registry<Self::Client> {
        let registry = Registry::new().list_resource::<Nameless<WITH_RESOURCE>>();
        if WITH_RESOURCE {
            registry.resource::<Nameless<WITH_RESOURCE>>()
        } else {
            registry
        }
    }

    async fn configure(&self, _: Json, _: &mut Context) -> Result<(), Diagnostics> {
        Ok(())
    }
}

impl<const WITH_RESOURCE: bool> Resource for Nameless<WITH_RESOURCE> {
    type Client = ();
    type Model = Json;
    type Identity = NoIdentity;

    const NAME: &'static str = "unlistable_thing";

    fn schema() -> Schema {
        Schema::new("A thing.")
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

impl<const WITH_RESOURCE: bool> ListResource for Nameless<WITH_RESOURCE> {
    type Resource = Self;
    type Config = Json;

    fn schema() -> Schema {
        Schema::new("Things.")
    }

    fn new((): &()) -> Self {
        Self
    }

    async fn list(
        &self,
        _: Json,
        _: &mut ListResults<Self>,
        _: &mut Context,
    ) -> Result<(), Diagnostics> {
        Ok(())
    }
}

#[tokio::test]
async fn c36_a_provider_whose_list_terraform_could_not_use_does_not_start() {
    let problems = |started: Result<_, Diagnostics>| started.map(drop).unwrap_err().to_string();
    let alone = problems(Process::start(Unlistable::<false>).schemas().await);
    assert!(
        alone.contains("has no managed resource of its name"),
        "{alone}"
    );
    let nameless = problems(Process::start(Unlistable::<true>).schemas().await);
    assert!(nameless.contains("has no identity"), "{nameless}");
}
