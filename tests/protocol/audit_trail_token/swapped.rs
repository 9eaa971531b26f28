//! A sealed token in a state to which it does not belong: somebody who can write the state put it there.

use serde_json::{Value as Json, json};
use tfplugin::Diagnostic;

use super::sealing::{KEY, OTHER_KEY, UNSEALED, key, sealed};
use super::{DAY, EXAMPLE, LATER, ORGANIZATION, Setup, UNUSED, details};
use crate::promises::unseal::{header, seal};
use tfplugin_testing::{UNKNOWN, Walk};

const ANOTHER: &str = "The Sealed Token Is Another Token's";
const RENAMED: &str = "new-org-name";

/// Overwrites attributes in the state.
fn edit(setup: &mut Setup, changes: Json) {
    let mut state = setup.state().clone();
    let mut attributes = state.json();
    let Json::Object(changes) = changes else {
        panic!("changes are a JSON object");
    };
    attributes.as_object_mut().unwrap().extend(changes);
    state.attributes = attributes.to_string();
    setup.core.set_state(EXAMPLE, state);
}

/// Returns the state's sealed token with another header: what somebody who has the key can make.
fn resealed(setup: &Setup, name: &str, value: &str) -> String {
    let sealed = setup.get("sealed_token");
    let mut header = header(sealed.as_str().unwrap());
    header[name] = json!(value);
    seal(KEY, &header, "planted.atlasv1.of-another")
}

/// Returns setups whose sealed token was swapped, each with the two values that the error has to name.
async fn swapped() -> Vec<(Setup, [String; 2])> {
    let mut setups = Vec::new();
    // Another organization's.
    let (mut setup, other) = (sealed().await, sealed().await);
    let names = [setup.token().id, other.token().id];
    edit(
        &mut setup,
        json!({ "sealed_token": other.get("sealed_token") }),
    );
    setups.push((setup, names));
    // An older one.
    let mut setup = sealed().await;
    let older = (setup.get("sealed_token"), setup.token().id);
    setup.simulator.advance(DAY);
    let regenerated =
        json!({ "seal_token": true, "regenerate_triggers": { "a": "1" }, "expired_at": LATER });
    setup.apply(regenerated).await.expect_ok();
    let names = [setup.token().id, older.1];
    edit(
        &mut setup,
        json!({ "sealed_token": older.0, "regenerate_triggers": null, "expired_at": super::DATE }),
    );
    setups.push((setup, names));
    // Those that differ in one thing.
    for (name, value, ours) in [
        ("tfe_token_id", "at-another", None),
        ("tfe_organization", "other-org-name", Some(ORGANIZATION)),
        ("tfe_host", "app.eu.terraform.io", Some("app.terraform.io")),
    ] {
        let mut setup = sealed().await;
        let ours = ours.map_or(setup.token().id, str::to_owned);
        let mut text = resealed(&setup, name, value);
        if name == "tfe_host" {
            let mut header = header(&text);
            header["tfe_api"] = json!("https://app.eu.terraform.io/api/v2/");
            text = seal(KEY, &header, "planted.atlasv1.of-another");
        }
        edit(&mut setup, json!({ "sealed_token": text }));
        setups.push((setup, [ours, value.to_owned()]));
    }
    setups
}

#[track_caller]
fn check(error: &Diagnostic, names: &[String; 2]) {
    details(error, &[&names[0], &names[1], "regenerate_triggers"]);
    details(error, &["-refresh=false"]);
    assert!(!error.detail().contains("atlasv1"), "{error}");
}

/// The secret of another organization, or an older one, reached the collector.
#[tokio::test]
async fn a_swapped_sealed_token_is_an_error_of_the_read_with_any_key_or_none() {
    for (mut setup, names) in swapped().await {
        let before = setup.state().clone();
        for provider in [key(KEY), key(OTHER_KEY), json!({})] {
            setup.core.provider_config(provider);
            let refreshed = setup.core.refresh(EXAMPLE).await;
            check(refreshed.expect_error(ANOTHER), &names);
            assert_eq!(setup.state(), &before);
        }
    }
}

#[tokio::test]
async fn a_swapped_sealed_token_is_an_error_of_a_plan_without_a_refresh() {
    for (mut setup, names) in swapped().await {
        setup.core.disable_refresh();
        for provider in [key(KEY), json!({})] {
            setup.core.provider_config(provider);
            for seal_token in [json!(true), json!(false)] {
                let planned = setup.plan(json!({ "seal_token": seal_token })).await;
                check(planned.expect_error(ANOTHER), &names);
            }
        }
        // The name of the host is not known: the rest is compared.
        setup
            .core
            .provider_config(json!({ "sealing_key": KEY, "hostname": UNKNOWN }));
        let planned = setup.plan(json!({ "seal_token": true })).await;
        if names[1] != "app.eu.terraform.io" {
            check(planned.expect_error(ANOTHER), &names);
        }
    }
}

#[tokio::test]
async fn an_object_with_a_swapped_sealed_token_can_be_destroyed_and_regenerated() {
    for (mut setup, _) in swapped().await {
        setup.core.disable_refresh();
        let forced = json!({ "seal_token": true, "force_regenerate": true });
        let plan = setup.plan(forced.clone()).await.expect_ok();
        setup.core.apply(plan).await.expect_ok();
        setup.core.enable_refresh();
        setup.plan(forced).await.expect_ok();
        let config = json!({
            "sealed_token": setup.get("sealed_token"), "token_id": setup.get("token_id"),
        });
        let opened = setup
            .core
            .open_ephemeral(Walk::Apply, UNSEALED, config)
            .await;
        let secret = setup.token().secret;
        assert_eq!(opened.expect_no_diagnostics().get("token"), secret.expose());
    }
    for (mut setup, _) in swapped().await {
        setup.simulator.advance(UNUSED);
        setup.core.disable_refresh();
        setup.core.provider_config(json!({}));
        setup.core.destroy(EXAMPLE).await.expect_ok();
        assert!(setup.simulator.audit_trail_token(ORGANIZATION).is_none());
    }
}

