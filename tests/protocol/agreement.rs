//! What a process tells of itself, whichever way it is asked: items 35 to 39 and 68 of the conformance checklist, of
//! the SDK's own provider and of ours.

use std::collections::BTreeSet;

use prost::Message;
use terraform_provider_tfe::client::Environment;
use terraform_provider_tfe::provider::{Clock, Tfe};
use terraform_provider_tfe::tfplugin::Provider;
use terraform_provider_tfe::tfplugin::server::proto::{self, provider_server};

use crate::core::{Process, Schemas};
use crate::echo::{Echo, World};

/// Terraform's own bound of the answer (`internal/plugin6/grpc_provider.go`).
const LIMIT: usize = 64 << 20;

fn echo() -> Process<Echo> {
    Process::start(Echo::new(World::starting_at(1)))
}

/// Nothing that is asked here is configured, or needs anything.
fn tfe() -> Process<Tfe> {
    let clock = Clock::from_fn(|| panic!("a schema needs no clock"));
    Process::start(Tfe::new(Environment::for_test(), clock))
}

async fn schema<P: Provider>(process: &Process<P>) -> proto::get_provider_schema::Response {
    let request = proto::get_provider_schema::Request {};
    let reply = process.call(request, provider_server::Provider::get_provider_schema);
    reply.await.unwrap()
}

/// The names of one kind of objects, sorted.
fn names<'a>(names: impl IntoIterator<Item = &'a String>) -> BTreeSet<&'a str> {
    names.into_iter().map(String::as_str).collect()
}

async fn check<P: Provider>(process: Process<P>) {
    let told = schema(&process).await;
    assert_eq!(told.diagnostics, []);
    assert!(told.encoded_len() < LIMIT, "{} bytes", told.encoded_len());
    if let Err(problems) = Schemas::read(told.clone()) {
        panic!("{problems:#?}");
    }
    let capabilities = told.server_capabilities.expect("capabilities");
    assert!(capabilities.get_provider_schema_optional && capabilities.plan_destroy);

    let request = proto::get_metadata::Request {};
    let metadata: proto::get_metadata::Response = process
        .call(request, provider_server::Provider::get_metadata)
        .await
        .unwrap();
    assert_eq!(metadata.server_capabilities, told.server_capabilities);
    let all = [
        (
            names(metadata.resources.iter().map(|one| &one.type_name)),
            names(told.resource_schemas.keys()),
        ),
        (
            names(metadata.data_sources.iter().map(|one| &one.type_name)),
            names(told.data_source_schemas.keys()),
        ),
        (
            names(
                metadata
                    .ephemeral_resources
                    .iter()
                    .map(|one| &one.type_name),
            ),
            names(told.ephemeral_resource_schemas.keys()),
        ),
        (
            names(metadata.list_resources.iter().map(|one| &one.type_name)),
            names(told.list_resource_schemas.keys()),
        ),
        (
            names(metadata.actions.iter().map(|one| &one.type_name)),
            names(told.action_schemas.keys()),
        ),
    ];
    for (metadata, schema) in all {
        assert_eq!(metadata, schema);
    }

    let request = proto::get_resource_identity_schemas::Request {};
    let identities: proto::get_resource_identity_schemas::Response = process
        .call(
            request,
            provider_server::Provider::get_resource_identity_schemas,
        )
        .await
        .unwrap();
    let resources = names(told.resource_schemas.keys());
    let identities = names(identities.identity_schemas.keys());
    let listed = names(told.list_resource_schemas.keys());
    // What is listed is a resource with an identity, or Terraform refuses every command.
    assert!(
        identities.is_subset(&resources),
        "{identities:?} {resources:?}"
    );
    assert!(listed.is_subset(&identities), "{listed:?} {identities:?}");
}

/// Conformance: 35, 36, 37, 38, 39.
#[tokio::test]
async fn what_echo_tells_of_itself_agrees() {
    check(echo()).await;
}

/// Conformance: 35, 36, 37, 38, 39.
#[tokio::test]
async fn what_tfe_tells_of_itself_agrees() {
    check(tfe()).await;
}

async fn check_functions<P: Provider>(process: Process<P>) {
    assert!(schema(&process).await.functions.is_empty());
    let request = proto::get_functions::Request {};
    let functions: proto::get_functions::Response = process
        .call(request, provider_server::Provider::get_functions)
        .await
        .unwrap();
    assert!(functions.functions.is_empty() && functions.diagnostics.is_empty());
    let mut replies = Vec::new();
    for _ in 0..2 {
        let request = proto::call_function::Request {
            name: "anything".to_owned(),
            arguments: vec![proto::DynamicValue::default()],
        };
        let reply: proto::call_function::Response = process
            .call(request, provider_server::Provider::call_function)
            .await
            .unwrap();
        replies.push(reply);
    }
    let error = replies[0].error.as_ref().expect("an error");
    assert!(error.text.contains("anything"), "{}", error.text);
    assert_eq!(error.function_argument, None, "no argument is to blame");
    assert_eq!(replies[0], replies[1]);
}

#[tokio::test]
async fn c68_who_has_no_functions_says_so_unconfigured_and_every_time() {
    check_functions(echo()).await;
    check_functions(tfe()).await;
}
