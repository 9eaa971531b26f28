//! The configuration that Terraform generates for an imported token.

use serde_json::{Value as Json, json};

use super::sealing::KEY;
use super::{DATE, EXAMPLE, ORGANIZATION, Setup};
use tfplugin_testing::{HostProfile, ResourceAction};

fn only_the_organization() -> Json {
    json!({
        "id": null, "organization": ORGANIZATION, "expired_at": null, "force_regenerate": null,
        "regenerate_triggers": null, "seal_token": null, "token": null, "sealed_token": null,
        "token_id": null, "created_at": null, "secret_version": null, "status": null,
    })
}

#[tokio::test]
async fn a_generated_configuration_names_the_organization_and_plans_no_change() {
    let mut setup = Setup::new().await;
    setup.core = setup.core.on(HostProfile::TERRAFORM_1_12);
    let until = DATE.parse().unwrap();
    setup
        .simulator
        .regenerate_elsewhere_until(ORGANIZATION, until);
    setup.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
    setup.sent();

    let generated = setup
        .core
        .generated_config(EXAMPLE)
        .await
        .expect_no_diagnostics();
    assert_eq!(generated, only_the_organization());
    assert_eq!(setup.sent(), Vec::<String>::new());
    let plan = setup.core.plan(EXAMPLE, generated).await.expect_ok();
    assert_eq!(plan.action, ResourceAction::NoOp);
}

#[tokio::test]
async fn one_time_arguments_are_left_out_of_a_generated_configuration() {
    let mut setup = Setup::new().await;
    setup.core.provider_config(json!({ "sealing_key": KEY }));
    let more = json!({
        "force_regenerate": true, "regenerate_triggers": { "a": "1" }, "seal_token": true,
    });
    setup.apply(more).await.expect_ok();
    let generated = setup
        .core
        .generated_config(EXAMPLE)
        .await
        .expect_no_diagnostics();
    assert_eq!(generated, only_the_organization());
}

#[tokio::test]
async fn the_configuration_that_terraform_writes_by_itself_plans_no_change() {
    let setup = Setup::imported_until(DATE).await;
    let written = setup.core.legacy_config(EXAMPLE);
    assert_eq!(written["expired_at"], DATE);
    let plan = setup.core.plan(EXAMPLE, written).await.expect_ok();
    assert_eq!(plan.action, ResourceAction::NoOp);
}
