//! Plans of updates, without a service. A plan of a creation reads the organization's token, so the protocol tests have
//! those.

use chrono::{DateTime, Utc};

use super::super::ownership::{Observation, Owner};
use super::*;
use crate::client::{
    Arguments, AuditTrailToken, Client, Environment, Secret, ServiceHost, Timing, resolve,
};
use crate::provider::clock::Clock;
use crate::provider::connection::Api;
use crate::provider::sealing::{self, SealedFor, SealingKey, SealingNonce};
use tfplugin::{Host, PlanContext, Sensitive};

const ORGANIZATION: &str = "my-org-name";
const NOW: &str = "2026-06-01T00:00:00Z";
const EXPIRY: &str = "2028-01-01T00:00:00Z";
const PAST: &str = "2026-05-31T23:59:59Z";
const REGENERATES: &str = "The Audit Trail Token Is Regenerated";

fn text(text: &str) -> Attr<String> {
    Attr::Known(text.to_owned())
}

fn key(seed: u8) -> SealingKey {
    use base64::Engine;
    SealingKey::parse(&base64::engine::general_purpose::STANDARD.encode([seed; 32])).unwrap()
}

fn sealed() -> String {
    let sealed_for = SealedFor {
        host: ServiceHost::named("app.terraform.io"),
        organization: ORGANIZATION.to_owned(),
        token_id: "at-1".to_owned(),
    };
    let (nonce, secret) = (
        SealingNonce::random().unwrap(),
        Secret::new("planted".to_owned()),
    );
    sealing::seal(&key(1), nonce, &sealed_for, &secret)
}

/// The state of a token that was generated here.
fn state() -> Model {
    Model {
        id: text(ORGANIZATION),
        organization: text(ORGANIZATION),
        expired_at: text(EXPIRY),
        token: Attr::Known(Sensitive::new("planted".to_owned())),
        token_id: text("at-1"),
        created_at: text("2026-01-01T00:00:00Z"),
        status: Status::Current.into(),
        ..Model::default()
    }
}

fn with_status(status: Status) -> Model {
    Model {
        status: status.into(),
        ..state()
    }
}

fn config() -> Model {
    Model {
        organization: text(ORGANIZATION),
        ..Model::default()
    }
}

fn forced() -> Model {
    Model {
        force_regenerate: Attr::Known(true),
        ..config()
    }
}

fn expiring(date: &str) -> Model {
    Model {
        expired_at: text(date),
        ..config()
    }
}

fn sealing(seal_token: bool) -> Model {
    Model {
        seal_token: Attr::Known(seal_token),
        ..config()
    }
}

fn sealed_state() -> Model {
    Model {
        token: Attr::Null,
        sealed_token: Attr::Known(sealed()),
        seal_token: Attr::Known(true),
        ..state()
    }
}

/// The result of a plan.
#[derive(Debug)]
struct Outcome {
    plan: Model,
    replaces: bool,
    warnings: Vec<String>,
}

/// A configured provider that has sent no request yet.
async fn connection(organization: Attr<String>, sealing_key: Attr<SealingKey>) -> Connection {
    let arguments = Arguments {
        token: Some(Secret::new("owner".to_owned())),
        ..Arguments::default()
    };
    let settings = resolve(arguments, &Environment::in_memory()).await.unwrap();
    let client = Client::new(settings, Timing::default(), "0");
    Connection::new(Api::Known(client), organization, sealing_key, clock())
}

fn clock() -> Clock {
    let now: DateTime<Utc> = NOW.parse().unwrap();
    Clock::from_fn(move || now)
}

