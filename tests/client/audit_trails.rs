//! The audit trail: every event comes once, and an error says why a token cannot read it.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::json;
use terraform_provider_tfe::client::{AuditTrails, Client, Error, EventQuery, Secret, resolve};
use tfe_simulator::{
    Caller, Event, EventSeries, Fault, Method, Organization, ServiceKind, Simulator, UserOnTrail,
};
use tokio_util::sync::CancellationToken;

use crate::service::{ORGANIZATION, Service, arguments, environment_of, timing};

const USER: &str = "planted-token-of-a-user";
/// More pages than any of these tests needs.
const MAX_PAGES: usize = 2000;
/// Longer than any of these tests takes.
const TIMEOUT: Duration = Duration::from_secs(120);

/// An organization with events ten seconds apart up to now, and a client with a user's token. It is the fifth of January 2026.
async fn trail_of(count: u64, growth: u64) -> (Simulator, Client) {
    let simulator = Simulator::start().await;
    simulator.add_organization(ORGANIZATION);
    simulator.add_caller(Caller::user(USER));
    let start = simulator.now();
    simulator.advance(Duration::from_secs(5 * 24 * 60 * 60));
    let series = EventSeries::new(count, start, Duration::from_secs(10)).growing_by(growth);
    simulator.set_event_series(ORGANIZATION, series);
    let environment = environment_of(&simulator.api_url());
    let settings = resolve(arguments(), &environment).await.unwrap();
    (simulator, Client::new(settings, timing(), "1.2.3"))
}

/// The organization's own token, whose generation is an event more.
fn organization_token(simulator: &Simulator) -> Secret {
    let token = simulator.regenerate_organization_token(ORGANIZATION);
    Secret::new(token.secret.expose().to_owned())
}

fn pages_of(size: u32) -> EventQuery {
    EventQuery {
        page_size: size,
        ..EventQuery::default()
    }
}

/// Fails if a future does not end.
async fn in_time<T>(reading: impl Future<Output = T>) -> T {
    let ended = tokio::time::timeout(TIMEOUT, reading).await;
    ended.expect("the trail is read in time")
}

/// Returns the IDs of all events in order, and the number of pages.
async fn read(trails: AuditTrails<'_>, query: EventQuery) -> Result<(Vec<String>, usize), Error> {
    let (mut ids, mut count) = (Vec::new(), 0);
    let mut pages = trails.events(query);
    while let Some(page) = in_time(pages.next()).await? {
        count += 1;
        assert!(count <= MAX_PAGES, "the stream does not end");
        ids.extend(
            page.events
                .iter()
                .map(|event| event.id.clone().unwrap().into_owned()),
        );
    }
    Ok((ids, count))
}

/// Returns the numbers of the series' events.
fn numbers(ids: &[String]) -> Vec<u64> {
    ids.iter()
        .filter_map(|id| id.strip_prefix("5e21e500-0000-4000-8000-"))
        .map(|number| u64::from_str_radix(number, 16).unwrap())
        .collect()
}

#[tokio::test]
async fn every_event_comes_once_newest_first() {
    let (simulator, client) = trail_of(2500, 0).await;
    let secret = organization_token(&simulator);
    let trails = client.audit_trails(&secret);
    let (ids, pages) = read(trails, EventQuery::default()).await.unwrap();
    assert_eq!((ids.len(), pages), (2501, 3));
    assert!(numbers(&ids).into_iter().eq((0..2500).rev()));
}

#[tokio::test]
async fn new_events_move_others_onto_the_next_page_and_none_comes_twice() {
    for growth in [1, 7, 99] {
        let (simulator, client) = trail_of(1000, growth).await;
        let secret = organization_token(&simulator);
        let (ids, pages) = read(client.audit_trails(&secret), pages_of(100))
            .await
            .unwrap();
        let unique: BTreeSet<_> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{growth}");
        assert!(numbers(&ids).into_iter().eq((0..1000).rev()), "{growth}");
        assert!(pages > 10, "{growth}: {pages}");
    }
}

#[tokio::test]
async fn several_pages_of_new_events_are_skipped() {
    let (simulator, client) = trail_of(1000, 0).await;
    let secret = organization_token(&simulator);
    let burst = Fault::on(Method::GET, "audit-trail")
        .skip(2)
        .meanwhile(|simulator| {
            for _ in 0..550 {
                simulator.add_event(ORGANIZATION, Event::new("run", "create"));
            }
        });
    simulator.inject(burst.delay(Duration::ZERO));
    let (ids, pages) = read(client.audit_trails(&secret), pages_of(100))
        .await
        .unwrap();
    assert!(numbers(&ids).into_iter().eq((0..1000).rev()));
    assert_eq!(pages, 16);
}

