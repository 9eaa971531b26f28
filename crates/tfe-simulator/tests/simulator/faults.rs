//! Every kind of fault: what the client receives, and what the service has changed.

use std::time::Duration;

use serde_json::json;
use tfe_simulator::{Breakpoint, Fault, Method, Simulator};
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::http::{Answer, MAIN_TOKEN, ORGANIZATION, TRAIL_TOKEN, delete, get, post, simulator};

/// A fault for the token endpoint's POST.
fn on_post() -> Fault {
    Fault::on(Method::POST, "authentication-token")
}

fn exists(simulator: &Simulator) -> bool {
    simulator.audit_trail_token(ORGANIZATION).is_some()
}

/// Sends a POST that meets a fault, and returns the response.
async fn meet(fault: Fault) -> (Simulator, Option<Answer>) {
    let simulator = simulator().await;
    simulator.inject(fault);
    let answer = post(&simulator, TRAIL_TOKEN).try_send().await;
    assert_eq!(simulator.faults_left(), 0, "the fault was met");
    (simulator, answer)
}

/// The same, for faults with a response.
async fn answer_to(fault: Fault) -> (Simulator, Answer) {
    let (simulator, answer) = meet(fault).await;
    (simulator, answer.expect("an answer"))
}

#[tokio::test]
async fn a_status_before_the_change_leaves_everything_as_it_was() {
    let (simulator, answer) = answer_to(on_post().status(403)).await;
    assert_eq!(answer.status, 403);
    assert_eq!(answer.text_at("/errors/0/title"), "forbidden");
    assert!(!exists(&simulator));
    assert_eq!(simulator.requests()[0].status, Some(403));
}

#[tokio::test]
async fn a_status_after_the_change_replaces_the_response() {
    let (simulator, answer) = answer_to(on_post().after_change().status(502)).await;
    assert_eq!(answer.status, 502);
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(answer.header("tfp-appname"), None, "a proxy answered");
    assert!(exists(&simulator));
}

#[tokio::test]
async fn a_scripted_rate_limit_has_the_documented_body() {
    let (_, answer) = answer_to(on_post().status(429)).await;
    assert_eq!(
        answer.json(),
        json!({ "errors": [{
            "detail": "You have exceeded the API's rate limit.",
            "status": 429,
            "title": "Too many requests",
        }]})
    );
    assert_eq!(answer.header("x-ratelimit-reset"), Some("1.000"));
    let fault = on_post().status(429).header("retry-after", "7");
    let (_, answer) = answer_to(fault.without_header("X-RateLimit-Reset")).await;
    assert_eq!(answer.header("retry-after"), Some("7"));
    assert_eq!(answer.header("x-ratelimit-reset"), None);
}

#[tokio::test]
async fn a_body_replaces_the_services_own() {
    let fault = on_post()
        .status(422)
        .body("text/plain", "no, thank you")
        .header("x-extra", "yes");
    let (_, answer) = answer_to(fault).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (422, "no, thank you")
    );
    assert_eq!(answer.header("content-type"), Some("text/plain"));
    assert_eq!(answer.header("x-extra"), Some("yes"));
}

#[tokio::test]
async fn a_body_may_have_the_wrong_form() {
    let (_, answer) = answer_to(on_post().html()).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.starts_with("<!DOCTYPE html>"));

    let (_, answer) = answer_to(on_post().status(503).empty()).await;
    assert_eq!((answer.status, answer.body.as_str()), (503, ""));

    let (_, answer) = answer_to(on_post().wrong_shape()).await;
    assert!(answer.at("/data").is_array());
    assert_eq!(answer.header("tfp-appname"), Some("HCP Terraform"));

    let (_, answer) = answer_to(on_post().null_data()).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (200, r#"{"data":null}"#)
    );

    let (_, answer) = answer_to(on_post().huge(1 << 20)).await;
    assert!(answer.text_at("/data").len() == 1 << 20 && answer.is_whole());
}

#[tokio::test]
async fn a_fault_damages_the_services_own_response() {
    let (simulator, answer) = answer_to(on_post().content_type("text/plain")).await;
    assert_eq!((answer.status, exists(&simulator)), (201, true));
    assert_eq!(answer.header("content-type"), Some("text/plain"));
    assert!(answer.json()["data"]["id"].is_string());

    let (simulator, answer) = answer_to(on_post().truncated()).await;
    assert_eq!((answer.status, exists(&simulator)), (201, true));
    assert!(answer.is_whole() && serde_json::from_str::<serde_json::Value>(&answer.body).is_err());

    let (_, answer) = answer_to(on_post().without_header("TFP-AppName")).await;
    assert_eq!(answer.header("tfp-appname"), None);
}

