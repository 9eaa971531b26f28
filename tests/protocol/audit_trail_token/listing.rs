//! The list resource: it finds all tokens, with as few requests as possible.

use serde_json::{Value as Json, json};
use tfe_simulator::{Access, Breakpoint, Fault, Method};
use tfplugin::server::proto::provider_server;
use tokio_stream::StreamExt;

use super::setup::OWNER;
use super::{EXAMPLE, ORGANIZATION, Setup, details};
use tfplugin_testing::{Query, ResourceAction, UNKNOWN, Walk};

const LIST: &str = "tfe_audit_trail_token";
const FAILED: &str = "Error Listing Audit Trail Tokens";
const LEFT_OUT: &str = "An Audit Trail Token Was Left Out";

/// Returns a setup with this number of further organizations, each with a token.
async fn setup(others: usize) -> Setup {
    let setup = Setup::new().await;
    for number in 1..=others {
        let name = format!("org-{number:04}");
        setup.simulator.add_organization(name.as_str());
        setup.simulator.regenerate_elsewhere(&name);
    }
    setup.simulator.clear_requests();
    setup
}

fn token_of(organization: &str) -> String {
    format!("/organizations/{organization}/authentication-token")
}

impl Setup {
    fn count(&self, what: &str) -> usize {
        let requests = self.simulator.requests();
        requests
            .iter()
            .filter(|one| one.path.contains(what))
            .count()
    }
}

/// Conformance: 69.
#[tokio::test]
async fn a_search_in_one_organization_returns_its_token_with_identity_and_object() {
    let setup = setup(2).await;
    let token = setup.simulator.regenerate_elsewhere(ORGANIZATION);
    let config = json!({ "organization": ORGANIZATION });
    let listed = setup.core.list(LIST, config, Query::OBJECTS).await;
    let [found] = &listed.expect_no_diagnostics()[..] else {
        panic!("one token is there");
    };
    assert_eq!(
        found.identity,
        json!({ "hostname": "app.terraform.io", "organization": ORGANIZATION })
    );
    assert!(found.name.contains(ORGANIZATION) && found.name.contains(&token.id));
    assert_eq!(found.object["token_id"], token.id);
    assert_eq!(found.object["id"], ORGANIZATION);
    assert_eq!(found.object["status"], "current");
    assert_eq!(found.object["token"], Json::Null);
}

#[tokio::test]
async fn a_search_returns_what_an_import_returns() {
    let mut setup = setup(0).await;
    setup.simulator.regenerate_elsewhere(ORGANIZATION);
    let listed = setup.core.list(LIST, json!({}), Query::OBJECTS).await;
    let [found] = &listed.expect_no_diagnostics()[..] else {
        panic!("one token is there");
    };
    let imported = setup.core.import(EXAMPLE, ORGANIZATION).await.expect_ok();
    assert_eq!(found.object, imported);
    // The configuration that Terraform generates from it has no date.
    let config = json!({ "organization": ORGANIZATION });
    let plan = setup.core.plan(EXAMPLE, config).await.expect_ok();
    assert_eq!(plan.action, ResourceAction::NoOp);
}

#[tokio::test]
async fn a_search_without_an_organization_reads_all_and_leaves_out_those_without_a_token() {
    let mut setup = setup(3).await;
    setup
        .core
        .provider_config(json!({ "organization": ORGANIZATION }));
    let listed = setup.core.list(LIST, json!({}), Query::DEFAULT).await;
    let listed = listed.expect_no_diagnostics();
    let organizations: Vec<_> = listed
        .iter()
        .map(|one| one.identity["organization"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(organizations, ["org-0001", "org-0002", "org-0003"]);
    assert!(listed.iter().all(|one| one.object.is_null()));
}

#[tokio::test]
async fn an_organization_without_a_token_lists_nothing_without_a_diagnostic() {
    let setup = setup(0).await;
    let config = json!({ "organization": ORGANIZATION });
    let listed = setup.core.list(LIST, config, Query::DEFAULT).await;
    assert_eq!(listed.expect_no_diagnostics().len(), 0);
}

#[tokio::test]
async fn a_thousand_organizations_take_ten_pages_and_one_read_each() {
    let setup = setup(999).await;
    setup.simulator.regenerate_elsewhere(ORGANIZATION);
    let query = Query::DEFAULT.limited_to(10_000);
    let listed = setup.core.list(LIST, json!({}), query).await;
    assert_eq!(listed.expect_no_diagnostics().len(), 1000);
    assert_eq!(setup.count("/organizations?"), 10);
    assert_eq!(setup.count("/authentication-token"), 1000);
    assert_eq!(setup.simulator.requests().len(), 1010);
}

/// Conformance: 69.
#[tokio::test]
async fn a_search_stops_reading_at_its_limit() {
    let setup = setup(300).await;
    setup.simulator.regenerate_elsewhere(ORGANIZATION);
    for (limit, pages) in [(3, 1), (100, 1), (101, 2)] {
        let query = Query::DEFAULT.limited_to(limit);
        let listed = setup.core.list(LIST, json!({}), query).await;
        let listed = i64::try_from(listed.expect_no_diagnostics().len()).unwrap();
        assert_eq!(listed, limit);
        let reads = setup.count("/authentication-token");
        assert_eq!(i64::try_from(reads).unwrap(), limit);
        assert_eq!(setup.count("/organizations?"), pages, "{limit}");
        setup.simulator.clear_requests();
    }
}

/// Conformance: 69.
#[tokio::test]
async fn a_cancelled_search_sends_no_further_request() {
    let setup = setup(300).await;
    let breakpoint = Breakpoint::new();
    let fault = Fault::on(Method::GET, &token_of("org-0002")).pause_request(&breakpoint);
    setup.simulator.inject(fault);
    let process = setup.core.process(Walk::Plan).await;
    let request = setup.core.list_request(LIST, json!({}), Query::DEFAULT);
    let stream = provider_server::Provider::list_resource(process.server(), request).await;
    let mut stream = stream.unwrap().into_inner();
    stream.next().await.unwrap().unwrap();
    breakpoint.arrived().await;
    drop(stream);
    process.lifecycle.idle().await;
    breakpoint.release();
    // A later search in the same process would be answered after any further request of the first one.
    let one = setup
        .core
        .list_request(LIST, json!({ "organization": "org-0300" }), Query::DEFAULT);
    let stream = provider_server::Provider::list_resource(process.server(), one).await;
    let events: Vec<_> = stream.unwrap().into_inner().collect().await;
    assert_eq!(events.len(), 1);
    assert_eq!(setup.count(&token_of("org-0003")), 0);
    assert_eq!(setup.count("/organizations?"), 1);
}

#[tokio::test]
async fn an_organization_that_may_not_be_read_is_reported_and_the_search_continues() {
    let setup = setup(4).await;
    setup.simulator.set_access(OWNER, "org-0001", Access::Views);
    let forbidden = Fault::on(Method::GET, &token_of("org-0002")).status(403);
    setup.simulator.inject(forbidden.always());
    let vanished = Fault::on(Method::GET, &token_of("org-0003"))
        .status(404)
        .meanwhile(|simulator| simulator.hide_organization("org-0003"));
    setup.simulator.inject(vanished);
    let listed = setup.core.list(LIST, json!({}), Query::DEFAULT).await;
    let diagnostics = listed.diagnostics.to_string();
    for left_out in ["org-0001", "org-0002", "org-0003"] {
        assert!(
            diagnostics.contains(left_out),
            "{left_out} in {diagnostics}"
        );
    }
    listed.expect_warning(LEFT_OUT);
    let found = listed.expect_ok();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].identity["organization"], "org-0004");
}

