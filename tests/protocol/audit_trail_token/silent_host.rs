//! A host that accepts connections and never answers, with the timing that ships and a paused clock.

use std::time::Duration;

use serde_json::json;
use terraform_provider_tfe::client::{Environment, Timing};
use terraform_provider_tfe::provider::{Clock, Tfe};
use tokio::net::TcpListener;
use tokio::time::Instant;

use super::setup::{OWNER, TYPE, block};
use tfplugin_testing::Core;

/// The time of the one verdict about such a host.
const LIMIT: Duration = Duration::from_secs(20);

/// A plan gave up after ten seconds with a warning, each object of it waited anew, and then the apply failed.
async fn check(environment: Environment) {
    let start = move || Tfe::new(environment.clone(), Clock::system(), Timing::default());
    let core = Core::start(start).await;
    let mut walk = core.plan_walk().await;
    let begin = Instant::now();
    for address in ["a", "b", "c"].map(|name| format!("{TYPE}.{name}")) {
        let planned = walk.plan(&address, block(json!({}))).await.diagnostics;
        assert!(planned.has_error(), "{planned}");
        let waited = begin.elapsed();
        assert!(waited <= LIMIT + Duration::from_millis(100), "{waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn every_object_of_a_plan_fails_when_the_wait_for_the_host_is_over() {
    let host = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = host.local_addr().unwrap().to_string();
    check(
        Environment::in_memory()
            .variable("TFE_TOKEN", OWNER)
            .variable("TFE_HOSTNAME", &address),
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn every_object_of_a_plan_fails_when_the_wait_for_the_api_is_over() {
    let api = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = api.local_addr().unwrap();
    let block = format!(
        "host \"app.terraform.io\" {{ services {{ \"tfe.v2\" = \"http://{address}/api/v2/\" }} }}"
    );
    check(
        Environment::in_memory()
            .variable("TFE_TOKEN", OWNER)
            .variable("TF_CLI_CONFIG_FILE", "/cli.tfrc")
            .file("/cli.tfrc", block),
    )
    .await;
}
