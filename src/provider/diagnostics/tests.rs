//! A snapshot of all diagnostics, so that a review shows a change as a practitioner sees it.

use chrono::{DateTime, Utc};

use super::cause::{Hint, token_origin};
use super::events::{OddEvent, Refusal, trail_refused};
use super::*;
use crate::client::{Hostname, SettingsError, TokenSource};
use crate::provider::Tfe;
use crate::provider::audit_trail_token::{ObservedToken, Reason, Use};
use crate::provider::sealing::SealedTokenError;
use tfplugin::{Attr, Diagnostic, Provider as _};

const ORGANIZATION: &str = "my-org-name";
const ID: Option<&str> = Some("at-1");
const CREATED: Option<&str> = Some("2025-01-01T00:00:00Z");

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn token() -> AuthenticationToken {
    AuthenticationToken {
        id: "at-2".to_owned(),
        created_at: time("2026-01-02T03:04:05Z"),
        last_used_at: Some(time("2026-02-03T04:05:06Z")),
        description: None,
        expired_at: Some(time("2028-01-02T03:04:05Z")),
        created_by: None,
    }
}

fn unused() -> AuthenticationToken {
    AuthenticationToken {
        last_used_at: None,
        ..token()
    }
}

fn imported(expired_at: Option<&str>) -> ObservedToken {
    ObservedToken {
        expired_at: expired_at.map(str::to_owned),
        imported: true,
        ..observed(true)
    }
}

fn observed(managed: bool) -> ObservedToken {
    ObservedToken {
        organization: ORGANIZATION.to_owned(),
        token_id: "at-2".to_owned(),
        created_at: "2026-01-02T03:04:05Z".to_owned(),
        last_used_at: Some("2026-02-03T04:05:06Z".to_owned()),
        expired_at: None,
        managed,
        followed: false,
        imported: false,
        host: None,
        former_organizations: Vec::new(),
    }
}

fn named(id: &str) -> TokenRef<'_> {
    TokenRef {
        organization: ORGANIZATION,
        id,
    }
}

fn in_state() -> StateToken<'static> {
    StateToken {
        id: ID,
        created_at: CREATED,
    }
}

fn by<'a>(
    current: &'a AuthenticationToken,
    id: Option<&'a str>,
    created_at: Option<&'a str>,
) -> Replaced<'a> {
    Replaced {
        organization: ORGANIZATION,
        state: StateToken { id, created_at },
        current,
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
    let host = Hostname::parse("app.terraform.io").unwrap();
    let hostname = |value| InvalidArgument {
        name: "hostname",
        value,
    };
    let why = "need just a hostname and optional port number, not a full URL";
    vec![
        invalid_hostname(hostname("https://me:planted@example.com/app"), why),
        invalid_hostname(hostname("a_b.c"), Hostname::parse("a_b.c").unwrap_err()),
        unusable_token("TFE_TOKEN"),
        invalid_sealing_key(
            "the environment variable TFE_SEALING_KEY",
            "it holds 7 bytes instead of 32",
        ),
        no_api_token(
            &host,
            "  - the provider's argument \"token\": is not set\n  \
             - the environment variable TFE_TOKEN: is set to an empty string",
        ),
        no_api_token_in_run(
            &host,
            "  - the environment variable TFE_TOKEN: is not set\n  \
             - TF_TOKEN_* environment variables: are not used inside an HCP Terraform run",
        ),
        no_settings(&SettingsError::InvalidEnvironment {
            name: "TFE_SSL_SKIP_VERIFY",
            value: "yes".to_owned(),
            expected: "use true or false",
        }),
        no_settings(&SettingsError::NotUtf8 {
            name: "TFE_HOSTNAME".to_owned(),
        }),
        broken_host_block(
            std::path::Path::new("/home/me/.terraformrc"),
            "it cannot be parsed: line 3: expected a name",
            &host,
        ),
        configuration_interrupted(),
        run_credentials(),
        token_of_any_host(&Hostname::parse("tfe.example.com").unwrap(), false),
        token_of_any_host(&Hostname::parse("localterraform.com").unwrap(), true),
        certificates_not_verified(&host),
        unknown_configuration("token"),
        unknown_configuration_of_data_source("token"),
        no_organization(),
        invalid_organization("a/b", "the name of an organization has no slash"),
        no_organization_in_state(),
    ]
}

