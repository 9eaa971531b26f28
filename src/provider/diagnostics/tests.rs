//! All messages on a page, so that a change of one is seen as a reader sees it.

use chrono::{DateTime, Utc};

use super::cause::{Hint, caller};
use super::events::{Refusal, trail_refused};
use super::*;
use crate::client::{Hostname, SettingsError, TokenSource};
use crate::provider::audit_trail_token::{LastSeen, Reason};
use tfplugin::{Attr, Diagnostic};

const ORGANIZATION: &str = "my-org-name";
const ID: Option<&str> = Some("at-1");
const CREATED: Option<&str> = Some("2025-01-01T00:00:00Z");

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn token() -> AuditTrailToken {
    AuditTrailToken {
        id: "at-2".to_owned(),
        created_at: time("2026-01-02T03:04:05Z"),
        last_used_at: Some(time("2026-02-03T04:05:06Z")),
        description: None,
        expired_at: Some(time("2028-01-02T03:04:05Z")),
        created_by: None,
    }
}

fn unused() -> AuditTrailToken {
    AuditTrailToken {
        last_used_at: None,
        ..token()
    }
}

fn seen(managed: bool) -> LastSeen {
    LastSeen {
        organization: ORGANIZATION.to_owned(),
        token_id: "at-2".to_owned(),
        created_at: "2026-01-02T03:04:05Z".to_owned(),
        last_used_at: Some("2026-02-03T04:05:06Z".to_owned()),
        expired_at: None,
        managed,
        followed: false,
    }
}

fn cause() -> Cause {
    Cause::new(
        "GET /organizations/my-org-name/authentication-token on app.terraform.io: 500 Internal \
         Server Error",
        None,
    )
}

fn invisible() -> Cause {
    Cause::new(
        "GET /organizations/my-org-name/authentication-token on app.terraform.io: the \
         organization does not exist, or the caller cannot see it (404 Not Found): not found",
        Some(Hint::NotVisible),
    )
}

fn overtaken() -> Cause {
    Cause::new(
        "POST /organizations/my-org-name/authentication-token on app.terraform.io: the \
         organization has another token by now",
        Some(Hint::Overtaken),
    )
}

fn about_the_provider() -> Vec<Diagnostic> {
    let why = "need just a hostname and optional port number, not a full URL";
    vec![
        invalid_hostname("hostname", "https://me:planted@example.com/app", why),
        invalid_hostname(
            "hostname",
            "a_b.c",
            &Hostname::parse("a_b.c").unwrap_err().to_string(),
        ),
        unusable_token("TFE_TOKEN"),
        invalid_sealing_key(
            "the environment variable TFE_SEALING_KEY",
            "it holds 7 bytes instead of 32",
        ),
        no_api_token(
            "app.terraform.io",
            "  - the provider's argument \"token\": is not set\n  \
             - the environment variable TFE_TOKEN: is empty",
        ),
        no_api_token_in_run(
            "app.terraform.io",
            "  - the environment variable TFE_TOKEN: is not set\n  \
             - TF_TOKEN_* environment variables: are not used inside an HCP Terraform run",
        ),
        no_settings(&SettingsError::InvalidEnvironment {
            name: "TFE_SSL_SKIP_VERIFY",
            value: "yes".to_owned(),
            expected: "use true or false",
        }),
        run_credentials(),
        unknown_configuration("token"),
        unknown_configuration_of_data_source("token"),
        no_organization(),
        invalid_organization("a/b", "the name of an organization has no slash"),
        no_organization_in_state(),
    ]
}

fn about_lists() -> Vec<Diagnostic> {
    vec![
        not_listed(ORGANIZATION, &cause()),
        no_organizations_listed(&cause()),
        left_out(ORGANIZATION, &invisible()),
    ]
}

fn about_revocations() -> Vec<Diagnostic> {
    vec![
        will_revoke(ORGANIZATION, &token()),
        revocation_will_fail(ORGANIZATION, "at-1", &token()),
        no_look_at_revoked(ORGANIZATION, &cause()),
        no_look_at_revoked_in_time(ORGANIZATION),
        no_token_id(),
        nothing_will_be_revoked(ORGANIZATION, "at-1"),
        no_token_to_revoke(),
        another_is_live(ORGANIZATION, "at-1", &token()),
        not_revoked(ORGANIZATION, "at-1", &invisible()),
        replaced_while_revoking(ORGANIZATION, &unused(), &token()),
        revoked_nevertheless(ORGANIZATION, "at-1"),
    ]
}

