//! The reasons for which a token cannot be created: each has its own diagnostic, which advises what to do.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use terraform_provider_tfe::client::Environment;
use tfe_simulator::{Access, Caller, Fault, Method};

use super::{DAY, ORGANIZATION, OWNER, Setup, details};

/// A reason, and its diagnostic.
struct Reason {
    environment: fn(Environment) -> Environment,
    provider: Json,
    service: fn(&Setup),
    resource: Json,
    summary: &'static str,
    words: &'static [&'static str],
}

const REFUSED: &str = "Error while checking if an audit token exists for organization";

fn reasons() -> Vec<(&'static str, Reason)> {
    let nothing = || Reason {
        environment: |environment| environment,
        provider: json!({}),
        service: |_| {},
        resource: json!({}),
        summary: REFUSED,
        words: &[],
    };
    vec![
        (
            "no token",
            Reason {
                environment: |environment| environment.variable("TFE_TOKEN", ""),
                summary: "Required Token Could Not Be Found",
                words: &[
                    "TFE_TOKEN: is set to an empty string",
                    "app.terraform.io",
                    "/cli.tfrc",
                    "terraform login",
                ],
                ..nothing()
            },
        ),
        (
            "no token in a run of HCP Terraform",
            Reason {
                environment: |environment| {
                    let environment = environment.variable("TFE_TOKEN", "");
                    environment.variable("TFC_AGENT_VERSION", "1.22.0")
                },
                summary: "Required Token Could Not Be Found",
                words: &["sensitive environment variable of the workspace"],
                ..nothing()
            },
        ),
        (
            "no organization named",
            Reason {
                resource: json!({ "organization": null }),
                summary: "No organization was specified on the resource or provider",
                words: &["TFE_ORGANIZATION"],
                ..nothing()
            },
        ),
        (
            "no such organization",
            Reason {
                resource: json!({ "organization": "no-such-org" }),
                words: &[
                    "there is no organization of this name",
                    "comes from the environment variable TFE_TOKEN.",
                ],
                ..nothing()
            },
        ),
        (
            "a stranger",
            Reason {
                provider: json!({ "token": "planted-token-of-a-stranger" }),
                service: |setup| {
                    let stranger = Caller::user("planted-token-of-a-stranger");
                    setup.simulator.add_caller(stranger);
                },
                words: &["cannot see it", "the provider's argument \"token\"."],
                ..nothing()
            },
        ),
        (
            "a member who may not manage tokens",
            Reason {
                service: |setup| {
                    let simulator = &setup.simulator;
                    simulator.set_access(OWNER, ORGANIZATION, Access::Views);
                },
                words: &[
                    "can be seen",
                    "token of a member of the owners team",
                    "TFE_TOKEN.",
                ],
                ..nothing()
            },
        ),
        (
            "no entitlement",
            Reason {
                service: |setup| setup.simulator.withdraw_audit_logging(ORGANIZATION),
                summary: "Unable to create organization audit trail token",
                words: &["does not include audit logging"],
                ..nothing()
            },
        ),
        (
            "an unknown token",
            Reason {
                environment: |environment| {
                    let environment = environment.variable("TFE_TOKEN", "");
                    environment.variable("TF_TOKEN_app_terraform_io", "planted-old-token")
                },
                words: &[
                    "does not know the API token",
                    "comes from the environment variable TF_TOKEN_app_terraform_io.",
                ],
                ..nothing()
            },
        ),
        (
            "an expired token",
            Reason {
                environment: |environment| environment.variable("TFE_TOKEN", "planted-expiring"),
                service: |setup| {
                    let end = setup.simulator.now() + DAY;
                    let caller = Caller::owner("planted-expiring").expires_at(end);
                    setup.simulator.add_caller(caller);
                    setup.simulator.advance(2 * DAY);
                },
                words: &["or it is expired", "401 Unauthorized", "TFE_TOKEN."],
                ..nothing()
            },
        ),
        (
            "the token of a run",
            Reason {
                environment: |environment| {
                    let saved =
                        r#"{"credentials": {"app.terraform.io": {"token": "planted-run"}}}"#;
                    environment
                        .variable("TFE_TOKEN", "")
                        .variable("TFC_AGENT_VERSION", "1.22.0")
                        .home("/home/me")
                        .file("/home/me/.terraform.d/credentials.tfrc.json", saved)
                },
                service: |setup| setup.simulator.add_caller(Caller::user("planted-run")),
                words: &["generated for this run", "sensitive environment variable"],
                ..nothing()
            },
        ),
        (
            "a refusal by status",
            Reason {
                service: |setup| {
                    let token = Fault::on(Method::GET, "/authentication-token");
                    setup.simulator.inject(token.always().status(403));
                },
                words: &["may not do this", "403 Forbidden", "TFE_TOKEN."],
                ..nothing()
            },
        ),
    ]
}

#[tokio::test]
async fn every_reason_has_its_own_diagnostic_that_advises_what_to_do() {
    let mut texts = BTreeSet::new();
    let reasons = reasons();
    let count = reasons.len();
    for (name, reason) in reasons {
        let mut setup = Setup::with(reason.environment).await;
        setup.core.provider_config(reason.provider);
        (reason.service)(&setup);
        let applied = setup.apply(reason.resource).await;
        let error = applied.expect_error(reason.summary);
        details(error, reason.words);
        let text = error.to_string();
        assert!(!text.contains("planted"), "{name}: {text}");
        assert!(texts.insert(text), "{name} has the text of another reason");
        assert!(
            !setup.applied.iter().any(|one| one.starts_with("POST")) || name == "no entitlement"
        );
        assert!(setup.simulator.audit_trail_token(ORGANIZATION).is_none());
    }
    assert_eq!(texts.len(), count);
}

/// An audit trail token can only read the audit trail. Practitioners put it where another token belongs.
#[tokio::test]
async fn an_audit_trail_token_as_the_providers_token_is_reported() {
    let mut owner = Setup::created(json!({})).await;
    let secret = owner.get("token").as_str().expect("a secret").to_owned();
    owner.core.provider_config(json!({ "token": secret }));
    let before = owner.state().clone();
    let refreshed = owner.core.refresh(super::EXAMPLE).await;
    let error = refreshed.expect_error("Error reading Organization Audit Trail Token");
    details(
        error,
        &[
            "Audit trail tokens",
            "see no organization",
            "the provider's argument \"token\".",
        ],
    );
    assert!(!error.to_string().contains(&secret));
    assert_eq!(owner.state(), &before);
}