/// Plans an update as the server does: computed attributes that are not configured come from the state.
async fn update_with(
    connection: &Connection,
    config: Model,
    state: Model,
) -> Result<Outcome, Diagnostics> {
    let or = |configured: &Attr<String>, prior: &Attr<String>| {
        if configured.is_null() {
            prior.clone()
        } else {
            configured.clone()
        }
    };
    let plan = Model {
        organization: or(&config.organization, &state.organization),
        expired_at: or(&config.expired_at, &state.expired_at),
        force_regenerate: config.force_regenerate,
        regenerate_triggers: config.regenerate_triggers.clone(),
        seal_token: config.seal_token,
        ..state.clone()
    };
    let mut change = Change::new(config, Some(state), plan);
    let mut cx = PlanContext::for_test(Host::default());
    let observed = AuditTrailToken {
        id: "at-1".to_owned(),
        created_at: "2026-01-01T00:00:00Z".parse().unwrap(),
        last_used_at: None,
        description: None,
        expired_at: None,
        created_by: None,
    };
    let observation = Observation {
        organization: ORGANIZATION,
        token: &observed,
        owner: Owner::State,
        host: None,
    };
    ObservedToken::store(cx.private_mut(), observation)?;
    modify(connection, &mut change, &mut cx).await?;
    let (plan, replace) = change.into_parts();
    let warnings = cx.diagnostics().iter().map(|one| one.summary().to_owned());
    Ok(Outcome {
        plan,
        replaces: !replace.is_empty(),
        warnings: warnings.collect(),
    })
}

async fn update(config: Model, state: Model) -> Result<Outcome, Diagnostics> {
    update_with(&connection(Attr::Null, Attr::Null).await, config, state).await
}

fn errors(outcome: Result<Outcome, Diagnostics>) -> Vec<String> {
    let problems = outcome.expect_err("the plan should fail");
    problems
        .iter()
        .map(|one| format!("{} at {}", one.summary(), one.path().unwrap()))
        .collect()
}

#[tokio::test]
async fn a_regeneration_plans_unknown_results_and_warns() {
    let outcome = update(forced(), state()).await.unwrap();
    let expected = Model {
        force_regenerate: Attr::Known(true),
        expired_at: Attr::Unknown,
        token: Attr::Unknown,
        token_id: Attr::Unknown,
        created_at: Attr::Unknown,
        secret_version: Attr::Unknown,
        status: Attr::Unknown,
        ..state()
    };
    assert_eq!(outcome.plan, expected);
    assert_eq!(outcome.warnings, [REGENERATES]);

    let later = "2030-01-01T00:00:00Z";
    let outcome = update(expiring(later), state()).await.unwrap();
    assert_eq!(outcome.plan.expired_at, text(later));
    assert!(outcome.plan.token_id.is_unknown());
}

#[tokio::test]
async fn a_plan_without_a_reason_to_regenerate_changes_nothing() {
    for config in [
        config(),
        expiring(EXPIRY),
        expiring("2028-01-01T01:00:00+01:00"),
        expiring("2028-01-01T00:00:00.5Z"),
    ] {
        let outcome = update(config, state()).await.unwrap();
        assert_eq!(outcome.plan, state());
        assert!(outcome.warnings.is_empty(), "{outcome:?}");
    }
    let was_forced = Model {
        force_regenerate: Attr::Known(true),
        ..state()
    };
    let outcome = update(config(), was_forced).await.unwrap();
    assert_eq!(outcome.plan, state());
}

#[tokio::test]
async fn a_past_date_is_an_error_only_if_a_token_would_be_generated_with_it() {
    assert_eq!(
        errors(update(expiring(PAST), state()).await),
        ["Invalid Date at expired_at"]
    );
    let expired = Model {
        expired_at: text(PAST),
        ..with_status(Status::Expired)
    };
    let outcome = update(expiring(PAST), expired.clone()).await.unwrap();
    assert_eq!(outcome.warnings, ["The Audit Trail Token Is Expired"]);
    assert_eq!(outcome.plan, expired);
    let outcome = update(config(), expired).await.unwrap();
    assert_eq!(outcome.warnings, [REGENERATES]);
}

#[tokio::test]
async fn a_plan_warns_that_the_apply_will_refuse_to_replace_a_foreign_token() {
    let refused = ["Applying This Plan Will Be Refused"];
    let outcome = update(config(), with_status(Status::Replaced))
        .await
        .unwrap();
    assert_eq!(outcome.warnings, refused);
    let outcome = update(forced(), with_status(Status::Replaced))
        .await
        .unwrap();
    assert_eq!(outcome.warnings, [REGENERATES]);
    let forced_before = Model {
        force_regenerate: Attr::Known(true),
        ..with_status(Status::Replaced)
    };
    let outcome = update(forced(), forced_before).await.unwrap();
    // With -replace, the apply invalidates that token.
    let either = "The Audit Trail Token Is Not Managed by This Resource";
    assert_eq!(outcome.warnings, [either]);
}

