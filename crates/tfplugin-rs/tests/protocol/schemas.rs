//! Schemas: items 35 to 39 of the conformance checklist.
//!
//! [`Core::start`](tfplugin_testing::Core::start) checks a schema as Terraform does. Tests with real hosts check that
//! these accept it.

use prost::Message;
use tfplugin::schema::Block;
use tfplugin::server::proto::{self, provider_server};
use tfplugin::{Attribute, Context, Diagnostics, Provider, Registry, Schema, Type};

use crate::echo::{Echo, World};
use tfplugin_testing::rpc::Process;
use tfplugin_testing::schema::Schemas;

fn process() -> Process<Echo> {
    Process::start(Echo::new(World::starting_at(1)))
}

async fn schema() -> proto::get_provider_schema::Response {
    process()
        .call(
            proto::get_provider_schema::Request {},
            provider_server::Provider::get_provider_schema,
        )
        .await
        .unwrap()
}

#[tokio::test]
async fn c35_the_schema_is_returned_before_the_provider_is_configured() {
    let reply = schema().await;
    assert_eq!(reply.diagnostics, []);
    let resources: Vec<_> = reply.resource_schemas.keys().collect();
    assert_eq!(resources, ["echo_nested", "echo_types", "echo_value"]);
}

#[tokio::test]
async fn c36_a_schema_that_terraform_would_refuse_is_refused_here() {
    let sound = schema().await;
    assert!(Schemas::read(sound.clone()).is_ok());

    #[track_caller]
    fn check(
        sound: &proto::get_provider_schema::Response,
        spoil: impl Fn(&mut proto::schema::Attribute),
        problem: &str,
    ) {
        let mut reply = sound.clone();
        let schema = reply.resource_schemas.get_mut("echo_value").unwrap();
        let attributes = &mut schema.block.as_mut().unwrap().attributes;
        let plain = attributes.iter_mut().find(|one| one.name == "plain");
        spoil(plain.unwrap());
        let problems = Schemas::read(reply).unwrap_err();
        assert!(problems.join("\n").contains(problem), "{problems:?}");
    }
    check(&sound, |one| one.r#type = b"string".to_vec(), "not JSON");
    check(&sound, |one| one.required = true, "cannot set Required");
    check(&sound, |one| one.optional = false, "must set Optional");
    check(&sound, |one| one.name = "id".to_owned(), "declared twice");
    check(&sound, |one| one.name = "Plain".to_owned(), "lower-case");
    check(
        &sound,
        |one| (one.write_only, one.computed) = (true, true),
        "write-only",
    );
    check(
        &sound,
        |one| one.deprecation_message = "Use another.".to_owned(),
        "deprecated flag",
    );

    let mut blockless = sound;
    blockless.provider.as_mut().unwrap().block = None;
    let problems = Schemas::read(blockless).unwrap_err();
    assert_eq!(problems, ["provider: no block, which crashes Terraform"]);
}

#[tokio::test]
async fn c36_the_flags_of_attributes_arrive() {
    let reply = schema().await;
    let schemas = Schemas::read(reply).unwrap();
    let value = &schemas.resources["echo_value"].attributes;
    assert!(value["value_wo"].write_only && value["value_wo"].sensitive);
    assert!(value["id"].computed && !value["id"].optional);
    let types = &schemas.resources["echo_types"].attributes;
    assert!(types["computed"].computed && types["computed"].optional);
    assert_eq!(types["set"].ty, Type::set(Type::String));
    assert_eq!(types["dynamic"].ty, Type::Dynamic);
    assert!(schemas.ephemeral_resources["echo_secret"].attributes["text"].required);
    assert!(schemas.provider.attributes["token"].sensitive);
}

#[tokio::test]
async fn c37_a_process_can_be_configured_without_a_request_for_its_schema() {
    let reply = schema().await;
    let capabilities = reply.server_capabilities.unwrap();
    assert!(capabilities.get_provider_schema_optional);
    assert!(capabilities.plan_destroy);
    assert!(capabilities.move_resource_state);
    assert!(capabilities.generate_resource_config);
    // Core requests the schema in another process than those that it configures.
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    core.apply_config("echo_value.example", serde_json::json!({}))
        .await;
}

#[tokio::test]
async fn c38_metadata_functions_and_identities_agree_with_the_schema() {
    let schema = schema().await;
    let process = process();
    let metadata: proto::get_metadata::Response = process
        .call(
            proto::get_metadata::Request {},
            provider_server::Provider::get_metadata,
        )
        .await
        .unwrap();
    let mut resources: Vec<_> = metadata
        .resources
        .iter()
        .map(|one| &one.type_name)
        .collect();
    resources.sort();
    assert!(resources.into_iter().eq(schema.resource_schemas.keys()));
    let data_sources = metadata.data_sources.iter().map(|one| &one.type_name);
    assert!(data_sources.eq(schema.data_source_schemas.keys()));
    let ephemeral = metadata.ephemeral_resources.iter();
    assert!(
        ephemeral
            .map(|one| &one.type_name)
            .eq(schema.ephemeral_resource_schemas.keys())
    );
    assert_eq!(metadata.server_capabilities, schema.server_capabilities);
    assert!(metadata.functions.is_empty() && schema.functions.is_empty());

    let functions: proto::get_functions::Response = process
        .call(
            proto::get_functions::Request {},
            provider_server::Provider::get_functions,
        )
        .await
        .unwrap();
    assert_eq!(functions, Default::default());
    let identities: proto::get_resource_identity_schemas::Response = process
        .call(
            proto::get_resource_identity_schemas::Request {},
            provider_server::Provider::get_resource_identity_schemas,
        )
        .await
        .unwrap();
    assert_eq!(identities.diagnostics, []);
    let with_identity: Vec<_> = identities.identity_schemas.keys().collect();
    assert_eq!(with_identity, ["echo_value"]);
}

#[tokio::test]
async fn c39_the_schema_fits_into_what_terraform_accepts() {
    const LIMIT: usize = 64 << 20;
    assert!(schema().await.encoded_len() < LIMIT);
}

/// One broken schema would make every command fail for every practitioner, so the author must see the problem first.
#[tokio::test]
async fn c36_a_schema_that_terraform_would_refuse_is_reported_to_its_author() {
    struct Broken;

    #[derive(serde::Deserialize)]
    struct Config {}

    impl Provider for Broken {
        type Config = Config;
        type Client = ();

        const NAME: &'static str = "broken";

        fn schema() -> Schema {
            let any = Attribute::optional(Type::Dynamic, "Anything.");
            Schema::new("Broken.").block("rule", Block::set("A rule.").attribute("any", any))
        }

        fn registry() -> Registry<Self::Client> {
            Registry::new()
        }

        async fn configure(&self, _: Config, _: &mut Context) -> Result<(), Diagnostics> {
            Ok(())
        }
    }

    let error = Process::start(Broken).schemas().await.unwrap_err();
    let message = error.to_string();
    assert!(
        message.contains("broken: rule.any: a set cannot contain dynamic values"),
        "{message}"
    );
}