fn progress() -> Vec<String> {
    vec![
        looking(ORGANIZATION),
        revoking(ORGANIZATION, &token()),
        revoked("at-1"),
        already_revoked(ORGANIZATION),
    ]
}

fn about_plans() -> Vec<Diagnostic> {
    let now = time("2026-03-04T05:06:07Z");
    let mut messages = vec![
        default_expiry(),
        invalid_date("2000-04-11").at(expired_at()),
        past_date("2000-04-11T00:00:00Z", now),
        existing_will_fail(ORGANIZATION, &token(), now),
        will_invalidate_existing(ORGANIZATION, &unused(), now),
        no_outlook(ORGANIZATION, &cause()),
        no_outlook_in_time(ORGANIZATION),
        moves_where_a_token_is("old-org-name", ID, ORGANIZATION, &token()),
        moves_nowhere("old-org-name", ID, ORGANIZATION, &invisible()),
        may_move("old-org-name", ID),
        will_delete(ORGANIZATION, &seen(true)),
        will_leave_followed(ORGANIZATION, &seen(true)),
        followed_left_alone(ORGANIZATION, &seen(true)),
    ];
    let reasons = [
        Reason::Forced,
        Reason::Expiry,
        Reason::Trigger("rotation".to_owned()),
        Reason::SecretLost,
        Reason::Replaced,
        Reason::Expired,
        Reason::Undecided("expired_at"),
    ];
    for reason in reasons {
        messages.push(will_regenerate(
            &reason,
            ORGANIZATION,
            ID,
            Some(&seen(true)),
        ));
    }
    messages.extend([
        will_regenerate(&Reason::Forced, ORGANIZATION, ID, None),
        will_regenerate(&Reason::Forced, ORGANIZATION, None, None),
        apply_will_refuse(ORGANIZATION, ID, Some(&seen(false)), Force::CanBecomeTrue),
        apply_will_refuse(ORGANIZATION, None, None, Force::Stands),
        no_secret(ORGANIZATION, &Attr::Null, Force::CanBecomeTrue),
        no_secret(ORGANIZATION, &Attr::Known(true), Force::Stands),
        expired(ORGANIZATION, "2026-01-01T00:00:00Z"),
        expires_soon(ORGANIZATION, "2026-01-01T00:00:00Z"),
    ]);
    messages
}

fn about_generation() -> Vec<Diagnostic> {
    let asked = time("2030-01-01T00:00:00Z");
    vec![
        not_looked(ORGANIZATION, &cause()),
        already_exists(ORGANIZATION, &token()),
        already_generated(ORGANIZATION),
        refused(ORGANIZATION, ID, CREATED, &token(), Force::CanBecomeTrue),
        refused(ORGANIZATION, None, None, &token(), Force::Stands),
        refused(ORGANIZATION, Some("at-2"), CREATED, &token(), Force::Stands),
        not_generated(ORGANIZATION, Some(&token()), &cause()),
        not_generated(ORGANIZATION, None, &cause()),
        not_generated(ORGANIZATION, Some(&token()), &overtaken()),
        secret_lost(ORGANIZATION, "at-2", &cause()),
        unknown_whether_generated(ORGANIZATION, &cause()),
        generated_again(ORGANIZATION, &["at-2", "at-3"], "at-4"),
        replaced_at_once(ORGANIZATION, "at-1", &token()),
        unconfirmed(ORGANIZATION, "at-1", &cause()),
        other_expiry(ORGANIZATION, asked, token().expired_at),
        other_expiry(ORGANIZATION, asked, None),
        another_invalidated(ORGANIZATION, ID, CREATED, &token()),
        left_alone(ORGANIZATION, ID, CREATED, &token()),
        left_alone(ORGANIZATION, None, None, &token()),
        left_alone(ORGANIZATION, Some("at-2"), CREATED, &token()),
    ]
}

fn about_states() -> Vec<Diagnostic> {
    vec![
        not_read(ORGANIZATION, &cause()),
        not_read(ORGANIZATION, &invisible()),
        data_source_not_read(ORGANIZATION, &cause()),
        data_source_not_read(ORGANIZATION, &invisible()),
        gone(ORGANIZATION, ID),
        replaced(ORGANIZATION, ID, CREATED, &token()),
        replaced(ORGANIZATION, None, None, &token()),
        replaced(ORGANIZATION, Some("at-2"), CREATED, &token()),
        followed(ORGANIZATION, ID, CREATED, &token()),
        followed(ORGANIZATION, Some("at-2"), CREATED, &token()),
        not_deleted(ORGANIZATION, &cause()),
        not_deleted(ORGANIZATION, &invisible()),
        invalid_import_id("a/b", "the name of an organization has no slash"),
        invalid_import_identity("a/b", "the name of an organization has no slash"),
        import_from_another_host(ORGANIZATION, "app.eu.terraform.io", "app.terraform.io"),
        not_imported(ORGANIZATION, &cause()),
        nothing_to_import(ORGANIZATION),
        no_token(ORGANIZATION),
    ]
}

