//! Validating managed resources: items 63 and 64 of the conformance checklist.

use serde_json::json;
use tfplugin::Path;

use crate::echo::World;
use tfplugin_testing::{HostProfile, UNKNOWN};

const EXAMPLE: &str = "echo_value.example";

#[tokio::test]
async fn c63_an_unknown_value_is_valid_before_the_provider_is_configured() {
    let world = World::starting_at(1);
    let mut core = crate::core(&world).await;
    core.provider_config(json!({ "token": UNKNOWN, "log_file": UNKNOWN }));
    let config = json!({
        "plain": UNKNOWN, "group": UNKNOWN, "value_wo": UNKNOWN,
        "value_wo_version": UNKNOWN, "script": UNKNOWN,
    });
    core.validate(EXAMPLE, config).await.expect_no_diagnostics();
}

#[tokio::test]
async fn c64_a_write_only_value_is_refused_if_the_host_would_store_it() {
    let world = World::starting_at(1);
    let core = crate::core(&world).await.on(HostProfile::TERRAFORM_1_10);
    core.validate(EXAMPLE, json!({ "plain": "a" }))
        .await
        .expect_no_diagnostics();
    for value in ["s3cret", UNKNOWN] {
        let validated = core.validate(EXAMPLE, json!({ "value_wo": value })).await;
        let error = validated.expect_error("Write-only Attribute Not Allowed");
        assert_eq!(error.path(), Some(&Path::of("value_wo")));
        assert!(error.detail().contains("Terraform 1.11"));
        assert!(!error.detail().contains("s3cret"));
    }
}
