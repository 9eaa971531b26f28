//! What the provider warns of when it is configured, in every plan.

use serde_json::{Value as Json, json};
use terraform_provider_tfe::client::Environment;
use terraform_provider_tfe::provider::Tfe;
use tfe_simulator::Simulator;
use tfplugin::{Diagnostics, Path};

use crate::environment;
use tfplugin_testing::Core;

const EXAMPLE: &str = "tfe_audit_trail_token.example";
const OWNER: &str = "planted-token-of-an-owner";
const UNBOUND: &str = "TFE_TOKEN Is Sent to a Host That Only the Configuration Names";
const NOT_VERIFIED: &str = "Certificates Are Not Verified";

/// Returns the diagnostics of a plan with this provider block. Every host in it is the simulator.
async fn plan(config: Json, change: impl FnOnce(Environment) -> Environment) -> Diagnostics {
    let simulator = Simulator::start().await;
    simulator.add_organization("my-org-name");
    simulator.add_owner_token(OWNER);
    let url = simulator.api_url();
    let block =
        |host: &str| format!("host {host:?} {{ services = {{ \"tfe.v2\" = \"{url}\" }} }}\n");
    let cli =
        block("tfe.example.com") + &block("my-tfe.example.com:8443") + &block("app.terraform.io");
    let environment = environment::environment(&simulator, OWNER).file("/cli.tfrc", cli);
    let environment = change(environment);
    let clock = environment::clock(&simulator);
    let start = move || Tfe::new(environment.clone(), clock.clone(), environment::timing());
    let mut core = Core::start(start).await;
    core.provider_config(config);
    let config = json!({ "organization": "my-org-name", "expired_at": "2027-01-01T00:00:00Z" });
    let planned = core.plan(EXAMPLE, config).await;
    assert!(!planned.diagnostics.to_string().contains("planted"));
    planned.diagnostics
}

#[track_caller]
fn check(diagnostics: &Diagnostics, summary: &str, attribute: &str, words: Option<&str>) {
    let found: Vec<_> = diagnostics
        .iter()
        .filter(|one| one.summary() == summary)
        .collect();
    match (found.as_slice(), words) {
        ([], None) => {}
        ([one], Some(words)) => {
            assert_eq!(one.path(), Some(&Path::of(attribute)));
            assert!(one.detail().contains(words), "{one}");
        }
        _ => panic!("{diagnostics}"),
    }
}

/// Who could edit `hostname` got the token of every other host.
#[tokio::test]
async fn a_token_for_any_host_at_a_host_of_the_configuration_is_a_warning() {
    let tfe = "tfe.example.com";
    for (hostname, variables, words) in [
        (tfe, vec![], Some("TF_TOKEN_tfe_example_com")),
        (
            "TFE.example.com:443",
            vec![],
            Some("TF_TOKEN_tfe_example_com"),
        ),
        (
            "my-tfe.example.com:8443",
            vec![],
            Some("set TFE_HOSTNAME to that name"),
        ),
        (
            tfe,
            vec![("TFE_HOSTNAME", "other.example.com")],
            Some("TF_TOKEN_"),
        ),
        (
            tfe,
            vec![("TFC_AGENT_VERSION", "1.2.3")],
            Some("set TFE_HOSTNAME to that name"),
        ),
        (tfe, vec![("TFE_HOSTNAME", "TFE.example.com")], None),
        ("app.terraform.io", vec![], None),
        ("", vec![("TFE_HOSTNAME", tfe)], None),
        ("", vec![], None),
    ] {
        let change = |environment: Environment| {
            let set = |environment: Environment, (name, value): &(&str, &str)| {
                environment.variable(name, *value)
            };
            variables.iter().fold(environment, set)
        };
        let diagnostics = plan(json!({ "hostname": hostname }), change).await;
        check(&diagnostics, UNBOUND, "hostname", words);
    }
    // Tokens of the host, and of the block.
    let bound = |environment: Environment| {
        let environment = environment.variable("TFE_TOKEN", "");
        environment.variable("TF_TOKEN_tfe_example_com", OWNER)
    };
    let diagnostics = plan(json!({ "hostname": tfe }), bound).await;
    check(&diagnostics, UNBOUND, "hostname", None);
    let own = json!({ "hostname": tfe, "token": OWNER });
    let diagnostics = plan(own, |environment| environment).await;
    check(&diagnostics, UNBOUND, "hostname", None);
}

/// It was in the log only.
#[tokio::test]
async fn certificates_that_are_not_verified_are_a_warning() {
    for (argument, variable, words) in [
        (json!(true), "", Some("SSL_CERT_FILE")),
        (json!(null), "1", Some("TFE_SSL_SKIP_VERIFY")),
        (json!(false), "1", None),
        (json!(null), "", None),
    ] {
        let config = json!({ "ssl_skip_verify": argument });
        let change =
            |environment: Environment| environment.variable("TFE_SSL_SKIP_VERIFY", variable);
        let diagnostics = plan(config, change).await;
        check(&diagnostics, NOT_VERIFIED, "ssl_skip_verify", words);
    }
}
