//! Closing the ephemeral resource: with `revoke_on_close`, its token does not outlive the run.

use serde_json::{Value as Json, json};
use terraform_provider_tfe::provider::Tfe;
use tfe_simulator::{Breakpoint, Fault, Method};
use tfplugin::server::proto::{self, provider_server};
use tfplugin_testing::rpc::Process;
use tfplugin_testing::{HostProfile, Opened, Walk};

use super::{ORGANIZATION, Setup, TYPE, block, details, sole_warning};

const MAY_WORK: &str = "The Audit Trail Token of This Run May Still Work";

fn revoked_on_close() -> Json {
    block(json!({ "revoke_on_close": true }))
}

/// Returns a setup with the ephemeral resource opened.
async fn opened() -> (Setup, Opened<Tfe>) {
    let setup = Setup::new().await;
    let opened = setup
        .core
        .open_ephemeral(Walk::Apply, TYPE, revoked_on_close())
        .await
        .expect_no_diagnostics();
    setup.sent();
    (setup, opened)
}

fn has_token(setup: &Setup) -> bool {
    setup.simulator.audit_trail_token(ORGANIZATION).is_some()
}

async fn stop(process: &Process<Tfe>) {
    let reply: Result<proto::stop_provider::Response, _> = process
        .call(
            proto::stop_provider::Request {},
            provider_server::Provider::stop_provider,
        )
        .await;
    reply.unwrap();
}

#[tokio::test]
async fn plan_and_apply_generate_a_token_each_and_revoke_both() {
    for host in HostProfile::with_ephemeral_resources() {
        let mut setup = Setup::new().await;
        setup.core = setup.core.on(host);
        for walk in [Walk::Plan, Walk::Apply] {
            let opened = setup.core.open_ephemeral(walk, TYPE, revoked_on_close());
            let opened = opened.await.expect_no_diagnostics();
            assert_eq!(opened.get("revoke_on_close"), true);
            assert_eq!(opened.get("token"), setup.token().secret.expose());
            setup.sent();
            opened.close().await.expect_no_diagnostics();
            assert_eq!(setup.sent(), ["GET token", "DELETE token"]);
            assert!(!has_token(&setup), "{}", host.name);
        }
    }
}

#[tokio::test]
async fn without_the_argument_the_token_stays() {
    for argument in [json!(null), json!(false)] {
        let setup = Setup::new().await;
        let config = block(json!({ "revoke_on_close": argument }));
        let opened = setup.core.open_ephemeral(Walk::Apply, TYPE, config).await;
        opened.expect_ok().close().await.expect_no_diagnostics();
        assert!(has_token(&setup));
    }
}

#[tokio::test]
async fn a_token_that_somebody_else_generated_since_is_not_revoked() {
    let (setup, opened) = opened().await;
    let other = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    opened.close().await.expect_no_diagnostics();
    assert_eq!(setup.sent(), ["GET token"]);
    assert_eq!(setup.token().id, other.id);
}

#[tokio::test]
async fn a_token_that_is_gone_already_needs_no_revocation() {
    let (setup, opened) = opened().await;
    setup.simulator.revoke_elsewhere(ORGANIZATION);
    opened.close().await.expect_no_diagnostics();
    assert!(!has_token(&setup));
}

// Without the exception, what is there when it opens belongs to somebody else.
#[tokio::test]
async fn a_new_token_with_the_same_date_is_not_taken_for_the_plans() {
    let setup = Setup::created(json!({})).await;
    let before = setup.token().id;
    for walk in [Walk::Plan, Walk::Apply] {
        let opened = setup.core.open_ephemeral(walk, TYPE, revoked_on_close());
        let opened = opened.await;
        opened.expect_error("The Audit Trail Token Is in Use");
        assert_eq!(setup.token().id, before);
    }
}

#[tokio::test]
async fn a_failed_revocation_is_a_warning_that_says_what_may_still_work() {
    let forbidden = Fault::on(Method::DELETE, "authentication-token").status(403);
    let unreadable = Fault::on(Method::GET, "authentication-token").status(500);
    for fault in [forbidden, unreadable] {
        let (setup, opened) = opened().await;
        let token = setup.token();
        setup.simulator.inject(fault.always());
        let closed = opened.close().await;
        let warning = sole_warning(&closed.diagnostics, MAY_WORK);
        let way = format!("token_id = \"{}\"", token.id);
        details(
            warning,
            &[&token.id, "tfe_revoke_audit_trail_token", &way, "settings"],
        );
        closed.expect_ok();
        assert_eq!(setup.token().id, token.id);
    }
}

/// Terraform closes after an interrupt.
#[tokio::test]
async fn a_close_after_an_interrupt_revokes_the_token() {
    let (setup, opened) = opened().await;
    stop(opened.process()).await;
    opened.close().await.expect_no_diagnostics();
    assert!(!has_token(&setup));
}

/// Terraform closes nothing if an object that uses the secret fails, also because of an interrupt.
#[tokio::test]
async fn a_token_that_was_not_closed_is_revoked_when_the_process_exits() {
    let (setup, opened) = opened().await;
    let lifecycle = opened.process().lifecycle.clone();
    lifecycle.begin_exit();
    assert_eq!(lifecycle.in_flight().len(), 1);
    lifecycle.idle().await;
    assert_eq!(setup.sent(), ["GET token", "DELETE token"]);
    assert!(!has_token(&setup));
}

#[tokio::test]
async fn nothing_is_left_for_the_exit_after_a_close() {
    let (setup, opened) = opened().await;
    let lifecycle = opened.process().lifecycle.clone();
    opened.close().await.expect_no_diagnostics();
    setup.sent();
    lifecycle.begin_exit();
    assert_eq!(lifecycle.in_flight(), Vec::<String>::new());
}

#[tokio::test]
async fn an_interrupt_does_not_cut_a_revocation_off() {
    for method in [Method::GET, Method::DELETE] {
        let (setup, opened) = opened().await;
        let hold = Breakpoint::new();
        // The request has to be sent again, after the interrupt.
        let fault = Fault::on(method, "authentication-token");
        setup.simulator.inject(fault.pause_request(&hold).cut());
        let process = opened.process().clone();
        let (closed, ()) = tokio::join!(opened.close(), async {
            hold.arrived().await;
            stop(&process).await;
            hold.release_all();
        });
        closed.expect_no_diagnostics();
        assert!(!has_token(&setup));
    }
}
