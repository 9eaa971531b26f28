//! The action that revokes a token: only the one that it names.

use serde_json::{Value as Json, json};
use tfe_simulator::{Breakpoint, ExpiredToken, Fault, Method};
use tfplugin::server::proto::{self, provider_server};

use tokio_stream::StreamExt;
use tonic::{Request, Status};

use super::{DAY, EXAMPLE, ORGANIZATION, Setup, details, sole_warning};
use tfplugin_testing::rpc::decode_diagnostics;
use tfplugin_testing::{ResourceAction, UNKNOWN, Walk};

const REVOKE: &str = "tfe_revoke_audit_trail_token";
const WILL: &str = "The Audit Trail Token Will Be Revoked";
const FAILED: &str = "Error Revoking Audit Trail Token";
const ANOTHER: &str = "Another Audit Trail Token Is Live";

fn named(id: &str) -> Json {
    json!({ "organization": ORGANIZATION, "token_id": id })
}

/// Returns a setup with a token of somebody else, and its ID.
async fn setup() -> (Setup, String) {
    let setup = Setup::new().await;
    let id = setup.simulator.regenerate_elsewhere(ORGANIZATION).id;
    (setup, id)
}

impl Setup {
    fn has_token(&self) -> bool {
        self.simulator.audit_trail_token(ORGANIZATION).is_some()
    }
}

/// Conformance: 70.
#[tokio::test]
async fn the_plan_names_the_token_that_the_action_revokes() {
    let (setup, id) = setup().await;
    let planned = setup.core.plan_action(REVOKE, named(&id)).await;
    let warning = sole_warning(&planned.diagnostics, WILL);
    details(warning, &[&id, ORGANIZATION, "never used"]);
    assert!(setup.has_token());

    let plan = planned.expect_ok();
    let progress = setup.core.invoke(plan).await.expect_no_diagnostics();
    assert!(!setup.has_token());
    let [reading, revoking, revoked] = progress.as_slice() else {
        panic!("{progress:?}");
    };
    assert!(reading.contains(ORGANIZATION), "{reading}");
    assert!(
        revoking.contains(&id) && revoking.contains(ORGANIZATION),
        "{revoking}"
    );
    assert!(revoked.contains(&id), "{revoked}");
}

#[tokio::test]
async fn the_providers_organization_is_the_default() {
    let (mut setup, id) = setup().await;
    let config = json!({ "token_id": id });
    let none = setup.core.invoke_action(REVOKE, config.clone()).await;
    none.expect_error("No organization was specified on the resource or provider");
    assert!(setup.has_token());
    setup
        .core
        .provider_config(json!({ "organization": ORGANIZATION }));
    setup.core.invoke_action(REVOKE, config).await.expect_ok();
    assert!(!setup.has_token());
}

#[tokio::test]
async fn revoking_a_token_that_is_gone_succeeds() {
    let (setup, id) = setup().await;
    setup.simulator.revoke_elsewhere(ORGANIZATION);
    let acted = setup.core.invoke_action(REVOKE, named(&id)).await;
    let warning = sole_warning(&acted.diagnostics, "Nothing Will Be Revoked");
    details(
        warning,
        &[&id, "if it belongs to another organization, it is alive"],
    );
    let progress = acted.expect_ok();
    assert!(progress.last().unwrap().contains("nothing to revoke"));
}

#[tokio::test]
async fn another_token_is_not_revoked_and_the_error_names_it() {
    let (setup, id) = setup().await;
    let other = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup.sent();
    let acted = setup.core.invoke_action(REVOKE, named(&id)).await;
    let error = acted.expect_error(ANOTHER);
    details(
        error,
        &[&id, &other.id, ORGANIZATION, "Nothing was revoked"],
    );
    let warning = sole_warning(&acted.diagnostics, "The Revocation Will Fail");
    details(warning, &[&id, &other.id]);
    assert_eq!(setup.token().secret.expose(), other.secret.expose());
}

