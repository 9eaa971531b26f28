//! Tokens that cannot read an audit trail, and audit trails that cannot be read.

use std::time::Duration;

use serde_json::json;
use tfe_simulator::{Access, Caller, Fault, Method, ServiceKind, UserOnTrail};
use tfplugin::Path;

use super::setup::nothing;
use super::{ORGANIZATION, Setup, details};

const USER: &str = "planted-token-of-a-user";

async fn setup() -> Setup {
    let setup = Setup::new().await;
    let user = Caller::user(USER).access(ORGANIZATION, Access::Manages);
    setup.simulator.add_caller(user);
    setup
}

#[tokio::test]
async fn a_user_token_is_reported_as_the_wrong_kind() {
    let summary = "Wrong Kind of Token for the Audit Trail";
    for answer in [
        UserOnTrail::NoPage,
        UserOnTrail::NotFound,
        UserOnTrail::Unauthorized,
    ] {
        let mut setup = setup().await;
        setup
            .simulator
            .configure(|settings| settings.user_on_trail = answer);
        let read = setup.read(json!({ "token": USER })).await;
        let error = read.expect_error(summary);
        assert_eq!(error.path(), Some(&Path::of("token")));
        details(error, &["the argument \"token\"", "audit trail token"]);

        setup.core.provider_config(json!({ "token": USER }));
        let read = setup.read(nothing()).await;
        let error = read.expect_error(summary);
        assert_eq!(error.path(), None);
        details(error, &["the provider's API token", "counts as not set"]);
    }
}

#[tokio::test]
async fn a_token_that_reads_an_empty_trail_may_be_of_the_wrong_kind() {
    let setup = setup().await;
    setup
        .simulator
        .configure(|settings| settings.user_on_trail = UserOnTrail::EmptyList);
    let read = setup.read(json!({ "token": USER })).await;
    let warning = read.expect_warning("The Audit Trail Is Empty");
    assert_eq!(warning.path(), Some(&Path::of("token")));
    details(warning, &["wrong kind", "the argument \"token\""]);
    assert_eq!(read.expect_ok()["events"], json!([]));

    // A period without events is no reason for a warning.
    let config = json!({ "token": USER, "since": "2026-01-05T11:00:00Z" });
    let read = setup.read(config).await;
    read.expect_warning("The Token for the Audit Trail Is Stored in the State");
    assert_eq!(read.diagnostics.iter().count(), 1, "{}", read.diagnostics);
}

#[tokio::test]
async fn a_filter_without_matches_is_not_an_empty_trail() {
    let setup = setup().await;
    let config = json!({ "actions": ["no_such_action"] });
    let read = setup.read(config).await.expect_no_diagnostics();
    assert_eq!(read["events"], json!([]));
}

#[tokio::test]
async fn an_invalid_token_is_reported_as_unknown() {
    let setup = setup().await;
    let old = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup.simulator.regenerate_elsewhere(ORGANIZATION);
    let read = setup.read(json!({ "token": old.secret.expose() })).await;
    let error = read.expect_error("Unknown or Expired Token for the Audit Trail");
    details(error, &["replaced", "401"]);
    assert!(!error.to_string().contains(old.secret.expose()));
}

#[tokio::test]
async fn an_organization_without_audit_logging_is_reported() {
    let setup = setup().await;
    setup.simulator.withdraw_audit_logging(ORGANIZATION);
    let read = setup.read(nothing()).await;
    let error = read.expect_error("No Entitlement to Audit Logging");
    details(error, &["plan", "404"]);
}

#[tokio::test]
async fn an_error_leaves_open_what_an_audit_trail_token_cannot_read() {
    let setup = setup().await;
    let token = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup.simulator.withdraw_audit_logging(ORGANIZATION);
    let read = setup.read(json!({ "token": token.secret.expose() })).await;
    let error = read.expect_error("The Audit Trail Cannot Be Seen");
    details(error, &["wrong kind", "audit logging", "404"]);
}

#[tokio::test]
async fn terraform_enterprise_is_reported_by_name() {
    let setup = setup().await;
    setup
        .simulator
        .configure(|settings| settings.kind = ServiceKind::TerraformEnterprise);
    let read = setup.read(nothing()).await;
    let error = read.expect_error("Error reading Audit Trail");
    details(
        error,
        &["Only HCP Terraform", "Terraform Enterprise v202507-1"],
    );
}