#[tokio::test]
async fn a_trail_that_grows_faster_than_it_is_read_is_an_error() {
    let (simulator, client) = trail_of(1000, 100).await;
    let secret = organization_token(&simulator);
    let error = read(client.audit_trails(&secret), pages_of(100))
        .await
        .unwrap_err();
    assert!(error.is_protocol(), "{error}");
    assert!(error.to_string().contains("pages in a row"), "{error}");
    assert!(simulator.requests().len() < 80);
}

#[tokio::test]
async fn events_that_are_dropped_at_the_end_do_no_harm() {
    let (simulator, client) = trail_of(1000, 0).await;
    let secret = organization_token(&simulator);
    // After the second page, 200 of the oldest are more than 14 days old.
    simulator.set_clock("2026-01-15T00:00:00Z".parse().unwrap());
    let late = Fault::on(Method::GET, "audit-trail")
        .skip(1)
        .meanwhile(|simulator| simulator.advance(Duration::from_secs(2000)));
    simulator.inject(late);
    let (ids, pages) = read(client.audit_trails(&secret), pages_of(100))
        .await
        .unwrap();
    assert!(numbers(&ids).into_iter().eq((200..1000).rev()));
    assert_eq!(pages, 9);
}

#[tokio::test]
async fn only_events_after_since_are_requested() {
    let (simulator, client) = trail_of(1000, 0).await;
    let secret = organization_token(&simulator);
    simulator.clear_requests();
    let since: DateTime<Utc> = "2026-01-01T03:00:00.5+01:00".parse().unwrap();
    let query = EventQuery {
        since: Some(since),
        ..EventQuery::default()
    };
    let (ids, _) = read(client.audit_trails(&secret), query).await.unwrap();
    assert!(numbers(&ids).into_iter().eq((721..1000).rev()));
    let asked: Vec<_> = simulator
        .requests()
        .into_iter()
        .map(|one| one.path)
        .collect();
    let expected = "/api/v2/organization/audit-trail?page%5Bnumber%5D=1&page%5Bsize%5D=1000\
                    &since=2026-01-01T02%3A00%3A00.500Z";
    assert!(asked.contains(&expected.to_owned()), "{asked:?}");
}

#[tokio::test]
async fn a_page_is_requested_again_after_a_server_error() {
    let (simulator, client) = trail_of(1500, 0).await;
    let secret = organization_token(&simulator);
    for status in [500, 429, 502] {
        simulator.inject(Fault::on(Method::GET, "number%5D=2").status(status));
    }
    simulator.inject(Fault::on(Method::GET, "number%5D=2").cut_body());
    let (ids, pages) = read(client.audit_trails(&secret), EventQuery::default())
        .await
        .unwrap();
    assert_eq!((ids.len(), pages, simulator.faults_left()), (1501, 2, 0));
}

