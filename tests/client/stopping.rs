//! Ctrl-C: waits end, reads end, and a change that was sent is finished.

use std::time::{Duration, Instant};

use terraform_provider_tfe::client::{Client, Deleted, GenerateError, Timing};
use tokio_util::sync::CancellationToken;

use crate::service::{Conduct, ORGANIZATION, Service, secret, timing, token};

/// More than these tests need, and less than the waits that a stop request must end.
const LIMIT: Duration = Duration::from_secs(20);

/// A client with the timing that ships, and the practitioner's Ctrl-C.
async fn stoppable(service: &Service) -> (Client, CancellationToken) {
    stoppable_with(service, Timing::default()).await
}

async fn stoppable_with(service: &Service, timing: Timing) -> (Client, CancellationToken) {
    let stop = CancellationToken::new();
    let client = service.client_with(timing).await;
    (client.stopping_with(stop.clone()), stop)
}

/// How often this request was sent.
fn sent(service: &Service, request: &str) -> usize {
    let log = service.log();
    log.iter().filter(|sent| *sent == request).count()
}

async fn in_time<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(LIMIT, future)
        .await
        .expect("it ends at once")
}

/// Runs an operation, and requests a stop after a number of requests.
async fn stopped_after<F: Future>(
    requests: usize,
    operation: F,
    service: &Service,
    stop: &CancellationToken,
) -> F::Output {
    let stopping = async {
        service.requests(requests).await;
        stop.cancel();
    };
    in_time(async { tokio::join!(operation, stopping).0 }).await
}

#[tokio::test]
async fn nothing_is_sent_after_a_stop_request() {
    let service = Service::start().await.with_token();
    let (client, stop) = stoppable(&service).await;
    stop.cancel();
    let tokens = client.audit_trail_tokens();
    assert!(tokens.read(ORGANIZATION).await.unwrap_err().is_stopped());
    let meant = token(1);
    let error = tokens
        .delete(ORGANIZATION, "at-1", meant.created_at)
        .await
        .unwrap_err();
    assert!(error.is_stopped());
    match tokens
        .generate(ORGANIZATION, None, Some(&meant))
        .await
        .unwrap_err()
    {
        GenerateError::NothingChanged(error) => assert!(error.is_stopped()),
        other => panic!("{other:?}"),
    }
    assert!(service.log().is_empty());
}

#[tokio::test]
async fn a_long_wait_and_a_read_in_flight_end_at_once() {
    for conduct in [
        Conduct::AnswerWith(429, "X-RateLimit-Reset", "55"),
        Conduct::DoNotAnswer,
    ] {
        let service = Service::start().await.with_token();
        service.next("GET", conduct);
        let (client, stop) = stoppable(&service).await;
        let tokens = client.audit_trail_tokens();
        let found = stopped_after(1, tokens.read(ORGANIZATION), &service, &stop).await;
        assert!(found.unwrap_err().is_stopped());
    }
}

#[tokio::test]
async fn a_post_that_waits_at_a_rate_limit_changes_nothing() {
    let service = Service::start().await.with_token();
    let (client, stop) = stoppable(&service).await;
    let tokens = client.audit_trail_tokens();
    let before = tokens.read(ORGANIZATION).await.unwrap();
    service.next("POST", Conduct::AnswerWith(429, "X-RateLimit-Reset", "55"));
    let generating = tokens.generate(ORGANIZATION, None, before.as_ref());
    let result = stopped_after(2, generating, &service, &stop).await;
    match result.unwrap_err() {
        GenerateError::NothingChanged(error) => assert!(error.is_stopped()),
        other => panic!("{other:?}"),
    }
    assert_eq!(service.state().token, Some(1));
}

#[tokio::test]
async fn a_post_in_flight_is_finished_and_confirmed() {
    let service = Service::start().await.with_token();
    let (client, stop) = stoppable(&service).await;
    let tokens = client.audit_trail_tokens();
    let before = tokens.read(ORGANIZATION).await.unwrap();
    service.next("POST", Conduct::ActAndHold);
    let (result, ()) = in_time(async {
        tokio::join!(
            tokens.generate(ORGANIZATION, None, before.as_ref()),
            async {
                service.requests(2).await;
                stop.cancel();
                service.release();
            }
        )
    })
    .await;
    let generated = result.unwrap();
    assert_eq!(generated.secret.expose(), secret(2));
    assert!(generated.unconfirmed.is_none() && generated.replaced_by.is_none());
    assert_eq!(sent(&service, "POST token"), 1);
}

#[tokio::test]
async fn after_an_unclear_post_the_token_is_read_and_no_other_is_generated() {
    for (conduct, lost) in [(Conduct::ActAndHangUp, true), (Conduct::HangUp, false)] {
        let service = Service::start().await.with_token();
        let (client, stop) = stoppable_with(&service, timing()).await;
        let tokens = client.audit_trail_tokens();
        let before = tokens.read(ORGANIZATION).await.unwrap();
        service.next("POST", conduct);
        let generating = tokens.generate(ORGANIZATION, None, before.as_ref());
        let result = stopped_after(2, generating, &service, &stop).await;
        match result.unwrap_err() {
            GenerateError::SecretLost { current, .. } => assert!(lost && current == token(2)),
            // It may take effect later.
            GenerateError::Unknown { .. } => assert!(!lost),
            other => panic!("{other:?}"),
        }
        assert_eq!(service.state().generated, if lost { 2 } else { 1 });
        assert_eq!(sent(&service, "POST token"), 1);
    }
}

#[tokio::test]
async fn the_token_is_read_after_the_consistency_wait_even_after_a_stop_request() {
    let service = Service::start().await.with_token();
    let consistency_wait = Duration::from_millis(200);
    let timing = Timing {
        consistency_wait,
        ..Timing::default()
    };
    let (client, stop) = stoppable_with(&service, timing).await;
    let tokens = client.audit_trail_tokens();
    let before = tokens.read(ORGANIZATION).await.unwrap();
    service.next("POST", Conduct::HangUp);
    let (start, mut read_after) = (Instant::now(), None);
    let (result, ()) = in_time(async {
        tokio::join!(
            tokens.generate(ORGANIZATION, None, before.as_ref()),
            async {
                service.requests(2).await;
                stop.cancel();
                service.requests(3).await;
                read_after = Some(start.elapsed());
            }
        )
    })
    .await;
    assert!(matches!(result, Err(GenerateError::Unknown { .. })));
    assert!(read_after.unwrap() >= consistency_wait, "{read_after:?}");
}

#[tokio::test]
async fn after_an_unclear_delete_the_token_is_read_and_no_delete_is_sent() {
    for (conduct, gone) in [(Conduct::ActAndHangUp, true), (Conduct::HangUp, false)] {
        let service = Service::start().await.with_token();
        let (client, stop) = stoppable_with(&service, timing()).await;
        service.next("DELETE", conduct);
        let (meant, tokens) = (token(1), client.audit_trail_tokens());
        let deleting = tokens.delete(ORGANIZATION, &meant.id, meant.created_at);
        let result = stopped_after(2, deleting, &service, &stop).await;
        match result {
            Ok(deleted) => assert!(gone && deleted == Deleted::Gone),
            Err(error) => assert!(!gone && error.is_stopped(), "{error}"),
        }
        assert_eq!(sent(&service, "DELETE token"), 1);
    }
}
