//! Invalid input: a diagnostic at its attribute, and no change.

use serde_json::{Value as Json, json};
use tfplugin::{Diagnostics, Path};

use super::{EXAMPLE, ORGANIZATION, Setup, TYPE, block};
use tfplugin_testing::{StoredObject, Walk};

/// Demands that validation refuses a resource block at an attribute, without a request.
async fn check_resource(more: Json, summary: &str, attribute: &str) {
    let setup = Setup::new().await;
    let planned = setup.plan(more.clone()).await;
    let error = planned.expect_error(summary);
    assert_eq!(error.path(), Some(&Path::of(attribute)), "{more}");
    let validated = setup.core.validate(EXAMPLE, block(more)).await;
    validated.expect_error(summary);
    assert_eq!(setup.sent(), Vec::<String>::new());
}

/// Demands that a provider block is refused at an argument, without a request, and that the value is not shown.
async fn check_provider(config: Json, summary: &str, argument: &str) {
    let mut setup = Setup::created(json!({})).await;
    let before = setup.state().clone();
    setup.core.provider_config(config.clone());
    setup.sent();
    let planned = setup.plan(json!({})).await;
    let error = planned.expect_error(summary);
    assert_eq!(error.path(), Some(&Path::of(argument)), "{config}");
    assert!(!planned.diagnostics.to_string().contains("planted"));
    assert_eq!(setup.sent(), Vec::<String>::new());
    assert_eq!(setup.state(), &before);
}

#[tokio::test]
async fn a_malformed_date_is_refused() {
    for date in [
        "2000-04-11",
        "2051-04-11 23:15:59Z",
        "2051-04-11T23:15:59",
        "2051-13-11T23:15:59Z",
        "tomorrow",
        "",
    ] {
        let more = json!({ "expired_at": date });
        check_resource(more, "Invalid RFC3339 String Value", "expired_at").await;
    }
}

#[tokio::test]
async fn an_invalid_organization_is_refused() {
    for name in ["", " ", "a/b", "my org", "..", "a\nb"] {
        let more = json!({ "organization": name });
        check_resource(more, "Invalid Organization Name", "organization").await;
    }
}

#[tokio::test]
async fn an_invalid_provider_argument_is_refused_and_not_shown() {
    let short = "cGxhbnRlZA==";
    for (argument, value, summary) in [
        ("hostname", "https://example.com", "Invalid Hostname"),
        ("hostname", "example.com/api", "Invalid Hostname"),
        ("token", "planted\ntoken", "Invalid API Token"),
        ("token", "planted\u{7f}", "Invalid API Token"),
        ("organization", "a/b", "Invalid Organization Name"),
        ("sealing_key", short, "Invalid Sealing Key"),
        ("sealing_key", "planted, no base64", "Invalid Sealing Key"),
    ] {
        check_provider(json!({ argument: value }), summary, argument).await;
    }
}