/// An older state is consistent in itself: its token was replaced since.
#[tokio::test]
async fn an_older_state_as_a_whole_is_a_replaced_token() {
    let mut setup = sealed().await;
    let older = setup.state().clone();
    setup.simulator.advance(DAY);
    let regenerated = json!({ "seal_token": true, "expired_at": LATER });
    setup.apply(regenerated).await.expect_ok();
    setup.core.set_state(EXAMPLE, older);
    let refreshed = setup.core.refresh(EXAMPLE).await;
    refreshed.expect_warning("The Audit Trail Token Was Replaced");
    assert_eq!(setup.get("status"), "replaced");
}

/// Somebody also removes what the sealed token is compared with.
#[tokio::test]
async fn a_state_without_a_token_id_takes_it_from_its_sealed_token() {
    for (mut setup, _) in swapped().await {
        edit(
            &mut setup,
            json!({ "token_id": null, "created_at": null, "status": null }),
        );
        let refreshed = setup.core.refresh(EXAMPLE).await;
        if refreshed.value.is_some() {
            assert_eq!(setup.get("status"), "replaced");
        } else {
            refreshed.expect_error(ANOTHER);
        }
    }
}

/// `localterraform.com` is the service that runs the agent.
#[tokio::test]
async fn another_name_of_the_same_host_and_another_spelling_are_no_swap() {
    let mut setup = sealed().await;
    let api = setup.simulator.api_url();
    for (name, value) in [
        ("tfe_host", "localterraform.com"),
        ("tfe_host", "APP.terraform.io:443"),
        ("tfe_organization", "MY-ORG-NAME"),
    ] {
        let sealed = setup.get("sealed_token");
        let mut header = header(sealed.as_str().unwrap());
        assert_eq!(
            header["tfe_api"],
            api.trim_end_matches('/').to_owned() + "/"
        );
        header[name] = json!(value);
        let text = seal(KEY, &header, setup.token().secret.expose());
        edit(&mut setup, json!({ "sealed_token": text }));
        let plan = setup.plan(json!({ "seal_token": true })).await;
        plan.expect_no_diagnostics();
        let config = json!({
            "sealed_token": text, "organization": ORGANIZATION,
            "token_id": setup.get("token_id"),
        });
        let opened = setup
            .core
            .open_ephemeral(Walk::Plan, UNSEALED, config)
            .await;
        opened.expect_no_diagnostics();
    }
}

/// Returns a setup with a sealed token whose organization was renamed.
async fn renamed() -> Setup {
    let setup = sealed().await;
    setup.simulator.rename_organization(ORGANIZATION, RENAMED);
    setup
}

fn to_renamed() -> Json {
    json!({ "organization": RENAMED, "seal_token": true })
}

#[tokio::test]
async fn a_renamed_organization_is_sealed_under_its_new_name() {
    let mut setup = renamed().await;
    setup.apply(to_renamed()).await.expect_ok();
    setup.core.refresh(EXAMPLE).await.expect_no_diagnostics();
    let sealed = setup.get("sealed_token");
    assert_eq!(
        header(sealed.as_str().unwrap())["tfe_organization"],
        RENAMED
    );
    let token = setup.simulator.audit_trail_token(RENAMED).unwrap();
    let config = json!({
        "sealed_token": sealed, "organization": RENAMED, "token_id": token.id,
    });
    let opened = setup
        .core
        .open_ephemeral(Walk::Apply, UNSEALED, config)
        .await;
    assert_eq!(
        opened.expect_no_diagnostics().get("token"),
        token.secret.expose()
    );
}

#[tokio::test]
async fn a_former_name_is_accepted_while_the_key_is_missing_and_follows_once_it_is_there() {
    let mut setup = renamed().await;
    for provider in [json!({}), key(OTHER_KEY)] {
        setup.core.provider_config(provider);
        setup.core.refresh(EXAMPLE).await.expect_ok();
        setup.plan(to_renamed()).await.expect_no_diagnostics();
        let sealed = setup.get("sealed_token");
        assert_eq!(
            header(sealed.as_str().unwrap())["tfe_organization"],
            ORGANIZATION
        );
    }
    setup.core.provider_config(key(KEY));
    let config = json!({
        "sealed_token": setup.get("sealed_token"), "organization": RENAMED,
        "token_id": setup.get("token_id"),
    });
    let opened = setup
        .core
        .open_ephemeral(Walk::Plan, UNSEALED, config)
        .await;
    let error = opened.expect_error(ANOTHER);
    details(error, &[ORGANIZATION, RENAMED, "renamed", "sealing_key"]);

    setup.core.refresh(EXAMPLE).await.expect_no_diagnostics();
    let sealed = setup.get("sealed_token");
    assert_eq!(
        header(sealed.as_str().unwrap())["tfe_organization"],
        RENAMED
    );
    // It can be stored in plain text again.
    let plain = json!({ "organization": RENAMED });
    setup.apply(plain).await.expect_no_diagnostics();
    let token = setup.simulator.audit_trail_token(RENAMED).unwrap();
    assert_eq!(setup.get("token"), token.secret.expose());
}