fn about_sealing() -> Vec<Diagnostic> {
    let why = "it was sealed with another sealing key, or was changed since";
    vec![
        no_sealing_key(),
        no_key_to_unseal(),
        sealed_token_stays(why),
        sealed_token_of_another(ORGANIZATION, ID, "other-org-name", "at-2"),
        sealed_token_of_another(ORGANIZATION, None, "other-org-name", ""),
        no_nonce("the system gave no random numbers"),
        nothing_to_open(),
        no_key_to_open(),
        not_opened(why),
    ]
}

fn about_opening() -> Vec<Diagnostic> {
    vec![
        in_use(ORGANIZATION, &token()),
        replaced_by_opening(ORGANIZATION, &unused(), "at-3"),
        opened_dead(ORGANIZATION, "at-1", &token()),
    ]
}

fn about_events() -> Vec<Diagnostic> {
    let cause = Cause::new(
        "GET /organization/audit-trail on app.terraform.io: 404 Not Found: not found",
        None,
    );
    let mut messages = vec![
        invalid_instant("yesterday").at(Path::of("since")),
        since_after_until("2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        null_in_filter().at(Path::of("actions")),
        invalid_limit("0", 50_000).at(Path::of("limit")),
        since_before_retention("2020-01-01T00:00:00Z"),
        since_in_the_future("2036-01-01T00:00:00Z"),
        misspelt_filter("actions", "Create"),
        empty_trail(TrailToken::Argument),
        empty_trail(TrailToken::Provider),
        too_many_pages(50, 12),
        trail_refused(TrailToken::Provider, None, &cause),
    ];
    for token in [TrailToken::Argument, TrailToken::Provider] {
        for refusal in [
            Refusal::Dead,
            Refusal::WrongToken,
            Refusal::NoEntitlement,
            Refusal::Unclear,
        ] {
            messages.push(trail_refused(token, Some(refusal), &cause));
        }
    }
    messages
}

fn all() -> Vec<Diagnostic> {
    [
        about_the_provider(),
        about_plans(),
        about_generation(),
        about_states(),
        about_sealing(),
        about_opening(),
        about_events(),
        about_lists(),
        about_revocations(),
    ]
    .concat()
}

fn page() -> String {
    let mut page = String::new();
    for message in all() {
        page.push_str(&format!("{message}\n\n----\n\n"));
    }
    page.push_str("The progress of actions:\n\n");
    for message in progress() {
        page.push_str(&format!("{message}\n"));
    }
    page.push_str("\nWhat helps, by what went wrong:\n");
    for hint in Hint::ALL {
        page.push_str(&format!("\n{hint:?}\n{}\n", hint.text()));
    }
    page.push_str("\nWhere another token might help, which one it was:\n\n");
    for source in [
        TokenSource::Argument,
        TokenSource::Environment("TFE_TOKEN".to_owned()),
        TokenSource::CliConfiguration("~/.terraform.d/credentials.tfrc.json".into()),
        TokenSource::CredentialsHelper("vault".to_owned()),
    ] {
        page.push_str(&format!("{}\n", caller(&source, false)));
    }
    let of_run = TokenSource::CliConfiguration("cli.tfrc".into());
    page.push_str(&format!("{}\n", caller(&of_run, true)));
    page
}

#[test]
fn all_messages_are_as_the_snapshot_shows_them() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/provider/diagnostics/snapshot.txt");
    let page = page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let snapshot = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        page == snapshot,
        "the diagnostics differ from {}: look at the difference after `UPDATE=1 cargo test --lib \
         diagnostics`, and commit it if it is meant",
        path.display()
    );
}

#[test]
fn a_summary_has_no_value_and_nothing_is_left_empty() {
    for message in all() {
        let summary = message.summary();
        assert!(!summary.contains(ORGANIZATION), "{summary}");
        assert!(!summary.ends_with('.'), "{summary}");
        let detail = message.detail();
        assert!(detail.trim() == detail && !detail.is_empty(), "{detail:?}");
    }
}