#[tokio::test]
async fn a_search_in_one_organization_that_may_not_be_read_is_an_error() {
    let setup = setup(1).await;
    setup.simulator.set_access(OWNER, "org-0001", Access::Views);
    for organization in ["org-0001", "nowhere"] {
        let config = json!({ "organization": organization });
        let listed = setup.core.list(LIST, config, Query::DEFAULT).await;
        details(listed.expect_error(FAILED), &[organization]);
    }
}

#[tokio::test]
async fn an_error_that_is_not_about_one_organization_ends_the_search() {
    for status in [401, 503] {
        let setup = setup(3).await;
        let fault = Fault::on(Method::GET, &token_of("org-0002")).status(status);
        setup.simulator.inject(fault.always());
        let listed = setup.core.list(LIST, json!({}), Query::DEFAULT).await;
        details(listed.expect_error(FAILED), &["org-0002"]);
        assert_eq!(setup.count(&token_of("org-0003")), 0, "{status}");
    }
}

#[tokio::test]
async fn organizations_that_cannot_be_listed_are_an_error_that_advises_what_to_do() {
    for fault in [
        Fault::on(Method::GET, "/organizations?").status(401),
        Fault::on(Method::GET, "/organizations?")
            .status(503)
            .always(),
        Fault::on(Method::GET, "/organizations?").html().always(),
    ] {
        let setup = setup(1).await;
        setup.simulator.inject(fault);
        let listed = setup.core.list(LIST, json!({}), Query::DEFAULT).await;
        details(listed.expect_error(FAILED), &["\"organization\""]);
    }
}

#[tokio::test]
async fn a_search_retries_a_temporary_failure() {
    let setup = setup(3).await;
    for path in ["/organizations?".to_owned(), token_of("org-0002")] {
        for fault in [
            Fault::on(Method::GET, &path).status(503),
            Fault::on(Method::GET, &path).cut(),
            Fault::on(Method::GET, &path).status(429),
        ] {
            setup.simulator.inject(fault);
            let listed = setup.core.list(LIST, json!({}), Query::DEFAULT).await;
            assert_eq!(listed.expect_no_diagnostics().len(), 3);
        }
    }
}

#[tokio::test]
async fn a_search_on_a_service_that_is_not_hcp_terraform_is_an_error() {
    let setup = setup(1).await;
    let nameless = Fault::on_any("").without_header("TFP-AppName").always();
    setup.simulator.inject(nameless);
    let listed = setup.core.list(LIST, json!({}), Query::DEFAULT).await;
    listed.expect_error(FAILED);
}

#[tokio::test]
async fn a_search_with_an_unknown_provider_sends_no_request() {
    let mut setup = setup(1).await;
    setup.core.provider_config(json!({ "token": UNKNOWN }));
    let listed = setup.core.list(LIST, json!({}), Query::DEFAULT).await;
    assert!(listed.diagnostics.has_error());
    assert_eq!(setup.sent(), Vec::<String>::new());
}

#[tokio::test]
async fn a_search_in_an_invalid_organization_is_refused_without_a_request() {
    let setup = setup(1).await;
    let config = json!({ "organization": "a/b" });
    let listed = setup.core.list(LIST, config, Query::DEFAULT).await;
    listed.expect_error("Invalid Organization Name");
    assert_eq!(setup.sent(), Vec::<String>::new());
}