#[tokio::test]
async fn an_expired_token_is_revoked_even_if_the_api_hides_it() {
    for shown in [ExpiredToken::Shown, ExpiredToken::Hidden] {
        let setup = Setup::created(json!({})).await;
        let id = setup.token().id;
        setup.simulator.advance(DAY * 366);
        setup
            .simulator
            .configure(|settings| settings.expired_token = shown);
        setup
            .core
            .invoke_action(REVOKE, named(&id))
            .await
            .expect_ok();
    }
}

#[tokio::test]
async fn a_refused_revocation_reports_that_the_token_may_exist_and_a_repetition_revokes_it() {
    for status in [401, 403, 503] {
        let (setup, id) = setup().await;
        let refused = Fault::on(Method::DELETE, "authentication-token").status(status);
        setup.simulator.inject(refused.always());
        let acted = setup.core.invoke_action(REVOKE, named(&id)).await;
        details(
            acted.expect_error(FAILED),
            &[&id, "may still be alive", "can be repeated"],
        );
        assert_eq!(setup.token().id, id, "{status}");
        setup.simulator.clear_faults();
        setup
            .core
            .invoke_action(REVOKE, named(&id))
            .await
            .expect_ok();
        assert!(!setup.has_token(), "{status}");
    }
}

#[tokio::test]
async fn a_token_that_may_not_be_read_is_not_reported_as_gone() {
    for (fault, status) in [
        ("authentication-token", 401),
        ("authentication-token", 503),
        // A 404 of the token means that it is gone only if the organization can be read.
        (ORGANIZATION, 404),
    ] {
        let (setup, id) = setup().await;
        let blind = Fault::on(Method::GET, fault).status(status).always();
        setup.simulator.inject(blind);
        let acted = setup.core.invoke_action(REVOKE, named(&id)).await;
        details(acted.expect_error(FAILED), &[&id, "may still be alive"]);
        acted.expect_warning("Unable to Look at the Audit Trail Token");
        assert_eq!(setup.token().id, id, "{status}");
    }
}

#[tokio::test]
async fn a_token_that_is_generated_during_the_revocation_is_kept_and_reported() {
    for executed in [true, false] {
        let (setup, id) = setup().await;
        let cut = Fault::on(Method::DELETE, "authentication-token").cut();
        let cut = if executed { cut.after_change() } else { cut };
        let cut = cut.meanwhile(|simulator| {
            simulator.regenerate_elsewhere(ORGANIZATION);
        });
        setup.simulator.inject(cut);
        let plan = setup.core.plan_action(REVOKE, named(&id)).await.expect_ok();
        let acted = setup.core.invoke(plan).await;
        let survivor = setup.token();
        assert_ne!(survivor.id, id);
        let took = "Another Audit Trail Token Took the Place of the Revoked One";
        let warning = sole_warning(&acted.diagnostics, took);
        details(warning, &[&id, &survivor.id, "left alone"]);
        acted.expect_ok();
    }
}

/// Conformance: 63, 72.
#[tokio::test]
async fn an_action_with_an_unknown_argument_sends_no_request() {
    let (mut setup, id) = setup().await;
    for config in [
        json!({ "organization": UNKNOWN, "token_id": id }),
        json!({ "organization": ORGANIZATION, "token_id": UNKNOWN }),
    ] {
        setup
            .core
            .plan_action(REVOKE, config)
            .await
            .expect_no_diagnostics();
    }
    setup.core.provider_config(json!({ "token": UNKNOWN }));
    let plan = setup.core.plan_action(REVOKE, named(&id)).await;
    plan.expect_no_diagnostics();
    assert_eq!(setup.sent(), Vec::<String>::new());
}