#[tokio::test]
async fn an_answer_that_is_no_trail_is_an_error() {
    type Break = fn(Fault) -> Fault;
    let faults: [(&str, Break); 8] = [
        ("null data", Fault::null_data),
        ("wrong shape", |fault| {
            fault.body("application/json", r#"{"data":{}}"#)
        }),
        ("html", Fault::html),
        ("empty", Fault::empty),
        ("half", Fault::truncated),
        ("cut", Fault::cut),
        ("500", |fault| fault.status(500)),
        ("422", |fault| fault.status(422)),
    ];
    for (name, damage) in faults {
        let setup = Setup::with(10).await;
        let fault = Fault::on(Method::GET, "audit-trail").always();
        setup.simulator.inject(damage(fault));
        let read = setup.read(nothing()).await;
        let error = read.expect_error("Error reading Audit Trail");
        assert!(!error.to_string().contains(&setup.secret), "{name}");
    }
}

/// An HTML page comes from a proxy. Practitioners searched for another token.
#[tokio::test]
async fn a_refusal_by_a_proxy_does_not_blame_the_token() {
    for status in [401, 403, 404] {
        let setup = Setup::new().await;
        let page = Fault::on(Method::GET, "/audit-trail").html().status(status);
        setup.simulator.inject(page.always());
        let read = setup.read(nothing()).await;
        let error = read.expect_error("Error reading Audit Trail");
        assert_eq!(error.path(), None);
    }
}

/// It was reported as "The Audit Trail Cannot Be Seen", as if the token had the wrong kind.
#[tokio::test]
async fn a_redirect_to_a_login_page_is_reported_as_one() {
    for (location, words) in [
        ("/login", "the service redirects elsewhere"),
        (
            "/login?page%5Bnumber%5D=1&page%5Bsize%5D=1000",
            "404 Not Found",
        ),
        ("https://login.example.com/", "login.example.com"),
    ] {
        let setup = Setup::new().await;
        let redirect = Fault::on(Method::GET, "/organization/audit-trail")
            .status(302)
            .redirect(location);
        setup.simulator.inject(redirect.always());
        let read = setup.read(nothing()).await;
        let error = read.expect_error("Error reading Audit Trail");
        assert_eq!(error.path(), None, "{location}");
        details(error, &["a login page", words]);
    }
}

/// It counted as the last page, and the events after it were missing without a diagnostic.
#[tokio::test]
async fn a_later_page_that_does_not_say_whether_it_is_the_last_is_an_error() {
    let setup = Setup::with(2500).await;
    let page = Fault::on(Method::GET, "number%5D=2").body("application/json", r#"{"data":[]}"#);
    setup.simulator.inject(page);
    let read = setup.read(json!({ "limit": 2500 })).await;
    let error = read.expect_error("Error reading Audit Trail");
    details(error, &["page 2 does not say whether others follow"]);
}

#[tokio::test]
async fn unlikely_arguments_are_read_with_a_warning() {
    let setup = Setup::with(10).await;
    for (config, attribute, summary) in [
        (
            json!({ "since": "2026-01-06T00:00:00Z" }),
            "since",
            "The Period of Time Has Not Begun",
        ),
        (
            json!({ "actions": ["Create"] }),
            "actions",
            "A Filter of Events Looks Misspelt",
        ),
    ] {
        let read = setup.read(config.clone()).await;
        let warning = read.expect_warning(summary);
        assert_eq!(warning.path(), Some(&Path::of(attribute)), "{config}");
        assert_eq!(read.expect_ok()["events"], json!([]), "{config}");
    }
}

#[tokio::test]
async fn a_page_that_fails_once_is_requested_again() {
    let setup = Setup::with(2500).await;
    for status in [429, 500, 503] {
        let fault = Fault::on(Method::GET, "number%5D=2").status(status);
        setup.simulator.inject(fault);
    }
    let read = setup
        .read(json!({ "limit": 2500 }))
        .await
        .expect_no_diagnostics();
    assert_eq!(read["events"].as_array().unwrap().len(), 2500);
    assert_eq!(setup.pages().len(), 3 + 3);
}

#[tokio::test]
async fn pages_that_point_in_a_circle_are_an_error() {
    let read = async |next: u32| {
        let setup = Setup::new().await;
        let body = format!(r#"{{"data":[{{"id":"1"}}],"pagination":{{"next_page":{next}}}}}"#);
        let circle = Fault::on(Method::GET, "audit-trail").always();
        setup
            .simulator
            .inject(circle.body("application/json", &body));
        let read = setup.read(nothing()).await;
        (read, setup.pages().len())
    };
    for (next, requests) in [(1, 1), (9, 9)] {
        let (read, sent) = read(next).await;
        let error = read.expect_error("Error reading Audit Trail");
        details(error, &[&format!("calls page {next} the next")]);
        assert_eq!(sent, requests);
    }
    // Pages that never end are read up to the limit of pages.
    let (read, sent) = read(4000).await;
    assert_eq!(
        (read.expect_ok()["truncated"].clone(), sent),
        (json!(true), 50)
    );
}

#[tokio::test]
async fn a_period_before_the_retention_is_a_warning() {
    let setup = setup().await;
    setup
        .simulator
        .advance(Duration::from_secs(20 * 24 * 60 * 60));
    setup.simulator.regenerate_elsewhere(ORGANIZATION);
    let config = json!({ "since": "2026-01-01T00:00:00Z" });
    let read = setup.read(config).await;
    let warning = read.expect_warning("The Audit Trail Does Not Reach Back So Far");
    assert_eq!(warning.path(), Some(&Path::of("since")));
    assert_eq!(read.expect_ok()["events"].as_array().unwrap().len(), 1);
    let config = json!({ "since": "2026-01-20T00:00:00Z" });
    setup.read(config).await.expect_no_diagnostics();
}