fn about_lists() -> Vec<Diagnostic> {
    vec![
        not_listed(ORGANIZATION, cause()),
        no_organizations_listed(cause()),
        left_out(ORGANIZATION, invisible()),
    ]
}

fn about_revocations() -> Vec<Diagnostic> {
    vec![
        will_revoke(ORGANIZATION, &token()),
        revocation_will_fail(named("at-1"), &token()),
        revoked_not_read(ORGANIZATION, cause()),
        revoked_not_read_in_time(ORGANIZATION),
        no_token_id(),
        nothing_will_be_revoked(named("at-1")),
        no_token_to_revoke(),
        another_is_live(named("at-1"), &token()),
        not_revoked(named("at-1"), invisible()),
        replaced_while_revoking(ReplacedWhileRevoking {
            organization: ORGANIZATION,
            revoked: &unused(),
            current: &token(),
        }),
        revoked_nevertheless(named("at-1")),
    ]
}

fn progress() -> Vec<String> {
    vec![
        reading(ORGANIZATION),
        revoking(ORGANIZATION, &token()),
        revoked("at-1"),
        already_revoked(ORGANIZATION),
    ]
}

fn about_plans() -> Vec<Diagnostic> {
    let now = time("2026-03-04T05:06:07Z");
    let change = OrganizationChange {
        from: "old-org-name",
        token_id: ID,
        to: ORGANIZATION,
    };
    let expiry = TokenExpiry {
        organization: ORGANIZATION,
        expired_at: "2026-01-01T00:00:00Z",
        renewal: Renewal::ByDate,
    };
    let followed_expiry = TokenExpiry {
        renewal: Renewal::OnRequest,
        ..expiry
    };
    let mut messages = vec![
        default_expiry(),
        invalid_date("2000-04-11").at(expired_at()),
        past_date("2000-04-11T00:00:00Z", now),
        existing_will_fail(ORGANIZATION, &token(), now),
        will_invalidate_existing(ORGANIZATION, &unused(), now),
        no_preview(ORGANIZATION, cause()),
        no_preview_in_time(ORGANIZATION),
        other_organization_has_token(change, &token()),
        other_organization_fails(change, invisible()),
        may_change_organization("old-org-name", ID),
        will_delete(ORGANIZATION, &observed(true), Use::Recent),
        will_delete(ORGANIZATION, &observed(true), Use::Expected),
        second_beside(ORGANIZATION, &token(), Force::IsTrue),
        second_beside(ORGANIZATION, &token(), Force::CanBecomeTrue),
        second_creation(ORGANIZATION),
        second_in_state(ORGANIZATION, ID),
        second_created(ORGANIZATION, ID, Force::IsTrue),
        second_created(ORGANIZATION, None, Force::CanBecomeTrue),
        destroyed_and_created(ORGANIZATION, &token()),
        destroyed_and_created_observed(ORGANIZATION, &observed(true)),
        destroyed_and_created_unseen(ORGANIZATION),
        replacement_will_fail(ORGANIZATION, &token()),
        creation_will_fail(ORGANIZATION, &token()),
        will_leave_followed(ORGANIZATION, &observed(true)),
        will_leave_alone(ORGANIZATION, ID, Some(&observed(false))),
        will_leave_alone(ORGANIZATION, None, None),
        followed_left_alone(ORGANIZATION, in_state()),
        unknown_whose(ORGANIZATION, in_state()),
        not_shown(ORGANIZATION, &token()),
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
            Some(&observed(true)),
        ));
    }
    messages.extend([
        will_regenerate(&Reason::Expiry, ORGANIZATION, ID, Some(&imported(None))),
        will_regenerate(&Reason::Expiry, ORGANIZATION, ID, Some(&imported(CREATED))),
        will_regenerate(&Reason::Forced, ORGANIZATION, ID, None),
        will_regenerate(&Reason::Forced, ORGANIZATION, None, None),
        apply_will_refuse(
            ORGANIZATION,
            ID,
            Some(&observed(false)),
            Force::CanBecomeTrue,
        ),
        apply_will_refuse(ORGANIZATION, None, None, Force::IsTrue),
        no_secret(ORGANIZATION, &Attr::Null, Force::CanBecomeTrue),
        no_secret(ORGANIZATION, &Attr::Known(true), Force::IsTrue),
        expired(expiry),
        expires_soon(expiry),
        expired(followed_expiry),
        expires_soon(followed_expiry),
    ]);
    messages
}