#[tokio::test]
async fn a_redirect_has_the_scripted_target() {
    let elsewhere = "http://127.0.0.1:1/api/v2/";
    let (simulator, answer) = answer_to(on_post().redirect(elsewhere)).await;
    assert_eq!(answer.status, 307);
    assert_eq!(answer.header("location"), Some(elsewhere));
    assert!(!exists(&simulator));
    let (_, answer) = answer_to(on_post().redirect(elsewhere).status(302)).await;
    assert_eq!(answer.status, 302);
}

#[tokio::test]
async fn a_connection_is_cut_before_or_after_the_change() {
    let (simulator, answer) = meet(on_post().cut()).await;
    assert!(answer.is_none() && !exists(&simulator));
    assert_eq!(simulator.requests()[0].status, None);
    let (simulator, answer) = meet(on_post().after_change().cut()).await;
    assert!(answer.is_none() && exists(&simulator));
}

#[tokio::test]
async fn a_cut_body_ends_half_way() {
    let (simulator, answer) = answer_to(on_post().cut_body()).await;
    assert_eq!((answer.status, exists(&simulator)), (201, true));
    assert!(!answer.body.is_empty() && !answer.is_whole(), "{answer:?}");
}

#[tokio::test]
async fn a_response_without_a_body_is_cut_as_a_whole() {
    let simulator = simulator().await;
    simulator.regenerate_elsewhere(ORGANIZATION);
    simulator.inject(Fault::on(Method::DELETE, "authentication-token").cut_body());
    let answer = delete(&simulator, TRAIL_TOKEN).try_send().await;
    assert!(answer.is_none() && !exists(&simulator));
}