#[tokio::test]
async fn bad_input_is_refused_without_a_request() {
    let (setup, _) = setup().await;
    for (config, summary) in [
        (named(""), "Invalid Token ID"),
        (named(" at-1"), "Invalid Token ID"),
        (named("at-1\n"), "Invalid Token ID"),
        (
            json!({ "organization": "a/b", "token_id": "at-1" }),
            "Invalid Organization Name",
        ),
        (
            json!({ "organization": ORGANIZATION }),
            "Missing required argument",
        ),
        (
            json!({ "organization": ORGANIZATION, "token_id": null }),
            "Missing Required Argument",
        ),
    ] {
        let acted = setup.core.invoke_action(REVOKE, config).await;
        acted.expect_error(summary);
    }
    assert_eq!(setup.sent(), Vec::<String>::new());
}

/// The API's documentation shows an ID without `at-`; only HCP Terraform decides which IDs it gives.
#[tokio::test]
async fn an_id_of_another_form_is_compared_like_any_other() {
    let (setup, current) = setup().await;
    for id in ["4111756", "token_7.a"] {
        let acted = setup.core.invoke_action(REVOKE, named(id)).await;
        details(acted.expect_error(ANOTHER), &[id, &current]);
    }
    assert!(setup.has_token());
}

/// In an incident, a practitioner has the secret at hand, and not the ID.
#[tokio::test]
async fn a_secret_as_token_id_is_not_shown() {
    let setup = Setup::created(json!({})).await;
    let secret = setup.token().secret.expose().to_owned();
    setup.sent();
    let acted = setup.core.invoke_action(REVOKE, named(&secret)).await;
    let error = acted.expect_error("Invalid Token ID");
    details(error, &["Nothing was changed", "terraform query"]);
    assert!(!acted.diagnostics.to_string().contains(&secret));
    assert_eq!(setup.sent(), Vec::<String>::new());
}

#[tokio::test]
async fn the_next_apply_creates_a_revoked_token_again() {
    let mut setup = Setup::created(json!({})).await;
    let old = setup.token();
    setup
        .core
        .invoke_action(REVOKE, named(&old.id))
        .await
        .expect_ok();
    let plan = setup.plan(json!({})).await;
    plan.expect_warning("The Audit Trail Token Is Gone");
    assert_eq!(plan.expect_ok().action, ResourceAction::Create);
    setup.apply(json!({})).await.expect_ok();
    assert_ne!(setup.token().id, old.id);
    setup.check_current();
    assert!(setup.core.state(EXAMPLE).is_some());
}

/// Returns the events of a revocation that is interrupted during its first request of a method.
async fn interrupted(
    setup: &Setup,
    id: &str,
    method: Method,
) -> Vec<Result<proto::invoke_action::Event, Status>> {
    let breakpoint = Breakpoint::new();
    let paused = Fault::on(method, "authentication-token").pause_request(&breakpoint);
    setup.simulator.inject(paused);
    let process = setup.core.process(Walk::Apply).await;
    let request = setup.core.invoke_request(REVOKE, named(id));
    let invoked = provider_server::Provider::invoke_action(process.server(), request).await;
    breakpoint.arrived().await;
    let stop = Request::new(proto::stop_provider::Request {});
    provider_server::Provider::stop_provider(process.server(), stop)
        .await
        .unwrap();
    breakpoint.release();
    invoked.unwrap().into_inner().collect().await
}

#[tokio::test]
async fn an_interrupt_waits_for_the_request_that_was_sent_and_reports_its_result() {
    use proto::invoke_action::event::Type;
    let (setup, id) = setup().await;
    let events = interrupted(&setup, &id, Method::DELETE).await;
    let Some(Type::Completed(completed)) = &events.last().unwrap().as_ref().unwrap().r#type else {
        panic!("the last event is the completion: {events:?}");
    };
    let diagnostics = decode_diagnostics(&completed.diagnostics);
    let despite = "The Audit Trail Token Was Revoked Despite the Interrupt";
    details(sole_warning(&diagnostics, despite), &[&id, ORGANIZATION]);
    assert!(!diagnostics.has_error() && !setup.has_token());
}

#[tokio::test]
async fn an_interrupt_before_the_request_revokes_nothing() {
    let (setup, id) = setup().await;
    let events = interrupted(&setup, &id, Method::GET).await;
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(setup.token().id, id);
}
