//! The data source: the organization's token, without its secret.

use serde_json::json;
use tfe_simulator::{Access, Fault, Method};
use tfplugin::Path;

use super::{DATE, DAY, ORGANIZATION, OWNER, Setup, TYPE, details};
use tfplugin_testing::UNKNOWN;

/// Conformance: 65.
#[tokio::test]
async fn the_data_source_returns_the_token_without_its_secret() {
    let setup = Setup::new().await;
    let until = DATE.parse().unwrap();
    let token = setup
        .simulator
        .regenerate_elsewhere_until(ORGANIZATION, until);
    setup.simulator.advance(DAY);
    setup
        .simulator
        .use_token(ORGANIZATION, setup.simulator.now());
    let config = json!({ "organization": ORGANIZATION });
    let read = setup
        .core
        .read_data(TYPE, config)
        .await
        .expect_no_diagnostics();
    assert_eq!(
        read,
        json!({
            "organization": ORGANIZATION, "token_id": token.id, "description": null,
            "created_at": "2026-01-01T00:00:00Z", "last_used_at": "2026-01-02T00:00:00Z",
            "expired_at": DATE, "created_by_id": token.created_by_id,
            "created_by_type": token.created_by_type,
        })
    );
}

#[tokio::test]
async fn a_token_that_was_never_used_has_no_last_use() {
    let setup = Setup::new().await;
    setup.simulator.regenerate_elsewhere(ORGANIZATION);
    let config = json!({ "organization": ORGANIZATION });
    let read = setup
        .core
        .read_data(TYPE, config)
        .await
        .expect_no_diagnostics();
    assert_eq!(read["last_used_at"], json!(null));
}

#[tokio::test]
async fn the_organization_defaults_to_the_providers() {
    let mut setup = Setup::new().await;
    setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup
        .core
        .provider_config(json!({ "organization": ORGANIZATION }));
    let read = setup
        .core
        .read_data(TYPE, json!({}))
        .await
        .expect_no_diagnostics();
    assert_eq!(read["organization"], ORGANIZATION);
}

#[tokio::test]
async fn an_organization_without_a_token_is_an_error() {
    let setup = Setup::new().await;
    let config = json!({ "organization": ORGANIZATION });
    let read = setup.core.read_data(TYPE, config).await;
    let error = read.expect_error("No Audit Trail Token");
    details(error, &[ORGANIZATION, "depends_on"]);
}

#[tokio::test]
async fn a_missing_organization_is_an_error() {
    let setup = Setup::new().await;
    let read = setup.core.read_data(TYPE, json!({})).await;
    let error = read.expect_error("No organization was specified on the resource or provider");
    assert_eq!(error.path(), Some(&Path::of("organization")));
}

#[tokio::test]
async fn a_default_organization_that_is_not_known_is_an_error_that_names_depends_on() {
    let mut setup = Setup::new().await;
    setup
        .core
        .provider_config(json!({ "organization": UNKNOWN }));
    let read = setup.core.read_data(TYPE, json!({})).await;
    let error = read.expect_error("Provider Configuration Not Known Yet");
    details(error, &["\"organization\"", "depends_on"]);
}

#[tokio::test]
async fn an_unknown_organization_is_not_read() {
    let setup = Setup::new().await;
    let config = json!({ "organization": UNKNOWN });
    let read = setup.core.read_data(TYPE, config).await;
    assert_eq!(read.expect_no_diagnostics(), UNKNOWN);
    assert_eq!(setup.sent(), Vec::<String>::new());
}

#[tokio::test]
async fn a_token_that_cannot_be_read_is_an_error() {
    let config = || json!({ "organization": ORGANIZATION });
    let summary = "Error reading Organization Audit Trail Token";

    let setup = Setup::new().await;
    setup.simulator.regenerate_elsewhere(ORGANIZATION);
    setup
        .simulator
        .set_access(OWNER, ORGANIZATION, Access::Views);
    let read = setup.core.read_data(TYPE, config()).await;
    details(read.expect_error(summary), &["may manage its tokens"]);

    let setup = Setup::new().await;
    setup.simulator.hide_organization(ORGANIZATION);
    let read = setup.core.read_data(TYPE, config()).await;
    let error = read.expect_error(summary);
    details(error, &["no organization of this name"]);
    assert!(!error.detail().contains("state"), "{error}");

    let setup = Setup::new().await;
    let broken = Fault::on(Method::GET, "authentication-token").always();
    setup.simulator.inject(broken.null_data());
    setup
        .core
        .read_data(TYPE, config())
        .await
        .expect_error(summary);
}