#[tokio::test(start_paused = true)]
async fn a_delayed_response_follows_the_change() {
    let simulator = simulator().await;
    simulator.inject(on_post().delay(Duration::from_secs(60)));
    let start = Instant::now();
    let (answer, seen) = tokio::join!(post(&simulator, TRAIL_TOKEN).send(), async {
        tokio::time::sleep(Duration::from_secs(59)).await;
        exists(&simulator)
    });
    assert_eq!((answer.status, seen), (201, true));
    assert_eq!(start.elapsed().as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn a_delayed_change_happens_even_if_the_client_hangs_up() {
    let simulator = simulator().await;
    simulator.inject(on_post().delay_change(Duration::from_secs(60)));
    post(&simulator, TRAIL_TOKEN).abandon().await;
    tokio::time::sleep(Duration::from_secs(59)).await;
    assert!(!exists(&simulator));
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(exists(&simulator));
}

#[tokio::test(start_paused = true)]
async fn a_change_happens_after_the_response() {
    let late = Duration::from_secs(5);
    for fault in [
        on_post().change_later(late).status(504),
        on_post().change_later(late),
    ] {
        let (simulator, answer) = meet(fault).await;
        assert!(answer.is_none_or(|answer| answer.status == 504));
        assert!(!exists(&simulator));
        tokio::time::sleep(Duration::from_secs(6)).await;
        assert!(exists(&simulator));
    }
}

#[tokio::test]
async fn faults_are_met_in_order_and_as_often_as_scripted() {
    let simulator = simulator().await;
    let on_get = || Fault::on(Method::GET, "/ping");
    simulator.inject(on_get().skip(1).times(2).status(500));
    simulator.inject(on_get().status(418));
    simulator.inject(Fault::on_any("nowhere").always().status(500));
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(get(&simulator, "/api/v2/ping").send().await.status);
    }
    // The first fault lets the first request pass, which meets the second fault.
    assert_eq!(statuses, [418, 500, 500, 204, 204]);

    simulator.inject(Fault::on_any("").always().status(500));
    for _ in 0..3 {
        assert_eq!(get(&simulator, "/api/v2/ping").send().await.status, 500);
    }
    simulator.clear_faults();
    assert_eq!(get(&simulator, "/api/v2/ping").send().await.status, 204);
}

#[tokio::test]
async fn another_user_acts_between_two_requests() {
    let simulator = simulator().await;
    simulator.inject(
        Fault::on(Method::GET, "authentication-token").meanwhile(|simulator| {
            simulator.regenerate_elsewhere(ORGANIZATION);
        }),
    );
    let first = get(&simulator, TRAIL_TOKEN).send().await;
    let second = get(&simulator, TRAIL_TOKEN).send().await;
    assert_eq!((first.status, second.status), (404, 200));
}

#[tokio::test]
async fn a_request_waits_at_a_breakpoint_before_it_is_executed_or_answered() {
    for changed in [false, true] {
        let (simulator, breakpoint) = (simulator().await, Breakpoint::new());
        simulator.inject(match changed {
            false => on_post().pause_request(&breakpoint),
            true => on_post().pause_response(&breakpoint),
        });
        let client = tokio::spawn({
            let simulator = simulator.clone();
            async move { post(&simulator, TRAIL_TOKEN).try_send().await }
        });
        let request = breakpoint.arrived().await;
        assert_eq!((request.method.as_str(), request.status), ("POST", None));
        assert_eq!(exists(&simulator), changed);
        assert!(!client.is_finished());
        breakpoint.release();
        let answer = client.await.unwrap().expect("an answer");
        assert_eq!(answer.status, 201);
        assert!(exists(&simulator));
    }
}

#[tokio::test]
async fn a_breakpoint_releases_requests_one_by_one_or_all() {
    let (simulator, breakpoint) = (simulator().await, Breakpoint::new());
    simulator.inject(on_post().always().pause_request(&breakpoint));
    let send = || {
        let simulator = simulator.clone();
        tokio::spawn(async move { post(&simulator, TRAIL_TOKEN).send().await.status })
    };
    let one = send();
    breakpoint.arrived().await;
    let two = send();
    breakpoint.arrived().await;
    breakpoint.release();
    assert_eq!(one.await.unwrap(), 201);
    assert!(!two.is_finished());
    breakpoint.release_all();
    assert_eq!(two.await.unwrap(), 201);
    assert_eq!(send().await.unwrap(), 201);
}

#[tokio::test]
async fn a_fault_happens_to_one_caller_only() {
    let simulator = simulator().await;
    simulator.add_owner_token("another-owner");
    simulator.inject(on_post().by("another-owner").status(403));
    assert_eq!(post(&simulator, TRAIL_TOKEN).send().await.status, 201);
    let other = post(&simulator, TRAIL_TOKEN).secret("another-owner");
    assert_eq!(other.send().await.status, 403);
}

#[tokio::test]
async fn a_fault_for_an_exact_target_lets_longer_ones_pass() {
    let simulator = simulator().await;
    simulator.inject(Fault::on_exactly(Method::GET, MAIN_TOKEN).status(503));
    assert_eq!(get(&simulator, TRAIL_TOKEN).send().await.status, 404);
    assert_eq!(simulator.faults_left(), 1);
    assert_eq!(get(&simulator, MAIN_TOKEN).send().await.status, 503);
}

#[tokio::test]
async fn the_simulator_is_idle_after_a_change_that_was_put_off() {
    let late = on_post().change_later(Duration::from_millis(20));
    let (simulator, answer) = meet(late).await;
    assert!(answer.is_none());
    assert!(!exists(&simulator));
    simulator.wait_until_idle().await;
    assert!(exists(&simulator));
}

#[tokio::test]
async fn changes_of_tokens_are_recorded_with_the_requests_before_them() {
    let simulator = simulator().await;
    get(&simulator, TRAIL_TOKEN).send().await;
    post(&simulator, TRAIL_TOKEN).send().await;
    simulator.revoke_elsewhere(ORGANIZATION);
    let changes = simulator.token_changes();
    let recorded: Vec<_> = changes
        .iter()
        .map(|one| (one.requests, one.before.is_some(), one.after.is_some()))
        .collect();
    assert_eq!(recorded, [(2, false, true), (2, true, false)]);
    simulator.clear_requests();
    assert!(simulator.token_changes().is_empty());
}

#[track_caller]
fn check_refused(connected: std::io::Result<TcpStream>) {
    let error = connected.expect_err("nobody listens");
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn connections_are_refused_until_the_faults_are_cleared() {
    let simulator = simulator().await;
    let address = simulator.address();
    for _ in 0..2 {
        simulator.refuse_connections().await;
        check_refused(TcpStream::connect(address).await);
        simulator.clear_faults();
        simulator.wait_until_idle().await;
        assert_eq!(get(&simulator, TRAIL_TOKEN).send().await.status, 404);
    }
}

#[tokio::test]
async fn the_response_before_refused_connections_arrives() {
    let (simulator, answer) = answer_to(on_post().then_refuse_connections()).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("connection"), Some("close"));
    check_refused(TcpStream::connect(simulator.address()).await);
}