fn about_generation() -> Vec<Diagnostic> {
    let asked = time("2030-01-01T00:00:00Z");
    vec![
        current_not_read(ORGANIZATION, cause()),
        already_exists(ORGANIZATION, &token()),
        already_generated(ORGANIZATION, None),
        already_generated(ORGANIZATION, Some(&token())),
        not_in_plan(
            ORGANIZATION,
            &token(),
            Some("at-2 (generated 2026-01-01T00:00:00Z)"),
        ),
        not_in_plan(ORGANIZATION, &token(), None),
        refused(by(&token(), ID, CREATED), Force::CanBecomeTrue),
        refused(by(&token(), None, None), Force::IsTrue),
        refused(by(&token(), Some("at-2"), CREATED), Force::IsTrue),
        not_generated(ORGANIZATION, Some(&token()), cause()),
        not_generated(ORGANIZATION, None, cause()),
        not_generated(ORGANIZATION, Some(&token()), overtaken()),
        secret_lost(named("at-2"), GeneratedBy::Creation, cause()),
        secret_lost(named("at-2"), GeneratedBy::Update, cause()),
        secret_lost(named("at-2"), GeneratedBy::Opening, cause()),
        main_token(
            named("at-2"),
            Cause::new(
                "GET /organizations/my-org-name on app.terraform.io: the \
                 service is not HCP Terraform, which alone has audit trail tokens: the new token \
                 manages the organization",
                None,
            ),
        ),
        unknown_whether_generated(ORGANIZATION, cause()),
        generated_again(named("at-4"), &["at-2", "at-3"]),
        replaced_at_once(named("at-1"), &token()),
        unconfirmed(named("at-1"), cause()),
        other_expiry(ORGANIZATION, asked, token().expired_at),
        other_expiry(ORGANIZATION, asked, None),
        another_invalidated(by(&token(), ID, CREATED)),
        left_alone(by(&token(), ID, CREATED)),
        left_alone(by(&token(), None, None)),
        left_alone(by(&token(), Some("at-2"), CREATED)),
    ]
}