#[tokio::test]
async fn a_stop_request_ends_reading() {
    let (simulator, client) = trail_of(5000, 0).await;
    let secret = organization_token(&simulator);
    let stop = CancellationToken::new();
    let client = client.stopping_with(stop.clone());
    let mut pages = client.audit_trails(&secret).events(EventQuery::default());
    assert!(in_time(pages.next()).await.unwrap().is_some());
    stop.cancel();
    assert!(in_time(pages.next()).await.unwrap_err().is_stopped());
    assert!(in_time(pages.next()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_page_has_the_total_count_and_says_whether_another_follows() {
    let (simulator, client) = trail_of(3, 0).await;
    let secret = organization_token(&simulator);
    let mut pages = client.audit_trails(&secret).events(pages_of(2));
    for is_last in [false, true] {
        let page = pages.next().await.unwrap().unwrap();
        assert_eq!((page.total_count, page.is_last), (Some(4), is_last));
    }
    assert!(pages.next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_malformed_page_is_an_error() {
    let service = Service::start().await;
    let client = service.client().await;
    let event = |id: &str| json!({"id": id, "version": 0});
    for (broken, pages) in [
        (
            json!({"data": [event("1")], "pagination": {"next_page": 1}}),
            0,
        ),
        (
            json!({"data": [event("1")], "pagination": {"next_page": 0}}),
            0,
        ),
        // The same page again and again, whichever is asked for.
        (
            json!({"data": [event("1")], "pagination": {"next_page": 2}}),
            1,
        ),
        (
            json!({"data": [event("1")], "pagination": {"next_page": 4_000_000_000_u32}}),
            64,
        ),
        (
            json!({"data": [], "pagination": {"next_page": 4_000_000_000_u32}}),
            63,
        ),
        (json!({"data": null}), 0),
        (json!({}), 0),
        (json!([]), 0),
        (
            json!({"data": [event("1")], "pagination": {"next_page": "2"}}),
            0,
        ),
    ] {
        service.state().trail = (200, broken.clone());
        let mut trail = client.own_audit_trails().events(pages_of(1));
        let mut read = 0;
        let error = loop {
            assert!(read < MAX_PAGES, "{broken}: the stream does not end");
            match in_time(trail.next()).await {
                Ok(Some(_)) => read += 1,
                Ok(None) => panic!("{broken} is no whole trail"),
                Err(error) => break error,
            }
        };
        assert!(error.is_protocol(), "{broken}: {error}");
        assert_eq!(read, pages, "{broken}");
    }
}

#[tokio::test]
async fn an_error_says_why_a_token_cannot_read_the_trail() {
    let (simulator, client) = trail_of(10, 0).await;
    let refusal = async |secret: &str| {
        let secret = Secret::new(secret.to_owned());
        let read = read(client.audit_trails(&secret), EventQuery::default()).await;
        let error = read.unwrap_err();
        assert!(!format!("{error} {error:?}").contains(secret.expose()));
        error
    };
    let simulator = &simulator;
    simulator.add_owner_token("planted-token-of-an-owner");
    simulator.add_caller(
        Caller::team("planted-token-of-a-team").access(ORGANIZATION, tfe_simulator::Access::Views),
    );

    // An invalid token.
    let dead = refusal("planted-token-of-nobody").await;
    assert!(dead.is_unauthorized() && !dead.is_wrong_token(), "{dead}");

    // Tokens of users and teams, with either answer of the service.
    for answer in [
        UserOnTrail::NoPage,
        UserOnTrail::NotFound,
        UserOnTrail::Unauthorized,
    ] {
        simulator.configure(|settings| settings.user_on_trail = answer);
        for secret in ["planted-token-of-an-owner", "planted-token-of-a-team"] {
            let wrong = refusal(secret).await;
            assert!(wrong.is_wrong_token(), "{answer:?} {secret}: {wrong}");
        }
    }
    simulator.configure(|settings| settings.user_on_trail = UserOnTrail::NotFound);
    simulator.add_organization("other-org-name");
    let wrong = refusal("planted-token-of-an-owner").await;
    assert!(wrong.is_wrong_token(), "{wrong}");

    // A user without organizations, and an audit trail token whose organization has lost its audit
    // logging, get the same answers.
    let unclear = refusal(USER).await;
    assert!(
        unclear.is_not_found() && !unclear.is_wrong_token(),
        "{unclear}"
    );
    let trail_token = simulator.regenerate_elsewhere(ORGANIZATION);
    simulator.withdraw_audit_logging(ORGANIZATION);
    let unclear = refusal(trail_token.secret.expose()).await;
    assert!(
        unclear.is_not_found() && !unclear.is_no_entitlement(),
        "{unclear}"
    );

    // With the organization's token the reason is known.
    let own = organization_token(simulator);
    let unentitled = refusal(own.expose()).await;
    assert!(unentitled.is_no_entitlement(), "{unentitled}");
}

#[tokio::test]
async fn without_a_known_reason_the_error_stays_a_404() {
    let (simulator, client) = trail_of(10, 0).await;
    simulator.add_organization(Organization::from("unentitled").without_audit_logging());
    let own = simulator.regenerate_organization_token("unentitled");
    let secret = Secret::new(own.secret.expose().to_owned());
    for (path, status) in [("entitlement-set", 500), ("api/v2/organizations?", 404)] {
        simulator.clear_faults();
        simulator.inject(Fault::on(Method::GET, path).always().status(status));
        let read = read(client.audit_trails(&secret), EventQuery::default()).await;
        let error = read.unwrap_err();
        assert!(
            error.is_not_found() && !error.is_no_entitlement(),
            "{error}"
        );
    }
}

#[tokio::test]
async fn terraform_enterprise_has_no_audit_trail() {
    for kind in [ServiceKind::TerraformEnterprise, ServiceKind::Imitation] {
        let (simulator, client) = trail_of(10, 0).await;
        let secret = organization_token(&simulator);
        simulator.configure(|settings| settings.kind = kind);
        let read = read(client.audit_trails(&secret), EventQuery::default()).await;
        let error = read.unwrap_err();
        assert!(error.is_unsupported_service(), "{error}");
    }
}

#[tokio::test]
async fn the_trail_can_be_read_with_the_settings_token() {
    let service = Service::start().await;
    let client = service.client().await;
    let mut pages = client.own_audit_trails().events(EventQuery::default());
    assert!(pages.next().await.unwrap().unwrap().is_last);
    let request = service.last_request();
    assert_eq!(request.headers["authorization"], "Bearer callers-token");
    assert_eq!(request.headers["accept"], "application/json");
}
