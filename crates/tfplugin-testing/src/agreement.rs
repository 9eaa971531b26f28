//! [`assert_agrees`]: compares the RPCs that describe a provider.

use std::collections::BTreeSet;

use prost::Message;
use tfplugin::Provider;
use tfplugin::server::proto::{self, provider_server};

use super::process::Process;
use super::schema::Schemas;

/// Terraform's own limit for the reply (`internal/plugin6/grpc_provider.go`).
const LIMIT: usize = 64 << 20;

async fn schema<P: Provider>(process: &Process<P>) -> proto::get_provider_schema::Response {
    let request = proto::get_provider_schema::Request {};
    let reply = process.call(request, provider_server::Provider::get_provider_schema);
    reply.await.expect("a reply")
}

/// Returns the names of one kind of objects, sorted.
fn names<'a>(names: impl IntoIterator<Item = &'a String>) -> BTreeSet<&'a str> {
    names.into_iter().map(String::as_str).collect()
}

/// Asserts that GetProviderSchema, GetMetadata and GetResourceIdentitySchemas describe the same objects, and that
/// Terraform would accept the schemas.
///
/// # Panics
///
/// Panics if one differs, or if Terraform would refuse a schema.
pub async fn assert_agrees<P: Provider>(process: Process<P>) {
    let schema_reply = schema(&process).await;
    assert_eq!(schema_reply.diagnostics, []);
    assert!(
        schema_reply.encoded_len() < LIMIT,
        "{} bytes",
        schema_reply.encoded_len()
    );
    if let Err(problems) = Schemas::read(schema_reply.clone()) {
        panic!("{problems:#?}");
    }
    let capabilities = schema_reply.server_capabilities.expect("capabilities");
    assert!(capabilities.get_provider_schema_optional && capabilities.plan_destroy);

    let request = proto::get_metadata::Request {};
    let metadata: proto::get_metadata::Response = process
        .call(request, provider_server::Provider::get_metadata)
        .await
        .expect("a reply");
    assert_eq!(
        metadata.server_capabilities,
        schema_reply.server_capabilities
    );
    let all = [
        (
            names(metadata.resources.iter().map(|one| &one.type_name)),
            names(schema_reply.resource_schemas.keys()),
        ),
        (
            names(metadata.data_sources.iter().map(|one| &one.type_name)),
            names(schema_reply.data_source_schemas.keys()),
        ),
        (
            names(
                metadata
                    .ephemeral_resources
                    .iter()
                    .map(|one| &one.type_name),
            ),
            names(schema_reply.ephemeral_resource_schemas.keys()),
        ),
        (
            names(metadata.list_resources.iter().map(|one| &one.type_name)),
            names(schema_reply.list_resource_schemas.keys()),
        ),
        (
            names(metadata.actions.iter().map(|one| &one.type_name)),
            names(schema_reply.action_schemas.keys()),
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
        .expect("a reply");
    let resources = names(schema_reply.resource_schemas.keys());
    let identities = names(identities.identity_schemas.keys());
    let listed = names(schema_reply.list_resource_schemas.keys());
    // Terraform refuses every command if a list resource is not a resource with an identity.
    assert!(
        identities.is_subset(&resources),
        "{identities:?} {resources:?}"
    );
    assert!(listed.is_subset(&identities), "{listed:?} {identities:?}");
}

/// Asserts that a provider declares no functions, and answers every call of one with the same error.
///
/// # Panics
///
/// Panics if the provider declares a function.
pub async fn assert_has_no_functions<P: Provider>(process: Process<P>) {
    assert!(schema(&process).await.functions.is_empty());
    let request = proto::get_functions::Request {};
    let functions: proto::get_functions::Response = process
        .call(request, provider_server::Provider::get_functions)
        .await
        .expect("a reply");
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
            .expect("a reply");
        replies.push(reply);
    }
    let error = replies[0].error.as_ref().expect("an error");
    assert!(error.text.contains("anything"), "{}", error.text);
    assert_eq!(error.function_argument, None, "no argument is to blame");
    assert_eq!(replies[0], replies[1]);
}