fn about_states() -> Vec<Diagnostic> {
    let host = ForeignHost {
        identity: "app.eu.terraform.io",
        provider: &Hostname::parse("app.terraform.io").unwrap(),
    };
    let other = OtherHost {
        organization: ORGANIZATION,
        state: "app.eu.terraform.io",
        provider: &Hostname::parse("app.terraform.io").unwrap(),
    };
    let names = Renamed {
        from: "old-org-name",
        to: ORGANIZATION,
    };
    let import = ImportedElsewhere {
        imported: "old-org-name",
        configured: ORGANIZATION,
    };
    let expiring = ObservedToken {
        expired_at: Some("2028-01-02T03:04:05Z".to_owned()),
        ..observed(true)
    };
    let configured = "2030-01-01T00:00:00Z";
    vec![
        not_read(ORGANIZATION, cause()),
        not_read(ORGANIZATION, invisible()),
        renamed(names, &token()),
        former_name(names),
        replaced_under_former_name(names),
        on_another_host(other),
        on_unreachable_host(other, cause()),
        import_of_another_organization(import),
        followed_keeps_its_date(ORGANIZATION, &expiring, configured),
        followed_keeps_its_date(ORGANIZATION, &observed(true), configured),
        data_source_not_read(ORGANIZATION, cause()),
        data_source_not_read(ORGANIZATION, invisible()),
        not_found(ORGANIZATION, ID, cause()),
        gone(ORGANIZATION, ID),
        secret_not_tried(ORGANIZATION, &token()),
        replaced(by(&token(), ID, CREATED)),
        replaced(by(&token(), None, None)),
        replaced_by_second_object(by(&token(), Some("at-2"), CREATED)),
        replaced(by(&token(), Some("at-2"), CREATED)),
        followed(by(&token(), ID, CREATED)),
        followed(by(&token(), Some("at-2"), CREATED)),
        not_deleted(ORGANIZATION, cause()),
        not_deleted(ORGANIZATION, invisible()),
        invalid_import_id("a/b", "the name of an organization has no slash"),
        invalid_import_identity("a/b", "the name of an organization has no slash"),
        import_from_another_host(ORGANIZATION, host),
        not_imported(ORGANIZATION, cause()),
        nothing_to_import(ORGANIZATION),
        no_token(ORGANIZATION),
    ]
}

fn about_sealing() -> Vec<Diagnostic> {
    let wrong_key = SealedTokenError::WrongKey {
        sealed_with: "WqjPPRvAP8oYbAqCwMErhzTg-Quaz-vLx_cef07yhOs".to_owned(),
        given: "fVPvgr9-7XUKn2ALXlpJlQpm8Nzj9hc6ZmGGGUGVxj0".to_owned(),
    };
    let token = || Some(Difference::new("at-2", "at-1"));
    let organization = || Some(Difference::new("other-org-name", ORGANIZATION));
    let swapped = Swapped {
        token_id: token(),
        organization: organization(),
        host: None,
    };
    let hosts = Swapped {
        host: Some(Difference::new("app.eu.terraform.io", "app.terraform.io")),
        ..swapped.clone()
    };
    let renamed = Swapped {
        organization: organization(),
        ..Swapped::default()
    };
    let forged = Swapped {
        token_id: Some(Difference::new("V3zk.atlasv1.0Yp9", "at-1")),
        organization: Some(Difference::new("red\u{1b}[31m", ORGANIZATION)),
        host: None,
    };
    let mut messages = vec![
        no_sealing_key(),
        no_key_to_unseal(),
        sealed_token_stays(&wrong_key),
        swapped_in_state(&swapped),
        swapped_in_state(&forged),
        secret_to_seal_refused(named("at-1")),
        secret_to_seal_not_tried(named("at-1"), None),
        secret_to_seal_not_tried(
            named("at-1"),
            Some(Cause::new(
                "GET /organization/audit-trail on app.terraform.io: 503",
                Some(Hint::Trouble),
            )),
        ),
        token_to_seal_not_known(),
        no_nonce("the system gave no random numbers"),
        nothing_to_open(),
        no_key_to_open(),
        swapped_argument(&swapped),
        swapped_argument(&hosts),
        swapped_argument(&renamed),
    ];
    for why in [
        wrong_key,
        SealedTokenError::PlainToken,
        SealedTokenError::Damaged,
        SealedTokenError::Foreign,
    ] {
        messages.push(not_opened(&why));
    }
    messages
}

fn about_opening() -> Vec<Diagnostic> {
    vec![
        in_use(ORGANIZATION, &token(), Use::Recent),
        in_use(ORGANIZATION, &unused(), Use::Expected),
        in_use(ORGANIZATION, &unused(), Use::Managed),
        replaced_by_opening(named("at-3"), &unused()),
        not_revoked_on_close(
            named("at-1"),
            Cause::new(
                "DELETE /organizations/my-org-name/authentication-token on app.terraform.io: 503",
                Some(Hint::Trouble),
            ),
        ),
        opened_invalid(named("at-1"), &token()),
    ]
}

