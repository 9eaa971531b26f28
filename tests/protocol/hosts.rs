//! The life of the provider's objects, on every host that [`HostProfile`] knows.

use serde_json::json;

use crate::core::{Action, HostProfile, Walk};
use crate::tfe::core;

const EXAMPLE: &str = "tfe_audit_trail_token.example";
const TYPE: &str = "tfe_audit_trail_token";

/// Created, read, changed, adopted by another configuration, and destroyed; beside it what only reads.
async fn live(host: HostProfile) {
    let (simulator, core) = core().await;
    let mut core = core.on(host);
    let current = || simulator.audit_trail_token("my-org-name");
    let config =
        |expired_at: &str| json!({ "organization": "my-org-name", "expired_at": expired_at });

    let first = config("2050-01-01T00:00:00Z");
    core.validate(EXAMPLE, first.clone()).await.expect_silent();
    let created = core.apply_config(EXAMPLE, first.clone()).await;
    let token = current().expect("a token was generated");
    assert_eq!(created.get("token"), token.secret.expose());

    core.refresh(EXAMPLE).await.expect_silent();
    let plan = core.plan(EXAMPLE, first).await.expect_silent();
    assert_eq!(plan.action, Action::NoOp);
    let changed = core
        .apply_config(EXAMPLE, config("2051-01-01T00:00:00Z"))
        .await;
    assert_eq!(changed.get("token_id"), current().expect("a new token").id);
    assert_ne!(changed.get("token_id"), token.id);

    let data = json!({ "organization": "my-org-name" });
    let data = core.read_data(TYPE, data).await.expect_silent();
    assert_eq!(data["token_id"], changed.get("token_id"));

    core.forget(EXAMPLE);
    core.import(EXAMPLE, "my-org-name").await.expect_ok();
    let adopted = core.refresh(EXAMPLE).await.expect_ok().expect("an object");
    assert_eq!(adopted["token_id"], changed.get("token_id"));

    core.destroy(EXAMPLE).await.expect_silent();
    assert!(current().is_none(), "the destroyed token lives");

    if host.ephemeral_resources {
        let config = json!({ "organization": "my-org-name", "expired_at": "2051-01-01T00:00:00Z" });
        let opened = core.open_ephemeral(Walk::Apply, TYPE, config).await;
        let opened = opened.expect_silent();
        let token = current().expect("a token was generated");
        assert_eq!(opened.get("token"), token.secret.expose());
        opened.close().await.expect_silent();
    }
}

#[tokio::test]
async fn every_object_lives_on_every_host() {
    for host in HostProfile::ALL {
        println!("on {}", host.name);
        live(host).await;
    }
}

/// What Terraform 1.16 says of itself in Open had once been taken for OpenTofu's: the plan failed with
/// "Provider Configuration Not Known Yet".
#[tokio::test]
async fn a_provider_that_is_not_configured_yet_opens_something_unknown_where_the_host_takes_it() {
    for host in HostProfile::with_ephemeral_resources() {
        let (simulator, core) = core().await;
        let mut core = core.on(host);
        core.provider_config(json!({ "token": crate::core::UNKNOWN }));
        let config = json!({ "organization": "my-org-name" });
        let opened = core.open_ephemeral(Walk::Plan, TYPE, config).await;
        if host.unknown_ephemeral_results {
            let opened = opened.expect_silent();
            assert_eq!(opened.get("token"), crate::core::UNKNOWN, "{}", host.name);
        } else {
            opened.expect_error("Provider Configuration Not Known Yet");
        }
        assert!(simulator.requests().is_empty(), "{}", host.name);
    }
}