/// `TFE_HOSTNAME=$TFE_TOKEN`, `terraform import ADDRESS $TFE_TOKEN` and the like printed the token.
#[tokio::test]
async fn a_text_with_the_form_of_a_secret_is_not_shown() {
    const SECRET: &str = "pl4ntedAAAAAA.atlasv1.pl4ntedBBBBBBBBBBBBBBBB";
    #[track_caller]
    fn check(diagnostics: &Diagnostics, summary: &str, given_as: &str) {
        let told = diagnostics.to_string();
        assert!(told.contains(summary), "{given_as}: {told}");
        assert!(!told.to_lowercase().contains("pl4nted"), "{given_as}");
        assert!(told.contains("form of an API token"), "{given_as}: {told}");
    }
    let upper = SECRET.to_uppercase();
    for text in [SECRET, upper.as_str(), &format!("https://{SECRET}/app")] {
        for (argument, summary) in [
            ("hostname", "Invalid Hostname"),
            ("organization", "Invalid Organization Name"),
        ] {
            let mut setup = Setup::new().await;
            setup.core.provider_config(json!({ argument: text }));
            let planned = setup.plan(json!({ "organization": null })).await;
            check(&planned.diagnostics, summary, argument);
            let name = format!("TFE_{}", argument.to_uppercase());
            let setup = Setup::with(|environment| environment.variable(&name, text)).await;
            let planned = setup.plan(json!({ "organization": null })).await;
            check(&planned.diagnostics, summary, &name);
            assert_eq!(setup.sent(), Vec::<String>::new(), "{name}");
        }
        let mut setup = Setup::new().await;
        for (argument, summary) in [
            ("organization", "Invalid Organization Name"),
            ("expired_at", "Invalid RFC3339 String Value"),
        ] {
            let planned = setup.plan(json!({ argument: text })).await;
            check(&planned.diagnostics, summary, argument);
        }
        let imported = setup.core.import(EXAMPLE, text).await;
        let summary = "Error importing organization audit trail token";
        check(&imported.diagnostics, summary, "the import ID");
        assert_eq!(setup.sent(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn an_empty_or_blank_argument_counts_as_unset() {
    let setup = Setup::with(|environment| environment.variable("TFE_ORGANIZATION", ORGANIZATION));
    let mut setup = setup.await;
    setup.core.provider_config(json!({
        "hostname": "", "token": " ", "organization": "", "sealing_key": "",
    }));
    let applied = setup.apply(json!({ "organization": null })).await;
    applied.expect_no_diagnostics();
    setup.check_current();
}

#[tokio::test]
async fn a_broken_cli_configuration_does_not_fail_a_provider_that_has_its_token() {
    let broken = "credentials \"app.terraform.io\" { token = ";
    let setup = Setup::with(|environment| environment.file("/cli.tfrc", broken)).await;
    let destroyed = setup.core.plan_destroy(EXAMPLE).await;
    destroyed.expect_no_diagnostics();
}

/// Conformance: 46.
#[tokio::test]
async fn a_corrupt_state_is_an_error_and_is_kept() {
    for attributes in [
        "{\"token_id\":7}",
        "{\"regenerate_triggers\":[]}",
        "[]",
        "null and void",
        "",
    ] {
        let mut setup = Setup::created(json!({})).await;
        let corrupt = StoredObject {
            attributes: attributes.to_owned(),
            ..setup.state().clone()
        };
        setup.core.set_state(EXAMPLE, corrupt.clone());
        setup.sent();
        let refreshed = setup.core.refresh(EXAMPLE).await;
        assert!(refreshed.diagnostics.has_error(), "{attributes}");
        assert_eq!(setup.state(), &corrupt);
        assert_eq!(setup.sent(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_state_without_an_organization_is_an_error_and_is_kept() {
    let mut setup = Setup::created(json!({})).await;
    let nameless = StoredObject {
        attributes: "{}".to_owned(),
        ..setup.state().clone()
    };
    setup.core.set_state(EXAMPLE, nameless.clone());
    let refreshed = setup.core.refresh(EXAMPLE).await;
    refreshed.expect_error("No Organization in the State");
    assert_eq!(setup.state(), &nameless);
}

/// Conformance: 60.
#[tokio::test]
async fn a_refresh_corrects_unreadable_dates_and_status() {
    let mut setup = Setup::created(json!({})).await;
    let mut object = setup.state().json();
    object["created_at"] = json!("yesterday");
    object["status"] = json!("unheard-of");
    object["expired_at"] = json!("some day");
    let mut state = setup.state().clone();
    state.attributes = object.to_string();
    setup.core.set_state(EXAMPLE, state);
    setup.core.refresh(EXAMPLE).await.expect_no_diagnostics();
    assert_eq!(setup.get("created_at"), "2026-01-01T00:00:00Z");
    assert_eq!(setup.get("status"), "current");
}

#[tokio::test]
async fn ephemeral_resource_and_data_source_refuse_an_invalid_organization() {
    let setup = Setup::new().await;
    let config = json!({ "organization": "a/b" });
    let opened = setup.core.open_ephemeral(Walk::Plan, TYPE, config.clone());
    let opened = opened.await;
    let error = opened.expect_error("Invalid Organization Name");
    assert_eq!(error.path(), Some(&Path::of("organization")));
    let read = setup.core.read_data(TYPE, config).await;
    read.expect_error("Invalid Organization Name");
    assert_eq!(setup.sent(), Vec::<String>::new());
}