fn about_events() -> Vec<Diagnostic> {
    let cause = Cause::new(
        "GET /organization/audit-trail on app.terraform.io: 404 Not Found: not found",
        None,
    );
    let mut messages = vec![
        token_in_state(),
        invalid_instant("yesterday").at(Path::of("since")),
        since_after_until(Period {
            since: "2026-02-01T00:00:00Z",
            until: "2026-01-01T00:00:00Z",
        }),
        null_in_filter().at(Path::of("actions")),
        invalid_limit("0", 50_000).at(Path::of("limit")),
        since_before_retention("2020-01-01T00:00:00Z"),
        since_in_the_future("2036-01-01T00:00:00Z"),
        misspelt_filter("actions", "Create"),
        empty_trail(TrailToken::Argument),
        empty_trail(TrailToken::Provider),
        too_many_pages(50, 12),
        unknown_end(1000),
        odd_events(&[
            OddEvent {
                name: Some("ae66e491-db59-457c-8445-9c908ee726ae".to_owned()),
                fields: vec!["auth.description".to_owned(), "version".to_owned()],
            },
            OddEvent {
                name: None,
                fields: vec!["id".to_owned()],
            },
        ]),
        trail_refused(TrailToken::Provider, None, &cause),
    ];
    for token in [TrailToken::Argument, TrailToken::Provider] {
        for refusal in [
            Refusal::Dead,
            Refusal::WrongToken,
            Refusal::NoPage,
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
        page.push_str(&format!("{}\n", token_origin(&source, false)));
    }
    let of_run = TokenSource::CliConfiguration("cli.tfrc".into());
    page.push_str(&format!("{}\n", token_origin(&of_run, true)));
    page
}

#[test]
fn all_diagnostics_are_as_in_the_snapshot() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/provider/diagnostics/snapshot.txt");
    let page = page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let snapshot = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        page == snapshot,
        "the diagnostics differ from {}: check the difference after `UPDATE=1 cargo test --lib \
         diagnostics`, and commit it if it is meant",
        path.display()
    );
}

#[test]
fn a_summary_has_no_value_and_no_detail_is_empty() {
    for message in all() {
        let summary = message.summary();
        assert!(!summary.contains(ORGANIZATION), "{summary}");
        assert!(!summary.ends_with('.'), "{summary}");
        let detail = message.detail();
        assert!(detail.trim() == detail && !detail.is_empty(), "{detail:?}");
    }
}

/// A state, a service or a plan can have a token where a name belongs, and every diagnostic can name it.
#[test]
fn no_diagnostic_shows_a_token_whatever_it_names() {
    const SECRET: &str = "pl4nted.atlasv1.pl4nted";
    let names = [
        ORGANIZATION,
        "at-1",
        "at-2",
        "app.terraform.io",
        "2026-01-02T03:04:05Z",
    ];
    let texts = all()
        .into_iter()
        .flat_map(|one| [one.summary().to_owned(), one.detail().to_owned()])
        .chain(progress());
    for text in texts {
        for name in names {
            let shown = Tfe::redact(text.replace(name, SECRET));
            assert!(!shown.contains("pl4nted"), "{shown}");
        }
        assert_eq!(Tfe::redact(text.clone()), text);
    }
}

#[test]
fn a_text_that_is_no_name_and_no_date_is_not_shown() {
    for shown in [
        "a/b",
        "my org",
        "2026-13-01",
        "tomorrow",
        "me@example.com",
        "Jos\u{e9}\u{2212}",
    ] {
        assert!(quoted(shown).contains(&format!("{shown:?}")), "{shown}");
    }
    let long = "x".repeat(65);
    for hidden in ["pa$$w0rd", "{\"a\": 1}", "a&b", "x=y", "line\nline", &long] {
        assert!(!quoted(hidden).contains(hidden), "{hidden}");
    }
}