#[tokio::test]
async fn a_plan_warns_about_a_token_without_secret_or_near_its_expiry() {
    let imported = Model {
        token: Attr::Null,
        ..state()
    };
    let outcome = update(config(), imported.clone()).await.unwrap();
    assert_eq!(outcome.warnings, Vec::<String>::new(), "nothing changes");
    let not_forced = Model {
        force_regenerate: Attr::Known(false),
        ..config()
    };
    let outcome = update(not_forced, imported).await.unwrap();
    assert_eq!(
        outcome.warnings,
        ["The Secret of the Audit Trail Token Is Not Known"]
    );
    let ending = Model {
        expired_at: text("2026-06-14T23:59:59Z"),
        ..state()
    };
    let outcome = update(config(), ending).await.unwrap();
    assert_eq!(outcome.warnings, ["The Audit Trail Token Expires Soon"]);
}

#[tokio::test]
async fn sealing_needs_a_key_before_anything_is_generated() {
    let expected = ["No Sealing Key at seal_token"];
    assert_eq!(errors(update(sealing(true), state()).await), expected);
    let regenerating = Model {
        seal_token: Attr::Known(true),
        ..forced()
    };
    assert_eq!(errors(update(regenerating, sealed_state()).await), expected);
    assert_eq!(
        errors(update(sealing(false), sealed_state()).await),
        expected
    );
    let outcome = update(sealing(true), sealed_state()).await;
    assert!(outcome.is_ok(), "nothing moves: {outcome:?}");
}

#[tokio::test]
async fn switching_the_seal_moves_the_secret_and_leaves_the_token() {
    let right = connection(Attr::Null, Attr::Known(key(1))).await;
    let outcome = update_with(&right, sealing(true), state()).await.unwrap();
    let expected = Model {
        seal_token: Attr::Known(true),
        token: Attr::Null,
        sealed_token: Attr::Unknown,
        ..state()
    };
    assert_eq!(outcome.plan, expected);

    let outcome = update_with(&right, config(), sealed_state()).await.unwrap();
    let expected = Model {
        token: Attr::Unknown,
        sealed_token: Attr::Null,
        ..state()
    };
    assert_eq!(outcome.plan, expected);

    let wrong = connection(Attr::Null, Attr::Known(key(2))).await;
    assert_eq!(
        errors(update_with(&wrong, config(), sealed_state()).await),
        ["Unable to Unseal the Audit Trail Token at seal_token"]
    );
}

#[tokio::test]
async fn an_unknown_seal_leaves_both_places_unknown_only_if_there_is_a_secret() {
    // The plan from an unknown seal_token must fit both values that it may get.
    let unknown = Model {
        seal_token: Attr::Unknown,
        ..config()
    };
    let outcome = update(unknown.clone(), state()).await.unwrap();
    assert!(outcome.plan.token.is_unknown() && outcome.plan.sealed_token.is_unknown());
    let imported = Model {
        token: Attr::Null,
        ..state()
    };
    let outcome = update(unknown, imported).await.unwrap();
    assert!(outcome.plan.token.is_null() && outcome.plan.sealed_token.is_null());
}

#[tokio::test]
async fn the_default_organization_replaces_only_if_the_provider_is_known() {
    let own_default = connection(text(ORGANIZATION), Attr::Null).await;
    let outcome = update_with(&own_default, Model::default(), state())
        .await
        .unwrap();
    assert_eq!((outcome.plan, outcome.replaces), (state(), false));

    let unknown_default = connection(Attr::Unknown, Attr::Null).await;
    let outcome = update_with(&unknown_default, Model::default(), state())
        .await
        .unwrap();
    assert_eq!((outcome.plan, outcome.replaces), (state(), false));

    let unknown_token =
        || Connection::new(Api::Unknown("token"), text("other"), Attr::Null, clock());
    let outcome = update_with(&unknown_token(), Model::default(), state())
        .await
        .unwrap();
    assert_eq!((outcome.plan, outcome.replaces), (state(), false));

    assert_eq!(
        errors(update(Model::default(), state()).await),
        ["No organization was specified on the resource or provider at organization"]
    );
}
